import Foundation
import Testing

@testable import TalusKit

/// Looking around for cuffs, and opening with a key, from Swift.
@Suite(.serialized) struct NearbyTests {
    @Test(.timeLimit(.minutes(10))) func aSimulatedCuffIsFoundAndChosenAndKeptAndTheSequenceEndsWithTheLooking()
        async throws
    {
        let home = try await Home()
        let nearby = try await home.talus.nearby(seed: 1)
        let looking = Task {
            var seen = 0
            for await _ in nearby.around() { seen += 1 }
            return seen
        }
        let found = try #require(await first(of: nearby) { $0.found.count == 2 }).found
        #expect(try await nearby.choose("nobody") == nil)
        #expect(try await nearby.choose(found[0].name) != nil)
        let around = await first(of: nearby) { $0.chosen.contains { $0.link == .streaming } }
        let chosen = try #require(around?.chosen.first)
        #expect(chosen.name == found[0].name)
        await #expect(throws: TalusError.self) { try await nearby.keep(chosen.cuff, side: .left, massG: 5001) }
        #expect(try await nearby.keep(chosen.cuff, side: .left, massG: 1250).massG == 1250)
        let cuff = try #require(try await home.talus.cuffs().first)
        #expect(cuff.side == .left && cuff.massG == 1250)
        try await home.talus.renameCuff(cuff.id, to: "Anna")
        // Also of a cuff that lies elsewhere, and both legs at once.
        try await home.talus.wearCuff(cuff.id, on: .right, massG: 750)
        try await home.talus.swapCuffs(cuff.id)
        let worn = try #require(try await home.talus.cuffs().first)
        #expect(worn.side == .left && worn.massG == 750)
        await #expect(throws: TalusError.self) { try await home.talus.wearCuff(cuff.id, on: .left, massG: 5001) }
        #expect(try await nearby.diagnostics().contains("samples_received"))
        try await home.talus.forgetCuff(cuff.id)
        #expect(try await home.talus.cuffs().isEmpty)
        await nearby.stop()
        #expect(await looking.value > 1)
        #expect(throws: TalusError.self) { try nearby.now() }
    }

    private func first(of nearby: CuffsNearby, where fits: (Around) -> Bool) async -> Around? {
        for await around in nearby.around() where fits(around) { return around }
        return nil
    }

    @Test func aKeyIsTakenOrRefusedAndNeverIgnored() async throws {
        let home = try await Home()
        let database = home.folder.appendingPathComponent("sealed.db").path
        await #expect(throws: TalusError.self) {
            try await TalusApp.at(database: database, language: "en", key: Data(count: 31))
        }
        // The core of this machine is built without encryption.
        do {
            _ = try await TalusApp.at(database: database, language: "en", key: Data(count: 32))
            Issue.record("a key was ignored")
        } catch TalusError.Storage(let what, _) {
            #expect(what.contains("cannot encrypt"))
        }
        #expect(!FileManager.default.fileExists(atPath: database))
    }
}

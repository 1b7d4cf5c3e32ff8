import Foundation
import Testing

@testable import TalusKit

/// The key and the folder of the household, with a keychain and a folder that are made up.
@MainActor @Suite struct HouseholdTests {
    private final class Vault: KeyStore, @unchecked Sendable {
        struct Shut: Error {}
        var kept: [String: Data] = [:]
        var loses = false
        var shut = false
        func read(_ name: String) throws -> Data? {
            if shut { throw Shut() }
            return kept[name]
        }
        func write(_ data: Data, as name: String) throws { if !loses { kept[name] = data } }
    }

    private final class Warden: FolderGuard, @unchecked Sendable {
        var prepared: [URL] = []
        func prepare(_ folder: URL) throws { prepared.append(folder) }
    }

    private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")

    private func keep(_ words: String, at name: String) throws {
        let file = folder.appendingPathComponent(name)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(words.utf8).write(to: file)
    }

    @Test func aKeyIsMadeOnceAndOneThatIsNotKeptIsNotUsed() throws {
        let vault = Vault()
        let key = try HouseholdKey.of(vault, over: folder)
        #expect(try key.count == 32 && HouseholdKey.of(vault, over: folder) == key)
        #expect(try HouseholdKey.of(Vault(), over: folder) != key)
        vault.kept[HouseholdKey.name] = Data(count: 31)
        #expect(throws: HouseholdKey.Lost.self) { try HouseholdKey.of(vault, over: folder) }
        let forgetful = Vault()
        forgetful.loses = true
        #expect(throws: HouseholdKey.Refused.self) { try HouseholdKey.of(forgetful, over: folder) }
    }

    @Test(arguments: ["talus.db", "recordings/0192.talus"]) func noKeyIsEverMadeOverAHistory(_ file: String) throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try keep("sealed", at: file)
        let vault = Vault()
        #expect(throws: HouseholdKey.Lost.self) { try HouseholdKey.of(vault, over: folder) }
        #expect(vault.kept.isEmpty, "a key was kept that opens nothing")
        // The key comes back, and with it the history.
        vault.kept[HouseholdKey.name] = Data(repeating: 7, count: 32)
        #expect(try HouseholdKey.of(vault, over: folder) == Data(repeating: 7, count: 32))
    }

    @Test func aDatabaseThatWasNeverWrittenToIsNoHistory() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try keep("", at: "talus.db")
        #expect(try HouseholdKey.of(Vault(), over: folder).count == 32)
    }

    @Test func aKeychainThatIsShutIsToldAndNotTakenForAnEmptyOne() throws {
        let vault = Vault()
        vault.shut = true
        #expect(throws: HouseholdKey.Refused.self) { try HouseholdKey.of(vault, over: folder) }
        vault.shut = false
        #expect(vault.kept.isEmpty)
    }

    @Test func whoseKeyIsGoneIsToldAndTheHistoryStaysAsItIs() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try keep("sealed", at: "talus.db")
        let (vault, warden) = (Vault(), Warden())
        var phone = Phone()
        phone.guarding = warden
        phone.key = { try HouseholdKey.of(vault, over: $0) }
        let app = AppModel(folder: folder, language: "en", phone: phone)
        await app.open()
        #expect(app.place == .locked(.keyMissing) && warden.prepared == [folder])
        vault.shut = true
        await app.open()
        #expect(app.place == .locked(.keyRefused))
        #expect(try Data(contentsOf: folder.appendingPathComponent("talus.db")) == Data("sealed".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["talus.db"])
        // A demo needs no key and is kept apart.
        await app.open(demo: true)
        #expect(app.place == .home && app.demo)
    }
}

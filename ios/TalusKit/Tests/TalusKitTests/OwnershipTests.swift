import Foundation
import Testing

@testable import TalusKit

/// What takes its time, from Swift: watched to its end, and stopped by letting go of it.
@Suite struct OwnershipTests {
    @Test(.timeLimit(.minutes(10))) func anExportIsWatchedToItsEndAndACancelledOneLeavesNothingBehind() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let talus = home.talus
        let session = try await talus.demo(seed: 1)
        try await session.advance(us: 3_600_000_000)
        _ = try await session.finish()
        let file = home.folder.appendingPathComponent("everything").path
        let there = { FileManager.default.fileExists(atPath: file) }
        let sealed = ExportWish(everyone: true, recordings: true, passphrase: "seven small stones")

        // A task that is cancelled at its first look: making a key from the passphrase alone takes longer.
        let looking = Task {
            for try await working in talus.export(to: file, sealed) {
                if case .done = working { return true }
                withUnsafeCurrentTask { $0?.cancel() }
            }
            return false
        }
        let done = try? await looking.value
        #expect(done != true)
        // So is one whose sequence is let go of.
        for try await _ in talus.export(to: file, sealed) { break }
        // The work stops on its own thread; another one waits behind it.
        let leftOvers = {
            try FileManager.default.contentsOfDirectory(atPath: home.folder.path).filter { $0 != "household" }
        }
        for _ in 0..<6000 where try !leftOvers().isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try leftOvers().isEmpty && !there(), "a stopped backup was written")

        var last: Working<Exported>?
        for try await working in talus.export(to: file, sealed) { last = working }
        guard case .done = last else {
            Issue.record("\(String(describing: last))")
            return
        }
        await #expect(throws: TalusError.self) { try await talus.lookInto(file) }
        #expect(try await talus.lookInto(file, passphrase: "seven small stones").sessions == 1)
    }
}

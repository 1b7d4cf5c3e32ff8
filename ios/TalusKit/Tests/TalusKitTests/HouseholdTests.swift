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
        // What is kept and is no key opens nothing; where there is nothing to open, another takes its place.
        vault.kept[HouseholdKey.name] = Data(count: 31)
        #expect(try HouseholdKey.of(vault, over: folder).count == 32)
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
        vault.kept[HouseholdKey.name] = Data(count: 31)
        #expect(throws: HouseholdKey.Lost.self) { try HouseholdKey.of(vault, over: folder) }
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
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["demo", "talus.db"])
    }

    private func phone(_ vault: Vault) -> Phone {
        var phone = Phone()
        phone.key = { try HouseholdKey.of(vault, over: $0) }
        return phone
    }

    @Test func whoseKeyIsGoneSetsTheHistoryAsideAndOnlyThenGetsANewOne() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        // What a sealed database looks like from outside: its first bytes say what it is and how much of a page the seal
        // takes, and nothing else can be read.
        var noise = SystemRandomNumberGenerator()
        var sealed = Data("SQLite format 3\0".utf8)
        sealed.append(contentsOf: (16..<8192).map { _ in UInt8.random(in: .min ... .max, using: &noise) })
        sealed[20] = 80
        try keep("", at: "talus.db")
        try sealed.write(to: folder.appendingPathComponent("talus.db"))
        try keep("recording", at: "recordings/0192.talus")
        let vault = Vault()
        let app = AppModel(folder: folder, language: "en", phone: phone(vault))
        await app.open()
        #expect(app.place == .locked(.keyMissing))
        await app.beginAnew()
        guard case .mended(let mended) = app.place else {
            Issue.record("\(app.place) \(String(describing: app.advice))")
            return
        }
        #expect(mended.how == .setAside && vault.kept.isEmpty, "no key before there is something to seal")
        let aside = folder.appendingPathComponent("talus.db.aside-1")
        #expect(try Data(contentsOf: aside.appendingPathComponent("talus.db")) == sealed, "it is kept, whole")
        #expect(FileManager.default.fileExists(atPath: aside.appendingPathComponent("recordings/0192.talus").path))
        await app.mendedSeen()
        #expect(vault.kept[HouseholdKey.name]?.count == 32)
        if case .locked = app.place { Issue.record("\(app.place)") }
    }

    @Test(.timeLimit(.minutes(10))) func aDamagedHistoryIsRepairedAndABackupBroughtBackIntoAnEmptyOne() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = folder.appendingPathComponent("talus.db")
        let drawer = Drawer()
        try await fill(database)
        // Pages in the middle are gone.
        var bytes = try Data(contentsOf: database)
        let middle = bytes.count / 4..<bytes.count * 3 / 4
        bytes.replaceSubrange(middle, with: Data(repeating: 0xA5, count: middle.count))
        try bytes.write(to: database)
        var phone = Phone()
        phone.files = drawer
        let app = AppModel(folder: folder, language: "en", phone: phone)
        await app.open()
        #expect(app.place == .locked(.damaged))
        await app.repair()
        guard case .mended(let mended) = app.place else {
            Issue.record("\(app.place) \(String(describing: app.advice))")
            return
        }
        #expect(mended.how == .repaired && mended.whole + mended.partly + mended.fromRecordings == 1, "\(mended)")
        await app.mendedSeen()
        #expect(app.place == .firstRun || app.place == .home)

        // Somebody with an empty phone and a backup.
        let empty = AppModel(
            folder: folder.appendingPathComponent("other"), language: "en", phone: phone)
        await empty.open()
        #expect(empty.place == .firstRun)
        await empty.restore()
        #expect(empty.place == .firstRun, "nobody chose a file")
        drawer.next = folder.appendingPathComponent("all.backup")
        await empty.restore()
        guard empty.place == .restoring, let own = empty.restored else {
            Issue.record("\(empty.place)")
            return
        }
        await own.open("otter field lamp")
        await own.takeIn()
        guard case .taken(let taken) = own.state else {
            Issue.record("\(own.state) \(String(describing: own.advice))")
            return
        }
        #expect(taken.new == 1)
        await empty.restoreSeen()
        #expect(empty.place == .home && empty.restored == nil && empty.progress?.state?.sessions.count == 1)
    }

    @Test(.timeLimit(.minutes(10))) func whatIsNoHistoryIsSetAsideAndWhatWasSetAsideIsBroughtBack() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try keep("Dear diary", at: "talus.db")
        let database = folder.appendingPathComponent("talus.db")
        let app = AppModel(folder: folder, language: "en")
        await app.open()
        #expect(app.place == .locked(.foreign) && app.remedies == [.beginAnew])
        #expect(try Data(contentsOf: database) == Data("Dear diary".utf8))
        await app.beginAnew()
        await app.mendedSeen()
        #expect(app.place == .firstRun)
        await app.go(.aside)
        guard case .aside(let foreign) = app.pages.last else {
            Issue.record("\(app.pages)")
            return
        }
        #expect(foreign.kept?.map(\.opens) == [.foreign] && foreign.advice == nil)

        // A history that was set aside because it was damaged in places can still be read, and comes back.
        let other = folder.appendingPathComponent("other")
        let filled = other.appendingPathComponent("talus.db")
        try FileManager.default.createDirectory(at: other, withIntermediateDirectories: true)
        try await fill(filled)
        let whole = try Data(contentsOf: filled)
        var spoiled = whole
        spoiled.replaceSubrange(100..<spoiled.count, with: Data(repeating: 0, count: spoiled.count - 100))
        try spoiled.write(to: filled)
        let again = AppModel(folder: other, language: "en")
        await again.open()
        await again.beginAnew()
        await again.mendedSeen()
        await again.go(.aside)
        guard case .aside(let damaged) = again.pages.last, let kept = damaged.kept?.first else {
            Issue.record("\(again.pages)")
            return
        }
        #expect(kept.opens == .damaged)
        // Somebody puts the whole file back in its place.
        try whole.write(to: URL(fileURLWithPath: kept.id).appendingPathComponent("talus.db"))
        await damaged.load()
        #expect(damaged.kept?.first?.opens == .yes && damaged.kept?.first?.sessions == 1)
        let talus = try await TalusApp.at(database: filled.path, language: "en")
        try await talus.setAbout(anna(talus))
        await again.open()
        await again.bringBack(kept.id)
        guard case .mended(let mended) = again.place else {
            Issue.record("\(again.place)")
            return
        }
        #expect(mended.how == .broughtBack && mended.brought?.new == 1)
        await again.mendedSeen()
        #expect(again.place == .home)
    }

    @Test(.timeLimit(.minutes(10))) func whatIsFoundDamagedInUseLeadsToTheWaysOnButNeverOverASession() async throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        let database = folder.appendingPathComponent("talus.db")
        try await fill(database)
        let app = AppModel(folder: folder, language: "en", speed: 400)
        await app.open()
        #expect(app.place == .home)
        let session = try #require(app.progress?.state?.sessions.first).id
        try spoil(database)
        for way in [AppModel.Way.session(session), .own, .people, .calendar] where app.place == .home {
            await app.go(way)
            for _ in 0..<100 where app.place == .home { try await Task.sleep(for: .milliseconds(5)) }
        }
        #expect(app.place == .locked(.damaged) && app.pages.isEmpty && app.today == nil)
        await app.repair()
        guard case .mended(let mended) = app.place else {
            Issue.record("\(app.place) \(String(describing: app.advice))")
            return
        }
        #expect(mended.whole + mended.partly + mended.fromRecordings == 1)
        await app.mendedSeen()

        // A session is never taken away: it goes on in memory, and the ways on come after it. A demo's history is nobody's,
        // and a new one takes its place.
        await app.open(demo: true)
        app.start()
        let live = try #require(app.session)
        let running = Task { await live.run() }
        await app.foundDamaged([.beginAnew])
        #expect(app.place == .home && app.session != nil)
        running.cancel()
        await running.value
        await app.closeSession()
        #expect(app.place == .home && app.demo && app.today?.state?.unfinished == false)
    }

    /// Everything behind the first page of a file that is open elsewhere is gone.
    private func spoil(_ database: URL) throws {
        let size = try Data(contentsOf: database).count
        let handle = try FileHandle(forWritingTo: database)
        try handle.seek(toOffset: 4096)
        try handle.write(contentsOf: Data(repeating: 0xA5, count: max(size - 4096, 0)))
        try handle.close()
    }

    /// A household with one person who has answered, a session, and a backup beside it.
    private func fill(_ database: URL) async throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let talus = try await TalusApp.at(database: database.path, language: "en")
        try await talus.setAbout(anna(talus))
        let session = try await talus.practise(seed: 1, exercises: ["knee_ext_seated"])
        try await session.advance(us: 3_600_000_000)
        _ = try await session.finish()
        let wish = ExportWish(everyone: true, recordings: true, passphrase: "otter field lamp")
        for try await _ in talus.export(to: folder.appendingPathComponent("all.backup").path, wish) {}
    }

    private final class Drawer: FileExchange {
        var next: URL?
        func choose() async -> URL? { next }
        func handOn(_ file: URL) async {}
    }
}

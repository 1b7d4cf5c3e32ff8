import Foundation
import Testing

@testable import TalusKit

/// What is yours: answers, data, people, settings, the lock; with the real core below and a phone that is made up.
@MainActor @Suite(.serialized) struct YouTests {
    private final class Drawer: FileExchange {
        var next: URL?
        /// Name and bytes of what was handed on: a file is gone afterwards.
        var handed: [(name: String, bytes: Data)] = []
        func choose() async -> URL? { next }
        func handOn(_ file: URL) async {
            handed.append((file.lastPathComponent, (try? Data(contentsOf: file)) ?? Data()))
        }
    }

    private final class Shelf: SettingsStore {
        var kept: Data?
        func read() -> Data? { kept }
        func write(_ data: Data) { kept = data }
    }

    private final class Door: Unlocking {
        var available = true
        var opens = true
        var asked = 0
        func unlock(_ reason: String) async -> Bool {
            asked += 1
            return opens
        }
    }

    private final class Board: Notices {
        var welcome = true
        var shown: Set<String> = []
        func ask() async -> Bool { welcome }
        func put(_ id: String, words: String, localDay: String, minute: Int) { shown.insert(id) }
        func remove(_ id: String) { shown.remove(id) }
    }

    private final class Lamp: Staying {
        var on = 0
        var begun = 0
        func begin() { (on, begun) = (on + 1, begun + 1) }
        func end() { on -= 1 }
    }

    private final class Mouth: Voice {
        var speaking = false
        func say(_ text: String) {}
        func hush() {}
    }

    private final class Switch { var on = true }

    private final class Motor: Haptics { func play(_ pulse: Pulse) {} }

    @Test func whoAnswersAgainFindsWhatTheySaidAndLosesNothing() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let before = anna(home.talus, named: [.kneeOa], oneLegS: 12)
        try await home.talus.setAbout(before)
        var left = false
        let model = FirstRunModel(home.talus, known: try await home.talus.about(), leaves: true) { left = true }
        guard case .aboutYou(let typed) = model.state else {
            Issue.record("\(model.state)")
            return
        }
        #expect(typed.birthYear == "1985" && typed.heightCm == "168.5" && typed.massKg == "64.2" && typed.complete)
        model.back()
        #expect(left, "the way back leads out, not to a welcome")
        model.type { $0.massKg = "66" }
        await model.confirmAbout()
        for asked in home.talus.questionnaire().questions {
            guard case .question(let shown) = model.state else {
                Issue.record("\(model.state)")
                return
            }
            #expect(shown.answered == (asked.question == .floorAlone || asked.question == .reach ? .yes : .no))
            await model.answer(asked.question == .falls ? .yes : try #require(shown.answered))
            if asked.question == .falls {
                guard case .more(let more) = model.state else {
                    Issue.record("\(model.state)")
                    return
                }
                #expect(more.kind == .falls && more.value == nil)
                await model.answer(howMuch: 2)
            }
        }
        let after = try #require(try await home.talus.about())
        #expect(after.massKg == 66 && after.oneLegS == 12 && after.weights == before.weights)
        #expect(after.answers?.named == [.kneeOa] && after.answers?.falls == 2 && after.answers?.pain == nil)
        let health = HealthModel(home.talus)
        await health.load()
        let state = try #require(health.state)
        #expect(state.replies.count == 12 && state.replies.count { $0.answer == .yes } == 3)
        #expect(!state.outcome.open.isEmpty)
    }

    @Test func howMuchCountsOnlyWhileItIsAYes() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus, answers: .yes, falls: 3, pain: 4, cleared: true))
        let model = FirstRunModel(home.talus, known: try await home.talus.about()) {}
        await model.confirmAbout()
        for _ in home.talus.questionnaire().questions { await model.answer(.no) }
        let after = try #require(try await home.talus.about()?.answers)
        #expect(after.falls == nil && after.pain == nil && !after.surgeryCleared)
    }

    @Test func aCheckInIsKeptAndARedFlagComesWithItsSheet() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus))
        let calm = CheckInModel(home.talus)
        #expect(!calm.state.signs.isEmpty && calm.state.said == nil)
        calm.say { $0.pain = 0 }
        await calm.keep()
        #expect(calm.state.said?.isEmpty == false && calm.state.sheet == nil && calm.advice == nil)
        let alarm = CheckInModel(home.talus)
        alarm.say { $0.present = [0, 99] }
        await alarm.keep()
        #expect(alarm.state.sheet?.call == true)
        #expect(try await home.talus.today().locked)
        let safety = SafetyModel(home.talus)
        await safety.load()
        let state = try #require(safety.state)
        // Without surgery a calf that hurts is asked for, and is no reason to call by itself.
        #expect(state.signs.count == alarm.state.signs.count - 1 && state.redFlag.title == alarm.state.sheet?.title)
        #expect(!state.pain.call && !state.pain.lines.isEmpty)
        try await home.talus.setAbout(anna(home.talus, answers: .notSure))
        await safety.load()
        #expect(safety.state?.signs == alarm.state.signs, "not sure counts as care")
    }

    @Test func aNumberForHelpIsNamedOnlyWhereASourceNamesIt() {
        #expect(EmergencyNumber.of(region: "DE") == "112" && EmergencyNumber.of(region: "SK") == "112")
        for region in [nil, "", "US", "GB", "CH", "de"] { #expect(EmergencyNumber.of(region: region) == nil) }
    }

    @Test(.timeLimit(.minutes(10))) func everythingGoesOutAndComesBackAndNothingLiesAround() async throws {
        let (home, other) = (try await Home(), try await Home())
        defer { withExtendedLifetime((home, other)) {} }
        let session = try await home.talus.demo(seed: 1)
        try await session.advance(us: 3_600_000_000)
        _ = try await session.finish()
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-out-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let drawer = Drawer()
        let own = OwnModel(home.talus, files: drawer, folder: folder)
        await own.load()
        #expect(own.state == .idle && own.outgrown?.count == 0)
        await own.export(recordings: false)
        guard case .written(let open) = own.state else {
            Issue.record("\(own.state) \(String(describing: own.advice))")
            return
        }
        #expect(open.sessions == 1 && open.recordings == 0 && open.bytes == drawer.handed[0].bytes.count)
        await own.backUp("short")
        #expect(own.state == .idle && own.advice != nil && drawer.handed.count == 1, "too short is refused and told")
        await own.backUp("otter field lamp")
        guard case .written(let sealed) = own.state else {
            Issue.record("\(own.state) \(String(describing: own.advice))")
            return
        }
        #expect(sealed.sessions == 1 && sealed.recordings == 1)
        await own.report()
        #expect(drawer.handed.count == 3 && drawer.handed[2].name.hasSuffix(".html"))
        #expect(String(decoding: drawer.handed[2].bytes, as: UTF8.self).hasPrefix("<!doctype html>"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty, "what was handed on is gone")

        // Into another household, by the sealed way.
        let backup = folder.appendingPathComponent("in.backup")
        try drawer.handed[1].bytes.write(to: backup)
        let there = OwnModel(other.talus, files: drawer, folder: folder)
        await there.choose()
        #expect(there.state == .idle && there.advice == nil, "nobody chose a file")
        drawer.next = backup
        await there.choose()
        #expect(there.state == .locked(wrong: false))
        await there.open("otter field lamb")
        #expect(there.state == .locked(wrong: true))
        await there.open("otter field lamp")
        guard case .preview(let preview) = there.state else {
            Issue.record("\(there.state) \(String(describing: there.advice))")
            return
        }
        #expect(preview.sessions == 1 && preview.recordings == 1)
        #expect(try await other.talus.sessions(limit: 5).isEmpty, "looking takes nothing in")
        await there.takeIn()
        guard case .taken(let taken) = there.state else {
            Issue.record("\(there.state) \(String(describing: there.advice))")
            return
        }
        #expect(taken.new == 1 && taken.recordings == 1 && !FileManager.default.fileExists(atPath: backup.path))
        let nonsense = folder.appendingPathComponent("nonsense")
        try Data("nothing".utf8).write(to: nonsense)
        drawer.next = nonsense
        await there.choose()
        #expect(there.state == .idle && there.advice?.isEmpty == false)
        there.forget()
        #expect(there.advice == nil)
    }

    @Test(.timeLimit(.minutes(10))) func onlyTheSignalsThatWereShownAreDeletedAndResultsStay() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus))
        func train(_ seed: UInt64) async throws -> String {
            let session = try await home.talus.practise(seed: seed, exercises: ["knee_ext_seated"])
            try await session.advance(us: 3_600_000_000)
            return try #require(try await session.finish())
        }
        func signal(_ session: String) async throws -> Bool { try await home.talus.session(session).row.raw != .absent }
        let shown = try await train(1)
        // Whatever there is, is more than may be kept.
        let own = OwnModel(home.talus, files: Drawer(), budget: Budget(days: nil, bytes: 0))
        await own.load()
        #expect(own.outgrown?.count == 1 && (own.outgrown?.bytes ?? 0) > 0)
        // It has had its time as well, but nobody was shown it.
        let later = try await train(2)
        await own.deleteOutgrown()
        #expect(own.advice == nil && own.outgrown?.count == 1, "what is left is shown now")
        var left = (try await signal(shown), try await signal(later))
        #expect(left == (false, true))
        #expect(try await home.talus.session(shown).row.reps > 0, "its results stay")
        await own.deleteOutgrown()
        left.1 = try await signal(later)
        #expect(own.outgrown?.count == 0 && !left.1)
    }

    @Test func peopleAreAddedNamedAndChosenAndTheChoiceOutlivesTheApp() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let shelf = Shelf()
        var phone = Phone()
        phone.settings = shelf
        let app = AppModel(folder: folder, language: "en", phone: phone)
        await app.open()
        await app.go(.people)
        guard case .people(let people) = app.pages.last else {
            Issue.record("\(app.pages)")
            return
        }
        await people.rename("Anna")
        await people.add("Bo")
        await people.add("")
        #expect(
            people.advice == nil && people.people?.map(\.name) == ["Anna", "Bo"]
                && people.people?.map(\.chosen) == [true, false])
        let bo = try #require(people.people?.last?.id)
        await people.delete(try #require(people.people?.first?.id))
        #expect(people.people?.count == 2, "whose app it is cannot be deleted from it")
        await people.add("Cy")
        await people.delete(try #require(people.people?.last?.id))
        #expect(people.people?.map(\.name) == ["Anna", "Bo"] && people.advice == nil)
        await app.become(bo)
        // Bo has not answered yet, is asked on Today, and may go back to being Anna.
        #expect(app.place == .home && app.pages.isEmpty)
        guard case .aboutYou = app.today?.state?.next else {
            Issue.record("\(String(describing: app.today?.state))")
            return
        }
        await app.aboutYou()
        #expect(app.place == .firstRun && app.firstRun?.state == .welcome)
        app.firstRun?.back()
        for _ in 0..<200 where app.place != .home { try await Task.sleep(for: .milliseconds(20)) }
        #expect(app.place == .home)
        let again = AppModel(folder: folder, language: "en", phone: phone)
        await again.open()
        await again.go(.people)
        guard case .people(let now) = again.pages.last else { return }
        #expect(now.people?.map(\.chosen) == [false, true])
        // Somebody who is gone is nobody's choice: the household's first is.
        again.settings.change { $0.person = "018f0000-0000-7000-8000-000000000000" }
        let third = AppModel(folder: folder, language: "en", phone: phone)
        await third.open()
        await third.go(.people)
        guard case .people(let first) = third.pages.last else { return }
        #expect(first.people?.map(\.chosen) == [true, false])
    }

    @Test(.timeLimit(.minutes(2))) func whatWasCountedWhileLookingIsHandedOnWithoutNames() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let drawer = Drawer()
        var phone = Phone()
        phone.files = drawer
        let app = AppModel(folder: folder, language: "en", phone: phone)
        await app.open(demo: true)
        app.pair()
        await app.shareDiagnostics()
        #expect(drawer.handed.isEmpty, "nobody has looked yet")
        let pairing = try #require(app.pairing)
        let looking = Task { await pairing.look() }
        for _ in 0..<600 {
            if case .nearby(let near, _) = pairing.state, !near.isEmpty { break }
            try await Task.sleep(for: .milliseconds(50))
        }
        guard case .nearby(let near, _) = pairing.state else {
            Issue.record("\(pairing.state)")
            return
        }
        await app.shareDiagnostics()
        await app.closePairing()
        await looking.value
        let text = String(decoding: try #require(drawer.handed.first).bytes, as: UTF8.self)
        #expect(!text.isEmpty && !near.contains { text.contains($0.name) })
    }

    @Test func settingsAreKeptAndDoneAtOnce() async {
        let shelf = Shelf()
        let reader = Switch()
        var phone = Phone()
        let telling = Telling(voice: Mouth(), haptics: Motor())
        let board = Board()
        (phone.settings, phone.telling, phone.notices) = (shelf, telling, board)
        phone.readerSpeaks = { reader.on }
        let model = SettingsModel(phone)
        #expect(!telling.speaks && telling.pulses && !telling.numbers, "two voices never talk at once")
        reader.on = false
        model.readerChanged()
        #expect(telling.speaks)
        model.change { ($0.speaks, $0.numbers, $0.pulses, $0.pounds) = (.never, true, false, true) }
        #expect(!telling.speaks && telling.numbers && !telling.pulses)
        await model.remind(days: [1, 3], minute: 540)
        #expect(!model.noticesRefused && model.settings.reminderDays == [1, 3])
        #expect(SettingsModel(phone).settings == model.settings, "they outlive the app")
        board.welcome = false
        await model.remind(days: [2], minute: 600)
        #expect(model.noticesRefused && model.settings.reminderDays.isEmpty)
        // What an older or newer Talus kept is read as far as it means something.
        shelf.kept = Data(#"{"speaks":"sometimes","numbers":true,"colour":"red"}"#.utf8)
        let read = SettingsModel(phone).settings
        #expect(read.numbers && read.speaks == .unlessReader && read.pulses)
        shelf.kept = Data("no settings".utf8)
        #expect(SettingsModel(phone).settings == Settings())
    }

    @Test(.timeLimit(.minutes(2))) func remindersSayWhatTheCoreKnowsOfTheDaysToCome() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let board = Board()
        var phone = Phone()
        phone.notices = board
        let talus = try await TalusApp.at(database: folder.appendingPathComponent("talus.db").path, language: "en")
        try await talus.setAbout(anna(talus))
        let app = AppModel(folder: folder, language: "en", phone: phone)
        await app.open()
        #expect(board.shown.isEmpty, "nobody wants to be reminded")
        let programme = try #require(try await talus.programmes().first { $0.needs.isEmpty })
        try await talus.follow(programme.id)
        await app.settings.remind(days: [1, 2, 3, 4, 5, 6, 7], minute: 540)
        await app.remind()
        #expect(!board.shown.isEmpty && board.shown.count < 28, "and not on days of rest")
        await app.settings.remind(days: [], minute: 540)
        await app.remind()
        #expect(board.shown.isEmpty)
    }

    @Test(.timeLimit(.minutes(2))) func whoReadsPoundsHearsThemFromTheCoreToo() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let talus = try await TalusApp.at(database: folder.appendingPathComponent("talus.db").path, language: "en")
        try await talus.setAbout(anna(talus))
        let app = AppModel(folder: folder, language: "en")
        await app.open()
        await app.go(.lifts)
        guard case .lifts(let lifts) = app.pages.last else { return }
        lifts.say { $0.barG = 60_000 }
        await lifts.log()
        #expect(lifts.state.logged.first?.contains("60\u{202F}kg") == true, "\(lifts.state.logged)")
        app.tab = .you
        await app.go(.settings)
        app.settings.change { $0.pounds = true }
        await app.back()
        #expect(app.place == .home && app.tab == .you && app.pages.isEmpty)
        await app.go(.lifts)
        guard case .lifts(let again) = app.pages.last else { return }
        #expect(again.state.logged.first?.contains("lb") == true, "\(again.state.logged)")
    }

    @Test func settingsLieInTheDefaultsOfTheApp() throws {
        let name = "talus-\(UUID())"
        let defaults = try #require(UserDefaults(suiteName: name))
        defer { defaults.removePersistentDomain(forName: name) }
        var phone = Phone()
        phone.settings = DefaultsStore(defaults)
        #expect(SettingsModel(phone).settings == Settings())
        SettingsModel(phone).change { ($0.numbers, $0.floor) = (true, .never) }
        #expect(SettingsModel(phone).settings.numbers && SettingsModel(phone).settings.floor == .never)
    }

    @Test func theLockAsksWhoeverComesBackLateAndNeverCoversASession() async {
        let door = Door()
        let wanted = Switch()
        let lock = AppLock(door) { wanted.on }
        #expect(lock.locked, "what is started is locked")
        door.opens = false
        await lock.unlock("")
        #expect(lock.locked && door.asked == 1)
        door.opens = true
        await lock.unlock("")
        #expect(!lock.locked)
        let now = ContinuousClock.now
        lock.left(at: now)
        lock.came(at: now + .seconds(59), inSession: false)
        #expect(!lock.locked)
        lock.came(at: now + .seconds(500), inSession: false)
        #expect(!lock.locked, "it was in front all the while")
        lock.left(at: now)
        lock.came(at: now + .seconds(600), inSession: true)
        #expect(!lock.locked)
        lock.left(at: now)
        lock.came(at: now + .seconds(60), inSession: false)
        #expect(lock.locked)
        // A phone whose code was taken off keeps nobody out.
        door.available = false
        await lock.unlock("")
        #expect(!lock.locked)
        wanted.on = false
        door.available = true
        lock.left(at: now)
        lock.came(at: now + .seconds(600), inSession: false)
        #expect(!lock.locked && door.asked == 2)
    }

    @Test func onlyWhoCanUnlockSwitchesTheLockOn() async {
        let door = Door()
        var phone = Phone()
        (phone.unlocking, phone.settings) = (door, Shelf())
        let model = SettingsModel(phone)
        door.opens = false
        await model.lock(true, reason: "")
        #expect(!model.settings.locks && model.canLock)
        door.opens = true
        await model.lock(true, reason: "")
        #expect(model.settings.locks)
        await model.lock(false, reason: "")
        #expect(!model.settings.locks && door.asked == 2)
        #expect(!SettingsModel(Phone()).canLock)
    }

    @Test(.timeLimit(.minutes(10))) func aSessionKeepsThePhoneAwakeAndItsEndLetsItSleep() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let lamp = Lamp()
        var phone = Phone()
        phone.staying = lamp
        let app = AppModel(folder: folder, language: "en", phone: phone, speed: 400)
        await app.open(demo: true)
        #expect(lamp.begun == 0)
        app.start()
        #expect(lamp.on == 1)
        try await #require(app.session).run()
        await app.closeSession()
        #expect(lamp.on == 0 && lamp.begun == 1)
        await app.go(.calendar)
        guard case .calendar(let calendar) = app.pages.last else { return }
        let week = try #require(calendar.state?.weeks.first)
        #expect(week.sessions == 1 && week.days.count { $0 == .done } == 1 && week.days.count == 7)
        #expect(calendar.state?.weeks.count == 1, "weeks before the first session were before Talus")
    }
}

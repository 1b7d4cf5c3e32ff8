import Foundation
import Testing

@testable import TalusKit

/// The journeys of tests/journeys in virtual time: the same files and numbers as in Rust and Kotlin.
@Suite struct JourneysTests {
    @Test func aCuffIsPairedAndCalibratedAndASessionStandsInTheHistory() async throws { try await walk("01") }
    @Test func aCuffIsLostInASetAndComesBack() async throws { try await walk("02") }
    @Test func aKilledSessionIsTakenUpAgain() async throws { try await walk("03") }
    @Test func painEndsAnExerciseUntilSomebodyChecksIn() async throws { try await walk("04") }
    @Test func aPlanFromSomebodyTrustedNarrowsALoadAndARange() async throws { try await walk("05") }
    @Test func everythingGoesOutAndIsWipedAndComesBackTheSame() async throws { try await walk("06") }
    @Test func aWalkWithAWeightBeginsWithoutOneAndAChangedStrideTakesItOff() async throws { try await walk("07") }
    @Test func testsOfBalanceAndFunctionAreDoneAndKeptAndTold() async throws { try await walk("09") }
    @Test func twoPeopleOfAHouseholdHaveNothingOfEachOther() async throws { try await walk("08") }

    private func walk(_ number: String) async throws {
        let journey = try Journey(number)
        let home = try await Home(language: journey.language)
        let walker = Walker(home)
        for step in journey.steps { try await walker.take(step) }
        try await walker.check(journey)
    }
}

/// An open app in a folder that goes away with it.
final class Home: Sendable {
    let folder: URL
    /// Where its database lies.
    let household: URL
    private let language: String
    let talus: TalusApp

    init(language: String = "en") async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        household = folder.appendingPathComponent("household")
        self.language = language
        talus = try await Self.open(household, language)
    }

    private static func open(_ household: URL, _ language: String) async throws -> TalusApp {
        let database = household.appendingPathComponent("talus.db").path
        return try await TalusApp.at(database: database, language: language, zone: "Europe/Berlin")
    }

    /// The household once more, as after a start of the app.
    func again() async throws -> TalusApp { try await Self.open(household, language) }

    /// A household with nothing in it.
    func elsewhere() async throws -> TalusApp {
        try await Self.open(folder.appendingPathComponent("elsewhere"), language)
    }

    func wipe() throws { try FileManager.default.removeItem(at: household) }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

/// A walk through one journey. Events are counted by a listener of the core itself, so that they are there when the call
/// that brought them returns.
private final class Walker {
    private static let stepUs: Int64 = 100_000
    /// No journey lasts longer than this in virtual time.
    private static let longestUs: Int64 = 3_600_000_000

    private let home: Home
    /// The app of the person whose turn it is.
    private var talus: TalusApp
    private var heard = Heard()
    private var exported: SessionDetail?
    private var session: LiveSession?
    private var listening: Task<Void, Never>?

    init(_ home: Home) { (self.home, talus) = (home, home.talus) }

    private var file: String { home.folder.appendingPathComponent("everything").path }

    /// Somebody without a worry.
    private func about(_ birthYear: Int16, _ heightCm: Float, _ massKg: Float) -> About {
        let safe = { (question: Question) in question == .floorAlone || question == .reach ? Reply.yes : .no }
        let replies = talus.questionnaire().questions.map { Answered(question: $0.question, reply: safe($0.question)) }
        return About(
            birthYear: birthYear, heightCm: heightCm, massKg: massKg, sex: nil, goal: .strength, level: .beginner,
            weights: nil,
            answers: Answers(replies: replies, named: [], falls: nil, pain: nil, surgeryCleared: false), oneLegS: nil,
            tandemS: nil)
    }

    private func takeUp(_ taken: LiveSession) throws {
        session = taken
        let events = try taken.events()
        listening = Task { [heard] in for await event in events { heard.add(event) } }
    }

    private func running() throws -> LiveSession { try #require(session, "a journey begins before it goes on") }

    /// With `hearing`, what is asked about has come: a sequence hands on later than the core tells.
    private func go(hearing: Bool = false, until done: (Int64) -> Bool) async throws {
        let session = try running()
        var goneUs: Int64 = 0
        while !(try #require(try session.latestFrame(after: 0))).over, !done(goneUs) {
            try #require(goneUs < Self.longestUs, "no end")
            try await session.advance(us: Self.stepUs)
            if hearing, let view = try session.latestFrame(after: 0)?.training { await heard.wait(for: view) }
            goneUs += Self.stepUs
        }
    }

    private func parted() async {
        await listening?.value
        session = nil
    }

    func take(_ step: Journey.Step) async throws {
        switch step {
        case .demo(let seed): try takeUp(try await talus.demo(seed: seed))
        case .person(let birthYear, let heightCm, let massKg):
            try await talus.setAbout(about(birthYear, heightCm, massKg))
        case .become(let name):
            let known = try await talus.profiles().first { $0.name == name }?.id
            let id = if let known { known } else { try await talus.addPerson(name) }
            talus = try await talus.forPerson(id)
        case .practice(let seed, let exercises):
            heard = Heard()
            try takeUp(try await talus.practise(seed: seed, exercises: exercises))
        case .examine(let seed, let tests):
            heard = Heard()
            try takeUp(try await talus.practise(seed: seed, .tests(tests: tests)))
        case .pain(let level): try running().answer(.pain(level: level))
        case .checkIn(let pain):
            _ = try await talus.checkIn(
                .before, CheckIn(pain: pain, sleptBadly: false, sore: false, swollen: false, signs: []))
        case .prescribed(let exercise, let left, let massG, let mostG, let why):
            let found = try await talus.prescribe(exercise, side: left ? .left : .right, both: true)
            #expect(found.massG == massG && found.mostG == mostG && found.why == why, "\(found)")
        case .notOpen(let exercise, let why):
            do {
                _ = try await talus.prescribe(exercise, side: .left, both: true)
                Issue.record("\(exercise) is open")
            } catch TalusError.Invalid(let what, _) { #expect(what.hasSuffix(why), "\(what)") }
        case .plan(let exercise, let massG, let rangeDeg): try await trust(exercise, massG, rangeDeg)
        case .export(let passphrase): try await export(passphrase)
        case .wipe: try await wipe()
        case .takeIn(let passphrase): try await takeIn(passphrase)
        case .go(let seconds): try await go { $0 >= Int64(seconds * 1e6) }
        case .until(let set, let count):
            try await go(hearing: true) { _ in
                heard.count { if case .setBegan = $0 { true } else { false } } == set
                    && heard.countedInLastSet() >= count
            }
        case .finish:
            try await go { _ in false }
            #expect(try await running().finish() != nil)
            await parted()
        case .save: #expect(try await running().save() > 0)
        case .kill:
            try running().close()
            await parted()
        case .resume: try takeUp(try await talus.resume())
        }
    }

    /// Takes in the plan that ./test swift had signed today: no phone has its author's key.
    private func trust(_ exercise: String, _ massG: UInt32, _ rangeDeg: ClosedRange<Double>) async throws {
        let file = try #require(ProcessInfo.processInfo.environment["TALUS_PLAN"], "run by ./test swift")
        let text = try String(contentsOfFile: file, encoding: .utf8)
        let shown = try await talus.previewPlan(text)
        let line = try #require(shown.lines.first)
        #expect(line.exercise == exercise && line.mostG == massG && shown.lines.count == 1)
        #expect(line.rangeDeg?.map(Double.init) == [rangeDeg.lowerBound, rangeDeg.upperBound])
        await #expect(throws: TalusError.self) { try await talus.acceptPlan(text, words: nil) }
        #expect(try await talus.acceptPlan(text, words: shown.words).notNow == nil)
    }

    private func export(_ passphrase: String?) async throws {
        let wish = ExportWish(everyone: true, recordings: true, passphrase: passphrase)
        var last: Working<Exported>?
        for try await told in talus.export(to: file, wish) { last = told }
        guard case .done(let done) = last else {
            Issue.record("it ended without a result")
            return
        }
        #expect(done.sessions == 1 && done.recordings == 1)
        exported = try await talus.session("last")
    }

    private func wipe() async throws {
        // The open database lets go of its files.
        talus = try await home.elsewhere()
        try home.wipe()
        talus = try await home.again()
        #expect(try await talus.sessions(limit: 10).isEmpty)
    }

    private func takeIn(_ passphrase: String?) async throws {
        let contents = try await talus.lookInto(file, passphrase: passphrase)
        #expect(contents.sealed == (passphrase != nil) && contents.sessions == 1)
        let here = UInt64(try await talus.sessions(limit: 10).count)
        var last: Working<Imported>?
        for try await told in talus.takeIn(file, passphrase: passphrase) { last = told }
        guard case .done(let done) = last else {
            Issue.record("it ended without a result")
            return
        }
        #expect(done.sessionsNew == 1 - here && done.sessionsKept == here)
        // Whoever came may be the one who is chosen now.
        for person in try await talus.profiles() {
            let one = try await talus.forPerson(person.id)
            if try await !one.sessions(limit: 1).isEmpty { talus = one }
        }
        #expect(try await talus.session("last") == exported)
    }

    func check(_ expect: Journey) async throws {
        #expect(try await talus.sessions(limit: 100).count == expect.sessions)
        let detail = try await talus.session("last")
        #expect(detail.row.finished == expect.finished)
        #expect(heard.count { if case .found = $0 { true } else { false } } == expect.paired)
        #expect(heard.count { if case .paired = $0 { true } else { false } } == expect.paired)
        // A test measures the range itself.
        let calibrated = expect.tested.isEmpty ? expect.paired : 0
        #expect(heard.count { if case .calibrated(_, .some) = $0 { true } else { false } } == calibrated)
        #expect(heard.count { if case .linkChanged(_, _, .lost) = $0 { true } else { false } } == expect.lost)
        for words in expect.said {
            #expect(
                heard.count { if case .said(_, _, let text, _) = $0 { text == words } else { false } } > 0,
                "nobody said: \(words)")
        }
        try #require(detail.sets.count == expect.sets.count)
        for (set, expected) in zip(detail.sets, expect.sets) {
            let result = set.result
            #expect(result.exercise == expected.exercise)
            #expect((result.side == .left ? "left" : "right") == expected.side)
            #expect(expected.count.contains(Double(result.count)))
            let kept = result.exercise == "walk" ? set.strides.count : set.reps.filter(\.full).count
            #expect(kept == Int(result.count))
            if let endedBy = expected.endedBy { #expect("\(result.endedBy)" == endedBy) }
            if let short = expected.short { #expect(result.short == short) }
            if let range = expected.rangeDeg { #expect(range.contains(Double(try #require(result.rangeDeg)))) }
            if let cadence = expected.cadencePerMin {
                #expect(cadence.contains(Double(try #require(result.cadencePerMin))))
            }
        }
        try #require(detail.tested.map(\.name) == expect.tested.map(\.name))
        for (sheet, expected) in zip(detail.tested, expect.tested) {
            #expect(expected.value.contains(Double(try #require(sheet.value))) && sheet.lines.contains(expected.says))
        }
        let recording = home.household.appendingPathComponent("recordings/\(detail.row.id).talus").path
        let replayed = try await talus.replayRecording(path: recording)
        #expect(replayed.damaged == 0 && replayed.asStored == true)
    }
}

extension Frame {
    /// The session's picture, once there is one.
    var training: SessionView? {
        if case .training(let view) = picture { view } else { nil }
    }
}

/// What was heard, by whoever listens.
final class Heard: @unchecked Sendable {
    private let lock = NSLock()  // guards the list
    private var events: [Event] = []

    func add(_ event: Event) { lock.withLock { events.append(event) } }
    var all: [Event] { lock.withLock { events } }
    func count(_ of: (Event) -> Bool) -> Int { all.filter(of).count }

    func countedInLastSet() -> Int {
        var counted = 0
        for event in all.reversed() {
            if case .setBegan = event { break }
            if case .repEnded = event { counted += 1 }
        }
        return counted
    }

    /// Waits until what the picture shows was heard as well: the stage it is in, and as many repetitions of a set. No clock
    /// ends it: a picture is drawn from what was told before it.
    func wait(for view: SessionView) async {
        while !told(view) { await Task.yield() }
    }

    private func told(_ view: SessionView) -> Bool {
        let all = all
        let stages = all.lazy.reversed().compactMap { if case .stageChanged(_, let stage) = $0 { stage } else { nil } }
        // The first stage is where a session is before anything was told.
        guard (stages.first ?? .preflight) == view.stage else { return false }
        return view.stage != .set || countedInLastSet() >= Int(view.count)
    }
}

import Foundation
import Testing

@testable import TalusKit

/// The journeys through the view models, in virtual time: what is drawn and told is what the files expect.
@MainActor @Suite(.serialized) struct ModelJourneysTests {
    @Test(.timeLimit(.minutes(10)), arguments: ["01", "02", "03", "04", "05", "06", "07", "08", "09"])
    func aJourneyIsDrawnAsItIsWritten(_ number: String) async throws {
        let journey = try Journey(number)
        let home = try await Home(language: journey.language)
        let walk = Walk(home)
        for step in journey.steps { try await walk.take(step) }
        try await walk.check(journey)
    }

    /// Counts what a person would feel.
    private final class Motor: Haptics {
        var felt: [Pulse] = []
        func play(_ pulse: Pulse) { felt.append(pulse) }
    }

    private final class Mouth: Voice {
        var speaking: Bool { false }
        var said: [String] = []
        func say(_ text: String) { said.append(text) }
        func hush() {}
    }

    /// Hands files on into a folder, and gives the last one back.
    private final class Drawer: FileExchange {
        let folder: URL
        init(_ folder: URL) { self.folder = folder }
        var file: URL { folder.appendingPathComponent("everything") }
        func choose() async -> URL? {
            // A copy, which is whoever chose it's.
            let copy = folder.appendingPathComponent("copy")
            return (try? FileManager.default.copyItem(at: file, to: copy)).map { copy }
        }
        func handOn(_ handed: URL) async {
            try? FileManager.default.removeItem(at: file)
            try? FileManager.default.copyItem(at: handed, to: file)
        }
    }

    @MainActor private final class Walk {
        private static let stepUs: Int64 = 100_000
        private let home: Home
        private var talus: TalusApp
        private var (motor, mouth) = (Motor(), Mouth())
        private var model: LiveModel?
        private var session: LiveSession?
        private var running: Task<Void, Never>?
        private var wasResumed = false
        private let drawer: Drawer
        /// What was exported.
        private var kept: SessionDetail?

        init(_ home: Home) { (self.home, talus, drawer) = (home, home.talus, Drawer(home.folder)) }

        private func follow(_ session: LiveSession, resumed: Bool = false) {
            self.session = session
            let started = LiveModel.Started(session, of: talus)
            // Time stands still but for this test.
            let model = LiveModel(speed: 0, resumed: resumed, telling: Telling(voice: mouth, haptics: motor)) {
                started
            }
            self.model = model
            running = Task { await model.run() }
        }

        private var set: LiveState.Training? {
            if case .training(let set) = model?.state { set } else { nil }
        }

        private var over: LiveState.Over? {
            if case .over(let over) = model?.state { over } else { nil }
        }

        /// Lets time go on until it is so or the session is over, and waits until what came of it is drawn.
        private func go(until done: (Int64) -> Bool) async throws {
            let session = try #require(session)
            var gone: Int64 = 0
            while over == nil, !done(gone) {
                try #require(gone < 3_600_000_000, "no end")
                do { try await session.advance(us: Self.stepUs) } catch TalusError.Closed {
                    return await running?.value ?? ()
                }
                gone += Self.stepUs
                let core = try? session.latestFrame(after: 0)
                guard let core, let view = core.training, !core.over else { continue }
                // Pictures are drawn thirty times a second; a set of another exercise or count must have been.
                // Whoever is slow is waited for: what happens next depends on it.
                let count = Int(view.strides > 0 ? view.strides : view.count)
                while over == nil, set?.count != count || set?.part != LiveState.Part(view.stage) {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }

        func take(_ step: Journey.Step) async throws {
            switch step {
            case .demo(let seed): follow(try await talus.demo(seed: seed))
            case .person(let year, let height, let mass): try await introduce(year, height, mass)
            case .become(let name):
                let people = PeopleModel(talus)
                await people.load()
                if people.people?.contains(where: { $0.name == name }) == false { await people.add(name) }
                talus = try await talus.forPerson(#require(people.people?.first { $0.name == name }).id)
            case .practice(let seed, let exercises):
                (motor, mouth) = (Motor(), Mouth())
                follow(try await talus.practise(seed: seed, exercises: exercises))
            case .until(let number, let count):
                var (begun, last) = (0, LiveState.Part.preflight)
                try await go { _ in
                    if let part = set?.part, part != last {
                        if part == .set && last != .paused { begun += 1 }
                        last = part
                    }
                    return begun == number && set?.part == .set && (set?.count ?? 0) >= count
                }
            case .go(let seconds): try await go { $0 >= Int64(seconds * 1e6) }
            case .pain(let level): model?.pain(Int(level))
            case .checkIn(let pain):
                let checkIn = CheckInModel(talus)
                checkIn.say { $0.pain = Int(pain) }
                await checkIn.keep()
                #expect(checkIn.advice == nil && checkIn.state.said != nil)
            case .prescribed(let exercise, let left, let massG, let mostG, let why):
                let found = try await legs(of: exercise)[left ? .left : .right]
                guard case .open(_, let dose) = found else {
                    Issue.record("\(exercise): \(String(describing: found))")
                    return
                }
                #expect(dose.massG == Int(massG) && dose.mostG == Int(mostG) && dose.why == why, "\(dose)")
            case .notOpen(let exercise, let why):
                let found = try await legs(of: exercise)[.left]
                guard case .closed(_, let whys) = found else {
                    Issue.record("\(exercise) is open")
                    return
                }
                #expect(whys.contains { $0.hasSuffix(why) }, "\(whys)")
            case .plan(let exercise, let massG, let rangeDeg): try await trust(exercise, Int(massG), rangeDeg)
            case .export(let passphrase): try await export(passphrase)
            case .wipe:
                // The open database lets go of its files.
                session = nil
                talus = try await home.elsewhere()
                try home.wipe()
                talus = try await home.again()
                #expect(try await talus.sessions(limit: 10).isEmpty)
            case .takeIn(let passphrase): try await takeIn(passphrase)
            case .save: #expect(try await #require(session).save() > 0)
            case .kill:
                session?.close()
                await running?.value
            case .resume:
                wasResumed = true
                follow(try await talus.resume(), resumed: true)
            case .finish:
                try await go { _ in false }
                await running?.value
            case .examine(let seed, let tests):
                (motor, mouth) = (Motor(), Mouth())
                follow(try await talus.practise(seed: seed, .tests(tests: tests)))
            }
        }

        /// Somebody without a worry, as they answer on the first screens.
        private func introduce(_ year: Int16, _ height: Float, _ mass: Float) async throws {
            let first = FirstRunModel(talus) {}
            first.begin()
            first.type { ($0.birthYear, $0.heightCm, $0.massKg) = ("\(year)", "\(height)", "\(mass)") }
            await first.confirmAbout()
            for asked in talus.questionnaire().questions {
                await first.answer(asked.question == .floorAlone || asked.question == .reach ? .yes : .no)
            }
            guard case .outcome(let outcome) = first.state else {
                Issue.record("\(first.state)")
                return
            }
            #expect(!outcome.open.isEmpty)
        }

        /// What the page of an exercise says for each leg.
        private func legs(of exercise: String) async throws -> [Leg: ExerciseState.Side] {
            let page = ExerciseModel(talus, exercise)
            await page.load()
            let sides = try #require(page.state, "\(String(describing: page.advice))").sides
            return Dictionary(uniqueKeysWithValues: zip(Leg.allCases, sides))
        }

        private func trust(_ exercise: String, _ massG: Int, _ rangeDeg: ClosedRange<Double>) async throws {
            let file = try #require(ProcessInfo.processInfo.environment["TALUS_PLAN"], "run by ./test swift")
            let page = TrustModel(talus, files: nil)
            page.text = try String(contentsOfFile: file, encoding: .utf8)
            await page.read()
            guard case .preview(let plan) = page.state else {
                Issue.record("\(String(describing: page.advice))")
                return
            }
            let line = try #require(plan.lines.first)
            #expect(line.name == talus.exerciseNames()[exercise] && line.mostG == massG && plan.lines.count == 1)
            #expect(line.fromDeg == rangeDeg.lowerBound && line.toDeg == rangeDeg.upperBound && !plan.known)
            await page.accept()
            guard case .accepted(let accepted) = page.state else {
                Issue.record("\(String(describing: page.advice))")
                return
            }
            #expect(accepted.notNow == nil && page.advice == nil)
        }

        private func export(_ passphrase: String?) async throws {
            let own = OwnModel(talus, files: drawer, folder: home.folder)
            if let passphrase { await own.backUp(passphrase) } else { await own.export(recordings: true) }
            guard case .written(let written) = own.state else {
                Issue.record("\(own.state) \(String(describing: own.advice))")
                return
            }
            #expect(written.sessions == 1 && written.recordings == 1)
            kept = try await talus.session("last")
        }

        private func takeIn(_ passphrase: String?) async throws {
            let here = try await talus.sessions(limit: 10).count
            let own = OwnModel(talus, files: drawer, folder: home.folder)
            await own.choose()
            if let passphrase {
                #expect(own.state == .locked(wrong: false))
                await own.open(passphrase)
            }
            guard case .preview(let preview) = own.state else {
                Issue.record("\(own.state) \(String(describing: own.advice))")
                return
            }
            #expect(preview.sessions == 1)
            await own.takeIn()
            guard case .taken(let taken) = own.state else {
                Issue.record("\(own.state) \(String(describing: own.advice))")
                return
            }
            #expect(taken.new == 1 - here && taken.kept == here)
            // Whoever came may be the one who is chosen now.
            for person in try await talus.profiles() {
                let one = try await talus.forPerson(person.id)
                if try await !one.sessions(limit: 1).isEmpty { talus = one }
            }
            #expect(try await talus.session("last") == kept)
        }

        func check(_ expect: Journey) async throws {
            let over = try #require(over, "\(String(describing: model?.state))")
            #expect(!over.sentence.isEmpty)
            // One that is taken up again looks for its cuff first, and says so.
            #expect(motor.felt.count { $0 == .cuffLost } == expect.lost + (wasResumed ? 1 : 0))
            for words in expect.said { #expect(mouth.said.contains(words), "nobody said: \(words)") }
            let detail = try await talus.session("last")
            #expect(detail.row.finished == expect.finished)
            try #require(detail.sets.count == expect.sets.count)
            let names = talus.exercises()
            // A session that was killed tells its later sets only: the earlier ones were told before.
            let shown = over.sets
            #expect(wasResumed ? shown.count <= expect.sets.count : shown.count == expect.sets.count)
            for (set, expected) in zip(shown.reversed(), expect.sets.reversed()) {
                #expect(set.exercise == names.first { $0.id == expected.exercise }?.name ?? expected.exercise)
                #expect((set.leg == .left ? "left" : "right") == expected.side)
                #expect(expected.count.contains(Double(set.count)), "\(set)")
                if let short = expected.short { #expect(set.short == Int(short)) }
                if let range = expected.rangeDeg { #expect(range.contains(try #require(set.rangeDeg))) }
            }
            try #require(over.tested.map(\.name) == expect.tested.map(\.name))
            for (test, expected) in zip(over.tested, expect.tested) {
                #expect(test.lines.contains(expected.says), "\(test.lines)")
            }
            // A walk that was led says what it was.
            #expect(over.walk.isEmpty != expect.sets.contains { $0.exercise == "walk" })
        }
    }
}

import Foundation
import Testing

@testable import TalusKit

/// Journeys 1 to 4 through the session's view model, in virtual time: what is drawn and told is what the files expect.
@MainActor @Suite(.serialized) struct ModelJourneysTests {
    @Test(.timeLimit(.minutes(10)), arguments: ["01", "02", "03", "04"])
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

    @MainActor private final class Walk {
        private static let stepUs: Int64 = 100_000
        private let home: Home
        private var talus: TalusApp
        private var (motor, mouth) = (Motor(), Mouth())
        private var model: LiveModel?
        private var session: LiveSession?
        private var running: Task<Void, Never>?
        private var wasResumed = false

        init(_ home: Home) { (self.home, talus) = (home, home.talus) }

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
                while set?.count != Int(view.count) || set?.part != LiveState.Part(view.stage) {
                    try await Task.sleep(for: .milliseconds(5))
                }
            }
        }

        func take(_ step: Journey.Step) async throws {
            switch step {
            case .demo(let seed): follow(try await talus.demo(seed: seed))
            case .person(let year, let height, let mass):
                let safe = { (question: Question) in
                    question == .floorAlone || question == .reach ? Reply.yes : .no
                }
                let replies = talus.questionnaire().questions.map {
                    Answered(question: $0.question, reply: safe($0.question))
                }
                try await talus.setAbout(
                    About(
                        birthYear: year, heightCm: height, massKg: mass, sex: nil, goal: .strength, level: .beginner,
                        weights: nil,
                        answers: Answers(replies: replies, named: [], falls: nil, pain: nil, surgeryCleared: false),
                        oneLegS: nil, tandemS: nil))
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
            case .become, .plan, .export, .wipe, .takeIn, .examine: Issue.record("not in these journeys: \(step)")
            }
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
                #expect(set.exercise == names.first { $0.id == expected.exercise }?.name)
                #expect((set.leg == .left ? "left" : "right") == expected.side)
                #expect(expected.count.contains(Double(set.count)), "\(set)")
                if let short = expected.short { #expect(set.short == Int(short)) }
                if let range = expected.rangeDeg { #expect(range.contains(try #require(set.rangeDeg))) }
            }
        }
    }
}

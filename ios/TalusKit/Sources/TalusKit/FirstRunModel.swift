import Foundation
import Observation

/// What the first run asks, one question a screen, in plain values.
public enum FirstRunState: Sendable, Equatable {
    /// What Talus is, and two ways on.
    case welcome
    /// Birth year, height, weight and goal.
    case aboutYou(AboutYou)
    /// One of the twelve.
    case question(Asked)
    /// What is open, what is held back, and why.
    case outcome(Outcome)
    /// It cannot go on; the advice is the core's.
    case failed(advice: String)

    /// What somebody says of themselves. Numbers as typed.
    public struct AboutYou: Sendable, Equatable {
        public var birthYear = ""
        public var heightCm = ""
        public var massKg = ""
        public var goal = Goal.strength
        public var trained = false
        /// What is wrong with it, in the core's words.
        public var advice: String?

        public init() {}

        /// Whether each is a number.
        public var complete: Bool { Int16(birthYear) != nil && number(heightCm) != nil && number(massKg) != nil }

        /// A number, with whichever decimal mark.
        func number(_ text: String) -> Float? { Float(text.replacingOccurrences(of: ",", with: ".")) }
    }

    /// What somebody wants.
    public enum Goal: Sendable, Equatable, CaseIterable { case strength, balance, comeBack, beside }

    /// A question and where it stands.
    public struct Asked: Sendable, Equatable {
        public var number: Int
        public var of: Int
        public var text: String
        /// What was answered before, where somebody came back.
        public var answered: Answer?
    }

    /// What may be answered. "Not sure" counts as care, never as clear.
    public enum Answer: Sendable, Equatable, CaseIterable { case yes, no, notSure }

    /// What the answers leave.
    public struct Outcome: Sendable, Equatable {
        /// Names of what is open on at least one leg.
        public var open: [String]
        /// What is held back, with its reason.
        public var heldBack: [Held]
    }

    /// Something that is held back.
    public struct Held: Sendable, Equatable {
        public var name: String
        public var why: String
    }
}

/// The first run: who it is for, twelve questions, what they leave.
@MainActor @Observable
public final class FirstRunModel {
    /// What to draw.
    public private(set) var state = FirstRunState.welcome

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let questions: [AskedQuestion]
    @ObservationIgnored private var about = FirstRunState.AboutYou()
    @ObservationIgnored private var answers: [Int: FirstRunState.Answer] = [:]
    @ObservationIgnored private var place = 0
    @ObservationIgnored private let done: @MainActor () -> Void

    /// Goes on with `done` when everything was answered and looked at.
    public init(_ talus: TalusApp, done: @escaping @MainActor () -> Void) {
        (self.talus, self.done) = (talus, done)
        questions = talus.questionnaire().questions
    }

    /// Begins.
    public func begin() { state = .aboutYou(about) }

    /// Something was typed.
    public func type(_ change: (inout FirstRunState.AboutYou) -> Void) {
        change(&about)
        about.advice = nil
        state = .aboutYou(about)
    }

    /// What was typed is right: on to the questions. What nobody can be is said at once, and not after twelve questions.
    public func confirmAbout() async {
        guard about.complete else { return }
        do {
            try await talus.setAbout(described(answers: nil))
            ask(0)
        } catch {
            about.advice = error.advice
            state = .aboutYou(about)
        }
    }

    /// Answers the question that stands.
    public func answer(_ answer: FirstRunState.Answer) async {
        answers[place] = answer
        if place + 1 < questions.count { ask(place + 1) } else { await finish() }
    }

    /// One step back; from the first question to what was typed, from there to the welcome.
    public func back() {
        switch state {
        case .question where place > 0: ask(place - 1)
        case .question: state = .aboutYou(about)
        case .outcome: ask(questions.count - 1)
        default: state = .welcome
        }
    }

    /// What the answers leave was looked at.
    public func goOn() { done() }

    private func ask(_ number: Int) {
        place = number
        state = .question(
            FirstRunState.Asked(
                number: number + 1, of: questions.count, text: questions[number].text, answered: answers[number]))
    }

    private func finish() async {
        let replies = questions.enumerated().map { index, asked in
            Answered(question: asked.question, reply: reply(answers[index] ?? .notSure))
        }
        let whole = Answers(replies: replies, named: [], falls: nil, pain: nil, surgeryCleared: false)
        do {
            try await talus.setAbout(described(answers: whole))
            state = .outcome(try await outcome())
        } catch {
            state = .failed(advice: error.advice)
        }
    }

    private func outcome() async throws -> FirstRunState.Outcome {
        var open: [String] = []
        var held: [FirstRunState.Held] = []
        for (index, one) in try await talus.openness().enumerated() {
            // Both legs of an exercise follow each other; answers are of the whole person.
            if one.open {
                if !open.contains(one.name) { open.append(one.name) }
            } else if index % 2 == 0 {
                held.append(FirstRunState.Held(name: one.name, why: one.whys.first ?? ""))
            }
        }
        return FirstRunState.Outcome(open: open, heldBack: held)
    }

    private func described(answers: Answers?) -> About {
        About(
            birthYear: Int16(about.birthYear) ?? 0, heightCm: about.number(about.heightCm) ?? 0,
            massKg: about.number(about.massKg) ?? 0, sex: nil, goal: goal, level: about.trained ? .trained : .beginner,
            weights: nil, answers: answers, oneLegS: nil, tandemS: nil)
    }

    private var goal: Goal {
        switch about.goal {
        case .strength: .strength
        case .balance: .balance
        case .comeBack: .return
        case .beside: .beside
        }
    }

    private func reply(_ answer: FirstRunState.Answer) -> Reply {
        switch answer {
        case .yes: .yes
        case .no: .no
        case .notSure: .notSure
        }
    }
}

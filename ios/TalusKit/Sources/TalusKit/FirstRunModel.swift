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
    /// How much of what was answered with yes.
    case more(More)
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

    /// What some answers need besides.
    public struct More: Sendable, Equatable {
        /// What is asked.
        public enum Kind: Sendable, Equatable {
            /// How often somebody fell in the last twelve months.
            case falls
            /// Pain, 0 to 10.
            case pain
            /// Whether somebody who treats them cleared them to exercise; 1 is yes.
            case cleared
        }

        public var number: Int
        public var of: Int
        public var kind: Kind
        /// What was said before.
        public var value: Int?
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
    @ObservationIgnored private var more: [FirstRunState.More.Kind: Int] = [:]
    @ObservationIgnored private let known: About?
    /// Whether there is something to go back to before it is done.
    @ObservationIgnored public let leaves: Bool
    @ObservationIgnored private var place = 0
    @ObservationIgnored private let done: @MainActor () -> Void

    /// Goes on with `done` when everything was answered and looked at. Somebody who is `known` answers again: they find what
    /// they said before. Who came from elsewhere (`leaves`) may go back there at once.
    public init(
        _ talus: TalusApp, known: About? = nil, leaves: Bool = false, done: @escaping @MainActor () -> Void
    ) {
        (self.talus, self.known, self.leaves, self.done) = (talus, known, leaves, done)
        questions = talus.questionnaire().questions
        guard let known else { return }
        about = FirstRunState.AboutYou(known)
        for (index, asked) in questions.enumerated() {
            let reply = known.answers?.reply(to: asked.question)
            answers[index] = reply.map(FirstRunState.Answer.init)
        }
        more[.falls] = known.answers?.falls.map(Int.init)
        more[.pain] = known.answers?.pain.map(Int.init)
        more[.cleared] = known.answers.map { $0.surgeryCleared ? 1 : 0 }
        state = .aboutYou(about)
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

    /// Answers the question that stands. A yes to falls, pain or surgery asks how much.
    public func answer(_ answer: FirstRunState.Answer) async {
        answers[place] = answer
        if answer == .yes, let kind = kind(of: place) {
            state = .more(
                FirstRunState.More(number: place + 1, of: questions.count, kind: kind, value: more[kind]))
        } else {
            await goOnAsking()
        }
    }

    /// How much it is.
    public func answer(howMuch value: Int) async {
        guard case .more(let asked) = state else { return }
        more[asked.kind] = value
        await goOnAsking()
    }

    /// One step back; from the first question to what was typed, from there to the welcome, and out where somebody came from
    /// elsewhere.
    public func back() {
        switch state {
        case .more: ask(place)
        case .question where place > 0: ask(place - 1)
        case .question: state = .aboutYou(about)
        case .outcome: ask(questions.count - 1)
        case .aboutYou where known == nil: state = .welcome
        default: if leaves { done() } else { state = .welcome }
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

    private func goOnAsking() async {
        if place + 1 < questions.count { ask(place + 1) } else { await finish() }
    }

    private func kind(of place: Int) -> FirstRunState.More.Kind? {
        switch questions[place].question {
        case .falls: .falls
        case .painNow: .pain
        case .surgery: .cleared
        default: nil
        }
    }

    private func finish() async {
        do {
            try await talus.setAbout(described(answers: whole))
            state = .outcome(try await talus.outcome())
        } catch {
            state = .failed(advice: error.advice)
        }
    }

    private var whole: Answers {
        let replies = questions.enumerated().map { index, asked in
            Answered(question: asked.question, reply: reply(answers[index] ?? .notSure))
        }
        // How much counts only where it was a yes.
        func much(_ kind: FirstRunState.More.Kind) -> Int? {
            questions.indices.contains { self.kind(of: $0) == kind && answers[$0] == .yes } ? more[kind] : nil
        }
        return Answers(
            replies: replies, named: known?.answers?.named ?? [], falls: much(.falls).map { UInt8(clamping: $0) },
            pain: much(.pain).map { UInt8(clamping: $0) }, surgeryCleared: much(.cleared) == 1)
    }

    /// What is not asked here stays as it was.
    private func described(answers: Answers?) -> About {
        About(
            birthYear: Int16(about.birthYear) ?? 0, heightCm: about.number(about.heightCm) ?? 0,
            massKg: about.number(about.massKg) ?? 0, sex: known?.sex, goal: goal,
            level: about.trained ? .trained : .beginner, weights: known?.weights, answers: answers ?? known?.answers,
            oneLegS: known?.oneLegS, tandemS: known?.tandemS)
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

extension FirstRunState.AboutYou {
    init(_ known: About) {
        // Whole numbers without a fraction, so that they read as they were typed.
        func typed(_ number: Float) -> String { number == number.rounded() ? "\(Int(number))" : "\(number)" }
        (birthYear, heightCm, massKg) = ("\(known.birthYear)", typed(known.heightCm), typed(known.massKg))
        trained = known.level == .trained
        goal =
            switch known.goal {
            case .strength: .strength
            case .balance: .balance
            case .return: .comeBack
            case .beside: .beside
            }
    }
}

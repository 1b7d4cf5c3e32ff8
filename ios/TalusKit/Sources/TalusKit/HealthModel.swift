import Observation

/// Words of the core for when help is needed, and the number to call where it is known.
public struct HelpSheet: Sendable, Equatable {
    public var title: String
    public var lines: [String]
    /// Whether somebody is to be called.
    public var call: Bool

    public init(title: String, lines: [String], call: Bool) {
        (self.title, self.lines, self.call) = (title, lines, call)
    }

    init(_ sheet: SafetySheet) { self.init(title: sheet.title, lines: sheet.lines, call: sheet.call) }
}

/// The number for help.
public enum EmergencyNumber {
    /// Members of the European Union, where 112 is answered by Article 109 of Directive (EU) 2018/1972.
    private static let union: Set<String> = [
        "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
        "LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
    ]

    /// The number of a region (ISO 3166), where a source was read that says so; nil elsewhere: the core's words then ask for
    /// the local one.
    public static func of(region: String?) -> String? { region.flatMap { union.contains($0) ? "112" : nil } }
}

/// What the health answers are and what they leave.
public struct HealthState: Sendable, Equatable {
    /// A question and what was said.
    public struct Reply: Sendable, Equatable {
        public var text: String
        public var answer: FirstRunState.Answer
    }

    /// None until they were given.
    public var replies: [Reply]
    public var outcome: FirstRunState.Outcome
}

/// The health answers, and what is open and held back.
@MainActor @Observable
public final class HealthModel {
    /// What to draw; nil until it is known.
    public private(set) var state: HealthState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp

    init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            let answers = try await talus.about()?.answers
            let replies = talus.questionnaire().questions.compactMap { asked -> HealthState.Reply? in
                let reply = answers?.reply(to: asked.question)
                return reply.map { HealthState.Reply(text: asked.text, answer: FirstRunState.Answer($0)) }
            }
            let outcome = answers == nil ? FirstRunState.Outcome(open: [], heldBack: []) : try await talus.outcome()
            state = HealthState(replies: replies, outcome: outcome)
            advice = nil
        } catch { advice = error.advice }
    }
}

/// The sheets to show when something is wrong, and the signs to look for.
public struct SafetyState: Sendable, Equatable {
    /// Each of them by itself is a reason to call for help.
    public var signs: [String]
    public var redFlag: HelpSheet
    public var pain: HelpSheet
}

/// When to stop.
@MainActor @Observable
public final class SafetyModel {
    /// What to draw; nil until it is known.
    public private(set) var state: SafetyState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp

    init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            let today = try await talus.today()
            // A calf that hurts calls for help by itself only after surgery; who has not answered may have had some.
            let surgery = try await talus.about()?.answers?.reply(to: .surgery)
            let signs = talus.questionnaire().signs.filter { $0.sign != .calfPain || surgery != .no }
            state = SafetyState(
                signs: signs.map(\.text), redFlag: HelpSheet(today.redFlag), pain: HelpSheet(today.pain))
            advice = nil
        } catch { advice = error.advice }
    }
}

/// How somebody is before a session, and what that changed.
public struct CheckInState: Sendable, Equatable {
    /// 0 to 10; nil until it is said.
    public var pain: Int?
    public var sleptBadly = false
    public var sore = false
    public var swollen = false
    /// What the signs ask, and which of them are there.
    public var signs: [String]
    public var present: Set<Int> = []
    /// What it changes, in the core's words, once it is kept.
    public var said: String?
    /// What to do now, where it is not nothing.
    public var sheet: HelpSheet?

    public init(signs: [String]) { self.signs = signs }
}

/// How are you today?
@MainActor @Observable
public final class CheckInModel {
    /// What to draw.
    public private(set) var state: CheckInState
    /// What a person can do where it could not be kept.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let signs: [AskedSign]

    init(_ talus: TalusApp) {
        self.talus = talus
        signs = talus.questionnaire().signs
        state = CheckInState(signs: signs.map(\.text))
    }

    /// Something was said.
    public func say(_ change: (inout CheckInState) -> Void) { change(&state) }

    /// Keeps it.
    public func keep() async {
        let present = state.present.sorted().filter(signs.indices.contains).map { signs[$0].sign }
        let how = CheckIn(
            pain: state.pain.map { UInt8(clamping: $0) }, sleptBadly: state.sleptBadly, sore: state.sore,
            swollen: state.swollen, signs: present)
        do {
            let kept = try await talus.checkIn(.before, how)
            (state.said, state.sheet) = (kept.says, kept.sheet.map(HelpSheet.init))
            advice = nil
        } catch { advice = error.advice }
    }
}

extension Answers {
    /// What was said to a question; nil where it was not answered.
    func reply(to question: Question) -> Reply? { replies.first { $0.question == question }?.reply }
}

extension FirstRunState.Answer {
    init(_ reply: Reply) {
        self =
            switch reply {
            case .yes: .yes
            case .no: .no
            case .notSure: .notSure
            }
    }
}

extension TalusApp {
    /// What the answers leave open, and what they hold back and why.
    func outcome() async throws -> FirstRunState.Outcome {
        var open: [String] = []
        var held: [FirstRunState.Held] = []
        for (index, one) in try await openness().enumerated() {
            // Both legs of an exercise follow each other; answers are of the whole person.
            if one.open {
                if !open.contains(one.name) { open.append(one.name) }
            } else if index % 2 == 0 {
                held.append(FirstRunState.Held(name: one.name, why: one.whys.first ?? ""))
            }
        }
        return FirstRunState.Outcome(open: open, heldBack: held)
    }
}

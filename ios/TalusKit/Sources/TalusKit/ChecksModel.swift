import Observation

/// What tests and protocols show, in plain values.
public struct ChecksState: Sendable, Equatable {
    /// A test, the ladder, or stages of coming back.
    public struct Check: Sendable, Equatable, Identifiable {
        public var id: String
        public var name: String
        /// What it is about, in the core's words.
        public var what: String
        public var kind: Kind
        /// Whether a cuff can see it, so that it may begin here.
        public var measured: Bool
        /// This week of the programme asks for it.
        public var due: Bool
        /// Why it is not open now, in the core's words; empty where it is.
        public var whys: [String]
        /// How it goes, safety first.
        public var steps: [String]
        public var tries: Int
        public var grade: EvidenceGrade
        /// What was measured so far, one a leg.
        public var results: [Result] = []

        public var open: Bool { whys.isEmpty }
    }

    /// What it belongs to.
    public enum Kind: Sendable, Equatable { case ladder, test, stages }

    /// A test over time.
    public struct Result: Sendable, Equatable {
        public var leg: Leg?
        /// The last value with its unit.
        public var last: String
        public var localDay: String
        /// Whether it changed by more than its error; "no clear change yet" as plainly as one.
        public var told: String
        /// What is usual at that age, where a source was checked.
        public var standing: [String]
    }

    public var checks: [Check]

    public var due: [Check] { checks.filter(\.due) }
    public var ladder: [Check] { checks.filter { $0.kind == .ladder && !$0.due } }
    public var tests: [Check] { checks.filter { $0.kind == .test && !$0.due } }
    public var stages: [Check] { checks.filter { $0.kind == .stages && !$0.due } }
}

/// Tests that are due or can be done, the balance ladder, and what only a plan opens.
@MainActor @Observable
public final class ChecksModel {
    /// What to draw; nil until it is known.
    public private(set) var state: ChecksState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?
    /// The one that is looked at closely.
    public let chosen: String?

    @ObservationIgnored private let talus: TalusApp

    init(_ talus: TalusApp, chosen: String? = nil) { (self.talus, self.chosen) = (talus, chosen) }

    /// The one that is looked at closely, once it is known.
    public var check: ChecksState.Check? { state?.checks.first { $0.id == chosen } }

    /// Looks again.
    public func load() async {
        do {
            let courses = try await talus.noted().courses
            state = ChecksState(
                checks: try await talus.protocols().compactMap { one in
                    guard let kind = ChecksState.Kind(one.kind, ladder: one.ladder) else { return nil }
                    return ChecksState.Check(
                        id: one.id, name: one.name, what: one.what, kind: kind, measured: one.measured, due: one.due,
                        whys: one.whys, steps: one.steps, tries: Int(one.tries), grade: EvidenceGrade(one.grade),
                        results: courses.filter { $0.kind == one.id }.compactMap(ChecksState.Result.init))
                })
            advice = nil
        } catch { advice = error.advice }
    }
}

extension ChecksState.Kind {
    /// Loads and walks are exercises, and stand among them.
    init?(_ kind: ProtocolKind, ladder: Bool) {
        switch kind {
        case .balance, .function, .range: self = ladder ? .ladder : .test
        case .stages: self = .stages
        case .load, .walk: return nil
        }
    }
}

extension ChecksState.Result {
    init?(_ course: TestCourse) {
        guard let last = course.points.last else { return nil }
        leg = course.side.map(Leg.init)
        (self.last, localDay) = (last.said, last.localDay)
        (told, standing) = (course.told, course.standing)
    }
}

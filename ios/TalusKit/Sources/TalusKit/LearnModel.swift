import Observation

/// How good the evidence is, best first.
public enum EvidenceGrade: String, Sendable, Equatable, CaseIterable {
    case a = "A"
    case b = "B"
    case c = "C"
    case d = "D"
    case e = "E"
    case x = "X"

    init(_ grade: Grade) {
        self =
            switch grade {
            case .a: .a
            case .b: .b
            case .c: .c
            case .d: .d
            case .e: .e
            case .x: .x
            }
    }
}

/// What is said about ankle weights, in plain values.
public struct LearnState: Sendable, Equatable {
    /// One thing that is said.
    public struct Card: Sendable, Equatable, Identifiable {
        public var id: String
        /// What is said, with the verb of its grade.
        public var says: String
        public var grade: EvidenceGrade
        /// What the grade means, in the core's words.
        public var means: String
        /// Who was studied, where it ends, and its sources; each may be empty.
        public var studied: String
        public var limits: String
        public var cited: [String]
    }

    public var cards: [Card]
    /// The card that is turned.
    public var turned: String?
}

/// Learn cards.
@MainActor @Observable
public final class LearnModel {
    /// What to draw.
    public private(set) var state: LearnState

    init(_ talus: TalusApp) {
        state = LearnState(
            cards: talus.cards().map {
                LearnState.Card(
                    id: $0.id, says: $0.says, grade: EvidenceGrade($0.grade), means: $0.gradeMeans,
                    studied: $0.studied, limits: $0.limits, cited: $0.cited)
            })
    }

    /// Turns a card, or turns it back.
    public func turn(_ card: String) { state.turned = state.turned == card ? nil : card }
}

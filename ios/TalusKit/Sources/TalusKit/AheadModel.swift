import Observation

/// What somebody wants to do in a session.
public enum Wish: Sendable, Equatable {
    /// Today's of the programme that is followed.
    case today
    /// The ten minutes of a first session, which measure where somebody begins.
    case first
    /// These exercises.
    case exercises([String])
    /// A walk; whether with a weight is the core's to decide.
    case walk
    /// These tests.
    case tests([String])

    var wish: SessionWish {
        switch self {
        case .today: .today
        case .first: .first
        case .exercises(let exercises): .exercises(exercises: exercises)
        case .walk: .walk
        case .tests(let tests): .tests(tests: tests)
        }
    }
}

/// What a session would be, before it begins; or why there is none now, in the core's words.
public enum AheadState: Sendable, Equatable {
    case open(Ahead)
    case closed([String])

    /// A session that may begin.
    public struct Ahead: Sendable, Equatable {
        public var blocks: [Block] = []
        public var walk: Walk?
        public var tests: [Test] = []
    }

    /// An exercise on a leg.
    public struct Block: Sendable, Equatable {
        public var exercise: String
        public var name: String
        public var leg: Leg
        public var massG: Int
        public var sets: Int
        /// Absent where it is done as often as it goes well.
        public var reps: Int?
        public var restS: Int
        public var why: String
    }

    /// A walk, part by part.
    public struct Walk: Sendable, Equatable {
        /// On each leg; 0 where it is a walk without a weight.
        public var massG: Int
        public var beforeS: Int
        /// How often the weight is put on.
        public var times: Int
        public var loadedS: Int
        public var easyS: Int
        public var afterS: Int
        public var wearMostS: Int
        /// Whether the skin under the cuffs is to be looked at afterwards.
        public var skin: Bool
        public var why: String
    }

    /// A try of a test: what to do, safety first.
    public struct Test: Sendable, Equatable {
        public var name: String
        public var leg: Leg?
        /// How to stand, where it is a rung of the ladder.
        public var stance: String?
        public var handOnCounter: Bool
        public var tries: Int
        public var steps: [String]
    }
}

/// What a session would be.
@MainActor @Observable
public final class AheadModel {
    /// What to draw; nil until it is known.
    public private(set) var state: AheadState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?
    /// What it is about.
    public let wish: Wish

    @ObservationIgnored private let talus: TalusApp

    init(_ talus: TalusApp, _ wish: Wish) { (self.talus, self.wish) = (talus, wish) }

    /// Looks again.
    public func load() async {
        do {
            state = .open(AheadState.Ahead(try await talus.foretell(wish.wish)))
            advice = nil
        } catch TalusError.Invalid(let what, let advice) {
            // Why not: what it says, and what opens it.
            (state, self.advice) = (.closed([what, advice].filter { !$0.isEmpty }), nil)
        } catch { advice = error.advice }
    }
}

extension AheadState.Ahead {
    init(_ told: Foretold) {
        blocks = told.blocks.map {
            AheadState.Block(
                exercise: $0.exercise, name: $0.name, leg: Leg($0.side), massG: Int($0.massG), sets: Int($0.sets),
                reps: $0.reps.map(Int.init), restS: Int($0.restS), why: $0.why)
        }
        walk = told.walk.map {
            AheadState.Walk(
                massG: Int($0.massG), beforeS: Int($0.beforeS), times: Int($0.times), loadedS: Int($0.loadedS),
                easyS: Int($0.easyS), afterS: Int($0.afterS), wearMostS: Int($0.wearMostS), skin: $0.skin,
                why: $0.why)
        }
        tests = told.tests.map {
            AheadState.Test(
                name: $0.name, leg: $0.side.map(Leg.init), stance: $0.stance, handOnCounter: $0.handOnCounter,
                tries: Int($0.tries), steps: $0.steps)
        }
    }
}

/// What the live screen shows, in plain values: no screen knows a generated type. The same words and order as on Android.
public enum LiveState: Sendable, Equatable {
    /// The app opens, or the session is being closed.
    case opening
    /// Looking for cuffs.
    case looking
    /// Connecting to the cuffs of these names.
    case connecting(names: [String])
    /// A cuff learns where it sits.
    case teaching(Lesson)
    /// A session.
    case training(Training)
    /// The session is over.
    case over(sentence: String, upNext: [String])
    /// It cannot go on; the advice is the core's, in the person's language.
    case failed(advice: String)

    /// A leg.
    public enum Leg: Sendable, Equatable { case left, right }

    /// What the leg does, for the word beside the tempo.
    public enum Moving: Sendable, Equatable { case ready, lift, hold, lower }

    /// Teaching a cuff: hold still, then move.
    public struct Lesson: Sendable, Equatable {
        public let leg: Leg
        public let instruction: String
        /// 0 to 1.
        public let progress: Double
    }

    /// The picture of a set. Angles in degrees; absent where not measured.
    public struct Training: Sendable, Equatable {
        public let exercise: String
        public let leg: Leg?
        public let setNumber: Int
        public let setOf: Int
        public let count: Int
        public let target: Int?
        public let angleDeg: Double?
        public let targetDeg: Double?
        public let scaleDeg: Double
        public let lastRangesDeg: [Double]
        public let moving: Moving
        public let cue: String
        public let leftS: Int?
        public let inSet: Bool
        public let measured: Bool
        public let paused: Bool
        public let confirms: Bool
        public let trouble: String?

        /// The last three of a set: the count turns accent.
        public var nearlyDone: Bool { target.map { count >= $0 - 2 } ?? false }
    }
}

extension LiveState {
    init(_ frame: Frame) {
        self =
            switch frame.picture {
            case .looking: .looking
            case .pairing(let cuffs): .connecting(names: cuffs.map(\.name))
            case .calibrating(let teaching):
                .teaching(
                    Lesson(
                        leg: Leg(teaching.side), instruction: teaching.instruction,
                        progress: Double(teaching.progress)))
            case .training(let view): .training(Training(view))
            }
    }
}

extension LiveState.Leg {
    init(_ side: Side) { self = side == .left ? .left : .right }
}

extension LiveState.Training {
    init(_ view: SessionView) {
        exercise = view.exerciseName
        leg = view.side.map(LiveState.Leg.init)
        setNumber = Int(view.setNumber)
        setOf = Int(view.setOf)
        count = Int(view.strides > 0 ? view.strides : view.count)
        target = view.target.map(Int.init)
        angleDeg = view.angleDeg.map(Double.init)
        targetDeg = view.targetDeg.map(Double.init)
        scaleDeg = Double(view.scaleDeg)
        lastRangesDeg = view.lastRangesDeg.compactMap { $0.map(Double.init) }
        moving =
            switch view.phase {
            case .rest: .ready
            case .lift: .lift
            case .hold: .hold
            case .lower: .lower
            }
        cue = view.cue
        leftS = view.leftS.map { Int($0.rounded(.up)) }
        inSet = view.stage == .set || view.stage == .walk
        measured = view.stage != .set || view.angleDeg != nil
        paused = view.stage == .paused
        confirms = [.preflight, .instruct, .review, .rest].contains(view.stage)
        trouble = view.trouble
    }
}

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
    case over(Over)
    /// It cannot go on; the advice is the core's, in the person's language.
    case failed(advice: String)

    /// What the leg does, for the word beside the tempo.
    public enum Moving: Sendable, Equatable { case ready, lift, hold, lower }

    /// Where a session is.
    public enum Part: Sendable, Equatable { case preflight, instruct, getReady, set, paused, review, rest, walk }

    /// Teaching a cuff: hold still, then move.
    public struct Lesson: Sendable, Equatable {
        public var leg: Leg
        public var instruction: String
        /// 0 to 1.
        public var progress: Double
    }

    /// A cuff in a session.
    public struct Worn: Sendable, Equatable {
        public var leg: Leg
        /// Samples arrive.
        public var streams: Bool
        /// Its link broke and is being taken up again.
        public var lost: Bool
        /// Few samples are missing.
        public var clear: Bool
        public var batteryPercent: Int?
    }

    /// The picture of a set. Angles in degrees; absent where not measured.
    public struct Training: Sendable, Equatable {
        public var part: Part
        /// Id of the exercise; empty before the first.
        public var exerciseId: String
        public var exercise: String
        public var leg: Leg?
        public var massG: Int
        public var setNumber: Int
        public var setOf: Int
        public var count: Int
        public var target: Int?
        public var angleDeg: Double?
        public var targetDeg: Double?
        /// Where a plan lets the leg go no further.
        public var limitDeg: Double?
        public var scaleDeg: Double
        public var lastRangesDeg: [Double]
        public var moving: Moving
        /// Seconds asked for in lift, hold, lower.
        public var tempoS: [Double]
        /// Seconds since the phase began.
        public var phaseS: Double
        public var cue: String
        /// Why this weight.
        public var why: String
        public var leftS: Int?
        /// Steps a minute while walking.
        public var cadence: Int?
        public var cuffs: [Worn]
        public var upNext: String
        public var measured: Bool
        /// The set before this moment, once it was ended.
        public var last: Ended?
        /// It was left or killed, and goes on from here.
        public var resumed: Bool
        public var trouble: String?
        /// On a walk that is led.
        public var walking: Walking?
        /// In a test.
        public var trial: Trial?

        public var inSet: Bool { part == .set || part == .walk }
        public var paused: Bool { part == .paused }
        /// On a walk: one that is paused and only counted is known by its exercise alone.
        public var walks: Bool { part == .walk || exerciseId == "walk" }
        public var confirms: Bool { [.preflight, .instruct, .review, .rest].contains(part) }
        /// The cuff of this leg, or any where the leg is not known, is being looked for.
        public var lost: Bool { cuffs.contains { $0.lost && (leg == nil || $0.leg == leg) } }

        /// The last three of a set: the count turns accent.
        public var nearlyDone: Bool { target.map { count >= $0 - 2 } ?? false }
    }

    /// A walk that is led.
    public struct Walking: Sendable, Equatable {
        /// What is walked now.
        public enum Part: Sendable, Equatable { case before, putOn, loaded, takeOff, easy, after, over }
        /// How the stride is against the usual one.
        public enum Stride: Sendable, Equatable { case measuring, steady, different, changed }

        public var part: Part
        /// Which time with the weight, of how many.
        public var time: Int
        public var times: Int
        /// On each leg.
        public var plannedG: Int
        /// Seconds with the weight so far.
        public var loadedS: Int
        public var stride: Stride
        /// What changed, in the core's words.
        public var signs: [String]
    }

    /// A test, or a rung of the ladder.
    public struct Trial: Sendable, Equatable {
        /// How to stand, in the core's words.
        public var stance: String?
        /// Seconds so far.
        public var seconds: Int?
        /// What is counted in it.
        public var counted: Int?
        public var handOnCounter: Bool
    }

    /// A test that was done, and what it says: the value, what is usual, whether it changed by more than its error.
    public struct Tested: Sendable, Equatable {
        public var name: String
        public var lines: [String]
    }

    /// A set that was done.
    public struct Ended: Sendable, Equatable {
        public var exercise: String
        public var leg: Leg
        public var massG: Int
        public var count: Int
        public var short: Int
        public var target: Int?
        public var rangeDeg: Double?
        /// Answers so far; absent where nobody answered.
        public var reserve: Int?
        public var pain: Int?
    }

    /// What a session was.
    public struct Over: Sendable, Equatable {
        public var sentence: String
        public var sets: [Ended]
        public var upNext: [String]
        public var redFlag: Bool
        /// What to do now, where a red flag was said.
        public var help: HelpSheet?
        /// What a walk says, a sentence each.
        public var walk: [String] = []
        /// Tests that were done; they come a moment after the rest.
        public var tested: [Tested] = []
    }
}

/// A leg.
public enum Leg: Sendable, Equatable, CaseIterable { case left, right }

extension Leg {
    init(_ side: Side) { self = side == .left ? .left : .right }

    var side: Side { self == .left ? .left : .right }
}

extension LiveState {
    init(_ frame: Frame, last: Ended?, resumed: Bool) {
        self =
            switch frame.picture {
            case .looking: .looking
            case .pairing(let cuffs): .connecting(names: cuffs.map(\.name))
            case .calibrating(let teaching):
                .teaching(
                    Lesson(
                        leg: Leg(teaching.side), instruction: teaching.instruction,
                        progress: Double(teaching.progress)))
            case .training(let view): .training(Training(view, last: last, resumed: resumed))
            }
    }
}

extension LiveState.Training {
    init(_ view: SessionView, last: LiveState.Ended?, resumed: Bool) {
        part = LiveState.Part(view.stage)
        exerciseId = view.exercise
        exercise = view.exerciseName
        leg = view.side.map(Leg.init)
        massG = Int(view.massG)
        setNumber = Int(view.setNumber)
        setOf = Int(view.setOf)
        count = Int(view.strides > 0 ? view.strides : view.count)
        target = view.target.map(Int.init)
        angleDeg = view.angleDeg.map(Double.init)
        targetDeg = view.targetDeg.map(Double.init)
        limitDeg = view.limitDeg.map(Double.init)
        scaleDeg = Double(view.scaleDeg)
        lastRangesDeg = view.lastRangesDeg.compactMap { $0.map(Double.init) }
        moving =
            switch view.phase {
            case .rest: .ready
            case .lift: .lift
            case .hold: .hold
            case .lower: .lower
            }
        tempoS = view.tempoS.map(Double.init)
        phaseS = Double(view.phaseS)
        cue = view.cue
        why = view.why
        leftS = view.leftS.map { Int($0.rounded(.up)) }
        cadence = view.cadencePerMin.map { Int($0.rounded()) }
        cuffs = view.cuffs.map(LiveState.Worn.init)
        upNext = view.upNext
        measured = view.stage != .set || view.angleDeg != nil
        self.last = last
        self.resumed = resumed
        trouble = view.trouble
        walking = LiveState.Walking(view)
        trial = view.trial.map {
            LiveState.Trial(
                stance: $0.stance, seconds: $0.seconds.map { Int($0) }, counted: $0.counted.map(Int.init),
                handOnCounter: $0.handOnCounter)
        }
    }
}

extension LiveState.Walking {
    /// Strides that a way of walking is known from.
    private static let enough: UInt32 = 20

    /// Nil where nothing is led: a walk that is only counted.
    init?(_ view: SessionView) {
        guard let walk = view.walk, let part = view.part else { return nil }
        time = 0
        switch part {
        case .before: self.part = .before
        case .putOn: self.part = .putOn
        case .loaded(let time): (self.part, self.time) = (.loaded, Int(time))
        case .takeOff: self.part = .takeOff
        case .easy: self.part = .easy
        case .after: self.part = .after
        case .over: self.part = .over
        }
        (times, plannedG, loadedS) = (Int(walk.times), Int(walk.plannedG), Int(walk.loadedS))
        signs = walk.signs
        stride =
            if view.strides < Self.enough {
                .measuring
            } else if walk.eased > 0 {
                .changed
            } else {
                walk.signs.isEmpty ? .steady : .different
            }
    }
}

extension LiveState.Part {
    init(_ stage: Stage) {
        self =
            switch stage {
            case .preflight: .preflight
            case .instruct: .instruct
            case .getReady: .getReady
            case .set: .set
            case .paused: .paused
            // The summary comes with its own event.
            case .review, .summary: .review
            case .rest: .rest
            case .walk: .walk
            }
    }
}

extension LiveState.Worn {
    /// More than one sample in fifty missing is a poor signal.
    private static let clearLoss: Float = 0.02

    init(_ cuff: WornCuff) {
        leg = Leg(cuff.side)
        streams = cuff.link == .streaming
        lost = cuff.link == .lost || cuff.link == .notFound
        clear = cuff.loss <= Self.clearLoss
        batteryPercent = cuff.batteryPercent.map(Int.init)
    }
}

extension LiveState.Tested {
    init(_ sheet: TestSheet) { (name, lines) = (sheet.name, sheet.lines) }
}

extension LiveState.Ended {
    init(_ result: SetResult, name: String) {
        exercise = name
        leg = Leg(result.side)
        massG = Int(result.massG)
        count = Int(result.count)
        short = Int(result.short)
        target = result.target.map(Int.init)
        rangeDeg = result.rangeDeg.map(Double.init)
        reserve = result.reserve.map(Int.init)
        pain = result.pain.map(Int.init)
    }
}

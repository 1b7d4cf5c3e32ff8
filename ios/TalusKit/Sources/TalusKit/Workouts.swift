import Foundation

/// A session as Apple Health takes it, in plain values: what of it the core gives, and nothing besides.
public struct Workout: Sendable, Equatable {
    /// A set.
    public struct Activity: Sendable, Equatable {
        /// Raw value of `HKWorkoutActivityType`.
        public var kind: UInt
        public var start: Date
        public var end: Date
        public var metadata: [String: Value]
    }

    /// A value in metadata.
    public enum Value: Sendable, Equatable { case number(Double), text(String) }

    /// The session's: written again, it takes the place of what was there.
    public var id: String
    /// Raw value of `HKWorkoutActivityType`.
    public var kind: UInt
    public var start: Date
    public var end: Date
    /// Name of a time zone; nil where it is not known.
    public var timeZone: String?
    public var activities: [Activity]
    /// How hard the hardest set was, 1 to 10; nil where nobody said.
    public var effort: Double?
}

/// A place of the system for workouts.
@MainActor public protocol Workouts: AnyObject {
    /// Whether this device has one.
    var available: Bool { get }
    /// Whether Talus may write there; nil until the person was asked.
    var allowed: Bool? { get }
    /// Asks the person, and gives whether it may.
    func ask() async -> Bool
    /// Keeps a workout, in place of an earlier one of the same session.
    func write(_ workout: Workout) async throws
    /// Takes a session's workout back.
    func remove(_ id: String) async throws
}

extension Workout {
    init(_ of: HealthKitWorkout) {
        func date(_ ms: Int64) -> Date { Date(timeIntervalSince1970: Double(ms) / 1000) }
        (id, kind) = (of.externalUuid, UInt(of.activityType))
        (start, end) = (date(of.startUtcMs), date(of.endUtcMs))
        timeZone = of.timeZone.isEmpty ? nil : of.timeZone
        effort = of.effort.map(Double.init)
        activities = of.activities.map { one in
            Activity(
                kind: UInt(one.activityType), start: date(one.startUtcMs), end: date(one.endUtcMs),
                metadata: Dictionary(
                    one.metadata.map { ($0.name, Value($0.value)) }, uniquingKeysWith: { first, _ in first }))
        }
    }
}

extension Workout.Value {
    init(_ value: HealthKitValue) {
        self =
            switch value {
            case .number(let value): .number(Double(value))
            case .text(let value): .text(value)
            }
    }
}

/// Gives finished sessions to the system's place for workouts, where a person has asked for that.
@MainActor final class Giving {
    private let workouts: (any Workouts)?
    private let wanted: @MainActor () -> Bool

    init(_ workouts: (any Workouts)?, wanted: @escaping @MainActor () -> Bool) {
        (self.workouts, self.wanted) = (workouts, wanted)
    }

    /// What there is of a session, where it may be given. Failing is no reason to trouble anybody: Talus has it all.
    func give(_ session: String, of talus: TalusApp) async {
        guard wanted(), let workouts, workouts.allowed == true else { return }
        guard let workout = try? await talus.session(session).healthKit.map(Workout.init) else { return }
        try? await workouts.write(workout)
    }

    /// What was deleted here is deleted there, also where nothing is given any more.
    func takeBack(_ session: String) async {
        guard let workouts, workouts.allowed == true else { return }
        try? await workouts.remove(session)
    }
}

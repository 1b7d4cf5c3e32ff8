import Observation

/// The weeks, newest first.
public struct CalendarState: Sendable, Equatable {
    /// A week.
    public struct Week: Sendable, Equatable {
        public var monday: String
        /// Monday to Sunday.
        public var days: [Day]
        public var sessions: Int
        public var sets: Int
        /// Sets that were asked for; 0 where none were.
        public var planned: Int
        public var seconds: Double
    }

    /// A day: both work and rest are days that count.
    public enum Day: Sendable, Equatable { case done, rest, toCome }

    public var weeks: [Week]
}

/// Week by week.
@MainActor @Observable
public final class CalendarModel {
    /// What to draw; nil until it is known.
    public private(set) var state: CalendarState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp
    /// A programme is twelve weeks, and what came before it is of interest too.
    private static let weeks: UInt32 = 26

    init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            let weeks = try await talus.calendar(weeks: Self.weeks).reversed().map { week in
                CalendarState.Week(
                    monday: week.monday,
                    days: week.days.map { $0.totals.sessions > 0 ? .done : $0.toCome ? .toCome : .rest },
                    sessions: Int(week.totals.sessions), sets: Int(week.totals.sets),
                    planned: Int(week.totals.planned), seconds: Double(week.totals.durationS))
            }
            // Weeks before the first session were before Talus; this week is always there.
            let first = weeks.lastIndex { $0.sessions > 0 } ?? 0
            state = CalendarState(weeks: Array(weeks.prefix(first + 1)))
            advice = nil
        } catch { advice = error.advice }
    }
}

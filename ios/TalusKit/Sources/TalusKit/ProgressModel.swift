import Foundation
import Observation

/// What Progress shows, in plain values.
public struct ProgressState: Sendable, Equatable {
    /// The five that there are.
    public enum Tab: Sendable, Equatable, CaseIterable { case strength, balance, walking, energy, moves }

    /// Something of a leg, or of both together, over time.
    public struct Course: Sendable, Equatable {
        /// What it is of, in the core's words.
        public var name: String
        public var leg: Leg?
        /// What changed, in the core's words: the answer before the chart.
        public var sentence: String
        /// What is usual at that age, where a source was checked.
        public var standing: [String] = []
        /// Newest last.
        public var points: [Point]
        public var unit: Unit
        /// How far off the newest is; nil where that is not known.
        public var error: Double?

        /// Where the axis begins and ends: at least six times the error apart, so that noise cannot look like change.
        public var axis: ClosedRange<Double> {
            let values = points.map(\.value)
            let (low, high) = (values.min() ?? 0, values.max() ?? 1)
            let room = max((high - low) * 0.1, max(6 * (error ?? 0) - (high - low), 0) / 2, 0.001)
            return max(low - room, 0)...(high + room)
        }
    }

    /// What values are.
    public enum Unit: Sendable, Equatable {
        case torque, mass, seconds
        /// The core has said each with its unit.
        case said
    }

    /// One session of it.
    public struct Point: Sendable, Equatable {
        public var localDay: String
        public var date: Date
        public var value: Double
        /// The value with its unit, where the core has said it.
        public var said = ""
    }

    /// A week, by its time.
    public struct Week: Sendable, Equatable {
        public var monday: String
        public var date: Date
        public var minutes: Double
    }

    /// A session in the list.
    public struct Line: Sendable, Equatable, Identifiable {
        public var id: String
        public var localDay: String
        public var exercises: [String]
        public var sets: Int
        public var reps: Int
        public var seconds: Double
        public var finished: Bool
    }

    public var strength: [Course] = []
    public var balance: [Course] = []
    /// What walking says as a whole, and the time of a stride of each leg.
    public var walked: [String] = []
    public var walking: [Course] = []
    /// Oldest first; a week of rest has no minutes.
    public var weeks: [Week] = []
    public var moves: [Course] = []
    public var sessions: [Line] = []

    public init() {}
}

/// How it went over time.
@MainActor @Observable
public final class ProgressModel {
    /// What to draw; nil until it is known.
    public private(set) var state: ProgressState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?
    /// What is looked at.
    public var tab = ProgressState.Tab.strength

    @ObservationIgnored private let talus: TalusApp
    /// Sessions on one page.
    private static let page: UInt32 = 30
    /// Weeks of the chart of minutes: those of a programme.
    private static let weeks: UInt32 = 12

    public init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch { advice = error.advice }
    }

    private func seen() async throws -> ProgressState {
        var state = ProgressState()
        let rows = try await talus.sessions(limit: Self.page)
        let known = talus.exerciseNames()
        var order: [String] = []
        for id in rows.flatMap(\.exercises) where !order.contains(id) { order.append(id) }
        for id in order where id != "walk" {
            for course in try await talus.course(id) {
                state.strength.append(ProgressState.Course(course, known[id] ?? id))
            }
        }
        let walking = try await talus.walking()
        state.walked = walking.told.map(\.text)
        state.walking = Leg.allCases.compactMap { ProgressState.Course(walking.points, $0) }
        // Who is not described has done no test.
        let steady = ((try? await talus.protocols()) ?? []).filter { $0.kind == .balance }.map(\.id)
        for course in try await talus.noted().courses {
            let one = ProgressState.Course(course)
            if steady.contains(course.kind) { state.balance.append(one) } else { state.moves.append(one) }
        }
        state.weeks = try await talus.calendar(weeks: Self.weeks).compactMap { week in
            guard let date = Measures.date(week.monday) else { return nil }
            return ProgressState.Week(monday: week.monday, date: date, minutes: Double(week.totals.durationS) / 60)
        }
        state.sessions = rows.map { row in
            ProgressState.Line(
                id: row.id, localDay: row.localDay, exercises: row.exercises.map { known[$0] ?? $0 },
                sets: Int(row.sets), reps: Int(row.reps), seconds: Double(row.durationS), finished: row.finished)
        }
        return state
    }
}

extension ProgressState.Point {
    init?(_ localDay: String, _ value: Double, _ said: String = "") {
        guard let date = Measures.date(localDay) else { return nil }
        self.init(localDay: localDay, date: date, value: value, said: said)
    }
}

extension ProgressState.Course {
    /// An exercise: torque where the person is described, else weight.
    init(_ course: Course, _ name: String) {
        let torque = course.points.contains { $0.torqueNm != nil }
        let told = course.told.first { $0.measure == (torque ? .torque : .load) } ?? course.told.first
        self.init(
            name: name, leg: Leg(course.side), sentence: told?.text ?? "",
            points: course.points.compactMap { point in
                // A session without a torque is a gap, never a zero.
                guard torque else { return .init(point.localDay, Double(point.massG) / 1000) }
                return point.torqueNm.flatMap { .init(point.localDay, Double($0)) }
            }, unit: torque ? .torque : .mass)
    }

    /// A test.
    init(_ course: TestCourse) {
        self.init(
            name: course.name, leg: course.side.map(Leg.init), sentence: course.told, standing: course.standing,
            points: course.points.compactMap { .init($0.localDay, Double($0.value), $0.said) }, unit: .said,
            error: course.points.last?.error.map(Double.init))
    }

    /// The time of a stride of one leg; nil where it never walked.
    init?(_ walks: [WalkPoint], _ leg: Leg) {
        let points = walks.filter { Leg($0.side) == leg }.compactMap { walk -> ProgressState.Point? in
            .init(walk.localDay, Double(walk.strideS))
        }
        guard !points.isEmpty else { return nil }
        self.init(name: "", leg: leg, sentence: "", points: points, unit: .seconds)
    }
}

import Foundation
import Observation

/// What Progress shows, in plain values.
public struct ProgressState: Sendable, Equatable {
    /// One exercise of one leg over time.
    public struct Course: Sendable, Equatable {
        public var exercise: String
        public var leg: Leg
        /// What changed, in the core's words: the answer before the chart.
        public var sentence: String
        /// Newest last. Torque where the person is described, else weight.
        public var points: [Point]
        /// Whether the points are torques in newton metres; else weights in kilograms.
        public var torque: Bool
    }

    /// One session of it.
    public struct Point: Sendable, Equatable {
        public var localDay: String
        public var date: Date
        public var value: Double
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

    public var courses: [Course]
    public var walking: [String]
    public var sessions: [Line]

    public init(courses: [Course], walking: [String], sessions: [Line]) {
        (self.courses, self.walking, self.sessions) = (courses, walking, sessions)
    }
}

/// How it went over time.
@MainActor @Observable
public final class ProgressModel {
    /// What to draw; nil until it is known.
    public private(set) var state: ProgressState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp
    /// Sessions on one page.
    private static let page: UInt32 = 30

    public init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch { advice = error.advice }
    }

    private func seen() async throws -> ProgressState {
        let rows = try await talus.sessions(limit: Self.page)
        let known = talus.exerciseNames()
        var order: [String] = []
        for id in rows.flatMap(\.exercises) where !order.contains(id) { order.append(id) }
        var courses: [ProgressState.Course] = []
        for id in order where id != "walk" {
            for course in try await talus.course(id) { courses.append(Self.line(course, known[id] ?? id)) }
        }
        let lines = rows.map { row in
            ProgressState.Line(
                id: row.id, localDay: row.localDay, exercises: row.exercises.map { known[$0] ?? $0 },
                sets: Int(row.sets), reps: Int(row.reps), seconds: Double(row.durationS), finished: row.finished)
        }
        return ProgressState(
            courses: courses, walking: try await talus.walking().told.map(\.text), sessions: lines)
    }

    private nonisolated static func line(_ course: Course, _ name: String) -> ProgressState.Course {
        let torque = course.points.contains { $0.torqueNm != nil }
        let points = course.points.compactMap { point -> ProgressState.Point? in
            guard let date = Measures.date(point.localDay) else { return nil }
            // A session without a torque is a gap, never a zero.
            guard torque else {
                return ProgressState.Point(localDay: point.localDay, date: date, value: Double(point.massG) / 1000)
            }
            return point.torqueNm.map {
                ProgressState.Point(localDay: point.localDay, date: date, value: Double($0))
            }
        }
        let told = course.told.first { $0.measure == (torque ? .torque : .load) } ?? course.told.first
        return ProgressState.Course(
            exercise: name, leg: Leg(course.side), sentence: told?.text ?? "", points: points, torque: torque)
    }
}

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

    /// What there is to a session.
    public func detail(of session: String) -> DetailModel { DetailModel(talus, session) }

    private func seen() async throws -> ProgressState {
        let rows = try await talus.sessions(limit: Self.page)
        let known = Dictionary(talus.exercises().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
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

/// What Session detail shows, in plain values.
public struct DetailState: Sendable, Equatable {
    /// A set of a leg.
    public struct Set: Sendable, Equatable {
        public var ended: LiveState.Ended
        public var reps: [Rep]
        /// Unbroken lines of seconds and degrees; none where the recording is gone.
        public var trace: [[Sample]]
        /// It was corrected by hand, or not measured well: it feeds no progress.
        public var counts: Bool
        /// It went to be reviewed by hand.
        public var edited: Bool
    }

    /// A moment of a trace.
    public struct Sample: Sendable, Equatable {
        public var atS: Double
        public var deg: Double
    }

    /// A repetition.
    public struct Rep: Sendable, Equatable {
        public var rangeDeg: Double?
        public var liftS: Double
        public var holdS: Double
        public var lowerS: Double
        public var full: Bool
        /// Neutral words of the core.
        public var stoodOut: [String]
    }

    public var localDay: String
    public var sentence: String
    public var seconds: Double
    public var sets: [Set]
    public var note: String
    public var recording: Bool
}

/// One session, looked at closely.
@MainActor @Observable
public final class DetailModel {
    /// What to draw; nil until it is known.
    public private(set) var state: DetailState?
    /// The set and the repetition that are looked at.
    public var chosen = (set: 0, rep: 0)
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let session: String
    /// Columns of a drawn trace.
    private static let width: UInt32 = 360

    init(_ talus: TalusApp, _ session: String) { (self.talus, self.session) = (talus, session) }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch { advice = error.advice }
    }

    private func seen() async throws -> DetailState {
        let detail = try await talus.session(session)
        let traces = try await talus.traces(session, width: Self.width)
        let known = Dictionary(talus.exercises().map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
        let sets = detail.sets.map { set in
            let lines = traces.filter { $0.setIndex == set.setIndex && $0.side == set.result.side }.flatMap(\.lines)
            return DetailState.Set(
                ended: LiveState.Ended(set.result, name: known[set.result.exercise] ?? set.result.exercise),
                reps: set.reps.map(Self.rep), trace: lines.map(Self.samples), counts: set.result.countsForProgress,
                edited: set.edited)
        }
        return DetailState(
            localDay: detail.row.localDay, sentence: detail.summary?.sentence ?? "",
            seconds: Double(detail.row.durationS), sets: sets, note: detail.row.note,
            recording: detail.row.raw != .absent)
    }

    private nonisolated static func rep(_ rep: Rep) -> DetailState.Rep {
        DetailState.Rep(
            rangeDeg: rep.rangeDeg.map(Double.init), liftS: Double(rep.liftS), holdS: Double(rep.holdS),
            lowerS: Double(rep.lowerS), full: rep.full, stoodOut: rep.stoodOut)
    }

    /// Pairs of little-endian 32-bit floats: seconds and degrees.
    private nonisolated static func samples(_ line: Data) -> [DetailState.Sample] {
        let bytes = [UInt8](line)
        func float(_ at: Int) -> Double {
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
            return Double(Float(bitPattern: bits))
        }
        return stride(from: 0, to: bytes.count - 7, by: 8).map {
            DetailState.Sample(atS: float($0), deg: float($0 + 4))
        }
    }
}

import Foundation
import Observation

/// What Session detail shows, in plain values.
public struct DetailState: Sendable, Equatable {
    /// A set of a leg.
    public struct Set: Sendable, Equatable {
        /// Its place in the session; both legs of a set share it.
        public var index: Int
        public var ended: LiveState.Ended
        public var reps: [Rep]
        /// Unbroken lines of seconds and degrees; none where the recording is gone.
        public var trace: [[Sample]]
        /// Whether it may feed mastery and progression.
        public var counts: Bool
        /// Something in it was changed by hand: it stays in history and feeds no progress.
        public var edited: Bool
    }

    /// What another engine would change.
    public struct Scored: Sendable, Equatable {
        public var sets: Int
        /// Changes by hand that would lie on another set, or on none.
        public var moved: Int
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
    /// Its signal is kept, however old it gets.
    public var starred = false
    /// Changes by hand that can be taken back.
    public var edits = 0
    /// What its tests say, and its walk.
    public var tested: [LiveState.Tested] = []
    public var walk: [String] = []
}

/// One session, looked at closely.
@MainActor @Observable
public final class DetailModel {
    /// What to draw; nil until it is known.
    public private(set) var state: DetailState?
    /// The set and the repetition that are looked at.
    public var chosen = (set: 0, rep: 0)
    /// What a person can do where it cannot be known, or was not changed.
    public private(set) var advice: String?
    /// What today's engine sees otherwise, once it was asked.
    public private(set) var scored: DetailState.Scored?
    /// It was deleted.
    public private(set) var deleted = false

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored let session: String
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

    /// A set had one more or one fewer.
    public func correct(_ set: Int, up: Bool) async {
        guard let one = at(set) else { return }
        let count = UInt32(max(one.ended.count + (up ? 1 : -1), 0))
        await edit(.count(setIndex: UInt32(one.index), side: one.ended.leg.side, count: count))
    }

    /// It was the other leg.
    public func otherLeg(_ set: Int) async {
        guard let one = at(set) else { return }
        let was: Leg = one.ended.leg == .left ? .right : .left
        await edit(.leg(setIndex: UInt32(one.index), side: one.ended.leg.side, was: was.side))
    }

    /// A set was none, and counts for nothing.
    public func remove(_ set: Int) async {
        guard let one = at(set) else { return }
        await edit(.removed(setIndex: UInt32(one.index), side: one.ended.leg.side, removed: true))
    }

    /// Something to remember.
    public func note(_ text: String) async { await edit(.note(text: text)) }

    /// Keeps its signal, however old it gets; or no longer.
    public func star(_ starred: Bool) async { await edit(.starred(starred: starred)) }

    /// Takes the newest change back.
    public func undo() async { await edit(.undo) }

    /// Asks what today's engine makes of it; with `accept` that becomes what is shown. Changes by hand stay.
    public func score(accept: Bool = false) async {
        await trying {
            let found = try await talus.rescore(session, accept: accept)
            scored = accept ? nil : .init(sets: Int(found.changedSets), moved: found.moved.count)
            if accept { state = try await seen() }
        }
    }

    /// Deletes it so that nothing of it can be read any more.
    public func delete() async {
        await trying {
            _ = try await talus.deleteSession(session)
            deleted = true
        }
    }

    private func at(_ set: Int) -> DetailState.Set? {
        guard let sets = state?.sets, sets.indices.contains(set) else { return nil }
        return sets[set]
    }

    private func edit(_ edit: Edit) async {
        await trying {
            try await talus.edit(session, edit)
            state = try await seen()
        }
    }

    private func trying(_ what: () async throws -> Void) async {
        advice = nil
        do { try await what() } catch { advice = error.advice }
    }

    private func seen() async throws -> DetailState {
        let detail = try await talus.session(session)
        let traces = try await talus.traces(session, width: Self.width)
        let known = talus.exerciseNames()
        let sets = detail.sets.map { set in
            let lines = traces.filter { $0.setIndex == set.setIndex && $0.side == set.result.side }.flatMap(\.lines)
            return DetailState.Set(
                index: Int(set.setIndex),
                ended: LiveState.Ended(set.result, name: known[set.result.exercise] ?? set.result.exercise),
                reps: set.reps.map(Self.rep), trace: lines.map(Self.samples), counts: set.result.countsForProgress,
                edited: set.edited)
        }
        return DetailState(
            localDay: detail.row.localDay, sentence: detail.summary?.sentence ?? "",
            seconds: Double(detail.row.durationS), sets: sets, note: detail.row.note,
            recording: detail.row.raw != .absent, starred: detail.row.starred, edits: Int(detail.row.edits),
            tested: detail.tested.map(LiveState.Tested.init), walk: detail.summary?.walk ?? [])
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

import Foundation
import Observation

/// What is shown of plans from someone you trust, in plain values.
public enum TrustState: Sendable, Equatable {
    /// None was accepted.
    case noPlan
    /// This one was.
    case accepted(Plan)
    /// It was read and is looked at; it counts only once it is accepted.
    case preview(Plan)

    /// A plan: whose, for how long, and what it allows.
    public struct Plan: Sendable, Equatable {
        public var by: String
        /// The author's key as six words.
        public var words: String
        /// Whether the words were compared before.
        public var known: Bool
        public var fromDay: String
        public var untilDay: String
        /// Why it does not count now, where it does not.
        public var notNow: String?
        public var lines: [Line]
    }

    /// What it says of an exercise.
    public struct Line: Sendable, Equatable {
        public var name: String
        /// Absent where it is for both.
        public var leg: Leg?
        public var mostG: Int
        /// Degrees from and to; absent where the range is free.
        public var fromDeg: Double?
        public var toDeg: Double?
    }
}

/// A plan from someone you trust: read from a file or from text, looked at, accepted, put away.
@MainActor @Observable
public final class TrustModel {
    /// What to draw; nil until it is known.
    public private(set) var state: TrustState?
    /// What a person can do where something did not work.
    public private(set) var advice: String?
    /// The text that is typed or pasted.
    public var text = ""

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let files: (any FileExchange)?
    @ObservationIgnored private var looked = ""
    /// Nothing larger is a plan.
    private static let mostBytes = 1 << 20

    init(_ talus: TalusApp, files: (any FileExchange)?) { (self.talus, self.files) = (talus, files) }

    /// Whether there is a way to choose a file.
    public var choosesFiles: Bool { files != nil }

    /// Looks again.
    public func load() async {
        await trying {
            let plan = try await talus.plan()
            state = plan.map { .accepted(TrustState.Plan($0)) } ?? .noPlan
        }
    }

    /// Reads what was typed or pasted.
    public func read() async { await look(text) }

    /// Lets the person choose a file, and reads it.
    public func choose() async {
        guard let file = await files?.choose() else { return }
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try? FileHandle(forReadingFrom: file)
        let bytes = try? handle?.read(upToCount: Self.mostBytes)
        // What is no text is no plan, and the core says so.
        await look(String(decoding: bytes ?? Data(), as: UTF8.self))
    }

    /// It counts from now on. The words were compared by the person, where they are not known yet.
    public func accept() async {
        guard case .preview(let plan) = state else { return }
        await trying {
            state = .accepted(TrustState.Plan(try await talus.acceptPlan(looked, words: plan.words)))
            text = ""
        }
    }

    /// It is somebody else's, or not wanted.
    public func notMine() async {
        text = ""
        await load()
    }

    /// The plan counts no more; with `distrust` its author is a stranger again.
    public func putAway(distrust: Bool) async {
        await trying {
            try await talus.putPlanAway(distrust: distrust)
            state = .noPlan
        }
    }

    private func look(_ text: String) async {
        looked = text
        await trying { state = .preview(TrustState.Plan(try await talus.previewPlan(text))) }
    }

    private func trying(_ what: () async throws -> Void) async {
        advice = nil
        do { try await what() } catch { advice = error.advice }
    }
}

extension TrustState.Plan {
    init(_ plan: TalusCore.Plan) {
        (by, words, known) = (plan.by, plan.words, plan.known)
        (fromDay, untilDay, notNow) = (plan.fromDay, plan.untilDay, plan.notNow)
        lines = plan.lines.map { line in
            let range = line.rangeDeg ?? []
            return TrustState.Line(
                name: line.name, leg: line.side.map(Leg.init), mostG: Int(line.mostG),
                fromDeg: range.first.map(Double.init), toDeg: range.count > 1 ? Double(range[1]) : nil)
        }
    }
}

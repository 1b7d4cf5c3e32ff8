import Foundation
import Observation

/// Histories that were set aside on this phone, in plain values.
public struct KeptAside: Sendable, Equatable, Identifiable {
    /// Whether it can be brought back.
    public enum Opens: Sendable, Equatable {
        case yes
        /// Its key is not on this phone.
        case locked
        case damaged
        /// It is no history.
        case foreign
        /// A newer Talus wrote it.
        case newer
    }

    public var id: String
    public var opens: Opens
    public var people: [String]
    public var sessions: Int
    public var recordings: Int
    public var bytes: Int
    /// Day of its last session.
    public var lastDay: String?
}

/// What was set aside, looked into before anything of it is brought back.
@MainActor @Observable
public final class AsideModel {
    /// What to draw; nil until it is known.
    public private(set) var kept: [KeptAside]?
    /// What a person can do where something did not work.
    public private(set) var advice: String?

    @ObservationIgnored private let looking: () throws -> AsyncThrowingStream<Working<Mended>, any Error>

    init(looking: @escaping () throws -> AsyncThrowingStream<Working<Mended>, any Error>) { self.looking = looking }

    /// Looks again.
    public func load() async {
        do {
            for try await step in try looking() {
                if case .done(let found) = step { kept = found.aside.map(KeptAside.init) }
            }
        } catch { advice = error.advice }
    }

    /// What a person can do where one could not be brought back.
    func say(_ advice: String) { self.advice = advice }
}

extension KeptAside {
    init(_ aside: SetAside) {
        (id, people, lastDay) = (aside.kept, aside.people, aside.lastDay)
        (sessions, recordings) = (Int(clamping: aside.sessions), Int(clamping: aside.recordings))
        bytes = Int(clamping: aside.bytes)
        opens =
            switch aside.state {
            case .opens: .yes
            case .locked: .locked
            case .damaged: .damaged
            case .foreign: .foreign
            case .newer: .newer
            }
    }
}

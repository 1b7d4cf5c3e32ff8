import Observation

/// Main lifts done beside cuff work, in plain values.
public struct LiftsState: Sendable, Equatable {
    /// A lift to choose.
    public struct Name: Sendable, Equatable {
        public var id: Int
        public var name: String
    }

    public var names: [Name]
    public var chosen = 0
    public var sets = 3
    public var reps = 8
    public var barG = 0
    /// What was logged lately, newest first, and what the week is, in the core's words.
    public var logged: [String] = []
    public var week: [String] = []
    /// The one that was logged just now can be taken back.
    public var undoable = false
}

/// Lifts: logged with a tap, and taken back with another. Their muscles rest as after a session.
@MainActor @Observable
public final class LiftsModel {
    /// What to draw.
    public private(set) var state: LiftsState
    /// What a person can do where something did not work.
    public private(set) var advice: String?

    /// Most on a bar that can be logged, grams.
    public static let mostBarG = 1_000_000

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let lifts: [NamedLift]
    @ObservationIgnored private var newest: String?

    init(_ talus: TalusApp) {
        (self.talus, lifts) = (talus, talus.lifts())
        state = LiftsState(names: lifts.enumerated().map { LiftsState.Name(id: $0.offset, name: $0.element.name) })
    }

    /// Something was chosen: sets, repetitions and grams stay within what can be logged.
    public func say(_ change: (inout LiftsState) -> Void) {
        change(&state)
        state.sets = min(max(state.sets, 1), 50)
        state.reps = min(max(state.reps, 1), 200)
        state.barG = min(max(state.barG, 0), Self.mostBarG)
    }

    /// Looks again.
    public func load() async {
        await trying {
            let today = try await talus.today()
            (state.logged, state.week) = (today.lifts, today.week)
        }
    }

    /// It was done just now.
    public func log() async {
        guard lifts.indices.contains(state.chosen) else { return }
        await trying {
            newest = try await talus.logLift(
                lifts[state.chosen].lift, sets: UInt8(state.sets), reps: UInt32(state.reps), barG: UInt32(state.barG))
        }
        if advice == nil { await load() }
        state.undoable = newest != nil
    }

    /// It was not.
    public func undo() async {
        guard let session = newest else { return }
        await trying { _ = try await talus.deleteSession(session) }
        guard advice == nil else { return }
        (newest, state.undoable) = (nil, false)
        await load()
    }

    private func trying(_ what: () async throws -> Void) async {
        advice = nil
        do { try await what() } catch { advice = error.advice }
    }
}

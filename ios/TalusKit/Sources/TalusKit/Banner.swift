/// What of a session is shown outside the app: which exercise, which leg, how many. The same as in the set, and no more.
public struct BannerState: Sendable, Equatable {
    public var exercise: String
    /// "left" or "right"; empty where the leg is not known.
    public var leg: String
    public var set: String
    public var count: Int
    public var target: Int?
    public var paused: Bool
}

/// Shows a session outside the app, where the system has a place for that.
@MainActor public protocol Banner: AnyObject {
    /// It begins, or changed.
    func show(_ state: BannerState)
    /// It is over.
    func end()
}

extension BannerState {
    /// Nil where there is nothing to be shown: before a session and after it.
    init?(_ state: LiveState) {
        guard case .training(let training) = state, !training.exercise.isEmpty else { return nil }
        exercise = training.exercise
        leg = training.leg.map { $0 == .left ? "left" : "right" } ?? ""
        set = training.setOf > 0 ? "\(training.setNumber)/\(training.setOf)" : ""
        (count, target, paused) = (training.count, training.target, training.paused)
    }
}

/// Tells a banner what changed, and nothing that did not: a system takes few changes a second.
@MainActor final class Showing {
    private let banner: (any Banner)?
    private var shown: BannerState?

    init(_ banner: (any Banner)?) { self.banner = banner }

    func see(_ state: LiveState) {
        guard let now = BannerState(state) else {
            if case .over = state { end() }
            return
        }
        if now != shown { banner?.show(now) }
        shown = now
    }

    func end() {
        if shown != nil { banner?.end() }
        shown = nil
    }
}

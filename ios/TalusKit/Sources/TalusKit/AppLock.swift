import Observation

/// Asks who it is, by face, finger or code.
@MainActor public protocol Unlocking: AnyObject {
    /// Whether the phone can ask at all.
    var available: Bool { get }
    /// Asks, and gives whether it is the one.
    func unlock(_ reason: String) async -> Bool
}

/// Keeps the screens to whoever can unlock the phone. A session is never covered: its ways out must be there.
@MainActor @Observable
public final class AppLock {
    /// Nothing but the way in is shown.
    public private(set) var locked: Bool

    @ObservationIgnored private let unlocking: (any Unlocking)?
    @ObservationIgnored private let wanted: @MainActor () -> Bool
    @ObservationIgnored private var leftAt: ContinuousClock.Instant?
    /// Whoever looks at something else for a moment is not asked again.
    private static let grace = Duration.seconds(60)

    init(_ unlocking: (any Unlocking)?, wanted: @escaping @MainActor () -> Bool) {
        (self.unlocking, self.wanted) = (unlocking, wanted)
        locked = false
        locked = asks
    }

    /// The app is no longer in front.
    public func left(at now: ContinuousClock.Instant = .now) { leftAt = now }

    /// The app is in front again.
    public func came(at now: ContinuousClock.Instant = .now, inSession: Bool) {
        defer { leftAt = nil }
        guard let leftAt, asks, !inSession, now - leftAt >= Self.grace else { return }
        locked = true
    }

    /// Asks who it is.
    public func unlock(_ reason: String) async {
        // A phone that cannot ask any more (its code was taken off) keeps nobody out of their own history.
        guard let unlocking, unlocking.available else { return locked = false }
        if await unlocking.unlock(reason) { locked = false }
    }

    private var asks: Bool { wanted() && unlocking?.available ?? false }
}

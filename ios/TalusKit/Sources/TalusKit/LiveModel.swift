import Observation

/// Follows one session for a screen: what to draw, and what can be pressed.
@MainActor @Observable
public final class LiveModel {
    /// What to draw.
    public private(set) var state = LiveState.opening

    @ObservationIgnored private let speed: Float
    @ObservationIgnored private let begin: @Sendable () async throws -> LiveSession
    @ObservationIgnored private var session: LiveSession?

    /// Will follow the session that `begin` gives, `speed` times as fast as the clock: 1 is for people, more for tests.
    public init(speed: Float = 1, begin: @escaping @Sendable () async throws -> LiveSession) {
        self.speed = speed
        self.begin = begin
    }

    /// Follows the session to its end. Cancelling the task leaves the session so that it can be taken up again.
    public func run() async {
        do {
            let session = try await begin()
            self.session = session
            let events = try session.events()
            let listening = Task { for await event in events { await hear(event, of: session) } }
            try session.pace(speed)
            for await frame in session.frames() { draw(frame) }
            self.session = nil
            // Pictures also end where the session failed; whoever waits for it is told why.
            do { _ = try session.latestFrame(after: 0) } catch  where !error.isClosed { state = .failed(error) }
            if Task.isCancelled { _ = try? await session.leave() }
            session.close()
            await listening.value
        } catch {
            session?.close()
            session = nil
            state = .failed(error)
        }
    }

    /// Yes: what is asked is right, or go on to what comes next.
    public func confirm() { press(.confirm) }

    /// Pause, or go on where it is paused.
    public func pauseOrGoOn() {
        if case .training(let set) = state, set.paused { press(.goOn) } else { press(.pause) }
    }

    /// End the set and the session, keep what was done.
    public func stop() { press(.stop) }

    /// Pain, 0 to 10.
    public func pain(_ level: Int) { tell { try $0.answer(.pain(level: UInt8(clamping: level))) } }

    private func press(_ tap: Tap) { tell { try $0.press(tap) } }

    private func tell(_ what: (LiveSession) throws -> Void) {
        guard let session else { return }
        do { try what(session) } catch  where !error.isClosed { state = .failed(error) } catch {}
    }

    private func draw(_ frame: Frame) {
        if case .over = state { return }
        state = LiveState(frame)
    }

    private func hear(_ event: Event, of session: LiveSession) async {
        guard case .ended(_, let summary) = event else { return }
        state = .over(sentence: summary.sentence, upNext: summary.upNext)
        do { _ = try await session.finish() } catch  where !error.isClosed { state = .failed(error) } catch {}
    }
}

extension Error {
    fileprivate var isClosed: Bool { (self as? TalusError)?.isClosed ?? false }
}

extension LiveState {
    fileprivate static func failed(_ error: any Error) -> Self {
        .failed(advice: (error as? TalusError)?.recoverySuggestion ?? error.localizedDescription)
    }
}

import Foundation

/// A session under way as Swift sees it: events and pictures as asynchronous sequences, waiting calls as async functions,
/// and an end that ends everything. Exactly one owner closes it: with `finish()`, `leave()` or `close()`, which is what a
/// killed process would do. Every call may come from any thread.
public final class LiveSession: Sendable {
    private let core: Session
    private let closing = Closing()

    /// Time between two looks at the core: thirty pictures a second.
    private static let beat = Duration.milliseconds(33)

    init(_ core: Session) { self.core = core }

    deinit { core.abandon() }

    /// What happens, in order and without loss: first what happened while nobody listened. One at a time: a second
    /// sequence takes the place of the first. Cancelling the task that iterates, or letting go of the sequence, ends the
    /// observation in the core; the sequence ends when the session is closed.
    public func events() throws -> AsyncStream<Event> {
        let (stream, continuation) = AsyncStream.makeStream(of: Event.self, bufferingPolicy: .unbounded)
        let observation = try core.observe(listener: Ear(continuation))
        let place = closing.add { continuation.finish() }
        continuation.onTermination = { [closing] _ in
            observation.cancel()
            closing.remove(place)
        }
        return stream
    }

    /// Pictures, newest first and none twice, at most thirty a second. What is not drawn in time is left out.
    public func frames() -> AsyncStream<Frame> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task { [core] in
                var after: UInt64 = 0
                while !Task.isCancelled {
                    do {
                        if let frame = try core.latestFrame(after: after) {
                            after = frame.version
                            continuation.yield(frame)
                        }
                        try await Task.sleep(for: Self.beat)
                    } catch {
                        break  // closed, or nobody iterates any more
                    }
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// The newest picture, if it is newer than version `after`; for a screen that asks before it draws.
    public func latestFrame(after: UInt64) throws -> Frame? { try core.latestFrame(after: after) }

    /// Lets session time follow wall time, `speed` times as fast; 0 stands still.
    public func pace(_ speed: Float) throws { try core.pace(speed: speed) }

    /// Somebody pressed something.
    public func press(_ tap: Tap) throws { try core.press(tap: tap) }

    /// Somebody answered a question.
    public func answer(_ answer: Answer) throws { try core.answer(answer: answer) }

    /// Lets session time go on by `us` microseconds at once, and tells the events first.
    public func advance(us: Int64) async throws { try await waiting { try $0.advance(us: us) } }

    /// Makes everything so far safe; gives the session time that is, microseconds.
    public func save() async throws -> Int64 { try await waiting { try $0.save() } }

    /// Closes the session so that it can be resumed.
    public func leave() async throws -> Left? { try await ending { try $0.leave() } }

    /// Closes the session for good and waits until all of it is safe; gives its id.
    public func finish() async throws -> String? { try await ending { try $0.finish() } }

    /// Closes the session at once, as if the process ended; it can be resumed. May wait a moment for the core.
    public func close() {
        core.abandon()
        closing.close()
    }

    private func ending<T: Sendable>(_ call: @escaping @Sendable (Session) throws -> T) async throws -> T {
        do {
            let answer = try await waiting(call)
            closing.close()
            return answer
        } catch TalusError.Busy(let what, let advice) {
            // It was too busy to listen, and is still there; whatever else fails closes it all the same.
            throw TalusError.Busy(what: what, advice: advice)
        } catch {
            closing.close()
            throw error
        }
    }

    /// The core's waiting must not hold up the threads that all tasks share.
    private func waiting<T: Sendable>(_ call: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await onThread { [core] in try call(core) }
    }
}

/// Runs a call that waits on a thread that may.
func onThread<T: Sendable>(_ call: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        DispatchQueue.global(qos: .userInitiated).async {
            continuation.resume(with: Result(catching: call))
        }
    }
}

/// Hands events on to a sequence.
private final class Ear: Listener {
    private let continuation: AsyncStream<Event>.Continuation

    init(_ continuation: AsyncStream<Event>.Continuation) { self.continuation = continuation }

    func onEvents(events: [Event]) {
        for event in events { continuation.yield(event) }
    }
}

/// What is to end when a session does.
private final class Closing: @unchecked Sendable {
    private let lock = NSLock()  // guards both below
    private var ends: [Int: @Sendable () -> Void] = [:]
    private var next = 0

    func add(_ end: @escaping @Sendable () -> Void) -> Int {
        lock.withLock {
            next += 1
            ends[next] = end
            return next
        }
    }

    func remove(_ place: Int) { lock.withLock { _ = ends.removeValue(forKey: place) } }

    func close() {
        // Outside the lock: an end removes itself.
        let all = lock.withLock { Array(ends.values) }
        for end in all { end() }
    }
}

import Foundation

/// Cuffs around, until `stop()`. Every call may come from any thread.
public final class CuffsNearby: Sendable {
    private let core: Nearby

    /// Time between two looks: cuffs send ten times a second.
    private static let look = Duration.milliseconds(100)

    init(_ core: Nearby) { self.core = core }

    /// What is around, whenever it changes; it ends when looking was stopped or the household cannot be read.
    public func around() -> AsyncStream<Around> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            let task = Task { [core] in
                var last: Around?
                while !Task.isCancelled, let now = try? core.now() {
                    if now != last { continuation.yield(now) }
                    last = now
                    try? await Task.sleep(for: Self.look)
                }
                continuation.finish()
            }
            continuation.onTermination = { _ in task.cancel() }
        }
    }

    /// What is around now.
    public func now() throws -> Around { try core.now() }

    /// Chooses the cuff of this name, or the nearest; gives its id, or nil where there is none such now.
    public func choose(_ name: String? = nil) async throws -> String? {
        try await waiting { try $0.choose(name: name) }
    }

    /// Lets a chosen cuff show which one it is.
    public func identify(_ cuff: String) async throws { try await waiting { try $0.identify(cuff: cuff) } }

    /// What was counted between radio and samples so far, as text for whoever helps: no names, no addresses.
    public func diagnostics() async throws -> String { try await waiting { try $0.diagnostics() } }

    /// The chosen cuff is the household's from now on, worn on this leg with this weight on it.
    public func keep(_ cuff: String, side: Side, massG: UInt32) async throws -> PairedCuff {
        try await waiting { try $0.keep(cuff: cuff, side: side, massG: massG) }
    }

    /// A session with the cuffs the chosen person wears, in real time; without exercises today's of the programme that is
    /// followed. The radio goes over to it: looking around ends,
    /// whatever comes of it.
    public func train(_ exercises: [String]) async throws -> LiveSession {
        try await train(.exercises(exercises: exercises))
    }

    /// As the other, of whatever is wished: today's session, exercises, a walk, tests.
    public func train(_ wish: SessionWish) async throws -> LiveSession {
        try await waiting { LiveSession(try $0.train(how: .begin(wish: wish))) }
    }

    /// Takes up a session with real cuffs that was left or killed: `last`, or the beginning of its id; as `train`.
    public func resume(_ asked: String = "last") async throws -> LiveSession {
        try await waiting { LiveSession(try $0.train(how: .resume(asked: asked))) }
    }

    /// Ends every link and stops looking.
    public func stop() async { try? await waiting { $0.stop() } }

    private func waiting<T: Sendable>(_ call: @escaping @Sendable (Nearby) throws -> T) async throws -> T {
        try await onThread { [core] in try call(core) }
    }
}

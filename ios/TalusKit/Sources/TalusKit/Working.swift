/// How something stands that takes its time.
public enum Working<Result: Sendable>: Sendable {
    /// Under way: the share that is done, 0 to 1; nil until that is known.
    case under(done: Float?)
    /// It is done, and this came of it.
    case done(Result)
}

/// Runs what takes its time and tells how far it is. A cancelled task does not end a call into the core by itself, so the
/// end of the sequence stops the work.
func working<T: Sendable>(
    _ call: @escaping @Sendable (Work) async throws -> T
) -> AsyncThrowingStream<Working<T>, any Error> {
    AsyncThrowingStream { continuation in
        let work = Work()
        let watching = Task {
            while !Task.isCancelled {
                continuation.yield(.under(done: work.progress()))
                try? await Task.sleep(for: .milliseconds(100))
            }
        }
        Task {
            do {
                let result = try await call(work)
                watching.cancel()
                await watching.value
                continuation.yield(.under(done: work.progress()))
                continuation.yield(.done(result))
                continuation.finish()
            } catch {
                continuation.finish(throwing: error)
            }
        }
        continuation.onTermination = { _ in
            watching.cancel()
            work.cancel()
        }
    }
}

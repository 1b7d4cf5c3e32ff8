import Foundation
import Testing

@testable import TalusKit

private let secondUs: Int64 = 1_000_000

/// What the bridge promises Swift: ends that end, errors with their kind, threads, and nothing left behind.
@Suite(.serialized) struct SessionTests {
    @Test(.timeLimit(.minutes(10))) func aCancelledTaskEndsTheObservationInTheCoreAndTheNextHearsWhatCameMeanwhile()
        async throws
    {
        let home = try await Home()
        let session = try await home.talus.demo(seed: 1)
        let first = Heard()
        let events = try session.events()
        let task = Task { for await event in events { first.add(event) } }
        try await session.advance(us: 20 * secondUs)
        while first.all.isEmpty { await Task.yield() }
        task.cancel()
        await task.value
        let heard = first.all.count
        try await session.advance(us: 40 * secondUs)
        #expect(first.all.count == heard)
        // What came after the cancellation waits for the next one.
        let second = Heard()
        let again = try session.events()
        let listening = Task { for await event in again { second.add(event) } }
        try await session.advance(us: secondUs)
        session.close()
        await listening.value
        #expect(second.count { if case .stageChanged = $0 { true } else { false } } > 0)
    }

    @Test(.timeLimit(.minutes(10))) func aListenerIsLetGoOfWhenItsObservationIsCancelled() async throws {
        let folder = try await Home()
        let talus = try Talus(
            opening: Opening(
                database: folder.folder.appendingPathComponent("other.db").path, language: "en", zone: nil, key: nil)
        )
        let session = try talus.begin(how: .demo(seed: 1))
        weak var gone: Counting?
        do {
            let listener = Counting()
            gone = listener
            let observation = try session.observe(listener: listener)
            try session.advance(us: 20 * secondUs)
            #expect(listener.calls > 0)
            observation.cancel()
            #expect(observation.state() == .cancelled)
        }
        #expect(gone == nil, "the core still holds the listener")
        session.abandon()
    }

    @Test(.timeLimit(.minutes(10))) func sequencesEndWhenTheSessionIsFinished() async throws {
        let home = try await Home()
        let session = try await home.talus.demo(seed: 2)
        let heard = Heard()
        let events = try session.events()
        let told = Task { for await event in events { heard.add(event) } }
        let drawn = Task { for await _ in session.frames() {} }
        try await session.intoASet()
        #expect(try await session.finish() != nil)
        await told.value
        await drawn.value
        #expect(heard.count { if case .ended = $0 { true } else { false } } == 1)
    }

    @Test(.timeLimit(.minutes(10))) func aPacedSessionDrawsByItself() async throws {
        let home = try await Home()
        let session = try await home.talus.demo(seed: 3)
        try session.pace(50)
        for await frame in session.frames() where frame.nowUs > 2 * secondUs { break }
        try session.pace(0)
        session.close()
    }

    @Test func aListenerThatThrowsIsToldNothingMoreAndBothSidesKnowIt() async throws {
        let home = try await Home()
        let talus = try Talus(
            opening: Opening(
                database: home.folder.appendingPathComponent("other.db").path, language: "en", zone: nil, key: nil))
        let session = try talus.begin(how: .demo(seed: 4))
        let throwing = Throwing()
        let observation = try session.observe(listener: throwing)
        #expect(throws: TalusError.self) { try session.advance(us: 60 * secondUs) }
        do {
            let other = try session.observe(listener: Throwing())
            try session.advance(us: 60 * secondUs)
            Issue.record("nothing was thrown, and the observation is \(other.state())")
        } catch TalusError.ListenerFailed(let what, let advice) {
            #expect(what.contains("no room on the screen") && !advice.isEmpty)
        }
        #expect(throwing.calls == 1)
        guard case .failed = observation.state() else {
            Issue.record("\(observation.state())")
            return
        }
        try session.advance(us: secondUs)
        session.abandon()
    }

    @Test func aClosedSessionThrowsClosedWhateverIsAskedOfIt() async throws {
        let home = try await Home()
        let session = try await home.talus.demo(seed: 7)
        try await session.intoASet()
        let left = try #require(try await session.leave())
        #expect(left.safeUs > 0)
        await refuses { _ = try session.latestFrame(after: 0) }
        await refuses { try await session.advance(us: 1) }
        await refuses { try session.press(.pause) }
        await refuses { try session.answer(.redFlag) }
        await refuses { _ = try await session.save() }
        await refuses { _ = try await session.finish() }
        await refuses { _ = try session.events() }
        for await _ in session.frames() { Issue.record("a picture of a closed session") }
        session.close()
        let again = try await home.talus.resume(left.session)
        try await again.intoASet()
        again.close()
    }

    private func refuses(_ call: () async throws -> Void, at place: SourceLocation = #_sourceLocation) async {
        do {
            try await call()
            Issue.record("nothing was thrown", sourceLocation: place)
        } catch {
            #expect((error as? TalusError)?.isClosed == true, "\(error)", sourceLocation: place)
            #expect(!error.localizedDescription.isEmpty)
        }
    }

    @Test(.timeLimit(.minutes(10))) func eightTasksMaySteerAndLookAtOnce() async throws {
        let home = try await Home()
        let session = try await home.talus.demo(seed: 8)
        let heard = Heard()
        let events = try session.events()
        let listening = Task { for await event in events { heard.add(event) } }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var after: UInt64 = 0
                    for turn in 0..<40 {
                        try await session.advance(us: secondUs / 4)
                        if let frame = try session.latestFrame(after: after) {
                            #expect(frame.version > after)
                            after = frame.version
                        }
                        switch number % 4 {
                        case 0: try session.press(.confirm)
                        case 1: try session.answer(.reserve(reps: UInt8(turn % 6)))
                        case 2: _ = try await home.talus.sessions(limit: 3)
                        default: _ = home.talus.exercises()
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try session.latestFrame(after: 0)?.nowUs == 8 * 40 * secondUs / 4)
        session.close()
        await listening.value
        let times = heard.all.compactMap { if case .stageChanged(let atUs, _) = $0 { atUs } else { nil } }
        #expect(!times.isEmpty && times == times.sorted())
    }

    @Test(.timeLimit(.minutes(10))) func pictureAndEventAreCheap() async throws {
        let home = try await Home()
        let talus = try Talus(
            opening: Opening(
                database: home.folder.appendingPathComponent("other.db").path, language: "en", zone: nil, key: nil))
        let session = try talus.begin(how: .demo(seed: 9))
        let told = DispatchSemaphore(value: 0)
        let listener = Counting()
        let observation = try session.observe(listener: listener)
        for _ in 0..<600 where try session.latestFrame(after: 0)?.training?.stage != .set {
            try session.advance(us: secondUs / 2)
        }
        let clock = ContinuousClock()
        var after: UInt64 = 0
        var pictures: [Duration] = []
        for _ in 0..<1800 {
            try session.advance(us: 33_333)
            var frame: Frame?
            pictures.append(try clock.measure { frame = try session.latestFrame(after: after) })
            after = frame?.version ?? after
        }
        #expect(after > 1000)
        for _ in 0..<600 where try session.latestFrame(after: 0)?.training?.stage != .set {
            try session.advance(us: secondUs / 2)
        }
        listener.told = told
        var events: [Duration] = []
        for turn in 0..<200 {
            events.append(
                try clock.measure {
                    try session.press(tap: turn % 2 == 0 ? .pause : .goOn)
                    #expect(told.wait(timeout: .now() + 20) == .success)
                })
        }
        observation.cancel()
        session.abandon()
        pictures.sort()
        events.sort()
        print("MEASURED newest frame: median \(pictures[900].us) µs, p99 \(pictures[1782].us) µs")
        print("MEASURED event after a tap: median \(events[100].us) µs, p99 \(events[198].us) µs")
    }
}

extension Duration {
    fileprivate var us: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}

extension LiveSession {
    /// Lets time go on until the session is in a set.
    fileprivate func intoASet() async throws {
        for _ in 0..<600 {
            try await advance(us: secondUs / 2)
            if try latestFrame(after: 0)?.training?.stage == .set { return }
        }
        Issue.record("no set began")
    }
}

/// Counts its calls, and says of a change of stage that it came.
private final class Counting: Listener, @unchecked Sendable {
    private let lock = NSLock()  // guards both below
    private var counted = 0
    private var signal: DispatchSemaphore?

    var calls: Int { lock.withLock { counted } }
    var told: DispatchSemaphore? {
        get { lock.withLock { signal } }
        set { lock.withLock { signal = newValue } }
    }

    func onEvents(events: [Event]) {
        lock.withLock { counted += 1 }
        for event in events { if case .stageChanged = event { told?.signal() } }
    }
}

/// Throws at every call.
private final class Throwing: Listener, @unchecked Sendable {
    private let lock = NSLock()  // guards the count
    private var counted = 0
    var calls: Int { lock.withLock { counted } }

    func onEvents(events: [Event]) throws {
        lock.withLock { counted += 1 }
        throw ListenerError.Refused(why: "no room on the screen")
    }
}

import Foundation
import Testing

@testable import TalusKit

#if canImport(CMalloc)
    import CMalloc
#endif

/// Pictures of a minute, at thirty a second.
private let minute = 1800
private let alone = ProcessInfo.processInfo.environment["TALUS_ALONE"] != nil

/// What pictures leave behind. The memory counted is the whole process's: ./test swift runs it in one of its own.
@Suite(.enabled(if: alone, "beside other tests it would count theirs")) struct MemoryTests {
    @Test(.timeLimit(.minutes(10))) func minutesOfPicturesLeaveNothingBehind() async throws {
        let home = try await Home()
        let talus = try Talus(
            opening: Opening(
                database: home.folder.appendingPathComponent("other.db").path, language: "en", zone: nil, key: nil))
        let session = try talus.begin(how: .demo(seed: 9))
        let ears = Ears()
        var grown: [Int] = []
        do {
            let observation = try session.observe(listener: Counted(ears))
            for _ in 0..<600 where try session.latestFrame(after: 0)?.training?.stage != .set {
                try session.advance(us: 500_000)
            }
            // What a session keeps grows with what is done: while it is paused, only pictures are made.
            try session.press(tap: .pause)
            var after: UInt64 = 0
            for _ in 0..<4 {
                // What waits for the disk, which is slower than virtual time, is no leak.
                _ = try session.save()
                let before = heldBytes()
                var seen = 0
                for _ in 0..<minute {
                    try session.advance(us: 33_333)
                    guard let frame = try session.latestFrame(after: after) else { continue }
                    after = frame.version
                    seen += 1
                }
                #expect(seen > 1000, "\(seen) pictures")
                _ = try session.save()
                grown.append(heldBytes() - before)
                #expect(ears.living == 1)
            }
            observation.cancel()
        }
        session.abandon()
        #expect(ears.living == 0, "a listener is left")
        // A leak comes with every picture; what a minute needs for the first time comes once.
        let settled = grown.dropFirst()
        #expect(try #require(settled.min()) < minute * 16, "\(grown) bytes more after each minute")
        print("MEASURED four minutes of pictures: \(grown) bytes more in each")
    }

    /// The C library's own count of what is allocated, over all threads: Swift's objects and the core's alike.
    private func heldBytes() -> Int {
        #if canImport(CMalloc)
            let count = mallinfo2()
            return Int(count.uordblks + count.hblkhd)
        #else
            var count = malloc_statistics_t()
            malloc_zone_statistics(nil, &count)
            return count.size_in_use
        #endif
    }
}

/// How many listeners there are.
private final class Ears: @unchecked Sendable {
    private let lock = NSLock()  // guards the count
    private var count = 0
    var living: Int { lock.withLock { count } }
    func add(_ more: Int) { lock.withLock { count += more } }
}

/// Hears nothing, and is counted while it lives.
private final class Counted: Listener {
    private let ears: Ears
    init(_ ears: Ears) {
        self.ears = ears
        ears.add(1)
    }
    deinit { ears.add(-1) }
    func onEvents(events: [Event]) {}
}

import Foundation
import Testing

@testable import TalusKit

/// The journeys of tests/journeys in virtual time: the same files and numbers as in Rust and Kotlin.
@Suite struct JourneysTests {
    @Test func aCuffIsPairedAndCalibratedAndASessionStandsInTheHistory() async throws { try await walk("01") }
    @Test func aCuffIsLostInASetAndComesBack() async throws { try await walk("02") }
    @Test func aKilledSessionIsTakenUpAgain() async throws { try await walk("03") }

    private func walk(_ number: String) async throws {
        let journey = try Journey(number)
        let home = try await Home(language: journey.language)
        let walker = Walker(home)
        for step in journey.steps { try await walker.take(step) }
        try await walker.check(journey)
    }
}

/// An open app in a folder that goes away with it.
final class Home: Sendable {
    let folder: URL
    let talus: TalusApp

    init(language: String = "en") async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let database = folder.appendingPathComponent("talus.db").path
        talus = try await TalusApp.at(database: database, language: language, zone: "Europe/Berlin")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }
}

/// A walk through one journey. Events are counted by a listener of the core itself, so that they are there when the call
/// that brought them returns.
private final class Walker {
    private static let stepUs: Int64 = 100_000
    /// No journey lasts longer than this in virtual time.
    private static let longestUs: Int64 = 3_600_000_000

    private let home: Home
    private let heard = Heard()
    private var session: LiveSession?
    private var listening: Task<Void, Never>?

    init(_ home: Home) { self.home = home }

    private func takeUp(_ taken: LiveSession) throws {
        session = taken
        let events = try taken.events()
        listening = Task { [heard] in for await event in events { heard.add(event) } }
    }

    private func running() throws -> LiveSession { try #require(session, "a journey begins before it goes on") }

    private func go(until done: (Int64) -> Bool) async throws {
        let session = try running()
        var goneUs: Int64 = 0
        while !(try #require(try session.latestFrame(after: 0))).over, !done(goneUs) {
            try #require(goneUs < Self.longestUs, "no end")
            try await session.advance(us: Self.stepUs)
            // A sequence hands on later than the core tells: what is asked about below must have come.
            if let stage = try session.latestFrame(after: 0)?.training {
                await heard.wait(forCount: stage.count, in: stage)
            }
            goneUs += Self.stepUs
        }
    }

    private func parted() async {
        await listening?.value
        session = nil
    }

    func take(_ step: Journey.Step) async throws {
        switch step {
        case .demo(let seed): try takeUp(try await home.talus.demo(seed: seed))
        case .go(let seconds): try await go { $0 >= Int64(seconds * 1e6) }
        case .until(let set, let count):
            try await go { _ in
                heard.count { if case .setBegan = $0 { true } else { false } } == set
                    && heard.countedInLastSet() >= count
            }
        case .finish:
            try await go { _ in false }
            #expect(try await running().finish() != nil)
            await parted()
        case .save: #expect(try await running().save() > 0)
        case .kill:
            try running().close()
            await parted()
        case .resume: try takeUp(try await home.talus.resume())
        }
    }

    func check(_ expect: Journey) async throws {
        #expect(try await home.talus.sessions(limit: 100).count == expect.sessions)
        let detail = try await home.talus.session("last")
        #expect(detail.row.finished == expect.finished)
        #expect(heard.count { if case .found = $0 { true } else { false } } == expect.paired)
        #expect(heard.count { if case .paired = $0 { true } else { false } } == expect.paired)
        #expect(heard.count { if case .calibrated(_, .some) = $0 { true } else { false } } == expect.paired)
        #expect(heard.count { if case .linkChanged(_, _, .lost) = $0 { true } else { false } } == expect.lost)
        try #require(detail.sets.count == expect.sets.count)
        for (set, expected) in zip(detail.sets, expect.sets) {
            let result = set.result
            #expect(result.exercise == expected.exercise)
            #expect((result.side == .left ? "left" : "right") == expected.side)
            #expect(expected.count.contains(Double(result.count)))
            #expect(set.reps.filter(\.full).count == Int(result.count))
            if let short = expected.short { #expect(result.short == short) }
            if let range = expected.rangeDeg { #expect(range.contains(Double(try #require(result.rangeDeg)))) }
        }
        let recording = home.folder.appendingPathComponent("recordings/\(detail.row.id).talus").path
        let replayed = try await home.talus.replayRecording(path: recording)
        #expect(replayed.damaged == 0 && replayed.asStored == true)
    }
}

extension Frame {
    /// The session's picture, once there is one.
    var training: SessionView? {
        if case .training(let view) = picture { view } else { nil }
    }
}

/// What was heard, by whoever listens.
final class Heard: @unchecked Sendable {
    private let lock = NSLock()  // guards the list
    private var events: [Event] = []

    func add(_ event: Event) { lock.withLock { events.append(event) } }
    var all: [Event] { lock.withLock { events } }
    func count(_ of: (Event) -> Bool) -> Int { all.filter(of).count }

    func countedInLastSet() -> Int {
        var counted = 0
        for event in all.reversed() {
            if case .setBegan = event { break }
            if case .repEnded = event { counted += 1 }
        }
        return counted
    }

    /// Waits until as many repetitions came as the picture of a set shows.
    func wait(forCount count: UInt32, in view: SessionView) async {
        guard view.stage == .set else { return }
        while countedInLastSet() < Int(count) { await Task.yield() }
    }
}

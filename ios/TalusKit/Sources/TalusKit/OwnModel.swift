import Foundation
import Observation

/// What is shown of what a person owns here, in plain values.
public enum OwnState: Sendable, Equatable {
    /// Nothing is under way.
    case idle
    /// Under way: the share that is done, nil until that is known.
    case working(done: Double?)
    /// A file was written, and handed on.
    case written(Written)
    /// A backup that opens with a passphrase only; `wrong` after one that did not fit.
    case locked(wrong: Bool)
    /// What is in a file, before anything of it is taken in.
    case preview(Preview)
    /// What came of taking it in.
    case taken(Taken)

    /// What went into a file.
    public struct Written: Sendable, Equatable {
        public var bytes: Int
        public var people: Int
        public var sessions: Int
        public var recordings: Int
        /// Recordings that are damaged, and not in it.
        public var leftOut = 0
    }

    /// What is in one.
    public struct Preview: Sendable, Equatable {
        public var writtenDay: String
        public var people: [String]
        public var sessions: Int
        public var recordings: Int
        public var bytes: Int
    }

    /// What came of one.
    public struct Taken: Sendable, Equatable {
        public var people: Int
        public var new: Int
        public var renewed: Int
        public var kept: Int
        public var recordings: Int
    }
}

/// What a person owns here: out as a file, into a backup, back again, on one page; and raw signals that have had their time.
@MainActor @Observable
public final class OwnModel {
    /// What to draw.
    public private(set) var state = OwnState.idle
    /// What a person can do where something did not work; nothing was changed then.
    public private(set) var advice: String?
    /// Recordings that are older or more than is kept, and their size together; nil until it is known.
    public private(set) var outgrown: (count: Int, bytes: Int)?

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let files: any FileExchange
    @ObservationIgnored private let folder: URL
    /// Whose recordings those are: what was shown is deleted, and nothing that has had its time since.
    @ObservationIgnored private var shown: [String] = []
    @ObservationIgnored private var chosen: URL?
    @ObservationIgnored private var passphrase: String?
    @ObservationIgnored private var work: Task<Void, Never>?

    /// Characters of a passphrase at least, as the core asks.
    public nonisolated static let leastCharacters = 8
    /// Weeks of the page for somebody who treats you.
    private static let weeks: UInt32 = 12
    /// Raw signals are kept so long, and so many of them; results stay.
    @ObservationIgnored private let budget: Budget

    /// Files lie in `folder` until they are handed on.
    init(
        _ talus: TalusApp, files: any FileExchange, folder: URL = FileManager.default.temporaryDirectory,
        budget: Budget = Budget(days: 90, bytes: 500_000_000)
    ) {
        (self.talus, self.files, self.folder, self.budget) = (talus, files, folder, budget)
    }

    /// Looks for what has had its time.
    public func load() async {
        await trying {
            let found = try await talus.outgrown(budget).recordings
            outgrown = (found.count, found.reduce(0) { $0 + Int(clamping: $1.bytes) })
            shown = found.map(\.session)
        }
    }

    /// Everything of this person in one file that anyone can read, and where it goes.
    public func export(recordings: Bool) async {
        await write("zip", ExportWish(everyone: false, recordings: recordings, passphrase: nil))
    }

    /// Everything of everybody in one file that only the passphrase opens, and where it goes.
    public func backUp(_ passphrase: String) async {
        await write("backup", ExportWish(everyone: true, recordings: true, passphrase: passphrase))
    }

    /// One page for somebody who treats the person, about the last twelve weeks, and where it goes.
    public func report() async {
        await trying {
            let until = try await talus.today().localDay
            let from = try await talus.calendar(weeks: Self.weeks).first?.monday ?? until
            let page = try await talus.report(from: from, until: until)
            let file = folder.appendingPathComponent("Talus \(until).html")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(page.utf8).write(to: file)
            await files.handOn(file)
        }
    }

    /// Lets the person choose a file, and looks into it.
    public func choose() async {
        forget()
        guard let file = await files.choose() else { return }
        chosen = file
        await lookInto()
    }

    /// Looks into the chosen backup with this passphrase.
    public func open(_ passphrase: String) async {
        self.passphrase = passphrase
        await lookInto()
    }

    /// Takes in what was looked into.
    public func takeIn() async {
        guard let chosen, case .preview = state else { return }
        let (talus, passphrase) = (talus, passphrase)
        await under {
            for try await step in talus.takeIn(chosen.path, passphrase: passphrase) {
                switch step {
                case .under(let done): self.state = .working(done: done.map(Double.init))
                case .done(let taken): self.state = .taken(OwnState.Taken(taken))
                }
            }
        }
        letGo()
    }

    /// Stops what is under way; nothing was written and nothing changed.
    public func cancel() { work?.cancel() }

    /// Back to the beginning.
    public func forget() {
        letGo()
        (state, advice) = (.idle, nil)
    }

    /// Deletes the recordings that have had their time; results stay.
    public func deleteOutgrown() async {
        await trying { _ = try await talus.letGo(budget, shown) }
        if advice == nil { await load() }
    }

    private func write(_ ending: String, _ wish: ExportWish) async {
        forget()
        let talus = talus
        await under {
            let day = try await talus.today().localDay
            let file = self.folder.appendingPathComponent("Talus \(day).\(ending)")
            try? FileManager.default.removeItem(at: file)
            defer { try? FileManager.default.removeItem(at: file) }
            for try await step in talus.export(to: file.path, wish) {
                switch step {
                case .under(let done): self.state = .working(done: done.map(Double.init))
                case .done(let written):
                    await self.files.handOn(file)
                    self.state = .written(OwnState.Written(written))
                }
            }
        }
    }

    private func lookInto() async {
        guard let chosen else { return }
        do {
            state = .preview(OwnState.Preview(try await talus.lookInto(chosen.path, passphrase: passphrase)))
            advice = nil
        } catch TalusError.PassphraseNeeded {
            state = .locked(wrong: false)
        } catch TalusError.PassphraseWrong {
            state = .locked(wrong: true)
        } catch {
            (state, advice) = (.idle, error.advice)
            letGo()
        }
    }

    /// The copy of a file is not kept longer than it is looked at.
    private func letGo() {
        if let chosen { try? FileManager.default.removeItem(at: chosen) }
        (chosen, passphrase) = (nil, nil)
    }

    private func under(_ what: @escaping @MainActor () async throws -> Void) async {
        (state, advice) = (.working(done: nil), nil)
        let work = Task {
            do {
                try await what()
                // A sequence that is let go of ends without a word.
                if case .working = state { state = .idle }
            } catch {
                state = .idle
                if !(error is CancellationError), !error.isCancelled { advice = error.advice }
            }
        }
        self.work = work
        await work.value
        self.work = nil
    }

    private func trying(_ what: () async throws -> Void) async {
        advice = nil
        do { try await what() } catch { advice = error.advice }
    }
}

extension Error {
    fileprivate var isCancelled: Bool {
        if case .Cancelled = self as? TalusError { true } else { false }
    }
}

extension OwnState.Written {
    init(_ written: Exported) {
        bytes = Int(clamping: written.bytes)
        (people, sessions) = (Int(written.people), Int(clamping: written.sessions))
        (recordings, leftOut) = (Int(clamping: written.recordings), written.leftOut.count)
    }
}

extension OwnState.Preview {
    init(_ contents: Contents) {
        writtenDay = Measures.localDay(of: Date(timeIntervalSince1970: Double(contents.writtenUtcMs) / 1000))
        (people, bytes) = (contents.people, Int(clamping: contents.bytes))
        (sessions, recordings) = (Int(clamping: contents.sessions), Int(clamping: contents.recordings))
    }
}

extension OwnState.Taken {
    init(_ taken: Imported) {
        (people, recordings) = (Int(taken.people), Int(clamping: taken.recordings))
        (new, renewed) = (Int(clamping: taken.sessionsNew), Int(clamping: taken.sessionsRenewed))
        kept = Int(clamping: taken.sessionsKept)
    }
}

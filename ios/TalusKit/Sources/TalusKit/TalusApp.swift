import Foundation

/// The open app: people, cuffs, history; sessions begin here. Reads files and database away from the caller's thread.
public final class TalusApp: Sendable {
    private let core: Talus
    /// What is about nobody, read once.
    let book: Book
    /// Called where any call finds the history damaged, with the ways on.
    let damaged: @Sendable ([Mending]) -> Void

    init(_ core: Talus, _ book: Book? = nil, damaged: @escaping @Sendable ([Mending]) -> Void = { _ in }) {
        (self.core, self.damaged) = (core, damaged)
        self.book = book ?? core.book()
    }

    /// Opens the database at `database`, making it where there is none; encrypted where there is a key of 32 bytes from
    /// the keychain. Weights are told in `unit`, or as the language asks. `damaged` is called where a later call finds it
    /// damaged.
    public static func at(
        database: String, language: String, zone: String? = nil, key: Data? = nil, unit: MassUnit? = nil,
        damaged: @escaping @Sendable ([Mending]) -> Void = { _ in }
    ) async throws -> TalusApp {
        try await onThread {
            let opening = Opening(database: database, language: language, zone: zone, key: key, unit: unit)
            return TalusApp(try Talus(opening: opening), damaged: damaged)
        }
    }

    /// The exercises of the catalogue, by id.
    public func exercises() -> [Exercise] { book.exercises }

    /// What each exercise is called, by its id.
    func exerciseNames() -> [String: String] {
        Dictionary(book.exercises.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    }

    /// What is said about ankle weights, each with its grade and sources.
    public func cards() -> [Card] { book.cards }

    /// Main lifts, in the order in which they are offered.
    public func lifts() -> [NamedLift] { book.lifts }

    /// What weights are told in; numbers are grams whatever it is.
    public func unit() -> MassUnit { book.unit }

    /// Everything that is asked, in the language of the app.
    public func questionnaire() -> Questionnaire { book.questionnaire }

    /// The people of the household.
    public func profiles() async throws -> [Profile] { try await reading { try $0.profiles() } }

    /// The cuffs of the household.
    public func cuffs() async throws -> [Cuff] { try await reading { try $0.cuffs() } }

    /// Gives a cuff of the household another name.
    public func renameCuff(_ cuff: String, to name: String) async throws {
        try await reading { try $0.changeCuff(cuff: cuff, change: .name(name: name)) }
    }

    /// The chosen person wears a cuff on this leg from now on, with this weight on it; it need not be near.
    public func wearCuff(_ cuff: String, on side: Side, massG: UInt32) async throws {
        try await reading { try $0.changeCuff(cuff: cuff, change: .worn(side: side, massG: massG)) }
    }

    /// The cuffs of both legs change places at once, each with its weight.
    public func swapCuffs(_ cuff: String) async throws {
        try await reading { try $0.changeCuff(cuff: cuff, change: .swap) }
    }

    /// Forgets a cuff; sessions that were done with it stay.
    public func forgetCuff(_ cuff: String) async throws {
        try await reading { try $0.changeCuff(cuff: cuff, change: .forget) }
    }

    /// Starts looking for cuffs: with this phone's Bluetooth, or for two simulated ones where there is a seed. The first
    /// time, the system asks the person for permission: call it when somebody asked for cuffs.
    public func nearby(seed: UInt64? = nil) async throws -> CuffsNearby {
        try await reading { CuffsNearby(try $0.nearby(seed: seed)) }
    }

    /// Sessions, newest first: the newest, or those before the session `before`.
    public func sessions(limit: UInt32, before: String? = nil) async throws -> [SessionRow] {
        try await reading { try $0.sessions(limit: limit, before: before, unfinished: false) }
    }

    /// Sessions that were begun and not finished, newest first.
    public func unfinished() async throws -> [SessionRow] {
        try await reading { try $0.sessions(limit: 0, before: nil, unfinished: true) }
    }

    /// One session: `last`, or the beginning of its id.
    public func session(_ asked: String) async throws -> SessionDetail {
        try await reading { try $0.session(asked: asked) }
    }

    /// Follows a recording once more; nothing is written.
    public func replayRecording(path: String) async throws -> Replayed {
        try await reading { try $0.replayRecording(path: path) }
    }

    /// A guided session of a virtual person; equal seeds give equal sessions.
    public func demo(seed: UInt64) async throws -> LiveSession {
        try await reading { LiveSession(try $0.begin(how: .demo(seed: seed))) }
    }

    /// A session of the chosen person's own, done by a virtual person with virtual cuffs: for trying things out.
    /// Without exercises it is today's of the programme that is followed.
    public func practise(seed: UInt64, exercises: [String]) async throws -> LiveSession {
        try await practise(seed: seed, .exercises(exercises: exercises))
    }

    /// As the other, of whatever is wished: today's session, exercises, a walk, tests.
    public func practise(seed: UInt64, _ wish: SessionWish) async throws -> LiveSession {
        try await reading { LiveSession(try $0.begin(how: .practice(seed: seed, wish: wish))) }
    }

    /// A session that was left or killed: `last`, or the beginning of its id.
    public func resume(_ asked: String = "last") async throws -> LiveSession {
        try await reading { LiveSession(try $0.begin(how: .resume(asked: asked))) }
    }

    /// Writes everything to a file: a bundle, or with a passphrase a backup. Letting go of the sequence, or cancelling the
    /// task that iterates it, stops it, and then nothing was written.
    public func export(to file: String, _ wish: ExportWish) -> AsyncThrowingStream<Working<Exported>, any Error> {
        working { [self] work in try await noticing { try await $0.export(to: file, wish: wish, work: work) } }
    }

    /// What is in a bundle or backup and how large it is; takes nothing in.
    public func lookInto(_ file: String, passphrase: String? = nil) async throws -> Contents {
        try await reading { try $0.lookInto(from: file, passphrase: passphrase) }
    }

    /// Takes in a bundle or backup, as `export` gives one out; stopped in the same way, nothing has changed.
    public func takeIn(
        _ file: String, passphrase: String? = nil
    ) -> AsyncThrowingStream<Working<Imported>, any Error> {
        working { [self] work in
            try await noticing { try await $0.takeIn(from: file, passphrase: passphrase, work: work) }
        }
    }

    func reading<T: Sendable>(_ call: @escaping @Sendable (Talus) throws -> T) async throws -> T {
        try await noticing { core in try await onThread { try call(core) } }
    }

    /// Whatever is asked of a history, that it is damaged is told once more, to whoever can show the ways on.
    private func noticing<T: Sendable>(_ call: @Sendable (Talus) async throws -> T) async throws -> T {
        do { return try await call(core) } catch {
            if case .Damaged(_, _, let ways) = error as? TalusError { damaged(ways) }
            throw error
        }
    }
}

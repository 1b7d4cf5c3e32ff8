import Foundation
import Observation

/// The app: which household is open, where somebody is in it, and the session or pairing that lies over it.
@MainActor @Observable
public final class AppModel {
    /// Where the app is.
    public enum Place: Sendable, Equatable { case opening, failed(advice: String), locked(Locked), firstRun, home }
    /// Why the history that is there cannot be opened. Nothing of it is touched.
    public enum Locked: Sendable, Equatable {
        /// Its key is not on this phone any more.
        case keyMissing
        /// The key on this phone is another one.
        case keyWrong
        /// The phone does not give the key out now.
        case keyRefused
    }
    /// The file of the household in its folder; recordings lie beside it.
    nonisolated static let database = "talus.db"
    /// The tabs that are there so far.
    public enum Tab: Sendable, Equatable, CaseIterable { case today, progress }

    /// Where the app is.
    public private(set) var place = Place.opening
    /// The tab that is looked at.
    public var tab = Tab.today
    /// Whether everything is made up: a household of its own, and no radio.
    public private(set) var demo = false
    /// What is there once a household is open.
    public private(set) var firstRun: FirstRunModel?
    public private(set) var today: TodayModel?
    public private(set) var cuffs: CuffsModel?
    public private(set) var progress: ProgressModel?
    /// A session under way, over everything.
    public private(set) var session: LiveModel?
    /// Pairing, over everything but a session.
    public private(set) var pairing: PairModel?
    /// The cuffs, over the tabs.
    public var showsCuffs = false
    /// A session that is looked at closely.
    public private(set) var detail: DetailModel?
    /// How to begin each exercise, in the core's words.
    public private(set) var setUp: [String: String] = [:]
    /// The language the core speaks.
    public let language: String

    @ObservationIgnored private let folder: URL
    @ObservationIgnored private let guarding: (any FolderGuard)?
    @ObservationIgnored private let key: (@Sendable (_ folder: URL) throws -> Data)?
    @ObservationIgnored private let telling: Telling?
    @ObservationIgnored private let speed: Float
    @ObservationIgnored private let seed: UInt64
    @ObservationIgnored private var talus: TalusApp?

    /// Keeps its databases in `folder`, guarded by `guarding`; the real one is sealed with the `key` of that folder, where
    /// there is one. A demo goes `speed` times as fast as the clock.
    public init(
        folder: URL, language: String, guarding: (any FolderGuard)? = nil,
        key: (@Sendable (_ folder: URL) throws -> Data)? = nil, telling: Telling? = nil, speed: Float = 1,
        seed: UInt64 = 1
    ) {
        (self.folder, self.language, self.guarding, self.key) = (folder, language, guarding, key)
        (self.telling, self.speed, self.seed) = (telling, speed, seed)
    }

    /// Opens the household, or the one of the demo. Somebody who is not described yet comes to the first run.
    public func open(demo: Bool = false) async {
        place = .opening
        do {
            try guarding?.prepare(folder)
            let name = demo ? "demo.db" : Self.database
            // A demo is nobody's: it needs no key.
            let key = demo ? nil : try key?(folder)
            let talus = try await TalusApp.at(
                database: folder.appendingPathComponent(name).path, language: language,
                zone: TimeZone.current.identifier, key: key)
            self.talus = talus
            self.demo = demo
            setUp = Dictionary(talus.exercises().map { ($0.id, $0.setUp) }, uniquingKeysWith: { first, _ in first })
            (today, cuffs, progress) = (TodayModel(talus), CuffsModel(talus), ProgressModel(talus))
            let answered = try await talus.about()?.answers != nil
            if demo || answered { await home() } else { introduce(talus) }
        } catch is HouseholdKey.Lost {
            place = .locked(.keyMissing)
        } catch is HouseholdKey.Refused {
            place = .locked(.keyRefused)
        } catch TalusError.KeyWrong {
            place = .locked(.keyWrong)
        } catch {
            place = .failed(advice: error.advice)
        }
    }

    /// The first run again, to answer anew.
    public func aboutYou() { if let talus { introduce(talus) } }

    /// A session of these exercises, or today's without any: with the cuffs that are worn, or in the demo made up.
    public func start(_ exercises: [String] = []) {
        guard let talus else { return }
        let (demo, seed) = (demo, seed)
        session = LiveModel(speed: demo ? speed : 1, telling: telling) {
            if demo { return LiveModel.Started(try await talus.demo(seed: seed), of: talus) }
            return LiveModel.Started(try await talus.nearby().train(exercises), of: talus)
        }
    }

    /// The session that was left or killed.
    public func resume() {
        guard let talus else { return }
        let demo = demo
        session = LiveModel(speed: demo ? speed : 1, resumed: true, telling: telling) {
            if demo { return LiveModel.Started(try await talus.resume(), of: talus) }
            return LiveModel.Started(try await talus.nearby().resume(), of: talus)
        }
    }

    /// The session is over or was left.
    public func closeSession() async {
        session = nil
        await today?.load()
        await progress?.load()
    }

    /// Pairing: with this phone's Bluetooth, or in the demo with two made-up cuffs.
    public func pair() {
        guard let talus else { return }
        showsCuffs = false
        pairing = PairModel(talus, seed: demo ? seed : nil)
    }

    /// Pairing is done or was left.
    public func closePairing() async {
        await pairing?.stop()
        pairing = nil
        await cuffs?.load()
        await today?.load()
    }

    /// Looks at one session closely.
    public func look(at session: String) async {
        let model = progress?.detail(of: session)
        await model?.load()
        detail = model
    }

    /// Back to the list.
    public func closeDetail() { detail = nil }

    private func introduce(_ talus: TalusApp) {
        firstRun = FirstRunModel(talus) { [weak self] in
            Task { await self?.home() }
        }
        place = .firstRun
    }

    private func home() async {
        await today?.load()
        await cuffs?.load()
        await progress?.load()
        (firstRun, place) = (nil, .home)
    }
}

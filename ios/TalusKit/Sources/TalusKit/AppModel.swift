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
    public enum Tab: Sendable, Equatable, CaseIterable { case today, plan, progress }
    /// A page over the tabs, with what it shows.
    public enum Page {
        case cuffs(CuffsModel)
        case exercise(ExerciseModel)
        case trust(TrustModel)
        case detail(DetailModel)
    }
    /// What the core says of an exercise before it is done.
    public struct Move: Sendable, Equatable {
        /// How to begin it.
        public var setUp: String
        /// The figure that shows it, where one is drawn.
        public var figure: String?

        public init(setUp: String, figure: String? = nil) { (self.setUp, self.figure) = (setUp, figure) }
    }

    /// Where the app is.
    public private(set) var place = Place.opening
    /// The tab that is looked at.
    public var tab = Tab.today
    /// Whether everything is made up: a household of its own, and no radio.
    public private(set) var demo = false
    /// What is there once a household is open.
    public private(set) var firstRun: FirstRunModel?
    public private(set) var today: TodayModel?
    public private(set) var plan: PlanModel?
    public private(set) var progress: ProgressModel?
    /// A session under way, over everything.
    public private(set) var session: LiveModel?
    /// Pairing, over everything but a session.
    public private(set) var pairing: PairModel?
    /// The pages over the tabs, the newest last.
    public private(set) var pages: [Page] = []
    /// What is known of each exercise, by its id.
    public private(set) var moves: [String: Move] = [:]
    /// The language the core speaks.
    public let language: String

    @ObservationIgnored private let folder: URL
    @ObservationIgnored private let phone: Phone
    @ObservationIgnored private let speed: Float
    @ObservationIgnored private let seed: UInt64
    @ObservationIgnored private var talus: TalusApp?

    /// Keeps its databases in `folder`; the real one is sealed where the phone has a key for it. A demo goes `speed` times as
    /// fast as the clock.
    public init(folder: URL, language: String, phone: Phone = Phone(), speed: Float = 1, seed: UInt64 = 1) {
        (self.folder, self.language, self.phone) = (folder, language, phone)
        (self.speed, self.seed) = (speed, seed)
    }

    /// Opens the household, or the one of the demo. Somebody who is not described yet comes to the first run.
    public func open(demo: Bool = false) async {
        place = .opening
        do {
            try phone.guarding?.prepare(folder)
            let name = demo ? "demo.db" : Self.database
            // A demo is nobody's: it needs no key.
            let key = demo ? nil : try phone.key?(folder)
            let talus = try await TalusApp.at(
                database: folder.appendingPathComponent(name).path, language: language,
                zone: TimeZone.current.identifier, key: key)
            self.talus = talus
            self.demo = demo
            moves = Dictionary(
                talus.exercises().map { ($0.id, Move(setUp: $0.setUp, figure: $0.figure)) },
                uniquingKeysWith: { first, _ in first })
            (today, plan, progress) = (TodayModel(talus), PlanModel(talus), ProgressModel(talus))
            pages = []
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
        session = LiveModel(speed: demo ? speed : 1, telling: phone.telling) {
            if demo { return LiveModel.Started(try await talus.demo(seed: seed), of: talus) }
            return LiveModel.Started(try await talus.nearby().train(exercises), of: talus)
        }
    }

    /// The session that was left or killed.
    public func resume() {
        guard let talus else { return }
        let demo = demo
        session = LiveModel(speed: demo ? speed : 1, resumed: true, telling: phone.telling) {
            if demo { return LiveModel.Started(try await talus.resume(), of: talus) }
            return LiveModel.Started(try await talus.nearby().resume(), of: talus)
        }
    }

    /// The session is over or was left.
    public func closeSession() async {
        session = nil
        await refresh()
    }

    /// Pairing: with this phone's Bluetooth, or in the demo with two made-up cuffs.
    public func pair() {
        guard let talus else { return }
        pairing = PairModel(talus, seed: demo ? seed : nil)
    }

    /// Pairing is done or was left.
    public func closePairing() async {
        await pairing?.stop()
        pairing = nil
        if case .cuffs(let cuffs) = pages.last { await cuffs.load() }
        await today?.load()
    }

    /// Looks at one session closely.
    public func look(at session: String) async {
        guard let model = progress?.detail(of: session) else { return }
        pages.append(.detail(model))
        await model.load()
    }

    /// The cuffs of the household.
    public func lookAtCuffs() async {
        guard let talus else { return }
        let model = CuffsModel(talus)
        pages.append(.cuffs(model))
        await model.load()
    }

    /// How an exercise goes, and what to do of it.
    public func look(atExercise id: String) async {
        guard let talus else { return }
        let model = ExerciseModel(talus, id)
        pages.append(.exercise(model))
        await model.load()
    }

    /// Plans from someone you trust.
    public func lookAtTrust() async {
        guard let talus else { return }
        let model = TrustModel(talus, files: phone.files)
        pages.append(.trust(model))
        await model.load()
    }

    /// One page back.
    public func back() async {
        _ = pages.popLast()
        // What was changed there shows here.
        await refresh()
    }

    private func introduce(_ talus: TalusApp) {
        firstRun = FirstRunModel(talus) { [weak self] in
            Task { await self?.home() }
        }
        place = .firstRun
    }

    private func home() async {
        await refresh()
        (firstRun, place) = (nil, .home)
    }

    private func refresh() async {
        await today?.load()
        await plan?.load()
        await progress?.load()
    }
}

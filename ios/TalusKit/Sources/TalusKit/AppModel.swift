import Foundation
import Observation

/// The app: which household is open, where somebody is in it, and the session or pairing that lies over it.
@MainActor @Observable
public final class AppModel {
    /// Where the app is.
    public enum Place: Sendable, Equatable {
        case opening, failed(advice: String), locked(Locked), firstRun, home
        /// A history is being mended: the share that is done, nil until that is known.
        case mending(done: Double?)
        case mended(MendedState)
        /// A backup is being brought back into an empty household.
        case restoring
    }
    /// Why the history that is there cannot be used. Nothing of it is touched.
    public enum Locked: Sendable, Equatable {
        /// Its key is not on this phone any more.
        case keyMissing
        /// The key on this phone is another one.
        case keyWrong
        /// The phone does not give the key out now.
        case keyRefused
        /// Its file is damaged.
        case damaged
        /// There is a file where it should be, and it is no history.
        case foreign
    }
    /// A way on from there.
    public enum Remedy: Sendable, Equatable { case repair, beginAnew }
    /// The file of the household in its folder; recordings lie beside it.
    nonisolated static let database = "talus.db"
    /// The tabs.
    public enum Tab: Sendable, Equatable, CaseIterable { case today, plan, progress, you }
    /// A page over the tabs, with what it shows.
    public enum Page {
        case cuffs(CuffsModel), exercise(ExerciseModel), trust(TrustModel), detail(DetailModel), calendar(CalendarModel)
        case health(HealthModel), safety(SafetyModel), checkIn(CheckInModel), own(OwnModel), people(PeopleModel)
        case learn(LearnModel), settings, about, licences
        case ahead(AheadModel), checks(ChecksModel), check(ChecksModel), lifts(LiftsModel), programme(ProgrammeModel)
        case aside(AsideModel)
    }
    /// Where a page leads to.
    public enum Way: Sendable, Equatable {
        case cuffs, exercise(String), trust, session(String), calendar, health, safety, checkIn, own, people, learn,
            settings, about, licences, ahead(Wish), checks, check(String), lifts, programme(String), aside
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
    /// What is brought back, while it is.
    public private(set) var restored: OwnModel?
    /// The ways on from a history that cannot be used, in their order.
    public private(set) var remedies: [Remedy] = []
    /// What a person can do where mending did not work; nothing has changed then.
    public private(set) var advice: String?
    /// A session under way, over everything.
    public private(set) var session: LiveModel?
    /// Pairing, over everything but a session.
    public private(set) var pairing: PairModel?
    /// The pages over the tabs, the newest last.
    public private(set) var pages: [Page] = []
    /// What is known of each exercise, by its id.
    public private(set) var moves: [String: Move] = [:]
    /// What a person has set.
    public let settings: SettingsModel
    /// Whether anything is shown at all.
    public let lock: AppLock
    /// The language the core speaks.
    public let language: String
    /// The number to call for help, where it is known.
    public let helpNumber: String?
    /// Whether files can be chosen and handed on.
    public var ownsFiles: Bool { phone.files != nil }

    @ObservationIgnored private let folder: URL
    @ObservationIgnored private let phone: Phone
    @ObservationIgnored private let speed: Float
    @ObservationIgnored private let seed: UInt64
    @ObservationIgnored private var talus: TalusApp?
    /// The history was found damaged while it was in use, with the ways on.
    @ObservationIgnored private var damaged: [Mending]?
    /// Whether the core was opened to say weights in pounds.
    @ObservationIgnored private var readsPounds = false
    @ObservationIgnored private let giving: Giving

    /// Keeps its databases in `folder`; the real one is sealed where the phone has a key for it. A demo goes `speed` times as
    /// fast as the clock.
    public init(folder: URL, language: String, phone: Phone = Phone(), speed: Float = 1, seed: UInt64 = 1) {
        (self.folder, self.language, self.phone) = (folder, language, phone)
        (self.speed, self.seed) = (speed, seed)
        helpNumber = EmergencyNumber.of(region: phone.region)
        let settings = SettingsModel(phone)
        self.settings = settings
        lock = AppLock(phone.unlocking) { settings.settings.locks }
        giving = Giving(phone.workouts) { settings.settings.health }
    }

    /// Opens the household, or the one of the demo. Somebody who is not described yet comes to the first run.
    public func open(demo: Bool = false) async {
        (place, advice) = (.opening, nil)
        do {
            try phone.guarding?.prepare(folder)
            // In a folder of its own: recordings lie beside their database, and those of a demo are not somebody's.
            let name = demo ? "demo/demo.db" : Self.database
            // A demo is nobody's: it needs no key.
            let key = demo ? nil : try phone.key?(folder)
            let household = try await TalusApp.at(
                database: folder.appendingPathComponent(name).path, language: language,
                zone: TimeZone.current.identifier, key: key, unit: settings.settings.pounds ? .pounds : .kilograms
            ) { [weak self] ways in Task { await self?.foundDamaged(ways) } }
            (self.demo, damaged, readsPounds) = (demo, nil, settings.settings.pounds)
            // Who was chosen last, where they are still there; the demo has one person.
            var talus = household
            if !demo, let person = settings.settings.person,
                try await household.profiles().contains(where: { $0.id == person })
            {
                talus = try await household.forPerson(person)
            }
            try await enter(talus)
        } catch is HouseholdKey.Lost {
            lock(.keyMissing, [.beginAnew])
        } catch is HouseholdKey.Refused {
            // What the phone keeps back for now it may give out later.
            lock(.keyRefused, [])
        } catch TalusError.KeyWrong(_, _, let ways) {
            lock(.keyWrong, ways)
        } catch TalusError.KeyNeeded(_, _, let ways) {
            lock(.keyMissing, ways)
        } catch TalusError.Damaged(_, _, let ways) {
            lock(.damaged, ways)
        } catch TalusError.Foreign(_, _, let ways) {
            lock(.foreign, ways)
        } catch {
            place = .failed(advice: error.advice)
        }
    }

    private func lock(_ why: Locked, _ ways: [Mending]) {
        remedies = ways.compactMap { $0 == .repair ? .repair : $0 == .beginAnew ? .beginAnew : nil }
        place = .locked(why)
    }

    /// Makes a new history of what still reads in a damaged one, which is kept.
    public func repair() async { await mend(.repair) }

    /// Takes what was set aside earlier into the history that is there; both stay whole where that does not work.
    public func bringBack(_ kept: String) async {
        guard place == .home, !demo, session == nil else { return }
        await release()
        do {
            let key = try phone.key?(folder)
            try await mend(.bringBack, key: key, aside: Aside(kept: kept, key: key), as: .broughtBack)
        } catch {
            let advice = error.advice
            await open()
            await go(.aside)
            if case .aside(let page) = pages.last { page.say(advice) }
        }
    }

    private var database: URL { folder.appendingPathComponent(Self.database) }

    /// Sets a history aside that cannot be opened, whole, and begins anew; a backup brings back what is in it.
    public func beginAnew() async { await mend(.beginAnew) }

    /// What came of mending was looked at.
    public func mendedSeen() async { await open() }

    /// Lets somebody who has nothing here yet choose a backup, and brings it back.
    public func restore() async {
        guard place == .firstRun, let talus, let files = phone.files else { return }
        let own = OwnModel(talus, files: files)
        (restored, place) = (own, .restoring)
        await own.choose()
        // Nobody chose a file.
        if own.state == .idle, own.advice == nil { (restored, place) = (nil, .firstRun) }
    }

    /// What was brought back was looked at, or it was left: on as whoever of them has answered, or with the first run.
    public func restoreSeen() async {
        restored?.forget()
        restored = nil
        guard let talus else { return }
        do {
            for person in try await talus.profiles() {
                let theirs = try await talus.forPerson(person.id)
                guard try await theirs.about()?.answers != nil else { continue }
                settings.change { $0.person = person.id }
                return try await enter(theirs)
            }
            place = .firstRun
        } catch { place = .failed(advice: error.advice) }
    }

    private func mend(_ how: Mending) async {
        guard case .locked(let why) = place else { return }
        do {
            // A lost key cannot be handed on; one that is only another is.
            let key = why == .keyMissing ? nil : try phone.key?(folder)
            try await mend(how, key: key, as: how == .repair ? .repaired : .setAside)
        } catch {
            (place, advice) = (.locked(why), error.advice)
        }
    }

    private func mend(_ how: Mending, key: Data?, aside: Aside? = nil, as what: MendedState.How) async throws {
        place = .mending(done: nil)
        let steps = TalusApp.mend(
            how, database: database.path, language: language, zone: TimeZone.current.identifier, key: key,
            aside: aside)
        for try await step in steps {
            switch step {
            case .under(let done): place = .mending(done: done.map(Double.init))
            case .done(let mended): place = .mended(MendedState(mended, how: what))
            }
        }
    }

    /// The questions again: whoever answered finds what they said.
    public func aboutYou() async {
        guard let talus else { return }
        do { introduce(talus, known: try await talus.about()) } catch { place = .failed(advice: error.advice) }
    }

    /// From now on the app is this person's.
    public func become(_ person: String) async {
        guard let talus, !demo else { return }
        do {
            try await enter(talus.forPerson(person))
            settings.change { $0.person = person }
        } catch { place = .failed(advice: error.advice) }
    }

    /// A session of what somebody wants: with the cuffs that are worn, or in the demo made up, where today's is the one that
    /// shows everything.
    public func start(_ wish: Wish = .today) {
        guard let talus else { return }
        let (demo, seed) = (demo, seed)
        phone.staying?.begin()
        session = LiveModel(speed: demo ? speed : 1, telling: phone.telling, banner: phone.banner) {
            let help = HelpSheet(try await talus.today().redFlag)
            let begun =
                if !demo {
                    try await talus.nearby().train(wish.wish)
                } else if wish == .today {
                    try await talus.demo(seed: seed)
                } else {
                    try await talus.practise(seed: seed, wish.wish)
                }
            return LiveModel.Started(begun, of: talus, help: help)
        }
    }

    /// The session that was left or killed.
    public func resume() {
        guard let talus else { return }
        let demo = demo
        phone.staying?.begin()
        session = LiveModel(speed: demo ? speed : 1, resumed: true, telling: phone.telling, banner: phone.banner) {
            let help = HelpSheet(try await talus.today().redFlag)
            let begun = try await demo ? talus.resume() : talus.nearby().resume()
            return LiveModel.Started(begun, of: talus, help: help)
        }
    }

    /// The session is over or was left.
    public func closeSession() async {
        let kept = session?.kept
        session = nil
        phone.staying?.end()
        if let damaged { return await letGo(damaged) }
        if !demo, let kept, let talus { await giving.give(kept, of: talus) }
        // What it was about is behind it.
        pages.removeAll { if case .ahead = $0 { true } else { false } }
        await refresh()
    }

    /// A call found the history damaged: the ways on are shown, but never over a session, which goes on in memory.
    func foundDamaged(_ ways: [Mending]) async {
        guard place != .opening, damaged == nil else { return }
        damaged = ways
        if session == nil { await letGo(ways) }
    }

    /// Lets go of a damaged history, so that it can be mended. A demo's is nobody's, and is not worth mending.
    private func letGo(_ ways: [Mending]) async {
        await release()
        if demo {
            try? FileManager.default.removeItem(at: folder.appendingPathComponent("demo"))
            return await open(demo: true)
        }
        lock(.damaged, ways)
    }

    /// Nothing has the history open any more.
    private func release() async {
        await pairing?.stop()
        (pairing, today, plan, progress, firstRun, restored, talus) = (nil, nil, nil, nil, nil, nil, nil)
        pages = []
    }

    /// Reminds of the days to come, as they are now.
    public func remind() async {
        guard !demo, let talus, let notices = phone.notices else { return }
        let set = settings.settings
        guard !set.reminderDays.isEmpty else { return Reminders(notices: notices).set([]) }
        let week: [Weekday] = [.monday, .tuesday, .wednesday, .thursday, .friday, .saturday, .sunday]
        let days = week.enumerated().filter { set.reminderDays.contains($0.offset + 1) }.map(\.element)
        let asked = Reminding(
            weekdays: days, minute: UInt16(min(max(set.reminderMinute, 0), 1439)), morning: nil, days: Reminders.days)
        // What cannot be known now stays as it was.
        guard let known = try? await talus.today(remind: asked).reminders else { return }
        Reminders(notices: notices).set(known)
    }

    /// Pairing: with this phone's Bluetooth, or in the demo with two made-up cuffs.
    public func pair() {
        guard let talus else { return }
        pairing = PairModel(talus, seed: demo ? seed : nil)
    }

    /// Hands on what was counted while cuffs were looked for.
    public func shareDiagnostics() async {
        guard let files = phone.files, let counted = await pairing?.diagnostics() else { return }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("Talus diagnostics.txt")
        defer { try? FileManager.default.removeItem(at: file) }
        guard (try? Data(counted.utf8).write(to: file)) != nil else { return }
        await files.handOn(file)
    }

    /// Pairing is done or was left.
    public func closePairing() async {
        await pairing?.stop()
        pairing = nil
        await refresh()
    }

    /// Opens a page over the tabs.
    public func go(_ way: Way) async {
        guard let talus, let page = page(way, talus) else { return }
        pages.append(page)
        await load(page)
    }

    /// One page back.
    public func back() async {
        let page = pages.popLast()
        if case .detail(let detail) = page, detail.deleted { await giving.takeBack(detail.session) }
        if readsPounds != settings.settings.pounds { return await reread() }
        // What was changed there shows here.
        await refresh()
    }

    /// The core says weights in the unit it was opened with.
    private func reread() async {
        let left = tab
        await open(demo: demo)
        tab = left
    }

    private func page(_ way: Way, _ talus: TalusApp) -> Page? {
        switch way {
        case .cuffs: return .cuffs(CuffsModel(talus))
        case .exercise(let id): return .exercise(ExerciseModel(talus, id))
        case .trust: return .trust(TrustModel(talus, files: phone.files))
        case .session(let id): return .detail(DetailModel(talus, id))
        case .calendar: return .calendar(CalendarModel(talus))
        case .health: return .health(HealthModel(talus))
        case .safety: return .safety(SafetyModel(talus))
        case .checkIn: return .checkIn(CheckInModel(talus))
        case .own: return phone.files.map { .own(OwnModel(talus, files: $0)) }
        case .people: return .people(PeopleModel(talus))
        case .learn: return .learn(LearnModel(talus))
        case .settings: return .settings
        case .about: return .about
        case .licences: return .licences
        case .ahead(let wish): return .ahead(AheadModel(talus, wish))
        case .checks: return .checks(ChecksModel(talus))
        case .check(let id): return .check(ChecksModel(talus, chosen: id))
        case .lifts: return .lifts(LiftsModel(talus))
        case .programme(let id): return .programme(ProgrammeModel(talus, id, files: phone.files))
        case .aside:
            let (database, language) = (database.path, language)
            return .aside(
                AsideModel { [phone, folder] in
                    let key = try phone.key?(folder)
                    return TalusApp.mend(
                        .lookAside, database: database, language: language, zone: TimeZone.current.identifier, key: key)
                })
        }
    }

    private func load(_ page: Page) async {
        switch page {
        case .cuffs(let model): await model.load()
        case .exercise(let model): await model.load()
        case .trust(let model): await model.load()
        case .detail(let model): await model.load()
        case .calendar(let model): await model.load()
        case .health(let model): await model.load()
        case .safety(let model): await model.load()
        case .own(let model): await model.load()
        case .people(let model): await model.load()
        case .ahead(let model): await model.load()
        case .checks(let model), .check(let model): await model.load()
        case .lifts(let model): await model.load()
        case .programme(let model): await model.load()
        case .aside(let model): await model.load()
        case .checkIn, .learn, .settings, .about, .licences: break
        }
    }

    private func enter(_ talus: TalusApp) async throws {
        self.talus = talus
        moves = Dictionary(
            talus.exercises().map { ($0.id, Move(setUp: $0.setUp, figure: $0.figure)) },
            uniquingKeysWith: { first, _ in first })
        (today, plan, progress) = (
            TodayModel(talus), PlanModel(talus, files: phone.files), ProgressModel(talus)
        )
        pages = []
        if demo { return await home() }
        // Where others live here too, somebody who has not answered yet is asked on Today, and can go back to being another.
        let answered = try await talus.about()?.answers != nil
        let alone = try await talus.profiles().count < 2
        if answered || !alone { await home() } else { introduce(talus, known: nil) }
    }

    private func introduce(_ talus: TalusApp, known: About?) {
        let answered = known?.answers != nil
        firstRun = FirstRunModel(talus, known: answered ? known : nil, leaves: place == .home) { [weak self] in
            Task { await self?.home() }
        }
        place = .firstRun
    }

    private func home() async {
        await refresh()
        (firstRun, place) = (nil, .home)
    }

    /// What is seen now may have changed under it.
    private func refresh() async {
        await today?.load()
        await plan?.load()
        await progress?.load()
        if let page = pages.last { await load(page) }
        await remind()
    }
}

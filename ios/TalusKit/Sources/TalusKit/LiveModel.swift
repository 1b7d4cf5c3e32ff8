import Observation

/// Follows one session for a screen: what to draw, what is told by voice and pulse, and what can be pressed.
@MainActor @Observable
public final class LiveModel {
    /// What to draw.
    public private(set) var state = LiveState.opening
    /// The session that is over and safe; what it was can be looked at.
    public private(set) var kept: String?
    /// The floor view: read from two metres, with nothing to hit.
    public var onFloor = false
    /// Whether the floor view opens by itself where an exercise begins.
    @ObservationIgnored public var opensFloor: @MainActor (_ exercise: String) -> Bool = { _ in false }

    @ObservationIgnored private let speed: Float
    @ObservationIgnored private let resumed: Bool
    @ObservationIgnored private let telling: Telling?
    @ObservationIgnored private let showing: Showing
    @ObservationIgnored private let begin: @Sendable () async throws -> Started
    @ObservationIgnored private var session: LiveSession?
    @ObservationIgnored private var names: [String: String] = [:]
    @ObservationIgnored private var help: HelpSheet?
    @ObservationIgnored private var sets: [UInt32: [Leg: LiveState.Ended]] = [:]
    @ObservationIgnored private var last: LiveState.Ended?
    @ObservationIgnored private var exercise = ""
    /// Nobody has pressed anything since a session was taken up again.
    @ObservationIgnored private var untouched = true

    /// A session, and what the exercises in it are called.
    public struct Started: Sendable {
        let session: LiveSession
        let talus: TalusApp
        let names: [String: String]
        let help: HelpSheet?

        /// `help` is what to do where a red flag is said: known before the session begins, so that nobody waits for it.
        public init(_ session: LiveSession, of talus: TalusApp, help: HelpSheet? = nil) {
            (self.session, self.talus, self.help) = (session, talus, help)
            names = talus.exerciseNames()
        }
    }

    /// Will follow the session that `begin` gives, `speed` times as fast as the clock: 1 is for people, more for tests.
    public init(
        speed: Float = 1, resumed: Bool = false, telling: Telling? = nil, banner: (any Banner)? = nil,
        begin: @escaping @Sendable () async throws -> Started
    ) {
        (self.speed, self.resumed, self.telling, self.begin) = (speed, resumed, telling, begin)
        showing = Showing(banner)
    }

    /// Follows the session to its end. Cancelling the task leaves the session so that it can be taken up again.
    public func run() async {
        defer { showing.end() }
        do {
            let started = try await begin()
            let session = started.session
            self.session = session
            (names, help) = (started.names, started.help)
            let events = try session.events()
            let listening = Task { for await event in events { await hear(event, of: session, in: started.talus) } }
            try session.pace(speed)
            for await frame in session.frames() { draw(frame) }
            self.session = nil
            // Pictures also end where the session failed; whoever waits for it is told why.
            do { _ = try session.latestFrame(after: 0) } catch  where !error.isClosed { state = .failed(error) } catch {
            }
            if Task.isCancelled { _ = try? await session.leave() }
            session.close()
            await listening.value
        } catch {
            session?.close()
            session = nil
            state = .failed(error)
        }
    }

    /// Yes: what is asked is right, or go on to what comes next.
    public func confirm() { press(.confirm) }

    /// Pause, or go on where it is paused.
    public func pauseOrGoOn() {
        if case .training(let set) = state, set.paused { press(.goOn) } else { press(.pause) }
    }

    /// End the set and the session, keep what was done.
    public func stop() { press(.stop) }

    /// Leaves the session so that it can be taken up again; nothing of it is lost. What could not be saved is told.
    public func leave() async {
        guard let session else { return }
        do { _ = try await session.leave() } catch  where !error.isClosed { state = .failed(error) } catch {}
    }

    /// End the set, keep what was done.
    public func endSet() { press(.endSet) }

    /// The count is one too low, or one too high.
    public func correct(up: Bool) { press(up ? .countUp : .countDown) }

    /// Half a minute more rest.
    public func restLonger() { press(.restLonger) }

    /// Leave out the exercise that is on or comes next.
    public func skip() { press(.skip) }

    /// Take the last change back.
    public func undo() { press(.undo) }

    /// One weight lighter or heavier for the sets that come.
    public func weight(heavier: Bool) { press(heavier ? .heavier : .lighter) }

    /// Go on without the cuff: counted by hand until the set is over.
    public func goOnWithoutCounting() { press(.timerOnly) }

    /// Pain, 0 to 10.
    public func pain(_ level: Int) {
        last?.pain = level
        tell { try $0.answer(.pain(level: UInt8(clamping: level))) }
    }

    /// How many more would have gone, 0 to 5; 5 means five or more.
    public func reserve(_ reps: Int) {
        last?.reserve = reps
        tell { try $0.answer(.reserve(reps: UInt8(clamping: reps))) }
    }

    /// Chest pain, fainting, weakness: stop and call for help.
    public func redFlag() { tell { try $0.answer(.redFlag) } }

    /// What its tests say is known once it is kept.
    private func tell(of kept: String?, in talus: TalusApp) async {
        guard let kept, case .over(var over) = state, let detail = try? await talus.session(kept) else { return }
        over.tested = detail.tested.map(LiveState.Tested.init)
        state = .over(over)
    }

    private func press(_ tap: Tap) {
        untouched = false
        tell { try $0.press(tap) }
    }

    private func tell(_ what: (LiveSession) throws -> Void) {
        guard let session else { return }
        do { try what(session) } catch  where !error.isClosed { state = .failed(error) } catch {}
    }

    private func draw(_ frame: Frame) {
        if case .over = state { return }
        state = LiveState(frame, last: last, resumed: resumed && untouched)
        showing.see(state)
    }

    private func hear(_ event: Event, of session: LiveSession, in talus: TalusApp) async {
        telling?.hear(event)
        switch event {
        case .setBegan(_, _, let exercise, _, _, _):
            last = nil
            // Once an exercise: who switches views in it keeps what they chose.
            if exercise != self.exercise { onFloor = opensFloor(exercise) }
            self.exercise = exercise
        case .setEnded(_, let index, let result):
            let ended = LiveState.Ended(result, name: names[result.exercise] ?? result.exercise)
            sets[index, default: [:]][ended.leg] = ended
            last = ended
        case .setReviewed(_, let index, let count, _):
            // What is corrected is the set that was done last.
            guard let leg = last?.leg else { break }
            last?.count = Int(count)
            sets[index]?[leg]?.count = Int(count)
        case .ended(_, let summary):
            let all = sets.keys.sorted().flatMap { index in Leg.allCases.compactMap { sets[index]?[$0] } }
            state = .over(
                LiveState.Over(
                    sentence: summary.sentence, sets: all, upNext: summary.upNext, redFlag: summary.redFlag,
                    help: summary.redFlag ? help : nil, walk: summary.walk))
            do { kept = try await session.finish() } catch  where !error.isClosed { state = .failed(error) } catch {}
            await tell(of: kept, in: talus)
        default: break
        }
    }
}

extension Error {
    var isClosed: Bool { (self as? TalusError)?.isClosed ?? false }

    /// What a person can do.
    var advice: String { (self as? TalusError)?.recoverySuggestion ?? localizedDescription }
}

extension LiveState {
    fileprivate static func failed(_ error: any Error) -> Self { .failed(advice: error.advice) }
}

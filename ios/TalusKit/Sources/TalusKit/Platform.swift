import Foundation

/// What a phone lends Talus: a voice, a motor, notices at a time, ways for files. Behind protocols, so that what decides about
/// them is tested without a phone; Apple's side of each is in `ios/Talus/Platform`.

/// Speaks. One sentence at a time.
@MainActor public protocol Voice: AnyObject {
    /// Whether something is being said now.
    var speaking: Bool { get }
    /// Says a sentence; other sound gets quieter meanwhile.
    func say(_ text: String)
    /// Stops at once.
    func hush()
}

/// What a pulse means; each means one thing. The core names them.
public enum Pulse: String, Sendable, CaseIterable {
    case repCounted = "rep_counted"
    case repNotCounted = "rep_not_counted"
    case targetReached = "target_reached"
    case holdTick = "hold_tick"
    case lowerNow = "lower_now"
    case getReady = "get_ready"
    case lastThree = "last_three"
    case setDone = "set_done"
    case switchSide = "switch_side"
    case restOverSoon = "rest_over_soon"
    case paused, resumed, cue, stop
    case signalPoor = "signal_poor"
    case cuffLost = "cuff_lost"
    case cuffBack = "cuff_back"
    case painSaved = "pain_saved"
    case sessionDone = "session_done"
}

/// Lets the phone be felt.
@MainActor public protocol Haptics: AnyObject {
    func play(_ pulse: Pulse)
}

/// Shows notices at a time, also while the app is not there.
@MainActor public protocol Notices: AnyObject {
    /// Asks the person whether notices are welcome; false where they are not.
    func ask() async -> Bool
    /// Shows these words once, on this day (`YYYY-MM-DD`) at this minute of it, where that is still to come.
    func put(_ id: String, words: String, localDay: String, minute: Int)
    /// Takes it back.
    func remove(_ id: String)
}

/// Takes files in and hands them on, as the system lets a person choose.
@MainActor public protocol FileExchange: AnyObject {
    /// Lets the person choose a file and gives a copy of it, which is the caller's; nil where they chose none.
    func choose() async -> URL?
    /// Lets the person say where a file goes: to another app, or into a folder. Comes back when they have.
    func handOn(_ file: URL) async
}

/// Lets a session go on while the screen is locked or another app is in front.
@MainActor public protocol Staying: AnyObject {
    /// A session goes on from now: the screen stays on, and voice and radio stay when it goes dark.
    func begin()
    /// It is over.
    func end()
}

/// What a phone lends the app. What it does not, the app does without.
@MainActor public struct Phone {
    public var guarding: (any FolderGuard)?
    /// The key of the household in a folder.
    public var key: (@Sendable (_ folder: URL) throws -> Data)?
    public var telling: Telling?
    public var files: (any FileExchange)?
    public var notices: (any Notices)?
    public var unlocking: (any Unlocking)?
    public var staying: (any Staying)?
    public var workouts: (any Workouts)?
    public var banner: (any Banner)?
    public var settings: (any SettingsStore)?
    /// Whether a screen reader is on.
    public var readerSpeaks: @MainActor () -> Bool = { false }
    /// The region that is set (ISO 3166); nil where it is not known.
    public var region: String?

    public init() {}
}

/// Tells a session's events by voice and by pulses.
@MainActor public final class Telling {
    /// Off while a screen reader speaks, unless the person wants both.
    public var speaks = true
    /// Every repetition's number too, for whoever wants it.
    public var numbers = false
    /// Off where the person wants none.
    public var pulses = true

    private let voice: any Voice
    private let haptics: any Haptics
    private var waiting: String?

    public init(voice: any Voice, haptics: any Haptics) { (self.voice, self.haptics) = (voice, haptics) }

    /// What happened.
    func hear(_ event: Event) {
        guard case .said(_, _, _, let cue) = event else { return }
        if pulses, let pulse = Pulse(rawValue: cue.sound) { haptics.play(pulse) }
        if let words = cue.voice, numbers || !cue.number { say(words, urgent: cue.cuts) }
    }

    /// Speech is never cut but by what the core says may cut; what comes meanwhile waits, and only the newest of it.
    private func say(_ text: String, urgent: Bool) {
        guard speaks else { return }
        if urgent { voice.hush() } else if voice.speaking { return waiting = text }
        waiting = nil
        voice.say(text)
    }

    /// The voice has come to an end.
    public func spoken() {
        guard speaks, !voice.speaking, let text = waiting else { return }
        waiting = nil
        voice.say(text)
    }
}

/// Notices of the days to come: the core knows what there is on each, and that there is nothing on a day of rest.
@MainActor struct Reminders {
    /// A system keeps 64 at most; four weeks of days are looked ahead.
    static let most = 60
    static let days: UInt32 = 28

    let notices: any Notices

    /// These take the place of all before.
    func set(_ reminders: [Reminder]) {
        for place in 0..<Self.most { notices.remove("train-\(place)") }
        for (place, one) in reminders.prefix(Self.most).enumerated() {
            notices.put("train-\(place)", words: one.says, localDay: one.localDay, minute: Int(one.minute))
        }
    }
}

import Foundation
import Observation

/// What a person has set. New settings have a default, so that what was kept before is still read.
public struct Settings: Sendable, Equatable, Codable {
    /// When Talus speaks.
    public enum Speaks: String, Sendable, Equatable, Codable, CaseIterable {
        /// Not while a screen reader does: two voices never talk at once.
        case unlessReader
        case always, never
    }

    /// When the view for the floor opens by itself.
    public enum Floor: String, Sendable, Equatable, Codable, CaseIterable { case lying, always, never }

    public var speaks = Speaks.unlessReader
    public var floor = Floor.lying
    /// Every repetition's number too.
    public var numbers = false
    public var pulses = true
    /// Weights are read in pounds; they are kept in grams.
    public var pounds = false
    /// Finished sessions go to the system's place for workouts too.
    public var health = false
    /// Days on which somebody is reminded, 1 is Monday.
    public var reminderDays: Set<Int> = []
    /// Minute of the day of a reminder.
    public var reminderMinute = 9 * 60
    /// Ask for face, finger or code before anything is shown.
    public var locks = false
    /// Id of the person whose app it is; nil is the household's first.
    public var person: String?

    public init() {}

    public init(from decoder: any Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        // What is not there, or no longer means anything, is as it is by default.
        speaks = (try? kept.decode(Speaks.self, forKey: .speaks)) ?? speaks
        floor = (try? kept.decode(Floor.self, forKey: .floor)) ?? floor
        numbers = (try? kept.decode(Bool.self, forKey: .numbers)) ?? numbers
        pulses = (try? kept.decode(Bool.self, forKey: .pulses)) ?? pulses
        pounds = (try? kept.decode(Bool.self, forKey: .pounds)) ?? pounds
        health = (try? kept.decode(Bool.self, forKey: .health)) ?? health
        reminderDays = (try? kept.decode(Set<Int>.self, forKey: .reminderDays)) ?? reminderDays
        reminderMinute = (try? kept.decode(Int.self, forKey: .reminderMinute)) ?? reminderMinute
        locks = (try? kept.decode(Bool.self, forKey: .locks)) ?? locks
        person = try? kept.decode(String.self, forKey: .person)
    }
}

/// A place for settings: nothing in it is secret, and losing it loses no history.
@MainActor public protocol SettingsStore: AnyObject {
    func read() -> Data?
    func write(_ data: Data)
}

/// Settings in the app's defaults.
@MainActor public final class DefaultsStore: SettingsStore {
    private let defaults: UserDefaults
    private static let key = "settings"

    public init(_ defaults: UserDefaults = .standard) { self.defaults = defaults }

    public func read() -> Data? { defaults.data(forKey: Self.key) }
    public func write(_ data: Data) { defaults.set(data, forKey: Self.key) }
}

/// The settings: kept as they change, and done at once.
@MainActor @Observable
public final class SettingsModel {
    /// What is set.
    public private(set) var settings: Settings
    /// The person wants no notices: reminders cannot be shown.
    public private(set) var noticesRefused = false

    /// The person does not let Talus write workouts.
    private var healthRefused = false

    @ObservationIgnored private let store: (any SettingsStore)?
    @ObservationIgnored private let phone: Phone

    init(_ phone: Phone) {
        (self.phone, store) = (phone, phone.settings)
        let kept = phone.settings?.read().flatMap { try? JSONDecoder().decode(Settings.self, from: $0) }
        settings = kept ?? Settings()
        apply()
    }

    /// Whether the phone can remind, and whether it can ask who it is.
    public var reminds: Bool { phone.notices != nil }
    public var canLock: Bool { phone.unlocking?.available ?? false }

    /// Whether there is a place for workouts; and whether the person does not let Talus write there, though it is on.
    public var hasHealth: Bool { phone.workouts?.available ?? false }
    public var healthDenied: Bool { healthRefused || settings.health && phone.workouts?.allowed != true }

    /// Gives finished sessions on from now on, where the person lets Talus write; asks the first time.
    public func health(_ on: Bool) async {
        healthRefused = false
        guard on else { return change { $0.health = false } }
        guard let workouts = phone.workouts, workouts.available else { return }
        let allowed = await workouts.ask()
        healthRefused = !allowed
        if allowed { change { $0.health = true } }
    }

    /// Changes something, keeps it and does it.
    public func change(_ change: (inout Settings) -> Void) {
        change(&settings)
        if let data = try? JSONEncoder().encode(settings) { store?.write(data) }
        apply()
    }

    /// Reminds on these days at this minute; asks the person the first time. What there is to be said on which day is the
    /// core's to know.
    public func remind(days: Set<Int>, minute: Int) async {
        guard let notices = phone.notices else { return }
        let shown = days.isEmpty ? true : await notices.ask()
        noticesRefused = !shown
        // What cannot be shown is not set.
        change { ($0.reminderDays, $0.reminderMinute) = (shown ? days : [], minute) }
    }

    /// Asks for face, finger or code from now on; whoever cannot unlock cannot switch it on.
    public func lock(_ on: Bool, reason: String) async {
        guard on else { return change { $0.locks = false } }
        guard let unlocking = phone.unlocking, unlocking.available, await unlocking.unlock(reason) else { return }
        change { $0.locks = true }
    }

    private func apply() {
        guard let telling = phone.telling else { return }
        telling.speaks =
            switch settings.speaks {
            case .unlessReader: !phone.readerSpeaks()
            case .always: true
            case .never: false
            }
        (telling.numbers, telling.pulses) = (settings.numbers, settings.pulses)
    }

    /// A screen reader was switched on or off.
    public func readerChanged() { apply() }
}

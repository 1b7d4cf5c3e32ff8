import SwiftUI
import TalusKit

/// Settings: voice, pulses, reminders, lock.
public struct SettingsView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case speaks(Settings.Speaks), floor(Settings.Floor), numbers(Bool), pulses(Bool), pounds(Bool), health(Bool),
            remind(
                days: Set<Int>, minute: Int), lock(Bool)
        case openSettings
    }

    @Environment(\.colorScheme) private var scheme
    private let settings: Settings
    private let reminds: Bool
    private let refused: Bool
    private let canLock: Bool
    private let health: Bool?
    private let measures: Measures
    private let act: @MainActor (Action) -> Void
    /// A quarter of an hour.
    private let step = 15

    /// `refused` where the person wants no notices of this app; `health` says whether workouts may be written, nil where the
    /// device has no place for them.
    public init(
        _ settings: Settings, reminds: Bool, refused: Bool, canLock: Bool, health: Bool? = nil, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
        self.health = health
        (self.settings, self.reminds, self.refused, self.canLock) = (settings, reminds, refused, canLock)
        self.act = act
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Settings"), look)
            Heading(Text("Voice"), look)
            ForEach(Settings.Speaks.allCases.indices, id: \.self) { index in
                let speaks = Settings.Speaks.allCases[index]
                Choice(name(speaks), chosen: settings.speaks == speaks, id: "speaks \(speaks)", look) {
                    act(.speaks(speaks))
                }
            }
            toggle("Say every number", settings.numbers, id: "numbers") { act(.numbers($0)) }
            toggle("Let the phone be felt", settings.pulses, id: "pulses") { act(.pulses($0)) }
            Heading(Text("View for the floor"), look)
            Text("Shows count and leg from two metres away.").font(.footnote).foregroundStyle(look.muted)
            ForEach(Settings.Floor.allCases.indices, id: \.self) { index in
                let floor = Settings.Floor.allCases[index]
                Choice(name(floor), chosen: settings.floor == floor, id: "floor \(floor)", look) {
                    act(.floor(floor))
                }
            }
            Heading(Text("Weights"), look)
            Choice("Kilograms", chosen: !settings.pounds, id: "kilograms", look) { act(.pounds(false)) }
            Choice("Pounds (lb)", chosen: settings.pounds, id: "pounds", look) { act(.pounds(true)) }
            if reminds { reminders(look) }
            if let health { giving(health, look) }
            if canLock {
                Heading(Text("Lock"), look)
                toggle("Ask for face, finger or code", settings.locks, id: "lock") { act(.lock($0)) }
                Text("A session that goes on is never covered.").font(.footnote).foregroundStyle(look.muted)
            }
            Text("Language and text size are those of the phone.").font(.footnote).foregroundStyle(look.muted)
            Secondary("Open settings", id: "settings") { act(.openSettings) }
        }
    }

    @ViewBuilder private func giving(_ allowed: Bool, _ look: Look) -> some View {
        Heading(Text("Apple Health"), look)
        if !allowed {
            Trouble(
                advice: String(localized: "Apple Health does not let Talus write. Allow it there, under Sharing."),
                look: look, again: nil)
        }
        toggle("Write finished sessions to Apple Health", settings.health, id: "health") { act(.health($0)) }
        Text(
            "Exercises, sets, repetitions and weights, and effort: worked out from how many more you could have done. Pain, notes and range stay here. Talus reads nothing there."
        )
        .font(.footnote).foregroundStyle(look.muted)
    }

    @ViewBuilder private func reminders(_ look: Look) -> some View {
        Heading(Text("Reminders"), look)
        Text("On these days, if a session is planned. Nothing on rest days.").font(.footnote)
            .foregroundStyle(look.muted)
        if refused {
            Trouble(
                advice: String(localized: "This phone shows no notices of Talus. Allow them in the settings."),
                look: look, again: nil)
        }
        ForEach(1..<8, id: \.self) { day in
            Toggle(isOn: Binding(get: { settings.reminderDays.contains(day) }, set: { remind(day, $0) })) {
                Text(verbatim: measures.weekdays[day - 1])
            }
            .accessibilityIdentifier("day \(day)")
        }
        Stepper(
            label: { Text(verbatim: measures.time(settings.reminderMinute)) },
            onIncrement: { shift(step) }, onDecrement: { shift(-step) }
        )
        .accessibilityLabel(Text("Time of a reminder"))
        .accessibilityValue(Text(verbatim: measures.time(settings.reminderMinute)))
        .accessibilityIdentifier("time")
    }

    private func remind(_ day: Int, _ on: Bool) {
        var days = settings.reminderDays
        if on { days.insert(day) } else { days.remove(day) }
        act(.remind(days: days, minute: settings.reminderMinute))
    }

    private func shift(_ by: Int) {
        // Past midnight it begins again.
        act(.remind(days: settings.reminderDays, minute: (settings.reminderMinute + by + 1440) % 1440))
    }

    private func name(_ floor: Settings.Floor) -> LocalizedStringKey {
        switch floor {
        case .lying: "Where you lie down"
        case .always: "Always"
        case .never: "Never"
        }
    }

    private func name(_ speaks: Settings.Speaks) -> LocalizedStringKey {
        switch speaks {
        case .unlessReader: "Speak, but not over VoiceOver"
        case .always: "Always speak"
        case .never: "Never speak"
        }
    }
}

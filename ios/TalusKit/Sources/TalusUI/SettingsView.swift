import SwiftUI
import TalusKit

/// Settings: voice, pulses, reminders, lock.
public struct SettingsView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case speaks(Settings.Speaks), floor(Settings.Floor), numbers(Bool), pulses(Bool), remind(
            days: Set<Int>, minute: Int), lock(Bool)
        case openSettings
    }

    @Environment(\.colorScheme) private var scheme
    private let settings: Settings
    private let reminds: Bool
    private let refused: Bool
    private let canLock: Bool
    private let measures: Measures
    private let act: @MainActor (Action) -> Void
    /// A quarter of an hour.
    private let step = 15

    /// `refused` where the person wants no notices of this app.
    public init(
        _ settings: Settings, reminds: Bool, refused: Bool, canLock: Bool, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
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
            toggle("Say every number", settings.numbers, id: "numbers") { .numbers($0) }
            toggle("Let the phone be felt", settings.pulses, id: "pulses") { .pulses($0) }
            Heading(Text("View for the floor"), look)
            Text("Shows count and leg from two metres away.").font(.footnote).foregroundStyle(look.muted)
            ForEach(Settings.Floor.allCases.indices, id: \.self) { index in
                let floor = Settings.Floor.allCases[index]
                Choice(name(floor), chosen: settings.floor == floor, id: "floor \(floor)", look) {
                    act(.floor(floor))
                }
            }
            if reminds { reminders(look) }
            if canLock {
                Heading(Text("Lock"), look)
                toggle("Ask for face, finger or code", settings.locks, id: "lock") { .lock($0) }
                Text("A session that goes on is never covered.").font(.footnote).foregroundStyle(look.muted)
            }
            Text("Language and text size are those of the phone.").font(.footnote).foregroundStyle(look.muted)
            Secondary("Open settings", id: "settings") { act(.openSettings) }
        }
    }

    @ViewBuilder private func reminders(_ look: Look) -> some View {
        Heading(Text("Reminders"), look)
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

    private func toggle(
        _ words: LocalizedStringKey, _ on: Bool, id: String, _ said: @escaping (Bool) -> Action
    ) -> some View {
        Toggle(isOn: Binding(get: { on }, set: { act(said($0)) })) { Text(words) }.accessibilityIdentifier(id)
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

/// The people of the household: whose app it is, and who else is here.
public struct PeopleView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case choose(String), add(String), rename(String), delete(String) }

    @Environment(\.colorScheme) private var scheme
    @State private var name = ""
    @State private var leaving: String?
    private let people: [PeopleModel.Line]
    private let advice: String?
    private let measures: Measures
    private let act: @MainActor (Action) -> Void

    public init(
        _ people: [PeopleModel.Line], advice: String? = nil, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.people, self.advice, self.act) = (people, advice, act)
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("People"), look)
            Text("Each has their own answers, cuffs, sessions and plan.").foregroundStyle(look.muted)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            ForEach(people.indices, id: \.self) { index in
                let one = people[index]
                Choice(called(one), chosen: one.chosen, id: "person \(index)", look) {
                    if !one.chosen { act(.choose(one.id)) }
                }
                if !one.chosen { deleting(one, look) }
            }
            TextField("Name", text: $name).accessibilityIdentifier("name")
            Secondary("Add somebody", id: "add") { pass { .add($0) } }.disabled(name.isEmpty)
            Secondary("Give this name to whoever is chosen", id: "rename") { pass { .rename($0) } }
                .disabled(name.isEmpty)
        }
    }

    @ViewBuilder private func deleting(_ one: PeopleModel.Line, _ look: Look) -> some View {
        if leaving == one.id {
            Text("Sessions: \(one.sessions). Recordings: \(one.recordings). Room: \(measures.bytes(one.bytes)).")
                .foregroundStyle(look.ink)
            Text("All of it goes with them, and cannot be brought back.").foregroundStyle(look.ink)
            Secondary("Delete them", id: "delete now") {
                act(.delete(one.id))
                leaving = nil
            }
            Secondary("Keep them", id: "keep") { leaving = nil }
        } else {
            Secondary("Delete", id: "delete \(one.id)") { leaving = one.id }.accessibilityValue(called(one))
        }
    }

    private func pass(_ action: (String) -> Action) {
        act(action(name))
        name = ""
    }

    private func called(_ one: PeopleModel.Line) -> Text {
        one.name.isEmpty ? Text("Without a name") : Text(verbatim: one.name)
    }
}

/// Week by week, the newest first: days of work and days of rest.
public struct CalendarView: View {
    @Environment(\.colorScheme) private var scheme
    @Environment(\.dynamicTypeSize) private var size
    private let state: CalendarState
    private let measures: Measures

    public init(_ state: CalendarState, language: String) {
        self.state = state
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Calendar"), look)
            if state.weeks.allSatisfy({ $0.sessions == 0 }) {
                Text("No session yet. The first one fills the first day.").foregroundStyle(look.muted)
            }
            ForEach(state.weeks.indices, id: \.self) { index in week(state.weeks[index], look) }
        }
    }

    private func week(_ week: CalendarState.Week, _ look: Look) -> some View {
        Card(look) {
            Text("Week of \(measures.day(week.monday))").font(.headline).foregroundStyle(look.ink)
            if !size.isAccessibilitySize {
                HStack(spacing: 8) {
                    ForEach(week.days.indices, id: \.self) { index in
                        VStack(spacing: 4) {
                            Text(verbatim: measures.weekdayLetters[index % 7]).font(.footnote)
                                .foregroundStyle(look.muted)
                            DayMark(day: week.days[index], look: look)
                        }
                    }
                }
            }
            if week.sessions > 0 {
                Text("Sessions: \(week.sessions). Time: \(measures.minutes(week.seconds)).").foregroundStyle(look.ink)
            }
            if week.planned > 0 {
                Text("Sets: \(week.sets) of \(week.planned)").foregroundStyle(look.muted)
            }
        }
        // One element: seven marks say nothing one by one.
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(spoken(week))
    }

    private func spoken(_ week: CalendarState.Week) -> Text {
        let day = measures.day(week.monday)
        if week.sessions == 0 { return Text("Week of \(day): no session") }
        let days = zip(measures.weekdays, week.days).filter { $0.1 == .done }.map(\.0).joined(separator: ", ")
        return week.planned > 0
            ? Text("Week of \(day): \(week.sessions) done, \(days). Sets: \(week.sets) of \(week.planned)")
            : Text("Week of \(day): \(week.sessions) done, \(days)")
    }
}

/// A day, drawn: done, rest, or still to come.
private struct DayMark: View {
    let day: CalendarState.Day
    let look: Look

    var body: some View {
        switch day {
        case .done: Image(systemName: "checkmark.circle.fill").foregroundStyle(look.accent)
        case .rest: Image(systemName: "minus").foregroundStyle(look.outline)
        case .toCome: Image(systemName: "circle").foregroundStyle(look.outline)
        }
    }
}

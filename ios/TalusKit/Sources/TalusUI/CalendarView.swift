import SwiftUI
import TalusKit

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

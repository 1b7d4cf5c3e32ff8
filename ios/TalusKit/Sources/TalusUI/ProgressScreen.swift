import Charts
import SwiftUI
import TalusKit

/// Progress: each chart's sentence first, then the chart, then the sessions.
public struct ProgressScreen: View {
    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: ProgressState
    private let language: String
    private let calendar: @MainActor () -> Void
    private let open: @MainActor (String) -> Void

    public init(
        _ state: ProgressState, language: String, calendar: @escaping @MainActor () -> Void,
        open: @escaping @MainActor (String) -> Void
    ) {
        (self.state, self.calendar, self.open) = (state, calendar, open)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Progress"), look)
            if state.sessions.isEmpty { Text("Three sessions make a first trend.").foregroundStyle(look.muted) }
            ForEach(state.courses.indices, id: \.self) { index in
                Card(look) { course(state.courses[index], look) }
            }
            ForEach(state.walking.indices, id: \.self) { index in
                Text(state.walking[index]).foregroundStyle(look.ink)
            }
            Secondary("Calendar", id: "calendar", action: calendar)
            if !state.sessions.isEmpty { Heading(Text("Sessions"), look) }
            ForEach(state.sessions.indices, id: \.self) { index in session(state.sessions[index], look) }
        }
    }

    @ViewBuilder private func course(_ course: ProgressState.Course, _ look: Look) -> some View {
        Text(course.exercise).font(.headline).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
        LegBadge(leg: course.leg, look: look)
        Text(course.sentence).foregroundStyle(look.ink)
        if course.points.count > 1 {
            Chart(course.points.indices, id: \.self) { index in
                LineMark(
                    x: .value("Day", course.points[index].date), y: .value("Value", course.points[index].value)
                )
                .foregroundStyle(look.of(course.leg))
                PointMark(
                    x: .value("Day", course.points[index].date), y: .value("Value", course.points[index].value)
                )
                .foregroundStyle(look.of(course.leg))
                .symbol(course.leg == .left ? .circle : .diamond)
                .accessibilityLabel(Text(verbatim: measures.day(course.points[index].localDay)))
                .accessibilityValue(Text(verbatim: value(course, course.points[index])))
            }
            .frame(height: 180)
            .accessibilityLabel(
                Text("Chart, \(course.points.count) points, from \(ends(course).0) to \(ends(course).1)")
            )
            .accessibilityIdentifier("chart")
        } else if let only = course.points.first {
            Text(verbatim: value(course, only)).font(.title2).foregroundStyle(look.ink)
        }
    }

    private func session(_ line: ProgressState.Line, _ look: Look) -> some View {
        LinkCard("session", look) {
            Pair {
                Text(verbatim: measures.day(line.localDay)).font(.headline).foregroundStyle(look.ink)
            } and: {
                Text(verbatim: measures.minutes(line.seconds)).foregroundStyle(look.muted)
            }
            Text(line.exercises.joined(separator: " · ")).foregroundStyle(look.muted)
            Text("Sets: \(line.sets). Repetitions: \(line.reps).").foregroundStyle(look.muted)
            if !line.finished { Text("Not finished").foregroundStyle(look.amber) }
        } act: {
            open(line.id)
        }
    }

    private func ends(_ course: ProgressState.Course) -> (String, String) {
        let values = course.points.map { value(course, $0) }
        return (values.first ?? "", values.last ?? "")
    }

    private func value(_ course: ProgressState.Course, _ point: ProgressState.Point) -> String {
        course.torque ? measures.torque(point.value) : massWords(Int((point.value * 1000).rounded()), measures)
    }
}

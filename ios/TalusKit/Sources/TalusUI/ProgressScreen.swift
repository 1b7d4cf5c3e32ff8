import Charts
import SwiftUI
import TalusKit

/// Progress: five tabs, no sixth. Each opens with the sentence that is the answer, then its chart, then the numbers; the
/// sessions lie below.
public struct ProgressScreen: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case tab(ProgressState.Tab), calendar, session(String), tests }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    @Environment(\.dynamicTypeSize) private var size
    @State private var numbers: Int?
    private let state: ProgressState
    private let tab: ProgressState.Tab
    private let language: String
    private let demo: Bool
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: ProgressState, tab: ProgressState.Tab = .strength, language: String, demo: Bool = false,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.tab, self.language, self.demo, self.act) = (state, tab, language, demo, act)
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Progress"), look)
            if demo { DemoPill(look: look) }
            tabs(look)
            switch tab {
            case .strength: courses(state.strength, empty: Text("Three sessions make a first trend."), look)
            case .balance:
                courses(state.balance, empty: Text("A first test makes a first point."), look)
                Secondary("Tests", id: "tests") { act(.tests) }
            case .walking: walking(look)
            case .energy: energy(look)
            case .moves:
                courses(state.moves, empty: Text("A first test makes a first point."), look)
                Secondary("Tests", id: "tests") { act(.tests) }
            }
            Secondary("Calendar", id: "calendar") { act(.calendar) }
            if !state.sessions.isEmpty { Heading(Text("Sessions"), look) }
            ForEach(state.sessions.indices, id: \.self) { index in session(state.sessions[index], look) }
        }
    }

    /// In two rows, so that nothing is cut and nothing scrolls sideways; one below the other in large type.
    @ViewBuilder private func tabs(_ look: Look) -> some View {
        if size.isAccessibilitySize {
            VStack(spacing: 8) {
                first(look)
                second(look)
            }
        } else {
            HStack(spacing: 8) { first(look) }
            HStack(spacing: 8) { second(look) }
        }
    }

    @ViewBuilder private func first(_ look: Look) -> some View {
        choice("Strength", .strength, look)
        choice("Balance", .balance, look)
        choice("Walking", .walking, look)
    }

    @ViewBuilder private func second(_ look: Look) -> some View {
        choice("Energy", .energy, look)
        choice("Daily moves", .moves, look)
    }

    @ViewBuilder private func choice(_ words: LocalizedStringKey, _ one: ProgressState.Tab, _ look: Look) -> some View {
        let button = Button(
            action: { act(.tab(one)) }, label: { Text(words).frame(maxWidth: .infinity, minHeight: 44) }
        )
        .buttonStyle(.bordered)
        .accessibilityIdentifier("progress \(one)")
        if tab == one { button.accessibilityAddTraits(.isSelected) } else { button }
    }

    @ViewBuilder private func courses(_ courses: [ProgressState.Course], empty: Text, _ look: Look) -> some View {
        if courses.isEmpty { empty.foregroundStyle(look.muted) }
        ForEach(courses.indices, id: \.self) { index in Card(look) { course(courses[index], index, look) } }
    }

    @ViewBuilder private func walking(_ look: Look) -> some View {
        if state.walking.isEmpty { Text("A first walk makes a first point.").foregroundStyle(look.muted) }
        ForEach(state.walked.indices, id: \.self) { index in Text(state.walked[index]).foregroundStyle(look.ink) }
        ForEach(state.walking.indices, id: \.self) { index in
            Card(look) {
                Heading(Text("Time of a stride"), look)
                course(state.walking[index], index, look)
            }
        }
    }

    /// Minutes only: what a body uses is not measured.
    @ViewBuilder private func energy(_ look: Look) -> some View {
        let all = state.weeks.map { Int($0.minutes.rounded()) }
        if all.allSatisfy({ $0 == 0 }) {
            Text("A first session fills the first week.").foregroundStyle(look.muted)
        } else {
            Card(look) {
                Text("This week: \(all.last ?? 0) minutes.").foregroundStyle(look.ink)
                Chart(state.weeks.indices, id: \.self) { index in
                    BarMark(
                        x: .value("Week", state.weeks[index].date), y: .value("Minutes", state.weeks[index].minutes)
                    )
                    .foregroundStyle(look.accent)
                    .accessibilityLabel(Text(verbatim: measures.day(state.weeks[index].monday)))
                    .accessibilityValue(Text("\(all[index]) minutes"))
                }
                .frame(height: 180)
                .accessibilityLabel(
                    Text("Minutes a week, \(all.count) weeks, from \(all.first ?? 0) to \(all.last ?? 0)")
                )
                .accessibilityIdentifier("chart")
            }
        }
        Text("Talus measures time, not what your body uses.").font(.footnote).foregroundStyle(look.muted)
    }

    @ViewBuilder private func course(_ course: ProgressState.Course, _ index: Int, _ look: Look) -> some View {
        if !course.name.isEmpty {
            Text(course.name).font(.headline).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
        }
        if let leg = course.leg { LegBadge(leg: leg, look: look) }
        if !course.sentence.isEmpty { Text(course.sentence).foregroundStyle(look.ink) }
        ForEach(course.standing.indices, id: \.self) { line in
            Text(course.standing[line]).foregroundStyle(look.muted)
        }
        if course.points.count > 1 {
            chart(course, look)
            Secondary(numbers == index ? "Hide the numbers" : "Show the numbers", id: "numbers \(index)") {
                numbers = numbers == index ? nil : index
            }
            if numbers == index {
                ForEach(course.points.indices, id: \.self) { point in
                    Pair {
                        Text(verbatim: measures.day(course.points[point].localDay)).foregroundStyle(look.muted)
                    } and: {
                        Text(verbatim: value(course, course.points[point])).foregroundStyle(look.ink)
                    }
                    .accessibilityElement(children: .combine)
                }
            }
        } else if let only = course.points.first {
            Text(verbatim: value(course, only)).font(.title2).foregroundStyle(look.ink)
        }
    }

    private func chart(_ course: ProgressState.Course, _ look: Look) -> some View {
        let color = course.leg.map(look.of) ?? look.accent
        return Chart(course.points.indices, id: \.self) { index in
            LineMark(x: .value("Day", course.points[index].date), y: .value("Value", course.points[index].value))
                .foregroundStyle(color)
            PointMark(x: .value("Day", course.points[index].date), y: .value("Value", course.points[index].value))
                .foregroundStyle(color)
                .symbol(course.leg == .right ? .diamond : .circle)
                .accessibilityLabel(Text(verbatim: measures.day(course.points[index].localDay)))
                .accessibilityValue(Text(verbatim: value(course, course.points[index])))
        }
        .chartYScale(domain: course.axis)
        .frame(height: 180)
        .accessibilityLabel(Text("Chart, \(course.points.count) points, from \(ends(course).0) to \(ends(course).1)"))
        .accessibilityIdentifier("chart")
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
            act(.session(line.id))
        }
    }

    private func ends(_ course: ProgressState.Course) -> (String, String) {
        let values = course.points.map { value(course, $0) }
        return (values.first ?? "", values.last ?? "")
    }

    private func value(_ course: ProgressState.Course, _ point: ProgressState.Point) -> String {
        switch course.unit {
        case .torque: measures.torque(point.value)
        case .mass: massWords(Int((point.value * 1000).rounded()), measures)
        case .seconds: measures.seconds(point.value)
        case .said: point.said
        }
    }
}

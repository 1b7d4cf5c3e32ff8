import Charts
import SwiftUI
import TalusKit

/// Progress: each chart's sentence first, then the chart, then the sessions.
public struct ProgressScreen: View {
    @Environment(\.colorScheme) private var scheme
    private let state: ProgressState
    private let measures: Measures
    private let calendar: @MainActor () -> Void
    private let open: @MainActor (String) -> Void

    public init(
        _ state: ProgressState, language: String, calendar: @escaping @MainActor () -> Void,
        open: @escaping @MainActor (String) -> Void
    ) {
        (self.state, self.calendar, self.open) = (state, calendar, open)
        measures = Measures(language: language)
    }

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

    @ViewBuilder private func session(_ line: ProgressState.Line, _ look: Look) -> some View {
        Button(
            action: { open(line.id) },
            label: {
                Card(look) {
                    Pair {
                        Text(verbatim: measures.day(line.localDay)).font(.headline).foregroundStyle(look.ink)
                    } and: {
                        Text(verbatim: measures.minutes(line.seconds)).foregroundStyle(look.muted)
                    }
                    Text(line.exercises.joined(separator: " · ")).foregroundStyle(look.muted)
                    Text("Sets: \(line.sets). Repetitions: \(line.reps).").foregroundStyle(look.muted)
                    if !line.finished { Text("Not finished").foregroundStyle(look.amber) }
                }
            }
        )
        .buttonStyle(.plain)
        .accessibilityIdentifier("session")
    }

    private func ends(_ course: ProgressState.Course) -> (String, String) {
        let values = course.points.map { value(course, $0) }
        return (values.first ?? "", values.last ?? "")
    }

    private func value(_ course: ProgressState.Course, _ point: ProgressState.Point) -> String {
        course.torque ? measures.torque(point.value) : massWords(Int((point.value * 1000).rounded()), measures)
    }
}

/// One session: its sentence, its sets, and of each the trace with its repetitions.
public struct DetailView: View {
    @Environment(\.colorScheme) private var scheme
    private let state: DetailState
    private let chosen: (set: Int, rep: Int)
    private let measures: Measures
    private let choose: @MainActor (Int, Int) -> Void

    public init(
        _ state: DetailState, chosen: (set: Int, rep: Int), language: String,
        choose: @escaping @MainActor (_ set: Int, _ rep: Int) -> Void
    ) {
        (self.state, self.chosen, self.choose) = (state, chosen, choose)
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text(verbatim: measures.day(state.localDay)), look)
            Text(state.sentence).foregroundStyle(look.ink)
            ForEach(state.sets.indices, id: \.self) { index in set(index, look) }
            if !state.note.isEmpty { Text(state.note).foregroundStyle(look.ink) }
        }
    }

    @ViewBuilder private func set(_ index: Int, _ look: Look) -> some View {
        let set = state.sets[index]
        SetLine(set: set.ended, measures: measures, look: look)
        if !set.counts {
            Text("It does not count towards what comes next.").font(.footnote).foregroundStyle(look.muted)
        }
        if set.trace.isEmpty {
            Text("No signal is kept of this set.").font(.footnote).foregroundStyle(look.muted)
        } else {
            TraceLines(lines: set.trace, scaleDeg: scale(set)).stroke(look.accent, style: StrokeStyle(lineWidth: 2))
                .frame(height: 180)
                .accessibilityLabel(Text("Angle over time, \(set.reps.count) repetitions"))
                .accessibilityIdentifier("trace \(index)")
        }
        ForEach(set.reps.indices, id: \.self) { number in
            Button(action: { choose(index, number) }, label: { rep(set.reps[number], number, look) })
                .buttonStyle(.plain)
                .accessibilityIdentifier("rep \(index) \(number)")
        }
        if chosen.set == index, set.reps.indices.contains(chosen.rep) { callOut(set.reps[chosen.rep], look) }
    }

    /// A bar as long as its range; hollow where it stayed short.
    private func rep(_ rep: DetailState.Rep, _ number: Int, _ look: Look) -> some View {
        HStack(spacing: 8) {
            Image(systemName: rep.full ? "circle.fill" : "circle").foregroundStyle(look.accent)
            Text(verbatim: "\(number + 1)").foregroundStyle(look.muted)
            Text(verbatim: measures.degrees(rep.rangeDeg)).foregroundStyle(look.ink)
            Spacer()
        }
        .frame(minHeight: 44)
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(
            rep.full
                ? Text("Repetition \(number + 1), \(measures.degrees(rep.rangeDeg))")
                : Text("Repetition \(number + 1), \(measures.degrees(rep.rangeDeg)), stayed short"))
    }

    private func callOut(_ rep: DetailState.Rep, _ look: Look) -> some View {
        Card(look) {
            Text(
                "Lift \(measures.seconds(rep.liftS)) · hold \(measures.seconds(rep.holdS)) · lower \(measures.seconds(rep.lowerS))"
            )
            .foregroundStyle(look.ink)
            ForEach(rep.stoodOut.indices, id: \.self) { index in
                Text(rep.stoodOut[index]).foregroundStyle(look.muted)
            }
        }
        .accessibilityElement(children: .combine)
        .accessibilityIdentifier("call-out")
    }

    private func scale(_ set: DetailState.Set) -> Double { max(set.trace.joined().map(\.deg).max() ?? 1, 1) }
}

/// Unbroken lines of a set; a gap stays a gap.
private struct TraceLines: Shape {
    let lines: [[DetailState.Sample]]
    let scaleDeg: Double

    func path(in rect: CGRect) -> Path {
        var path = Path()
        let all = lines.joined()
        guard let from = all.map(\.atS).min(), let to = all.map(\.atS).max(), to > from else { return path }
        for line in lines {
            for (index, sample) in line.enumerated() {
                let point = CGPoint(
                    x: rect.minX + rect.width * CGFloat((sample.atS - from) / (to - from)),
                    y: rect.maxY - rect.height * CGFloat(min(max(sample.deg / scaleDeg, 0), 1)))
                if index == 0 { path.move(to: point) } else { path.addLine(to: point) }
            }
        }
        return path
    }
}

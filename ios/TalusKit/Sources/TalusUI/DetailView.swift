import SwiftUI
import TalusKit

/// One session: its sentence, its sets, and of each the trace with its repetitions.
public struct DetailView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case choose(set: Int, rep: Int), correct(set: Int, up: Bool), otherLeg(set: Int), remove(set: Int), note(
            String), star(Bool), undo
        case score, accept, delete
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    @State private var note: String?
    @State private var fixed: Int?
    @State private var asks = false
    private let state: DetailState
    private let chosen: (set: Int, rep: Int)
    private let scored: DetailState.Scored?
    private let advice: String?
    private let language: String
    private let act: @MainActor (Action) -> Void

    /// `scored` is what today's engine sees otherwise, once it was asked.
    public init(
        _ state: DetailState, chosen: (set: Int, rep: Int), scored: DetailState.Scored? = nil, advice: String? = nil,
        language: String, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.chosen, self.scored, self.advice, self.act) = (state, chosen, scored, advice, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text(verbatim: measures.day(state.localDay)), look)
            Text(state.sentence).foregroundStyle(look.ink)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            if state.edits > 0 { Secondary("Take the last change back", id: "undo") { act(.undo) } }
            ForEach(state.walk.indices, id: \.self) { index in Text(state.walk[index]).foregroundStyle(look.ink) }
            ForEach(state.tested.indices, id: \.self) { index in
                TestedPart(test: state.tested[index], look: look)
            }
            if state.sets.isEmpty && state.tested.isEmpty {
                Text("This session ended before its first set.").foregroundStyle(look.muted)
            }
            ForEach(state.sets.indices, id: \.self) { index in set(index, look) }
            noting(look)
            if state.recording {
                toggle("Keep its signal for good", state.starred, id: "star") { act(.star($0)) }
                scoring(look)
            }
            deleting(look)
        }
    }

    @ViewBuilder private func noting(_ look: Look) -> some View {
        Heading(Text("Note"), look)
        TextField("Something to remember", text: Binding(get: { note ?? state.note }, set: { note = $0 }))
            .accessibilityIdentifier("note")
        Secondary("Keep this note", id: "keep note") {
            act(.note(note ?? ""))
            note = nil
        }
        .disabled(note == nil || note == state.note)
    }

    @ViewBuilder private func scoring(_ look: Look) -> some View {
        if let scored {
            if scored.sets == 0 && scored.moved == 0 {
                Text("Scored again: nothing changes.").foregroundStyle(look.ink)
            } else {
                Text("Scored again, sets that change: \(scored.sets). What you changed by hand stays.")
                    .foregroundStyle(look.ink)
                if scored.moved > 0 {
                    Text("Changes by hand that would lie on another set, or on none: \(scored.moved)")
                        .foregroundStyle(look.ink)
                }
                Secondary("Take the new score", id: "accept") { act(.accept) }
            }
        } else {
            Secondary("Score again", id: "score") { act(.score) }
        }
    }

    @ViewBuilder private func deleting(_ look: Look) -> some View {
        if asks {
            Text("Nothing of this session can be read afterwards, and it cannot be brought back.")
                .foregroundStyle(look.ink)
            Secondary("Delete it", id: "delete now") { act(.delete) }
            Secondary("Keep it", id: "keep") { asks = false }
        } else {
            Secondary("Delete this session", id: "delete") { asks = true }
        }
    }

    @ViewBuilder private func set(_ index: Int, _ look: Look) -> some View {
        let set = state.sets[index]
        SetLine(set: set.ended, measures: measures, look: look)
        if set.edited {
            Text("Changed by hand. It stays here and feeds no progress.").font(.footnote).foregroundStyle(look.muted)
        } else if !set.counts {
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
            Button(
                action: { act(.choose(set: index, rep: number)) }, label: { rep(set.reps[number], number, look) }
            )
            .buttonStyle(.plain)
            .accessibilityIdentifier("rep \(index) \(number)")
        }
        if chosen.set == index, set.reps.indices.contains(chosen.rep) { callOut(set.reps[chosen.rep], look) }
        if fixed == index {
            HStack(spacing: 8) {
                Secondary("One fewer", id: "fewer \(index)") { act(.correct(set: index, up: false)) }
                Secondary("One more", id: "more \(index)") { act(.correct(set: index, up: true)) }
            }
            Secondary("It was the other leg", id: "leg \(index)") {
                act(.otherLeg(set: index))
                fixed = nil
            }
            Secondary("This was no set", id: "remove \(index)") {
                act(.remove(set: index))
                fixed = nil
            }
        } else {
            Secondary("Fix count", id: "fix \(index)") { fixed = index }
                .accessibilityValue(Text(set.ended.exercise))
        }
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

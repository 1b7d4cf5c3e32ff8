import SwiftUI
import TalusKit

/// Tests: those that are due first, the balance ladder, the others, and what only a plan opens.
public struct ChecksView: View {
    @Environment(\.colorScheme) private var scheme
    private let state: ChecksState
    private let demo: Bool
    private let open: @MainActor (String) -> Void

    public init(_ state: ChecksState, demo: Bool = false, open: @escaping @MainActor (String) -> Void) {
        (self.state, self.demo, self.open) = (state, demo, open)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Tests"), look)
            if demo { DemoPill(look: look) }
            Text("A test says how it is today. It is no diagnosis.").foregroundStyle(look.muted)
            part("Due this week", state.due, look)
            part("Balance ladder", state.ladder, look)
            part("Others", state.tests, look)
            part("Coming back, with a plan", state.stages, look)
            if state.checks.isEmpty { Text("There is no test.").foregroundStyle(look.muted) }
        }
    }

    @ViewBuilder private func part(_ name: LocalizedStringKey, _ checks: [ChecksState.Check], _ look: Look) -> some View
    {
        if !checks.isEmpty {
            Heading(Text(name), look)
            ForEach(checks.indices, id: \.self) { index in line(checks[index], look) }
        }
    }

    private func line(_ check: ChecksState.Check, _ look: Look) -> some View {
        LinkCard("test \(check.id)", look) {
            Text(check.name).font(.headline).foregroundStyle(look.ink)
            if let why = check.whys.first { Text(why).font(.footnote).foregroundStyle(look.muted) }
            ForEach(check.results.indices, id: \.self) { index in
                Pair {
                    if let leg = check.results[index].leg {
                        LegBadge(leg: leg, look: look)
                    } else {
                        Text("Last").foregroundStyle(look.muted)
                    }
                } and: {
                    Text(verbatim: check.results[index].last).foregroundStyle(look.ink)
                }
            }
        } act: {
            open(check.id)
        }
    }
}

/// One test: what it is, how it goes with safety first, what it said so far; or why it is closed.
public struct CheckView: View {
    @Environment(\.colorScheme) private var scheme
    private let check: ChecksState.Check
    private let measures: Measures
    private let demo: Bool
    private let start: @MainActor () -> Void

    public init(
        _ check: ChecksState.Check, language: String, demo: Bool = false, start: @escaping @MainActor () -> Void
    ) {
        (self.check, self.demo, self.start) = (check, demo, start)
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text(check.name), look)
            if demo { DemoPill(look: look) }
            if !check.what.isEmpty { Text(check.what).foregroundStyle(look.ink) }
            if !check.open {
                Card(look) {
                    Heading(Text("Not now"), look)
                    ForEach(check.whys.indices, id: \.self) { index in
                        Text(check.whys[index]).foregroundStyle(look.ink)
                    }
                }
            }
            ForEach(check.results.indices, id: \.self) { index in Card(look) { result(check.results[index], look) } }
            Heading(Text("How it goes"), look)
            ForEach(check.steps.indices, id: \.self) { index in Text(check.steps[index]).foregroundStyle(look.ink) }
            if check.tries > 0 { tries(check.tries).foregroundStyle(look.muted) }
            GradeBadge(grade: check.grade, means: gradeWords(check.grade), look: look)
            if check.open && check.measured {
                Primary("Start", id: "start", action: start)
            } else if check.open {
                Text("This one is not measured. It is counted by hand.").foregroundStyle(look.muted)
            }
        }
    }

    @ViewBuilder private func result(_ result: ChecksState.Result, _ look: Look) -> some View {
        if let leg = result.leg { LegBadge(leg: leg, look: look) }
        Pair {
            Text(verbatim: result.last).font(.title2).foregroundStyle(look.ink)
        } and: {
            Text(verbatim: measures.day(result.localDay)).foregroundStyle(look.muted)
        }
        Text(result.told).foregroundStyle(look.ink)
        ForEach(result.standing.indices, id: \.self) { index in
            Text(result.standing[index]).foregroundStyle(look.muted)
        }
    }
}

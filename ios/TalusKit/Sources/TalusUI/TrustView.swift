import SwiftUI
import TalusKit

/// A plan from someone you trust: what it is, reading one, looking at it before it counts, putting it away.
public struct TrustView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case type(String), read, choose, accept, notMine, putAway(distrust: Bool)
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    @State private var asks = false
    private let state: TrustState
    private let text: String
    private let choosesFiles: Bool
    private let advice: String?
    private let language: String
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: TrustState, text: String, choosesFiles: Bool, advice: String? = nil, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.text, self.choosesFiles) = (state, text, choosesFiles)
        (self.advice, self.act) = (advice, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Plan from someone you trust"), look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            switch state {
            case .noPlan:
                Text("Somebody who treats or trains you can write one. It narrows what Talus asks of you.")
                    .foregroundStyle(look.muted)
                reading(look)
            case .preview(let plan):
                Text("Look at it first. It does not count yet.").foregroundStyle(look.muted)
                contents(plan, look)
                accepting(plan, look)
            case .accepted(let plan):
                contents(plan, look)
                puttingAway(look)
                Heading(Text("Another plan"), look)
                reading(look)
            }
        }
    }

    @ViewBuilder private func reading(_ look: Look) -> some View {
        if choosesFiles { Primary("Choose a file", id: "choose") { act(.choose) } }
        TextField("Text of the plan", text: Binding(get: { text }, set: { act(.type($0)) }))
            .accessibilityIdentifier("text")
        Secondary("Read this text", id: "read") { act(.read) }.disabled(text.isEmpty)
    }

    @ViewBuilder private func contents(_ plan: TrustState.Plan, _ look: Look) -> some View {
        Card(look) {
            Heading(Text("From \(plan.by)"), look)
            Text("\(measures.day(plan.fromDay)) to \(measures.day(plan.untilDay))").foregroundStyle(look.ink)
            if let why = plan.notNow {
                HStack(spacing: 8) {
                    Image(systemName: "exclamationmark.triangle").foregroundStyle(look.amber)
                    Text(why).foregroundStyle(look.ink)
                }
            }
        }
        ForEach(plan.lines.indices, id: \.self) { index in line(plan.lines[index], look) }
    }

    private func line(_ line: TrustState.Line, _ look: Look) -> some View {
        Card(look) {
            Text(line.name).font(.headline).foregroundStyle(look.ink)
            if let leg = line.leg {
                LegBadge(leg: leg, look: look)
            } else {
                Text("Both legs").foregroundStyle(look.ink)
            }
            (line.mostG > 0 ? Text("At most \(measures.mass(line.mostG))") : Text("No weight"))
                .foregroundStyle(look.muted)
            if let from = line.fromDeg, let to = line.toDeg {
                Text("From \(measures.degrees(from)) to \(measures.degrees(to))").foregroundStyle(look.muted)
            }
        }
        .accessibilityElement(children: .combine)
    }

    @ViewBuilder private func accepting(_ plan: TrustState.Plan, _ look: Look) -> some View {
        if plan.known {
            Primary("Accept plan", id: "accept") { act(.accept) }
        } else {
            Heading(Text("Is it really theirs?"), look)
            Text("Ask for their six words, by phone or face to face.").foregroundStyle(look.muted)
            Text(plan.words).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("words")
            Primary("The words match. Accept plan", id: "accept") { act(.accept) }
        }
        Secondary("Not mine", id: "not mine") { act(.notMine) }
    }

    @ViewBuilder private func puttingAway(_ look: Look) -> some View {
        if asks {
            Text("What it narrowed is open again as your answers leave it.").foregroundStyle(look.ink)
            Secondary("Put it away", id: "put away now") {
                act(.putAway(distrust: false))
                asks = false
            }
            Secondary("Put it away, and ask for the words next time", id: "distrust") {
                act(.putAway(distrust: true))
                asks = false
            }
            Secondary("Keep it", id: "keep") { asks = false }
        } else {
            Secondary("Put this plan away", id: "put away") { asks = true }
        }
    }
}

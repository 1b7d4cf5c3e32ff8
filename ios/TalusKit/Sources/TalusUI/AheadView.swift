import SwiftUI
import TalusKit

/// What a session would be, before it begins: exercise by exercise, part by part of a walk, or how a test goes; or why there
/// is none now.
public struct AheadView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case start, exercise(String) }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: AheadState
    private let wish: Wish
    private let language: String
    private let demo: Bool
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: AheadState, of wish: Wish, language: String, demo: Bool = false,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.wish, self.language, self.demo, self.act) = (state, wish, language, demo, act)
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(title, look)
            if demo { DemoPill(look: look) }
            switch state {
            case .closed(let whys):
                Heading(Text("Not now"), look)
                ForEach(whys.indices, id: \.self) { index in Text(whys[index]).foregroundStyle(look.ink) }
            case .open(let ahead):
                // The first ten minutes end with their walk.
                if let walk = ahead.walk, wish != .first { walking(walk, look) }
                ForEach(ahead.tests.indices, id: \.self) { index in Card(look) { test(ahead.tests[index], look) } }
                if let walk = ahead.walk, wish == .first { walking(walk, look) }
                ForEach(ahead.blocks.indices, id: \.self) { index in block(ahead.blocks[index], look) }
                Primary("Start", id: "start") { act(.start) }
            }
        }
    }

    private var title: Text {
        switch wish {
        case .today: Text("Today's session")
        case .first: Text("First ten minutes")
        case .exercises: Text("Your own session")
        case .walk: Text("Walk")
        case .tests: Text("Tests")
        }
    }

    private func block(_ block: AheadState.Block, _ look: Look) -> some View {
        LinkCard("exercise \(block.exercise) \(block.leg)", look) {
            Text(block.name).font(.headline).foregroundStyle(look.ink)
            Pair {
                LegBadge(leg: block.leg, look: look)
            } and: {
                Text(verbatim: massWords(block.massG, measures)).foregroundStyle(look.ink)
            }
            howMuch(block).foregroundStyle(look.ink)
            Text(block.why).font(.footnote).foregroundStyle(look.muted)
        } act: {
            act(.exercise(block.exercise))
        }
    }

    private func howMuch(_ block: AheadState.Block) -> Text {
        if let reps = block.reps { return Text("\(block.sets) × \(reps)") }
        return block.sets == 1 ? Text("1 set") : Text("\(block.sets) sets")
    }

    @ViewBuilder private func walking(_ walk: AheadState.Walk, _ look: Look) -> some View {
        Card(look) {
            Heading(walk.massG == 0 ? Text("Without weight") : Text("\(measures.mass(walk.massG)) on each leg"), look)
            Text(walk.why).foregroundStyle(look.muted)
            row("First, without weight", minutes(walk.beforeS), look)
            if walk.times > 0 {
                row("With weight", Text("\(walk.times) × \(measures.minutes(Double(walk.loadedS)))"), look)
                row("Between, without weight", minutes(walk.easyS), look)
                row("Last, without weight", minutes(walk.afterS), look)
                row("At most with weight in one go", minutes(walk.wearMostS), look)
            }
        }
        Text("Walk as you usually do. The phone may be in a pocket.").foregroundStyle(look.muted)
        if walk.skin { Text("Look at the skin under the cuffs afterwards.").foregroundStyle(look.ink) }
        if walk.massG > 0 {
            Text("It stops where your stride changes: cuffs off, and walk on without.").foregroundStyle(look.muted)
        }
    }

    private func minutes(_ seconds: Int) -> Text { Text(verbatim: measures.minutes(Double(seconds))) }

    private func row(_ name: LocalizedStringKey, _ value: Text, _ look: Look) -> some View {
        Pair {
            Text(name).foregroundStyle(look.muted)
        } and: {
            value.foregroundStyle(look.ink)
        }
        .accessibilityElement(children: .combine)
    }

    @ViewBuilder private func test(_ test: AheadState.Test, _ look: Look) -> some View {
        Text(test.name).font(.headline).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
        if let leg = test.leg { LegBadge(leg: leg, look: look) }
        if let stance = test.stance { Text(stance).foregroundStyle(look.ink) }
        if test.handOnCounter { Text("Keep a hand on the counter.").foregroundStyle(look.ink) }
        ForEach(test.steps.indices, id: \.self) { index in Text(test.steps[index]).foregroundStyle(look.muted) }
        tries(test.tries).foregroundStyle(look.muted)
    }
}

/// How often something is tried.
@MainActor func tries(_ count: Int) -> Text { count == 1 ? Text("1 try") : Text("\(count) tries") }

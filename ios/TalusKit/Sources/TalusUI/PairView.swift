import SwiftUI
import TalusKit

/// Pairing, step by step: why, nearby, wiggle, leg, weight, done.
public struct PairView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case look, demo, settings, choose(String), yes, no, wear(Leg), weigh(Int), keep, again, done, diagnostics
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: PairState
    private let language: String
    private let act: @MainActor (Action) -> Void

    public init(_ state: PairState, language: String, act: @escaping @MainActor (Action) -> Void) {
        (self.state, self.act) = (state, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) { step(look) }
    }

    @ViewBuilder private func step(_ look: Look) -> some View {
        switch state {
        case .why:
            Title(Text("Let's find your cuff"), look)
            line(
                "Talus talks to your cuff over Bluetooth. Nothing leaves this phone: the app has no internet access.",
                look)
            Primary("Allow Bluetooth", id: "look") { act(.look) }
            Secondary("Try the demo", id: "demo") { act(.demo) }
        case .denied:
            Title(Text("Talus can't see cuffs"), look)
            line("Talus can't see cuffs without Bluetooth access. You can still use the demo.", look)
            Primary("Open settings", id: "settings") { act(.settings) }
            Secondary("Try the demo", id: "demo") { act(.demo) }
        case .off:
            Title(Text("Bluetooth is off"), look)
            line("Turn it on to find your cuff.", look)
            Primary("Open settings", id: "settings") { act(.settings) }
            Secondary("Try the demo", id: "demo") { act(.demo) }
        case .nearby(let found, let patient): nearby(found, patient, look)
        case .wiggle(let name, let felt):
            Title(Text("Is this the one?"), look)
            Text(name).font(.headline).foregroundStyle(look.ink)
            line("Its light is blinking. Give it a small shake.", look)
            if felt {
                HStack(spacing: 8) {
                    Image(systemName: "checkmark.circle.fill").foregroundStyle(look.accent)
                    Text("Moving now").foregroundStyle(look.ink)
                }
            }
            Primary("Yes, this one", id: "yes") { act(.yes) }
            Secondary("No", id: "no") { act(.no) }
        case .leg(_, let replaces): leg(replaces, look)
        case .weight(let leg, let massG):
            Title(Text("What weight is on it?"), look)
            LegBadge(leg: leg, look: look)
            line("Count everything that hangs on the ankle.", look)
            Stepper(
                label: { Text(verbatim: massWords(massG, measures)) },
                onIncrement: { act(.weigh(measures.stepped(massG, by: 1, most: PairModel.mostG))) },
                onDecrement: { act(.weigh(measures.stepped(massG, by: -1, most: PairModel.mostG))) }
            )
            .accessibilityLabel(Text("Weight"))
            .accessibilityValue(Text(verbatim: massWords(massG, measures)))
            .accessibilityIdentifier("weight")
            Primary("That is it", id: "keep") { act(.keep) }
        case .done(let kept):
            Title(kept.leg == .left ? Text("The left cuff is ready") : Text("The right cuff is ready"), look)
            Text(verbatim: massWords(kept.massG, measures)).foregroundStyle(look.ink)
            if let battery = kept.batteryPercent {
                Text("Battery \(measures.percent(battery))").foregroundStyle(look.muted)
            }
            Primary("Done", id: "done") { act(.done) }
            Secondary("Add the other cuff", id: "again") { act(.again) }
        case .failed(let advice):
            Title(Text("That did not work"), look)
            Trouble(advice: advice, look: look) { act(.again) }
            diagnostics
        }
    }

    /// A plain text for whoever helps, without names.
    private var diagnostics: some View {
        Secondary("Share what was counted", id: "diagnostics") { act(.diagnostics) }
    }

    @ViewBuilder private func nearby(_ found: [PairState.Near], _ patient: Bool, _ look: Look) -> some View {
        Title(Text("Cuffs near you"), look)
        line("Move your foot. The cuff that moves lights up here.", look)
        if !patient {
            Card(look) {
                Text("Nothing nearby yet.").font(.headline).foregroundStyle(look.ink)
                line("Is the cuff awake? Press its button.", look)
                line("Is it charged?", look)
                line("Is another phone using it?", look)
                Secondary("Look again", id: "look") { act(.look) }
                diagnostics
            }
        }
        ForEach(found.indices, id: \.self) { index in
            Button(
                action: { act(.choose(found[index].name)) },
                label: {
                    Card(look) {
                        Pair {
                            Text(found[index].name).font(.headline).foregroundStyle(look.ink)
                        } and: {
                            strength(found[index].strength).foregroundStyle(look.muted)
                        }
                        if let battery = found[index].batteryPercent {
                            Text("Battery \(measures.percent(battery))").foregroundStyle(look.muted)
                        }
                    }
                }
            )
            .buttonStyle(.plain)
            .accessibilityIdentifier("cuff \(index)")
        }
    }

    @ViewBuilder private func leg(_ replaces: [Leg], _ look: Look) -> some View {
        Title(Text("Which leg is it on?"), look)
        line("Strap it just above the ankle bones, light to the outside.", look)
        ForEach(Leg.allCases.indices, id: \.self) { index in
            let leg = Leg.allCases[index]
            Button(
                action: { act(.wear(leg)) },
                label: {
                    Card(look) {
                        LegBadge(leg: leg, look: look)
                        if replaces.contains(leg) {
                            (leg == .left
                                ? Text("This replaces the cuff on your left leg.")
                                : Text("This replaces the cuff on your right leg."))
                                .foregroundStyle(look.muted)
                        }
                    }
                }
            )
            .buttonStyle(.plain)
            .accessibilityIdentifier(leg == .left ? "left" : "right")
        }
    }

    private func strength(_ strength: PairState.Strength) -> Text {
        switch strength {
        case .strong: Text("strong signal")
        case .fair: Text("fair signal")
        case .weak: Text("weak signal")
        }
    }

    private func line(_ words: LocalizedStringKey, _ look: Look) -> some View {
        Text(words).foregroundStyle(look.muted)
    }
}

/// The household's cuffs.
public struct CuffsView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case add, rename(String, String), forget(String), wear(String, Leg, massG: Int), swap
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    @State private var renamed: String?
    @State private var name = ""
    @State private var forgotten: String?
    @State private var moved: String?
    @State private var leg = Leg.left
    @State private var massG = 0
    private let cuffs: [CuffsModel.Line]
    private let advice: String?
    private let language: String
    private let act: @MainActor (Action) -> Void

    public init(
        _ cuffs: [CuffsModel.Line], advice: String? = nil, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.cuffs, self.advice, self.act) = (cuffs, advice, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Cuffs"), look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            if cuffs.isEmpty { Text("None yet. Add one.").foregroundStyle(look.muted) }
            ForEach(cuffs.indices, id: \.self) { index in Card(look) { card(cuffs[index], look) } }
            if Set(cuffs.compactMap(\.leg)).count == 2 {
                Secondary("Swap left and right", id: "swap") { act(.swap) }
            }
            Primary("Add a cuff", id: "add") { act(.add) }
        }
    }

    @ViewBuilder private func card(_ cuff: CuffsModel.Line, _ look: Look) -> some View {
        Pair {
            Text(cuff.name).font(.headline).foregroundStyle(look.ink)
        } and: {
            Text(verbatim: cuff.massG.map { massWords($0, measures) } ?? "").foregroundStyle(look.muted)
        }
        if let leg = cuff.leg { LegBadge(leg: leg, look: look) } else { Text("Not worn").foregroundStyle(look.muted) }
        if renamed == cuff.id {
            TextField("Name", text: $name).accessibilityIdentifier("name")
            Secondary("Keep this name", id: "keep name") {
                act(.rename(cuff.id, name))
                renamed = nil
            }
        } else if forgotten == cuff.id {
            Text("Its sessions stay. It can be paired again.").foregroundStyle(look.ink)
            Secondary("Forget it", id: "forget now") {
                act(.forget(cuff.id))
                forgotten = nil
            }
            Secondary("Keep it", id: "keep") { forgotten = nil }
        } else if moved == cuff.id {
            moving(cuff, look)
        } else {
            Secondary("Change leg or weight", id: "move \(cuff.id)") {
                (moved, leg, massG) = (cuff.id, cuff.leg ?? .left, cuff.massG ?? 0)
            }
            .accessibilityValue(Text(cuff.name))
            Secondary("Rename", id: "rename \(cuff.id)") { (renamed, name) = (cuff.id, cuff.name) }
                .accessibilityValue(Text(cuff.name))
            Secondary("Forget", id: "forget \(cuff.id)") { forgotten = cuff.id }
                .accessibilityValue(Text(cuff.name))
        }
    }

    @ViewBuilder private func moving(_ cuff: CuffsModel.Line, _ look: Look) -> some View {
        ForEach(Leg.allCases.indices, id: \.self) { index in
            let one = Leg.allCases[index]
            Choice(legName(one), chosen: leg == one, id: one == .left ? "left" : "right", look) { leg = one }
        }
        Stepper(
            label: { Text(verbatim: massWords(massG, measures)) },
            onIncrement: { massG = measures.stepped(massG, by: 1, most: PairModel.mostG) },
            onDecrement: { massG = measures.stepped(massG, by: -1, most: PairModel.mostG) }
        )
        .accessibilityLabel(Text("Weight"))
        .accessibilityValue(Text(verbatim: massWords(massG, measures)))
        .accessibilityIdentifier("weight")
        Secondary("That is it", id: "keep move") {
            act(.wear(cuff.id, leg, massG: massG))
            moved = nil
        }
        Secondary("Cancel", id: "cancel") { moved = nil }
    }
}

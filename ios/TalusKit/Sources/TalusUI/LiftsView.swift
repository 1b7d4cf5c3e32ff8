import SwiftUI
import TalusKit

/// Main lifts beside cuff work: logged, and taken back.
public struct LiftsView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case choose(Int), sets(Int), reps(Int), bar(Int), log, undo }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: LiftsState
    private let advice: String?
    private let language: String
    private let act: @MainActor (Action) -> Void
    /// Two and a half kilograms, or five pounds: one small plate on each end.
    private let steps = 10

    public init(
        _ state: LiftsState, advice: String? = nil, language: String, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.advice, self.language, self.act) = (state, advice, language, act)
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Log a main lift"), look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            Text("What you lifted elsewhere counts: the same muscles rest.").foregroundStyle(look.muted)
            ForEach(state.names.indices, id: \.self) { index in
                Choice(Text(state.names[index].name), chosen: state.chosen == index, id: "lift \(index)", look) {
                    act(.choose(index))
                }
            }
            number("Sets", "\(state.sets)", id: "sets", look) { act(.sets(state.sets + $0)) }
            number("Repetitions in a set", "\(state.reps)", id: "reps", look) { act(.reps(state.reps + $0)) }
            number("Weight", massWords(state.barG, measures), id: "bar", look) {
                act(.bar(measures.stepped(state.barG, by: $0 * steps, most: LiftsModel.mostBarG)))
            }
            Primary("Log it", id: "log") { act(.log) }
            if state.undoable { Secondary("Take it back", id: "undo") { act(.undo) } }
            if !state.logged.isEmpty { Heading(Text("Logged"), look) }
            ForEach(state.logged.indices, id: \.self) { index in Text(state.logged[index]).foregroundStyle(look.ink) }
            if !state.week.isEmpty { Heading(Text("This week"), look) }
            ForEach(state.week.indices, id: \.self) { index in Text(state.week[index]).foregroundStyle(look.muted) }
        }
    }

    private func number(
        _ name: LocalizedStringKey, _ value: String, id: String, _ look: Look, step: @escaping @MainActor (Int) -> Void
    ) -> some View {
        Stepper(
            label: {
                Pair {
                    Text(name).foregroundStyle(look.muted)
                } and: {
                    Text(verbatim: value).foregroundStyle(look.ink)
                }
            }, onIncrement: { step(1) }, onDecrement: { step(-1) }
        )
        .accessibilityLabel(Text(name))
        .accessibilityValue(Text(verbatim: value))
        .accessibilityIdentifier(id)
    }
}

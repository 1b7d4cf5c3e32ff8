import SwiftUI
import TalusKit

/// The people of the household: whose app it is, and who else is here.
public struct PeopleView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case choose(String), add(String), rename(String), delete(String) }

    @Environment(\.colorScheme) private var scheme
    @State private var name = ""
    @State private var leaving: String?
    private let people: [PeopleModel.Line]
    private let advice: String?
    private let measures: Measures
    private let act: @MainActor (Action) -> Void

    public init(
        _ people: [PeopleModel.Line], advice: String? = nil, language: String,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.people, self.advice, self.act) = (people, advice, act)
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("People"), look)
            Text("Each has their own answers, cuffs, sessions and plan.").foregroundStyle(look.muted)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            ForEach(people.indices, id: \.self) { index in
                let one = people[index]
                Choice(called(one), chosen: one.chosen, id: "person \(index)", look) {
                    if !one.chosen { act(.choose(one.id)) }
                }
                if !one.chosen { deleting(one, look) }
            }
            TextField("Name", text: $name).accessibilityIdentifier("name")
            Secondary("Add somebody", id: "add") { pass { .add($0) } }.disabled(name.isEmpty)
            Secondary("Give this name to whoever is chosen", id: "rename") { pass { .rename($0) } }
                .disabled(name.isEmpty)
        }
    }

    @ViewBuilder private func deleting(_ one: PeopleModel.Line, _ look: Look) -> some View {
        if leaving == one.id {
            Text("Sessions: \(one.sessions). Recordings: \(one.recordings). Room: \(measures.bytes(one.bytes)).")
                .foregroundStyle(look.ink)
            Text("All of it goes with them, and cannot be brought back.").foregroundStyle(look.ink)
            Secondary("Delete them", id: "delete now") {
                act(.delete(one.id))
                leaving = nil
            }
            Secondary("Keep them", id: "keep") { leaving = nil }
        } else {
            Secondary("Delete", id: "delete \(one.id)") { leaving = one.id }.accessibilityValue(called(one))
        }
    }

    private func pass(_ action: (String) -> Action) {
        act(action(name))
        name = ""
    }

    private func called(_ one: PeopleModel.Line) -> Text {
        one.name.isEmpty ? Text("Without a name") : Text(verbatim: one.name)
    }
}

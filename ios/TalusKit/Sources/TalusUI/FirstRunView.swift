import SwiftUI
import TalusKit

/// The first run: one question a screen, back always there.
public struct FirstRunView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case begin, demo, restore, back, confirm, goOn, answer(FirstRunState.Answer), howMuch(Int)
        case birthYear(String), heightCm(String), massKg(String), goal(FirstRunState.Goal), trained(Bool)
    }

    @Environment(\.colorScheme) private var scheme
    private let state: FirstRunState
    private let restores: Bool
    private let leaves: Bool
    private let act: @MainActor (Action) -> Void

    /// `restores` where a backup can be chosen, `leaves` where there is something to go back to.
    public init(
        _ state: FirstRunState, restores: Bool = true, leaves: Bool = false,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.restores, self.leaves, self.act) = (state, restores, leaves, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) { step(look) }
    }

    @ViewBuilder private func step(_ look: Look) -> some View {
        switch state {
        case .welcome:
            Title(Text("Strength, one leg at a time"), look)
            line("Talus counts, times and plans exercises with a cuff on your ankle.", look)
            line("It is not a medical device, and no clinician has reviewed it.", look)
            line("Nothing leaves this phone: the app has no internet access.", look)
            Primary("Begin", id: "begin") { act(.begin) }
            if leaves {
                Secondary("Back", id: "back") { act(.back) }
            } else {
                Secondary("Try the demo", id: "demo") { act(.demo) }
                if restores { Secondary("Bring back a backup", id: "restore") { act(.restore) } }
            }
        case .aboutYou(let about): aboutYou(about, look)
        case .question(let asked): question(asked, look)
        case .more(let more): howMuch(more, look)
        case .outcome(let outcome): leaves(outcome, look)
        case .failed(let advice):
            Title(Text("That did not work"), look)
            Trouble(advice: advice, look: look) { act(.back) }
        }
    }

    @ViewBuilder private func aboutYou(_ about: FirstRunState.AboutYou, _ look: Look) -> some View {
        Title(Text("About you"), look)
        line("Loads follow from age, height and weight. They stay on this phone.", look)
        field("Birth year", about.birthYear, id: "birth year") { .birthYear($0) }
        field("Height in centimetres", about.heightCm, id: "height") { .heightCm($0) }
        field("Weight in kilograms", about.massKg, id: "mass") { .massKg($0) }
        Heading(Text("What is it for?"), look)
        ForEach(FirstRunState.Goal.allCases.indices, id: \.self) { index in
            let goal = FirstRunState.Goal.allCases[index]
            Choice(name(goal), chosen: about.goal == goal, id: "goal \(index)", look) { act(.goal(goal)) }
        }
        toggle("I train regularly", about.trained, id: "trained") { act(.trained($0)) }
        if let advice = about.advice { Trouble(advice: advice, look: look, again: nil) }
        Primary("Next", id: "next") { act(.confirm) }.disabled(!about.complete)
        Secondary("Back", id: "back") { act(.back) }
    }

    @ViewBuilder private func question(_ asked: FirstRunState.Asked, _ look: Look) -> some View {
        Text("\(asked.number) of \(asked.of)").foregroundStyle(look.muted)
        Title(Text(asked.text), look)
        line("The answers only leave things out. Not sure counts as care.", look)
        ForEach(FirstRunState.Answer.allCases.indices, id: \.self) { index in
            let answer = FirstRunState.Answer.allCases[index]
            Choice(answerName(answer), chosen: asked.answered == answer, id: "\(answer)", look) { act(.answer(answer)) }
        }
        Secondary("Back", id: "back") { act(.back) }
    }

    @ViewBuilder private func howMuch(_ more: FirstRunState.More, _ look: Look) -> some View {
        Text("\(more.number) of \(more.of)").foregroundStyle(look.muted)
        switch more.kind {
        case .falls:
            Title(Text("How often did you fall in the last 12 months?"), look)
            numbers(0..<6, more, look)
        case .pain:
            Title(Text("How much does it hurt? 0 is none, 10 is the worst."), look)
            numbers(0..<11, more, look)
        case .cleared:
            Title(Text("Has somebody who treats you cleared you to exercise?"), look)
            Choice("Yes", chosen: more.value == 1, id: "yes", look) { act(.howMuch(1)) }
            Choice("No", chosen: more.value == 0, id: "no", look) { act(.howMuch(0)) }
        }
        Secondary("Back", id: "back") { act(.back) }
    }

    /// The last of the falls is "or more".
    private func numbers(_ range: Range<Int>, _ more: FirstRunState.More, _ look: Look) -> some View {
        ForEach(range, id: \.self) { number in
            let last = more.kind == .falls && number == range.upperBound - 1
            Choice(
                last ? Text("\(number) or more") : Text(verbatim: "\(number)"), chosen: more.value == number,
                id: "much \(number)", look
            ) {
                act(.howMuch(number))
            }
        }
    }

    @ViewBuilder private func leaves(_ outcome: FirstRunState.Outcome, _ look: Look) -> some View {
        Title(Text("What is open to you"), look)
        OutcomePart(outcome: outcome, look: look)
        Primary("Go on", id: "go on") { act(.goOn) }
        Secondary("Back", id: "back") { act(.back) }
    }

    private func field(
        _ title: LocalizedStringKey, _ text: String, id: String, _ typed: @escaping (String) -> Action
    ) -> some View {
        TextField(title, text: Binding(get: { text }, set: { act(typed($0)) }))
            .keyboardType(.decimalPad)
            .accessibilityIdentifier(id)
    }

    private func name(_ goal: FirstRunState.Goal) -> LocalizedStringKey {
        switch goal {
        case .strength: "Legs that do more"
        case .balance: "Stand more steadily"
        case .comeBack: "Come back after a break"
        case .beside: "Beside another sport"
        }
    }

    private func line(_ words: LocalizedStringKey, _ look: Look) -> some View {
        Text(words).foregroundStyle(look.muted)
    }
}

import SwiftUI
import TalusKit

/// The health answers: what they leave, what was said, and answering again.
public struct HealthView: View {
    @Environment(\.colorScheme) private var scheme
    private let state: HealthState
    private let again: @MainActor () -> Void

    public init(_ state: HealthState, again: @escaping @MainActor () -> Void) {
        (self.state, self.again) = (state, again)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Health answers"), look)
            Text("The answers only leave things out. They never say that somebody is healthy.")
                .foregroundStyle(look.muted)
            if state.replies.isEmpty {
                Text("Your answers decide what is open and how much.").foregroundStyle(look.ink)
                Primary("Answer now", id: "again", action: again)
            } else {
                OutcomePart(outcome: state.outcome, look: look)
                Heading(Text("What you said"), look)
                Card(look) {
                    ForEach(state.replies.indices, id: \.self) { index in reply(state.replies[index], look) }
                }
                Primary("Answer again", id: "again", action: again)
            }
        }
    }

    private func reply(_ reply: HealthState.Reply, _ look: Look) -> some View {
        VStack(alignment: .leading, spacing: 2) {
            Text(reply.text).foregroundStyle(look.ink)
            Text(answerName(reply.answer)).font(.footnote).foregroundStyle(look.muted)
        }
        .accessibilityElement(children: .combine)
    }
}

/// What is open, and what is held back and why.
struct OutcomePart: View {
    let outcome: FirstRunState.Outcome
    let look: Look

    var body: some View {
        Heading(Text("Open"), look)
        Card(look) {
            if outcome.open.isEmpty {
                Text("Nothing for now. A plan from someone you trust can open more.").foregroundStyle(look.ink)
            }
            ForEach(outcome.open.indices, id: \.self) { index in Text(outcome.open[index]).foregroundStyle(look.ink) }
        }
        if !outcome.heldBack.isEmpty {
            Heading(Text("Held back"), look)
            Card(look) {
                ForEach(outcome.heldBack.indices, id: \.self) { index in
                    VStack(alignment: .leading, spacing: 2) {
                        Text(outcome.heldBack[index].name).foregroundStyle(look.ink)
                        Text(outcome.heldBack[index].why).font(.footnote).foregroundStyle(look.muted)
                    }
                    .accessibilityElement(children: .combine)
                }
            }
        }
    }
}

/// The word of an answer.
func answerName(_ answer: FirstRunState.Answer) -> LocalizedStringKey {
    switch answer {
    case .yes: "Yes"
    case .no: "No"
    case .notSure: "Not sure"
    }
}

/// What to do now: the instruction, the call where its number is known, then what else is true.
struct HelpPart: View {
    let sheet: HelpSheet
    let number: String?
    let look: Look
    let call: @MainActor () -> Void

    var body: some View {
        HStack(spacing: 8) {
            Image(systemName: "exclamationmark.triangle").foregroundStyle(look.stop)
            Heading(Text(sheet.title), look)
        }
        // Without a number that a source gives, the core's words ask for the local one.
        if sheet.call, let number { Primary("Call \(number)", id: "call", action: call) }
        ForEach(sheet.lines.indices, id: \.self) { index in Text(sheet.lines[index]).foregroundStyle(look.ink) }
    }
}

/// When to stop: what to look for, and what to do then.
public struct SafetyView: View {
    @Environment(\.colorScheme) private var scheme
    private let state: SafetyState
    private let number: String?
    private let call: @MainActor () -> Void

    public init(_ state: SafetyState, number: String?, call: @escaping @MainActor () -> Void) {
        (self.state, self.number, self.call) = (state, number, call)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("When to stop"), look)
            Card(look) {
                ForEach(state.signs.indices, id: \.self) { index in Text(state.signs[index]).foregroundStyle(look.ink) }
            }
            Heading(Text("If one of these is there"), look)
            Card(look) { HelpPart(sheet: state.redFlag, number: number, look: look, call: call) }
            Heading(Text("If it hurts"), look)
            Card(look) { HelpPart(sheet: state.pain, number: nil, look: look, call: call) }
        }
    }
}

/// How are you today? What is said can only make a session lighter, or stop it.
public struct CheckInView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case pain(Int), sleptBadly(Bool), sore(Bool), swollen(Bool), sign(Int, Bool), keep, done, call
    }

    @Environment(\.colorScheme) private var scheme
    private let state: CheckInState
    private let advice: String?
    private let number: String?
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: CheckInState, advice: String? = nil, number: String?, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.advice, self.number, self.act) = (state, advice, number, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            // Where help is needed nothing stands before it.
            if state.sheet == nil { Title(Text("How are you today?"), look) }
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            if let sheet = state.sheet {
                Card(look) { HelpPart(sheet: sheet, number: number, look: look) { act(.call) } }
            }
            if let said = state.said {
                if state.sheet == nil { Text(said).foregroundStyle(look.ink).accessibilityIdentifier("line") }
                Primary("Done", id: "done") { act(.done) }
            } else {
                questions(look)
            }
        }
    }

    @ViewBuilder private func questions(_ look: Look) -> some View {
        Text("Pain now, 0 to 10").foregroundStyle(look.ink).accessibilityHidden(true)
        Stepper(
            label: { Text(verbatim: state.pain.map { "\($0)" } ?? Measures.unknown) },
            onIncrement: { act(.pain(min((state.pain ?? -1) + 1, 10))) },
            onDecrement: { act(.pain(max((state.pain ?? 1) - 1, 0))) }
        )
        .accessibilityLabel(Text("Pain now, 0 to 10"))
        .accessibilityValue(state.pain.map { Text(verbatim: "\($0)") } ?? Text("not answered"))
        .accessibilityIdentifier("pain")
        toggle("Slept badly", state.sleptBadly, id: "slept") { act(.sleptBadly($0)) }
        toggle("Sore muscles", state.sore, id: "sore") { act(.sore($0)) }
        toggle("A joint is swollen", state.swollen, id: "swollen") { act(.swollen($0)) }
        Heading(Text("Is one of these there?"), look)
        ForEach(state.signs.indices, id: \.self) { index in
            Toggle(
                isOn: Binding(get: { state.present.contains(index) }, set: { act(.sign(index, $0)) })
            ) { Text(state.signs[index]) }
            .accessibilityIdentifier("sign \(index)")
        }
        Primary("Done", id: "keep") { act(.keep) }.disabled(state.pain == nil && state.present.isEmpty)
    }
}

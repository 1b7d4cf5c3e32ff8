import SwiftUI
import TalusKit

/// Plan: what is followed and what could be, then every exercise.
public struct PlanView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case answer, follow(String?), trust, exercise(String), programme(String), tests, takeIn
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: PlanState
    private let language: String
    private let advice: String?
    private let takesIn: Bool
    private let demo: Bool
    private let act: @MainActor (Action) -> Void

    /// `advice` is the core's, where a programme could not be taken in; `takesIn` where files can be chosen.
    public init(
        _ state: PlanState, advice: String? = nil, takesIn: Bool = true, language: String, demo: Bool = false,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.advice, self.takesIn, self.demo, self.act) = (state, advice, takesIn, demo, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Plan"), look)
            if demo { DemoPill(look: look) }
            if !state.answered {
                Card(look) {
                    Text("Your answers decide what is open and how much.").foregroundStyle(look.ink)
                    Primary("Answer now", id: "about") { act(.answer) }
                }
            }
            trusted(look)
            if !state.programmes.isEmpty { Heading(Text("Programmes"), look) }
            ForEach(state.programmes.indices, id: \.self) { index in
                Card(look) {
                    ProgrammePart(one: state.programmes[index], look: look) { act(.follow($0)) }
                    Secondary("Look at it", id: "programme \(state.programmes[index].id)") {
                        act(.programme(state.programmes[index].id))
                    }
                    .accessibilityValue(Text(state.programmes[index].name))
                }
            }
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            if takesIn && state.answered { Secondary("Take in a shared programme", id: "take in") { act(.takeIn) } }
            if state.answered {
                LinkCard("tests", look) {
                    Text("Tests").font(.headline).foregroundStyle(look.ink)
                    Text("The balance ladder, and coming back with a plan").font(.footnote)
                        .foregroundStyle(look.muted)
                } act: {
                    act(.tests)
                }
            }
            Heading(Text("Exercises"), look)
            if state.exercises.isEmpty { Text("The exercises could not be read.").foregroundStyle(look.muted) }
            ForEach(state.exercises.indices, id: \.self) { index in line(state.exercises[index], look) }
        }
    }

    @ViewBuilder private func trusted(_ look: Look) -> some View {
        if let plan = state.trusted {
            LinkCard("trust", look) {
                Text("Plan from \(plan.by), until \(measures.day(plan.untilDay))").foregroundStyle(look.ink)
                if let why = plan.notNow { Text(why).foregroundStyle(look.muted) }
            } act: {
                act(.trust)
            }
        } else {
            Secondary("Plan from someone you trust", id: "trust") { act(.trust) }
        }
    }

    private func line(_ line: PlanState.Line, _ look: Look) -> some View {
        LinkCard("exercise \(line.id)", look) {
            Text(line.name).font(.headline).foregroundStyle(look.ink)
            if let why = line.closed {
                Text(why).font(.footnote).foregroundStyle(look.muted)
            } else if !line.measured {
                Text("This one is not measured. It is counted by hand.").font(.footnote).foregroundStyle(look.muted)
            }
        } act: {
            act(.exercise(line.id))
        }
    }
}

/// A programme: how often, what it needs first, and following it.
struct ProgrammePart: View {
    let one: TodayState.Programme
    let look: Look
    let follow: @MainActor (String?) -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 4) {
            Text(one.name).font(.headline).foregroundStyle(look.ink)
            Text("\(one.perWeek) × a week").font(.subheadline).foregroundStyle(look.muted)
            if one.followed {
                Secondary("Follow it no more", id: "unfollow \(one.id)") { follow(nil) }
                    .accessibilityValue(Text(one.name))
            } else if one.needs.isEmpty {
                Secondary("Follow this plan", id: "follow \(one.id)") { follow(one.id) }
                    .accessibilityValue(Text(one.name))
            } else {
                ForEach(one.needs.indices, id: \.self) { index in
                    Text(one.needs[index]).font(.footnote).foregroundStyle(look.muted)
                }
            }
        }
    }
}

/// One exercise: its figure, how it goes, and for each leg how much and why.
public struct ExerciseView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case start, answer, exercise(String) }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: ExerciseState
    private let language: String
    private let demo: Bool
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: ExerciseState, language: String, demo: Bool = false, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.demo, self.act) = (state, demo, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text(state.name), look)
            if demo { DemoPill(look: look) }
            if !state.measured {
                Text("This one is not measured. It is counted by hand.").foregroundStyle(look.ink)
            }
            if let figure = Figures.of(state.figure) {
                FigurePlayed(figure: figure, name: state.name)
            }
            ForEach(words.indices, id: \.self) { index in Text(words[index]).foregroundStyle(look.ink) }
            acts(look)
            if state.sides.isEmpty {
                Card(look) {
                    Text("Your answers decide what is open and how much.").foregroundStyle(look.ink)
                    Primary("Answer now", id: "about") { act(.answer) }
                }
            }
            ForEach(state.sides.indices, id: \.self) { index in Card(look) { side(state.sides[index], look) } }
            if state.open {
                Primary("Start this exercise", id: "start") { act(.start) }
            }
            neighbour("Easier", state.easier, look)
            neighbour("Harder", state.harder, look)
        }
    }

    /// Where the cuff acts, and how good the evidence for the exercise is.
    @ViewBuilder private func acts(_ look: Look) -> some View {
        Card(look) {
            site.font(.headline).foregroundStyle(look.ink)
            if !state.effect.isEmpty { Text(state.effect).foregroundStyle(look.muted) }
            if let grade = state.grade { GradeBadge(grade: grade, means: gradeWords(grade), look: look) }
        }
        .accessibilityElement(children: .combine)
    }

    private var site: Text {
        switch state.site {
        case .aboveAnkle: Text("The cuff sits above the ankle")
        case .aboveKnee: Text("The cuff sits above the knee")
        case .forefoot: Text("The cuff sits on the foot")
        }
    }

    @ViewBuilder private func neighbour(
        _ words: LocalizedStringKey, _ one: ExerciseState.Neighbour?, _ look: Look
    ) -> some View {
        if let one {
            LinkCard("beside \(one.id)", look) {
                Text(words).font(.footnote).foregroundStyle(look.muted)
                Text(one.name).font(.headline).foregroundStyle(look.ink)
            } act: {
                act(.exercise(one.id))
            }
        }
    }

    private var words: [String] { [state.setUp, state.go, state.keep].filter { !$0.isEmpty } }

    @ViewBuilder private func side(_ side: ExerciseState.Side, _ look: Look) -> some View {
        switch side {
        case .closed(let leg, let whys):
            LegBadge(leg: leg, look: look)
            Heading(Text("Not now"), look)
            ForEach(whys.indices, id: \.self) { index in Text(whys[index]).foregroundStyle(look.muted) }
        case .open(let leg, let dose):
            LegBadge(leg: leg, look: look)
            Text(verbatim: massWords(dose.massG, measures)).font(.title).foregroundStyle(look.ink)
            Text(dose.why).foregroundStyle(look.muted)
            row("How much", look) { howMuch(dose) }
            row("Rest", look) { Text("\(dose.restS) seconds") }
            if let range = dose.rangeDeg { row("Your range", look) { Text(verbatim: measures.degrees(range)) } }
            row("Your limit", look) { Text(verbatim: massWords(dose.mostG, measures)) }
        }
    }

    private func howMuch(_ dose: ExerciseState.Dose) -> Text {
        if let reps = dose.reps { return Text("\(dose.sets) × \(reps)") }
        return dose.sets == 1 ? Text("1 set") : Text("\(dose.sets) sets")
    }

    private func row(_ name: LocalizedStringKey, _ look: Look, _ value: () -> Text) -> some View {
        let value = value()
        return Pair {
            Text(name).foregroundStyle(look.muted)
        } and: {
            value.foregroundStyle(look.ink)
        }
        .accessibilityElement(children: .combine)
    }
}

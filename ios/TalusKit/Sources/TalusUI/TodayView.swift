import SwiftUI
import TalusKit

/// Today: what is next in two seconds, and starting it.
public struct TodayView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case start, resume, ahead(Wish), tests, lifts, cuffs, aboutYou, checkIn, follow(String), leaveDemo, call
        case morning(soreness: Int, swollen: Bool)
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    @Environment(\.dynamicTypeSize) private var size
    @State private var soreness: Int?
    @State private var swollen = false
    private let state: TodayState
    private let said: String?
    private let language: String
    private let demo: Bool
    private let number: String?
    private let act: @MainActor (Action) -> Void

    /// `number` is the one to call for help, where it is known.
    public init(
        _ state: TodayState, said: String? = nil, language: String, demo: Bool = false, number: String? = nil,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.said, self.demo, self.number, self.act) = (state, said, demo, number, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            if demo { DemoPill(look: look) }
            Title(Text(verbatim: measures.weekday(state.localDay)), look)
            Text(verbatim: measures.day(state.localDay)).foregroundStyle(look.muted)
            if let said { Text(said).foregroundStyle(look.ink) }
            if state.asksMorning { Card(look) { morning(look) } }
            if state.unfinished { Card(look) { unfinished(look) } }
            Card(look) { next(look) }
            week(look)
            cuffs(look)
            if state.answered && !locked { beside(look) }
        }
    }

    /// Help was called for: nothing else is to be done today.
    private var locked: Bool { if case .locked = state.next { true } else { false } }

    /// What can be done besides.
    @ViewBuilder private func beside(_ look: Look) -> some View {
        LinkCard("walk", look) {
            Text("Walk").font(.headline).foregroundStyle(look.ink)
            Text("First without weight, then with a little.").font(.footnote).foregroundStyle(look.muted)
        } act: {
            act(.ahead(.walk))
        }
        LinkCard("tests", look) {
            Text("Tests").font(.headline).foregroundStyle(look.ink)
            if state.testsDue.isEmpty {
                Text("None is due.").font(.footnote).foregroundStyle(look.muted)
            } else {
                Text("Due: \(state.testsDue.joined(separator: ", "))").font(.footnote).foregroundStyle(look.ink)
            }
        } act: {
            act(.tests)
        }
        LinkCard("lifts", look) {
            Text("Log a main lift").font(.headline).foregroundStyle(look.ink)
            Text(state.lifts.first ?? String(localized: "What you did without a cuff"))
                .font(.footnote).foregroundStyle(look.muted)
        } act: {
            act(.lifts)
        }
    }

    @ViewBuilder private func next(_ look: Look) -> some View {
        switch state.next {
        case .aboutYou where demo:
            Heading(Text("A demo session"), look)
            Text("A made-up person with two made-up cuffs.").foregroundStyle(look.muted)
            Primary("Start", id: "start") { act(.start) }
            Secondary("Use a real cuff", id: "leave demo") { act(.leaveDemo) }
        case .aboutYou(let advice):
            Heading(Text("Who is it for?"), look)
            Text(advice).foregroundStyle(look.muted)
            Primary("Answer now", id: "about") { act(.aboutYou) }
        case .choose(let programmes):
            Heading(Text("Choose a plan"), look)
            ForEach(programmes.indices, id: \.self) { index in
                ProgrammePart(one: programmes[index], look: look) { if let one = $0 { act(.follow(one)) } }
            }
        case .train(let title, let because, let exercises, let figure):
            Heading(Text(title), look)
            if let figure = Figures.of(figure) { FigureView(figure: figure) }
            ForEach(because.indices, id: \.self) { index in Text(because[index]).foregroundStyle(look.ink) }
            Text(exercises.joined(separator: " · ")).font(.subheadline).foregroundStyle(look.muted)
            Primary("Start", id: "start") { act(.start) }
            if state.measuresFirst { Secondary("First ten minutes", id: "first") { act(.ahead(.first)) } }
            Secondary("What is in it", id: "ahead") { act(.ahead(.today)) }
            Secondary("How are you today?", id: "check in") { act(.checkIn) }
        case .rest(let why):
            Heading(Text("Rest day"), look)
            Text(why).foregroundStyle(look.muted)
        case .shut(let whys):
            Heading(Text("Not today"), look)
            ForEach(whys.indices, id: \.self) { index in Text(whys[index]).foregroundStyle(look.muted) }
        case .finished(let says):
            Heading(Text("Every week is done"), look)
            Text(says).foregroundStyle(look.muted)
        case .locked(let sheet): HelpPart(sheet: sheet, number: number, look: look) { act(.call) }
        }
    }

    @ViewBuilder private func morning(_ look: Look) -> some View {
        Heading(Text("How is it this morning?"), look)
        Text("How sore, 0 to 10?").foregroundStyle(look.muted).accessibilityHidden(true)
        Stepper(
            label: { Text(verbatim: soreness.map { "\($0)" } ?? Measures.unknown) },
            onIncrement: { soreness = min((soreness ?? -1) + 1, 10) },
            onDecrement: { soreness = max((soreness ?? 1) - 1, 0) }
        )
        .accessibilityLabel(Text("How sore, 0 to 10?"))
        .accessibilityValue(soreness.map { Text(verbatim: "\($0)") } ?? Text("not answered"))
        .accessibilityIdentifier("soreness")
        Toggle(isOn: $swollen) { Text("Something is swollen") }.accessibilityIdentifier("swollen")
        Primary("Done", id: "morning") { act(.morning(soreness: soreness ?? 0, swollen: swollen)) }
            .disabled(soreness == nil)
    }

    @ViewBuilder private func unfinished(_ look: Look) -> some View {
        Heading(Text("You left in the middle"), look)
        Text("Your session is safe. Go on where it stopped.").foregroundStyle(look.muted)
        Primary("Go on", id: "resume") { act(.resume) }
    }

    /// One element: seven marks say nothing one by one.
    private func week(_ look: Look) -> some View {
        VStack(alignment: .leading, spacing: 8) {
            Pair {
                Text("This week").font(.headline).foregroundStyle(look.ink)
            } and: {
                Text("\(state.daysDone) done").foregroundStyle(look.muted)
            }
            if size.isAccessibilitySize {
                ForEach(state.week.indices, id: \.self) { index in
                    HStack(spacing: 8) {
                        mark(state.week[index], look)
                        Text(verbatim: measures.weekdays[index % 7]).foregroundStyle(look.ink)
                    }
                }
            } else {
                HStack(spacing: 8) {
                    ForEach(state.week.indices, id: \.self) { index in
                        VStack(spacing: 4) {
                            Text(verbatim: measures.weekdayLetters[index % 7]).font(.footnote)
                                .foregroundStyle(look.muted)
                            mark(state.week[index], look)
                        }
                    }
                }
            }
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(
            spokenWeek.isEmpty
                ? Text("This week: \(state.daysDone) done.") : Text("This week: \(state.daysDone) done. \(spokenWeek)")
        )
        .accessibilityIdentifier("week")
    }

    private func mark(_ day: TodayState.Day, _ look: Look) -> some View {
        let name =
            switch day {
            case .done: "checkmark.circle.fill"
            case .rest: "minus"
            case .today, .toCome: "circle"
            }
        return Image(systemName: name).foregroundStyle(day == .rest || day == .toCome ? look.outline : look.accent)
    }

    /// "Monday done, Tuesday rest."
    private var spokenWeek: String {
        let seen = zip(measures.weekdays, state.week).filter { $0.1 != .toCome && $0.1 != .today }
        let words = seen.map { name, day in
            day == .done ? String(localized: "\(name) done") : String(localized: "\(name) rest")
        }
        return words.joined(separator: ", ")
    }

    private func cuffs(_ look: Look) -> some View {
        LinkCard("cuffs", look) {
            Text("Cuffs").font(.headline).foregroundStyle(look.ink)
            if state.cuffs.isEmpty { Text("None yet. Add one.").foregroundStyle(look.muted) }
            ForEach(state.cuffs.indices, id: \.self) { index in cuff(state.cuffs[index], look) }
        } act: {
            act(.cuffs)
        }
    }

    @ViewBuilder private func cuff(_ cuff: TodayState.Cuff, _ look: Look) -> some View {
        Pair {
            if let leg = cuff.leg {
                LegBadge(leg: leg, look: look)
            } else {
                Text("Not worn").foregroundStyle(look.muted)
            }
        } and: {
            Text(verbatim: cuff.massG.map { massWords($0, measures) } ?? "").foregroundStyle(look.muted)
        }
    }
}

import SwiftUI
import TalusKit

/// A session on the screen, from looking for cuffs to its summary. It asks before it is left and loses nothing.
public struct LiveView: View {
    @State private var asksPain = false
    private let model: LiveModel
    private let language: String
    private let demo: Bool
    private let moves: [String: AppModel.Move]
    private let number: String?
    private let opensFloor: @MainActor (String) -> Bool
    private let call: @MainActor () -> Void
    private let close: @MainActor () -> Void

    /// `moves` says of each exercise how to begin it, in the core's words, and which figure shows it; `number` is the
    /// one to call for help, where it is known.
    public init(
        model: LiveModel, language: String = "en", demo: Bool = true, moves: [String: AppModel.Move] = [:],
        number: String? = nil, opensFloor: @escaping @MainActor (String) -> Bool = { _ in false },
        call: @escaping @MainActor () -> Void = {},
        close: @escaping @MainActor () -> Void = {}
    ) {
        (self.model, self.language, self.demo, self.moves) = (model, language, demo, moves)
        (self.number, self.opensFloor, self.call, self.close) = (number, opensFloor, call, close)
    }

    public var body: some View {
        LiveScreen(
            model.state, language: language, demo: demo, onFloor: model.onFloor, moves: moves, number: number,
            act: { action in
                if action == .askPain { asksPain = true } else { perform(action) }
            }
        )
        .task {
            model.opensFloor = opensFloor
            await model.run()
        }
        .sheet(isPresented: $asksPain) {
            PainPad { level in
                asksPain = false
                model.pain(level)
            } stopForHelp: {
                asksPain = false
                model.redFlag()
            }
        }
    }

    private func perform(_ action: LiveScreen.Action) {
        switch action {
        case .confirm: model.confirm()
        case .pauseOrGoOn: model.pauseOrGoOn()
        case .stop: model.stop()
        case .endSet: model.endSet()
        case .more: model.correct(up: true)
        case .fewer: model.correct(up: false)
        case .longer: model.restLonger()
        case .skip: model.skip()
        case .lighter: model.weight(heavier: false)
        case .heavier: model.weight(heavier: true)
        case .withoutCounting: model.goOnWithoutCounting()
        case .reserve(let reps): model.reserve(reps)
        case .floor(let on): model.onFloor = on
        case .leave:
            Task {
                await model.leave()
                if case .failed = model.state { return }
                close()
            }
        case .call: call()
        case .close: close()
        case .askPain: asksPain = true
        case .pain(let level): model.pain(level)
        }
    }
}

/// The same without a model: any state can be drawn.
public struct LiveScreen: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case confirm, pauseOrGoOn, stop, endSet, more, fewer, longer, skip, lighter, heavier, withoutCounting, askPain
        case reserve(Int), pain(Int), floor(Bool), leave, call, close
    }

    @Environment(\.colorScheme) private var scheme
    @Environment(\.pounds) private var pounds
    private let state: LiveState
    private let language: String
    private let demo: Bool
    private let onFloor: Bool
    private let moves: [String: AppModel.Move]
    private let number: String?
    private let act: @MainActor (Action) -> Void

    public init(
        _ state: LiveState, language: String, demo: Bool = false, onFloor: Bool = false,
        moves: [String: AppModel.Move] = [:],
        number: String? = nil, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.demo, self.onFloor, self.moves) = (state, demo, onFloor, moves)
        (self.number, self.act) = (number, act)
        self.language = language
    }

    private var measures: Measures { Measures(language: language, pounds: pounds) }

    public var body: some View {
        let look = Look(scheme)
        if onFloor, case .training(let set) = state, set.inSet || set.paused || set.part == .rest {
            FloorView(set) { act($0) }
        } else {
            VStack(spacing: 12) {
                if demo { DemoPill(look: look) }
                content(look)
            }
            .padding(20)
            .frame(maxWidth: .infinity, maxHeight: .infinity)
            .background(look.ground)
            .tint(look.accent)
            .accessibilityAction(.magicTap) { act(.pauseOrGoOn) }
        }
    }

    @ViewBuilder private func content(_ look: Look) -> some View {
        switch state {
        case .opening: waiting("One moment", look)
        case .looking: waiting("Looking for cuffs", look)
        case .connecting(let names):
            waiting("Connecting", look)
            Text(names.joined(separator: ", ")).foregroundStyle(look.muted)
        case .teaching(let lesson):
            Spacer()
            LegBadge(leg: lesson.leg, look: look)
            Text(lesson.instruction).font(.title).foregroundStyle(look.ink).accessibilityIdentifier("line")
            ProgressView(value: lesson.progress).accessibilityLabel(Text("Done"))
            Spacer()
        case .training(let set): training(set, look)
        case .over(let over): SummaryPart(over: over, number: number, measures: measures, look: look, act: act)
        case .failed(let advice):
            Spacer()
            Trouble(advice: advice, look: look, again: nil)
            Spacer()
            Primary("Close", id: "close") { act(.close) }
        }
    }

    @ViewBuilder private func waiting(_ line: LocalizedStringKey, _ look: Look) -> some View {
        Spacer()
        Text(line).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("line")
        Spacer()
    }

    @ViewBuilder private func training(_ set: LiveState.Training, _ look: Look) -> some View {
        if let trial = set.trial, set.part != .preflight, set.part != .review {
            TrialPart(set: set, trial: trial, measures: measures, look: look, act: act)
        } else if let walk = set.walking, set.part == .walk || set.part == .paused {
            WalkPart(set: set, walk: walk, measures: measures, look: look, act: act)
        } else {
            moving(set, look)
        }
    }

    @ViewBuilder private func moving(_ set: LiveState.Training, _ look: Look) -> some View {
        switch set.part {
        case .preflight, .instruct, .getReady:
            BeforePart(set: set, move: moves[set.exerciseId], measures: measures, look: look, act: act)
        case .review: ReviewPart(set: set, measures: measures, look: look, act: act)
        case .rest:
            RestPart(set: set, move: moves[set.exerciseId], measures: measures, look: look, act: act)
        case .set, .paused, .walk: SetPart(set: set, measures: measures, look: look, act: act)
        }
    }
}

/// In a set, read at arm's length: arc with target, giant count, one cue line, three ways out that never move.
struct SetPart: View {
    let set: LiveState.Training
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        // The reader's order: count, phase, cue, the ways out, then the rest; the eye has the arc above.
        VStack(spacing: 12) {
            ExerciseHead(
                set: set, turn: set.setOf > 0 ? Text("Set \(set.setNumber) of \(set.setOf)") : nil, look: look)
            Arc(shown: set, look: look)
            GiantCount("\(set.count)", size: 152, set.nearlyDone ? look.accent : look.ink, spoken: counted)
            if let target = set.target {
                Text("of \(target)").foregroundStyle(look.muted).accessibilityHidden(true)
            }
            phase.font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("phase")
            cue.foregroundStyle(look.ink).accessibilityIdentifier("line")
            Spacer()
            if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
            if set.lost || set.paused { more }
            if set.paused { Secondary("Leave, and go on later", id: "leave") { act(.leave) } }
            Button(
                action: { act(.floor(true)) }, label: { Text("Floor view").frame(maxWidth: .infinity, minHeight: 44) }
            )
            .buttonStyle(.bordered)
            .accessibilityIdentifier("floor on")
            .accessibilitySortPriority(-1)
            WaysOut(paused: set.paused, act: act)
        }
    }

    private var counted: Text {
        if let target = set.target { return Text("\(set.count) of \(target)") }
        return Text("\(set.count) counted")
    }

    private var phase: Text {
        if set.paused { return Text("Paused") }
        if set.lost { return Text("Cuff lost") }
        if let left = set.leftS { return Text("\(left) s") }
        if set.part == .walk {
            if let cadence = set.cadence { return Text("\(cadence) steps a minute") }
            return Text("Measuring")
        }
        switch set.moving {
        case .ready: return Text("Ready")
        case .lift: return Text("Lift")
        case .hold: return Text("Hold")
        case .lower: return Text("Lower")
        }
    }

    private var cue: Text {
        if set.resumed && set.paused {
            if let target = set.target { return Text("You were at \(set.count) of \(target).") }
            return Text("You were at \(set.count).")
        }
        if set.lost && set.walks { return Text("Walk on. What is not measured is not guessed.") }
        if set.lost { return Text("Rest the leg down. Looking…") }
        return set.measured ? Text(set.cue) : Text("Not measured just now. Keep your pace.")
    }

    /// What else can be done while nothing is counted.
    @ViewBuilder private var more: some View {
        HStack(spacing: 12) {
            if set.paused {
                Button(action: { act(.fewer) }, label: { Text(verbatim: "−1").frame(minWidth: 44, minHeight: 44) })
                    .accessibilityLabel(Text("One fewer")).accessibilityIdentifier("fewer")
                Button(action: { act(.more) }, label: { Text(verbatim: "+1").frame(minWidth: 44, minHeight: 44) })
                    .accessibilityLabel(Text("One more")).accessibilityIdentifier("more")
            } else {
                Button(action: { act(.withoutCounting) }, label: { wide("Go on without counting") })
                    .accessibilityIdentifier("without")
            }
            Button(action: { act(.endSet) }, label: { wide("End set") }).accessibilityIdentifier("end set")
        }
        .buttonStyle(.bordered)
        .accessibilityElement(children: .contain).accessibilitySortPriority(-1)
    }
}

/// What is done, on which leg, and which set or try it is: on top for the eye, heard last.
struct ExerciseHead: View {
    let set: LiveState.Training
    let turn: Text?
    let look: Look

    var body: some View {
        ExerciseTitle(set: set, look: look)
        HStack(spacing: 12) {
            if let leg = set.leg { LegBadge(leg: leg, look: look) }
            if let turn { turn.foregroundStyle(look.muted) }
        }
        .accessibilityElement(children: .contain).accessibilitySortPriority(-2)
    }
}

/// The name of what is done.
struct ExerciseTitle: View {
    let set: LiveState.Training
    let look: Look

    var body: some View {
        Text(set.exercise).font(.title2).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
            .accessibilityIdentifier("exercise").accessibilitySortPriority(-2)
    }
}

/// The one number that is read from afar, and how it is said.
struct GiantCount: View {
    let figure: String
    let size: CGFloat
    let color: Color
    let spoken: Text

    init(_ figure: String, size: CGFloat, _ color: Color, spoken: Text) {
        (self.figure, self.size, self.color, self.spoken) = (figure, size, color, spoken)
    }

    var body: some View {
        Text(verbatim: figure)
            .font(.system(size: size, weight: .semibold, design: .rounded))
            .foregroundStyle(color)
            .accessibilityIdentifier("count")
            .accessibilityLabel(spoken)
            .accessibilityAddTraits(.updatesFrequently)
    }
}

/// Pain, pause and stop: always there, never moving, to be hit without looking.
struct WaysOut: View {
    let paused: Bool
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        HStack(spacing: 12) {
            Button(action: { act(.askPain) }, label: { wide("Pain") }).accessibilityIdentifier("pain")
            Button(action: { act(.pauseOrGoOn) }, label: { wide(paused ? "Go on" : "Pause") })
                .accessibilityIdentifier("pause")
            Button(action: { act(.stop) }, label: { wide("Stop") }).accessibilityIdentifier("stop")
        }
        .buttonStyle(.bordered)
    }
}

/// A label of 72 points.
@MainActor private func wide(_ key: LocalizedStringKey) -> some View {
    Text(key).frame(maxWidth: .infinity, minHeight: 72)
}

/// Before a set: side and weight, signal and battery, then three, two, one.
struct BeforePart: View {
    let set: LiveState.Training
    let move: AppModel.Move?
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        VStack(alignment: .leading, spacing: 16) {
            Text(set.part == .preflight ? String(localized: "Before you start") : set.exercise).font(.title)
                .foregroundStyle(look.ink).accessibilityAddTraits(.isHeader).accessibilityIdentifier("exercise")
            if set.part == .preflight { checks } else { ready }
            Spacer()
            if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
            if set.part == .preflight { weights }
            if set.confirms { Primary("Start", id: "confirm") { act(.confirm) } }
            HStack(spacing: 12) {
                Secondary("Pause", id: "pause") { act(.pauseOrGoOn) }
                Secondary("Stop", id: "stop") { act(.stop) }
            }
        }
    }

    @ViewBuilder private var checks: some View {
        if let leg = set.leg {
            Card(look) {
                Pair {
                    LegBadge(leg: leg, look: look)
                } and: {
                    Text(verbatim: massWords(set.massG, measures)).foregroundStyle(look.ink)
                }
                Text("Is that what you are wearing?").foregroundStyle(look.muted)
            }
        }
        ForEach(set.cuffs.indices, id: \.self) { index in cuff(set.cuffs[index]) }
        if !set.why.isEmpty { Text(set.why).foregroundStyle(look.muted).accessibilityIdentifier("why") }
        if !set.cue.isEmpty { Text(set.cue).foregroundStyle(look.ink).accessibilityIdentifier("line") }
    }

    private func cuff(_ cuff: LiveState.Worn) -> some View {
        Card(look) {
            Pair {
                LegBadge(leg: cuff.leg, look: look)
            } and: {
                signal(cuff).foregroundStyle(cuff.streams && cuff.clear ? look.muted : look.amber)
            }
            if let battery = cuff.batteryPercent {
                Text("Battery \(measures.percent(battery))").foregroundStyle(look.muted)
            }
        }
        .accessibilityElement(children: .combine)
    }

    private func signal(_ cuff: LiveState.Worn) -> Text {
        if !cuff.streams { return Text("Looking for it") }
        return cuff.clear ? Text("Signal good") : Text("Signal poor")
    }

    private var weights: some View {
        HStack(spacing: 12) {
            Secondary("Lighter", id: "lighter") { act(.lighter) }
            Secondary("Heavier", id: "heavier") { act(.heavier) }
        }
    }

    @ViewBuilder private var ready: some View {
        if let leg = set.leg {
            Pair {
                LegBadge(leg: leg, look: look)
            } and: {
                Text(verbatim: massWords(set.massG, measures)).foregroundStyle(look.ink)
            }
        }
        if let target = set.target { Text("\(target) times").foregroundStyle(look.ink) }
        if let figure = Figures.of(move?.figure) {
            FigureView(figure: figure, mirrored: set.leg == .left)
        }
        Text(move?.setUp ?? "").foregroundStyle(look.ink)
        if !set.cue.isEmpty && set.cue != move?.setUp {
            Text(set.cue).foregroundStyle(look.ink).accessibilityIdentifier("line")
        }
        if let left = set.leftS {
            Text(verbatim: "\(left)")
                .font(.system(size: 152, weight: .semibold, design: .rounded))
                .foregroundStyle(look.accent)
                .accessibilityIdentifier("left")
        }
    }
}

/// After a set: what was counted, two questions that may be left open, and why the next weight is what it is.
struct ReviewPart: View {
    let set: LiveState.Training
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 16) {
                Text("How was that?").font(.title).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
                    .accessibilityIdentifier("exercise")
                if let last = set.last { SetLine(set: last, measures: measures, look: look) }
                if let left = set.leftS { Text("Rest \(measures.clock(left))").foregroundStyle(look.muted) }
                Text("How many more could you have done?").foregroundStyle(look.ink)
                HStack(spacing: 8) {
                    ForEach(0..<6, id: \.self) { reps in
                        numberButton(
                            reps == 5 ? "5+" : "\(reps)", chosen: set.last?.reserve == reps, id: "reserve \(reps)"
                        ) {
                            act(.reserve(reps))
                        }
                        .accessibilityLabel(reps == 5 ? Text("5 or more in reserve") : Text("\(reps) in reserve"))
                    }
                }
                Text("Pain, 0 to 10").foregroundStyle(look.ink).accessibilityHidden(true)
                Button(
                    action: { act(.askPain) },
                    label: {
                        Text(verbatim: set.last?.pain.map { "\($0)" } ?? Measures.unknown)
                            .frame(maxWidth: .infinity, minHeight: 44)
                    }
                )
                .buttonStyle(.bordered)
                .accessibilityLabel(Text("Pain, 0 to 10"))
                .accessibilityValue(set.last?.pain.map { Text(verbatim: "\($0)") } ?? Text("not answered"))
                .accessibilityIdentifier("pain")
                Pair {
                    Text("Fix count").foregroundStyle(look.ink)
                } and: {
                    HStack(spacing: 8) {
                        numberButton("−1", chosen: false, id: "fewer") { act(.fewer) }
                            .accessibilityLabel(Text("One fewer"))
                        numberButton("+1", chosen: false, id: "more") { act(.more) }
                            .accessibilityLabel(Text("One more"))
                    }
                }
                if !set.why.isEmpty { Text(set.why).foregroundStyle(look.muted).accessibilityIdentifier("why") }
                if !set.upNext.isEmpty { Text(set.upNext).foregroundStyle(look.muted) }
                Primary("Go on", id: "confirm") { act(.confirm) }
                Secondary("Stop", id: "stop") { act(.stop) }
            }
        }
    }

    @ViewBuilder private func numberButton(
        _ words: String, chosen: Bool, id: String, _ action: @escaping @MainActor () -> Void
    ) -> some View {
        let button = Button(
            action: action,
            label: {
                Text(verbatim: words).foregroundStyle(chosen ? look.onAccent : look.ink)
                    .frame(maxWidth: .infinity, minHeight: 44)
            }
        )
        .buttonStyle(chosen ? .borderedProminent : .bordered)
        .accessibilityIdentifier(id)
        if chosen { button.accessibilityAddTraits(.isSelected) } else { button }
    }
}

/// Rest: seconds, what comes next, and the other leg where it is its turn.
struct RestPart: View {
    let set: LiveState.Training
    let move: AppModel.Move?
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        VStack(spacing: 16) {
            Text("Rest").font(.title).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
                .accessibilityIdentifier("exercise")
            Spacer()
            if let left = set.leftS {
                Text(verbatim: measures.clock(left))
                    .font(.system(size: 96, weight: .semibold, design: .rounded))
                    .foregroundStyle(look.ink)
                    .accessibilityLabel(Text("\(left) seconds left"))
                    .accessibilityAddTraits(.updatesFrequently)
                    .accessibilityIdentifier("left")
            }
            if let last = set.last, let leg = set.leg, last.leg != leg {
                (leg == .left ? Text("Move to the left leg.") : Text("Move to the right leg.")).font(.title2)
                    .foregroundStyle(look.ink).accessibilityIdentifier("switch")
            }
            Text(set.upNext.isEmpty ? set.exercise : set.upNext).foregroundStyle(look.ink)
            if let figure = Figures.of(move?.figure) {
                FigureView(figure: figure, mirrored: set.leg == .left)
            }
            Text(move?.setUp ?? "").foregroundStyle(look.muted)
            if !set.cue.isEmpty { Text(set.cue).foregroundStyle(look.ink).accessibilityIdentifier("line") }
            Spacer()
            if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
            Primary("Skip rest", id: "confirm") { act(.confirm) }
            HStack(spacing: 12) {
                Secondary("30 s more", id: "longer") { act(.longer) }
                Secondary("Leave it out", id: "skip") { act(.skip) }
            }
            HStack(spacing: 12) {
                Secondary("Pause", id: "pause") { act(.pauseOrGoOn) }
                Secondary("Stop", id: "stop") { act(.stop) }
            }
        }
    }
}

/// The end: one true sentence, what was done, what comes next.
struct SummaryPart: View {
    let over: LiveState.Over
    let number: String?
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 16) {
                if let help = over.help {
                    Card(look) { HelpPart(sheet: help, number: number, look: look) { act(.call) } }
                }
                Text(over.sentence).font(.title).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
                    .accessibilityIdentifier("line")
                ForEach(over.walk.indices, id: \.self) { index in Text(over.walk[index]).foregroundStyle(look.ink) }
                ForEach(over.tested.indices, id: \.self) { index in
                    TestedPart(test: over.tested[index], look: look)
                }
                ForEach(over.sets.indices, id: \.self) { index in
                    SetLine(set: over.sets[index], measures: measures, look: look)
                }
                if !over.upNext.isEmpty { Heading(Text("Next time"), look) }
                ForEach(over.upNext.indices, id: \.self) { index in
                    Text(over.upNext[index]).foregroundStyle(look.muted)
                }
                Text("Take the cuffs off, and look at the skin under them.").foregroundStyle(look.muted)
                Primary("Done", id: "close") { act(.close) }
            }
        }
    }
}

/// A test that was done, and what it says.
struct TestedPart: View {
    let test: LiveState.Tested
    let look: Look

    var body: some View {
        Card(look) {
            Text(test.name).font(.headline).foregroundStyle(look.ink)
            ForEach(test.lines.indices, id: \.self) { index in Text(test.lines[index]).foregroundStyle(look.ink) }
        }
        .accessibilityElement(children: .combine)
    }
}

/// One set in a line: what, on which leg, how many, with what.
struct SetLine: View {
    let set: LiveState.Ended
    let measures: Measures
    let look: Look

    var body: some View {
        Card(look) {
            Text(set.exercise).font(.headline).foregroundStyle(look.ink)
            Pair {
                LegBadge(leg: set.leg, look: look)
            } and: {
                counted.foregroundStyle(look.ink)
            }
            Pair {
                Text(verbatim: massWords(set.massG, measures)).foregroundStyle(look.muted)
            } and: {
                Text("Range \(measures.degrees(set.rangeDeg))").foregroundStyle(look.muted)
                    .accessibilityLabel(
                        set.rangeDeg == nil
                            ? Text("Range not measured") : Text("Range \(measures.degrees(set.rangeDeg))"))
            }
            if set.short > 0 { Text("\(set.short) stayed short").foregroundStyle(look.muted) }
        }
        .accessibilityElement(children: .combine)
    }

    private var counted: Text {
        if let target = set.target { return Text("\(set.count) of \(target)") }
        return Text("\(set.count) counted")
    }
}

/// A weight, or that there is none.
func massWords(_ massG: Int, _ measures: Measures) -> String {
    massG == 0 ? String(localized: "No weight") : measures.mass(massG)
}

/// How much does it hurt? One tap, 0 to 10; and a way to help.
struct PainPad: View {
    @Environment(\.colorScheme) private var scheme
    let answered: @MainActor (Int) -> Void
    let stopForHelp: @MainActor () -> Void

    init(_ answered: @escaping @MainActor (Int) -> Void, stopForHelp: @escaping @MainActor () -> Void) {
        (self.answered, self.stopForHelp) = (answered, stopForHelp)
    }

    var body: some View {
        let look = Look(scheme)
        VStack(spacing: 12) {
            Text("How much does it hurt? 0 is none, 10 is the worst.").font(.title2).foregroundStyle(look.ink)
                .accessibilityAddTraits(.isHeader)
            ForEach(0..<4, id: \.self) { row in
                HStack(spacing: 8) {
                    ForEach(levels(in: row), id: \.self) { level in
                        Button(
                            action: { answered(level) },
                            label: {
                                Text(verbatim: "\(level)").foregroundStyle(look.ink).frame(minWidth: 72, minHeight: 72)
                            }
                        )
                        .accessibilityLabel(Text("Pain \(level) of 10"))
                        .accessibilityIdentifier("pain \(level)")
                    }
                }
            }
            Button(
                action: stopForHelp,
                label: {
                    Text("Chest pain, faint or weak").foregroundStyle(look.stop).frame(
                        maxWidth: .infinity, minHeight: 72)
                }
            )
            .accessibilityIdentifier("red flag")
        }
        .padding(20)
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .background(look.ground)
        .tint(look.accent)
        .buttonStyle(.bordered)
    }

    /// Three in a row.
    private func levels(in row: Int) -> [Int] { Array((3 * row)...min(3 * row + 2, 10)) }
}

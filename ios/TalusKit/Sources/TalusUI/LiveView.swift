import SwiftUI
import TalusKit

/// The live screen, read at arm's length: arc with target, giant count, one cue line, three ways out that never move.
public struct LiveView: View {
    @Environment(\.colorScheme) private var scheme
    @State private var asksPain = false
    private let model: LiveModel

    public init(model: LiveModel) { self.model = model }

    public var body: some View {
        let look = Look(scheme)
        VStack(spacing: 12) {
            switch model.state {
            case .opening: waiting("One moment", look)
            case .looking: waiting("Looking for cuffs", look)
            case .connecting(let names):
                waiting("Connecting", look)
                Text(names.joined(separator: ", ")).foregroundStyle(look.muted)
            case .teaching(let lesson): teaching(lesson, look)
            case .training(let set): training(set, look)
            case .over(let sentence, let upNext): over(sentence, upNext, look)
            case .failed(let advice):
                Spacer()
                Text(advice).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("line")
                Spacer()
            }
        }
        .padding(20)
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .background(look.ground)
        .tint(look.accent)
        .task { await model.run() }
        .sheet(isPresented: $asksPain) {
            PainPad { level in
                asksPain = false
                model.pain(level)
            }
        }
    }

    @ViewBuilder private func waiting(_ line: LocalizedStringKey, _ look: Look) -> some View {
        Spacer()
        Text(line).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("line")
        Spacer()
    }

    @ViewBuilder private func teaching(_ lesson: LiveState.Lesson, _ look: Look) -> some View {
        Spacer()
        legName(lesson.leg).foregroundStyle(look.muted)
        Text(lesson.instruction).font(.title).foregroundStyle(look.ink).accessibilityIdentifier("line")
        ProgressView(value: lesson.progress)
        Spacer()
    }

    @ViewBuilder private func training(_ set: LiveState.Training, _ look: Look) -> some View {
        Text(set.exercise).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("exercise")
        HStack(spacing: 12) {
            if let leg = set.leg { legName(leg) }
            if set.setOf > 0 { Text("Set \(set.setNumber) of \(set.setOf)") }
        }
        .foregroundStyle(look.muted)
        Arc(shown: set, look: look)
        Text(verbatim: "\(set.count)")
            .font(.system(size: 152, weight: .semibold, design: .rounded))
            .foregroundStyle(set.nearlyDone ? look.accent : look.ink)
            .accessibilityIdentifier("count")
            .accessibilityAddTraits(.updatesFrequently)
        if let target = set.target { Text("of \(target)").foregroundStyle(look.muted) }
        phase(set).font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("phase")
        cue(set).foregroundStyle(look.ink).accessibilityIdentifier("line")
        Spacer()
        if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
        waysOut(set)
    }

    private func phase(_ set: LiveState.Training) -> Text {
        if set.paused { return Text("Paused") }
        if let left = set.leftS { return Text("\(left) s") }
        switch set.moving {
        case .ready: return Text("Ready")
        case .lift: return Text("Lift")
        case .hold: return Text("Hold")
        case .lower: return Text("Lower")
        }
    }

    private func cue(_ set: LiveState.Training) -> Text {
        set.measured ? Text(set.cue) : Text("Not measured just now. Keep your pace.")
    }

    @ViewBuilder private func waysOut(_ set: LiveState.Training) -> some View {
        if set.confirms {
            Button(action: model.confirm) { wide("Start") }
                .buttonStyle(.borderedProminent)
                .accessibilityIdentifier("confirm")
        }
        HStack(spacing: 12) {
            Button(action: { asksPain = true }, label: { wide("Pain") })
                .accessibilityIdentifier("pain")
            Button(action: model.pauseOrGoOn) { wide(set.paused ? "Go on" : "Pause") }
                .accessibilityIdentifier("pause")
            Button(action: model.stop) { wide("Stop") }
                .accessibilityIdentifier("stop")
        }
        .buttonStyle(.bordered)
    }

    /// A label of 72 points, to be hit without looking.
    private func wide(_ key: LocalizedStringKey) -> some View { Text(key).frame(maxWidth: .infinity, minHeight: 72) }

    @ViewBuilder private func over(_ sentence: String, _ upNext: [String], _ look: Look) -> some View {
        Spacer()
        Text(sentence).font(.title).foregroundStyle(look.ink).accessibilityIdentifier("line")
        ForEach(upNext.indices, id: \.self) { index in Text(upNext[index]).foregroundStyle(look.muted) }
        Spacer()
    }

    private func legName(_ leg: LiveState.Leg) -> Text { leg == .left ? Text("Left leg") : Text("Right leg") }
}

/// How much does it hurt? One tap, 0 to 10.
struct PainPad: View {
    let answered: (Int) -> Void

    var body: some View {
        VStack(spacing: 12) {
            Text("How much does it hurt? 0 is none, 10 is the worst.").font(.title2)
            ForEach(0..<4, id: \.self) { row in
                HStack(spacing: 8) {
                    ForEach(levels(in: row), id: \.self) { level in
                        Button(
                            action: { answered(level) },
                            label: { Text(verbatim: "\(level)").frame(minWidth: 72, minHeight: 72) }
                        )
                        .accessibilityIdentifier("pain \(level)")
                    }
                }
            }
        }
        .padding(20)
        .buttonStyle(.bordered)
    }

    /// Three in a row.
    private func levels(in row: Int) -> [Int] { Array((3 * row)...min(3 * row + 2, 10)) }
}

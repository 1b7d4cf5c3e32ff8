import SwiftUI
import TalusKit

/// A test or a rung of the ladder, from one instruction to the next try: a big clock, and a hand near the counter.
struct TrialPart: View {
    let set: LiveState.Training
    let trial: LiveState.Trial
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        VStack(spacing: 12) {
            ExerciseHead(
                set: set, turn: set.setOf > 0 ? Text("Try \(set.setNumber) of \(set.setOf)") : nil, look: look)
            if let clock { GiantCount("\(clock)", size: 152, look.ink, spoken: spoken) }
            phase.font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("phase")
            if let stance = trial.stance { Text(stance).font(.headline).foregroundStyle(look.ink) }
            if !set.cue.isEmpty { Text(set.cue).foregroundStyle(look.ink).accessibilityIdentifier("line") }
            if trial.handOnCounter { Text("Keep a hand on the counter.").foregroundStyle(look.ink) }
            if set.lost { Text("Stand safely. This try is not counted.").foregroundStyle(look.ink) }
            Spacer()
            if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
            if set.part == .instruct || set.part == .rest { Primary("I am ready", id: "confirm") { act(.confirm) } }
            if set.part == .set {
                if trial.stance != nil {
                    HStack(spacing: 12) {
                        Secondary("I touched down", id: "touched") { act(.more) }
                        Secondary("Too hard", id: "too hard") { act(.lighter) }
                    }
                }
                // A stance that is walked has no clock: whoever is through says so.
                if trial.stance != nil && trial.seconds == nil {
                    Primary("All steps done", id: "confirm") { act(.confirm) }
                } else {
                    Secondary("End it", id: "end set") { act(.endSet) }
                }
            }
            if set.part == .rest || set.part == .instruct { Secondary("Leave it out", id: "skip") { act(.skip) } }
            if set.paused { Secondary("Leave, and go on later", id: "leave") { act(.leave) } }
            WaysOut(paused: set.paused, act: act)
        }
    }

    /// Seconds held, what was counted, or the seconds until it goes on; nothing before a try and where nothing runs.
    private var clock: Int? { trial.seconds ?? trial.counted ?? set.leftS }

    private var spoken: Text {
        if let held = trial.seconds { return Text("\(held) seconds held") }
        if let counted = trial.counted { return Text("\(counted) counted") }
        return Text("\(set.leftS ?? 0) seconds left")
    }

    private var phase: Text {
        if set.paused { return Text("Paused") }
        if set.lost { return Text("Cuff lost") }
        switch set.part {
        case .getReady: return Text("Get ready")
        case .set: return trial.seconds == nil ? Text("Go") : Text("Hold")
        case .rest: return Text("Rest")
        default: return Text("Ready")
        }
    }
}

import SwiftUI
import TalusKit

/// On a walk, read at a glance: time left in this part, with or without weight, and how the stride is against the usual one.
struct WalkPart: View {
    let set: LiveState.Training
    let walk: LiveState.Walking
    let measures: Measures
    let look: Look
    let act: @MainActor (LiveScreen.Action) -> Void

    var body: some View {
        // Read in the order of a set: the time, the part, the cue, the ways out, then the rest.
        VStack(spacing: 12) {
            ExerciseTitle(set: set, look: look)
            GiantCount(
                set.leftS.map(measures.clock) ?? "\(set.count)", size: 96, look.ink,
                spoken: set.leftS.map { Text("\($0) seconds left") } ?? Text("\(set.count) counted"))
            part.font(.title2).foregroundStyle(look.ink).accessibilityIdentifier("phase")
            Text(set.cue).foregroundStyle(look.ink).accessibilityIdentifier("line")
            if set.lost {
                Text("Cuff lost").font(.headline).foregroundStyle(look.amber)
                Text("Walk on. What is not measured is not guessed.").foregroundStyle(look.ink)
            }
            Meter(stride: walk.stride).frame(height: 60)
            HStack(spacing: 8) {
                if walk.stride == .changed {
                    Image(systemName: "exclamationmark.triangle").foregroundStyle(look.amber)
                }
                stride.foregroundStyle(look.ink).accessibilityIdentifier("stride")
            }
            ForEach(walk.signs.indices, id: \.self) { index in Text(walk.signs[index]).foregroundStyle(look.ink) }
            cadence.foregroundStyle(look.muted)
            if walk.loadedS > 0 {
                Text("With weight so far: \(measures.clock(walk.loadedS))").foregroundStyle(look.muted)
            }
            Spacer()
            if let trouble = set.trouble { Text(trouble).foregroundStyle(look.amber) }
            if set.paused { Secondary("Leave, and go on later", id: "leave") { act(.leave) } }
            worn
            WaysOut(paused: set.paused, act: act)
        }
    }

    /// A walk that is paused takes none of them.
    @ViewBuilder private var worn: some View {
        if walk.part == .putOn {
            Primary("The weight is on", id: "confirm") { act(.confirm) }.disabled(set.paused)
            Secondary("Walk on without", id: "off") { act(.lighter) }.disabled(set.paused)
        }
        if walk.part == .takeOff {
            Primary("The weight is off", id: "confirm") { act(.confirm) }.disabled(set.paused)
        }
        if walk.part == .loaded { Secondary("Cuffs off", id: "off") { act(.lighter) }.disabled(set.paused) }
    }

    private var part: Text {
        if set.paused { return Text("Paused") }
        switch walk.part {
        case .before, .easy, .after: return Text("Without weight")
        case .putOn: return Text("Put the weight on")
        case .loaded: return Text("With weight, part \(walk.time) of \(walk.times)")
        case .takeOff: return Text("Take the weight off")
        case .over: return Text("Done")
        }
    }

    private var cadence: Text {
        if let cadence = set.cadence { return Text("\(cadence) steps a minute") }
        return Text("Measuring")
    }

    private var stride: Text {
        switch walk.stride {
        case .measuring: Text("Measuring after 20 strides")
        case .steady: Text("Steady")
        case .different: Text("A little different")
        case .changed: Text("Changed")
        }
    }
}

/// The usual band in the middle, and the stride now beside it.
private struct Meter: View {
    @Environment(\.colorScheme) private var scheme
    let stride: LiveState.Walking.Stride

    var body: some View {
        let look = Look(scheme)
        ZStack {
            Band(from: 0, to: 1).fill(look.track)
            Band(from: 0.35, to: 0.65).fill(look.zone)
            if stride != .measuring {
                Band(from: at - 0.015, to: at + 0.015).fill(stride == .changed ? look.amber : look.accent)
            }
        }
        .accessibilityHidden(true)
    }

    private var at: Double {
        switch stride {
        case .measuring, .steady: 0.5
        case .different: 0.72
        case .changed: 0.9
        }
    }
}

/// A part of a bar, in shares of its width.
private struct Band: Shape {
    let from: Double
    let to: Double

    func path(in rect: CGRect) -> Path {
        var path = Path()
        path.addRect(
            CGRect(
                x: rect.minX + rect.width * CGFloat(from), y: rect.midY - 10, width: rect.width * CGFloat(to - from),
                height: 20))
        return path
    }
}

import SwiftUI
import TalusKit

/// From two metres, lying down: the tide rises with the leg, a line is the target, the count, the side in its shape. Nothing
/// is to be hit: any tap pauses or goes on.
struct FloorView: View {
    let set: LiveState.Training
    let act: @MainActor (LiveScreen.Action) -> Void

    init(_ set: LiveState.Training, act: @escaping @MainActor (LiveScreen.Action) -> Void) {
        (self.set, self.act) = (set, act)
    }

    var body: some View {
        let look = Look(.dark)
        ZStack {
            Tide(to: height(of: set.angleDeg)).fill(set.paused || set.lost ? look.track : look.zone)
                .accessibilityHidden(true)
            if let target = set.targetDeg {
                Line(at: height(of: target)).stroke(
                    look.ink, style: StrokeStyle(lineWidth: 4, dash: set.lost ? [12, 12] : [])
                )
                .accessibilityHidden(true)
            }
            VStack(spacing: 24) {
                Spacer()
                GiantCount(figure, size: 280, set.nearlyDone ? look.accent : look.ink, spoken: spoken)
                if let leg = set.leg { side(leg, look) }
                Spacer()
                Button(
                    action: { act(.floor(false)) },
                    label: { Text("Near view").frame(maxWidth: .infinity, minHeight: 72) }
                )
                .buttonStyle(.bordered)
                .accessibilityIdentifier("near")
            }
            .padding(20)
        }
        .frame(maxWidth: .infinity, maxHeight: .infinity)
        .background(look.ground)
        .tint(look.accent)
        .onTapGesture { act(.pauseOrGoOn) }
        .accessibilityAction(.magicTap) { act(.pauseOrGoOn) }
        .accessibilityIdentifier("floor")
    }

    private func side(_ leg: Leg, _ look: Look) -> some View {
        HStack(spacing: 12) {
            Image(systemName: leg == .left ? "circle.fill" : "diamond.fill").foregroundStyle(look.of(leg))
            Text(leg == .left ? "L" : "R").font(.system(size: 96, weight: .semibold)).foregroundStyle(look.ink)
                .accessibilityHidden(true)
        }
        .accessibilityElement(children: .ignore)
        .accessibilityLabel(legName(leg))
    }

    /// Rest counts its seconds; a pause is two bars; a set counts.
    private var figure: String {
        if set.paused { return "❙❙" }
        if set.part == .rest, let left = set.leftS { return "\(left)" }
        return "\(set.count)"
    }

    private var spoken: Text {
        if set.paused { return Text("Paused") }
        if set.lost { return Text("Cuff lost") }
        if set.part == .rest, let left = set.leftS { return Text("\(left) seconds left") }
        if let target = set.target { return Text("\(set.count) of \(target)") }
        return Text("\(set.count) counted")
    }

    private func height(of deg: Double?) -> Double {
        guard let deg, set.scaleDeg > 0 else { return 0 }
        return min(max(deg / set.scaleDeg, 0), 1)
    }
}

/// The screen from below up to a share of it.
private struct Tide: Shape {
    let to: Double

    func path(in rect: CGRect) -> Path {
        var path = Path()
        let height = rect.height * CGFloat(to)
        path.addRect(CGRect(x: rect.minX, y: rect.maxY - height, width: rect.width, height: height))
        return path
    }
}

/// A line across at a share of the height.
private struct Line: Shape {
    let at: Double

    func path(in rect: CGRect) -> Path {
        var path = Path()
        let y = rect.maxY - rect.height * CGFloat(at)
        path.move(to: CGPoint(x: rect.minX, y: y))
        path.addLine(to: CGPoint(x: rect.maxX, y: y))
        return path
    }
}

import SwiftUI
import TalusKit

/// The range of motion as an opening arc: track, target zone, the last peaks, and the leg now.
struct Arc: View {
    let shown: LiveState.Training
    let look: Look

    /// Width of the track, points.
    private let width: CGFloat = 20
    /// Where the target zone ends, as a share of the angle that counts.
    private let zoneTo = 105.0 / 90

    var body: some View {
        ZStack {
            part(from: 0, to: 1).stroke(look.track, style: StrokeStyle(lineWidth: width))
            if let from = shown.targetDeg {
                part(from: share(from), to: share(from * zoneTo)).stroke(
                    look.zone, style: StrokeStyle(lineWidth: width))
            }
            ForEach(shown.lastRangesDeg.indices, id: \.self) { index in
                part(from: share(shown.lastRangesDeg[index]) - 0.003, to: share(shown.lastRangesDeg[index]) + 0.003)
                    .stroke(look.muted, style: StrokeStyle(lineWidth: width))
            }
            if let limit = shown.limitDeg {
                // A plan's edge is hard: across the whole track and beyond it.
                part(from: share(limit) - 0.006, to: share(limit) + 0.006).stroke(
                    look.stop, style: StrokeStyle(lineWidth: width * 1.6))
            }
            if let angle = shown.angleDeg, shown.inSet {
                part(from: 0, to: share(angle)).stroke(now, style: StrokeStyle(lineWidth: width / 3))
                Dot(at: share(angle), radius: width * 0.7, inset: width).fill(now)
            }
        }
        .frame(height: 180)
        .accessibilityHidden(true)
    }

    private var now: Color { shown.paused ? look.muted : look.accent }

    private func share(_ deg: Double) -> Double { min(max(deg / shown.scaleDeg, 0), 1) }

    private func part(from: Double, to: Double) -> Segment { Segment(from: from, to: to, inset: width) }
}

/// A part of the half circle, in shares of it from the left.
private struct Segment: Shape {
    let from: Double
    let to: Double
    let inset: CGFloat

    func path(in rect: CGRect) -> Path {
        var path = Path()
        let circle = HalfCircle(in: rect, inset: inset)
        path.addArc(
            center: circle.center, radius: circle.radius, startAngle: .degrees(180 + 180 * from),
            endAngle: .degrees(180 + 180 * to), clockwise: false)
        return path
    }
}

/// The leg now.
private struct Dot: Shape {
    let at: Double
    let radius: CGFloat
    let inset: CGFloat

    func path(in rect: CGRect) -> Path {
        let circle = HalfCircle(in: rect, inset: inset)
        let angle = Double.pi * (1 + at)
        let x = circle.center.x + circle.radius * CGFloat(cos(angle))
        let y = circle.center.y + circle.radius * CGFloat(sin(angle))
        var path = Path()
        path.addEllipse(in: CGRect(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius))
        return path
    }
}

private struct HalfCircle {
    let center: CGPoint
    let radius: CGFloat

    init(in rect: CGRect, inset: CGFloat) {
        radius = min(rect.width / 2, rect.height) - inset
        center = CGPoint(x: rect.midX, y: rect.maxY - inset)
    }
}

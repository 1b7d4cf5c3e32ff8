import SwiftUI
import TalusKit

/// The figure of an exercise, drawn by code on its own ground: still, or shown three times as it is done.
struct FigureView: View {
    @Environment(\.colorScheme) private var scheme
    let figure: Figure
    var mirrored = false
    /// When a demonstration began; nil shows the end pose with its arrow.
    var since: Date?

    var body: some View {
        let ink = FigureInk(scheme)
        TimelineView(.animation(minimumInterval: 1 / 30, paused: since == nil)) { now in
            picture(at: since.map { now.date.timeIntervalSince($0) } ?? .infinity, ink)
        }
        .frame(height: 180)
        .frame(maxWidth: .infinity)
        .background(ink.ground, in: RoundedRectangle(cornerRadius: 14))
        .accessibilityHidden(true)
    }

    private func picture(at seconds: Double, _ ink: FigureInk) -> some View {
        FigureCanvas(
            figure: figure, t: figure.moment(after: seconds), mirrored: mirrored,
            arrow: seconds >= figure.demonstrationS, ink: ink)
    }
}

/// A figure to be played: once when it comes, and again when it is tapped. Where motion is reduced, start and end stand side
/// by side instead.
struct FigurePlayed: View {
    @Environment(\.colorScheme) private var scheme
    @Environment(\.accessibilityReduceMotion) private var still
    @State private var since: Date?
    let figure: Figure
    let name: String
    var mirrored = false

    var body: some View {
        if still {
            HStack(spacing: 8) {
                canvas(0, arrow: false)
                canvas(figure.end, arrow: true)
            }
            .accessibilityElement(children: .ignore)
            .accessibilityLabel(Text("Picture: \(name)"))
            .accessibilityIdentifier("figure")
        } else {
            Button(
                action: { since = .now },
                label: { FigureView(figure: figure, mirrored: mirrored, since: since).frame(minHeight: 180) }
            )
            .buttonStyle(.plain)
            .accessibilityLabel(Text("Picture: \(name)"))
            .accessibilityHint(Text("Plays again"))
            .accessibilityIdentifier("figure")
            .onAppear { since = .now }
            .task(id: since) {
                // What has been shown is drawn no more.
                guard since != nil else { return }
                try? await Task.sleep(for: .seconds(figure.demonstrationS))
                if !Task.isCancelled { since = nil }
            }
        }
    }

    private func canvas(_ t: Double, arrow: Bool) -> some View {
        let ink = FigureInk(scheme)
        return FigureCanvas(figure: figure, t: t, mirrored: mirrored, arrow: arrow, ink: ink)
            .frame(height: 180)
            .background(ink.ground, in: RoundedRectangle(cornerRadius: 14))
    }
}

/// One moment of a figure, as large as there is room.
private struct FigureCanvas: View {
    let figure: Figure
    let t: Double
    let mirrored: Bool
    let arrow: Bool
    let ink: FigureInk

    var body: some View {
        Canvas { context, size in
            let brush = Brush(figure: figure, size: size, mirrored: mirrored, ink: ink)
            brush.draw(t, arrow: arrow, on: &context)
        }
    }
}

/// Colours of a figure on its ground, from the design's tokens.
struct FigureInk {
    let ground: Color
    let floor: Color
    let support: Color
    let edge: Color
    let far: Color
    let near: Color
    let moving: Color
    let accent: Color

    init(_ scheme: ColorScheme) {
        let hex: [UInt32] =
            scheme == .dark
            ? [0x12302F, 0x1B3D3C, 0x1F4443, 0x2B5453, 0x3C605E, 0x63827F, 0xD3DAD7, 0x74D2D8]
            : [0xE3EFEE, 0xD3E2E1, 0xCBDAD9, 0xBACCCA, 0xB4C3C1, 0x94A5A2, 0x3A4644, 0x00616C]
        let colors = hex.map { Color(hex: $0) }
        (ground, floor, support, edge) = (colors[0], colors[1], colors[2], colors[3])
        (far, near, moving, accent) = (colors[4], colors[5], colors[6], colors[7])
    }
}

/// Lays a figure onto a canvas, where y goes down.
private struct Brush {
    let figure: Figure
    let mirrored: Bool
    let ink: FigureInk
    private let scale: CGFloat
    private let origin: CGPoint

    init(figure: Figure, size: CGSize, mirrored: Bool, ink: FigureInk) {
        (self.figure, self.mirrored, self.ink) = (figure, mirrored, ink)
        let bounds = figure.bounds
        scale = min(size.width / bounds.width, size.height / bounds.height)
        origin = CGPoint(
            x: size.width / 2 - (mirrored ? -bounds.midX : bounds.midX) * scale,
            y: size.height / 2 + bounds.midY * scale)
    }

    func draw(_ t: Double, arrow: Bool, on context: inout GraphicsContext) {
        supports("floor", on: context)
        supports("far", on: context)
        let at = figure.joints(t)
        let limbs = figure.limbs(at)
        if t > 0, !figure.bothMove, let ghost = figure.limbs(figure.frames[0])["legR"] {
            context.fill(path(ghost), with: .color(ink.moving.opacity(0.16)))
        }
        for part in figure.order {
            let outline = path(limbs[part] ?? [])
            // Limbs stay apart by the ground that shows around them.
            context.stroke(outline, with: .color(ink.ground), style: line(14))
            context.fill(outline, with: .color(color(of: part)))
            if part == "legR" {
                let cuff = path([figure.cuff(at)])
                context.stroke(cuff, with: .color(ink.ground), style: line(7))
                context.fill(cuff, with: .color(ink.accent))
            }
            if part == "trunk" { supports("mid", on: context) }
        }
        if arrow {
            context.stroke(open(figure.arc), with: .color(ink.accent), style: line(13))
            context.stroke(open(figure.arrowHead), with: .color(ink.accent), style: line(13))
        }
    }

    private func color(of part: String) -> Color {
        if part == "legR" || part == "legL" && figure.bothMove { return ink.moving }
        return part.hasSuffix("L") ? ink.far : ink.near
    }

    private func supports(_ layer: String, on context: GraphicsContext) {
        let floor = layer == "floor"
        for support in figure.supports where support.layer == layer {
            let outline = path([support.corners])
            context.fill(outline, with: .color(floor ? ink.floor : ink.support))
            context.stroke(outline, with: .color(floor ? ink.floor : ink.edge), style: line(floor ? 14 : 6))
        }
    }

    private func line(_ width: CGFloat) -> StrokeStyle {
        StrokeStyle(lineWidth: width * scale, lineCap: .round, lineJoin: .round)
    }

    private func place(_ point: CGPoint) -> CGPoint {
        CGPoint(x: origin.x + (mirrored ? -point.x : point.x) * scale, y: origin.y - point.y * scale)
    }

    private func path(_ outlines: [[CGPoint]]) -> Path {
        var path = Path()
        for outline in outlines where !outline.isEmpty {
            path.addLines(outline.map(place))
            path.closeSubpath()
        }
        return path
    }

    private func open(_ points: [CGPoint]) -> Path {
        var path = Path()
        path.addLines(points.map(place))
        return path
    }
}

// Colours and shapes; a shape is kept as the path of an SVG.

public struct Color: Sendable, Equatable {
    let css: String
    public init(red: Double, green: Double, blue: Double) {
        css = "rgb(\(Int(red * 255)) \(Int(green * 255)) \(Int(blue * 255)))"
    }
    public func opacity(_ opacity: Double) -> Color { Color(css: "\(css.dropLast()) / \(opacity))") }
    private init(css: String) { self.css = css }
}

public struct Angle: Sendable {
    let radians: Double
    public static func degrees(_ degrees: Double) -> Self { Self(radians: degrees / 180 * .pi) }
}

public enum CGLineCap: Sendable { case butt, round }
public enum CGLineJoin: Sendable { case miter, round }

public struct StrokeStyle: Sendable {
    let lineWidth: CGFloat
    let dash: [CGFloat]
    let round: Bool
    public init(
        lineWidth: CGFloat = 1, lineCap: CGLineCap = .butt, lineJoin: CGLineJoin = .miter, dash: [CGFloat] = []
    ) {
        (self.lineWidth, self.dash, round) = (lineWidth, dash, lineJoin == .round)
    }
    var svg: String {
        let dashes = dash.map { "\($0)" }.joined(separator: " ")
        let ends = round ? " stroke-linecap=\"round\" stroke-linejoin=\"round\"" : ""
        return "stroke-width=\"\(lineWidth)\" stroke-dasharray=\"\(dashes)\"\(ends)"
    }
}

public struct RoundedRectangle: Shape {
    let radius: CGFloat
    public init(cornerRadius: CGFloat) { radius = cornerRadius }
    public func path(in rect: CGRect) -> Path {
        var path = Path()
        path.addRect(rect)
        return path
    }
}

public struct Path: Sendable {
    var svg = ""
    public init() {}

    /// With `clockwise` false the arc runs the way angles grow, which on a screen is clockwise.
    public mutating func addArc(
        center: CGPoint, radius: CGFloat, startAngle: Angle, endAngle: Angle, clockwise: Bool
    ) {
        func at(_ angle: Angle) -> String {
            "\(center.x + radius * CGFloat(cos(angle.radians))) \(center.y + radius * CGFloat(sin(angle.radians)))"
        }
        let large = abs(endAngle.radians - startAngle.radians) > .pi ? 1 : 0
        // As Core Graphics does, a line leads there from where a path already is.
        let open = !svg.isEmpty && !svg.hasSuffix("Z ")
        svg +=
            "\(open ? "L" : "M") \(at(startAngle)) A \(radius) \(radius) 0 \(large) \(clockwise ? 0 : 1) \(at(endAngle)) "
    }

    public mutating func move(to point: CGPoint) { svg += "M \(point.x) \(point.y) " }
    public mutating func addLine(to point: CGPoint) { svg += "L \(point.x) \(point.y) " }
    public mutating func addLines(_ points: [CGPoint]) {
        for (index, point) in points.enumerated() { if index == 0 { move(to: point) } else { addLine(to: point) } }
    }
    public mutating func closeSubpath() { svg += "Z " }
    public mutating func addRect(_ rect: CGRect) {
        svg += "M \(rect.minX) \(rect.minY) h \(rect.width) v \(rect.height) h \(-rect.width) Z "
    }

    public mutating func addEllipse(in rect: CGRect) {
        let (x, y) = (rect.width / 2, rect.height / 2)
        svg += "M \(rect.minX) \(rect.midY) a \(x) \(y) 0 1 0 \(rect.width) 0 a \(x) \(y) 0 1 0 \(-rect.width) 0 "
    }
}

@MainActor public protocol Shape: View {
    func path(in rect: CGRect) -> Path
}

/// Where a sketch draws every shape.
let canvas = CGRect(x: 0, y: 0, width: 353, height: 180)

extension Shape {
    public var body: Group { Group { [] } }
    public func stroke(_ color: Color, style: StrokeStyle) -> some View {
        drawn("fill=\"none\" stroke=\"\(color.css)\" \(style.svg)")
    }
    public func fill(_ color: Color) -> some View { drawn("fill=\"\(color.css)\"") }
    private func drawn(_ attributes: String) -> Group {
        Group {
            [Node("Shape", "").changed { $0.look["--svg"] = "<path d=\"\(path(in: canvas).svg)\" \(attributes)/>" }]
        }
    }
}

/// What a canvas is drawn with; what was drawn is kept as SVG.
public struct GraphicsContext {
    public struct Shading: Sendable {
        let css: String
        public static func color(_ color: Color) -> Self { Self(css: color.css) }
    }
    final class Sheet { var svg = "" }
    let sheet = Sheet()
    public func fill(_ path: Path, with shading: Shading) {
        sheet.svg += "<path d=\"\(path.svg)\" fill=\"\(shading.css)\"/>"
    }
    public func stroke(_ path: Path, with shading: Shading, style: StrokeStyle) {
        sheet.svg += "<path d=\"\(path.svg)\" fill=\"none\" stroke=\"\(shading.css)\" \(style.svg)/>"
    }
}

public struct Canvas: Leaf {
    let renderer: (inout GraphicsContext, CGSize) -> Void
    public init(renderer: @escaping (inout GraphicsContext, CGSize) -> Void) { self.renderer = renderer }
    public func _nodes() -> [Node] {
        var context = GraphicsContext()
        renderer(&context, canvas.size)
        return [Node("Shape", "").changed { $0.look["--svg"] = context.sheet.svg }]
    }
}

/// Time as it goes; a sketch shows one moment of it.
public struct TimelineView<C: View>: Leaf {
    let content: (TimelineViewDefaultContext) -> C
    public init(
        _ schedule: AnimationTimelineSchedule, @ViewBuilder content: @escaping (TimelineViewDefaultContext) -> C
    ) {
        self.content = content
    }
    public func _nodes() -> [Node] { content(TimelineViewDefaultContext(date: .now))._nodes() }
}

public struct TimelineViewDefaultContext { public let date: Date }

public struct AnimationTimelineSchedule: Sendable {
    public static func animation(minimumInterval: Double? = nil, paused: Bool = false) -> Self { Self() }
}

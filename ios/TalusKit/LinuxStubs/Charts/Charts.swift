// Stand-in for the part of Swift Charts the screens use: what is drawn is recorded as points, and drawn as such in a sketch.
@_exported import SwiftUI

public struct PlottableValue<V> {
    let label: String
    let value: V
    public static func value(_ label: LocalizedStringKey, _ value: V) -> Self { Self(label: "\(label)", value: value) }
}

/// One mark: what it is and where.
public struct Mark: Sendable {
    let kind: String
    let x: Double
    let y: Double
}

@MainActor public protocol ChartContent {
    var marks: [Mark] { get }
}

public struct LineMark: ChartContent {
    public let marks: [Mark]
    public init(x: PlottableValue<Date>, y: PlottableValue<Double>) {
        marks = [Mark(kind: "line", x: x.value.timeIntervalSince1970, y: y.value)]
    }
    public init(x: PlottableValue<Date>, y: PlottableValue<Double>, series: PlottableValue<String>) {
        marks = [Mark(kind: "line \(series.value)", x: x.value.timeIntervalSince1970, y: y.value)]
    }
}

public struct BarMark: ChartContent {
    public let marks: [Mark]
    public init(x: PlottableValue<Date>, y: PlottableValue<Double>) {
        marks = [Mark(kind: "bar", x: x.value.timeIntervalSince1970, y: y.value)]
    }
}

public struct PointMark: ChartContent {
    public let marks: [Mark]
    public init(x: PlottableValue<Date>, y: PlottableValue<Double>) {
        marks = [Mark(kind: "point", x: x.value.timeIntervalSince1970, y: y.value)]
    }
}

extension ChartContent {
    public func foregroundStyle(_ color: Color) -> Self { self }
    public func symbol(_ symbol: BasicChartSymbolShape) -> Self { self }
    public func lineStyle(_ style: StrokeStyle) -> Self { self }
    public func accessibilityLabel(_ label: Text) -> Self { self }
    public func accessibilityValue(_ value: Text) -> Self { self }
}

public struct BasicChartSymbolShape: Sendable {
    public static let circle = Self()
    public static let diamond = Self()
}

public struct Marks: ChartContent {
    public let marks: [Mark]
}

@MainActor @resultBuilder public enum ChartContentBuilder {
    public static func buildBlock() -> Marks { Marks(marks: []) }
    public static func buildBlock<each C: ChartContent>(_ content: repeat each C) -> Marks {
        var all: [Mark] = []
        repeat all += (each content).marks
        return Marks(marks: all)
    }
    public static func buildExpression<C: ChartContent>(_ content: C) -> C { content }
}

public struct Chart<D: RandomAccessCollection, ID: Hashable>: Leaf {
    let marks: [Mark]
    public init<C: ChartContent>(
        _ data: D, id: KeyPath<D.Element, ID>, @ChartContentBuilder content: @escaping (D.Element) -> C
    ) {
        marks = data.flatMap { content($0).marks }
    }
    public func _nodes() -> [Node] {
        let points = marks.filter { $0.kind == "point" || $0.kind == "bar" }
        let (xs, ys) = (points.map(\.x), points.map(\.y))
        let (from, span) = (xs.min() ?? 0, max((xs.max() ?? 1) - (xs.min() ?? 0), 1))
        let top = max(ys.max() ?? 1, 0.001)
        let dots = points.map {
            // From zero up.
            $0.kind == "bar"
                ? "<rect x=\"\(4 + ($0.x - from) / span * 330)\" y=\"\(165 - $0.y / top * 150)\" width=\"12\" height=\"\($0.y / top * 150)\" fill=\"currentColor\"/>"
                : "<circle cx=\"\(10 + ($0.x - from) / span * 330)\" cy=\"\(165 - $0.y / top * 150)\" r=\"5\" fill=\"currentColor\"/>"
        }
        return [Node.chart(points: points.count, svg: dots.joined())]
    }
}

extension View {
    public func chartYScale(domain: ClosedRange<Double>) -> some View { self }
}

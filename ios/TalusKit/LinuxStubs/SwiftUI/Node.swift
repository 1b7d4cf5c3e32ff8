// Stand-in for the part of SwiftUI the screens use, built only where there is no SwiftUI. It type-checks the screens,
// evaluates their bodies and records what they show, so that tests read a screen and press its buttons. Signatures follow
// Apple's documentation; it knows nothing of layout, animation or identity, and what it does not declare does not compile.
@_exported import Foundation
@_exported import Observation

/// One thing a screen shows.
public struct Node {
    public var kind: String
    public var text: String
    public var identifier = ""
    public var hidden = false
    /// What VoiceOver says instead of the text, and after it.
    public var label: String?
    public var value: String?
    public var traits: Set<String> = []
    /// Whether what is inside is read as one, or not at all.
    public var inside = AccessibilityChildBehavior.contain
    public var disabled = false
    /// Points of a chart.
    public var points = 0
    /// Higher is read sooner than its neighbours.
    public var priority = 0.0
    /// A second thing to be done with it: what VoiceOver calls an action, by name.
    public var actions: [String: @MainActor () -> Void] = [:]
    /// CSS for the sketch.
    public var look: [String: String] = [:]
    public var children: [Node]
    public var action: (@MainActor () -> Void)?

    init(_ kind: String, _ text: String = "", children: [Node] = [], action: (@MainActor () -> Void)? = nil) {
        (self.kind, self.text, self.children, self.action) = (kind, text, children, action)
    }

    /// The first node here or below that fits.
    public func first(where fits: (Node) -> Bool) -> Node? {
        if fits(self) { return self }
        for child in children { if let found = child.first(where: fits) { return found } }
        return nil
    }

    /// What VoiceOver reads, in its order, one line an element: what it is called, its value, and what it is.
    public var spoken: [String] {
        if let modal { return modal.children.flatMap(\.spoken) }
        if hidden { return [] }
        if inside == .combine {
            let words = label ?? children.flatMap(\.spoken).joined(separator: ", ")
            return words.isEmpty ? [] : [line(words)]
        }
        if label != nil || inside == .ignore || isControl || (kind == "Text" && !text.isEmpty) {
            return [line(label ?? text)]
        }
        return ordered.flatMap(\.spoken)
    }

    private var ordered: [Node] {
        let places = children.enumerated().sorted {
            ($1.element.priority, $0.offset) < ($0.element.priority, $1.offset)
        }
        return places.map(\.element)
    }

    /// Everything here and below that fits.
    public func all(where fits: (Node) -> Bool) -> [Node] {
        (fits(self) ? [self] : []) + children.flatMap { $0.all(where: fits) }
    }

    /// What lies over everything else, and is the only thing to be read while it does.
    private var modal: Node? {
        for child in children {
            if let inner = child.modal { return inner }
            if child.kind == "Sheet" { return child }
        }
        return nil
    }

    private var isControl: Bool { ["Button", "Toggle", "Stepper", "Field", "Progress", "Chart"].contains(kind) }

    private func line(_ words: String) -> String {
        let kinds = ["Button": "button", "Toggle": "switch", "Stepper": "adjustable", "Field": "field"]
        var what = traits.sorted()
        if let kind = kinds[kind] { what.append(kind) }
        if disabled { what.append("dimmed") }
        let said = [words, value ?? ""].filter { !$0.isEmpty }.joined(separator: ", ")
        return what.isEmpty ? said : "\(said) (\(what.joined(separator: ", ")))"
    }

    /// The text of this node and all below it, in reading order.
    public var allText: String { ([text] + children.map(\.allText)).filter { !$0.isEmpty }.joined(separator: " ") }

    func changed(_ change: (inout Node) -> Void) -> Node {
        var node = self
        change(&node)
        return node
    }
}

@MainActor public enum Screen {
    /// What a view shows now.
    public static func tree(_ view: some View, in environment: EnvironmentValues = EnvironmentValues()) -> Node {
        EnvironmentValues.current = environment
        let ink = environment.colorScheme == .dark ? "#fff" : "#000"
        return Node("Screen", children: view._nodes()).changed { $0.look["color"] = ink }
    }
}

@MainActor @preconcurrency public protocol View {
    associatedtype Body: View
    @ViewBuilder @MainActor @preconcurrency var body: Body { get }
    func _nodes() -> [Node]
}

extension View {
    public func _nodes() -> [Node] {
        // As in SwiftUI, the environment is what surrounds the view when its body runs.
        for field in Mirror(reflecting: self).children { (field.value as? any Injected)?.load() }
        return body._nodes()
    }
}

extension Never: View { public var body: Never { fatalError("a leaf has no body") } }

/// A view that says itself what it shows.
@MainActor public protocol Leaf: View where Body == Never {}
extension Leaf { public var body: Never { fatalError("a leaf has no body") } }

public struct Group: Leaf {
    let nodes: @MainActor () -> [Node]
    init(_ nodes: @escaping @MainActor () -> [Node]) { self.nodes = nodes }
    public func _nodes() -> [Node] { nodes() }
}

@MainActor @resultBuilder public enum ViewBuilder {
    public static func buildBlock() -> Group { Group { [] } }
    public static func buildBlock<V: View>(_ view: V) -> V { view }
    public static func buildBlock<each V: View>(_ view: repeat each V) -> Group {
        Group {
            var all: [Node] = []
            repeat all += (each view)._nodes()
            return all
        }
    }
    public static func buildExpression<V: View>(_ view: V) -> V { view }
    public static func buildIf<V: View>(_ view: V?) -> V? { view }
    public static func buildEither<V: View>(first view: V) -> Group { Group { view._nodes() } }
    public static func buildEither<V: View>(second view: V) -> Group { Group { view._nodes() } }
}

// A branch that is not taken has a type all the same, or the compiler could not tell what it would have been.
extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("a leaf has no body") }
    public func _nodes() -> [Node] { self?._nodes() ?? [] }
}

extension Node {
    /// A chart with so many points, drawn in a sketch as given.
    public static func chart(points: Int, svg: String) -> Node {
        Node("Chart").changed {
            $0.points = points
            $0.look["--svg"] = svg
        }
    }
}

// The views themselves.

public struct Text: Leaf {
    let words: String
    public init(_ key: LocalizedStringKey) { words = key.words }
    @_disfavoredOverload public init<S: StringProtocol>(_ content: S) { words = String(content) }
    public init(verbatim content: String) { words = content }
    public func _nodes() -> [Node] { [Node("Text", words)] }
}

public struct VStack<C: View>: Leaf {
    let content: C
    public init(spacing: CGFloat? = nil, @ViewBuilder content: () -> C) { self.content = content() }
    public func _nodes() -> [Node] { [Node("VStack", children: content._nodes())] }
}

public struct HStack<C: View>: Leaf {
    let content: C
    public init(spacing: CGFloat? = nil, @ViewBuilder content: () -> C) { self.content = content() }
    public func _nodes() -> [Node] { [Node("HStack", children: content._nodes())] }
}

public struct ZStack<C: View>: Leaf {
    let content: C
    public init(@ViewBuilder content: () -> C) { self.content = content() }
    public func _nodes() -> [Node] { [Node("ZStack", children: content._nodes())] }
}

public struct Spacer: Leaf {
    public init() {}
    public func _nodes() -> [Node] { [Node("Spacer")] }
}

public struct ForEach<D: RandomAccessCollection, ID: Hashable, C: View>: Leaf {
    let data: D
    let content: (D.Element) -> C
    public init(_ data: D, id: KeyPath<D.Element, ID>, @ViewBuilder content: @escaping (D.Element) -> C) {
        (self.data, self.content) = (data, content)
    }
    public func _nodes() -> [Node] { data.flatMap { content($0)._nodes() } }
}

public struct Button<L: View>: Leaf {
    let label: L
    let action: @MainActor () -> Void
    public init(action: @escaping @MainActor () -> Void, @ViewBuilder label: () -> L) {
        (self.label, self.action) = (label(), action)
    }
    public func _nodes() -> [Node] {
        let inside = label._nodes()
        return [Node("Button", inside.map(\.allText).joined(separator: " "), action: action)]
    }
}

public struct ProgressView: Leaf {
    let value: Double
    public init<V: BinaryFloatingPoint>(value: V?, total: V = 1) { self.value = value.map { Double($0 / total) } ?? 0 }
    public func _nodes() -> [Node] { [Node("Progress", "").changed { $0.look["--value"] = "\(Int(value * 100))%" }] }
}

// Modifiers.

extension View {
    fileprivate func each(_ change: @escaping (inout Node) -> Void) -> Group {
        Group { _nodes().map { $0.changed(change) } }
    }

    public func font(_ font: Font?) -> some View { each { if let font { $0.look["font"] = font.css } } }
    public func foregroundStyle(_ color: Color) -> some View {
        each { $0.look["color"] = $0.look["color"] ?? color.css }
    }
    public func background(_ color: Color) -> some View { each { $0.look["background"] = color.css } }
    public func tint(_ color: Color?) -> some View { each { $0.look["--tint"] = color?.css } }
    public func padding(_ length: CGFloat) -> some View { each { $0.look["padding"] = "\(length)px" } }
    public func frame(height: CGFloat) -> some View { each { $0.look["height"] = "\(height)px" } }
    public func frame(
        minWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, maxHeight: CGFloat? = nil
    ) -> some View {
        each {
            if let minWidth { $0.look["min-width"] = "\(minWidth)px" }
            if let minHeight { $0.look["min-height"] = "\(minHeight)px" }
        }
    }
    public func buttonStyle(_ style: ButtonStyle) -> some View { each { $0.look["--style"] = style.name } }
    public func task(_ action: @escaping @Sendable @MainActor () async -> Void) -> some View { self }
    public func sheet<C: View>(isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> C) -> some View {
        Group { _nodes() + (isPresented.wrappedValue ? [Node("Sheet", children: content()._nodes())] : []) }
    }
    public func accessibilityIdentifier(_ identifier: String) -> some View {
        each { if $0.identifier.isEmpty { $0.identifier = identifier } }
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View { each { $0.hidden = hidden } }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View { self }
}

public struct ButtonStyle: Sendable {
    let name: String
    public static let bordered = Self(name: "bordered")
    public static let borderedProminent = Self(name: "prominent")
}

public struct AccessibilityTraits: Sendable {
    public static let updatesFrequently = Self()
}

public struct Font: Sendable {
    let css: String
    public enum Weight: Int, Sendable { case regular = 400, semibold = 600 }
    public enum Design: Sendable { case `default`, rounded }
    public static let title = Self(css: "400 28px/1.25 sans-serif")
    public static let title2 = Self(css: "400 22px/1.3 sans-serif")
    public static func system(size: CGFloat, weight: Weight? = nil, design: Design? = nil) -> Self {
        Self(css: "\((weight ?? .regular).rawValue) \(Int(size))px/0.95 sans-serif")
    }
}

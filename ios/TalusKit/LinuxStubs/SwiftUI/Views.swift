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
    let alignment: HorizontalAlignment
    public init(
        alignment: HorizontalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {
        (self.alignment, self.content) = (alignment, content())
    }
    public func _nodes() -> [Node] {
        [
            Node("VStack", children: content._nodes()).changed {
                if alignment == .leading { ($0.look["align-items"], $0.look["text-align"]) = ("stretch", "left") }
            }
        ]
    }
}

public struct HStack<C: View>: Leaf {
    let content: C
    public init(
        alignment: VerticalAlignment = .center, spacing: CGFloat? = nil, @ViewBuilder content: () -> C
    ) {
        self.content = content()
    }
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
        // What is hidden in a label is not read with it.
        let said = inside.flatMap(\.spoken).joined(separator: ", ")
        return [
            Node("Button", inside.map(\.allText).filter { !$0.isEmpty }.joined(separator: " "), action: action)
                .changed {
                    if said != $0.text { $0.label = said }
                    // As high as the highest thing in it.
                    let heights = inside.flatMap { $0.all { $0.look["min-height"] != nil } }
                        .compactMap { $0.look["min-height"].flatMap { Double($0.dropLast(2)) } }
                    $0.look["min-height"] = heights.max().map { "\($0)px" }
                    $0.children = inside
                }
        ]
    }
}

public struct ProgressView: Leaf {
    let value: Double?
    public init() { value = nil }
    public init<V: BinaryFloatingPoint>(value: V?, total: V = 1) { self.value = value.map { Double($0 / total) } }
    public func _nodes() -> [Node] {
        let words = value.map { "\(Int($0 * 100)) %" }
        return [
            Node("Progress", "").changed {
                $0.value = words
                $0.look["--value"] = words ?? "0"
            }
        ]
    }
}

/// A sign of Apple's, by its name. Read only where it has a label.
public struct Image: Leaf {
    let name: String
    public init(systemName: String) { name = systemName }
    public func _nodes() -> [Node] { [Node("Image", "").changed { $0.look["--name"] = name }] }
}

public struct Divider: Leaf {
    public init() {}
    public func _nodes() -> [Node] { [Node("Divider")] }
}

public struct ScrollView<C: View>: Leaf {
    let content: C
    public init(@ViewBuilder content: () -> C) { self.content = content() }
    public func _nodes() -> [Node] { [Node("Scroll", children: content._nodes())] }
}

public struct NavigationStack<C: View>: Leaf {
    let content: C
    public init(@ViewBuilder root: () -> C) { content = root() }
    public func _nodes() -> [Node] { [Node("Navigation", children: content._nodes())] }
}

public struct Stepper<L: View>: Leaf {
    let label: L
    let more: (() -> Void)?
    let less: (() -> Void)?
    public init(
        @ViewBuilder label: () -> L, onIncrement: (() -> Void)?, onDecrement: (() -> Void)?
    ) {
        (self.label, more, less) = (label(), onIncrement, onDecrement)
    }
    public func _nodes() -> [Node] {
        let words = label._nodes().map(\.allText).joined(separator: " ")
        return [
            Node("Stepper", words).changed {
                if let more { $0.actions["more"] = { more() } }
                if let less { $0.actions["less"] = { less() } }
            }
        ]
    }
}

public struct TextField: Leaf {
    let title: String
    let text: Binding<String>
    public init(_ title: LocalizedStringKey, text: Binding<String>) { (self.title, self.text) = (title.words, text) }
    public func _nodes() -> [Node] {
        [
            Node("Field", title).changed {
                $0.value = text.wrappedValue
                $0.look["--value"] = text.wrappedValue
            }
        ]
    }
}

/// What is typed here is shown as dots, and never read aloud.
public struct SecureField: Leaf {
    let title: String
    let text: Binding<String>
    public init(_ title: LocalizedStringKey, text: Binding<String>) { (self.title, self.text) = (title.words, text) }
    public func _nodes() -> [Node] {
        let dots = String(repeating: "•", count: text.wrappedValue.count)
        return [Node("Field", title).changed { $0.look["--value"] = dots }]
    }
}

public struct Toggle<L: View>: Leaf {
    let label: L
    let on: Binding<Bool>
    public init(isOn: Binding<Bool>, @ViewBuilder label: () -> L) { (self.label, on) = (label(), isOn) }
    public func _nodes() -> [Node] {
        let binding = on
        return [
            Node("Toggle", label._nodes().map(\.allText).joined(separator: " ")) { binding.wrappedValue.toggle() }
                .changed { $0.value = binding.wrappedValue ? "1" : "0" }
        ]
    }
}

public enum HorizontalAlignment: Sendable { case leading, center, trailing }
public enum VerticalAlignment: Sendable { case top, center, bottom, firstTextBaseline }
public struct Alignment: Sendable {
    let css: String
    public static let leading = Self(css: "left")
    public static let center = Self(css: "center")
    public static let trailing = Self(css: "right")
    public static let bottom = Self(css: "center")
}
public enum TextAlignment: String, Sendable { case leading = "left", center, trailing = "right" }

// Modifiers.

extension View {
    fileprivate func each(_ change: @escaping (inout Node) -> Void) -> Group {
        Group { _nodes().map { $0.changed(change) } }
    }

    public func environment<V>(_ path: WritableKeyPath<EnvironmentValues, V>, _ value: V) -> some View {
        Group {
            let around = EnvironmentValues.current
            defer { EnvironmentValues.current = around }
            EnvironmentValues.current[keyPath: path] = value
            return _nodes()
        }
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
        minWidth: CGFloat? = nil, maxWidth: CGFloat? = nil, minHeight: CGFloat? = nil, maxHeight: CGFloat? = nil,
        alignment: Alignment = .center
    ) -> some View {
        each {
            if alignment.css != "center" { $0.look["text-align"] = alignment.css }
            if let minWidth { $0.look["min-width"] = "\(minWidth)px" }
            if let minHeight { $0.look["min-height"] = "\(minHeight)px" }
        }
    }
    public func buttonStyle(_ style: ButtonStyle) -> some View { each { $0.look["--style"] = style.name } }
    public func task(_ action: @escaping @Sendable @MainActor () async -> Void) -> some View { self }
    public func task<T: Equatable>(
        id value: T, _ action: @escaping @Sendable @MainActor () async -> Void
    ) -> some View { self }
    public func sheet<C: View>(isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> C) -> some View {
        Group { _nodes() + (isPresented.wrappedValue ? [Node("Sheet", children: content()._nodes())] : []) }
    }
    public func accessibilityLabel(_ label: Text) -> some View { each { $0.label = label.words } }
    /// Read last, after a pause, where the person wants hints at all.
    public func accessibilityHint(_ hint: Text) -> some View { self }
    public func onChange<V: Equatable>(of value: V, _ action: @escaping (V, V) -> Void) -> some View { self }
    public func onAppear(perform action: (() -> Void)? = nil) -> some View { self }
    public func accessibilityValue(_ value: Text) -> some View { each { $0.value = value.words } }
    public func accessibilityElement(children: AccessibilityChildBehavior) -> some View {
        each { $0.inside = children }
    }
    public func accessibilityAction(_ kind: AccessibilityActionKind, _ handler: @escaping () -> Void) -> some View {
        each { $0.actions[kind.name] = { handler() } }
    }
    public func accessibilitySortPriority(_ priority: Double) -> some View { each { $0.priority = priority } }
    public func disabled(_ disabled: Bool) -> some View {
        each {
            $0.disabled = disabled
            if disabled { $0.action = nil }
        }
    }
    public func frame(width: CGFloat, height: CGFloat) -> some View {
        each { ($0.look["width"], $0.look["height"]) = ("\(width)px", "\(height)px") }
    }
    public func padding(_ edges: Edge.Set, _ length: CGFloat) -> some View { self }
    public func background(_ color: Color, in shape: RoundedRectangle) -> some View {
        each {
            $0.look["background"] = color.css
            $0.look["border-radius"] = "\(shape.radius)px"
        }
    }
    public func multilineTextAlignment(_ alignment: TextAlignment) -> some View {
        each { $0.look["text-align"] = alignment.rawValue }
    }
    public func fixedSize(horizontal: Bool, vertical: Bool) -> some View { self }
    public func keyboardType(_ type: UIKeyboardType) -> some View { self }
    public func fontWeight(_ weight: Font.Weight?) -> some View {
        each { if let weight { $0.look["font-weight"] = "\(weight.rawValue)" } }
    }
    public func opacity(_ opacity: Double) -> some View { each { $0.look["opacity"] = "\(opacity)" } }
    public func onTapGesture(perform action: @escaping () -> Void) -> some View {
        each { $0.action = $0.action ?? { action() } }
    }
    public func fullScreenCover<C: View>(
        isPresented: Binding<Bool>, @ViewBuilder content: @escaping () -> C
    ) -> some View {
        sheet(isPresented: isPresented, content: content)
    }
    public func accessibilityIdentifier(_ identifier: String) -> some View {
        each { if $0.identifier.isEmpty { $0.identifier = identifier } }
    }
    public func accessibilityHidden(_ hidden: Bool) -> some View { each { $0.hidden = hidden } }
    public func accessibilityAddTraits(_ traits: AccessibilityTraits) -> some View {
        each { $0.traits.insert(traits.name) }
    }
}

public enum AccessibilityChildBehavior: Sendable { case contain, combine, ignore }
public struct AccessibilityActionKind: Sendable {
    let name: String
    public static let magicTap = Self(name: "magic tap")
    public static let `default` = Self(name: "default")
}
public enum Edge: Sendable {
    public struct Set: Sendable {
        public static let horizontal = Self()
        public static let vertical = Self()
        public static let top = Self()
        public static let bottom = Self()
    }
}
public enum UIKeyboardType: Sendable { case numberPad, decimalPad }

public struct ButtonStyle: Sendable {
    let name: String
    public static let plain = Self(name: "plain")
    public static let bordered = Self(name: "bordered")
    public static let borderedProminent = Self(name: "prominent")
}

public struct AccessibilityTraits: Sendable {
    let name: String
    public static let updatesFrequently = Self(name: "updates")
    public static let isHeader = Self(name: "heading")
    public static let isSelected = Self(name: "selected")
}

public struct Font: Sendable {
    let css: String
    public enum Weight: Int, Sendable { case regular = 400, semibold = 600 }
    public enum Design: Sendable { case `default`, rounded }
    public static let largeTitle = Self(css: "700 34px/1.2 sans-serif")
    public static let headline = Self(css: "600 17px/1.3 sans-serif")
    public static let body = Self(css: "400 17px/1.35 sans-serif")
    public static let subheadline = Self(css: "400 15px/1.35 sans-serif")
    public static let footnote = Self(css: "400 13px/1.35 sans-serif")
    public static let title = Self(css: "400 28px/1.25 sans-serif")
    public static let title2 = Self(css: "400 22px/1.3 sans-serif")
    public static func system(size: CGFloat, weight: Weight? = nil, design: Design? = nil) -> Self {
        Self(css: "\((weight ?? .regular).rawValue) \(Int(size))px/0.95 sans-serif")
    }
}

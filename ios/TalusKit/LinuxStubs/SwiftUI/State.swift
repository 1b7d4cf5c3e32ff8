// What a view keeps and what surrounds it.

final class Box<V>: @unchecked Sendable {
    var value: V
    init(_ value: V) { self.value = value }
}

@propertyWrapper public struct State<V> {
    let box: Box<V>
    public init(wrappedValue: V) { box = Box(wrappedValue) }
    public init(initialValue: V) { box = Box(initialValue) }
    public var wrappedValue: V {
        get { box.value }
        nonmutating set { box.value = newValue }
    }
    public var projectedValue: Binding<V> { Binding(get: { box.value }, set: { box.value = $0 }) }
}

@propertyWrapper public struct Binding<V> {
    let get: () -> V
    let set: (V) -> Void
    public init(get: @escaping () -> V, set: @escaping (V) -> Void) { (self.get, self.set) = (get, set) }
    public var wrappedValue: V {
        get { get() }
        nonmutating set { set(newValue) }
    }
    public var projectedValue: Binding<V> { self }
}

public enum ColorScheme: Sendable { case light, dark }

public enum DynamicTypeSize: Sendable {
    case large, xxxLarge, accessibility1, accessibility5
    public var isAccessibilitySize: Bool { self == .accessibility1 || self == .accessibility5 }
}

public enum ScenePhase: Sendable { case background, inactive, active }

/// Opens a place outside the app.
public struct OpenURLAction: Sendable {
    let handler: @MainActor @Sendable (URL) -> Void
    public init(_ handler: @escaping @MainActor @Sendable (URL) -> Void) { self.handler = handler }
    @MainActor public func callAsFunction(_ url: URL) { handler(url) }
}

public protocol EnvironmentKey {
    associatedtype Value: Sendable
    static var defaultValue: Value { get }
}

public struct EnvironmentValues: Sendable {
    nonisolated(unsafe) static var current = EnvironmentValues()
    private var own: [ObjectIdentifier: any Sendable] = [:]
    public subscript<K: EnvironmentKey>(key: K.Type) -> K.Value {
        get { own[ObjectIdentifier(key)] as? K.Value ?? K.defaultValue }
        set { own[ObjectIdentifier(key)] = newValue }
    }
    public var colorScheme = ColorScheme.light
    public var dynamicTypeSize = DynamicTypeSize.large
    public var accessibilityReduceMotion = false
    public var scenePhase = ScenePhase.active
    public var openURL = OpenURLAction { _ in }
    public var locale = Locale(identifier: "en")
    public init() {}
}

protocol Injected { func load() }

@propertyWrapper public struct Environment<V>: Injected {
    let box: Box<V?> = Box(nil)
    let read: () -> V
    public init(_ path: KeyPath<EnvironmentValues, V>) { read = { EnvironmentValues.current[keyPath: path] } }
    func load() { box.value = read() }
    public var wrappedValue: V { box.value ?? read() }
}

@MainActor public protocol App {
    associatedtype Content: Scene
    @SceneBuilder var body: Content { get }
    init()
}

extension App { public static func main() {} }

@MainActor public protocol Scene {}

@MainActor @resultBuilder public enum SceneBuilder {
    public static func buildBlock<S: Scene>(_ scene: S) -> S { scene }
}

public struct WindowGroup<C: View>: Scene {
    public init(@ViewBuilder content: () -> C) {}
}

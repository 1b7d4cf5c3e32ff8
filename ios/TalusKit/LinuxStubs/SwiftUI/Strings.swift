// The app's own words: English in the code, other languages from its string catalogue.

/// Translations as an app's catalogue (`Localizable.xcstrings`) has them.
public enum Strings {
    nonisolated(unsafe) static var table: [String: String] = [:]
    /// Keys that were shown and that the chosen language has no words for.
    nonisolated(unsafe) public private(set) static var missing: Set<String> = []

    /// Speaks this language from now on; English needs no catalogue.
    public static func speak(_ language: String, from catalogue: URL) throws {
        missing = []
        table = [:]
        guard language != "en" else { return }
        let whole = try JSONDecoder().decode(Catalogue.self, from: Data(contentsOf: catalogue))
        table = whole.strings.compactMapValues { $0.localizations?[language]?.stringUnit.value }
    }

    static func look(up key: String) -> String {
        if let words = table[key] { return words }
        if !table.isEmpty { missing.insert(key) }
        return key
    }

    private struct Catalogue: Decodable {
        let strings: [String: Entry]
        struct Entry: Decodable { let localizations: [String: Localization]? }
        struct Localization: Decodable { let stringUnit: Unit }
        struct Unit: Decodable { let value: String }
    }
}

public struct LocalizedStringKey: ExpressibleByStringInterpolation, Sendable {
    let key: String
    let arguments: [String]

    public init(stringLiteral value: String) { (key, arguments) = (value, []) }
    public init(stringInterpolation: StringInterpolation) {
        (key, arguments) = (stringInterpolation.key, stringInterpolation.arguments)
    }

    public struct StringInterpolation: StringInterpolationProtocol {
        var key = ""
        var arguments: [String] = []
        public init(literalCapacity: Int, interpolationCount: Int) {}
        public mutating func appendLiteral(_ literal: String) { key += literal }
        public mutating func appendInterpolation(_ number: Int) {
            key += "%lld"
            arguments.append("\(number)")
        }
        public mutating func appendInterpolation(_ text: String) {
            key += "%@"
            arguments.append(text)
        }
    }

    /// The words, with what belongs in them, in order.
    var words: String {
        var words = Strings.look(up: key)
        for argument in arguments {
            guard let place = words.range(of: "%(lld|@)", options: .regularExpression) else { break }
            words.replaceSubrange(place, with: argument)
        }
        return words
    }
}

extension String {
    public typealias LocalizationValue = LocalizedStringKey
    /// The words themselves, where a view is not what shows them.
    public init(localized key: LocalizationValue) { self = key.words }
}

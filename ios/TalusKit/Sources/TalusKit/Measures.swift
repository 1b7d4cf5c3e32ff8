import Foundation

/// How numbers are written: as many digits as they are worth, the language's decimal mark, a true minus, a thin space that
/// does not break before a unit, and a dash where nothing was measured.
public struct Measures: Sendable {
    private let locale: Locale
    private let pounds: Bool

    /// Weights are kept in grams; `pounds` is how they are read.
    public init(language: String, pounds: Bool = false) {
        (locale, self.pounds) = (Locale(identifier: language), pounds)
    }

    /// What stands where nothing was measured; it is read as "not measured".
    public static let unknown = "–"
    private static let thin = "\u{202F}"
    /// Grams of an international pound.
    private static let poundG = 453.592_37

    /// A weight: kilograms to the gram that matters, never "1.50 kg"; pounds to a half.
    public func mass(_ grams: Int) -> String {
        let halves = (Double(grams) / Self.poundG * 2).rounded()
        // What rounds to no pound at all is not nothing.
        guard pounds, halves > 0 else { return unit(number(Double(grams) / 1000, most: 2), "kg") }
        return unit(number(halves / 2, most: 1), "lb")
    }

    /// A weight some steps further, as they are sold: a quarter of a kilogram, or half a pound; none and `most` are its ends.
    public func stepped(_ grams: Int, by steps: Int, most: Int) -> Int {
        let step = pounds ? Self.poundG / 2 : 250
        let next = ((Double(grams) / step).rounded() + Double(steps)) * step
        return min(max(Int(next.rounded()), 0), most)
    }

    /// An angle in whole degrees.
    public func degrees(_ angle: Double?) -> String { angle.map { "\(number($0, most: 0))°" } ?? Self.unknown }

    /// Seconds with one decimal.
    public func seconds(_ seconds: Double?) -> String {
        seconds.map { unit(number($0, least: 1, most: 1), "s") } ?? Self.unknown
    }

    /// Per cent, whole.
    public func percent(_ percent: Int?) -> String { percent.map { unit("\($0)", "%") } ?? Self.unknown }

    /// Torque: one decimal under 10, whole from 10.
    public func torque(_ torque: Double?) -> String {
        torque.map { unit(number($0, least: $0 < 10 ? 1 : 0, most: $0 < 10 ? 1 : 0), "N·m") } ?? Self.unknown
    }

    /// The size of a file.
    public func bytes(_ bytes: Int) -> String {
        unit(number(Double(bytes) / 1_000_000, most: bytes < 10_000_000 ? 1 : 0), "MB")
    }

    /// A minute of the day as a clock shows it.
    public func time(_ minute: Int) -> String {
        guard let utc = TimeZone(identifier: "UTC") else { return "" }
        var style = Date.FormatStyle.dateTime.hour().minute().locale(locale)
        style.timeZone = utc
        return Date(timeIntervalSince1970: Double(minute) * 60).formatted(style)
    }

    /// The day a moment lies on where the phone is.
    public static func localDay(of date: Date, in zone: TimeZone = .current) -> String {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let day = calendar.dateComponents([.year, .month, .day], from: date)
        func two(_ number: Int?) -> String { String(format: "%02d", number ?? 0) }
        return "\(day.year ?? 0)-\(two(day.month))-\(two(day.day))"
    }

    /// Minutes, at least one.
    public func minutes(_ seconds: Double) -> String { unit("\(max(1, Int((seconds / 60).rounded())))", "min") }

    /// A time that runs: 2:05.
    public func clock(_ seconds: Int) -> String {
        let (minutes, rest) = (max(seconds, 0) / 60, max(seconds, 0) % 60)
        return "\(minutes):\(rest < 10 ? "0" : "")\(rest)"
    }

    /// A day `YYYY-MM-DD` as a person writes it: "5 November".
    public func day(_ localDay: String) -> String { written(localDay, .dateTime.day().month(.wide)) ?? localDay }

    /// The weekday of a day: "Thursday".
    public func weekday(_ localDay: String) -> String { written(localDay, .dateTime.weekday(.wide)) ?? localDay }

    /// The first letter of each weekday from Monday on.
    public var weekdayLetters: [String] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.locale = locale
        let letters = calendar.veryShortStandaloneWeekdaySymbols
        return Array(letters[1...] + letters[..<1])
    }

    /// The weekdays from Monday on.
    public var weekdays: [String] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.locale = locale
        let names = calendar.standaloneWeekdaySymbols
        return Array(names[1...] + names[..<1])
    }

    /// The day as a point in time, noon UTC, to be laid along an axis.
    public static func date(_ localDay: String) -> Date? {
        let parts = localDay.split(separator: "-").compactMap { Int($0) }
        guard parts.count == 3 else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        guard let utc = TimeZone(identifier: "UTC") else { return nil }
        calendar.timeZone = utc
        return calendar.date(from: DateComponents(year: parts[0], month: parts[1], day: parts[2], hour: 12))
    }

    private func written(_ localDay: String, _ style: Date.FormatStyle) -> String? {
        guard let utc = TimeZone(identifier: "UTC"), let date = Self.date(localDay) else { return nil }
        var style = style.locale(locale)
        style.timeZone = utc
        return date.formatted(style)
    }

    private func number(_ value: Double, least: Int = 0, most: Int) -> String {
        let rounded = value.magnitude < pow(10, -Double(most)) / 2 ? 0 : value
        return rounded.formatted(.number.precision(.fractionLength(least...most)).grouping(.never).locale(locale))
            .replacingOccurrences(of: "-", with: "−")
    }

    private func unit(_ number: String, _ unit: String) -> String { number + Self.thin + unit }
}

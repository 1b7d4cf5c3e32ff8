import Foundation

/// A journey of tests/journeys, read as strictly as Rust reads it: a key nobody looks at fails. The reader knows the part
/// of TOML those files use: tables, lists of tables, text, numbers, truth and lists of numbers, one a line.
struct Journey {
    enum Step {
        case demo(seed: UInt64), go(seconds: Double), until(set: Int, count: Int), finish, save, kill, resume
        case person(birthYear: Int16, heightCm: Float, massKg: Float), become(name: String)
        case practice(seed: UInt64, exercises: [String]), examine(seed: UInt64, tests: [String])
        case pain(level: UInt8), checkIn(pain: UInt8)
        case prescribed(exercise: String, left: Bool, massG: UInt32, mostG: UInt32, why: String)
        case plan(exercise: String, massG: UInt32, rangeDeg: ClosedRange<Double>)
        case notOpen(exercise: String, why: String), export(passphrase: String?), wipe, takeIn(passphrase: String?)
    }

    struct ExpectSet {
        let exercise: String
        let side: String
        let count: ClosedRange<Double>
        let short: UInt32?
        let rangeDeg: ClosedRange<Double>?
        let endedBy: String?
        let cadencePerMin: ClosedRange<Double>?
    }

    struct ExpectTested {
        let name: String
        let value: ClosedRange<Double>
        let says: String
    }

    let language: String
    let steps: [Step]
    let sessions: Int
    let finished: Bool
    let paired: Int
    let lost: Int
    let said: [String]
    let sets: [ExpectSet]
    let tested: [ExpectTested]

    struct Malformed: Error { let why: String }

    /// The journey whose file begins with `number`.
    init(_ number: String) throws {
        let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../../tests/journeys")
            .standardized
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { $0.hasPrefix(number) && $0.hasSuffix(".toml") }
        guard files.count == 1 else { throw Malformed(why: "\(number) is not one file: \(files)") }
        let text = try String(contentsOf: folder.appendingPathComponent(files[0]), encoding: .utf8)
        var tables = try Self.tables(of: text)

        _ = try tables[0].take("name", as: String.self)
        language = try tables[0].take("language", as: String.self)
        steps = try tables.indices.filter { tables[$0].name == "step" }.map { try Self.step(&tables[$0]) }
        guard let expect = tables.firstIndex(where: { $0.name == "expect" }) else {
            throw Malformed(why: "nothing is expected")
        }
        sessions = Int(try tables[expect].take("sessions", as: Double.self))
        finished = try tables[expect].take("finished", as: Bool.self)
        paired = Int(try tables[expect].maybe("paired", as: Double.self) ?? 0)
        lost = Int(try tables[expect].maybe("lost", as: Double.self) ?? 0)
        said = try tables[expect].maybe("said", as: [String].self) ?? []
        sets = try tables.indices.filter { tables[$0].name == "expect.set" }.map { index in
            ExpectSet(
                exercise: try tables[index].take("exercise", as: String.self),
                side: try tables[index].take("side", as: String.self),
                count: try Self.range(tables[index].take("count", as: [Double].self)),
                short: try tables[index].maybe("short", as: Double.self).map { UInt32($0) },
                rangeDeg: try tables[index].maybe("range_deg", as: [Double].self).map(Self.range),
                endedBy: try tables[index].maybe("ended_by", as: String.self),
                cadencePerMin: try tables[index].maybe("cadence_per_min", as: [Double].self).map(Self.range))
        }
        tested = try tables.indices.filter { tables[$0].name == "expect.tested" }.map { index in
            ExpectTested(
                name: try tables[index].take("name", as: String.self),
                value: try Self.range(tables[index].take("value", as: [Double].self)),
                says: try tables[index].take("says", as: String.self))
        }
        let known = ["", "step", "expect", "expect.set", "expect.tested"]
        for table in tables where !table.values.isEmpty || !known.contains(table.name) {
            throw Malformed(why: "nobody looks at \(table.values.keys.sorted()) of [\(table.name)]")
        }
    }

    private static func range(_ two: [Double]) throws -> ClosedRange<Double> {
        guard two.count == 2, two[0] <= two[1] else { throw Malformed(why: "\(two) is no range") }
        return two[0]...two[1]
    }

    private static func step(_ table: inout Table) throws -> Step {
        switch try table.take("do", as: String.self) {
        case "demo": .demo(seed: UInt64(try table.take("seed", as: Double.self)))
        case "go": .go(seconds: try table.take("seconds", as: Double.self))
        case "until":
            .until(
                set: Int(try table.take("set", as: Double.self)), count: Int(try table.take("count", as: Double.self)))
        case "person":
            .person(
                birthYear: Int16(try table.take("birth_year", as: Double.self)),
                heightCm: Float(try table.take("height_cm", as: Double.self)),
                massKg: Float(try table.take("mass_kg", as: Double.self)))
        case "become": .become(name: try table.take("name", as: String.self))
        case "practice":
            .practice(
                seed: UInt64(try table.take("seed", as: Double.self)),
                exercises: try table.take("exercises", as: [String].self))
        case "examine":
            .examine(
                seed: UInt64(try table.take("seed", as: Double.self)),
                tests: try table.take("tests", as: [String].self))
        case "pain": .pain(level: UInt8(try table.take("level", as: Double.self)))
        case "check_in": .checkIn(pain: UInt8(try table.take("pain", as: Double.self)))
        case "prescribed":
            .prescribed(
                exercise: try table.take("exercise", as: String.self),
                left: try table.take("side", as: String.self) == "left",
                massG: UInt32(try table.take("mass_g", as: Double.self)),
                mostG: UInt32(try table.take("ceiling_g", as: Double.self)),
                why: try table.take("why", as: String.self))
        case "not_open":
            .notOpen(
                exercise: try table.take("exercise", as: String.self), why: try table.take("why", as: String.self))
        case "plan":
            .plan(
                exercise: try table.take("exercise", as: String.self),
                massG: UInt32(try table.take("mass_most_g", as: Double.self)),
                rangeDeg: try Self.range(table.take("range_deg", as: [Double].self)))
        case "export": .export(passphrase: try table.maybe("passphrase", as: String.self))
        case "wipe": .wipe
        case "import": .takeIn(passphrase: try table.maybe("passphrase", as: String.self))
        case "finish": .finish
        case "save": .save
        case "kill": .kill
        case "resume": .resume
        case let verb: throw Malformed(why: "nobody knows how to \(verb)")
        }
    }

    private struct Table {
        let name: String
        var values: [String: Any] = [:]

        mutating func maybe<T>(_ key: String, as type: T.Type) throws -> T? {
            guard let value = values.removeValue(forKey: key) else { return nil }
            guard let value = value as? T else { throw Malformed(why: "\(key) of [\(name)] is \(value)") }
            return value
        }

        mutating func take<T>(_ key: String, as type: T.Type) throws -> T {
            guard let value = try maybe(key, as: type) else { throw Malformed(why: "[\(name)] has no \(key)") }
            return value
        }
    }

    private static func tables(of text: String) throws -> [Table] {
        var tables = [Table(name: "")]
        var begun = ""
        for raw in text.split(separator: "\n") {
            let line = raw.trimmingCharacters(in: .whitespaces)
            if line.isEmpty || line.hasPrefix("#") { continue }
            if begun.isEmpty, line.hasPrefix("[") {
                tables.append(Table(name: line.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))))
                continue
            }
            // A list may have a line for each of its entries.
            begun += begun.isEmpty ? line : " \(line)"
            if begun.hasSuffix("[") || begun.hasSuffix(",") { continue }
            let parts = begun.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            begun = ""
            guard parts.count == 2 else { throw Malformed(why: "cannot read \(line)") }
            guard tables[tables.count - 1].values.updateValue(try value(parts[1]), forKey: parts[0]) == nil else {
                throw Malformed(why: "\(parts[0]) stands twice")
            }
        }
        guard begun.isEmpty else { throw Malformed(why: "no end of \(begun)") }
        return tables
    }

    private static func value(_ text: String) throws -> Any {
        if text == "true" || text == "false" { return text == "true" }
        if text.hasPrefix("\""), text.hasSuffix("\""), text.count > 1 {
            // The one escape those files use: a narrow space, which nobody sees in a file.
            let plain = text.dropFirst().dropLast().replacingOccurrences(of: "\\u202f", with: "\u{202F}")
            guard !plain.contains("\\") else { throw Malformed(why: "cannot read \(text)") }
            return plain
        }
        if text.hasPrefix("["), text.hasSuffix("]") {
            let inside = text.dropFirst().dropLast().trimmingCharacters(in: .whitespaces)
            if inside.hasPrefix("\"") {
                // Between two texts: a comma in one has no quote before it.
                let parts = inside.trimmingCharacters(in: CharacterSet(charactersIn: ", ")).components(
                    separatedBy: "\", ")
                return try parts.enumerated().map { at, part in
                    guard let one = try value(at + 1 < parts.count ? part + "\"" : part) as? String else {
                        throw Malformed(why: "cannot read \(text)")
                    }
                    return one
                }
            }
            return try inside.split(separator: ",").map { part in
                guard let number = Double(part.trimmingCharacters(in: .whitespaces)) else {
                    throw Malformed(why: "cannot read \(text)")
                }
                return number
            }
        }
        guard let number = Double(text) else { throw Malformed(why: "cannot read \(text)") }
        return number
    }
}

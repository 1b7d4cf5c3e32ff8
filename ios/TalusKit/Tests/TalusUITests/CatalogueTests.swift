#if os(Linux)
    import Foundation
    import Testing

    @testable import TalusUI

    /// The string catalogues: complete in both languages, nothing left over, and held to the product's voice.
    @Suite struct CatalogueTests {
        private struct Catalogue: Decodable {
            let sourceLanguage: String
            let strings: [String: Entry]

            struct Entry: Decodable { let localizations: [String: Localization] }
            struct Localization: Decodable { let stringUnit: Unit }
            struct Unit: Decodable { let state: String, value: String }
        }

        private let ios = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../..").standardized

        private func read(_ name: String) throws -> Catalogue {
            try JSONDecoder().decode(
                Catalogue.self, from: Data(contentsOf: ios.appendingPathComponent("Talus/\(name).xcstrings")))
        }

        /// What a text has places for, in order.
        private func places(_ text: String) -> [String] {
            text.matches(of: /%(?:\d\$)?(lld|@)/).map { String($0.output.1) }
        }

        @Test func everyTextIsThereInGermanWithTheSamePlaces() throws {
            let words = try read("Localizable")
            #expect(words.sourceLanguage == "en" && words.strings.count > 250)
            for (key, entry) in words.strings {
                let german = try #require(entry.localizations["de"]?.stringUnit, "\(key)")
                #expect(german.state == "translated" && !german.value.isEmpty, "\(key)")
                #expect(places(german.value) == places(key), "\(key): \(german.value)")
            }
        }

        @Test func whatTheSystemAsksIsSaidInBothLanguages() throws {
            let words = try read("InfoPlist").strings
            let project = try String(
                contentsOf: ios.appendingPathComponent("Talus.xcodeproj/project.pbxproj"), encoding: .utf8)
            let asked = Set(project.matches(of: /INFOPLIST_KEY_(NS\w+UsageDescription) = "(.*)";/).map(\.output.1))
            #expect(Set(words.keys.map { $0[...] }) == asked && asked.count == 3)
            for (key, entry) in words {
                let english = try #require(entry.localizations["en"]?.stringUnit.value, "\(key)")
                #expect(entry.localizations["de"]?.stringUnit.value.isEmpty == false, "\(key)")
                #expect(project.contains("INFOPLIST_KEY_\(key) = \"\(english)\";"), "\(key) says something else")
            }
        }

        @Test func everyTextOfAScreenIsInTheCatalogueAndNoneIsLeftOver() throws {
            var literals: Set<String> = []
            var shown: Set<String> = []
            // What takes a key of the catalogue.
            let takers = [
                "Text(", "Primary(", "Secondary(", "Choice(", "TextField(", "SecureField(", "localized:", "toggle(",
                "row(", "way(", "line(", "tab(", "field(", "wide(", "waiting(",
            ]
            let folders = ["TalusKit/Sources/TalusUI", "Talus/Platform"].map { ios.appendingPathComponent($0) }
            for file in try folders.flatMap({
                try FileManager.default.contentsOfDirectory(at: $0, includingPropertiesForKeys: nil)
            })
            where file.pathExtension == "swift" {
                for (before, text) in Self.literals(try String(contentsOf: file, encoding: .utf8)) {
                    literals.insert(text)
                    if takers.contains(where: before.hasSuffix) { shown.insert(text) }
                }
            }
            let keys = Set(try read("Localizable").strings.keys.map { $0.replacing(/%(lld|@)/, with: "¤") })
            #expect(shown.subtracting(keys).isEmpty, "not in the catalogue")
            #expect(keys.subtracting(literals).isEmpty, "nobody says them any more")
            #expect(shown.count > 200)
        }

        /// What is built in is more than what is used directly: each of those is there, with a text, and so is what C it carries.
        @Test func everyPackageThatTheAppIsBuiltOfIsNamedWithItsLicence() throws {
            let file = ios.appendingPathComponent("TalusKit/Sources/TalusUI/Resources/licences.json")
            let all = try JSONDecoder().decode(Licences.self, from: Data(contentsOf: file)).licences
            let of = Set(all.flatMap(\.of).map { $0.prefix { $0 != " " } })
            for name in [
                "btleplug", "uniffi", "rusqlite", "argon2", "jiff", "libm", "objc2", "sqlcipher-src", "openssl-src",
            ] {
                #expect(of.contains(name[...]), "\(name)")
            }
            #expect(!of.contains("talus-ffi") && !of.contains("jni") && of.count > 80)
            #expect(all.allSatisfy { $0.text.count > 100 && !$0.under.isEmpty })
            #expect(all == Licences.here.licences, "the page has the same")
        }

        @Test func whatIsShownOutsideTheAppIsThereInGermanToo() throws {
            let words = try JSONDecoder().decode(
                Catalogue.self, from: Data(contentsOf: ios.appendingPathComponent("TalusWidgets/Localizable.xcstrings"))
            ).strings
            let source = try String(
                contentsOf: ios.appendingPathComponent("TalusWidgets/TalusWidgets.swift"), encoding: .utf8)
            let takers = ["Text(", "Label(", "Name(", "description("]
            let said = Self.literals(source).filter { one in takers.contains { one.before.hasSuffix($0) } }.map {
                $0.text
            }
            #expect(Set(words.keys.map { $0.replacing(/%(lld|@)/, with: "¤") }) == Set(said))
            for (key, entry) in words {
                #expect(places(try #require(entry.localizations["de"]).stringUnit.value) == places(key), "\(key)")
            }
        }

        @Test func theVoiceIsCalmAndPromisesNothing() throws {
            for (key, entry) in try read("Localizable").strings {
                let german = entry.localizations["de"]?.stringUnit.value ?? ""
                #expect(!(key + german).contains("!"), "\(key)")
                for word in ["should", "improves", "burn", "injur", "great", "well done"] {
                    #expect(!key.lowercased().contains(word), "\(key)")
                }
                for word in ["solltest", "verbessert", "verletz", "super", "bravo"] {
                    #expect(!german.lowercased().contains(word), "\(german)")
                }
            }
        }

        /// Each text in double quotes with what stands before it; what is put into it is a ¤.
        private static func literals(_ source: String) -> [(before: String, text: String)] {
            var found: [(String, String)] = []
            let code = source.split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.drop(while: \.isWhitespace).hasPrefix("//") }.joined(separator: "\n")
            var rest = code[...]
            while let open = rest.firstIndex(of: "\"") {
                let before = rest[..<open]
                var (text, at) = ("", rest.index(after: open))
                while at < rest.endIndex, rest[at] != "\"" {
                    if rest[at...].hasPrefix("\\(") {
                        (text, at) = (text + "¤", Self.end(of: rest, from: rest.index(at, offsetBy: 2)))
                    } else {
                        text.append(rest[at])
                        at = rest.index(after: at)
                    }
                }
                let last = before.reversed().drop(while: \.isWhitespace).prefix(16).reversed()
                found.append((String(last), text))
                rest = at < rest.endIndex ? rest[rest.index(after: at)...] : ""
            }
            return found
        }

        /// Behind the parenthesis that closes the one before `from`.
        private static func end(of text: Substring, from: Substring.Index) -> Substring.Index {
            var (depth, at) = (1, from)
            while at < text.endIndex, depth > 0 {
                if text[at] == "(" { depth += 1 }
                if text[at] == ")" { depth -= 1 }
                at = text.index(after: at)
            }
            return at
        }
    }
#endif

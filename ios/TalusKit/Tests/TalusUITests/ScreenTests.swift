#if os(Linux)
    import Foundation
    import SwiftUI
    import TalusKit
    import Testing

    @testable import TalusUI

    private let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let catalogue = here.appendingPathComponent("../../../Talus/Localizable.xcstrings").standardized

    /// One after the other: the stand-in speaks one language at a time.
    @Suite(.serialized) struct Screens {}

    /// What every screen says, in every state: to whoever hears it, in both languages, and in which order. The words stand in
    /// `Spoken/`, to be read as they are heard; with TALUS_SPOKEN set they are written anew.
    extension Screens {
        @MainActor @Suite(.serialized) struct ScreenTests {
            private func each(_ language: String, _ look: (String, Node) throws -> Void) throws {
                try Strings.speak(language, from: catalogue)
                ScreenStates.around = EnvironmentValues()
                for (name, draw) in ScreenStates.all { try look(name, draw(language)) }
                #expect(Strings.missing.isEmpty, "no words for \(Strings.missing.sorted())")
            }

            @Test(arguments: ["en", "de"]) func everyStateIsReadAsItIsWrittenDown(_ language: String) throws {
                var spoken = ""
                try each(language) { name, screen in
                    spoken += "# \(name)\n" + screen.spoken.map { $0 + "\n" }.joined() + "\n"
                }
                let file = here.appendingPathComponent("Spoken/\(language).txt")
                if ProcessInfo.processInfo.environment["TALUS_SPOKEN"] != nil {
                    try Data(spoken.utf8).write(to: file)
                }
                #expect(try String(contentsOf: file, encoding: .utf8) == spoken)
            }

            @Test func everyNameOfAStateIsItsOwn() {
                let names = ScreenStates.all.map(\.0)
                #expect(Set(names).count == names.count && names.count > 50)
            }

            @Test(arguments: ["en", "de"]) func everyControlHasANameAndRoomForAFinger(_ language: String) throws {
                try each(language) { name, screen in
                    for control in screen.all(where: { ["Button", "Toggle", "Stepper", "Field"].contains($0.kind) }) {
                        #expect(
                            control.spoken.first.map { !$0.hasPrefix(" (") } ?? false, "\(name): \(control.identifier)")
                        #expect(!control.identifier.isEmpty, "\(name): \(control.text)")
                        guard control.kind == "Button" else { continue }
                        let height = control.look["min-height"].flatMap { Double($0.dropLast(2)) } ?? 0
                        #expect(height >= 44, "\(name): \(control.identifier) is \(height) high")
                    }
                }
            }

            @Test func aScreenBeginsWithItsTitleAndASetWithItsCount() throws {
                try each("en") { name, screen in
                    let first = try #require(screen.spoken.first, "\(name) says nothing")
                    switch name {
                    case "set", "set-last", "set-poor", "set-lost", "paused":
                        let at = { (word: String) in screen.spoken.firstIndex { $0.hasPrefix(word) } ?? 99 }
                        #expect(
                            first.hasPrefix(name == "set-last" ? "10 of 12" : "7 of 12") && at("Pain") >= 3, "\(name)")
                        #expect(
                            at("Pain") + 1 == at(name == "paused" ? "Go on" : "Pause") && at("Pain") + 2 == at("Stop"))
                    case _ where name.hasPrefix("walking") || name.hasPrefix("trial"):
                        // The clock or the count, what is on, and what to do; then the ways out, the last of all.
                        let at = { (word: String) in screen.spoken.firstIndex { $0.hasPrefix(word) } ?? 99 }
                        // A try that is only shown, or walked, has nothing that runs.
                        let runs = screen.first { $0.identifier == "count" } != nil
                        #expect(runs == first.contains("(updates)"), "\(name) begins with \(first)")
                        #expect(
                            screen.first { $0.identifier == "phase" }.map { at($0.text) } == (runs ? 1 : 0), "\(name)")
                        #expect(at("Pain") + 2 == at("Stop") && at("Pain") > 2, "\(name)")
                    case _
                    where name.hasPrefix("live") || name.hasPrefix("set") || name.hasPrefix("floor")
                        || name.hasPrefix("walk"):
                        break
                    case "resumed", "first-run-question", "first-run-question-again", "first-run-falls",
                        "first-run-pain",
                        "first-run-cleared", "today-demo":
                        break
                    default: #expect(first.contains("heading"), "\(name) begins with \(first)")
                    }
                }
            }

            @Test func theWaysOutOfASetNeverMoveAndAreTwiceAsLarge() throws {
                try each("en") { name, screen in
                    guard
                        [
                            "set", "set-last", "set-open", "set-plan", "set-poor", "set-lost", "paused", "walk",
                            "walk-lost",
                        ].contains(
                            name) || name.hasPrefix("walking") || name.hasPrefix("trial")
                    else { return }
                    for id in ["pain", "pause", "stop"] {
                        let button = try #require(screen.first { $0.identifier == id }, "\(name): \(id)")
                        #expect(button.look["min-height"] == "72.0px", "\(name): \(id)")
                    }
                    #expect(screen.all { $0.actions["magic tap"] != nil }.count == 1, "\(name): magic tap pauses")
                }
            }

            @Test func aCountedWalkThatIsPausedIsNotToldToRestTheLeg() throws {
                try Strings.speak("en", from: catalogue)
                let state = ScreenStates.set(.paused) {
                    ($0.exerciseId, $0.exercise, $0.leg, $0.target) = ("walk", "Walk", nil, nil)
                    $0.cuffs[0].lost = true
                }
                let screen = Screen.tree(LiveScreen(state, language: "en") { _ in }, in: EnvironmentValues())
                let line = screen.first { $0.identifier == "line" }
                #expect(line?.text == "Walk on. What is not measured is not guessed.")
            }

            @Test func whatIsPressedOnAWalkAndAWalkedStanceIsWhatItSays() throws {
                try Strings.speak("en", from: catalogue)
                let draw = { (name: String) throws -> Node in
                    try #require(ScreenStates.under.first { $0.0 == name }).1("en")
                }
                for (name, id, said, meant) in [
                    ("trial-walked", "confirm", "All steps done", LiveScreen.Action.confirm),
                    ("walking-put-on", "confirm", "The weight is on", .confirm),
                    ("walking-put-on", "off", "Walk on without", .lighter),
                    ("walking-changed", "confirm", "The weight is off", .confirm),
                    ("walking", "off", "Cuffs off", .lighter),
                ] {
                    ScreenStates.pressed = []
                    let screen = try draw(name)
                    let button = try #require(screen.first { $0.identifier == id }, "\(name)")
                    let press = try #require(button.action, "\(name): \(id)")
                    press()
                    #expect(button.text == said && ScreenStates.pressed == [meant], "\(name): \(id)")
                }
                for (name, ids) in [("walking-put-on-paused", ["confirm", "off"]), ("walking-paused", ["off"])] {
                    let screen = try draw(name)
                    for id in ids { #expect(screen.first { $0.identifier == id }?.disabled == true, "\(name): \(id)") }
                }
            }

            @Test func aSideIsNeverAColourAlone() throws {
                try each("en") { name, screen in
                    for mark in screen.all(where: { ["circle.fill", "diamond.fill"].contains($0.look["--name"] ?? "") })
                    {
                        #expect(mark.spoken.isEmpty, "\(name): the word beside it is read")
                    }
                    let marks = screen.all { $0.look["--name"] == "diamond.fill" }.count
                    let words = screen.allText.components(separatedBy: "Right leg").count - 1
                    #expect(name.hasPrefix("floor") || words >= marks, "\(name)")
                }
            }

            @Test func inTheLargestTypeNothingStandsSideBySideButWhatMustNotMove() throws {
                try Strings.speak("en", from: catalogue)
                ScreenStates.around.dynamicTypeSize = .accessibility5
                defer { ScreenStates.around = EnvironmentValues() }
                for (name, draw) in ScreenStates.all
                where [
                    "ahead", "test", "lifts", "aside", "today", "progress", "plan", "exercise", "trust", "own",
                    "settings", "calendar", "health", "learn",
                    "people",
                ]
                .contains(where: name.hasPrefix) {
                    for row in draw("en").all(where: { $0.kind == "HStack" }) {
                        let texts = row.all { $0.kind == "Text" }
                        #expect(texts.count < 2, "\(name): \(row.allText)")
                    }
                }
            }

            @Test(arguments: [false, true]) func everyStateIsSketched(_ dark: Bool) throws {
                guard let place = ProcessInfo.processInfo.environment["TALUS_SKETCHES"] else { return }
                let language = dark ? "de" : "en"
                try Strings.speak(language, from: catalogue)
                ScreenStates.around.colorScheme = dark ? .dark : .light
                defer { ScreenStates.around = EnvironmentValues() }
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                for (name, draw) in ScreenStates.all {
                    let file = URL(fileURLWithPath: place).appendingPathComponent(
                        "\(name)\(dark ? "-dark-de" : "").html")
                    try Data(draw(language).page().utf8).write(to: file)
                    #expect(try Data(contentsOf: file).count > 1000)
                }
            }
        }
    }
#endif

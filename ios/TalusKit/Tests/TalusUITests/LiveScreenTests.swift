#if os(Linux)
    import Foundation
    import SwiftUI
    import TalusKit
    import Testing

    @testable import TalusUI

    private let top = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../../..").standardized

    /// The live screen with the real core below: read as a person reads it, pressed as a person presses it.
    extension Screens {
        @MainActor @Suite(.serialized) struct LiveScreenTests {
            /// A demo at ten times the speed of life, followed by the screen's model, in a folder that goes away.
            private func demo(
                _ language: String, dark: Bool = false,
                _ use: @MainActor (LiveModel, @MainActor () -> Node) async throws -> Void
            ) async throws {
                try Strings.speak(language, from: top.appendingPathComponent("ios/Talus/Localizable.xcstrings"))
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
                defer { try? FileManager.default.removeItem(at: folder) }
                let database = folder.appendingPathComponent("demo.db").path
                let model = LiveModel(speed: 10) {
                    let talus = try await TalusApp.at(database: database, language: language, zone: "Europe/Berlin")
                    return LiveModel.Started(try await talus.demo(seed: 1), of: talus)
                }
                let view = LiveView(model: model)
                var around = EnvironmentValues()
                around.colorScheme = dark ? .dark : .light
                let following = Task { await model.run() }
                try await use(model) { Screen.tree(view, in: around) }
                following.cancel()
                await following.value
                #expect(Strings.missing.isEmpty, "no words for \(Strings.missing)")
            }

            private func wait(for what: String, _ seen: () -> Bool) async throws {
                for _ in 0..<6000 where !seen() { try await Task.sleep(for: .milliseconds(10)) }
                #expect(seen(), "never saw \(what)")
            }

            @Test(.timeLimit(.minutes(10))) func aDemoCountsAndPausesAndStopsWithItsSummary() async throws {
                try await demo("en") { model, screen in
                    try await wait(for: "two repetitions") { screen()["count"]?.text == "2" }
                    try sketch(screen(), "live-set")
                    try press("pause", on: screen())
                    try await wait(for: "the pause") { screen()["phase"]?.text == "Paused" }
                    #expect(screen()["pause"]?.text == "Go on")
                    try sketch(screen(), "live-paused")
                    try press("pause", on: screen())
                    try await wait(for: "it going on") { screen()["phase"]?.text != "Paused" }
                    try press("stop", on: screen())
                    try await wait(for: "the summary") { if case .over = model.state { true } else { false } }
                    let sentence = screen()["line"]?.text
                    // It stays, also once the session behind it is closed.
                    try await Task.sleep(for: .milliseconds(500))
                    #expect(sentence != nil && screen()["line"]?.text == sentence)
                    try sketch(screen(), "live-over")
                }
            }

            @Test(.timeLimit(.minutes(10))) func painIsAskedInElevenStepsAndEndsTheExercise() async throws {
                try await demo("en") { model, screen in
                    try await wait(for: "a repetition") { screen()["count"]?.text == "1" }
                    let exercise = screen()["exercise"]?.text
                    try press("pain", on: screen())
                    let asked = screen()
                    #expect((0...10).allSatisfy { asked["pain \($0)"] != nil })
                    try sketch(asked, "live-pain")
                    try press("pain 7", on: asked)
                    #expect(screen()["pain 7"] == nil, "the question is gone once it is answered")
                    try await wait(for: "another exercise or the end") { screen()["exercise"]?.text != exercise }
                }
            }

            @Test(.timeLimit(.minutes(10))) func aDemoSpeaksGermanInTheDark() async throws {
                try await demo("de", dark: true) { _, screen in
                    try await wait(for: "a repetition") { screen()["count"]?.text == "1" }
                    #expect(screen()["pain"]?.text == "Schmerz" && screen()["stop"]?.text == "Beenden")
                    try sketch(screen(), "live-set-german-dark")
                }
            }

            @Test(.timeLimit(.minutes(10))) func aScreenThatGoesAwayLeavesTheSessionToBeTakenUpAgain() async throws {
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
                defer { try? FileManager.default.removeItem(at: folder) }
                let talus = try await TalusApp.at(
                    database: folder.appendingPathComponent("demo.db").path, language: "en", zone: "Europe/Berlin")
                let model = LiveModel(speed: 20) { LiveModel.Started(try await talus.demo(seed: 2), of: talus) }
                let following = Task { await model.run() }
                try await wait(for: "a set") {
                    if case .training(let set) = model.state { set.count > 0 } else { false }
                }
                following.cancel()
                await following.value
                #expect(try await talus.unfinished().count == 1)
                try await talus.resume().close()
            }

            @Test func whatCannotBeginSaysWhatAPersonCanDo() async throws {
                let model = LiveModel {
                    let talus = try await TalusApp.at(database: "/proc/nowhere/x.db", language: "en")
                    return LiveModel.Started(try await talus.demo(seed: 1), of: talus)
                }
                await model.run()
                guard case .failed(let advice) = model.state else {
                    Issue.record("\(model.state)")
                    return
                }
                #expect(!advice.isEmpty && Screen.tree(LiveView(model: model))["line"]?.text == advice)
            }

            private func press(_ identifier: String, on screen: Node) throws {
                let action = try #require(screen[identifier]?.action, "nothing to press: \(identifier)")
                action()
            }

            private func sketch(_ screen: Node, _ name: String) throws {
                guard let place = ProcessInfo.processInfo.environment["TALUS_SKETCHES"] else { return }
                try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
                try Data(screen.page().utf8).write(
                    to: URL(fileURLWithPath: place).appendingPathComponent("\(name).html"))
            }
        }
    }

    extension Node {
        fileprivate subscript(_ identifier: String) -> Node? { first { $0.identifier == identifier } }
    }
#endif

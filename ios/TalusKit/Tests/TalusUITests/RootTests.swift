#if os(Linux)
    import Foundation
    import SwiftUI
    import Testing

    @testable import TalusKit
    @testable import TalusUI

    extension Screens {
        /// The whole app with the real core below, pressed as a person presses it.
        @MainActor @Suite(.serialized) struct RootTests {
            @Test(.timeLimit(.minutes(10))) func theDemoIsStartedFromTodayAndLookedAtInProgress() async throws {
                try Strings.speak("en", from: catalogue)
                let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
                defer { try? FileManager.default.removeItem(at: folder) }
                let app = AppModel(folder: folder, language: "en", speed: 400)
                let root = RootView(model: app)
                let screen = { Screen.tree(root) }
                #expect(screen().spoken == ["One moment"])
                await app.open()
                #expect(screen().spoken.first == "Strength, one leg at a time (heading)")
                await app.open(demo: true)
                #expect(screen().spoken.first == "Demo. Results are kept apart.")
                // Nobody is described in the demo: it starts all the same.
                try press("start", on: screen())
                let session = try #require(app.session)
                await session.run()
                try press("close", on: screen())
                for _ in 0..<200 where app.progress?.state?.sessions.isEmpty != false {
                    try await Task.sleep(for: .milliseconds(20))
                }
                try press("tab progress", on: screen())
                #expect(screen().spoken.contains("Progress (heading)"))
                try press("session", on: screen())
                try await wait(for: "the session") {
                    if case .detail(let detail) = app.pages.last { detail.state != nil } else { false }
                }
                guard case .detail(let detail) = app.pages.last else { return }
                #expect(screen().all { $0.kind == "Shape" }.count == detail.state?.sets.count)
                try press("rep 0 1", on: screen())
                #expect(detail.chosen == (0, 1) && screen().first { $0.identifier == "call-out" } != nil)
                try press("keep note", on: screen(), dimmed: true)
                try press("close", on: screen())
                try await wait(for: "the list") { app.pages.isEmpty }
                try press("tab plan", on: screen())
                #expect(screen().spoken.first == "Plan (heading)")
                try press("exercise knee_ext_seated", on: screen())
                try await wait(for: "the exercise") {
                    if case .exercise(let model) = app.pages.last { model.state != nil } else { false }
                }
                // The demo's person gave no answers: nothing is prescribed, and the way there is shown.
                #expect(screen().first { $0.identifier == "figure" }?.action != nil)
                #expect(screen().first { $0.identifier == "start" } == nil)
                try press("close", on: screen())
                try await wait(for: "the plan") { app.pages.isEmpty }
                try press("tab today", on: screen())
                try press("cuffs", on: screen())
                try await wait(for: "the cuffs") { !app.pages.isEmpty }
                #expect(screen().spoken.contains("Cuffs (heading)"))
                try press("add", on: screen())
                #expect(screen().spoken.contains("Let's find your cuff (heading)"))
                try press("close", on: screen())
                try await wait(for: "the cuffs again") { app.pairing == nil }
                try press("close", on: screen())
                try await wait(for: "today") { app.pages.isEmpty }
                // Every page of You opens, says something first, and leads back.
                try press("tab you", on: screen())
                for way in ["safety", "health", "learn", "trust", "settings", "about"] {
                    try press(way, on: screen())
                    try await wait(for: way) {
                        screen().first { $0.traits.contains("heading") } != nil && !app.pages.isEmpty
                    }
                    #expect(screen().first { $0.text == "One moment" } == nil || app.pages.count == 1)
                    try press("close", on: screen())
                    try await wait(for: "you") { app.pages.isEmpty }
                }
                try press("leave demo", on: screen())
                try await wait(for: "the real household") { app.place == .firstRun && !app.demo }
            }

            private func wait(for what: String, _ so: () -> Bool) async throws {
                for _ in 0..<500 where !so() { try await Task.sleep(for: .milliseconds(20)) }
                try #require(so(), "\(what) never came")
            }

            private func press(_ identifier: String, on screen: Node, dimmed: Bool = false) throws {
                let node = screen.first { $0.identifier == identifier }
                if dimmed { return #expect(node?.disabled == true, "\(identifier) can be pressed") }
                let action = try #require(node?.action, "nothing to press: \(identifier) on \(screen.spoken)")
                action()
            }
        }
    }
#endif

#if os(iOS)
  import AppIntents

  /// What can be asked of Siri and of Shortcuts: to open the app. A session is begun by the person who wears the cuffs.
  struct OpenToday: AppIntent {
    static let title: LocalizedStringResource = "Open today's session"
    static let openAppWhenRun = true

    func perform() async throws -> some IntentResult { .result() }
  }

  /// How it is said.
  struct TalusShortcuts: AppShortcutsProvider {
    static var appShortcuts: [AppShortcut] {
      AppShortcut(
        intent: OpenToday(), phrases: ["Open today's session in \(.applicationName)"],
        shortTitle: "Open today's session", systemImageName: "figure.strengthtraining.functional")
    }
  }
#endif

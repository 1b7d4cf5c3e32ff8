import SwiftUI
import TalusKit
import TalusUI

/// The app.
@main
struct TalusMain: App {
  @State private var model = Self.opened()

  var body: some Scene {
    WindowGroup { RootView(model: model) }
  }

  private static func opened() -> AppModel {
    let support = FileManager.default.urls(for: .applicationSupportDirectory, in: .userDomainMask)[
      0]
    let folder = support.appendingPathComponent("Household")
    let language = Locale.preferredLanguages.first ?? "en"
    #if os(iOS)
      let voice = SpeakingVoice(language: language)
      let telling = Telling(voice: voice, haptics: FeltPulses())
      // Two voices never talk at once.
      telling.speaks = !UIAccessibility.isVoiceOverRunning
      voice.spoken = { telling.spoken() }
      var phone = Phone()
      phone.guarding = ProtectedFolder()
      phone.key = { try HouseholdKey.of(Keychain(), over: $0) }
      phone.telling = telling
      phone.files = FileSheets()
      return AppModel(folder: folder, language: language, phone: phone)
    #else
      return AppModel(folder: folder, language: language)
    #endif
  }
}

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
      voice.spoken = { telling.spoken() }
      var phone = Phone()
      phone.guarding = ProtectedFolder()
      phone.key = { try HouseholdKey.of(Keychain(), over: $0) }
      phone.telling = telling
      phone.files = FileSheets()
      phone.notices = LocalNotices()
      phone.unlocking = FaceOrCode()
      phone.staying = AwakePhone()
      phone.workouts = AppleHealth()
      phone.banner = SessionBanner()
      phone.settings = DefaultsStore()
      phone.readerSpeaks = { UIAccessibility.isVoiceOverRunning }
      phone.region = Locale.current.region?.identifier
      let model = AppModel(folder: folder, language: language, phone: phone)
      NotificationCenter.default.addObserver(
        forName: UIAccessibility.voiceOverStatusDidChangeNotification, object: nil, queue: .main
      ) { _ in
        MainActor.assumeIsolated { model.settings.readerChanged() }
      }
      return model
    #else
      return AppModel(folder: folder, language: language)
    #endif
  }
}

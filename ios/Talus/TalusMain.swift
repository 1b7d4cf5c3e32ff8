import SwiftUI
import TalusKit
import TalusUI

/// The app: today one screen, a demo session.
@main
struct TalusMain: App {
  @State private var model = LiveModel {
    let place = try FileManager.default.url(
      for: .applicationSupportDirectory, in: .userDomainMask, appropriateFor: nil, create: true)
    // A demo keeps its own database: nobody's history is made of it.
    let talus = try await TalusApp.at(
      database: place.appendingPathComponent("demo.db").path,
      language: Locale.preferredLanguages.first ?? "en",
      zone: TimeZone.current.identifier)
    return try await talus.demo(seed: 1)
  }

  var body: some Scene {
    WindowGroup { LiveView(model: model) }
  }
}

#if os(iOS)
  import AVFoundation
  import TalusKit
  import UIKit

  /// Keeps the screen on in a session. Behind a locked screen the cuffs wake the app (bluetooth-central), and it may speak
  /// (audio).
  @MainActor final class AwakePhone: Staying {
    func begin() {
      UIApplication.shared.isIdleTimerDisabled = true
      // Without a category of its own a voice ends with the screen; what else plays is mixed in until something is said.
      try? AVAudioSession.sharedInstance().setCategory(
        .playback, mode: .voicePrompt, options: [.mixWithOthers])
    }

    func end() {
      UIApplication.shared.isIdleTimerDisabled = false
      try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
    }
  }
#endif

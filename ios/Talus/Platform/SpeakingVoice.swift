#if os(iOS)
  import AVFoundation
  import TalusKit

  /// Apple's speech. Other sound gets quieter while it speaks, and comes back.
  @MainActor final class SpeakingVoice: NSObject, Voice, AVSpeechSynthesizerDelegate {
    /// Called when a sentence has come to its end.
    var spoken: () -> Void = {}

    private let synthesizer = AVSpeechSynthesizer()
    private let language: String

    init(language: String) {
      self.language = language
      super.init()
      synthesizer.delegate = self
    }

    var speaking: Bool { synthesizer.isSpeaking }

    func say(_ text: String) {
      let session = AVAudioSession.sharedInstance()
      // Without a session of its own it still speaks; it only does not quieten what else is heard.
      try? session.setCategory(.playback, mode: .voicePrompt, options: [.duckOthers])
      try? session.setActive(true)
      let utterance = AVSpeechUtterance(string: text)
      utterance.voice = AVSpeechSynthesisVoice(language: language)
      synthesizer.speak(utterance)
    }

    func hush() { synthesizer.stopSpeaking(at: .immediate) }

    nonisolated func speechSynthesizer(_: AVSpeechSynthesizer, didFinish _: AVSpeechUtterance) {
      Task { @MainActor in
        try? AVAudioSession.sharedInstance().setActive(false, options: .notifyOthersOnDeactivation)
        spoken()
      }
    }
  }
#endif

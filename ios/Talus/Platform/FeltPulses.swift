#if os(iOS)
  import TalusKit
  import UIKit

  /// Apple's feedback generators: one pulse a repetition, a long one at the target, three at an end.
  @MainActor final class FeltPulses: Haptics {
    private let light = UIImpactFeedbackGenerator(style: .medium)
    private let firm = UIImpactFeedbackGenerator(style: .heavy)
    private let notice = UINotificationFeedbackGenerator()

    func play(_ pulse: Pulse) {
      switch pulse {
      case .repCounted, .holdTick, .lowerNow, .cue, .getReady: light.impactOccurred()
      case .targetReached, .lastThree, .switchSide, .restOverSoon: firm.impactOccurred()
      case .setDone, .sessionDone, .cuffBack, .resumed, .painSaved:
        notice.notificationOccurred(.success)
      case .repNotCounted, .signalPoor, .paused: notice.notificationOccurred(.warning)
      case .cuffLost, .stop: notice.notificationOccurred(.error)
      }
    }
  }
#endif

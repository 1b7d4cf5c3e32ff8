#if os(iOS)
  import LocalAuthentication
  import TalusKit

  /// Apple's way to ask who it is: face or finger, and the code of the phone where neither is there.
  @MainActor final class FaceOrCode: Unlocking {
    var available: Bool { LAContext().canEvaluatePolicy(.deviceOwnerAuthentication, error: nil) }

    func unlock(_ reason: String) async -> Bool {
      // A context is asked once: one that has answered would go on answering.
      (try? await LAContext().evaluatePolicy(.deviceOwnerAuthentication, localizedReason: reason))
        ?? false
    }
  }
#endif

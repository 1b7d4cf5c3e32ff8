#if os(iOS)
  import ActivityKit

  /// A session outside the app: what the app tells, and the system shows on the lock screen and in the island.
  struct SessionAttributes: ActivityAttributes {
    /// What changes in it.
    struct ContentState: Codable, Hashable {
      var exercise: String
      var leg: String
      var set: String
      var count: Int
      var target: Int?
      var paused: Bool
    }
  }
#endif

#if os(iOS)
  import ActivityKit
  import TalusKit

  /// Apple's Live Activity: the set outside the app. Without leave of the person there is none, and nothing else changes.
  @MainActor final class SessionBanner: Banner {
    private var activity: Activity<SessionAttributes>?

    /// What an app that was ended left on the lock screen says nothing that is still so.
    init() {
      let left = Activity<SessionAttributes>.activities
      Task { for one in left { await one.end(nil, dismissalPolicy: .immediate) } }
    }

    func show(_ state: BannerState) {
      let content = ActivityContent(
        state: SessionAttributes.ContentState(
          exercise: state.exercise, leg: state.leg, set: state.set, count: state.count,
          target: state.target, paused: state.paused), staleDate: nil)
      guard let activity else {
        guard ActivityAuthorizationInfo().areActivitiesEnabled else { return }
        activity = try? Activity.request(attributes: SessionAttributes(), content: content)
        return
      }
      Task { await activity.update(content) }
    }

    func end() {
      let ended = activity
      activity = nil
      Task { await ended?.end(nil, dismissalPolicy: .immediate) }
    }
  }
#endif

#if os(iOS)
  import Foundation
  import TalusKit
  import UserNotifications

  /// Apple's local notifications; nothing of them comes from elsewhere.
  @MainActor final class LocalNotices: Notices {
    private let center = UNUserNotificationCenter.current()

    func ask() async -> Bool {
      (try? await center.requestAuthorization(options: [.alert, .sound])) ?? false
    }

    func put(_ id: String, words: String, weekday: Int, minute: Int) {
      let content = UNMutableNotificationContent()
      content.body = words
      // Monday is 1 for Talus and 2 for Apple.
      let at = DateComponents(hour: minute / 60, minute: minute % 60, weekday: weekday % 7 + 1)
      let trigger = UNCalendarNotificationTrigger(dateMatching: at, repeats: true)
      center.add(UNNotificationRequest(identifier: id, content: content, trigger: trigger))
    }

    func remove(_ id: String) { center.removePendingNotificationRequests(withIdentifiers: [id]) }
  }
#endif

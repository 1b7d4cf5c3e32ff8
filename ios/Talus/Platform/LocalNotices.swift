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

    func put(_ id: String, words: String, localDay: String, minute: Int) {
      let day = localDay.split(separator: "-").compactMap { Int($0) }
      guard day.count == 3 else { return }
      let content = UNMutableNotificationContent()
      content.body = words
      let at = DateComponents(
        year: day[0], month: day[1], day: day[2], hour: minute / 60, minute: minute % 60)
      let trigger = UNCalendarNotificationTrigger(dateMatching: at, repeats: false)
      center.add(UNNotificationRequest(identifier: id, content: content, trigger: trigger))
    }

    func remove(_ id: String) { center.removePendingNotificationRequests(withIdentifiers: [id]) }
  }
#endif

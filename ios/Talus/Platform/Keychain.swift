#if os(iOS)
  import Foundation
  import Security
  import TalusKit

  /// Apple's keychain. What is kept never leaves this phone, and is there once it was unlocked after a start: a session
  /// goes on behind a locked screen.
  struct Keychain: KeyStore {
    private static let service = "app.talus"

    /// What the keychain answered, where it was not "done".
    struct Refused: Error { let status: OSStatus }

    func read(_ name: String) throws -> Data? {
      var query = place(name)
      query[kSecReturnData as String] = true
      query[kSecMatchLimit as String] = kSecMatchLimitOne
      var found: CFTypeRef?
      let status = SecItemCopyMatching(query as CFDictionary, &found)
      if status == errSecItemNotFound { return nil }
      guard status == errSecSuccess else { throw Refused(status: status) }
      return found as? Data
    }

    func write(_ data: Data, as name: String) throws {
      var item = place(name)
      item[kSecValueData as String] = data
      item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
      var status = SecItemAdd(item as CFDictionary, nil)
      if status == errSecDuplicateItem {
        // A key that was not found a moment ago is one all the same: written over, nothing would ever open with it again.
        if try read(name)?.count == data.count { throw Refused(status: status) }
        let changed = [kSecValueData as String: data]
        status = SecItemUpdate(place(name) as CFDictionary, changed as CFDictionary)
      }
      guard status == errSecSuccess else { throw Refused(status: status) }
    }

    private func place(_ name: String) -> [String: Any] {
      [
        kSecClass as String: kSecClassGenericPassword, kSecAttrService as String: Self.service,
        kSecAttrAccount as String: name,
      ]
    }
  }
#endif

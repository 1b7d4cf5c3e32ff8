#if os(iOS)
  import Foundation
  import TalusKit

  /// Apple's Data Protection. Readable from the first unlock after a start on: a session goes on behind a locked screen.
  struct ProtectedFolder: FolderGuard {
    func prepare(_ folder: URL) throws {
      let files = FileManager.default
      let protection = [
        FileAttributeKey.protectionKey: FileProtectionType.completeUntilFirstUserAuthentication
      ]
      try files.createDirectory(
        at: folder, withIntermediateDirectories: true, attributes: protection)
      // A folder that was there keeps its class until it is given another; files made in it take the folder's.
      try files.setAttributes(protection, ofItemAtPath: folder.path)
      var values = URLResourceValues()
      values.isExcludedFromBackup = true
      var place = folder
      try place.setResourceValues(values)
    }
  }
#endif

import Foundation

/// Where the household lies on this phone: the folder, who may read it, and the key it is sealed with. What decides is here;
/// Apple's side of both protocols is in `ios/Talus/Platform`.

/// A place for secrets that outlive the app and never leave the phone.
public protocol KeyStore: Sendable {
    /// What is kept under this name; nil where nothing is.
    func read(_ name: String) throws -> Data?
    /// Keeps it under this name, in place of what was kept there.
    func write(_ data: Data, as name: String) throws
}

/// Guards a folder as the system can.
public protocol FolderGuard: Sendable {
    /// Makes the folder where there is none. Nothing in it can be read between a start of the phone and the first time it is
    /// unlocked, and the phone's own backups leave it out: its key never leaves the phone, so nobody could open the copy.
    func prepare(_ folder: URL) throws
}

/// The key of database and recordings.
public enum HouseholdKey {
    static let name = "household"

    /// The key that is kept, or a new one that is kept from now on: 32 random bytes. A new one is made only where nothing in
    /// `folder` was sealed with another, and one that cannot be kept is not used: nobody could open the household again.
    public static func of(_ store: some KeyStore, over folder: URL) throws -> Data {
        let kept: Data?
        do { kept = try store.read(name) } catch { throw Refused(cause: error) }
        if let kept, kept.count == 32 { return kept }
        // What is kept and is no key opens nothing: as good as none.
        guard !holdsHistory(folder) else { throw Lost() }
        var random = SystemRandomNumberGenerator()
        let key = Data((0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) })
        do {
            try store.write(key, as: name)
            if try store.read(name) == key { return key }
        } catch { throw Refused(cause: error) }
        throw Refused(cause: nil)
    }

    /// Whether anything was kept in `folder`. A database that cannot be read is one all the same.
    static func holdsHistory(_ folder: URL) -> Bool {
        let files = FileManager.default
        let database = folder.appendingPathComponent(AppModel.database)
        if files.fileExists(atPath: database.path) {
            // What was never written to is no history: the app was ended while it was opened for the first time.
            let size = try? database.resourceValues(forKeys: [.fileSizeKey]).fileSize
            if size != 0 { return true }
        }
        let recordings = try? files.contentsOfDirectory(atPath: folder.appendingPathComponent("recordings").path)
        return recordings?.isEmpty == false
    }

    /// There is a history, and the key to it is gone.
    struct Lost: Error {}

    /// The phone does not give the key out, or does not keep one. It may later.
    struct Refused: Error { let cause: (any Error)? }
}

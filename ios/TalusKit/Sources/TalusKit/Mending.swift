import Foundation

/// What came of mending a history, in plain values.
public struct MendedState: Sendable, Equatable {
    /// It was repaired; else it was set aside, and there is none any more.
    public var repaired: Bool
    /// Sessions that are there with all their rows, with some, and from their recordings.
    public var whole: Int
    public var partly: Int
    public var fromRecordings: Int

    init(_ mended: Mended, repaired: Bool) {
        (whole, partly) = (Int(mended.whole), Int(mended.partly))
        (fromRecordings, self.repaired) = (Int(mended.fromRecordings), repaired)
    }
}

extension TalusApp {
    /// Mends a history that does not open, while nothing has it open; the old one is kept. Stopped, nothing has changed.
    static func mend(
        _ how: Mending, database: String, language: String, zone: String?, key: Data?
    ) -> AsyncThrowingStream<Working<Mended>, any Error> {
        let opening = Opening(database: database, language: language, zone: zone, key: key)
        return working { work in try await TalusCore.mend(opening: opening, how: how, work: work) }
    }
}

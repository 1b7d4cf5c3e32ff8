import Foundation

/// What came of mending a history, in plain values.
public struct MendedState: Sendable, Equatable {
    /// What was done.
    public enum How: Sendable, Equatable {
        /// A new history was made of what still read.
        case repaired
        /// It was set aside, and there is none any more.
        case setAside
        /// What was set aside is in the present history.
        case broughtBack
    }

    public var how: How
    /// Sessions that are there with all their rows, with some, and from their recordings.
    public var whole: Int
    public var partly: Int
    public var fromRecordings: Int
    /// What was brought back, and of how many sessions the recording could not come along.
    public var brought: OwnState.Taken?
    public var leftOut: Int

    init(_ mended: Mended, how: How) {
        (whole, partly, self.how) = (Int(mended.whole), Int(mended.partly), how)
        (fromRecordings, leftOut) = (Int(mended.fromRecordings), mended.leftOut.count)
        brought = mended.brought.map(OwnState.Taken.init)
    }
}

extension TalusApp {
    /// Mends a history that does not open, while nothing has it open; the old one is kept. Stopped, nothing has changed.
    static func mend(
        _ how: Mending, database: String, language: String, zone: String?, key: Data?, aside: Aside? = nil
    ) -> AsyncThrowingStream<Working<Mended>, any Error> {
        let opening = Opening(database: database, language: language, zone: zone, key: key)
        return working { work in try await TalusCore.mend(opening: opening, how: how, work: work, aside: aside) }
    }
}

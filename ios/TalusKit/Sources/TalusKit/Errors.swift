import Foundation
@_exported import TalusCore

/// What failed and what a person can do come from the core, in the language the app was opened with.
extension TalusError: LocalizedError {
    public var errorDescription: String? { parts.what }
    public var recoverySuggestion: String? { parts.advice }

    private var parts: (what: String, advice: String) {
        switch self {
        case .Closed(let what, let advice), .Busy(let what, let advice), .NotFound(let what, let advice),
            .Invalid(let what, let advice), .StorageFull(let what, let advice), .Storage(let what, let advice),
            .Damaged(let what, let advice, _), .Foreign(let what, let advice, _), .NewerFile(let what, let advice),
            .UnreadableFile(let what, let advice), .PairingFailed(let what, let advice), .NoRadio(let what, let advice),
            .KeyNeeded(let what, let advice, _), .KeyWrong(let what, let advice, _), .Cancelled(let what, let advice),
            .PassphraseNeeded(let what, let advice), .PassphraseWrong(let what, let advice),
            .ListenerFailed(let what, let advice), .Defect(let what, let advice):
            (what, advice)
        }
    }

    /// Whether the session was finished, left or closed.
    public var isClosed: Bool {
        if case .Closed = self { true } else { false }
    }
}

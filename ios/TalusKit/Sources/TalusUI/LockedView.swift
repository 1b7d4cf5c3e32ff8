import SwiftUI
import TalusKit

/// A history that is there and cannot be opened: what is so, what is safe, and the ways on.
public struct LockedView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case again, demo }

    @Environment(\.colorScheme) private var scheme
    private let why: AppModel.Locked
    private let act: @MainActor (Action) -> Void

    public init(_ why: AppModel.Locked, act: @escaping @MainActor (Action) -> Void) {
        (self.why, self.act) = (why, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Your history is locked"), look)
            reason.foregroundStyle(look.ink).accessibilityIdentifier("line")
            Text("Nothing was deleted, and nothing was changed.").foregroundStyle(look.muted)
            Primary("Try again", id: "again") { act(.again) }
            Secondary("Try the demo", id: "demo") { act(.demo) }
        }
    }

    private var reason: Text {
        switch why {
        case .keyMissing: Text("The key to it is not on this phone any more.")
        case .keyWrong: Text("The key on this phone does not fit it.")
        case .keyRefused: Text("The phone keeps the key back. Unlock it, then try again.")
        }
    }
}

import SwiftUI
import TalusKit

/// A history that is there and cannot be opened: what is so, what is safe, and the ways on.
public struct LockedView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case again, repair, beginAnew, demo }

    @Environment(\.colorScheme) private var scheme
    @State private var asks = false
    private let why: AppModel.Locked
    private let remedies: [AppModel.Remedy]
    private let advice: String?
    private let act: @MainActor (Action) -> Void

    /// `remedies` are the ways on; `advice` is the core's, where mending did not work.
    public init(
        _ why: AppModel.Locked, remedies: [AppModel.Remedy], advice: String? = nil,
        act: @escaping @MainActor (Action) -> Void
    ) {
        (self.why, self.remedies, self.advice, self.act) = (why, remedies, advice, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(title, look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            reason.foregroundStyle(look.ink).accessibilityIdentifier("line")
            Text("Nothing was deleted, and nothing was changed.").foregroundStyle(look.muted)
            ways(look)
            Secondary("Try the demo", id: "demo") { act(.demo) }
        }
    }

    @ViewBuilder private func ways(_ look: Look) -> some View {
        if remedies.contains(.repair) {
            Primary("Repair it", id: "repair") { act(.repair) }
            Secondary("Try again", id: "again") { act(.again) }
        } else {
            Primary("Try again", id: "again") { act(.again) }
        }
        if remedies.contains(.beginAnew) {
            if asks {
                Text("It is set aside whole, and kept. A backup brings back what is in it.").foregroundStyle(look.ink)
                Secondary("Set it aside and begin anew", id: "anew now") { act(.beginAnew) }
                Secondary("Keep it as it is", id: "keep") { asks = false }
            } else {
                Secondary("Begin anew", id: "anew") { asks = true }
            }
        }
    }

    private var title: Text {
        switch why {
        case .keyMissing, .keyWrong, .keyRefused: Text("Your history is locked")
        case .damaged: Text("Your history is damaged")
        case .foreign: Text("This is no history")
        }
    }

    private var reason: Text {
        switch why {
        case .keyMissing: Text("The key to it is not on this phone any more.")
        case .keyWrong: Text("The key on this phone does not fit it.")
        case .keyRefused: Text("The phone keeps the key back. Unlock it, then try again.")
        case .foreign: Text("A file lies where your history belongs, and Talus cannot read it.")
        case .damaged: Text("What still reads can go into a new one. The damaged one is kept.")
        }
    }
}

/// A history is being mended, or was.
public struct MendingView: View {
    @Environment(\.colorScheme) private var scheme
    private let done: Double?
    private let mended: MendedState?
    private let goOn: @MainActor () -> Void

    /// Under way, with the share that is done where it is known.
    public init(done: Double?) { (self.done, mended, goOn) = (done, nil, {}) }

    /// It is done.
    public init(_ mended: MendedState, goOn: @escaping @MainActor () -> Void) {
        (done, self.mended, self.goOn) = (nil, mended, goOn)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            if let mended {
                Title(title(mended.how), look)
                if mended.how != .broughtBack {
                    Text("The old history is kept on this phone as it was.").foregroundStyle(look.ink)
                }
                if let brought = mended.brought {
                    Card(look) {
                        TakenPart(taken: brought, look: look)
                        if mended.leftOut > 0 {
                            Text("Without their recording: \(mended.leftOut)").foregroundStyle(look.ink)
                        }
                    }
                }
                if mended.how == .repaired {
                    Card(look) {
                        Text("Whole sessions: \(mended.whole)").foregroundStyle(look.ink)
                        Text("Sessions with something lost: \(mended.partly)").foregroundStyle(look.ink)
                        Text("Sessions from their recordings: \(mended.fromRecordings)").foregroundStyle(look.ink)
                    }
                }
                Primary("Go on", id: "go on", action: goOn)
            } else {
                Title(Text("One moment"), look)
                ProgressView(value: done).accessibilityLabel(Text("Done"))
                Text("Until it is done, everything is as it was.").foregroundStyle(look.muted)
            }
        }
    }

    private func title(_ how: MendedState.How) -> Text {
        switch how {
        case .repaired: Text("It is repaired")
        case .setAside: Text("It is set aside")
        case .broughtBack: Text("It is here")
        }
    }
}

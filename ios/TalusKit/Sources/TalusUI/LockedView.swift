import SwiftUI
import TalusKit

/// A history that is there and cannot be opened: what is so, what is safe, and the ways on.
public struct LockedView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable { case again, repair, beginAnew, demo }

    @Environment(\.colorScheme) private var scheme
    @State private var asks = false
    private let why: AppModel.Locked
    private let advice: String?
    private let act: @MainActor (Action) -> Void

    /// `advice` is the core's, where mending did not work.
    public init(_ why: AppModel.Locked, advice: String? = nil, act: @escaping @MainActor (Action) -> Void) {
        (self.why, self.advice, self.act) = (why, advice, act)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(why == .damaged ? Text("Your history is damaged") : Text("Your history is locked"), look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            reason.foregroundStyle(look.ink).accessibilityIdentifier("line")
            Text("Nothing was deleted, and nothing was changed.").foregroundStyle(look.muted)
            ways(look)
            Secondary("Try the demo", id: "demo") { act(.demo) }
        }
    }

    @ViewBuilder private func ways(_ look: Look) -> some View {
        if why == .damaged {
            Primary("Repair it", id: "repair") { act(.repair) }
            Secondary("Try again", id: "again") { act(.again) }
        } else {
            Primary("Try again", id: "again") { act(.again) }
        }
        // What the phone keeps back for now it may give out later.
        if why != .keyRefused {
            if asks {
                Text("It is set aside whole, and kept. A backup brings back what is in it.").foregroundStyle(look.ink)
                Secondary("Set it aside and begin anew", id: "anew now") { act(.beginAnew) }
                Secondary("Keep it as it is", id: "keep") { asks = false }
            } else {
                Secondary("Begin anew", id: "anew") { asks = true }
            }
        }
    }

    private var reason: Text {
        switch why {
        case .keyMissing: Text("The key to it is not on this phone any more.")
        case .keyWrong: Text("The key on this phone does not fit it.")
        case .keyRefused: Text("The phone keeps the key back. Unlock it, then try again.")
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
                Title(mended.repaired ? Text("It is repaired") : Text("It is set aside"), look)
                Text("The old history is kept on this phone as it was.").foregroundStyle(look.ink)
                if mended.repaired {
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
}

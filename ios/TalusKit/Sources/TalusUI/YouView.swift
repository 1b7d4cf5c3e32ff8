import SwiftUI
import TalusKit

/// You: ways to what is yours.
public struct YouView: View {
    @Environment(\.colorScheme) private var scheme
    private let demo: Bool
    private let owns: Bool
    private let leaveDemo: @MainActor () -> Void
    private let go: @MainActor (AppModel.Way) -> Void

    /// `owns` where files can be chosen and handed on.
    public init(
        demo: Bool = false, owns: Bool = true, leaveDemo: @escaping @MainActor () -> Void,
        go: @escaping @MainActor (AppModel.Way) -> Void
    ) {
        (self.demo, self.owns, self.leaveDemo, self.go) = (demo, owns, leaveDemo, go)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("You"), look)
            if demo {
                DemoPill(look: look)
                Secondary("Use a real cuff", id: "leave demo", action: leaveDemo)
            }
            way("When to stop", "Signs to look for, and what to do", .safety, id: "safety", look)
            way("Health answers", "What is open, and why", .health, id: "health", look)
            way("Learn", "What is known about ankle weights", .learn, id: "learn", look)
            way("Cuffs", "Add, rename, forget", .cuffs, id: "cuffs", look)
            way("Plan from someone you trust", "Read one, or put it away", .trust, id: "trust", look)
            if owns { way("My data", "Take it with you, back it up, bring it back", .own, id: "own", look) }
            // The demo is nobody's.
            if !demo { way("People", "Whose app it is", .people, id: "people", look) }
            way("Settings", "Voice, weights, reminders, lock", .settings, id: "settings", look)
            way("About Talus", "What it is, and what it is not", .about, id: "about", look)
            Text("Not reviewed by a clinician. Not a medical device.").font(.footnote).foregroundStyle(look.muted)
        }
    }

    private func way(
        _ name: LocalizedStringKey, _ hint: LocalizedStringKey, _ way: AppModel.Way, id: String, _ look: Look
    ) -> some View {
        LinkCard(id, look) {
            Text(name).font(.headline).foregroundStyle(look.ink)
            Text(hint).font(.footnote).foregroundStyle(look.muted)
        } act: {
            go(way)
        }
    }
}

/// What Talus is, and what it is not.
public struct AboutView: View {
    @Environment(\.colorScheme) private var scheme
    private let version: String
    private let licences: @MainActor () -> Void

    /// `licences` leads to those of what it is built of.
    public init(version: String, licences: @escaping @MainActor () -> Void) {
        (self.version, self.licences) = (version, licences)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("About Talus"), look)
            Text("Version \(version)").foregroundStyle(look.muted)
            line("Talus counts, times and plans exercises with a cuff on your ankle.", look)
            line("It is not a medical device, and no clinician has reviewed it.", look)
            line("It finds out nothing about your health. Your answers only leave things out.", look)
            line("Nothing leaves this phone: the app has no internet access.", look)
            Secondary("Licences", id: "licences", action: licences)
        }
    }

    private func line(_ words: LocalizedStringKey, _ look: Look) -> some View {
        Text(words).foregroundStyle(look.ink)
    }
}

/// Nothing but the way in.
public struct LockView: View {
    @Environment(\.colorScheme) private var scheme
    private let unlock: @MainActor () -> Void

    public init(unlock: @escaping @MainActor () -> Void) { self.unlock = unlock }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Talus is locked"), look)
            Primary("Unlock", id: "unlock", action: unlock)
        }
    }
}

import SwiftUI
import TalusKit

// What every screen is made of: its ground, a card, a row that stacks in large type, a badge of a leg, a wide button.

/// What a screen says, one below the other on the ground, as far as it scrolls.
struct Scrolled<C: View>: View {
    let look: Look
    let content: C

    init(_ look: Look, @ViewBuilder content: () -> C) { (self.look, self.content) = (look, content()) }

    var body: some View {
        ScrollView {
            VStack(alignment: .leading, spacing: 16) { content }.padding(16)
        }
        .background(look.ground)
        .tint(look.accent)
    }
}

/// A card on the ground.
struct Card<C: View>: View {
    let look: Look
    let content: C

    init(_ look: Look, @ViewBuilder content: () -> C) { (self.look, self.content) = (look, content()) }

    var body: some View {
        VStack(alignment: .leading, spacing: 12) { content }
            .padding(16)
            .frame(maxWidth: .infinity, minHeight: 44, alignment: .leading)
            .background(look.surface, in: RoundedRectangle(cornerRadius: 14))
    }
}

/// A card that leads somewhere.
struct LinkCard<C: View>: View {
    let id: String
    let look: Look
    let content: C
    let act: @MainActor () -> Void

    init(_ id: String, _ look: Look, @ViewBuilder content: () -> C, act: @escaping @MainActor () -> Void) {
        (self.id, self.look, self.content, self.act) = (id, look, content(), act)
    }

    var body: some View {
        Button(action: act, label: { Card(look) { content } })
            .buttonStyle(.plain)
            .accessibilityIdentifier(id)
    }
}

/// What a screen says while it is not known yet, or where it cannot be known.
struct Awaited: View {
    let advice: String?
    let look: Look
    let again: @MainActor () -> Void

    var body: some View {
        Scrolled(look) {
            if let advice {
                Title(Text("That did not work"), look)
                Trouble(advice: advice, look: look, again: again)
            } else {
                Title(Text("One moment"), look)
            }
        }
    }
}

/// Two things side by side; one above the other in large type, so that nothing is cut.
struct Pair<A: View, B: View>: View {
    @Environment(\.dynamicTypeSize) private var size
    let first: A
    let second: B

    init(@ViewBuilder _ first: () -> A, @ViewBuilder and second: () -> B) {
        (self.first, self.second) = (first(), second())
    }

    var body: some View {
        if size.isAccessibilitySize {
            VStack(alignment: .leading, spacing: 4) {
                first
                second
            }
        } else {
            HStack(alignment: .firstTextBaseline, spacing: 12) {
                first
                Spacer()
                second
            }
        }
    }
}

/// The leg: its colour, shape and letter, and its name for whoever hears it.
struct LegBadge: View {
    let leg: Leg
    let look: Look

    var body: some View {
        HStack(spacing: 6) {
            Image(systemName: leg == .left ? "circle.fill" : "diamond.fill").foregroundStyle(look.of(leg))
            legName(leg).foregroundStyle(look.ink)
        }
        .accessibilityElement(children: .combine)
    }
}

/// The name of a leg.
@MainActor func legName(_ leg: Leg) -> Text { leg == .left ? Text("Left leg") : Text("Right leg") }

/// A screen's title.
struct Title: View {
    let words: Text
    let look: Look

    init(_ words: Text, _ look: Look) { (self.words, self.look) = (words, look) }

    var body: some View {
        words.font(.largeTitle).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
            .frame(maxWidth: .infinity, alignment: .leading)
    }
}

/// A heading within a screen.
struct Heading: View {
    let words: Text
    let look: Look

    init(_ words: Text, _ look: Look) { (self.words, self.look) = (words, look) }

    var body: some View {
        words.font(.headline).foregroundStyle(look.ink).accessibilityAddTraits(.isHeader)
            .frame(maxWidth: .infinity, alignment: .leading)
    }
}

/// The one thing to be done here, across the screen.
struct Primary: View {
    @Environment(\.colorScheme) private var scheme
    let words: LocalizedStringKey
    let id: String
    let action: @MainActor () -> Void

    init(_ words: LocalizedStringKey, id: String, action: @escaping @MainActor () -> Void) {
        (self.words, self.id, self.action) = (words, id, action)
    }

    var body: some View {
        // White on the light accent of the dark could not be read.
        Button(action: action) {
            Text(words).foregroundStyle(Look(scheme).onAccent).frame(maxWidth: .infinity, minHeight: 44)
        }
        .buttonStyle(.borderedProminent)
        .accessibilityIdentifier(id)
    }
}

/// Something else to be done here.
struct Secondary: View {
    let words: LocalizedStringKey
    let id: String
    let action: @MainActor () -> Void

    init(_ words: LocalizedStringKey, id: String, action: @escaping @MainActor () -> Void) {
        (self.words, self.id, self.action) = (words, id, action)
    }

    var body: some View {
        Button(action: action) { Text(words).frame(maxWidth: .infinity, minHeight: 44) }
            .buttonStyle(.bordered)
            .accessibilityIdentifier(id)
    }
}

/// The way back from what lies over the tabs.
struct Close: View {
    let action: @MainActor () -> Void

    var body: some View {
        Button(action: action, label: { Text("Close").frame(minWidth: 44, minHeight: 44) })
            .accessibilityIdentifier("close")
    }
}

/// Something that is on or off.
@MainActor func toggle(
    _ words: LocalizedStringKey, _ on: Bool, id: String, set: @escaping @MainActor (Bool) -> Void
) -> some View {
    Toggle(isOn: Binding(get: { on }, set: { set($0) })) { Text(words) }.accessibilityIdentifier(id)
}

/// One of several, of which one is chosen.
struct Choice: View {
    let words: Text
    let chosen: Bool
    let id: String
    let look: Look
    let action: @MainActor () -> Void

    init(_ words: Text, chosen: Bool, id: String, _ look: Look, action: @escaping @MainActor () -> Void) {
        (self.words, self.chosen, self.id, self.look, self.action) = (words, chosen, id, look, action)
    }

    init(
        _ words: LocalizedStringKey, chosen: Bool, id: String, _ look: Look, action: @escaping @MainActor () -> Void
    ) {
        self.init(Text(words), chosen: chosen, id: id, look, action: action)
    }

    var body: some View {
        let button = Button(
            action: action,
            label: {
                HStack(spacing: 8) {
                    Image(systemName: chosen ? "checkmark.circle.fill" : "circle").foregroundStyle(look.accent)
                    words.foregroundStyle(look.ink).frame(maxWidth: .infinity, minHeight: 44, alignment: .leading)
                }
            }
        )
        .buttonStyle(.bordered)
        .accessibilityIdentifier(id)
        if chosen { button.accessibilityAddTraits(.isSelected) } else { button }
    }
}

/// What went wrong and what is safe, and one way on.
struct Trouble: View {
    let advice: String
    let look: Look
    let again: (@MainActor () -> Void)?

    var body: some View {
        VStack(alignment: .leading, spacing: 12) {
            HStack(spacing: 8) {
                Image(systemName: "exclamationmark.triangle").foregroundStyle(look.amber)
                Text(advice).foregroundStyle(look.ink).accessibilityIdentifier("line")
            }
            if let again { Secondary("Try again", id: "again", action: again) }
        }
    }
}

/// Demo mode, on every screen of it.
struct DemoPill: View {
    let look: Look

    var body: some View {
        Text("Demo").font(.footnote).foregroundStyle(look.onZone)
            .padding(6)
            .background(look.zone, in: RoundedRectangle(cornerRadius: 12))
            .accessibilityLabel(Text("Demo. Results are kept apart."))
    }
}

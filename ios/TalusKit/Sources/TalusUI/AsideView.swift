import SwiftUI
import TalusKit

/// What was set aside on this phone, and bringing it back.
public struct AsideView: View {
    @Environment(\.colorScheme) private var scheme
    @State private var asks: String?
    private let kept: [KeptAside]
    private let advice: String?
    private let measures: Measures
    private let bringBack: @MainActor (String) -> Void

    public init(
        _ kept: [KeptAside], advice: String? = nil, language: String, bringBack: @escaping @MainActor (String) -> Void
    ) {
        (self.kept, self.advice, self.bringBack) = (kept, advice, bringBack)
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Set aside"), look)
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            Text("Histories that were set aside on this phone. They stay until everything is deleted.")
                .foregroundStyle(look.muted)
            if kept.isEmpty { Text("Nothing was set aside.").foregroundStyle(look.ink) }
            ForEach(kept.indices, id: \.self) { index in Card(look) { card(kept[index], look) } }
        }
    }

    @ViewBuilder private func card(_ one: KeptAside, _ look: Look) -> some View {
        if let day = one.lastDay { Heading(Text("Until \(measures.day(day))"), look) }
        if !one.people.isEmpty { Text(one.people.joined(separator: ", ")).foregroundStyle(look.ink) }
        Text("Sessions: \(one.sessions). Recordings: \(one.recordings). Room: \(measures.bytes(one.bytes)).")
            .foregroundStyle(look.ink)
        switch one.opens {
        case .yes:
            if asks == one.id {
                Text("What is here stays. What is newer there is taken.").foregroundStyle(look.ink)
                Secondary("Bring it back", id: "bring now") {
                    asks = nil
                    bringBack(one.id)
                }
                Secondary("Cancel", id: "cancel") { asks = nil }
            } else {
                Secondary("Bring it back", id: "bring") { asks = one.id }
            }
        case .locked: Text("The key to it is not on this phone any more.").foregroundStyle(look.muted)
        case .damaged: Text("It is damaged, and kept as it was.").foregroundStyle(look.muted)
        case .foreign: Text("It is no history of Talus, and kept as it was.").foregroundStyle(look.muted)
        case .newer: Text("A newer Talus wrote it. Update first.").foregroundStyle(look.muted)
        }
    }
}

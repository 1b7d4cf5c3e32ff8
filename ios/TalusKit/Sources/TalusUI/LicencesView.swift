import SwiftUI
import TalusKit

/// What the app is built of, with each licence as it was given: written from the dependencies of the core by
/// `scripts/swift-bindings.sh`.
public struct Licences: Sendable, Equatable, Decodable {
    /// Packages under one text.
    public struct Licence: Sendable, Equatable, Decodable {
        /// Names with their versions.
        public var of: [String]
        /// What it is called.
        public var under: String
        public var text: String
    }

    public var licences: [Licence]

    /// Those of this app; none where they were not written.
    static let here: Licences = {
        guard let file = Bundle.module.url(forResource: "licences", withExtension: "json"),
            let bytes = try? Data(contentsOf: file), let read = try? JSONDecoder().decode(Licences.self, from: bytes)
        else { return Licences(licences: []) }
        return read
    }()
}

/// Licences: whose work is in it, and the text of each where it is asked for.
public struct LicencesView: View {
    @Environment(\.colorScheme) private var scheme
    @State private var turned: Int?
    private let licences: [Licences.Licence]

    /// `turned` is the one whose text is shown first.
    public init(_ licences: Licences, turned: Int? = nil) {
        (self.licences, _turned) = (licences.licences, State(initialValue: turned))
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("Licences"), look)
            Text("Talus is free software under the MIT licence or the Apache licence 2.0, as you choose.")
                .foregroundStyle(look.ink)
            Text("Talus is made with the work of others.").foregroundStyle(look.muted)
            ForEach(licences.indices, id: \.self) { index in licence(index, look) }
            if licences.isEmpty { Text("The licences could not be read.").foregroundStyle(look.muted) }
        }
    }

    @ViewBuilder private func licence(_ index: Int, _ look: Look) -> some View {
        LinkCard("licence \(index)", look) {
            Text(licences[index].of.joined(separator: ", ")).font(.headline).foregroundStyle(look.ink)
            Text(licences[index].under).font(.footnote).foregroundStyle(look.muted)
        } act: {
            turned = turned == index ? nil : index
        }
        if turned == index {
            Text(licences[index].text).font(.footnote).foregroundStyle(look.ink).accessibilityIdentifier("text")
        }
    }
}

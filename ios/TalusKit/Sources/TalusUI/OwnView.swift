import SwiftUI
import TalusKit

/// My data: out as a file, into a backup, back again, on one page; and signals that have had their time.
public struct OwnView: View {
    /// What can be done here.
    public enum Action: Sendable, Equatable {
        case export(recordings: Bool), backUp(String), report, choose, open(String), takeIn, cancel, done,
            deleteOutgrown, aside
    }

    @Environment(\.colorScheme) private var scheme
    @State private var recordings = true
    @State private var first = ""
    @State private var second = ""
    @State private var asks = false
    private let state: OwnState
    private let outgrown: (count: Int, bytes: Int)?
    private let advice: String?
    private let demo: Bool
    private let restoring: Bool
    private let measures: Measures
    private let act: @MainActor (Action) -> Void

    /// `restoring` where nothing is here yet to be taken along.
    public init(
        _ state: OwnState, outgrown: (count: Int, bytes: Int)? = nil, advice: String? = nil, demo: Bool = false,
        restoring: Bool = false, language: String, act: @escaping @MainActor (Action) -> Void
    ) {
        (self.state, self.outgrown, self.advice, self.demo, self.act) = (state, outgrown, advice, demo, act)
        self.restoring = restoring
        measures = Measures(language: language)
    }

    public var body: some View {
        let look = Look(scheme)
        Scrolled(look) {
            Title(Text("My data"), look)
            if demo { DemoPill(look: look) }
            if let advice { Trouble(advice: advice, look: look, again: nil) }
            switch state {
            case .idle where restoring:
                bringBack(look)
                Secondary("Back", id: "done") { act(.done) }
            case .idle: ways(look)
            case .working(let done): working(done, look)
            case .written(let file): written(file, look)
            case .locked(let wrong): locked(wrong, look)
            case .preview(let preview): looking(preview, look)
            case .taken(let taken): tookIn(taken, look)
            }
        }
    }

    @ViewBuilder private func ways(_ look: Look) -> some View {
        Card(look) {
            Heading(Text("Take it with you"), look)
            Text("Everything of yours in one file that anyone can read.").foregroundStyle(look.muted)
            Toggle(isOn: $recordings) { Text("Raw signals too") }.accessibilityIdentifier("recordings")
            Secondary("Write the file", id: "export") { act(.export(recordings: recordings)) }
        }
        Card(look) {
            Heading(Text("Back it up"), look)
            Text("Everything of everybody here, sealed. Only these words open it. Write them down.")
                .foregroundStyle(look.muted)
            SecureField("Words of your own", text: $first).accessibilityIdentifier("first")
            SecureField("The same words again", text: $second).accessibilityIdentifier("second")
            Text("At least \(OwnModel.leastCharacters) characters.").font(.footnote).foregroundStyle(look.muted)
            Secondary("Write the backup", id: "back up") {
                act(.backUp(first))
                (first, second) = ("", "")
            }
            .disabled(first.count < OwnModel.leastCharacters || first != second)
        }
        bringBack(look)
        Card(look) {
            Heading(Text("One page to show"), look)
            Text("The last twelve weeks, for somebody who treats you.").foregroundStyle(look.muted)
            Secondary("Write the page", id: "report") { act(.report) }
        }
        if !demo { Secondary("What was set aside", id: "aside") { act(.aside) } }
        if let outgrown, outgrown.count > 0 { signals(outgrown, look) }
    }

    private func bringBack(_ look: Look) -> some View {
        Card(look) {
            Heading(Text("Bring it back"), look)
            Text("From such a file or backup. You see what is in it first.").foregroundStyle(look.muted)
            Secondary("Choose a file", id: "choose") { act(.choose) }
        }
    }

    @ViewBuilder private func signals(_ outgrown: (count: Int, bytes: Int), _ look: Look) -> some View {
        Card(look) {
            Heading(Text("Old raw signals"), look)
            Text("Recordings: \(outgrown.count). Room: \(measures.bytes(outgrown.bytes)).").foregroundStyle(look.ink)
            Text("They are older or more than is kept. Results stay.").foregroundStyle(look.muted)
            if asks {
                Secondary("Delete them", id: "delete now") {
                    act(.deleteOutgrown)
                    asks = false
                }
                Secondary("Keep them", id: "keep") { asks = false }
            } else {
                Secondary("Make room", id: "delete") { asks = true }
            }
        }
    }

    @ViewBuilder private func working(_ done: Double?, _ look: Look) -> some View {
        Heading(Text("One moment"), look)
        ProgressView(value: done).accessibilityLabel(Text("Done"))
        Secondary("Stop", id: "cancel") { act(.cancel) }
    }

    @ViewBuilder private func written(_ file: OwnState.Written, _ look: Look) -> some View {
        Card(look) {
            Heading(Text("It is written"), look)
            counts(people: file.people, file.sessions, file.recordings, look)
            Text(verbatim: measures.bytes(file.bytes)).foregroundStyle(look.muted)
            if file.leftOut > 0 {
                HStack(spacing: 8) {
                    Image(systemName: "exclamationmark.triangle").foregroundStyle(look.amber)
                    Text("Damaged, and not in it: \(file.leftOut)").foregroundStyle(look.ink)
                }
            }
        }
        Primary("Done", id: "done") { act(.done) }
    }

    @ViewBuilder private func locked(_ wrong: Bool, _ look: Look) -> some View {
        Heading(Text("This backup is sealed"), look)
        if wrong { Trouble(advice: String(localized: "These words do not fit it."), look: look, again: nil) }
        SecureField("Its words", text: $first).accessibilityIdentifier("words")
        Primary("Open it", id: "open") {
            act(.open(first))
            first = ""
        }
        .disabled(first.isEmpty)
        Secondary("Cancel", id: "done") { act(.done) }
    }

    @ViewBuilder private func looking(_ preview: OwnState.Preview, _ look: Look) -> some View {
        Card(look) {
            Heading(Text("Written on \(measures.day(preview.writtenDay))"), look)
            if !preview.people.isEmpty {
                Text(preview.people.joined(separator: ", ")).foregroundStyle(look.ink)
            }
            counts(people: preview.people.count, preview.sessions, preview.recordings, look)
            Text(verbatim: measures.bytes(preview.bytes)).foregroundStyle(look.muted)
        }
        Text("What is here stays. What is newer there is taken.").foregroundStyle(look.muted)
        Primary("Take it in", id: "take in") { act(.takeIn) }
        Secondary("Cancel", id: "done") { act(.done) }
    }

    @ViewBuilder private func tookIn(_ taken: OwnState.Taken, _ look: Look) -> some View {
        Card(look) {
            Heading(Text("It is here"), look)
            TakenPart(taken: taken, look: look)
        }
        Primary("Done", id: "done") { act(.done) }
    }

    @ViewBuilder private func counts(people: Int, _ sessions: Int, _ recordings: Int, _ look: Look) -> some View {
        Text("People: \(people)").foregroundStyle(look.ink)
        Text("Sessions: \(sessions)").foregroundStyle(look.ink)
        Text("Recordings: \(recordings)").foregroundStyle(look.ink)
    }
}

/// What came of taking in a history.
struct TakenPart: View {
    let taken: OwnState.Taken
    let look: Look

    var body: some View {
        Text("New people: \(taken.people)").foregroundStyle(look.ink)
        Text("New sessions: \(taken.new)").foregroundStyle(look.ink)
        Text("Sessions that were newer there: \(taken.renewed)").foregroundStyle(look.ink)
        Text("Sessions that stayed: \(taken.kept)").foregroundStyle(look.ink)
    }
}

import Observation

/// The people of the household.
@MainActor @Observable
public final class PeopleModel {
    /// A person.
    public struct Line: Sendable, Equatable, Identifiable {
        public var id: String
        /// As given; empty where none was.
        public var name: String
        /// Sessions and history here are theirs.
        public var chosen: Bool
        /// What goes with them.
        public var sessions = 0
        public var recordings = 0
        public var bytes = 0
    }

    /// What to draw; nil until it is known.
    public private(set) var people: [Line]?
    /// What a person can do where something did not work.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp

    init(_ talus: TalusApp) { self.talus = talus }

    /// Looks again.
    public func load() async {
        do {
            people = try await talus.profiles().map {
                Line(
                    id: $0.id, name: $0.name, chosen: $0.chosen, sessions: Int(clamping: $0.has.sessions),
                    recordings: Int(clamping: $0.has.recordings), bytes: Int(clamping: $0.has.recordingBytes))
            }
        } catch { advice = error.advice }
    }

    /// Adds somebody, who needs a name to be told apart.
    public func add(_ name: String) async {
        guard !name.isEmpty else { return }
        advice = nil
        do { _ = try await talus.addPerson(name) } catch { advice = error.advice }
        await load()
    }

    /// Deletes somebody who is not chosen, with everything that is theirs.
    public func delete(_ person: String) async {
        guard people?.contains(where: { $0.id == person && !$0.chosen }) == true else { return }
        advice = nil
        do { try await talus.deletePerson(person) } catch { advice = error.advice }
        await load()
    }

    /// Gives the chosen person a name.
    public func rename(_ name: String) async {
        advice = nil
        do { try await talus.renamePerson(to: name) } catch { advice = error.advice }
        await load()
    }
}

import Foundation
import Observation

/// What the page of a programme shows, in plain values.
public struct ProgrammeState: Sendable, Equatable {
    public var id: String
    public var name: String
    /// Whom it is for, in the core's words.
    public var whom: String
    public var weeks: Int
    public var perWeek: Int
    public var exercises: [String]
    public var followed: Bool
    /// Somebody shared it: Talus has not checked it.
    public var shared: Bool
    /// It is shared and this person has it, so that it can be put away; one that only others here have cannot.
    public var own: Bool
    /// Why it may not begin, a sentence each; empty where it may.
    public var needs: [String]
    public var grade: EvidenceGrade?
}

/// One programme: whom it is for, what is in it, why it is closed; followed, shared, put away.
@MainActor @Observable
public final class ProgrammeModel {
    /// What to draw; nil until it is known, or where it was put away.
    public private(set) var state: ProgrammeState?
    /// What a person can do where something did not work.
    public private(set) var advice: String?
    /// It was put away.
    public private(set) var gone = false

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let id: String
    @ObservationIgnored private let files: (any FileExchange)?
    @ObservationIgnored private let folder: URL

    init(
        _ talus: TalusApp, _ id: String, files: (any FileExchange)?,
        folder: URL = FileManager.default.temporaryDirectory
    ) {
        (self.talus, self.id, self.files, self.folder) = (talus, id, files, folder)
    }

    /// Whether it can be handed on.
    public var shares: Bool { files != nil }

    /// Looks again.
    public func load() async {
        await trying {
            let names = talus.exerciseNames()
            state = try await talus.programmes().first { $0.id == id }.map { one in
                ProgrammeState(
                    id: one.id, name: one.name, whom: one.whom, weeks: Int(one.weeks), perWeek: Int(one.perWeek),
                    exercises: one.exercises.map { names[$0] ?? $0 }, followed: one.followed, shared: one.shared,
                    own: one.own, needs: one.needs, grade: EvidenceGrade(one.grade))
            }
        }
    }

    /// From now on it is followed, or no more.
    public func follow(_ so: Bool) async {
        await trying { try await talus.follow(so ? id : nil) }
        if advice == nil { await load() }
    }

    /// Hands it on as a file that others can take in.
    public func share() async {
        guard let files else { return }
        await trying {
            let file = folder.appendingPathComponent("\(id).toml")
            defer { try? FileManager.default.removeItem(at: file) }
            try Data(try await talus.shareProgramme(id).utf8).write(to: file)
            await files.handOn(file)
        }
    }

    /// Puts away one that somebody shared, where this person has it.
    public func putAway() async {
        guard state?.own == true else { return }
        await trying {
            try await talus.putProgrammeAway(id)
            gone = true
        }
    }

    private func trying(_ what: () async throws -> Void) async {
        advice = nil
        do { try await what() } catch { advice = error.advice }
    }
}

import Foundation
import Observation

/// What Plan shows, in plain values.
public struct PlanState: Sendable, Equatable {
    /// An exercise in the list.
    public struct Line: Sendable, Equatable, Identifiable {
        public var id: String
        public var name: String
        public var measured: Bool
        /// Why it is closed on both legs; nil where it is open on one at least.
        public var closed: String?
    }

    /// The plan from someone you trust that is in force.
    public struct Trusted: Sendable, Equatable {
        public var by: String
        public var untilDay: String
        /// Why it does not count now, where it does not.
        public var notNow: String?
    }

    /// Whether the health answers are given: without them nothing is open.
    public var answered: Bool
    public var trusted: Trusted?
    public var programmes: [TodayState.Programme]
    public var exercises: [Line]
}

/// The plan: programmes to follow, and every exercise with what is open.
@MainActor @Observable
public final class PlanModel {
    /// What to draw; nil until it is known.
    public private(set) var state: PlanState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    /// What a person can do where a programme could not be taken in.
    public private(set) var refused: String?

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let files: (any FileExchange)?
    /// Nothing larger is a programme.
    private static let mostBytes = 1 << 20

    public init(_ talus: TalusApp, files: (any FileExchange)? = nil) { (self.talus, self.files) = (talus, files) }

    /// Whether there is a way to choose a file.
    public var takesIn: Bool { files != nil }

    /// Lets the person choose a programme that somebody shared, and keeps it: it lets nobody do what answers do not.
    public func takeIn() async {
        refused = nil
        guard let file = await files?.choose() else { return }
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try? FileHandle(forReadingFrom: file)
        let bytes = try? handle?.read(upToCount: Self.mostBytes)
        do { _ = try await talus.takeInProgramme(String(decoding: bytes ?? Data(), as: UTF8.self)) } catch {
            return refused = error.advice
        }
        await load()
    }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch { advice = error.advice }
    }

    /// From now on this programme is followed, or none.
    public func follow(_ programme: String?) async {
        do { try await talus.follow(programme) } catch { return advice = error.advice }
        await load()
    }

    private func seen() async throws -> PlanState {
        let answered = try await talus.about()?.answers != nil
        let openness = answered ? try await talus.openness() : []
        let exercises = talus.exercises().map { one in
            let legs = openness.filter { $0.exercise == one.id }
            let closed = !legs.isEmpty && legs.allSatisfy { !$0.open }
            return PlanState.Line(
                id: one.id, name: one.name, measured: one.measured, closed: closed ? legs[0].whys.first ?? "" : nil)
        }
        let trusted = try await talus.plan().map {
            PlanState.Trusted(by: $0.by, untilDay: $0.untilDay, notNow: $0.notNow)
        }
        return PlanState(
            answered: answered, trusted: trusted,
            programmes: answered ? try await talus.programmes().map(TodayState.Programme.init) : [],
            exercises: exercises)
    }
}

/// What the page of an exercise shows.
public struct ExerciseState: Sendable, Equatable {
    /// What to do on a leg.
    public enum Side: Sendable, Equatable {
        case open(Leg, Dose)
        case closed(Leg, whys: [String])
    }

    /// Where a cuff sits.
    public enum Site: Sendable, Equatable { case aboveAnkle, aboveKnee, forefoot }

    /// An exercise beside this one.
    public struct Neighbour: Sendable, Equatable {
        public var id: String
        public var name: String
    }

    /// How much, and why.
    public struct Dose: Sendable, Equatable {
        public var massG: Int
        public var mostG: Int
        public var sets: Int
        /// Absent where it is done as often as it goes well.
        public var reps: Int?
        public var restS: Int
        /// The person's own range, degrees; absent until it was measured.
        public var rangeDeg: Double?
        public var why: String
    }

    public var id: String
    public var name: String
    /// The figure that shows it, where one is drawn.
    public var figure: String?
    public var measured: Bool
    /// How to begin, what to do, and what to keep in mind: the core's words, each may be empty.
    public var setUp: String
    public var go: String
    public var keep: String
    /// Where the cuff sits, and what its weight does there in the core's words.
    public var site = Site.aboveAnkle
    public var effect = ""
    /// The next easier and the next harder exercise.
    public var easier: Neighbour?
    public var harder: Neighbour?
    public var grade: EvidenceGrade?
    /// None until the health answers are given.
    public var sides: [Side]

    /// Whether it may be done on a leg at least.
    public var open: Bool { sides.contains { if case .open = $0 { true } else { false } } }
}

/// One exercise: how it goes, and what to do of it.
@MainActor @Observable
public final class ExerciseModel {
    /// What to draw; nil until it is known.
    public private(set) var state: ExerciseState?
    /// What a person can do where it cannot be known.
    public private(set) var advice: String?

    @ObservationIgnored private let talus: TalusApp
    @ObservationIgnored private let id: String

    init(_ talus: TalusApp, _ id: String) { (self.talus, self.id) = (talus, id) }

    /// Looks again.
    public func load() async {
        do {
            state = try await seen()
            advice = nil
        } catch { advice = error.advice }
    }

    private func seen() async throws -> ExerciseState? {
        guard let one = talus.exercises().first(where: { $0.id == id }) else { return nil }
        var sides: [ExerciseState.Side] = []
        if try await talus.about()?.answers != nil {
            let openness = try await talus.openness().filter { $0.exercise == id }
            for leg in Leg.allCases {
                sides.append(try await side(leg, whys: openness.first { $0.side == leg.side }?.whys ?? []))
            }
        }
        return ExerciseState(
            id: one.id, name: one.name, figure: one.figure, measured: one.measured, setUp: one.setUp, go: one.go,
            keep: one.keep, site: ExerciseState.Site(one.site), effect: one.effect,
            easier: neighbour(one.easier), harder: neighbour(one.harder), grade: EvidenceGrade(one.grade),
            sides: sides)
    }

    private func neighbour(_ id: String?) -> ExerciseState.Neighbour? {
        talus.exercises().first { $0.id == id }.map { ExerciseState.Neighbour(id: $0.id, name: $0.name) }
    }

    private func side(_ leg: Leg, whys: [String]) async throws -> ExerciseState.Side {
        do {
            let found = try await talus.prescribe(id, side: leg.side, both: true)
            return .open(
                leg,
                ExerciseState.Dose(
                    massG: Int(found.massG), mostG: Int(found.mostG), sets: Int(found.sets),
                    reps: found.reps.map(Int.init), restS: Int(found.restS),
                    rangeDeg: found.ownRangeDeg.map(Double.init), why: found.why))
        } catch TalusError.Invalid(let what, let advice) {
            // The list of reasons; where the day itself is closed, what the core says of that.
            return .closed(leg, whys: whys.isEmpty ? [what, advice].filter { !$0.isEmpty } : whys)
        }
    }
}

extension ExerciseState.Site {
    init(_ site: TalusCore.Site) {
        self =
            switch site {
            case .aboveAnkle: .aboveAnkle
            case .aboveKnee: .aboveKnee
            case .forefoot: .forefoot
            }
    }
}

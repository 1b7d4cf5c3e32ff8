import Foundation
import Testing

@testable import TalusKit

/// A person from Swift: described, screened, prescribed, and apart from everybody else; and what was done changed by hand.
@Suite(.serialized) struct PersonTests {
    @Test func aPersonIsDescribedAndPrescribedAndARedFlagLocksTheDayForNobodyElse() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let talus = home.talus
        #expect(try await talus.about() == nil)
        try await talus.setAbout(anna(talus))
        #expect(try await talus.about()?.massKg == 64.2)
        let prescribed = try await talus.prescribe("knee_ext_seated", side: .left, both: true)
        #expect(prescribed.massG <= prescribed.mostG && !prescribed.why.isEmpty)
        #expect(try await talus.openness().contains { $0.open })
        let bo = try await talus.forPerson(talus.addPerson("Bo"))
        #expect(try await bo.about() == nil)
        try await bo.setAbout(anna(bo))
        let flag = try await talus.checkIn(
            .before, CheckIn(pain: 0, sleptBadly: false, sore: false, swollen: false, signs: [.chestPain]))
        #expect(flag.outcome == .redFlag && flag.sheet?.call == true)
        #expect(try await talus.today().locked)
        #expect(try await !bo.today().locked)
        await #expect(throws: TalusError.self) {
            try await talus.prescribe("knee_ext_seated", side: .left, both: true)
        }
        _ = try await bo.prescribe("knee_ext_seated", side: .left, both: true)
        let gone = try #require(try await talus.profiles().first { !$0.chosen })
        #expect(gone.name == "Bo" && gone.has.sessions == 0)
        try await talus.deletePerson(gone.id)
        #expect(try await talus.profiles().map(\.has.checkIns) == [1])
    }

    @Test func aCountIsChangedAndTakenBackAndLookedAtOverTime() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let talus = home.talus
        let session = try await talus.demo(seed: 1)
        try await session.advance(us: 3_600_000_000)
        _ = try await session.finish()
        let set = try #require(try await talus.session("last").sets.first)
        try await talus.edit(
            "last", .count(setIndex: set.setIndex, side: set.result.side, count: set.result.count + 1))
        #expect(try await talus.session("last").sets.first?.result.count == set.result.count + 1)
        try await talus.edit("last", .undo)
        #expect(try await talus.session("last").sets.first?.result.count == set.result.count)
        #expect(try await talus.course(set.result.exercise).count == 2)
        #expect(try await talus.calendar(weeks: 1).first?.totals.sessions == 1)
        #expect(try await talus.traces("last", width: 100).allSatisfy { !$0.lines.isEmpty })
        #expect(try await talus.rescore("last", accept: false).changedSets == 0)
        try await talus.edit("last", .pain(setIndex: set.setIndex, side: set.result.side, level: 3))
        #expect(try await talus.noted().pains.map(\.pain) == [3])
        let today = try await talus.today().localDay
        #expect(try await talus.report(from: today, until: today).hasPrefix("<!doctype html>"))
        let nothing = Budget(days: nil, bytes: 0)
        let outgrown = try await talus.outgrown(nothing).recordings.map(\.session)
        #expect(try await talus.letGo(nothing, outgrown) == outgrown && outgrown.count == 1)
        #expect(try await talus.outgrown(nothing).recordings.isEmpty)
        _ = try await talus.deleteSession("last")
        #expect(try await talus.sessions(limit: 1).isEmpty)
    }

    @Test func aProgrammeIsFollowedAndWhatCannotBeDoneIsSaidInGerman() async throws {
        let home = try await Home(language: "de")
        defer { withExtendedLifetime(home) {} }
        let talus = home.talus
        guard case .notYet = try await talus.today().sheet else {
            Issue.record("nobody is described")
            return
        }
        try await talus.setAbout(anna(talus))
        #expect(try await talus.today().sheet == .free)
        let programme = try #require(try await talus.programmes().first { $0.needs.isEmpty })
        try await talus.follow(programme.id)
        guard case .train(_, _, let exercises) = try await talus.today().sheet else {
            Issue.record("today is no session")
            return
        }
        #expect(!exercises.isEmpty)
        try await talus.practise(seed: 1, exercises: []).close()
        do {
            _ = try await talus.session("ffff")
            Issue.record("there is none")
        } catch let error as TalusError {
            #expect(error.recoverySuggestion == "Sieh in die Liste der Einheiten.")
        }
    }
}

/// A person without a worry, or one who answers every question so.
func anna(
    _ talus: TalusApp, answers all: Reply? = nil, named: [Condition] = [], falls: UInt8? = nil, pain: UInt8? = nil,
    cleared: Bool = false, oneLegS: Float? = nil
) -> About {
    let safe = { (question: Question) in question == .floorAlone || question == .reach ? Reply.yes : .no }
    let replies = talus.questionnaire().questions.map {
        Answered(question: $0.question, reply: all ?? safe($0.question))
    }
    return About(
        birthYear: 1985, heightCm: 168.5, massKg: 64.2, sex: nil, goal: .strength, level: .beginner,
        weights: Weights(lightestG: 500, stepG: 250, heaviestG: 3000),
        answers: Answers(replies: replies, named: named, falls: falls, pain: pain, surgeryCleared: cleared),
        oneLegS: oneLegS, tandemS: nil)
}

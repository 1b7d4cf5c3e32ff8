import Foundation
import Testing

@testable import TalusKit

/// Plan, the page of an exercise, and plans from someone you trust, with the real core below.
@MainActor @Suite(.serialized) struct PlanTests {
    private final class Drawer: FileExchange {
        var next: URL?
        var handed: [URL] = []
        func choose() async -> URL? { next }
        func handOn(_ file: URL) async { handed.append(file) }
    }

    @Test func aPlanSaysWhatIsOpenAndWhatIsFollowed() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let plan = PlanModel(home.talus)
        #expect(plan.state == nil)
        await plan.load()
        let before = try #require(plan.state)
        #expect(!before.answered && before.programmes.isEmpty && before.trusted == nil)
        #expect(before.exercises.count == home.talus.exercises().count, "what there is can be read before any answer")
        #expect(before.exercises.allSatisfy { $0.closed == nil })
        try await home.talus.setAbout(anna(home.talus, answers: .notSure))
        await plan.load()
        let unsure = try #require(plan.state).exercises.count { $0.closed != nil }
        try await home.talus.setAbout(anna(home.talus))
        await plan.load()
        let state = try #require(plan.state)
        #expect(unsure > state.exercises.count { $0.closed != nil }, "not sure is held back more")
        #expect(state.exercises.compactMap(\.closed).allSatisfy { !$0.isEmpty })
        let first = try #require(state.programmes.first { $0.needs.isEmpty })
        await plan.follow(first.id)
        #expect(plan.state?.programmes.filter(\.followed).map(\.id) == [first.id])
        await plan.follow(nil)
        #expect(plan.state?.programmes.contains { $0.followed } == false && plan.advice == nil)
        await plan.follow("no_such_programme")
        #expect(plan.advice != nil)
    }

    @Test func anExerciseSaysHowMuchOnEachLegAndWhyOrWhyNot() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let model = ExerciseModel(home.talus, "knee_ext_seated")
        await model.load()
        let before = try #require(model.state)
        #expect(before.site == .aboveAnkle && !before.effect.isEmpty && before.grade != nil)
        #expect(before.sides.isEmpty && !before.open && before.figure == "knee_ext_seated" && !before.setUp.isEmpty)
        try await home.talus.setAbout(anna(home.talus))
        await model.load()
        let state = try #require(model.state)
        try #require(state.sides.count == 2 && state.open)
        for (side, leg) in zip(state.sides, Leg.allCases) {
            guard case .open(let which, let dose) = side else {
                Issue.record("\(side)")
                continue
            }
            #expect(which == leg && dose.massG <= dose.mostG && dose.sets > 0 && !dose.why.isEmpty)
        }
        // A red flag closes the day; the page says so instead of a weight.
        _ = try await home.talus.checkIn(
            .before, CheckIn(pain: 0, sleptBadly: false, sore: false, swollen: false, signs: [.chestPain]))
        await model.load()
        let shut = try #require(model.state)
        #expect(!shut.open && shut.sides.count == 2)
        for case .closed(_, let whys) in shut.sides { #expect(!whys.isEmpty && whys.allSatisfy { !$0.isEmpty }) }
    }

    @Test func everyExerciseLeadsToItsNeighboursAndEveryCardSaysHowSureItIs() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let all = home.talus.exercises()
        var ways = 0
        for one in all {
            let model = ExerciseModel(home.talus, one.id)
            await model.load()
            let state = try #require(model.state)
            #expect(state.easier?.id == one.easier && state.harder?.id == one.harder)
            for way in [state.easier, state.harder] where way != nil {
                ways += 1
                #expect(way?.name.isEmpty == false && way?.id != one.id)
            }
        }
        #expect(ways > 10)
        let learn = LearnModel(home.talus)
        #expect(learn.state.cards.count > 5 && learn.state.turned == nil)
        #expect(learn.state.cards.allSatisfy { !$0.says.isEmpty && !$0.means.isEmpty })
        let card = try #require(learn.state.cards.first)
        learn.turn(card.id)
        #expect(learn.state.turned == card.id)
        learn.turn(card.id)
        #expect(learn.state.turned == nil)
    }

    @Test func aPlanIsReadLookedAtAcceptedAndPutAway() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus))
        let drawer = Drawer()
        let trust = TrustModel(home.talus, files: drawer)
        await trust.load()
        #expect(trust.state == .noPlan && trust.choosesFiles && trust.advice == nil)
        await trust.choose()
        #expect(trust.state == .noPlan && trust.advice == nil, "nobody chose a file")
        trust.text = "not a plan"
        await trust.read()
        #expect(trust.state == .noPlan && trust.advice?.isEmpty == false)
        // What is no text at all is no plan either, and is not kept lying about.
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("plan-\(UUID())")
        try Data([0xFF, 0x00, 0xFE]).write(to: file)
        drawer.next = file
        await trust.choose()
        #expect(trust.state == .noPlan && trust.advice != nil && !FileManager.default.fileExists(atPath: file.path))
        let signed = try #require(ProcessInfo.processInfo.environment["TALUS_PLAN"], "run by ./test swift")
        try FileManager.default.copyItem(at: URL(fileURLWithPath: signed), to: file)
        await trust.choose()
        guard case .preview(let plan) = trust.state else {
            Issue.record("\(String(describing: trust.state)) \(String(describing: trust.advice))")
            return
        }
        #expect(!plan.known && plan.words.split(separator: " ").count == 6 && !plan.lines.isEmpty)
        #expect(try await home.talus.plan() == nil, "looking at a plan keeps nothing")
        await trust.notMine()
        #expect(trust.state == .noPlan)
        trust.text = try String(contentsOfFile: signed, encoding: .utf8)
        await trust.read()
        await trust.accept()
        guard case .accepted(let kept) = trust.state else {
            Issue.record("\(String(describing: trust.state)) \(String(describing: trust.advice))")
            return
        }
        #expect(kept.known && kept.lines == plan.lines && trust.text.isEmpty)
        let tab = PlanModel(home.talus)
        await tab.load()
        #expect(tab.state?.trusted?.by == plan.by && tab.state?.trusted?.untilDay == plan.untilDay)
        await trust.putAway(distrust: true)
        #expect(trust.state == .noPlan)
        trust.text = try String(contentsOfFile: signed, encoding: .utf8)
        await trust.read()
        guard case .preview(let again) = trust.state else { return }
        #expect(!again.known, "its author is a stranger again")
    }
}

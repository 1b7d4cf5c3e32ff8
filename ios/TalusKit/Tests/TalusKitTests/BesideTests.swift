import Foundation
import Testing

@testable import TalusKit

/// What comes before a session and what is done beside one, with the real core below.
@MainActor @Suite(.serialized) struct BesideTests {
    private final class Drawer: FileExchange {
        var next: URL?
        var handed: [Data] = []
        func choose() async -> URL? { next }
        func handOn(_ file: URL) async { handed.append((try? Data(contentsOf: file)) ?? Data()) }
    }

    @Test func aSessionSaysWhatIsInItAndWhyThereIsNone() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let nobody = AheadModel(home.talus, .today)
        await nobody.load()
        guard case .closed(let whys) = nobody.state else {
            Issue.record("\(String(describing: nobody.state)) \(String(describing: nobody.advice))")
            return
        }
        #expect(!whys.isEmpty && whys.allSatisfy { !$0.isEmpty })
        try await home.talus.setAbout(anna(home.talus))
        let own = AheadModel(home.talus, .exercises(["knee_ext_seated"]))
        await own.load()
        guard case .open(let ahead) = own.state else {
            Issue.record("\(String(describing: own.state)) \(String(describing: own.advice))")
            return
        }
        #expect(Set(ahead.blocks.map(\.exercise)) == ["knee_ext_seated"] && ahead.walk == nil && ahead.tests.isEmpty)
        #expect(ahead.blocks.allSatisfy { $0.sets > 0 && !$0.why.isEmpty && !$0.name.isEmpty })
        let walk = AheadModel(home.talus, .walk)
        await walk.load()
        guard case .open(let bare) = walk.state, let walking = bare.walk else {
            Issue.record("\(String(describing: walk.state)) \(String(describing: walk.advice))")
            return
        }
        #expect(walking.massG == 0 && walking.beforeS > 0, "who never walked with a cuff walks without a weight first")
    }

    @Test func whatMeasuresWhereSomebodyBeginsIsOfferedUntilSomethingIsMeasured() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let today = TodayModel(home.talus)
        await today.load()
        #expect(today.state?.measuresFirst == false, "nobody is described")
        try await home.talus.setAbout(anna(home.talus))
        try await home.talus.follow("first_steps")
        await today.load()
        #expect(today.state?.measuresFirst == true)
        let first = AheadModel(home.talus, .first)
        await first.load()
        guard case .open(let ahead) = first.state else {
            Issue.record("\(String(describing: first.state)) \(String(describing: first.advice))")
            return
        }
        #expect(
            !ahead.tests.isEmpty && ahead.walk?.massG == 0 && ahead.blocks.isEmpty, "tests, then a walk without weight")
        let session = try await home.talus.practise(seed: 1, Wish.first.wish)
        try await session.advance(us: 3_600_000_000)
        _ = try await session.finish()
        await today.load()
        #expect(today.state?.measuresFirst == false, "it has been measured")
    }

    @Test func testsSayHowTheyGoAndWhatOnlyAPlanOpensSaysSo() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus))
        let model = ChecksModel(home.talus)
        await model.load()
        let state = try #require(model.state, "\(String(describing: model.advice))")
        #expect(state.checks.contains { $0.kind == .ladder && $0.open && $0.measured })
        #expect(state.checks.contains { $0.kind == .test && $0.open && $0.measured })
        #expect(state.stages.contains { !$0.open }, "coming back after an injury waits for a plan")
        #expect(state.checks.allSatisfy { !$0.name.isEmpty && !$0.steps.isEmpty })
        let ladder = try #require(state.checks.first { $0.kind == .ladder })
        let one = ChecksModel(home.talus, chosen: ladder.id)
        await one.load()
        #expect(one.check == ladder)
        let ahead = AheadModel(home.talus, .tests([ladder.id]))
        await ahead.load()
        guard case .open(let open) = ahead.state else {
            // Nobody wears a cuff yet, and that is said.
            guard case .closed(let whys) = ahead.state else {
                Issue.record("\(String(describing: ahead.state)) \(String(describing: ahead.advice))")
                return
            }
            #expect(!whys.isEmpty)
            return
        }
        #expect(open.tests.first?.stance?.isEmpty == false)
    }

    @Test func aLiftIsLoggedAndTakenBack() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        try await home.talus.setAbout(anna(home.talus))
        let model = LiftsModel(home.talus)
        await model.load()
        #expect(model.state.names.count > 3 && model.state.logged.isEmpty && !model.state.undoable)
        model.say { ($0.chosen, $0.sets, $0.reps, $0.barG) = (1, 99, 0, -5) }
        #expect(model.state.sets == 50 && model.state.reps == 1 && model.state.barG == 0)
        model.say { ($0.sets, $0.reps, $0.barG) = (3, 8, 40_000) }
        await model.log()
        #expect(model.advice == nil && model.state.undoable && model.state.logged.count == 1)
        #expect(model.state.logged.first?.contains(model.state.names[1].name) == true)
        let today = TodayModel(home.talus)
        await today.load()
        #expect(today.state?.lifts == model.state.logged && today.state?.answered == true)
        await model.undo()
        #expect(model.advice == nil && !model.state.undoable && model.state.logged.isEmpty)
    }

    @Test func aProgrammeIsSharedTakenInFollowedAndPutAway() async throws {
        let (home, other) = (try await Home(), try await Home())
        defer { withExtendedLifetime((home, other)) {} }
        for one in [home, other] { try await one.talus.setAbout(anna(one.talus)) }
        let drawer = Drawer()
        let ours = try #require(try await home.talus.programmes().first { $0.needs.isEmpty })
        let page = ProgrammeModel(home.talus, ours.id, files: drawer)
        await page.load()
        #expect(page.state?.name == ours.name && page.state?.shared == false && page.state?.exercises.isEmpty == false)
        await page.putAway()
        #expect(!page.gone, "ours are not put away")
        await page.share()
        let text = String(decoding: try #require(drawer.handed.first), as: UTF8.self)
        let plan = PlanModel(other.talus, files: drawer)
        await plan.load()
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("programme-\(UUID())")
        try Data("no programme".utf8).write(to: file)
        drawer.next = file
        await plan.takeIn()
        #expect(plan.refused?.isEmpty == false && !FileManager.default.fileExists(atPath: file.path))
        // One of ours keeps its id: nobody's takes its place.
        try Data(text.utf8).write(to: file)
        await plan.takeIn()
        #expect(plan.refused?.isEmpty == false)
        let id = "garden"
        let garden = """
            id = "garden"
            name = "After the garden"
            grade = "d"
            sources = []
            per_week = 2

            [[parts]]
            id = "a"
            work = [{ exercise = "knee_ext_seated", sets = 2, reps = [8, 12], load = "own", reserve = 3 }]

            [[weeks]]
            aim = "learn"
            """
        try Data(garden.utf8).write(to: file)
        await plan.takeIn()
        #expect(plan.refused == nil && plan.state?.programmes.contains { $0.id == id } == true, "\(plan.refused ?? "")")
        let shared = ProgrammeModel(other.talus, id, files: nil)
        await shared.load()
        #expect(shared.state?.shared == true && shared.state?.own == true && !shared.shares)
        await shared.follow(true)
        #expect(shared.state?.followed == true && shared.advice == nil)
        await shared.putAway()
        #expect(shared.gone && shared.advice == nil)
        await plan.load()
        #expect(plan.state?.programmes.contains { $0.id == id } == false)
        // What only a plan opens says so.
        let rebuild = ProgrammeModel(home.talus, "knee_rebuild", files: nil)
        await rebuild.load()
        #expect(rebuild.state?.needs.isEmpty == false)
    }
}

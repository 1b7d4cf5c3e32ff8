import Foundation
import Testing

@testable import TalusKit

/// The view models with the real core below: what a person does from the first run to looking back.
@MainActor @Suite(.serialized) struct ModelTests {
    private func described(_ model: FirstRunModel) async {
        model.begin()
        model.type { ($0.birthYear, $0.heightCm, $0.massKg) = ("1985", "168,5", "64.2") }
        await model.confirmAbout()
    }

    /// Answers all twelve: what is good, or what is not known.
    private func answer(_ model: FirstRunModel, _ talus: TalusApp, unsure: Bool = false) async {
        for asked in talus.questionnaire().questions {
            let safe: FirstRunState.Answer = asked.question == .floorAlone || asked.question == .reach ? .yes : .no
            await model.answer(unsure ? .notSure : safe)
        }
    }

    @Test func theFirstRunAsksTwelveAndKeepsWhatIsSaid() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        var done = false
        let model = FirstRunModel(home.talus) { done = true }
        #expect(model.state == .welcome)
        model.begin()
        model.type { ($0.birthYear, $0.heightCm, $0.massKg) = ("1985", "1,7", "64") }
        await model.confirmAbout()
        guard case .aboutYou(let refused) = model.state else {
            Issue.record("a height of 1.7 cm was taken: \(model.state)")
            return
        }
        #expect(refused.advice != nil)
        await described(model)
        guard case .question(let first) = model.state else {
            Issue.record("\(model.state)")
            return
        }
        #expect(first.number == 1 && first.of == 12 && first.answered == nil && !first.text.isEmpty)
        await model.answer(.notSure)
        model.back()
        guard case .question(let again) = model.state else { return }
        #expect(again.answered == .notSure && again.text == first.text)
        await answer(model, home.talus)
        guard case .outcome(let outcome) = model.state else {
            Issue.record("\(model.state)")
            return
        }
        #expect(!outcome.open.isEmpty && outcome.heldBack.allSatisfy { !$0.why.isEmpty })
        model.goOn()
        #expect(done)
        let about = try #require(try await home.talus.about())
        #expect(about.massKg == 64.2 && about.answers?.replies.count == 12)
    }

    @Test func whoIsSureOfNothingIsHeldBackMore() async throws {
        var open: [Int] = []
        for unsure in [false, true] {
            let home = try await Home()
            let model = FirstRunModel(home.talus) {}
            await described(model)
            await answer(model, home.talus, unsure: unsure)
            guard case .outcome(let outcome) = model.state else {
                Issue.record("\(model.state)")
                return
            }
            open.append(outcome.open.count)
        }
        #expect(open[1] < open[0], "\(open)")
    }

    @Test(.timeLimit(.minutes(10))) func aCuffIsFoundShakenPutOnALegAndKept() async throws {
        let home = try await Home()
        let model = PairModel(home.talus, seed: 1)
        #expect(model.state == .why)
        let looking = Task { await model.look() }
        let near = try await wait(for: "two cuffs") {
            if case .nearby(let near, _) = model.state, near.count == 2 { near } else { nil }
        }
        await model.choose(near[0].name)
        guard case .wiggle(let name, _) = model.state else {
            Issue.record("\(model.state)")
            return
        }
        #expect(name == near[0].name)
        await model.isIt(true)
        #expect(model.state == .leg(name: name, replaces: []))
        model.wear(.right)
        model.weigh(PairModel.mostG + 250)
        #expect(model.state == .weight(leg: .right, massG: PairModel.mostG), "never above the ceiling")
        model.weigh(-1)
        #expect(model.state == .weight(leg: .right, massG: 0))
        model.weigh(1250)
        await model.keep()
        guard case .done(let kept) = model.state else {
            Issue.record("\(model.state)")
            return
        }
        #expect(kept.leg == .right && kept.massG == 1250)
        await model.again()
        await looking.value
        let cuffs = CuffsModel(home.talus)
        await cuffs.load()
        let one = try #require(cuffs.cuffs?.first)
        #expect(one.leg == .right && one.massG == 1250)
        await cuffs.wear(one.id, on: .left, massG: 500)
        #expect(cuffs.cuffs?.first?.leg == .left && cuffs.cuffs?.first?.massG == 500)
        await cuffs.wear(one.id, on: .left, massG: 6000)
        #expect(cuffs.advice != nil && cuffs.cuffs?.first?.massG == 500, "no more than the ceiling, and said so")
        await cuffs.swap()
        #expect(cuffs.cuffs?.first?.leg == .right)
        await cuffs.rename(one.id, to: "Anna")
        #expect(cuffs.cuffs?.first?.name == "Anna")
        await cuffs.rename(one.id, to: "")
        #expect(cuffs.advice != nil, "an empty name is refused, and said so")
        await cuffs.forget(one.id)
        #expect(cuffs.cuffs?.isEmpty == true && cuffs.advice == nil)
    }

    @Test(.timeLimit(.minutes(10))) func theDemoGoesFromTodayThroughASessionToWhatWasDone() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let app = AppModel(folder: folder, language: "en", speed: 400)
        await app.open()
        #expect(app.place == .firstRun && !app.demo)
        await app.open(demo: true)
        #expect(app.place == .home && app.demo)
        #expect(app.progress?.state?.sessions.isEmpty == true)
        app.start()
        let session = try #require(app.session)
        await session.run()
        guard case .over(let over) = session.state else {
            Issue.record("\(session.state)")
            return
        }
        #expect(!over.sentence.isEmpty && !over.sets.isEmpty && over.sets.allSatisfy { !$0.exercise.contains("_") })
        await app.closeSession()
        #expect(app.session == nil && app.today?.state?.daysDone == 1 && app.today?.state?.unfinished == false)
        let line = try #require(app.progress?.state?.sessions.first)
        #expect(line.finished && line.sets == over.sets.count)
        await app.go(.session(line.id))
        guard case .detail(let model) = app.pages.last, let detail = model.state else {
            Issue.record("\(app.pages)")
            return
        }
        let kept = detail.sets.map { set in
            // Answers come after a set was told.
            var ended = set.ended
            (ended.reserve, ended.pain) = (nil, nil)
            return ended
        }
        #expect(kept == over.sets, "what was told is what is kept")
        #expect(detail.sets.allSatisfy { !$0.trace.isEmpty && !$0.reps.isEmpty })
        for set in detail.sets {
            let line = try #require(set.trace.first)
            #expect(
                line.allSatisfy { $0.deg.isFinite && abs($0.deg) < 360 } && line.map(\.atS) == line.map(\.atS).sorted())
        }
        await app.back()
        #expect(app.pages.isEmpty)
        // The real household is another one.
        await app.open()
        #expect(app.place == .firstRun)
    }

    @Test(.timeLimit(.minutes(10)), arguments: [Wish.walk, .tests(["chair_stand_30"])])
    func theDemoDoesWhatWasAskedFor(_ wish: Wish) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let made = folder.appendingPathComponent("demo/demo.db").path
        do {
            let talus = try await TalusApp.at(database: made, language: "en", zone: "Europe/Berlin")
            try await talus.setAbout(anna(talus))
        }
        let app = AppModel(folder: folder, language: "en", speed: 400)
        await app.open(demo: true)
        app.start(wish)
        let session = try #require(app.session)
        await session.run()
        guard case .over(let over) = session.state else {
            Issue.record("\(session.state)")
            return
        }
        #expect(over.walk.isEmpty == (wish != .walk) && over.tested.isEmpty == (wish == .walk), "\(over)")
        await app.closeSession()
    }

    @Test func whatCannotBeOpenedSaysWhatAPersonCanDo() async {
        let app = AppModel(folder: URL(fileURLWithPath: "/proc/nowhere"), language: "de")
        await app.open()
        guard case .failed(let advice) = app.place else {
            Issue.record("\(app.place)")
            return
        }
        #expect(advice == "Prüf, ob es den Ordner gibt und ob du dort schreiben darfst.")
    }

    @Test func aProgrammeIsChosenAndARedFlagLocksTheDay() async throws {
        let home = try await Home()
        defer { withExtendedLifetime(home) {} }
        let run = FirstRunModel(home.talus) {}
        let today = TodayModel(home.talus)
        await today.load()
        guard case .aboutYou = today.state?.next else {
            Issue.record("\(String(describing: today.state))")
            return
        }
        await described(run)
        await answer(run, home.talus)
        await today.load()
        guard case .choose(let programmes) = today.state?.next else {
            Issue.record("\(String(describing: today.state))")
            return
        }
        await today.follow(try #require(programmes.first { $0.needs.isEmpty }).id)
        guard case .train(let title, _, let exercises, let figure) = today.state?.next else {
            Issue.record("\(String(describing: today.state))")
            return
        }
        #expect(!title.isEmpty && exercises.allSatisfy { !$0.contains("_") } && figure != nil)
        _ = try await home.talus.checkIn(
            .before, CheckIn(pain: 0, sleptBadly: false, sore: false, swollen: false, signs: [.chestPain]))
        await today.load()
        guard case .locked(let sheet) = today.state?.next else {
            Issue.record("\(String(describing: today.state))")
            return
        }
        #expect(!sheet.title.isEmpty && !sheet.lines.isEmpty && sheet.call)
    }

    @Test(.timeLimit(.minutes(2))) func aSessionIsLeftTakenUpAgainCorrectedAndDeleted() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("talus-\(UUID())")
        defer { try? FileManager.default.removeItem(at: folder) }
        let app = AppModel(folder: folder, language: "en", speed: 40)
        await app.open(demo: true)
        app.start()
        let left = try #require(app.session)
        let running = Task { await left.run() }
        _ = try await wait(for: "a set") {
            if case .training(let set) = left.state, set.part == .set { set } else { nil }
        }
        left.pauseOrGoOn()
        await left.leave()
        await running.value
        await app.closeSession()
        #expect(app.today?.state?.unfinished == true)
        app.resume()
        let resumed = try #require(app.session)
        let goingOn = Task { await resumed.run() }
        _ = try await wait(for: "the pause it was left in") {
            if case .training(let set) = resumed.state, set.paused, set.resumed { set } else { nil }
        }
        resumed.pauseOrGoOn()
        await goingOn.value
        guard case .over = resumed.state else {
            Issue.record("\(resumed.state)")
            return
        }
        await app.closeSession()
        #expect(app.today?.state?.unfinished == false)
        let line = try #require(app.progress?.state?.sessions.first)
        await app.go(.session(line.id))
        guard case .detail(let detail) = app.pages.last else { return }
        let count = try #require(detail.state?.sets.first).ended.count
        await detail.correct(0, up: true)
        await detail.correct(0, up: true)
        #expect(detail.state?.sets.first?.ended.count == count + 2 && detail.state?.sets.first?.edited == true)
        let edits = try #require(detail.state?.edits)
        #expect(edits > 0)
        await detail.undo()
        #expect(detail.state?.sets.first?.ended.count == count + 1)
        let leg = try #require(detail.state?.sets.last).ended
        let other = try #require(
            detail.state?.sets.last { $0.index == detail.state?.sets.last?.index && $0.ended.leg != leg.leg })
        await detail.otherLeg(try #require(detail.state?.sets.count) - 1)
        // Both legs did it: each takes what the other was said to have done.
        #expect(
            detail.state?.sets.first { $0.index == other.index && $0.ended.leg == other.ended.leg }?.ended.count
                == leg.count)
        #expect(detail.advice == nil)
        await detail.undo()
        await detail.note("Slept well.")
        await detail.star(true)
        #expect(detail.state?.note == "Slept well." && detail.state?.starred == true && detail.advice == nil)
        let removed = try #require(detail.state?.sets.first).ended
        await detail.remove(0)
        #expect(detail.state?.sets.first?.ended != removed, "it is no set any more")
        await detail.score()
        #expect(
            detail.scored == .init(sets: 0, moved: 0) && detail.advice == nil, "the engine that scored it is today's")
        await detail.correct(99, up: true)
        #expect(detail.advice == nil, "there is no such set, and nothing is changed")
        await detail.delete()
        #expect(detail.deleted)
        await app.back()
        #expect(app.pages.isEmpty && app.progress?.state?.sessions.isEmpty == true)
    }

    private func wait<T: Sendable>(for what: String, _ seen: @MainActor () async -> T?) async throws -> T {
        for _ in 0..<2000 {
            if let seen = await seen() { return seen }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw Missing(what: what)
    }

    private struct Missing: Error { let what: String }
}

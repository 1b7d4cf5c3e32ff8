import SwiftUI
import TalusKit

/// A page over the tabs, with what is pressed on it done.
struct PageView: View {
    @Environment(\.colorScheme) private var scheme
    let page: AppModel.Page
    let model: AppModel
    /// Calls for help.
    let call: @MainActor () -> Void
    /// Opens a place outside the app.
    let leave: @MainActor (String) -> Void

    var body: some View {
        let look = Look(scheme)
        Close { Task { await model.back() } }
        switch page {
        case .cuffs(let cuffs): show(cuffs)
        case .exercise(let exercise): show(exercise, look)
        case .trust(let trust): show(trust, look)
        case .detail(let detail):
            awaited(detail.state, detail.state == nil ? detail.advice : nil, look, again: detail.load) { state in
                show(state, of: detail)
            }
        case .calendar(let calendar):
            awaited(calendar.state, calendar.advice, look, again: calendar.load) { state in
                CalendarView(state, language: model.language)
            }
        case .health(let health):
            awaited(health.state, health.advice, look, again: health.load) { state in
                HealthView(state) { Task { await model.aboutYou() } }
            }
        case .safety(let safety):
            awaited(safety.state, safety.advice, look, again: safety.load) { state in
                SafetyView(state, number: model.helpNumber, call: call)
            }
        case .checkIn(let checkIn): show(checkIn)
        case .own(let own): show(own)
        case .people(let people): show(people)
        case .learn(let learn): LearnView(learn.state) { learn.turn($0) }
        case .settings: settings
        case .about: AboutView(version: version) { Task { await model.go(.licences) } }
        case .licences: LicencesView(Licences.here)
        case .ahead(let ahead): show(ahead, look)
        case .checks(let checks):
            awaited(checks.state, checks.advice, look, again: checks.load) { state in
                ChecksView(state, demo: model.demo) { id in Task { await model.go(.check(id)) } }
            }
        case .check(let checks):
            awaited(checks.check, checks.advice, look, again: checks.load) { check in
                CheckView(check, language: model.language, demo: model.demo) { model.start(.tests([check.id])) }
            }
        case .lifts(let lifts): show(lifts)
        case .programme(let programme): show(programme, look)
        case .aside(let aside):
            awaited(aside.kept, aside.kept == nil ? aside.advice : nil, look, again: aside.load) { kept in
                AsideView(kept, advice: aside.advice, language: model.language) { one in
                    Task { await model.bringBack(one) }
                }
            }
        }
    }

    private func show(_ state: DetailState, of detail: DetailModel) -> some View {
        DetailView(
            state, chosen: detail.chosen, scored: detail.scored, advice: detail.advice, language: model.language
        ) { action in
            switch action {
            case .choose(let set, let rep): detail.chosen = (set, rep)
            case .correct(let set, let up): Task { await detail.correct(set, up: up) }
            case .otherLeg(let set): Task { await detail.otherLeg(set) }
            case .remove(let set): Task { await detail.remove(set) }
            case .note(let text): Task { await detail.note(text) }
            case .star(let starred): Task { await detail.star(starred) }
            case .undo: Task { await detail.undo() }
            case .score: Task { await detail.score() }
            case .accept: Task { await detail.score(accept: true) }
            case .delete:
                Task {
                    await detail.delete()
                    if detail.deleted { await model.back() }
                }
            }
        }
    }

    private func show(_ cuffs: CuffsModel) -> some View {
        CuffsView(cuffs.cuffs ?? [], advice: cuffs.advice, language: model.language) { action in
            switch action {
            case .add: model.pair()
            case .rename(let cuff, let name): Task { await cuffs.rename(cuff, to: name) }
            case .forget(let cuff): Task { await cuffs.forget(cuff) }
            case .wear(let cuff, let leg, let massG): Task { await cuffs.wear(cuff, on: leg, massG: massG) }
            case .swap: Task { await cuffs.swap() }
            }
        }
    }

    private func show(_ exercise: ExerciseModel, _ look: Look) -> some View {
        awaited(exercise.state, exercise.advice, look, again: exercise.load) { state in
            ExerciseView(state, language: model.language, demo: model.demo) { action in
                switch action {
                case .start: model.start(.exercises([state.id]))
                case .answer: Task { await model.aboutYou() }
                case .exercise(let id): Task { await model.go(.exercise(id)) }
                }
            }
        }
    }

    /// Its advice stands on the page: what was typed stays.
    private func show(_ trust: TrustModel, _ look: Look) -> some View {
        awaited(trust.state, trust.state == nil ? trust.advice : nil, look, again: trust.load) { state in
            TrustView(
                state, text: trust.text, choosesFiles: trust.choosesFiles, advice: trust.advice,
                language: model.language
            ) { action in
                switch action {
                case .type(let text): trust.text = text
                case .read: Task { await trust.read() }
                case .choose: Task { await trust.choose() }
                case .accept: Task { await trust.accept() }
                case .notMine: Task { await trust.notMine() }
                case .putAway(let distrust): Task { await trust.putAway(distrust: distrust) }
                }
            }
        }
    }

    private func show(_ ahead: AheadModel, _ look: Look) -> some View {
        awaited(ahead.state, ahead.advice, look, again: ahead.load) { state in
            AheadView(state, of: ahead.wish, language: model.language, demo: model.demo) { action in
                switch action {
                case .start: model.start(ahead.wish)
                case .exercise(let id): Task { await model.go(.exercise(id)) }
                }
            }
        }
    }

    private func show(_ lifts: LiftsModel) -> some View {
        LiftsView(lifts.state, advice: lifts.advice, language: model.language) { action in
            switch action {
            case .choose(let index): lifts.say { $0.chosen = index }
            case .sets(let sets): lifts.say { $0.sets = sets }
            case .reps(let reps): lifts.say { $0.reps = reps }
            case .bar(let grams): lifts.say { $0.barG = grams }
            case .log: Task { await lifts.log() }
            case .undo: Task { await lifts.undo() }
            }
        }
    }

    /// Its advice stands on the page, where there is one.
    private func show(_ programme: ProgrammeModel, _ look: Look) -> some View {
        awaited(programme.state, programme.state == nil ? programme.advice : nil, look, again: programme.load) {
            state in
            ProgrammeView(state, advice: programme.advice, shares: programme.shares, demo: model.demo) { action in
                switch action {
                case .follow(let so): Task { await programme.follow(so) }
                case .share: Task { await programme.share() }
                case .putAway:
                    Task {
                        await programme.putAway()
                        if programme.gone { await model.back() }
                    }
                }
            }
        }
    }

    private func show(_ checkIn: CheckInModel) -> some View {
        CheckInView(checkIn.state, advice: checkIn.advice, number: model.helpNumber) { action in
            switch action {
            case .pain(let level): checkIn.say { $0.pain = level }
            case .sleptBadly(let so): checkIn.say { $0.sleptBadly = so }
            case .sore(let so): checkIn.say { $0.sore = so }
            case .swollen(let so): checkIn.say { $0.swollen = so }
            case .sign(let sign, let there):
                checkIn.say { if there { $0.present.insert(sign) } else { $0.present.remove(sign) } }
            case .keep: Task { await checkIn.keep() }
            case .done: Task { await model.back() }
            case .call: call()
            }
        }
    }

    private func show(_ own: OwnModel) -> some View {
        OwnView(
            own.state, outgrown: own.outgrown, advice: own.advice, demo: model.demo, language: model.language
        ) { action in
            switch action {
            case .export(let recordings): Task { await own.export(recordings: recordings) }
            case .backUp(let words): Task { await own.backUp(words) }
            case .report: Task { await own.report() }
            case .aside: Task { await model.go(.aside) }
            case .choose: Task { await own.choose() }
            case .open(let words): Task { await own.open(words) }
            case .takeIn: Task { await own.takeIn() }
            case .cancel: own.cancel()
            case .done: own.forget()
            case .deleteOutgrown: Task { await own.deleteOutgrown() }
            }
        }
    }

    private func show(_ people: PeopleModel) -> some View {
        PeopleView(people.people ?? [], advice: people.advice, language: model.language) { action in
            switch action {
            case .choose(let person): Task { await model.become(person) }
            case .add(let name): Task { await people.add(name) }
            case .rename(let name): Task { await people.rename(name) }
            case .delete(let person): Task { await people.delete(person) }
            }
        }
    }

    private var settings: some View {
        let settings = model.settings
        return SettingsView(
            settings.settings, reminds: settings.reminds, refused: settings.noticesRefused,
            canLock: settings.canLock, health: settings.hasHealth ? !settings.healthDenied : nil,
            language: model.language
        ) { action in
            switch action {
            case .speaks(let speaks): settings.change { $0.speaks = speaks }
            case .floor(let floor): settings.change { $0.floor = floor }
            case .numbers(let on): settings.change { $0.numbers = on }
            case .pulses(let on): settings.change { $0.pulses = on }
            case .pounds(let on): settings.change { $0.pounds = on }
            case .health(let on): Task { await settings.health(on) }
            case .remind(let days, let minute):
                Task {
                    await settings.remind(days: days, minute: minute)
                    await model.remind()
                }
            case .lock(let on): Task { await settings.lock(on, reason: String(localized: "Open your history")) }
            case .openSettings: leave(Place.settings)
            }
        }
    }

    private var version: String {
        Bundle.main.object(forInfoDictionaryKey: "CFBundleShortVersionString") as? String ?? "0.1.0"
    }
}

/// Places outside the app.
enum Place {
    /// The app's page in Settings, by the text behind `UIApplication.openSettingsURLString`.
    static let settings = "app-settings:"
}

/// A page once it is known; before, that it is looked for, or what to do.
@MainActor @ViewBuilder func awaited<S, C: View>(
    _ state: S?, _ advice: String?, _ look: Look, again: @escaping @MainActor () async -> Void,
    @ViewBuilder content: (S) -> C
) -> some View {
    if let state, advice == nil {
        content(state)
    } else {
        Awaited(advice: advice, look: look) { Task { await again() } }
    }
}

import SwiftUI
import TalusKit

/// The whole app: first run, tabs, and what lies over them.
public struct RootView: View {
    @Environment(\.colorScheme) private var scheme
    @Environment(\.openURL) private var openURL
    @Environment(\.scenePhase) private var phase
    private let model: AppModel

    public init(model: AppModel) { self.model = model }

    public var body: some View {
        let look = Look(scheme)
        VStack(spacing: 0) {
            if model.lock.locked {
                LockView { Task { await model.lock.unlock(String(localized: "Open your history")) } }
            } else {
                place(look)
            }
        }
        .background(look.ground)
        .tint(look.accent)
        .environment(\.pounds, model.settings.settings.pounds)
        .task { await model.open() }
        .onChange(of: phase) { _, phase in
            switch phase {
            case .background: model.lock.left()
            case .active: model.lock.came(inSession: model.session != nil)
            default: break
            }
        }
    }

    @ViewBuilder private func place(_ look: Look) -> some View {
        switch model.place {
        case .opening:
            Spacer()
            Text("One moment").foregroundStyle(look.ink)
            Spacer()
        case .failed(let advice):
            Spacer()
            Trouble(advice: advice, look: look) { Task { await model.open() } }
            Spacer()
        case .locked(let why):
            LockedView(why, remedies: model.remedies, advice: model.advice) { action in
                switch action {
                case .again: Task { await model.open() }
                case .repair: Task { await model.repair() }
                case .beginAnew: Task { await model.beginAnew() }
                case .demo: Task { await model.open(demo: true) }
                }
            }
        case .mending(let done): MendingView(done: done)
        case .mended(let mended): MendingView(mended) { Task { await model.mendedSeen() } }
        case .restoring: if let own = model.restored { restoring(own) }
        case .firstRun: if let firstRun = model.firstRun { introduction(firstRun) }
        case .home: home(look)
        }
    }

    @ViewBuilder private func home(_ look: Look) -> some View {
        if let session = model.session {
            LiveView(
                model: session, language: model.language, demo: model.demo, moves: model.moves,
                number: model.helpNumber, opensFloor: opensFloor, call: call
            ) {
                Task { await model.closeSession() }
            }
        } else if let pairing = model.pairing {
            pair(pairing)
        } else if let page = model.pages.last {
            PageView(page: page, model: model, call: call) { leave(to: $0) }
        } else {
            tabs(look)
        }
    }

    @ViewBuilder private func tabs(_ look: Look) -> some View {
        switch model.tab {
        case .today: if let today = model.today { show(today, look) }
        case .plan: if let plan = model.plan { show(plan, look) }
        case .progress: if let progress = model.progress { show(progress, look) }
        case .you:
            YouView(demo: model.demo, owns: model.ownsFiles) {
                Task { await model.open() }
            } go: { way in
                Task { await model.go(way) }
            }
        }
        HStack(spacing: 8) {
            tab("Today", .today)
            tab("Plan", .plan)
            tab("Progress", .progress)
            tab("You", .you)
        }
        .padding(8)
    }

    @ViewBuilder private func tab(_ words: LocalizedStringKey, _ tab: AppModel.Tab) -> some View {
        let button = Button(
            action: { model.tab = tab }, label: { Text(words).frame(maxWidth: .infinity, minHeight: 44) }
        )
        .accessibilityIdentifier("tab \(tab)")
        if model.tab == tab { button.accessibilityAddTraits(.isSelected) } else { button }
    }

    private func show(_ today: TodayModel, _ look: Look) -> some View {
        awaited(today.state, today.advice, look, again: today.load) { state in
            TodayView(
                state, said: today.said, language: model.language, demo: model.demo, number: model.helpNumber
            ) { action in
                switch action {
                case .start: model.start()
                case .ahead(let wish): Task { await model.go(.ahead(wish)) }
                case .tests: Task { await model.go(.checks) }
                case .lifts: Task { await model.go(.lifts) }
                case .resume: model.resume()
                case .cuffs: Task { await model.go(.cuffs) }
                case .aboutYou: Task { await model.aboutYou() }
                case .checkIn: Task { await model.go(.checkIn) }
                case .follow(let programme): Task { await today.follow(programme) }
                case .morning(let soreness, let swollen):
                    Task { await today.morning(soreness: soreness, swollen: swollen) }
                case .leaveDemo: Task { await model.open() }
                case .call: call()
                }
            }
        }
    }

    private func show(_ plan: PlanModel, _ look: Look) -> some View {
        awaited(plan.state, plan.advice, look, again: plan.load) { state in
            PlanView(
                state, advice: plan.refused, takesIn: plan.takesIn, language: model.language, demo: model.demo
            ) { action in
                switch action {
                case .answer: Task { await model.aboutYou() }
                case .follow(let programme): Task { await plan.follow(programme) }
                case .trust: Task { await model.go(.trust) }
                case .exercise(let id): Task { await model.go(.exercise(id)) }
                case .programme(let id): Task { await model.go(.programme(id)) }
                case .tests: Task { await model.go(.checks) }
                case .takeIn: Task { await plan.takeIn() }
                }
            }
        }
    }

    private func show(_ progress: ProgressModel, _ look: Look) -> some View {
        awaited(progress.state, progress.advice, look, again: progress.load) { state in
            ProgressScreen(state, tab: progress.tab, language: model.language, demo: model.demo) { action in
                switch action {
                case .tab(let tab): progress.tab = tab
                case .calendar: Task { await model.go(.calendar) }
                case .session(let session): Task { await model.go(.session(session)) }
                case .tests: Task { await model.go(.checks) }
                }
            }
        }
    }

    private func restoring(_ own: OwnModel) -> some View {
        OwnView(own.state, advice: own.advice, restoring: true, language: model.language) { action in
            switch action {
            case .choose: Task { await own.choose() }
            case .open(let words): Task { await own.open(words) }
            case .takeIn: Task { await own.takeIn() }
            case .cancel: own.cancel()
            default: Task { await model.restoreSeen() }
            }
        }
    }

    private func introduction(_ model: FirstRunModel) -> some View {
        FirstRunView(model.state, restores: self.model.ownsFiles, leaves: model.leaves) { action in
            switch action {
            case .begin: model.begin()
            case .demo: Task { await self.model.open(demo: true) }
            case .restore: Task { await self.model.restore() }
            case .back: model.back()
            case .confirm: Task { await model.confirmAbout() }
            case .goOn: model.goOn()
            case .answer(let answer): Task { await model.answer(answer) }
            case .howMuch(let value): Task { await model.answer(howMuch: value) }
            case .birthYear(let text): model.type { $0.birthYear = text }
            case .heightCm(let text): model.type { $0.heightCm = text }
            case .massKg(let text): model.type { $0.massKg = text }
            case .goal(let goal): model.type { $0.goal = goal }
            case .trained(let trained): model.type { $0.trained = trained }
            }
        }
    }

    @ViewBuilder private func pair(_ pairing: PairModel) -> some View {
        Close { Task { await model.closePairing() } }
        PairView(pairing.state, language: model.language) { action in
            switch action {
            case .look: Task { await pairing.look() }
            case .demo: Task { await model.open(demo: true) }
            case .settings: leave(to: Place.settings)
            case .choose(let name): Task { await pairing.choose(name) }
            case .yes: Task { await pairing.isIt(true) }
            case .no: Task { await pairing.isIt(false) }
            case .wear(let leg): pairing.wear(leg)
            case .weigh(let massG): pairing.weigh(massG)
            case .keep: Task { await pairing.keep() }
            case .again: Task { await pairing.again() }
            case .done: Task { await model.closePairing() }
            case .diagnostics: Task { await model.shareDiagnostics() }
            }
        }
    }

    private func opensFloor(_ exercise: String) -> Bool {
        switch model.settings.settings.floor {
        // A walk is read from the hand.
        case .always: exercise != "walk"
        case .never: false
        case .lying: Figures.of(model.moves[exercise]?.figure)?.onTheFloor ?? false
        }
    }

    private func call() { if let number = model.helpNumber { leave(to: "tel:\(number)") } }

    private func leave(to place: String) { if let url = URL(string: place) { openURL(url) } }
}

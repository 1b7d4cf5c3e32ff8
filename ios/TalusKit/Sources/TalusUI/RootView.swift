import SwiftUI
import TalusKit

/// The whole app: first run, tabs, and what lies over them.
public struct RootView: View {
    @Environment(\.colorScheme) private var scheme
    @Environment(\.openURL) private var openURL
    private let model: AppModel

    public init(model: AppModel) { self.model = model }

    public var body: some View {
        let look = Look(scheme)
        VStack(spacing: 0) {
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
                LockedView(why) { action in
                    Task { await model.open(demo: action == .demo) }
                }
            case .firstRun: if let firstRun = model.firstRun { introduction(firstRun) }
            case .home: home(look)
            }
        }
        .background(look.ground)
        .tint(look.accent)
        .task { await model.open() }
    }

    @ViewBuilder private func home(_ look: Look) -> some View {
        if let session = model.session {
            LiveView(model: session, language: model.language, demo: model.demo, moves: model.moves) {
                Task { await model.closeSession() }
            }
        } else if let pairing = model.pairing {
            pair(pairing)
        } else if let page = model.pages.last {
            close { Task { await model.back() } }
            show(page, look)
        } else {
            tabs(look)
        }
    }

    @ViewBuilder private func show(_ page: AppModel.Page, _ look: Look) -> some View {
        switch page {
        case .cuffs(let cuffs):
            CuffsView(cuffs.cuffs ?? [], advice: cuffs.advice, language: model.language) { action in
                switch action {
                case .add: model.pair()
                case .rename(let cuff, let name): Task { await cuffs.rename(cuff, to: name) }
                case .forget(let cuff): Task { await cuffs.forget(cuff) }
                }
            }
        case .exercise(let exercise):
            awaited(exercise.state, exercise.advice, look) {
                await exercise.load()
            } content: { state in
                ExerciseView(state, language: model.language, demo: model.demo) { action in
                    switch action {
                    case .start: model.start([state.id])
                    case .answer: model.aboutYou()
                    }
                }
            }
        case .trust(let trust):
            if let state = trust.state {
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
            } else {
                Awaited(advice: trust.advice, look: look) { Task { await trust.load() } }
            }
        case .detail(let detail):
            awaited(detail.state, detail.advice, look) {
                await detail.load()
            } content: { state in
                DetailView(state, chosen: detail.chosen, language: model.language) { detail.chosen = ($0, $1) }
            }
        }
    }

    /// A page once it is known; before, that it is looked for, or what to do.
    @ViewBuilder private func awaited<S, C: View>(
        _ state: S?, _ advice: String?, _ look: Look, again: @escaping @MainActor () async -> Void,
        @ViewBuilder content: (S) -> C
    ) -> some View {
        if let state, advice == nil {
            content(state)
        } else {
            Awaited(advice: advice, look: look) { Task { await again() } }
        }
    }

    @ViewBuilder private func tabs(_ look: Look) -> some View {
        switch model.tab {
        case .today: if let today = model.today { show(today, look) }
        case .plan: if let plan = model.plan { show(plan, look) }
        case .progress: if let progress = model.progress { show(progress, look) }
        }
        HStack(spacing: 8) {
            tab("Today", .today)
            tab("Plan", .plan)
            tab("Progress", .progress)
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

    @ViewBuilder private func show(_ today: TodayModel, _ look: Look) -> some View {
        if let state = today.state {
            TodayView(state, said: today.said, language: model.language, demo: model.demo) { action in
                switch action {
                case .start: model.start()
                case .walk: model.start(["walk"])
                case .resume: model.resume()
                case .cuffs: Task { await model.lookAtCuffs() }
                case .aboutYou: model.aboutYou()
                case .follow(let programme): Task { await today.follow(programme) }
                case .morning(let soreness, let swollen):
                    Task { await today.morning(soreness: soreness, swollen: swollen) }
                case .call: leave(to: Self.help)
                }
            }
        }
        if let advice = today.advice { Trouble(advice: advice, look: look) { Task { await today.load() } } }
    }

    @ViewBuilder private func show(_ plan: PlanModel, _ look: Look) -> some View {
        awaited(plan.state, plan.advice, look) {
            await plan.load()
        } content: { state in
            PlanView(state, language: model.language, demo: model.demo) { action in
                switch action {
                case .answer: model.aboutYou()
                case .follow(let programme): Task { await plan.follow(programme) }
                case .trust: Task { await model.lookAtTrust() }
                case .exercise(let id): Task { await model.look(atExercise: id) }
                }
            }
        }
    }

    @ViewBuilder private func show(_ progress: ProgressModel, _ look: Look) -> some View {
        if let state = progress.state {
            ProgressScreen(state, language: model.language) { session in Task { await model.look(at: session) } }
        }
        if let advice = progress.advice { Trouble(advice: advice, look: look) { Task { await progress.load() } } }
    }

    private func introduction(_ model: FirstRunModel) -> some View {
        FirstRunView(model.state) { action in
            switch action {
            case .begin: model.begin()
            case .demo: Task { await self.model.open(demo: true) }
            case .back: model.back()
            case .confirm: Task { await model.confirmAbout() }
            case .goOn: model.goOn()
            case .answer(let answer): Task { await model.answer(answer) }
            case .birthYear(let text): model.type { $0.birthYear = text }
            case .heightCm(let text): model.type { $0.heightCm = text }
            case .massKg(let text): model.type { $0.massKg = text }
            case .goal(let goal): model.type { $0.goal = goal }
            case .trained(let trained): model.type { $0.trained = trained }
            }
        }
    }

    @ViewBuilder private func pair(_ pairing: PairModel) -> some View {
        close { Task { await model.closePairing() } }
        PairView(pairing.state, language: model.language) { action in
            switch action {
            case .look: Task { await pairing.look() }
            case .demo: Task { await model.open(demo: true) }
            case .settings: leave(to: Self.settings)
            case .choose(let name): Task { await pairing.choose(name) }
            case .yes: Task { await pairing.isIt(true) }
            case .no: Task { await pairing.isIt(false) }
            case .wear(let leg): pairing.wear(leg)
            case .more: pairing.weigh(more: true)
            case .less: pairing.weigh(more: false)
            case .keep: Task { await pairing.keep() }
            case .again: Task { await pairing.again() }
            case .done: Task { await model.closePairing() }
            }
        }
    }

    /// The emergency number that phones take everywhere.
    private static let help = "tel:112"
    /// The app's page in Settings, by the text behind `UIApplication.openSettingsURLString`.
    private static let settings = "app-settings:"

    private func leave(to place: String) { if let url = URL(string: place) { openURL(url) } }

    private func close(_ action: @escaping @MainActor () -> Void) -> some View {
        Button(action: action, label: { Text("Close").frame(minWidth: 44, minHeight: 44) })
            .accessibilityIdentifier("close")
    }
}

#if os(Linux)
    import Foundation
    import SwiftUI

    @testable import TalusKit
    @testable import TalusUI

    /// Every screen in every state, as plain values: what is read aloud of each is asserted, and each is sketched.
    @MainActor enum ScreenStates {
        /// A name, and the screen in a language.
        static let all: [(String, (String) -> Node)] =
            locked + firstRun + today + plan + ahead + trust + pair + cuffs + session + under + progress + you

        private static func tree(_ view: some View) -> Node { Screen.tree(view, in: around) }
        /// What surrounds each screen while it is drawn.
        static var around = EnvironmentValues()

        // MARK: a history that cannot be opened

        private static func locked(_ why: AppModel.Locked, _ remedies: [AppModel.Remedy]) -> (String) -> Node {
            { _ in tree(LockedView(why, remedies: remedies) { _ in }) }
        }

        private static func mended(_ how: MendedState.How) -> MendedState {
            let back = Imported(people: 1, sessionsNew: 7, sessionsRenewed: 0, sessionsKept: 2, recordings: 6)
            return MendedState(
                how == .repaired
                    ? Mended(kept: "", whole: 21, partly: 2, fromRecordings: 1)
                    : Mended(
                        kept: "", whole: 0, partly: 0, fromRecordings: 0, brought: how == .broughtBack ? back : nil,
                        leftOut: how == .broughtBack ? ["a"] : []), how: how)
        }

        private static let locked: [(String, (String) -> Node)] = [
            ("locked-key-missing", locked(.keyMissing, [.beginAnew])),
            ("locked-key-wrong", locked(.keyWrong, [.beginAnew])), ("locked-key-refused", locked(.keyRefused, [])),
            ("locked-damaged", locked(.damaged, [.repair, .beginAnew])),
            ("locked-foreign", locked(.foreign, [.beginAnew])),
            (
                "locked-not-mended",
                { _ in
                    tree(
                        LockedView(
                            .damaged, remedies: [.repair, .beginAnew],
                            advice: "Close whatever has it open, then try again."
                        ) { _ in })
                }
            ),
            ("mending", { _ in tree(MendingView(done: 0.4)) }),
            ("mended", { _ in tree(MendingView(mended(.repaired)) {}) }),
            ("mended-set-aside", { _ in tree(MendingView(mended(.setAside)) {}) }),
            ("mended-brought-back", { _ in tree(MendingView(mended(.broughtBack)) {}) }),
        ]

        // MARK: first run

        private static func firstRun(_ state: FirstRunState) -> (String) -> Node {
            { _ in tree(FirstRunView(state) { _ in }) }
        }

        private static var anna: FirstRunState.AboutYou {
            var about = FirstRunState.AboutYou()
            (about.birthYear, about.heightCm, about.massKg) = ("1985", "168,5", "64")
            return about
        }

        private static var refused: FirstRunState.AboutYou {
            var about = anna
            (about.heightCm, about.advice) = ("1,7", "Check number and unit: years, centimetres, kilograms.")
            return about
        }

        private static let firstRun: [(String, (String) -> Node)] = [
            ("first-run-welcome", firstRun(.welcome)),
            ("first-run-welcome-another", { _ in tree(FirstRunView(.welcome, leaves: true) { _ in }) }),
            ("first-run-about", firstRun(.aboutYou(FirstRunState.AboutYou()))),
            ("first-run-about-filled", firstRun(.aboutYou(anna))),
            ("first-run-about-refused", firstRun(.aboutYou(refused))),
            ("first-run-question", firstRun(.question(.init(number: 3, of: 12, text: "Surgery on a joint or bone?")))),
            (
                "first-run-question-again",
                firstRun(.question(.init(number: 3, of: 12, text: "Surgery on a joint or bone?", answered: .notSure)))
            ),
            ("first-run-falls", firstRun(.more(.init(number: 2, of: 12, kind: .falls, value: 5)))),
            ("first-run-pain", firstRun(.more(.init(number: 7, of: 12, kind: .pain)))),
            ("first-run-cleared", firstRun(.more(.init(number: 3, of: 12, kind: .cleared, value: 0)))),
            (
                "first-run-outcome",
                firstRun(
                    .outcome(
                        .init(
                            open: ["Seated knee extension", "Standing knee curl"],
                            heldBack: [
                                .init(name: "Side plank", why: "This one is on the floor. Stay with chair and bed.")
                            ])))
            ),
            ("first-run-outcome-nothing", firstRun(.outcome(.init(open: [], heldBack: [])))),
            ("first-run-failed", firstRun(.failed(advice: "Make room. What was shown as safe is."))),
        ]

        // MARK: Today

        private static func today(_ next: TodayState.Next, _ change: (inout TodayState) -> Void = { _ in })
            -> (String) -> Node
        {
            var state = TodayState(
                localDay: "2026-11-05", next: next, week: [.done, .rest, .rest, .today, .toCome, .toCome, .toCome],
                asksMorning: false, unfinished: false,
                cuffs: [
                    .init(name: "Cuff 4F2A", leg: .left, massG: 1500), .init(name: "Cuff 77B0", leg: .right, massG: 0),
                ])
            (state.answered, state.testsDue) = (true, [])
            change(&state)
            let shown = state
            return { language in tree(TodayView(shown, language: language) { _ in }) }
        }

        private static let train = TodayState.Next.train(
            title: "Steady, day A. 16 minutes.", because: ["You have rested two days, and Monday went well."],
            exercises: ["Seated knee extension", "Standing knee curl"], figure: "knee_ext_seated")

        private static let today: [(String, (String) -> Node)] = [
            ("today-train", today(train)),
            (
                "today-demo",
                { language in
                    let state = TodayState(
                        localDay: "2026-11-05", next: .aboutYou(advice: ""), week: [], asksMorning: false,
                        unfinished: false,
                        cuffs: [])
                    return tree(TodayView(state, language: language, demo: true) { _ in })
                }
            ),
            ("today-morning", today(train) { $0.asksMorning = true }),
            ("today-unfinished", today(train) { $0.unfinished = true }),
            (
                "today-due",
                today(train) {
                    ($0.testsDue, $0.lifts) = (["30 s chair stand", "Up and go"], ["Squat: 3 × 8 with 60 kg."])
                }
            ),
            ("today-first", today(train) { $0.measuresFirst = true }),
            ("today-no-cuffs", today(train) { $0.cuffs = [] }),
            (
                "today-about",
                today(.aboutYou(advice: "Say your year of birth, height and weight first.")) { $0.answered = false }
            ),
            (
                "today-choose",
                today(
                    .choose([
                        .init(id: "steady", name: "Steady", perWeek: 3, needs: []),
                        .init(
                            id: "rebuild", name: "Knee rebuild", perWeek: 3, needs: ["A plan from someone you trust."]),
                    ]))
            ),
            ("today-rest", today(.rest(why: "Rest is part of the plan."))),
            ("today-shut", today(.shut(whys: ["Pain was strong this morning."]))),
            ("today-finished", today(.finished(says: "Twelve weeks are done."))),
            ("today-locked", today(.locked(stop))),
            (
                "today-locked-union",
                { language in
                    let state = TodayState(
                        localDay: "2026-11-05", next: .locked(stop), week: [], asksMorning: false, unfinished: false,
                        cuffs: [])
                    return tree(TodayView(state, language: language, number: "112") { _ in })
                }
            ),
        ]

        static let stop = HelpSheet(
            title: "Stop. Sit or lie down. Call for help now.",
            lines: ["Call your local emergency number.", "Cuffs off only if it is easy."], call: true)

        // MARK: plan and exercise

        private static func plan(_ change: (inout PlanState) -> Void = { _ in }) -> (String) -> Node {
            var state = PlanState(
                answered: true, trusted: nil,
                programmes: [
                    .init(id: "steady", name: "Steady", perWeek: 3, followed: true, needs: []),
                    .init(id: "hips", name: "Hips", perWeek: 2, needs: []),
                    .init(
                        id: "rebuild", name: "Knee rebuild", perWeek: 3, needs: ["A plan from someone you trust."]),
                ],
                exercises: [
                    .init(id: "knee_ext_seated", name: "Seated knee extension", measured: true),
                    .init(id: "clam", name: "Clam", measured: false),
                    .init(
                        id: "side_plank_abd", name: "Side plank", measured: true,
                        closed: "This one is on the floor. Stay with chair and bed."),
                ])
            change(&state)
            let shown = state
            return { language in tree(PlanView(shown, language: language) { _ in }) }
        }

        private static func exercise(
            _ sides: [ExerciseState.Side], measured: Bool = true, still: Bool = false
        ) -> (String) -> Node {
            { language in
                around.accessibilityReduceMotion = still
                defer { around.accessibilityReduceMotion = false }
                let state = ExerciseState(
                    id: "knee_ext_seated", name: "Seated knee extension", figure: "knee_ext_seated",
                    measured: measured, setUp: "Sit tall on a chair. Let the foot hang.", go: "Straighten the knee.",
                    keep: "Keep the thigh down.", effect: "The cuff loads this move fully.",
                    easier: .init(id: "quad_set_slr", name: "Straight leg raise"),
                    harder: .init(id: "knee_ext_hold", name: "Knee extension with a hold"), grade: .c, sides: sides)
                return tree(ExerciseView(state, language: language) { _ in })
            }
        }

        private static let dose = ExerciseState.Dose(
            massG: 1500, mostG: 2400, sets: 3, reps: 12, restS: 90, rangeDeg: 84,
            why: "Same weight again. Your range was a bit short.")

        private static let plan: [(String, (String) -> Node)] = [
            ("plan", plan()),
            (
                "plan-trusted",
                plan { $0.trusted = .init(by: "Jana Weiss", untilDay: "2026-12-12") }
            ),
            (
                "plan-lapsed",
                plan {
                    $0.trusted = .init(
                        by: "Jana Weiss", untilDay: "2026-10-12", notNow: "This plan ended on 12 October.")
                }
            ),
            (
                "plan-unanswered",
                plan { ($0.answered, $0.programmes) = (false, []) }
            ),
            (
                "plan-refused",
                { language in
                    let state = PlanState(answered: true, programmes: [], exercises: [])
                    return tree(
                        PlanView(state, advice: "This file is no programme.", language: language) { _ in })
                }
            ),
            ("plan-unreadable", plan { ($0.programmes, $0.exercises) = ([], []) }),
            (
                "plan-demo",
                { language in
                    let state = PlanState(
                        answered: false, programmes: [],
                        exercises: [.init(id: "clam", name: "Clam", measured: false)])
                    return tree(PlanView(state, language: language, demo: true) { _ in })
                }
            ),
            ("awaited", { _ in tree(Awaited(advice: nil, look: Look(around.colorScheme)) {}) }),
            (
                "awaited-failed",
                { _ in tree(Awaited(advice: "Make room. What was shown as safe is.", look: Look(around.colorScheme)) {})
                }
            ),
            ("exercise", exercise([.open(.left, dose), .open(.right, dose)])),
            (
                "exercise-one-leg",
                exercise([
                    .open(
                        .left,
                        .init(massG: 0, mostG: 0, sets: 1, reps: nil, restS: 60, rangeDeg: nil, why: "Learn it first.")),
                    .closed(.right, whys: ["A plan is in force, and this is not in it."]),
                ])
            ),
            ("exercise-unanswered", exercise([])),
            ("exercise-by-hand", exercise([.open(.left, dose)], measured: false)),
            ("exercise-still", exercise([.open(.left, dose)], still: true)),
        ]

        // MARK: plans from someone you trust

        private static let physio = TrustState.Plan(
            by: "Jana Weiss", words: "amber river stone lamp otter field", known: false, fromDay: "2026-11-01",
            untilDay: "2026-12-12", notNow: nil,
            lines: [
                .init(name: "Seated knee extension", leg: .right, mostG: 1000, fromDeg: 0, toDeg: 70),
                .init(name: "Standing knee curl", leg: nil, mostG: 0),
            ])

        private static func trust(_ state: TrustState, text: String = "", advice: String? = nil) -> (String) -> Node {
            { language in
                tree(TrustView(state, text: text, choosesFiles: true, advice: advice, language: language) { _ in })
            }
        }

        private static func known(_ change: (inout TrustState.Plan) -> Void = { _ in }) -> TrustState.Plan {
            var plan = physio
            plan.known = true
            change(&plan)
            return plan
        }

        private static let trust: [(String, (String) -> Node)] = [
            ("trust-none", trust(.noPlan)), ("trust-pasted", trust(.noPlan, text: "talus-plan/1 …")),
            ("trust-unreadable", trust(.noPlan, text: "x", advice: "Ask for the plan once more, as a file.")),
            ("trust-preview", trust(.preview(physio))), ("trust-preview-known", trust(.preview(known()))),
            ("trust-accepted", trust(.accepted(known()))),
            (
                "trust-lapsed",
                trust(
                    .accepted(
                        known {
                            ($0.fromDay, $0.untilDay, $0.notNow) = (
                                "2026-09-01", "2026-10-12", "This plan ended on 12 October."
                            )
                        }))
            ),
        ]

        // MARK: pairing and cuffs

        private static func pair(_ state: PairState) -> (String) -> Node {
            { language in tree(PairView(state, language: language) { _ in }) }
        }

        private static let near = [
            PairState.Near(name: "Cuff 4F2A", strength: .strong, batteryPercent: 84),
            PairState.Near(name: "Cuff 77B0", strength: .weak, batteryPercent: nil),
        ]

        private static let pair: [(String, (String) -> Node)] = [
            ("pair-why", pair(.why)), ("pair-denied", pair(.denied)), ("pair-off", pair(.off)),
            ("pair-nearby", pair(.nearby(near, patient: true))),
            ("pair-looking", pair(.nearby([], patient: true))), ("pair-nothing", pair(.nearby([], patient: false))),
            ("pair-wiggle", pair(.wiggle(name: "Cuff 4F2A", felt: false))),
            ("pair-wiggle-felt", pair(.wiggle(name: "Cuff 4F2A", felt: true))),
            ("pair-leg", pair(.leg(name: "Cuff 4F2A", replaces: [.right]))),
            ("pair-weight", pair(.weight(leg: .right, massG: 1250))),
            ("pair-done", pair(.done(.init(name: "Cuff 4F2A", leg: .right, massG: 1250, batteryPercent: 84)))),
            ("pair-failed", pair(.failed(advice: "Try again."))),
        ]

        private static let lines = [
            CuffsModel.Line(id: "a", name: "Anna", leg: .left, massG: 1500),
            CuffsModel.Line(id: "b", name: "Cuff 77B0", leg: nil, massG: nil),
        ]

        private static let cuffs: [(String, (String) -> Node)] = [
            ("cuffs", { language in tree(CuffsView(lines, language: language) { _ in }) }),
            ("cuffs-none", { language in tree(CuffsView([], language: language) { _ in }) }),
            (
                "cuffs-refused",
                { language in
                    tree(CuffsView(lines, advice: "Choose a name that no other cuff has.", language: language) { _ in })
                }
            ),
        ]

        // MARK: a session

        static func set(_ part: LiveState.Part, _ change: (inout LiveState.Training) -> Void = { _ in }) -> LiveState {
            var set = LiveState.Training(
                part: part, exerciseId: "knee_ext_seated", exercise: "Seated knee extension", leg: .right, massG: 1500,
                setNumber: 1, setOf: 3, count: 7, target: 12, angleDeg: 52, targetDeg: 76, limitDeg: nil, scaleDeg: 100,
                lastRangesDeg: [84, 82, 85], moving: .lower, tempoS: [2, 1, 3], phaseS: 0.8,
                cue: "Lower for a slow count of three.", why: "Because twice all checks were met.", leftS: nil,
                cadence: nil,
                cuffs: [.init(leg: .right, streams: true, lost: false, clear: true, batteryPercent: 84)],
                upNext: "Standing knee curl, left leg", measured: true,
                last: .init(
                    exercise: "Seated knee extension", leg: .right, massG: 1500, count: 12, short: 1, target: 12,
                    rangeDeg: 84, reserve: 2, pain: nil),
                resumed: false, trouble: nil)
            change(&set)
            return .training(set)
        }

        private static func live(_ state: LiveState, floor: Bool = false) -> (String) -> Node {
            { language in
                tree(
                    LiveScreen(
                        state, language: language, onFloor: floor,
                        moves: [
                            "knee_ext_seated": .init(
                                setUp: "Sit tall on a chair. Let the foot hang.", figure: "knee_ext_seated")
                        ]
                    ) { _ in })
            }
        }

        private static let over = LiveState.Over(
            sentence: "Three exercises, 48 repetitions, in 16 minutes.",
            sets: [
                .init(
                    exercise: "Seated knee extension", leg: .left, massG: 1500, count: 12, short: 0, target: 12,
                    rangeDeg: 83
                ),
                .init(
                    exercise: "Seated knee extension", leg: .right, massG: 0, count: 9, short: 3, target: nil,
                    rangeDeg: nil
                ),
            ], upNext: ["Next time 1.75 kg. You met every check twice."], redFlag: false)

        private static var flagged: LiveState.Over {
            var flagged = over
            (flagged.redFlag, flagged.help, flagged.upNext) = (true, stop, [])
            return flagged
        }

        private static let session: [(String, (String) -> Node)] = [
            ("live-opening", live(.opening)), ("live-looking", live(.looking)),
            ("live-connecting", live(.connecting(names: ["Cuff 4F2A"]))),
            (
                "live-teaching",
                live(.teaching(.init(leg: .left, instruction: "Hold still for 2 seconds", progress: 0.4)))
            ),
            ("live-failed", live(.failed(advice: "Switch Bluetooth on and try again."))),
            ("preflight", live(set(.preflight))),
            (
                "preflight-poor",
                live(
                    set(.preflight) {
                        $0.cuffs = [
                            .init(leg: .right, streams: true, lost: false, clear: false, batteryPercent: 9),
                            .init(leg: .left, streams: false, lost: false, clear: true, batteryPercent: nil),
                        ]
                    })
            ),
            ("instruct", live(set(.instruct) { $0.cue = "Straighten the knee." })),
            ("get-ready", live(set(.getReady) { ($0.leftS, $0.cue) = (3, "") })),
            ("set", live(set(.set))),
            ("set-last", live(set(.set) { $0.count = 10 })),
            ("set-open", live(set(.set) { $0.target = nil })),
            ("set-plan", live(set(.set) { $0.limitDeg = 90 })),
            ("set-poor", live(set(.set) { ($0.measured, $0.angleDeg) = (false, nil) })),
            ("set-lost", live(set(.set) { $0.cuffs[0].lost = true })),
            ("set-trouble", live(set(.set) { $0.trouble = "The phone is full. This set is kept in memory." })),
            ("paused", live(set(.paused))),
            ("resumed", live(set(.paused) { $0.resumed = true })),
            (
                "walk",
                live(
                    set(.walk) {
                        ($0.target, $0.count, $0.exercise, $0.setOf) = (nil, 212, "Walk", 0)
                        ($0.cadence, $0.cue) = (104, "Walk without weight.")
                    })
            ),
            (
                "walk-lost",
                live(
                    set(.walk) {
                        ($0.target, $0.count, $0.exercise, $0.setOf) = (nil, 212, "Walk", 0)
                        $0.cuffs[0].lost = true
                    })
            ),
            ("floor", live(set(.set), floor: true)),
            ("floor-paused", live(set(.paused), floor: true)),
            ("floor-lost", live(set(.set) { $0.cuffs[0].lost = true }, floor: true)),
            ("floor-rest", live(set(.rest) { $0.leftS = 42 }, floor: true)),
            ("review", live(set(.review) { $0.leftS = 75 })),
            (
                "review-open",
                live(
                    set(.review) {
                        $0.last?.reserve = nil
                        $0.last?.rangeDeg = nil
                    })
            ),
            ("rest", live(set(.rest) { ($0.leftS, $0.cue) = (75, "") })),
            ("rest-switch", live(set(.rest) { ($0.leftS, $0.leg, $0.cue) = (20, .left, "Ten seconds.") })),
            ("summary", live(.over(over))),
            ("summary-red-flag", live(.over(flagged))),
            (
                "pain",
                { _ in
                    tree(
                        PainPad { _ in
                        } stopForHelp: {
                        })
                }
            ),
        ]

        // MARK: progress

        private static func point(_ day: String, _ value: Double, _ said: String = "") -> ProgressState.Point {
            .init(localDay: day, date: Measures.date(day) ?? .distantPast, value: value, said: said)
        }

        private static var progressed: ProgressState {
            var state = ProgressState()
            state.strength = [
                .init(
                    name: "Seated knee extension", leg: .right, sentence: "Right: up 2.1 N·m. More than the error.",
                    points: [point("2026-10-20", 14.1), point("2026-10-27", 15.0), point("2026-11-03", 16.2)],
                    unit: .torque),
                .init(
                    name: "Seated knee extension", leg: .left, sentence: "Left: no clear change yet.",
                    points: [point("2026-11-03", 1.5)], unit: .mass),
            ]
            state.balance = [
                .init(
                    name: "Balance ladder", leg: nil, sentence: "No clear change yet.",
                    standing: ["Below the usual range for your age; worth showing to a professional."],
                    points: [point("2026-10-20", 21, "21 s"), point("2026-11-03", 23, "23 s")], unit: .said, error: 2)
            ]
            state.walked = ["Your stride is as it was."]
            state.walking = [
                .init(
                    name: "", leg: .left, sentence: "", points: [point("2026-10-20", 1.14), point("2026-11-03", 1.16)],
                    unit: .seconds)
            ]
            state.weeks = [("2026-10-20", 0), ("2026-10-27", 32), ("2026-11-03", 48)].compactMap { day, minutes in
                Measures.date(day).map { ProgressState.Week(monday: day, date: $0, minutes: minutes) }
            }
            state.moves = [
                .init(
                    name: "30 s chair stand", leg: nil, sentence: "Three sessions make a first trend.",
                    points: [point("2026-11-03", 14, "14")], unit: .said)
            ]
            state.sessions = [
                .init(
                    id: "a", localDay: "2026-11-03", exercises: ["Seated knee extension"], sets: 6, reps: 72,
                    seconds: 960, finished: true),
                .init(id: "b", localDay: "2026-10-27", exercises: [], sets: 1, reps: 4, seconds: 20, finished: false),
            ]
            return state
        }

        private static func progress(_ state: ProgressState, _ tab: ProgressState.Tab) -> (String) -> Node {
            { language in tree(ProgressScreen(state, tab: tab, language: language) { _ in }) }
        }

        private static func wave(_ from: Int, _ to: Int) -> [DetailState.Sample] {
            (from..<to).map { step -> DetailState.Sample in
                let at = Double(step) / 10
                return DetailState.Sample(atS: at, deg: 42 - 42 * cos(at * 2))
            }
        }

        static let detailed = DetailState(
            localDay: "2026-11-03", sentence: "Two sets, 24 repetitions, in 6 minutes.", seconds: 360,
            sets: [
                .init(
                    index: 0, ended: over.sets[0],
                    reps: [
                        .init(
                            rangeDeg: 84, liftS: 1.9, holdS: 1, lowerS: 2.4, full: true, stoodOut: ["Quick way down"]),
                        .init(rangeDeg: 51, liftS: 1.2, holdS: 0.4, lowerS: 1.1, full: false, stoodOut: []),
                    ],
                    trace: [wave(0, 60), wave(70, 100)], counts: true, edited: false),
                .init(index: 0, ended: over.sets[1], reps: [], trace: [], counts: false, edited: true),
            ], note: "Slept well.", recording: true)

        private static let progress: [(String, (String) -> Node)] = [
            ("progress", progress(progressed, .strength)), ("progress-empty", progress(ProgressState(), .strength)),
            ("progress-balance", progress(progressed, .balance)),
            ("progress-balance-empty", progress(ProgressState(), .balance)),
            ("progress-walking", progress(progressed, .walking)),
            ("progress-walking-empty", progress(ProgressState(), .walking)),
            ("progress-energy", progress(progressed, .energy)),
            ("progress-energy-empty", progress(ProgressState(), .energy)),
            ("progress-moves", progress(progressed, .moves)),
            (
                "progress-demo",
                { language in tree(ProgressScreen(ProgressState(), language: language, demo: true) { _ in }) }
            ),
            (
                "detail-changed",
                { language in
                    var state = detailed
                    (state.edits, state.starred) = (2, true)
                    return tree(
                        DetailView(state, chosen: (0, 1), scored: .init(sets: 1, moved: 1), language: language) { _ in }
                    )
                }
            ),
            (
                "detail-same",
                { language in
                    tree(
                        DetailView(detailed, chosen: (0, 0), scored: .init(sets: 0, moved: 0), language: language) {
                            _ in
                        })
                }
            ),
            (
                "detail-nothing",
                { language in
                    var state = detailed
                    (state.sets, state.recording, state.note, state.sentence) = ([], false, "", "")
                    return tree(
                        DetailView(
                            state, chosen: (0, 0), advice: "Make room. What was shown as safe is.", language: language
                        ) {
                            _ in
                        })
                }
            ),
            ("detail", { language in tree(DetailView(detailed, chosen: (0, 0), language: language) { _ in }) }),
        ]
    }
#endif

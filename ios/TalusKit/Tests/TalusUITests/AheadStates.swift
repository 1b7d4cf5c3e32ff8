#if os(Linux)
    import Foundation
    import SwiftUI

    @testable import TalusKit
    @testable import TalusUI

    /// What comes before a session, and what is done beside one: a walk, tests, lifts, programmes; and what was set aside.
    extension ScreenStates {
        private static func shown(_ view: some View) -> Node { Screen.tree(view, in: around) }

        private static func ahead(_ state: AheadState, _ wish: Wish, demo: Bool = false) -> (String) -> Node {
            { language in shown(AheadView(state, of: wish, language: language, demo: demo) { _ in }) }
        }

        private static let blocks = AheadState.Ahead(blocks: [
            .init(
                exercise: "knee_ext_seated", name: "Seated knee extension", leg: .left, massG: 1500, sets: 3, reps: 12,
                restS: 90, why: "Same weight again. Your range was a bit short."),
            .init(
                exercise: "knee_ext_seated", name: "Seated knee extension", leg: .right, massG: 0, sets: 1, reps: nil,
                restS: 60, why: "Learn it first."),
        ])

        private static func walk(_ massG: Int) -> AheadState.Ahead {
            AheadState.Ahead(
                walk: .init(
                    massG: massG, beforeS: massG == 0 ? 300 : 120, times: massG == 0 ? 0 : 3, loadedS: 300,
                    easyS: 120, afterS: 120, wearMostS: 1200, skin: massG > 0,
                    why: massG == 0 ? "First it is to be known how you walk." : "The least weight there is."))
        }

        private static let trial = AheadState.Ahead(tests: [
            .init(
                name: "Balance ladder", leg: nil, stance: "One foot half in front of the other", handOnCounter: true,
                tries: 3, steps: ["Stand at a counter.", "Hold as long as it stays calm."])
        ])

        private static func check(_ change: (inout ChecksState.Check) -> Void = { _ in }) -> ChecksState.Check {
            var check = ChecksState.Check(
                id: "chair_30s", name: "30 s chair stand", what: "How often you stand up in half a minute.",
                kind: .test,
                measured: true, due: true, whys: [], steps: ["A chair against the wall.", "Arms crossed."], tries: 1,
                grade: .b)
            change(&check)
            return check
        }

        private static let result = ChecksState.Result(
            leg: nil, last: "14", localDay: "2026-11-03", told: "No clear change yet.", standing: [])

        private static let checks = ChecksState(checks: [
            check { $0.results = [result] },
            check {
                ($0.id, $0.name, $0.kind, $0.due) = ("balance_progress", "Balance ladder", .ladder, false)
                $0.results = [
                    .init(leg: .left, last: "28 s", localDay: "2026-11-03", told: "Left: up 6 s.", standing: []),
                    .init(leg: .right, last: "30 s", localDay: "2026-11-03", told: "", standing: []),
                ]
            },
            check { ($0.id, $0.name, $0.due) = ("tug", "Up and go", false) },
            check {
                ($0.id, $0.name, $0.kind, $0.due) = ("knee_rebuild_stage", "Knee, first weeks", .stages, false)
                ($0.measured, $0.whys) = (false, ["A plan from someone you trust opens it."])
            },
        ])

        private static func one(_ check: ChecksState.Check, demo: Bool = false) -> (String) -> Node {
            { language in shown(CheckView(check, language: language, demo: demo) {}) }
        }

        private static func lifts(advice: String? = nil, _ change: (inout LiftsState) -> Void = { _ in })
            -> (String) -> Node
        {
            var state = LiftsState(names: [.init(id: 0, name: "Squat"), .init(id: 1, name: "Leg press")])
            change(&state)
            let now = state
            return { language in shown(LiftsView(now, advice: advice, language: language) { _ in }) }
        }

        private static func programme(
            advice: String? = nil, shares: Bool = true, demo: Bool = false,
            _ change: (inout ProgrammeState) -> Void = { _ in }
        ) -> (String) -> Node {
            var state = ProgrammeState(
                id: "steady", name: "Steady", whom: "For somebody who wants to stand more steadily.", weeks: 12,
                perWeek: 3, exercises: ["Seated knee extension", "Standing knee curl"], followed: false, shared: false,
                own: false, needs: [], grade: .b)
            change(&state)
            let now = state
            return { _ in shown(ProgrammeView(now, advice: advice, shares: shares, demo: demo) { _ in }) }
        }

        private static func kept(_ opens: KeptAside.Opens) -> KeptAside {
            KeptAside(
                id: "\(opens)", opens: opens, people: opens == .yes ? ["Anna", "Bo"] : [], sessions: 31, recordings: 30,
                bytes: 12_400_000, lastDay: opens == .yes ? "2026-10-30" : nil)
        }

        static let ahead: [(String, (String) -> Node)] = [
            ("ahead-session", ahead(.open(blocks), .today)), ("ahead-own", ahead(.open(blocks), .exercises([]))),
            ("ahead-closed", ahead(.closed(["Rest is part of the plan.", "Come back tomorrow."]), .today)),
            ("ahead-walk-bare", ahead(.open(walk(0)), .walk)), ("ahead-walk", ahead(.open(walk(500)), .walk)),
            (
                "ahead-walk-closed",
                ahead(.closed(["You fell in the last year.", "Walk without weight if you like."]), .walk)
            ),
            ("ahead-test", ahead(.open(trial), .tests([]))),
            ("ahead-first", ahead(.open(.init(walk: walk(0).walk, tests: trial.tests)), .first)),
            ("ahead-demo", ahead(.closed(["Say your year of birth, height and weight first."]), .walk, demo: true)),
            ("tests", { _ in shown(ChecksView(checks) { _ in }) }),
            ("tests-none", { _ in shown(ChecksView(ChecksState(checks: []), demo: true) { _ in }) }),
            ("test", one(checks.checks[0])), ("test-ladder", one(checks.checks[1])),
            ("test-closed", one(checks.checks[3])),
            ("test-by-hand", one(check { $0.measured = false })), ("test-demo", one(check(), demo: true)),
            ("lifts", lifts()),
            (
                "lifts-logged",
                lifts {
                    ($0.chosen, $0.barG, $0.undoable) = (1, 60_000, true)
                    ($0.logged, $0.week) = (["Squat: 3 × 8 with 60 kg."], ["2 sessions this week.", "1 lift."])
                }
            ),
            ("lifts-failed", lifts(advice: "Say your year of birth, height and weight first.")),
            ("programme", programme()), ("programme-followed", programme { $0.followed = true }),
            (
                "programme-closed",
                programme {
                    ($0.name, $0.needs) = ("Knee rebuild", ["A plan from someone you trust opens it."])
                }
            ),
            (
                "programme-shared",
                programme(advice: "Make room. What was shown as safe is.") {
                    ($0.shared, $0.own, $0.grade) = (true, true, nil)
                }
            ),
            ("programme-demo", programme(shares: false, demo: true)),
            (
                "aside",
                { language in
                    shown(
                        AsideView(
                            [kept(.yes), kept(.locked), kept(.damaged), kept(.foreign), kept(.newer)],
                            language: language
                        ) { _ in })
                }
            ),
            ("aside-none", { language in shown(AsideView([], language: language) { _ in }) }),
            (
                "aside-failed",
                { language in
                    shown(AsideView([kept(.yes)], advice: "Nothing was changed.", language: language) { _ in })
                }
            ),
        ]

        // MARK: a walk and a test under way

        private static func under(
            _ state: LiveState, act: @escaping @MainActor (LiveScreen.Action) -> Void = { _ in }
        ) -> (String) -> Node {
            { language in shown(LiveScreen(state, language: language, act: act)) }
        }

        /// What was pressed on a walk or in a try.
        static var pressed: [LiveScreen.Action] = []

        private static func walking(
            _ part: LiveState.Walking.Part, _ stride: LiveState.Walking.Stride,
            _ change: (inout LiveState.Training) -> Void = { _ in }
        ) -> (String) -> Node {
            under(
                set(.walk) {
                    ($0.exercise, $0.setOf, $0.target, $0.count) = ("Walk", 0, nil, 212)
                    ($0.leg, $0.leftS, $0.cadence, $0.cue) = (nil, 125, 104, "Walk as you usually do.")
                    $0.walking = .init(
                        part: part, time: 2, times: 3, plannedG: 500, loadedS: part == .before ? 0 : 340,
                        stride: stride, signs: [])
                    change(&$0)
                }, act: { pressed.append($0) })
        }

        private static func trying(
            _ part: LiveState.Part, _ seconds: Int?, _ change: (inout LiveState.Training) -> Void = { _ in }
        ) -> (String) -> Node {
            under(
                set(part) {
                    ($0.exercise, $0.setNumber, $0.setOf, $0.target, $0.count) = ("Balance ladder", 2, 3, nil, 0)
                    ($0.leg, $0.cue) = (nil, "Stand at a counter. Look ahead.")
                    $0.trial = .init(
                        stance: "One foot half in front of the other", seconds: seconds, counted: nil,
                        handOnCounter: true)
                    change(&$0)
                }, act: { pressed.append($0) })
        }

        static let under: [(String, (String) -> Node)] = [
            ("walking-before", walking(.before, .measuring) { $0.cadence = nil }),
            ("walking-put-on", walking(.putOn, .steady) { $0.cue = "Put on 0.5 kg on each leg." }),
            (
                "walking-put-on-paused",
                walking(.putOn, .steady) { ($0.cue, $0.part) = ("Put on 0.5 kg on each leg.", .paused) }
            ),
            ("walking", walking(.loaded, .steady)),
            ("walking-different", walking(.loaded, .different) { $0.walking?.signs = ["Shorter swing"] }),
            (
                "walking-changed",
                walking(.takeOff, .changed) {
                    $0.cue = "Cuffs off for the rest, please."
                    $0.walking?.signs = ["Slower", "Shorter swing"]
                }
            ),
            ("walking-after", walking(.after, .steady)),
            ("walking-paused", walking(.loaded, .steady) { $0.part = .paused }),
            ("walking-lost", walking(.loaded, .steady) { $0.cuffs[0].lost = true }),
            ("trial-shown", trying(.instruct, nil)),
            ("trial-ready", trying(.getReady, nil) { $0.leftS = 3 }),
            ("trial", trying(.set, 12)),
            (
                "trial-walked",
                trying(.set, nil) {
                    $0.trial = .init(
                        stance: "Walk heel to toe", seconds: nil, counted: nil, handOnCounter: false)
                }
            ), ("trial-rest", trying(.rest, nil) { $0.leftS = 40 }),
            ("trial-paused", trying(.paused, 12)),
            ("trial-lost", trying(.set, 12) { $0.cuffs[0].lost = true }),
            (
                "trial-counted",
                trying(.set, nil) {
                    ($0.exercise, $0.count, $0.trial) = (
                        "30 s chair stand", 9, .init(stance: nil, seconds: nil, counted: 9, handOnCounter: false)
                    )
                }
            ),
            (
                "summary-tested",
                under(
                    .over(
                        .init(
                            sentence: "One test, in 4 minutes.", sets: [], upNext: [], redFlag: false,
                            tested: [
                                .init(name: "Balance ladder", lines: ["28 s.", "Up 6 s. More than the error (± 2 s)."])
                            ])))
            ),
            (
                "summary-walk",
                under(
                    .over(
                        .init(
                            sentence: "A walk of 20 minutes.", sets: [], upNext: [], redFlag: false,
                            walk: ["104 steps a minute without weight.", "With weight your stride stayed."])))
            ),
        ]
    }
#endif

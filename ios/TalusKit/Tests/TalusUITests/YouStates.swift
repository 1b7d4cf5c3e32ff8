#if os(Linux)
    import Foundation
    import SwiftUI

    @testable import TalusKit
    @testable import TalusUI

    /// The screens of You, the calendar, and the lock.
    extension ScreenStates {
        private static func shown(_ view: some View) -> Node { Screen.tree(view, in: around) }

        private static func learn(turned: String?) -> (String) -> Node {
            let grades = EvidenceGrade.allCases
            var cards = grades.map { grade in
                LearnState.Card(
                    id: grade.rawValue, says: "Something that is said.", grade: grade, means: "What the grade means.",
                    studied: "", limits: "", cited: [])
            }
            cards[2].id = "walk_energy"
            cards[2].says = "Ankle weights may make walking use a little more."
            (cards[2].studied, cards[2].limits) = ("Some fit people, single walks.", "Not tested over months.")
            cards[2].cited = ["A source, 1987."]
            let state = LearnState(cards: cards, turned: turned)
            return { _ in shown(LearnView(state) { _ in }) }
        }

        private static func licences(turned: Int?) -> (String) -> Node {
            let licences = Licences(licences: [
                .init(of: ["one 1.0.0", "two 0.3.1"], under: "MIT OR Apache-2.0", text: "Permission is granted."),
                .init(of: ["three 2.1.0"], under: "MPL-2.0", text: "Definitions."),
            ])
            return { _ in shown(LicencesView(licences, turned: turned)) }
        }

        private static let health = HealthState(
            replies: [
                .init(text: "Dizzy, fainted or fallen in the last 12 months? How often?", answer: .no),
                .init(text: "Surgery on a joint or bone? Which, when, and cleared by whom?", answer: .notSure),
            ],
            outcome: .init(
                open: ["Seated knee extension"],
                heldBack: [.init(name: "Side plank", why: "This one is on the floor. Stay with chair and bed.")]))

        private static let hurts = HelpSheet(
            title: "Not today.", lines: ["Show this to someone who treats you if it stays."], call: false)

        private static let signs = ["Chest pain?", "Fainted, or about to?", "A calf that hurts?"]

        private static func safety(_ number: String?) -> (String) -> Node {
            let state = SafetyState(signs: signs, redFlag: stop, pain: hurts)
            return { _ in shown(SafetyView(state, number: number) {}) }
        }

        private static func checkIn(
            advice: String? = nil, number: String? = nil, _ change: (inout CheckInState) -> Void = { _ in }
        ) -> (String) -> Node {
            var state = CheckInState(signs: signs)
            change(&state)
            let now = state
            return { _ in shown(CheckInView(now, advice: advice, number: number) { _ in }) }
        }

        private static func own(
            _ state: OwnState, outgrown: (Int, Int)? = nil, advice: String? = nil, demo: Bool = false
        ) -> (String) -> Node {
            { language in
                shown(
                    OwnView(state, outgrown: outgrown, advice: advice, demo: demo, language: language) { _ in })
            }
        }

        private static func settings(
            reminds: Bool = true, refused: Bool = false, canLock: Bool = true, health: Bool? = true,
            _ change: (inout Settings) -> Void = { _ in }
        ) -> (String) -> Node {
            var settings = Settings()
            change(&settings)
            let now = settings
            return { language in
                shown(
                    SettingsView(
                        now, reminds: reminds, refused: refused, canLock: canLock, health: health, language: language
                    ) { _ in }
                )
            }
        }

        private static let weeks = CalendarState(weeks: [
            .init(
                monday: "2026-11-02", days: [.done, .rest, .done, .rest, .toCome, .toCome, .toCome], sessions: 2,
                sets: 17, planned: 18, seconds: 1920),
            .init(
                monday: "2026-10-26", days: Array(repeating: .rest, count: 7), sessions: 0, sets: 0, planned: 0,
                seconds: 0),
            .init(
                monday: "2026-10-19", days: [.rest, .done] + Array(repeating: .rest, count: 5), sessions: 1, sets: 6,
                planned: 0, seconds: 700),
        ])

        static let you: [(String, (String) -> Node)] = [
            ("you", { _ in shown(YouView(leaveDemo: {}, go: { _ in })) }),
            ("you-demo", { _ in shown(YouView(demo: true, leaveDemo: {}, go: { _ in })) }),
            ("lock", { _ in shown(LockView {}) }),
            ("about", { _ in shown(AboutView(version: "0.1.0") {}) }),
            ("licences", licences(turned: nil)), ("licences-turned", licences(turned: 1)),
            ("licences-unreadable", { _ in shown(LicencesView(Licences(licences: []))) }),
            ("learn", learn(turned: nil)), ("learn-turned", learn(turned: "walk_energy")),
            ("learn-empty", { _ in shown(LearnView(LearnState(cards: [])) { _ in }) }),
            ("health", { _ in shown(HealthView(health) {}) }),
            (
                "health-unanswered",
                { _ in shown(HealthView(HealthState(replies: [], outcome: .init(open: [], heldBack: []))) {}) }
            ),
            ("safety", safety(nil)), ("safety-union", safety("112")),
            ("check-in", checkIn()),
            ("check-in-filled", checkIn { ($0.pain, $0.sore, $0.present) = (3, true, [2]) }),
            ("check-in-said", checkIn { $0.said = "Noted. No more weight than last time today." }),
            (
                "check-in-pain",
                checkIn { ($0.pain, $0.said, $0.sheet) = (6, "Noted. No training today.", hurts) }
            ),
            (
                "check-in-red-flag",
                checkIn(number: "112") { ($0.present, $0.said, $0.sheet) = ([0], "Noted. No training today.", stop) }
            ),
            ("check-in-failed", checkIn(advice: "Make room. What was shown as safe is.") { $0.pain = 0 }),
            ("own", own(.idle)), ("own-demo", own(.idle, demo: true)),
            ("own-outgrown", own(.idle, outgrown: (12, 87_400_000))),
            ("own-working", own(.working(done: 0.4))), ("own-beginning", own(.working(done: nil))),
            (
                "own-written",
                own(.written(.init(bytes: 3_240_000, people: 1, sessions: 24, recordings: 22)))
            ),
            (
                "own-written-damaged",
                own(.written(.init(bytes: 3_240_000, people: 1, sessions: 24, recordings: 20, leftOut: 2)))
            ),
            (
                "own-restoring",
                { language in
                    shown(
                        OwnView(
                            .idle, advice: "This file is no backup. Nothing was changed.", restoring: true,
                            language: language
                        ) { _ in })
                }
            ),
            ("own-sealed", own(.locked(wrong: false))), ("own-sealed-wrong", own(.locked(wrong: true))),
            (
                "own-preview",
                own(
                    .preview(
                        .init(
                            writtenDay: "2026-11-03", people: ["Anna", "Bo"], sessions: 31, recordings: 30,
                            bytes: 12_400_000)))
            ),
            ("own-taken", own(.taken(.init(people: 1, new: 7, renewed: 0, kept: 24, recordings: 6)))),
            (
                "own-failed",
                own(.idle, advice: "This backup comes from a newer Talus. Update first. Nothing was changed.")
            ),
            (
                "people",
                { language in
                    shown(
                        PeopleView(
                            [.init(id: "a", name: "Anna", chosen: true), .init(id: "b", name: "", chosen: false)],
                            language: language
                        ) { _ in })
                }
            ),
            (
                "people-failed",
                { language in
                    shown(
                        PeopleView(
                            [.init(id: "a", name: "", chosen: true)], advice: "Give a name.", language: language
                        ) { _ in })
                }
            ),
            (
                "settings",
                settings { ($0.reminderDays, $0.locks, $0.numbers) = ([1, 4], true, true) }
            ),
            ("settings-refused", settings(refused: true)),
            ("settings-health", settings { $0.health = true }),
            ("settings-health-denied", settings(health: false) { $0.health = true }),
            ("settings-pounds", settings { $0.pounds = true }),
            ("settings-little", settings(reminds: false, canLock: false, health: nil) { $0.speaks = .never }),
            ("calendar", { language in shown(CalendarView(weeks, language: language)) }),
            (
                "calendar-empty",
                { language in
                    let week = CalendarState.Week(
                        monday: "2026-11-02", days: Array(repeating: .toCome, count: 7), sessions: 0, sets: 0,
                        planned: 0, seconds: 0)
                    return shown(CalendarView(CalendarState(weeks: [week]), language: language))
                }
            ),
        ]
    }
#endif

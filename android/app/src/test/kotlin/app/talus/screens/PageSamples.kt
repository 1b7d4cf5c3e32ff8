// Every page but Today and those of a session, in every state; and the words that all samples share.
package app.talus.screens

import androidx.compose.runtime.Composable
import app.talus.Appearance
import app.talus.Loaded
import app.talus.Wishes
import app.talus.health.RationaleScreen
import app.talus.keep.Leaving
import app.talus.keep.Locked
import app.talus.keep.LockedActions
import app.talus.keep.LockedScreen
import app.talus.learn.Claim
import app.talus.learn.LearnScreen
import app.talus.learn.LearnState
import app.talus.lift.LiftActions
import app.talus.lift.LiftScreen
import app.talus.lift.LiftState
import app.talus.lock.LockScreen
import app.talus.look.Grade
import app.talus.look.Leg
import app.talus.look.Page
import app.talus.mine.Aside
import app.talus.mine.AsideCard
import app.talus.mine.Gift
import app.talus.mine.GivingOut
import app.talus.mine.MyDataActions
import app.talus.mine.MyDataScreen
import app.talus.mine.MyDataState
import app.talus.mine.RestoreActions
import app.talus.mine.RestoreScreen
import app.talus.mine.RestoreState
import app.talus.mine.Scheduled
import app.talus.mine.Seen
import app.talus.mine.Signals
import app.talus.mine.WeeklyCard
import app.talus.nav.Route
import app.talus.nav.Shell
import app.talus.pair.Access
import app.talus.pair.CuffsActions
import app.talus.pair.CuffsScreen
import app.talus.pair.CuffsState
import app.talus.pair.Found
import app.talus.pair.OwnCuff
import app.talus.pair.PairActions
import app.talus.pair.PairScreen
import app.talus.pair.PairState
import app.talus.pair.Strength
import app.talus.people.PeopleActions
import app.talus.people.PeopleScreen
import app.talus.people.PeopleState
import app.talus.people.Person
import app.talus.person.AboutActions
import app.talus.person.AboutScreen
import app.talus.person.AboutState
import app.talus.person.Aim
import app.talus.person.Asked
import app.talus.person.Body
import app.talus.person.Held
import app.talus.person.Outcome
import app.talus.person.Reply
import app.talus.person.SafetyScreen
import app.talus.person.SafetyState
import app.talus.person.Step
import app.talus.person.WelcomeScreen
import app.talus.plan.ExerciseScreen
import app.talus.plan.ExerciseState
import app.talus.plan.How
import app.talus.plan.Line
import app.talus.plan.Linked
import app.talus.plan.PlanActions
import app.talus.plan.PlanScreen
import app.talus.plan.PlanState
import app.talus.plan.Programme
import app.talus.plan.ProgrammeActions
import app.talus.plan.ProgrammeScreen
import app.talus.plan.ProgrammeState
import app.talus.plan.Side
import app.talus.plan.Site
import app.talus.plan.Trusted
import app.talus.progress.ChartLine
import app.talus.progress.LegTrend
import app.talus.progress.Point
import app.talus.progress.ProgressActions
import app.talus.progress.ProgressScreen
import app.talus.progress.ProgressState
import app.talus.progress.RepLine
import app.talus.progress.Score
import app.talus.progress.SessionActions
import app.talus.progress.SessionLine
import app.talus.progress.SessionScreen
import app.talus.progress.SessionState
import app.talus.progress.SetLine
import app.talus.progress.Shown
import app.talus.progress.Tested
import app.talus.progress.TracePoint
import app.talus.progress.Trend
import app.talus.progress.Walked
import app.talus.progress.WeekMarks
import app.talus.tests.RehabScreen
import app.talus.tests.RehabState
import app.talus.tests.Stages
import app.talus.tests.TestKind
import app.talus.tests.TestLine
import app.talus.tests.TestRow
import app.talus.tests.TestScreen
import app.talus.tests.TestState
import app.talus.tests.TestsScreen
import app.talus.tests.TestsState
import app.talus.today.Named
import app.talus.today.Sheet
import app.talus.trust.PlanLine
import app.talus.trust.TrustActions
import app.talus.trust.TrustScreen
import app.talus.trust.TrustState
import app.talus.trust.TrustedPlan
import app.talus.voice.Speech
import app.talus.walk.WalkSetUp
import app.talus.walk.WalkState
import app.talus.you.AppScreen
import app.talus.you.DiagnosticsScreen
import app.talus.you.DiagnosticsState
import app.talus.you.HealthCard
import app.talus.you.HealthState
import app.talus.you.Licence
import app.talus.you.LicenceText
import app.talus.you.LicenceTextsScreen
import app.talus.you.LookCard
import app.talus.you.PhoneState
import app.talus.you.SettingsActions
import app.talus.you.SettingsScreen
import app.talus.you.YouActions
import app.talus.you.YouScreen
import java.time.LocalDate

/** Its lists stand together in [Samples.all]. */
abstract class PageSamples(private val german: Boolean) {
    protected fun t(english: String, german: String) = if (this.german) german else english

    val names = mapOf(
        "knee_ext_seated" to t("Seated knee extension", "Knie strecken im Sitzen"),
        "stand_abd" to t("Standing side raise", "Bein seitlich heben im Stehen"),
        "quad_set_slr" to t("Straight-leg raise", "Gestrecktes Bein heben"),
    )
    protected fun name(id: String) = names.getValue(id)

    protected val advice = t("Try again. If it stays, restart the phone.", "Versuche es noch einmal. Wenn es bleibt, starte das Telefon neu.")

    protected fun tab(name: String, tab: Route.Tab, toEnd: Boolean = false, content: @Composable () -> Unit) =
        Sample(name, toEnd) { Shell(tab, {}, content) }

    protected val monday = LocalDate.of(2026, 11, 2)

    // --- Plan

    private val plan = PlanState(
        listOf(
            Programme("steady", t("Steady", "Standfest"), 3, followed = true, listOf()),
            Programme("strong", t("Strong legs", "Starke Beine"), 2, followed = false, listOf()),
            Programme("rebuild", t("Knee rebuild", "Knieaufbau"), 3, followed = false, listOf(t("Needs a plan from someone you trust.", "Braucht einen Plan von jemandem, dem du vertraust."))),
        ),
        names.map { (id, name) ->
            Line(id, name, true, if (id == "stand_abd") listOf(t("Needs a plan from someone you trust.", "Braucht einen Plan von jemandem, dem du vertraust.")) else listOf())
        } + Line("clam_note", t("Clam", "Muschel"), false, listOf()),
        listOf("knee_ext_seated"), known = true, trusted = null, demo = false,
    )

    private val exercise = ExerciseState(
        "knee_ext_seated", name("knee_ext_seated"), measured = true, picked = false, demo = false,
        how = How(
            t("Sit tall, the thigh on the chair.", "Sitz aufrecht, der Oberschenkel liegt auf dem Stuhl."),
            t("Straighten the knee, hold, and lower slowly.", "Streck das Knie, halte, und senke langsam."),
            t("The back stays at the chair.", "Der Rücken bleibt am Stuhl."), Site.ABOVE_ANKLE,
            t("The whole weight acts here.", "Das ganze Gewicht wirkt hier."), Grade.B, null, Linked("stand_abd", name("stand_abd")),
        ),
        sides = Leg.entries.map { leg ->
            Side.Open(
                leg, 1250, 4750, 2, 12, 60, if (leg == Leg.LEFT) 82 else null,
                t("Same weight again. Your range was a bit short.", "Noch einmal dasselbe Gewicht. Dein Umfang war etwas klein."),
            )
        },
    )

    private fun exercise(name: String, state: Loaded<ExerciseState>, toEnd: Boolean = false) = Sample("exercise-$name", toEnd) { ExerciseScreen(state, {}, {}, {}, {}, {}) }

    protected val onPlan = listOf(
        tab("plan-list", Route.Tab.PLAN) { PlanScreen(Loaded.Ready(plan), PlanActions()) },
        tab("plan-empty", Route.Tab.PLAN) { PlanScreen(Loaded.Ready(plan.copy(programmes = listOf(), exercises = listOf(), picked = listOf())), PlanActions()) },
        tab("plan-unknown", Route.Tab.PLAN) { PlanScreen(Loaded.Ready(plan.copy(programmes = listOf(), picked = listOf(), known = false)), PlanActions()) },
        tab("plan-failed", Route.Tab.PLAN) { PlanScreen(Loaded.Failed(advice), PlanActions()) },
        tab("plan-trusted", Route.Tab.PLAN) {
            PlanScreen(Loaded.Ready(plan.copy(trusted = Trusted("Dr. Meyer", monday.plusDays(40), null), demo = true)), PlanActions())
        },
        tab("plan-shared", Route.Tab.PLAN) {
            PlanScreen(
                Loaded.Ready(
                    plan.copy(
                        programmes = listOf(Programme("jos", t("Jo's evenings", "Jos Abende"), 2, followed = false, listOf(), shared = true)),
                        notTaken = t("Ask for the file once more. This is no programme.", "Lass dir die Datei noch einmal geben. Das ist kein Programm."),
                    ),
                ),
                PlanActions(),
            )
        },
        tab("plan-loading", Route.Tab.PLAN) { PlanScreen(Loaded.Not, PlanActions()) },
        exercise("open", Loaded.Ready(exercise)),
        exercise("open-end", Loaded.Ready(exercise), toEnd = true),
        exercise("picked", Loaded.Ready(exercise.copy(picked = true))),
        exercise(
            "closed",
            Loaded.Ready(
                exercise.copy(
                    sides = Leg.entries.map { Side.Closed(it, listOf(t("Not until your next check-in. Pain was 6 of 10.", "Erst nach deiner nächsten Rückmeldung. Der Schmerz war 6 von 10."))) },
                ),
            ),
        ),
        exercise("unknown", Loaded.Ready(exercise.copy(sides = listOf()))),
    )

    private val planFirst = t("Needs a plan from someone you trust.", "Braucht einen Plan von jemandem, dem du vertraust.")

    private val programme = ProgrammeState(
        Programme("steady", t("Steady", "Standfest"), 3, followed = false, listOf()),
        t("For whoever wants to stand and walk more surely.", "Für alle, die sicherer stehen und gehen wollen."), 8, snacks = false, shared = false,
        own = false, needsPlan = false, Grade.B, names.map { (id, name) -> Linked(id, name) }, demo = false,
    )

    private fun programme(name: String, state: Loaded<ProgrammeState>, toEnd: Boolean = false) =
        Sample("programme-$name", toEnd) { ProgrammeScreen(state, ProgrammeActions()) }

    private val chairStand = TestRow(
        "chair_stand_30", t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"), t("How often you get up in 30 seconds.", "Wie oft du in 30 Sekunden aufstehst."),
        TestKind.FUNCTION, due = true, measured = true, listOf(),
    )
    private val ladder = TestRow(
        "balance_progress", t("Balance ladder", "Gleichgewichts-Leiter"), t("Ten stances, each a little harder.", "Zehn Stände, jeder etwas schwerer."), TestKind.BALANCE,
        due = false, measured = true, listOf(),
    )
    private val heelRise = TestRow(
        "heel_rise", t("Heel rise", "Fersenheben"), t("How often one leg lifts you.", "Wie oft dich ein Bein hebt."), TestKind.FUNCTION, due = false,
        measured = true, listOf(t("Not on one leg, because you have fallen.", "Nicht auf einem Bein, weil du gestürzt bist.")),
    )
    private val unmeasured = TestRow(
        "step_down", t("Step down", "Absteigen"), t("How a knee lines up.", "Wie ein Knie steht."), TestKind.FUNCTION, due = false, measured = false, listOf(),
    )

    private val tests = TestsState(listOf(chairStand, ladder, heelRise, unmeasured), demo = false)

    private fun tests(name: String, state: Loaded<TestsState>) = Sample("tests-$name") { TestsScreen(state, {}, {}, {}, {}, {}) }

    private val chairResult = TestLine(
        t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"), null, monday, t("12 times", "12 Mal"),
        t("Up by 3. More than the error.", "3 mehr. Mehr als der Fehler."), 11f..16f, listOf(), t("times", "Mal"),
        List(4) { monday.minusWeeks(9L - it * 3) to 9f + it },
    )
    private val standResult = TestLine(
        t("One-leg stand", "Einbeinstand"), Leg.LEFT, monday, t("8.4 s", "8,4 s"), t("No clear change yet.", "Noch keine klare Änderung."), null,
        listOf(t("Below the usual range for your age. Worth showing to a professional.", "Unter dem Üblichen für dein Alter. Zeig es einer Fachperson.")), "s",
        List(4) { monday.minusWeeks(9L - it * 3) to 8f + it % 2 * .6f },
    )

    private val test = TestState(
        chairStand,
        listOf(
            t("The chair stands against a wall.", "Der Stuhl steht an einer Wand."), t("Arms crossed, get up and sit down.", "Arme verschränkt, steh auf und setz dich."),
        ),
        2, Grade.A, supervised = false, needsPlan = false, stance = null, handOnCounter = false, listOf(chairResult), demo = false,
    )

    private fun test(name: String, state: Loaded<TestState>, toEnd: Boolean = false) =
        Sample("test-$name", toEnd) { TestScreen(state, {}, {}, {}, {}) }

    private val rehab = RehabState(
        null, null,
        listOf(
            Stages("knee_rebuild", t("Knee rebuild", "Knieaufbau"), t("After surgery, stage by stage.", "Nach einer Operation, Stufe um Stufe."), listOf(planFirst), listOf(), true),
            Stages("quiet_knee", t("The quiet knee", "Das ruhige Knie"), "", listOf(planFirst), listOf(t("Only as far as your plan says.", "Nur so weit dein Plan sagt.")), false),
        ),
        demo = false,
    )

    private fun rehab(name: String, state: Loaded<RehabState>) = Sample("rehab-$name") { RehabScreen(state, {}, {}, {}, {}, {}) }

    private val walk = WalkState.Open(
        500, 300, 3, 180, 120, 120, 1200, skin = true, known = true,
        t("Your walks without a weight were alike. The least there is comes next.", "Deine Gänge ohne Gewicht glichen sich. Als Nächstes kommt das kleinste Gewicht."), demo = false,
    )

    private fun walk(name: String, state: Loaded<WalkState>) = Sample("walk-$name") { WalkSetUp(state, {}, {}, {}, {}) }

    private val lift = LiftState(
        listOf(Named("SQUAT", t("Squat", "Kniebeuge")), Named("LEG_PRESS", t("Leg press", "Beinpresse")), Named("LUNGE", t("Lunge", "Ausfallschritt"))),
        "SQUAT", 3, 8, 60_000, listOf(t("Squat: 3 × 8 with 60 kg.", "Kniebeuge: 3 × 8 mit 60 kg.")), undo = null, demo = false,
    )

    private fun lift(name: String, state: Loaded<LiftState>, toEnd: Boolean = false) = Sample("lift-$name", toEnd) { LiftScreen(state, LiftActions()) }

    protected val onTests = listOf(
        programme("page", Loaded.Ready(programme)),
        programme("followed", Loaded.Ready(programme.copy(programme = programme.programme.copy(followed = true), demo = true)), toEnd = true),
        programme("needs", Loaded.Ready(programme.copy(programme = programme.programme.copy(needs = listOf(planFirst)), needsPlan = true))),
        programme("shared", Loaded.Ready(programme.copy(whom = "", shared = true, own = true, snacks = true)), toEnd = true),
        programme("loading", Loaded.Not),
        programme("failed", Loaded.Failed(advice)),
        tests("due", Loaded.Ready(tests)),
        tests("empty", Loaded.Ready(TestsState(listOf(), demo = true))),
        tests("loading", Loaded.Not),
        tests("failed", Loaded.Failed(advice)),
        test("result", Loaded.Ready(test)),
        test("below", Loaded.Ready(test.copy(results = listOf(standResult, standResult.copy(leg = Leg.RIGHT, standing = listOf())), supervised = true, demo = true))),
        test("ladder", Loaded.Ready(test.copy(row = ladder, stance = t("Feet together", "Füße zusammen"), handOnCounter = true, results = listOf()))),
        test("shut", Loaded.Ready(test.copy(row = heelRise, results = listOf()))),
        test("by-hand", Loaded.Ready(test.copy(row = unmeasured, results = listOf(), needsPlan = true)), toEnd = true),
        test("loading", Loaded.Not),
        test("failed", Loaded.Failed(advice)),
        rehab("none", Loaded.Ready(rehab)),
        rehab("open", Loaded.Ready(rehab.copy(plan = "Dr. Meyer" to monday.plusDays(40), stages = rehab.stages.map { it.copy(whys = listOf()) }, demo = true))),
        rehab("ended", Loaded.Ready(rehab.copy(notNow = t("This plan ended on 14 December.", "Dieser Plan endete am 14. Dezember.")))),
        rehab("empty", Loaded.Ready(rehab.copy(stages = listOf()))),
        rehab("loading", Loaded.Not),
        rehab("failed", Loaded.Failed(advice)),
        walk("loaded", Loaded.Ready(walk)),
        walk("first", Loaded.Ready(walk.copy(massG = 0, times = 0, known = false, skin = false, why = t("A first walk shows how you walk.", "Ein erster Gang zeigt, wie du gehst."), demo = true))),
        walk("shut", Loaded.Ready(WalkState.Shut(listOf(t("No weight while walking, because you have fallen.", "Kein Gewicht beim Gehen, weil du gestürzt bist.")), demo = false))),
        walk("loading", Loaded.Not),
        walk("failed", Loaded.Failed(advice)),
        lift("log", Loaded.Ready(lift)),
        lift("undo", Loaded.Ready(lift.copy(undo = "1")), toEnd = true),
        lift("empty", Loaded.Ready(lift.copy(barG = 0, lines = listOf(), demo = true)), toEnd = true),
        lift("loading", Loaded.Not),
        lift("failed", Loaded.Failed(advice)),
    )

    // --- You

    private val fullDisk = t("Free some space, then try again.", "Schaff Platz, dann versuch es noch einmal.")

    private val myData = MyDataState(sealed = true, Signals(212_400_000, List(3) { "$it" }, 31_000_000), work = null, demo = false)

    private val asides = listOf(
        Aside(2, monday, Seen.Open(listOf("Ada", "Jo"), 41)),
        Aside(1, monday.minusDays(40), Seen.Shut(t("Try again in a moment, or restart the phone.", "Versuch es gleich noch einmal, oder starte das Telefon neu."))),
    )

    private val lostFolder = t(
        "The last file could not be written there. Pick the folder once more.", "Die letzte Datei ließ sich dort nicht schreiben. Wähl den Ordner noch einmal.",
    )

    private val texts = listOf(
        LicenceText(0, listOf("AndroidX Core 1.18.0", "Kotlin 2.2.10"), "Apache-2.0", ""),
        LicenceText(1, listOf("bytes 1.12.2"), "MIT", "Copyright (c) 2018 Carl Lerche\n\nPermission is hereby granted, free of charge, to any person obtaining a copy."),
    )

    private fun weekly(name: String, scheduled: Scheduled?) =
        Sample("data-$name") { Page(t("My data", "Meine Daten"), back = {}) { WeeklyCard(scheduled, MyDataActions()) } }

    private fun health(name: String, state: HealthState) =
        Sample("settings-health-$name") { Page(t("Settings", "Einstellungen"), back = {}) { HealthCard(state, SettingsActions()) } }

    private fun locked(name: String, why: Locked, leaving: Leaving = Leaving.Not) =
        Sample(name) { LockedScreen(why, leaving, LockedActions()) }

    private fun data(name: String, state: Loaded<MyDataState>, toEnd: Boolean = false) = Sample("data-$name", toEnd) { MyDataScreen(state, 90, MyDataActions()) }

    private fun restore(name: String, state: RestoreState) = Sample("restore-$name") { RestoreScreen(state, RestoreActions()) }

    private val claims = listOf(
        Claim(
            "b", t("Lifting a weight can help legs to lift more.", "Ein Gewicht zu heben kann Beinen helfen, mehr zu heben."),
            t("Adults, twelve weeks, three times a week.", "Erwachsene, zwölf Wochen, dreimal in der Woche."),
            t("Not tested after surgery.", "Nicht nach Operationen untersucht."), Grade.B, t("a fair trial that fits", "ein guter Versuch, der passt"),
            listOf("A. Author, 2019"),
        ),
        Claim(
            "x", t("Some say: run with weights. No source found.", "Manche sagen: mit Gewichten laufen. Keine Quelle gefunden."), "",
            t("Talus leaves it out.", "Talus lässt es weg."), Grade.X, t("contradicted or unsafe", "widerlegt oder nicht sicher"), listOf(),
        ),
    )

    private fun learn(name: String, state: Loaded<LearnState>, open: String? = null) = Sample("learn-$name") { LearnScreen(state, {}, {}, {}, open) }

    private val safety = SafetyState(
        Sheet(
            t("Stop. Sit or lie down. Call for help now.", "Halt. Setz oder leg dich hin. Ruf jetzt Hilfe."),
            listOf(t("Cuffs off only if it is easy.", "Manschetten nur ab, wenn es leicht geht.")), true,
        ),
        Sheet(
            t("Let's stop this one.", "Lass uns diese beenden."), listOf(t("Other exercises stay open.", "Andere Übungen bleiben offen.")), false,
        ),
        demo = false,
    )

    private fun safety(name: String, state: Loaded<SafetyState>) = Sample("safety-$name") { SafetyScreen(state, {}, {}, {}) }

    private val notOne = t("Ask for the plan once more. This one was changed or is none.", "Lass dir den Plan noch einmal geben. Dieser wurde verändert oder ist keiner.")

    private val trusted = TrustedPlan(
        "Dr. Meyer", t("anchor birch comet delta ember fjord", "anker birke comet delta ember fjord"), known = true, monday, monday.plusDays(40), null,
        listOf(PlanLine(name("knee_ext_seated"), Leg.LEFT, 1500, 0..70), PlanLine(name("quad_set_slr"), null, 0, null)),
    )

    private fun trust(name: String, state: Loaded<TrustState>, toEnd: Boolean = false) = Sample("trust-$name", toEnd) { TrustScreen(state, TrustActions()) }

    private val household = PeopleState(listOf(Person("1", "Ada", true, 41), Person("2", "Jo", false, 3)), demo = false)

    private fun people(name: String, state: Loaded<PeopleState>) = Sample("people-$name") { PeopleScreen(state, PeopleActions()) }

    private val diagnosed = listOf(
        "Talus" to "0.1.0", "Android" to "14 (34), Maker Model", t("Language", "Sprache") to t("en", "de"), t("Encrypted", "Verschlüsselt") to t("Yes", "Ja"),
        t("Bluetooth allowed", "Bluetooth erlaubt") to t("Yes", "Ja"), t("Voice", "Stimme") to t("There", "Da"),
        t("Raw signals", "Rohsignale") to t("18.4 MB", "18,4 MB"), t("Cuff", "Manschette") to "cmp, 4F2A-0012",
    )

    private fun diagnostics(name: String, state: Loaded<DiagnosticsState>, toEnd: Boolean = false) =
        Sample("diagnostics-$name", toEnd) { DiagnosticsScreen(state, {}, {}, {}, {}) }

    private fun settings(name: String, wishes: Wishes, phone: PhoneState = PhoneState(), toEnd: Boolean = false) =
        Sample(name, toEnd) { SettingsScreen(wishes, phone, SettingsActions()) }

    protected val onYou = listOf(
        tab("you", Route.Tab.YOU) { YouScreen(true, YouActions()) },
        settings("settings", Wishes(language = "de", remindOn = setOf(1, 3, 5))),
        settings("settings-end", Wishes(language = "de"), toEnd = true),
        settings("settings-no-voice", Wishes(), PhoneState(Speech.NO_ENGINE, canLock = false, mayTell = false)),
        settings("settings-no-notices", Wishes(), PhoneState(canLock = false, mayTell = false), toEnd = true),
        settings("settings-reader", Wishes(lock = true), PhoneState(Speech.NO_LANGUAGE, reader = true)),
        learn("cards", Loaded.Ready(LearnState(claims, false))),
        learn("turned", Loaded.Ready(LearnState(claims, true)), open = "b"),
        learn("no-source", Loaded.Ready(LearnState(claims.takeLast(1), false)), open = "x"),
        learn("empty", Loaded.Ready(LearnState(listOf(), false))),
        learn("loading", Loaded.Not),
        learn("failed", Loaded.Failed(advice)),
        safety("sheets", Loaded.Ready(safety)),
        safety("demo", Loaded.Ready(safety.copy(demo = true))),
        safety("loading", Loaded.Not),
        safety("failed", Loaded.Failed(advice)),
        trust("none", Loaded.Ready(TrustState.Kept(null, null, false))),
        trust("none-end", Loaded.Ready(TrustState.Kept(null, null, false)), toEnd = true),
        trust("not-one", Loaded.Ready(TrustState.Kept(null, notOne, true))),
        trust("kept", Loaded.Ready(TrustState.Kept(trusted, null, false))),
        trust("ended", Loaded.Ready(TrustState.Kept(trusted.copy(notNow = t("This plan ended on 14 December.", "Dieser Plan endete am 14. Dezember.")), null, false))),
        trust("given", Loaded.Ready(TrustState.Given(trusted.copy(known = false), null, false))),
        trust("given-end", Loaded.Ready(TrustState.Given(trusted.copy(known = false), null, false)), toEnd = true),
        trust("given-known", Loaded.Ready(TrustState.Given(trusted, null, false))),
        trust("refused", Loaded.Ready(TrustState.Given(trusted, notOne, false))),
        trust("loading", Loaded.Not),
        trust("failed", Loaded.Failed(advice)),
        people("two", Loaded.Ready(household)),
        people("nameless", Loaded.Ready(PeopleState(listOf(Person("1", "", true, 0)), true))),
        people("loading", Loaded.Not),
        people("failed", Loaded.Failed(advice)),
        diagnostics("lines", Loaded.Ready(DiagnosticsState(diagnosed, false))),
        diagnostics("demo", Loaded.Ready(DiagnosticsState(diagnosed, true)), toEnd = true),
        diagnostics("loading", Loaded.Not),
        diagnostics("failed", Loaded.Failed(advice)),
        Sample("app") { AppScreen("0.1.0", listOf(Licence("btleplug", "0.13.5", "MIT/Apache-2.0/BSD-3-Clause"), Licence("JNA", "5.18.1", "Apache-2.0 OR LGPL-2.1-or-later")), {}, null) },
        Sample("licence-texts") { LicenceTextsScreen(texts, {}, begins = 1) },
        Sample("licence-texts-loading") { LicenceTextsScreen(listOf(), {}) },
        Sample("app-lock") { LockScreen {} },
        locked("locked", Locked.KEY_GONE),
        locked("locked-stays", Locked.KEY_GONE, Leaving.Failed(null)),
        locked("no-key", Locked.NO_KEY_STORE),
        locked("not-now", Locked.NOT_NOW),
        locked("damaged", Locked.DAMAGED),
        locked("foreign", Locked.FOREIGN),
        locked("damaged-failed", Locked.DAMAGED, Leaving.Failed(fullDisk)),
        locked("repairing", Locked.DAMAGED, Leaving.Repairing),
        locked("repaired", Locked.DAMAGED, Leaving.Repaired(38, 2, 1)),
        data("kept", Loaded.Ready(myData)),
        data("end", Loaded.Ready(myData), toEnd = true),
        data("open", Loaded.Ready(myData.copy(sealed = false, signals = Signals(0, listOf(), 0)))),
        data("demo", Loaded.Ready(myData.copy(demo = true))),
        data("under", Loaded.Ready(myData.copy(work = GivingOut.Under(Gift.BACKUP, .4f)))),
        data("done", Loaded.Ready(myData.copy(work = GivingOut.Done(Gift.BUNDLE, 41, 12, leftOut = 1)))),
        data("not-done", Loaded.Ready(myData.copy(work = GivingOut.Failed(Gift.BACKUP, fullDisk)))),
        weekly("weekly", Scheduled("Sicherungen", monday, null)),
        weekly("weekly-none", null),
        weekly("weekly-failed", Scheduled("Sicherungen", null, lostFolder)),
        Sample("data-aside") { Page(t("My data", "Meine Daten"), back = {}) { for (one in asides) AsideCard(one, MyDataActions()) } },
        Sample("data-aside-unseen") { Page(t("My data", "Meine Daten"), back = {}) { AsideCard(asides.first().copy(seen = null), MyDataActions()) } },
        data("loading", Loaded.Not),
        data("failed", Loaded.Failed(advice)),
        restore("choose", RestoreState.Choose),
        restore("looking", RestoreState.Looking),
        restore("words", RestoreState.Words(null)),
        restore("words-wrong", RestoreState.Words(t("Check the words. Capitals count.", "Prüf die Wörter. Groß und klein zählt."))),
        restore("preview", RestoreState.Preview(1_762_344_000_000, listOf("Ada", "Jo"), 41, 12, 18_400_000)),
        restore("under", RestoreState.Under(.7f)),
        restore("done", RestoreState.Done(38, 1, 2, 12)),
        restore("failed", RestoreState.Failed(t("This backup comes from a newer Talus. Update first.", "Diese Sicherung kommt von einem neueren Talus. Nimm erst das neue."))),
        health("on", HealthState.ON), health("off", HealthState.OFF), health("others", HealthState.OTHERS),
        health("denied", HealthState.DENIED), health("refused", HealthState.REFUSED),
        Sample("settings-look") { Page(t("Settings", "Einstellungen"), back = {}) { LookCard(Appearance(leftHand = true), true) {} } },
        Sample("health-rationale") { RationaleScreen {} },
        settings("settings-demo", Wishes(demo = true, pounds = true)),
    )

    // --- Progress

    private fun trace(reps: Int) = List(reps * 40) { index ->
        val phase = index % 40 / 40.0
        TracePoint(index * .15f, (82 * Math.sin(Math.PI * phase).coerceAtLeast(0.0)).toFloat())
    }

    private val doneSet = SetLine(
        0, "knee_ext_seated", name("knee_ext_seated"), Leg.LEFT, 1250, 11, 1, 12, 81f, listOf(2.1f, .9f, 2.8f), 1, 3, good = true, edited = false,
        reps = List(12) { RepLine(it * 6f, it * 6f + 5.8f, it != 7, if (it == 7) 40f else 82f, 2.1f, .9f, 2.8f) }, trace = listOf(trace(12)),
    )

    private val progress = ProgressState(
        List(8) { week -> WeekMarks(monday.minusWeeks(7L - week), List(7) { day -> if (week == 7 && day > 3) null else if (day % 3 == 0) 1 else 0 }, week * 37 % 80) },
        names.map { (id, name) -> Named(id, name) },
        Trend(
            Named("knee_ext_seated", name("knee_ext_seated")),
            listOf(
                LegTrend(
                    Leg.LEFT, listOf(t("Left: no clear change yet.", "Links: noch keine klare Änderung.")),
                    List(8) { Point(monday.minusWeeks(9L - it), 15.5f + it % 3 * .3f, 80f) },
                ),
                LegTrend(
                    Leg.RIGHT,
                    listOf(
                        t("Right: up 2.1 N·m since August. More than the error.", "Rechts: 2,1 N·m mehr seit August. Mehr als der Fehler."),
                        t("Range: no clear change yet.", "Umfang: noch keine klare Änderung."),
                    ),
                    List(8) { Point(monday.minusWeeks(9L - it), 13.8f + it * .3f, 80f) },
                ),
            ),
        ),
        List(3) { SessionLine("$it", monday.minusDays(3L * it), 16, 6, 36, names.values.toList(), it != 1) }, demo = false,
    )

    private val walks = Walked(
        listOf(t("Steps are as even as before.", "Die Schritte sind so gleichmäßig wie zuvor.")),
        Leg.entries.map { leg -> ChartLine(leg, List(5) { monday.minusWeeks(8L - it * 2) to (if (leg == Leg.LEFT) 1.08f else 1.1f) + it % 2 * .01f }) },
    )

    private fun progress(name: String, state: Loaded<ProgressState>) =
        tab("progress-$name", Route.Tab.PROGRESS) { ProgressScreen(state, ProgressActions()) }

    protected val chairTested = Tested(t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"), listOf(t("12 times.", "12 Mal."), t("Up by 3. More than the error.", "3 mehr. Mehr als der Fehler.")))

    protected val walkTold = listOf(t("620 strides in 10 minutes.", "620 Doppelschritte in 10 Minuten."), t("Your stride stayed as it was.", "Dein Schritt blieb, wie er war."))

    private val session = SessionState(
        "1", monday, t("12 of 12 counted. Your range held, and you lowered slowly.", "12 von 12 gezählt. Dein Umfang hielt, und du hast langsam gesenkt."), "",
        starred = false, finished = true, score = null, sets = listOf(doneSet, doneSet.copy(leg = Leg.RIGHT), doneSet.copy(index = 1, edited = true)), demo = false,
    )

    private fun session(name: String, state: Loaded<SessionState>, toEnd: Boolean = false) = Sample("session-$name", toEnd) { SessionScreen(state, SessionActions()) }

    protected val onProgress = listOf(
        progress("trend", Loaded.Ready(progress)),
        progress(
            "one-point",
            Loaded.Ready(
                progress.copy(
                    trend = progress.trend?.let { trend -> trend.copy(legs = trend.legs.map { it.copy(told = listOf(), points = it.points.take(1)) }) },
                    sessions = progress.sessions.take(1),
                ),
            ),
        ),
        progress("empty", Loaded.Ready(progress.copy(weeks = progress.weeks.map { it.copy(sessions = it.sessions.map { day -> day?.let { 0 } }) }, exercises = listOf(), trend = null, sessions = listOf(), demo = true))),
        progress("balance", Loaded.Ready(progress.copy(shown = Shown.BALANCE, balance = listOf(standResult, standResult.copy(leg = Leg.RIGHT, standing = listOf(), points = standResult.points.map { it.copy(second = it.second + 1.4f) }))))),
        progress("balance-none", Loaded.Ready(progress.copy(shown = Shown.BALANCE))),
        progress("walking", Loaded.Ready(progress.copy(shown = Shown.WALKING, walking = walks))),
        progress("walking-none", Loaded.Ready(progress.copy(shown = Shown.WALKING))),
        progress("energy", Loaded.Ready(progress.copy(shown = Shown.ENERGY))),
        progress("daily", Loaded.Ready(progress.copy(shown = Shown.DAILY, daily = listOf(chairResult)))),
        progress("loading", Loaded.Not),
        progress("failed", Loaded.Failed(advice)),
        session("trace", Loaded.Ready(session)),
        session("gaps", Loaded.Ready(session.copy(sets = listOf(doneSet.copy(good = false, rangeDeg = null, trace = listOf(trace(3), trace(12).drop(300))))))),
        session("no-trace", Loaded.Ready(session.copy(finished = false, sentence = null, sets = listOf(doneSet.copy(trace = listOf(), edited = true, massG = 0))))),
        session("empty", Loaded.Ready(session.copy(sets = listOf(), sentence = null))),
        session("end", Loaded.Ready(session.copy(starred = true, note = t("Shoes off.", "Ohne Schuhe."))), toEnd = true),
        session("scored", Loaded.Ready(session.copy(score = Score(1, 5, 1))), toEnd = true),
        session("scored-same", Loaded.Ready(session.copy(sets = listOf(), score = Score(0, 6, 0))), toEnd = true),
        session(
            "tested",
            Loaded.Ready(
                session.copy(
                    sets = listOf(), sentence = t("1 test done.", "1 Test gemacht."),
                    tested = listOf(chairTested), walk = walkTold,
                ),
            ),
        ),
        session("failed", Loaded.Failed(advice)),
    )

    // --- First run, answers, cuffs

    private val about = AboutState(
        Step.Body, Body("1961", "170", "70"), Aim.STRENGTH, trained = false,
        questions = listOf(
            Asked("HEART", t("Chest pain, a heart condition, or blood pressure not under control?", "Brustschmerzen, ein Herzleiden oder ein nicht eingestellter Blutdruck?")),
            Asked("FALLS", t("Dizzy, fainted or fallen in the last 12 months? How often?", "In den letzten 12 Monaten schwindlig, ohnmächtig oder gestürzt? Wie oft?")),
            Asked("SURGERY", t("Surgery on a joint or bone? Which, when, and cleared by whom?", "Eine Operation an Gelenk oder Knochen? Welche, wann, von wem freigegeben?")),
            Asked("PAIN_NOW", t("Pain in back, hip, knee or ankle now? Where, and how much of 10?", "Jetzt Schmerzen in Rücken, Hüfte, Knie oder Knöchel? Wo, wie viel von 10?")),
        ),
        replies = mapOf("FALLS" to Reply.YES, "SURGERY" to Reply.YES, "PAIN_NOW" to Reply.YES), falls = 1, pain = 3, cleared = false, advice = null, outcome = null, demo = false,
    )

    private fun about(name: String, state: AboutState) = Sample("about-$name") { AboutScreen(Loaded.Ready(state), AboutActions()) }

    protected val onPerson = listOf(
        Sample("welcome") { WelcomeScreen({}, {}) },
        about("body", about),
        about("body-wrong", about.copy(body = Body("1961", "1.7", "70"), advice = t("Height is between 100 and 230 cm.", "Die Größe liegt zwischen 100 und 230 cm."))),
        about("aims", about.copy(step = Step.Aims)),
        about("question", about.copy(step = Step.Question(0))),
        about("question-not-sure", about.copy(step = Step.Question(0), replies = mapOf("HEART" to Reply.NOT_SURE))),
        about("question-falls", about.copy(step = Step.Question(1))),
        about("question-surgery", about.copy(step = Step.Question(2))),
        about("question-pain", about.copy(step = Step.Question(3))),
        about(
            "outcome",
            about.copy(
                step = Step.Outcome,
                outcome = Outcome(31, listOf(Held(name("stand_abd"), listOf(t("This one stands free on one leg. Take one with a hold.", "Hier steht man frei auf einem Bein. Besser eine mit Halt."))))),
            ),
        ),
        about("outcome-all", about.copy(step = Step.Outcome, outcome = Outcome(38, listOf()), demo = true)),
        Sample("about-failed") { AboutScreen(Loaded.Failed(advice), AboutActions()) },
    )

    private val own = OwnCuff("1", "Talus 4F2A", "4F2A-0012", Leg.LEFT, 1000)

    private fun pair(name: String, state: PairState, demo: Boolean = false) = Sample("pair-$name") { PairScreen(state, PairActions(demo = if (demo) ({}) else null)) }

    private val nearby = listOf(Found("Talus 4F2A", Strength.STRONG, 84, Leg.LEFT), Found("Talus 9C01", Strength.GOOD, null, null), Found("Talus 77B0", Strength.WEAK, 12, Leg.RIGHT))

    protected val onCuffs = listOf(
        Sample("cuffs-two") { CuffsScreen(Loaded.Ready(CuffsState(listOf(own, own.copy(id = "2", name = "Talus 9C01", leg = Leg.RIGHT, massG = 0)), false)), CuffsActions()) },
        Sample("cuffs-unworn") { CuffsScreen(Loaded.Ready(CuffsState(listOf(own.copy(leg = null, massG = null)), true)), CuffsActions()) },
        Sample("cuffs-none") { CuffsScreen(Loaded.Ready(CuffsState(listOf(), false)), CuffsActions()) },
        Sample("cuffs-failed") { CuffsScreen(Loaded.Failed(advice), CuffsActions()) },
        pair("why", PairState.Why(Access.NOT_ASKED)),
        pair("denied", PairState.Why(Access.DENIED)),
        pair("denied-for-ever", PairState.Why(Access.DENIED_FOR_EVER)),
        pair("off", PairState.Off),
        pair("no-radio", PairState.Failed(advice)),
        pair("looking", PairState.Nearby(listOf(), nothing = false), demo = true),
        pair("nothing", PairState.Nearby(listOf(), nothing = true)),
        pair("nearby", PairState.Nearby(nearby, nothing = false)),
        pair("two-of-one-name", PairState.Nearby(listOf(nearby[0], nearby[0].copy(strength = Strength.WEAK)), nothing = false)),
        pair("connecting", PairState.Connecting("Talus 4F2A", busy = false, tooOld = false)),
        pair("busy", PairState.Connecting("Talus 4F2A", busy = true, tooOld = false)),
        pair("too-old", PairState.Connecting("Talus 4F2A", busy = false, tooOld = true)),
        pair("wiggle", PairState.Wiggle("Talus 4F2A", felt = false, again = false)),
        pair("wiggle-felt", PairState.Wiggle("Talus 4F2A", felt = true, again = false)),
        pair("wiggle-again", PairState.Wiggle("Talus 4F2A", felt = false, again = true)),
        pair("leg", PairState.WhichLeg("Talus 4F2A", setOf(Leg.RIGHT))),
        pair("weight", PairState.Weight("Talus 4F2A", Leg.RIGHT, 1250)),
        pair("ready", PairState.Ready("Talus 4F2A", Leg.RIGHT, 1250, 84)),
    )
}

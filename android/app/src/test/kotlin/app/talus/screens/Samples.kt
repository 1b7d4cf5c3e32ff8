// Every screen in every state, in plain values: what the screenshots show and the checks of access walk over. What the core
// would render is in both languages here, as the core says it.
package app.talus.screens

import androidx.compose.foundation.layout.Box
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import app.talus.Appearance
import app.talus.Loaded
import app.talus.look.Leg
import app.talus.look.LocalPounds
import app.talus.look.Moving
import app.talus.nav.Route
import app.talus.session.At
import app.talus.session.Cuff
import app.talus.session.Edge
import app.talus.session.Flash
import app.talus.session.FloorWish
import app.talus.session.LastSet
import app.talus.session.Link
import app.talus.session.LiveActions
import app.talus.session.LiveScreen
import app.talus.session.LiveState
import app.talus.session.LocalNames
import app.talus.session.SetAnswers
import app.talus.session.TrialNow
import app.talus.session.WalkAt
import app.talus.session.WalkNow
import app.talus.today.DayMark
import app.talus.today.Dose
import app.talus.today.FirstScreen
import app.talus.today.FirstState
import app.talus.today.FirstTest
import app.talus.today.FirstWalk
import app.talus.today.Named
import app.talus.today.Next
import app.talus.today.Sheet
import app.talus.today.TodayActions
import app.talus.today.TodayScreen
import app.talus.today.TodayState
import app.talus.today.WornCuff

/** One screen in one state; [toEnd]: looked at from its end, where it is longer than the phone. */
class Sample(
    val name: String, val toEnd: Boolean = false, val appearance: Appearance = Appearance(), val content: @Composable () -> Unit,
)

/** All of them, in German or English. */
class Samples(german: Boolean) : PageSamples(german) {
    // --- Today

    private val today = TodayState(
        monday.plusDays(3),
        Next.Train(
            t("Steady, day A, 16 minutes", "Standfest, Tag A, 16 Minuten"),
            listOf(t("You have rested two days, and Monday went well.", "Du hast zwei Tage geruht, und Montag lief gut.")),
            names.map { (id, name) -> Named(id, name) },
        ),
        unfinished = false, locked = null, morningDue = false,
        signs = listOf(
            Named("CHEST_PAIN", t("Chest pain or pressure", "Schmerz oder Druck in der Brust")),
            Named("FAINTING", t("Fainted, or nearly", "Ohnmächtig geworden, oder beinahe")),
        ),
        said = null,
        week = List(7) { DayMark(monday.plusDays(it.toLong()), it == 0, it == 3, it > 3) },
        cuffs = listOf(WornCuff("Talus 4F2A", Leg.LEFT, 1000), WornCuff("Talus 9C01", Leg.RIGHT, 1250)),
        demo = false,
    )

    private fun today(name: String, state: Loaded<TodayState>) = tab("today-$name", Route.Tab.TODAY) { TodayScreen(state, TodayActions()) }

    private val firstDay = today.copy(
        next = (today.next as Next.Train).copy(
            exercises = listOf(Named("stand_abd", name("stand_abd"))),
            notes = listOf(t("Before it, if you like: ten minutes that measure where you begin.", "Davor, wenn du magst: zehn Minuten, die messen, wo du beginnst.")),
        ),
        first = true, week = today.week.map { it.copy(done = false) },
    )

    private val firstMinutes = FirstState(
        listOf(
            FirstTest(
                t("Balance ladder", "Gleichgewichts-Leiter"), t("Feet together", "Füße zusammen"), true, listOf(t("Stand next to the counter.", "Stell dich neben die Arbeitsplatte.")),
            ),
            FirstTest(
                t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"), null, false,
                listOf(t("The chair stands against a wall.", "Der Stuhl steht an einer Wand."), t("Arms crossed, get up and sit down.", "Arme verschränkt, steh auf und setz dich.")),
            ),
        ),
        FirstWalk(180, t("A walk without a weight comes first. It shows how you walk.", "Erst ein Gang ohne Gewicht. Er zeigt, wie du gehst.")), listOf(), demo = false,
    )

    private fun first(name: String, state: Loaded<FirstState>) = Sample("first-$name") { FirstScreen(state, {}, {}, {}, {}) }

    private val onToday = listOf(
        today("ready", Loaded.Ready(today)),
        today("own", Loaded.Ready(today.copy(next = Next.Train(null, listOf(), listOf(Named("stand_abd", name("stand_abd"))))))),
        today("demo", Loaded.Ready(today.copy(next = Next.Demo, demo = true, cuffs = listOf()))),
        today("unknown", Loaded.Ready(today.copy(next = Next.Unknown, cuffs = listOf()))),
        today("free", Loaded.Ready(today.copy(next = Next.Free))),
        today("rest", Loaded.Ready(today.copy(next = Next.Rest(t("Rest day. Rest is part of the plan. Walk if you like.", "Ruhetag. Ruhe gehört zum Plan. Geh spazieren, wenn du magst."))))),
        today("shut", Loaded.Ready(today.copy(next = Next.Shut(listOf(t("Not until your next check-in. Pain was 6 of 10.", "Erst nach deiner nächsten Rückmeldung. Der Schmerz war 6 von 10.")))))),
        today("morning", Loaded.Ready(today.copy(morningDue = true))),
        tab("today-check-in", Route.Tab.TODAY, toEnd = true) { TodayScreen(Loaded.Ready(today.copy(morningDue = true, next = Next.Free)), TodayActions()) },
        today("unfinished", Loaded.Ready(today.copy(unfinished = true))),
        today(
            "locked",
            Loaded.Ready(
                today.copy(
                    locked = Sheet(
                        t("Stop. Sit or lie down. Call for help now.", "Halt. Setz oder leg dich hin. Ruf jetzt Hilfe."),
                        listOf(t("No training today.", "Heute kein Training.")), true,
                    ),
                    said = t("No training today.", "Heute kein Training."),
                ),
            ),
        ),
        tab("today-tests", Route.Tab.TODAY, toEnd = true) {
            TodayScreen(
                Loaded.Ready(
                    today.copy(
                        testsDue = listOf(Named("chair_stand_30", t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"))),
                        weekLines = listOf(t("1 of 3 sessions.", "1 von 3 Einheiten."), t("2 days of rest.", "2 Ruhetage.")),
                    ),
                ),
                TodayActions(),
            )
        },
        today(
            "doses",
            Loaded.Ready(
                today.copy(
                    next = (today.next as Next.Train).copy(
                        doses = Leg.entries.map { Dose(name("knee_ext_seated"), it, 1250, 2, 12, t("You met every check twice.", "Du hast zweimal alles erfüllt.")) },
                    ),
                ),
            ),
        ),
        today("first", Loaded.Ready(firstDay)),
        first("open", Loaded.Ready(firstMinutes)),
        first("shut", Loaded.Ready(FirstState(listOf(), null, listOf(t("Not until your next check-in. Pain was 6 of 10.", "Erst nach deiner nächsten Rückmeldung. Der Schmerz war 6 von 10.")), demo = true))),
        first("loading", Loaded.Not),
        first("failed", Loaded.Failed(advice)),
        today("loading", Loaded.Not),
        today("failed", Loaded.Failed(advice)),
    )

    // --- Session

    private val lower = t("Lower for a slow count of three.", "Senke und zähle langsam bis drei.")
    private val good = listOf(Cuff(Leg.LEFT, Link.GOOD, 0.002f, 84), Cuff(Leg.RIGHT, Link.GOOD, 0.002f, 84))
    private val lastSet = LastSet(
        "knee_ext_seated", Leg.LEFT, 1250, 11, 12, 1, 81f, listOf(2.1f, .9f, 2.8f), List(12) { it != 7 },
    )

    private val set = LiveState.Training(
        At.SET, "knee_ext_seated", name("knee_ext_seated"), Leg.RIGHT, 1500, 2, 2, 7, 12, 62f, 76f, 100f, null, listOf(82f, 84f, 79f),
        t("Same weight again. Your range was a bit short.", "Noch einmal dasselbe Gewicht. Dein Umfang war etwas klein."), Moving.LOWER, 1.6f, listOf(2f, 1f, 3f), lower, null, good, poor = false, upNext = "", trouble = null, lostS = null, last = lastSet,
        answers = SetAnswers(),
    )

    private fun live(
        name: String, state: LiveState, floor: FloorWish = FloorWish.NEVER, demo: Boolean = false, appearance: Appearance = Appearance(),
    ) = Sample("live-$name", appearance = appearance) { LiveScreen(state, LiveActions(demo = if (demo) ({}) else null), floor) }

    private val stand = TrialNow(t("Feet together", "Füße zusammen"), 7, null, handOnCounter = false)

    private val trial = set.copy(
        at = At.SET, exerciseId = "balance_progress", exercise = t("Balance ladder", "Gleichgewichts-Leiter"), leg = Leg.LEFT, massG = 0, setNumber = 1, setOf = 2, count = 0,
        target = null, angleDeg = null, targetDeg = null, lastRangesDeg = listOf(), tempoS = listOf(0f, 0f, 0f), cue = t("Stand quietly.", "Steh ruhig."), trial = stand,
    )

    private val walked = WalkNow(WalkAt.BARE, 0, 3, 500, 0, 0, listOf(), 108)

    private val walking = set.copy(
        at = At.WALK, exerciseId = "walk", exercise = t("Walking", "Gehen"), leg = null, massG = 0, setOf = 0, count = 128, target = null, leftS = 184, angleDeg = null,
        targetDeg = null, lastRangesDeg = listOf(), tempoS = listOf(0f, 0f, 0f), cue = t("Walk as you always do.", "Geh, wie du immer gehst."), walk = walked,
    )

    private val onSession = listOf(
        live("opening", LiveState.Opening),
        live("looking", LiveState.Looking, demo = true),
        live("connecting", LiveState.Connecting(listOf("Talus 4F2A", "Talus 9C01"))),
        live("teaching", LiveState.Teaching(Leg.RIGHT, t("Straighten your knee three times.", "Strecke dein Knie dreimal."), .6f, 73f, 84f)),
        live(
            "preflight",
            set.copy(at = At.PREFLIGHT, cue = t("Right leg, 1.5 kg. Is that what you are wearing?", "Rechtes Bein, 1,5 kg. Trägst du das?"), angleDeg = null),
        ),
        live(
            "preflight-weak",
            set.copy(
                at = At.PREFLIGHT, massG = 0, cue = t("Looking for the cuff on your right leg.", "Suche nach der Manschette am rechten Bein."), angleDeg = null,
                cuffs = listOf(Cuff(Leg.RIGHT, Link.LOOKING, .2f, 9)),
            ),
        ),
        live(
            "instruct",
            set.copy(at = At.INSTRUCT, cue = t("Seated knee extension. Sit tall. Let the foot hang.", "Knie strecken im Sitzen. Setz dich aufrecht hin. Lass den Fuß hängen."), angleDeg = null),
        ),
        live(
            "get-ready",
            set.copy(at = At.GET_READY, leg = Leg.LEFT, leftS = 3, cue = t("Left leg, 1.5 kg. 12 times.", "Linkes Bein, 1,5 kg. 12 Mal."), angleDeg = null),
        ),
        live("get-ready-still", set.copy(at = At.GET_READY, angleDeg = null, cue = "")),
        live("set", set),
        live("set-left-nearly", set.copy(leg = Leg.LEFT, count = 10, moving = Moving.HOLD, movingS = .5f, angleDeg = 84f)),
        live("set-demo", set.copy(exerciseId = "quad_set_slr", exercise = name("quad_set_slr"), targetDeg = null, lastRangesDeg = listOf()), demo = true),
        live("set-hold", set.copy(target = null, count = 14, moving = Moving.HOLD, tempoS = listOf(0f, 30f, 0f), movingS = 14f)),
        live("set-limit", set.copy(limitDeg = 80f)),
        live("set-poor", set.copy(angleDeg = null, poor = true)),
        live(
            "set-full-disk",
            set.copy(trouble = t("The phone is full. This set is kept in memory. Free some space now.", "Das Telefon ist voll. Dieser Satz bleibt im Speicher. Mach jetzt Platz.")),
        ),
        live("set-lost", set.copy(angleDeg = null, lostS = 6, cuffs = listOf(Cuff(Leg.RIGHT, Link.LOST, .4f, 84)))),
        live("set-lost-long", set.copy(angleDeg = null, lostS = 24, cuffs = listOf(Cuff(Leg.RIGHT, Link.LOST, .4f, 84)))),
        live("set-bluetooth-off", set.copy(angleDeg = null, lostS = 8, cuffs = listOf(Cuff(Leg.RIGHT, Link.RADIO_OFF, .4f, 84)))),
        live("set-denied", set.copy(angleDeg = null, lostS = 8, cuffs = listOf(Cuff(Leg.RIGHT, Link.NOT_ALLOWED, .4f, 84)))),
        live("paused", set.copy(at = At.PAUSED, moving = Moving.READY)),
        live("resumed", set.copy(at = At.PAUSED, moving = Moving.READY, angleDeg = null, cue = t("You were at 7 of 12.", "Du warst bei 7 von 12."))),
        live("trial-shown", trial.copy(at = At.INSTRUCT, trial = stand.copy(seconds = null, handOnCounter = true), cue = t("Stand next to the counter.", "Stell dich neben die Arbeitsplatte."))),
        live("trial-ready", trial.copy(at = At.GET_READY, leftS = 3, trial = stand.copy(seconds = null))),
        live("trial-held", trial),
        live("trial-counted", trial.copy(exercise = t("Chair stand, 30 seconds", "Aufstehen vom Stuhl, 30 Sekunden"), leg = null, trial = TrialNow(null, null, 7, false)), demo = true),
        live(
            "trial-steps",
            trial.copy(
                leg = null, cue = t("Heel to toe, ten steps.", "Ferse an Zehen, zehn Schritte."),
                trial = TrialNow(t("Heel to toe, ten steps", "Ferse an Zehen, zehn Schritte"), null, null, handOnCounter = true),
            ),
        ),
        live("trial-paused", trial.copy(at = At.PAUSED)),
        live("trial-rest", trial.copy(at = At.REST, leftS = 42, cue = "", trial = stand.copy(seconds = null))),
        live("trial-lost", trial.copy(lostS = 6, trial = stand)),
        live("walk-bare", walking),
        live("walk-put-on", walking.copy(walk = walked.copy(part = WalkAt.PUT_ON, time = 1), leftS = null, cue = t("Put on 0.5 kg on each leg.", "Leg an jedes Bein 0,5 kg an."))),
        live("walk-loaded", walking.copy(walk = walked.copy(part = WalkAt.LOADED, time = 2, loadedS = 245), count = 412), demo = true),
        live(
            "walk-drift",
            walking.copy(
                walk = walked.copy(part = WalkAt.LOADED, time = 2, loadedS = 245, eased = 1, signs = listOf(t("Slower steps.", "Langsamere Schritte."))),
                count = 412, cue = t("Your stride has changed. Ease off.", "Dein Schritt hat sich verändert. Mach langsamer."),
            ),
        ),
        live("walk-different", walking.copy(walk = walked.copy(part = WalkAt.LOADED, time = 1, loadedS = 90, signs = listOf(t("Slower steps.", "Langsamere Schritte."))), count = 160)),
        live("walk-take-off", walking.copy(walk = walked.copy(part = WalkAt.TAKE_OFF, time = 2, loadedS = 260), leftS = null, cue = t("Cuffs off for the rest, please.", "Bitte die Manschetten für den Rest ab."))),
        live("walk-few", walking.copy(count = 6, walk = walked.copy(perMinute = null))),
        live("walk-paused", walking.copy(at = At.PAUSED, cue = "")),
        live("walk-lost", walking.copy(lostS = 8)),
        live("walk", set.copy(at = At.WALK, exercise = t("Walking", "Gehen"), count = 128, target = null, angleDeg = 12f, targetDeg = null, lastRangesDeg = listOf(), tempoS = listOf(0f, 0f, 0f), cue = "")),
        live("floor", set, FloorWish.ALWAYS),
        live("floor-lost", set.copy(lostS = 6, angleDeg = null), FloorWish.ALWAYS),
        live("floor-paused", set.copy(at = At.PAUSED), FloorWish.ALWAYS, demo = true),
        live("review", set.copy(at = At.REVIEW, leg = Leg.LEFT, count = 11, cue = "", angleDeg = null)),
        live("review-answered", set.copy(at = At.REVIEW, leg = Leg.LEFT, count = 11, cue = "", angleDeg = null, answers = SetAnswers(3, 1))),
        live(
            "rest",
            set.copy(at = At.REST, leg = Leg.LEFT, leftS = 42, angleDeg = null, cue = t("Sit tall. Let the foot hang.", "Setz dich aufrecht hin. Lass den Fuß hängen.")),
        ),
        live("rest-switch", set.copy(at = At.REST, leftS = 8, angleDeg = null, cue = "")),
        live(
            "summary",
            LiveState.Over(
                t("3 exercises, 36 counted, in 14 minutes.", "3 Übungen, 36 gezählt, in 14 Minuten."),
                listOf(t("Next: Thursday.", "Das nächste Mal: Donnerstag.")), redFlag = false,
                listOf(lastSet, lastSet.copy(leg = Leg.RIGHT, count = 12), lastSet.copy(exerciseId = "stand_abd", massG = 0, target = null)),
            ),
            demo = true,
        ),
        live(
            "summary-tested",
            LiveState.Over(
                t("1 test done.", "1 Test gemacht."), listOf(), redFlag = false, listOf(), walkTold, listOf(chairTested),
            ),
        ),
        live(
            "summary-flag",
            LiveState.Over(t("Stop. Sit or lie down. Call for help now.", "Halt. Setz oder leg dich hin. Ruf jetzt Hilfe."), listOf(), redFlag = true, listOf(lastSet)),
        ),
        live("failed", LiveState.Failed(advice)),
        Sample("live-flash-tip") { Box { LiveScreen(set, LiveActions(), FloorWish.NEVER); Edge(Flash.Kind.TIP) } },
        Sample("live-flash-stop") { Box { LiveScreen(set, LiveActions(), FloorWish.NEVER); Edge(Flash.Kind.STOP) } },
        live("set-left-hand", set, appearance = Appearance(leftHand = true)),
        live("set-contrast", set, appearance = Appearance(contrast = true)),
    )

    /** What is looked at on a tablet and on a phone on its side too. */
    val wide: List<Sample> get() = all.filter { it.name in setOf("today-ready", "live-walk-loaded", "live-trial-held", "test-result", "live-set", "live-paused", "live-set-lost", "live-review", "progress-trend") }

    val all: List<Sample> = onToday + onPlan + onTests + onSession + onProgress + onPerson + onCuffs + onYou

    /** The sample as the app would show it. */
    @Composable
    fun Show(sample: Sample) = CompositionLocalProvider(LocalNames provides names, LocalPounds provides false) { sample.content() }
}

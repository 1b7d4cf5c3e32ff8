// Journeys 1 to 4 of tests/journeys through the app's own view models, in virtual time: the same files and numbers as in
// Rust, Swift and the wrapper.
package app.talus.screens

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.core.Picture
import app.talus.core.Stage
import app.talus.kit.ExpectSet
import app.talus.kit.Journey
import app.talus.kit.LiveSession
import app.talus.kit.Step
import app.talus.kit.journey
import app.talus.look.Leg
import app.talus.person.AboutViewModel
import app.talus.person.Reply
import app.talus.plan.ExerciseViewModel
import app.talus.plan.Side
import app.talus.progress.ProgressViewModel
import app.talus.progress.SessionViewModel
import app.talus.session.LiveState
import app.talus.today.Condition
import app.talus.today.TodayViewModel
import app.talus.value
import java.util.concurrent.Executors
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

private const val STEP_US = 100_000L
private const val WAIT_MS = 240_000L

/** No journey lasts longer than this in virtual time. */
private const val LONGEST_US = 3_600_000_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class JourneyTest {
    private val thread = Executors.newSingleThreadExecutor()
    private val home = Home(
        ApplicationProvider.getApplicationContext<Context>(), CoroutineScope(thread.asCoroutineDispatcher()), Quiet()::with,
    )
    private var session: LiveSession? = null
    private var said = listOf<String>()

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest
    fun end() {
        FakeKeyStore.remove()
        thread.shutdown()
    }

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    private fun <T> read(model: PageViewModel<T>): T {
        model.refresh()
        until("a page") { model.state.value !is Loaded.Not }
        val state = model.state.value
        return checkNotNull(state.value()) { "$state" }
    }

    private fun take(open: suspend () -> LiveSession) {
        home.live.begin(0f) { open().also { session = it } }
        until("the session") { session != null && home.live.state.value !is LiveState.Opening }
    }

    private fun go(done: (gone: Long) -> Boolean) = runBlocking {
        val running = checkNotNull(session)
        var gone = 0L
        while (!running.latestFrame(0uL)!!.over && !done(gone)) {
            check(gone < LONGEST_US) { "no end" }
            running.advance(STEP_US)
            gone += STEP_US
        }
    }

    private fun step(step: Step) {
        when (step) {
            is Step.Demo -> take { home.talus().demo(step.seed) }
            is Step.Practice -> take { home.talus().practise(step.seed, step.exercises) }
            is Step.Resume -> take { home.talus().resume() }
            is Step.Person -> {
                val about = AboutViewModel(home)
                read(about)
                about.body("${step.birthYear}", "${step.heightCm}", "${step.massKg}")
                for (asked in about.state.value.value()!!.questions) {
                    about.reply(asked.id, if (asked.id == "FLOOR_ALONE" || asked.id == "REACH") Reply.YES else Reply.NO)
                }
                about.keep()
                until("the answers kept") { about.state.value.value()?.outcome != null }
            }
            is Step.Until -> {
                val begun = mutableSetOf<List<Any?>>()
                go {
                    val view = (checkNotNull(session).latestFrame(0uL)!!.picture as? Picture.Training)?.view
                    if (view?.stage == Stage.SET) begun += listOf(view.exercise, view.side, view.setNumber)
                    begun.size == step.set && view?.stage == Stage.SET && view.count >= step.count.toUInt()
                }
            }
            is Step.Go -> go { it >= (step.seconds * 1e6).toLong() }
            is Step.Pain -> {
                home.live.pain(step.level)
                go { it >= STEP_US }
                for (words in said) until(words) { (home.live.state.value as? LiveState.Training)?.said == words }
            }
            Step.Save -> runBlocking { assertTrue(checkNotNull(session).save() > 0) }
            Step.Kill -> {
                checkNotNull(session).close()
                session = null
                until("the end of it") { home.live.state.value == null }
            }
            Step.Finish -> {
                go { false }
                until("the summary") { home.live.state.value is LiveState.Over }
            }
            is Step.CheckIn -> {
                val today = TodayViewModel(home)
                read(today)
                today.checkIn(Condition(step.pain))
                until("what it changes") { today.state.value.value()?.said != null }
            }
            is Step.NotOpen -> {
                val exercise = read(ExerciseViewModel(home, step.exercise))
                val closed = assertIs<Side.Closed>(exercise.sides.first { it.leg == Leg.LEFT })
                assertTrue(closed.whys.any { step.why in it }, "$closed")
            }
            is Step.Prescribed -> {
                val leg = if (step.side == "left") Leg.LEFT else Leg.RIGHT
                val open = assertIs<Side.Open>(read(ExerciseViewModel(home, step.exercise)).sides.first { it.leg == leg })
                assertEquals(Triple(step.massG, step.mostG, step.why), Triple(open.massG, open.mostG, open.why))
            }
            else -> error("not a step of these journeys: $step")
        }
    }

    private fun same(expected: ExpectSet, exercise: String, leg: Leg, count: Int, short: Int, range: Float?) {
        assertEquals(expected.exercise to expected.side, exercise to leg.name.lowercase())
        assertTrue(count in expected.count, "$count of $expected")
        expected.short?.let { assertEquals(it, short, "$expected") }
        expected.rangeDeg?.let { assertTrue(range!!.toDouble() in it, "$range of $expected") }
    }

    private fun check(expect: Journey) {
        val over = assertIs<LiveState.Over>(home.live.state.value)
        val rows = read(ProgressViewModel(home)).sessions
        assertEquals(expect.sessions, rows.size)
        val detail = read(SessionViewModel(home, rows.first().id))
        assertEquals(expect.sets.size, detail.sets.size)
        for ((set, expected) in detail.sets zip expect.sets) {
            same(expected, set.exerciseId, set.leg, set.count, set.short, set.rangeDeg)
            assertEquals(set.count, set.reps.count { it.full })
        }
        // A resumed session tells only what it did itself.
        if (Step.Resume !in expect.steps) {
            assertEquals(expect.sets.size, over.sets.size)
            for ((set, expected) in over.sets zip expect.sets) same(expected, set.exerciseId, set.leg, set.count, set.short, set.rangeDeg)
        }
    }

    private fun walk(number: String) {
        val journey = journey(number)
        home.settings.change { it.copy(language = journey.language) }
        said = journey.said
        journey.steps.forEach(::step)
        check(journey)
    }

    @Test
    fun aCuffIsPairedAndCalibratedAndASessionStandsInTheHistory() = walk("01")

    @Test
    fun aCuffIsLostInASetAndComesBack() = walk("02")

    @Test
    fun aKilledSessionIsTakenUpAgain() = walk("03")

    @Test
    fun painEndsAnExerciseUntilSomebodyChecksIn() = walk("04")
}

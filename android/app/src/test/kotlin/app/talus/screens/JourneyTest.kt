// Journeys 1 to 9 of tests/journeys through the app's own view models, in virtual time: the same files and numbers as in
// Rust, Swift and the wrapper.
package app.talus.screens

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.core.Picture
import app.talus.core.SessionDetail
import app.talus.core.SessionWish
import app.talus.core.Stage
import app.talus.kit.ExpectSet
import app.talus.kit.Journey
import app.talus.kit.LiveSession
import app.talus.kit.Step
import app.talus.kit.journey
import app.talus.kit.signedPlan
import app.talus.look.Leg
import app.talus.mine.GivingOut
import app.talus.mine.MyDataViewModel
import app.talus.mine.RestoreState
import app.talus.mine.RestoreViewModel
import app.talus.people.PeopleViewModel
import app.talus.person.AboutViewModel
import app.talus.person.Reply
import app.talus.plan.ExerciseViewModel
import app.talus.plan.Side
import app.talus.progress.ProgressViewModel
import app.talus.progress.SessionViewModel
import app.talus.session.LiveState
import app.talus.today.Condition
import app.talus.today.TodayViewModel
import app.talus.trust.PlanLine
import app.talus.trust.TrustState
import app.talus.trust.TrustViewModel
import app.talus.value
import java.io.File
import java.io.FileInputStream
import java.io.FileOutputStream
import java.nio.file.Files
import java.util.concurrent.CopyOnWriteArraySet
import java.util.concurrent.Executors
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.asCoroutineDispatcher
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val STEP_US = 100_000L
private const val FAR_US = 2_000_000L
private const val WAIT_MS = 240_000L

/** No journey lasts longer than this in virtual time. */
private const val LONGEST_US = 3_600_000_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class JourneyTest {
    private val thread = Executors.newSingleThreadExecutor()
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val home = Home(
        context, CoroutineScope(thread.asCoroutineDispatcher()), Quiet()::with,
    )
    private val place: File = Files.createTempDirectory("journey").toFile()
    private val watching = CoroutineScope(Dispatchers.Unconfined)
    private val heard = CopyOnWriteArraySet<String>()
    private var session: LiveSession? = null
    private var said = listOf<String>()
    private var over: LiveState.Over? = null
    private var exported: SessionDetail? = null

    @BeforeTest
    fun begin() {
        FakeKeyStore.install()
        // Unconfined: nothing that was said is passed over.
        watching.launch { home.live.state.collect { state -> (state as? LiveState.Training)?.let { heard += it.said } } }
    }

    @AfterTest
    fun end() {
        FakeKeyStore.remove()
        watching.cancel()
        thread.shutdown()
        place.deleteRecursively()
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

    private fun go(stepUs: Long = STEP_US, done: (gone: Long) -> Boolean) = runBlocking {
        val running = checkNotNull(session)
        var gone = 0L
        while (!running.latestFrame(0uL)!!.over && !done(gone)) {
            check(gone < LONGEST_US) { "no end" }
            running.advance(stepUs)
            gone += stepUs
        }
    }

    private fun step(step: Step) {
        when (step) {
            is Step.Demo -> take { home.talus().demo(step.seed) }
            is Step.Examine -> take { home.talus().practise(step.seed, SessionWish.Tests(step.tests)) }
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
                // However time is cut, the same happens.
                go(FAR_US) { false }
                until("the summary") { home.live.state.value is LiveState.Over }
                val kept = checkNotNull((home.live.state.value as LiveState.Over).id)
                val sheets = runBlocking { home.talus().session(kept).tested.size }
                until("what came of its tests") { (home.live.state.value as LiveState.Over).tested.size == sheets }
                over = home.live.state.value as LiveState.Over
                home.live.seen()
                until("the end of it") { home.live.state.value == null }
            }
            is Step.Become -> become(step.name)
            is Step.Plan -> plan(step)
            is Step.Export -> {
                val data = MyDataViewModel(home, context).also(::read)
                if (step.passphrase == null) data.bundle(file(), signals = true) else data.backup(file(), step.passphrase)
                until("an end") { data.state.value.value()?.work.let { it != null && it !is GivingOut.Under } }
                assertEquals(1 to 1, assertIs<GivingOut.Done>(data.state.value.value()?.work).run { sessions to recordings })
                exported = runBlocking { home.talus().session("last") }
            }
            Step.Wipe -> {
                val wiping = MyDataViewModel(home, context).wipe()
                until("nothing") { wiping.isCompleted }
                assertTrue(runBlocking { home.talus().sessions(10u).isEmpty() })
            }
            is Step.Import -> takeIn(step)
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
        }
    }

    private fun become(name: String) {
        val people = PeopleViewModel(home)
        fun person() = people.state.value.value()?.people?.firstOrNull { it.name == name }
        read(people)
        if (person() == null) people.add(name)
        until(name) { person() != null }
        people.choose(checkNotNull(person()))
        until("$name chosen") { person()?.chosen == true }
    }

    private fun plan(step: Step.Plan) {
        val trust = TrustViewModel(home)
        read(trust)
        trust.give(signedPlan())
        until("the plan") { trust.state.value.value() is TrustState.Given }
        val given = assertIs<TrustState.Given>(trust.state.value.value()).plan
        assertEquals(false to null, given.known to given.notNow)
        val name = runBlocking { home.talus() }.exercises().single { it.id == step.exercise }.name
        val range = step.rangeDeg.run { start.toInt()..endInclusive.toInt() }
        assertEquals(listOf(PlanLine(name, null, step.massG, range)), given.lines.map { it.copy(leg = null) }, "the stage signs it from this file")
        trust.accept()
        until("that it counts") { (trust.state.value.value() as? TrustState.Kept)?.plan?.notNow == null && trust.state.value.value() is TrustState.Kept }
    }

    private fun takeIn(step: Step.Import) {
        val here = runBlocking { home.talus().profiles().sumOf { it.has.sessions.toInt() } }
        val restore = RestoreViewModel(home)
        restore.choose(file())
        if (step.passphrase != null) {
            until("the question for its words") { restore.state.value is RestoreState.Words }
            restore.words(step.passphrase)
        }
        until("the preview") { restore.state.value is RestoreState.Preview }
        assertEquals(1, (restore.state.value as RestoreState.Preview).sessions)
        restore.takeIn()
        until("the end") { restore.state.value is RestoreState.Done }
        assertEquals(1 - here to here, assertIs<RestoreState.Done>(restore.state.value).run { fresh to kept })
        // Whoever came is chosen, as on the page of people.
        val people = PeopleViewModel(home)
        val came = read(people).people.first { it.sessions > 0 }
        people.choose(came)
        until("who came") { people.state.value.value()?.people?.single { it.chosen }?.id == came.id }
        assertEquals(exported, runBlocking { home.talus().session("last") })
    }

    /** Where a picker would put what goes out, and find what comes in. */
    private fun file(): Uri = Uri.parse("content://picked/everything").also { address ->
        val everything = place.resolve("everything")
        val files = shadowOf(context.contentResolver)
        files.registerOutputStreamSupplier(address) { FileOutputStream(everything) }
        files.registerInputStreamSupplier(address) { FileInputStream(everything) }
    }

    private fun same(expected: ExpectSet, exercise: String, leg: Leg, count: Int, short: Int, range: Float?) {
        assertEquals(expected.exercise to expected.side, exercise to leg.name.lowercase())
        assertTrue(count in expected.count, "$count of $expected")
        expected.short?.let { assertEquals(it, short, "$expected") }
        expected.rangeDeg?.let { assertTrue(range!!.toDouble() in it, "$range of $expected") }
    }

    private fun check(expect: Journey) {
        val over = checkNotNull(over) { "a journey comes to an end" }
        for (words in expect.said) assertTrue(words in heard, "nobody said: $words")
        val rows = read(ProgressViewModel(home)).sessions
        assertEquals(expect.sessions, rows.size)
        val detail = read(SessionViewModel(home, rows.first().id))
        assertEquals(expect.sets.size, detail.sets.size)
        for ((set, expected) in detail.sets zip expect.sets) {
            same(expected, set.exerciseId, set.leg, set.count, set.short, set.rangeDeg)
            if (set.exerciseId != "walk") assertEquals(set.count, set.reps.count { it.full })
            expected.cadencePerMin?.let { assertTrue(set.perMinute!!.toDouble() in it, "$expected") }
        }
        assertEquals(expect.tested.map { it.name }, detail.tested.map { it.name })
        for ((test, expected) in detail.tested zip expect.tested) assertTrue(expected.says in test.lines, "$test")
        assertEquals(detail.tested to detail.walk, over.tested to over.walk)
        assertEquals(expect.sets.any { it.exercise == "walk" } && expect.tested.isEmpty(), over.walk.isNotEmpty())
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

    @Test
    fun aPlanFromSomebodyTrustedNarrowsALoadAndARange() = walk("05")

    @Test
    fun everythingGoesOutAndIsWipedAndComesBackTheSame() = walk("06")

    @Test
    fun aWalkBeginsWithoutAWeightAndAStrideThatChangesTakesItOff() = walk("07")

    @Test
    fun testsOfBalanceAndFunctionAreDoneAndKeptAndTold() = walk("09")

    @Test
    fun twoPeopleOfAHouseholdHaveNothingOfEachOther() = walk("08")
}

// Walks, tests, stages, programmes and lifts through their view models with the real core below; and sessions given to a store
// for health that is a fake.
package app.talus.screens

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.core.Edit
import app.talus.core.HealthConnectSession
import app.talus.core.SessionWish
import app.talus.health.HealthGiving
import app.talus.health.HealthStore
import app.talus.health.Part
import app.talus.health.Workout
import app.talus.health.toRecord
import app.talus.health.toWorkout
import app.talus.kit.LiveSession
import app.talus.lift.LiftViewModel
import app.talus.person.AboutViewModel
import app.talus.person.Reply
import app.talus.plan.PlanViewModel
import app.talus.plan.ProgrammeViewModel
import app.talus.progress.ProgressViewModel
import app.talus.progress.SessionViewModel
import app.talus.tests.RehabViewModel
import app.talus.tests.TestKind
import app.talus.tests.TestViewModel
import app.talus.tests.TestsViewModel
import app.talus.today.FirstViewModel
import app.talus.today.Next
import app.talus.today.TodayViewModel
import app.talus.value
import app.talus.walk.WalkState
import app.talus.walk.WalkViewModel
import java.io.ByteArrayInputStream
import java.io.IOException
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val WAIT_MS = 120_000L

/** No session of a virtual person is longer. */
private const val LONGEST_US = 3_600_000_000L

/** A programme as people share it. */
private const val GARDEN = """id = "garden"
name = "After the garden"
grade = "d"
sources = []
per_week = 2

[[parts]]
id = "a"
work = [{ exercise = "knee_ext_seated", sets = 2, reps = [8, 12], load = "own", reserve = 3 }]

[[weeks]]
aim = "learn"
"""

/** Remembers what it was given; [broken] where it takes nothing. */
private class FakeHealthStore : HealthStore {
    val kept = mutableMapOf<String, Workout>()
    var granted = true
    var broken = false
    override val there = true
    override val permission = "android.permission.health.WRITE_EXERCISE"

    override fun allowed() = granted

    override suspend fun write(workouts: List<Workout>) {
        if (broken) throw IOException("it takes nothing")
        for (one in workouts) kept[one.id] = one
    }

    override suspend fun forget(ids: List<String>?) {
        if (broken) throw IOException("it forgets nothing")
        if (ids == null) kept.clear() else kept -= ids.toSet()
    }
}

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class AskedTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val store = FakeHealthStore()
    private val home = Home(context, with = Quiet()::with, store = store)

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    private fun <T, M : PageViewModel<T>> opened(model: M): M = model.also {
        it.refresh()
        until("the page") { it.state.value is Loaded.Ready }
    }

    private fun <T> PageViewModel<T>.now(): T = checkNotNull(state.value.value())

    private fun somebody(unless: Map<String, Reply> = mapOf()) {
        val about = opened(AboutViewModel(home))
        about.body("1980", "175", "75")
        for (asked in about.now().questions) {
            about.reply(asked.id, unless[asked.id] ?: if (asked.id == "FLOOR_ALONE" || asked.id == "REACH") Reply.YES else Reply.NO)
        }
        about.keep()
        until("the answers kept") { about.state.value.value()?.outcome != null }
    }

    private fun done(wish: SessionWish): String = runBlocking {
        val live: LiveSession = home.talus().practise(1uL, wish)
        live.advance(LONGEST_US)
        checkNotNull(live.finish()).also { live.close() }
    }

    @Test
    fun aFirstWalkIsWithoutAWeightAndSaysWhy() {
        somebody()
        val walk = assertIs<WalkState.Open>(opened(WalkViewModel(home)).now())
        assertEquals(0 to 0, walk.massG to walk.times)
        assertTrue(!walk.known && walk.why.isNotBlank() && walk.beforeS > 0)
    }

    @Test
    fun whoHasFallenIsToldWhyThereIsNoWalkWithAWeightOrNoneAtAll() {
        val before = assertIs<WalkState.Shut>(opened(WalkViewModel(home)).now(), "nobody has answered")
        assertTrue(before.whys.isNotEmpty())
        somebody(mapOf("SURGERY" to Reply.YES))
        assertTrue(assertIs<WalkState.Shut>(opened(WalkViewModel(home)).now()).whys.all(String::isNotBlank))
    }

    @Test
    fun testsAreListedAndTheLadderSaysItsRungAndAResultIsTold() {
        somebody()
        val rows = opened(TestsViewModel(home)).now().tests
        assertTrue(rows.any { it.kind == TestKind.BALANCE } && rows.any { it.kind == TestKind.FUNCTION })
        assertEquals(listOf(), rows.filter { it.name.isBlank() || it.what.isBlank() })
        val ladder = opened(TestViewModel(home, "balance_progress")).now()
        assertNotNull(ladder.stance)
        assertTrue(ladder.steps.isNotEmpty() && ladder.results.isEmpty())
        val id = done(SessionWish.Tests(listOf("chair_stand_30")))
        val session = opened(SessionViewModel(home, id)).now()
        assertTrue(session.tested.single().lines.isNotEmpty(), "$session")
        val result = opened(TestViewModel(home, "chair_stand_30")).now().results.single()
        assertTrue(result.said.isNotBlank() && result.points.size == 1)
        assertEquals(listOf(result), opened(ProgressViewModel(home)).now().daily)
    }

    @Test
    fun whatWaitsForAPlanSaysSo() {
        somebody()
        val rehab = opened(RehabViewModel(home)).now()
        assertNull(rehab.plan)
        assertTrue(rehab.stages.any { it.id == "knee_rebuild" })
        assertEquals(listOf(), rehab.stages.filter { it.whys.isEmpty() })
        val page = opened(ProgrammeViewModel(home, "knee_rebuild")).now()
        assertTrue(page.needsPlan && page.programme.needs.isNotEmpty() && page.exercises.isNotEmpty())
    }

    @Test
    fun aProgrammeIsFollowedAndTodaySaysHowMuchAndWhy() {
        somebody()
        val open = opened(PlanViewModel(home)).now().programmes.first { it.needs.isEmpty() && !it.followed }
        val page = opened(ProgrammeViewModel(home, open.id))
        page.follow(true)
        until("that it is followed") { page.now().programme.followed }
        val next = opened(TodayViewModel(home)).now().next
        if (next is Next.Train) {
            assertTrue(next.doses.isNotEmpty() && next.doses.all { it.why.isNotBlank() })
        } else {
            assertIs<Next.Rest>(next)
        }
        page.follow(false)
        until("that it is followed no more") { !page.now().programme.followed }
    }

    @Test
    fun theFirstTenMinutesAreOfferedUntilSomethingWasMeasured() {
        assertTrue(opened(FirstViewModel(home)).now().whys.isNotEmpty(), "nobody has answered")
        somebody()
        val open = opened(PlanViewModel(home)).now().programmes.first { it.needs.isEmpty() }
        runBlocking { home.talus().follow(open.id) }
        val today = opened(TodayViewModel(home)).now()
        assertIs<Next.Train>(today.next)
        assertTrue(today.first)
        val first = opened(FirstViewModel(home)).now()
        assertEquals(listOf(), first.whys)
        assertTrue(first.tests.isNotEmpty() && first.tests.all { it.steps.isNotEmpty() } && first.walk != null, "$first")
        val session = opened(SessionViewModel(home, done(SessionWish.First))).now()
        assertTrue(session.tested.size > 1 && session.walk.isNotEmpty(), "$session")
        assertTrue(!opened(TodayViewModel(home)).now().first)
    }

    @Test
    fun aProgrammeThatSomebodySharedIsTakenInAndPutAwayAndNonsenseIsTold() {
        somebody()
        val plan = opened(PlanViewModel(home))
        fun given(text: String) = Uri.parse("content://picked/programme").also {
            shadowOf(context.contentResolver).registerInputStreamSupplier(it) { ByteArrayInputStream(text.toByteArray()) }
        }
        plan.takeIn(given("no programme at all"))
        until("that it is none") { plan.now().notTaken != null }
        plan.takeIn(given(GARDEN))
        until("it among the others") { plan.now().programmes.any { it.id == "garden" && it.shared } }
        assertNull(plan.now().notTaken)
        val page = opened(ProgrammeViewModel(home, "garden"))
        assertEquals(true to listOf("knee_ext_seated"), page.now().run { shared to exercises.map { it.id } })
        var text = ""
        page.share { text = it }
        until("the text") { "After the garden" in text }
        var away = false
        page.putAway { away = true }
        until("that it is away") { away }
        assertTrue(opened(PlanViewModel(home)).now().programmes.none { it.id == "garden" })
    }

    @Test
    fun aLiftIsLoggedAndTakenBack() {
        somebody()
        val lift = opened(LiftViewModel(home))
        assertEquals(7, lift.now().lifts.size)
        lift.choose("LUNGE")
        lift.bar(4)
        lift.sets(-9)
        assertEquals(Triple("LUNGE", 1, 10_000), lift.now().run { Triple(chosen, sets, barG) })
        lift.log()
        until("the line") { lift.now().lines.size == 1 && lift.now().undo != null }
        lift.undo()
        until("it gone") { lift.now().lines.isEmpty() && lift.now().undo == null }
    }

    @Test
    fun weightsAreToldInPoundsWhereSomebodyWantsThem() {
        somebody()
        val lift = opened(LiftViewModel(home))
        home.settings.change { it.copy(pounds = true) }
        lift.bar(2)
        lift.log()
        until("the line") { lift.now().lines.any { "10" in it && "lb" in it } }
    }

    @Test
    fun sessionsGoToAStoreForHealthOnlyWhereSomebodyWantsThatAndOnlyTheirOwn() {
        somebody()
        done(SessionWish.Exercises(listOf("knee_ext_seated")))
        runBlocking { home.health.catchUp() }
        assertEquals(mapOf(), store.kept.toMap(), "it is off at first")
        runBlocking { home.health.turnOn(nowUtcMs = 0) }
        store.granted = false
        runBlocking { home.health.catchUp() }
        assertEquals(mapOf(), store.kept.toMap(), "the phone does not allow it")
        store.granted = true
        store.broken = true
        runBlocking { home.health.catchUp() }
        assertTrue(home.health.refused.value)
        store.broken = false
        runBlocking { home.health.catchUp() }
        assertTrue(!home.health.refused.value)
        val row = runBlocking { home.talus().sessions(1u).single() }
        val mapped = runBlocking { home.talus().session(row.id) }.healthConnect
        if (mapped == null) {
            // A virtual person trained: nobody's health.
            assertEquals(mapOf(), store.kept.toMap())
        } else {
            assertEquals(mapped.segments.size, store.kept.getValue(row.id).parts.size)
        }
        // Somebody else of the household gives nothing.
        store.kept.clear()
        runBlocking { home.talus().addPerson("Jo").let { jo -> home.settings.change { it.copy(person = jo) } } }
        runBlocking { home.health.changed(row.id) }
        assertEquals(mapOf(), store.kept.toMap())
        store.kept["other"] = Workout("other", 0, 70, 0, 1, 0, listOf())
        runBlocking { home.health.takeBack() }
        assertEquals(mapOf(), store.kept.toMap())
        home.health.turnOff()
        assertNull(home.settings.wishes.value.health)
    }

    @Test
    fun aSessionThatWasTakenUpAgainIsGivenThoughALaterOneWasGivenBefore() {
        somebody()
        val id = done(SessionWish.Exercises(listOf("knee_ext_seated")))
        val giving = HealthGiving(home, store, MainScope()) { Workout(it.row.id, 1, 70, 0, 1, 0, listOf()) }
        runBlocking {
            giving.turnOn(nowUtcMs = 0)
            home.settings.change { it.copy(health = it.health?.copy(throughUtcMs = Long.MAX_VALUE)) }
            giving.catchUp()
            assertEquals(setOf(), store.kept.keys.toSet(), "it began before what was given last")
            store.broken = true
            giving.ended(id)
            store.broken = false
            giving.catchUp()
        }
        assertEquals(setOf(id), store.kept.keys.toSet(), "given by its id, and again where that was refused")
        assertEquals(Long.MAX_VALUE, home.settings.wishes.value.health?.throughUtcMs)
    }

    @Test
    fun whatIsWrittenAfterAChangeWasTakenBackIsNewerThanTheChange() {
        somebody()
        val id = done(SessionWish.Exercises(listOf("knee_ext_seated")))
        fun version(nowUtcMs: Long) = runBlocking {
            home.talus().session(id).copy(healthConnect = HealthConnectSession(id, 70u, 0, 1, 0, listOf())).toWorkout(nowUtcMs)!!.version
        }
        runBlocking { home.talus().edit(id, Edit.Starred(true)) }
        val changed = version(1_000)
        runBlocking { home.talus().edit(id, Edit.Undo) }
        assertTrue(version(2_000) > changed)
    }

    @Test
    fun theRecordOfHealthConnectHasEveryPartInItsKind() {
        val record = Workout(
            "019b", 2, 70, 1_000_000, 1_600_000, 60,
            listOf(Part(33, 1_000_000, 1_060_000, 12), Part(44, 1_060_000, 1_120_000, 0), Part(999, 1_120_000, 1_180_000, 8)),
        ).toRecord()
        assertEquals("019b" to 2L, record.metadata.clientRecordId to record.metadata.clientRecordVersion)
        assertEquals(3600, record.startZoneOffset.totalSeconds)
        assertEquals(listOf(12, 0, 8), record.segments.map { it.repetitionsCount })
        assertEquals(3, record.segments.map { it.segmentType }.toSet().size)
    }
}

// The journeys of tests/journeys through the wrapper, in virtual time: the same files and numbers as in Rust and Swift.
package app.talus.kit

import app.talus.core.About
import app.talus.core.Answer
import app.talus.core.Answered
import app.talus.core.Answers
import app.talus.core.CheckIn
import app.talus.core.Event
import app.talus.core.ExportWish
import app.talus.core.Exported
import app.talus.core.Goal
import app.talus.core.Imported
import app.talus.core.Level
import app.talus.core.LinkState
import app.talus.core.Moment
import app.talus.core.Question
import app.talus.core.Reply
import app.talus.core.SessionDetail
import app.talus.core.SessionWish
import app.talus.core.Side
import app.talus.core.TalusException
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

private const val STEP_US = 100_000L

/** No journey lasts longer than this in virtual time. */
private const val LONGEST_US = 3_600_000_000L

private class Walker(private var talus: TalusApp, private val home: suspend () -> TalusApp, private val folder: Path, private val scope: CoroutineScope) {
    private val heard = CopyOnWriteArrayList<Event>()
    private val file = folder.resolve("everything").toString()
    private var exported: SessionDetail? = null
    private var session: LiveSession? = null
    private var collecting: Job? = null

    private fun takeUp(taken: LiveSession) {
        session = taken
        // Unconfined: an event is in the list when the call that brought it returns.
        collecting = scope.launch(Dispatchers.Unconfined) { taken.events().collect { heard += it } }
    }

    private fun running(): LiveSession = checkNotNull(session) { "a journey begins before it goes on" }

    private suspend fun go(done: (Long) -> Boolean) {
        var gone = 0L
        while (!running().latestFrame(0uL)!!.over && !done(gone)) {
            check(gone < LONGEST_US) { "no end" }
            running().advance(STEP_US)
            gone += STEP_US
        }
    }

    private suspend fun parted() {
        collecting!!.join()
        session = null
    }

    suspend fun step(step: Step) {
        when (step) {
            is Step.Demo -> takeUp(talus.demo(step.seed))
            is Step.Person -> talus.setAbout(about(step))
            is Step.Become -> {
                val known = talus.profiles().firstOrNull { it.name == step.name }
                talus = talus.forPerson(known?.id ?: talus.addPerson(step.name))
            }
            is Step.Practice -> {
                heard.clear()
                takeUp(talus.practise(step.seed, step.exercises))
            }
            is Step.Examine -> {
                heard.clear()
                takeUp(talus.practise(step.seed, SessionWish.Tests(step.tests)))
            }
            is Step.Pain -> running().answer(Answer.Pain(step.level.toUByte()))
            is Step.CheckIn -> {
                talus.checkIn(Moment.BEFORE, CheckIn(step.pain.toUByte(), false, false, false, listOf()))
            }
            is Step.Prescribed -> {
                val found = talus.prescribe(step.exercise, if (step.side == "left") Side.LEFT else Side.RIGHT, both = true)
                assertEquals(step, step.copy(massG = found.massG.toInt(), mostG = found.mostG.toInt(), why = found.why))
            }
            is Step.NotOpen -> {
                val refused = assertFailsWith<TalusException.Invalid> { talus.prescribe(step.exercise, Side.LEFT, both = true) }
                assertTrue(refused.what.endsWith(step.why), refused.what)
            }
            is Step.Plan -> {
                val shown = talus.previewPlan(signedPlan())
                val line = shown.lines.single()
                val range = line.rangeDeg!!.let { (from, to) -> from.toDouble()..to.toDouble() }
                assertEquals(step, Step.Plan(line.exercise, line.mostG.toInt(), range), "./test kotlin signs it from this file")
                assertFailsWith<TalusException.Invalid> { talus.acceptPlan(signedPlan(), null) }
                assertNull(talus.acceptPlan(signedPlan(), shown.words).notNow)
            }
            is Step.Export -> {
                val told = talus.export(file, ExportWish(everyone = true, recordings = true, step.passphrase)).toList()
                assertEquals(Working.Under(1f), told[told.size - 2])
                val done = assertIs<Working.Done<Exported>>(told.last()).result
                assertEquals(1uL to 1uL, done.sessions to done.recordings)
                exported = talus.session("last")
            }
            Step.Wipe -> {
                talus.close()
                folder.resolve("household").toFile().deleteRecursively()
                talus = home()
                assertTrue(talus.sessions(10u).isEmpty())
            }
            is Step.Import -> {
                val contents = talus.lookInto(file, step.passphrase)
                assertEquals((step.passphrase != null) to 1uL, contents.sealed to contents.sessions)
                val here = talus.sessions(10u).size.toULong()
                val done = assertIs<Working.Done<Imported>>(talus.takeIn(file, step.passphrase).toList().last()).result
                assertEquals(1uL - here to here, done.sessionsNew to done.sessionsKept)
                // Whoever came may be the one who is chosen now.
                talus = home().let { it.forPerson(it.profiles().first { one -> it.forPerson(one.id).sessions(1u).isNotEmpty() }.id) }
                assertEquals(exported, talus.session("last"))
            }
            is Step.Go -> go { it >= (step.seconds * 1e6).toLong() }
            is Step.Until -> go {
                val begun = heard.count { it is Event.SetBegan }
                val counted = heard.takeLastWhile { it !is Event.SetBegan }.count { it is Event.RepEnded }
                begun == step.set && counted >= step.count
            }
            Step.Finish -> {
                go { false }
                assertNotNull(running().finish())
                running().close()
                parted()
            }
            Step.Save -> assertTrue(running().save() > 0)
            Step.Kill -> {
                running().close()
                parted()
            }
            Step.Resume -> takeUp(talus.resume())
        }
    }

    suspend fun check(expect: Journey) {
        assertEquals(expect.sessions, talus.sessions(100u).size)
        val detail = talus.session("last")
        assertEquals(expect.finished, detail.row.finished)
        assertEquals(expect.paired, heard.count { it is Event.Found })
        assertEquals(expect.paired, heard.count { it is Event.Paired })
        // A test measures the range itself.
        val calibrated = if (expect.tested.isEmpty()) expect.paired else 0
        assertEquals(calibrated, heard.count { it is Event.Calibrated && it.rangeDeg != null })
        assertEquals(expect.lost, heard.count { it is Event.LinkChanged && it.state == LinkState.LOST })
        for (words in expect.said) assertTrue(heard.any { it is Event.Said && it.text == words }, "nobody said: $words")
        assertEquals(expect.sets.size, detail.sets.size)
        for ((set, expected) in detail.sets zip expect.sets) {
            val result = set.result
            val side = if (result.side == Side.LEFT) "left" else "right"
            assertEquals(expected.exercise to expected.side, result.exercise to side)
            assertTrue(result.count.toInt() in expected.count, "$result")
            val kept = if (result.exercise == "walk") set.strides.size else set.reps.count { it.full }
            assertEquals(result.count.toInt(), kept)
            expected.short?.let { assertEquals(it, result.short.toInt(), "$result") }
            expected.endedBy?.let { assertEquals(it.uppercase(), result.endedBy.name, "$result") }
            expected.rangeDeg?.let { assertTrue(result.rangeDeg!!.toDouble() in it, "$result") }
            expected.cadencePerMin?.let { assertTrue(result.cadencePerMin!!.toDouble() in it, "$result") }
        }
        assertEquals(expect.tested.map { it.name }, detail.tested.map { it.name })
        for ((sheet, expected) in detail.tested zip expect.tested) {
            assertTrue(sheet.value!!.toDouble() in expected.value, "$sheet")
            assertTrue(expected.says in sheet.lines, "$sheet")
        }
        val recording = folder.resolve("household/recordings/${detail.row.id}.talus")
        val replayed = talus.replayRecording(recording.toString())
        assertEquals(0uL to true, replayed.damaged to replayed.asStored)
    }
}

/** Somebody without a worry. */
private fun Walker.about(step: Step.Person) = About(
    step.birthYear.toShort(), step.heightCm.toFloat(), step.massKg.toFloat(), null, Goal.STRENGTH, Level.BEGINNER, null,
    Answers(
        Question.entries.map { Answered(it, if (it == Question.FLOOR_ALONE || it == Question.REACH) Reply.YES else Reply.NO) },
        listOf(), null, null, false,
    ),
    null, null,
)

private fun walk(number: String) = runBlocking {
    val journey = journey(number)
    val folder = Files.createTempDirectory("talus")
    val opened = mutableListOf<TalusApp>()
    suspend fun home() = TalusApp.of(folder.resolve("household/talus.db").toString(), journey.language, "Europe/Berlin").also(opened::add)
    try {
        coroutineScope {
            val walker = Walker(home(), ::home, folder, this)
            journey.steps.forEach { walker.step(it) }
            walker.check(journey)
        }
    } finally {
        opened.forEach(TalusApp::close)
        folder.toFile().deleteRecursively()
    }
}

class JourneysTest {
    @Test
    fun `a cuff is paired and calibrated and a session stands in the history`() = walk("01")

    @Test
    fun `a cuff is lost in a set and comes back`() = walk("02")

    @Test
    fun `a killed session is taken up again`() = walk("03")

    @Test
    fun `pain ends an exercise until somebody checks in`() = walk("04")

    @Test
    fun `a plan from somebody trusted narrows a load and a range`() = walk("05")

    @Test
    fun `everything goes out and is wiped and comes back the same`() = walk("06")

    @Test
    fun `a walk with a weight begins without one and a changed stride takes it off`() = walk("07")

    @Test
    fun `tests of balance and function are done and kept and told`() = walk("09")

    @Test
    fun `two people of a household have nothing of each other`() = walk("08")
}

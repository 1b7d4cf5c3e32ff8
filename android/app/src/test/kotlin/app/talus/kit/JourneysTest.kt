// The journeys of tests/journeys through the wrapper, in virtual time: the same files and numbers as in Rust and Swift.
package app.talus.kit

import app.talus.core.Event
import app.talus.core.LinkState
import app.talus.core.Side
import java.nio.file.Files
import java.nio.file.Path
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertTrue
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

private const val STEP_US = 100_000L

/** No journey lasts longer than this in virtual time. */
private const val LONGEST_US = 3_600_000_000L

private class Walker(private val talus: TalusApp, private val folder: Path, private val scope: CoroutineScope) {
    private val heard = CopyOnWriteArrayList<Event>()
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
        assertEquals(expect.paired, heard.count { it is Event.Calibrated && it.rangeDeg != null })
        assertEquals(expect.lost, heard.count { it is Event.LinkChanged && it.state == LinkState.LOST })
        assertEquals(expect.sets.size, detail.sets.size)
        for ((set, expected) in detail.sets zip expect.sets) {
            val result = set.result
            val side = if (result.side == Side.LEFT) "left" else "right"
            assertEquals(expected.exercise to expected.side, result.exercise to side)
            assertTrue(result.count.toInt() in expected.count, "$result")
            assertEquals(result.count.toInt(), set.reps.count { it.full })
            expected.short?.let { assertEquals(it, result.short.toInt(), "$result") }
            expected.rangeDeg?.let { assertTrue(result.rangeDeg!!.toDouble() in it, "$result") }
        }
        val recording = folder.resolve("recordings/${detail.row.id}.talus")
        val replayed = talus.replayRecording(recording.toString())
        assertEquals(0uL to true, replayed.damaged to replayed.asStored)
    }
}

private fun walk(number: String) = runBlocking {
    val journey = journey(number)
    val folder = Files.createTempDirectory("talus")
    try {
        TalusApp.of(folder.resolve("talus.db").toString(), journey.language, "Europe/Berlin").use { talus ->
            coroutineScope {
                val walker = Walker(talus, folder, this)
                journey.steps.forEach { walker.step(it) }
                walker.check(journey)
            }
        }
    } finally {
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
}

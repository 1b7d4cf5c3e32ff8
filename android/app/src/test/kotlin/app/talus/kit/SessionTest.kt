// What the bridge promises Kotlin: ends that end, errors with their kind, threads, and nothing left behind.
package app.talus.kit

import app.talus.core.Answer
import app.talus.core.Beginning
import app.talus.core.Budget
import app.talus.core.CheckIn
import app.talus.core.Edit
import app.talus.core.Event
import app.talus.core.ExportWish
import app.talus.core.FfiConverterTypeListener
import app.talus.core.Frame
import app.talus.core.Lift
import app.talus.core.Listener
import app.talus.core.ListenerException
import app.talus.core.Moment
import app.talus.core.Observing
import app.talus.core.Opening
import app.talus.core.Picture
import app.talus.core.Session
import app.talus.core.SessionWish
import app.talus.core.Side
import app.talus.core.Stage
import app.talus.core.Talus
import app.talus.core.TalusException
import app.talus.core.Tap
import com.sun.jna.Function
import com.sun.jna.Structure
import java.lang.management.ManagementFactory
import java.nio.file.Files
import java.nio.file.Path
import java.util.Collections
import java.util.concurrent.CopyOnWriteArrayList
import java.util.concurrent.SynchronousQueue
import java.util.concurrent.TimeUnit
import java.util.concurrent.atomic.AtomicBoolean
import java.util.concurrent.atomic.AtomicInteger
import kotlin.concurrent.thread
import kotlin.coroutines.Continuation
import kotlin.system.measureNanoTime
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

private const val SECOND_US = 1_000_000L

/** A minute of them, at thirty a second. */
private const val PICTURES = 1800

private fun home(language: String = "en", use: suspend (TalusApp) -> Unit) = runBlocking {
    val folder = Files.createTempDirectory("talus")
    try {
        TalusApp.of(folder.resolve("talus.db").toString(), language, "Europe/Berlin").use { use(it) }
    } finally {
        folder.toFile().deleteRecursively()
    }
}

/** The generated objects themselves, for what the wrapper keeps from its callers. */
private fun core(use: (Talus) -> Unit) {
    val folder = Files.createTempDirectory("talus")
    try {
        Talus(Opening(folder.resolve("talus.db").toString(), "en", null, null)).use(use)
    } finally {
        folder.toFile().deleteRecursively()
    }
}

private suspend fun LiveSession.intoASet() {
    repeat(600) {
        advance(SECOND_US / 2)
        if (stage() == Stage.SET) return
    }
    error("no set began")
}

private fun LiveSession.stage(): Stage? = stage(latestFrame(0uL))

private fun Session.stage(): Stage? = stage(latestFrame(0uL))

private fun stage(frame: Frame?): Stage? = (frame?.picture as? Picture.Training)?.view?.stage

private fun listening(hear: (List<Event>) -> Unit) = object : Listener {
    override fun onEvents(events: List<Event>) = hear(events)
}

class SessionTest {
    @Test
    fun `a cancelled coroutine ends the observation in the core and the next one hears what came meanwhile`() = home { talus ->
        talus.demo(1uL).use { session ->
            runBlocking {
                val first = CopyOnWriteArrayList<Event>()
                val job = launch(Dispatchers.Unconfined) { session.events().collect { first += it } }
                session.advance(20 * SECOND_US)
                assertTrue(first.isNotEmpty())
                job.cancelAndJoin()
                assertEquals(0, FfiConverterTypeListener.handleMap.size, "the core still holds the listener")
                val heard = first.size
                session.advance(40 * SECOND_US)
                assertEquals(heard, first.size)
                val second = CopyOnWriteArrayList<Event>()
                val again = launch(Dispatchers.Unconfined) { session.events().collect { second += it } }
                session.advance(SECOND_US)
                again.cancelAndJoin()
                assertTrue(second.any { it is Event.StageChanged }, "what happened meanwhile was lost")
            }
        }
    }

    @Test
    fun `flows complete when the session is finished`() = home { talus ->
        val session = talus.demo(2uL)
        runBlocking {
            val events = CopyOnWriteArrayList<Event>()
            val told = launch(Dispatchers.Unconfined) { session.events().toList(events) }
            val drawn = launch(Dispatchers.Default) { session.frames().collect {} }
            session.intoASet()
            assertNotNull(session.finish())
            withTimeout(20_000) {
                told.join()
                drawn.join()
            }
            assertEquals(1, events.count { it is Event.Ended })
        }
        session.close()
    }

    @Test
    fun `a paced session draws by itself`() = home { talus ->
        talus.demo(3uL).use { session ->
            session.pace(50f)
            val frame = withTimeout(60_000) { session.frames().first { it.nowUs > 2 * SECOND_US } }
            assertTrue(frame.version > 1uL)
            session.pace(0f)
        }
    }

    @Test
    fun `a listener that throws is told nothing more and both sides know it`() = core { talus ->
        talus.begin(Beginning.Demo(4uL)).use { session ->
            val calls = AtomicInteger()
            session.observe(listening {
                calls.incrementAndGet()
                error("no room on the screen")
            }).use { observation ->
                val failure = assertFailsWith<TalusException.ListenerFailed> { session.advance(60 * SECOND_US) }
                assertTrue("no room on the screen" in failure.what, failure.what)
                assertTrue(failure.advice.isNotEmpty())
                assertIs<Observing.Failed>(observation.state())
                session.advance(SECOND_US)
                assertEquals(1, calls.get())
            }
            session.observe(listening { throw ListenerException.Refused("enough") }).use {
                val failure = assertFailsWith<TalusException.ListenerFailed> { session.advance(60 * SECOND_US) }
                assertTrue("enough" in failure.what, failure.what)
            }
        }
    }

    @Test
    fun `a listener that waits for its own session gets an error and no deadlock`() = core { talus ->
        talus.begin(Beginning.Demo(5uL)).use { session ->
            val got = Collections.synchronizedList(mutableListOf<Throwable?>())
            session.observe(listening { got += runCatching { session.advance(1) }.exceptionOrNull() }).use {
                session.advance(30 * SECOND_US)
            }
            assertTrue(got.isNotEmpty() && got.all { it is TalusException.Invalid }, "$got")
        }
    }

    @Test
    fun `the session's thread is attached once and stays the same`() = home { talus ->
        talus.demo(6uL).use { session ->
            val threads = CopyOnWriteArrayList<Thread>()
            runBlocking {
                val job = launch(Dispatchers.Unconfined) { session.events().collect { threads += Thread.currentThread() } }
                session.advance(60 * SECOND_US)
                job.cancelAndJoin()
            }
            assertTrue(threads.size > 3)
            assertEquals(1, threads.distinctBy { System.identityHashCode(it) }.size)
        }
    }

    @Test
    fun `a closed session throws Closed whatever is asked of it`() = home { talus ->
        val session = talus.demo(7uL)
        session.intoASet()
        val left = assertNotNull(session.leave())
        assertTrue(left.safeUs > 0)
        suspend fun refuses() {
            assertFailsWith<TalusException.Closed> { session.latestFrame(0uL) }
            assertFailsWith<TalusException.Closed> { session.advance(1) }
            assertFailsWith<TalusException.Closed> { session.press(Tap.PAUSE) }
            assertFailsWith<TalusException.Closed> { session.answer(Answer.RedFlag) }
            assertFailsWith<TalusException.Closed> { session.save() }
            assertFailsWith<TalusException.Closed> { session.finish() }
            assertFailsWith<TalusException.Closed> { session.events().first() }
        }
        refuses()
        // Also where the object itself is gone.
        session.close()
        session.close()
        refuses()
        talus.resume(left.session).use { again -> again.intoASet() }
    }

    @Test
    fun `a closed object says so in the language of the app and with the words of the core`() {
        val advices = mapOf(
            "en" to ("Begin a new session, or resume one." to "Open Talus again."),
            "de" to ("Beginne eine neue Einheit, oder setz eine fort." to "Öffne Talus noch einmal."),
        )
        for ((language, said) in advices) home(language) { talus ->
            suspend fun <T> refuses(advice: String? = null, call: suspend () -> T) {
                val failure = assertFailsWith<TalusException.Closed> { call() }
                assertTrue(failure.what.isNotEmpty())
                assertEquals(advice ?: failure.advice, failure.advice)
            }
            val session = talus.demo(11uL)
            session.intoASet()
            session.finish()
            // First the core says it, then what the core says is said for it.
            repeat(2) {
                refuses(said.first) { session.save() }
                session.close()
            }
            val nearby = talus.nearby(seed = 1uL)
            nearby.stop()
            for (call in listOf<suspend () -> Any?>({ nearby.now() }, { nearby.choose() }, { nearby.diagnostics() })) {
                refuses(call = call)
            }

            val (exercises, questions) = talus.exercises() to talus.questionnaire()
            talus.close()
            talus.close()
            val whole = ExportWish(everyone = true, recordings = false, passphrase = null)
            val calls: List<suspend () -> Any?> = listOf(
                { talus.profiles() }, { talus.cuffs() }, { talus.renameCuff("", "") }, { talus.wearCuff("", Side.LEFT, 0u) },
                { talus.swapCuffs("") }, { talus.forgetCuff("") }, { talus.nearby(1uL) }, { talus.sessions(1u) },
                { talus.unfinished() }, { talus.session("last") }, { talus.course("walk") }, { talus.walking() },
                { talus.calendar(1u) }, { talus.traces("last", 10u) }, { talus.edit("last", Edit.Undo) },
                { talus.deleteSession("last") }, { talus.rescore("last", false) }, { talus.addPerson("") },
                { talus.renamePerson("") }, { talus.deletePerson("") }, { talus.forPerson("") }, { talus.about() },
                { talus.openness() }, { talus.today() }, { talus.programmes() }, { talus.follow(null) }, { talus.noted() },
                { talus.report("2026-01-01", "2026-01-02") }, { talus.outgrown(Budget(null, null)) },
                { talus.letGo(Budget(null, null), listOf()) }, { talus.previewPlan("") }, { talus.acceptPlan("", null) },
                { talus.plan() }, { talus.putPlanAway() }, { talus.prescribe("walk", Side.LEFT, true) },
                { talus.replayRecording("") }, { talus.demo(1uL) }, { talus.practise(1uL, listOf()) }, { talus.resume() },
                { talus.lookInto("") }, { talus.export("", whole).toList() }, { talus.takeIn("").toList() },
                { talus.checkIn(Moment.BEFORE, CheckIn(null, false, false, false, listOf())) },
                { talus.foretell(SessionWish.Walk) }, { talus.protocols() }, { talus.logLift(Lift.SQUAT, 3u, 8u, 60_000u) },
                { talus.takeInProgramme("") }, { talus.putProgrammeAway("") }, { talus.shareProgramme("") },
            )
            for (call in calls) refuses(said.second, call)
            // What is about nobody was read once.
            assertTrue(talus.exercises() === exercises && talus.questionnaire() === questions && talus.cards().size >= 20)
            // Every call that may fail was made, but for the one that needs somebody described.
            val waiting = TalusApp::class.java.declaredMethods
                .filter { it.parameterTypes.lastOrNull() == Continuation::class.java || it.returnType == Flow::class.java }
                .map { it.name.substringBefore('-') }
                .filter { '$' !in it && it !in listOf("reading", "setAbout") }
                .distinct()
            assertEquals(waiting.size, calls.size, "${waiting.sorted()}")
        }
    }

    @Test
    fun `eight threads may steer and look at once`() = core { talus ->
        talus.begin(Beginning.Demo(8uL)).use { session ->
            val stages = CopyOnWriteArrayList<Long>()
            val failures = CopyOnWriteArrayList<Throwable>()
            val gone = AtomicInteger()
            session.observe(listening { events -> events.forEach { if (it is Event.StageChanged) stages += it.atUs } }).use {
                (0 until 8).map { number ->
                    thread {
                        runCatching {
                            var after = 0uL
                            repeat(40) { turn ->
                                session.advance(SECOND_US / 4)
                                gone.incrementAndGet()
                                session.latestFrame(after)?.let { frame ->
                                    check(frame.version > after) { "a picture came back" }
                                    after = frame.version
                                }
                                when (number % 4) {
                                    0 -> session.press(Tap.CONFIRM)
                                    1 -> session.answer(Answer.Reserve((turn % 6).toUByte()))
                                    2 -> talus.sessions(3u, null, false)
                                    else -> talus.book()
                                }
                            }
                        }.onFailure(failures::add)
                    }
                }.forEach(Thread::join)
            }
            assertTrue(failures.isEmpty(), "$failures")
            assertEquals(gone.get() * SECOND_US / 4, session.latestFrame(0uL)!!.nowUs)
            assertTrue(stages.isNotEmpty() && stages == stages.sorted(), "$stages")
        }
    }

    @Test
    fun `an event reaches a coroutine soon after what caused it`() = home { talus ->
        talus.demo(10uL).use { session ->
            val told = SynchronousQueue<Stage>()
            val listens = AtomicBoolean()
            runBlocking {
                val job = launch(Dispatchers.Unconfined) {
                    session.events().collect { if (listens.get() && it is Event.StageChanged) told.put(it.stage) }
                }
                session.intoASet()
                listens.set(true)
                fun tap(turn: Int): Long = measureNanoTime {
                    session.press(if (turn % 2 == 0) Tap.PAUSE else Tap.GO_ON)
                    val stage = checkNotNull(told.poll(20, TimeUnit.SECONDS)) { "nothing was told" }
                    assertEquals(turn % 2 == 0, stage == Stage.PAUSED)
                }
                // The first some hundred are compiled while they run, as are the first of a screen.
                val first = List(400, ::tap).sorted()
                val collections = collections()
                val queued = queuedNs()
                val cost = List(1000, ::tap).sorted()
                val waited = (queuedNs() - queued) * 100 / cost.sum()
                println(
                    "MEASURED event after a tap: median ${cost[500] / 1000} µs, p99 ${cost[990] / 1000} µs, longest " +
                        "${cost.last() / 1000} µs, ${collections() - collections} collections of garbage; " +
                        "$waited % of it in the queue for a core; the first 400: p99 ${first[396] / 1000} µs",
                )
                job.cancelAndJoin()
            }
        }
    }

    /** How long the two threads a tap goes through have stood in the queue for a core, as Linux counts it. */
    private fun queuedNs(): Long {
        val own = Files.readString(Path.of("/proc/thread-self/schedstat"))
        val sessions = Files.newDirectoryStream(Path.of("/proc/self/task")).use { tasks ->
            tasks.filter { Files.readString(it.resolve("comm")).trim() == "talus-session" }
                .map { Files.readString(it.resolve("schedstat")) }
        }
        return (sessions + own).sumOf { it.trim().split(' ')[1].toLong() }
    }

    private fun collections() = ManagementFactory.getGarbageCollectorMXBeans().sumOf { it.collectionCount }

    @Test
    fun `a minute of pictures at thirty a second leaves nothing behind and is cheap`() = home { talus ->
        val events = AtomicInteger()
        val cost = mutableListOf<Long>()
        val grown = mutableListOf<Long>()
        val native = mutableListOf<Long>()
        fun heap(): Long {
            // JNA lets go of native memory in a thread of its own, which needs a moment between two collections.
            repeat(4) {
                System.gc()
                Thread.sleep(50)
            }
            return Runtime.getRuntime().let { it.totalMemory() - it.freeMemory() }
        }
        val handles = handles()
        talus.demo(9uL).use { session ->
            runBlocking {
                val job = launch(Dispatchers.Unconfined) { session.events().collect { events.incrementAndGet() } }
                session.intoASet()
                // What a session keeps grows with what is done: while it is paused, only pictures are made.
                session.press(Tap.PAUSE)
                assertEquals(handles + 1, handles(), "one listener")
                var after = 0uL
                repeat(4) {
                    // What waits for the disk, which is slower than virtual time, is no leak.
                    session.save()
                    val before = heap()
                    cost.clear()
                    var seen = 0
                    repeat(PICTURES) {
                        session.advance(33_333)
                        var frame: Frame?
                        cost += measureNanoTime { frame = session.latestFrame(after) }
                        frame?.let {
                            after = it.version
                            seen++
                        }
                    }
                    assertTrue(seen > 1000, "$seen pictures")
                    session.save()
                    grown += heap() - before
                    native += Native.held()
                }
                job.cancelAndJoin()
            }
            assertNull(session.latestFrame(ULong.MAX_VALUE))
            assertEquals(handles, handles(), "a listener is left")
        }
        // A leak comes with every picture, and so in every minute; what the virtual machine itself takes comes in one or the
        // other. No object is smaller than 16 bytes.
        val heap = grown.drop(1).min()
        assertTrue(heap < PICTURES * 16L, "the heap grew every minute: $grown bytes")
        // Beside the heap: the core, which counts its own to the byte, buffers on their way over the bridge, of a thousand bytes
        // and more each, and what the virtual machine takes to compile what runs often.
        val beside = native.zipWithNext { one, next -> next - one }
        assertTrue(beside.min() < PICTURES * 100L, "what is beside the heap grew every minute: $native bytes")
        println("MEASURED four minutes of pictures: the heap $grown bytes more in each, beside it $beside")
        assertTrue(events.get() > 0)
        cost.sort()
        println("MEASURED newest frame: median ${cost[cost.size / 2] / 1000} µs, p99 ${cost[cost.size * 99 / 100] / 1000} µs")
    }

    /** Objects of this side that the core holds. */
    private fun handles() = FfiConverterTypeListener.handleMap.size
}

/** glibc's own count of what is allocated beside the heap of the virtual machine, over all threads. */
private object Native {
    @Structure.FieldOrder(
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost",
    )
    class Count : Structure(), Structure.ByValue {
        @JvmField var arena = 0L
        @JvmField var ordblks = 0L
        @JvmField var smblks = 0L
        @JvmField var hblks = 0L
        @JvmField var hblkhd = 0L
        @JvmField var usmblks = 0L
        @JvmField var fsmblks = 0L
        @JvmField var uordblks = 0L
        @JvmField var fordblks = 0L
        @JvmField var keepcost = 0L
    }

    private val count = Function.getFunction("c", "mallinfo2")

    /** Bytes held, those of large blocks with pages of their own included. */
    fun held(): Long = (count.invoke(Count::class.java, arrayOf()) as Count).let { it.uordblks + it.hblkhd }
}

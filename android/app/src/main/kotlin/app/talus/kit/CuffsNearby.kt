// The radio and the cuffs around it as coroutines see them.
package app.talus.kit

import app.talus.core.Around
import app.talus.core.Gone
import app.talus.core.Nearby
import app.talus.core.PairedCuff
import app.talus.core.SessionWish
import app.talus.core.Side
import app.talus.core.TalusException
import app.talus.core.Training
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.currentCoroutineContext
import kotlinx.coroutines.delay
import kotlinx.coroutines.ensureActive
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOn
import kotlinx.coroutines.withContext

/** Time between two looks, milliseconds: cuffs send ten times a second. */
private const val LOOK_MS = 100L

/** Cuffs around, until [stop]. Every call may come from any thread. */
class CuffsNearby internal constructor(private val core: Nearby, private val gone: Gone) : AutoCloseable {
    /** What is around, whenever it changes; it completes when looking was stopped. */
    fun around(): Flow<Around> = flow {
        while (true) {
            currentCoroutineContext().ensureActive()
            val now = try {
                now()
            } catch (_: TalusException.Closed) {
                return@flow
            }
            emit(now)
            delay(LOOK_MS)
        }
    }.distinctUntilChanged().flowOn(Dispatchers.IO)

    /** What is around now. */
    fun now(): Around = guarded { core.now() }

    /** Chooses the cuff of this name, or the nearest; gives its id, or null where there is none such now. */
    suspend fun choose(name: String? = null): String? = waiting { core.choose(name) }

    /** Lets a chosen cuff show which one it is. */
    suspend fun identify(cuff: String) = waiting { core.identify(cuff) }

    /** What was counted between radio and samples so far, as text for whoever helps: no names, no addresses. */
    suspend fun diagnostics(): String = waiting { core.diagnostics() }

    /** The chosen cuff is the household's from now on, worn on this leg with this weight on it. */
    suspend fun keep(cuff: String, side: Side, massG: UInt): PairedCuff = waiting { core.keep(cuff, side, massG) }

    /**
     * A session with the cuffs the chosen person wears, in real time; without [exercises] today's of the programme that is
     * followed. The radio goes over to it: looking around ends, whatever comes of it.
     */
    suspend fun train(exercises: List<String>): LiveSession = train(SessionWish.Exercises(exercises))

    /** As the other, of whatever is wished: today's session, exercises, a walk, tests. */
    suspend fun train(wish: SessionWish): LiveSession = waiting { LiveSession(core.train(Training.Begin(wish)), gone.session) }

    /** Takes up a session with real cuffs that was left or killed: `last`, or the beginning of its id; as [train]. */
    suspend fun resume(asked: String = "last"): LiveSession = waiting { LiveSession(core.train(Training.Resume(asked)), gone.session) }

    /** Ends every link and stops looking. */
    suspend fun stop() = withContext(NonCancellable + Dispatchers.IO) { close() }

    /** As [stop], and waits for it, at most some seconds. */
    override fun close() {
        try {
            core.stop()
        } catch (_: IllegalStateException) {
            return // closed already
        }
        core.close()
    }

    private suspend fun <T> waiting(call: () -> T): T = withContext(Dispatchers.IO) { guarded(call) }

    private fun <T> guarded(call: () -> T): T = unlessGone(gone.nearby, call)
}

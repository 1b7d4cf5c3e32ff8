// A session as coroutines see it: events and pictures as flows, waiting calls as suspending functions, and an end that
// ends everything. The one place outside the generated code that knows the core's session object.
package app.talus.kit

import app.talus.core.Answer
import app.talus.core.Event
import app.talus.core.Frame
import app.talus.core.Left
import app.talus.core.Listener
import app.talus.core.Session
import app.talus.core.TalusException
import app.talus.core.Tap
import app.talus.core.Words
import com.sun.jna.Native
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.channels.Channel
import kotlinx.coroutines.channels.awaitClose
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.buffer
import kotlinx.coroutines.flow.callbackFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** Time between two looks at the core, milliseconds: thirty pictures a second. */
private const val BEAT_MS = 33L

/**
 * A session under way. Exactly one owner closes it: with [finish], [leave] or [close], which is what a killed process
 * would do. Every call may come from any thread.
 */
class LiveSession internal constructor(private val core: Session, private val gone: Words) : AutoCloseable {
    /** Completed once the session is closed, so that its flows end with it. */
    private val closed = CompletableDeferred<Unit>()

    /**
     * What happens, in order and without loss: first what happened while nobody collected. One collector at a time;
     * a second one takes the place of the first. Cancelling the collection ends the observation in the core; the flow
     * completes when the session is closed.
     */
    fun events(): Flow<Event> = callbackFlow {
        val observation = guarded {
            core.observe(object : Listener {
                override fun onEvents(events: List<Event>) {
                    // The session's thread stays attached until it ends: else it would be attached anew for every call.
                    Native.detach(false)
                    for (event in events) trySend(event)
                }
            })
        }
        launch {
            closed.await()
            channel.close()
        }
        awaitClose {
            observation.cancel()
            observation.close()
        }
    }.buffer(Channel.UNLIMITED)

    /** Pictures, newest first and none twice, at most thirty a second; it completes when the session is closed. */
    fun frames(): Flow<Frame> = flow {
        var after = 0uL
        while (!closed.isCompleted) {
            val frame = try {
                latestFrame(after)
            } catch (_: TalusException.Closed) {
                return@flow
            }
            if (frame != null) {
                after = frame.version
                emit(frame)
            }
            delay(BEAT_MS)
        }
    }

    /** The newest picture, if it is newer than version [after]; for a screen that asks before it draws. */
    fun latestFrame(after: ULong): Frame? = guarded { core.latestFrame(after) }

    /** Lets session time follow wall time, [speed] times as fast; 0 stands still. */
    fun pace(speed: Float) = guarded { core.pace(speed) }

    /** Somebody pressed something. */
    fun press(tap: Tap) = guarded { core.press(tap) }

    /** Somebody answered a question. */
    fun answer(answer: Answer) = guarded { core.answer(answer) }

    /** Lets session time go on by [us] microseconds at once, and tells the collector of [events] first. */
    suspend fun advance(us: Long) = waiting { core.advance(us) }

    /** Makes everything so far safe; gives the session time that is, microseconds. */
    suspend fun save(): Long = waiting { core.save() }

    /** Closes the session so that it can be resumed. */
    suspend fun leave(): Left? = closing { core.leave() }

    /** Closes the session for good and waits until all of it is safe; gives its id. */
    suspend fun finish(): String? = closing { core.finish() }

    /** Closes the session at once, as if the process ended; it can be resumed. May wait a moment for the core. */
    override fun close() {
        if (closed.complete(Unit)) {
            core.abandon()
        }
        core.close()
    }

    // The core's file work must neither block a screen nor be cut off in the middle: a cancelled caller stops waiting
    // only at the next suspension.
    private suspend fun <T> waiting(call: () -> T): T = withContext(Dispatchers.IO) { guarded(call) }

    private suspend fun <T> closing(call: () -> T): T = withContext(NonCancellable + Dispatchers.IO) {
        try {
            guarded(call).also { closed.complete(Unit) }
        } catch (failure: TalusException) {
            // One that was too busy to listen is still there; whatever else fails closes it all the same.
            if (failure !is TalusException.Busy) closed.complete(Unit)
            throw failure
        }
    }

    private fun <T> guarded(call: () -> T): T = unlessGone(gone, call)
}

// Calls of what a shell has let go of.
package app.talus.kit

import app.talus.core.TalusException
import app.talus.core.Words
import kotlin.coroutines.cancellation.CancellationException

/** An object that is gone on the other side is a closed one, not a defect of the caller; it can no longer say so itself. */
internal inline fun <T> unlessGone(said: Words, call: () -> T): T = try {
    call()
} catch (cancelled: CancellationException) {
    throw cancelled // one of its kind, and nothing is gone
} catch (destroyed: IllegalStateException) {
    throw TalusException.Closed(said.what, said.advice).apply { initCause(destroyed) }
}

// Something that takes its time, as a flow: how far it is, then what came of it.
package app.talus.kit

import app.talus.core.Work
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.channelFlow
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.launch

/** Time between two looks at how far it is, milliseconds. */
private const val LOOK_MS = 100L

/** How work stands. */
sealed interface Working<out T> {
    /** Under way: the share that is [done], 0 to 1; null until that is known. */
    data class Under(val done: Float?) : Working<Nothing>

    /** It is done, and this came of it. */
    data class Done<T>(val result: T) : Working<T>
}

/** A cancelled collection lets go of the call, which stops the work in the core. */
internal fun <T> working(call: suspend (Work) -> T): Flow<Working<T>> = channelFlow {
    Work().use { work ->
        val watching = launch {
            while (true) {
                send(Working.Under(work.progress()))
                delay(LOOK_MS)
            }
        }
        val result = call(work)
        watching.cancelAndJoin()
        send(Working.Under(work.progress()))
        send(Working.Done(result))
    }
}.distinctUntilChanged()

// The live screen's state, from a session that this view model owns and closes.
package app.talus.session

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import app.talus.core.Answer
import app.talus.core.Event
import app.talus.core.TalusException
import app.talus.core.Tap
import app.talus.kit.LiveSession
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/**
 * Follows the session that [begin] gives, [speed] times as fast as the clock (1 is for people, more for tests).
 */
class LiveViewModel(private val speed: Float = 1f, private val begin: suspend () -> LiveSession) : ViewModel() {
    private val shown = MutableStateFlow<LiveState>(LiveState.Opening)
    private var session: LiveSession? = null

    /** What to draw. */
    val state: StateFlow<LiveState> = shown.asStateFlow()

    init {
        viewModelScope.launch {
            try {
                val begun = begin()
                session = begun
                // A scope of its own, so that what fails in either is caught here.
                coroutineScope {
                    launch { begun.events().collect(::hear) }
                    begun.pace(speed)
                    begun.frames().collect { if (shown.value !is LiveState.Over) shown.value = it.toState() }
                }
            } catch (failure: TalusException) {
                shown.value = LiveState.Failed(failure.advice())
            }
        }
    }

    /** Yes: what is asked is right, or go on to what comes next. */
    fun confirm() = press(Tap.CONFIRM)

    /** Pause, or go on where it is paused. */
    fun pauseOrGoOn() = press(if ((shown.value as? LiveState.Training)?.paused == true) Tap.GO_ON else Tap.PAUSE)

    /** End the set and the session, keep what was done. */
    fun stop() = press(Tap.STOP)

    /** Pain, 0 to 10. */
    fun pain(level: Int) = told { it.answer(Answer.Pain(level.toUByte())) }

    private fun press(tap: Tap) = told { it.press(tap) }

    private fun told(what: (LiveSession) -> Unit) {
        try {
            session?.let(what)
        } catch (failure: TalusException) {
            shown.value = LiveState.Failed(failure.advice())
        }
    }

    private suspend fun hear(event: Event) {
        if (event is Event.Ended) {
            shown.value = LiveState.Over(event.summary.sentence, event.summary.upNext)
            session?.finish()
        }
    }

    override fun onCleared() {
        val left = session ?: return
        session = null
        // Leaving waits for the disk, and must outlive this view model: whoever comes back takes the session up again.
        CoroutineScope(Dispatchers.IO).launch {
            runCatching { left.leave() }
            left.close()
        }
    }
}

private fun TalusException.advice(): String = when (this) {
    is TalusException.Closed -> advice
    is TalusException.Busy -> advice
    is TalusException.NotFound -> advice
    is TalusException.Invalid -> advice
    is TalusException.StorageFull -> advice
    is TalusException.Storage -> advice
    is TalusException.NewerFile -> advice
    is TalusException.UnreadableFile -> advice
    is TalusException.PairingFailed -> advice
    is TalusException.NoRadio -> advice
    is TalusException.KeyNeeded -> advice
    is TalusException.KeyWrong -> advice
    is TalusException.Cancelled -> advice
    is TalusException.PassphraseNeeded -> advice
    is TalusException.PassphraseWrong -> advice
    is TalusException.ListenerFailed -> advice
    is TalusException.Defect -> advice
}

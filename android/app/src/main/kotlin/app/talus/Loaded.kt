// What a page has to show: not yet, nothing but advice, or all of it.
package app.talus

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import app.talus.core.TalusException
import app.talus.keep.Locked
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** What a page shows once it was read. */
sealed interface Loaded<out T> {
    /** Being read. */
    data object Not : Loaded<Nothing>

    /** It could not be read; [advice] is the core's, in the person's language. */
    data class Failed(val advice: String) : Loaded<Nothing>

    /** It was read. */
    data class Ready<T>(val value: T) : Loaded<T>
}

/** What [change] makes of it, where it was read. */
inline fun <T> Loaded<T>.with(change: (T) -> T): Loaded<T> = if (this is Loaded.Ready) Loaded.Ready(change(value)) else this

/** What was read, or null. */
fun <T> Loaded<T>.value(): T? = (this as? Loaded.Ready)?.value

/** A page that reads what it shows of [home], again whenever it is come back to. */
abstract class PageViewModel<T>(protected val home: Home) : ViewModel() {
    protected val shown = MutableStateFlow<Loaded<T>>(Loaded.Not)
    private var reading: Job? = null

    /** What to draw. */
    val state: StateFlow<Loaded<T>> = shown.asStateFlow()

    /** Reads everything. */
    protected abstract suspend fun read(): T

    /** Reads again; what stands stays until then. */
    fun refresh() {
        reading?.cancel()
        reading = act { shown.value = Loaded.Ready(read()) }
    }

    /** Does something, and shows the advice where it does not work. */
    protected fun act(what: suspend () -> Unit): Job = viewModelScope.launch {
        try {
            what()
        } catch (failure: TalusException) {
            shown.value = Loaded.Failed(failure.advice())
            when (failure) {
                is TalusException.Damaged -> home.cameUpon(Locked.DAMAGED)
                is TalusException.Foreign -> home.cameUpon(Locked.FOREIGN)
                else -> {}
            }
        }
    }
}

/** Why something is not open now: the reason and what to do about it, each only where it says anything, and once. */
fun TalusException.Invalid.whys(): List<String> = listOf(what, advice).filter(String::isNotBlank).distinct()

/** What to do about it, in the person's language. */
fun TalusException.advice(): String = when (this) {
    is TalusException.Closed -> advice
    is TalusException.Busy -> advice
    is TalusException.NotFound -> advice
    is TalusException.Invalid -> advice
    is TalusException.StorageFull -> advice
    is TalusException.Storage -> advice
    is TalusException.Damaged -> advice
    is TalusException.Foreign -> advice
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

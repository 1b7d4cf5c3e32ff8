// A bundle or a backup on its way in: chosen, looked into, its words asked for, shown, and taken in only then.
package app.talus.mine

import android.net.Uri
import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import app.talus.Home
import app.talus.R
import app.talus.advice
import app.talus.core.TalusException
import app.talus.kit.Working
import java.io.File
import java.io.IOException
import kotlinx.coroutines.Job
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

class RestoreViewModel(private val home: Home) : ViewModel() {
    private val shown = MutableStateFlow<RestoreState>(RestoreState.Choose)
    private var file: File? = null
    private var passphrase: String? = null
    private var work: Job? = null

    /** What to draw. */
    val state: StateFlow<RestoreState> = shown.asStateFlow()

    /** Looks into what the picker named. */
    fun choose(from: Uri) = work {
        shown.value = RestoreState.Looking
        passphrase = null
        file = home.handover.take(from)
        look()
    }

    /** Looks into it with these words. */
    fun words(typed: String) = work {
        shown.value = RestoreState.Looking
        passphrase = typed
        look()
    }

    private suspend fun look() {
        val from = file ?: return
        shown.value = try {
            val contents = home.talus().lookInto(from.path, passphrase)
            RestoreState.Preview(
                contents.writtenUtcMs, contents.people, contents.sessions.toInt(), contents.recordings.toInt(), contents.bytes.toLong(),
            )
        } catch (_: TalusException.PassphraseNeeded) {
            RestoreState.Words(null)
        } catch (wrong: TalusException.PassphraseWrong) {
            RestoreState.Words(wrong.advice())
        }
    }

    /** Takes it in; what is here and newer stays. */
    fun takeIn() = work {
        val from = file ?: return@work
        shown.value = RestoreState.Under(null)
        home.talus().takeIn(from.path, passphrase).collect {
            shown.value = when (it) {
                is Working.Under -> RestoreState.Under(it.done)
                is Working.Done -> it.result.run {
                    RestoreState.Done(sessionsNew.toInt(), sessionsRenewed.toInt(), sessionsKept.toInt(), recordings.toInt())
                }
            }
        }
        clear()
    }

    /** Stops, or begins anew: nothing has changed then. */
    fun again() {
        work?.cancel()
        clear()
        shown.value = RestoreState.Choose
    }

    private fun work(what: suspend () -> Unit) {
        work?.cancel()
        work = viewModelScope.launch {
            try {
                what()
            } catch (failure: TalusException) {
                shown.value = RestoreState.Failed(failure.advice())
            } catch (_: IOException) {
                shown.value = RestoreState.Failed(home.words.getString(R.string.file_not_read))
            }
        }
    }

    private fun clear() {
        file?.delete()
        file = null
        passphrase = null
    }

    override fun onCleared() = clear()
}

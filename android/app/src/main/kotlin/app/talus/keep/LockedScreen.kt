// A history that does not open: what is safe, and the ways out. Nothing is deleted by any of them.
package app.talus.keep

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.look.Card
import app.talus.look.ConfirmDialog
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.Trouble

/** How a way out goes. */
sealed interface Leaving {
    /** None was taken yet. */
    data object Not : Leaving

    /** It is being repaired. */
    data object Repairing : Leaving

    /** It was repaired: so many sessions are whole, so many are not, so many came back from their signals. */
    data class Repaired(val whole: Int, val partly: Int, val fromSignals: Int) : Leaving

    /** It did not work, and nothing has changed; [advice] is the core's, and null where it could not be set aside. */
    data class Failed(val advice: String?) : Leaving
}

/** The ways out of a history that does not open. */
data class LockedActions(
    val again: () -> Unit = {}, val anew: () -> Unit = {}, val restore: () -> Unit = {}, val repair: () -> Unit = {},
    val demo: () -> Unit = {},
)

private enum class WayOut { ANEW, RESTORE }

@Composable
fun LockedScreen(why: Locked, leaving: Leaving, actions: LockedActions) {
    var asked by rememberSaveable { mutableStateOf<WayOut?>(null) }
    if (leaving == Leaving.Repairing) return Page(stringResource(R.string.repairing), tag = "repairing") { Loading() }
    if (leaving is Leaving.Repaired) return Repaired(leaving, actions.again)
    val (title, text) = when (why) {
        Locked.KEY_GONE -> R.string.locked_title to R.string.locked_text
        Locked.NOT_NOW -> R.string.not_now_title to R.string.not_now_text
        Locked.NO_KEY_STORE -> R.string.no_key_title to R.string.no_key_text
        Locked.DAMAGED -> R.string.damaged_title to R.string.damaged_text
        Locked.FOREIGN -> R.string.foreign_title to R.string.foreign_text
    }
    Page(
        stringResource(title), tag = "locked history",
        bottom = {
            if (why == Locked.DAMAGED) {
                PrimaryButton(stringResource(R.string.repair), Modifier.testTag("repair"), pressed = actions.repair)
                OtherButton(stringResource(R.string.try_again), Modifier.testTag("again"), actions.again)
            } else PrimaryButton(stringResource(R.string.try_again), Modifier.testTag("again"), pressed = actions.again)
        },
    ) {
        Text(stringResource(text))
        if (why != Locked.NO_KEY_STORE) Muted(stringResource(R.string.locked_safe))
        // What only waits is not set aside: its key may come at any time.
        if (why == Locked.KEY_GONE || why == Locked.DAMAGED || why == Locked.FOREIGN) {
            if (leaving is Leaving.Failed) Trouble(leaving.advice ?: stringResource(R.string.locked_failed))
            Card {
                Text(
                    stringResource(
                        when (why) {
                            Locked.DAMAGED -> R.string.damaged_ways
                            Locked.FOREIGN -> R.string.foreign_ways
                            else -> R.string.locked_ways
                        },
                    ),
                )
                OtherButton(stringResource(R.string.locked_restore), Modifier.testTag("restore")) { asked = WayOut.RESTORE }
                OtherButton(stringResource(R.string.locked_anew), Modifier.testTag("anew")) { asked = WayOut.ANEW }
            }
        }
        QuietButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.demo)
    }
    asked?.let { way ->
        ConfirmDialog(
            stringResource(if (way == WayOut.ANEW) R.string.locked_anew else R.string.locked_restore),
            stringResource(if (way == WayOut.ANEW) R.string.locked_anew_text else R.string.locked_restore_text),
            stringResource(R.string.locked_aside), "aside", "not aside", { asked = null },
            if (way == WayOut.ANEW) actions.anew else actions.restore,
        )
    }
}

@Composable
private fun Repaired(done: Leaving.Repaired, goOn: () -> Unit) = Page(
    stringResource(R.string.repaired_title), tag = "repaired",
    bottom = { PrimaryButton(stringResource(R.string.go_on), Modifier.testTag("again"), pressed = goOn) },
) {
    Text(pluralStringResource(R.plurals.repaired_whole, done.whole, done.whole), style = MaterialTheme.typography.titleMedium)
    if (done.partly > 0) Text(pluralStringResource(R.plurals.repaired_partly, done.partly, done.partly))
    if (done.fromSignals > 0) Text(pluralStringResource(R.plurals.repaired_from_signals, done.fromSignals, done.fromSignals))
    Muted(stringResource(R.string.repaired_kept))
}

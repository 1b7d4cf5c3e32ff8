// A history whose key is gone: what is safe, and the ways out. Nothing is deleted by any of them.
package app.talus.keep

import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.look.Card
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton

/** The ways out of a locked history. */
data class LockedActions(
    val again: () -> Unit = {}, val anew: () -> Unit = {}, val restore: () -> Unit = {}, val demo: () -> Unit = {},
)

private enum class WayOut { ANEW, RESTORE }

/** [failed] says that it could not be set aside. */
@Composable
fun LockedScreen(why: Locked, failed: Boolean, actions: LockedActions) {
    var asked by rememberSaveable { mutableStateOf<WayOut?>(null) }
    val gone = why == Locked.KEY_GONE
    Page(
        stringResource(if (gone) R.string.locked_title else R.string.no_key_title), tag = "locked history",
        bottom = { PrimaryButton(stringResource(R.string.try_again), Modifier.testTag("again"), pressed = actions.again) },
    ) {
        Text(stringResource(if (gone) R.string.locked_text else R.string.no_key_text))
        if (gone) {
            Muted(stringResource(R.string.locked_safe))
            if (failed) Notice(stringResource(R.string.locked_failed))
            Card {
                Text(stringResource(R.string.locked_ways))
                OtherButton(stringResource(R.string.locked_restore), Modifier.testTag("restore")) { asked = WayOut.RESTORE }
                OtherButton(stringResource(R.string.locked_anew), Modifier.testTag("anew")) { asked = WayOut.ANEW }
            }
        }
        QuietButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.demo)
    }
    asked?.let { way ->
        AlertDialog(
            onDismissRequest = { asked = null },
            title = { Text(stringResource(if (way == WayOut.ANEW) R.string.locked_anew else R.string.locked_restore)) },
            text = { Text(stringResource(if (way == WayOut.ANEW) R.string.locked_anew_text else R.string.locked_restore_text)) },
            confirmButton = {
                QuietButton(stringResource(R.string.locked_aside), Modifier.testTag("aside")) {
                    asked = null
                    if (way == WayOut.ANEW) actions.anew() else actions.restore()
                }
            },
            dismissButton = { QuietButton(stringResource(R.string.cancel), Modifier.testTag("not aside")) { asked = null } },
        )
    }
}

// What can be done with a session as a whole: a star, a note, scoring it again, deleting it.
package app.talus.progress

import androidx.compose.material3.AlertDialog
import androidx.compose.material3.OutlinedTextField
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
import app.talus.look.Choices
import app.talus.look.ConfirmDialog
import app.talus.look.Heading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.QuietButton

@Composable
internal fun WholeSession(state: SessionState, actions: SessionActions) {
    var notes by rememberSaveable { mutableStateOf(false) }
    var deletes by rememberSaveable { mutableStateOf(false) }
    Card(Modifier.testTag("whole session")) {
        Heading(stringResource(R.string.this_session))
        Text(stringResource(R.string.star_text))
        Choices(
            listOf(true, false), state.starred, { stringResource(if (it) R.string.starred else R.string.not_starred) },
            tag = { "star $it" },
        ) {
            actions.star(it)
        }
        if (state.note.isNotEmpty()) Text(state.note, Modifier.testTag("note text"))
        QuietButton(
            stringResource(if (state.note.isEmpty()) R.string.add_note else R.string.change_note), Modifier.testTag("note"),
        ) { notes = true }
        Scoring(state.score, actions)
        QuietButton(stringResource(R.string.delete_session), Modifier.testTag("delete")) { deletes = true }
    }
    if (notes) {
        var text by rememberSaveable { mutableStateOf(state.note) }
        AlertDialog(
            onDismissRequest = { notes = false },
            title = { Text(stringResource(R.string.note)) },
            text = { OutlinedTextField(
                text, { text = it }, Modifier.testTag("new note"), label = { Text(stringResource(R.string.note)) },
            ) },
            confirmButton = {
                QuietButton(stringResource(R.string.save), Modifier.testTag("save note")) {
                    notes = false
                    actions.note(text)
                }
            },
            dismissButton = { QuietButton(stringResource(R.string.cancel)) { notes = false } },
        )
    }
    if (deletes) {
        ConfirmDialog(
            stringResource(R.string.delete_session_question), stringResource(R.string.delete_session_text),
            stringResource(R.string.delete_session), "do delete", "keep", { deletes = false }, actions.delete,
        )
    }
}

/** Another engine may count otherwise than the one of that day: it is looked at before it counts. */
@Composable
private fun Scoring(score: Score?, actions: SessionActions) {
    if (score == null) {
        QuietButton(stringResource(R.string.score_again), Modifier.testTag("score again"), actions.scoreAgain)
    } else if (score.changedSets == 0) {
        Muted(stringResource(R.string.score_same), Modifier.testTag("score same"))
    } else {
        Text(pluralStringResource(R.plurals.score_changes, score.changedSets, score.changedSets))
        if (score.movedEdits > 0) Notice(pluralStringResource(R.plurals.score_moves, score.movedEdits, score.movedEdits))
        OtherButton(stringResource(R.string.take_score), Modifier.testTag("take score"), actions.takeScore)
    }
}

// The page of a programme: whom it is for, how long and how often, what is in it, what comes first; it goes out as a file.
package app.talus.plan

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.dp
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.look.Card
import app.talus.look.ConfirmDialog
import app.talus.look.Grade
import app.talus.look.GradeMark
import app.talus.look.Heading
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.Trouble
import app.talus.look.ValueRow

/** A programme as its page shows it. */
data class ProgrammeState(
    val programme: Programme, val whom: String, val weeks: Int, val snacks: Boolean, val shared: Boolean,
    /** It is shared and this person has it: it can be put away. */
    val own: Boolean,
    val needsPlan: Boolean, val grade: Grade, val exercises: List<Linked>, val demo: Boolean,
)

/** What can be pressed on it. */
data class ProgrammeActions(
    val back: () -> Unit = {}, val demo: () -> Unit = {}, val follow: () -> Unit = {}, val exercise: (String) -> Unit = {},
    val share: () -> Unit = {}, val putAway: () -> Unit = {}, val trust: () -> Unit = {}, val again: () -> Unit = {},
)

class ProgrammeViewModel(home: Home, private val id: String) : PageViewModel<ProgrammeState>(home) {
    override suspend fun read(): ProgrammeState {
        val talus = home.talus()
        val names = talus.exercises().associate { it.id to it.name }
        val of = talus.programmes().first { it.id == id }
        return ProgrammeState(
            Programme(of.id, of.name, of.perWeek.toInt(), of.followed, of.needs), of.whom, of.weeks.toInt(), of.snacks, of.shared, of.own,
            of.needsPlan, Grade.valueOf(of.grade.name), of.exercises.map { Linked(it, names[it] ?: it) },
            home.settings.wishes.value.demo,
        )
    }

    /** Follows it, or none any more. */
    fun follow(follows: Boolean) = act {
        home.talus().follow(id.takeIf { follows })
        refresh()
    }

    /** It as a text that another Talus takes in. */
    fun share(given: (String) -> Unit) = act { given(home.talus().shareProgramme(id)) }

    /** Puts one's own away, and says when that is done. */
    fun putAway(done: () -> Unit) = act {
        home.talus().putProgrammeAway(id)
        done()
    }
}

@Composable
fun ProgrammeScreen(state: Loaded<ProgrammeState>, actions: ProgrammeActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        ready?.programme?.name, back = actions.back, demo = if (ready?.demo == true) actions.demo else null, tag = "programme page",
        bottom = if (ready == null || ready.programme.needs.isNotEmpty() && !ready.programme.followed) null else {
            {
                if (ready.programme.followed) OtherButton(stringResource(R.string.follow_no_more), Modifier.testTag("follow"), actions.follow)
                else PrimaryButton(stringResource(R.string.follow), Modifier.testTag("follow"), pressed = actions.follow)
            }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> Whole(state.value, actions)
        }
    }
}

@Composable
private fun Whole(state: ProgrammeState, actions: ProgrammeActions) {
    if (state.whom.isNotEmpty()) Text(state.whom)
    if (state.shared) Muted(stringResource(R.string.programme_shared))
    if (state.programme.needs.isNotEmpty()) {
        Notice(stringResource(R.string.comes_first), Modifier.testTag("needs")) { for (need in state.programme.needs) Text(need) }
        if (state.needsPlan) QuietButton(stringResource(R.string.give_plan), Modifier.testTag("trust"), actions.trust)
    }
    Card {
        val weeks = state.weeks
        if (weeks > 0) ValueRow(stringResource(R.string.lasts), pluralStringResource(R.plurals.weeks, weeks, weeks))
        val often = state.programme.perWeek
        ValueRow(stringResource(R.string.how_often), pluralStringResource(R.plurals.per_week, often, often))
        if (state.snacks) Muted(stringResource(R.string.snacks_text))
        if (!state.shared) {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                GradeMark(state.grade, stringResource(R.string.evidence))
                Muted(stringResource(R.string.evidence), Modifier.weight(1f).clearAndSetSemantics {})
            }
        }
    }
    Heading(stringResource(R.string.exercises_title))
    Card { for (one in state.exercises) LinkRow(one.name, Modifier.testTag("exercise ${one.id}")) { actions.exercise(one.id) } }
    OtherButton(stringResource(R.string.share), Modifier.testTag("share programme"), actions.share)
    if (state.own) PutAway(actions.putAway)
}

@Composable
private fun PutAway(putAway: () -> Unit) {
    var asks by rememberSaveable { mutableStateOf(false) }
    QuietButton(stringResource(R.string.programme_away), Modifier.testTag("put away")) { asks = true }
    if (!asks) return
    ConfirmDialog(
        stringResource(R.string.programme_away), stringResource(R.string.programme_away_text), stringResource(R.string.programme_away),
        "do put away", "keep programme", { asks = false }, putAway,
    )
}

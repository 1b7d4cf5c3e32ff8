// A test under way: the stance in words, a hand on the counter or not, one large number, and ways out that never move.
package app.talus.session

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
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
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.Icons
import app.talus.look.MARGIN
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.RoundButton
import app.talus.look.SideBadge
import app.talus.look.clock

@Composable
internal fun TrialScreen(state: LiveState.Training, trial: TrialNow, actions: LiveActions) = BoxWithConstraints {
    if (maxWidth > maxHeight && maxHeight < LOW) {
        // On its side a phone has no room for number and ways out below one another.
        Surface(Modifier.fillMaxSize().testTag("trial"), color = MaterialTheme.colorScheme.surface) {
            Row(Modifier.safeDrawingPadding()) {
                Half(Modifier.weight(.5f)) { Shown(state, trial, actions) }
                Half(Modifier.weight(.5f)) { Ways(state, trial, actions) }
            }
        }
    } else {
        Page(null, demo = actions.demo, tag = "trial", bottom = { Ways(state, trial, actions) }) { Shown(state, trial, actions) }
    }
}

@Composable
private fun Half(modifier: Modifier, content: @Composable ColumnScope.() -> Unit) = Column(
    modifier.verticalScroll(rememberScrollState()).padding(horizontal = MARGIN, vertical = 12.dp), Arrangement.spacedBy(12.dp),
    Alignment.CenterHorizontally, content,
)

@Composable
private fun Shown(state: LiveState.Training, trial: TrialNow, actions: LiveActions) {
    var asksPain by rememberSaveable { mutableStateOf(false) }
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        state.leg?.let { SideBadge(it, size = 48.dp) }
        Text(state.exercise, Modifier.weight(1f).testTag("exercise"), style = MaterialTheme.typography.titleMedium)
    }
    // Beside the name there is no room for it in large type.
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Muted(if (state.setOf > 0) stringResource(R.string.try_of, state.setNumber, state.setOf) else "", Modifier.weight(1f))
        if (!state.at.hasRow) RoundButton(Icons.pain, stringResource(R.string.pain), Modifier.testTag("pain")) { asksPain = true }
    }
    trial.stance?.let { Text(it, Modifier.testTag("stance"), style = MaterialTheme.typography.headlineLarge) }
    if (trial.handOnCounter) Notice(stringResource(R.string.hand_on_counter), Modifier.testTag("hand"))
    val told = when (state.at) {
        At.REST -> R.string.rest
        At.PAUSED -> R.string.paused
        else -> null
    }
    told?.let { Text(stringResource(it), Modifier.testTag("told"), style = MaterialTheme.typography.titleLarge) }
    Number(state, trial)
    if (state.cue.isNotEmpty()) {
        Text(
            state.cue, Modifier.testTag("line").semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleLarge,
        )
    }
    if (state.said.isNotEmpty() && state.said != state.cue) Muted(state.said, Modifier.testTag("said"))
    state.trouble?.let { Notice(it) }
    if (state.lostS != null) {
        Notice(stringResource(R.string.cuff_lost), Modifier.testTag("lost")) { Text(stringResource(R.string.trial_lost)) }
    }
    if (asksPain) PainDialog(actions) { asksPain = false }
}

/** Pain, pause and stop stand below it: where the session can be held on. */
private val At.hasRow: Boolean get() = this == At.GET_READY || this == At.SET || this == At.PAUSED || this == At.REST

/** Seconds held, or what was counted, in a try; the seconds that are left before it and in a rest. */
@Composable
private fun Number(state: LiveState.Training, trial: TrialNow) {
    val seconds = if (state.at == At.SET || state.at == At.PAUSED) trial.seconds else state.leftS
    val number = seconds ?: trial.counted ?: return
    val said = when {
        seconds != null -> pluralStringResource(R.plurals.seconds, seconds, seconds)
        else -> pluralStringResource(R.plurals.counted, number, number)
    }
    Text(
        if (seconds != null && seconds >= 60) clock(seconds) else "$number",
        Modifier.fillMaxWidth().testTag("count").clearAndSetSemantics { contentDescription = said }, style = giant(120, 116),
        textAlign = TextAlign.Center,
    )
}

@Composable
private fun Ways(state: LiveState.Training, trial: TrialNow, actions: LiveActions) {
    when (state.at) {
        At.SET -> {
            // Steps are counted by nobody but who walks them, so that only a yes ends such a try as done.
            if (trial.seconds == null && trial.counted == null) {
                PrimaryButton(stringResource(R.string.steps_done), Modifier.testTag("confirm"), pressed = actions.confirm)
            }
            OtherButton(stringResource(R.string.end_try), Modifier.testTag("end try"), actions.endSet)
            // Nobody looks at a phone who touches down: any part of the row will do.
            if (trial.stance != null) {
                OtherButton(stringResource(R.string.touched), Modifier.testTag("touched")) { actions.countBy(1) }
                QuietButton(stringResource(R.string.too_hard), Modifier.testTag("too hard")) { actions.weigh(false) }
            }
        }
        At.PAUSED -> {}
        At.REST -> TwoWays(
            stringResource(R.string.next_try), "confirm", actions.confirm, stringResource(R.string.rest_longer), "longer",
            actions.restLonger,
        )
        else -> {
            if (!state.at.hasRow) {
                PrimaryButton(stringResource(R.string.ready_to_go), Modifier.testTag("confirm"), pressed = actions.confirm)
            }
            QuietButton(stringResource(R.string.skip_test), Modifier.testTag("skip"), actions.skip)
        }
    }
    // A try has its own end above; this one is the session's.
    if (state.at.hasRow) WaysOut(state, actions, Modifier, actions.stop)
}

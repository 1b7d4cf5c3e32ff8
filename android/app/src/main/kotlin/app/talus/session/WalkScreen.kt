// A walk under way: the time of this part first, then what is worn, how the stride is, and three ways out that never move.
package app.talus.session

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.traversalIndex
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.DemoPill
import app.talus.look.MARGIN
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.PrimaryButton
import app.talus.look.ValueRow
import app.talus.look.clock
import app.talus.look.weight

/** Strides before a walk is compared with one's own. */
private const val FEW = 20

@Composable
internal fun WalkScreen(state: LiveState.Training, walk: WalkNow, actions: LiveActions) {
    Surface(Modifier.fillMaxSize().testTag("walk"), color = MaterialTheme.colorScheme.surface) {
        Column(Modifier.safeDrawingPadding().fillMaxSize().semantics { isTraversalGroup = true }) {
            Row(
                Modifier.fillMaxWidth().padding(horizontal = MARGIN).padding(top = 12.dp).semantics { traversalIndex = 5f },
                Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
            ) {
                Text(state.exercise, Modifier.weight(1f).testTag("exercise"), style = MaterialTheme.typography.titleMedium)
                actions.demo?.let { DemoPill(it) }
            }
            BoxWithConstraints(Modifier.weight(1f)) {
                if (maxWidth > maxHeight) {
                    // On its side a phone has no room for all of it below one another.
                    Row(Modifier.fillMaxSize()) {
                        Part(Modifier.weight(.45f)) { Now(state, walk) }
                        Part(Modifier.weight(.55f)) { Under(state, walk, actions) }
                    }
                } else {
                    Part {
                        Now(state, walk)
                        Under(state, walk, actions)
                    }
                }
            }
            WaysOut(state, actions)
        }
    }
}

@Composable
private fun Part(modifier: Modifier = Modifier, content: @Composable ColumnScope.() -> Unit) = Column(
    modifier.verticalScroll(rememberScrollState()).padding(horizontal = MARGIN, vertical = 12.dp), Arrangement.spacedBy(16.dp),
    content = content,
)

/** The time of this part, where it has one, and what it is. */
@Composable
private fun Now(state: LiveState.Training, walk: WalkNow) {
    state.leftS?.let { left ->
        val said = pluralStringResource(R.plurals.seconds, left, left)
        Text(
            clock(left), Modifier.fillMaxWidth().testTag("left").clearAndSetSemantics { contentDescription = said },
            style = giant(96, 96), textAlign = TextAlign.Center,
        )
    }
    Text(partWord(state, walk), Modifier.testTag("phase"), style = MaterialTheme.typography.headlineLarge)
    if (walk.times > 0) {
        Muted(
            if (walk.time > 0) stringResource(R.string.walk_times, walk.time, walk.times, weight(walk.plannedG))
            else pluralStringResource(R.plurals.times_worn, walk.times, walk.times, weight(walk.plannedG)),
        )
    }
}

@Composable
private fun Under(state: LiveState.Training, walk: WalkNow, actions: LiveActions) {
    if (state.cue.isNotEmpty()) {
        Text(
            state.cue, Modifier.testTag("line").semantics { liveRegion = LiveRegionMode.Polite },
            style = MaterialTheme.typography.titleLarge,
        )
    }
    when (walk.part) {
        WalkAt.PUT_ON -> {
            PrimaryButton(stringResource(R.string.weight_is_on), Modifier.testTag("confirm"), pressed = actions.confirm)
            OtherButton(stringResource(R.string.walk_on_without), Modifier.testTag("without weight")) { actions.weigh(false) }
        }
        WalkAt.TAKE_OFF -> PrimaryButton(stringResource(R.string.weight_is_off), Modifier.testTag("confirm"), pressed = actions.confirm)
        WalkAt.LOADED -> OtherButton(stringResource(R.string.weights_off), Modifier.testTag("weights off")) { actions.weigh(false) }
        WalkAt.BARE -> {}
    }
    if (state.at != At.PAUSED) StrideMeter(state, walk)
    if (state.lostS != null) {
        Notice(stringResource(R.string.cuff_lost), Modifier.testTag("lost")) { Text(stringResource(R.string.walk_lost)) }
    }
    Column {
        walk.perMinute?.let { ValueRow(stringResource(R.string.steps_per_minute), "$it") }
        ValueRow(stringResource(R.string.strides), "${state.count}")
        if (walk.times > 0) ValueRow(stringResource(R.string.worn_so_far), clock(walk.loadedS))
    }
    state.trouble?.let { Notice(it) }
    if (state.at == At.PAUSED) OtherButton(stringResource(R.string.end_session), Modifier.testTag("end session"), actions.stop)
}

@Composable
private fun partWord(state: LiveState.Training, walk: WalkNow): String = stringResource(
    when {
        state.at == At.PAUSED -> R.string.paused
        walk.part == WalkAt.LOADED -> R.string.walk_with_weight
        walk.part == WalkAt.PUT_ON -> R.string.put_it_on
        walk.part == WalkAt.TAKE_OFF -> R.string.take_it_off
        else -> R.string.walk_no_weight
    },
)

/** How the stride is beside one's own: a word and a mark, never a colour alone; what changed is the core's. */
@Composable
private fun StrideMeter(state: LiveState.Training, walk: WalkNow) {
    val stride = when {
        state.count < FEW -> Stride.FEW
        walk.signs.isEmpty() -> Stride.STEADY
        walk.eased == 0 -> Stride.DIFFERENT
        else -> Stride.CHANGED
    }
    val word = stringResource(
        when (stride) {
            Stride.FEW -> R.string.stride_few
            Stride.STEADY -> R.string.stride_steady
            Stride.DIFFERENT -> R.string.stride_different
            Stride.CHANGED -> R.string.stride_changed
        },
        FEW,
    )
    Column(Modifier.testTag("stride"), Arrangement.spacedBy(8.dp)) {
        Muted(stringResource(R.string.your_stride))
        val scheme = MaterialTheme.colorScheme
        // The usual band in the middle; the mark leaves it as the stride does.
        if (stride != Stride.FEW) {
            Canvas(Modifier.fillMaxWidth().height(32.dp)) {
                val middle = size.height / 2
                drawRoundRect(
                    scheme.surfaceContainerHigh, Offset(0f, middle - 6.dp.toPx()), Size(size.width, 12.dp.toPx()), CornerRadius(6.dp.toPx()),
                )
                drawRoundRect(
                    scheme.primaryContainer, Offset(size.width / 3, middle - 6.dp.toPx()), Size(size.width / 3, 12.dp.toPx()),
                    CornerRadius(6.dp.toPx()),
                )
                val at = size.width * when (stride) {
                    Stride.FEW, Stride.STEADY -> .5f
                    Stride.DIFFERENT -> .7f
                    Stride.CHANGED -> .88f
                }
                val color = if (stride == Stride.STEADY) scheme.primary else scheme.tertiary
                drawRoundRect(color, Offset(at - 3.dp.toPx(), 0f), Size(6.dp.toPx(), size.height), CornerRadius(3.dp.toPx()))
            }
        }
        Text(word, Modifier.testTag("stride word"), style = MaterialTheme.typography.titleMedium)
        for (sign in walk.signs) Muted(sign)
    }
}

private enum class Stride { FEW, STEADY, DIFFERENT, CHANGED }

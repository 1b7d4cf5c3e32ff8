// A set, read at arm's length: arc with target, giant count, one cue line, three ways out that never move.
package app.talus.session

import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.Icon
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
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.isTraversalGroup
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.traversalIndex
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import app.talus.R
import app.talus.look.Arc
import app.talus.look.DemoPill
import app.talus.look.Icons
import app.talus.look.LocalLeftHand
import app.talus.look.MARGIN
import app.talus.look.Moving
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.NoticeButton
import app.talus.look.QuietButton
import app.talus.look.RoundButton
import app.talus.look.SideBadge
import app.talus.look.TABULAR
import app.talus.look.TOUCH_LIVE
import app.talus.look.TempoBar
import app.talus.look.edge
import app.talus.look.stacks
import app.talus.look.weight

/** After so long somebody may go on without the cuff, seconds. */
private const val GIVES_UP_S = 20

/** The set that is on, or paused. To a reader the count comes first, then phase and cue, the ways out, and the rest. */
@Composable
fun SetScreen(state: LiveState.Training, actions: LiveActions, floor: () -> Unit) {
    Surface(Modifier.fillMaxSize().testTag("set"), color = MaterialTheme.colorScheme.surface) {
        BoxWithConstraints(Modifier.safeDrawingPadding(), Alignment.TopCenter) {
            // On its side a phone is too low for all of it below one another.
            if (maxWidth > maxHeight && maxHeight < LOW) {
                val side = minOf(maxWidth * .45f, maxHeight - 24.dp, 420.dp)
                Row(Modifier.fillMaxSize().semantics { isTraversalGroup = true }, verticalAlignment = Alignment.CenterVertically) {
                    Column(Modifier.weight(.45f)) { Dial(state, actions, side) }
                    Column(Modifier.weight(.55f)) { Told(state, actions, floor) }
                }
            } else {
                val side = minOf(maxWidth - MARGIN * 2, 340.dp, maxHeight * if (stacks()) .36f else .42f)
                Column(Modifier.widthIn(max = 640.dp).fillMaxSize().semantics { isTraversalGroup = true }) {
                    Told(state, actions, floor) { Dial(state, actions, side) }
                }
            }
        }
    }
}

/** Below this height a screen on its side puts the count beside what is told. */
internal val LOW = 520.dp

/** What is told of a set, and the ways out of it; [dial] stands between where there is room below one another. */
@Composable
private fun ColumnScope.Told(state: LiveState.Training, actions: LiveActions, floor: () -> Unit, dial: @Composable () -> Unit = {}) {
    SetHead(state, actions, floor)
    dial()
    // What grows scrolls, and what must be reached stays.
    Column(
        Modifier.weight(1f).semantics { traversalIndex = 1f }.verticalScroll(rememberScrollState())
            .padding(horizontal = MARGIN, vertical = 12.dp),
        Arrangement.spacedBy(12.dp),
    ) { Words(state, actions) }
    WaysOut(state, actions)
}

@Composable
private fun SetHead(state: LiveState.Training, actions: LiveActions, floor: () -> Unit) {
    // After the count, the phase and the ways out, as somebody in a set needs them.
    Column(
        Modifier.padding(horizontal = MARGIN).padding(top = 12.dp).semantics { isTraversalGroup = true; traversalIndex = 5f },
        Arrangement.spacedBy(4.dp),
    ) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            state.leg?.let { SideBadge(it, size = 48.dp) }
            Text(
                state.exercise, Modifier.weight(1f).testTag("exercise"), style = MaterialTheme.typography.titleMedium,
                maxLines = 3, overflow = TextOverflow.Ellipsis,
            )
            RoundButton(Icons.floor, stringResource(R.string.floor_view), Modifier.testTag("floor"), floor)
        }
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
            Muted(setLine(state), Modifier.weight(1f))
            actions.demo?.let { DemoPill(it) }
        }
    }
}

/** Which set this is, and with what. */
@Composable
internal fun setLine(state: LiveState.Training): String = listOfNotNull(
    if (state.setOf > 0) stringResource(R.string.set_of, state.setNumber, state.setOf) else null,
    if (state.massG > 0) weight(state.massG) else stringResource(R.string.no_weight),
).joinToString(" · ")

@Composable
private fun Dial(state: LiveState.Training, actions: LiveActions, side: Dp) {
    var asksCount by rememberSaveable { mutableStateOf(false) }
    Box(Modifier.fillMaxWidth().padding(top = 8.dp), Alignment.Center) {
        Box(Modifier.size(side, side * .9f), Alignment.Center) {
            Arc(
                state.angleDeg, state.targetDeg, state.scaleDeg, state.lastRangesDeg,
                Modifier.matchParentSize().semantics { traversalIndex = 6f }, limit = state.limitDeg, greyed = state.at == At.PAUSED,
                measured = state.measured && state.lostS == null,
            )
            Column(
                Modifier.semantics { traversalIndex = 0f }
                    .clickable(onClickLabel = stringResource(R.string.count_wrong), role = Role.Button) { asksCount = !asksCount }
                    .padding(horizontal = 12.dp),
                horizontalAlignment = Alignment.CenterHorizontally,
            ) {
                // 152 where there is room, which is on every phone held upright.
                val size = minOf(152, (side.value * .45f).toInt())
                Text(
                    "${state.count}", Modifier.testTag("count").semantics { liveRegion = LiveRegionMode.Polite },
                    color = if (state.nearlyDone) MaterialTheme.colorScheme.primary else MaterialTheme.colorScheme.onSurface,
                    style = giant(size, size * 7 / 8),
                )
                state.target?.let { Muted(stringResource(R.string.of_target, it)) }
            }
        }
    }
    if (asksCount) {
        Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(16.dp, Alignment.CenterHorizontally), Alignment.CenterVertically) {
            RoundButton(Icons.minus, stringResource(R.string.one_less), Modifier.testTag("less")) { actions.countBy(-1) }
            Text(stringResource(R.string.count_wrong), style = MaterialTheme.typography.titleMedium)
            RoundButton(Icons.plus, stringResource(R.string.one_more), Modifier.testTag("more")) { actions.countBy(1) }
        }
    }
}

/** A count that is larger than any type setting, and ignores it. */
@Composable
internal fun giant(sizeDp: Int, lineDp: Int): TextStyle = with(LocalDensity.current) {
    TextStyle(
        fontSize = sizeDp.dp.toSp(), lineHeight = lineDp.dp.toSp(), letterSpacing = (-0.045).em, fontWeight = FontWeight.SemiBold,
        fontFeatureSettings = TABULAR,
    )
}

@Composable
private fun Words(state: LiveState.Training, actions: LiveActions) {
    if (state.lostS != null) return LostNotice(state, actions)
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Text(phaseWord(state), Modifier.testTag("phase"), style = MaterialTheme.typography.headlineLarge)
        state.leftS?.let { Muted(stringResource(R.string.seconds_left, it)) }
    }
    TempoBar(state.tempoS, if (state.inSet) state.moving else Moving.READY, state.movingS)
    Text(
        if (state.measured) state.cue else stringResource(R.string.not_measured), Modifier.testTag("line"),
        style = MaterialTheme.typography.titleLarge,
    )
    state.trouble?.let { Notice(it) }
    if (state.at == At.PAUSED) QuietButton(stringResource(R.string.end_session), Modifier.testTag("end session"), actions.stop)
}

@Composable
private fun phaseWord(state: LiveState.Training): String = stringResource(
    when {
        state.at == At.PAUSED -> R.string.paused
        state.at == At.WALK -> R.string.walking
        state.moving == Moving.LIFT -> R.string.lift
        state.moving == Moving.HOLD -> R.string.hold
        state.moving == Moving.LOWER -> R.string.lower
        else -> R.string.ready
    },
)

@Composable
private fun LostNotice(state: LiveState.Training, actions: LiveActions) {
    val seconds = state.lostS ?: return
    val link = state.cuff?.link
    val title = stringResource(
        when (link) {
            Link.RADIO_OFF -> R.string.bluetooth_off
            Link.NOT_ALLOWED -> R.string.bluetooth_denied_short
            else -> R.string.cuff_lost
        },
    )
    Notice(title, Modifier.testTag("lost")) {
        Text(stringResource(R.string.rest_the_leg), style = MaterialTheme.typography.titleLarge)
        Text(
            stringResource(if (link == Link.RADIO_OFF) R.string.bluetooth_off_text else R.string.still_looking_s, seconds),
        )
        if (seconds >= GIVES_UP_S) {
            NoticeButton(stringResource(R.string.without_counting), Modifier.testTag("without"), pressed = actions.withoutCuff)
            NoticeButton(stringResource(R.string.end_set), Modifier.testTag("end set"), pressed = actions.endSet)
        }
    }
}

@Composable
internal fun WaysOut(
    state: LiveState.Training, actions: LiveActions,
    room: Modifier = Modifier.padding(horizontal = MARGIN).padding(top = 8.dp, bottom = 16.dp), stop: () -> Unit = actions.endSet,
) {
    var asksPain by rememberSaveable { mutableStateOf(false) }
    val scheme = MaterialTheme.colorScheme
    Row(
        room.fillMaxWidth().semantics { isTraversalGroup = true; traversalIndex = 4f },
        Arrangement.spacedBy(12.dp),
    ) {
        val ways: List<@Composable () -> Unit> = listOf(
            { Way(stringResource(R.string.pain), Icons.pain, "pain", scheme.tertiary, 0) { asksPain = true } },
            {
                val (word, icon) = if (state.at == At.PAUSED) R.string.go_on to Icons.play else R.string.pause to Icons.pause
                Way(stringResource(word), icon, "pause", scheme.onSurface, 1, actions.pauseOrGoOn)
            },
            { Way(stringResource(R.string.stop), Icons.stop, "stop", scheme.error, 2, stop) },
        )
        // They are read in one order, whichever hand they lie for.
        for (way in if (LocalLeftHand.current) ways.reversed() else ways) way()
    }
    if (asksPain) PainDialog(actions) { asksPain = false }
}

@Composable
private fun RowScope.Way(text: String, icon: ImageVector, tag: String, color: Color, place: Int, pressed: () -> Unit) {
    Surface(
        pressed, Modifier.weight(1f).heightIn(min = TOUCH_LIVE).testTag(tag).semantics { traversalIndex = place.toFloat() },
        shape = MaterialTheme.shapes.large,
        color = MaterialTheme.colorScheme.surfaceContainerLowest, contentColor = color, border = edge(),
    ) {
        Column(
            Modifier.padding(horizontal = 4.dp, vertical = 12.dp), Arrangement.spacedBy(6.dp), Alignment.CenterHorizontally,
        ) {
            Icon(icon, null, Modifier.size(28.dp))
            Text(text, style = fitted(), textAlign = TextAlign.Center, maxLines = 1, softWrap = false)
        }
    }
}

/** Words of the three ways out stay on one line in a third of the screen, in both languages: they grow to 1.3 and no more. */
@Composable
private fun fitted(): TextStyle {
    val style = MaterialTheme.typography.titleMedium
    val scale = LocalDensity.current.fontScale
    return if (scale > 1.3f) style.copy(fontSize = style.fontSize * (1.3f / scale)) else style
}

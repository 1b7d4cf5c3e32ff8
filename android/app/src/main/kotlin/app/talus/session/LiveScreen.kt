// The live screen, read at arm's length: arc with target, giant count, one cue line, three ways out that never move.
package app.talus.session

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.LinearProgressIndicator
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.sp
import app.talus.R
import kotlin.math.cos
import kotlin.math.sin

/** What can be pressed on the live screen. */
class LiveActions(
    val confirm: () -> Unit,
    val pauseOrGoOn: () -> Unit,
    val stop: () -> Unit,
    val pain: (Int) -> Unit,
)

/** The live screen: all of it is in [state]. */
@Composable
fun LiveScreen(state: LiveState, actions: LiveActions) {
    Surface(Modifier.fillMaxSize(), color = MaterialTheme.colorScheme.surface) {
        Box(Modifier.safeDrawingPadding().padding(20.dp)) {
            when (state) {
                LiveState.Opening -> Waiting(stringResource(R.string.opening))
                LiveState.Looking -> Waiting(stringResource(R.string.looking))
                is LiveState.Connecting -> Waiting(stringResource(R.string.connecting), state.names.joinToString())
                is LiveState.Teaching -> Teaching(state)
                is LiveState.Training -> Training(state, actions)
                is LiveState.Over -> Over(state)
                is LiveState.Failed -> Waiting(state.advice)
            }
        }
    }
}

@Composable
private fun Waiting(line: String, below: String = "") {
    Column(Modifier.fillMaxSize(), Arrangement.Center, Alignment.CenterHorizontally) {
        Text(line, Modifier.testTag("line"), style = MaterialTheme.typography.headlineSmall, textAlign = TextAlign.Center)
        if (below.isNotEmpty()) Text(below, color = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

@Composable
private fun Teaching(state: LiveState.Teaching) {
    Column(Modifier.fillMaxSize(), Arrangement.spacedBy(24.dp, Alignment.CenterVertically), Alignment.CenterHorizontally) {
        Text(legName(state.leg), color = MaterialTheme.colorScheme.onSurfaceVariant)
        Text(
            state.instruction, Modifier.testTag("line"),
            style = MaterialTheme.typography.headlineMedium, textAlign = TextAlign.Center,
        )
        LinearProgressIndicator(progress = { state.progress }, modifier = Modifier.fillMaxWidth())
    }
}

@Composable
private fun Training(state: LiveState.Training, actions: LiveActions) {
    Column(Modifier.fillMaxSize(), horizontalAlignment = Alignment.CenterHorizontally) {
        Text(state.exercise, Modifier.testTag("exercise"), style = MaterialTheme.typography.titleLarge)
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
            val muted = MaterialTheme.colorScheme.onSurfaceVariant
            state.leg?.let { Text(legName(it), color = muted) }
            if (state.setOf > 0) Text(stringResource(R.string.set_of, state.setNumber, state.setOf), color = muted)
        }
        Arc(state, Modifier.fillMaxWidth().height(180.dp).padding(top = 16.dp))
        Text(
            "${state.count}",
            Modifier.testTag("count").semantics { liveRegion = LiveRegionMode.Polite },
            color = if (state.target != null && state.count >= state.target - 2) {
                MaterialTheme.colorScheme.primary
            } else {
                MaterialTheme.colorScheme.onSurface
            },
            fontSize = 152.sp, lineHeight = 144.sp, letterSpacing = (-0.045 * 152).sp, fontWeight = FontWeight.SemiBold,
        )
        state.target?.let { Text(stringResource(R.string.of_target, it), color = MaterialTheme.colorScheme.onSurfaceVariant) }
        Text(
            when {
                state.paused -> stringResource(R.string.paused)
                state.leftS != null -> stringResource(R.string.seconds_left, state.leftS)
                else -> stringResource(movingName(state.moving))
            },
            Modifier.padding(top = 8.dp).testTag("phase"), style = MaterialTheme.typography.headlineSmall,
        )
        val line = if (state.measured) state.cue else stringResource(R.string.not_measured)
        Text(
            line, Modifier.weight(1f).padding(top = 12.dp).testTag("line"),
            style = MaterialTheme.typography.titleMedium, textAlign = TextAlign.Center,
        )
        state.trouble?.let { Text(it, color = MaterialTheme.colorScheme.tertiary) }
        WaysOut(state, actions)
    }
}

@Composable
private fun WaysOut(state: LiveState.Training, actions: LiveActions) {
    var asksPain by rememberSaveable { mutableStateOf(false) }
    val large = Modifier.heightIn(min = 72.dp)
    if (state.confirms) {
        Button(actions.confirm, large.fillMaxWidth().testTag("confirm")) { Text(stringResource(R.string.confirm)) }
    }
    Row(Modifier.fillMaxWidth().padding(top = 12.dp), Arrangement.spacedBy(12.dp)) {
        OutlinedButton({ asksPain = true }, large.weight(1f).testTag("pain")) { Text(stringResource(R.string.pain)) }
        FilledTonalButton(actions.pauseOrGoOn, large.weight(1f).testTag("pause")) {
            Text(stringResource(if (state.paused) R.string.go_on else R.string.pause))
        }
        OutlinedButton(actions.stop, large.weight(1f).testTag("stop")) { Text(stringResource(R.string.stop)) }
    }
    if (asksPain) {
        PainPad(
            answered = {
                asksPain = false
                actions.pain(it)
            },
            dismissed = { asksPain = false },
        )
    }
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun PainPad(answered: (Int) -> Unit, dismissed: () -> Unit) {
    AlertDialog(
        onDismissRequest = dismissed,
        confirmButton = {},
        title = { Text(stringResource(R.string.pain_question)) },
        text = {
            FlowRow(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalArrangement = Arrangement.spacedBy(8.dp)) {
                for (level in 0..10) {
                    OutlinedButton({ answered(level) }, Modifier.testTag("pain $level")) { Text("$level") }
                }
            }
        },
    )
}

@Composable
private fun Over(state: LiveState.Over) {
    Column(Modifier.fillMaxSize(), Arrangement.spacedBy(12.dp, Alignment.CenterVertically)) {
        Text(state.sentence, Modifier.testTag("line"), style = MaterialTheme.typography.headlineMedium)
        for (line in state.upNext) Text(line, color = MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

/** Where the arc begins and how far it opens, degrees clockwise from three o'clock. */
private const val ARC_FROM = 180f
private const val ARC_SWEEP = 180f

/** Least and most of the own range that is the target zone, as shares of the angle that counts. */
private const val ZONE_TO = 105f / 90f

@Composable
private fun Arc(state: LiveState.Training, modifier: Modifier) {
    val track = MaterialTheme.colorScheme.surfaceContainerHigh
    val zone = MaterialTheme.colorScheme.primaryContainer
    val now = if (state.paused) MaterialTheme.colorScheme.outline else MaterialTheme.colorScheme.primary
    val tick = MaterialTheme.colorScheme.onSurfaceVariant
    Canvas(modifier) {
        val width = 20.dp.toPx()
        val radius = minOf(size.width / 2, size.height) - width
        val center = Offset(size.width / 2, size.height - width / 2)
        fun sweep(deg: Float) = ARC_SWEEP * (deg / state.scaleDeg).coerceIn(0f, 1f)
        part(track, center, radius, width, ARC_FROM, ARC_SWEEP)
        state.targetDeg?.let { from -> part(zone, center, radius, width, ARC_FROM + sweep(from), sweep(from * ZONE_TO) - sweep(from)) }
        for (range in state.lastRangesDeg) part(tick, center, radius, width, ARC_FROM + sweep(range) - 0.4f, 0.8f)
        state.angleDeg?.takeIf { state.inSet }?.let { angle ->
            part(now, center, radius, width / 3, ARC_FROM, sweep(angle))
            val at = Math.toRadians((ARC_FROM + sweep(angle)).toDouble())
            drawCircle(now, width * 0.7f, center + Offset((radius * cos(at)).toFloat(), (radius * sin(at)).toFloat()))
        }
    }
}

private fun DrawScope.part(color: Color, center: Offset, radius: Float, width: Float, from: Float, sweep: Float) = drawArc(
    color, from, sweep, useCenter = false, topLeft = center - Offset(radius, radius), size = Size(2 * radius, 2 * radius),
    style = Stroke(width, cap = StrokeCap.Butt),
)

@Composable
private fun legName(leg: Leg) = stringResource(if (leg == Leg.LEFT) R.string.left_leg else R.string.right_leg)

private fun movingName(moving: Moving) = when (moving) {
    Moving.READY -> R.string.ready
    Moving.LIFT -> R.string.lift
    Moving.HOLD -> R.string.hold
    Moving.LOWER -> R.string.lower
}

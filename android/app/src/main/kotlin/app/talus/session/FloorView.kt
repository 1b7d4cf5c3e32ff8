// A set seen from two metres, lying down: the screen fills as the leg lifts, with the count, the target line and the leg.
package app.talus.session

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.size
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.platform.LocalView
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.DemoPill
import app.talus.look.Icons
import app.talus.look.SideBadge
import app.talus.look.TOUCH

/** Colours of the floor: the same by day and by night. */
private val tide = Color(0xFF0B5660)
private val edge = Color(0xFF74D2D8)
private val hatch = Color(0xFF2A2A2A)

/** Where on the screen the target line is, from below. */
private const val LINE = .78f

/** The set from two metres away. A tap anywhere pauses; [near] goes back. */
@Composable
fun FloorView(state: LiveState.Training, actions: LiveActions, near: () -> Unit) {
    // Nobody reaches the phone to wake it.
    val view = LocalView.current
    DisposableEffect(view) {
        view.keepScreenOn = true
        onDispose { view.keepScreenOn = false }
    }
    val paused = state.at == At.PAUSED
    val lost = state.lostS != null
    val pausedWord = stringResource(R.string.paused)
    val lostWord = stringResource(R.string.cuff_lost)
    Box(
        Modifier.fillMaxSize().background(Color.Black).testTag("floor view").semantics {
            if (lost) stateDescription = lostWord else if (paused) stateDescription = pausedWord
        }.clickable(onClickLabel = stringResource(if (paused) R.string.go_on else R.string.pause), role = Role.Button, onClick = actions.pauseOrGoOn),
    ) {
        Canvas(Modifier.fillMaxSize()) {
            if (lost) {
                var x = -size.height
                while (x < size.width) {
                    drawLine(hatch, Offset(x, size.height), Offset(x + size.height, 0f), 12.dp.toPx())
                    x += 48.dp.toPx()
                }
            } else if (!paused) {
                val full = state.targetDeg ?: (state.scaleDeg * .8f)
                val level = ((state.angleDeg ?: 0f) / full * LINE).coerceIn(0f, 1f) * size.height
                drawRect(tide, Offset(0f, size.height - level), Size(size.width, level))
                if (level > 0) drawRect(edge, Offset(0f, size.height - level), Size(size.width, 8.dp.toPx()))
            }
            val y = size.height * (1 - LINE)
            drawLine(
                Color.White, Offset(20.dp.toPx(), y), Offset(size.width - 20.dp.toPx(), y), 8.dp.toPx(), StrokeCap.Round,
                if (lost) PathEffect.dashPathEffect(floatArrayOf(8.dp.toPx(), 40.dp.toPx())) else PathEffect.dashPathEffect(floatArrayOf(36.dp.toPx(), 18.dp.toPx())),
            )
        }
        BoxWithConstraints(Modifier.fillMaxSize().safeDrawingPadding()) {
            // The width fits two figures; on its side the phone is less high.
            val size = minOf(300, (maxWidth.value * .72f).toInt(), (maxHeight.value * .6f).toInt())
            Column(Modifier.fillMaxSize(), Arrangement.Center, Alignment.CenterHorizontally) {
                if (paused) {
                    Row(Modifier.height(size.dp), Arrangement.spacedBy(48.dp)) {
                        repeat(2) { Box(Modifier.size(56.dp, size.dp).background(Color.White)) }
                    }
                } else {
                    Text(
                        "${state.count}", Modifier.testTag("count").semantics { liveRegion = LiveRegionMode.Polite },
                        color = Color.White, style = giant(size, size - 20),
                    )
                }
                state.leg?.let { SideBadge(it, Modifier.padding(top = 24.dp), 96.dp) }
            }
        }
        Row(Modifier.safeDrawingPadding().fillMaxWidth().padding(8.dp), Arrangement.SpaceBetween, Alignment.CenterVertically) {
            IconButton(near, Modifier.size(TOUCH).testTag("near")) {
                Icon(Icons.close, stringResource(R.string.close_floor_view), tint = Color.White)
            }
            actions.demo?.let { DemoPill(it) }
        }
    }
}

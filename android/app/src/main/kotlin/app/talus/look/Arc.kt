// The range of motion, always as the same opening arc, and the tempo bar.
package app.talus.look

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import app.talus.R
import kotlin.math.PI
import kotlin.math.cos
import kotlin.math.roundToInt
import kotlin.math.sin

/** Where the arc begins and how far it opens, degrees clockwise from three o'clock. */
private const val FROM = 144f
private const val SWEEP = 252f

/** The end of the target zone as a share of its beginning: 105 per cent of the own range, which begins at 90. */
private const val ZONE_TO = 105f / 90f

/**
 * The leg on its arc. Degrees; [now] is absent where nothing is measured, and then the arc is dashed. [limit] is how far a
 * plan lets the leg go, and has a hard edge.
 */
@Composable
fun Arc(
    now: Float?, target: Float?, scaleDeg: Float, peaks: List<Float>, modifier: Modifier = Modifier, limit: Float? = null,
    greyed: Boolean = false, measured: Boolean = true,
) {
    val scheme = MaterialTheme.colorScheme
    val said = when {
        !measured || now == null -> stringResource(R.string.arc_unmeasured)
        target == null -> stringResource(R.string.arc_at, now.roundToInt())
        else -> stringResource(R.string.arc_of, now.roundToInt(), target.roundToInt())
    }
    Canvas(modifier.clearAndSetSemantics { contentDescription = said }) {
        val width = 20.dp.toPx()
        val radius = minOf(size.width / 2, size.height / 1.84f) - width
        val center = Offset(size.width / 2, radius + width)
        fun sweep(deg: Float) = SWEEP * (deg / scaleDeg).coerceIn(0f, 1f)
        fun on(deg: Float, away: Float): Offset {
            val angle = (FROM + sweep(deg)) * PI / 180
            return center + Offset((away * cos(angle)).toFloat(), (away * sin(angle)).toFloat())
        }
        if (!measured) {
            part(scheme.outline, center, radius, 6.dp.toPx(), FROM, SWEEP, PathEffect.dashPathEffect(floatArrayOf(1f, 20.dp.toPx())))
            return@Canvas
        }
        part(scheme.surfaceContainerHigh, center, radius, width, FROM, SWEEP)
        if (target != null) {
            val to = minOf(target * ZONE_TO, limit ?: Float.MAX_VALUE, scaleDeg)
            if (to > target) {
                part(scheme.primary.copy(alpha = .28f), center, radius, width * 2, FROM + sweep(target), sweep(to) - sweep(target), cap = StrokeCap.Butt)
            }
            drawLine(scheme.primary, on(target, radius - width), on(target, radius + width), 3.dp.toPx(), StrokeCap.Round)
        }
        if (limit != null) drawLine(scheme.error, on(limit, radius - width), on(limit, radius + width), 5.dp.toPx(), StrokeCap.Butt)
        for (peak in peaks) drawLine(scheme.onSurfaceVariant, on(peak, radius + width * .8f), on(peak, radius + width * 1.3f), 3.dp.toPx(), StrokeCap.Round)
        val leg = if (greyed) scheme.outline else scheme.primary
        if (now != null) {
            val at = now.coerceIn(0f, scaleDeg)
            part(leg, center, radius, width, FROM, sweep(at).coerceAtLeast(.1f))
            drawCircle(leg, width * 1.05f, on(at, radius))
            drawCircle(scheme.surface, width * .7f, on(at, radius))
        }
    }
}

private fun DrawScope.part(
    color: Color, center: Offset, radius: Float, width: Float, from: Float, sweep: Float, dashes: PathEffect? = null,
    cap: StrokeCap = StrokeCap.Round,
) = drawArc(
    color, from, sweep, useCenter = false, topLeft = center - Offset(radius, radius), size = Size(2 * radius, 2 * radius),
    style = Stroke(width, cap = cap, pathEffect = dashes),
)

/** What the leg does, for the word beside the tempo. */
enum class Moving { READY, LIFT, HOLD, LOWER }

/** Three lengths in proportion to the tempo asked for; what is done and what runs is filled, the running word is bold. */
@Composable
fun TempoBar(tempoS: List<Float>, moving: Moving, movingS: Float, modifier: Modifier = Modifier) {
    val words = listOf(R.string.lift, R.string.hold, R.string.lower)
    val running = moving.ordinal - 1
    val asked = List(3) { tempoS.getOrElse(it) { 0f } }
    if (asked.all { it <= 0f }) return
    // The words stand above in full; to a reader the bar says nothing more.
    Row(modifier.fillMaxWidth().clearAndSetSemantics {}, Arrangement.spacedBy(8.dp)) {
        for ((index, length) in asked.withIndex()) {
            if (length <= 0f) continue
            Column(Modifier.weight(length.coerceAtLeast(1f))) {
                Meter(if (index < running) 1f else if (index == running) movingS / length else 0f)
                if (!stacks()) {
                    Text(
                        stringResource(words[index]), Modifier.padding(top = 6.dp), style = MaterialTheme.typography.labelMedium,
                        fontWeight = if (index == running) FontWeight.Bold else FontWeight.Medium, maxLines = 1,
                        color = if (index == running) MaterialTheme.colorScheme.onSurface else MaterialTheme.colorScheme.onSurfaceVariant,
                    )
                }
            }
        }
    }
}

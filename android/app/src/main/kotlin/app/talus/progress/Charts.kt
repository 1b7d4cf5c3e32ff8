// What progress draws: the trend of both legs with their shapes, and the angle of a set over time.
package app.talus.progress

import androidx.compose.foundation.Canvas
import androidx.compose.foundation.gestures.detectTapGestures
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathEffect
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.rotate
import androidx.compose.ui.input.pointer.pointerInput
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.CustomAccessibilityAction
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.customActions
import androidx.compose.ui.semantics.stateDescription
import androidx.compose.ui.text.drawText
import androidx.compose.ui.text.rememberTextMeasurer
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.Card
import app.talus.look.Choice
import app.talus.look.Leg
import app.talus.look.Muted
import app.talus.look.SideBadge
import app.talus.look.ValueRow
import app.talus.look.decimal
import app.talus.look.legName
import app.talus.look.locale
import app.talus.look.seconds
import app.talus.look.stone
import java.time.LocalDate
import kotlin.math.ceil
import kotlin.math.floor
import kotlin.math.roundToInt

/** An axis spans at least this many units, so that noise cannot look like a change. */
private const val LEAST_NM = 6f
private const val LEAST_DEG = 24f

/** Both legs over time: torque where a weight makes one, else range. */
@Composable
internal fun Chart(trend: Trend) {
    val torque = trend.legs.any { leg -> leg.points.any { it.torqueNm != null } }
    val lines = trend.legs.map { leg ->
        ChartLine(leg.leg, leg.points.mapNotNull { point -> (if (torque) point.torqueNm else point.rangeDeg)?.let { point.day to it } })
    }
    Chart(stringResource(if (torque) R.string.torque_axis else R.string.range_axis), lines, if (torque) LEAST_NM else LEAST_DEG)
}

/**
 * Lines over time; the axis spans at least [least]. A reader hears how many points there are and steps through them.
 */
@Composable
internal fun Chart(title: String, lines: List<ChartLine>, least: Float) {
    val points = lines.flatMap { line -> line.points.map { (day, value) -> Triple(line.leg, day, value) } }.sortedBy { it.second }
    Text(title, style = MaterialTheme.typography.labelMedium)
    if (points.isEmpty()) return Muted(stringResource(R.string.too_few_sessions))
    val here = locale()
    val days = shortDays(here)
    var at by remember(lines) { mutableIntStateOf(-1) }
    val count = pluralStringResource(R.plurals.chart_points, points.size, points.size)
    val said = points.getOrNull(at)?.let { (leg, day, value) ->
        listOfNotNull(leg?.let { legName(it) }, days.format(day), decimal(value.toDouble(), 1, here)).joinToString(", ")
    }.orEmpty()
    val next = stringResource(R.string.next_point)
    val before = stringResource(R.string.point_before)
    val stone = MaterialTheme.stone
    val accent = MaterialTheme.colorScheme.primary
    val grid = MaterialTheme.colorScheme.outlineVariant
    val ground = MaterialTheme.colorScheme.surfaceContainerLowest
    val words = MaterialTheme.typography.labelMedium.copy(color = MaterialTheme.colorScheme.onSurfaceVariant)
    val measurer = rememberTextMeasurer()
    Canvas(
        Modifier.fillMaxWidth().height(220.dp).testTag("chart").clearAndSetSemantics {
            contentDescription = "$title. $count"
            stateDescription = said
            customActions = listOf(
                CustomAccessibilityAction(next) { (at < points.size - 1).also { if (it) at += 1 } },
                CustomAccessibilityAction(before) { (at > 0).also { if (it) at -= 1 } },
            )
        },
    ) {
        val (low, high) = axis(points.minOf { it.third }, points.maxOf { it.third }, least)
        val first = points.first().second
        val span = (points.last().second.toEpochDay() - first.toEpochDay()).coerceAtLeast(1)
        val digits = if (high - low < 6) 1 else 0
        val label = measurer.measure(decimal(high.toDouble(), digits, here), words)
        val left = label.size.width + 12.dp.toPx()
        val bottom = size.height - label.size.height - 8.dp.toPx()
        val top = label.size.height / 2f
        fun x(day: LocalDate) = left + (size.width - left - 12.dp.toPx()) * (day.toEpochDay() - first.toEpochDay()) / span + 6.dp.toPx()
        fun y(value: Float) = bottom - (bottom - top) * (value - low) / (high - low)
        for (line in listOf(low, (low + high) / 2, high)) {
            drawLine(grid, Offset(left, y(line)), Offset(size.width, y(line)), 1.dp.toPx())
            val text = measurer.measure(decimal(line.toDouble(), digits, here), words)
            drawText(text, topLeft = Offset(0f, y(line) - text.size.height / 2))
        }
        val begin = measurer.measure(days.format(first), words)
        drawText(begin, topLeft = Offset(left, size.height - begin.size.height))
        if (points.last().second != first) {
            val end = measurer.measure(days.format(points.last().second), words)
            drawText(end, topLeft = Offset(size.width - end.size.width, size.height - end.size.height))
        }
        for (leg in lines.map { it.leg }) {
            val mine = points.filter { it.first == leg }
            val color = when (leg) {
                null -> accent
                Leg.LEFT -> stone.left
                Leg.RIGHT -> stone.right
            }
            val dashes = if (leg == Leg.RIGHT) PathEffect.dashPathEffect(floatArrayOf(6.dp.toPx(), 4.dp.toPx())) else null
            mine.zipWithNext { (_, from, a), (_, to, b) ->
                drawLine(color, Offset(x(from), y(a)), Offset(x(to), y(b)), 2.5.dp.toPx(), StrokeCap.Round, dashes)
            }
            for ((_, day, value) in mine) marker(leg ?: Leg.LEFT, Offset(x(day), y(value)), color, ground)
        }
    }
    Row(horizontalArrangement = Arrangement.spacedBy(20.dp)) {
        for (leg in lines.mapNotNull { it.leg }) {
            Row(horizontalArrangement = Arrangement.spacedBy(8.dp), verticalAlignment = Alignment.CenterVertically) {
                SideBadge(leg, size = 24.dp)
                Text(stringResource(if (leg == Leg.LEFT) R.string.left else R.string.right), style = MaterialTheme.typography.bodyMedium)
            }
        }
    }
}

/** Minutes of each week as bars from nothing; a week of rest is blank. */
@Composable
internal fun Minutes(weeks: List<WeekMarks>) {
    val here = locale()
    val days = shortDays(here)
    val title = stringResource(R.string.minutes_axis)
    val said = weeks.joinToString(", ") { "${days.format(it.monday)}: ${it.minutes}" }
    Text(title, style = MaterialTheme.typography.labelMedium)
    val accent = MaterialTheme.colorScheme.primary
    val grid = MaterialTheme.colorScheme.outlineVariant
    val words = MaterialTheme.typography.labelMedium.copy(color = MaterialTheme.colorScheme.onSurfaceVariant)
    val measurer = rememberTextMeasurer()
    Canvas(Modifier.fillMaxWidth().height(200.dp).testTag("minutes").clearAndSetSemantics { contentDescription = "$title. $said" }) {
        val most = (weeks.maxOf { it.minutes } / 30 + 1) * 30
        val label = measurer.measure("$most", words)
        val left = label.size.width + 12.dp.toPx()
        val bottom = size.height - label.size.height - 8.dp.toPx()
        val top = label.size.height / 2f
        for (line in listOf(0, most / 2, most)) {
            val y = bottom - (bottom - top) * line / most
            drawLine(grid, Offset(left, y), Offset(size.width, y), 1.dp.toPx())
            val text = measurer.measure("$line", words)
            drawText(text, topLeft = Offset(0f, y - text.size.height / 2))
        }
        val step = (size.width - left) / weeks.size
        weeks.forEachIndexed { index, week ->
            val high = (bottom - top) * week.minutes / most
            drawRect(accent, Offset(left + step * (index + .2f), bottom - high), Size(step * .6f, high))
        }
        val begin = measurer.measure(days.format(weeks.first().monday), words)
        drawText(begin, topLeft = Offset(left, size.height - begin.size.height))
        val end = measurer.measure(days.format(weeks.last().monday), words)
        drawText(end, topLeft = Offset(size.width - end.size.width, size.height - end.size.height))
    }
}

/** Numbers around the values, at least [least] apart: whole ones, or where they lie near one another tenths. */
private fun axis(low: Float, high: Float, least: Float): Pair<Float, Float> {
    val spare = ((least - (high - low)) / 2).coerceAtLeast(0f)
    if (least < 6 && high - low < 6) {
        val from = (floor((low - spare) * 10) / 10).coerceAtLeast(0f)
        return from to ceil(maxOf(high + spare, from + least) * 10) / 10
    }
    val from = floor(low - spare).coerceAtLeast(0f)
    return from to ceil(maxOf(high + spare, from + least))
}

private fun DrawScope.marker(leg: Leg, at: Offset, color: Color, ground: Color) {
    val half = 6.dp.toPx()
    if (leg == Leg.LEFT) {
        drawCircle(ground, half + 2.dp.toPx(), at)
        drawCircle(color, half, at)
    } else {
        rotate(45f, at) {
            val room = half + 1.5.dp.toPx()
            drawRect(ground, at - Offset(room, room), Size(2 * room, 2 * room))
            drawRect(color, at - Offset(half, half) * .9f, Size(1.8f * half, 1.8f * half))
        }
    }
}

/** The angle of a set over time; a repetition is chosen by its number, and what it was like stands below. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
internal fun SetTrace(set: SetLine) = Card(Modifier.testTag("trace")) {
    Text(stringResource(R.string.trace_axis), style = MaterialTheme.typography.labelMedium)
    val points = set.trace.flatten()
    if (points.isEmpty()) return@Card Muted(stringResource(R.string.no_trace))
    var chosen by remember(set) { mutableIntStateOf(-1) }
    val scheme = MaterialTheme.colorScheme
    val from = points.minOf { it.atS }
    val span = (points.maxOf { it.atS } - from).coerceAtLeast(.1f)
    val most = points.maxOf { it.deg }.coerceAtLeast(1f)
    val least = minOf(0f, points.minOf { it.deg })
    val said = pluralStringResource(R.plurals.trace_said, set.reps.size, set.reps.size, most.roundToInt())
    Canvas(
        Modifier.fillMaxWidth().height(200.dp).clearAndSetSemantics { contentDescription = said }.pointerInput(set) {
            detectTapGestures { tap ->
                val at = from + span * tap.x / size.width
                chosen = set.reps.indexOfFirst { at in it.fromS..it.toS }
            }
        },
    ) {
        fun x(atS: Float) = size.width * (atS - from) / span
        fun y(deg: Float) = size.height * (1 - (deg - least) / ((most - least) * 1.1f))
        drawLine(scheme.outlineVariant, Offset(0f, y(0f)), Offset(size.width, y(0f)), 1.dp.toPx())
        set.reps.getOrNull(chosen)?.let { rep ->
            drawRect(scheme.surfaceContainerHigh, Offset(x(rep.fromS), 0f), Size(x(rep.toS) - x(rep.fromS), size.height))
        }
        for (line in set.trace) {
            if (line.size < 2) continue
            val path = Path().apply {
                moveTo(x(line[0].atS), y(line[0].deg))
                for (point in line) lineTo(x(point.atS), y(point.deg))
            }
            drawPath(path, scheme.primary, style = Stroke(2.5.dp.toPx(), cap = StrokeCap.Round, join = StrokeJoin.Round))
        }
    }
    if (set.reps.isNotEmpty()) {
        val here = locale()
        FlowRow(horizontalArrangement = Arrangement.spacedBy(6.dp), verticalArrangement = Arrangement.spacedBy(6.dp)) {
            set.reps.forEachIndexed { index, rep ->
                val name = stringResource(if (rep.full) R.string.rep_said else R.string.rep_short_said, index + 1)
                Choice(if (rep.full) "${index + 1}" else "–", index == chosen, Modifier.testTag("rep $index"), name) { chosen = index }
            }
        }
        set.reps.getOrNull(chosen)?.let { rep ->
            Column(Modifier.padding(top = 4.dp)) {
                ValueRow(
                    stringResource(R.string.range),
                    rep.rangeDeg?.let { stringResource(R.string.degrees, it.roundToInt()) } ?: stringResource(R.string.not_measured_then),
                )
                ValueRow(stringResource(R.string.lift), seconds(rep.liftS, here))
                ValueRow(stringResource(R.string.hold), seconds(rep.holdS, here))
                ValueRow(stringResource(R.string.lower), seconds(rep.lowerS, here))
            }
        }
    }
}

// The figure of an exercise, drawn by code from poses: a calm person of rounded limbs, the moving leg dark, cuff and arrow
// in the accent. Units are thousandths of standing height with y up; drawn for the right leg and mirrored for the left.
package app.talus.look

import android.content.Context
import androidx.compose.foundation.Canvas
import androidx.compose.material3.MaterialTheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.remember
import androidx.compose.ui.Modifier
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Rect
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.Path
import androidx.compose.ui.graphics.PathOperation
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.drawscope.DrawScope
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.graphics.drawscope.rotate
import androidx.compose.ui.graphics.drawscope.scale
import androidx.compose.ui.graphics.drawscope.translate
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import app.talus.R
import kotlin.math.PI
import kotlin.math.acos
import kotlin.math.atan2
import kotlin.math.cos
import kotlin.math.hypot
import kotlin.math.max
import kotlin.math.min
import kotlin.math.sin
import org.json.JSONArray
import org.json.JSONObject

/** One exercise's figure. */
@Immutable
class Figure internal constructor(json: JSONObject, private val radius: Map<String, Float>) {
    private class Support(val layer: String, val corners: List<Offset>)

    private val frames: List<Map<String, Offset>> = json.getJSONArray("frames").objects().map { frame ->
        frame.keys().asSequence().associateWith { frame.getJSONArray(it).point() }
    }
    private val order = json.getJSONArray("order").let { list -> List(list.length(), list::getString) }
    private val supports = json.getJSONArray("supports").objects().map {
        Support(it.getString("layer"), it.getJSONArray("poly").points())
    }
    private val arc = json.getJSONArray("arc").points()
    private val bothMove = json.getString("moving_side") == "both"
    private val site = json.getJSONObject("cuff").getString("site")
    private val weighs = json.getJSONObject("cuff").getBoolean("mass")

    /** Where it is done: chair, counter, step, floor, bed, in the design's words. */
    val place: String = json.getString("place")

    /** The pose that shows what is meant, 0 to 1. */
    val end: Float = json.getInt("end_frame").toFloat() / (frames.size - 1)

    /** Whether it is done lying or on hands and knees, where a phone lies far away. */
    val onTheFloor: Boolean = "floor" in place && place != "open floor" || "mat" in place

    /** All of it at every moment, with room around. */
    val bounds: Rect = run {
        val body = frames.flatMap { it.values } + supports.flatMap { it.corners }
        val left = min(body.minOf { it.x } - 70, arc.minOf { it.x } - 30)
        val right = max(body.maxOf { it.x } + 70, arc.maxOf { it.x } + 30)
        val bottom = min(body.minOf { it.y } - 30, arc.minOf { it.y } - 30)
        val top = max(body.maxOf { it.y } + 70, arc.maxOf { it.y } + 30)
        Rect(left, bottom, right, top)
    }

    /** Joints at [t], 0 at the start and 1 at the end. */
    fun joints(t: Float): Map<String, Offset> {
        val x = t.coerceIn(0f, 1f) * (frames.size - 1)
        val from = min(x.toInt(), frames.size - 2)
        val share = x - from
        return frames[from].mapValues { (joint, at) -> at + (frames[from + 1].getValue(joint) - at) * share }
    }

    private fun r(joint: String) = radius.getValue(joint)

    private fun limbs(at: Map<String, Offset>): Map<String, Path> = buildMap {
        fun capsule(a: String, ra: Float, b: String, rb: Float) = capsule(at.getValue(a), ra, at.getValue(b), rb)
        for (s in listOf("L", "R")) {
            put(
                "leg$s",
                whole(
                    capsule("hip$s", r("hip"), "knee$s", r("knee")), capsule("knee$s", r("knee"), "ankle$s", r("ankle")),
                    capsule("heel$s", r("heel"), "toe$s", r("toe")), capsule("ankle$s", r("ankle"), "heel$s", r("heel")),
                ),
            )
            put(
                "arm$s",
                whole(
                    capsule("shoulder$s", r("shoulder"), "elbow$s", r("elbow")),
                    capsule("elbow$s", r("elbow"), "hand$s", r("hand")),
                ),
            )
        }
        val corners = listOf(
            "shoulderL" to r("trunk_shoulder"), "shoulderR" to r("trunk_shoulder"), "hipL" to r("trunk_hip"), "hipR" to r("trunk_hip"),
        )
        val sides = corners.flatMapIndexed { index, (a, ra) ->
            corners.drop(index + 1).map { (b, rb) -> capsule(a, ra, b, rb) }
        }
        put("trunk", whole(*sides.toTypedArray()))
        put(
            "head",
            whole(
                capsule("neck", r("neck"), "head", r("neck")), capsule("head", r("head"), "head", r("head")),
                capsule("head", NOSE_FROM, "face", NOSE_TO),
            ),
        )
    }

    /** Draws it at [t] into the whole of the canvas, for the left leg [mirrored]. */
    internal fun DrawScope.draw(t: Float, mirrored: Boolean, arrow: Boolean, ink: Ink) {
        val fit = min(size.width / bounds.width, size.height / bounds.height)
        val (dx, dy) = Offset((size.width - bounds.width * fit) / 2, (size.height - bounds.height * fit) / 2)
        // Here y is up, so bottom is the smaller one.
        translate(dx, dy + bounds.height * fit) {
            scale(if (mirrored) -fit else fit, -fit, Offset.Zero) {
                translate(if (mirrored) -bounds.right else -bounds.left, -bounds.top) { body(t, arrow, ink) }
            }
        }
    }

    private fun DrawScope.body(t: Float, arrow: Boolean, ink: Ink) {
        drawSupports("floor", ink)
        drawSupports("far", ink)
        val at = joints(t)
        val limbs = limbs(at)
        if (t > 0 && !bothMove) drawPath(limbs(frames.first()).getValue("legR"), ink.moving, alpha = 0.16f)
        for (part in order) {
            val path = limbs.getValue(part)
            drawPath(path, ink.halo, style = Stroke(HALO, join = StrokeJoin.Round))
            drawPath(
                path,
                when {
                    part == "legR" || part == "legL" && bothMove -> ink.moving
                    part.endsWith("L") -> ink.far
                    else -> ink.near
                },
            )
            if (part == "legR") drawCuff(at, ink)
            if (part == "trunk") drawSupports("mid", ink)
        }
        if (arrow && arc.size > 4) drawArrow(ink.accent)
    }

    private fun DrawScope.drawSupports(layer: String, ink: Ink) {
        for (support in supports) {
            if (support.layer != layer) continue
            val path = Path().apply {
                moveTo(support.corners[0].x, support.corners[0].y)
                support.corners.drop(1).forEach { lineTo(it.x, it.y) }
                close()
            }
            val floor = layer == "floor"
            drawPath(path, if (floor) ink.floor else ink.support)
            drawPath(path, if (floor) ink.floor else ink.edge, style = Stroke(if (floor) 14f else 6f, join = StrokeJoin.Round))
        }
    }

    private fun DrawScope.drawCuff(at: Map<String, Offset>, ink: Ink) {
        val band = when (site) {
            "above_ankle" -> Band("kneeR", "ankleR", .80f, r("knee"), r("ankle"), 52f, 246f)
            "above_knee" -> Band("hipR", "kneeR", .80f, r("hip"), r("knee"), 52f, 245f)
            else -> Band("heelR", "toeR", .70f, r("heel"), r("toe"), 40f, 139f)
        }
        val from = at.getValue(band.from)
        val along = at.getValue(band.to) - from
        val center = from + along * band.share
        // Shorter where the limb points at whoever looks.
        val length = (along.getDistance() / band.full).coerceIn(.45f, 1f) * band.width * if (weighs) 1f else .62f
        val height = 2 * (band.radiusFrom + (band.radiusTo - band.radiusFrom) * band.share) + if (weighs) 20 else 8
        rotate((atan2(along.y, along.x) * 180 / PI).toFloat(), center) {
            val corner = center - Offset(length / 2, height / 2)
            drawRoundRect(ink.halo, corner, Size(length, height), CornerRadius(11f), Stroke(7f))
            drawRoundRect(ink.accent, corner, Size(length, height), CornerRadius(11f))
        }
    }

    private class Band(
        val from: String, val to: String, val share: Float, val radiusFrom: Float, val radiusTo: Float, val width: Float, val full: Float,
    )

    private fun DrawScope.drawArrow(color: Color) {
        val tip = arc.last()
        val before = arc[arc.size - 3]
        val heading = atan2(tip.y - before.y, tip.x - before.x)
        fun barb(turn: Float) = tip + Offset(cos(heading + turn), sin(heading + turn)) * ARROW
        val turn = (PI * .8).toFloat()
        val line = Path().apply {
            moveTo(arc[0].x, arc[0].y)
            arc.drop(1).forEach { lineTo(it.x, it.y) }
            barb(turn).let { moveTo(it.x, it.y) }
            lineTo(tip.x, tip.y)
            barb(-turn).let { lineTo(it.x, it.y) }
        }
        drawPath(line, color, style = Stroke(13f, cap = StrokeCap.Round, join = StrokeJoin.Round))
    }

    private companion object {
        const val HALO = 14f
        const val ARROW = 34f
        const val NOSE_FROM = 40f
        const val NOSE_TO = 11f
    }
}

/** Colours of a figure on its ground. */
internal class Ink(
    val far: Color, val near: Color, val moving: Color, val accent: Color, val support: Color, val edge: Color, val floor: Color,
    val halo: Color,
)

/** Two circles and what lies between them: one tapered limb. The larger circle, where it holds the other. */
private fun capsule(a: Offset, ra: Float, b: Offset, rb: Float): Path {
    val apart = hypot(b.x - a.x, b.y - a.y)
    val path = Path()
    if (apart <= kotlin.math.abs(ra - rb) + .5f) {
        val (center, radius) = if (ra > rb) a to ra else b to rb
        path.addOval(Rect(center, radius))
        return path
    }
    val along = atan2(b.y - a.y, b.x - a.x)
    val lean = acos((ra - rb) / apart)
    fun on(center: Offset, radius: Float, angle: Float) = center + Offset(cos(angle), sin(angle)) * radius
    val start = on(a, ra, along + lean)
    val degrees = (180 / PI).toFloat()
    path.moveTo(start.x, start.y)
    on(b, rb, along + lean).let { path.lineTo(it.x, it.y) }
    path.arcTo(Rect(b, rb), (along + lean) * degrees, -2 * lean * degrees, false)
    on(a, ra, along - lean).let { path.lineTo(it.x, it.y) }
    path.arcTo(Rect(a, ra), (along - lean) * degrees, -(360 - 2 * lean * degrees), false)
    path.close()
    return path
}

/** One outline, so that no limb shows the halo of its own other half. */
private fun whole(vararg parts: Path): Path = parts.reduce { all, part -> Path.combine(PathOperation.Union, all, part) }

private fun JSONArray.objects() = List(length(), ::getJSONObject)

private fun JSONArray.point() = Offset(getDouble(0).toFloat(), getDouble(1).toFloat())

private fun JSONArray.points() = List(length()) { getJSONArray(it).point() }

/** Every figure, by the id of its exercise. */
object Figures {
    private var read: Map<String, Figure>? = null

    /** Reads them once. */
    @Synchronized
    fun all(context: Context): Map<String, Figure> = read ?: run {
        val text = context.resources.openRawResource(R.raw.poses).bufferedReader().use { it.readText() }
        val json = JSONObject(text)
        val radius = json.getJSONObject("body").getJSONObject("radius").let { all ->
            all.keys().asSequence().associateWith { all.getDouble(it).toFloat() }
        }
        val exercises = json.getJSONObject("exercises")
        exercises.keys().asSequence().associateWith { Figure(exercises.getJSONObject(it), radius) }.also { read = it }
    }
}

/** The figure of [exercise], or null where there is none. */
@Composable
fun figureOf(exercise: String): Figure? {
    val context = LocalContext.current.applicationContext
    return remember(exercise) { Figures.all(context)[exercise] }
}

/**
 * The figure at [t] (its end pose where null). On [ground] it is drawn with that colour around the limbs; [label] is what
 * a screen reader says, and without one it is decoration.
 */
@Composable
fun FigureView(
    figure: Figure, mirrored: Boolean, modifier: Modifier = Modifier, t: Float? = null, arrow: Boolean = true,
    ground: Color = MaterialTheme.stone.figureGround, label: String? = null,
) {
    val stone = MaterialTheme.stone
    val accent = MaterialTheme.colorScheme.primary
    val ink = remember(stone, ground, accent) {
        Ink(stone.bodyFar, stone.bodyNear, stone.bodyMoving, accent, stone.support, stone.supportEdge, stone.floor, ground)
    }
    val said = if (label == null) Modifier.clearAndSetSemantics {} else Modifier.semantics { contentDescription = label }
    Canvas(modifier.then(said)) { with(figure) { draw(t ?: end, mirrored, arrow, ink) } }
}

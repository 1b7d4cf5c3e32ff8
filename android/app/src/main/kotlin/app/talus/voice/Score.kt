// What every cue sounds and feels like: notes and pulses of the design, by the names the core gives.
package app.talus.voice

import android.content.Context
import app.talus.R
import kotlin.math.PI
import kotlin.math.min
import kotlin.math.pow
import kotlin.math.roundToInt
import kotlin.math.sin
import org.json.JSONArray
import org.json.JSONObject

/** Notes one after the other, [gapMs] apart; of two sounds the one of higher [rank] is heard. */
data class Tune(val notes: List<Note>, val gapMs: Int, val rank: Int) {
    /** How long it sounds, milliseconds. */
    val lengthMs: Int get() = notes.sumOf { it.ms } + gapMs * (notes.size - 1)
}

/** One note. */
data class Note(val hz: Int, val ms: Int)

/** A push of the motor of [strength] 0 to 1 for [ms]; none is a gap. */
data class Push(val ms: Int, val strength: Float)

/** Every tune and pattern, by name. A name means one thing, heard and felt. */
class Score(val tunes: Map<String, Tune>, val patterns: Map<String, List<Push>>) {
    companion object {
        /** Reads it from the app's resources. */
        fun of(context: Context): Score {
            val text = context.resources.openRawResource(R.raw.cues).bufferedReader().use { it.readText() }
            val json = JSONObject(text)
            return Score(
                json.getJSONObject("sound").map { name, all ->
                    val tune = all.getJSONObject(name)
                    val hz = tune.getJSONArray("hz").ints()
                    val ms = tune.getJSONArray("ms").ints()
                    Tune(hz.zip(ms, ::Note), tune.getInt("gap_ms"), tune.getInt("rank"))
                },
                json.getJSONObject("pulse").map { name, all ->
                    val pushes = all.getJSONArray(name)
                    List(pushes.length()) { at -> pushes.getJSONArray(at).let { Push(it.getInt(0), it.getDouble(1).toFloat()) } }
                },
            )
        }

        private fun <T> JSONObject.map(
            read: (String, JSONObject) -> T,
        ): Map<String, T> = keys().asSequence().associateWith { read(it, this) }

        private fun JSONArray.ints() = List(length()) { getInt(it) }
    }
}

/** Samples a second: enough for the second partial of the highest note, three times over. */
const val SAMPLE_HZ = 24_000

private const val ATTACK_MS = 8.0
private const val RELEASE_MS = 60.0

/** The second partial beside the first. */
private const val SECOND = .2

/** A sine of −14 LUFS, which counts a full one as −3.01: the weighting is flat where these notes are. */
private val LEVEL = 10.0.pow((-14 + 3.01) / 20)

/** The tune as samples: sines with a soft second partial, each rising in 8 ms and fading in 60. */
fun Tune.samples(): ShortArray {
    val whole = ShortArray((lengthMs + RELEASE_MS.toInt()) * SAMPLE_HZ / 1000)
    var beganMs = 0
    for (note in notes) {
        val begin = beganMs * SAMPLE_HZ / 1000
        // The fade follows the note: a short one would be nothing but fade.
        val length = ((note.ms + RELEASE_MS) * SAMPLE_HZ / 1000).toInt()
        for (at in 0 until min(length, whole.size - begin)) {
            val ms = at * 1000.0 / SAMPLE_HZ
            val rise = min(1.0, ms / ATTACK_MS)
            val fade = min(1.0, (note.ms + RELEASE_MS - ms) / RELEASE_MS)
            val turn = 2 * PI * note.hz * at / SAMPLE_HZ
            val value = (sin(turn) + SECOND * sin(2 * turn)) * rise * fade * LEVEL * Short.MAX_VALUE
            whole[begin + at] = (whole[begin + at] + value).roundToInt().coerceIn(-32768, 32767).toShort()
        }
        beganMs += note.ms + gapMs
    }
    return whole
}

// Tells a session's events by voice, by sound and by pulses: what is told when and what gives way to what. What a phone has
// for each stands behind an interface, so that all of it is tried without one.
package app.talus.voice

import app.talus.core.Beat
import app.talus.core.Event
import app.talus.core.Stage
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.launch

/** Whether this phone can speak. */
enum class Speech { NOT_ASKED, READY, NO_ENGINE, NO_LANGUAGE }

/** Speaks, one sentence at a time; other sound gets quieter meanwhile. */
interface Voice {
    val state: StateFlow<Speech>
    val speaking: Boolean

    /** Called on the session's thread when a sentence has come to its end. */
    var spoken: () -> Unit

    /** Gets ready to speak this language. */
    fun open(locale: Locale)

    fun say(text: String)

    /** Stops at once. */
    fun hush()

    /** Nothing is spoken for now; a sentence under way comes to its end. */
    fun close()
}

/** Plays the tune of this name; one that is playing stops. */
fun interface Sounds {
    fun play(name: String)
}

/** Lets the pattern of this name be felt, all of its strength or a [share] of it. */
fun interface Pulses {
    fun feel(name: String, share: Float)
}

/** What the phone is about: who else speaks, and where sound goes. */
interface Surroundings {
    /** A screen reader is on. */
    val reader: Boolean

    /** Sound goes to one pair of ears. */
    val headset: Boolean
}

/** How much is spoken. */
enum class Speaks { NOTHING, CUES, NUMBERS }

/** How strongly the phone is felt. */
enum class Felt(val share: Float) { NOT(0f), SOFT(.5f), STRONG(1f) }

/** What somebody wants to hear and feel. */
data class TellingWishes(
    val speaks: Speaks = Speaks.CUES,
    /** Also while a screen reader is on: two voices then. */
    val overReader: Boolean = false,
    /** Neither voice nor sounds without a headset. */
    val headsetOnly: Boolean = false,
    val sounds: Boolean = true,
    val felt: Felt = Felt.STRONG,
)

/** A stop is told again until somebody answers, so often in all and so far apart. */
private const val STOP_TIMES = 3
private const val STOP_APART_MS = 4_000L
private const val STOP = "stop"

/** Tells what happens. Every call comes from the thread of [scope]. */
class Telling(
    private val voice: Voice, private val sounds: Sounds, private val pulses: Pulses, private val around: Surroundings,
    private val tunes: Map<String, Tune>, private val wishes: () -> TellingWishes, private val scope: CoroutineScope,
    private val nowMs: () -> Long,
) {
    private var speed = 1f
    private var waiting: String? = null
    private var coming: Job? = null
    private var tempo: Job? = null
    private var stopping: Job? = null
    private var soundsUntilMs = 0L
    private var soundsRank = 0

    /** A session begins, [speed] times as fast as the clock. */
    fun begin(speed: Float, locale: Locale) {
        end()
        this.speed = speed
        voice.spoken = ::spoken
        if (wishes().speaks != Speaks.NOTHING) voice.open(locale)
    }

    /** What happened. */
    fun hear(event: Event) {
        when (event) {
            is Event.Said -> {
                if (event.cue.sound == STOP) repeatStop() else if (event.cue.rank >= RANK_OF_ANSWERS) stopping?.cancel()
                signal(event.cue.sound)
                val words = event.cue.voice
                if (words != null && (!event.cue.number || wishes().speaks == Speaks.NUMBERS)) {
                    speakIn(event.cue.speakAtUs - event.atUs, words, event.cue.cuts)
                }
            }
            is Event.Paced -> keepTempo(event.atUs, event.beats)
            is Event.StageChanged -> if (event.stage != Stage.SET) tempo?.cancel()
            is Event.SetEnded -> tempo?.cancel()
            else -> {}
        }
    }

    /** Somebody pressed or answered something: what was to be answered need not be told again. */
    fun answered() {
        stopping?.cancel()
    }

    /** The session is over; a sentence under way comes to its end. */
    fun end() {
        tempo?.cancel()
        stopping?.cancel()
        coming?.cancel()
        waiting = null
        voice.close()
    }

    /** Lets a cue be heard and felt as it is wished for, to try it out. */
    fun tryOut(name: String) = signal(name)

    private val heard: Boolean get() = !wishes().headsetOnly || around.headset

    private val speaks: Boolean get() = heard && wishes().speaks != Speaks.NOTHING && (wishes().overReader || !around.reader)

    private fun signal(name: String) {
        val felt = wishes().felt
        if (felt != Felt.NOT) pulses.feel(name, felt.share)
        val tune = tunes[name] ?: return
        if (!wishes().sounds || !heard) return
        val now = nowMs()
        if (now < soundsUntilMs && tune.rank < soundsRank) return
        soundsUntilMs = now + (tune.lengthMs / speed.coerceAtLeast(1f)).toLong()
        soundsRank = tune.rank
        sounds.play(name)
    }

    private fun keepTempo(atUs: Long, beats: List<Beat>) {
        tempo?.cancel()
        tempo = scope.launch {
            var toldUs = atUs
            for (beat in beats) {
                delay(wallMs(beat.atUs - toldUs))
                toldUs = beat.atUs
                signal(beat.sound)
                val number = beat.count
                if (number != null && wishes().speaks == Speaks.NUMBERS) say("$number", urgent = false)
            }
        }
    }

    /** Overrides all, and comes again while nobody answers. */
    private fun repeatStop() {
        stopping?.cancel()
        stopping = scope.launch {
            repeat(STOP_TIMES - 1) {
                delay((STOP_APART_MS / speed.coerceAtLeast(1f)).toLong())
                signal(STOP)
            }
        }
    }

    private fun speakIn(us: Long, words: String, urgent: Boolean) {
        val ms = wallMs(us)
        if (ms <= 0) return say(words, urgent)
        coming?.cancel()
        coming = scope.launch {
            delay(ms)
            say(words, urgent)
        }
    }

    private fun wallMs(us: Long): Long = if (speed > 0) (us / 1000 / speed).toLong() else 0

    /** Speech is cut only by what the core says may cut; what comes meanwhile waits, and only the newest of it. */
    private fun say(words: String, urgent: Boolean) {
        if (!speaks) return
        if (urgent) {
            voice.hush()
        } else if (voice.speaking) {
            waiting = words
            return
        }
        waiting = null
        voice.say(words)
    }

    private fun spoken() {
        val words = waiting ?: return
        if (!speaks || voice.speaking) return
        waiting = null
        voice.say(words)
    }
}

/** From this rank on a cue says that the session went on: a stop was answered. */
private const val RANK_OF_ANSWERS: UByte = 4u

// What the screens of a session show, in plain values: no screen knows a generated type.
package app.talus.session

import app.talus.core.Frame
import app.talus.core.LinkState
import app.talus.core.Phase
import app.talus.core.Picture
import app.talus.core.SessionView
import app.talus.core.Side
import app.talus.core.Stage
import app.talus.core.WalkPart
import app.talus.look.Leg
import app.talus.look.Moving
import app.talus.progress.Tested
import kotlin.math.ceil
import kotlin.math.roundToInt

/** Where a session is. */
enum class At { PREFLIGHT, INSTRUCT, GET_READY, SET, PAUSED, REVIEW, REST, WALK, SUMMARY }

/** The way to a cuff. */
enum class Link { GOOD, LOOKING, LOST, RADIO_OFF, NOT_ALLOWED, BUSY, PAIR_AGAIN, TOO_OLD, NOT_FOUND, BATTERY_LOW }

/** The picture of a session. */
sealed interface LiveState {
    /** The app opens, or the session is being closed. */
    data object Opening : LiveState

    /** Looking for cuffs. */
    data object Looking : LiveState

    /** Connecting to the cuffs of these names. */
    data class Connecting(val names: List<String>) : LiveState

    /** A cuff learns where it sits: [done] of this step, the angle now and the range so far, degrees. */
    data class Teaching(val leg: Leg, val instruction: String, val done: Float, val angleDeg: Float?, val rangeDeg: Float?) : LiveState

    /** A session. Angles in degrees; absent where not measured. */
    data class Training(
        val at: At,
        val exerciseId: String,
        val exercise: String,
        val leg: Leg?,
        val massG: Int,
        val setNumber: Int,
        val setOf: Int,
        val count: Int,
        val target: Int?,
        val angleDeg: Float?,
        val targetDeg: Float?,
        val scaleDeg: Float,
        /** How far a plan lets the leg go. */
        val limitDeg: Float?,
        val lastRangesDeg: List<Float>,
        /** Why this weight, from the core. */
        val why: String,
        val moving: Moving,
        val movingS: Float,
        val tempoS: List<Float>,
        val cue: String,
        val leftS: Int?,
        val cuffs: List<Cuff>,
        val poor: Boolean,
        val upNext: String,
        val trouble: String?,
        val lostS: Int?,
        val last: LastSet?,
        val answers: SetAnswers,
        /** The walk that is led; absent outside one. */
        val walk: WalkNow? = null,
        /** The test that is on or comes next; absent outside one. */
        val trial: TrialNow? = null,
        /** What was said last since the set before began, in full; [cue] is as short as it is read in a set. */
        val said: String = "",
        /** What the edge of the screen tells, for whoever hears nothing. */
        val flash: Flash? = null,
    ) : LiveState {
        /** The cuff this set is for. */
        val cuff: Cuff? get() = cuffs.firstOrNull { it.leg == leg }

        /** The leg is followed now. */
        val inSet: Boolean get() = at == At.SET || at == At.WALK

        /** Whether the angle is known where it is looked for. */
        val measured: Boolean get() = at != At.SET || angleDeg != null

        /** The last three of a set. */
        val nearlyDone: Boolean get() = target != null && count >= target - 2
    }

    /**
     * The session is over, and kept as [id]. What its [walk] was and what came of its tests is told in the core's words;
     * [tested] comes a moment later, from the history.
     */
    data class Over(
        val sentence: String, val upNext: List<String>, val redFlag: Boolean, val sets: List<LastSet>, val walk: List<String> = listOf(),
        val tested: List<Tested> = listOf(), val id: String? = null,
    ) : LiveState

    /** It cannot go on; [advice] is the core's, in the person's language. */
    data class Failed(val advice: String) : LiveState
}

/** A flash at the edge of the screen: something went well, something to heed, or a stop; [number] tells one from the next. */
data class Flash(val kind: Kind, val number: Int) {
    enum class Kind { GOOD, TIP, STOP }
}

/** Where a walk is: without a weight, with one, or between. */
enum class WalkAt { BARE, PUT_ON, LOADED, TAKE_OFF }

/**
 * A walk: which of [times] it is, [plannedG] on each leg while it is worn, for [loadedS] so far; how often somebody was asked to
 * ease off, and what changed, in the core's words.
 */
data class WalkNow(
    val part: WalkAt, val time: Int, val times: Int, val plannedG: Int, val loadedS: Int, val eased: Int, val signs: List<String>,
    val perMinute: Int?,
)

/** A test: its stance, and of the try that is on the seconds or what was counted. */
data class TrialNow(val stance: String?, val seconds: Int?, val counted: Int?, val handOnCounter: Boolean)

/** A worn cuff. */
data class Cuff(val leg: Leg, val link: Link, val lostShare: Float, val batteryPercent: Int?)

/** A set that was done; [full] says of every repetition whether it reached the line. */
data class LastSet(
    val exerciseId: String, val leg: Leg, val massG: Int, val count: Int, val target: Int?, val short: Int, val rangeDeg: Float?,
    val tempoS: List<Float>?, val full: List<Boolean>,
)

/** What was answered about the set that is looked back at. */
data class SetAnswers(val reserve: Int? = null, val pain: Int? = null)

/** What one picture alone does not say. */
internal data class Meanwhile(
    val lostSinceUs: Long? = null, val last: LastSet? = null, val answers: SetAnswers = SetAnswers(), val said: String = "",
    val flash: Flash? = null, val flashedUs: Long? = null,
    /** The last time that a weight came on. */
    val time: Int = 0,
)

/** A cuff that is away for less than this is not spoken of, microseconds. */
private const val QUIET_US = 3_000_000L

internal fun Frame.toState(meanwhile: Meanwhile): LiveState = when (val shown = picture) {
    is Picture.Looking -> LiveState.Looking
    is Picture.Pairing -> LiveState.Connecting(shown.cuffs.map { it.name })
    is Picture.Calibrating -> shown.teaching.let {
        LiveState.Teaching(it.side.toLeg(), it.instruction, it.progress, it.angleDeg, it.rangeDeg)
    }
    is Picture.Training -> shown.view.toState(meanwhile, nowUs)
}

/** Whether the cuff of this set is away. */
internal fun SessionView.cuffIsAway(): Boolean = cuffs.any { it.side == side && it.link != LinkState.STREAMING }

private fun SessionView.toState(meanwhile: Meanwhile, nowUs: Long) = LiveState.Training(
    at = when (stage) {
        Stage.PREFLIGHT -> At.PREFLIGHT
        Stage.INSTRUCT -> At.INSTRUCT
        Stage.GET_READY -> At.GET_READY
        Stage.SET -> At.SET
        Stage.PAUSED -> At.PAUSED
        Stage.REVIEW -> At.REVIEW
        Stage.REST -> At.REST
        Stage.WALK -> At.WALK
        Stage.SUMMARY -> At.SUMMARY
    },
    exerciseId = exercise,
    exercise = exerciseName,
    leg = side?.toLeg(),
    massG = massG.toInt(),
    setNumber = setNumber.toInt(),
    setOf = setOf.toInt(),
    count = if (strides > 0u) strides.toInt() else count.toInt(),
    target = target?.toInt(),
    angleDeg = angleDeg,
    targetDeg = targetDeg,
    scaleDeg = scaleDeg,
    limitDeg = limitDeg,
    lastRangesDeg = lastRangesDeg.filterNotNull(),
    why = why,
    moving = when (phase) {
        Phase.REST -> Moving.READY
        Phase.LIFT -> Moving.LIFT
        Phase.HOLD -> Moving.HOLD
        Phase.LOWER -> Moving.LOWER
    },
    movingS = phaseS,
    tempoS = tempoS,
    cue = cue,
    leftS = leftS?.let { ceil(it).toInt() },
    cuffs = cuffs.map { Cuff(it.side.toLeg(), it.link.toLink(), it.loss, it.batteryPercent?.toInt()) },
    poor = reasons.isNotEmpty(),
    upNext = upNext,
    trouble = trouble,
    lostS = meanwhile.lostSinceUs?.let { nowUs - it }?.takeIf { it >= QUIET_US }?.let { (it / 1_000_000).toInt() },
    last = meanwhile.last,
    answers = meanwhile.answers,
    walk = walk?.let { of ->
        val now = part
        WalkNow(
            when (now) {
                WalkPart.PutOn -> WalkAt.PUT_ON
                is WalkPart.Loaded -> WalkAt.LOADED
                WalkPart.TakeOff -> WalkAt.TAKE_OFF
                else -> WalkAt.BARE
            },
            (now as? WalkPart.Loaded)?.time?.toInt() ?: meanwhile.time, of.times.toInt(), of.plannedG.toInt(), of.loadedS.toInt(),
            of.eased.toInt(), of.signs, cadencePerMin?.roundToInt(),
        )
    },
    trial = trial?.run { TrialNow(stance, seconds?.toInt(), counted?.toInt(), handOnCounter) },
    said = meanwhile.said,
    flash = meanwhile.flash,
)

internal fun Side.toLeg() = if (this == Side.LEFT) Leg.LEFT else Leg.RIGHT

internal fun Leg.toSide() = if (this == Leg.LEFT) Side.LEFT else Side.RIGHT

internal fun LinkState.toLink() = when (this) {
    LinkState.STREAMING -> Link.GOOD
    LinkState.SEARCHING, LinkState.CONNECTING, LinkState.PREPARING -> Link.LOOKING
    LinkState.LOST, LinkState.CLOSED -> Link.LOST
    LinkState.RADIO_OFF -> Link.RADIO_OFF
    LinkState.NOT_ALLOWED -> Link.NOT_ALLOWED
    LinkState.IN_USE_ELSEWHERE -> Link.BUSY
    LinkState.BOND_LOST -> Link.PAIR_AGAIN
    LinkState.FIRMWARE_TOO_OLD -> Link.TOO_OLD
    LinkState.NOT_FOUND -> Link.NOT_FOUND
    LinkState.BATTERY_LOW -> Link.BATTERY_LOW
}

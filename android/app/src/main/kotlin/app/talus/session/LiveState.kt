// What the live screen shows, in plain values: no screen knows a generated type.
package app.talus.session

import app.talus.core.Frame
import app.talus.core.Phase
import app.talus.core.Picture
import app.talus.core.SessionView
import app.talus.core.Side
import app.talus.core.Stage

/** A leg. */
enum class Leg { LEFT, RIGHT }

/** What the leg does, for the word beside the tempo. */
enum class Moving { READY, LIFT, HOLD, LOWER }

/** The picture of the live screen. */
sealed interface LiveState {
    /** The app opens, or the session is being closed. */
    data object Opening : LiveState

    /** Looking for cuffs. */
    data object Looking : LiveState

    /** Connecting to the cuffs of these names. */
    data class Connecting(val names: List<String>) : LiveState

    /** A cuff learns where it sits. */
    data class Teaching(val leg: Leg, val instruction: String, val progress: Float) : LiveState

    /** A session. Angles in degrees; absent where not measured. */
    data class Training(
        val exercise: String,
        val leg: Leg?,
        val setNumber: Int,
        val setOf: Int,
        val count: Int,
        val target: Int?,
        val angleDeg: Float?,
        val targetDeg: Float?,
        val scaleDeg: Float,
        val lastRangesDeg: List<Float>,
        val moving: Moving,
        val cue: String,
        val leftS: Int?,
        val inSet: Boolean,
        val measured: Boolean,
        val paused: Boolean,
        val confirms: Boolean,
        val trouble: String?,
    ) : LiveState

    /** The session is over. */
    data class Over(val sentence: String, val upNext: List<String>) : LiveState

    /** It cannot go on; [advice] is the core's, in the person's language. */
    data class Failed(val advice: String) : LiveState
}

internal fun Frame.toState(): LiveState = when (val shown = picture) {
    is Picture.Looking -> LiveState.Looking
    is Picture.Pairing -> LiveState.Connecting(shown.cuffs.map { it.name })
    is Picture.Calibrating -> shown.teaching.let { LiveState.Teaching(it.side.toLeg(), it.instruction, it.progress) }
    is Picture.Training -> shown.view.toState()
}

private fun SessionView.toState() = LiveState.Training(
    exercise = exerciseName,
    leg = side?.toLeg(),
    setNumber = setNumber.toInt(),
    setOf = setOf.toInt(),
    count = if (strides > 0u) strides.toInt() else count.toInt(),
    target = target?.toInt(),
    angleDeg = angleDeg,
    targetDeg = targetDeg,
    scaleDeg = scaleDeg,
    lastRangesDeg = lastRangesDeg.filterNotNull(),
    moving = when (phase) {
        Phase.REST -> Moving.READY
        Phase.LIFT -> Moving.LIFT
        Phase.HOLD -> Moving.HOLD
        Phase.LOWER -> Moving.LOWER
    },
    cue = cue,
    leftS = leftS?.let { kotlin.math.ceil(it).toInt() },
    inSet = stage == Stage.SET || stage == Stage.WALK,
    measured = stage != Stage.SET || angleDeg != null,
    paused = stage == Stage.PAUSED,
    confirms = stage == Stage.PREFLIGHT || stage == Stage.INSTRUCT || stage == Stage.REVIEW || stage == Stage.REST,
    trouble = trouble,
)

private fun Side.toLeg() = if (this == Side.LEFT) Leg.LEFT else Leg.RIGHT

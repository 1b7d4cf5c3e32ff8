// What the plan and the page of an exercise show, in plain values.
package app.talus.plan

import app.talus.look.Grade
import app.talus.look.Leg
import java.time.LocalDate

/** The programmes, the exercises, and which of those are picked for the next session. */
data class PlanState(
    val programmes: List<Programme>, val exercises: List<Line>, val picked: List<String>, val known: Boolean,
    /** Whose plan counts now, and until when. */
    val trusted: Trusted?,
    val demo: Boolean,
    /** Why a programme that was given was not taken in. */
    val notTaken: String? = null,
)

/** A plan from someone the person trusts; [notNow] says why it does not count today, where it does not. */
data class Trusted(val by: String, val until: LocalDate, val notNow: String?)

/** A programme to follow; [needs] is what comes first, a sentence each. */
data class Programme(
    val id: String, val name: String, val perWeek: Int, val followed: Boolean, val needs: List<String>, val shared: Boolean = false,
)

/** An exercise as it is for this person; [closed] says why it is not open on either leg, empty where it is. */
data class Line(val id: String, val name: String, val measured: Boolean, val closed: List<String>)

/** An exercise with what to do of it. */
data class ExerciseState(
    val id: String, val name: String, val measured: Boolean, val picked: Boolean, val sides: List<Side>, val how: How, val demo: Boolean,
) {
    /** Whether it may be done on a leg at least. */
    val open: Boolean get() = sides.any { it is Side.Open }
}

/** What to do on a leg. */
sealed interface Side {
    val leg: Leg

    /** This much, and [why]; at most [mostG]. */
    data class Open(
        override val leg: Leg, val massG: Int, val mostG: Int, val sets: Int, val reps: Int?, val restS: Int,
        val rangeDeg: Int?, val why: String,
    ) : Side

    /** Nothing, and why. */
    data class Closed(override val leg: Leg, val whys: List<String>) : Side
}

/**
 * How it is done, in the core's words: how to begin, what to do, what to keep to, where the cuff sits and what the weight does
 * there; how good the evidence is, and what is easier and harder.
 */
data class How(
    val setUp: String, val go: String, val keep: String, val site: Site, val effect: String, val grade: Grade, val easier: Linked?,
    val harder: Linked?,
)

/** Where a cuff sits. */
enum class Site { ABOVE_ANKLE, ABOVE_KNEE, FOREFOOT }

/** Another exercise by id and name. */
data class Linked(val id: String, val name: String)

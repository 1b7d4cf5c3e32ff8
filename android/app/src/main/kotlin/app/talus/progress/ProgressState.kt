// What progress and the page of a session show, in plain values.
package app.talus.progress

import app.talus.look.Leg
import app.talus.tests.TestLine
import app.talus.today.Named
import java.time.LocalDate

/** The weeks, how one exercise went, and every session. */
data class ProgressState(
    val weeks: List<WeekMarks>, val exercises: List<Named>, val trend: Trend?, val sessions: List<SessionLine>, val demo: Boolean,
    val shown: Shown = Shown.STRENGTH, val walking: Walked = Walked(), val balance: List<TestLine> = listOf(),
    val daily: List<TestLine> = listOf(),
)

/** What progress is looked at. */
enum class Shown { STRENGTH, BALANCE, WALKING, ENERGY, DAILY }

/** Walks: what changed, in the core's words, and seconds of a stride per walk and leg. */
data class Walked(val told: List<String> = listOf(), val lines: List<ChartLine> = listOf())

/** A line of a chart: of a leg, or of both. */
data class ChartLine(val leg: Leg?, val points: List<Pair<LocalDate, Float>>)

/** A week from its Monday: sessions of every day, null for one to come. */
data class WeekMarks(val monday: LocalDate, val sessions: List<Int?>, val minutes: Int = 0) {
    val total: Int get() = sessions.sumOf { it ?: 0 }
}

/** One exercise over all sessions. */
data class Trend(val exercise: Named, val legs: List<LegTrend>)

/** One leg of it: [told] is the core's, changes beyond the error first. Points carry no value where nothing was measured. */
data class LegTrend(val leg: Leg, val told: List<String>, val points: List<Point>)

/** A session's value: torque, or where no weight makes one, range. */
data class Point(val day: LocalDate, val torqueNm: Float?, val rangeDeg: Float?)

/** A session in the list. */
data class SessionLine(
    val id: String, val day: LocalDate, val minutes: Int, val sets: Int, val reps: Int, val exercises: List<String>, val finished: Boolean,
)

/** One session; [score] is what today's engine makes of it, where that was asked. */
data class SessionState(
    val id: String, val day: LocalDate, val sentence: String?, val note: String, val starred: Boolean, val finished: Boolean,
    val sets: List<SetLine>, val score: Score?, val demo: Boolean, val tested: List<Tested> = listOf(),
    /** What its walk was, in the core's words. */
    val walk: List<String> = listOf(),
)

/** A test of a session: what came of it and what that says, in the core's words. */
data class Tested(val name: String, val lines: List<String>)

/** What scoring a session again would change; [movedEdits] of what was changed by hand then belong to other sets, or none. */
data class Score(val changedSets: Int, val sameSets: Int, val movedEdits: Int)

/** One set of one leg, with the angle over time in seconds and degrees; each of [trace] is unbroken. */
data class SetLine(
    val index: Int, val exerciseId: String, val name: String, val leg: Leg, val massG: Int, val count: Int, val short: Int, val target: Int?,
    val rangeDeg: Float?, val tempoS: List<Float>?, val pain: Int?, val reserve: Int?, val good: Boolean, val edited: Boolean,
    val reps: List<RepLine>, val trace: List<List<TracePoint>>,
    /** Steps per minute of a walk. */
    val perMinute: Float? = null,
)

data class TracePoint(val atS: Float, val deg: Float)

/** A repetition; times in seconds of the session. */
data class RepLine(
    val fromS: Float, val toS: Float, val full: Boolean, val rangeDeg: Float?, val liftS: Float, val holdS: Float, val lowerS: Float,
)

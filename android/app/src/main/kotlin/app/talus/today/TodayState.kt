// What Today shows, in plain values.
package app.talus.today

import app.talus.look.Leg
import java.time.LocalDate

/** Everything on Today. */
data class TodayState(
    val day: LocalDate,
    val next: Next,
    val unfinished: Boolean,
    val locked: Sheet?,
    val morningDue: Boolean,
    /** Signs that must not wait, as the core words them, by id. */
    val signs: List<Named>,
    /** What the last check-in changed, from the core. */
    val said: String?,
    val week: List<DayMark>,
    val cuffs: List<WornCuff>,
    val demo: Boolean,
    /** Tests that this week of the programme asks for. */
    val testsDue: List<Named> = listOf(),
    /** The running week as people count it, a line each, from the core. */
    val weekLines: List<String> = listOf(),
    /** Nothing was measured yet, and the ten minutes that do are open. */
    val first: Boolean = false,
)

/** What is next. */
sealed interface Next {
    /** The demo's session, as it is in demo mode. */
    data object Demo : Next

    /** Nobody has said who they are yet. */
    data object Unknown : Next

    /** Nothing is planned and nothing is picked. */
    data object Free : Next

    /** Rest, which counts as done, or every week is done; [why] is the core's. */
    data class Rest(val why: String) : Next

    /** Not now, and why. */
    data class Shut(val whys: List<String>) : Next

    /** A session: of the programme, with its [title] and the sentences why, or of exercises that were picked. */
    data class Train(val title: String?, val notes: List<String>, val exercises: List<Named>, val doses: List<Dose> = listOf()) : Next
}

/** An exercise by id and name. */
data class Named(val id: String, val name: String)

/** What of an exercise is asked for on a leg, and why. */
data class Dose(val name: String, val leg: Leg, val massG: Int, val sets: Int, val reps: Int?, val why: String)

/** A day of the week: what was done or planned. */
data class DayMark(val date: LocalDate, val done: Boolean, val today: Boolean, val toCome: Boolean)

/** A cuff and the leg it is worn on. */
data class WornCuff(val name: String, val leg: Leg?, val massG: Int?)

/** What to do at once, from the core. */
data class Sheet(val title: String, val lines: List<String>, val call: Boolean)

/** How somebody says they are. */
data class Condition(
    val pain: Int? = null, val sore: Boolean = false, val swollen: Boolean = false, val sleptBadly: Boolean = false,
    /** Ids of signs. */
    val signs: Set<String> = setOf(),
)

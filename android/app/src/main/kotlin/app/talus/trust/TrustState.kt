// A plan from someone the person trusts, in plain values.
package app.talus.trust

import app.talus.look.Leg
import java.time.LocalDate

/** A plan. */
data class TrustedPlan(
    val by: String,
    /** Six words that tell the author from anybody else. */
    val words: String,
    /** They were compared once. */
    val known: Boolean,
    val from: LocalDate,
    val until: LocalDate,
    /** Why it is not in force today, if it is not. */
    val notNow: String?,
    val lines: List<PlanLine>,
)

/** What it says of an exercise on a leg, or on both. */
data class PlanLine(val name: String, val leg: Leg?, val mostG: Int, val rangeDeg: IntRange?)

/** What the page shows. */
sealed interface TrustState {
    val demo: Boolean

    /** The plan that was accepted last, if any; [advice] where what was given is none. */
    data class Kept(val plan: TrustedPlan?, val advice: String?, override val demo: Boolean) : TrustState

    /** A plan that was given and does not count yet. */
    data class Given(val plan: TrustedPlan, val advice: String?, override val demo: Boolean) : TrustState
}

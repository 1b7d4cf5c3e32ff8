// Finding a cuff and making it one's own, in plain values.
package app.talus.pair

import app.talus.look.Leg

/** Whether this app may look for cuffs. */
enum class Access { GRANTED, NOT_ASKED, DENIED, DENIED_FOR_EVER }

/** How strong a signal is. */
enum class Strength { STRONG, GOOD, WEAK }

/** Where pairing is. */
sealed interface PairState {
    /** What Bluetooth is for, before the phone asks. */
    data class Why(val access: Access) : PairState

    /** Bluetooth is switched off. */
    data object Off : PairState

    /** There is no Bluetooth, or it does not answer; [advice] is the core's. */
    data class Failed(val advice: String) : PairState

    /** What is around; [nothing] once some time went by without any. */
    data class Nearby(val cuffs: List<Found>, val nothing: Boolean) : PairState

    /** On the way to the one that was chosen; [busy] where another phone has it. */
    data class Connecting(val name: String, val busy: Boolean, val tooOld: Boolean) : PairState

    /** Whether this is the one: its light blinks, and a shake is [felt]; [again] where none was for a while. */
    data class Wiggle(val name: String, val felt: Boolean, val again: Boolean) : PairState

    /** Which leg; [taken] have a cuff already. */
    data class WhichLeg(val name: String, val taken: Set<Leg>) : PairState

    /** How much hangs on it. */
    data class Weight(val name: String, val leg: Leg, val massG: Int) : PairState

    /** It is the household's. */
    data class Ready(val name: String, val leg: Leg, val massG: Int, val batteryPercent: Int?) : PairState
}

/** A cuff around. */
data class Found(val name: String, val strength: Strength?, val batteryPercent: Int?, val leg: Leg?)

/** Steps of the way, for the bar on top. */
internal val PairState.step: Float
    get() = when (this) {
        is PairState.Why, PairState.Off, is PairState.Failed -> .1f
        is PairState.Nearby -> .3f
        is PairState.Connecting -> .4f
        is PairState.Wiggle -> .5f
        is PairState.WhichLeg -> .65f
        is PairState.Weight -> .8f
        is PairState.Ready -> 1f
    }

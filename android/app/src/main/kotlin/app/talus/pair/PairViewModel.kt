// Pairing with the radio below: found, chosen, shaken, put on a leg with its weight, kept.
package app.talus.pair

import androidx.lifecycle.ViewModel
import androidx.lifecycle.viewModelScope
import app.talus.Home
import app.talus.advice
import app.talus.core.Around
import app.talus.core.LinkState
import app.talus.core.NearbyCuff
import app.talus.core.TalusException
import app.talus.kit.CuffsNearby
import app.talus.look.Leg
import app.talus.session.toLeg
import app.talus.session.toSide
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch

/** After so long without a cuff, and without a shake, it is said, milliseconds. */
private const val NOTHING_MS = 12_000L
private const val NO_SHAKE_MS = 8_000L

/** From here on a signal is strong, and from here on good, dBm. */
private const val STRONG_DBM = -60
private const val GOOD_DBM = -75

/** A weight is set in such steps, and no more is worn on one leg, grams. */
internal const val STEP_G = 250
internal const val MOST_G = 5000

class PairViewModel(private val home: Home) : ViewModel() {
    private val shown = MutableStateFlow<PairState>(PairState.Nearby(listOf(), nothing = false))
    private var nearby: CuffsNearby? = null
    private var looking: Job? = null
    private var waiting: Job? = null
    private var cuff: String? = null
    private var massG = 0

    /** What to draw. */
    val state: StateFlow<PairState> = shown.asStateFlow()

    /** What the phone lets this app do; in demo mode nothing is asked. */
    fun begin(access: Access) {
        if (home.settings.wishes.value.demo || access == Access.GRANTED) look() else shown.value = PairState.Why(access)
    }

    /** Looks around anew. */
    fun look() {
        end()
        shown.value = PairState.Nearby(listOf(), nothing = false)
        wait(NOTHING_MS) { (shown.value as? PairState.Nearby)?.let { shown.value = it.copy(nothing = it.cuffs.isEmpty()) } }
        looking = viewModelScope.launch {
            try {
                val around = home.nearby()
                nearby = around
                around.around().collect(::see)
            } catch (failure: TalusException) {
                shown.value = PairState.Failed(failure.advice())
            }
        }
    }

    /** Chooses the cuff of this name. */
    fun choose(name: String) = tell {
        shown.value = PairState.Connecting(name, busy = false, tooOld = false)
        if (it.choose(name) == null) look()
    }

    /** It is the one that blinks. */
    fun yes() = tell {
        val name = (shown.value as? PairState.Wiggle)?.name ?: return@tell
        val taken = home.talus().cuffs().filter { known -> known.id != cuff }.mapNotNull { known -> known.side?.toLeg() }.toSet()
        shown.value = PairState.WhichLeg(name, taken)
    }

    fun leg(leg: Leg) {
        val name = (shown.value as? PairState.WhichLeg)?.name ?: return
        shown.value = PairState.Weight(name, leg, massG)
    }

    /** A step more or less of weight. */
    fun weigh(more: Boolean) {
        val state = shown.value as? PairState.Weight ?: return
        massG = (state.massG + if (more) STEP_G else -STEP_G).coerceIn(0, MOST_G)
        shown.value = state.copy(massG = massG)
    }

    /** From now on it is the household's. */
    fun keep() = tell {
        val state = shown.value as? PairState.Weight ?: return@tell
        val kept = it.keep(checkNotNull(cuff), state.leg.toSide(), state.massG.toUInt())
        shown.value = PairState.Ready(kept.name, state.leg, kept.massG.toInt(), kept.batteryPercent?.toInt())
    }

    private fun see(around: Around) {
        val now = shown.value
        when {
            now is PairState.Ready || now is PairState.Failed -> {}
            around.hindered == LinkState.RADIO_OFF -> shown.value = PairState.Off
            around.hindered == LinkState.NOT_ALLOWED -> shown.value = PairState.Why(Access.DENIED)
            now is PairState.Off || now is PairState.Why -> shown.value = PairState.Nearby(around.found.map { it.toFound() }, nothing = false)
            now is PairState.Nearby -> {
                val found = around.found.map { it.toFound() }
                shown.value = PairState.Nearby(found, now.nothing && found.isEmpty())
            }
            now is PairState.Connecting -> follow(around, now)
            now is PairState.Wiggle -> {
                // Its id changes once, where the household knows it.
                around.chosen.singleOrNull()?.let { cuff = it.cuff }
                if (around.shaken != null && around.shaken == cuff) shown.value = now.copy(felt = true, again = false)
            }
            else -> around.chosen.singleOrNull()?.let { cuff = it.cuff }
        }
    }

    private fun follow(around: Around, now: PairState.Connecting) {
        val chosen = around.chosen.singleOrNull() ?: return
        cuff = chosen.cuff
        when (chosen.link) {
            LinkState.STREAMING -> {
                massG = chosen.massG?.toInt() ?: 0
                shown.value = PairState.Wiggle(chosen.name, felt = false, again = false)
                tell { it.identify(chosen.cuff) }
                wait(NO_SHAKE_MS) { (shown.value as? PairState.Wiggle)?.let { shown.value = it.copy(again = !it.felt) } }
            }
            LinkState.IN_USE_ELSEWHERE -> shown.value = now.copy(busy = true)
            LinkState.FIRMWARE_TOO_OLD -> shown.value = now.copy(tooOld = true)
            else -> {}
        }
    }

    private fun wait(ms: Long, then: () -> Unit) {
        waiting?.cancel()
        waiting = viewModelScope.launch {
            delay(ms)
            then()
        }
    }

    private fun tell(what: suspend (CuffsNearby) -> Unit) {
        val radio = nearby ?: return
        viewModelScope.launch {
            try {
                what(radio)
            } catch (_: TalusException.Closed) {
                // It was looked anew meanwhile.
            } catch (failure: TalusException) {
                shown.value = PairState.Failed(failure.advice())
            }
        }
    }

    /** Stops looking. */
    fun end() {
        waiting?.cancel()
        looking?.cancel()
        val left = nearby ?: return
        nearby = null
        // Ends its links and waits for it, which outlives this page.
        CoroutineScope(Dispatchers.IO).launch { left.stop() }
    }

    override fun onCleared() = end()
}

private fun NearbyCuff.toFound() = Found(
    name,
    rssiDbm?.let { if (it >= STRONG_DBM) Strength.STRONG else if (it >= GOOD_DBM) Strength.GOOD else Strength.WEAK },
    batteryPercent?.toInt(), side?.toLeg(),
)

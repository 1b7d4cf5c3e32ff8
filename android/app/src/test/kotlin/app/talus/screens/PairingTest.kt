// Pairing through its view model with simulated cuffs below, what the phone may answer, and the cuffs that were kept.
package app.talus.screens

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.look.Leg
import app.talus.pair.Access
import app.talus.pair.CuffsViewModel
import app.talus.pair.PairState
import app.talus.pair.PairViewModel
import app.talus.pair.accessAfter
import app.talus.value
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertIs
import kotlin.test.assertTrue
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

private const val WAIT_MS = 240_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class PairingTest {
    private val home = Home(ApplicationProvider.getApplicationContext<Context>())

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    @Test
    fun aSimulatedCuffIsFoundAndChosenAndPutOnALegAndRenamedAndForgotten() {
        home.settings.change { it.copy(demo = true) }
        val pair = PairViewModel(home)
        pair.begin(Access.NOT_ASKED)
        until("two cuffs") { (pair.state.value as? PairState.Nearby)?.cuffs?.size == 2 }
        val name = assertIs<PairState.Nearby>(pair.state.value).cuffs.first().name
        pair.choose(name)
        until("its stream") { pair.state.value is PairState.Wiggle }
        pair.yes()
        until("the question for the leg") { pair.state.value is PairState.WhichLeg }
        assertEquals(setOf(), assertIs<PairState.WhichLeg>(pair.state.value).taken)
        pair.leg(Leg.RIGHT)
        repeat(25) { pair.weigh(more = false) }
        repeat(5) { pair.weigh(more = true) }
        assertEquals(1250, assertIs<PairState.Weight>(pair.state.value).massG)
        repeat(25) { pair.weigh(more = true) }
        assertEquals(5000, assertIs<PairState.Weight>(pair.state.value).massG)
        repeat(15) { pair.weigh(more = false) }
        pair.keep()
        until("it is kept") { pair.state.value is PairState.Ready }
        assertEquals(1250, assertIs<PairState.Ready>(pair.state.value).massG)
        pair.end()

        val cuffs = CuffsViewModel(home)
        cuffs.refresh()
        until("the cuff") { cuffs.state.value.value()?.cuffs?.size == 1 }
        val own = cuffs.state.value.value()!!.cuffs.single()
        assertEquals(Leg.RIGHT to 1250, own.leg to own.massG)
        cuffs.rename(own, "Anna")
        until("the name") { cuffs.state.value.value()?.cuffs?.single()?.name == "Anna" }
        cuffs.forget(own)
        until("nothing left") { cuffs.state.value.value()?.cuffs?.isEmpty() == true }
    }

    @Test
    fun withoutPermissionNothingIsLookedForAndSomethingIsSaid() {
        val pair = PairViewModel(home)
        for (access in listOf(Access.NOT_ASKED, Access.DENIED, Access.DENIED_FOR_EVER)) {
            pair.begin(access)
            assertEquals(PairState.Why(access), pair.state.value)
        }
    }

    @Test
    fun anAnswerOfThePhoneIsReadForWhatItMeans() {
        assertEquals(Access.GRANTED, accessAfter(mapOf("scan" to true, "connect" to true), wouldAskAgain = false))
        assertEquals(Access.DENIED, accessAfter(mapOf("scan" to true, "connect" to false), wouldAskAgain = true))
        assertEquals(Access.DENIED_FOR_EVER, accessAfter(mapOf("scan" to false), wouldAskAgain = false))
        // The question was swept away.
        assertTrue(accessAfter(mapOf(), wouldAskAgain = true) == Access.DENIED)
    }
}

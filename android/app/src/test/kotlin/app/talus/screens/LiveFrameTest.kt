// What a new picture of a running set costs: thirty a second are drawn, so that each may take no more than its share.
package app.talus.screens

import androidx.activity.ComponentActivity
import androidx.compose.runtime.SideEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.runtime.snapshots.Snapshot
import androidx.compose.ui.test.assertTextEquals
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onRoot
import app.talus.look.Leg
import app.talus.look.Moving
import app.talus.look.TalusTheme
import app.talus.session.At
import app.talus.session.Cuff
import app.talus.session.Link
import app.talus.session.LiveActions
import app.talus.session.LiveState
import app.talus.session.SetAnswers
import app.talus.session.SetScreen
import kotlin.math.PI
import kotlin.math.cos
import kotlin.test.Test
import kotlin.test.assertEquals
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Pictures before the clock counts, and those it counts: ten seconds of a set each. */
private const val WARM = 600
private const val COUNTED = 600

/** Pictures of one repetition. */
private const val REP = 90

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w411dp-h891dp-xhdpi")
class LiveFrameTest {
    @get:Rule val rule = createAndroidComposeRule<ComponentActivity>()

    private fun picture(index: Int): LiveState.Training {
        val within = index % REP
        val angle = (42 * (1 - cos(2 * PI * within / REP))).toFloat()
        return LiveState.Training(
            At.SET, "knee_ext_seated", "Seated knee extension", Leg.RIGHT, 1250, 2, 3, index / REP, null, angle, 80f, 90f, null,
            listOf(82f, 81f, 83f), "", if (within < REP / 2) Moving.LIFT else Moving.LOWER, within / 30f, listOf(2f, 1f, 3f), "", null,
            listOf(Cuff(Leg.RIGHT, Link.GOOD, 0f, 84)), false, "", null, null, null, SetAnswers(),
        )
    }

    @Test
    fun aNewPictureOfARunningSetIsComposedAndLaidOutAndItsCountIsShown() {
        var shown by mutableStateOf(picture(0))
        var composed = 0
        rule.setContent {
            val now = shown
            SideEffect { composed++ }
            TalusTheme { SetScreen(now, LiveActions()) {} }
        }
        val root = checkNotNull(rule.onRoot().fetchSemanticsNode().root) { "it is on a screen" }
        rule.waitForIdle()
        val before = composed
        rule.mainClock.autoAdvance = false
        val took = LongArray(COUNTED)
        for (index in 0 until WARM + COUNTED) {
            val next = picture(index + 1)
            rule.runOnUiThread {
                shown = next
                Snapshot.sendApplyNotifications()
            }
            val began = System.nanoTime()
            rule.mainClock.advanceTimeByFrame()
            rule.runOnUiThread { root.measureAndLayoutForTest() }
            if (index >= WARM) took[index - WARM] = System.nanoTime() - began
        }
        rule.mainClock.autoAdvance = true
        rule.onNodeWithTag("count", useUnmergedTree = true).assertTextEquals("${(WARM + COUNTED) / REP}")
        // Else the clock would have counted pictures that were never composed.
        assertEquals(WARM + COUNTED, composed - before)
        took.sort()
        fun ms(of100: Int) = took[COUNTED * of100 / 100] / 10_000 / 100.0
        println("MEASURED live set, a new picture composed and laid out: median ${ms(50)} ms, 95 of 100 within ${ms(95)} ms")
    }
}

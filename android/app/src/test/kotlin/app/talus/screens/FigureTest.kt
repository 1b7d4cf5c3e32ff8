// The figures: one for every exercise that has a picture, and drawn as the reference draws them.
package app.talus.screens

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Settings
import app.talus.look.Figures
import kotlin.math.abs
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class FigureTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val figures = Figures.all(context)

    @Test
    fun everyExerciseWithAPictureHasItsFigureAndNoFigureIsLeftOver() = runBlocking {
        // The catalogue is the same in the demo, which needs no key.
        Settings(context).change { it.copy(demo = true) }
        val asked = Home(context).talus().exercises().mapNotNull { it.figure }
        assertEquals(asked.toSet(), figures.keys)
        assertEquals(38, figures.size)
    }

    @Test
    fun everyPoseHasEveryJointWithinTheDrawing() {
        for ((id, figure) in figures) {
            for (step in 0..20) {
                val joints = figure.joints(step / 20f)
                assertEquals(20, joints.size, id)
                for ((joint, at) in joints) {
                    assertTrue(at.x in figure.bounds.left..figure.bounds.right && at.y in figure.bounds.top..figure.bounds.bottom, "$id $joint")
                }
            }
        }
    }

    @Test
    fun aLimbKeepsItsLengthWhileItMoves() {
        val seated = figures.getValue("knee_ext_seated")
        fun shank(t: Float) = seated.joints(t).let { (it.getValue("ankleR") - it.getValue("kneeR")).getDistance() }
        assertEquals(0f, seated.joints(0f).getValue("kneeR").x - seated.joints(0f).getValue("ankleR").x, 1f)
        for (step in 0..40) assertTrue(abs(shank(step / 40f) / shank(0f) - 1) < .1f)
    }

    @Test
    fun lyingExercisesAreKnownAsSuch() {
        for (id in listOf("quad_set_slr", "side_abd", "donkey_kick", "prone_hip_ext")) assertTrue(figures.getValue(id).onTheFloor, id)
        for (id in listOf("knee_ext_seated", "stand_abd", "lateral_step", "step_tap")) assertTrue(!figures.getValue(id).onTheFloor, id)
    }
}

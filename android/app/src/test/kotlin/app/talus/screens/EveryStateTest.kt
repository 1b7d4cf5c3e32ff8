// Every screen in every state, twice: by day in English, and in the dark in German with type at 200 per cent. Each is
// photographed, compared with the picture that was looked at, and walked over as a screen reader does.
package app.talus.screens

import androidx.activity.ComponentActivity
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onRoot
import app.talus.look.TalusTheme
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertTrue
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

/** Share of a picture that may look different: the hair of a letter, not a button. */
private const val TOLERANCE = 0.004

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w411dp-h891dp-xhdpi")
class EveryStateTest {
    @get:Rule val rule = createAndroidComposeRule<ComponentActivity>()

    private fun look(suffix: String, german: Boolean) {
        val samples = Samples(german)
        assertEquals(samples.all.size, samples.all.map { it.name }.toSet().size, "two states have one name")
        var shown by mutableStateOf(samples.all.first())
        rule.setContent { TalusTheme { key(shown.name) { samples.Show(shown) } } }
        val wrong = mutableListOf<String>()
        val different = mutableListOf<String>()
        for (sample in samples.all) {
            shown = sample
            rule.waitForIdle()
            val merged = rule.onRoot().fetchSemanticsNode()
            val unmerged = rule.onRoot(useUnmergedTree = true).fetchSemanticsNode()
            wrong += complaints(merged, unmerged, rule.density.density).map { "${sample.name}: $it" }
            val name = "${sample.name}-$suffix"
            val picture = halfOf(rule.activity)
            picture.write(name)
            val share = picture.differsFrom(name)
            if (share == null || share > TOLERANCE) different += "$name ${share?.let { "differs in ${(it * 100).toInt()} of 100" } ?: "was never looked at"}"
        }
        assertTrue(wrong.isEmpty(), wrong.joinToString("\n"))
        assertTrue(different.isEmpty(), "Look at them, and copy what is right to docs/screens/android:\n" + different.joinToString("\n"))
    }

    @Test
    fun everyStateByDayInEnglish() = look("light-en", german = false)

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi", fontScale = 2f)
    fun everyStateInTheDarkInGermanWithLargeType() = look("dark-de-200", german = true)
}

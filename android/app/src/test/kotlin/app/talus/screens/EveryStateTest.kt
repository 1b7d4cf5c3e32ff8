// Every screen in every state, twice: by day in English, and in the dark in German with type at 200 per cent. Each is
// photographed, compared with the picture that was looked at, and walked over as a screen reader does.
package app.talus.screens

import androidx.activity.ComponentActivity
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.getValue
import androidx.compose.runtime.key
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.setValue
import androidx.compose.ui.semantics.SemanticsActions
import androidx.compose.ui.semantics.SemanticsProperties
import androidx.compose.ui.test.SemanticsMatcher
import androidx.compose.ui.test.junit4.v2.createAndroidComposeRule
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performSemanticsAction
import androidx.compose.ui.platform.LocalLayoutDirection
import androidx.compose.ui.unit.LayoutDirection
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

/** Further than any page is long, and longer than any scroll takes. */
private const val FAR = 100_000f
private const val SCROLLED_MS = 2_000L

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w411dp-h891dp-xhdpi")
class EveryStateTest {
    @get:Rule val rule = createAndroidComposeRule<ComponentActivity>()

    private fun look(suffix: String, german: Boolean, which: (Samples) -> List<Sample> = { it.all }) {
        val samples = Samples(german)
        val looked = which(samples)
        assertEquals(looked.size, looked.map { it.name }.toSet().size, "two states have one name")
        var shown by mutableStateOf(looked.first())
        rule.setContent { key(shown.name) { TalusTheme(shown.appearance) { samples.Show(shown) } } }
        val wrong = mutableListOf<String>()
        val different = mutableListOf<String>()
        for (sample in looked) {
            shown = sample
            rule.waitForIdle()
            if (sample.toEnd) {
                rule.onNode(
                    SemanticsMatcher.keyIsDefined(SemanticsProperties.VerticalScrollAxisRange),
                ).performSemanticsAction(SemanticsActions.ScrollBy) { it(0f, FAR) }
                rule.mainClock.advanceTimeBy(SCROLLED_MS)
                rule.waitForIdle()
            }
            val merged = rule.onRoot().fetchSemanticsNode()
            val unmerged = rule.onRoot(useUnmergedTree = true).fetchSemanticsNode()
            wrong += complaints(merged, unmerged, rule.density.density).map { "${sample.name}: $it" }
            val name = "${sample.name}-$suffix"
            val picture = halfOf(rule.activity)
            val share = picture.differsFrom(name)
            // What looks as it did is not worked out anew: most of this test's time went there.
            if (share != null && share <= TOLERANCE) golden.resolve("$name.png").copyTo(shots.resolve("$name.png"), overwrite = true)
            else picture.write(name)
            if (share == null) different += "$name was never looked at"
            else if (share > TOLERANCE) different += "$name differs in ${(share * 100).toInt()} of 100"
        }
        assertTrue(wrong.isEmpty(), wrong.joinToString("\n"))
        assertTrue(different.isEmpty(), "Look at them, and copy what is right to docs/screens/android:\n" + different.joinToString("\n"))
    }

    @Test
    fun everyStateByDayInEnglish() = look("light-en", german = false)

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi", fontScale = 2f)
    fun everyStateInTheDarkInGermanWithLargeType() = look("dark-de-200", german = true)

    /** Written from the right nothing is cut, nothing overlaps and everything can still be pressed. */
    @Test
    @Config(qualifiers = "ldrtl-w411dp-h891dp-xhdpi")
    fun everyStateFromTheRight() {
        val samples = Samples(german = false)
        var shown by mutableStateOf(samples.all.first())
        var mirrored = false
        rule.setContent {
            CompositionLocalProvider(LocalLayoutDirection provides LayoutDirection.Rtl) {
                key(shown.name) { TalusTheme(shown.appearance) { samples.Show(shown) } }
            }
        }
        val wrong = mutableListOf<String>()
        for (sample in samples.all.filter { !it.toEnd }) {
            shown = sample
            rule.waitForIdle()
            val merged = rule.onRoot().fetchSemanticsNode()
            wrong += complaints(merged, rule.onRoot(useUnmergedTree = true).fetchSemanticsNode(), rule.density.density).map { "${sample.name}: $it" }
            val back = merged.whole().firstOrNull { it.tag == "back" }
            if (back != null) mirrored = back.boundsInRoot.left > merged.size.width / 2 || mirrored
        }
        assertTrue(wrong.isEmpty(), wrong.joinToString("\n"))
        assertTrue(mirrored, "the way back is on the wrong side")
    }

    @Test
    @Config(qualifiers = "w1280dp-h840dp-land-xhdpi")
    fun whatIsUsedFromAfarOnATablet() = look("tablet-en", german = false) { it.wide }

    @Test
    @Config(qualifiers = "de-w891dp-h411dp-land-night-xhdpi")
    fun whatIsUsedFromAfarOnAPhoneOnItsSide() = look("side-de", german = true) { it.wide }
}

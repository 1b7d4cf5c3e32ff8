// The live screen with the real core below, on Robolectric: a demo session from looking for cuffs to its end.
package app.talus.session

import android.content.Intent
import android.graphics.Bitmap
import android.graphics.Canvas
import androidx.compose.ui.test.assertTextEquals
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithTag
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.performClick
import androidx.test.core.app.ActivityScenario
import androidx.test.core.app.ApplicationProvider
import app.talus.MainActivity
import app.talus.R
import java.io.File
import kotlin.test.Test
import kotlin.test.assertTrue
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

private const val WAIT_MS = 60_000L

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w411dp-h891dp-xhdpi")
class LiveScreenTest {
    @get:Rule val rule = createEmptyComposeRule()

    private fun demo(use: (ActivityScenario<MainActivity>) -> Unit) {
        val intent = Intent(ApplicationProvider.getApplicationContext(), MainActivity::class.java)
            .putExtra("app.talus.speed", 20f).putExtra("app.talus.seed", 1L)
        ActivityScenario.launch<MainActivity>(intent).use(use)
    }

    private fun waitFor(what: String, seen: () -> Boolean) {
        try {
            rule.waitUntil(WAIT_MS) { seen() }
        } catch (late: Throwable) {
            throw AssertionError("never saw $what", late)
        }
    }

    private fun tagged(tag: String) = rule.onAllNodesWithTag(tag).fetchSemanticsNodes().isNotEmpty()

    private fun reads(tag: String, text: String) = rule.onAllNodes(hasTestTag(tag) and hasText(text)).fetchSemanticsNodes().isNotEmpty()

    private fun shot(scenario: ActivityScenario<MainActivity>, name: String) = scenario.onActivity { activity ->
        val view = activity.window.decorView
        val bitmap = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888)
        view.draw(Canvas(bitmap))
        val folder = File(checkNotNull(System.getProperty("talus.shots"))).apply { mkdirs() }
        folder.resolve("$name.png").outputStream().use { bitmap.compress(Bitmap.CompressFormat.PNG, 100, it) }
    }

    private fun ActivityScenario<MainActivity>.text(id: Int): String {
        var text = ""
        onActivity { text = it.getString(id) }
        return text
    }

    @Test
    fun aDemoCountsAndPausesAndStopsWithItsSummary() = demo { scenario ->
        waitFor("three repetitions") { reads("count", "3") }
        shot(scenario, "live-set")
        rule.onNodeWithTag("pause").performClick()
        waitFor("the pause") { reads("phase", scenario.text(R.string.paused)) }
        rule.onNodeWithTag("pause").assertTextEquals(scenario.text(R.string.go_on))
        shot(scenario, "live-paused")
        rule.onNodeWithTag("pause").performClick()
        waitFor("it going on") { !reads("phase", scenario.text(R.string.paused)) }
        rule.onNodeWithTag("stop").performClick()
        waitFor("the summary") { !tagged("count") && tagged("line") }
        shot(scenario, "live-over")
    }

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi")
    fun aDemoSpeaksGermanInTheDark() = demo { scenario ->
        waitFor("a repetition") { reads("count", "1") }
        assertTrue(reads("pain", "Schmerz"))
        shot(scenario, "live-set-german-dark")
    }
}

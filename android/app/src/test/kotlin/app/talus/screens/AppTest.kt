// The app as a person has it, with the real core below, on Robolectric: the demo from its first tap to its summary.
package app.talus.screens

import android.content.Intent
import android.view.WindowManager
import androidx.compose.ui.test.assertTextContains
import androidx.compose.ui.test.hasTestTag
import androidx.compose.ui.test.hasText
import androidx.compose.ui.test.junit4.v2.createEmptyComposeRule
import androidx.compose.ui.test.onAllNodesWithTag
import androidx.compose.ui.test.onNodeWithTag
import androidx.compose.ui.test.onRoot
import androidx.compose.ui.test.performClick
import androidx.compose.ui.test.performScrollTo
import androidx.test.core.app.ActivityScenario
import androidx.test.core.app.ApplicationProvider
import app.talus.MainActivity
import app.talus.R
import app.talus.Settings
import app.talus.TalusApplication
import app.talus.home
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertTrue
import org.junit.Rule
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

private const val WAIT_MS = 240_000L

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34], qualifiers = "w411dp-h891dp-xhdpi")
class AppTest {
    @get:Rule val rule = createEmptyComposeRule()

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun demo(speed: Float = 20f, use: (ActivityScenario<MainActivity>) -> Unit) {
        val context = ApplicationProvider.getApplicationContext<TalusApplication>().apply { tellWith = Quiet()::with }
        Settings(context).change { it.copy(welcomed = true, demo = true) }
        val intent = Intent(context, MainActivity::class.java).putExtra("app.talus.speed", speed).putExtra("app.talus.seed", 1L)
        ActivityScenario.launch<MainActivity>(intent).use(use)
    }

    private fun waitFor(what: String, seen: () -> Boolean) {
        try {
            rule.waitUntil(WAIT_MS) { seen() }
        } catch (late: Throwable) {
            throw AssertionError("never saw $what", late)
        }
    }

    private fun tagged(tag: String) = rule.onAllNodesWithTag(tag, useUnmergedTree = true).fetchSemanticsNodes().isNotEmpty()

    private fun reads(
        tag: String, text: String,
    ) = rule.onAllNodes(hasTestTag(tag) and hasText(text), useUnmergedTree = true).fetchSemanticsNodes().isNotEmpty()

    private fun ActivityScenario<MainActivity>.text(id: Int): String {
        var text = ""
        onActivity { text = it.getString(id) }
        return text
    }

    private fun start() {
        waitFor("Today") { tagged("start") }
        rule.onNodeWithTag("start").performScrollTo().performClick()
    }

    @Test
    fun aDemoIsStartedOnTodayAndCountsAndPausesAndEndsWithItsSummary() = demo { scenario ->
        start()
        waitFor("three repetitions") { reads("count", "3") }
        assertTrue(tagged("demo"), "a session of the demo does not say so")
        rule.onNodeWithTag("pause").performClick()
        waitFor("the pause") { reads("phase", scenario.text(R.string.paused)) }
        rule.onNodeWithTag("pause").assertTextContains(scenario.text(R.string.go_on))
        rule.onNodeWithTag("pause").performClick()
        waitFor("it going on") { !reads("phase", scenario.text(R.string.paused)) }
        // The virtual person goes on by itself, through review and rest, to the end.
        waitFor("the summary") { tagged("summary") }
        assertTrue((0..5).all { tagged("done set $it") } && !tagged("done set 6"))
        rule.onNodeWithTag("done").performClick()
        waitFor("Today again") { tagged("week") }
        scenario.onActivity { assertTrue(it.filesDir.resolve("demo/talus.db").exists()) }
        scenario.onActivity { assertFalse(it.filesDir.resolve("household").exists(), "the demo opened somebody's history") }
    }

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi")
    fun aDemoSpeaksGerman() = demo { scenario ->
        start()
        waitFor("a repetition") { reads("count", "1") }
        assertTrue(reads("exercise", "Kniestrecken im Sitzen") || reads("pain", "Schmerz"))
        assertEquals("Stopp", scenario.text(R.string.stop))
    }

    @Test
    fun whoLeavesASessionFindsItOnTodayAndGoesOn() = demo { scenario ->
        start()
        waitFor("two repetitions") { reads("count", "2") }
        scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        waitFor("the question") { tagged("leave") }
        rule.onNodeWithTag("leave").performClick()
        waitFor("Today with what was left") { tagged("resume") }
        scenario.onActivity { assertEquals(null, it.home.live.state.value) }
        rule.onNodeWithTag("resume").performScrollTo().performClick()
        waitFor("the session again") { tagged("count") || tagged("rest") || tagged("review") }
    }

    @Test
    fun aSetIsReadInTheOrderSomebodyInASetNeedsIt() = demo { scenario ->
        start()
        waitFor("a repetition") { reads("count", "1") }
        rule.onNodeWithTag("pause").performClick()
        waitFor("the pause") { reads("phase", scenario.text(R.string.paused)) }
        val order = rule.onRoot(useUnmergedTree = false).fetchSemanticsNode().reading().map { it.said() }
        val wanted = listOf(R.string.paused, R.string.pain, R.string.go_on, R.string.stop).map { scenario.text(it) }
        val count = rule.onNodeWithTag("count", useUnmergedTree = true).fetchSemanticsNode().said()
        assertEquals(count, order.first().substringBefore(","))
        // The core says the pause too.
        assertEquals(wanted, order.filter { it in wanted }.distinct())
    }

    @Test
    fun theFourTabsLeadSomewhereAndBackLeadsToToday() = demo { scenario ->
        waitFor("Today") { tagged("week") }
        for ((tab, page) in listOf("plan" to "plan page", "progress" to "progress page", "you" to "you")) {
            rule.onNodeWithTag("tab $tab").performClick()
            waitFor(page) { tagged(page) }
        }
        rule.onNodeWithTag("settings").performClick()
        waitFor("the settings") { tagged("settings page") }
        rule.onNodeWithTag("back").performClick()
        waitFor("You again") { tagged("you") }
        scenario.onActivity { it.onBackPressedDispatcher.onBackPressed() }
        waitFor("Today again") { tagged("week") }
    }

    @Test
    fun leavingTheDemoOpensAHistoryOfItsOwn() = demo {
        waitFor("Today") { tagged("demo") }
        rule.onNodeWithTag("demo").performClick()
        waitFor("what the demo is") { tagged("demo ends") }
        rule.onNodeWithTag("demo ends").performClick()
        waitFor("Today without the demo") { !tagged("demo") && tagged("about") }
    }

    @Test
    fun aHistoryWithoutItsKeyIsToldAndSetAsideAndTheAppBeginsAnew() {
        val app = ApplicationProvider.getApplicationContext<TalusApplication>().apply { tellWith = Quiet()::with }
        val database = app.filesDir.resolve("household/talus.db")
        database.parentFile?.mkdirs()
        database.writeBytes(sealedHistory())
        Settings(app).change { it.copy(welcomed = true) }
        ActivityScenario.launch(MainActivity::class.java).use {
            waitFor("that it is locked") { tagged("locked history") }
            rule.onNodeWithTag("again").performClick()
            waitFor("that it is locked still") { tagged("locked history") }
            rule.onNodeWithTag("restore").performScrollTo().performClick()
            waitFor("the question") { tagged("aside") }
            rule.onNodeWithTag("not aside").performClick()
            assertContentEquals(sealedHistory(), database.readBytes())
            rule.onNodeWithTag("restore").performScrollTo().performClick()
            waitFor("the question again") { tagged("aside") }
            rule.onNodeWithTag("aside").performClick()
            waitFor("the way to a backup") { tagged("restore page") }
            assertContentEquals(sealedHistory(), app.filesDir.resolve("household.aside-1/talus.db").readBytes())
            rule.onNodeWithTag("back").performClick()
            waitFor("Today, with nobody known") { tagged("about") }
        }
    }

    @Test
    fun aLockedAppShowsNothingOfAnybodyUntilItIsUnlocked() {
        val app = ApplicationProvider.getApplicationContext<TalusApplication>().apply { tellWith = Quiet()::with }
        Settings(app).change { it.copy(welcomed = true, lock = true) }
        ActivityScenario.launch(MainActivity::class.java).use { scenario ->
            waitFor("the lock") { tagged("app lock") }
            assertFalse(tagged("week"))
            scenario.onActivity { assertTrue(it.window.attributes.flags and WindowManager.LayoutParams.FLAG_SECURE != 0) }
            // This phone has no lock of its own: nothing could be asked for, and nobody is locked out for it.
            rule.onNodeWithTag("unlock").performClick()
            waitFor("Today") { tagged("week") }
        }
    }

    @Test
    fun aPlanThatAnotherProgramSharesIsLookedAtFirst() {
        val app = ApplicationProvider.getApplicationContext<TalusApplication>().apply { tellWith = Quiet()::with }
        Settings(app).change { it.copy(welcomed = true) }
        val shared = Intent(app, MainActivity::class.java).setAction(Intent.ACTION_SEND).putExtra(Intent.EXTRA_TEXT, "no plan")
        ActivityScenario.launch<MainActivity>(shared).use {
            waitFor("that it is none") { tagged("no plan") }
            rule.onNodeWithTag("back").performClick()
            waitFor("You") { tagged("you") }
        }
    }
}

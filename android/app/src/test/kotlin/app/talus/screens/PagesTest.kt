// The pages of You through their view models with the real core below: people, a plan from someone one trusts, and the
// words of every question and library.
package app.talus.screens

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.learn.LearnViewModel
import app.talus.nav.Route
import app.talus.people.PeopleViewModel
import app.talus.person.SafetyViewModel
import app.talus.person.whyAsked
import app.talus.progress.Score
import app.talus.progress.SessionViewModel
import app.talus.trust.TrustState
import app.talus.trust.TrustViewModel
import app.talus.value
import app.talus.you.DiagnosticsViewModel
import app.talus.you.licenceTexts
import app.talus.you.licences
import java.io.ByteArrayInputStream
import java.io.File
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val WAIT_MS = 60_000L

/** No session of the demo is longer. */
private const val SESSION_US = 3_600_000_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class PagesTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val home = Home(context)

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    private fun <T, M : PageViewModel<T>> opened(model: M): M = model.also {
        it.refresh()
        until("the page") { it.state.value is Loaded.Ready }
    }

    @Test
    fun twoPeopleHaveTheirOwnAndWhoIsChosenStaysChosen() {
        val people = opened(PeopleViewModel(home))
        people.rename("Ada")
        until("the name") { people.state.value.value()?.people?.single()?.name == "Ada" }
        people.add("Jo")
        until("the second") { people.state.value.value()?.people?.size == 2 }
        home.settings.pick("knee_ext_seated")
        val jo = checkNotNull(people.state.value.value()).people.single { it.name == "Jo" }
        assertFalse(jo.chosen)
        people.choose(jo)
        until("Jo") { people.state.value.value()?.people?.single { it.chosen }?.name == "Jo" }
        assertEquals(listOf(), home.settings.wishes.value.picked, "what Ada had picked")
        runBlocking { assertNull(home.talus().about()) }
        // Another process of the app.
        val again = opened(PeopleViewModel(Home(context)))
        assertEquals("Jo", again.state.value.value()?.people?.single { it.chosen }?.name)
        val ada = checkNotNull(people.state.value.value()).people.single { it.name == "Ada" }
        home.settings.change { it.copy(person = null) }
        val asAda = opened(PeopleViewModel(home))
        asAda.delete(checkNotNull(asAda.state.value.value()).people.single { it.name == "Jo" })
        until("Ada alone") { asAda.state.value.value()?.people?.singleOrNull()?.id == ada.id }
        // Whoever is gone, as in a history that was restored, leaves the first.
        home.settings.change { it.copy(person = "019b0000-0000-7000-8000-000000000000") }
        runBlocking { assertEquals("Ada", home.talus().profiles().single { it.chosen }.name) }
    }

    @Test
    fun whatIsNoPlanIsToldFromTextFileAndWhatAnotherProgramShares() {
        val page = opened(TrustViewModel(home))
        assertEquals(TrustState.Kept(null, null, false), page.state.value.value())
        page.give("no plan at all")
        until("that it is none") { (page.state.value.value() as? TrustState.Kept)?.advice != null }
        page.refuse()
        until("the page again") { (page.state.value.value() as? TrustState.Kept)?.advice == null }
        val long = Uri.parse("content://picked/long")
        shadowOf(context.contentResolver).registerInputStreamSupplier(long) { ByteArrayInputStream(ByteArray(70_000)) }
        page.give(long)
        fun told() = (page.state.value.value() as? TrustState.Kept)?.advice
        until("that it is too long") { told() == home.words.getString(R.string.file_not_read) }
        home.give("shared and no plan either")
        page.refresh()
        until("that this is none") { told() != null && told() != home.words.getString(R.string.file_not_read) }
        assertNull(home.given.value, "what was shared is taken once")
    }

    @Test
    fun theSheetsSayWhatToDoAndDiagnosticsNameNobody() {
        runBlocking { home.talus().renamePerson("Ada Lovelace") }
        val safety = checkNotNull(opened(SafetyViewModel(home)).state.value.value())
        assertTrue(safety.redFlag.call && safety.redFlag.title.isNotEmpty() && safety.pain.title.isNotEmpty())
        val text = checkNotNull(opened(DiagnosticsViewModel(home, context)).state.value.value()).text
        assertFalse("Ada" in text, text)
        assertTrue("Android: 14 (34)" in text, text)
    }

    @Test
    fun aSessionIsStarredNotedPutOnTheOtherLegScoredAgainAndDeleted() {
        home.settings.change { it.copy(demo = true) }
        val id = runBlocking {
            val live = home.talus().demo(1uL)
            live.advance(SESSION_US)
            checkNotNull(live.finish())
        }
        val page = opened(SessionViewModel(home, id))
        fun now() = checkNotNull(page.state.value.value())
        val legs = now().sets.map { it.leg }
        assertEquals(6, legs.size)
        page.star(true)
        until("the star") { now().starred }
        page.note("  shoes off ")
        until("the note") { now().note == "shoes off" }
        page.wasOtherLeg(now().sets.first())
        until("the other leg") { now().sets.any { it.edited } && now().sets.map { it.leg } != legs || now().sets.count { it.edited } == 2 }
        page.undo()
        until("the leg again") { now().sets.none { it.edited } && now().sets.map { it.leg } == legs }
        page.scoreAgain()
        until("the score") { now().score != null }
        assertEquals(Score(0, 6, 0), now().score, "the same engine counts the same")
        var gone = false
        page.delete { gone = true }
        until("the end of it") { gone }
        assertEquals(0, runBlocking { home.talus().sessions(10u) }.size)
    }

    @Test
    fun everyCardSaysWhatItIsAndHowGoodItsEvidenceIs() {
        val cards = checkNotNull(opened(LearnViewModel(home)).state.value.value()).cards
        assertTrue(cards.size >= 10, "${cards.size} cards")
        assertEquals(listOf(), cards.filter { it.says.isBlank() || it.means.isBlank() })
    }

    @Test
    fun everyQuestionOfTheCoreHasItsReason() {
        val asked = runBlocking { home.talus() }.questionnaire().questions.map { it.question.name }
        assertEquals(12, asked.size)
        assertEquals(listOf(), asked.filter { whyAsked(it) == null })
    }

    @Test
    fun everyPlaceIsFoundAgainByItsText() {
        val all = Route.Tab.entries + Route.Page.entries + listOf(Route.Exercise("knee_ext_seated"), Route.Session("019b"))
        assertEquals(all, all.map { Route.of(it.text) })
        assertEquals(all.size, all.map { it.text }.toSet().size)
    }

    @Test
    fun everyLibraryInTheListIsTheOneThatIsBuiltIn() {
        val top = File(checkNotNull(System.getProperty("talus.top")))
        val locked = Regex(
            "name = \"(.*)\"\nversion = \"(.*)\"",
        ).findAll(top.resolve("Cargo.lock").readText()).map { it.groupValues[1] to it.groupValues[2] }.toSet()
        val versions = top.resolve("android/gradle/libs.versions.toml").readText()
        val listed = licences(context)
        assertTrue(listed.size > 100 && listed.all { it.licence.isNotBlank() })
        val shell = setOf(
            "AndroidX Activity", "AndroidX Compose", "AndroidX Core", "AndroidX Lifecycle", "AndroidX Material 3", "JNA", "Kotlin",
            "Kotlin coroutines",
        )
        val (around, crates) = listed.partition { it.name in shell }
        assertEquals(shell, around.map { it.name }.toSet())
        assertEquals(listOf(), around.filterNot { "\"${it.version}\"" in versions })
        assertEquals(listOf(), crates.map { it.name to it.version }.filterNot { it in locked }, "run android/licences.sh")
        // What the page of dependencies says is built in, but for what only a desk or a test has.
        val page = top.resolve("docs/dependencies.md").readText().substringAfter("## In what is built").substringBefore("\n## ")
        val direct = Regex("^\\| `([^`]+)`", RegexOption.MULTILINE).findAll(page).map { it.groupValues[1] }.toSet()
        val desk = setOf(
            "clap", "crossterm", "dbus", "goblin", "ratatui", "signal-hook", "unicode-width", "uniffi_bindgen",
            "uniffi_meta", "jni", "strsim",
        )
        assertNotNull(crates.firstOrNull { it.name == "btleplug" })
        assertEquals(setOf(), direct - desk - crates.map { it.name }.toSet(), "run android/licences.sh")
        // Each of them has its text; what only helped to build is not in the app.
        val texts = licenceTexts(context)
        val named = texts.flatMap { it.of }.map { it.substringBeforeLast(' ') }.toSet()
        assertEquals(setOf(), direct - desk - named)
        assertEquals(setOf(), shell - named)
        assertTrue(named.size > 100)
        assertEquals(listOf(), texts.filter { it.text.length < 200 })
    }
}

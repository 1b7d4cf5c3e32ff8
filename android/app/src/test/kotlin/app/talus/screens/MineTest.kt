// Somebody's own data through its view models with the real core below: out, wiped, and in again.
package app.talus.screens

import android.content.Context
import android.net.Uri
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.mine.Gift
import app.talus.mine.GivingOut
import app.talus.mine.MyDataViewModel
import app.talus.mine.RestoreState
import app.talus.mine.RestoreViewModel
import app.talus.value
import java.io.File
import java.io.FileInputStream
import java.io.FileOutputStream
import java.nio.file.Files
import java.util.zip.ZipFile
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val WAIT_MS = 120_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class MineTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val home = Home(context)
    private val place: File = Files.createTempDirectory("mine").toFile()

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest
    fun clear() {
        FakeKeyStore.remove()
        place.deleteRecursively()
    }

    /** The address of a file as a picker names it. */
    private fun File.picked(): Uri = Uri.parse("content://picked/$name").also { address ->
        val files = shadowOf(context.contentResolver)
        files.registerOutputStreamSupplier(address) { FileOutputStream(this) }
        files.registerInputStreamSupplier(address) { FileInputStream(this) }
    }

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    private fun data() = MyDataViewModel(home, context).also { model ->
        model.refresh()
        until("what is kept") { model.state.value.value() != null }
    }

    private fun MyDataViewModel.outcome(): GivingOut {
        until("an end") { state.value.value()?.work.let { it != null && it !is GivingOut.Under } }
        return checkNotNull(state.value.value()?.work)
    }

    private fun people() = runBlocking { home.talus().profiles().map { it.name } }

    @Test
    fun aBackupBringsEverybodyBackAfterTheHistoryWasSetAside() {
        runBlocking {
            home.talus().renamePerson("Ada")
            home.talus().addPerson("Jo")
        }
        val file = place.resolve("all.talusbackup")
        val model = data()
        model.backup(file.picked(), "four words of mine")
        assertEquals(GivingOut.Done(Gift.BACKUP, 0, 0), model.outcome())
        assertFalse("Ada" in file.readBytes().decodeToString(), "a backup that anybody reads")
        runBlocking { home.beginAnew() }
        assertEquals(1, people().size)
        assertFalse("Ada" in people())
        val restore = RestoreViewModel(home)
        restore.choose(file.picked())
        until("the question for its words") { restore.state.value is RestoreState.Words }
        restore.words("other words of mine")
        until("that they are wrong") { (restore.state.value as? RestoreState.Words)?.advice != null }
        assertFalse("Ada" in people())
        restore.words("four words of mine")
        until("the preview") { restore.state.value is RestoreState.Preview }
        assertEquals(listOf("Ada", "Jo"), assertIs<RestoreState.Preview>(restore.state.value).people.sorted())
        assertFalse("Ada" in people(), "a preview that takes in")
        restore.takeIn()
        until("the end") { restore.state.value is RestoreState.Done }
        assertTrue(people().containsAll(listOf("Ada", "Jo")), "${people()}")
        assertEquals(listOf(), context.cacheDir.resolve("passing").list().orEmpty().toList(), "a file on its way stays")
    }

    @Test
    fun aBundleIsAFileThatAnyProgramOpensAndThePageIsHtml() {
        val model = data()
        val bundle = place.resolve("all.zip")
        model.bundle(bundle.picked(), signals = false)
        assertEquals(GivingOut.Done(Gift.BUNDLE, 0, 0), model.outcome())
        assertTrue(ZipFile(bundle).use { zip -> zip.entries().asSequence().any { it.name == "manifest.json" } })
        val page = place.resolve("page.html")
        model.report(page.picked())
        until("the page") { page.length() > 0 && model.state.value.value()?.work is GivingOut.Done }
        assertTrue(page.readText().startsWith("<!doctype html>", ignoreCase = true), page.readText().take(80))
    }

    @Test
    fun aPlaceThatTakesNoFileAndAFileThatIsNoneAreTold() {
        val model = data()
        model.bundle(place.resolve("no/such/folder/all.zip").picked(), signals = false)
        assertEquals(home.words.getString(app.talus.R.string.file_not_written), assertIs<GivingOut.Failed>(model.outcome()).advice)
        val restore = RestoreViewModel(home)
        restore.choose(place.resolve("nothing").picked())
        until("that there is nothing") { restore.state.value is RestoreState.Failed }
        val text = place.resolve("text").apply { writeText("no bundle") }
        restore.choose(text.picked())
        until("that it is none") { restore.state.value is RestoreState.Failed }
        restore.again()
        assertEquals(RestoreState.Choose, restore.state.value)
    }

    @Test
    fun howLongSignalsAreKeptIsASettingOfThisPhone() {
        val model = data()
        model.keep(30)
        assertEquals(30, home.settings.wishes.value.keepSignalsDays)
        model.keep(null)
        assertEquals(null, app.talus.Settings(context).wishes.value.keepSignalsDays)
    }
}

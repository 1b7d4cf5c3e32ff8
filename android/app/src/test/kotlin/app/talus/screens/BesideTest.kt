// What Talus does beside its screens: the file of every week, the widget, the language that the phone's settings have for it.
package app.talus.screens

import android.app.LocaleManager
import android.app.job.JobScheduler
import android.appwidget.AppWidgetManager
import android.content.ComponentName
import android.content.ContentProvider
import android.content.ContentValues
import android.content.Context
import android.database.Cursor
import android.database.MatrixCursor
import android.graphics.Bitmap
import android.graphics.Canvas
import android.net.Uri
import android.os.Bundle
import android.os.LocaleList
import android.provider.DocumentsContract
import android.view.View
import android.widget.FrameLayout
import android.widget.TextView
import androidx.test.core.app.ApplicationProvider
import app.talus.Appearance
import app.talus.Daylight
import app.talus.Export
import app.talus.Home
import app.talus.R
import app.talus.Settings
import app.talus.languageOfPhone
import app.talus.mine.MyDataViewModel
import app.talus.mine.exportNow
import app.talus.mine.keepFolder
import app.talus.mine.letGoOfFolder
import app.talus.tellLanguage
import app.talus.value
import app.talus.widget.Dot
import app.talus.widget.NextLine
import app.talus.widget.NextWidget
import app.talus.widget.drawn
import app.talus.widget.nextLine
import java.io.File
import java.io.FileOutputStream
import java.nio.file.Files
import java.time.LocalDate
import java.util.zip.ZipFile
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.annotation.GraphicsMode

private const val WAIT_MS = 60_000L
private const val KEEPER = "app.talus.documents"

/** Keeps files for the phone, as the picker's programs do; [gone] where its folder is not there any more. */
class FakeDocuments : ContentProvider() {
    override fun onCreate() = true

    override fun call(method: String, arg: String?, extras: Bundle?): Bundle {
        val name = checkNotNull(extras).getString(DocumentsContract.Document.COLUMN_DISPLAY_NAME)
        if (broken) throw UnsupportedOperationException("it cannot")
        if (gone) throw IllegalArgumentException("no such folder")
        val made = DocumentsContract.buildDocumentUriUsingTree(tree, "folder/$name")
        shadowOf(checkNotNull(context).contentResolver).registerOutputStreamSupplier(made) { FileOutputStream(folder.resolve(checkNotNull(name))) }
        return Bundle().apply { putParcelable("uri", made) }
    }

    override fun query(uri: Uri, columns: Array<out String>?, which: String?, with: Array<out String>?, order: String?): Cursor =
        MatrixCursor(arrayOf(DocumentsContract.Document.COLUMN_DISPLAY_NAME)).apply { addRow(arrayOf("Sicherungen")) }

    override fun getType(uri: Uri): String? = null

    override fun insert(uri: Uri, values: ContentValues?): Uri? = null

    override fun delete(uri: Uri, which: String?, with: Array<out String>?) = 0

    override fun update(uri: Uri, values: ContentValues?, which: String?, with: Array<out String>?) = 0

    companion object {
        val tree: Uri = DocumentsContract.buildTreeDocumentUri(KEEPER, "folder")
        lateinit var folder: File
        var gone = false

        /** Fails in a way of its own. */
        var broken = false
    }
}

@RunWith(RobolectricTestRunner::class)
@GraphicsMode(GraphicsMode.Mode.NATIVE)
@Config(sdk = [34])
class BesideTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val home = Home(context)

    @BeforeTest
    fun prepare() {
        FakeKeyStore.install()
        FakeDocuments.folder = Files.createTempDirectory("picked").toFile()
        FakeDocuments.gone = false
        FakeDocuments.broken = false
        Robolectric.buildContentProvider(FakeDocuments::class.java).create(KEEPER)
    }

    @AfterTest
    fun clear() {
        FakeKeyStore.remove()
        FakeDocuments.folder.deleteRecursively()
    }

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    private fun jobs() = context.getSystemService(JobScheduler::class.java).allPendingJobs

    @Test
    fun aFileIsWrittenAtOnceAndEveryWeekToTheFolderThatWasPicked() {
        val model = MyDataViewModel(home, context)
        model.refresh()
        until("the page") { model.state.value.value() != null }
        model.exportTo(FakeDocuments.tree)
        until("the first file") { model.state.value.value()?.scheduled?.lastDay != null }
        val now = checkNotNull(model.state.value.value()?.scheduled)
        assertEquals("Sicherungen" to null, now.folder to now.advice)
        val file = FakeDocuments.folder.resolve("talus-${now.lastDay}.zip")
        assertTrue(ZipFile(file).use { zip -> zip.entries().asSequence().any { it.name == "manifest.json" } })
        val job = jobs().single()
        assertTrue(job.isPeriodic && job.isPersisted && job.isRequireStorageNotLow)
        assertEquals(7L * 24 * 60 * 60 * 1000, job.intervalMillis)
        assertEquals(listOf(FakeDocuments.tree), context.contentResolver.persistedUriPermissions.map { it.uri })
        assertEquals(listOf(), context.cacheDir.resolve("passing").list().orEmpty().toList(), "a file on its way stays")
        // A folder that is gone is told, and when the last one was written stays.
        FakeDocuments.gone = true
        runBlocking { exportNow(context, home) }
        assertEquals(Export("${FakeDocuments.tree}", "${now.lastDay}", failed = true), home.settings.wishes.value.export)
        assertEquals(home.settings.wishes.value, Settings(context).wishes.value)
        // So is one whose keeper fails in a way of its own.
        FakeDocuments.gone = false
        FakeDocuments.broken = true
        home.settings.change { it.copy(export = it.export?.copy(failed = false)) }
        runBlocking { exportNow(context, home) }
        assertEquals(true, home.settings.wishes.value.export?.failed)
        // The same folder once more is not let go of, another one takes its place.
        assertTrue(keepFolder(context, home, FakeDocuments.tree))
        assertEquals(listOf(FakeDocuments.tree), context.contentResolver.persistedUriPermissions.map { it.uri })
        val other = DocumentsContract.buildTreeDocumentUri(KEEPER, "other")
        assertTrue(keepFolder(context, home, other))
        assertEquals(listOf(other), context.contentResolver.persistedUriPermissions.map { it.uri })
        assertEquals(1, jobs().size)
        model.exportNoMore()
        assertEquals(0, jobs().size)
        assertNull(home.settings.wishes.value.export)
        assertEquals(0, context.contentResolver.persistedUriPermissions.size)
    }

    @Test
    fun nothingOfADemoAndNothingWithoutAFolderIsWrittenByItself() = runBlocking {
        exportNow(context, home)
        home.settings.change { it.copy(demo = true, export = Export("${FakeDocuments.tree}")) }
        exportNow(context, home)
        assertEquals(0, FakeDocuments.folder.list().orEmpty().size)
        letGoOfFolder(context, home)
        assertNull(home.settings.wishes.value.export)
    }

    @Test
    fun theWidgetSaysNothingOfABodyAndNothingAtAllOfALockedApp() = runBlocking {
        assertEquals(NextLine(context.getString(R.string.widget_open), listOf()), nextLine(home), "before the first run")
        home.settings.change { it.copy(welcomed = true) }
        val unknown = nextLine(home)
        assertEquals(context.getString(R.string.widget_open), unknown.line)
        assertEquals(7, unknown.week.size)
        assertEquals(1, unknown.week.count { it.second == Dot.TODAY })
        home.settings.change { it.copy(lock = true) }
        assertEquals(NextLine(context.getString(R.string.widget_open), listOf()), nextLine(home))
        home.settings.change { it.copy(lock = false, demo = true) }
        assertEquals(context.getString(R.string.demo_session), nextLine(home).line)
    }

    @Test
    fun theWidgetIsDrawnAnewWhenALockOrTheDemoChanges() {
        val manager = AppWidgetManager.getInstance(context)
        val ours = ComponentName(context, NextWidget::class.java)
        val widget = shadowOf(manager).createWidget(NextWidget::class.java, R.layout.widget_next)
        assertEquals(listOf(widget), manager.getAppWidgetIds(ours).toList())
        fun line() = shadowOf(manager).getViewFor(widget).findViewById<TextView>(R.id.widget_line).text.toString()
        home.settings.change { it.copy(welcomed = true, demo = true) }
        until("the demo on it") { line() == context.getString(R.string.demo_session) }
        home.settings.change { it.copy(lock = true) }
        until("nothing of it once it is locked") { line() == context.getString(R.string.widget_open) }
    }

    private val monday = LocalDate.of(2026, 11, 2)

    private fun widget(line: String): View {
        val dots = listOf(Dot.DONE, Dot.REST, Dot.DONE, Dot.TODAY, Dot.TO_COME, Dot.TO_COME, Dot.TO_COME)
        val week = dots.mapIndexed { index, dot -> monday.plusDays(index.toLong()) to dot }
        val room = FrameLayout(context)
        val view = drawn(context, home, NextLine(line, week)).apply(context, room)
        val density = context.resources.displayMetrics.density
        view.measure(
            View.MeasureSpec.makeMeasureSpec((250 * density).toInt(), View.MeasureSpec.EXACTLY),
            View.MeasureSpec.makeMeasureSpec((170 * density).toInt(), View.MeasureSpec.EXACTLY),
        )
        view.layout(0, 0, view.measuredWidth, view.measuredHeight)
        return view
    }

    private fun look(name: String, line: String) {
        val view = widget(line)
        val text = view.findViewById<TextView>(R.id.widget_line)
        assertEquals(0, text.layout.getEllipsisCount(text.lineCount - 1), "\"$line\" is cut")
        assertNotNull(view.findViewById<View>(R.id.widget_week).contentDescription)
        assertTrue(view.isClickable)
        val whole = Bitmap.createBitmap(view.width, view.height, Bitmap.Config.ARGB_8888).also { view.draw(Canvas(it)) }
        val half = Bitmap.createScaledBitmap(whole, whole.width / 2, whole.height / 2, true)
        val share = half.differsFrom(name)
        half.write(name)
        assertTrue(share != null && share <= .004, "look at $name, and copy it to docs/screens/android where it is right")
    }

    @Test
    @Config(qualifiers = "w411dp-h891dp-xhdpi")
    fun theWidgetByDay() = look("widget-light-en", "Steady, day A, 16 minutes")

    @Test
    @Config(qualifiers = "de-w411dp-h891dp-night-xhdpi", fontScale = 2f)
    fun theWidgetInTheDarkWithLargeType() = look("widget-dark-de-200", "Standfest, Tag A")

    @Test
    fun theLanguageIsTheSameHereAndInThePhonesSettings() {
        tellLanguage(context, "de")
        assertEquals("de", languageOfPhone(context))
        tellLanguage(context, null)
        assertNull(languageOfPhone(context))
        context.getSystemService(LocaleManager::class.java).applicationLocales = LocaleList.forLanguageTags("en-GB")
        assertEquals("en", languageOfPhone(context))
    }

    @Test
    fun howItLooksIsKept() {
        val chosen = Appearance(Daylight.DARK, contrast = true, wallpaper = true, leftHand = true, flashes = true)
        home.settings.change { it.copy(appearance = chosen) }
        assertEquals(chosen, Settings(context).wishes.value.appearance)
    }
}

// A bundle that is written every week by itself to a folder the person picked: theirs, so that nothing old is deleted there.
package app.talus.mine

import android.app.job.JobInfo
import android.app.job.JobParameters
import android.app.job.JobScheduler
import android.app.job.JobService
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.net.Uri
import android.provider.DocumentsContract
import app.talus.Export
import app.talus.Home
import app.talus.core.ExportWish
import app.talus.core.TalusException
import app.talus.home
import java.io.File
import java.io.IOException
import java.time.LocalDate
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext
import kotlinx.coroutines.withTimeoutOrNull

private const val WEEK_MS = 7L * 24 * 60 * 60 * 1000
private const val JOB = 1

/** A history that is locked waits for its person: not here. */
private const val LONGEST_MS = 5L * 60 * 1000

/** Takes the folder that was picked, for good, and only then lets go of the one before. Whether whoever keeps it lets Talus. */
fun keepFolder(context: Context, home: Home, tree: Uri): Boolean {
    try {
        context.contentResolver.takePersistableUriPermission(tree, READ_AND_WRITE)
    } catch (_: SecurityException) {
        return false
    }
    home.settings.wishes.value.export?.folder?.takeIf { it != "$tree" }?.let { release(context, it) }
    home.settings.change { it.copy(export = Export("$tree")) }
    val job = JobInfo.Builder(JOB, ComponentName(context, ExportJob::class.java)).setPeriodic(WEEK_MS).setPersisted(true)
        .setRequiresStorageNotLow(true).build()
    context.getSystemService(JobScheduler::class.java).schedule(job)
    return true
}

/** Nothing is written by itself any more. */
fun letGoOfFolder(context: Context, home: Home) {
    context.getSystemService(JobScheduler::class.java).cancel(JOB)
    val before = home.settings.wishes.value.export ?: return
    release(context, before.folder)
    home.settings.change { it.copy(export = null) }
}

private fun release(context: Context, folder: String) = try {
    context.contentResolver.releasePersistableUriPermission(Uri.parse(folder), READ_AND_WRITE)
} catch (_: SecurityException) {
    // The phone had taken it back already.
}

private const val READ_AND_WRITE = Intent.FLAG_GRANT_READ_URI_PERMISSION or Intent.FLAG_GRANT_WRITE_URI_PERMISSION

/** What a folder is called where it is kept; the end of its address where nobody says it. */
suspend fun folderName(context: Context, tree: Uri): String = withContext(Dispatchers.IO) {
    val named = try {
        context.contentResolver.query(within(tree), arrayOf(DocumentsContract.Document.COLUMN_DISPLAY_NAME), null, null, null)?.use {
            if (it.moveToFirst()) it.getString(0) else null
        }
    } catch (_: RuntimeException) {
        null // Whoever keeps files for the phone fails in its own ways; the name is only shown.
    }
    named ?: DocumentsContract.getTreeDocumentId(tree).substringAfterLast('/').substringAfterLast(':')
}

private fun within(tree: Uri): Uri = DocumentsContract.buildDocumentUriUsingTree(tree, DocumentsContract.getTreeDocumentId(tree))

/** Writes everything without raw signals to the folder that was picked, and remembers how that went. */
suspend fun exportNow(context: Context, home: Home) {
    val wishes = home.settings.wishes.value
    val to = wishes.export ?: return
    // What is on the screen is nobody's.
    if (wishes.demo) return
    val file = home.handover.place("weekly")
    val done = try {
        withTimeoutOrNull(LONGEST_MS) {
            val talus = home.talus()
            val day = talus.today().localDay
            talus.export(file.path, ExportWish(everyone = true, recordings = false, passphrase = null)).collect {}
            put(context, Uri.parse(to.folder), file, "talus-$day.zip")
            day
        }
    } catch (_: TalusException) {
        null
    } catch (_: IOException) {
        null
    } finally {
        file.delete()
    }
    home.settings.change { now ->
        val same = now.export?.takeIf { it.folder == to.folder } ?: return@change now
        now.copy(export = same.copy(lastDay = done ?: same.lastDay, failed = done == null))
    }
}

private suspend fun put(context: Context, tree: Uri, file: File, name: String) = withContext(Dispatchers.IO) {
    try {
        val files = context.contentResolver
        val made = DocumentsContract.createDocument(files, within(tree), "application/zip", name)
            ?: throw IOException("$tree takes no file")
        try {
            val out = files.openOutputStream(made, "wt") ?: throw IOException("nothing is behind $made")
            out.use { sink -> file.inputStream().use { it.copyTo(sink) } }
        } catch (cut: Exception) {
            DocumentsContract.deleteDocument(files, made)
            throw cut
        }
    } catch (gone: RuntimeException) {
        throw IOException(gone) // The folder was deleted, or whoever keeps it fails in a way of its own. Nothing waits in here.
    }
}

class ExportJob : JobService() {
    private var work: Job? = null
    private val scope: CoroutineScope = MainScope()

    override fun onStartJob(params: JobParameters): Boolean {
        work = scope.launch {
            try {
                exportNow(this@ExportJob, home)
            } finally {
                jobFinished(params, false)
            }
        }
        return true
    }

    override fun onStopJob(params: JobParameters): Boolean {
        work?.cancel()
        return true
    }
}

internal fun Export.toScheduled(name: String, advice: String): Scheduled =
    Scheduled(name, lastDay?.let(LocalDate::parse), advice.takeIf { failed })

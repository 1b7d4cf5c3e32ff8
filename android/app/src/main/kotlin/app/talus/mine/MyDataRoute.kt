// The pages of somebody's own data with the phone's picker and its way to share.
package app.talus.mine

import android.content.Context
import android.content.Intent
import android.widget.Toast
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.CreateDocument
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.activity.result.contract.ActivityResultContracts.OpenDocumentTree
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.core.content.FileProvider
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.talus.R
import app.talus.advice
import app.talus.core.TalusException
import java.io.File
import java.io.IOException
import java.time.LocalDate
import kotlinx.coroutines.launch

/** What a bundle and a page are to the phone; a backup is nothing that another program knows. */
private const val ZIP = "application/zip"
private const val SEALED = "application/octet-stream"
private const val HTML = "text/html"

@Composable
fun MyDataRoute(model: MyDataViewModel, keepDays: Int?, back: () -> Unit, restore: () -> Unit, demo: () -> Unit) {
    val context = LocalContext.current
    val scope = rememberCoroutineScope()
    val state by model.state.collectAsStateWithLifecycle()
    var signals by rememberSaveable { mutableStateOf(false) }
    // Never saved: whoever comes back after the app was ended types the words anew.
    var words by remember { mutableStateOf<String?>(null) }
    val bundle = rememberLauncherForActivityResult(CreateDocument(ZIP)) { to -> to?.let { model.bundle(it, signals) } }
    val backup = rememberLauncherForActivityResult(CreateDocument(SEALED)) { to ->
        words?.let { typed -> to?.let { model.backup(it, typed) } }
        words = null
    }
    val folder = rememberLauncherForActivityResult(OpenDocumentTree()) { picked -> picked?.let { model.exportTo(it) } }
    val report = rememberLauncherForActivityResult(CreateDocument(HTML)) { to -> to?.let(model::report) }
    MyDataScreen(
        state, keepDays,
        MyDataActions(
            back,
            bundle = {
                signals = it
                bundle.launch("talus-${LocalDate.now()}.zip")
            },
            backup = {
                words = it
                backup.launch("talus-${LocalDate.now()}.talusbackup")
            },
            saveReport = { report.launch("talus-${LocalDate.now()}.html") },
            shareReport = {
                scope.launch {
                    try {
                        share(context, model.reportFile(), HTML)
                    } catch (failure: TalusException) {
                        Toast.makeText(context, failure.advice(), Toast.LENGTH_LONG).show()
                    } catch (_: IOException) {
                        Toast.makeText(context, R.string.file_not_written, Toast.LENGTH_LONG).show()
                    }
                }
            },
            restore, model::keep, model::letGo, { model.wipe() }, model::stop, demo, model::refresh,
            { folder.launch(null) }, model::exportNoMore, { model.lookAside(it) }, { model.bringBack(it) },
        ),
    )
}

@Composable
fun RestoreRoute(model: RestoreViewModel, back: () -> Unit, done: () -> Unit) {
    val state by model.state.collectAsStateWithLifecycle()
    val pick = rememberLauncherForActivityResult(OpenDocument()) { from -> from?.let(model::choose) }
    // Pickers know a backup by no kind of its own.
    RestoreScreen(state, RestoreActions(back, { pick.launch(arrayOf("*/*")) }, model::words, model::takeIn, model::again, done))
}

/** Offers a file of the app's own to whatever program the person picks, to be read once. */
fun share(context: Context, file: File, kind: String) {
    val address = FileProvider.getUriForFile(context, "${context.packageName}.files", file)
    val send = Intent(Intent.ACTION_SEND).setType(kind).putExtra(Intent.EXTRA_STREAM, address)
        .addFlags(Intent.FLAG_GRANT_READ_URI_PERMISSION)
    context.startActivity(Intent.createChooser(send, context.getString(R.string.share)))
}

/** Offers a text to whatever program the person picks. */
fun shareText(context: Context, text: String) {
    val send = Intent(Intent.ACTION_SEND).setType("text/plain").putExtra(Intent.EXTRA_TEXT, text)
    context.startActivity(Intent.createChooser(send, context.getString(R.string.share)))
}

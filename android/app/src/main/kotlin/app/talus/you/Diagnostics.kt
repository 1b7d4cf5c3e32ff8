// What helps somebody who helps: the app, the phone and the cuffs of one's own. Nothing of a body, and no foreign device.
package app.talus.you

import android.content.Context
import android.os.Build
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.core.Budget
import app.talus.look.Card
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.bytes
import app.talus.pair.Access
import app.talus.pair.bluetoothAccess
import app.talus.voice.Speech

/** Label and value, a line each. */
data class DiagnosticsState(val lines: List<Pair<String, String>>, val demo: Boolean) {
    /** As it is shared. */
    val text: String get() = lines.joinToString("\n") { (label, value) -> "$label: $value" }
}

class DiagnosticsViewModel(home: Home, private val context: Context) : PageViewModel<DiagnosticsState>(home) {
    override suspend fun read(): DiagnosticsState {
        val words = home.words
        val talus = home.talus()
        val locale = home.locale
        val cuffs = talus.cuffs()
        fun yes(on: Boolean) = words.getString(if (on) R.string.yes else R.string.no)
        return DiagnosticsState(
            listOf(
                words.getString(R.string.app_name) to version(context),
                "Android" to "${Build.VERSION.RELEASE} (${Build.VERSION.SDK_INT}), ${Build.MANUFACTURER} ${Build.MODEL}",
                words.getString(R.string.language) to locale.toLanguageTag(),
                words.getString(R.string.encrypted) to yes(home.sealed()),
                words.getString(R.string.bluetooth_allowed) to yes(bluetoothAccess(context) == Access.GRANTED),
                words.getString(R.string.voice) to words.getString(
                    when (home.speech.value) {
                        Speech.READY -> R.string.voice_there
                        Speech.NOT_ASKED -> R.string.not_asked_yet
                        Speech.NO_ENGINE -> R.string.no_voice
                        Speech.NO_LANGUAGE -> R.string.no_voice_language
                    },
                ),
                words.getString(R.string.signals) to bytes(talus.outgrown(Budget(null, null)).keptBytes.toLong(), locale),
            ) + cuffs.map { words.getString(R.string.cuff) to "${it.family}, ${it.serial}" },
            home.settings.wishes.value.demo,
        )
    }
}

/** The version of this app, as it is installed. */
fun version(context: Context): String = context.packageManager.getPackageInfo(context.packageName, 0).versionName.orEmpty()

@Composable
fun DiagnosticsScreen(state: Loaded<DiagnosticsState>, back: () -> Unit, demo: () -> Unit, share: (String) -> Unit, again: () -> Unit) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.diagnostics), back = back, demo = if (ready?.demo == true) demo else null, tag = "diagnostics page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                Text(stringResource(R.string.diagnostics_text))
                Card { for ((label, value) in state.value.lines) ValueRow(label, value) }
                Muted(stringResource(R.string.diagnostics_leaves_out))
                OtherButton(stringResource(R.string.share), Modifier.testTag("share diagnostics")) { share(state.value.text) }
            }
        }
    }
}

// About the app: what it is and is not, and whose work is in it.
package app.talus.you

import android.content.Context
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import app.talus.R
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.look.QuietButton
import app.talus.look.ValueRow
import org.json.JSONArray
import org.json.JSONObject

/** A library inside the app and its licence. */
data class Licence(val name: String, val version: String, val licence: String)

/** A licence text and what is under it; [number] tells it from the others. */
data class LicenceText(val number: Int, val of: List<String>, val under: String, val text: String)

@Composable
fun AppScreen(version: String, licences: List<Licence>, back: () -> Unit, demo: (() -> Unit)?, texts: () -> Unit = {}) =
    Page(stringResource(R.string.about_app), back = back, demo = demo, tag = "app page") {
        Text(stringResource(R.string.welcome_text))
        ValueRow(stringResource(R.string.version), version)
        Muted(stringResource(R.string.not_reviewed))
        Text(stringResource(R.string.no_diagnosis))
        Text(stringResource(R.string.nothing_leaves))
        Heading(stringResource(R.string.licences))
        Text(stringResource(R.string.licences_text))
        Card { LinkRow(stringResource(R.string.licence_texts), Modifier.testTag("licence texts"), pressed = texts) }
        Card {
            for (one in licences) {
                Column(Modifier.semantics(mergeDescendants = true) {}) {
                    Text("${one.name} ${one.version}", style = MaterialTheme.typography.titleMedium)
                    Muted(one.licence)
                }
            }
        }
    }

/** The texts, in groups of what is under the same one; one is open at a time. */
@Composable
fun LicenceTextsScreen(texts: List<LicenceText>, back: () -> Unit, begins: Int? = null) {
    var open by rememberSaveable { mutableStateOf(begins) }
    Page(stringResource(R.string.licence_texts), back = back, tag = "licence texts page") {
        if (texts.isEmpty()) Loading()
        for (one in texts) {
            Card(Modifier.testTag("licence ${one.number}")) {
                Text(one.under, style = MaterialTheme.typography.titleMedium)
                Muted(one.of.joinToString(", "))
                if (open == one.number) for (part in one.text.split("\n\n")) Text(part.trim(), style = MaterialTheme.typography.bodyMedium)
                QuietButton(
                    stringResource(if (open == one.number) R.string.less else R.string.licence_read), Modifier.testTag("read ${one.number}"),
                ) { open = one.number.takeIf { it != open } }
            }
        }
    }
}

/** Every licence text: of the crates as they carry it, and of the libraries around the core. */
fun licenceTexts(context: Context): List<LicenceText> {
    fun read(id: Int) = context.resources.openRawResource(id).bufferedReader().use { it.readText() }
    val crates = JSONObject(read(R.raw.licence_texts)).getJSONArray("licences")
    val around = licences(context).filter { it.name.startsWith("AndroidX") || it.name.startsWith("Kotlin") || it.name == "JNA" }
    val first = LicenceText(0, around.map { "${it.name} ${it.version}" }, "Apache-2.0", read(R.raw.apache_2))
    return listOf(first) + List(crates.length()) { at ->
        crates.getJSONObject(at).run {
            val of = getJSONArray("of")
            LicenceText(at + 1, List(of.length()) { of.getString(it) }, getString("under"), getString("text"))
        }
    }
}

/** Every library in the app, as the list says that is made from what was built. */
fun licences(context: Context): List<Licence> {
    val list = JSONArray(context.resources.openRawResource(R.raw.licences).bufferedReader().use { it.readText() })
    return List(list.length()) { at ->
        list.getJSONObject(at).run { Licence(getString("name"), getString("version"), getString("licence")) }
    }
}

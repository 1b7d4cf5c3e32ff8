// About the app: what it is and is not, and whose work is in it.
package app.talus.you

import android.content.Context
import androidx.compose.foundation.layout.Column
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import app.talus.R
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.look.ValueRow
import org.json.JSONArray

/** A library inside the app and its licence. */
data class Licence(val name: String, val version: String, val licence: String)

@Composable
fun AppScreen(version: String, licences: List<Licence>, back: () -> Unit, demo: (() -> Unit)?) =
    Page(stringResource(R.string.about_app), back = back, demo = demo, tag = "app page") {
        Text(stringResource(R.string.welcome_text))
        ValueRow(stringResource(R.string.version), version)
        Muted(stringResource(R.string.not_reviewed))
        Text(stringResource(R.string.no_diagnosis))
        Text(stringResource(R.string.nothing_leaves))
        Heading(stringResource(R.string.licences))
        Text(stringResource(R.string.licences_text))
        Card {
            for (one in licences) {
                Column(Modifier.semantics(mergeDescendants = true) {}) {
                    Text("${one.name} ${one.version}", style = MaterialTheme.typography.titleMedium)
                    Muted(one.licence)
                }
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

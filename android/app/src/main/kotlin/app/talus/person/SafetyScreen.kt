// What to do when something is wrong, to be read before it is: the sheets that a session shows.
package app.talus.person

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Page
import app.talus.look.Trouble
import app.talus.session.RedFlagNotice
import app.talus.today.Sheet
import app.talus.today.toSheet

/** The sheet of a sign that must not wait, and that of pain. */
data class SafetyState(val redFlag: Sheet, val pain: Sheet, val demo: Boolean)

class SafetyViewModel(home: Home) : PageViewModel<SafetyState>(home) {
    override suspend fun read(): SafetyState {
        val today = home.talus().today()
        return SafetyState(today.redFlag.toSheet(), today.pain.toSheet(), home.settings.wishes.value.demo)
    }
}

@Composable
fun SafetyScreen(state: Loaded<SafetyState>, back: () -> Unit, demo: () -> Unit, again: () -> Unit) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.safety), back = back, demo = if (ready?.demo == true) demo else null, tag = "safety page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                RedFlagNotice(listOf(state.value.redFlag.title) + state.value.redFlag.lines, call = state.value.redFlag.call)
                Card(Modifier.testTag("pain sheet")) {
                    Heading(state.value.pain.title)
                    for (line in state.value.pain.lines) Text(line)
                }
            }
        }
    }
}

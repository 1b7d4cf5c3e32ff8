// The ten minutes before a first session: what is measured in them, and how; or why they are not open now.
package app.talus.today

import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.core.SessionWish
import app.talus.core.TalusException
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.clock
import app.talus.whys

/** What they hold, or why they are not open: then [whys] says it. */
data class FirstState(val tests: List<FirstTest>, val walk: FirstWalk?, val whys: List<String>, val demo: Boolean)

/** A test of them: what keeps it safe, then how it is done. */
data class FirstTest(val name: String, val stance: String?, val handOnCounter: Boolean, val steps: List<String>)

/** The walk at the end of them, without a weight. */
data class FirstWalk(val seconds: Int, val why: String)

class FirstViewModel(home: Home) : PageViewModel<FirstState>(home) {
    override suspend fun read(): FirstState {
        val demo = home.settings.wishes.value.demo
        return try {
            val first = home.talus().foretell(SessionWish.First)
            FirstState(
                first.tests.map { FirstTest(it.name, it.stance, it.handOnCounter, it.steps) }.distinct(),
                first.walk?.let { FirstWalk((it.beforeS + it.afterS).toInt(), it.why) }, listOf(), demo,
            )
        } catch (refused: TalusException.Invalid) {
            FirstState(listOf(), null, refused.whys(), demo)
        }
    }

    fun start() = home.first()
}

@Composable
fun FirstScreen(state: Loaded<FirstState>, back: () -> Unit, demo: () -> Unit, start: () -> Unit, again: () -> Unit) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        stringResource(R.string.first_minutes), back = back, demo = if (ready?.demo == true) demo else null, tag = "first page",
        bottom = if (ready == null || ready.whys.isNotEmpty()) null else {
            { PrimaryButton(stringResource(R.string.start), Modifier.testTag("start first"), pressed = start) }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> if (state.value.whys.isNotEmpty()) {
                Card(Modifier.testTag("first shut")) {
                    Heading(stringResource(R.string.not_now))
                    for (why in state.value.whys) Text(why)
                }
            } else {
                Open(state.value)
            }
        }
    }
}

@Composable
private fun Open(first: FirstState) {
    Text(stringResource(R.string.first_minutes_text))
    for (test in first.tests) {
        Card(Modifier.testTag("first test")) {
            // A long name has no room as a heading in large type.
            Text(test.name, Modifier.semantics { heading() }, style = MaterialTheme.typography.titleMedium)
            test.stance?.let { Text(it) }
            if (test.handOnCounter) Notice(stringResource(R.string.hand_on_counter))
            for (step in test.steps) Muted(step)
        }
    }
    first.walk?.let {
        Card(Modifier.testTag("first walk")) {
            Heading(stringResource(R.string.walk))
            ValueRow(stringResource(R.string.walk_without), clock(it.seconds))
            Muted(it.why)
        }
    }
}

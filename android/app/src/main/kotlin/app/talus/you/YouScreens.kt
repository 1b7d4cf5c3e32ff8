// You: the ways to cuffs and answers, and the settings: language, units, view for the floor, demo.
package app.talus.you

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.Wishes
import app.talus.look.Card
import app.talus.look.Choices
import app.talus.look.Heading
import app.talus.look.Icons
import app.talus.look.LinkRow
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.session.FloorWish

/** Where You leads. */
data class YouActions(
    val cuffs: () -> Unit = {}, val about: () -> Unit = {}, val settings: () -> Unit = {}, val demo: () -> Unit = {},
)

@Composable
fun YouScreen(demo: Boolean, actions: YouActions) = Page(stringResource(R.string.you), demo = if (demo) actions.demo else null, tag = "you") {
    Card {
        LinkRow(stringResource(R.string.cuffs), Modifier.testTag("cuffs"), stringResource(R.string.cuffs_hint), Icons.cuff, actions.cuffs)
        LinkRow(stringResource(R.string.health_answers), Modifier.testTag("about"), stringResource(R.string.health_answers_hint), Icons.health, actions.about)
        LinkRow(stringResource(R.string.settings), Modifier.testTag("settings"), stringResource(R.string.settings_hint), Icons.settings, actions.settings)
    }
    Muted(stringResource(R.string.not_reviewed))
}

/** Languages of the app, each by its own name; null is the phone's. */
private val languages = listOf(null, "en", "de")

@Composable
fun SettingsScreen(wishes: Wishes, back: () -> Unit, demo: () -> Unit, change: ((Wishes) -> Wishes) -> Unit) =
    Page(stringResource(R.string.settings), back = back, demo = if (wishes.demo) demo else null, tag = "settings page") {
        Card {
            Heading(stringResource(R.string.language))
            Choices(languages, wishes.language, { language ->
                when (language) {
                    "en" -> "English"
                    "de" -> "Deutsch"
                    else -> stringResource(R.string.as_the_phone)
                }
            }, tag = { "language ${it ?: "phone"}" }) { language -> change { it.copy(language = language) } }
        }
        Card {
            Heading(stringResource(R.string.weights))
            Choices(listOf(false, true), wishes.pounds, { stringResource(if (it) R.string.pounds else R.string.kilograms) }, tag = { "pounds $it" }) { pounds ->
                change { it.copy(pounds = pounds) }
            }
        }
        Card {
            Heading(stringResource(R.string.floor_view))
            Text(stringResource(R.string.floor_view_text))
            Choices(FloorWish.entries, wishes.floor, {
                stringResource(
                    when (it) {
                        FloorWish.BY_EXERCISE -> R.string.floor_by_exercise
                        FloorWish.ALWAYS -> R.string.always
                        FloorWish.NEVER -> R.string.never
                    },
                )
            }, tag = { "floor $it" }) { floor -> change { it.copy(floor = floor) } }
        }
        Card {
            Heading(stringResource(R.string.demo))
            Text(stringResource(R.string.demo_text))
            Choices(listOf(true, false), wishes.demo, { stringResource(if (it) R.string.on else R.string.off) }, tag = { "demo $it" }) { on ->
                change { it.copy(demo = on) }
            }
        }
    }

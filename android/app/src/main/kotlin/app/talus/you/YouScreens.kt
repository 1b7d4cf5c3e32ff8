// You: the ways to cuffs, answers, one's own data and the settings.
package app.talus.you

import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.look.Card
import app.talus.look.Icons
import app.talus.look.LinkRow
import app.talus.look.Muted
import app.talus.look.Page

/** Where You leads. */
data class YouActions(
    val cuffs: () -> Unit = {}, val about: () -> Unit = {}, val settings: () -> Unit = {},
    val myData: () -> Unit = {}, val trust: () -> Unit = {}, val people: () -> Unit = {}, val diagnostics: () -> Unit = {},
    val app: () -> Unit = {}, val safety: () -> Unit = {}, val learn: () -> Unit = {},
    val demo: () -> Unit = {},
)

@Composable
fun YouScreen(demo: Boolean, actions: YouActions) = Page(
    stringResource(R.string.you), demo = if (demo) actions.demo else null, tag = "you",
) {
    Card {
        LinkRow(stringResource(R.string.cuffs), Modifier.testTag("cuffs"), stringResource(R.string.cuffs_hint), Icons.cuff, actions.cuffs)
        LinkRow(
            stringResource(R.string.health_answers), Modifier.testTag("about"), stringResource(R.string.health_answers_hint), Icons.health,
            actions.about,
        )
        LinkRow(
            stringResource(R.string.safety), Modifier.testTag("safety"), stringResource(R.string.safety_hint), Icons.warn, actions.safety,
        )
        LinkRow(
            stringResource(R.string.trusted_plan), Modifier.testTag("trust"), stringResource(R.string.trusted_plan_hint), Icons.plan,
            actions.trust,
        )
        LinkRow(
            stringResource(R.string.people), Modifier.testTag("people"), stringResource(R.string.people_hint), Icons.you, actions.people,
        )
    }
    Card {
        LinkRow(stringResource(R.string.learn), Modifier.testTag("learn"), stringResource(R.string.learn_hint), Icons.learn, actions.learn)
    }
    Card {
        LinkRow(
            stringResource(R.string.my_data), Modifier.testTag("my data"), stringResource(R.string.my_data_hint), Icons.data,
            actions.myData,
        )
        LinkRow(
            stringResource(R.string.settings), Modifier.testTag("settings"), stringResource(R.string.settings_hint), Icons.settings,
            actions.settings,
        )
        LinkRow(
            stringResource(R.string.diagnostics), Modifier.testTag("diagnostics"), stringResource(R.string.diagnostics_hint), Icons.pulse,
            actions.diagnostics,
        )
        LinkRow(
            stringResource(R.string.about_app), Modifier.testTag("app"), stringResource(R.string.about_app_hint), Icons.about, actions.app,
        )
    }
    Muted(stringResource(R.string.not_reviewed))
}

// Learn: what is said about ankle weights, each card with how good its evidence is. The words are the core's, which says
// nothing of a source that nobody has read.
package app.talus.learn

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.look.Card
import app.talus.look.Empty
import app.talus.look.Grade
import app.talus.look.GradeMark
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.look.QuietButton
import app.talus.look.Trouble

/** Every card. */
data class LearnState(val cards: List<Claim>, val demo: Boolean)

/** What is said, who was studied, where it ends, and its sources. */
data class Claim(
    val id: String, val says: String, val studied: String, val limits: String, val grade: Grade, val means: String, val cited: List<String>,
)

class LearnViewModel(home: Home) : PageViewModel<LearnState>(home) {
    override suspend fun read() = LearnState(
        home.talus().cards().map { Claim(it.id, it.says, it.studied, it.limits, Grade.valueOf(it.grade.name), it.gradeMeans, it.cited) },
        home.settings.wishes.value.demo,
    )
}

@Composable
fun LearnScreen(state: Loaded<LearnState>, back: () -> Unit, demo: () -> Unit, again: () -> Unit, open: String? = null) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.learn), back = back, demo = if (ready?.demo == true) demo else null, tag = "learn page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                Muted(stringResource(R.string.learn_text))
                if (state.value.cards.isEmpty()) Empty(stringResource(R.string.learn_empty), stringResource(R.string.learn_empty_text))
                for (claim in state.value.cards) ClaimCard(claim, claim.id == open)
            }
        }
    }
}

@Composable
private fun ClaimCard(claim: Claim, begins: Boolean) = Card(Modifier.testTag("claim ${claim.id}")) {
    var turned by rememberSaveable(claim.id) { mutableStateOf(begins) }
    Text(claim.says, style = MaterialTheme.typography.titleMedium)
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        GradeMark(claim.grade, claim.means)
        Muted(claim.means, Modifier.weight(1f))
    }
    if (turned) {
        Part(stringResource(R.string.who_was_studied), claim.studied)
        Part(stringResource(R.string.where_it_ends), claim.limits)
        Text(stringResource(R.string.sources), style = MaterialTheme.typography.titleMedium)
        if (claim.cited.isEmpty()) Muted(stringResource(R.string.no_source))
        for (source in claim.cited) Muted(source)
    }
    QuietButton(stringResource(if (turned) R.string.less else R.string.more), Modifier.testTag("turn ${claim.id}")) { turned = !turned }
}

@Composable
private fun Part(title: String, text: String) {
    if (text.isEmpty()) return
    Column {
        Text(title, style = MaterialTheme.typography.titleMedium)
        Text(text)
    }
}

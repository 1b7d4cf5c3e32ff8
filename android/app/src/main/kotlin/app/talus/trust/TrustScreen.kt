// The page of a plan from someone the person trusts: what counts now, and what was given and does not count yet.
package app.talus.trust

import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
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
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.talus.Loaded
import app.talus.R
import app.talus.look.Card
import app.talus.look.Empty
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.YesOrNo
import app.talus.look.fullDay
import app.talus.look.locale
import app.talus.look.weight
import java.time.LocalDate

/** What can be pressed on the page of a plan. */
data class TrustActions(
    val back: () -> Unit = {},
    val file: () -> Unit = {},
    val paste: (String) -> Unit = {},
    val accept: () -> Unit = {},
    val refuse: () -> Unit = {},
    val putAway: (distrust: Boolean) -> Unit = {},
    val demo: () -> Unit = {},
    val again: () -> Unit = {},
)

@Composable
fun TrustRoute(model: TrustViewModel, back: () -> Unit, demo: () -> Unit) {
    val state by model.state.collectAsStateWithLifecycle()
    val pick = rememberLauncherForActivityResult(OpenDocument()) { from -> from?.let { model.give(it) } }
    TrustScreen(
        state,
        TrustActions(
            back, { pick.launch(arrayOf("*/*")) }, { model.give(it) }, { model.accept() }, { model.refuse() }, { model.putAway(it) },
            demo, model::refresh,
        ),
    )
}

@Composable
fun TrustScreen(state: Loaded<TrustState>, actions: TrustActions) {
    val ready = (state as? Loaded.Ready)?.value
    // Nobody accepts an unknown author without having said that the words are the same.
    var same by rememberSaveable((ready as? TrustState.Given)?.plan?.words) { mutableStateOf<Boolean?>(null) }
    Page(
        stringResource(R.string.trusted_plan), back = actions.back, demo = if (ready?.demo == true) actions.demo else null,
        tag = "trust page",
        bottom = if (ready !is TrustState.Given) null else {
            {
                PrimaryButton(
                    stringResource(R.string.accept_plan), Modifier.testTag("accept"), enabled = ready.plan.known || same == true,
                    pressed = actions.accept,
                )
                OtherButton(stringResource(R.string.not_mine), Modifier.testTag("refuse"), actions.refuse)
            }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> when (val value = state.value) {
                is TrustState.Kept -> Kept(value, actions)
                is TrustState.Given -> Given(value, same) { same = it }
            }
        }
    }
}

@Composable
private fun Kept(state: TrustState.Kept, actions: TrustActions) {
    state.advice?.let { Trouble(it, Modifier.testTag("no plan")) }
    val plan = state.plan
    if (plan == null) {
        Empty(stringResource(R.string.no_trusted_plan), stringResource(R.string.trusted_plan_text))
    } else {
        plan.notNow?.let { Notice(it) }
        PlanCard(plan)
        PutAway(plan.by, actions.putAway)
    }
    GiveCard(plan != null, actions)
}

@Composable
private fun GiveCard(another: Boolean, actions: TrustActions) = Card {
    var text by rememberSaveable { mutableStateOf("") }
    Heading(stringResource(if (another) R.string.give_another_plan else R.string.give_plan))
    OtherButton(stringResource(R.string.choose_file), Modifier.testTag("plan file"), actions.file)
    Text(stringResource(R.string.plan_from_code))
    OutlinedTextField(
        text, { text = it }, Modifier.fillMaxWidth().testTag("plan text"), label = { Text(stringResource(R.string.plan_text)) },
        maxLines = 4, shape = MaterialTheme.shapes.medium,
    )
    OtherButton(stringResource(R.string.read_plan), Modifier.testTag("read plan")) { if (text.isNotBlank()) actions.paste(text) }
}

@Composable
private fun PutAway(by: String, putAway: (Boolean) -> Unit) {
    var asks by rememberSaveable { mutableStateOf(false) }
    QuietButton(stringResource(R.string.put_away), Modifier.testTag("put away")) { asks = true }
    if (!asks) return
    AlertDialog(
        onDismissRequest = { asks = false },
        title = { Text(stringResource(R.string.put_away)) },
        text = { Text(stringResource(R.string.put_away_text, by)) },
        confirmButton = {
            QuietButton(stringResource(R.string.put_away), Modifier.testTag("do put away")) {
                asks = false
                putAway(false)
            }
        },
        dismissButton = {
            QuietButton(stringResource(R.string.distrust), Modifier.testTag("distrust")) {
                asks = false
                putAway(true)
            }
            QuietButton(stringResource(R.string.cancel)) { asks = false }
        },
    )
}

@Composable
private fun Given(state: TrustState.Given, same: Boolean?, compared: (Boolean) -> Unit) {
    val plan = state.plan
    Text(stringResource(R.string.not_counting_yet))
    state.advice?.let { Trouble(it) }
    plan.notNow?.let { Notice(it) }
    if (!plan.known) {
        Card(Modifier.testTag("words")) {
            Heading(stringResource(R.string.six_words))
            Text(stringResource(R.string.six_words_text, plan.by))
            Text(plan.words, style = MaterialTheme.typography.titleLarge)
            YesOrNo(stringResource(R.string.words_same), same, "same", compared)
            if (same == false) Notice(stringResource(R.string.words_not_same))
        }
    }
    PlanCard(plan)
    Muted(stringResource(R.string.key_proves_nothing))
}

@Composable
private fun PlanCard(plan: TrustedPlan) = Card(Modifier.testTag("plan")) {
    Heading(stringResource(R.string.plan_by, plan.by))
    ValueRow(stringResource(R.string.plan_from), day(plan.from))
    ValueRow(stringResource(R.string.plan_until), day(plan.until))
    for (line in plan.lines) {
        Row(
            Modifier.fillMaxWidth().heightIn(min = 48.dp), Arrangement.spacedBy(12.dp), Alignment.CenterVertically,
        ) {
            line.leg?.let { SideBadge(it, size = 28.dp) }
            Column(Modifier.weight(1f)) {
                Text(line.name, style = MaterialTheme.typography.titleMedium)
                val most = if (line.mostG > 0) stringResource(R.string.at_most, weight(line.mostG)) else stringResource(R.string.no_weight)
                val range = line.rangeDeg?.let { stringResource(R.string.range_from_to, it.first, it.last) }
                Muted(listOfNotNull(most, range).joinToString(" · "))
            }
        }
    }
}

@Composable
private fun day(day: LocalDate): String = fullDay(day, locale())

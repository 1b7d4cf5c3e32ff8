// My data: what is kept, out of the phone and back into it, and old signals. Nothing goes anywhere but where it is put.
package app.talus.mine

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.input.KeyboardCapitalization
import androidx.compose.ui.unit.dp
import app.talus.Loaded
import app.talus.R
import app.talus.look.Card
import app.talus.look.Choices
import app.talus.look.ConfirmDialog
import app.talus.look.Heading
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Meter
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.bytes
import app.talus.look.dayOf
import app.talus.look.fullDay
import app.talus.look.locale

/** What can be pressed on the page of somebody's own data. */
data class MyDataActions(
    val back: () -> Unit = {},
    val bundle: (signals: Boolean) -> Unit = {},
    val backup: (words: String) -> Unit = {},
    val saveReport: () -> Unit = {},
    val shareReport: () -> Unit = {},
    val restore: () -> Unit = {},
    val keep: (Int?) -> Unit = {},
    val letGo: () -> Unit = {},
    val wipe: () -> Unit = {},
    val stop: () -> Unit = {},
    val demo: () -> Unit = {},
    val again: () -> Unit = {},
    val pickFolder: () -> Unit = {},
    val exportNoMore: () -> Unit = {},
    val lookAside: (Int) -> Unit = {},
    val bringBack: (Int) -> Unit = {},
)

/** How long signals can be kept, days; null is always. */
private val keeping = listOf(30, 90, null)

@Composable
fun MyDataScreen(state: Loaded<MyDataState>, keepDays: Int?, actions: MyDataActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        stringResource(R.string.my_data), back = actions.back, demo = if (ready?.demo == true) actions.demo else null, tag = "my data page",
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> {
                Text(stringResource(R.string.my_data_text))
                if (!state.value.demo) Muted(stringResource(if (state.value.sealed) R.string.is_sealed else R.string.is_open))
                state.value.work?.let { WorkNotice(it, actions) }
                val busy = state.value.work is GivingOut.Under
                if (!busy) {
                    BundleCard(actions)
                    BackupCard(actions)
                    ReportCard(actions)
                    Card {
                        LinkRow(
                            stringResource(R.string.restore), Modifier.testTag("restore"), stringResource(R.string.restore_hint),
                            pressed = actions.restore,
                        )
                    }
                    if (!state.value.demo) WeeklyCard(state.value.scheduled, actions)
                    SignalsCard(state.value.signals, keepDays, actions)
                    for (aside in state.value.aside) AsideCard(aside, actions)
                    if (!state.value.demo) WipeCard(actions.wipe)
                }
            }
        }
    }
}

@Composable
private fun WorkNotice(work: GivingOut, actions: MyDataActions) {
    when (work) {
        is GivingOut.Under -> Card(Modifier.testTag("giving out")) {
            Text(
                stringResource(
                    when (work.gift) {
                        Gift.BUNDLE -> R.string.bundle_under
                        Gift.BACKUP -> R.string.backup_under
                        Gift.REPORT -> R.string.report_under
                    },
                ),
                style = MaterialTheme.typography.titleMedium,
            )
            Meter(work.done ?: 0f)
            QuietButton(stringResource(R.string.cancel), Modifier.testTag("stop work"), actions.stop)
        }
        is GivingOut.Done -> Card(Modifier.testTag("given out")) {
            Text(
                stringResource(
                    when (work.gift) {
                        Gift.BUNDLE -> R.string.bundle_done
                        Gift.BACKUP -> R.string.backup_done
                        Gift.REPORT -> R.string.report_done
                    },
                ),
                style = MaterialTheme.typography.titleMedium,
            )
            work.sessions?.let { Muted(pluralStringResource(R.plurals.sessions_in, it, it)) }
            work.recordings?.takeIf { it > 0 }?.let { Muted(pluralStringResource(R.plurals.recordings_in, it, it)) }
            if (work.leftOut > 0) Notice(pluralStringResource(R.plurals.recordings_left_out, work.leftOut, work.leftOut))
        }
        is GivingOut.Failed -> Trouble(work.advice, Modifier.testTag("not given out"))
    }
}

@Composable
private fun BundleCard(actions: MyDataActions) = Card(Modifier.testTag("bundle")) {
    var signals by rememberSaveable { mutableStateOf(false) }
    Heading(stringResource(R.string.bundle))
    Text(stringResource(R.string.bundle_text))
    Choices(
        listOf(false, true), signals, { stringResource(if (it) R.string.with_signals else R.string.without_signals) },
        tag = { "signals $it" },
    ) { signals = it }
    OtherButton(stringResource(R.string.save_to), Modifier.testTag("save bundle")) { actions.bundle(signals) }
}

@Composable
private fun BackupCard(actions: MyDataActions) = Card(Modifier.testTag("backup")) {
    var asks by rememberSaveable { mutableStateOf(false) }
    Heading(stringResource(R.string.backup))
    Text(stringResource(R.string.backup_text))
    OtherButton(stringResource(R.string.save_to), Modifier.testTag("save backup")) { asks = true }
    if (asks) {
        WordsDialog(
            given = {
                asks = false
                actions.backup(it)
            },
            dismissed = { asks = false },
        )
    }
}

/** The words of a backup, typed twice: nobody can give them back. They are not kept with the state of the screen. */
@Composable
private fun WordsDialog(given: (String) -> Unit, dismissed: () -> Unit) {
    var first by remember { mutableStateOf("") }
    var second by remember { mutableStateOf("") }
    var differ by remember { mutableStateOf(false) }
    AlertDialog(
        onDismissRequest = dismissed,
        title = { Text(stringResource(R.string.backup_words)) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
                Text(stringResource(R.string.backup_words_text))
                Words(stringResource(R.string.words), first, "words") { first = it }
                Words(stringResource(R.string.words_again), second, "words again") { second = it }
                if (differ) Notice(stringResource(R.string.words_differ))
            }
        },
        confirmButton = {
            QuietButton(stringResource(R.string.next), Modifier.testTag("words given")) {
                if (first == second && first.isNotBlank()) given(first) else differ = true
            }
        },
        dismissButton = { QuietButton(stringResource(R.string.cancel), Modifier.testTag("no words"), dismissed) },
    )
}

@Composable
private fun Words(label: String, text: String, tag: String, typed: (String) -> Unit) = OutlinedTextField(
    text, typed, Modifier.fillMaxWidth().testTag(tag), label = { Text(label) },
    keyboardOptions = KeyboardOptions(KeyboardCapitalization.None, autoCorrectEnabled = false), shape = MaterialTheme.shapes.medium,
)

@Composable
private fun ReportCard(actions: MyDataActions) = Card(Modifier.testTag("report")) {
    Heading(stringResource(R.string.report))
    Text(stringResource(R.string.report_text))
    OtherButton(stringResource(R.string.save_to), Modifier.testTag("save report"), actions.saveReport)
    OtherButton(stringResource(R.string.share), Modifier.testTag("share report"), actions.shareReport)
}

@Composable
internal fun WeeklyCard(scheduled: Scheduled?, actions: MyDataActions) = Card(Modifier.testTag("weekly")) {
    Heading(stringResource(R.string.weekly))
    Text(stringResource(R.string.weekly_text))
    if (scheduled == null) {
        return@Card OtherButton(stringResource(R.string.pick_folder), Modifier.testTag("pick folder"), actions.pickFolder)
    }
    ValueRow(stringResource(R.string.folder), scheduled.folder)
    ValueRow(
        stringResource(R.string.last_written), scheduled.lastDay?.let { fullDay(it, locale()) } ?: stringResource(R.string.not_yet),
    )
    scheduled.advice?.let { Notice(it, Modifier.testTag("weekly failed")) }
    OtherButton(stringResource(R.string.pick_another_folder), Modifier.testTag("pick folder"), actions.pickFolder)
    QuietButton(stringResource(R.string.weekly_no_more), Modifier.testTag("weekly off"), actions.exportNoMore)
}

/** A history that was set aside: first what is in it, then the way back. */
@Composable
internal fun AsideCard(aside: Aside, actions: MyDataActions) = Card(Modifier.testTag("aside ${aside.number}")) {
    var asks by rememberSaveable(aside.number) { mutableStateOf(false) }
    Heading(stringResource(R.string.aside_title))
    Text(stringResource(R.string.aside_since, fullDay(aside.day, locale())))
    val seen = aside.seen
    if (seen is Seen.Shut) Notice(stringResource(R.string.aside_shut)) { Text(seen.advice) }
    when (seen) {
        null, is Seen.Shut -> OtherButton(stringResource(R.string.look_into), Modifier.testTag("look aside ${aside.number}")) {
            actions.lookAside(aside.number)
        }
        is Seen.Open -> {
            val named = seen.people.filter(String::isNotEmpty)
            if (named.isNotEmpty()) ValueRow(stringResource(R.string.people), named.joinToString(", "))
            ValueRow(stringResource(R.string.sessions), "${seen.sessions}")
            OtherButton(stringResource(R.string.bring_back), Modifier.testTag("bring back ${aside.number}")) { asks = true }
        }
    }
    if (asks) {
        ConfirmDialog(
            stringResource(R.string.bring_back), stringResource(R.string.bring_back_text), stringResource(R.string.bring_back),
            "do bring back", "not back", { asks = false },
        ) { actions.bringBack(aside.number) }
    }
}

@Composable
private fun SignalsCard(signals: Signals, keepDays: Int?, actions: MyDataActions) = Card(Modifier.testTag("signals")) {
    var asks by rememberSaveable { mutableStateOf(false) }
    val count = signals.sessions.size
    Heading(stringResource(R.string.signals))
    Text(stringResource(R.string.signals_text))
    ValueRow(stringResource(R.string.signals_size), bytes(signals.keptBytes, locale()))
    Muted(stringResource(R.string.keep_for))
    Choices(keeping, keepDays, { days ->
        if (days == null) stringResource(R.string.always) else pluralStringResource(R.plurals.days, days, days)
    }, tag = { "keep ${it ?: "always"}" }, pressed = actions.keep)
    if (count > 0) {
        OtherButton(pluralStringResource(R.plurals.let_go, count, count), Modifier.testTag("let go")) { asks = true }
    }
    if (asks) {
        ConfirmDialog(
            pluralStringResource(R.plurals.let_go, count, count),
            stringResource(R.string.let_go_text, bytes(signals.freedBytes, locale())), stringResource(R.string.let_go_yes), "do let go",
            "keep them", { asks = false }, actions.letGo,
        )
    }
}

/** Nothing of it comes back, so a word is typed first: no finger does that by accident. */
@Composable
private fun WipeCard(wipe: () -> Unit) = Card(Modifier.testTag("wipe")) {
    var asks by rememberSaveable { mutableStateOf(false) }
    Heading(stringResource(R.string.wipe))
    Text(stringResource(R.string.wipe_text))
    QuietButton(stringResource(R.string.wipe), Modifier.testTag("ask wipe")) { asks = true }
    if (!asks) return@Card
    var typed by rememberSaveable { mutableStateOf("") }
    val word = stringResource(R.string.wipe_word)
    AlertDialog(
        onDismissRequest = { asks = false },
        title = { Text(stringResource(R.string.wipe)) },
        text = {
            Column(verticalArrangement = Arrangement.spacedBy(12.dp)) {
                Text(stringResource(R.string.wipe_type, word))
                Words(word, typed, "wipe word") { typed = it }
            }
        },
        confirmButton = {
            QuietButton(stringResource(R.string.wipe), Modifier.testTag("do wipe")) {
                if (typed.trim().equals(word, ignoreCase = true)) {
                    asks = false
                    wipe()
                }
            }
        },
        dismissButton = { QuietButton(stringResource(R.string.cancel), Modifier.testTag("no wipe")) { asks = false } },
    )
}

/** What can be pressed while something is taken in. */
data class RestoreActions(
    val back: () -> Unit = {}, val choose: () -> Unit = {}, val words: (String) -> Unit = {}, val takeIn: () -> Unit = {},
    val again: () -> Unit = {}, val done: () -> Unit = {},
)

@Composable
fun RestoreScreen(state: RestoreState, actions: RestoreActions) {
    var typed by remember { mutableStateOf("") }
    Page(
        stringResource(R.string.restore), back = actions.back, tag = "restore page",
        bottom = {
            when (state) {
                RestoreState.Choose -> PrimaryButton(
                    stringResource(R.string.choose_file), Modifier.testTag("choose"), pressed = actions.choose,
                )
                is RestoreState.Words -> PrimaryButton(
                    stringResource(R.string.next), Modifier.testTag("give words"),
                ) { actions.words(typed) }
                is RestoreState.Preview -> {
                    PrimaryButton(stringResource(R.string.take_in_file), Modifier.testTag("take in"), pressed = actions.takeIn)
                    OtherButton(stringResource(R.string.another_file), Modifier.testTag("again"), actions.again)
                }
                is RestoreState.Under, RestoreState.Looking -> QuietButton(
                    stringResource(R.string.cancel), Modifier.testTag("again"), actions.again,
                )
                is RestoreState.Done -> PrimaryButton(stringResource(R.string.done), Modifier.testTag("done"), pressed = actions.done)
                is RestoreState.Failed -> PrimaryButton(
                    stringResource(R.string.another_file), Modifier.testTag("again"), pressed = actions.again,
                )
            }
        },
    ) {
        when (state) {
            RestoreState.Choose -> Text(stringResource(R.string.restore_text))
            RestoreState.Looking -> Loading()
            is RestoreState.Words -> {
                Text(stringResource(R.string.restore_words))
                state.advice?.let { Trouble(it) }
                Words(stringResource(R.string.words), typed, "words") { typed = it }
            }
            is RestoreState.Preview -> Preview(state)
            is RestoreState.Under -> {
                Text(stringResource(R.string.restore_under), style = MaterialTheme.typography.titleMedium)
                Meter(state.done ?: 0f)
                Muted(stringResource(R.string.nothing_changed_yet))
            }
            is RestoreState.Done -> {
                Text(pluralStringResource(R.plurals.sessions_fresh, state.fresh, state.fresh), style = MaterialTheme.typography.titleLarge)
                if (state.renewed > 0) Text(pluralStringResource(R.plurals.sessions_renewed, state.renewed, state.renewed))
                if (state.kept > 0) Text(pluralStringResource(R.plurals.sessions_kept, state.kept, state.kept))
                if (state.recordings > 0) Muted(pluralStringResource(R.plurals.recordings_in, state.recordings, state.recordings))
            }
            is RestoreState.Failed -> {
                Trouble(state.advice)
                Muted(stringResource(R.string.nothing_changed))
            }
        }
    }
}

@Composable
private fun Preview(state: RestoreState.Preview) {
    Text(stringResource(R.string.restore_preview))
    Card(Modifier.testTag("preview")) {
        ValueRow(stringResource(R.string.written), dayOf(state.writtenUtcMs, locale()))
        ValueRow(stringResource(R.string.people), state.people.joinToString(", "))
        ValueRow(stringResource(R.string.sessions), "${state.sessions}")
        ValueRow(stringResource(R.string.signals), if (state.recordings == 0) stringResource(R.string.none) else "${state.recordings}")
        ValueRow(stringResource(R.string.size), bytes(state.bytes, locale()))
    }
    Muted(stringResource(R.string.restore_keeps))
}

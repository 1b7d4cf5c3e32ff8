// The tests, the page of one, and what waits for a plan from someone the person trusts.
package app.talus.tests

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Row
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.unit.dp
import app.talus.Loaded
import app.talus.R
import app.talus.look.Card
import app.talus.look.Empty
import app.talus.look.GradeMark
import app.talus.look.Heading
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.decimal
import app.talus.look.fullDay
import app.talus.look.legName
import app.talus.look.locale
import app.talus.look.longDay

@Composable
fun TestsScreen(
    state: Loaded<TestsState>, back: () -> Unit, demo: () -> Unit, open: (String) -> Unit, startDue: () -> Unit, again: () -> Unit,
) {
    val ready = (state as? Loaded.Ready)?.value
    val due = ready?.due.orEmpty()
    Page(
        stringResource(R.string.tests), back = back, demo = if (ready?.demo == true) demo else null, tag = "tests page",
        bottom = if (due.isEmpty()) null else {
            { PrimaryButton(pluralStringResource(R.plurals.start_due, due.size, due.size), Modifier.testTag("start due"), pressed = startDue) }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                Muted(stringResource(R.string.tests_text))
                if (state.value.tests.isEmpty()) Empty(stringResource(R.string.no_tests), stringResource(R.string.no_tests_text))
                val (dueNow, others) = state.value.tests.partition { it.due }
                TestList(R.string.tests_due, dueNow, open)
                TestList(R.string.tests_all, others, open)
            }
        }
    }
}

@Composable
private fun TestList(title: Int, tests: List<TestRow>, open: (String) -> Unit) {
    if (tests.isEmpty()) return
    Heading(stringResource(title))
    Card {
        for (test in tests) {
            val below = test.whys.firstOrNull() ?: if (test.measured) test.what else stringResource(R.string.not_by_cuff)
            LinkRow(test.name, Modifier.testTag("test ${test.id}"), below) { open(test.id) }
        }
    }
}

@Composable
fun TestScreen(state: Loaded<TestState>, back: () -> Unit, demo: () -> Unit, start: () -> Unit, again: () -> Unit) {
    val ready = (state as? Loaded.Ready)?.value
    val open = ready != null && ready.row.measured && ready.row.whys.isEmpty()
    Page(
        ready?.row?.name, back = back, demo = if (ready?.demo == true) demo else null, tag = "test page",
        bottom = if (!open) null else {
            { PrimaryButton(stringResource(R.string.start), Modifier.testTag("start test"), pressed = start) }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> Test(state.value)
        }
    }
}

@Composable
private fun Test(test: TestState) {
    Text(test.row.what)
    if (test.row.whys.isNotEmpty()) {
        Card(Modifier.testTag("test shut")) {
            Heading(stringResource(R.string.not_now))
            for (why in test.row.whys) Text(why)
        }
    } else if (!test.row.measured) {
        Muted(stringResource(R.string.not_by_cuff))
    }
    test.stance?.let { stance ->
        Card(Modifier.testTag("rung")) {
            Muted(stringResource(R.string.next_rung))
            Text(stance, style = MaterialTheme.typography.titleLarge)
        }
    }
    if (test.handOnCounter) Notice(stringResource(R.string.hand_on_counter))
    for (line in test.results) ResultCard(line)
    if (test.results.isEmpty() && test.row.measured) Muted(stringResource(R.string.no_result_yet))
    Card(Modifier.testTag("steps")) {
        Heading(stringResource(R.string.how_it_is_done))
        for (step in test.steps) Text(step)
        if (test.tries > 1) ValueRow(stringResource(R.string.tries), "${test.tries}")
        if (test.supervised) Muted(stringResource(R.string.somebody_there))
        if (test.needsPlan) Muted(stringResource(R.string.plan_opens))
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            GradeMark(test.grade, stringResource(R.string.evidence))
            Muted(stringResource(R.string.evidence), Modifier.weight(1f).clearAndSetSemantics {})
        }
    }
}

/** The newest result and what it says: a change beyond the error as plainly as none. */
@Composable
private fun ResultCard(line: TestLine) = Card(Modifier.testTag("result")) {
    val here = locale()
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        line.leg?.let { SideBadge(it) }
        Text(line.leg?.let { legName(it) } ?: stringResource(R.string.last_result), style = MaterialTheme.typography.titleMedium)
    }
    Text(line.said, style = MaterialTheme.typography.titleLarge)
    Text(line.told, Modifier.testTag("told"))
    line.usual?.let { usual ->
        val (least, most) = listOf(usual.start, usual.endInclusive).map { decimal(it.toDouble(), 1, here) }
        ValueRow(stringResource(R.string.usual), stringResource(R.string.from_to, least, most, line.unit))
    }
    for (sentence in line.standing) Muted(sentence)
    Muted(longDay(line.day, here))
}

@Composable
fun RehabScreen(
    state: Loaded<RehabState>, back: () -> Unit, demo: () -> Unit, programme: (String) -> Unit, trust: () -> Unit, again: () -> Unit,
) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.rehab), back = back, demo = if (ready?.demo == true) demo else null, tag = "rehab page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                Text(stringResource(R.string.rehab_text))
                Card(Modifier.testTag("whose plan")) {
                    val plan = state.value.plan
                    if (plan == null) {
                        Text(state.value.notNow ?: stringResource(R.string.no_trusted_plan), style = MaterialTheme.typography.titleMedium)
                        QuietButton(stringResource(R.string.give_plan), Modifier.testTag("trust"), trust)
                    } else {
                        LinkRow(
                            stringResource(R.string.plan_by, plan.first), Modifier.testTag("trust"),
                            stringResource(R.string.until_day, fullDay(plan.second, locale())), pressed = trust,
                        )
                    }
                }
                if (state.value.stages.isEmpty()) Empty(stringResource(R.string.no_stages), stringResource(R.string.no_stages_text))
                for (stages in state.value.stages) StagesCard(stages, programme)
            }
        }
    }
}

@Composable
private fun StagesCard(stages: Stages, programme: (String) -> Unit) = Card(Modifier.testTag("stages ${stages.id}")) {
    Text(stages.name, style = MaterialTheme.typography.titleMedium)
    if (stages.what.isNotEmpty()) Text(stages.what)
    if (stages.whys.isEmpty()) {
        Muted(stringResource(R.string.open_by_plan))
    } else {
        Text(stringResource(R.string.not_now), style = MaterialTheme.typography.titleMedium)
        for (why in stages.whys) Muted(why)
    }
    for (step in stages.steps) Muted(step)
    if (stages.isProgramme) QuietButton(stringResource(R.string.see_programme), Modifier.testTag("see ${stages.id}")) { programme(stages.id) }
}

// Progress: the weeks, how an exercise went leg by leg, every session; and the page of one session with its traces.
package app.talus.progress

import androidx.compose.foundation.background
import androidx.compose.foundation.horizontalScroll
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableIntStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.unit.dp
import app.talus.Loaded
import app.talus.R
import app.talus.look.Card
import app.talus.look.Choice
import app.talus.look.Choices
import app.talus.look.Empty
import app.talus.look.Heading
import app.talus.look.Leg
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.Page
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Stepper
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.legName
import app.talus.look.locale
import app.talus.look.longDay
import app.talus.look.seconds
import app.talus.look.weight
import app.talus.tests.TestLine
import java.time.format.DateTimeFormatter
import java.util.Locale
import kotlin.math.roundToInt

/** What can be pressed in progress. */
data class ProgressActions(
    val choose: (String) -> Unit = {}, val open: (String) -> Unit = {}, val demo: () -> Unit = {}, val again: () -> Unit = {},
    val show: (Shown) -> Unit = {},
)

@Composable
fun ProgressScreen(state: Loaded<ProgressState>, actions: ProgressActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.progress), demo = if (ready?.demo == true) actions.demo else null, tag = "progress page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> Progress(state.value, actions)
        }
    }
}

@Composable
private fun Progress(state: ProgressState, actions: ProgressActions) {
    if (state.sessions.isEmpty()) {
        Empty(stringResource(R.string.no_sessions), stringResource(R.string.no_sessions_text))
        return Calendar(state.weeks)
    }
    Choices(Shown.entries, state.shown, {
        stringResource(
            when (it) {
                Shown.STRENGTH -> R.string.shown_strength
                Shown.BALANCE -> R.string.shown_balance
                Shown.WALKING -> R.string.shown_walking
                Shown.ENERGY -> R.string.shown_energy
                Shown.DAILY -> R.string.shown_daily
            },
        )
    }, tag = { "show $it" }, pressed = actions.show)
    when (state.shown) {
        Shown.STRENGTH -> Strength(state, actions)
        Shown.BALANCE -> Tests(state.balance)
        Shown.WALKING -> Walking(state.walking)
        Shown.ENERGY -> Energy(state.weeks)
        Shown.DAILY -> Tests(state.daily)
    }
    Heading(stringResource(R.string.calendar))
    Calendar(state.weeks)
    Heading(stringResource(R.string.sessions))
    Card {
        val here = locale()
        for (line in state.sessions) {
            val below = listOfNotNull(
                pluralStringResource(R.plurals.minutes, line.minutes, line.minutes),
                pluralStringResource(R.plurals.sets, line.sets, line.sets),
                pluralStringResource(R.plurals.counted, line.reps, line.reps),
                if (line.finished) null else stringResource(R.string.not_finished),
            ).joinToString(" · ")
            LinkRow(longDay(line.day, here), Modifier.testTag("session ${line.id}"), below) { actions.open(line.id) }
        }
    }
}

@Composable
private fun Strength(state: ProgressState, actions: ProgressActions) {
    val trend = state.trend ?: return
    Choices(state.exercises, trend.exercise, { it.name }, tag = { "trend ${it.id}" }) { actions.choose(it.id) }
    for (leg in trend.legs) LegSentences(leg)
    Card { Chart(trend) }
}

/** An axis of strides spans at least this much, seconds. */
private const val LEAST_STRIDE_S = .3f

@Composable
private fun Walking(walked: Walked) {
    if (walked.lines.isEmpty()) return Empty(stringResource(R.string.no_walks), stringResource(R.string.no_walks_text))
    walked.told.forEachIndexed { index, line -> if (index == 0) Text(line, style = MaterialTheme.typography.titleMedium) else Muted(line) }
    if (walked.told.isEmpty()) Text(stringResource(R.string.too_few_walks), style = MaterialTheme.typography.titleMedium)
    Card { Chart(stringResource(R.string.stride_axis), walked.lines, LEAST_STRIDE_S) }
}

@Composable
private fun Energy(weeks: List<WeekMarks>) {
    val now = weeks.lastOrNull()?.minutes ?: return
    Text(pluralStringResource(R.plurals.minutes_this_week, now, now), style = MaterialTheme.typography.titleMedium)
    Card { Minutes(weeks) }
    Muted(stringResource(R.string.energy_text))
}

/** An axis of a test spans at least six times its error, or a fifth of what is usual. */
private fun TestLine.least(): Float = usual?.let { (it.endInclusive - it.start) } ?: (points.maxOf { it.second } / 5).coerceAtLeast(1f)

@Composable
private fun Tests(lines: List<TestLine>) {
    if (lines.isEmpty()) return Empty(stringResource(R.string.no_results), stringResource(R.string.no_results_text))
    for ((name, legs) in lines.groupBy { it.name }) {
        Heading(name)
        for (line in legs) {
            Row(Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp)) {
                line.leg?.let { SideBadge(it) }
                Column(Modifier.weight(1f), Arrangement.spacedBy(4.dp)) {
                    Text(line.told, style = MaterialTheme.typography.titleMedium)
                    for (sentence in line.standing) Muted(sentence)
                }
            }
        }
        if (legs.any { it.points.size > 1 }) {
            Card { Chart("$name, ${legs.first().unit}", legs.map { ChartLine(it.leg, it.points) }, legs.maxOf { it.least() }) }
        }
    }
}

/** The weeks as rows of days, each row one sentence to a reader. */
@Composable
private fun Calendar(weeks: List<WeekMarks>) = Card(Modifier.testTag("calendar")) {
    val here = locale()
    val short = shortDays(here)
    for (week in weeks) {
        val said = stringResource(
            R.string.week_of, short.format(week.monday),
        ) + " " + pluralStringResource(R.plurals.sessions_done, week.total, week.total)
        Row(
            Modifier.fillMaxWidth().clearAndSetSemantics { contentDescription = said }, Arrangement.SpaceBetween,
            Alignment.CenterVertically,
        ) {
            Muted(short.format(week.monday), Modifier.weight(1f))
            for (sessions in week.sessions) {
                val scheme = MaterialTheme.colorScheme
                Box(Modifier.padding(3.dp).size(22.dp), Alignment.Center) {
                    when {
                        sessions == null -> Box(Modifier.size(4.dp).background(scheme.outlineVariant, CircleShape))
                        sessions > 0 -> Box(Modifier.size(22.dp).background(scheme.primary, CircleShape))
                        else -> Box(Modifier.size(12.dp, 3.dp).background(scheme.outline, CircleShape))
                    }
                }
            }
        }
    }
}

/** Days without their year, as short as the language writes them. */
internal fun shortDays(here: Locale): DateTimeFormatter =
    DateTimeFormatter.ofPattern(if (here.language == "de") "d. MMM" else "d MMM", here)

@Composable
private fun LegSentences(leg: LegTrend) = Row(
    Modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp),
) {
    SideBadge(leg.leg)
    Column(Modifier.weight(1f), Arrangement.spacedBy(4.dp)) {
        if (leg.told.isEmpty()) Text(stringResource(R.string.too_few_sessions), style = MaterialTheme.typography.titleMedium)
        leg.told.forEachIndexed { index, line ->
            if (index == 0) Text(line, style = MaterialTheme.typography.titleMedium) else Muted(line)
        }
    }
}

/** What can be pressed on the page of a session. */
data class SessionActions(
    val back: () -> Unit = {}, val countBy: (SetLine, Int) -> Unit = { _, _ -> }, val undo: () -> Unit = {}, val demo: () -> Unit = {},
    val again: () -> Unit = {}, val otherLeg: (SetLine) -> Unit = {}, val star: (Boolean) -> Unit = {}, val note: (String) -> Unit = {},
    val scoreAgain: () -> Unit = {}, val takeScore: () -> Unit = {}, val delete: () -> Unit = {},
)

@Composable
fun SessionScreen(state: Loaded<SessionState>, actions: SessionActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        ready?.let { longDay(it.day, locale()) }, back = actions.back, demo = if (ready?.demo == true) actions.demo else null,
        tag = "session page",
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> Session(state.value, actions)
        }
    }
}

/** What a walk was. */
@Composable
internal fun WalkTold(lines: List<String>) {
    if (lines.isEmpty()) return
    Card(Modifier.testTag("walked")) {
        Heading(stringResource(R.string.walk))
        for (line in lines) Text(line)
    }
}

/** What came of tests, a card each. */
@Composable
internal fun TestsTold(tests: List<Tested>) {
    for (test in tests) {
        Card(Modifier.testTag("tested")) {
            Heading(test.name)
            for (line in test.lines) Text(line)
        }
    }
}

@Composable
private fun Session(state: SessionState, actions: SessionActions) {
    state.sentence?.let { Text(it, Modifier.testTag("sentence"), style = MaterialTheme.typography.titleLarge) }
    if (!state.finished) Notice(stringResource(R.string.not_finished))
    WalkTold(state.walk)
    TestsTold(state.tested)
    if (state.sets.isEmpty() && state.tested.isNotEmpty()) return WholeSession(state, actions)
    if (state.sets.isEmpty()) {
        Empty(stringResource(R.string.no_sets), stringResource(R.string.no_sets_text))
        return WholeSession(state, actions)
    }
    var chosen by rememberSaveable { mutableIntStateOf(0) }
    val set = state.sets[chosen.coerceIn(state.sets.indices)]
    Row(Modifier.fillMaxWidth().horizontalScroll(rememberScrollState()), Arrangement.spacedBy(8.dp)) {
        state.sets.forEachIndexed { index, one ->
            val said = stringResource(R.string.set_said, index + 1, one.name, legName(one.leg))
            Choice(
                stringResource(
                    R.string.set_chip, index + 1, stringResource(if (one.leg == Leg.LEFT) R.string.left_letter else R.string.right_letter),
                ),
                index == chosen, Modifier.testTag("set $index"), said,
            ) { chosen = index }
        }
    }
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        SideBadge(set.leg)
        Column(Modifier.weight(1f)) {
            Text(set.name, style = MaterialTheme.typography.titleMedium)
            Muted(if (set.massG > 0) weight(set.massG) else stringResource(R.string.no_weight))
        }
    }
    SetTrace(set)
    Card {
        ValueRow(
            stringResource(R.string.count),
            if (set.target != null) stringResource(R.string.counted_of, set.count, set.target) else "${set.count}",
        )
        val here = locale()
        if (set.perMinute != null) {
            ValueRow(stringResource(R.string.steps_per_minute), "${set.perMinute.roundToInt()}")
        } else {
            ValueRow(stringResource(R.string.short_ones), "${set.short}")
            ValueRow(
                stringResource(R.string.range),
                set.rangeDeg?.let { stringResource(R.string.degrees, it.roundToInt()) } ?: stringResource(R.string.not_measured_then),
            )
        }
        set.tempoS?.let { tempo -> ValueRow(stringResource(R.string.tempo), tempo.joinToString(" · ") { seconds(it, here) }) }
        set.pain?.let { ValueRow(stringResource(R.string.pain), stringResource(R.string.of_ten, it)) }
        set.reserve?.let { ValueRow(stringResource(R.string.reserve), "$it") }
        ValueRow(stringResource(R.string.signal), stringResource(if (set.good) R.string.signal_good else R.string.signal_gaps))
    }
    Card {
        Heading(stringResource(R.string.count_wrong))
        Stepper(
            "${set.count}", stringResource(R.string.one_less), stringResource(R.string.one_more),
            fewer = { actions.countBy(set, -1) }, further = { actions.countBy(set, 1) },
        )
        QuietButton(
            stringResource(if (set.leg == Leg.LEFT) R.string.was_right else R.string.was_left), Modifier.testTag("other leg"),
        ) { actions.otherLeg(set) }
        if (set.edited) {
            Muted(stringResource(R.string.by_hand))
            QuietButton(stringResource(R.string.undo), Modifier.testTag("undo"), actions.undo)
        }
    }
    WholeSession(state, actions)
}

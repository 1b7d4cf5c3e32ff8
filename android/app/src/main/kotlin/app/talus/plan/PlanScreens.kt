// The plan, which is the list of exercises with what is open, and the page of one with what to do of it and why.
package app.talus.plan

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
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.SideBadge
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.fullDay
import app.talus.look.legName
import app.talus.look.locale
import app.talus.look.weight
import app.talus.session.Hero

/** What can be pressed in the plan. */
data class PlanActions(
    val demo: () -> Unit = {}, val open: (String) -> Unit = {}, val follow: (Programme) -> Unit = {}, val trust: () -> Unit = {},
    val again: () -> Unit = {}, val programme: (String) -> Unit = {}, val tests: () -> Unit = {}, val rehab: () -> Unit = {},
    val walk: () -> Unit = {}, val takeIn: () -> Unit = {},
)

@Composable
fun PlanScreen(state: Loaded<PlanState>, actions: PlanActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(stringResource(R.string.plan), demo = if (ready?.demo == true) actions.demo else null, tag = "plan page") {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> Plan(state.value, actions)
        }
    }
}

@Composable
private fun Plan(state: PlanState, actions: PlanActions) {
    state.trusted?.let { TrustedRow(it, actions.trust) }
    if (!state.known) Muted(stringResource(R.string.about_you_first))
    if (state.programmes.isNotEmpty()) Heading(stringResource(R.string.programmes))
    for (programme in state.programmes) ProgrammeCard(programme, { actions.programme(programme.id) }) { actions.follow(programme) }
    state.notTaken?.let { Trouble(it, Modifier.testTag("not taken")) }
    Card {
        if (state.known) {
            LinkRow(stringResource(R.string.walk), Modifier.testTag("walk"), stringResource(R.string.walk_hint), pressed = actions.walk)
            LinkRow(stringResource(R.string.tests), Modifier.testTag("tests"), stringResource(R.string.tests_hint), pressed = actions.tests)
            LinkRow(stringResource(R.string.rehab), Modifier.testTag("rehab"), stringResource(R.string.rehab_hint), pressed = actions.rehab)
        }
        LinkRow(
            stringResource(R.string.take_in_programme), Modifier.testTag("take in programme"),
            stringResource(R.string.take_in_programme_hint), pressed = actions.takeIn,
        )
    }
    Heading(stringResource(R.string.exercises_title))
    val picked = state.picked
    Muted(
        if (picked.isEmpty()) stringResource(R.string.pick_exercises) else pluralStringResource(R.plurals.picked, picked.size, picked.size),
    )
    if (state.exercises.isEmpty()) return Empty(stringResource(R.string.no_exercises), stringResource(R.string.no_exercises_text))
    Card {
        for (line in state.exercises) {
            val below = when {
                line.id in picked -> stringResource(R.string.in_next_session)
                line.closed.isNotEmpty() -> line.closed.first()
                !line.measured -> stringResource(R.string.not_measured_one)
                else -> null
            }
            LinkRow(line.name, Modifier.testTag("exercise ${line.id}"), below) { actions.open(line.id) }
        }
    }
}

@Composable
private fun TrustedRow(plan: Trusted, open: () -> Unit) = Card(Modifier.testTag("trusted")) {
    val below = plan.notNow ?: stringResource(R.string.until_day, fullDay(plan.until, locale()))
    LinkRow(stringResource(R.string.plan_by, plan.by), Modifier.testTag("trusted row"), below, pressed = open)
}

@Composable
private fun ProgrammeCard(programme: Programme, open: () -> Unit, follow: () -> Unit) = Card(Modifier.testTag("programme ${programme.id}")) {
    val often = pluralStringResource(R.plurals.per_week, programme.perWeek, programme.perWeek)
    val below = if (programme.shared) "$often · ${stringResource(R.string.shared_one)}" else often
    LinkRow(programme.name, Modifier.testTag("open ${programme.id}"), below, pressed = open)
    for (need in programme.needs) Muted(need)
    if (programme.followed) OtherButton(stringResource(R.string.follow_no_more), Modifier.testTag("follow ${programme.id}"), follow)
    else if (programme.needs.isEmpty()) OtherButton(stringResource(R.string.follow), Modifier.testTag("follow ${programme.id}"), follow)
}

@Composable
fun ExerciseScreen(
    state: Loaded<ExerciseState>, back: () -> Unit, demo: () -> Unit, pick: () -> Unit, open: (String) -> Unit, again: () -> Unit,
) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        ready?.name, back = back, demo = if (ready?.demo == true) demo else null, tag = "exercise page",
        bottom = if (ready == null || !ready.open) null else {
            {
                if (ready.picked) OtherButton(stringResource(R.string.leave_out), Modifier.testTag("pick"), pick)
                else PrimaryButton(stringResource(R.string.take_in), Modifier.testTag("pick"), pressed = pick)
            }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> {
                val exercise = state.value
                Hero(exercise.id, null, stringResource(R.string.picture_of, exercise.name))
                if (!exercise.measured) Notice(stringResource(R.string.not_measured_one))
                if (exercise.sides.isEmpty()) Muted(stringResource(R.string.about_you_first))
                for (side in exercise.sides) SideCard(side)
                HowCard(exercise.how, open)
            }
        }
    }
}

@Composable
private fun HowCard(how: How, open: (String) -> Unit) = Card(Modifier.testTag("how")) {
    Heading(stringResource(R.string.how_it_is_done))
    for (line in listOf(how.setUp, how.go, how.keep).filter(String::isNotEmpty)) Text(line)
    ValueRow(
        stringResource(R.string.cuff_sits),
        stringResource(
            when (how.site) {
                Site.ABOVE_ANKLE -> R.string.above_ankle
                Site.ABOVE_KNEE -> R.string.above_knee
                Site.FOREFOOT -> R.string.forefoot
            },
        ),
    )
    if (how.effect.isNotEmpty()) Text(how.effect, Modifier.testTag("effect"))
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        GradeMark(how.grade, stringResource(R.string.evidence))
        Muted(stringResource(R.string.evidence), Modifier.weight(1f).clearAndSetSemantics {})
    }
    how.easier?.let { one -> LinkRow(one.name, Modifier.testTag("easier"), stringResource(R.string.easier)) { open(one.id) } }
    how.harder?.let { one -> LinkRow(one.name, Modifier.testTag("harder"), stringResource(R.string.harder)) { open(one.id) } }
}

@Composable
private fun SideCard(side: Side) = Card(Modifier.testTag("side ${side.leg}")) {
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        SideBadge(side.leg)
        Text(legName(side.leg), style = MaterialTheme.typography.titleMedium)
    }
    when (side) {
        is Side.Closed -> {
            Text(stringResource(R.string.not_now), style = MaterialTheme.typography.titleMedium)
            for (why in side.whys) Text(why)
        }
        is Side.Open -> {
            Text(
                if (side.massG > 0) weight(side.massG) else stringResource(R.string.no_weight),
                style = MaterialTheme.typography.displayMedium,
            )
            Text(side.why, Modifier.testTag("why ${side.leg}"))
            val sets = pluralStringResource(R.plurals.sets, side.sets, side.sets)
            ValueRow(
                stringResource(R.string.dose),
                if (side.reps == null) sets else "$sets · ${pluralStringResource(R.plurals.reps, side.reps, side.reps)}",
            )
            ValueRow(stringResource(R.string.rest), pluralStringResource(R.plurals.seconds, side.restS, side.restS))
            side.rangeDeg?.let { ValueRow(stringResource(R.string.your_range), stringResource(R.string.degrees, it)) }
            ValueRow(stringResource(R.string.your_limit), weight(side.mostG))
        }
    }
}

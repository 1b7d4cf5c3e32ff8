// Today: what is next and how to start it, the week, the cuffs.
package app.talus.today

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
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
import app.talus.look.FigureView
import app.talus.look.Heading
import app.talus.look.Icons
import app.talus.look.LinkRow
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Trouble
import app.talus.look.YesOrNo
import app.talus.look.figureOf
import app.talus.look.locale
import app.talus.look.longDay
import app.talus.look.stacks
import app.talus.look.stone
import app.talus.look.weight
import app.talus.session.PainPad
import app.talus.session.RedFlagNotice
import java.time.format.TextStyle
import java.util.Locale

/** What can be pressed on Today. */
data class TodayActions(
    val start: () -> Unit = {},
    val resume: () -> Unit = {},
    val plan: () -> Unit = {},
    val about: () -> Unit = {},
    val cuffs: () -> Unit = {},
    val demo: () -> Unit = {},
    val checkIn: (Condition) -> Unit = {},
    val again: () -> Unit = {},
    val walk: () -> Unit = {},
    val tests: () -> Unit = {},
    val lift: () -> Unit = {},
    val first: () -> Unit = {},
)

/** The exercise whose figure stands for the demo. */
private const val DEMO_FIGURE = "knee_ext_seated"

@Composable
fun TodayScreen(state: Loaded<TodayState>, actions: TodayActions) {
    when (state) {
        Loaded.Not -> Page(stringResource(R.string.today), tag = "today") { Loading() }
        is Loaded.Failed -> Page(stringResource(R.string.today), tag = "today") { Trouble(state.advice, again = actions.again) }
        is Loaded.Ready -> Today(state.value, actions)
    }
}

@Composable
private fun Today(state: TodayState, actions: TodayActions) {
    val here = locale()
    var asksHow by rememberSaveable { mutableStateOf(false) }
    Page(
        state.day.dayOfWeek.getDisplayName(TextStyle.FULL, here).replaceFirstChar { it.titlecase(here) },
        demo = if (state.demo) actions.demo else null, tag = "today",
    ) {
        Muted(longDay(state.day, here))
        state.locked?.let { RedFlagNotice(listOf(it.title) + it.lines, Modifier.testTag("sheet"), it.call) }
        state.said?.let { Text(it, Modifier.testTag("said"), style = MaterialTheme.typography.titleMedium) }
        if (state.morningDue || asksHow) {
            CheckInCard(stringResource(if (state.morningDue) R.string.check_in_morning else R.string.check_in), state.signs) {
                asksHow = false
                actions.checkIn(it)
            }
        }
        if (state.unfinished) {
            Card {
                Heading(stringResource(R.string.unfinished))
                Text(stringResource(R.string.unfinished_text))
                PrimaryButton(stringResource(R.string.go_on), Modifier.testTag("resume"), pressed = actions.resume)
            }
        }
        NextCard(state, actions)
        Week(state.week, here)
        for (line in state.weekLines) Muted(line)
        CuffRow(state.cuffs, actions.cuffs)
        if (state.next != Next.Unknown && state.locked == null) Beside(state, actions)
        if (!state.morningDue && !asksHow && state.next is Next.Train) {
            QuietButton(stringResource(R.string.check_in), Modifier.testTag("ask check-in")) { asksHow = true }
        }
    }
}

/** What there is beside the next session. */
@Composable
private fun Beside(state: TodayState, actions: TodayActions) = Card(Modifier.testTag("beside")) {
    val due = state.testsDue.joinToString(", ") { it.name }
    if (due.isNotEmpty()) LinkRow(stringResource(R.string.tests_due), Modifier.testTag("tests due"), due, pressed = actions.tests)
    LinkRow(stringResource(R.string.walk), Modifier.testTag("walk"), stringResource(R.string.walk_hint), pressed = actions.walk)
    LinkRow(stringResource(R.string.log_lift), Modifier.testTag("lift"), stringResource(R.string.log_lift_hint), pressed = actions.lift)
}

@Composable
private fun NextCard(state: TodayState, actions: TodayActions) {
    Surface(Modifier.fillMaxWidth(), MaterialTheme.shapes.large, MaterialTheme.colorScheme.surfaceContainerLowest) {
        Column {
            val first = when (val next = state.next) {
                Next.Demo -> DEMO_FIGURE
                is Next.Train -> next.exercises.firstOrNull()?.id
                else -> null
            }
            val figure = first?.let { figureOf(it) }
            // Large type needs the room for words.
            if (figure != null && !stacks()) {
                FigureView(figure, false, Modifier.fillMaxWidth().background(MaterialTheme.stone.figureGround).height(240.dp).padding(8.dp))
            }
            Column(Modifier.padding(20.dp), Arrangement.spacedBy(12.dp)) {
                when (val next = state.next) {
                    Next.Demo -> {
                        Heading(stringResource(R.string.demo_session))
                        Text(stringResource(R.string.demo_session_text))
                        PrimaryButton(stringResource(R.string.start), Modifier.testTag("start"), Icons.play, pressed = actions.start)
                    }
                    Next.Unknown -> {
                        Heading(stringResource(R.string.about_you))
                        Text(stringResource(R.string.about_you_first))
                        PrimaryButton(stringResource(R.string.answer_now), Modifier.testTag("about"), pressed = actions.about)
                    }
                    Next.Free -> {
                        Heading(stringResource(R.string.nothing_picked))
                        Text(stringResource(R.string.nothing_picked_text))
                        PrimaryButton(stringResource(R.string.to_the_plan), Modifier.testTag("plan"), pressed = actions.plan)
                    }
                    is Next.Rest -> {
                        Heading(stringResource(R.string.rest_day))
                        Text(next.why)
                    }
                    is Next.Shut -> {
                        Heading(stringResource(R.string.not_now))
                        for (why in next.whys) Text(why)
                        QuietButton(stringResource(R.string.to_the_plan), Modifier.testTag("plan"), actions.plan)
                    }
                    is Next.Train -> {
                        Heading(next.title ?: stringResource(R.string.your_own_session))
                        Muted(pluralStringResource(R.plurals.exercises, next.exercises.size, next.exercises.size))
                        for (exercise in next.exercises) Text(exercise.name)
                        for (note in next.notes) Muted(note)
                        if (state.locked == null) {
                            if (state.first) OtherButton(stringResource(R.string.first_minutes), Modifier.testTag("first"), actions.first)
                            PrimaryButton(stringResource(R.string.start), Modifier.testTag("start"), Icons.play, pressed = actions.start)
                        }
                        if (next.doses.isNotEmpty()) Doses(next.doses)
                        if (next.title == null) QuietButton(
                            stringResource(R.string.change_exercises), Modifier.testTag("plan"), actions.plan,
                        )
                    }
                }
            }
        }
    }
}

/** How much of each, leg by leg, and why: one tap away. */
@Composable
private fun Doses(doses: List<Dose>) {
    var shown by rememberSaveable { mutableStateOf(false) }
    QuietButton(stringResource(if (shown) R.string.less else R.string.why_this), Modifier.testTag("doses")) { shown = !shown }
    if (!shown) return
    for (dose in doses) {
        Row(
            Modifier.fillMaxWidth().testTag("dose").semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp),
            Alignment.CenterVertically,
        ) {
            SideBadge(dose.leg)
            Column(Modifier.weight(1f)) {
                Text(dose.name, style = MaterialTheme.typography.titleMedium)
                Muted(
                    listOfNotNull(
                        if (dose.massG > 0) weight(dose.massG) else stringResource(R.string.no_weight),
                        pluralStringResource(R.plurals.sets, dose.sets, dose.sets),
                        dose.reps?.let { pluralStringResource(R.plurals.reps, it, it) },
                    ).joinToString(" · "),
                )
                Text(dose.why)
            }
        }
    }
}

/** The week, one element to a reader: every day with a mark and its word. */
@Composable
private fun Week(week: List<DayMark>, here: Locale) {
    val done = week.count { it.done }
    val words = week.map { day ->
        day.date.dayOfWeek.getDisplayName(TextStyle.FULL, here) to stringResource(
            when {
                day.done -> R.string.day_done
                day.today -> R.string.day_today
                day.toCome -> R.string.day_to_come
                else -> R.string.day_rest
            },
        )
    }
    val said = pluralStringResource(R.plurals.week_done, done, done) + " " + words.joinToString(", ") { (day, word) -> "$day $word" }
    Column(Modifier.fillMaxWidth().testTag("week").clearAndSetSemantics { contentDescription = said }, Arrangement.spacedBy(8.dp)) {
        if (stacks()) {
            Text(stringResource(R.string.this_week), style = MaterialTheme.typography.titleLarge)
            week.forEachIndexed { index, day ->
                Row(Modifier.fillMaxWidth().heightIn(min = 48.dp), Arrangement.spacedBy(16.dp), Alignment.CenterVertically) {
                    Mark(day)
                    Text(day.date.dayOfWeek.getDisplayName(TextStyle.SHORT, here), Modifier.weight(1f))
                    Muted(words[index].second)
                }
            }
        } else {
            Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
                Text(stringResource(R.string.this_week), style = MaterialTheme.typography.titleMedium)
                Muted(pluralStringResource(R.plurals.sessions_done, done, done))
            }
            Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween) {
                for (day in week) {
                    Column(horizontalAlignment = Alignment.CenterHorizontally, verticalArrangement = Arrangement.spacedBy(6.dp)) {
                        Text(
                            day.date.dayOfWeek.getDisplayName(TextStyle.NARROW, here), style = MaterialTheme.typography.labelMedium,
                            color = if (day.today) MaterialTheme.colorScheme.onSurface else MaterialTheme.colorScheme.onSurfaceVariant,
                        )
                        Mark(day)
                    }
                }
            }
        }
    }
}

@Composable
private fun Mark(day: DayMark) {
    val scheme = MaterialTheme.colorScheme
    Surface(
        Modifier.size(32.dp), CircleShape, if (day.done) scheme.primary else scheme.surface,
        border = if (day.today && !day.done) BorderStroke(
            2.dp, scheme.primary,
        ) else if (day.toCome) BorderStroke(1.dp, scheme.outlineVariant) else null,
    ) {
        Box(contentAlignment = Alignment.Center) {
            if (day.done) Icon(Icons.check, null, Modifier.size(18.dp), scheme.onPrimary)
            else if (!day.toCome && !day.today) Icon(Icons.dash, null, Modifier.size(24.dp), scheme.outline)
        }
    }
}

@Composable
private fun CuffRow(cuffs: List<WornCuff>, pressed: () -> Unit) = Card(Modifier.testTag("cuffs"), pressed) {
    Text(stringResource(R.string.cuffs), style = MaterialTheme.typography.titleMedium)
    if (cuffs.isEmpty()) Muted(stringResource(R.string.no_cuffs_yet))
    for (cuff in cuffs) {
        Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
            cuff.leg?.let { SideBadge(it, size = 28.dp) }
            val mass = cuff.massG
            Text(
                listOfNotNull(
                    cuff.name, if (mass == null) null else if (mass > 0) weight(mass) else stringResource(R.string.no_weight),
                ).joinToString(" · "),
            )
        }
    }
}

/** How somebody is: pain, muscles, swelling, sleep, and what must not wait. */
@Composable
private fun CheckInCard(title: String, signs: List<Named>, answered: (Condition) -> Unit) {
    var pain by rememberSaveable { mutableStateOf<Int?>(null) }
    var sore by rememberSaveable { mutableStateOf<Boolean?>(null) }
    var swollen by rememberSaveable { mutableStateOf<Boolean?>(null) }
    var slept by rememberSaveable { mutableStateOf<Boolean?>(null) }
    var asksSigns by rememberSaveable { mutableStateOf(false) }
    var had by rememberSaveable { mutableStateOf(listOf<String>()) }
    Card(Modifier.testTag("check-in")) {
        Heading(title)
        Text(stringResource(R.string.pain_now))
        PainPad(pain) { pain = it }
        YesOrNo(stringResource(R.string.sore_question), sore, "sore") { sore = it }
        YesOrNo(stringResource(R.string.swollen_question), swollen, "swollen") { swollen = it }
        YesOrNo(stringResource(R.string.slept_question), slept, "slept badly") { slept = it }
        YesOrNo(stringResource(R.string.signs_question), asksSigns, "signs") {
            asksSigns = it
            had = listOf()
        }
        if (asksSigns) {
            for (sign in signs) {
                Choice(sign.name, sign.id in had, Modifier.testTag("sign ${sign.id}")) {
                    had = if (sign.id in had) had - sign.id else had + sign.id
                }
            }
        }
        OtherButton(stringResource(R.string.save), Modifier.testTag("check in")) {
            answered(Condition(pain, sore == true, swollen == true, slept == true, had.toSet()))
        }
    }
}

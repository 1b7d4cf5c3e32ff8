// First run, and the questions before the first weight: one question a screen, back always there, and what they open.
package app.talus.person

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.text.KeyboardOptions
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.input.ImeAction
import androidx.compose.ui.text.input.KeyboardType
import androidx.compose.ui.unit.dp
import app.talus.Loaded
import app.talus.R
import app.talus.look.Card
import app.talus.look.Choices
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Meter
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.Stepper
import app.talus.look.Trouble
import app.talus.look.YesOrNo
import app.talus.session.Hero
import app.talus.session.PainPad

/** The first screen there is. */
@Composable
fun WelcomeScreen(begin: () -> Unit, demo: () -> Unit) = Page(stringResource(R.string.app_name), tag = "welcome", bottom = {
    PrimaryButton(stringResource(R.string.begin), Modifier.testTag("begin"), pressed = begin)
    OtherButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), demo)
}) {
    Hero("stand_abd", null)
    Heading(stringResource(R.string.welcome))
    Text(stringResource(R.string.welcome_text))
    Text(stringResource(R.string.nothing_leaves))
    Muted(stringResource(R.string.not_reviewed))
}

/** What can be pressed while somebody is asked. */
data class AboutActions(
    val back: () -> Unit = {},
    val body: (String, String, String) -> Unit = { _, _, _ -> },
    val aim: (Aim) -> Unit = {},
    val trained: (Boolean) -> Unit = {},
    val reply: (String, Reply) -> Unit = { _, _ -> },
    val falls: (Int) -> Unit = {},
    val pain: (Int) -> Unit = {},
    val cleared: (Boolean) -> Unit = {},
    val next: () -> Unit = {},
    val pair: () -> Unit = {},
    val done: () -> Unit = {},
    val demo: () -> Unit = {},
    val again: () -> Unit = {},
)

@Composable
fun AboutScreen(state: Loaded<AboutState>, actions: AboutActions) {
    BackHandler(onBack = actions.back)
    when (state) {
        Loaded.Not -> Page(stringResource(R.string.about_you), back = actions.back, tag = "about page") { Loading() }
        is Loaded.Failed -> Page(
            stringResource(R.string.about_you), back = actions.back, tag = "about page",
        ) { Trouble(state.advice, again = actions.again) }
        is Loaded.Ready -> {
            val demo = if (state.value.demo) actions.demo else null
            when (val step = state.value.step) {
                Step.Body -> BodyStep(state.value, actions, demo)
                Step.Aims -> AimStep(state.value, actions, demo)
                is Step.Question -> QuestionStep(state.value, step.index, actions, demo)
                Step.Outcome -> OutcomeStep(state.value, actions, demo)
            }
        }
    }
}

@Composable
private fun BodyStep(state: AboutState, actions: AboutActions, demo: (() -> Unit)?) = Page(
    stringResource(R.string.about_you), back = actions.back, demo = demo, tag = "about body",
    bottom = { PrimaryButton(stringResource(R.string.next), Modifier.testTag("next"), pressed = actions.next) },
) {
    Muted(stringResource(R.string.about_you_first))
    state.advice?.let { Trouble(it) }
    val body = state.body
    Number(stringResource(R.string.birth_year), body.birthYear, "birth year") { actions.body(it, body.heightCm, body.massKg) }
    Number(stringResource(R.string.height_cm), body.heightCm, "height") { actions.body(body.birthYear, it, body.massKg) }
    Number(stringResource(R.string.mass_kg), body.massKg, "mass", ImeAction.Done) { actions.body(body.birthYear, body.heightCm, it) }
}

@Composable
private fun Number(
    label: String, value: String, tag: String, action: ImeAction = ImeAction.Next, typed: (String) -> Unit,
) = OutlinedTextField(
    value, typed, Modifier.fillMaxWidth().testTag(tag), label = { Text(label) }, singleLine = true,
    keyboardOptions = KeyboardOptions(keyboardType = KeyboardType.Decimal, imeAction = action), shape = MaterialTheme.shapes.medium,
)

@Composable
private fun AimStep(state: AboutState, actions: AboutActions, demo: (() -> Unit)?) = Page(
    stringResource(R.string.aim), back = actions.back, demo = demo, tag = "about aims",
    bottom = { PrimaryButton(stringResource(R.string.next), Modifier.testTag("next"), pressed = actions.next) },
) {
    Choices(Aim.entries, state.goal, {
        stringResource(
            when (it) {
                Aim.STRENGTH -> R.string.aim_strength
                Aim.BALANCE -> R.string.aim_balance
                Aim.RETURN -> R.string.aim_return
                Aim.BESIDE -> R.string.aim_beside
            },
        )
    }, tag = { "aim $it" }, pressed = actions.aim)
    Heading(stringResource(R.string.trained_question))
    Choices(
        listOf(true, false), state.trained, { stringResource(if (it) R.string.yes else R.string.no) }, tag = { "trained $it" },
        pressed = actions.trained,
    )
}

@Composable
private fun QuestionStep(state: AboutState, index: Int, actions: AboutActions, demo: (() -> Unit)?) {
    val question = state.questions[index]
    val reply = state.replies[question.id]
    Page(
        null, back = actions.back, demo = demo, tag = "question",
        bottom = {
            PrimaryButton(
                stringResource(R.string.next), Modifier.testTag("next"), enabled = reply != null, pressed = actions.next,
            )
        },
    ) {
        Muted(stringResource(R.string.question_of, index + 1, state.questions.size))
        Meter((index + 1f) / state.questions.size)
        Heading(question.text)
        Choices(Reply.entries, reply, {
            stringResource(
                when (it) {
                    Reply.YES -> R.string.yes
                    Reply.NO -> R.string.no
                    Reply.NOT_SURE -> R.string.not_sure
                },
            )
        }, tag = { "reply $it" }) { actions.reply(question.id, it) }
        whyAsked(question.id)?.let { why ->
            Column(Modifier.testTag("why asked").semantics(mergeDescendants = true) {}) {
                Text(stringResource(R.string.why_asked), style = MaterialTheme.typography.titleMedium)
                Muted(stringResource(why))
            }
        }
        if (reply == Reply.NOT_SURE) Muted(stringResource(R.string.not_sure_hint))
        if (reply == Reply.YES) More(question.id, state, actions)
    }
}

/** What an answer changes, by the question; a question that is younger than this app has none. */
internal fun whyAsked(question: String): Int? = when (question) {
    "HEART" -> R.string.why_heart
    "FALLS" -> R.string.why_falls
    "SURGERY" -> R.string.why_surgery
    "BONES" -> R.string.why_bones
    "FEET_AND_SKIN" -> R.string.why_feet_and_skin
    "NERVES" -> R.string.why_nerves
    "PAIN_NOW" -> R.string.why_pain_now
    "PREGNANCY" -> R.string.why_pregnancy
    "UNDER16" -> R.string.why_under16
    "SUPERVISED" -> R.string.why_supervised
    "FLOOR_ALONE" -> R.string.why_floor_alone
    "REACH" -> R.string.why_reach
    else -> null
}

/** What a yes asks more. */
@Composable
private fun More(question: String, state: AboutState, actions: AboutActions) {
    when (question) {
        "FALLS" -> {
            Text(stringResource(R.string.how_many_falls))
            Stepper(
                if (state.falls == 0) stringResource(R.string.unknown) else "${state.falls}", stringResource(R.string.one_less),
                stringResource(R.string.one_more), fewer = { actions.falls(state.falls - 1) }, further = { actions.falls(state.falls + 1) },
            )
        }
        "PAIN_NOW" -> {
            Text(stringResource(R.string.pain_question))
            PainPad(state.pain, actions.pain)
        }
        "SURGERY" -> YesOrNo(stringResource(R.string.cleared_question), state.cleared, "cleared", actions.cleared)
    }
}

@Composable
private fun OutcomeStep(state: AboutState, actions: AboutActions, demo: (() -> Unit)?) {
    val outcome = state.outcome ?: return
    Page(
        pluralStringResource(R.plurals.open_exercises, outcome.open, outcome.open), demo = demo, tag = "outcome",
        bottom = {
            PrimaryButton(stringResource(R.string.find_cuff), Modifier.testTag("pair"), pressed = actions.pair)
            OtherButton(stringResource(R.string.later), Modifier.testTag("done"), actions.done)
        },
    ) {
        Text(stringResource(R.string.answers_hold_back))
        if (outcome.held.isNotEmpty()) {
            Heading(stringResource(R.string.held_back))
            Card {
                for (held in outcome.held) {
                    Column(verticalArrangement = Arrangement.spacedBy(2.dp)) {
                        Text(held.name, style = MaterialTheme.typography.titleMedium)
                        for (why in held.whys) Muted(why)
                    }
                }
            }
        }
    }
}

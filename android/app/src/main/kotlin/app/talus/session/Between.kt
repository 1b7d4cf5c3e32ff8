// Before, between and after sets: the pre-flight, getting ready, looking back at a set, resting.
package app.talus.session

import android.content.Intent
import androidx.compose.foundation.Canvas
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.clip
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.Card
import app.talus.look.Choices
import app.talus.look.FigureView
import app.talus.look.Heading
import app.talus.look.Leg
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.NoticeButton
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Stepper
import app.talus.look.TickRow
import app.talus.look.Title
import app.talus.look.ValueRow
import app.talus.look.clock
import app.talus.look.figureOf
import app.talus.look.locale
import app.talus.look.seconds
import app.talus.look.stacks
import app.talus.look.stone
import app.talus.look.weight
import app.talus.voice.Speech
import kotlin.math.roundToInt

/** Below this a battery is said to be low, per cent. */
private const val LOW_PERCENT = 15

/** Above this share of lost samples a signal is said to be weak. */
private const val WEAK = .05f

/** Three lines that tick themselves, and the question whether leg and weight are right. */
@Composable
internal fun PreflightScreen(state: LiveState.Training, actions: LiveActions) = Page(
    stringResource(R.string.preflight), demo = actions.demo, tag = "preflight",
    bottom = {
        TwoWays(
            stringResource(R.string.that_is_right), "confirm", actions.confirm, stringResource(R.string.skip_exercise), "skip", actions.skip,
        )
    },
) {
    Head(state)
    Text(state.cue, Modifier.testTag("line").semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleLarge)
    val cuff = state.cuff
    Card {
        val leg = state.leg
        TickRow(
            stringResource(
                when (leg) {
                    null -> R.string.cuff_on_leg
                    Leg.LEFT -> R.string.cuff_on_left
                    Leg.RIGHT -> R.string.cuff_on_right
                },
            ),
            cuff?.link == Link.GOOD, below = cuff?.let { linkWord(it.link) },
        )
        TickRow(
            stringResource(R.string.signal), cuff != null && cuff.link == Link.GOOD && cuff.lostShare < WEAK,
            below = stringResource(
                when {
                    cuff == null || cuff.link != Link.GOOD -> R.string.signal_none
                    cuff.lostShare < WEAK -> R.string.signal_good
                    else -> R.string.signal_weak
                },
            ),
        )
        TickRow(
            stringResource(R.string.battery), cuff?.batteryPercent?.let { it >= LOW_PERCENT } ?: false,
            below = cuff?.batteryPercent?.let { stringResource(R.string.percent, it) } ?: stringResource(R.string.not_known),
        )
    }
    Card {
        Heading(stringResource(R.string.weight_on_it))
        Stepper(
            if (state.massG > 0) weight(state.massG) else stringResource(R.string.no_weight), stringResource(R.string.lighter),
            stringResource(R.string.heavier), fewer = { actions.weigh(false) }, further = { actions.weigh(true) },
        )
        if (state.why.isNotEmpty()) Muted(state.why, Modifier.testTag("why"))
    }
    val missing = when (LocalSpeech.current) {
        Speech.NO_ENGINE -> R.string.no_voice
        Speech.NO_LANGUAGE -> R.string.no_voice_language
        Speech.NOT_ASKED, Speech.READY -> null
    }
    if (missing != null) {
        Column(Modifier.testTag("no voice")) {
            Muted(stringResource(missing))
            Muted(stringResource(R.string.told_without_voice))
        }
    }
}

@Composable
private fun linkWord(link: Link): String = stringResource(
    when (link) {
        Link.GOOD -> R.string.link_good
        Link.LOOKING -> R.string.looking
        Link.LOST -> R.string.cuff_lost
        Link.RADIO_OFF -> R.string.bluetooth_off
        Link.NOT_ALLOWED -> R.string.bluetooth_denied_short
        Link.BUSY -> R.string.cuff_busy
        Link.PAIR_AGAIN -> R.string.link_pair_again
        Link.TOO_OLD -> R.string.link_too_old
        Link.NOT_FOUND -> R.string.link_not_found
        Link.BATTERY_LOW -> R.string.link_battery_low
    },
)

/** The leg, the exercise and which set. */
@Composable
private fun Head(state: LiveState.Training) {
    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
        state.leg?.let { SideBadge(it, size = 48.dp) }
        Column(Modifier.weight(1f)) {
            Text(state.exercise, Modifier.testTag("exercise"), style = MaterialTheme.typography.titleMedium)
            Muted(setLine(state))
        }
    }
}

/** The figure of an exercise on its own ground. */
@Composable
internal fun Hero(exercise: String, leg: Leg?, label: String? = null) {
    val figure = figureOf(exercise) ?: return
    Surface(Modifier.fillMaxWidth().clip(MaterialTheme.shapes.large), color = MaterialTheme.stone.figureGround) {
        FigureView(figure, leg == Leg.LEFT, Modifier.fillMaxWidth().height(if (stacks()) 180.dp else 260.dp).padding(8.dp), label = label)
    }
}

/** What comes, how to set up, and three, two, one. */
@Composable
internal fun ReadyScreen(state: LiveState.Training, actions: LiveActions) = Page(
    null, demo = actions.demo, tag = if (state.at == At.INSTRUCT) "instruct" else "get ready",
    bottom = {
        if (state.at == At.INSTRUCT) {
            TwoWays(
                stringResource(R.string.ready_to_go), "confirm", actions.confirm, stringResource(R.string.skip_exercise), "skip",
                actions.skip,
            )
        } else {
            OtherButton(stringResource(R.string.pause), Modifier.testTag("pause"), actions.pauseOrGoOn)
        }
    },
) {
    Head(state)
    Hero(state.exerciseId, state.leg)
    Text(state.cue, Modifier.testTag("line").semantics { liveRegion = LiveRegionMode.Polite }, style = MaterialTheme.typography.titleLarge)
    Said(state)
    if (state.at == At.INSTRUCT && state.why.isNotEmpty()) Muted(state.why, Modifier.testTag("why"))
    if (state.at == At.GET_READY) {
        Text(
            state.leftS?.toString() ?: stringResource(R.string.hold_still), Modifier.fillMaxWidth().testTag("left"),
            style = if (state.leftS == null) MaterialTheme.typography.headlineLarge else giant(120, 110), textAlign = TextAlign.Center,
        )
    }
}

/** What was said in full, where there is time to read it. */
@Composable
private fun Said(state: LiveState.Training) {
    if (state.said.isNotEmpty() && state.said != state.cue) Muted(state.said, Modifier.testTag("said"))
}

/** What came of a set, and two questions about it. */
@Composable
internal fun ReviewScreen(state: LiveState.Training, actions: LiveActions) {
    val last = state.last
    Page(
        null, demo = actions.demo, tag = "review",
        bottom = { PrimaryButton(stringResource(R.string.next), Modifier.testTag("confirm"), pressed = actions.confirm) },
    ) {
        Head(state)
        Title(
            if (last?.target != null) stringResource(R.string.counted_of, state.count, last.target)
            else pluralStringResource(R.plurals.counted, state.count, state.count),
            Modifier.testTag("count"),
        )
        if (last != null) RepDots(last.full)
        Heading(stringResource(R.string.reserve_question))
        Choices(
            (0..5).toList(), state.answers.reserve, { if (it == 5) stringResource(
                R.string.five_or_more,
            ) else "$it" }, tag = { "reserve $it" },
            pressed = actions.reserve,
        )
        Heading(stringResource(R.string.pain_question))
        PainPad(state.answers.pain, actions.pain)
        Card {
            last?.rangeDeg?.let { ValueRow(stringResource(R.string.range), stringResource(R.string.degrees, it.roundToInt())) }
            last?.tempoS?.let { tempo ->
                val here = locale()
                ValueRow(stringResource(R.string.tempo), tempo.joinToString(" · ") { seconds(it, here) })
            }
            ValueRow(stringResource(R.string.short_ones), "${last?.short ?: 0}")
            Heading(stringResource(R.string.count_wrong))
            Stepper(
                "${state.count}", stringResource(R.string.one_less), stringResource(R.string.one_more), fewer = { actions.countBy(-1) },
                further = { actions.countBy(1) },
            )
        }
    }
}

/** Repetitions as dots: filled where counted, open where short. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun RepDots(full: List<Boolean>) {
    if (full.isEmpty()) return
    val said = stringResource(R.string.dots, full.count { it }, full.count { !it })
    val accent = MaterialTheme.colorScheme.primary
    val open = MaterialTheme.colorScheme.outline
    FlowRow(Modifier.clearAndSetSemantics { contentDescription = said }, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
        for (counted in full) {
            Canvas(Modifier.size(16.dp)) {
                if (counted) drawCircle(accent) else drawCircle(open, size.minDimension / 2 - 1.dp.toPx(), style = Stroke(2.dp.toPx()))
            }
        }
    }
}

/** 0 to 10, none chosen at first. */
@Composable
fun PainPad(chosen: Int?, pressed: (Int) -> Unit) {
    Column(verticalArrangement = Arrangement.spacedBy(8.dp)) {
        Choices((0..10).toList(), chosen, { "$it" }, tag = { "pain $it" }, pressed = pressed)
        Muted(stringResource(R.string.pain_scale))
    }
}

/** How much it hurts, asked in the middle of a set; it is [closed] first, whatever is answered. */
@Composable
internal fun PainDialog(actions: LiveActions, closed: () -> Unit) = AlertDialog(
    onDismissRequest = closed,
    confirmButton = { QuietButton(stringResource(R.string.cancel), Modifier.testTag("no pain"), closed) },
    title = { Text(stringResource(R.string.pain_question)) },
    text = {
        Column(Modifier.verticalScroll(rememberScrollState()), Arrangement.spacedBy(12.dp)) {
            PainPad(null) {
                closed()
                actions.pain(it)
            }
            NoticeButton(stringResource(R.string.red_flag), Modifier.testTag("red flag"), stop = true) {
                closed()
                actions.redFlag()
            }
        }
    },
)

/** A red flag: what to do at once, from the core, and the way to the phone's keys. */
@Composable
internal fun RedFlagNotice(lines: List<String>, modifier: Modifier = Modifier, call: Boolean = true) {
    val context = LocalContext.current
    Notice(stringResource(R.string.get_help), modifier, stop = true) {
        lines.forEachIndexed { index, line ->
            if (index == 0) Text(line, Modifier.testTag("line"), style = MaterialTheme.typography.titleLarge) else Text(line)
        }
        if (call) {
            NoticeButton(stringResource(R.string.call), Modifier.testTag("call"), stop = true) {
                context.startActivity(Intent(Intent.ACTION_DIAL).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
            }
        }
    }
}

/** The time left, and what comes next. */
@Composable
internal fun RestScreen(state: LiveState.Training, actions: LiveActions) = Page(
    stringResource(R.string.rest), demo = actions.demo, tag = "rest",
    bottom = {
        TwoWays(
            stringResource(R.string.rest_over), "confirm", actions.confirm, stringResource(R.string.rest_longer), "longer",
            actions.restLonger,
        )
        QuietButton(stringResource(R.string.end_session), Modifier.testTag("stop"), actions.stop)
    },
) {
    val left = state.leftS ?: 0
    val said = pluralStringResource(R.plurals.seconds, left, left)
    Text(
        clock(left), Modifier.fillMaxWidth().testTag("left").clearAndSetSemantics { contentDescription = said }, style = giant(96, 96),
        textAlign = TextAlign.Center,
    )
    val before = state.last?.leg
    if (state.leg != null && before != null && before != state.leg) {
        Text(
            stringResource(if (state.leg == Leg.LEFT) R.string.move_to_left else R.string.move_to_right), Modifier.testTag("switch"),
            color = MaterialTheme.colorScheme.primary, style = MaterialTheme.typography.titleLarge,
        )
    }
    Heading(stringResource(R.string.next_up))
    Head(state)
    Hero(state.exerciseId, state.leg)
    if (state.cue.isNotEmpty()) Text(state.cue, Modifier.testTag("line"))
    Said(state)
    state.trouble?.let { Notice(it) }
}

/** What was done, exercise by exercise and leg by leg. */
@Composable
internal fun SetList(sets: List<LastSet>) = Card {
    sets.forEachIndexed { index, set ->
        val name = LocalNames.current[set.exerciseId] ?: set.exerciseId
        Row(
            Modifier.fillMaxWidth().testTag("done set $index").semantics(mergeDescendants = true) {}, Arrangement.spacedBy(12.dp),
            Alignment.CenterVertically,
        ) {
            SideBadge(set.leg)
            Column(Modifier.weight(1f)) {
                Text(name, style = MaterialTheme.typography.titleMedium)
                Muted(
                    listOfNotNull(
                        if (set.target != null) stringResource(R.string.counted_of, set.count, set.target)
                        else pluralStringResource(R.plurals.counted, set.count, set.count),
                        if (set.massG > 0) weight(set.massG) else null,
                        set.rangeDeg?.let { stringResource(R.string.degrees, it.roundToInt()) },
                    ).joinToString(" · "),
                )
            }
        }
    }
}

// A session on the whole screen, stage by stage: all of what is shown is in its state.
package app.talus.session

import androidx.activity.compose.BackHandler
import androidx.compose.foundation.border
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxScope
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.LiveRegionMode
import androidx.compose.ui.semantics.liveRegion
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.FigureView
import app.talus.look.Leg
import app.talus.look.LocalFlashes
import app.talus.look.Meter
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Title
import app.talus.look.Trouble
import app.talus.look.figureOf
import app.talus.look.legName
import app.talus.progress.TestsTold
import app.talus.progress.WalkTold
import kotlin.math.roundToInt
import kotlinx.coroutines.delay

/** What can be pressed in a session. */
data class LiveActions(
    val confirm: () -> Unit = {},
    val pauseOrGoOn: () -> Unit = {},
    val endSet: () -> Unit = {},
    val stop: () -> Unit = {},
    val countBy: (Int) -> Unit = {},
    val restLonger: () -> Unit = {},
    val skip: () -> Unit = {},
    val weigh: (Boolean) -> Unit = {},
    val withoutCuff: () -> Unit = {},
    val pain: (Int) -> Unit = {},
    val reserve: (Int) -> Unit = {},
    val redFlag: () -> Unit = {},
    val leave: () -> Unit = {},
    val done: () -> Unit = {},
    val demo: (() -> Unit)? = null,
)

/** When the view for the floor opens by itself. */
enum class FloorWish { BY_EXERCISE, ALWAYS, NEVER }

/** The exercise whose range is learned, shown while it is. */
private const val TAUGHT_WITH = "knee_ext_seated"

/** The session: all of it is in [state]. */
@Composable
fun LiveScreen(state: LiveState, actions: LiveActions, floorWish: FloorWish = FloorWish.BY_EXERCISE) {
    var asksLeave by rememberSaveable { mutableStateOf(false) }
    val over = state is LiveState.Over || state is LiveState.Failed
    BackHandler { if (over) actions.done() else asksLeave = true }
    when (state) {
        LiveState.Opening -> Waiting(stringResource(R.string.opening), "", actions)
        LiveState.Looking -> Waiting(stringResource(R.string.looking), stringResource(R.string.looking_hint), actions)
        is LiveState.Connecting -> Waiting(stringResource(R.string.connecting), state.names.joinToString(), actions)
        is LiveState.Teaching -> Teaching(state, actions)
        is LiveState.Training -> Box {
            Training(state, actions, floorWish)
            if (LocalFlashes.current) Flashing(state.flash)
        }
        is LiveState.Over -> SummaryScreen(state, actions)
        is LiveState.Failed -> Page(stringResource(R.string.session_cannot_go_on), demo = actions.demo, bottom = {
            PrimaryButton(stringResource(R.string.close), Modifier.testTag("done"), pressed = actions.done)
        }) { Trouble(state.advice) }
    }
    if (asksLeave && !over) {
        AlertDialog(
            onDismissRequest = { asksLeave = false },
            title = { Text(stringResource(R.string.leave_title)) },
            text = { Text(stringResource(R.string.leave_text)) },
            confirmButton = {
                QuietButton(stringResource(R.string.leave), Modifier.testTag("leave")) {
                    asksLeave = false
                    actions.leave()
                }
            },
            dismissButton = { QuietButton(stringResource(R.string.stay)) { asksLeave = false } },
        )
    }
}

/** A flash lasts so long, milliseconds. */
private const val FLASH_MS = 250L

@Composable
private fun BoxScope.Flashing(flash: Flash?) {
    var lit by remember { mutableStateOf<Flash?>(null) }
    LaunchedEffect(flash?.number) {
        if (flash == null) return@LaunchedEffect
        lit = flash
        delay(FLASH_MS)
        lit = null
    }
    lit?.let { Edge(it.kind) }
}

/** The edge of the whole screen: thin where something went well, thicker for a tip, a broad frame for a stop. */
@Composable
internal fun BoxScope.Edge(kind: Flash.Kind) {
    val scheme = MaterialTheme.colorScheme
    val (color, width) = when (kind) {
        Flash.Kind.GOOD -> scheme.primary to 8.dp
        Flash.Kind.TIP -> scheme.tertiary to 14.dp
        Flash.Kind.STOP -> scheme.error to 24.dp
    }
    Box(Modifier.matchParentSize().testTag("flash").border(width, color))
}

@Composable
private fun Training(state: LiveState.Training, actions: LiveActions, floorWish: FloorWish) {
    val lying = figureOf(state.exerciseId)?.onTheFloor == true
    val byItself = floorWish == FloorWish.ALWAYS || floorWish == FloorWish.BY_EXERCISE && lying
    // One's own choice holds for this exercise.
    var chosen by rememberSaveable(state.exerciseId) { mutableStateOf<Boolean?>(null) }
    val floor = chosen ?: byItself
    state.trial?.let { return TrialScreen(state, it, actions) }
    val walk = state.walk
    if (walk != null && (state.at == At.WALK || state.at == At.PAUSED || state.at == At.SET)) return WalkScreen(state, walk, actions)
    when (state.at) {
        At.PREFLIGHT -> PreflightScreen(state, actions)
        At.INSTRUCT, At.GET_READY -> ReadyScreen(state, actions)
        At.REVIEW -> ReviewScreen(state, actions)
        At.REST -> RestScreen(state, actions)
        At.SET, At.PAUSED, At.WALK, At.SUMMARY ->
            if (floor) FloorView(state, actions) { chosen = false } else SetScreen(state, actions) { chosen = true }
    }
}

@Composable
private fun Waiting(line: String, below: String, actions: LiveActions) = Page(null, demo = actions.demo, bottom = {
    QuietButton(stringResource(R.string.cancel), Modifier.testTag("cancel"), actions.leave)
}) {
    Box(Modifier.fillMaxWidth().height(320.dp), Alignment.Center) {
        Column(horizontalAlignment = Alignment.CenterHorizontally, verticalArrangement = Arrangement.spacedBy(12.dp)) {
            Text(line, Modifier.testTag("line"), style = MaterialTheme.typography.headlineLarge, textAlign = TextAlign.Center)
            if (below.isNotEmpty()) Muted(below, align = TextAlign.Center)
        }
    }
}

@Composable
private fun Teaching(state: LiveState.Teaching, actions: LiveActions) = Page(null, demo = actions.demo, bottom = {
    Meter(state.done)
    QuietButton(stringResource(R.string.cancel), Modifier.testTag("cancel"), actions.leave)
}) {
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        SideBadge(state.leg)
        Text(legName(state.leg), style = MaterialTheme.typography.titleMedium)
    }
    Text(
        state.instruction, Modifier.testTag("line").semantics { liveRegion = LiveRegionMode.Polite },
        style = MaterialTheme.typography.headlineLarge,
    )
    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        Text(
            state.angleDeg?.let { stringResource(R.string.degrees, it.roundToInt()) } ?: stringResource(R.string.unknown),
            style = MaterialTheme.typography.displayMedium,
        )
        state.rangeDeg?.let { Muted(stringResource(R.string.best_so_far, it.roundToInt())) }
    }
    figureOf(TAUGHT_WITH)?.let { figure ->
        val share = state.angleDeg?.let { it / (state.rangeDeg ?: USUAL_DEG) }?.coerceIn(0f, 1.08f)
        FigureView(
            figure, state.leg == Leg.LEFT, Modifier.fillMaxWidth().height(280.dp), t = share ?: 0f,
            ground = MaterialTheme.colorScheme.surface,
        )
    }
}

/** The range that the pose stands for, until the own one is known. */
private const val USUAL_DEG = 85f

/** The end: one true sentence, what was done, what comes next. */
@Composable
fun SummaryScreen(state: LiveState.Over, actions: LiveActions) = Page(null, demo = actions.demo, tag = "summary", bottom = {
    PrimaryButton(stringResource(R.string.done), Modifier.testTag("done"), pressed = actions.done)
}) {
    if (state.redFlag) RedFlagNotice(listOf(state.sentence)) else Title(state.sentence, Modifier.testTag("line"))
    if (state.sets.isNotEmpty()) SetList(state.sets)
    WalkTold(state.walk)
    TestsTold(state.tested)
    for (line in state.upNext) Text(line)
    if (!state.redFlag) Muted(stringResource(R.string.cuffs_off))
}

/** Two ways on, side by side or below one another. */
@Composable
internal fun TwoWays(first: String, firstTag: String, firstPressed: () -> Unit, other: String, otherTag: String, otherPressed: () -> Unit) {
    PrimaryButton(first, Modifier.testTag(firstTag), pressed = firstPressed)
    OtherButton(other, Modifier.testTag(otherTag), otherPressed)
}

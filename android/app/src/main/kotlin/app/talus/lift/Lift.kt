// Main lifts beside the cuffs: logged as they were done, so that their muscles rest; taken back for as long as one looks.
package app.talus.lift

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.core.Lift
import app.talus.look.Card
import app.talus.look.Choices
import app.talus.look.Empty
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.Stepper
import app.talus.look.Trouble
import app.talus.look.weight
import app.talus.today.Named
import app.talus.value
import app.talus.with

/** Steps of a bar, grams: two and a half kilograms, or five pounds. */
private const val STEP_G = 2_500
private const val STEP_LB_G = 2_268
private const val MOST_G = 1_000_000

/** What is being logged, what was, and the one that can still be taken back. */
data class LiftState(
    val lifts: List<Named>, val chosen: String, val sets: Int, val reps: Int, val barG: Int, val lines: List<String>, val undo: String?,
    val demo: Boolean,
)

class LiftViewModel(home: Home) : PageViewModel<LiftState>(home) {
    override suspend fun read(): LiftState {
        val talus = home.talus()
        val before = state.value.value()
        val lifts = talus.lifts().map { Named(it.lift.name, it.name) }
        return LiftState(
            lifts, before?.chosen ?: lifts.first().id, before?.sets ?: 3, before?.reps ?: 8, before?.barG ?: 0, talus.today().lifts,
            before?.undo, home.settings.wishes.value.demo,
        )
    }

    fun choose(lift: String) = change { it.copy(chosen = lift) }

    fun sets(by: Int) = change { it.copy(sets = (it.sets + by).coerceIn(1, 50)) }

    fun reps(by: Int) = change { it.copy(reps = (it.reps + by).coerceIn(1, 200)) }

    fun bar(by: Int) {
        val step = if (home.settings.wishes.value.pounds) STEP_LB_G else STEP_G
        change { it.copy(barG = (it.barG + by * step).coerceIn(0, MOST_G)) }
    }

    /** Keeps it as done now. */
    fun log() = act {
        val now = state.value.value() ?: return@act
        val id = home.talus().logLift(Lift.valueOf(now.chosen), now.sets.toUByte(), now.reps.toUInt(), now.barG.toUInt())
        change { it.copy(undo = id) }
        refresh()
    }

    /** Takes back what was logged last. */
    fun undo() = act {
        val id = state.value.value()?.undo ?: return@act
        home.talus().deleteSession(id)
        change { it.copy(undo = null) }
        refresh()
    }

    private fun change(how: (LiftState) -> LiftState) {
        shown.value = shown.value.with(how)
    }
}

/** What can be pressed. */
data class LiftActions(
    val back: () -> Unit = {}, val demo: () -> Unit = {}, val choose: (String) -> Unit = {}, val sets: (Int) -> Unit = {},
    val reps: (Int) -> Unit = {}, val bar: (Int) -> Unit = {}, val log: () -> Unit = {}, val undo: () -> Unit = {}, val again: () -> Unit = {},
)

@Composable
fun LiftScreen(state: Loaded<LiftState>, actions: LiftActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        stringResource(R.string.log_lift), back = actions.back, demo = if (ready?.demo == true) actions.demo else null, tag = "lift page",
        bottom = if (ready == null) null else {
            { PrimaryButton(stringResource(R.string.log_it), Modifier.testTag("log"), pressed = actions.log) }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> Whole(state.value, actions)
        }
    }
}

@Composable
private fun Whole(state: LiftState, actions: LiftActions) {
    Text(stringResource(R.string.log_lift_text))
    val chosen = state.lifts.firstOrNull { it.id == state.chosen }
    Choices(state.lifts, chosen, { it.name }, tag = { "lift ${it.id}" }) { actions.choose(it.id) }
    Card {
        Stepper(
            pluralStringResource(R.plurals.sets, state.sets, state.sets), stringResource(R.string.fewer_sets),
            stringResource(R.string.more_sets), fewer = { actions.sets(-1) }, further = { actions.sets(1) },
        )
        Stepper(
            pluralStringResource(R.plurals.reps, state.reps, state.reps), stringResource(R.string.fewer_reps),
            stringResource(R.string.more_reps), fewer = { actions.reps(-1) }, further = { actions.reps(1) },
        )
        Stepper(
            if (state.barG > 0) weight(state.barG) else stringResource(R.string.no_weight), stringResource(R.string.lighter),
            stringResource(R.string.heavier), fewer = { actions.bar(-1) }, further = { actions.bar(1) },
        )
    }
    if (state.undo != null) OtherButton(stringResource(R.string.take_back_last), Modifier.testTag("undo lift"), actions.undo)
    Heading(stringResource(R.string.lifts_done))
    if (state.lines.isEmpty()) Empty(stringResource(R.string.no_lifts), stringResource(R.string.no_lifts_text))
    else Card { for (line in state.lines) Muted(line) }
}

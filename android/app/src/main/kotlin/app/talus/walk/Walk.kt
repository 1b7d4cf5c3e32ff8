// A walk before it begins: what it will be, part by part, and why; or why there is none now.
package app.talus.walk

import androidx.compose.material3.MaterialTheme
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
import app.talus.core.Foretold
import app.talus.core.SessionWish
import app.talus.core.TalusException
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.clock
import app.talus.look.weight
import app.talus.whys

/** A walk that may begin, or why it may not. */
sealed interface WalkState {
    val demo: Boolean

    /**
     * First [beforeS] without a weight, then [times] times [loadedS] with [massG] on each leg and [easyS] without between, then
     * [afterS] without. [why] is the core's. Without weight [times] is nothing.
     */
    data class Open(
        val massG: Int, val beforeS: Int, val times: Int, val loadedS: Int, val easyS: Int, val afterS: Int, val wearMostS: Int,
        val skin: Boolean, val known: Boolean, val why: String, override val demo: Boolean,
    ) : WalkState

    /** Not now, and why. */
    data class Shut(val whys: List<String>, override val demo: Boolean) : WalkState
}

class WalkViewModel(home: Home) : PageViewModel<WalkState>(home) {
    override suspend fun read(): WalkState {
        val demo = home.settings.wishes.value.demo
        return try {
            home.talus().foretell(SessionWish.Walk).toState(demo)
        } catch (refused: TalusException.Invalid) {
            WalkState.Shut(refused.whys(), demo)
        }
    }

    fun start() = home.walk()
}

private fun Foretold.toState(demo: Boolean): WalkState = checkNotNull(walk) { "a walk was asked for" }.run {
    WalkState.Open(
        massG.toInt(), beforeS.toInt(), times.toInt(), loadedS.toInt(), easyS.toInt(), afterS.toInt(), wearMostS.toInt(), skin,
        ownWalkKnown, why, demo,
    )
}

@Composable
fun WalkSetUp(state: Loaded<WalkState>, back: () -> Unit, demo: () -> Unit, start: () -> Unit, again: () -> Unit) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        stringResource(R.string.walk), back = back, demo = if (ready?.demo == true) demo else null, tag = "walk page",
        bottom = if (ready !is WalkState.Open) null else {
            { PrimaryButton(stringResource(R.string.start), Modifier.testTag("start walk"), pressed = start) }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = again)
            is Loaded.Ready -> when (val walk = state.value) {
                is WalkState.Shut -> Card(Modifier.testTag("walk shut")) {
                    Heading(stringResource(R.string.not_now))
                    for (why in walk.whys) Text(why)
                }
                is WalkState.Open -> Open(walk)
            }
        }
    }
}

@Composable
private fun Open(walk: WalkState.Open) {
    Text(
        if (walk.massG > 0) weight(walk.massG) else stringResource(R.string.no_weight), style = MaterialTheme.typography.displayMedium,
    )
    if (walk.massG > 0) Muted(stringResource(R.string.on_each_leg))
    Text(walk.why, Modifier.testTag("why"))
    if (!walk.known) Muted(stringResource(R.string.walk_first))
    Card(Modifier.testTag("parts")) {
        Heading(stringResource(R.string.walk_parts))
        if (walk.massG == 0) {
            ValueRow(stringResource(R.string.walk_without), clock(walk.beforeS + walk.afterS))
        } else {
            ValueRow(stringResource(R.string.walk_without), clock(walk.beforeS))
            ValueRow(
                stringResource(R.string.walk_with), pluralStringResource(R.plurals.times_of, walk.times, walk.times, clock(walk.loadedS)),
            )
            if (walk.times > 1) ValueRow(stringResource(R.string.walk_between), clock(walk.easyS))
            ValueRow(stringResource(R.string.walk_after), clock(walk.afterS))
            ValueRow(stringResource(R.string.wear_limit), clock(walk.wearMostS))
        }
    }
    if (walk.skin) Muted(stringResource(R.string.skin_after))
    Muted(stringResource(R.string.not_for_running))
}

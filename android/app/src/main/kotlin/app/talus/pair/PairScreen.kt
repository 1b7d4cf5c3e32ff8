// Pairing, step by step, with the words of the design.
package app.talus.pair

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.onClick
import androidx.compose.ui.semantics.role
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.Card
import app.talus.look.Heading
import app.talus.look.Icons
import app.talus.look.Leg
import app.talus.look.Meter
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.NoticeButton
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Stepper
import app.talus.look.Tick
import app.talus.look.Title
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.legName
import app.talus.look.weight

/** What can be pressed while pairing. */
data class PairActions(
    val back: () -> Unit = {},
    val allow: () -> Unit = {},
    val openSettings: () -> Unit = {},
    val turnOn: () -> Unit = {},
    val tryDemo: () -> Unit = {},
    val look: () -> Unit = {},
    val choose: (String) -> Unit = {},
    val yes: () -> Unit = {},
    val leg: (Leg) -> Unit = {},
    val weigh: (Boolean) -> Unit = {},
    val keep: () -> Unit = {},
    val done: () -> Unit = {},
    val demo: (() -> Unit)? = null,
)

@Composable
fun PairScreen(state: PairState, actions: PairActions) = Page(
    title(state), back = actions.back, demo = actions.demo, tag = "pair page", bottom = bottom(state, actions),
) {
    Meter(state.step, height = 8.dp)
    when (state) {
        is PairState.Why -> {
            Icon(Icons.bluetooth, null, tint = MaterialTheme.colorScheme.primary)
            Text(stringResource(if (state.access == Access.NOT_ASKED) R.string.pair_why_text else R.string.pair_denied))
        }
        PairState.Off -> Text(stringResource(R.string.bluetooth_off_text))
        is PairState.Failed -> Trouble(state.advice, again = actions.look)
        is PairState.Nearby -> NearbyList(state, actions)
        is PairState.Connecting -> Connecting(state, actions)
        is PairState.Wiggle -> {
            Text(stringResource(R.string.pair_wiggle_text))
            if (state.felt) {
                Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                    Tick(true)
                    Text(stringResource(R.string.pair_felt), Modifier.testTag("felt"), style = MaterialTheme.typography.titleMedium)
                }
            } else if (state.again) {
                Notice(stringResource(R.string.pair_no_shake))
            }
        }
        is PairState.WhichLeg -> {
            Text(stringResource(R.string.pair_leg_text))
            for (leg in Leg.entries) {
                Card(Modifier.testTag("leg $leg"), { actions.leg(leg) }) {
                    Row(horizontalArrangement = Arrangement.spacedBy(16.dp), verticalAlignment = Alignment.CenterVertically) {
                        SideBadge(leg, size = 48.dp)
                        Text(
                            stringResource(if (leg == Leg.LEFT) R.string.left else R.string.right),
                            style = MaterialTheme.typography.titleLarge,
                        )
                    }
                    if (leg in state.taken) Muted(
                        stringResource(if (leg == Leg.LEFT) R.string.pair_replaces_left else R.string.pair_replaces_right),
                    )
                }
            }
        }
        is PairState.Weight -> {
            Text(stringResource(R.string.pair_weight_text))
            Card {
                Stepper(
                    if (state.massG > 0) weight(state.massG) else stringResource(R.string.no_weight), stringResource(R.string.lighter),
                    stringResource(R.string.heavier), fewer = { actions.weigh(false) }, further = { actions.weigh(true) },
                )
            }
        }
        is PairState.Ready -> Card {
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
                SideBadge(state.leg)
                Text(state.name, style = MaterialTheme.typography.titleMedium)
            }
            ValueRow(
                stringResource(R.string.weight_on_it), if (state.massG > 0) weight(state.massG) else stringResource(R.string.no_weight),
            )
            ValueRow(
                stringResource(R.string.battery),
                state.batteryPercent?.let { stringResource(R.string.percent, it) } ?: stringResource(R.string.not_known),
            )
            Muted(stringResource(R.string.pair_learns_later))
        }
    }
}

@Composable
private fun title(state: PairState): String = stringResource(
    when (state) {
        is PairState.Why -> R.string.pair_why
        PairState.Off -> R.string.bluetooth_off
        is PairState.Failed -> R.string.pair_nearby
        is PairState.Nearby -> R.string.pair_nearby
        is PairState.Connecting -> R.string.connecting
        is PairState.Wiggle -> R.string.pair_wiggle
        is PairState.WhichLeg -> R.string.pair_leg
        is PairState.Weight -> R.string.pair_weight
        is PairState.Ready -> if (state.leg == Leg.LEFT) R.string.pair_ready_left else R.string.pair_ready_right
    },
)

/** What can be done on this step. */
private fun bottom(state: PairState, actions: PairActions): (@Composable ColumnScope.() -> Unit)? = when (state) {
    is PairState.Why -> ({
        if (state.access == Access.DENIED_FOR_EVER) {
            PrimaryButton(stringResource(R.string.open_settings), Modifier.testTag("open settings"), pressed = actions.openSettings)
        } else {
            PrimaryButton(stringResource(R.string.allow_bluetooth), Modifier.testTag("allow"), pressed = actions.allow)
        }
        OtherButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.tryDemo)
    })
    PairState.Off -> ({
        PrimaryButton(stringResource(R.string.turn_on), Modifier.testTag("turn on"), pressed = actions.turnOn)
        OtherButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.tryDemo)
    })
    is PairState.Failed -> ({ OtherButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.tryDemo) })
    is PairState.Wiggle -> ({
        PrimaryButton(stringResource(R.string.pair_yes), Modifier.testTag("yes"), pressed = actions.yes)
        OtherButton(stringResource(R.string.no), Modifier.testTag("no"), actions.look)
    })
    is PairState.Weight -> ({ PrimaryButton(stringResource(R.string.next), Modifier.testTag("keep"), pressed = actions.keep) })
    is PairState.Ready -> ({
        PrimaryButton(stringResource(R.string.done), Modifier.testTag("done"), pressed = actions.done)
        OtherButton(stringResource(R.string.pair_other), Modifier.testTag("other"), actions.look)
    })
    else -> null
}

@Composable
private fun NearbyList(state: PairState.Nearby, actions: PairActions) {
    Text(stringResource(R.string.pair_nearby_text))
    for (cuff in state.cuffs) {
        val strength = cuff.strength?.let { strengthWord(it) }
        val battery = cuff.batteryPercent?.let { stringResource(R.string.percent, it) }
        val leg = cuff.leg?.let { legName(it) }
        val said = listOfNotNull(cuff.name, strength, battery, leg).joinToString(", ")
        Card(
            Modifier.testTag("cuff ${cuff.name}").clearAndSetSemantics {
                contentDescription = said
                role = Role.Button
                onClick {
                    actions.choose(cuff.name)
                    true
                }
            },
            { actions.choose(cuff.name) },
        ) {
            Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(12.dp), Alignment.CenterVertically) {
                cuff.leg?.let { SideBadge(it) }
                Text(cuff.name, Modifier.weight(1f), style = MaterialTheme.typography.titleLarge)
            }
            Muted(listOfNotNull(strength, battery).joinToString(" · "))
        }
    }
    if (state.nothing) {
        Heading(stringResource(R.string.pair_nothing))
        Text(stringResource(R.string.pair_nothing_text))
        OtherButton(stringResource(R.string.look_again), Modifier.testTag("look"), actions.look)
        QuietButton(stringResource(R.string.try_demo), Modifier.testTag("try demo"), actions.tryDemo)
    } else {
        Muted(stringResource(R.string.still_looking), Modifier.testTag("looking"))
    }
}

@Composable
private fun strengthWord(strength: Strength): String = stringResource(
    when (strength) {
        Strength.STRONG -> R.string.strong_signal
        Strength.GOOD -> R.string.good_signal
        Strength.WEAK -> R.string.weak_signal
    },
)

@Composable
private fun Connecting(state: PairState.Connecting, actions: PairActions) {
    Title(state.name)
    val trouble = if (state.busy) R.string.cuff_busy else if (state.tooOld) R.string.link_too_old else null
    if (trouble != null) {
        Notice(stringResource(trouble), Modifier.testTag("busy")) {
            Text(stringResource(if (state.busy) R.string.cuff_busy_text else R.string.too_old_text))
            NoticeButton(stringResource(R.string.look_again), Modifier.testTag("look"), pressed = actions.look)
        }
    }
}

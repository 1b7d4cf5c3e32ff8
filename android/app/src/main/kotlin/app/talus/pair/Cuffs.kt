// The cuffs of the household: which leg, what weight, another name, forgotten.
package app.talus.pair

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedTextField
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.look.Card
import app.talus.look.ConfirmDialog
import app.talus.look.Empty
import app.talus.look.Leg
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.SideBadge
import app.talus.look.Stepper
import app.talus.look.Trouble
import app.talus.look.ValueRow
import app.talus.look.weight
import app.talus.session.toLeg
import app.talus.session.toSide
import app.talus.value

/** Every cuff of the household. */
data class CuffsState(val cuffs: List<OwnCuff>, val demo: Boolean)

/** A cuff; the leg and weight are absent where it is not worn. */
data class OwnCuff(val id: String, val name: String, val serial: String, val leg: Leg?, val massG: Int?)

class CuffsViewModel(home: Home) : PageViewModel<CuffsState>(home) {
    override suspend fun read() = CuffsState(
        home.talus().cuffs().map { OwnCuff(it.id, it.name, it.serial, it.side?.toLeg(), it.massG?.toInt()) }
            .sortedBy { it.leg ?: Leg.RIGHT },
        home.settings.wishes.value.demo,
    )

    fun rename(cuff: OwnCuff, name: String) = act {
        home.talus().renameCuff(cuff.id, name)
        refresh()
    }

    /** From now on this much is on it. */
    fun weigh(cuff: OwnCuff, massG: Int) = act {
        val leg = cuff.leg ?: return@act
        home.talus().wearCuff(cuff.id, leg.toSide(), massG.coerceIn(0, MOST_G).toUInt())
        refresh()
    }

    /** The cuffs of both legs change places, each with its weight; one alone changes the leg. */
    fun otherLeg(cuff: OwnCuff) = act {
        val leg = cuff.leg ?: return@act
        val talus = home.talus()
        if (state.value.value()?.cuffs?.any { it.leg == leg.other } == true) talus.swapCuffs(cuff.id)
        else talus.wearCuff(cuff.id, leg.other.toSide(), (cuff.massG ?: 0).toUInt())
        refresh()
    }

    fun forget(cuff: OwnCuff) = act {
        home.talus().forgetCuff(cuff.id)
        refresh()
    }
}

/** What can be pressed on the page of cuffs. */
data class CuffsActions(
    val back: () -> Unit = {}, val add: () -> Unit = {}, val rename: (OwnCuff, String) -> Unit = { _, _ -> },
    val forget: (OwnCuff) -> Unit = {}, val weigh: (OwnCuff, Int) -> Unit = { _, _ -> }, val otherLeg: (OwnCuff) -> Unit = {},
    val demo: () -> Unit = {}, val again: () -> Unit = {},
)

@Composable
fun CuffsScreen(state: Loaded<CuffsState>, actions: CuffsActions) {
    val ready = (state as? Loaded.Ready)?.value
    Page(
        stringResource(R.string.cuffs), back = actions.back, demo = if (ready?.demo == true) actions.demo else null, tag = "cuffs page",
        bottom = { PrimaryButton(stringResource(R.string.add_cuff), Modifier.testTag("add"), pressed = actions.add) },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> {
                if (state.value.cuffs.isEmpty()) Empty(stringResource(R.string.no_cuffs_yet), stringResource(R.string.no_cuffs_text))
                for (cuff in state.value.cuffs) CuffCard(cuff, actions)
            }
        }
    }
}

@Composable
private fun CuffCard(cuff: OwnCuff, actions: CuffsActions) = Card(Modifier.testTag("cuff ${cuff.id}")) {
    var renames by rememberSaveable(cuff.id) { mutableStateOf(false) }
    var forgets by rememberSaveable(cuff.id) { mutableStateOf(false) }
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        cuff.leg?.let { SideBadge(it) }
        Text(cuff.name, style = MaterialTheme.typography.titleLarge)
    }
    if (cuff.leg == null) Muted(stringResource(R.string.not_worn))
    val mass = cuff.massG
    if (mass != null) {
        Muted(stringResource(R.string.weight_on_it))
        Stepper(
            if (mass > 0) weight(mass) else stringResource(R.string.no_weight), stringResource(R.string.lighter),
            stringResource(R.string.heavier), fewer = { actions.weigh(cuff, mass - STEP_G) }, further = { actions.weigh(cuff, mass + STEP_G) },
        )
    }
    ValueRow(stringResource(R.string.serial), cuff.serial)
    Column {
        if (cuff.leg == null) QuietButton(stringResource(R.string.change_leg_weight), Modifier.testTag("change ${cuff.id}"), actions.add)
        else QuietButton(stringResource(R.string.to_other_leg), Modifier.testTag("other leg ${cuff.id}")) { actions.otherLeg(cuff) }
        QuietButton(stringResource(R.string.rename), Modifier.testTag("rename ${cuff.id}")) { renames = true }
        QuietButton(stringResource(R.string.forget), Modifier.testTag("forget ${cuff.id}")) { forgets = true }
    }
    if (renames) {
        var name by rememberSaveable(cuff.id) { mutableStateOf(cuff.name) }
        AlertDialog(
            onDismissRequest = { renames = false },
            title = { Text(stringResource(R.string.rename)) },
            text = {
                OutlinedTextField(
                    name, { name = it }, Modifier.testTag("new name"), singleLine = true, label = { Text(stringResource(R.string.name)) },
                )
            },
            confirmButton = {
                QuietButton(stringResource(R.string.save), Modifier.testTag("save name")) {
                    renames = false
                    actions.rename(cuff, name)
                }
            },
            dismissButton = { QuietButton(stringResource(R.string.cancel)) { renames = false } },
        )
    }
    if (forgets) {
        ConfirmDialog(
            stringResource(R.string.forget_question), stringResource(R.string.forget_text), stringResource(R.string.forget),
            "do forget", "keep cuff", { forgets = false },
        ) { actions.forget(cuff) }
    }
}

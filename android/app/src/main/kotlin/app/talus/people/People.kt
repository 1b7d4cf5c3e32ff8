// The people of the household: who is chosen on this phone, another name, one more.
package app.talus.people

import androidx.compose.foundation.layout.Arrangement
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
import androidx.compose.ui.res.pluralStringResource
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.unit.dp
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.look.Card
import app.talus.look.ConfirmDialog
import app.talus.look.Loading
import app.talus.look.Muted
import app.talus.look.OtherButton
import app.talus.look.Page
import app.talus.look.PrimaryButton
import app.talus.look.QuietButton
import app.talus.look.Tick
import app.talus.look.Trouble

/** Everybody in the household. */
data class PeopleState(val people: List<Person>, val demo: Boolean)

/** A person; the chosen one is who trains on this phone now. */
data class Person(val id: String, val name: String, val chosen: Boolean, val sessions: Int)

class PeopleViewModel(home: Home) : PageViewModel<PeopleState>(home) {
    override suspend fun read() = PeopleState(
        home.talus().profiles().map { Person(it.id, it.name, it.chosen, it.has.sessions.toInt()) }, home.settings.wishes.value.demo,
    )

    /** From now on everything is [person]'s; what was picked for the next session was somebody else's. */
    fun choose(person: Person) {
        home.settings.change { it.copy(person = person.id, picked = listOf()) }
        refresh()
    }

    fun rename(name: String) = act {
        home.talus().renamePerson(name)
        refresh()
    }

    /** Deletes [person] with everything that is theirs. */
    fun delete(person: Person) = act {
        home.talus().deletePerson(person.id)
        refresh()
    }

    fun add(name: String) = act {
        home.talus().addPerson(name)
        refresh()
    }
}

/** What can be pressed on the page of people. */
data class PeopleActions(
    val back: () -> Unit = {}, val choose: (Person) -> Unit = {}, val rename: (String) -> Unit = {}, val add: (String) -> Unit = {},
    val delete: (Person) -> Unit = {},
    val demo: () -> Unit = {}, val again: () -> Unit = {},
)

private enum class Asked { NEW, NAME }

@Composable
fun PeopleScreen(state: Loaded<PeopleState>, actions: PeopleActions) {
    val ready = (state as? Loaded.Ready)?.value
    var asked by rememberSaveable { mutableStateOf<Asked?>(null) }
    Page(
        stringResource(R.string.people), back = actions.back, demo = if (ready?.demo == true) actions.demo else null, tag = "people page",
        bottom = if (ready == null) null else {
            { PrimaryButton(stringResource(R.string.add_person), Modifier.testTag("add person")) { asked = Asked.NEW } }
        },
    ) {
        when (state) {
            Loaded.Not -> Loading()
            is Loaded.Failed -> Trouble(state.advice, again = actions.again)
            is Loaded.Ready -> {
                Muted(stringResource(R.string.people_text))
                for (person in state.value.people) PersonCard(person, actions) { asked = Asked.NAME }
            }
        }
    }
    asked?.let { what ->
        val now = ready?.people?.firstOrNull { it.chosen }?.name.orEmpty()
        NameDialog(if (what == Asked.NAME) now else "", what == Asked.NEW, { asked = null }) { name ->
            asked = null
            if (what == Asked.NEW) actions.add(name) else actions.rename(name)
        }
    }
}

@Composable
private fun PersonCard(person: Person, actions: PeopleActions, rename: () -> Unit) = Card(Modifier.testTag("person ${person.id}")) {
    Row(horizontalArrangement = Arrangement.spacedBy(12.dp), verticalAlignment = Alignment.CenterVertically) {
        if (person.chosen) Tick(true)
        Text(person.name.ifEmpty { stringResource(R.string.nameless) }, style = MaterialTheme.typography.titleLarge)
    }
    if (person.chosen) {
        Muted(stringResource(R.string.chosen_person))
        QuietButton(stringResource(R.string.rename), Modifier.testTag("rename person"), rename)
    } else {
        OtherButton(stringResource(R.string.choose_person), Modifier.testTag("choose ${person.id}")) { actions.choose(person) }
        DeletePerson(person) { actions.delete(person) }
    }
}

/** The chosen person is not deleted here: who trains now is changed first. */
@Composable
private fun DeletePerson(person: Person, delete: () -> Unit) {
    var asks by rememberSaveable(person.id) { mutableStateOf(false) }
    QuietButton(stringResource(R.string.delete_person), Modifier.testTag("delete ${person.id}")) { asks = true }
    if (!asks) return
    ConfirmDialog(
        stringResource(R.string.delete_person_question, person.name),
        pluralStringResource(R.plurals.delete_person_text, person.sessions, person.sessions), stringResource(R.string.delete_person),
        "do delete", "keep person", { asks = false }, delete,
    )
}

@Composable
private fun NameDialog(now: String, fresh: Boolean, dismissed: () -> Unit, named: (String) -> Unit) {
    var name by rememberSaveable { mutableStateOf(now) }
    AlertDialog(
        onDismissRequest = dismissed,
        title = { Text(stringResource(if (fresh) R.string.add_person else R.string.rename)) },
        text = {
            OutlinedTextField(
                name, { name = it }, Modifier.testTag("person name"), singleLine = true, label = { Text(stringResource(R.string.name)) },
            )
        },
        confirmButton = {
            QuietButton(stringResource(R.string.save), Modifier.testTag("save person")) { if (name.isNotBlank()) named(name.trim()) }
        },
        dismissButton = { QuietButton(stringResource(R.string.cancel), pressed = dismissed) },
    )
}

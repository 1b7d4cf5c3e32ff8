// The settings of this phone: what is heard and felt, reminders, the lock, language, units, view for the floor, demo.
package app.talus.you

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.selection.toggleable
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Switch
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
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.unit.dp
import app.talus.Appearance
import app.talus.Daylight
import app.talus.R
import app.talus.Wishes
import app.talus.look.Card
import app.talus.look.Choice
import app.talus.look.Choices
import app.talus.look.ConfirmDialog
import app.talus.look.Heading
import app.talus.look.Muted
import app.talus.look.Notice
import app.talus.look.NoticeButton
import app.talus.look.Page
import app.talus.look.QuietButton
import app.talus.look.Stepper
import app.talus.look.TOUCH
import app.talus.look.clock
import app.talus.look.locale
import app.talus.session.FloorWish
import app.talus.voice.Felt
import app.talus.voice.Speaks
import app.talus.voice.Speech
import app.talus.voice.TellingWishes
import java.time.DayOfWeek
import java.time.format.TextStyle

/** What this phone can do of what is set. */
data class PhoneState(
    val speech: Speech = Speech.READY,
    /** A screen reader is on. */
    val reader: Boolean = false,
    /** The phone has a lock of its own. */
    val canLock: Boolean = true,
    /** The app may show notices. */
    val mayTell: Boolean = true,
    /** What the phone has for health. */
    val health: HealthState = HealthState.NONE,
    /** The phone makes colours of its wallpaper. */
    val wallpaperColours: Boolean = true,
)

/** How it stands with the phone's store for health. */
enum class HealthState {
    /** There is none on this phone: nothing is said of it. */
    NONE, OFF, ON,

    /** It is on for somebody else of the household. */
    OTHERS,

    /** It is on, and the phone does not allow it any more. */
    DENIED,

    /** It is on, and the store did not take what was given last. */
    REFUSED,
}

/** What can be pressed on the page of settings. */
data class SettingsActions(
    val back: () -> Unit = {},
    val demo: () -> Unit = {},
    val change: ((Wishes) -> Wishes) -> Unit = {},
    val tryOut: () -> Unit = {},
    val voices: () -> Unit = {},
    val askNotices: () -> Unit = {},
    val allowNotices: () -> Unit = {},
    val giveHealth: () -> Unit = {},
    val healthOff: () -> Unit = {},
    val takeHealthBack: () -> Unit = {},
)

/** Languages of the app, each by its own name; null is the phone's. */
private val languages = listOf(null, "en", "de")

/** Steps in which the time of a reminder is set, minutes. */
private const val STEP_MIN = 30
private const val DAY_MIN = 24 * 60

@Composable
fun SettingsScreen(wishes: Wishes, phone: PhoneState, actions: SettingsActions) =
    Page(stringResource(R.string.settings), back = actions.back, demo = if (wishes.demo) actions.demo else null, tag = "settings page") {
        val change = actions.change
        VoiceCard(wishes.telling, phone, actions) { how -> change { it.copy(telling = how(it.telling)) } }
        SoundCard(wishes.telling, actions) { how -> change { it.copy(telling = how(it.telling)) } }
        ReminderCard(wishes, phone, actions)
        LockCard(wishes, phone, actions)
        if (phone.health != HealthState.NONE && !wishes.demo) HealthCard(phone.health, actions)
        LookCard(wishes.appearance, phone.wallpaperColours) { how -> change { it.copy(appearance = how(it.appearance)) } }
        Card {
            Heading(stringResource(R.string.language))
            Choices(languages, wishes.language, { language ->
                when (language) {
                    "en" -> "English"
                    "de" -> "Deutsch"
                    else -> stringResource(R.string.as_the_phone)
                }
            }, tag = { "language ${it ?: "phone"}" }) { language -> change { it.copy(language = language) } }
        }
        Card {
            Heading(stringResource(R.string.weights))
            Choices(
                listOf(false, true), wishes.pounds, { stringResource(if (it) R.string.pounds else R.string.kilograms) },
                tag = { "pounds $it" },
            ) { pounds ->
                change { it.copy(pounds = pounds) }
            }
        }
        Card {
            Heading(stringResource(R.string.floor_view))
            Text(stringResource(R.string.floor_view_text))
            Choices(FloorWish.entries, wishes.floor, {
                stringResource(
                    when (it) {
                        FloorWish.BY_EXERCISE -> R.string.floor_by_exercise
                        FloorWish.ALWAYS -> R.string.always
                        FloorWish.NEVER -> R.string.never
                    },
                )
            }, tag = { "floor $it" }) { floor -> change { it.copy(floor = floor) } }
        }
        Card {
            Heading(stringResource(R.string.demo))
            Text(stringResource(R.string.demo_text))
            Choices(
                listOf(true, false), wishes.demo, { stringResource(if (it) R.string.on else R.string.off) }, tag = { "demo $it" },
            ) { on ->
                change { it.copy(demo = on) }
            }
        }
    }

@Composable
private fun VoiceCard(
    wishes: TellingWishes, phone: PhoneState, actions: SettingsActions, change: ((TellingWishes) -> TellingWishes) -> Unit,
) = Card {
    Heading(stringResource(R.string.voice))
    Choices(Speaks.entries, wishes.speaks, {
        stringResource(
            when (it) {
                Speaks.NOTHING -> R.string.off
                Speaks.CUES -> R.string.voice_cues
                Speaks.NUMBERS -> R.string.voice_numbers
            },
        )
    }, tag = { "speaks $it" }) { speaks -> change { it.copy(speaks = speaks) } }
    if (wishes.speaks == Speaks.NOTHING) return@Card
    val missing = when (phone.speech) {
        Speech.NO_ENGINE -> R.string.no_voice
        Speech.NO_LANGUAGE -> R.string.no_voice_language
        else -> null
    }
    if (missing != null) {
        Notice(stringResource(missing), Modifier.testTag("no voice")) {
            Text(stringResource(R.string.no_voice_text))
            NoticeButton(stringResource(R.string.voices), Modifier.testTag("voices"), pressed = actions.voices)
        }
    }
    SwitchRow(stringResource(R.string.headset_only), wishes.headsetOnly, "headset only", stringResource(R.string.headset_only_text)) { on ->
        change { it.copy(headsetOnly = on) }
    }
    // Two voices at once help nobody, so ours is silent unless it is asked for.
    if (phone.reader) {
        SwitchRow(stringResource(R.string.over_reader), wishes.overReader, "over reader", stringResource(R.string.over_reader_text)) { on ->
            change { it.copy(overReader = on) }
        }
    }
}

@Composable
private fun SoundCard(wishes: TellingWishes, actions: SettingsActions, change: ((TellingWishes) -> TellingWishes) -> Unit) = Card {
    Heading(stringResource(R.string.sounds_and_pulses))
    SwitchRow(stringResource(R.string.sounds), wishes.sounds, "sounds") { on -> change { it.copy(sounds = on) } }
    Text(stringResource(R.string.pulses), style = MaterialTheme.typography.titleMedium)
    Choices(Felt.entries, wishes.felt, {
        stringResource(
            when (it) {
                Felt.NOT -> R.string.off
                Felt.SOFT -> R.string.soft
                Felt.STRONG -> R.string.strong
            },
        )
    }, tag = { "felt $it" }) { felt -> change { it.copy(felt = felt) } }
    QuietButton(stringResource(R.string.try_out), Modifier.testTag("try out"), actions.tryOut)
}

@OptIn(ExperimentalLayoutApi::class)
@Composable
private fun ReminderCard(wishes: Wishes, phone: PhoneState, actions: SettingsActions) = Card {
    Heading(stringResource(R.string.reminders))
    Text(stringResource(R.string.reminders_text))
    if (!phone.mayTell) {
        Notice(stringResource(R.string.notices_off), Modifier.testTag("notices off")) {
            Text(stringResource(R.string.notices_off_text))
            NoticeButton(stringResource(R.string.notices_allow), Modifier.testTag("allow notices"), pressed = actions.allowNotices)
        }
    }
    FlowRow(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
        for (of in DayOfWeek.entries) {
            val day = of.value
            val on = day in wishes.remindOn
            Choice(
                of.getDisplayName(TextStyle.SHORT, locale()), on, Modifier.testTag("remind $day"),
                of.getDisplayName(TextStyle.FULL, locale()),
            ) {
                actions.change { it.copy(remindOn = if (on) it.remindOn - day else it.remindOn + day) }
                if (!on) actions.askNotices()
            }
        }
    }
    if (wishes.remindOn.isNotEmpty()) {
        Stepper(
            clock(wishes.remindAtMin), stringResource(R.string.earlier), stringResource(R.string.later_time),
            fewer = { actions.change { it.copy(remindAtMin = (it.remindAtMin + DAY_MIN - STEP_MIN) % DAY_MIN) } },
            further = { actions.change { it.copy(remindAtMin = (it.remindAtMin + STEP_MIN) % DAY_MIN) } },
        )
    }
}

@Composable
private fun LockCard(wishes: Wishes, phone: PhoneState, actions: SettingsActions) = Card {
    Heading(stringResource(R.string.app_lock))
    if (phone.canLock || wishes.lock) {
        SwitchRow(stringResource(R.string.app_lock_on), wishes.lock, "lock", stringResource(R.string.app_lock_text)) { on ->
            actions.change { it.copy(lock = on) }
        }
    } else {
        Muted(stringResource(R.string.app_lock_none))
    }
}

@Composable
internal fun HealthCard(state: HealthState, actions: SettingsActions) = Card(Modifier.testTag("health card")) {
    var asks by rememberSaveable { mutableStateOf(false) }
    Heading(stringResource(R.string.health_connect))
    val on = state != HealthState.OFF && state != HealthState.OTHERS
    SwitchRow(stringResource(R.string.health_give), on, "health", stringResource(R.string.health_what)) {
        if (it) actions.giveHealth() else actions.healthOff()
    }
    Muted(stringResource(R.string.health_not))
    when (state) {
        HealthState.OTHERS -> Muted(stringResource(R.string.health_others))
        HealthState.DENIED -> Notice(stringResource(R.string.health_denied), Modifier.testTag("health denied")) {
            NoticeButton(stringResource(R.string.health_allow), Modifier.testTag("allow health"), pressed = actions.giveHealth)
        }
        HealthState.REFUSED -> Notice(stringResource(R.string.health_refused), Modifier.testTag("health refused"))
        else -> {}
    }
    QuietButton(stringResource(R.string.health_take_back), Modifier.testTag("take health back")) { asks = true }
    if (asks) {
        ConfirmDialog(
            stringResource(R.string.health_take_back), stringResource(R.string.health_take_back_text),
            stringResource(R.string.health_take_back), "do take back", "keep health", { asks = false }, actions.takeHealthBack,
        )
    }
}

@Composable
internal fun LookCard(now: Appearance, wallpaperColours: Boolean, change: ((Appearance) -> Appearance) -> Unit) = Card(Modifier.testTag("look")) {
    Heading(stringResource(R.string.look))
    Choices(Daylight.entries, now.daylight, {
        stringResource(
            when (it) {
                Daylight.AS_THE_PHONE -> R.string.as_the_phone
                Daylight.LIGHT -> R.string.look_light
                Daylight.DARK -> R.string.look_dark
            },
        )
    }, tag = { "daylight $it" }) { daylight -> change { it.copy(daylight = daylight) } }
    SwitchRow(stringResource(R.string.contrast), now.contrast, "contrast") { on -> change { it.copy(contrast = on) } }
    if (wallpaperColours) {
        SwitchRow(stringResource(R.string.wallpaper), now.wallpaper, "wallpaper", stringResource(R.string.wallpaper_text)) { on ->
            change { it.copy(wallpaper = on) }
        }
    }
    SwitchRow(stringResource(R.string.flashes), now.flashes, "flashes", stringResource(R.string.flashes_text)) { on ->
        change { it.copy(flashes = on) }
    }
    SwitchRow(stringResource(R.string.left_hand), now.leftHand, "left hand", stringResource(R.string.left_hand_text)) { on ->
        change { it.copy(leftHand = on) }
    }
}

/** Something that is on or off, pressed anywhere on its row. */
@Composable
private fun SwitchRow(text: String, on: Boolean, tag: String, below: String? = null, change: (Boolean) -> Unit) = Row(
    Modifier.fillMaxWidth().heightIn(min = TOUCH).testTag(tag).toggleable(on, role = Role.Switch, onValueChange = change),
    Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
) {
    Column(Modifier.weight(1f)) {
        Text(text, style = MaterialTheme.typography.titleMedium)
        if (below != null) Muted(below)
    }
    Switch(on, null)
}

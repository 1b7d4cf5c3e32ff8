// The page of settings with what this phone says of itself.
package app.talus.you

import android.app.NotificationManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.talus.Home
import app.talus.Wishes
import app.talus.lock.canLock
import app.talus.pair.openAppSettings
import app.talus.remind.remind
import app.talus.service.rememberNotificationQuestion

/** Where the phone's voices are chosen: a name that Android has and does not write down. */
private const val VOICES = "com.android.settings.TTS_SETTINGS"

/** The cue that is tried out: heard, felt, and short. */
private const val TRIED = "set_done"

@Composable
fun SettingsRoute(home: Home, wishes: Wishes, back: () -> Unit, demo: () -> Unit) {
    val context = LocalContext.current
    val speech by home.speech.collectAsStateWithLifecycle()
    var phone by remember { mutableStateOf(state(context, home)) }
    // What was changed in the phone's settings meanwhile.
    LifecycleEventEffect(Lifecycle.Event.ON_RESUME) { phone = state(context, home) }
    val ask = rememberNotificationQuestion()
    val allow = rememberNotificationQuestion(refused = { openAppSettings(context) })
    LaunchedEffect(wishes.remindOn, wishes.remindAtMin) { remind(context, wishes.remindOn, wishes.remindAtMin) }
    LaunchedEffect(wishes.telling.speaks, wishes.language) { home.askForVoice() }
    DisposableEffect(Unit) { onDispose(home::letGoOfVoice) }
    SettingsScreen(
        wishes, phone.copy(speech = speech),
        SettingsActions(
            back, demo, home.settings::change, { home.tryOut(TRIED) },
            voices = {
                try {
                    context.startActivity(Intent(VOICES).addFlags(Intent.FLAG_ACTIVITY_NEW_TASK))
                } catch (_: ActivityNotFoundException) {
                    openAppSettings(context)
                }
            },
            askNotices = ask, allowNotices = allow,
        ),
    )
}

private fun state(context: Context, home: Home) = PhoneState(
    reader = home.readerIsOn, canLock = canLock(context),
    mayTell = context.getSystemService(NotificationManager::class.java).areNotificationsEnabled(),
)

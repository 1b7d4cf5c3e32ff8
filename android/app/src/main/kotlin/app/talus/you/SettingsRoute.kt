// The page of settings with what this phone says of itself.
package app.talus.you

import android.app.NotificationManager
import android.content.ActivityNotFoundException
import android.content.Context
import android.content.Intent
import android.os.Build
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.setValue
import androidx.compose.ui.platform.LocalContext
import androidx.lifecycle.Lifecycle
import androidx.lifecycle.compose.LifecycleEventEffect
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import app.talus.Home
import app.talus.Wishes
import app.talus.core.TalusException
import app.talus.lock.canLock
import app.talus.look.hasWallpaperColours
import app.talus.pair.openAppSettings
import app.talus.remind.remind
import app.talus.service.rememberNotificationQuestion
import kotlinx.coroutines.launch

/** Where the phone's voices are chosen: a name that Android has and does not write down. */
private const val VOICES = "com.android.settings.TTS_SETTINGS"

/** The cue that is tried out: heard, felt, and short. */
private const val TRIED = "set_done"

@Composable
fun SettingsRoute(home: Home, wishes: Wishes, back: () -> Unit, demo: () -> Unit) {
    val context = LocalContext.current
    val speech by home.speech.collectAsStateWithLifecycle()
    val scope = rememberCoroutineScope()
    var phone by remember { mutableStateOf(PhoneState()) }
    val refused by home.health.refused.collectAsStateWithLifecycle()
    // What was changed in the phone's settings meanwhile.
    LifecycleEventEffect(Lifecycle.Event.ON_RESUME) { scope.launch { phone = state(context, home) } }
    LaunchedEffect(wishes.health, wishes.person, refused) { phone = state(context, home) }
    val give = rememberLauncherForActivityResult(RequestPermission()) { allowed ->
        scope.launch {
            try {
                if (allowed) home.health.turnOn() else openAppSettings(context)
            } catch (_: TalusException) {
                // It stays off; the pages that read the history say why.
            }
            phone = state(context, home)
        }
    }
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
            giveHealth = { give.launch(home.health.store.permission) },
            healthOff = {
                home.health.turnOff()
                // What is not used is not kept either, from the next start on.
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) context.revokeSelfPermissionOnKill(home.health.store.permission)
            },
            takeHealthBack = { scope.launch { home.health.takeBack() } },
        ),
    )
}

private suspend fun state(context: Context, home: Home) = PhoneState(
    reader = home.readerIsOn, canLock = canLock(context),
    mayTell = context.getSystemService(NotificationManager::class.java).areNotificationsEnabled(),
    health = health(home), wallpaperColours = hasWallpaperColours,
)

private suspend fun health(home: Home): HealthState {
    val giving = home.settings.wishes.value.health
    return when {
        !home.health.store.there -> HealthState.NONE
        giving == null -> HealthState.OFF
        chosen(home) != giving.person -> HealthState.OTHERS
        !home.health.store.allowed() -> HealthState.DENIED
        home.health.refused.value -> HealthState.REFUSED
        else -> HealthState.ON
    }
}

/** Who is chosen; null where the history does not say it now. */
private suspend fun chosen(home: Home): String? = try {
    home.talus().profiles().firstOrNull { it.chosen }?.id
} catch (_: TalusException) {
    null
}

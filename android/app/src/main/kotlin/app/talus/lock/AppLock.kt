// The lock before the app: closed when the app begins and whenever it was away for a while. A session is never behind it.
package app.talus.lock

import android.app.Activity
import android.app.KeyguardManager
import android.content.Context
import android.content.Intent
import android.hardware.biometrics.BiometricManager
import android.hardware.biometrics.BiometricPrompt
import android.os.Build
import android.os.CancellationSignal
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.StartActivityForResult
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.pair.activity
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** Whoever is away for less comes back without being asked, milliseconds. */
private const val AWAY_MS = 60_000L

/** Whether somebody has to unlock; a lock that is not wished for is open. */
class AppLock(wished: Boolean, private val nowMs: () -> Long) {
    private val shown = MutableStateFlow(wished)
    private var leftMs: Long? = null

    val closed: StateFlow<Boolean> = shown.asStateFlow()

    /** The app is seen no more. */
    fun left() {
        leftMs = nowMs()
    }

    /** The app is seen again. */
    fun cameBack(wished: Boolean) {
        val left = leftMs ?: return
        leftMs = null
        if (wished && nowMs() - left >= AWAY_MS) shown.value = true
    }

    /** Somebody has unlocked it. */
    fun unlock() {
        shown.value = false
    }
}

/** Whether this phone has a lock of its own, which is the one that is asked for. */
fun canLock(context: Context): Boolean = context.getSystemService(KeyguardManager::class.java).isDeviceSecure

/** Asks for what unlocks this phone; a phone that has lost its lock since has nothing to ask for. */
@Composable
fun rememberUnlockQuestion(unlocked: () -> Unit): () -> Unit {
    val activity = LocalContext.current.activity()
    val title = stringResource(R.string.unlock_title)
    val ask = rememberLauncherForActivityResult(StartActivityForResult()) { if (it.resultCode == Activity.RESULT_OK) unlocked() }
    return {
        if (activity == null || !canLock(activity)) unlocked()
        else if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) prompt(activity, title, unlocked)
        else confirmation(activity, title)?.let(ask::launch) ?: unlocked()
    }
}

private fun prompt(activity: Activity, title: String, unlocked: () -> Unit) {
    if (Build.VERSION.SDK_INT < Build.VERSION_CODES.Q) return
    val builder = BiometricPrompt.Builder(activity).setTitle(title)
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.R) {
        builder.setAllowedAuthenticators(
            BiometricManager.Authenticators.BIOMETRIC_WEAK or BiometricManager.Authenticators.DEVICE_CREDENTIAL,
        )
    } else {
        @Suppress("DEPRECATION") // what Android 10 has for it
        builder.setDeviceCredentialAllowed(true)
    }
    builder.build().authenticate(CancellationSignal(), activity.mainExecutor, object : BiometricPrompt.AuthenticationCallback() {
        override fun onAuthenticationSucceeded(result: BiometricPrompt.AuthenticationResult?) = unlocked()
    })
}

@Suppress("DEPRECATION") // what Android 8 and 9 have for it
private fun confirmation(context: Context, title: String): Intent? =
    context.getSystemService(KeyguardManager::class.java).createConfirmDeviceCredentialIntent(title, null)

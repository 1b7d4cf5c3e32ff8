// Whether a session may show itself outside the app. It goes on without, and is then seen in the app only.
package app.talus.service

import android.Manifest
import android.app.NotificationManager
import android.content.pm.PackageManager
import android.os.Build
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestPermission
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext

/** Asks where the phone asks, and does [refused] where the answer is no, as it is at once where it was no for ever. */
@Composable
fun rememberNotificationQuestion(refused: () -> Unit = {}): () -> Unit {
    val context = LocalContext.current
    val ask = rememberLauncherForActivityResult(RequestPermission()) { allowed -> if (!allowed) refused() }
    return {
        val asks = Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU
        if (asks && context.checkSelfPermission(Manifest.permission.POST_NOTIFICATIONS) != PackageManager.PERMISSION_GRANTED) {
            ask.launch(Manifest.permission.POST_NOTIFICATIONS)
        } else if (!context.getSystemService(NotificationManager::class.java).areNotificationsEnabled()) {
            // Only the phone's settings turn them on again.
            refused()
        }
    }
}

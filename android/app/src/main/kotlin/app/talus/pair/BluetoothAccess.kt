// What this phone lets the app do with Bluetooth, and how it is asked for more.
package app.talus.pair

import android.Manifest
import android.app.Activity
import android.bluetooth.BluetoothAdapter
import android.content.Context
import android.content.ContextWrapper
import android.content.Intent
import android.content.pm.PackageManager
import android.net.Uri
import android.os.Build
import android.provider.Settings
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.RequestMultiplePermissions
import androidx.activity.result.contract.ActivityResultContracts.StartActivityForResult
import androidx.compose.runtime.Composable
import androidx.compose.ui.platform.LocalContext

/** Permissions without which no cuff is seen: before Android 12, looking for cuffs counted as knowing where one is. */
val bluetoothPermissions: Array<String> =
    if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) arrayOf(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT)
    else arrayOf(Manifest.permission.ACCESS_FINE_LOCATION)

/** What is allowed now, as far as can be known without asking. */
fun bluetoothAccess(context: Context): Access =
    if (bluetoothPermissions.all { context.checkSelfPermission(it) == PackageManager.PERMISSION_GRANTED }) Access.GRANTED else Access.NOT_ASKED

/** What an answer means: where the phone would not ask again, only its settings help. */
fun accessAfter(granted: Map<String, Boolean>, wouldAskAgain: Boolean): Access = when {
    granted.isNotEmpty() && granted.values.all { it } -> Access.GRANTED
    wouldAskAgain -> Access.DENIED
    else -> Access.DENIED_FOR_EVER
}

/** Asks the phone, and says what came of it. */
@Composable
fun rememberBluetoothQuestion(answered: (Access) -> Unit): () -> Unit {
    val activity = LocalContext.current.activity()
    val ask = rememberLauncherForActivityResult(RequestMultiplePermissions()) { granted ->
        answered(accessAfter(granted, bluetoothPermissions.any { activity?.shouldShowRequestPermissionRationale(it) == true }))
    }
    return { ask.launch(bluetoothPermissions) }
}

/** Asks to switch Bluetooth on. */
@Composable
fun rememberTurnOn(done: () -> Unit): () -> Unit {
    val ask = rememberLauncherForActivityResult(StartActivityForResult()) { done() }
    return { ask.launch(Intent(BluetoothAdapter.ACTION_REQUEST_ENABLE)) }
}

/** Where this app is allowed what it was once denied. */
fun openAppSettings(context: Context) = context.startActivity(
    Intent(Settings.ACTION_APPLICATION_DETAILS_SETTINGS, Uri.fromParts("package", context.packageName, null))
        .addFlags(Intent.FLAG_ACTIVITY_NEW_TASK),
)

internal fun Context.activity(): Activity? = generateSequence(this) { (it as? ContextWrapper)?.baseContext }.firstNotNullOfOrNull { it as? Activity }

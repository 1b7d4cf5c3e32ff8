// What is seen before somebody unlocks: nothing of anybody.
package app.talus.lock

import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.look.Page
import app.talus.look.PrimaryButton

@Composable
fun LockScreen(unlock: () -> Unit) = Page(
    stringResource(R.string.app_name), tag = "app lock",
    bottom = { PrimaryButton(stringResource(R.string.unlock), Modifier.testTag("unlock"), pressed = unlock) },
) { Text(stringResource(R.string.unlock_text)) }

// What the phone shows to whoever asks why Talus wants to write to its store for health.
package app.talus.health

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.res.stringResource
import app.talus.R
import app.talus.home
import app.talus.look.Page
import app.talus.look.TalusTheme

class RationaleActivity : ComponentActivity() {
    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        setContent { TalusTheme(home.settings.wishes.value.appearance) { RationaleScreen(::finish) } }
    }
}

@Composable
fun RationaleScreen(back: () -> Unit) = Page(stringResource(R.string.health_connect), back = back, tag = "health rationale") {
    Text(stringResource(R.string.health_why))
    Text(stringResource(R.string.health_what))
    Text(stringResource(R.string.health_not))
    Text(stringResource(R.string.health_off))
    Text(stringResource(R.string.nothing_leaves))
}

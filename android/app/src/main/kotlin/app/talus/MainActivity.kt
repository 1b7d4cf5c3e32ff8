// The one activity: today it shows a demo session.
package app.talus

import android.os.Bundle
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.activity.viewModels
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.talus.kit.TalusApp
import app.talus.look.TalusTheme
import app.talus.session.LiveActions
import app.talus.session.LiveScreen
import app.talus.session.LiveViewModel
import java.util.TimeZone

/** Session time for each wall time of a demo, and its seed: one of each for people, others for tests. */
private const val SPEED = "app.talus.speed"
private const val SEED = "app.talus.seed"

class MainActivity : ComponentActivity() {
    private val live: LiveViewModel by viewModels {
        viewModelFactory {
            initializer {
                LiveViewModel(intent.getFloatExtra(SPEED, 1f)) {
                    // A demo keeps its own database: nobody's history is made of it.
                    val database = filesDir.resolve("demo.db").path
                    val language = resources.configuration.locales[0].toLanguageTag()
                    TalusApp.of(database, language, TimeZone.getDefault().id).demo(intent.getLongExtra(SEED, 1).toULong())
                }
            }
        }
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        setContent {
            val state by live.state.collectAsStateWithLifecycle()
            TalusTheme { LiveScreen(state, LiveActions(live::confirm, live::pauseOrGoOn, live::stop, live::pain)) }
        }
    }
}

// The one activity: the app in the language that was chosen.
package app.talus

import android.content.Context
import android.content.Intent
import android.content.res.Configuration
import android.os.Bundle
import android.os.LocaleList
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.lifecycle.lifecycleScope
import app.talus.look.TalusTheme
import app.talus.nav.TalusRoot
import java.util.Locale
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/** Session time for each wall time of a demo, and its seed: one of each for people, others for tests. */
private const val SPEED = "app.talus.speed"
private const val SEED = "app.talus.seed"

class MainActivity : ComponentActivity() {
    override fun attachBaseContext(base: Context) {
        val language = Settings(base).wishes.value.language
        super.attachBaseContext(if (language == null) base else base.speaking(language))
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        enableEdgeToEdge()
        home.simulation = Simulation(intent.getLongExtra(SEED, 1).toULong(), intent.getFloatExtra(SPEED, 1f))
        if (savedInstanceState == null) read(intent)
        // Another language is another activity.
        lifecycleScope.launch {
            home.settings.wishes.map { it.language }.distinctUntilChanged().drop(1).collect { recreate() }
        }
        // Whoever locks the app does not want it among the pictures of the apps that were used last either.
        lifecycleScope.launch {
            home.settings.wishes.map { it.lock }.distinctUntilChanged().collect { lock ->
                val secure = WindowManager.LayoutParams.FLAG_SECURE
                if (lock) window.addFlags(secure) else window.clearFlags(secure)
            }
        }
        setContent { TalusTheme { TalusRoot(home) } }
    }

    override fun onNewIntent(intent: Intent) {
        super.onNewIntent(intent)
        read(intent)
    }

    /** A plan, as whoever reads codes shares what they say. */
    private fun read(intent: Intent) {
        if (intent.action == Intent.ACTION_SEND) intent.getStringExtra(Intent.EXTRA_TEXT)?.let(home::give)
    }

    override fun onStart() {
        super.onStart()
        home.lock.cameBack(home.settings.wishes.value.lock)
    }

    override fun onStop() {
        // Turned around or given another language it is not left.
        if (!isChangingConfigurations) home.lock.left()
        super.onStop()
    }
}

/** The same, in another language. */
internal fun Context.speaking(language: String): Context = createConfigurationContext(
    Configuration(resources.configuration).apply { setLocales(LocaleList(Locale.forLanguageTag(language))) },
)

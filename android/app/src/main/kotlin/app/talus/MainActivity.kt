// The one activity: the app in the language that was chosen.
package app.talus

import android.content.Context
import android.content.Intent
import android.content.res.Configuration
import android.graphics.Color
import android.os.Build
import android.os.Bundle
import android.os.LocaleList
import android.view.WindowManager
import androidx.activity.ComponentActivity
import androidx.activity.SystemBarStyle
import androidx.activity.compose.setContent
import androidx.activity.enableEdgeToEdge
import androidx.compose.runtime.getValue
import androidx.lifecycle.compose.collectAsStateWithLifecycle
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
        // What was chosen in the phone's settings meanwhile.
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) {
            val theirs = languageOfPhone(base)
            base.home.settings.run { if (wishes.value.language != theirs) change { it.copy(language = theirs) } }
        }
        val language = base.home.settings.wishes.value.language
        super.attachBaseContext(if (language == null) base else base.speaking(language))
    }

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        home.simulation = Simulation(intent.getLongExtra(SEED, 1).toULong(), intent.getFloatExtra(SPEED, 1f))
        if (savedInstanceState == null) read(intent)
        // Another language is another activity.
        lifecycleScope.launch {
            home.settings.wishes.map { it.language }.distinctUntilChanged().drop(1).collect {
                if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.TIRAMISU) tellLanguage(this@MainActivity, it)
                recreate()
            }
        }
        lifecycleScope.launch {
            home.settings.wishes.map { it.appearance.daylight }.distinctUntilChanged().collect { daylight ->
                val bars = SystemBarStyle.auto(Color.TRANSPARENT, Color.TRANSPARENT) { of ->
                    val night = of.configuration.uiMode and Configuration.UI_MODE_NIGHT_MASK == Configuration.UI_MODE_NIGHT_YES
                    daylight == Daylight.DARK || daylight == Daylight.AS_THE_PHONE && night
                }
                enableEdgeToEdge(bars, bars)
            }
        }
        // Whoever locks the app does not want it among the pictures of the apps that were used last either.
        lifecycleScope.launch {
            home.settings.wishes.map { it.lock }.distinctUntilChanged().collect { lock ->
                val secure = WindowManager.LayoutParams.FLAG_SECURE
                if (lock) window.addFlags(secure) else window.clearFlags(secure)
            }
        }
        setContent {
            val wishes by home.settings.wishes.collectAsStateWithLifecycle()
            TalusTheme(wishes.appearance) { TalusRoot(home) }
        }
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
        home.health.catchUpSoon()
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

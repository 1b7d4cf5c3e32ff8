// What lives as long as the process: the settings, the open household, the session under way.
package app.talus

import android.app.Application
import android.content.Context
import app.talus.kit.Bluetooth
import app.talus.kit.CuffsNearby
import app.talus.kit.LiveSession
import app.talus.kit.TalusApp
import app.talus.pair.Access
import app.talus.pair.bluetoothAccess
import app.talus.service.SessionService
import app.talus.session.SessionHost
import java.util.TimeZone
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** The app of this process. */
class TalusApplication : Application() {
    /** What lives as long as the process. */
    val home: Home by lazy { Home(this) }
}

/** What lives as long as the process, of this app. */
val Context.home: Home get() = (applicationContext as TalusApplication).home

/** How simulated cuffs behave: [seed] makes equal ones, [speed] is how much faster than the clock they are. */
data class Simulation(val seed: ULong = 1uL, val speed: Float = 1f)

/** The settings, the open household and the session under way. [scope] is of one thread. */
class Home(private val context: Context, scope: CoroutineScope = MainScope()) {
    private class Open(val demo: Boolean, val language: String, val talus: TalusApp)

    private val opening = Mutex()
    private var open: Open? = null

    val settings = Settings(context)
    val live = SessionHost(scope)

    /** What demo mode runs on. */
    var simulation = Simulation()

    /** The household: the demo's own while demo mode is on, and never anybody's then. */
    suspend fun talus(): TalusApp = opening.withLock {
        val wishes = settings.wishes.value
        val language = wishes.language ?: context.resources.configuration.locales[0].toLanguageTag()
        open?.takeIf { it.demo == wishes.demo && it.language == language }?.talus ?: run {
            // The one before stays open: a session may still write to it.
            val file = if (wishes.demo) "demo/talus.db" else "talus.db"
            val talus = TalusApp.of(context.filesDir.resolve(file).path, language, TimeZone.getDefault().id)
            open = Open(wishes.demo, language, talus)
            talus
        }
    }

    /** Looks for cuffs: with this phone's Bluetooth, or simulated ones in demo mode. */
    suspend fun nearby(): CuffsNearby {
        if (settings.wishes.value.demo) return talus().nearby(simulation.seed)
        withContext(Dispatchers.IO) { Bluetooth.ready() }
        return talus().nearby()
    }

    /** Begins a session of these exercises; in demo mode a whole demo, from looking for cuffs on. */
    fun train(exercises: List<String>) = begin {
        if (settings.wishes.value.demo) talus().demo(simulation.seed) else nearby().train(exercises)
    }

    /** Takes up the session that was left or killed. */
    fun resume() = begin {
        if (settings.wishes.value.demo) talus().resume() else nearby().resume()
    }

    private fun begin(open: suspend () -> LiveSession) {
        live.begin(if (settings.wishes.value.demo) simulation.speed else 1f, open)
        // Without the permission the phone lets no such service run, and there is no cuff either.
        if (bluetoothAccess(context) == Access.GRANTED) SessionService.start(context)
    }
}

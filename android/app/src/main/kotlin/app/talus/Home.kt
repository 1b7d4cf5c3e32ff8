// What lives as long as the process: the settings, the open household, the session under way.
package app.talus

import android.app.Application
import android.content.Context
import android.os.SystemClock
import app.talus.core.MassUnit
import app.talus.core.Mended
import app.talus.core.SessionWish
import app.talus.core.TalusException
import app.talus.health.HealthGiving
import app.talus.health.HealthStore
import app.talus.health.healthStore
import app.talus.keep.History
import app.talus.keep.Locked
import app.talus.keep.LockedHistory
import app.talus.keep.SetAside
import app.talus.keep.Within
import app.talus.kit.Bluetooth
import app.talus.kit.CuffsNearby
import app.talus.kit.LiveSession
import app.talus.kit.TalusApp
import app.talus.lock.AppLock
import app.talus.mine.Handover
import app.talus.mine.letGoOfFolder
import app.talus.pair.Access
import app.talus.pair.bluetoothAccess
import app.talus.progress.told
import app.talus.remind.remind
import app.talus.service.SessionService
import app.talus.session.LiveState
import app.talus.session.SessionHost
import app.talus.voice.FeltPulses
import app.talus.voice.PhoneSurroundings
import app.talus.voice.PlayedTunes
import app.talus.voice.Pulses
import app.talus.voice.Score
import app.talus.voice.Sounds
import app.talus.voice.Speaks
import app.talus.voice.Speech
import app.talus.voice.SpokenVoice
import app.talus.voice.Surroundings
import app.talus.voice.Telling
import app.talus.voice.Voice
import app.talus.widget.redraw
import java.util.Locale
import java.util.TimeZone
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.combine
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.distinctUntilChangedBy
import kotlinx.coroutines.flow.drop
import kotlinx.coroutines.flow.filterNotNull
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock
import kotlinx.coroutines.withContext

/** The app of this process. */
class TalusApplication : Application() {
    /** What it tells a session with; something else only before it is first used. */
    var tellWith: (Score) -> Telltales = { telltales(this, it) }

    /** What lives as long as the process. */
    val home: Home by lazy { Home(this, with = tellWith) }
}

/** What lives as long as the process, of this app. */
val Context.home: Home get() = (applicationContext as TalusApplication).home

/** How simulated cuffs behave: [seed] makes equal ones, [speed] is how much faster than the clock they are. */
data class Simulation(val seed: ULong = 1uL, val speed: Float = 1f)

/** What a phone has to tell a session with. */
class Telltales(val voice: Voice, val sounds: Sounds, val pulses: Pulses, val around: Surroundings)

private fun telltales(context: Context, score: Score) = Telltales(
    SpokenVoice(context), PlayedTunes(context, score.tunes), FeltPulses(context, score.patterns), PhoneSurroundings(context),
)

/** The settings, the open household and the session under way. [scope] is of one thread. */
class Home(
    private val context: Context, scope: CoroutineScope = MainScope(), with: (Score) -> Telltales = { telltales(context, it) },
    store: HealthStore = healthStore(context),
) {
    private class Open(
        val demo: Boolean, val language: String, val unit: MassUnit, val person: String?, val talus: TalusApp, val sealed: Boolean,
    )

    private val opening = Mutex()
    private var open: Open? = null

    /** Every household that was opened and not closed: those before [open] too, since a session may still write to one. */
    private val opened = mutableListOf<TalusApp>()
    private val history = History.of(context)
    private val shownLocked = MutableStateFlow<Locked?>(null)

    /** Why the history is locked, if it is: nothing can be shown until the person has chosen a way out. */
    val locked: StateFlow<Locked?> = shownLocked.asStateFlow()

    val settings = Settings(context)
    private val score = Score.of(context)
    private val telltales = with(score)
    private val telling = Telling(
        telltales.voice, telltales.sounds, telltales.pulses, telltales.around, score.tunes, { settings.wishes.value.telling }, scope,
        SystemClock::elapsedRealtime,
    )
    val live = SessionHost(scope, telling, { talus().session(it).tested.told() }) { locale }

    /** Gives sessions to the phone's store for health, where that is on. */
    val health = HealthGiving(this, store, scope)

    init {
        scope.launch {
            live.state.map { it as? LiveState.Over }.distinctUntilChangedBy { it == null }.filterNotNull().collect {
                redraw(context, this@Home)
                health.ended(it.id)
            }
        }
        // What a lock, another person or the demo hides must not stay on the home screen, nor another language.
        scope.launch {
            settings.wishes.map { listOf(it.welcomed, it.lock, it.person, it.language, it.demo, it.picked) }.distinctUntilChanged().drop(1)
                .collect { redraw(context, this@Home) }
        }
    }

    /** Whether this phone can speak, as far as it was asked. */
    val speech: StateFlow<Speech> get() = telltales.voice.state

    /** Whether a screen reader is on. */
    val readerIsOn: Boolean get() = telltales.around.reader

    /** Asks whether this phone can speak, where somebody wants it to and no session has asked yet. */
    fun askForVoice() {
        if (live.state.value == null && settings.wishes.value.telling.speaks != Speaks.NOTHING) {
            telltales.voice.open(locale)
        }
    }

    /** Nobody waits for the voice any more; that of a session stays. */
    fun letGoOfVoice() {
        if (live.state.value == null) telltales.voice.close()
    }

    /** Lets a cue be heard and felt as it is wished for. */
    fun tryOut(cue: String) = telling.tryOut(cue)

    /** The app opens only for whoever unlocks the phone, where that is wished for. */
    val lock = AppLock(settings.wishes.value.lock, SystemClock::elapsedRealtime)

    /** The app's own words, in the language that was chosen. */
    val words: Context get() = settings.wishes.value.language?.let { context.speaking(it) } ?: context

    /** The language of [words]. */
    val locale: Locale get() = words.resources.configuration.locales[0]

    /** Carries files in and out. */
    val handover = Handover(context)

    private val shownGiven = MutableStateFlow<String?>(null)

    /** A text that another program shared with the app: a plan, as the camera reads it from a code. */
    val given: StateFlow<String?> = shownGiven.asStateFlow()

    /** Another program shared [text]. */
    fun give(text: String) {
        shownGiven.value = text
    }

    /** What was shared, once. */
    fun takeGiven(): String? = shownGiven.value.also { shownGiven.value = null }

    /** What demo mode runs on. */
    var simulation = Simulation()

    /**
     * The household: the demo's own while demo mode is on, and never anybody's then. One that is [locked] is never given:
     * who asks for it waits, and whoever waits is let go with the screen that asked.
     */
    suspend fun talus(): TalusApp = household().talus

    /** Whether what is kept now is encrypted. A demo is nobody's, and needs no key. */
    suspend fun sealed(): Boolean = household().sealed

    private suspend fun household(): Open {
        while (true) {
            combine(locked, settings.wishes) { still, wishes -> still == null || wishes.demo }.first { it }
            try {
                return opening.withLock { openedNow() }
            } catch (missing: LockedHistory) {
                shownLocked.value = missing.why
            }
        }
    }

    private suspend fun openedNow(): Open {
        val wishes = settings.wishes.value
        val language = wishes.language ?: context.resources.configuration.locales[0].toLanguageTag()
        val person = wishes.person.takeIf { !wishes.demo }
        val unit = if (wishes.pounds) MassUnit.POUNDS else MassUnit.KILOGRAMS
        open?.takeIf { it.demo == wishes.demo && it.language == language && it.unit == unit && it.person == person }?.let { return it }
        // The one before stays open: a session may still write to it.
        val zone = TimeZone.getDefault().id
        val fresh = if (wishes.demo) {
            val talus = TalusApp.of(context.filesDir.resolve("demo/talus.db").path, language, zone, unit = unit).also(opened::add)
            Open(true, language, unit, null, talus, sealed = false)
        } else {
            val first = history.open(language, zone, unit)
            opened += first.talus
            Open(false, language, unit, person, of(person, first.talus), first.sealed)
        }
        open = fresh
        return fresh
    }

    /** The household for [person]; for its first one where nobody is chosen, or the chosen one is gone. */
    private suspend fun of(person: String?, talus: TalusApp): TalusApp = try {
        if (person == null) talus else talus.forPerson(person).also(opened::add)
    } catch (_: TalusException.NotFound) {
        talus
    }

    /** Tries once more to open the history. */
    fun unlockAgain() {
        shownLocked.value = null
    }

    /** A call came upon this in the history while it was open: it is told with its ways on, once no session is under way. */
    suspend fun cameUpon(why: Locked) {
        if (settings.wishes.value.demo) return
        shownLocked.value = why
        if (live.state.value == null) opening.withLock { closeAll() }
    }

    /** Lets go of everything that is open, so that its files may move. */
    private fun closeAll() {
        open = null
        opened.forEach(TalusApp::close)
        opened.clear()
    }

    /** Repairs the damaged history, and says how many sessions are whole and how many are not. */
    suspend fun repair(): Mended = opening.withLock {
        closeAll()
        history.repair(locale.toLanguageTag(), TimeZone.getDefault().id)
    }

    /** Deletes everything of everybody on this phone, and begins as on the first day. Nothing happens in a session. */
    suspend fun wipe() {
        if (live.state.value != null) return
        opening.withLock {
            closeAll()
            history.wipe()
            withContext(Dispatchers.IO) { context.filesDir.resolve("demo").deleteRecursively() }
            handover.clear()
        }
        letGoOfFolder(context, this)
        settings.change { Wishes(language = it.language) }
        remind(context, setOf(), 0)
        shownLocked.value = null
        redraw(context, this)
    }

    /** Sets the history aside, as it is, and begins anew. Nothing happens in a session. */
    suspend fun beginAnew() = moving { history.setAside() }

    /** What was set aside, newest first. */
    suspend fun setAsides(): List<SetAside> = history.setAsides()

    /** Who is in what was set aside; see [History.within]. */
    suspend fun within(number: Int): Within = opening.withLock { history.within(number, locale.toLanguageTag()) }

    /** Brings back what was set aside; what is here now is set aside in its place. Nothing happens in a session. */
    suspend fun bringBack(number: Int) = moving { history.bringBack(number) }

    private suspend fun moving(move: suspend () -> Unit) {
        if (live.state.value != null) return
        opening.withLock {
            closeAll()
            move()
        }
        settings.change { it.copy(picked = listOf(), person = null) }
        shownLocked.value = null
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

    /** Begins a walk. */
    fun walk() = begin(SessionWish.Walk)

    /** Begins the ten minutes of a first session. */
    fun first() = begin(SessionWish.First)

    /** Begins these tests; without any, those that are due. */
    fun test(ids: List<String>) = begin(SessionWish.Tests(ids))

    /** In demo mode a virtual person does it. */
    private fun begin(wish: SessionWish) = begin {
        if (settings.wishes.value.demo) talus().practise(simulation.seed, wish) else nearby().train(wish)
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

// The one session under way. It belongs to the process and to no screen, so that it goes on while the screen is off.
package app.talus.session

import app.talus.advice
import app.talus.core.Answer
import app.talus.core.Event
import app.talus.core.Frame
import app.talus.core.Picture
import app.talus.core.SetResult
import app.talus.core.Stage
import app.talus.core.TalusException
import app.talus.core.Tap
import app.talus.core.WalkPart
import app.talus.kit.LiveSession
import app.talus.progress.Tested
import app.talus.voice.Telling
import java.util.Locale
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.coroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.flow.collect
import kotlinx.coroutines.flow.onEach
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

/** The cue that stops a set, by its sound. */
private const val STOP = "stop"

/** Flashes lie so far apart at least, microseconds. */
private const val FLASHES_APART_US = 500_000L

/**
 * The session under way, if any, with its state. [scope] is of one thread and lives as long as the process; [telling] is what
 * tells it beside the screen, in the language that [locale] gives when it begins; [tested] is what came of the tests of a
 * session that is kept.
 */
class SessionHost(
    private val scope: CoroutineScope, private val telling: Telling, private val tested: suspend (session: String) -> List<Tested>,
    private val locale: () -> Locale,
) {
    private val shown = MutableStateFlow<LiveState?>(null)
    private var session: LiveSession? = null
    private var meanwhile = Meanwhile()
    private val full = mutableListOf<Boolean>()
    private val sets = mutableListOf<LastSet>()
    private var inSet = false

    /** Counts sessions: what is left to do at the end of one must not touch the next. */
    private var turn = 0

    /** What to draw; null while there is no session. */
    val state: StateFlow<LiveState?> = shown.asStateFlow()

    /**
     * Takes up the session that [open] gives and follows it to its end, [speed] times as fast as the clock (1 is for
     * people, 0 stands still). Nothing happens where one is under way already.
     */
    fun begin(speed: Float = 1f, open: suspend () -> LiveSession) {
        if (shown.value != null) return
        shown.value = LiveState.Opening
        meanwhile = Meanwhile()
        full.clear()
        sets.clear()
        inSet = false
        val mine = ++turn
        scope.launch {
            var own: LiveSession? = null
            try {
                val begun = open()
                own = begun
                session = begun
                telling.begin(speed, locale())
                // A scope of its own, so that what fails in either is caught here.
                coroutineScope {
                    launch { begun.events().collect { hear(begun, it) } }
                    begun.pace(speed)
                    begun.frames().onEach(::draw).collect()
                }
                // Somebody else ended it.
                if (mine == turn && shown.value !is LiveState.Over) shown.value = null
            } catch (failure: TalusException) {
                if (mine == turn) shown.value = LiveState.Failed(failure.advice())
            } finally {
                own?.close()
                if (session === own) session = null
                if (mine == turn) telling.end()
            }
        }
    }

    /** Yes: what is asked is right, or go on to what comes next. */
    fun confirm() = press(Tap.CONFIRM)

    /** Pause, or go on where it is paused. */
    fun pauseOrGoOn() = press(if ((shown.value as? LiveState.Training)?.at == At.PAUSED) Tap.GO_ON else Tap.PAUSE)

    /** End this set, keep what was done. */
    fun endSet() = press(Tap.END_SET)

    /** End the session, keep what was done. */
    fun stop() = press(Tap.STOP)

    /** One more or one less than was counted. */
    fun countBy(one: Int) = press(if (one > 0) Tap.COUNT_UP else Tap.COUNT_DOWN)

    /** Half a minute more of rest. */
    fun restLonger() = press(Tap.REST_LONGER)

    /** Leave this exercise out. */
    fun skip() = press(Tap.SKIP)

    /** One weight lighter, or heavier as far as was asked for. */
    fun weigh(heavier: Boolean) = press(if (heavier) Tap.HEAVIER else Tap.LIGHTER)

    /** Go on without the cuff: counted by hand. */
    fun withoutCuff() = press(Tap.TIMER_ONLY)

    /** Pain, 0 to 10. */
    fun pain(level: Int) {
        meanwhile = meanwhile.copy(answers = meanwhile.answers.copy(pain = level))
        answered()
        told { it.answer(Answer.Pain(level.toUByte())) }
    }

    /** How many more would have been possible, 0 to 5. */
    fun reserve(reps: Int) {
        meanwhile = meanwhile.copy(answers = meanwhile.answers.copy(reserve = reps))
        answered()
        told { it.answer(Answer.Reserve(reps.toUByte())) }
    }

    /** Something that must not wait: the session ends and help is called for. */
    fun redFlag() = told { it.answer(Answer.RedFlag) }

    /** Leaves the session so that it can be taken up again. */
    suspend fun leave() {
        val left = session ?: return
        withContext(NonCancellable) { runCatching { left.leave() } }
    }

    /** The summary was seen. */
    fun seen() {
        if (shown.value is LiveState.Over || shown.value is LiveState.Failed) shown.value = null
    }

    private fun press(tap: Tap) = told { it.press(tap) }

    private fun answered() {
        (shown.value as? LiveState.Training)?.let { shown.value = it.copy(answers = meanwhile.answers) }
    }

    private fun told(what: (LiveSession) -> Unit) {
        telling.answered()
        try {
            session?.let(what)
        } catch (_: TalusException.Closed) {
            // It ended while a finger was on its way.
        } catch (failure: TalusException) {
            shown.value = LiveState.Failed(failure.advice())
        }
    }

    private fun draw(frame: Frame) {
        if (shown.value is LiveState.Over) return
        val view = (frame.picture as? Picture.Training)?.view
        val away = view != null && (view.stage == Stage.SET || view.stage == Stage.PAUSED) && view.cuffIsAway()
        meanwhile = meanwhile.copy(lostSinceUs = if (away) meanwhile.lostSinceUs ?: frame.nowUs else null)
        (view?.part as? WalkPart.Loaded)?.let { meanwhile = meanwhile.copy(time = it.time.toInt()) }
        // Before the summary the last picture of the session stands.
        if (view?.stage != Stage.SUMMARY) shown.value = frame.toState(meanwhile)
    }

    /** The end waits for none of it: a history that does not open now keeps nobody from their summary. */
    private fun tellTests(id: String) = scope.launch {
        try {
            val sheets = tested(id)
            (shown.value as? LiveState.Over)?.takeIf { it.id == id }?.let { shown.value = it.copy(tested = sheets) }
        } catch (_: TalusException) {
            // The page of the session has them, or says why not.
        }
    }

    /** Never more often than twice a second; only a stop does not wait. */
    private fun flash(kind: Flash.Kind, atUs: Long) {
        val before = meanwhile.flashedUs
        if (kind != Flash.Kind.STOP && before != null && atUs - before < FLASHES_APART_US) return
        val next = Flash(kind, (meanwhile.flash?.number ?: 0) + 1)
        meanwhile = meanwhile.copy(flash = next, flashedUs = atUs)
        (shown.value as? LiveState.Training)?.let { shown.value = it.copy(flash = next) }
    }

    private suspend fun hear(session: LiveSession, event: Event) {
        telling.hear(event)
        when (event) {
            is Event.SetBegan -> {
                full.clear()
                inSet = true
                meanwhile = meanwhile.copy(answers = SetAnswers(), said = "")
            }
            is Event.Said -> {
                meanwhile = meanwhile.copy(said = event.text)
                (shown.value as? LiveState.Training)?.let { shown.value = it.copy(said = event.text) }
                val stops = event.cue.sound == STOP
                if (!event.cue.number) flash(if (stops) Flash.Kind.STOP else Flash.Kind.TIP, event.atUs)
            }
            is Event.RepEnded -> {
                full += true
                flash(Flash.Kind.GOOD, event.atUs)
            }
            is Event.RepShort -> full += false
            is Event.SetEnded -> {
                val done = event.result.toLast(full.toList())
                sets += done
                inSet = false
                meanwhile = meanwhile.copy(last = done)
            }
            is Event.SetReviewed -> {
                // What is corrected in a set is in its result.
                if (!inSet && sets.isNotEmpty()) sets += sets.removeLast().copy(count = event.count.toInt())
            }
            is Event.Ended -> {
                val id = session.finish()
                val told = event.summary
                shown.value = LiveState.Over(told.sentence, told.upNext, told.redFlag, sets.toList(), told.walk, id = id)
                if (id != null) tellTests(id)
            }
            else -> {}
        }
    }
}

private fun SetResult.toLast(full: List<Boolean>) = LastSet(
    exercise, side.toLeg(), massG.toInt(), count.toInt(), target?.toInt(), short.toInt(), rangeDeg, tempoS, full,
)

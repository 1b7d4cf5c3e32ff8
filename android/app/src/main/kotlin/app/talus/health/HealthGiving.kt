// Gives the sessions of one person to the phone's store for health, where somebody turned that on: what was done, never how
// it felt. Off at first; nobody's demo, and nobody else's sessions.
package app.talus.health

import app.talus.Giving
import app.talus.Home
import app.talus.core.SessionDetail
import app.talus.core.TalusException
import java.io.IOException
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow
import kotlinx.coroutines.launch
import kotlinx.coroutines.sync.Mutex
import kotlinx.coroutines.sync.withLock

/** Sessions that are caught up with at once, newest first; whoever did more at a stretch gave the others before. */
private const val AT_ONCE = 50u

class HealthGiving(
    private val home: Home, val store: HealthStore, private val scope: CoroutineScope,
    private val mapped: (SessionDetail) -> Workout? = { it.toWorkout() },
) {
    private val one = Mutex()
    /** Sessions of [mine] that ended, whenever they began: one that was taken up again began before others that were given. */
    private val ended = mutableSetOf<String>()
    private val shownRefused = MutableStateFlow(false)

    /** The store did not take what was given last. It is given again at the next occasion. */
    val refused: StateFlow<Boolean> = shownRefused.asStateFlow()

    /** From now on the sessions of the chosen person are given. */
    suspend fun turnOn(nowUtcMs: Long = System.currentTimeMillis()) {
        ended.clear()
        val person = home.talus().profiles().first { it.chosen }.id
        home.settings.change { it.copy(health = Giving(person, nowUtcMs)) }
    }

    /** Nothing is given any more; what was given stays there until [takeBack]. */
    fun turnOff() {
        ended.clear()
        home.settings.change { it.copy(health = null) }
        shownRefused.value = false
    }

    /** Deletes everything that Talus ever gave. */
    suspend fun takeBack() = tried { store.forget() }

    /** Gives what was not given yet, when there is time. */
    fun catchUpSoon() {
        if (home.settings.wishes.value.health != null) scope.launch { catchUp() }
    }

    /** A session ended just now: it is given, and what was not given yet. */
    suspend fun ended(id: String?) {
        if (id != null && mine() != null) ended += id
        catchUp()
    }

    /** Gives what was not given yet. */
    suspend fun catchUp() = one.withLock {
        val giving = mine() ?: return@withLock
        tried {
            val talus = home.talus()
            val fresh = talus.sessions(AT_ONCE).filter { it.finished && it.startedUtcMs > giving.throughUtcMs }.map { it.id }
            val late = ended.toSet()
            val all = (fresh + late).distinct().map { talus.session(it) }
                .filter { it.row.finished && it.row.startedUtcMs >= giving.sinceUtcMs }
            store.write(all.mapNotNull(mapped))
            ended -= late
            val last = all.maxOfOrNull { it.row.startedUtcMs }?.takeIf { it > giving.throughUtcMs } ?: return@tried
            home.settings.change { it.copy(health = it.health?.copy(throughUtcMs = last)) }
        }
    }

    /** A session that may have been given was changed by hand. */
    suspend fun changed(id: String) {
        val giving = mine() ?: return
        tried {
            val detail = home.talus().session(id)
            if (detail.row.finished && detail.row.startedUtcMs in giving.sinceUtcMs..giving.throughUtcMs) {
                store.write(listOfNotNull(mapped(detail)))
            }
        }
    }

    /** A session was deleted: what is gone here is gone there. */
    suspend fun deleted(id: String) {
        ended -= id
        if (mine() != null) tried { store.forget(listOf(id)) }
    }

    /** What is to be given now: where it is on, allowed, and the chosen person is the one it was turned on by. */
    private suspend fun mine(): Giving? {
        val wishes = home.settings.wishes.value
        val giving = wishes.health?.takeIf { !wishes.demo && store.there && store.allowed() } ?: return null
        return try {
            giving.takeIf { home.talus().profiles().any { it.chosen && it.id == giving.person } }
        } catch (_: TalusException) {
            null // The page that reads the history says why.
        }
    }

    private suspend fun tried(what: suspend () -> Unit) {
        shownRefused.value = try {
            what()
            false
        } catch (_: IOException) {
            true
        } catch (_: TalusException) {
            false // The page that reads the history says why.
        }
    }
}

/**
 * As the core maps it; null where there is nothing to give. A store takes what has the highest version: the time of writing
 * only grows, where the number of edits falls when one is taken back.
 */
internal fun SessionDetail.toWorkout(nowUtcMs: Long = System.currentTimeMillis()): Workout? = healthConnect?.run {
    Workout(
        clientRecordId, nowUtcMs, exerciseType.toInt(), startUtcMs, endUtcMs, offsetMin,
        segments.map { Part(it.segmentType.toInt(), it.startUtcMs, it.endUtcMs, it.repetitions.toInt()) },
    )
}

// The open app as coroutines see it.
package app.talus.kit

import app.talus.core.Cuff
import app.talus.core.Exercise
import app.talus.core.Opening
import app.talus.core.Profile
import app.talus.core.Replay
import app.talus.core.Replayed
import app.talus.core.SessionDetail
import app.talus.core.SessionRow
import app.talus.core.Side
import app.talus.core.Talus
import app.talus.core.TrendPoint
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** The open app: people, cuffs, history; sessions begin here. Reads files and database away from the screen's thread. */
class TalusApp private constructor(private val core: Talus) : AutoCloseable {
    companion object {
        /**
         * Opens the database at [database], making it where there is none; encrypted where there is a [key] of 32 bytes
         * from the phone's keystore, which the caller wipes.
         */
        suspend fun of(database: String, language: String, zone: String? = null, key: ByteArray? = null): TalusApp =
            reading { TalusApp(Talus(Opening(database, language, zone, key))) }

        private suspend fun <T> reading(call: () -> T): T = withContext(Dispatchers.IO) { call() }
    }

    /** The exercises of the catalogue, by id. */
    fun exercises(): List<Exercise> = core.exercises()

    /** The people of the household. */
    suspend fun profiles(): List<Profile> = reading { core.profiles() }

    /** The cuffs of the household. */
    suspend fun cuffs(): List<Cuff> = reading { core.cuffs() }

    /** Gives a cuff of the household another name. */
    suspend fun renameCuff(cuff: String, name: String) = reading { core.renameCuff(cuff, name) }

    /** Forgets a cuff; sessions that were done with it stay. */
    suspend fun forgetCuff(cuff: String) = reading { core.forgetCuff(cuff) }

    /**
     * Starts looking for cuffs: with this phone's Bluetooth once [Bluetooth.ready] said yes, or for two simulated ones
     * where there is a [seed].
     */
    suspend fun nearby(seed: ULong? = null): CuffsNearby = reading { CuffsNearby(core.nearby(seed)) }

    /** The newest sessions, newest first. */
    suspend fun sessions(limit: UInt): List<SessionRow> = reading { core.sessions(limit) }

    /** Sessions that were begun and not finished, newest first. */
    suspend fun unfinished(): List<SessionRow> = reading { core.unfinished() }

    /** One session: `last`, or the beginning of its id. */
    suspend fun session(asked: String): SessionDetail = reading { core.session(asked) }

    /** Every finished set of one exercise, oldest first. */
    suspend fun trend(exercise: String, side: Side? = null): List<TrendPoint> = reading { core.trend(exercise, side) }

    /** Follows a recording once more; nothing is written. */
    suspend fun replayRecording(path: String): Replayed = reading { core.replayRecording(path) }

    /** A guided session of a virtual person; equal seeds give equal sessions. */
    suspend fun demo(seed: ULong): LiveSession = reading { LiveSession(core.demo(seed)) }

    /** Recorded files, each followed as one exercise. */
    suspend fun replay(wish: Replay): LiveSession = reading { LiveSession(core.replay(wish)) }

    /** A session that was left or killed: `last`, or the beginning of its id. */
    suspend fun resume(asked: String = "last"): LiveSession = reading { LiveSession(core.resume(asked)) }

    override fun close() = core.close()
}

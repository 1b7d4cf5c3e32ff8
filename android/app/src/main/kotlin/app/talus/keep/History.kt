// The history of this phone's household: opened with its key, or told to be locked with the ways out. A new key is never
// made for an old history.
package app.talus.keep

import android.content.Context
import android.provider.Settings
import app.talus.core.MassUnit
import app.talus.core.Mended
import app.talus.core.Mending
import app.talus.core.Opening
import app.talus.core.TalusException
import app.talus.core.Work
import app.talus.core.mend
import app.talus.kit.TalusApp
import java.io.File
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** The open household, and whether what it keeps is encrypted. */
class Opened(val talus: TalusApp, val sealed: Boolean)

/** Why a history does not open. */
enum class Locked {
    /** The history is there, and its key is not, or opens it no more. */
    KEY_GONE,

    /** The history is there, and the phone's key store does not give its key now. It may at another time. */
    NOT_NOW,

    /** There is no history yet, and the key store takes no key for one. */
    NO_KEY_STORE,

    /** The history is there, and not whole. */
    DAMAGED,

    /** Where the history should be lies something that is none of Talus. */
    FOREIGN,
}

/** The history does not open. Nothing was changed. */
class LockedHistory(val why: Locked) : Exception("the history does not open: $why")

/** A history that was set aside: its [number] and when. */
data class SetAside(val number: Int, val sinceUtcMs: Long)

/** Who is in a history, and how many sessions. */
data class Within(val people: List<String>, val sessions: Int)

/**
 * The household in [folder]; its sealed key lies in [keys], and what is only tried out in [scratch]. [starts] counts how often
 * this phone was started, where it is known.
 */
class History(private val folder: File, keys: File, private val scratch: File, private val starts: () -> Int? = { null }) {
    private val sealedKey = keys.resolve("household.key")
    private val silentSince = keys.resolve("household.key.silent")
    private val key = HouseholdKey(sealedKey)
    private val database = folder.resolve("talus.db")

    /**
     * Opens it, and makes it with a key of its own where there is none.
     * @throws LockedHistory where it is there and its key is not, or opens it no more
     * @throws TalusException where it cannot be opened for another reason
     */
    suspend fun open(language: String, zone: String, unit: MassUnit? = null): Opened = withContext(Dispatchers.IO) {
        val begun = database.length() > 0
        val secret = when (val kept = key.read()) {
            is Kept.Key -> kept.bytes
            // With nothing to lose a new key is the way on; else the core says whether it needs one.
            Kept.Nothing -> if (begun) null else made()
            Kept.NotNow -> if (begun) throw LockedHistory(if (staysSilent()) Locked.KEY_GONE else Locked.NOT_NOW) else renewed()
            Kept.Never -> if (begun) null else renewed()
        }
        silentSince.delete()
        try {
            withKey(secret, language) { Opened(TalusApp.of(database.path, language, zone, it, unit), sealed = it != null) }
        } catch (_: TalusException.KeyNeeded) {
            throw LockedHistory(Locked.KEY_GONE)
        } catch (_: TalusException.KeyWrong) {
            throw LockedHistory(Locked.KEY_GONE)
        } catch (_: TalusException.Damaged) {
            throw LockedHistory(Locked.DAMAGED)
        } catch (_: TalusException.Foreign) {
            throw LockedHistory(Locked.FOREIGN)
        } finally {
            secret?.fill(0)
        }
    }

    /** A key store that has not answered since before the phone was started anew is one that does not answer any more. */
    private fun staysSilent(): Boolean {
        val now = starts() ?: return false
        val since = try {
            silentSince.readText().toIntOrNull()
        } catch (_: IOException) {
            null
        }
        if (since == null) {
            try {
                silentSince.writeText("$now")
            } catch (_: IOException) {
                // Then it is asked for longer.
            }
        }
        return since != null && since < now
    }

    /** Nothing is locked by a key that does not open, so another one may be made; the old one is kept all the same. */
    private fun renewed(): ByteArray {
        try {
            putKeyAside(free())
        } catch (_: IOException) {
            throw LockedHistory(Locked.NO_KEY_STORE)
        }
        return made()
    }

    private fun made(): ByteArray = key.make() ?: throw LockedHistory(Locked.NO_KEY_STORE)

    private fun putKeyAside(number: Int) {
        if (sealedKey.exists() && !sealedKey.renameTo(aside(sealedKey, number))) throw IOException("$sealedKey does not move")
    }

    /** A history and its key go aside under one number. */
    private fun aside(file: File, number: Int): File = file.resolveSibling("${file.name}.aside-$number")

    private fun free(): Int =
        generateSequence(1) { it + 1 }.first { !aside(folder, it).exists() && !aside(sealedKey, it).exists() }

    /** A core without SQLCipher refuses every key. It goes on without one then, but only where that is the reason. */
    private suspend fun <T> withKey(secret: ByteArray?, language: String, call: suspend (ByteArray?) -> T): T = try {
        call(secret)
    } catch (failure: TalusException.Storage) {
        if (secret == null || encrypts(language)) throw failure
        call(null)
    }

    /** Whether this core can encrypt: it takes a key for a database of its own, or else none even where it can write. */
    private suspend fun encrypts(language: String): Boolean {
        val tried = scratch.resolve("tried")
        suspend fun opens(key: ByteArray?): Boolean {
            tried.deleteRecursively()
            return try {
                TalusApp.of(tried.resolve("talus.db").path, language, key = key).close()
                true
            } catch (_: TalusException) {
                false
            }
        }
        return (opens(ByteArray(32) { it.toByte() }) || !opens(null)).also { tried.deleteRecursively() }
    }

    /**
     * Makes a new history of everything of a damaged one that still reads; the old one is kept beside it, as it was.
     * A cancelled call has changed nothing.
     */
    suspend fun repair(language: String, zone: String): Mended = withContext(Dispatchers.IO) {
        val secret = (key.read() as? Kept.Key)?.bytes
        try {
            withKey(secret, language) { given ->
                Work().use { mend(Opening(database.path, language, zone, given), Mending.REPAIR, it) }
            }
        } finally {
            secret?.fill(0)
        }
    }

    /** Deletes everything that is kept, and what was set aside: first what opens it, so that nothing of it can be read any more. */
    suspend fun wipe() = withContext(Dispatchers.IO) {
        key.forget()
        silentSince.delete()
        fun ours(file: File, of: File) = file.name == of.name || file.name.startsWith("${of.name}.aside-")
        for (file in sealedKey.parentFile?.listFiles().orEmpty()) if (ours(file, sealedKey)) file.delete()
        for (file in folder.parentFile?.listFiles().orEmpty()) if (ours(file, folder)) file.deleteRecursively()
    }

    /** Sets the history and its sealed key aside as they are, and gives where; what is opened next begins anew. */
    suspend fun setAside(): File = withContext(Dispatchers.IO) {
        val number = free()
        val to = aside(folder, number)
        putKeyAside(number)
        if (!folder.renameTo(to)) {
            aside(sealedKey, number).renameTo(sealedKey)
            throw IOException("$folder does not move")
        }
        silentSince.delete()
        // When it was set aside, which is what it is told by.
        to.setLastModified(System.currentTimeMillis())
        to
    }

    /** What was set aside, newest first. */
    suspend fun setAsides(): List<SetAside> = withContext(Dispatchers.IO) {
        val begins = "${folder.name}.aside-"
        folder.parentFile?.listFiles().orEmpty().filter { it.isDirectory && it.name.startsWith(begins) }
            .mapNotNull { file -> file.name.removePrefix(begins).toIntOrNull()?.let { SetAside(it, file.lastModified()) } }
            .sortedByDescending { it.number }
    }

    /**
     * Who is in what was set aside under this [number].
     * @throws LockedHistory where its key does not open it, or not now
     * @throws TalusException where it cannot be opened for another reason
     */
    suspend fun within(number: Int, language: String): Within = withContext(Dispatchers.IO) {
        val secret = when (val kept = HouseholdKey(aside(sealedKey, number)).read()) {
            is Kept.Key -> kept.bytes
            Kept.NotNow -> throw LockedHistory(Locked.NOT_NOW)
            Kept.Nothing, Kept.Never -> null
        }
        val database = aside(folder, number).resolve(database.name)
        // What is looked into is never made.
        if (database.length() == 0L) return@withContext Within(listOf(), 0)
        try {
            withKey(secret, language) { given ->
                TalusApp.of(database.path, language, key = given).use { opened ->
                    opened.profiles().let { all -> Within(all.map { it.name }, all.sumOf { it.has.sessions.toInt() }) }
                }
            }
        } catch (_: TalusException.KeyNeeded) {
            throw LockedHistory(Locked.KEY_GONE)
        } catch (_: TalusException.KeyWrong) {
            throw LockedHistory(Locked.KEY_GONE)
        } finally {
            secret?.fill(0)
        }
    }

    /** Brings back what was set aside under this [number]; what is here now is set aside in its place. Nothing is lost. */
    suspend fun bringBack(number: Int) = withContext(Dispatchers.IO) {
        val from = aside(folder, number)
        if (!from.isDirectory) throw IOException("$from is not there")
        val mine = if (folder.exists()) setAside() else null
        if (!from.renameTo(folder)) {
            // As it was: the key is where its history is.
            mine?.let { it.renameTo(folder) && aside(sealedKey, it.name.substringAfterLast('-').toInt()).renameTo(sealedKey) }
            throw IOException("$from does not move")
        }
        aside(sealedKey, number).renameTo(sealedKey)
        silentSince.delete()
    }

    companion object {
        /** The history of this app on this phone. */
        fun of(context: Context): History = History(
            context.filesDir.resolve("household"), context.noBackupFilesDir, context.cacheDir,
        ) { Settings.Global.getInt(context.contentResolver, Settings.Global.BOOT_COUNT, -1).takeIf { it >= 0 } }
    }
}

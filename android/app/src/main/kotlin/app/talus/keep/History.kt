// The history of this phone's household: opened with its key, or told to be locked with the ways out. A new key is never
// made for an old history.
package app.talus.keep

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

    /** There is no history yet, and the key store takes no key for one. */
    NO_KEY_STORE,

    /** The history is there, and not whole. */
    DAMAGED,
}

/** The history does not open. Nothing was changed. */
class LockedHistory(val why: Locked) : Exception("the history does not open: $why")

/** The household in [folder]; its sealed key lies in [keys], and what is only tried out in [scratch]. */
class History(private val folder: File, keys: File, private val scratch: File) {
    private val sealedKey = keys.resolve("household.key")
    private val key = HouseholdKey(sealedKey)
    private val database = folder.resolve("talus.db")

    /**
     * Opens it, and makes it with a key of its own where there is none.
     * @throws LockedHistory where it is there and its key is not, or opens it no more
     * @throws TalusException where it cannot be opened for another reason
     */
    suspend fun open(language: String, zone: String): Opened = withContext(Dispatchers.IO) {
        val begun = database.length() > 0
        val secret = when (val kept = key.read()) {
            is Kept.Key -> kept.bytes
            // With nothing to lose a new key is the way on; else the core says whether it needs one.
            Kept.Nothing -> if (begun) null else made()
            Kept.Unopened -> if (begun) null else renewed()
        }
        try {
            withKey(secret, language) { Opened(TalusApp.of(database.path, language, zone, it), sealed = it != null) }
        } catch (_: TalusException.KeyNeeded) {
            throw LockedHistory(Locked.KEY_GONE)
        } catch (_: TalusException.KeyWrong) {
            throw LockedHistory(Locked.KEY_GONE)
        } catch (_: TalusException.Damaged) {
            throw LockedHistory(Locked.DAMAGED)
        } finally {
            secret?.fill(0)
        }
    }

    /** Nothing is locked by a key that does not open, so another one may be made; the old one is kept all the same. */
    private fun renewed(): ByteArray {
        putKeyAside()
        return made()
    }

    private fun made(): ByteArray = key.make() ?: throw LockedHistory(Locked.NO_KEY_STORE)

    private fun putKeyAside() {
        if (sealedKey.exists()) sealedKey.renameTo(free(sealedKey))
    }

    private fun free(file: File): File =
        generateSequence(1) { it + 1 }.map { file.resolveSibling("${file.name}.aside-$it") }.first { !it.exists() }

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
        fun ours(file: File, of: File) = file.name == of.name || file.name.startsWith("${of.name}.aside-")
        for (file in sealedKey.parentFile?.listFiles().orEmpty()) if (ours(file, sealedKey)) file.delete()
        for (file in folder.parentFile?.listFiles().orEmpty()) if (ours(file, folder)) file.deleteRecursively()
    }

    /** Sets the history and its sealed key aside as they are, and gives where; what is opened next begins anew. */
    suspend fun setAside(): File = withContext(Dispatchers.IO) {
        val aside = free(folder)
        if (!folder.renameTo(aside)) throw IOException("$folder does not move")
        putKeyAside()
        aside
    }
}

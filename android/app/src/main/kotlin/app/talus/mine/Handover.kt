// Files in and out by the phone's own picker: the core writes and reads files of the app, the picker knows only addresses.
package app.talus.mine

import android.content.Context
import android.net.Uri
import java.io.File
import java.io.IOException
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext

/** Carries files between the app and what the picker names. */
class Handover(private val context: Context) {
    private val passing = context.cacheDir.resolve("passing")

    /** A place of the app's own for a file on its way, empty. */
    fun place(name: String): File {
        passing.mkdirs()
        return passing.resolve(name).also { it.delete() }
    }

    /** Clears away whatever was on its way. */
    suspend fun clear() {
        withContext(Dispatchers.IO) { passing.deleteRecursively() }
    }

    /** Copies [from] to where the picker said, and clears it away. @throws IOException where that takes no file. */
    suspend fun give(from: File, to: Uri) = moving {
        try {
            val out = context.contentResolver.openOutputStream(to, "wt") ?: throw IOException("nothing is behind $to")
            out.use { sink -> from.inputStream().use { it.copyTo(sink) } }
        } finally {
            from.delete()
        }
    }

    /** Copies what the picker named to a file of the app's own. @throws IOException where nothing is to be read. */
    suspend fun take(from: Uri): File = moving {
        val to = place("taken")
        val source = context.contentResolver.openInputStream(from) ?: throw IOException("nothing is behind $from")
        source.use { bytes -> to.outputStream().use { bytes.copyTo(it) } }
        to
    }

    /** The text that the picker named, at most [most] bytes of it. @throws IOException where there is more, or nothing to read. */
    suspend fun text(from: Uri, most: Int): String = moving {
        val source = context.contentResolver.openInputStream(from) ?: throw IOException("nothing is behind $from")
        source.use { bytes ->
            val head = ByteArray(most + 1)
            var length = 0
            while (length < head.size) {
                val read = bytes.read(head, length, head.size - length)
                if (read < 0) break
                length += read
            }
            if (length > most) throw IOException("$from is longer than $most bytes")
            head.decodeToString(0, length)
        }
    }

    /** Whoever keeps files for the phone fails in its own ways; all mean that nothing came over. */
    private suspend fun <T> moving(call: () -> T): T = withContext(Dispatchers.IO) {
        try {
            call()
        } catch (refused: RuntimeException) {
            throw IOException(refused)
        }
    }
}

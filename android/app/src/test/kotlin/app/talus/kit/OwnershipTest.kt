// What takes its time, from Kotlin: watched to its end, and stopped by letting go of it.
package app.talus.kit

import app.talus.core.ExportWish
import app.talus.core.TalusException
import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking

class OwnershipTest {
    @Test
    fun `an export is watched to its end and a cancelled one leaves nothing behind`() = runBlocking {
        val folder = Files.createTempDirectory("talus")
        try {
            TalusApp.of(folder.resolve("talus.db").toString(), "en", "Europe/Berlin").use { talus ->
                talus.demo(1uL).use { session ->
                    session.advance(3_600_000_000)
                    session.finish()
                }
                val file = folder.resolve("everything")
                val sealed = ExportWish(everyone = true, recordings = true, passphrase = "seven small stones")
                val begun = talus.export(file.toString(), sealed)
                assertTrue(Files.notExists(file), "nothing begins before it is collected")
                // The first look at it cancels the rest: making a key from the passphrase alone takes longer.
                assertIs<Working.Under>(begun.first())
                assertTrue(Files.notExists(file), "a stopped backup was written")
                val told = begun.toList()
                assertTrue(told.dropLast(1).all { it is Working.Under }, "$told")
                assertIs<Working.Done<*>>(told.last())
                assertFailsWith<TalusException.PassphraseNeeded> { talus.lookInto(file.toString()) }
                assertFailsWith<TalusException.PassphraseWrong> { talus.takeIn(file.toString(), "seven large stones").toList() }
                assertEquals(1uL, talus.lookInto(file.toString(), "seven small stones").sessions)
            }
        } finally {
            folder.toFile().deleteRecursively()
        }
    }
}

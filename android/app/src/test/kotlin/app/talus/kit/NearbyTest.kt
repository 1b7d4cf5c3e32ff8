// Looking around for cuffs, and opening with a key, from Kotlin.
package app.talus.kit

import app.talus.core.FfiConverterTypeListener
import app.talus.core.LinkState
import app.talus.core.Side
import app.talus.core.TalusException
import java.nio.file.Files
import java.nio.file.Path
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout

private const val WAIT_MS = 40_000L

class NearbyTest {
    private fun inAFolder(use: suspend (Path) -> Unit) = runBlocking {
        val folder = Files.createTempDirectory("talus")
        try {
            use(folder)
        } finally {
            folder.toFile().deleteRecursively()
        }
    }

    @Test
    fun `a simulated cuff is found and chosen and kept and the flow ends with the looking`() = inAFolder { folder ->
        TalusApp.of(folder.resolve("talus.db").toString(), "en", "Europe/Berlin").use { talus ->
            val nearby = talus.nearby(seed = 1uL)
            val looking = launchTold(nearby)
            val found = withTimeout(WAIT_MS) { nearby.around().first { it.found.size == 2 } }.found
            assertNull(nearby.choose("nobody"))
            assertNotNull(nearby.choose(found[0].name))
            val chosen = withTimeout(WAIT_MS) {
                nearby.around().first { around -> around.chosen.any { it.link == LinkState.STREAMING } }
            }.chosen.single()
            assertEquals(found[0].name, chosen.name)
            assertFailsWith<TalusException.PairingFailed> { nearby.keep(chosen.cuff, Side.LEFT, 5001u) }
            assertEquals(1250u, nearby.keep(chosen.cuff, Side.LEFT, 1250u).massG)
            val cuff = talus.cuffs().single()
            assertEquals(Side.LEFT to 1250u, cuff.side to cuff.massG)
            talus.renameCuff(cuff.id, "Anna")
            // Also of a cuff that lies elsewhere, and both legs at once.
            talus.wearCuff(cuff.id, Side.RIGHT, 750u)
            assertEquals(Side.RIGHT to 750u, talus.cuffs().single().let { it.side to it.massG })
            talus.swapCuffs(cuff.id)
            assertEquals(Side.LEFT to 750u, talus.cuffs().single().let { it.side to it.massG })
            assertFailsWith<TalusException.Invalid> { talus.wearCuff(cuff.id, Side.LEFT, 5001u) }
            assertTrue("samples_received" in nearby.diagnostics())
            talus.forgetCuff(cuff.id)
            assertFailsWith<TalusException.NotFound> { talus.forgetCuff(cuff.id) }
            nearby.stop()
            withTimeout(WAIT_MS) { looking.join() }
            assertFailsWith<TalusException.Closed> { nearby.now() }
            nearby.close()
        }
    }

    private fun launchTold(nearby: CuffsNearby) = kotlinx.coroutines.CoroutineScope(kotlinx.coroutines.Dispatchers.Default).launch {
        assertTrue(nearby.around().toList().isNotEmpty())
    }

    @Test
    fun `what Android calls to hand over its machine is found by Java under its name`() {
        // As Android's System.loadLibrary does it, which JNA does not.
        System.load(Path.of(System.getProperty("jna.library.path"), System.mapLibraryName("talus_core")).toString())
        val start = Bluetooth::class.java.getDeclaredMethod("start").apply { isAccessible = true }
        assertEquals(true, start.invoke(null))
    }

    @Test
    fun `a key is taken or refused and never ignored`() = inAFolder { folder ->
        val database = folder.resolve("talus.db")
        assertFailsWith<TalusException.Invalid> { TalusApp.of(database.toString(), "en", key = ByteArray(31)) }
        // The core of this machine is built without encryption.
        val refused = assertFailsWith<TalusException.Storage> { TalusApp.of(database.toString(), "en", key = ByteArray(32)) }
        assertTrue("cannot encrypt" in refused.what, refused.what)
        assertTrue(Files.notExists(database))
        assertEquals(0, FfiConverterTypeListener.handleMap.size)
    }
}

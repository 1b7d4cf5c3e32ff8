// The key of the history: made once, sealed by the key store, lost and told, never replaced over an old history.
package app.talus.screens

import android.content.Context
import androidx.test.core.app.ApplicationProvider
import app.talus.Home
import app.talus.Wishes
import app.talus.keep.History
import app.talus.keep.HouseholdKey
import app.talus.keep.Kept
import app.talus.keep.Locked
import app.talus.keep.LockedHistory
import app.talus.keep.Within
import java.io.File
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertContentEquals
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertFalse
import kotlin.test.assertIs
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.delay
import kotlinx.coroutines.flow.first
import kotlinx.coroutines.runBlocking
import kotlinx.coroutines.withTimeout
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.annotation.Config

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class KeyTest {
    private val context = ApplicationProvider.getApplicationContext<Context>()
    private val file = context.noBackupFilesDir.resolve("household.key")
    private val key = HouseholdKey(file)
    private val folder = context.filesDir.resolve("household")
    private val database = folder.resolve("talus.db")

    private fun history() = History(folder, context.noBackupFilesDir, context.cacheDir)

    private fun open() = runBlocking { history().open("en", "UTC") }

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun sealedDatabase() {
        folder.mkdirs()
        database.writeBytes(sealedHistory())
    }

    @Test
    fun aKeyIsMadeOnceAndLiesOnTheFlashOnlySealed() {
        assertEquals(Kept.Nothing, key.read())
        val made = assertNotNull(key.make())
        assertEquals(32, made.size)
        assertTrue(made.toSet().size > 8, "no random bytes")
        repeat(2) { assertContentEquals(made, assertIs<Kept.Key>(key.read()).bytes) }
        val onFlash = file.readBytes()
        assertFalse(onFlash.toList().windowed(4).any { it in made.toList().windowed(4) }, "the key lies open on the flash")
    }

    @Test
    fun twoKeysAreNeverAlikeNorSealedAlike() {
        val one = assertNotNull(key.make())
        val sealed = file.readBytes()
        file.delete()
        assertFalse(assertNotNull(key.make()).contentEquals(one))
        assertFalse(file.readBytes().copyOfRange(1, 13).contentEquals(sealed.copyOfRange(1, 13)), "a nonce was used twice")
    }

    @Test
    fun aKeyThatWasLostSpoiledOrIsNotGivenNowIsToldAndKept() {
        val made = assertNotNull(key.make())
        val sealed = file.readBytes()
        FakeKeyStore.silent = true
        assertEquals(Kept.NotNow, key.read())
        FakeKeyStore.silent = false
        assertContentEquals(made, assertIs<Kept.Key>(key.read()).bytes)
        for (at in sealed.indices) {
            file.writeBytes(sealed.clone().also { it[at] = (it[at] + 1).toByte() })
            assertEquals(Kept.Never, key.read(), "byte $at is not looked at")
        }
        for (size in 0 until sealed.size) {
            file.writeBytes(sealed.copyOf(size))
            assertEquals(Kept.Never, key.read(), "$size bytes are taken for a key")
        }
        file.writeBytes(sealed)
        FakeKeyStore.replaceEveryKey()
        assertEquals(Kept.Never, key.read())
        FakeKeyStore.unrecoverable += FakeKeyStore.keys.keys
        assertEquals(Kept.Never, key.read())
        FakeKeyStore.unrecoverable.clear()
        FakeKeyStore.keys.clear()
        assertEquals(Kept.Never, key.read())
        assertContentEquals(sealed, file.readBytes())
    }

    @Test
    fun aKeyStoreThatIsBusyForAMomentIsAskedAgain() {
        val made = assertNotNull(key.make())
        FakeKeyStore.silentFor = 1
        assertContentEquals(made, assertIs<Kept.Key>(key.read()).bytes)
        FakeKeyStore.silentFor = 9
        assertEquals(Kept.NotNow, key.read(), "it is asked for ever")
    }

    @Test
    fun aHistoryWhoseKeyDoesNotComeNowIsOnlyTriedAgainUntilThePhoneWasStartedAnew() {
        assertNotNull(key.make())
        sealedDatabase()
        val before = database.readBytes()
        val sealed = file.readBytes()
        var starts = 7
        fun opening() = assertFailsWith<LockedHistory> {
            runBlocking { History(folder, context.noBackupFilesDir, context.cacheDir) { starts }.open("en", "UTC") }
        }.why
        FakeKeyStore.silent = true
        repeat(3) { assertEquals(Locked.NOT_NOW, opening()) }
        assertContentEquals(before, database.readBytes())
        assertContentEquals(sealed, file.readBytes())
        // A key store that does not answer after a start either is one that is gone; setting aside loses nothing.
        starts = 8
        assertEquals(Locked.KEY_GONE, opening())
        assertContentEquals(sealed, file.readBytes())
        // It answered once: the next silence is a new one.
        FakeKeyStore.silent = false
        assertEquals(Locked.KEY_GONE, opening(), "this core cannot open it")
        FakeKeyStore.silent = true
        assertEquals(Locked.NOT_NOW, opening())
    }

    @Test
    fun whereThereIsNoHistoryASpoiledSealMakesWayForAnother() {
        FakeKeyStore.unrecoverable += "household"
        val made = assertNotNull(key.make())
        assertContentEquals(made, assertIs<Kept.Key>(key.read()).bytes)
        assertEquals(setOf("household-2"), FakeKeyStore.keys.keys)
        open().talus.close()
        key.forget()
        assertEquals(mapOf(), FakeKeyStore.keys.toMap())
    }

    @Test
    fun aKeyThatCannotBeKeptIsNotUsed() {
        FakeKeyStore.silent = true
        assertNull(key.make())
        FakeKeyStore.remove()
        assertNull(key.make(), "without a key store")
        assertFalse(file.exists())
        assertEquals(Locked.NO_KEY_STORE, assertFailsWith<LockedHistory> { open() }.why)
        assertFalse(database.exists(), "a history without its key")
    }

    @Test
    fun aCoreThatCannotEncryptIsUsedOpenAndSaysSo() {
        val opened = open()
        assertFalse(opened.sealed, "this core has no SQLCipher")
        assertEquals(1, runBlocking { opened.talus.profiles() }.size)
        opened.talus.close()
        assertTrue(database.readBytes().decodeToString(0, 15) == "SQLite format 3")
        assertEquals(listOf(), context.cacheDir.list().orEmpty().toList(), "what was tried stays")
        // The second time the key is there already.
        val sealed = file.readBytes()
        open().talus.close()
        assertContentEquals(sealed, file.readBytes())
    }

    @Test
    fun aSealedHistoryWithoutItsKeyIsLockedAndNoNewKeyIsMade() {
        sealedDatabase()
        val before = database.readBytes()
        assertEquals(Locked.KEY_GONE, assertFailsWith<LockedHistory> { open() }.why)
        assertFalse(file.exists(), "a new key for an old history")
        assertContentEquals(before, database.readBytes())
    }

    @Test
    fun aHistoryWhoseKeyDoesNotOpenAnyMoreIsLockedAndSetAsideAsItIs() {
        assertNotNull(key.make())
        sealedDatabase()
        folder.resolve("recordings").mkdirs()
        folder.resolve("recordings/one.talus").writeText("signals")
        val before = database.readBytes()
        val sealed = file.readBytes()
        FakeKeyStore.replaceEveryKey()
        assertEquals(Locked.KEY_GONE, assertFailsWith<LockedHistory> { open() }.why)
        assertContentEquals(sealed, file.readBytes())
        val aside = runBlocking { history().setAside() }
        assertContentEquals(before, aside.resolve("talus.db").readBytes())
        assertEquals("signals", aside.resolve("recordings/one.talus").readText())
        val kept = context.noBackupFilesDir.listFiles().orEmpty().single { it.name.startsWith("household.key.aside") }
        assertContentEquals(sealed, kept.readBytes())
        val opened = open()
        assertEquals(0, runBlocking { opened.talus.sessions(10u) }.size)
        assertIs<Kept.Key>(key.read())
        opened.talus.close()
    }

    @Test
    fun aDamagedHistoryIsToldAndRepairedAndTheOldOneIsKept() = runBlocking {
        open().talus.run {
            renamePerson("Ada")
            close()
        }
        // The pages behind the first are the tables; the head still says whose it is.
        val whole = database.readBytes()
        database.writeBytes(whole.copyOf().also { bytes -> for (at in 2048 until bytes.size) bytes[at] = 0x55 })
        assertEquals(Locked.DAMAGED, assertFailsWith<LockedHistory> { open() }.why)
        val mended = history().repair("en", "UTC")
        assertTrue(File(mended.kept).walk().any { it.isFile && it.length() == whole.size.toLong() }, "what there was is not kept")
        val opened = open()
        assertEquals(1, opened.talus.profiles().size)
        opened.talus.close()
    }

    @Test
    fun anOldKeyThatOpensNothingMakesWayWhereThereIsNoHistory() {
        assertNotNull(key.make())
        FakeKeyStore.replaceEveryKey()
        open().talus.close()
        assertIs<Kept.Key>(key.read())
        assertEquals(2, context.noBackupFilesDir.list().orEmpty().size, "the old one is kept too")
    }

    @Test
    fun whatWasSetAsideIsLookedIntoAndBroughtBackAndTheOtherIsSetAsideInItsPlace() = runBlocking {
        val home = Home(context)
        home.talus().renamePerson("Ada")
        home.talus().addPerson("Jo")
        home.beginAnew()
        home.talus().renamePerson("Kim")
        val first = home.setAsides().single()
        assertEquals(Within(listOf("Ada", "Jo"), 0), home.within(first.number).run { copy(people = people.sorted()) })
        assertEquals(listOf("Kim"), home.talus().profiles().map { it.name })
        home.bringBack(first.number)
        assertEquals(listOf("Ada", "Jo"), home.talus().profiles().map { it.name }.sorted())
        val second = home.setAsides().single()
        assertEquals(listOf("Kim"), home.within(second.number).people)
        // Each with the key it was sealed by.
        assertEquals(
            setOf("household.key", "household.key.aside-${second.number}"),
            context.noBackupFilesDir.list().orEmpty().filter { "household" in it }.toSet(),
        )
        home.bringBack(second.number)
        assertEquals(listOf("Kim"), home.talus().profiles().map { it.name })
        assertFailsWith<java.io.IOException> { home.bringBack(99) }
        assertEquals(listOf("Kim"), home.talus().profiles().map { it.name }, "nothing was there, and nothing moved")
    }

    @Test
    fun damageThatACallComesUponIsToldWithItsWaysOnAndRepaired() = runBlocking {
        val home = Home(context)
        home.talus().renamePerson("Ada")
        home.cameUpon(Locked.DAMAGED)
        assertEquals(Locked.DAMAGED, home.locked.value)
        val waiting = async(Dispatchers.Default) { home.talus() }
        delay(300)
        assertFalse(waiting.isCompleted, "a damaged history is given out")
        // What opened all the same is as it was.
        home.unlockAgain()
        assertEquals(listOf("Ada"), withTimeout(20_000) { waiting.await() }.profiles().map { it.name })
        home.settings.change { it.copy(demo = true) }
        home.cameUpon(Locked.DAMAGED)
        assertNull(home.locked.value, "a demo is nobody's history")
    }

    @Test
    fun whatIsNoHistoryIsToldAndSetAsideAsItIs() {
        folder.mkdirs()
        val text = "a shopping list, and nothing of Talus. ".repeat(200)
        database.writeText(text)
        assertEquals(Locked.FOREIGN, assertFailsWith<LockedHistory> { open() }.why)
        assertEquals(text, database.readText())
        val aside = runBlocking { history().setAside() }
        assertEquals(text, aside.resolve("talus.db").readText())
        open().talus.close()
    }

    @Test
    fun whatIsWipedIsGoneWithItsKeyAndEverythingSetAside() = runBlocking {
        val home = Home(context)
        home.talus().renamePerson("Ada")
        home.settings.change { it.copy(welcomed = true, pounds = true, language = "de", remindOn = setOf(1)) }
        home.beginAnew()
        home.talus().renamePerson("Jo")
        val copied = file.readBytes()
        home.handover.place("given").writeText("a page about Jo")
        home.wipe()
        assertFalse(context.cacheDir.resolve("passing").exists(), "a file on its way stays")
        assertEquals(listOf(), context.filesDir.list().orEmpty().filter { "household" in it })
        assertEquals(listOf(), context.noBackupFilesDir.list().orEmpty().filter { "household" in it })
        assertEquals(mapOf(), FakeKeyStore.keys.toMap())
        file.writeBytes(copied)
        assertEquals(Kept.Never, key.read(), "a copy of the sealed key opens still")
        file.delete()
        assertEquals(Wishes(language = "de"), home.settings.wishes.value)
        assertFalse("Jo" in home.talus().profiles().map { it.name })
    }

    @Test
    fun aLockedHistoryLetsNobodyInUntilAWayOutIsChosenAndTheDemoGoesOn() = runBlocking {
        sealedDatabase()
        val home = Home(context)
        val waiting = async(Dispatchers.Default) { home.talus() }
        withTimeout(20_000) { home.locked.first { it != null } }
        assertFalse(waiting.isCompleted)
        home.unlockAgain()
        withTimeout(20_000) { home.locked.first { it != null } }
        assertFalse(waiting.isCompleted)
        home.settings.change { it.copy(demo = true) }
        val demo = withTimeout(20_000) { waiting.await() }
        assertFalse(home.sealed())
        assertEquals(1, demo.profiles().size)
        home.settings.change { it.copy(demo = false) }
        val again = async(Dispatchers.Default) { home.talus() }
        home.beginAnew()
        assertEquals(0, withTimeout(20_000) { again.await() }.sessions(10u).size)
        assertEquals(
            listOf("household", "household.aside-1"), context.filesDir.list().orEmpty().filter { it.startsWith("household") }.sorted(),
        )
    }
}

// What the phone does for the app beside a session: reminders, the lock, and what no backup takes.
package app.talus.screens

import android.app.AlarmManager
import android.app.NotificationManager
import android.content.Intent
import android.os.Looper
import androidx.test.core.app.ApplicationProvider
import app.talus.R
import app.talus.TalusApplication
import app.talus.core.Goal
import app.talus.lock.AppLock
import app.talus.person.AboutViewModel
import app.talus.person.Reply
import app.talus.remind.ReminderReceiver
import app.talus.remind.nextReminder
import app.talus.remind.remind
import app.talus.remind.reminder
import app.talus.value
import java.io.File
import java.time.ZoneId
import java.time.ZonedDateTime
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.AfterTest
import kotlin.test.BeforeTest
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFalse
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val WAIT_MS = 60_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class PhoneTest {
    private val app = ApplicationProvider.getApplicationContext<TalusApplication>()
    private val berlin = ZoneId.of("Europe/Berlin")

    private fun at(text: String): ZonedDateTime = java.time.LocalDateTime.parse(text).atZone(berlin)

    @BeforeTest fun aKeyStore() = FakeKeyStore.install()

    @AfterTest fun noKeyStore() = FakeKeyStore.remove()

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { what }, there)

    @Test
    fun theNextReminderIsTheNextOfTheDaysAtItsTime() {
        // A Wednesday.
        val now = at("2026-11-25T13:00")
        assertNull(nextReminder(now, setOf(), 600))
        assertEquals(at("2026-11-25T17:30"), nextReminder(now, setOf(3), 17 * 60 + 30))
        assertEquals(at("2026-12-02T12:00"), nextReminder(now, setOf(3), 12 * 60))
        assertEquals(at("2026-12-02T13:00"), nextReminder(now, setOf(3), 13 * 60), "now is not next")
        assertEquals(at("2026-11-27T07:00"), nextReminder(now, setOf(1, 5), 7 * 60))
        for (minute in 0 until 24 * 60 step 7) for (day in 1..7) {
            val next = checkNotNull(nextReminder(now, setOf(day), minute))
            assertTrue(next > now && next <= now.plusDays(7) && next.dayOfWeek.value == day && next.hour * 60 + next.minute == minute)
        }
    }

    @Test
    fun aTimeThatTheClockLeavesOutOrRepeatsRingsOnce() {
        // In the night to 29 March 2026 there is no half past two in Berlin, on 25 October there are two.
        assertEquals(at("2026-03-29T03:30").toInstant(), nextReminder(at("2026-03-28T12:00"), setOf(7), 150)?.toInstant())
        val first = checkNotNull(nextReminder(at("2026-10-24T12:00"), setOf(7), 150))
        assertEquals(at("2026-11-01T02:30"), nextReminder(first, setOf(7), 150))
    }

    @Test
    fun oneAlarmStandsAtATimeAndNoneWithoutDays() {
        val alarms = shadowOf(app.getSystemService(AlarmManager::class.java))
        remind(app, setOf(1, 4), 600, at("2026-11-25T13:00"))
        assertEquals(listOf(at("2026-11-26T10:00").toInstant().toEpochMilli()), alarms.scheduledAlarms.map { it.triggerAtMs })
        remind(app, setOf(1), 600, at("2026-11-25T13:00"))
        assertEquals(listOf(at("2026-11-30T10:00").toInstant().toEpochMilli()), alarms.scheduledAlarms.map { it.triggerAtMs })
        remind(app, setOf(), 600, at("2026-11-25T13:00"))
        assertEquals(listOf(), alarms.scheduledAlarms.map { it.triggerAtMs })
    }

    @Test
    fun aRestartSetsTheAlarmAnewAndSaysNothing() {
        app.home.settings.change { it.copy(remindOn = setOf(2), remindAtMin = 600) }
        app.sendBroadcast(Intent(Intent.ACTION_BOOT_COMPLETED).setPackage(app.packageName))
        shadowOf(Looper.getMainLooper()).idle()
        assertEquals(1, shadowOf(app.getSystemService(AlarmManager::class.java)).scheduledAlarms.size)
        assertEquals(0, shadowOf(app.getSystemService(NotificationManager::class.java)).allNotifications.size)
    }

    @Test
    fun itRemindsOnlyWhereThereIsSomethingToDo() = runBlocking {
        val home = app.home
        assertNull(reminder(home), "nobody has said who they are")
        val about = AboutViewModel(home)
        about.refresh()
        until("the questions") { about.state.value.value() != null }
        about.body("1980", "175", "75")
        about.next()
        about.next()
        for (asked in checkNotNull(about.state.value.value()).questions) {
            about.reply(asked.id, if (asked.id == "FLOOR_ALONE" || asked.id == "REACH") Reply.YES else Reply.NO)
            about.next()
        }
        until("the outcome") { about.state.value.value()?.outcome != null }
        assertEquals(Goal.STRENGTH, home.talus().about()?.goal)
        assertNull(reminder(home), "nothing is picked")
        home.settings.pick("knee_ext_seated")
        assertEquals(app.getString(R.string.your_own_session), reminder(home))
        home.settings.change { it.copy(remindOn = setOf(1, 2, 3, 4, 5, 6, 7), remindAtMin = 0) }
        app.sendBroadcast(Intent(ReminderReceiver.RING).setClass(app, ReminderReceiver::class.java))
        val notices = shadowOf(app.getSystemService(NotificationManager::class.java))
        until("the reminder") { notices.allNotifications.size == 1 }
        assertEquals(app.getString(R.string.reminder_title), notices.allNotifications.single().extras.getString("android.title"))
    }

    @Test
    fun theLockClosesAtTheBeginningAndAfterAMinuteAway() {
        var now = 0L
        assertFalse(AppLock(false) { now }.closed.value)
        val lock = AppLock(true) { now }
        assertTrue(lock.closed.value)
        lock.unlock()
        lock.left()
        now = 59_999
        lock.cameBack(true)
        assertFalse(lock.closed.value, "whoever answers a message is asked again")
        lock.left()
        now += 60_000
        lock.cameBack(true)
        assertTrue(lock.closed.value)
        lock.unlock()
        lock.left()
        now += 3_600_000
        lock.cameBack(false)
        assertFalse(lock.closed.value, "nobody wished for a lock")
    }

    @Test
    fun noBackupTakesAnythingOfTheAppAndNoReceiverIsOpenToOthers() {
        val manifest = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(
            File(checkNotNull(System.getProperty("talus.manifest"))),
        )
        val application = manifest.getElementsByTagName("application").item(0).attributes
        assertEquals("false", application.getNamedItem("android:allowBackup").nodeValue)
        assertEquals("@xml/kept_here", application.getNamedItem("android:dataExtractionRules").nodeValue)
        val receivers = manifest.getElementsByTagName("receiver").let { all -> List(all.length) { all.item(it).attributes } }
        val own = receivers.single { it.getNamedItem("android:name").nodeValue == "app.talus.remind.ReminderReceiver" }
        assertEquals("false", own.getNamedItem("android:exported").nodeValue)
        val rules = app.resources.getXml(R.xml.kept_here)
        val left = mutableMapOf<String, MutableSet<String>>()
        var part = ""
        while (rules.next() != org.xmlpull.v1.XmlPullParser.END_DOCUMENT) {
            if (rules.eventType != org.xmlpull.v1.XmlPullParser.START_TAG) continue
            if (rules.name == "cloud-backup" || rules.name == "device-transfer") part = rules.name
            if (rules.name == "exclude") left.getOrPut(part) { mutableSetOf() } += rules.getAttributeValue(null, "domain")
            assertTrue(rules.name != "include")
        }
        val all = setOf("root", "file", "database", "sharedpref", "external")
        assertEquals(mapOf("cloud-backup" to all, "device-transfer" to all), left.mapValues { it.value.toSet() })
    }
}

// A session outside the app: its service, its notification, and what the phone is told the app may do.
package app.talus.screens

import android.Manifest
import android.app.NotificationManager
import android.content.Intent
import androidx.test.core.app.ApplicationProvider
import app.talus.R
import app.talus.Simulation
import app.talus.TalusApplication
import app.talus.service.SessionService
import app.talus.session.At
import app.talus.session.LiveState
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertNotNull
import kotlin.test.assertNull
import kotlin.test.assertTrue
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

private const val WAIT_MS = 240_000L

@RunWith(RobolectricTestRunner::class)
@Config(sdk = [34])
class ServiceTest {
    private val quiet = Quiet()
    private val app = ApplicationProvider.getApplicationContext<TalusApplication>().apply { tellWith = quiet::with }
    private val live get() = app.home.live

    private fun until(what: String, there: () -> Boolean) = waitUntil(WAIT_MS, { "$what, but ${live.state.value}" }, there)

    private fun training() = live.state.value as? LiveState.Training

    private fun begin() {
        app.home.settings.change { it.copy(demo = true) }
        app.home.simulation = Simulation(1uL, 20f)
        app.home.train(listOf())
        until("a set") { training()?.let { it.at == At.SET && it.count >= 1 } == true }
    }

    private fun shown() = shadowOf(app.getSystemService(NotificationManager::class.java)).allNotifications.single()

    @Test
    fun aSessionShowsSetAndCountAndPausesAndStopsFromItsNotification() {
        shadowOf(app).grantPermissions(Manifest.permission.BLUETOOTH_SCAN, Manifest.permission.BLUETOOTH_CONNECT)
        begin()
        assertEquals(SessionService::class.java.name, assertNotNull(shadowOf(app).nextStartedService).component?.className)
        val controller = Robolectric.buildService(SessionService::class.java).create()
        val service = controller.get()
        service.onStartCommand(Intent(SessionService.PAUSE), 0, 1)
        until("the pause") { training()?.at == At.PAUSED }
        fun text() = shown().extras.getString("android.text").orEmpty()
        until("the notification of it") { app.getString(R.string.paused) in text() }
        val training = assertNotNull(training())
        assertEquals(training.exercise, shown().extras.getString("android.title"))
        assertTrue(app.getString(R.string.set_of, training.setNumber, training.setOf) in text(), text())
        assertTrue(app.getString(R.string.counted_of, training.count, training.target) in text(), text())
        assertEquals(listOf(app.getString(R.string.go_on), app.getString(R.string.stop)), shown().actions.map { "${it.title}" })
        service.onStartCommand(Intent(SessionService.PAUSE), 0, 2)
        until("it going on") { training()?.at == At.SET }
        service.onStartCommand(Intent(SessionService.STOP), 0, 3)
        until("the end of the set") { training()?.at != At.SET }
        live.stop()
        until("the summary") { live.state.value is LiveState.Over }
        until("the end of the service") { shadowOf(service).isStoppedBySelf }
        assertTrue(shadowOf(service).isForegroundStopped)
        // All of it was heard and felt as well; only the sound of a count may lie under one of a higher rank.
        for (name in listOf("get_ready", "rep_counted", "paused", "resumed")) {
            assertTrue(name in quiet.felt, "$name in ${quiet.felt}")
            assertTrue(name == "rep_counted" || name in quiet.sounds, "$name in ${quiet.sounds}")
        }
        assertTrue(quiet.said.isNotEmpty())
        controller.destroy()
    }

    @Test
    fun withoutPermissionASessionOfTheDemoNeedsNoService() {
        begin()
        assertNull(shadowOf(app).nextStartedService)
        live.stop()
        until("the summary") { live.state.value is LiveState.Over }
    }

    /** Merged by what merges it in an Android build, from this app and every library in it. */
    private val manifest by lazy {
        DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File(checkNotNull(System.getProperty("talus.manifest"))))
    }

    private fun named(tag: String): List<String> = manifest.getElementsByTagName(tag).let { all ->
        List(all.length) { all.item(it).attributes.getNamedItem("android:name").nodeValue }
    }

    @Test
    fun theMergedManifestAsksForNoNetworkAndNothingMoreThanItsOwn() {
        val own = listOf(
            "BLUETOOTH_SCAN", "BLUETOOTH_CONNECT", "BLUETOOTH", "BLUETOOTH_ADMIN", "ACCESS_FINE_LOCATION", "FOREGROUND_SERVICE",
            "FOREGROUND_SERVICE_CONNECTED_DEVICE", "POST_NOTIFICATIONS", "VIBRATE", "health.WRITE_EXERCISE",
            "RECEIVE_BOOT_COMPLETED", "USE_BIOMETRIC",
        ).map { "android.permission.$it" }
        // Of AndroidX: a permission that only this app itself holds.
        val library = "app.talus.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION"
        assertEquals((own + library).sorted(), named("uses-permission").sorted())
        assertTrue("app.talus.service.SessionService" in named("service"))
    }
}

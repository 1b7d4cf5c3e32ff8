// Keeps a session with cuffs alive while the screen is off, and shows set and count with a way to pause and to stop.
package app.talus.service

import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.app.Service
import android.content.Context
import android.content.Intent
import android.content.pm.ServiceInfo
import android.graphics.drawable.Icon
import android.os.Build
import android.os.IBinder
import app.talus.MainActivity
import app.talus.R
import app.talus.home
import app.talus.session.At
import app.talus.session.LiveState
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.cancel
import kotlinx.coroutines.flow.distinctUntilChanged
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.launch

/** What the notification says of a session. */
data class Ongoing(val title: String, val text: String, val paused: Boolean?)

/** In the foreground for as long as there is a session. */
class SessionService : Service() {
    private val scope = MainScope()
    private val words: Context by lazy { home.words }

    override fun onCreate() {
        super.onCreate()
        val channel = NotificationChannel(CHANNEL, words.getString(R.string.session_running), NotificationManager.IMPORTANCE_LOW)
        notifications().createNotificationChannel(channel)
        val first = notification(ongoing(words, home.live.state.value ?: LiveState.Opening))
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.Q) startForeground(ID, first, ServiceInfo.FOREGROUND_SERVICE_TYPE_CONNECTED_DEVICE)
        else startForeground(ID, first)
        scope.launch {
            // Thirty pictures a second make a new line only now and then.
            home.live.state.map { state -> state?.takeIf { it !is LiveState.Over && it !is LiveState.Failed }?.let { ongoing(words, it) } }
                .distinctUntilChanged()
                .collect { if (it == null) end() else notifications().notify(ID, notification(it)) }
        }
    }

    override fun onStartCommand(intent: Intent?, flags: Int, startId: Int): Int {
        when (intent?.action) {
            PAUSE -> home.live.pauseOrGoOn()
            STOP -> home.live.endSet()
        }
        // A session that was killed is taken up again by the person, not by the system.
        return START_NOT_STICKY
    }

    override fun onBind(intent: Intent?): IBinder? = null

    override fun onDestroy() {
        scope.cancel()
        super.onDestroy()
    }

    private fun end() {
        stopForeground(STOP_FOREGROUND_REMOVE)
        stopSelf()
    }

    private fun notifications() = getSystemService(NotificationManager::class.java)

    private fun notification(now: Ongoing): Notification {
        val open = PendingIntent.getActivity(
            this, 0, Intent(this, MainActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_SINGLE_TOP), PendingIntent.FLAG_IMMUTABLE,
        )
        val builder = Notification.Builder(this, CHANNEL).setSmallIcon(R.drawable.ic_notification).setContentTitle(now.title)
            .setContentText(now.text).setContentIntent(open).setOngoing(true).setOnlyAlertOnce(true)
            .setCategory(Notification.CATEGORY_WORKOUT).setVisibility(Notification.VISIBILITY_PUBLIC)
        if (Build.VERSION.SDK_INT >= Build.VERSION_CODES.S) builder.setForegroundServiceBehavior(Notification.FOREGROUND_SERVICE_IMMEDIATE)
        if (now.paused != null) {
            builder.addAction(action(PAUSE, words.getString(if (now.paused) R.string.go_on else R.string.pause)))
            builder.addAction(action(STOP, words.getString(R.string.stop)))
        }
        return builder.build()
    }

    private fun action(what: String, name: String): Notification.Action {
        val told = PendingIntent.getService(
            this, what.hashCode(), Intent(this, SessionService::class.java).setAction(what), PendingIntent.FLAG_IMMUTABLE,
        )
        return Notification.Action.Builder(Icon.createWithResource(this, R.drawable.ic_notification), name, told).build()
    }

    companion object {
        private const val CHANNEL = "session"
        private const val ID = 1

        /** Pause, or go on where it is paused; end this set. */
        const val PAUSE = "app.talus.PAUSE"
        const val STOP = "app.talus.STOP"

        /** Starts it, for a session that has begun. */
        fun start(context: Context) {
            context.startForegroundService(Intent(context, SessionService::class.java))
        }
    }
}

/** One line about where a session is, with what can be done: nothing can be paused before a set or after the last. */
internal fun ongoing(words: Context, state: LiveState): Ongoing {
    if (state !is LiveState.Training) return Ongoing(words.getString(R.string.session_running), words.getString(R.string.opening), null)
    val set = if (state.setOf > 0) words.getString(R.string.set_of, state.setNumber, state.setOf) else null
    val count = if (state.target == null) "${state.count}" else words.getString(R.string.counted_of, state.count, state.target)
    val stage = when (state.at) {
        At.PAUSED -> words.getString(R.string.paused)
        At.REST -> words.getString(R.string.rest)
        else -> null
    }
    val lost = if (state.lostS != null) words.getString(R.string.cuff_lost) else null
    val running = state.at == At.SET || state.at == At.PAUSED || state.at == At.WALK || state.at == At.REST || state.at == At.GET_READY
    return Ongoing(
        state.exercise, listOfNotNull(lost ?: stage, set, count).joinToString(" · "), if (running) state.at == At.PAUSED else null,
    )
}

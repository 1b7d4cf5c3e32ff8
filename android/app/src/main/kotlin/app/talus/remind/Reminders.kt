// Reminders on the days and at the time somebody chose. One alarm stands at a time, not to the second; the one after it is
// set when it rings, when the phone starts, and when its clock changes. Whether there is anything to say, the core knows.
package app.talus.remind

import android.app.AlarmManager
import android.app.Notification
import android.app.NotificationChannel
import android.app.NotificationManager
import android.app.PendingIntent
import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import app.talus.Home
import app.talus.MainActivity
import app.talus.R
import app.talus.core.Reminding
import app.talus.core.TalusException
import app.talus.core.TodaySheet
import app.talus.core.Weekday
import app.talus.home
import java.time.ZonedDateTime
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/** The next time after [now] that is one of these [days] (1 is Monday) at this [minute] of the day; null without days. */
fun nextReminder(now: ZonedDateTime, days: Set<Int>, minute: Int): ZonedDateTime? = (0..7L).asSequence()
    .map { now.toLocalDate().plusDays(it) }
    .filter { it.dayOfWeek.value in days }
    // A time that a change of the clock leaves out is taken an hour later.
    .map { it.atTime(minute / 60, minute % 60).atZone(now.zone) }
    .firstOrNull { it > now }

/** Sets the next alarm, or none, in the place of the one that stands. */
fun remind(context: Context, days: Set<Int>, minute: Int, now: ZonedDateTime = ZonedDateTime.now()) {
    val alarms = context.getSystemService(AlarmManager::class.java)
    val ring = PendingIntent.getBroadcast(
        context, 0, Intent(context, ReminderReceiver::class.java).setAction(ReminderReceiver.RING),
        PendingIntent.FLAG_IMMUTABLE or PendingIntent.FLAG_UPDATE_CURRENT,
    )
    val next = nextReminder(now, days, minute)
    if (next == null) alarms.cancel(ring) else alarms.setAndAllowWhileIdle(AlarmManager.RTC_WAKEUP, next.toInstant().toEpochMilli(), ring)
}

/**
 * What a reminder says today; null on a day that has nothing to do, or where a session is under way. The core knows both: of a
 * programme that is followed it says what is planned, of one's own session what was picked.
 */
internal suspend fun reminder(home: Home): String? {
    if (home.live.state.value != null) return null
    val wishes = home.settings.wishes.value
    val days = wishes.remindOn.sorted().map { Weekday.entries[it - 1] }
    val today = home.talus().today(Reminding(days, wishes.remindAtMin.toUShort(), null, 1u))
    return when {
        today.locked -> null
        today.sheet is TodaySheet.Free -> if (wishes.picked.isEmpty()) null else home.words.getString(R.string.your_own_session)
        else -> today.reminders.firstOrNull { it.localDay == today.localDay }?.says
    }
}

/** Rings, and sets the next one. */
class ReminderReceiver : BroadcastReceiver() {
    override fun onReceive(context: Context, intent: Intent) {
        val home = context.home
        val wishes = home.settings.wishes.value
        remind(context, wishes.remindOn, wishes.remindAtMin)
        if (intent.action != RING || wishes.remindOn.isEmpty()) return
        val going = goAsync()
        MainScope().launch {
            try {
                // A locked history waits for its person: not here.
                withTimeoutOrNull(LONGEST_MS) { reminder(home) }?.let { show(context, home, it) }
            } catch (_: TalusException) {
                // The app says it when it is opened.
            } finally {
                going.finish()
            }
        }
    }

    private fun show(context: Context, home: Home, text: String) {
        val notices = context.getSystemService(NotificationManager::class.java)
        notices.createNotificationChannel(
            NotificationChannel(CHANNEL, home.words.getString(R.string.reminders), NotificationManager.IMPORTANCE_DEFAULT),
        )
        val open = PendingIntent.getActivity(context, 1, Intent(context, MainActivity::class.java), PendingIntent.FLAG_IMMUTABLE)
        val notice = Notification.Builder(context, CHANNEL).setSmallIcon(R.drawable.ic_notification)
            .setContentTitle(home.words.getString(R.string.reminder_title)).setContentText(text).setContentIntent(open).setAutoCancel(true)
            // On a locked screen it says only that there is something.
            .setVisibility(Notification.VISIBILITY_PRIVATE)
        notices.notify(ID, notice.build())
    }

    companion object {
        /** The alarm itself; everything else only sets it anew. */
        const val RING = "app.talus.RING"
        internal const val ID = 2
        private const val CHANNEL = "reminders"

        /** A receiver is given ten seconds. */
        private const val LONGEST_MS = 8_000L
    }
}

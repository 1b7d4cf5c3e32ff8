// The widget: what is next, and the week in dots. Nothing of a body is on it, and nothing at all where the app is locked.
package app.talus.widget

import android.app.PendingIntent
import android.appwidget.AppWidgetManager
import android.appwidget.AppWidgetProvider
import android.content.ComponentName
import android.content.Context
import android.content.Intent
import android.view.View
import android.widget.RemoteViews
import app.talus.Home
import app.talus.MainActivity
import app.talus.R
import app.talus.core.TalusException
import app.talus.core.TodaySheet
import app.talus.home
import java.time.LocalDate
import java.time.format.TextStyle
import kotlinx.coroutines.MainScope
import kotlinx.coroutines.launch
import kotlinx.coroutines.withTimeoutOrNull

/** How a day of the week stands. */
enum class Dot { DONE, REST, TODAY, TO_COME }

/** What the widget says: [line] is what is next; no [week] where nothing is shown of it. */
data class NextLine(val line: String, val week: List<Pair<LocalDate, Dot>>)

/** What it says now. A day that is closed, and why, is nobody's business who looks over a shoulder. */
internal suspend fun nextLine(home: Home): NextLine {
    val wishes = home.settings.wishes.value
    val words = home.words
    if (wishes.lock || !wishes.welcomed) return NextLine(words.getString(R.string.widget_open), listOf())
    val talus = home.talus()
    val today = talus.today()
    val day = LocalDate.parse(today.localDay)
    val sheet = today.sheet
    val line = when {
        wishes.demo -> words.getString(R.string.demo_session)
        today.locked || sheet is TodaySheet.Shut || sheet is TodaySheet.NotYet -> words.getString(R.string.widget_open)
        sheet is TodaySheet.Train -> sheet.title
        sheet is TodaySheet.Free && wishes.picked.isNotEmpty() -> words.getString(R.string.your_own_session)
        sheet is TodaySheet.Free -> words.getString(R.string.nothing_picked)
        else -> words.getString(R.string.rest_day)
    }
    val week = talus.calendar(1u).single()
    val monday = LocalDate.parse(week.monday)
    return NextLine(
        line,
        week.days.mapIndexed { index, of ->
            val date = monday.plusDays(index.toLong())
            date to when {
                of.totals.sessions > 0u -> Dot.DONE
                date == day -> Dot.TODAY
                of.toCome -> Dot.TO_COME
                else -> Dot.REST
            }
        },
    )
}

/** What is drawn: the home screen makes views of it. */
internal fun drawn(context: Context, home: Home, now: NextLine): RemoteViews {
    val words = home.words
    val views = RemoteViews(context.packageName, R.layout.widget_next)
    views.setTextViewText(R.id.widget_title, words.getString(R.string.widget_next))
    views.setTextViewText(R.id.widget_line, now.line)
    views.setViewVisibility(R.id.widget_week, if (now.week.isEmpty()) View.GONE else View.VISIBLE)
    val said = now.week.map { (date, dot) ->
        val state = when (dot) {
            Dot.DONE -> R.string.day_done
            Dot.REST -> R.string.day_rest
            Dot.TODAY -> R.string.day_today
            Dot.TO_COME -> R.string.day_to_come
        }
        "${date.dayOfWeek.getDisplayName(TextStyle.FULL, home.locale)} ${words.getString(state)}"
    }
    views.setContentDescription(R.id.widget_week, said.joinToString(", "))
    for ((id, day) in days zip now.week) {
        views.setImageViewResource(
            id,
            when (day.second) {
                Dot.DONE -> R.drawable.dot_done
                Dot.REST -> R.drawable.dot_rest
                Dot.TODAY -> R.drawable.dot_today
                Dot.TO_COME -> R.drawable.dot_to_come
            },
        )
    }
    val open = PendingIntent.getActivity(
        context, 3, Intent(context, MainActivity::class.java).addFlags(Intent.FLAG_ACTIVITY_SINGLE_TOP), PendingIntent.FLAG_IMMUTABLE,
    )
    views.setOnClickPendingIntent(R.id.widget, open)
    return views
}

private val days = listOf(
    R.id.widget_day_1, R.id.widget_day_2, R.id.widget_day_3, R.id.widget_day_4, R.id.widget_day_5, R.id.widget_day_6, R.id.widget_day_7,
)

/** Draws every widget anew, where there is one. */
suspend fun redraw(context: Context, home: Home) {
    val manager = AppWidgetManager.getInstance(context) ?: return
    val ours = manager.getAppWidgetIds(ComponentName(context, NextWidget::class.java))
    if (ours.isEmpty()) return
    try {
        // A history that is locked waits for its person: not here.
        val now = withTimeoutOrNull(LONGEST_MS) { nextLine(home) } ?: NextLine(home.words.getString(R.string.widget_open), listOf())
        manager.updateAppWidget(ours, drawn(context, home, now))
    } catch (_: TalusException) {
        // The app says it when it is opened; what was drawn stays.
    }
}

/** A receiver is given ten seconds. */
private const val LONGEST_MS = 8_000L

class NextWidget : AppWidgetProvider() {
    override fun onUpdate(context: Context, manager: AppWidgetManager, ids: IntArray) {
        val going = goAsync()
        MainScope().launch {
            try {
                redraw(context, context.home)
            } finally {
                going?.finish()
            }
        }
    }
}

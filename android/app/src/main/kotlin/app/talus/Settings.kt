// What somebody set on this phone. Nothing of it is about a body: that is in the core's database.
package app.talus

import android.content.Context
import android.content.SharedPreferences
import app.talus.session.FloorWish
import app.talus.voice.Felt
import app.talus.voice.Speaks
import app.talus.voice.TellingWishes
import kotlinx.coroutines.flow.MutableStateFlow
import kotlinx.coroutines.flow.StateFlow
import kotlinx.coroutines.flow.asStateFlow

/** Everything that can be set. */
data class Wishes(
    /** First run is behind. */
    val welcomed: Boolean = false,
    /** Simulated cuffs and a history of their own. */
    val demo: Boolean = false,
    /** Weights in pounds. */
    val pounds: Boolean = false,
    /** A language of the app, or null for the phone's. */
    val language: String? = null,
    val floor: FloorWish = FloorWish.BY_EXERCISE,
    /** What is heard and felt of a session. */
    val telling: TellingWishes = TellingWishes(),
    /** Days on which Talus reminds of a session, 1 is Monday, and the minute of the day it does so at. */
    val remindOn: Set<Int> = setOf(),
    val remindAtMin: Int = 17 * 60,
    /** The app opens only for whoever unlocks the phone. */
    val lock: Boolean = false,
    /** Who of the household is chosen, or null for its first person. */
    val person: String? = null,
    /** Raw signals are kept for so many days; null: always. */
    val keepSignalsDays: Int? = 90,
    /** Exercises picked for the next session, in their order, while no programme says so. */
    val picked: List<String> = listOf(),
    /** Where a bundle is written to every week: a folder by its address, or null. */
    val export: Export? = null,
    /** Whose sessions go to Health Connect, and since when. */
    val health: Giving? = null,
    val appearance: Appearance = Appearance(),
)

/** A folder a bundle is written to by itself: on which day the last time, and whether it failed since. */
data class Export(val folder: String, val lastDay: String? = null, val failed: Boolean = false)

/** Whose sessions are given to the phone's store for health: those that began after [sinceUtcMs], given through [throughUtcMs]. */
data class Giving(val person: String, val sinceUtcMs: Long, val throughUtcMs: Long = sinceUtcMs)

/** Day or night. */
enum class Daylight { AS_THE_PHONE, LIGHT, DARK }

/**
 * How it looks: day or night, stronger contrast, the colours of the wallpaper, which hand the ways out of a set are for, and
 * whether the edge of the screen flashes with what is told.
 */
data class Appearance(
    val daylight: Daylight = Daylight.AS_THE_PHONE, val contrast: Boolean = false, val wallpaper: Boolean = false,
    val leftHand: Boolean = false, val flashes: Boolean = false,
)

/** The settings of this phone. */
class Settings(context: Context) {
    private val kept: SharedPreferences = context.getSharedPreferences("settings", Context.MODE_PRIVATE)
    private val shown = MutableStateFlow(read())

    /** What is set now. */
    val wishes: StateFlow<Wishes> = shown.asStateFlow()

    /** Changes what is set. */
    fun change(how: (Wishes) -> Wishes) {
        val now = how(shown.value)
        kept.edit()
            .putBoolean("welcomed", now.welcomed)
            .putBoolean("demo", now.demo)
            .putBoolean("pounds", now.pounds)
            .putString("language", now.language)
            .putString("floor", now.floor.name)
            .putString("speaks", now.telling.speaks.name)
            .putBoolean("over_reader", now.telling.overReader)
            .putBoolean("headset_only", now.telling.headsetOnly)
            .putBoolean("sounds", now.telling.sounds)
            .putString("felt", now.telling.felt.name)
            .putString("remind_on", now.remindOn.sorted().joinToString(","))
            .putInt("remind_at_min", now.remindAtMin)
            .putBoolean("lock", now.lock)
            .putString("person", now.person)
            .putInt("keep_signals_days", now.keepSignalsDays ?: 0)
            .putString("picked", now.picked.joinToString(","))
            .putString("export_folder", now.export?.folder)
            .putString("export_last_day", now.export?.lastDay)
            .putBoolean("export_failed", now.export?.failed ?: false)
            .putString("health_person", now.health?.person)
            .putLong("health_since_utc_ms", now.health?.sinceUtcMs ?: 0)
            .putLong("health_through_utc_ms", now.health?.throughUtcMs ?: 0)
            .putString("daylight", now.appearance.daylight.name)
            .putBoolean("contrast", now.appearance.contrast)
            .putBoolean("wallpaper", now.appearance.wallpaper)
            .putBoolean("left_hand", now.appearance.leftHand)
            .putBoolean("flashes", now.appearance.flashes)
            .apply()
        shown.value = now
    }

    /** Takes an exercise into the next session, or out of it. */
    fun pick(id: String) = change { it.copy(picked = if (id in it.picked) it.picked - id else it.picked + id) }

    private fun read() = Wishes(
        welcomed = kept.getBoolean("welcomed", false),
        demo = kept.getBoolean("demo", false),
        pounds = kept.getBoolean("pounds", false),
        language = kept.getString("language", null),
        floor = named("floor", FloorWish.BY_EXERCISE),
        telling = TellingWishes(
            named("speaks", Speaks.CUES), kept.getBoolean("over_reader", false), kept.getBoolean("headset_only", false),
            kept.getBoolean("sounds", true), named("felt", Felt.STRONG),
        ),
        remindOn = kept.getString("remind_on", "").orEmpty().split(",").mapNotNull { it.toIntOrNull() }.filter { it in 1..7 }.toSet(),
        remindAtMin = kept.getInt("remind_at_min", 17 * 60).coerceIn(0, 24 * 60 - 1),
        lock = kept.getBoolean("lock", false),
        person = kept.getString("person", null),
        keepSignalsDays = kept.getInt("keep_signals_days", 90).takeIf { it > 0 },
        picked = kept.getString("picked", "").orEmpty().split(",").filter(String::isNotEmpty),
        export = kept.getString("export_folder", null)?.let {
            Export(it, kept.getString("export_last_day", null), kept.getBoolean("export_failed", false))
        },
        health = kept.getString("health_person", null)?.let {
            Giving(it, kept.getLong("health_since_utc_ms", 0), kept.getLong("health_through_utc_ms", 0))
        },
        appearance = Appearance(
            named("daylight", Daylight.AS_THE_PHONE), kept.getBoolean("contrast", false), kept.getBoolean("wallpaper", false),
            kept.getBoolean("left_hand", false), kept.getBoolean("flashes", false),
        ),
    )

    /** One of an enumeration by its name, as it was kept; one that an older Talus knew and this one does not is [usual]. */
    private inline fun <reified T : Enum<T>> named(name: String, usual: T): T =
        enumValues<T>().firstOrNull { it.name == kept.getString(name, null) } ?: usual
}

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
    )

    /** One of an enumeration by its name, as it was kept; one that an older Talus knew and this one does not is [usual]. */
    private inline fun <reified T : Enum<T>> named(name: String, usual: T): T =
        enumValues<T>().firstOrNull { it.name == kept.getString(name, null) } ?: usual
}

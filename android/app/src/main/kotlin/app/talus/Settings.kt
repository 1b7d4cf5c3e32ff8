// What somebody set on this phone. Nothing of it is about a body: that is in the core's database.
package app.talus

import android.content.Context
import android.content.SharedPreferences
import app.talus.session.FloorWish
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
            .putString("picked", now.picked.joinToString(","))
            .apply()
        shown.value = now
    }

    /** Takes an exercise into the next session, or out of it. */
    fun pick(id: String) = change { it.copy(picked = if (id in it.picked) it.picked - id else it.picked + id) }

    private fun read() = Wishes(
        kept.getBoolean("welcomed", false),
        kept.getBoolean("demo", false),
        kept.getBoolean("pounds", false),
        kept.getString("language", null),
        FloorWish.entries.firstOrNull { it.name == kept.getString("floor", null) } ?: FloorWish.BY_EXERCISE,
        kept.getString("picked", "").orEmpty().split(",").filter(String::isNotEmpty),
    )
}

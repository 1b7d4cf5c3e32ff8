// The exercises from the household: what is open to this person, what to do of one, and what is picked for the next session.
package app.talus.plan

import android.net.Uri
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.advice
import app.talus.core.TalusException
import app.talus.look.Grade
import app.talus.look.Leg
import app.talus.session.toLeg
import app.talus.session.toSide
import app.talus.with
import java.io.IOException
import java.time.LocalDate

/** No programme is longer, bytes; what is, is none. */
private const val LONGEST = 256 * 1024

class PlanViewModel(home: Home) : PageViewModel<PlanState>(home) {
    override suspend fun read(): PlanState {
        val talus = home.talus()
        val wishes = home.settings.wishes.value
        val known = talus.about()?.answers != null
        val open = if (known) talus.openness().groupBy { it.exercise } else mapOf()
        return PlanState(
            if (known) talus.programmes().map { Programme(it.id, it.name, it.perWeek.toInt(), it.followed, it.needs, it.shared) } else listOf(),
            talus.exercises().map { exercise ->
                val legs = open[exercise.id].orEmpty()
                val closed = if (legs.isNotEmpty() && legs.none { it.open }) legs.flatMap { it.whys }.distinct() else listOf()
                Line(exercise.id, exercise.name, exercise.measured, closed)
            },
            wishes.picked, known, talus.plan()?.let { Trusted(it.by, LocalDate.parse(it.untilDay), it.notNow) }, wishes.demo,
        )
    }

    /** Takes in a programme that somebody shared. */
    fun takeIn(file: Uri) = act {
        val refused = try {
            home.talus().takeInProgramme(home.handover.text(file, LONGEST))
            null
        } catch (wrong: TalusException.Invalid) {
            wrong.advice()
        } catch (_: IOException) {
            home.words.getString(R.string.file_not_read)
        }
        shown.value = Loaded.Ready(read().copy(notTaken = refused))
    }

    /** Follows a programme, or none any more. */
    fun follow(programme: Programme) = act {
        home.talus().follow(programme.id.takeIf { !programme.followed })
        refresh()
    }
}

class ExerciseViewModel(home: Home, private val id: String) : PageViewModel<ExerciseState>(home) {
    override suspend fun read(): ExerciseState {
        val talus = home.talus()
        val exercise = talus.exercises().first { it.id == id }
        val known = talus.about()?.answers != null
        val open = if (known) talus.openness().filter { it.exercise == id } else listOf()
        return ExerciseState(
            id, exercise.name, exercise.measured, id in home.settings.wishes.value.picked,
            if (known) Leg.entries.map { leg -> side(leg, open.firstOrNull { it.side == leg.toSide() }?.whys) } else listOf(),
            How(
                exercise.setUp, exercise.go, exercise.keep, Site.valueOf(exercise.site.name), exercise.effect,
                Grade.valueOf(exercise.grade.name), linked(exercise.easier), linked(exercise.harder),
            ),
            home.settings.wishes.value.demo,
        )
    }

    private suspend fun linked(id: String?): Linked? = home.talus().exercises().firstOrNull { it.id == id }?.let { Linked(it.id, it.name) }

    private suspend fun side(leg: Leg, whys: List<String>?): Side = try {
        val found = home.talus().prescribe(id, leg.toSide(), both = true)
        Side.Open(
            found.side.toLeg(), found.massG.toInt(), found.mostG.toInt(), found.sets.toInt(), found.reps?.toInt(), found.restS.toInt(),
            found.ownRangeDeg?.toInt(), found.why,
        )
    } catch (refused: TalusException.Invalid) {
        // The list of reasons, or where the day closed it, the advice.
        Side.Closed(leg, whys?.takeIf { it.isNotEmpty() } ?: listOf(refused.what, refused.advice).filter(String::isNotEmpty))
    }

    /** Takes it into the next session, or out of it. */
    fun pick() {
        home.settings.pick(id)
        shown.value = shown.value.with { it.copy(picked = id in home.settings.wishes.value.picked) }
    }
}

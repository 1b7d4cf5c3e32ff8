// Today from the household: what is next, the week, the cuffs; and how somebody is.
package app.talus.today

import app.talus.Home
import app.talus.PageViewModel
import app.talus.core.CheckIn
import app.talus.core.Moment
import app.talus.core.SafetySheet
import app.talus.core.SessionWish
import app.talus.core.Sign
import app.talus.core.TalusException
import app.talus.core.TodaySheet
import app.talus.kit.TalusApp
import app.talus.session.toLeg
import app.talus.value
import java.time.LocalDate

class TodayViewModel(home: Home) : PageViewModel<TodayState>(home) {
    private var said: String? = null
    private var flagged: Sheet? = null

    override suspend fun read(): TodayState {
        val talus = home.talus()
        val wishes = home.settings.wishes.value
        val today = talus.today()
        val day = LocalDate.parse(today.localDay)
        val names = talus.exercises().associate { it.id to it.name }
        val week = talus.calendar(1u).single()
        val monday = LocalDate.parse(week.monday)
        return TodayState(
            day,
            if (wishes.demo) Next.Demo else next(today.sheet, names, wishes.picked.filter { it in names }).withDoses(talus),
            unfinished = talus.unfinished().isNotEmpty(),
            locked = flagged ?: if (today.locked) today.redFlag.toSheet() else null,
            morningDue = today.morningDue,
            signs = talus.questionnaire().signs.map { Named(it.sign.name, it.text) },
            said = said,
            week = week.days.mapIndexed { index, of ->
                val date = monday.plusDays(index.toLong())
                DayMark(date, of.totals.sessions > 0u, date == day, of.toCome)
            },
            cuffs = talus.cuffs().map { WornCuff(it.name, it.side?.toLeg(), it.massG?.toInt()) },
            demo = wishes.demo,
            testsDue = today.testsDue.map { Named(it.id, it.name) }, weekLines = today.week,
            first = today.sheet is TodaySheet.Train && !wishes.demo && today.measureFirst,
        )
    }

    private fun next(sheet: TodaySheet, names: Map<String, String>, picked: List<String>): Next {
        fun named(ids: List<String>) = ids.map { Named(it, names[it] ?: it) }
        return when (sheet) {
            TodaySheet.Free -> if (picked.isEmpty()) Next.Free else Next.Train(null, listOf(), named(picked))
            is TodaySheet.Train -> Next.Train(sheet.title, sheet.notes, named(sheet.exercises))
            is TodaySheet.Rest -> Next.Rest(sheet.why)
            is TodaySheet.Shut -> Next.Shut(sheet.whys)
            is TodaySheet.Finished -> Next.Rest(sheet.says)
            is TodaySheet.NotYet -> Next.Unknown
        }
    }

    /** A session with what it asks for, leg by leg. */
    private suspend fun Next.withDoses(talus: TalusApp): Next = if (this !is Next.Train) this else try {
        val wish = if (title == null) SessionWish.Exercises(exercises.map { it.id }) else SessionWish.Today
        copy(
            doses = talus.foretell(wish).blocks.map {
                Dose(it.name, it.side.toLeg(), it.massG.toInt(), it.sets.toInt(), it.reps?.toInt(), it.why)
            },
        )
    } catch (_: TalusException.Invalid) {
        this // Starting it says why not.
    }

    /** Begins what is next: what the programme says, or what was picked. */
    fun start() {
        val next = state.value.value()?.next as? Next.Train
        home.train(if (next?.title == null) next?.exercises.orEmpty().map { it.id } else listOf())
    }

    /** Goes on with what was left or killed. */
    fun resume() = home.resume()

    /** How somebody is: the morning after a session where that is due, else before one. */
    fun checkIn(how: Condition) = act {
        val moment = if (state.value.value()?.morningDue == true) Moment.MORNING else Moment.BEFORE
        val signs = how.signs.map { Sign.valueOf(it) }
        val told = home.talus().checkIn(moment, CheckIn(how.pain?.toUByte(), how.sleptBadly, how.sore, how.swollen, signs))
        said = told.says
        flagged = told.sheet?.toSheet()
        refresh()
    }
}

internal fun SafetySheet.toSheet() = Sheet(title, lines, call)

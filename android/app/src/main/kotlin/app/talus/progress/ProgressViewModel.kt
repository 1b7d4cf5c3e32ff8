// Progress from the household's history.
package app.talus.progress

import app.talus.Home
import app.talus.PageViewModel
import app.talus.core.Course
import app.talus.core.Edit
import app.talus.core.ProtocolKind
import app.talus.core.Rep
import app.talus.core.SetDetail
import app.talus.core.TalusException
import app.talus.core.TestSheet
import app.talus.core.Trace
import app.talus.kit.TalusApp
import app.talus.session.toLeg
import app.talus.session.toSide
import app.talus.tests.TestLine
import app.talus.tests.toLine
import app.talus.today.Named
import app.talus.value
import app.talus.with
import java.nio.ByteBuffer
import java.nio.ByteOrder
import java.time.LocalDate

/** Weeks of the calendar, and sessions read at once. */
private const val WEEKS = 8u
private const val SESSIONS = 50u

class ProgressViewModel(home: Home) : PageViewModel<ProgressState>(home) {
    private var chosen: String? = null
    private var looked = Shown.STRENGTH

    override suspend fun read(): ProgressState {
        val talus = home.talus()
        val names = talus.exercises().associate { it.id to it.name }
        val rows = talus.sessions(SESSIONS)
        val done = rows.flatMap { it.exercises }.distinct().map { Named(it, names[it] ?: it) }
        val exercise = done.firstOrNull { it.id == chosen } ?: done.firstOrNull()
        val tests = tested(talus)
        return ProgressState(
            talus.calendar(WEEKS).map { week ->
                WeekMarks(
                    LocalDate.parse(week.monday), week.days.map { if (it.toCome) null else it.totals.sessions.toInt() },
                    Math.round(week.totals.durationS / 60),
                )
            },
            done, exercise?.let { trend(talus, it) },
            rows.map { row ->
                SessionLine(
                    row.id, LocalDate.parse(row.localDay), Math.round(row.durationS / 60), row.sets.toInt(), row.reps.toInt(),
                    row.exercises.map { names[it] ?: it }, row.finished,
                )
            },
            home.settings.wishes.value.demo, looked, walked(talus), tests.filter { it.first == ProtocolKind.BALANCE }.map { it.second },
            tests.filter { it.first != ProtocolKind.BALANCE }.map { it.second },
        )
    }

    private suspend fun walked(talus: TalusApp): Walked {
        val walking = talus.walking()
        val lines = walking.points.groupBy { it.side.toLeg() }.map { (leg, points) ->
            ChartLine(leg, points.map { LocalDate.parse(it.localDay) to it.strideS })
        }
        return Walked(walking.told.sortedBy { !it.beyondError }.map { it.text }, lines.sortedBy { it.leg })
    }

    /** What came of tests, with what kind each is; none before the person is described. */
    private suspend fun tested(talus: TalusApp): List<Pair<ProtocolKind, TestLine>> = try {
        val kinds = talus.protocols().associate { it.id to it.kind }
        talus.noted().courses.map { (kinds[it.kind] ?: ProtocolKind.FUNCTION) to it.toLine() }
    } catch (_: TalusException.Invalid) {
        listOf()
    }

    /** Shows another side of it. */
    fun show(what: Shown) {
        looked = what
        shown.value = shown.value.with { it.copy(shown = what) }
    }

    /** Shows how another exercise went. */
    fun choose(exercise: String) {
        chosen = exercise
        act {
            val state = shown.value.value() ?: return@act
            val trend = trend(home.talus(), state.exercises.first { it.id == exercise })
            shown.value = shown.value.with { it.copy(trend = trend) }
        }
    }

    private suspend fun trend(talus: TalusApp, exercise: Named) = Trend(exercise, talus.course(exercise.id).map { it.toLegTrend() })
}

private fun Course.toLegTrend() = LegTrend(
    side.toLeg(), told.sortedBy { !it.beyondError }.map { it.text },
    points.map { Point(LocalDate.parse(it.localDay), it.torqueNm, it.rangeDeg) },
)

/** Columns of a drawing: twice the points of a phone's width, so that a peak stays a peak. */
private const val COLUMNS = 800u

class SessionViewModel(home: Home, private val id: String) : PageViewModel<SessionState>(home) {
    override suspend fun read(): SessionState {
        val talus = home.talus()
        val names = talus.exercises().associate { it.id to it.name }
        val detail = talus.session(id)
        val traces = talus.traces(id, COLUMNS)
        return SessionState(
            detail.row.id, LocalDate.parse(detail.row.localDay), detail.summary?.sentence, detail.row.note, detail.row.starred,
            detail.row.finished,
            detail.sets.map { set ->
                set.toLine(names, traces.filter { it.setIndex == set.setIndex && it.side == set.result.side })
            },
            score = null, home.settings.wishes.value.demo, detail.tested.told(),
            detail.summary?.walk.orEmpty(),
        )
    }

    /** It was the other leg. */
    fun wasOtherLeg(set: SetLine) = edit(Edit.Leg(set.index.toUInt(), set.leg.toSide(), set.leg.other.toSide()))

    /** A starred session keeps its signals. */
    fun star(on: Boolean) = edit(Edit.Starred(on))

    fun note(text: String) = edit(Edit.Note(text.trim()))

    /** Looks what today's engine makes of it; nothing changes. */
    fun scoreAgain() = act {
        val found = home.talus().rescore(id, accept = false)
        shown.value = shown.value.with { it.copy(score = Score(found.changedSets.toInt(), found.sameSets.toInt(), found.moved.size)) }
    }

    /** What today's engine makes of it counts from now on; what was changed by hand stays. */
    fun takeScore() = act {
        home.talus().rescore(id, accept = true)
        refresh()
        home.health.changed(id)
    }

    /** Deletes it so that nothing of it can be read any more, and says when that is done. */
    fun delete(done: () -> Unit) = act {
        home.talus().deleteSession(id)
        done()
        home.health.deleted(id)
    }

    /** One more or one less was right. */
    fun countBy(set: SetLine, one: Int) =
        edit(Edit.Count(set.index.toUInt(), set.leg.toSide(), (set.count + one).coerceAtLeast(0).toUInt()))

    /** Takes the newest change back. */
    fun undo() = edit(Edit.Undo)

    private fun edit(edit: Edit) = act {
        home.talus().edit(id, edit)
        refresh()
        home.health.changed(id)
    }
}

/** What came of tests, as it is told. */
internal fun List<TestSheet>.told(): List<Tested> = map { Tested(it.name, it.lines) }

private fun SetDetail.toLine(names: Map<String, String>, traces: List<Trace>) = SetLine(
    setIndex.toInt(), result.exercise, names[result.exercise] ?: result.exercise, result.side.toLeg(), result.massG.toInt(),
    result.count.toInt(), result.short.toInt(), result.target?.toInt(), result.rangeDeg, result.tempoS, result.pain?.toInt(),
    result.reserve?.toInt(), result.reasons.isEmpty(), edited, reps.map(Rep::toLine), traces.flatMap { trace -> trace.lines.map(::points) },
    result.cadencePerMin,
)

private fun Rep.toLine() = RepLine(startUs / 1e6f, endUs / 1e6f, full, rangeDeg, liftS, holdS, lowerS)

/** Pairs of seconds and degrees, each a little-endian number of 32 bits. */
private fun points(bytes: ByteArray): List<TracePoint> {
    val numbers = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer()
    return List(numbers.remaining() / 2) { TracePoint(numbers.get(2 * it), numbers.get(2 * it + 1)) }
}

// Tests from the household: which there are, which are due, what came of them; and what is only opened by a plan.
package app.talus.tests

import app.talus.Home
import app.talus.PageViewModel
import app.talus.core.ForetoldTest
import app.talus.core.ProtocolKind
import app.talus.core.ProtocolLine
import app.talus.core.SessionWish
import app.talus.core.TalusException
import app.talus.core.TestCourse
import app.talus.look.Grade
import app.talus.session.toLeg
import app.talus.value
import java.time.LocalDate

class TestsViewModel(home: Home) : PageViewModel<TestsState>(home) {
    override suspend fun read() = TestsState(
        home.talus().protocols().filter { it.isTest() }.map(ProtocolLine::toRow), home.settings.wishes.value.demo,
    )

    /** Begins all that are due. */
    fun startDue() = home.test(listOf())
}

/** What waits for a plan, and what of it is open. */
class RehabViewModel(home: Home) : PageViewModel<RehabState>(home) {
    override suspend fun read(): RehabState {
        val talus = home.talus()
        val stages = talus.protocols().filter { it.kind == ProtocolKind.STAGES || it.needsPlan && !it.isTest() }
        val plan = talus.plan()
        return RehabState(
            plan?.takeIf { it.notNow == null }?.let { it.by to LocalDate.parse(it.untilDay) }, plan?.notNow,
            talus.programmes().filter { it.needsPlan }.map { Stages(it.id, it.name, it.whom, it.needs, listOf(), isProgramme = true) } +
                stages.map { Stages(it.id, it.name, it.what, it.whys, it.steps, isProgramme = false) },
            home.settings.wishes.value.demo,
        )
    }
}

/** What a plan opens: whose counts now and until when, or why none does. */
data class RehabState(val plan: Pair<String, LocalDate>?, val notNow: String?, val stages: List<Stages>, val demo: Boolean)

/** A programme or a protocol that waits for a plan; [whys] is empty where it is open. */
data class Stages(
    val id: String, val name: String, val what: String, val whys: List<String>, val steps: List<String>, val isProgramme: Boolean,
)

class TestViewModel(home: Home, private val id: String) : PageViewModel<TestState>(home) {
    override suspend fun read(): TestState {
        val talus = home.talus()
        val line = talus.protocols().first { it.id == id }
        val (foretold, refused) = if (line.measured && line.whys.isEmpty()) foretold() else null to listOf<String>()
        return TestState(
            line.toRow().copy(whys = line.whys + refused), line.steps, line.tries.toInt(),
            Grade.valueOf(line.grade.name), line.supervised, line.needsPlan, foretold?.stance, foretold?.handOnCounter ?: false,
            talus.noted().courses.filter { it.kind == id }.map(TestCourse::toLine), home.settings.wishes.value.demo,
        )
    }

    /** What it would be today, or why it cannot be. */
    private suspend fun foretold(): Pair<ForetoldTest?, List<String>> = try {
        home.talus().foretell(SessionWish.Tests(listOf(id))).tests.firstOrNull() to listOf<String>()
    } catch (refused: TalusException.Invalid) {
        null to listOf(refused.what)
    }

    fun start() = home.test(listOf(checkNotNull(state.value.value()).row.id))
}

/** A walk and the stages of a plan have pages of their own. */
private fun ProtocolLine.isTest() = measured || kind == ProtocolKind.BALANCE || kind == ProtocolKind.FUNCTION || kind == ProtocolKind.RANGE

private fun ProtocolLine.toRow() = TestRow(id, name, what, TestKind.valueOf(kind.name), due, measured, whys)

internal fun TestCourse.toLine(): TestLine {
    val last = points.last()
    return TestLine(
        name, side?.toLeg(), LocalDate.parse(last.localDay), last.said, told, usual?.let { (least, most) -> least..most }, standing, unit,
        points.map { LocalDate.parse(it.localDay) to it.value },
    )
}

// Tests, the balance ladder and the stages of a plan, in plain values.
package app.talus.tests

import app.talus.look.Grade
import app.talus.look.Leg
import java.time.LocalDate

/** What kind of test it is. */
enum class TestKind { LOAD, WALK, BALANCE, FUNCTION, RANGE, STAGES }

/** Everything that can be tested, those first that are due. */
data class TestsState(val tests: List<TestRow>, val demo: Boolean) {
    val due: List<TestRow> get() = tests.filter { it.due && it.measured && it.whys.isEmpty() }
}

/** A test in the list; [whys] says why it is not open now. */
data class TestRow(
    val id: String, val name: String, val what: String, val kind: TestKind, val due: Boolean, val measured: Boolean, val whys: List<String>,
)

/** The page of one test. */
data class TestState(
    val row: TestRow,
    /** What keeps it safe first, then how it is done. */
    val steps: List<String>,
    val tries: Int, val grade: Grade, val supervised: Boolean, val needsPlan: Boolean,
    /** The rung of the ladder that is next, in words, and whether a hand stays on the counter; absent for another test. */
    val stance: String?, val handOnCounter: Boolean,
    val results: List<TestLine>,
    val demo: Boolean,
)

/** What came of a test on a leg, or on both: the newest in words, whether it changed, and what stands against it. */
data class TestLine(
    val name: String, val leg: Leg?, val day: LocalDate, val said: String, val told: String,
    val usual: ClosedFloatingPointRange<Float>?, val standing: List<String>, val unit: String, val points: List<Pair<LocalDate, Float>>,
)

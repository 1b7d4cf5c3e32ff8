// A person from Kotlin: described, screened, prescribed, and apart from everybody else; and what was done changed by hand.
package app.talus.kit

import app.talus.core.About
import app.talus.core.Answered
import app.talus.core.Answers
import app.talus.core.Budget
import app.talus.core.CheckIn
import app.talus.core.Edit
import app.talus.core.Goal
import app.talus.core.Level
import app.talus.core.Moment
import app.talus.core.Outcome
import app.talus.core.Question
import app.talus.core.Reply
import app.talus.core.Side
import app.talus.core.Sign
import app.talus.core.TalusException
import app.talus.core.TodaySheet
import app.talus.core.Weights
import java.nio.file.Files
import kotlin.test.Test
import kotlin.test.assertEquals
import kotlin.test.assertFailsWith
import kotlin.test.assertIs
import kotlin.test.assertNull
import kotlin.test.assertTrue
import kotlinx.coroutines.runBlocking

class PersonTest {
    private fun home(language: String = "en", use: suspend (TalusApp) -> Unit) = runBlocking {
        val folder = Files.createTempDirectory("talus")
        try {
            TalusApp.of(folder.resolve("talus.db").toString(), language, "Europe/Berlin").use { use(it) }
        } finally {
            folder.toFile().deleteRecursively()
        }
    }

    private fun TalusApp.anna() = About(
        birthYear = 1985, heightCm = 168.5f, massKg = 64.2f, sex = null, goal = Goal.STRENGTH, level = Level.BEGINNER,
        weights = Weights(500u, 250u, 3000u),
        answers = Answers(
            questionnaire().questions.map {
                val safe = if (it.question == Question.FLOOR_ALONE || it.question == Question.REACH) Reply.YES else Reply.NO
                Answered(it.question, safe)
            },
            listOf(), null, null, false,
        ),
        oneLegS = null, tandemS = null,
    )

    @Test
    fun `a person is described and prescribed and a red flag locks the day for nobody else`() = home { talus ->
        assertNull(talus.about())
        assertFailsWith<TalusException.Invalid> { talus.setAbout(talus.anna().copy(heightCm = 1.7f)) }
        talus.setAbout(talus.anna())
        assertEquals(64.2f, talus.about()?.massKg)
        val prescribed = talus.prescribe("knee_ext_seated", Side.LEFT, both = true)
        assertTrue(prescribed.massG <= prescribed.mostG && prescribed.why.isNotEmpty(), "$prescribed")
        assertTrue(talus.openness().any { it.open })
        talus.forPerson(talus.addPerson("Bo")).use { bo ->
            assertNull(bo.about())
            bo.setAbout(talus.anna())
            val flag = talus.checkIn(Moment.BEFORE, CheckIn(0u, false, false, false, listOf(Sign.CHEST_PAIN)))
            assertEquals(Outcome.RED_FLAG to true, flag.outcome to flag.sheet?.call)
            assertTrue(talus.today().locked && !bo.today().locked)
            assertFailsWith<TalusException.Invalid> { talus.prescribe("knee_ext_seated", Side.LEFT, both = true) }
            bo.prescribe("knee_ext_seated", Side.LEFT, both = true)
        }
        val gone = talus.profiles().single { !it.chosen }
        assertEquals("Bo" to 0uL, gone.name to gone.has.sessions)
        talus.deletePerson(gone.id)
        assertEquals(1uL, talus.profiles().single().has.checkIns)
    }

    @Test
    fun `a count is changed and taken back and looked at over time`() = home { talus ->
        talus.demo(1uL).use { session ->
            session.advance(3_600_000_000)
            session.finish()
        }
        val set = talus.session("last").sets.first()
        talus.edit("last", Edit.Count(set.setIndex, set.result.side, set.result.count + 1u))
        assertEquals(set.result.count + 1u, talus.session("last").sets.first().result.count)
        talus.edit("last", Edit.Undo)
        assertEquals(set.result.count, talus.session("last").sets.first().result.count)
        assertEquals(2, talus.course(set.result.exercise).size)
        assertEquals(1u, talus.calendar(1u).single().totals.sessions)
        assertTrue(talus.traces("last", 100u).all { it.lines.isNotEmpty() })
        assertEquals(0u, talus.rescore("last", accept = false).changedSets)
        talus.edit("last", Edit.Pain(set.setIndex, set.result.side, 3u))
        assertEquals(3u.toUByte(), talus.noted().pains.single().pain)
        val today = talus.today().localDay
        assertTrue(talus.report(today, today).startsWith("<!doctype html>"))
        val nothing = Budget(null, 0u)
        val outgrown = talus.outgrown(nothing).recordings.map { it.session }
        assertEquals(outgrown, talus.letGo(nothing, outgrown))
        assertTrue(outgrown.size == 1 && talus.outgrown(nothing).recordings.isEmpty())
        talus.deleteSession("last")
        assertTrue(talus.sessions(1u).isEmpty())
    }

    @Test
    fun `a programme is followed and what cannot be done is said in German`() = home("de") { talus ->
        assertIs<TodaySheet.NotYet>(talus.today().sheet)
        talus.setAbout(talus.anna())
        assertEquals(TodaySheet.Free, talus.today().sheet)
        talus.follow(talus.programmes().first { it.needs.isEmpty() }.id)
        assertTrue(assertIs<TodaySheet.Train>(talus.today().sheet).exercises.isNotEmpty())
        talus.practise(1uL, listOf()).close()
        val refused = assertFailsWith<TalusException.NotFound> { talus.session("ffff") }
        assertEquals("Sieh in die Liste der Einheiten.", refused.advice)
    }
}

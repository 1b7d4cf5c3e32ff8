// The open app as coroutines see it.
package app.talus.kit

import app.talus.core.About
import app.talus.core.Beginning
import app.talus.core.Book
import app.talus.core.Budget
import app.talus.core.Card
import app.talus.core.CheckIn
import app.talus.core.CheckedIn
import app.talus.core.Contents
import app.talus.core.Course
import app.talus.core.Cuff
import app.talus.core.CuffChange
import app.talus.core.Deletion
import app.talus.core.Edit
import app.talus.core.Exercise
import app.talus.core.ExportWish
import app.talus.core.Exported
import app.talus.core.Foretold
import app.talus.core.Imported
import app.talus.core.Lift
import app.talus.core.MassUnit
import app.talus.core.Moment
import app.talus.core.NamedLift
import app.talus.core.Noted
import app.talus.core.Opening
import app.talus.core.Openness
import app.talus.core.Outgrown
import app.talus.core.PersonChange
import app.talus.core.Plan
import app.talus.core.PlanChange
import app.talus.core.Prescribed
import app.talus.core.Profile
import app.talus.core.Programme
import app.talus.core.ProtocolLine
import app.talus.core.Questionnaire
import app.talus.core.Reminding
import app.talus.core.Replayed
import app.talus.core.Rescored
import app.talus.core.SessionDetail
import app.talus.core.SessionRow
import app.talus.core.SessionWish
import app.talus.core.SharedProgramme
import app.talus.core.Side
import app.talus.core.Talus
import app.talus.core.Today
import app.talus.core.Trace
import app.talus.core.Walking
import app.talus.core.Week
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.withContext

/**
 * The open app: people, cuffs, history; sessions begin here. Reads files and database away from the screen's thread. Once it
 * is closed, a call throws [app.talus.core.TalusException.Closed]; what is about nobody can still be read.
 */
class TalusApp private constructor(private val core: Talus, private val book: Book) : AutoCloseable {
    companion object {
        /**
         * Opens the database at [database], making it where there is none; encrypted where there is a [key] of 32 bytes
         * from the phone's keystore, which the caller wipes. Weights are told in [unit], or as the [language] asks.
         */
        suspend fun of(
            database: String,
            language: String,
            zone: String? = null,
            key: ByteArray? = null,
            unit: MassUnit? = null,
        ): TalusApp = withContext(Dispatchers.IO) {
            val core = Talus(Opening(database, language, zone, key, unit))
            TalusApp(core, core.book())
        }
    }

    private suspend fun <T> reading(call: () -> T): T = withContext(Dispatchers.IO) { unlessGone(book.gone.app, call) }

    /** The exercises of the catalogue, by id. */
    fun exercises(): List<Exercise> = book.exercises

    /** What is said about ankle weights, each with its grade and sources. */
    fun cards(): List<Card> = book.cards

    /** Main lifts, in the order in which they are offered. */
    fun lifts(): List<NamedLift> = book.lifts

    /** What weights are told in; numbers are grams whatever it is. */
    fun unit(): MassUnit = book.unit

    /** The people of the household. */
    suspend fun profiles(): List<Profile> = reading { core.profiles() }

    /** The cuffs of the household. */
    suspend fun cuffs(): List<Cuff> = reading { core.cuffs() }

    /** Gives a cuff of the household another name. */
    suspend fun renameCuff(cuff: String, name: String) = reading { core.changeCuff(cuff, CuffChange.Name(name)) }

    /** The chosen person wears a cuff on this leg from now on, with this weight on it; it need not be near. */
    suspend fun wearCuff(cuff: String, side: Side, massG: UInt) = reading { core.changeCuff(cuff, CuffChange.Worn(side, massG)) }

    /** The cuffs of both legs change places at once, each with its weight. */
    suspend fun swapCuffs(cuff: String) = reading { core.changeCuff(cuff, CuffChange.Swap) }

    /** Forgets a cuff; sessions that were done with it stay. */
    suspend fun forgetCuff(cuff: String) = reading { core.changeCuff(cuff, CuffChange.Forget) }

    /**
     * Starts looking for cuffs: with this phone's Bluetooth once [Bluetooth.ready] said yes, or for two simulated ones
     * where there is a [seed].
     */
    suspend fun nearby(seed: ULong? = null): CuffsNearby = reading { CuffsNearby(core.nearby(seed), book.gone) }

    /** Sessions, newest first: the newest, or those before the session [before]. */
    suspend fun sessions(limit: UInt, before: String? = null): List<SessionRow> = reading { core.sessions(limit, before, false) }

    /** Sessions that were begun and not finished, newest first. */
    suspend fun unfinished(): List<SessionRow> = reading { core.sessions(0u, null, true) }

    /** One session: `last`, or the beginning of its id. */
    suspend fun session(asked: String): SessionDetail = reading { core.session(asked) }

    /** One exercise over all sessions, left leg first, with what changed. */
    suspend fun course(exercise: String): List<Course> = reading { core.course(exercise) }

    /** Every walk, and what changed. */
    suspend fun walking(): Walking = reading { core.noted().walking }

    /** The last weeks, this one included, oldest first. */
    suspend fun calendar(weeks: UInt): List<Week> = reading { core.calendar(weeks) }

    /** The angle of every set of a session, for a drawing of [width] columns. */
    suspend fun traces(asked: String, width: UInt): List<Trace> = reading { core.traces(asked, width) }

    /** Changes something in a session, or takes the newest change back. */
    suspend fun edit(asked: String, edit: Edit) = reading { core.edit(asked, edit) }

    /** Deletes a session so that nothing of it can be read any more. */
    suspend fun deleteSession(asked: String): String = reading { core.delete(Deletion.Session(asked)).single() }

    /** What today's engine makes of a session; with [accept] that becomes current. */
    suspend fun rescore(asked: String, accept: Boolean): Rescored = reading { core.rescore(asked, accept) }

    /** Adds a person to the household, and gives their id. */
    suspend fun addPerson(name: String): String = reading { core.changePerson(PersonChange.Add(name)) }

    /** Gives the chosen person a name. */
    suspend fun renamePerson(name: String): String = reading { core.changePerson(PersonChange.Name(name)) }

    /** Deletes a person with everything that is theirs; what that is, [profiles] says. */
    suspend fun deletePerson(id: String) {
        reading { core.delete(Deletion.Person(id)) }
    }

    /** The app for another person of the household; both may stay open. */
    suspend fun forPerson(id: String): TalusApp = reading { TalusApp(core.forPerson(id), book) }

    /** What this person says of themselves; null until they have. */
    suspend fun about(): About? = reading { core.about() }

    /** Keeps what this person says of themselves. */
    suspend fun setAbout(about: About) {
        reading { core.changePerson(PersonChange.About(about)) }
    }

    /** Everything that is asked, in the language of the app. */
    fun questionnaire(): Questionnaire = book.questionnaire

    /** What is open to this person, exercise by exercise and leg by leg, and why. */
    suspend fun openness(): List<Openness> = reading { core.openness() }

    /** What is so today, and the sheets to show whatever happens; with [remind], also what to remind of. */
    suspend fun today(remind: Reminding? = null): Today = reading { core.today(remind) }

    /** What a session as wished would ask for, and why; nothing begins. */
    suspend fun foretell(wish: SessionWish): Foretold = reading { core.foretell(wish) }

    /** Tests, walks, drills and stages of a plan, those first that are due; and why one is closed. */
    suspend fun protocols(): List<ProtocolLine> = reading { core.protocols() }

    /** Logs a main lift done beside the cuffs just now; [deleteSession] of what it gives takes it back. */
    suspend fun logLift(lift: Lift, sets: UByte, reps: UInt, barG: UInt): String = reading { core.logLift(lift, sets, reps, barG) }

    /** Keeps how somebody is, and says what that changes. */
    suspend fun checkIn(moment: Moment, how: CheckIn): CheckedIn = reading { core.checkIn(moment, how) }

    /** The programmes there are, and what each still needs. */
    suspend fun programmes(): List<Programme> = reading { core.programmes() }

    /** From now on this [programme] is followed; null: none. */
    suspend fun follow(programme: String?) {
        reading { core.changePerson(PersonChange.Follow(programme)) }
    }

    /** Keeps a programme that people share from its file, and gives its id: it can be followed then. */
    suspend fun takeInProgramme(text: String): String = reading { core.sharedProgramme(SharedProgramme.TakeIn(text)) }

    /** Puts a programme that was shared away; whoever followed it follows none. */
    suspend fun putProgrammeAway(id: String) {
        reading { core.sharedProgramme(SharedProgramme.PutAway(id)) }
    }

    /** A programme as a file to share. */
    suspend fun shareProgramme(id: String): String = reading { core.sharedProgramme(SharedProgramme.Share(id)) }

    /** Pains, function tests and walks, oldest first. */
    suspend fun noted(): Noted = reading { core.noted() }

    /** One page of HTML for somebody who treats the chosen person, about these days (`YYYY-MM-DD`). */
    suspend fun report(fromDay: String, untilDay: String): String = reading { core.report(fromDay, untilDay) }

    /** What keeping to a [budget] for raw signals would delete now; deletes nothing. */
    suspend fun outgrown(budget: Budget): Outgrown = reading { core.outgrown(budget) }

    /** Deletes those of the recordings of these [sessions] that [outgrown] shows; results stay. Gives whose went. */
    suspend fun letGo(budget: Budget, sessions: List<String>): List<String> =
        reading { core.delete(Deletion.Recordings(budget, sessions)) }

    /** Reads a plan without keeping it. */
    suspend fun previewPlan(text: String): Plan = reading { checkNotNull(core.plan(text)) { "a text was given" } }

    /** Keeps a plan; [words] are its author's, compared by the person, where they are not known yet. */
    suspend fun acceptPlan(text: String, words: String?): Plan =
        reading { checkNotNull(core.changePlan(PlanChange.Accept(text, words))) { "it was accepted" } }

    /** The plan that was accepted last. */
    suspend fun plan(): Plan? = reading { core.plan(null) }

    /** Puts the plan away, and with [distrust] takes trust back from its author. */
    suspend fun putPlanAway(distrust: Boolean = false) {
        reading { core.changePlan(PlanChange.PutAway(distrust)) }
    }

    /** What to do of an exercise on a leg today, and why. */
    suspend fun prescribe(exercise: String, side: Side, both: Boolean): Prescribed =
        reading { core.prescribe(exercise, side, both) }

    /** Follows a recording once more; nothing is written. */
    suspend fun replayRecording(path: String): Replayed = reading { core.replayRecording(path) }

    /** A guided session of a virtual person; equal seeds give equal sessions. */
    suspend fun demo(seed: ULong): LiveSession = reading { LiveSession(core.begin(Beginning.Demo(seed)), book.gone.session) }

    /**
     * A session of the chosen person's own, done by a virtual person with virtual cuffs: for trying things out. Without
     * [exercises] it is today's of the programme that is followed.
     */
    suspend fun practise(seed: ULong, exercises: List<String>): LiveSession = practise(seed, SessionWish.Exercises(exercises))

    /** As the other, of whatever is wished: today's session, exercises, a walk, tests. */
    suspend fun practise(seed: ULong, wish: SessionWish): LiveSession =
        reading { LiveSession(core.begin(Beginning.Practice(seed, wish)), book.gone.session) }

    /**
     * Writes everything to a file: a bundle, or with a passphrase a backup. Nothing begins before it is collected; a
     * cancelled collection stops it, and then nothing was written.
     */
    fun export(to: String, wish: ExportWish): Flow<Working<Exported>> = working { unlessGone(book.gone.app) { core.export(to, wish, it) } }

    /** What is in a bundle or backup and how large it is; takes nothing in. */
    suspend fun lookInto(from: String, passphrase: String? = null): Contents = reading { core.lookInto(from, passphrase) }

    /** Takes in a bundle or backup, as [export] gives one out; a cancelled collection stops it, and nothing has changed. */
    fun takeIn(from: String, passphrase: String? = null): Flow<Working<Imported>> =
        working { unlessGone(book.gone.app) { core.takeIn(from, passphrase, it) } }

    /** A session that was left or killed: `last`, or the beginning of its id. */
    suspend fun resume(asked: String = "last"): LiveSession = reading { LiveSession(core.begin(Beginning.Resume(asked)), book.gone.session) }

    override fun close() = core.close()
}

// Somebody's own data: out as a bundle, a backup or a page for somebody who treats them; old signals let go.
package app.talus.mine

import android.content.Context
import android.net.Uri
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.advice
import app.talus.core.Budget
import app.talus.core.ExportWish
import app.talus.core.TalusException
import app.talus.keep.Locked
import app.talus.keep.LockedHistory
import app.talus.kit.Working
import app.talus.value
import app.talus.with
import java.io.File
import java.io.IOException
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.withContext

/** The days a page for somebody who treats a person looks back. */
private const val REPORT_DAYS = 90L

class MyDataViewModel(home: Home, private val context: Context) : PageViewModel<MyDataState>(home) {
    private var work: Job? = null

    override suspend fun read(): MyDataState {
        val wishes = home.settings.wishes.value
        val gone = home.talus().outgrown(Budget(wishes.keepSignalsDays?.toUInt(), null))
        return MyDataState(
            home.sealed(),
            Signals(gone.keptBytes.toLong(), gone.recordings.map { it.session }, gone.recordings.sumOf { it.bytes.toLong() }),
            shown.value.value()?.work, wishes.demo, asides(),
            wishes.export?.let {
                it.toScheduled(folderName(context, Uri.parse(it.folder)), home.words.getString(R.string.weekly_failed))
            },
        )
    }

    /** What was seen of one stays seen. */
    private suspend fun asides(): List<Aside> {
        val seen = shown.value.value()?.aside.orEmpty().associate { it.number to it.seen }
        return home.setAsides().map {
            val day = Instant.ofEpochMilli(it.sinceUtcMs).atZone(ZoneId.systemDefault()).toLocalDate()
            Aside(it.number, day, seen[it.number])
        }
    }

    /** Looks into a history that was set aside. */
    fun lookAside(number: Int) = act {
        val seen = try {
            home.within(number).run { Seen.Open(people, sessions) }
        } catch (locked: LockedHistory) {
            Seen.Shut(home.words.getString(if (locked.why == Locked.NOT_NOW) R.string.not_now_text else R.string.locked_text))
        } catch (failure: TalusException) {
            Seen.Shut(failure.advice())
        }
        shown.value = shown.value.with { state ->
            state.copy(aside = state.aside.map { if (it.number == number) it.copy(seen = seen) else it })
        }
    }

    /** Brings it back; what is here now is set aside in its place. */
    fun bringBack(number: Int) = act {
        try {
            home.bringBack(number)
            shown.value = shown.value.with { it.copy(aside = listOf()) }
            refresh()
        } catch (_: IOException) {
            shown.value = Loaded.Failed(home.words.getString(R.string.locked_failed))
        }
    }

    /** Writes a bundle to this folder every week from now on, and one at once: so it is seen whether it works. */
    fun exportTo(folder: Uri) = act {
        if (!keepFolder(context, home, folder)) {
            show(GivingOut.Failed(Gift.BUNDLE, home.words.getString(R.string.file_not_written)))
            return@act
        }
        exportNow(context, home)
        refresh()
    }

    /** Writes none any more. */
    fun exportNoMore() {
        letGoOfFolder(context, home)
        refresh()
    }

    /** One file that any program reads, to where the picker said; with [signals] the raw signals too. */
    fun bundle(to: Uri, signals: Boolean) = export(Gift.BUNDLE, to, ExportWish(everyone = true, recordings = signals, passphrase = null))

    /** Everything behind words that only the person knows. */
    fun backup(to: Uri, passphrase: String) =
        export(Gift.BACKUP, to, ExportWish(everyone = true, recordings = true, passphrase = passphrase))

    /** One page about the last months, to where the picker said. */
    fun report(to: Uri) = give(Gift.REPORT) {
        home.handover.give(reportFile(), to)
        GivingOut.Done(Gift.REPORT, null, null)
    }

    /** The same page as a file of the app's own, for whoever it is shared with. */
    suspend fun reportFile(): File {
        val talus = home.talus()
        val until = LocalDate.parse(talus.today().localDay)
        val page = talus.report("${until.minusDays(REPORT_DAYS)}", "$until")
        return withContext(Dispatchers.IO) { home.handover.place("talus-$until.html").apply { writeText(page) } }
    }

    /** Lets the signals go that are older than they are wanted; results stay. */
    fun letGo() = act {
        val signals = state.value.value()?.signals ?: return@act
        home.talus().letGo(Budget(home.settings.wishes.value.keepSignalsDays?.toUInt(), null), signals.sessions)
        refresh()
    }

    /** How long signals are kept from now on; null: always. */
    fun keep(days: Int?) {
        home.settings.change { it.copy(keepSignalsDays = days) }
        refresh()
    }

    /** Deletes everything of everybody on this phone. */
    fun wipe() = act { home.wipe() }

    /** Stops what is under way: nothing is given out then. */
    fun stop() {
        work?.cancel()
        show(null)
    }

    private fun export(gift: Gift, to: Uri, wish: ExportWish) = give(gift) {
        val file = home.handover.place("given")
        var done: GivingOut? = null
        home.talus().export(file.path, wish).collect {
            when (it) {
                is Working.Under -> show(GivingOut.Under(gift, it.done))
                is Working.Done -> {
                    home.handover.give(file, to)
                    done = GivingOut.Done(gift, it.result.sessions.toInt(), it.result.recordings.toInt(), it.result.leftOut.size)
                }
            }
        }
        checkNotNull(done) { "an export ends with what came of it" }
    }

    private fun give(gift: Gift, what: suspend () -> GivingOut) {
        work?.cancel()
        show(GivingOut.Under(gift, null))
        work = act {
            show(
                try {
                    what()
                } catch (failure: TalusException) {
                    GivingOut.Failed(gift, failure.advice())
                } catch (_: IOException) {
                    GivingOut.Failed(gift, home.words.getString(R.string.file_not_written))
                },
            )
        }
    }

    private fun show(work: GivingOut?) {
        shown.value = shown.value.with { it.copy(work = work) }
    }
}

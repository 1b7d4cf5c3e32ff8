// A plan from someone the person trusts: read, its author's words compared, and only then kept.
package app.talus.trust

import android.net.Uri
import app.talus.Home
import app.talus.Loaded
import app.talus.PageViewModel
import app.talus.R
import app.talus.advice
import app.talus.core.Plan
import app.talus.core.TalusException
import app.talus.session.toLeg
import app.talus.value
import java.io.IOException
import java.time.LocalDate

/** No plan is longer, bytes; what is, is none. */
private const val LONGEST = 64 * 1024

class TrustViewModel(home: Home) : PageViewModel<TrustState>(home) {
    private var text: String? = null

    override suspend fun read(): TrustState {
        home.takeGiven()?.let { return given(it) }
        // Whoever turns the phone is still looking at what was given.
        (state.value.value() as? TrustState.Given)?.let { return it }
        return kept()
    }

    private suspend fun kept(advice: String? = null) =
        TrustState.Kept(home.talus().plan()?.toPlan(), advice, home.settings.wishes.value.demo)

    private suspend fun given(typed: String): TrustState = if (typed.length > LONGEST) unread() else try {
        val plan = home.talus().previewPlan(typed.trim())
        text = typed.trim()
        TrustState.Given(plan.toPlan(), null, home.settings.wishes.value.demo)
    } catch (wrong: TalusException) {
        kept(wrong.advice())
    }

    private suspend fun unread() = kept(home.words.getString(R.string.file_not_read))

    /** Reads what was pasted, or what a code said. */
    fun give(typed: String) = show { given(typed) }

    /** Reads a file. */
    fun give(file: Uri) = show {
        try {
            given(home.handover.text(file, LONGEST))
        } catch (_: IOException) {
            unread()
        }
    }

    /** The plan counts from now on; a new author is trusted from now on too: the words were compared. */
    fun accept() = show {
        val given = state.value.value() as? TrustState.Given ?: return@show kept()
        try {
            home.talus().acceptPlan(checkNotNull(text) { "it was read from a text" }, given.plan.words.takeIf { !given.plan.known })
            kept()
        } catch (refused: TalusException) {
            given.copy(advice = refused.advice())
        }
    }

    /** It is somebody else's, or the words differ. */
    fun refuse() = show { kept() }

    /** The plan counts no more; with [distrust] nothing of its author's counts without comparing words anew. */
    fun putAway(distrust: Boolean) = show {
        home.talus().putPlanAway(distrust)
        kept()
    }

    private fun show(what: suspend () -> TrustState) = act {
        val next = what()
        if (next is TrustState.Kept) text = null
        shown.value = Loaded.Ready(next)
    }
}

internal fun Plan.toPlan() = TrustedPlan(
    by, words, known, LocalDate.parse(fromDay), LocalDate.parse(untilDay), notNow,
    lines.map { line ->
        PlanLine(line.name, line.side?.toLeg(), line.mostG.toInt(), line.rangeDeg?.let { it.first().toInt()..it.last().toInt() })
    },
)

// What the pages about somebody's own data show, in plain values.
package app.talus.mine

import java.time.LocalDate

/** What is kept, and what is being done with it. */
data class MyDataState(
    /** Whether what is kept is encrypted. */
    val sealed: Boolean,
    val signals: Signals,
    val work: GivingOut?,
    val demo: Boolean,
    /** Histories that were set aside, newest first. */
    val aside: List<Aside> = listOf(),
    /** What is written to a folder by itself; null where nothing is. */
    val scheduled: Scheduled? = null,
)

/** A history that was set aside on this day; [seen] once it was looked into. */
data class Aside(val number: Int, val day: LocalDate, val seen: Seen? = null)

/** What is in a history that was set aside. */
sealed interface Seen {
    /** These people and so many sessions. */
    data class Open(val people: List<String>, val sessions: Int) : Seen

    /** It does not open, and why. */
    data class Shut(val advice: String) : Seen
}

/** A bundle that is written to a [folder] every week: on which day the last time, and what was in the way since. */
data class Scheduled(val folder: String, val lastDay: LocalDate?, val advice: String?)

/** The raw signals that are kept, and those older than somebody wants to keep them. */
data class Signals(val keptBytes: Long, val sessions: List<String>, val freedBytes: Long)

/** What can be given out. */
enum class Gift { BUNDLE, BACKUP, REPORT }

/** Giving something out. */
sealed interface GivingOut {
    val gift: Gift

    /** Under way: the share that is done, where that is known. */
    data class Under(override val gift: Gift, val done: Float?) : GivingOut

    /**
     * It lies where the person said; counts are absent where a page is no list of sessions. Signals of [leftOut] sessions were
     * asked for and could not be read.
     */
    data class Done(override val gift: Gift, val sessions: Int?, val recordings: Int?, val leftOut: Int = 0) : GivingOut

    /** It did not work; nothing was given out. */
    data class Failed(override val gift: Gift, val advice: String) : GivingOut
}

/** Taking something in, step by step. */
sealed interface RestoreState {
    /** Nothing is chosen. */
    data object Choose : RestoreState

    /** It is being looked into. */
    data object Looking : RestoreState

    /** It is a backup, and its words are asked for; [advice] where those were not the right ones. */
    data class Words(val advice: String?) : RestoreState

    /** What would come. */
    data class Preview(
        val writtenUtcMs: Long, val people: List<String>, val sessions: Int, val recordings: Int, val bytes: Long,
    ) : RestoreState

    /** Being taken in: the share that is done, where that is known. */
    data class Under(val done: Float?) : RestoreState

    /** It is in. */
    data class Done(val fresh: Int, val renewed: Int, val kept: Int, val recordings: Int) : RestoreState

    /** It did not work; nothing has changed. */
    data class Failed(val advice: String) : RestoreState
}

// What is asked of a person before the first weight, in plain values.
package app.talus.person

/** What somebody is asked, and what came of it. */
data class AboutState(
    val step: Step,
    val body: Body,
    val goal: Aim,
    val trained: Boolean,
    val questions: List<Asked>,
    val replies: Map<String, Reply>,
    /** Falls in twelve months, pain now, surgery cleared: asked where the question before was answered with yes. */
    val falls: Int,
    val pain: Int?,
    val cleared: Boolean,
    /** Why what was typed cannot be right, from the core. */
    val advice: String?,
    val outcome: Outcome?,
    val demo: Boolean,
) {
    /** Every question has its answer. */
    val complete: Boolean get() = questions.all { it.id in replies }
}

/** Where one is in the questions. */
sealed interface Step {
    data object Body : Step

    data object Aims : Step

    /** The question of this place, from 0. */
    data class Question(val index: Int) : Step

    data object Outcome : Step
}

/** What was typed. */
data class Body(val birthYear: String = "", val heightCm: String = "", val massKg: String = "")

/** What somebody wants. */
enum class Aim { STRENGTH, BALANCE, RETURN, BESIDE }

/** A question of the core's. */
data class Asked(val id: String, val text: String)

/** Not being sure counts as care, never as clear. */
enum class Reply { YES, NO, NOT_SURE }

/** What is open and what is held back, with its reasons. */
data class Outcome(val open: Int, val held: List<Held>)

/** An exercise that is held back on a leg at least. */
data class Held(val name: String, val whys: List<String>)

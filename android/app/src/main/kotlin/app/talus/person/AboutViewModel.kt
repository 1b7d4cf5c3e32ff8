// What a person says of themselves, into the household: asked one by one, kept as a whole, answered with what it opens.
package app.talus.person

import app.talus.Home
import app.talus.PageViewModel
import app.talus.advice
import app.talus.core.About
import app.talus.core.Answered
import app.talus.core.Answers
import app.talus.core.Goal
import app.talus.core.Level
import app.talus.core.Question
import app.talus.core.TalusException
import app.talus.kit.TalusApp
import app.talus.value
import app.talus.with

class AboutViewModel(home: Home) : PageViewModel<AboutState>(home) {
    private var known: About? = null

    override suspend fun read(): AboutState {
        shown.value.value()?.let { if (it.outcome == null) return it }
        val talus = home.talus()
        val about = talus.about()
        known = about
        return AboutState(
            Step.Body,
            about?.let { Body("${it.birthYear}", number(it.heightCm), number(it.massKg)) } ?: Body(),
            about?.goal?.let { Aim.valueOf(it.name) } ?: Aim.STRENGTH, about?.level == Level.TRAINED,
            talus.questionnaire().questions.map { Asked(it.question.name, it.text) },
            about?.answers?.replies.orEmpty().associate { it.question.name to Reply.valueOf(it.reply.name) },
            about?.answers?.falls?.toInt() ?: 0, about?.answers?.pain?.toInt(), about?.answers?.surgeryCleared ?: false,
            advice = null, outcome = null, demo = home.settings.wishes.value.demo,
        )
    }

    fun body(birthYear: String, heightCm: String, massKg: String) = change { it.copy(body = Body(birthYear, heightCm, massKg), advice = null) }

    fun aim(aim: Aim) = change { it.copy(goal = aim) }

    fun trained(trained: Boolean) = change { it.copy(trained = trained) }

    fun reply(question: String, reply: Reply) = change { it.copy(replies = it.replies + (question to reply)) }

    fun falls(falls: Int) = change { it.copy(falls = falls.coerceIn(0, 20)) }

    fun pain(pain: Int) = change { it.copy(pain = pain) }

    fun cleared(cleared: Boolean) = change { it.copy(cleared = cleared) }

    /** On: to the next question, and after the last one everything is kept. */
    fun next() {
        val state = state.value.value() ?: return
        when (val step = state.step) {
            Step.Body -> change { it.copy(step = Step.Aims) }
            Step.Aims -> change { it.copy(step = Step.Question(0)) }
            is Step.Question -> if (step.index + 1 < state.questions.size) change { it.copy(step = Step.Question(step.index + 1)) } else keep()
            Step.Outcome -> {}
        }
    }

    /** Back by one; false at the first. */
    fun back(): Boolean {
        val before = when (val step = state.value.value()?.step) {
            Step.Aims -> Step.Body
            is Step.Question -> if (step.index == 0) Step.Aims else Step.Question(step.index - 1)
            else -> return false
        }
        change { it.copy(step = before) }
        return true
    }

    /** Keeps it all; what cannot be right leads back to where it was typed. */
    fun keep() = act {
        val state = state.value.value() ?: return@act
        val talus = home.talus()
        try {
            talus.setAbout(state.toAbout())
            val outcome = outcome(talus)
            change { it.copy(step = Step.Outcome, outcome = outcome, advice = null) }
        } catch (wrong: TalusException.Invalid) {
            change { it.copy(step = Step.Body, advice = wrong.advice()) }
        }
    }

    private suspend fun outcome(talus: TalusApp): Outcome {
        val legs = talus.openness().groupBy { it.exercise }
        return Outcome(
            legs.values.count { all -> all.any { it.open } },
            legs.values.filter { all -> all.none { it.open } }.map { all -> Held(all.first().name, all.flatMap { it.whys }.distinct()) },
        )
    }

    private fun AboutState.toAbout() = About(
        birthYear = body.birthYear.trim().toShortOrNull() ?: 0, heightCm = body.heightCm.toNumber(), massKg = body.massKg.toNumber(),
        sex = known?.sex, goal = Goal.valueOf(goal.name), level = if (trained) Level.TRAINED else Level.BEGINNER, weights = known?.weights,
        answers = Answers(
            replies.map { (question, reply) -> Answered(Question.valueOf(question), app.talus.core.Reply.valueOf(reply.name)) },
            known?.answers?.named.orEmpty(),
            falls.takeIf { replies["FALLS"] == Reply.YES && it > 0 }?.toUByte(), pain.takeIf { replies["PAIN_NOW"] == Reply.YES }?.toUByte(),
            cleared && replies["SURGERY"] == Reply.YES,
        ),
        oneLegS = known?.oneLegS, tandemS = known?.tandemS,
    )

    private fun change(how: (AboutState) -> AboutState) {
        shown.value = shown.value.with(how)
    }
}

/** As typed on a German keyboard too; what is none is told by the core. */
private fun String.toNumber(): Float = trim().replace(',', '.').toFloatOrNull() ?: 0f

private fun number(value: Float): String = if (value == value.toInt().toFloat()) "${value.toInt()}" else "$value"

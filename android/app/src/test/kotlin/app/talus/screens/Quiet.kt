// A phone that neither speaks nor sounds: Robolectric has no loudspeaker, and what is told has a test of its own.
package app.talus.screens

import app.talus.Telltales
import app.talus.voice.Pulses
import app.talus.voice.Score
import app.talus.voice.Sounds
import app.talus.voice.Speech
import app.talus.voice.Surroundings
import app.talus.voice.Voice
import java.util.Locale
import kotlinx.coroutines.flow.MutableStateFlow

/** Counts what was to be heard and felt, by name. */
class Quiet {
    val sounds = mutableListOf<String>()
    val felt = mutableListOf<String>()
    val said = mutableListOf<String>()

    @Suppress("UNUSED_PARAMETER") // what it is asked with
    fun with(score: Score) = Telltales(
        object : Voice {
            override val state = MutableStateFlow(Speech.READY)
            override val speaking = false
            override var spoken: () -> Unit = {}

            override fun open(locale: Locale) = Unit

            override fun say(text: String) {
                said += text
            }

            override fun hush() = Unit

            override fun close() = Unit
        },
        Sounds { sounds += it }, { name, _ -> felt += name },
        object : Surroundings {
            override val reader = false
            override val headset = false
        },
    )
}

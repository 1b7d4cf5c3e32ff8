// What holds for all of a session: names of exercises, which the core renders once for the language of the app, and the voice.
package app.talus.session

import androidx.compose.runtime.staticCompositionLocalOf
import app.talus.voice.Speech

/** Names by the id of the exercise. */
val LocalNames = staticCompositionLocalOf<Map<String, String>> { mapOf() }

/** Whether this phone speaks in a session. */
val LocalSpeech = staticCompositionLocalOf { Speech.NOT_ASKED }

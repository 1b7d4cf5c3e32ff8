// Names of exercises, which the core renders once for the language of the app.
package app.talus.session

import androidx.compose.runtime.staticCompositionLocalOf

/** Names by the id of the exercise. */
val LocalNames = staticCompositionLocalOf<Map<String, String>> { mapOf() }

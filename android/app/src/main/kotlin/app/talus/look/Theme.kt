// Colours of the design, light and dark, as Material knows them; there is one accent, so secondary is the accent too.
// The phone's wallpaper does not change them.
package app.talus.look

import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.ui.graphics.Color

private val light = lightColorScheme(
    primary = Color(0xFF00616C), onPrimary = Color(0xFFFFFFFF),
    primaryContainer = Color(0xFFD5ECEC), onPrimaryContainer = Color(0xFF00414A),
    secondaryContainer = Color(0xFFD5ECEC), onSecondaryContainer = Color(0xFF00414A),
    surface = Color(0xFFF4F5F3), onSurface = Color(0xFF141A19), onSurfaceVariant = Color(0xFF4B5654),
    surfaceContainerLowest = Color(0xFFFFFFFF), surfaceContainerHigh = Color(0xFFE9ECE9),
    outline = Color(0xFF76807B), outlineVariant = Color(0xFFD8DDD9),
    tertiary = Color(0xFF7A4A00), tertiaryContainer = Color(0xFFFBEBCB),
    error = Color(0xFFA61E18), onError = Color(0xFFFFFFFF), errorContainer = Color(0xFFFAE3E0),
)

private val dark = darkColorScheme(
    primary = Color(0xFF74D2D8), onPrimary = Color(0xFF00363C),
    primaryContainer = Color(0xFF0D4249), onPrimaryContainer = Color(0xFFC4F1F3),
    secondaryContainer = Color(0xFF0D4249), onSecondaryContainer = Color(0xFFC4F1F3),
    surface = Color(0xFF0E1312), onSurface = Color(0xFFEFF3F1), onSurfaceVariant = Color(0xFFAFB9B6),
    surfaceContainerLowest = Color(0xFF171D1C), surfaceContainerHigh = Color(0xFF222A29),
    outline = Color(0xFF899491), outlineVariant = Color(0xFF323B39),
    tertiary = Color(0xFFF3C26B), tertiaryContainer = Color(0xFF3B2D0D),
    error = Color(0xFFFFB3A9), onError = Color(0xFF5C0C07), errorContainer = Color(0xFF48150F),
)

/** The look of every screen. */
@Composable
fun TalusTheme(content: @Composable () -> Unit) {
    MaterialTheme(colorScheme = if (isSystemInDarkTheme()) dark else light, content = content)
}

// Colours and type of the design, light and dark, as Material knows them; there is one accent, so secondary is the accent
// too. The phone's wallpaper changes accent and neutrals where somebody turns that on, and never what means one thing: legs,
// warnings, stops. What Material has no name for is in [Stone].
package app.talus.look

import android.os.Build
import androidx.annotation.RequiresApi
import androidx.compose.foundation.isSystemInDarkTheme
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.material3.ColorScheme
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Shapes
import androidx.compose.material3.Typography
import androidx.compose.material3.darkColorScheme
import androidx.compose.material3.dynamicDarkColorScheme
import androidx.compose.material3.dynamicLightColorScheme
import androidx.compose.material3.lightColorScheme
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.Immutable
import androidx.compose.runtime.remember
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.unit.dp
import androidx.compose.ui.unit.em
import androidx.compose.ui.unit.sp
import app.talus.Appearance
import app.talus.Daylight

private val light = lightColorScheme(
    primary = Color(0xFF00616C), onPrimary = Color(0xFFFFFFFF),
    primaryContainer = Color(0xFFD5ECEC), onPrimaryContainer = Color(0xFF00414A),
    secondary = Color(0xFF00616C), onSecondary = Color(0xFFFFFFFF),
    secondaryContainer = Color(0xFFD5ECEC), onSecondaryContainer = Color(0xFF00414A),
    background = Color(0xFFF4F5F3), onBackground = Color(0xFF141A19),
    surface = Color(0xFFF4F5F3), onSurface = Color(0xFF141A19), onSurfaceVariant = Color(0xFF4B5654),
    surfaceVariant = Color(0xFFE9ECE9),
    surfaceContainerLowest = Color(0xFFFFFFFF), surfaceContainerLow = Color(0xFFFFFFFF),
    surfaceContainer = Color(0xFFF4F5F3), surfaceContainerHigh = Color(0xFFE9ECE9),
    surfaceContainerHighest = Color(0xFFE9ECE9),
    outline = Color(0xFF76807B), outlineVariant = Color(0xFFD8DDD9),
    tertiary = Color(0xFF7A4A00), onTertiary = Color(0xFFFFFFFF),
    tertiaryContainer = Color(0xFFFBEBCB), onTertiaryContainer = Color(0xFF141A19),
    error = Color(0xFFA61E18), onError = Color(0xFFFFFFFF),
    errorContainer = Color(0xFFFAE3E0), onErrorContainer = Color(0xFF141A19),
)

private val dark = darkColorScheme(
    primary = Color(0xFF74D2D8), onPrimary = Color(0xFF00363C),
    primaryContainer = Color(0xFF0D4249), onPrimaryContainer = Color(0xFFC4F1F3),
    secondary = Color(0xFF74D2D8), onSecondary = Color(0xFF00363C),
    secondaryContainer = Color(0xFF0D4249), onSecondaryContainer = Color(0xFFC4F1F3),
    background = Color(0xFF0E1312), onBackground = Color(0xFFEFF3F1),
    surface = Color(0xFF0E1312), onSurface = Color(0xFFEFF3F1), onSurfaceVariant = Color(0xFFAFB9B6),
    surfaceVariant = Color(0xFF222A29),
    surfaceContainerLowest = Color(0xFF171D1C), surfaceContainerLow = Color(0xFF171D1C),
    surfaceContainer = Color(0xFF0E1312), surfaceContainerHigh = Color(0xFF222A29),
    surfaceContainerHighest = Color(0xFF222A29),
    outline = Color(0xFF899491), outlineVariant = Color(0xFF323B39),
    tertiary = Color(0xFFF3C26B), onTertiary = Color(0xFF3B2D0D),
    tertiaryContainer = Color(0xFF3B2D0D), onTertiaryContainer = Color(0xFFEFF3F1),
    error = Color(0xFFFFB3A9), onError = Color(0xFF5C0C07),
    errorContainer = Color(0xFF48150F), onErrorContainer = Color(0xFFEFF3F1),
)

private val lightStrong = light.copy(
    primary = Color(0xFF004850), primaryContainer = Color(0xFFDDF3F3), onPrimaryContainer = Color(0xFF002B30),
    secondary = Color(0xFF004850), secondaryContainer = Color(0xFFDDF3F3), onSecondaryContainer = Color(0xFF002B30),
    background = Color(0xFFFFFFFF), onBackground = Color(0xFF000000), surface = Color(0xFFFFFFFF), onSurface = Color(0xFF000000),
    onSurfaceVariant = Color(0xFF222222), surfaceVariant = Color(0xFFF0F0F0), surfaceContainer = Color(0xFFFFFFFF),
    surfaceContainerHigh = Color(0xFFF0F0F0), surfaceContainerHighest = Color(0xFFF0F0F0),
    outline = Color(0xFF2B2B2B), outlineVariant = Color(0xFF6B6B6B),
    tertiary = Color(0xFF5A3500), tertiaryContainer = Color(0xFFFFF1D6), error = Color(0xFF840F0B), errorContainer = Color(0xFFFFE9E6),
)

private val darkStrong = dark.copy(
    primary = Color(0xFF8FF1F6), onPrimary = Color(0xFF00262A), primaryContainer = Color(0xFF00373D),
    onPrimaryContainer = Color(0xFFD8FBFC), secondary = Color(0xFF8FF1F6), onSecondary = Color(0xFF00262A),
    secondaryContainer = Color(0xFF00373D), onSecondaryContainer = Color(0xFFD8FBFC),
    background = Color(0xFF000000), onBackground = Color(0xFFFFFFFF), surface = Color(0xFF000000), onSurface = Color(0xFFFFFFFF),
    onSurfaceVariant = Color(0xFFE6E6E6), surfaceVariant = Color(0xFF1A1A1A), surfaceContainerLowest = Color(0xFF000000),
    surfaceContainerLow = Color(0xFF000000), surfaceContainer = Color(0xFF000000), surfaceContainerHigh = Color(0xFF1A1A1A),
    surfaceContainerHighest = Color(0xFF1A1A1A), outline = Color(0xFFE0E0E0), outlineVariant = Color(0xFF9A9A9A),
    tertiary = Color(0xFFFFD58A), onTertiary = Color(0xFF2E2100), tertiaryContainer = Color(0xFF2E2100),
    error = Color(0xFFFFC9C2), onError = Color(0xFF430503), errorContainer = Color(0xFF360A06),
)

/** Colours that mean one thing and have no name in Material: the two legs, and the figure. */
@Immutable
data class Stone(
    val left: Color,
    val right: Color,
    val onSide: Color,
    val bodyFar: Color,
    val bodyNear: Color,
    val bodyMoving: Color,
    val support: Color,
    val supportEdge: Color,
    val floor: Color,
    val figureGround: Color,
)

private val lightStone = Stone(
    left = Color(0xFF3454A8), right = Color(0xFFA65700), onSide = Color(0xFFFFFFFF),
    bodyFar = Color(0xFFB4C3C1), bodyNear = Color(0xFF94A5A2), bodyMoving = Color(0xFF3A4644),
    support = Color(0xFFCBDAD9), supportEdge = Color(0xFFBACCCA), floor = Color(0xFFD3E2E1), figureGround = Color(0xFFE3EFEE),
)

private val darkStone = Stone(
    left = Color(0xFFA9BDFF), right = Color(0xFFF3B468), onSide = Color(0xFF0E1312),
    bodyFar = Color(0xFF3C605E), bodyNear = Color(0xFF63827F), bodyMoving = Color(0xFFD3DAD7),
    support = Color(0xFF1F4443), supportEdge = Color(0xFF2B5453), floor = Color(0xFF1B3D3C), figureGround = Color(0xFF12302F),
)

private val lightStoneStrong = lightStone.copy(
    left = Color(0xFF1E3A8A), right = Color(0xFF7A3E00), bodyFar = Color(0xFFB5B5B5), bodyNear = Color(0xFF8C8C8C),
    bodyMoving = Color(0xFF000000), support = Color(0xFFD0D0D0),
)

private val darkStoneStrong = darkStone.copy(
    left = Color(0xFFC6D3FF), right = Color(0xFFFFC98C), onSide = Color(0xFF000000), bodyFar = Color(0xFF4A4A4A),
    bodyNear = Color(0xFF7A7A7A), bodyMoving = Color(0xFFFFFFFF), support = Color(0xFF2E2E2E),
)

private val LocalStone = staticCompositionLocalOf { lightStone }

/** What Material has no name for. */
val MaterialTheme.stone: Stone
    @Composable get() = LocalStone.current

/** Digits of one width, where a number changes or stands in a column. */
const val TABULAR = "tnum"

/**
 * The scale of the design. Large words grow less than the phone's setting asks for: [scale] is that setting, and a style
 * stays within its own limit.
 */
private fun typeAt(scale: Float): Typography {
    fun style(size: Int, line: Int, weight: FontWeight, tracking: Double = 0.0, most: Float = 2f, digits: String? = null): TextStyle {
        val share = if (scale > most) most / scale else 1f
        return TextStyle(
            fontSize = size.sp * share, lineHeight = line.sp * share, fontWeight = weight, letterSpacing = tracking.em,
            fontFeatureSettings = digits,
        )
    }
    val numeral = style(44, 48, FontWeight.SemiBold, -0.025, 1.5f, TABULAR)
    val large = style(30, 36, FontWeight.SemiBold, -0.018, 1.6f)
    val title = style(22, 28, FontWeight.SemiBold, -0.01)
    val strong = style(17, 24, FontWeight.SemiBold)
    val body = style(17, 25, FontWeight.Normal)
    val caption = style(15, 21, FontWeight.Normal, digits = TABULAR)
    val label = style(13, 18, FontWeight.Medium, 0.01, digits = TABULAR)
    return Typography(
        displayLarge = numeral, displayMedium = numeral, displaySmall = numeral,
        headlineLarge = large, headlineMedium = large, headlineSmall = title,
        titleLarge = title, titleMedium = strong, titleSmall = strong,
        bodyLarge = body, bodyMedium = caption, bodySmall = caption,
        labelLarge = strong, labelMedium = label, labelSmall = label,
    )
}

private val shapes = Shapes(
    extraSmall = RoundedCornerShape(8.dp), small = RoundedCornerShape(12.dp), medium = RoundedCornerShape(16.dp),
    large = RoundedCornerShape(24.dp), extraLarge = RoundedCornerShape(28.dp),
)

/** Whether the ways out of a set are in the order for the left hand. */
val LocalLeftHand = staticCompositionLocalOf { false }

/** Whether everything that has a shape has an edge too. */
val LocalContrast = staticCompositionLocalOf { false }

/** Whether the edge of the screen flashes in a session. */
val LocalFlashes = staticCompositionLocalOf { false }

/** The look of every screen. */
@Composable
fun TalusTheme(appearance: Appearance = Appearance(), content: @Composable () -> Unit) {
    val night = when (appearance.daylight) {
        Daylight.AS_THE_PHONE -> isSystemInDarkTheme()
        Daylight.LIGHT -> false
        Daylight.DARK -> true
    }
    val own = when {
        appearance.contrast -> if (night) darkStrong else lightStrong
        else -> if (night) dark else light
    }
    val stone = when {
        appearance.contrast -> if (night) darkStoneStrong else lightStoneStrong
        else -> if (night) darkStone else lightStone
    }
    val scheme = if (appearance.wallpaper && !appearance.contrast && hasWallpaperColours) ofWallpaper(night, own) else own
    val scale = LocalDensity.current.fontScale
    val type = remember(scale) { typeAt(scale) }
    CompositionLocalProvider(
        LocalStone provides stone, LocalLeftHand provides appearance.leftHand, LocalFlashes provides appearance.flashes,
        LocalContrast provides appearance.contrast,
    ) {
        MaterialTheme(colorScheme = scheme, typography = type, shapes = shapes, content = content)
    }
}

/** Since Android 12 a phone makes colours of its wallpaper. */
val hasWallpaperColours: Boolean = Build.VERSION.SDK_INT >= Build.VERSION_CODES.S

/** Accent and neutrals of the wallpaper; warnings and stops stay what they are. */
@RequiresApi(Build.VERSION_CODES.S)
@Composable
private fun ofWallpaper(night: Boolean, own: ColorScheme): ColorScheme {
    val context = LocalContext.current
    val theirs = if (night) dynamicDarkColorScheme(context) else dynamicLightColorScheme(context)
    return theirs.copy(
        secondary = theirs.primary, onSecondary = theirs.onPrimary,
        tertiary = own.tertiary, onTertiary = own.onTertiary, tertiaryContainer = own.tertiaryContainer,
        onTertiaryContainer = own.onTertiaryContainer,
        error = own.error, onError = own.onError, errorContainer = own.errorContainer, onErrorContainer = own.onErrorContainer,
    )
}

// Numbers as people read them: the decimal mark of the language, no digit more than is known, thin spaces before units.
package app.talus.look

import androidx.compose.runtime.Composable
import androidx.compose.runtime.ReadOnlyComposable
import androidx.compose.runtime.staticCompositionLocalOf
import androidx.compose.ui.platform.LocalConfiguration
import java.text.NumberFormat
import java.time.Instant
import java.time.LocalDate
import java.time.ZoneId
import java.time.format.DateTimeFormatter
import java.time.format.FormatStyle
import java.util.Locale
import kotlin.math.roundToInt

/** Thin, and nothing breaks there. */
const val THIN = '\u202F'

/** Grams of a pound. */
private const val POUND_G = 453.592_37

/** Whether weights are shown in pounds; they are stored in grams. */
val LocalPounds = staticCompositionLocalOf { false }

/** The language everything is shown in. */
@Composable
@ReadOnlyComposable
fun locale(): Locale = LocalConfiguration.current.locales[0]

/** At most [digits] decimals and none for nothing, with the mark of the language. */
fun decimal(value: Double, digits: Int, locale: Locale): String = NumberFormat.getNumberInstance(locale).apply {
    maximumFractionDigits = digits
    isGroupingUsed = false
}.format(value)

/** A weight on a leg: kilograms to a hundredth, or pounds to a half. */
fun weight(massG: Int, pounds: Boolean, locale: Locale): String =
    if (pounds) "${decimal((massG / POUND_G * 2).roundToInt() / 2.0, 1, locale)}${THIN}lb"
    else "${decimal(massG / 1000.0, 2, locale)}${THIN}kg"

/** A weight as it is set to be read. */
@Composable
@ReadOnlyComposable
fun weight(massG: Int): String = weight(massG, LocalPounds.current, locale())

/** Seconds with one decimal. */
fun seconds(value: Float, locale: Locale): String = NumberFormat.getNumberInstance(locale).apply {
    minimumFractionDigits = 1
    maximumFractionDigits = 1
}.format(value) + "${THIN}s"

/** On a clock, as 2:05: seconds with their minutes, or minutes with their hours. */
fun clock(count: Int): String = "${count / 60}:${(count % 60).toString().padStart(2, '0')}"

/** A size as it is read: whole kilobytes, then megabytes with one decimal. */
fun bytes(count: Long, locale: Locale): String =
    if (count < 1_000_000) "${(count + 999) / 1000}${THIN}kB" else "${decimal(count / 1e6, 1, locale)}${THIN}MB"

/** The day of a moment, as this phone counts days. */
fun dayOf(utcMs: Long, here: Locale): String =
    fullDay(Instant.ofEpochMilli(utcMs).atZone(ZoneId.systemDefault()).toLocalDate(), here)

/** A day with its month, as 5 November, the way the language puts it. */
fun longDay(day: LocalDate, here: Locale): String =
    // The year is known.
    fullDay(day, here).replace(Regex(",?\\s*${day.year}"), "").trim()

/** A day with its year, the way the language puts it. */
fun fullDay(day: LocalDate, here: Locale): String = DateTimeFormatter.ofLocalizedDate(FormatStyle.LONG).withLocale(here).format(day)

// Every icon, drawn here on a grid of 24: rounded strokes of two.
package app.talus.look

import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.SolidColor
import androidx.compose.ui.graphics.StrokeCap
import androidx.compose.ui.graphics.StrokeJoin
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.graphics.vector.addPathNodes
import androidx.compose.ui.unit.dp

private fun stroke(name: String, path: String, mirrors: Boolean = false) =
    ImageVector.Builder(name, 24.dp, 24.dp, 24f, 24f, autoMirror = mirrors).addPath(
        pathData = addPathNodes(path), stroke = SolidColor(Color.Black), strokeLineWidth = 2f,
        strokeLineCap = StrokeCap.Round, strokeLineJoin = StrokeJoin.Round,
    ).build()

private fun filled(name: String, path: String) = ImageVector.Builder(name, 24.dp, 24.dp, 24f, 24f)
    .addPath(pathData = addPathNodes(path), fill = SolidColor(Color.Black)).build()

/** The icons of the app. */
object Icons {
    val today = stroke("today", "M3 18H21M6 14A6 6 0 0 1 18 14M12 3V5M4.5 7L6 8.3M19.5 7L18 8.3M1.8 13.5H3.4M20.6 13.5H22.2")
    val plan = stroke("plan", "M9 6H20M9 12H20M9 18H20M4.5 6H4.6M4.5 12H4.6M4.5 18H4.6")
    val progress = stroke("progress", "M4 20H20M4 15L9 10L13 13L20 5")
    val you = stroke("you", "M12 3.5A4 4 0 1 0 12 11.5A4 4 0 1 0 12 3.5M5 20.5V20A5 5 0 0 1 10 15H14A5 5 0 0 1 19 20V20.5")
    val back = stroke("back", "M15 5L8 12L15 19", mirrors = true)
    val forth = stroke("forth", "M9 5L16 12L9 19", mirrors = true)
    val close = stroke("close", "M6 6L18 18M18 6L6 18")
    val check = stroke("check", "M5 12.5L10 17.5L19 7")
    val dash = stroke("dash", "M7 12H17")
    val plus = stroke("plus", "M12 5V19M5 12H19")
    val minus = stroke("minus", "M5 12H19")
    val warn = stroke("warn", "M12 4L21.5 20H2.5ZM12 10V14.5M12 17.3V17.4")
    val pain = stroke("pain", "M12 9A3 3 0 1 0 12 15A3 3 0 1 0 12 9M12 3V5.5M12 18.5V21M3 12H5.5M18.5 12H21M5.6 5.6L7.4 7.4M16.6 16.6L18.4 18.4M5.6 18.4L7.4 16.6M16.6 7.4L18.4 5.6")
    val pause = stroke("pause", "M8.5 5V19M15.5 5V19")
    val play = filled("play", "M7 4.6A1 1 0 0 1 8.5 3.7L20 11.1A1 1 0 0 1 20 12.9L8.5 20.3A1 1 0 0 1 7 19.4Z")
    val stop = filled("stop", "M7.5 5H16.5A2.5 2.5 0 0 1 19 7.5V16.5A2.5 2.5 0 0 1 16.5 19H7.5A2.5 2.5 0 0 1 5 16.5V7.5A2.5 2.5 0 0 1 7.5 5Z")
    val floor = stroke("floor", "M3 18H21M6 12A1.8 1.8 0 1 0 6 15.6A1.8 1.8 0 1 0 6 12M9 15H14L20 7")
    val bluetooth = stroke("bluetooth", "M7 7L17 17L12 21.5V2.5L17 7L7 17")
    val cuff = stroke("cuff", "M8 3V9M16 3V9M6.5 9H17.5V15H6.5ZM8 15V21M16 15V21")
    val settings = stroke("settings", "M4 7H12M18 7H20M4 17H6M12 17H20M15 4.5A2.5 2.5 0 1 0 15 9.5A2.5 2.5 0 1 0 15 4.5M9 14.5A2.5 2.5 0 1 0 9 19.5A2.5 2.5 0 1 0 9 14.5")
    val pulse = stroke("pulse", "M3 12H7L10 5L14 19L17 12H21")
    val about = stroke("about", "M12 3A9 9 0 1 0 12 21A9 9 0 1 0 12 3M12 11V16.5M12 7.5V7.6")
    val learn = stroke("learn", "M3 5.5H9A3 3 0 0 1 12 8.5V20A2.5 2.5 0 0 0 9.5 17.5H3ZM21 5.5H15A3 3 0 0 0 12 8.5V20A2.5 2.5 0 0 1 14.5 17.5H21Z")
    val data = stroke("data", "M4 4H20V9H4ZM5.5 9V20H18.5V9M9.5 13H14.5")
    val health = stroke("health", "M6 3H18V21H6ZM9.5 12L11.5 14L15 9.5M9 3V5.5H15V3")
}

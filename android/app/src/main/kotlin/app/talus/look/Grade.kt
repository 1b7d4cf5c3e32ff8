// How good the evidence for something is, as a shape with its letter: colour never says it.
package app.talus.look

import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.size
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.graphics.drawscope.Stroke
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.unit.dp

/** Best first; [share] of the disc is filled. */
enum class Grade(val share: Float) { A(1f), B(.75f), C(.5f), D(.25f), E(0f), X(0f) }

/** The disc of a grade and its letter; [means] is what a screen reader says of it. */
@Composable
fun GradeMark(grade: Grade, means: String, modifier: Modifier = Modifier) {
    val ink = MaterialTheme.colorScheme.onSurface
    Row(
        modifier.clearAndSetSemantics { contentDescription = "${grade.name}: $means" }, Arrangement.spacedBy(8.dp),
        Alignment.CenterVertically,
    ) {
        Box(
            Modifier.size(24.dp).drawBehind {
                val ring = Stroke(2.dp.toPx())
                drawCircle(ink, size.minDimension / 2 - 1.dp.toPx(), style = ring)
                if (grade.share > 0) drawArc(ink, -90f, 360 * grade.share, useCenter = true)
                if (grade == Grade.X) {
                    val inset = size.minDimension * .25f
                    drawLine(ink, Offset(inset, inset), Offset(size.width - inset, size.height - inset), 2.dp.toPx())
                    drawLine(ink, Offset(size.width - inset, inset), Offset(inset, size.height - inset), 2.dp.toPx())
                }
            },
        )
        Text(grade.name, style = MaterialTheme.typography.titleMedium)
    }
}

// Parts that several screens are made of: the page with its title and its way back, cards, buttons, the badge of a leg.
package app.talus.look

import androidx.compose.foundation.BorderStroke
import androidx.compose.foundation.background
import androidx.compose.foundation.clickable
import androidx.compose.foundation.layout.Arrangement
import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.ColumnScope
import androidx.compose.foundation.layout.ExperimentalLayoutApi
import androidx.compose.foundation.layout.FlowRow
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.RowScope
import androidx.compose.foundation.layout.Spacer
import androidx.compose.foundation.layout.fillMaxSize
import androidx.compose.foundation.layout.fillMaxWidth
import androidx.compose.foundation.layout.height
import androidx.compose.foundation.layout.heightIn
import androidx.compose.foundation.layout.padding
import androidx.compose.foundation.layout.safeDrawingPadding
import androidx.compose.foundation.layout.size
import androidx.compose.foundation.layout.width
import androidx.compose.foundation.layout.widthIn
import androidx.compose.foundation.rememberScrollState
import androidx.compose.foundation.selection.selectable
import androidx.compose.foundation.shape.CircleShape
import androidx.compose.foundation.shape.RoundedCornerShape
import androidx.compose.foundation.verticalScroll
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Button
import androidx.compose.material3.ButtonDefaults
import androidx.compose.material3.FilledTonalButton
import androidx.compose.material3.Icon
import androidx.compose.material3.IconButton
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.OutlinedButton
import androidx.compose.material3.Surface
import androidx.compose.material3.Text
import androidx.compose.material3.TextButton
import androidx.compose.runtime.Composable
import androidx.compose.ui.Alignment
import androidx.compose.ui.Modifier
import androidx.compose.ui.draw.drawBehind
import androidx.compose.ui.geometry.CornerRadius
import androidx.compose.ui.geometry.Offset
import androidx.compose.ui.geometry.Size
import androidx.compose.ui.graphics.Color
import androidx.compose.ui.graphics.drawscope.rotate
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.semantics.Role
import androidx.compose.ui.semantics.clearAndSetSemantics
import androidx.compose.ui.semantics.contentDescription
import androidx.compose.ui.semantics.heading
import androidx.compose.ui.semantics.semantics
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.font.FontWeight
import androidx.compose.ui.text.style.TextAlign
import androidx.compose.ui.unit.Dp
import androidx.compose.ui.unit.dp
import app.talus.R

/** A leg. */
enum class Leg {
    LEFT, RIGHT;

    val other: Leg get() = if (this == LEFT) RIGHT else LEFT
}

/** Least height of what can be pressed, and of what is pressed in a set. */
val TOUCH: Dp = 48.dp
val TOUCH_LIVE: Dp = 72.dp

/** Room at the sides of a page. */
val MARGIN: Dp = 20.dp

/** From this setting on, what stood side by side stands below one another. */
private const val STACKS_FROM = 1.4f

/** Whether type is so large that rows stack. */
@Composable
fun stacks(): Boolean = LocalDensity.current.fontScale >= STACKS_FROM

@Composable
fun legName(leg: Leg): String = stringResource(if (leg == Leg.LEFT) R.string.left_leg else R.string.right_leg)

/** The badge of a leg: a circle for the left, a diamond for the right, and its letter. Colour never says it alone. */
@Composable
fun SideBadge(leg: Leg, modifier: Modifier = Modifier, size: Dp = 40.dp) {
    val color = if (leg == Leg.LEFT) MaterialTheme.stone.left else MaterialTheme.stone.right
    val name = legName(leg)
    val letter = stringResource(if (leg == Leg.LEFT) R.string.left_letter else R.string.right_letter)
    Box(
        modifier.size(size).drawBehind {
            if (leg == Leg.LEFT) {
                drawCircle(color)
            } else {
                val side = this.size.minDimension * .74f
                rotate(45f) {
                    drawRoundRect(color, center - Offset(side / 2, side / 2), Size(side, side), CornerRadius(side * .2f))
                }
            }
        }.clearAndSetSemantics { contentDescription = name },
        Alignment.Center,
    ) {
        // A mark, not text: it stays in its shape whatever the phone's type setting is.
        val letterSize = with(LocalDensity.current) { (size * .42f).toSp() }
        Text(letter, color = MaterialTheme.stone.onSide, style = TextStyle(fontSize = letterSize, fontWeight = FontWeight.Bold))
    }
}

/**
 * A page: its way back, its title, what is in it, and below, always in sight, what can be done. [demo] shows that nothing
 * of it is somebody's.
 */
@Composable
fun Page(
    title: String?, modifier: Modifier = Modifier, back: (() -> Unit)? = null, demo: (() -> Unit)? = null, tag: String = "page",
    trailing: @Composable RowScope.() -> Unit = {}, bottom: (@Composable ColumnScope.() -> Unit)? = null,
    content: @Composable ColumnScope.() -> Unit,
) {
    Surface(modifier.fillMaxSize().testTag(tag), color = MaterialTheme.colorScheme.surface) {
        Column(Modifier.safeDrawingPadding(), horizontalAlignment = Alignment.CenterHorizontally) {
            Column(
                Modifier.weight(1f).widthIn(max = WIDEST).fillMaxWidth().verticalScroll(rememberScrollState())
                    .padding(horizontal = MARGIN).padding(top = 8.dp, bottom = 24.dp),
                Arrangement.spacedBy(16.dp),
            ) {
                if (back != null || demo != null) {
                    Row(Modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
                        if (back != null) BackButton(back) else Spacer(Modifier.size(1.dp))
                        if (demo != null) DemoPill(demo)
                    }
                }
                if (title != null) {
                    Row(Modifier.fillMaxWidth(), Arrangement.spacedBy(8.dp), Alignment.CenterVertically) {
                        Title(title, Modifier.weight(1f))
                        trailing()
                    }
                }
                content()
            }
            if (bottom != null) {
                Column(
                    Modifier.widthIn(max = WIDEST).fillMaxWidth().padding(horizontal = MARGIN).padding(top = 8.dp, bottom = 16.dp),
                    Arrangement.spacedBy(8.dp), Alignment.CenterHorizontally, content = bottom,
                )
            }
        }
    }
}

/** No line of text is wider, on a tablet either. */
private val WIDEST = 640.dp

/** The title of a page. */
@Composable
fun Title(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.testTag("title").semantics { heading() }, style = MaterialTheme.typography.headlineLarge)
}

/** The title of a part of a page. */
@Composable
fun Heading(text: String, modifier: Modifier = Modifier) {
    Text(text, modifier.semantics { heading() }, style = MaterialTheme.typography.titleLarge)
}

/** Text below something louder. */
@Composable
fun Muted(text: String, modifier: Modifier = Modifier, align: TextAlign? = null) {
    Text(text, modifier, color = MaterialTheme.colorScheme.onSurfaceVariant, textAlign = align)
}

@Composable
fun BackButton(pressed: () -> Unit) {
    val label = stringResource(R.string.back)
    IconButton(pressed, Modifier.size(TOUCH).testTag("back")) { Icon(Icons.back, label) }
}

/** Says that this is the demo, and what that means where it is pressed. */
@Composable
fun DemoPill(pressed: () -> Unit) {
    Surface(
        pressed, Modifier.heightIn(min = TOUCH).testTag("demo"), shape = CircleShape,
        color = MaterialTheme.colorScheme.tertiaryContainer, contentColor = MaterialTheme.colorScheme.tertiary,
    ) {
        Box(Modifier.padding(horizontal = 16.dp), Alignment.Center) {
            Text(stringResource(R.string.demo), style = MaterialTheme.typography.titleMedium)
        }
    }
}

/** A card on the ground of the page. */
@Composable
fun Card(modifier: Modifier = Modifier, pressed: (() -> Unit)? = null, content: @Composable ColumnScope.() -> Unit) {
    val shape = MaterialTheme.shapes.large
    val color = MaterialTheme.colorScheme.surfaceContainerLowest
    val inside: @Composable () -> Unit = { Column(Modifier.padding(20.dp), Arrangement.spacedBy(8.dp), content = content) }
    if (pressed == null) {
        Surface(modifier.fillMaxWidth(), shape, color, border = edge(), content = inside)
    } else {
        Surface(pressed, modifier.fillMaxWidth(), shape = shape, color = color, border = edge(), content = inside)
    }
}

/** The edge of a shape, where contrast is stronger: its ground is then that of the page. */
@Composable
fun edge(): BorderStroke? = if (LocalContrast.current) BorderStroke(1.dp, MaterialTheme.colorScheme.outline) else null

/** What the page is for. */
@Composable
fun PrimaryButton(text: String, modifier: Modifier = Modifier, icon: ImageVector? = null, enabled: Boolean = true, pressed: () -> Unit) {
    Button(
        pressed, modifier.fillMaxWidth().heightIn(min = 56.dp), enabled, MaterialTheme.shapes.medium,
        ButtonDefaults.buttonColors(
            disabledContainerColor = MaterialTheme.colorScheme.surfaceContainerHigh,
            disabledContentColor = MaterialTheme.colorScheme.onSurfaceVariant,
        ),
    ) {
        if (icon != null) {
            Icon(icon, null, Modifier.size(20.dp))
            Spacer(Modifier.width(12.dp))
        }
        Text(text, textAlign = TextAlign.Center)
    }
}

/** What can be done instead. */
@Composable
fun OtherButton(text: String, modifier: Modifier = Modifier, pressed: () -> Unit) {
    FilledTonalButton(
        pressed, modifier.fillMaxWidth().heightIn(min = 56.dp), shape = MaterialTheme.shapes.medium,
        colors = ButtonDefaults.filledTonalButtonColors(
            MaterialTheme.colorScheme.surfaceContainerHigh, MaterialTheme.colorScheme.onSurface,
        ),
    ) { Text(text, textAlign = TextAlign.Center) }
}

/** A way out that nobody needs. */
@Composable
fun QuietButton(text: String, modifier: Modifier = Modifier, pressed: () -> Unit) {
    TextButton(pressed, modifier.heightIn(min = TOUCH), shape = MaterialTheme.shapes.medium) { Text(text, textAlign = TextAlign.Center) }
}

/** Something that is not as it ought to be: icon and word, never colour alone. */
@Composable
fun Notice(title: String, modifier: Modifier = Modifier, stop: Boolean = false, content: @Composable ColumnScope.() -> Unit = {}) {
    val scheme = MaterialTheme.colorScheme
    Surface(
        modifier.fillMaxWidth(), MaterialTheme.shapes.large,
        if (stop) scheme.errorContainer else scheme.tertiaryContainer, scheme.onSurface,
    ) {
        Column(Modifier.padding(20.dp), Arrangement.spacedBy(8.dp)) {
            val color = if (stop) scheme.error else scheme.tertiary
            Row(horizontalArrangement = Arrangement.spacedBy(12.dp)) {
                Icon(if (stop) Icons.stop else Icons.warn, null, tint = color)
                Text(title, color = color, style = MaterialTheme.typography.titleMedium)
            }
            content()
        }
    }
}

/** The button of a notice. */
@Composable
fun NoticeButton(text: String, modifier: Modifier = Modifier, stop: Boolean = false, pressed: () -> Unit) {
    val color = if (stop) MaterialTheme.colorScheme.error else MaterialTheme.colorScheme.tertiary
    OutlinedButton(
        pressed, modifier.fillMaxWidth().heightIn(min = TOUCH), shape = MaterialTheme.shapes.medium,
        border = BorderStroke(2.dp, color), colors = ButtonDefaults.outlinedButtonColors(contentColor = color),
    ) { Text(text, textAlign = TextAlign.Center) }
}

/** A row that ticks itself: done or not yet, in a shape and in what a screen reader says. */
@Composable
fun TickRow(text: String, done: Boolean, modifier: Modifier = Modifier, below: String? = null) {
    val state = stringResource(if (done) R.string.is_done else R.string.not_yet)
    Row(
        modifier.fillMaxWidth().heightIn(min = TOUCH).clearAndSetSemantics {
            contentDescription = listOfNotNull(text, below, state).joinToString(". ")
        },
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        Tick(done)
        Column(Modifier.weight(1f)) {
            Text(text, style = MaterialTheme.typography.titleMedium)
            if (below != null) Muted(below)
        }
    }
}

/** A filled circle with a check, or an open one. */
@Composable
fun Tick(done: Boolean, modifier: Modifier = Modifier) {
    val accent = MaterialTheme.colorScheme.primary
    val open = MaterialTheme.colorScheme.outline
    Box(
        modifier.size(32.dp).drawBehind {
            if (done) drawCircle(accent) else drawCircle(
                open, size.minDimension / 2 - 1.dp.toPx(), style = androidx.compose.ui.graphics.drawscope.Stroke(2.dp.toPx()),
            )
        },
        Alignment.Center,
    ) { if (done) Icon(Icons.check, null, Modifier.size(20.dp), MaterialTheme.colorScheme.onPrimary) }
}

/** A row that leads on or says how something stands; below one another where type is large. */
@Composable
fun ValueRow(label: String, value: String, modifier: Modifier = Modifier) {
    if (stacks()) {
        Column(modifier.fillMaxWidth().semantics(mergeDescendants = true) {}) {
            Muted(label)
            Text(value, style = MaterialTheme.typography.titleMedium)
        }
    } else {
        Row(modifier.fillMaxWidth().semantics(mergeDescendants = true) {}, Arrangement.SpaceBetween) {
            Muted(label, Modifier.weight(1f))
            Text(value, Modifier.padding(start = 12.dp), style = MaterialTheme.typography.titleMedium)
        }
    }
}

/** A row to press, with what it is now below it. */
@Composable
fun LinkRow(text: String, modifier: Modifier = Modifier, below: String? = null, icon: ImageVector? = null, pressed: () -> Unit) {
    Row(
        modifier.fillMaxWidth().heightIn(min = 64.dp).clickable(role = Role.Button, onClick = pressed).padding(vertical = 8.dp),
        Arrangement.spacedBy(16.dp), Alignment.CenterVertically,
    ) {
        if (icon != null) Icon(icon, null, tint = MaterialTheme.colorScheme.primary)
        Column(Modifier.weight(1f)) {
            Text(text, style = MaterialTheme.typography.titleMedium)
            if (below != null) Muted(below)
        }
        Icon(Icons.forth, null, Modifier.size(20.dp), MaterialTheme.colorScheme.onSurfaceVariant)
    }
}

/** One of several to choose, each a box; they wrap. */
@OptIn(ExperimentalLayoutApi::class)
@Composable
fun <T> Choices(
    all: List<T>, chosen: T?, name: @Composable (T) -> String, modifier: Modifier = Modifier, tag: (T) -> String = { "choice $it" },
    said: @Composable (T) -> String = name, pressed: (T) -> Unit,
) {
    FlowRow(modifier, Arrangement.spacedBy(8.dp), Arrangement.spacedBy(8.dp)) {
        for (one in all) Choice(name(one), one == chosen, Modifier.testTag(tag(one)), said(one)) { pressed(one) }
    }
}

/** A question with its two answers. */
@Composable
fun YesOrNo(question: String, answer: Boolean?, tag: String, pressed: (Boolean) -> Unit) {
    Text(question)
    Choices(listOf(true, false), answer, { stringResource(if (it) R.string.yes else R.string.no) }, tag = { "$tag $it" }, pressed = pressed)
}

/** One box to choose: filled where it is chosen. */
@Composable
fun Choice(text: String, chosen: Boolean, modifier: Modifier = Modifier, said: String = text, pressed: () -> Unit) {
    val scheme = MaterialTheme.colorScheme
    Surface(
        modifier.selectable(chosen, role = Role.RadioButton, onClick = pressed),
        MaterialTheme.shapes.small,
        if (chosen) scheme.onSurface else scheme.surfaceContainerLowest,
        if (chosen) scheme.surface else scheme.onSurface,
        border = if (chosen) null else BorderStroke(1.dp, scheme.outline),
    ) {
        Box(Modifier.heightIn(min = TOUCH).widthIn(min = TOUCH).padding(horizontal = 14.dp, vertical = 8.dp), Alignment.Center) {
            Text(
                text, if (said == text) Modifier else Modifier.clearAndSetSemantics { contentDescription = said },
                style = MaterialTheme.typography.titleMedium, textAlign = TextAlign.Center,
            )
        }
    }
}

/** Asks before something that nobody may do by accident; it is [closed] first, whatever is answered. */
@Composable
fun ConfirmDialog(
    title: String, text: String, yes: String, yesTag: String, noTag: String, closed: () -> Unit, done: () -> Unit,
) = AlertDialog(
    onDismissRequest = closed,
    title = { Text(title) },
    text = { Text(text) },
    confirmButton = {
        QuietButton(yes, Modifier.testTag(yesTag)) {
            closed()
            done()
        }
    },
    dismissButton = { QuietButton(stringResource(R.string.cancel), Modifier.testTag(noTag), closed) },
)

/** Less, the value, more. */
@Composable
fun Stepper(value: String, less: String, more: String, modifier: Modifier = Modifier, fewer: () -> Unit, further: () -> Unit) {
    Row(modifier.fillMaxWidth(), Arrangement.SpaceBetween, Alignment.CenterVertically) {
        RoundButton(Icons.minus, less, Modifier.testTag("less"), fewer)
        Text(value, Modifier.weight(1f).testTag("value"), style = MaterialTheme.typography.displayMedium, textAlign = TextAlign.Center)
        RoundButton(Icons.plus, more, Modifier.testTag("more"), further)
    }
}

/** A button that is only an icon. */
@Composable
fun RoundButton(icon: ImageVector, label: String, modifier: Modifier = Modifier, pressed: () -> Unit) {
    Surface(
        pressed, modifier.size(56.dp), shape = MaterialTheme.shapes.medium, color = MaterialTheme.colorScheme.surfaceContainerLowest,
        border = edge(),
    ) { Box(contentAlignment = Alignment.Center) { Icon(icon, label) } }
}

/** How far something is, 0 to 1. */
@Composable
fun Meter(share: Float, modifier: Modifier = Modifier, height: Dp = 12.dp, color: Color = MaterialTheme.colorScheme.primary) {
    val track = MaterialTheme.colorScheme.surfaceContainerHigh
    Box(modifier.fillMaxWidth().height(height).background(track, RoundedCornerShape(50))) {
        Box(Modifier.fillMaxWidth(share.coerceIn(0f, 1f)).height(height).background(color, RoundedCornerShape(50)))
    }
}

/** Nothing yet: what it is and what makes it come. */
@Composable
fun Empty(title: String, text: String, modifier: Modifier = Modifier) {
    Column(modifier.fillMaxWidth().padding(vertical = 32.dp), Arrangement.spacedBy(8.dp), Alignment.CenterHorizontally) {
        Text(title, style = MaterialTheme.typography.titleLarge, textAlign = TextAlign.Center)
        Muted(text, align = TextAlign.Center)
    }
}

/** Something did not work: what, and one way on. */
@Composable
fun Trouble(advice: String, modifier: Modifier = Modifier, again: (() -> Unit)? = null) {
    Notice(stringResource(R.string.did_not_work), modifier) {
        Text(advice, Modifier.testTag("advice"))
        if (again != null) NoticeButton(stringResource(R.string.try_again), Modifier.testTag("again"), pressed = again)
    }
}

/** The page in its later layout, before there is anything to show. */
@Composable
fun Loading(modifier: Modifier = Modifier) {
    val label = stringResource(R.string.opening)
    Column(modifier.fillMaxWidth().testTag("loading").clearAndSetSemantics { contentDescription = label }, Arrangement.spacedBy(16.dp)) {
        for (height in listOf(160.dp, 96.dp, 96.dp)) {
            Box(
                Modifier.fillMaxWidth().height(height).background(
                    MaterialTheme.colorScheme.surfaceContainerHigh, MaterialTheme.shapes.large,
                ),
            )
        }
    }
}

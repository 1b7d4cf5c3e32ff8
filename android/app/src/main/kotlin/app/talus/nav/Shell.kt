// The four tabs around what is shown: a bar below, on wide screens a rail beside.
package app.talus.nav

import androidx.compose.foundation.layout.Box
import androidx.compose.foundation.layout.BoxWithConstraints
import androidx.compose.foundation.layout.Column
import androidx.compose.foundation.layout.Row
import androidx.compose.foundation.layout.WindowInsets
import androidx.compose.foundation.layout.WindowInsetsSides
import androidx.compose.foundation.layout.consumeWindowInsets
import androidx.compose.foundation.layout.navigationBars
import androidx.compose.foundation.layout.only
import androidx.compose.material3.Icon
import androidx.compose.material3.MaterialTheme
import androidx.compose.material3.NavigationBar
import androidx.compose.material3.NavigationBarItem
import androidx.compose.material3.NavigationRail
import androidx.compose.material3.NavigationRailItem
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.ui.Modifier
import androidx.compose.ui.graphics.vector.ImageVector
import androidx.compose.ui.platform.LocalDensity
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.compose.ui.text.TextStyle
import androidx.compose.ui.text.style.TextOverflow
import androidx.compose.ui.unit.dp
import app.talus.R
import app.talus.look.Icons

/** From this width on the tabs stand beside the page. */
private val RAIL_FROM = 600.dp

/** The page with the four tabs; [chosen] is the one that is on. */
@Composable
fun Shell(chosen: Route.Tab, open: (Route.Tab) -> Unit, content: @Composable () -> Unit) = BoxWithConstraints {
    if (maxWidth >= RAIL_FROM) {
        Row {
            NavigationRail(containerColor = MaterialTheme.colorScheme.surface) {
                for (tab in Route.Tab.entries) {
                    NavigationRailItem(
                        tab == chosen, { open(tab) }, { Icon(tab.icon(), null) }, Modifier.testTag("tab ${tab.text}"),
                        label = { Label(tab) },
                    )
                }
            }
            Box(Modifier.weight(1f)) { content() }
        }
    } else {
        Column {
            Box(Modifier.weight(1f).consumeWindowInsets(WindowInsets.navigationBars.only(WindowInsetsSides.Bottom))) { content() }
            NavigationBar(containerColor = MaterialTheme.colorScheme.surface) {
                for (tab in Route.Tab.entries) {
                    NavigationBarItem(
                        tab == chosen, { open(tab) }, { Icon(tab.icon(), null) }, Modifier.testTag("tab ${tab.text}"),
                        label = { Label(tab) },
                    )
                }
            }
        }
    }
}

/** One line in a quarter of the screen: it grows to 1.3 and no more. */
@Composable
private fun Label(tab: Route.Tab) {
    val style = MaterialTheme.typography.labelMedium
    val scale = LocalDensity.current.fontScale
    val fitted: TextStyle = if (scale > 1.3f) style.copy(fontSize = style.fontSize * (1.3f / scale)) else style
    Text(tab.label(), style = fitted, maxLines = 1, overflow = TextOverflow.Visible, softWrap = false)
}

@Composable
private fun Route.Tab.label(): String = stringResource(
    when (this) {
        Route.Tab.TODAY -> R.string.today
        Route.Tab.PLAN -> R.string.plan
        Route.Tab.PROGRESS -> R.string.progress
        Route.Tab.YOU -> R.string.you
    },
)

private fun Route.Tab.icon(): ImageVector = when (this) {
    Route.Tab.TODAY -> Icons.today
    Route.Tab.PLAN -> Icons.plan
    Route.Tab.PROGRESS -> Icons.progress
    Route.Tab.YOU -> Icons.you
}

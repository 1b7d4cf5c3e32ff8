// All of the app: where one is, what is shown there, and the session above everything while there is one.
package app.talus.nav

import androidx.activity.compose.BackHandler
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.talus.Home
import app.talus.PageViewModel
import app.talus.R
import app.talus.Wishes
import app.talus.look.LocalPounds
import app.talus.look.QuietButton
import app.talus.pair.CuffsActions
import app.talus.pair.CuffsScreen
import app.talus.pair.CuffsViewModel
import app.talus.pair.PairActions
import app.talus.pair.PairScreen
import app.talus.pair.PairViewModel
import app.talus.pair.bluetoothAccess
import app.talus.pair.openAppSettings
import app.talus.pair.rememberBluetoothQuestion
import app.talus.pair.rememberTurnOn
import app.talus.person.AboutActions
import app.talus.person.AboutScreen
import app.talus.person.AboutViewModel
import app.talus.person.WelcomeScreen
import app.talus.plan.ExerciseScreen
import app.talus.plan.ExerciseViewModel
import app.talus.plan.PlanScreen
import app.talus.plan.PlanViewModel
import app.talus.progress.ProgressActions
import app.talus.progress.ProgressScreen
import app.talus.progress.ProgressViewModel
import app.talus.progress.SessionActions
import app.talus.progress.SessionScreen
import app.talus.progress.SessionViewModel
import app.talus.service.rememberNotificationQuestion
import app.talus.session.LiveActions
import app.talus.session.LiveScreen
import app.talus.session.LocalNames
import app.talus.today.TodayActions
import app.talus.today.TodayScreen
import app.talus.today.TodayViewModel
import app.talus.you.SettingsScreen
import app.talus.you.YouActions
import app.talus.you.YouScreen
import java.util.UUID
import kotlinx.coroutines.launch

private val waySaver = Saver<Way, String>(
    save = { way -> way.routes.joinToString(" ") { it.text } },
    restore = { Way(it.split(" ").map(Route::of)) },
)

/** The app. */
@Composable
fun TalusRoot(home: Home) {
    val wishes by home.settings.wishes.collectAsStateWithLifecycle()
    val live by home.live.state.collectAsStateWithLifecycle()
    val names by produceState(mapOf(), wishes.demo, wishes.language) {
        value = home.talus().exercises().associate { it.id to it.name }
    }
    CompositionLocalProvider(LocalPounds provides wishes.pounds, LocalNames provides names) {
        var asksDemo by rememberSaveable { mutableStateOf(false) }
        val session = live
        if (session == null) {
            Pages(home, wishes) { asksDemo = true }
        } else {
            val scope = rememberCoroutineScope()
            val host = home.live
            val actions = LiveActions(
                host::confirm, host::pauseOrGoOn, host::endSet, host::stop, host::countBy, host::restLonger, host::skip, host::weigh,
                host::withoutCuff, host::pain, host::reserve, host::redFlag, { scope.launch { host.leave() } }, host::seen,
                if (wishes.demo) ({ asksDemo = true }) else null,
            )
            LiveScreen(session, actions, wishes.floor)
        }
        if (asksDemo) {
            DemoDialog(
                canLeave = session == null,
                leave = {
                    asksDemo = false
                    home.settings.change { it.copy(demo = false) }
                },
                dismissed = { asksDemo = false },
            )
        }
    }
}

/** What the demo is, and the way out of it. */
@Composable
private fun DemoDialog(canLeave: Boolean, leave: () -> Unit, dismissed: () -> Unit) = AlertDialog(
    onDismissRequest = dismissed,
    title = { Text(stringResource(R.string.demo)) },
    text = { Text(stringResource(R.string.demo_text)) },
    confirmButton = { QuietButton(stringResource(R.string.close), Modifier.testTag("demo stays"), dismissed) },
    dismissButton = if (canLeave) ({ QuietButton(stringResource(R.string.use_real_cuff), Modifier.testTag("demo ends"), leave) }) else null,
)

@Composable
private fun Pages(home: Home, wishes: Wishes, demo: () -> Unit) {
    var way by rememberSaveable(stateSaver = waySaver) { mutableStateOf(Way()) }
    if (!wishes.welcomed) {
        return WelcomeScreen(
            begin = {
                home.settings.change { it.copy(welcomed = true) }
                way = Way().to(Route.Page.ABOUT)
            },
            demo = { home.settings.change { it.copy(welcomed = true, demo = true) } },
        )
    }
    val back: () -> Unit = { way = way.back() ?: way }
    BackHandler(way.back() != null, back)
    when (val route = way.last) {
        is Route.Tab -> Shell(route, { way = way.to(it) }) {
            when (route) {
                Route.Tab.TODAY -> {
                    val model = page("today", wishes) { TodayViewModel(home) }
                    val state by model.state.collectAsStateWithLifecycle()
                    val mayTell = rememberNotificationQuestion()
                    TodayScreen(
                        state,
                        TodayActions(
                            { mayTell(); model.start() }, { mayTell(); model.resume() }, { way = way.to(Route.Tab.PLAN) }, { way = way.to(Route.Page.ABOUT) },
                            { way = way.to(Route.Page.CUFFS) }, demo, { pain, sore, swollen -> model.checkIn(pain, sore, swollen) }, model::refresh,
                        ),
                    )
                }
                Route.Tab.PLAN -> {
                    val model = page("plan", wishes) { PlanViewModel(home) }
                    val state by model.state.collectAsStateWithLifecycle()
                    PlanScreen(state, demo, { way = way.to(Route.Exercise(it)) }, { model.follow(it) }, model::refresh)
                }
                Route.Tab.PROGRESS -> {
                    val model = page("progress", wishes) { ProgressViewModel(home) }
                    val state by model.state.collectAsStateWithLifecycle()
                    ProgressScreen(state, ProgressActions(model::choose, { way = way.to(Route.Session(it)) }, demo, model::refresh))
                }
                Route.Tab.YOU -> YouScreen(
                    wishes.demo,
                    YouActions(
                        { way = way.to(Route.Page.CUFFS) }, { way = way.to(Route.Page.ABOUT) }, { way = way.to(Route.Page.SETTINGS) }, demo,
                    ),
                )
            }
        }
        is Route.Exercise -> {
            val model = page("exercise ${route.id}", wishes) { ExerciseViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            ExerciseScreen(state, back, demo, model::pick, model::refresh)
        }
        is Route.Session -> {
            val model = page("session ${route.id}", wishes) { SessionViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            SessionScreen(
                state, SessionActions(back, { set, one -> model.countBy(set, one) }, { model.undo() }, demo, model::refresh),
            )
        }
        Route.Page.SETTINGS -> SettingsScreen(wishes, back, demo, home.settings::change)
        Route.Page.CUFFS -> {
            val model = page("cuffs", wishes) { CuffsViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            CuffsScreen(
                state,
                CuffsActions(
                    back, { way = way.to(Route.Page.PAIR) }, { cuff, name -> model.rename(cuff, name) }, { model.forget(it) }, demo, model::refresh,
                ),
            )
        }
        Route.Page.ABOUT -> {
            val model = page("about", wishes) { AboutViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            AboutScreen(
                state,
                AboutActions(
                    { if (!model.back()) back() }, model::body, model::aim, model::trained, model::reply, model::falls, model::pain, model::cleared,
                    model::next, { way = Way().to(Route.Page.PAIR) }, back, demo, model::refresh,
                ),
            )
        }
        Route.Page.PAIR -> Pair(home, wishes, back, demo)
    }
}

@Composable
private fun Pair(home: Home, wishes: Wishes, back: () -> Unit, demo: () -> Unit) {
    val context = LocalContext.current
    // Of this visit only: who comes back looks anew.
    val visit = rememberSaveable { UUID.randomUUID().toString() }
    val model: PairViewModel = viewModel(key = "pair $visit", factory = viewModelFactory { initializer { PairViewModel(home) } })
    LaunchedEffect(model, wishes.demo) { model.begin(bluetoothAccess(context)) }
    DisposableEffect(model) { onDispose { model.end() } }
    val state by model.state.collectAsStateWithLifecycle()
    val allow = rememberBluetoothQuestion(model::begin)
    val turnOn = rememberTurnOn(model::look)
    PairScreen(
        state,
        PairActions(
            back, allow, { openAppSettings(context) }, turnOn, { home.settings.change { it.copy(demo = true) } }, model::look, model::choose,
            model::yes, model::leg, model::weigh, model::keep, back, if (wishes.demo) demo else null,
        ),
    )
}

/** The view model of a page; it reads anew whenever the page is come to, or the household is another one. */
@Composable
private inline fun <reified T : PageViewModel<*>> page(key: String, wishes: Wishes, crossinline make: () -> T): T {
    val model: T = viewModel(key = key, factory = viewModelFactory { initializer { make() } })
    LaunchedEffect(model, wishes.demo, wishes.language) { model.refresh() }
    return model
}

// All of the app: where one is, what is shown there, and the session above everything while there is one.
package app.talus.nav

import androidx.activity.compose.BackHandler
import androidx.activity.compose.rememberLauncherForActivityResult
import androidx.activity.result.contract.ActivityResultContracts.OpenDocument
import androidx.compose.material3.AlertDialog
import androidx.compose.material3.Text
import androidx.compose.runtime.Composable
import androidx.compose.runtime.CompositionLocalProvider
import androidx.compose.runtime.DisposableEffect
import androidx.compose.runtime.LaunchedEffect
import androidx.compose.runtime.getValue
import androidx.compose.runtime.mutableStateOf
import androidx.compose.runtime.produceState
import androidx.compose.runtime.remember
import androidx.compose.runtime.rememberCoroutineScope
import androidx.compose.runtime.saveable.Saver
import androidx.compose.runtime.saveable.rememberSaveable
import androidx.compose.runtime.setValue
import androidx.compose.ui.Modifier
import androidx.compose.ui.platform.LocalContext
import androidx.compose.ui.platform.testTag
import androidx.compose.ui.res.stringResource
import androidx.lifecycle.ViewModel
import androidx.lifecycle.compose.collectAsStateWithLifecycle
import androidx.lifecycle.viewmodel.compose.viewModel
import androidx.lifecycle.viewmodel.initializer
import androidx.lifecycle.viewmodel.viewModelFactory
import app.talus.Home
import app.talus.PageViewModel
import app.talus.R
import app.talus.Wishes
import app.talus.advice
import app.talus.core.TalusException
import app.talus.keep.Leaving
import app.talus.keep.Locked
import app.talus.keep.LockedActions
import app.talus.keep.LockedScreen
import app.talus.learn.LearnScreen
import app.talus.learn.LearnViewModel
import app.talus.lift.LiftActions
import app.talus.lift.LiftScreen
import app.talus.lift.LiftViewModel
import app.talus.lock.LockScreen
import app.talus.lock.rememberUnlockQuestion
import app.talus.look.LocalPounds
import app.talus.look.QuietButton
import app.talus.mine.MyDataRoute
import app.talus.mine.MyDataViewModel
import app.talus.mine.RestoreRoute
import app.talus.mine.RestoreViewModel
import app.talus.mine.shareText
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
import app.talus.people.PeopleActions
import app.talus.people.PeopleScreen
import app.talus.people.PeopleViewModel
import app.talus.person.AboutActions
import app.talus.person.AboutScreen
import app.talus.person.AboutViewModel
import app.talus.person.SafetyScreen
import app.talus.person.SafetyViewModel
import app.talus.person.WelcomeScreen
import app.talus.plan.ExerciseScreen
import app.talus.plan.ExerciseViewModel
import app.talus.plan.PlanActions
import app.talus.plan.PlanScreen
import app.talus.plan.PlanViewModel
import app.talus.plan.ProgrammeActions
import app.talus.plan.ProgrammeScreen
import app.talus.plan.ProgrammeViewModel
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
import app.talus.session.LocalSpeech
import app.talus.tests.RehabScreen
import app.talus.tests.RehabViewModel
import app.talus.tests.TestScreen
import app.talus.tests.TestViewModel
import app.talus.tests.TestsScreen
import app.talus.tests.TestsViewModel
import app.talus.today.FirstScreen
import app.talus.today.FirstViewModel
import app.talus.today.TodayActions
import app.talus.today.TodayScreen
import app.talus.today.TodayViewModel
import app.talus.trust.TrustRoute
import app.talus.trust.TrustViewModel
import app.talus.value
import app.talus.walk.WalkSetUp
import app.talus.walk.WalkViewModel
import app.talus.you.AppScreen
import app.talus.you.DiagnosticsScreen
import app.talus.you.DiagnosticsViewModel
import app.talus.you.LicenceText
import app.talus.you.LicenceTextsScreen
import app.talus.you.SettingsRoute
import app.talus.you.YouActions
import app.talus.you.YouScreen
import app.talus.you.licenceTexts
import app.talus.you.licences
import app.talus.you.version
import java.io.IOException
import java.util.UUID
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.launch
import kotlinx.coroutines.withContext

private val waySaver = Saver<Way, String>(
    save = { way -> way.routes.joinToString(" ") { it.text } },
    restore = { Way(it.split(" ").map(Route::of)) },
)

/** The app. */
@Composable
fun TalusRoot(home: Home) {
    val wishes by home.settings.wishes.collectAsStateWithLifecycle()
    val live by home.live.state.collectAsStateWithLifecycle()
    val speech by home.speech.collectAsStateWithLifecycle()
    val locked by home.locked.collectAsStateWithLifecycle()
    val names by produceState(mapOf<String, String>(), wishes.demo, wishes.language) {
        // Where the household does not open, the page that is shown says why.
        try {
            value = home.talus().exercises().associate { it.id to it.name }
        } catch (_: TalusException) {
        }
    }
    CompositionLocalProvider(LocalPounds provides wishes.pounds, LocalNames provides names, LocalSpeech provides speech) {
        var asksDemo by rememberSaveable { mutableStateOf(false) }
        val session = live
        val why = locked
        var first by rememberSaveable(stateSaver = waySaver) { mutableStateOf(Way()) }
        val closed by home.lock.closed.collectAsStateWithLifecycle()
        if (session == null && wishes.lock && closed) {
            LockScreen(rememberUnlockQuestion(home.lock::unlock))
        } else if (session == null && why != null && !wishes.demo) {
            LockedHistory(home, why) { first = Way().to(it) }
        } else if (session == null) {
            Pages(home, wishes, first) { asksDemo = true }
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

/** The history that does not open, and the ways out. */
@Composable
private fun LockedHistory(home: Home, why: Locked, leadTo: (Route) -> Unit) {
    val scope = rememberCoroutineScope()
    var leaving by remember { mutableStateOf<Leaving>(Leaving.Not) }
    fun anew(next: Route) = scope.launch {
        try {
            leadTo(next)
            home.beginAnew()
        } catch (_: IOException) {
            leaving = Leaving.Failed(null)
        }
    }
    fun repair() = scope.launch {
        leaving = Leaving.Repairing
        leaving = try {
            home.repair().let { Leaving.Repaired(it.whole.toInt(), it.partly.toInt(), it.fromRecordings.toInt()) }
        } catch (failure: TalusException) {
            Leaving.Failed(failure.advice())
        }
    }
    LockedScreen(
        why, leaving,
        LockedActions(home::unlockAgain, { anew(Route.Tab.TODAY) }, { anew(Route.Page.RESTORE) }, { repair() }) {
            home.settings.change { it.copy(demo = true, welcomed = true) }
        },
    )
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
private fun Pages(home: Home, wishes: Wishes, first: Way, demo: () -> Unit) {
    var way by rememberSaveable(stateSaver = waySaver) { mutableStateOf(first) }
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
    val given by home.given.collectAsStateWithLifecycle()
    LaunchedEffect(given) { if (given != null) way = Way(listOf(Route.Tab.YOU, Route.Page.TRUST)) }
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
                            { mayTell(); model.start() }, { mayTell(); model.resume() },
                            { way = way.to(Route.Tab.PLAN) }, { way = way.to(Route.Page.ABOUT) },
                            { way = way.to(Route.Page.CUFFS) }, demo, { model.checkIn(it) }, model::refresh,
                            { way = way.to(Route.Page.WALK) }, { way = way.to(Route.Page.TESTS) }, { way = way.to(Route.Page.LIFT) },
                            { way = way.to(Route.Page.FIRST) },
                        ),
                    )
                }
                Route.Tab.PLAN -> {
                    val model = page("plan", wishes) { PlanViewModel(home) }
                    val state by model.state.collectAsStateWithLifecycle()
                    val file = rememberLauncherForActivityResult(OpenDocument()) { from -> from?.let { model.takeIn(it) } }
                    PlanScreen(
                        state,
                        PlanActions(
                            demo, { way = way.to(Route.Exercise(it)) }, { model.follow(it) }, { way = way.to(Route.Page.TRUST) },
                            model::refresh, { way = way.to(Route.Programme(it)) }, { way = way.to(Route.Page.TESTS) },
                            { way = way.to(Route.Page.REHAB) }, { way = way.to(Route.Page.WALK) },
                            // Pickers know a programme by no kind of its own.
                            { file.launch(arrayOf("*/*")) },
                        ),
                    )
                }
                Route.Tab.PROGRESS -> {
                    val model = page("progress", wishes) { ProgressViewModel(home) }
                    val state by model.state.collectAsStateWithLifecycle()
                    ProgressScreen(
                        state, ProgressActions(model::choose, { way = way.to(Route.Session(it)) }, demo, model::refresh, model::show),
                    )
                }
                Route.Tab.YOU -> YouScreen(
                    wishes.demo,
                    YouActions(
                        { way = way.to(Route.Page.CUFFS) }, { way = way.to(Route.Page.ABOUT) }, { way = way.to(Route.Page.SETTINGS) },
                        { way = way.to(Route.Page.MY_DATA) }, { way = way.to(Route.Page.TRUST) }, { way = way.to(Route.Page.PEOPLE) },
                        { way = way.to(Route.Page.DIAGNOSTICS) },
                        { way = way.to(Route.Page.APP) }, { way = way.to(Route.Page.SAFETY) },
                        { way = way.to(Route.Page.LEARN) }, demo,
                    ),
                )
            }
        }
        is Route.Exercise -> {
            val model = page("exercise ${route.id}", wishes) { ExerciseViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            ExerciseScreen(state, back, demo, model::pick, { way = way.to(Route.Exercise(it)) }, model::refresh)
        }
        is Route.Programme -> {
            val here = LocalContext.current
            val model = page("programme ${route.id}", wishes) { ProgrammeViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            ProgrammeScreen(
                state,
                ProgrammeActions(
                    back, demo, { model.follow(state.value()?.programme?.followed != true) }, { way = way.to(Route.Exercise(it)) },
                    { model.share { shareText(here, it) } }, { model.putAway(back) }, { way = way.to(Route.Page.TRUST) }, model::refresh,
                ),
            )
        }
        is Route.Test -> {
            val mayTell = rememberNotificationQuestion()
            val model = page("test ${route.id}", wishes) { TestViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            TestScreen(state, back, demo, { mayTell(); model.start() }, model::refresh)
        }
        Route.Page.TESTS -> {
            val mayTell = rememberNotificationQuestion()
            val model = page("tests", wishes) { TestsViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            TestsScreen(state, back, demo, { way = way.to(Route.Test(it)) }, { mayTell(); model.startDue() }, model::refresh)
        }
        Route.Page.REHAB -> {
            val model = page("rehab", wishes) { RehabViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            RehabScreen(state, back, demo, { way = way.to(Route.Programme(it)) }, { way = way.to(Route.Page.TRUST) }, model::refresh)
        }
        Route.Page.WALK -> {
            val mayTell = rememberNotificationQuestion()
            val model = page("walk", wishes) { WalkViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            WalkSetUp(state, back, demo, { mayTell(); model.start() }, model::refresh)
        }
        Route.Page.FIRST -> {
            val mayTell = rememberNotificationQuestion()
            val model = page("first", wishes) { FirstViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            FirstScreen(state, back, demo, { mayTell(); model.start() }, model::refresh)
        }
        Route.Page.LIFT -> {
            // What can be taken back is one person's.
            val model = page("lift ${wishes.demo} ${wishes.person}", wishes) { LiftViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            LiftScreen(
                state,
                LiftActions(
                    back, demo, model::choose, model::sets, model::reps, model::bar, { model.log() }, { model.undo() }, model::refresh,
                ),
            )
        }
        is Route.Session -> {
            val model = page("session ${route.id}", wishes) { SessionViewModel(home, route.id) }
            val state by model.state.collectAsStateWithLifecycle()
            SessionScreen(
                state,
                SessionActions(
                    back, { set, one -> model.countBy(set, one) }, { model.undo() }, demo, model::refresh, { model.wasOtherLeg(it) },
                    { model.star(it) }, { model.note(it) }, { model.scoreAgain() }, { model.takeScore() }, { model.delete(back) },
                ),
            )
        }
        Route.Page.MY_DATA -> MyDataRoute(
            LocalContext.current.applicationContext.let { here -> page("my data", wishes) { MyDataViewModel(home, here) } },
            wishes.keepSignalsDays, back, { way = way.to(Route.Page.RESTORE) }, demo,
        )
        Route.Page.RESTORE -> RestoreRoute(once("restore") { RestoreViewModel(home) }, back) { way = Way() }
        Route.Page.TRUST -> TrustRoute(page("trust", wishes) { TrustViewModel(home) }, back, demo)
        Route.Page.PEOPLE -> {
            val model = page("people", wishes) { PeopleViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            PeopleScreen(
                state,
                PeopleActions(back, model::choose, { model.rename(it) }, { model.add(it) }, { model.delete(it) }, demo, model::refresh),
            )
        }
        Route.Page.DIAGNOSTICS -> {
            val here = LocalContext.current
            val model = page("diagnostics", wishes) { DiagnosticsViewModel(home, here.applicationContext) }
            val state by model.state.collectAsStateWithLifecycle()
            DiagnosticsScreen(state, back, demo, { shareText(here, it) }, model::refresh)
        }
        Route.Page.LEARN -> {
            val model = page("learn", wishes) { LearnViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            LearnScreen(state, back, demo, model::refresh)
        }
        Route.Page.SAFETY -> {
            val model = page("safety", wishes) { SafetyViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            SafetyScreen(state, back, demo, model::refresh)
        }
        Route.Page.APP -> {
            val here = LocalContext.current
            AppScreen(
                version(here), remember { licences(here) }, back, if (wishes.demo) demo else null, { way = way.to(Route.Page.LICENCES) },
            )
        }
        Route.Page.LICENCES -> {
            val here = LocalContext.current
            val texts by produceState(listOf<LicenceText>()) { value = withContext(Dispatchers.IO) { licenceTexts(here) } }
            LicenceTextsScreen(texts, back)
        }
        Route.Page.SETTINGS -> SettingsRoute(home, wishes, back, demo)
        Route.Page.CUFFS -> {
            val model = page("cuffs", wishes) { CuffsViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            CuffsScreen(
                state,
                CuffsActions(
                    back, { way = way.to(Route.Page.PAIR) }, { cuff, name -> model.rename(cuff, name) }, { model.forget(it) },
                    { cuff, mass -> model.weigh(cuff, mass) }, { model.otherLeg(it) }, demo, model::refresh,
                ),
            )
        }
        Route.Page.ABOUT -> {
            val model = page("about", wishes) { AboutViewModel(home) }
            val state by model.state.collectAsStateWithLifecycle()
            AboutScreen(
                state,
                AboutActions(
                    { if (!model.back()) back() }, model::body, model::aim, model::trained, model::reply, model::falls, model::pain,
                    model::cleared,
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
    val model = once("pair") { PairViewModel(home) }
    LaunchedEffect(model, wishes.demo) { model.begin(bluetoothAccess(context)) }
    DisposableEffect(model) { onDispose { model.end() } }
    val state by model.state.collectAsStateWithLifecycle()
    val allow = rememberBluetoothQuestion(model::begin)
    val turnOn = rememberTurnOn(model::look)
    PairScreen(
        state,
        PairActions(
            back, allow, { openAppSettings(context) }, turnOn, { home.settings.change { it.copy(demo = true) } }, model::look,
            model::choose,
            model::yes, model::leg, model::weigh, model::keep, back, if (wishes.demo) demo else null,
        ),
    )
}

/** A view model of this visit only: who comes back begins anew. */
@Composable
private inline fun <reified T : ViewModel> once(key: String, crossinline make: () -> T): T {
    val visit = rememberSaveable { UUID.randomUUID().toString() }
    return viewModel(key = "$key $visit", factory = viewModelFactory { initializer { make() } })
}

/** The view model of a page; it reads anew whenever the page is come to, or the household is another one. */
@Composable
private inline fun <reified T : PageViewModel<*>> page(key: String, wishes: Wishes, crossinline make: () -> T): T {
    val model: T = viewModel(key = key, factory = viewModelFactory { initializer { make() } })
    LaunchedEffect(model, wishes.demo, wishes.language, wishes.pounds, wishes.person) { model.refresh() }
    return model
}

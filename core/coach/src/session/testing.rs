//! Tests in a session: shown with what keeps them safe, tried one try after the other, always without a weight, and before
//! any set that would tire a leg.
//!
//! A try is one task of the tracker. It ends by itself where the test says when, by the person, or not at all: a try that
//! was not seen to its end is shown again and tried anew.

use super::course::{Examined, Trial};
use super::io::{Outputs, SetEnd, Stage, Tap, TestTry, Tested};
use super::{GET_READY_US, LONGER_US, REST_SOON_US, SECOND_US, Session, State};
use crate::catalogue::FunctionTest;
use crate::cues::Moment;
use crate::ladder::{HELD, Rung};
use talus_motion::{Detector, LinkState, Micros, Movement, Outcome, PartKind, Quality, Side, Task, Test};

/// Tries are numbered from here on where sets are numbered.
pub(super) const TRIES_FROM: u32 = 1 << 30;
/// What is looked at a little longer than it lasts, so that its end is seen, µs.
const LONGER_LOOK_US: i64 = 300_000;
/// Reaction to "go", µs: a timed test begins with the first movement.
const REACTION_US: i64 = 5 * SECOND_US;
/// Whoever stands or sits still for this long is done, µs; between two heel rises one may breathe.
const STILL_US: i64 = 3 * SECOND_US;
const STILL_RISES_US: i64 = 8 * SECOND_US;
/// Nobody takes longer over a try that has no end of its own, µs.
const LONGEST_US: i64 = 300 * SECOND_US;
/// Seconds of the chair stand, and metres of the walk.
const CHAIR_S: f64 = 30.0;
const WAY_M: f64 = 10.0;

/// Where a try is.
#[derive(Debug, Clone)]
pub(super) enum Trying {
    /// Shown: stands until the person is ready.
    Shown,
    /// Three, two, one.
    GetReady { until: Micros },
    /// Under way.
    On(On),
    /// Between two tries.
    Rest { until: Micros, told: bool },
}

impl Trying {
    /// A test looks like a set: shown, got ready for, done, rested from.
    pub(super) fn stage(&self) -> Stage {
        match self {
            Self::Shown => Stage::Instruct,
            Self::GetReady { .. } => Stage::GetReady,
            Self::On(_) => Stage::Set,
            Self::Rest { .. } => Stage::Rest,
        }
    }
}

/// A try under way.
#[derive(Debug, Clone, Default)]
pub(super) struct On {
    since: Micros,
    /// When the leg first moved.
    moved: Option<Micros>,
    /// Parts the tracker has told.
    parts: u32,
    /// Times the foot came down or a hand was needed, as the person says.
    touches: u32,
    near_fall: bool,
    /// When the foot that is in the air touched the ground.
    touched: Option<Micros>,
    /// Somebody said that all steps of a walked rung were done.
    walked: bool,
}

impl FunctionTest {
    /// What the tracker is to look for.
    pub fn task(self) -> Test {
        match self {
            Self::ChairStand30s => Test::ChairStand { seconds: CHAIR_S },
            Self::Tug => Test::UpAndGo,
            Self::FourStage => Test::Stand,
            Self::OneLegStand => Test::FootUp,
            Self::Walk10m => Test::Walk { way_m: WAY_M },
            Self::HeelRises => Test::HeelRises,
            Self::KneeToWall => Test::KneeToWall,
            Self::Rom => Test::Range,
        }
    }

    /// The leg that wears the cuff in a test of this one: who stands on one leg is watched at the foot in the air.
    pub fn worn_on(self, side: Side) -> Side {
        if self == Self::OneLegStand { side.other() } else { side }
    }
}

impl Examined {
    /// The task of the tracker; `None` for a rung that is walked, which the person counts.
    fn task(&self) -> Option<Test> {
        match self.protocol.test {
            Some(test) => Some(test.task()),
            None => (!self.asked.rung.walked()).then_some(Test::Stand),
        }
    }

    fn stance(&self, number: u8) -> Option<Rung> {
        self.protocol.stance(&self.asked, number)
    }

    fn stands(&self) -> bool {
        self.task() == Some(Test::Stand)
    }

    /// How long a try lasts at most, µs from the go; `None` where nothing limits it.
    fn most_us(&self) -> Option<i64> {
        match self.task() {
            Some(Test::Stand) => Some(i64::from(HELD) * SECOND_US + LONGER_LOOK_US),
            Some(_) if self.protocol.most_s > 0 => Some(i64::from(self.protocol.most_s) * SECOND_US),
            _ => None,
        }
    }
}

impl Session {
    /// The try that comes or is under way; `None` once all are over.
    pub(super) fn trial(&self) -> Option<(&Trial, &Examined)> {
        let trial = self.course.trials.get(self.trial)?;
        Some((trial, &self.course.tests[trial.of]))
    }

    /// Whether tests are still to come: they are done before anything else.
    pub(super) fn testing(&self) -> bool {
        self.trial < self.course.trials.len()
    }

    /// What the tests came to that are over; of the one that is on, nothing yet.
    pub fn tests_done(&self) -> impl Iterator<Item = &Tested> {
        let on = self.trial().map(|(_, examined)| (examined.protocol.id.as_str(), examined.kept_side()));
        self.tested.iter().filter(move |tested| on != Some((tested.protocol.as_str(), tested.side)))
    }

    /// The number a bookmark keeps of the try that comes or is under way; `None` once all are over.
    pub(super) fn try_index(&self) -> Option<u32> {
        self.testing().then(|| TRIES_FROM.saturating_add(self.trial as u32))
    }

    /// The leg whose cuff a try needs.
    pub(super) fn trial_leg(&self) -> Option<usize> {
        self.trial().map(|(_, examined)| examined.leg)
    }

    /// Shows a test: what keeps it safe, then how it is done. It stands until the person is ready.
    pub(super) fn show_trial(&mut self, out: &mut Outputs) {
        let Some((trial, examined)) = self.trial() else { return };
        let texts = &self.texts;
        let name = texts.say(&format!("protocol.{}.name", examined.protocol.id), &[]);
        let support = examined.protocol.support_of(&examined.asked);
        let safe = texts.say(&format!("protocol.support.{}", support.slug()), &[]);
        let how = match examined.stance(trial.number.0) {
            Some(rung) => rung.say(texts),
            None => examined.protocol.lines(texts)[1..].join(" "),
        };
        self.line.clear();
        self.enter(State::Trial(Trying::Shown), out);
        self.stand(&Moment::Instruct([&name, &safe, &how]), out);
    }

    fn trial_ready(&mut self, out: &mut Outputs) {
        let Some((_, examined)) = self.trial() else { return };
        let (side, leg, id) = (examined.asked.side, examined.leg, examined.protocol.id.clone());
        let walks = matches!(examined.task(), Some(Test::Walk { .. }));
        if !self.ready() {
            return self.stand(&Moment::Looking(self.legs[leg].worn.side), out);
        }
        let name = self.texts.say(&format!("protocol.{id}.name"), &[]);
        if walks {
            self.legs[leg].learn_how_it_sits();
        }
        let ready = self.now.plus(GET_READY_US);
        // Whoever is ready before all was said hears the rest of it, for "go" must be heard as well.
        let until = self.cues.speaks_until().map_or(ready, |until| until.max(ready));
        self.enter(State::Trial(Trying::GetReady { until }), out);
        self.say(&Moment::GetReady { side, exercise: &name, mass_g: 0, reps: None }, out);
        self.line = name;
    }

    fn trial_begins(&mut self, out: &mut Outputs) {
        let Some((trial, examined)) = self.trial() else { return };
        let (leg, task) = (examined.leg, examined.task().map_or(Task::Idle, Task::Test));
        let usual = examined.stance(trial.number.0).and_then(|stance| examined.asked.usually.get(&stance).copied());
        let now = self.now;
        self.legs[leg].usually_sways(usual);
        self.legs[leg].begin(now, task, None);
        self.cues.begin_set();
        self.enter(State::Trial(Trying::On(On { since: now, ..On::default() })), out);
        let go = self.texts.say("session.test.go", &[]);
        self.say(&Moment::Go(&go), out);
    }

    /// When something of a test happens by itself.
    pub(super) fn trial_due(&self) -> Option<Micros> {
        let State::Trial(trying) = &self.state else { return None };
        match trying {
            Trying::Shown => None,
            Trying::GetReady { until } | Trying::Rest { until, told: true } => Some(*until),
            Trying::Rest { until, told: false } => Some(until.plus(-REST_SOON_US)),
            Trying::On(on) => {
                let (_, examined) = self.trial()?;
                let ends = match examined.task() {
                    // Thirty seconds from the first movement; whoever does not move has none.
                    Some(Test::ChairStand { seconds }) => {
                        let from = on.moved.unwrap_or(on.since.plus(REACTION_US));
                        Some(from.plus((seconds * 1e6) as i64 + LONGER_LOOK_US))
                    }
                    Some(Test::FootUp) => examined.most_us().map(|us| on.since.plus(us + REACTION_US)),
                    _ => examined.most_us().map(|us| on.since.plus(us)),
                };
                let still_us = match examined.task() {
                    Some(Test::UpAndGo | Test::Walk { .. }) => Some(STILL_US),
                    Some(Test::HeelRises) => (on.parts > 0).then_some(STILL_RISES_US),
                    Some(Test::KneeToWall | Test::Range) => (on.parts > 0).then_some(STILL_US),
                    _ => None,
                };
                let moved = on.moved.map(|moved| moved.plus(SECOND_US));
                let still = self.legs[examined.leg].still_since.zip(moved).map(|(still, moved)| still.max(moved));
                let still = still.zip(still_us).map(|(from, us)| from.plus(us));
                Some(ends.unwrap_or(on.since.plus(LONGEST_US))).into_iter().chain(still).min()
            }
        }
    }

    pub(super) fn trial_elapses(&mut self, out: &mut Outputs) {
        let State::Trial(trying) = &mut self.state else { return };
        match trying {
            Trying::Shown => {}
            Trying::GetReady { .. } => self.trial_begins(out),
            Trying::On(_) => self.trial_ends(out),
            Trying::Rest { told: true, .. } => self.show_trial(out),
            Trying::Rest { told, .. } => {
                *told = true;
                self.say(&Moment::RestSoon, out);
            }
        }
    }

    /// What a leg does in a try.
    pub(super) fn trial_moved(&mut self, k: usize, movement: &Movement, out: &mut Outputs) {
        if self.trial_leg() != Some(k) {
            return;
        }
        let State::Trial(Trying::On(on)) = &mut self.state else { return };
        match movement {
            Movement::Moved { .. } => {
                on.moved.get_or_insert(self.now);
            }
            Movement::TestPart(part) => {
                on.parts = on.parts.saturating_add(1);
                if part.kind == PartKind::FootUp {
                    self.say(&Moment::TouchDown, out);
                    self.trial_ends(out);
                }
            }
            _ => {}
        }
    }

    /// The foot that is in the air touched the ground: however it went on, the stand was over.
    pub(super) fn trial_touched(&mut self, k: usize, at: Micros, out: &mut Outputs) {
        if self.trial_leg() != Some(k) {
            return;
        }
        let State::Trial(Trying::On(on)) = &mut self.state else { return };
        on.touched = Some(at);
        self.say(&Moment::TouchDown, out);
        self.trial_ends(out);
    }

    /// A try is over: its result, and what comes next.
    fn trial_ends(&mut self, out: &mut Outputs) {
        let State::Trial(Trying::On(on)) = self.state.clone() else { return };
        let Some((trial, examined)) = self.trial() else { return };
        let (trial, examined) = (trial.clone(), examined.clone());
        let mut found = Vec::new();
        self.legs[examined.leg].end(self.now, &mut found);
        self.legs[examined.leg].keep_how_it_sits();
        let (mut outcome, mut wobbled) = (None, false);
        for movement in found {
            match movement {
                Movement::Tested(one) => outcome = Some(one),
                Movement::Noticed(finding) => {
                    wobbled |= finding.detector == Detector::Wobble && finding.quality.ok();
                    self.noticed(examined.leg, finding, out);
                }
                _ => {}
            }
        }
        let one = TestTry { wobbled, ..try_of(&examined, &on, outcome) };
        self.trial_done(&trial, &examined, one, out);
    }

    fn trial_done(&mut self, trial: &Trial, examined: &Examined, one: TestTry, out: &mut Outputs) {
        let (held, near_fall) = (one.held(), one.near_fall);
        let said = one.value.map(|value| examined.protocol.say_value(value, &self.texts));
        self.note_try(examined, one);
        match (&said, examined.protocol.stands()) {
            _ if near_fall => self.say(&Moment::HoldOn, out),
            (Some(_), true) if held && one.wobbled => self.say(&Moment::Wobbled, out),
            (Some(_), true) if held && examined.task().is_none() => self.say(&Moment::Stepped(HELD), out),
            (Some(_), true) if held => self.say(&Moment::Held(HELD), out),
            (Some(_), true) => self.say(&Moment::TouchDown, out),
            (Some(said), false) => self.say(&Moment::Tried(said), out),
            (None, _) => self.say(&Moment::NotMeasured, out),
        }
        // The next stance is harder than one that was not held.
        let over = near_fall || examined.protocol.test == Some(FunctionTest::FourStage) && !held;
        let last = trial.number.0 >= trial.number.1;
        self.trial += 1;
        if over && !last {
            self.pass_test(trial.of);
        }
        let rest_s = self.trial().filter(|(next, _)| next.of == trial.of).map_or(0, |_| examined.protocol.rest_s);
        self.after_try(rest_s, out);
    }

    fn after_try(&mut self, rest_s: u32, out: &mut Outputs) {
        match self.trial() {
            None => self.tests_over(out),
            Some(_) if rest_s == 0 => self.next_test(out),
            Some(_) => {
                let until = self.now.plus(i64::from(rest_s) * SECOND_US);
                self.line.clear();
                self.enter(State::Trial(Trying::Rest { until, told: until.since(self.now) <= REST_SOON_US }), out);
            }
        }
    }

    /// Another test may need the cuff on the other leg: it is asked for as before any set.
    fn next_test(&mut self, out: &mut Outputs) {
        let side = self.trial_leg().map(|leg| self.legs[leg].worn.side);
        if side.is_some_and(|side| self.carried.get(&side) != Some(&0)) {
            self.enter(State::Preflight { confirmed: false }, out);
            return self.preflight(out);
        }
        self.show_trial(out);
    }

    /// On to the sets, or to the end where there are none.
    fn tests_over(&mut self, out: &mut Outputs) {
        if self.course.turns.is_empty() {
            return self.finish(SetEnd::Target, false, out);
        }
        self.enter(State::Preflight { confirmed: false }, out);
        self.line.clear();
        self.preflight(out);
    }

    /// Leaves out what is left of a test.
    fn pass_test(&mut self, of: usize) {
        while self.trial().is_some_and(|(trial, _)| trial.of == of) {
            self.trial += 1;
        }
    }

    /// Leaves out the test that is on or comes next.
    pub(super) fn leave_test(&mut self, out: &mut Outputs) {
        let Some(of) = self.trial().map(|(trial, _)| trial.of) else { return };
        self.drop_try();
        self.drop_unfinished();
        self.pass_test(of);
        self.after_try(0, out);
    }

    /// Some tries of a test are no result: the best of one is not compared with the best of three. A rung is kept: what
    /// nearly went wrong on it is to be known.
    pub(super) fn drop_unfinished(&mut self) {
        let Some((_, examined)) = self.trial().filter(|(_, examined)| examined.protocol.test.is_some()) else { return };
        let (id, side) = (examined.asked.protocol.clone(), examined.kept_side());
        self.tested.retain(|tested| tested.protocol != id || tested.side != side);
    }

    /// A try that is not seen to its end is none.
    fn drop_try(&mut self) {
        if let (State::Trial(Trying::On(_)), Some(leg)) = (&self.state, self.trial_leg()) {
            self.legs[leg].end(self.now, &mut Vec::new());
        }
    }

    fn note_try(&mut self, examined: &Examined, one: TestTry) {
        let asked = &examined.asked;
        let same = |tested: &&mut Tested| tested.protocol == asked.protocol && tested.side == examined.kept_side();
        match self.tested.iter_mut().find(same) {
            Some(tested) => tested.tries.push(one),
            None => self.tested.push(Tested {
                protocol: asked.protocol.clone(),
                side: examined.kept_side(),
                rung: examined.protocol.test.is_none().then_some(asked.rung),
                tries: vec![one],
            }),
        }
    }

    // ---- taps and cuffs

    /// What a tap means to a test; one it does not know means nothing here.
    pub(super) fn trial_tapped(&mut self, tap: Tap, out: &mut Outputs) {
        let now = self.now;
        let (State::Trial(trying), Some(examined)) = (&mut self.state, self.course.trials.get(self.trial)) else {
            return;
        };
        let examined = &self.course.tests[examined.of];
        let balance = matches!(examined.task(), None | Some(Test::Stand | Test::FootUp));
        match (tap, trying) {
            (Tap::Confirm | Tap::GoOn, Trying::Shown) => self.trial_ready(out),
            (Tap::Confirm, Trying::Rest { .. }) => self.show_trial(out),
            // A rung that is walked is over when all its steps are done.
            (Tap::Confirm, Trying::On(on)) if examined.task().is_none() => {
                on.walked = true;
                self.trial_ends(out);
            }
            (Tap::EndSet, Trying::On(_)) => self.trial_ends(out),
            (Tap::CountUp, Trying::On(on)) if balance => on.touches = on.touches.saturating_add(1),
            (Tap::CountDown, Trying::On(on)) if balance => on.touches = on.touches.saturating_sub(1),
            // Too hard: balance was nearly lost.
            (Tap::Lighter, Trying::On(on)) if balance => {
                on.near_fall = true;
                self.trial_ends(out);
            }
            (Tap::Pause, Trying::On(_) | Trying::GetReady { .. }) => {
                self.drop_try();
                self.show_trial(out);
            }
            (Tap::RestLonger, Trying::Rest { until, told }) => {
                *until = until.plus(LONGER_US);
                *told = until.since(now) <= REST_SOON_US;
            }
            (Tap::Skip, _) => self.leave_test(out),
            _ => {}
        }
    }

    /// A cuff went away or came back. Nobody is timed without it.
    pub(super) fn trial_linked(&mut self, k: usize, state: LinkState, out: &mut Outputs) {
        if self.trial_leg() != Some(k) {
            return;
        }
        let State::Trial(trying) = &self.state else { return };
        match trying {
            Trying::On(_) | Trying::GetReady { .. } if state != LinkState::Streaming => {
                self.drop_try();
                self.show_trial(out);
                self.say(&Moment::CuffLost, out);
            }
            Trying::Shown if state == LinkState::Streaming => self.show_trial(out),
            _ => {}
        }
    }

    /// The app was away, or the stream began anew: a try that was on is tried again.
    pub(super) fn trial_cut(&mut self, out: &mut Outputs) {
        if matches!(self.state, State::Trial(Trying::On(_) | Trying::GetReady { .. })) {
            self.drop_try();
            self.show_trial(out);
        }
    }

    /// What the picture of a test shows: seconds left, and parts or seconds so far.
    pub(super) fn trial_seen(&self) -> (Option<f64>, u32) {
        let State::Trial(trying) = &self.state else { return (None, 0) };
        let left = |until: Micros| Some(until.since(self.now).max(0) as f64 * 1e-6);
        match trying {
            Trying::Shown => (None, 0),
            Trying::GetReady { until } | Trying::Rest { until, .. } => (left(*until), 0),
            Trying::On(on) => {
                let examined = self.trial().map(|(_, examined)| examined);
                let counts = examined.is_some_and(|one| one.protocol.counts());
                let passed_s = self.now.since(on.since).max(0) / SECOND_US;
                let ends = examined.and_then(Examined::most_us).map(|us| on.since.plus(us));
                (ends.and_then(left), if counts { on.parts } else { passed_s as u32 })
            }
        }
    }
}

/// What a try came to.
fn try_of(examined: &Examined, on: &On, outcome: Option<Outcome>) -> TestTry {
    let most_s = f64::from(examined.protocol.most_s);
    let value = match (examined.task(), outcome) {
        // All its steps, as somebody says, or none. Nobody saw whether one that was ended or left standing was done.
        (None, _) if on.near_fall => Some(0.0),
        (None, _) => on.walked.then_some(f64::from(HELD)),
        // Nobody is compared with more than the test has.
        (Some(Test::FootUp), Some(outcome)) => {
            let until = on.touched.map_or(most_s, |at| at.since(outcome.start).max(0) as f64 * 1e-6);
            outcome.value.map(|value| value.min(most_s).min(until))
        }
        (Some(_), outcome) => outcome.and_then(|outcome| outcome.value),
    };
    // What the tracker saw move before its time came down as well.
    let moved = examined.stands() && value.is_some_and(|held_s| held_s < f64::from(HELD));
    TestTry {
        value,
        sway: outcome.and_then(|outcome| outcome.sway),
        wobbled: false,
        touches: on.touches.max(u32::from(moved)),
        near_fall: on.near_fall,
        quality: outcome.map_or(Quality::GOOD, |outcome| outcome.quality),
    }
}

//! The guided session: inputs in, events, records and requests out.
//!
//! [`Session`] is a nest of small machines: the course of turns, the state of the turn, the tally of the set. It has
//! no clock: time is what its inputs say. A set of timers is never kept; `due` says what is due next, and
//! whatever happens first, a tick or a sample, makes it happen at its own time. Samples are taken one by one, so
//! that how they were cut into blocks makes no difference.

mod change;
mod counting;
mod course;
pub mod io;
mod leg;
mod noticed;
mod react;
mod rhythm;
mod set;
mod stops;
mod summary;
mod testing;
#[cfg(test)]
mod tests;
mod view;
mod walking;

pub use course::{MASS_MAX_G, PlanError};
pub(crate) use set::median;
pub use view::TARGET_ZONE;

use crate::catalogue::{Catalogue, Rules};
use crate::cues::{Cues, Moment, Voice};
use crate::plan::{Known, Pace, SessionPlan};
use crate::text::Texts;
use crate::walk::{Happens, Walked};
use change::Undo;
use course::{Block, Course, Loads};
use io::{Answer, Bookmark, Event, Frame, Input, Outputs, Request, SessionSummary, SetEnd, Stage, Tested};
use leg::Leg;
use set::{Set, Tally};
use std::collections::{BTreeMap, BTreeSet};
use summary::Done;
use talus_motion::{BlockTime, Micros, Movement, Phase, Side};
use testing::Trying;

/// Changes whenever the same inputs would give other outputs.
pub const ENGINE_VERSION: u32 = 6;

const SECOND_US: i64 = 1_000_000;
/// Three, two, one.
const GET_READY_US: i64 = 3 * SECOND_US;
/// How long a review waits for answers.
const REVIEW_US: i64 = 20 * SECOND_US;
/// What "rest longer" adds.
const LONGER_US: i64 = 30 * SECOND_US;
/// When the end of a rest is announced.
const REST_SOON_US: i64 = 10 * SECOND_US;
/// An open-ended set is over when the leg was still for this long.
const STILL_ENDS_US: i64 = 8 * SECOND_US;
/// A lost cuff is told after this long …
const LOST_TOLD_US: i64 = 3 * SECOND_US;
/// … and pauses the set after this long.
const LOST_PAUSES_US: i64 = 20 * SECOND_US;
/// A gap longer than this may have swallowed a part of a repetition that a person would miss.
const UNMEASURED_US: i64 = SECOND_US;
/// Fewer repetitions than this in a recording of somebody are no set.
const FOLLOWED_LEAST: u32 = 2;
/// Bookmarks are no further apart than this.
const BOOKMARK_US: i64 = SECOND_US;

#[derive(Debug, Clone)]
enum State {
    Preflight {
        confirmed: bool,
    },
    /// An exercise that is new on this leg is shown, until the person is ready.
    Instruct,
    /// Followed: between movements.
    Waiting,
    GetReady {
        /// `None` while the cuff is not there.
        until: Option<Micros>,
    },
    Set(Box<Set>),
    Paused(Held),
    Review {
        until: Micros,
    },
    Rest {
        until: Micros,
        told: bool,
    },
    /// A try of a test.
    Trial(Trying),
    Summary,
}

/// What was paused.
#[derive(Debug, Clone)]
enum Held {
    Set(Box<Set>),
    GetReady,
    Rest { left_us: i64 },
}

/// Where a session is, as far as a bookmark has it: compared with every sample, so it holds nothing that is built.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Place {
    turn: usize,
    /// Set or try.
    index: u32,
    stage: Stage,
    count: u32,
    rest_until: Option<Micros>,
    left_out: usize,
    eased: u64,
}

/// A session: tells what is to be done, follows it, and says what was done.
#[derive(Debug, Clone)]
pub struct Session {
    course: Course,
    pace: Pace,
    texts: Texts,
    legs: Vec<Leg>,
    state: State,
    turn: usize,
    /// Which try of the tests comes or is under way; all of them come before the first turn.
    trial: usize,
    /// What the tests came to.
    tested: Vec<Tested>,
    /// Followed: sets of this block so far and the next free index.
    sets_seen: u8,
    next_index: u32,
    now: Micros,
    began: Option<Micros>,
    done: Vec<Done>,
    /// Exercises that pain ended.
    stopped: BTreeSet<String>,
    /// Exercises that were left out.
    skipped: BTreeSet<String>,
    /// Exercises and legs that pain made lighter, and the most they carry since, grams.
    eased: BTreeMap<(String, Side), u32>,
    /// Exercises and legs whose load was found.
    found: BTreeSet<(String, Side)>,
    /// Exercises that were shown.
    instructed: BTreeSet<String>,
    /// Exercises that are shown once more before their next set: another one was done in their place.
    shown_again: BTreeSet<String>,
    /// Exercises that took another's place, and whose.
    swapped: BTreeMap<String, String>,
    /// The walk that is over.
    walked: Option<Box<Walked>>,
    /// What a person changed, newest last.
    undo: Vec<Undo>,
    /// Weight on each leg as it was confirmed, grams.
    carried: BTreeMap<Side, u32>,
    /// The set under way, or the one that comes, goes without its cuff.
    uncounted: bool,
    known: Option<Box<Known>>,
    rules: Rules,
    cues: Cues,
    /// Words that stand while no cue does.
    line: String,
    /// The stage last announced.
    told: Stage,
    woken: bool,
    summary: Option<SessionSummary>,
    marked: Option<(Micros, Place)>,
    found_now: Vec<Movement>,
    frame: Box<Frame>,
    other_frame: Option<Box<Frame>>,
}

impl Session {
    /// A session that does `plan`.
    ///
    /// # Errors
    /// [`PlanError`]; any load past the ceiling of its person, exercise and leg above all.
    pub fn new(plan: SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        Self::with(plan, catalogue, Loads::ToCarry)
    }

    /// A session that was done, once more from its recording: nobody carries what it asked for, so a ceiling that is lower
    /// by now does not keep anybody from looking at it.
    ///
    /// # Errors
    /// [`PlanError`] where there is nothing to follow.
    pub fn again(plan: SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        Self::with(plan, catalogue, Loads::Carried)
    }

    fn with(plan: SessionPlan, catalogue: &Catalogue, loads: Loads) -> Result<Self, PlanError> {
        let course = Course::new(&plan, catalogue, loads)?;
        let SessionPlan { blocks: _, worn, pace, language, known } = plan;
        let carried = worn.iter().map(|worn| (worn.side, worn.mass_g)).collect();
        let legs: Vec<Leg> = worn.into_iter().map(Leg::new).collect();
        let mut session = Self {
            course,
            pace,
            texts: Texts::of(&language),
            frame: Box::new(view::blank(&legs)),
            other_frame: Some(Box::new(view::blank(&[]))),
            legs,
            state: State::Preflight { confirmed: false },
            turn: 0,
            trial: 0,
            tested: Vec::new(),
            sets_seen: 0,
            next_index: 0,
            now: Micros(0),
            began: None,
            done: Vec::new(),
            stopped: BTreeSet::new(),
            skipped: BTreeSet::new(),
            eased: BTreeMap::new(),
            found: BTreeSet::new(),
            instructed: BTreeSet::new(),
            shown_again: BTreeSet::new(),
            swapped: BTreeMap::new(),
            walked: None,
            undo: Vec::new(),
            carried,
            uncounted: false,
            known,
            rules: catalogue.rules().clone(),
            cues: Cues::new(Voice::Counts, &catalogue.rules().cue),
            line: String::new(),
            told: Stage::Preflight,
            woken: false,
            summary: None,
            marked: None,
            found_now: Vec::new(),
        };
        session.refresh();
        Ok(session)
    }

    /// Takes up a session whose recording is not whole: from where its bookmark says. Sets done before are in the
    /// store and not known here, so the summary speaks of what comes after. A set in the middle is paused with its
    /// count; it never counts for progress.
    pub fn resume(plan: SessionPlan, catalogue: &Catalogue, from: &Bookmark) -> Result<Self, PlanError> {
        let mut session = Self::new(plan, catalogue)?;
        session.now = from.at;
        session.began = Some(Micros(0));
        session.take_up(from);
        session.refresh();
        Ok(session)
    }

    /// Takes one input. For samples `time` says where they lie in session time; without it they are placed by their
    /// arrival. Appends to `out`. After the end only a red flag is still heard.
    pub fn step(&mut self, input: &Input, time: Option<BlockTime>, out: &mut Outputs) {
        if self.over() {
            if let Input::Answer { at, answer: Answer::RedFlag } = input {
                self.now = self.now.max(*at);
                self.flag(out);
                self.refresh();
            }
            return;
        }
        self.wake(input, time, out);
        match input {
            Input::Stream(config) => {
                if let Some(k) = self.leg_of(config.cuff) {
                    self.legs[k].streams(config);
                    self.restart(k);
                    if self.trial_leg() == Some(k) {
                        self.trial_cut(out);
                    }
                }
            }
            Input::Samples(block) => self.samples(block, time, out),
            Input::Link { at, cuff, state } => {
                self.advance(*at, out);
                if let Some(k) = self.leg_of(*cuff) {
                    self.linked(k, *state, out);
                }
            }
            Input::Tap { at, tap } => {
                self.advance(*at, out);
                self.tapped(*tap, out);
            }
            Input::Answer { at, answer } => {
                self.advance(*at, out);
                self.answered(*answer, out);
            }
            Input::Tick { at } => {
                self.advance(*at, out);
            }
            Input::Resumed { at, .. } => self.resumed(*at, out),
        }
        self.mark(out);
        self.refresh();
    }

    /// The picture of now.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// Exercise and leg of what comes after what the picture shows; `None` when nothing does.
    pub fn next_up(&self) -> Option<(&str, Side)> {
        let next = (self.turn + 1..self.course.turns.len()).find(|turn| self.is_open(*turn))?;
        self.course.first_block(next).map(|block| (block.asked.exercise.as_str(), block.asked.side))
    }

    /// Whether the session is over: its summary stands.
    pub fn over(&self) -> bool {
        matches!(self.state, State::Summary)
    }

    /// What was done; `None` before the end.
    pub fn summary(&self) -> Option<&SessionSummary> {
        self.summary.as_ref()
    }

    /// Where the session is, small enough to keep with every commit.
    pub fn bookmark(&self) -> Bookmark {
        let (set, turn) = (self.set(), self.course.turns.get(self.turn));
        let block = turn.and_then(|turn| turn.blocks.first().copied()).unwrap_or(self.course.blocks.len());
        let set_index = match (set, self.pace) {
            (Some(set), _) => set.index,
            (None, Pace::Followed) => self.next_index,
            (None, Pace::Guided) => self.try_index().or(turn.map(|turn| turn.set_index)).unwrap_or(self.next_index),
        };
        Bookmark {
            at: self.now,
            block: block as u32,
            set_index,
            side: self.course.first_block(self.turn).map(|block| block.asked.side),
            stage: self.stage(),
            count: set.and_then(|set| set.legs.first()).map_or(0, Tally::count),
            rest_until: match self.state {
                State::Rest { until, .. } => Some(until),
                _ => None,
            },
            stopped: self.stopped.iter().cloned().collect(),
            skipped: self.skipped.iter().cloned().collect(),
            eased: self.eased.iter().map(|((exercise, side), most_g)| (exercise.clone(), *side, *most_g)).collect(),
        }
    }

    /// What a new bookmark is kept for when it changes.
    fn place(&self) -> Place {
        Place {
            turn: self.turn,
            index: self.set().map(|set| set.index).or(self.try_index()).unwrap_or(self.next_index),
            stage: self.stage(),
            count: self.set().and_then(|set| set.legs.first()).map_or(0, Tally::count),
            rest_until: match self.state {
                State::Rest { until, .. } => Some(until),
                _ => None,
            },
            left_out: self.stopped.len() + self.skipped.len(),
            eased: self.eased.values().fold(0, |sum, mass_g| sum + u64::from(*mass_g)),
        }
    }

    fn stage(&self) -> Stage {
        match &self.state {
            State::Preflight { .. } => Stage::Preflight,
            State::Instruct => Stage::Instruct,
            State::Waiting if self.done.is_empty() => Stage::Preflight,
            State::Waiting | State::Rest { .. } => Stage::Rest,
            State::GetReady { .. } => Stage::GetReady,
            State::Set(set) if set.legs.iter().any(|tally| tally.walks) => Stage::Walk,
            State::Set(_) => Stage::Set,
            State::Paused(_) => Stage::Paused,
            State::Review { .. } => Stage::Review,
            State::Trial(trying) => trying.stage(),
            State::Summary => Stage::Summary,
        }
    }

    /// The set under way or paused.
    fn set(&self) -> Option<&Set> {
        match &self.state {
            State::Set(set) | State::Paused(Held::Set(set)) => Some(set),
            _ => None,
        }
    }

    fn set_mut(&mut self) -> Option<&mut Set> {
        match &mut self.state {
            State::Set(set) | State::Paused(Held::Set(set)) => Some(set),
            _ => None,
        }
    }

    fn leg_of(&self, cuff: talus_motion::CuffId) -> Option<usize> {
        self.legs.iter().position(|leg| leg.worn.cuff == cuff)
    }

    /// The blocks of this turn.
    fn blocks(&self) -> impl Iterator<Item = &Block> {
        let blocks = self.course.turns.get(self.turn).map_or(&[][..], |turn| &turn.blocks);
        blocks.iter().map(|block| &self.course.blocks[*block])
    }

    /// Whether every cuff this turn needs sends samples.
    fn ready(&self) -> bool {
        if let Some(leg) = self.trial_leg() {
            return self.legs[leg].streaming();
        }
        self.uncounted || self.blocks().all(|block| !block.exercise.measured() || self.legs[block.leg].streaming())
    }

    fn enter(&mut self, state: State, out: &mut Outputs) {
        self.state = state;
        let stage = self.stage();
        if stage != self.told {
            self.told = stage;
            out.events.push(Event::StageChanged { at: self.now, stage });
        }
    }

    fn say(&mut self, moment: &Moment<'_>, out: &mut Outputs) {
        out.events.extend(self.cues.push(self.now, moment, &self.texts).map(Event::Cue));
    }

    /// Says words that stand until others take their place.
    fn stand(&mut self, moment: &Moment<'_>, out: &mut Outputs) {
        let text = moment.voice(&self.texts).unwrap_or_default();
        if self.line != text {
            self.line = text;
            self.say(moment, out);
        }
    }

    // ---- time

    /// The first input begins the session.
    fn wake(&mut self, input: &Input, time: Option<BlockTime>, out: &mut Outputs) {
        let at = match input {
            Input::Stream(_) => None,
            Input::Samples(block) => Some(time.map_or(Micros(block.arrival_us), |t| micros(t.first_us))),
            Input::Link { at, .. }
            | Input::Tap { at, .. }
            | Input::Answer { at, .. }
            | Input::Tick { at }
            | Input::Resumed { at, .. } => Some(*at),
        };
        if let (None, Some(at)) = (self.began, at) {
            self.began = Some(at);
            self.now = self.now.max(at);
        }
        if !self.woken {
            self.woken = true;
            for leg in &self.legs {
                out.requests.push(Request::Start(leg.worn.cuff));
            }
            self.preflight(out);
            self.say_where(out);
        }
    }

    /// Goes on to `at`: everything that is due on the way happens at its own time. Time never runs back.
    /// Whether anything was.
    fn advance(&mut self, at: Micros, out: &mut Outputs) -> bool {
        let mut elapsed = false;
        while let Some(due) = self.due().filter(|due| *due <= at) {
            self.now = self.now.max(due);
            self.elapse(out);
            elapsed = true;
        }
        self.now = self.now.max(at);
        elapsed
    }

    /// When something happens by itself, if nothing else does.
    fn due(&self) -> Option<Micros> {
        match &self.state {
            State::Preflight { .. }
            | State::Instruct
            | State::Waiting
            | State::Summary
            | State::GetReady { until: None } => None,
            State::GetReady { until } => *until,
            State::Review { until } | State::Rest { until, told: true } => Some(*until),
            State::Rest { until, told: false } => Some(until.plus(-REST_SOON_US)),
            State::Set(set) => match self.pace {
                Pace::Followed => self.rested(set),
                Pace::Guided => match set.lost {
                    Some(lost) if lost.told => Some(lost.since.plus(LOST_PAUSES_US)),
                    Some(lost) => Some(lost.since.plus(LOST_TOLD_US)),
                    None => set.walk.as_ref().map_or_else(|| self.rested(set), |walk| walk.due()),
                },
            },
            State::Paused(Held::Set(set)) => {
                let lost = set.lost.filter(|lost| !lost.told).map(|lost| lost.since.plus(LOST_TOLD_US));
                let worn = set.walk.as_ref().and_then(|walk| walk.worn_due());
                lost.into_iter().chain(worn).min().filter(|_| self.pace == Pace::Guided)
            }
            State::Paused(_) => None,
            State::Trial(_) => self.trial_due(),
        }
    }

    /// When this set is over because the leg rests; `None` while it moves or where rest does not end it.
    fn rested(&self, set: &Set) -> Option<Micros> {
        let [tally] = set.legs.as_slice() else { return None };
        let leg = &self.legs[tally.leg];
        let last_end = tally.last_end?;
        if tally.walks || leg.away || leg.phase != Phase::Rest {
            return None;
        }
        match self.pace {
            Pace::Followed => Some(last_end.max(set.counts_from).plus(tally.rhythm.limit_us())),
            Pace::Guided if tally.target.is_none() => Some(leg.still_since?.max(last_end).plus(STILL_ENDS_US)),
            Pace::Guided => None,
        }
    }

    /// What was due happens.
    fn elapse(&mut self, out: &mut Outputs) {
        match &mut self.state {
            State::GetReady { .. } => self.begin_set(out),
            State::Review { .. } => self.go_on(out),
            State::Rest { told: true, .. } => self.prepare(out),
            State::Rest { told, .. } => {
                *told = true;
                self.say(&Moment::RestSoon, out);
            }
            State::Paused(Held::Set(set))
                if set.walk.as_ref().and_then(|walk| walk.worn_due()).is_some_and(|due| due <= self.now) =>
            {
                self.walk_waits(Happens::Tick, out);
            }
            State::Set(set) | State::Paused(Held::Set(set)) => match &mut set.lost {
                Some(lost) if self.pace == Pace::Guided => {
                    if lost.told {
                        self.pause(out);
                        self.say(&Moment::Paused, out);
                    } else {
                        lost.told = true;
                        set.legs.iter_mut().for_each(Tally::gap);
                        self.say(&Moment::CuffLost, out);
                    }
                }
                _ if set.walk.is_some() && self.pace == Pace::Guided => self.walks(Happens::Tick, out),
                _ => self.end_set(SetEnd::Rested, out),
            },
            State::Trial(_) => self.trial_elapses(out),
            State::Preflight { .. } | State::Instruct | State::Waiting | State::Paused(_) | State::Summary => {}
        }
    }

    // ---- between sets

    /// Legs and weights that come now. A test has none.
    fn to_wear(&self) -> Vec<(Side, u32)> {
        match self.trial_leg() {
            Some(leg) => vec![(self.legs[leg].worn.side, 0)],
            None => self.blocks().map(|block| (block.asked.side, block.asked.mass_g)).collect(),
        }
    }

    fn preflight(&mut self, out: &mut Outputs) {
        let Some((side, mass_g)) = self.to_wear().first().copied() else { return };
        let State::Preflight { confirmed } = self.state else { return };
        if self.pace == Pace::Followed {
            return;
        }
        if confirmed && self.ready() {
            self.prepare(out);
        } else if confirmed {
            self.stand(&Moment::Looking(side), out);
        } else {
            self.stand(&Moment::Confirm(side, mass_g), out);
        }
    }

    /// What comes before the set of this turn: the weight is asked for where it is not the one confirmed, an exercise
    /// that is new is shown, then it gets ready.
    fn prepare(&mut self, out: &mut Outputs) {
        let confirmed = |(side, mass_g): &(Side, u32)| self.carried.get(side) == Some(mass_g);
        let asked_already = matches!(self.state, State::Preflight { confirmed: true });
        if !asked_already && !self.to_wear().iter().all(confirmed) {
            self.enter(State::Preflight { confirmed: false }, out);
            return self.preflight(out);
        }
        if self.testing() {
            return self.show_trial(out);
        }
        if self.to_instruct() {
            return self.instruct(out);
        }
        self.get_ready(out);
    }

    /// Shows an exercise: where to be, and what to keep to. It stands until the person is ready.
    fn instruct(&mut self, out: &mut Outputs) {
        let id = self.course.exercise_of(self.turn).to_owned();
        self.shown_again.remove(&id);
        self.instructed.insert(id.clone());
        self.enter(State::Instruct, out);
        let (name, place) = (self.texts.exercise(&id).to_owned(), set_up(&self.texts, &id));
        let keep = self.texts.say(&format!("exercise.{id}.keep"), &[]);
        self.stand(&Moment::Instruct([&name, &place, &keep]), out);
    }

    fn get_ready(&mut self, out: &mut Outputs) {
        let Some(block) = self.course.first_block(self.turn) else { return self.finish(SetEnd::Stopped, false, out) };
        let (id, side, mass_g, reps) =
            (block.asked.exercise.clone(), block.asked.side, block.asked.mass_g, block.asked.reps);
        let ready = self.ready();
        self.look_how_it_sits();
        self.enter(State::GetReady { until: ready.then(|| self.now.plus(GET_READY_US)) }, out);
        if ready {
            let name = self.texts.exercise(&id).to_owned();
            self.say(&Moment::GetReady { side, exercise: &name, mass_g, reps }, out);
            self.line = set_up(&self.texts, &id);
        } else {
            self.stand(&Moment::Looking(side), out);
        }
    }

    /// After a set and its review: to the next turn that is still open.
    fn go_on(&mut self, out: &mut Outputs) {
        let before = self.course.first_block(self.turn).map(|block| (block.asked.side, block.asked.rest_s));
        self.look_for_load(out);
        let mut rest_s = self.course.turns.get(self.turn).map_or(0, |turn| turn.rest_s);
        self.turn += 1;
        while self.turn < self.course.turns.len() && !self.is_open(self.turn) {
            self.turn += 1;
            rest_s = before.map_or(0, |(_, rest_s)| rest_s);
        }
        let Some(next) = self.course.first_block(self.turn) else {
            return self.finish(SetEnd::Target, false, out);
        };
        let (id, side) = (next.asked.exercise.clone(), next.asked.side);
        let switched = before.is_some_and(|(before, _)| before != side);
        self.line = set_up(&self.texts, &id);
        if rest_s == 0 {
            return self.prepare(out);
        }
        let until = self.now.plus(i64::from(rest_s) * SECOND_US);
        // A rest of ten seconds or less needs no announcement of its end.
        self.enter(State::Rest { until, told: until.since(self.now) <= REST_SOON_US }, out);
        if switched {
            self.say(&Moment::Switch(side), out);
        }
    }
}

fn micros(us: f64) -> Micros {
    Micros(us.round() as i64)
}

fn set_up(texts: &Texts, id: &str) -> String {
    texts.say(&format!("exercise.{id}.set_up"), &[])
}

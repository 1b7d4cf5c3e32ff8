//! The guided session: inputs in, events, records and requests out.
//!
//! [`Session`] is a nest of small machines: the course of turns, the state of the turn, the tally of the set. It has
//! no clock: time is what its inputs say. A set of timers is never kept; `due` says what is due next, and
//! whatever happens first, a tick or a sample, makes it happen at its own time. Samples are taken one by one, so
//! that how they were cut into blocks makes no difference.

mod course;
mod cues;
pub mod io;
mod leg;
mod react;
mod rhythm;
mod set;
mod summary;
mod view;

pub use course::{MASS_MAX_G, PlanError};

use crate::catalogue::Catalogue;
use crate::plan::{Pace, SessionPlan};
use crate::text::{Arg, Texts};
use course::{Block, Course};
use cues::{Cues, tip_for};
use io::{
    Answer, Bookmark, Event, Frame, Input, Outputs, Record, Request, ReviewReason, SessionSummary, SetEnd, Stage,
};
use leg::Leg;
use set::{Found, Set, Tally};
use std::collections::BTreeSet;
use summary::Done;
use talus_motion::{BlockTime, Micros, Movement, Phase, Rep, SampleBlock, Side, Stride};

/// Changes whenever the same inputs would give other outputs.
pub const ENGINE_VERSION: u32 = 1;

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
/// A set shorter than this is not announced "three to go".
const THREE_TO_GO_FROM: u32 = 6;
/// Fewer repetitions than this in a recording of somebody are no set.
const FOLLOWED_LEAST: u32 = 2;
/// Bookmarks are no further apart than this.
const BOOKMARK_US: i64 = SECOND_US;

#[derive(Debug, Clone)]
enum State {
    Preflight {
        confirmed: bool,
    },
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
    Summary,
}

/// What was paused.
#[derive(Debug, Clone)]
enum Held {
    Set(Box<Set>),
    GetReady,
    Rest { left_us: i64 },
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
    /// Followed: sets of this block so far and the next free index.
    sets_seen: u8,
    next_index: u32,
    now: Micros,
    began: Option<Micros>,
    done: Vec<Done>,
    /// Exercises that pain ended.
    stopped: BTreeSet<String>,
    cues: Cues,
    /// Words that stand while no cue does.
    line: (String, String),
    /// The stage last announced.
    told: Stage,
    woken: bool,
    summary: Option<SessionSummary>,
    marked: Option<Bookmark>,
    found: Vec<Movement>,
    frame: Frame,
}

impl Session {
    /// A session that does `plan`.
    pub fn new(plan: SessionPlan, catalogue: &Catalogue) -> Result<Self, PlanError> {
        let course = Course::new(&plan, catalogue)?;
        let SessionPlan { blocks: _, worn, pace, language } = plan;
        let legs: Vec<Leg> = worn.into_iter().map(Leg::new).collect();
        let mut session = Self {
            course,
            pace,
            texts: Texts::of(&language),
            frame: view::blank(&legs),
            legs,
            state: State::Preflight { confirmed: false },
            turn: 0,
            sets_seen: 0,
            next_index: 0,
            now: Micros(0),
            began: None,
            done: Vec::new(),
            stopped: BTreeSet::new(),
            cues: Cues::default(),
            line: (String::new(), String::new()),
            told: Stage::Preflight,
            woken: false,
            summary: None,
            marked: None,
            found: Vec::new(),
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
            Input::Tick { at } => self.advance(*at, out),
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
        let open = |turn: &usize| !self.stopped.contains(self.course.exercise_of(*turn));
        let next = (self.turn + 1..self.course.turns.len()).find(open)?;
        self.course.first_block(next).map(|block| (block.asked.exercise.as_str(), block.asked.side))
    }

    /// Whether the session is over: its summary stands.
    pub fn over(&self) -> bool {
        matches!(self.state, State::Summary)
    }

    /// Where the session is, small enough to keep with every commit.
    pub fn bookmark(&self) -> Bookmark {
        let (set, turn) = (self.set(), self.course.turns.get(self.turn));
        let block = turn.and_then(|turn| turn.blocks.first().copied()).unwrap_or(self.course.blocks.len());
        let set_index = match (set, self.pace) {
            (Some(set), _) => set.index,
            (None, Pace::Followed) => self.next_index,
            (None, Pace::Guided) => turn.map_or(self.next_index, |turn| turn.set_index),
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
        }
    }

    fn stage(&self) -> Stage {
        match &self.state {
            State::Preflight { .. } => Stage::Preflight,
            State::Waiting if self.done.is_empty() => Stage::Preflight,
            State::Waiting | State::Rest { .. } => Stage::Rest,
            State::GetReady { .. } => Stage::GetReady,
            State::Set(set) if set.legs.iter().any(|tally| tally.walks) => Stage::Walk,
            State::Set(_) => Stage::Set,
            State::Paused(_) => Stage::Paused,
            State::Review { .. } => Stage::Review,
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
        self.blocks().all(|block| !block.exercise.measured() || self.legs[block.leg].streaming())
    }

    fn enter(&mut self, state: State, out: &mut Outputs) {
        self.state = state;
        let stage = self.stage();
        if stage != self.told {
            self.told = stage;
            out.events.push(Event::StageChanged { at: self.now, stage });
        }
    }

    fn say(&mut self, key: &str, args: &[(&str, Arg<'_>)], out: &mut Outputs) {
        let text = self.texts.say(key, args);
        self.cues.stand(self.now, text.clone());
        out.events.push(Event::Cue { at: self.now, key: key.to_owned(), text });
    }

    /// Says words that stand until others take their place.
    fn stand(&mut self, key: String, args: &[(&str, Arg<'_>)], out: &mut Outputs) {
        let text = self.texts.say(&key, args);
        if self.line.1 != text {
            self.line = (key.clone(), text.clone());
            out.events.push(Event::Cue { at: self.now, key, text });
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
    fn advance(&mut self, at: Micros, out: &mut Outputs) {
        while let Some(due) = self.due().filter(|due| *due <= at) {
            self.now = self.now.max(due);
            self.elapse(out);
        }
        self.now = self.now.max(at);
    }

    /// When something happens by itself, if nothing else does.
    fn due(&self) -> Option<Micros> {
        match &self.state {
            State::Preflight { .. } | State::Waiting | State::Summary | State::GetReady { until: None } => None,
            State::GetReady { until } => *until,
            State::Review { until } | State::Rest { until, told: true } => Some(*until),
            State::Rest { until, told: false } => Some(until.plus(-REST_SOON_US)),
            State::Set(set) => match self.pace {
                Pace::Followed => self.rested(set),
                Pace::Guided => match set.lost {
                    Some(lost) if lost.told => Some(lost.since.plus(LOST_PAUSES_US)),
                    Some(lost) => Some(lost.since.plus(LOST_TOLD_US)),
                    None => self.rested(set),
                },
            },
            State::Paused(Held::Set(set)) => {
                set.lost.filter(|lost| !lost.told && self.pace == Pace::Guided).map(|l| l.since.plus(LOST_TOLD_US))
            }
            State::Paused(_) => None,
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
            Pace::Followed => Some(last_end.plus(tally.rhythm.limit_us())),
            Pace::Guided if tally.target.is_none() => Some(leg.still_since?.max(last_end).plus(STILL_ENDS_US)),
            Pace::Guided => None,
        }
    }

    /// What was due happens.
    fn elapse(&mut self, out: &mut Outputs) {
        match &mut self.state {
            State::GetReady { .. } => self.begin_set(out),
            State::Review { .. } => self.go_on(out),
            State::Rest { told: true, .. } => self.get_ready(out),
            State::Rest { told, .. } => {
                *told = true;
                self.say("cue.rest_soon", &[], out);
            }
            State::Set(set) | State::Paused(Held::Set(set)) => match &mut set.lost {
                Some(lost) if self.pace == Pace::Guided => {
                    if lost.told {
                        self.pause(out);
                    } else {
                        lost.told = true;
                        set.legs.iter_mut().for_each(Tally::gap);
                        self.say("cue.cuff_lost", &[], out);
                    }
                }
                _ => self.end_set(SetEnd::Rested, out),
            },
            State::Preflight { .. } | State::Waiting | State::Paused(_) | State::Summary => {}
        }
    }

    // ---- between sets

    fn preflight(&mut self, out: &mut Outputs) {
        let Some((side, mass_g)) = self.course.first_block(self.turn).map(|b| (b.asked.side, b.asked.mass_g)) else {
            return;
        };
        let State::Preflight { confirmed } = self.state else { return };
        if self.pace == Pace::Followed {
            return;
        }
        if confirmed && self.ready() {
            self.get_ready(out);
        } else if confirmed {
            self.stand(crate::text::for_side("cue.looking", side), &[], out);
        } else {
            self.stand(crate::text::for_side("cue.confirm", side), &[("mass", Arg::Mass(mass_g))], out);
        }
    }

    fn get_ready(&mut self, out: &mut Outputs) {
        let Some(block) = self.course.first_block(self.turn) else { return self.finish(SetEnd::Stopped, false, out) };
        let (id, side, mass_g, reps) =
            (block.asked.exercise.clone(), block.asked.side, block.asked.mass_g, block.asked.reps);
        let ready = self.ready();
        self.enter(State::GetReady { until: ready.then(|| self.now.plus(GET_READY_US)) }, out);
        if ready {
            let name = self.texts.exercise(&id).to_owned();
            let mut args = vec![("exercise", Arg::Text(&name)), ("mass", Arg::Mass(mass_g))];
            let key = match reps {
                Some(reps) => {
                    args.push(("count", Arg::Count(reps)));
                    "cue.get_ready"
                }
                None => "cue.get_ready_open",
            };
            self.say(&crate::text::for_side(key, side), &args, out);
            self.line = set_up(&self.texts, &id);
        } else {
            self.stand(crate::text::for_side("cue.looking", side), &[], out);
        }
    }

    /// After a set and its review: to the next turn that is still open.
    fn go_on(&mut self, out: &mut Outputs) {
        let before = self.course.first_block(self.turn).map(|block| (block.asked.side, block.asked.rest_s));
        let mut rest_s = self.course.turns.get(self.turn).map_or(0, |turn| turn.rest_s);
        self.turn += 1;
        while self.turn < self.course.turns.len() && self.stopped.contains(self.course.exercise_of(self.turn)) {
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
            return self.get_ready(out);
        }
        let until = self.now.plus(i64::from(rest_s) * SECOND_US);
        // A rest of ten seconds or less needs no announcement of its end.
        self.enter(State::Rest { until, told: until.since(self.now) <= REST_SOON_US }, out);
        if switched && self.cues.standing(self.now).is_none() {
            let key = match side {
                Side::Left => "cue.to_the_left",
                Side::Right => "cue.to_the_right",
            };
            self.say(key, &[], out);
        }
    }

    // ---- sets

    fn begin_set(&mut self, out: &mut Outputs) {
        let Some(turn) = self.course.turns.get(self.turn).cloned() else { return };
        let set = self.new_set(&turn.blocks, turn.set, turn.set_index);
        let id = self.course.exercise_of(self.turn).to_owned();
        for tally in &set.legs {
            let block = &self.course.blocks[tally.block];
            self.legs[tally.leg].begin(self.now, block.exercise.task(), block.asked.own_range_deg);
        }
        self.cues.fresh();
        self.line = (String::new(), String::new());
        let announced = set.clone();
        self.enter(State::Set(Box::new(set)), out);
        Self::announce(&announced, out);
        self.look_for_loss(out);
        self.say(&format!("exercise.{id}.go"), &[], out);
    }

    fn new_set(&self, blocks: &[usize], number: (u8, u8), index: u32) -> Set {
        let tally = |block: &usize| Tally::new(*block, &self.course.blocks[*block], self.course.laterality(*block));
        Set {
            legs: blocks.iter().map(tally).collect(),
            number,
            index,
            began: self.now,
            counts_from: self.now,
            lost: None,
            announced: true,
            held: Vec::new(),
        }
    }

    fn announce(set: &Set, out: &mut Outputs) {
        for tally in &set.legs {
            out.events.push(Event::SetBegan {
                at: set.began,
                set_index: set.index,
                exercise: tally.exercise.clone(),
                side: tally.side,
                set: set.number,
            });
            out.records.push(Record::SetBegan {
                set_index: set.index,
                exercise: tally.exercise.clone(),
                side: tally.side,
                mass_g: tally.mass_g,
                at: set.began,
            });
        }
    }

    /// A new stream in the middle of a set: its tracker takes the task up, what it did not see stays unseen.
    fn restart(&mut self, k: usize) {
        let now = self.now;
        let blocks: Vec<usize> = match &mut self.state {
            State::Set(set) | State::Paused(Held::Set(set)) => {
                let of_leg = set.legs.iter_mut().filter(|tally| tally.leg == k);
                of_leg
                    .map(|tally| {
                        tally.gap();
                        tally.block
                    })
                    .collect()
            }
            State::Waiting => self.course.turns.get(self.turn).map(|turn| turn.blocks.clone()).unwrap_or_default(),
            _ => Vec::new(),
        };
        for block in blocks.into_iter().map(|block| &self.course.blocks[block]).filter(|block| block.leg == k) {
            self.legs[k].begin(now, block.exercise.task(), block.asked.own_range_deg);
        }
    }

    fn samples(&mut self, block: &SampleBlock, time: Option<BlockTime>, out: &mut Outputs) {
        let Some(k) = self.leg_of(block.cuff) else { return };
        if !self.legs[k].hears(block) {
            return;
        }
        let time = time.unwrap_or_else(|| self.legs[k].placed(block));
        let usable = time.first_us.is_finite() && time.period_us.is_finite() && time.period_us > 0.0;
        if !usable {
            return;
        }
        self.legs[k].arrived(block, &time);
        let mut one = SampleBlock { counts: talus_motion::Counts::new(), ..block.clone() };
        for (i, counts) in block.counts.iter().enumerate() {
            let Some(index) = block.first_index.checked_add(i as u64) else { return };
            let first_us = time.first_us + i as f64 * time.period_us;
            self.advance(micros(first_us), out);
            self.wait_for_movement(k);
            one.first_index = index;
            one.counts.clear();
            one.counts.push(*counts);
            let mut found = std::mem::take(&mut self.found);
            self.legs[k].push(&one, BlockTime { first_us, ..time }, &mut found);
            for movement in found.drain(..) {
                self.moved(k, movement, out);
            }
            self.found = found;
            self.mark(out);
            if self.over() {
                return;
            }
        }
    }

    /// Followed: the block's first sample; from now on its movements are looked for.
    fn wait_for_movement(&mut self, k: usize) {
        if self.pace != Pace::Followed || !matches!(self.state, State::Preflight { .. }) {
            return;
        }
        if self.blocks().any(|block| block.leg == k) {
            self.state = State::Waiting;
            self.restart(k);
        }
    }

    fn moved(&mut self, k: usize, movement: Movement, out: &mut Outputs) {
        if let Movement::Gapped(gap) = movement {
            out.events.push(Event::Gapped { at: self.now, cuff: self.legs[k].worn.cuff, gap });
            for tally in self.set_mut().into_iter().flat_map(|set| &mut set.legs).filter(|tally| tally.leg == k) {
                tally.gap();
            }
            return;
        }
        if matches!(self.state, State::Waiting) && self.blocks().any(|block| block.leg == k) {
            let at = match &movement {
                Movement::RepBegan { at } => Some(*at),
                Movement::Strode(stride) => Some(stride.start),
                _ => None,
            };
            if let Some(at) = at {
                self.begin_followed(at, out);
            }
        }
        let State::Set(set) = &mut self.state else { return };
        let Some(i) = set.legs.iter().position(|tally| tally.leg == k) else { return };
        match movement {
            Movement::RepEnded(rep) if rep.start >= set.counts_from || self.pace == Pace::Followed => {
                self.take(i, Found::Rep(rep), out);
                self.look_for_target(out);
            }
            Movement::Strode(stride) if stride.start >= set.counts_from || self.pace == Pace::Followed => {
                self.take(i, Found::Stride(stride), out);
                self.look_for_target(out);
            }
            _ => {}
        }
    }

    /// Followed: the leg moves. Whether that is a set is known after two repetitions.
    fn begin_followed(&mut self, at: Micros, out: &mut Outputs) {
        let Some(turn) = self.course.turns.get(self.turn).cloned() else { return };
        let number = self.sets_seen.saturating_add(1);
        let mut set = self.new_set(&turn.blocks, (number, number.max(turn.set.1)), self.next_index);
        set.began = at;
        set.announced = false;
        self.cues.fresh();
        self.enter(State::Set(Box::new(set)), out);
    }

    fn take(&mut self, i: usize, found: Found, out: &mut Outputs) {
        let State::Set(set) = &mut self.state else { return };
        if !set.announced {
            if let (true, Found::Rep(Rep { start, .. }) | Found::Stride(Stride { start, .. })) =
                (set.held.is_empty(), &found)
            {
                set.began = *start;
            }
            let tally = &mut set.legs[i];
            // For the picture: the leg is seen to move.
            match &found {
                Found::Rep(rep) => tally.rep(rep),
                Found::Stride(stride) => tally.stride(stride),
            }
            set.held.push(found);
            if set.held.len() < FOLLOWED_LEAST as usize {
                return;
            }
            // It is a set: say so, then tell what was held back. The tally is built anew from it.
            set.announced = true;
            let held = std::mem::take(&mut set.held);
            let fresh = Tally::new(set.legs[i].block, &self.course.blocks[set.legs[i].block], set.legs[i].laterality);
            set.legs[i] = fresh;
            self.sets_seen = self.sets_seen.saturating_add(1);
            self.next_index = self.next_index.saturating_add(1);
            let announced = (**set).clone();
            Self::announce(&announced, out);
            for found in held {
                self.tell(i, found, out);
            }
            return;
        }
        self.tell(i, found, out);
    }

    /// Counts what was found in a set and says so.
    fn tell(&mut self, i: usize, found: Found, out: &mut Outputs) {
        let (now, guided) = (self.now, self.pace == Pace::Guided);
        let State::Set(set) = &mut self.state else { return };
        let set_index = set.index;
        let tally = &mut set.legs[i];
        let side = tally.side;
        match found {
            Found::Stride(stride) => {
                tally.stride(&stride);
                let seq = tally.rows;
                out.events.push(Event::Strode { at: now, side, stride: stride.clone() });
                out.records.push(Record::Stride { set_index, side, seq, stride });
            }
            Found::Rep(rep) => {
                tally.rep(&rep);
                let tip = tip_for(&rep);
                out.records.push(Record::Rep { set_index, side, seq: tally.rows, rep: rep.clone() });
                let (count, target, full) = (tally.count(), tally.target, rep.full);
                if full {
                    let (seq, confidence) = (tally.seen(), rep.confidence);
                    out.events.push(Event::RepEnded { at: now, seq, confidence, rep });
                } else {
                    out.events.push(Event::RepShort { at: now, rep });
                }
                let left = target.map(|target| target.saturating_sub(count));
                match left {
                    Some(3) if full && guided && target >= Some(THREE_TO_GO_FROM) => {
                        self.say("cue.three_to_go", &[], out);
                    }
                    Some(1) if full && guided && count > 0 => self.say("cue.last_one", &[], out),
                    Some(0) => {}
                    _ => {
                        if let Some(key) = tip.filter(|key| self.cues.tip(key, now)) {
                            self.say(key, &[], out);
                        }
                    }
                }
            }
        }
    }

    fn look_for_target(&mut self, out: &mut Outputs) {
        let State::Set(set) = &self.state else { return };
        if self.pace == Pace::Guided && set.legs.iter().all(Tally::reached) {
            self.end_set(SetEnd::Target, out);
        }
    }

    /// Ends the set under way or paused, and goes on to its review (guided) or to the next movement (followed).
    fn end_set(&mut self, end: SetEnd, out: &mut Outputs) {
        let Some(count) = self.close_set(end, out) else { return };
        match self.pace {
            Pace::Followed => {
                // The leg rests: the next set learns its own direction and range.
                self.enter(State::Waiting, out);
                let legs: Vec<usize> = self.blocks().map(|block| block.leg).collect();
                for k in legs {
                    self.restart(k);
                }
            }
            Pace::Guided => {
                self.enter(State::Review { until: self.now.plus(REVIEW_US) }, out);
                if end == SetEnd::Target {
                    self.say("cue.done", &[("count", Arg::Count(count))], out);
                }
            }
        }
    }

    /// Closes the set under way or paused, leaving a state that is no set; `None` where there is none. The count of
    /// its first leg.
    fn close_set(&mut self, end: SetEnd, out: &mut Outputs) -> Option<u32> {
        let legs = self.set()?.legs.iter().map(|tally| tally.leg).collect::<Vec<_>>();
        for (i, k) in legs.iter().enumerate() {
            let mut found = Vec::new();
            let doubted = self.legs[*k].end(self.now, &mut found);
            for movement in found {
                // A repetition that was nearly over still counts, unless the set was paused.
                let State::Set(set) = &self.state else { break };
                if let Movement::RepEnded(rep) = movement
                    && (rep.start >= set.counts_from || self.pace == Pace::Followed)
                {
                    self.take(i, Found::Rep(rep), out);
                }
            }
            if doubted && let Some(set) = self.set_mut() {
                set.legs[i].doubt();
            }
        }
        let (State::Set(set) | State::Paused(Held::Set(set))) =
            std::mem::replace(&mut self.state, State::Review { until: self.now })
        else {
            return None;
        };
        if !set.announced {
            return Some(0);
        }
        for tally in &set.legs {
            let ended = match end {
                SetEnd::Rested | SetEnd::StreamEnded => tally.last_end.unwrap_or(self.now),
                _ => self.now,
            };
            let result = tally.result(set.began, ended.max(set.began), end);
            if tally.doubted() {
                out.events.push(Event::SetReviewed {
                    at: self.now,
                    set_index: set.index,
                    count: result.count,
                    reason: ReviewReason::Disagree,
                });
            }
            out.records.push(Record::SetEnded { set_index: set.index, result: result.clone() });
            out.events.push(Event::SetEnded { at: self.now, set_index: set.index, result: result.clone() });
            self.done.push(Done { set_index: set.index, block: tally.block, walks: tally.walks, result });
        }
        set.legs.first().map(Tally::count)
    }
}

fn micros(us: f64) -> Micros {
    Micros(us.round() as i64)
}

fn set_up(texts: &Texts, id: &str) -> (String, String) {
    let key = format!("exercise.{id}.set_up");
    let text = texts.say(&key, &[]);
    (key, text)
}

//! [`Live`]: the pump of one session. What links say becomes inputs; inputs go to the recording and to the engine; what
//! the engine puts out goes to the store, to the shell and back to the cuffs. Synchronous, on the caller's thread.

use crate::clock;
use crate::engine::Engine;
use crate::history::Tracing;
use crate::household::Talus;
use crate::scene::{SessionScene, TrialScene, WalkScene};
use std::collections::{BTreeMap, VecDeque};
use talus_coach::ladder::Rung;
use talus_coach::{Answer, Event, Frame, Input, Outputs, Request, SessionPlan, Stage, Tap, TestAsked, Tested};
use talus_cuff::link::Notice;
use talus_motion::{CuffId, LinkState, Micros, Side};
use talus_store::{Counters, Kind, RawState, Recorder, SessionHead, SessionId, StoreError};

use crate::error::AppError;

/// Session time between ticks: fine enough for a countdown, and no more than a byte or two each.
const TICK_US: i64 = 500_000;
/// Wall-clock time between commits: every acknowledged second has one sync and one commit.
const COMMIT_US: i64 = 1_000_000;
/// Length of the angle's trace, seconds, and time between two of its points.
const TRACE_S: f64 = 10.0;
const TRACE_STEP_S: f64 = 0.05;
/// Events kept for a shell that does not fetch them; a session of an hour has some thousands.
const EVENTS_MAX: usize = 100_000;

/// A session taken up again.
pub struct Resumed {
    /// The session, as it stands after everything that is known of it.
    pub live: Live,
    /// Its head.
    pub head: SessionHead,
    /// The inputs it had before.
    pub inputs: Vec<Input>,
    /// For each time it was taken up, this one included: when the last repetition or stride was known, where there was
    /// one by then. Empty where inputs are lost.
    pub seen_to: Vec<Option<Micros>>,
}

/// A session under way.
pub struct Live {
    engine: Engine,
    recorder: Recorder,
    /// Time of the ways at which session time was zero.
    origin: Micros,
    now: Micros,
    next_tick: Micros,
    committed_at: Micros,
    out: Outputs,
    events: VecDeque<Event>,
    /// Events nobody fetched in time.
    dropped: u64,
    batteries: BTreeMap<CuffId, u8>,
    trace: VecDeque<(f64, f64)>,
    /// `None` where it did not see every input.
    tracing: Option<Tracing>,
    trouble: Option<StoreError>,
    /// Tests the session asks for.
    tests: Vec<TestAsked>,
    /// Whose it is, and how many of its tests are kept.
    talus: Talus,
    kept: usize,
}

impl Live {
    /// A session that begins when the ways say `origin`.
    ///
    /// # Errors
    /// [`AppError::Plan`], [`AppError::Store`].
    pub fn begin(talus: &Talus, head: &SessionHead, origin: Micros) -> Result<Self, AppError> {
        let engine = Engine::new(head.plan.clone(), talus.catalogue())?;
        let recorder = talus.store().begin(head)?;
        Ok(Self { tests: tests_of(&head.plan), ..Self::around(talus, engine, recorder, (origin, Micros(0))) })
    }

    /// A session of this plan, begun now; `source` says in words or as JSON where its samples come from.
    ///
    /// # Errors
    /// As [`Live::begin`].
    pub fn start(talus: &Talus, kind: Kind, plan: SessionPlan, source: &str, origin: Micros) -> Result<Self, AppError> {
        Self::begin(talus, &talus.head(kind, plan, source.to_owned()), origin)
    }

    fn around(talus: &Talus, engine: Engine, recorder: Recorder, (origin, now): (Micros, Micros)) -> Self {
        Self {
            engine,
            recorder,
            origin,
            now,
            next_tick: now,
            committed_at: clock::now(),
            out: Outputs::default(),
            events: VecDeque::new(),
            dropped: 0,
            batteries: BTreeMap::new(),
            trace: VecDeque::new(),
            tracing: Some(Tracing::default()),
            trouble: None,
            tests: Vec::new(),
            talus: talus.clone(),
            kept: 0,
        }
    }

    /// Takes a session up again that was left or killed: everything recorded goes through the engine once more, or,
    /// where some of it is lost, the engine goes on from the bookmark.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the session is not this person's; [`AppError::Plan`] and [`AppError::Person`] where it
    /// asks for more than this person may do now.
    pub fn resume(talus: &Talus, id: SessionId) -> Result<Resumed, AppError> {
        Self::take_up(talus, id, None)
    }

    /// As [`Live::resume`], with ways whose time is another one: it is `now` there.
    ///
    /// # Errors
    /// As [`Live::resume`].
    pub fn resume_at(talus: &Talus, id: SessionId, now: Micros) -> Result<Resumed, AppError> {
        Self::take_up(talus, id, Some(now))
    }

    fn take_up(talus: &Talus, id: SessionId, ways_now: Option<Micros>) -> Result<Resumed, AppError> {
        let planned = {
            let store = talus.store();
            store.ensure_of(talus.profile(), id)?;
            store.session(id)?
        };
        talus.ensure_allowed(planned.row.kind, &planned.plan)?;
        let (head, inputs, recorder) = talus.store().resume(id)?;
        // The recording has a plan of its own.
        if let Err(refused) = talus.ensure_allowed(head.kind, &head.plan) {
            recorder.abandon();
            return Err(refused);
        }
        let taken = recorder.taken().cloned();
        let whole = taken.as_ref().is_none_or(|taken| taken.raw == RawState::Complete);
        let bookmark = taken.and_then(|taken| taken.bookmark);
        let (mut engine, replay) = match bookmark {
            Some(bookmark) if !whole => (Engine::resume(head.plan.clone(), talus.catalogue(), &bookmark)?, false),
            _ => (Engine::new(head.plan.clone(), talus.catalogue())?, true),
        };
        let mut out = Outputs::default();
        let mut now = recorder.safe_through();
        let (mut seen_to, mut tracing) = (Vec::new(), Tracing::default());
        for input in &inputs {
            now = now.max(talus_store::recording::input_at(input).unwrap_or(now));
            if !replay {
                continue;
            }
            if matches!(input, Input::Resumed { .. }) {
                seen_to.push(last_seen(&out.events));
            }
            let before = out.events.len();
            engine.step(input, &mut out);
            tracing.follow(input, &out.events[before..], engine.session().frame());
        }
        if replay {
            seen_to.push(last_seen(&out.events));
        }
        // The same samples as before lie behind these: a wall clock would only tell how long nobody was here.
        let origin = ways_now.map_or(Micros(0), |ways| ways.plus(-now.0));
        let mut live = Self::around(talus, engine, recorder, (origin, now));
        live.tests = tests_of(&head.plan);
        live.tracing = whole.then_some(tracing);
        live.recorder.records(&out.records);
        live.input(&Input::Resumed { at: now, gap_us: 0, confident: true });
        for worn in &head.plan.worn {
            // Whatever the links were when this was written, nobody holds them now.
            live.input(&Input::Link { at: now, cuff: worn.cuff, state: LinkState::Searching });
        }
        Ok(Resumed { live, head, inputs, seen_to })
    }

    /// The session.
    pub fn id(&self) -> SessionId {
        self.recorder.id()
    }

    /// Session time.
    pub fn now(&self) -> Micros {
        self.now
    }

    /// The picture of now.
    pub fn frame(&self) -> &Frame {
        self.engine.session().frame()
    }

    /// Whether the session has come to its end.
    pub fn over(&self) -> bool {
        self.engine.session().over()
    }

    /// What could not be written and still is not; the session goes on in memory.
    pub fn trouble(&self) -> Option<&StoreError> {
        self.trouble.as_ref()
    }

    /// Nothing is committed any more but by [`Live::save`]: in a storm it must not depend on how fast virtual time runs.
    #[cfg(feature = "storm")]
    pub(crate) fn commits_when_told(&mut self) {
        self.committed_at = Micros(i64::MAX);
    }

    /// Takes what a link said.
    pub fn notice(&mut self, cuff: CuffId, notice: Notice) {
        let shift = self.origin.0;
        let input = match notice {
            Notice::State { at, state } => Input::Link { at: at.plus(-shift), cuff, state },
            Notice::Stream(config) => Input::Stream(config),
            Notice::Samples(mut block) | Notice::Time(mut block) => {
                block.arrival_us = block.arrival_us.saturating_sub(shift);
                Input::Samples(block)
            }
            Notice::Battery(percent) => {
                self.batteries.insert(cuff, percent);
                return;
            }
            Notice::Card(_) => return,
        };
        self.input(&input);
    }

    /// The battery of a cuff, where known.
    pub fn battery(&mut self, cuff: CuffId, percent: Option<u8>) {
        if let Some(percent) = percent {
            self.batteries.insert(cuff, percent);
        }
    }

    /// Somebody pressed something.
    pub fn press(&mut self, tap: Tap) {
        self.input(&Input::Tap { at: self.now, tap });
    }

    /// Somebody answered a question.
    pub fn answer(&mut self, answer: Answer) {
        self.input(&Input::Answer { at: self.now, answer });
    }

    /// One input: recorded first, then followed.
    pub fn input(&mut self, input: &Input) {
        // A red flag is heard whenever it comes: it locks the day.
        if self.over() && !matches!(input, Input::Answer { answer: Answer::RedFlag, .. }) {
            return;
        }
        if let Some(at) = talus_store::recording::input_at(input) {
            self.now = self.now.max(at);
        }
        self.recorder.push(input);
        self.engine.step(input, &mut self.out);
        self.recorder.records(&self.out.records);
        if let Some(tracing) = &mut self.tracing {
            tracing.follow(input, &self.out.events, self.engine.session().frame());
        }
        for event in self.out.events.drain(..) {
            if self.events.len() >= EVENTS_MAX {
                self.events.pop_front();
                self.dropped += 1;
            }
            self.events.push_back(event);
        }
        self.out.records.clear();
        self.remember_angle();
    }

    /// Session time goes on to the ways' `to`: ticks, and a commit where a second of wall-clock time has passed.
    pub fn pass(&mut self, to: Micros) {
        let to = to.plus(-self.origin.0);
        while self.next_tick <= to {
            if self.next_tick > self.now {
                self.input(&Input::Tick { at: self.next_tick });
            }
            self.next_tick = self.next_tick.plus(TICK_US);
        }
        self.now = self.now.max(to);
        let wall = clock::now();
        if wall.since(self.committed_at) >= COMMIT_US {
            self.committed_at = wall;
            self.commit();
        }
    }

    /// What was written so far.
    pub fn counters(&self) -> Counters {
        self.recorder.counters()
    }

    /// Exercise and leg of what comes after this; `None` when nothing does.
    pub fn next_up(&self) -> Option<(&str, Side)> {
        self.engine.session().next_up()
    }

    /// The rung of the balance ladder that is tried in a test of this session; `None` where it is none of it.
    pub(crate) fn asked_rung(&self, protocol: &str) -> Option<Rung> {
        self.asked_test(protocol).map(|asked| asked.rung)
    }

    fn asked_test(&self, protocol: &str) -> Option<&TestAsked> {
        self.tests.iter().find(|asked| asked.protocol == protocol)
    }

    /// Hands everything so far to the writer.
    pub fn commit(&mut self) {
        self.trouble = self.recorder.commit(self.now).err();
        self.trouble = self.keep_tests().err().or(self.trouble.take());
    }

    /// Keeps what the tests came to that are over: what is done is not done again for a session that was cut off.
    fn keep_tests(&mut self) -> Result<(), StoreError> {
        let session = self.engine.session();
        let done: Vec<Tested> = match session.summary() {
            Some(summary) if summary.tested.len() > self.kept => summary.tested.clone(),
            None if session.tests_done().count() > self.kept => session.tests_done().cloned().collect(),
            _ => return Ok(()),
        };
        self.talus.keep_tests(self.id(), &done)?;
        self.kept = done.len();
        Ok(())
    }

    /// Hands everything so far to the writer and waits until it is safe; gives the session time that is.
    ///
    /// # Errors
    /// What keeps it from being written; the session goes on in memory.
    pub fn save(&mut self) -> Result<Micros, StoreError> {
        self.recorder.commit(self.now)?;
        self.keep_tests()?;
        self.recorder.settle()
    }

    /// What the session asks of its cuffs since the last call.
    pub fn requests(&mut self) -> Vec<Request> {
        std::mem::take(&mut self.out.requests)
    }

    /// What happened since the last call, in order.
    pub fn events(&mut self) -> impl Iterator<Item = Event> + '_ {
        self.events.drain(..)
    }

    /// Lets go of the session so that it can be taken up again; everything up to now is safe afterwards.
    ///
    /// # Errors
    /// Why the last seconds are not safe; what was shown as safe is.
    pub fn leave(mut self) -> Result<(SessionId, Micros), StoreError> {
        let safe = self.save()?;
        let id = self.id();
        self.recorder.abandon();
        Ok((id, safe))
    }

    /// Ends the session and waits until all of it is safe.
    ///
    /// # Errors
    /// Why it is not; see [`Recorder::finish`].
    pub fn finish(mut self) -> Result<SessionId, StoreError> {
        let id = self.id();
        // Before the end is written: a session that has one is not taken up again.
        let kept = self.keep_tests();
        self.recorder.finish(clock::utc_ms())?;
        kept?;
        if let Some(tracing) = self.tracing {
            // Only a convenience: what is not kept now is worked out from the recording by whoever looks at it first.
            let _ = self.talus.store().put_traces(id, &tracing.traces());
        }
        Ok(id)
    }

    /// The picture for a shell.
    pub fn scene(&self, up_next: String) -> SessionScene {
        let talus = &self.talus;
        let frame = self.frame().clone();
        let now_s = self.now.seconds();
        let protocol = talus.catalogue().protocol(&frame.exercise);
        let trial = protocol.zip(self.asked_test(&frame.exercise));
        let trial = trial.map(|(protocol, asked)| TrialScene::of(protocol, asked, &frame, talus.texts()));
        let walk = self.engine.session().walk().map(|walk| WalkScene::of(walk, talus.texts()));
        SessionScene {
            trial,
            walk,
            batteries: frame.cuffs.iter().map(|line| self.batteries.get(&line.cuff).copied()).collect(),
            trace: self.trace.iter().map(|(at_s, deg)| (at_s - now_s, *deg)).collect(),
            up_next,
            safe_s: self.recorder.safe_through().seconds(),
            trouble: self.trouble.as_ref().map(ToString::to_string),
            frame,
        }
    }

    fn remember_angle(&mut self) {
        let now_s = self.now.seconds();
        let (stage, angle) = (self.frame().stage, self.frame().angle_deg);
        if stage != Stage::Set {
            self.trace.clear();
            return;
        }
        while self.trace.front().is_some_and(|(at_s, _)| *at_s < now_s - TRACE_S) {
            self.trace.pop_front();
        }
        if let Some(angle_deg) = angle
            && self.trace.back().is_none_or(|(at_s, _)| now_s - at_s >= TRACE_STEP_S)
        {
            self.trace.push_back((now_s, angle_deg));
        }
    }
}

fn tests_of(plan: &SessionPlan) -> Vec<TestAsked> {
    plan.known.iter().flat_map(|known| known.tests.clone()).collect()
}

/// When the last repetition or stride of these events was known: the leg is at rest again by then.
fn last_seen(events: &[Event]) -> Option<Micros> {
    events.iter().rev().find_map(|event| match event {
        Event::RepEnded { at, .. } | Event::RepShort { at, .. } | Event::Strode { at, .. } => Some(*at),
        _ => None,
    })
}

//! [`Run`]: a whole session in virtual time, from looking for cuffs to the summary: the demo, a replay of files, or
//! either of them taken up again.
//!
//! Virtual cuffs speak the profile's real bytes over [`SimTransport`]; everything behind the transport port is what a
//! real radio would feed. The caller says how far virtual time goes ([`Run::advance`]) and draws [`Run::scene`].

mod examinee;
mod person;
mod playback;

use crate::calibrate::Calibration;
use crate::error::AppError;
use crate::files::FileNote;
use crate::household::Talus;
use crate::live::{Live, Resumed};
use crate::profile::PersonRefusal;
use crate::programme::TodaySheet;
use crate::scene::{NearbyLine, PairedLine, Scene};
use crate::source::Source;
use crate::ways::Ways;
use examinee::Examinee;
#[cfg(feature = "storm")]
pub(crate) use person::way_of;
use person::{Invented, Person};
use playback::Playback;
pub use playback::ReplayWish;
use std::collections::{BTreeSet, VecDeque};
use talus_coach::{Answer, Arg, Event, Input, Pace, Prescription, Request, SessionPlan, Tap, Worn};
use talus_cuff::link::Notice;
use talus_motion::{CuffId, LinkState, Micros, Side, StreamConfig};
use talus_sim::{Act, Leg, RepShape, SimTransport, VirtualCuff};
use talus_store::{Kind, SessionId, Wear};

/// How far time goes before everything is looked at again.
const STEP_US: i64 = 50_000;
/// Looking around goes on for this long, so that both cuffs of a pair are there to choose from.
const LOOK_US: i64 = 3_000_000;
/// Cuffs that do not stream by then are given up.
const PAIR_US: i64 = 60_000_000;
/// The exercise whose range is learned while pairing.
pub(crate) const CALIBRATED_WITH: &str = "knee_ext_seated";
/// Notes kept for a shell that does not fetch them.
const NOTES_MAX: usize = 100_000;

/// What the demo should be like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DemoWish {
    /// Equal seeds give equal legs, cuffs and sessions.
    pub seed: u64,
}

/// What is to be practised with simulated cuffs on a simulated leg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PracticeWish {
    /// Equal seeds give equal legs and cuffs.
    pub seed: u64,
    /// Exercise ids, in the order they are done; none for today's session of the programme that is followed.
    pub exercises: Vec<String>,
}

/// Something that happened, in order, for a shell that tells rather than draws.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::large_enum_variant, reason = "shown and dropped, one at a time")]
pub enum Note {
    /// A cuff was found nearby.
    Found(NearbyLine),
    /// A cuff was paired.
    Paired(PairedLine),
    /// A leg's own range is known.
    Calibrated {
        /// The leg.
        side: Side,
        /// Degrees.
        range_deg: Option<f64>,
    },
    /// The session says so.
    Event(Event),
}

/// Where a run is.
enum Part {
    Looking { since: Micros },
    Pairing { until: Micros },
    Calibrating(Box<Calibration>, VecDeque<Side>),
    Session,
}

/// Who moves the leg.
enum Script {
    /// A virtual person.
    Person(Person),
    /// A virtual person who is tested.
    Examinee(Examinee),
    /// Recorded files.
    Playback(Playback),
}

/// A session in virtual time.
pub struct Run {
    talus: Talus,
    ways: Ways<SimTransport>,
    part: Part,
    script: Script,
    live: Option<Live>,
    /// What the links said in this step.
    told: Vec<(CuffId, Notice)>,
    found: BTreeSet<String>,
    sides: Vec<(CuffId, Side)>,
    /// Exercises somebody asked for, where it is no demo, which has its own.
    exercises: Option<Vec<String>>,
    /// Tests somebody asked for.
    tests: Vec<String>,
    notes: VecDeque<Note>,
    closed: bool,
}

impl Run {
    /// Two virtual cuffs on the legs of a virtual person who follows a guided session of three exercises.
    ///
    /// # Errors
    /// [`AppError::Store`] where another session is being recorded: said before a person pairs and calibrates.
    pub fn demo(talus: &Talus, wish: DemoWish) -> Result<Self, AppError> {
        talus.store().ensure_free()?;
        let mut run = Self::new(talus, two_legs(wish.seed), Micros(0), Script::Person(Person::new(wish.seed)));
        run.part = Part::Looking { since: Micros(0) };
        run.ways.scan();
        Ok(run)
    }

    /// Two virtual cuffs on the legs of a virtual person who does these exercises in place of the one Talus is open for:
    /// what is asked for, how much and why follows from everything known of that one, and what is done becomes theirs.
    ///
    /// # Errors
    /// [`AppError::Person`] where nobody is described or screened, the day is locked or an exercise is not open;
    /// [`AppError::Exercise`]; [`AppError::Store`] where another session is being recorded. Said before anything begins.
    pub fn practice(talus: &Talus, wish: PracticeWish) -> Result<Self, AppError> {
        talus.store().ensure_free()?;
        if wish.exercises.is_empty() && !matches!(talus.today_sheet()?, TodaySheet::Train { .. }) {
            return Err(PersonRefusal::NothingToday.into());
        }
        for exercise in &wish.exercises {
            for side in [Side::Left, Side::Right] {
                talus.prescribe(exercise, side, true)?;
            }
        }
        let mut run = Self::new(talus, two_legs(wish.seed), Micros(0), Script::Person(Person::steady(wish.seed)));
        run.exercises = Some(wish.exercises);
        run.part = Part::Looking { since: Micros(0) };
        run.ways.scan();
        Ok(run)
    }

    /// Two virtual cuffs on the legs of a virtual person who is tested in place of the one Talus is open for; what comes out
    /// is kept for that one. `tests` as [`Talus::test_plan`] takes them; equal seeds give equal legs and cuffs.
    ///
    /// # Errors
    /// As [`Talus::test_plan`]; [`AppError::Store`] where another session is being recorded. Said before anything begins.
    pub fn examine(talus: &Talus, seed: u64, tests: &[&str]) -> Result<Self, AppError> {
        talus.store().ensure_free()?;
        let legs = [Side::Left, Side::Right];
        let worn = legs.map(|side| Worn { cuff: CuffId([side as u8; 16]), side, mass_g: 0 });
        talus.test_plan(tests, &worn)?;
        let (examinee, room) = Examinee::new(seed);
        let mut run = Self::new(talus, room, Micros(0), Script::Examinee(examinee));
        run.tests = tests.iter().map(|test| (*test).to_owned()).collect();
        run.part = Part::Looking { since: Micros(0) };
        run.ways.scan();
        Ok(run)
    }

    /// Recorded files, one after the other, each worn by a virtual cuff and followed as one exercise.
    ///
    /// # Errors
    /// [`AppError::File`], [`AppError::Exercise`], [`AppError::Unmatched`], [`AppError::Store`].
    pub fn replay(talus: &Talus, wish: &ReplayWish) -> Result<Self, AppError> {
        let playback = Playback::read(talus, wish)?;
        let live = Live::start(talus, Kind::Replay, playback.plan(talus)?, &playback.source().text(), Micros(0))?;
        let mut run = Self::new(talus, SimTransport::new(0), Micros(0), Script::Playback(playback));
        run.live = Some(live);
        Ok(run)
    }

    /// A demo or replay that was left or killed: `last`, or the beginning of its id.
    ///
    /// # Errors
    /// [`AppError::NothingToResume`], [`AppError::Store`], [`AppError::Source`] for cuffs that were real, and
    /// [`AppError::File`] where a file is not there any more.
    pub fn resume(talus: &Talus, asked: &str) -> Result<Self, AppError> {
        let unfinished = talus.unfinished()?;
        let id = if asked == "last" {
            unfinished.first().ok_or(AppError::NothingToResume)?.id
        } else {
            talus.store().find(talus.profile(), asked)?
        };
        // What cannot be played again is refused before anything is written.
        let detail = talus.store().session(id)?;
        let unknown = || AppError::Source { id, source_text: detail.source.clone() };
        let source = Source::parse(&detail.source).ok_or_else(unknown)?;
        let playback = match &source {
            Source::Files { files, map } => Some(Playback::again(talus, files, map.as_deref(), &detail.plan)?),
            Source::Sim { .. } => None,
            // Those are worn: `Cuffs::resume_training` takes such a session up.
            Source::Cuffs | Source::ByHand => return Err(unknown()),
        };
        let Resumed { live, head, inputs, seen_to } = Live::resume(talus, id)?;
        let now = live.now();
        let (radio, script) = match (source, playback) {
            (Source::Sim { seed }, _) if head.plan.known.as_ref().is_some_and(|known| !known.tests.is_empty()) => {
                let (examinee, room) = Examinee::new(seed);
                (room, Script::Examinee(examinee))
            }
            (Source::Sim { seed }, _) => (two_legs(seed), Script::Person(Person::steady(seed))),
            (Source::Files { .. }, Some(mut playback)) => {
                playback.skip_played(&inputs, &seen_to);
                (SimTransport::new(0), Script::Playback(playback))
            }
            (Source::Files { .. }, None) | (Source::Cuffs | Source::ByHand, _) => return Err(unknown()),
        };
        let mut run = Self::new(talus, radio, now, script);
        run.live = Some(live);
        run.sides = head.plan.worn.iter().map(|worn| (worn.cuff, worn.side)).collect();
        if !matches!(run.script, Script::Playback(_)) {
            run.ways.scan();
        }
        Ok(run)
    }

    fn new(talus: &Talus, radio: SimTransport, now: Micros, script: Script) -> Self {
        Self {
            talus: talus.clone(),
            ways: Ways::new(radio, now),
            part: Part::Session,
            script,
            live: None,
            told: Vec::new(),
            found: BTreeSet::new(),
            sides: Vec::new(),
            exercises: None,
            tests: Vec::new(),
            notes: VecDeque::new(),
            closed: false,
        }
    }

    /// Virtual time since the run began (a resumed session: since the session began).
    pub fn now(&self) -> Micros {
        self.ways.now()
    }

    /// Lets virtual time go on to `to`.
    ///
    /// # Errors
    /// [`AppError::Pairing`], [`AppError::Store`], [`AppError::Plan`]. A disk that is full is no error here: the
    /// session goes on in memory and [`crate::scene::SessionScene::trouble`] says so.
    pub fn advance(&mut self, to: Micros) -> Result<(), AppError> {
        while self.now() < to && !self.over() {
            let next = self.now().plus(STEP_US).min(to);
            let told = &mut self.told;
            self.ways.advance(next, &mut |cuff, notice| told.push((cuff, notice)));
            self.take()?;
            self.part_on()?;
            if let Some(live) = &mut self.live {
                live.pass(next);
            }
            self.script_on()?;
            self.gather();
        }
        Ok(())
    }

    /// Hands on what the links said.
    fn take(&mut self) -> Result<(), AppError> {
        for (cuff, notice) in std::mem::take(&mut self.told) {
            if let Some(live) = &mut self.live {
                live.notice(cuff, notice);
                continue;
            }
            let Part::Calibrating(calibration, _) = &mut self.part else { continue };
            let side = self.sides.iter().find(|(one, _)| *one == cuff).map(|(_, side)| *side);
            if side != Some(calibration.side()) {
                continue;
            }
            match notice {
                Notice::Samples(block) => calibration.samples(&block),
                Notice::Stream(config) => calibration.restart(&config).map_err(|error| refused("the cuff", &error))?,
                _ => {}
            }
        }
        Ok(())
    }

    /// Goes on to the next part when this one is done.
    fn part_on(&mut self) -> Result<(), AppError> {
        let now = self.now();
        match &mut self.part {
            Part::Looking { since } => {
                let since = *since;
                let near = self.ways.nearby();
                for one in &near {
                    if self.found.insert(one.id.0.clone()) {
                        self.notes.push_back(Note::Found(NearbyLine::of(one)));
                    }
                }
                if near.len() >= 2 && now.since(since) >= LOOK_US {
                    for one in near.iter().take(2) {
                        let id = crate::ids::cuff();
                        let told = &mut self.told;
                        self.ways.open(id, &one.sighting, &mut |cuff, notice| told.push((cuff, notice)));
                    }
                    self.ways.stop_scan();
                    self.part = Part::Pairing { until: now.plus(PAIR_US) };
                } else if now.since(since) > PAIR_US {
                    return Err(refused("a cuff", &"none is near"));
                }
            }
            Part::Pairing { until } => {
                let until = *until;
                if self.ways.iter().all(|way| way.card.is_some() && way.state() == LinkState::Streaming) {
                    self.adopt()?;
                    // A test measures the range itself.
                    let tested = matches!(self.script, Script::Examinee(_));
                    let legs = if tested { VecDeque::new() } else { VecDeque::from([Side::Left, Side::Right]) };
                    self.calibrate(legs)?;
                } else if now > until {
                    return Err(refused("the cuffs", &"they do not stream"));
                }
            }
            Part::Calibrating(calibration, sides) => {
                if let Some(range_deg) = calibration.range_deg() {
                    let (side, sides) = (calibration.side(), std::mem::take(sides));
                    let (profile, at_ms) = (self.talus.profile(), crate::clock::utc_ms());
                    self.talus.store().put_calibration(profile, side, CALIBRATED_WITH, range_deg, at_ms)?;
                    self.notes.push_back(Note::Calibrated { side, range_deg: Some(range_deg) });
                    self.calibrate(sides)?;
                }
            }
            Part::Session => {}
        }
        Ok(())
    }

    /// The cuffs are the household's now, and worn.
    fn adopt(&mut self) -> Result<(), AppError> {
        let mut worn = Vec::new();
        let ways: Vec<_> =
            self.ways.iter().map(|way| (way.cuff(), way.sighting.name.clone(), way.card.clone())).collect();
        for (provisional, name, card) in ways {
            let Some(card) = card else { continue };
            let side = card.side.unwrap_or(if worn.is_empty() { Side::Left } else { Side::Right });
            let mass_g = card.mass_g.unwrap_or(0);
            let cuff = self.talus.adopt(card.family.name(), &card.serial, &name, card.mass_g)?;
            self.ways.rename(provisional, cuff);
            self.sides.push((cuff, side));
            worn.push(Wear { cuff, side, mass_g, site: "ankle".to_owned() });
        }
        self.talus.store().wear(self.talus.profile(), &worn, crate::clock::utc_ms())?;
        for line in self.paired() {
            self.notes.push_back(Note::Paired(line));
        }
        Ok(())
    }

    /// Learns the next leg's range, or begins the session where every leg is known.
    fn calibrate(&mut self, mut sides: VecDeque<Side>) -> Result<(), AppError> {
        let Some(side) = sides.pop_front() else { return self.begin() };
        let model = self.talus.catalogue().exercise(CALIBRATED_WITH)?.model;
        let config = self.config_of(side);
        let Some(config) = config else { return self.calibrate(sides) };
        let calibration = Calibration::new(side, model, &config).map_err(|error| refused("the cuff", &error))?;
        self.part = Part::Calibrating(Box::new(calibration), sides);
        Ok(())
    }

    fn config_of(&self, side: Side) -> Option<StreamConfig> {
        let cuff = self.sides.iter().find(|(_, one)| *one == side).map(|(cuff, _)| *cuff)?;
        self.ways.get(cuff)?.config.clone()
    }

    /// Begins the guided session with the cuffs as they are worn.
    fn begin(&mut self) -> Result<(), AppError> {
        let (plan, seed) = match (&self.script, &self.exercises) {
            (Script::Playback(_), _) => return Ok(()),
            (Script::Examinee(examinee), _) => {
                let tests: Vec<&str> = self.tests.iter().map(String::as_str).collect();
                (self.talus.test_plan(&tests, &self.worn()?)?, examinee.seed())
            }
            (Script::Person(person), None) => (self.demo_plan()?, person.seed()),
            (Script::Person(person), Some(exercises)) => (self.practice_plan(exercises)?, person.seed()),
        };
        let source = Source::Sim { seed };
        let mut live = Live::start(&self.talus, Kind::Demo, plan, &source.text(), self.now())?;
        for way in self.ways.iter() {
            // The links stand already: the session is told as if they had come up now.
            live.input(&Input::Link { at: Micros(0), cuff: way.cuff(), state: way.state() });
            if let Some(config) = &way.config {
                live.input(&Input::Stream(config.clone()));
            }
            live.battery(way.cuff(), way.battery_percent);
        }
        self.live = Some(live);
        self.part = Part::Session;
        Ok(())
    }

    fn worn(&self) -> Result<Vec<Worn>, AppError> {
        let worn = self.talus.store().worn(self.talus.profile())?;
        Ok(worn.into_iter().map(|wear| Worn { cuff: wear.cuff, side: wear.side, mass_g: wear.mass_g }).collect())
    }

    fn practice_plan(&self, exercises: &[String]) -> Result<SessionPlan, AppError> {
        if exercises.is_empty() {
            return self.talus.today_plan(&self.worn()?);
        }
        let exercises: Vec<&str> = exercises.iter().map(String::as_str).collect();
        self.talus.session_plan(&exercises, &self.worn()?)
    }

    fn demo_plan(&self) -> Result<SessionPlan, AppError> {
        let worn = self.worn()?;
        let invented = Invented::new(self.talus.catalogue().rules())?;
        let mut legs = Vec::new();
        let mut blocks = Vec::new();
        for exercise in person::EXERCISES {
            let of = self.talus.catalogue().exercise(exercise)?;
            for one in &worn {
                legs.push(invented.leg(of, one.side, self.talus.catalogue().rules()));
                blocks.push(Prescription {
                    exercise: of.id.clone(),
                    side: one.side,
                    mass_g: one.mass_g,
                    sets: 1,
                    reps: Some(person::REPS),
                    rest_s: person::REST_S,
                    own_range_deg: self.talus.store().own_range(self.talus.profile(), exercise, one.side)?,
                    why: self.talus.texts().say("pairing.why.demo", &[]),
                });
            }
        }
        let language = self.talus.language().to_owned();
        Ok(SessionPlan { blocks, worn, pace: Pace::Guided, language, known: Some(Box::new(invented.known(legs))) })
    }

    /// Lets whoever moves the leg go on.
    fn script_on(&mut self) -> Result<(), AppError> {
        let now = self.now();
        if self.live.is_some() && !matches!(self.script, Script::Playback(_)) && self.ways.iter().next().is_none() {
            self.back();
        }
        match &mut self.script {
            Script::Examinee(examinee) => {
                if let Some(live) = &mut self.live {
                    examinee.follow(live, self.talus.catalogue(), now);
                }
            }
            Script::Person(person) => match (&mut self.live, &self.part) {
                (Some(live), _) => person.follow(live, &mut self.ways.radio, now),
                (None, Part::Calibrating(calibration, _)) => {
                    person.calibrate(calibration, &mut self.ways.radio);
                }
                _ => {}
            },
            Script::Playback(playback) => {
                let Some(live) = &mut self.live else { return Ok(()) };
                playback.play(live, &mut self.ways, &mut self.told)?;
            }
        }
        Ok(())
    }

    /// Taken up again: the cuffs come back as after any lost link, once all of them are there.
    fn back(&mut self) {
        let near = self.ways.nearby();
        let there = |side| near.iter().find(|one| one.sighting.side == Some(side));
        if self.sides.iter().any(|(_, side)| there(*side).is_none()) {
            return;
        }
        for (cuff, side) in &self.sides {
            let Some(one) = there(*side) else { continue };
            let told = &mut self.told;
            self.ways.open(*cuff, &one.sighting, &mut |cuff, notice| told.push((cuff, notice)));
        }
        self.ways.stop_scan();
    }

    /// Collects what happened, and ends the links when the session is over.
    fn gather(&mut self) {
        let Some(live) = &mut self.live else { return };
        let requests = live.requests();
        self.notes.extend(live.events().map(Note::Event));
        while self.notes.len() > NOTES_MAX {
            self.notes.pop_front();
        }
        for request in requests {
            if let Request::Identify(cuff) = request {
                self.ways.identify(cuff);
            }
        }
        if live.over() && !self.closed {
            self.closed = true;
            // The session is over: what the closing links say is no input any more.
            self.ways.close(&mut |_, _| {});
        }
    }

    /// The picture for a shell.
    pub fn scene(&self) -> Scene {
        if let Some(live) = &self.live {
            return Scene::Session(Box::new(live.scene(self.up_next(live))));
        }
        match &self.part {
            Part::Looking { .. } => Scene::Nearby(self.ways.nearby().iter().map(NearbyLine::of).collect()),
            Part::Calibrating(calibration, _) => Scene::Calibrate(calibration.scene(self.talus.texts())),
            Part::Pairing { .. } | Part::Session => Scene::Pairing { cuffs: self.paired() },
        }
    }

    /// What comes after this, in words; empty when nothing does.
    fn up_next(&self, live: &Live) -> String {
        let Some((exercise, side)) = live.next_up() else { return String::new() };
        let name = self.talus.exercise_name(exercise);
        self.talus.texts().say_for("pairing.up_next", side, &[("exercise", Arg::Text(&name))])
    }

    fn paired(&self) -> Vec<PairedLine> {
        self.ways
            .iter()
            .map(|way| {
                let known = self.sides.iter().find(|(cuff, _)| *cuff == way.cuff()).map(|(_, side)| *side);
                let (seen, card) = (&way.sighting, way.card.as_ref());
                PairedLine {
                    name: seen.name.clone(),
                    side: known.or(card.and_then(|card| card.side)).or(seen.side).unwrap_or(Side::Left),
                    mass_g: card.and_then(|card| card.mass_g).or(seen.mass_g).unwrap_or(0),
                    battery_percent: way.battery_percent,
                    firmware: card.map(|card| card.firmware.clone()).unwrap_or_default(),
                    streaming: way.state() == LinkState::Streaming,
                }
            })
            .collect()
    }

    /// What happened since the last call, in order.
    pub fn notes(&mut self) -> Vec<Note> {
        self.notes.drain(..).collect()
    }

    /// Somebody pressed something; nothing happens before the session has begun.
    pub fn press(&mut self, tap: Tap) {
        if let Script::Person(person) = &mut self.script {
            person.pressed(tap);
        }
        if let Some(live) = &mut self.live {
            live.press(tap);
        }
        // A session that this ended does not go on any more, and is not looked at again by `advance`.
        self.gather();
    }

    /// Somebody answered a question.
    pub fn answer(&mut self, answer: Answer) {
        if let Some(live) = &mut self.live {
            live.answer(answer);
        }
        self.gather();
    }

    /// Whether the session has come to its end.
    pub fn over(&self) -> bool {
        self.live.as_ref().is_some_and(Live::over)
    }

    /// Share of the files that was played, 0 to 1; `None` for a demo.
    pub fn progress(&self) -> Option<f64> {
        match &self.script {
            Script::Playback(playback) => Some(playback.progress(self.now())),
            Script::Person(_) | Script::Examinee(_) => None,
        }
    }

    /// What a person may want to know about the files of a replay: a file's name and what was found in it. Empty for
    /// a demo.
    pub fn file_notes(&self) -> Vec<(String, FileNote)> {
        match &self.script {
            Script::Playback(playback) => playback.file_notes(),
            Script::Person(_) | Script::Examinee(_) => Vec::new(),
        }
    }

    /// Counts of what the links saw, by name.
    pub fn counters(&self) -> std::collections::BTreeMap<&'static str, u64> {
        self.ways.counters()
    }

    /// Makes everything so far safe at once, as a shell does when it is sent to the background. Gives the session time
    /// that is safe; zero before the session has begun.
    ///
    /// # Errors
    /// [`AppError::Store`] where it cannot be written; the session goes on in memory.
    pub fn save(&mut self) -> Result<Micros, AppError> {
        self.live.as_mut().map_or(Ok(Micros(0)), |live| Ok(live.save()?))
    }

    /// Lets go of the session: everything up to now is written, and it can be taken up again. `None` where it had not
    /// begun.
    ///
    /// # Errors
    /// [`AppError::Store`] where the last seconds could not be written; what was shown as safe is.
    pub fn leave(self) -> Result<Option<(SessionId, Micros)>, AppError> {
        self.live.map(|live| live.leave().map_err(AppError::from)).transpose()
    }

    /// Ends the session and waits until all of it is safe. A session that is not over is stopped first. `None` where
    /// it had not begun.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn finish(mut self) -> Result<Option<SessionId>, AppError> {
        if let Some(live) = &mut self.live
            && !live.over()
        {
            live.press(Tap::Stop);
        }
        self.live.map(|live| live.finish().map_err(AppError::from)).transpose()
    }
}

fn refused(name: &str, why: &dyn std::fmt::Display) -> AppError {
    AppError::Pairing { name: name.to_owned(), why: why.to_string() }
}

/// A room with one person who wears a cuff on each leg.
pub(crate) fn two_legs(seed: u64) -> SimTransport {
    let mut room = SimTransport::new(seed);
    for side in [Side::Left, Side::Right] {
        let mut leg = Leg::new(side, seed);
        leg.act(0.0, Act::Reposition { shape: RepShape::SeatedKneeExtension });
        room.add(VirtualCuff::worn_by(leg, seed));
    }
    room
}

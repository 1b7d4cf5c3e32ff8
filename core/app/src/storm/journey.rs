//! One journey: pair, calibrate, a session that is befallen by this and that, and then everything one does with it.
//!
//! What holds on the way: time and what is safe never run back; nothing that was called safe is lost, to the byte; no
//! weight beyond what was prescribed or may be; every stage has a way out that works; queues and lists stay short.

use super::air::Air;
use super::disk::Picture;
use super::person::Person;
use super::plan::{Blow, LONG_US, Plan};
use super::{Journey, Tally, after, judge};
use crate::calibrate::Calibration;
use crate::engine::Engine;
use crate::household::{Opening, Talus};
use crate::live::{Live, Resumed};
use crate::profile::without_a_worry;
use crate::recording::Checksum;
use crate::run::{CALIBRATED_WITH, way_of};
use crate::ways::Ways;
use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use talus_coach::{Event, Input, SessionPlan, Stage, Tap, Worn};
use talus_cuff::link::Notice;
use talus_cuff::transport::RadioState;
use talus_motion::{CuffId, LinkState, Micros, Rep, Side};
use talus_sim::{Act, Chance, SimTransport, Storm};
use talus_store::lab::{Disk, DiskFault};
use talus_store::{CuffRow, Kind, SessionId, StoreError, Wear, kept};

/// How far time goes before everything is looked at again, µs.
const STEP_US: i64 = 50_000;
/// Cuffs are found and stream by then, µs: the flood at the beginning is over long before.
const PAIR_US: i64 = 120_000_000;
/// A leg that did not learn its range by then goes without, µs.
const CALIBRATE_US: i64 = 40_000_000;
/// No stage lasts longer with somebody who looks for the way out, µs.
const STUCK_US: i64 = 90_000_000;
/// What waits for the writer, ways at once, devices nearby, points of the trace: never more.
const WAITING_MAX: u64 = 5;
const WAYS_MAX: usize = 4;
const NEARBY_MAX: usize = 64;
const TRACE_MAX: usize = 202;

/// The rules of the catalogue once more and by hand: 5 kg on an ankle, half of it from 65 on. Who turns 65 this year or the
/// next may be either.
const HARD_G: u32 = 5000;
const HARD_OLD_G: u32 = 2500;
const OLD_YEARS: i64 = 67;

/// `holds!(condition, "what does not hold", …)`.
macro_rules! holds {
    ($held:expr, $($words:tt)+) => {
        if !$held {
            return Err(format!($($words)+));
        }
    };
}
pub(super) use holds;

/// Any error as what a journey broke.
pub(super) fn failed<E: std::fmt::Display>(what: &'static str) -> impl Fn(E) -> String {
    move |error| format!("{what}: failed to {error}")
}

/// What was acknowledged last.
#[derive(Default)]
struct Safe {
    through: Micros,
    /// Repetitions told until then.
    reps: usize,
    /// The files at that moment, where they are going to be needed.
    picture: Option<Picture>,
}

pub(super) struct Walk {
    pub(super) plan: Plan,
    pub(super) opening: Opening,
    pub(super) around: PathBuf,
    pub(super) talus: Talus,
    ways: Ways<Air>,
    person: Person,
    pub(super) id: SessionId,
    safe: Safe,
    disk: Disk,
    /// The disk fails until then; how many saves may still say so after that.
    failing: Option<Micros>,
    grace: u8,
    radio_off: Option<Micros>,
    told: Vec<(CuffId, Notice)>,
    /// Session time from which on it is ways' time less this.
    origins: Vec<(Micros, i64)>,
    /// Repetitions as they were told.
    pub(super) reps: Vec<Rep>,
    /// Most weight of an exercise and leg, grams, and of everything.
    caps: BTreeMap<(String, Side), u32>,
    hard_g: u32,
    pub(super) chance: Chance,
    pub(super) seen: Checksum,
    /// Whether all of it follows from the seed: see [`Journey::digest`].
    repeatable: bool,
    pub(super) tally: Tally,
}

/// The journey of a seed in an empty folder.
pub(super) fn make(seed: u64, folder: &Path) -> Result<Journey, String> {
    let plan = Plan::of(seed);
    let opening = Opening {
        database: folder.join("household/talus.db"),
        language: plan.language.to_owned(),
        zone: Some(plan.zone.to_owned()),
    };
    let talus = Talus::open(opening.clone()).map_err(failed("opening"))?;
    let mut walk = Walk {
        ways: Ways::new(room(&plan), Micros(0)),
        person: Person::new(seed),
        opening,
        around: folder.to_owned(),
        talus,
        id: session_id(seed),
        safe: Safe::default(),
        disk: Disk::default(),
        failing: None,
        grace: 0,
        radio_off: None,
        told: Vec::new(),
        origins: Vec::new(),
        reps: Vec::new(),
        caps: BTreeMap::new(),
        hard_g: 0,
        chance: Chance::new(seed).branch(505),
        seen: Checksum::new(),
        repeatable: true,
        tally: Tally::default(),
        plan,
    };
    walk.tally.add("journeys", 1);
    for drawn in walk.plan.drawn().collect::<Vec<_>>() {
        walk.tally.add(drawn, 1);
    }
    walk.described()?;
    walk.pair()?;
    walk.calibrate()?;
    if let Some(live) = walk.begin()? {
        let live = walk.train(live)?;
        walk.end(live)?;
        judge::judge(&mut walk)?;
        after::after(&mut walk)?;
    }
    Ok(Journey { digest: walk.repeatable.then(|| walk.seen.value()), tally: walk.tally })
}

fn room(plan: &Plan) -> Air {
    let mut room = SimTransport::new(plan.seed);
    for side in [Side::Left, Side::Right] {
        room.add(plan.cuff(side));
    }
    Air::over(Storm::over(room, plan.weather, plan.seed), plan.seed)
}

fn cuff_id(side: Side) -> CuffId {
    CuffId([1 + u8::from(side == Side::Right); 16])
}

/// Ids of a clock and of chance would order cuffs and sessions differently each time.
fn session_id(seed: u64) -> SessionId {
    let mut id = [7; 16];
    id[8..].copy_from_slice(&seed.to_be_bytes());
    SessionId(id)
}

impl Walk {
    fn now(&self) -> Micros {
        self.ways.now()
    }

    /// Somebody says who they are, and has two cuffs change sides and back.
    fn described(&mut self) -> Result<(), String> {
        let about = without_a_worry(self.plan.birth_year, self.plan.body_kg);
        self.talus.set_about(&about).map_err(failed("saying who it is"))
    }

    /// Lets time go on by a step; what links say waits in `told`.
    fn step(&mut self) {
        let (next, told) = (self.now().plus(STEP_US), &mut self.told);
        self.ways.advance(next, &mut |cuff, notice| told.push((cuff, notice)));
    }

    /// Opens the ways to both cuffs where both are near; whoever else is there is left alone.
    fn open_ways(&mut self) -> Result<bool, String> {
        let near = self.ways.nearby();
        holds!(near.len() <= NEARBY_MAX, "{} devices are kept as nearby", near.len());
        let own = |side| near.iter().find(|one| one.id.0.starts_with("sim:") && one.sighting.side == Some(side));
        let (Some(left), Some(right)) = (own(Side::Left), own(Side::Right)) else { return Ok(false) };
        for (side, one) in [(Side::Left, left), (Side::Right, right)] {
            let told = &mut self.told;
            self.ways.open(cuff_id(side), &one.sighting, &mut |cuff, notice| told.push((cuff, notice)));
        }
        self.ways.stop_scan();
        Ok(true)
    }

    fn pair(&mut self) -> Result<(), String> {
        if self.chance.happens(0.2) {
            self.ways.radio.flood(Micros(0), Micros(3_000_000));
        }
        self.ways.scan();
        while !self.open_ways()? {
            self.step();
            holds!(self.now().0 < PAIR_US, "no cuff is found");
        }
        while !self.ways.iter().all(|way| way.card.is_some() && way.state() == LinkState::Streaming) {
            self.step();
            holds!(self.now().0 < PAIR_US, "cuffs that are near do not stream");
        }
        self.told.clear();
        let mut worn = Vec::new();
        let cards: Vec<_> = self.ways.iter().map(|way| (way.cuff(), way.card.clone())).collect();
        for (side, (cuff, card)) in [Side::Left, Side::Right].into_iter().zip(cards) {
            let card = card.ok_or("a cuff without a card streams")?;
            holds!(card.side == Some(side), "{cuff:?} says it is for the other leg");
            let row = CuffRow {
                id: cuff,
                family: card.family.name().to_owned(),
                serial: card.serial,
                name: format!("{side:?}"),
                dry_mass_g: card.mass_g,
                inserts_g: Vec::new(),
            };
            let known = self.talus.store().put_cuff(&row).map_err(failed("keeping a cuff"))?;
            holds!(known == cuff, "a new cuff has somebody's id");
            worn.push(Wear { cuff, side, mass_g: card.mass_g.unwrap_or(0), site: "ankle".to_owned() });
        }
        let swapped: Vec<_> = worn.iter().map(|one| Wear { side: one.side.other(), ..one.clone() }).collect();
        let (store, profile) = (self.talus.store(), self.talus.profile());
        for (wear, at) in [&worn, &swapped, &worn].into_iter().zip(1000..) {
            store.wear(profile, wear, at).map_err(failed("putting cuffs on"))?;
        }
        let now = store.worn(profile).map_err(failed("looking at cuffs"))?;
        holds!(now == worn, "cuffs that changed sides and back are worn as {now:?}");
        Ok(())
    }

    fn calibrate(&mut self) -> Result<(), String> {
        let model = self.talus.catalogue().exercise(CALIBRATED_WITH).map_err(failed("calibrating"))?.model;
        for side in [Side::Left, Side::Right] {
            let Some(config) = self.ways.get(cuff_id(side)).and_then(|way| way.config.clone()) else { continue };
            let mut calibration = Calibration::new(side, model, &config).map_err(failed("calibrating"))?;
            let (until, leg) = (self.now().plus(CALIBRATE_US), usize::from(side == Side::Right));
            let mut moved = false;
            while calibration.range_deg().is_none() && self.now() < until {
                self.step();
                for (cuff, notice) in std::mem::take(&mut self.told) {
                    match notice {
                        Notice::Samples(block) if cuff == cuff_id(side) => calibration.samples(&block),
                        Notice::Stream(config) if cuff == cuff_id(side) => {
                            calibration.restart(&config).map_err(failed("calibrating"))?;
                        }
                        _ => {}
                    }
                }
                let room = &mut self.ways.radio.storm.room;
                if !calibration.moving() {
                    moved = false;
                } else if !moved && room.idle(leg) {
                    moved = true;
                    let (shape, range_deg, tempo) = way_of(CALIBRATED_WITH);
                    room.act(leg, Act::Reps { shape, n: 3, range_deg, tempo, variability: 0.05 });
                }
            }
            match calibration.range_deg() {
                Some(range_deg) => {
                    holds!((20.0..=120.0).contains(&range_deg), "a leg of 72° is taken for one of {range_deg}°");
                    self.tally.add("calibrated", 1);
                    let (store, profile) = (self.talus.store(), self.talus.profile());
                    store
                        .put_calibration(profile, side, CALIBRATED_WITH, range_deg, 2000)
                        .map_err(failed("keeping a range"))?;
                }
                None => self.tally.add("uncalibrated", 1),
            }
        }
        Ok(())
    }

    /// The session of what is open to this person; `None` where nothing is.
    fn begin(&mut self) -> Result<Option<Live>, String> {
        let worn: Vec<_> = self.talus.worn().map_err(failed("looking at cuffs"))?;
        let worn: Vec<_> = worn.iter().map(|one| Worn { cuff: one.cuff, side: one.side, mass_g: one.mass_g }).collect();
        let open =
            |id: &&&str| [Side::Left, Side::Right].into_iter().all(|side| self.talus.prescribe(id, side, true).is_ok());
        let chosen: Vec<&str> = self.plan.exercises.iter().filter(open).take(2).copied().collect();
        if chosen.is_empty() {
            self.tally.add("nothing_open", 1);
            return Ok(None);
        }
        let mut plan = self.talus.session_plan(&chosen, &worn).map_err(failed("planning"))?;
        for block in &mut plan.blocks {
            (block.sets, block.reps, block.rest_s) = (self.plan.sets, Some(self.plan.reps), self.plan.rest_s);
        }
        self.cap(&plan)?;
        let mut head = self.talus.head(Kind::Demo, plan, "storm".to_owned());
        head.id = self.id;
        self.talus.store().on_disk(self.disk.clone());
        let origin = self.now();
        let mut live = Live::begin(&self.talus, &head, origin).map_err(failed("beginning"))?;
        live.commits_when_told();
        for way in self.ways.iter() {
            live.input(&Input::Link { at: Micros(0), cuff: way.cuff(), state: way.state() });
            if let Some(config) = &way.config {
                live.input(&Input::Stream(config.clone()));
            }
            live.battery(way.cuff(), way.battery_percent);
        }
        self.origins.push((Micros(0), origin.0));
        Ok(Some(live))
    }

    /// The most each leg may carry, and that more is refused.
    fn cap(&mut self, plan: &SessionPlan) -> Result<(), String> {
        let known = plan.known.as_ref().ok_or("a plan for somebody who is described knows nobody")?;
        let year = 1970 + known.today / 365;
        let old = year - i64::from(self.plan.birth_year) >= OLD_YEARS;
        self.hard_g = if old { HARD_OLD_G } else { HARD_G };
        for leg in &known.legs {
            holds!(leg.ceiling.mass_g <= self.hard_g, "{} g are open to {}", leg.ceiling.mass_g, leg.exercise);
            self.caps.insert((leg.exercise.clone(), leg.side), leg.ceiling.mass_g);
        }
        for at in 0..plan.blocks.len() {
            let mut heavy = plan.clone();
            let block = &mut heavy.blocks[at];
            let cap = self.caps.get(&(block.exercise.clone(), block.side)).copied().unwrap_or(0);
            holds!(block.mass_g <= cap, "{} g are prescribed where {cap} g are the most", block.mass_g);
            // The engine's own wall is that of the rules, whoever made the plan.
            block.mass_g = HARD_G + 250;
            holds!(Engine::new(heavy, self.talus.catalogue()).is_err(), "a plan with {} g is followed", HARD_G + 250);
        }
        Ok(())
    }

    fn picture(&self) -> Picture {
        Picture::of(&self.opening.database, &self.talus.store().recording_path(self.id))
    }

    fn train(&mut self, mut live: Live) -> Result<Live, String> {
        let began = self.now();
        let mut blows: VecDeque<_> = self.plan.blows.iter().copied().collect();
        let mut next_save = began.plus(1_000_000);
        let mut strikes = None;
        while !live.over() && self.now().since(began) < LONG_US {
            let before = live.now();
            self.step();
            for (cuff, notice) in std::mem::take(&mut self.told) {
                live.notice(cuff, notice);
            }
            live.pass(self.now());
            let now = self.now();
            self.person.follow(&mut live, &mut self.ways.radio.storm.room, now);
            self.hear(&mut live);
            holds!(live.now() >= before, "time runs back from {before:?} to {:?}", live.now());
            self.look(&live)?;
            if self.ways.iter().next().is_none() {
                self.open_ways()?;
            }
            self.recover();
            let Some((due, blow)) = blows.front().map(|(at, blow)| (began.plus(*at), *blow)) else {
                if self.now() >= next_save {
                    next_save = self.now().plus(1_000_000);
                    self.save(&mut live)?;
                }
                continue;
            };
            let kills = matches!(blow, Blow::Kill | Blow::PowerCut);
            if self.now() >= next_save {
                next_save = self.now().plus(1_000_000);
                let saved = self.save(&mut live)?;
                // What is on disk now is what a kill within the second that begins must leave.
                if saved && kills && due < next_save {
                    self.safe.picture = Some(self.picture());
                    let within = self.chance.between(0.0, 0.9e6) as i64;
                    strikes = Some(self.now().plus(within).max(due));
                }
            }
            let strikes_at = if kills { strikes } else { Some(due) };
            if strikes_at.is_some_and(|at| self.now() >= at) {
                blows.pop_front();
                strikes = None;
                live = self.blow(live, blow)?;
                next_save = self.now().plus(1_000_000);
            }
        }
        if !live.over() {
            live.press(Tap::Stop);
            holds!(live.over(), "a session does not stop where it is told to, in {:?}", live.frame().stage);
        }
        self.hear(&mut live);
        self.tally.add("seconds", self.now().since(began).unsigned_abs() / 1_000_000);
        Ok(live)
    }

    /// Takes everything that was told; it stands in the digest.
    fn hear(&mut self, live: &mut Live) {
        for event in live.events() {
            // Writing into a checksum cannot fail.
            let _ = write!(self.seen, "{event:?}");
            match event {
                Event::RepEnded { rep, .. } | Event::RepShort { rep, .. } => self.reps.push(rep),
                Event::LinkChanged { state: LinkState::Lost, .. } => self.tally.add("links_lost", 1),
                Event::Gapped { .. } => self.tally.add("gaps", 1),
                _ => {}
            }
        }
        live.requests();
    }

    /// What holds of every picture.
    fn look(&mut self, live: &Live) -> Result<(), String> {
        let frame = live.frame();
        if let Some(side) = frame.side {
            let cap = self.caps.get(&(frame.exercise.clone(), side)).copied().unwrap_or(self.hard_g);
            holds!(frame.mass_g <= cap, "{} g on a leg that may carry {cap} g in {}", frame.mass_g, frame.exercise);
        }
        let numbers = [frame.angle_deg, frame.target_deg, frame.left_s, frame.cadence_per_min];
        holds!(numbers.into_iter().flatten().all(f64::is_finite), "a picture with no number in it: {numbers:?}");
        if let Some((stage, waited_us)) = self.person.waited(self.now()) {
            holds!(stage == Stage::Summary || waited_us < STUCK_US, "no way out of {stage:?}");
        }
        let waiting = live.counters().waiting;
        let fine = self.failing.is_none() && self.grace == 0;
        holds!(!fine || waiting <= WAITING_MAX, "{waiting} seconds wait for the disk");
        holds!(self.ways.iter().count() <= WAYS_MAX, "more than {WAYS_MAX} ways");
        Ok(())
    }

    /// What was said so far is made safe; `false` where a disk that fails does not let it.
    fn save(&mut self, live: &mut Live) -> Result<bool, String> {
        let trace = live.scene(String::new()).trace.len();
        holds!(trace <= TRACE_MAX, "a trace of {trace} points");
        match live.save() {
            Ok(through) => {
                holds!(through >= self.safe.through, "what is safe runs back to {through:?}");
                holds!(self.failing.is_none() || through == self.safe.through, "a disk that fails is called safe");
                (self.safe.through, self.grace) = (through, 0);
                self.safe.reps = self.reps.len();
                self.tally.add("saves", 1);
                Ok(self.failing.is_none())
            }
            // What was said before the disk came back may be heard once more.
            Err(_) if self.failing.is_some() || self.grace > 0 => {
                self.grace = self.grace.saturating_sub(u8::from(self.failing.is_none()));
                self.tally.add("saves_refused", 1);
                Ok(false)
            }
            Err(error) => Err(format!("a disk that works: failed to {error}")),
        }
    }

    /// What failed for a while works again.
    fn recover(&mut self) {
        if self.failing.is_some_and(|until| self.now() >= until) {
            self.mend();
        }
        if self.radio_off.is_some_and(|until| self.now() >= until) {
            self.radio_off = None;
            self.ways.radio.storm.room.set_radio(RadioState::On);
        }
    }

    fn mend(&mut self) {
        if self.failing.take().is_some() {
            self.disk.fail(DiskFault::None);
            self.grace = 2;
        }
    }

    fn blow(&mut self, live: Live, blow: Blow) -> Result<Live, String> {
        let now = self.now();
        let name = match blow {
            Blow::Cut { cuff, for_us } => {
                self.ways.radio.storm.room.cut(cuff, for_us);
                "blow_cut"
            }
            Blow::Reboot { cuff } => {
                self.ways.radio.storm.room.reboot(cuff);
                "blow_reboot"
            }
            Blow::RadioOff { for_us } => {
                self.ways.radio.storm.room.set_radio(RadioState::Off);
                self.radio_off = Some(now.plus(for_us));
                "blow_radio_off"
            }
            Blow::Flood { for_us } => {
                self.ways.radio.flood(now, now.plus(for_us));
                "blow_flood"
            }
            Blow::DiskFull { for_us } => {
                self.disk.fail(DiskFault::Full);
                self.failing = Some(now.plus(for_us));
                "blow_disk_full"
            }
            Blow::NoSync { for_us } => {
                self.disk.fail(DiskFault::NoSync);
                self.failing = Some(now.plus(for_us));
                "blow_no_sync"
            }
            Blow::Kill | Blow::PowerCut | Blow::Leave => {
                self.tally.add(
                    match blow {
                        Blow::Kill => "blow_kill",
                        Blow::PowerCut => "blow_power_cut",
                        _ => "blow_leave",
                    },
                    1,
                );
                return self.killed(live, blow);
            }
        };
        self.tally.add(name, 1);
        Ok(live)
    }

    /// The process is gone, and begins anew.
    fn killed(&mut self, mut live: Live, blow: Blow) -> Result<Live, String> {
        let before = self.safe.picture.take();
        let recording = self.talus.store().recording_path(self.id);
        let mut after = None;
        match blow {
            Blow::Kill => drop(live),
            Blow::PowerCut => {
                self.mend();
                self.repeatable &= self.tally.of("blow_disk_full") + self.tally.of("blow_no_sync") == 0;
                // The second that is cut is written whole; what of it stays is drawn.
                let written = (0..4).any(|_| live.save().is_ok());
                holds!(written, "a disk that works takes nothing");
                after = Some(self.picture());
                drop(live);
            }
            _ => {
                self.mend();
                let left = (0..4).any(|_| live.save().is_ok());
                holds!(left, "a disk that works takes nothing");
                let (_, through) = live.leave().map_err(failed("leaving"))?;
                holds!(through >= self.safe.through, "leaving takes back what was safe");
                (self.safe.through, self.safe.reps) = (through, self.reps.len());
            }
        }
        // The old one's files are closed before anything is changed below it.
        let elsewhere = self.around.join("nobody/talus.db");
        self.talus = Talus::open(Opening { database: elsewhere, ..self.opening.clone() }).map_err(failed("opening"))?;
        if let (Some(before), Some(after)) = (&before, &after) {
            before
                .cut(after, &mut self.chance, &self.opening.database, &recording)
                .map_err(|error| format!("no power cut: {error}"))?;
        }
        self.talus = Talus::open(self.opening.clone()).map_err(failed("opening after a kill"))?;
        self.talus.store().on_disk(self.disk.clone());
        let now = self.now();
        let nowhere = Air::over(Storm::over(SimTransport::new(0), self.plan.weather, 0), 0);
        let mut air = std::mem::replace(&mut self.ways, Ways::new(nowhere, now)).radio;
        air.abandoned(now);
        self.ways = Ways::new(air, now);
        self.told.clear();
        self.ways.scan();
        self.taken_up(before.as_ref(), &recording)
    }

    /// The session is there, with everything that was safe, and goes on.
    fn taken_up(&mut self, before: Option<&Picture>, recording: &Path) -> Result<Live, String> {
        let unfinished = self.talus.unfinished().map_err(failed("looking for what was left"))?;
        holds!(unfinished.iter().any(|row| row.id == self.id), "a killed session is not there");
        if let Some(before) = before {
            let now = std::fs::read(recording).unwrap_or_default();
            holds!(
                now.starts_with(&before.recording),
                "bytes that were safe are not in the recording: {} of {}",
                now.len(),
                before.recording.len()
            );
        }
        self.all_there()?;
        let Resumed { mut live, .. } = {
            let again = Live::resume_at(&self.talus, self.id, self.ways.now());
            again.map_err(failed("taking it up again"))?
        };
        live.commits_when_told();
        holds!(live.now() >= self.safe.through, "taken up at {:?}, safe was {:?}", live.now(), self.safe.through);
        self.origins.push((live.now(), self.now().0 - live.now().0));
        self.reps.truncate(self.safe.reps);
        self.person.comes_back();
        self.tally.add("taken_up", 1);
        Ok(live)
    }

    /// Every repetition that was called safe is kept.
    pub(super) fn all_there(&self) -> Result<(), String> {
        let detail = self.talus.store().session(self.id).map_err(failed("reading a session"))?;
        let stored: Vec<&Rep> = detail.sets.iter().flat_map(|set| &set.reps).collect();
        for rep in &self.reps[..self.safe.reps] {
            let rep = kept(rep);
            holds!(
                stored.iter().any(|one| **one == rep),
                "a repetition that was safe is lost: {:?} to {:?}, of {}",
                rep.start,
                rep.end,
                self.safe.reps
            );
        }
        Ok(())
    }

    fn end(&mut self, mut live: Live) -> Result<(), String> {
        let failing = self.failing.is_some() || self.grace > 0;
        if !failing {
            self.save(&mut live)?;
        }
        match live.finish() {
            Ok(_) => self.safe.reps = self.reps.len(),
            Err(StoreError::WithoutRaw { .. }) if failing => self.tally.add("finished_without_raw", 1),
            Err(error) => return Err(format!("finishing: failed to {error}")),
        }
        self.mend();
        self.tally.add("reps_done", self.person.done);
        self.tally.add("nonsense", self.ways.radio.nonsense);
        let _ = write!(self.seen, "{:?}", self.ways.counters());
        self.all_there()
    }

    /// Times of a stored repetition as the leg has them, seconds.
    pub(super) fn true_times(&self, rep: &Rep) -> (f64, f64) {
        let origin = self.origins.iter().rev().find(|(from, _)| *from <= rep.end).map_or(0, |(_, origin)| *origin);
        (rep.start.plus(origin).seconds(), rep.end.plus(origin).seconds())
    }

    /// Repetitions a leg really did, from when to when, seconds.
    pub(super) fn truth(&self, side: Side) -> Vec<(f64, f64)> {
        let room = &self.ways.radio.storm.room;
        let truth = room.cuff(usize::from(side == Side::Right)).and_then(|cuff| cuff.truth());
        truth.into_iter().flat_map(|truth| &truth.reps).map(|rep| (rep.start_s, rep.end_s)).collect()
    }

    pub(super) fn ups(&self) -> u64 {
        self.person.ups
    }

    /// The most a set may have carried.
    pub(super) fn cap_of(&self, exercise: &str, side: Side) -> u32 {
        self.caps.get(&(exercise.to_owned(), side)).copied().unwrap_or(0)
    }
}

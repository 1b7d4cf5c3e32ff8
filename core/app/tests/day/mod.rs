//! A day of two cuffs at 200 samples a second: a person does one set after the other, and everything between the bytes of the
//! radio and the picture of a shell is the app's own. For the test of what a day leaves in memory, and for the bench of what
//! it costs.

#![allow(dead_code, clippy::unwrap_used)] // each of the two takes what it needs

use std::path::Path;
use std::sync::Arc;
use talus_app::live::Live;
use talus_app::motion::{CuffId, Micros, Sample, Side, Tempo};
use talus_app::scene::SessionScene;
use talus_app::store::{Kind, SessionId};
use talus_app::ways::Ways;
use talus_app::{Opening, Talus};
use talus_coach::{Answer, Pace, Prescription, SessionPlan, Stage, Tap, Worn};
use talus_cuff::link::Notice;
use talus_cuff::transport::Transport;
use talus_sim::{Act, Leg, Motion, RepShape, SensorErrors, SimTransport, VirtualCuff};

/// Samples a second of each cuff.
pub(crate) const RATE_HZ: f64 = 200.0;
/// Repetitions of each set.
pub(crate) const REPS: u32 = 10;
/// Time between two pictures: thirty a second.
pub(crate) const BEAT_US: i64 = 33_333;
/// Sets of each leg: more than anybody does in a day.
const SETS: u8 = 200;

const CUFFS: [CuffId; 2] = [CuffId([1; 16]), CuffId([2; 16])];
const SHAPE: RepShape = RepShape::SeatedKneeExtension;
const RANGE_DEG: f64 = 70.0;
/// How long somebody takes before they answer, confirm, or lift the leg.
const WAIT_US: i64 = 1_500_000;
/// How long somebody waits for the end of a set before they do one more.
const MORE_US: i64 = 4_000_000;

/// A leg that does one set whenever it is asked to, out of memory: what it did is not kept, as a leg of the simulator keeps it.
#[derive(Clone)]
struct Practised {
    samples: Arc<[Sample]>,
    began_s: Option<f64>,
}

impl Practised {
    fn new(side: Side) -> Self {
        let mut leg = Leg::new(side, 1);
        leg.act(0.0, Act::Reposition { shape: SHAPE });
        let tempo = Tempo { lift_s: 1.9, hold_s: 0.9, lower_s: 2.8, rest_s: 0.8 };
        leg.act(4.0, Act::Reps { shape: SHAPE, n: REPS, range_deg: RANGE_DEG, tempo, variability: 0.05 });
        let count = ((leg.end_s() - 3.0) * RATE_HZ) as usize;
        let samples = (0..count).filter_map(|i| leg.sample(3.5 + i as f64 / RATE_HZ)).collect();
        Self { samples, began_s: None }
    }
}

impl Motion for Practised {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let since = self.began_s.map_or(0.0, |began_s| (at_s - began_s) * RATE_HZ);
        let sample = self.samples[(since.max(0.0) as usize).min(self.samples.len() - 1)];
        Some(Sample { at_us: at_s * 1e6, ..sample })
    }

    fn own_rate_hz(&self) -> Option<f64> {
        Some(RATE_HZ)
    }

    /// Whatever is asked for, it is another set.
    fn act(&mut self, now_s: f64, _: Act) -> bool {
        self.began_s = Some(now_s);
        true
    }

    fn idle(&self, at_s: f64) -> bool {
        self.began_s.is_none_or(|began_s| at_s > began_s + self.samples.len() as f64 / RATE_HZ)
    }
}

/// Two cuffs on two practised legs, with the noise of a good sensor.
pub(crate) fn room() -> SimTransport {
    let mut room = SimTransport::new(1);
    for side in [Side::Left, Side::Right] {
        let noise = SensorErrors { gyr_noise: 1e-4, acc_noise: 1e-3, ..SensorErrors::NONE };
        room.add(VirtualCuff::around(Box::new(Practised::new(side)), Some(side), 1).with_errors(noise));
    }
    room
}

/// What a radio is told by the person of the day.
pub(crate) trait Legs {
    /// The leg of this cuff, by its place in the room, does another set.
    fn another_set(&mut self, leg: usize);
    /// Whether it is done with that.
    fn rests(&self, leg: usize) -> bool;
}

impl Legs for SimTransport {
    fn another_set(&mut self, leg: usize) {
        self.act(leg, Act::Still { s: 0.0 });
    }

    fn rests(&self, leg: usize) -> bool {
        self.idle(leg)
    }
}

/// The most there ever was of what waits for somebody.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Most {
    /// Events between two pictures.
    pub(crate) events: usize,
    /// Requests to the cuffs between two pictures.
    pub(crate) requests: usize,
    /// Points of the trace a picture has.
    pub(crate) trace: usize,
    /// Devices nearby.
    pub(crate) nearby: usize,
    /// Commits that wait for the disk.
    pub(crate) waiting: u64,
}

/// The day.
pub(crate) struct Day<T> {
    pub(crate) talus: Talus,
    pub(crate) ways: Ways<T>,
    pub(crate) live: Live,
    pub(crate) most: Most,
    /// Pictures that differed from the one before.
    pub(crate) pictures: u64,
    /// Sets that were begun.
    pub(crate) sets: u32,
    newest: Option<Arc<SessionScene>>,
    told: Vec<(CuffId, Notice)>,
    stage: Stage,
    since: Micros,
    answered: u8,
    lifted: bool,
}

fn plan() -> SessionPlan {
    let block = |side| Prescription {
        exercise: "knee_ext_seated".to_owned(),
        side,
        mass_g: 1500,
        sets: SETS,
        reps: Some(REPS),
        rest_s: 60,
        own_range_deg: Some(RANGE_DEG),
        why: String::new(),
    };
    let worn = |(cuff, side)| Worn { cuff, side, mass_g: 1500 };
    SessionPlan {
        blocks: [Side::Left, Side::Right].map(block).to_vec(),
        worn: CUFFS.into_iter().zip([Side::Left, Side::Right]).map(worn).collect(),
        pace: Pace::Guided,
        language: "en".to_owned(),
        known: None,
    }
}

impl<T: Transport + Legs> Day<T> {
    /// Both cuffs are found and stream, and the session begins.
    pub(crate) fn begin(folder: &Path, radio: T) -> Self {
        let database = folder.join("talus.db");
        let talus = Talus::open(Opening { database, language: "en".to_owned(), zone: Some("UTC".to_owned()) }).unwrap();
        let (mut ways, mut told) = (Ways::new(radio, Micros(0)), Vec::new());
        ways.scan();
        ways.advance(Micros(3_000_000), &mut |_, _| ());
        for one in &ways.nearby() {
            let cuff = CUFFS[usize::from(one.sighting.side == Some(Side::Right))];
            ways.open(cuff, &one.sighting, &mut |cuff, notice| told.push((cuff, notice)));
        }
        ways.stop_scan();
        let live = Live::start(&talus, Kind::Demo, plan(), "a day", ways.now()).unwrap();
        let (most, since) = (Most::default(), ways.now());
        Self {
            talus,
            ways,
            live,
            most,
            pictures: 0,
            sets: 0,
            newest: None,
            told,
            stage: Stage::Preflight,
            since,
            answered: 0,
            lifted: false,
        }
    }

    /// Lets time go on by one picture, as the thread of a session does.
    pub(crate) fn beat(&mut self) {
        let (next, told) = (self.ways.now().plus(BEAT_US), &mut self.told);
        self.ways.advance(next, &mut |cuff, notice| told.push((cuff, notice)));
        for (cuff, notice) in self.told.drain(..) {
            self.live.notice(cuff, notice);
        }
        self.live.pass(next);
        self.person();
        let most = &mut self.most;
        most.events = most.events.max(self.live.events().count());
        most.requests = most.requests.max(self.live.requests().len());
        most.nearby = most.nearby.max(self.ways.nearby().len());
        let up_next = self.live.next_up().map(|(exercise, side)| format!("{exercise} {side:?}"));
        let scene = self.live.scene(up_next.unwrap_or_default());
        most.trace = most.trace.max(scene.trace.len());
        if self.newest.as_deref() != Some(&scene) {
            self.newest = Some(Arc::new(scene));
            self.pictures += 1;
        }
    }

    /// A second of it, made safe at its end.
    pub(crate) fn second(&mut self) {
        for _ in 0..30 {
            self.beat();
        }
        self.live.commit();
        self.most.waiting = self.most.waiting.max(self.live.counters().waiting);
        self.live.save().unwrap();
    }

    fn person(&mut self) {
        let (now, frame) = (self.ways.now(), self.live.frame());
        if frame.stage != self.stage {
            (self.stage, self.since, self.answered, self.lifted) = (frame.stage, now, 0, false);
            self.sets += u32::from(frame.stage == Stage::Set);
        }
        let leg = usize::from(frame.side == Some(Side::Right));
        let waited = now.since(self.since) > WAIT_US;
        match self.stage {
            Stage::Preflight | Stage::Instruct if waited => self.press(Tap::Confirm, now),
            Stage::Set if waited && !self.lifted => {
                self.lifted = true;
                self.ways.radio.another_set(leg);
            }
            // One was not counted: somebody does not stop there.
            Stage::Set if now.since(self.since) > MORE_US && self.lifted && self.ways.radio.rests(leg) => {
                (self.lifted, self.since) = (false, now);
            }
            Stage::Review if waited => {
                self.answered += 1;
                match self.answered {
                    1 => self.live.answer(Answer::Reserve(3)),
                    2 => self.live.answer(Answer::Pain(0)),
                    _ => self.press(Tap::Confirm, now),
                }
            }
            _ => {}
        }
    }

    fn press(&mut self, tap: Tap, now: Micros) {
        self.since = now;
        self.live.press(tap);
    }

    /// Ends the session.
    pub(crate) fn finish(mut self) -> (Talus, SessionId) {
        self.live.press(Tap::Stop);
        let id = self.live.finish().unwrap();
        (self.talus, id)
    }
}

//! A leg of our own for these tests, and a session fed from it: nothing here comes from the simulator.
// Each test file uses a part, and none is a library.
#![allow(dead_code, clippy::unwrap_used, clippy::cast_possible_wrap)]

use std::sync::LazyLock;
use talus_coach::load::{Ceiling, Kit, outermost};
use talus_coach::plan::{Known, KnownLeg};
use talus_coach::progression::{Action, Exposure, SetDone};
use talus_coach::{
    Body, Catalogue, Event, Input, Outputs, Pace, Prescription, Record, Session, SessionPlan, SetResult, Tap, Worn,
};
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, GRAVITY_MPS2, LinkState, Micros, SampleBlock, Side, StreamConfig, Timing,
};

/// Read once: it is the same for every session.
static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());

pub(crate) const LEFT: CuffId = CuffId([1; 16]);
pub(crate) const RIGHT: CuffId = CuffId([2; 16]);
pub(crate) const RATE_HZ: f64 = 50.0;
const ACC: f64 = GRAVITY_MPS2 / 2048.0;
const GYR: f64 = core::f64::consts::PI / 180.0 / 16.4;

pub(crate) fn cuff(side: Side) -> CuffId {
    if side == Side::Left { LEFT } else { RIGHT }
}

pub(crate) fn config(cuff: CuffId, rate_hz: f64) -> StreamConfig {
    StreamConfig {
        cuff,
        stream: 0,
        rate_hz,
        acc_mps2_per_count: ACC,
        gyr_radps_per_count: GYR,
        acc_range_mps2: 16.0 * GRAVITY_MPS2,
        gyr_range_radps: 2000.0 * core::f64::consts::PI / 180.0,
        timing: Timing::Device,
        driver: "test".to_owned(),
        firmware: String::new(),
    }
}

/// Counts of one sample in m/s² and rad/s.
pub(crate) fn counts(acc: [f64; 3], gyr: [f64; 3]) -> [i16; 6] {
    let a = acc.map(|v| (v / ACC).round() as i16);
    let g = gyr.map(|v| (v / GYR).round() as i16);
    [a[0], a[1], a[2], g[0], g[1], g[2]]
}

pub(crate) fn block(id: Prescription, exercise: &str, side: Side) -> Prescription {
    Prescription { exercise: exercise.to_owned(), side, ..id }
}

pub(crate) fn knee(side: Side, sets: u8, reps: Option<u32>) -> Prescription {
    Prescription {
        exercise: "knee_ext_seated".to_owned(),
        side,
        mass_g: 1500,
        sets,
        reps,
        rest_s: 30,
        own_range_deg: None,
        why: String::new(),
    }
}

pub(crate) fn plan(blocks: Vec<Prescription>, pace: Pace) -> SessionPlan {
    let worn = |side| Worn { cuff: cuff(side), side, mass_g: 1500 };
    SessionPlan {
        blocks,
        worn: vec![worn(Side::Left), worn(Side::Right)],
        pace,
        language: "en".to_owned(),
        known: None,
    }
}

/// What is known of a leg that did 1.5 kg at the top of its range two days ago.
pub(crate) fn leg(exercise: &str, side: Side) -> KnownLeg {
    let set = SetDone {
        count: 15,
        reserve: Some(3),
        pain: Some(0),
        form: Some(95),
        range_share: Some(1.0),
        rate_deg_per_s: None,
        measured: true,
    };
    let exposure = Exposure {
        day: 8,
        mass_g: 1500,
        sets: vec![set; 2],
        morning_rise: None,
        checked_in: false,
        lighter: false,
        rough: false,
    };
    KnownLeg {
        exercise: exercise.to_owned(),
        side,
        ceiling: most(exercise),
        action: Action::Hold,
        reserve: 3,
        range_deg: None,
        own: vec![exposure],
    }
}

/// The most somebody of 70 kg without a worry carries in it.
fn most(exercise: &str) -> Ceiling {
    let catalogue = &*CATALOGUE;
    let (body, kit) = (Body::new(170.0, 70.0).unwrap(), Kit::new(500, 250, 5000).unwrap());
    outermost(catalogue.exercise(exercise).unwrap(), &body, false, &kit, catalogue.rules())
}

/// A plan for somebody who has done all of it before.
pub(crate) fn known(blocks: Vec<Prescription>, change: impl Fn(&mut Known)) -> SessionPlan {
    let mut known = Known {
        today: 10,
        body: Body::new(170.0, 70.0).unwrap(),
        care: false,
        kit: Kit::new(500, 250, 5000).unwrap(),
        week: 0,
        legs: blocks.iter().map(|block| leg(&block.exercise, block.side)).collect(),
        swaps: Vec::new(),
        walk: None,
        part: None,
        invented: false,
        tests: Vec::new(),
        lifts: Vec::new(),
    };
    change(&mut known);
    SessionPlan { known: Some(Box::new(known)), ..plan(blocks, Pace::Guided) }
}

pub(crate) fn ease(x: f64) -> f64 {
    let x = x.clamp(0.0, 1.0);
    x * x * x * (10.0 - 15.0 * x + 6.0 * x * x)
}

/// One repetition: lift, hold, lower and rest, seconds, up to a range in degrees.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) lift_s: f64,
    pub(crate) hold_s: f64,
    pub(crate) lower_s: f64,
    pub(crate) rest_s: f64,
    pub(crate) range_deg: f64,
}

pub(crate) const CLEAN: Shape = Shape { lift_s: 2.0, hold_s: 1.0, lower_s: 3.0, rest_s: 1.0, range_deg: 70.0 };

impl Shape {
    pub(crate) fn length_s(&self) -> f64 {
        self.lift_s + self.hold_s + self.lower_s + self.rest_s
    }

    fn angle_deg(&self, t: f64) -> f64 {
        let down = t - self.lift_s - self.hold_s;
        self.range_deg * if down < 0.0 { ease(t / self.lift_s) } else { 1.0 - ease(down / self.lower_s) }
    }
}

/// Drives a session: keeps virtual time, indices and everything that came out.
pub(crate) struct Desk {
    pub(crate) session: Session,
    pub(crate) plan: SessionPlan,
    pub(crate) out: Outputs,
    /// Everything that went in, to be given to another session.
    pub(crate) inputs: Vec<(Input, Option<BlockTime>)>,
    pub(crate) t: f64,
    index: [u64; 2],
    pub(crate) chunk: usize,
    pub(crate) ticks: bool,
    pub(crate) silent: bool,
    /// Legs whose cuff sends.
    pub(crate) legs: Vec<Side>,
}

impl Desk {
    pub(crate) fn new(plan: SessionPlan) -> Self {
        let mut desk = Self::of(Session::new(plan.clone(), &CATALOGUE).unwrap());
        desk.plan = plan;
        desk
    }

    pub(crate) fn of(session: Session) -> Self {
        let out = Outputs::default();
        Self {
            session,
            plan: plan(Vec::new(), Pace::Guided),
            out,
            inputs: Vec::new(),
            t: 0.0,
            index: [0; 2],
            chunk: 10,
            ticks: true,
            silent: false,
            legs: vec![Side::Left, Side::Right],
        }
    }

    pub(crate) fn at(&self) -> Micros {
        Micros::from_seconds(self.t)
    }

    pub(crate) fn give(&mut self, input: Input, time: Option<BlockTime>) {
        self.session.step(&input, time, &mut self.out);
        self.inputs.push((input, time));
    }

    pub(crate) fn tap(&mut self, tap: Tap) {
        self.give(Input::Tap { at: self.at(), tap }, None);
    }

    pub(crate) fn link(&mut self, side: Side, state: LinkState) {
        self.give(Input::Link { at: self.at(), cuff: cuff(side), state }, None);
    }

    /// Stream and link of both cuffs.
    pub(crate) fn connect(&mut self) {
        for side in [Side::Left, Side::Right] {
            self.stream(side);
        }
    }

    pub(crate) fn stream(&mut self, side: Side) {
        self.index[side as usize] = 0;
        self.give(Input::Stream(config(cuff(side), RATE_HZ)), None);
        self.link(side, LinkState::Streaming);
    }

    /// The leg of `side` moves as `angle_deg(t)` says for `seconds`; the other one rests.
    pub(crate) fn moves(&mut self, side: Side, seconds: f64, angle_deg: impl Fn(f64) -> f64) {
        let n = (seconds * RATE_HZ).round() as usize;
        let mut sent = 0;
        while sent < n {
            let len = self.chunk.min(n - sent);
            for leg in self.legs.clone() {
                let mut all = Counts::new();
                for i in sent..sent + len {
                    let t = i as f64 / RATE_HZ;
                    let (angle, rate) = if leg == side {
                        (angle_deg(t), (angle_deg(t + 1e-4) - angle_deg(t - 1e-4)) / 2e-4)
                    } else {
                        (0.0, 0.0)
                    };
                    let (sin, cos) = libm::sincos(angle.to_radians());
                    // A real sensor never repeats one value.
                    let wobble = 0.004 * (((i * 7 + leg as usize * 3) % 13) as f64 - 6.0);
                    let acc = [-9.81 * sin + wobble, wobble, 9.81 * cos];
                    all.push(counts(acc, [0.0, rate.to_radians(), wobble * 0.1]));
                }
                if !self.silent {
                    self.block(leg, self.index[leg as usize], all);
                }
                self.index[leg as usize] += len as u64;
            }
            sent += len;
            self.t += len as f64 / RATE_HZ;
            if self.ticks {
                self.give(Input::Tick { at: self.at() }, None);
            }
            if self.session.over() {
                return;
            }
        }
    }

    fn block(&mut self, side: Side, first_index: u64, counts: Counts) {
        let time = BlockTime { first_us: (self.t * 1e6).round(), period_us: 1e6 / RATE_HZ, fit_ok: true };
        let block = SampleBlock {
            cuff: cuff(side),
            stream: 0,
            first_index,
            device_us: None,
            arrival_us: self.at().0,
            flags: BlockFlags::default(),
            counts,
        };
        self.give(Input::Samples(block), Some(time));
    }

    /// So many samples of both cuffs never come.
    pub(crate) fn skip(&mut self, samples: u64) {
        self.index.iter_mut().for_each(|index| *index += samples);
        self.t += samples as f64 / RATE_HZ;
    }

    pub(crate) fn rests(&mut self, seconds: f64) {
        self.moves(Side::Left, seconds, |_| 0.0);
    }

    pub(crate) fn reps(&mut self, side: Side, n: u32, shape: Shape) {
        let one = shape.length_s();
        self.moves(side, one * f64::from(n), |t| shape.angle_deg(t.rem_euclid(one)));
    }

    pub(crate) fn results(&self) -> Vec<(u32, SetResult)> {
        results(&self.out)
    }

    pub(crate) fn cues(&self) -> Vec<&str> {
        let keys = self.out.events.iter().filter_map(|event| match event {
            Event::Cue(cue) => Some(cue.key),
            _ => None,
        });
        keys.collect()
    }
}

/// The last word on each set, in the order of sets.
pub(crate) fn results(out: &Outputs) -> Vec<(u32, SetResult)> {
    let mut results: Vec<(u32, SetResult)> = Vec::new();
    for record in &out.records {
        if let Record::SetEnded { set_index, result } = record {
            match results.iter_mut().find(|(i, r)| i == set_index && r.side == result.side) {
                Some((_, old)) => *old = result.clone(),
                None => results.push((*set_index, result.clone())),
            }
        }
    }
    results
}

/// A session's events as lines, rounded to what a person could notice.
pub(crate) fn told(out: &Outputs) -> String {
    let mut lines = Vec::new();
    let mut line = |at: Micros, words: String| lines.push(format!("{:6.1}  {words}", at.seconds()));
    for event in &out.events {
        match event {
            Event::StageChanged { at, stage } => line(*at, format!("stage {stage:?}")),
            Event::SetBegan { at, set_index, exercise, side, set } => {
                line(*at, format!("set {set_index} {exercise} {side:?} {}/{}", set.0, set.1));
            }
            Event::RepEnded { at, seq, rep, .. } => {
                line(*at, format!("rep {seq}: {:.0}°", rep.range_deg.unwrap_or(f64::NAN)));
            }
            Event::RepShort { at, rep } => line(*at, format!("short: {:.0}°", rep.range_deg.unwrap_or(f64::NAN))),
            Event::SetEnded { at, set_index, result: r } => {
                let tempo = r.tempo_s.map(|t| t.map(|s| (s * 2.0).round() / 2.0));
                let range = r.range_deg.map(f64::round);
                let progress = if r.counts_for_progress { "counts" } else { "does not count" };
                line(
                    *at,
                    format!("end {set_index} {:?}: {}+{} {range:?} {tempo:?} {progress}", r.end, r.count, r.short),
                );
            }
            Event::SetReviewed { at, set_index, count, reason } => {
                line(*at, format!("reviewed {set_index}: {count} {reason:?}"));
            }
            Event::Strode { at, side, .. } => line(*at, format!("stride {side:?}")),
            // A tick for each number is left out.
            Event::Cue(cue) if cue.number => {}
            Event::Cue(cue) => line(cue.at, format!("{}: {}", cue.key, cue.text())),
            Event::Paced { .. } => {}
            Event::Noticed { at, side, finding } => line(*at, format!("noticed {:?} {side:?}", finding.detector)),
            Event::Gapped { at, gap, .. } => line(*at, format!("gap of {}", gap.missing)),
            Event::LinkChanged { at, state, .. } => line(*at, format!("link {state:?}")),
            Event::Ended { at, summary: s } => {
                line(*at, format!("ended: {} sets, {} reps, flag {}: {}", s.sets, s.reps, s.red_flag, s.sentence));
                s.next.iter().for_each(|next| line(*at, next.clone()));
            }
        }
    }
    lines.join("\n")
}

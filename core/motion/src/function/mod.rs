//! Function tests, as far as a cuff above the ankle can see them: `Tester` follows one, [`Outcome`] is its result.
//!
//! What the ankle shows: getting up and sitting down lean the shank forward and back; a foot that is lifted turns the
//! shank, and strikes when it comes down; a heel that rises lifts the cuff; a knee that goes to the wall leans the shank.
//! What it does not: hands on the arm rests, how straight a person stands, where the trunk is. Start and end of a timed
//! test are those of the leg's movement, not those of a voice. Machines take samples as they come and hold a bounded past.

pub(crate) mod chair;
mod foot_up;
mod reach;
pub(crate) mod rises;
mod trail;
mod up_and_go;

use crate::balance::{Sway, SwayMeter};
use crate::intake::Marks;
use crate::movement::{Detector, Movement};
use crate::noticed::Finding;
use crate::orient::{dot, norm};
use crate::words::{GRAVITY_MPS2, Micros, Quality, Reason, Sample};
use chair::Chair;
use foot_up::FootUp;
use reach::Reach;
use rises::{Felt, Rise, Rises};
use serde::{Deserialize, Serialize};
use up_and_go::UpAndGo;

/// Frames per second the machines look at.
const FRAME_RATE_HZ: f64 = 50.0;
/// A leg that turns more slowly than this is quiet, °/s: standing people sway with less.
const QUIET_DPS: f64 = 6.0;
/// What is slower than this in the specific force is no blow, s: a leg that is moved as fast as it goes stays below.
const BLOW_TAU_S: f64 = 0.015;
/// A stance leg settles within this, s: what comes before does not count as sway.
const SETTLE_S: f64 = 1.0;
/// A foot that stands leaves the ground when the lean goes this far from its middle, degrees, …
const STEP_DEG: f64 = 15.0;
/// … or with a blow of this size, m/s².
const STEP_BLOW_MPS2: f64 = 3.0;
/// A measured way of ten metres and the sum of strides may differ by this share; more is a wrong way or a wrong start.
const COURSE_SHARE: f64 = 0.2;

/// A function test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Test {
    /// Getting up from a chair and sitting down as often as possible; the cuff on either leg. Value: stands.
    ChairStand {
        /// How long, seconds from the first movement: 30 in the published test.
        seconds: f64,
    },
    /// Getting up, three metres out and back, sitting down. Value: seconds from the first movement to the last.
    UpAndGo,
    /// Standing on the leg with the cuff, or on both: one stage of the four-stage test, one rung of balance. Value: seconds
    /// until the foot moved or the test ended.
    Stand,
    /// Standing on the other leg; the cuff is on the foot in the air. Value: the longest time in the air, seconds.
    FootUp,
    /// Walking a measured way, from standing to standing. Value: metres per second from the first foot off to the last
    /// contact.
    Walk {
        /// The way, metres: ten in the usual test.
        way_m: f64,
    },
    /// Rising on the toes. Value: rises.
    HeelRises,
    /// The knee goes to the wall over a foot that stands. Value: lean of the shank from standing, degrees.
    KneeToWall,
    /// The farthest a leg is moved against gravity from its start pose. Value: degrees.
    Range,
}

impl Test {
    /// What the value counts or measures.
    pub fn unit(self) -> Unit {
        match self {
            Self::ChairStand { .. } | Self::HeelRises => Unit::Times,
            Self::UpAndGo | Self::Stand | Self::FootUp => Unit::Seconds,
            Self::Walk { .. } => Unit::MetresPerSecond,
            Self::KneeToWall | Self::Range => Unit::Degrees,
        }
    }

    /// The smallest change that is more than the scatter of the test itself, in its unit, where a source that was
    /// checked says so: knee to wall 4.7° (Powden et al., Manual Therapy 20 (2015), review of 12 studies).
    pub fn detectable_change(self) -> Option<f64> {
        matches!(self, Self::KneeToWall).then_some(4.7)
    }

    /// Whether strides are needed.
    pub(crate) fn walks(self) -> bool {
        matches!(self, Self::UpAndGo | Self::Walk { .. })
    }
}

/// What a value counts or measures.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// How often.
    Times,
    /// Seconds.
    Seconds,
    /// Degrees.
    Degrees,
    /// Metres per second.
    MetresPerSecond,
}

/// What a part of a test was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartKind {
    /// From sitting to standing.
    StandUp,
    /// The way out.
    WalkOut,
    /// The turn at its end.
    Turn,
    /// The way back.
    WalkBack,
    /// Turning to the chair and sitting down.
    TurnAndSit,
    /// The foot was in the air.
    FootUp,
    /// On the toes; the value is the lift of the heel's ankle, metres.
    HeelRise,
    /// Away from the start pose; the value is the angle reached, degrees.
    Reach,
}

/// A part of a test, told when it is over.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// What it was.
    pub kind: PartKind,
    /// When it began.
    pub start: Micros,
    /// When it was over.
    pub end: Micros,
    /// How much, where the kind says of what.
    pub value: Option<f64>,
    /// What speaks against it.
    pub quality: Quality,
}

/// The result of a test.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// Which test.
    pub test: Test,
    /// First movement of the test, or where it began.
    pub start: Micros,
    /// Last movement of the test, or where it ended.
    pub end: Micros,
    /// The result in [`Test::unit`]; `None` where it was not measured, the quality says why.
    pub value: Option<f64>,
    /// How the leg swayed, where it stood long enough.
    pub sway: Option<Sway>,
    /// What speaks against it.
    pub quality: Quality,
}

/// One frame.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    pub(crate) at_us: f64,
    /// The way up in the cuff's axes.
    pub(crate) up: [f64; 3],
    /// Size of the mean turning rate, °/s.
    pub(crate) turn_dps: f64,
    /// Upward acceleration, m/s².
    pub(crate) rise_mps2: f64,
    /// Largest quick change of the specific force, m/s².
    pub(crate) blow_mps2: f64,
}

#[derive(Debug, Clone)]
enum Machine {
    Chair(Box<Chair>),
    UpAndGo(Box<UpAndGo>),
    Stand(Box<Stance>),
    FootUp(Box<FootUp>),
    Walk(Course),
    Heel(Box<Rises>),
    Reach(Box<Reach>),
}

/// Follows one test.
#[derive(Debug, Clone)]
pub(crate) struct Tester {
    test: Test,
    machine: Machine,
    began_us: f64,
    size: u32,
    count: u32,
    gyr: [f64; 3],
    acc: [f64; 3],
    low: Option<[f64; 3]>,
    blow_mps2: f64,
    last_us: f64,
    cut: bool,
}

impl Tester {
    /// For samples at about `rate_hz` per second.
    pub(crate) fn new(test: Test, began_us: f64, rate_hz: f64) -> Self {
        let size = (rate_hz / FRAME_RATE_HZ).round().max(1.0);
        let frame_rate_hz = rate_hz / size;
        let machine = match test {
            Test::ChairStand { seconds } => Machine::Chair(Box::new(Chair::new(seconds, frame_rate_hz))),
            Test::UpAndGo => Machine::UpAndGo(Box::new(UpAndGo::new(frame_rate_hz))),
            Test::Stand => Machine::Stand(Box::new(Stance::new(began_us))),
            Test::FootUp => Machine::FootUp(Box::new(FootUp::new(frame_rate_hz))),
            Test::Walk { way_m } => Machine::Walk(Course { way_m, ..Course::default() }),
            Test::HeelRises => Machine::Heel(Box::new(Rises::new(frame_rate_hz))),
            Test::KneeToWall | Test::Range => Machine::Reach(Box::new(Reach::new(frame_rate_hz))),
        };
        Self {
            test,
            machine,
            began_us,
            size: size as u32,
            count: 0,
            gyr: [0.0; 3],
            acc: [0.0; 3],
            low: None,
            blow_mps2: 0.0,
            last_us: began_us,
            cut: false,
        }
    }

    /// Samples were missing: what was under way is not told.
    pub(crate) fn cut(&mut self) {
        self.count = 0;
        self.low = None;
        self.cut = true;
    }

    /// What the walk of this test came to since the last sample.
    pub(crate) fn walked(&mut self, movements: &[Movement]) {
        for movement in movements {
            match &mut self.machine {
                Machine::UpAndGo(machine) => machine.walked(movement),
                Machine::Walk(course) => course.walked(movement),
                _ => {}
            }
        }
    }

    /// Takes one sample, its rate without bias in °/s, and the way up in the cuff's axes.
    pub(crate) fn push(
        &mut self,
        sample: &Sample,
        dt_s: f64,
        gyr_dps: [f64; 3],
        up: [f64; 3],
        marks: &Marks,
        out: &mut Vec<Movement>,
    ) {
        let Sample { at_us, acc, .. } = *sample;
        self.last_us = at_us;
        let low = self.low.get_or_insert(acc);
        let keep = BLOW_TAU_S / (BLOW_TAU_S + dt_s);
        let mut off = [0.0; 3];
        for k in 0..3 {
            off[k] = acc[k] - low[k];
            low[k] = keep * low[k] + (1.0 - keep) * acc[k];
            self.gyr[k] += gyr_dps[k];
            self.acc[k] += acc[k];
        }
        self.blow_mps2 = self.blow_mps2.max(norm(off));
        self.count += 1;
        if self.count < self.size {
            return;
        }
        let share = 1.0 / f64::from(self.count);
        let frame = Frame {
            at_us,
            up,
            turn_dps: norm(self.gyr) * share,
            rise_mps2: dot(self.acc, up) * share - GRAVITY_MPS2,
            blow_mps2: self.blow_mps2,
        };
        self.count = 0;
        (self.gyr, self.acc, self.blow_mps2) = ([0.0; 3], [0.0; 3], 0.0);
        let cut = core::mem::take(&mut self.cut);
        let told = |part: Part| Movement::TestPart(Part { quality: marks.since(part.start.0 as f64), ..part });
        match &mut self.machine {
            Machine::Chair(machine) => out.extend(machine.push(&frame, cut).map(told)),
            Machine::UpAndGo(machine) => machine.push(&frame, cut),
            Machine::Stand(stance) => stance.push(&frame, cut),
            Machine::FootUp(machine) => {
                out.extend(machine.push(&frame, cut).map(told));
                out.extend(machine.touched().map(|(at_us, confidence)| {
                    let at = Micros(at_us.round() as i64);
                    let quality = marks.since(at_us - 1e6);
                    let detector = Detector::TouchDown;
                    Movement::Noticed(Finding { detector, start: at, end: at, confidence, quality })
                }));
            }
            Machine::Walk(_) => {}
            Machine::Heel(machine) => {
                let Frame { at_us, turn_dps, rise_mps2, .. } = frame;
                out.extend(machine.push(&Felt { at_us, turn_dps, rise_mps2 }, cut).map(heel_rise).map(told));
            }
            Machine::Reach(machine) => out.extend(machine.push(&frame, cut).map(told)),
        }
    }

    /// The test is over: parts that are complete, and the result.
    pub(crate) fn end(&mut self, marks: &Marks, out: &mut Vec<Movement>) {
        let mut told = |part: Part| {
            out.push(Movement::TestPart(Part { quality: marks.since(part.start.0 as f64), ..part }));
        };
        let (mut value, mut sway, mut reasons) = (None, None, Quality::GOOD);
        let mut span = (self.began_us, self.last_us);
        match &mut self.machine {
            Machine::Chair(machine) => {
                machine.end().into_iter().for_each(&mut told);
                span = machine.span_us().unwrap_or(span);
                value = machine.count().map(f64::from);
                if machine.doubted() {
                    reasons = reasons.and(Reason::Disagree);
                }
            }
            Machine::UpAndGo(machine) => {
                if let Some(parts) = machine.end() {
                    span = (parts[0].start.0 as f64, parts[4].end.0 as f64);
                    value = Some((span.1 - span.0) * 1e-6);
                    parts.into_iter().for_each(&mut told);
                }
            }
            Machine::Stand(stance) => {
                span = (stance.began_us, stance.moved_us.unwrap_or(self.last_us));
                value = (span.1 > span.0).then_some((span.1 - span.0) * 1e-6);
                sway = stance.meter.sway();
                if stance.cut {
                    (value, sway) = (None, None);
                }
            }
            Machine::FootUp(machine) => {
                machine.end().into_iter().for_each(&mut told);
                (value, sway) = (machine.longest_s(), machine.sway());
                span = machine.span_us().unwrap_or(span);
            }
            Machine::Walk(course) => {
                if let Some((start_us, end_us)) = course.span_us() {
                    span = (start_us, end_us);
                    value = course.speed_mps();
                    if course.disagrees() {
                        reasons = reasons.and(Reason::Disagree);
                    }
                }
            }
            Machine::Heel(machine) => {
                machine.end().map(heel_rise).into_iter().for_each(&mut told);
                value = machine.count().map(f64::from);
                span = machine.span_us().unwrap_or(span);
            }
            Machine::Reach(machine) => {
                machine.end().into_iter().for_each(&mut told);
                value = machine.farthest_deg();
            }
        }
        let mut quality = marks.since(span.0).join(reasons);
        if value.is_none() && quality.ok() {
            quality = quality.and(Reason::TooShort);
        }
        // A pause of the signal may hide a stand or a step: a count across it is none.
        if quality.has(Reason::Gap) || quality.has(Reason::NoGravity) || quality.has(Reason::Stuck) {
            value = None;
        }
        let at = |us: f64| Micros(us.round() as i64);
        let outcome = Outcome { test: self.test, start: at(span.0), end: at(span.1), value, sway, quality };
        out.push(Movement::Tested(outcome));
    }
}

/// A rise as a part of the test.
fn heel_rise(rise: Rise) -> Part {
    let at = |us: f64| Micros(us.round() as i64);
    Part {
        kind: PartKind::HeelRise,
        start: at(rise.start_us),
        end: at(rise.end_us),
        value: Some(rise.height_m),
        quality: Quality::GOOD,
    }
}

/// The leg that stands.
#[derive(Debug, Clone)]
struct Stance {
    began_us: f64,
    meter: SwayMeter,
    middle: Option<crate::balance::Level>,
    moved_us: Option<f64>,
    cut: bool,
}

impl Stance {
    fn new(began_us: f64) -> Self {
        Self { began_us, meter: SwayMeter::new(), middle: None, moved_us: None, cut: false }
    }

    fn push(&mut self, frame: &Frame, cut: bool) {
        self.cut |= cut && self.middle.is_some() && self.moved_us.is_none();
        if self.moved_us.is_some() || frame.at_us - self.began_us < SETTLE_S * 1e6 {
            return;
        }
        let middle = *self.middle.get_or_insert_with(|| crate::balance::Level::new(frame.up));
        let [x, y] = middle.lean_deg(frame.up);
        if libm::hypot(x, y) > STEP_DEG || frame.blow_mps2 > STEP_BLOW_MPS2 {
            self.moved_us = Some(frame.at_us);
            return;
        }
        self.meter.push(frame.at_us, frame.up);
    }
}

/// A measured way, walked once.
#[derive(Debug, Clone, Default)]
struct Course {
    way_m: f64,
    first_us: Option<f64>,
    last_us: Option<f64>,
    /// Metres of the strides, and whether all of them have a length.
    strides_m: f64,
    unmeasured: u32,
    strides: u32,
}

impl Course {
    fn walked(&mut self, movement: &Movement) {
        match movement {
            Movement::FootOff { at } if self.first_us.is_none() => self.first_us = Some(at.0 as f64),
            Movement::InitialContact { at } => self.last_us = Some(at.0 as f64),
            Movement::Strode(stride) => {
                self.strides += 1;
                match stride.length_m {
                    Some(length_m) => self.strides_m += length_m,
                    None => self.unmeasured += 1,
                }
            }
            _ => {}
        }
    }

    fn span_us(&self) -> Option<(f64, f64)> {
        self.first_us.zip(self.last_us).filter(|(first, last)| first < last)
    }

    fn speed_mps(&self) -> Option<f64> {
        let (first, last) = self.span_us()?;
        let usable = self.way_m.is_finite() && self.way_m > 0.0 && self.strides >= 2;
        usable.then(|| self.way_m / ((last - first) * 1e-6))
    }

    /// Whether the strides say another way than the one that was measured; the first step is half a stride.
    fn disagrees(&self) -> bool {
        if self.unmeasured > 0 || self.strides == 0 {
            return false;
        }
        let stride_m = self.strides_m / f64::from(self.strides);
        let off_m = (self.strides_m + 0.5 * stride_m - self.way_m).abs();
        off_m > COURSE_SHARE * self.way_m + 0.5 * stride_m
    }
}

#[cfg(test)]
mod tests;

//! Repetitions, counted as they happen: [`Counter`] watches one set.
//!
//! A repetition is an excursion from the rest pose and back. The rest pose is followed while the leg is slow, the
//! direction of the movement is learned from the person's first repetitions (a cuff may sit any way round the
//! leg), and an excursion counts when it is large enough against what is usual: see [`Counter::share_that_counts`].

mod beats;
mod detect;
mod excursion;
mod fine;
mod habit;
mod lifts;
mod lobes;
mod measure;
mod other;
mod own;
mod pose;
mod stands;
mod tally;
mod trail;

use crate::intake::Marks;
use crate::model::{ExerciseModel, ModelKind, Tempo, TurnAxis};
use crate::movement::{Detector, Movement, Phase, Rep};
use crate::orient::Quat;
use crate::words::{Micros, Quality, Reason};
use detect::Usual;
use excursion::{Excursion, PutOff};
use habit::{Habit, alike};
use lobes::Lobes;
use measure::{Gauge, Shape};
use own::{FIRST, Own};
use pose::{Channel, Pose};
use trail::{Point, Trail};

/// No movement below this is a repetition, degrees: foot impacts and fidgeting move a resting shank by 2 to 4°.
const FLOOR_DEG: f64 = 4.0;
/// Nor one below this share of the exercise's usual range (of the person's own range, where that is known).
const FLOOR_SHARE: f64 = 0.1;
const FLOOR_SHARE_OWN: f64 = 0.2;
/// An excursion below this share of the reference is part of another movement, unless the ankle rose.
const LEAST_SHARE: f64 = 0.25;
/// An ankle that rose by this much was lifted, m: [`FLOOR_DEG`] of a straight leg raise it by 5 cm, a leg that rolls or
/// fidgets on the floor by less than 2 cm. Both ways up and down of at most 2.5 s are summed to within 1 to 2 cm.
const LIFTED_M: f64 = 0.03;
/// An excursion of which gravity denies more than this share was not done: a gyroscope told of turning that was none. All
/// of it is denied where an axis stands still; of some hundred lifts of real legs, small ones and such with a foot that strikes,
/// a third at most.
const DENIED_SHARE: f64 = 0.5;
/// Share of the running median that counts where the person's own range is not known.
const FULL_SHARE_UNKNOWN: f64 = 0.35;
/// Lowering is certain after this share of the excursion.
const LOWER_SHARE: f64 = 0.5;
/// Slower than this the leg rests or holds, °/s.
const SLOW_DPS: f64 = 8.0;
/// A leg that was slow for this long is in a pose, s.
const START_POSE_S: f64 = 0.3;
/// One that was slow for this long is at one end of its way, s: hurried repetitions rest no longer.
const TURNED_S: f64 = 0.1;
/// Nobody waits longer than this for it, s: a hurried leg never rests, and by then the orientation is known.
const WAITED_S: f64 = 0.6;
/// A leg that was slow for this long lay somewhere and did not only turn round, s.
const SETTLED_S: f64 = 0.2;
/// The live rate's low-pass, s.
const RATE_TAU_S: f64 = 0.1;
/// An excursion longer than this is a new way of lying or sitting, s.
const LONGEST_S: f64 = 25.0;
/// Resting beyond this share of the usual range, taken to be at least so many degrees, is a new pose: hardly anybody holds
/// a lift perfectly still that far beyond what is usual, and who does comes back ([`PutOff`]).
const BEYOND_SHARE: f64 = 1.5;
const BEYOND_LEAST_DEG: f64 = 45.0;
/// How far before the threshold a repetition may have begun, s.
const LEAD_S: f64 = 3.0;
/// Longest excursion allowed whatever the tempo, s: what the trail holds.
const LONGEST_EVER_S: f64 = 60.0;

/// No exercise at all: what a counter has to count while the person walks or does nothing in particular.
pub(crate) const NOT_MEASURED: ExerciseModel = ExerciseModel {
    kind: ModelKind::Timer,
    axis: TurnAxis::Mixed,
    range_deg: 0.0,
    min_count_deg: 0.0,
    tempo: Tempo { lift_s: 0.0, hold_s: 0.0, lower_s: 0.0, rest_s: 0.0 },
    leverage: None,
};

/// A cuff that sank by this much between start pose and top did not lift, m: every exercise counted here raises the
/// ankle or leaves its height alone. Sets that begin inside a lift, or with a shuffle, are put right by this.
const SINKING_M: f64 = -0.08;
/// … on a way of at most this long, s.
const SINKING_S: f64 = 1.5;

/// Once this many repetitions rose, the start pose is known for the rest of the set.
const RISEN_LEAST: u32 = 2;

/// What stands out in a repetition whatever the others were like.
const OF_ITSELF: [Detector; 5] =
    [Detector::NoReturn, Detector::FastLift, Detector::FastLower, Detector::Drop, Detector::NoHold];

/// What the counter looks at: one moment, averaged to at most 50 per second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Frame {
    /// Time, µs.
    pub(crate) at_us: f64,
    /// Orientation, sensor to earth.
    pub(crate) orientation: Quat,
    /// Angular rate without bias, °/s.
    pub(crate) gyr_dps: [f64; 3],
    /// Upward part of the specific force, m/s².
    pub(crate) up_mps2: f64,
    /// Level part of it, m/s².
    pub(crate) level_mps2: [f64; 2],
    /// Whether the filter says the leg is at rest.
    pub(crate) still: bool,
}

pub(crate) use other::Other;

#[derive(Debug, Clone, Copy)]
enum State {
    /// At the start pose. `shy`: samples were missing, the leg must be seen at rest before it may lift.
    Resting {
        shy: bool,
    },
    Out(Excursion),
}

/// Counts the repetitions of one set.
#[derive(Debug, Clone)]
pub(crate) struct Counter {
    model: ExerciseModel,
    own_range_deg: Option<f64>,
    rate_hz: f64,
    channel: Channel,
    floor_deg: f64,
    longest_us: f64,
    habit: Habit,
    own: Own,
    lobes: Lobes,
    trail: Trail,
    gauge: Gauge,
    state: State,
    put_off: Option<PutOff>,
    /// The leg was seen to rest: whoever looks on from the middle of a lift has seen no start pose yet.
    from_rest: bool,
    anchor: Option<Quat>,
    rest: Option<Pose>,
    home: Option<Pose>,
    direction: Option<Pose>,
    last: Option<(f64, Pose)>,
    angle_deg: f64,
    rate_dps: f64,
    speed_dps: f64,
    first_us: Option<f64>,
    slow_since_us: f64,
    rest_from: u64,
    last_end_us: Option<f64>,
    phase: Phase,
    phase_since: Micros,
    full: u32,
    short: u32,
    doubted: Option<u32>,
    risen: u32,
    way: Option<(Pose, Pose)>,
}

fn micros(us: f64) -> Micros {
    Micros(us.round() as i64)
}

impl Counter {
    /// A counter for frames at about `rate_hz`; `None` for an exercise that is not measured.
    pub(crate) fn new(rate_hz: f64) -> Self {
        let room = (rate_hz * (LONGEST_EVER_S + 5.0)).ceil() as usize;
        Self {
            model: NOT_MEASURED,
            own_range_deg: None,
            rate_hz,
            channel: Channel::Tilt,
            floor_deg: FLOOR_DEG,
            longest_us: LONGEST_S * 1e6,
            habit: Habit::new(Channel::Tilt),
            own: Own::default(),
            lobes: Lobes::new(FLOOR_DEG),
            trail: Trail::new(room),
            gauge: Gauge::new(room),
            state: State::Resting { shy: false },
            put_off: None,
            from_rest: false,
            anchor: None,
            rest: None,
            home: None,
            direction: None,
            last: None,
            angle_deg: 0.0,
            rate_dps: 0.0,
            speed_dps: 0.0,
            first_us: None,
            slow_since_us: 0.0,
            rest_from: 0,
            last_end_us: None,
            phase: Phase::Rest,
            phase_since: Micros(0),
            full: 0,
            short: 0,
            doubted: None,
            risen: 0,
            way: None,
        }
    }

    /// Starts a set.
    pub(crate) fn begin(&mut self, at: Micros, model: ExerciseModel, own_range_deg: Option<f64>) {
        let positive = |deg: f64| (deg.is_finite() && deg > 0.0).then_some(deg);
        self.own_range_deg = own_range_deg.and_then(positive);
        self.channel = if model.kind == ModelKind::Gyro { Channel::Turn } else { Channel::Tilt };
        let share = match self.own_range_deg {
            Some(own) => own * FLOOR_SHARE_OWN,
            None => positive(model.range_deg).unwrap_or(0.0).min(180.0) * FLOOR_SHARE,
        };
        self.floor_deg = share.max(FLOOR_DEG);
        let tempo = model.tempo;
        let asked_s = [tempo.lift_s, tempo.hold_s, tempo.lower_s].into_iter().filter_map(positive).sum::<f64>();
        self.longest_us = (2.0 * asked_s).clamp(LONGEST_S, LONGEST_EVER_S) * 1e6;
        self.model = model;
        self.habit = Habit::new(self.channel);
        self.own = Own::default();
        self.lobes = Lobes::new(self.floor_deg);
        self.trail.clear();
        self.state = State::Resting { shy: false };
        self.put_off = None;
        self.anchor = None;
        self.rest = None;
        self.home = None;
        self.direction = None;
        self.last = None;
        (self.angle_deg, self.rate_dps, self.speed_dps) = (0.0, 0.0, 0.0);
        self.first_us = None;
        self.slow_since_us = at.0 as f64;
        self.rest_from = 0;
        self.last_end_us = None;
        self.phase = Phase::Rest;
        self.phase_since = at;
        (self.full, self.short) = (0, 0);
        self.doubted = None;
        self.risen = 0;
        self.way = None;
    }

    pub(crate) fn full(&self) -> u32 {
        self.full
    }

    pub(crate) fn short(&self) -> u32 {
        self.short
    }

    pub(crate) fn phase(&self) -> (Phase, Micros) {
        (self.phase, self.phase_since)
    }

    /// Angle from the start pose, degrees; `None` before the first frame.
    pub(crate) fn angle_deg(&self) -> Option<f64> {
        self.rest.map(|_| self.angle_deg)
    }

    /// The person's own range, or the running median of this set.
    pub(crate) fn reference_deg(&self) -> Option<f64> {
        self.own_range_deg.or_else(|| self.habit.range_deg())
    }

    /// Start pose of the last repetition, the way up, and the axis it turned about, both in the cuff's axes; `None` where
    /// gravity does not show the axis.
    pub(crate) fn way(&self) -> Option<([f64; 3], [f64; 3])> {
        self.way.filter(|_| self.channel == Channel::Tilt)
    }

    pub(crate) fn disagrees(&self) -> bool {
        self.lobes.count().abs_diff(self.full + self.short) > 1
    }

    /// The share of the reference a repetition must reach to count. Where the person's own range is known it is
    /// the catalogue's own share (smallest counting range over usual range, 0.3 to 0.8). Without it the reference
    /// is the running median of this set, which must not shut out a person who moves little: 0.35.
    fn share_that_counts(&self) -> f64 {
        if self.own_range_deg.is_none() {
            return FULL_SHARE_UNKNOWN;
        }
        let share = self.model.min_count_deg / self.model.range_deg;
        if share.is_finite() { share.clamp(0.3, 0.8) } else { 0.5 }
    }

    /// Smallest excursion that is a repetition at all, degrees.
    fn least_deg(&self) -> f64 {
        self.floor_deg.max(LEAST_SHARE * self.reference_deg().unwrap_or(0.0))
    }

    /// A leg that rests this far out is taken not to have lifted: the person lay down, sat up or stood.
    fn beyond_deg(&self) -> f64 {
        let usual = self.own_range_deg.unwrap_or(self.model.range_deg).max(BEYOND_LEAST_DEG);
        BEYOND_SHARE * usual.max(self.habit.range_deg().unwrap_or(0.0))
    }

    /// Takes one frame.
    pub(crate) fn push(&mut self, frame: &Frame, marks: &Marks, out: &mut Vec<Movement>) {
        if self.first_us.is_none() {
            (self.first_us, self.slow_since_us) = (Some(frame.at_us), frame.at_us);
        }
        let pose = self.pose(frame);
        self.take_up(pose, frame.at_us, out);
        let rest = *self.rest.get_or_insert(pose);
        let number = self.trail.next();
        let Frame { at_us, up_mps2, level_mps2, gyr_dps, .. } = *frame;
        self.trail.push(Point { at_us, pose, up_mps2, level_mps2, gyr_dps });
        let dt_s = match self.last {
            Some((at_us, before)) => {
                let dt_s = ((frame.at_us - at_us) * 1e-6).clamp(1e-3, 0.2);
                let share = dt_s / (RATE_TAU_S + dt_s);
                self.speed_dps += share * (self.channel.apart(pose, before) / dt_s - self.speed_dps);
                let moved = self.angle_of(pose, rest) - self.angle_of(before, rest);
                self.rate_dps += share * (moved / dt_s - self.rate_dps);
                dt_s
            }
            None => 1.0 / self.rate_hz,
        };
        self.last = Some((frame.at_us, pose));
        // Reaches turn about an axis of their own each: what they have in common is that they go out and come back.
        let swings = if self.reaches() { [self.rate_dps, 0.0, 0.0] } else { frame.gyr_dps };
        self.lobes.push(swings, dt_s);
        if self.speed_dps > SLOW_DPS {
            self.slow_since_us = frame.at_us;
        }
        self.angle_deg = self.angle_of(pose, rest);

        match self.state {
            State::Resting { shy } => self.rest_on(frame, pose, rest, number, dt_s, shy),
            State::Out(excursion) => self.go_on(excursion, frame, pose, number, marks, out),
        }
    }

    /// Samples were missing: what is open is not counted.
    pub(crate) fn cut(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        if let State::Out(excursion) = self.state {
            if excursion.began {
                self.enter(Phase::Rest, at_us, out);
            }
            self.forget_own_way(&excursion);
        }
        self.state = State::Resting { shy: true };
        self.put_off = None;
        self.last = None;
        (self.rate_dps, self.speed_dps) = (0.0, 0.0);
        self.slow_since_us = at_us;
        self.trail.clear();
        self.rest_from = 0;
        self.last_end_us = None;
        self.lobes.cut();
    }

    /// Ends the set: an excursion that is nearly back counts, any other is dropped.
    pub(crate) fn end(&mut self, at: Micros, marks: &Marks, out: &mut Vec<Movement>) {
        if let State::Out(excursion) = self.state {
            if excursion.lowered && self.angle_deg <= LOWER_SHARE * excursion.peak_deg {
                let last = self.trail.next().saturating_sub(1);
                let shape = self.shape(&excursion, last);
                if let Some(shape) = shape.filter(|shape| !self.is_upside_down(shape)) {
                    self.count(&shape, marks, out);
                }
            }
            if self.phase != Phase::Rest {
                self.enter(Phase::Rest, at.0 as f64, out);
            }
            self.state = State::Resting { shy: false };
        }
        self.doubt(at, out);
    }

    fn pose(&mut self, frame: &Frame) -> Pose {
        match self.channel {
            Channel::Tilt => frame.orientation.up(),
            Channel::Turn => {
                let anchor = *self.anchor.get_or_insert(frame.orientation);
                turn_deg(anchor.back().after(frame.orientation), self.last.map(|(_, pose)| pose))
            }
        }
    }

    /// Signed once the direction is known; before that every way out of the rest pose is up.
    fn angle_of(&self, pose: Pose, rest: Pose) -> f64 {
        match self.direction {
            Some(direction) => self.channel.along(pose, rest, direction),
            None => self.channel.apart(pose, rest),
        }
    }

    fn rest_on(&mut self, frame: &Frame, pose: Pose, rest: Pose, number: u64, dt_s: f64, shy: bool) {
        let slow_s = (frame.at_us - self.slow_since_us) * 1e-6;
        self.from_rest |= frame.still || slow_s >= SETTLED_S;
        if self.home.is_none() {
            // Nobody has seen the start pose yet: what moves already may be the middle of a lift.
            self.rest = Some(pose);
            self.angle_deg = 0.0;
            self.rest_from = number;
            let waited_s = (frame.at_us - self.first_us.unwrap_or(frame.at_us)) * 1e-6;
            if frame.still || slow_s >= TURNED_S || waited_s >= WAITED_S {
                self.home = Some(pose);
            }
            return;
        }
        let opens = (0.5 * self.floor_deg).max(0.12 * self.reference_deg().unwrap_or(0.0));
        if shy {
            if self.angle_deg < opens || slow_s > 2.0 {
                self.state = State::Resting { shy: false };
                self.rest = Some(self.channel.moved(rest, pose, if slow_s > 2.0 { 1.0 } else { 0.0 }));
                // What came before may be the end of a lift of which the rest was not seen.
                self.rest_from = number;
            }
            return;
        }
        self.look_across(pose, rest);
        if self.angle_deg > opens && self.speed_dps > 0.5 * SLOW_DPS {
            let from = self.rest_from.max(number.saturating_sub((LEAD_S * self.rate_hz) as u64));
            self.state = State::Out(Excursion::new((from, frame.at_us), false, self.angle_deg, (number, pose)));
            return;
        }
        // Follow the rest pose: at once where it sinks, quickly where the leg is still, hardly while it creeps up.
        let tau_s = if self.direction.is_some() && self.angle_deg < 0.0 {
            0.3
        } else if frame.still || slow_s > 1.0 {
            0.5
        } else if slow_s > 0.2 {
            2.0
        } else {
            return;
        };
        let rest = self.channel.moved(rest, pose, dt_s / (tau_s + dt_s));
        self.rest = Some(rest);
        if slow_s > START_POSE_S {
            self.home = Some(rest);
        }
        self.direction = self.direction.and_then(|d| self.channel.carried(d, rest));
    }

    /// A large excursion across the learned direction: the leg lies differently now, or rolls more than it lifts.
    fn look_across(&mut self, pose: Pose, rest: Pose) {
        if self.direction.is_none() {
            return;
        }
        let apart = self.channel.apart(pose, rest);
        let trust = if self.habit.is_sure() { self.reference_deg().unwrap_or(0.0) } else { 0.0 };
        if apart > (2.0 * self.floor_deg).max(trust) && self.angle_deg < 0.5 * apart && self.angle_deg > 0.0 {
            self.habit.forget_direction();
            self.own.forget_pose();
            self.direction = None;
            self.angle_deg = apart;
        }
    }

    /// An excursion is over: counts it if it is one, and rests at `pose`.
    fn close(&mut self, now: &Excursion, last: u64, pose: Pose, at_us: f64, marks: &Marks, out: &mut Vec<Movement>) {
        if now.began {
            let shape = self.shape(now, last);
            if let Some(shape) = shape.filter(|shape| self.is_upside_down(shape)) {
                self.turn_over(&shape, pose, out);
                return;
            }
            self.enter(Phase::Rest, at_us, out);
            if let Some(shape) = shape {
                self.count(&shape, marks, out);
            }
            self.doubt(micros(at_us), out);
        }
        self.settle(pose, last);
    }

    fn settle(&mut self, pose: Pose, number: u64) {
        self.state = State::Resting { shy: false };
        self.rest = Some(pose);
        self.rest_from = number;
        let sure = !self.reaches() && self.habit.is_sure();
        self.direction = if sure { self.habit.direction(pose) } else { None };
        self.angle_deg = 0.0;
        self.rate_dps = 0.0;
    }

    /// What was taken for the rest pose is the top: the leg sank, stayed low and rose again. The rising is the lift
    /// of a repetition that is now under way, and the low pose is where the leg rests.
    fn turn_over(&mut self, shape: &Shape, pose: Pose, out: &mut Vec<Movement>) {
        self.habit.forget_direction();
        self.own.forget_pose();
        self.direction = None;
        self.rest = Some(shape.top);
        self.home = Some(shape.top);
        self.rest_from = shape.turn;
        self.angle_deg = self.channel.apart(pose, shape.top);
        out.push(Movement::RepBegan { at: micros(shape.turn_us) });
        // What was told as lowering is the beginning of this lift.
        self.enter(Phase::Lift, shape.turn_us.max(self.phase_since.0 as f64), out);
        let from = (shape.turn, shape.turn_us);
        self.state = State::Out(Excursion::new(from, true, self.angle_deg, (self.trail.next(), pose)));
    }

    /// The shape of an excursion that is over, if it is large enough for a repetition.
    fn shape(&mut self, now: &Excursion, last: u64) -> Option<Shape> {
        let rest = self.rest?;
        let span = (now.from, last);
        let known = self.direction.filter(|_| !now.own_way);
        let shape = self.gauge.measure(&self.trail, span, self.channel, rest, known, self.rate_hz)?;
        self.is_one(&shape).then_some(shape)
    }

    /// Whether an excursion is a repetition: gravity does not deny it, and it is large against what is usual or lifted the
    /// ankle. Where nobody said which exercise it is, a small one must lift the ankle: a planted shank rocks by 4 to 7° with
    /// the trunk.
    fn is_one(&self, shape: &Shape) -> bool {
        if self.channel == Channel::Tilt && shape.denied_deg > DENIED_SHARE * shape.mean_deg {
            return false;
        }
        let lifted = shape.rise_m.is_some_and(|m| m >= LIFTED_M);
        let nameless = self.model.axis == TurnAxis::Mixed && self.own_range_deg.is_none();
        let least = if nameless { self.least_deg().max(self.model.min_count_deg) } else { self.least_deg() };
        shape.range_deg >= least || shape.range_deg >= self.floor_deg && lifted
    }

    fn is_upside_down(&self, shape: &Shape) -> bool {
        // What a sensor is off by makes a height that grows with the square of the time.
        let slow = shape.slowest_rise_s().max(SINKING_S) / SINKING_S;
        self.risen < RISEN_LEAST && shape.rise_m.is_some_and(|m| m <= SINKING_M * slow * slow)
    }

    fn count(&mut self, shape: &Shape, marks: &Marks, out: &mut Vec<Movement>) {
        self.put_off = None;
        self.risen += u32::from(shape.rise_m.is_some_and(|m| m >= -SINKING_M));
        let rep = self.rep(shape, marks);
        self.way = fine::axis(self.channel, shape.rest, shape.direction).map(|axis| (shape.rest, axis));
        self.own.learn(&rep, shape.rest, self.channel.direction(shape.rest, shape.top));
        if rep.full {
            self.full += 1;
        } else {
            self.short += 1;
        }
        if let Some(direction) = self.channel.direction(shape.rest, shape.top) {
            self.habit.learn(direction, shape.range_deg, (shape.end_us - shape.start_us) * 1e-6);
        }
        self.last_end_us = Some(shape.end_us);
        out.push(Movement::RepEnded(rep));
    }

    fn rep(&self, shape: &Shape, marks: &Marks) -> Rep {
        let seconds = |from: f64, to: f64| ((to - from) * 1e-6).max(0.0);
        let reference = self.reference_deg();
        let full = shape.range_deg >= self.floor_deg.max(self.share_that_counts() * reference.unwrap_or(0.0));
        // From the start pose of the first repetition: who stops short of it each time has not come back each time.
        let ended = self.last.map_or(shape.rest, |(_, pose)| pose);
        let left_over =
            self.own.start().or(self.home).and_then(|home| self.beyond(ended, home)).unwrap_or(shape.left_over_deg);
        let mut measures =
            self.gauge.fine(&self.trail, shape, self.channel, self.model.leverage, &self.own, self.rate_hz);
        measures.back_swing_deg =
            self.home.and_then(|home| self.beyond(shape.rest, home)).map(|beyond_deg| (-beyond_deg).max(0.0));
        let steady = self.own_range_deg.is_some() || self.habit.len() >= FIRST;
        let usual = Usual { model: &self.model, own: &self.own, range_deg: reference, steady };
        let mut detectors = detect::noticed(shape, &mut measures, left_over, &usual);
        if self.reaches() {
            // No reach is like the one before: what compares them says nothing.
            for detector in detectors.extract_if(.., |detector| !OF_ITSELF.contains(detector)) {
                measures.detector_confidence.forget(detector);
            }
            (measures.off_axis_share, measures.start_tilt_deg, measures.back_swing_deg) = (None, None, None);
        }
        // A clock too loose for gait is off by milliseconds: nothing against seconds of lifting and lowering.
        let mut quality = marks.since(shape.start_us).without(Reason::ClockPoor);
        if self.rate_hz < 20.0 {
            quality = quality.and(Reason::Rate);
        }
        Rep {
            start: micros(shape.start_us),
            top: micros(shape.top_us),
            turn: micros(shape.turn_us),
            end: micros(shape.end_us),
            range_deg: Some(shape.range_deg),
            lift_s: shape.lift_s(),
            hold_s: shape.hold_s(),
            lower_s: shape.lower_s(),
            rest_s: self.last_end_us.map(|end| seconds(end, shape.start_us)),
            peak_deg_per_s: shape.peak_dps,
            smoothness_sparc: shape.sparc,
            full,
            confidence: self.confidence(shape, quality),
            detectors,
            measures,
            quality,
        }
    }

    /// Whether every repetition may go another way.
    fn reaches(&self) -> bool {
        self.model.kind == ModelKind::Reach
    }

    /// The angle of `pose` from `home` in the direction of the movement, degrees.
    fn beyond(&self, pose: Pose, home: Pose) -> Option<f64> {
        let direction = self.channel.carried(self.direction?, home)?;
        Some(self.channel.along(pose, home, direction))
    }

    /// How alike this repetition is to the others of the set, less what its quality takes away.
    fn confidence(&self, shape: &Shape, quality: Quality) -> f64 {
        let range = alike(shape.range_deg, self.habit.range_deg());
        let duration = alike((shape.end_us - shape.start_us) * 1e-6, self.habit.duration_s());
        let size = (shape.range_deg / (2.0 * FLOOR_DEG)).min(1.0);
        let sound = if quality.ok() { 1.0 } else { 0.7 };
        (range * duration * size.sqrt() * sound).clamp(0.0, 1.0)
    }

    fn doubt(&mut self, at: Micros, out: &mut Vec<Movement>) {
        let other = self.lobes.count();
        if self.disagrees() && self.doubted != Some(other) {
            self.doubted = Some(other);
            out.push(Movement::CountDoubted { at, other });
        }
    }

    fn enter(&mut self, phase: Phase, at_us: f64, out: &mut Vec<Movement>) {
        self.phase = phase;
        self.phase_since = micros(at_us);
        out.push(Movement::PhaseChanged { at: self.phase_since, phase });
    }
}

/// The rotation vector of `q` in degrees, taken on the branch nearest to `before`.
fn turn_deg(q: Quat, before: Option<Pose>) -> Pose {
    let size = crate::orient::norm([q.x, q.y, q.z]);
    if size < 1e-12 {
        return before.map_or([0.0; 3], |_| [0.0; 3]);
    }
    let angle = 2.0 * libm::atan2(size, q.w) * 180.0 / core::f64::consts::PI;
    let axis = [q.x / size, q.y / size, q.z / size];
    let turned = |deg: f64| [axis[0] * deg, axis[1] * deg, axis[2] * deg];
    let candidates = [turned(angle), turned(angle - 360.0)];
    match before {
        Some(before) => {
            let far = |v: &Pose| crate::orient::norm(pose::minus(*v, before));
            if far(&candidates[0]) <= far(&candidates[1]) { candidates[0] } else { candidates[1] }
        }
        None if angle > 180.0 => candidates[1],
        None => candidates[0],
    }
}

//! [`Tracker`]: one cuff's samples in, what the leg did out.

use crate::balance::Sway;
use crate::calibrate::{Change, Mounting, SLIP_DEG};
use crate::frozen::{Frozen, Which};
use crate::function::Tester;
use crate::gait::Walker;
use crate::intake::{FILLED_SLOW_US, FILLED_US, Intake, Scale, Taken, numbered};
use crate::model::{ModelKind, Site, Task};
use crate::movement::{Detector, Live, Movement, Phase};
use crate::noticed::fit::Fit;
use crate::noticed::pace::Pace;
use crate::noticed::{Finding, certainty};
use crate::orient::{Vqf, dot};
use crate::reps::{Counter, Frame, NOT_MEASURED, Other};
use crate::wear::Wear;
use crate::words::{BlockFlags, BlockTime, Micros, Quality, Reason, Sample, SampleBlock, StreamConfig, Timing};

/// Lowest sample rate accepted, Hz: below it a lift of one second has too few samples to have phases.
pub const RATE_MIN_HZ: f64 = 12.5;
/// Highest sample rate accepted, Hz.
pub const RATE_MAX_HZ: f64 = 1000.0;
/// Repetitions are looked at no more often than this, Hz: legs hold nothing faster.
const FRAME_RATE_HZ: f64 = 50.0;
/// How fast a leg turns is an average over so long, s.
const TURNING_TAU_S: f64 = 2.0;
/// What a comparison of how the cuff sits is known to, degrees: people stand and walk alike to so much.
const SITS_DEG: f64 = 3.0;
const DEG_PER_RAD: f64 = 180.0 / core::f64::consts::PI;

/// Why a stream cannot be followed.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum TrackerError {
    /// The rate is not a number or outside 12.5 to 1,000 Hz: choose another rate.
    #[error("follow a stream of {0} samples per second (12.5 to 1000 can be followed)")]
    Rate(f64),
    /// A scale or range is not a number or not positive: the stream's description is broken.
    #[error("follow a stream whose {0} is not a positive number")]
    Scale(&'static str),
}

/// Follows one cuff: orientation always, repetitions or strides as the task says.
///
/// Samples enter as blocks of counts ([`Tracker::push`]) or at full precision ([`Tracker::push_sample`]); findings
/// are appended to the caller's vector once they are certain and never withdrawn, each with its own times. How samples are cut into blocks
/// makes no difference to what comes out. After the first seconds nothing is allocated per sample (the caller's
/// vector and a repetition's list of detectors aside).
#[derive(Debug, Clone)]
pub struct Tracker {
    scale: Scale,
    intake: Intake,
    frozen: Frozen,
    /// Axes that repeat one value.
    stands: Which,
    vqf: Vqf,
    grouped: Grouped,
    task: Task,
    counter: Counter,
    /// What counts instead where the exercise's angle does not show it.
    other: Option<Other>,
    walker: Walker,
    /// The function test that is followed.
    tester: Option<Tester>,
    sits: Wear,
    /// How this person usually sways.
    usual_sway: Option<Sway>,
    pace: Pace,
    fit: Fit,
    /// Mean square of the turning rate over the last seconds, (°/s)².
    turning: f64,
    rate_hz: f64,
    estimated: bool,
    still_since: Option<Micros>,
    moved_us: f64,
}

impl Tracker {
    /// A tracker for a stream of counts. Scales and ranges must be finite and positive, the rate 12.5 to 1,000 Hz.
    pub fn new(config: &StreamConfig) -> Result<Self, TrackerError> {
        let named = [
            ("accelerometer scale", config.acc_mps2_per_count),
            ("gyroscope scale", config.gyr_radps_per_count),
            ("accelerometer range", config.acc_range_mps2),
            ("gyroscope range", config.gyr_range_radps),
        ];
        for (name, value) in named {
            if !value.is_finite() || value <= 0.0 {
                return Err(TrackerError::Scale(name));
            }
        }
        let mut tracker = Self::for_samples(config.rate_hz)?;
        tracker.scale = Scale::of(config);
        tracker.estimated = config.timing == Timing::Estimated;
        Ok(tracker)
    }

    /// A tracker for samples at full precision, at about `rate_hz` per second (12.5 to 1,000).
    pub fn for_samples(rate_hz: f64) -> Result<Self, TrackerError> {
        if !(RATE_MIN_HZ..=RATE_MAX_HZ).contains(&rate_hz) {
            return Err(TrackerError::Rate(rate_hz));
        }
        let group = (rate_hz / FRAME_RATE_HZ).round().max(1.0);
        Ok(Self {
            scale: Scale::NONE,
            intake: Intake::new(rate_hz, FILLED_SLOW_US),
            frozen: Frozen::default(),
            stands: Which::default(),
            vqf: Vqf::new(rate_hz),
            grouped: Grouped::new(group as u32),
            task: Task::Idle,
            counter: Counter::new(rate_hz / group),
            other: None,
            walker: Walker::new(rate_hz),
            tester: None,
            sits: Wear::default(),
            usual_sway: None,
            pace: Pace::default(),
            fit: Fit::default(),
            turning: 0.0,
            rate_hz,
            estimated: false,
            still_since: None,
            moved_us: f64::NEG_INFINITY,
        })
    }

    /// Starts a task: counters to zero, orientation kept. `own_range_deg` is the person's own calibrated range of
    /// motion for this exercise and side, degrees; repetitions are then judged against it.
    pub fn begin(&mut self, at: Micros, task: Task, own_range_deg: Option<f64>) {
        self.task = task;
        self.intake.fill(self.longest_filled_us());
        self.grouped.clear();
        let model = if let Task::Reps(model) = task { model } else { NOT_MEASURED };
        self.counter.begin(at, model, own_range_deg);
        self.other = Other::of(at, model, self.rate_hz / f64::from(self.grouped.size));
        self.walker.begin();
        (self.pace, self.fit) = (Pace::default(), Fit::default());
        self.tester = match task {
            Task::Test(test) => Some(Tester::new(test, at.0 as f64, self.rate_hz)),
            _ => None,
        };
    }

    /// Says where the sensor sits; a cuff 9 cm above the ankle where nobody does. Lengths of strides depend on it, 1 cm
    /// of height on 1 to 2 % of a stride.
    pub fn wear(&mut self, site: Site) {
        self.walker.wear(site);
    }

    /// Learns from now on how the cuff sits: from standing while the leg is still, from walking or swinging while it is
    /// not. [`Tracker::mounting`] has it once both were seen.
    pub fn align(&mut self) {
        self.sits.learn();
    }

    /// How the cuff sits, as learned or as told by [`Tracker::watch`]; `None` before that. Its quality says whether to
    /// believe it.
    pub fn mounting(&self) -> Option<Mounting> {
        self.sits.mounting()
    }

    /// Watches from now on whether the cuff still sits like this: told as [`Movement::CuffChecked`], and after a slip every
    /// finding has [`Reason::Slip`] until a comparison finds it back or this is called anew.
    pub fn watch(&mut self, mounting: Mounting) {
        self.sits.watch(mounting);
    }

    /// The person was asked to stand still: the next two seconds of rest are compared with how the cuff sat. Nothing
    /// without [`Tracker::watch`].
    pub fn recheck(&mut self) {
        self.sits.recheck();
    }

    /// Says how this person usually sways, one leg on one ground with the eyes as they are: a stance that sways more than
    /// twice as fast is then told as [`Detector::Wobble`]. `None`: nobody knows.
    pub fn usually_sways(&mut self, sway: Option<Sway>) {
        self.usual_sway = sway;
    }

    /// How fast the leg turns, degrees per second: root mean square over about two seconds. What [`SideWatch`](crate::SideWatch)
    /// compares.
    pub fn turning_dps(&self) -> f64 {
        self.turning.sqrt()
    }

    /// How far the leg is from where the walk began, metres along the ground: after a loop what the way fails to close
    /// by. `None` before the first stride and once a part of the way was not measured.
    pub fn start_distance_m(&self) -> Option<f64> {
        self.walker.start_distance_m()
    }

    /// Takes a block; `time` says where its samples lie in session time. Samples that were taken before (a block
    /// sent twice) are left out; missing ones are filled in and marked where the samples around them are no more than
    /// 40 ms apart in a walk or a test, 500 ms otherwise (or only one is missing); more are [`Movement::Gapped`].
    pub fn push(&mut self, block: &SampleBlock, time: BlockTime, out: &mut Vec<Movement>) {
        let usable = time.first_us.is_finite() && time.period_us.is_finite() && time.period_us > 0.0;
        if !usable {
            return;
        }
        let mut taken = Taken::default();
        for (index, counts) in numbered(block.first_index, &block.counts) {
            let at_us = time.first_us + (index - block.first_index) as f64 * time.period_us;
            let (sample, acc_clip, gyr_clip) = self.scale.sample(counts, at_us);
            let marks = &mut self.intake.marks;
            if acc_clip || block.flags.has(BlockFlags::ACC_CLIP) {
                marks.note(Reason::AccSaturated, at_us);
            }
            if gyr_clip || block.flags.has(BlockFlags::GYR_CLIP) {
                marks.note(Reason::GyrSaturated, at_us);
            }
            if self.estimated {
                marks.note(Reason::TimingEstimated, at_us);
            } else if !time.fit_ok {
                marks.note(Reason::ClockPoor, at_us);
            }
            taken.clear();
            self.intake.indexed(sample, index, time.period_us, &mut taken);
            self.process(&taken, out);
        }
    }

    /// Takes one sample at full precision. Values that are not numbers, repeated times and times that run back are
    /// left out; longer pauses are gaps.
    pub fn push_sample(&mut self, sample: &Sample, out: &mut Vec<Movement>) {
        if sample.clipped && sample.at_us.is_finite() {
            self.intake.marks.note(Reason::AccSaturated, sample.at_us);
            self.intake.marks.note(Reason::GyrSaturated, sample.at_us);
        }
        let mut taken = Taken::default();
        self.intake.timed(*sample, &mut taken);
        self.process(&taken, out);
    }

    /// Ends the task at `at`: what is nearly over is closed, the rest dropped. [`Live`] keeps the task's final
    /// counts until the next one begins.
    pub fn end(&mut self, at: Micros, out: &mut Vec<Movement>) {
        if self.counting() {
            match &mut self.other {
                Some(other) => other.end(at, &self.intake.marks, out),
                None => self.counter.end(at, &self.intake.marks, out),
            }
        }
        if self.walking() {
            let known = out.len();
            self.walker.end(&self.intake.marks, out);
            if let Some(tester) = &mut self.tester {
                tester.walked(&out[known..]);
            }
        }
        if let Some(mut tester) = self.tester.take() {
            let known = out.len();
            tester.end(&self.intake.marks, out);
            let swayed = out[known..].iter().find_map(|movement| self.wobble(movement));
            out.extend(swayed.map(Movement::Noticed));
        }
        self.task = Task::Idle;
        self.intake.fill(self.longest_filled_us());
    }

    /// The angle of [`Tracker::live`] alone, for who looks at it with every sample.
    pub fn angle_deg(&self) -> Option<f64> {
        if self.counting() && !self.blind() { self.set().angle_deg } else { None }
    }

    /// The leg now.
    pub fn live(&self) -> Live {
        let at_us = self.intake.last_us().unwrap_or(0.0);
        let mut quality = self.quality();
        let counting = self.counting();
        let Set { phase: (phase, phase_since), reps, short_reps, angle_deg, reference_deg, disagrees } = self.set();
        if counting && disagrees {
            quality = quality.and(Reason::Disagree);
        }
        Live {
            at: micros(at_us),
            angle_deg: if counting && !self.blind() { angle_deg } else { None },
            reference_deg: if counting { reference_deg } else { None },
            phase: if counting { phase } else { Phase::Rest },
            phase_since,
            reps,
            short_reps,
            strides: self.walker.strides(),
            cadence_per_min: if self.walking() { self.walker.cadence_per_min(at_us) } else { None },
            still: self.still_since.is_some(),
            quality,
        }
    }

    /// The orientation filter, sensor to earth.
    pub fn orientation(&self) -> &Vqf {
        &self.vqf
    }

    /// Reasons against the signal within the last two seconds, as far as the task minds them: repetitions do not need
    /// the clock that strides need.
    pub fn quality(&self) -> Quality {
        let quality = self.intake.marks.live(self.intake.last_us().unwrap_or(0.0));
        if self.walking() { quality } else { quality.without(Reason::ClockPoor) }
    }

    fn walking(&self) -> bool {
        match self.task {
            Task::Walk => true,
            Task::Test(test) => test.walks(),
            Task::Idle | Task::Reps(_) => false,
        }
    }

    fn longest_filled_us(&self) -> f64 {
        match self.task {
            Task::Walk | Task::Test(_) => FILLED_US,
            Task::Idle | Task::Reps(_) => FILLED_SLOW_US,
        }
    }

    /// Whether nothing can be counted.
    fn blind(&self) -> bool {
        self.intake.blind() || self.stands.any()
    }

    fn counting(&self) -> bool {
        matches!(self.task, Task::Reps(model) if model.kind != ModelKind::Timer)
    }

    fn process(&mut self, taken: &Taken, out: &mut Vec<Movement>) {
        if let Some(gap) = taken.gap {
            out.push(Movement::Gapped(gap));
            self.grouped.clear();
            if self.counting() {
                self.lose_sight(gap.start.0 as f64, out);
            }
            self.walker.cut(&self.intake.marks, out);
            self.pace.cut();
            if let Some(tester) = &mut self.tester {
                tester.cut();
            }
        }
        for (sample, dt_s) in &taken.samples {
            self.step(sample, *dt_s, out);
        }
    }

    fn step(&mut self, sample: &Sample, dt_s: f64, out: &mut Vec<Movement>) {
        self.turn(sample, dt_s);
        self.look_for_rest(sample.at_us, out);
        let bias = self.vqf.gyr_bias();
        let gyr_radps = [0, 1, 2].map(|k: usize| sample.gyr[k] - bias[k]);
        let gyr = gyr_radps.map(|rate| rate * DEG_PER_RAD);
        let checked = self.sits.push(gyr_radps, sample.acc, dt_s, self.vqf.at_rest(), self.walking());
        let known_to_slip = self.intake.marks.since(sample.at_us - 1e6).has(Reason::Slip);
        if let Some(change) = checked {
            out.push(Movement::CuffChecked { at: micros(sample.at_us), change });
            let news = change.slipped() && !known_to_slip;
            out.extend(news.then(|| Movement::Noticed(slip(sample.at_us, change, self.quality()))));
        }
        if self.sits.slipped() {
            self.intake.marks.note(Reason::Slip, sample.at_us);
        }
        self.turning += dt_s / (TURNING_TAU_S + dt_s) * (dot(gyr, gyr) - self.turning);
        let known = out.len();
        if self.walking() {
            self.walker.push(sample.at_us, gyr, sample.acc, &self.vqf, &self.intake.marks, out);
            for found in known..out.len() {
                let Movement::Strode(stride) = &out[found] else { continue };
                let ran = self.pace.stride(stride);
                out.extend(ran.map(Movement::Noticed));
            }
        }
        if let Some(tester) = &mut self.tester {
            tester.walked(&out[known..]);
            tester.push(sample, dt_s, gyr, self.vqf.up(), &self.intake.marks, out);
        }
        if !self.counting() {
            return;
        }
        let [x_mps2, y_mps2, _] = self.vqf.orientation().turn(sample.acc);
        let force = [x_mps2, y_mps2, dot(self.vqf.up(), sample.acc)];
        let Some((at_us, gyr_dps, force)) = self.grouped.push(sample.at_us, gyr, force) else { return };
        if self.blind() {
            self.lose_sight(at_us, out);
            return;
        }
        let [x_mps2, y_mps2, up_mps2] = force;
        let frame = Frame {
            at_us,
            orientation: self.vqf.orientation(),
            gyr_dps,
            up_mps2,
            level_mps2: [x_mps2, y_mps2],
            still: self.vqf.at_rest(),
        };
        if let Some(other) = &mut self.other {
            return other.push(&frame, &self.intake.marks, out);
        }
        let known = out.len();
        self.counter.push(&frame, &self.intake.marks, out);
        if out.len() > known {
            let another = self.another_exercise(&out[known..]);
            out.extend(another.map(Movement::Noticed));
        }
    }

    /// Whether the repetition among these is the third of another exercise.
    fn another_exercise(&mut self, found: &[Movement]) -> Option<Finding> {
        let rep = found.iter().find_map(|movement| match movement {
            Movement::RepEnded(rep) => Some(rep),
            _ => None,
        })?;
        let Task::Reps(model) = self.task else { return None };
        let mounting = self.sits.mounting().filter(Mounting::ok)?;
        self.fit.rep(rep, self.counter.way()?, &model, &mounting)
    }

    /// Whether a stance swayed more than this person usually does.
    fn wobble(&self, movement: &Movement) -> Option<Finding> {
        let Movement::Tested(outcome) = movement else { return None };
        let confidence = outcome.sway?.wobbles(&self.usual_sway?)?;
        let (start, end, quality) = (outcome.start, outcome.end, outcome.quality);
        Some(Finding { detector: Detector::Wobble, start, end, confidence, quality })
    }

    /// Tells the filter of the orientation of a sample, as far as it is to be believed.
    fn turn(&mut self, sample: &Sample, dt_s: f64) {
        let bias = self.vqf.gyr_bias();
        let speaks = |which: Which| which.gyr == [false; 3];
        let stood = !speaks(self.stands);
        self.stands = self.frozen.push(sample, bias, self.vqf.up());
        // An accelerometer that stood leaves the gyroscope's word for what it did not see.
        if stood && speaks(self.stands) {
            self.vqf.find_up_anew();
        }
        // The newest mark is this sample's own where it was cut off.
        let cut_off = sample.clipped && self.intake.marks.since(sample.at_us).has(Reason::GyrSaturated);
        if self.stands.any() {
            self.intake.marks.note(Reason::Stuck, sample.at_us);
            // What an axis would have said is not known: no turning is the best guess, and a force of nothing corrects nothing.
            let gyr = [0, 1, 2].map(|k: usize| if self.stands.gyr[k] { bias[k] } else { sample.gyr[k] });
            let acc = if self.stands.acc { [0.0; 3] } else { sample.acc };
            self.vqf.update_saturated(gyr, acc, dt_s);
        } else if cut_off {
            self.vqf.update_saturated(sample.gyr, sample.acc, dt_s);
        } else {
            self.vqf.update(sample.gyr, sample.acc, dt_s);
        }
    }

    /// What is under way in a set is not counted.
    fn lose_sight(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        match &mut self.other {
            Some(other) => other.cut(at_us, out),
            None => self.counter.cut(at_us, out),
        }
    }

    /// The set so far, as whoever counts it sees it.
    fn set(&self) -> Set {
        let counter = &self.counter;
        match &self.other {
            Some(other) => Set {
                phase: other.tally().phase(),
                reps: other.tally().full(),
                short_reps: other.tally().short(),
                angle_deg: None,
                reference_deg: None,
                disagrees: other.disagrees(),
            },
            None => Set {
                phase: counter.phase(),
                reps: counter.full(),
                short_reps: counter.short(),
                angle_deg: counter.angle_deg(),
                reference_deg: counter.reference_deg(),
                disagrees: counter.disagrees(),
            },
        }
    }

    fn look_for_rest(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        match (self.vqf.at_rest(), self.still_since) {
            (true, None) => {
                // The filter needs 1.5 s of stillness to be sure of it.
                let since = micros((at_us - 1.5e6).max(self.moved_us));
                self.still_since = Some(since);
                out.push(Movement::Stilled { since });
            }
            (false, Some(_)) => {
                self.still_since = None;
                self.moved_us = at_us;
                out.push(Movement::Moved { at: micros(at_us) });
            }
            _ => {}
        }
    }
}

/// A cuff that slipped.
fn slip(at_us: f64, change: Change, quality: Quality) -> Finding {
    let (Change::Tilted(deg) | Change::Twisted(deg)) = change;
    let confidence = certainty(deg.abs() - SLIP_DEG, SITS_DEG);
    let at = micros(at_us);
    Finding { detector: Detector::CuffSlip, start: at, end: at, confidence, quality: quality.without(Reason::Slip) }
}

fn micros(us: f64) -> Micros {
    Micros(us.round() as i64)
}

/// A set under way.
struct Set {
    phase: (Phase, Micros),
    reps: u32,
    short_reps: u32,
    angle_deg: Option<f64>,
    reference_deg: Option<f64>,
    disagrees: bool,
}

/// Averages the angular rate and the force in earth's axes over groups of samples.
#[derive(Debug, Clone)]
struct Grouped {
    size: u32,
    count: u32,
    gyr: [f64; 3],
    force_mps2: [f64; 3],
}

impl Grouped {
    fn new(size: u32) -> Self {
        Self { size, count: 0, gyr: [0.0; 3], force_mps2: [0.0; 3] }
    }

    fn clear(&mut self) {
        self.count = 0;
        self.gyr = [0.0; 3];
        self.force_mps2 = [0.0; 3];
    }

    /// The time of the group's last sample, which is the time of the orientation, its mean rate and mean force.
    fn push(&mut self, at_us: f64, gyr: [f64; 3], force_mps2: [f64; 3]) -> Option<(f64, [f64; 3], [f64; 3])> {
        self.count += 1;
        for (sum, g) in self.gyr.iter_mut().zip(gyr) {
            *sum += g;
        }
        for (sum, part) in self.force_mps2.iter_mut().zip(force_mps2) {
            *sum += part;
        }
        if self.count < self.size {
            return None;
        }
        let share = 1.0 / f64::from(self.size);
        let mean = (at_us, self.gyr.map(|sum| sum * share), self.force_mps2.map(|sum| sum * share));
        self.clear();
        Some(mean)
    }
}

#[cfg(test)]
mod tests;

//! [`look_back`]: the orientation of a recording that is whole, looked at from both ends.
//!
//! The idea is that of Laidig & Seel's offline variant (Information Fusion 91, 2023, doi 10.1016/j.inffus.2022.10.014),
//! written anew: a filter that may look ahead as well as back knows the bias of the gyroscope from both sides, and can
//! low-pass the specific force without delay.
//!
//! 1. [`Vqf`] runs forward, and over the recording turned round in time. Each gives the bias with its covariance at
//!    every sample; the two are joined by the weight of their information. A rest seen by either is a rest.
//! 2. The angular rate less that bias is integrated once. The specific force in the frame so gained is low-passed
//!    forward and then backward, which cancels the delay.
//! 3. The inclination follows that force, as while streaming.

use super::between::Between;
use super::filter::{Coefficients, LowPass};
use super::quat::{Quat, norm};
use super::vqf::{TAU_ACC_S, Vqf, believable, upright};
use crate::intake::{FILLED_US, Intake, Taken};
use crate::matrix::{applied, inverted};
use crate::words::Sample;

/// A gap within which nobody knows how the sensor turned, µs: what lies behind it is a recording of its own.
const APART_US: i64 = 1_000_000;

/// What is known of one sample afterwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Settled {
    /// Orientation, sensor to an earth frame with z up and a heading of its own.
    pub orientation: Quat,
    /// Bias of the gyroscope, rad/s.
    pub bias: [f64; 3],
    /// Whether the sensor was at rest.
    pub at_rest: bool,
}

/// A sample that counts: its place among all (`None` for one filled in), the time since the one before and the mean
/// rate in it, rad/s.
#[derive(Debug, Clone, Copy)]
struct Step {
    place: Option<usize>,
    gyr: [f64; 3],
    acc: [f64; 3],
    dt_s: f64,
    rate: [f64; 3],
}

/// The orientation at every one of `samples`, taken at about `rate_hz` per second (1 to 10,000).
///
/// A sample that has values that are not numbers or that no sensor gives, or a time that does not run forward, has what the one before it
/// has; `None` before the first whole one. A pause of more than a second parts the recording: the heading begins
/// anew, as nobody saw the sensor turn. Needs about 500 bytes per sample while it works.
pub fn look_back(samples: &[Sample], rate_hz: f64) -> Vec<Option<Settled>> {
    let rate_hz = if rate_hz.is_finite() { rate_hz.clamp(1.0, 10_000.0) } else { 100.0 };
    let mut settled = vec![None; samples.len()];
    for run in runs(samples, rate_hz) {
        settle(&run, rate_hz, &mut settled);
    }
    let mut last = None;
    for known in &mut settled {
        if known.is_some() {
            last = *known;
        } else {
            *known = last;
        }
    }
    settled
}

/// The samples that count, as a tracker takes them (up to three missing ones filled in: the specific force is averaged
/// over time, not over samples), parted where more than a second is missing.
fn runs(samples: &[Sample], rate_hz: f64) -> Vec<Vec<Step>> {
    let mut runs: Vec<Vec<Step>> = Vec::new();
    let (mut intake, mut between) = (Intake::new(rate_hz, FILLED_US), Between::new());
    for (place, sample) in samples.iter().enumerate().filter(|(_, sample)| believable(sample.gyr, sample.acc)) {
        let mut taken = Taken::default();
        intake.timed(*sample, &mut taken);
        let apart = taken.gap.is_some_and(|gap| gap.end.since(gap.start) > APART_US);
        if runs.is_empty() || apart {
            between.forget();
            runs.push(Vec::new());
        }
        let Some(run) = runs.last_mut() else { continue };
        let last = taken.samples.len().saturating_sub(1);
        for (i, (sample, dt_s)) in taken.samples.iter().enumerate() {
            // The first sample of a run ends no known time.
            let dt_s = if run.is_empty() { 1.0 / rate_hz } else { *dt_s };
            let rate = between.rate(sample.gyr, dt_s);
            run.push(Step { place: (i == last).then_some(place), gyr: sample.gyr, acc: sample.acc, dt_s, rate });
        }
    }
    runs
}

/// Bias and its information (the inverse of the covariance) after a sample, and whether it was a rest.
#[derive(Debug, Clone, Copy)]
struct Known {
    bias: [f64; 3],
    information: [[f64; 3]; 3],
    at_rest: bool,
}

impl Known {
    fn of(vqf: &Vqf) -> Self {
        // A covariance that cannot be inverted never comes out of the filter; it would say nothing.
        let information = inverted(vqf.covariance()).unwrap_or([[0.0; 3]; 3]);
        Self { bias: vqf.gyr_bias(), information, at_rest: vqf.at_rest() }
    }

    /// Both, each by the weight of what it knows; `back` was learned with time turned round, so its bias has the other
    /// sign.
    fn join(self, back: &Self) -> ([f64; 3], bool) {
        let mut sum = self.information;
        for (row, other) in sum.iter_mut().zip(back.information) {
            for (a, b) in row.iter_mut().zip(other) {
                *a += b;
            }
        }
        let (here, there) = (applied(self.information, self.bias), applied(back.information, back.bias));
        let weighted = [here[0] - there[0], here[1] - there[1], here[2] - there[2]];
        (inverted(sum).map_or(self.bias, |p| applied(p, weighted)), self.at_rest || back.at_rest)
    }
}

fn settle(run: &[Step], rate_hz: f64, settled: &mut [Option<Settled>]) {
    let mut forward = Vqf::new(rate_hz);
    let mut known: Vec<Known> = Vec::with_capacity(run.len());
    for step in run {
        forward.advance(step.gyr, step.rate, step.acc, step.dt_s);
        known.push(Known::of(&forward));
    }
    let mut back = Vqf::new(rate_hz);
    let mut joined: Vec<([f64; 3], bool)> = vec![([0.0; 3], false); run.len()];
    for (i, step) in run.iter().enumerate().rev() {
        // The way back from the next sample to this one.
        let (rate, dt_s) = run.get(i + 1).map_or((step.gyr, 1.0 / rate_hz), |next| (next.rate, next.dt_s));
        back.advance(step.gyr.map(|g| -g), rate.map(|g| -g), step.acc, dt_s);
        joined[i] = known[i].join(&Known::of(&back));
    }
    drop(known);

    let mut turning = Quat::IDENTITY;
    let mut turnings = Vec::with_capacity(run.len());
    let mut forces = Vec::with_capacity(run.len());
    for (step, (bias, _)) in run.iter().zip(&joined) {
        let rate = [step.rate[0] - bias[0], step.rate[1] - bias[1], step.rate[2] - bias[2]];
        turning = turning.after(Quat::of_rate(rate, step.dt_s)).unit();
        turnings.push(turning);
        forces.push(turning.turn(step.acc));
    }
    smooth(&mut forces, 1.0 / rate_hz);

    let mut upward = Quat::IDENTITY;
    for (((step, force), turning), (bias, at_rest)) in run.iter().zip(&forces).zip(&turnings).zip(&joined) {
        let earth = upward.turn(*force);
        let length = norm(earth);
        if length > 1e-9 {
            upward = upright(earth.map(|v| v / length)).after(upward).unit();
        }
        if let Some(place) = step.place {
            settled[place] = Some(Settled { orientation: upward.after(*turning), bias: *bias, at_rest: *at_rest });
        }
    }
}

/// The low-pass of the specific force, once forward and once backward.
fn smooth(forces: &mut [[f64; 3]], period_s: f64) {
    let with = Coefficients::new(TAU_ACC_S, period_s);
    for backward in [false, true] {
        let mut low = LowPass::<3>::new();
        let mut pass = |force: &mut [f64; 3]| *force = low.push(*force, period_s, &with);
        if backward {
            forces.iter_mut().rev().for_each(&mut pass);
        } else {
            forces.iter_mut().for_each(&mut pass);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE_HZ: f64 = 100.0;

    /// A sensor that turns about changing axes for a while and rests before and after, its gyroscope off by `bias`.
    fn recording(bias: [f64; 3]) -> (Vec<Sample>, Vec<Quat>) {
        let (mut q, mut samples, mut truth) = (Quat::IDENTITY, Vec::new(), Vec::new());
        for i in 0..6000 {
            let t = f64::from(i) / RATE_HZ;
            let moving = if (10.0..45.0).contains(&t) { 1.0 } else { 0.0 };
            let rate = [libm::sin(2.1 * t), 1.5 * libm::cos(1.7 * t), libm::sin(0.9 * t)].map(|r| r * moving);
            q = q.after(Quat::of_rate(rate, 1.0 / RATE_HZ)).unit();
            let pull = [2.0 * moving * libm::sin(5.0 * t), 2.0 * moving * libm::cos(3.0 * t), 9.81];
            let gyr = [rate[0] + bias[0], rate[1] + bias[1], rate[2] + bias[2]];
            samples.push(Sample { at_us: t * 1e6, acc: q.back().turn(pull), gyr, clipped: false });
            truth.push(q);
        }
        (samples, truth)
    }

    fn tilt_deg(a: Quat, b: Quat) -> f64 {
        let e = a.after(b.back());
        2.0 * libm::atan2(libm::hypot(e.x, e.y), libm::hypot(e.w, e.z)) * 180.0 / core::f64::consts::PI
    }

    #[test]
    fn looking_back_knows_the_bias_from_the_first_sample_on() {
        let bias = [0.012, -0.008, 0.005];
        let (samples, truth) = recording(bias);
        let settled = look_back(&samples, RATE_HZ);
        let mut vqf = Vqf::new(RATE_HZ);
        let (mut back, mut live): (f64, f64) = (0.0, 0.0);
        for ((sample, known), q) in samples.iter().zip(&settled).zip(truth) {
            vqf.update(sample.gyr, sample.acc, 1.0 / RATE_HZ);
            let known = known.unwrap();
            back = back.max(tilt_deg(known.orientation, q));
            live = live.max(tilt_deg(vqf.orientation(), q));
            for (found, bias) in known.bias.into_iter().zip(bias) {
                assert!((found - bias).abs() < 1e-3, "{:?} at {} s", known.bias, sample.at_us * 1e-6);
            }
        }
        assert!(back < 0.7 * live && back < 1.0, "{back} {live}");
        // Rest is known from its first sample on, and by neither direction in the middle of the movement.
        assert!(settled[0].unwrap().at_rest && settled[5999].unwrap().at_rest && !settled[3000].unwrap().at_rest);
    }

    #[test]
    fn a_recording_turned_round_in_time_tells_the_same_inclination() {
        let (samples, _) = recording([0.0; 3]);
        let last_us = samples[samples.len() - 1].at_us;
        let turned: Vec<Sample> =
            samples.iter().rev().map(|s| Sample { at_us: last_us - s.at_us, gyr: s.gyr.map(|g| -g), ..*s }).collect();
        let (there, back) = (look_back(&samples, RATE_HZ), look_back(&turned, RATE_HZ));
        for (a, b) in there.iter().zip(back.iter().rev()) {
            let off = tilt_deg(a.unwrap().orientation, b.unwrap().orientation);
            // A value stands for the time before it, forward, and for the time after it, backward.
            assert!(off < 1.5, "{off}");
        }
    }

    #[test]
    fn rows_without_numbers_and_repeated_rows_have_what_the_row_before_has() {
        let (mut samples, _) = recording([0.0; 3]);
        samples[0].acc[1] = f64::NAN;
        samples[700].gyr[0] = f64::MAX;
        samples[900] = samples[899];
        samples[901].at_us = f64::NAN;
        let settled = look_back(&samples, RATE_HZ);
        assert_eq!(settled.len(), samples.len());
        assert_eq!(settled[0], None);
        assert!(settled[1..].iter().all(Option::is_some));
        assert_eq!(settled[700], settled[699]);
        assert_eq!((settled[900], settled[901]), (settled[899], settled[899]));
    }

    #[test]
    fn a_pause_of_more_than_a_second_parts_the_recording() {
        let (mut samples, _) = recording([0.0; 3]);
        let second = look_back(&samples[3000..], RATE_HZ);
        for sample in &mut samples[3000..] {
            sample.at_us += 5e6;
        }
        let settled = look_back(&samples, RATE_HZ);
        for (place, alone) in [(3000, 0), (4500, 1500), (5999, 2999)] {
            let e = settled[place].unwrap().orientation.after(second[alone].unwrap().orientation.back());
            assert!(norm([e.x, e.y, e.z]) < 1e-9, "{e:?}");
        }
        assert!(look_back(&[], f64::NAN).is_empty());
    }
}

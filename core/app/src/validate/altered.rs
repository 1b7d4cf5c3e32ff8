//! [`altered`]: a recording as another mounting, another sensor or a quicker person would have given it.
//!
//! What is right about a recording stays right about these, so that they stand for recordings that nobody here has: nothing
//! is tuned on them, and what holds on the shared files only because of how those happen to lie falls with them.

use crate::files::ImuFile;
use talus_motion::orient::{Quat, look_back};
use talus_motion::{GRAVITY_MPS2, Sample};
use talus_sim::{Chance, SensorErrors};

/// One way of altering a recording.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Alteration {
    /// The sensor sits another way round the leg.
    Turned,
    /// The other leg: left and right are exchanged.
    Mirrored,
    /// Read so many times a second.
    Rate(f64),
    /// The same movements in so many times their time.
    Pace(f64),
    /// By a sensor with biases, scales and noise of its own.
    Poorer,
    /// The first seconds are missing: so much of a few seconds, 0 to 1.
    Late,
    /// Turned, by a poorer sensor, at another pace and read 50 times a second.
    AllAtOnce,
}

/// Every alteration with the words it is told by.
pub(super) const ALTERATIONS: [(&str, Alteration); 13] = [
    ("another mounting", Alteration::Turned),
    ("mirrored", Alteration::Mirrored),
    ("20 samples a second", Alteration::Rate(20.0)),
    ("33 samples a second", Alteration::Rate(33.0)),
    ("50 samples a second", Alteration::Rate(50.0)),
    ("100 samples a second", Alteration::Rate(100.0)),
    ("0.7 of the time", Alteration::Pace(0.7)),
    ("0.85 of the time", Alteration::Pace(0.85)),
    ("1.2 times the time", Alteration::Pace(1.2)),
    ("1.4 times the time", Alteration::Pace(1.4)),
    ("a poorer sensor", Alteration::Poorer),
    ("a late start", Alteration::Late),
    ("all at once", Alteration::AllAtOnce),
];

/// Most that a late start misses, s.
const LATE_MOST_S: f64 = 8.0;

impl Alteration {
    /// How much longer everything takes.
    pub(super) fn pace(self, seed: u64) -> f64 {
        match self {
            Self::Pace(times) => times,
            Self::AllAtOnce => Chance::new(seed).branch(3).between(0.75, 1.35),
            _ => 1.0,
        }
    }

    /// How many seconds from each beginning on are missing.
    pub(super) fn late_s(self, seed: u64) -> f64 {
        if self == Self::Late { Chance::new(seed).branch(4).between(0.0, LATE_MOST_S) } else { 0.0 }
    }
}

/// `file` altered; equal seeds alter it alike.
pub(super) fn altered(file: &ImuFile, how: Alteration, seed: u64) -> ImuFile {
    let mut samples: Vec<Sample> = file.in_order().copied().collect();
    let mut rate_hz = file.rate_hz;
    let chance = Chance::new(seed);
    if how.pace(seed) != 1.0 {
        paced(&mut samples, rate_hz, how.pace(seed));
        rate_hz /= how.pace(seed);
    }
    if matches!(how, Alteration::Turned | Alteration::AllAtOnce) {
        let q = any_turn(&mut chance.branch(1));
        for sample in &mut samples {
            (sample.acc, sample.gyr) = (q.turn(sample.acc), q.turn(sample.gyr));
        }
    }
    if how == Alteration::Mirrored {
        for sample in &mut samples {
            let ([ax, ay, az], [gx, gy, gz]) = (sample.acc, sample.gyr);
            // A rate is an axial vector: its part across the mirror stays.
            (sample.acc, sample.gyr) = ([ax, -ay, az], [-gx, gy, -gz]);
        }
    }
    let rate = match how {
        Alteration::Rate(hz) => Some(hz),
        Alteration::AllAtOnce => Some(50.0),
        // A slowed recording has fewer samples a second, a hurried one more, and no sensor is of such a rate.
        _ if rate_hz != file.rate_hz => Some(file.rate_hz),
        _ => None,
    };
    if let Some(hz) = rate {
        samples = resampled(&samples, rate_hz, hz);
        rate_hz = hz;
    }
    if matches!(how, Alteration::Poorer | Alteration::AllAtOnce) {
        let mut chance = chance.branch(2);
        let errors = SensorErrors::drawn(&mut chance);
        for sample in &mut samples {
            *sample = errors.feel(sample, rate_hz, &mut chance);
        }
    }
    ImuFile { samples, rate_hz, reference: None, ..file.clone() }
}

/// Stretches the movements to `times` their time: rates of turning go with the inverse, what accelerates the leg with its
/// square, and gravity stays.
fn paced(samples: &mut [Sample], rate_hz: f64, times: f64) {
    let settled = look_back(samples, rate_hz);
    for (sample, settled) in samples.iter_mut().zip(settled) {
        sample.at_us *= times;
        sample.gyr = sample.gyr.map(|rate| rate / times);
        let Some(settled) = settled else { continue };
        let up = settled.orientation.back().turn([0.0, 0.0, GRAVITY_MPS2]);
        for (acc, up) in sample.acc.iter_mut().zip(up) {
            *acc = up + (*acc - up) / (times * times);
        }
    }
}

/// The readings at another rate: between samples in a straight line; where fewer are wanted, means over their period.
fn resampled(samples: &[Sample], from_hz: f64, to_hz: f64) -> Vec<Sample> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let step_us = 1e6 / to_hz;
    let parts = (from_hz / to_hz).ceil().max(1.0) as u32;
    let steps = ((last.at_us - first.at_us) / step_us) as u32;
    let mut place = 0;
    (0..=steps)
        .map(|i| {
            let at_us = first.at_us + f64::from(i) * step_us;
            let mut mean = Sample { at_us, acc: [0.0; 3], gyr: [0.0; 3], clipped: false };
            for part in 0..parts {
                let within = (f64::from(part) + 0.5) / f64::from(parts) - 0.5;
                let us = at_us + if parts > 1 { within * step_us } else { 0.0 };
                while place + 2 < samples.len() && samples[place + 1].at_us < us {
                    place += 1;
                }
                while place > 0 && samples[place].at_us > us {
                    place -= 1;
                }
                let (a, b) = (&samples[place], &samples[(place + 1).min(samples.len() - 1)]);
                let share =
                    if b.at_us > a.at_us { ((us - a.at_us) / (b.at_us - a.at_us)).clamp(0.0, 1.0) } else { 0.0 };
                mean.clipped |= a.clipped || b.clipped;
                for k in 0..3 {
                    mean.acc[k] += (a.acc[k] + share * (b.acc[k] - a.acc[k])) / f64::from(parts);
                    mean.gyr[k] += (a.gyr[k] + share * (b.gyr[k] - a.gyr[k])) / f64::from(parts);
                }
            }
            mean
        })
        .collect()
}

/// A rotation drawn evenly from all (Marsaglia).
pub(super) fn any_turn(chance: &mut Chance) -> Quat {
    let mut pair = || loop {
        let (a, b) = (chance.between(-1.0, 1.0), chance.between(-1.0, 1.0));
        let s = a * a + b * b;
        if (1e-9..1.0).contains(&s) {
            return (a, b, s);
        }
    };
    let ((a, b, s), (c, d, r)) = (pair(), pair());
    let scale = ((1.0 - s) / r).sqrt();
    Quat { w: a, x: b, y: c * scale, z: d * scale }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::Preset;
    use talus_motion::orient::dot;

    /// A leg that swings by 40° about the sensor's y axis, its cuff 0.4 m from the joint, seen without error.
    fn swinging(rate_hz: f64, seconds: f64) -> ImuFile {
        let angle = |t: f64| 0.35 * (1.0 - libm::cos(2.0 * t));
        let samples = (0..(seconds * rate_hz) as u32)
            .map(|i| {
                let t = f64::from(i) / rate_hz;
                let (sin, cos) = libm::sincos(angle(t));
                let (rate, speeds_up) = (0.7 * libm::sin(2.0 * t), 1.4 * libm::cos(2.0 * t));
                let acc = [-GRAVITY_MPS2 * sin + 0.4 * speeds_up, 0.0, GRAVITY_MPS2 * cos + 0.4 * rate * rate];
                Sample { at_us: t * 1e6, acc, gyr: [0.0, rate, 0.0], clipped: false }
            })
            .collect();
        let (preset, notes) = (Preset::Plain, Vec::new());
        ImuFile { name: "swing.csv".to_owned(), samples, rate_hz, preset, side: None, notes, reference: None }
    }

    #[test]
    fn a_slower_movement_turns_as_far_and_feels_the_same_gravity() {
        let file = swinging(100.0, 60.0);
        let slow = altered(&file, Alteration::Pace(2.0), 1);
        assert!((slow.rate_hz - 100.0).abs() < 1e-9 && (slow.length_s() - 2.0 * file.length_s()).abs() < 0.1);
        let turned = |file: &ImuFile| file.samples.iter().map(|s| s.gyr[1].abs() / file.rate_hz).sum::<f64>();
        assert!((turned(&slow) / turned(&file) - 1.0).abs() < 0.01);
        // Where the leg passes the middle of its way half as fast it is pulled outwards by a quarter.
        let most = |file: &ImuFile| {
            let late = file.samples.iter().filter(|s| s.at_us > 2e7);
            late.map(|s| dot(s.acc, s.acc).sqrt() - GRAVITY_MPS2).fold(0.0, f64::max)
        };
        assert!((most(&slow) / most(&file) - 0.25).abs() < 0.1, "{} {}", most(&slow), most(&file));
    }

    #[test]
    fn turning_mirroring_and_reading_otherwise_change_no_size() {
        let file = swinging(100.0, 20.0);
        for how in [Alteration::Turned, Alteration::Mirrored, Alteration::Rate(50.0), Alteration::Rate(33.0)] {
            let other = altered(&file, how, 3);
            let sizes = |at: fn(&Sample) -> [f64; 3], file: &ImuFile| {
                let squares: f64 = file.samples.iter().map(|s| dot(at(s), at(s))).sum();
                (squares / file.samples.len() as f64).sqrt()
            };
            for at in [(|s| s.acc) as fn(&Sample) -> [f64; 3], |s| s.gyr] {
                assert!((sizes(at, &other) / sizes(at, &file) - 1.0).abs() < 0.01, "{how:?}");
            }
        }
        // A mirrored turn goes the other way round the axes that lie in the mirror.
        let other = altered(&file, Alteration::Mirrored, 3);
        assert_eq!((other.samples[100].gyr[1], other.samples[100].acc[1]), (file.samples[100].gyr[1], 0.0));
    }
}

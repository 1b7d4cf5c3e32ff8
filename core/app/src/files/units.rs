//! Units of a file: as written in a name, or as the numbers themselves tell ([`Evidence`]).
//!
//! Gravity tells the accelerometer's unit: a resting sensor reads 1 g or 9.8 m/s². The turning of gravity in the
//! sensor's axes tells the gyroscope's. Between two calm moments the direction of gravity moves by as much as the
//! sensor turned, and the gyroscope, summed up, predicts that: in the right unit its numbers explain the move,
//! degrees taken as radians turn 57 times too far, and radians taken as degrees hardly turn at all. Where neither is
//! clear nothing is guessed.

use serde::{Deserialize, Serialize};
use std::fmt;
use talus_motion::orient::{Quat, dot, norm};
use talus_motion::{GRAVITY_MPS2, Sample};

const RAD_PER_DEG: f64 = std::f64::consts::PI / 180.0;

/// Averages are taken over this long, s: footfalls and hand tremor are shorter, turns are longer.
const WINDOW_S: f64 = 0.25;
/// Gravity is read in the calmest windows, one in five.
const CALM_SHARE: usize = 5;
/// Gravity in the calmest windows, in g or in units of 9.81 m/s²: uncalibrated sensors are off by some per cent, a
/// sensor that never rests by more.
const GRAVITY_SHARE: std::ops::RangeInclusive<f64> = 0.7..=1.35;
/// The gyroscope is judged between windows of the calmer half whose specific force is within this share of gravity …
const NEAR_GRAVITY: f64 = 0.1;
/// … and that lie at most this many windows (4 s) apart: a bias of 1 °/s then adds up to 4°.
const APART_MOST: usize = 16;
/// Least number of pairs compared, and least turning of gravity between them (root mean square, rad).
const PAIRS_LEAST: usize = 12;
const TURNED_LEAST: f64 = 0.02;
/// A unit is certain if its prediction leaves at most this share of the turning, and of the other unit's error.
const LEFT_OVER_MOST: f64 = 2.0 / 3.0;
/// No gyroscope for bodies measures more than 4,300 °/s = 75 rad/s; larger numbers are degrees, if there are more of
/// them than a few broken rows: one in 200, and at least five.
const RADPS_MOST: f64 = 75.0;
const FAST_ONE_IN: usize = 200;
const FAST_LEAST: usize = 5;
/// No sensor worn on a body measures more: accelerometers for impacts end at 200 g, gyroscopes at 4,300 °/s. What is
/// larger is a broken row or a wrong unit.
const ACC_MOST_MPS2: f64 = 200.0 * GRAVITY_MPS2;
const GYR_MOST_RADPS: f64 = 20_000.0 * RAD_PER_DEG;
/// A step of more than this many periods is a pause in which nobody knows how the sensor turned.
const STEP_PERIODS_MOST: f64 = 3.0;

/// Whether a sample in SI units is more than any sensor measures.
pub(super) fn beyond_sensors(sample: &Sample) -> bool {
    let over = |axes: [f64; 3], most: f64| axes.iter().any(|axis| axis.abs() > most);
    over(sample.acc, ACC_MOST_MPS2) || over(sample.gyr, GYR_MOST_RADPS)
}

/// What a unit is the unit of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Quantity {
    /// The time column.
    Time,
    /// The accelerometer.
    Acceleration,
    /// The gyroscope.
    Turning,
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Time => "time",
            Self::Acceleration => "acceleration",
            Self::Turning => "gyroscope",
        })
    }
}

/// Unit of a time column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TimeUnit {
    /// Seconds.
    #[serde(rename = "s")]
    S,
    /// Milliseconds.
    #[serde(rename = "ms")]
    Ms,
    /// Microseconds.
    #[serde(rename = "us")]
    Us,
    /// Nanoseconds.
    #[serde(rename = "ns")]
    Ns,
}

impl TimeUnit {
    /// Microseconds in one.
    pub fn us(self) -> f64 {
        match self {
            Self::S => 1e6,
            Self::Ms => 1e3,
            Self::Us => 1.0,
            Self::Ns => 1e-3,
        }
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::S => "s",
            Self::Ms => "ms",
            Self::Us => "us",
            Self::Ns => "ns",
        })
    }
}

/// Unit of an accelerometer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum AccUnit {
    /// Standard gravity.
    #[serde(rename = "g")]
    G,
    /// Metres per second squared.
    #[serde(rename = "m/s2")]
    Mps2,
}

impl AccUnit {
    /// m/s² in one.
    pub fn mps2(self) -> f64 {
        match self {
            Self::G => GRAVITY_MPS2,
            Self::Mps2 => 1.0,
        }
    }
}

impl fmt::Display for AccUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::G => "g",
            Self::Mps2 => "m/s2",
        })
    }
}

/// Unit of a gyroscope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum GyrUnit {
    /// Degrees per second.
    #[serde(rename = "deg/s")]
    DegPerS,
    /// Radians per second.
    #[serde(rename = "rad/s")]
    RadPerS,
}

impl GyrUnit {
    /// rad/s in one.
    pub fn radps(self) -> f64 {
        match self {
            Self::DegPerS => RAD_PER_DEG,
            Self::RadPerS => 1.0,
        }
    }
}

impl fmt::Display for GyrUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DegPerS => "deg/s",
            Self::RadPerS => "rad/s",
        })
    }
}

/// What the numbers of a file say about their own units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Evidence {
    /// Size of the specific force in the calmest windows, in the file's unit; `None` without any window.
    gravity: Option<f64>,
    /// Pairs of calm windows compared.
    pairs: usize,
    /// How far gravity turned between them, and how far off each prediction was: root mean squares, rad.
    turned: f64,
    off_radps: f64,
    off_degps: f64,
    /// Whether turning rates are too large for radians.
    fast: bool,
}

impl Evidence {
    /// Looks at samples in the file's own units and with their time in µs, `rate_hz` of them per second. Rows that are
    /// not numbers are passed over.
    pub(super) fn of(samples: &[Sample], rate_hz: f64) -> Self {
        let fast = samples.iter().filter(|s| norm(s.gyr) > RADPS_MOST).count();
        let fast = fast >= FAST_LEAST && fast >= samples.len() / FAST_ONE_IN;
        let mut evidence = Self { gravity: None, pairs: 0, turned: 0.0, off_radps: 0.0, off_degps: 0.0, fast };
        let size = ((WINDOW_S * rate_hz).round() as usize).max(3);
        let windows: Vec<Window> = samples.chunks_exact(size).map(Window::of).collect();
        let mut spreads: Vec<f64> = windows.iter().map(|w| w.spread).filter(|spread| spread.is_finite()).collect();
        if spreads.is_empty() {
            return evidence;
        }
        spreads.sort_unstable_by(f64::total_cmp);
        let calmest = spreads[spreads.len() / CALM_SHARE];
        let mut sizes: Vec<f64> = windows.iter().filter(|w| w.spread <= calmest).map(|w| norm(w.acc)).collect();
        let middle = sizes.len() / 2;
        let gravity = *sizes.select_nth_unstable_by(middle, f64::total_cmp).1;
        evidence.gravity = Some(gravity);

        let calm = spreads[spreads.len() / 2];
        let useful = |w: &Window| w.spread <= calm && (norm(w.acc) / gravity - 1.0).abs() <= NEAR_GRAVITY;
        let mut sums = [0.0; 3];
        let mut before: Option<usize> = None;
        for (i, window) in windows.iter().enumerate().filter(|(_, window)| useful(window)) {
            if let Some(j) = before.replace(i).filter(|j| i - j <= APART_MOST) {
                // From the middle of one window to the middle of the other.
                let between = &samples[j * size + size / 2..=i * size + size / 2];
                let Some(ways) = turn(between, rate_hz) else { continue };
                let (from, to) = (windows[j].up(), window.up());
                for (sum, way) in sums.iter_mut().zip([Quat::IDENTITY, ways[0], ways[1]]) {
                    let predicted = way.back().turn(from);
                    let off = [0, 1, 2].map(|k: usize| predicted[k] - to[k]);
                    *sum += dot(off, off);
                }
                evidence.pairs += 1;
            }
        }
        if evidence.pairs > 0 {
            let mean = sums.map(|sum| (sum / evidence.pairs as f64).sqrt());
            [evidence.turned, evidence.off_radps, evidence.off_degps] = mean;
        }
        evidence
    }

    /// The accelerometer's unit, where gravity shows it.
    pub(super) fn acc(&self) -> Option<AccUnit> {
        let gravity = self.gravity?;
        [AccUnit::Mps2, AccUnit::G]
            .into_iter()
            .find(|unit| GRAVITY_SHARE.contains(&(gravity * unit.mps2() / GRAVITY_MPS2)))
    }

    /// The gyroscope's unit, where gravity turns enough to show it or the numbers are too large for radians.
    pub(super) fn gyr(&self) -> Option<GyrUnit> {
        let compared = self.pairs >= PAIRS_LEAST && self.turned >= TURNED_LEAST;
        let explains = |off: f64, other: f64| compared && off <= LEFT_OVER_MOST * self.turned.min(other);
        if explains(self.off_radps, self.off_degps) {
            Some(GyrUnit::RadPerS)
        } else if explains(self.off_degps, self.off_radps) || self.fast {
            Some(GyrUnit::DegPerS)
        } else {
            None
        }
    }

    /// Gravity in m/s² if the file's unit is `unit`.
    pub(super) fn gravity_mps2(&self, unit: AccUnit) -> Option<f64> {
        self.gravity.map(|gravity| gravity * unit.mps2())
    }

    /// What was seen of `quantity`, for a person who has to tell the unit.
    pub(super) fn words(&self, quantity: Quantity) -> String {
        match (quantity, self.gravity) {
            (Quantity::Acceleration, Some(gravity)) => {
                format!("the calmest parts read {gravity:.2}, neither about 1 (g) nor about 9.8 (m/s2)")
            }
            (Quantity::Turning, Some(_)) if self.pairs < PAIRS_LEAST || self.turned < TURNED_LEAST => {
                "the sensor hardly turns between calm moments".to_owned()
            }
            (Quantity::Turning, Some(_)) => {
                "its turning does not explain how gravity turns, neither in deg/s nor in rad/s".to_owned()
            }
            _ => "too few numbers to tell".to_owned(),
        }
    }
}

/// How the sensor turned over `samples` if the gyroscope is in rad/s, and if it is in deg/s; `None` across a pause or
/// a row without numbers.
fn turn(samples: &[Sample], rate_hz: f64) -> Option<[Quat; 2]> {
    let mut ways = [Quat::IDENTITY; 2];
    for pair in samples.windows(2) {
        let dt_s = (pair[1].at_us - pair[0].at_us) * 1e-6;
        if dt_s * rate_hz > STEP_PERIODS_MOST || !pair[1].gyr.iter().all(|g| g.is_finite()) {
            return None;
        }
        // A repeated time, or one that ran back, adds nothing.
        for (way, unit) in ways.iter_mut().zip([GyrUnit::RadPerS, GyrUnit::DegPerS]) {
            let rate = pair[1].gyr.map(|g| g * unit.radps());
            *way = way.after(Quat::of_rate(rate, dt_s.max(0.0))).unit();
        }
    }
    Some(ways)
}

/// A quarter of a second, averaged.
#[derive(Debug, Clone, Copy)]
struct Window {
    acc: [f64; 3],
    /// Standard deviation of the specific force over its mean size; not a number where there is none.
    spread: f64,
}

impl Window {
    fn of(samples: &[Sample]) -> Self {
        let share = 1.0 / samples.len() as f64;
        let mut acc = [0.0; 3];
        for sample in samples {
            for (sum, a) in acc.iter_mut().zip(sample.acc) {
                *sum += a * share;
            }
        }
        let off = |s: &Sample| {
            let off = [0, 1, 2].map(|k: usize| s.acc[k] - acc[k]);
            dot(off, off)
        };
        let variance = samples.iter().map(|s| off(s) * share).sum::<f64>();
        let spread = variance.sqrt() / norm(acc);
        // Enormous numbers overflow and a sensor that reads nothing has no direction: not a number, and never calm.
        Self { acc, spread }
    }

    /// The direction of the specific force.
    fn up(&self) -> [f64; 3] {
        let size = norm(self.acc);
        self.acc.map(|a| a / size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A sensor that turns to and fro about y by 57° every 4 s, 50 Hz, in m/s² and rad/s.
    fn swinging(seconds: u32, moves: bool) -> Vec<Sample> {
        let w = std::f64::consts::TAU / 4.0;
        let turn = |t: f64| if moves { 0.5 * (1.0 - cosine(w * t)) } else { 0.0 };
        (0..seconds * 50)
            .map(|i| {
                let t = f64::from(i) / 50.0;
                let (angle, rate) = (turn(t), (turn(t + 1e-4) - turn(t - 1e-4)) / 2e-4);
                // Turning by +angle about y takes up towards -x in the sensor's axes.
                let acc = [-9.81 * cosine(std::f64::consts::FRAC_PI_2 - angle), 0.0, 9.81 * cosine(angle)];
                Sample { at_us: t * 1e6, acc, gyr: [0.0, rate, 0.0], clipped: false }
            })
            .collect()
    }

    /// Taylor's series is exact enough here, and the standard library's cosine is kept out of this workspace.
    fn cosine(x: f64) -> f64 {
        let x = x.rem_euclid(std::f64::consts::TAU) - std::f64::consts::PI;
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..16 {
            term *= -x * x / f64::from((2 * k - 1) * 2 * k);
            sum += term;
        }
        -sum
    }

    fn scaled(samples: &[Sample], acc: f64, gyr: f64) -> Vec<Sample> {
        let by = |v: [f64; 3], share: f64| v.map(|v| v * share);
        samples.iter().map(|s| Sample { acc: by(s.acc, acc), gyr: by(s.gyr, gyr), ..*s }).collect()
    }

    #[test]
    fn gravity_and_its_turning_tell_both_units() {
        let samples = swinging(20, true);
        for (acc, acc_unit) in [(1.0, AccUnit::Mps2), (1.0 / GRAVITY_MPS2, AccUnit::G)] {
            for (gyr, gyr_unit) in [(1.0, GyrUnit::RadPerS), (1.0 / RAD_PER_DEG, GyrUnit::DegPerS)] {
                let evidence = Evidence::of(&scaled(&samples, acc, gyr), 50.0);
                assert_eq!((evidence.acc(), evidence.gyr()), (Some(acc_unit), Some(gyr_unit)), "{evidence:?}");
            }
        }
    }

    #[test]
    fn where_gravity_does_not_turn_or_has_no_known_size_nothing_is_guessed() {
        let still = Evidence::of(&swinging(20, false), 50.0);
        assert_eq!((still.acc(), still.gyr()), (Some(AccUnit::Mps2), None));
        let odd = Evidence::of(&scaled(&swinging(20, true), 0.3, 1.0), 50.0);
        assert_eq!(odd.acc(), None);
        assert!(odd.words(Quantity::Acceleration).contains("2.94"), "{}", odd.words(Quantity::Acceleration));
        // A sensor mounted the other way round than its gyroscope says: the two turn against each other.
        let against = Evidence::of(&scaled(&swinging(20, true), 1.0, -1.0), 50.0);
        assert_eq!(against.gyr(), None);
    }

    #[test]
    fn numbers_too_large_for_radians_are_degrees() {
        let mut samples = swinging(20, false);
        // One broken row is no evidence.
        samples[500].gyr = [0.0, 310.0, 0.0];
        assert_eq!(Evidence::of(&samples, 50.0).gyr(), None);
        for sample in &mut samples[500..510] {
            sample.gyr = [0.0, 310.0, 0.0];
        }
        assert_eq!(Evidence::of(&samples, 50.0).gyr(), Some(GyrUnit::DegPerS));
    }

    #[test]
    fn nothing_finite_tells_nothing() {
        let mut samples = swinging(2, true);
        for sample in &mut samples {
            sample.acc = [f64::NAN; 3];
        }
        let evidence = Evidence::of(&samples, 50.0);
        assert_eq!((evidence.acc(), evidence.gyr()), (None, None));
        let huge = Evidence::of(&scaled(&swinging(2, true), 1e300, 1e300), 50.0);
        assert_eq!(huge.acc(), None);
    }
}

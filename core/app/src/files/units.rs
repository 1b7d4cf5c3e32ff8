//! Units of a file: as written in a name, or as the numbers themselves tell ([`Evidence`]).
//!
//! Gravity tells the accelerometer's unit: a resting sensor reads 1 g or 9.8 m/s². The turning of that gravity in the
//! sensor's axes tells the gyroscope's: between two moments the direction of gravity `u` moves by `−ω × u` per second
//! with ω in rad/s, so a gyroscope in degrees is 57.3 times too fast. Where neither is clear nothing is guessed.

use serde::{Deserialize, Serialize};
use std::fmt;
use talus_motion::orient::{cross, dot, norm};
use talus_motion::{GRAVITY_MPS2, Sample};

const RAD_PER_DEG: f64 = std::f64::consts::PI / 180.0;

/// Averages are taken over this long, s: footfalls and hand tremor are shorter, turns are longer.
const WINDOW_S: f64 = 0.25;
/// Gravity is read in the calmest windows, one in five.
const CALM_SHARE: usize = 5;
/// Gravity in the calmest windows, in g or in units of 9.81 m/s²: uncalibrated sensors are off by some per cent, a
/// sensor that never rests by more.
const GRAVITY_SHARE: std::ops::RangeInclusive<f64> = 0.7..=1.35;
/// Turning is compared in windows whose specific force is within this share of gravity.
const NEAR_GRAVITY: f64 = 0.1;
/// Turning of gravity over turning of the gyroscope, as far from 1 (rad/s) or 1/57.3 (deg/s) as is still certain.
const RATIO_CERTAIN: f64 = 2.5;
/// Least correlation between the two turnings.
const CORRELATION_LEAST: f64 = 0.6;
/// Least number of windows compared, and least turning of gravity in them (root mean square, rad/s).
const WINDOWS_LEAST: usize = 12;
const TURNING_LEAST: f64 = 0.05;
/// No gyroscope for bodies measures more than 4,300 °/s = 75 rad/s; larger numbers are degrees.
const RADPS_MOST: f64 = 75.0;

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
}

impl TimeUnit {
    /// Microseconds in one.
    pub fn us(self) -> f64 {
        match self {
            Self::S => 1e6,
            Self::Ms => 1e3,
            Self::Us => 1.0,
        }
    }
}

impl fmt::Display for TimeUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::S => "s",
            Self::Ms => "ms",
            Self::Us => "us",
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
    /// Turning of gravity over turning of the gyroscope, their correlation, windows compared, and the turning of
    /// gravity (root mean square, rad/s).
    ratio: f64,
    correlation: f64,
    windows: usize,
    turning: f64,
    /// Largest turning rate seen, in the file's unit.
    fastest: f64,
}

impl Evidence {
    /// Looks at samples in the file's own units, `rate_hz` of them per second. Rows that are not numbers are passed over.
    pub(super) fn of(samples: &[Sample], rate_hz: f64) -> Self {
        let size = ((WINDOW_S * rate_hz).round() as usize).max(3);
        let windows: Vec<Window> = samples.chunks_exact(size).map(Window::of).collect();
        let mut spreads: Vec<f64> = windows.iter().map(|w| w.spread).filter(|spread| spread.is_finite()).collect();
        let fastest = samples.iter().map(|s| norm(s.gyr)).filter(|rate| rate.is_finite()).fold(0.0, f64::max);
        let mut evidence = Self { gravity: None, ratio: f64::NAN, correlation: 0.0, windows: 0, turning: 0.0, fastest };
        if spreads.is_empty() {
            return evidence;
        }
        let calm = spreads.len() / CALM_SHARE;
        let (_, most, _) = spreads.select_nth_unstable_by(calm, f64::total_cmp);
        let most = *most;
        let mut sizes: Vec<f64> = windows.iter().filter(|w| w.spread <= most).map(|w| norm(w.acc)).collect();
        let middle = sizes.len() / 2;
        let (_, gravity, _) = sizes.select_nth_unstable_by(middle, f64::total_cmp);
        let gravity = *gravity;
        evidence.gravity = Some(gravity);

        let seconds = size as f64 / rate_hz;
        let near = |w: &Window| w.spread.is_finite() && (norm(w.acc) / gravity - 1.0).abs() <= NEAR_GRAVITY;
        let (mut both, mut gyro, mut tilt) = (0.0, 0.0, 0.0);
        for pair in windows.windows(2).filter(|pair| pair.iter().all(near)) {
            let up = pair.iter().map(|w| w.acc.map(|a| a / norm(w.acc))).collect::<Vec<_>>();
            let moved = [0, 1, 2].map(|k: usize| (up[1][k] - up[0][k]) / seconds);
            let mean = |k: usize, of: fn(&Window) -> [f64; 3]| 0.5 * (of(&pair[0])[k] + of(&pair[1])[k]);
            let rate = [0, 1, 2].map(|k: usize| mean(k, |w| w.gyr));
            let middle = [0, 1, 2].map(|k: usize| 0.5 * (up[0][k] + up[1][k]));
            let expected = cross(middle, rate);
            both += dot(moved, expected);
            gyro += dot(expected, expected);
            tilt += dot(moved, moved);
            evidence.windows += 1;
        }
        if gyro > 0.0 && tilt > 0.0 {
            evidence.ratio = both / gyro;
            evidence.correlation = both / (gyro.sqrt() * tilt.sqrt());
            evidence.turning = (tilt / evidence.windows as f64).sqrt();
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
        let compared =
            self.windows >= WINDOWS_LEAST && self.turning >= TURNING_LEAST && self.correlation >= CORRELATION_LEAST;
        let turned = [GyrUnit::RadPerS, GyrUnit::DegPerS].into_iter().find(|unit| {
            let off = self.ratio / unit.radps();
            compared && (1.0 / RATIO_CERTAIN..=RATIO_CERTAIN).contains(&off)
        });
        turned.or((self.fastest > RADPS_MOST).then_some(GyrUnit::DegPerS))
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
            (Quantity::Turning, Some(_)) if self.turning < TURNING_LEAST => {
                "the sensor hardly turns, so gravity cannot tell".to_owned()
            }
            (Quantity::Turning, Some(_)) => format!(
                "gravity turns {:.3} times as fast as the gyroscope, neither 1 (rad/s) nor 0.017 (deg/s)",
                self.ratio
            ),
            _ => "too few numbers to tell".to_owned(),
        }
    }
}

/// A quarter of a second, averaged.
#[derive(Debug, Clone, Copy)]
struct Window {
    acc: [f64; 3],
    gyr: [f64; 3],
    /// Standard deviation of the specific force over its mean size; not a number where there is none.
    spread: f64,
}

impl Window {
    fn of(samples: &[Sample]) -> Self {
        let share = 1.0 / samples.len() as f64;
        let mean = |of: fn(&Sample) -> [f64; 3]| {
            let mut sum = [0.0; 3];
            for sample in samples {
                for (sum, v) in sum.iter_mut().zip(of(sample)) {
                    *sum += v * share;
                }
            }
            sum
        };
        let (acc, gyr) = (mean(|s| s.acc), mean(|s| s.gyr));
        let off = |s: &Sample| {
            let off = [0, 1, 2].map(|k: usize| s.acc[k] - acc[k]);
            dot(off, off)
        };
        let variance = samples.iter().map(|s| off(s) * share).sum::<f64>();
        let spread = variance.sqrt() / norm(acc);
        // Enormous numbers overflow: such a window tells nothing.
        let sane = spread.is_finite() && dot(gyr, gyr).is_finite();
        Self { acc, gyr, spread: if sane { spread } else { f64::NAN } }
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
        samples[500].gyr = [0.0, 310.0, 0.0];
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

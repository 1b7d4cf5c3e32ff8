//! [`ferraris`]: accelerometer and gyroscope from six poses and three whole turns, after Ferraris, Grimaldi & Parvis,
//! "Procedure for effortless in-field calibration of three-axis rate gyros and accelerometers", Sensors and
//! Materials 7(5), 1995. Names and definitions as in the package imucal, whose results it gives.

use super::CalibrateError;
use crate::matrix::{applied, diagonal, inverted, times, transposed};
use crate::orient::norm;
use crate::words::Sample;
use core::f64::consts::TAU;
use core::ops::Range;

/// Gravity at the place of the calibration unless it is known better, m/s² (what imucal takes).
const GRAVITY_MPS2: f64 = 9.81;

/// Scales a sensor may have.
const SCALES: core::ops::RangeInclusive<f64> = 0.75..=1.33;

/// The samples of one pose or turn, by their number in the recording.
pub type Section = Range<usize>;

/// Which samples are what. Axes in the order x, y, z.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sections {
    /// The sensor lies still and this axis reads +1 g.
    pub up: [Section; 3],
    /// The sensor lies still and this axis reads −1 g.
    pub down: [Section; 3],
    /// One whole turn about this axis, either way round.
    pub turn: [Section; 3],
}

/// What raw numbers have to be corrected by: `raw = scale · rotation · true + bias`, for the gyroscope plus what the
/// specific force adds to it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ferraris {
    /// Scale of the accelerometer's axes, the diagonal of K_a (no unit).
    pub scale_acc: [f64; 3],
    /// R_a: how the accelerometer's axes lie, row by row (no unit).
    pub rotation_acc: [[f64; 3]; 3],
    /// Bias of the accelerometer, m/s².
    pub bias_acc: [f64; 3],
    /// Scale of the gyroscope's axes, the diagonal of K_g (no unit).
    pub scale_gyr: [f64; 3],
    /// R_g: how the gyroscope's axes lie, row by row (no unit).
    pub rotation_gyr: [[f64; 3]; 3],
    /// Bias of the gyroscope, rad/s.
    pub bias_gyr: [f64; 3],
    /// K_ga: what specific force adds to the gyroscope, rad/s per m/s², row by row.
    pub acc_on_gyr: [[f64; 3]; 3],
    /// Largest difference between the corrected specific force and gravity in the six poses, as a share of gravity.
    pub gravity_off: f64,
    /// Largest spread (standard deviation) of an axis of the gyroscope in a pose, rad/s: above some 0.02 it moved.
    pub restless_radps: f64,
}

impl Ferraris {
    /// The true specific force behind a raw one, m/s². `None` where the calibration cannot be inverted.
    pub fn acc(&self, raw: [f64; 3]) -> Option<[f64; 3]> {
        let matrix = inverted(times(diagonal(self.scale_acc), self.rotation_acc))?;
        Some(applied(matrix, less(raw, self.bias_acc)))
    }

    /// The true rate behind a raw one, rad/s, measured together with the true specific force `acc`. `None` where the
    /// calibration cannot be inverted.
    pub fn gyr(&self, raw: [f64; 3], acc: [f64; 3]) -> Option<[f64; 3]> {
        let matrix = inverted(times(diagonal(self.scale_gyr), self.rotation_gyr))?;
        Some(applied(matrix, self.free(raw, acc)))
    }

    /// The rate without its bias and without what the specific force adds.
    fn free(&self, raw: [f64; 3], acc: [f64; 3]) -> [f64; 3] {
        less(less(raw, self.bias_gyr), applied(self.acc_on_gyr, acc))
    }
}

/// The calibration of a recording at `rate_hz` samples per second.
///
/// # Errors
/// [`CalibrateError::Section`] for one without samples or with values that are not numbers,
/// [`CalibrateError::Flat`] where poses or turns do not tell three directions apart.
pub fn ferraris(samples: &[Sample], sections: &Sections, rate_hz: f64) -> Result<Ferraris, CalibrateError> {
    const UP: [&str; 3] = ["x_p", "y_p", "z_p"];
    const DOWN: [&str; 3] = ["x_a", "y_a", "z_a"];
    const TURN: [&str; 3] = ["x_rot", "y_rot", "z_rot"];
    let part = |section: &Section, name: &'static str| {
        let part = samples.get(section.clone()).filter(|part| !part.is_empty());
        let whole = |part: &&[Sample]| part.iter().all(|s| s.acc.iter().chain(&s.gyr).all(|v| v.is_finite()));
        part.filter(whole).ok_or(CalibrateError::Section(name))
    };
    let three = |sections: &[Section; 3], names: [&'static str; 3]| -> Result<[&[Sample]; 3], CalibrateError> {
        Ok([part(&sections[0], names[0])?, part(&sections[1], names[1])?, part(&sections[2], names[2])?])
    };
    let (up, down, turns) = (three(&sections.up, UP)?, three(&sections.down, DOWN)?, three(&sections.turn, TURN)?);

    // Each pose is a column, as in the paper.
    let acc_up = transposed(up.map(|part| mean(part, |s| s.acc)));
    let acc_down = transposed(down.map(|part| mean(part, |s| s.acc)));
    let half = |i: usize| 0.5 * (acc_up[i][i] + acc_down[i][i]);
    let bias_acc = [half(0), half(1), half(2)];
    let (scale_acc, rotation_acc) =
        parted(scaled(minus(acc_up, acc_down), 0.5 / GRAVITY_MPS2)).ok_or(CalibrateError::Flat("the six poses"))?;

    let poses = || up.iter().chain(&down);
    let count = poses().map(|part| part.len()).sum::<usize>() as f64;
    let mut bias_gyr = [0.0; 3];
    for sample in poses().flat_map(|part| part.iter()) {
        for (sum, g) in bias_gyr.iter_mut().zip(sample.gyr) {
            *sum += g;
        }
    }
    let bias_gyr = bias_gyr.map(|sum| sum / count);
    let gyr_up = transposed(up.map(|part| mean(part, |s| s.gyr)));
    let gyr_down = transposed(down.map(|part| mean(part, |s| s.gyr)));

    let mut found = Ferraris {
        scale_acc,
        rotation_acc,
        bias_acc,
        scale_gyr: [1.0; 3],
        rotation_gyr: diagonal([1.0; 3]),
        bias_gyr,
        acc_on_gyr: scaled(minus(gyr_up, gyr_down), 0.5 / GRAVITY_MPS2),
        gravity_off: 0.0,
        restless_radps: poses().map(|part| spread(part)).fold(0.0, f64::max),
    };
    let flat = CalibrateError::Flat("the three turns");
    let mut angles = [[0.0; 3]; 3];
    for (angle, part) in angles.iter_mut().zip(turns) {
        for sample in part {
            let acc = found.acc(sample.acc).ok_or(CalibrateError::Flat("the six poses"))?;
            for (sum, g) in angle.iter_mut().zip(found.free(sample.gyr, acc)) {
                *sum += g / rate_hz;
            }
        }
    }
    // Less than half a turn about the axis that was meant is no turn about it.
    if (0..3).any(|i| angles[i][i].is_nan() || angles[i][i].abs() < 0.5 * TAU) {
        return Err(flat);
    }
    // A turn either way round has the right sign in the direction it was made.
    let ways = diagonal([0, 1, 2].map(|i: usize| 1.0 / TAU.copysign(angles[i][i])));
    (found.scale_gyr, found.rotation_gyr) = parted(times(transposed(angles), ways)).ok_or(flat)?;

    for part in poses() {
        let acc = found.acc(mean(part, |s| s.acc)).ok_or(CalibrateError::Flat("the six poses"))?;
        found.gravity_off = found.gravity_off.max((norm(acc) / GRAVITY_MPS2 - 1.0).abs());
    }
    Ok(found)
}

/// A matrix as lengths of its rows and rows of length one; `None` where a row is not about an axis of the sensor.
fn parted(m: [[f64; 3]; 3]) -> Option<([f64; 3], [[f64; 3]; 3])> {
    let scale = m.map(norm);
    let rows = [0, 1, 2].map(|i: usize| m[i].map(|v| v / scale[i]));
    // Sensors are off by some per cent and degrees, never by a quarter or by 35°.
    let sane = (0..3).all(|i| SCALES.contains(&scale[i]) && rows[i][i] > 0.8);
    sane.then_some((scale, rows))
}

fn mean(part: &[Sample], of: impl Fn(&Sample) -> [f64; 3]) -> [f64; 3] {
    let mut sum = [0.0; 3];
    for sample in part {
        for (sum, v) in sum.iter_mut().zip(of(sample)) {
            *sum += v;
        }
    }
    sum.map(|v| v / part.len() as f64)
}

/// Largest standard deviation of an axis of the gyroscope.
fn spread(part: &[Sample]) -> f64 {
    let centre = mean(part, |s| s.gyr);
    let square = mean(part, |s| less(s.gyr, centre).map(|v| v * v));
    square.into_iter().fold(0.0, f64::max).sqrt()
}

fn less(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn minus(a: [[f64; 3]; 3], b: [[f64; 3]; 3]) -> [[f64; 3]; 3] {
    [less(a[0], b[0]), less(a[1], b[1]), less(a[2], b[2])]
}

fn scaled(a: [[f64; 3]; 3], by: f64) -> [[f64; 3]; 3] {
    a.map(|row| row.map(|v| v * by))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::orient::Quat;

    const RATE_HZ: f64 = 100.0;

    fn truth() -> Ferraris {
        Ferraris {
            scale_acc: [1.02, 0.97, 1.01],
            rotation_acc: [
                Quat::of_rate([0.0, 0.01, 0.0], 1.0).turn([1.0, 0.0, 0.0]),
                Quat::of_rate([0.01, 0.0, 0.02], 1.0).turn([0.0, 1.0, 0.0]),
                Quat::of_rate([-0.02, 0.01, 0.0], 1.0).turn([0.0, 0.0, 1.0]),
            ],
            bias_acc: [0.3, -0.2, 0.1],
            scale_gyr: [0.98, 1.03, 1.0],
            rotation_gyr: [
                Quat::of_rate([0.0, 0.02, 0.01], 1.0).turn([1.0, 0.0, 0.0]),
                [0.0, 1.0, 0.0],
                Quat::of_rate([0.01, 0.0, 0.0], 1.0).turn([0.0, 0.0, 1.0]),
            ],
            bias_gyr: [0.01, -0.02, 0.005],
            acc_on_gyr: [[1e-4, 2e-4, 0.0], [0.0, -1e-4, 0.0], [5e-5, 0.0, 1e-4]],
            gravity_off: 0.0,
            restless_radps: 0.0,
        }
    }

    /// Six poses and three turns as a sensor with these errors tells them.
    fn session(of: &Ferraris, ways: [f64; 3]) -> (Vec<Sample>, Sections) {
        let mut samples = Vec::new();
        let mut tell = |acc: [f64; 3], gyr: [f64; 3]| {
            let raw_acc = applied(times(diagonal(of.scale_acc), of.rotation_acc), acc);
            let raw_gyr = applied(times(diagonal(of.scale_gyr), of.rotation_gyr), gyr);
            let pulled = applied(of.acc_on_gyr, acc);
            let add = |a: [f64; 3], b: [f64; 3]| [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
            samples.push(Sample {
                at_us: samples.len() as f64 * 1e4,
                acc: add(raw_acc, of.bias_acc),
                gyr: add(add(raw_gyr, of.bias_gyr), pulled),
                clipped: false,
            });
            samples.len()
        };
        let axis = |i: usize, size: f64| [0, 1, 2].map(|k| if k == i { size } else { 0.0 });
        let none = || [0..0, 0..0, 0..0];
        let mut sections = Sections { up: none(), down: none(), turn: none() };
        let mut end = 0;
        for i in 0..3 {
            for (place, sign) in [(&mut sections.up[i], 1.0), (&mut sections.down[i], -1.0)] {
                let start = end;
                for _ in 0..50 {
                    end = tell(axis(i, sign * GRAVITY_MPS2), [0.0; 3]);
                }
                *place = start..end;
            }
        }
        for (i, way) in ways.into_iter().enumerate() {
            let start = end;
            for _ in 0..200 {
                // The turn is made about the vertical, so that gravity stays on its axis.
                end = tell(axis(i, GRAVITY_MPS2), axis(i, way * 0.5 * TAU));
            }
            sections.turn[i] = start..end;
        }
        (samples, sections)
    }

    fn near(a: [[f64; 3]; 3], b: [[f64; 3]; 3], within: f64) -> bool {
        a.iter().flatten().zip(b.iter().flatten()).all(|(a, b)| (a - b).abs() < within)
    }

    #[test]
    fn made_up_errors_are_found_again_whichever_way_the_turns_were_made() {
        for ways in [[-1.0; 3], [1.0, -1.0, 1.0]] {
            let truth = truth();
            let (samples, sections) = session(&truth, ways);
            let found = ferraris(&samples, &sections, RATE_HZ).unwrap();
            assert!(near(diagonal(found.scale_acc), diagonal(truth.scale_acc), 1e-9), "{found:?}");
            assert!(near(found.rotation_acc, truth.rotation_acc, 1e-9), "{found:?}");
            assert!(near(diagonal(found.scale_gyr), diagonal(truth.scale_gyr), 1e-9), "{found:?}");
            assert!(near(found.rotation_gyr, truth.rotation_gyr, 1e-9), "{found:?}");
            assert!(near(found.acc_on_gyr, truth.acc_on_gyr, 1e-12), "{found:?}");
            assert!(near([found.bias_acc, found.bias_gyr, [0.0; 3]], [truth.bias_acc, truth.bias_gyr, [0.0; 3]], 1e-9));
            let raw = samples[10];
            let acc = found.acc(raw.acc).unwrap();
            assert!((acc[0] - GRAVITY_MPS2).abs() < 1e-9 && norm(found.gyr(raw.gyr, acc).unwrap()) < 1e-9);
            assert!(found.gravity_off < 1e-9 && found.restless_radps < 1e-9);
        }
    }

    #[test]
    fn sections_that_are_wrong_are_refused_by_name() {
        let (samples, sections) = session(&truth(), [1.0; 3]);
        let refused = |change: &dyn Fn(&mut Sections)| {
            let mut sections = sections.clone();
            change(&mut sections);
            ferraris(&samples, &sections, RATE_HZ).unwrap_err()
        };
        assert_eq!(refused(&|s| s.down[1] = 0..0), CalibrateError::Section("y_a"));
        assert_eq!(refused(&|s| s.turn[2] = 0..usize::MAX), CalibrateError::Section("z_rot"));
        assert_eq!(refused(&|s| s.up[2] = s.up[0].clone()), CalibrateError::Flat("the six poses"));
        assert_eq!(refused(&|s| s.turn[0] = s.up[0].clone()), CalibrateError::Flat("the three turns"));
        assert_eq!(refused(&|s| s.turn[0] = s.turn[1].clone()), CalibrateError::Flat("the three turns"));
    }
}

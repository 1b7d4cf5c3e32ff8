//! [`Stills`] and [`fit`]: scale and bias of an accelerometer from the ways a person happened to lay it down.
//!
//! The idea of Tedaldi, Pretto & Menegatti, "A robust and easy to implement method for IMU calibration without external
//! equipments" (ICRA 2014, doi 10.1109/ICRA.2014.6907297): whatever way a sensor lies still, it measures gravity. Nine
//! numbers (three scales, three angles between the axes, three biases) are those for which all poses read the same.

use super::CalibrateError;
use super::solve::{N, inverted};
use crate::orient::{Vqf, dot, norm};
use crate::words::GRAVITY_MPS2;
use arrayvec::ArrayVec;

/// Different poses needed, one for each unknown.
pub const POSES_LEAST: usize = 9;
/// Most poses kept.
const POSES_MOST: usize = 48;
/// Poses whose directions lie closer than this are one, degrees.
const SAME_DEG: f64 = 15.0;
/// Rest needed after the rest detector's own time, s.
const REST_MIN_S: f64 = 0.5;
/// Largest error of one of the nine numbers that a pose's error of one may lead to. 26 poses all round give 0.7, the
/// six sides of a box and three corners 2.8; poses that leave out a side give far more.
const DILUTION_MOST: f64 = 5.0;
/// Error of a pose that is expected before any is seen, as a share of gravity: nine poses always agree with each other.
const POSE_ERROR: f64 = 0.002;
/// Rounds of the fit; three are enough from where uncalibrated sensors are.
const ROUNDS: usize = 12;

/// One way the sensor lay still.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pose {
    /// Mean specific force, m/s².
    pub acc: [f64; 3],
    /// Seconds it was averaged over.
    pub seconds: f64,
}

/// Collects poses, and the gyroscope's bias, from samples as they come.
#[derive(Debug, Clone)]
pub struct Stills {
    vqf: Vqf,
    acc: [f64; 3],
    seconds: f64,
    poses: ArrayVec<Pose, POSES_MOST>,
    gyr: [f64; 3],
    gyr_s: f64,
}

impl Stills {
    /// For about `rate_hz` samples per second.
    pub fn new(rate_hz: f64) -> Self {
        Self { vqf: Vqf::new(rate_hz), acc: [0.0; 3], seconds: 0.0, poses: ArrayVec::new(), gyr: [0.0; 3], gyr_s: 0.0 }
    }

    /// Takes one sample: rad/s, m/s², and the seconds since the one before. One with a value that is not a number is left out.
    pub fn push(&mut self, gyr: [f64; 3], acc: [f64; 3], dt_s: f64) {
        let usable = dt_s > 0.0 && dt_s <= 1.0 && gyr.iter().chain(&acc).all(|v| v.is_finite());
        if !usable {
            return;
        }
        self.vqf.update(gyr, acc, dt_s);
        if !self.vqf.at_rest() {
            self.close();
            return;
        }
        self.seconds += dt_s;
        self.gyr_s += dt_s;
        let (share, gyr_share) = (dt_s / self.seconds, dt_s / self.gyr_s);
        for k in 0..3 {
            self.acc[k] += share * (acc[k] - self.acc[k]);
            self.gyr[k] += gyr_share * (gyr[k] - self.gyr[k]);
        }
    }

    /// A rest is over: its mean is a pose, a new one or a better mean of one that was there.
    fn close(&mut self) {
        let pose = Pose { acc: self.acc, seconds: self.seconds };
        self.seconds = 0.0;
        if pose.seconds < REST_MIN_S || norm(pose.acc) < 1.0 {
            return;
        }
        let alike = |other: &&mut Pose| {
            let cosine = dot(other.acc, pose.acc) / (norm(other.acc) * norm(pose.acc));
            cosine > libm::cos(SAME_DEG.to_radians())
        };
        if let Some(known) = self.poses.iter_mut().find(alike) {
            let share = pose.seconds / (known.seconds + pose.seconds);
            for (k, a) in known.acc.iter_mut().zip(pose.acc) {
                *k += share * (a - *k);
            }
            known.seconds += pose.seconds;
        } else {
            // More different poses than a sphere holds at 15° do not come.
            let _ = self.poses.try_push(pose);
        }
    }

    /// The poses so far, the running one included.
    pub fn poses(&self) -> ArrayVec<Pose, POSES_MOST> {
        let mut all = self.clone();
        all.close();
        all.poses
    }

    /// Bias of the gyroscope: its mean over all rests, rad/s; `None` before the first.
    pub fn gyr_bias(&self) -> Option<[f64; 3]> {
        (self.gyr_s >= REST_MIN_S).then_some(self.gyr)
    }
}

/// What an accelerometer has to be corrected by: `true = matrix · (raw − bias)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AccFit {
    /// Scales and the angles between the axes, upper triangle, row by row (no unit): the x axis stays where it is.
    pub matrix: [[f64; 3]; 3],
    /// Bias, m/s².
    pub bias: [f64; 3],
    /// Poses it was found from.
    pub poses: usize,
    /// Root mean square of what is left between the corrected poses and gravity, as a share of gravity.
    pub left: f64,
    /// How much of a pose's error reaches the worst of the nine numbers: about 1 for poses all round.
    pub dilution: f64,
}

impl AccFit {
    /// The true specific force behind a raw one, m/s².
    pub fn acc(&self, raw: [f64; 3]) -> [f64; 3] {
        let off = [raw[0] - self.bias[0], raw[1] - self.bias[1], raw[2] - self.bias[2]];
        self.matrix.map(|row| dot(row, off))
    }

    /// The same as lengths and directions of the sensor's axes: `raw = scale · rotation · true + bias`. `None` where the
    /// matrix cannot be inverted, which [`fit`] does not give.
    pub fn scale_and_rotation(&self) -> Option<([f64; 3], [[f64; 3]; 3])> {
        let raw = crate::matrix::inverted(self.matrix)?;
        let scale = raw.map(norm);
        Some((scale, [0, 1, 2].map(|i: usize| raw[i].map(|v| v / scale[i]))))
    }

    /// Expected error of the worst of the nine numbers (biases as shares of gravity): from what is left, and from what
    /// a pose usually errs by where there are few of them.
    pub fn expected_error(&self) -> f64 {
        let of_poses = POSES_LEAST as f64 / self.poses as f64 * POSE_ERROR * POSE_ERROR;
        (self.left * self.left + of_poses).sqrt() * self.dilution
    }

    /// How far the result can be relied on, 0 to 1: half where the expected error of the worst number is 1 %.
    pub fn quality(&self) -> f64 {
        1.0 / (1.0 + 100.0 * self.expected_error())
    }
}

/// Fits the accelerometer to poses that differ by 15° or more.
///
/// # Errors
/// [`CalibrateError::FewPoses`] below nine, [`CalibrateError::Unspanned`] where they leave a side out.
pub fn fit(poses: &[Pose]) -> Result<AccFit, CalibrateError> {
    if poses.len() < POSES_LEAST {
        return Err(CalibrateError::FewPoses { found: poses.len() });
    }
    // Three scales and three angles, then three biases as shares of gravity.
    let mut x = [1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0];
    let mut covariance = [[0.0; N]; N];
    let mut left = 0.0;
    for _ in 0..ROUNDS {
        let (mut normal, mut side, mut square) = ([[0.0; N]; N], [0.0; N], 0.0);
        for pose in poses {
            let a = pose.acc.map(|v| v / GRAVITY_MPS2);
            let (residual, slope) = residual(&x, a);
            square += residual * residual;
            for i in 0..N {
                side[i] += slope[i] * residual;
                for j in 0..N {
                    normal[i][j] += slope[i] * slope[j];
                }
            }
        }
        covariance = inverted(normal).ok_or(CalibrateError::Unspanned)?;
        left = (square / poses.len() as f64).sqrt();
        for (x, row) in x.iter_mut().zip(&covariance) {
            *x -= row.iter().zip(&side).map(|(c, s)| c * s).sum::<f64>();
        }
    }
    let worst = (0..N).map(|i| covariance[i][i]).fold(0.0, f64::max).sqrt();
    // No accelerometer is off by a quarter: the fit went astray, which poses all round do not let it.
    let sane = x.iter().all(|v| v.is_finite()) && x[..3].iter().all(|s| (0.75..=1.33).contains(s));
    if worst.is_nan() || worst > DILUTION_MOST || !sane {
        return Err(CalibrateError::Unspanned);
    }
    Ok(AccFit {
        matrix: [[x[0], x[3], x[4]], [0.0, x[1], x[5]], [0.0, 0.0, x[2]]],
        bias: [x[6], x[7], x[8]].map(|v| v * GRAVITY_MPS2),
        poses: poses.len(),
        left,
        dilution: worst,
    })
}

/// How far the corrected pose is from gravity, and how that changes with each unknown; in gravities.
fn residual(x: &[f64; N], a: [f64; 3]) -> (f64, [f64; N]) {
    let d = [a[0] - x[6], a[1] - x[7], a[2] - x[8]];
    let t = [x[0] * d[0] + x[3] * d[1] + x[4] * d[2], x[1] * d[1] + x[5] * d[2], x[2] * d[2]];
    let length = norm(t).max(1e-9);
    let u = t.map(|v| v / length);
    let slope = [
        u[0] * d[0],
        u[1] * d[1],
        u[2] * d[2],
        u[0] * d[1],
        u[0] * d[2],
        u[1] * d[2],
        -u[0] * x[0],
        -(u[0] * x[3] + u[1] * x[1]),
        -(u[0] * x[4] + u[1] * x[5] + u[2] * x[2]),
    ];
    (length - 1.0, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Raw force of a sensor whose true force is `a`, by the inverse of a made-up correction.
    fn raw(a: [f64; 3]) -> [f64; 3] {
        let z = a[2] / 0.99;
        let y = (a[1] + 0.01 * z) / 1.02;
        let x = (a[0] - 0.02 * y + 0.005 * z) / 0.975;
        [x + 0.3, y - 0.25, z + 0.4]
    }

    fn directions() -> Vec<[f64; 3]> {
        let mut all = Vec::new();
        for x in [-1.0, 0.0, 1.0] {
            for y in [-1.0, 0.0, 1.0] {
                for z in [-1.0, 0.0, 1.0] {
                    let length = norm([x, y, z]);
                    if length > 0.0 {
                        all.push([x, y, z].map(|v| v * GRAVITY_MPS2 / length));
                    }
                }
            }
        }
        all
    }

    fn poses(of: impl Iterator<Item = [f64; 3]>) -> Vec<Pose> {
        of.map(|a| Pose { acc: raw(a), seconds: 2.0 }).collect()
    }

    #[test]
    fn made_up_errors_are_found_from_poses_all_round() {
        let found = fit(&poses(directions().into_iter())).unwrap();
        let expected = [[0.975, 0.02, -0.005], [0.0, 1.02, -0.01], [0.0, 0.0, 0.99]];
        for (row, expected) in found.matrix.iter().zip(expected) {
            assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        }
        assert!(found.bias.iter().zip([0.3, -0.25, 0.4]).all(|(a, b)| (a - b).abs() < 1e-9), "{found:?}");
        assert!(found.left < 1e-9 && found.dilution < 1.0 && found.quality() > 0.9, "{found:?}");
        let (scale, rotation) = found.scale_and_rotation().unwrap();
        assert!((scale[2] - 1.0 / 0.99).abs() < 1e-9 && (norm(rotation[0]) - 1.0).abs() < 1e-12, "{scale:?}");
        let true_force = [3.0, -2.0, 8.0];
        let back = found.acc(raw(true_force));
        assert!(back.iter().zip(true_force).all(|(a, b)| (a - b).abs() < 1e-8), "{back:?}");
    }

    #[test]
    fn poses_that_disagree_lower_the_quality() {
        let mut shaky = poses(directions().into_iter());
        for (i, pose) in shaky.iter_mut().enumerate() {
            pose.acc[i % 3] += if i % 2 == 0 { 0.2 } else { -0.2 };
        }
        let found = fit(&shaky).unwrap();
        assert!(found.left > 0.005 && found.quality() < 0.7, "{found:?}");
    }

    #[test]
    fn too_few_poses_and_poses_on_one_side_are_refused() {
        let few = poses(directions().into_iter().take(8));
        assert_eq!(fit(&few), Err(CalibrateError::FewPoses { found: 8 }));
        let upper = poses(directions().into_iter().filter(|a| a[2] > 1.0));
        assert_eq!(upper.len(), 9);
        assert_eq!(fit(&upper), Err(CalibrateError::Unspanned));
        // The six sides of a box and its corner stood on three ways.
        let box_sides = directions().into_iter().filter(|a| a.iter().any(|v| v.abs() > 9.0));
        let tilted = [[1.0, 1.0, 1.0], [-1.0, 1.0, -1.0], [1.0, -1.0, -1.0]].map(|a| a.map(|v| v * 5.662));
        let found = fit(&poses(box_sides.chain(tilted))).unwrap();
        assert!(found.dilution < 3.0 && found.left < 1e-9 && (0.5..0.8).contains(&found.quality()), "{found:?}");
        let ring = (0..24).map(|i| {
            let angle = f64::from(i) * 15.1_f64.to_radians();
            [GRAVITY_MPS2 * libm::cos(angle), GRAVITY_MPS2 * libm::sin(angle), 0.0]
        });
        assert_eq!(fit(&poses(ring)), Err(CalibrateError::Unspanned));
    }

    #[test]
    fn poses_and_the_gyroscopes_bias_are_found_in_what_a_person_does() {
        let mut stills = Stills::new(100.0);
        let bias = [0.01, -0.005, 0.002];
        assert_eq!(stills.gyr_bias(), None);
        for (n, a) in directions().into_iter().chain(directions()).enumerate() {
            for i in 0..400 {
                // Carried over for a second, then laid down for three.
                let wobble = if i < 100 { 1.0 } else { 0.0 };
                let turn = 2.0 * wobble * libm::sin(f64::from(i) * 0.3);
                let shake = 0.01 * libm::sin((n * 400) as f64 + f64::from(i) * 1.7);
                let force = raw(a);
                let acc = [force[0] + 3.0 * turn, force[1] + shake, force[2]];
                stills.push([bias[0] + turn, bias[1] + 0.1 * shake, bias[2]], acc, 0.01);
            }
        }
        stills.push([f64::NAN; 3], [0.0; 3], 0.01);
        let found = stills.poses();
        assert_eq!(found.len(), directions().len(), "each pose twice");
        let gyr = stills.gyr_bias().unwrap();
        assert!(gyr.iter().zip(bias).all(|(a, b)| (a - b).abs() < 3e-4), "{gyr:?}");
        let fitted = fit(&found).unwrap();
        assert!((fitted.matrix[1][1] - 1.02).abs() < 2e-3 && fitted.quality() > 0.9, "{fitted:?}");
    }
}

//! [`Aligner`]: which way a cuff sits on a leg, whatever way that is.
//!
//! The long axis is where gravity pulls while the person stands quietly. The flexion axis is what the shank turns
//! about while it swings or walks: the direction of most turning, made orthogonal to the long axis (the family of
//! methods reviewed by Pacher, Chatellier, Vauzelle & Fradet, Sensors 20:3322, 2020, doi 10.3390/s20113322). Its
//! sign is the swing's, which is faster than the way back.

use crate::orient::{Quat, cross, dot, norm};

/// Least share of the turning about the flexion axis for an alignment to be believed.
pub const QUALITY_LEAST: f64 = 0.85;
/// Quiet standing needed, s.
const STAND_LEAST_S: f64 = 1.5;
/// Swinging needed, s: two strides, or two swings of the knee.
const TURN_LEAST_S: f64 = 2.0;
/// Slower turning is posture, not a swing, rad/s.
const SWING_RADPS: f64 = 1.0;
/// Most by which the specific force may differ from gravity while standing quietly, as a share.
const QUIET_SHARE: f64 = 0.1;

/// The leg's own directions in the cuff's axes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mounting {
    /// From the ankle to the knee, unit length.
    pub long: [f64; 3],
    /// The axis about which the shank swings forward, by the right hand: towards the person's right side. Unit
    /// length, orthogonal to `long`.
    pub flexion: [f64; 3],
    /// Share of the turning that was about the flexion axis, 0 to 1: see [`QUALITY_LEAST`].
    pub quality: f64,
}

impl Mounting {
    /// Whether the turning told the axis clearly enough.
    pub fn ok(&self) -> bool {
        self.quality >= QUALITY_LEAST
    }

    /// Where the person looks: orthogonal to both.
    pub fn forward(&self) -> [f64; 3] {
        cross(self.long, self.flexion)
    }

    /// The rotation from the cuff's axes to the leg's: x forward, y to the left, z up.
    pub fn rotation(&self) -> Quat {
        let left = self.flexion.map(|v| -v);
        of_rows([self.forward(), left, self.long])
    }
}

/// The rotation whose matrix has these rows (Shepperd's way: the largest of the four first).
fn of_rows(m: [[f64; 3]; 3]) -> Quat {
    let trace = m[0][0] + m[1][1] + m[2][2];
    let largest = [trace, m[0][0], m[1][1], m[2][2]];
    let at = (0..4).max_by(|a, b| largest[*a].total_cmp(&largest[*b])).unwrap_or(0);
    let q = match at {
        0 => Quat { w: 1.0 + trace, x: m[2][1] - m[1][2], y: m[0][2] - m[2][0], z: m[1][0] - m[0][1] },
        1 => Quat {
            w: m[2][1] - m[1][2],
            x: 1.0 + m[0][0] - m[1][1] - m[2][2],
            y: m[0][1] + m[1][0],
            z: m[0][2] + m[2][0],
        },
        2 => Quat {
            w: m[0][2] - m[2][0],
            x: m[0][1] + m[1][0],
            y: 1.0 - m[0][0] + m[1][1] - m[2][2],
            z: m[1][2] + m[2][1],
        },
        _ => Quat {
            w: m[1][0] - m[0][1],
            x: m[0][2] + m[2][0],
            y: m[1][2] + m[2][1],
            z: 1.0 - m[0][0] - m[1][1] + m[2][2],
        },
    };
    q.unit()
}

/// Collects standing and swinging; bounded, whatever its length.
#[derive(Debug, Clone, Default)]
pub struct Aligner {
    force: [f64; 3],
    stood_s: f64,
    turned_s: f64,
    /// Second moment of the turning.
    moment: [[f64; 3]; 3],
    /// Third moment (symmetric, all 27): tells which way round the turning is faster, about any axis.
    third: [[[f64; 3]; 3]; 3],
}

impl Aligner {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The person stands quietly: specific force, m/s², over `dt_s` seconds. Force that is no gravity is left out.
    pub fn stand(&mut self, acc: [f64; 3], dt_s: f64) {
        let share = norm(acc) / crate::words::GRAVITY_MPS2;
        if dt_s > 0.0 && dt_s <= 1.0 && (share - 1.0).abs() <= QUIET_SHARE {
            self.stood_s += dt_s;
            for (sum, a) in self.force.iter_mut().zip(acc) {
                *sum += a * dt_s;
            }
        }
    }

    /// The person walks or swings the leg: angular rate, rad/s, over `dt_s` seconds.
    pub fn turn(&mut self, gyr: [f64; 3], dt_s: f64) {
        let speed = norm(gyr);
        if !speed.is_finite() || speed < SWING_RADPS || !(dt_s > 0.0 && dt_s <= 1.0) {
            return;
        }
        self.turned_s += dt_s;
        for (i, a) in gyr.into_iter().enumerate() {
            for (j, b) in gyr.into_iter().enumerate() {
                self.moment[i][j] += a * b * dt_s;
                for (k, c) in gyr.into_iter().enumerate() {
                    self.third[i][j][k] += a * b * c * dt_s;
                }
            }
        }
    }

    /// Forgets the turning, not the standing.
    pub(super) fn clear_turning(&mut self) {
        *self = Self { force: self.force, stood_s: self.stood_s, ..Self::default() };
    }

    /// Seconds of standing and of swinging so far.
    pub fn seen_s(&self) -> (f64, f64) {
        (self.stood_s, self.turned_s)
    }

    /// The long axis; `None` before 1.5 s of quiet standing.
    pub fn long(&self) -> Option<[f64; 3]> {
        let length = norm(self.force);
        // Forces that cancel out are no standing.
        (self.stood_s >= STAND_LEAST_S && length > 5.0 * self.stood_s).then(|| self.force.map(|v| v / length))
    }

    /// The mounting; `None` before 1.5 s of quiet standing and 2 s of swinging.
    pub fn mounting(&self) -> Option<Mounting> {
        self.mounting_about(self.long()?)
    }

    /// The mounting for a long axis (unit length) that is known; `None` before 2 s of swinging.
    pub(super) fn mounting_about(&self, long: [f64; 3]) -> Option<Mounting> {
        if self.turned_s < TURN_LEAST_S {
            return None;
        }
        // Two directions across the leg, from the cuff's axis that lies most across.
        let least = (0..3).min_by(|a, b| long[*a].abs().total_cmp(&long[*b].abs()))?;
        let axis = [0, 1, 2].map(|i: usize| f64::from(u8::from(i == least)));
        let across = cross(long, axis);
        let e = across.map(|v| v / norm(across));
        let f = cross(long, e);
        let along = |a: [f64; 3], b: [f64; 3]| dot(a, self.moment.map(|row| dot(row, b)));
        let (ee, ef, ff) = (along(e, e), along(e, f), along(f, f));
        // The larger axis of the ellipse of turning across the leg.
        let angle = 0.5 * libm::atan2(2.0 * ef, ee - ff);
        let (sin, cos) = libm::sincos(angle);
        let mut flexion = [0, 1, 2].map(|i: usize| cos * e[i] + sin * f[i]);
        if self.skew(flexion) < 0.0 {
            flexion = flexion.map(|v| -v);
        }
        let trace = self.moment[0][0] + self.moment[1][1] + self.moment[2][2];
        Some(Mounting { long, flexion, quality: along(flexion, flexion) / trace })
    }

    fn skew(&self, v: [f64; 3]) -> f64 {
        let mut sum = 0.0;
        for (plane, a) in self.third.iter().zip(v) {
            for (row, b) in plane.iter().zip(v) {
                sum += a * b * dot(*row, v);
            }
        }
        sum
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Stands for three seconds and swings for ten, turned by `q` from a leg's axes (x forward, y left, z up). The
    /// shank swings forward about −y: its lower end goes forward, which turns its long axis towards the back.
    pub(in super::super) fn leg(q: Quat, sideways: f64) -> Aligner {
        let mut aligner = Aligner::new();
        for _ in 0..300 {
            aligner.stand(q.turn([0.0, 0.0, 9.81]), 0.01);
        }
        swings(&mut aligner, q, sideways);
        aligner
    }

    pub(in super::super) fn swings(aligner: &mut Aligner, q: Quat, sideways: f64) {
        for i in 0..1000 {
            aligner.turn(q.turn(swing(i, sideways)), 0.01);
        }
    }

    /// The rate of a leg that swings forward twice as fast as back, with some turning about its long axis.
    pub(in super::super) fn swing(i: i32, sideways: f64) -> [f64; 3] {
        let phase = f64::from(i % 100) * 0.01;
        let rate = if phase < 0.4 {
            5.0 * libm::sin(phase / 0.4 * core::f64::consts::PI)
        } else {
            -3.3 * libm::sin((phase - 0.4) / 0.6 * core::f64::consts::PI)
        };
        [0.1 * rate * sideways, -rate, sideways * libm::sin(f64::from(i) * 0.21)]
    }

    fn apart_deg(a: [f64; 3], b: [f64; 3]) -> f64 {
        libm::atan2(norm(cross(a, b)), dot(a, b)).to_degrees()
    }

    #[test]
    fn the_legs_directions_are_found_whatever_way_the_cuff_sits() {
        for i in 0..200 {
            let t = f64::from(i);
            let rate = [libm::sin(t), libm::cos(2.1 * t), libm::sin(0.7 * t + 1.0)];
            let q = Quat::of_rate(rate.map(|r| r * 3.0), 1.0);
            let mounting = leg(q, 0.3).mounting().unwrap();
            assert!(apart_deg(mounting.long, q.turn([0.0, 0.0, 1.0])) < 0.1, "{mounting:?}");
            assert!(apart_deg(mounting.flexion, q.turn([0.0, -1.0, 0.0])) < 3.0, "{mounting:?}");
            assert!(apart_deg(mounting.forward(), q.turn([1.0, 0.0, 0.0])) < 3.0, "{mounting:?}");
            assert!(mounting.ok() && mounting.quality < 1.0, "{mounting:?}");
            // The rotation brings each of the cuff's directions to the leg's axis.
            let to_leg = mounting.rotation();
            for (cuff, leg) in [(mounting.long, [0.0, 0.0, 1.0]), (mounting.forward(), [1.0, 0.0, 0.0])] {
                assert!(apart_deg(to_leg.turn(cuff), leg) < 1e-6, "{to_leg:?}");
            }
        }
    }

    #[test]
    fn turning_about_no_axis_in_particular_has_a_poor_quality() {
        let mounting = leg(Quat::IDENTITY, 4.0).mounting().unwrap();
        assert!(!mounting.ok(), "{mounting:?}");
    }

    #[test]
    fn without_standing_or_without_swinging_there_is_no_mounting() {
        let mut aligner = Aligner::new();
        swings(&mut aligner, Quat::IDENTITY, 0.3);
        assert_eq!((aligner.long(), aligner.mounting()), (None, None));
        let mut aligner = Aligner::new();
        for i in 0..300 {
            aligner.stand([0.0, 0.0, 9.81], 0.01);
            // No gravity, no number, a slow sway: none of it counts.
            aligner.stand([0.0, 15.0, 0.0], 0.01);
            aligner.stand([f64::NAN; 3], 0.01);
            aligner.turn([0.3, f64::from(i % 2), f64::NAN], 0.01);
            aligner.turn([0.3, 0.1, 0.0], 0.01);
        }
        assert_eq!((aligner.long(), aligner.mounting()), (Some([0.0, 0.0, 1.0]), None));
    }
}

//! [`Vqf`]: orientation from gyroscope and accelerometer, after Laidig & Seel, "VQF: Highly accurate IMU
//! orientation estimation with bias estimation and magnetic disturbance rejection", Information Fusion 91
//! (2023), doi 10.1016/j.inffus.2022.10.014; six-axis part, written anew, constants as published.
//!
//! The idea: strapdown integration of the angular rate gives an almost-inertial frame that drifts slowly.
//! Specific force, turned into that frame, may be low-passed hard (3 s) because there the leg's own turning is
//! gone; its mean direction is up, which corrects the inclination. What keeps having to be corrected is the
//! gyroscope's bias, estimated by a Kalman filter, quickly at rest and slowly while moving.
//!
//! Four things are ours. Below 143 Hz the rate between two samples is taken from both ([`Between`]), which halves the
//! error at 48 Hz. The filter can be told that the gyroscope was at its limit ([`Vqf::update_saturated`]), so that turning
//! it did not see is not taken for a bias. And what a gyroscope reads at rest is its bias only as far as gravity does not
//! turn along: a leg that sways while it stands, or leans over slowly as in getting up with care, is within the limits of
//! a rest and turns all the same. A gyroscope may be off by more than the published 2 °/s: parts for wearables are sold with
//! up to ten and more, and such a one never seems to rest. Where it reads one even turn for two seconds that gravity knows
//! nothing of, that is what it is off by, and taken off from then on ([`Even`]). Everything else is the published filter.

use super::between::Between;
use super::filter::{Coefficients, LowPass};
use super::quat::{Quat, cross, dot, norm};
use crate::matrix::{inverted, times, transposed};

/// Time constant of the specific force's low-pass, s.
pub(super) const TAU_ACC_S: f64 = 3.0;
/// First uncertainty of the bias, °/s.
const BIAS_SIGMA_INIT_DPS: f64 = 0.5;
/// Time in which the uncertainty would grow by 0.1 °/s, s.
const BIAS_FORGETTING_S: f64 = 100.0;
/// Largest bias believed, °/s.
const BIAS_CLIP_DPS: f64 = 2.0;
/// Uncertainty reached while moving, °/s.
const BIAS_SIGMA_MOTION_DPS: f64 = 0.1;
/// How much the vertical bias is drawn to zero while moving (it cannot be seen from gravity).
const BIAS_VERTICAL_FORGETTING: f64 = 0.0001;
/// Uncertainty reached at rest, °/s.
const BIAS_SIGMA_REST_DPS: f64 = 0.03;
/// Stillness that makes a rest, s.
const REST_MIN_S: f64 = 1.5;
/// Time constant of the signals a rest is measured against, s.
const REST_TAU_S: f64 = 0.5;
/// Largest deviation of the angular rate at rest, °/s.
const REST_GYR_DPS: f64 = 2.0;
/// Largest deviation of the specific force at rest, m/s².
const REST_ACC_MPS2: f64 = 0.5;

/// A turn that is none is even to within this for so long, °/s and s, …
const EVEN_DPS: f64 = 0.5;
const EVEN_S: f64 = 2.0;
/// … the specific force is even to within this, m/s², gravity moves by less than this meanwhile, rad, where 2 °/s would
/// move it by four times as much …
const EVEN_ACC_MPS2: f64 = 0.3;
const EVEN_UP_RAD: f64 = 1.0 * DEG;
/// … and no gyroscope is off by more than this, °/s.
const OFFSET_MOST_DPS: f64 = 20.0;

const DEG: f64 = core::f64::consts::PI / 180.0;

/// What was read when an even turn began that may be none: see [`Vqf`].
#[derive(Debug, Clone, Copy, Default)]
struct Even {
    for_s: f64,
    gyr: [f64; 3],
    acc: [f64; 3],
}

/// A six-axis orientation filter: heading drifts, inclination does not.
#[derive(Debug, Clone)]
pub struct Vqf {
    period_s: f64,
    between: Between,
    /// Seconds for which the inclination still tells of turning that was not seen.
    unseen_s: f64,
    tau_acc: Coefficients,
    tau_rest: Coefficients,
    gyr_quat: Quat,
    acc_quat: Quat,
    acc_low: LowPass<3>,
    rest_gyr: LowPass<3>,
    rest_acc: LowPass<3>,
    /// Turning of gravity in the cuff's axes, low-passed as the rate is, rad/s: the part of it across the vertical.
    leaning: [f64; 3],
    /// Whether that is taken off what the gyroscope reads at rest; only a test of the rest of the filter says no.
    mind_leaning: bool,
    rest_s: f64,
    at_rest: bool,
    /// What the gyroscope is off by beyond what the filter believes, rad/s: taken off before everything else.
    offset: [f64; 3],
    even: Even,
    /// Of what is left.
    bias: [f64; 3],
    /// Covariance of the bias in (0.01 °/s)², row by row.
    covariance: [[f64; 3]; 3],
    /// Low-passed rotation matrix and the horizontal part of the bias it carries.
    turned: LowPass<11>,
}

impl Vqf {
    /// A filter for about `rate_hz` samples per second (1 to 10,000; others are brought into that range, not a
    /// number becomes 100).
    pub fn new(rate_hz: f64) -> Self {
        let rate_hz = if rate_hz.is_finite() { rate_hz.clamp(1.0, 10_000.0) } else { 100.0 };
        let period_s = 1.0 / rate_hz;
        let p0 = (BIAS_SIGMA_INIT_DPS * 100.0) * (BIAS_SIGMA_INIT_DPS * 100.0);
        Self {
            period_s,
            between: Between::new(),
            unseen_s: 0.0,
            tau_acc: Coefficients::new(TAU_ACC_S, period_s),
            tau_rest: Coefficients::new(REST_TAU_S, period_s),
            gyr_quat: Quat::IDENTITY,
            acc_quat: Quat::IDENTITY,
            acc_low: LowPass::new(),
            rest_gyr: LowPass::new(),
            rest_acc: LowPass::new(),
            leaning: [0.0; 3],
            mind_leaning: true,
            rest_s: 0.0,
            at_rest: false,
            offset: [0.0; 3],
            even: Even::default(),
            bias: [0.0; 3],
            covariance: [[p0, 0.0, 0.0], [0.0, p0, 0.0], [0.0, 0.0, p0]],
            turned: LowPass::new(),
        }
    }

    /// Takes one sample: `gyr` rad/s, `acc` m/s² (specific force, 9.8 upwards at rest), `dt_s` seconds since the
    /// sample before (a value that is not positive or above one second counts as the nominal period). A sample
    /// with a value that is not a number, or that no sensor gives (10,000 rad/s, 1,000,000 m/s²), is left out.
    pub fn update(&mut self, gyr: [f64; 3], acc: [f64; 3], dt_s: f64) {
        if !believable(gyr, acc) {
            return;
        }
        let known = dt_s > 0.0 && dt_s <= 1.0;
        let dt_s = if known { dt_s } else { self.period_s };
        if !known {
            self.between.forget();
        }
        let rate = self.between.rate(gyr, dt_s);
        self.advance(gyr, rate, acc, dt_s);
    }

    /// Takes one sample whose gyroscope was at its limit: how far it turned is not known, so that for the next three
    /// seconds nothing is learned about the bias from the inclination, which has to be found again.
    ///
    /// A sample whose accelerometer was at its limit is an ordinary one: leaving it out would cost the mean of the
    /// specific force, which tells the vertical, more than the part that was cut off.
    pub fn update_saturated(&mut self, gyr: [f64; 3], acc: [f64; 3], dt_s: f64) {
        self.unseen_s = TAU_ACC_S;
        self.update(gyr, acc, dt_s);
    }

    /// Forgets which way is up, as nobody saw the sensor turn: the next samples tell.
    pub(crate) fn find_up_anew(&mut self) {
        self.acc_low = LowPass::new();
        self.unseen_s = TAU_ACC_S;
    }

    /// Takes one sample of a known mean rate since the one before, rad/s; values are [`believable`], `dt_s` is positive.
    pub(super) fn advance(&mut self, gyr: [f64; 3], rate: [f64; 3], acc: [f64; 3], dt_s: f64) {
        self.unseen_s = (self.unseen_s - dt_s).max(0.0);
        let less = |rate: [f64; 3]| [0, 1, 2].map(|k: usize| rate[k] - self.offset[k]);
        let (gyr, rate) = (less(gyr), less(rate));
        self.integrate(gyr, rate, dt_s);
        // Free fall and a dead accelerometer have no direction.
        if dot(acc, acc) > 1e-12 {
            self.correct(acc, dt_s);
        }
    }

    /// Orientation `[w, x, y, z]`, sensor to an earth frame with z up and a heading of its own.
    pub fn quaternion(&self) -> [f64; 4] {
        self.orientation().array()
    }

    /// Orientation, sensor to an earth frame with z up and a heading of its own.
    pub fn orientation(&self) -> Quat {
        self.acc_quat.after(self.gyr_quat)
    }

    /// The upward direction in the sensor's axes.
    pub fn up(&self) -> [f64; 3] {
        self.orientation().up()
    }

    /// Whether the sensor has been still for 1.5 s.
    pub fn at_rest(&self) -> bool {
        self.at_rest
    }

    /// Bias of the gyroscope as estimated, rad/s.
    pub fn gyr_bias(&self) -> [f64; 3] {
        [0, 1, 2].map(|k: usize| self.offset[k] + self.bias[k])
    }

    /// Covariance of the bias in (0.01 °/s)².
    pub(super) fn covariance(&self) -> [[f64; 3]; 3] {
        self.covariance
    }

    fn integrate(&mut self, gyr: [f64; 3], rate: [f64; 3], dt_s: f64) {
        let low = self.rest_gyr.push(gyr, dt_s, &self.tau_rest);
        let off = [gyr[0] - low[0], gyr[1] - low[1], gyr[2] - low[2]];
        let limit = REST_GYR_DPS * DEG;
        let (shakes, turns) = (dot(off, off) >= limit * limit, low.iter().any(|v| v.abs() > BIAS_CLIP_DPS * DEG));
        if shakes || turns {
            self.rest_s = 0.0;
            self.at_rest = false;
        }
        if shakes || !turns {
            self.even.for_s = 0.0;
        } else {
            self.is_even(low, dt_s);
        }
        let rate = [rate[0] - self.bias[0], rate[1] - self.bias[1], rate[2] - self.bias[2]];
        self.gyr_quat = self.gyr_quat.after(Quat::of_rate(rate, dt_s)).kept_unit();
    }

    /// The gyroscope reads a turn that may be none: takes it off once it was even for long enough and gravity denies it.
    fn is_even(&mut self, low: [f64; 3], dt_s: f64) {
        let acc = self.rest_acc.last();
        let apart = |a: [f64; 3], b: [f64; 3]| norm([0, 1, 2].map(|k: usize| a[k] - b[k]));
        let most = OFFSET_MOST_DPS * DEG;
        let even = apart(low, self.even.gyr) < EVEN_DPS * DEG
            && apart(acc, self.even.acc) < EVEN_ACC_MPS2
            && [0, 1, 2].iter().all(|k: &usize| (self.offset[*k] + low[*k]).abs() < most);
        if self.even.for_s == 0.0 || !even {
            self.even = Even { for_s: dt_s, gyr: low, acc };
            return;
        }
        self.even.for_s += dt_s;
        if self.even.for_s < EVEN_S {
            return;
        }
        let (across, along) = (norm(cross(acc, self.even.acc)), dot(acc, self.even.acc));
        if across > EVEN_UP_RAD * along {
            self.even.for_s = 0.0;
            return;
        }
        self.offset = [0, 1, 2].map(|k: usize| self.offset[k] + low[k]);
        // What was integrated with it is worth nothing, but for the heading.
        let p0 = (BIAS_SIGMA_INIT_DPS * 100.0) * (BIAS_SIGMA_INIT_DPS * 100.0);
        self.covariance = [[p0, 0.0, 0.0], [0.0, p0, 0.0], [0.0, 0.0, p0]];
        self.bias = [0.0; 3];
        (self.acc_low, self.rest_gyr, self.turned) = (LowPass::new(), LowPass::new(), LowPass::new());
        self.even = Even::default();
    }

    fn correct(&mut self, acc: [f64; 3], dt_s: f64) {
        let before = self.rest_acc.last();
        let low = self.rest_acc.push(acc, dt_s, &self.tau_rest);
        // Up moves in the cuff's axes as the cuff turns the other way: u' = u × ω, so that ω across u is u' × u.
        let share = 1.0 / (dt_s * dot(low, low)).max(1e-12);
        if self.mind_leaning {
            self.leaning = cross([0, 1, 2].map(|k: usize| share * (low[k] - before[k])), low);
        }
        let off = [acc[0] - low[0], acc[1] - low[1], acc[2] - low[2]];
        if dot(off, off) >= REST_ACC_MPS2 * REST_ACC_MPS2 {
            self.rest_s = 0.0;
            self.at_rest = false;
        } else {
            self.rest_s += dt_s;
            if self.rest_s >= REST_MIN_S {
                self.at_rest = true;
            }
        }

        let inertial = self.acc_low.push(self.gyr_quat.turn(acc), dt_s, &self.tau_acc);
        let earth = self.acc_quat.turn(inertial);
        let length = norm(earth);
        if length <= 1e-9 {
            return;
        }
        let share = 1.0 / length;
        let up = earth.map(|v| v * share);
        self.acc_quat = upright(up).after(self.acc_quat).kept_unit();
        self.learn_bias(up, dt_s);
    }

    /// One step of the Kalman filter for the gyroscope's bias; `up` is the low-passed specific force before the
    /// inclination was corrected, which tells how far it had drifted within `dt_s`.
    fn learn_bias(&mut self, up: [f64; 3], dt_s: f64) {
        let m = self.orientation().matrix();
        let carried = [dot(m[0], self.bias), dot(m[1], self.bias)];
        let low = self.turned.push(
            [m[0][0], m[0][1], m[0][2], m[1][0], m[1][1], m[1][2], m[2][0], m[2][1], m[2][2], carried[0], carried[1]],
            dt_s,
            &self.tau_acc,
        );

        let square = |dps: f64| (dps * 100.0) * (dps * 100.0);
        let growth = square(0.1) * dt_s / BIAS_FORGETTING_S;
        let (error, r, w) = if self.at_rest {
            let p = square(BIAS_SIGMA_REST_DPS);
            let weight = p * p / growth + p;
            let still = self.rest_gyr.last();
            let error = [0, 1, 2].map(|k: usize| still[k] - self.bias[k]);
            // As far as the turning of gravity explains it; what else accelerates a leg does not.
            let share = (dot(error, self.leaning) / dot(self.leaning, self.leaning).max(1e-18)).clamp(0.0, 1.0);
            let error = [0, 1, 2].map(|k: usize| error[k] - share * self.leaning[k]);
            (error, [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]], [weight; 3])
        } else {
            let p = square(BIAS_SIGMA_MOTION_DPS);
            let weight = p * p / growth + p;
            let r = [[low[0], low[1], low[2]], [low[3], low[4], low[5]], [low[6], low[7], low[8]]];
            let error = [
                -up[1] / dt_s + low[9] - dot(r[0], self.bias),
                up[0] / dt_s + low[10] - dot(r[1], self.bias),
                -dot(r[2], self.bias),
            ];
            (error, r, [weight, weight, weight / BIAS_VERTICAL_FORGETTING])
        };

        let p0 = square(BIAS_SIGMA_INIT_DPS);
        if self.unseen_s > 0.0 && !self.at_rest {
            // What is known grows old; nothing is learned.
            for (i, row) in self.covariance.iter_mut().enumerate() {
                row[i] = (row[i] + growth).min(p0);
            }
            return;
        }
        for (i, row) in self.covariance.iter_mut().enumerate() {
            if row[i] < p0 {
                row[i] += growth;
            }
        }
        let clip = BIAS_CLIP_DPS * DEG;
        let error = error.map(|e| e.clamp(-clip, clip));
        // K = P Rᵀ (W + R P Rᵀ)⁻¹, where R is one at rest.
        let (p_rt, mut inner) = if self.at_rest {
            (self.covariance, self.covariance)
        } else {
            let p_rt = times(self.covariance, transposed(r));
            (p_rt, times(r, p_rt))
        };
        for (i, row) in inner.iter_mut().enumerate() {
            row[i] += w[i];
        }
        let Some(inverse) = inverted(inner) else { return };
        let gain = times(p_rt, inverse);
        for (i, row) in gain.iter().enumerate() {
            self.bias[i] = (self.bias[i] + dot(*row, error)).clamp(-clip, clip);
        }
        // R P is the transpose of P Rᵀ: P is symmetric.
        let taken = times(gain, transposed(p_rt));
        for (row, taken) in self.covariance.iter_mut().zip(taken) {
            for (p, t) in row.iter_mut().zip(taken) {
                *p -= t;
            }
        }
    }
}

/// Whether all values are numbers that a sensor may give: what is squared and summed up then stays a number too.
pub(super) fn believable(gyr: [f64; 3], acc: [f64; 3]) -> bool {
    // Not-a-number is in no range.
    gyr.iter().all(|g| g.abs() <= 1e4) && acc.iter().all(|a| a.abs() <= 1e6)
}

/// The smallest turn that brings the unit vector `up` onto z; upside down any horizontal axis will do.
pub(super) fn upright(up: [f64; 3]) -> Quat {
    let w = (0.5 * (up[2] + 1.0)).max(0.0).sqrt();
    if w > 1e-6 {
        let share = 0.5 / w;
        Quat { w, x: share * up[1], y: -share * up[0], z: 0.0 }
    } else {
        Quat { w: 0.0, x: 1.0, y: 0.0, z: 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tilted_sensor_at_rest_finds_up_and_its_bias() {
        let mut vqf = Vqf::new(100.0);
        let acc = [0.5 * 9.81, 0.0, 0.75_f64.sqrt() * 9.81];
        for _ in 0..3000 {
            vqf.update([0.01, -0.02, 0.005], acc, 0.01);
        }
        assert!(vqf.at_rest());
        let up = vqf.up();
        assert!((up[0] - 0.5).abs() < 1e-3 && up[1].abs() < 1e-3, "{up:?}");
        let bias = vqf.gyr_bias();
        assert!((bias[0] - 0.01).abs() < 2e-4 && (bias[1] + 0.02).abs() < 2e-4 && (bias[2] - 0.005).abs() < 2e-4);
    }

    /// The angle between up as found and as it is after `seconds` of lying still and as many of leaning by 40° and back about x,
    /// again and again, of a gyroscope that is off by `offset_dps`.
    fn off_deg(offset_dps: [f64; 3], rate_hz: f64, seconds: f64) -> f64 {
        let mut vqf = Vqf::new(rate_hz);
        let mut most = 0.0_f64;
        for i in 0..(2.0 * seconds * rate_hz) as u32 {
            let t = f64::from(i) / rate_hz;
            let leans = t > seconds;
            let swing = |t: f64| 20.0 * (1.0 - libm::cos(1.5 * (t - seconds)));
            let (angle, rate) = if leans { (swing(t), 30.0 * libm::sin(1.5 * (t - seconds))) } else { (0.0, 0.0) };
            let up = [0.0, libm::sin(angle * DEG), libm::cos(angle * DEG)];
            let noise = 0.3 * libm::sin(f64::from(i) * 2.3);
            let gyr = [rate + offset_dps[0] + noise, offset_dps[1] - noise, offset_dps[2]].map(|dps| dps * DEG);
            vqf.update(gyr, up.map(|v| 9.81 * v), 1.0 / rate_hz);
            if leans {
                most = most.max(libm::acos(dot(vqf.up(), up).min(1.0)) / DEG);
            }
        }
        most
    }

    #[test]
    fn a_gyroscope_that_is_off_by_more_than_the_filter_believes_is_put_right_at_its_first_rest() {
        for offset_dps in [[0.0; 3], [2.6, -0.1, -2.5], [-9.0, 4.0, 1.0], [0.0, 0.0, 15.0]] {
            for rate_hz in [25.0, 100.0] {
                let off = off_deg(offset_dps, rate_hz, 8.0);
                assert!(off < 1.0, "{offset_dps:?} at {rate_hz} Hz: {off}");
            }
        }
        // More than any gyroscope is off by is a turn.
        assert!(off_deg([40.0, 0.0, 0.0], 100.0, 8.0) > 5.0);
    }

    #[test]
    fn a_slow_even_turn_that_gravity_sees_is_no_bias() {
        for turn_dps in [2.5, 4.0, 8.0] {
            let mut vqf = Vqf::new(50.0);
            for i in 0..750_u32 {
                let t = f64::from(i) / 50.0;
                // Rests for five seconds, then leans on and on.
                let angle = turn_dps * (t - 5.0).max(0.0) * DEG;
                let noise = 0.2 * libm::sin(f64::from(i) * 2.3);
                let rate = if t > 5.0 { turn_dps } else { 0.0 };
                vqf.update(
                    [(rate + noise) * DEG, 0.0, 0.0],
                    [0.0, 9.81 * libm::sin(angle), 9.81 * libm::cos(angle)],
                    0.02,
                );
            }
            let bias = norm(vqf.gyr_bias()) / DEG;
            assert!(bias < 0.35 && !vqf.at_rest(), "{turn_dps}: {bias}");
        }
    }

    #[test]
    fn values_that_are_not_numbers_change_nothing() {
        let mut vqf = Vqf::new(f64::NAN);
        for _ in 0..300 {
            vqf.update([0.0; 3], [0.0, 0.0, 9.81], f64::NAN);
        }
        let before = vqf.quaternion();
        vqf.update([f64::NAN, 0.0, 0.0], [0.0, 0.0, 9.81], 0.01);
        vqf.update([0.0; 3], [0.0, f64::INFINITY, 9.81], 0.01);
        vqf.update([0.0, -1e300, 0.0], [0.0, 0.0, 9.81], 0.01);
        vqf.update([0.0; 3], [0.0, 0.0, f64::MAX], 0.01);
        assert_eq!(before, vqf.quaternion());
    }

    #[test]
    fn turning_that_a_gyroscope_at_its_limit_did_not_see_is_not_taken_for_a_bias() {
        // A leg that swings forward faster than it swings back: only the forward swing is cut off, by a tenth.
        let bias_after = |told: bool| {
            let mut vqf = Vqf::new(100.0);
            let mut angle = 0.0;
            for i in 0..12_000 {
                let phase = f64::from(i % 100) * 0.01;
                let rate =
                    if phase < 0.2 { 8.0 * libm::sin(phase * 5.0 * core::f64::consts::PI) } else { -1.0186 / 0.8 };
                angle += rate * 0.01;
                let acc = [9.81 * libm::sin(angle), 0.0, 9.81 * libm::cos(angle)];
                let gyr = [0.0, -rate.min(7.2), 0.0];
                if told && rate >= 7.2 {
                    vqf.update_saturated(gyr, acc, 0.01);
                } else {
                    vqf.update(gyr, acc, 0.01);
                }
            }
            norm(vqf.gyr_bias()) / DEG
        };
        let (told, untold) = (bias_after(true), bias_after(false));
        assert!(told < 0.1 && untold > 1.0, "{told} {untold}");
    }

    #[test]
    fn a_leg_that_leans_over_slowly_or_sways_teaches_no_bias() {
        let lean_deg = |dps: f64| move |t: f64| (dps * (t - 5.0)).clamp(0.0, 15.0);
        let sway_deg = |t: f64| 0.7 * libm::sin(2.5 * t);
        for angle_deg in [&lean_deg(1.0) as &dyn Fn(f64) -> f64, &lean_deg(1.9), &sway_deg] {
            let mut vqf = Vqf::new(100.0);
            let mut peer = vqf_rs::VQF::new(0.01, None, None, None);
            let (mut worst, mut published): (f64, f64) = (0.0, 0.0);
            for i in 0..2500 {
                let t = f64::from(i) * 0.01;
                let angle = angle_deg(t) * DEG;
                let rate = (angle_deg(t + 1e-4) - angle_deg(t - 1e-4)) / 2e-4 * DEG;
                let acc = [9.81 * libm::sin(angle), 0.0, 9.81 * libm::cos(angle)];
                vqf.update([0.0, -rate, 0.0], acc, 0.01);
                peer.update([0.0, -rate, 0.0], acc, None);
                if t > 2.0 {
                    worst = worst.max(norm(vqf.gyr_bias()));
                    published = published.max(norm(peer.bias_estimate().0));
                }
            }
            assert!(worst < 0.1 * DEG && 3.0 * worst < published, "{worst} {published}");
        }
    }

    #[test]
    fn our_filter_follows_the_published_implementation_on_a_synthetic_motion() {
        // Oracle: crate vqf-rs, equal to the authors' C++ to 0.0001° on 1.6 M samples.
        let (rate, dt) = (200.0, 0.005);
        let mut ours = Vqf { mind_leaning: false, ..Vqf::new(rate) };
        let mut peer = vqf_rs::VQF::new(dt, None, None, None);
        let mut worst: f64 = 0.0;
        for i in 0..24_000 {
            let t = f64::from(i) * dt;
            let moving = if (i / 4000) % 2 == 0 { 1.0 } else { 0.0 };
            let gyr = [
                moving * libm::sin(t * 2.0) + 0.008,
                moving * 0.7 * libm::cos(t * 1.3) - 0.004,
                moving * 0.4 * libm::sin(t * 0.7) + 0.001,
            ];
            let acc = [moving * 0.8 * libm::sin(t * 5.0) + 1.0, 0.3 + moving * libm::cos(t), 9.7];
            ours.update(gyr, acc, dt);
            peer.update(gyr, acc, None);
            let p = peer.quat_6d();
            let off = ours.orientation().back().after(Quat { w: p.0, x: p.1, y: p.2, z: p.3 });
            worst = worst.max(2.0 * libm::asin(norm([off.x, off.y, off.z]).min(1.0)) / DEG);
        }
        assert!(worst < 1e-6, "{worst}°");
    }
}

//! The finer measures of a repetition, from the same points its instants and range were measured on.

use super::measure::{Gauge, Shape};
use super::own::Own;
use super::pose::{Channel, Pose, plus_share, unit};
use super::trail::Trail;
use crate::model::{Lever, Leverage};
use crate::movement::Measures;
use crate::noticed::Confidences;
use crate::orient::{cross, dot, norm};

/// Half width of the quadratic fit whose rest is shaking, s: with 0.1 s what passes begins at about 5 Hz.
const SHAKE_HALF_S: f64 = 0.1;
/// Half width of the second difference of the rate, s.
const JERK_HALF_S: f64 = 0.06;
/// Where gravity pulls with this share of its most, it pulls hard.
const HARD_SHARE: f64 = 0.85;
/// A pivot is told where the range lifts a lever of one metre by at least so much, m: the rise is known to 1 to 2 cm.
const RAISED_LEAST: f64 = 0.1;

impl Gauge {
    /// Measures `shape`, which was the last repetition measured, on its points of the `trail`, held against
    /// how this person did it at first.
    pub(super) fn fine(
        &self,
        trail: &Trail,
        shape: &Shape,
        channel: Channel,
        leverage: Option<Leverage>,
        own: &Own,
        rate_hz: f64,
    ) -> Measures {
        let [start, top, turn, end] = shape.at;
        // What was usual at first, so that another way of moving does not become usual itself.
        let direction = own.direction().and_then(|d| channel.carried(d, shape.rest)).unwrap_or(shape.direction);
        let axis = axis(channel, shape.rest, direction);
        let gyr = |from: usize, to: usize| {
            trail.since(shape.from + from as u64).take(to + 1 - from).map(|point| point.gyr_dps)
        };
        let moving = || gyr(start, top).chain(gyr(turn, end));
        let energy: f64 = moving().map(|w| dot(w, w)).sum();
        let along: f64 = axis.map_or(0.0, |axis| moving().map(|w| dot(w, axis) * dot(w, axis)).sum());
        let fastest = (start..=top).max_by(|a, b| self.rate[*a].total_cmp(&self.rate[*b]));
        let seconds = |from: usize, to: usize| (self.at_us[to] - self.at_us[from]) * 1e-6;
        let positive = |value: f64| (value.is_finite() && value > 0.0).then_some(value);
        Measures {
            mean_deg_per_s: positive(shape.range_deg / shape.lift_s()),
            lower_peak_deg_per_s: positive(self.rate[turn..=end].iter().fold(0.0, |most: f64, rate| most.max(-rate))),
            time_to_peak_s: fastest.map(|at| seconds(start, at)),
            smoothness_ldlj: self.jerk(start, top, rate_hz),
            off_axis_share: axis.filter(|_| energy > 0.0).map(|_| (1.0 - along / energy).clamp(0.0, 1.0)),
            leg_turn_deg: long_axis(channel, shape.rest, direction, leverage)
                .map(|long| self.turned(gyr(start, end), long, start)),
            rise_m: shape.rise_m,
            radius_m: radius_m(shape, leverage),
            mid_range_s: Some(self.time_where(start, end, |deg| {
                let share = (deg - shape.level_deg) / shape.range_deg;
                (0.25..=0.75).contains(&share)
            })),
            high_torque_s: leverage.map(|leverage| self.pulled_hard_s(shape, leverage)),
            shake_deg_per_s: shake(|| gyr(start, turn), turn + 1 - start, rate_hz),
            // Known only to who followed the leg at rest.
            back_swing_deg: None,
            detector_confidence: Confidences::default(),
            start_tilt_deg: own.start().zip(axis).filter(|_| channel == Channel::Tilt).map(|(first, axis)| {
                // How far the start pose lies out of the plane in which the first one and the movement lie.
                beside_deg(first, shape.rest, axis)
            }),
        }
    }

    /// Seconds between `start` and `end` spent at angles that `wanted` takes.
    fn time_where(&self, start: usize, end: usize, wanted: impl Fn(f64) -> bool) -> f64 {
        (start..end).filter(|i| wanted(self.angle[*i])).map(|i| (self.at_us[i + 1] - self.at_us[i]) * 1e-6).sum()
    }

    fn pulled_hard_s(&self, shape: &Shape, leverage: Leverage) -> f64 {
        let pull = |deg: f64| libm::cos((deg - shape.level_deg - leverage.level_at_deg).to_radians()).max(0.0);
        let [start, .., end] = shape.at;
        let most = self.angle[start..=end].iter().fold(0.0, |most: f64, deg| most.max(pull(*deg)));
        self.time_where(start, end, |deg| pull(deg) >= HARD_SHARE * most)
    }

    /// Log dimensionless jerk of the lift: Balasubramanian 2015 (see `stats::Smoothness`), from the speed.
    fn jerk(&self, start: usize, top: usize, rate_hz: f64) -> Option<f64> {
        let half = ((JERK_HALF_S * rate_hz).round() as usize).max(1);
        let (first, last) = (start.max(half), top.min(self.rate.len() - 1 - half));
        if top <= start + 4 || last <= first {
            return None;
        }
        let step_s = half as f64 / rate_hz;
        let second = |i: usize| (self.rate[i + half] - 2.0 * self.rate[i] + self.rate[i - half]) / (step_s * step_s);
        let whole_s = (self.at_us[top] - self.at_us[start]) * 1e-6;
        let sum: f64 = (first..=last).map(|i| second(i) * second(i)).sum::<f64>() / rate_hz;
        let peak = self.rate[start..=top].iter().fold(0.0, |most: f64, rate| most.max(*rate));
        let jerk = sum * whole_s * whole_s * whole_s / (peak * peak);
        (jerk.is_finite() && jerk > 0.0).then(|| -libm::log(jerk))
    }

    /// How far the rates `gyr` turn about `axis` to either side, degrees; the first of them at point `start`.
    fn turned(&self, gyr: impl Iterator<Item = [f64; 3]>, axis: Pose, start: usize) -> f64 {
        let (mut angle, mut least, mut most) = (0.0_f64, 0.0_f64, 0.0_f64);
        for (i, w) in gyr.enumerate().skip(1) {
            let dt_s = (self.at_us[start + i] - self.at_us[start + i - 1]) * 1e-6;
            angle += dot(w, axis) * dt_s;
            (least, most) = (least.min(angle), most.max(angle));
        }
        most - least
    }
}

/// The axis a movement in `direction` turns about, in the cuff's axes.
pub(super) fn axis(channel: Channel, rest: Pose, direction: Pose) -> Option<Pose> {
    match channel {
        Channel::Tilt => unit(cross(rest, direction)),
        Channel::Turn => unit(direction),
    }
}

/// The shank's length in the cuff's axes, from where gravity is at the start pose and how the shank lies then; its sign
/// is of no account.
fn long_axis(channel: Channel, rest: Pose, direction: Pose, leverage: Option<Leverage>) -> Option<Pose> {
    let Leverage { lever, level_at_deg } = leverage?;
    if lever == Lever::Other || channel != Channel::Tilt {
        return None;
    }
    let (sin, cos) = libm::sincos((90.0 - level_at_deg).to_radians());
    unit(plus_share(plus_share([0.0; 3], rest, cos), direction, -sin))
}

/// The lever that explains the rise: an ankle at the end of one metre rises by the difference of the sines.
fn radius_m(shape: &Shape, leverage: Option<Leverage>) -> Option<f64> {
    let level = leverage?.level_at_deg.to_radians();
    let raised = libm::sin(shape.range_deg.to_radians() - level) + libm::sin(level);
    let radius = shape.rise_m? / raised;
    (raised >= RAISED_LEAST && radius > 0.0).then_some(radius)
}

/// Angle of `pose` out of the plane across `axis`, less that of `first`.
fn beside_deg(first: Pose, pose: Pose, axis: Pose) -> f64 {
    let out = |pose: Pose| libm::asin((dot(pose, axis) / norm(pose).max(1e-9)).clamp(-1.0, 1.0)).to_degrees();
    (out(pose) - out(first)).abs()
}

/// What a quadratic fit over a fifth of a second leaves of the rates, root mean square.
fn shake<I: Iterator<Item = [f64; 3]>>(gyr: impl Fn() -> I, count: usize, rate_hz: f64) -> Option<f64> {
    let half = (SHAKE_HALF_S * rate_hz).round() as usize;
    if half < 2 || count <= 4 * half {
        return None;
    }
    let h = half as f64;
    let weight = |j: f64| {
        3.0 * (3.0 * h * h + 3.0 * h - 1.0 - 5.0 * j * j) / ((2.0 * h - 1.0) * (2.0 * h + 1.0) * (2.0 * h + 3.0))
    };
    let mut window: arrayvec::ArrayVec<[f64; 3], 64> = arrayvec::ArrayVec::new();
    if 2 * half + 1 > window.capacity() {
        return None;
    }
    let (mut sum, mut n) = (0.0, 0.0);
    for w in gyr() {
        if window.len() == 2 * half + 1 {
            window.remove(0);
        }
        window.push(w);
        if window.len() == 2 * half + 1 {
            let fit = window.iter().enumerate().fold([0.0; 3], |fit, (j, w)| plus_share(fit, *w, weight(j as f64 - h)));
            let left = norm(plus_share(window[half], fit, -1.0));
            sum += left * left;
            n += 1.0;
        }
    }
    (n > 0.0).then(|| (sum / n).sqrt())
}

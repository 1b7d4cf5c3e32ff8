//! Measuring one repetition once it is over: its four instants, range, peak rate and smoothness; the finer measures
//! beside are in [`super::fine`].

use super::pose::{Channel, Pose, plus_share};
use super::trail::Trail;
use crate::stats::{Smoothness, median};
use crate::words::GRAVITY_MPS2;

/// Lifting and lowering begin and end where the rate passes this share of its peak …
const RATE_SHARE: f64 = 0.05;
/// … but never below this, °/s, which is what tremor and noise reach.
const RATE_FLOOR_DPS: f64 = 1.5;
/// A start or end lies in the lowest fifth of the movement, a top in the highest.
const FOOT_SHARE: f64 = 0.2;
const HEAD_SHARE: f64 = 0.8;
/// Half width of the central difference that gives the rate, s.
const RATE_HALF_S: f64 = 0.06;
/// How much of the rest before a lift its level is taken from, µs.
const REST_LEVEL_US: f64 = 1e6;

/// A height is integrated over no longer than this, s, …
const RISE_WITHIN_S: f64 = 2.5;
/// … and only where the orientation was right to within this on the whole, degrees: a vertical that is 10° off feels 0.15
/// m/s² too little, which makes a foot of sinking in two seconds.
const UPRIGHT_DEG: f64 = 3.0;

/// What was measured; times in µs, angles in degrees.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    pub(super) start_us: f64,
    pub(super) top_us: f64,
    pub(super) turn_us: f64,
    pub(super) end_us: f64,
    pub(super) range_deg: f64,
    /// Level at the end above the level at the start.
    pub(super) left_over_deg: f64,
    pub(super) peak_dps: f64,
    pub(super) sparc: Option<f64>,
    /// How far the cuff rose on the way to the top, metres (mean of both ways); negative where the "top" lies lower,
    /// `None` where both ways took too long to tell.
    pub(super) rise_m: Option<f64>,
    /// Mean of how far from its level it was meanwhile, and how much of that gravity denies, degrees.
    pub(super) mean_deg: f64,
    pub(super) denied_deg: f64,
    /// Number of the point that leaves the top.
    pub(super) turn: u64,
    /// Number of the first point that was looked at.
    pub(super) from: u64,
    /// Places of start, top, turn and end among the points that were looked at.
    pub(super) at: [usize; 4],
    /// The level at the start that angles are counted from, degrees.
    pub(super) level_deg: f64,
    /// The direction the angle was measured in.
    pub(super) direction: Pose,
    /// Poses of rest and top.
    pub(super) rest: Pose,
    pub(super) top: Pose,
}

impl Shape {
    /// Seconds of lifting.
    pub(super) fn lift_s(&self) -> f64 {
        ((self.top_us - self.start_us) * 1e-6).max(0.0)
    }

    /// Seconds at the top.
    pub(super) fn hold_s(&self) -> f64 {
        ((self.turn_us - self.top_us) * 1e-6).max(0.0)
    }

    /// Seconds of the slower of those ways whose height is known; none are zero.
    pub(super) fn slowest_rise_s(&self) -> f64 {
        [self.lift_s(), self.lower_s()].into_iter().filter(|s| *s <= RISE_WITHIN_S).fold(0.0, f64::max)
    }

    /// Seconds of lowering.
    pub(super) fn lower_s(&self) -> f64 {
        ((self.end_us - self.turn_us) * 1e-6).max(0.0)
    }
}

/// Room for the measurement, kept so that nothing is allocated per repetition.
#[derive(Debug, Clone)]
pub(super) struct Gauge {
    pub(super) at_us: Vec<f64>,
    pub(super) angle: Vec<f64>,
    up_mps2: Vec<f64>,
    level_mps2: Vec<[f64; 2]>,
    pub(super) rate: Vec<f64>,
    sorted: Vec<f64>,
    smoothness: Smoothness,
}

impl Gauge {
    pub(super) fn new(room: usize) -> Self {
        let vec = || Vec::with_capacity(room);
        Self {
            at_us: vec(),
            angle: vec(),
            up_mps2: vec(),
            level_mps2: Vec::with_capacity(room),
            rate: vec(),
            sorted: vec(),
            smoothness: Smoothness::new(),
        }
    }

    /// Measures what lies on the `trail` between the point numbers `from` (still at rest) and `to`, seen from
    /// `rest` in `direction`, or in the direction of its own top where that is not known yet.
    pub(super) fn measure(
        &mut self,
        trail: &Trail,
        (from, to): (u64, u64),
        channel: Channel,
        rest: Pose,
        direction: Option<Pose>,
        rate_hz: f64,
    ) -> Option<Shape> {
        let from = from.max(trail.oldest());
        let count = usize::try_from(to.checked_sub(from)?).ok()? + 1;
        let points = || trail.since(from).take(count);
        let direction = if let Some(direction) = direction {
            direction
        } else {
            let farthest = points().map(|p| channel.apart(p.pose, rest)).fold(0.0, f64::max);
            let top =
                mean_pose(points().filter(|p| channel.apart(p.pose, rest) >= HEAD_SHARE * farthest).map(|p| p.pose))?;
            channel.direction(rest, top)?
        };
        self.at_us.clear();
        self.angle.clear();
        self.up_mps2.clear();
        self.level_mps2.clear();
        for point in points() {
            self.at_us.push(point.at_us);
            self.angle.push(channel.along(point.pose, rest, direction));
            self.up_mps2.push(point.up_mps2);
            self.level_mps2.push(point.level_mps2);
        }
        let n = self.angle.len();
        if n < 5 {
            return None;
        }
        self.differentiate(rate_hz);

        let highest = self.angle.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if highest <= 0.0 {
            return None;
        }
        // The median of the upper half stands for the top: an overshoot does not move it.
        let plateau = self.median_of(|a| a >= 0.5 * highest)?;
        let up = self.angle.iter().position(|a| *a >= 0.5 * plateau)?;
        let down = self.angle.iter().rposition(|a| *a >= 0.5 * plateau)?;
        let near_top = up + self.angle[up..=down].iter().position(|a| *a >= HEAD_SHARE * plateau)?;
        let off_top = up + self.angle[up..=down].iter().rposition(|a| *a >= HEAD_SHARE * plateau)?;

        let lift_peak = self.rate[..=near_top].iter().copied().fold(0.0, f64::max);
        let lower_peak = self.rate[off_top..].iter().copied().fold(0.0, |a: f64, r| a.max(-r));
        let (slow_up, slow_down) =
            ((RATE_SHARE * lift_peak).max(RATE_FLOOR_DPS), (RATE_SHARE * lower_peak).max(RATE_FLOOR_DPS));
        let low = |a: f64| a < FOOT_SHARE * plateau;

        let start = (0..=up).rev().find(|i| low(self.angle[*i]) && self.rate[*i] < slow_up).unwrap_or(0);
        let mut top = (near_top..=off_top).find(|i| self.rate[*i] < slow_up).unwrap_or(off_top);
        let mut turn = (near_top..=off_top).rev().find(|i| self.rate[*i] > -slow_down).unwrap_or(near_top);
        if turn < top {
            // No standing still at the top: both are the highest point.
            let peak = (near_top..=off_top).max_by(|a, b| self.angle[*a].total_cmp(&self.angle[*b]))?;
            (top, turn) = (peak, peak);
        }
        let end = (down..n).find(|i| low(self.angle[*i]) && self.rate[*i] > -slow_down).unwrap_or(n - 1);

        let rest_from = self.at_us[start] - REST_LEVEL_US;
        self.sorted.clear();
        self.sorted
            .extend(self.angle[..=start].iter().zip(&self.at_us).filter(|(_, at)| **at >= rest_from).map(|(a, _)| *a));
        let level = median(&mut self.sorted)?;
        self.sorted.clear();
        self.sorted.extend_from_slice(&self.angle[top..=turn]);
        let height = median(&mut self.sorted)?;

        let rate = |from: usize, to: usize| self.rate[from..=to].iter().map(|r| r.abs());
        let lift = self.smoothness.sparc(&rate(start, top), rate_hz);
        let lower = self.smoothness.sparc(&rate(turn, end), rate_hz);
        let sparc = lift.zip(lower).map(|(a, b)| 0.5 * (a + b)).or(lift).or(lower);

        // The first and last hundredths of a movement are slower than what a rate can be told from.
        let lift_s = (self.at_us[top] - self.at_us[start]) * 1e-6;
        let lower_s = (self.at_us[end] - self.at_us[turn]) * 1e-6;
        // Half a step of which is seen already, and what the width of the difference blurs.
        let blur_s = RATE_HALF_S * RATE_HALF_S / 6.0;
        let unseen = |tail_s: f64| (tail_s - 0.5 / rate_hz - blur_s / tail_s.max(RATE_HALF_S)).max(0.0);
        let before = unseen(lift_s * tail(slow_up / lift_peak));
        let after = unseen(lower_s * tail(slow_down / lower_peak));
        let middle = 0.5 * (self.at_us[top] + self.at_us[turn]);

        let denied_deg = self.denied_deg(start, end);

        let pose_at = |range: core::ops::RangeInclusive<usize>| {
            mean_pose(points().skip(*range.start()).take(range.end() - range.start() + 1).map(|p| p.pose))
        };
        Some(Shape {
            start_us: (self.at_us[start] - 1e6 * before).max(self.at_us[0]),
            top_us: (self.at_us[top] + 1e6 * before).min(middle),
            turn_us: (self.at_us[turn] - 1e6 * after).max(middle),
            end_us: (self.at_us[end] + 1e6 * after).min(self.at_us[n - 1]),
            range_deg: height - level,
            left_over_deg: self.angle[end] - level,
            peak_dps: self.rate[start..=top].iter().copied().fold(0.0, f64::max),
            sparc,
            rise_m: match (self.rise_m(start, top), self.rise_m(turn, end)) {
                _ if denied_deg > UPRIGHT_DEG => None,
                (Some(up), Some(down)) => Some(0.5 * (up - down)),
                (up, down) => up.or(down.map(|m| -m)),
            },
            mean_deg: self.mean_deg(start, end, level),
            denied_deg,
            turn: from + turn as u64,
            from,
            at: [start, top, turn, end],
            level_deg: level,
            direction,
            rest: pose_at(start..=start)?,
            top: pose_at(top..=turn)?,
        })
    }

    fn differentiate(&mut self, rate_hz: f64) {
        let half = ((RATE_HALF_S * rate_hz).round() as usize).max(1);
        let last = self.angle.len() - 1;
        self.rate.clear();
        for i in 0..=last {
            let (a, b) = (i.saturating_sub(half), (i + half).min(last));
            let dt_s = (self.at_us[b] - self.at_us[a]) * 1e-6;
            self.rate.push(if dt_s > 0.0 { (self.angle[b] - self.angle[a]) / dt_s } else { 0.0 });
        }
    }

    /// How far the cuff rose between two moments at which it hardly moves, metres. The mean force over that time is
    /// taken off, which is what standing still at both ends means; gravity and the sensor's offset go with it. What
    /// remains grows with the square of time: `None` for a slow movement.
    fn rise_m(&self, from: usize, to: usize) -> Option<f64> {
        if to <= from {
            return None;
        }
        let (at_us, up) = (&self.at_us[from..=to], &self.up_mps2[from..=to]);
        let steps = || at_us.windows(2).zip(up.windows(2)).map(|(t, a)| ((t[1] - t[0]) * 1e-6, 0.5 * (a[0] + a[1])));
        let whole_s = (at_us[to - from] - at_us[0]) * 1e-6;
        if whole_s > RISE_WITHIN_S {
            return None;
        }
        let mean = steps().map(|(dt_s, a)| dt_s * a).sum::<f64>() / whole_s.max(1e-9);
        let (mut speed, mut rise) = (0.0, 0.0);
        for (dt_s, a) in steps() {
            let next = speed + dt_s * (a - mean);
            rise += 0.5 * dt_s * (speed + next);
            speed = next;
        }
        Some(rise)
    }

    /// How far from its level the leg was between two moments, whichever way, mean of degrees.
    fn mean_deg(&self, from: usize, to: usize, level: f64) -> f64 {
        let angles = &self.angle[from..=to];
        angles.iter().map(|angle| (angle - level).abs()).sum::<f64>() / angles.len() as f64
    }

    /// How far the orientation was wrong on the whole between two moments at which the leg rests, degrees. Whatever
    /// accelerates a leg in between comes to nothing, so that the mean force is gravity and lies upright; what of it
    /// lies level is a tilt that was not there: a gyroscope that told of turning nobody did.
    fn denied_deg(&self, from: usize, to: usize) -> f64 {
        let forces = &self.level_mps2[from..=to];
        let sum = forces.iter().fold([0.0; 2], |sum, force| [sum[0] + force[0], sum[1] + force[1]]);
        let share = 1.0 / forces.len() as f64;
        libm::atan2(libm::hypot(sum[0], sum[1]) * share, GRAVITY_MPS2).to_degrees()
    }

    fn median_of(&mut self, keep: impl Fn(f64) -> bool) -> Option<f64> {
        self.sorted.clear();
        self.sorted.extend(self.angle.iter().copied().filter(|a| keep(*a)));
        median(&mut self.sorted)
    }
}

/// The part of what was seen of a movement that it began before and ended after, where it was seen from the share `s` of
/// its highest rate on: a minimum-jerk movement (Flash & Hogan 1985) passes 16 u² (1 − u)² of its highest rate at the
/// share u of its time.
fn tail(s: f64) -> f64 {
    let root = s.clamp(0.0, 0.25).sqrt();
    let u = 0.5 * (1.0 - (1.0 - root).sqrt());
    u / (1.0 - 2.0 * u)
}

fn mean_pose(poses: impl Iterator<Item = Pose>) -> Option<Pose> {
    let (mut sum, mut count) = ([0.0; 3], 0.0);
    for pose in poses {
        sum = plus_share(sum, pose, 1.0);
        count += 1.0;
    }
    (count > 0.0).then(|| [sum[0] / count, sum[1] / count, sum[2] / count])
}

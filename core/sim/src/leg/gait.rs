//! Walking: sagittal curves of thigh and shank from a published recording, scaled to a cadence.

use super::linkage::{Build, Posture, UNTURNED};
use super::profile::{Course, minimum_jerk};
use crate::chance::Chance;
use core::f64::consts::TAU;

/// Share of a stride at which the foot leaves the ground (force plate of the recording below: 0.791 s of 1.235 s).
pub const FOOT_OFF_SHARE: f64 = 0.640;
/// Steps per minute of the recording.
const RECORDED_CADENCE: f64 = 97.2;
/// Thigh and shank forward of the vertical in degrees over one stride from initial contact: mean, then cosine and
/// sine of the first seven harmonics.
///
/// Computed from `Pipelines/Gait2392_Simbody/subject01_walk1_ik.mot` of opensim-org/opensim-models (20a888b), right
/// leg, 0.617 to 1.852 s, contacts from the force plate at 20 N; the fit's residual is 0.1°. Thigh is pelvis tilt
/// plus hip flexion, shank is thigh plus (negative) knee flexion.
const THIGH_DEG: (f64, [(f64, f64); 7]) =
    (8.34, [(20.87, -1.92), (-4.77, -0.94), (-0.70, 2.47), (-0.51, 0.03), (-0.39, 0.40), (0.14, 0.14), (-0.10, -0.04)]);
const SHANK_DEG: (f64, [(f64, f64); 7]) = (
    -16.36,
    [(20.98, 19.23), (14.62, -7.46), (1.47, -4.30), (1.23, -0.89), (0.40, -0.91), (-0.06, -0.26), (0.02, -0.19)],
);
/// Shares of a stride between which the foot lies flat and the ankle stands still: it comes down, lies, the heel rises.
///
/// In the recording (treadmill at 1.03 m/s) the ankle keeps to the belt within 0.04 m/s from 9 to 45 % of the stride
/// while hip and belt differ by up to 0.3 m/s: the hip's way is made by the standing leg, not the other way round.
const FLAT: [f64; 4] = [0.04, 0.10, 0.42, 0.55];
/// Height of the pelvis in metres, second harmonic (one rise per step), same source.
const PELVIS_M: (f64, f64) = (-0.0147, -0.0111);
/// Seconds in which standing becomes walking and back.
const BLEND_S: f64 = 0.9;
/// Share of a stride at which the foot leaves the ground in running (textbook figure for an easy run: stance is 0.35 to 0.4).
const RUN_FOOT_OFF_SHARE: f64 = 0.39;
/// How running goes through the same curves: faster while the foot is on the ground, slower in the air. First and second
/// harmonic of that change of rate about the middle of stance, so that the foot leaves at the share above.
const RUN_RATE: [f64; 2] = [0.78, 0.15];
/// Cadences of running, steps per minute, and how much larger its angles are.
const RUN_CADENCE: core::ops::RangeInclusive<f64> = 145.0..=190.0;
const RUN_SIZE: f64 = 1.15;
/// A foot that is caught stands still within this time, s, and goes on within the same.
const CAUGHT_EDGE_S: f64 = 0.05;
/// Cadences the curves are scaled to, steps per minute: beyond them people do not walk like this.
const CADENCE: core::ops::RangeInclusive<f64> = 40.0..=150.0;

/// One stride that really happened, seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueStride {
    /// The foot touches the ground.
    pub contact_s: f64,
    /// It leaves the ground.
    pub off_s: f64,
    /// It touches the ground again.
    pub end_s: f64,
    /// Way of the ankle from one stance to the next, metres.
    pub length_m: f64,
}

/// A walk on level ground along a line.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Walk {
    length_s: f64,
    stride_s: f64,
    size: f64,
    thigh_m: f64,
    shank_m: f64,
    /// Way of the hip while the foot is in the air, metres per stride: as fast as the standing leg carries it.
    carried_m: f64,
    /// What the hip rises by in the air so that the next stance is as high as the last, metres per stride.
    level_m: f64,
    length_m: f64,
    /// Where in the stride the walk begins, 0 to 1.
    first: f64,
    /// Slow waves of the stride's rate: share, Hz, phase.
    waves: [(f64, f64, f64); 2],
    runs: bool,
    /// When the foot is caught, s from the walk's begin, and for how long.
    caught: Vec<(f64, f64)>,
}

impl Walk {
    /// A walk of `length_s` seconds; the opposite leg is half a stride ahead.
    pub(super) fn new(length_s: f64, cadence_per_min: f64, ahead: f64, build: &Build, chance: &mut Chance) -> Self {
        let cadence = cadence_per_min.clamp(*CADENCE.start(), *CADENCE.end());
        Self::made((length_s, cadence, false), ahead, build, chance)
    }

    /// A run: both feet are in the air at times.
    pub(super) fn run(length_s: f64, cadence_per_min: f64, ahead: f64, build: &Build, chance: &mut Chance) -> Self {
        let cadence = cadence_per_min.clamp(*RUN_CADENCE.start(), *RUN_CADENCE.end());
        Self::made((length_s, cadence, true), ahead, build, chance)
    }

    fn made((length_s, cadence, runs): (f64, f64, bool), ahead: f64, build: &Build, chance: &mut Chance) -> Self {
        // Walking slower means shorter as well as slower steps: speed grows about with cadence squared, so stride
        // length, and with it the angles, about with cadence (Grieve & Gear 1966), damped at both ends.
        let size = if runs { RUN_SIZE } else { (0.5 + 0.5 * cadence / RECORDED_CADENCE).clamp(0.7, 1.25) };
        // Stride times of healthy adults vary by about 2 % (Hausdorff 2005): two slow waves of the rate.
        let mut wave = |hz: f64| (chance.between(0.008, 0.016), hz, chance.between(0.0, TAU));
        let waves = [wave(0.11), wave(0.27)];
        let mut walk = Self {
            length_s,
            stride_s: 120.0 / cadence,
            size,
            thigh_m: build.thigh_m,
            shank_m: build.shank_m,
            carried_m: 0.0,
            level_m: 0.0,
            length_m: 0.0,
            first: 0.3 + ahead,
            waves,
            runs,
            caught: Vec::new(),
        };
        let [_, from, to, _] = FLAT;
        walk.carried_m = (walk.ankle(from)[0].x - walk.ankle(to)[0].x) / (to - from);
        // Means over the stride: what rises has to come down, what goes forward is the length.
        let mean = |of: &dyn Fn(f64) -> f64| (0..400).map(|i| of((f64::from(i) + 0.5) / 400.0)).sum::<f64>() / 400.0;
        let in_air = mean(&|share| 1.0 - flat(share).x);
        walk.level_m = -mean(&|share| walk.hip(share)[1].x) / in_air;
        walk.length_m = mean(&|share| walk.hip(share)[0].x);
        walk
    }

    /// The ankle as seen from the hip, forward and up in metres, over the share of a stride since its contact.
    fn ankle(&self, share: f64) -> [Course; 2] {
        let at = Course { x: share, v: 1.0, a: 0.0 };
        let turn = |curve| curve_at(curve, at).times(self.size * core::f64::consts::PI / 180.0);
        let (thigh, shank) = (turn(&THIGH_DEG), turn(&SHANK_DEG));
        let forward = sine(thigh, 0.0).times(self.thigh_m).plus(sine(shank, 0.0).times(self.shank_m));
        let quarter = 0.25 * TAU;
        let up = sine(thigh, quarter).times(-self.thigh_m).plus(sine(shank, quarter).times(-self.shank_m));
        [forward, up]
    }

    /// How fast the hip goes forward and up, metres per stride, and how that changes: as the standing ankle makes it, and
    /// on in the same way while the foot is in the air. (`v` is the derivative of `x`; there is no second.)
    fn hip(&self, share: f64) -> [Course; 2] {
        let flat = flat(share);
        let rise = curve_at(&PELVIS, Course { x: share, v: 1.0, a: 0.0 }).times(self.size);
        let [forward, up] = self.ankle(share);
        let mixed = |ankle: Course, free: f64, bend: f64| Course {
            x: -flat.x * ankle.v + (1.0 - flat.x) * free,
            v: -flat.v * ankle.v - flat.x * ankle.a - flat.v * free + (1.0 - flat.x) * bend,
            a: 0.0,
        };
        [mixed(forward, self.carried_m, 0.0), mixed(up, self.level_m + rise.v, rise.a)]
    }

    pub(super) fn length_s(&self) -> f64 {
        self.length_s
    }

    /// Catches the foot in the swing of this stride (from 1), at this share of the stride (0.64 to 1), for so many seconds;
    /// when that is, seconds from the walk's begin.
    pub(super) fn catch(&mut self, stride: u32, share: f64, for_s: f64) -> f64 {
        let at_s = self.when(self.first.floor() + f64::from(stride) + share);
        self.caught.push((at_s, for_s));
        at_s
    }

    /// The time that passes for a leg that is caught now and then.
    fn passed(&self, t_s: f64) -> Course {
        let mut passed = Course { x: t_s, v: 1.0, a: 0.0 };
        for (from_s, for_s) in &self.caught {
            // What stopping and going on smoothly lose: the integrals of two minimum-jerk steps.
            let lost = |since_s: f64| {
                let u = (since_s / CAUGHT_EDGE_S).clamp(0.0, 1.0);
                let within = CAUGHT_EDGE_S * u * u * u * u * (2.5 - 3.0 * u + u * u);
                let step = minimum_jerk(since_s, CAUGHT_EDGE_S);
                Course { x: within + (since_s - CAUGHT_EDGE_S).max(0.0), v: step.x, a: step.v }
            };
            let (stops, goes_on) = (lost(t_s - from_s), lost(t_s - from_s - for_s));
            passed = passed.plus(stops.times(-1.0)).plus(goes_on);
        }
        passed
    }

    /// Strides since the walk began (with fractions; whole numbers are contacts), and how fast they pass.
    fn strides(&self, t_s: f64) -> Course {
        let passed = self.passed(t_s);
        let free = self.free_strides(passed.x);
        Course { x: free.x, v: free.v * passed.v, a: free.a * passed.v * passed.v + free.v * passed.a }
    }

    /// Where in the recorded stride the leg is: a run goes through it otherwise.
    fn phase(&self, t_s: f64) -> Course {
        let strides = self.strides(t_s);
        if !self.runs {
            return strides;
        }
        let middle = 0.5 * RUN_FOOT_OFF_SHARE;
        let (mut x, mut rate, mut bend) = (strides.x, 1.0, 0.0);
        for (k, size) in (1..).zip(RUN_RATE) {
            let w = TAU * f64::from(k);
            let (sin, cos) = libm::sincos(w * (strides.x - middle));
            x += size / w * (sin + libm::sin(w * middle));
            rate += size * cos;
            bend -= size * w * sin;
        }
        Course { x, v: rate * strides.v, a: rate * strides.a + bend * strides.v * strides.v }
    }

    /// As [`Walk::strides`], for a leg that is never caught.
    fn free_strides(&self, t_s: f64) -> Course {
        let rate = 1.0 / self.stride_s;
        let mut strides = Course { x: self.first + rate * t_s, v: rate, a: 0.0 };
        for (share, hz, phase) in self.waves {
            let w = TAU * hz;
            let (s, c) = libm::sincos(w * t_s + phase);
            let size = share * rate / w;
            strides.x += size * (s - libm::sin(phase));
            strides.v += size * w * c;
            strides.a -= size * w * w * s;
        }
        strides
    }

    /// When the walk has taken this many strides, seconds from its begin (the rate is always positive).
    fn when(&self, strides: f64) -> f64 {
        let mut t = (strides - self.first) * self.stride_s;
        // A leg that is caught hardly goes on: no step longer than what it would take otherwise.
        for _ in 0..if self.caught.is_empty() { 8 } else { 40 } {
            let now = self.strides(t);
            t -= (now.x - strides) / now.v.max(0.5 / self.stride_s);
        }
        t
    }

    /// How much of the walk is walking rather than standing: 0 to 1 and back.
    fn blend(&self, t_s: f64) -> Course {
        let half = BLEND_S.min(0.5 * self.length_s);
        if t_s < 0.5 * self.length_s {
            minimum_jerk(t_s, half)
        } else {
            let end = minimum_jerk(t_s - (self.length_s - half), half);
            Course { x: 1.0 - end.x, v: -end.v, a: -end.a }
        }
    }

    /// The leg `t_s` seconds into the walk, standing angles `thigh` and `shank` (radians) at both ends.
    pub(super) fn posture(&self, t_s: f64, thigh: f64, shank: f64) -> Posture {
        let (strides, blend) = (self.phase(t_s), self.blend(t_s));
        // Forward is a negative turn about the axis to the left.
        let follow = |curve: &(f64, [(f64, f64); 7]), standing: f64| {
            let walked = curve_at(curve, strides).times(-self.size * core::f64::consts::PI / 180.0);
            let beyond = Course { x: walked.x - standing, ..walked };
            Course::still(standing).plus(beyond.product(blend))
        };
        let hip = self.hip(strides.x - strides.x.floor()).map(|way| {
            let speed = way.x * strides.v;
            (way.v * strides.v * strides.v + way.x * strides.a) * blend.x + speed * blend.v
        });
        Posture {
            body: UNTURNED,
            axis: [0.0, 1.0, 0.0],
            thigh: follow(&THIGH_DEG, thigh),
            shank: follow(&SHANK_DEG, shank),
            roll: Course::default(),
            hip_mps2: [hip[0], 0.0, hip[1]],
        }
    }

    /// Initial contacts, seconds from the walk's begin, and how much of a step each is (0 to 1).
    pub(super) fn contacts(&self) -> Vec<(f64, f64)> {
        let mut contacts = Vec::new();
        let mut n = self.first.ceil();
        loop {
            let t = self.when(n);
            if t >= self.length_s {
                return contacts;
            }
            contacts.push((t, self.blend(t).x));
            n += 1.0;
        }
    }

    /// Whole strides between contacts made at full stride; the steps of starting and stopping are not among them.
    pub(super) fn strides_walked(&self) -> Vec<TrueStride> {
        let full: Vec<f64> = self.contacts().iter().filter(|(_, share)| *share >= 1.0).map(|(t, _)| *t).collect();
        full.windows(2)
            .map(|pair| {
                let n = self.strides(pair[0]).x.round();
                TrueStride {
                    contact_s: pair[0],
                    off_s: self.when(n + if self.runs { RUN_FOOT_OFF_SHARE } else { FOOT_OFF_SHARE }),
                    end_s: pair[1],
                    length_m: self.length_m,
                }
            })
            .collect()
    }
}

const NONE: (f64, f64) = (0.0, 0.0);
const PELVIS: (f64, [(f64, f64); 7]) = (0.0, [NONE, PELVIS_M, NONE, NONE, NONE, NONE, NONE]);

/// How much the foot lies flat, 0 to 1, over the share of a stride since its contact.
fn flat(share: f64) -> Course {
    let [down, lies, rises, off] = FLAT;
    if share < rises {
        return minimum_jerk(share - down, lies - down);
    }
    let risen = minimum_jerk(share - rises, off - rises);
    Course { x: 1.0 - risen.x, v: -risen.v, a: -risen.a }
}

/// The sine of an angle's course, `ahead` radians further on.
fn sine(angle: Course, ahead: f64) -> Course {
    let (sin, cos) = libm::sincos(angle.x + ahead);
    Course { x: sin, v: cos * angle.v, a: cos * angle.a - sin * angle.v * angle.v }
}

/// A curve over the stride as a course over time.
fn curve_at(curve: &(f64, [(f64, f64); 7]), strides: Course) -> Course {
    let (sin, cos) = libm::sincos(TAU * strides.x);
    // Harmonics by the addition theorem: one sine and cosine per sample instead of seven.
    let (mut s, mut c) = (sin, cos);
    let (mut x, mut by_stride, mut by_stride_2) = (curve.0, 0.0, 0.0);
    for (i, (a, b)) in curve.1.iter().enumerate() {
        let w = TAU * (i + 1) as f64;
        x += a * c + b * s;
        by_stride += w * (b * c - a * s);
        by_stride_2 -= w * w * (a * c + b * s);
        (s, c) = (s * cos + c * sin, c * cos - s * sin);
    }
    Course { x, v: by_stride * strides.v, a: by_stride_2 * strides.v * strides.v + by_stride * strides.a }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk() -> Walk {
        Walk::new(20.0, 100.0, 0.0, &Build::of_height(1.70), &mut Chance::new(4))
    }

    #[test]
    fn the_ankle_stands_still_in_stance_and_goes_a_stride_in_between() {
        for cadence in [60.0, 97.2, 130.0] {
            let walk = Walk::new(20.0, cadence, 0.0, &Build::of_height(1.70), &mut Chance::new(4));
            let (mut way, mut height) = (0.0, 0.0);
            for i in 0..1000 {
                let share = (f64::from(i) + 0.5) * 1e-3;
                let ([forward, up], [hip_forward, hip_up]) = (walk.ankle(share), walk.hip(share));
                if (0.10..0.42).contains(&share) {
                    assert!((forward.v + hip_forward.x).abs() < 1e-9 && (up.v + hip_up.x).abs() < 1e-9, "{share}");
                }
                way += 1e-3 * (forward.v + hip_forward.x);
                height += 1e-3 * (up.v + hip_up.x);
                let h = 1e-6;
                let slope = (walk.hip(share + h)[0].x - walk.hip(share - h)[0].x) / (2.0 * h);
                assert!((slope - hip_forward.v).abs() < 1e-3 * (1.0 + slope.abs()), "{share}");
            }
            assert!((way - walk.length_m).abs() < 1e-4 && height.abs() < 1e-4, "{way} {height}");
            let mps = walk.length_m / walk.stride_s;
            // The recording: 97.2 per minute, 1.03 m/s, a person of 1.80 m.
            assert!((0.3..2.0).contains(&mps));
            if (cadence - 97.2).abs() < 0.1 {
                assert!((mps - 1.03).abs() < 0.1, "{mps}");
            }
            // People's hips go no more than about 0.3 m/s faster or slower than they walk.
            let apart = |share: f64| (walk.hip(share)[0].x - walk.length_m).abs() / walk.stride_s;
            let most = (0..100).map(|i| apart(f64::from(i) * 0.01)).fold(0.0, f64::max);
            assert!(most < 0.3, "{most}");
        }
    }

    #[test]
    fn angles_and_their_rates_belong_together() {
        let (walk, h) = (walk(), 1e-5);
        for i in 1..200 {
            let t = f64::from(i) * 0.0997;
            let at = |t| walk.posture(t, 0.0, 0.05).shank;
            let (before, now, after) = (at(t - h), at(t), at(t + h));
            assert!(((after.x - before.x) / (2.0 * h) - now.v).abs() < 1e-4, "{t}");
            assert!(((after.v - before.v) / (2.0 * h) - now.a).abs() < 1e-2, "{t}");
        }
    }

    #[test]
    fn the_shank_swings_as_fast_as_people_swing_it() {
        let walk = walk();
        let rates: Vec<f64> =
            (0..2000).map(|i| -walk.posture(f64::from(i) * 0.01, 0.0, 0.0).shank.v.to_degrees()).collect();
        let peak = rates.iter().copied().fold(0.0, f64::max);
        assert!((300.0..450.0).contains(&peak), "{peak}");
        let trough = rates.iter().copied().fold(0.0, f64::min);
        assert!((-280.0..-150.0).contains(&trough), "{trough}");
    }

    #[test]
    fn strides_follow_the_cadence_and_contain_their_foot_off() {
        let strides = walk().strides_walked();
        assert!((13..=16).contains(&strides.len()), "{}", strides.len());
        let mean = strides.iter().map(|s| s.end_s - s.contact_s).sum::<f64>() / strides.len() as f64;
        assert!((mean - 1.2).abs() < 0.03, "{mean}");
        for stride in &strides {
            let stance = (stride.off_s - stride.contact_s) / (stride.end_s - stride.contact_s);
            assert!((stance - 0.64).abs() < 0.02, "{stance}");
        }
        let times: Vec<f64> = strides.iter().map(|s| s.end_s - s.contact_s).collect();
        assert!(times.iter().copied().fold(0.0, f64::max) - times.iter().copied().fold(9.0, f64::min) > 0.01);
    }

    #[test]
    fn a_run_leaves_the_ground_early_and_a_leg_that_is_caught_stands_still_and_goes_on() {
        let run = Walk::run(20.0, 165.0, 0.0, &Build::of_height(1.70), &mut Chance::new(4));
        assert!((run.phase(run.when(3.0 + RUN_FOOT_OFF_SHARE)).x.fract() - FOOT_OFF_SHARE).abs() < 0.01);
        for i in 0..400 {
            let t = f64::from(i) * 0.0479;
            let (before, now, after) = (run.phase(t - 1e-5), run.phase(t), run.phase(t + 1e-5));
            assert!(now.v > 0.0 && ((after.x - before.x) / 2e-5 - now.v).abs() < 1e-5, "{t}");
            assert!(((after.v - before.v) / 2e-5 - now.a).abs() < 1e-3, "{t}");
        }
        let (mut caught, free) = (walk(), walk());
        let at = caught.catch(6, 0.75, 0.1);
        assert!((caught.strides(at).x - 6.75).abs() < 1e-9);
        assert!(caught.strides(at + 0.075).v.abs() < 1e-9);
        // What was lost is a tenth of a second.
        assert!((caught.when(9.0) - free.when(9.0) - 0.1).abs() < 1e-6, "{}", caught.when(9.0) - free.when(9.0));
        for i in 0..200 {
            let t = at - 0.05 + f64::from(i) * 0.001;
            let (before, now, after) = (caught.strides(t - 1e-6), caught.strides(t), caught.strides(t + 1e-6));
            assert!(((after.x - before.x) / 2e-6 - now.v).abs() < 1e-4, "{t}");
            assert!(((after.v - before.v) / 2e-6 - now.a).abs() < 1e-2, "{t}");
        }
    }

    #[test]
    fn a_walk_begins_and_ends_standing_still() {
        let walk = walk();
        for t in [0.0, 20.0] {
            let posture = walk.posture(t, 0.0, 0.05);
            assert!((posture.shank.x - 0.05).abs() < 1e-12);
            assert!(posture.shank.v.abs() < 1e-9 && posture.shank.a.abs() < 1e-9);
        }
    }
}

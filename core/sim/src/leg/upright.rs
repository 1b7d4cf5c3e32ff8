//! [`Upright`]: a leg that sits, gets up, stands and sways, lifts its foot, rises on its toes, walks out and back.
//!
//! What balance and function tests are held against. While the foot is on the ground the shank is an inverted pendulum
//! about the ankle, sway is that of a pendulum a body holds up against noise, walking is that of the published recording.
//! Nothing of the formulas by which talus-motion finds it again is used here.

use super::gait::Walk;
use super::linkage::{Build, Matrix, about, add, back, cross, dot, felt, forward, orientation, product, scale};
use super::profile::{Course, minimum_jerk};
use super::{RING_S, Ring, any_rotation};
use crate::chance::Chance;
use core::f64::consts::{PI, TAU};
use talus_motion::{GRAVITY_MPS2, Sample, Side};

/// What a span of time was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doing {
    /// From sitting to standing.
    StandUp,
    /// From standing to sitting.
    SitDown,
    /// The foot off the ground while the person stands on the other leg; `size` is the lift of the ankle, m.
    FootUp,
    /// From the ground over the toes and back; `size` is the lift of the ankle, m.
    HeelRise,
    /// The foot up from the ground and down again, there or elsewhere; `size` is the lift of the ankle, m.
    Lift,
    /// Walking, `size` is nothing.
    Walk,
    /// Turning while walking; `size` is the angle in degrees, to the left positive.
    Turn,
    /// Running, `size` is nothing.
    Run,
    /// The foot was caught in a swing; `size` is nothing.
    Trip,
    /// The foot that was in the air tapped the ground; `size` is the peak of its blow, m/s².
    Tap,
}

/// Something that really happened, seconds of true time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueSpan {
    /// What it was.
    pub doing: Doing,
    /// When it began.
    pub start_s: f64,
    /// When it was over.
    pub end_s: f64,
    /// How much, see [`Doing`].
    pub size: f64,
}

/// A turn while walking: seconds after the walk's begin, seconds it takes, degrees to the left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WalkTurn {
    /// Seconds after the walk's begin.
    pub after_s: f64,
    /// Seconds it takes.
    pub takes_s: f64,
    /// Degrees, to the left positive.
    pub angle_deg: f64,
}

/// A foot that goes up from the ground and comes down, by about so much: no two lifts are alike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FootLift {
    /// Seconds up, above, and down.
    pub times_s: [f64; 3],
    /// Height of the ankle, m.
    pub height_m: f64,
    /// How much farther the shank leans forward and sideways above, degrees.
    pub lean_deg: [f64; 2],
    /// Way of the ankle along the ground until it is above, and until it is down, m.
    pub way_m: [f64; 2],
    /// How much one differs from the next, as a share.
    pub variability: f64,
}

/// Channels of a planted leg: forward and sideways lean in degrees, the ankle's place forward and up in metres.
const CHANNELS: usize = 4;

#[derive(Debug, Clone)]
enum Piece {
    /// From one posture to another, by minimum jerk.
    Move { from: [f64; CHANNELS], to: [f64; CHANNELS] },
    /// Walking, with the turns in it, the standing lean at both ends.
    Walk { walk: Box<Walk>, turns: Vec<WalkTurn>, lean_deg: f64 },
}

/// Sway: two leans and their derivatives on a grid of time, degrees.
#[derive(Debug, Clone)]
struct Swaying {
    start_s: f64,
    end_s: f64,
    leans: Vec<[Course; 2]>,
}

const SWAY_STEP_S: f64 = 0.002;
/// Sway sets in and out within this time, s.
const SWAY_BLEND_S: f64 = 0.5;

/// A leg with a cuff in upright tests.
#[derive(Debug, Clone)]
pub struct Upright {
    build: Build,
    mount: Matrix,
    chance: Chance,
    pieces: Vec<(f64, f64, Piece)>,
    sways: Vec<Swaying>,
    rings: Vec<Ring>,
    now: [f64; CHANNELS],
    end_s: f64,
    /// Lean of the shank sitting, at its farthest while getting up, and standing, degrees forward.
    leans: [f64; 3],
    spans: Vec<TrueSpan>,
    ahead: f64,
}

impl Upright {
    /// A sitting person of 1.70 m; equal seeds give equal legs, other seeds other ways to sit and to get up.
    pub fn new(side: Side, seed: u64) -> Self {
        let chance = Chance::new(seed).branch(u64::from(side == Side::Right) + 21);
        let mut draws = chance.branch(12);
        let standing = draws.between(1.0, 6.0);
        // The foot stands below the knee or behind it; the lean grows by 8 to 16° before the body goes up.
        let sitting = draws.between(-2.0, 13.0);
        let farthest = sitting.max(standing) + draws.between(8.0, 16.0);
        let mut build = Build::of_height(1.70);
        if side == Side::Right {
            build.beside_m[1] = -build.beside_m[1];
        }
        Self {
            build,
            mount: any_rotation(&mut draws),
            chance,
            pieces: Vec::new(),
            sways: Vec::new(),
            rings: Vec::new(),
            now: [sitting, draws.between(-4.0, 4.0), 0.0, 0.0],
            end_s: 0.0,
            leans: [sitting, farthest, standing],
            spans: Vec::new(),
            ahead: if side == Side::Left { 0.0 } else { 0.5 },
        }
    }

    /// Where sitting and standing lean, degrees forward.
    pub fn leans_deg(&self) -> (f64, f64) {
        (self.leans[0], self.leans[2])
    }

    /// The same person, standing from the beginning.
    #[must_use]
    pub fn standing(mut self) -> Self {
        self.now[0] = self.leans[2];
        self
    }

    /// When the last act ends, s.
    pub fn end_s(&self) -> f64 {
        self.end_s
    }

    /// What really happened.
    pub fn spans(&self) -> &[TrueSpan] {
        &self.spans
    }

    /// The spans of one kind.
    pub fn spans_of(&self, doing: Doing) -> Vec<TrueSpan> {
        self.spans.iter().copied().filter(|span| span.doing == doing).collect()
    }

    fn vary(&mut self, value: f64, share: f64) -> f64 {
        value * (1.0 + share * self.chance.normal()).clamp(0.6, 1.5)
    }

    fn go(&mut self, to: [f64; CHANNELS], takes_s: f64) {
        let (start_s, from) = (self.end_s, self.now);
        self.end_s += takes_s;
        self.now = to;
        self.pieces.push((start_s, self.end_s, Piece::Move { from, to }));
    }

    fn span(&mut self, doing: Doing, start_s: f64, size: f64) {
        self.spans.push(TrueSpan { doing, start_s, end_s: self.end_s, size });
    }

    /// Stays as it is.
    pub fn stay(&mut self, s: f64) {
        self.go(self.now, s);
    }

    /// Stays and sways by this root mean square of the lean, both directions together, in degrees, at about `hz`.
    pub fn sway(&mut self, s: f64, rms_deg: f64, hz: f64) {
        let start_s = self.end_s;
        self.stay(s);
        let leans = swaying(&mut self.chance, s, rms_deg, hz);
        self.sways.push(Swaying { start_s, end_s: self.end_s, leans });
    }

    /// Gets up: the shank leans forward and comes back.
    pub fn stand_up(&mut self, takes_s: f64) {
        let start_s = self.end_s;
        let farthest = self.vary(self.leans[1] - self.now[0], 0.08) + self.now[0];
        let side = self.now[1] + self.chance.between(-1.0, 1.0);
        let end = self.vary(self.leans[2], 0.1);
        self.go([farthest, side, 0.0, 0.0], 0.42 * takes_s);
        self.go([end, side, 0.0, 0.0], 0.58 * takes_s);
        self.span(Doing::StandUp, start_s, 0.0);
    }

    /// Sits down.
    pub fn sit_down(&mut self, takes_s: f64) {
        let start_s = self.end_s;
        let farthest = self.vary(self.leans[1] - self.now[0], 0.1) + self.now[0];
        let side = self.now[1] + self.chance.between(-1.0, 1.0);
        let end = self.leans[0] + 0.7 * self.chance.normal();
        self.go([farthest, side, 0.0, 0.0], 0.5 * takes_s);
        self.go([end, side, 0.0, 0.0], 0.5 * takes_s);
        self.span(Doing::SitDown, start_s, 0.0);
        self.ring(self.end_s, 0.5);
    }

    /// Bends forward on the chair by this share of what getting up takes, and sits back.
    pub fn rock(&mut self, takes_s: f64, share: f64) {
        let [lean, side, ..] = self.now;
        self.go([lean + share * (self.leans[1] - lean), side, 0.0, 0.0], 0.5 * takes_s);
        self.go([lean, side, 0.0, 0.0], 0.5 * takes_s);
    }

    /// Leans to this many degrees forward over a foot that stands, and stays there.
    pub fn lean_to(&mut self, lean_deg: f64, takes_s: f64, stays_s: f64) {
        let [_, side, ..] = self.now;
        self.go([lean_deg, side, 0.0, 0.0], takes_s);
        self.stay(stays_s);
    }

    /// Lifts the foot, the shank leaning on by `lean_deg`, holds it unsteadily and puts it down, softly or not.
    pub fn lift_foot(&mut self, hold_s: f64, lean_deg: f64, softly: bool) {
        let start_s = self.end_s;
        let [lean, side, ..] = self.now;
        let (up_s, down_s) = (self.chance.between(0.5, 0.9), self.chance.between(0.4, 0.8));
        let lift_m = self.chance.between(0.06, 0.15);
        let away = self.chance.between(-0.12, 0.0);
        self.go([lean + lean_deg, side + 3.0, away, lift_m], up_s);
        let rms_deg = self.chance.between(0.8, 2.5);
        self.sway(hold_s, rms_deg, 0.9);
        let back = self.chance.between(-2.0, 2.0);
        self.go([lean + back, side, 0.0, 0.0], down_s);
        self.span(Doing::FootUp, start_s, lift_m);
        if !softly {
            let peak = self.chance.between(2.0, 8.0);
            self.ring(self.end_s, peak);
        }
    }

    /// Rises on the toes and comes back.
    pub fn heel_rise(&mut self, up_s: f64, hold_s: f64, down_s: f64, height_m: f64) {
        let start_s = self.end_s;
        let [lean, side, ..] = self.now;
        let (height_m, forward_m) = (self.vary(height_m, 0.08), self.chance.between(0.01, 0.03));
        let tip = self.chance.between(1.0, 6.0);
        self.go([lean + tip, side, forward_m, height_m], up_s);
        if hold_s > 0.0 {
            self.stay(hold_s);
        }
        self.go([lean, side, 0.0, 0.0], down_s);
        self.span(Doing::HeelRise, start_s, height_m);
        let peak = self.chance.between(0.3, 1.5);
        self.ring(self.end_s, peak);
    }

    /// Lifts the foot and puts it down, there or elsewhere.
    pub fn lift(&mut self, lift: FootLift) {
        let start_s = self.end_s;
        let [lean, side, way, _] = self.now;
        let mut vary = |value: f64| self.vary(value, lift.variability);
        let [up_s, hold_s, down_s] = lift.times_s.map(&mut vary);
        let (height_m, [more, aside]) = (vary(lift.height_m), lift.lean_deg.map(&mut vary));
        let [above_m, down_m] = lift.way_m.map(&mut vary);
        self.go([lean + more, side + aside, way + above_m, height_m], up_s);
        if hold_s > 0.0 {
            // A leg in the air sinks a little, and is not still.
            let sag = self.chance.between(0.0, 0.02);
            let sway_deg = self.chance.between(0.3, 1.2);
            let from_s = self.end_s;
            self.go([lean + more, side + aside, way + above_m, (1.0 - sag) * height_m], hold_s);
            let leans = swaying(&mut self.chance, hold_s, sway_deg, 1.2);
            self.sways.push(Swaying { start_s: from_s, end_s: self.end_s, leans });
        }
        let off = [self.chance.between(-1.0, 1.0), self.chance.between(-0.7, 0.7)];
        self.go([lean + off[0], side + off[1], way + down_m, 0.0], down_s);
        self.span(Doing::Lift, start_s, height_m);
        let peak = self.chance.between(0.5, 4.0);
        self.ring(self.end_s, peak);
    }

    /// Lifts the foot as [`Upright::lift_foot`], and half way through the hold taps the ground with it.
    pub fn lift_foot_and_tap(&mut self, hold_s: f64, lean_deg: f64) {
        let start_s = self.end_s;
        let [lean, side, ..] = self.now;
        let lift_m = self.chance.between(0.04, 0.1);
        let up = [lean + lean_deg, side + 3.0, self.chance.between(-0.12, 0.0), lift_m];
        let (up_s, tap_s) = (self.chance.between(0.5, 0.9), self.chance.between(0.35, 0.6));
        self.go(up, up_s);
        let rms_deg = self.chance.between(0.8, 2.5);
        self.sway(0.5 * hold_s, rms_deg, 0.9);
        // The toes reach the ground with the shank half way back.
        self.go([lean + 0.5 * lean_deg, side + 1.5, up[2], 0.0], tap_s);
        let (at_s, peak) = (self.end_s, self.chance.between(4.0, 10.0));
        self.span(Doing::Tap, at_s, peak);
        self.ring(at_s, peak);
        self.go(up, tap_s);
        self.sway(0.5 * hold_s, rms_deg, 0.9);
        self.go([lean, side, 0.0, 0.0], 0.6);
        self.span(Doing::FootUp, start_s, lift_m);
        self.ring(self.end_s, peak);
    }

    /// Runs; begins and ends standing.
    pub fn run(&mut self, s: f64, cadence_per_min: f64) {
        let start_s = self.end_s;
        let run = Walk::run(s, cadence_per_min, self.ahead, &self.build, &mut self.chance);
        self.goes(run, &[], 45.0);
        self.span(Doing::Run, start_s, 0.0);
    }

    /// Walks, and the foot is caught in the swings of these strides (from 1).
    pub fn stumble(&mut self, s: f64, cadence_per_min: f64, strides: &[u32]) {
        let start_s = self.end_s;
        let mut walk = Walk::new(s, cadence_per_min, self.ahead, &self.build, &mut self.chance);
        for stride in strides {
            // Toes come nearest to the ground about the middle of the swing.
            let (share, for_s) = (self.chance.between(0.74, 0.86), self.chance.between(0.09, 0.16));
            let at_s = start_s + walk.catch(*stride, share, for_s);
            self.spans.push(TrueSpan { doing: Doing::Trip, start_s: at_s, end_s: at_s + for_s, size: 0.0 });
            let peak = self.chance.between(15.0, 40.0);
            self.ring(at_s, peak);
        }
        self.goes(walk, &[], 30.0);
        self.span(Doing::Walk, start_s, 0.0);
    }

    /// Walks, with these turns on the way; ends standing.
    pub fn walk(&mut self, s: f64, cadence_per_min: f64, turns: &[WalkTurn]) {
        let start_s = self.end_s;
        let walk = Walk::new(s, cadence_per_min, self.ahead, &self.build, &mut self.chance);
        for turn in turns {
            let from = start_s + turn.after_s;
            self.spans.push(TrueSpan {
                doing: Doing::Turn,
                start_s: from,
                end_s: from + turn.takes_s,
                size: turn.angle_deg,
            });
        }
        self.goes(walk, turns, 30.0);
        self.span(Doing::Walk, start_s, 0.0);
    }

    /// Goes as `walk` does, striking the ground with about `blow_mps2`.
    fn goes(&mut self, walk: Walk, turns: &[WalkTurn], blow_mps2: f64) {
        let start_s = self.end_s;
        for (at, step) in walk.contacts() {
            self.ring(start_s + at, blow_mps2 * step);
        }
        let lean_deg = self.now[0];
        // The walk knows no sideways lean: it is there before and after.
        self.end_s += walk.length_s();
        self.pieces.push((start_s, self.end_s, Piece::Walk { walk: Box::new(walk), turns: turns.to_vec(), lean_deg }));
    }

    fn ring(&mut self, start_s: f64, peak: f64) {
        let mut vary = |low, high| self.chance.between(low, high);
        let (size, hz, damping) = (peak * vary(0.8, 1.2), vary(15.0, 40.0), vary(0.15, 0.4));
        let peak_mps2 = [size * vary(-0.6, -0.2), size * vary(-0.3, 0.3), size];
        self.rings.push(Ring { start_s, peak_mps2, rad_per_s: TAU * hz, damping });
    }

    /// Lean of the planted shank at a time, forward and sideways, degrees; what it was before where it walks.
    pub fn lean_deg(&self, at_s: f64) -> [f64; 2] {
        let channels = self.channels(at_s);
        [channels[0].x, channels[1].x]
    }

    fn channels(&self, at_s: f64) -> [Course; CHANNELS] {
        let piece = self.pieces.partition_point(|(start, ..)| *start <= at_s).saturating_sub(1);
        let mut channels = match self.pieces.get(piece) {
            Some((start, end, Piece::Move { from, to })) => {
                let way = minimum_jerk(at_s - start, end - start);
                core::array::from_fn(|k| Course::still(from[k]).plus(way.times(to[k] - from[k])))
            }
            _ => self.now.map(Course::still),
        };
        for sway in self.sways.iter().filter(|sway| (sway.start_s..sway.end_s).contains(&at_s)) {
            let leans = sway.at(at_s);
            channels[0] = channels[0].plus(leans[0]);
            channels[1] = channels[1].plus(leans[1]);
        }
        channels
    }

    /// What the cuff's sensor, an ideal one, feels at a time.
    pub fn sample(&self, at_s: f64) -> Sample {
        let piece = self.pieces.partition_point(|(start, ..)| *start <= at_s).checked_sub(1);
        let (mut force, rate) = match piece.and_then(|k| self.pieces.get(k)) {
            Some((start, end, Piece::Walk { walk, turns, lean_deg })) if at_s < *end => {
                let t = at_s - start;
                let posture = walk.posture(t, 0.0, lean_deg.to_radians());
                let felt = felt(&self.build, &posture);
                let up = back(&orientation(&posture), [0.0, 0.0, 1.0]);
                let turning: f64 = turns
                    .iter()
                    .map(|turn| minimum_jerk(t - turn.after_s, turn.takes_s).v * turn.angle_deg.to_radians())
                    .sum();
                (felt.force, add(felt.rate, scale(up, turning)))
            }
            _ => self.planted(at_s),
        };
        for ring in self.rings.iter().filter(|ring| ring.start_s < at_s && at_s < ring.start_s + RING_S) {
            let t = at_s - ring.start_s;
            let damped = ring.rad_per_s * (1.0 - ring.damping * ring.damping).sqrt();
            let (sin, cos) = libm::sincos(damped * t);
            let shape = cos * damped / ring.rad_per_s - ring.damping * sin;
            force = add(force, scale(ring.peak_mps2, libm::exp(-ring.damping * ring.rad_per_s * t) * shape));
        }
        Sample { at_us: at_s * 1e6, acc: back(&self.mount, force), gyr: back(&self.mount, rate), clipped: false }
    }

    /// The shank about the ankle, the ankle where the foot carries it.
    fn planted(&self, at_s: f64) -> ([f64; 3], [f64; 3]) {
        let [lean, side, ahead, rise] = self.channels(at_s);
        let [lean, side] = [lean, side].map(|deg| deg.times(PI / 180.0));
        let leaned = about([0.0, 1.0, 0.0], lean.x);
        let turned = product(&leaned, &about([1.0, 0.0, 0.0], side.x));
        let (sideways, left) = (forward(&leaned, [1.0, 0.0, 0.0]), [0.0, 1.0, 0.0]);
        let rate = add(scale(left, lean.v), scale(sideways, side.v));
        let quicker =
            add(add(scale(left, lean.a), scale(sideways, side.a)), scale(cross(left, sideways), lean.v * side.v));
        let arm = [self.build.beside_m[0], self.build.beside_m[1], self.build.above_ankle_m];
        let arm = forward(&turned, arm);
        let about_ankle = add(cross(quicker, arm), cross(rate, cross(rate, arm)));
        let pull = add(about_ankle, [ahead.a, 0.0, rise.a + GRAVITY_MPS2]);
        (back(&turned, pull), back(&turned, rate))
    }
}

impl Swaying {
    fn at(&self, at_s: f64) -> [Course; 2] {
        let t = at_s - self.start_s;
        let place = t / SWAY_STEP_S;
        let (k, share) = (place.floor() as usize, place - place.floor());
        let (Some(a), Some(b)) = (self.leans.get(k), self.leans.get(k + 1)) else { return [Course::default(); 2] };
        let left = self.end_s - at_s;
        let rises = minimum_jerk(t, SWAY_BLEND_S);
        let falls = minimum_jerk(left, SWAY_BLEND_S);
        let blend = rises.product(Course { v: -falls.v, ..falls });
        core::array::from_fn(|i| {
            let between = a[i].times(1.0 - share).plus(b[i].times(share));
            between.product(blend)
        })
    }
}

/// A pendulum held up against noise: what leans falls further, a spring and a damper stronger than that bring it back
/// (after Peterka, J Neurophysiol 88 (2002)), resonant at about `hz`, pushed by noise of 0.15 s.
fn swaying(chance: &mut Chance, s: f64, rms_deg: f64, hz: f64) -> Vec<[Course; 2]> {
    let (stiff, damp) = ((TAU * hz) * (TAU * hz), 2.0 * 0.4 * TAU * hz);
    let warm_up = (10.0 / SWAY_STEP_S) as usize;
    let wanted = (s / SWAY_STEP_S) as usize + 3;
    let mut leans = [[0.0_f64; 3]; 2];
    let mut series = Vec::with_capacity(wanted);
    for i in 0..warm_up + wanted {
        for [x, v, push] in &mut leans {
            *push += SWAY_STEP_S / 0.15 * (chance.normal() / SWAY_STEP_S.sqrt() - *push);
            let a = -stiff * *x - damp * *v + *push;
            *v += SWAY_STEP_S * a;
            *x += SWAY_STEP_S * *v;
        }
        if i >= warm_up {
            series.push(leans.map(|[x, v, push]| Course { x, v, a: -stiff * x - damp * v + push }));
        }
    }
    let count = series.len() as f64;
    let mean: [f64; 2] = core::array::from_fn(|k| series.iter().map(|lean| lean[k].x).sum::<f64>() / count);
    // Twice as much forward and back as sideways.
    let shares = [2.0 / 5.0_f64.sqrt(), 1.0 / 5.0_f64.sqrt()];
    let sizes: [f64; 2] = core::array::from_fn(|k| {
        let square = series.iter().map(|lean| (lean[k].x - mean[k]) * (lean[k].x - mean[k])).sum::<f64>() / count;
        shares[k] * rms_deg / square.sqrt()
    });
    for lean in &mut series {
        for k in 0..2 {
            lean[k] = Course { x: lean[k].x - mean[k], ..lean[k] }.times(sizes[k]);
        }
    }
    series
}

/// Angle between two leans of the shank, degrees: what gravity shows of a change of posture.
pub fn lean_between_deg(a: [f64; 2], b: [f64; 2]) -> f64 {
    let up = |[lean, side]: [f64; 2]| {
        let turned = product(&about([0.0, 1.0, 0.0], lean.to_radians()), &about([1.0, 0.0, 0.0], side.to_radians()));
        back(&turned, [0.0, 0.0, 1.0])
    };
    libm::acos(dot(up(a), up(b)).clamp(-1.0, 1.0)).to_degrees()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_felt_turning_is_that_of_the_felt_gravity_while_nothing_else_moves() {
        let mut leg = Upright::new(Side::Left, 3);
        leg.stay(1.0);
        leg.stand_up(1.6);
        leg.sway(8.0, 0.8, 0.4);
        leg.sit_down(1.5);
        let h = 1e-4;
        for i in 0..110 {
            let t = 0.05 + f64::from(i) * 0.107;
            // How up moves in the cuff's axes: u' = −ω × u.
            let up = |t: f64| {
                let [lean, side] = leg.lean_deg(t);
                let turned =
                    product(&about([0.0, 1.0, 0.0], lean.to_radians()), &about([1.0, 0.0, 0.0], side.to_radians()));
                back(&leg.mount, back(&turned, [0.0, 0.0, 1.0]))
            };
            let (before, now, after) = (up(t - h), up(t), up(t + h));
            let moves = scale(add(after, scale(before, -1.0)), 0.5 / h);
            let expected = scale(cross(leg.sample(t).gyr, now), -1.0);
            let off = add(moves, scale(expected, -1.0));
            assert!(dot(off, off).sqrt() < 2e-3, "{t}: {off:?}");
        }
    }

    #[test]
    fn the_ankle_that_is_lifted_is_felt_and_comes_back() {
        let mut leg = Upright::new(Side::Right, 4).standing();
        leg.stay(1.0);
        leg.heel_rise(0.6, 0.3, 0.6, 0.07);
        leg.rings.clear();
        let (mut speed, mut height, mut highest) = (0.0, 0.0, 0.0_f64);
        let dt = 1e-3;
        for i in 0..2700 {
            let at_s = f64::from(i) * dt;
            let [lean, side] = leg.lean_deg(at_s);
            let turned =
                product(&about([0.0, 1.0, 0.0], lean.to_radians()), &about([1.0, 0.0, 0.0], side.to_radians()));
            let force = forward(&turned, forward(&leg.mount, leg.sample(at_s).acc));
            speed += dt * (force[2] - GRAVITY_MPS2);
            height += dt * speed;
            highest = highest.max(height);
        }
        let truth = leg.spans_of(Doing::HeelRise)[0];
        assert!((highest - truth.size).abs() < 0.004 && height.abs() < 0.003, "{highest} {truth:?} {height}");
    }

    #[test]
    fn sway_has_the_size_that_was_asked_for_and_begins_and_ends_at_nothing() {
        let mut leg = Upright::new(Side::Left, 5).standing();
        leg.sway(40.0, 0.6, 0.4);
        let still = leg.lean_deg(0.0);
        let squares: f64 = (50..3950)
            .map(|i| {
                let off = lean_between_deg(still, leg.lean_deg(f64::from(i) * 0.01));
                off * off
            })
            .sum();
        assert!(((squares / 3900.0).sqrt() - 0.6).abs() < 0.03, "{}", (squares / 3900.0).sqrt());
        assert!(lean_between_deg(still, leg.lean_deg(39.9999)) < 1e-3);
    }
}

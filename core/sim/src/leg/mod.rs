//! [`Leg`]: a virtual leg that does what it is told, and knows exactly what it did.
//!
//! Written from published joint angles and segment physics (`gait`, `profile`, `linkage`), not from the formulas
//! that talus-motion uses to find movement again, so that the two can be held against each other.

mod flaw;
mod gait;
pub mod linkage;
mod profile;
mod shape;
pub mod upright;

pub use flaw::Flaw;
pub use gait::{FOOT_OFF_SHARE, TrueStride};
pub use linkage::{Build, Felt, Matrix};
pub use profile::{Course, minimum_jerk};
pub use shape::RepShape;

use crate::chance::Chance;
use crate::motion::Motion;
use core::f64::consts::{PI, TAU};
use flaw::{Way, times};
use gait::Walk;
use linkage::{Posture, about, add, back, felt, orientation, product, scale, turn_between};
use std::collections::VecDeque;
use talus_motion::{GRAVITY_MPS2, Sample, Side, Tempo};

/// Something for a leg to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    /// Stay as it is.
    Still {
        /// Seconds.
        s: f64,
    },
    /// Repetitions; the leg first takes the start pose of the shape if it is in another one.
    Reps {
        /// How it moves.
        shape: RepShape,
        /// How many.
        n: u32,
        /// Range of the exercise in degrees (0 to 130).
        range_deg: f64,
        /// Times of one repetition, seconds.
        tempo: Tempo,
        /// Standard deviation of range and times from one repetition to the next, as a share: 0.05 to 0.15 is
        /// human, 0 a machine.
        variability: f64,
    },
    /// Repetitions of which the last ones are done otherwise.
    Flawed {
        /// How it moves.
        shape: RepShape,
        /// How many.
        n: u32,
        /// Range of the exercise in degrees (0 to 130).
        range_deg: f64,
        /// Times of one repetition, seconds.
        tempo: Tempo,
        /// As for [`Act::Reps`].
        variability: f64,
        /// How the last ones are done.
        flaw: Flaw,
        /// How many are done as asked before.
        after: u32,
    },
    /// Takes the start pose of a shape and settles.
    Reposition {
        /// The pose of which shape.
        shape: RepShape,
    },
    /// Somebody who talks, looks round and settles: the leg is raised a little, rolled and put back about where it was, again
    /// and again.
    Fidget {
        /// Seconds.
        s: f64,
        /// Degrees it is raised by at most; it rolls by up to twice as much to either side.
        deg: f64,
    },
    /// Walks on level ground; the leg first stands up if it is not standing.
    Walk {
        /// Seconds.
        s: f64,
        /// Steps of both feet per minute (40 to 150).
        cadence_per_min: f64,
    },
}

/// One repetition that really happened. Times in seconds of true time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TrueRep {
    /// How it moved.
    pub shape: RepShape,
    /// Leaves the start pose.
    pub start_s: f64,
    /// Reaches the top.
    pub top_s: f64,
    /// Leaves the top.
    pub turn_s: f64,
    /// Is back.
    pub end_s: f64,
    /// Degrees the shank turned from the start of this repetition to its top: what a cuff can see.
    pub range_deg: f64,
    /// Degrees of the exercise itself (differs where the shank turns less than the joint, as in a march).
    pub exercise_deg: f64,
}

/// Everything the leg did or is about to do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Truth {
    /// Repetitions.
    pub reps: Vec<TrueRep>,
    /// Strides at full step length; the steps of starting and stopping are left out.
    pub strides: Vec<TrueStride>,
}

/// A pose at rest: a shape, how far into it (degrees of the exercise) and the shank's roll (degrees).
#[derive(Debug, Clone, Copy, PartialEq)]
struct Pose {
    shape: RepShape,
    lift_deg: f64,
    roll_deg: f64,
    /// Turn of thigh and shank beside what the shape says, degrees.
    beside_deg: [f64; 2],
}

#[derive(Debug, Clone, PartialEq)]
enum Doing {
    /// From one lift to another within a shape, trembling by so many degrees.
    Lift { from: Pose, shake_deg: f64 },
    /// From one body pose to another.
    Turn { from: Matrix, axis: [f64; 3], angle: f64, way_m: [f64; 3] },
    /// Walking.
    Walk(Walk),
}

/// A part of the leg's future.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    start_s: f64,
    end_s: f64,
    doing: Doing,
    to: Pose,
}

/// The foot's touch-down shaking the cuff: a second-order ring of 15–40 Hz, damping 0.15–0.4.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Ring {
    start_s: f64,
    peak_mps2: [f64; 3],
    rad_per_s: f64,
    damping: f64,
}

/// Seconds after which a ring is over (the slowest has faded to e⁻⁷ by then).
const RING_S: f64 = 0.5;

/// A virtual leg with a cuff mounted above its ankle.
#[derive(Debug, Clone)]
pub struct Leg {
    side: Side,
    build: Build,
    mount: Matrix,
    chance: Chance,
    pieces: VecDeque<Piece>,
    rings: VecDeque<Ring>,
    /// The pose held when no piece is running.
    held: Pose,
    /// The pose after the last piece.
    planned: Pose,
    end_s: f64,
    truth: Truth,
    /// By how much a lift may roll the leg to either side, degrees.
    rolls_deg: f64,
}

impl Leg {
    /// A leg of a person 1.70 m tall, sitting, with a cuff turned on it at random; equal seeds give equal legs.
    pub fn new(side: Side, seed: u64) -> Self {
        let chance = Chance::new(seed).branch(u64::from(side == Side::Right) + 1);
        let mut turns = chance.branch(11);
        let sitting = Pose { shape: RepShape::SeatedKneeExtension, lift_deg: 0.0, roll_deg: 0.0, beside_deg: [0.0; 2] };
        let mut build = Build::of_height(1.70);
        if side == Side::Right {
            build.beside_m[1] = -build.beside_m[1];
        }
        Self {
            side,
            build,
            mount: any_rotation(&mut turns),
            chance,
            pieces: VecDeque::new(),
            rings: VecDeque::new(),
            held: sitting,
            planned: sitting,
            end_s: 0.0,
            truth: Truth::default(),
            rolls_deg: 0.0,
        }
    }

    /// The same leg of somebody this tall, m, who lets it roll by up to so many degrees to either side on the way, more in one
    /// lift and less in another.
    #[must_use]
    pub fn of(mut self, height_m: f64, rolls_deg: f64) -> Self {
        let side = self.build.beside_m[1].signum();
        self.build = Build::of_height(height_m);
        self.build.beside_m[1] = side * self.build.beside_m[1].abs();
        self.rolls_deg = rolls_deg;
        self
    }

    /// The leg's side.
    pub fn side(&self) -> Side {
        self.side
    }

    /// When the last act ends, seconds of true time.
    pub fn end_s(&self) -> f64 {
        self.end_s
    }

    /// What happened and what is planned.
    pub fn truth(&self) -> &Truth {
        &self.truth
    }

    /// Appends an act: it begins when the ones before it are done, at the earliest at `now_s`.
    pub fn act(&mut self, now_s: f64, act: Act) {
        self.end_s = self.end_s.max(now_s);
        match act {
            Act::Still { s } => self.lift_to(self.planned, s),
            Act::Reposition { shape } => self.take(shape),
            Act::Reps { shape, n, range_deg, tempo, variability } => {
                self.take(shape);
                let (home, twist) = (self.planned, self.chance.between(-6.0, 6.0));
                for _ in 0..n {
                    self.rep(home, range_deg, twist, tempo, variability, &Way::ASKED);
                }
            }
            Act::Flawed { shape, n, range_deg, tempo, variability, flaw, after } => {
                self.take(shape);
                let (home, twist) = (self.planned, self.chance.between(-6.0, 6.0));
                let shank = self.build.shank_m;
                let lever_m = if shape.whole_leg() { self.build.thigh_m + shank } else { shank };
                for i in 1..=n {
                    let since = i.saturating_sub(after);
                    let way = if since > 0 { flaw.way(since, shape, range_deg, lever_m) } else { Way::ASKED };
                    self.rep(home, range_deg, twist, tempo, variability, &way);
                }
            }
            Act::Fidget { s, deg } => self.fidget(s, deg),
            Act::Walk { s, cadence_per_min } => {
                if self.planned.shape.frame(self.side).body != linkage::UNTURNED
                    || self.planned.shape == RepShape::SeatedKneeExtension
                {
                    self.take(RepShape::StandingMarch);
                }
                let ahead = if self.side == Side::Left { 0.0 } else { 0.5 };
                let walk = Walk::new(s.max(0.0), cadence_per_min, ahead, &self.build, &mut self.chance);
                let start = self.end_s;
                for (at, step) in walk.contacts() {
                    self.ring(start + at, 30.0 * step);
                }
                self.truth.strides.extend(walk.strides_walked().into_iter().map(|stride| TrueStride {
                    contact_s: start + stride.contact_s,
                    off_s: start + stride.off_s,
                    end_s: start + stride.end_s,
                    length_m: stride.length_m,
                }));
                // Standing straight afterwards, whatever the shape before.
                let to = Pose { shape: RepShape::StandingMarch, lift_deg: 0.0, roll_deg: 0.0, beside_deg: [0.0; 2] };
                self.push(walk.length_s(), Doing::Walk(walk), to);
            }
        }
    }

    fn push(&mut self, length_s: f64, doing: Doing, to: Pose) {
        let start_s = self.end_s;
        self.end_s += length_s.max(0.0);
        self.planned = to;
        self.pieces.push_back(Piece { start_s, end_s: self.end_s, doing, to });
    }

    fn lift_to(&mut self, to: Pose, length_s: f64) {
        self.push(length_s, Doing::Lift { from: self.planned, shake_deg: 0.0 }, to);
    }

    /// Goes to the start pose of a shape: a person needs some seconds and settles for some more.
    fn take(&mut self, shape: RepShape) {
        if self.planned.shape == shape {
            return;
        }
        let to = Pose { shape, lift_deg: 0.0, roll_deg: self.chance.between(-8.0, 8.0), beside_deg: [0.0; 2] };
        let from = self.orientation(self.planned);
        let (axis, angle) = turn_between(&from, &self.orientation(to));
        let length_s = self.chance.between(2.5, 3.5) + angle / PI;
        let mut way = |size: f64| self.chance.between(-size, size);
        let way_m = [way(0.4), way(0.4), way(0.3)];
        self.push(length_s, Doing::Turn { from, axis, angle, way_m }, to);
        self.ring(self.end_s, 2.0);
        let settle_s = self.chance.between(2.0, 3.0);
        self.lift_to(to, settle_s);
    }

    /// One repetition: lift, hold with a slight sag, lower to about where it began, rest.
    fn rep(&mut self, home: Pose, range_deg: f64, twist_deg: f64, tempo: Tempo, variability: f64, way: &Way) {
        let (range_deg, variability) = (range_deg.clamp(0.0, 130.0), variability.clamp(0.0, 0.5));
        let tempo = times(tempo, way);
        let mut vary = |value: f64| value * (1.0 + variability * self.chance.normal()).clamp(0.4, 1.6);
        let (range, lift_s, hold_s) = (vary(range_deg * way.range), vary(tempo.lift_s), vary(tempo.hold_s));
        let (lower_s, rest_s) = (vary(tempo.lower_s), vary(tempo.rest_s));
        // Nobody returns to the same place to the degree; a machine does.
        let back_deg = home.lift_deg + 8.0 * variability * self.chance.normal() + way.left_over * range;
        let start = self.planned;
        let shank = home.shape.frame(self.side).gain[1];
        let home_roll = home.roll_deg + way.roll_deg;
        let at = |lift_deg: f64, roll_deg: f64| Pose { lift_deg, roll_deg, ..home };
        let rolls_deg = if self.rolls_deg > 0.0 { self.chance.between(-self.rolls_deg, self.rolls_deg) } else { 0.0 };
        let high = |lift_deg: f64| Pose {
            beside_deg: [way.thigh_deg, -way.lag * shank * range],
            ..at(lift_deg, home_roll + twist_deg * range / 90.0 + way.twist_deg + rolls_deg)
        };
        // Who did not come back lifts to the same height as from there.
        let low = if way.left_over > 0.0 { home.lift_deg } else { start.lift_deg };
        let sag = 0.01 * range;
        if start.roll_deg != home_roll && way.roll_deg != 0.0 {
            self.lift_to(at(start.lift_deg, home_roll), 1.0);
            self.lift_to(self.planned, 0.8);
        }
        if way.back_swing > 0.0 {
            self.lift_to(at(low - way.back_swing * range, home_roll), 0.5);
        }
        let start_s = self.end_s;
        let moving = |from: Pose| Doing::Lift { from, shake_deg: way.shake_deg };
        self.push(lift_s.max(0.15), moving(self.planned), high(low + range));
        let top_s = self.end_s;
        if hold_s > 0.0 {
            self.push(hold_s, moving(self.planned), high(low + range - sag));
        }
        let turn_s = self.end_s;
        self.lift_to(at(back_deg, home_roll), lower_s.max(0.15));
        let end_s = self.end_s;
        if home.shape.frame(self.side).lands {
            let peak = self.chance.between(0.5, 2.0);
            self.ring(end_s, peak);
        }
        if rest_s > 0.0 {
            self.lift_to(self.planned, rest_s);
        }
        self.truth.reps.push(TrueRep {
            shape: home.shape,
            start_s,
            top_s,
            turn_s,
            end_s,
            range_deg: (low + range - start.lift_deg) * home.shape.shank_share() * (1.0 - way.lag),
            exercise_deg: range,
        });
    }

    fn fidget(&mut self, s: f64, deg: f64) {
        let (home, until_s) = (self.planned, self.end_s + s);
        while self.end_s < until_s {
            let to = Pose {
                lift_deg: home.lift_deg + self.chance.between(0.0, deg),
                roll_deg: home.roll_deg + self.chance.between(-2.0 * deg, 2.0 * deg),
                ..home
            };
            let (there_s, stays_s) = (self.chance.between(0.4, 1.2), self.chance.between(0.1, 1.5));
            self.lift_to(to, there_s);
            self.lift_to(to, stays_s);
            if self.chance.happens(0.5) {
                let back_s = self.chance.between(0.4, 1.0);
                self.lift_to(home, back_s);
            }
        }
        self.lift_to(home, 0.8);
    }

    fn ring(&mut self, start_s: f64, peak: f64) {
        let mut vary = |low, high| self.chance.between(low, high);
        let (size, hz, damping) = (peak * vary(0.8, 1.2), vary(15.0, 40.0), vary(0.15, 0.4));
        // Mostly along the shin, some of it to the front and the side.
        let peak_mps2 = [size * vary(-0.6, -0.2), size * vary(-0.3, 0.3), size];
        self.rings.push_back(Ring { start_s, peak_mps2, rad_per_s: TAU * hz, damping });
    }

    fn orientation(&self, pose: Pose) -> Matrix {
        orientation(&self.still(pose))
    }

    fn still(&self, pose: Pose) -> Posture {
        let beside = pose.beside_deg.map(Course::still);
        self.posture(pose, Course::still(pose.lift_deg), Course::still(pose.roll_deg), beside)
    }

    fn posture(&self, pose: Pose, lift_deg: Course, roll_deg: Course, beside_deg: [Course; 2]) -> Posture {
        let frame = pose.shape.frame(self.side);
        let turned = |i: usize| {
            let start = Course::still(frame.start_deg[i]).plus(beside_deg[i]);
            start.plus(lift_deg.times(frame.gain[i])).times(PI / 180.0)
        };
        Posture {
            body: frame.body,
            axis: frame.axis,
            thigh: turned(0),
            shank: turned(1),
            roll: roll_deg.times(PI / 180.0),
            hip_mps2: [0.0; 3],
        }
    }

    fn at_rest(&self, pose: Pose) -> Felt {
        felt(&self.build, &self.still(pose))
    }

    /// What an ideal sensor at the cuff's place feels in the shank's axes; times must not run back.
    pub fn feel(&mut self, at_s: f64) -> Felt {
        while let Some(piece) = self.pieces.front().filter(|piece| piece.end_s <= at_s) {
            self.held = piece.to;
            self.pieces.pop_front();
        }
        let mut felt = match self.pieces.front() {
            Some(piece) if piece.start_s <= at_s => self.feel_piece(piece, at_s),
            _ => self.at_rest(self.held),
        };
        while self.rings.front().is_some_and(|ring| ring.start_s + RING_S < at_s) {
            self.rings.pop_front();
        }
        for ring in self.rings.iter().take_while(|ring| ring.start_s < at_s) {
            let t = at_s - ring.start_s;
            let damped = ring.rad_per_s * (1.0 - ring.damping * ring.damping).sqrt();
            // The cuff's velocity rings and dies away; its acceleration leaves none behind.
            let (sin, cos) = libm::sincos(damped * t);
            let shape = cos * damped / ring.rad_per_s - ring.damping * sin;
            let size = libm::exp(-ring.damping * ring.rad_per_s * t) * shape;
            felt.force = add(felt.force, scale(ring.peak_mps2, size));
        }
        felt
    }

    fn feel_piece(&self, piece: &Piece, at_s: f64) -> Felt {
        let (t, length) = (at_s - piece.start_s, piece.end_s - piece.start_s);
        let way = minimum_jerk(t, length);
        match &piece.doing {
            Doing::Lift { from, shake_deg } => {
                let along = |from: f64, to: f64| Course::still(from).plus(way.times(to - from));
                let mut lift = along(from.lift_deg, piece.to.lift_deg);
                if *shake_deg > 0.0 {
                    lift = lift.plus(tremble(t, length).times(*shake_deg));
                }
                let roll = along(from.roll_deg, piece.to.roll_deg);
                let beside = [0, 1].map(|i: usize| along(from.beside_deg[i], piece.to.beside_deg[i]));
                felt(&self.build, &self.posture(piece.to, lift, roll, beside))
            }
            Doing::Turn { from, axis, angle, way_m } => {
                let now = product(from, &about(*axis, angle * way.x));
                let mut pull = scale(*way_m, way.a);
                pull[2] += GRAVITY_MPS2;
                Felt { force: back(&now, pull), rate: scale(*axis, angle * way.v) }
            }
            Doing::Walk(walk) => {
                let [thigh, shank] = piece.to.shape.frame(self.side).start_deg.map(f64::to_radians);
                felt(&self.build, &walk.posture(t, thigh, shank))
            }
        }
    }
}

impl Motion for Leg {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let Felt { force, rate } = self.feel(at_s);
        let (acc, gyr) = (back(&self.mount, force), back(&self.mount, rate));
        Some(Sample { at_us: at_s * 1e6, acc, gyr, clipped: false })
    }

    fn act(&mut self, now_s: f64, act: Act) -> bool {
        Leg::act(self, now_s, act);
        true
    }

    fn idle(&self, at_s: f64) -> bool {
        at_s >= self.end_s
    }

    fn truth(&self) -> Option<&Truth> {
        Some(&self.truth)
    }
}

/// Trembling at 8 Hz by one degree, which comes and goes within `length_s`.
fn tremble(t_s: f64, length_s: f64) -> Course {
    let wave = |hz: f64, shift: f64| {
        let w = TAU * hz;
        let (sin, cos) = libm::sincos(w * t_s + shift);
        Course { x: sin, v: w * cos, a: -w * w * sin }
    };
    // (1 − cos) / 2, from and to nothing.
    let swell = wave(1.0 / length_s, -0.5 * PI).plus(Course::still(1.0)).times(0.5);
    swell.product(wave(8.0, 0.0))
}

/// A rotation drawn evenly from all rotations (Shoemake, Graphics Gems III).
fn any_rotation(chance: &mut Chance) -> Matrix {
    let (u, a, b) = (chance.share(), TAU * chance.share(), TAU * chance.share());
    let (r, s) = ((1.0 - u).sqrt(), u.sqrt());
    let (sin_a, cos_a) = libm::sincos(a);
    let (sin_b, cos_b) = libm::sincos(b);
    let [x, y, z, w] = [r * sin_a, r * cos_a, s * sin_b, s * cos_b];
    [
        [1.0 - 2.0 * (y * y + z * z), 2.0 * (x * y - z * w), 2.0 * (x * z + y * w)],
        [2.0 * (x * y + z * w), 1.0 - 2.0 * (x * x + z * z), 2.0 * (y * z - x * w)],
        [2.0 * (x * z - y * w), 2.0 * (y * z + x * w), 1.0 - 2.0 * (x * x + y * y)],
    ]
}

#[cfg(test)]
mod tests;

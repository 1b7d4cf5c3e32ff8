//! The way a leg goes: [`Path`] integrates the sensor's movement from one stance to the next.
//!
//! In stance the shank turns about the ankle, which stands still: the sensor's velocity is then its angular rate times
//! its height above the ankle, known at the same instant. Between two such instants the specific force, turned by the
//! angular rate alone into a frame that does not turn, gives the movement but for a constant: gravity and a constant
//! tilt error are one constant acceleration, and the two known velocities say which. It hardly changes from stride to
//! stride; what does is the blow of the contact, too short for the samples. (A recorded shoe against markers: 2.1 cm of
//! mean error with the two told apart, 3.5 cm with all of it taken for the constant.) Nothing about the way up enters
//! but the splitting into forward and upward, so an inclination that is a degree off costs 0.02 % of a stride.
//! The method (pivot, de-drift between stances) is that of published shank and foot methods; a shoe's sensor hardly
//! turns in stance, so its velocity comes out as the zero that foot methods take.

use super::ring::Ring;
use crate::orient::{Quat, cross, dot, norm};
use crate::words::GRAVITY_MPS2;

/// Frames per second kept: the sums run at the full rate.
const FRAME_RATE_HZ: f64 = 100.0;
/// How long frames are kept, s: two of the longest strides and a standing before.
const KEPT_S: f64 = 14.0;
/// The sensor's velocity in stance is compared with the pivot's over this much on either side, s.
const AROUND_S: f64 = 0.04;
/// The constant acceleration is that of this many strides, the newer the more …
const PULL_STRIDES: f64 = 3.0;
/// … and this share of what a stride's differs by is its drift, that of a bias the gyroscope still has: the one that
/// neither swings over nor lags (critical damping).
const DRIFT_SHARE: f64 = 0.067;
/// Acceleration that has to be taken away besides gravity; beyond it the stances or the sensor are not what they
/// seem, m/s².
const STRAY_MOST_MPS2: f64 = 1.5;
/// Ways of one leg in one stride, metres: from shuffling to running.
const WAY_M: core::ops::RangeInclusive<f64> = 0.05..=4.0;
/// Uncertainty of the velocity at a stance, m/s: what the flat foot itself still moves.
const STANCE_MPS: f64 = 0.03;
/// Uncertainty of the height above the ankle, m.
const HEIGHT_M: f64 = 0.02;

/// One frame: sums at its last sample, the rate over it.
#[derive(Debug, Clone, Copy)]
struct Frame {
    at_us: f64,
    /// Integral of the specific force in the frame that does not turn, m/s.
    velocity: [f64; 3],
    /// Integral of that, m.
    place: [f64; 3],
    /// Angular rate in the same frame, rad/s.
    rate: [f64; 3],
    /// The way up in the same frame.
    up: [f64; 3],
}

/// A moment of stance.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stance {
    at_us: f64,
    /// What the integral of the force shows beyond the true velocity, m/s.
    beyond: [f64; 3],
    place: [f64; 3],
    up: [f64; 3],
    /// How fast the sensor turns, rad/s.
    turning: f64,
}

/// From one stance to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way {
    /// Level displacement in the frame that does not turn, m.
    pub(super) level: [f64; 3],
    pub(super) length_m: f64,
    /// One standard deviation, m.
    pub(super) error_m: f64,
    /// Highest point above the line between the stances, m.
    pub(super) lift_m: f64,
}

/// Integrates, and remembers the last seconds.
#[derive(Debug, Clone)]
pub(super) struct Path {
    height_m: Option<f64>,
    size: u32,
    around: u64,
    orientation: Quat,
    last: Option<(f64, [f64; 3], [f64; 3])>,
    velocity: [f64; 3],
    place: [f64; 3],
    count: u32,
    rate: [f64; 3],
    frames: Ring<Frame>,
    /// The constant acceleration of the last strides, gravity included, and of how many.
    pull: [f64; 3],
    /// How it changes, m/s³.
    drift: [f64; 3],
    strides: f64,
}

impl Path {
    /// For samples at about `rate_hz` per second from a sensor `height_m` above the ankle's axis; on a foot `None`.
    pub(super) fn new(rate_hz: f64, height_m: Option<f64>) -> Self {
        let size = (rate_hz / FRAME_RATE_HZ).round().max(1.0);
        let frame_rate_hz = rate_hz / size;
        Self {
            height_m,
            size: size as u32,
            around: (AROUND_S * frame_rate_hz).round().max(1.0) as u64,
            orientation: Quat::IDENTITY,
            last: None,
            velocity: [0.0; 3],
            place: [0.0; 3],
            count: 0,
            rate: [0.0; 3],
            frames: Ring::new((KEPT_S * frame_rate_hz).ceil() as usize),
            pull: [0.0; 3],
            drift: [0.0; 3],
            strides: 0.0,
        }
    }

    pub(super) fn set_height(&mut self, height_m: Option<f64>) {
        self.height_m = height_m;
    }

    /// Forgets everything: samples were missing or a new task begins.
    pub(super) fn cut(&mut self) {
        self.orientation = Quat::IDENTITY;
        self.last = None;
        (self.velocity, self.place, self.rate) = ([0.0; 3], [0.0; 3], [0.0; 3]);
        self.count = 0;
        self.strides = 0.0;
        self.drift = [0.0; 3];
        self.frames.cut();
    }

    /// Takes one sample: rate in rad/s without bias, specific force in m/s², the way up, all in the cuff's axes.
    pub(super) fn push(&mut self, at_us: f64, gyr: [f64; 3], acc: [f64; 3], up: [f64; 3]) {
        let Some((last_us, last_gyr, last_force)) = self.last else {
            self.last = Some((at_us, gyr, self.orientation.turn(acc)));
            return;
        };
        let dt_s = (at_us - last_us) * 1e-6;
        let mean = [0, 1, 2].map(|k: usize| 0.5 * (gyr[k] + last_gyr[k]));
        self.orientation = self.orientation.after(Quat::of_rate(mean, dt_s)).unit();
        let force = self.orientation.turn(acc);
        for k in 0..3 {
            let gained = 0.5 * (force[k] + last_force[k]) * dt_s;
            self.place[k] += (self.velocity[k] + 0.5 * gained) * dt_s;
            self.velocity[k] += gained;
            self.rate[k] += gyr[k];
        }
        self.last = Some((at_us, gyr, force));
        self.count += 1;
        if self.count == self.size {
            let share = 1.0 / f64::from(self.size);
            self.frames.push(Frame {
                at_us,
                velocity: self.velocity,
                place: self.place,
                rate: self.orientation.turn(self.rate.map(|r| r * share)),
                up: self.orientation.turn(up),
            });
            self.count = 0;
            self.rate = [0.0; 3];
        }
    }

    /// The cuff's axes in the frame that does not turn.
    pub(super) fn orientation(&self) -> Quat {
        self.orientation
    }

    /// Time of the newest frame.
    pub(super) fn newest_us(&self) -> Option<f64> {
        self.frames.newest().map(|frame| frame.at_us)
    }

    /// The stillest moment between two times; `None` where no frame lies there.
    pub(super) fn stance(&self, from_us: f64, to_us: f64) -> Option<Stance> {
        let inside = self.numbers(from_us, to_us)?;
        let turning = |number: u64| {
            let around = (number.saturating_sub(self.around)..=number + self.around).filter_map(|n| self.frames.get(n));
            let (sum, count) = around.fold((0.0, 0.0), |(sum, count), f| (sum + dot(f.rate, f.rate), count + 1.0));
            sum / count
        };
        let (still, square) = inside.map(|n| (n, turning(n))).min_by(|a, b| a.1.total_cmp(&b.1))?;
        let frame = self.frames.get(still)?;
        let turning = square.sqrt();
        let height_m = self.height_m.unwrap_or(0.0);
        // Symmetric about the moment, so that gravity in the sum cancels out of the mean.
        let reach = (1..=self.around)
            .take_while(|k| self.frames.get(still.wrapping_sub(*k)).is_some() && self.frames.get(still + k).is_some())
            .last()
            .unwrap_or(0);
        let mut beyond = [0.0; 3];
        let share = 1.0 / (2 * reach + 1) as f64;
        for f in (still - reach..=still + reach).filter_map(|n| self.frames.get(n)) {
            let pivot = cross(f.rate, f.up.map(|u| u * height_m));
            for k in 0..3 {
                beyond[k] += share * (f.velocity[k] - pivot[k]);
            }
        }
        Some(Stance { at_us: frame.at_us, beyond, place: frame.place, up: frame.up, turning })
    }

    /// The way from stance `a` to stance `b` with the contact at `contact_us` in between; `None` where it is none a leg goes.
    pub(super) fn between(&mut self, a: &Stance, b: &Stance, contact_us: f64) -> Option<Way> {
        let time_s = (b.at_us - a.at_us) * 1e-6;
        if time_s <= 0.0 {
            return None;
        }
        // The one constant acceleration, gravity included, that leads from one known velocity to the other.
        let constant = [0, 1, 2].map(|k: usize| (b.beyond[k] - a.beyond[k]) / time_s);
        // What that differs by from stride to stride is not gravity but the contact, whose blow no sensor sums up
        // right: a step of the velocity there, not a slope.
        self.strides = (self.strides + 1.0).min(PULL_STRIDES);
        for ((pull, drift), constant) in self.pull.iter_mut().zip(&mut self.drift).zip(constant) {
            let expected = if self.strides > 1.0 { *pull + *drift * time_s } else { constant };
            *drift += DRIFT_SHARE * (constant - expected) / time_s;
            *pull = expected + (constant - expected) / self.strides;
        }
        let (pull, drift) = (self.pull, self.drift);
        let blow = [0, 1, 2].map(|k: usize| (constant[k] - pull[k]) * time_s);
        let contact_s = (contact_us - a.at_us) * 1e-6;
        let place = |t: f64, place: [f64; 3]| {
            let struck_s = (t - contact_s).max(0.0);
            let bend = t * t * (t / 6.0 - time_s / 4.0);
            [0, 1, 2].map(|k: usize| {
                let pulled = 0.5 * pull[k] * t * t + drift[k] * bend;
                place[k] - a.place[k] - a.beyond[k] * t - pulled - blow[k] * struck_s
            })
        };
        let up = [0, 1, 2].map(|k: usize| a.up[k] + b.up[k]);
        let up = up.map(|u| u / norm(up));
        let stray = norm([0, 1, 2].map(|k: usize| constant[k] - GRAVITY_MPS2 * up[k]));
        let whole = place(time_s, b.place);
        let rise = dot(whole, up);
        let level = [0, 1, 2].map(|k: usize| whole[k] - rise * up[k]);
        let length_m = norm(level);
        if !stray.is_finite() || stray > STRAY_MOST_MPS2 || !WAY_M.contains(&length_m) {
            return None;
        }
        let heights = self.numbers(a.at_us, b.at_us)?.filter_map(|n| self.frames.get(n)).map(|frame| {
            let t = (frame.at_us - a.at_us) * 1e-6;
            dot(place(t, frame.place), up) - rise * t / time_s
        });
        let lift_m = heights.fold(0.0, f64::max);
        // Both stances are uncertain on their own, the height above the ankle is so for both alike.
        let turning = if self.height_m.is_some() { 0.5 * (a.turning + b.turning) } else { 0.0 };
        let error_m = time_s * libm::hypot(STANCE_MPS * core::f64::consts::FRAC_1_SQRT_2, HEIGHT_M * turning);
        Some(Way { level, length_m, error_m, lift_m })
    }

    fn numbers(&self, from_us: f64, to_us: f64) -> Option<core::ops::Range<u64>> {
        let at = |us: f64| self.frames.first_from(|frame| frame.at_us >= us);
        let (from, to) = (at(from_us), at(to_us));
        (from < to).then_some(from..to)
    }
}

//! How steadily a leg stands: [`SwayMeter`] takes which way is up, [`Sway`] says how far, fast and wide it swayed.
//!
//! A cuff just above the ankle sways about the ankle, so what it shows is the lean of the shank, in degrees; how far a
//! body sways higher up is no measure of it. What a sensor on the shank is accelerated by while a foot stands is gravity
//! to within a hundredth, so that the lean says all that a path or an area of the horizontal acceleration would.
//! Figures as for other sway sensors (Mancini et al., "ISway", J NeuroEngineering Rehabil 9:59 (2012); area and mean
//! frequency as Prieto et al., IEEE Trans. Biomed. Eng. 43(9) (1996)), of angles.

use crate::noticed::certainty;
use crate::orient::{cross, dot, norm};
use core::f64::consts::{PI, TAU};
use serde::{Deserialize, Serialize};

const DEG: f64 = 180.0 / PI;
/// Swaying so many times as fast as usual is a wobble.
const WOBBLES_TIMES: f64 = 2.0;
/// By how much, as a share, two stances of somebody differ who stands as steadily: some twenty waves in half a minute.
const ALIKE_SHARE: f64 = 0.25;
/// Directions, every 22.5°, in which the width of the sway is taken: the widest is seen to within 2 %.
const DIRECTIONS: usize = 8;
/// Shortest stance a sway is told of, s: two of the slow waves of standing.
pub const SWAY_LEAST_S: f64 = 5.0;
/// A sensor lying still sways by less than this, degrees, in the recordings at hand: noise of gyroscope and accelerometer
/// and of the filter. A wobble below three times of it is told as below what the cuff can see.
pub const SWAY_FLOOR_DEG: f64 = 0.02;

/// How a leg swayed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sway {
    /// Seconds looked at.
    pub seconds: f64,
    /// Wobble: root mean square of the lean about its own mean, both directions together, degrees.
    pub wobble_deg: f64,
    /// From one end of the sway to the other along its widest direction, degrees.
    pub width_deg: f64,
    /// Way of the lean per second, degrees per second.
    pub speed_deg_per_s: f64,
    /// Area of the ellipse that holds 95 % of it, square degrees.
    pub area_deg2: f64,
    /// Mean frequency, Hz: the speed as that of a circle of the wobble's size.
    pub frequency_hz: f64,
}

impl Sway {
    /// Whether the wobble is large enough for this sensor to see.
    pub fn above_noise(&self) -> bool {
        self.wobble_deg >= 3.0 * SWAY_FLOOR_DEG
    }

    /// Whether this is a wobble against how the same person `usually` sways: more than twice as fast, and far enough for the
    /// sensor to see. How sure that is, 0.5 to 1; `None` where it is none.
    pub fn wobbles(&self, usually: &Self) -> Option<f64> {
        // A usual sway that was noise must not make a wobble of the next.
        let floor = 2.0 * TAU * SWAY_FLOOR_DEG;
        let times = self.speed_deg_per_s / usually.speed_deg_per_s.max(floor);
        let beyond = times / WOBBLES_TIMES - 1.0;
        (self.above_noise() && beyond > 0.0).then(|| certainty(beyond, ALIKE_SHARE))
    }
}

/// Takes leans as they come; holds sums only, whatever the length.
#[derive(Debug, Clone, Default)]
pub struct SwayMeter {
    frame: Option<Level>,
    count: f64,
    sum: [f64; 2],
    square: [f64; 3],
    least: [f64; DIRECTIONS],
    most: [f64; DIRECTIONS],
    last: Option<(f64, [f64; 2])>,
    way_deg: f64,
    seconds: f64,
}

impl SwayMeter {
    /// Nothing seen yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the way up in the sensor's axes (a unit vector; 20 to 100 a second) at a time in µs. Where nothing came for
    /// more than a tenth of a second that time does not count.
    pub fn push(&mut self, at_us: f64, up: [f64; 3]) {
        let frame = *self.frame.get_or_insert_with(|| Level::new(up));
        let lean = frame.lean_deg(up);
        if !lean.iter().all(|v| v.is_finite()) || !at_us.is_finite() {
            return;
        }
        self.count += 1.0;
        for ((sum, square), lean) in self.sum.iter_mut().zip(&mut self.square).zip(lean) {
            *sum += lean;
            *square += lean * lean;
        }
        self.square[2] += lean[0] * lean[1];
        for (k, (least, most)) in self.least.iter_mut().zip(&mut self.most).enumerate() {
            let (sin, cos) = libm::sincos(PI * k as f64 / DIRECTIONS as f64);
            let along = cos * lean[0] + sin * lean[1];
            *least = least.min(along);
            *most = most.max(along);
        }
        if let Some((last_us, last)) = self.last {
            let dt_s = (at_us - last_us) * 1e-6;
            if dt_s > 0.0 && dt_s <= 0.1 {
                self.seconds += dt_s;
                self.way_deg += libm::hypot(lean[0] - last[0], lean[1] - last[1]);
            }
        }
        self.last = Some((at_us, lean));
    }

    /// Seconds seen so far.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// The sway so far; `None` for less than [`SWAY_LEAST_S`].
    pub fn sway(&self) -> Option<Sway> {
        if self.seconds < SWAY_LEAST_S {
            return None;
        }
        let mean = self.sum.map(|sum| sum / self.count);
        let [xx, yy] = [0, 1].map(|k: usize| (self.square[k] / self.count - mean[k] * mean[k]).max(0.0));
        let xy = self.square[2] / self.count - mean[0] * mean[1];
        let wobble_deg = (xx + yy).sqrt();
        let widths = self.least.iter().zip(&self.most).map(|(least, most)| most - least);
        let speed_deg_per_s = self.way_deg / self.seconds;
        // Chi-square of two degrees of freedom: 5.991 holds 95 %.
        let area_deg2 = 5.991 * PI * (xx * yy - xy * xy).max(0.0).sqrt();
        Some(Sway {
            seconds: self.seconds,
            wobble_deg,
            width_deg: widths.fold(0.0, f64::max),
            speed_deg_per_s,
            area_deg2,
            frequency_hz: if wobble_deg > 0.0 { speed_deg_per_s / (TAU * wobble_deg) } else { 0.0 },
        })
    }
}

/// A pose of the sensor and two directions across it, by which leans from it are told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Level {
    up: [f64; 3],
    across: [[f64; 3]; 2],
}

impl Level {
    /// About this way up (a unit vector).
    pub(crate) fn new(up: [f64; 3]) -> Self {
        // The axis that lies most across.
        let axis = (0..3).min_by(|a: &usize, b| up[*a].abs().total_cmp(&up[*b].abs())).unwrap_or(0);
        let mut along = [0.0; 3];
        along[axis] = 1.0;
        let first = cross(up, along);
        let size = norm(first);
        let first = first.map(|v| v / size);
        Self { up, across: [first, cross(up, first)] }
    }

    /// How far and whither another way up leans from this one, degrees.
    pub(crate) fn lean_deg(&self, up: [f64; 3]) -> [f64; 2] {
        let level = self.across.map(|across| dot(across, up));
        let sine = libm::hypot(level[0], level[1]);
        if sine < 1e-9 {
            return [0.0; 2];
        }
        let angle = libm::atan2(sine, dot(self.up, up)) * DEG;
        level.map(|v| v * angle / sine)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A lean of `x` and `y` degrees, seen by a sensor that sits askew.
    fn up(x: f64, y: f64) -> [f64; 3] {
        let (x, y) = (x / DEG, y / DEG);
        let size = libm::hypot(x, y).max(1e-12);
        let (sin, cos) = libm::sincos(size);
        let v = [sin * x / size, sin * y / size, cos];
        [0.6 * v[0] + 0.8 * v[2], v[1], -0.8 * v[0] + 0.6 * v[2]]
    }

    #[test]
    fn an_ellipse_of_sway_has_its_size_width_speed_and_frequency() {
        let mut meter = SwayMeter::new();
        for i in 0..=1500 {
            let t = f64::from(i) * 0.02;
            let w = TAU * 0.5 * t;
            meter.push(t * 1e6, up(3.0 + 0.8 * libm::cos(w), -2.0 + 0.6 * libm::sin(w)));
        }
        let sway = meter.sway().unwrap();
        assert!((sway.wobble_deg - (0.32_f64 + 0.18).sqrt()).abs() < 0.005, "{sway:?}");
        assert!((sway.width_deg - 1.6).abs() < 0.04, "{sway:?}");
        // The circumference of that ellipse, twice every four seconds (Ramanujan).
        assert!((sway.speed_deg_per_s - 4.420 * 0.5).abs() < 0.02, "{sway:?}");
        assert!((sway.area_deg2 - 5.991 * PI * 0.5 * 0.48).abs() < 0.05, "{sway:?}");
        assert!((sway.frequency_hz - 0.5).abs() < 0.02 && sway.above_noise(), "{sway:?}");
    }

    #[test]
    fn a_moment_has_no_sway_and_a_still_leg_one_that_is_not_seen() {
        let mut meter = SwayMeter::new();
        for i in 0..240 {
            meter.push(f64::from(i) * 2e4, up(10.0, 10.0));
        }
        assert_eq!(meter.sway(), None, "four seconds and some");
        for i in 240..400 {
            meter.push(f64::from(i) * 2e4, up(10.0, 10.0));
        }
        let sway = meter.sway().unwrap();
        assert!(sway.wobble_deg < 1e-4 && !sway.above_noise(), "{sway:?}");
    }
}

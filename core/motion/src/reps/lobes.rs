//! A second counter that shares nothing with the first but the gyroscope's bias: it counts swings to and fro about
//! the axis the leg turns about most.

use crate::orient::{dot, norm};
use crate::stats::Spread;

/// Time after which old turning no longer shapes the axis, s.
const AXIS_TAU_S: f64 = 30.0;
/// Low-pass of the angular rate, s.
const RATE_TAU_S: f64 = 0.15;
/// Time in which the remembered peak rate fades, s.
const LEVEL_TAU_S: f64 = 60.0;
/// A swing turns faster than this share of the remembered peak …
const RATE_SHARE: f64 = 0.2;
/// … and faster than this, °/s.
const RATE_FLOOR_DPS: f64 = 3.0;
/// The axis is looked for again after this many frames.
const AXIS_EVERY: u32 = 10;

/// Counts pairs of swings.
#[derive(Debug, Clone)]
pub(super) struct Lobes {
    spread: Spread,
    axis: Option<[f64; 3]>,
    until_axis: u32,
    rate_dps: f64,
    level_dps: f64,
    /// Angle a swing must cover, degrees.
    least_deg: f64,
    /// Sign and angle of the swing under way, and whether it was counted.
    sign: f64,
    swept_deg: f64,
    counted: f64,
    swings: u32,
}

impl Lobes {
    /// Counts swings of at least half of `floor_deg`.
    pub(super) fn new(floor_deg: f64) -> Self {
        Self {
            spread: Spread::new(),
            axis: None,
            until_axis: 0,
            rate_dps: 0.0,
            level_dps: 0.0,
            least_deg: 0.5 * floor_deg,
            sign: 0.0,
            swept_deg: 0.0,
            counted: 0.0,
            swings: 0,
        }
    }

    /// Repetitions seen: pairs of swings in opposite directions.
    pub(super) fn count(&self) -> u32 {
        self.swings / 2
    }

    /// The swing under way is forgotten: samples were missing.
    pub(super) fn cut(&mut self) {
        self.sign = 0.0;
        self.swept_deg = 0.0;
        self.rate_dps = 0.0;
    }

    /// Takes the angular rate (°/s, bias taken off) of one frame.
    pub(super) fn push(&mut self, gyr_dps: [f64; 3], dt_s: f64) {
        if norm(gyr_dps) > RATE_FLOOR_DPS {
            self.spread.push(gyr_dps, 1.0 - dt_s / AXIS_TAU_S);
        }
        if self.until_axis == 0 {
            self.axis = self.spread.principal().map(|(axis, _)| axis);
            self.until_axis = AXIS_EVERY;
        }
        self.until_axis -= 1;
        let Some(axis) = self.axis else { return };
        self.rate_dps += dt_s / (RATE_TAU_S + dt_s) * (dot(gyr_dps, axis) - self.rate_dps);
        let size = self.rate_dps.abs();
        self.level_dps = (self.level_dps * (1.0 - dt_s / LEVEL_TAU_S)).max(size);
        if size < (RATE_SHARE * self.level_dps).max(RATE_FLOOR_DPS) {
            return;
        }
        let sign = self.rate_dps.signum();
        if sign != self.sign {
            self.sign = sign;
            self.swept_deg = 0.0;
        }
        self.swept_deg += size * dt_s;
        if sign != self.counted && self.swept_deg >= self.least_deg {
            self.counted = sign;
            self.swings += 1;
        }
    }
}

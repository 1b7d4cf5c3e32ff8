//! From what a leg does to the counts of a real part: bias, scale, noise, limits, rounding.

use crate::chance::Chance;
use talus_motion::{GRAVITY_MPS2, Sample};

/// Errors of one inertial sensor, fixed when it is made.
///
/// Sizes: gyroscope noise 0.005–0.02 °/s/√Hz, accelerometer noise 150 µg/√Hz and bias up to 30 mg as data sheets of
/// wearable parts state them; gyroscope bias of 0.5 °/s and scale errors of 1–2 % as measured on an uncalibrated
/// consumer part (the Ferraris session of `imucal`: scale 0.98–1.03, bias −0.60 to +0.06 °/s).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SensorErrors {
    /// Added to the angular rate, rad/s.
    pub gyr_bias_radps: [f64; 3],
    /// Angular rate is read times this.
    pub gyr_scale: [f64; 3],
    /// Noise of the angular rate, rad/s per √Hz.
    pub gyr_noise: f64,
    /// Added to the specific force, m/s².
    pub acc_bias_mps2: [f64; 3],
    /// Specific force is read times this.
    pub acc_scale: [f64; 3],
    /// Noise of the specific force, m/s² per √Hz.
    pub acc_noise: f64,
}

impl SensorErrors {
    /// A perfect sensor.
    pub const NONE: Self = Self {
        gyr_bias_radps: [0.0; 3],
        gyr_scale: [1.0; 3],
        gyr_noise: 0.0,
        acc_bias_mps2: [0.0; 3],
        acc_scale: [1.0; 3],
        acc_noise: 0.0,
    };

    /// A sensor as factories make them: biases and scales drawn once.
    pub fn drawn(chance: &mut Chance) -> Self {
        let dps = core::f64::consts::PI / 180.0;
        let mut three = |size: f64| core::array::from_fn(|_| (size * chance.normal()).clamp(-2.0 * size, 2.0 * size));
        let one_plus = |share: [f64; 3]| share.map(|s| 1.0 + s);
        Self {
            gyr_bias_radps: three(0.4 * dps),
            gyr_scale: one_plus(three(0.008)),
            acc_bias_mps2: three(0.010 * GRAVITY_MPS2),
            acc_scale: one_plus(three(0.004)),
            gyr_noise: chance.between(0.005, 0.02) * dps,
            acc_noise: 150e-6 * GRAVITY_MPS2,
        }
    }

    /// What such a sensor feels of a sample, read `rate_hz` times a second, before it is rounded. Noise is spread over
    /// half the rate (a part filters before it samples); a sensor without any draws nothing.
    #[must_use]
    pub fn feel(&self, sample: &Sample, rate_hz: f64, chance: &mut Chance) -> Sample {
        let band = (0.5 * rate_hz).sqrt();
        let mut noise = |density: f64| if density > 0.0 { density * band * chance.normal() } else { 0.0 };
        let mut felt = *sample;
        for k in 0..3 {
            felt.acc[k] = sample.acc[k] * self.acc_scale[k] + self.acc_bias_mps2[k] + noise(self.acc_noise);
            felt.gyr[k] = sample.gyr[k] * self.gyr_scale[k] + self.gyr_bias_radps[k] + noise(self.gyr_noise);
        }
        felt
    }
}

/// The grid a stream is rounded to, and where it ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Grid {
    /// Acceleration of one count, g, as the cuff states it.
    pub acc_g_per_count: f32,
    /// Angular rate of one count, °/s, as the cuff states it.
    pub gyr_dps_per_count: f32,
}

impl Grid {
    /// The grid of these ranges: 2¹⁵ counts per range of the accelerometer, 32,800 for the gyroscope (32.8 counts
    /// per °/s at ±1,000, the data sheet factor of the part that the profile's worked bytes describe).
    pub fn of_ranges(acc_g: u8, gyr_dps: u16) -> Self {
        Self { acc_g_per_count: f32::from(acc_g) / 32768.0, gyr_dps_per_count: f32::from(gyr_dps) / 32800.0 }
    }
}

/// One reading: counts and whether an axis was at its limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reading {
    /// `[acc_x, acc_y, acc_z, gyr_x, gyr_y, gyr_z]`.
    pub(crate) counts: [i16; 6],
    /// An accelerometer axis was at its limit.
    pub(crate) acc_clipped: bool,
    /// A gyroscope axis was at its limit.
    pub(crate) gyr_clipped: bool,
}

/// A sensor at work.
#[derive(Debug, Clone)]
pub(crate) struct Sensor {
    errors: SensorErrors,
    chance: Chance,
    acc_mps2_per_count: f64,
    gyr_radps_per_count: f64,
    rate_hz: f64,
}

impl Sensor {
    /// A sensor that reads `rate_hz` times a second on this grid.
    pub(crate) fn new(errors: SensorErrors, chance: Chance, grid: Grid, rate_hz: f64) -> Self {
        Self {
            errors,
            chance,
            // The same arithmetic as the driver's, so that a recording's counts mean what the file said.
            acc_mps2_per_count: f64::from(grid.acc_g_per_count) * GRAVITY_MPS2,
            gyr_radps_per_count: f64::from(grid.gyr_dps_per_count).to_radians(),
            rate_hz,
        }
    }

    /// Reads a sample; `None` where it holds values that are not numbers.
    pub(crate) fn read(&mut self, sample: &Sample) -> Option<Reading> {
        if sample.acc.iter().chain(&sample.gyr).any(|value| !value.is_finite()) {
            return None;
        }
        let felt = self.errors.feel(sample, self.rate_hz, &mut self.chance);
        let mut counts = [0; 6];
        for axis in 0..3 {
            // Casts from float saturate: this is the part's limit.
            counts[axis] = (felt.acc[axis] / self.acc_mps2_per_count).round() as i16;
            counts[axis + 3] = (felt.gyr[axis] / self.gyr_radps_per_count).round() as i16;
        }
        let at_limit = |counts: &[i16]| counts.iter().any(|c| matches!(*c, i16::MIN | i16::MAX));
        // A file's own mark counts for both: it does not say which.
        let marked = sample.clipped;
        let (acc_clipped, gyr_clipped) = (marked || at_limit(&counts[..3]), marked || at_limit(&counts[3..]));
        Some(Reading { counts, acc_clipped, gyr_clipped })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn still() -> Sample {
        Sample { at_us: 0.0, acc: [0.0, 0.0, GRAVITY_MPS2], gyr: [0.0; 3], clipped: false }
    }

    #[test]
    fn noise_has_the_stated_density() {
        let errors = SensorErrors { gyr_noise: 0.01_f64.to_radians(), ..SensorErrors::NONE };
        let mut sensor = Sensor::new(errors, Chance::new(1), Grid::of_ranges(8, 125), 100.0);
        let dps: Vec<f64> =
            (0..20_000).map(|_| f64::from(sensor.read(&still()).unwrap().counts[3]) * 125.0 / 32800.0).collect();
        let deviation = (dps.iter().map(|v| v * v).sum::<f64>() / dps.len() as f64).sqrt();
        // 0.01 °/s/√Hz over 50 Hz.
        assert!((deviation - 0.0707).abs() < 0.003, "{deviation}");
    }

    #[test]
    fn drawn_errors_stay_within_what_the_sources_state() {
        for seed in 0..200 {
            let errors = SensorErrors::drawn(&mut Chance::new(seed));
            assert!(errors.gyr_bias_radps.iter().all(|b| b.to_degrees().abs() <= 0.8));
            assert!(errors.gyr_scale.iter().all(|s| (s - 1.0).abs() <= 0.02));
            assert!(errors.acc_bias_mps2.iter().all(|b| b.abs() <= 0.03 * GRAVITY_MPS2));
        }
    }

    #[test]
    fn beyond_the_range_counts_stop_and_say_so() {
        let mut sensor = Sensor::new(SensorErrors::NONE, Chance::new(1), Grid::of_ranges(2, 250), 100.0);
        let hit = Sample { acc: [-50.0, 0.0, 9.8], gyr: [9.0, 0.0, 0.0], ..still() };
        let reading = sensor.read(&hit).unwrap();
        assert_eq!((reading.counts[0], reading.counts[3]), (i16::MIN, i16::MAX));
        assert!(reading.acc_clipped && reading.gyr_clipped);
        let calm = sensor.read(&still()).unwrap();
        assert_eq!(calm.counts, [0, 0, 16384, 0, 0, 0]);
        assert!(!calm.acc_clipped && !calm.gyr_clipped);
        assert_eq!(sensor.read(&Sample { acc: [f64::NAN; 3], ..still() }), None);
    }
}

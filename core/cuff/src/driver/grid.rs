//! The i16 grid every family is brought to before anything else sees a sample.
//!
//! Families that send whole numbers state their scale; families that send floats are rounded to a grid of their
//! range, so that a recording of any family replays bit for bit.

use super::{DecodeError, StreamSetup};
use talus_motion::{BlockFlags, GRAVITY_MPS2, Timing};

/// Counts of full scale of a grid laid over a range.
const FULL: f64 = 32_768.0;

/// What one count of a stream means, and how far it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Grid {
    acc_mps2: f64,
    gyr_radps: f64,
    acc_range_mps2: f64,
    gyr_range_radps: f64,
    /// The other way round, for what a family sends: counts of 1 m/s², and of 1 °/s.
    per_mps2: f64,
    per_dps: f64,
}

impl Grid {
    /// A grid whose full scale is the range: ± g and ± degrees per second.
    pub(super) const fn over(acc_g: f64, gyr_dps: f64) -> Self {
        Self::counting(acc_g / FULL, gyr_dps / FULL, acc_g, gyr_dps)
    }

    /// A sensor's own counts: g and degrees per second of one, and the ranges beyond which they say nothing.
    pub(super) const fn counting(acc_g_per_count: f64, gyr_dps_per_count: f64, acc_g: f64, gyr_dps: f64) -> Self {
        let full = FULL - 1.0;
        Self {
            acc_mps2: acc_g_per_count * GRAVITY_MPS2,
            gyr_radps: gyr_dps_per_count.to_radians(),
            acc_range_mps2: acc_g.min(acc_g_per_count * full) * GRAVITY_MPS2,
            gyr_range_radps: gyr_dps.min(gyr_dps_per_count * full).to_radians(),
            per_mps2: 1.0 / (acc_g_per_count * GRAVITY_MPS2),
            per_dps: 1.0 / gyr_dps_per_count,
        }
    }

    /// The stream number 0 of this grid.
    pub(super) fn setup(&self, rate_hz: f64, timing: Timing) -> StreamSetup {
        StreamSetup {
            stream: 0,
            rate_hz,
            acc_mps2_per_count: self.acc_mps2,
            gyr_radps_per_count: self.gyr_radps,
            acc_range_mps2: self.acc_range_mps2,
            gyr_range_radps: self.gyr_range_radps,
            timing,
        }
    }

    /// Rounds acceleration in m/s² to counts; beyond the grid they stay at its end and the flag says so.
    #[inline]
    pub(super) fn acc(&self, mps2: [f32; 3]) -> Result<([i16; 3], BlockFlags), DecodeError> {
        round(mps2, self.per_mps2, "acceleration", BlockFlags::ACC_CLIP)
    }

    /// Rounds angular rate in degrees per second to counts, as [`Grid::acc`] does.
    #[inline]
    pub(super) fn gyr(&self, dps: [f32; 3]) -> Result<([i16; 3], BlockFlags), DecodeError> {
        round(dps, self.per_dps, "angular rate", BlockFlags::GYR_CLIP)
    }
}

#[inline]
fn round(
    values: [f32; 3],
    counts_of_one: f64,
    field: &'static str,
    clip: BlockFlags,
) -> Result<([i16; 3], BlockFlags), DecodeError> {
    let mut flags = BlockFlags::default();
    let mut counts = [0; 3];
    for (count, value) in counts.iter_mut().zip(values) {
        if !value.is_finite() {
            return Err(DecodeError::Range { what: "sample", field });
        }
        let exact = f64::from(value) * counts_of_one;
        if exact.abs() >= FULL - 1.5 {
            flags = flags.with(clip);
        }
        // `as` cuts the fraction off and saturates at the ends of i16. Not `round`: a call of the system's library on
        // x86-64, six times a sample.
        *count = (exact + 0.5f64.copysign(exact)) as i16;
    }
    Ok((counts, flags))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_float_comes_to_the_nearest_count_and_no_further_than_the_ends() {
        let grid = Grid::over(16.0, 2000.0);
        let g = GRAVITY_MPS2 as f32;
        assert_eq!(grid.acc([g, -0.5 * g, 0.0]).unwrap(), ([2048, -1024, 0], BlockFlags(0)));
        assert_eq!(grid.acc([16.0 * g, -99.0 * g, 0.0]).unwrap(), ([32767, -32768, 0], BlockFlags::ACC_CLIP));
        assert_eq!(grid.gyr([125.0, -2500.0, 0.03]).unwrap(), ([2048, -32768, 0], BlockFlags::GYR_CLIP));
        for odd in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert!(matches!(grid.acc([0.0, odd, 0.0]), Err(DecodeError::Range { .. })));
        }
    }

    proptest! {
        #[test]
        fn rounding_loses_at_most_half_a_count(value in -156.0f32..156.0) {
            let grid = Grid::over(16.0, 2000.0);
            let (counts, _) = grid.acc([value, 0.0, 0.0]).unwrap();
            let setup = grid.setup(100.0, Timing::Device);
            let back = f64::from(counts[0]) * setup.acc_mps2_per_count;
            prop_assert!((back - f64::from(value)).abs() <= setup.acc_mps2_per_count * 0.5 + 1e-9);
        }
    }
}

//! [`Frozen`]: an axis of a sensor that repeats one value while the leg moves, though the others go on.
//!
//! A sensor that repeats itself on all axes is seen by that alone (`intake`). A single axis may repeat itself for long where a
//! leg rests and the sensor is coarse, so that physics has to say that it should not: gravity moved along the axis, the
//! leg turned too fast to do so evenly, or gravity turned about the axis and the gyroscope says it did not.

use crate::orient::{cross, norm};
use crate::words::{GRAVITY_MPS2, Sample};

/// Gravity moved by this much along an axis of the accelerometer that says nothing of it, m/s²: 6°, far more than
/// the steps of any sensor.
const MOVED_MPS2: f64 = 1.0;
/// A rate above this is turning and no bias, °/s.
const TURNS_RADPS: f64 = 3.0 * core::f64::consts::PI / 180.0;
/// No leg turns at one rate to the last count for this long, s, …
const EVENLY_S: f64 = 0.3;
/// … and over so many samples.
const SAMPLES: u32 = 8;
/// Gravity lies elsewhere than the orientation says by a turn about the axis of so much, as a sine, for so long, s: what
/// accelerates a leg makes 10° of it now and then, and an axis that lives repeats no value meanwhile.
const ELSEWHERE: f64 = 0.25;
const ELSEWHERE_S: f64 = 0.2;

/// One axis.
#[derive(Debug, Clone, Copy, Default)]
struct Axis {
    value: f64,
    /// Samples that repeated the value.
    count: u32,
    since_us: f64,
    /// The way up along the axis when it began.
    up: f64,
    /// Since when gravity lies elsewhere by a turn about it, and whether it did for long enough.
    elsewhere_us: Option<f64>,
    denied: bool,
}

/// Looks for frozen axes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Frozen {
    axes: [Axis; 6],
    last: [f64; 6],
    /// How many of late samples differ from the one before, for each axis of the gyroscope, 0 to 1.
    lively: [f64; 3],
    /// Samples so far, up to two: before the first nobody knows the way up.
    taken: u8,
}

/// What is frozen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Which {
    pub(crate) acc: bool,
    pub(crate) gyr: [bool; 3],
}

impl Which {
    pub(crate) fn any(self) -> bool {
        self.acc || self.gyr != [false; 3]
    }
}

impl Frozen {
    /// Takes a sample, the gyroscope's bias and the way up in the cuff's axes as known before it.
    pub(crate) fn push(&mut self, sample: &Sample, bias: [f64; 3], up: [f64; 3]) -> Which {
        let [ax, ay, az] = sample.acc;
        let [gx, gy, gz] = sample.gyr;
        let values = [ax, ay, az, gx, gy, gz];
        for (lively, (value, last)) in self.lively.iter_mut().zip(values.iter().zip(self.last).skip(3)) {
            *lively += (f64::from(u8::from(*value != last)) - *lively) / f64::from(SAMPLES);
        }
        for (k, (axis, value)) in self.axes.iter_mut().zip(values).enumerate() {
            if self.taken == 1 {
                axis.up = up[k % 3];
            }
            // At its limit an axis may well stay for a while.
            if self.taken > 0 && value == axis.value && !sample.clipped {
                axis.count += 1;
            } else {
                *axis = Axis { value, count: 1, since_us: sample.at_us, up: up[k % 3], ..Axis::default() };
            }
        }
        self.last = values;
        self.taken = (self.taken + 1).min(2);
        let turned = cross(up, sample.acc);
        let least = ELSEWHERE * norm(sample.acc);
        for (axis, about) in self.axes[3..].iter_mut().zip(turned) {
            axis.elsewhere_us = (about.abs() > least).then(|| axis.elsewhere_us.unwrap_or(sample.at_us));
            let for_s = axis.elsewhere_us.map_or(0.0, |since_us| (sample.at_us - since_us) * 1e-6);
            axis.denied |= axis.count >= SAMPLES && for_s >= ELSEWHERE_S;
        }
        let mut which = Which::default();
        for (axis, up) in self.axes.iter().zip(up) {
            which.acc |= axis.count >= SAMPLES && (up - axis.up).abs() * GRAVITY_MPS2 > MOVED_MPS2;
        }
        for (k, frozen) in which.gyr.iter_mut().enumerate() {
            let axis = &self.axes[3 + k];
            let turns = (axis.value - bias[k]).abs() > TURNS_RADPS;
            let evenly = axis.count >= SAMPLES && sample.at_us - axis.since_us >= 1e6 * EVENLY_S;
            // Where all axes are even, somebody drew the numbers.
            let alone = self.lively.iter().enumerate().all(|(other, lively)| other == k || *lively > 0.5);
            *frozen = (turns || axis.denied) && evenly && alone;
        }
        which
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Half a second of a leg that turns by 20 °/s about y, with an axis that stands still or none, and noise in counts.
    fn which(still: Option<usize>, coarse: f64) -> Which {
        let mut frozen = Frozen::default();
        let mut found = Which::default();
        let mut state = 9_u64;
        for i in 0..60 {
            let angle = (20.0 * f64::from(i) * 0.01_f64).to_radians();
            let up = [-libm::sin(angle), 0.0, libm::cos(angle)];
            let mut values = [9.81 * up[0], 0.0, 9.81 * up[2], 0.0, 20.0_f64.to_radians(), 0.0].map(|value| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let noise = (state >> 40) as f64 / f64::from(1 << 24) - 0.5;
                ((value + 0.01 * noise) / coarse).round() * coarse
            });
            if let Some(still) = still {
                values[still] = [-0.3, 0.0, 9.81, 0.0, 0.35, 0.3][still];
            }
            let [ax, ay, az, gx, gy, gz] = values;
            let sample = Sample { at_us: f64::from(i) * 1e4, acc: [ax, ay, az], gyr: [gx, gy, gz], clipped: false };
            found = frozen.push(&sample, [0.0; 3], up);
        }
        found
    }

    #[test]
    fn an_axis_that_should_have_moved_and_did_not_is_frozen_and_one_that_need_not_is_not() {
        assert_eq!(which(Some(0), 1e-3), Which { acc: true, ..Which::default() });
        assert_eq!(which(Some(4), 1e-3), Which { gyr: [false, true, false], ..Which::default() });
        assert_eq!(which(Some(5), 1e-3), Which { gyr: [false, false, true], ..Which::default() });
        // Gravity hardly moves along these in half a second, and a rate of nothing is that of a still axis.
        for still in [1, 2, 3] {
            assert!(!which(Some(still), 1e-3).any(), "{still}");
        }
    }

    #[test]
    fn an_axis_that_says_nothing_of_a_turn_which_gravity_shows_is_frozen() {
        let (mut frozen, mut state, mut found) = (Frozen::default(), 9_u64, [None, None]);
        for i in 0..200_i32 {
            // The orientation stays where it was, as it has nothing but this gyroscope.
            let angle = (0.5 * f64::from((i - 40).max(0))).to_radians();
            let mut noise = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                0.01 * ((state >> 40) as f64 / f64::from(1 << 24) - 0.5)
            };
            let acc = [-9.81 * libm::sin(angle) + noise(), noise(), 9.81 * libm::cos(angle)];
            let sample = Sample { at_us: f64::from(i) * 1e4, acc, gyr: [noise(), 0.002, noise()], clipped: false };
            let which = frozen.push(&sample, [0.0; 3], [0.0, 0.0, 1.0]);
            for (axis, found) in [1, 2].into_iter().zip(&mut found) {
                *found = found.or(which.gyr[axis].then_some(i));
            }
        }
        assert!(found[0].is_some_and(|i| (60..100).contains(&i)) && found[1].is_none(), "{found:?}");
    }

    #[test]
    fn what_was_not_known_before_the_first_sample_says_nothing_of_an_axis() {
        let mut frozen = Frozen::default();
        for i in 0..200_i32 {
            // Lies on its side, so coarse that nothing ever changes; the way up is known from the first sample on.
            let up = if i == 0 { [0.0, 0.0, 1.0] } else { [1.0, 0.0, 0.0] };
            let sample = Sample { at_us: f64::from(i) * 1e4, acc: [9.81, 0.0, 0.0], gyr: [0.0; 3], clipped: false };
            assert!(!frozen.push(&sample, [0.0; 3], up).any(), "{i}");
        }
    }

    #[test]
    fn a_coarse_sensor_and_drawn_numbers_are_not_frozen() {
        assert!(!which(None, 1e-3).any());
        // Steps of 4 milli-g hide all of its noise, and a tenth of a degree a second half of it.
        assert!(!which(None, 0.04).any());
        let mut frozen = Frozen::default();
        for i in 0..200 {
            let sample =
                Sample { at_us: f64::from(i) * 1e4, acc: [0.0, 0.0, 9.81], gyr: [0.0, 0.5, 0.0], clipped: false };
            assert!(!frozen.push(&sample, [0.0; 3], [0.0, 0.0, 1.0]).any());
        }
    }
}

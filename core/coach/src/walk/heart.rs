//! [`Heart`]: what a heart-rate strap says of walking with and without a weight, where one is worn.

use serde::{Deserialize, Serialize};

/// Beats a minute that are taken for a heart rate.
const RATES: std::ops::RangeInclusive<u16> = 30..=230;
/// Fewest readings of a part that are compared.
const READINGS_LEAST: u32 = 30;
/// Speeds further apart than this are not the same walk, metres per second.
const SAME_SPEED: f64 = 0.1;

/// Heart rate with and without a weight at the same speed, beats a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeartRates {
    /// Without.
    pub bare: u16,
    /// With.
    pub loaded: u16,
}

#[derive(Debug, Clone)]
pub(super) struct Heart {
    /// How often each rate was read, without and with a weight.
    read: [[u32; 256]; 2],
}

impl Heart {
    pub(super) fn new() -> Self {
        Self { read: [[0; 256]; 2] }
    }

    pub(super) fn push(&mut self, bpm: u16, loaded: bool) {
        if RATES.contains(&bpm) {
            let count = &mut self.read[usize::from(loaded)][usize::from(bpm)];
            *count = count.saturating_add(1);
        }
    }

    /// Medians, where both parts were read often enough and walked at the same speed.
    pub(super) fn rates(&self, bare: Option<f64>, loaded: Option<f64>) -> Option<HeartRates> {
        let same = bare.zip(loaded).is_some_and(|(bare, loaded)| (bare - loaded).abs() <= SAME_SPEED);
        let median = |read: &[u32; 256]| {
            let all: u32 = read.iter().sum();
            let mut left = all / 2;
            let at = read.iter().position(|count| {
                let here = left < *count;
                left = left.saturating_sub(*count);
                here
            });
            at.filter(|_| all >= READINGS_LEAST).and_then(|at| u16::try_from(at).ok())
        };
        let (bare, loaded) = median(&self.read[0]).zip(median(&self.read[1]))?;
        same.then_some(HeartRates { bare, loaded })
    }
}

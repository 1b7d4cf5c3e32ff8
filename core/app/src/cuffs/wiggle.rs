//! Which of several cuffs is being shaken: for people who hold one of two equal cuffs and want to know which it is.
//!
//! [`Wiggle`] is the most important item: a machine without a clock. Needs no light and no motor in the cuff.

use std::collections::{BTreeMap, VecDeque};
use talus_motion::{CuffId, SampleBlock, StreamConfig};

/// How far back turning is looked at, microseconds.
const WINDOW_US: i64 = 1_000_000;
/// How long one cuff must be ahead of all others, microseconds.
const AHEAD_US: i64 = 1_500_000;
/// How much more it must turn than the next.
const RATIO: f64 = 4.0;
/// A cuff in a hand that means it turns at least this much (root of the mean square), rad/s: 60 °/s.
const MEANT_RADPS: f64 = 1.047;
/// Less than this is a cuff that lies still, rad/s: 10 °/s. A cuff at perfect rest must not make any other a winner.
const REST_RADPS: f64 = 0.175;
/// Cuffs at once.
const CUFFS_MAX: usize = 8;

/// Turning of one cuff lately.
#[derive(Debug, Default)]
struct Turning {
    radps_per_count: f64,
    /// Arrival, sum of squares (counts²) and samples of each block of the window.
    blocks: VecDeque<(i64, f64, usize)>,
}

impl Turning {
    /// Root of the mean square of the angular rate, rad/s.
    fn radps(&self) -> f64 {
        let (sum, len) = self.blocks.iter().fold((0.0, 0), |(sum, len), block| (sum + block.1, len + block.2));
        if len == 0 { 0.0 } else { (sum / len as f64).sqrt() * self.radps_per_count }
    }
}

/// Tells which cuff is being shaken.
#[derive(Debug, Default)]
pub struct Wiggle {
    cuffs: BTreeMap<CuffId, Turning>,
    /// The cuff that is ahead of all others, and since when.
    ahead: Option<(CuffId, i64)>,
    found: Option<CuffId>,
}

impl Wiggle {
    /// Nobody has shaken anything.
    pub fn new() -> Self {
        Self::default()
    }

    /// A cuff takes part: its stream begins.
    pub fn stream(&mut self, config: &StreamConfig) {
        if self.cuffs.len() < CUFFS_MAX || self.cuffs.contains_key(&config.cuff) {
            let turning = Turning { radps_per_count: config.gyr_radps_per_count, blocks: VecDeque::new() };
            self.cuffs.insert(config.cuff, turning);
        }
    }

    /// What a cuff felt. Blocks of cuffs whose stream did not begin are ignored.
    pub fn samples(&mut self, block: &SampleBlock) {
        let Some(turning) = self.cuffs.get_mut(&block.cuff) else { return };
        let square = |count: i16| f64::from(count) * f64::from(count);
        let sum = block.counts.iter().map(|counts| counts[3..].iter().map(|count| square(*count)).sum::<f64>()).sum();
        turning.blocks.push_back((block.arrival_us, sum, block.counts.len()));
        let now_us = block.arrival_us;
        for turning in self.cuffs.values_mut() {
            while turning.blocks.front().is_some_and(|(at_us, ..)| now_us.saturating_sub(*at_us) > WINDOW_US) {
                turning.blocks.pop_front();
            }
        }
        self.judge(now_us);
    }

    fn judge(&mut self, now_us: i64) {
        let mut most = (None, 0.0);
        let mut next: f64 = REST_RADPS;
        for (cuff, turning) in &self.cuffs {
            let radps = turning.radps();
            if radps > most.1 {
                next = next.max(most.1);
                most = (Some(*cuff), radps);
            } else {
                next = next.max(radps);
            }
        }
        let clear = most.1 >= MEANT_RADPS && most.1 >= RATIO * next;
        self.ahead = match (most.0.filter(|_| clear), self.ahead) {
            (Some(cuff), Some((before, since_us))) if cuff == before => Some((cuff, since_us)),
            (Some(cuff), _) => Some((cuff, now_us)),
            (None, _) => None,
        };
        if let Some((cuff, since_us)) = self.ahead
            && now_us.saturating_sub(since_us) >= AHEAD_US
        {
            self.found = Some(cuff);
        }
    }

    /// The cuff that was shaken, once it is clear which; the newest where that happened more than once.
    pub fn found(&self) -> Option<CuffId> {
        self.found
    }

    /// A cuff is known by another id.
    pub(crate) fn rename(&mut self, from: CuffId, to: CuffId) {
        if let Some(turning) = self.cuffs.remove(&from) {
            self.cuffs.insert(to, turning);
        }
        let same = |cuff: CuffId| if cuff == from { to } else { cuff };
        self.found = self.found.map(same);
        self.ahead = self.ahead.map(|(cuff, since_us)| (same(cuff), since_us));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_motion::{BlockFlags, Timing};

    fn config(cuff: u8) -> StreamConfig {
        StreamConfig {
            cuff: CuffId([cuff; 16]),
            stream: 0,
            rate_hz: 100.0,
            acc_mps2_per_count: 0.005,
            // 0.07 °/s per count.
            gyr_radps_per_count: 0.001_221_7,
            acc_range_mps2: 156.0,
            gyr_range_radps: 34.9,
            timing: Timing::Device,
            driver: "cmp".into(),
            firmware: String::new(),
        }
    }

    /// Tenths of a second of cuffs that turn to and fro by so many °/s.
    fn shake(wiggle: &mut Wiggle, from_tenth: i64, tenths: i64, dps: &[f64]) {
        for tenth in from_tenth..from_tenth + tenths {
            for (cuff, dps) in dps.iter().enumerate() {
                let count = (dps / 0.07) as i16;
                let counts = (0..10).map(|i| [0, 0, 2048, if i % 2 == 0 { count } else { -count }, 0, 0]).collect();
                wiggle.samples(&SampleBlock {
                    cuff: CuffId([cuff as u8; 16]),
                    stream: 0,
                    first_index: tenth.unsigned_abs() * 10,
                    device_us: None,
                    arrival_us: tenth * 100_000,
                    flags: BlockFlags(0),
                    counts,
                });
            }
        }
    }

    fn three() -> Wiggle {
        let mut wiggle = Wiggle::new();
        (0..3).for_each(|cuff| wiggle.stream(&config(cuff)));
        wiggle
    }

    #[test]
    fn the_cuff_that_is_shaken_is_found_after_a_second_and_a_half() {
        let mut wiggle = three();
        shake(&mut wiggle, 0, 20, &[1.0, 2.0, 1.0]);
        assert_eq!(wiggle.found(), None);
        shake(&mut wiggle, 20, 15, &[1.0, 300.0, 1.0]);
        assert_eq!(wiggle.found(), None, "too early");
        shake(&mut wiggle, 35, 10, &[1.0, 300.0, 1.0]);
        assert_eq!(wiggle.found(), Some(CuffId([1; 16])));
        // Another one afterwards.
        shake(&mut wiggle, 45, 30, &[200.0, 1.0, 1.0]);
        assert_eq!(wiggle.found(), Some(CuffId([0; 16])));
    }

    #[test]
    fn two_that_move_alike_and_one_that_hardly_moves_are_no_answer() {
        let mut wiggle = three();
        shake(&mut wiggle, 0, 50, &[200.0, 150.0, 1.0]);
        assert_eq!(wiggle.found(), None);
        // A walk past the table: more than the others, but nobody means it.
        let mut wiggle = three();
        shake(&mut wiggle, 0, 50, &[30.0, 0.0, 0.0]);
        assert_eq!(wiggle.found(), None);
        // A push: too short.
        shake(&mut wiggle, 50, 5, &[400.0, 0.0, 0.0]);
        shake(&mut wiggle, 55, 50, &[0.0, 0.0, 0.0]);
        assert_eq!(wiggle.found(), None);
    }

    #[test]
    fn a_single_cuff_is_found_too_and_keeps_its_name() {
        let mut wiggle = Wiggle::new();
        wiggle.stream(&config(0));
        shake(&mut wiggle, 0, 40, &[120.0]);
        wiggle.rename(CuffId([0; 16]), CuffId([9; 16]));
        assert_eq!(wiggle.found(), Some(CuffId([9; 16])));
    }
}

//! [`Recorded`]: a file's samples worn as if they were a leg, sample for sample.

use crate::motion::Motion;
use talus_motion::Sample;

/// Longest run of missing samples kept as missing, seconds: a longer hole in a file is cut to this.
const GAP_MAX_S: f64 = 600.0;

/// Why a recording cannot be played.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
pub enum RecordedError {
    /// The rate is not a number or outside 1 to 1,000 Hz.
    #[error("play a recording of {0} samples per second (1 to 1000 can be played)")]
    Rate(f64),
    /// There is nothing to play from there on.
    #[error("play a recording from sample {start}: it has {len}")]
    Empty {
        /// Where to start.
        start: usize,
        /// How many samples there are.
        len: usize,
    },
}

/// A recording. Tick `i` of the cuff is sample `i` of the file, however the virtual clock rounds.
///
/// A row with values that are not numbers is a tick without a sample, and a jump in the file's times by `k` periods
/// is `k − 1` such ticks; both surface as gaps, as they would from a real cuff.
#[derive(Debug, Clone)]
pub struct Recorded {
    samples: Vec<Sample>,
    rate_hz: f64,
    /// Tick of each sample.
    ticks: Vec<u64>,
    next: usize,
    origin: Option<(f64, u64)>,
    last_tick: u64,
}

impl Recorded {
    /// Samples in the order of the file, at `rate_hz` per second (1 to 1,000). `at_us` finds the jumps; samples
    /// that come too early or run back count as the next tick.
    pub fn new(samples: Vec<Sample>, rate_hz: f64) -> Result<Self, RecordedError> {
        if !(1.0..=1000.0).contains(&rate_hz) {
            return Err(RecordedError::Rate(rate_hz));
        }
        if samples.is_empty() {
            return Err(RecordedError::Empty { start: 0, len: 0 });
        }
        let (mut tick, mut ticks) = (0, Vec::with_capacity(samples.len()));
        for (i, sample) in samples.iter().enumerate() {
            if i > 0 {
                let periods = (sample.at_us - samples[i - 1].at_us) * 1e-6 * rate_hz;
                // Jitter of half a period is no jump. Not-a-number counts as no jump.
                tick += if periods > 1.5 { periods.round().min(GAP_MAX_S * rate_hz) as u64 } else { 1 };
            }
            ticks.push(tick);
        }
        Ok(Self { samples, rate_hz, ticks, next: 0, origin: None, last_tick: 0 })
    }

    /// The same recording played from sample `start` on: what a resumed session needs.
    pub fn starting_at(mut self, start: usize) -> Result<Self, RecordedError> {
        if start >= self.samples.len() {
            return Err(RecordedError::Empty { start, len: self.samples.len() });
        }
        self.next = start;
        self.last_tick = self.ticks[start];
        self.origin = None;
        Ok(self)
    }

    /// The same recording played from tick `tick` on; `None` where nothing is left to play.
    #[must_use]
    pub fn starting_at_tick(self, tick: u64) -> Option<Self> {
        let start = self.ticks.partition_point(|one| *one < tick);
        self.starting_at(start).ok()
    }

    /// How many samples there are.
    pub fn len(&self) -> usize {
        self.samples.len()
    }

    /// Never: an empty recording cannot be made.
    pub fn is_empty(&self) -> bool {
        self.samples.is_empty()
    }

    /// Samples played or passed so far.
    pub fn played(&self) -> usize {
        self.next
    }
}

impl Motion for Recorded {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let first = self.ticks.get(self.next).copied()?;
        let (origin_s, origin_tick) = *self.origin.get_or_insert((at_s, first));
        let tick = origin_tick + ((at_s - origin_s) * self.rate_hz).round().max(0.0) as u64;
        self.last_tick = tick;
        // Ticks that nobody asked for (the sensor was off) are passed over.
        while self.ticks.get(self.next).is_some_and(|next| *next < tick) {
            self.next += 1;
        }
        let missing = Sample { at_us: at_s * 1e6, acc: [f64::NAN; 3], gyr: [f64::NAN; 3], clipped: false };
        match self.ticks.get(self.next) {
            None => None,
            Some(next) if *next > tick => Some(missing),
            Some(_) => {
                self.next += 1;
                Some(self.samples[self.next - 1])
            }
        }
    }

    fn own_rate_hz(&self) -> Option<f64> {
        Some(self.rate_hz)
    }

    fn paused(&mut self) {
        self.origin = None;
    }

    fn idle(&self, _at_s: f64) -> bool {
        self.next >= self.samples.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(times_s: &[f64]) -> Vec<Sample> {
        let sample =
            |(i, t): (usize, &f64)| Sample { at_us: t * 1e6, acc: [i as f64, 0.0, 9.8], gyr: [0.0; 3], clipped: false };
        times_s.iter().enumerate().map(sample).collect()
    }

    fn play(recorded: &mut Recorded, from_s: f64, n: usize) -> Vec<Option<f64>> {
        (0..n).map(|i| recorded.sample(from_s + i as f64 / recorded.rate_hz).map(|s| s.acc[0])).collect()
    }

    #[test]
    fn tick_i_is_sample_i() {
        let times: Vec<f64> = (0..5000).map(|i| f64::from(i) / 142.86).collect();
        let mut recorded = Recorded::new(samples(&times), 142.86).unwrap();
        let played = play(&mut recorded, 77.123_456, 5000);
        assert!(played.iter().enumerate().all(|(i, x)| *x == Some(i as f64)));
        assert!(recorded.idle(0.0));
        assert_eq!(play(&mut recorded, 200.0, 1), [None]);
    }

    #[test]
    fn a_jump_in_the_times_is_as_many_missing_ticks() {
        let mut recorded = Recorded::new(samples(&[0.0, 0.04, 0.16, 0.21, 0.20]), 25.0).unwrap();
        let played = play(&mut recorded, 3.0, 8);
        assert_eq!(played[..2], [Some(0.0), Some(1.0)]);
        assert!(played[2].unwrap().is_nan() && played[3].unwrap().is_nan());
        assert_eq!(played[4..], [Some(2.0), Some(3.0), Some(4.0), None]);
    }

    #[test]
    fn a_recording_starts_anywhere_and_waits_while_paused() {
        let times: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.01).collect();
        let mut recorded = Recorded::new(samples(&times), 100.0).unwrap().starting_at(40).unwrap();
        assert_eq!(play(&mut recorded, 1.0, 2), [Some(40.0), Some(41.0)]);
        recorded.paused();
        assert_eq!(play(&mut recorded, 9.0, 2), [Some(42.0), Some(43.0)]);
        // Not paused: time passed while nobody listened.
        assert_eq!(play(&mut recorded, 9.1, 1), [Some(52.0)]);
    }

    #[test]
    fn a_tick_that_has_no_sample_starts_at_the_next_one_that_has() {
        let jump = samples(&[0.0, 0.04, 0.16, 0.20]);
        let from = |tick| Recorded::new(jump.clone(), 25.0).unwrap().starting_at_tick(tick);
        assert_eq!(play(&mut from(0).unwrap(), 1.0, 2), [Some(0.0), Some(1.0)]);
        assert_eq!(play(&mut from(2).unwrap(), 1.0, 2), [Some(2.0), Some(3.0)]);
        assert!(from(6).is_none());
    }

    #[test]
    fn what_cannot_be_played_is_refused() {
        assert_eq!(Recorded::new(vec![], 25.0).unwrap_err(), RecordedError::Empty { start: 0, len: 0 });
        assert!(matches!(Recorded::new(samples(&[0.0]), f64::NAN), Err(RecordedError::Rate(_))));
        let one = Recorded::new(samples(&[0.0]), 25.0).unwrap();
        assert_eq!(one.starting_at(1).unwrap_err(), RecordedError::Empty { start: 1, len: 1 });
    }
}

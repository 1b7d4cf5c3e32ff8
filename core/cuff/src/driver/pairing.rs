//! Two streams made one: acceleration and angular rate of families that send each by itself.
//!
//! [`ByCount`] is for families without any time: the nth of one belongs to the nth of the other. A side that stays
//! ahead was started earlier, or the other has lost samples: either way what it is ahead by has no partner. [`ByTime`] is for families with stamps: angular rate is interpolated to
//! the moments of acceleration. Both hold a bounded number of samples and allocate nothing once they run.

use std::collections::VecDeque;

/// Samples of one side that wait for the other at most.
const WAITING_MAX: usize = 512;
/// Samples after which the side that was always ahead is brought back.
const WATCH: usize = 120;

/// Pairs samples by their number.
#[derive(Debug)]
pub(super) struct ByCount {
    acc: VecDeque<[i16; 3]>,
    gyr: VecDeque<[i16; 3]>,
    /// Smallest lead of each side since the watch began, and for how many samples it has been watched.
    lead: [usize; 2],
    watched: usize,
    broken: bool,
}

impl ByCount {
    pub(super) fn new() -> Self {
        let room = || VecDeque::with_capacity(WAITING_MAX);
        Self { acc: room(), gyr: room(), lead: [usize::MAX; 2], watched: 0, broken: false }
    }

    /// Forgets what waits.
    pub(super) fn clear(&mut self) {
        self.acc.clear();
        self.gyr.clear();
        self.watch_anew();
        self.broken = false;
    }

    fn watch_anew(&mut self) {
        (self.lead, self.watched) = ([usize::MAX; 2], 0);
    }

    /// Takes samples of acceleration.
    pub(super) fn acc(&mut self, samples: &[[i16; 3]]) {
        self.broken |= push(&mut self.acc, samples);
    }

    /// Takes samples of angular rate.
    pub(super) fn gyr(&mut self, samples: &[[i16; 3]]) {
        self.broken |= push(&mut self.gyr, samples);
    }

    /// The next pair, and whether samples are missing before it.
    pub(super) fn next(&mut self) -> Option<([i16; 6], bool)> {
        let (Some([ax, ay, az]), Some([gx, gy, gz])) = (self.acc.front().copied(), self.gyr.front().copied()) else {
            return None;
        };
        self.acc.pop_front();
        self.gyr.pop_front();
        let broken = std::mem::take(&mut self.broken);
        self.watched += 1;
        // Both sides come in the same connection events: sooner or later the one that waits is empty again. One that
        // never is has samples the other lost.
        self.lead = [self.lead[0].min(self.acc.len()), self.lead[1].min(self.gyr.len())];
        if self.watched >= WATCH {
            let [acc, gyr] = self.lead;
            self.broken |= acc.max(gyr) > 0;
            self.acc.drain(..acc.min(self.acc.len()));
            self.gyr.drain(..gyr.min(self.gyr.len()));
            self.watch_anew();
        }
        Some(([ax, ay, az, gx, gy, gz], broken))
    }
}

/// Puts samples behind those that wait; the oldest make room. Whether any had to.
fn push<T: Copy>(queue: &mut VecDeque<T>, samples: &[T]) -> bool {
    let mut full = false;
    for sample in samples {
        if queue.len() == WAITING_MAX {
            queue.pop_front();
            full = true;
        }
        queue.push_back(*sample);
    }
    full
}

/// A sample and when it was taken, microseconds of the device's clock.
pub(super) type Timed = (f64, [f32; 3]);

/// Brings angular rate to the moments of acceleration.
#[derive(Debug)]
pub(super) struct ByTime {
    acc: VecDeque<Timed>,
    gyr: VecDeque<Timed>,
    /// Largest distance between two samples of angular rate that are joined, microseconds.
    reach_us: f64,
}

impl ByTime {
    /// Joins samples no further apart than two and a half of these periods.
    pub(super) fn new(period_us: f64) -> Self {
        let room = || VecDeque::with_capacity(WAITING_MAX);
        Self { acc: room(), gyr: room(), reach_us: 2.5 * period_us }
    }

    /// Takes a sample of acceleration.
    pub(super) fn acc(&mut self, sample: Timed) {
        push(&mut self.acc, &[sample]);
    }

    /// Takes a sample of angular rate.
    pub(super) fn gyr(&mut self, sample: Timed) {
        // A clock that was set back: what waits belongs to another time.
        if self.gyr.back().is_some_and(|(before_us, _)| sample.0 <= *before_us) {
            self.gyr.clear();
        }
        push(&mut self.gyr, &[sample]);
    }

    /// The next acceleration with the angular rate at its moment. Where there is none, the acceleration is left out.
    pub(super) fn next(&mut self) -> Option<(f64, [f32; 3], [f32; 3])> {
        loop {
            let (at_us, acc) = *self.acc.front()?;
            while self.gyr.get(1).is_some_and(|(next_us, _)| *next_us <= at_us) {
                self.gyr.pop_front();
            }
            let (before_us, before) = *self.gyr.front()?;
            if before_us > at_us {
                self.acc.pop_front();
                continue;
            }
            let Some((after_us, after)) = self.gyr.get(1).copied() else {
                if at_us - before_us > self.reach_us + WAITING_MAX as f64 * 1e5 {
                    // Times of two clocks: they will never meet.
                    self.gyr.clear();
                }
                if at_us == before_us {
                    self.acc.pop_front();
                    return Some((at_us, acc, before));
                }
                return None;
            };
            self.acc.pop_front();
            let span_us = after_us - before_us;
            if span_us > self.reach_us {
                continue;
            }
            let part = ((at_us - before_us) / span_us) as f32;
            return Some((at_us, acc, core::array::from_fn(|i| before[i] + part * (after[i] - before[i]))));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbered(range: std::ops::Range<i16>) -> Vec<[i16; 3]> {
        range.map(|n| [n; 3]).collect()
    }

    #[test]
    fn the_nth_of_one_side_belongs_to_the_nth_of_the_other() {
        let mut pairs = ByCount::new();
        for first in (0..300).step_by(3) {
            pairs.acc(&numbered(first..first + 3));
            assert_eq!(pairs.next(), None);
            pairs.gyr(&numbered(first..first + 3));
            while let Some((pair, broken)) = pairs.next() {
                assert_eq!((pair[0], broken), (pair[3], false));
            }
        }
    }

    #[test]
    fn a_side_that_was_started_earlier_gives_up_its_lead() {
        let mut pairs = ByCount::new();
        // The first notification came before the other sensor ran.
        pairs.acc(&numbered(0..3));
        let mut last = ([0; 6], false);
        for first in (3..400).step_by(3) {
            pairs.acc(&numbered(first..first + 3));
            pairs.gyr(&numbered(first..first + 3));
            last = std::iter::from_fn(|| pairs.next()).last().unwrap();
        }
        assert_eq!((last.0[0], last.1), (last.0[3], false));
    }

    #[test]
    fn a_side_that_lost_samples_is_found_out_and_brought_back() {
        let mut pairs = ByCount::new();
        let (mut broken_at, mut count) = (Vec::new(), 0);
        for first in (0..900).step_by(3) {
            pairs.acc(&numbered(first..first + 3));
            // Two notifications of the other side never come.
            if !(300..306).contains(&first) {
                pairs.gyr(&numbered(first..first + 3));
            }
            while let Some((pair, broken)) = pairs.next() {
                count += 1;
                if broken {
                    broken_at.push(count);
                }
                if count > 600 {
                    assert_eq!(pair[0], pair[3]);
                }
            }
        }
        assert_eq!(broken_at.len(), 1);
        assert!((300..600).contains(&broken_at[0]), "{broken_at:?}");
    }

    #[test]
    fn a_side_that_never_comes_is_held_in_bounds() {
        let mut pairs = ByCount::new();
        for _ in 0..100 {
            pairs.acc(&numbered(0..100));
        }
        assert_eq!((pairs.acc.len(), pairs.next()), (WAITING_MAX, None));
    }

    #[test]
    fn angular_rate_is_brought_to_the_moments_of_acceleration() {
        let mut pairs = ByTime::new(20_000.0);
        for n in 0..10 {
            let at_us = f64::from(n) * 20_000.0;
            pairs.acc((at_us, [n as f32; 3]));
            pairs.gyr((at_us + 5_000.0, [n as f32; 3]));
        }
        let read: Vec<_> = std::iter::from_fn(|| pairs.next()).collect();
        // The first has nothing before it, the last nothing behind it.
        assert_eq!(read.len(), 9);
        for (at_us, acc, gyr) in read {
            assert!((f64::from(gyr[0]) * 20_000.0 + 5_000.0 - at_us).abs() < 0.1);
            assert_eq!(f64::from(acc[0]) * 20_000.0, at_us);
        }
    }

    #[test]
    fn no_angular_rate_is_made_up_over_a_gap() {
        let mut pairs = ByTime::new(20_000.0);
        for n in [0, 1, 2, 8, 9] {
            pairs.gyr((f64::from(n) * 20_000.0, [0.0; 3]));
        }
        for n in 0..10 {
            pairs.acc((f64::from(n) * 20_000.0, [0.0; 3]));
        }
        let at: Vec<_> = std::iter::from_fn(|| pairs.next()).map(|(at_us, ..)| at_us / 20_000.0).collect();
        assert_eq!(at, [0.0, 1.0, 8.0, 9.0]);
    }
}

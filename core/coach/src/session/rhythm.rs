//! [`Rhythm`]: when a leg has rested long enough to call a set over, against the rhythm of that set.
//!
//! Somebody who counts five seconds at the top and five at the bottom does not rest: a fixed limit would cut such a
//! set in pieces or run two quick ones together. A pause ends the set when it is out of step with the rests so far
//! and a whole repetition would have fitted into it.

use talus_motion::stats::Recent;

/// How many usual rests a pause is at least.
const RESTS: f64 = 3.0;
/// No shorter pause ends a set, seconds: catching one's breath between two repetitions takes about so long.
const LEAST_S: f64 = 6.0;
/// The same while only one repetition is known, and with it no rest at all: careful people wait after the first one.
const LEAST_UNKNOWN_S: f64 = 10.0;
/// No longer pause is waited for, seconds: that is a rest between sets whatever the rhythm.
const MOST_S: f64 = 30.0;

/// Repetitions that make the rhythm: the newest.
const KEPT: usize = 32;

#[derive(Debug, Clone, Default)]
pub(super) struct Rhythm {
    rests_s: Recent<KEPT>,
    reps_s: Recent<KEPT>,
    /// Worked out when a repetition comes, because it is asked for with every sample.
    limit_us: i64,
}

impl Rhythm {
    /// Takes a repetition: the rest before it in this set, where there was one, and its own length, seconds.
    pub(super) fn note(&mut self, rest_s: Option<f64>, rep_s: f64) {
        if let Some(rest_s) = rest_s {
            self.rests_s.push(rest_s);
        }
        self.reps_s.push(rep_s);
        let rep_s = self.reps_s.median().unwrap_or(0.0);
        let limit_s = match self.rests_s.median() {
            Some(rest_s) => (RESTS * rest_s).max(rep_s).max(LEAST_S),
            None => (2.0 * rep_s).max(LEAST_UNKNOWN_S),
        };
        self.limit_us = (limit_s.min(MOST_S) * 1e6) as i64;
    }

    /// The rest that ends the set, microseconds; nothing is asked before the first repetition.
    pub(super) fn limit_us(&self) -> i64 {
        self.limit_us
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit_s(rests: &[f64], rep_s: f64) -> f64 {
        let mut rhythm = Rhythm::default();
        rhythm.note(None, rep_s);
        for rest in rests {
            rhythm.note(Some(*rest), rep_s);
        }
        rhythm.limit_us() as f64 * 1e-6
    }

    #[test]
    fn a_pause_ends_a_set_when_it_is_out_of_step_with_it() {
        assert_eq!(limit_s(&[1.0, 1.0, 1.0], 3.0), 6.0);
        assert_eq!(limit_s(&[1.0, 1.0, 1.0], 8.0), 8.0);
        assert_eq!(limit_s(&[5.0, 5.0, 4.0], 9.0), 15.0);
        assert_eq!(limit_s(&[40.0], 5.0), 30.0);
        assert_eq!((limit_s(&[], 3.0), limit_s(&[], 7.0)), (10.0, 14.0));
    }
}

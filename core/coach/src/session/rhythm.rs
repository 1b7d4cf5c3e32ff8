//! [`Rhythm`]: when a leg has rested long enough to call a set over, against the rhythm of that set.

use super::set::median;

#[derive(Debug, Clone, Default)]
pub(super) struct Rhythm {
    rests_s: Vec<f64>,
    reps_s: Vec<f64>,
}

impl Rhythm {
    pub(super) fn note(&mut self, rest_s: Option<f64>, rep_s: f64) {
        self.rests_s.extend(rest_s);
        self.reps_s.push(rep_s);
    }

    /// The rest that ends the set, microseconds.
    pub(super) fn limit_us(&self) -> i64 {
        let rep_s = median(&self.reps_s).unwrap_or(4.0);
        let rest_s = median(&self.rests_s).unwrap_or(2.0);
        let limit_s = (3.0 * rest_s).max(rep_s).max(6.0);
        (limit_s * 1e6) as i64
    }
}

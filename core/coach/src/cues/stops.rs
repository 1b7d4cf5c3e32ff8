//! [`SetStops`]: when a set is over before its number is reached, because lifting has become slow or the range short.

use crate::catalogue::CueRules;
use talus_motion::Rep;

/// Repetitions that say how fast and far this set began.
const FIRST: usize = 3;

/// Why a set is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetStop {
    /// Lifting has become slow: near enough to the limit to have been worth it.
    Speed,
    /// The range has become short.
    Range,
}

/// Looks at each repetition of a set.
#[derive(Debug, Clone)]
pub struct SetStops {
    speed_left: f64,
    range_left: f64,
    in_a_row: u32,
    first_range_deg: [f64; FIRST],
    best_deg_per_s: f64,
    known: usize,
    slow: u32,
    short: u32,
}

impl SetStops {
    /// A set begins; `care` from the age of care on or with a joint flag.
    pub fn new(care: bool, rules: &CueRules) -> Self {
        let loss = if care { &rules.care_speed_loss_percent } else { &rules.speed_loss_percent };
        Self {
            speed_left: 1.0 - loss.value / 100.0,
            range_left: rules.range_share.value,
            in_a_row: rules.in_a_row.whole().max(1),
            first_range_deg: [0.0; FIRST],
            best_deg_per_s: 0.0,
            known: 0,
            slow: 0,
            short: 0,
        }
    }

    /// Takes the next repetition. One that was not measured breaks a row and stops nothing.
    pub fn push(&mut self, rep: &Rep) -> Option<SetStop> {
        let range_deg = rep.range_deg.filter(|range| range.is_finite() && *range > 0.0);
        let speed = range_deg.filter(|_| rep.lift_s > 0.0).map(|range| range / rep.lift_s);
        let Some((range_deg, speed)) = range_deg.zip(speed.filter(|speed| speed.is_finite())) else {
            (self.slow, self.short) = (0, 0);
            return None;
        };
        if self.known < FIRST {
            self.first_range_deg[self.known] = range_deg;
            self.best_deg_per_s = self.best_deg_per_s.max(speed);
            self.known += 1;
            return None;
        }
        let [a, b, c] = self.first_range_deg;
        let usual_deg = a.max(b).min(a.min(b).max(c));
        let row = |so_far: u32, now: bool| if now { so_far + 1 } else { 0 };
        self.short = row(self.short, range_deg <= self.range_left * usual_deg);
        self.slow = row(self.slow, speed <= self.speed_left * self.best_deg_per_s);
        if self.short >= self.in_a_row {
            Some(SetStop::Range)
        } else if self.slow >= self.in_a_row {
            Some(SetStop::Speed)
        } else {
            None
        }
    }
}

//! Rules that end a set before its target: the range shrinks, the lift slows, or the leg goes further than a plan allows.
//! That the same tip did not help is what the cues themselves notice.
//!
//! They look at repetitions in their order only, so that a replay stops where the session did. What a set of fewer
//! repetitions cannot tell is not looked at.

use super::set::median;
use crate::catalogue::SetRules;
use crate::cues::Moment;
use talus_motion::Rep;

/// Why a set is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The range shrinks.
    Range,
    /// The lift slows.
    Slow,
    /// The same tip was called for once too often.
    Form,
    /// The limit of a plan was passed too often.
    Limit,
}

impl Stop {
    /// What it is told with; `None` where that was told already.
    pub(super) fn moment(self) -> Option<Moment<'static>> {
        match self {
            Self::Range => Some(Moment::RangeStop),
            Self::Slow => Some(Moment::SpeedStop),
            Self::Form => None,
            Self::Limit => Some(Moment::LimitStop),
        }
    }
}

/// What was seen of a set as far as these rules look.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    ranges_deg: Vec<f64>,
    fastest: f64,
    shrunken: u32,
    slow: u32,
    beyond: u32,
}

impl Watch {
    /// Takes a repetition; whether the set is to be ended. `care`: slower rules hold.
    pub(super) fn rep(&mut self, rep: &Rep, care: bool, rules: &SetRules) -> Option<Stop> {
        let first = rules.first_reps.whole() as usize;
        if let Some(range) = rep.range_deg.filter(|range| range.is_finite() && *range > 0.0) {
            if self.ranges_deg.len() < first {
                self.ranges_deg.push(range);
            } else {
                let usual = median(&self.ranges_deg).unwrap_or(range);
                self.shrunken = if range <= rules.range_share.value * usual { self.shrunken + 1 } else { 0 };
            }
        }
        let rate = rep.peak_deg_per_s;
        if rate.is_finite() && rate > 0.0 {
            let loss = if care { &rules.rate_loss_care_percent } else { &rules.rate_loss_percent };
            let late = self.ranges_deg.len() >= first;
            let slow = rate <= (1.0 - loss.value / 100.0) * self.fastest;
            self.slow = if late && slow { self.slow + 1 } else { 0 };
            self.fastest = self.fastest.max(rate);
        }
        if self.shrunken >= rules.in_a_row.whole() {
            Some(Stop::Range)
        } else if self.slow >= rules.in_a_row.whole() {
            Some(Stop::Slow)
        } else {
            None
        }
    }

    /// A limit was passed; whether the set is to be ended.
    pub(super) fn beyond(&mut self, rules: &SetRules) -> Option<Stop> {
        self.beyond = self.beyond.saturating_add(1);
        (self.beyond >= rules.limit_times.whole()).then_some(Stop::Limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Catalogue;
    use std::sync::LazyLock;
    use talus_motion::{Measures, Micros, Quality};

    fn rules() -> &'static SetRules {
        static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::embedded().unwrap());
        &CATALOGUE.rules().set
    }

    fn rep(range_deg: f64, peak_deg_per_s: f64) -> Rep {
        Rep {
            start: Micros(0),
            top: Micros(1),
            turn: Micros(2),
            end: Micros(3),
            range_deg: Some(range_deg),
            lift_s: 1.0,
            hold_s: 1.0,
            lower_s: 1.0,
            rest_s: None,
            peak_deg_per_s,
            smoothness_sparc: None,
            full: true,
            confidence: 1.0,
            detectors: Vec::new(),
            measures: Measures::default(),
            quality: Quality::GOOD,
        }
    }

    /// At which repetition the set is ended, and why.
    fn stopped(reps: &[Rep], care: bool) -> Option<(i64, Stop)> {
        let mut watch = Watch::default();
        (1..).zip(reps).find_map(|(seq, rep)| watch.rep(rep, care, rules()).map(|stop| (seq, stop)))
    }

    fn set(ranges: &[f64]) -> Vec<Rep> {
        ranges.iter().map(|range| rep(*range, 100.0)).collect()
    }

    #[test]
    fn a_range_that_shrinks_twice_in_a_row_ends_the_set() {
        assert_eq!(stopped(&set(&[70.0, 72.0, 68.0, 50.0, 69.0, 50.0, 52.0, 70.0]), false), Some((7, Stop::Range)));
        assert_eq!(stopped(&set(&[70.0, 72.0, 68.0, 55.0, 54.0, 53.0]), false), None);
        assert_eq!(stopped(&set(&[70.0, 30.0, 30.0]), false), None, "the first three are what is compared with");
    }

    #[test]
    fn a_lift_that_slows_twice_in_a_row_ends_the_set_and_sooner_with_care() {
        let reps: Vec<Rep> = [100.0, 95.0, 90.0, 70.0, 72.0, 60.0, 64.0].iter().map(|rate| rep(70.0, *rate)).collect();
        assert_eq!(stopped(&reps, true), Some((5, Stop::Slow)));
        assert_eq!(stopped(&reps, false), Some((7, Stop::Slow)));
    }

    #[test]
    fn a_limit_that_is_passed_three_times_ends_the_set() {
        let mut watch = Watch::default();
        assert_eq!([(); 3].map(|()| watch.beyond(rules())), [None, None, Some(Stop::Limit)]);
    }
}

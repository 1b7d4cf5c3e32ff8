//! Rules that end a set before its target: the range shrinks, the lift slows, the same thing goes wrong again and again,
//! or the leg goes further than a plan allows.
//!
//! They look at repetitions in their order only, so that a replay stops where the session did. What a set of fewer
//! repetitions cannot tell is not looked at.

use super::set::median;
use talus_motion::{Detector, Micros, Rep};

/// Repetitions whose median range and rate the later ones are held to.
const FIRST: usize = 3;
/// Share of that range from which down a repetition is shrunken; twice in a row ends the set.
const RANGE_SHARE: f64 = 0.75;
/// Share of the fastest rate that is lost; twice in a row ends the set. With care it is less.
const RATE_LOSS: f64 = 0.35;
const RATE_LOSS_CARE: f64 = 0.25;
/// So often the same thing goes wrong, each time with room for a tip to be heard, before the set is ended.
const SAME_MOST: u8 = 3;
const APART_US: i64 = 8_000_000;
/// So often a limit is passed before the set is ended.
const BEYOND_MOST: u8 = 3;
/// An angle is this far off at most while a leg moves, degrees: only what is further out is beyond a limit.
pub(super) const ANGLE_ERROR_DEG: f64 = 5.0;

/// Why a set is ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The range shrinks.
    Range,
    /// The lift slows.
    Slow,
    /// The same thing went wrong three times.
    Form,
    /// The limit of a plan was passed three times.
    Limit,
}

impl Stop {
    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Range => "cue.stop_range",
            Self::Slow => "cue.stop_slow",
            Self::Form => "cue.stop_form",
            Self::Limit => "cue.stop_limit",
        }
    }
}

/// Ways of doing a repetition that there is a cue for.
const TOLD: [Detector; 5] =
    [Detector::FastLift, Detector::FastLower, Detector::Drop, Detector::NoHold, Detector::NoReturn];

/// What was seen of a set as far as these rules look.
#[derive(Debug, Clone, Default)]
pub(super) struct Watch {
    ranges_deg: Vec<f64>,
    fastest: f64,
    shrunken: u8,
    slow: u8,
    /// Things that went wrong, how often, and when that was counted last.
    wrong: Vec<(Detector, u8, Micros)>,
    beyond: u8,
}

impl Watch {
    /// Takes a repetition; whether the set is to be ended. `care`: slower rules hold.
    pub(super) fn rep(&mut self, rep: &Rep, care: bool) -> Option<Stop> {
        for detector in &rep.detectors {
            // Only what a person was told about. A short or shrinking range and a slowing lift have rules of their own, and
            // a person may stop short of the range on purpose.
            if !TOLD.contains(detector) {
                continue;
            }
            match self.wrong.iter_mut().find(|(known, ..)| known == detector) {
                Some((_, times, at)) if rep.end.since(*at) >= APART_US => (*times, *at) = (*times + 1, rep.end),
                Some(_) => {}
                None => self.wrong.push((*detector, 1, rep.end)),
            }
        }
        if let Some(range) = rep.range_deg.filter(|range| range.is_finite() && *range > 0.0) {
            if self.ranges_deg.len() < FIRST {
                self.ranges_deg.push(range);
            } else {
                let first = median(&self.ranges_deg).unwrap_or(range);
                self.shrunken = if range <= RANGE_SHARE * first { self.shrunken + 1 } else { 0 };
            }
        }
        let rate = rep.peak_deg_per_s;
        if rate.is_finite() && rate > 0.0 {
            let loss = if care { RATE_LOSS_CARE } else { RATE_LOSS };
            let late = self.ranges_deg.len() >= FIRST;
            self.slow = if late && rate <= (1.0 - loss) * self.fastest { self.slow + 1 } else { 0 };
            self.fastest = self.fastest.max(rate);
        }
        if self.shrunken >= 2 {
            Some(Stop::Range)
        } else if self.slow >= 2 {
            Some(Stop::Slow)
        } else if self.wrong.iter().any(|(_, times, _)| *times >= SAME_MOST) {
            Some(Stop::Form)
        } else {
            None
        }
    }

    /// A limit was passed; whether the set is to be ended.
    pub(super) fn beyond(&mut self) -> Option<Stop> {
        self.beyond = self.beyond.saturating_add(1);
        (self.beyond >= BEYOND_MOST).then_some(Stop::Limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use talus_motion::{Measures, Quality};

    fn rep(range_deg: f64, peak_deg_per_s: f64, detectors: &[Detector]) -> Rep {
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
            detectors: detectors.to_vec(),
            measures: Measures::default(),
            quality: Quality::GOOD,
        }
    }

    /// At which repetition, seven seconds after the one before, the set is ended, and why.
    fn stopped(reps: &[Rep], care: bool) -> Option<(i64, Stop)> {
        let mut watch = Watch::default();
        (1..).zip(reps).find_map(|(seq, rep)| {
            let rep = Rep { end: Micros(7_000_000 * seq), ..rep.clone() };
            watch.rep(&rep, care).map(|stop| (seq, stop))
        })
    }

    fn set(ranges: &[f64]) -> Vec<Rep> {
        ranges.iter().map(|range| rep(*range, 100.0, &[])).collect()
    }

    #[test]
    fn a_range_that_shrinks_twice_in_a_row_ends_the_set() {
        assert_eq!(stopped(&set(&[70.0, 72.0, 68.0, 50.0, 69.0, 50.0, 52.0, 70.0]), false), Some((7, Stop::Range)));
        assert_eq!(stopped(&set(&[70.0, 72.0, 68.0, 55.0, 54.0, 53.0]), false), None);
        assert_eq!(stopped(&set(&[70.0, 30.0, 30.0]), false), None, "the first three are what is compared with");
    }

    #[test]
    fn a_lift_that_slows_twice_in_a_row_ends_the_set_and_sooner_with_care() {
        let reps: Vec<Rep> =
            [100.0, 95.0, 90.0, 70.0, 72.0, 60.0, 64.0].iter().map(|rate| rep(70.0, *rate, &[])).collect();
        assert_eq!(stopped(&reps, true), Some((5, Stop::Slow)));
        assert_eq!(stopped(&reps, false), Some((7, Stop::Slow)));
    }

    #[test]
    fn the_same_thing_three_times_ends_the_set_and_three_different_ones_do_not() {
        let with = |detectors: &[Detector]| rep(70.0, 100.0, detectors);
        // The first, the third and the fifth are far enough apart for a tip to be heard and tried.
        let drops = vec![with(&[Detector::Drop]); 6];
        assert_eq!(stopped(&drops, false), Some((5, Stop::Form)));
        let far = [with(&[Detector::Drop]), with(&[]), with(&[Detector::Drop]), with(&[]), with(&[Detector::Drop])];
        assert_eq!(stopped(&far, false), Some((5, Stop::Form)));
        let reps = [with(&[Detector::Drop]), with(&[Detector::FastLift]), with(&[Detector::NoHold])];
        assert_eq!(stopped(&reps, false), None);
        let short = [with(&[Detector::ShortRom]), with(&[Detector::ShortRom]), with(&[Detector::ShortRom])];
        assert_eq!(stopped(&short, false), None);
    }

    #[test]
    fn a_limit_that_is_passed_three_times_ends_the_set() {
        let mut watch = Watch::default();
        assert_eq!([watch.beyond(), watch.beyond(), watch.beyond()], [None, None, Some(Stop::Limit)]);
    }
}

//! [`Exposure`]: one exercise on one side in one session, as far as progression looks at it.

use crate::catalogue::{Exercise, LighterWeekRules, Rules};
use crate::form::Form;
use crate::load::{Ceiling, Try, found_in};
use crate::session::io::SetResult;
use serde::{Deserialize, Serialize};

/// One set that was done.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct SetDone {
    /// Repetitions counted.
    pub count: u32,
    /// Repetitions in reserve as answered.
    pub reserve: Option<u8>,
    /// Pain as answered.
    pub pain: Option<u8>,
    /// Form, 0 to 100, where it is known.
    pub form: Option<u8>,
    /// Range of the own range, 0 and up, where it is known.
    pub range_share: Option<f64>,
    /// Angular rate of the lift, degrees per second, where it is known.
    pub rate_deg_per_s: Option<f64>,
    /// Whether it was measured, not marked "check" and not corrected by hand.
    pub measured: bool,
}

/// What sets that looked for a load were held to.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The ceiling they kept to.
    pub ceiling: &'a Ceiling,
    /// Thresholds.
    pub rules: &'a Rules,
}

/// The own range of one exercise and side where none was calibrated, degrees: the middle of the measured sets of the
/// first session that had any. Later sessions are held to it, so that a range that shrinks is noticed.
pub fn own_range(first: &[&SetResult]) -> Option<f64> {
    let known: Vec<f64> = first
        .iter()
        .filter(|set| set.counts_for_progress)
        .filter_map(|set| set.range_deg.filter(|range| range.is_finite() && *range > 0.0))
        .collect();
    crate::session::median(&known)
}

impl SetDone {
    /// The set as one on the way to a load.
    pub fn as_try(&self, mass_g: u32) -> Try {
        let Self { count, reserve, pain, form, measured, .. } = *self;
        Try { mass_g, count, reserve, pain, form, measured }
    }

    /// From what a session says of a set.
    pub fn of(set: &SetResult, exercise: &Exercise, own_range_deg: Option<f64>) -> Self {
        let own = own_range_deg.filter(|own| own.is_finite() && *own > 0.0);
        Self {
            count: set.count,
            reserve: set.reserve,
            pain: set.pain,
            form: Form::of(set, exercise, own_range_deg).map(|form| form.score),
            range_share: set.range_deg.zip(own).map(|(range, own)| range / own).filter(|share| share.is_finite()),
            rate_deg_per_s: set.peak_deg_per_s,
            measured: set.counts_for_progress,
        }
    }
}

/// One exercise on one side in one session.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Exposure {
    /// Day number of the session, local calendar.
    pub day: i64,
    /// Weight, grams: the heaviest of its sets.
    pub mass_g: u32,
    /// Its sets, in order.
    pub sets: Vec<SetDone>,
    /// Points of pain above the usual the next morning, where that was asked and answered.
    pub morning_rise: Option<u8>,
    /// Whether the person has checked in since.
    pub checked_in: bool,
    /// Whether it was asked to be lighter: its load is no measure of what was reached before.
    pub lighter: bool,
    /// Whether sleep was poor or soreness was there at the check-in.
    pub rough: bool,
}

impl Exposure {
    /// From the sets of one exercise on one side in one session, in their order; `None` where nothing was done. Sets
    /// that looked for a load ([`Looked`]) count as done with the load that was found: a heavier one that gave way was
    /// never carried.
    pub fn of(
        day: i64,
        sets: &[&SetResult],
        exercise: &Exercise,
        own_range_deg: Option<f64>,
        looked: Option<Looked<'_>>,
    ) -> Option<Self> {
        // A set that was begun and left says nothing, unless it hurt.
        let done = sets.iter().filter(|set| set.count > 0 || set.pain.is_some());
        let done: Vec<(u32, SetDone)> =
            done.map(|set| (set.mass_g, SetDone::of(set, exercise, own_range_deg))).collect();
        let heaviest = done.iter().map(|(mass_g, _)| *mass_g).max()?;
        let mass_g = looked.map_or(heaviest, |looked| {
            let tries: Vec<Try> = done.iter().map(|(mass_g, set)| set.as_try(*mass_g)).collect();
            found_in(&tries, looked.ceiling, looked.rules)
        });
        Some(Self {
            day,
            mass_g,
            sets: done.into_iter().map(|(_, set)| set).collect(),
            morning_rise: None,
            checked_in: false,
            lighter: false,
            rough: false,
        })
    }

    /// The most pain answered after any set.
    pub fn pain(&self) -> Option<u8> {
        self.sets.iter().filter_map(|set| set.pain).max()
    }

    /// Repetitions of the weakest set.
    pub fn fewest(&self) -> u32 {
        self.sets.iter().map(|set| set.count).min().unwrap_or(0)
    }

    /// Least in reserve; `None` where any set has no answer.
    pub fn reserve(&self) -> Option<u8> {
        all(self.sets.iter().map(|set| set.reserve))
    }

    /// The poorest form of its sets; `None` where any set has none.
    pub fn form(&self) -> Option<u8> {
        all(self.sets.iter().map(|set| set.form))
    }

    /// Whether it was measured throughout.
    pub fn measured(&self) -> bool {
        !self.sets.is_empty() && self.sets.iter().all(|set| set.measured)
    }

    /// Whether pain was answered after each set and stayed at what needs no change.
    pub(super) fn comfortable(&self, rules: &Rules) -> bool {
        let go = |set: &SetDone| set.pain.is_some_and(|pain| f64::from(pain) <= rules.pain.go_to.value);
        let morning = self.morning_rise.is_none_or(|rise| !rules.pain.morning_rise.reached(rise));
        !self.sets.is_empty() && self.sets.iter().all(go) && morning
    }

    /// Whether it counts towards the gate before the first weight.
    pub fn mastered(&self, rules: &Rules) -> bool {
        let form = self.form().is_some_and(|form| rules.gate.form_least.reached(form));
        self.mass_g == 0 && self.measured() && self.comfortable(rules) && form
    }

    /// Whether it met every check for a step up: measured, at the top of the range, with enough in reserve, full range,
    /// good form, comfortable. What is not known is not met.
    pub fn met(&self, top: u32, reserve: u8, rules: &Rules) -> bool {
        let range =
            self.sets.iter().all(|set| set.range_share.is_some_and(|share| rules.gate.range_share.reached(share)));
        self.measured()
            && self.comfortable(rules)
            && self.fewest() >= top
            && self.reserve().is_some_and(|left| left >= reserve)
            && self.form().is_some_and(|form| rules.gate.form_least.reached(form))
            && range
    }

    /// How many signs of tiredness the next exposure shows against this one, at the same load.
    pub(super) fn signs_of_tiredness(&self, next: &Self, rules: &LighterWeekRules) -> usize {
        if self.mass_g != next.mass_g {
            return 0;
        }
        let mean = |one: &Self, of: &dyn Fn(&SetDone) -> Option<f64>| {
            let known: Vec<f64> = one.sets.iter().filter(|set| set.measured).filter_map(of).collect();
            (!known.is_empty()).then(|| known.iter().sum::<f64>() / known.len() as f64)
        };
        let dropped = |of: &dyn Fn(&SetDone) -> Option<f64>, percent: f64| {
            mean(self, of).zip(mean(next, of)).is_some_and(|(then, now)| now < then * (1.0 - percent / 100.0))
        };
        let effort = self
            .reserve()
            .zip(next.reserve())
            .is_some_and(|(then, now)| rules.reserve_drop.reached(then.saturating_sub(now)) && then > now);
        [
            effort,
            dropped(&|set| set.range_share, rules.range_drop_percent.value),
            dropped(&|set| set.rate_deg_per_s, rules.rate_drop_percent.value),
            self.rough && next.rough,
        ]
        .into_iter()
        .filter(|sign| *sign)
        .count()
    }
}

/// The least of all, where every one is known.
fn all(values: impl Iterator<Item = Option<u8>>) -> Option<u8> {
    let known: Option<Vec<u8>> = values.collect();
    known?.into_iter().min()
}

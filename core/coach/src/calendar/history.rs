//! [`History`]: what the calendar looks at: sessions that were done, lifts beside them, and what was measured.

use crate::catalogue::{Catalogue, Muscle};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One session that was done, or a single set between sessions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Done {
    /// Local calendar day, days since 1 January 1970.
    pub day: i64,
    /// When it ended, minutes on the clock of [`Now::at_min`](super::Now::at_min).
    pub at_min: i64,
    /// Programme it belonged to; empty where it was free.
    pub programme: String,
    /// Part of that programme; empty where it was free.
    pub part: String,
    /// Whether it was single sets between sessions.
    pub snack: bool,
    /// What was worked.
    pub worked: Vec<Worked>,
    /// Points of pain above the usual the next morning, where that was answered.
    pub morning_rise: Option<u8>,
    /// Whether the person has checked in since.
    pub checked_in: bool,
}

/// One exercise of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Worked {
    /// Exercise id.
    pub exercise: String,
    /// Most pain answered after a set, 0 to 10; `None` where it was not.
    pub pain: Option<u8>,
}

/// A main lift with a bar or a machine, logged beside cuff work. Its weight is another kind of load and is never added
/// to a cuff's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lifted {
    /// Local calendar day, days since 1 January 1970.
    pub day: i64,
    /// When, minutes on the clock of [`Now::at_min`](super::Now::at_min).
    pub at_min: i64,
    /// Which lift.
    pub lift: Lift,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set.
    pub reps: u32,
    /// Weight on the bar or machine, grams.
    pub bar_g: u32,
}

/// The main lifts of a leg day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lift {
    /// Squat.
    Squat,
    /// Leg press.
    LegPress,
    /// Lunge or step-up with weights.
    Lunge,
    /// Deadlift or another hinge.
    Hinge,
    /// Hip thrust.
    HipThrust,
    /// Leg curl on a machine.
    LegCurl,
    /// Heel raise with weights.
    HeelRaise,
}

impl Lift {
    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Squat, Self::LegPress, Self::Lunge, Self::Hinge, Self::HipThrust, Self::LegCurl, Self::HeelRaise];

    /// The slug it goes by in text keys.
    pub fn slug(self) -> &'static str {
        match self {
            Self::Squat => "squat",
            Self::LegPress => "leg_press",
            Self::Lunge => "lunge",
            Self::Hinge => "hinge",
            Self::HipThrust => "hip_thrust",
            Self::LegCurl => "leg_curl",
            Self::HeelRaise => "heel_raise",
        }
    }

    /// The muscle groups that rest after it.
    pub fn muscles(self) -> &'static [Muscle] {
        match self {
            Self::Squat | Self::LegPress | Self::Lunge => &[Muscle::Quadriceps, Muscle::HipExtensors],
            Self::Hinge => &[Muscle::Hamstrings, Muscle::HipExtensors],
            Self::HipThrust => &[Muscle::HipExtensors],
            Self::LegCurl => &[Muscle::Hamstrings],
            Self::HeelRaise => &[Muscle::Calf],
        }
    }
}

/// What was measured or answered and moves a week on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Measured {
    /// Exercises past the gate to the first weight, on each side they use.
    pub mastered: BTreeSet<String>,
    /// Protocols that were done, and on which local days.
    pub tests: Vec<(String, i64)>,
    /// The exercise that is furthest behind, where that is known.
    pub weakest: Option<String>,
    /// Degrees that a lifted leg stays short of straight; `None` where that was not measured.
    pub lag_deg: Option<f64>,
    /// Whether swelling is not rising, as answered; `None` where it was not asked.
    pub swelling_stable: Option<bool>,
    /// How far the weaker side is behind, per cent of the stronger; `None` where that is not known.
    pub gap_percent: Option<f64>,
    /// How many stages whoever wrote the plan has opened after the first.
    pub stages_opened: u32,
}

/// Everything the calendar looks at. Order does not matter.
#[derive(Debug, Clone, Copy, Default)]
pub struct History<'a> {
    /// Sessions and single sets.
    pub done: &'a [Done],
    /// Main lifts.
    pub lifts: &'a [Lifted],
    /// What was measured.
    pub measured: Option<&'a Measured>,
    /// The local day a red flag has locked.
    pub locked: Option<i64>,
}

impl Done {
    /// Whether any muscle group rests after it.
    pub(super) fn works_muscles(&self, catalogue: &Catalogue) -> bool {
        let known = self.worked.iter().filter_map(|worked| catalogue.exercise(&worked.exercise).ok());
        known.into_iter().any(|exercise| !exercise.muscles.is_empty())
    }

    /// Whether nothing in it asks for less: pain was answered and stayed low, and the morning after was no worse.
    pub(super) fn comfortable(&self, catalogue: &Catalogue) -> bool {
        let pain = &catalogue.rules().pain;
        self.worked.iter().all(|one| one.pain.is_some_and(|points| f64::from(points) <= pain.go_to.value))
            && self.morning_rise.is_none_or(|rise| !pain.morning_rise.reached(rise))
    }
}

impl History<'_> {
    /// When each muscle group was worked last before or after `now`, the nearest in time, minutes.
    pub(super) fn worked_at(&self, catalogue: &Catalogue, today: i64, after_lifts: bool) -> BTreeMap<Muscle, Vec<i64>> {
        let mut at = BTreeMap::<Muscle, Vec<i64>>::new();
        for done in self.done {
            for worked in &done.worked {
                let muscles = catalogue.exercise(&worked.exercise).map(|exercise| exercise.muscles.as_slice());
                for muscle in muscles.unwrap_or_default() {
                    at.entry(*muscle).or_default().push(done.at_min);
                }
            }
        }
        // A programme for after the main lifts follows those of its own day; yesterday's still rest.
        for lift in self.lifts.iter().filter(|lift| !(after_lifts && lift.day == today)) {
            for muscle in lift.lift.muscles() {
                at.entry(*muscle).or_default().push(lift.at_min);
            }
        }
        at
    }

    /// Exercises that pain stopped and no check-in has opened again.
    pub(super) fn waiting_for_check_in(&self, catalogue: &Catalogue) -> BTreeSet<&str> {
        let stops = |points: u8| catalogue.rules().pain.stop_from.reached(points);
        let open = self.done.iter().filter(|done| !done.checked_in);
        open.flat_map(|done| &done.worked)
            .filter(|worked| worked.pain.is_some_and(stops))
            .map(|worked| worked.exercise.as_str())
            .collect()
    }
}

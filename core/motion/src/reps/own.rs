//! What this person did at first in this set: what later repetitions are held against.

use super::pose::{Pose, plus_share, unit};
use crate::movement::{Measures, Rep};
use crate::stats::{falling, median};
use arrayvec::ArrayVec;

/// Repetitions that say how somebody does it.
pub(super) const FIRST: usize = 3;
/// Repetitions a trend is looked for in, most and least.
const TREND_MOST: usize = 20;
const TREND_LEAST: usize = 6;
/// Standard errors a trend lies above none: one chance in a hundred.
const SURE_ERRORS: f64 = 2.5;

/// The first repetitions of a set, and how speed and range went since.
#[derive(Debug, Clone, Default)]
pub(super) struct Own {
    radii_m: ArrayVec<f64, FIRST>,
    shakes_dps: ArrayVec<f64, FIRST>,
    turns_deg: ArrayVec<f64, FIRST>,
    off_axis: ArrayVec<f64, FIRST>,
    speeds_dps: ArrayVec<f64, TREND_MOST>,
    ranges_deg: ArrayVec<f64, TREND_MOST>,
    starts: ArrayVec<Pose, FIRST>,
    directions: ArrayVec<Pose, FIRST>,
}

fn middle<const N: usize>(values: &ArrayVec<f64, N>) -> Option<f64> {
    let mut sorted = values.clone();
    values.is_full().then(|| median(&mut sorted)).flatten()
}

fn keep<const N: usize>(values: &mut ArrayVec<f64, N>, value: Option<f64>) {
    if let Some(value) = value {
        let _ = values.try_push(value);
    }
}

fn follow<const N: usize>(values: &mut ArrayVec<f64, N>, value: Option<f64>) {
    if let Some(value) = value {
        if values.is_full() {
            values.remove(0);
        }
        values.push(value);
    }
}

impl Own {
    /// Takes a repetition. Speed and range are followed over the last twenty, the rest is what the first three were.
    pub(super) fn learn(&mut self, rep: &Rep, start: Pose, direction: Option<Pose>) {
        let Measures { radius_m, shake_deg_per_s, mean_deg_per_s, leg_turn_deg, off_axis_share, .. } = rep.measures;
        keep(&mut self.radii_m, radius_m);
        keep(&mut self.shakes_dps, shake_deg_per_s);
        keep(&mut self.turns_deg, leg_turn_deg);
        keep(&mut self.off_axis, off_axis_share);
        follow(&mut self.speeds_dps, mean_deg_per_s);
        follow(&mut self.ranges_deg, rep.range_deg);
        let _ = self.starts.try_push(start);
        if let Some(direction) = direction {
            let _ = self.directions.try_push(direction);
        }
    }

    /// The leg or the cuff lies differently from now on.
    pub(super) fn forget_pose(&mut self) {
        self.starts.clear();
        self.directions.clear();
    }

    /// Start pose of the first three repetitions; of fewer while there are no three.
    pub(super) fn start(&self) -> Option<Pose> {
        let sum = self.starts.iter().fold([0.0; 3], |sum, pose| plus_share(sum, *pose, 1.0));
        let share = 1.0 / self.starts.len().max(1) as f64;
        (!self.starts.is_empty()).then(|| sum.map(|v| v * share))
    }

    /// Turn about the shank's length at first, degrees.
    pub(super) fn turn_deg(&self) -> Option<f64> {
        middle(&self.turns_deg)
    }

    /// Share of the turning about another axis at first.
    pub(super) fn off_axis(&self) -> Option<f64> {
        middle(&self.off_axis)
    }

    /// The direction of the first repetitions, before anything else crept in.
    pub(super) fn direction(&self) -> Option<Pose> {
        let sum = self.directions.iter().fold([0.0; 3], |sum, d| plus_share(sum, *d, 1.0));
        self.directions.is_full().then(|| unit(sum)).flatten()
    }

    /// Distance of pivot and cuff at first, metres; `None` before three repetitions told it.
    pub(super) fn radius_m(&self) -> Option<f64> {
        middle(&self.radii_m)
    }

    /// Shaking at first, degrees per second.
    pub(super) fn shake_dps(&self) -> Option<f64> {
        middle(&self.shakes_dps)
    }

    /// Share of the speed lost over the repetitions so far with this one.
    pub(super) fn speed_lost(&self, speed_dps: Option<f64>) -> Option<f64> {
        lost(&self.speeds_dps, speed_dps)
    }

    /// Share of the range lost over the repetitions so far with this one.
    pub(super) fn range_lost(&self, range_deg: f64) -> Option<f64> {
        lost(&self.ranges_deg, Some(range_deg))
    }
}

/// How much of `values` was lost by the `newest`, as the line through all says, if the medians of the first and the last
/// three say at least half of it; `None` for fewer than six.
fn lost(values: &ArrayVec<f64, TREND_MOST>, newest: Option<f64>) -> Option<f64> {
    let mut all = values.clone();
    follow(&mut all, newest);
    if all.len() < TREND_LEAST {
        return None;
    }
    let (mut first, mut last): (ArrayVec<f64, FIRST>, ArrayVec<f64, FIRST>) =
        (all.iter().take(FIRST).copied().collect(), all.iter().rev().take(FIRST).copied().collect());
    let by_medians = 1.0 - median(&mut last)? / median(&mut first)?;
    let fall = falling(&all)?;
    // A loss that how the person varies makes up for is none.
    Some(if fall.share > SURE_ERRORS * fall.error { fall.share.min(2.0 * by_medians) } else { 0.0 })
}

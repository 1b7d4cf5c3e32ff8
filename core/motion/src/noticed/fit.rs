//! Another exercise: [`Fit`] holds how the shank lies and what it turns about against what the exercise says.
//!
//! Both are known only of a cuff whose mounting is ([`Mounting`]): a shank that should hang and lies, one that should
//! bend and goes sideways. What an ankle cannot tell apart, such as the same lift on a cushion or on the floor, fits both.

use super::{Finding, certainty};
use crate::calibrate::Mounting;
use crate::model::{ExerciseModel, TurnAxis};
use crate::movement::{Detector, Rep};
use crate::orient::dot;
use crate::words::Micros;

/// A start pose this far from what the exercise says is another one, degrees: seats, cushions and knees that do not
/// straighten take 20.
const POSE_DEG: f64 = 35.0;
/// The same of the axis: a thigh that turns out takes 20 to 30, what lies across is 90.
const AXIS_DEG: f64 = 50.0;
/// What either is known to, degrees.
const SCATTER_DEG: f64 = 8.0;
/// Repetitions in a row.
const REPS: u32 = 3;

/// Compares the repetitions of a set with their exercise.
#[derive(Debug, Clone, Default)]
pub(crate) struct Fit {
    in_a_row: u32,
    beyond_deg: f64,
    start: Option<Micros>,
    told: bool,
}

impl Fit {
    /// Takes a repetition, its start pose (the way up) and the axis it turned about, in the cuff's axes; another exercise,
    /// once a set.
    pub(crate) fn rep(
        &mut self,
        rep: &Rep,
        (up, axis): ([f64; 3], [f64; 3]),
        model: &ExerciseModel,
        mounting: &Mounting,
    ) -> Option<Finding> {
        let beyond_deg = beyond_deg(up, axis, model, mounting)?;
        if beyond_deg <= 0.0 {
            (self.in_a_row, self.beyond_deg, self.start) = (0, 0.0, None);
            return None;
        }
        let start = *self.start.get_or_insert(rep.start);
        self.in_a_row += 1;
        self.beyond_deg += beyond_deg;
        if self.told || self.in_a_row < REPS {
            return None;
        }
        self.told = true;
        let confidence = mounting.quality * certainty(self.beyond_deg / f64::from(self.in_a_row), SCATTER_DEG);
        let (detector, end, quality) = (Detector::WrongExercise, rep.end, rep.quality);
        Some(Finding { detector, start, end, confidence: confidence.max(0.5), quality })
    }
}

/// By how much pose or axis, whichever says more, lie beyond what fits, degrees; `None` where the exercise says nothing.
fn beyond_deg(up: [f64; 3], axis: [f64; 3], model: &ExerciseModel, mounting: &Mounting) -> Option<f64> {
    let between = |a: [f64; 3], b: [f64; 3]| libm::acos(dot(a, b).abs().min(1.0)).to_degrees();
    // Upright and upside down are the same for a shank: it hangs or it stands.
    let pose = model.leverage.map(|leverage| {
        let upright_deg = 90.0 - leverage.level_at_deg.clamp(0.0, 90.0);
        (between(up, mounting.long) - upright_deg).abs() - POSE_DEG
    });
    let axis = match model.axis {
        TurnAxis::MedioLateral => Some(between(axis, mounting.flexion) - AXIS_DEG),
        TurnAxis::AnteroPosterior => Some(between(axis, mounting.forward()) - AXIS_DEG),
        TurnAxis::Longitudinal | TurnAxis::Mixed => None,
    };
    match (pose, axis) {
        (Some(pose), Some(axis)) => Some(pose.max(axis)),
        (one, other) => one.or(other),
    }
}

//! Which machine counts a set whose repetitions no single angle shows: [`Other`].

use super::Frame;
use super::lifts::Lifts;
use super::stands::Stands;
use super::tally::Tally;
use crate::intake::Marks;
use crate::model::{ExerciseModel, ModelKind};
use crate::movement::Movement;
use crate::words::Micros;

/// Counts one set by something else than an angle.
#[derive(Debug, Clone)]
pub(crate) enum Other {
    Lifts(Box<Lifts>),
    Stands(Box<Stands>),
}

impl Other {
    /// The machine for a model, for frames at about `rate_hz`; `None` where the angle counts, or nothing.
    pub(crate) fn of(at: Micros, model: ExerciseModel, rate_hz: f64) -> Option<Self> {
        match model.kind {
            ModelKind::Height => Some(Self::Lifts(Box::new(Lifts::new(at, model, rate_hz)))),
            ModelKind::Lean => Some(Self::Stands(Box::new(Stands::new(at, model, rate_hz)))),
            ModelKind::Angle | ModelKind::Reach | ModelKind::Gyro | ModelKind::Timer => None,
        }
    }

    pub(crate) fn tally(&self) -> &Tally {
        match self {
            Self::Lifts(lifts) => lifts.tally(),
            Self::Stands(stands) => stands.tally(),
        }
    }

    /// Whether a second counter saw something else.
    pub(crate) fn disagrees(&self) -> bool {
        match self {
            Self::Lifts(lifts) => lifts.disagrees(),
            Self::Stands(stands) => stands.disagrees(),
        }
    }

    pub(crate) fn push(&mut self, frame: &Frame, marks: &Marks, out: &mut Vec<Movement>) {
        match self {
            Self::Lifts(lifts) => lifts.push(frame, marks, out),
            Self::Stands(stands) => stands.push(frame, marks, out),
        }
    }

    /// Samples were missing, or nothing can be measured: what is under way is not counted.
    pub(crate) fn cut(&mut self, at_us: f64, out: &mut Vec<Movement>) {
        match self {
            Self::Lifts(lifts) => lifts.cut(at_us, out),
            Self::Stands(stands) => stands.cut(at_us, out),
        }
    }

    /// The set is over.
    pub(crate) fn end(&mut self, at: Micros, marks: &Marks, out: &mut Vec<Movement>) {
        match self {
            Self::Lifts(lifts) => lifts.end(at, marks, out),
            Self::Stands(stands) => stands.end(at, marks, out),
        }
    }
}

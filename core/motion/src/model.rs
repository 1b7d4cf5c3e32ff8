//! What to look for in a movement: the exercise's model, chosen by the catalogue, followed by the tracker.

use crate::function::Test;
use serde::{Deserialize, Serialize};

/// Which signal carries the repetition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelKind {
    /// The angle of the shank against gravity: most exercises with a cuff.
    Angle,
    /// The turning rate alone: movements whose angle gravity shows badly.
    Gyro,
    /// The angle of the shank from its start pose whatever way it goes: reaches to all sides.
    Reach,
    /// How high the cuff is lifted: heel raises, steps, knees that come up under a hanging shank.
    Height,
    /// The lean of the shank that goes with getting up and sitting down: a tilt of a few degrees.
    Lean,
    /// Not measured: a clock and a button.
    Timer,
}

/// The axis the movement turns about, in the shank's own directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TurnAxis {
    /// Side to side: bending and straightening.
    MedioLateral,
    /// Front to back: raising the leg sideways.
    AnteroPosterior,
    /// Along the shin.
    Longitudinal,
    /// No single axis.
    Mixed,
}

/// Times one repetition is asked to take, seconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Tempo {
    /// Lifting (concentric).
    pub lift_s: f64,
    /// Holding (isometric).
    pub hold_s: f64,
    /// Lowering (eccentric).
    pub lower_s: f64,
    /// Resting at the start pose.
    pub rest_s: f64,
}

/// What turns about the joint that works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Lever {
    /// The shank alone: the thigh rests.
    Shank,
    /// The straight leg.
    Leg,
    /// Something the shank does not lie in line with.
    Other,
}

/// How gravity pulls on what turns: what the torque of a repetition, and what of a leg lifts its ankle, depend on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Leverage {
    /// What turns.
    pub lever: Lever,
    /// Degrees from the start pose at which it is level and gravity pulls hardest, 0 to 90.
    pub level_at_deg: f64,
}

/// How an exercise moves, as far as counting it goes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ExerciseModel {
    /// Which signal carries the repetition.
    pub kind: ModelKind,
    /// The axis it turns about.
    pub axis: TurnAxis,
    /// Usual range of motion, degrees from the start pose.
    pub range_deg: f64,
    /// Smallest range that still counts as a full repetition, degrees.
    pub min_count_deg: f64,
    /// Times asked for.
    pub tempo: Tempo,
    /// How gravity pulls; `None` where nobody said.
    pub leverage: Option<Leverage>,
}

/// What a tracker is to follow from now on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Task {
    /// Nothing in particular: keep orientation and rest up to date.
    Idle,
    /// Repetitions of one exercise: a set.
    Reps(ExerciseModel),
    /// Walking.
    Walk,
    /// A function test: its parts as they end, its result with the task's end.
    Test(Test),
}

/// Where on the leg a sensor sits: what a walk's lengths depend on.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Site {
    /// On the shank, this far above the ankle's axis, metres (0 to 0.4; others are brought into that range).
    Shank {
        /// Height above the ankle's axis, metres.
        above_ankle_m: f64,
    },
    /// On the foot or the shoe.
    Foot,
}

impl Site {
    /// Height above what the sensor turns about in stance, metres; `None` where it stands still.
    pub(crate) fn pivot_m(self) -> Option<f64> {
        match self {
            Self::Shank { above_ankle_m } if above_ankle_m.is_finite() => Some(above_ankle_m.clamp(0.0, 0.4)),
            Self::Shank { .. } => Self::default().pivot_m(),
            Self::Foot => None,
        }
    }
}

impl Default for Site {
    /// A cuff just above the malleoli.
    fn default() -> Self {
        Self::Shank { above_ankle_m: 0.09 }
    }
}

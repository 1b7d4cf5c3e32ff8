#![forbid(unsafe_code)]
#![doc = include_str!("../README.md")]

pub mod balance;
pub mod calibrate;
mod frozen;
pub mod function;
mod gait;
mod intake;
mod matrix;
pub mod model;
pub mod movement;
pub mod noticed;
pub mod orient;
mod reps;
pub mod stats;
mod tracker;
pub mod walks;
mod wear;
pub mod words;

pub use balance::{Sway, SwayMeter};
pub use function::{Outcome, Part, PartKind, Test, Unit};
pub use model::{ExerciseModel, Lever, Leverage, ModelKind, Site, Task, Tempo, TurnAxis};
pub use movement::{Detector, Gap, Live, Measures, Movement, Phase, Rep, Stride, Walked};
pub use noticed::sides::SideWatch;
pub use noticed::{Confidences, Finding};
pub use tracker::{RATE_MAX_HZ, RATE_MIN_HZ, Tracker, TrackerError};
pub use words::{
    BLOCK_MAX, BlockFlags, BlockTime, Counts, CuffId, GRAVITY_MPS2, LinkState, Micros, Quality, Reason, Sample,
    SampleBlock, Side, StreamConfig, Timing,
};

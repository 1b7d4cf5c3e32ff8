#![forbid(unsafe_code)]
//! Everything a person would call advice: what is allowed, how much, when more, and what to say on the way.

pub mod catalogue;
pub mod plan;
pub mod session;
pub mod text;

pub use catalogue::{Catalogue, CatalogueError, Exercise, Position, UnknownExercise};
pub use plan::{Laterality, Pace, Prescription, SessionPlan, Worn};
pub use session::io::{
    Answer, Bookmark, CuffLine, Event, Frame, Input, Outputs, Record, Request, ReviewReason, SessionSummary, SetEnd,
    SetResult, Stage, Tap,
};
pub use session::{ENGINE_VERSION, MASS_MAX_G, PlanError, Session};
pub use text::{Arg, Texts};

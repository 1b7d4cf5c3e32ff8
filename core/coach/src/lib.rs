#![forbid(unsafe_code)]
//! Everything a person would call advice: what is allowed, how much, when more, and what to say on the way.

pub mod calendar;
pub mod catalogue;
pub mod change;
pub mod condition;
pub mod cues;
pub mod form;
mod function;
pub mod ladder;
pub mod load;
pub mod mechanics;
pub mod person;
pub mod plan;
pub mod prescribe;
pub mod progression;
pub mod review;
pub mod screening;
pub mod session;
pub mod text;
pub mod trusted;
pub mod walk;

pub use catalogue::{Catalogue, CatalogueError, Exercise, Position, UnknownExercise};
pub use change::{Change, Measure};
pub use condition::Condition;
pub use function::Standing;
pub use mechanics::{Mechanics, Torque, Window};
pub use person::{Body, Level, Person, PersonError};
pub use plan::{Known, KnownLeg, Laterality, Pace, Prescription, SessionPlan, Swap, TestAsked, Worn};
pub use prescribe::{Circumstances, Past, Prescribed, Refused, Today};
pub use screening::{Answers, Question, Reply, Screening, ScreeningError, Verdict};
pub use session::io::{
    Answer, Bookmark, CuffLine, Event, Frame, Input, Outputs, Record, Request, ReviewReason, SessionSummary, SetEnd,
    SetResult, Stage, Tap, TestTry, Tested,
};
pub use session::{ENGINE_VERSION, MASS_MAX_G, PlanError, Session, TARGET_ZONE};
pub use text::{Arg, MassUnit, Texts};

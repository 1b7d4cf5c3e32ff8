#![forbid(unsafe_code)]
//! The use cases of Talus as plain Rust: pair, follow a session, replay a recording, look at history.
//!
//! [`Talus`] is the open app; [`Run`] a session in virtual time (demo, replay, taken up again). Here, and nowhere
//! else, are the clock ([`clock`]), the ids and the pump that joins radio, cuff, motion, coach and store:
//!
//! ```text
//! radio ▶ ways (links) ▶ live ─▶ recorder (store)
//!                          └──▶ engine (clock, session) ─▶ events, records, frame
//! ```

pub mod analyse;
mod author;
pub mod calibrate;
mod check_in;
pub mod clock;
pub mod conformance;
pub mod cuffs;
pub mod engine;
mod error;
mod export;
pub mod files;
mod function_tests;
mod german;
pub mod health;
pub mod history;
mod household;
mod ids;
mod import;
mod lifts;
pub mod live;
mod people;
mod plans;
mod prescribe;
mod profile;
mod programme;
pub mod recording;
mod report;
pub mod rescore;
mod review;
mod run;
mod salvage;
pub mod scene;
mod shared;
mod source;
#[cfg(feature = "storm")]
pub mod storm;
pub mod validate;
pub mod ways;
mod wish;

/// The words of a session, for shells: they know talus-app and nothing behind it.
pub use talus_coach as coach;
/// The words of movement and time, for shells.
pub use talus_motion as motion;
/// The words of the household and its history, for shells.
pub use talus_store as store;

pub use author::{AuthorKeyError, author_key};
pub use check_in::{CheckedIn, Condition, Outcome, SafetySheet};
pub use error::{AppError, choice, is_german};
pub use export::ExportWish;
pub use function_tests::{TestLine, TestSheet};
pub use household::{Opening, Talus};
pub use lifts::LiftWish;
pub use plans::{PlanLine, PlanPreview};
pub use profile::{Openness, PersonRefusal, without_a_worry};
pub use programme::{ProgrammeLine, ReminderLine, TodaySheet};
pub use report::{ReportWish, is_day};
pub use review::Reviewed;
pub use run::{DemoWish, Note, PracticeWish, ReplayWish, Run};
/// Something long: watched and stopped through a copy.
pub use talus_store::{BundleError, Contents, Exported, Imported, Job, Passphrase};
pub use wish::{Foretold, ForetoldTest, ForetoldWalk, ProtocolLine, SessionWish};

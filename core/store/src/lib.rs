#![forbid(unsafe_code)]
//! Recordings and the database: one writer, migrations, history.
//!
//! [`Store::open`] gives a [`Store`]; [`Store::begin`] a [`Recorder`] that takes inputs and records once a second.
//! Per second the recording is appended and synced first ([`recording`]), then one commit holds the derived rows,
//! the bookmark and how far the recording goes. What [`Recorder::safe_through`] names has survived both and is
//! never lost: neither by a killed process nor by a power cut.
//!
//! ```
//! # use talus_store::{ProfileId, Store};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let folder = tempfile::tempdir()?;
//! let store = Store::open(&folder.path().join("talus.db"))?;
//! store.ensure_profile(ProfileId([7; 16]), "Ada")?;
//! assert!(store.sessions(ProfileId([7; 16]), None, 20)?.is_empty());
//! # Ok(())
//! # }
//! ```

mod aside;
mod backup;
mod belongings;
mod bundle;
mod db;
mod error;
mod files;
mod ids;
#[cfg(feature = "lab")]
pub mod lab;
mod leftovers;
mod lock;
mod recorder;
pub mod recording;
mod reserve;
mod retention;
mod salvage;
mod seal;
mod store;
mod writer;

pub use aside::{AsideState, SetAside};
pub use backup::Passphrase;
pub use belongings::Belongings;
pub use bundle::{BundleError, Contents, ExportWish, Exported, Imported, Job};
pub use db::course::{DayRow, PainPoint, TestRow, Totals, TrendPoint, WalkPoint, WeekRow};
pub use db::edits::{Edit, EditId, EditRow, NOTE_MAX, SetEdit, SetPlace, TAGS_MAX};
pub use db::history::{Cursor, RawState, SessionDetail, SessionRow, SetDetail};
pub use db::household::{CuffRow, Profile, Wear};
pub use db::person::{About, CheckIn, CourseRow, Goal, Moment, PastSet, PlanRow, Sex, Trained};
pub use db::programme::SharedRow;
pub use db::rows::kept;
pub use db::traces::Trace;
pub use error::{StoreError, system_words};
pub use ids::{IdError, PlanId, ProfileId, SessionId};
pub use recorder::{Counters, Recorder, Taken};
pub use recording::{Damage, Kind, Reading, RecordingError, SessionHead};
pub use retention::{Budget, Expired, Outgrown, Review};
pub use salvage::Salvaged;
pub use seal::Key;
pub use store::Store;

//! A history that does not open: the ways on that a phone has. It opens again afterwards, repaired or new, and what there was
//! is kept in a folder beside it, from which it can be brought back.

use crate::error::{Refusal, TalusError};
use crate::household::Opening;
use crate::ownership::{Imported, Work, apart};
use crate::words::word;
use std::path::Path;
use std::sync::Arc;
use talus_app::AppError;
use talus_app::store::{self, Key, Salvaged, SessionId, StoreError};

/// What is done about a history that does not open, or that made way for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Mending {
    /// For [`TalusError::Damaged`]: a new one is made of everything that still reads, and what is lost and recorded is
    /// worked out again.
    Repair,
    /// For [`TalusError::KeyWrong`], [`TalusError::KeyNeeded`] and [`TalusError::Foreign`], and where nothing could be
    /// repaired: it is set aside, so that the next opening, with a new key, makes a new one. A backup then brings back what
    /// is in it. In the place of a file that is no history there is a new one at once, with sessions from their recordings.
    BeginAnew,
    /// Tells what was set aside and what is in it ([`Mended::aside`]). Changes nothing: the history may be open, as long as
    /// nothing is recorded.
    LookAside,
    /// Takes what was set aside into the history that is there now, as a backup is taken in: what is not there yet is added,
    /// of what is there the newer stays.
    BringBack,
}

/// Something that was set aside, to be brought back.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Aside {
    /// The folder, as [`SetAside::kept`] says it.
    pub kept: String,
    /// The key it is sealed with, 32 bytes; absent: the one of the history that is there now. What is not encrypted needs
    /// none.
    pub key: Option<Vec<u8>>,
}

/// Without the key: what is written down anywhere must not hold it.
impl std::fmt::Debug for Aside {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Aside").field("kept", &self.kept).field("sealed", &self.key.is_some()).finish()
    }
}

word! {
    /// Whether what was set aside can come back.
    AsideState from store::AsideState {
        /// It opens and can.
        Opens,
        /// This key does not open it.
        Locked,
        /// It is damaged or does not read. Where it was set aside by a repair, what could be read went into the history that
        /// took its place.
        Damaged,
        /// It is no history of Talus.
        Foreign,
        /// It is of a newer Talus.
        Newer,
    }
}

/// A history that was set aside. What is in it is told where it opens; else it is empty.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct SetAside {
    /// The folder it is kept in.
    pub kept: String,
    /// Whether it can come back.
    pub state: AsideState,
    /// Names of the people in it.
    pub people: Vec<String>,
    /// Sessions in it.
    pub sessions: u64,
    /// Sessions whose recording is with it.
    pub recordings: u64,
    /// What it takes, bytes.
    pub bytes: u64,
    /// The day of its newest session, `YYYY-MM-DD`.
    pub last_day: Option<String>,
}

impl From<store::SetAside> for SetAside {
    fn from(one: store::SetAside) -> Self {
        let store::SetAside { kept, state, people, sessions, recordings, bytes, last_day } = one;
        let kept = kept.display().to_string();
        Self { kept, state: state.into(), people, sessions, recordings, bytes, last_day }
    }
}

/// What came of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, uniffi::Record)]
pub struct Mended {
    /// The folder the files are kept in as they were; empty where nothing was set aside now.
    pub kept: String,
    /// Sessions that are there with all their rows.
    pub whole: u32,
    /// Sessions some of whose rows are lost.
    pub partly: u32,
    /// Sessions that came back from their recordings.
    pub from_recordings: u32,
    /// What was set aside earlier and is still there, where that was asked for.
    #[uniffi(default = [])]
    pub aside: Vec<SetAside>,
    /// What was brought back, where that was asked for.
    #[uniffi(default = None)]
    pub brought: Option<Imported>,
    /// Ids of sessions that were brought back without their recording, which cannot be read: it stays in the folder.
    #[uniffi(default = [])]
    pub left_out: Vec<String>,
}

impl From<Salvaged> for Mended {
    fn from(salvaged: Salvaged) -> Self {
        let count = |ids: Vec<SessionId>| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let Salvaged { kept, whole, partly, from_recordings } = salvaged;
        Self {
            kept: kept.display().to_string(),
            whole: count(whole),
            partly: count(partly),
            from_recordings: count(from_recordings),
            ..Self::default()
        }
    }
}

/// Mends a history that does not open; with the key it would be opened with. Until it is done, everything is as it was. A
/// [`Talus`](crate::Talus) that still has it open, one that came upon the damage later, is let go of first. `aside` says what
/// is brought back.
///
/// # Errors
/// [`TalusError::Cancelled`], [`TalusError::Busy`] while anything has it open, [`TalusError::Storage`] also where it opens
/// and nothing is damaged, [`TalusError::StorageFull`], and those of opening it; [`TalusError::UnreadableFile`] for what was
/// set aside and does not come back: nothing has changed then.
#[uniffi::export(default(aside = None))]
pub async fn mend(opening: Opening, how: Mending, work: Arc<Work>, aside: Option<Aside>) -> Result<Mended, TalusError> {
    let (opening, key) = opening.parts()?;
    let language = opening.language.clone();
    let aside = aside.map(|aside| aside.parts(&language)).transpose()?;
    let done = apart(&work, move |job| {
        let database = opening.database.clone();
        Ok(match how {
            Mending::Repair => talus_app::Talus::salvage(opening, key.as_ref(), job)?.1.into(),
            Mending::BeginAnew => match talus_app::Talus::begin_anew(&database, key.clone()) {
                // Nobody but the app has a file there.
                Err(AppError::Store(StoreError::Foreign { .. })) => {
                    talus_app::Talus::replace(opening, key.as_ref(), job)?.1.into()
                }
                kept => Mended { kept: kept?.display().to_string(), ..Mended::default() },
            },
            Mending::LookAside => {
                let key = aside.and_then(|(_, key)| key).or(key);
                let aside = talus_app::Talus::look_aside(&database, key.as_ref())?;
                Mended { aside: aside.into_iter().map(SetAside::from).collect(), ..Mended::default() }
            }
            Mending::BringBack => {
                let (kept, theirs) = aside.unwrap_or_default();
                let theirs = theirs.or_else(|| key.clone());
                let (brought, left_out) =
                    talus_app::Talus::bring_back(opening, key, Path::new(&kept), theirs.as_ref(), job)?;
                Mended {
                    brought: Some(brought.into()),
                    left_out: left_out.iter().map(SessionId::to_string).collect(),
                    ..Mended::default()
                }
            }
        })
    })
    .await;
    done.map_err(|failure| failure.told(&language))
}

impl Aside {
    /// What the app takes it as.
    fn parts(self, language: &str) -> Result<(String, Option<Key>), TalusError> {
        let key = self.key.map(|bytes| crate::household::key(bytes).ok_or_else(|| Refusal::Key.told(language)));
        Ok((self.kept, key.transpose()?))
    }
}

//! A history that does not open: the ways back that a phone has. It opens again afterwards, repaired or new, and what there
//! was is kept in a folder beside it.

use crate::error::TalusError;
use crate::household::Opening;
use crate::ownership::{Work, apart};
use std::sync::Arc;
use talus_app::store::Salvaged;

/// What is done about a history that does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Mending {
    /// For [`TalusError::Damaged`]: a new one is made of everything that still reads, and what is lost and recorded is
    /// worked out again.
    Repair,
    /// For [`TalusError::KeyWrong`] and [`TalusError::KeyNeeded`], and where nothing could be repaired: it is set aside, so
    /// that the next opening, with a new key, makes a new one. A backup then brings back what is in it.
    BeginAnew,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Mended {
    /// The folder the files are kept in as they were.
    pub kept: String,
    /// Sessions that are there with all their rows.
    pub whole: u32,
    /// Sessions some of whose rows are lost.
    pub partly: u32,
    /// Sessions that came back from their recordings.
    pub from_recordings: u32,
}

/// Mends a history that does not open; with the key it would be opened with. Until it is done, everything is as it was. A
/// [`Talus`](crate::Talus) that still has it open, one that came upon the damage later, is let go of first.
///
/// # Errors
/// [`TalusError::Cancelled`], [`TalusError::Busy`] while anything has it open, [`TalusError::Storage`] also where it opens
/// and nothing is damaged, [`TalusError::StorageFull`], and those of opening it: nothing has changed then.
#[uniffi::export]
pub async fn mend(opening: Opening, how: Mending, work: Arc<Work>) -> Result<Mended, TalusError> {
    let (opening, key) = opening.parts()?;
    let language = opening.language.clone();
    let done = apart(&work, move |job| {
        let Salvaged { kept, whole, partly, from_recordings } = match how {
            Mending::Repair => talus_app::Talus::salvage(opening, key.as_ref(), job)?.1,
            Mending::BeginAnew => {
                Salvaged { kept: talus_app::Talus::begin_anew(&opening.database, key)?, ..Salvaged::default() }
            }
        };
        let count = |ids: Vec<_>| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        Ok(Mended {
            kept: kept.display().to_string(),
            whole: count(whole),
            partly: count(partly),
            from_recordings: count(from_recordings),
        })
    })
    .await;
    done.map_err(|failure| failure.told(&language))
}

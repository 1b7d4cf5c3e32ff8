//! A damaged database: what can be read goes into a new one, and what cannot is derived again from the recordings.

use crate::error::AppError;
use crate::household::{Opening, Talus};
use talus_store::{Key, Salvaged, Store};

impl Talus {
    /// Sets a damaged database aside, opens a new one in its place with everything that still reads, and derives again
    /// what is lost and recorded. Says what came of it; the damaged files are kept.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Zone`]; [`AppError::Catalogue`] is a defect.
    pub fn salvage(opening: Opening, key: Option<&Key>) -> Result<(Self, Salvaged), AppError> {
        let mut said = None;
        let talus = Self::with(opening, |database| {
            let (store, salvaged) = Store::salvage(database, key)?;
            said = Some(salvaged);
            Ok(store)
        })?;
        let salvaged = said.unwrap_or_default();
        for id in salvaged.partly.iter().chain(&salvaged.from_recordings) {
            // Where a recording is not whole either, the session stays with what it has.
            let _ = talus.rescore_one(*id).and_then(|rescore| talus.accept_any(&rescore));
        }
        Ok((talus, salvaged))
    }
}

//! A history that does not open any more: what can be read goes into a new one, or it makes way for one that is empty.
//! Either way the old one is kept.

use crate::error::AppError;
use crate::household::{Opening, Talus};
use std::fs;
use std::path::{Path, PathBuf};
use talus_store::{Job, Key, Salvaged, Store, StoreError};

impl Talus {
    /// Sets a damaged database aside, opens a new one in its place with everything that still reads, and derives again
    /// what is lost and recorded. Says what came of it; the damaged files are kept.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the job was stopped; [`AppError::Zone`]; [`AppError::Catalogue`] is a defect.
    pub fn salvage(opening: Opening, key: Option<&Key>, job: &Job) -> Result<(Self, Salvaged), AppError> {
        let mut said = None;
        let talus = Self::with(opening, |database| {
            let (store, salvaged) = Store::salvage_watched(database, key, job)?;
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

    /// Sets a history aside that this key, or none, does not open, or that is damaged: the next opening makes a new one,
    /// into which a backup can be taken. Gives the folder it is kept in, whole, should the key turn up.
    ///
    /// # Errors
    /// [`AppError::Store`]: [`StoreError::Opens`] where there is no reason to; why it is not to be touched otherwise.
    pub fn begin_anew(database: &Path, key: Option<Key>) -> Result<PathBuf, AppError> {
        // Before anything is made beside a name that was mistyped.
        fs::metadata(database).map_err(|source| StoreError::NoAccess { path: database.to_owned(), source })?;
        let opened = match key {
            Some(key) => Store::open_sealed(database, key),
            None => Store::open(database),
        };
        match opened {
            Ok(_) => Err(StoreError::Opens { path: database.to_owned() }.into()),
            Err(StoreError::Locked { .. } | StoreError::WrongKey { .. } | StoreError::Damaged { .. }) => {
                Ok(Store::set_aside(database)?)
            }
            Err(other) => Err(other.into()),
        }
    }
}

//! A history that does not open any more: what can be read goes into a new one, or it makes way for one that is empty.
//! Either way the old one is kept, and what made way can come back.

use crate::error::AppError;
use crate::household::{Opening, Talus};
use std::fs;
use std::path::{Path, PathBuf};
use talus_store::{Imported, Job, Key, Salvaged, SessionId, SetAside, Store, StoreError};

impl Talus {
    /// Sets a damaged database aside, opens a new one in its place with everything that still reads, and derives again
    /// what is lost and recorded. Says what came of it; the damaged files are kept.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the job was stopped; [`AppError::Zone`]; [`AppError::Catalogue`] is a defect.
    pub fn salvage(opening: Opening, key: Option<&Key>, job: &Job) -> Result<(Self, Salvaged), AppError> {
        Self::renewed(opening, |database| Store::salvage_watched(database, key, job))
    }

    fn renewed(
        opening: Opening,
        renew: impl FnOnce(&Path) -> Result<(Store, Salvaged), StoreError>,
    ) -> Result<(Self, Salvaged), AppError> {
        let mut said = None;
        let talus = Self::with(opening, |database| {
            let (store, salvaged) = renew(database)?;
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
            // Damage deep inside shows only where it is read.
            Ok(store) if store.is_sound()? => Err(StoreError::Opens { path: database.to_owned() }.into()),
            Err(
                StoreError::Locked { .. }
                | StoreError::WrongKey { .. }
                | StoreError::NotEncrypted { .. }
                | StoreError::Damaged { .. },
            ) => Ok(Store::set_aside(database)?),
            Ok(store) => {
                drop(store);
                Ok(Store::set_aside(database)?)
            }
            Err(other) => Err(other.into()),
        }
    }

    /// Sets a file aside that is where the history should be and is none, and makes a new history in its place, with every
    /// session whose recording is still beside it. Only for a place that is the app's own: anywhere else the file is
    /// somebody's.
    ///
    /// # Errors
    /// As [`Talus::salvage`].
    pub fn replace(opening: Opening, key: Option<&Key>, job: &Job) -> Result<(Self, Salvaged), AppError> {
        Self::renewed(opening, |database| Store::replace(database, key, job))
    }

    /// What was set aside of a database, and what is in it. Changes nothing.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn look_aside(database: &Path, key: Option<&Key>) -> Result<Vec<SetAside>, AppError> {
        Ok(Store::look_aside(database, key)?)
    }

    /// Takes what was set aside in `kept`, which `theirs` opens, into the history that `key` opens, as a bundle is taken in:
    /// what is not there yet is added, of what is there the newer stays. The folder goes once all of it is there. Gives also
    /// the sessions whose recording could not come: it stays in the folder.
    ///
    /// # Errors
    /// [`AppError::Store`]: [`StoreError::NotBack`] where it does not open or is damaged; as when the history is opened.
    /// Nothing has changed then.
    pub fn bring_back(
        opening: Opening,
        key: Option<Key>,
        kept: &Path,
        theirs: Option<&Key>,
        job: &Job,
    ) -> Result<(Imported, Vec<SessionId>), AppError> {
        let talus = match key {
            Some(key) => Self::open_sealed(opening, key)?,
            None => Self::open(opening)?,
        };
        let brought = talus.store().bring_back(kept, theirs, job)?;
        talus.still_somebody()?;
        Ok(brought)
    }
}

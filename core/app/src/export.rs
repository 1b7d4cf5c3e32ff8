//! Everything a person has, out of Talus: a bundle that anyone can read, or a backup that only a passphrase opens.
//!
//! Both take their time and run on a connection of their own: call them from a thread of their own, keep a copy of the
//! [`Job`] to watch and stop them, and go on using the app meanwhile.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use std::path::Path;
use talus_store::{Exported, Job, Passphrase};

/// What goes into a bundle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ExportWish {
    /// Everybody of the household instead of the person who is looking.
    pub everyone: bool,
    /// Recordings too: everything else is small beside them.
    pub recordings: bool,
}

impl Talus {
    /// Writes a bundle (`.zip`) to `to`. There is the whole of it or, after an error, what was there before.
    ///
    /// # Errors
    /// [`AppError::Store`]: [`talus_store::BundleError::Cancelled`] where it was stopped,
    /// [`talus_store::StoreError::NoAccess`], [`talus_store::StoreError::Full`].
    pub fn export(&self, wish: ExportWish, to: &Path, job: &Job) -> Result<Exported, AppError> {
        let store = self.store().another()?;
        let wish = talus_store::ExportWish {
            profile: (!wish.everyone).then(|| self.profile()),
            recordings: wish.recordings,
            written_utc_ms: clock::utc_ms(),
        };
        Ok(store.export(&wish, to, job)?)
    }

    /// Writes an encrypted backup of everybody, recordings included. The key of this phone is not in it: it comes back
    /// on any phone, with the passphrase and with nothing else.
    ///
    /// # Errors
    /// As [`Talus::export`].
    pub fn backup(&self, to: &Path, passphrase: &Passphrase, job: &Job) -> Result<Exported, AppError> {
        let store = self.store().another()?;
        Ok(store.backup(to, passphrase, clock::utc_ms(), job)?)
    }
}

//! A bundle or backup back into Talus: told first, then all of it or nothing.

use crate::error::AppError;
use crate::household::Talus;
use jiff::Timestamp;
use std::path::Path;
use talus_store::{Contents, Imported, Job, Passphrase, Store};

impl Talus {
    /// Whether a file is a bundle or a backup, by its first bytes: otherwise it may be samples of another program.
    pub fn is_bundle(file: &Path) -> bool {
        Store::is_bundle(file)
    }

    /// The day here (`YYYY-MM-DD`) at a moment in milliseconds since 1970, UTC.
    pub fn day_of(&self, utc_ms: i64) -> String {
        let moment = Timestamp::from_millisecond(utc_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        moment.to_zoned_datetime(self.zone().clone()).date().to_string()
    }

    /// What is in a bundle or backup and how large it is, before anything is taken in.
    ///
    /// # Errors
    /// [`AppError::Store`]: [`talus_store::BundleError`] where it is none, is newer, or needs another passphrase.
    pub fn look_into(from: &Path, passphrase: Option<&Passphrase>) -> Result<Contents, AppError> {
        Ok(Store::look_into(from, passphrase)?)
    }

    /// Takes in a bundle or backup (it is told by itself which one it is). What is not here yet is added; of what is here
    /// the newer stays; nothing is doubled. The person Talus made when it was first opened, and of whom nothing is known,
    /// makes way for those who come: [`Talus::person`] is one of them then.
    ///
    /// # Errors
    /// [`AppError::Store`]; nothing has changed then.
    pub fn import(&self, from: &Path, passphrase: Option<&Passphrase>, job: &Job) -> Result<Imported, AppError> {
        let store = self.store().another()?;
        let imported = store.import(from, passphrase, job)?;
        self.still_somebody()?;
        Ok(imported)
    }

    /// Brings everybody back from a backup.
    ///
    /// Where the key of a phone is lost: set the database aside ([`Store::set_aside`]), open a new one with a new key,
    /// and restore into that.
    ///
    /// # Errors
    /// As [`Talus::import`].
    pub fn restore(&self, from: &Path, passphrase: &Passphrase, job: &Job) -> Result<Imported, AppError> {
        self.import(from, Some(passphrase), job)
    }
}

//! The bundle: everything of a person, or of everybody, in one documented file that comes back the same.
//!
//! A bundle is a zip of JSON documents and recordings, with tables and FIT files for other programs beside them
//! (`docs/data-format.md` is the format in words). [`Store::export`] writes one, [`Store::import`] takes one in, and a
//! [backup](crate::backup) is one inside an encryption.
//!
//! Taking in has three steps, and only the last changes anything: every document goes into a staged database of the
//! schema it was written with, whose constraints refuse what cannot be; that database is brought to today's schema the
//! way every database is; then it is merged in one transaction.

mod bring;
mod csv;
mod desk;
mod edits;
mod error;
mod export;
mod fit;
#[cfg(test)]
mod five_years;
mod import;
mod job;
mod merge;
mod parse;
mod shape;
mod write;

pub(crate) use bring::{bring, recorded};
pub(crate) use desk::clear;
pub use error::BundleError;
pub use export::ExportWish;
pub use job::Job;

use crate::backup::Passphrase;
use crate::{ProfileId, SessionId, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Version of the bundle's own form; the documents in it carry the schema of the database.
pub(crate) const BUNDLE_VERSION: u32 = 1;

/// Largest document, bytes: a walk of a day and a night has half of it.
const DOCUMENT_MAX: u64 = 16 << 20;
/// Most bytes all documents may have when unpacked: five years have a tenth of it.
const DOCUMENTS_MAX: u64 = 2 << 30;
/// Most files: three for each of thirty thousand sessions.
const FILES_MAX: u64 = 100_000;
/// No document of ours shrinks to less than one in so many bytes.
const RATIO_MAX: u64 = 100;

/// The first file of a bundle: what it is and what is in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Manifest {
    /// `bundle/1`.
    talus: String,
    /// Schema of the documents.
    schema: i64,
    /// Version of the program that wrote it.
    version: String,
    /// When, milliseconds since 1970, UTC.
    written_utc_ms: i64,
    people: Vec<PersonLine>,
    sessions: u64,
    recordings: u64,
}

/// One person of a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonLine {
    uid: ProfileId,
    name: String,
    sessions: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Exported {
    /// Length of the file.
    pub bytes: u64,
    /// People in it.
    pub people: u32,
    /// Their sessions.
    pub sessions: u64,
    /// Sessions with their recording.
    pub recordings: u64,
    /// Sessions without theirs, though it is there and was asked for: it cannot be read, or another key sealed it. It
    /// stays where it is.
    pub left_out: Vec<SessionId>,
}

/// What a bundle says of itself; nothing of it was taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contents {
    /// Whether it is an encrypted backup.
    pub sealed: bool,
    /// When it was written, milliseconds since 1970, UTC.
    pub written_utc_ms: i64,
    /// Names of the people in it.
    pub people: Vec<String>,
    /// Their sessions.
    pub sessions: u64,
    /// Sessions with their recording.
    pub recordings: u64,
    /// Bytes it has when unpacked, as far as it is taken in.
    pub bytes: u64,
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Imported {
    /// People who were not here before.
    pub people: u32,
    /// Sessions that were not here before.
    pub sessions_new: u64,
    /// Sessions that were further in the bundle than here: the bundle's are the ones now.
    pub sessions_renewed: u64,
    /// Sessions that are the same here, or further: these stay. Results of another engine and edits were added.
    pub sessions_kept: u64,
    /// Recordings that were put in place.
    pub recordings: u64,
    /// Cuffs, people and what was learned of their legs that were here already and stay.
    pub household_kept: u64,
}

impl Store {
    /// Another store on the same database, for something long: this one stays free meanwhile.
    ///
    /// # Errors
    /// As when it was opened.
    pub fn another(&self) -> Result<Self, StoreError> {
        Self::with(self.path(), self.key().cloned())
    }

    /// Writes a bundle to `to`: there is the whole of it or, after an error, what was there before.
    ///
    /// # Errors
    /// [`BundleError::Cancelled`], [`StoreError::NoAccess`], [`StoreError::Full`], [`StoreError::Refused`] for somebody
    /// who is not here. A recording that cannot go out is none: [`Exported::left_out`] names it.
    pub fn export(&self, wish: &ExportWish, to: &Path, job: &Job) -> Result<Exported, StoreError> {
        export::export(self, wish, to, None, job)
    }

    /// Writes an encrypted backup of everybody, recordings included.
    ///
    /// # Errors
    /// As [`Store::export`], and [`BundleError::Sealing`].
    pub fn backup(
        &self,
        to: &Path,
        passphrase: &Passphrase,
        written_utc_ms: i64,
        job: &Job,
    ) -> Result<Exported, StoreError> {
        let wish = ExportWish { profile: None, recordings: true, written_utc_ms };
        export::export(self, &wish, to, Some(passphrase), job)
    }

    /// Whether a file begins as a bundle or backup does; whether it is a whole one is another matter.
    pub fn is_bundle(file: &Path) -> bool {
        import::is_bundle(file)
    }

    /// What is in a bundle or backup, and how large it is. Reads its list and its first file only.
    ///
    /// # Errors
    /// [`BundleError`], [`StoreError::NoAccess`].
    pub fn look_into(from: &Path, passphrase: Option<&Passphrase>) -> Result<Contents, StoreError> {
        import::look_into(from, passphrase)
    }

    /// Takes in a bundle or backup, all of it or nothing.
    ///
    /// # Errors
    /// [`BundleError`]; [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`],
    /// [`StoreError::Full`].
    pub fn import(&self, from: &Path, passphrase: Option<&Passphrase>, job: &Job) -> Result<Imported, StoreError> {
        import::import(self, from, passphrase, job)
    }
}

/// Where in a bundle things are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Manifest,
    Household,
    Person(ProfileId),
    Session(SessionId),
    Recording(SessionId),
    /// For other programs; not read.
    Extra,
}

impl Part {
    /// What a file of this name is; `None` for a name no bundle has.
    fn of(name: &str) -> Option<Self> {
        let between = |before: &str, after: &str| name.strip_prefix(before)?.strip_suffix(after);
        // Exactly as it is written, so that no two names mean one thing.
        let id = |text: &str| text.parse::<SessionId>().ok().filter(|id| id.to_string() == text);
        let plain = |text: &str| {
            !text.is_empty()
                && text.len() <= 80
                && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
        };
        match name {
            "manifest.json" => Some(Self::Manifest),
            "household.json" => Some(Self::Household),
            "read-me.txt" => Some(Self::Extra),
            _ => None,
        }
        .or_else(|| Some(Self::Person(ProfileId(id(between("people/", ".json")?)?.0))))
        .or_else(|| Some(Self::Session(id(between("sessions/", ".json")?)?)))
        .or_else(|| Some(Self::Recording(id(between("recordings/", ".talus")?)?)))
        .or_else(|| {
            between("csv/", ".csv").or_else(|| between("fit/", ".fit")).filter(|text| plain(text)).map(|_| Self::Extra)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_that_a_bundle_has_are_parts_of_one() {
        let id = "019abc01-0001-7000-8000-000000000001";
        assert!(matches!(Part::of(&format!("sessions/{id}.json")), Some(Part::Session(_))));
        assert!(matches!(Part::of(&format!("people/{id}.json")), Some(Part::Person(_))));
        assert!(matches!(Part::of(&format!("recordings/{id}.talus")), Some(Part::Recording(_))));
        assert_eq!(Part::of("csv/sets.csv"), Some(Part::Extra));
        for name in [
            "",
            "manifest",
            "../manifest.json",
            "/etc/passwd",
            "sessions/../../x.json",
            "sessions/.json",
            "sessions/last.json",
            "sessions\\019abc01-0001-7000-8000-000000000001.json",
            &format!("sessions/{}.json", id.to_uppercase()),
            &format!("sessions/{}.json", id.replace('-', "")),
            &format!("recordings/../{id}.talus"),
            "csv/../x.csv",
            "csv/.csv",
            "fit/a/b.fit",
            "csv/sets.csv/",
        ] {
            assert_eq!(Part::of(name), None, "{name}");
        }
    }
}

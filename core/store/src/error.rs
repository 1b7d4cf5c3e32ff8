//! What can go wrong with the store: variants are what the caller can do about it.

use crate::SessionId;
use crate::aside::AsideState;
use crate::bundle::BundleError;
use crate::recording::RecordingError;
use std::io;
use std::path::{Path, PathBuf};

/// Why the store could not do what it was asked. The text reads after "failed to ".
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file is something else; it was left as it is.
    #[error("open {}: it is not a Talus database", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// Written by a newer Talus; it was left as it is.
    #[error("open {}: it was written by a newer Talus (schema {found}, this one knows up to {known})", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The newest schema this Talus knows.
        known: i64,
    },
    /// The database is damaged; it was left as it is.
    #[error("read {}: the database is damaged ({reason})", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        reason: String,
    },
    /// There is nothing to salvage: all of it is there and reads.
    #[error("salvage {}: nothing in it is damaged", path.display())]
    Sound {
        /// The file.
        path: PathBuf,
    },
    /// It is to make way though it opens; it was left as it is.
    #[error("set {} aside: it opens", path.display())]
    Opens {
        /// The database.
        path: PathBuf,
    },
    /// What was set aside does not come back; it stays where it is.
    #[error("bring back what is in {}: {}", path.display(), not_back(*state))]
    NotBack {
        /// The folder it is kept in.
        path: PathBuf,
        /// What is with it.
        state: AsideState,
    },
    /// It is encrypted, and was opened without a key. It was left as it is.
    #[error("open {}: it is encrypted, and no key was given", path.display())]
    Locked {
        /// The database.
        path: PathBuf,
    },
    /// The key does not open it: it is another one, for example because the phone's own was lost. It was left as it is.
    #[error("open {}: the key does not open it", path.display())]
    WrongKey {
        /// The database.
        path: PathBuf,
    },
    /// A key was given for a database that is not encrypted. It was left as it is.
    #[error("open {} with a key: it is not encrypted", path.display())]
    NotEncrypted {
        /// The database.
        path: PathBuf,
    },
    /// A key was given, and this build cannot encrypt. Nothing is written open instead.
    #[error("open {} with a key: this build of Talus cannot encrypt", path.display())]
    EncryptionUnavailable {
        /// The database.
        path: PathBuf,
    },
    /// A file or folder cannot be read or written.
    #[error("use {}: {}", path.display(), system_words(source))]
    NoAccess {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The disk is full. What was acknowledged is safe, and so are results as long as the reserve lasts; the session goes
    /// on, and its signals are kept once there is room.
    #[error("write {}: the disk is full", path.display())]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// The session is finished and its results are saved; the last of its signals could not be.
    #[error("keep all signals in {}: {reason}; the results are saved", path.display())]
    WithoutRaw {
        /// The recording.
        path: PathBuf,
        /// What stood in the way.
        reason: String,
    },
    /// The file was moved or deleted while it was in use.
    #[error("write {}: it was moved or deleted", path.display())]
    Vanished {
        /// The file.
        path: PathBuf,
    },
    /// Another process, or another session of this one, is recording.
    #[error("record into {}: another Talus is recording there", path.display())]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// Somebody else writes at this moment, another Talus or an import, and it took longer than one waits. Nothing was
    /// changed.
    #[error("write {}: somebody else is writing there just now", path.display())]
    Busy {
        /// The database.
        path: PathBuf,
    },
    /// It is deleted, and the log still has bytes of it: another program reads there. They go when the database is
    /// opened next.
    #[error("erase the last bytes of what was deleted from {}: another Talus is reading there", path.display())]
    StillInLog {
        /// The database.
        path: PathBuf,
    },
    /// No session of this name.
    #[error("find a session called {asked:?}")]
    NoSession {
        /// What was asked for.
        asked: String,
    },
    /// Several sessions begin like this.
    #[error("tell which session is meant: {count} begin with {asked:?}")]
    Ambiguous {
        /// What was asked for.
        asked: String,
        /// How many fit.
        count: usize,
    },
    /// The session is finished and cannot be taken up again.
    #[error("take up session {id}: it is finished")]
    Finished {
        /// The session.
        id: SessionId,
    },
    /// The session's recording is not there any more; its results are.
    #[error("read the recording of session {id}: {} is not there", path.display())]
    NoRecording {
        /// The session.
        id: SessionId,
        /// Where it should be.
        path: PathBuf,
    },
    /// A recording that cannot be read, or an input that cannot be recorded.
    #[error(transparent)]
    Recording(#[from] RecordingError),
    /// A bundle or backup that cannot be taken in, or was not finished.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// A row that cannot be right, for example one with a number that is not a number; all others were kept.
    #[error("keep {what}: {reason}")]
    Refused {
        /// The row.
        what: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The writer stopped; the session can be taken up again.
    #[error("record: the writer stopped")]
    Stopped,
    /// Anything else the database says.
    #[error("use the database {}: {source}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What it says.
        source: rusqlite::Error,
    },
}

impl StoreError {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Foreign { .. } => "Choose another file for the database. This one was not changed.",
            Self::Newer { .. } => "Use the newer Talus. The file was not changed.",
            Self::Damaged { .. } => {
                "Repair it: what still reads goes into a new one, and this one is kept aside. Or restore a backup."
            }
            Self::Sound { .. } | Self::Opens { .. } => "Open it as always. It was not changed.",
            Self::NotBack { state: AsideState::Locked, .. } => {
                "It comes back with the key it was sealed with; without that, a backup brings back what is in it. It stays where it is."
            }
            Self::NotBack { state: AsideState::Newer, .. } => "Use the newer Talus. It stays where it is.",
            Self::NotBack { .. } => "A backup brings back what was in it. It stays where it is.",
            Self::Locked { .. } => "Open it in the Talus that made it, which has its key. The file was not changed.",
            Self::WrongKey { .. } => {
                "If the key is lost, set this history aside and begin anew; a backup brings back what is in it. The file was not changed."
            }
            Self::NotEncrypted { .. } => "Open it without a key, or choose another database.",
            Self::EncryptionUnavailable { .. } => "Use a Talus that was built with encryption.",
            Self::NoAccess { .. } => "Check that the folder exists and that you may write there.",
            Self::Full { .. } => "Make room on the disk. What was shown as saved is safe.",
            Self::WithoutRaw { .. } => "Make room on the disk before the next session. The results are saved.",
            Self::Vanished { .. } => "Put the file back where it was. What was shown as saved is in it.",
            Self::InUse { .. } => {
                "End the other session first, or choose another database. Looking back works meanwhile."
            }
            Self::Busy { .. } => "Try again in a moment. Nothing was changed.",
            Self::StillInLog { .. } => {
                "It is deleted and nobody sees it any more. End the other Talus and open this one again to erase the rest."
            }
            Self::NoSession { .. } => "Look at the list of sessions.",
            Self::Ambiguous { .. } => "Give more of the session's name.",
            Self::Finished { .. } => "Begin a new session.",
            Self::NoRecording { .. } => "The results of the session are still there; it cannot be replayed.",
            Self::Recording(RecordingError::Newer { .. }) => "Use the newer Talus.",
            Self::Recording(RecordingError::Sealed | RecordingError::WrongKey) => {
                "Open it with the key it was made with. The results of the session are still there."
            }
            Self::Recording(_) => "Keep the file. The results of the session are still there.",
            Self::Refused { .. } => "Nothing else was lost. Report it together with the recording.",
            Self::Bundle(error) => error.advice(),
            Self::Stopped => "Take the session up again.",
            Self::Database { .. } => "Try again. If it stays, keep a copy of the file and report it.",
        }
    }

    /// The same trouble with the signals of a session that is finished all the same.
    pub(crate) fn without_raw(self, path: &Path) -> Self {
        let reason = match &self {
            Self::Full { .. } => "the disk is full".to_owned(),
            Self::Vanished { .. } => "it was moved or deleted".to_owned(),
            Self::NoAccess { source, .. } => system_words(source),
            other => other.to_string(),
        };
        Self::WithoutRaw { path: path.to_owned(), reason }
    }

    pub(crate) fn io(path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                Self::Full { path }
            }
            _ => Self::NoAccess { path, source },
        }
    }

    pub(crate) fn database(path: &Path, source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode as Code;
        let path = path.to_owned();
        match source.sqlite_error_code() {
            Some(Code::DiskFull) => Self::Full { path },
            Some(Code::DatabaseBusy | Code::DatabaseLocked) => Self::Busy { path },
            // The first bytes were looked at when it was opened: something happened to it since.
            Some(Code::DatabaseCorrupt | Code::NotADatabase) => Self::Damaged { path, reason: source.to_string() },
            None if !reads(&source) => Self::Damaged { path, reason: source.to_string() },
            _ if lacks(&source) => Self::Damaged { path, reason: source.to_string() },
            Some(Code::CannotOpen | Code::ReadOnly | Code::PermissionDenied) => {
                Self::NoAccess { path, source: io::Error::other(source.to_string()) }
            }
            _ => Self::Database { path, source },
        }
    }
}

fn not_back(state: AsideState) -> &'static str {
    match state {
        // Said of what was looked at before, where it opened.
        AsideState::Opens => "it is in use",
        AsideState::Locked => "the key does not open it",
        AsideState::Damaged => "it is damaged",
        AsideState::Foreign => "it is no history that was set aside here",
        AsideState::Newer => "it is of a newer Talus",
    }
}

/// Whether what stands in a row is what stands there in ours.
fn reads(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as Of;
    !matches!(
        error,
        Of::FromSqlConversionFailure(..)
            | Of::InvalidColumnType(..)
            | Of::IntegralValueOutOfRange(..)
            | Of::Utf8Error(..)
    )
}

/// Whether what is asked for has no name in the database any more. What we ask is always the same, so its schema was hit.
fn lacks(error: &rusqlite::Error) -> bool {
    use rusqlite::Error as Of;
    match error {
        Of::SqlInputError { .. } => true,
        // Of these SQLite does not tell the place.
        Of::SqliteFailure(_, Some(said)) => {
            ["no such table: ", "no such index: "].iter().any(|name| said.starts_with(name))
        }
        _ => false,
    }
}

/// What the system says about a file, in a person's words: a fragment, without the number of the error.
pub fn system_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not".to_owned(),
        io::ErrorKind::IsADirectory => "it is a folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of its path is a file, not a folder".to_owned(),
        io::ErrorKind::ReadOnlyFilesystem => "nothing can be written there".to_owned(),
        io::ErrorKind::AlreadyExists => "something of that name is there already".to_owned(),
        io::ErrorKind::InvalidData => "it is not text".to_owned(),
        _ => {
            let text = error.to_string();
            let text = text.split_once(" (os error ").map_or(text.as_str(), |(words, _)| words);
            let mut letters = text.chars();
            letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn somebody_who_writes_just_now_is_no_damage_and_the_way_on_is_to_try_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talus.db");
        let [one, other] = [(); 2].map(|()| crate::Store::open(&path).unwrap());
        one.ask(|db| db.execute_batch("BEGIN IMMEDIATE")).unwrap();
        other.ask(|db| db.busy_timeout(std::time::Duration::ZERO)).unwrap();
        let error = other.ensure_profile(crate::ProfileId([1; 16]), "Ada").unwrap_err();
        assert!(matches!(&error, StoreError::Busy { path: found } if *found == path), "{error}");
        assert!(error.advice().starts_with("Try again in a moment"));
        one.ask(|db| db.execute_batch("COMMIT")).unwrap();
        other.ensure_profile(crate::ProfileId([1; 16]), "Ada").unwrap();
    }

    #[test]
    fn what_has_no_name_in_the_schema_any_more_is_damage() {
        let folder = tempfile::tempdir().unwrap();
        let store = crate::Store::open(&folder.path().join("talus.db")).unwrap();
        store.ask(|db| db.execute_batch("DROP TABLE bookmark; ALTER TABLE check_in RENAME sore TO s0re")).unwrap();
        for asked in ["SELECT 1 FROM bookmark", "SELECT sore FROM check_in", "SELECT 1 FROM wear INDEXED BY wear_n0w"] {
            let error = store.ask(|db| db.query_row(asked, [], |_| Ok(()))).unwrap_err();
            assert!(matches!(&error, StoreError::Damaged { reason, .. } if reason.contains("no such ")), "{error:?}");
        }
        // A statement that is none of ours is no damage.
        let error = store.ask(|db| db.execute_batch("ROLLBACK")).unwrap_err();
        assert!(matches!(error, StoreError::Database { .. }), "{error:?}");
    }

    #[test]
    fn the_system_speaks_in_words_and_not_in_numbers() {
        for (number, expected) in [(2, "there is no such file or folder"), (13, "you may not"), (21, "it is a folder")]
        {
            let error = StoreError::io(Path::new("talus.db"), io::Error::from_raw_os_error(number));
            assert_eq!(error.to_string(), format!("use talus.db: {expected}"));
        }
        assert_eq!(system_words(&io::Error::from_raw_os_error(5)), "input/output error");
        assert_eq!(system_words(&io::Error::other("No log here")), "no log here");
    }
}

//! [`Store`]: one database with its recordings.

use crate::aside;
use crate::bundle;
use crate::db::glance::Link;
use crate::db::history;
use crate::db::open::{connect, folder_of, open};
use crate::db::rows::{self, Place, Standing};
use crate::files::{if_there, read_file};
use crate::leftovers;
use crate::lock::WriterLock;
use crate::recorder::Taken;
use crate::recording::{self, FILE_MAX, Reading, RecordingError};
use crate::reserve::Reserve;
use crate::salvage::swap;
use crate::salvage::told_apart;
use crate::seal::{Key, Seal};
use crate::writer::{Medium, RecordingFile, Shared, Writer};
use crate::{RawState, Recorder, SessionHead, SessionId, StoreError};
use rusqlite::Connection;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use talus_coach::{Input, Record};
use talus_motion::Micros;

/// Most memory for pages of the database, while looking back.
const CACHE_KIB: i64 = 6144;

/// A database `talus.db` and, beside it, `recordings/`. Looking back works while another process records.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    recordings: PathBuf,
    connection: Link,
    key: Option<Key>,
    #[cfg(feature = "lab")]
    disk: Option<crate::lab::Disk>,
}

impl Store {
    /// Opens the database at `db`, creating it with its folders where there is none, and brings its schema up to
    /// date. Recordings live in `recordings/` beside it.
    ///
    /// # Errors
    /// [`StoreError::Foreign`], [`StoreError::Newer`], [`StoreError::Damaged`] (each leaves the file untouched),
    /// [`StoreError::NoAccess`], [`StoreError::Full`].
    pub fn open(db: &Path) -> Result<Self, StoreError> {
        Self::with(db, None)
    }

    /// Opens an encrypted database, or makes one: it and every recording are sealed with `key`.
    ///
    /// # Errors
    /// As [`Store::open`]; [`StoreError::EncryptionUnavailable`] where this build has no SQLCipher,
    /// [`StoreError::WrongKey`], [`StoreError::NotEncrypted`]. None of them changes anything on disk.
    pub fn open_sealed(db: &Path, key: Key) -> Result<Self, StoreError> {
        Self::with(db, Some(key))
    }

    pub(crate) fn with(db: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        swap::settle(db)?;
        aside::settle(db)?;
        let store = Self::in_place_of(db, db, key)?;
        fs::create_dir_all(&store.recordings).map_err(|error| StoreError::io(&store.recordings, error))?;
        leftovers::clear(db);
        bundle::clear(&store);
        if erasing::erasure_owed(db).exists() {
            // Where somebody still reads, the note stays: no reason not to open.
            let _ = store.empty_log_within(Duration::ZERO);
        }
        Ok(store)
    }

    /// The database at `at` with the recordings that lie beside `db`, whose place it is or will take.
    pub(crate) fn in_place_of(db: &Path, at: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        let connection = open(at, key.as_ref()).map_err(|error| told_apart(error, db, key.as_ref()))?;
        // Two megabytes, as they come, hold no course over years: looking at one again would read it all again.
        connection.pragma_update(None, "cache_size", -CACHE_KIB).map_err(|error| StoreError::database(at, error))?;
        Ok(Self {
            path: at.to_owned(),
            recordings: folder_of(db).join("recordings"),
            connection,
            key,
            #[cfg(feature = "lab")]
            disk: None,
        })
    }

    /// Closes the database; said where that does not go well.
    pub(crate) fn close(self) -> Result<(), StoreError> {
        self.connection.close().map_err(|error| StoreError::database(&self.path, error))
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the recording of a session is, or would be.
    pub fn recording_path(&self, id: SessionId) -> PathBuf {
        self.recordings.join(format!("{id}.talus"))
    }

    // --- recording

    /// Begins a session: its recording, its rows, and the writer's lock.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process or session is recording; [`StoreError::Refused`] where the
    /// profile is not there or the id is taken; [`StoreError::Full`], [`StoreError::NoAccess`].
    pub fn begin(&self, head: &SessionHead) -> Result<Recorder, StoreError> {
        self.begin_on(head, |file, _| Box::new(file))
    }

    /// Whether a session could begin now, as far as others are concerned.
    ///
    /// # Errors
    /// [`StoreError::InUse`] where another process or session is recording.
    pub fn ensure_free(&self) -> Result<(), StoreError> {
        WriterLock::take(&self.path).map(drop)
    }

    /// From now on recordings that are begun or taken up lie on this disk.
    #[cfg(feature = "lab")]
    pub fn on_disk(&mut self, disk: crate::lab::Disk) {
        self.disk = Some(disk);
    }

    /// Begins with what `outfit` makes of the new file and the writer's connection: tests put a failing disk there.
    fn begin_on(
        &self,
        head: &SessionHead,
        outfit: impl FnOnce(RecordingFile, &Connection) -> Box<dyn Medium>,
    ) -> Result<Recorder, StoreError> {
        let lock = WriterLock::take(&self.path)?;
        // Without it a disk that fills in the middle of the session could take its results with it.
        Reserve::of(&self.path).fill().map_err(|error| StoreError::io(&self.path, error))?;
        let mut connection = connect(&self.path, self.key.as_ref())?;
        let path = self.recording_path(head.id);
        let mut seal = self.seal(head.id)?;
        let bytes = recording::encode_head(head, seal.as_mut())?;
        let file = match RecordingFile::create(&path, &bytes) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                self.clear_orphan(head.id)?;
                RecordingFile::create(&path, &bytes)
            }
            made => made,
        };
        let file = file.map_err(|error| StoreError::io(&path, error))?;
        let place = match rows::begin(&mut connection, head) {
            Ok(Some(place)) => place,
            other => {
                // The recording was made here a moment ago and holds nothing yet.
                let _ = fs::remove_file(&path);
                return Err(match other {
                    Err(error) => self.refused("the session", error),
                    Ok(_) => StoreError::Refused {
                        what: "the session".to_owned(),
                        reason: format!("there is no profile {}", head.profile),
                    },
                });
            }
        };
        let start = Start { id: head.id, next: 0, through: Micros(0), taken: None, seal };
        let medium = outfit(file, &connection);
        self.record(start, medium, bytes.len() as u64, connection, place, lock)
    }

    /// Makes way for a recording where a file has its name and no session its id: whoever made it was killed before
    /// there were rows. One with a head and nothing else goes; whatever else it is, it is kept aside.
    fn clear_orphan(&self, id: SessionId) -> Result<(), StoreError> {
        if self.ask(|db| rows::standing(db, id))?.is_some() {
            let reason = format!("there is a session {id} already");
            return Err(StoreError::Refused { what: "the session".to_owned(), reason });
        }
        let path = self.recording_path(id);
        let io = |error| StoreError::io(&path, error);
        let empty = match self.reading(id) {
            Ok(reading) => reading.intact() && reading.next == 0 && reading.ended.is_none(),
            Err(StoreError::Recording(_)) => fs::metadata(&path).map_err(io)?.len() == 0,
            Err(other) => return Err(other),
        };
        if empty {
            return fs::remove_file(&path).map_err(io);
        }
        let aside = path.with_extension("talus.damaged");
        if aside.exists() {
            return Err(io(io::ErrorKind::AlreadyExists.into()));
        }
        fs::rename(&path, aside).map_err(io)
    }

    /// Takes an open session up again: its head, its inputs so far, and a recorder that goes on with the same file.
    /// What was torn off while it was written, and so never acknowledged, is cut. Replaying the inputs gives the rows
    /// once more; hand them to [`Recorder::records`]: what is there already is replaced by the same.
    ///
    /// Where acknowledged inputs are missing, the rows stay, the session is marked [`RawState::Incomplete`] and
    /// [`Recorder::taken`] has the bookmark to go on from.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Finished`], [`StoreError::InUse`], [`StoreError::Recording`] (a file
    /// of a newer Talus), [`StoreError::NoAccess`], [`StoreError::Full`].
    pub fn resume(&self, id: SessionId) -> Result<(SessionHead, Vec<Input>, Recorder), StoreError> {
        let lock = WriterLock::take(&self.path)?;
        let connection = connect(&self.path, self.key.as_ref())?;
        let standing = self.standing(id)?;
        if !standing.open {
            return Err(StoreError::Finished { id });
        }
        let known = self.ask(|db| history::head(db, id))?;
        // Before anything is changed: what does not read stops it here.
        let bookmark = self.ask(|db| history::bookmark(db, standing.place.session))?;
        let path = self.recording_path(id);
        let io = |error| StoreError::io(&path, error);
        let reading = match self.reading_to_go_on(id, standing.raw_next) {
            Ok(reading) => Some(reading),
            Err(StoreError::NoRecording { .. }) => None,
            Err(StoreError::Recording(RecordingError::NotARecording)) => {
                // Its first bytes are gone. It is kept for whoever can read more of it.
                fs::rename(&path, path.with_extension("talus.damaged")).map_err(io)?;
                None
            }
            Err(other) => return Err(other),
        };
        let mut seal = self.seal(id)?;
        let (medium, length, next, inputs, damage, head) = if let Some(reading) = reading {
            // Fewer inputs than were acknowledged: that is no torn tail, so nothing is cut.
            let whole = reading.next >= standing.raw_next;
            let length = if whole { reading.whole_bytes } else { reading.bytes };
            let medium = RecordingFile::reopen(&path, length).map_err(io)?;
            let next = reading.next.max(standing.raw_next);
            (medium, length, next, reading.inputs, reading.damage, reading.head.unwrap_or(known))
        } else {
            let bytes = recording::encode_head(&known, seal.as_mut())?;
            let medium = RecordingFile::create(&path, &bytes).map_err(io)?;
            (medium, bytes.len() as u64, standing.raw_next, Vec::new(), Vec::new(), known)
        };
        let lost = next != inputs.len() as u64;
        if lost {
            self.ask(|db| rows::mark_incomplete(db, standing.place))?;
        }
        let raw = if lost || standing.raw_incomplete { RawState::Incomplete } else { RawState::Complete };
        let taken = Some(Taken { raw, damage, bookmark });
        let through = Micros(standing.raw_through_us);
        let start = Start { id, next, through, taken, seal };
        let recorder = self.record(start, Box::new(medium), length, connection, standing.place, lock)?;
        Ok((head, inputs, recorder))
    }

    fn record(
        &self,
        start: Start,
        medium: Box<dyn Medium>,
        length: u64,
        connection: Link,
        place: Place,
        lock: WriterLock,
    ) -> Result<Recorder, StoreError> {
        let path = self.recording_path(start.id);
        #[cfg(feature = "lab")]
        let medium = match &self.disk {
            Some(disk) => disk.below(medium),
            None => medium,
        };
        let (shared, reserve) = (Arc::new(Shared::new(start.through.0)), Reserve::of(&self.path));
        let db = self.path.clone();
        let writer = Writer { medium, path, length, connection, db, place, shared, reserve, lock };
        Recorder::start(start.id, start.next, start.through, start.taken, start.seal, writer)
            .map_err(|error| StoreError::io(&self.path, error))
    }

    /// Everything a session's recording holds, gaps included.
    ///
    /// # Errors
    /// [`StoreError::NoRecording`], [`StoreError::Recording`], [`StoreError::NoAccess`].
    pub fn reading(&self, id: SessionId) -> Result<Reading, StoreError> {
        Ok(recording::read_sealed(&self.bytes(id)?, self.seal(id)?.as_ref())?)
    }

    /// As [`Store::reading`], without what a power cut left of seconds nobody was told are safe: of such a second the
    /// disk may hold the end and not the beginning, which is no gap in what was acknowledged.
    fn reading_to_go_on(&self, id: SessionId, acknowledged: u64) -> Result<Reading, StoreError> {
        let (bytes, seal) = (self.bytes(id)?, self.seal(id)?);
        let reading = recording::read_sealed(&bytes, seal.as_ref())?;
        let torn = reading.solid_next < reading.next && reading.solid_next >= acknowledged;
        match usize::try_from(reading.solid_bytes).ok().and_then(|solid| bytes.get(..solid)) {
            Some(solid) if torn && reading.head.is_some() => Ok(recording::read_sealed(solid, seal.as_ref())?),
            _ => Ok(reading),
        }
    }

    fn bytes(&self, id: SessionId) -> Result<Vec<u8>, StoreError> {
        let path = self.recording_path(id);
        let Some(bytes) = if_there(read_file(&path)).map_err(|error| StoreError::io(&path, error))? else {
            return Err(StoreError::NoRecording { id, path });
        };
        if bytes.len() as u64 > FILE_MAX {
            return Err(RecordingError::TooLarge { what: "more than a recording may have", bytes: bytes.len() }.into());
        }
        Ok(bytes)
    }

    /// Reads the bytes of the file at `path`, which need not be in its place. A sealed one is opened with the key of
    /// this store; its session is the one its name tells.
    ///
    /// # Errors
    /// As [`recording::read`], and [`RecordingError::WrongKey`].
    pub fn read(&self, path: &Path, bytes: &[u8]) -> Result<Reading, RecordingError> {
        let named = path.file_stem().and_then(|name| name.to_str()).and_then(|name| name.parse().ok());
        match (named, &self.key) {
            (Some(id), Some(key)) => recording::read_sealed(bytes, Some(&Seal::new(key, id)?)),
            _ => recording::read(bytes),
        }
    }

    pub(crate) fn key(&self) -> Option<&Key> {
        self.key.as_ref()
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// What seals and opens the recording of a session, where there is a key.
    pub(crate) fn seal(&self, id: SessionId) -> Result<Option<Seal>, RecordingError> {
        self.key.as_ref().map(|key| Seal::new(key, id)).transpose()
    }

    /// Head and inputs of a session, for a replay or rescore.
    ///
    /// # Errors
    /// As [`Store::reading`], and [`StoreError::NoSession`] where the head is neither in the file nor here.
    pub fn inputs(&self, id: SessionId) -> Result<(SessionHead, Vec<Input>), StoreError> {
        let reading = self.reading(id)?;
        let head = if let Some(head) = reading.head {
            head
        } else {
            self.standing(id)?;
            self.ask(|db| history::head(db, id))?
        };
        Ok((head, reading.inputs))
    }

    /// Puts new rows of a finished session beside the old and makes them the current ones: what a replay of its
    /// inputs gives with a newer engine or catalogue. Edits stay.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::InUse`], [`StoreError::Full`]; [`StoreError::Refused`] for the first
    /// row that cannot be right, all others being kept, and for a session that is not finished.
    pub fn rescore(
        &self,
        id: SessionId,
        engine_version: u32,
        catalogue_version: &str,
        records: &[Record],
    ) -> Result<(), StoreError> {
        let _lock = WriterLock::take(&self.path)?;
        let standing = self.standing(id)?;
        if standing.open {
            let reason = "the session is not finished".to_owned();
            return Err(StoreError::Refused { what: "new results".to_owned(), reason });
        }
        let mut connection = connect(&self.path, self.key.as_ref())?;
        rows::rescore(&mut connection, standing.place, (engine_version, catalogue_version), records)
            .map_err(|error| self.refused("new results", error))?
            .map_or(Ok(()), Err)
    }

    pub(crate) fn lock(&self) -> Result<WriterLock, StoreError> {
        WriterLock::take(&self.path)
    }

    fn standing(&self, id: SessionId) -> Result<Standing, StoreError> {
        self.ask(|db| rows::standing(db, id))?.ok_or_else(|| no_session(id.to_string()))
    }

    pub(crate) fn recordings(&self) -> &Path {
        &self.recordings
    }

    pub(crate) fn ask<T>(&self, question: impl FnOnce(&Connection) -> rusqlite::Result<T>) -> Result<T, StoreError> {
        question(&self.connection).map_err(|error| self.refused("the row", error))
    }

    pub(crate) fn refused(&self, what: &str, error: rusqlite::Error) -> StoreError {
        if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) {
            return StoreError::Refused { what: what.to_owned(), reason: error.to_string() };
        }
        StoreError::database(&self.path, error)
    }
}

/// Where a recorder starts.
struct Start {
    id: SessionId,
    next: u64,
    through: Micros,
    taken: Option<Taken>,
    seal: Option<Seal>,
}

pub(crate) fn no_session(asked: String) -> StoreError {
    StoreError::NoSession { asked }
}

mod erasing;
mod looking_back;
mod people;

#[cfg(test)]
mod crash;
#[cfg(test)]
pub(crate) mod faults;

//! [`Store`]: one database with its recordings.

use crate::bundle;
use crate::db::open::{BUSY, connect, folder_of, open, sync_folder};
use crate::db::rows::{self, Place, Standing};
use crate::db::{course, edits, history, household, person, totals, traces};
use crate::leftovers;
use crate::lock::WriterLock;
use crate::recorder::Taken;
use crate::recording::{self, FILE_MAX, Reading, RecordingError};
use crate::reserve::Reserve;
use crate::salvage::swap::{self, Swap};
use crate::seal::{Key, Seal};
use crate::writer::{Medium, RecordingFile, Shared, Writer};
use crate::{
    About, CheckIn, CourseRow, CuffRow, Cursor, DayRow, Edit, EditId, EditRow, PainPoint, PastSet, PlanRow, Profile,
    ProfileId, RawState, Recorder, SessionDetail, SessionHead, SessionId, SessionRow, StoreError, TestRow, Trace,
    Trained, TrendPoint, WalkPoint, Wear, WeekRow,
};
use rusqlite::Connection;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use talus_coach::{Input, Record};
use talus_motion::{Micros, Side};

/// Most memory for pages of the database, while looking back.
const CACHE_KIB: i64 = 6144;

/// How long a deletion waits for who is looking back. Looks are short; an export that reads on is not waited for.
const ERASE_WAIT: Duration = Duration::from_secs(2);

/// A database `talus.db` and, beside it, `recordings/`. Looking back works while another process records.
#[derive(Debug)]
pub struct Store {
    path: PathBuf,
    recordings: PathBuf,
    connection: Connection,
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
        let store = Self::in_place_of(db, db, key)?;
        fs::create_dir_all(&store.recordings).map_err(|error| StoreError::io(&store.recordings, error))?;
        leftovers::clear(db);
        bundle::clear(&store);
        if erasure_owed(db).exists() {
            // Where somebody still reads, the note stays: no reason not to open.
            let _ = store.empty_log_within(Duration::ZERO);
        }
        Ok(store)
    }

    /// The database at `at` with the recordings that lie beside `db`, whose place it is or will take.
    pub(crate) fn in_place_of(db: &Path, at: &Path, key: Option<Key>) -> Result<Self, StoreError> {
        let connection = open(at, key.as_ref())?;
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
        self.connection.close().map_err(|(_, error)| StoreError::database(&self.path, error))
    }

    /// Moves a database that cannot be opened, with its log and its recordings, into a folder of their own beside it
    /// and gives that folder: the way on when a key is lost or a file is damaged. Nothing is deleted; should the key
    /// turn up, the folder is a whole history.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded into it, [`StoreError::NoAccess`], [`StoreError::Full`].
    pub fn set_aside(db: &Path) -> Result<PathBuf, StoreError> {
        let _lock = WriterLock::take(db)?;
        Swap::at(db).settle()?;
        let io = |path: &Path| {
            let path = path.to_owned();
            move |error| StoreError::io(&path, error)
        };
        let folder = free_aside(db);
        fs::create_dir(&folder).map_err(io(&folder))?;
        // The database last: until it has gone, trying again finds the rest of it.
        let recordings = folder_of(db).join("recordings");
        for from in [recordings, beside(db, "-wal"), beside(db, "-shm"), db.to_owned()] {
            let Some(name) = from.file_name() else { continue };
            match fs::rename(&from, folder.join(name)) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(io(&from)(error)),
                _ => {}
            }
        }
        sync_folder(&folder).and_then(|()| sync_folder(&folder_of(db))).map_err(io(&folder))?;
        Ok(folder)
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the recording of a session is, or would be.
    pub fn recording_path(&self, id: SessionId) -> PathBuf {
        self.recordings.join(format!("{id}.talus"))
    }

    // --- people and cuffs

    /// Adds a person, or gives them this name.
    pub fn ensure_profile(&self, id: ProfileId, name: &str) -> Result<(), StoreError> {
        self.ask(|db| household::ensure_profile(db, id, name))
    }

    /// Everybody, by name.
    pub fn profiles(&self) -> Result<Vec<Profile>, StoreError> {
        self.ask(household::profiles)
    }

    /// Adds a cuff of the household, or replaces what is known about it. A cuff of the same family and serial number
    /// keeps the id it has; that id is returned.
    pub fn put_cuff(&self, cuff: &CuffRow) -> Result<talus_motion::CuffId, StoreError> {
        self.ask(|db| household::put_cuff(db, cuff))
    }

    /// The household's cuffs, by name.
    pub fn cuffs(&self) -> Result<Vec<CuffRow>, StoreError> {
        self.ask(household::cuffs)
    }

    /// Forgets a cuff, and who wore it where. Sessions and recordings keep what was done with it.
    pub fn forget_cuff(&self, id: talus_motion::CuffId) -> Result<(), StoreError> {
        self.ask(|db| household::forget_cuff(db, id))
    }

    /// From `from_utc_ms` on `profile` wears these cuffs, and the legs named here no others: one transaction, so that
    /// two cuffs swap sides in one call.
    pub fn wear(&self, profile: ProfileId, worn: &[Wear], from_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| household::wear(db, profile, worn, from_utc_ms))
    }

    /// What `profile` wears now, left leg first.
    pub fn worn(&self, profile: ProfileId) -> Result<Vec<Wear>, StoreError> {
        self.ask(|db| household::worn(db, profile))
    }

    /// Keeps the own range (degrees) of a person for one exercise and side, as found at `at_utc_ms`.
    pub fn put_calibration(
        &self,
        profile: ProfileId,
        side: Side,
        exercise: &str,
        range_deg: f64,
        at_utc_ms: i64,
    ) -> Result<(), StoreError> {
        self.ask(|db| household::put_calibration(db, profile, side, exercise, range_deg, at_utc_ms))
    }

    /// The newest own range, degrees; `None` where none was ever taken.
    pub fn own_range(&self, profile: ProfileId, exercise: &str, side: Side) -> Result<Option<f64>, StoreError> {
        self.ask(|db| household::own_range(db, profile, exercise, side))
    }

    // --- what decides a person's loads

    /// Keeps what somebody says of themselves; it replaces what they said before.
    pub fn put_about(&self, profile: ProfileId, about: &About, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::put_about(db, profile, about, at_utc_ms))
    }

    /// What somebody says of themselves; `None` until they have.
    pub fn about(&self, profile: ProfileId) -> Result<Option<About>, StoreError> {
        self.ask(|db| person::about(db, profile))
    }

    /// Pins the key of an author whose six words were confirmed.
    pub fn trust_author(
        &self,
        profile: ProfileId,
        key: [u8; 32],
        name: &str,
        at_utc_ms: i64,
    ) -> Result<(), StoreError> {
        self.ask(|db| person::trust_author(db, profile, key, name, at_utc_ms))
    }

    /// Takes a pinned key back.
    pub fn forget_author(&self, profile: ProfileId, key: [u8; 32]) -> Result<(), StoreError> {
        self.ask(|db| person::forget_author(db, profile, key))
    }

    /// Keys of authors somebody trusts, in the order they were confirmed.
    pub fn authors(&self, profile: ProfileId) -> Result<Vec<[u8; 32]>, StoreError> {
        self.ask(|db| person::authors(db, profile))
    }

    /// Keeps a signed plan: from now on it is the one that counts, in place of any other.
    pub fn put_plan(&self, profile: ProfileId, plan: &PlanRow) -> Result<(), StoreError> {
        self.ask(|db| person::put_plan(db, profile, plan))
    }

    /// The plan that counts is put away; none does then.
    pub fn end_plan(&self, profile: ProfileId, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::end_plan(db, profile, at_utc_ms))
    }

    /// The signed plan that counts, whether or not its days are now; `None` where there is none.
    pub fn plan(&self, profile: ProfileId) -> Result<Option<PlanRow>, StoreError> {
        self.ask(|db| person::plan(db, profile))
    }

    /// Adds a check-in.
    pub fn put_check_in(&self, profile: ProfileId, check_in: &CheckIn) -> Result<(), StoreError> {
        self.ask(|db| person::put_check_in(db, profile, check_in))
    }

    /// Check-ins from `from_utc_ms` on, oldest first.
    pub fn check_ins(&self, profile: ProfileId, from_utc_ms: i64) -> Result<Vec<CheckIn>, StoreError> {
        self.ask(|db| person::check_ins(db, profile, from_utc_ms))
    }

    /// Whether a red flag was said on a day (`YYYY-MM-DD`): at a check-in or in a session.
    pub fn flagged(&self, profile: ProfileId, local_day: &str) -> Result<bool, StoreError> {
        self.ask(|db| person::flagged(db, profile, local_day))
    }

    /// Every ended set of one exercise and side of the `sessions` first and the `sessions` newest sessions with any,
    /// oldest first. Replays, and demos that were planned for nobody, are left out: this person did not do them.
    pub fn past(
        &self,
        profile: ProfileId,
        exercise: &str,
        side: Side,
        sessions: u32,
    ) -> Result<Vec<PastSet>, StoreError> {
        self.ask(|db| person::past(db, profile, exercise, side, sessions))
    }

    /// Every exercise of every session somebody did, oldest session first.
    pub fn trained(&self, profile: ProfileId) -> Result<Vec<Trained>, StoreError> {
        self.ask(|db| person::trained(db, profile))
    }

    /// From `at_utc_ms` on `profile` follows this programme; none where it is `None`.
    pub fn follow(&self, profile: ProfileId, programme: Option<&str>, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::follow(db, profile, programme, at_utc_ms))
    }

    /// The programme `profile` follows now.
    pub fn course(&self, profile: ProfileId) -> Result<Option<String>, StoreError> {
        self.ask(|db| person::course(db, profile))
    }

    /// Every programme `profile` followed, in the order they were taken up.
    pub fn courses(&self, profile: ProfileId) -> Result<Vec<CourseRow>, StoreError> {
        self.ask(|db| person::courses(db, profile))
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
        let bookmark = self.ask(|db| history::bookmark(db, standing.place.session))?;
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
        connection: Connection,
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
        let bytes = match read_file(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(StoreError::NoRecording { id, path }),
            Err(error) => return Err(StoreError::io(&path, error)),
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

    // --- looking back

    /// Sessions that were begun and not finished, newest first.
    pub fn unfinished(&self, profile: ProfileId) -> Result<Vec<SessionRow>, StoreError> {
        self.ask(|db| history::unfinished(db, &self.recordings, profile))
    }

    /// A page of sessions, newest first: those before `before` (the [`SessionRow::cursor`] of the last one seen).
    pub fn sessions(
        &self,
        profile: ProfileId,
        before: Option<Cursor>,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.ask(|db| history::sessions(db, &self.recordings, profile, before, limit))
    }

    /// One session with its sets, repetitions and strides, and with what was changed by hand laid over them.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn session(&self, id: SessionId) -> Result<SessionDetail, StoreError> {
        self.detail(id, true)
    }

    /// One session as it was derived: what a replay gives, without what was changed by hand.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn derived(&self, id: SessionId) -> Result<SessionDetail, StoreError> {
        self.detail(id, false)
    }

    fn detail(&self, id: SessionId, edited: bool) -> Result<SessionDetail, StoreError> {
        self.ask(|db| history::session(db, &self.recordings, id, edited))?.ok_or_else(|| no_session(id.to_string()))
    }

    /// The days from `from` to `to` (`YYYY-MM-DD`, both included) with a session, oldest first.
    pub fn days(&self, profile: ProfileId, from: &str, to: &str) -> Result<Vec<DayRow>, StoreError> {
        self.ask(|db| course::days(db, profile, from, to))
    }

    /// The weeks with a session between two days (both included), oldest first. A week at either end counts only the
    /// days asked for.
    pub fn weeks(&self, profile: ProfileId, from: &str, to: &str) -> Result<Vec<WeekRow>, StoreError> {
        self.ask(|db| course::weeks(db, profile, from, to))
    }

    /// Every walked set with its medians, oldest first; the legs of a set follow each other.
    pub fn walks(&self, profile: ProfileId) -> Result<Vec<WalkPoint>, StoreError> {
        self.ask(|db| course::walks(db, profile))
    }

    /// Every set that hurt, oldest first.
    pub fn pains(&self, profile: ProfileId) -> Result<Vec<PainPoint>, StoreError> {
        self.ask(|db| course::pains(db, profile))
    }

    /// Keeps the result of a test, or replaces the one of the same id.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the person or the session is not there, the id is another person's, or a value
    /// cannot be right.
    pub fn put_test(&self, profile: ProfileId, test: &TestRow) -> Result<(), StoreError> {
        if self.ask(|db| course::put_test(db, profile, test))? {
            return Ok(());
        }
        let reason = "there is no such person or session, or its id is somebody else's".to_owned();
        Err(StoreError::Refused { what: "the test".to_owned(), reason })
    }

    /// Results of tests, of one kind or of all, each kind oldest first.
    pub fn tests(&self, profile: ProfileId, kind: Option<&str>) -> Result<Vec<TestRow>, StoreError> {
        self.ask(|db| course::tests(db, profile, kind))
    }

    /// What is kept for drawing of a session's sets; empty where nothing was worked out yet or its recording went.
    pub fn traces(&self, id: SessionId) -> Result<Vec<Trace>, StoreError> {
        self.ask(|db| traces::of(db, id))
    }

    /// Keeps these traces instead of those there were.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Refused`] where two are of the same set and leg.
    pub fn put_traces(&self, id: SessionId, kept: &[Trace]) -> Result<(), StoreError> {
        if self.ask(|db| traces::put(db, id, kept))? { Ok(()) } else { Err(no_session(id.to_string())) }
    }

    // --- changes by hand

    /// Lays a change over a session of a person. Results stay beside it, and it can be undone.
    ///
    /// # Errors
    /// [`StoreError::NoSession`]; [`StoreError::Refused`] where the set is not there or the change cannot be.
    pub fn edit(
        &self,
        profile: ProfileId,
        session: SessionId,
        at_utc_ms: i64,
        edit: &Edit,
    ) -> Result<EditId, StoreError> {
        Self::added(session, self.ask(|db| edits::add(db, profile, session, at_utc_ms, edit))?)
    }

    /// Takes a change back: this one, or the newest that stands. To undo an undo is to redo.
    ///
    /// # Errors
    /// [`StoreError::NoSession`]; [`StoreError::Refused`] where nothing is left to undo.
    pub fn undo(
        &self,
        profile: ProfileId,
        session: SessionId,
        which: Option<EditId>,
        at_utc_ms: i64,
    ) -> Result<EditId, StoreError> {
        Self::added(session, self.ask(|db| edits::undo(db, profile, session, which, at_utc_ms))?)
    }

    fn added(session: SessionId, added: edits::Added) -> Result<EditId, StoreError> {
        match added {
            edits::Added::Yes(id) => Ok(id),
            edits::Added::NoSession => Err(no_session(session.to_string())),
            edits::Added::Refused(error) => Err(error),
        }
    }

    /// Every change of a session, oldest first, undone ones included.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn edits(&self, profile: ProfileId, session: SessionId) -> Result<Vec<EditRow>, StoreError> {
        self.ask(|db| edits::edits(db, profile, session))?.ok_or_else(|| no_session(session.to_string()))
    }

    /// Works out again what is kept so that looking back is quick. It is kept up by itself; who puts rows in by another
    /// way calls this.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        self.ask(totals::rebuild)
    }

    /// Every finished set of one exercise, oldest first; of one leg or of both.
    pub fn trend(&self, profile: ProfileId, exercise: &str, side: Option<Side>) -> Result<Vec<TrendPoint>, StoreError> {
        self.ask(|db| course::trend(db, profile, exercise, side))
    }

    /// The session somebody means: `last`, or the beginning of an id with or without hyphens.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Ambiguous`].
    pub fn find(&self, profile: ProfileId, asked: &str) -> Result<SessionId, StoreError> {
        let found = self.ask(|db| history::find(db, profile, asked))?;
        match found.as_slice() {
            [] => Err(no_session(asked.chars().take(64).collect())),
            [one] => Ok(*one),
            more => Err(StoreError::Ambiguous { asked: asked.to_owned(), count: more.len() }),
        }
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

    /// Deletes a session: rows and recording, so that nothing of it can be read any more.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`].
    /// With [`StoreError::StillInLog`] it is deleted, and bytes of it stay in the log for as long as another program
    /// looks back; they go when the database is opened next, or with the next deletion.
    pub fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.standing(id)?;
        // The recording first: without its rows it would come back with the next salvage.
        self.erase_recording(id)?;
        self.owe_erasure();
        self.ask(|db| db.execute("DELETE FROM session WHERE uid = ?1", [id.0]))?;
        self.empty_log()
    }

    /// Deletes a person with everything that is theirs, so that nothing of it can be read any more. Cuffs stay.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`]. What was deleted before stays so, and
    /// the same call goes on where this one ended. [`StoreError::StillInLog`] as for [`Store::delete`].
    pub fn delete_profile(&self, profile: ProfileId) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let sessions: Vec<SessionId> = self.ask(|db| {
            db.prepare("SELECT s.uid FROM session s JOIN profile p ON p.id = s.profile_id WHERE p.uid = ?1")?
                .query_map([profile.0], |row| row.get(0).map(SessionId))?
                .collect()
        })?;
        for id in sessions {
            self.erase_recording(id)?;
        }
        self.owe_erasure();
        self.ask(|db| db.execute("DELETE FROM profile WHERE uid = ?1", [profile.0]))?;
        self.empty_log()
    }

    pub(crate) fn lock(&self) -> Result<WriterLock, StoreError> {
        WriterLock::take(&self.path)
    }

    /// Overwrites and removes what there is of a recording; `false` where there is nothing. (What a flash disk keeps of
    /// overwritten blocks is its own affair: that is what sealing is for.)
    pub(crate) fn erase_recording(&self, id: SessionId) -> Result<bool, StoreError> {
        let whole = self.recording_path(id);
        let mut found = false;
        for path in [whole.with_extension("talus.damaged"), whole] {
            match erase(&path) {
                Ok(()) => found = true,
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(StoreError::io(&path, error)),
            }
        }
        if found {
            sync_folder(&self.recordings).map_err(|error| StoreError::io(&self.recordings, error))?;
        }
        Ok(found)
    }

    /// Notes that the log is to be emptied, before anything is deleted: whatever stands in the way afterwards, a reader
    /// or a kill, the next opening goes on with it.
    pub(crate) fn owe_erasure(&self) {
        // On a full disk there is no room for a note, and what is to be deleted makes the room.
        let _ = File::create(erasure_owed(&self.path));
    }

    /// Moves the log into the database and empties it: it still has what was deleted. (`secure_delete` has written
    /// zeros over it in the pages.) A reader in the middle of its look keeps the log from that.
    pub(crate) fn empty_log(&self) -> Result<(), StoreError> {
        self.empty_log_within(ERASE_WAIT)
    }

    fn empty_log_within(&self, wait: Duration) -> Result<(), StoreError> {
        let busy = self.ask(|db| {
            db.busy_timeout(wait)?;
            let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
            db.busy_timeout(BUSY)?;
            busy
        })?;
        if busy {
            return Err(StoreError::StillInLog { path: self.path.clone() });
        }
        match fs::remove_file(erasure_owed(&self.path)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(StoreError::io(&self.path, error)),
            _ => Ok(()),
        }
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

/// The note that something was deleted and the log is not empty yet.
fn erasure_owed(db: &Path) -> PathBuf {
    beside(db, ".erasing")
}

/// A path with something after its name.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The first folder of its kind that is not there yet, for what is set aside of a database. Whoever asks has the lock.
pub(crate) fn free_aside(db: &Path) -> PathBuf {
    let folder = |number: u32| beside(db, &format!(".aside-{number}"));
    // Somebody who set four billion aside gets an error for the last one.
    (1..u32::MAX).map(folder).find(|folder| !folder.exists()).unwrap_or_else(|| folder(u32::MAX))
}

pub(crate) fn no_session(asked: String) -> StoreError {
    StoreError::NoSession { asked }
}

fn erase(path: &Path) -> io::Result<()> {
    static ZEROS: [u8; 1 << 16] = [0; 1 << 16];
    let mut file = File::options().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    while left > 0 {
        let now = left.min(ZEROS.len() as u64);
        file.write_all(&ZEROS[..now as usize])?;
        left -= now;
    }
    file.sync_all()?;
    drop(file);
    fs::remove_file(path)
}

/// The bytes of a file, at most one more than a recording may have.
pub(crate) fn read_file(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(FILE_MAX + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod crash;
#[cfg(test)]
pub(crate) mod faults;

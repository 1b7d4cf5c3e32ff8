//! A history that makes way for another: set aside whole, told of, and brought back.
//!
//! ```text
//! talus.db.setting-aside/   under way: as long as the database has not arrived, whoever opens it next puts all of it back
//! talus.db.aside-1/         set aside: database, log and recordings as they were, or the files of a damaged database
//! talus.db.looking-1-0/     a copy of one of them, to be read: SQLite writes into what it opens
//! ```
//!
//! What comes back goes into the history that took its place as a bundle does: what is not there is added, of what is
//! there the newer stays. So nothing has to make way a second time.

use crate::bundle;
use crate::db::glance::Glance;
use crate::db::open::{folder_of, sync_folder};
use crate::files::{beside, erase, if_there};
use crate::leftovers::own_name;
use crate::lock::WriterLock;
use crate::salvage::swap::Swap;
use crate::seal::Key;
use crate::{Imported, Job, Store, StoreError};
use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// What the name of a database has after it while a copy of one that was set aside is read.
pub(crate) const LOOKING: &str = ".looking-";
/// What has it, before a number, where it was set aside.
const ASIDE: &str = ".aside-";
/// What has it while it is being set aside.
const SETTING: &str = ".setting-aside";

/// A history that was set aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetAside {
    /// The folder it is kept in.
    pub kept: PathBuf,
    /// Whether it can come back.
    pub state: AsideState,
    /// Names of the people in it; like everything below but the bytes, empty where it does not open.
    pub people: Vec<String>,
    /// Sessions in it.
    pub sessions: u64,
    /// Sessions whose recording is with it.
    pub recordings: u64,
    /// What it takes on the disk.
    pub bytes: u64,
    /// The day of its newest session, `YYYY-MM-DD`.
    pub last_day: Option<String>,
}

/// Whether what was set aside can come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AsideState {
    /// It opens and can.
    Opens,
    /// This key, or none, does not open it.
    Locked,
    /// It is damaged or does not read; a backup brings back what was in it. Where it was set aside by a repair, what could
    /// be read went into the history that took its place.
    Damaged,
    /// It is no history of Talus.
    Foreign,
    /// It is of a newer Talus.
    Newer,
}

impl AsideState {
    /// What an error says of what was opened; the error where it says something else.
    fn of(error: StoreError) -> Result<Self, StoreError> {
        match error {
            StoreError::Locked { .. }
            | StoreError::WrongKey { .. }
            | StoreError::NotEncrypted { .. }
            | StoreError::EncryptionUnavailable { .. } => Ok(Self::Locked),
            // What was opened is a copy that was written a moment ago: where it may not be written it says so itself.
            StoreError::Damaged { .. } | StoreError::Database { .. } | StoreError::NoAccess { .. } => Ok(Self::Damaged),
            StoreError::Foreign { .. } => Ok(Self::Foreign),
            StoreError::Newer { .. } => Ok(Self::Newer),
            other => Err(other),
        }
    }
}

fn aside(db: &Path, number: u32) -> PathBuf {
    beside(db, &format!("{ASIDE}{number}"))
}

/// The first folder of its kind that is not there yet. Whoever asks has the lock.
pub(crate) fn free_aside(db: &Path) -> PathBuf {
    // Somebody who set four billion aside gets an error for the last one.
    (1..u32::MAX).map(|number| aside(db, number)).find(|folder| !folder.exists()).unwrap_or_else(|| aside(db, u32::MAX))
}

fn setting(db: &Path) -> PathBuf {
    beside(db, SETTING)
}

/// What is set aside of a household, the database last: until it has gone, the history is where it was.
fn belongings(db: &Path) -> [PathBuf; 4] {
    [folder_of(db).join("recordings"), beside(db, "-wal"), beside(db, "-shm"), db.to_owned()]
}

/// Finishes or undoes what a process that was killed while it set the database at `db` aside has left.
///
/// # Errors
/// [`StoreError::Busy`] where another process is at it; what the disk says.
pub(crate) fn settle(db: &Path) -> Result<(), StoreError> {
    if !setting(db).exists() {
        return Ok(());
    }
    match WriterLock::take(db) {
        Ok(_lock) => finish_or_undo(db),
        Err(StoreError::InUse { path }) => Err(StoreError::Busy { path }),
        Err(error) => Err(error),
    }
}

/// What is left of it. Only whoever holds the lock calls this.
pub(crate) fn finish_or_undo(db: &Path) -> Result<(), StoreError> {
    let folder = setting(db);
    if !folder.exists() {
        return Ok(());
    }
    let io = |error| StoreError::io(&folder, error);
    let within = |of: &Path| of.file_name().map(|name| folder.join(name));
    if within(db).is_some_and(|arrived| arrived.exists()) {
        return finish(db).map(drop).map_err(io);
    }
    for home in belongings(db) {
        let Some(from) = within(&home) else { continue };
        match if_there(fs::rename(&from, &home)) {
            // Somebody else put something there since: both stay.
            Err(error) if matches!(error.kind(), io::ErrorKind::DirectoryNotEmpty | io::ErrorKind::AlreadyExists) => {
                return finish(db).map(drop).map_err(io);
            }
            moved => moved.map_err(io)?,
        };
    }
    fs::remove_dir(&folder).and_then(|()| sync_folder(&folder_of(db))).map_err(io)
}

/// All of it has arrived.
fn finish(db: &Path) -> io::Result<PathBuf> {
    let (folder, aside) = (setting(db), free_aside(db));
    sync_folder(&folder)?;
    fs::rename(&folder, &aside)?;
    sync_folder(&folder_of(db))?;
    Ok(aside)
}

impl Store {
    /// Moves a database that cannot be opened, with its log and its recordings, into a folder of their own beside it
    /// and gives that folder: the way on when a key is lost or a file is damaged. Nothing is deleted; should the key
    /// turn up, the folder is a whole history, and [`Store::bring_back`] takes it in.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded into it, [`StoreError::Busy`] while anybody has it open,
    /// [`StoreError::NoAccess`], [`StoreError::Full`]; everything is where it was then, or will be once it is opened next:
    /// what cannot be put back now stays in the folder it was on its way in.
    pub fn set_aside(db: &Path) -> Result<PathBuf, StoreError> {
        let _lock = WriterLock::take(db)?;
        let swap = Swap::at(db);
        swap.settle()?;
        finish_or_undo(db)?;
        // Its first bytes are readable whatever the key, and no more is needed for SQLite's lock.
        let done = swap.alone(None).and_then(|_alone| move_aside(db));
        // Best effort: there is nothing in it but a second name.
        let _ = swap.undo();
        done
    }

    /// What was set aside of the database at `db` and is still there, in the order of its folders. `key`: what it would be
    /// opened with. Changes nothing; the database itself need not be there, and may be open. One that does not read is told
    /// as damaged, beside all others.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`], [`StoreError::Full`]: what is told is
    /// read from a copy.
    pub fn look_aside(db: &Path, key: Option<&Key>) -> Result<Vec<SetAside>, StoreError> {
        let folders = folders(db)?;
        if folders.is_empty() {
            return Ok(Vec::new());
        }
        // Nobody takes the copy for one that was left lying.
        let _lock = WriterLock::take(db)?;
        folders.into_iter().map(|kept| look(db, kept, key)).collect()
    }

    /// How many folders there are of what was set aside: what is deleted from here on stays in them.
    ///
    /// # Errors
    /// [`StoreError::NoAccess`].
    pub fn asides(&self) -> Result<u64, StoreError> {
        Ok(folders(self.path())?.len() as u64)
    }

    /// Takes in what was set aside in `kept`, which `key` opens, as a bundle is taken in: all of it or nothing. The folder
    /// goes once everything in it is here; where recordings had to be left out it stays, and they are given too. It stays as
    /// well where there is anything with its recordings that is none of a session of it.
    ///
    /// # Errors
    /// [`StoreError::NotBack`] where it does not open, is damaged, or nothing of this database was set aside there;
    /// [`BundleError::Cancelled`](crate::BundleError::Cancelled), [`StoreError::InUse`] while anything is recorded,
    /// [`StoreError::NoAccess`], [`StoreError::Full`].
    pub fn bring_back(
        &self,
        kept: &Path,
        key: Option<&Key>,
        job: &Job,
    ) -> Result<(Imported, Vec<crate::SessionId>), StoreError> {
        let lock = self.lock()?;
        let not_back = |state| StoreError::NotBack { path: kept.to_owned(), state };
        // Whichever way somebody came to say where it is.
        let asked = fs::canonicalize(kept).ok();
        if asked.is_none() || !folders(self.path())?.iter().any(|folder| fs::canonicalize(folder).ok() == asked) {
            return Err(not_back(AsideState::Foreign));
        }
        let copy = Copied::beside(self.path(), kept)?;
        copy.fill()?;
        let there = match copy.open(key) {
            Ok(there) => there,
            Err(error) => return Err(not_back(AsideState::of(error)?)),
        };
        if !there.is_sound()? {
            return Err(not_back(AsideState::Damaged));
        }
        let (imported, left_out) = bundle::bring(self, &there, job)?;
        let more = holds_more(&there);
        drop((there, copy, lock));
        if left_out.is_empty() && !more {
            // It is here now, and what is deleted from here on is not to be read there. What does not go is told of again.
            let _ = erase_folder(kept);
        }
        Ok((imported, left_out))
    }
}

/// Whether anything with the recordings of `there` is not the recording of one of its sessions: one that was kept as
/// damaged, one whose rows are lost, or what somebody put there. What cannot be looked at may be.
fn holds_more(there: &Store) -> bool {
    let Ok(brought) = bundle::recorded(there) else { return true };
    let brought: BTreeSet<PathBuf> = brought.into_iter().map(|id| there.recording_path(id)).collect();
    match if_there(fs::read_dir(there.recordings())) {
        Ok(found) => found.into_iter().flatten().any(|one| one.map_or(true, |one| !brought.contains(&one.path()))),
        Err(_) => true,
    }
}

/// Moves all of it, and puts it back where that ends early.
fn move_aside(db: &Path) -> Result<PathBuf, StoreError> {
    let folder = setting(db);
    fs::create_dir(&folder).map_err(|error| StoreError::io(&folder, error))?;
    let moved = belongings(db).into_iter().try_for_each(|from| {
        let Some(name) = from.file_name() else { return Ok(()) };
        if_there(fs::rename(&from, folder.join(name))).map(drop).map_err(|error| StoreError::io(&from, error))
    });
    moved.and_then(|()| finish(db).map_err(|error| StoreError::io(&folder, error))).inspect_err(|_| {
        // The next opening does it otherwise.
        let _ = finish_or_undo(db);
    })
}

/// The folders of what was set aside, in the order of their numbers: those in which there is a database.
fn folders(db: &Path) -> Result<Vec<PathBuf>, StoreError> {
    let (home, Some(name)) = (folder_of(db), db.file_name()) else { return Ok(Vec::new()) };
    let entries = if_there(fs::read_dir(&home)).map_err(|error| StoreError::io(&home, error))?;
    let number = |entry: io::Result<fs::DirEntry>| {
        let file = entry.ok()?.file_name();
        let digits = file.to_str()?.strip_prefix(name.to_str()?)?.strip_prefix(ASIDE)?.to_owned();
        digits.parse::<u32>().ok().filter(|number| number.to_string() == digits)
    };
    let mut numbers: Vec<u32> = entries.into_iter().flatten().filter_map(number).collect();
    numbers.sort_unstable();
    Ok(numbers.into_iter().map(|number| aside(db, number)).filter(|folder| folder.join(name).is_file()).collect())
}

fn look(db: &Path, kept: PathBuf, key: Option<&Key>) -> Result<SetAside, StoreError> {
    let bytes = bytes_in(&kept);
    let copy = Copied::beside(db, &kept)?;
    let told = copy.fill().and_then(|()| copy.open(key)).and_then(|there| {
        let people = there.profiles()?.into_iter().map(|person| person.name).collect();
        let (sessions, last_day) = there.ask(|db| {
            db.query_row("SELECT count(*), max(local_day) FROM session", [], |row| {
                Ok((row.get::<_, i64>(0)?, row.get(1)?))
            })
        })?;
        let recordings = bundle::recorded(&there)?.len() as u64;
        Ok((people, sessions.unsigned_abs(), recordings, last_day))
    });
    let (state, (people, sessions, recordings, last_day)) = match told {
        Ok(told) => (AsideState::Opens, told),
        Err(error) => (AsideState::of(error)?, (Vec::new(), 0, 0, None)),
    };
    drop(copy);
    Ok(SetAside { kept, state, people, sessions, recordings, bytes, last_day })
}

/// Bytes of the files in a folder and in the folders in it, as far as they can be looked at.
fn bytes_in(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else { return 0 };
    let of = |entry: fs::DirEntry| match entry.metadata() {
        Ok(found) if found.is_dir() => bytes_in(&entry.path()),
        Ok(found) => found.len(),
        Err(_) => 0,
    };
    entries.flatten().map(of).sum()
}

/// Overwrites and removes the files of a folder and of the folders in it, then the folder. Of what only points elsewhere the
/// pointer goes.
pub(crate) fn erase_folder(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            erase_folder(&path)?;
        } else if kind.is_file() {
            erase(&path)?;
        } else {
            fs::remove_file(&path)?;
        }
    }
    fs::remove_dir(folder)
}

/// A copy of a database that was set aside; overwritten and gone when it is let go of.
struct Copied<'a> {
    kept: &'a Path,
    folder: PathBuf,
    at: PathBuf,
}

impl<'a> Copied<'a> {
    /// A folder beside `db` for a copy of the database in `kept`.
    fn beside(db: &Path, kept: &'a Path) -> Result<Self, StoreError> {
        let folder = own_name(db, LOOKING);
        let copied = Self { kept, at: folder.join(db.file_name().unwrap_or_default()), folder };
        fs::create_dir(&copied.folder).map_err(|error| StoreError::io(&copied.folder, error))?;
        Ok(copied)
    }

    /// The database that was set aside.
    fn from(&self) -> PathBuf {
        self.kept.join(self.at.file_name().unwrap_or_default())
    }

    /// Copies the database, with its log.
    fn fill(&self) -> Result<(), StoreError> {
        for ending in ["", "-wal"] {
            let from = beside(&self.from(), ending);
            let Some(mut read) = if_there(Glance::at(&from)).map_err(|error| StoreError::io(&from, error))? else {
                continue;
            };
            let to = beside(&self.at, ending);
            let written = File::create_new(&to).and_then(|mut to| io::copy(&mut read, &mut to));
            written.map_err(|error| StoreError::io(&to, error))?;
        }
        Ok(())
    }

    /// The copy as a store whose recordings are those that were set aside. What is not encrypted needs no key.
    fn open(&self, key: Option<&Key>) -> Result<Store, StoreError> {
        let db = self.from();
        match Store::in_place_of(&db, &self.at, key.cloned()) {
            Err(StoreError::NotEncrypted { .. }) => Store::in_place_of(&db, &self.at, None),
            opened => opened,
        }
    }
}

impl Drop for Copied<'_> {
    fn drop(&mut self) {
        // What is left is cleared with the next opening.
        let _ = erase_folder(&self.folder);
    }
}

//! A new database in the place of a damaged one: at every moment one of the two is there, whole as it was.
//!
//! Everything happens in a folder beside the database:
//!
//! ```text
//! talus.db.salvage/alone/      a second name of the damaged database, by which it is locked: nobody writes into it meanwhile
//! talus.db.salvage/reading/    a copy of the damaged files, to be read: SQLite writes into what it opens
//! talus.db.salvage/fresh/      the new database
//! talus.db.salvage/kept/       second names of the damaged files
//! talus.db.salvage/ready       the new one is whole and the damaged one is kept: from here on there is no way back
//! ```
//!
//! Without `ready` the folder is left over from a salvage that came to nothing, and goes. With it the log of the damaged
//! database goes first (the new one would take it for its own), then the new database takes the name, and `kept` becomes
//! `talus.db.aside-1`. Whoever opens the database next does what is left of that.

use crate::aside::free_aside;
use crate::db::glance::{self, Glance, Link};
use crate::db::open::{folder_of, sync_folder, unlock};
use crate::files::{beside, if_there, second_name};
use crate::lock::WriterLock;
use crate::seal::Key;
use crate::{Store, StoreError};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};
use sha2::{Digest as _, Sha256};
use std::fs::{self, File};
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// What the names of a database and of its log end in.
const ENDINGS: [&str; 2] = ["", "-wal"];

/// Told what has just happened. Tests look at the disk then, or say that something went wrong.
pub(super) type Told<'a> = &'a mut dyn FnMut(&'static str) -> Result<(), StoreError>;

/// Finishes or undoes what a salvage that was killed has left at `db`.
///
/// # Errors
/// [`StoreError::Busy`] where another process is at it; what the disk says.
pub(crate) fn settle(db: &Path) -> Result<(), StoreError> {
    let swap = Swap::at(db);
    if !swap.folder.exists() {
        return Ok(());
    }
    match WriterLock::take(db) {
        Ok(_lock) => swap.settle(),
        Err(StoreError::InUse { path }) if swap.ready().exists() => Err(StoreError::Busy { path }),
        // Nothing has its place yet: whoever has the lock is still reading, or records and leaves it to the next.
        Err(StoreError::InUse { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The folder, and what it is there for.
pub(crate) struct Swap<'a> {
    db: &'a Path,
    folder: PathBuf,
}

impl<'a> Swap<'a> {
    pub(crate) fn at(db: &'a Path) -> Self {
        Self { db, folder: beside(db, ".salvage") }
    }

    fn part(&self, name: &str) -> PathBuf {
        self.folder.join(name).join(self.db.file_name().unwrap_or_default())
    }

    fn ready(&self) -> PathBuf {
        self.folder.join("ready")
    }

    /// Where the new database is made.
    pub(super) fn fresh(&self) -> PathBuf {
        self.part("fresh")
    }

    /// Does what is left of a salvage that was killed. Only whoever holds the lock calls this.
    pub(crate) fn settle(&self) -> Result<(), StoreError> {
        if self.ready().exists() { self.finish(&mut |_| Ok(())).map(drop) } else { self.undo() }
    }

    /// Forgets everything; the damaged files have not been touched.
    pub(crate) fn undo(&self) -> Result<(), StoreError> {
        if_there(fs::remove_dir_all(&self.folder)).map_err(|error| StoreError::io(&self.folder, error))?;
        Ok(())
    }

    /// Locks the damaged database against every other connection, also one that only stays open: what it writes later would
    /// go into the file that is set aside. SQLite looks at it by a second name, so that it finds no log that it could
    /// change. `None` where SQLite does not get as far as its lock: then [`Swap::ensure_as`] has to do.
    ///
    /// # Errors
    /// [`StoreError::Busy`] where somebody has it open.
    pub(crate) fn alone(&self, key: Option<&Key>) -> Result<Option<Link>, StoreError> {
        if glance::is_open(self.db) {
            return Err(StoreError::Busy { path: self.db.to_owned() });
        }
        let name = self.part("alone");
        let named = fs::create_dir_all(folder_of(&name)).and_then(|()| fs::hard_link(self.db, &name));
        if !cfg!(unix) || named.is_err() {
            return Ok(None);
        }
        let Ok(link) = Link::to(&name, || connect_alone(&name, key)) else { return Ok(None) };
        match link.execute_batch("BEGIN EXCLUSIVE").map_err(|error| StoreError::database(self.db, error)) {
            Ok(()) => Ok(Some(link)),
            Err(busy @ StoreError::Busy { .. }) => Err(busy),
            Err(_) => Ok(None),
        }
    }

    /// Refuses to go on where the damaged files are not any more what was copied.
    ///
    /// # Errors
    /// [`StoreError::Busy`].
    pub(super) fn ensure_as(&self, copied: &Copied) -> Result<(), StoreError> {
        for (ending, print) in ENDINGS.iter().zip(&copied.prints) {
            let from = beside(self.db, ending);
            let now = if_there(copy_to(&from, &mut io::sink())).map_err(|error| StoreError::io(&from, error))?;
            if now != *print {
                return Err(StoreError::Busy { path: self.db.to_owned() });
            }
        }
        Ok(())
    }

    /// A copy of the damaged files to be read; any there was is replaced.
    pub(super) fn copy(&self) -> Result<Copied, StoreError> {
        let at = self.part("reading");
        let folder = folder_of(&at);
        let io = |error| StoreError::io(&folder, error);
        if_there(fs::remove_dir_all(&folder)).map_err(io)?;
        fs::create_dir_all(&folder).map_err(io)?;
        let mut prints = [None; 2];
        for (ending, print) in ENDINGS.iter().zip(&mut prints) {
            let from = beside(self.db, ending);
            if from.exists() {
                let mut to = File::create(beside(&at, ending)).map_err(io)?;
                *print = Some(copy_to(&from, &mut to).map_err(io)?);
            }
        }
        Ok(Copied { at, prints })
    }

    /// The new database is whole: it takes the place of the damaged one, whose new folder this gives.
    pub(super) fn swap(&self, told: Told<'_>) -> Result<PathBuf, StoreError> {
        let (fresh, kept, ready) = (self.fresh(), self.part("kept"), self.ready());
        let io = |error| StoreError::io(&self.folder, error);
        File::open(&fresh).and_then(|file| file.sync_all()).map_err(io)?;
        fs::create_dir(folder_of(&kept)).map_err(io)?;
        for ending in ENDINGS {
            let from = beside(self.db, ending);
            second_name(&from, &beside(&kept, ending)).map_err(|error| StoreError::io(&from, error))?;
        }
        told("kept")?;
        for folder in [folder_of(&fresh), folder_of(&kept), self.folder.clone(), folder_of(self.db)] {
            sync_folder(&folder).map_err(io)?;
        }
        File::create(&ready).and_then(|file| file.sync_all()).map_err(io)?;
        sync_folder(&self.folder).map_err(io)?;
        told("ready")?;
        self.finish(told)
    }

    /// What comes after `ready`, as much of it as is left.
    fn finish(&self, told: Told<'_>) -> Result<PathBuf, StoreError> {
        let home = folder_of(self.db);
        let io = |error| StoreError::io(self.db, error);
        let (fresh, kept) = (self.fresh(), self.folder.join("kept"));
        if fresh.exists() {
            for ending in ["-wal", "-shm"] {
                if_there(fs::remove_file(beside(self.db, ending))).map_err(io)?;
            }
            sync_folder(&home).map_err(io)?;
            told("its log is gone")?;
            fs::rename(&fresh, self.db).and_then(|()| sync_folder(&home)).map_err(io)?;
            told("the new one is in place")?;
        }
        let aside = free_aside(self.db);
        if kept.exists() {
            fs::rename(&kept, &aside).and_then(|()| sync_folder(&home)).map_err(io)?;
            told("set aside")?;
        }
        self.undo()?;
        Ok(aside)
    }
}

/// A copy to be read, and what it was copied from.
pub(super) struct Copied {
    pub(super) at: PathBuf,
    /// Of the database and its log; `None` where there was none.
    prints: [Option<Print>; 2],
}

/// SHA-256.
type Print = [u8; 32];

/// Copies a file and tells what was in it.
fn copy_to(from: &Path, to: &mut dyn Write) -> io::Result<Print> {
    let (mut from, mut digest, mut block) = (Glance::at(from)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        let read = from.read(&mut block)?;
        let Some(block) = block.get(..read).filter(|block| !block.is_empty()) else {
            return Ok(digest.finalize().into());
        };
        digest.update(block);
        to.write_all(block)?;
    }
}

/// A connection that will have the file for itself, and write nothing.
fn connect_alone(name: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let database = |error| StoreError::database(name, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(name, flags).map_err(database)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(database)?;
    // Who only looks is gone in a moment.
    connection.busy_timeout(Duration::from_secs(1)).map_err(database)?;
    if let Some(key) = key {
        unlock(&connection, name, key)?;
    }
    connection.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(())).map_err(database)?;
    Ok(connection)
}

impl Store {
    /// Closes the database so that all of it is in its one file.
    pub(super) fn into_one_file(self) -> Result<(), StoreError> {
        self.empty_log()?;
        self.close()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::faults::{ID, head, store};
    use crate::{ProfileId, Salvaged, SessionId};
    use std::collections::BTreeMap;
    use talus_coach::Input;
    use talus_motion::Micros;

    type Files = BTreeMap<PathBuf, Vec<u8>>;

    /// Every file below a folder with its bytes, but the lock, which says nothing.
    fn files(folder: &Path) -> Files {
        fn add(files: &mut Files, top: &Path, folder: &Path) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    add(files, top, &path);
                } else if path.extension().is_none_or(|ending| ending != "lock") {
                    files.insert(path.strip_prefix(top).unwrap().to_owned(), fs::read(&path).unwrap());
                }
            }
        }
        let mut found = Files::new();
        add(&mut found, folder, folder);
        found
    }

    fn lay(files: &Files) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    /// A household with two sessions, the newest of its rows in the log only, harmed from one byte to another.
    fn harmed(from: usize, to: usize) -> Files {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        for id in [ID, SessionId([3; 16])] {
            let mut recorder = store.begin(&crate::SessionHead { id, ..head() }).unwrap();
            recorder.push(&Input::Tick { at: Micros(1) });
            recorder.finish(5).unwrap();
        }
        drop(store);
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        store.ensure_profile(ProfileId([1; 16]), "Ada Lovelace").unwrap();
        let mut files = files(folder.path());
        drop(store);
        files.remove(Path::new("talus.db-shm"));
        assert!(!files[Path::new("talus.db-wal")].is_empty());
        files.get_mut(Path::new("talus.db")).unwrap()[from..to].fill(0xff);
        files
    }

    /// Harmed so that it does not open any more, and so that it does, with more free pages than there are.
    fn scenes() -> [Files; 2] {
        let scenes = [harmed(100, 200), harmed(39, 40)];
        let opens = |files: &Files| Store::open(&lay(files).path().join("talus.db")).is_ok();
        assert_eq!(scenes.each_ref().map(opens), [false, true]);
        scenes
    }

    /// What there is afterwards, whichever way it came.
    fn is_salvaged(folder: &Path, before: &Files) {
        let db = folder.join("talus.db");
        let store = Store::open(&db).unwrap();
        assert_eq!(store.sessions(ProfileId([1; 16]), None, 9).unwrap().len(), 2);
        for id in [ID, SessionId([3; 16])] {
            assert_eq!(store.inputs(id).unwrap().1, [Input::Tick { at: Micros(1) }]);
        }
        // It is in the log only, and no page of the other scene leads to it.
        let name = if before[Path::new("talus.db")][39] == 0xff { "Ada Lovelace" } else { "" };
        assert_eq!(store.profiles().unwrap()[0].name, name);
        for ending in ["", "-wal"] {
            let kept = folder.join("talus.db.aside-1").join(format!("talus.db{ending}"));
            assert!(fs::read(kept).unwrap() == before[Path::new(&format!("talus.db{ending}"))], "kept as it was");
        }
        assert!(!folder.join("talus.db.salvage").exists() && !folder.join("talus.db.aside-2").exists());
        drop(store);
        // Once more is harmless.
        assert!(matches!(Store::salvage(&db, None), Err(StoreError::Sound { .. })));
        assert!(!folder.join("talus.db.salvage").exists() && !folder.join("talus.db.aside-2").exists());
    }

    const MOMENTS: [&str; 9] = [
        "copied",
        "a new one is made",
        "its rows are read",
        "the new one is whole",
        "kept",
        "ready",
        "its log is gone",
        "the new one is in place",
        "set aside",
    ];

    #[test]
    fn a_salvage_that_is_killed_at_any_moment_is_undone_or_finished_by_whoever_opens_next() {
        for before in scenes() {
            let folder = lay(&before);
            let mut left = Vec::new();
            let mut told = |moment| {
                left.push((moment, files(folder.path())));
                Ok(())
            };
            let salvaged = Store::salvage_told(&folder.path().join("talus.db"), None, false, &mut told);
            let (store, Salvaged { kept, whole, from_recordings, .. }) = salvaged.unwrap();
            assert_eq!((kept, whole.len() + from_recordings.len()), (folder.path().join("talus.db.aside-1"), 2));
            drop(store);
            is_salvaged(folder.path(), &before);
            assert_eq!(left.iter().map(|(moment, _)| *moment).collect::<Vec<_>>(), MOMENTS);
            for (at, (moment, left)) in left.iter().enumerate() {
                let folder = lay(left);
                let db = folder.path().join("talus.db");
                if at < 5 {
                    settle(&db).unwrap();
                    assert!(files(folder.path()) == before, "{moment}: everything as it was");
                    drop(Store::salvage(&db, None).unwrap());
                }
                is_salvaged(folder.path(), &before);
            }
        }
    }

    #[test]
    fn a_salvage_that_fails_at_any_moment_leaves_everything_as_it_was_or_is_finished() {
        for before in scenes() {
            for (at, moment) in MOMENTS.iter().enumerate() {
                let folder = lay(&before);
                let db = folder.path().join("talus.db");
                let mut told = |now| {
                    if now == *moment { Err(StoreError::Full { path: "talus.db".into() }) } else { Ok(()) }
                };
                let error = Store::salvage_told(&db, None, false, &mut told).unwrap_err();
                assert!(matches!(error, StoreError::Full { .. }), "{moment}: {error}");
                if at < 5 {
                    assert!(files(folder.path()) == before, "{moment}: everything as it was");
                    drop(Store::salvage(&db, None).unwrap());
                }
                is_salvaged(folder.path(), &before);
            }
        }
    }

    #[test]
    fn a_salvage_is_watched_and_stopped_and_then_everything_is_as_it_was() {
        assert_eq!(MOMENTS.len() as u64, crate::salvage::STEPS);
        for before in scenes() {
            let folder = lay(&before);
            let db = folder.path().join("talus.db");
            let job = crate::Job::new();
            job.cancel();
            let error = Store::salvage_watched(&db, None, &job).unwrap_err();
            assert!(matches!(error, StoreError::Bundle(crate::BundleError::Cancelled)), "{error}");
            assert!(files(folder.path()) == before);
            let job = crate::Job::new();
            drop(Store::salvage_watched(&db, None, &job).unwrap());
            assert_eq!(job.progress(), (9, 9));
            is_salvaged(folder.path(), &before);
        }
    }

    #[test]
    fn what_somebody_writes_where_sqlite_finds_no_lock_is_noticed_before_the_swap() {
        // Its first page says nothing any more, so nobody can lock it.
        let before = harmed(0, 28);
        let folder = lay(&before);
        let db = folder.path().join("talus.db");
        let recording = Store::open(&db).map(drop);
        assert!(matches!(recording, Err(StoreError::Foreign { .. })), "{recording:?}");
        for ending in ENDINGS {
            let folder = lay(&before);
            let db = folder.path().join("talus.db");
            let mut told = |now| {
                if now == "its rows are read" {
                    let mut file = File::options().append(true).open(beside(&db, ending)).unwrap();
                    file.write_all(&[0; 4096]).unwrap();
                }
                Ok(())
            };
            let error = Store::salvage_told(&db, None, false, &mut told).unwrap_err();
            assert!(matches!(error, StoreError::Busy { .. }), "{error}");
            assert!(!beside(&db, ".salvage").exists() && !beside(&db, ".aside-1").exists());
            let (store, _) = Store::salvage(&db, None).unwrap();
            assert_eq!(store.sessions(ProfileId([1; 16]), None, 9).unwrap().len(), 2);
        }
    }

    #[test]
    fn who_opens_while_another_swaps_is_asked_to_wait_and_before_that_is_not() {
        let folder = tempfile::tempdir().unwrap();
        drop(store(folder.path()));
        let db = folder.path().join("talus.db");
        fs::create_dir(folder.path().join("talus.db.salvage")).unwrap();
        let lock = WriterLock::take(&db).unwrap();
        drop(Store::open(&db).unwrap());
        fs::write(folder.path().join("talus.db.salvage/ready"), "").unwrap();
        assert!(matches!(Store::open(&db), Err(StoreError::Busy { .. })));
        drop(lock);
        drop(Store::open(&db).unwrap());
        assert!(!folder.path().join("talus.db.salvage").exists());
    }

    #[test]
    #[cfg(unix)]
    fn who_opens_in_the_moment_the_name_changes_hands_is_asked_to_try_again() {
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        drop(store(folder.path()));
        let db = folder.path().join("talus.db");
        let fresh = Store::open(&other.path().join("talus.db")).unwrap();
        fresh.ensure_profile(ProfileId([9; 16]), "Bo").unwrap();
        fresh.into_one_file().unwrap();
        // As a salvage has it while it swaps.
        let name = folder.path().join("second");
        fs::hard_link(&db, &name).unwrap();
        let alone = connect_alone(&name, None).unwrap();
        alone.execute_batch("BEGIN EXCLUSIVE").unwrap();
        let opened = std::thread::scope(|scope| {
            let opening = scope.spawn(|| Store::open(&db));
            // It has the damaged file and waits for its lock, or is about to.
            while !glance::is_open(&db) {
                std::thread::yield_now();
            }
            fs::rename(other.path().join("talus.db"), &db).unwrap();
            drop(alone);
            opening.join().unwrap()
        });
        assert!(matches!(&opened, Err(StoreError::Busy { .. })), "{opened:?}");
        assert_eq!(Store::open(&db).unwrap().profiles().unwrap()[0].name, "Bo");
    }
}

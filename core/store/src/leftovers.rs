//! What processes that were killed have left lying, and whoever opens the database next clears: a database that was being
//! made, a file that was being given out, a copy that was looked at. Only what bears our names, and nothing that somebody
//! is still at.
//!
//! A file that is given out is made beside where it is to be, which can be anywhere. So a [`Note`] beside the database says
//! where that is, locked by its process for as long as it lives. (Imports and salvages have folders with ways of their own
//! to be undone: `bundle::desk`, `salvage::swap`.)

use crate::aside::{LOOKING, erase_folder};
use crate::db::open::folder_of;
use crate::files::beside;
use crate::lock::WriterLock;
use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the name of a database has after it while it is made.
pub(crate) const NEW: &str = ".new-";
/// What the name of a file that is given out has after it until it is whole.
const PART: &str = ".part-";
/// What a note has after the name of the database.
const NOTE: &str = ".giving-out-";
/// Notes of this process. A lock alone does not tell them: not every system has one.
static OURS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

fn ours() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `ending`, then the process and a number that it gives once: a name that nobody else has.
pub(crate) fn own_name(path: &Path, ending: &str) -> PathBuf {
    static GIVEN: AtomicU64 = AtomicU64::new(0);
    beside(path, &format!("{ending}{}-{}", std::process::id(), GIVEN.fetch_add(1, Ordering::Relaxed)))
}

/// Whether `name` is `stem`, a process, a number and, maybe, one of `more`.
fn is_own_name(name: &str, stem: &str, more: &[&str]) -> bool {
    let Some(rest) = name.strip_prefix(stem) else { return false };
    let rest = more.iter().find_map(|ending| rest.strip_suffix(ending)).unwrap_or(rest);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    rest.split_once('-').is_some_and(|(process, number)| digits(process) && digits(number))
}

/// What tells a later process where a file is being made that is only there in part. Gone with what it speaks of.
#[derive(Debug)]
pub(crate) struct Note {
    path: PathBuf,
    /// Locked until it is closed.
    _file: File,
}

impl Note {
    /// Gives the path for a file that will be `to`, an absolute path, and notes it beside the database. Where no note can
    /// be made, the disk of the household being full or closed, the file is made all the same: it may be what makes room.
    pub(crate) fn part_of(db: &Path, to: &Path) -> (Option<Self>, PathBuf) {
        let part = own_name(to, PART);
        (Self::make(db, &part).ok(), part)
    }

    fn make(db: &Path, part: &Path) -> io::Result<Self> {
        let path = own_name(db, NOTE);
        let mut file = File::create_new(&path)?;
        ours().insert(path.clone());
        // Locked before it says anything: nobody takes it for one of a dead process then.
        let written = match file.try_lock() {
            Err(TryLockError::Error(error)) if error.kind() != io::ErrorKind::Unsupported => Err(error),
            // A name that is no text is not noted: its file stays, should this process be killed.
            _ => file.write_all(part.to_str().unwrap_or_default().as_bytes()),
        };
        let note = Self { path, _file: file };
        written.map(|()| note)
    }
}

impl Drop for Note {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
        ours().remove(&self.path);
    }
}

/// Clears what was left at the database `db`, which is there. Best effort: what does not go now goes another time.
pub(crate) fn clear(db: &Path) {
    let Some(name) = db.file_name().and_then(|name| name.to_str()) else { return };
    let Ok(entries) = fs::read_dir(folder_of(db)) else { return };
    let [new, note, looking] = [NEW, NOTE, LOOKING].map(|ending| format!("{name}{ending}"));
    let mut found = Vec::new();
    for entry in entries.flatten() {
        let file = entry.file_name();
        let Some(file) = file.to_str() else { continue };
        if is_own_name(file, &new, &["-journal", "-wal", "-shm"]) {
            found.push((entry.path(), NEW));
        } else if is_own_name(file, &note, &[]) {
            found.push((entry.path(), NOTE));
        } else if is_own_name(file, &looking, &[]) {
            found.push((entry.path(), LOOKING));
        }
    }
    if found.is_empty() {
        return;
    }
    // Somebody who records or takes in has the lock; then the next one who opens the household does it.
    let Ok(_lock) = WriterLock::take(db) else { return };
    for (path, what) in found {
        match what {
            NOTE => clear_noted(&path),
            // Whoever still looks has the lock.
            LOOKING => drop(erase_folder(&path)),
            // There is a database, so whoever is still making one was too late and takes this one.
            _ => drop(fs::remove_file(path)),
        }
    }
}

/// Removes what a note speaks of, then the note, where its process is gone.
fn clear_noted(path: &Path) {
    if ours().contains(path) {
        return;
    }
    let Ok(file) = File::open(path) else { return };
    match file.try_lock() {
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        Err(_) => return,
        Ok(()) => {}
    }
    let Ok(text) = fs::read_to_string(path) else { return };
    let part = Path::new(&text);
    let named = part.file_name().and_then(|name| name.to_str()).and_then(|name| name.rsplit_once(PART));
    if part.is_absolute() && named.is_some_and(|(_, rest)| is_own_name(rest, "", &[])) {
        for ending in ["", "-sets", "-repetitions", "-strides"] {
            // Where it cannot be reached now, on a stick that was pulled, it stays there: this is tried once.
            let _ = fs::remove_file(beside(part, ending));
        }
    }
    drop(file);
    let _ = fs::remove_file(path);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ExportWish, Job, Store, StoreError};

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.retain(|name| !name.starts_with("talus.db-") && name != "talus.db.lock");
        names.sort();
        names
    }

    #[test]
    fn a_database_that_was_being_made_when_its_process_was_killed_goes_and_nothing_else_does() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        drop(Store::open(&db).unwrap());
        let stay = [
            "talus.db.new",
            "talus.db.new-",
            "talus.db.new-1",
            "talus.db.new-1-x",
            "talus.db.new-7-1.zip",
            "other.db.new-1-2",
        ];
        let go = ["talus.db.new-4711-0", "talus.db.new-4711-0-journal", "talus.db.new-4711-12"];
        for name in stay.into_iter().chain(go) {
            fs::write(folder.path().join(name), "half").unwrap();
        }
        // While somebody records, it waits.
        let lock = WriterLock::take(&db).unwrap();
        drop(Store::open(&db).unwrap());
        assert!(go.iter().all(|name| folder.path().join(name).exists()));
        drop(lock);
        drop(Store::open(&db).unwrap());
        let mut expected: Vec<&str> = stay.into_iter().chain(["recordings", "talus.db"]).collect();
        expected.sort_unstable();
        assert_eq!(names(folder.path()), expected);
    }

    #[test]
    fn whoever_makes_a_database_and_finds_one_there_takes_that_one() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| drop(Store::open(&db).unwrap()));
            }
        });
        drop(Store::open(&db).unwrap());
        assert_eq!(names(folder.path()), ["recordings", "talus.db"]);
    }

    /// What a process that is killed in an export leaves: it drops nothing, and the system lets go of its locks.
    fn killed(db: &Path, to: &Path) -> PathBuf {
        let (note, part) = Note::part_of(db, to);
        let note = note.unwrap();
        let (path, text) = (note.path.clone(), fs::read(&note.path).unwrap());
        drop(note);
        fs::write(path, text).unwrap();
        for ending in ["", "-sets", "-repetitions", "-strides"] {
            fs::write(beside(&part, ending), "half").unwrap();
        }
        part
    }

    #[test]
    fn a_file_that_was_being_given_out_goes_with_its_tables_and_what_was_there_before_stays() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let db = folder.path().join("talus.db");
        drop(Store::open(&db).unwrap());
        let to = elsewhere.path().join("all.zip");
        fs::write(&to, "the one before").unwrap();
        fs::write(elsewhere.path().join("all.zip.part-1-1"), "somebody else's").unwrap();
        killed(&db, &to);
        assert_eq!(names(elsewhere.path()).len(), 6);
        drop(Store::open(&db).unwrap());
        assert_eq!(names(elsewhere.path()), ["all.zip", "all.zip.part-1-1"]);
        assert_eq!(names(folder.path()), ["recordings", "talus.db"]);
        // A note that names something else makes nobody remove it.
        for text in [to.to_str().unwrap(), "all.zip.part-1-1", "", &format!("{}.part-x-1", to.display())] {
            let note = folder.path().join("talus.db.giving-out-1-1");
            fs::write(&note, text).unwrap();
            drop(Store::open(&db).unwrap());
            assert!(!note.exists() && to.exists(), "{text}");
        }
    }

    #[test]
    fn a_file_that_is_being_given_out_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        let store = Store::open(&db).unwrap();
        let to = folder.path().join("all.zip");
        let (note, part) = Note::part_of(&db, &to);
        let note = note.unwrap();
        fs::write(&part, "under way").unwrap();
        // As another process sees it, which knows none of ours.
        ours().remove(&note.path);
        drop(store.another().unwrap());
        assert!(part.exists() && note.path.exists());
        // And as one does on a system without locks.
        ours().insert(note.path.clone());
        clear_noted(&note.path);
        assert!(part.exists() && note.path.exists());
        drop(note);
        fs::remove_file(part).unwrap();
        let wish = ExportWish { profile: None, recordings: false, written_utc_ms: 1 };
        store.export(&wish, &to, &Job::new()).unwrap();
        assert_eq!(names(folder.path()), ["all.zip", "recordings", "talus.db"]);
        // Nor does one that fails leave a note.
        let nowhere = folder.path().join("no such folder/all.zip");
        assert!(matches!(store.export(&wish, &nowhere, &Job::new()), Err(StoreError::NoAccess { .. })));
        assert_eq!(names(folder.path()), ["all.zip", "recordings", "talus.db"]);
    }
}

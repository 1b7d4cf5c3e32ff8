//! Looking at a database's file beside SQLite, without letting go of SQLite's locks.
//!
//! On Unix a process that closes any handle of a file loses every lock it has on it, and SQLite holds one for as long as a
//! database is open. Without it a salvage does not notice who else is there, and an older SQLite (seen with 3.40) that
//! closes the same database in another process takes itself for the last one and removes the log: what is committed here
//! from then on goes into a file without a name. So a [`Link`] tells which files are open as databases, and a [`Glance`] at
//! one of them is closed only when no link is left, as SQLite does with handles of its own.

use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs::{self, File, Metadata};
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::{Deref, DerefMut};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Device and number of a file.
type Inode = (u64, u64);

/// A file that is open as a database.
#[derive(Debug, Default)]
struct Open {
    links: usize,
    /// Handles whose closing waits. Each is used again, so they are as many as were in use at once.
    late: Vec<File>,
}

static OPEN: Mutex<BTreeMap<Inode, Open>> = Mutex::new(BTreeMap::new());

fn all() -> MutexGuard<'static, BTreeMap<Inode, Open>> {
    OPEN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `None` where locks belong to handles, so that there is nothing to look after.
#[cfg(unix)]
#[allow(clippy::unnecessary_wraps)] // elsewhere there is none
fn inode(found: &Metadata) -> Option<Inode> {
    use std::os::unix::fs::MetadataExt as _;
    Some((found.dev(), found.ino()))
}
#[cfg(not(unix))]
fn inode(_: &Metadata) -> Option<Inode> {
    None
}

/// Whether this process has the file at `path` open as a database.
pub(crate) fn is_open(path: &Path) -> bool {
    fs::metadata(path).ok().and_then(|found| inode(&found)).is_some_and(|inode| all().contains_key(&inode))
}

/// A connection to a database that others may have open too.
#[derive(Debug)]
pub(crate) struct Link {
    // Closed first.
    connection: Connection,
    token: Token,
}

impl Link {
    /// Opens the file at `path`, which is there, with what `open` does.
    pub(crate) fn to<E>(path: &Path, open: impl FnOnce() -> Result<Connection, E>) -> Result<Self, E> {
        let token = Token::of(path);
        Ok(Self { connection: open()?, token })
    }

    /// Whether the file at `path` is the one that was there before this was opened. Asked once a lock is held: a file that
    /// lost its name before is nobody's database any more.
    pub(crate) fn has_its_name(&self, path: &Path) -> bool {
        let now = fs::metadata(path).ok().map(|found| inode(&found));
        self.token.0.is_none() || now == Some(self.token.0)
    }

    pub(crate) fn close(self) -> rusqlite::Result<()> {
        let Self { connection, token: _token } = self;
        connection.close().map_err(|(_, error)| error)
    }
}

impl Deref for Link {
    type Target = Connection;
    fn deref(&self) -> &Connection {
        &self.connection
    }
}

impl DerefMut for Link {
    fn deref_mut(&mut self) -> &mut Connection {
        &mut self.connection
    }
}

/// Counts a link; the last one closes what waited.
#[derive(Debug)]
struct Token(Option<Inode>);

impl Token {
    fn of(path: &Path) -> Self {
        let inode = fs::metadata(path).ok().and_then(|found| inode(&found));
        if let Some(inode) = inode {
            all().entry(inode).or_default().links += 1;
        }
        Self(inode)
    }
}

impl Drop for Token {
    fn drop(&mut self) {
        let Some(inode) = self.0 else { return };
        let mut all = all();
        if let Some(open) = all.get_mut(&inode) {
            open.links -= 1;
            if open.links == 0 {
                all.remove(&inode);
            }
        }
    }
}

/// A handle to read a file that may be open as a database.
#[derive(Debug)]
pub(crate) struct Glance {
    /// There until it is dropped.
    file: Option<File>,
    inode: Option<Inode>,
}

impl Glance {
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let inode = inode(&fs::metadata(path)?);
        let late = inode.and_then(|inode| all().get_mut(&inode)?.late.pop());
        if let Some(mut file) = late {
            file.seek(SeekFrom::Start(0))?;
            return Ok(Self { file: Some(file), inode });
        }
        let file = File::open(path)?;
        // Another one may have taken the name since.
        let inode = self::inode(&file.metadata()?);
        Ok(Self { file: Some(file), inode })
    }
}

impl Read for Glance {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.file.as_mut().map_or(Ok(0), |file| file.read(buffer))
    }
}

impl Drop for Glance {
    fn drop(&mut self) {
        // Whoever opens it as a database meanwhile finds it here, or waits: it is closed before the lock goes.
        let mut all = all();
        let file = self.file.take();
        if let Some(open) = self.inode.and_then(|inode| all.get_mut(&inode)) {
            open.late.extend(file);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ProfileId, Store};
    use std::process::Command;

    const LOCKED: &str = "TALUS_LOCKED";

    /// The other process of the test below: it cannot have the database for itself.
    #[test]
    fn another_process_cannot_have_the_database_for_itself() {
        let Ok(path) = std::env::var(LOCKED) else { return };
        // By a second name there is no index of the log that would tell it more.
        let name = Path::new(&path).with_extension("second");
        fs::hard_link(&path, &name).unwrap();
        let alone = Connection::open(&name).unwrap();
        alone.pragma_update_and_check(None, "locking_mode", "exclusive", |_| Ok(())).unwrap();
        let error = alone.execute_batch("BEGIN EXCLUSIVE").unwrap_err();
        assert_eq!(error.sqlite_error_code(), Some(rusqlite::ErrorCode::DatabaseBusy), "{error}");
    }

    #[test]
    fn a_look_at_the_file_lets_go_of_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talus.db");
        let store = Store::open(&path).unwrap();
        store.ensure_profile(ProfileId([1; 16]), "Ada").unwrap();
        // Every opening looks at the first bytes.
        let export = store.another().unwrap();
        assert!(!Store::is_bundle(&path));
        let test = "db::glance::tests::another_process_cannot_have_the_database_for_itself";
        let args = ["--exact", test];
        let other = Command::new(std::env::current_exe().unwrap()).args(args).env(LOCKED, &path).output().unwrap();
        let said = String::from_utf8_lossy(&other.stdout);
        assert!(other.status.success() && said.contains("1 passed"), "{said}");
        assert!(path.with_extension("second").exists(), "it did try");
        drop(export);
    }

    #[test]
    fn handles_that_wait_are_used_again_and_closed_with_the_last_link() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("talus.db");
        let store = Store::open(&path).unwrap();
        let key = inode(&fs::metadata(&path).unwrap());
        let waiting = || key.and_then(|key| Some(all().get(&key)?.late.len()));
        for _ in 0..5 {
            let mut first = [0; 6];
            Glance::at(&path).unwrap().read_exact(&mut first).unwrap();
            assert_eq!(&first, b"SQLite");
        }
        assert_eq!(waiting(), key.map(|_| 1));
        assert_eq!(is_open(&path), key.is_some());
        drop(store);
        assert!(!is_open(&path));
    }
}

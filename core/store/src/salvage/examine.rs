//! What is to be salvaged: ours, of a schema that is known, opened by this key, and damaged. Anything else is refused
//! before anything changes.

use crate::db::glance::Glance;
use crate::db::open::{Found, connect, connect_to_salvage, found_at, migrate, migrations};
use crate::db::{history, open};
use crate::files::read_file;
use crate::recording::{self, RecordingError};
use crate::seal::{Key, Seal};
use crate::{SessionId, Store, StoreError};
use rusqlite::Connection;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// A page of ours.
const PAGE: usize = 4096;

/// Whether the database at `db` is ours and damaged. `copy` is one of it that may be written into.
///
/// # Errors
/// [`StoreError::Sound`] where it is not damaged; why it is not to be touched otherwise.
pub(super) fn damaged(db: &Path, key: Option<&Key>, copy: &Path) -> Result<(), StoreError> {
    match found_at(db, key) {
        Ok(Found::Plain | Found::Sealed) => opened(db, key, copy),
        // A bit of its first page is enough for another mark. Where that page is gone, no row reads; recordings may.
        Ok(Found::Nothing) | Err(StoreError::Foreign { .. }) => {
            let ours = match whose(copy, key) {
                Whose::Ours => true,
                Whose::Theirs => false,
                Whose::Unknown => remains(db, key) && a_recording_reads(db, key),
            };
            if ours { Ok(()) } else { Err(StoreError::Foreign { path: db.to_owned() }) }
        }
        Err(StoreError::Newer { found, .. }) if !newer(found, copy, key) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The same of one that begins as ours do: the copy is opened as if it were whole.
fn opened(db: &Path, key: Option<&Key>, copy: &Path) -> Result<(), StoreError> {
    let path = db.to_owned();
    // All of it may read then, and nothing can be saved in it any more.
    let read_only = says_read_only(copy);
    match connect(copy, key) {
        Ok(connection) => {
            match sound(&connection, &recordings_of(db)).map_err(|error| StoreError::database(copy, error)) {
                Ok(true) if !read_only => Err(StoreError::Sound { path }),
                Err(error) if of_the_machine(&error, key) => Err(error),
                Ok(_) | Err(_) => Ok(()),
            }
        }
        // With another key its first page looks just as damaged; recordings tell the two apart.
        Err(StoreError::WrongKey { .. }) if !a_recording_reads(db, key) => Err(StoreError::WrongKey { path }),
        Err(StoreError::Newer { found, known, .. }) if newer(found, copy, key) => {
            Err(StoreError::Newer { path, found, known })
        }
        // Neither a full disk nor one that does not answer is damage.
        Err(error) if of_the_machine(&error, key) && !read_only => Err(error),
        // Whatever else stands in the way is what it is to be salvaged from.
        Err(_) => Ok(()),
    }
}

/// Whether it was the machine that stood in the way, not what is in the file.
fn of_the_machine(error: &StoreError, key: Option<&Key>) -> bool {
    use rusqlite::ErrorCode as Code;
    match error {
        StoreError::Full { .. } | StoreError::Busy { .. } | StoreError::NoAccess { .. } => true,
        StoreError::Database { source, .. } => match source.sqlite_error_code() {
            Some(Code::OutOfMemory | Code::OperationInterrupted | Code::FileLockingProtocolFailed) => true,
            // SQLCipher says of a page it cannot open what SQLite says of a disk.
            Some(Code::SystemIoFailure) => key.is_none(),
            _ => false,
        },
        _ => false,
    }
}

/// Whether the file says that nobody may write it: bytes 18 and 19 are 1 or 2 in every one of ours.
fn says_read_only(copy: &Path) -> bool {
    let mut head = Vec::new();
    let read = Glance::at(copy).and_then(|file| file.take(20).read_to_end(&mut head));
    read.is_ok() && !matches!(head.get(18..20), Some([1 | 2, 1 | 2]))
}

/// Whether all of it is there and reads: pages, indexes, what rows point to, every session.
fn sound(db: &Connection, recordings: &Path) -> rusqlite::Result<bool> {
    let said: String = db.query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))?;
    let lost: bool = db.query_row("SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", [], |row| row.get(0))?;
    if said != "ok" || lost || schema(db)? != schema_of_ours()? {
        return Ok(false);
    }
    let sessions: Vec<(i64, SessionId)> = db
        .prepare("SELECT id, uid FROM session")?
        .query_map([], |row| Ok((row.get(0)?, SessionId(row.get(1)?))))?
        .collect::<Result<_, _>>()?;
    for (number, id) in sessions {
        history::bookmark(db, number)?;
        if history::session(db, recordings, id, true)?.is_none() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn recordings_of(db: &Path) -> PathBuf {
    open::folder_of(db).join("recordings")
}

impl Store {
    /// Whether all of the history is there and reads: pages, indexes, what rows point to, every session. It takes as long
    /// as reading everything once.
    ///
    /// # Errors
    /// [`StoreError::Busy`], [`StoreError::NoAccess`], [`StoreError::Full`]: they say nothing about what is in it.
    pub fn is_sound(&self) -> Result<bool, StoreError> {
        match self.ask(|db| sound(db, self.recordings())) {
            Err(error) if of_the_machine(&error, self.key()) => Err(error),
            said => Ok(said.unwrap_or(false)),
        }
    }
}

/// Whether a database is really of a newer Talus, and not of one whose number was hit.
fn newer(found: i64, copy: &Path, key: Option<&Key>) -> bool {
    match whose(copy, key) {
        Whose::Ours => false,
        Whose::Theirs => true,
        // So many are not made in twenty years; most bits of the number, once hit, are beyond.
        Whose::Unknown => found < 1_000,
    }
}

/// Whose a database is as its schema tells, whatever the first page says of itself.
enum Whose {
    /// Word for word a schema that this Talus knows.
    Ours,
    /// Nothing in it is known here.
    Theirs,
    /// It does not read, or only in part.
    Unknown,
}

fn whose(copy: &Path, key: Option<&Key>) -> Whose {
    let all = migrations();
    let known = |done: usize| -> rusqlite::Result<Vec<String>> {
        let mut memory = Connection::open_in_memory()?;
        migrate(&mut memory, all.get(..done).unwrap_or_default())?;
        schema(&memory)
    };
    let Ok(found) = connect_to_salvage(copy, key).map_err(drop).and_then(|old| schema(&old).map_err(drop)) else {
        return Whose::Unknown;
    };
    let mut strange = !found.is_empty();
    for known in (1..=all.len()).filter_map(|done| known(done).ok()) {
        if known == found {
            return Whose::Ours;
        }
        strange &= !found.iter().any(|sql| known.contains(sql));
    }
    if strange { Whose::Theirs } else { Whose::Unknown }
}

fn schema(db: &Connection) -> rusqlite::Result<Vec<String>> {
    db.prepare(
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY sql",
    )?
    .query_map([], |row| row.get(0))?
    .collect()
}

fn schema_of_ours() -> rusqlite::Result<Vec<String>> {
    let mut memory = Connection::open_in_memory()?;
    migrate(&mut memory, &migrations())?;
    schema(&memory)
}

/// Whether a file whose first page says nothing may have been a database: pages of one are in it, or zeros only, as a
/// disk leaves them that lost its power. What a key sealed looks like nothing at all; a text is none.
fn remains(db: &Path, key: Option<&Key>) -> bool {
    let Ok(mut file) = Glance::at(db) else { return false };
    let (mut page, mut blank) = (Vec::with_capacity(PAGE), true);
    loop {
        page.clear();
        if file.by_ref().take(PAGE as u64).read_to_end(&mut page).is_err() {
            return false;
        }
        if page.is_empty() {
            return blank;
        }
        let zeros = page.iter().all(|byte| *byte == 0);
        if !zeros && (is_page(&page) || (key.is_some() && std::str::from_utf8(&page).is_err())) {
            return true;
        }
        blank &= zeros;
    }
}

/// Whether a page begins as a table's or an index's does, with entries that fit on it.
fn is_page(page: &[u8]) -> bool {
    let Some([kind, free_0, free_1, cells_0, cells_1, from_0, from_1, scraps]) = page.first_chunk::<8>() else {
        return false;
    };
    let [free, cells, from] = [[*free_0, *free_1], [*cells_0, *cells_1], [*from_0, *from_1]]
        .map(|bytes| usize::from(u16::from_be_bytes(bytes)));
    matches!(kind, 2 | 5 | 10 | 13)
        && page.len() == PAGE
        && free < PAGE
        && cells > 0
        && (8 + 2 * cells..=PAGE).contains(&from)
        && *scraps <= 60
}

/// Whether any recording beside the database reads and, where there is a key, was sealed with it.
pub(super) fn a_recording_reads(db: &Path, key: Option<&Key>) -> bool {
    let Ok(entries) = fs::read_dir(recordings_of(db)) else { return false };
    entries.filter_map(Result::ok).any(|entry| {
        let path = entry.path();
        let id = || -> Option<SessionId> { path.file_stem()?.to_str()?.parse().ok() };
        let (Some(id), Ok(bytes)) = (id(), read_file(&path)) else { return false };
        let open = recording::read(&bytes);
        let Some(key) = key else { return open.is_ok_and(|reading| reading.head.is_some()) };
        open == Err(RecordingError::Sealed)
            && Seal::new(key, id).is_ok_and(|seal| recording::read_sealed(&bytes, Some(&seal)).is_ok())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn said(code: i32) -> StoreError {
        StoreError::database(Path::new("talus.db"), rusqlite::Error::SqliteFailure(ffi::Error::new(code), None))
    }

    #[test]
    fn a_disk_that_is_full_or_does_not_answer_is_no_damage() {
        let key = Key::new([1; 32]);
        for code in [ffi::SQLITE_FULL, ffi::SQLITE_BUSY, ffi::SQLITE_CANTOPEN, ffi::SQLITE_NOMEM, ffi::SQLITE_PERM] {
            assert!(of_the_machine(&said(code), None) && of_the_machine(&said(code), Some(&key)), "{code}");
        }
        assert!(of_the_machine(&said(ffi::SQLITE_IOERR), None));
        assert!(!of_the_machine(&said(ffi::SQLITE_IOERR), Some(&key)), "SQLCipher says so of a page");
        for code in [ffi::SQLITE_CORRUPT, ffi::SQLITE_NOTADB, ffi::SQLITE_ERROR, ffi::SQLITE_TOOBIG] {
            assert!(!of_the_machine(&said(code), None), "{code}");
        }
    }

    #[test]
    fn what_makes_a_database_one_to_be_read_only_is_damage_where_it_stands_in_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        drop(Store::open(&db).unwrap());
        let whole = fs::read(&db).unwrap();
        assert!(!says_read_only(&db));
        for at in [18, 19] {
            let mut bytes = whole.clone();
            bytes[at] = 7;
            fs::write(&db, bytes).unwrap();
            assert!(says_read_only(&db));
            let (store, _) = Store::salvage(&db, None).unwrap();
            assert!(store.profiles().unwrap().is_empty());
        }
    }
}

//! Opening the database: create, recognise, migrate, set up. What is not ours or from the future stays untouched.
//!
//! The runner has the shape of Mozilla's `ConnectionInitializer`: the version is `user_version`, each migration is
//! one immediate transaction together with its new version, a version from the future is refused. Unlike there a
//! damaged file is never deleted.

use super::glance::{Glance, Link};
use super::totals;
use crate::files::if_there;
use crate::leftovers::{NEW, own_name};
use crate::{Key, StoreError};
use include_dir::{Dir, include_dir};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;
use zeroize::Zeroizing;

/// `TALU`, in bytes 68 to 71 of the file.
const APPLICATION_ID: i32 = 0x5441_4c55;
/// Every migration: `NNN_name.sql` brings the schema to version NNN.
static MIGRATIONS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/migrations");
/// Byte 20 of a database: what SQLCipher keeps of each page for its nonce (16) and its HMAC-SHA512 (64).
const SEALED_RESERVE: u8 = 80;
/// Bytes of the file that stay readable, so that it can be told what it is and, on an iPhone, a process that holds it
/// open is not killed for it.
const READABLE: i64 = 32;
/// How long a statement waits for another process's.
pub(crate) const BUSY: Duration = Duration::from_secs(5);

/// One step of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Migration<'a> {
    /// The version it leads to.
    pub(crate) to: i64,
    /// What is to be done.
    pub(crate) sql: &'a str,
}

/// Every migration, oldest first. What is in the folder and is none is a defect that a test finds.
pub(crate) fn migrations() -> Vec<Migration<'static>> {
    let one = |file: &'static include_dir::File<'static>| {
        let to = file.path().file_name()?.to_str()?.split_once('_')?.0.parse().ok()?;
        Some(Migration { to, sql: file.contents_utf8()? })
    };
    let mut all: Vec<_> = MIGRATIONS.files().filter_map(one).collect();
    all.sort_by_key(|migration| migration.to);
    all
}

/// Opens the database at `path`, creating it with its folders where there is none.
pub(crate) fn open(path: &Path, key: Option<&Key>) -> Result<Link, StoreError> {
    if found_at(path, key)? == Found::Nothing {
        create(path, key)?;
    }
    connect(path, key)
}

/// What is at `path`, as far as its first bytes tell; refused where this key, or none, cannot open it.
pub(crate) fn found_at(path: &Path, key: Option<&Key>) -> Result<Found, StoreError> {
    if key.is_some() && !can_encrypt() {
        return Err(StoreError::EncryptionUnavailable { path: path.to_owned() });
    }
    match (recognise(path)?, key) {
        (Found::Sealed, None) => Err(StoreError::Locked { path: path.to_owned() }),
        (Found::Plain, Some(_)) => Err(StoreError::NotEncrypted { path: path.to_owned() }),
        (found, _) => Ok(found),
    }
}

/// Whether the SQLite in this build is SQLCipher: any other takes a key and does nothing with it.
fn can_encrypt() -> bool {
    let asked = Connection::open_in_memory()
        .and_then(|memory| memory.query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0)));
    asked.is_ok_and(|version| !version.is_empty())
}

/// Hands the key to SQLCipher: first of all that a connection does.
pub(crate) fn unlock(connection: &Connection, path: &Path, key: &Key) -> Result<(), StoreError> {
    let secret = key.database()?;
    let mut keying = Zeroizing::new(String::with_capacity(128));
    keying.push_str("PRAGMA key = \"x'");
    keying.push_str(&secret);
    keying.push_str("'\"");
    // SQLCipher would say on the standard error what comes back as an error here anyway.
    let set =
        connection.execute_batch("PRAGMA cipher_log_level = NONE").and_then(|()| connection.execute_batch(&keying));
    set.and_then(|()| connection.pragma_update(None, "cipher_plaintext_header_size", READABLE))
        .map_err(|error| StoreError::database(path, error))
}

/// What is at a path.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    Plain,
    Sealed,
}

/// Looks at the first bytes, without SQLite: it would finish what it finds in a foreign file's journal.
fn recognise(path: &Path) -> Result<Found, StoreError> {
    let mut head = Vec::with_capacity(100);
    let looked = if_there(Glance::at(path).and_then(|file| file.take(100).read_to_end(&mut head)));
    if looked.map_err(|error| StoreError::io(path, error))?.is_none() || head.is_empty() {
        return Ok(Found::Nothing);
    }
    let number = |at: usize| head.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, i32::from_be_bytes);
    let sqlite = head.starts_with(b"SQLite format 3\0");
    if sqlite && head.get(20) == Some(&SEALED_RESERVE) {
        // Whose it is and from when stands in what only the key opens.
        return Ok(Found::Sealed);
    }
    if !sqlite || number(68) != APPLICATION_ID {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    refuse_newer(path, i64::from(number(60)))?;
    Ok(Found::Plain)
}

fn refuse_newer(path: &Path, found: i64) -> Result<(), StoreError> {
    let known = newest(&migrations());
    if found > known { Err(StoreError::Newer { path: path.to_owned(), found, known }) } else { Ok(()) }
}

/// Makes the database beside its place and moves it there whole, so that no half-made one is ever found.
fn create(path: &Path, key: Option<&Key>) -> Result<(), StoreError> {
    let folder = folder_of(path);
    fs::create_dir_all(&folder).map_err(|error| StoreError::io(&folder, error))?;
    let fresh = own_name(path, NEW);
    let made =
        fill(&fresh, path, key).and_then(|()| move_in(&fresh, path).map_err(|error| StoreError::io(path, error)));
    if made.is_err() {
        // Best effort: the error that matters is the first.
        let _ = fs::remove_file(&fresh);
        // Another process was faster, and may have cleared this one away already.
        if fs::metadata(path).is_ok_and(|there| there.len() > 0) {
            return Ok(());
        }
    }
    made
}

/// Fills the file `fresh`; what goes wrong is told of `path`, which somebody named.
fn fill(fresh: &Path, path: &Path, key: Option<&Key>) -> Result<(), StoreError> {
    let database = |error| StoreError::database(path, error);
    // Creating the file ourselves gives the system's own words where that fails.
    File::create_new(fresh).map_err(|error| StoreError::io(path, error))?;
    let mut connection = Connection::open(fresh).map_err(database)?;
    if let Some(key) = key {
        unlock(&connection, path, key)?;
    }
    connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(database)?;
    migrate(&mut connection, &migrations()).map_err(database)?;
    connection.close().map_err(|(_, error)| database(error))?;
    File::open(fresh).and_then(|file| file.sync_all()).map_err(|error| StoreError::io(path, error))
}

fn move_in(fresh: &Path, path: &Path) -> io::Result<()> {
    // A link does not replace: where another process was faster, its database stands.
    match fs::hard_link(fresh, path) {
        Ok(()) => fs::remove_file(fresh)?,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && fs::metadata(path)?.len() > 0 => {
            fs::remove_file(fresh)?;
        }
        // An empty file in its place, or a file system without links.
        Err(_) => fs::rename(fresh, path)?,
    }
    sync_folder(&folder_of(path))
}

/// A new name in a folder is only safe once the folder is synced.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

/// The folder a file is in.
pub(crate) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// A further connection to a database that is there.
pub(crate) fn connect(path: &Path, key: Option<&Key>) -> Result<Link, StoreError> {
    let database = |error| StoreError::database(path, error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Link::to(path, || Connection::open_with_flags(path, flags)).map_err(database)?;
    // As long as it may still be refused, closing must not move anything out of a log into the file.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(database)?;
    connection.busy_timeout(BUSY).map_err(database)?;
    if let Some(key) = key {
        unlock(&connection, path, key)?;
    }
    // The first look at a page: the key is right, or SQLCipher finds no database.
    let found = version(&connection).map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) if key.is_some() => StoreError::WrongKey { path: path.to_owned() },
        _ => database(error),
    })?;
    // Only now it has a lock on what it opened: whatever took the name before that, a salvage, has the name for good.
    if !connection.has_its_name(path) {
        return Err(StoreError::Busy { path: path.to_owned() });
    }
    let ours: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0)).map_err(database)?;
    if ours != APPLICATION_ID {
        return Err(StoreError::Foreign { path: path.to_owned() });
    }
    refuse_newer(path, found)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map_err(database)?;

    let mode: String =
        connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)).map_err(database)?;
    if !mode.eq_ignore_ascii_case("wal") {
        let source = io::Error::other("this file system cannot keep a write-ahead log");
        return Err(StoreError::NoAccess { path: path.to_owned(), source });
    }
    let set = |name: &str, value: i64| connection.pragma_update(None, name, value).map_err(database);
    // FULL: every commit is synced. NORMAL would lose minutes at a power cut.
    set("synchronous", 2)?;
    // On Apple systems only these flush the drive's own cache; elsewhere they do nothing.
    set("fullfsync", 1)?;
    set("checkpoint_fullfsync", 1)?;
    set("foreign_keys", 1)?;
    // In memory: Android has no folder for temporary files.
    set("temp_store", 2)?;
    connection
        .pragma_update_and_check(None, "secure_delete", 1, |_| Ok(()))
        .and_then(|()| connection.pragma_update_and_check(None, "journal_size_limit", 1_572_864, |_| Ok(())))
        .and_then(|()| connection.pragma_update_and_check(None, "wal_autocheckpoint", 128, |_| Ok(())))
        .map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    migrate(&mut connection, &migrations()).map_err(database)?;
    totals::complete(&connection).map_err(database)?;
    Ok(connection)
}

/// A database of schema `to` for what is not the household's yet: nothing in it needs to survive anything, and it is as
/// sealed as the household's.
pub(crate) fn workbench(path: &Path, key: Option<&Key>, to: i64) -> Result<Connection, StoreError> {
    let database = |error| StoreError::database(path, error);
    File::create_new(path).map_err(|error| StoreError::io(path, error))?;
    let mut connection = Connection::open(path).map_err(database)?;
    if let Some(key) = key {
        unlock(&connection, path, key)?;
    }
    connection.pragma_update_and_check(None, "journal_mode", "off", |_| Ok(())).map_err(database)?;
    connection
        .execute_batch("PRAGMA synchronous = 0; PRAGMA temp_store = 2; PRAGMA foreign_keys = 1")
        .map_err(database)?;
    connection.set_prepared_statement_cache_capacity(64);
    let known = migrations();
    let until = known.iter().position(|migration| migration.to > to).unwrap_or(known.len());
    migrate(&mut connection, known.get(..until).unwrap_or_default()).map_err(database)?;
    Ok(connection)
}

/// The newest schema this program knows.
pub(crate) fn newest_schema() -> i64 {
    newest(&migrations())
}

/// A connection to a copy of a damaged database, which is only read.
pub(crate) fn connect_to_salvage(path: &Path, key: Option<&Key>) -> Result<Connection, StoreError> {
    let database = |error| StoreError::database(path, error);
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE).map_err(database)?;
    if let Some(key) = key {
        unlock(&connection, path, key)?;
    }
    // What does not parse of the schema is passed over, and a length that cannot be is noticed at once.
    connection
        .execute_batch("PRAGMA writable_schema = 1; PRAGMA cell_size_check = 1; PRAGMA mmap_size = 0")
        .map_err(database)?;
    Ok(connection)
}

pub(crate) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// The version the last of them leads to.
fn newest(migrations: &[Migration<'_>]) -> i64 {
    migrations.last().map_or(0, |last| last.to)
}

/// Runs what of `migrations` was not run yet, each in a transaction of its own together with its version.
pub(crate) fn migrate(connection: &mut Connection, migrations: &[Migration<'_>]) -> rusqlite::Result<()> {
    while version(connection)? < newest(migrations) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Looked at again inside: another process may have been faster.
        let done = version(&transaction)?;
        if let Some(next) = migrations.iter().find(|migration| migration.to > done) {
            transaction.execute_batch(next.sql)?;
            transaction.pragma_update(None, "user_version", next.to)?;
        }
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::fallible_iterator::FallibleIterator as _;

    /// Every object of a schema as SQL, in a fixed order.
    fn schema(connection: &Connection) -> String {
        let mut statement =
            connection.prepare("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY type, name").unwrap();
        let objects = statement.query_map([], |row| row.get::<_, String>(0)).unwrap();
        objects.map(|sql| sql.unwrap() + ";\n").collect()
    }

    fn steps_of<'a>(sql: &[&'a str]) -> Vec<Migration<'a>> {
        (1..).zip(sql).map(|(to, sql)| Migration { to, sql }).collect()
    }

    #[test]
    fn every_file_in_the_folder_is_a_migration_and_no_two_lead_to_the_same_version() {
        let all = migrations();
        assert_eq!(all.len(), MIGRATIONS.files().count());
        assert!(all.windows(2).all(|pair| pair[0].to < pair[1].to), "{all:?}");
        assert_eq!(all[0].to, 1);
    }

    #[test]
    fn every_schema_is_what_its_fixture_says() {
        let all = migrations();
        for done in 1..=all.len() {
            let mut connection = Connection::open_in_memory().unwrap();
            migrate(&mut connection, &all[..done]).unwrap();
            let version = version(&connection).unwrap();
            assert_eq!(version, all[done - 1].to);
            let fixture = format!("{}/tests/fixtures/schema-{version}.sql", env!("CARGO_MANIFEST_DIR"));
            assert_eq!(schema(&connection), fs::read_to_string(&fixture).unwrap(), "{fixture}");
        }
    }

    #[test]
    fn strides_from_before_lengths_stay_and_have_none() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &migrations()[..1]).unwrap();
        // What a stride belongs to is not what is looked at.
        connection.pragma_update(None, "foreign_keys", 0).unwrap();
        connection.execute("INSERT INTO stride VALUES (7, 1, 1000, 700000, 1100000, 0.4, 0)", []).unwrap();
        migrate(&mut connection, &migrations()[..2]).unwrap();
        let row = connection.query_row("SELECT * FROM stride", [], |row| {
            Ok((
                row.get::<_, i64>("end_us")?,
                row.get::<_, Option<f64>>("length_m")?,
                row.get::<_, Option<f64>>("lift_m")?,
            ))
        });
        assert_eq!(row.unwrap(), (1_100_000, None, None));
        let endless = "UPDATE stride SET length_m = 9e999";
        assert!(connection.execute(endless, []).is_err(), "a length is a number");
    }

    #[test]
    fn repetitions_from_before_whole_numbers_keep_their_measures() {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection, &migrations()[..2]).unwrap();
        connection.pragma_update(None, "foreign_keys", 0).unwrap();
        let old =
            "INSERT INTO rep VALUES (7, 1, 1000, 900000, 1500000, 2600000, 61.33333, 0.899, 0.6, 1.1, NULL, 120.128,
            -1.7304, 1, 0.93, NULL, 4)";
        connection.execute(old, []).unwrap();
        migrate(&mut connection, &migrations()[..3]).unwrap();
        let row: Vec<Option<i64>> = connection
            .query_row("SELECT * FROM rep", [], |row| (0..14).map(|column| row.get(column)).collect())
            .unwrap();
        let measures = [899_000, 600_000, 1_100_000, 61_333, 0, 12_013, -1730, 1, 930, 0, 4].map(Some);
        assert_eq!(row[..3], [Some(7), Some(1), Some(1000)]);
        assert!(row[3..].iter().zip(measures).all(|(found, expected)| found.or(Some(0)) == expected), "{row:?}");
        let endless = "UPDATE rep SET range_mdeg = 9223372036854775807";
        assert!(connection.execute(endless, []).is_err(), "a range is a number of degrees");
    }

    /// A build that does not read `.cargo/config.toml` would have all of it.
    #[test]
    fn no_code_is_loaded_from_another_file_and_nothing_nobody_asks_is_built_in() {
        let connection = Connection::open_in_memory().unwrap();
        let all = "SELECT group_concat(compile_options, ' ') FROM pragma_compile_options";
        let options: String = connection.query_row(all, [], |row| row.get(0)).unwrap();
        assert!(options.contains("OMIT_LOAD_EXTENSION"), "{options}");
        for absent in ["ENABLE_FTS", "ENABLE_RTREE", "ENABLE_DBSTAT", "SOUNDEX"] {
            assert!(!options.contains(absent), "{absent} in {options}");
        }
        let loads = connection.query_row("SELECT load_extension('anything')", [], |_| Ok(()));
        assert!(loads.unwrap_err().to_string().contains("no such function"));
    }

    #[test]
    fn a_migration_that_fails_leaves_the_schema_before_it() {
        let mut connection = Connection::open_in_memory().unwrap();
        let steps = ["CREATE TABLE a (x) STRICT;", "CREATE TABLE a (x INTEGER) STRICT;"];
        assert!(migrate(&mut connection, &steps_of(&steps)).is_err());
        let steps = ["CREATE TABLE a (x INTEGER) STRICT;", "CREATE TABLE b (x INTEGER) STRICT; nonsense;"];
        assert!(migrate(&mut connection, &steps_of(&steps)).is_err());
        assert_eq!(version(&connection).unwrap(), 1);
        assert_eq!(schema(&connection), "CREATE TABLE a (x INTEGER) STRICT;\n");
        let steps = [steps[0], "CREATE TABLE b (x INTEGER) STRICT;"];
        migrate(&mut connection, &steps_of(&steps)).unwrap();
        migrate(&mut connection, &steps_of(&steps)).unwrap();
        assert_eq!(version(&connection).unwrap(), 2);
    }

    #[test]
    fn a_migration_that_is_killed_after_any_statement_leaves_the_old_schema_or_the_new_one() {
        let all = migrations();
        let folder = tempfile::tempdir().unwrap();
        let (db, log) = (folder.path().join("talus.db"), folder.path().join("talus.db-wal"));
        let mut killed = 0;
        for (done, step) in all.iter().enumerate() {
            let mut connection = Connection::open(&db).unwrap();
            connection.pragma_update_and_check(None, "journal_mode", "wal", |_| Ok(())).unwrap();
            migrate(&mut connection, &all[..done]).unwrap();
            let before = schema(&connection);
            // What a killed process leaves: the files as they are between two statements.
            let look = || (fs::read(&db).unwrap(), fs::read(&log).unwrap_or_default());
            let mut left = vec![look()];
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).unwrap();
            let mut statements = rusqlite::Batch::new(&transaction, step.sql);
            while let Some(mut statement) = statements.next().unwrap() {
                statement.raw_execute().unwrap();
                drop(statement);
                // Pages go to the log before the commit too, where they do not fit into memory.
                transaction.cache_flush().unwrap();
                left.push(look());
            }
            transaction.pragma_update(None, "user_version", step.to).unwrap();
            left.push(look());
            transaction.commit().unwrap();
            left.push(look());
            let after = schema(&connection);
            let last = left.len() - 1;
            for (index, (bytes, logged)) in left.into_iter().enumerate() {
                let place = tempfile::tempdir().unwrap();
                fs::write(place.path().join("talus.db"), bytes).unwrap();
                fs::write(place.path().join("talus.db-wal"), logged).unwrap();
                let mut found = Connection::open(place.path().join("talus.db")).unwrap();
                let expected = if index < last { (version_before(&all, done), &before) } else { (step.to, &after) };
                assert_eq!((version(&found).unwrap(), &schema(&found)), expected, "statement {index} to {}", step.to);
                migrate(&mut found, &all[..=done]).unwrap();
                assert_eq!((version(&found).unwrap(), schema(&found)), (step.to, after.clone()));
                killed += 1;
            }
        }
        assert!(killed > 15, "{killed} moments");
    }

    fn version_before(all: &[Migration<'_>], done: usize) -> i64 {
        all[..done].last().map_or(0, |last| last.to)
    }

    #[test]
    fn a_connection_is_set_up_as_promised() {
        let folder = tempfile::tempdir().unwrap();
        let connection = open(&folder.path().join("talus.db"), None).unwrap();
        let value = |name: &str| -> i64 { connection.pragma_query_value(None, name, |row| row.get(0)).unwrap() };
        assert_eq!(value("synchronous"), 2, "FULL");
        assert_eq!(value("application_id"), i64::from(APPLICATION_ID));
        assert_eq!((value("foreign_keys"), value("secure_delete"), value("temp_store")), (1, 1, 2));
        let mode: String = connection.pragma_query_value(None, "journal_mode", |row| row.get(0)).unwrap();
        assert_eq!(mode, "wal");
        let mut tables = connection
            .prepare("SELECT name, strict FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
            .unwrap();
        let tables = tables.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, bool>(1)?))).unwrap();
        for (name, strict) in tables.map(Result::unwrap).filter(|(name, _)| !name.starts_with("sqlite_")) {
            assert!(strict, "{name} is not strict");
        }
    }
}

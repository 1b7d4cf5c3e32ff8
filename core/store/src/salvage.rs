//! A damaged database: kept aside as it is, and whatever of it can be read goes into a new one.
//!
//! Nothing is deleted and nothing is written into the damaged file: a copy of it is read, session by session, along
//! every way that leads to one. A session whose rows are lost comes back from its recording, which says whose it is and
//! holds all its inputs; its results are then derived again. The new database is made beside the damaged one and takes its
//! place only when it is whole ([`swap`]).

mod examine;
pub(crate) mod swap;

use crate::aside::finish_or_undo;
use crate::db::glance::Link;
use crate::db::open::{connect_to_salvage, migrate, migrations};
use crate::db::{history, totals, word};
use crate::files::if_there;
use crate::lock::WriterLock;
use crate::seal::Key;
use crate::{Job, Reading, SessionId, Store, StoreError};
use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use swap::{Swap, Told};

/// What opening the database at `db` with `key` said, told apart: a sealed one whose first page is damaged looks as if the
/// key were another one, and only recordings that open with it show that it is not.
pub(crate) fn told_apart(error: StoreError, db: &Path, key: Option<&Key>) -> StoreError {
    match error {
        StoreError::WrongKey { path } if examine::a_recording_reads(db, key) => {
            StoreError::Damaged { path, reason: "its first page does not open".to_owned() }
        }
        other => other,
    }
}

/// What came of a damaged database.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Salvaged {
    /// The folder the damaged files are kept in.
    pub kept: PathBuf,
    /// Sessions with every row they had.
    pub whole: Vec<SessionId>,
    /// Sessions some of whose rows are lost or cannot be vouched for; those without any recording stay so.
    pub partly: Vec<SessionId>,
    /// Sessions that are back from their recordings: their results are to be derived again.
    pub from_recordings: Vec<SessionId>,
}

/// How often something is told on the way.
const STEPS: u64 = 9;
/// Rows that belong to nobody's session, in the order in which they need each other.
const HOUSEHOLD: [&str; 4] = ["profile", "cuff", "calibration", "wear"];
/// Rows of a person that come after the sessions they may point to.
const PERSONAL: [&str; 7] = ["test", "person", "author", "plan", "check_in", "course", "programme"];
/// Rows of a session, and those that are worked out from others or made again from recordings.
#[cfg(test)]
const OF_SESSIONS: [&str; 7] = ["session", "derived", "eset", "rep", "stride", "bookmark", "edit"];
#[cfg(test)]
const WORKED_OUT: [&str; 5] = ["overlay", "total", "gait", "trend", "trace"];
/// Ways to the sessions: where one page is lost, another way, or the same from its other end, leads past it.
const WAYS: [&str; 5] = [
    "SELECT id FROM session NOT INDEXED ORDER BY id",
    "SELECT id FROM session NOT INDEXED ORDER BY id DESC",
    "SELECT id FROM session INDEXED BY session_newest",
    "SELECT DISTINCT session_id FROM derived INDEXED BY derived_session ORDER BY session_id",
    "SELECT DISTINCT session_id FROM derived INDEXED BY derived_session ORDER BY session_id DESC",
];

impl Store {
    /// Makes a new database of everything that still reads in the damaged one at `db`, and sets the damaged one aside once
    /// the new one is whole. Recordings stay where they are.
    ///
    /// # Errors
    /// [`StoreError::Sound`] where nothing is damaged; [`StoreError::Foreign`], [`StoreError::Newer`],
    /// [`StoreError::Locked`], [`StoreError::NotEncrypted`], [`StoreError::WrongKey`] and
    /// [`StoreError::EncryptionUnavailable`] as when it is opened; [`StoreError::InUse`] while anything is recorded,
    /// [`StoreError::Busy`] while anybody else has it open, [`StoreError::NoAccess`], [`StoreError::Full`]. After any of
    /// them everything is as it was.
    pub fn salvage(db: &Path, key: Option<&Key>) -> Result<(Self, Salvaged), StoreError> {
        Self::salvage_watched(db, key, &Job::new())
    }

    /// As [`Store::salvage`], watched and stopped through a job.
    ///
    /// # Errors
    /// As [`Store::salvage`], and [`BundleError::Cancelled`](crate::BundleError::Cancelled): everything is as it was.
    pub fn salvage_watched(db: &Path, key: Option<&Key>, job: &Job) -> Result<(Self, Salvaged), StoreError> {
        Self::salvage_any(db, key, false, job)
    }

    /// As [`Store::salvage_watched`], for a place that can only be the household's: what stands there and is no database of
    /// ours, a text or nothing that reads, is set aside too. Sessions come back from their recordings.
    ///
    /// # Errors
    /// As [`Store::salvage_watched`], but for [`StoreError::Foreign`].
    pub fn replace(db: &Path, key: Option<&Key>, job: &Job) -> Result<(Self, Salvaged), StoreError> {
        Self::salvage_any(db, key, true, job)
    }

    fn salvage_any(db: &Path, key: Option<&Key>, foreign: bool, job: &Job) -> Result<(Self, Salvaged), StoreError> {
        job.begin(STEPS);
        let mut swapping = false;
        let salvaged = Self::salvage_told(db, key, foreign, &mut |step| {
            // From here on there is only forward.
            swapping |= step == "ready";
            match job.on(1) {
                Err(stopped) if !swapping => Err(stopped.into()),
                _ => Ok(()),
            }
        })?;
        job.end();
        Ok(salvaged)
    }

    fn salvage_told(
        db: &Path,
        key: Option<&Key>,
        foreign: bool,
        told: Told<'_>,
    ) -> Result<(Self, Salvaged), StoreError> {
        // Before anything is made beside a name that was mistyped.
        fs::metadata(db).map_err(|error| StoreError::io(db, error))?;
        let lock = WriterLock::take(db)?;
        let swap = Swap::at(db);
        swap.settle()?;
        // Before anything is read: its log may be in there, and would come back over the new database otherwise.
        finish_or_undo(db)?;
        let (salvaged, alone) = Self::fill_beside(db, key, foreign, &swap, told).inspect_err(|_| {
            // Best effort: the next opening does it again.
            let _ = swap.undo();
        })?;
        let kept = swap.swap(told).inspect_err(|_| {
            // From a certain moment on there is no way back, but the rest of the way.
            let _ = swap.settle();
        })?;
        drop((alone, lock));
        Ok((Self::with(db, key.cloned())?, Salvaged { kept, ..salvaged }))
    }

    /// Fills a new database beside the damaged one. As long as what is given beside it lives, nobody else has the damaged
    /// one open.
    fn fill_beside(
        db: &Path,
        key: Option<&Key>,
        foreign: bool,
        swap: &Swap<'_>,
        told: Told<'_>,
    ) -> Result<(Salvaged, Option<Link>), StoreError> {
        let ours = match examine::damaged(db, key, &swap.copy()?.at) {
            Err(StoreError::Foreign { .. }) if foreign => false,
            said => said.map(|()| true)?,
        };
        let alone = swap.alone(key)?;
        // The first copy was looked into as if it were whole, and while others may have written.
        let copy = swap.copy()?;
        told("copied")?;
        let mut salvaged = Salvaged::default();
        let store = Self::in_place_of(db, &swap.fresh(), key.cloned())?;
        told("a new one is made")?;
        if ours && let Ok(mut old) = connect_to_salvage(&copy.at, key) {
            // Rows of an older schema fit once they are moved; where that fails they are taken as they are.
            let _ = migrate(&mut old, &migrations());
            store.ask(|new| rows(&old, new, &mut salvaged))?;
        }
        told("its rows are read")?;
        store.recordings_without_rows(&mut salvaged)?;
        store.ask(totals::rebuild)?;
        store.into_one_file()?;
        told("the new one is whole")?;
        if alone.is_none() {
            swap.ensure_as(&copy)?;
        }
        Ok((salvaged, alone))
    }

    /// Gives every recording without a session its session back.
    fn recordings_without_rows(&self, salvaged: &mut Salvaged) -> Result<(), StoreError> {
        let known: BTreeSet<SessionId> = salvaged.whole.iter().chain(&salvaged.partly).copied().collect();
        let folder = self.recordings();
        let entries = if_there(fs::read_dir(folder)).map_err(|error| StoreError::io(folder, error))?;
        let Some(entries) = entries else { return Ok(()) };
        let mut ids: Vec<SessionId> = entries
            .filter_map(|entry| entry.ok()?.path().file_stem()?.to_str()?.parse().ok())
            .filter(|id| !known.contains(id))
            .collect();
        ids.sort_unstable();
        for id in ids {
            // A recording that does not read either stays where it is.
            let Ok(reading) = self.reading(id) else { continue };
            if self.ask(|new| session_of(new, id, &reading))? {
                salvaged.from_recordings.push(id);
            }
        }
        Ok(())
    }
}

/// Copies whatever reads of `old` into `new`. Errors are those of `new`; what `old` cannot give is left out.
fn rows(old: &Connection, new: &Connection, salvaged: &mut Salvaged) -> rusqlite::Result<()> {
    new.execute_batch("BEGIN IMMEDIATE; PRAGMA defer_foreign_keys = 1")?;
    for table in HOUSEHOLD {
        for order in ["ASC", "DESC"] {
            copy(old, new, table, &format!("NOT INDEXED ORDER BY id {order}"), &[])?;
        }
    }
    let mut ids = BTreeSet::new();
    for way in WAYS {
        let Ok(mut statement) = old.prepare(way) else { continue };
        let Ok(mut found) = statement.query([]) else { continue };
        while let Ok(Some(row)) = found.next() {
            ids.extend(row.get::<_, i64>(0));
        }
    }
    let walked = Walked::of(old);
    for id in ids {
        let uid = old.query_row("SELECT uid FROM session WHERE id = ?1", [id], |row| row.get(0)).map(SessionId);
        let Ok(uid) = uid else { continue };
        new.execute_batch("SAVEPOINT one")?;
        let whole = session(old, new, &walked, id)?;
        let there: bool = new.query_row(
            "SELECT EXISTS (SELECT 1 FROM session s JOIN derived d ON d.session_id = s.id
                AND d.current = 1 WHERE s.id = ?1)",
            [id],
            |row| row.get(0),
        )?;
        // Text that reads may still be no summary and no place any more, and without them a session can be looked at …
        let whole = history::forget_unreadable(new, id)? & whole;
        // … and no plan any more, and without one it cannot: its recording knows better.
        if !there || !history::reads(new, uid, id) {
            new.execute_batch("ROLLBACK TO one; RELEASE one")?;
            continue;
        }
        new.execute_batch("RELEASE one")?;
        if whole { salvaged.whole.push(uid) } else { salvaged.partly.push(uid) }
    }
    for table in PERSONAL {
        for order in ["ASC", "DESC"] {
            copy(old, new, table, &format!("NOT INDEXED ORDER BY rowid {order}"), &[])?;
        }
    }
    // What points to something that is lost: a weight to a cuff, a session to a person.
    new.execute_batch(
        "INSERT OR IGNORE INTO profile (id, uid, name)
             SELECT DISTINCT profile_id, randomblob(16), '' FROM session
             WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM wear WHERE cuff_id NOT IN (SELECT id FROM cuff)
             OR profile_id NOT IN (SELECT id FROM profile);
         UPDATE wear SET calibration_id = NULL WHERE calibration_id NOT IN (SELECT id FROM calibration);
         DELETE FROM calibration WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM derived WHERE session_id NOT IN (SELECT id FROM session);
         DELETE FROM eset WHERE derived_id NOT IN (SELECT id FROM derived);
         DELETE FROM rep WHERE eset_id NOT IN (SELECT id FROM eset);
         DELETE FROM stride WHERE eset_id NOT IN (SELECT id FROM eset);
         DELETE FROM bookmark WHERE session_id NOT IN (SELECT id FROM session)
             OR profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM edit WHERE session_id NOT IN (SELECT id FROM session)
             OR profile_id NOT IN (SELECT id FROM profile) OR undoes NOT IN (SELECT id FROM edit);
         DELETE FROM test WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM person WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM author WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM plan WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM check_in WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM course WHERE profile_id NOT IN (SELECT id FROM profile);
         DELETE FROM programme WHERE profile_id NOT IN (SELECT id FROM profile);
         UPDATE test SET session_id = NULL WHERE session_id NOT IN (SELECT id FROM session);
         UPDATE eset SET profile_id = (SELECT s.profile_id FROM derived d JOIN session s ON s.id = d.session_id
             WHERE d.id = eset.derived_id) WHERE profile_id NOT IN (SELECT id FROM profile);
         COMMIT",
    )
}

/// Rows of sessions as they stand in their tables, walked from one end to the other. An index that is damaged can lead
/// to none of them or to another's, without a word; a damaged row can say that it is another's.
#[derive(Default)]
struct Walked {
    /// Tables that were walked from end to end.
    through: BTreeSet<&'static str>,
    /// Numbers of the rows of each owner in a table.
    rows: BTreeMap<(&'static str, i64), BTreeSet<i64>>,
    /// How many rows each owner has in a table that has no numbers.
    counts: BTreeMap<(&'static str, i64), i64>,
    /// Where a walk of such a table did not lead through: the owners up to which it came from either end, row after row in
    /// their order. What belongs to those in between may lie where nothing leads to any more.
    ends: BTreeMap<&'static str, [i64; 2]>,
}

impl Walked {
    fn of(old: &Connection) -> Self {
        let mut walked = Self::default();
        for (table, owner) in [("derived", "session_id"), ("eset", "derived_id"), ("edit", "session_id")] {
            let walk = |order: &str| format!("SELECT {owner}, id FROM {table} NOT INDEXED ORDER BY id {order}");
            let mut note = |owner, id| {
                walked.rows.entry((table, owner)).or_default().insert(id);
            };
            // Where one end does not lead through, the other may show what is behind.
            if each(old, &walk("ASC"), &mut note) {
                walked.through.insert(table);
            } else {
                each(old, &walk("DESC"), &mut note);
            }
        }
        let of_sets = walked.rows.iter().filter(|((table, _), _)| *table == "eset");
        let sets: BTreeSet<i64> = of_sets.flat_map(|(_, sets)| sets).copied().collect();
        for table in ["rep", "stride"] {
            let mut ends = [i64::MIN, i64::MAX];
            for (order, end) in ["ASC", "DESC"].into_iter().zip(&mut ends) {
                let walk = format!("SELECT eset_id, seq FROM {table} ORDER BY eset_id {order}, seq {order}");
                let (mut seen, mut last, mut in_order) = (BTreeMap::new(), None, true);
                let through = each(old, &walk, &mut |owner, seq| {
                    *seen.entry((table, owner)).or_insert(0) += 1;
                    // A page that was hit can lead to another one that is sound, or have a row of nobody's: what lay behind
                    // it is not missed. So the last row that was come by vouches for nothing.
                    let before = last.replace((owner, seq));
                    in_order &= sets.contains(&owner)
                        && before.is_none_or(|before| (before < (owner, seq)) == (order == "ASC"));
                    if let (true, Some((owner, _))) = (in_order, before) {
                        *end = owner;
                    }
                });
                for (of, rows) in seen {
                    let most = walked.counts.entry(of).or_insert(0);
                    *most = rows.max(*most);
                }
                if through && in_order {
                    walked.through.insert(table);
                    break;
                }
            }
            walked.ends.insert(table, ends);
        }
        walked
    }

    /// Whether all rows of a set were come by, if there are any.
    fn vouches(&self, table: &'static str, set: i64) -> bool {
        let [below, above] = self.ends.get(table).copied().unwrap_or([i64::MIN, i64::MAX]);
        self.through.contains(table) || set < below || set > above
    }
}

/// Hands on two numbers of each row; `false` where reading ended early.
fn each(old: &Connection, question: &str, take: &mut dyn FnMut(i64, i64)) -> bool {
    let Ok(mut statement) = old.prepare(question) else { return false };
    let Ok(mut rows) = statement.query([]) else { return false };
    loop {
        match rows.next() {
            Ok(Some(row)) => match (row.get(0), row.get(1)) {
                (Ok(first), Ok(second)) => take(first, second),
                _ => return false,
            },
            Ok(None) => return true,
            Err(_) => return false,
        }
    }
}

/// Copies one session; `false` where some of it did not read or cannot be vouched for.
fn session(old: &Connection, new: &Connection, walked: &Walked, id: i64) -> rusqlite::Result<bool> {
    let numbered = |table, owner, id| numbered(old, new, walked, (table, owner), id);
    let mut whole = copy(old, new, "session", "NOT INDEXED WHERE id = ?1", &[id])?;
    whole &= numbered("derived", "session_id", id)?;
    for derived in ids_of(new, "SELECT id FROM derived WHERE session_id = ?1", id)? {
        whole &= numbered("eset", "derived_id", derived)?;
        for set in ids_of(new, "SELECT id FROM eset WHERE derived_id = ?1", derived)? {
            whole &= of_a_set(old, new, walked, "rep", set)? & of_a_set(old, new, walked, "stride", set)?;
        }
    }
    whole &= copy(old, new, "bookmark", "NOT INDEXED WHERE session_id = ?1", &[id])?;
    Ok(whole & numbered("edit", "session_id", id)?)
}

/// Copies rows of one owner from where they stand: neither index nor walk is believed what a row does not say itself.
/// `false` where the two do not agree.
fn numbered(
    old: &Connection,
    new: &Connection,
    walked: &Walked,
    (table, owner): (&'static str, &str),
    id: i64,
) -> rusqlite::Result<bool> {
    let none = BTreeSet::new();
    let seen = walked.rows.get(&(table, id)).unwrap_or(&none);
    let mut led = BTreeSet::new();
    let question = format!("SELECT {owner}, id FROM {table} WHERE {owner} = {id}");
    let mut whole = each(old, &question, &mut |_, row| {
        led.insert(row);
    });
    whole &= seen.is_subset(&led) && (led.is_subset(seen) || !walked.through.contains(table));
    for row in seen | &led {
        whole &= copy(old, new, table, &format!("NOT INDEXED WHERE id = ?1 AND +{owner} = ?2"), &[row, id])?;
    }
    Ok(whole & (i64::try_from(led.len()) == Ok(count(new, table, owner, id)?)))
}

/// Copies the repetitions or strides of one set; `false` where they are not as many as the walk has seen, or it may not have
/// seen all of them.
fn of_a_set(
    old: &Connection,
    new: &Connection,
    walked: &Walked,
    table: &'static str,
    set: i64,
) -> rusqlite::Result<bool> {
    let whole = copy(old, new, table, "WHERE eset_id = ?1", &[set])?;
    let (there, seen) = (count(new, table, "eset_id", set)?, walked.counts.get(&(table, set)).copied().unwrap_or(0));
    if there < seen {
        // Some stand where nothing leads to any more.
        copy(old, new, table, "WHERE +eset_id = ?1", &[set])?;
    }
    Ok(whole && there == seen && walked.vouches(table, set))
}

fn count(db: &Connection, table: &str, owner: &str, id: i64) -> rusqlite::Result<i64> {
    let question = format!("SELECT count(*) FROM {table} WHERE {owner} = ?1");
    db.prepare_cached(&question)?.query_row([id], |row| row.get(0))
}

fn ids_of(db: &Connection, question: &str, id: i64) -> rusqlite::Result<Vec<i64>> {
    db.prepare_cached(question)?.query_map([id], |row| row.get(0))?.collect()
}

/// Copies rows with the columns both know; `false` where reading ended early, a row was refused or a column was not there. One
/// alone whose name is another is still that one: a letter of it was hit.
fn copy(old: &Connection, new: &Connection, table: &str, which: &str, ids: &[i64]) -> rusqlite::Result<bool> {
    let columns = |db: &Connection| -> rusqlite::Result<Vec<String>> {
        let mut statement = db.prepare_cached("SELECT name FROM pragma_table_info(?1) ORDER BY cid")?;
        statement.query_map([table], |row| row.get(0))?.collect()
    };
    let Ok(known) = columns(old) else { return Ok(false) };
    let mut columns: Vec<String> = columns(new)?;
    let named = columns.iter().all(|column| known.contains(column));
    let others = known.iter().zip(&columns).filter(|(one, other)| one != other).count();
    let from = if known.len() == columns.len() && others <= 1 {
        let quoted = known.iter().map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
        quoted.collect::<Vec<_>>().join(", ")
    } else {
        columns.retain(|column| known.contains(column));
        columns.join(", ")
    };
    if columns.is_empty() {
        return Ok(false);
    }
    let (names, marks) = (columns.join(", "), vec!["?"; columns.len()].join(", "));
    let Ok(mut from) = old.prepare_cached(&format!("SELECT {from} FROM {table} {which}")) else { return Ok(false) };
    let mut into = new.prepare_cached(&format!("INSERT OR IGNORE INTO {table} ({names}) VALUES ({marks})"))?;
    let same: Vec<String> = columns.iter().map(|column| format!("{column} IS ?")).collect();
    let mut there = new.prepare_cached(&format!("SELECT 1 FROM {table} WHERE {}", same.join(" AND ")))?;
    let Ok(mut found) = from.query(params_from_iter(ids)) else { return Ok(false) };
    let mut whole = named;
    loop {
        match found.next() {
            Ok(None) => return Ok(whole),
            Err(_) => return Ok(false),
            Ok(Some(row)) => {
                let values: rusqlite::Result<Vec<Value>> = (0..columns.len()).map(|at| row.get(at)).collect();
                let Ok(values) = values else { return Ok(false) };
                let added = match into.execute(params_from_iter(&values)) {
                    Ok(added) => added,
                    Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::ConstraintViolation) => 0,
                    Err(error) => return Err(error),
                };
                // Refused without a word: it was copied along another way before, or it cannot be right.
                whole &= added == 1 || there.exists(params_from_iter(&values))?;
            }
        }
    }
}

/// Adds a session as its recording tells it, without results: engine 0 is older than any. `false` where the recording
/// does not say whose it is.
fn session_of(new: &Connection, id: SessionId, reading: &Reading) -> rusqlite::Result<bool> {
    let Some(head) = reading.head.as_ref().filter(|head| head.id == id) else { return Ok(false) };
    new.execute("INSERT OR IGNORE INTO profile (uid, name) VALUES (?1, '')", [head.profile.0])?;
    let added = new.execute(
        "INSERT OR IGNORE INTO session (uid, profile_id, kind, state, started_utc_ms, ended_utc_ms, offset_min, zone,
            local_day, source, plan, raw_through_us, raw_next, raw_incomplete)
         SELECT ?1, id, ?3, iif(?5 IS NULL, 'open', 'finished'), ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13
         FROM profile WHERE uid = ?2",
        params![
            head.id.0,
            head.profile.0,
            word(head.kind),
            head.started_utc_ms,
            reading.ended.map(|ended| ended.utc_ms),
            head.offset_min,
            head.zone,
            head.local_day,
            head.source,
            serde_json::to_string(&head.plan).unwrap_or_default(),
            reading.through.0,
            i64::try_from(reading.next).unwrap_or(i64::MAX),
            !reading.damage.is_empty(),
        ],
    )?;
    if added == 0 {
        return Ok(false);
    }
    new.execute(
        "INSERT INTO derived (session_id, engine_version, catalogue_version, current)
         VALUES (last_insert_rowid(), 0, '', 1)",
        [],
    )?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_the_schema_is_saved_or_worked_out_again() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        let tables: BTreeSet<String> = store
            .ask(|db| {
                db.prepare("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")?
                    .query_map([], |row| row.get(0))?
                    .collect()
            })
            .unwrap();
        let known: BTreeSet<&str> =
            HOUSEHOLD.iter().chain(&PERSONAL).chain(&OF_SESSIONS).chain(&WORKED_OUT).copied().collect();
        for table in tables.iter().filter(|table| !table.starts_with("sqlite_")) {
            assert!(known.contains(table.as_str()), "a damaged database would lose what is in {table}");
        }
    }

    #[test]
    fn a_row_that_is_refused_or_stands_there_otherwise_is_not_whole_and_one_that_is_there_already_is() {
        let memory = |sql: &str| {
            let memory = Connection::open_in_memory().unwrap();
            memory.execute_batch(sql).unwrap();
            memory
        };
        let table = "CREATE TABLE t (id INTEGER PRIMARY KEY, x REAL";
        let new = || memory(&format!("{table} NOT NULL UNIQUE CHECK (x > 0)) STRICT"));
        let old = |rows: &str| memory(&format!("{table}) STRICT; INSERT INTO t VALUES {rows}"));
        let twice = new();
        for _ in 0..2 {
            assert!(copy(&old("(1, 5), (2, 0.1)"), &twice, "t", "", &[]).unwrap());
        }
        for rows in ["(1, 5), (2, -1)", "(1, NULL)", "(1, 5), (2, 5)"] {
            assert!(!copy(&old(rows), &new(), "t", "", &[]).unwrap(), "{rows}");
        }
        assert!(!copy(&old("(1, 6)"), &twice, "t", "", &[]).unwrap(), "another row of that number");
        // A letter of a column's name was hit: its values come, and nobody says that all of it is right.
        let (hit, fresh) = (memory("CREATE TABLE t (id INTEGER PRIMARY KEY, \"x y\" REAL) STRICT"), new());
        hit.execute("INSERT INTO t VALUES (1, 5)", []).unwrap();
        assert!(!copy(&hit, &fresh, "t", "", &[]).unwrap());
        assert_eq!(fresh.query_row("SELECT x FROM t WHERE id = 1", [], |row| row.get::<_, f64>(0)).unwrap(), 5.0);
        // One that is gone is not passed over in silence.
        let loose = || memory(&format!("{table}, y REAL) STRICT"));
        assert!(
            copy(&loose(), &loose(), "t", "", &[]).unwrap() && !copy(&old("(1, 5)"), &loose(), "t", "", &[]).unwrap()
        );
    }

    /// The head of the file says of more free pages than there are.
    fn hurt(db: &Path) {
        let mut bytes = fs::read(db).unwrap();
        bytes[39] = 7;
        fs::write(db, bytes).unwrap();
    }

    #[test]
    fn what_a_person_said_and_did_outside_of_sessions_comes_back_too() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        let store = Store::open(&db).unwrap();
        let ada = crate::ProfileId([1; 16]);
        store.ensure_profile(ada, "Ada").unwrap();
        let test = crate::TestRow {
            id: [7; 16],
            session: None,
            at_utc_ms: 5,
            offset_min: 0,
            zone: "UTC".to_owned(),
            local_day: "2026-11-25".to_owned(),
            kind: "chair_stand".to_owned(),
            side: None,
            value: 14.0,
            unit: "count".to_owned(),
            error: None,
            quality: talus_motion::Quality::GOOD,
        };
        store.put_test(ada, &test).unwrap();
        drop(store);
        hurt(&db);
        let (store, _) = Store::salvage(&db, None).unwrap();
        assert_eq!(store.tests(ada, None).unwrap(), [test]);
    }
}

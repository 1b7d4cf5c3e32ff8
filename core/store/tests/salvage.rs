//! Damaged databases and recordings, thousands of them: no panic, the original kept, what is whole saved.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::*;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use talus_coach::Record;
use talus_motion::{Micros, Side};
use talus_store::{Salvaged, SessionDetail, SessionHead, Store, StoreError, recording};

const PAGE: usize = 4096;
const SESSIONS: u8 = 40;

/// The measure that tells a session's rows from those of all others: its bytes are looked for in the pages.
fn mark(n: u8) -> f64 {
    1000.0 + f64::from(n) + 0.123_456_789
}

/// The same for a repetition, whose measures are whole numbers on disk: thousandths of a degree.
fn rep_mark(n: u8) -> i32 {
    500_000_123 + 1_000_000 * i32::from(n)
}

/// And the catalogue, which tells the row that has nothing else of its session.
fn catalogue(n: u8) -> String {
    format!("2026-11-of-{n:03}")
}

fn fill(store: &Store) {
    for n in 0..SESSIONS {
        let head = SessionHead { catalogue_version: catalogue(n), ..head(n) };
        let mut recorder = store.begin(&head).unwrap();
        push_all(&mut recorder, &inputs(u64::from(n) + 1, 1));
        recorder.records(&[began(0, "knee_extension", Side::Left)]);
        let mut result = result("knee_extension", Side::Left, 30);
        result.peak_deg_per_s = Some(mark(n));
        for seq in 1..=30 {
            let mut rep = rep(seq);
            rep.range_deg = Some(f64::from(rep_mark(n)) / 1000.0);
            recorder.records(&[Record::Rep { set_index: 0, side: Side::Left, seq, rep }]);
        }
        recorder.records(&[Record::SetEnded { set_index: 0, result }]);
        recorder.commit(Micros(1_000_000)).unwrap();
        recorder.finish(5).unwrap();
    }
}

/// Pages that hold anything of a session.
fn pages_of(file: &[u8], n: u8) -> BTreeSet<usize> {
    let (mark, rep_mark, catalogue) = (mark(n).to_be_bytes(), rep_mark(n).to_be_bytes(), catalogue(n));
    let holds = |page: &[u8], what: &[u8]| page.windows(what.len()).any(|window| window == what);
    let marks: [&[u8]; 4] = [&id(n).0, &mark, &rep_mark, catalogue.as_bytes()];
    let found = |(_, page): &(usize, &[u8])| marks.iter().any(|mark| holds(page, mark));
    file.chunks(PAGE).enumerate().filter(found).map(|(index, _)| index).collect()
}

/// Harms a file in one of the ways files are harmed; gives the pages that are not as they were.
fn harm(file: &mut Vec<u8>, round: usize, seed: &mut Seed) -> BTreeSet<usize> {
    let length = file.len() as u64;
    let mut hurt = BTreeSet::new();
    match round % 5 {
        0 => {
            let at = seed.below(length) as usize;
            file[at] ^= 1 << seed.below(8);
            hurt.insert(at / PAGE);
        }
        1 => {
            for _ in 0..12 {
                let at = seed.below(length) as usize;
                file[at] = seed.next() as u8;
                hurt.insert(at / PAGE);
            }
        }
        2 => {
            let page = seed.below(length / PAGE as u64) as usize;
            file[page * PAGE..(page + 1) * PAGE].fill(0);
            hurt.insert(page);
        }
        3 => {
            let from = seed.below(length) as usize;
            let to = (from + 600).min(file.len());
            file[from..to].iter_mut().for_each(|byte| *byte = seed.next() as u8);
            hurt.extend(from / PAGE..=(to - 1) / PAGE);
        }
        _ => {
            let keep = (length / 2 + seed.below(length / 2)) as usize;
            hurt.extend(keep / PAGE..file.len().div_ceil(PAGE));
            file.truncate(keep);
        }
    }
    hurt
}

/// One damaged database beside the recordings of `source`.
fn lay(folder: &Path, bytes: &[u8], source: &Path) {
    fs::create_dir(folder.join("recordings")).unwrap();
    for entry in fs::read_dir(source.join("recordings")).unwrap() {
        let path = entry.unwrap().path();
        fs::hard_link(&path, folder.join("recordings").join(path.file_name().unwrap())).unwrap();
    }
    fs::write(folder.join("talus.db"), bytes).unwrap();
}

/// What came of damaged databases.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    /// Databases that were hit where nothing stands.
    sound: u32,
    /// Sessions in them that the damage did not touch, and what they came back with.
    undamaged: u32,
    rows: u32,
    recordings: u32,
    changed: u32,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.sound += other.sound;
        self.undamaged += other.undamaged;
        self.rows += other.rows;
        self.recordings += other.recordings;
        self.changed += other.changed;
    }
}

/// A household to be damaged: where its recordings are, its database, what its sessions are and where they stand.
struct Scene {
    source: tempfile::TempDir,
    whole: Vec<u8>,
    expected: Vec<SessionDetail>,
    pages: Vec<BTreeSet<usize>>,
}

impl Scene {
    fn draw() -> Self {
        let source = folder_in_memory();
        let store = store(source.path());
        fill(&store);
        let expected = (0..SESSIONS).map(|n| store.session(id(n)).unwrap()).collect();
        drop(store);
        let whole = fs::read(source.path().join("talus.db")).unwrap();
        let pages: Vec<_> = (0..SESSIONS).map(|n| pages_of(&whole, n)).collect();
        assert!(pages.iter().all(|pages| pages.len() >= 3), "{pages:?}");
        Self { source, whole, expected, pages }
    }

    /// Damages the database in a way of its own each round, salvages it and looks at every session.
    fn salvaged(&self, round: usize) -> Tally {
        let (mut tally, mut bytes) = (Tally::default(), self.whole.clone());
        let hurt = harm(&mut bytes, round, &mut Seed((round as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
        let alive = || (0..SESSIONS).filter(|n| self.pages[usize::from(*n)].is_disjoint(&hurt));
        let folder = folder_in_memory();
        lay(folder.path(), &bytes, self.source.path());
        let db = folder.path().join("talus.db");
        // As an app does it: first the plain way, which may go well and may not.
        let _ = Store::open(&db).and_then(|store| store.sessions(ADA, None, 100).map(|_| ()));
        let before = fs::read(&db).unwrap();
        let (store, salvaged) = match Store::salvage(&db, None) {
            Ok((store, salvaged)) => (store, salvaged),
            // Hit where nothing stands: then every session has to be what it was.
            Err(StoreError::Sound { .. }) => {
                tally.sound = 1;
                let (kept, whole) = (folder.path().to_owned(), (0..SESSIONS).map(id).collect());
                (Store::open(&db).unwrap(), Salvaged { kept, whole, ..Salvaged::default() })
            }
            // Hit in the very numbers that tell whose it is.
            Err(StoreError::Foreign { .. } | StoreError::Newer { .. }) => {
                let alive = alive().count() as u32;
                assert!(fs::read(&db).unwrap() == before, "round {round}: left as it was");
                return Tally { undamaged: alive, changed: alive, ..tally };
            }
            Err(error) => panic!("round {round}: failed to {error}"),
        };
        assert!(fs::read(salvaged.kept.join("talus.db")).unwrap() == before, "round {round}: kept as it was");
        assert!(!folder.path().join("talus.db.salvage").exists());
        for n in alive() {
            tally.undamaged += 1;
            let found = store.session(id(n));
            let right = found.as_ref().is_ok_and(|found| *found == self.expected[usize::from(n)]);
            // What is said to be whole is not derived again: it has to be right.
            assert!(right || !salvaged.whole.contains(&id(n)), "round {round}: session {n} is not what it was");
            if right {
                tally.rows += 1;
            } else if salvaged.from_recordings.contains(&id(n)) || salvaged.partly.contains(&id(n)) {
                // Said to be not whole, so it is derived again from all of its inputs.
                assert_eq!(store.inputs(id(n)).unwrap().1, inputs(u64::from(n) + 1, 1));
                tally.recordings += 1;
            } else {
                tally.changed += 1;
            }
        }
        let now = rusqlite::Connection::open(&db).unwrap();
        let all: String = now.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        assert_eq!(all, "ok");
        let orphans = "SELECT count(*) FROM pragma_foreign_key_check";
        assert_eq!(now.query_row(orphans, [], |row| row.get::<_, i64>(0)).unwrap(), 0, "round {round}");
        tally
    }
}

#[test]
fn of_damaged_databases_the_sessions_that_are_whole_are_saved_and_the_original_is_kept() {
    let rounds = heavy(10_000, 40);
    let (scene, next) = (Scene::draw(), AtomicUsize::new(0));
    // No round knows of another: as many at once as there are cores, and as many again that wait for files.
    let workers = 2 * std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let sum = || {
        let mut sum = Tally::default();
        loop {
            let round = next.fetch_add(1, Ordering::Relaxed);
            if round >= rounds {
                return sum;
            }
            sum += scene.salvaged(round);
        }
    };
    let mut all = Tally::default();
    std::thread::scope(|scope| {
        let working: Vec<_> = (0..workers).map(|_| scope.spawn(sum)).collect();
        for worker in working {
            all += worker.join().unwrap();
        }
    });
    let Tally { sound, undamaged, rows, recordings, changed } = all;
    eprintln!(
        "{rounds} damaged databases ({sound} of them sound all the same), {undamaged} undamaged sessions in them: {rows} with all rows, {recordings} by their recordings, {changed} not"
    );
    assert!(f64::from(rows + recordings) >= 0.99 * f64::from(undamaged), "{rows} + {recordings} of {undamaged}");
}

/// Whether a refusal is the one that was expected.
type Expected = fn(&StoreError) -> bool;

/// Every file of a folder with its bytes; the lock says nothing.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.insert(path.clone(), Vec::new());
            files.extend(everything(&path));
        } else if path.extension().is_none_or(|ending| ending != "lock") {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

#[test]
fn what_is_not_to_be_salvaged_is_refused_and_nothing_is_moved() {
    let source = folder_in_memory();
    let store = store(source.path());
    fill(&store);
    drop(store);
    let whole = fs::read(source.path().join("talus.db")).unwrap();
    let text = "Dear Ada, how is the knee today?\n".repeat(400);
    let newer = {
        let folder = folder_in_memory();
        let db = folder.path().join("newer.db");
        fs::write(&db, &whole).unwrap();
        let newer = rusqlite::Connection::open(&db).unwrap();
        newer.execute_batch("CREATE TABLE garden (plant TEXT) STRICT; PRAGMA user_version = 99").unwrap();
        drop(newer);
        fs::read(db).unwrap()
    };
    let mut newer_and_damaged = newer.clone();
    newer_and_damaged[39] = 7;
    let theirs = {
        let folder = folder_in_memory();
        let db = folder.path().join("theirs.db");
        rusqlite::Connection::open(&db).unwrap().execute_batch("CREATE TABLE t (a); INSERT INTO t VALUES (1)").unwrap();
        fs::read(db).unwrap()
    };
    let mut picture = b"\x89PNG\r\n".to_vec();
    picture.extend((0..PAGE * 3).map(|at| (at * 151 % 253) as u8));
    let cases: [(&str, &[u8], Expected); 6] = [
        ("nothing is damaged", &whole, |error| matches!(error, StoreError::Sound { .. })),
        ("of a newer Talus", &newer, |error| matches!(error, StoreError::Newer { found: 99, .. })),
        ("newer and damaged", &newer_and_damaged, |error| matches!(error, StoreError::Newer { found: 99, .. })),
        ("a letter", text.as_bytes(), |error| matches!(error, StoreError::Foreign { .. })),
        ("another program's", &theirs, |error| matches!(error, StoreError::Foreign { .. })),
        ("a picture", &picture, |error| matches!(error, StoreError::Foreign { .. })),
    ];
    for (name, bytes, expected) in cases {
        // Beside a household, recordings and all: not even then.
        let folder = folder_in_memory();
        lay(folder.path(), bytes, source.path());
        let before = everything(folder.path());
        let error = Store::salvage(&folder.path().join("talus.db"), None).unwrap_err();
        assert!(expected(&error), "{name}: {error:?}");
        assert!(everything(folder.path()) == before, "{name}: nothing is moved");
    }
    let folder = folder_in_memory();
    let error = Store::salvage(&folder.path().join("mistyped.db"), None).unwrap_err();
    assert!(matches!(error, StoreError::NoAccess { .. }), "{error}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_database_whose_first_page_says_nothing_or_something_else_is_known_by_its_rows_or_its_recordings() {
    let source = folder_in_memory();
    let store = store(source.path());
    fill(&store);
    drop(store);
    let whole = fs::read(source.path().join("talus.db")).unwrap();
    let all: BTreeSet<_> = (0..SESSIONS).map(id).collect();
    let with = |harm: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        harm(&mut bytes);
        bytes
    };
    // How it is harmed, and whether its rows still read.
    let index = whole.windows(12).position(|text| text == b"CREATE INDEX").unwrap();
    let cases: [(&str, Vec<u8>, bool); 6] = [
        ("another mark", with(&|bytes| bytes[68] ^= 1), true),
        ("a number of the future", with(&|bytes| bytes[61] ^= 1), true),
        (
            "a number of the future, and a letter of what its tables are",
            with(&|bytes| {
                bytes[62] ^= 0x40;
                bytes[index + 7] ^= 0x20;
            }),
            true,
        ),
        ("a first page of zeros", with(&|bytes| bytes[..PAGE].fill(0)), false),
        ("zeros only", vec![0; whole.len()], false),
        ("nothing", Vec::new(), false),
    ];
    for (name, bytes, rows) in cases {
        let folder = folder_in_memory();
        lay(folder.path(), &bytes, source.path());
        let (store, salvaged) = Store::salvage(&folder.path().join("talus.db"), None).unwrap();
        let found = if rows { &salvaged.whole } else { &salvaged.from_recordings };
        assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), all, "{name}");
        assert_eq!(store.sessions(ADA, None, 100).unwrap().len(), usize::from(SESSIONS), "{name}");
        // Without recordings nobody can say that it was one of ours.
        let alone = folder_in_memory();
        fs::write(alone.path().join("talus.db"), &bytes).unwrap();
        assert_eq!(Store::salvage(&alone.path().join("talus.db"), None).is_ok(), rows, "{name}");
    }
}

#[test]
fn rows_that_an_index_keeps_quiet_about_are_found_along_the_table() {
    let source = folder_in_memory();
    let store = store(source.path());
    fill(&store);
    let expected: Vec<SessionDetail> = (0..SESSIONS).map(|n| store.session(id(n)).unwrap()).collect();
    drop(store);
    let whole = fs::read(source.path().join("talus.db")).unwrap();
    for index in ["sqlite_autoindex_eset_1", "derived_session", "sqlite_autoindex_session_1"] {
        let root: u32 = rusqlite::Connection::open(source.path().join("talus.db"))
            .unwrap()
            .query_row("SELECT rootpage FROM sqlite_schema WHERE name = ?1", [index], |row| row.get(0))
            .unwrap();
        let mut bytes = whole.clone();
        // A leaf of an index without a single entry: nothing about it is malformed.
        let page = &mut bytes[(root as usize - 1) * PAGE..][..PAGE];
        page.fill(0);
        page[..8].copy_from_slice(&[0x0a, 0, 0, 0, 0, 0x10, 0, 0]);
        let folder = folder_in_memory();
        lay(folder.path(), &bytes, source.path());
        let (store, salvaged) = Store::salvage(&folder.path().join("talus.db"), None).unwrap();
        // Where tables and an index of theirs do not agree, rows are not said to be right; they come all the same.
        let doubted = index != "sqlite_autoindex_session_1";
        assert_eq!(salvaged.partly.len(), if doubted { usize::from(SESSIONS) } else { 0 }, "{index}");
        for n in 0..SESSIONS {
            assert_eq!(store.session(id(n)).unwrap(), expected[usize::from(n)], "{index}");
        }
    }
}

#[test]
fn damaged_recordings_never_panic_and_never_give_an_input_that_was_not_there() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    let all = inputs(1, 4);
    push_all(&mut recorder, &all);
    recorder.finish(5).unwrap();
    let whole = fs::read(store.recording_path(id(1))).unwrap();
    let mut seed = Seed(0x7ec);
    let (mut read, mut complete) = (0, 0);
    for round in 0..heavy(10_000, 500) {
        let mut bytes = whole.clone();
        harm(&mut bytes, round, &mut seed);
        if bytes == whole {
            continue;
        }
        let Ok(reading) = recording::read(&bytes) else { continue };
        read += 1;
        complete += usize::from(reading.inputs == all);
        let mut rest = all.iter();
        assert!(reading.inputs.iter().all(|input| rest.any(|other| other == input)), "round {round}");
        // Cut behind a whole second it is a recording that goes on; how far it went stands in the database.
        assert!(!reading.intact() || reading.ended.is_none(), "round {round}: noticed");
    }
    assert!(read > 100 && complete < read, "{complete} of {read}");
}

#[test]
fn a_session_whose_plan_is_text_and_no_plan_any_more_comes_back_from_its_recording() {
    let folder = folder_in_memory();
    let opened = store(folder.path());
    let mut recorder = opened.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(2, 1));
    recorder.commit(Micros(1_000_000)).unwrap();
    recorder.finish(5).unwrap();
    let before = opened.session(id(1)).unwrap();
    drop(opened);
    let db = folder.path().join("talus.db");
    let mut bytes = fs::read(&db).unwrap();
    let (sound, broken) = (b"\"blocks\"", b"\"blacks\"");
    let at = bytes.windows(sound.len()).position(|window| window == sound).unwrap();
    bytes[at..at + broken.len()].copy_from_slice(broken);
    fs::write(&db, &bytes).unwrap();
    let (store, salvaged) = Store::salvage(&db, None).unwrap();
    assert_eq!((salvaged.whole, salvaged.partly, salvaged.from_recordings), (vec![], vec![], vec![id(1)]));
    let after = store.session(id(1)).unwrap();
    assert_eq!((after.plan, after.row.finished), (before.plan, true));
}

#[test]
fn a_session_whose_summary_or_place_is_text_and_none_any_more_can_still_be_looked_at() {
    for broken in ["UPDATE session SET summary = '{}'", "UPDATE bookmark SET changed = '{}'"] {
        let folder = folder_in_memory();
        let opened = store(folder.path());
        fill(&opened);
        let mut recorder = opened.begin(&head(SESSIONS)).unwrap();
        push_all(&mut recorder, &inputs(2, 1));
        recorder.records(&[Record::Bookmark(bookmark(Micros(900_000), 3))]);
        recorder.commit(Micros(1_000_000)).unwrap();
        drop(recorder);
        let before: Vec<SessionDetail> = (0..=SESSIONS).map(|n| opened.session(id(n)).unwrap()).collect();
        drop(opened);
        let db = folder.path().join("talus.db");
        let touched = rusqlite::Connection::open(&db).unwrap().execute(broken, []).unwrap();
        assert!(touched > 0, "{broken}");
        if broken.contains("summary") {
            // Whoever comes upon it is told what can be done about it.
            let told = Store::open(&db).unwrap().session(id(0));
            assert!(matches!(told, Err(StoreError::Damaged { .. })), "{told:?}");
        }
        let (store, salvaged) = Store::salvage(&db, None).unwrap();
        assert_eq!((salvaged.partly.len(), salvaged.from_recordings), (touched, vec![]), "{broken}");
        for (n, before) in before.into_iter().enumerate() {
            let after = store.session(id(n as u8)).unwrap();
            assert_eq!((after.plan, after.sets, after.summary), (before.plan, before.sets, None), "{broken}");
        }
    }
}

/// Where the other process of the test below has the database open.
const HELD: &str = "TALUS_HELD_OPEN";

#[test]
fn another_process_has_the_database_open() {
    let Some(db) = std::env::var_os(HELD) else { return };
    let store = Store::open(Path::new(&db)).unwrap();
    assert_eq!(store.profiles().unwrap().len(), 1);
    eprintln!("it is open");
    // Idle: nothing is asked of it and nothing is written, until whoever started this lets go.
    std::io::stdin().read_line(&mut String::new()).unwrap();
    drop(store);
}

#[test]
fn a_database_that_somebody_has_open_is_not_salvaged_under_their_hands() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    fill(&store);
    drop(store);
    let db = folder.path().join("talus.db");
    let mut bytes = fs::read(&db).unwrap();
    // More free pages than there are: it opens, and it is damaged.
    bytes[39] = 7;
    fs::write(&db, &bytes).unwrap();
    let mut other = opened_elsewhere("another_process_has_the_database_open", HELD, &db);
    let before = everything(folder.path());
    let error = Store::salvage(&db, None).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "another process: {error}");
    assert!(everything(folder.path()) == before, "nothing is moved");
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());

    let here = Store::open(&db).unwrap();
    assert!(matches!(Store::salvage(&db, None), Err(StoreError::Busy { .. })), "this process");
    here.ensure_profile(talus_store::ProfileId([9; 16]), "Bo").unwrap();
    drop(here);
    let (store, salvaged) = Store::salvage(&db, None).unwrap();
    assert_eq!((salvaged.whole.len(), store.profiles().unwrap().len()), (usize::from(SESSIONS), 2));
}

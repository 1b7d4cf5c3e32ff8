//! What the store says no to, and that it leaves alone what it says no to.

#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use common::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use talus_coach::{Input, Record};
use talus_motion::{CuffId, Micros, Side};
use talus_store::{CuffRow, ExportWish, Job, ProfileId, RawState, Store, StoreError, Wear};

/// Every file of a folder with its bytes.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(everything(&path));
        } else {
            files.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    files
}

/// Opens what is there, expects a refusal, and that no byte and no name in the folder changed.
fn refused_untouched(db: &Path) -> StoreError {
    let folder = db.parent().unwrap();
    let before = everything(folder);
    let error = Store::open(db).unwrap_err();
    assert!(everything(folder) == before, "the folder changed with: {error}");
    assert!(!folder.join("recordings").exists());
    error
}

#[test]
fn a_text_file_is_not_a_database_and_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("notes.txt");
    for text in ["x", "SQLite format 3", "SQLite format 3\0", &"dear diary\n".repeat(100)] {
        fs::write(&db, text).unwrap();
        assert!(matches!(refused_untouched(&db), StoreError::Foreign { .. }), "{text}");
    }
}

#[test]
fn another_programs_database_stays_as_it_is_even_with_a_log_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("theirs.db");
    let theirs = Connection::open(&source).unwrap();
    theirs.execute_batch("PRAGMA journal_mode = wal; CREATE TABLE t (a); INSERT INTO t VALUES (1);").unwrap();
    let copy = tempfile::tempdir().unwrap();
    for name in ["theirs.db", "theirs.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    drop(theirs);
    assert!(matches!(refused_untouched(&copy.path().join("theirs.db")), StoreError::Foreign { .. }));
    assert!(matches!(Store::open(&source), Err(StoreError::Foreign { .. })));
}

/// The schema this Talus writes.
fn newest() -> i64 {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("talus.db");
    drop(Store::open(&db).unwrap());
    Connection::open(&db).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

#[test]
fn a_database_from_the_future_stays_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("talus.db");
    drop(Store::open(&db).unwrap());
    fs::remove_dir(folder.path().join("recordings")).unwrap();
    Connection::open(&db).unwrap().pragma_update(None, "user_version", 99).unwrap();
    let error = refused_untouched(&db);
    let newest = newest();
    assert!(matches!(error, StoreError::Newer { found: 99, known, .. } if known == newest), "{error}");
    let words = format!("it was written by a newer Talus (schema 99, this one knows up to {newest})");
    assert!(error.to_string().ends_with(&words), "{error}");
}

#[test]
fn a_future_that_stands_only_in_the_log_is_seen_too_and_nothing_moves_out_of_the_log() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("talus.db");
    drop(Store::open(&source).unwrap());
    let newer = Connection::open(&source).unwrap();
    newer.pragma_update(None, "user_version", newest() + 1).unwrap();
    let copy = tempfile::tempdir().unwrap();
    for name in ["talus.db", "talus.db-wal"] {
        fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
    }
    let db = copy.path().join("talus.db");
    let (main, log) = (fs::read(&db).unwrap(), fs::read(copy.path().join("talus.db-wal")).unwrap());
    assert_eq!(i64::from(main[63]), newest(), "the file itself still has the old version");
    assert!(matches!(Store::open(&db), Err(StoreError::Newer { found, .. }) if found == newest() + 1));
    assert!(fs::read(&db).unwrap() == main);
    assert!(fs::read(copy.path().join("talus.db-wal")).unwrap() == log);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "x").unwrap();
    for db in [file.join("talus.db"), file.join("deep/talus.db"), PathBuf::from("/proc/no/talus.db")] {
        let error = Store::open(&db).unwrap_err();
        assert!(matches!(error, StoreError::NoAccess { .. }), "{error}");
        assert!(error.to_string().starts_with("use "), "{error}");
    }
    let error = Store::open(folder.path()).unwrap_err();
    assert!(matches!(error, StoreError::NoAccess { .. }), "a folder in place of the file: {error}");
    assert_eq!(everything(folder.path()).len(), 1);
}

#[test]
fn a_recordings_folder_that_is_a_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("recordings"), "x").unwrap();
    assert!(matches!(Store::open(&folder.path().join("talus.db")), Err(StoreError::NoAccess { .. })));
}

#[test]
fn missing_folders_and_an_empty_file_are_filled() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("a/b/talus.db");
    Store::open(&db).unwrap().ensure_profile(ADA, "Ada").unwrap();
    assert_eq!(Store::open(&db).unwrap().profiles().unwrap().len(), 1);
    let empty = folder.path().join("empty.db");
    fs::write(&empty, "").unwrap();
    assert!(Store::open(&empty).unwrap().profiles().unwrap().is_empty());
    let left: Vec<_> =
        everything(folder.path()).into_keys().filter(|p| p.to_string_lossy().contains(".new-")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn a_database_with_wrong_bytes_is_an_error_and_no_panic() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("talus.db");
    {
        let store = store(folder.path());
        let mut recorder = store.begin(&head(1)).unwrap();
        push_all(&mut recorder, &inputs(1, 2));
        recorder.finish(1).unwrap();
    }
    let whole = fs::read(&db).unwrap();
    let mut seed = Seed(33);
    let mut refused = 0;
    for round in 0..300 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes.truncate(1 + seed.below(whole.len() as u64 - 1) as usize),
            1 => (0..40).for_each(|_| {
                let at = 100 + seed.below(whole.len() as u64 - 100) as usize;
                bytes[at] = seed.next() as u8;
            }),
            _ => {
                let page = seed.below(whole.len() as u64 / 4096) as usize * 4096;
                bytes[page.max(100)..page + 4096].fill(0);
            }
        }
        for extra in ["-wal", "-shm"] {
            let _ = fs::remove_file(folder.path().join(format!("talus.db{extra}")));
        }
        fs::write(&db, &bytes).unwrap();
        let asked = Store::open(&db).and_then(|store| {
            store.sessions(ADA, None, 10)?;
            store.session(id(1))?;
            store.trend(ADA, "walk", None)
        });
        refused += u32::from(asked.is_err());
    }
    assert!(refused > 50, "{refused} of 300 were noticed");
}

#[test]
fn a_session_whose_recording_is_gone_keeps_its_results_and_can_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(1, 3));
    recorder.records(&[began(0, "knee_extension", Side::Left), Record::Bookmark(bookmark(Micros(9), 4))]);
    recorder.commit(Micros(3_000_000)).unwrap();
    recorder.abandon();
    fs::remove_file(store.recording_path(id(1))).unwrap();

    assert!(matches!(store.inputs(id(1)), Err(StoreError::NoRecording { .. })));
    assert_eq!(store.unfinished(ADA).unwrap()[0].raw, RawState::Absent);
    assert_eq!(store.session(id(1)).unwrap().sets.len(), 1);

    let (found, back, mut recorder) = store.resume(id(1)).unwrap();
    assert_eq!((found, back.len()), (head(1), 0));
    let taken = recorder.taken().unwrap();
    assert_eq!((taken.raw, taken.bookmark.as_ref().map(|mark| mark.count)), (RawState::Incomplete, Some(4)));
    recorder.push(&Input::Tick { at: Micros(4_000_000) });
    recorder.finish(1).unwrap();
    let reading = store.reading(id(1)).unwrap();
    assert_eq!(reading.inputs, [Input::Tick { at: Micros(4_000_000) }]);
    assert_eq!(reading.damage.len(), 1, "what is missing is marked");
    assert_eq!(store.sessions(ADA, None, 1).unwrap()[0].raw, RawState::Incomplete);
}

#[test]
fn rows_ahead_of_a_damaged_recording_stay_and_nothing_readable_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let all = inputs(1, 3);
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &all);
    recorder.records(&[began(0, "knee_extension", Side::Left)]);
    recorder.commit(Micros(3_000_000)).unwrap();
    recorder.abandon();
    let path = store.recording_path(id(1));
    let mut bytes = fs::read(&path).unwrap();
    // The last byte belongs to the control chunk of the last second.
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&path, &bytes).unwrap();

    let (_, back, mut recorder) = store.resume(id(1)).unwrap();
    assert!(back.len() < all.len());
    assert_eq!(recorder.taken().unwrap().raw, RawState::Incomplete);
    recorder.push(&Input::Tick { at: Micros(5_000_000) });
    recorder.finish(1).unwrap();
    assert!(fs::read(&path).unwrap().starts_with(&bytes));
    assert_eq!(store.session(id(1)).unwrap().sets.len(), 1);
    // The samples of the damaged second are read again, now that a later group says they count.
    let reading = store.reading(id(1)).unwrap();
    let samples = |inputs: &[Input]| inputs.iter().filter(|input| matches!(input, Input::Samples(_))).count();
    assert_eq!(samples(&reading.inputs), samples(&all));
    assert_eq!(reading.damage.len(), 1);
}

#[test]
fn a_recording_whose_first_bytes_are_gone_is_kept_aside() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(1, 1));
    recorder.abandon();
    let path = store.recording_path(id(1));
    fs::write(&path, "nothing of a recording").unwrap();
    assert!(matches!(store.inputs(id(1)), Err(StoreError::Recording(_))));
    let (_, back, recorder) = store.resume(id(1)).unwrap();
    assert!(back.is_empty());
    recorder.finish(1).unwrap();
    assert_eq!(fs::read(path.with_extension("talus.damaged")).unwrap(), b"nothing of a recording");
}

#[test]
fn a_session_begins_where_a_killed_process_left_a_recording_without_rows() {
    let made = tempfile::tempdir().unwrap();
    let other = store(made.path());
    let mut recorder = other.begin(&head(1)).unwrap();
    let head_only = fs::read(other.recording_path(id(1))).unwrap();
    push_all(&mut recorder, &inputs(5, 2));
    recorder.finish(1).unwrap();
    let whole = fs::read(other.recording_path(id(1))).unwrap();

    let torn = head_only.len() - 1;
    for (left, kept) in [
        (&head_only[..0], false),
        (&head_only[..5], true),
        (&head_only[..torn], true),
        (&head_only, false),
        (&whole, true),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let store = store(folder.path());
        let (path, aside) = (store.recording_path(id(1)), store.recording_path(id(1)).with_extension("talus.damaged"));
        fs::write(&path, left).unwrap();
        let mut recorder = store.begin(&head(1)).unwrap();
        assert_eq!(fs::read(&aside).ok().as_deref(), kept.then_some(left), "{} bytes", left.len());
        push_all(&mut recorder, &inputs(6, 2));
        recorder.finish(2).unwrap();
        let reading = store.reading(id(1)).unwrap();
        assert!(reading.intact() && reading.head == Some(head(1)));
        assert_eq!(reading.inputs, inputs(6, 2));
        store.delete(id(1)).unwrap();
        assert!(!path.exists() && !aside.exists());
    }
    // What is aside already is not given up for another.
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = store.recording_path(id(1));
    let aside = path.with_extension("talus.damaged");
    fs::write(&path, &whole).unwrap();
    fs::write(&aside, &head_only).unwrap();
    assert!(matches!(store.begin(&head(1)), Err(StoreError::NoAccess { .. })));
    assert_eq!((fs::read(&path).unwrap(), fs::read(&aside).unwrap()), (whole, head_only));
    assert!(store.sessions(ADA, None, 9).unwrap().is_empty());
}

#[test]
fn a_torn_tail_is_cut_when_the_session_is_taken_up_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let all = inputs(1, 2);
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &all);
    recorder.abandon();
    let path = store.recording_path(id(1));
    let whole = fs::read(&path).unwrap();
    // A power cut in the middle of a write: the beginning of a chunk.
    let torn = [whole.as_slice(), &whole[whole.len() - 900..whole.len() - 100]].concat();
    fs::write(&path, torn).unwrap();
    let (_, back, recorder) = store.resume(id(1)).unwrap();
    assert_eq!(back, all);
    assert_eq!(recorder.taken().unwrap().raw, RawState::Complete);
    drop(recorder);
    assert!(fs::read(&path).unwrap() == whole);
}

#[test]
fn two_sessions_at_once_are_refused_within_one_process_too() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (store(folder.path()), store(folder.path()));
    let recorder = one.begin(&head(1)).unwrap();
    assert!(matches!(two.begin(&head(2)), Err(StoreError::InUse { .. })));
    recorder.abandon();
    two.begin(&head(2)).unwrap().finish(1).unwrap();
    let recording = fs::read(two.recording_path(id(2))).unwrap();
    assert!(matches!(two.begin(&head(2)), Err(StoreError::Refused { .. })), "the same id again");
    assert_eq!(fs::read(two.recording_path(id(2))).unwrap(), recording);
}

#[test]
fn swapping_two_cuffs_is_one_call_and_swapping_twice_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for (cuff, serial) in [(LEFT, "a"), (RIGHT, "b")] {
        let cuff = CuffRow {
            id: cuff,
            family: "cmp".to_owned(),
            serial: serial.to_owned(),
            name: format!("Cuff {serial}"),
            dry_mass_g: Some(400),
            inserts_g: vec![250, 250, 500],
        };
        assert_eq!(store.put_cuff(&cuff).unwrap(), cuff.id);
        // Paired again under a new id: it is the same cuff.
        assert_eq!(store.put_cuff(&CuffRow { id: CuffId([9; 16]), ..cuff.clone() }).unwrap(), cuff.id);
        assert!(store.cuffs().unwrap().contains(&cuff));
    }
    let wear = |cuff, side| Wear { cuff, side, mass_g: 1500, site: "ankle".to_owned() };
    let first = [wear(LEFT, Side::Left), wear(RIGHT, Side::Right)];
    let swapped = [wear(RIGHT, Side::Left), wear(LEFT, Side::Right)];
    store.wear(ADA, &first, 1).unwrap();
    assert_eq!(store.worn(ADA).unwrap(), first);
    store.wear(ADA, &swapped, 2).unwrap();
    assert_eq!(store.worn(ADA).unwrap(), swapped);
    store.wear(ADA, &first, 3).unwrap();
    assert_eq!(store.worn(ADA).unwrap(), first);
    // A cuff nobody knows changes nothing, not even half of it.
    let strange = [wear(LEFT, Side::Right), wear(CuffId([7; 16]), Side::Left)];
    assert!(matches!(store.wear(ADA, &strange, 4), Err(StoreError::Refused { .. })));
    assert_eq!(store.worn(ADA).unwrap(), first);
}

#[test]
fn own_ranges_belong_to_a_person_an_exercise_and_a_leg() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let ben = ProfileId([0xbe; 16]);
    store.ensure_profile(ben, "Ben").unwrap();
    store.put_calibration(ADA, Side::Left, "knee_extension", 70.5, 10).unwrap();
    store.put_calibration(ADA, Side::Left, "knee_extension", 68.25, 20).unwrap();
    store.put_calibration(ben, Side::Left, "knee_extension", 90.0, 30).unwrap();
    assert_eq!(store.own_range(ADA, "knee_extension", Side::Left).unwrap(), Some(68.25));
    assert_eq!(store.own_range(ADA, "knee_extension", Side::Right).unwrap(), None);
    assert_eq!(store.own_range(ADA, "march", Side::Left).unwrap(), None);
    for wrong in [f64::NAN, f64::INFINITY, -1.0] {
        assert!(matches!(
            store.put_calibration(ADA, Side::Left, "knee_extension", wrong, 40),
            Err(StoreError::Refused { .. })
        ));
    }
    assert!(matches!(
        store.put_calibration(ProfileId([3; 16]), Side::Left, "march", 1.0, 40),
        Err(StoreError::Refused { .. })
    ));
}

#[test]
fn an_export_over_the_history_itself_is_refused_by_whichever_name() {
    let folder = tempfile::tempdir().unwrap();
    let db = folder.path().join("talus.db");
    let store = Store::open(&db).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    let mut names = vec![db.clone()];
    if cfg!(unix) {
        names.push(folder.path().join("link.zip"));
        fs::hard_link(&db, &names[1]).unwrap();
    }
    let before = fs::read(&db).unwrap();
    for name in names {
        let wish = ExportWish { profile: None, recordings: true, written_utc_ms: 1 };
        let error = store.export(&wish, &name, &Job::new()).unwrap_err();
        assert!(matches!(error, StoreError::NoAccess { .. }), "{error}");
    }
    assert!(fs::read(&db).unwrap() == before);
    assert_eq!(store.profiles().unwrap().len(), 1);
}

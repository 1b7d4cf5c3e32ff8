//! A database of every schema there was, with rows in every table: opened by today's Talus, all of it is there and means
//! what it meant.
//!
//! The rows are fixtures (`fixtures/rows/`): what a migration does to them is not worked out by a migration here.
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::heavy;
use rusqlite::Connection;
use std::fs;
use std::path::{Path, PathBuf};
use talus_coach::Level;
use talus_motion::{Micros, Side};
use talus_store::{Edit, ExportWish, Goal, Job, ProfileId, SessionId, SetEdit, SetPlace, Store};

const ADA: ProfileId = ProfileId([0xad; 16]);
const DONE: SessionId = SessionId([0x51; 16]);
const OPEN: SessionId = SessionId([0x52; 16]);

/// SQL of the first `schema` migrations.
fn migrations(schema: i64) -> String {
    let mut files: Vec<PathBuf> = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files.iter().take(schema as usize).map(|file| fs::read_to_string(file).unwrap()).collect()
}

/// How many schemas have rows here: every one but today's.
fn schemas() -> i64 {
    let rows = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rows");
    fs::read_dir(rows).unwrap().count() as i64
}

/// A database as the Talus of that schema left it.
fn left_by(schema: i64, folder: &Path) -> PathBuf {
    let rows = format!("{}/tests/fixtures/rows/schema-{schema}.sql", env!("CARGO_MANIFEST_DIR"));
    let path = folder.join("talus.db");
    let db = Connection::open(&path).unwrap();
    db.execute_batch("PRAGMA journal_mode = wal; PRAGMA foreign_keys = 1; PRAGMA application_id = 1413565525").unwrap();
    db.execute_batch(&migrations(schema)).unwrap();
    db.pragma_update(None, "user_version", schema).unwrap();
    db.execute_batch(&fs::read_to_string(rows).unwrap()).unwrap();
    path
}

#[test]
fn there_are_rows_of_every_schema_but_todays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("talus.db");
    drop(Store::open(&path).unwrap());
    let newest: i64 =
        Connection::open(&path).unwrap().pragma_query_value(None, "user_version", |row| row.get(0)).unwrap();
    assert_eq!(schemas(), newest - 1);
}

/// Everything of the fixture is there, whichever schema it comes from.
fn is_all_there(store: &Store, schema: i64) {
    let detail = store.session(DONE).unwrap();
    let row = &store.sessions(ADA, None, 9).unwrap()[1];
    assert_eq!((row, row.id, row.finished), (&detail.row, DONE, true));
    assert_eq!((row.sets, row.reps, row.strides, row.pain), (3, 17, 2, Some(2)), "schema {schema}");
    assert_eq!((row.note.as_str(), row.edits), ("with shoes", 3));
    assert_eq!((detail.engine_version, detail.sets.len()), (2, 3));
    let [first, corrected, walked] = &detail.sets[..] else { unreachable!("three sets") };
    assert_eq!((first.result.count, first.edited), (10, false));
    assert_eq!((corrected.result.count, corrected.edited), (7, true), "schema {schema}");

    // Repetitions: to the digit that is kept since schema 3, with their own times.
    let [whole, half] = &first.reps[..] else { unreachable!("two repetitions") };
    let times = [whole.start, whole.top, whole.turn, whole.end].map(|at| at.0 / 1000);
    assert_eq!(times, [10_000, 11_500, 12_000, 14_000]);
    assert_eq!((whole.lift_s, whole.hold_s, whole.lower_s, whole.rest_s), (1.5, 0.5, 2.0, Some(0.7)));
    assert_eq!((whole.range_deg, whole.peak_deg_per_s), (Some(61.333), 120.13));
    assert_eq!((whole.smoothness_sparc, whole.confidence, whole.full), (Some(-1.73), 0.93, true));
    assert_eq!((half.range_deg, half.rest_s, half.smoothness_sparc, half.full), (None, None, None, false));
    assert_eq!((half.detectors.len(), half.peak_deg_per_s, half.confidence), (1, 99.5, 0.5));

    // Strides have a length since schema 2.
    let length = (schema >= 2).then_some(1.25);
    let ends: Vec<_> = walked.strides.iter().map(|stride| (stride.end.0 / 1000, stride.length_m)).collect();
    assert_eq!(ends, [(202_100, length), (203_100, length)]);
    let walk = &store.walks(ADA).unwrap()[0];
    assert_eq!((walk.strides, walk.length_m, walk.lift_m), (2, length, (schema >= 2).then_some(0.125)));
    assert!((walk.stride_s - 1.1).abs() < 1e-9);

    // A correction knows since schema 6 where its set lay: in today's results, not in those of the older engine.
    let edits = store.edits(ADA, DONE).unwrap();
    let at = |second: i64| Micros(second * 1_000_000);
    let place = SetPlace { set_index: 1, side: Side::Left, began: at(100), ended: Some(at(140)) };
    assert_eq!(edits[0].edit, Some(Edit::Set { set_index: 1, side: Side::Left, change: SetEdit::Count(7) }));
    assert_eq!(edits.iter().map(|row| row.place).collect::<Vec<_>>(), [Some(place), None, None], "schema {schema}");
    assert_eq!(edits.iter().map(|row| row.lies).collect::<Vec<_>>(), [true, true, false]);
    assert!(edits.iter().all(|row| row.stands));

    // What is worked out is worked out, whatever was kept before.
    let course: Vec<_> = store.trend(ADA, "knee_extension", None).unwrap();
    let points: Vec<_> = course.iter().map(|point| (point.set_index, point.count, point.own_range_deg)).collect();
    assert_eq!(points, [(0, 10, Some(72.5)), (1, 7, Some(72.5))], "schema {schema}");
    assert_eq!(store.past(ADA, "knee_extension", Side::Left, 5).unwrap().len(), 2);
    let trained: Vec<_> = store.trained(ADA).unwrap();
    let trained: Vec<_> = trained.iter().map(|one| (one.exercise.as_str(), one.pain)).collect();
    assert_eq!(trained, [("knee_extension", Some(2)), ("walk", None)]);
    assert_eq!(store.pains(ADA).unwrap().len(), 1);

    // People and what is theirs.
    assert_eq!(store.profiles().unwrap()[0].name, "Ada");
    assert_eq!(store.cuffs().unwrap()[0].serial, "A1");
    assert_eq!(store.worn(ADA).unwrap()[0].mass_g, 1000);
    assert_eq!(store.own_range(ADA, "knee_extension", Side::Left).unwrap(), Some(72.5));
    assert_eq!(store.tests(ADA, None).unwrap().len(), usize::from(schema >= 3));
    let about = store.about(ADA).unwrap().map(|about| (about.birth_year, about.goal, about.level));
    assert_eq!(about, (schema >= 4).then_some((1961, Goal::Return, Level::Beginner)));
    assert_eq!(store.authors(ADA).unwrap().len(), usize::from(schema >= 4));
    assert_eq!(store.plan(ADA).unwrap().is_some(), schema >= 4);
    let sore: Vec<bool> = store.check_ins(ADA, 0).unwrap().iter().map(|one| one.sore).collect();
    assert_eq!(sore, vec![true; usize::from(schema >= 4)]);
    assert_eq!(store.course(ADA).unwrap().as_deref(), (schema >= 5).then_some("strong_legs"));
}

#[test]
fn a_database_of_every_schema_opens_with_all_its_rows_and_what_they_mean() {
    for schema in 1..=schemas() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&left_by(schema, folder.path())).unwrap();
        is_all_there(&store, schema);
        // Nothing points to what is not there, and no page is off.
        let db = Connection::open(store.path()).unwrap();
        let said: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
        let lost: bool =
            db.query_row("SELECT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", [], |row| row.get(0)).unwrap();
        assert_eq!((said.as_str(), lost), ("ok", false), "schema {schema}");
        // The open session goes on from its place, which knows since schema 7 what was left out.
        let (_, _, recorder) = store.resume(OPEN).unwrap();
        let bookmark = recorder.taken().unwrap().bookmark.clone().unwrap();
        assert_eq!((bookmark.at, bookmark.set_index, bookmark.count), (Micros(60_000_000), 0, 4));
        let stopped: &[String] = if schema >= 7 { &["side_abd".to_owned()] } else { &[] };
        assert_eq!((bookmark.stopped.as_slice(), bookmark.eased.len()), (stopped, usize::from(schema >= 7)));
        recorder.finish(1_700_100_000_000).unwrap();
    }
}

#[test]
fn a_salvage_of_a_database_of_any_schema_brings_the_same() {
    for schema in 1..=schemas() {
        let folder = tempfile::tempdir().unwrap();
        let path = left_by(schema, folder.path());
        // A range of somebody who is not there.
        let lost = "PRAGMA foreign_keys = 0;
            INSERT INTO calibration (profile_id, side, exercise, range_deg, at_utc_ms) VALUES (99, 'left', 'x', 1, 1)";
        Connection::open(&path).unwrap().execute_batch(lost).unwrap();
        let (store, salvaged) = Store::salvage(&path, None).unwrap();
        assert_eq!((salvaged.whole, salvaged.partly), (vec![DONE, OPEN], Vec::new()), "schema {schema}");
        is_all_there(&store, schema);
    }
}

#[test]
fn what_came_from_any_schema_goes_out_and_comes_back_the_same() {
    for schema in 1..=schemas() {
        // One of them every day, all of them where there is time.
        if heavy(7, 1) < 2 && schema != 5 {
            continue;
        }
        let (folder, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let store = Store::open(&left_by(schema, folder.path())).unwrap();
        let zip = folder.path().join("all.zip");
        store.export(&ExportWish { profile: None, recordings: true, written_utc_ms: 1 }, &zip, &Job::new()).unwrap();
        let there = Store::open(&other.path().join("talus.db")).unwrap();
        there.import(&zip, None, &Job::new()).unwrap();
        is_all_there(&there, schema);
    }
}

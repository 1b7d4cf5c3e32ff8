//! A session from its beginning to the history, as `app` uses it.
#![allow(clippy::unwrap_used, clippy::float_cmp)] // helpers of tests are tests; written and read, not reckoned

mod common;

use common::*;
use talus_coach::{Record, SessionSummary};
use talus_motion::{Micros, Side};
use talus_store::{Budget, RawState, SessionHead, Store, StoreError};

fn summary() -> SessionSummary {
    SessionSummary {
        duration_s: 61.25,
        sets: 2,
        reps: 10,
        strides: 4,
        sentence: "Ten repetitions.".to_owned(),
        next: vec!["knee extension: the same again".to_owned()],
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }
}

fn records() -> Vec<Record> {
    let mut records = vec![began(0, "knee_extension", Side::Left)];
    records.extend((1..=12).map(|n| Record::Rep { set_index: 0, side: Side::Left, seq: n, rep: rep(n) }));
    records.push(Record::SetEnded { set_index: 0, result: result("knee_extension", Side::Left, 10) });
    records.push(began(1, "walk", Side::Right));
    records.extend((1..=4).map(|n| Record::Stride { set_index: 1, side: Side::Right, seq: n, stride: stride(n) }));
    records.push(Record::SetEnded { set_index: 1, result: result("walk", Side::Right, 4) });
    records.push(Record::Bookmark(bookmark(Micros(60_000_000), 4)));
    records.push(Record::Ended(summary()));
    records
}

fn record_one(store: &Store, n: u8, seconds: i64) {
    let mut recorder = store.begin(&head(n)).unwrap();
    let mut seed = Seed(u64::from(n) + 1);
    for at in 0..seconds {
        push_all(&mut recorder, &second(&mut seed, at));
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
    }
    recorder.records(&records());
    recorder.finish(head(n).started_utc_ms + 61_250).unwrap();
}

#[test]
fn a_finished_session_comes_back_whole_from_file_and_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    record_one(&store, 3, 5);

    let (found, back) = store.inputs(id(3)).unwrap();
    assert_eq!(found, head(3));
    assert_eq!(back, inputs(4, 5));
    let reading = store.reading(id(3)).unwrap();
    assert!(reading.intact());
    assert_eq!(reading.ended.map(|ended| ended.inputs), Some(back.len() as u64));

    let detail = store.session(id(3)).unwrap();
    assert_eq!(detail.plan, plan());
    assert_eq!(detail.source, "sim");
    assert_eq!(detail.summary, Some(summary()));
    assert_eq!(detail.ended_utc_ms, Some(head(3).started_utc_ms + 61_250));
    assert_eq!(detail.sets.len(), 2);
    assert_eq!(detail.sets[0].result, result("knee_extension", Side::Left, 10));
    assert_eq!(detail.sets[0].reps, (1..=12).map(rep).collect::<Vec<_>>());
    assert_eq!(detail.sets[1].result, result("walk", Side::Right, 4));
    assert_eq!(detail.sets[1].strides, (1..=4).map(stride).collect::<Vec<_>>());

    let row = &store.sessions(ADA, None, 10).unwrap()[0];
    assert_eq!(*row, detail.row);
    assert!(row.finished);
    assert_eq!((row.sets, row.reps, row.strides, row.duration_s), (2, 10, 4, 61.25));
    assert_eq!(row.exercises, ["knee_extension", "walk"]);
    assert_eq!(row.raw, RawState::Complete);
    assert!(store.unfinished(ADA).unwrap().is_empty());
}

#[test]
fn every_commit_is_one_sync_of_the_recording_and_one_commit_of_the_database() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    for at in 0..6 {
        push_all(&mut recorder, &second(&mut Seed(9), at));
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
    }
    assert_eq!(recorder.settle().unwrap(), Micros(6_000_000));
    // Faster than life: a whole minute in one go.
    for at in 6..66 {
        push_all(&mut recorder, &second(&mut Seed(9), at));
    }
    recorder.commit(Micros(66_000_000)).unwrap();
    assert_eq!(recorder.settle().unwrap(), Micros(66_000_000));
    let counters = recorder.counters();
    assert_eq!((counters.syncs, counters.commits, counters.waiting), (7, 7, 0));
    drop(recorder);
    assert!(store.reading(id(1)).unwrap().intact());
}

#[test]
fn an_abandoned_session_is_taken_up_again_with_every_input_and_goes_on_in_the_same_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let all = inputs(5, 8);
    let mut recorder = store.begin(&head(1)).unwrap();
    let (early, late) = all.split_at(101);
    push_all(&mut recorder, early);
    recorder.records(&[began(0, "knee_extension", Side::Left), Record::Bookmark(bookmark(Micros(3), 7))]);
    recorder.abandon();

    let open = store.unfinished(ADA).unwrap();
    assert_eq!(open.len(), 1);
    assert!(!open[0].finished);
    let (found, back, mut recorder) = store.resume(id(1)).unwrap();
    assert_eq!((found, back.as_slice()), (head(1), early));
    let taken = recorder.taken().unwrap();
    assert_eq!((taken.raw, taken.bookmark.clone()), (RawState::Complete, Some(bookmark(Micros(3), 7))));
    push_all(&mut recorder, late);
    recorder.records(&records());
    recorder.finish(5).unwrap();

    assert_eq!(store.inputs(id(1)).unwrap().1, all);
    assert!(store.reading(id(1)).unwrap().intact());
    assert!(matches!(store.resume(id(1)), Err(StoreError::Finished { .. })));
}

#[test]
fn the_same_records_again_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    recorder.records(&records());
    recorder.commit(Micros(1)).unwrap();
    recorder.settle().unwrap();
    let once = store.session(id(1)).unwrap();
    recorder.records(&records());
    recorder.commit(Micros(1)).unwrap();
    recorder.settle().unwrap();
    assert_eq!(store.session(id(1)).unwrap(), once);
}

#[test]
fn new_results_of_a_newer_engine_replace_what_is_shown_and_keep_the_recording() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    record_one(&store, 1, 2);
    let inputs = store.inputs(id(1)).unwrap();
    let db = rusqlite::Connection::open(store.path()).unwrap();
    let edit = "INSERT INTO edit (profile_id, session_id, at_utc_ms, set_index, side, field, value)
        SELECT profile_id, id, 1, 0, 'left', 'count', '11' FROM session";
    assert_eq!(db.execute(edit, []).unwrap(), 1);
    let better = [Record::SetEnded { set_index: 0, result: result("march", Side::Right, 12) }];
    store.rescore(id(1), 2, "2027-01", &better).unwrap();
    let detail = store.session(id(1)).unwrap();
    assert_eq!((detail.engine_version, detail.catalogue_version.as_str(), detail.sets.len()), (2, "2027-01", 1));
    assert_eq!(detail.sets[0].result, result("march", Side::Right, 12));
    assert_eq!(detail.row.exercises, ["march"]);
    assert!(store.trend(ADA, "knee_extension", None).unwrap().is_empty());
    assert_eq!(store.inputs(id(1)).unwrap(), inputs);
    let count = |sql: &str| -> i64 { db.query_row(sql, [], |row| row.get(0)).unwrap() };
    assert_eq!(count("SELECT count(*) FROM edit WHERE field = 'count' AND value = '11'"), 1, "edits are kept");
    assert_eq!(count("SELECT count(*) FROM derived"), 2, "the old version is kept");
    assert_eq!(count("SELECT count(*) FROM rep r JOIN eset e ON e.id = r.eset_id"), 12, "with its rows");
}

#[test]
fn people_and_cuffs_can_be_written_while_a_session_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    for at in 0..150 {
        push_all(&mut recorder, &second(&mut Seed(3), at));
        recorder.records(&[Record::Bookmark(bookmark(Micros(at), 1))]);
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
        store.put_calibration(ADA, Side::Left, "march", 40.0, at).unwrap();
        store.ensure_profile(ADA, &format!("Ada {at}")).unwrap();
    }
    assert_eq!(recorder.settle().unwrap(), Micros(150_000_000));
    recorder.finish(1).unwrap();
    assert_eq!(store.profiles().unwrap()[0].name, "Ada 149");
}

#[test]
fn a_set_that_was_cut_off_shows_what_its_rows_say() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    recorder.records(&records()[..8]);
    recorder.abandon();
    let detail = store.session(id(1)).unwrap();
    let set = &detail.sets[0];
    assert!(set.open && !set.result.counts_for_progress);
    // Seven repetitions were recorded; the fifth stayed short.
    assert_eq!((set.result.count, set.result.short, set.reps.len()), (6, 1, 7));
    assert_eq!(set.result.ended, rep(7).end);
    assert_eq!(detail.row.sets, 0);
}

#[test]
fn pages_of_sessions_follow_each_other_without_a_gap() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    (0..7).for_each(|n| store.begin(&head(n)).unwrap().finish(0).unwrap());
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = store.sessions(ADA, before, 3).unwrap();
        let Some(last) = page.last() else { break };
        before = Some(last.cursor());
        seen.extend(page.iter().map(|row| row.id));
    }
    assert_eq!(seen, (0..7).rev().map(id).collect::<Vec<_>>());
}

#[test]
fn a_session_is_found_as_the_last_one_or_by_the_beginning_of_its_id() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    assert!(matches!(store.find(ADA, "last"), Err(StoreError::NoSession { .. })));
    (0..3).for_each(|n| store.begin(&head(n)).unwrap().finish(0).unwrap());
    assert_eq!(store.find(ADA, "last").unwrap(), id(2));
    assert_eq!(store.find(ADA, "019abc01").unwrap(), id(1));
    assert_eq!(store.find(ADA, "019ABC01-00").unwrap(), id(1));
    assert_eq!(store.find(ADA, &id(0).to_string()).unwrap(), id(0));
    assert!(matches!(store.find(ADA, "019a"), Err(StoreError::Ambiguous { count: 3, .. })));
    for asked in ["", "%", "f", "nonsense", "019abc01'; DROP TABLE session; --"] {
        assert!(matches!(store.find(ADA, asked), Err(StoreError::NoSession { .. })), "{asked}");
    }
    assert!(matches!(store.find(talus_store::ProfileId([9; 16]), "last"), Err(StoreError::NoSession { .. })));
}

#[test]
fn the_trend_of_an_exercise_has_every_set_of_that_leg_oldest_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in [2, 1] {
        record_one(&store, n, 1);
    }
    let trend = store.trend(ADA, "knee_extension", Some(Side::Left)).unwrap();
    assert_eq!(trend.iter().map(|point| point.session).collect::<Vec<_>>(), [id(1), id(2)]);
    assert_eq!((trend[0].count, trend[0].mass_g, trend[0].tempo_s), (10, 1500, Some([1.0, 0.5, 1.2])));
    assert!(store.trend(ADA, "knee_extension", Some(Side::Right)).unwrap().is_empty());
    assert_eq!(store.trend(ADA, "walk", None).unwrap().len(), 2);
}

#[test]
fn a_deleted_session_leaves_neither_rows_nor_a_readable_byte() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut head = head(1);
    head.source = "canary-source.csv".to_owned();
    let recorder = store.begin(&head).unwrap();
    assert!(matches!(store.delete(id(1)), Err(StoreError::InUse { .. })));
    recorder.finish(1).unwrap();
    store.delete(id(1)).unwrap();
    assert!(matches!(store.session(id(1)), Err(StoreError::NoSession { .. })));
    assert!(matches!(store.delete(id(1)), Err(StoreError::NoSession { .. })));
    drop(store);
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(13).any(|window| window == b"canary-source"), "{}", path.display());
        }
    }
    assert_eq!(std::fs::read_dir(folder.path().join("recordings")).unwrap().count(), 0);
}

#[test]
fn a_session_of_nobody_is_refused_and_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    assert!(matches!(store.begin(&head(1)), Err(StoreError::Refused { .. })));
    assert!(!store.recording_path(id(1)).exists());
}

#[test]
fn a_number_that_is_none_is_refused_and_everything_else_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    let mut wrong = [rep(1), rep(2), rep(3)];
    wrong[0].confidence = f64::NAN;
    wrong[1].peak_deg_per_s = f64::INFINITY;
    recorder.records(&[began(0, "knee_extension", Side::Left)]);
    for (rep, seq) in wrong.into_iter().zip(1..) {
        recorder.records(&[Record::Rep { set_index: 0, side: Side::Left, seq, rep }]);
    }
    recorder.records(&[Record::Rep { set_index: 9, side: Side::Left, seq: 1, rep: rep(1) }]);
    recorder.commit(Micros(1_000_000)).unwrap();
    assert!(matches!(recorder.settle(), Err(StoreError::Refused { .. })));
    assert_eq!(recorder.safe_through(), Micros(1_000_000));
    assert_eq!(store.session(id(1)).unwrap().sets[0].reps, [rep(3)]);
    recorder.records(&[Record::Rep { set_index: 9, side: Side::Left, seq: 1, rep: rep(1) }]);
    let error = recorder.finish(1).unwrap_err();
    assert_eq!(format!("failed to {error}"), "failed to keep repetition 1 of set 9: its set was never begun");
    assert!(store.session(id(1)).unwrap().row.finished);
}

#[test]
fn a_clock_set_back_and_a_change_of_the_hour_move_no_session_to_another_day_and_make_no_time_negative() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    // Berlin, 25 October 2026: at 03:00 summer time the hour from 02:00 on comes once more. Half past two twice, and an
    // end that the clock, set back meanwhile, puts a day before the beginning.
    let half_past_two = 1_792_888_200_000i64;
    for (n, started_utc_ms, offset_min, ended) in [
        (1, half_past_two, 120, half_past_two + 600_000),
        (2, half_past_two + 3_600_000, 60, half_past_two - 86_400_000),
    ] {
        let head = SessionHead { started_utc_ms, offset_min, local_day: "2026-10-25".to_owned(), ..head(n) };
        let mut recorder = store.begin(&head).unwrap();
        push_all(&mut recorder, &inputs(u64::from(n), 2));
        recorder.records(&records());
        recorder.finish(ended).unwrap();
    }
    let rows = store.sessions(ADA, None, 9).unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [id(2), id(1)], "in the order they were done");
    assert!(rows.iter().all(|row| row.local_day == "2026-10-25" && row.duration_s == 61.25), "{rows:?}");
    let days = store.days(ADA, "2026-10-25", "2026-10-25").unwrap();
    assert_eq!((days.len(), days[0].totals.sessions, days[0].totals.duration_s), (1, 2, 122.5));
    // A Sunday belongs to the week that began on the Monday before.
    let weeks = store.weeks(ADA, "2026-10-01", "2026-10-31").unwrap();
    assert_eq!((weeks.len(), weeks[0].monday.as_str(), weeks[0].days), (1, "2026-10-19", 1));
    let budget = Budget { days: Some(1), bytes: None };
    assert!(
        store.outgrown(budget, half_past_two - 86_400_000).unwrap().expired.is_empty(),
        "nothing of the future is old"
    );
}

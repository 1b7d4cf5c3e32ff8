//! What a person changes, takes back and deletes, and that nobody else notices.
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::*;
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use talus_coach::Record;
use talus_motion::{Micros, Quality, Side};
use talus_store::{
    Budget, Edit, EditId, Kind, Outgrown, ProfileId, RawState, SessionDetail, SessionHead, SetEdit, Store, StoreError,
    TestRow, Trace,
};

const BOB: ProfileId = ProfileId([0xb0; 16]);

fn records(n: u8) -> Vec<Record> {
    let mut records = vec![began(0, "knee_extension", Side::Left)];
    records.extend((1..=12).map(|seq| Record::Rep { set_index: 0, side: Side::Left, seq, rep: rep(seq) }));
    records.push(Record::SetEnded { set_index: 0, result: result("knee_extension", Side::Left, 10) });
    records.push(began(1, "walk", Side::Right));
    records.extend((1..=4).map(|seq| Record::Stride {
        set_index: 1,
        side: Side::Right,
        seq,
        stride: stride(seq + u32::from(n)),
    }));
    records.push(Record::SetEnded { set_index: 1, result: result("walk", Side::Right, 4) });
    records
}

fn record(store: &Store, n: u8, whose: ProfileId) {
    let mut recorder = store.begin(&SessionHead { profile: whose, ..head(n) }).unwrap();
    push_all(&mut recorder, &inputs(u64::from(n) + 1, 2));
    recorder.records(&records(n));
    recorder.finish(head(n).started_utc_ms + 61_250).unwrap();
}

fn of_set(change: SetEdit) -> Edit {
    Edit::Set { set_index: 0, side: Side::Left, change }
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files.extend(all_files(&path)) } else { files.push(path) }
    }
    files
}

/// Files in which these bytes are found.
fn holding(folder: &Path, bytes: &[u8]) -> Vec<PathBuf> {
    let holds = |file: &PathBuf| fs::read(file).unwrap().windows(bytes.len()).any(|window| window == bytes);
    all_files(folder).into_iter().filter(holds).collect()
}

#[test]
fn what_is_changed_by_hand_lies_over_what_was_derived_in_every_call_and_is_taken_back() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    record(&store, 1, ADA);
    let before = store.session(id(1)).unwrap();
    assert!(before.edits.is_empty() && before.sets[0].result.counts_for_progress);
    let edit = |edit: &Edit| store.edit(ADA, id(1), 7, edit).unwrap();
    edit(&of_set(SetEdit::Count(8)));
    edit(&of_set(SetEdit::Mass(2250)));
    edit(&of_set(SetEdit::Pain(Some(4))));
    edit(&of_set(SetEdit::Reserve(None)));
    edit(&Edit::Starred(true));
    edit(&Edit::Note("knee felt fine — „gut“".to_owned()));
    edit(&Edit::Tags(vec!["holiday".to_owned()]));

    let after = store.session(id(1)).unwrap();
    let set = &after.sets[0];
    assert_eq!((set.result.count, set.result.mass_g, set.result.pain, set.result.reserve), (8, 2250, Some(4), None));
    assert!(set.edited && !set.result.counts_for_progress, "corrected by hand is no reason for another load");
    assert_eq!(set.reps, before.sets[0].reps);
    assert!(!after.sets[1].edited && after.sets[1] == before.sets[1]);
    let row = &store.sessions(ADA, None, 1).unwrap()[0];
    assert_eq!((row.reps, row.pain, row.edits, row.starred), (8, Some(4), 7, true));
    assert_eq!((row.note.as_str(), row.tags.as_slice()), ("knee felt fine — „gut“", &["holiday".to_owned()][..]));
    assert_eq!(*row, after.row);
    let day = &store.days(ADA, "2026-01-01", "2026-12-31").unwrap()[0];
    assert_eq!((day.totals.reps, day.totals.strides, day.totals.planned, day.totals.pain), (8, 4, 6, Some(4)));
    let point = &store.trend(ADA, "knee_extension", None).unwrap()[0];
    assert_eq!((point.count, point.mass_g, point.edited, point.counts_for_progress), (8, 2250, true, false));
    assert_eq!(store.pains(ADA).unwrap()[0].mass_g, 2250);
    // What was derived is still what a replay gives.
    assert_eq!(store.derived(id(1)).unwrap().sets, before.sets);

    // Another exercise takes the set along, in both directions.
    edit(&of_set(SetEdit::Exercise("hip_flexion".to_owned())));
    assert!(store.trend(ADA, "knee_extension", None).unwrap().is_empty());
    assert_eq!(store.trend(ADA, "hip_flexion", None).unwrap().len(), 1);
    assert_eq!(store.sessions(ADA, None, 1).unwrap()[0].exercises, ["hip_flexion", "walk"]);
    edit(&of_set(SetEdit::Removed(true)));
    assert_eq!((store.session(id(1)).unwrap().sets.len(), store.sessions(ADA, None, 1).unwrap()[0].sets), (1, 1));
    assert!(store.trend(ADA, "hip_flexion", None).unwrap().is_empty());

    // Nine steps back, one by one; then an undo of an undo, which is a redo.
    for _ in 0..9 {
        store.undo(ADA, id(1), None, 8).unwrap();
    }
    let back = store.session(id(1)).unwrap();
    assert_eq!((back.row.clone(), back.sets), (before.row, before.sets));
    assert_eq!(back.edits.len(), 18, "nothing is ever taken out of the list");
    assert!(matches!(store.undo(ADA, id(1), None, 9), Err(StoreError::Refused { .. })));
    let last = back.edits.last().unwrap();
    assert!(last.stands && last.undoes == Some(back.edits[0].id));
    store.undo(ADA, id(1), Some(last.id), 9).unwrap();
    assert_eq!(store.session(id(1)).unwrap().sets[0].result.count, 8);
}

#[test]
fn a_rescore_forgets_what_was_drawn_of_the_results_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in 1..=2 {
        record(&store, n, ADA);
        let points = vec![(Micros(0), Some(12.3)), (Micros(20_000), Some(14.0))];
        store.put_traces(id(n), &[Trace { set_index: 0, side: Side::Left, points }]).unwrap();
    }
    store.rescore(id(1), 2, "2027-01", &records(1)).unwrap();
    assert_eq!(store.traces(id(1)).unwrap(), []);
    assert_eq!(store.traces(id(2)).unwrap().len(), 1, "of no other session");
}

#[test]
fn a_rescore_keeps_what_was_changed_by_hand() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    record(&store, 1, ADA);
    store.edit(ADA, id(1), 7, &of_set(SetEdit::Count(8))).unwrap();
    store.edit(ADA, id(1), 7, &Edit::Note("stays".to_owned())).unwrap();
    let mut newer = records(1);
    for record in &mut newer {
        if let Record::SetEnded { result, .. } = record {
            (result.count, result.range_deg) = (11, Some(50.0));
        }
    }
    store.rescore(id(1), 2, "2027-01", &newer).unwrap();
    let detail = store.session(id(1)).unwrap();
    assert_eq!((detail.sets[0].result.count, detail.sets[0].result.range_deg), (8, Some(50.0)));
    assert_eq!((detail.sets[1].result.count, detail.row.note.as_str()), (11, "stays"));
    assert_eq!(store.derived(id(1)).unwrap().sets[0].result.count, 11);
    store.undo(ADA, id(1), None, 8).unwrap();
    store.undo(ADA, id(1), None, 8).unwrap();
    assert_eq!(store.session(id(1)).unwrap().sets[0].result.count, 11);
}

#[test]
fn a_change_that_cannot_be_is_refused_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    store.ensure_profile(BOB, "Bob").unwrap();
    record(&store, 1, ADA);
    let before = store.session(id(1)).unwrap();
    let long = "x".repeat(4001);
    let tag = |text: &str| Edit::Tags(vec![text.to_owned()]);
    for edit in [
        of_set(SetEdit::Count(100_001)),
        of_set(SetEdit::Mass(100_001)),
        of_set(SetEdit::Pain(Some(11))),
        of_set(SetEdit::Exercise("No Slug'; DROP TABLE eset".to_owned())),
        of_set(SetEdit::Exercise(String::new())),
        Edit::Set { set_index: 0, side: Side::Right, change: SetEdit::Count(1) },
        Edit::Set { set_index: 9, side: Side::Left, change: SetEdit::Count(1) },
        Edit::Note(long.clone()),
        Edit::Note("\u{1b}[31m".to_owned()),
        tag(""),
        tag(" padded"),
        tag(&long),
        Edit::Tags(vec!["twice".to_owned(); 2]),
        Edit::Tags((0..21).map(|n| n.to_string()).collect()),
    ] {
        let said = store.edit(ADA, id(1), 7, &edit);
        assert!(matches!(said, Err(StoreError::Refused { .. })), "{edit:?}: {said:?}");
    }
    for (whose, session) in [(BOB, id(1)), (ADA, id(2))] {
        let said = store.edit(whose, session, 7, &Edit::Starred(true));
        assert!(matches!(said, Err(StoreError::NoSession { .. })), "{said:?}");
        assert!(matches!(store.undo(whose, session, None, 7), Err(StoreError::NoSession { .. })));
        assert!(matches!(store.edits(whose, session), Err(StoreError::NoSession { .. })));
    }
    assert!(matches!(store.undo(ADA, id(1), Some(EditId(999)), 7), Err(StoreError::Refused { .. })));
    assert_eq!(store.session(id(1)).unwrap(), before);
}

#[test]
fn nothing_of_a_deleted_session_is_found_in_any_byte_that_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    // What must be found before and not after: a note, an edit that was undone, an exercise, a measure as SQLite keeps
    // it, the id, and bytes of the recording.
    let measure = 1_234.567_891_011_f64;
    for n in 1..=3 {
        record(&store, n, ADA);
    }
    let mut recorder = store.begin(&head(9)).unwrap();
    push_all(&mut recorder, &inputs(99, 3));
    recorder.records(&[began(0, "canary_exercise", Side::Left)]);
    for seq in 1..=400 {
        let rep = talus_motion::Rep { range_deg: Some(777_777.777), ..rep(seq) };
        recorder.records(&[Record::Rep { set_index: 0, side: Side::Left, seq, rep }]);
    }
    let mut done = result("canary_exercise", Side::Left, 400);
    done.peak_deg_per_s = Some(measure);
    recorder.records(&[Record::SetEnded { set_index: 0, result: done }]);
    recorder.finish(5).unwrap();
    store.edit(ADA, id(9), 1, &Edit::Note("canary note".to_owned())).unwrap();
    store.undo(ADA, id(9), None, 2).unwrap();
    store.edit(ADA, id(9), 1, &Edit::Tags(vec!["canary tag".to_owned()])).unwrap();
    let points = vec![(Micros(0), Some(12.3)); 40];
    store.put_traces(id(9), &[Trace { set_index: 0, side: Side::Left, points }]).unwrap();
    store.put_test(ADA, &test(9, Some(9))).unwrap();
    let recording = fs::read(store.recording_path(id(9))).unwrap();
    let marks: [&[u8]; 8] = [
        b"canary note",
        b"canary tag",
        b"canary_exercise",
        b"canary_test",
        &measure.to_be_bytes(),
        &777_777_777i32.to_be_bytes(),
        &id(9).0,
        &recording[recording.len() - 1000..][..16],
    ];
    for mark in marks {
        assert!(!holding(folder.path(), mark).is_empty(), "{mark:?} is found before");
    }
    let others: Vec<SessionDetail> = (1..=3).map(|n| store.session(id(n)).unwrap()).collect();

    store.delete(id(9)).unwrap();
    for mark in marks {
        assert_eq!(holding(folder.path(), mark), [] as [PathBuf; 0], "{mark:?}");
    }
    for (n, before) in (1..=3).zip(others) {
        assert_eq!(store.session(id(n)).unwrap(), before);
    }
    assert!(matches!(store.delete(id(9)), Err(StoreError::NoSession { .. })));
}

#[test]
fn a_deletion_says_so_while_a_reader_keeps_its_bytes_in_the_log_and_the_next_opening_erases_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut canary = head(1);
    canary.source = "canary-source.csv".to_owned();
    store.begin(&canary).unwrap().finish(1).unwrap();
    assert!(!holding(folder.path(), b"canary-source").is_empty());
    // An export or a backup on another connection, in the middle of its look.
    let reader = rusqlite::Connection::open(store.path()).unwrap();
    reader.execute_batch("BEGIN").unwrap();
    let seen: i64 = reader.query_row("SELECT count(*) FROM session", [], |row| row.get(0)).unwrap();
    assert_eq!(seen, 1);
    let error = store.delete(id(1)).unwrap_err();
    assert!(matches!(error, StoreError::StillInLog { .. }), "{error}");
    assert!(matches!(store.session(id(1)), Err(StoreError::NoSession { .. })), "deleted all the same");
    assert!(!holding(folder.path(), b"canary-source").is_empty());
    // While it reads, opening goes well and takes nothing away.
    drop(Store::open(store.path()).unwrap());
    assert!(!holding(folder.path(), b"canary-source").is_empty());
    reader.execute_batch("ROLLBACK").unwrap();
    let again = Store::open(store.path()).unwrap();
    assert_eq!(holding(folder.path(), b"canary-source"), Vec::<PathBuf>::new());
    assert!(!folder.path().join("talus.db.erasing").exists());
    drop((store, reader, again));
}

fn test(n: u8, session: Option<u8>) -> TestRow {
    TestRow {
        id: [n; 16],
        session: session.map(id),
        at_utc_ms: 1_780_000_000_000 + i64::from(n),
        offset_min: 120,
        zone: "Europe/Berlin".to_owned(),
        local_day: "2026-05-30".to_owned(),
        kind: "canary_test".to_owned(),
        side: (n.is_multiple_of(2)).then_some(Side::Right),
        value: 14.0,
        unit: "count".to_owned(),
        error: Some(1.5),
        quality: Quality::GOOD,
    }
}

#[test]
fn two_people_never_see_each_other_and_one_can_leave_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    store.ensure_profile(BOB, "Bob Canary").unwrap();
    for n in 1..=6 {
        record(&store, n, if n % 2 == 0 { BOB } else { ADA });
    }
    store.put_test(ADA, &test(1, Some(1))).unwrap();
    store.put_test(BOB, &test(0x22, None)).unwrap();
    store.edit(BOB, id(2), 1, &of_set(SetEdit::Pain(Some(6)))).unwrap();
    // Neither the other's session nor the other's test can be taken over.
    assert!(matches!(store.put_test(ADA, &test(3, Some(2))), Err(StoreError::Refused { .. })));
    assert!(matches!(store.put_test(BOB, &test(1, None)), Err(StoreError::Refused { .. })));
    let seen = |whose| {
        (
            store.sessions(whose, None, 99).unwrap(),
            store.days(whose, "2026-01-01", "2026-12-31").unwrap(),
            store.weeks(whose, "2026-01-01", "2026-12-31").unwrap(),
            store.trend(whose, "knee_extension", None).unwrap(),
            store.walks(whose).unwrap(),
            store.pains(whose).unwrap(),
            store.tests(whose, None).unwrap(),
        )
    };
    let (ada, bob) = (seen(ADA), seen(BOB));
    assert_eq!(ada.0.iter().map(|row| row.id).collect::<Vec<_>>(), [id(5), id(3), id(1)]);
    assert_eq!((ada.3.len(), ada.4.len(), ada.5.len(), ada.6.len()), (3, 3, 0, 1));
    assert_eq!((bob.3.len(), bob.4.len(), bob.5.len(), bob.6.len()), (3, 3, 1, 1));
    assert_eq!(ada.2.iter().map(|week| week.totals.sessions).sum::<u32>(), 3);
    store.delete_profile(BOB).unwrap();
    assert_eq!(seen(ADA), ada);
    assert_eq!(store.profiles().unwrap().len(), 1);
    for mark in [b"Bob Canary".as_slice(), &BOB.0, &id(2).0, &[0x22; 16]] {
        assert_eq!(holding(folder.path(), mark), [] as [PathBuf; 0], "{mark:?}");
    }
}

#[test]
fn recordings_go_by_age_and_room_but_never_a_starred_or_open_one_and_results_stay() {
    const DAY: i64 = 86_400_000;
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in 1..=6 {
        record(&store, n, ADA);
    }
    store.begin(&head(0)).unwrap().abandon();
    store.edit(ADA, id(2), 1, &Edit::Starred(true)).unwrap();
    let size = |n| fs::metadata(store.recording_path(id(n))).unwrap().len();
    let now = head(6).started_utc_ms + 3 * DAY;
    // Sessions 1, 2 and 0 are older than five days; of 3 to 6 two have room.
    let budget = Budget { days: Some(5), bytes: Some(size(6) + size(5) + 10) };
    let review = store.outgrown(budget, now).unwrap();
    let found: Vec<_> = review.expired.iter().map(|one| (one.session, one.why)).collect();
    assert_eq!(found, [(id(1), Outgrown::Age), (id(3), Outgrown::Age), (id(4), Outgrown::Room)]);
    assert_eq!((review.kept_bytes, review.starred_bytes), (size(6) + size(5), size(2)));
    assert_eq!(review.expired[0].bytes, size(1));
    let before: Vec<_> = (1..=6).map(|n| store.session(id(n)).unwrap()).collect();
    assert!(all_files(folder.path()).contains(&store.recording_path(id(1))), "looking deletes nothing");

    // Starred between looking and deleting.
    store.edit(ADA, id(3), 1, &Edit::Starred(true)).unwrap();
    let asked: Vec<_> = review.expired.iter().map(|one| one.session).collect();
    store.put_traces(id(1), &[Trace { set_index: 0, side: Side::Left, points: vec![(Micros(1), None)] }]).unwrap();
    assert_eq!(store.let_go(&asked).unwrap(), [id(1), id(4)]);
    assert_eq!(store.let_go(&asked).unwrap(), [], "a second time changes nothing");
    assert!(store.traces(id(1)).unwrap().is_empty());
    for (n, before) in (1..=6).zip(before) {
        let after = store.session(id(n)).unwrap();
        assert_eq!((after.sets, after.summary), (before.sets, before.summary));
        let gone = n == 1 || n == 4;
        assert_eq!(after.row.raw, if gone { RawState::Absent } else { RawState::Complete });
    }
    assert!(matches!(store.inputs(id(1)), Err(StoreError::NoRecording { .. })));
    // With the usual budget nothing of a week is old, and a clock that was set back makes nothing old.
    assert!(store.outgrown(Budget::default(), now).unwrap().expired.is_empty());
    assert!(store.outgrown(budget, 0).unwrap().expired.iter().all(|one| one.why == Outgrown::Room));
}

#[test]
fn a_test_is_kept_with_its_error_and_comes_back_in_the_order_of_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in [3, 1, 2] {
        store.put_test(ADA, &test(n, None)).unwrap();
    }
    store.put_test(ADA, &TestRow { value: 15.0, ..test(2, None) }).unwrap();
    let found = store.tests(ADA, Some("canary_test")).unwrap();
    assert_eq!(found, [test(1, None), TestRow { value: 15.0, ..test(2, None) }, test(3, None)]);
    assert!(store.tests(ADA, Some("tug")).unwrap().is_empty());
    for wrong in [f64::NAN, f64::INFINITY, 1e10] {
        let said = store.put_test(ADA, &TestRow { value: wrong, ..test(4, None) });
        assert!(matches!(said, Err(StoreError::Refused { .. })), "{said:?}");
    }
    let nowhere = TestRow { local_day: "yesterday".to_owned(), ..test(4, None) };
    assert!(matches!(store.put_test(ADA, &nowhere), Err(StoreError::Refused { .. })));
    assert_eq!(store.tests(ADA, None).unwrap().len(), 3);
}

/// Something that happens to the sessions of a history.
#[derive(Debug, Clone)]
enum Act {
    Record,
    Edit(u8, Edit),
    Undo(u8, usize),
    Rescore(u8, u32),
    Delete(u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let set = (0u32..3, any::<bool>(), 0u8..7, 0u8..12).prop_map(|(set_index, left, what, value)| {
        let side = if left { Side::Left } else { Side::Right };
        let change = match what {
            0 => SetEdit::Exercise(["hip_flexion", "walk", "knee_extension"][usize::from(value) % 3].to_owned()),
            1 => SetEdit::Count(value.into()),
            2 => SetEdit::Mass(u32::from(value) * 250),
            3 => SetEdit::Reserve((value < 8).then_some(value)),
            4 => SetEdit::Pain((value < 8).then_some(value)),
            5 => SetEdit::Side(if value % 2 == 0 { Side::Left } else { Side::Right }),
            _ => SetEdit::Removed(value % 2 == 0),
        };
        Edit::Set { set_index, side, change }
    });
    let edit = prop_oneof![
        4 => set,
        1 => any::<bool>().prop_map(Edit::Starred),
        1 => "[a-z ]{0,12}".prop_map(Edit::Note),
        1 => prop::collection::btree_set("[a-z]{1,6}", 0..3).prop_map(|tags| Edit::Tags(tags.into_iter().collect())),
    ];
    let act = prop_oneof![
        2 => Just(Act::Record),
        6 => (0u8..4, edit).prop_map(|(n, edit)| Act::Edit(n, edit)),
        3 => (0u8..4, 0usize..6).prop_map(|(n, which)| Act::Undo(n, which)),
        1 => (0u8..4, 0u32..30).prop_map(|(n, count)| Act::Rescore(n, count)),
        1 => (0u8..4).prop_map(Act::Delete),
    ];
    prop::collection::vec(act, 1..30)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: heavy(400, 12) as u32, ..ProptestConfig::default() })]

    #[test]
    fn what_is_kept_up_is_what_a_rebuild_gives(acts in acts()) {
        let folder = folder_in_memory();
        let store = store(folder.path());
        store.ensure_profile(BOB, "Bob").unwrap();
        let mut made = 0;
        for act in acts {
            match act {
                Act::Record if made < 4 => {
                    record(&store, made, if made == 2 { BOB } else { ADA });
                    made += 1;
                }
                Act::Record => {}
                // Refused or for a session that is not there: nothing changes, which is compared below.
                Act::Edit(n, edit) => drop(store.edit(ADA, id(n), 1, &edit)),
                Act::Undo(n, which) => {
                    let edits = store.edits(ADA, id(n)).unwrap_or_default();
                    let which = edits.get(which).map(|edit| edit.id);
                    drop(store.undo(ADA, id(n), which, 2));
                }
                Act::Rescore(n, count) => {
                    let again = [
                        began(0, "knee_extension", Side::Left),
                        Record::SetEnded { set_index: 0, result: result("knee_extension", Side::Left, count) },
                    ];
                    drop(store.rescore(id(n), 2, "2027-01", &again));
                }
                Act::Delete(n) => drop(store.delete(id(n))),
            }
        }
        let seen = || {
            let all = |whose| {
                let rows = store.sessions(whose, None, 99).unwrap();
                let details: Vec<_> = rows.iter().map(|row| store.session(row.id).unwrap()).collect();
                let trends: Vec<_> = ["knee_extension", "walk", "hip_flexion"]
                    .map(|exercise| store.trend(whose, exercise, None).unwrap()).into();
                let days = store.days(whose, "2026-01-01", "2026-12-31").unwrap();
                let (trained, pains) = (store.trained(whose).unwrap(), store.pains(whose).unwrap());
                (rows, details, trends, days, store.walks(whose).unwrap(), (trained, pains))
            };
            (all(ADA), all(BOB))
        };
        let before = seen();
        store.rebuild().unwrap();
        prop_assert_eq!(&seen(), &before);
        // The totals of the days are those of the sessions.
        for (rows, details, _, days, ..) in [&before.0, &before.1] {
            let of_days: u32 = days.iter().map(|day| day.totals.reps + day.totals.strides).sum();
            let of_rows: u32 = rows.iter().map(|row| row.reps + row.strides).sum();
            let of_sets: u32 = details.iter().flat_map(|detail| &detail.sets).map(|set| set.result.count).sum();
            prop_assert_eq!((of_days, of_rows), (of_rows, of_sets));
        }
    }
}

/// A session with one set of both legs, told apart by their range, and one of the left leg alone.
fn record_both(store: &Store) {
    let mut recorder = store.begin(&SessionHead { kind: Kind::Live, ..head(1) }).unwrap();
    push_all(&mut recorder, &inputs(2, 2));
    for (set_index, side, range) in [(0, Side::Left, 40.0), (0, Side::Right, 60.0), (1, Side::Left, 50.0)] {
        let mut ended = result("knee_extension", side, 10);
        ended.range_deg = Some(range);
        // A change knows its set by its time.
        ended.began = Micros(i64::from(set_index) * 30_000_000);
        ended.ended = ended.began.plus(20_000_000);
        recorder.records(&[began(set_index, "knee_extension", side), Record::SetEnded { set_index, result: ended }]);
    }
    recorder.finish(head(1).started_utc_ms + 61_250).unwrap();
    let points = vec![(Micros(0), Some(1.0))];
    store.put_traces(id(1), &[Trace { set_index: 0, side: Side::Left, points }]).unwrap();
}

#[test]
fn legs_that_were_mixed_up_are_put_right_in_every_call_and_put_back() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    record_both(&store);
    let ranges = |store: &Store| -> Vec<(u32, Side, Option<f64>)> {
        let sets = store.session(id(1)).unwrap().sets;
        let mut ranges: Vec<_> =
            sets.iter().map(|set| (set.set_index, set.result.side, set.result.range_deg)).collect();
        ranges.sort_by_key(|(set_index, side, _)| (*set_index, *side));
        ranges
    };
    let (left, right) = (Side::Left, Side::Right);
    let as_derived = [(0, left, Some(40.0)), (0, right, Some(60.0)), (1, left, Some(50.0))];
    assert_eq!(ranges(&store), as_derived);
    let leg = |set_index, side, to| Edit::Set { set_index, side, change: SetEdit::Side(to) };
    store.edit(ADA, id(1), 5, &leg(0, left, right)).unwrap();
    store.edit(ADA, id(1), 6, &leg(1, left, right)).unwrap();
    let swapped = [(0, left, Some(60.0)), (0, right, Some(40.0)), (1, right, Some(50.0))];
    assert_eq!(ranges(&store), swapped);
    let detail = store.session(id(1)).unwrap();
    assert!(detail.sets.iter().all(|set| set.edited && !set.result.counts_for_progress));
    assert_eq!(store.derived(id(1)).unwrap().sets.iter().filter(|set| set.result.side == left).count(), 2);
    assert_eq!(store.traces(id(1)).unwrap()[0].side, right, "a drawing goes with its set");
    let course = |side| store.trend(ADA, "knee_extension", Some(side)).unwrap();
    assert_eq!(course(left).iter().map(|one| one.range_deg).collect::<Vec<_>>(), [Some(60.0)]);
    assert_eq!(course(right).iter().map(|one| one.range_deg).collect::<Vec<_>>(), [Some(40.0), Some(50.0)]);
    let past = store.past(ADA, "knee_extension", right, 9).unwrap();
    assert_eq!(past.iter().map(|one| one.result.range_deg).collect::<Vec<_>>(), [Some(40.0), Some(50.0)]);
    // What is corrected next is the set as it is shown.
    store.edit(ADA, id(1), 7, &Edit::Set { set_index: 1, side: right, change: SetEdit::Count(3) }).unwrap();
    assert!(store.edit(ADA, id(1), 7, &Edit::Set { set_index: 1, side: left, change: SetEdit::Count(3) }).is_err());
    let rows = store.edits(ADA, id(1)).unwrap();
    assert_eq!(rows[2].edit, Some(Edit::Set { set_index: 1, side: right, change: SetEdit::Count(3) }));
    assert_eq!(course(right)[1].count, 3);
    let before = (ranges(&store), store.trend(ADA, "knee_extension", None).unwrap());
    store.rebuild().unwrap();
    assert_eq!((ranges(&store), store.trend(ADA, "knee_extension", None).unwrap()), before);
    // Said of the other leg of the same set, the newest decides; taken back, the one before holds again.
    store.edit(ADA, id(1), 8, &leg(0, left, right)).unwrap();
    assert_eq!(ranges(&store)[..2], as_derived[..2]);
    store.undo(ADA, id(1), None, 9).unwrap();
    assert_eq!(ranges(&store), swapped);
    for _ in 0..3 {
        store.undo(ADA, id(1), None, 10).unwrap();
    }
    assert_eq!(ranges(&store), as_derived);
    assert!(store.session(id(1)).unwrap().sets.iter().all(|set| !set.edited && set.result.count == 10));
}

#[test]
fn of_several_changes_all_are_made_or_none() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    record_both(&store);
    let of = |set_index, change| Edit::Set { set_index, side: Side::Left, change };
    let wrong = [Edit::Starred(true), of(0, SetEdit::Count(8)), of(7, SetEdit::Count(8))];
    for wrong in [&wrong[..], &[Edit::Starred(true), of(0, SetEdit::Pain(Some(11)))]] {
        assert!(matches!(store.edit_all(ADA, id(1), 5, wrong), Err(StoreError::Refused { .. })));
        let detail = store.session(id(1)).unwrap();
        assert!(detail.edits.is_empty() && !detail.row.starred);
    }
    // The leg of every one is the leg that was shown when they were made.
    let together = [of(0, SetEdit::Side(Side::Right)), of(0, SetEdit::Count(8)), Edit::Note("shoes".to_owned())];
    let ids = store.edit_all(ADA, id(1), 5, &together).unwrap();
    assert_eq!(ids.len(), 3);
    let counts: Vec<(Side, u32)> =
        store.trend(ADA, "knee_extension", None).unwrap().iter().map(|one| (one.side, one.count)).collect();
    assert_eq!(counts, [(Side::Left, 10), (Side::Right, 8), (Side::Left, 10)]);
}

#[test]
fn what_goes_with_somebody_is_counted_and_a_session_is_only_its_persons() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    store.ensure_profile(BOB, "Bob").unwrap();
    record(&store, 1, ADA);
    record(&store, 2, ADA);
    record(&store, 3, BOB);
    fs::remove_file(store.recording_path(id(2))).unwrap();
    let length = fs::metadata(store.recording_path(id(1))).unwrap().len();
    let has = store.belongings(ADA).unwrap();
    assert_eq!((has.sessions, has.recordings, has.recording_bytes), (2, 1, length));
    assert_eq!((store.recording_bytes(id(1)).unwrap(), store.recording_bytes(id(2)).unwrap()), (length, 0));
    store.ensure_of(ADA, id(1)).unwrap();
    for (who, which) in [(BOB, 1), (ADA, 3), (ADA, 9), (ProfileId([9; 16]), 1)] {
        let asked = store.ensure_of(who, id(which));
        assert!(matches!(&asked, Err(StoreError::NoSession { asked }) if *asked == id(which).to_string()), "{asked:?}");
    }
    store.delete_profile(ADA).unwrap();
    assert_eq!(store.belongings(ADA).unwrap(), talus_store::Belongings::default());
    assert_eq!(store.belongings(BOB).unwrap().sessions, 1);
}

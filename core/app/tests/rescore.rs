//! Rescoring: what changes is shown first, and only then, and only if wanted, becomes what is shown.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use talus_app::{AppError, DemoWish, Job, Opening, Run, Talus};
use talus_coach::Record;
use talus_motion::Micros;
use talus_store::{Edit, SetEdit, Store, StoreError};

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("Europe/Berlin".to_owned()) }).unwrap()
}

/// A finished demo, and where its recording is.
fn recorded(folder: &Path, talus: &Talus) -> PathBuf {
    let mut run = Run::demo(talus, DemoWish { seed: 3 }).unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    run.finish().unwrap();
    folder.join("recordings").join(format!("{}.talus", talus.session("last").unwrap().row.id))
}

#[test]
fn the_same_engine_gives_the_same_results_bit_for_bit_and_finds_nothing_outdated() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let rescore = talus.rescore("last").unwrap();
    assert!(!rescore.changes_anything(), "{:?}", rescore.changes);
    assert!(rescore.same >= 3, "{}", rescore.same);
    assert_eq!(rescore.from, rescore.to);
    assert!(talus.rescore_outdated().unwrap().is_empty());
}

#[test]
fn results_of_an_older_engine_change_only_once_they_are_accepted() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let right = talus.session("last").unwrap();
    // What an older engine might have counted: one set, short by three, and nothing else.
    let mut wrong = right.sets[0].result.clone();
    wrong.count -= 3;
    let old = [Record::SetEnded { set_index: right.sets[0].set_index, result: wrong.clone() }];
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    store.rescore(right.row.id, 0, "2020-01", &old).unwrap();
    let shown = talus.session("last").unwrap();
    assert_eq!((shown.engine_version, shown.sets.len()), (0, 1));

    let outdated = talus.rescore_outdated().unwrap();
    assert_eq!(outdated.len(), 1);
    let rescore = &outdated[0];
    assert_eq!(rescore.from, (0, "2020-01".to_owned()));
    assert_eq!((rescore.changes.len(), rescore.same), (right.sets.len(), 0));
    let change = &rescore.changes[0];
    assert_eq!((change.before.as_ref(), change.after.as_ref()), (Some(&wrong), Some(&right.sets[0].result)));
    assert_eq!(change.rows, (0, right.sets[0].reps.len() + right.sets[0].strides.len()));
    assert!(rescore.changes[1..].iter().all(|change| change.before.is_none() && change.after.is_some()));
    // Looking changed nothing.
    assert_eq!(talus.session("last").unwrap(), shown);

    talus.accept(rescore).unwrap();
    let now = talus.session("last").unwrap();
    assert_eq!((now.sets, now.summary, now.engine_version), (right.sets, right.summary, right.engine_version));
    assert!(talus.rescore_outdated().unwrap().is_empty());
}

#[test]
fn a_correction_stays_with_its_set_where_another_engine_numbers_it_otherwise_and_that_is_said_first() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let right = talus.session("last").unwrap();
    // An older engine that took the first second for a set, and so numbers every other one higher.
    let first = &right.sets[0].result;
    let mut records = vec![Record::SetEnded {
        set_index: 0,
        result: talus_coach::SetResult { began: Micros(0), ended: Micros(1_000_000), count: 1, ..first.clone() },
    }];
    records.extend(
        right.sets.iter().map(|set| Record::SetEnded { set_index: set.set_index + 1, result: set.result.clone() }),
    );
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    store.rescore(right.row.id, 0, "2020-01", &records).unwrap();
    let edit = |set_index, count| Edit::Set { set_index, side: first.side, change: SetEdit::Count(count) };
    talus.edit("last", &edit(0, 2)).unwrap();
    talus.edit("last", &edit(right.sets[0].set_index + 1, 99)).unwrap();
    talus.edit("last", &Edit::Note("of the whole session".to_owned())).unwrap();

    let rescore = talus.rescore("last").unwrap();
    let moved: Vec<_> = rescore.moved.iter().map(|one| (one.edit.clone(), one.from, one.to)).collect();
    assert_eq!(moved, [(edit(0, 2), Some(0), None), (edit(1, 99), Some(1), Some(0))]);
    talus.accept(&rescore).unwrap();
    let now = talus.session("last").unwrap();
    let counts =
        |detail: &talus_store::SessionDetail| -> Vec<u32> { detail.sets.iter().map(|set| set.result.count).collect() };
    let mut expected = counts(&right);
    expected[0] = 99;
    assert_eq!(counts(&now), expected);
    assert_eq!((now.row.edits, now.row.note.as_str()), (3, "of the whole session"));
    assert!(talus.rescore("last").unwrap().moved.is_empty());
}

#[test]
fn a_recording_with_a_gap_is_never_taken_for_new_results() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let recording = recorded(folder.path(), &talus);
    let mut bytes = std::fs::read(&recording).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(&recording, bytes).unwrap();
    let shown = talus.session("last").unwrap();
    match talus.rescore("last") {
        Err(AppError::Store(StoreError::Refused { reason, .. })) => assert!(reason.contains("missing"), "{reason}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(talus.session("last").unwrap(), shown);
}

#[test]
fn a_database_that_is_gone_to_pieces_comes_back_from_its_recordings() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    recorded(folder.path(), &talus);
    let right = talus.session("last").unwrap();
    drop(talus);
    let database = folder.path().join("talus.db");
    let mut bytes = std::fs::read(&database).unwrap();
    bytes[100..].fill(0);
    std::fs::write(&database, &bytes).unwrap();
    let opening = Opening { database, language: "en".to_owned(), zone: Some("Europe/Berlin".to_owned()) };
    assert!(Talus::open(opening.clone()).is_err());
    let (talus, salvaged) = Talus::salvage(opening, None, &Job::new()).unwrap();
    assert!(std::fs::read(salvaged.kept.join("talus.db")).unwrap() == bytes);
    assert_eq!(salvaged.from_recordings, [right.row.id]);
    let back = talus.session("last").unwrap();
    assert_eq!((back.sets, back.summary, back.plan), (right.sets, right.summary, right.plan));
    assert_eq!((back.row, back.engine_version), (right.row, right.engine_version));
}

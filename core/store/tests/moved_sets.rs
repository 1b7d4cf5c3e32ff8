//! A change by hand belongs to what was done: another engine may give that set another number, or not see it.
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;
mod household;

use common::*;
use household::edit;
use rusqlite::Connection;
use talus_coach::Record;
use talus_motion::{Micros, Side};
use talus_store::{Edit, ExportWish, Job, SetEdit, SetPlace, Store};

const S: i64 = 1_000_000;

/// Sets of the left leg from and to these seconds, numbered from 0.
fn sets(spans: &[(i64, i64)]) -> Vec<Record> {
    let one = |(set_index, &(from, to)): (u32, &(i64, i64))| {
        let mut ended = result("stand_abd", Side::Left, 10);
        (ended.began, ended.ended) = (Micros(from * S), Micros(to * S));
        [
            Record::SetBegan {
                set_index,
                exercise: "stand_abd".to_owned(),
                side: Side::Left,
                mass_g: 1500,
                at: Micros(from * S),
            },
            Record::SetEnded { set_index, result: ended },
        ]
    };
    (0..).zip(spans).flat_map(one).collect()
}

fn recorded(store: &Store, spans: &[(i64, i64)]) {
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(2, 2));
    recorder.records(&sets(spans));
    recorder.finish(head(1).started_utc_ms + 61_250).unwrap();
}

fn change(store: &Store, set_index: u32, change: SetEdit) {
    store.edit(ADA, id(1), 5, &Edit::Set { set_index, side: Side::Left, change }).unwrap();
}

fn counts(store: &Store) -> Vec<(u32, bool)> {
    store.session(id(1)).unwrap().sets.iter().map(|set| (set.result.count, set.edited)).collect()
}

const THREE: [(i64, i64); 3] = [(10, 50), (100, 140), (200, 240)];

#[test]
fn a_correction_follows_its_set_to_another_number_and_never_lands_on_another_set() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    recorded(&store, &THREE);
    change(&store, 1, SetEdit::Count(7));
    assert_eq!(counts(&store), [(10, false), (7, true), (10, false)]);
    // The first one is no set today, the others begin and end a little otherwise.
    store.rescore(id(1), 2, "1", &sets(&[(99, 141), (202, 240)])).unwrap();
    assert_eq!(counts(&store), [(7, true), (10, false)]);
    let rows = store.edits(ADA, id(1)).unwrap();
    assert!(matches!(rows[0].edit, Some(Edit::Set { set_index: 0, .. })) && rows[0].lies);
    // Another engine's sets before it.
    store.rescore(id(1), 3, "1", &sets(&[(0, 4), (10, 50), (60, 70), (100, 140)])).unwrap();
    assert_eq!(counts(&store), [(10, false), (10, false), (10, false), (7, true)]);
    store.undo(ADA, id(1), None, 6).unwrap();
    assert!(counts(&store).iter().all(|set| *set == (10, false)));
}

#[test]
fn a_correction_of_a_set_that_is_gone_or_cut_in_two_is_kept_and_changes_nothing() {
    for spans in [
        vec![(10, 50), (200, 240)],
        vec![(10, 50), (100, 120), (120, 140), (200, 240)],
        vec![(10, 50), (100, 240)],
        vec![(10, 140), (200, 240)],
    ] {
        let folder = folder_in_memory();
        let store = store(folder.path());
        recorded(&store, &THREE);
        change(&store, 1, SetEdit::Count(7));
        change(&store, 1, SetEdit::Removed(true));
        store.rescore(id(1), 2, "1", &sets(&spans)).unwrap();
        assert_eq!(counts(&store), vec![(10, false); spans.len()], "{spans:?}");
        let rows = store.edits(ADA, id(1)).unwrap();
        assert!(rows.len() == 2 && rows.iter().all(|row| row.stands && !row.lies));
        assert_eq!(store.session(id(1)).unwrap().row.edits, 2);
        // An engine that sees it again brings it back.
        store.rescore(id(1), 3, "1", &sets(&THREE)).unwrap();
        assert_eq!(counts(&store).len(), 2, "{spans:?}");
        assert!(store.edits(ADA, id(1)).unwrap().iter().all(|row| row.lies));
    }
}

#[test]
fn a_correction_from_a_household_with_an_older_engine_finds_its_set_too() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let [here, there] = folders.each_ref().map(|folder| store(folder.path()));
    recorded(&here, &THREE);
    recorded(&there, &THREE);
    here.rescore(id(1), 2, "1", &sets(&THREE[1..])).unwrap();
    change(&there, 2, SetEdit::Mass(750));
    let wish = ExportWish { profile: None, recordings: true, written_utc_ms: 7 };
    let zips = [0, 1].map(|n: usize| folders[n].path().join("all.zip"));
    here.export(&wish, &zips[0], &Job::new()).unwrap();
    there.export(&wish, &zips[1], &Job::new()).unwrap();
    here.import(&zips[1], None, &Job::new()).unwrap();
    there.import(&zips[0], None, &Job::new()).unwrap();
    for store in [here, there] {
        let masses: Vec<u32> = store.session(id(1)).unwrap().sets.iter().map(|set| set.result.mass_g).collect();
        assert_eq!(masses, [1500, 750]);
    }
}

#[test]
fn a_change_from_before_places_were_kept_lies_on_the_set_of_its_number() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    recorded(&store, &THREE);
    let db = Connection::open(store.path()).unwrap();
    edit(&db, 1, 5, "count", "4", None);
    store.rebuild().unwrap();
    assert_eq!(counts(&store), [(4, true), (10, false), (10, false)]);
    assert!(store.edits(ADA, id(1)).unwrap()[0].place.is_none());
}

#[test]
fn places_are_one_set_where_most_of_their_time_is_the_same() {
    let place = |from: i64, to: Option<i64>| SetPlace {
        set_index: 0,
        side: Side::Left,
        began: Micros(from),
        ended: to.map(Micros),
    };
    let hundred = place(0, Some(100));
    for (other, same) in [
        (place(0, Some(100)), true),
        (place(10, Some(100)), true),
        (place(-10, Some(110)), true),
        (place(0, Some(79)), false),
        (place(21, Some(100)), false),
        (place(100, Some(200)), false),
        (place(0, None), true),
        (place(1, None), false),
        (place(i64::MIN, Some(i64::MAX)), false),
        (SetPlace { side: Side::Right, ..hundred }, false),
    ] {
        let other = SetPlace { set_index: 4, ..other };
        assert_eq!(hundred.among(&[other]), same.then_some(4), "{other:?}");
    }
    assert_eq!(place(5, Some(5)).among(&[place(5, Some(5))]), Some(0), "a set without a length is itself");
}

//! Two households that went apart become one: what a person changed here and there, and what engines made of it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;
mod household;

use common::*;
use household::*;
use proptest::prelude::*;
use rusqlite::Connection;
use std::path::Path;
use talus_coach::Record;
use talus_motion::{Micros, Side};
use talus_store::{Edit, EditRow, ExportWish, Imported, Job, ProfileId, SessionId, SetEdit, Store, Trace};

const ADA: ProfileId = ProfileId([1; 16]);
const EVERYTHING: ExportWish = ExportWish { profile: None, recordings: true, written_utc_ms: 1_790_000_000_000 };

fn session() -> SessionId {
    session_id(0, 0)
}

/// A household with one session of one set of twelve, whose results are of this engine and catalogue.
fn one_session(folder: &Path, engine: u32, catalogue: &str) -> Store {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    let head = talus_store::SessionHead {
        engine_version: engine,
        catalogue_version: catalogue.to_owned(),
        ..session_head(0, 0)
    };
    let mut recorder = store.begin(&head).unwrap();
    push_all(&mut recorder, &second(&mut Seed(3), 0));
    recorder.records(&[
        began(0, "stand_abd", Side::Left),
        Record::SetEnded { set_index: 0, result: result("stand_abd", Side::Left, 12) },
        Record::Ended(summary()),
    ]);
    recorder.finish(head.started_utc_ms + 1).unwrap();
    store
}

fn take(into: &Store, from: &Store, folder: &Path) -> Imported {
    let bundle = folder.join("way.zip");
    from.export(&EVERYTHING, &bundle, &Job::new()).unwrap();
    into.import(&bundle, None, &Job::new()).unwrap()
}

fn of_set(change: SetEdit) -> Edit {
    Edit::Set { set_index: 0, side: Side::Left, change }
}

fn count(store: &Store) -> u32 {
    store.session(session()).unwrap().sets[0].result.count
}

/// What is said, when, and whether it stands, in its order.
fn said(store: &Store) -> Vec<(i64, Option<Edit>, Option<usize>, bool)> {
    let rows = store.edits(ADA, session()).unwrap();
    let place = |row: &EditRow| row.undoes.map(|id| rows.iter().position(|one| one.id == id).unwrap());
    rows.iter().map(|row| (row.at_utc_ms, row.edit.clone(), place(row), row.stands)).collect()
}

#[test]
fn an_undo_takes_back_its_edit_though_the_clock_was_set_back_between_them() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let [here, there] = folders.each_ref().map(|folder| one_session(folder.path(), 1, "1"));
    there.edit(ADA, session(), 100, &of_set(SetEdit::Count(9))).unwrap();
    take(&here, &there, folders[1].path());
    assert_eq!(count(&here), 9);
    there.undo(ADA, session(), None, 50).unwrap();
    for _ in 0..3 {
        take(&here, &there, folders[1].path());
        assert_eq!(count(&here), 12, "the undo lost its edit");
        assert_eq!(said(&here), said(&there));
    }
    // With one of its own in between, by the clock.
    here.edit(ADA, session(), 70, &Edit::Note("a note".to_owned())).unwrap();
    take(&there, &here, folders[0].path());
    take(&here, &there, folders[1].path());
    assert_eq!((count(&here), said(&here).len()), (12, 3));
    assert_eq!(said(&here), said(&there));
}

/// What somebody does to the session, at any moment their clock may show.
fn deed() -> impl Strategy<Value = (i64, u8)> {
    (0i64..40, 0u8..8)
}

fn does(store: &Store, (at, what): (i64, u8)) {
    let edit = match what {
        0..=2 => of_set(SetEdit::Count(u32::from(what))),
        3 => Edit::Starred(at % 2 == 0),
        4 => Edit::Note("the same".to_owned()),
        _ => {
            // An undo of the newest that stands, or of the newest undo.
            let newest = store.edits(ADA, session()).unwrap().into_iter().rev().find(|row| row.stands);
            if let Some(row) = newest.filter(|row| what == 5 || row.undoes.is_none()) {
                store.undo(ADA, session(), Some(row.id), at).unwrap();
            }
            return;
        }
    };
    store.edit(ADA, session(), at, &edit).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: heavy(400, 24) as u32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn changes_of_two_households_come_to_the_same_whatever_their_clocks_say_and_once_only(
        together in prop::collection::vec(deed(), 0..4),
        here_only in prop::collection::vec(deed(), 0..6),
        there_only in prop::collection::vec(deed(), 0..6),
    ) {
        let folders = [folder_in_memory(), folder_in_memory(), folder_in_memory()];
        let [here, there] = [0, 1].map(|n: usize| one_session(folders[n].path(), 1, "1"));
        for one in together {
            does(&here, one);
        }
        take(&there, &here, folders[0].path());
        prop_assert_eq!(said(&here), said(&there));
        for one in here_only {
            does(&here, one);
        }
        for one in there_only {
            does(&there, one);
        }
        let own = [said(&here), said(&there)];
        let (zip_here, zip_there) = (folders[2].path().join("h.zip"), folders[2].path().join("t.zip"));
        here.export(&EVERYTHING, &zip_here, &Job::new()).unwrap();
        there.export(&EVERYTHING, &zip_there, &Job::new()).unwrap();
        here.import(&zip_there, None, &Job::new()).unwrap();
        there.import(&zip_here, None, &Job::new()).unwrap();
        let all = said(&here);
        prop_assert_eq!(&all, &said(&there));
        prop_assert_eq!(here.session(session()).unwrap().sets, there.session(session()).unwrap().sets);
        for side in own {
            // Nothing of a side is lost, and each stands where that side had it.
            let mut rest = all.iter();
            for (at, edit, ..) in side {
                prop_assert!(rest.any(|(other_at, other, ..)| (*other_at, other) == (at, &edit)), "{at} {edit:?} in {all:?}");
            }
        }
        for (at, (_, edit, undoes, _)) in all.iter().enumerate() {
            prop_assert!(edit.is_some() == undoes.is_none() && undoes.is_none_or(|undone| undone < at));
        }
        here.import(&zip_there, None, &Job::new()).unwrap();
        here.import(&zip_here, None, &Job::new()).unwrap();
        prop_assert_eq!(all, said(&here));
    }
}

#[test]
fn what_was_drawn_of_results_that_others_replace_goes_with_them() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let drawn = |store: &Store| {
        let trace = Trace { set_index: 0, side: Side::Left, points: vec![(Micros(0), Some(1.0))] };
        store.put_traces(session(), &[trace]).unwrap();
    };
    let [here, there] = folders.each_ref().map(|folder| one_session(folder.path(), 1, "1"));
    drawn(&here);
    take(&here, &there, folders[1].path());
    assert_eq!(here.traces(session()).unwrap().len(), 1, "the same results: the same drawing");
    let records = [began(0, "stand_abd", Side::Left)];
    there.rescore(session(), 2, "1", &records).unwrap();
    take(&here, &there, folders[1].path());
    assert_eq!(here.session(session()).unwrap().engine_version, 2);
    assert!(here.traces(session()).unwrap().is_empty(), "drawn of an older engine's sets");

    // A session that is further there.
    let db = Connection::open(here.path()).unwrap();
    db.execute("UPDATE session SET state = 'open', raw_next = 1", []).unwrap();
    drawn(&here);
    assert_eq!(take(&here, &there, folders[1].path()).sessions_renewed, 1);
    assert!(here.traces(session()).unwrap().is_empty(), "drawn of a part of it");
}

#[test]
fn catalogues_are_newer_by_their_numbers() {
    for (older, newer) in [("9", "10"), ("2026-9", "2026-11"), ("3", "3.1"), ("1.9.2", "1.10"), ("2026-11", "2027-1")] {
        let folders = [folder_in_memory(), folder_in_memory()];
        let [here, there] = [one_session(folders[0].path(), 1, older), one_session(folders[1].path(), 1, newer)];
        take(&here, &there, folders[1].path());
        take(&there, &here, folders[0].path());
        for store in [&here, &there] {
            assert_eq!(store.session(session()).unwrap().catalogue_version, newer, "{older} and {newer}");
        }
        assert_eq!(difference(here.path(), there.path()), None);
    }
}

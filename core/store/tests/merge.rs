//! Two households that went apart become one: what a person changed here and there, and what engines made of it.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;
mod household;

use common::*;
use household::*;
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::path::Path;
use talus_coach::Record;
use talus_motion::{Micros, Side};
use talus_store::{
    CheckIn, Edit, EditRow, ExportWish, Imported, Job, Moment, PlanId, PlanRow, ProfileId, SessionId, SetEdit, Store,
    TestRow, Trace,
};

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
    #![proptest_config(ProptestConfig { cases: heavy(400, 16) as u32, failure_persistence: None, ..ProptestConfig::default() })]

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

/// A household goes on by itself: sessions, results of a newer engine, changes by hand, tests, plans, check-ins.
fn goes_on(store: &Store, side: u8, seed: &mut Seed) {
    let at = |seed: &mut Seed| 1_785_000_000_000 + 2 * seed.below(1_000_000) as i64 + i64::from(side);
    for (number, person) in store.profiles().unwrap().into_iter().enumerate() {
        let n = u64::from(person.id.0[0]) - 1;
        let shared = store.sessions(person.id, None, 100).unwrap();
        for row in &shared {
            let detail = store.derived(row.id).unwrap();
            if row.finished && seed.below(3) == 0 {
                let records: Vec<Record> = detail
                    .sets
                    .iter()
                    .map(|set| Record::SetEnded { set_index: set.set_index, result: set.result.clone() })
                    .collect();
                store.rescore(row.id, 20 + u32::from(side), "2", &records).unwrap();
            }
            for _ in 0..seed.below(4) {
                let set = detail.sets.get(seed.below(8) as usize).map(|set| (set.set_index, set.result.side));
                let edit = match (seed.below(5), set) {
                    (0, Some((set_index, side))) => {
                        Edit::Set { set_index, side, change: SetEdit::Count(seed.below(30) as u32) }
                    }
                    (1, Some((set_index, side))) => Edit::Set { set_index, side, change: SetEdit::Removed(true) },
                    (2, _) => Edit::Tags(vec![format!("tag {}", seed.below(9)), "knee".to_owned()]),
                    (3, _) => Edit::Note(format!("note {}", seed.below(9))),
                    _ => Edit::Starred(seed.below(2) == 0),
                };
                store.edit(person.id, row.id, at(seed), &edit).unwrap();
                if seed.below(4) == 0 {
                    store.undo(person.id, row.id, None, at(seed)).unwrap();
                }
            }
        }
        for more in 0..seed.below(3) {
            add_session(store, n, 100 + 10 * u64::from(side) + more, seed);
        }
        let now = at(seed);
        let id = [0x70 + side, number as u8, 0, 0, 0, 0, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, person.id.0[0]];
        let test = TestRow {
            id,
            session: shared.first().map(|row| row.id),
            at_utc_ms: now,
            offset_min: 60,
            zone: "Europe/Berlin".to_owned(),
            local_day: "2026-08-02".to_owned(),
            kind: "tug".to_owned(),
            side: None,
            value: 9.0 + seed.below(100) as f64 / 7.0,
            unit: "seconds".to_owned(),
            error: None,
            quality: talus_motion::Quality::GOOD,
        };
        store.put_test(person.id, &test).unwrap();
        let check_in = CheckIn {
            at_utc_ms: now,
            local_day: "2026-08-02".to_owned(),
            moment: Moment::Before,
            pain: Some(seed.below(11) as u8),
            slept_badly: side == 0,
            sore: false,
            swollen: false,
            signs: BTreeSet::default(),
            red_flag: false,
        };
        store.put_check_in(person.id, &check_in).unwrap();
        store
            .put_plan(person.id, &PlanRow { id: PlanId(id), text: format!("plan of {side}"), from_utc_ms: now })
            .unwrap();
        store.follow(person.id, Some("steady"), now).unwrap();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: heavy(400, 16) as u32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn two_households_that_went_apart_come_to_be_the_same_in_every_row(seed in any::<u64>()) {
        let folders = [folder_in_memory(), folder_in_memory(), folder_in_memory()];
        let here = draw(folders[0].path(), seed);
        let there = Store::open(&folders[1].path().join("talus.db")).unwrap();
        take(&there, &here, folders[2].path());
        prop_assert_eq!(difference(here.path(), there.path()), None);
        let mut seed = Seed(seed | 1);
        goes_on(&here, 0, &mut seed);
        goes_on(&there, 1, &mut seed);
        let zips = [0, 1].map(|n: usize| folders[2].path().join(format!("{n}.zip")));
        here.export(&EVERYTHING, &zips[0], &Job::new()).unwrap();
        there.export(&EVERYTHING, &zips[1], &Job::new()).unwrap();
        here.import(&zips[1], None, &Job::new()).unwrap();
        there.import(&zips[0], None, &Job::new()).unwrap();
        // Sets, repetitions, strides, edits, tests, plans, check-ins, totals: every row of every table.
        prop_assert_eq!(difference(here.path(), there.path()), None);
        for person in here.profiles().unwrap() {
            let rows = here.sessions(person.id, None, 1000).unwrap();
            prop_assert_eq!(&rows, &there.sessions(person.id, None, 1000).unwrap());
            for row in rows {
                let [mut one, mut other] = [&here, &there].map(|store| store.session(row.id).unwrap());
                let in_order = |detail: &mut talus_store::SessionDetail| -> Vec<(i64, Option<Edit>, bool, bool)> {
                    detail.edits.drain(..).map(|edit| (edit.at_utc_ms, edit.edit, edit.stands, edit.lies)).collect()
                };
                prop_assert_eq!(in_order(&mut one), in_order(&mut other));
                prop_assert_eq!(one, other);
                let bytes = [&here, &there].map(|store| std::fs::read(store.recording_path(row.id)).unwrap());
                prop_assert!(bytes[0] == bytes[1]);
            }
            prop_assert_eq!(here.tests(person.id, None).unwrap(), there.tests(person.id, None).unwrap());
            prop_assert_eq!(here.check_ins(person.id, 0).unwrap(), there.check_ins(person.id, 0).unwrap());
            prop_assert_eq!(here.plan(person.id).unwrap(), there.plan(person.id).unwrap());
        }
        let before = picture(here.path());
        here.import(&zips[1], None, &Job::new()).unwrap();
        prop_assert!(before == picture(here.path()), "a second time it changed something");
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

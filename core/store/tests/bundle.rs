//! Everything out, everything back: bundles and backups as `app` uses them.
#![allow(clippy::unwrap_used, clippy::panic, clippy::case_sensitive_file_extension_comparisons)] // helpers of tests are tests

mod common;
mod household;

use common::*;
use household::*;
use proptest::prelude::*;
use rusqlite::Connection;
use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write as _};
use std::path::Path;
use talus_coach::Record;
use talus_motion::{Micros, Side};
use talus_store::{BundleError, ExportWish, Imported, Job, Passphrase, Store, StoreError, Wear};

const EVERYTHING: ExportWish = ExportWish { profile: None, recordings: true, written_utc_ms: 1_790_000_000_000 };

fn passphrase() -> Passphrase {
    Passphrase::new("seven small stones".to_owned()).unwrap()
}

fn export(store: &Store, to: &Path) -> Vec<u8> {
    let exported = store.export(&EVERYTHING, to, &Job::new()).unwrap();
    let bytes = fs::read(to).unwrap();
    assert_eq!(exported.bytes, bytes.len() as u64);
    bytes
}

fn import(store: &Store, from: &Path) -> Imported {
    let job = Job::new();
    let imported = store.import(from, None, &job).unwrap();
    let (done, of) = job.progress();
    assert!(done == of && of > 0);
    imported
}

fn empty(folder: &Path) -> Store {
    Store::open(&folder.join("talus.db")).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: heavy(400, 12) as u32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_household_that_was_exported_and_wiped_comes_back_the_same_and_exports_the_same_bytes(seed in any::<u64>()) {
        let (first, second) = (folder_in_memory(), folder_in_memory());
        let store = draw(first.path(), seed);
        let bundle = first.path().join("all.zip");
        let bytes = export(&store, &bundle);
        let back = empty(second.path());
        let imported = import(&back, &bundle);
        prop_assert_eq!(imported.sessions_renewed + imported.sessions_kept + imported.household_kept, 0);
        prop_assert_eq!(difference(store.path(), back.path()), None);
        let again = second.path().join("again.zip");
        prop_assert!(bytes == export(&back, &again), "the second export differs");
        for person in store.profiles().unwrap() {
            for row in store.sessions(person.id, None, 100).unwrap() {
                prop_assert_eq!(store.session(row.id).unwrap(), back.session(row.id).unwrap());
                prop_assert_eq!(fs::read(store.recording_path(row.id)).unwrap(), fs::read(back.recording_path(row.id)).unwrap());
            }
        }
        // Once more: nothing is doubled, and all of it is known.
        let twice = import(&back, &bundle);
        prop_assert_eq!((twice.people, twice.sessions_new, twice.sessions_renewed, twice.recordings), (0, 0, 0, 0));
        prop_assert_eq!(difference(store.path(), back.path()), None);
    }

    #[test]
    fn two_households_become_one_whichever_takes_in_the_other(seed in any::<u64>()) {
        let folders = [folder_in_memory(), folder_in_memory(), folder_in_memory()];
        let [a, b] = [draw(folders[0].path(), seed), draw(folders[1].path(), seed ^ 0xABCD)];
        let (zip_a, zip_b) = (folders[2].path().join("a.zip"), folders[2].path().join("b.zip"));
        export(&a, &zip_a);
        export(&b, &zip_b);
        import(&a, &zip_b);
        import(&b, &zip_a);
        let ids = |store: &Store| {
            let mut ids: Vec<_> = store.profiles().unwrap().iter()
                .flat_map(|person| store.sessions(person.id, None, 1000).unwrap()).map(|row| row.id).collect();
            ids.sort_unstable();
            ids
        };
        prop_assert_eq!(ids(&a), ids(&b));
        let before = picture(a.path());
        prop_assert_eq!(import(&a, &zip_b).sessions_new, 0);
        prop_assert_eq!(before, picture(a.path()));
    }
}

#[test]
fn one_person_goes_without_the_others_and_into_a_household_that_has_people_already() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let store = empty(first.path());
    let mut seed = Seed(5);
    for person in 0..2 {
        store.ensure_profile(profile_id(person), ["Ada", "Ben"][person as usize]).unwrap();
        add_session(&store, person, person, &mut seed);
        add_session(&store, person, person + 2, &mut seed);
    }
    store.put_cuff(&cuff(LEFT, "L")).unwrap();
    store.put_cuff(&cuff(RIGHT, "R")).unwrap();
    let worn = Wear { cuff: LEFT, side: Side::Left, mass_g: 500, site: "ankle".to_owned() };
    store.wear(profile_id(1), &[worn], 7).unwrap();
    let bundle = first.path().join("ben.zip");
    let wish = ExportWish { profile: Some(profile_id(1)), ..EVERYTHING };
    let exported = store.export(&wish, &bundle, &Job::new()).unwrap();
    assert_eq!((exported.people, exported.sessions, exported.recordings), (1, 2, 2));
    let contents = Store::look_into(&bundle, None).unwrap();
    assert_eq!(
        (contents.people.as_slice(), contents.sessions, contents.sealed),
        (["Ben".to_owned()].as_slice(), 2, false)
    );

    let other = empty(second.path());
    other.ensure_profile(profile_id(8), "Cleo").unwrap();
    let imported = import(&other, &bundle);
    assert_eq!((imported.people, imported.sessions_new, imported.recordings), (1, 2, 2));
    let names: Vec<String> = other.profiles().unwrap().into_iter().map(|person| person.name).collect();
    assert_eq!(names, ["Ben", "Cleo"]);
    assert_eq!(other.cuffs().unwrap().len(), 1, "only the cuff that was worn");
    assert!(other.sessions(profile_id(8), None, 10).unwrap().is_empty());
    let nobody = ExportWish { profile: Some(profile_id(9)), ..EVERYTHING };
    assert!(matches!(store.export(&nobody, &bundle, &Job::new()), Err(StoreError::Refused { .. })));
}

/// A household in which one session is where `finished` says.
fn half_way(folder: &Path, finished: bool) -> Store {
    let store = empty(folder);
    store.ensure_profile(profile_id(0), "Ada").unwrap();
    let head = session_head(0, 0);
    let mut recorder = store.begin(&head).unwrap();
    let mut seed = Seed(3);
    for at in 0..if finished { 4 } else { 2 } {
        push_all(&mut recorder, &second(&mut seed, at));
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
    }
    let mut records = vec![began(0, "stand_abd", Side::Left)];
    records.extend((1..=if finished { 6 } else { 3 }).map(|seq| Record::Rep {
        set_index: 0,
        side: Side::Left,
        seq,
        rep: rep(seq),
    }));
    recorder.records(&records);
    if finished {
        recorder.records(&[
            Record::SetEnded { set_index: 0, result: result("stand_abd", Side::Left, 6) },
            Record::Ended(summary()),
        ]);
        recorder.finish(head.started_utc_ms + 1).unwrap();
    } else {
        recorder.commit(Micros(3_000_000)).unwrap();
        recorder.settle().unwrap();
        recorder.abandon();
    }
    store
}

#[test]
fn of_one_session_the_one_that_is_further_stays_with_the_edits_of_both() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let [open, finished] = [half_way(folders[0].path(), false), half_way(folders[1].path(), true)];
    let edited = |store: &Store, at, field: &str| {
        edit(&Connection::open(store.path()).unwrap(), 1, at, field, "1", None);
        store.rebuild().unwrap();
    };
    edited(&open, 10, "count");
    edited(&finished, 20, "pain");
    let (zip_open, zip_finished) = (folders[0].path().join("open.zip"), folders[1].path().join("finished.zip"));
    export(&open, &zip_open);
    export(&finished, &zip_finished);
    let whole = picture(finished.path());

    let imported = import(&finished, &zip_open);
    assert_eq!((imported.sessions_kept, imported.sessions_renewed, imported.recordings), (1, 0, 0));
    let edits = |store: &Store| -> Vec<i64> {
        let db = Connection::open(store.path()).unwrap();
        let mut found: Vec<i64> = db
            .prepare("SELECT at_utc_ms FROM edit")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        found.sort_unstable();
        found
    };
    assert_eq!(edits(&finished), [10, 20]);
    assert_eq!(finished.session(session_id(0, 0)).unwrap().sets[0].reps.len(), 6);

    let imported = import(&open, &zip_finished);
    assert_eq!((imported.sessions_kept, imported.sessions_renewed, imported.recordings), (0, 1, 1));
    assert_eq!(edits(&open), [10, 20]);
    assert_eq!(open.session(session_id(0, 0)).unwrap(), finished.session(session_id(0, 0)).unwrap());
    assert_eq!(
        fs::read(open.recording_path(session_id(0, 0))).unwrap(),
        fs::read(finished.recording_path(session_id(0, 0))).unwrap()
    );
    assert!(whole.iter().filter(|row| row.starts_with("rep ")).count() == 6);
    assert_eq!(difference(open.path(), finished.path()), None);
}

#[test]
fn a_damaged_recording_is_left_out_by_its_name_and_keeps_nothing_else_from_going() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let store = empty(first.path());
    store.ensure_profile(profile_id(0), "Ada").unwrap();
    let mut seed = Seed(9);
    for n in 0..4 {
        add_session(&store, 0, n, &mut seed);
    }
    // Not a recording; without its head; a hole further on, which a reader marks.
    fs::write(store.recording_path(session_id(0, 0)), "not a recording at all").unwrap();
    for (n, at) in [(1, 30), (2, 1)] {
        let path = store.recording_path(session_id(0, n));
        let mut bytes = fs::read(&path).unwrap();
        let at = if n == 2 { bytes.len() - at } else { at };
        bytes[at] ^= 1;
        fs::write(&path, bytes).unwrap();
    }
    let (bundle, backup) = (first.path().join("all.zip"), first.path().join("all.backup"));
    for (exported, file, given) in [
        (store.export(&EVERYTHING, &bundle, &Job::new()).unwrap(), &bundle, None),
        (store.backup(&backup, &passphrase(), 5, &Job::new()).unwrap(), &backup, Some(passphrase())),
    ] {
        assert_eq!(exported.left_out, [session_id(0, 0), session_id(0, 1)]);
        assert_eq!((exported.sessions, exported.recordings), (4, 2));
        assert_eq!(Store::look_into(file, given.as_ref()).unwrap().recordings, 2);
    }
    let back = empty(second.path());
    let imported = import(&back, &bundle);
    assert_eq!((imported.sessions_new, imported.recordings), (4, 2));
    let whole = session_id(0, 3);
    assert_eq!(fs::read(back.recording_path(whole)).unwrap(), fs::read(store.recording_path(whole)).unwrap());
    assert!(fs::read(store.recording_path(session_id(0, 0))).is_ok(), "it stays where it is");
}

#[test]
fn of_a_recording_whose_rows_are_gone_the_one_that_reads_further_stays() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let stores = [half_way(folders[0].path(), false), half_way(folders[1].path(), true)];
    let id = session_id(0, 0);
    let [shorter, longer] = stores.each_ref().map(|store| fs::read(store.recording_path(id)).unwrap());
    assert!(shorter.len() < longer.len());
    let zips = [0, 1].map(|n: usize| folders[n].path().join("all.zip"));
    export(&stores[0], &zips[0]);
    export(&stores[1], &zips[1]);
    for store in &stores {
        Connection::open(store.path()).unwrap().execute("DELETE FROM session", []).unwrap();
    }
    let imported = import(&stores[1], &zips[0]);
    assert_eq!((imported.sessions_new, imported.recordings), (1, 0));
    assert_eq!(fs::read(stores[1].recording_path(id)).unwrap(), longer);
    let imported = import(&stores[0], &zips[1]);
    assert_eq!((imported.sessions_new, imported.recordings), (1, 1));
    assert_eq!(fs::read(stores[0].recording_path(id)).unwrap(), longer);
}

#[test]
fn an_import_that_was_killed_after_its_commit_is_not_undone() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let [open, finished] = [half_way(folders[0].path(), false), half_way(folders[1].path(), true)];
    let id = session_id(0, 0);
    let bundle = folders[1].path().join("all.zip");
    export(&finished, &bundle);
    let (shorter, longer) =
        (fs::read(open.recording_path(id)).unwrap(), fs::read(finished.recording_path(id)).unwrap());
    import(&open, &bundle);
    // What it would have left: its note, and what was there before.
    let desk = folders[0].path().join("talus.db.import");
    fs::create_dir(&desk).unwrap();
    fs::write(desk.join(format!("{id}.held")), &shorter).unwrap();
    let reach: i64 =
        Connection::open(open.path()).unwrap().query_row("SELECT raw_next FROM session", [], |row| row.get(0)).unwrap();
    let note = |next: i64| {
        let bytes = longer.len();
        format!(r#"[{{"id":"{id}","bytes":{bytes},"held":true,"reach":{{"finished":true,"next":{next}}}}}]"#)
    };
    fs::write(desk.join("placing.json"), note(reach)).unwrap();
    drop(Store::open(open.path()).unwrap());
    assert!(fs::read(open.recording_path(id)).unwrap() == longer && !desk.exists());
    // Had its rows not come as far, it would have been.
    fs::create_dir(&desk).unwrap();
    fs::write(desk.join(format!("{id}.held")), &shorter).unwrap();
    fs::write(desk.join("placing.json"), note(reach + 1)).unwrap();
    drop(Store::open(open.path()).unwrap());
    assert!(fs::read(open.recording_path(id)).unwrap() == shorter && !desk.exists());
}

#[test]
fn results_of_a_newer_engine_are_added_and_become_the_current_ones() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let [here, there] = [half_way(folders[0].path(), true), half_way(folders[1].path(), true)];
    let id = session_id(0, 0);
    let records = [
        began(0, "stand_abd", Side::Left),
        Record::SetEnded { set_index: 0, result: result("stand_abd", Side::Left, 9) },
    ];
    there.rescore(id, 7, "2027-03", &records).unwrap();
    here.rescore(id, 5, "2027-01", &records[..1]).unwrap();
    let (zip_here, zip_there) = (folders[0].path().join("h.zip"), folders[1].path().join("t.zip"));
    export(&here, &zip_here);
    export(&there, &zip_there);
    import(&here, &zip_there);
    import(&there, &zip_here);
    for store in [&here, &there] {
        assert_eq!(
            (store.session(id).unwrap().engine_version, store.session(id).unwrap().sets[0].result.count),
            (7, 9)
        );
        let db = Connection::open(store.path()).unwrap();
        let versions: Vec<i64> = db
            .prepare("SELECT engine_version FROM derived ORDER BY 1")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(versions, [1, 5, 7]);
    }
    assert_eq!(difference(here.path(), there.path()), None);
}

#[test]
fn two_cuffs_on_one_leg_become_one_after_the_other_and_a_cuff_has_one_row() {
    let folders = [folder_in_memory(), folder_in_memory()];
    let stores = folders.each_ref().map(|folder| empty(folder.path()));
    for (store, (id, serial, from)) in stores.iter().zip([(LEFT, "A", 100), (RIGHT, "B", 50)]) {
        store.ensure_profile(profile_id(0), "Ada").unwrap();
        store.put_cuff(&cuff(id, serial)).unwrap();
        store
            .wear(profile_id(0), &[Wear { cuff: id, side: Side::Left, mass_g: 250, site: "ankle".to_owned() }], from)
            .unwrap();
    }
    // The same thing under another id.
    stores[1].put_cuff(&cuff(talus_motion::CuffId([9; 16]), "A")).unwrap();
    let zips = [0, 1].map(|n: usize| folders[n].path().join("all.zip"));
    export(&stores[0], &zips[0]);
    export(&stores[1], &zips[1]);
    import(&stores[0], &zips[1]);
    import(&stores[1], &zips[0]);
    for store in &stores {
        let worn = store.worn(profile_id(0)).unwrap();
        assert_eq!(worn.len(), 1);
        assert_eq!(store.cuffs().unwrap().len(), 2);
        let serial = store.cuffs().unwrap().into_iter().find(|cuff| cuff.id == worn[0].cuff).unwrap().serial;
        assert_eq!(serial, "A", "the one that came later");
        let db = Connection::open(store.path()).unwrap();
        let spans: Vec<(i64, Option<i64>)> = db
            .prepare("SELECT from_utc_ms, to_utc_ms FROM wear ORDER BY 1")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(spans, [(50, Some(100)), (100, None)]);
    }
}

#[test]
fn the_person_an_app_makes_when_it_is_first_opened_makes_way_for_those_who_come_back() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let store = draw(first.path(), 11);
    let bundle = first.path().join("all.zip");
    export(&store, &bundle);
    let fresh = empty(second.path());
    fresh.ensure_profile(profile_id(77), "").unwrap();
    import(&fresh, &bundle);
    assert_eq!(difference(store.path(), fresh.path()), None);
}

#[test]
fn a_backup_brings_everything_back_after_the_database_is_gone() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let store = draw(first.path(), 23);
    let file = first.path().join("talus.backup");
    let exported = store.backup(&file, &passphrase(), 5, &Job::new()).unwrap();
    assert!(exported.sessions > 0 && exported.recordings == exported.sessions);
    let bytes = fs::read(&file).unwrap();
    assert!(!bytes.windows(8).any(|window| window == b"sessions"), "nothing of it is readable");
    let contents = Store::look_into(&file, Some(&passphrase())).unwrap();
    assert!(contents.sealed && contents.sessions == exported.sessions);

    let back = empty(second.path());
    let before = files(second.path());
    let wrong = Passphrase::new("seven small stonez".to_owned()).unwrap();
    for (given, expected) in [(None, BundleError::NeedsPassphrase), (Some(&wrong), BundleError::WrongPassphrase)] {
        match back.import(&file, given, &Job::new()) {
            Err(StoreError::Bundle(error)) => assert_eq!(error, expected),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(files(second.path()), before);
    back.import(&file, Some(&passphrase()), &Job::new()).unwrap();
    assert_eq!(difference(store.path(), back.path()), None);
    let (plain, again) = (first.path().join("a.zip"), second.path().join("b.zip"));
    assert_eq!(export(&store, &plain), export(&back, &again));
}

#[test]
fn what_was_stopped_has_changed_nothing_and_leaves_no_file() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let store = draw(first.path(), 23);
    let bundle = first.path().join("all.zip");
    let before = files(first.path());
    let stopped = Job::new();
    stopped.cancel();
    for outcome in [
        store.export(&EVERYTHING, &bundle, &stopped).map(|_| ()),
        store.backup(&bundle, &passphrase(), 5, &stopped).map(|_| ()),
    ] {
        assert!(matches!(outcome, Err(StoreError::Bundle(BundleError::Cancelled))), "{outcome:?}");
    }
    assert_eq!(files(first.path()), before);
    export(&store, &bundle);
    let back = empty(second.path());
    let before = files(second.path());
    assert!(matches!(back.import(&bundle, None, &stopped), Err(StoreError::Bundle(BundleError::Cancelled))));
    assert_eq!(files(second.path()), before);
}

#[test]
fn nothing_is_taken_in_while_a_session_is_recorded() {
    let (first, second) = (folder_in_memory(), folder_in_memory());
    let bundle = first.path().join("all.zip");
    export(&draw(first.path(), 23), &bundle);
    let back = empty(second.path());
    back.ensure_profile(profile_id(0), "Ada").unwrap();
    let recorder = back.begin(&session_head(0, 40)).unwrap();
    assert!(matches!(back.import(&bundle, None, &Job::new()), Err(StoreError::InUse { .. })));
    recorder.finish(1).unwrap();
    import(&back, &bundle);
}

#[test]
fn a_bundle_adds_nobody_to_those_whom_a_person_here_trusts() {
    let folders = [folder_in_memory(), folder_in_memory(), folder_in_memory()];
    let stores = folders.each_ref().map(|folder| empty(folder.path()));
    for (store, key) in stores.iter().zip([1, 2]) {
        store.ensure_profile(profile_id(0), "Ada").unwrap();
        store.trust_author(profile_id(0), [key; 32], "Somebody", 1).unwrap();
    }
    let bundle = folders[1].path().join("all.zip");
    export(&stores[1], &bundle);
    import(&stores[0], &bundle);
    assert_eq!(stores[0].authors(profile_id(0)).unwrap(), [[1; 32]]);
    // Somebody who comes back whole brings them along.
    import(&stores[2], &bundle);
    assert_eq!(stores[2].authors(profile_id(0)).unwrap(), [[2; 32]]);
}

/// The files of a bundle.
fn unzipped(path: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut zip = zip::ZipArchive::new(fs::File::open(path).unwrap()).unwrap();
    let mut all = BTreeMap::new();
    for at in 0..zip.len() {
        let mut entry = zip.by_index(at).unwrap();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        all.insert(entry.name().unwrap().into_owned(), bytes);
    }
    all
}

#[test]
fn a_table_reader_finds_every_set_repetition_and_stride_with_its_numbers() {
    let folder = folder_in_memory();
    let store = draw(folder.path(), 23);
    let bundle = folder.path().join("all.zip");
    export(&store, &bundle);
    let files = unzipped(&bundle);
    for read in [|table: &[u8]| Some(as_we_read(table)), as_python_reads] {
        let table = |name: &str| read(&files[name]);
        let (Some(sets), Some(reps), Some(strides)) =
            (table("csv/sets.csv"), table("csv/repetitions.csv"), table("csv/strides.csv"))
        else {
            // Past the harness, which keeps what a passing test prints.
            std::io::stderr().write_all(b"SKIPPED the tables in another reader: there is no python3 here\n").unwrap();
            continue;
        };
        says_every_set(&store, &sets, &reps, &strides);
    }
}

/// A row of a table, by the names of its columns.
type Line = BTreeMap<String, String>;

fn as_we_read(table: &[u8]) -> Vec<Line> {
    csv::Reader::from_reader(table).deserialize().map(Result::unwrap).collect()
}

/// The reader of somebody else, which most people who work with tables have.
fn as_python_reads(table: &[u8]) -> Option<Vec<Line>> {
    let folder = folder_in_memory();
    let file = folder.path().join("table.csv");
    fs::write(&file, table).unwrap();
    let script = "import csv, json, sys
with open(sys.argv[1], encoding='utf-8', newline='') as file:
    print(json.dumps(list(csv.DictReader(file, strict=True))))";
    let ran = std::process::Command::new("python3").args(["-I", "-c", script]).arg(file).output().ok()?;
    // Without one, a name may stand there all the same, for what can be installed.
    let there = std::process::Command::new("python3").arg("--version").output().is_ok_and(|said| said.status.success());
    assert!(ran.status.success() || !there, "{}", String::from_utf8_lossy(&ran.stderr));
    there.then(|| serde_json::from_slice(&ran.stdout).unwrap())
}

/// Whether the tables have every set, repetition and stride of a household, with their numbers.
fn says_every_set(store: &Store, sets: &[Line], reps: &[Line], strides: &[Line]) {
    let details: Vec<_> = store
        .profiles()
        .unwrap()
        .iter()
        .flat_map(|person| store.sessions(person.id, None, 100).unwrap())
        .map(|row| store.session(row.id).unwrap())
        .collect();
    let all: Vec<_> = details.iter().flat_map(|detail| detail.sets.iter().map(move |set| (detail, set))).collect();
    assert!(all.len() > 3);
    assert_eq!(sets.len(), all.len());
    assert_eq!(reps.len(), all.iter().map(|(_, set)| set.reps.len()).sum::<usize>());
    assert_eq!(strides.len(), all.iter().map(|(_, set)| set.strides.len()).sum::<usize>());
    for (detail, set) in all {
        let row = sets.iter().find(|row| {
            row["session"] == detail.row.id.to_string()
                && row["set"] == (set.set_index + 1).to_string()
                && row["side"] == format!("{:?}", set.result.side).to_lowercase()
        });
        let row = row.unwrap();
        assert_eq!(row["mass_g"], set.result.mass_g.to_string());
        assert_eq!(row["count"], set.result.count.to_string());
        let range: Option<f64> = row["range_deg"].parse().ok();
        assert_eq!(range, set.result.range_deg.map(|range| (range * 10.0).round() / 10.0));
        assert_eq!(row["quality_ok"] == "1", set.result.quality.ok());
        let lengths = [(reps, set.reps.len()), (strides, set.strides.len())];
        for (table, expected) in lengths {
            let of_it = |line: &&Line| ["session", "set", "side"].iter().all(|column| line[*column] == row[*column]);
            assert_eq!(table.iter().filter(of_it).count(), expected);
        }
    }
}

#[test]
fn a_public_fit_reader_finds_named_exercises_with_repetitions_weight_and_times() {
    let folder = folder_in_memory();
    let store = empty(folder.path());
    store.ensure_profile(profile_id(0), "Ada").unwrap();
    let head = session_head(0, 0);
    let mut recorder = store.begin(&head).unwrap();
    let set = |set_index: u32, exercise: &str, mass_g: u32, count: u32| {
        let mut result = result(exercise, Side::Left, count);
        result.mass_g = mass_g;
        let began = 60_000_000 * i64::from(set_index);
        (result.began, result.ended) = (Micros(began), Micros(began + 42_500_000));
        Record::SetEnded { set_index, result }
    };
    recorder.records(&[
        set(0, "stand_abd", 1500, 12),
        set(1, "quad_set_slr", 0, 8),
        set(2, "knee_ext_seated", 2000, 10),
        Record::Ended(summary()),
    ]);
    recorder.finish(head.started_utc_ms + 200_000).unwrap();
    let bundle = folder.path().join("all.zip");
    export(&store, &bundle);
    let files = unzipped(&bundle);
    let (name, bytes) = files.iter().find(|(name, _)| name.starts_with("fit/")).unwrap();
    assert!(name.contains(&head.local_day) && name.ends_with(".fit"));
    let records = fitparser::from_bytes(bytes).unwrap();
    let field = |record: &fitparser::FitDataRecord, name: &str| {
        record.fields().iter().find(|field| field.name() == name).map(ToString::to_string)
    };
    let of =
        |kind: fitparser::profile::MesgNum| records.iter().filter(|record| record.kind() == kind).collect::<Vec<_>>();
    let active: Vec<_> = of(fitparser::profile::MesgNum::Set)
        .into_iter()
        .filter(|record| field(record, "set_type").is_some_and(|kind| kind.contains("active")))
        .collect();
    let text = |record: &fitparser::FitDataRecord, name: &str| field(record, name).unwrap_or_default();
    // Each set leads to the title its exercise is called by.
    let titles: BTreeMap<[String; 2], String> = of(fitparser::profile::MesgNum::ExerciseTitle)
        .iter()
        .map(|title| {
            (["exercise_category", "exercise_name"].map(|name| text(title, name)), text(title, "wkt_step_name"))
        })
        .collect();
    let told: Vec<[String; 4]> = active
        .iter()
        .map(|set| {
            let exercise = ["category", "category_subtype"].map(|name| text(set, name));
            let title = titles.get(&exercise).cloned().unwrap_or_else(|| format!("{exercise:?} of {titles:?}"));
            [title, text(set, "repetitions"), text(set, "weight"), text(set, "duration")]
        })
        .collect();
    let expected = [
        ["Standing side leg raise", "12", "1.5 kg", "42.5 s"],
        ["Straight-leg raise", "8", "0 kg", "42.5 s"],
        ["Seated knee extension", "10", "2 kg", "42.5 s"],
    ];
    assert_eq!(told, expected.map(|set| set.map(str::to_owned)));
    // And those the profile knows are called by its own names too.
    for (set, category) in active.iter().zip(["hip_stability", "leg_raise"]) {
        assert!(text(set, "category").contains(category), "{}", text(set, "category"));
    }
    let session = of(fitparser::profile::MesgNum::Session);
    assert_eq!(field(session[0], "sub_sport").as_deref(), Some("strength_training"));
    assert_eq!(of(fitparser::profile::MesgNum::Activity).len(), 1);
    let rests = of(fitparser::profile::MesgNum::Set).len() - active.len();
    assert_eq!(rests, 2, "between three sets there are two rests");
}

//! A history that is set aside is whole at every moment, is told of, and comes back.
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::*;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use talus_motion::Micros;
use talus_store::{AsideState, Job, ProfileId, SharedRow, Store, StoreError};

/// A household with sessions `from` to `to`, closed.
fn household(folder: &Path, from: u8, to: u8) -> PathBuf {
    let store = store(folder);
    for n in from..to {
        let mut recorder = store.begin(&head(n)).unwrap();
        push_all(&mut recorder, &inputs(u64::from(n) + 1, 2));
        recorder.commit(Micros(2_000_000)).unwrap();
        recorder.finish(5).unwrap();
    }
    store.path().to_owned()
}

/// Every file below a folder with its bytes, but locks and what a connection that is open needs.
fn everything(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything(&path));
        } else if !["lock", "db-shm"].iter().any(|ending| path.to_str().unwrap().ends_with(ending)) {
            found.insert(path.clone(), fs::read(path).unwrap());
        }
    }
    found
}

fn ids(store: &Store) -> Vec<u8> {
    let mut ids: Vec<u8> = store.sessions(ADA, None, 99).unwrap().iter().map(|row| row.id.0[15]).collect();
    ids.sort_unstable();
    ids
}

#[test]
fn what_was_set_aside_in_part_when_a_process_was_killed_is_where_it_was_or_set_aside_whole() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 3);
    let (place, aside) = (|name: &str| folder.path().join(name), folder.path().join("talus.db.setting-aside"));
    fs::write(place("talus.db-wal"), "").unwrap();
    let before = everything(folder.path());
    // Killed after each of its steps: what has gone already comes back, and the history opens as ever.
    let names = ["recordings", "talus.db-wal"];
    for gone in 0..=names.len() {
        fs::create_dir(&aside).unwrap();
        for name in &names[..gone] {
            fs::rename(place(name), aside.join(name)).unwrap();
        }
        // The same where a repair comes first, which finds nothing to do.
        let (again, moved) = (tempfile::tempdir().unwrap(), everything(folder.path()));
        for (path, bytes) in &moved {
            let to = again.path().join(path.strip_prefix(folder.path()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        fs::create_dir_all(again.path().join("talus.db.setting-aside")).unwrap();
        let repaired = Store::salvage(&again.path().join("talus.db"), None);
        assert!(matches!(repaired, Err(StoreError::Sound { .. })), "{gone} moved: {repaired:?}");
        let there = everything(again.path()).into_iter();
        let there = there.map(|(path, bytes)| (folder.path().join(path.strip_prefix(again.path()).unwrap()), bytes));
        assert!(there.collect::<BTreeMap<_, _>>() == before, "{gone} moved");
        let store = Store::open(&db).unwrap();
        assert_eq!(ids(&store), [0, 1, 2], "{gone} moved");
        assert_eq!(store.inputs(id(2)).unwrap().1, inputs(3, 2));
        drop(store);
        fs::write(place("talus.db-wal"), "").unwrap();
        assert!(!aside.exists() && everything(folder.path()) == before, "{gone} moved");
    }
    // Killed once the database had arrived: it is set aside, and what opens next is new.
    fs::create_dir(&aside).unwrap();
    for name in ["recordings", "talus.db-wal", "talus.db"] {
        fs::rename(place(name), aside.join(name)).unwrap();
    }
    assert!(Store::open(&db).unwrap().profiles().unwrap().is_empty());
    assert_eq!(ids(&Store::open(&place("talus.db.aside-1/talus.db")).unwrap()), [0, 1, 2]);
    // Somebody recorded meanwhile, without knowing of it: neither is moved over the other.
    fs::create_dir_all(aside.join("recordings")).unwrap();
    fs::write(aside.join("recordings/one.talus"), "theirs").unwrap();
    fs::write(place("recordings/two.talus"), "ours").unwrap();
    drop(Store::open(&db).unwrap());
    assert_eq!(fs::read(place("talus.db.aside-2/recordings/one.talus")).unwrap(), b"theirs");
    assert_eq!(fs::read(place("recordings/two.talus")).unwrap(), b"ours");
}

#[test]
fn a_damaged_history_that_was_set_aside_in_part_is_repaired_with_its_log() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 3);
    let store = Store::open(&db).unwrap();
    // It is in the log only.
    store.ensure_profile(ADA, "Ada Lovelace").unwrap();
    let mut files = everything(folder.path());
    drop(store);
    assert!(!files[&folder.path().join("talus.db-wal")].is_empty());
    // More free pages than there are.
    files.get_mut(&db).unwrap()[39] = 0xff;
    let names = ["recordings", "talus.db-wal"];
    for gone in 0..=names.len() {
        let killed = tempfile::tempdir().unwrap();
        for (path, bytes) in &files {
            let to = killed.path().join(path.strip_prefix(folder.path()).unwrap());
            fs::create_dir_all(to.parent().unwrap()).unwrap();
            fs::write(to, bytes).unwrap();
        }
        let aside = killed.path().join("talus.db.setting-aside");
        fs::create_dir(&aside).unwrap();
        for name in &names[..gone] {
            fs::rename(killed.path().join(name), aside.join(name)).unwrap();
        }
        let (store, salvaged) = Store::salvage(&killed.path().join("talus.db"), None).unwrap();
        assert_eq!((ids(&store), salvaged.whole.len()), (vec![0, 1, 2], 3), "{gone} moved");
        assert_eq!(store.profiles().unwrap()[0].name, "Ada Lovelace", "{gone} moved");
        assert_eq!(store.inputs(id(2)).unwrap().1, inputs(3, 2));
        for name in ["talus.db", "talus.db-wal"] {
            assert!(fs::read(salvaged.kept.join(name)).unwrap() == files[&folder.path().join(name)], "{gone} moved");
        }
        drop(store);
        // Nothing of the old one comes over it later.
        let store = Store::open(&killed.path().join("talus.db")).unwrap();
        assert_eq!((ids(&store), store.is_sound().unwrap()), (vec![0, 1, 2], true), "{gone} moved");
        assert!(!aside.exists() && !killed.path().join("talus.db.aside-2").exists());
    }
}

#[test]
fn a_folder_that_somebody_emptied_is_no_place_for_what_is_set_aside() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 1);
    let first = Store::set_aside(&db).unwrap();
    // Its owner took the database out to look at it.
    fs::rename(first.join("talus.db"), folder.path().join("elsewhere.db")).unwrap();
    household(folder.path(), 1, 2);
    let second = Store::set_aside(&db).unwrap();
    assert_eq!(second, folder.path().join("talus.db.aside-2"));
    assert_eq!(fs::read_dir(first.join("recordings")).unwrap().count(), 1);
    assert_eq!(fs::read_dir(second.join("recordings")).unwrap().count(), 1);
    assert!(!db.exists() && !folder.path().join("talus.db.salvage").exists());
}

/// Where the other process of the test below has the database open.
const HELD: &str = "TALUS_ASIDE_HELD";

#[test]
fn another_process_has_it_open() {
    let Some(db) = std::env::var_os(HELD) else { return };
    let store = Store::open(Path::new(&db)).unwrap();
    assert_eq!(ids(&store), [0, 1]);
    eprintln!("it is open");
    // Idle, until whoever started this lets go.
    std::io::stdin().read_line(&mut String::new()).unwrap();
    store.ensure_profile(ProfileId([9; 16]), "Bo").unwrap();
}

#[test]
fn what_another_process_has_open_is_not_set_aside_under_its_hands() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 2);
    let mut other = opened_elsewhere("another_process_has_it_open", HELD, &db);
    let before = everything(folder.path());
    let error = Store::set_aside(&db).unwrap_err();
    assert!(matches!(error, StoreError::Busy { .. }), "another process: {error}");
    assert!(everything(folder.path()) == before, "nothing is moved");
    drop(other.stdin.take());
    assert!(other.wait().unwrap().success());
    let here = Store::open(&db).unwrap();
    assert!(matches!(Store::set_aside(&db), Err(StoreError::Busy { .. })), "this process");
    assert_eq!(here.profiles().unwrap().len(), 2, "what it wrote then is here");
    let recorder = here.begin(&head(7)).unwrap();
    drop(here);
    assert!(matches!(Store::set_aside(&db), Err(StoreError::InUse { .. })), "a recorder");
    drop(recorder);
    Store::set_aside(&db).unwrap();
}

#[test]
fn what_is_set_aside_is_told_of_and_looking_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(Store::look_aside(&folder.path().join("nowhere/talus.db"), None).unwrap(), []);
    let db = household(folder.path(), 0, 3);
    fs::remove_file(Store::open(&db).unwrap().recording_path(id(1))).unwrap();
    let first = Store::set_aside(&db).unwrap();
    household(folder.path(), 3, 4);
    let text = folder.path().join("talus.db.aside-2");
    fs::create_dir(&text).unwrap();
    fs::write(text.join("talus.db"), "Dear Ada").unwrap();
    let other = folder.path().join("talus.db.aside-12");
    fs::create_dir(&other).unwrap();
    let mut sealed = fs::read(first.join("talus.db")).unwrap();
    sealed[20] = 80;
    fs::write(other.join("talus.db"), &sealed).unwrap();
    // No folders of ours: without a database, or of another name.
    fs::create_dir(folder.path().join("talus.db.aside-3")).unwrap();
    fs::create_dir_all(folder.path().join("talus.db.aside-03")).unwrap();
    fs::write(folder.path().join("talus.db.aside-03/talus.db"), "x").unwrap();
    let open = Store::open(&db).unwrap();
    let before = everything(folder.path());
    let told = Store::look_aside(&db, None).unwrap();
    assert!(everything(folder.path()) == before, "looking changes nothing, and the history may be open");
    let states: Vec<_> = told.iter().map(|one| (one.kept.clone(), one.state)).collect();
    let expected = [(first, AsideState::Opens), (text, AsideState::Foreign), (other, AsideState::Locked)];
    assert_eq!(states, expected);
    let one = &told[0];
    assert_eq!((one.people.as_slice(), one.sessions, one.recordings), (&["Ada".to_owned()][..], 3, 2));
    assert_eq!(one.last_day.as_deref(), Some("2026-05-03"));
    assert!(told.iter().all(|one| one.bytes > 0) && told[1].people.is_empty());
    drop(open);
}

#[test]
fn what_was_set_aside_comes_back_into_what_took_its_place_and_its_folder_goes() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 3);
    let store = Store::open(&db).unwrap();
    let garden = SharedRow { id: "garden".to_owned(), text: "id = \"garden\"".to_owned() };
    store.put_programme(ADA, &garden, 1).unwrap();
    let expected: Vec<_> = (0..3).map(|n| (store.session(id(n)).unwrap(), store.inputs(id(n)).unwrap())).collect();
    drop(store);
    let kept = Store::set_aside(&db).unwrap();
    // What took its place goes on, and has one of the sessions: a backup brought it.
    household(folder.path(), 2, 5);
    let store = Store::open(&db).unwrap();
    // Only what was set aside of this database.
    let elsewhere = tempfile::tempdir().unwrap();
    household(elsewhere.path(), 0, 1);
    let before = everything(folder.path());
    for not_ours in [elsewhere.path(), folder.path(), &folder.path().join("talus.db.aside-7")] {
        let error = store.bring_back(not_ours, None, &Job::new()).unwrap_err();
        assert!(matches!(error, StoreError::NotBack { state: AsideState::Foreign, .. }), "{error}");
    }
    let stopped = Job::new();
    stopped.cancel();
    assert!(store.bring_back(&kept, None, &stopped).is_err());
    assert!(everything(folder.path()) == before, "nothing has changed");
    // What only points elsewhere is not followed.
    #[cfg(unix)]
    let letter = elsewhere.path().join("letter.txt");
    #[cfg(unix)]
    {
        fs::write(&letter, "Dear Ada").unwrap();
        std::os::unix::fs::symlink(&letter, kept.join("letter")).unwrap();
    }
    let job = Job::new();
    let (brought, left_out) = store.bring_back(&kept, None, &job).unwrap();
    assert_eq!((brought.sessions_new, brought.sessions_kept, brought.recordings), (2, 1, 2));
    assert_eq!((left_out, job.progress().0), (Vec::new(), job.progress().1));
    assert_eq!(ids(&store), [0, 1, 2, 3, 4]);
    for (n, (session, inputs)) in (0..).zip(expected) {
        assert_eq!((store.session(id(n)).unwrap(), store.inputs(id(n)).unwrap()), (session, inputs));
    }
    assert_eq!(store.shared_programmes(Some(ADA)).unwrap(), [garden]);
    assert!(!kept.exists());
    #[cfg(unix)]
    assert_eq!(fs::read(letter).unwrap(), b"Dear Ada");
    let left: Vec<_> = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_str().unwrap().contains("aside-1")), "{left:?}");
    assert!(left.iter().all(|name| !name.to_str().unwrap().contains("looking")), "{left:?}");
}

#[test]
fn what_was_set_aside_and_is_damaged_or_has_a_recording_that_is_stays() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 3);
    let kept = Store::set_aside(&db).unwrap();
    let store = store(folder.path());
    let path = kept.join("talus.db");
    let whole = fs::read(&path).unwrap();
    let mut bytes = whole.clone();
    bytes[39] = 7;
    fs::write(&path, &bytes).unwrap();
    let error = store.bring_back(&kept, None, &Job::new()).unwrap_err();
    assert!(matches!(error, StoreError::NotBack { state: AsideState::Damaged, .. }), "{error}");
    assert!(fs::read(&path).unwrap() == bytes && ids(&store).is_empty(), "nothing has changed");
    fs::write(&path, &whole).unwrap();
    let recording = kept.join("recordings").join(format!("{}.talus", id(1)));
    fs::write(&recording, "what is left of it").unwrap();
    let (brought, left_out) = store.bring_back(&kept, None, &Job::new()).unwrap();
    assert_eq!((brought.sessions_new, brought.recordings, left_out), (3, 2, vec![id(1)]));
    assert_eq!(fs::read(recording).unwrap(), b"what is left of it", "it stays where it is");
    // A second time nothing is doubled.
    let (again, _) = store.bring_back(&kept, None, &Job::new()).unwrap();
    assert_eq!((again.sessions_new, again.sessions_kept, ids(&store).len()), (0, 3, 3));
}

#[test]
fn what_no_session_of_it_has_keeps_the_folder_it_was_set_aside_in() {
    for name in ["0000000000000000000000000000002a.talus.damaged", "0000000000000000000000000000002a.talus", "notes"] {
        let folder = tempfile::tempdir().unwrap();
        let db = household(folder.path(), 0, 2);
        fs::write(folder.path().join("recordings").join(name), "all there is of it").unwrap();
        let kept = Store::set_aside(&db).unwrap();
        let store = store(folder.path());
        let (brought, left_out) = store.bring_back(&kept, None, &Job::new()).unwrap();
        assert_eq!((brought.sessions_new, brought.recordings, left_out), (2, 2, Vec::new()), "{name}");
        assert_eq!(fs::read(kept.join("recordings").join(name)).unwrap(), b"all there is of it");
        fs::remove_file(kept.join("recordings").join(name)).unwrap();
        store.bring_back(&kept, None, &Job::new()).unwrap();
        assert!(!kept.exists(), "{name}: nothing but what is here was in it");
    }
}

#[test]
fn a_deletion_does_not_reach_what_was_set_aside_which_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 2);
    let kept = Store::set_aside(&db).unwrap();
    household(folder.path(), 0, 2);
    let store = Store::open(&db).unwrap();
    let before = everything(&kept);
    store.delete(id(0)).unwrap();
    assert!((store.asides().unwrap(), ids(&store)) == (1, vec![1]) && everything(&kept) == before);
    store.delete_profile(ADA).unwrap();
    assert!(store.asides().unwrap() == 1 && everything(&kept) == before);
    // It does not know what was deleted since.
    store.bring_back(&kept, None, &Job::new()).unwrap();
    assert_eq!((store.asides().unwrap(), ids(&store)), (0, vec![0, 1]));
}

#[test]
fn one_that_does_not_read_is_told_as_damaged_beside_all_others() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 1);
    let whole = fs::read(&db).unwrap();
    let asides: Vec<_> = (1..4).map(|n| folder.path().join(format!("talus.db.aside-{n}"))).collect();
    for aside in &asides {
        fs::create_dir(aside).unwrap();
        fs::write(aside.join("talus.db"), &whole).unwrap();
    }
    // Its log is none; a name in its schema is another.
    fs::create_dir(asides[0].join("talus.db-wal")).unwrap();
    fs::write(asides[1].join("talus.db"), renamed(&whole, "local_day", "lokal_day")).unwrap();
    let told = Store::look_aside(&db, None).unwrap();
    let states: Vec<_> = told.iter().map(|one| one.state).collect();
    assert_eq!(states, [AsideState::Damaged, AsideState::Damaged, AsideState::Opens]);
    assert!(told.iter().all(|one| one.bytes > 0) && told[2].sessions == 1);
    let store = Store::open(&db).unwrap();
    let error = store.bring_back(&asides[1], None, &Job::new()).unwrap_err();
    assert!(matches!(error, StoreError::NotBack { state: AsideState::Damaged, .. }), "{error}");
}

/// The bytes of a database with a name in its schema changed wherever it stands.
fn renamed(whole: &[u8], name: &str, other: &str) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    let places: Vec<usize> =
        whole.windows(name.len()).enumerate().filter(|(_, here)| *here == name.as_bytes()).map(|(at, _)| at).collect();
    assert!(!places.is_empty(), "{name}");
    for at in places {
        bytes[at..at + name.len()].copy_from_slice(other.as_bytes());
    }
    bytes
}

#[test]
fn a_name_of_the_schema_that_was_hit_is_damage_and_is_repaired() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 2);
    let whole = fs::read(&db).unwrap();
    fs::write(&db, renamed(&whole, "raw_through_us", "raw_thrXugh_us")).unwrap();
    let told = Store::open(&db).and_then(|store| store.session(id(0)).map(drop));
    assert!(
        matches!(&told, Err(StoreError::Damaged { reason, .. }) if reason.contains("no such column: ")),
        "{told:?}"
    );
    let (store, salvaged) = Store::salvage(&db, None).unwrap();
    let back = salvaged.whole.len() + salvaged.partly.len() + salvaged.from_recordings.len();
    assert_eq!((ids(&store), back), (vec![0, 1], 2));
}

#[test]
fn a_copy_that_was_looked_at_when_its_process_was_killed_goes_with_the_next_opening() {
    let folder = tempfile::tempdir().unwrap();
    let db = household(folder.path(), 0, 1);
    let (ours, theirs) = (folder.path().join("talus.db.looking-4711-0"), folder.path().join("talus.db.looking-x"));
    for copy in [&ours, &theirs] {
        fs::create_dir(copy).unwrap();
        fs::write(copy.join("talus.db"), "rows").unwrap();
    }
    drop(Store::open(&db).unwrap());
    assert!(!ours.exists() && theirs.exists());
}

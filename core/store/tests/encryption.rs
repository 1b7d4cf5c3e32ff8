//! Encryption at rest: with a key nothing on disk can be read without it, and each way to fail is told.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use common::*;
use std::fs;
use std::path::Path;
use talus_store::{Key, Store, StoreError};

fn key() -> Key {
    Key::new([0x5e; 32])
}

/// Every file below `folder` with its bytes; without those in which nothing of anybody stands: empty ones, and the
/// index of the log, which SQLite makes anew at each opening.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            let bytes = fs::read(&path).unwrap();
            if bytes.is_empty() || path.to_string_lossy().ends_with("-shm") {
                continue;
            }
            found.push((path.display().to_string(), bytes));
        }
    }
    found.sort();
    found
}

#[test]
fn without_a_key_everything_is_as_it_was() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    store.begin(&head(1)).unwrap().finish(1).unwrap();
    let file = fs::read(store.recording_path(id(1))).unwrap();
    assert_eq!(file[13], 0, "no flag on the head");
    assert!(fs::read(store.path()).unwrap().starts_with(b"SQLite format 3\0"));
}

#[cfg(not(feature = "sqlcipher"))]
#[test]
fn a_build_that_cannot_encrypt_refuses_a_key_and_writes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let error = Store::open_sealed(&folder.path().join("deep/talus.db"), key()).unwrap_err();
    assert!(matches!(error, StoreError::EncryptionUnavailable { .. }), "{error}");
    assert!(error.to_string().ends_with("with a key: this build of Talus cannot encrypt"), "{error}");
    assert_eq!(files(folder.path()), []);
    // Also where there is a database: it is not opened open instead.
    drop(store(folder.path()));
    assert!(matches!(
        Store::open_sealed(&folder.path().join("talus.db"), key()),
        Err(StoreError::EncryptionUnavailable { .. })
    ));
}

#[cfg(feature = "sqlcipher")]
mod with_sqlcipher {
    use super::*;
    use talus_coach::{Input, Record};
    use talus_motion::{Micros, Side};
    use talus_store::{AsideState, Job, RawState, RecordingError};

    fn sealed(folder: &Path) -> Store {
        let store = Store::open_sealed(&folder.join("talus.db"), key()).unwrap();
        store.ensure_profile(ADA, "Ada of the canary").unwrap();
        store
    }

    /// One finished session and one that was left.
    fn fill(store: &Store) {
        let mut recorder = store.begin(&head(1)).unwrap();
        push_all(&mut recorder, &inputs(1, 3));
        recorder.records(&[
            began(0, "knee_extension", Side::Left),
            Record::Rep { set_index: 0, side: Side::Left, seq: 1, rep: rep(1) },
            Record::SetEnded { set_index: 0, result: result("knee_extension", Side::Left, 1) },
        ]);
        recorder.finish(3).unwrap();
        let mut recorder = store.begin(&head(2)).unwrap();
        push_all(&mut recorder, &inputs(2, 2));
        recorder.commit(Micros(2_000_000)).unwrap();
        recorder.abandon();
    }

    #[test]
    fn a_sealed_history_comes_back_whole_and_goes_on() {
        let folder = tempfile::tempdir().unwrap();
        fill(&sealed(folder.path()));
        let store = sealed(folder.path());
        assert_eq!(store.inputs(id(1)).unwrap(), (head(1), inputs(1, 3)));
        assert!(store.reading(id(1)).unwrap().intact());
        assert_eq!(store.session(id(1)).unwrap().sets[0].reps, [rep(1)]);
        let (found, back, mut recorder) = store.resume(id(2)).unwrap();
        assert_eq!((found, back), (head(2), inputs(2, 2)));
        assert_eq!(recorder.taken().unwrap().raw, RawState::Complete);
        recorder.push(&Input::Tick { at: Micros(2_500_000) });
        recorder.finish(9).unwrap();
        let reading = store.reading(id(2)).unwrap();
        assert!(reading.intact());
        assert_eq!(reading.inputs.len(), inputs(2, 2).len() + 1);
    }

    #[test]
    fn no_word_of_it_stands_in_any_file_also_while_it_is_recorded() {
        let folder = tempfile::tempdir().unwrap();
        let store = sealed(folder.path());
        fill(&store);
        let mut recorder = store.begin(&head(3)).unwrap();
        push_all(&mut recorder, &inputs(3, 2));
        recorder.records(&[began(0, "knee_extension", Side::Left)]);
        recorder.commit(Micros(2_000_000)).unwrap();
        recorder.settle().unwrap();
        let plain = tempfile::tempdir().unwrap();
        let open = Store::open(&plain.path().join("talus.db")).unwrap();
        open.ensure_profile(ADA, "Ada of the canary").unwrap();
        fill(&open);
        // What would be found if it were open; each is found in the open files, so the look itself is tested.
        let canaries: [&[u8]; 5] =
            [b"Ada of the canary", b"knee_extension", b"Europe/Berlin", b"CREATE TABLE", &LEFT.0];
        let hit = |files: &[(String, Vec<u8>)], canary: &[u8]| {
            files.iter().any(|(_, bytes)| bytes.windows(canary.len()).any(|window| window == canary))
        };
        let (mine, theirs) = (files(folder.path()), files(plain.path()));
        assert!(
            mine.iter().any(|(name, bytes)| name.ends_with("-wal") && !bytes.is_empty()),
            "the log is looked at too"
        );
        for canary in canaries {
            assert!(hit(&theirs, canary), "{}", String::from_utf8_lossy(canary));
            assert!(!hit(&mine, canary), "{}", String::from_utf8_lossy(canary));
        }
    }

    #[test]
    fn no_key_and_a_wrong_key_are_told_apart_and_change_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        fill(&sealed(folder.path()));
        let before = files(folder.path());
        let error = Store::open(&db).unwrap_err();
        assert!(matches!(error, StoreError::Locked { .. }), "{error}");
        let error = Store::open_sealed(&db, Key::new([0x5f; 32])).unwrap_err();
        assert!(matches!(error, StoreError::WrongKey { .. }), "{error}");
        assert!(error.advice().contains("begin anew; a backup brings back"));
        assert!(files(folder.path()) == before);
    }

    #[test]
    fn a_key_for_what_is_not_encrypted_is_told_and_a_foreign_file_stays_foreign() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        drop(store(folder.path()));
        let before = files(folder.path());
        assert!(matches!(Store::open_sealed(&db, key()), Err(StoreError::NotEncrypted { .. })));
        assert!(files(folder.path()) == before);
        let other = folder.path().join("letter.txt");
        fs::write(&other, "Dear Ada").unwrap();
        assert!(matches!(Store::open_sealed(&other, key()), Err(StoreError::Foreign { .. })));
    }

    #[test]
    fn a_damaged_database_is_salvaged_with_its_key_and_with_no_other() {
        let whole = tempfile::tempdir().unwrap();
        fill(&sealed(whole.path()));
        let bytes = fs::read(whole.path().join("talus.db")).unwrap();
        let expected = Store::open_sealed(&whole.path().join("talus.db"), key()).unwrap().session(id(1)).unwrap();
        // The first page, with which no row reads any more, and a later one.
        for (at, rows) in [(2000, false), (bytes.len() - 2000, true)] {
            let folder = tempfile::tempdir().unwrap();
            let db = folder.path().join("talus.db");
            let mut bytes = bytes.clone();
            bytes[at] ^= 1;
            fs::write(&db, &bytes).unwrap();
            fs::create_dir(folder.path().join("recordings")).unwrap();
            let recording = format!("recordings/{}.talus", id(1));
            fs::copy(whole.path().join(&recording), folder.path().join(&recording)).unwrap();
            let before = files(folder.path());
            for (other, expected) in [(None, "Locked"), (Some(Key::new([1; 32])), "WrongKey")] {
                let error = Store::salvage(&db, other.as_ref()).unwrap_err();
                assert!(format!("{error:?}").starts_with(expected), "{error:?}");
                assert!(files(folder.path()) == before, "{expected}: nothing is moved");
            }
            // Opening says so too: who is told that the key is wrong would set all of it aside.
            if !rows {
                let error = Store::open_sealed(&db, key()).unwrap_err();
                assert!(matches!(error, StoreError::Damaged { .. }), "{error:?}");
                let error = Store::open_sealed(&db, Key::new([1; 32])).unwrap_err();
                assert!(matches!(error, StoreError::WrongKey { .. }), "{error:?}");
            }
            let (store, salvaged) = Store::salvage(&db, Some(&key())).unwrap();
            assert!(fs::read(salvaged.kept.join("talus.db")).unwrap() == bytes);
            assert_eq!(store.inputs(id(1)).unwrap().1, inputs(1, 3));
            assert_eq!(salvaged.from_recordings, if rows { Vec::new() } else { vec![id(1)] });
            if salvaged.whole.contains(&id(1)) {
                assert_eq!(store.session(id(1)).unwrap(), expected);
            }
            drop(store);
            // What was made anew is as sealed as what it was made of.
            assert!(matches!(Store::open(&db), Err(StoreError::Locked { .. })));
            assert!(matches!(Store::salvage(&db, Some(&key())), Err(StoreError::Sound { .. })));
        }
        // One that is not encrypted takes no key.
        let folder = tempfile::tempdir().unwrap();
        drop(store(folder.path()));
        let plain = Store::salvage(&folder.path().join("talus.db"), Some(&key()));
        assert!(matches!(plain, Err(StoreError::NotEncrypted { .. })));
    }

    #[test]
    fn a_lost_key_leads_to_a_fresh_start_with_the_old_files_kept_aside() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        fill(&sealed(folder.path()));
        let fresh = Key::new([1; 32]);
        assert!(matches!(Store::open_sealed(&db, fresh.clone()), Err(StoreError::WrongKey { .. })));
        let kept = Store::set_aside(&db).unwrap();
        let store = Store::open_sealed(&db, fresh.clone()).unwrap();
        assert!(store.profiles().unwrap().is_empty());
        store.ensure_profile(ADA, "Ada").unwrap();
        drop(store);
        // The key is found again: the old files are a whole history still.
        let old = Store::open_sealed(&kept.join("talus.db"), key()).unwrap();
        assert_eq!(old.inputs(id(1)).unwrap().1, inputs(1, 3));
        drop(old);
        // A second time goes to a place of its own.
        let second = Store::set_aside(&db).unwrap();
        assert_ne!(second, kept);
        // With that key it comes back, and is sealed with the new one.
        let store = Store::open_sealed(&db, fresh.clone()).unwrap();
        let told = Store::look_aside(&db, Some(&key())).unwrap();
        let states: Vec<_> = told.iter().map(|one| (one.state, one.sessions)).collect();
        assert_eq!(states, [(AsideState::Opens, 2), (AsideState::Locked, 0)]);
        for other in [None, Some(fresh)] {
            let error = store.bring_back(&kept, other.as_ref(), &Job::new()).unwrap_err();
            assert!(matches!(error, StoreError::NotBack { state: AsideState::Locked, .. }), "{error}");
        }
        let (brought, _) = store.bring_back(&kept, Some(&key()), &Job::new()).unwrap();
        assert_eq!((brought.sessions_new, brought.recordings, kept.exists()), (2, 2, false));
        assert_eq!(store.inputs(id(1)).unwrap().1, inputs(1, 3));
        assert_eq!(Store::look_aside(&db, None).unwrap().len(), 1);
    }

    #[test]
    fn what_is_not_encrypted_comes_back_into_what_is_without_a_key_of_its_own() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        fill(&store(folder.path()));
        let kept = Store::set_aside(&db).unwrap();
        let store = sealed(folder.path());
        assert_eq!(Store::look_aside(&db, Some(&key())).unwrap()[0].state, AsideState::Opens);
        let (brought, left_out) = store.bring_back(&kept, Some(&key()), &Job::new()).unwrap();
        assert_eq!((brought.sessions_new, left_out, kept.exists()), (2, Vec::new(), false));
        assert_eq!(store.inputs(id(1)).unwrap().1, inputs(1, 3));
        let bytes = fs::read(store.recording_path(id(1))).unwrap();
        assert_eq!(talus_store::recording::read(&bytes), Err(RecordingError::Sealed));
    }

    /// Where the other process of the test below has the database open.
    const HELD: &str = "TALUS_SEALED_HELD";

    #[test]
    fn another_process_has_a_sealed_one_open() {
        let Some(db) = std::env::var_os(HELD) else { return };
        let store = Store::open_sealed(Path::new(&db), key()).unwrap();
        assert_eq!(store.profiles().unwrap().len(), 1);
        eprintln!("it is open");
        std::io::stdin().read_line(&mut String::new()).unwrap();
    }

    #[test]
    fn a_sealed_one_that_another_process_has_open_is_not_set_aside_by_whoever_has_no_key() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        fill(&sealed(folder.path()));
        let mut other = opened_elsewhere("with_sqlcipher::another_process_has_a_sealed_one_open", HELD, &db);
        let error = Store::set_aside(&db).unwrap_err();
        assert!(matches!(error, StoreError::Busy { .. }), "{error}");
        assert!(db.exists() && !folder.path().join("talus.db.aside-1").exists());
        drop(other.stdin.take());
        assert!(other.wait().unwrap().success());
        Store::set_aside(&db).unwrap();
    }

    #[test]
    fn a_recording_of_another_key_or_session_is_refused_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let store = sealed(folder.path());
        fill(&store);
        let other = tempfile::tempdir().unwrap();
        let theirs = Store::open_sealed(&other.path().join("talus.db"), Key::new([9; 32])).unwrap();
        theirs.ensure_profile(ADA, "Ada").unwrap();
        fill(&theirs);
        let path = store.recording_path(id(2));
        // The same session of another key, and another session of the same key.
        for foreign in [theirs.recording_path(id(2)), store.recording_path(id(1))] {
            fs::copy(foreign, &path).unwrap();
            let before = fs::read(&path).unwrap();
            assert!(matches!(store.inputs(id(2)), Err(StoreError::Recording(RecordingError::WrongKey))));
            assert!(matches!(store.resume(id(2)), Err(StoreError::Recording(RecordingError::WrongKey))));
            assert!(fs::read(&path).unwrap() == before);
        }
        assert_eq!(talus_store::recording::read(&fs::read(&path).unwrap()), Err(RecordingError::Sealed));
    }

    #[test]
    fn one_flipped_bit_in_200_sealed_recordings_is_found_marked_and_costs_its_chunk_and_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let store = sealed(folder.path());
        fill(&store);
        let path = store.recording_path(id(1));
        let whole = fs::read(&path).unwrap();
        let all = inputs(1, 3);
        assert_eq!(store.inputs(id(1)).unwrap().1, all);
        let mut seed = Seed(0xb17);
        for _ in 0..200 {
            let mut bytes = whole.clone();
            // Without the mark at its beginning it is no recording.
            let at = 8 + seed.below(bytes.len() as u64 - 8) as usize;
            bytes[at] ^= 1 << seed.below(8);
            fs::write(&path, &bytes).unwrap();
            assert_costs_one_chunk(&whole, at, &all, &store.reading(id(1)).unwrap());
        }
    }

    #[test]
    fn harm_to_a_sealed_database_is_told_as_damage_and_never_a_wrong_row() {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("talus.db");
        let store = sealed(folder.path());
        fill(&store);
        let expected = store.session(id(1)).unwrap();
        drop(store);
        let whole = fs::read(&db).unwrap();
        let mut seed = Seed(0xdb);
        let mut refused = 0;
        for round in 0..120 {
            let mut bytes = whole.clone();
            let at = 32 + seed.below(bytes.len() as u64 - 32) as usize;
            match round % 3 {
                0 => bytes[at] ^= 1 << seed.below(8),
                1 => bytes[at..].iter_mut().take(6000).for_each(|byte| *byte = 0),
                _ => bytes.truncate(at),
            }
            for extra in ["talus.db-wal", "talus.db-shm"] {
                let _ = fs::remove_file(folder.path().join(extra));
            }
            fs::write(&db, &bytes).unwrap();
            match Store::open_sealed(&db, key()).and_then(|store| store.session(id(1))) {
                Ok(found) => assert_eq!(found, expected),
                // Also where it shows only later: the way on is to repair it, and no disk is at fault.
                Err(error) => {
                    assert!(matches!(error, StoreError::Damaged { .. }), "byte {at}: {error:?}");
                    refused += 1;
                }
            }
        }
        assert!(refused > 10, "{refused} of 120 hit a page that was read");
    }
}

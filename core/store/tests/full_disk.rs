//! Disks that are really full, or only to be read: a small file system in memory, filled up at every place of a session.
//!
//! It takes a mount of one's own (Linux, user namespaces); where that is not to be had the test says that it went
//! without. The same is tested everywhere with a disk made up in `store/faults.rs`.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::*;
use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output};
use talus_coach::{Record, SessionSummary};
use talus_motion::{Micros, Side};
use talus_store::{ExportWish, Job, Passphrase, RawState, Store, StoreError};

const SECONDS: i64 = 12;
/// Set in the process that lives on the small disk, to where that is.
const SMALL: &str = "TALUS_SMALL_DISK";

fn summary() -> SessionSummary {
    SessionSummary {
        duration_s: 12.0,
        sets: 1,
        reps: 12,
        strides: 0,
        sentence: "Twelve repetitions.".to_owned(),
        next: Vec::new(),
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }
}

/// Fills the disk but for `left` bytes.
fn fill(folder: &Path, left: usize) {
    let mut file = File::create(folder.join("others")).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let length = file.metadata().unwrap().len();
    file.set_len(length.saturating_sub(left as u64)).unwrap();
}

/// What came of a session.
#[derive(Debug, Default)]
struct Outcome {
    told: bool,
    without_raw: bool,
}

/// Records a session on a disk on which, from second `from` on, only `left` bytes are free.
fn session(folder: &Path, from: i64, left: usize) -> Outcome {
    let store = store(folder);
    let mut recorder = store.begin(&head(1)).unwrap();
    recorder.records(&[began(0, "knee_extension", Side::Left)]);
    let (mut seed, mut outcome) = (Seed(7), Outcome::default());
    let full = |said: Result<(), StoreError>, what: &str| match said {
        Ok(()) => false,
        Err(StoreError::Full { .. }) => true,
        Err(other) => panic!("{what}: {other}"),
    };
    for at in 0..SECONDS {
        if at == from {
            fill(folder, left);
        }
        push_all(&mut recorder, &second(&mut seed, at));
        recorder.records(&[Record::Rep {
            set_index: 0,
            side: Side::Left,
            seq: at as u32 + 1,
            rep: rep(at as u32 + 1),
        }]);
        recorder.records(&[Record::Bookmark(bookmark(Micros(at * 1_000_000), at as u32))]);
        outcome.told |= full(recorder.commit(Micros((at + 1) * 1_000_000)), "a second");
        outcome.told |= full(recorder.settle().map(drop), "settling");
    }
    recorder.records(&[
        Record::SetEnded { set_index: 0, result: result("knee_extension", Side::Left, 12) },
        Record::Ended(summary()),
    ]);
    match recorder.finish(5) {
        Ok(()) => {}
        Err(StoreError::WithoutRaw { .. }) => (outcome.told, outcome.without_raw) = (true, true),
        Err(other) => panic!("from {from}, {left} left: {other}"),
    }
    outcome
}

/// The test itself, on the small disk.
fn on_the_small_disk(disk: &Path) {
    let lefts = [0, 4096, 8192, 16_384, 40_960, 4 << 20];
    let seconds = heavy(120, 3).clamp(3, SECONDS as usize);
    let (mut rounds, mut told, mut without) = (0, 0, 0);
    for from in (0..SECONDS).step_by(SECONDS as usize / seconds) {
        for left in lefts {
            let folder = disk.join("talus");
            fs::create_dir(&folder).unwrap();
            let outcome = session(&folder, from, left);
            // Full still, or with room again: what was done is there.
            let store = Store::open(&folder.join("talus.db")).unwrap();
            let detail = store.session(id(1)).unwrap();
            assert!(detail.row.finished, "from {from}, {left} left");
            assert_eq!(detail.summary, Some(summary()));
            assert_eq!((detail.sets[0].reps.len(), detail.sets[0].result.count), (12, 12));
            let reading = store.reading(id(1)).unwrap();
            if outcome.without_raw {
                assert_eq!(detail.row.raw, RawState::Incomplete);
            } else {
                assert!(reading.intact(), "from {from}, {left} left");
            }
            assert!(reading.damage.is_empty());
            rounds += 1;
            told += u32::from(outcome.told);
            without += u32::from(outcome.without_raw);
            drop(store);
            fs::remove_dir_all(&folder).unwrap();
        }
    }
    assert!(told >= rounds / 2 && without >= rounds / 3, "{rounds} sessions, {told} told, {without} without signals");
}

/// The test itself, on a disk that becomes one that is only read.
fn on_a_disk_that_is_only_read(disk: &Path) {
    let store = store(disk);
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(3, 2));
    recorder.finish(5).unwrap();
    drop(store);
    let remount = |how: &str| {
        let done = Command::new("mount").args(["-o", how]).arg(disk).status().unwrap();
        assert!(done.success());
    };
    let bytes = || (fs::read(disk.join("talus.db")).unwrap(), fs::read_dir(disk).unwrap().count());
    let before = bytes();
    remount("remount,ro");
    let error = Store::open(&disk.join("talus.db")).unwrap_err();
    assert!(matches!(error, StoreError::NoAccess { .. }), "{error}");
    assert!(error.advice().contains("write"), "{}", error.advice());
    assert!(bytes() == before, "nothing changed");
    remount("remount,rw");
    let store = Store::open(&disk.join("talus.db")).unwrap();
    assert_eq!(store.inputs(id(1)).unwrap().1, inputs(3, 2));
}

/// The test itself: a salvage with ever less room.
fn a_salvage_on_the_small_disk(disk: &Path) {
    let (mut full, mut done) = (0, 0);
    for left in [0, 4096, 65_536, 200_000, 300_000, 400_000, 500_000, 8 << 20] {
        let folder = disk.join("talus");
        fs::create_dir(&folder).unwrap();
        let store = store(&folder);
        for n in 1..=4 {
            let mut recorder = store.begin(&head(n)).unwrap();
            push_all(&mut recorder, &inputs(u64::from(n), 1));
            recorder.finish(5).unwrap();
        }
        drop(store);
        let db = folder.join("talus.db");
        let mut bytes = fs::read(&db).unwrap();
        // Its head says of more free pages than there are.
        bytes[39] = 7;
        fs::write(&db, &bytes).unwrap();
        fill(&folder, left);
        let names = || {
            let mut names: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
            names.sort();
            names
        };
        let before = names();
        match Store::salvage(&db, None) {
            Ok((store, salvaged)) => {
                assert!(fs::read(salvaged.kept.join("talus.db")).unwrap() == bytes);
                assert_eq!((store.sessions(ADA, None, 9).unwrap().len(), salvaged.whole.len()), (4, 4));
                done += 1;
            }
            Err(StoreError::Full { .. }) => {
                assert!(fs::read(&db).unwrap() == bytes && names() == before, "{left} left");
                full += 1;
            }
            Err(other) => panic!("{left} left: {other}"),
        }
        fs::remove_file(folder.join("others")).unwrap();
        // With room it comes to an end, or has already.
        match Store::salvage(&db, None) {
            Ok((_, salvaged)) => assert_eq!(salvaged.whole.len(), 4),
            Err(error) => assert!(matches!(error, StoreError::Sound { .. }), "{error}"),
        }
        fs::remove_dir_all(&folder).unwrap();
    }
    assert!(full >= 3 && done >= 1, "{full} full, {done} done");
}

/// The test itself: the way to room is to give out what is here, to another disk.
fn an_export_from_the_small_disk(disk: &Path) {
    let store = store(disk);
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(3, 2));
    recorder.finish(5).unwrap();
    fill(disk, 0);
    let elsewhere = tempfile::tempdir().unwrap();
    let (all, sealed) = (elsewhere.path().join("all.zip"), elsewhere.path().join("all.talusbackup"));
    let wish = ExportWish { profile: None, recordings: true, written_utc_ms: 1 };
    let exported = store.export(&wish, &all, &Job::new()).unwrap();
    assert_eq!((exported.sessions, exported.recordings, exported.left_out.len()), (1, 1, 0));
    let words = Passphrase::new("seven small stones".to_owned()).unwrap();
    let exported = store.backup(&sealed, &words, 1, &Job::new()).unwrap();
    assert_eq!((exported.sessions, exported.recordings, exported.left_out.len()), (1, 1, 0));
    // Onto the full disk itself it does not, and nothing is left of it there.
    let here = fs::read_dir(disk).unwrap().count();
    assert!(matches!(store.export(&wish, &disk.join("all.zip"), &Job::new()), Err(StoreError::Full { .. })));
    assert_eq!(fs::read_dir(disk).unwrap().count(), here);
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 2);
    let other = elsewhere.path().join("other");
    let there = Store::open(&other.join("talus.db")).unwrap();
    there.import(&sealed, Some(&words), &Job::new()).unwrap();
    assert_eq!(there.inputs(id(1)).unwrap().1, inputs(3, 2));
    assert_eq!(there.import(&all, None, &Job::new()).unwrap().sessions_kept, 1);
}

/// The test itself: what comes in, from a bundle or from what was set aside, is here whole or not at all.
fn a_return_on_the_small_disk(disk: &Path) {
    let (db, elsewhere) = (disk.join("talus.db"), tempfile::tempdir().unwrap());
    let before = store(disk);
    let mut recorder = before.begin(&head(1)).unwrap();
    push_all(&mut recorder, &inputs(3, 30));
    recorder.finish(5).unwrap();
    let all = elsewhere.path().join("all.zip");
    before.export(&ExportWish { profile: None, recordings: true, written_utc_ms: 1 }, &all, &Job::new()).unwrap();
    drop(before);
    let kept = Store::set_aside(&db).unwrap();
    let store = store(disk);
    let names = || {
        let mut names: Vec<_> = fs::read_dir(disk).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    };
    let there = names();
    let (mut full, mut back) = ([0, 0], false);
    for left in [0, 8 << 10, 32 << 10, 96 << 10, 200 << 10, 400 << 10, 1 << 20, 4 << 20] {
        fill(disk, left);
        let told = [
            store.import(&all, None, &Job::new()).map(drop),
            store.bring_back(&kept, None, &Job::new()).map(|_| back = true),
        ];
        fs::remove_file(disk.join("others")).unwrap();
        for (told, full) in told.iter().zip(&mut full) {
            *full += u32::from(told.is_err());
            assert!(told.is_ok() || matches!(told, Err(StoreError::Full { .. })), "{left} bytes: {told:?}");
        }
        let sessions = store.sessions(ADA, None, 9).unwrap().len();
        assert_eq!(sessions, usize::from(told.iter().any(Result::is_ok)), "{left} bytes");
        assert_eq!(kept.exists(), !back, "{left} bytes");
        if sessions == 1 {
            assert_eq!(store.inputs(id(1)).unwrap().1, inputs(3, 30), "{left} bytes");
            store.delete(id(1)).unwrap();
        } else {
            assert_eq!(names(), there, "{left} bytes: nothing is left of it");
        }
        if back {
            break;
        }
    }
    assert!(back && full.iter().all(|full| *full >= 2), "{full:?}");
}

/// Runs `test` of the name `name` on a file system of its own, or says that it cannot.
fn on_a_disk_of_its_own(name: &str, test: fn(&Path)) {
    if let Some(disk) = std::env::var_os(SMALL) {
        return test(Path::new(&disk));
    }
    let mount = tempfile::tempdir().unwrap();
    let script =
        r#"mount -t tmpfs -o size=12m none "$TALUS_SMALL_DISK" || exit 77; exec "$0" --exact "$1" --nocapture"#;
    let ran = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", script])
        .arg(std::env::current_exe().unwrap())
        .arg(name)
        .env(SMALL, mount.path())
        .output();
    let began = |output: &Output| String::from_utf8_lossy(&output.stdout).contains("running 1 test");
    let Some(output) = ran.ok().filter(began) else {
        // Past the harness, which keeps what a passing test prints.
        let line = format!("SKIPPED {name}: no mount of one's own is to be had here (unshare, tmpfs)\n");
        return std::io::stderr().write_all(line.as_bytes()).unwrap();
    };
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
}

#[test]
fn on_a_disk_that_fills_at_any_second_the_summary_is_saved_and_the_person_told() {
    let name = "on_a_disk_that_fills_at_any_second_the_summary_is_saved_and_the_person_told";
    on_a_disk_of_its_own(name, on_the_small_disk);
}

#[test]
fn a_disk_that_is_only_read_is_named_and_nothing_on_it_changes() {
    on_a_disk_of_its_own("a_disk_that_is_only_read_is_named_and_nothing_on_it_changes", on_a_disk_that_is_only_read);
}

#[test]
fn everything_goes_out_to_another_disk_while_the_household_s_own_is_full() {
    on_a_disk_of_its_own(
        "everything_goes_out_to_another_disk_while_the_household_s_own_is_full",
        an_export_from_the_small_disk,
    );
}

#[test]
fn a_salvage_for_which_there_is_no_room_leaves_everything_as_it_was() {
    on_a_disk_of_its_own(
        "a_salvage_for_which_there_is_no_room_leaves_everything_as_it_was",
        a_salvage_on_the_small_disk,
    );
}

#[test]
fn what_comes_in_where_there_is_no_room_leaves_everything_as_it_was() {
    on_a_disk_of_its_own(
        "what_comes_in_where_there_is_no_room_leaves_everything_as_it_was",
        a_return_on_the_small_disk,
    );
}

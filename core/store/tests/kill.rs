//! The promise of a recorder: what it called safe is there after `kill -9`, at any moment, again and again.
//!
//! The test starts itself as a child that records as fast as it can and says each time it was told is safe.

// Helpers of tests are tests; real time is what a killed process lives in.
#![allow(clippy::unwrap_used, clippy::cast_possible_wrap, clippy::print_stdout)]

mod common;

use common::*;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;
use talus_coach::{Input, Record};
use talus_motion::{Micros, Side};
use talus_store::{RawState, Store, StoreError};

const FOLDER: &str = "TALUS_KILLED_CHILD";
const SESSION: &str = "TALUS_KILLED_SESSION";
/// Kills before a folder of its own is begun: the database stays small, and a session fits into a byte.
const KILLS_A_FOLDER: usize = 100;

/// What the log may grow to before it is moved into the database: 128 pages, and what one commit adds to them.
const LOG_MAX: u64 = 2 * 128 * 4120;

/// Session seconds that are in `inputs` of them.
fn seconds_in(inputs: usize, session: u8) -> i64 {
    let (mut seed, mut seconds, mut counted) = (Seed(u64::from(session) + 1), 0, 0);
    while counted < inputs {
        counted += second(&mut seed, seconds).len();
        seconds += 1;
    }
    assert_eq!(counted, inputs, "what comes back ends with a whole commit");
    seconds
}

/// Records until it is killed: begins the session or takes it up again.
fn child(folder: &Path, session: u8) {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    let known = store.unfinished(ADA).unwrap().iter().any(|row| row.id == id(session));
    let (from, mut recorder) = if known {
        let (_, back, recorder) = store.resume(id(session)).unwrap();
        (seconds_in(back.len(), session), recorder)
    } else {
        (0, store.begin(&head(session)).unwrap())
    };
    let mut seed = Seed(u64::from(session) + 1);
    let mut said = recorder.safe_through();
    for at in 0.. {
        let inputs = second(&mut seed, at);
        // Taken up again: the rows of what is recorded already come once more, as a replay would bring them.
        let recorded = at < from;
        if at == 0 {
            recorder.records(&[began(0, "knee_extension", Side::Left)]);
        }
        let seq = at as u32 + 1;
        recorder.records(&[
            Record::Rep { set_index: 0, side: Side::Left, seq, rep: rep(seq) },
            Record::Bookmark(bookmark(Micros(at), seq)),
        ]);
        if recorded {
            continue;
        }
        push_all(&mut recorder, &inputs);
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
        let safe = recorder.safe_through();
        if safe != said {
            said = safe;
            println!("\nsafe {}", safe.0 / 1_000_000);
        }
    }
}

fn start(test: &str, folder: &Path, session: u8) -> (Child, BufReader<ChildStdout>) {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .env(FOLDER, folder)
        .env(SESSION, session.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(child.stdout.take().unwrap());
    (child, said)
}

/// The next "safe" of the child.
fn hear(said: &mut BufReader<ChildStdout>) -> Option<i64> {
    let mut line = String::new();
    while said.read_line(&mut line).unwrap() > 0 {
        if let Some(seconds) = line.strip_prefix("safe ").and_then(|seconds| seconds.trim().parse().ok()) {
            return Some(seconds);
        }
        line.clear();
    }
    None
}

/// Lets real time pass.
fn wait(ms: u64) {
    let (_keep, never) = mpsc::channel::<()>();
    assert!(never.recv_timeout(Duration::from_millis(ms)).is_err());
}

fn integrity(folder: &Path) -> String {
    let db = rusqlite::Connection::open(folder.join("talus.db")).unwrap();
    db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap()
}

/// Whether this process is the child; then it never comes back.
fn is_child() -> bool {
    let (Some(folder), Ok(session)) = (env::var_os(FOLDER), env::var(SESSION)) else { return false };
    child(Path::new(&folder), session.parse().unwrap());
    true
}

#[test]
fn what_was_called_safe_survives_kills_at_random_moments() {
    if is_child() {
        return;
    }
    let kills = heavy(1_000, 50);
    let mut folder = tempfile::tempdir().unwrap();
    let mut seed = Seed(0x7a1a5);
    let (mut safe_total, mut taken_up, mut longest) = (0i64, 0, 0);
    let mut best = [0i64; 256];
    for kill in 0..kills {
        if kill > 0 && kill % KILLS_A_FOLDER == 0 {
            folder = tempfile::tempdir().unwrap();
            best = [0; 256];
        }
        // Two kills a session: the second hits one that was taken up again.
        let session = (kill % KILLS_A_FOLDER / 2) as u8;
        let (mut process, mut said) =
            start("what_was_called_safe_survives_kills_at_random_moments", folder.path(), session);
        // Every fifth dies while it opens and begins, the others while they record.
        let mut safe = if kill % 5 == 4 { None } else { hear(&mut said) };
        wait(seed.below(if kill % 5 == 4 { 60 } else { 150 }));
        process.kill().unwrap();
        let ended = process.wait().unwrap();
        assert_eq!(ended.code(), None, "kill {kill}: the child gave up before it was killed");
        while let Some(later) = hear(&mut said) {
            safe = Some(later);
        }
        let before = best[usize::from(session)];
        let safe = safe.unwrap_or(before);
        assert!(safe >= before, "safe never runs back");
        best[usize::from(session)] = safe;
        safe_total += safe - before;

        if !folder.path().join("talus.db").exists() {
            continue;
        }
        // All that an opening reads back is the log, however long the session was.
        let log = fs::metadata(folder.path().join("talus.db-wal")).map_or(0, |log| log.len());
        assert!(log <= LOG_MAX, "kill {kill}: {log} bytes to be read back");
        longest = longest.max(log);
        assert_eq!(integrity(folder.path()), "ok", "kill {kill}");
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        let (found, back, recorder) = match store.resume(id(session)) {
            Ok(all) => all,
            Err(StoreError::NoSession { .. }) if safe == 0 => continue,
            Err(error) => panic!("failed to {error} after kill {kill}"),
        };
        taken_up += 1;
        assert_eq!(found, head(session));
        let seconds = seconds_in(back.len(), session);
        assert!(seconds >= safe, "kill {kill}: {safe} s were safe, {seconds} s are there");
        assert_eq!(back, inputs(u64::from(session) + 1, seconds), "kill {kill}");
        assert_eq!(recorder.taken().map(|taken| taken.raw), Some(RawState::Complete));
        assert!(recorder.safe_through() >= Micros(safe * 1_000_000));
        let sets = store.session(id(session)).unwrap().sets;
        let reps = sets.first().map_or(&[][..], |set| set.reps.as_slice());
        assert!(reps.len() as i64 >= safe, "kill {kill}: {safe} rows were safe, {} are there", reps.len());
        assert!(reps.iter().zip(1..).all(|(found, n)| *found == rep(n)));
        assert!(reps.len() as i64 <= seconds, "rows are never ahead of the recording");
    }
    // The test is only worth something where it killed sessions that were under way.
    assert!(safe_total > 2 * kills as i64, "{safe_total} s recorded over all kills");
    assert!(taken_up > kills * 7 / 10, "{taken_up} sessions taken up");
    eprintln!(
        "{kills} kills, {safe_total} s called safe, {taken_up} taken up, 0 lost, at most {longest} bytes read back"
    );
}

#[test]
fn a_second_process_can_look_back_but_not_record_until_the_first_one_dies() {
    if is_child() {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (mut process, mut said) =
        start("a_second_process_can_look_back_but_not_record_until_the_first_one_dies", folder.path(), 7);
    assert!(hear(&mut said).is_some());
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    assert!(matches!(store.begin(&head(8)), Err(StoreError::InUse { .. })));
    assert!(matches!(store.resume(id(7)), Err(StoreError::InUse { .. })));
    assert!(!store.recording_path(id(8)).exists());
    let rows = store.sessions(ADA, None, 10).unwrap();
    assert_eq!((rows.len(), rows[0].id, rows[0].finished), (1, id(7), false));
    assert!(!store.session(id(7)).unwrap().sets[0].reps.is_empty());
    assert!(!store.inputs(id(7)).unwrap().1.is_empty());
    process.kill().unwrap();
    process.wait().unwrap();
    let (_, back, recorder) = store.resume(id(7)).unwrap();
    assert!(back.iter().any(|input| matches!(input, Input::Samples(_))));
    recorder.finish(1).unwrap();
    store.begin(&head(8)).unwrap().finish(2).unwrap();
}

//! Five years out and back in: how long it takes, and how much memory at most. Beside it the naive way: one text with a line
//! a repetition, and one table of them.
//!
//! Each step is a process of its own, so that its peak (VmHWM of Linux, less what it began with) is its own. Run with
//! `cargo bench -p talus-store --bench bundle`; a first argument of 10 makes a tenth of it.
// A bench is no library: it prints what it measured, by the clock.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::{ADA, Seed, head, result};
use rusqlite::Connection;
use rusqlite::types::ValueRef;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use talus_coach::{Record, SessionSummary};
use talus_motion::{Micros, Quality, Rep, Side};
use talus_store::{ExportWish, Job, Passphrase, SessionHead, SessionId, Store};

/// 1,500 sessions of six sets on two legs, 111 repetitions a set and leg.
const SESSIONS: u64 = 1500;
const SETS: u32 = 6;
const REPS: u32 = 111;

/// What a process of its own does.
const STEPS: [&str; 7] = ["export", "import", "again", "backup", "restore", "naive-out", "naive-in"];

fn main() {
    // `cargo bench` adds `--bench`, which is neither a step nor a folder.
    let given: Vec<String> = std::env::args().skip(1).filter(|one| !one.starts_with("--")).collect();
    if let [step, folder] = given.as_slice()
        && STEPS.contains(&step.as_str())
    {
        return run(step, Path::new(folder));
    }
    let share = given.iter().find_map(|one| one.parse::<u64>().ok()).unwrap_or(1);
    let folder = tempfile::tempdir().unwrap();
    build(folder.path(), SESSIONS / share);
    let size = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |there| there.len()) as f64 / 1e6;
    println!(
        "{} sessions, {} repetitions: {:.1} MB",
        SESSIONS / share,
        SESSIONS / share * u64::from(2 * SETS * REPS),
        size("talus.db")
    );
    for (step, file) in [
        ("export", "five.zip"),
        ("import", "back/talus.db"),
        ("again", "back/talus.db"),
        ("backup", "five.backup"),
        ("restore", "restored/talus.db"),
        ("naive-out", "naive.csv"),
        ("naive-in", "naive.db"),
    ] {
        let out = Command::new(std::env::current_exe().unwrap()).arg(step).arg(folder.path()).output().unwrap();
        assert!(out.status.success(), "{step}: {}", String::from_utf8_lossy(&out.stderr));
        println!("{step:9} {} {file} {:.1} MB", String::from_utf8_lossy(&out.stdout).trim(), size(file));
    }
}

fn run(step: &str, folder: &Path) {
    let open = |name: &str| {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder).unwrap();
        Store::open(&folder.join("talus.db")).unwrap()
    };
    let passphrase = Passphrase::new("seven small stones".to_owned()).unwrap();
    let store = match step {
        "import" | "again" => open("back"),
        "restore" => open("restored"),
        _ => Store::open(&folder.join("talus.db")).unwrap(),
    };
    let (zip, backup): (PathBuf, PathBuf) = (folder.join("five.zip"), folder.join("five.backup"));
    let job = Job::new();
    let (before, cpu) = (peak_kib(), cpu_s());
    let began = Instant::now();
    match step {
        "export" => {
            let wish = ExportWish { profile: None, recordings: false, written_utc_ms: 1 };
            assert_eq!(store.export(&wish, &zip, &job).unwrap().people, 1);
        }
        "import" => assert_eq!(store.import(&zip, None, &job).unwrap().sessions_kept, 0),
        "again" => assert_eq!(store.import(&zip, None, &job).unwrap().sessions_new, 0),
        "backup" => assert_eq!(store.backup(&backup, &passphrase, 1, &job).unwrap().people, 1),
        "restore" => assert_eq!(store.import(&backup, Some(&passphrase), &job).unwrap().sessions_kept, 0),
        "naive-out" => naive_out(&folder.join("talus.db"), &folder.join("naive.csv")),
        _ => naive_in(&folder.join("naive.csv"), &folder.join("naive.db")),
    }
    let wall = began.elapsed().as_secs_f64();
    println!(
        "{wall:6.2} s  {:6.2} s of the processor  {:6.1} MiB",
        cpu_s() - cpu,
        (peak_kib() - before) as f64 / 1024.0
    );
}

/// A line a repetition, with what it belongs to in every line.
fn naive_out(db: &Path, to: &Path) {
    let db = Connection::open(db).unwrap();
    let mut rows = db
        .prepare(
            "SELECT hex(s.uid), s.local_day, e.set_index, e.exercise, e.side, e.mass_g, r.seq, r.start_us, r.lift_us,
                r.hold_us, r.lower_us, r.range_mdeg, r.rest_100us, r.peak_cdeg_per_s, r.sparc_milli, r.confidence_milli
             FROM rep r JOIN eset e ON e.id = r.eset_id JOIN derived d ON d.id = e.derived_id
                JOIN session s ON s.id = d.session_id",
        )
        .unwrap();
    let mut rows = rows.query([]).unwrap();
    let mut out = csv::Writer::from_path(to).unwrap();
    while let Some(row) = rows.next().unwrap() {
        let field = |at: usize| match row.get_ref(at).unwrap() {
            ValueRef::Integer(whole) => whole.to_string(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            _ => String::new(),
        };
        out.write_record((0..16).map(field)).unwrap();
    }
    out.flush().unwrap();
}

/// The same into one table.
fn naive_in(from: &Path, db: &Path) {
    let mut db = Connection::open(db).unwrap();
    db.execute_batch("CREATE TABLE rep (a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p)").unwrap();
    let transaction = db.transaction().unwrap();
    let mut insert =
        transaction.prepare("INSERT INTO rep VALUES (?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15,?16)").unwrap();
    for line in csv::ReaderBuilder::new().has_headers(false).from_path(from).unwrap().records() {
        insert.execute(rusqlite::params_from_iter(&line.unwrap())).unwrap();
    }
    drop(insert);
    transaction.commit().unwrap();
}

/// Seconds of the processor this process took, by the system's hundredths; 0 where it does not say.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // Behind the name in brackets: user time is the twelfth field, system time the thirteenth.
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    fields.skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

/// Most memory this process ever held, KiB; 0 where the system does not say.
fn peak_kib() -> i64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

/// The household, through the recorder as an app makes it, without samples.
fn build(folder: &Path, sessions: u64) {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    let mut seed = Seed(42);
    for n in 0..sessions {
        let mut id = head(1).id.0;
        id[8..].copy_from_slice(&(n | 0x8000_0000_0000_0000).to_be_bytes());
        let started_utc_ms = 1_600_000_000_000 + n.cast_signed() * 105_000_000;
        let head = SessionHead {
            id: SessionId(id),
            started_utc_ms,
            local_day: format!("20{:02}-{:02}-{:02}", 20 + n / 300, 1 + n / 25 % 12, 1 + n % 25),
            ..head(1)
        };
        let mut recorder = store.begin(&head).unwrap();
        let mut records = Vec::new();
        for set_index in 0..SETS {
            let exercise = ["stand_abd", "knee_ext_seated", "quad_set_slr"][(set_index / 2) as usize];
            for side in [Side::Left, Side::Right] {
                records.push(Record::SetBegan {
                    set_index,
                    exercise: exercise.to_owned(),
                    side,
                    mass_g: 1500,
                    at: Micros(0),
                });
                records.extend((1..=REPS).map(|seq| Record::Rep { set_index, side, seq, rep: rep(seq, &mut seed) }));
                let mut done = result(exercise, side, REPS);
                done.began = Micros(i64::from(set_index) * 600_000_000);
                done.ended = done.began.plus(500_000_000);
                records.push(Record::SetEnded { set_index, result: done });
            }
        }
        records.push(Record::Ended(SessionSummary {
            duration_s: 1800.0,
            sets: 12,
            reps: 1332,
            strides: 0,
            sentence: "Done.".to_owned(),
            next: Vec::new(),
            walk: Vec::new(),
            walked: None,
            tested: Vec::new(),
            red_flag: false,
        }));
        recorder.records(&records);
        recorder.finish(started_utc_ms + 1_800_000).unwrap();
    }
}

/// A repetition with digits such as a measurement has.
fn rep(seq: u32, seed: &mut Seed) -> Rep {
    let mut any = |from: f64, to: f64| from + (to - from) * (seed.next() >> 11) as f64 / (1u64 << 53) as f64;
    let start = Micros(i64::from(seq) * 3_000_000);
    let [lift, hold, lower] = [any(0.8, 2.0), any(0.1, 1.0), any(1.0, 3.0)];
    let after = |s: f64| start.plus((s * 1e6) as i64);
    Rep {
        start,
        top: after(lift),
        turn: after(lift + hold),
        end: after(lift + hold + lower),
        range_deg: Some(any(20.0, 80.0)),
        lift_s: lift,
        hold_s: hold,
        lower_s: lower,
        rest_s: (seq > 1).then(|| any(0.1, 1.0)),
        peak_deg_per_s: any(40.0, 200.0),
        smoothness_sparc: Some(any(-3.0, -1.5)),
        full: true,
        confidence: any(0.7, 1.0),
        detectors: Vec::new(),
        measures: talus_motion::Measures::default(),
        quality: Quality::GOOD,
    }
}

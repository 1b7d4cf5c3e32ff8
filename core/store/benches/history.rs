//! Five years of training, and every question a screen asks of them: 1,500 sessions, 18,000 sets, 2 million repetitions,
//! 400 walks. Beside it the naive way: one flat table with a row a repetition, and the same questions summed from it.
//!
//! `cargo bench -p talus-store --bench history`. Times are medians and the longest of several rounds; bytes are exact. What
//! the processor took for a call is counted beside them (Linux): it says the same on a busy machine, nearly.

// A bench is no library: it prints what it measured, by the clock.
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_possible_wrap, clippy::print_stdout, clippy::wildcard_imports)]
#![allow(clippy::disallowed_methods)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use rusqlite::{Connection, params};
use std::fs;
use std::hint::black_box;
use std::time::Instant;
use talus_coach::{Record, SessionSummary};
use talus_motion::{Micros, Quality, Side};
use talus_store::{Budget, Cursor, Edit, Kind, SessionHead, SessionId, SetEdit, Store, TestRow, Trace};

const SESSIONS: u32 = 1500;
const SETS: u32 = 6;
const REPS: u32 = 111;
const WALKS: u32 = 400;
const DAY_MS: i64 = 86_400_000;
const EXERCISES: [&str; 10] = [
    "knee_ext_seated",
    "side_abd",
    "hip_flexion",
    "hamstring_curl",
    "calf_raise",
    "prone_hip_ext",
    "march",
    "leg_press",
    "adduction",
    "step_up",
];

fn session(n: u32) -> SessionId {
    let mut id = [0x70; 16];
    id[..4].copy_from_slice(&n.to_be_bytes());
    SessionId(id)
}

fn day(n: u32) -> String {
    // Six sessions every seven days; months of 28 days are days enough for a bench.
    let days = n * 7 / 6;
    format!("{:04}-{:02}-{:02}", 2022 + days / 336, 1 + days / 28 % 12, 1 + days % 28)
}

fn begin(n: u32) -> SessionHead {
    SessionHead {
        id: session(n),
        kind: Kind::Live,
        started_utc_ms: 1_640_000_000_000 + i64::from(n * 7 / 6) * DAY_MS,
        local_day: day(n),
        source: String::new(),
        ..head(1)
    }
}

fn summary(sets: u32) -> SessionSummary {
    SessionSummary {
        duration_s: 2400.0,
        sets,
        reps: sets * REPS,
        strides: 0,
        sentence: "1332 repetitions in 12 sets.".to_owned(),
        next: vec!["Seated knee extension, left: the same again. Two full sets come first.".to_owned(); 6],
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
        red_flag: false,
    }
}

fn train(store: &Store, n: u32) {
    let mut recorder = store.begin(&begin(n)).unwrap();
    let mut seed = Seed(u64::from(n) + 1);
    for set in 0..SETS {
        let exercise = EXERCISES[((n + set) % 10) as usize];
        for side in [Side::Left, Side::Right] {
            let mut records = vec![began(set, exercise, side)];
            for seq in 1..=REPS {
                let mut rep = rep(seq);
                rep.start = Micros(i64::from(set * 400 + seq * 3) * 1_000_000 + seed.below(900_000) as i64);
                rep.top = rep.start.plus(900_000 + seed.below(400_000) as i64);
                rep.turn = rep.top.plus(300_000 + seed.below(400_000) as i64);
                rep.end = rep.turn.plus(900_000 + seed.below(600_000) as i64);
                rep.range_deg = Some(60.0 + seed.below(20_000) as f64 / 1000.0);
                rep.peak_deg_per_s = 80.0 + seed.below(60_000) as f64 / 1000.0;
                rep.smoothness_sparc = Some(-1.0 - seed.below(2000) as f64 / 1000.0);
                rep.confidence = 0.7 + seed.below(300) as f64 / 1000.0;
                rep.rest_s = Some(seed.below(20_000) as f64 / 10_000.0);
                rep.detectors.clear();
                records.push(Record::Rep { set_index: set, side, seq, rep });
            }
            let mut done = result(exercise, side, REPS - 2);
            done.range_deg = Some(60.0 + seed.below(20_000) as f64 / 1000.0);
            done.pain = Some(if seed.below(40) == 0 { 3 } else { 0 });
            records.push(Record::SetEnded { set_index: set, result: done });
            recorder.records(&records);
        }
    }
    recorder.records(&[Record::Ended(summary(2 * SETS))]);
    recorder.finish(begin(n).started_utc_ms + 2_400_000).unwrap();
}

fn walk(store: &Store, n: u32) {
    let mut recorder = store.begin(&SessionHead { id: session(10_000 + n), ..begin(n * 3) }).unwrap();
    for side in [Side::Left, Side::Right] {
        let mut records = vec![began(0, "walk", side)];
        records.extend((2..302).map(|seq| Record::Stride { set_index: 0, side, seq, stride: stride(seq) }));
        records.push(Record::SetEnded { set_index: 0, result: result("walk", side, 300) });
        recorder.records(&records);
    }
    recorder.finish(begin(n).started_utc_ms + 2_400_000).unwrap();
}

/// A row a repetition, with what it belongs to in every row.
fn naive(path: &std::path::Path) -> Connection {
    let mut db = Connection::open(path).unwrap();
    db.execute_batch(
        "CREATE TABLE rep (id INTEGER PRIMARY KEY, session TEXT, day TEXT, exercise TEXT, side TEXT, mass REAL,
            start REAL, top REAL, turn REAL, end REAL, range REAL, lift REAL, hold REAL, lower REAL, peak REAL,
            sparc REAL, confidence REAL);",
    )
    .unwrap();
    let transaction = db.transaction().unwrap();
    let mut seed = Seed(7);
    for n in 0..SESSIONS {
        let (id, day) = (session(n).to_string(), day(n));
        let mut insert = transaction
            .prepare_cached("INSERT INTO rep VALUES (NULL,?1,?2,?3,?4,1.5,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14,?15)")
            .unwrap();
        for set in 0..SETS {
            let exercise = EXERCISES[((n + set) % 10) as usize];
            for side in ["left", "right"] {
                for _ in 0..REPS {
                    let mut measure = || seed.below(1_000_000) as f64 / 9973.0;
                    let m: [f64; 11] = std::array::from_fn(|_| measure());
                    insert
                        .execute(params![
                            id, day, exercise, side, m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8], m[9], m[10]
                        ])
                        .unwrap();
                }
            }
        }
    }
    transaction.commit().unwrap();
    db
}

/// What is asked, how, and the naive question in SQL.
type Call<'a> = (&'a str, Box<dyn FnMut() + 'a>, Option<&'a str>);

/// Median and longest of some rounds, milliseconds.
fn time(rounds: usize, mut call: impl FnMut()) -> (f64, f64) {
    call();
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let began = Instant::now();
            call();
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    (times[rounds / 2], times[rounds - 1])
}

/// Milliseconds of the processor for one call, over as many as it takes to tell; 0 where the system does not say.
fn processor(mut call: impl FnMut()) -> f64 {
    // Nanoseconds of this thread, as of its last turn.
    let taken = || -> f64 {
        let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        text.split_whitespace().next().and_then(|ns| ns.parse::<f64>().ok()).unwrap_or(0.0) / 1e6
    };
    let (before, mut calls) = (taken(), 0);
    while calls < 200 || (taken() - before < 300.0 && calls < 5000) {
        call();
        calls += 1;
    }
    (taken() - before) / f64::from(calls)
}

fn main() {
    let folder = folder_in_memory();
    let store = store(folder.path());
    for n in 0..SESSIONS {
        train(&store, n);
    }
    drop(store);
    let db = folder.path().join("talus.db");
    let store = Store::open(&db).unwrap();
    let reps = f64::from(SESSIONS * 2 * SETS * REPS);
    let size = fs::metadata(&db).unwrap().len() as f64;
    let flat = folder.path().join("naive.db");
    let naive = naive(&flat);
    let flat_size = fs::metadata(&flat).unwrap().len() as f64;
    println!("{reps} repetitions: {:.1} bytes each, everything included; naive {:.1}", size / reps, flat_size / reps);

    for n in 0..WALKS {
        walk(&store, n);
    }
    for n in 0..60 {
        let row = TestRow {
            id: session(n).0,
            session: None,
            at_utc_ms: i64::from(n),
            offset_min: 60,
            zone: "Europe/Berlin".to_owned(),
            local_day: day(n * 25),
            kind: ["chair_stand", "tug", "one_leg"][(n % 3) as usize].to_owned(),
            side: None,
            value: 12.0,
            unit: "count".to_owned(),
            error: Some(1.0),
            quality: Quality::GOOD,
        };
        store.put_test(ADA, &row).unwrap();
        let change = SetEdit::Count(90);
        store.edit(ADA, session(n * 20), 1, &Edit::Set { set_index: 0, side: Side::Left, change }).unwrap();
    }
    let points = (0..20 * 60 * 6).map(|at| (Micros(at * 50_000), Some((at % 60) as f64))).collect::<Vec<_>>();
    let traces: Vec<_> =
        (0..SETS).map(|set_index| Trace { set_index, side: Side::Left, points: points.clone() }).collect();
    store.put_traces(session(700), &traces).unwrap();

    let middle = Cursor { started_utc_ms: begin(700).started_utc_ms, id: session(700) };
    let all = ("2000-01-01", "2099-12-31");
    let calls: Vec<Call<'_>> = vec![
        ("open, with the look at migrations", Box::new(|| drop(black_box(Store::open(&db)).unwrap())), None),
        ("newest 30 sessions", Box::new(|| drop(black_box(store.sessions(ADA, None, 30)))), None),
        ("30 sessions from the middle on", Box::new(|| drop(black_box(store.sessions(ADA, Some(middle), 30)))), None),
        (
            "calendar of a year",
            Box::new(|| drop(black_box(store.days(ADA, "2024-01-01", "2024-12-31")))),
            Some("SELECT day, count(*), count(DISTINCT session) FROM rep WHERE day LIKE '2024%' GROUP BY day"),
        ),
        (
            "weeks of five years",
            Box::new(|| drop(black_box(store.weeks(ADA, all.0, all.1)))),
            Some("SELECT strftime('%Y%W', day) AS week, count(*), count(DISTINCT session) FROM rep GROUP BY week"),
        ),
        (
            "one session, 1,332 repetitions",
            Box::new(|| drop(black_box(store.session(session(700)).unwrap()))),
            Some("SELECT * FROM rep WHERE session = (SELECT session FROM rep WHERE id = 900000)"),
        ),
        ("its traces, 36 minutes", Box::new(|| drop(black_box(store.traces(session(700)).unwrap()))), None),
        (
            "one exercise, both legs, five years",
            Box::new(|| drop(black_box(store.trend(ADA, "knee_ext_seated", None)))),
            Some(
                "SELECT day, side, avg(range), avg(lift), avg(peak), count(*) FROM rep
                WHERE exercise = 'knee_ext_seated' GROUP BY session, side",
            ),
        ),
        (
            "what a plan looks back at, one leg",
            Box::new(|| drop(black_box(store.past(ADA, "knee_ext_seated", Side::Left, 12).unwrap()))),
            None,
        ),
        ("exercises of every session", Box::new(|| drop(black_box(store.trained(ADA).unwrap()))), None),
        ("sessions not finished", Box::new(|| drop(black_box(store.unfinished(ADA).unwrap()))), None),
        ("walks of five years", Box::new(|| drop(black_box(store.walks(ADA)))), None),
        ("what hurt in five years", Box::new(|| drop(black_box(store.pains(ADA)))), None),
        ("tests of five years", Box::new(|| drop(black_box(store.tests(ADA, None)))), None),
        ("changes by hand of a session", Box::new(|| drop(black_box(store.edits(ADA, session(20))))), None),
        ("a session by how its id begins", Box::new(|| drop(black_box(store.find(ADA, "000002bc")))), None),
        ("what the budget lets go", Box::new(|| drop(black_box(store.outgrown(Budget::default(), 0)))), None),
    ];
    println!("| call | median ms | longest ms | processor ms | naive median ms |\n|---|---|---|---|---|");
    for (name, mut call, peer) in calls {
        let (median, longest) = time(41, &mut call);
        let own = processor(&mut call);
        let peer = peer.map_or("–".to_owned(), |sql| {
            let ask = || {
                let mut statement = naive.prepare(sql).unwrap();
                let mut rows = statement.query([]).unwrap();
                while let Some(row) = rows.next().unwrap() {
                    black_box(row.get_ref(0).unwrap());
                }
            };
            format!("{:.0}", time(3, ask).0)
        });
        println!("| {name} | {median:.2} | {longest:.2} | {own:.2} | {peer} |");
    }
}

//! What recording costs: encoding and decoding an hour of two cuffs, and one commit with everything synced. Beside it the
//! naive way: a row a sample in a database that syncs as often.
//!
//! `cargo bench -p talus-store`; with a folder in `TMPDIR` the commits go to that disk.

// A bench is no library: it prints what it measured.
#![allow(missing_docs, clippy::unwrap_used, clippy::cast_possible_wrap, clippy::print_stdout, clippy::wildcard_imports)]

#[path = "../tests/common/mod.rs"]
mod common;

use common::*;
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use talus_coach::{Input, Record};
use talus_motion::{Micros, Side};
use talus_store::Store;
use talus_store::recording::{Encoder, read};

/// Bytes of an hour's raw counts of two cuffs at 100 Hz.
const HOUR_BYTES: u64 = 2 * 100 * 3600 * 12;

fn codec(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let hour = inputs(1, 3600);
    let mut group = c.benchmark_group("an hour of two cuffs");
    group.throughput(Throughput::Bytes(HOUR_BYTES)).sample_size(20);
    group.bench_function("encode", |b| {
        b.iter(|| {
            let mut encoder = Encoder::new(0);
            for input in &hour {
                encoder.push(black_box(input)).unwrap();
            }
            encoder.end(0);
            encoder.take().len()
        });
    });
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, &hour);
    recorder.finish(0).unwrap();
    let file = std::fs::read(store.recording_path(id(1))).unwrap();
    group.bench_function("decode", |b| b.iter(|| read(black_box(&file)).unwrap().inputs.len()));
    group.finish();
    println!(
        "an hour takes {} bytes of {HOUR_BYTES} raw: 1 to {:.2}",
        file.len(),
        HOUR_BYTES as f64 / file.len() as f64
    );
}

fn commits(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    recorder.records(&[began(0, "knee_extension", Side::Left)]);
    let (mut seed, mut at) = (Seed(1), 0);
    c.bench_function("a second, synced and committed", |b| {
        b.iter(|| {
            push_all(&mut recorder, &second(&mut seed, at));
            at += 1;
            let seq = at as u32;
            recorder.records(&[
                Record::Rep { set_index: 0, side: Side::Left, seq, rep: rep(seq) },
                Record::Bookmark(bookmark(Micros(at), seq)),
            ]);
            recorder.commit(Micros(at * 1_000_000)).unwrap();
            recorder.settle().unwrap()
        });
    });
    let counters = recorder.counters();
    println!("{at} seconds: {} syncs of the recording, {} commits of the database", counters.syncs, counters.commits);
}

/// A row a sample, as whoever begins with a table would do it.
fn naive(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("naive.db");
    let mut db = rusqlite::Connection::open(&path).unwrap();
    db.execute_batch(
        "PRAGMA journal_mode = wal; PRAGMA synchronous = FULL;
         CREATE TABLE sample (session BLOB, cuff BLOB, us INTEGER, ax INTEGER, ay INTEGER, az INTEGER, gx INTEGER,
            gy INTEGER, gz INTEGER);",
    )
    .unwrap();
    let (mut seed, mut at) = (Seed(1), 0);
    c.bench_function("a second, a row a sample", |b| {
        b.iter(|| {
            let all = second(&mut seed, at);
            at += 1;
            let transaction = db.transaction().unwrap();
            let mut insert =
                transaction.prepare_cached("INSERT INTO sample VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)").unwrap();
            for input in &all {
                let Input::Samples(block) = input else { continue };
                for (us, counts) in (block.arrival_us..).step_by(10_000).zip(&block.counts) {
                    let [ax, ay, az, gx, gy, gz] = *counts;
                    insert.execute((id(1).0, block.cuff.0, us, ax, ay, az, gx, gy, gz)).unwrap();
                }
            }
            drop(insert);
            transaction.commit().unwrap();
        });
    });
    db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())).unwrap();
    let bytes = std::fs::metadata(&path).unwrap().len() as f64;
    println!("a row a sample: an hour takes {:.0} bytes", bytes * 3600.0 / at as f64);
}

/// What a killed process leaves after a quarter of an hour: the log not yet in the database, the session open.
fn reopening(c: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    recorder.records(&[began(0, "knee_extension", Side::Left)]);
    let mut seed = Seed(1);
    for at in 0..900 {
        push_all(&mut recorder, &second(&mut seed, at));
        let seq = at as u32 + 1;
        recorder.records(&[Record::Rep { set_index: 0, side: Side::Left, seq, rep: rep(seq) }]);
        recorder.commit(Micros((at + 1) * 1_000_000)).unwrap();
    }
    recorder.settle().unwrap();
    let files = ["talus.db", "talus.db-wal"];
    let left = || {
        let place = tempfile::tempdir().unwrap();
        for file in files {
            std::fs::copy(folder.path().join(file), place.path().join(file)).unwrap();
        }
        place
    };
    c.bench_function("a database opened after a kill, its log read back", |b| {
        b.iter_batched(
            left,
            |place| {
                let store = Store::open(&place.path().join("talus.db")).unwrap();
                assert_eq!(store.unfinished(ADA).unwrap().len(), 1);
                // The log goes into the database when it is closed, which is no part of opening.
                (place, store)
            },
            BatchSize::PerIteration,
        );
    });
}

criterion_group!(benches, codec, commits, naive, reopening);
criterion_main!(benches);

//! What following a leg costs: one hour of one cuff at 100 Hz, as blocks of counts, through everything a tracker does.
//!
//! `cargo bench -p talus-motion`. Figures, and what the machine did meanwhile: docs/performance-motion.md.
//!
//! The limit is half a second an hour and cuff for either task. Two cuffs then take less than a three-thousandth part
//! of such a core while they are worn, and motion a fifth of the five seconds the whole path may take for an hour.

// A bench is no library.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/made/mod.rs"]
mod made;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use made::{block, config, counts, knee, lifting, walking};
use std::hint::black_box;
use std::time::Duration;
use talus_motion::{Micros, Task, Test, Tracker};

const HOUR: usize = 360_000;
const BLOCK: usize = 20;

fn chain(c: &mut Criterion) {
    let mut group = c.benchmark_group("an hour of one cuff");
    group.throughput(Throughput::Elements(HOUR as u64)).sample_size(10).measurement_time(Duration::from_secs(5));
    let tasks = [
        ("idle", Task::Idle, walking as fn(f64) -> f64),
        ("reps", Task::Reps(knee()), lifting),
        ("walk", Task::Walk, walking),
        ("search for a walk", Task::Walk, lifting),
        ("up and go", Task::Test(Test::UpAndGo), walking),
    ];
    for (name, task, rate) in tasks {
        let hour: Vec<_> =
            counts(HOUR, rate, 9).chunks(BLOCK).enumerate().map(|(i, counts)| block(BLOCK * i, counts)).collect();
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| {
                let mut tracker = Tracker::new(&config()).unwrap();
                let mut out = Vec::new();
                tracker.begin(Micros(0), task, None);
                for (block, time) in black_box(&hour) {
                    tracker.push(block, *time, &mut out);
                }
                out.len()
            });
        });
    }
    group.finish();
}

/// Whether ten times the samples cost ten times the time: throughput stays.
fn lengths(c: &mut Criterion) {
    let mut group = c.benchmark_group("walking for");
    group.sample_size(10).measurement_time(Duration::from_secs(3));
    for (name, samples) in [("6 minutes", HOUR / 10), ("1 hour", HOUR), ("10 hours", 10 * HOUR)] {
        let blocks: Vec<_> =
            counts(samples, walking, 9).chunks(BLOCK).enumerate().map(|(i, c)| block(BLOCK * i, c)).collect();
        group.throughput(Throughput::Elements(samples as u64));
        group.bench_function(BenchmarkId::from_parameter(name), |b| {
            b.iter(|| {
                let mut tracker = Tracker::new(&config()).unwrap();
                let mut out = Vec::new();
                tracker.begin(Micros(0), Task::Walk, None);
                for (block, time) in black_box(&blocks) {
                    tracker.push(block, *time, &mut out);
                }
                out.len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, chain, lengths);
criterion_main!(benches);

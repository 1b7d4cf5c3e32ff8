//! What a sample costs from a notification's bytes to a block of counts, for every family.
//!
//! `cargo bench -p talus-cuff`. The limit is 100 ns a sample. Measured figures stand in docs/platform-notes.md.

// A bench is no library.
#![allow(missing_docs, clippy::unwrap_used)]

#[path = "../tests/table/mod.rs"]
mod table;

use criterion::{BatchSize, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use std::hint::black_box;
use std::time::Duration;
use table::families::SENDERS;
use talus_motion::Micros;

const GROUPS: u32 = 2000;

fn decode(c: &mut Criterion) {
    let mut bench = c.benchmark_group("bytes to counts");
    bench.sample_size(20).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    for sender in SENDERS {
        let link = sender.link();
        let groups: Vec<_> = (1..=GROUPS).flat_map(|n| sender.heard(&link, n)).collect();
        let play = |link: &mut table::Table<'static>| {
            let mut samples = 0;
            for (n, heard) in (1i64..).zip(&groups) {
                samples += link.notify(black_box(heard), Micros(10_000_000 + n * 10_000));
            }
            samples
        };
        bench.throughput(Throughput::Elements(play(&mut sender.link()) as u64));
        bench.bench_function(BenchmarkId::from_parameter(sender.name), |b| {
            b.iter_batched_ref(|| sender.link(), play, BatchSize::PerIteration);
        });
    }
    bench.finish();
}

criterion_group!(benches, decode);
criterion_main!(benches);

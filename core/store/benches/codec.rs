//! The codec of raw counts against others on the same chunks: one second of one cuff, from real walks and exercises.
//!
//! `cargo bench -p talus-store --bench codec`, with the shared recordings beside the checkout. Sizes are exact and the
//! same on every run; times are the best of several passes, all codecs in one run. "Bound" is the order-0 entropy of
//! the best fixed predictor (order 0 to 3 a file and axis) over the whole file: what a coder of these residuals that
//! knew their distribution beforehand would need.

// A bench is no library: it prints what it measured, by the clock.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods)]

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;
#[path = "../tests/common/signals.rs"]
mod signals;

use signals::{Chunk, SETS, bound_bits, flac_of, pco_of, zstd_of};
use std::hint::black_box;
use std::time::{Duration, Instant};
use talus_store::recording::counts::{self, AXES, Code};
use talus_store::recording::rice;

type Encode = fn(&[[i16; AXES]]) -> Vec<u8>;

fn talus(chunk: &[[i16; AXES]]) -> Vec<u8> {
    let mut out = Vec::new();
    counts::pack(chunk, &mut out);
    out
}

fn size(chunks: &[Chunk], encode: Encode) -> usize {
    chunks.iter().map(|chunk| encode(chunk).len()).sum()
}

/// Megabytes of raw counts a second, best of some passes.
fn speed(chunks: &[Chunk], encode: Encode) -> f64 {
    let raw: usize = chunks.iter().map(|chunk| 2 * AXES * chunk.len()).sum();
    let pass = || {
        let began = Instant::now();
        for chunk in chunks {
            black_box(encode(black_box(chunk)));
        }
        began.elapsed()
    };
    let best = (0..15).map(|_| pass()).min().unwrap_or(Duration::MAX);
    raw as f64 / best.as_secs_f64() / 1e6
}

fn main() {
    println!("| recording | samples | bound | talus | of bound | zstd-9 | pco-8 | flac | smallest | speed of zstd-1 |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for set in SETS {
        let Some(path) = shared_data::shared_data("codec", set.folder) else { continue };
        for (name, chunks) in set.read(&path) {
            let samples: Chunk = chunks.concat();
            let raw = (2 * AXES * samples.len()) as f64;
            let bound = raw * 8.0 / bound_bits(&samples);
            for chunk in &chunks {
                let mut bytes = Vec::new();
                let back = match counts::pack(chunk, &mut bytes) {
                    Code::Rice => rice::decode(&bytes, chunk.len()),
                    Code::Counts => counts::decode(&bytes, chunk.len()),
                };
                assert_eq!(back.as_deref(), Some(chunk.as_slice()));
            }
            let encoders: [Encode; 4] = [talus, |chunk| zstd_of(chunk, 9), pco_of, flac_of];
            let [ours, zstd, pco, flac] = encoders.map(|encode| raw / size(&chunks, encode) as f64);
            let best = if ours >= zstd.max(pco).max(flac) { "yes" } else { "no" };
            let pace = speed(&chunks, talus) / speed(&chunks, |chunk| zstd_of(chunk, 1));
            println!(
                "| {}/{name} | {} | {bound:.2} | {ours:.2} | {:.3} | {zstd:.2} | {pco:.2} | {flac:.2} | {best} | {pace:.2} |",
                set.folder,
                samples.len(),
                ours / bound,
            );
        }
    }
}

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

use flacenc::component::BitRepr;
use flacenc::error::Verify;
use std::collections::BTreeMap;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};
use talus_store::recording::counts::{self, AXES, Code};
use talus_store::recording::rice;

type Chunk = Vec<[i16; AXES]>;
type Encode = fn(&[[i16; AXES]]) -> Vec<u8>;

/// Grid of the recordings: ±16 g at 2048 counts a g, ±2000 °/s at 16.4 counts a °/s.
const PER_G: f64 = 2048.0;
const PER_DEG_S: f64 = 16.4;
const G: f64 = 9.80665;

/// Chunks of one second.
fn chunks(path: &Path, acc_to_g: f64, gyr_to_deg: f64) -> Vec<Chunk> {
    let text = fs::read_to_string(path).unwrap();
    let mut lines = text.lines();
    let header: Vec<_> = lines.next().unwrap().split(',').collect();
    let column = |name: &str| header.iter().position(|head| *head == name).unwrap();
    let t = column("t_s");
    let axes = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"].map(column);
    let mut chunks: BTreeMap<i64, Chunk> = BTreeMap::new();
    for line in lines {
        let values: Vec<f64> = line.split(',').map(|text| text.trim().parse().unwrap_or(f64::NAN)).collect();
        let mut sample = [0i16; AXES];
        for (axis, place) in axes.iter().enumerate() {
            let scale = if axis < 3 { acc_to_g * PER_G } else { gyr_to_deg * PER_DEG_S };
            sample[axis] = (values[*place] * scale).round() as i16;
        }
        chunks.entry(values[t].floor() as i64).or_default().push(sample);
    }
    chunks.into_values().collect()
}

/// Bits of the whole file at the entropy of the best fixed predictor of each axis.
fn bound_bits(samples: &[[i16; AXES]]) -> f64 {
    let entropy_bits = |residuals: &[i32]| {
        let mut counts: BTreeMap<i32, f64> = BTreeMap::new();
        for residual in residuals {
            *counts.entry(*residual).or_default() += 1.0;
        }
        let n = residuals.len() as f64;
        counts.values().map(|count| -count * libm::log2(count / n)).sum::<f64>()
    };
    (0..AXES)
        .map(|axis| {
            let mut residuals: Vec<i32> = samples.iter().map(|sample| i32::from(sample[axis])).collect();
            let mut best = entropy_bits(&residuals);
            for _ in 1..4 {
                residuals = residuals.windows(2).map(|pair| pair[1] - pair[0]).collect();
                best = best.min(entropy_bits(&residuals));
            }
            best
        })
        .sum()
}

fn talus(chunk: &[[i16; AXES]]) -> Vec<u8> {
    let mut out = Vec::new();
    counts::pack(chunk, &mut out);
    out
}

/// The same samples, one axis after the other: what a general compressor likes best.
fn columns(chunk: &[[i16; AXES]]) -> Vec<u8> {
    (0..AXES).flat_map(|axis| chunk.iter().flat_map(move |sample| sample[axis].to_le_bytes())).collect()
}

fn zstd_of(chunk: &[[i16; AXES]], level: i32) -> Vec<u8> {
    let rows: Vec<u8> = chunk.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let by_rows = zstd::bulk::compress(&rows, level).unwrap();
    if level == 1 {
        return by_rows;
    }
    let by_columns = zstd::bulk::compress(&columns(chunk), level).unwrap();
    if by_columns.len() < by_rows.len() { by_columns } else { by_rows }
}

fn pco_of(chunk: &[[i16; AXES]]) -> Vec<u8> {
    let config = pco::ChunkConfig::default().with_compression_level(8);
    let axis = |axis: usize| chunk.iter().map(|sample| sample[axis]).collect::<Vec<_>>();
    (0..AXES).flat_map(|at| pco::standalone::simple_compress(&axis(at), &config).unwrap()).collect()
}

fn flac_of(chunk: &[[i16; AXES]]) -> Vec<u8> {
    let mut config = flacenc::config::Encoder::default();
    config.block_size = chunk.len().clamp(64, 4096);
    let block_size = config.block_size;
    let config = config.into_verified().unwrap();
    let signal: Vec<i32> = chunk.iter().flatten().map(|value| i32::from(*value)).collect();
    let source = flacenc::source::MemSource::from_samples(&signal, AXES, 16, 8000);
    let stream = flacenc::encode_with_fixed_block_size(&config, source, block_size).unwrap();
    let mut sink = flacenc::bitsink::ByteSink::new();
    stream.write(&mut sink).unwrap();
    sink.as_slice().to_vec()
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
    let deg = 180.0 / core::f64::consts::PI;
    let folders: [(&str, &str, f64, f64); 3] = [
        ("xio-gait", ".csv", 1.0, 1.0),
        ("gaitmap-foot", "_imu.csv", 1.0 / G, 1.0),
        ("uci-physio-leg", "_shank_session.csv", 1.0 / G, deg),
    ];
    println!("| recording | samples | bound | talus | of bound | zstd-9 | pco-8 | flac | smallest | speed of zstd-1 |");
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (folder, ending, acc, gyr) in folders {
        let Some(path) = shared_data::shared_data("codec", folder) else { continue };
        let mut files: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.to_string_lossy().ends_with(ending));
        files.sort();
        for file in files {
            let chunks = chunks(&file, acc, gyr);
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
                "| {}/{} | {} | {bound:.2} | {ours:.2} | {:.3} | {zstd:.2} | {pco:.2} | {flac:.2} | {best} | {pace:.2} |",
                folder,
                file.file_stem().unwrap().to_string_lossy(),
                samples.len(),
                ours / bound,
            );
        }
    }
}

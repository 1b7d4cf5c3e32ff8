//! Real signals in chunks of a second, and what they are bound to take.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used)] // each user takes a part, and none is a library

use flacenc::component::BitRepr;
use flacenc::error::Verify;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use talus_store::recording::counts::AXES;

/// One second of one cuff.
pub type Chunk = Vec<[i16; AXES]>;

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
pub fn bound_bits(samples: &[[i16; AXES]]) -> f64 {
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

/// The same samples, one axis after the other: what a general compressor likes best.
fn columns(chunk: &[[i16; AXES]]) -> Vec<u8> {
    (0..AXES).flat_map(|axis| chunk.iter().flat_map(move |sample| sample[axis].to_le_bytes())).collect()
}

/// As zstd makes it; from level 2 on whichever of rows and columns is smaller.
pub fn zstd_of(chunk: &[[i16; AXES]], level: i32) -> Vec<u8> {
    let rows: Vec<u8> = chunk.iter().flatten().flat_map(|value| value.to_le_bytes()).collect();
    let by_rows = zstd::bulk::compress(&rows, level).unwrap();
    if level == 1 {
        return by_rows;
    }
    let by_columns = zstd::bulk::compress(&columns(chunk), level).unwrap();
    if by_columns.len() < by_rows.len() { by_columns } else { by_rows }
}

/// As pco makes it, level 8.
pub fn pco_of(chunk: &[[i16; AXES]]) -> Vec<u8> {
    let config = pco::ChunkConfig::default().with_compression_level(8);
    let axis = |axis: usize| chunk.iter().map(|sample| sample[axis]).collect::<Vec<_>>();
    (0..AXES).flat_map(|at| pco::standalone::simple_compress(&axis(at), &config).unwrap()).collect()
}

/// As FLAC makes it.
pub fn flac_of(chunk: &[[i16; AXES]]) -> Vec<u8> {
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

/// A folder of shared recordings, and what its columns are in.
pub struct Set {
    pub folder: &'static str,
    ending: &'static str,
    acc_to_g: f64,
    gyr_to_deg: f64,
    /// Whether people walk in it.
    pub walks: bool,
}

const DEG: f64 = 180.0 / core::f64::consts::PI;
pub const SETS: [Set; 3] = [
    Set { folder: "xio-gait", ending: ".csv", acc_to_g: 1.0, gyr_to_deg: 1.0, walks: true },
    Set { folder: "gaitmap-foot", ending: "_imu.csv", acc_to_g: 1.0 / G, gyr_to_deg: 1.0, walks: true },
    Set { folder: "uci-physio-leg", ending: "_shank_session.csv", acc_to_g: 1.0 / G, gyr_to_deg: DEG, walks: false },
];

impl Set {
    /// Its recordings, by name.
    pub fn read(&self, path: &Path) -> Vec<(String, Vec<Chunk>)> {
        let mut files: Vec<_> = fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.to_string_lossy().ends_with(self.ending));
        files.sort();
        let name = |file: &Path| file.file_stem().unwrap().to_string_lossy().into_owned();
        files.iter().map(|file| (name(file), chunks(file, self.acc_to_g, self.gyr_to_deg))).collect()
    }
}

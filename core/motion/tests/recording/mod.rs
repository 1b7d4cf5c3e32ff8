//! Shared recordings as samples, and what a tracker makes of them.

// Each test file uses a part, and none is a library.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use talus_motion::{Micros, Movement, Rep, Sample, Stride, Task, Tracker};

pub const RAD: f64 = core::f64::consts::PI / 180.0;

/// Columns of a CSV file by name, line by line; an empty field is not a number.
pub fn columns(path: &Path, names: &[&str]) -> Vec<Vec<f64>> {
    let mut reader = csv::Reader::from_path(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let header = reader.headers().unwrap().clone();
    let places: Vec<usize> = names
        .iter()
        .map(|name| header.iter().position(|h| h == *name).unwrap_or_else(|| panic!("{}: no {name}", path.display())))
        .collect();
    reader
        .records()
        .map(|line| {
            let line = line.unwrap();
            places.iter().map(|i| line[*i].parse().unwrap_or(f64::NAN)).collect()
        })
        .collect()
}

/// The samples of a file with the usual column names; `gyr` rad/s per unit, `acc` m/s² per unit.
pub fn samples(path: &Path, acc: f64, gyr: f64) -> Vec<Sample> {
    columns(path, &["t_s", "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"])
        .iter()
        .map(|v| Sample {
            at_us: v[0] * 1e6,
            acc: [v[1] * acc, v[2] * acc, v[3] * acc],
            gyr: [v[4] * gyr, v[5] * gyr, v[6] * gyr],
            clipped: false,
        })
        .collect()
}

/// Samples per second: the inverse of the median step.
pub fn rate_hz(samples: &[Sample]) -> f64 {
    let mut steps: Vec<f64> = samples.windows(2).map(|w| w[1].at_us - w[0].at_us).filter(|dt| *dt > 0.0).collect();
    steps.sort_by(f64::total_cmp);
    1e6 / steps[steps.len() / 2]
}

/// One task over all samples.
pub fn follow(samples: &[Sample], task: Task) -> (Tracker, Vec<Movement>) {
    let mut tracker = Tracker::for_samples(rate_hz(samples)).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), task, None);
    for sample in samples {
        tracker.push_sample(sample, &mut out);
    }
    tracker.end(Micros(samples.last().unwrap().at_us as i64), &mut out);
    (tracker, out)
}

pub fn strides(out: &[Movement]) -> Vec<Stride> {
    out.iter().filter_map(|m| if let Movement::Strode(stride) = m { Some(stride.clone()) } else { None }).collect()
}

pub fn reps(out: &[Movement]) -> Vec<Rep> {
    out.iter().filter_map(|m| if let Movement::RepEnded(rep) = m { Some(rep.clone()) } else { None }).collect()
}

/// Times of contacts and of foot-offs, s.
pub fn events(out: &[Movement]) -> (Vec<f64>, Vec<f64>) {
    let contacts = out.iter().filter_map(|m| match m {
        Movement::InitialContact { at } => Some(at.seconds()),
        _ => None,
    });
    let offs = out.iter().filter_map(|m| if let Movement::FootOff { at } = m { Some(at.seconds()) } else { None });
    (contacts.collect(), offs.collect())
}

/// Mean and standard deviation.
pub fn mean_sd(values: &[f64]) -> (f64, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    let square = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / values.len() as f64;
    (mean, square.sqrt())
}

/// The samples as a sensor mounted another way round would give them: turned about a random axis by a random angle.
pub fn turned(samples: &[Sample], seed: u64) -> Vec<Sample> {
    // Marsaglia's way to a uniform unit quaternion needs no more randomness than a small generator gives.
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1u64 << 53) as f64 * 2.0 - 1.0
    };
    let mut pair = || loop {
        let (a, b) = (next(), next());
        let s = a * a + b * b;
        if s < 1.0 && s > 1e-9 {
            return (a, b, s);
        }
    };
    let ((a, b, s), (c, d, r)) = (pair(), pair());
    let scale = ((1.0 - s) / r).sqrt();
    let q = talus_motion::orient::Quat { w: a, x: b, y: c * scale, z: d * scale };
    samples.iter().map(|sample| Sample { acc: q.turn(sample.acc), gyr: q.turn(sample.gyr), ..*sample }).collect()
}

/// The files of a folder that end in `suffix`, in order of name.
pub fn files(folder: &Path, suffix: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(suffix)))
        .collect();
    found.sort();
    found
}

//! A shank and the foot of the same leg (`lower_leg_*.csv` with `foot_*.csv` beside): mounting, and strides of both.
//!
//! Protocol of the set: quiet standing from 20 to 30 s, a walk from about 45 s on.

use super::altered::any_turn;
use super::find;
use super::report::{Figure, Report};
use super::score::{between_deg, rms};
use crate::analyse::{self, Kind};
use crate::files::{self, ImuFile};
use std::path::PathBuf;
use talus_motion::calibrate::{Aligner, Mounting};
use talus_motion::orient::Quat;
use talus_sim::Chance;

const SET: &str = "qmt-legs";
/// How the files of the segments begin.
const SHANK: &str = "lower_leg_";
const FOOT: &str = "foot_";
const STAND: (f64, f64) = (20.0, 30.0);
const WALK_FROM_S: f64 = 45.0;
/// Ways the cuff is turned.
const TURNS: u64 = 200;
/// Strides of foot and shank that end within this time are the same, s.
const SAME_S: f64 = 0.3;

pub(super) fn judge(files: &[PathBuf], report: &mut Report) {
    for path in find::ending(files, ".csv").into_iter().filter(|path| find::name(path).starts_with(SHANK)) {
        let Some(shank) = report.take(files::read(path, None).map_err(Into::into)) else { continue };
        let Some(walk) = report.take(strides(&shank)) else { continue };
        let walk: Vec<(f64, f64)> = walk.into_iter().filter(|(from, _)| *from >= WALK_FROM_S).collect();
        let Some((from, to)) = walk.first().zip(walk.last()).map(|(first, last)| (first.0, last.1)) else {
            report.unlike(path, format!("nobody walks in it after {WALK_FROM_S} s"));
            continue;
        };
        let whole = aligned(&shank, from, to, Quat::IDENTITY);
        let figure = |metric, unit| Figure::new(SET, metric, unit).of(path);
        let quality = whole.map_or(f64::NAN, |mounting| mounting.quality);
        report.put(figure("alignment_quality", "share").at_least(0.85), quality, walk.len());
        let turned = whole.map_or(f64::NAN, |whole| {
            let off = |seed: u64| {
                let q = any_turn(&mut Chance::new(seed));
                aligned(&shank, from, to, q).map_or(f64::NAN, |found| apart_deg(&found, &whole, q))
            };
            largest((1..=TURNS).map(off))
        });
        report.put(figure("alignment_200_rotations_largest_error", "deg").at_most(1.0), turned, TURNS as usize);
        let middle = 0.5 * (from + to);
        let halves = aligned(&shank, from, middle, Quat::IDENTITY).zip(aligned(&shank, middle, to, Quat::IDENTITY));
        let halves = halves.map_or(f64::NAN, |(first, second)| apart_deg(&first, &second, Quat::IDENTITY));
        report.put(figure("alignment_first_against_second_half", "deg").at_most(5.0), halves, walk.len());

        let Some(foot) = other(path) else { continue };
        let Some(foot) = report.take(files::read(&foot, None).map_err(Into::into)) else { continue };
        let Some(steps) = report.take(strides(&foot)) else { continue };
        let steps: Vec<(f64, f64)> = steps.into_iter().filter(|(from, _)| *from >= WALK_FROM_S).collect();
        let apart = walk.len().abs_diff(steps.len()) as f64;
        report.put(figure("strides_shank_against_foot", "strides apart").at_most(0.0), apart, walk.len());
        let off: Vec<f64> = walk.iter().filter_map(|stride| difference_s(*stride, &steps)).map(|s| 1e3 * s).collect();
        let times = figure("stride_time_shank_against_foot_rms", "ms").at_most(30.0).peer(60.0);
        report.put(times, rms(&off), off.len());
    }
}

/// The foot of the same leg.
fn other(path: &std::path::Path) -> Option<PathBuf> {
    let foot = path.with_file_name(find::name(path).replacen(SHANK, FOOT, 1));
    foot.is_file().then_some(foot)
}

/// From contact to contact, s.
fn strides(file: &ImuFile) -> Result<Vec<(f64, f64)>, super::ValidateError> {
    let found = analyse::gait(file, None, None)?;
    Ok(found.events.iter().filter(|event| event.kind == Kind::Stride).map(|event| (event.t_s, event.t_end_s)).collect())
}

/// How much longer a stride is than the one of `others` that ends with it, s.
fn difference_s(stride: (f64, f64), others: &[(f64, f64)]) -> Option<f64> {
    let nearest = others.iter().min_by(|a, b| (a.1 - stride.1).abs().total_cmp(&(b.1 - stride.1).abs()))?;
    ((nearest.1 - stride.1).abs() <= SAME_S).then_some((stride.1 - stride.0) - (nearest.1 - nearest.0))
}

/// The mounting from the standing and from the walk between `from` and `to` seconds, of a cuff turned by `q`.
fn aligned(file: &ImuFile, from: f64, to: f64, q: Quat) -> Option<Mounting> {
    let mut aligner = Aligner::new();
    let mut last_us = f64::NEG_INFINITY;
    for sample in file.in_order().filter(|sample| sample.acc.iter().chain(&sample.gyr).all(|v| v.is_finite())) {
        let (at_s, dt_s) = (sample.at_us * 1e-6, (sample.at_us - last_us) * 1e-6);
        last_us = sample.at_us;
        if (STAND.0..STAND.1).contains(&at_s) {
            aligner.stand(q.turn(sample.acc), dt_s);
        }
        if (from..to).contains(&at_s) {
            aligner.turn(q.turn(sample.gyr), dt_s);
        }
    }
    aligner.mounting()
}

/// The larger angle between the directions of `found`, whose cuff was turned by `q`, and those of `reference`.
fn apart_deg(found: &Mounting, reference: &Mounting, q: Quat) -> f64 {
    let off = |a: [f64; 3], b: [f64; 3]| between_deg(a, q.turn(b));
    off(found.long, reference.long).max(off(found.flexion, reference.flexion))
}

/// The largest; not a number if one of them is none.
fn largest(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |most: f64, value| if value.is_nan() || most.is_nan() { f64::NAN } else { most.max(value) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strides_are_compared_with_the_one_that_ends_with_them() {
        let others = [(0.0, 1.0), (1.0, 2.1), (2.1, 3.0)];
        assert!((difference_s((1.0, 2.05), &others).unwrap() + 0.05).abs() < 1e-12);
        assert_eq!(difference_s((4.0, 5.0), &others), None);
        assert_eq!(difference_s((4.0, 5.0), &[]), None);
    }

    #[test]
    fn a_mounting_that_is_five_degrees_off_is_five_degrees_off() {
        let reference = Mounting { long: [0.0, 0.0, 1.0], flexion: [0.0, 1.0, 0.0], quality: 1.0 };
        let tilt = Quat::of_rate([0.0, 0.0, 5.0_f64.to_radians()], 1.0);
        let q = any_turn(&mut Chance::new(7));
        let found = Mounting {
            long: q.turn(tilt.turn(reference.long)),
            flexion: q.turn(tilt.turn(reference.flexion)),
            quality: 1.0,
        };
        assert!((apart_deg(&found, &reference, q) - 5.0).abs() < 1e-9);
        assert!(largest([1.0, f64::NAN, 2.0].into_iter()).is_nan());
        assert_eq!(largest([1.0, 3.0, 2.0].into_iter()), 3.0);
    }
}

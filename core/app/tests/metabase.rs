//! The two files of a MetaBase recording: joined by their times, honest about what only one of them has.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use proptest::prelude::*;
use shared_data::shared_data;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use talus_app::files::{FileError, FileNote, Preset, parse, read, recordings};
use talus_motion::Side;
use talus_motion::orient::norm;

const EPOCH: i64 = 1_568_464_903_335;
const ACC: &str = "epoch (ms),time (-05:00),elapsed (s),x-axis (g),y-axis (g),z-axis (g)\n";
const GYR: &str = "epoch (ms),time (-05:00),elapsed (s),x-axis (deg/s),y-axis (deg/s),z-axis (deg/s)\n";

/// A slow movement: what both sensors say `s` seconds after the beginning.
fn truth(s: f64) -> ([f64; 3], [f64; 3]) {
    let turn = (s / 3.0).rem_euclid(1.0);
    let angle = 16.0 * (turn * (1.0 - turn)) * (turn * (1.0 - turn));
    (
        [0.3 * angle, -0.02, 1.0 - 0.1 * angle * angle],
        [300.0 * turn * (1.0 - turn) * (1.0 - 2.0 * turn), 5.0 * angle, -1.0],
    )
}

/// A file of one sensor: rows every `step_ms` from `from_ms` on, as the app prints them; `gone` are left out.
fn half(names: &str, from_ms: i64, step_ms: i64, rows: i64, gone: std::ops::Range<i64>) -> String {
    let mut text = names.to_owned();
    for row in (0..rows).filter(|row| !gone.contains(row)) {
        let ms = from_ms + row * step_ms;
        let (acc, gyr) = truth(ms as f64 / 1000.0);
        let [x, y, z] = if names == ACC { acc } else { gyr };
        let elapsed = (row * step_ms) as f64 / 1000.0;
        writeln!(text, "{},2019-09-14T13.41.43.335,{elapsed:.3},{x:.4},{y:.4},{z:.4}", EPOCH + ms).unwrap();
    }
    text
}

fn name(folder: &Path, sensor: &str, hz: &str) -> PathBuf {
    folder.join(format!("kick left_MetaWear_2019-09-14T13.41.43.335_F1E55E2FE95F_{sensor}_{hz}Hz_1.5.0.csv"))
}

/// Both files of a recording in a folder.
fn pair(acc: &str, gyr: &str) -> (tempfile::TempDir, [PathBuf; 2]) {
    let folder = tempfile::tempdir().unwrap();
    let paths = [name(folder.path(), "Accelerometer", "100.000"), name(folder.path(), "Gyroscope", "100.000")];
    fs::write(&paths[0], acc).unwrap();
    fs::write(&paths[1], gyr).unwrap();
    (folder, paths)
}

fn refused(acc: &str, gyr: &str) -> FileError {
    let (_folder, paths) = pair(acc, gyr);
    let error = read(&paths[0], None).unwrap_err();
    assert!(!error.advice().is_empty() && error.to_string().len() < 600, "{error}");
    error
}

#[test]
fn two_files_become_one_recording_whichever_is_named_and_both_are_one() {
    // The gyroscope began 37 ms later, and half a period off.
    let (folder, paths) = pair(&half(ACC, 0, 10, 500, 0..0), &half(GYR, 37, 10, 500, 0..0));
    let [by_acc, by_gyr] = paths.each_ref().map(|path| read(path, None).unwrap());
    assert_eq!((by_acc.preset, by_acc.preset.name(), by_acc.side), (Preset::MetaBase, "metabase", Some(Side::Left)));
    assert_eq!(by_acc.samples, by_gyr.samples);
    assert!((by_acc.rate_hz - 100.0).abs() < 1e-9);
    // From 40 ms to 4,990 ms: what both have.
    assert_eq!(by_acc.samples.len(), 496);
    assert_eq!((by_acc.samples[0].at_us, by_acc.samples[495].at_us), (3_000.0, 4_953_000.0));
    for sample in &by_acc.samples {
        let (acc, gyr) = truth(sample.at_us * 1e-6 + 0.037);
        for axis in 0..3 {
            assert!((sample.acc[axis] / 9.80665 - acc[axis]).abs() < 1e-4, "printed to four digits");
            assert!((sample.gyr[axis].to_degrees() - gyr[axis]).abs() < 0.01, "and drawn between two of them");
        }
    }
    let gyroscope = paths[1].file_name().unwrap().to_string_lossy().into_owned();
    assert_eq!(by_acc.notes, [FileNote::Joined { file: gyroscope, rate_hz: 100.0 }, FileNote::Outside { rows: 4 }]);
    let alone = folder.path().join("other.csv");
    let listed = [paths[0].clone(), alone.clone(), paths[1].clone()];
    assert_eq!(recordings(&listed), [paths[0].clone(), alone.clone()]);
    assert_eq!(recordings(&[paths[1].clone(), paths[0].clone()]), [paths[1].clone()]);
    assert_eq!(recordings(&[alone.clone(), alone.clone()]), [alone.clone(), alone], "a file twice is played twice");
}

#[test]
fn the_times_of_the_faster_file_are_kept_and_older_names_are_known() {
    for (acc_ms, gyr_ms) in [(10, 20), (20, 10)] {
        let old = |text: String| text.replacen("epoch (ms),time (-05:00)", "epoc (ms),timestamp (-0400)", 1);
        let acc = old(half(ACC, 0, acc_ms, 5000 / acc_ms, 0..0));
        let (_folder, paths) = pair(&acc, &old(half(GYR, 5, gyr_ms, 5000 / gyr_ms, 0..0)));
        let file = read(&paths[0], None).unwrap();
        assert!((file.rate_hz - 100.0).abs() < 1e-9);
        assert!(file.samples.windows(2).all(|two| (two[1].at_us - two[0].at_us - 10_000.0).abs() < 1e-6));
        for sample in &file.samples {
            let at = sample.at_us * 1e-6 + 0.005;
            let (acc, gyr) = truth(at);
            assert!(
                (sample.acc[0] / 9.80665 - acc[0]).abs() < 2e-3 && (sample.gyr[0].to_degrees() - gyr[0]).abs() < 0.05
            );
        }
    }
}

#[test]
fn nothing_is_drawn_across_a_gap_of_either_file() {
    let (_folder, paths) = pair(&half(ACC, 0, 10, 500, 100..150), &half(GYR, 3, 10, 500, 300..340));
    let file = read(&paths[0], None).unwrap();
    // The accelerometer's gap is one of time; the gyroscope's leaves rows without six numbers.
    let void: Vec<f64> = file.samples.iter().filter(|s| s.gyr[0].is_nan()).map(|s| s.at_us * 1e-6 + 0.003).collect();
    assert_eq!(void.len(), 41, "300 to 339 and the one whose neighbours lie on both sides");
    assert!(void.iter().all(|s| (2.99..3.41).contains(s)), "{void:?}");
    assert!(file.samples.iter().all(|s| s.gyr[0].is_nan() == s.acc[0].is_nan()));
    let longest = file.samples.windows(2).map(|two| two[1].at_us - two[0].at_us).fold(0.0, f64::max);
    assert!((longest - 510_000.0).abs() < 1.0);
    assert!(file.notes.contains(&FileNote::NotInBoth { rows: 41 }), "{:?}", file.notes);
    let gaps = |note: &FileNote| matches!(note, FileNote::Gaps { gaps: 1, .. });
    assert!(file.notes.iter().any(gaps));
    assert!(file.notes.iter().any(|note| matches!(note, FileNote::OfOther { note, .. } if gaps(note))));
    assert!(file.notes.iter().all(|note| !note.to_string().is_empty()));
}

#[test]
fn a_missing_strange_or_other_half_is_refused_by_its_name() {
    let (acc, gyr) = (half(ACC, 0, 10, 500, 0..0), half(GYR, 0, 10, 500, 0..0));
    let (folder, paths) = pair(&acc, &gyr);
    // Of two that could be it the one of the same rate is; without it nothing tells; then there is none.
    let [slower, slowest] = ["50.000", "25.000"].map(|hz| name(folder.path(), "Gyroscope", hz));
    fs::copy(&paths[1], &slower).unwrap();
    assert!(read(&paths[0], None).is_ok());
    fs::rename(&paths[1], &slowest).unwrap();
    let half_for = |reason: &str| {
        let error = read(&paths[0], None).unwrap_err();
        assert!(matches!(&error, FileError::Half { .. }), "{error}");
        assert!(error.to_string().contains(reason) && error.to_string().contains("acceleration"), "{error}");
    };
    half_for("several files");
    fs::remove_file(&slower).unwrap();
    assert!(read(&paths[0], None).is_ok());
    fs::remove_file(&slowest).unwrap();
    half_for("not beside it");
    let renamed = folder.path().join("renamed.csv");
    fs::rename(&paths[0], &renamed).unwrap();
    assert!(matches!(read(&renamed, None), Err(FileError::Half { .. })));
    assert!(
        matches!(parse(acc.as_bytes(), Path::new("x.csv"), None), Err(FileError::Half { .. })),
        "no folder to look in"
    );

    assert!(matches!(refused(&acc, &acc), FileError::Columns { .. }), "an accelerometer twice");
    assert!(matches!(refused(&acc, "a,b\n1,2\n"), FileError::Columns { .. }));
    assert!(matches!(refused(&acc, ""), FileError::Empty { .. }));
    assert!(matches!(refused(&acc, GYR), FileError::Empty { .. }));
    assert!(matches!(refused(&acc, &half(GYR, 0, 10, 2, 0..0)), FileError::TooShort { .. }));
    let later = half(GYR, 4000, 10, 500, 0..0);
    assert!(matches!(refused(&acc, &later), FileError::Apart { shared_s, .. } if (shared_s - 0.99).abs() < 0.01));
    assert!(matches!(refused(&acc, &half(GYR, 86_400_000, 10, 500, 0..0)), FileError::Apart { .. }), "another day");
    assert!(matches!(refused(&acc, &half(GYR, 0, 10, 100, 0..0)), FileError::Apart { .. }), "a fifth of it");
    assert!(matches!(refused(&acc, &half(GYR, 0, 200, 30, 0..0)), FileError::Rate { .. }));
    let mut lines: Vec<&str> = gyr.lines().collect();
    lines[1..].reverse();
    assert!(matches!(refused(&acc, &lines.join("\n")), FileError::TimeOrder { .. }), "backwards");
    assert!(matches!(refused(&acc, &gyr.replace(",-1.0000", ",many")), FileError::Number { .. }));
    assert!(matches!(refused(&acc, &gyr.replace(",-1.0000", ",nan")), FileError::NotMeasured { .. }));
}

#[test]
fn of_two_files_of_unlike_length_what_both_have_is_read() {
    let (_folder, paths) = pair(&half(ACC, 0, 10, 500, 0..0), &half(GYR, 0, 10, 320, 0..0));
    let file = read(&paths[1], None).unwrap();
    assert_eq!(file.samples.len(), 320);
    assert!(file.notes.contains(&FileNote::Outside { rows: 180 }), "{:?}", file.notes);
}

#[test]
fn a_real_recording_parted_into_two_files_comes_back_as_it_was() {
    let test = "a_real_recording_parted_into_two_files_comes_back_as_it_was";
    let Some(folder) = shared_data(test, "qmt-legs") else { return };
    let original = read(&folder.join("lower_leg_left.csv"), None).unwrap();
    let (mut acc, mut gyr) = (ACC.to_owned(), GYR.to_owned());
    for sample in &original.samples {
        let ms = EPOCH + (sample.at_us / 1000.0).round() as i64;
        let [ax, ay, az] = sample.acc.map(|a| a / 9.80665);
        let [gx, gy, gz] = sample.gyr.map(f64::to_degrees);
        writeln!(acc, "{ms},t,0,{ax:.6},{ay:.6},{az:.6}").unwrap();
        writeln!(gyr, "{ms},t,0,{gx:.6},{gy:.6},{gz:.6}").unwrap();
    }
    let (_folder, paths) = pair(&acc, &gyr);
    let joined = read(&paths[0], None).unwrap();
    assert_eq!(joined.samples.len(), original.samples.len());
    assert!((joined.rate_hz / original.rate_hz - 1.0).abs() < 1e-3, "{} {}", joined.rate_hz, original.rate_hz);
    for (one, other) in joined.samples.iter().zip(&original.samples) {
        let apart = |a: [f64; 3], b: [f64; 3]| norm([a[0] - b[0], a[1] - b[1], a[2] - b[2]]);
        assert!(apart(one.acc, other.acc) < 1e-4 && apart(one.gyr, other.gyr) < 1e-4);
    }
}

proptest! {
    #[test]
    fn whatever_two_files_hold_they_are_read_or_refused(
        acc in "[0-9.,\\-\\n a-z]{0,300}",
        gyr in "[0-9.,\\-\\n a-z]{0,300}",
        cut in 0usize..4000,
    ) {
        let mut good = half(ACC, 0, 10, 80, 0..0);
        good.truncate(cut.min(good.len()));
        for (acc, gyr) in [(format!("{ACC}{acc}"), format!("{GYR}{gyr}")), (good, format!("{GYR}{gyr}"))] {
            let (_folder, paths) = pair(&acc, &gyr);
            match read(&paths[0], None) {
                Ok(file) => prop_assert!(file.samples.len() >= 3),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
        }
    }
}

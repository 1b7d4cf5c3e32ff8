//! Lengths of strides on real walks: against optical markers, and where walks close on themselves.
//!
//! What is asserted leaves room to the values measured, which `--nocapture` prints.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod recording;
#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use recording::{RAD, columns, follow, mean_sd, samples, strides, turned};
use shared_data::shared_data;
use std::path::Path;
use talus_motion::{GRAVITY_MPS2, Micros, Movement, Sample, Site, Task, Tracker};

/// Lengths found less lengths of the heel marker's way between the same stances, metres, with the stated error; one
/// "stride" of the reference spans two, where the markers were lost in the turn.
fn errors(folder: &Path, samples: &[Sample]) -> Vec<(f64, f64)> {
    const RATE_HZ: f64 = 204.8;
    let marker = columns(&folder.join("healthy_left_mocap.csv"), &["t_s", "heel_x_mm", "heel_y_mm"]);
    let reference = columns(&folder.join("healthy_left_events.csv"), &["start", "end", "pre_ic", "ic"]);
    let (_, out) = follow(samples, Task::Walk);
    let found = strides(&out);
    let at = |t_s: f64| {
        let i = marker.partition_point(|row| row[0] < t_s).clamp(1, marker.len() - 1);
        let share = (t_s - marker[i - 1][0]) / (marker[i][0] - marker[i - 1][0]);
        [1, 2].map(|k: usize| 1e-3 * (marker[i - 1][k] + share * (marker[i][k] - marker[i - 1][k])))
    };
    let mut errors = Vec::new();
    for row in &reference {
        let contact_s = row[3] / RATE_HZ;
        let Some(stride) = found.iter().find(|s| (s.end.seconds() - contact_s).abs() < 0.1) else { continue };
        if (stride.start.seconds() - row[2] / RATE_HZ).abs() > 0.1 {
            continue;
        }
        let (a, b) = (at(row[0] / RATE_HZ), at(row[1] / RATE_HZ));
        let true_m = libm::hypot(b[0] - a[0], b[1] - a[1]);
        if let (Some(length_m), Some(error_m)) = (stride.length_m, stride.length_error_m) {
            errors.push((length_m - true_m, error_m));
        }
    }
    assert!(errors.len() + 1 >= reference.len(), "{} of {}", errors.len(), reference.len());
    errors
}

#[test]
fn lengths_of_a_shoe_are_those_of_the_optical_markers() {
    let Some(folder) = shared_data("lengths_of_a_shoe_are_those_of_the_optical_markers", "gaitmap-foot") else {
        return;
    };
    let samples = samples(&folder.join("healthy_left_imu.csv"), 1.0, RAD);
    let errors = errors(&folder, &samples);
    let off: Vec<f64> = errors.iter().map(|e| e.0).collect();
    let (bias, sd) = mean_sd(&off);
    let mae = mean_sd(&off.iter().map(|e| e.abs()).collect::<Vec<_>>()).0;
    let stated = mean_sd(&errors.iter().map(|e| e.1).collect::<Vec<_>>()).0;
    println!(
        "gaitmap healthy, left shoe: {} lengths {:+.1} ± {:.1} cm off, MAE {:.1} cm, stated ± {:.1} cm",
        off.len(),
        100.0 * bias,
        100.0 * sd,
        100.0 * mae,
        100.0 * stated
    );
    // Peer (gaitmap, both feet): MAE 3.9 cm.
    assert!(mae <= 0.028, "{mae}");
    // The stated error is one standard deviation: neither half nor double of what it is.
    assert!((0.5..=2.0).contains(&(stated / libm::hypot(sd, bias))), "{stated} {sd}");
}

#[test]
fn a_way_there_and_back_closes_and_its_turns_are_seen() {
    let test = "a_way_there_and_back_closes_and_its_turns_are_seen";
    // 2 × 20 m with a turn, 4 × 10 m with three, and one at the end of the first; both end where they began, the person's
    // own width and the steps that are none aside.
    for (file, turns, length_m) in [("healthy_left_imu.csv", 2, 40.0), ("icwalk_left_imu.csv", 3, 36.0)] {
        let Some(folder) = shared_data(test, "gaitmap-foot") else { return };
        let samples = samples(&folder.join(file), 1.0, RAD);
        let (tracker, out) = follow(&samples, Task::Walk);
        let angles: Vec<f64> = out
            .iter()
            .filter_map(|m| if let Movement::Turned { angle_deg, .. } = m { Some(*angle_deg) } else { None })
            .collect();
        let off_m = tracker.start_distance_m().unwrap();
        let way_m: f64 = strides(&out).iter().filter_map(|s| s.length_m).sum();
        println!("{file}: {way_m:.1} m, ends {off_m:.2} m from its start, turns {angles:.0?}");
        assert_eq!(angles.len(), turns, "{angles:?}");
        assert!(angles.iter().all(|deg| (deg.abs() - 180.0).abs() < 20.0), "{angles:?}");
        assert!((way_m / length_m - 1.0).abs() < 0.12, "{way_m}");
        assert!(off_m < 0.03 * way_m, "{off_m}");
    }
}

#[test]
fn lengths_do_not_depend_on_the_mounting_and_on_the_height_as_the_pivot_says() {
    let test = "lengths_do_not_depend_on_the_mounting_and_on_the_height_as_the_pivot_says";
    let Some(folder) = shared_data(test, "qmt-legs") else { return };
    let samples = samples(&folder.join("lower_leg_left.csv"), 1.0, 1.0);
    let lengths = |samples: &[Sample], site: Option<Site>| {
        let mut tracker = Tracker::for_samples(100.0).unwrap();
        if let Some(site) = site {
            tracker.wear(site);
        }
        let mut out = Vec::new();
        tracker.begin(Micros(0), Task::Walk, None);
        for sample in samples {
            tracker.push_sample(sample, &mut out);
        }
        strides(&out).iter().filter_map(|stride| stride.length_m).collect::<Vec<_>>()
    };
    let usual = lengths(&samples, None);
    assert!(usual.len() >= 40, "{}", usual.len());
    for seed in 1..=5 {
        for (a, b) in lengths(&turned(&samples, seed), None).iter().zip(&usual) {
            assert!((a - b).abs() < 0.01, "mounting {seed}: {a} {b}");
        }
    }
    let mean = |site| mean_sd(&lengths(&samples, Some(site))).0;
    let (low, high) = (mean(Site::Shank { above_ankle_m: 0.05 }), mean(Site::Shank { above_ankle_m: 0.25 }));
    let foot = mean(Site::Foot);
    println!("qmt shank: {low:.3} m at 5 cm, {high:.3} m at 25 cm, {foot:.3} m taken for a foot");
    // Published: 1.5 cm of a stride for every cm of height.
    assert!((0.6..=2.2).contains(&((high - low) / 0.20)), "{low} {high}");
    assert!(foot < low);
}

#[test]
fn a_loop_of_a_shoe_with_repeated_rows_and_gaps_closes() {
    let Some(folder) = shared_data("a_loop_of_a_shoe_with_repeated_rows_and_gaps_closes", "xio-gait") else { return };
    let samples = samples(&folder.join("short_walk.csv"), GRAVITY_MPS2, RAD);
    let (tracker, out) = follow(&samples, Task::Walk);
    let way_m: f64 = strides(&out).iter().filter_map(|stride| stride.length_m).sum();
    let off_m = tracker.start_distance_m().unwrap();
    println!("xio short walk: {way_m:.1} m, ends {off_m:.2} m from its start");
    // Gaps of up to 12.6 ms are none at 398 Hz.
    assert!(!out.iter().any(|m| matches!(m, Movement::Gapped(_))));
    assert!(way_m > 18.0 && off_m < 0.04 * way_m, "{way_m} {off_m}");
}

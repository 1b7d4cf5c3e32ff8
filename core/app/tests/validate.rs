//! The judging of recordings as a whole: made-up answers with a known error, files known by their pattern, and the shared
//! recordings.

#![allow(clippy::unwrap_used, clippy::panic)] // helpers of tests are tests

#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use shared_data::shared_data;
use std::fmt::Write;
use std::fs;
use talus_app::validate::{Report, ValidateError, validate};
use talus_motion::orient::Quat;

/// A sensor that lies tilted by 10°, with a reference that says `10 + off` degrees.
fn tilted(off_deg: f64) -> String {
    let mut text = "t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z,ref_qw,ref_qx,ref_qy,ref_qz,movement\n".to_owned();
    let up = Quat::of_rate([10.0_f64.to_radians(), 0.0, 0.0], 1.0).back().turn([0.0, 0.0, 9.81]);
    let q = Quat::of_rate([(10.0 + off_deg).to_radians(), 0.0, 0.0], 1.0);
    for i in 0..2000 {
        // A sensor is never free of noise.
        let noise = if i % 2 == 0 { 1e-4 } else { -1e-4 };
        let t = f64::from(i) * 0.007;
        let movement = u8::from(i > 500);
        let reference = format!("{},{},{},{}", q.w, q.x, q.y, q.z);
        let acc = format!("{},{},{}", up[0] + noise, up[1], up[2]);
        writeln!(text, "{t:.3},{acc},{noise},0,0,{reference},{movement}").unwrap();
    }
    text
}

fn value(report: &Report, file: &str, metric: &str) -> f64 {
    let line = report.lines.iter().find(|line| line.file == file && line.metric == metric);
    line.unwrap_or_else(|| panic!("no {metric} of {file}")).value.unwrap()
}

#[test]
fn a_made_up_answer_that_is_two_degrees_off_is_judged_two_degrees_off() {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("rotations")).unwrap();
    fs::write(folder.path().join("rotations/some other trial.csv"), tilted(2.0)).unwrap();
    fs::write(folder.path().join("rotations/a third.csv"), tilted(0.0)).unwrap();
    fs::write(folder.path().join("rotations/README.md"), "nothing to judge").unwrap();
    let report = validate(folder.path()).unwrap();
    let streaming = "inclination_rmse_streaming";
    assert!((value(&report, "some other trial.csv", streaming) - 2.0).abs() < 0.01);
    assert!(value(&report, "a third.csv", streaming) < 0.01);
    for metric in [streaming, "inclination_rmse_offline", "inclination_rmse_every_third_sample"] {
        assert!((value(&report, "*", metric) - 1.0).abs() < 0.01, "{metric}");
    }
    assert!(!report.pass(), "one degree is more than the bar");
}

#[test]
fn a_file_that_cannot_be_read_costs_no_other_its_figures_and_fails_the_whole() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("good.csv"), tilted(0.0)).unwrap();
    fs::write(folder.path().join("broken.csv"), tilted(0.0).replace("0.350,", "later,")).unwrap();
    let report = validate(folder.path()).unwrap();
    assert_eq!(report.unread.len(), 1);
    assert!(report.unread[0].to_string().contains("broken.csv"), "{}", report.unread[0]);
    assert!(report.lines.iter().all(|line| line.pass != Some(false)) && !report.pass());
}

/// A leg that rests for so long, at 25 Hz.
fn resting(seconds: u32) -> String {
    let mut text = "t_s,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z\n".to_owned();
    for i in 0..25 * seconds {
        let noise = f64::from(i % 7) * 1e-3;
        writeln!(text, "{:.2},{noise},0.1,9.81,{noise},0,0", f64::from(i) * 0.04).unwrap();
    }
    text
}

#[test]
fn bad_files_among_good_ones_are_each_named_and_the_good_ones_are_scored() {
    let folder = tempfile::tempdir().unwrap();
    let put = |name: &str, content: &[u8]| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    put("rotations/good.csv", tilted(0.0).as_bytes());
    put("rotations/cut short.csv", tilted(0.0).lines().take(60).collect::<Vec<_>>().join("\n").as_bytes());
    put("legs/s1_seated_trunk_bend_shank_session.csv", resting(60).as_bytes());
    put("legs/s1_seated_knee_extension_shank_session.csv", resting(120).as_bytes());
    put("legs/s2_supine_leg_raise_shank_session.csv", b"\x00\xff\xfe");
    put("legs/s3_supine_leg_raise_shank_session.csv", b"");
    put("legs/s1_supine_leg_raise_shank_template.csv", resting(20).as_bytes());
    put("legs/template_times.csv", b"execution type,start,end,subject,exercise\n1,900,1000,1,supine_leg_raise\n");
    put("qmt-legs/lower_leg_left.csv", resting(60).as_bytes());
    put("gaitmap-foot/a_imu.csv", resting(10).as_bytes());
    put("gaitmap-foot/a_events.csv", b"pre_ic,ic,tc,start,end\n900,920,910,905,930\n");
    put("gaitmap-foot/b_imu.csv", resting(10).as_bytes());
    put("gaitmap-foot/b_borders.csv", b"start,end\n");
    put("gaitmap-foot/c_imu.csv", resting(10).as_bytes());
    put("gaitmap-foot/c_events.csv", b"ic\n7\n");
    #[cfg(unix)]
    std::os::unix::fs::symlink(folder.path(), folder.path().join("gaitmap-foot/round")).unwrap();
    let report = validate(folder.path()).unwrap();
    assert!(value(&report, "good.csv", "inclination_rmse_streaming") < 0.01);
    assert_eq!(value(&report, "s1_seated_trunk_bend_shank_session.csv", "still_leg_reps"), 0.0);
    let named: Vec<String> = report.unread.iter().map(ToString::to_string).collect();
    for bad in [
        "cut short.csv",
        "s1_seated_knee_extension_shank_session.csv",
        "s2_supine_leg_raise_shank_session.csv",
        "s3_supine_leg_raise_shank_session.csv",
        "s1_supine_leg_raise_shank_template.csv",
        "lower_leg_left.csv",
        "a_imu.csv",
        "b_imu.csv",
        "c_events.csv",
    ] {
        assert_eq!(named.iter().filter(|text| text.contains(bad)).count(), 1, "{bad}: {named:#?}");
    }
    assert_eq!(named.len(), 9, "{named:#?}");
    let missing: Vec<_> = report.lines.iter().filter(|line| line.value.is_none()).collect();
    assert!(missing.is_empty() && !report.pass(), "{missing:?}");
}

#[test]
fn a_folder_without_a_reference_and_one_that_is_none_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("walk.csv"), "t_s,acc_x\n0,1\n").unwrap();
    assert!(matches!(validate(folder.path()), Err(ValidateError::Nothing { .. })));
    assert!(matches!(validate(&folder.path().join("walk")), Err(ValidateError::Folder { .. })));
}

#[test]
fn the_shared_recordings_reach_the_bars_of_orientation_calibration_and_alignment() {
    let test = "the_shared_recordings_reach_the_bars_of_orientation_calibration_and_alignment";
    let Some(folder) = shared_data(test, "broad") else { return };
    let report = validate(folder.parent().unwrap()).unwrap();
    assert!(report.unread.is_empty(), "{:?}", report.unread);
    let mut judged = 0;
    for line in &report.lines {
        let ours = ["broad", "imucal-ferraris"].contains(&line.set) || line.metric.starts_with("alignment");
        if ours && line.bar.is_some() {
            assert_eq!(line.pass, Some(true), "{line:?}");
            judged += 1;
        }
    }
    assert_eq!(judged, 8);
    // Every set with a reference was found.
    for set in ["broad", "imucal-ferraris", "uci-physio-leg", "qmt-legs", "gaitmap-foot"] {
        assert!(report.lines.iter().any(|line| line.set == set), "{set}");
    }
}

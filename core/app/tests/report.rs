//! The page for a clinician, from sessions as they really come, and from recordings of other programs.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::fmt::Write as _;
use std::path::Path;
use talus_app::files::{ImuFile, read};
use talus_app::{DemoWish, Opening, ReportWish, Run, Talus};

fn talus(folder: &Path, language: &str) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: language.to_owned(), zone: Some("Europe/Berlin".to_owned()) }).unwrap()
}

fn trained(talus: &Talus, seed: u64) {
    let mut run = Run::demo(talus, DemoWish { seed }).unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
    }
    run.finish().unwrap();
}

#[test]
fn a_page_tells_sessions_of_its_days_with_units_marks_and_what_nobody_reviewed() {
    let folder = tempfile::tempdir().unwrap();
    let english = talus(folder.path(), "en");
    english.rename_person("Ada <b>").unwrap();
    trained(&english, 1);
    trained(&english, 2);
    let today = english.local_day();
    let wish = ReportWish { from_day: "2026-01-01".to_owned(), until_day: today };
    let german = talus(folder.path(), "de");
    for (talus, words) in [
        (
            &english,
            ["Not reviewed by a clinician.", "Ada &lt;b&gt;", "repetitions", "Range (°)", "Load (kg)", "lang=\"en\""],
        ),
        (
            &german,
            [
                "Von niemandem aus Medizin",
                "Ada &lt;b&gt;",
                "Wiederholungen",
                "Bewegungsumfang (°)",
                "Gewicht (kg)",
                "lang=\"de\"",
            ],
        ),
    ] {
        let page = talus.report(&wish).unwrap();
        for word in words {
            assert!(page.contains(word), "{word} in {page}");
        }
        assert_eq!(page.matches("<svg").count(), 6, "range and load of three exercises");
        // Each session and leg is one mark in the plot of its load, and one in that of its range where it was measured.
        let points: Vec<_> = ["knee_ext_seated", "stand_abd", "quad_set_slr"]
            .iter()
            .flat_map(|id| talus.course(id, None).unwrap())
            .flat_map(|course| course.points)
            .collect();
        let marks: usize = points.iter().map(|point| 1 + usize::from(point.range_deg.is_some())).sum();
        assert!(points.len() == 12 && marks > 18);
        assert_eq!(page.matches("<circle").count() + page.matches("<rect").count(), marks);
        assert!(page.contains("<b>2</b>"), "two sessions");
        assert!(!page.contains("http") && !page.contains("<script"), "it needs nothing else");
        if let Ok(folder) = std::env::var("TALUS_REPORT_TO") {
            std::fs::write(Path::new(&folder).join(format!("{}.html", talus.texts().language())), &page).unwrap();
        }
    }
    let other = ReportWish { from_day: "2020-01-01".to_owned(), until_day: "2020-02-01".to_owned() };
    let page = english.report(&other).unwrap();
    assert!(page.contains("No session between these days.") && !page.contains("<svg"));
}

/// Ten seconds at 100 Hz of a sensor that lies still, then turns about one axis.
fn recording(head: &str, row: impl Fn(usize, [f64; 3], [f64; 3]) -> String) -> String {
    let mut text = head.to_owned();
    for n in 0..1000 {
        let turning = if n > 500 { 30.0 } else { 0.0 };
        let _ = writeln!(text, "{}", row(n, [0.01, 0.02, 1.0], [turning, 0.1, -0.1]));
    }
    text
}

fn samples(name: &str, text: &str) -> ImuFile {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, text).unwrap();
    read(&path, None).unwrap_or_else(|error| unreachable!("{name}: {error}"))
}

#[test]
fn recordings_of_vendors_apps_are_read_with_their_own_units_and_clocks() {
    // x-IMU3 Software writes microseconds, degrees a second and g, each named with its unit.
    let xio = recording(
        "Timestamp (us),Gyroscope X (deg/s),Gyroscope Y (deg/s),Gyroscope Z (deg/s),Accelerometer X (g),Accelerometer Y (g),Accelerometer Z (g)\n",
        |n, acc, gyr| {
            format!("{},{},{},{},{},{},{}", 77_000_000 + n * 10_000, gyr[0], gyr[1], gyr[2], acc[0], acc[1], acc[2])
        },
    );
    // Movella DOT exports lines about the device first, then a counter and its clock in microseconds.
    let dot = recording(
        "sep=,\nDeviceTag:,Right ankle\nFirmwareVersion:,2.0.0\nOutputRate:,100Hz\nPacketCounter,SampleTimeFine,Acc_X,Acc_Y,Acc_Z,Gyr_X,Gyr_Y,Gyr_Z\n",
        |n, acc, gyr| {
            let acc = acc.map(|one| one * 9.80665);
            format!("{n},{},{},{},{},{},{},{}", 5_000_000 + n * 10_000, acc[0], acc[1], acc[2], gyr[0], gyr[1], gyr[2])
        },
    );
    for (name, text) in [("Inertial.csv", xio), ("DOT_1.csv", dot)] {
        let file = samples(name, &text);
        assert_eq!(file.samples.len(), 1000, "{name}");
        assert!((file.rate_hz - 100.0).abs() < 0.5, "{name}: {} Hz", file.rate_hz);
        let last = file.samples.last().unwrap();
        let [turn, ..] = last.gyr;
        let [.., up] = last.acc;
        assert!((turn.to_degrees() - 30.0).abs() < 0.5, "{name}: {turn}");
        assert!((up - 9.80665).abs() < 0.02, "{name}: {up}");
    }
}

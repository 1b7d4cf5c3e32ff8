//! Balance and function tests on recordings: of sensors that lay still, which say what a cuff cannot see, and of people
//! who only bent the trunk on a chair, which is no getting up.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod recording;
#[path = "../../../tests/shared_data.rs"]
#[allow(unreachable_pub)]
mod shared_data;

use recording::{columns, files};
use shared_data::shared_data;
use talus_motion::balance::SWAY_FLOOR_DEG;
use talus_motion::orient::Vqf;
use talus_motion::{Micros, Movement, Outcome, Reason, Sample, SwayMeter, Task, Test, Tracker};

const SENSORS: [&str; 6] = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"];

#[test]
fn a_sensor_that_lies_still_sways_less_than_the_floor() {
    let Some(folder) = shared_data("a_sensor_that_lies_still_sways_less_than_the_floor", "broad") else { return };
    let rate_hz = 1000.0 / 7.0;
    let mut rests = Vec::new();
    for path in files(&folder, ".csv") {
        let (mut vqf, mut meter, mut since) = (Vqf::new(rate_hz), SwayMeter::new(), 0);
        for (i, row) in columns(&path, &SENSORS).iter().enumerate() {
            vqf.update([row[3], row[4], row[5]], [row[0], row[1], row[2]], 1.0 / rate_hz);
            if !vqf.at_rest() {
                (meter, since) = (SwayMeter::new(), i);
                continue;
            }
            // The filter has settled.
            if i - since > (3.0 * rate_hz) as usize && i % 3 == 0 {
                meter.push(i as f64 * 1e6 / rate_hz, vqf.up());
            }
            // Six seconds at a time.
            if meter.seconds() >= 6.0 {
                rests.push(meter.sway().unwrap().wobble_deg);
                meter = SwayMeter::new();
            }
        }
    }
    rests.sort_by(f64::total_cmp);
    println!(
        "{} rests, wobble {:.4}° in the middle, {:.4}° at most",
        rests.len(),
        rests[rests.len() / 2],
        rests[rests.len() - 1]
    );
    assert!(rests.len() >= 8 && rests[rests.len() / 2] <= SWAY_FLOOR_DEG, "{rests:.4?}");
}

/// The outcome of a test that is the whole of a recording at 25 Hz.
fn outcome(path: &std::path::Path, test: Test) -> Outcome {
    let mut tracker = Tracker::for_samples(25.0).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), Task::Test(test), None);
    let rows = columns(path, &SENSORS);
    for (i, row) in rows.iter().enumerate() {
        let sample = Sample {
            at_us: i as f64 * 4e4,
            acc: [row[0], row[1], row[2]],
            gyr: [row[3], row[4], row[5]],
            clipped: false,
        };
        tracker.push_sample(&sample, &mut out);
    }
    tracker.end(Micros::from_seconds(rows.len() as f64 * 0.04), &mut out);
    out.iter().find_map(|m| if let Movement::Tested(outcome) = m { Some(*outcome) } else { None }).unwrap()
}

#[test]
fn bending_the_trunk_on_a_chair_is_not_counted_as_getting_up_without_a_doubt() {
    let name = "bending_the_trunk_on_a_chair_is_not_counted_as_getting_up_without_a_doubt";
    let Some(folder) = shared_data(name, "uci-physio-leg") else { return };
    let bends: Vec<_> = files(&folder, "_shank_session.csv")
        .into_iter()
        .filter(|path| path.to_string_lossy().contains("trunk_bend"))
        .collect();
    assert!(bends.len() >= 3);
    for path in bends {
        let outcome = outcome(&path, Test::ChairStand { seconds: f64::INFINITY });
        println!("{}: {:?} {:?}", path.display(), outcome.value, outcome.quality.reasons().collect::<Vec<_>>());
        let told = outcome.value.is_some_and(|stands| stands > 0.0) && !outcome.quality.has(Reason::Disagree);
        assert!(!told, "{outcome:?}");
    }
}

//! A cuff that creeps round the leg or tilts is noticed while it is followed, and what is found after says so.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod made;

use made::{PERIOD_US, walking};
use talus_motion::calibrate::Change;
use talus_motion::orient::Quat;
use talus_motion::{Micros, Movement, Reason, Sample, Task, Tracker};

/// A leg that stands for 5 s and then walks, seen by a cuff turned by `cuff` on it.
fn follow(tracker: &mut Tracker, from_s: f64, seconds: f64, stands: bool, cuff: Quat, out: &mut Vec<Movement>) {
    let mut angle = 0.0;
    for i in 0..(seconds * 1e6 / PERIOD_US) as u32 {
        let t = from_s + f64::from(i) * PERIOD_US * 1e-6;
        let rate = if stands { 0.0 } else { walking(t) };
        angle += rate * PERIOD_US * 1e-6;
        let wobble = 1e-3 * libm::sin(t * 91.0);
        let sample = Sample {
            at_us: t * 1e6,
            acc: cuff.turn([-9.81 * libm::sin(angle) + wobble, 0.0, 9.81 * libm::cos(angle)]),
            gyr: cuff.turn([wobble, rate, 0.2 * rate]),
            clipped: false,
        };
        tracker.push_sample(&sample, out);
    }
}

fn changes(out: &[Movement]) -> Vec<Change> {
    out.iter().filter_map(|m| if let Movement::CuffChecked { change, .. } = m { Some(*change) } else { None }).collect()
}

#[test]
fn a_tracker_learns_how_a_cuff_sits_and_notices_when_it_does_no_longer() {
    let sits = Quat::of_rate([0.3, -0.8, 1.1], 1.0);
    let mut tracker = Tracker::for_samples(1e6 / PERIOD_US).unwrap();
    let mut out = Vec::new();
    tracker.align();
    follow(&mut tracker, 0.0, 5.0, true, sits, &mut out);
    follow(&mut tracker, 5.0, 20.0, false, sits, &mut out);
    let mounting = tracker.mounting().unwrap();
    assert!(mounting.ok(), "{mounting:?}");

    tracker.watch(mounting);
    tracker.begin(Micros(25_000_000), Task::Walk, None);
    follow(&mut tracker, 25.0, 60.0, false, sits, &mut out);
    let stayed = changes(&out);
    assert!(!stayed.is_empty() && stayed.iter().all(|change| !change.slipped()), "{stayed:?}");
    assert!(!tracker.quality().has(Reason::Slip));

    // It creeps round the long axis by 25°.
    let crept = sits.after(Quat::of_rate([0.0, 0.0, 25.0_f64.to_radians()], 1.0));
    out.clear();
    follow(&mut tracker, 85.0, 90.0, false, crept, &mut out);
    let told = changes(&out);
    assert!(told.last().is_some_and(|change| change.slipped()), "{told:?}");
    assert!(tracker.quality().has(Reason::Slip));
    let poor = out.iter().filter(|m| matches!(m, Movement::Strode(stride) if stride.quality.has(Reason::Slip))).count();
    assert!(poor > 5, "strides after it say so: {poor}");

    // Standing says nothing of how far it went round: only walking does.
    tracker.end(Micros(176_000_000), &mut out);
    out.clear();
    tracker.recheck();
    follow(&mut tracker, 176.0, 8.0, true, crept, &mut out);
    assert!(changes(&out).iter().all(|change| !change.slipped()), "{out:?}");
    assert!(tracker.quality().has(Reason::Slip), "it sits as it did after it went round");
    tracker.begin(Micros(185_000_000), Task::Walk, None);
    follow(&mut tracker, 185.0, 90.0, false, sits, &mut out);
    assert!(!tracker.quality().has(Reason::Slip), "{:?}", changes(&out));

    // A re-check sees a tilt, and a cuff that was put back.
    for (tilt_deg, slipped) in [(20.0_f64, true), (0.0, false)] {
        let now = sits.after(Quat::of_rate([tilt_deg.to_radians(), 0.0, 0.0], 1.0));
        let from = if slipped { 280.0 } else { 290.0 };
        tracker.end(Micros((from * 1e6) as i64), &mut out);
        out.clear();
        tracker.recheck();
        follow(&mut tracker, from, 8.0, true, now, &mut out);
        let told = changes(&out);
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(told[0].slipped(), slipped, "{told:?}");
        assert_eq!(tracker.quality().has(Reason::Slip), slipped);
    }
}

//! Legs that turn about one axis as they are told, followed.

use super::*;
use crate::model::{ExerciseModel, Tempo, TurnAxis};

pub(super) fn knee() -> ExerciseModel {
    ExerciseModel {
        kind: ModelKind::Angle,
        axis: TurnAxis::MedioLateral,
        range_deg: 85.0,
        min_count_deg: 45.0,
        tempo: Tempo { lift_s: 2.0, hold_s: 1.0, lower_s: 3.0, rest_s: 1.0 },
        leverage: None,
    }
}

/// A shank that turns about the cuff's y axis as `angle_deg(t)` says, gravity only.
fn swing(rate_hz: f64, seconds: f64, angle_deg: impl Fn(f64) -> f64) -> Vec<Sample> {
    (0..(seconds * rate_hz) as usize)
        .map(|i| {
            let t = i as f64 / rate_hz;
            let angle = angle_deg(t) / DEG_PER_RAD;
            let rate = (angle_deg(t + 1e-4) - angle_deg(t - 1e-4)) / 2e-4 / DEG_PER_RAD;
            // Turning by +angle about y takes the direction of up towards −x in the cuff's axes.
            let acc = [-9.81 * libm::sin(angle), 0.0, 9.81 * libm::cos(angle)];
            let wobble = 1e-3 * libm::sin(t * 91.0);
            Sample { at_us: t * 1e6, acc: [acc[0] + wobble, acc[1], acc[2]], gyr: [0.0, rate, wobble], clipped: false }
        })
        .collect()
}

/// `n` repetitions of 2 s lift, 1 s hold, 3 s lower, 1 s rest after 2 s of rest, minimum-jerk in between.
fn reps(n: u32, range_deg: f64) -> impl Fn(f64) -> f64 {
    let ease = |x: f64| x * x * x * (10.0 - 15.0 * x + 6.0 * x * x);
    move |t: f64| {
        let t = t - 2.0;
        if t < 0.0 || t >= 7.0 * f64::from(n) {
            return 0.0;
        }
        let p = t % 7.0;
        range_deg
            * match p {
                p if p < 2.0 => ease(p / 2.0),
                p if p < 3.0 => 1.0,
                p if p < 6.0 => 1.0 - ease((p - 3.0) / 3.0),
                _ => 0.0,
            }
    }
}

fn follow(samples: &[Sample], rate_hz: f64, task: Task, own: Option<f64>) -> (Tracker, Vec<Movement>) {
    let mut tracker = Tracker::for_samples(rate_hz).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), task, own);
    for sample in samples {
        tracker.push_sample(sample, &mut out);
    }
    tracker.end(micros(samples.last().map_or(0.0, |s| s.at_us)), &mut out);
    (tracker, out)
}

fn ended(out: &[Movement]) -> Vec<&crate::Rep> {
    out.iter().filter_map(|m| if let Movement::RepEnded(rep) = m { Some(rep) } else { None }).collect()
}

#[test]
fn five_clean_repetitions_are_counted_with_their_range_and_tempo() {
    let samples = swing(100.0, 40.0, reps(5, 60.0));
    let (tracker, out) = follow(&samples, 100.0, Task::Reps(knee()), None);
    assert_eq!((tracker.live().reps, tracker.live().short_reps), (5, 0));
    for (i, rep) in ended(&out).into_iter().enumerate() {
        assert!((rep.range_deg.unwrap() - 60.0).abs() < 1.5, "{rep:?}");
        assert!((rep.lift_s - 2.0).abs() < 0.25 && (rep.lower_s - 3.0).abs() < 0.35, "{rep:?}");
        assert!((rep.hold_s - 1.0).abs() < 0.4, "{rep:?}");
        assert!((rep.start.seconds() - (2.0 + 7.0 * i as f64)).abs() < 0.25, "{rep:?}");
        // Minimum jerk peaks at 1.875 times its mean rate.
        assert!((rep.peak_deg_per_s - 1.875 * 30.0).abs() < 4.0, "{rep:?}");
        assert!(rep.detectors.is_empty() && rep.quality.ok(), "{rep:?}");
    }
}

#[test]
fn a_set_that_begins_inside_a_lift_finds_where_the_leg_rests() {
    // The leg is held up when the set begins; its top and its rest last equally long.
    let angle = |t: f64| reps(6, 60.0)(t + 4.5);
    let rises = |t: f64| 0.5 * (1.0 - libm::cos(angle(t) / DEG_PER_RAD));
    let mut samples = swing(100.0, 39.0, angle);
    for sample in &mut samples {
        let t = sample.at_us * 1e-6;
        // The cuff sits half a metre from the joint: what it rises is felt along the vertical.
        let felt = (rises(t + 1e-2) - 2.0 * rises(t) + rises(t - 1e-2)) / 1e-4;
        let share = 1.0 + felt / 9.81;
        sample.acc = sample.acc.map(|a| a * share);
    }
    let (tracker, out) = follow(&samples, 100.0, Task::Reps(knee()), None);
    let found = ended(&out);
    assert_eq!((tracker.live().reps, found.len()), (5, 5), "the lift before the set is not one of it");
    let phases = out.iter().filter_map(|m| if let Movement::PhaseChanged { at, .. } = m { Some(*at) } else { None });
    assert!(phases.is_sorted(), "{out:?}");
    for (i, rep) in found.into_iter().enumerate() {
        assert!((rep.start.seconds() - (4.5 + 7.0 * i as f64)).abs() < 0.4, "{rep:?}");
        assert!((rep.lift_s - 2.0).abs() < 0.4 && (rep.lower_s - 3.0).abs() < 0.5, "{rep:?}");
        assert!((rep.range_deg.unwrap() - 60.0).abs() < 3.0, "{rep:?}");
    }
}

#[test]
fn lying_down_after_the_set_began_is_a_new_pose_and_no_lift() {
    let ease = |x: f64| x * x * x * (10.0 - 15.0 * x + 6.0 * x * x);
    // Three seconds of standing, two of lying down, four of lying still, then five leg raises of 35°.
    let raises = reps(5, -35.0);
    let samples = swing(100.0, 48.0, move |t| match t {
        t if t < 3.0 => 0.0,
        t if t < 5.0 => 90.0 * ease((t - 3.0) / 2.0),
        t => 90.0 + raises(t - 7.0),
    });
    let raise = ExerciseModel { range_deg: 45.0, min_count_deg: 25.0, ..knee() };
    let (tracker, out) = follow(&samples, 100.0, Task::Reps(raise), None);
    assert_eq!((tracker.live().reps, tracker.live().short_reps), (5, 0), "{:?}", ended(&out));
    assert!(ended(&out).iter().all(|rep| (rep.range_deg.unwrap() - 35.0).abs() < 1.5), "{:?}", ended(&out));
}

#[test]
fn a_lift_far_beyond_what_is_usual_that_is_held_perfectly_still_is_one_all_the_same() {
    let ease = |x: f64| x * x * x * (10.0 - 15.0 * x + 6.0 * x * x);
    // Up by 80° in two seconds, five seconds without a tremor, down, two seconds of rest.
    let samples = swing(100.0, 60.0, move |t| match (t - 2.0).rem_euclid(11.0) {
        _ if t < 2.0 => 0.0,
        p if p < 2.0 => 80.0 * ease(p / 2.0),
        p if p < 7.0 => 80.0,
        p if p < 9.0 => 80.0 * (1.0 - ease((p - 7.0) / 2.0)),
        _ => 0.0,
    });
    let raise = ExerciseModel { range_deg: 45.0, min_count_deg: 25.0, ..knee() };
    let (tracker, out) = follow(&samples, 100.0, Task::Reps(raise), None);
    assert_eq!((tracker.live().reps, tracker.live().short_reps), (5, 0), "{:?}", ended(&out));
    for rep in ended(&out) {
        assert!((rep.range_deg.unwrap() - 80.0).abs() < 1.5 && (rep.hold_s - 5.0).abs() < 0.4, "{rep:?}");
    }
}

#[test]
fn a_leg_that_shifts_a_little_the_other_way_before_its_first_lift_has_lifted_once() {
    let ease = |x: f64| x * x * x * (10.0 - 15.0 * x + 6.0 * x * x);
    let samples = swing(50.0, 40.0, move |t| match t {
        t if t < 3.0 => 0.0,
        t if t < 4.0 => -7.0 * ease(t - 3.0),
        t if t < 5.0 => -7.0,
        t if t < 6.5 => -7.0 + 47.0 * ease((t - 5.0) / 1.5),
        t if t < 8.0 => 40.0,
        t if t < 10.0 => 40.0 * (1.0 - ease((t - 8.0) / 2.0)),
        t => reps(4, 40.0)(t - 9.0),
    });
    let raise = ExerciseModel { range_deg: 45.0, min_count_deg: 25.0, ..knee() };
    let (tracker, out) = follow(&samples, 50.0, Task::Reps(raise), None);
    assert_eq!((tracker.live().reps, tracker.live().short_reps), (5, 0), "{:?}", ended(&out));
    assert!((ended(&out)[0].start.seconds() - 5.5).abs() < 1.0, "{:?}", ended(&out)[0]);
}

#[test]
fn a_repetition_is_announced_within_a_second_of_its_end() {
    let samples = swing(100.0, 12.0, reps(1, 60.0));
    let mut tracker = Tracker::for_samples(100.0).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), Task::Reps(knee()), None);
    let mut announced = f64::NAN;
    for sample in &samples {
        tracker.push_sample(sample, &mut out);
        if announced.is_nan() && !ended(&out).is_empty() {
            announced = sample.at_us * 1e-6;
        }
    }
    assert!((7.5..=9.0).contains(&announced), "lowering ends at 8.0 s, announced at {announced} s");
}

#[test]
fn half_movements_are_short_against_the_own_range_and_full_without_one() {
    let samples = swing(100.0, 40.0, reps(5, 30.0));
    let (own, _) = follow(&samples, 100.0, Task::Reps(knee()), Some(80.0));
    assert_eq!((own.live().reps, own.live().short_reps), (0, 5));
    let (unknown, _) = follow(&samples, 100.0, Task::Reps(knee()), None);
    assert_eq!((unknown.live().reps, unknown.live().short_reps), (5, 0));
}

#[test]
fn a_still_leg_has_no_repetitions_and_is_told_to_be_still() {
    let samples = swing(100.0, 30.0, |_| 0.0);
    let (tracker, out) = follow(&samples, 100.0, Task::Reps(knee()), None);
    assert_eq!(tracker.live().reps + tracker.live().short_reps, 0);
    assert!(matches!(out.as_slice(), [Movement::Stilled { .. }]), "{out:?}");
}

#[test]
fn a_timer_exercise_is_not_measured() {
    let samples = swing(50.0, 20.0, reps(2, 60.0));
    let model = ExerciseModel { kind: ModelKind::Timer, ..knee() };
    let (tracker, out) = follow(&samples, 50.0, Task::Reps(model), None);
    assert_eq!(tracker.live().angle_deg, None);
    assert!(ended(&out).is_empty());
}

#[test]
fn the_gyroscope_model_counts_the_same_movement() {
    let samples = swing(100.0, 40.0, reps(5, 60.0));
    let model = ExerciseModel { kind: ModelKind::Gyro, ..knee() };
    let (tracker, _) = follow(&samples, 100.0, Task::Reps(model), None);
    assert_eq!((tracker.live().reps, tracker.live().short_reps), (5, 0));
}

#[test]
fn a_stream_that_cannot_be_followed_is_refused_in_words() {
    assert_eq!(Tracker::for_samples(10.0).unwrap_err(), TrackerError::Rate(10.0));
    assert!(Tracker::for_samples(f64::NAN).is_err());
    assert!(Tracker::for_samples(12.5).is_ok());
}

//! Bad input, each kind by its name: a typed quality, never a panic, never a repetition or stride that did not happen.
//!
//! A leg walks or lifts, something happens to what arrives, and what is found is held against what the leg did.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod made;

use made::{PERIOD_US, config, counts, knee, lifting, walking};
use proptest::collection::vec;
use proptest::prelude::{any, prop, prop_assert, proptest};
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, Micros, Movement, Reason, Rep, Sample, SampleBlock, StreamConfig, Stride,
    Task, Test, Tracker, TrackerError,
};

const SAMPLES: usize = 4000;

/// A leg that walks (else lifts) for 40 s, at full precision.
fn samples(walks: bool, seed: u64) -> Vec<Sample> {
    let counts = if walks { counts(SAMPLES, walking, seed) } else { counts(SAMPLES, lifting, seed) };
    let config = config();
    let sample = |(i, c): (usize, &[i16; 6])| {
        let v = c.map(f64::from);
        Sample {
            at_us: i as f64 * PERIOD_US,
            acc: [v[0], v[1], v[2]].map(|v| v * config.acc_mps2_per_count),
            gyr: [v[3], v[4], v[5]].map(|v| v * config.gyr_radps_per_count),
            clipped: false,
        }
    };
    counts.iter().enumerate().map(sample).collect()
}

fn task(walks: bool) -> Task {
    if walks { Task::Walk } else { Task::Reps(knee()) }
}

/// What a tracker finds in samples, and the tracker after.
fn follow(samples: &[Sample], task: Task) -> (Tracker, Vec<Movement>) {
    let mut tracker = Tracker::for_samples(1e6 / PERIOD_US).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), task, None);
    for sample in samples {
        tracker.push_sample(sample, &mut out);
    }
    (tracker, out)
}

fn strides(out: &[Movement]) -> Vec<&Stride> {
    out.iter().filter_map(|m| if let Movement::Strode(stride) = m { Some(stride) } else { None }).collect()
}

fn reps(out: &[Movement]) -> Vec<&Rep> {
    out.iter().filter_map(|m| if let Movement::RepEnded(rep) = m { Some(rep) } else { None }).collect()
}

fn found(out: &[Movement]) -> usize {
    strides(out).len() + reps(out).len()
}

/// Findings whose times lie across this time.
fn across(out: &[Movement], us: f64) -> usize {
    let over = |from: Micros, to: Micros| (from.0 as f64) < us && (to.0 as f64) > us;
    strides(out).iter().filter(|s| over(s.start, s.end)).count()
        + reps(out).iter().filter(|r| over(r.start, r.end)).count()
}

proptest! {
    #![proptest_config(prop::test_runner::Config { cases: 12, ..Default::default() })]

    #[test]
    fn values_that_are_not_numbers_are_told_and_invent_nothing(
        walks in any::<bool>(), seed in any::<u64>(), at in vec((0..SAMPLES, 0..6_usize, 0..3_u8), 1..40),
    ) {
        let mut given = samples(walks, seed);
        let whole = found(&follow(&given, task(walks)).1);
        for (place, axis, kind) in at {
            let bad = [f64::NAN, f64::INFINITY, f64::NEG_INFINITY][usize::from(kind)];
            let sample = &mut given[place];
            if axis < 3 { sample.acc[axis] = bad } else { sample.gyr[axis - 3] = bad }
        }
        let last = given.len() - 1;
        given[last].acc[0] = f64::NAN;
        let (tracker, out) = follow(&given, task(walks));
        prop_assert!(tracker.quality().has(Reason::NotFinite));
        prop_assert!(found(&out) <= whole + 1, "{} of {whole}", found(&out));
    }

    #[test]
    fn a_gyroscope_at_its_limit_is_told_and_strides_have_no_length(seed in any::<u64>()) {
        let mut given = samples(true, seed);
        let whole = found(&follow(&given, Task::Walk).1);
        // The swing peaks at 5.8 rad/s; the part ends at 5.
        for sample in &mut given {
            sample.clipped = sample.gyr.iter().any(|g| g.abs() >= 5.0);
            sample.gyr = sample.gyr.map(|g| g.clamp(-5.0, 5.0));
        }
        let (_, out) = follow(&given, Task::Walk);
        let strides = strides(&out);
        prop_assert!(strides.len().abs_diff(whole) <= 1, "{} of {whole}", strides.len());
        prop_assert!(strides.iter().all(|s| s.quality.has(Reason::GyrSaturated) && s.length_m.is_none()));
    }

    #[test]
    fn times_that_stand_still_run_back_or_repeat_change_nothing_but_the_quality(
        walks in any::<bool>(), seed in any::<u64>(), at in vec((1..SAMPLES, -2e6..0.0_f64), 1..40),
    ) {
        let given = samples(walks, seed);
        let (_, whole) = follow(&given, task(walks));
        let mut twice = given.clone();
        for (place, back_us) in at {
            // A row again, with its own time or an older one.
            let again = Sample { at_us: given[place].at_us + back_us.min(0.0), ..given[place] };
            let place = twice.partition_point(|s| s.at_us <= given[place].at_us);
            twice.insert(place.min(twice.len()), again);
        }
        // The order of arrival is that of the file, not that of the times.
        let (_, out) = follow(&twice, task(walks));
        prop_assert!(found(&out) == found(&whole), "{} of {}", found(&out), found(&whole));
        for (a, b) in strides(&out).iter().zip(strides(&whole)) {
            prop_assert!(a.start == b.start && a.end == b.end);
        }
    }

    #[test]
    fn a_rate_that_changes_is_told_and_nothing_is_counted_twice(walks in any::<bool>(), seed in any::<u64>()) {
        // Half way the sensor sends every fourth sample only.
        let given: Vec<Sample> = samples(walks, seed)
            .into_iter()
            .enumerate()
            .filter(|(i, _)| *i < SAMPLES / 2 || i % 4 == 0)
            .map(|(_, s)| s)
            .collect();
        let whole = found(&follow(&samples(walks, seed), task(walks)).1);
        let (tracker, out) = follow(&given, task(walks));
        prop_assert!(tracker.quality().has(Reason::Gap) || tracker.quality().has(Reason::Rate));
        prop_assert!(found(&out) <= whole + 1, "{} of {whole}", found(&out));
    }

    #[test]
    fn gaps_from_one_sample_to_ten_minutes_are_told_and_nothing_reaches_across_a_long_one(
        walks in any::<bool>(), seed in any::<u64>(), from in 500..3500_usize, length in 1..60_000_usize,
    ) {
        let mut given = samples(walks, seed);
        let whole = found(&follow(&given, task(walks)).1);
        // Short ones lose samples, long ones push the rest back.
        let shift_us = length as f64 * PERIOD_US;
        if length < 100 {
            given.drain(from..(from + length).min(SAMPLES - 1));
        } else {
            for sample in &mut given[from..] {
                sample.at_us += shift_us;
            }
        }
        let (tracker, out) = follow(&given, task(walks));
        let told = out.iter().filter(|m| matches!(m, Movement::Gapped(_))).count();
        let filled = if walks { 3 } else { 49 };
        prop_assert!(told == usize::from(length > filled), "{told} for {length}");
        prop_assert!(found(&out) <= whole + 1, "{} of {whole}", found(&out));
        if length > filled {
            prop_assert!(across(&out, from as f64 * PERIOD_US) == 0);
        }
        prop_assert!(tracker.live().at.0 >= (given[given.len() - 1].at_us) as i64 - 1);
    }

    #[test]
    fn a_stuck_sensor_is_told_and_finds_nothing_more(walks in any::<bool>(), seed in any::<u64>(), from in 1000..3000_usize) {
        let mut given = samples(walks, seed);
        let held = given[from];
        for sample in &mut given[from..] {
            *sample = Sample { at_us: sample.at_us, ..held };
        }
        let (tracker, out) = follow(&given, task(walks));
        prop_assert!(tracker.quality().has(Reason::Stuck));
        let after_us = given[from].at_us + 3e6;
        let late = strides(&out).iter().filter(|s| s.start.0 as f64 > after_us).count()
            + reps(&out).iter().filter(|r| r.start.0 as f64 > after_us).count();
        prop_assert!(late == 0, "{late}");
    }

    #[test]
    fn an_axis_that_stands_still_for_a_while_lifts_no_leg_and_hides_none_unsaid(
        seed in any::<u64>(), from in 500..3000_usize, length in 30..800_usize, axis in 0..6_usize,
    ) {
        let mut given = samples(false, seed);
        let held = given[from];
        for sample in &mut given[from..from + length] {
            if axis < 3 { sample.acc[axis] = held.acc[axis] } else { sample.gyr[axis - 3] = held.gyr[axis - 3] }
        }
        let (mut tracker, mut out, mut told) = (Tracker::for_samples(1e6 / PERIOD_US).unwrap(), Vec::new(), false);
        tracker.begin(Micros(0), task(false), None);
        for sample in &given {
            tracker.push_sample(sample, &mut out);
            told |= tracker.quality().has(Reason::Stuck);
        }
        // The leg lifts every four seconds from the second on, for two and a half.
        let mut done: Vec<(f64, f64)> = (0..10).map(|i| 2.0 + 4.0 * f64::from(i)).map(|at| (at, at + 2.5)).collect();
        for rep in reps(&out) {
            let (start, end) = (rep.start.seconds(), rep.end.seconds());
            let common = |(from, to): &(f64, f64)| (end.min(*to) - start.max(*from)) / (end - start).min(to - from);
            let place = done.iter().position(|one| common(one) >= 0.5);
            prop_assert!(place.is_some(), "axis {axis} at {from} for {length}: {start} to {end} s, {:?} degrees", rep.range_deg);
            done.remove(place.unwrap_or(0));
        }
        // What is missing now was not counted: for that there has to be a reason, and only where the axis stood still.
        let (held, freed) = (from as f64 * PERIOD_US * 1e-6, (from + length) as f64 * PERIOD_US * 1e-6);
        for (start, end) in done.into_iter().filter(|(_, end)| *end < SAMPLES as f64 * PERIOD_US * 1e-6 - 0.5) {
            let about = format!("axis {axis} from {held} to {freed} s: nothing from {start} to {end} s");
            // Half a second is too short to be sure, and costs no more than the lift it lies in.
            prop_assert!(told || length < 80, "{about}, and nothing said");
            prop_assert!(end > held && start < freed + 2.0, "{about}");
        }
    }

    #[test]
    fn missing_gravity_and_wrong_units_are_told_and_nothing_is_measured(
        seed in any::<u64>(), unit in prop::sample::select(vec![0.0, 1.0 / 9.81, 1000.0 / 9.81]),
    ) {
        // No gravity at all, g instead of m/s², milli-g.
        let mut given = samples(false, seed);
        for sample in &mut given {
            sample.acc = sample.acc.map(|a| a * unit);
        }
        let (tracker, out) = follow(&given, Task::Reps(knee()));
        prop_assert!(tracker.quality().has(Reason::NoGravity));
        prop_assert!(tracker.live().angle_deg.is_none());
        prop_assert!(reps(&out).iter().all(|rep| rep.start.seconds() < 3.0), "{:?}", reps(&out));
        let mut given = samples(true, seed);
        for sample in &mut given {
            sample.acc = sample.acc.map(|a| a * unit);
        }
        let (_, out) = follow(&given, Task::Walk);
        prop_assert!(strides(&out).iter().skip(3).all(|s| s.length_m.is_none()));
    }

    #[test]
    fn a_function_test_on_a_broken_signal_is_not_measured(seed in any::<u64>(), from in 500..3000_usize, which in 0..8_usize) {
        let tests = [
            Test::ChairStand { seconds: 30.0 }, Test::UpAndGo, Test::Stand, Test::FootUp,
            Test::Walk { way_m: 10.0 }, Test::HeelRises, Test::KneeToWall, Test::Range,
        ];
        let mut given = samples(seed % 2 == 0, seed);
        given.drain(from..from + 200);
        for value in [f64::NAN, 1e300] {
            given[10].acc[0] = value;
            let (mut tracker, mut out) = follow(&given, Task::Test(tests[which]));
            tracker.end(Micros(40_000_000), &mut out);
            let outcome = out.iter().find_map(|m| if let Movement::Tested(o) = m { Some(*o) } else { None }).unwrap();
            prop_assert!(outcome.value.is_none_or(f64::is_finite) && outcome.start <= outcome.end, "{outcome:?}");
            // What began before the gap and ended after it is not told.
            let over = outcome.start.seconds() < from as f64 * 0.01 && outcome.end.seconds() > (from + 200) as f64 * 0.01;
            prop_assert!(!over || outcome.value.is_none() && !outcome.quality.ok(), "{outcome:?}");
        }
    }
}

#[test]
fn a_description_that_is_none_is_refused_by_what_is_wrong_with_it() {
    let refused = |change: &dyn Fn(&mut StreamConfig)| {
        let mut config = config();
        change(&mut config);
        Tracker::new(&config).unwrap_err()
    };
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(refused(&|c| c.rate_hz = bad), TrackerError::Rate(_)));
        assert_eq!(refused(&|c| c.acc_mps2_per_count = bad), TrackerError::Scale("accelerometer scale"));
        assert_eq!(refused(&|c| c.gyr_range_radps = bad), TrackerError::Scale("gyroscope range"));
    }
}

#[test]
fn a_block_whose_time_is_none_is_left_out() {
    let mut tracker = Tracker::new(&config()).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), Task::Walk, None);
    for (first_us, period_us) in [(f64::NAN, 1e4), (0.0, 0.0), (0.0, -1e4), (f64::INFINITY, 1e4), (0.0, f64::NAN)] {
        let block = SampleBlock {
            cuff: CuffId([7; 16]),
            stream: 0,
            first_index: 0,
            device_us: None,
            arrival_us: 0,
            flags: BlockFlags::default(),
            counts: [[1; 6]; 10].into_iter().collect::<Counts>(),
        };
        tracker.push(&block, BlockTime { first_us, period_us, fit_ok: true }, &mut out);
    }
    assert!(out.is_empty() && tracker.live().at == Micros(0));
}

/// A stream of notifications of ten samples, of which some never arrive: a repetition is counted all the same, once, and
/// says that something is missing.
#[test]
fn notifications_that_never_arrive_cost_no_repetition() {
    for (lost_percent, worst_percent) in [(1, 0), (5, 0), (10, 1), (20, 3)] {
        let (mut there, mut missed, mut phantom) = (0, 0, 0);
        for seed in 0..40_u64 {
            let given = samples(false, seed);
            let whole = follow(&given, task(false)).1;
            let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
            let mut lost = Vec::new();
            let arrived: Vec<Sample> = given
                .chunks(10)
                .filter(|frame| {
                    state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                    let gone = (state >> 33) % 100 < lost_percent;
                    lost.extend(gone.then(|| (frame[0].at_us, frame[9].at_us)));
                    !gone
                })
                .flatten()
                .copied()
                .collect();
            let out = follow(&arrived, task(false)).1;
            let (whole, counted) = (reps(&whole).len(), reps(&out).len());
            there += whole;
            missed += whole.saturating_sub(counted);
            phantom += counted.saturating_sub(whole);
            for rep in reps(&out) {
                let inside = |&&(from, to): &&(f64, f64)| from > rep.start.0 as f64 && to < rep.end.0 as f64;
                assert!(
                    !lost.iter().any(|frame| inside(&frame)) || rep.quality.has(Reason::Gap),
                    "{lost_percent} %, seed {seed}: {rep:?}"
                );
            }
        }
        assert_eq!(phantom, 0, "{lost_percent} %");
        assert!(there > 150 && missed * 100 <= worst_percent * there, "{lost_percent} %: {missed} of {there}");
    }
}

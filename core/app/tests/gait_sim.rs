//! Walking of the simulated leg: times, lengths and turns against what it really did. Its angles and its stance are
//! those of a published recording; nothing of its formulas is known to what is tested.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use talus_motion::walks::{Summary, Usual};
use talus_motion::{Micros, Movement, Sample, Side, Site, Stride, Task, Tracker};
use talus_sim::{Act, Chance, Leg, Motion, SensorErrors, TrueStride, Truth};

/// What a part that filters before it samples, as cuffs' parts do, reads: the mean over the time of one sample. (Without,
/// the blow of a contact falls between two samples of 50 Hz, and lengths come to 2 to 3 cm.)
fn filtered(leg: &mut Leg, at_s: f64, rate_hz: f64) -> Sample {
    const PARTS: u32 = 8;
    let (mut acc, mut gyr) = ([0.0; 3], [0.0; 3]);
    for part in 0..PARTS {
        let off = (f64::from(part) + 0.5) / f64::from(PARTS) - 0.5;
        let sample = leg.sample((at_s + off / rate_hz).max(0.0)).unwrap();
        for k in 0..3 {
            acc[k] += sample.acc[k] / f64::from(PARTS);
            gyr[k] += sample.gyr[k] / f64::from(PARTS);
        }
    }
    Sample { at_us: at_s * 1e6, acc, gyr, clipped: false }
}

/// A minute on a leg that walks at this cadence, as an ordinary sensor at `rate_hz` feels it, and what really happened.
fn walk(seed: u64, cadence_per_min: f64, rate_hz: f64) -> (Vec<Sample>, Truth) {
    let mut leg = Leg::new(if seed.is_multiple_of(2) { Side::Left } else { Side::Right }, seed);
    leg.act(0.0, Act::Still { s: 3.0 });
    leg.act(0.0, Act::Walk { s: 50.0, cadence_per_min });
    leg.act(0.0, Act::Still { s: 4.0 });
    let mut chance = Chance::new(seed).branch(77);
    let errors = SensorErrors::drawn(&mut chance);
    let samples = (0..(leg.end_s() * rate_hz) as u32)
        .map(|i| errors.feel(&filtered(&mut leg, f64::from(i) / rate_hz, rate_hz), rate_hz, &mut chance))
        .collect();
    (samples, leg.truth().clone())
}

fn follow(samples: &[Sample], rate_hz: f64, above_ankle_m: f64) -> Vec<Movement> {
    let mut tracker = Tracker::for_samples(rate_hz).unwrap();
    tracker.wear(Site::Shank { above_ankle_m });
    let mut out = Vec::new();
    tracker.begin(Micros(0), Task::Walk, None);
    for sample in samples {
        tracker.push_sample(sample, &mut out);
    }
    tracker.end(Micros(samples.last().unwrap().at_us as i64), &mut out);
    out
}

fn strides(out: &[Movement]) -> Vec<&Stride> {
    out.iter().filter_map(|m| if let Movement::Strode(stride) = m { Some(stride) } else { None }).collect()
}

/// Mean of sizes.
fn mean_of_sizes(values: &[f64]) -> f64 {
    values.iter().map(|v| v.abs()).sum::<f64>() / values.len() as f64
}

/// The samples on a walk that turns: the same leg on a floor that turns under it (what that adds to the force, a tenth of
/// a m/s², is left out).
fn turned(samples: &[Sample], rate_dps: impl Fn(f64) -> f64) -> Vec<Sample> {
    let mut upright = Tracker::for_samples(100.0).unwrap();
    let mut out = Vec::new();
    samples
        .iter()
        .map(|sample| {
            upright.push_sample(sample, &mut out);
            let (up, rate) = (upright.orientation().up(), rate_dps(sample.at_us * 1e-6).to_radians());
            Sample { gyr: [0, 1, 2].map(|k: usize| sample.gyr[k] + rate * up[k]), ..*sample }
        })
        .collect()
}

#[test]
fn turns_of_the_simulated_leg_are_found_with_their_angle() {
    for seed in 101..=104 {
        let (samples, _) = walk(seed, 100.0, 100.0);
        let plan = [(20.0, 2.0, 90.0), (28.0, 3.0, -180.0), (36.0, 1.5, -90.0), (44.0, 3.0, 180.0)];
        let rate = |t: f64| {
            plan.iter().filter(|(at, s, _)| (*at..at + s).contains(&t)).map(|(_, s, angle)| angle / s).sum::<f64>()
        };
        let out = follow(&turned(&samples, rate), 100.0, 0.09);
        let found: Vec<(f64, f64)> = out
            .iter()
            .filter_map(|m| match m {
                Movement::Turned { start, end, angle_deg } => {
                    Some((0.5 * (start.seconds() + end.seconds()), *angle_deg))
                }
                _ => None,
            })
            .collect();
        println!("{found:.1?}");
        assert_eq!(found.len(), plan.len(), "{found:?}");
        for ((mid_s, angle_deg), (at, s, angle)) in found.iter().zip(plan) {
            assert!((mid_s - at - 0.5 * s).abs() < 0.5 && (angle_deg - angle).abs() < 15.0, "{found:?}");
        }
        // A straight walk has none.
        assert!(!follow(&samples, 100.0, 0.09).iter().any(|m| matches!(m, Movement::Turned { .. })));
    }
}

#[test]
fn contacts_foot_offs_and_lengths_of_the_simulated_leg_are_found() {
    // What is judged is other seeds than these.
    for rate_hz in [50.0, 100.0, 208.0] {
        for cadence in [70.0, 97.0, 120.0] {
            let (mut contacts, mut offs, mut known, mut wrong) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let mut stated = Vec::new();
            for seed in 101..=104 {
                let (samples, truth) = walk(seed, cadence, rate_hz);
                for height_m in [0.09, 0.11, 0.07] {
                    let out = follow(&samples, rate_hz, height_m);
                    let found = strides(&out);
                    for true_stride in &truth.strides {
                        let near = |s: &&&Stride| (s.start.seconds() - true_stride.contact_s).abs() < 0.15;
                        let stride = found.iter().find(near).unwrap();
                        let off_m = stride.length_m.unwrap() - true_stride.length_m;
                        if (height_m - 0.09_f64).abs() > 1e-9 {
                            wrong.push(off_m);
                        } else {
                            known.push(off_m);
                            contacts.push(stride.start.seconds() - true_stride.contact_s);
                            offs.push(stride.foot_off.seconds() - true_stride.off_s);
                            stated.push(stride.length_error_m.unwrap());
                        }
                    }
                    // The steps of starting and stopping are strides too, smaller ones.
                    assert!(found.len() <= truth.strides.len() + 3, "{} {}", found.len(), truth.strides.len());
                }
            }
            let [ic, fo, known, wrong, stated] = [&contacts, &offs, &known, &wrong, &stated].map(|v| mean_of_sizes(v));
            println!(
                "{rate_hz} Hz, {cadence} a minute: IC {:.0} ms, FO {:.0} ms, length {:.1} cm, {:.1} cm with the height 2 cm off, stated {:.1} cm",
                1e3 * ic,
                1e3 * fo,
                100.0 * known,
                100.0 * wrong,
                100.0 * stated
            );
            assert!(ic <= 0.020 && fo <= 0.020, "{ic} {fo}");
            assert!(known <= 0.02 && wrong <= 0.05, "{known} {wrong}");
            assert!((0.5..=8.0).contains(&(stated / known)), "{stated} {known}");
        }
    }
}

#[test]
fn slow_walkers_of_forty_steps_a_minute_are_found_stride_by_stride() {
    for (rate_hz, cadence) in [(50.0, 45.0), (100.0, 41.0), (100.0, 55.0)] {
        let (mut contacts, mut lengths, mut missed, mut all) = (Vec::new(), Vec::new(), 0, 0);
        for seed in 101..=106 {
            let (samples, truth) = walk(seed, cadence, rate_hz);
            let out = follow(&samples, rate_hz, 0.09);
            let found = strides(&out);
            all += truth.strides.len();
            for true_stride in &truth.strides {
                let near = |s: &&&Stride| (s.start.seconds() - true_stride.contact_s).abs() < 0.2;
                let Some(stride) = found.iter().find(near) else {
                    missed += 1;
                    continue;
                };
                contacts.push(stride.start.seconds() - true_stride.contact_s);
                lengths.extend(stride.length_m.map(|m| m - true_stride.length_m));
            }
            assert!(found.len() <= truth.strides.len() + 3, "{} {}", found.len(), truth.strides.len());
        }
        println!(
            "{rate_hz} Hz, {cadence} a minute: {missed} of {all} missed, IC {:.0} ms, length {:.1} cm, {} without",
            1e3 * mean_of_sizes(&contacts),
            100.0 * mean_of_sizes(&lengths),
            contacts.len() - lengths.len()
        );
        assert!(missed == 0 && all > 60, "{missed} of {all}");
        assert!(mean_of_sizes(&contacts) <= 0.05 && mean_of_sizes(&lengths) <= 0.05, "{contacts:.3?} {lengths:.3?}");
    }
}

/// What is compared: its name, what was found of each leg, and what it truly is in a stride.
type Case<'a> = (&'a str, Option<Usual>, Option<Usual>, &'a dyn Fn(&TrueStride) -> f64);

#[test]
fn two_cuffs_on_one_time_base_tell_symmetry_to_a_hundredth() {
    for (seed, cadences) in [(101, [100.0, 100.0]), (102, [100.0, 96.0]), (103, [88.0, 92.0]), (104, [110.0, 104.0])] {
        // One leg of each side; a limp is a leg that takes longer.
        let legs = [0, 1].map(|k: usize| {
            let (samples, truth) = walk(2 * seed + k as u64, cadences[k], 100.0);
            let found: Vec<Stride> = strides(&follow(&samples, 100.0, 0.09)).into_iter().cloned().collect();
            (found, truth)
        });
        let [left, right] = [&legs[0], &legs[1]].map(|(found, _)| Summary::of(found));
        let usual = |of: &dyn Fn(&TrueStride) -> f64, k: usize| {
            let mut values: Vec<f64> = legs[k].1.strides.iter().map(of).collect();
            values.sort_by(f64::total_cmp);
            values[values.len() / 2]
        };
        let of_time = |s: &TrueStride| s.end_s - s.contact_s;
        let of_stance = |s: &TrueStride| s.off_s - s.contact_s;
        let of_length = |s: &TrueStride| s.length_m;
        let cases: [Case<'_>; 3] = [
            ("stride", left.stride_s, right.stride_s, &of_time),
            ("stance", left.stance_s, right.stance_s, &of_stance),
            ("length", left.length_m, right.length_m, &of_length),
        ];
        for (name, left, right, truth) in cases {
            let found = left.unwrap().middle / right.unwrap().middle;
            let real = usual(truth, 0) / usual(truth, 1);
            println!("{cadences:?}, {name}: {:+.2} % off", 100.0 * (found / real - 1.0));
            assert!((found / real - 1.0).abs() <= 0.01, "{name}: {found} {real}");
        }
    }
}

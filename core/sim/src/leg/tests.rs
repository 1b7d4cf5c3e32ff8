//! The leg obeys physics, its seed, and its own truth.

use super::*;
use linkage::{dot, turn_between};

const TEMPO: Tempo = Tempo { lift_s: 1.5, hold_s: 1.0, lower_s: 2.0, rest_s: 0.5 };

fn reps(shape: RepShape, variability: f64) -> Act {
    Act::Reps { shape, n: 3, range_deg: 30.0, tempo: TEMPO, variability }
}

fn size(v: [f64; 3]) -> f64 {
    dot(v, v).sqrt()
}

#[test]
fn a_leg_at_rest_feels_gravity_and_no_turning_in_every_pose() {
    for shape in RepShape::ALL {
        let mut leg = Leg::new(Side::Left, 5);
        leg.act(0.0, Act::Reposition { shape });
        let sample = leg.sample(leg.end_s() + 1.0).unwrap();
        assert!((size(sample.acc) - GRAVITY_MPS2).abs() < 1e-9, "{shape:?}");
        assert!(size(sample.gyr) < 1e-12, "{shape:?}");
    }
}

#[test]
fn turning_adds_up_to_the_range_that_the_truth_states() {
    for shape in RepShape::ALL {
        let mut leg = Leg::new(Side::Right, 6);
        leg.act(0.0, reps(shape, 0.0));
        let rep = leg.truth().reps[0];
        let (dt, mut turned, mut now) = (1e-3, linkage::UNTURNED, rep.start_s);
        while now < rep.top_s {
            let rate = leg.feel(now + 0.5 * dt).rate;
            let speed = size(rate);
            if speed > 0.0 {
                turned = product(&turned, &about(scale(rate, 1.0 / speed), speed * dt));
            }
            now += dt;
        }
        let angle = turn_between(&linkage::UNTURNED, &turned).1.to_degrees();
        // The shank also rolls up to 2° about its length on the way.
        assert!((angle - rep.range_deg).abs() < 0.4, "{shape:?}: {angle} {}", rep.range_deg);
    }
}

#[test]
fn what_is_felt_has_no_jumps_but_the_ring_of_a_touch_down() {
    let mut leg = Leg::new(Side::Left, 7);
    leg.act(0.0, reps(RepShape::SeatedKneeExtension, 0.1));
    leg.act(0.0, reps(RepShape::SideLyingAbduction, 0.1));
    leg.act(0.0, Act::Walk { s: 10.0, cadence_per_min: 110.0 });
    let (end, mut last) = (leg.end_s(), leg.feel(0.0));
    let (mut t, mut struck) = (0.0, f64::NEG_INFINITY);
    while t < end {
        t += 0.0005;
        let now = leg.feel(t);
        let jump = size(add(now.force, scale(last.force, -1.0)));
        // A foot strikes at once, and no sooner again than a leg can.
        if jump >= 6.0 {
            assert!(t - struck > 0.8 && jump < 50.0, "{t}: {jump}");
            struck = t;
        }
        assert!(size(add(now.rate, scale(last.rate, -1.0))) < 0.1, "{t}");
        last = now;
    }
}

#[test]
fn equal_seeds_give_equal_legs_and_others_differ() {
    let run = |seed| {
        let mut leg = Leg::new(Side::Left, seed);
        leg.act(0.0, reps(RepShape::StraightLegRaise, 0.1));
        leg.act(0.0, Act::Walk { s: 5.0, cadence_per_min: 90.0 });
        (0..3000).map(|i| leg.sample(f64::from(i) * 0.01).unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(run(1), run(1));
    assert_ne!(run(1), run(2));
}

#[test]
fn repetitions_vary_as_much_as_asked() {
    let ranges = |variability| {
        let mut leg = Leg::new(Side::Left, 8);
        leg.act(
            0.0,
            Act::Reps { shape: RepShape::SeatedKneeExtension, n: 200, range_deg: 70.0, tempo: TEMPO, variability },
        );
        let ranges: Vec<f64> = leg.truth().reps.iter().map(|rep| rep.range_deg).collect();
        let mean = ranges.iter().sum::<f64>() / 200.0;
        (mean, (ranges.iter().map(|r| (r - mean) * (r - mean)).sum::<f64>() / 200.0).sqrt())
    };
    assert_eq!(ranges(0.0), (70.0, 0.0));
    let (mean, deviation) = ranges(0.1);
    assert!((mean - 70.0).abs() < 2.0 && (5.5..8.5).contains(&deviation), "{mean} {deviation}");
}

#[test]
fn acts_wait_for_each_other_and_for_now() {
    let mut leg = Leg::new(Side::Left, 9);
    assert!(leg.idle(0.0));
    leg.act(10.0, Act::Still { s: 2.0 });
    leg.act(
        10.0,
        Act::Reps { shape: RepShape::SeatedKneeExtension, n: 1, range_deg: 60.0, tempo: TEMPO, variability: 0.0 },
    );
    assert_eq!(leg.truth().reps[0].start_s, 12.0);
    assert_eq!(leg.end_s(), 17.0);
    assert!(!leg.idle(16.9) && leg.idle(17.0));
    leg.act(20.0, Act::Still { s: 1.0 });
    assert_eq!(leg.end_s(), 21.0);
}

#[test]
fn the_feet_of_two_legs_strike_in_turn() {
    let contacts = |side| {
        let mut leg = Leg::new(side, 10);
        leg.act(0.0, Act::Reposition { shape: RepShape::StandingMarch });
        let start = leg.end_s();
        leg.act(0.0, Act::Walk { s: 20.0, cadence_per_min: 100.0 });
        leg.truth().strides.iter().map(|stride| stride.contact_s - start).collect::<Vec<_>>()
    };
    let (left, right) = (contacts(Side::Left), contacts(Side::Right));
    let share = (right[1] - left[1]).abs() / 1.2;
    assert!((share - share.round()).abs() > 0.3, "{share}");
}

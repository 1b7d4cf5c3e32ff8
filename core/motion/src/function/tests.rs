//! The tests' own small facts; whole tests on a simulated leg stand in `core/app/tests/function_sim.rs`.

use super::*;

#[test]
fn every_test_has_a_unit_and_only_one_a_published_change() {
    let all = [
        Test::ChairStand { seconds: 30.0 },
        Test::UpAndGo,
        Test::Stand,
        Test::FootUp,
        Test::Walk { way_m: 10.0 },
        Test::HeelRises,
        Test::KneeToWall,
        Test::Range,
    ];
    assert_eq!(all.iter().filter_map(|test| test.detectable_change()).collect::<Vec<_>>(), [4.7]);
    assert_eq!(all.iter().filter(|test| test.walks()).count(), 2);
    assert_eq!(all.map(Test::unit)[4], Unit::MetresPerSecond);
}

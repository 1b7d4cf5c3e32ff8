//! A good cuff meets every clause; a cuff with one flaw fails the clause that is about it.

use super::*;
use std::collections::BTreeMap;
use talus_sim::{CuffFlaw, VendorCuff};

fn cuff() -> VirtualCuff {
    VirtualCuff::worn_by(Leg::new(Side::Left, 5), 5).with_ring()
}

fn exam(bring: impl FnOnce(&mut SimTransport)) -> BTreeMap<&'static str, Clause> {
    let mut room = SimTransport::new(5);
    bring(&mut room);
    let clauses = examine(&mut room, None, Micros(0), &mut virtually).expect("a cuff is heard");
    assert_eq!(clauses.len(), CLAUSES.len(), "one verdict each: {clauses:#?}");
    clauses.into_iter().map(|clause| (clause.id, clause)).collect()
}

/// The clauses with this verdict.
fn with(clauses: &BTreeMap<&'static str, Clause>, verdict: Verdict) -> Vec<&'static str> {
    clauses.values().filter(|clause| clause.verdict == verdict).map(|clause| clause.id).collect()
}

#[test]
fn a_good_cuff_meets_every_clause() {
    let clauses = exam(|room| {
        room.add(cuff());
    });
    assert_eq!(with(&clauses, Verdict::Pass).len(), CLAUSES.len(), "{clauses:#?}");
}

#[test]
fn a_cuff_made_wrong_fails_the_clause_that_is_about_it() {
    for (flaw, expected) in [
        (CuffFlaw::ShortBeacon, "A1"),
        (CuffFlaw::StrangeName, "A2"),
        (CuffFlaw::NoEvents, "B1"),
        (CuffFlaw::ReadableMotion, "B2"),
        (CuffFlaw::SecondVersion, "C1"),
        (CuffFlaw::NoHundredHertz, "C2"),
        (CuffFlaw::FullBattery, "C3"),
        (CuffFlaw::DeafCommands, "D1"),
        (CuffFlaw::KnowsEverything, "D2"),
        (CuffFlaw::AnyRate, "D3"),
        (CuffFlaw::StrictLength, "D4"),
        (CuffFlaw::WrongScale, "E1"),
        (CuffFlaw::Silent, "E2"),
        (CuffFlaw::CountsFrames, "E3"),
        (CuffFlaw::Milliseconds, "E4"),
        (CuffFlaw::KeepsOn, "E6"),
        (CuffFlaw::Forgetful, "F1"),
        (CuffFlaw::OtherClock, "G1"),
        (CuffFlaw::BlinksOn, "H1"),
        (CuffFlaw::KeepsNothing, "I1"),
        (CuffFlaw::WrongChecksum, "I1"),
        (CuffFlaw::AnySession, "I2"),
    ] {
        let clauses = exam(|room| {
            room.add_vendor(VendorCuff::flawed(cuff(), flaw));
        });
        let failed = with(&clauses, Verdict::Fail);
        assert_eq!(failed.first(), Some(&expected), "{flaw:?}: {clauses:#?}");
        // What depends on it may fail too, or is not reached; nothing else is blamed.
        assert!(failed.len() <= 3, "{flaw:?} fails {failed:?}");
        if expected.starts_with('I') {
            assert_eq!(failed, [expected], "{flaw:?}: {clauses:#?}");
        }
    }
}

#[test]
fn a_cuff_that_claims_no_log_is_not_asked_for_one() {
    let clauses = exam(|room| {
        room.add(VirtualCuff::worn_by(Leg::new(Side::Left, 5), 5));
    });
    assert_eq!(with(&clauses, Verdict::Skipped), ["I1", "I2"], "{clauses:#?}");
    assert_eq!(with(&clauses, Verdict::Pass).len(), CLAUSES.len() - 2, "{clauses:#?}");
}

#[test]
fn a_sensor_that_is_a_tenth_too_slow_fails_the_clause_about_its_rate() {
    let clauses = exam(|room| {
        room.add(cuff().with_clock(0, 0.0, 0.9));
    });
    assert_eq!(with(&clauses, Verdict::Fail), ["E5"], "{clauses:#?}");
}

#[test]
fn an_empty_room_and_a_sensor_of_another_maker_are_no_cuff() {
    let mut room = SimTransport::new(1);
    assert_eq!(examine(&mut room, None, Micros(0), &mut virtually), None);
    let mut room = SimTransport::new(1);
    room.add(cuff());
    assert_eq!(examine(&mut room, Some("CUF-0000"), Micros(0), &mut virtually), None);
}

#[test]
fn every_clause_stands_in_the_profile() {
    let profile = include_str!("../../../../docs/cuff-motion-profile.md");
    for (id, _) in CLAUSES {
        assert!(profile.contains(&format!("**{id}**")), "{id} is not in the profile");
    }
}

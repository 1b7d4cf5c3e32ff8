//! Pairing in virtual time, with simulated cuffs on a database of its own.

use super::*;
use crate::household::Opening;

fn talus(folder: &tempfile::TempDir) -> Talus {
    let opening =
        Opening { database: folder.path().join("talus.db"), language: "en".into(), zone: Some("Europe/Vienna".into()) };
    Talus::open(opening).unwrap()
}

/// Two simulated cuffs nearby, seen, at time zero of virtual time.
fn seen(talus: &Talus) -> Cuffs {
    let mut cuffs = Cuffs::with(talus, Box::new(crate::run::two_legs(3)), Micros(0), Micros(0));
    cuffs.advance(Micros(3_000_000)).unwrap();
    assert_eq!(cuffs.nearby().len(), 2);
    cuffs
}

fn pass(cuffs: &mut Cuffs, seconds: i64) {
    cuffs.advance(cuffs.ways.now().plus(seconds * 1_000_000)).unwrap();
}

#[test]
fn a_cuff_is_paired_kept_renamed_met_again_and_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let talus = talus(&folder);
    let mut cuffs = seen(&talus);
    let name = cuffs.nearby()[0].name.clone();
    let cuff = cuffs.open(Some(&name.to_lowercase())).unwrap().unwrap();
    assert!(cuffs.keep(cuff, Side::Left, 1000).is_err(), "it has not said who it is");
    pass(&mut cuffs, 5);
    let (side, mass_g) = cuffs.said(cuff);
    let line = cuffs.keep(cuff, side.unwrap(), mass_g.unwrap()).unwrap();
    assert!(line.streaming && line.firmware == "1.4.2-sim");
    assert!(cuffs.keep(cuff, Side::Left, MASS_MAX_G + 1).is_err());
    let own = talus.own_cuffs().unwrap();
    assert_eq!((own.len(), own[0].name.as_str(), own[0].side, own[0].mass_g), (1, name.as_str(), side, Some(1500)));

    talus.rename_cuff(&name, "  Anna’s\u{202e} left ").unwrap();
    assert!(matches!(talus.rename_cuff("nobody", "x"), Err(AppError::NoCuff(_))));
    assert!(matches!(talus.rename_cuff("Anna’s left", " "), Err(AppError::CuffName(_))));

    // Another day: found by the name it was given, and the same cuff as before.
    let mut cuffs = seen(&talus);
    let provisional = cuffs.open(Some("anna’s left")).unwrap().unwrap();
    pass(&mut cuffs, 5);
    let live = cuffs.live();
    assert_eq!((live[0].cuff, live[0].name.as_str()), (own[0].cuff, "Anna’s left"));
    assert_ne!(provisional, own[0].cuff);
    // On the other leg now, and with its name.
    cuffs.keep(own[0].cuff, Side::Right, 500).unwrap();
    let now = talus.own_cuffs().unwrap();
    assert_eq!((now.len(), now[0].name.as_str(), now[0].side), (1, "Anna’s left", Some(Side::Right)));

    talus.forget_cuff("Anna’s left").unwrap();
    assert_eq!(talus.own_cuffs().unwrap(), []);
    assert!(talus.store().worn(talus.profile()).unwrap().is_empty());
}

#[test]
fn a_cuff_of_the_household_goes_from_one_of_its_people_to_another_and_sits_on_one_leg_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let anna = talus(&folder);
    let mut cuffs = seen(&anna);
    let name = cuffs.nearby()[0].name.clone();
    let cuff = cuffs.open(Some(&name)).unwrap().unwrap();
    pass(&mut cuffs, 5);
    cuffs.keep(cuff, Side::Left, 1000).unwrap();

    // Somebody else finds it in the list, not worn, and puts it on.
    let ben = anna.for_person(anna.add_person("Ben").unwrap()).unwrap();
    let own = |talus: &Talus| {
        let cuffs = talus.own_cuffs().unwrap();
        assert_eq!(cuffs.len(), 1);
        (cuffs[0].cuff, cuffs[0].name.clone(), cuffs[0].side, cuffs[0].mass_g)
    };
    let (id, ..) = own(&anna);
    assert_eq!(own(&ben), (id, name.clone(), None, Some(1500)));
    let mut cuffs = seen(&ben);
    let cuff = cuffs.open(Some(&name)).unwrap().unwrap();
    pass(&mut cuffs, 5);
    cuffs.keep(cuff, Side::Right, 500).unwrap();
    assert_eq!(own(&anna), (id, name.clone(), None, Some(1500)), "it sits on another leg now");
    assert_eq!(own(&ben), (id, name.clone(), Some(Side::Right), Some(500)));

    // Its name is the household's; who leaves takes nothing along; who forgets it forgets it for all.
    ben.rename_cuff(&name, "the blue one").unwrap();
    assert_eq!(own(&anna).1, "the blue one");
    anna.delete_person(ben.person()).unwrap();
    anna.wear_cuff("the blue one", Side::Left, 1000).unwrap();
    assert_eq!(own(&anna), (id, "the blue one".to_owned(), Some(Side::Left), Some(1000)));
    anna.forget_cuff("the blue one").unwrap();
    assert_eq!(anna.own_cuffs().unwrap(), []);
}

#[test]
fn a_cuff_that_lies_elsewhere_gets_leg_and_weight_and_both_legs_swap_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let talus = talus(&folder);
    assert!(matches!(talus.swap_legs(), Err(AppError::NothingWorn)));
    for (serial, name) in [("A1", "one"), ("B2", "two")] {
        talus.adopt("cmp", serial, name, None).unwrap();
    }
    talus.wear_cuff("one", Side::Left, 1000).unwrap();
    talus.wear_cuff("B2", Side::Right, 1500).unwrap();
    let worn = || talus.own_cuffs().unwrap().into_iter().map(|cuff| (cuff.side, cuff.mass_g)).collect::<Vec<_>>();
    assert_eq!(worn(), [(Some(Side::Left), Some(1000)), (Some(Side::Right), Some(1500))]);

    // Each cuff takes its weight along, and one swap is one change of the history of what was worn.
    talus.swap_legs().unwrap();
    assert_eq!(worn(), [(Some(Side::Right), Some(1000)), (Some(Side::Left), Some(1500))]);
    talus.wear_cuff("one", Side::Right, 750).unwrap();
    assert_eq!(worn(), [(Some(Side::Right), Some(750)), (Some(Side::Left), Some(1500))]);

    // What is on a leg makes room for what is put there.
    talus.wear_cuff("one", Side::Left, 750).unwrap();
    assert_eq!(worn(), [(Some(Side::Left), Some(750)), (None, None)]);
    talus.swap_legs().unwrap();
    assert_eq!(worn(), [(Some(Side::Right), Some(750)), (None, None)]);

    let heavy = talus.wear_cuff("one", Side::Left, MASS_MAX_G + 1);
    assert!(matches!(heavy, Err(AppError::Plan(talus_coach::PlanError::TooHeavy { .. }))), "{heavy:?}");
    assert!(matches!(talus.wear_cuff("three", Side::Left, 0), Err(AppError::NoCuff(_))));
    assert_eq!(worn(), [(Some(Side::Right), Some(750)), (None, None)]);
}

#[test]
fn a_live_line_and_a_report_say_what_the_stream_is_like() {
    let folder = tempfile::tempdir().unwrap();
    let talus = talus(&folder);
    let mut cuffs = seen(&talus);
    for _ in 0..2 {
        cuffs.open(None).unwrap().unwrap();
    }
    assert_eq!(cuffs.open(None).unwrap(), None, "both are taken");
    pass(&mut cuffs, 20);
    let live = cuffs.live();
    assert_eq!(live.len(), 2);
    for line in &live {
        // True rates are within one per cent of the stated one.
        let rate_hz = line.rate_hz.unwrap();
        assert!((rate_hz / 100.0 - 1.0).abs() < 0.03, "{rate_hz}");
        let up = line.up.unwrap();
        assert!((up.iter().map(|part| part * part).sum::<f64>() - 1.0).abs() < 1e-9);
        assert_eq!((line.state, line.battery_percent, line.lost_share), (LinkState::Streaming, Some(87), 0.0));
        assert!(line.still);
    }
    assert_ne!(live[0].side, live[1].side);
    let report = cuffs.report();
    for stream in &report.streams {
        assert_eq!((stream.family, stream.timing, stream.clock_fit_ok), ("cmp", Some("device"), Some(true)));
        assert!(stream.samples_received > 1800 && stream.samples_missing == 0);
    }
    let text = serde_json::to_string(&report).unwrap();
    assert!(!live.iter().any(|line| text.contains(&line.name)), "a report names nobody: {text}");

    cuffs.close();
    pass(&mut cuffs, 3);
    assert!(cuffs.closed());
}

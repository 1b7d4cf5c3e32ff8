//! Cuffs around, through the bridge: simulated ones, and the real adapter against our own BlueZ (tests/radio at the top of
//! the tree).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]
#![allow(unreachable_pub, missing_docs, dead_code)]

#[cfg(all(target_os = "linux", feature = "radio"))]
#[path = "../../../tests/radio/bluez.rs"]
mod bluez;
mod common;
#[cfg(all(target_os = "linux", feature = "radio"))]
#[path = "../../../tests/radio/cuff.rs"]
mod cuff;

use common::Home;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use talus_core::{
    About, Answered, Answers, Around, CuffChange, Goal, Level, LinkState, Nearby, PersonChange, Picture, Question,
    Reply, Session, SessionWish, Side, TalusError, Tap, Training,
};

/// A session of one exercise.
fn begin() -> Training {
    Training::Begin { wish: SessionWish::Exercises { exercises: vec!["knee_ext_seated".to_owned()] } }
}

/// Waits until what is around fits.
fn until(nearby: &Nearby, what: &str, fits: impl Fn(&Around) -> bool) -> Around {
    let late = Instant::now() + Duration::from_secs(40);
    loop {
        let around = nearby.now().unwrap();
        if fits(&around) {
            return around;
        }
        assert!(Instant::now() < late, "{what}: {around:?}");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Finds, connects, keeps, renames and forgets: what a person does on the screen.
fn pair_one(home: &Home, nearby: &Nearby, cuffs: usize) {
    let found = until(nearby, "no cuffs", |around| around.found.len() == cuffs).found;
    assert!(found.iter().all(|cuff| cuff.rssi_dbm.is_some() && cuff.side.is_some()), "{found:?}");
    assert_eq!(nearby.choose(Some("nobody".to_owned())).unwrap(), None);
    let id = nearby.choose(Some(found[0].name.clone())).unwrap().expect("it was found");
    assert_eq!(nearby.choose(Some(found[0].name.clone())).unwrap(), None, "it is chosen already");
    let other = nearby.keep("01234567-89ab-7cde-8f01-23456789abcd", Side::Left, 1500);
    assert!(matches!(other, Err(TalusError::PairingFailed { .. })), "nobody chose it: {other:?}");
    assert_eq!(id.len(), 36, "{id}");

    let around = until(nearby, "it does not stream", |around| {
        around.chosen.iter().any(|one| one.link == LinkState::Streaming && one.rate_hz.is_some() && one.up.is_some())
    });
    let chosen = &around.chosen[0];
    assert_eq!((around.chosen.len(), chosen.name.as_str()), (1, found[0].name.as_str()));
    assert!(chosen.rate_hz.is_some_and(|rate_hz| (90.0..=110.0).contains(&rate_hz)), "{chosen:?}");
    let length: f32 = chosen.up.as_ref().unwrap().iter().map(|part| part * part).sum();
    assert!((length - 1.0).abs() < 1e-3 && chosen.battery_percent.is_some(), "{chosen:?}");
    nearby.identify(&chosen.cuff).unwrap();

    let heavy = nearby.keep(&chosen.cuff, Side::Right, 5001);
    assert!(matches!(heavy, Err(TalusError::PairingFailed { .. })), "{heavy:?}");
    let paired = nearby.keep(&chosen.cuff, Side::Right, 1250).unwrap();
    assert_eq!((paired.side, paired.mass_g, paired.streaming), (Side::Right, 1250, true));
    let cuffs = home.talus.cuffs().unwrap();
    assert_eq!((cuffs.len(), cuffs[0].side, cuffs[0].mass_g), (1, Some(Side::Right), Some(1250)));
    home.talus.change_cuff(&cuffs[0].id, CuffChange::Name { name: "Anna".to_owned() }).unwrap();
    assert_eq!(home.talus.cuffs().unwrap()[0].name, "Anna");
    // Said afterwards, of a cuff that need not be near.
    let change = |change| home.talus.change_cuff(&cuffs[0].id, change);
    let worn = || home.talus.cuffs().unwrap().first().map(|cuff| (cuff.side, cuff.mass_g));
    change(CuffChange::Worn { side: Side::Left, mass_g: 750 }).unwrap();
    assert_eq!(worn(), Some((Some(Side::Left), Some(750))));
    change(CuffChange::Swap).unwrap();
    assert_eq!(worn(), Some((Some(Side::Right), Some(750))));
    let heavy = change(CuffChange::Worn { side: Side::Left, mass_g: 5001 });
    assert!(matches!(heavy, Err(TalusError::Invalid { .. })), "{heavy:?}");
    let counted = nearby.diagnostics().unwrap();
    assert!(counted.contains("\"samples_received\"") && !counted.contains("Anna"), "{counted}");
    change(CuffChange::Forget).unwrap();
    assert!(home.talus.cuffs().unwrap().is_empty());
    let gone = home.talus.change_cuff(&cuffs[0].id, CuffChange::Forget);
    assert!(matches!(gone, Err(TalusError::NotFound { .. })), "{gone:?}");
    for nonsense in ["", "nobody", "ffff"] {
        assert!(matches!(nearby.identify(nonsense), Err(TalusError::NotFound { .. })), "{nonsense}");
    }
}

#[test]
fn a_simulated_cuff_is_found_chosen_kept_renamed_and_forgotten() {
    let home = Home::new("en");
    let nearby = home.talus.nearby(Some(1)).unwrap();
    assert_eq!(nearby.now().unwrap().hindered, None);
    pair_one(&home, &nearby, 2);
    nearby.stop();
    nearby.stop();
    assert!(matches!(nearby.now(), Err(TalusError::Closed { .. })));
    assert!(matches!(nearby.choose(None), Err(TalusError::Closed { .. })));
    assert!(matches!(nearby.diagnostics(), Err(TalusError::Closed { .. })));
}

/// Somebody without a worry, so that something is open to them.
fn described(home: &Home) {
    let reply = |question| match question {
        Question::FloorAlone | Question::Reach => Reply::Yes,
        _ => Reply::No,
    };
    let asked = home.talus.book().questionnaire.questions.into_iter();
    let replies = asked.map(|one| Answered { question: one.question, reply: reply(one.question) }).collect();
    let about = About {
        birth_year: 1985,
        height_cm: 170.0,
        mass_kg: 70.0,
        sex: None,
        goal: Goal::Strength,
        level: Level::Trained,
        weights: None,
        answers: Some(Answers { replies, named: Vec::new(), falls: None, pain: None, surgery_cleared: false }),
        one_leg_s: None,
        tandem_s: None,
    };
    home.talus.change_person(PersonChange::About { about }).unwrap();
}

/// Keeps the nearest cuff, trains with it until it streams into the session, leaves, and takes the session up again.
fn train_with_one(home: &Home, nearby: &Nearby, again: impl Fn() -> Arc<Nearby>) {
    described(home);
    until(nearby, "no cuffs", |around| !around.found.is_empty());
    nearby.choose(None).unwrap().expect("one is near");
    let streams = |around: &Around| around.chosen.iter().any(|one| one.link == LinkState::Streaming);
    let around = until(nearby, "it does not stream", streams);
    let nothing = home.talus.cuffs().unwrap();
    assert!(nothing.is_empty(), "{nothing:?}");
    nearby.keep(&around.chosen[0].cuff, Side::Left, 1000).unwrap();

    let session = nearby.train(begin()).unwrap();
    assert!(matches!(nearby.now(), Err(TalusError::Closed { .. })), "the radio went over to the session");
    assert!(matches!(nearby.train(begin()).map(|_| ()), Err(TalusError::Closed { .. })));
    assert!(matches!(session.advance(1), Err(TalusError::Invalid { .. })), "real cuffs follow the clock");
    session.pace(1.0).unwrap();
    let session_streams = |session: &Session, what: &str| {
        let late = Instant::now() + Duration::from_secs(40);
        loop {
            let frame = session.latest_frame(0).unwrap().unwrap();
            let Picture::Training { view } = &frame.picture else { panic!("{frame:?}") };
            if view.cuffs.len() == 1 && view.cuffs[0].link == LinkState::Streaming && frame.now_us > 1_000_000 {
                return;
            }
            assert!(Instant::now() < late, "{what}: {frame:?}");
            thread::sleep(Duration::from_millis(20));
        }
    };
    session_streams(&session, "the cuff does not reach the session");
    let left = session.leave().unwrap().expect("it had begun");
    assert!(left.safe_us > 0);
    drop(session);

    let session = again().train(Training::Resume { asked: left.session.clone() }).unwrap();
    session_streams(&session, "the cuff did not come back");
    session.press(Tap::Stop).unwrap();
    assert_eq!(session.finish().unwrap(), Some(left.session));
    assert!(home.talus.session("last").unwrap().row.finished);
}

#[test]
fn a_session_with_cuffs_at_hand_is_left_and_taken_up_again() {
    let home = Home::new("en");
    let nearby = home.talus.nearby(Some(3)).unwrap();
    train_with_one(&home, &nearby, || home.talus.nearby(Some(3)).unwrap());
}

#[test]
fn nobody_trains_who_is_not_described_or_wears_nothing() {
    let home = Home::new("en");
    let unknown = home.talus.nearby(Some(1)).unwrap().train(begin()).map(|_| ());
    assert!(matches!(unknown, Err(TalusError::Invalid { .. })), "{unknown:?}");
    described(&home);
    let bare = home.talus.nearby(Some(1)).unwrap().train(begin()).map(|_| ());
    assert!(matches!(bare, Err(TalusError::Invalid { .. })), "{bare:?}");
    let nothing = home.talus.nearby(Some(1)).unwrap().train(Training::Resume { asked: "last".to_owned() }).map(|_| ());
    assert!(matches!(nothing, Err(TalusError::NotFound { .. })), "{nothing:?}");
}

#[test]
fn eight_threads_may_look_around_at_once() {
    let home = Home::new("en");
    let nearby = home.talus.nearby(Some(2)).unwrap();
    until(&nearby, "no cuffs", |around| around.found.len() == 2);
    thread::scope(|scope| {
        for number in 0..8 {
            let nearby = &nearby;
            scope.spawn(move || {
                for _ in 0..50 {
                    match number % 2 {
                        0 => drop(nearby.choose(None).unwrap()),
                        _ => assert!(nearby.now().unwrap().chosen.len() <= 2, "only two are there"),
                    }
                }
            });
        }
    });
    assert_eq!(nearby.now().unwrap().chosen.len(), 2, "each was chosen once");
}

#[cfg(all(target_os = "linux", feature = "radio"))]
mod real {
    use super::bluez::{Bus, Room};
    use super::cuff::Cuff;
    use super::{Home, pair_one, train_with_one, until};
    use std::io::Write as _;
    use std::process::Command;
    use talus_core::{LinkState, TalusError};

    const BUS: &str = "DBUS_SYSTEM_BUS_ADDRESS";
    const CHILD: &str = "TALUS_BRIDGE_RADIO";

    /// Runs `test` in a process of its own, whose system's bus is our own: libdbus reads that address once.
    fn on_a_bus(name: &str, test: impl FnOnce(&str)) {
        if std::env::var(CHILD).as_deref() == Ok(name) {
            return test(&std::env::var(BUS).unwrap());
        }
        let Some(bus) = Bus::start() else {
            let line = format!("SKIPPED {name}: dbus-daemon is not installed; ./test --setup installs it\n");
            let _ = std::io::stderr().write_all(line.as_bytes());
            return;
        };
        let child = Command::new(std::env::current_exe().unwrap())
            .args([&format!("real::{name}"), "--exact", "--nocapture"])
            .env(CHILD, name)
            .env(BUS, &bus.address)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stdout) + String::from_utf8_lossy(&child.stderr);
        assert!(child.status.success() && said.contains("1 passed"), "{said}");
    }

    #[test]
    fn a_cuff_is_paired_over_the_real_adapter_and_left_tidy() {
        on_a_bus("a_cuff_is_paired_over_the_real_adapter_and_left_tidy", |address| {
            let room = Room::open(address, vec![Cuff::new(0xA1B2_C3D4, 1), Cuff::new(0xA1B2_C3D5, 2)]);
            let home = Home::new("en");
            let nearby = home.talus.nearby(None).unwrap();
            pair_one(&home, &nearby, 2);
            nearby.stop();
            let state = room.now();
            assert!(!state.connected(0) && !state.connected(1), "a link was left behind");
            let count = |of: &str| state.log.iter().filter(|line| *line == of).count();
            assert_eq!(count("write 0014 03 01 00"), count("write 0014 02 01 00"), "{:?}", state.log);
        });
    }

    #[test]
    fn a_session_over_the_real_adapter_is_left_and_taken_up_again() {
        on_a_bus("a_session_over_the_real_adapter_is_left_and_taken_up_again", |address| {
            let _room = Room::open(address, vec![Cuff::new(0xA1B2_C3D4, 1)]);
            let home = Home::new("en");
            let nearby = home.talus.nearby(None).unwrap();
            train_with_one(&home, &nearby, || home.talus.nearby(None).unwrap());
        });
    }

    #[test]
    fn a_radio_that_is_switched_off_is_told_and_comes_back() {
        on_a_bus("a_radio_that_is_switched_off_is_told_and_comes_back", |address| {
            let room = Room::open(address, vec![Cuff::new(0xA1B2_C3D4, 1)]);
            let home = Home::new("en");
            let nearby = home.talus.nearby(None).unwrap();
            until(&nearby, "it is not found", |around| around.found.len() == 1);
            room.now().power(false);
            until(&nearby, "nobody says that it is off", |around| around.hindered == Some(LinkState::RadioOff));
            room.now().power(true);
            until(&nearby, "it did not come back", |around| around.hindered.is_none());
        });
    }

    #[test]
    fn no_bluetooth_at_all_is_an_error_with_advice() {
        on_a_bus("no_bluetooth_at_all_is_an_error_with_advice", |_| {
            let refused = Home::new("en").talus.nearby(None).map(|_| ());
            let Err(TalusError::NoRadio { what, advice }) = &refused else { panic!("{refused:?}") };
            assert!(!what.is_empty() && !advice.is_empty());
        });
    }
}

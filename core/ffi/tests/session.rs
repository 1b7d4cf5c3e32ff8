//! What a shell can do to a session, rightly and wrongly.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Ear, Home};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock};
use std::thread;
use std::time::Duration;
use talus_core::{
    Answer, Beginning, Event, Listener, ListenerError, Observing, Picture, Session, Stage, TalusError, Tap,
};

const SECOND_US: i64 = 1_000_000;

/// Lets time go on until the session is in a set.
fn into_a_set(session: &Session) {
    for _ in 0..600 {
        session.advance(SECOND_US / 2).unwrap();
        if let Some(frame) = session.latest_frame(0).unwrap()
            && let Picture::Training { view } = frame.picture
            && view.stage == Stage::Set
        {
            return;
        }
    }
    panic!("no set began");
}

#[test]
fn a_picture_is_given_once_for_each_version_and_only_when_it_is_newer() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    let first = session.latest_frame(0).unwrap().unwrap();
    assert!(first.version > 0 && !first.over && first.progress.is_none());
    assert_eq!(session.latest_frame(first.version).unwrap(), None, "nothing went on");
    into_a_set(&session);
    let second = session.latest_frame(first.version).unwrap().unwrap();
    assert!(second.version > first.version && second.now_us > first.now_us);
    let Picture::Training { view } = second.picture else { panic!("{second:?}") };
    assert_eq!(view.cuffs.len(), 2);
    assert_eq!(view.trace.len() % 8, 0);
}

#[test]
fn a_minute_of_pictures_at_thirty_a_second_leaves_nothing_behind() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 2 }).unwrap();
    let ear = Arc::new(Ear::default());
    let observation = session.observe(ear.clone()).unwrap();
    into_a_set(&session);
    let mut seen = 0;
    let mut after = 0;
    for _ in 0..1800 {
        session.advance(33_333).unwrap();
        if let Some(frame) = session.latest_frame(after).unwrap() {
            assert!(frame.version > after);
            after = frame.version;
            seen += 1;
            let Picture::Training { view } = frame.picture else { panic!("the session is under way") };
            // Ten seconds in steps of a twentieth.
            assert!(view.trace.len() <= 8 * 202, "{}", view.trace.len());
        }
    }
    assert!(seen > 1000, "{seen} pictures");
    session.finish().unwrap();
    drop((observation, session));
    assert_eq!(Arc::strong_count(&ear), 1, "somebody still holds the listener");
}

#[test]
fn eight_threads_may_steer_and_look_at_once() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 3 }).unwrap();
    let ear = Arc::new(Ear::default());
    let _observation = session.observe(ear.clone()).unwrap();
    let gone = AtomicU32::new(0);
    thread::scope(|scope| {
        for number in 0..8u8 {
            let (session, home, gone) = (&session, &home, &gone);
            scope.spawn(move || {
                let mut after = 0;
                for turn in 0..40u8 {
                    match session.advance(SECOND_US / 4) {
                        Ok(()) => {
                            gone.fetch_add(1, Ordering::Relaxed);
                        }
                        Err(TalusError::Busy { .. }) => {}
                        Err(error) => panic!("{error:?}"),
                    }
                    if let Some(frame) = session.latest_frame(after).unwrap() {
                        assert!(frame.version > after, "a picture came back");
                        after = frame.version;
                    }
                    match number % 4 {
                        0 => session.press(Tap::Confirm).unwrap(),
                        1 => session.answer(Answer::Reserve { reps: turn % 6 }).unwrap(),
                        2 => assert!(home.talus.sessions(3, None, false).unwrap().len() <= 1),
                        _ => assert!(!home.talus.book().exercises.is_empty()),
                    }
                }
            });
        }
    });
    let now_us = session.latest_frame(0).unwrap().unwrap().now_us;
    assert_eq!(now_us, i64::from(gone.into_inner()) * SECOND_US / 4, "every step went on exactly once");
    let times: Vec<i64> = ear
        .heard()
        .iter()
        .filter_map(|event| match event {
            Event::StageChanged { at_us, .. } => Some(*at_us),
            _ => None,
        })
        .collect();
    assert!(!times.is_empty() && times.is_sorted(), "{times:?}");
}

/// Throws at the first call.
struct Throwing(AtomicU32);

impl Listener for Throwing {
    fn on_events(&self, _: Vec<Event>) -> Result<(), ListenerError> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Err(ListenerError::Refused { why: "no room on the screen".to_owned() })
    }
}

#[test]
fn a_listener_that_throws_is_told_nothing_more_and_the_session_goes_on() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 4 }).unwrap();
    let throwing = Arc::new(Throwing(AtomicU32::new(0)));
    let observation = session.observe(throwing.clone()).unwrap();
    let error = session.advance(60 * SECOND_US).unwrap_err();
    let TalusError::ListenerFailed { what, advice } = &error else { panic!("{error:?}") };
    assert!(what.contains("no room on the screen") && !advice.is_empty(), "{what}");
    assert_eq!(observation.state(), Observing::Failed { why: "no room on the screen".to_owned() });
    assert_eq!(throwing.0.load(Ordering::Relaxed), 1);
    // All of the minute went by, and the next minute is nobody's failure.
    assert_eq!(session.latest_frame(0).unwrap().unwrap().now_us, 60 * SECOND_US);
    session.advance(60 * SECOND_US).unwrap();
    observation.cancel();
    assert!(matches!(observation.state(), Observing::Failed { .. }), "what failed was not cancelled");
}

struct Panicking;

impl Listener for Panicking {
    fn on_events(&self, _: Vec<Event>) -> Result<(), ListenerError> {
        std::panic::resume_unwind(Box::new("a defect of the listener"))
    }
}

#[test]
fn a_listener_that_panics_does_not_take_the_session_with_it() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 4 }).unwrap();
    let observation = session.observe(Arc::new(Panicking)).unwrap();
    assert!(matches!(session.advance(10 * SECOND_US), Err(TalusError::ListenerFailed { .. })));
    assert!(matches!(observation.state(), Observing::Failed { .. }));
    session.advance(10 * SECOND_US).unwrap();
    assert!(session.latest_frame(0).unwrap().is_some());
}

#[test]
fn a_closed_session_says_so_whatever_is_asked_of_it() {
    let home = Home::new("en");
    for way in 0..3 {
        let session = home.talus.begin(Beginning::Demo { seed: 5 }).unwrap();
        let observation = session.observe(Arc::new(Ear::default())).unwrap();
        session.advance(90 * SECOND_US).unwrap();
        match way {
            0 => assert!(session.finish().unwrap().is_some()),
            1 => assert!(session.leave().unwrap().is_some_and(|left| left.safe_us > 0)),
            _ => session.abandon(),
        }
        assert_eq!(observation.state(), Observing::Over);
        let refused = [
            session.latest_frame(0).map(|_| ()),
            session.advance(1),
            session.pace(1.0),
            session.press(Tap::Pause),
            session.answer(Answer::RedFlag),
            session.save().map(|_| ()),
            session.leave().map(|_| ()),
            session.finish().map(|_| ()),
            session.observe(Arc::new(Ear::default())).map(|_| ()),
        ];
        for (index, result) in refused.into_iter().enumerate() {
            assert!(matches!(result, Err(TalusError::Closed { .. })), "call {index}: {result:?}");
        }
        session.abandon();
    }
    let unfinished = home.talus.sessions(0, None, true).unwrap();
    assert_eq!(unfinished.len(), 2, "left and abandoned ones can be resumed");
}

#[test]
fn a_session_ended_by_a_tap_tells_its_end_before_it_is_closed() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 6 }).unwrap();
    let ear = Arc::new(Ear::default());
    let _observation = session.observe(ear.clone()).unwrap();
    into_a_set(&session);
    session.press(Tap::Stop).unwrap();
    session.advance(SECOND_US).unwrap();
    assert!(session.latest_frame(0).unwrap().unwrap().over);
    assert_eq!(ear.count(|event| matches!(event, Event::Ended { .. })), 1);
    let id = session.finish().unwrap().unwrap();
    let detail = home.talus.session(&id).unwrap();
    assert!(detail.row.finished && detail.summary.is_some());
}

#[test]
fn a_session_that_is_finished_early_tells_its_end_too() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 6 }).unwrap();
    let ear = Arc::new(Ear::default());
    let _observation = session.observe(ear.clone()).unwrap();
    into_a_set(&session);
    assert!(session.finish().unwrap().is_some());
    assert_eq!(ear.count(|event| matches!(event, Event::Ended { .. })), 1);
}

#[test]
fn what_happened_while_nobody_listened_is_told_first_and_only_once() {
    let home = Home::new("en");
    let whole = {
        let session = home.talus.begin(Beginning::Demo { seed: 7 }).unwrap();
        let ear = Arc::new(Ear::default());
        let _observation = session.observe(ear.clone()).unwrap();
        session.advance(120 * SECOND_US).unwrap();
        ear.heard()
    };
    let session = home.talus.begin(Beginning::Demo { seed: 7 }).unwrap();
    session.advance(40 * SECOND_US).unwrap();
    let (first, second) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
    let earlier = session.observe(first.clone()).unwrap();
    session.advance(20 * SECOND_US).unwrap();
    earlier.cancel();
    assert_eq!(earlier.state(), Observing::Cancelled);
    session.advance(20 * SECOND_US).unwrap();
    let later = session.observe(second.clone()).unwrap();
    session.advance(40 * SECOND_US).unwrap();
    assert_eq!(later.state(), Observing::Active);
    let mut heard = first.heard();
    heard.extend(second.heard());
    // Ids of cuffs are the household's, so both runs have the same.
    assert_eq!(heard, whole);
    assert!(!first.heard().is_empty() && !second.heard().is_empty());
}

#[test]
fn a_new_listener_takes_the_place_of_the_one_before() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 8 }).unwrap();
    let (first, second) = (Arc::new(Ear::default()), Arc::new(Ear::default()));
    let before = session.observe(first.clone()).unwrap();
    let now = session.observe(second.clone()).unwrap();
    session.advance(30 * SECOND_US).unwrap();
    assert_eq!((before.state(), now.state()), (Observing::Cancelled, Observing::Active));
    assert!(first.heard().is_empty() && !second.heard().is_empty());
    drop(now);
    let told = second.heard().len();
    session.advance(30 * SECOND_US).unwrap();
    assert_eq!(second.heard().len(), told, "a dropped observation hears nothing");
}

/// Asks the session to wait for itself.
struct Waiting {
    session: OnceLock<Arc<Session>>,
    got: Mutex<Option<TalusError>>,
}

impl Listener for Waiting {
    fn on_events(&self, _: Vec<Event>) -> Result<(), ListenerError> {
        if let Some(session) = self.session.get() {
            *self.got.lock().unwrap() = session.advance(1).err();
            // What needs no waiting may be asked for.
            session.press(Tap::Confirm).unwrap();
            session.latest_frame(0).unwrap();
        }
        Ok(())
    }
}

#[test]
fn a_listener_that_waits_for_its_own_session_gets_an_error_and_no_deadlock() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 9 }).unwrap();
    let waiting = Arc::new(Waiting { session: OnceLock::new(), got: Mutex::new(None) });
    assert!(waiting.session.set(session.clone()).is_ok());
    let _observation = session.observe(waiting.clone()).unwrap();
    session.advance(30 * SECOND_US).unwrap();
    assert!(matches!(waiting.got.lock().unwrap().take(), Some(TalusError::Invalid { .. })));
    session.abandon();
}

/// Passes on how many events came.
struct Telling(Mutex<Sender<usize>>);

impl Listener for Telling {
    fn on_events(&self, events: Vec<Event>) -> Result<(), ListenerError> {
        let refused = |_| ListenerError::Refused { why: "nobody is there".to_owned() };
        self.0.lock().unwrap().send(events.len()).map_err(refused)
    }
}

#[test]
fn a_paced_session_goes_on_by_itself_and_stands_still_when_told() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 10 }).unwrap();
    let (sender, told) = channel();
    let _observation = session.observe(Arc::new(Telling(Mutex::new(sender)))).unwrap();
    session.pace(100.0).unwrap();
    let wait = Duration::from_secs(60);
    let mut events = 0;
    while events < 6 {
        events += told.recv_timeout(wait).unwrap();
    }
    session.pace(0.0).unwrap();
    // An order that is answered stands behind the one before.
    session.advance(0).unwrap();
    let stood = session.latest_frame(0).unwrap().unwrap();
    assert!(stood.now_us > SECOND_US);
    session.advance(0).unwrap();
    assert_eq!(session.latest_frame(stood.version).unwrap(), None);
}

#[test]
fn numbers_out_of_range_are_refused() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 11 }).unwrap();
    let refused = [
        session.advance(-1),
        session.advance(3_600_000_001),
        session.pace(-1.0),
        session.pace(f32::NAN),
        session.pace(1001.0),
        session.answer(Answer::Pain { level: 11 }),
        session.answer(Answer::Reserve { reps: 6 }),
    ];
    for (index, result) in refused.into_iter().enumerate() {
        assert!(matches!(result, Err(TalusError::Invalid { .. })), "call {index}: {result:?}");
    }
}

#[test]
fn the_household_knows_its_cuffs_and_who_wears_them() {
    let home = Home::new("de");
    assert!(home.talus.cuffs().unwrap().is_empty());
    let session = home.talus.begin(Beginning::Demo { seed: 12 }).unwrap();
    into_a_set(&session);
    session.finish().unwrap();
    let cuffs = home.talus.cuffs().unwrap();
    assert_eq!(cuffs.len(), 2);
    assert!(cuffs.iter().all(|cuff| cuff.side.is_some() && cuff.mass_g.is_some_and(|mass_g| mass_g > 0)), "{cuffs:?}");
    let people = home.talus.profiles().unwrap();
    assert_eq!((people.len(), people[0].chosen), (1, true));
    let exercises = home.talus.book().exercises;
    let seated = exercises.iter().find(|one| one.id == "knee_ext_seated").unwrap();
    assert!(seated.measured && !seated.name.is_empty() && seated.name != seated.id);
    assert!(matches!(home.talus.course("nowhere"), Err(TalusError::NotFound { .. })));
    assert!(matches!(home.talus.session("ffff"), Err(TalusError::NotFound { .. })));
    assert!(matches!(
        home.talus.begin(Beginning::Resume { asked: "last".to_owned() }),
        Err(TalusError::NotFound { .. })
    ));
    assert!(matches!(home.talus.replay_recording("/nowhere.talus"), Err(TalusError::UnreadableFile { .. })));
}

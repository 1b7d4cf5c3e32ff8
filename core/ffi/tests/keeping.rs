//! What is kept beside the sets and what goes, through the bridge: pains, tests, the page for somebody who treats one, and
//! recordings that are outgrown; and the language everything is said in.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use talus_app::motion::{Quality, Side as MotionSide};
use talus_app::store::{Store, TestRow};
use talus_core::{
    Answer, Beginning, Budget, Deletion, Edit, Opening, Picture, Side, Stage, Talus, TalusError, WhyOutgrown,
};

/// A finished demo session.
fn done(home: &Home) {
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
}

#[test]
fn a_pain_that_was_answered_and_a_test_that_was_done_are_told_with_their_names() {
    let home = Home::new("de");
    done(&home);
    assert_eq!(home.talus.noted().unwrap().pains, []);
    let set = home.talus.session("last").unwrap().sets.remove(0);
    let (set_index, side) = (set.set_index, set.result.side);
    home.talus.edit("last", Edit::Pain { set_index, side, level: Some(3) }).unwrap();
    let noted = home.talus.noted().unwrap();
    assert_eq!(noted.pains.len(), 1);
    assert_eq!((noted.pains[0].set_index, noted.pains[0].side, noted.pains[0].pain), (set_index, side, 3));
    assert_eq!(noted.tests, []);

    // A test is stored by whoever measured it.
    let database = home.folder.path().join("tests").join("talus.db");
    let opening = Opening {
        database: database.display().to_string(),
        language: "de".to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
        key: None,
        unit: None,
    };
    let person = Talus::new(opening.clone()).unwrap().profiles().unwrap().remove(0).id;
    let test = TestRow {
        id: [1; 16],
        session: None,
        at_utc_ms: 1_700_000_000_000,
        offset_min: 60,
        zone: "Europe/Berlin".to_owned(),
        local_day: "2023-11-14".to_owned(),
        kind: "chair_stand_30".to_owned(),
        side: Some(MotionSide::Left),
        value: 12.5,
        unit: "count".to_owned(),
        error: Some(0.5),
        quality: Quality::GOOD,
    };
    Store::open(&database).unwrap().put_test(person.parse().unwrap(), &test).unwrap();
    let tests = Talus::new(opening).unwrap().noted().unwrap().tests;
    assert_eq!(tests.len(), 1);
    let told = &tests[0];
    assert_eq!((told.value, told.error, told.side, told.unit.as_str()), (12.5, Some(0.5), Some(Side::Left), "count"));
    assert!(!told.name.is_empty() && told.name != told.kind && told.reasons.is_empty(), "{told:?}");
}

#[test]
fn the_page_for_somebody_who_treats_one_is_in_the_language_of_the_app_and_of_these_days() {
    let home = Home::new("de");
    done(&home);
    let today = home.talus.today(None).unwrap().local_day;
    let page = home.talus.report(&today, &today).unwrap();
    let name = home.talus.book().exercises.into_iter().find(|one| one.id == "knee_ext_seated").unwrap().name;
    assert!(page.starts_with("<!doctype html>") && page.contains("lang=\"de\"") && page.contains(&name));
    let before = home.talus.report("2000-01-01", "2000-01-02").unwrap();
    assert!(!before.contains(&name));
    for (from, until) in [("", today.as_str()), (today.as_str(), "2024-13-01")] {
        let refused = home.talus.report(from, until);
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{refused:?}");
    }
}

#[test]
fn only_a_recording_that_was_shown_as_outgrown_goes_and_its_results_stay() {
    let home = Home::new("en");
    done(&home);
    let all = Budget { days: None, bytes: None };
    assert_eq!(home.talus.outgrown(all).unwrap().recordings, []);
    let none = Budget { days: None, bytes: Some(0) };
    let outgrown = home.talus.outgrown(none).unwrap();
    assert_eq!((outgrown.recordings.len(), outgrown.kept_bytes), (1, 0));
    let one = &outgrown.recordings[0];
    assert!(one.bytes > 0 && one.why == WhyOutgrown::Room);
    let recording = home.household().join("recordings").join(format!("{}.talus", one.session));
    let delete = |budget, sessions: &[&String]| {
        let sessions = sessions.iter().map(|id| (*id).clone()).collect();
        home.talus.delete(Deletion::Recordings { budget, sessions }).unwrap()
    };
    assert!(delete(none, &[]).is_empty() && delete(all, &[&one.session]).is_empty() && recording.exists());
    assert_eq!(delete(none, &[&one.session]), std::slice::from_ref(&one.session));
    assert!(!recording.exists());
    assert!(!home.talus.session("last").unwrap().sets.is_empty());
}

#[test]
fn what_cannot_be_done_is_said_in_the_language_of_the_app() {
    let advice = |language| {
        let home = Home::new(language);
        let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
        let of = |error: TalusError| match error {
            TalusError::NotFound { advice, .. }
            | TalusError::Invalid { advice, .. }
            | TalusError::Closed { advice, .. } => advice,
            other => panic!("{other:?}"),
        };
        let all = [
            home.talus.session("ffff").map(|_| ()),
            home.talus.for_person("nobody").map(|_| ()),
            home.talus.prescribe("knee_ext_seated", Side::Left, true).map(|_| ()),
            home.talus.traces("last", 0).map(|_| ()),
            session.answer(Answer::Pain { level: 11 }),
            session.leave().and_then(|_| session.advance(1)),
        ];
        all.map(|refused| of(refused.unwrap_err()))
    };
    for (english, german) in advice("en").into_iter().zip(advice("de-AT")) {
        assert!(english != german && english.ends_with('.') && german.ends_with('.'), "{english} {german}");
    }
}

#[test]
fn what_stands_out_in_a_repetition_is_told_by_a_word_and_the_picture_says_why_this_weight() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    let mut why = String::new();
    while !session.latest_frame(0).unwrap().unwrap().over {
        session.advance(1_000_000).unwrap();
        if let Picture::Training { view } = session.latest_frame(0).unwrap().unwrap().picture
            && view.stage == Stage::Set
        {
            assert_eq!(view.limit_deg, None, "no plan is in force");
            why = view.why;
        }
    }
    assert!(!why.is_empty(), "a weight has its reason");
    session.finish().unwrap();
    let words: Vec<String> = home
        .talus
        .session("last")
        .unwrap()
        .sets
        .into_iter()
        .flat_map(|set| set.reps)
        .flat_map(|rep| rep.stood_out)
        .collect();
    assert!(words.iter().all(|word| !word.contains('_') && !word.is_empty()), "{words:?}");
}

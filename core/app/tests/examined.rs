//! Tests as a session: led on simulated cuffs from the words that keep them safe to a result that is kept and compared.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use talus_app::coach::plan::Known;
use talus_app::coach::screening::Stance;
use talus_app::coach::{Event, SessionPlan, Stage, Tap, Worn};
use talus_app::motion::{CuffId, Micros, Side};
use talus_app::scene::Scene;
use talus_app::store::Store;
use talus_app::store::{About, Moment};
use talus_app::{Note, Opening, Run, Talus, TestSheet, clock, without_a_worry};

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    let talus = Talus::open(Opening { database, language: "en".to_owned(), zone: Some("UTC".to_owned()) }).unwrap();
    talus.set_about(&without_a_worry(1955, 70.0)).unwrap();
    talus
}

/// Everything that was said on the way, and what the tests of the session say afterwards.
fn examined(talus: &Talus, seed: u64, tests: &[&str]) -> (Vec<String>, Vec<TestSheet>) {
    let mut run = Run::examine(talus, seed, tests).unwrap();
    let mut said = Vec::new();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
        assert!(run.now() < Micros(1_200_000_000), "no way out: {said:?}");
        said.extend(run.notes().into_iter().filter_map(|note| match note {
            Note::Event(Event::Cue(cue)) => cue.voice,
            _ => None,
        }));
        if let Scene::Session(scene) = run.scene() {
            assert_eq!(scene.frame.mass_g, 0, "a test has no weight");
        }
    }
    let id = run.finish().unwrap().unwrap();
    (said, talus.session_tests(&id.to_string()).unwrap())
}

fn only(sheets: &[TestSheet]) -> f64 {
    assert_eq!(sheets.len(), 1, "{sheets:?}");
    sheets[0].value.unwrap()
}

#[test]
fn a_chair_stand_is_shown_with_its_chair_counted_kept_and_compared() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let (said, sheets) = examined(&talus, 3, &["chair_stand"]);
    // A stand takes 2.8 s here: ten and a beginning in thirty seconds.
    let stands = only(&sheets);
    assert!((10.0..=11.0).contains(&stands), "{stands}");
    let shown = said.iter().position(|line| line.contains("against a wall")).unwrap_or_else(|| panic!("{said:?}"));
    let went = said.iter().position(|line| line == "Go.").unwrap();
    assert!(shown < went, "what keeps it safe is said first: {said:?}");
    assert!(said.contains(&format!("{stands} times.")), "{said:?}");
    assert!(sheets[0].lines[0].ends_with(" times."), "{sheets:?}");
    let kept = talus.tests().unwrap();
    let detail = talus.session("last").unwrap();
    assert_eq!((kept.len(), kept[0].session), (1, Some(detail.row.id)));
    assert_eq!(detail.summary.unwrap().sentence, "1 test done.");
    // The same again is no change, and the review of the session says so.
    examined(&talus, 3, &["chair_stand_30s"]);
    let review = talus.review("last").unwrap();
    assert_eq!(review[0].exercise, "chair_stand_30");
    assert!(review[0].lines.last().unwrap().ends_with("no clear change yet."), "{review:?}");
    // What was recorded gives the same again.
    let recording = folder.path().join("recordings").join(format!("{}.talus", detail.row.id));
    assert_eq!(talus.replay_recording(&recording).unwrap().as_stored, Some(true));
}

#[test]
fn every_test_a_cuff_can_see_comes_to_its_end_and_to_what_the_leg_did() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let value = |test: &str, seed| -> Vec<f64> {
        let (said, sheets) = examined(&talus, seed, &[test]);
        assert!(!sheets.is_empty(), "{test}: {said:?}");
        sheets.iter().map(|sheet| sheet.value.unwrap()).collect()
    };
    let near = |found: &[f64], truth: f64, by: f64| assert!(found.iter().all(|v| (v - truth).abs() <= by), "{found:?}");
    // Up 1.4, walk 11.9, 0.3, down 1.4.
    near(&value("tug", 4), 15.0, 0.6);
    // Ten metres in nine seconds, less the moment before the first foot is off and after the last is down.
    near(&value("ten_metre_walk", 5), 10.0 / 9.0, 0.2);
    // One result for each leg.
    let stood = value("one_leg_stand", 6);
    assert_eq!(stood.len(), 2);
    near(&stood, 15.3, 0.7);
    let rises = value("heel_rises", 7);
    assert_eq!(rises, [12.0, 12.0]);
    assert_eq!(value("four_stage", 8), [3.0], "the fourth stance is too hard for this leg");
}

#[test]
fn what_a_balance_test_says_of_standing_restricts_what_comes() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    examined(&talus, 8, &["four_stage"]);
    let stance = talus.about().unwrap().unwrap().stance;
    assert!(stance.tandem_s.unwrap() >= 10.0 && stance.one_leg_s.is_none(), "{stance:?}");
    // Whoever does not hold a tandem stance stands on both feet from then on, and on one leg in no test.
    talus
        .set_about(&About { stance: Stance { tandem_s: Some(4.0), one_leg_s: None }, ..without_a_worry(1955, 70.0) })
        .unwrap();
    let lines = talus.test_lines().unwrap();
    let one_leg = lines.iter().find(|line| line.id == "balance_sls").unwrap();
    assert!(!one_leg.whys.is_empty());
    assert!(Run::examine(&talus, 1, &["one_leg_stand"]).is_err());
    let known = |plan: SessionPlan| -> Known { *plan.known.unwrap() };
    let worn = [Worn { cuff: CuffId([1; 16]), side: Side::Left, mass_g: 0 }];
    let asked = known(talus.test_plan(&["balance"], &worn).unwrap()).tests;
    assert_eq!(asked.len(), 1, "one ladder for both legs");
    // The four stances are three for such a person.
    assert_eq!(examined(&talus, 8, &["four_stage"]).1[0].value, Some(3.0));
}

#[test]
fn the_ladder_goes_up_when_a_rung_was_held_twice_and_says_hold_on_when_balance_was_nearly_lost() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let rung = |talus: &Talus| {
        let worn = [Worn { cuff: CuffId([1; 16]), side: Side::Left, mass_g: 0 }];
        let asked = talus.test_plan(&["balance"], &worn).unwrap().known.unwrap().tests[0].clone();
        (asked.rung.number(), asked.hold_on)
    };
    assert_eq!(rung(&talus), (1, false));
    let (said, sheets) = examined(&talus, 2, &["balance"]);
    assert!(said.iter().any(|line| line.contains("counter")), "a hand has something to hold: {said:?}");
    assert_eq!(said.iter().filter(|line| line.contains("seconds held")).count(), 2, "{said:?}");
    assert_eq!((only(&sheets), sheets[0].lines.last().unwrap().as_str()), (1.0, "Held twice. One rung up."));
    assert_eq!(rung(&talus), (2, false));
    // On the next one somebody says that it is too hard.
    let mut run = Run::examine(&talus, 2, &["balance"]).unwrap();
    let mut pressed = false;
    while !run.over() {
        run.advance(run.now().plus(500_000)).unwrap();
        if let Scene::Session(scene) = run.scene()
            && scene.frame.stage == Stage::Set
            && !pressed
        {
            pressed = true;
            run.press(Tap::Lighter);
        }
    }
    run.finish().unwrap();
    assert_eq!(rung(&talus), (1, true));
}

#[test]
fn a_test_of_the_week_is_due_until_it_was_done() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.follow(Some("first_steps")).unwrap();
    let due = |talus: &Talus| -> Vec<String> {
        talus.test_lines().unwrap().into_iter().filter(|line| line.due).map(|line| line.id).collect()
    };
    assert_eq!(due(&talus), ["balance_4stage", "chair_stand_30"]);
    let name = talus.texts().say("protocol.chair_stand_30.name", &[]);
    let notes = |talus: &Talus| match talus.today_sheet().unwrap() {
        talus_app::TodaySheet::Train { notes, .. } => notes.join(" "),
        other => panic!("{other:?}"),
    };
    assert!(notes(&talus).contains(&name), "{}", notes(&talus));
    let (_, sheets) = examined(&talus, 3, &["due"]);
    assert_eq!(sheets.len(), 2);
    assert_eq!(due(&talus), Vec::<String>::new());
    assert!(!notes(&talus).contains(&name));
}

#[test]
fn nobody_is_tested_on_a_day_that_hurts() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.check_in(Moment::Before, &talus_app::Condition { pain: Some(6), ..talus_app::Condition::default() }).unwrap();
    assert!(talus.test_lines().unwrap().iter().all(|line| line.whys == ["Not today. Pain is 6 of 10."]));
    assert!(Run::examine(&talus, 1, &["tug"]).is_err());
}

#[test]
fn a_test_that_was_left_goes_on_where_it_was_unless_the_day_has_closed_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let left = |talus: &Talus| {
        let mut run = Run::examine(talus, 4, &["tug", "chair_stand"]).unwrap();
        // Into the second test.
        run.advance(Micros(110_000_000)).unwrap();
        let Scene::Session(scene) = run.scene() else { panic!() };
        assert_eq!((scene.frame.exercise.as_str(), scene.frame.mass_g), ("chair_stand_30", 0));
        run.leave().unwrap();
    };
    left(&talus);
    let mut run = Run::resume(&talus, "last").unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
        assert!(run.now() < Micros(600_000_000), "no way out");
    }
    let id = run.finish().unwrap().unwrap();
    // What was done before it was left is not lost, and is kept once.
    let sheets = talus.session_tests(&id.to_string()).unwrap();
    assert_eq!(sheets.len(), 2, "{sheets:?}");
    assert!((sheets[0].value.unwrap() - 15.0).abs() < 0.6 && sheets[1].value.unwrap() >= 10.0, "{sheets:?}");
    left(&talus);
    talus.check_in(Moment::Before, &talus_app::Condition { pain: Some(6), ..talus_app::Condition::default() }).unwrap();
    assert!(Run::resume(&talus, "last").is_err());
}

#[test]
fn what_a_test_came_to_is_kept_when_it_is_over_and_kept_once_however_the_session_ends() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let mut run = Run::examine(&talus, 4, &["tug", "chair_stand"]).unwrap();
    run.advance(Micros(110_000_000)).unwrap();
    run.save().unwrap();
    // The first test is over, the session is not.
    let kept = talus.tests().unwrap();
    assert_eq!(kept.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["tug"]);
    // Killed right there: what was not saved is gone, what was is not done again.
    drop(run);
    let mut run = Run::resume(&talus, "last").unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
        assert!(run.now() < Micros(600_000_000), "no way out");
    }
    // Killed between its last test and its end.
    run.save().unwrap();
    assert_eq!(talus.tests().unwrap().len(), 2);
    drop(run);
    let run = Run::resume(&talus, "last").unwrap();
    assert!(run.over());
    let id = run.finish().unwrap().unwrap();
    assert_eq!(talus.session_tests(&id.to_string()).unwrap().len(), 2);
    assert_eq!(talus.tests().unwrap().len(), 2, "kept once");
}

#[test]
fn who_did_not_hold_a_stand_on_one_leg_may_try_again_once_they_stood_steadily_on_both() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let stance = |one_leg_s| About {
        stance: Stance { one_leg_s: Some(one_leg_s), tandem_s: None },
        ..without_a_worry(1975, 70.0)
    };
    talus.set_about(&stance(3.0)).unwrap();
    let open = |talus: &Talus| {
        let lines = talus.test_lines().unwrap();
        lines.into_iter().find(|line| line.id == "balance_sls").unwrap().whys.is_empty()
    };
    assert!(!open(&talus) && Run::examine(&talus, 6, &["one_leg_stand"]).is_err());
    // What is said of standing, so many days ago.
    let said = |talus: &Talus, about: &About, days_ago: i64| {
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        store.put_about(talus.person(), about, clock::utc_ms() - days_ago * 86_400_000).unwrap();
    };
    // Up the ladder, a session a rung; the tandem stance is the highest that is open.
    for rung in 1..=4 {
        assert!(!open(&talus), "rung {rung}");
        let (_, sheets) = examined(&talus, 2, &["balance"]);
        assert_eq!(only(&sheets), f64::from(rung));
    }
    assert!(!open(&talus), "all of it on the day it was said, or before");
    said(&talus, &stance(3.0), 2);
    assert!(open(&talus));
    let mut short = stance(3.0);
    short.stance.tandem_s = Some(9.0);
    said(&talus, &short, 2);
    assert!(!open(&talus), "whoever does not hold a tandem stance long enough stands on no one leg");
    said(&talus, &stance(3.0), 2);
    // One leg alone says nothing of the other one.
    let (_, sheets) = examined(&talus, 6, &["one_leg_stand"]);
    assert_eq!(sheets.len(), 2);
    assert!(talus.about().unwrap().unwrap().stance.one_leg_s.unwrap() > 10.0);
    // Whoever says they fell is not let back by a test.
    let mut fell = stance(3.0);
    fell.answers.as_mut().unwrap().falls = Some(2);
    talus.set_about(&fell).unwrap();
    assert!(!open(&talus));
}

#[test]
fn a_four_stage_test_of_today_is_newer_than_the_tandem_stances_before_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let stance = Stance { one_leg_s: Some(3.0), tandem_s: None };
    talus.set_about(&About { stance, ..without_a_worry(1975, 70.0) }).unwrap();
    for _ in 0..4 {
        examined(&talus, 2, &["balance"]);
    }
    // Held long enough: nothing but its day keeps the stand on one leg closed.
    examined(&talus, 8, &["four_stage"]);
    let about = talus.about().unwrap().unwrap();
    assert!(about.stance.tandem_s.unwrap() >= 10.0, "{:?}", about.stance);
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    store.put_about(talus.person(), &about, clock::utc_ms() - 2 * 86_400_000).unwrap();
    drop(store);
    let lines = talus.test_lines().unwrap();
    assert!(!lines.into_iter().find(|line| line.id == "balance_sls").unwrap().whys.is_empty());
}

#[test]
fn one_leg_that_stood_well_says_nothing_of_the_weaker_one() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let stance = Stance { one_leg_s: Some(6.0), tandem_s: None };
    talus.set_about(&About { stance, ..without_a_worry(1975, 70.0) }).unwrap();
    let mut run = Run::examine(&talus, 6, &["one_leg_stand"]).unwrap();
    while !run.over() {
        run.advance(run.now().plus(1_000_000)).unwrap();
        assert!(run.now() < Micros(1_200_000_000), "no way out");
        run.save().unwrap();
        if !talus.tests().unwrap().is_empty() {
            run.press(Tap::Stop);
        }
    }
    run.finish().unwrap();
    let kept = talus.tests().unwrap();
    assert!(kept.len() == 1 && kept[0].value > 10.0, "{kept:?}");
    assert_eq!(talus.about().unwrap().unwrap().stance.one_leg_s, Some(6.0), "what was said of the other one stands");
    // Both legs in one session are the newest word on both.
    examined(&talus, 6, &["one_leg_stand"]);
    assert!(talus.about().unwrap().unwrap().stance.one_leg_s.unwrap() > 10.0);
}

#[test]
fn a_test_is_not_taken_up_on_a_stance_that_was_closed_since() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let leave = || {
        let mut run = Run::examine(&talus, 8, &["four_stage"]).unwrap();
        run.advance(Micros(10_000_000)).unwrap();
        run.leave().unwrap();
    };
    leave();
    assert!(Run::resume(&talus, "last").is_ok());
    leave();
    let stance = Stance { one_leg_s: Some(3.0), tandem_s: None };
    talus.set_about(&About { stance, ..without_a_worry(1955, 70.0) }).unwrap();
    let refused = Run::resume(&talus, "last").err().unwrap();
    let whys = match &refused {
        talus_app::AppError::Person(talus_app::PersonRefusal::NotOpen { whys, .. }) => whys,
        other => panic!("{other:?}"),
    };
    assert_eq!(whys.len(), 1, "{whys:?}");
    // As it is open now, with three stances, it begins.
    assert_eq!(examined(&talus, 8, &["four_stage"]).1[0].value, Some(3.0));
}

#[test]
fn a_first_session_is_ten_minutes_of_tests_and_a_walk_and_what_comes_next_follows_from_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let first = |talus: &Talus| talus.test_lines().unwrap().into_iter().find(|line| line.id == "first").unwrap();
    assert_eq!((first(&talus).whys.len(), first(&talus).name.as_str()), (0, "First session: ten minutes, no weight"));
    talus.follow(Some("first_steps")).unwrap();
    let offered = |talus: &Talus| match talus.today_sheet().unwrap() {
        talus_app::TodaySheet::Train { notes, .. } => notes.iter().any(|note| note.contains("where you begin")),
        other => panic!("{other:?}"),
    };
    assert!(offered(&talus));
    let (said, sheets) = examined(&talus, 3, &["first"]);
    assert!(!offered(&talus), "it was measured");
    let detail = talus.session("last").unwrap();
    assert!((420.0..=900.0).contains(&detail.summary.as_ref().unwrap().duration_s), "{:?}", detail.summary);
    let kept: Vec<String> = talus.tests().unwrap().into_iter().map(|row| row.kind).collect();
    assert_eq!(kept.iter().filter(|kind| *kind == "chair_stand_30").count(), 1, "{kept:?}");
    assert_eq!((kept.iter().filter(|kind| *kind == "balance_sls").count(), sheets.len()), (2, 3));
    assert!(said.iter().any(|line| line == "Walk at your own pace."), "{said:?}");
    // The own walk is known from now on.
    let walked = detail.summary.unwrap().walked.unwrap();
    assert!(walked.baseline.is_some_and(|own| own.strides.0 >= 40) && walked.loaded_s == 0.0, "{walked:?}");
    // Ten or eleven stands are few for somebody of 70 years or not, as the source says; somebody who stands up that seldom
    // at 60 is a beginner, whatever they say of themselves.
    let trained = |birth_year| About {
        level: talus_app::coach::Level::Trained,
        sex: Some(talus_app::store::Sex::Male),
        ..without_a_worry(birth_year, 70.0)
    };
    let harder = |talus: &Talus| {
        let all = talus.openness().unwrap();
        all.into_iter().filter(|one| one.open).count()
    };
    talus.set_about(&trained(1964)).unwrap();
    let flagged = harder(&talus);
    let elsewhere = tempfile::tempdir().unwrap();
    let other = Talus::open(Opening {
        database: elsewhere.path().join("talus.db"),
        language: "en".to_owned(),
        zone: Some("UTC".to_owned()),
    })
    .unwrap();
    other.set_about(&trained(1964)).unwrap();
    assert!(harder(&other) > flagged, "{} and {flagged}", harder(&other));
}

//! What a session is to be, told before it begins and while it goes on; what is due, reminded of and logged beside it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Home, anna};
use std::collections::BTreeSet;
use std::sync::Arc;
use talus_core::{
    Beginning, Deletion, Lift, MassUnit, PersonChange, Picture, ProtocolKind, Question, Reminding, Reply, Session,
    SessionView, SessionWish, SharedProgramme, Stage, TalusError, Tap, TodaySheet, WalkPart, Weekday,
};

/// Somebody without a worry, in a household of their own.
fn home(language: &str) -> Home {
    let home = Home::new(language);
    home.talus.change_person(PersonChange::About { about: anna(&home.talus) }).unwrap();
    home
}

fn exercises(ids: &[&str]) -> SessionWish {
    SessionWish::Exercises { exercises: ids.iter().map(|id| (*id).to_owned()).collect() }
}

fn tests(ids: &[&str]) -> SessionWish {
    SessionWish::Tests { tests: ids.iter().map(|id| (*id).to_owned()).collect() }
}

fn practise(home: &Home, wish: SessionWish) -> Arc<Session> {
    home.talus.begin(Beginning::Practice { seed: 7, wish }).unwrap()
}

/// Lets a session go on to its end, and shows every picture of it on the way.
fn watch(session: &Session, mut see: impl FnMut(&SessionView)) {
    for _ in 0..36_000 {
        let frame = session.latest_frame(0).unwrap().unwrap();
        if let Picture::Training { view } = &frame.picture {
            see(view);
        }
        if frame.over {
            return;
        }
        session.advance(100_000).unwrap();
    }
    panic!("no end");
}

#[test]
fn what_a_session_would_ask_for_is_told_before_it_begins_and_begins_as_told() {
    let home = home("en");
    let told = home.talus.foretell(exercises(&["knee_ext_seated", "side_abd"])).unwrap();
    let legs: Vec<_> = told.blocks.iter().map(|block| (block.exercise.as_str(), block.side)).collect();
    assert_eq!(legs.len(), 4, "both legs where none wears a cuff: {legs:?}");
    assert!(told.blocks.iter().all(|block| block.sets > 0 && !block.why.is_empty() && !block.name.is_empty()));
    assert!(told.walk.is_none() && told.tests.is_empty());
    assert!(home.talus.sessions(9, None, false).unwrap().is_empty(), "nothing began");
    let session = practise(&home, exercises(&["knee_ext_seated", "side_abd"]));
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
    let sets = home.talus.session("last").unwrap().sets;
    let done: BTreeSet<_> =
        sets.iter().map(|set| (set.result.exercise.clone(), format!("{:?}", set.result.side))).collect();
    let meant = legs.iter().map(|(exercise, side)| ((*exercise).to_owned(), format!("{side:?}"))).collect();
    assert_eq!(done, meant);

    let unknown = home.talus.foretell(exercises(&["nowhere"]));
    assert!(matches!(unknown, Err(TalusError::NotFound { .. })), "{unknown:?}");
    for nothing in [SessionWish::Today, exercises(&[]), tests(&[])] {
        let refused = home.talus.foretell(nothing.clone());
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{nothing:?} {refused:?}");
    }
}

#[test]
fn a_walk_is_first_one_without_a_weight_and_then_one_with_the_least_there_is() {
    let home = Home::new("en");
    let heavy = talus_core::About { height_cm: 190.0, mass_kg: 100.0, ..anna(&home.talus) };
    home.talus.change_person(PersonChange::About { about: heavy }).unwrap();
    let first = home.talus.foretell(SessionWish::Walk).unwrap().walk.unwrap();
    assert_eq!((first.mass_g, first.times, first.own_walk_known), (0, 0, false));
    let session = practise(&home, SessionWish::Walk);
    watch(&session, |view| {
        if let Some(walk) = &view.walk {
            assert_eq!((walk.times, walk.planned_g, view.mass_g), (0, 0, 0));
        }
    });
    session.finish().unwrap();

    let second = home.talus.foretell(SessionWish::Walk).unwrap();
    let walk = second.walk.unwrap();
    assert_eq!((walk.mass_g, walk.times, walk.own_walk_known, second.blocks.len()), (500, 1, true, 0));
    assert!(walk.before_s >= 300 && walk.loaded_s > 0 && walk.why.contains("0.5"), "{walk:?}");
    let session = practise(&home, SessionWish::Walk);
    let (mut parts, mut signs, mut left) = (Vec::new(), BTreeSet::new(), 0);
    watch(&session, |view| {
        let (Some(part), Some(walk)) = (view.part, &view.walk) else { return };
        if parts.last() != Some(&part) {
            parts.push(part);
        }
        let worn = matches!(part, WalkPart::Loaded { .. } | WalkPart::TakeOff);
        assert_eq!((walk.times, walk.planned_g, view.mass_g), (1, 500, if worn { 500 } else { 0 }));
        left += u32::from(view.left_s.is_some());
        signs.extend(walk.signs.clone());
    });
    session.finish().unwrap();
    assert_eq!(parts[..3], [WalkPart::Before, WalkPart::PutOn, WalkPart::Loaded { time: 1 }], "{parts:?}");
    assert!(left > 0 && signs.contains("fewer steps a minute"), "{signs:?}");
}

#[test]
fn a_test_is_shown_tried_counted_and_told_with_what_it_says() {
    let home = home("en");
    let told = home.talus.foretell(tests(&["chair_stand_30", "balance_progress"])).unwrap();
    assert!(told.blocks.is_empty() && told.tests.len() >= 2, "{told:?}");
    assert!(told.tests.iter().all(|test| test.steps.len() > 2 && test.tries > 0), "{told:?}");
    let ladder = told.tests.last().unwrap();
    assert!(ladder.stance.as_ref().is_some_and(|stance| !stance.is_empty()), "{ladder:?}");
    let session = practise(&home, tests(&["chair_stand_30", "balance_progress"]));
    let (mut counted, mut held, mut shown) = (0, 0, BTreeSet::new());
    watch(&session, |view| {
        let Some(trial) = &view.trial else { return };
        assert_eq!((view.mass_g, view.exercise_name.is_empty()), (0, false), "nobody wears a weight in a test");
        shown.insert((view.exercise.clone(), trial.stance.clone(), format!("{:?}", view.stage)));
        counted = counted.max(trial.counted.unwrap_or(0));
        held = held.max(trial.seconds.unwrap_or(0));
        assert!(view.stage == Stage::Set || (trial.counted, trial.seconds) == (None, None), "{view:?}");
    });
    session.finish().unwrap();
    // A stand is counted once it is certain that it was one.
    assert!(counted >= 1 && held >= 9, "{counted} {held}");
    let stance = |id: &str| shown.iter().filter(|one| one.0 == id).all(|one| one.1.is_some());
    assert!(stance("balance_progress") && !stance("chair_stand_30"), "{shown:?}");
    let tested = home.talus.session("last").unwrap().tested;
    assert_eq!(tested.len(), 2, "{tested:?}");
    assert!(tested.iter().all(|sheet| sheet.value.is_some() && !sheet.lines.is_empty()), "{tested:?}");
    let noted = home.talus.noted().unwrap();
    assert_eq!((noted.tests.len(), noted.courses.len()), (2, 2));
    let stands = noted.courses.iter().find(|course| course.kind == "chair_stand_30").unwrap();
    assert_eq!((stands.points.len(), stands.beyond_error, stands.unit.as_str()), (1, false, "count"));
    assert!(!stands.told.is_empty() && stands.points[0].said.contains("times"), "{stands:?}");
}

#[test]
fn the_ten_minutes_of_a_first_session_are_tests_and_a_walk_without_a_weight() {
    let home = home("en");
    let told = home.talus.foretell(SessionWish::First).unwrap();
    let walk = told.walk.expect("walking is open");
    assert_eq!((walk.mass_g, walk.times, walk.own_walk_known), (0, 0, false));
    assert!(told.tests.len() >= 2 && told.blocks.is_empty() && !walk.why.is_empty(), "{:?}", told.tests);
    let session = practise(&home, SessionWish::First);
    let (mut tried, mut walked) = (BTreeSet::new(), 0);
    watch(&session, |view| {
        assert_eq!(view.mass_g, 0);
        if view.trial.is_some() {
            tried.insert(view.exercise.clone());
        }
        walked = walked.max(view.strides);
    });
    session.finish().unwrap();
    assert_eq!(tried, told.tests.iter().map(|test| test.id.clone()).collect());
    assert!(walked > 50, "{walked} strides");
    assert!(
        home.talus.foretell(SessionWish::Walk).unwrap().walk.unwrap().own_walk_known,
        "the next walk is compared with it"
    );
}

#[test]
fn a_test_that_is_too_hard_is_ended_with_a_tap() {
    let home = home("en");
    let session = practise(&home, tests(&["balance_progress"]));
    let mut pressed = false;
    watch(&session, |view| {
        if !pressed && view.stage == Stage::Set && view.trial.as_ref().is_some_and(|trial| trial.seconds >= Some(2)) {
            pressed = true;
            session.press(Tap::Lighter).unwrap();
        }
    });
    session.finish().unwrap();
    assert!(pressed);
    let again = home.talus.foretell(tests(&["balance_progress"])).unwrap();
    assert!(again.tests[0].hand_on_counter, "{again:?}");
}

#[test]
fn what_is_closed_says_why_and_what_is_due_stands_first() {
    let home = home("en");
    let all = home.talus.protocols().unwrap();
    let one = |id: &str| all.iter().find(|line| line.id == id).unwrap();
    let rehab = one("rehab_quads");
    assert!(rehab.needs_plan && rehab.kind == ProtocolKind::Stages && !rehab.measured && !rehab.whys.is_empty());
    assert!(one("rehab_stroke_swing").supervised && one("tug").whys.is_empty() && one("tug").measured);
    assert_eq!(
        all.iter().filter(|line| line.ladder).map(|line| line.id.as_str()).collect::<Vec<_>>(),
        ["balance_progress"]
    );
    assert!(all.iter().all(|line| line.steps.len() > 1 && !line.what.is_empty() && !line.name.contains('.')));
    let refused = home.talus.foretell(tests(&["rehab_quads"]));
    assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{refused:?}");
    let knee = home.talus.programmes().unwrap().into_iter().find(|one| one.id == "knee_rebuild").unwrap();
    assert!(knee.needs_plan && !knee.shared && !knee.needs.is_empty() && !knee.whom.is_empty() && knee.weeks > 3);
    assert!(knee.exercises.iter().any(|id| id == "heel_slide"));

    // Who falls stands on one leg with nobody's blessing.
    let mut unsteady = anna(&home.talus);
    for one in &mut unsteady.answers.as_mut().unwrap().replies {
        if one.question == Question::Falls {
            one.reply = Reply::Yes;
        }
    }
    home.talus.change_person(PersonChange::About { about: unsteady }).unwrap();
    let all = home.talus.protocols().unwrap();
    let closed = all.iter().find(|line| line.id == "balance_sls").unwrap();
    assert!(!closed.whys.is_empty() && closed.measured);
    let walk = all.iter().find(|line| line.id == "walk_interval").unwrap();
    assert!(walk.weight && !walk.whys.is_empty(), "no weight while walking for who falls: {walk:?}");
}

#[test]
fn a_programme_makes_reminders_due_tests_and_blocks_of_today() {
    let home = home("en");
    let remind = Reminding { weekdays: Vec::new(), minute: 18 * 60, morning: Some(8 * 60), days: 13 };
    assert!(home.talus.today(Some(remind.clone())).unwrap().reminders.is_empty(), "nothing is followed");
    home.talus.change_person(PersonChange::Follow { programme: Some("first_steps".to_owned()) }).unwrap();
    let today = home.talus.today(Some(remind.clone())).unwrap();
    let TodaySheet::Train { exercises, .. } = &today.sheet else { panic!("{today:?}") };
    let told = home.talus.foretell(SessionWish::Today).unwrap();
    let blocks: BTreeSet<&str> = told.blocks.iter().map(|block| block.exercise.as_str()).collect();
    assert_eq!(blocks, exercises.iter().map(String::as_str).filter(|id| *id != "walk").collect());
    // What its note offers can be begun.
    assert!(today.measure_first && !home.talus.foretell(SessionWish::First).unwrap().tests.is_empty(), "{today:?}");
    assert!(!today.reminders.is_empty() && today.reminders.iter().all(|one| one.minute == 18 * 60), "{today:?}");
    assert!(home.talus.today(None).unwrap().reminders.is_empty(), "nobody asked");
    let never = Reminding { days: 0, weekdays: vec![Weekday::Monday], ..remind };
    let few = home.talus.today(Some(never)).unwrap().reminders.len();
    assert!(few <= 1, "{few}");
    let due = home.talus.protocols().unwrap().into_iter().filter(|line| line.due && line.measured);
    let due: BTreeSet<String> = due.map(|line| line.id).collect();
    assert_eq!(due, today.tests_due.iter().map(|test| test.id.clone()).collect());
}

#[test]
fn a_main_lift_is_logged_told_and_taken_back() {
    let home = home("en");
    assert_eq!(home.talus.book().lifts.len(), 7);
    let id = home.talus.log_lift(Lift::Squat, 3, 8, 60_000).unwrap();
    let today = home.talus.today(None).unwrap();
    assert_eq!(today.lifts, ["Squat: 3 × 8, 60\u{202f}kg."]);
    assert!(today.week.iter().any(|line| line.contains("main lift")), "{:?}", today.week);
    let nobody = home.talus.log_lift(Lift::Hinge, 0, 8, 60_000);
    assert!(matches!(nobody, Err(TalusError::Invalid { .. })), "{nobody:?}");
    home.talus.delete(Deletion::Session { asked: id }).unwrap();
    assert!(home.talus.today(None).unwrap().lifts.is_empty());
}

#[test]
fn weights_are_told_in_pounds_where_somebody_wants_that() {
    let home = home("en");
    assert_eq!(home.talus.book().unit, MassUnit::Kilograms);
    home.talus.log_lift(Lift::Squat, 3, 8, 45_400).unwrap();
    let talus = home.told_in(MassUnit::Pounds);
    assert_eq!(talus.book().unit, MassUnit::Pounds);
    assert_eq!(talus.today(None).unwrap().lifts, ["Squat: 3 × 8, 100\u{202f}lb."]);
    // Whatever the phone's own measures are.
    let german = home.told_in(MassUnit::Kilograms);
    assert_eq!(german.book().unit, MassUnit::Kilograms);
}

#[test]
fn a_demo_gives_the_health_stores_nothing() {
    let home = home("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
    let detail = home.talus.session("last").unwrap();
    assert!(!detail.sets.is_empty() && detail.health_connect.is_none() && detail.health_kit.is_none());
}

/// A programme as somebody shares it.
const GARDEN: &str = "id = \"garden\"\nname = \"After the garden\"\ngrade = \"d\"\nsources = []\nper_week = 2\n\n\
                      [[parts]]\nid = \"a\"\nwork = [{ exercise = \"knee_ext_seated\", sets = 2, reps = [8, 12], \
                      load = \"own\", reserve = 3 }]\n\n[[weeks]]\naim = \"learn\"\n";

#[test]
fn a_programme_that_people_share_is_taken_in_followed_given_out_and_put_away() {
    let home = home("en");
    let shared = |what| home.talus.shared_programme(what);
    let ours = shared(SharedProgramme::Share { id: "hips".to_owned() }).unwrap();
    for no_programme in [ours.as_str(), "", "id = 1"] {
        let refused = shared(SharedProgramme::TakeIn { text: no_programme.to_owned() });
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{no_programme:?}: {refused:?}");
    }
    let id = shared(SharedProgramme::TakeIn { text: GARDEN.to_owned() }).unwrap();
    let line = |id: &str| home.talus.programmes().unwrap().into_iter().find(|one| one.id == id);
    let garden = line(&id).unwrap();
    assert!(garden.shared && garden.own, "{garden:?}");
    assert!(!line("hips").unwrap().shared && !line("hips").unwrap().own);
    assert_eq!((garden.name.as_str(), garden.whom.as_str(), garden.weeks), ("After the garden", "", 1));
    assert_eq!((garden.exercises, garden.needs), (vec!["knee_ext_seated".to_owned()], Vec::<String>::new()));
    home.talus.change_person(PersonChange::Follow { programme: Some(id.clone()) }).unwrap();
    assert!(matches!(home.talus.today(None).unwrap().sheet, TodaySheet::Train { .. }));
    assert_eq!(home.talus.foretell(SessionWish::Today).unwrap().blocks.len(), 2);
    let given = shared(SharedProgramme::Share { id: id.clone() }).unwrap();
    assert_eq!(shared(SharedProgramme::TakeIn { text: given }).unwrap(), id, "what is given out can be taken in");
    assert_eq!(shared(SharedProgramme::PutAway { id: id.clone() }).unwrap(), id);
    assert_eq!((line(&id), home.talus.today(None).unwrap().sheet), (None, TodaySheet::Free));
    for nobody_shared in [id.as_str(), "hips"] {
        let again = shared(SharedProgramme::PutAway { id: nobody_shared.to_owned() });
        assert!(matches!(again, Err(TalusError::Invalid { .. })), "{nobody_shared}: {again:?}");
    }
}

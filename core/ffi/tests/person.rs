//! A person through the bridge: described, screened, checked in, prescribed; and nobody else's.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Home, anna};
use talus_core::{
    About, Beginning, CheckIn, Deletion, Moment, Outcome, PersonChange, PlanChange, Question, Reply, SessionWish, Side,
    Sign, TalusError, TodaySheet, Weights,
};

fn well() -> CheckIn {
    CheckIn { pain: Some(0), slept_badly: false, sore: false, swollen: false, signs: Vec::new() }
}

#[test]
fn what_somebody_says_of_themselves_comes_back_as_it_was_typed() {
    let home = Home::new("en");
    assert_eq!(home.talus.about().unwrap(), None);
    let asked = home.talus.book().questionnaire;
    assert_eq!((asked.questions.len(), asked.signs.len()), (12, 6));
    assert!(asked.questions.iter().all(|one| one.text.len() > 5) && asked.signs.iter().all(|one| one.text.len() > 5));
    let anna = anna(&home.talus);
    home.talus.change_person(PersonChange::About { about: anna.clone() }).unwrap();
    let mut back = home.talus.about().unwrap().unwrap();
    // In an order of their own.
    back.answers.as_mut().unwrap().replies.sort_by_key(|one| format!("{:?}", one.question));
    let mut meant = anna.clone();
    meant.answers.as_mut().unwrap().replies.sort_by_key(|one| format!("{:?}", one.question));
    assert_eq!(back, meant);
    let impossible = [
        About { height_cm: 1.7, ..anna.clone() },
        About { mass_kg: f32::NAN, ..anna.clone() },
        About { weights: Some(Weights { lightest_g: 3000, step_g: 0, heaviest_g: 500 }), ..anna.clone() },
    ];
    for about in impossible {
        let refused = home.talus.change_person(PersonChange::About { about });
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{refused:?}");
    }
    assert_eq!(home.talus.about().unwrap().unwrap().height_cm, anna.height_cm, "nothing of it was kept");
}

#[test]
fn what_is_open_and_what_to_do_follows_from_the_answers_and_has_its_reason() {
    let home = Home::new("de");
    let early = home.talus.openness();
    assert!(matches!(early, Err(TalusError::Invalid { .. })), "nobody has answered: {early:?}");
    let anna = anna(&home.talus);
    home.talus.change_person(PersonChange::About { about: anna.clone() }).unwrap();
    let open = home.talus.openness().unwrap();
    assert!(open.iter().any(|one| one.open && one.most_g > 0) && open.iter().all(|one| one.most_g <= 5000), "{open:?}");
    assert!(open.iter().all(|one| one.open || !one.whys.is_empty()), "what is left out says why");
    let prescribed = home.talus.prescribe("knee_ext_seated", Side::Left, true).unwrap();
    assert!(prescribed.mass_g <= prescribed.most_g && prescribed.sets > 0 && !prescribed.why.is_empty());
    assert!(matches!(home.talus.prescribe("nowhere", Side::Left, true), Err(TalusError::NotFound { .. })));

    // A worry only ever restricts.
    let mut worried = anna;
    for one in &mut worried.answers.as_mut().unwrap().replies {
        if one.question == Question::Bones {
            one.reply = Reply::NotSure;
        }
    }
    home.talus.change_person(PersonChange::About { about: worried }).unwrap();
    for (before, after) in open.iter().zip(home.talus.openness().unwrap()) {
        assert_eq!((&before.exercise, before.side), (&after.exercise, after.side));
        assert!(after.most_g <= before.most_g && (before.open || !after.open), "{before:?} {after:?}");
    }
}

#[test]
fn a_red_flag_locks_the_day_and_shows_its_sheet() {
    let home = Home::new("en");
    home.talus.change_person(PersonChange::About { about: anna(&home.talus) }).unwrap();
    let fine = home.talus.check_in(Moment::Before, well()).unwrap();
    assert_eq!((fine.outcome, fine.sheet), (Outcome::AsPlanned, None));
    let impossible = home.talus.check_in(Moment::Before, CheckIn { pain: Some(11), ..well() });
    assert!(matches!(impossible, Err(TalusError::Invalid { .. })), "{impossible:?}");
    let today = home.talus.today(None).unwrap();
    assert!(!today.locked && !today.morning_due && today.red_flag.call && !today.pain.call);
    let flag = home.talus.check_in(Moment::Before, CheckIn { signs: vec![Sign::ChestPain], ..well() }).unwrap();
    assert_eq!(flag.outcome, Outcome::RedFlag);
    assert_eq!(flag.sheet.unwrap(), today.red_flag);
    assert!(home.talus.today(None).unwrap().locked);
    let locked = home.talus.prescribe("knee_ext_seated", Side::Left, true);
    assert!(matches!(locked, Err(TalusError::Invalid { .. })), "{locked:?}");
}

#[test]
fn a_second_person_has_nothing_of_the_first() {
    let home = Home::new("en");
    home.talus.change_person(PersonChange::About { about: anna(&home.talus) }).unwrap();
    let id = home.talus.change_person(PersonChange::Add { name: "Bo".to_owned() }).unwrap();
    let bo = home.talus.for_person(&id).unwrap();
    assert_eq!(bo.about().unwrap(), None);
    bo.change_person(PersonChange::Name { name: "Bob".to_owned() }).unwrap();
    let people = bo.profiles().unwrap();
    let names: Vec<_> = people.iter().map(|one| (one.name.as_str(), one.chosen)).collect();
    assert!(names.contains(&("Bob", true)) && names.len() == 2, "{names:?}");
    assert!(bo.sessions(10, None, false).unwrap().is_empty());
    for nonsense in ["", "ffff", "01234567-89ab-7cde-8f01-23456789abcd"] {
        let nobody = home.talus.for_person(nonsense).map(|_| ());
        assert!(matches!(nobody, Err(TalusError::NotFound { .. })), "{nonsense}: {nobody:?}");
    }
}

#[test]
fn a_programme_is_chosen_and_makes_today_a_session_that_begins_without_naming_exercises() {
    let home = Home::new("en");
    assert!(matches!(home.talus.today(None).unwrap().sheet, TodaySheet::NotYet { .. }));
    home.talus.change_person(PersonChange::About { about: anna(&home.talus) }).unwrap();
    assert_eq!(home.talus.today(None).unwrap().sheet, TodaySheet::Free);
    let programmes = home.talus.programmes().unwrap();
    let open = programmes.iter().find(|one| one.needs.is_empty()).expect("one may begin");
    home.talus.change_person(PersonChange::Follow { programme: Some(open.id.clone()) }).unwrap();
    assert!(home.talus.programmes().unwrap().iter().all(|one| one.followed == (one.id == open.id)));
    let TodaySheet::Train { title, exercises, .. } = home.talus.today(None).unwrap().sheet else {
        panic!("no session")
    };
    assert!(!title.is_empty() && !exercises.is_empty());
    let session = home.talus.begin(Beginning::Practice { seed: 1, wish: SessionWish::Today }).unwrap();
    session.abandon();
    home.talus.change_person(PersonChange::Follow { programme: None }).unwrap();
    assert_eq!(home.talus.today(None).unwrap().sheet, TodaySheet::Free);
    let nothing = home.talus.change_person(PersonChange::Follow { programme: Some("nothing".to_owned()) });
    assert!(matches!(nothing, Err(TalusError::Invalid { .. })), "{nothing:?}");
}

#[test]
fn what_is_no_plan_is_refused_and_none_is_there() {
    let home = Home::new("en");
    assert_eq!(home.talus.plan(None).unwrap(), None);
    for text in ["", "not a plan", "[plan]\nname = 1"] {
        let refused = home.talus.plan(Some(text.to_owned()));
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{text:?}: {refused:?}");
        assert!(home.talus.change_plan(PlanChange::Accept { text: text.to_owned(), words: None }).is_err());
    }
    home.talus.change_plan(PlanChange::PutAway { distrust: false }).unwrap();
    assert_eq!(home.talus.plan(None).unwrap(), None);
}

#[test]
fn a_person_is_shown_what_they_have_before_it_is_deleted_and_nobody_else_loses_anything() {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
    let id = home.talus.change_person(PersonChange::Add { name: "Bo".to_owned() }).unwrap();
    let bo = home.talus.for_person(&id).unwrap();
    bo.change_person(PersonChange::About { about: anna(&bo) }).unwrap();
    bo.check_in(Moment::Before, well()).unwrap();
    let people = home.talus.profiles().unwrap();
    let [first, second] = people.as_slice() else { panic!("{people:?}") };
    assert_eq!((first.chosen, first.has.sessions, first.has.recordings), (true, 1, 1));
    assert!(first.has.recording_bytes > 0);
    assert_eq!((second.name.as_str(), second.has.sessions, second.has.check_ins), ("Bo", 0, 1));

    let gone = home.talus.delete(Deletion::Person { id: second.id.clone() }).unwrap();
    assert_eq!(gone, std::slice::from_ref(&second.id));
    assert_eq!(home.talus.profiles().unwrap(), std::slice::from_ref(first));
    for gone in [second.id.as_str(), "nobody"] {
        let again = home.talus.delete(Deletion::Person { id: gone.to_owned() });
        assert!(matches!(again, Err(TalusError::NotFound { .. })), "{again:?}");
    }
    // Who is open goes too where it is asked for, and the app goes on as somebody new.
    home.talus.delete(Deletion::Person { id: first.id.clone() }).unwrap();
    let left = home.talus.profiles().unwrap();
    assert_eq!((left.len(), left[0].chosen, left[0].has.sessions), (1, true, 0));
    assert!(home.talus.sessions(9, None, false).unwrap().is_empty());
}

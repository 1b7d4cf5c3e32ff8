//! Loads past what somebody may carry now are refused wherever they come from, and a walk without a weight says why.
#![allow(clippy::unwrap_used, clippy::panic)]

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use std::path::Path;
use talus_app::coach::load::{Bound, Ceiling};
use talus_app::coach::trusted::{Day, author_of, blank, sign};
use talus_app::coach::{Catalogue, PlanError, SessionPlan, Worn};
use talus_app::live::Live;
use talus_app::motion::{CuffId, Side};
use talus_app::store::{About, Kind, Moment, SessionHead, SessionId, Store};
use talus_app::{AppError, Condition, ExportWish, Job, Opening, PersonRefusal, Run, Talus, without_a_worry};

const KNEE: &str = "knee_ext_seated";
const BOTH: [Side; 2] = [Side::Left, Side::Right];

fn open(folder: &Path, language: &str) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: language.to_owned(), zone: Some("UTC".to_owned()) }).unwrap()
}

fn worn() -> Vec<Worn> {
    vec![Worn { cuff: CuffId([1; 16]), side: Side::Left, mass_g: 500 }]
}

/// The plan of a session that asks for so much, as a file may say it.
fn heavy(talus: &Talus, mass_g: u32) -> SessionPlan {
    let mut plan = talus.session_plan(&[KNEE], &worn()).unwrap();
    plan.blocks.iter_mut().for_each(|block| block.mass_g = mass_g);
    plan
}

/// A session that was begun with this plan and left.
fn left(talus: &Talus, folder: &Path, kind: Kind, plan: SessionPlan) -> SessionId {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    let head = SessionHead {
        id: SessionId([7; 16]),
        profile: talus.person(),
        kind,
        started_utc_ms: talus_app::clock::utc_ms() - 60_000,
        offset_min: 0,
        zone: "UTC".to_owned(),
        local_day: "2026-11-25".to_owned(),
        engine_version: 1,
        catalogue_version: "1".to_owned(),
        plan,
        source: if kind == Kind::Live { r#""cuffs""#.to_owned() } else { r#"{"sim":{"seed":1}}"#.to_owned() },
    };
    store.begin(&head).unwrap().abandon();
    head.id
}

/// A plan with these lines, in force from yesterday on, and the six words of its author.
fn signed(lines: &str) -> (String, String) {
    let day = |days: i64| {
        let now = Timestamp::from_millisecond(talus_app::clock::utc_ms()).unwrap();
        let date = now.to_zoned_datetime(TimeZone::UTC).date().checked_add(days.days()).unwrap();
        Day::parse(&date.to_string()).unwrap()
    };
    let text = blank("A. Physio", day(-1), day(30));
    let head = text.split("[[exercise]]").next().unwrap();
    let text = sign(&format!("{head}{lines}"), &[7; 32], &Catalogue::embedded().unwrap()).unwrap();
    (text, author_of(&[7; 32]).words())
}

fn refused(talus: &Talus, id: SessionId) -> AppError {
    Live::resume(talus, id).err().unwrap()
}

#[test]
fn a_session_that_was_left_is_not_taken_up_with_more_than_its_person_may_carry_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let id = left(&talus, folder.path(), Kind::Live, heavy(&talus, 4000));
    // The same person, whose year of birth was wrong.
    talus.set_about(&About { birth_year: 1950, ..without_a_worry(1980, 70.0) }).unwrap();
    let error = refused(&talus, id);
    let AppError::Plan(PlanError::AboveCeiling { mass_g, ceiling, .. }) = &error else { panic!("{error}") };
    assert_eq!((*mass_g, ceiling.mass_g, &ceiling.bound), (4000, 2250, &Bound::Body));
    let told = error.told("en").concat();
    assert!(told.contains("2.25\u{202f}kg is the most for your body weight."), "{told}");
    let told = error.told("de").concat();
    assert!(told.contains("4\u{202f}kg sind bei") && told.contains("2,25\u{202f}kg ist das Höchste"), "{told}");
    // It is no dead end, and what it holds can still be looked at.
    assert!(talus.session_plan(&[KNEE], &worn()).is_ok());
    assert_eq!(talus.session("last").unwrap().row.id, id);
    // With the right year it goes on.
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    Live::resume(&talus, id).unwrap().live.leave().unwrap();
}

#[test]
fn a_session_out_of_a_bundle_is_held_to_the_ceilings_of_who_took_it_in() {
    let (theirs, here) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ada = open(theirs.path(), "en");
    ada.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let mut plan = heavy(&ada, 4900);
    // As somebody may write it: everything in it says that five kilograms are right.
    let known = plan.known.as_mut().unwrap();
    known.legs.iter_mut().for_each(|leg| leg.ceiling = Ceiling { mass_g: 5000, bound: Bound::Hard });
    known.invented = true;
    let id = left(&ada, theirs.path(), Kind::Live, plan);
    let bundle = theirs.path().join("a.zip");
    ada.export(ExportWish { recordings: true, ..ExportWish::default() }, &bundle, &Job::new()).unwrap();
    let talus = open(here.path(), "en");
    talus.import(&bundle, None, &Job::new()).unwrap();
    let ada = talus.for_person(ada.person()).unwrap();
    ada.set_about(&without_a_worry(1950, 50.0)).unwrap();
    let error = refused(&ada, id);
    assert!(matches!(error, AppError::Plan(PlanError::AboveCeiling { mass_g: 4900, .. })), "{error}");
}

#[test]
fn a_session_is_not_taken_up_past_an_answer_that_closed_it() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let id = left(&talus, folder.path(), Kind::Live, heavy(&talus, 0));
    talus.check_in(Moment::Before, &Condition { pain: Some(6), ..Condition::default() }).unwrap();
    let error = refused(&talus, id);
    let AppError::Person(PersonRefusal::NotOpen { whys, .. }) = &error else { panic!("{error}") };
    assert_eq!(whys, &["Not today. Pain is 6 of 10."]);
}

#[test]
fn a_session_is_not_taken_up_with_another_range_than_the_plan_keeps_to_by_now() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let id = left(&talus, folder.path(), Kind::Live, heavy(&talus, 0));
    let accept = |to_deg: u32| {
        let line = format!("[[exercise]]\nid = \"{KNEE}\"\nmass_most_g = 1000\nrange_deg = [0.0, {to_deg}.0]\n");
        let (text, words) = signed(&line);
        talus.accept_plan(&text, Some(&words)).unwrap();
    };
    // It was planned before there was any line to keep to.
    accept(60);
    let AppError::Person(PersonRefusal::NotOpen { whys, .. }) = refused(&talus, id) else { panic!() };
    assert_eq!(whys, ["Your plan keeps to another range by now. Begin a new session."]);
    // One that keeps to the same line goes on, and to a nearer one as well once the plan lets it go further.
    let mut plan = heavy(&talus, 0);
    assert_eq!(plan.known.as_ref().unwrap().legs[0].range_deg, Some((0.0, 60.0)));
    Store::open(&folder.path().join("talus.db")).unwrap().delete(id).unwrap();
    let id = left(&talus, folder.path(), Kind::Live, plan.clone());
    Live::resume(&talus, id).unwrap().live.leave().unwrap();
    accept(80);
    Live::resume(&talus, id).unwrap().live.leave().unwrap();
    // Nobody has to be led past it by what a file says.
    plan.known.as_mut().unwrap().legs[0].range_deg = Some((0.0, 90.0));
    Store::open(&folder.path().join("talus.db")).unwrap().delete(id).unwrap();
    let id = left(&talus, folder.path(), Kind::Live, plan);
    assert!(matches!(refused(&talus, id), AppError::Person(PersonRefusal::NotOpen { .. })));
}

#[test]
fn a_simulated_session_that_asks_for_too_much_is_not_taken_up_either() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    left(&talus, folder.path(), Kind::Demo, heavy(&talus, 5000));
    let error = Run::resume(&talus, "last").err().unwrap();
    assert!(matches!(error, AppError::Plan(PlanError::AboveCeiling { mass_g: 5000, .. })), "{error}");
}

#[test]
fn a_walk_without_a_weight_says_why_wherever_it_is_looked_for() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    let whys = |talus: &Talus| -> Vec<String> {
        let told = talus.foretold(&["walk"], &BOTH).unwrap();
        assert!(told.iter().all(|asked| asked.mass_g == 0));
        told.into_iter().map(|asked| asked.why).collect()
    };
    let page = |talus: &Talus| {
        let all = talus.openness().unwrap();
        all.into_iter().find(|one| one.exercise == "walk").unwrap().ceiling_why
    };
    // Half a per cent of 70 kg is less than the lightest weight there is.
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let says = "Walk without weight. For now you may walk with 0.35\u{202f}kg at most. The lightest there is has 0.5\u{202f}kg.";
    assert_eq!((whys(&talus), page(&talus).as_str()), (vec![says.to_owned(); 2], says));
    // From 65 on the whole cap of somebody of 45 kg is.
    talus.set_about(&without_a_worry(1950, 45.0)).unwrap();
    let says = "Walk without weight. For your body weight the lightest there is, 0.5\u{202f}kg, is too much.";
    assert_eq!((whys(&talus), page(&talus).as_str()), (vec![says.to_owned(); 2], says));
    // Whoever is heavy enough walks first without, to know their own walk.
    talus.set_about(&without_a_worry(1980, 110.0)).unwrap();
    let says = "First without weight. That walk is what later ones are compared with.";
    assert_eq!(whys(&talus), vec![says.to_owned(); 2]);
    assert_eq!(page(&talus), "2\u{202f}kg is the most for your body weight.");
}

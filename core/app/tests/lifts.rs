//! Main lifts logged beside cuff work: their muscles rest, their programme follows them, and the week counts them.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use talus_app::coach::calendar::Lift;
use talus_app::motion::Side;
use talus_app::{AppError, ExportWish, Job, LiftWish, Opening, PersonRefusal, Talus, TodaySheet, without_a_worry};

fn open(folder: &Path, language: &str) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: language.to_owned(), zone: Some("UTC".to_owned()) }).unwrap()
}

fn squat() -> LiftWish {
    LiftWish { lift: Lift::Squat, sets: 3, reps: 5, bar_g: 100_000 }
}

#[test]
fn a_lift_rests_its_muscles_in_the_programme_that_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    talus.follow(Some("first_steps")).unwrap();
    assert!(matches!(talus.today_sheet().unwrap(), TodaySheet::Train { .. }));
    talus.log_lift(squat()).unwrap();
    // Nothing that asks for these muscles comes before they have rested.
    match talus.today_sheet().unwrap() {
        TodaySheet::Train { exercises, .. } => {
            let works = |id: &String| {
                let muscles = &talus.catalogue().exercise(id).unwrap().muscles;
                Lift::Squat.muscles().iter().any(|muscle| muscles.contains(muscle))
            };
            assert!(!exercises.iter().any(works), "{exercises:?}");
        }
        TodaySheet::Rest { why, again_in_min } => {
            assert_eq!(why, "Rest day. Your muscles rest for 48 more hours.");
            assert!(again_in_min.is_some_and(|min| (47 * 60..=48 * 60).contains(&min)), "{again_in_min:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_logged_lift_is_a_session_of_its_own_that_leaves_with_everything_else() {
    let (folder, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let talus = open(folder.path(), "de");
    assert!(matches!(talus.log_lift(squat()), Err(AppError::Person(PersonRefusal::Nobody))));
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let id = talus.log_lift(squat()).unwrap();
    let says = "Kniebeuge: 3 × 5, 100\u{202f}kg.";
    assert_eq!(talus.session("last").unwrap().summary.unwrap().sentence, says);
    assert_eq!(talus.lift_lines().unwrap(), [says]);
    assert!(talus.week_lines().unwrap().contains(&"1 Hauptübung.".to_owned()), "{:?}", talus.week_lines());
    // Nothing of it was recorded, so no other engine makes anything else of it.
    assert!(talus.rescore("last").is_err());
    assert_eq!(talus.rescore_outdated().unwrap().len(), 0);
    let bundle = folder.path().join("a.zip");
    talus.export(ExportWish { recordings: true, ..ExportWish::default() }, &bundle, &Job::new()).unwrap();
    let other = open(there.path(), "de");
    other.import(&bundle, None, &Job::new()).unwrap();
    let other = other.for_person(talus.person()).unwrap();
    assert_eq!(other.lift_lines().unwrap(), [says]);
    assert_eq!(other.session("last").unwrap().row.id, id);
    // Another leg of the same person is prescribed for with the lift in mind, and nothing is refused because of it.
    assert!(talus.prescribe("knee_ext_seated", Side::Left, false).is_ok());
}

#[test]
fn numbers_that_no_lift_has_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path(), "en");
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    for wrong in [
        LiftWish { sets: 0, ..squat() },
        LiftWish { sets: 51, ..squat() },
        LiftWish { reps: 0, ..squat() },
        LiftWish { bar_g: 1_000_001, ..squat() },
    ] {
        let error = talus.log_lift(wrong).unwrap_err();
        assert!(matches!(error, AppError::Person(PersonRefusal::Lift { .. })), "{error}");
    }
    assert!(talus.lift_lines().unwrap().is_empty());
}

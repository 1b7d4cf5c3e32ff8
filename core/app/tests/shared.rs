//! Programmes as files to share, and reminders as data.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::Path;
use talus_app::coach::calendar::RemindAt;
use talus_app::store::{SharedRow, Store};
use talus_app::{AppError, ExportWish, Job, Opening, PersonRefusal, Talus, TodaySheet, without_a_worry};

const GARDEN: &str = "id = \"garden\"\nname = \"After the garden\"\ngrade = \"d\"\nsources = []\nper_week = 2\n\n\
                      [[parts]]\nid = \"a\"\nwork = [{ exercise = \"knee_ext_seated\", sets = 2, reps = [8, 12], \
                      load = \"own\", reserve = 3 }]\n\n[[weeks]]\naim = \"learn\"\n";

fn open(folder: &Path) -> Talus {
    let database = folder.join("talus.db");
    Talus::open(Opening { database, language: "en".to_owned(), zone: Some("UTC".to_owned()) }).unwrap()
}

#[test]
fn a_shared_programme_is_taken_in_followed_by_its_own_name_and_given_away_again() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let id = talus.take_programme(GARDEN).unwrap();
    talus.follow(Some(&id)).unwrap();
    let title = |talus: &Talus| match talus.today_sheet().unwrap() {
        TodaySheet::Train { title, .. } => title,
        other => panic!("{other:?}"),
    };
    assert!(title(&talus).starts_with("Next: After the garden, a."), "{}", title(&talus));
    // The same after the app was closed, and for whoever gets the file.
    drop(talus);
    let talus = open(folder.path());
    assert!(title(&talus).starts_with("Next: After the garden"));
    let there = tempfile::tempdir().unwrap();
    let other = open(there.path());
    other.take_programme(&talus.programme_to_share("garden").unwrap()).unwrap();
    other.set_about(&without_a_worry(1980, 70.0)).unwrap();
    assert!(other.programmes().unwrap().iter().any(|line| line.name == "After the garden"));
    // A newer one of the same id takes its place.
    talus.take_programme(&GARDEN.replace("After the garden", "Before the garden")).unwrap();
    assert!(title(&talus).starts_with("Next: Before the garden"));
    // Put away, it is neither followed nor there.
    assert!(talus.is_shared_programme("garden") && !talus.is_shared_programme("steady"));
    talus.put_away_programme("garden").unwrap();
    assert_eq!(talus.today_sheet().unwrap(), TodaySheet::Free);
    assert!(!talus.is_shared_programme("garden") && talus.programme_to_share("garden").is_err());
    let again = talus.put_away_programme("garden");
    assert!(matches!(again, Err(AppError::Person(PersonRefusal::NoProgramme { .. }))), "{again:?}");
    assert!(matches!(talus.put_away_programme("steady"), Err(AppError::Person(PersonRefusal::NoProgramme { .. }))));
}

#[test]
fn a_shared_programme_goes_out_with_who_follows_it_and_is_followed_where_it_comes_in() {
    let (folder, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let ada = open(folder.path());
    ada.take_programme(GARDEN).unwrap();
    let bo = ada.for_person(ada.add_person("Bo").unwrap()).unwrap();
    bo.set_about(&without_a_worry(1980, 70.0)).unwrap();
    // Whoever's app it is, the household has it.
    bo.follow(Some("garden")).unwrap();
    let file = folder.path().join("bo.zip");
    bo.export(ExportWish { everyone: false, recordings: false }, &file, &Job::new()).unwrap();
    let other = open(there.path());
    other.import(&file, None, &Job::new()).unwrap();
    assert_eq!(other.person(), bo.person());
    let TodaySheet::Train { title, .. } = other.today_sheet().unwrap() else { panic!("it is followed") };
    assert!(title.starts_with("Next: After the garden"), "{title}");
    // What she takes in later under the same id is hers: he follows what he took. Who comes new has the newest.
    ada.take_programme(&GARDEN.replace("After the garden", "Before the garden")).unwrap();
    let cem = ada.for_person(ada.add_person("Cem").unwrap()).unwrap();
    let name = |talus: &Talus| talus.catalogue().programme("garden").and_then(|one| one.name.clone());
    let (before, after) = (Some("Before the garden".to_owned()), Some("After the garden".to_owned()));
    assert_eq!([name(&ada), name(&bo), name(&cem)], [before.clone(), after, before]);
    let own = |talus: &Talus| talus.own_programmes().unwrap().len();
    assert_eq!([own(&ada), own(&bo), own(&cem)], [1, 1, 0]);
    assert!(cem.is_shared_programme("garden") && cem.put_away_programme("garden").is_err());
    // It goes with the last who has it.
    other.delete_person(bo.person()).unwrap();
    assert!(!other.is_shared_programme("garden"));
    assert!(ada.is_shared_programme("garden"));
    ada.delete_person(ada.person()).unwrap();
    assert!(bo.is_shared_programme("garden"), "Bo has it still");
}

#[test]
fn a_file_that_is_no_programme_or_takes_the_place_of_ours_is_refused_and_one_that_went_bad_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    let refused = |text: &str| match talus.take_programme(text) {
        Err(AppError::Person(PersonRefusal::Programme(error))) => error.to_string(),
        other => panic!("{other:?}"),
    };
    assert!(refused(&GARDEN.replace("\"garden\"", "\"steady\"")).contains("id"));
    assert!(refused(&GARDEN.replace("knee_ext_seated", "handstand")).contains("handstand"));
    assert!(refused("hello").contains("programme"));
    let none = talus.programme_to_share("handstand");
    assert!(matches!(none, Err(AppError::Person(PersonRefusal::NoProgramme { .. }))));
    let id = talus.take_programme(GARDEN).unwrap();
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    talus.follow(Some(&id)).unwrap();
    // As a later Talus would find one that it cannot follow any more.
    let person = talus.person();
    drop(talus);
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    store.put_programme(person, &SharedRow { id, text: "id = 4".to_owned() }, 1).unwrap();
    drop(store);
    let talus = open(folder.path());
    assert_eq!(talus.today_sheet().unwrap(), TodaySheet::Free);
    assert!(talus.follow(Some("first_steps")).is_ok());
}

#[test]
fn reminders_are_days_times_and_words_with_their_rest_between() {
    let folder = tempfile::tempdir().unwrap();
    let talus = open(folder.path());
    talus.set_about(&without_a_worry(1980, 70.0)).unwrap();
    let every = RemindAt { weekdays: [true; 7], minute: 1439, morning: Some(480) };
    assert_eq!(talus.reminders(&every, 13).unwrap(), Vec::new(), "nothing is followed");
    talus.follow(Some("first_steps")).unwrap();
    let reminders = talus.reminders(&every, 13).unwrap();
    // At most one of training a day, and no fourth in seven days where three are asked.
    assert!((3..=7).contains(&reminders.len()), "{reminders:?}");
    assert!(reminders.windows(2).all(|pair| pair[0].local_day < pair[1].local_day), "{reminders:?}");
    assert!(reminders.iter().all(|one| one.minute == 1439 && one.says.contains("minute")), "{reminders:?}");
    let never = RemindAt { weekdays: [false; 7], ..every };
    assert!(talus.reminders(&never, 13).unwrap().is_empty());
}

//! What decides a person's loads: kept, asked for again, and found in a damaged database.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

use std::path::Path;
use talus_coach::load::Kit;
use talus_coach::screening::{Sign, Stance};
use talus_coach::{Answers, Condition, Level, Question, Reply};
use talus_store::{About, CheckIn, Goal, Moment, PlanId, PlanRow, ProfileId, Sex, SharedRow, Store, StoreError};

const ADA: ProfileId = ProfileId([0xad; 16]);
const BEN: ProfileId = ProfileId([0xbe; 16]);

fn about() -> About {
    About {
        birth_year: 1961,
        height_cm: 171.3,
        mass_kg: 0.1 + 0.2 + 70.0,
        sex: Some(Sex::Female),
        goal: Goal::Balance,
        level: Level::Trained,
        kit: Kit::new(300, 100, 2500).ok(),
        answers: Some(Answers {
            replies: Question::ALL.into_iter().map(|question| (question, Reply::NotSure)).collect(),
            named: [Condition::KneeOa].into(),
            falls: Some(1),
            pain: Some(2),
            surgery_cleared: true,
        }),
        stance: Stance { one_leg_s: Some(12.5), tandem_s: None },
    }
}

fn plan(n: u8) -> PlanRow {
    PlanRow { id: PlanId([n; 16]), text: format!("plan {n}\n\"signed\""), from_utc_ms: i64::from(n) * 1000 }
}

fn check_in(at_utc_ms: i64, red_flag: bool) -> CheckIn {
    CheckIn {
        at_utc_ms,
        local_day: "2026-11-25".to_owned(),
        moment: Moment::Morning,
        pain: Some(3),
        slept_badly: true,
        sore: false,
        swollen: true,
        signs: [Sign::CalfPain, Sign::ChestPain].into(),
        red_flag,
    }
}

fn filled(folder: &Path) -> Store {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    store.ensure_profile(BEN, "Ben").unwrap();
    store.put_about(ADA, &about(), 1).unwrap();
    store.trust_author(ADA, [3; 32], "Physio", 2).unwrap();
    store.put_plan(ADA, &plan(1)).unwrap();
    store.put_plan(ADA, &plan(2)).unwrap();
    store.follow(ADA, Some("steady"), 1).unwrap();
    store.follow(ADA, Some("hips"), 2).unwrap();
    store.put_check_in(ADA, &check_in(5, false)).unwrap();
    store.put_check_in(ADA, &check_in(6, true)).unwrap();
    store.put_programme(ADA, &garden(), 3).unwrap();
    store
}

fn garden() -> SharedRow {
    SharedRow { id: "garden".to_owned(), text: "id = \"garden\"".to_owned() }
}

fn is_all_there(store: &Store) {
    assert_eq!(store.shared_programmes(Some(ADA)).unwrap(), [garden()]);
    assert_eq!(store.about(ADA).unwrap(), Some(about()));
    assert_eq!(store.authors(ADA).unwrap(), [[3; 32]]);
    assert_eq!(store.plan(ADA).unwrap(), Some(plan(2)));
    assert_eq!(store.course(ADA).unwrap().as_deref(), Some("hips"));
    assert_eq!(store.check_ins(ADA, 0).unwrap(), [check_in(5, false), check_in(6, true)]);
    assert!(store.flagged(ADA, "2026-11-25").unwrap() && !store.flagged(ADA, "2026-11-26").unwrap());
}

#[test]
fn what_a_person_says_comes_back_bit_for_bit_and_only_theirs() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    is_all_there(&store);
    assert_eq!((store.about(BEN).unwrap(), store.plan(BEN).unwrap()), (None, None));
    assert_eq!(store.course(BEN).unwrap(), None);
    assert!(store.authors(BEN).unwrap().is_empty() && store.check_ins(BEN, 0).unwrap().is_empty());
    assert!(!store.flagged(BEN, "2026-11-25").unwrap());
    // Said again it replaces what was said; what is put away is gone, and nobody else's.
    store.put_about(ADA, &About { kit: None, answers: None, sex: None, ..about() }, 9).unwrap();
    assert_eq!(store.about(ADA).unwrap().unwrap().answers, None);
    store.end_plan(BEN, 10_000).unwrap();
    assert_eq!(store.plan(ADA).unwrap(), Some(plan(2)));
    store.end_plan(ADA, 10_000).unwrap();
    store.forget_author(ADA, [3; 32]).unwrap();
    assert_eq!((store.plan(ADA).unwrap(), store.authors(ADA).unwrap().len()), (None, 0));
}

#[test]
fn what_cannot_be_is_refused_by_the_database_too() {
    let folder = tempfile::tempdir().unwrap();
    let store = filled(folder.path());
    for wrong in [
        About { height_cm: 1.7, ..about() },
        About { mass_kg: f64::NAN, ..about() },
        About { birth_year: 0, ..about() },
    ] {
        assert!(matches!(store.put_about(ADA, &wrong, 9), Err(StoreError::Refused { .. })), "{wrong:?}");
    }
    let nobody = ProfileId([1; 16]);
    assert!(matches!(store.put_about(nobody, &about(), 9), Err(StoreError::Refused { .. })));
    assert!(matches!(store.put_plan(ADA, &plan(1)), Err(StoreError::Refused { .. })), "an id twice");
    let wrong = CheckIn { pain: Some(11), ..check_in(7, false) };
    assert!(matches!(store.put_check_in(ADA, &wrong), Err(StoreError::Refused { .. })));
    is_all_there(&store);
}

#[test]
fn a_salvaged_database_still_knows_who_somebody_is_and_whom_they_trust() {
    let folder = tempfile::tempdir().unwrap();
    drop(filled(folder.path()));
    let db = folder.path().join("talus.db");
    // Its head says of more free pages than there are.
    let mut bytes = std::fs::read(&db).unwrap();
    bytes[39] = 7;
    std::fs::write(&db, bytes).unwrap();
    let (store, _) = Store::salvage(&db, None).unwrap();
    is_all_there(&store);
}

#[test]
fn a_shared_programme_is_whose_took_it_in_or_follows_it_and_goes_with_the_last_of_them() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    let (bo, cem) = (ProfileId([0xb0; 16]), ProfileId([0xce; 16]));
    store.ensure_profile(bo, "Bo").unwrap();
    store.ensure_profile(cem, "Cem").unwrap();
    let row = |id: &str, text: &str| SharedRow { id: id.to_owned(), text: text.to_owned() };
    let of = |profile| store.shared_programmes(profile).unwrap();
    store.put_programme(ADA, &row("garden", "first"), 5).unwrap();
    store.put_programme(ADA, &row("attic", "dust"), 5).unwrap();
    assert_eq!((of(None), of(Some(bo))), (vec![row("attic", "dust"), row("garden", "first")], vec![]));
    // Whoever follows it has it: it goes out with them, and stays when she goes.
    store.follow(bo, Some("garden"), 6).unwrap();
    store.follow(cem, Some("steady"), 6).unwrap();
    assert_eq!((of(Some(bo)), of(Some(cem))), (vec![row("garden", "first")], vec![]), "steady is nobody's");
    // A later one takes the place of her own, also with the clock set back; what somebody else follows stays as it is.
    store.put_programme(ADA, &row("garden", "second"), 4).unwrap();
    assert_eq!((of(Some(ADA))[1].clone(), of(Some(bo))), (row("garden", "second"), vec![row("garden", "first")]));
    store.delete_profile(ADA).unwrap();
    assert_eq!((of(None), store.course(bo).unwrap()), (vec![row("garden", "first")], Some("garden".to_owned())));
    // Somebody else puts nothing of theirs away.
    assert!(!store.put_away_programme(cem, "garden", 8).unwrap());
    assert!(store.put_away_programme(bo, "garden", 8).unwrap());
    assert_eq!((of(None), store.course(bo).unwrap()), (vec![], None));
    assert_eq!(store.courses(bo).unwrap()[0].to_utc_ms, Some(8));
    // Nobody of that id keeps nothing.
    store.put_programme(ProfileId([9; 16]), &row("garden", "third"), 9).unwrap();
    assert_eq!(of(None), []);
    let long = store.put_programme(bo, &row("garden", &"x".repeat(70_000)), 9);
    assert!(matches!(long, Err(StoreError::Refused { .. })), "{long:?}");
}

//! What the app says that is about nobody, through the bridge.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use std::collections::BTreeSet;
use talus_core::{Grade, Site, TalusError};

#[test]
fn a_movement_says_where_the_cuff_sits_what_it_does_there_and_what_is_easier_and_harder() {
    for (language, loads) in [("en", "The weight loads this movement."), ("de", "")] {
        let home = Home::new(language);
        let exercises = home.talus.book().exercises;
        let ids: BTreeSet<&str> = exercises.iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids.len(), exercises.len());
        for one in &exercises {
            for text in [&one.name, &one.effect] {
                assert!(text.len() > 3 && !text.starts_with("exercise.") && !text.starts_with("effect."), "{one:?}");
            }
            for other in one.easier.iter().chain(&one.harder) {
                assert!(ids.contains(other.as_str()) && *other != one.id, "{one:?}");
            }
        }
        let seated = exercises.iter().find(|one| one.id == "knee_ext_seated").unwrap();
        assert_eq!((seated.site, seated.grade), (Site::AboveAnkle, Grade::C));
        assert_eq!(
            (seated.easier.as_deref(), seated.harder.as_deref()),
            (Some("knee_ext_short_arc"), Some("knee_ext_hold"))
        );
        assert!(seated.effect.contains(loads), "{seated:?}");
        // A cuff that sits elsewhere is what somebody has to be told.
        assert!(exercises.iter().any(|one| one.site != Site::AboveAnkle));
    }
}

#[test]
fn a_learn_card_has_its_grade_its_meaning_and_its_sources_and_without_a_source_it_says_so() {
    let home = Home::new("en");
    let cards = home.talus.book().cards;
    assert!(cards.len() >= 20, "{}", cards.len());
    for card in &cards {
        // Only what cannot be traced has no source.
        assert!(!card.cited.is_empty() || matches!(card.grade, Grade::E | Grade::X), "{card:?}");
        assert!(!card.says.is_empty() && !card.studied.is_empty() && !card.limits.is_empty(), "{card:?}");
    }
    let falls = cards.iter().find(|card| card.id == "falls").unwrap();
    assert_eq!((falls.grade, falls.grade_means.as_str()), (Grade::A, "Guideline or review that fits"));
    let german = Home::new("de").talus.book().cards;
    assert!(german.iter().zip(&cards).all(|(de, en)| de.id == en.id && de.limits != en.limits));
}

#[test]
fn what_is_said_of_what_is_gone_is_what_the_core_says_itself_while_it_is_there() {
    for language in ["en", "de"] {
        let home = Home::new(language);
        let gone = home.talus.book().gone;
        let session = home.talus.begin(talus_core::Beginning::Demo { seed: 1 }).unwrap();
        session.abandon();
        let Err(TalusError::Closed { what, advice }) = session.save() else { panic!("it was abandoned") };
        assert_eq!((gone.session.what, gone.session.advice), (what, advice));
        let nearby = home.talus.nearby(Some(1)).unwrap();
        nearby.stop();
        let Err(TalusError::Closed { what, advice }) = nearby.now() else { panic!("it was stopped") };
        assert_eq!((gone.nearby.what, gone.nearby.advice), (what, advice));
        assert_eq!(gone.app.advice == "Open Talus again.", language == "en", "{:?}", gone.app);
    }
}

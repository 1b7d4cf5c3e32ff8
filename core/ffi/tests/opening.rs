//! Opening the app: with a key, without one, with a wrong one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use talus_core::{Opening, Talus, TalusError};

fn open(database: &Path, key: Option<Vec<u8>>) -> Result<(), TalusError> {
    let database = database.display().to_string();
    Talus::new(Opening { database, language: "en".to_owned(), zone: None, key, unit: None }).map(|_| ())
}

#[test]
fn a_key_that_has_not_32_bytes_is_refused_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("talus.db");
    for length in [0, 31, 33] {
        let refused = open(&database, Some(vec![7; length]));
        assert!(matches!(refused, Err(TalusError::Invalid { .. })), "{length}: {refused:?}");
    }
    assert!(!database.exists());
}

#[test]
#[cfg(not(feature = "sqlcipher"))]
fn a_build_that_cannot_encrypt_says_so_and_makes_nothing_plain() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("talus.db");
    let refused = open(&database, Some(vec![7; 32]));
    assert!(
        matches!(&refused, Err(TalusError::Storage { what, .. }) if what.contains("cannot encrypt")),
        "{refused:?}"
    );
    assert!(!database.exists());
}

#[test]
#[cfg(feature = "sqlcipher")]
fn a_missing_key_and_a_wrong_one_are_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("talus.db");
    open(&database, Some(vec![7; 32])).unwrap();
    let missing = open(&database, None);
    assert!(matches!(missing, Err(TalusError::KeyNeeded { .. })), "{missing:?}");
    let wrong = open(&database, Some(vec![8; 32]));
    assert!(matches!(wrong, Err(TalusError::KeyWrong { .. })), "{wrong:?}");
    open(&database, Some(vec![7; 32])).unwrap();
}

#[test]
#[cfg(feature = "sqlcipher")]
fn a_history_that_is_not_encrypted_says_with_a_key_that_it_can_make_way() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("talus.db");
    open(&database, None).unwrap();
    let Err(TalusError::KeyWrong { ways, .. }) = open(&database, Some(vec![7; 32])) else { panic!("it takes no key") };
    assert_eq!(ways, [talus_core::Mending::BeginAnew]);
}

#[test]
fn what_is_written_down_about_an_opening_does_not_hold_its_key() {
    let key = Some(vec![0xAB; 32]);
    let opening = Opening { database: "talus.db".to_owned(), language: "en".to_owned(), zone: None, key, unit: None };
    let text = format!("{opening:?}");
    assert!(text.contains("sealed: true") && !text.contains("171"), "{text}");
}

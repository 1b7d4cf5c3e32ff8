//! A history that does not open is repaired or set aside through the bridge, and a backup comes back into the new one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use futures::executor::block_on;
use std::fs;
use std::path::Path;
use talus_core::{Beginning, ExportWish, Mended, Mending, Opening, Talus, TalusError, Work, mend};

fn opening(database: &Path, key: Option<u8>) -> Opening {
    Opening {
        database: database.display().to_string(),
        language: "en".to_owned(),
        zone: Some("Europe/Berlin".to_owned()),
        key: key.map(|byte| vec![byte; 32]),
        unit: None,
    }
}

fn mended(database: &Path, key: Option<u8>, how: Mending) -> Result<Mended, TalusError> {
    block_on(mend(opening(database, key), how, Work::new()))
}

/// A household with one finished session, a backup of it elsewhere, and its id.
fn household() -> (tempfile::TempDir, String, String) {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    let id = session.finish().unwrap().unwrap();
    let backup = home.folder.path().join("backup").display().to_string();
    let wish = ExportWish { everyone: true, recordings: true, passphrase: Some("seven small stones".to_owned()) };
    block_on(home.talus.export(backup.clone(), wish, Work::new())).unwrap();
    let Home { talus, folder, .. } = home;
    drop((session, talus));
    (folder, backup, id)
}

fn restored(talus: &Talus, backup: &str) -> u64 {
    let passphrase = Some("seven small stones".to_owned());
    block_on(talus.take_in(backup.to_owned(), passphrase, Work::new())).unwrap().sessions_new
}

#[test]
fn a_damaged_history_is_repaired_watched_and_opens_again() {
    let (folder, _, id) = household();
    let database = folder.path().join("household/talus.db");
    assert!(matches!(mended(&database, None, Mending::Repair), Err(TalusError::Storage { .. })), "nothing is damaged");
    let mut bytes = fs::read(&database).unwrap();
    bytes[100..].fill(0);
    fs::write(&database, &bytes).unwrap();
    let Err(TalusError::Damaged { advice, .. }) = Talus::new(opening(&database, None)) else { panic!("it is damaged") };
    assert!(advice.contains("My data"), "{advice}");

    let stopped = Work::new();
    stopped.cancel();
    let error = block_on(mend(opening(&database, None), Mending::Repair, stopped)).unwrap_err();
    assert!(matches!(error, TalusError::Cancelled { .. }) && fs::read(&database).unwrap() == bytes, "{error:?}");

    let work = Work::new();
    let done = block_on(mend(opening(&database, None), Mending::Repair, work.clone())).unwrap();
    assert_eq!((done.whole, done.partly, done.from_recordings, work.progress()), (0, 0, 1, Some(1.0)));
    assert!(fs::read(Path::new(&done.kept).join("talus.db")).unwrap() == bytes, "kept as it was");
    let talus = Talus::new(opening(&database, None)).unwrap();
    assert_eq!(talus.session("last").unwrap().row.id, id);
    assert!(!talus.session("last").unwrap().sets.is_empty(), "worked out again from its recording");
}

#[test]
fn a_history_whose_key_is_missing_makes_way_and_a_backup_comes_back_into_the_new_one() {
    let (folder, backup, id) = household();
    let database = folder.path().join("household/talus.db");
    let needless = mended(&database, None, Mending::BeginAnew);
    assert!(matches!(&needless, Err(TalusError::Storage { what, .. }) if what.contains("it opens")), "{needless:?}");
    let nowhere = mended(&folder.path().join("mistyped.db"), None, Mending::BeginAnew);
    assert!(nowhere.is_err() && !folder.path().join("mistyped.db").exists(), "{nowhere:?}");
    // What SQLCipher leaves of the first page: eighty bytes of each page are its own.
    let mut bytes = fs::read(&database).unwrap();
    bytes[20] = 80;
    fs::write(&database, &bytes).unwrap();
    assert!(matches!(Talus::new(opening(&database, None)), Err(TalusError::KeyNeeded { .. })));
    let done = mended(&database, None, Mending::BeginAnew).unwrap();
    assert_eq!((done.whole, done.partly, done.from_recordings), (0, 0, 0));
    assert!(fs::read(Path::new(&done.kept).join("talus.db")).unwrap() == bytes, "kept as it was");
    assert!(Path::new(&done.kept).join("recordings").join(format!("{id}.talus")).exists());
    let talus = Talus::new(opening(&database, None)).unwrap();
    assert!(talus.sessions(9, None, false).unwrap().is_empty());
    assert_eq!((restored(&talus, &backup), talus.session("last").unwrap().row.id), (1, id));
}

#[test]
#[cfg(feature = "sqlcipher")]
fn a_history_whose_key_is_lost_makes_way_for_one_with_a_new_key() {
    let (folder, backup, id) = household();
    let database = folder.path().join("sealed/talus.db");
    let talus = Talus::new(opening(&database, Some(7))).unwrap();
    assert_eq!(restored(&talus, &backup), 1);
    drop(talus);
    assert!(matches!(Talus::new(opening(&database, Some(8))), Err(TalusError::KeyWrong { .. })));
    let done = mended(&database, Some(8), Mending::BeginAnew).unwrap();
    let talus = Talus::new(opening(&database, Some(8))).unwrap();
    assert_eq!((restored(&talus, &backup), talus.session("last").unwrap().row.id), (1, id.clone()));
    // The key turns up: what was set aside is a whole history.
    let old = Talus::new(opening(&Path::new(&done.kept).join("talus.db"), Some(7))).unwrap();
    assert_eq!(old.session("last").unwrap().row.id, id);
}

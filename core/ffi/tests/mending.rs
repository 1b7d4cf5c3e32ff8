//! A history that does not open is repaired or set aside through the bridge, and a backup comes back into the new one.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use futures::executor::block_on;
use std::fs;
use std::path::Path;
use talus_core::{Aside, AsideState, Beginning, ExportWish, Mended, Mending, Opening, Talus, TalusError, Work, mend};

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
    block_on(mend(opening(database, key), how, Work::new(), None))
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
    let Err(TalusError::Damaged { advice, ways, .. }) = Talus::new(opening(&database, None)) else { panic!("damaged") };
    assert!(advice.starts_with("Repair it"), "{advice}");
    assert_eq!(ways, [Mending::Repair, Mending::BeginAnew]);

    let stopped = Work::new();
    stopped.cancel();
    let error = block_on(mend(opening(&database, None), Mending::Repair, stopped, None)).unwrap_err();
    assert!(matches!(error, TalusError::Cancelled { .. }) && fs::read(&database).unwrap() == bytes, "{error:?}");

    let work = Work::new();
    let done = block_on(mend(opening(&database, None), Mending::Repair, work.clone(), None)).unwrap();
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
fn damage_that_shows_only_in_a_later_call_leads_to_the_same_ways_on() {
    let (folder, backup, id) = household();
    let database = folder.path().join("household/talus.db");
    let mut bytes = fs::read(&database).unwrap();
    // Every page but the first: what is said at opening reads.
    let Ok(talus) = Talus::new(opening(&database, None)) else { panic!("it opens") };
    bytes[4096..].fill(0xff);
    fs::write(&database, &bytes).unwrap();
    let told = [talus.sessions(9, None, false).map(drop), talus.noted().map(drop), talus.session(&id).map(drop)];
    let told = told.into_iter().find_map(Result::err);
    let Some(TalusError::Damaged { ways, .. }) = told else { panic!("damaged: {told:?}") };
    assert_eq!(ways, [Mending::Repair, Mending::BeginAnew]);
    // As long as it is open nothing is moved under its hands.
    let busy = mended(&database, None, Mending::Repair);
    assert!(matches!(busy, Err(TalusError::Busy { .. })), "{busy:?}");
    drop(talus);
    let done = mended(&database, None, Mending::BeginAnew).unwrap();
    assert!(Path::new(&done.kept).join("talus.db").exists());
    let talus = Talus::new(opening(&database, None)).unwrap();
    assert_eq!((restored(&talus, &backup), talus.session("last").unwrap().row.id), (1, id));
}

#[test]
fn letters_of_the_schema_that_were_hit_lead_to_the_same_ways_on() {
    let (folder, _, id) = household();
    let database = folder.path().join("household/talus.db");
    let mut bytes = fs::read(&database).unwrap();
    let name = b"raw_through_us";
    let places: Vec<usize> =
        bytes.windows(name.len()).enumerate().filter(|(_, here)| here == name).map(|(at, _)| at).collect();
    for at in &places {
        bytes[*at] = b's';
    }
    fs::write(&database, &bytes).unwrap();
    // It opens, and what asks for that name does not find it.
    let told = Talus::new(opening(&database, None)).and_then(|talus| talus.session(&id).map(drop));
    let Err(TalusError::Damaged { ways, .. }) = told else { panic!("damaged in {places:?}: {told:?}") };
    assert_eq!(ways, [Mending::Repair, Mending::BeginAnew]);
    let done = mended(&database, None, Mending::Repair).unwrap();
    assert_eq!(done.whole + done.partly + done.from_recordings, 1);
    let talus = Talus::new(opening(&database, None)).unwrap();
    assert_eq!(talus.session("last").unwrap().row.id, id);
}

#[test]
fn a_text_where_the_history_should_be_makes_way_and_sessions_come_back_from_their_recordings() {
    let (folder, _, id) = household();
    let database = folder.path().join("household/talus.db");
    for ending in ["-wal", "-shm"] {
        let _ = fs::remove_file(database.with_file_name(format!("talus.db{ending}")));
    }
    fs::write(&database, "Dear Ada, how is the knee today?").unwrap();
    let Err(TalusError::Foreign { advice, ways, .. }) = Talus::new(opening(&database, None)) else { panic!("a text") };
    assert_eq!((ways, advice.starts_with("Begin anew")), (vec![Mending::BeginAnew], true), "{advice}");
    let done = mended(&database, None, Mending::BeginAnew).unwrap();
    assert_eq!((done.whole, done.partly, done.from_recordings), (0, 0, 1));
    assert_eq!(fs::read(Path::new(&done.kept).join("talus.db")).unwrap(), b"Dear Ada, how is the knee today?");
    let talus = Talus::new(opening(&database, None)).unwrap();
    assert_eq!(talus.session("last").unwrap().row.id, id);
    let there = mended(&database, None, Mending::LookAside).unwrap().aside;
    assert_eq!(there.iter().map(|one| one.state).collect::<Vec<_>>(), [AsideState::Foreign]);
}

#[test]
fn what_was_set_aside_is_told_and_comes_back_into_the_history_that_took_its_place() {
    let (folder, _, id) = household();
    let database = folder.path().join("household/talus.db");
    let whole = fs::read(&database).unwrap();
    let mut bytes = whole.clone();
    bytes[20] = 80;
    fs::write(&database, &bytes).unwrap();
    let kept = mended(&database, None, Mending::BeginAnew).unwrap().kept;
    assert_eq!(mended(&database, None, Mending::LookAside).unwrap().aside[0].state, AsideState::Locked);
    let bring = |kept: &str| {
        let aside = Some(Aside { kept: kept.to_owned(), key: None });
        block_on(mend(opening(&database, None), Mending::BringBack, Work::new(), aside))
    };
    // A session of the new history stays.
    let talus = Talus::new(opening(&database, None)).unwrap();
    let session = talus.begin(Beginning::Demo { seed: 2 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    let newer = session.finish().unwrap().unwrap();
    drop((session, talus));
    let refused = bring(&kept);
    assert!(
        matches!(&refused, Err(TalusError::UnreadableFile { advice, .. }) if advice.contains("key")),
        "{refused:?}"
    );
    let none = bring("elsewhere");
    assert!(matches!(none, Err(TalusError::UnreadableFile { .. })), "{none:?}");
    // What opens it turns up.
    fs::write(Path::new(&kept).join("talus.db"), &whole).unwrap();
    let there = mended(&database, None, Mending::LookAside).unwrap().aside;
    let [there] = &there[..] else { panic!("{there:?}") };
    assert_eq!((there.state, there.sessions, there.recordings, &there.kept), (AsideState::Opens, 1, 1, &kept));
    assert!(there.last_day.is_some() && there.bytes > whole.len() as u64);
    let done = bring(&kept).unwrap();
    assert_eq!(done.brought.map(|brought| (brought.sessions_new, brought.recordings)), Some((1, 1)));
    assert!(done.left_out.is_empty() && !Path::new(&kept).exists(), "all of it is here");
    let talus = Talus::new(opening(&database, None)).unwrap();
    let mut ids: Vec<String> = Vec::new();
    for person in talus.profiles().unwrap() {
        let theirs = talus.for_person(&person.id).unwrap();
        ids.extend(theirs.sessions(9, None, false).unwrap().into_iter().map(|row| row.id));
    }
    ids.sort();
    let mut expected = [id, newer];
    expected.sort();
    assert_eq!(ids, expected);
    assert!(mended(&database, None, Mending::LookAside).unwrap().aside.is_empty());
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
    drop(talus);
    // The key turns up: what was set aside comes back with it, and is as sealed as the rest from then on.
    let aside = |key: u8| Some(Aside { kept: done.kept.clone(), key: Some(vec![key; 32]) });
    let bring = |key| block_on(mend(opening(&database, Some(8)), Mending::BringBack, Work::new(), aside(key)));
    assert!(matches!(bring(9), Err(TalusError::UnreadableFile { .. })));
    let brought = bring(7).unwrap().brought.unwrap();
    assert_eq!((brought.sessions_new, brought.sessions_kept), (0, 1), "the backup was here before");
    assert!(!Path::new(&done.kept).exists());
    let talus = Talus::new(opening(&database, Some(8))).unwrap();
    assert_eq!(talus.session("last").unwrap().row.id, id);
}

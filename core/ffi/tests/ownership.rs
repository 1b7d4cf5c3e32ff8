//! Everything given out and taken back through the bridge, watched, stopped, and let go of.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::Home;
use futures::FutureExt as _;
use futures::executor::block_on;
use std::path::Path;
use talus_core::{Beginning, ExportWish, TalusError, Work};

fn everything(passphrase: Option<&str>) -> ExportWish {
    ExportWish { everyone: true, recordings: true, passphrase: passphrase.map(str::to_owned) }
}

fn file(home: &Home) -> String {
    home.folder.path().join("everything").display().to_string()
}

/// A household with one finished session.
fn household() -> Home {
    let home = Home::new("en");
    let session = home.talus.begin(Beginning::Demo { seed: 1 }).unwrap();
    session.advance(3_600_000_000).unwrap();
    session.finish().unwrap();
    home
}

#[test]
fn everything_goes_out_and_comes_back_into_another_household_once() {
    let home = household();
    for passphrase in [None, Some("seven small stones")] {
        let to = file(&home);
        let work = Work::new();
        assert_eq!(work.progress(), None);
        let exported = block_on(home.talus.export(to.clone(), everything(passphrase), work.clone())).unwrap();
        assert_eq!((exported.sessions, exported.recordings, exported.people), (1, 1, 1));
        assert_eq!(work.progress(), Some(1.0));
        let given = passphrase.map(str::to_owned);
        let contents = home.talus.look_into(to.clone(), given.clone()).unwrap();
        assert_eq!((contents.sealed, contents.sessions), (passphrase.is_some(), 1));

        let other = Home::new("en");
        for (new, kept) in [(1, 0), (0, 1)] {
            let imported = block_on(other.talus.take_in(to.clone(), given.clone(), Work::new())).unwrap();
            assert_eq!((imported.sessions_new, imported.sessions_kept), (new, kept));
        }
        let (here, there) = (home.talus.session("last").unwrap(), other.talus.session("last").unwrap());
        assert_eq!(here, there);
    }
}

#[test]
fn a_recording_that_cannot_go_out_is_named() {
    let home = household();
    let id = home.talus.session("last").unwrap().row.id;
    let recording = home.household().join("recordings").join(format!("{id}.talus"));
    let mut bytes = std::fs::read(&recording).unwrap();
    // Its head: nothing says any more whose it is.
    bytes[30] ^= 1;
    std::fs::write(&recording, bytes).unwrap();
    let exported = block_on(home.talus.export(file(&home), everything(None), Work::new())).unwrap();
    assert_eq!((exported.recordings, exported.left_out), (0, vec![id]));
}

#[test]
fn a_backup_without_its_passphrase_says_what_it_needs() {
    let home = household();
    let to = file(&home);
    let short = block_on(home.talus.export(to.clone(), everything(Some("short")), Work::new()));
    assert!(matches!(short, Err(TalusError::Invalid { .. })), "{short:?}");
    assert!(!Path::new(&to).exists());
    block_on(home.talus.export(to.clone(), everything(Some("seven small stones")), Work::new())).unwrap();
    let missing = home.talus.look_into(to.clone(), None);
    assert!(matches!(missing, Err(TalusError::PassphraseNeeded { .. })), "{missing:?}");
    let wrong = block_on(home.talus.take_in(to, Some("seven large stones".to_owned()), Work::new()));
    assert!(matches!(wrong, Err(TalusError::PassphraseWrong { .. })), "{wrong:?}");
    let none = home.household().join("talus.db").display().to_string();
    let foreign = block_on(home.talus.take_in(none, None, Work::new()));
    assert!(matches!(foreign, Err(TalusError::UnreadableFile { .. })), "{foreign:?}");
    let text = format!("{:?}", everything(Some("seven small stones")));
    assert!(text.contains("sealed: true") && !text.contains("stones"), "{text}");
}

#[test]
fn work_that_was_stopped_or_let_go_of_leaves_nothing_behind() {
    let home = household();
    let to = file(&home);
    let work = Work::new();
    work.cancel();
    let stopped = block_on(home.talus.export(to.clone(), everything(None), work));
    assert!(matches!(stopped, Err(TalusError::Cancelled { .. })), "{stopped:?}");
    assert!(!Path::new(&to).exists());

    // What a cancelled coroutine does: the call is begun and let go of.
    let work = Work::new();
    let begun = home.talus.export(to.clone(), everything(None), work.clone());
    let _ = begun.now_or_never();
    let again = block_on(home.talus.export(to.clone(), everything(None), work));
    assert!(matches!(again, Err(TalusError::Cancelled { .. })), "whoever left has stopped it: {again:?}");
}

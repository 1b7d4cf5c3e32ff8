//! What one does with a session afterwards: out and back in, a bundle that somebody broke, a database that is damaged or
//! newer, a deletion.

use super::disk::files;
use super::journey::{Walk, failed, holds};
use crate::export::ExportWish;
use crate::household::{Opening, Talus};
use std::path::PathBuf;
use talus_store::{Edit, Job, SessionDetail, StoreError};

/// Words that must be gone after a deletion.
const CANARY: &str = "a canary that sings no more";
/// Where SQLite keeps the version of a schema: four bytes, big-endian.
const USER_VERSION: std::ops::Range<usize> = 60..64;

pub(super) fn after(walk: &mut Walk) -> Result<(), String> {
    out_and_in(walk)?;
    if walk.plan.future {
        later(walk)?;
    }
    if walk.plan.damaged {
        damaged(walk)?;
    }
    if walk.plan.deleted {
        deleted(walk)?;
    }
    Ok(())
}

fn opened(walk: &Walk, name: &str) -> Result<Talus, String> {
    let database = walk.around.join(name).join("talus.db");
    Talus::open(Opening { database, ..walk.opening.clone() }).map_err(failed("opening"))
}

fn only(talus: &Talus) -> Result<SessionDetail, String> {
    talus.session("last").map_err(failed("reading a session"))
}

/// Everything goes out, and comes back the same into an empty household, once however often it is taken in.
fn out_and_in(walk: &mut Walk) -> Result<(), String> {
    let (file, job) = (walk.around.join("bundle.zip"), Job::new());
    let wish = ExportWish { everyone: true, recordings: true };
    let exported = walk.talus.export(wish, &file, &job).map_err(failed("exporting"))?;
    holds!((exported.sessions, exported.recordings) == (1, 1), "what went out is {exported:?}");
    let there = opened(walk, "elsewhere")?;
    if walk.plan.broken_bundle {
        broken(walk, &there, &file)?;
    }
    for time in 0..2 {
        let imported = there.import(&file, None, &Job::new()).map_err(failed("importing"))?;
        holds!((imported.sessions_new, imported.sessions_kept) == (1 - time, time), "what came in is {imported:?}");
    }
    holds!(only(&there)? == only(&walk.talus)?, "a session came back as another");
    let recording = |talus: &Talus| std::fs::read(talus.store().recording_path(walk.id)).unwrap_or_default();
    holds!(recording(&there) == recording(&walk.talus), "a recording came back as another");
    walk.tally.add("imported", 1);
    Ok(())
}

/// A bundle with some bytes changed is taken in whole or refused without a trace.
fn broken(walk: &mut Walk, there: &Talus, file: &std::path::Path) -> Result<(), String> {
    let mut bytes = std::fs::read(file).map_err(|error| format!("no bundle: {error}"))?;
    if walk.chance.happens(0.3) {
        bytes.truncate(walk.chance.bits() as usize % bytes.len());
    } else {
        for _ in 0..=walk.chance.bits() % 4 {
            let at = walk.chance.bits() as usize % bytes.len();
            bytes[at] ^= 1 << (walk.chance.bits() % 8);
        }
    }
    let hostile = walk.around.join("broken.zip");
    std::fs::write(&hostile, &bytes).map_err(|error| format!("no bundle: {error}"))?;
    if there.import(&hostile, None, &Job::new()).is_ok() {
        // A change nobody needs to see, such as that of a date in the archive. What came in is the session.
        holds!(only(there)? == only(&walk.talus)?, "a broken bundle changed a session");
        let id = there.delete_session("last").map_err(failed("deleting"))?;
        holds!(id == walk.id, "a broken bundle brought another session");
        walk.tally.add("broken_bundles_harmless", 1);
    } else {
        let kept = there.sessions(10).map_err(failed("listing sessions"))?;
        holds!(kept.is_empty(), "a bundle that was refused left {} sessions", kept.len());
        walk.tally.add("broken_bundles_refused", 1);
    }
    Ok(())
}

/// A copy of the household that nobody has open.
fn copied(walk: &mut Walk, name: &str) -> Result<PathBuf, String> {
    let io = |error: std::io::Error| format!("no copy: {error}");
    let from = walk.opening.database.parent().map(PathBuf::from).unwrap_or_default();
    // Closing it moves the log into the database.
    walk.talus = opened(walk, "nobody")?;
    let to = walk.around.join(name);
    std::fs::create_dir_all(to.join("recordings")).map_err(io)?;
    for (path, bytes) in files(&from) {
        let below = path.strip_prefix(&from).map_err(|error| error.to_string())?;
        std::fs::write(to.join(below), bytes).map_err(io)?;
    }
    walk.talus = Talus::open(walk.opening.clone()).map_err(failed("opening"))?;
    Ok(to)
}

/// A database of a later Talus is left as it is.
fn later(walk: &mut Walk) -> Result<(), String> {
    let folder = copied(walk, "later")?;
    let database = folder.join("talus.db");
    let mut bytes = std::fs::read(&database).map_err(|error| format!("no copy: {error}"))?;
    bytes[USER_VERSION].copy_from_slice(&9999_u32.to_be_bytes());
    std::fs::write(&database, &bytes).map_err(|error| format!("no copy: {error}"))?;
    match Talus::open(Opening { database: database.clone(), ..walk.opening.clone() }) {
        Err(crate::AppError::Store(StoreError::Newer { .. })) => {}
        Err(other) => return Err(format!("a newer database: failed to {other}")),
        Ok(_) => return Err("a newer database is opened".to_owned()),
    }
    holds!(std::fs::read(&database).ok() == Some(bytes), "a newer database was changed");
    walk.tally.add("newer_refused", 1);
    Ok(())
}

/// A database with bits turned over gives its session back, from what still reads or from the recording.
fn damaged(walk: &mut Walk) -> Result<(), String> {
    let folder = copied(walk, "damaged")?;
    let database = folder.join("talus.db");
    let mut bytes = std::fs::read(&database).map_err(|error| format!("no copy: {error}"))?;
    if walk.chance.happens(0.3) {
        // A page of zeros.
        let at = (walk.chance.bits() as usize % bytes.len()) & !4095;
        let to = (at + 4096).min(bytes.len());
        bytes[at..to].fill(0);
    } else {
        for _ in 0..=walk.chance.bits() % 200 {
            let at = walk.chance.bits() as usize % bytes.len();
            bytes[at] ^= 1 << (walk.chance.bits() % 8);
        }
    }
    std::fs::write(&database, &bytes).map_err(|error| format!("no copy: {error}"))?;
    let opening = Opening { database, ..walk.opening.clone() };
    let reads = Talus::open(opening.clone()).is_ok_and(|talus| {
        let listed = talus.people().map(|people| people.iter().any(|one| one.id == walk.talus.profile()));
        listed.is_ok_and(|there| there) && talus.session("last").is_ok_and(|detail| detail.row.id == walk.id)
    });
    if reads {
        walk.tally.add("damage_unnoticed_or_elsewhere", 1);
        return Ok(());
    }
    let (talus, salvaged) = Talus::salvage(opening, None, &Job::new()).map_err(failed("salvaging"))?;
    let found = talus.store().session(walk.id).map_err(failed("finding a session whose recording is whole"))?;
    holds!(found.row.id == walk.id, "salvaged {salvaged:?}");
    walk.tally.add("salvaged", 1);
    Ok(())
}

/// A deleted session is nowhere any more.
fn deleted(walk: &mut Walk) -> Result<(), String> {
    walk.talus.edit("last", &Edit::Note(CANARY.to_owned())).map_err(failed("noting"))?;
    walk.talus.delete_session("last").map_err(failed("deleting"))?;
    let folder = walk.opening.database.parent().map(PathBuf::from).unwrap_or_default();
    for (path, bytes) in files(&folder) {
        let sings = bytes.windows(CANARY.len()).any(|window| window == CANARY.as_bytes());
        holds!(!sings, "what was deleted can be read in {}", path.display());
    }
    let recording = walk.talus.store().recording_path(walk.id);
    holds!(!recording.exists(), "a deleted recording is there");
    holds!(walk.talus.sessions(10).map_err(failed("listing sessions"))?.is_empty(), "a deleted session is listed");
    walk.tally.add("deleted", 1);
    Ok(())
}

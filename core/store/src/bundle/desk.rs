//! The desk of an import: a folder beside the database for what is not the household's yet, and the way recordings go
//! from there to their place.
//!
//! A recording that is there already stays under a second name on the desk until the rows are committed, and the new one
//! takes its name in one step: at no moment is there neither. What was begun stands in a note on the desk, so that a
//! process that is killed in the middle is undone by whoever opens the household next, or left as it is where it had come
//! as far as its commit.

use super::import::Reach;
use crate::db::open::{folder_of, sync_folder};
use crate::files::{if_there, second_name};
use crate::lock::WriterLock;
use crate::{SessionId, Store, StoreError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Desks of this process. A lock alone does not tell them: not every system has one.
static OURS: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());
/// The note of what is being placed.
const NOTE: &str = "placing.json";

fn ours() -> MutexGuard<'static, BTreeSet<PathBuf>> {
    OURS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A recording on its way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Placing {
    id: SessionId,
    /// Its length where it will be: what is longer or shorter there was written by somebody else since.
    bytes: u64,
    /// Whether one lay there before.
    held: bool,
    /// How far the session will go once its rows are committed.
    reach: Reach,
}

/// The folder; gone afterwards, unless something in it is still to be put back.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) folder: PathBuf,
}

impl Desk {
    /// An empty one. Only whoever holds the writer's lock calls this: what is there was left by a process that died.
    pub(super) fn make(store: &Store) -> Result<Self, StoreError> {
        let folder = place_of(store);
        put_back(store, &folder, None)?;
        let io = |error| StoreError::io(&folder, error);
        fs::create_dir_all(folder_of(&folder)).and_then(|()| fs::create_dir(&folder)).map_err(io)?;
        ours().insert(folder.clone());
        Ok(Self { folder })
    }

    /// Where a recording is made ready.
    pub(super) fn ready(&self, id: SessionId) -> PathBuf {
        ready(&self.folder, id)
    }

    /// Puts recordings where they belong, each with how far its session will go. Either all are there, or after an error
    /// what was there before.
    pub(super) fn place(&self, store: &Store, wanted: &BTreeMap<SessionId, Reach>) -> Result<(), StoreError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let mut note = Vec::new();
        for (id, reach) in wanted {
            let (from, to) = (self.ready(*id), store.recording_path(*id));
            let bytes = fs::metadata(&from).map_err(|error| StoreError::io(&from, error))?.len();
            let held = second_name(&to, &held(&self.folder, *id)).map_err(|error| StoreError::io(&to, error))?;
            note.push(Placing { id: *id, bytes, held, reach: *reach });
        }
        self.write(&note).map_err(|error| StoreError::io(&self.folder, error))?;
        let placed = wanted.keys().try_for_each(|id| {
            let to = store.recording_path(*id);
            fs::rename(self.ready(*id), &to).map_err(|error| StoreError::io(&to, error))
        });
        placed
            .and_then(|()| sync_folder(store.recordings()).map_err(|error| StoreError::io(store.recordings(), error)))
            .inspect_err(|_| self.give_back(store))
    }

    fn write(&self, note: &[Placing]) -> io::Result<()> {
        let (part, whole) = (self.folder.join("placing.part"), self.folder.join(NOTE));
        let mut file = File::create(&part)?;
        file.write_all(&serde_json::to_vec(note)?)?;
        file.sync_all()?;
        fs::rename(&part, &whole)?;
        sync_folder(&self.folder)?;
        sync_folder(&folder_of(&self.folder))
    }

    /// What was placed is the household's now.
    pub(super) fn keep(&self) {
        // Where this does not work, whoever finds the note finds the rows too.
        let _ = fs::remove_file(self.folder.join(NOTE));
    }

    /// Undoes what [`Desk::place`] did; the rows are not committed. What does not work now is left for the next opening.
    pub(super) fn give_back(&self, store: &Store) {
        let _ = put_back(store, &self.folder, Some(false));
    }
}

impl Drop for Desk {
    fn drop(&mut self) {
        if !self.folder.join(NOTE).exists() {
            let _ = fs::remove_dir_all(&self.folder);
        }
        ours().remove(&self.folder);
    }
}

/// Finishes what an import that was killed has left, as far as that is possible now.
pub(crate) fn clear(store: &Store) {
    let folder = place_of(store);
    // Somebody who records or takes in has the lock; then the next one who opens the household does it.
    if !folder.exists() || ours().contains(&folder) {
        return;
    }
    if let Ok(_lock) = WriterLock::take(store.path()) {
        let _ = put_back(store, &folder, None);
    }
}

fn place_of(store: &Store) -> PathBuf {
    let mut name = store.path().as_os_str().to_owned();
    name.push(".import");
    PathBuf::from(name)
}

fn ready(folder: &Path, id: SessionId) -> PathBuf {
    folder.join(format!("{id}.talus"))
}

fn held(folder: &Path, id: SessionId) -> PathBuf {
    folder.join(format!("{id}.held"))
}

/// Undoes what the note in a folder tells of and removes the folder. `committed`: whether its rows were, where that is
/// known.
fn put_back(store: &Store, folder: &Path, committed: Option<bool>) -> Result<(), StoreError> {
    let io = |error| StoreError::io(folder, error);
    let note: Vec<Placing> = match if_there(fs::read(folder.join(NOTE))).map_err(io)? {
        // It was written whole or not at all: what does not read is none of ours.
        Some(text) => serde_json::from_slice(&text).map_err(|error| io(error.into()))?,
        None => Vec::new(),
    };
    for placing in &note {
        let id = placing.id;
        let to = store.recording_path(id);
        let arrived = !ready(folder, id).exists()
            && fs::metadata(&to).is_ok_and(|there| there.is_file() && there.len() == placing.bytes);
        let stays = match committed {
            Some(committed) => committed,
            None => store.ask(|db| Reach::of(db, id))?.is_some_and(|here| here >= placing.reach),
        };
        if !arrived || stays {
            continue;
        }
        // What was held and is not any more was put back already, and then this ended.
        let undone =
            if placing.held { if_there(fs::rename(held(folder, id), &to)).map(drop) } else { fs::remove_file(&to) };
        undone.map_err(|error| StoreError::io(&to, error))?;
    }
    if !note.is_empty() {
        sync_folder(store.recordings()).map_err(|error| StoreError::io(store.recordings(), error))?;
    }
    // The note first: without it nothing more is undone, half a folder or not.
    for done in [fs::remove_file(folder.join(NOTE)), fs::remove_dir_all(folder)] {
        if_there(done).map_err(io)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: SessionId = SessionId([1; 16]);
    const TWO: SessionId = SessionId([2; 16]);

    fn scene() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(&folder.path().join("talus.db")).unwrap();
        fs::write(store.recording_path(ONE), "one here").unwrap();
        (folder, store)
    }

    fn reach(finished: bool, next: i64) -> Reach {
        Reach { finished, next }
    }

    fn wanted() -> BTreeMap<SessionId, Reach> {
        BTreeMap::from([(ONE, reach(true, 10)), (TWO, reach(false, 3))])
    }

    fn ready_desk(store: &Store) -> Desk {
        let desk = Desk::make(store).unwrap();
        fs::write(desk.ready(ONE), "one of the bundle").unwrap();
        fs::write(desk.ready(TWO), "two of the bundle").unwrap();
        desk
    }

    /// What a process that is killed leaves: it drops nothing. Gives the folder.
    fn killed_with(desk: Desk) -> PathBuf {
        let folder = desk.folder.clone();
        ours().remove(&folder);
        std::mem::forget(desk);
        assert!(folder.exists());
        folder
    }

    fn there(store: &Store) -> [Option<String>; 2] {
        [ONE, TWO].map(|id| fs::read_to_string(store.recording_path(id)).ok())
    }

    #[test]
    fn a_recording_that_cannot_be_placed_leaves_those_that_were_there() {
        let (_folder, store) = scene();
        fs::write(store.recording_path(TWO), "two here").unwrap();
        let before = there(&store);
        let desk = ready_desk(&store);
        // A folder takes no file's name: the second one fails after the first has arrived.
        fs::remove_file(desk.ready(TWO)).unwrap();
        fs::create_dir(desk.ready(TWO)).unwrap();
        assert!(desk.place(&store, &wanted()).is_err());
        assert_eq!(there(&store), before);
        let folder = desk.folder.clone();
        drop(desk);
        assert_eq!(there(&store), before);
        assert!(!folder.exists());
    }

    #[test]
    fn an_import_that_is_killed_before_its_commit_is_undone_at_the_next_opening() {
        let (_folder, store) = scene();
        let before = there(&store);
        for killed in ["before the commit", "between two recordings", "while it was undone"] {
            let desk = ready_desk(&store);
            desk.place(&store, &wanted()).unwrap();
            assert_ne!(there(&store), before);
            match killed {
                "between two recordings" => fs::rename(store.recording_path(TWO), desk.ready(TWO)).unwrap(),
                "while it was undone" => fs::rename(held(&desk.folder, ONE), store.recording_path(ONE)).unwrap(),
                _ => {}
            }
            let folder = killed_with(desk);
            drop(Store::open(store.path()).unwrap());
            assert_eq!(there(&store), before, "{killed}");
            assert!(!folder.exists(), "{killed}");
        }
    }

    #[test]
    fn an_import_that_is_killed_before_it_placed_anything_leaves_no_folder() {
        let (_folder, store) = scene();
        let before = there(&store);
        let folder = killed_with(ready_desk(&store));
        drop(Store::open(store.path()).unwrap());
        assert_eq!((there(&store), folder.exists()), (before, false));
    }

    #[test]
    fn what_is_on_the_desk_of_an_import_that_goes_on_is_left_alone() {
        let (_folder, store) = scene();
        let desk = ready_desk(&store);
        drop(store.another().unwrap());
        assert!(desk.ready(ONE).exists());
    }

    #[test]
    fn a_recording_that_grew_after_an_import_was_killed_stays() {
        let (_folder, store) = scene();
        let desk = ready_desk(&store);
        desk.place(&store, &wanted()).unwrap();
        killed_with(desk);
        fs::write(store.recording_path(ONE), "one of the bundle, and what somebody recorded since").unwrap();
        drop(Store::open(store.path()).unwrap());
        assert!(there(&store)[0].as_ref().is_some_and(|text| text.ends_with("since")));
    }
}

//! A folder whose power was cut: what was synced is there afterwards, what was not may be there in part.
//!
//! Two pictures are taken, each when everything was synced: before the second that is cut, and after it. A cut leaves a
//! mixture of them by sectors, in the order things are synced: the recording, then SQLite's log, then what a checkpoint
//! moves into the database.

use std::io;
use std::path::{Path, PathBuf};
use talus_sim::Chance;

const SECTOR: usize = 512;

/// A household's files that change while a session is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Picture {
    db: Vec<u8>,
    log: Vec<u8>,
    pub(super) recording: Vec<u8>,
}

impl Picture {
    pub(super) fn of(db: &Path, recording: &Path) -> Self {
        let read = |path: &Path| std::fs::read(path).unwrap_or_default();
        Self { db: read(db), log: read(&log_of(db)), recording: read(recording) }
    }

    /// What a cut between the two leaves on disk. Nobody may have the files open.
    pub(super) fn cut(&self, after: &Self, chance: &mut Chance, db: &Path, recording: &Path) -> io::Result<()> {
        let mut left = self.clone();
        let phase = chance.bits() % 3;
        if phase == 0 {
            left.recording = torn(chance, &self.recording, &after.recording);
        } else {
            left.recording.clone_from(&after.recording);
        }
        if phase == 1 {
            left.log = torn(chance, &self.log, &after.log);
        }
        if phase == 2 {
            left.log.clone_from(&after.log);
            left.db = torn(chance, &self.db, &after.db);
        }
        let _ = std::fs::remove_file(beside(db, "-shm"));
        std::fs::write(db, &left.db)?;
        std::fs::write(log_of(db), &left.log)?;
        std::fs::write(recording, &left.recording)
    }
}

/// What of `after` reached the disk that held `before`: each sector or not, all with the same chance.
fn torn(chance: &mut Chance, before: &[u8], after: &[u8]) -> Vec<u8> {
    let share = [0.0, 0.5, 0.9, 1.0][chance.bits() as usize % 4];
    let mut disk = before.to_vec();
    for (index, sector) in after.chunks(SECTOR).enumerate() {
        let (from, to) = (index * SECTOR, index * SECTOR + sector.len());
        if before.get(from..to) == Some(sector) || !chance.happens(share) {
            continue;
        }
        if disk.len() < to {
            disk.resize(to, 0);
        }
        disk[from..to].copy_from_slice(sector);
    }
    disk
}

fn log_of(db: &Path) -> PathBuf {
    beside(db, "-wal")
}

fn beside(db: &Path, ending: &str) -> PathBuf {
    let mut name = db.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// Every file below a folder with its bytes, by name; empty ones and locks left out.
pub(super) fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(one) = folders.pop() {
        for entry in std::fs::read_dir(one).into_iter().flatten().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if let Ok(bytes) = std::fs::read(&path)
                && !bytes.is_empty()
            {
                found.push((path, bytes));
            }
        }
    }
    found.sort();
    found
}

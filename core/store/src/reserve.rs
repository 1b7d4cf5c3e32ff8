//! Room kept for results: a file of zeros beside the database, given up when the disk is full, so that what somebody did
//! can still be saved. Signals never get any of it.

use crate::db::open::folder_of;
use crate::db::open::sync_folder;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Room for more rows and log than a session has left when its disk fills.
const BYTES: u64 = 2 << 20;

/// The reserve of one database.
#[derive(Debug)]
pub(crate) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    pub(crate) fn of(db: &Path) -> Self {
        let mut name = db.as_os_str().to_owned();
        name.push(".reserve");
        Self { path: name.into() }
    }

    /// Whether it is there in full.
    pub(crate) fn stands(&self) -> bool {
        fs::metadata(&self.path).is_ok_and(|found| found.len() >= BYTES)
    }

    /// Makes it, where it is not there. Written out: a file that only says how long it is takes no room.
    pub(crate) fn fill(&self) -> io::Result<()> {
        if self.stands() {
            return Ok(());
        }
        let made = File::create(&self.path).and_then(|mut file| {
            let zeros = vec![0; BYTES as usize];
            file.write_all(&zeros)?;
            file.sync_all()
        });
        match made {
            Ok(()) => sync_folder(&folder_of(&self.path)),
            Err(error) => {
                // What there was room for is room again.
                let _ = self.give_up();
                Err(error)
            }
        }
    }

    /// Gives its room to others; `false` where there was none.
    pub(crate) fn give_up(&self) -> bool {
        fs::remove_file(&self.path).is_ok()
    }
}

//! [`Store`]: what is deleted cannot be read any more, neither in the database nor in its log nor in a recording.

use crate::db::open::{BUSY, sync_folder};
use crate::files::{beside, erase, if_there};
use crate::{ProfileId, SessionId, Store, StoreError};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long a deletion waits for who is looking back. Looks are short; an export that reads on is not waited for.
const ERASE_WAIT: Duration = Duration::from_secs(2);

impl Store {
    /// Deletes a session: rows and recording, so that nothing of it can be read here any more. What was set aside before
    /// ([`Store::asides`]) still has it.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`].
    /// With [`StoreError::StillInLog`] it is deleted, and bytes of it stay in the log for as long as another program
    /// looks back; they go when the database is opened next, or with the next deletion.
    pub fn delete(&self, id: SessionId) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        self.standing(id)?;
        // The recording first: without its rows it would come back with the next salvage.
        self.erase_recording(id)?;
        self.owe_erasure();
        self.ask(|db| db.execute("DELETE FROM session WHERE uid = ?1", [id.0]))?;
        self.empty_log()
    }

    /// Deletes a person with everything that is theirs, so that nothing of it can be read here any more. Cuffs stay, and so
    /// does what was set aside before ([`Store::asides`]).
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`]. What was deleted before stays so, and
    /// the same call goes on where this one ended. [`StoreError::StillInLog`] as for [`Store::delete`].
    pub fn delete_profile(&self, profile: ProfileId) -> Result<(), StoreError> {
        let _lock = self.lock()?;
        let sessions: Vec<SessionId> = self.ask(|db| {
            db.prepare("SELECT s.uid FROM session s JOIN profile p ON p.id = s.profile_id WHERE p.uid = ?1")?
                .query_map([profile.0], |row| row.get(0).map(SessionId))?
                .collect()
        })?;
        for id in sessions {
            self.erase_recording(id)?;
        }
        self.owe_erasure();
        self.ask(|db| db.execute("DELETE FROM profile WHERE uid = ?1", [profile.0]))?;
        self.empty_log()
    }

    /// Overwrites and removes what there is of a recording; `false` where there is nothing. (What a flash disk keeps of
    /// overwritten blocks is its own affair: that is what sealing is for.)
    pub(crate) fn erase_recording(&self, id: SessionId) -> Result<bool, StoreError> {
        let whole = self.recording_path(id);
        let mut found = false;
        for path in [whole.with_extension("talus.damaged"), whole] {
            found |= if_there(erase(&path)).map_err(|error| StoreError::io(&path, error))?.is_some();
        }
        if found {
            sync_folder(&self.recordings).map_err(|error| StoreError::io(&self.recordings, error))?;
        }
        Ok(found)
    }

    /// Notes that the log is to be emptied, before anything is deleted: whatever stands in the way afterwards, a reader
    /// or a kill, the next opening goes on with it.
    pub(crate) fn owe_erasure(&self) {
        // On a full disk there is no room for a note, and what is to be deleted makes the room.
        let _ = File::create(erasure_owed(&self.path));
    }

    /// Moves the log into the database and empties it: it still has what was deleted. (`secure_delete` has written
    /// zeros over it in the pages.) A reader in the middle of its look keeps the log from that.
    pub(crate) fn empty_log(&self) -> Result<(), StoreError> {
        self.empty_log_within(ERASE_WAIT)
    }

    pub(super) fn empty_log_within(&self, wait: Duration) -> Result<(), StoreError> {
        let busy = self.ask(|db| {
            db.busy_timeout(wait)?;
            let busy = db.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0));
            db.busy_timeout(BUSY)?;
            busy
        })?;
        if busy {
            return Err(StoreError::StillInLog { path: self.path.clone() });
        }
        if_there(fs::remove_file(erasure_owed(&self.path))).map_err(|error| StoreError::io(&self.path, error))?;
        Ok(())
    }
}

/// The note that something was deleted and the log is not empty yet.
pub(super) fn erasure_owed(db: &Path) -> PathBuf {
    beside(db, ".erasing")
}

//! What is whose: told before it is deleted, and asked before somebody's session is taken for another's.

use crate::files::if_there;
use crate::store::no_session;
use crate::{ProfileId, SessionId, Store, StoreError};
use std::fs;

/// Everything a person has here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Belongings {
    /// Their sessions, with every result, change, note and tag.
    pub sessions: u64,
    /// Sessions whose recording is here.
    pub recordings: u64,
    /// What those recordings take.
    pub recording_bytes: u64,
    /// How they said they were.
    pub check_ins: u64,
    /// Results of tests.
    pub tests: u64,
    /// Plans of somebody they trust, ended ones included.
    pub plans: u64,
}

impl Store {
    /// What goes with a person.
    ///
    /// # Errors
    /// [`StoreError::NoAccess`] where the recordings cannot be looked at.
    pub fn belongings(&self, profile: ProfileId) -> Result<Belongings, StoreError> {
        let (sessions, [check_ins, tests, plans]) = self.ask(|db| {
            let person = "profile_id = (SELECT id FROM profile WHERE uid = ?1)";
            let sessions: Vec<SessionId> = db
                .prepare(&format!("SELECT uid FROM session WHERE {person}"))?
                .query_map([profile.0], |row| row.get(0).map(SessionId))?
                .collect::<rusqlite::Result<_>>()?;
            let count = |table: &str| -> rusqlite::Result<u64> {
                let question = format!("SELECT count(*) FROM {table} WHERE {person}");
                db.query_row(&question, [profile.0], |row| row.get::<_, i64>(0)).map(i64::unsigned_abs)
            };
            Ok((sessions, [count("check_in")?, count("test")?, count("plan")?]))
        })?;
        let mut found =
            Belongings { sessions: sessions.len() as u64, check_ins, tests, plans, ..Belongings::default() };
        for id in sessions {
            let bytes = self.recording_bytes(id)?;
            found.recordings += u64::from(bytes > 0);
            found.recording_bytes += bytes;
        }
        Ok(found)
    }

    /// What the recording of a session takes; 0 where there is none.
    ///
    /// # Errors
    /// [`StoreError::NoAccess`] where it cannot be looked at.
    pub fn recording_bytes(&self, id: SessionId) -> Result<u64, StoreError> {
        let path = self.recording_path(id);
        let found = if_there(fs::metadata(&path)).map_err(|error| StoreError::io(&path, error))?;
        Ok(found.map_or(0, |found| found.len()))
    }

    /// Whether a session is this person's. Calls that take a session alone do not ask: whoever has an id from elsewhere
    /// than from this person's list asks here first.
    ///
    /// # Errors
    /// [`StoreError::NoSession`] where it is not; nothing tells that it is somebody else's.
    pub fn ensure_of(&self, profile: ProfileId, id: SessionId) -> Result<(), StoreError> {
        let theirs: bool = self.ask(|db| {
            db.prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM session s JOIN profile p ON p.id = s.profile_id
                    WHERE s.uid = ?1 AND p.uid = ?2)",
            )?
            .query_row([id.0, profile.0], |row| row.get(0))
        })?;
        if theirs { Ok(()) } else { Err(no_session(id.to_string())) }
    }
}

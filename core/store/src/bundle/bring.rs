//! Another database of ours taken in as it is: what was set aside comes back into the history that took its place.
//!
//! It was opened, so it has today's schema and is its own staged database; only its recordings change their seal.

use super::desk::Desk;
use super::import::{is_wanted, lay, settle};
use super::{Imported, Job};
use crate::files::{if_there, read_file};
use crate::recording::goes_out;
use crate::{SessionId, Store, StoreError};
use std::collections::BTreeMap;

/// Sessions of a database whose recording is beside it, oldest first.
pub(crate) fn recorded(there: &Store) -> Result<Vec<SessionId>, StoreError> {
    let all: Vec<SessionId> = there.ask(|db| {
        db.prepare("SELECT uid FROM session ORDER BY started_utc_ms, uid")?
            .query_map([], |row| row.get(0).map(SessionId))?
            .collect()
    })?;
    Ok(all.into_iter().filter(|id| there.recording_path(*id).exists()).collect())
}

/// Takes in everything of `there`, all of it or nothing; gives sessions whose recording cannot come too. Whoever calls has
/// the writer's lock of `store`.
pub(crate) fn bring(store: &Store, there: &Store, job: &Job) -> Result<(Imported, Vec<SessionId>), StoreError> {
    let ids = recorded(there)?;
    let sessions: i64 = there.ask(|db| db.query_row("SELECT count(*) FROM session", [], |row| row.get(0)))?;
    job.begin(ids.len() as u64 + sessions.unsigned_abs());
    let desk = Desk::make(store)?;
    let staged = there.connection();
    let (mut wanted, mut left_out) = (BTreeMap::new(), Vec::new());
    for id in ids {
        let path = there.recording_path(id);
        let open = there.seal(id)?;
        let bytes = if_there(read_file(&path)).map_err(|error| StoreError::io(&path, error))?.unwrap_or_default();
        if !goes_out(&bytes, open.as_ref(), id) {
            left_out.push(id);
        } else if let Some(reach) = is_wanted(staged, store, id)?
            && lay(store, &desk, id, bytes.as_slice(), open.as_ref(), &path.display().to_string())?
        {
            wanted.insert(id, reach);
        }
        job.on(1)?;
    }
    let mut imported = Imported::default();
    settle(store, staged, &desk, &wanted, job, &mut imported)?;
    job.end();
    Ok((imported, left_out))
}

//! How long raw signals are kept: by age and by room, never those of a starred or unfinished session. What would go is
//! said before it goes; results stay for ever.

use crate::files::if_there;
use crate::{ProfileId, SessionId, Store, StoreError};
use std::fs;

/// Milliseconds of a day.
const DAY_MS: i64 = 86_400_000;

/// What raw signals may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Budget {
    /// Days a recording is kept; `None`: whatever its age.
    pub days: Option<u32>,
    /// Bytes all of them may take together; `None`: whatever it is.
    pub bytes: Option<u64>,
}

impl Default for Budget {
    /// 90 days and 500 MB, whichever comes first.
    fn default() -> Self {
        Self { days: Some(90), bytes: Some(500_000_000) }
    }
}

/// Why a recording goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outgrown {
    /// It is older than the budget allows.
    Age,
    /// Newer recordings fill the room already.
    Room,
}

/// A recording that would go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expired {
    /// Its session.
    pub session: SessionId,
    /// Whose it is.
    pub profile: ProfileId,
    /// The day of the session, `YYYY-MM-DD`.
    pub local_day: String,
    /// What it takes.
    pub bytes: u64,
    /// Why.
    pub why: Outgrown,
}

/// What keeping to a budget means now.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// What would go, oldest first.
    pub expired: Vec<Expired>,
    /// What stays and counts, bytes.
    pub kept_bytes: u64,
    /// What is starred and stays whatever it takes, bytes.
    pub starred_bytes: u64,
}

impl Store {
    /// Which recordings of the household a budget lets go at `now_utc_ms`. Deletes nothing. A session of the future (the
    /// clock was set back) is new.
    ///
    /// # Errors
    /// [`StoreError::NoAccess`] where the recordings cannot be looked at.
    pub fn outgrown(&self, budget: Budget, now_utc_ms: i64) -> Result<Review, StoreError> {
        let sessions: Vec<(SessionId, ProfileId, String, i64, bool)> = self.ask(|db| {
            db.prepare_cached(
                "SELECT s.uid, p.uid, s.local_day, s.started_utc_ms, t.starred
                 FROM session s JOIN profile p ON p.id = s.profile_id JOIN total t ON t.session_id = s.id
                 WHERE s.state = 'finished' ORDER BY s.started_utc_ms DESC, s.uid DESC",
            )?
            .query_map([], |row| {
                let (session, profile) = (SessionId(row.get(0)?), ProfileId(row.get(1)?));
                Ok((session, profile, row.get(2)?, row.get(3)?, row.get(4)?))
            })?
            .collect()
        })?;
        let mut review = Review::default();
        for (session, profile, local_day, started_utc_ms, starred) in sessions {
            let path = self.recording_path(session);
            let found = if_there(fs::metadata(&path)).map_err(|error| StoreError::io(&path, error))?;
            let Some(bytes) = found.map(|found| found.len()) else { continue };
            if starred {
                review.starred_bytes += bytes;
                continue;
            }
            let age_ms = now_utc_ms.saturating_sub(started_utc_ms);
            let old = budget.days.is_some_and(|days| age_ms > i64::from(days) * DAY_MS);
            let much = budget.bytes.is_some_and(|most| review.kept_bytes + bytes > most);
            if old || much {
                let why = if old { Outgrown::Age } else { Outgrown::Room };
                review.expired.push(Expired { session, profile, local_day, bytes, why });
            } else {
                review.kept_bytes += bytes;
            }
        }
        review.expired.reverse();
        Ok(review)
    }

    /// Deletes these recordings and the traces that are drawn from them; results stay. What is gone already, or was
    /// starred since it was looked at, is passed over; the sessions whose recording went are returned.
    ///
    /// # Errors
    /// [`StoreError::InUse`] while anything is recorded, [`StoreError::NoAccess`]; what was deleted before stays so, and
    /// the same call goes on where this one ended. [`StoreError::StillInLog`] as for [`Store::delete`].
    pub fn let_go(&self, sessions: &[SessionId]) -> Result<Vec<SessionId>, StoreError> {
        let _lock = self.lock()?;
        let mut gone = Vec::new();
        for &id in sessions {
            let may_go: bool = self.ask(|db| {
                db.query_row(
                    "SELECT EXISTS (SELECT 1 FROM session s JOIN total t ON t.session_id = s.id
                        WHERE s.uid = ?1 AND s.state = 'finished' AND t.starred = 0)",
                    [id.0],
                    |row| row.get(0),
                )
            })?;
            if may_go && self.erase_recording(id)? {
                self.owe_erasure();
                self.ask(|db| crate::db::traces::forget(db, id))?;
                gone.push(id);
            }
        }
        if !gone.is_empty() {
            self.empty_log()?;
        }
        Ok(gone)
    }
}

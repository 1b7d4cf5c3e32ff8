//! [`Store`]: looking back, and what a person changes there.

use super::no_session;
use crate::db::{course, edits, history, totals, traces};
use crate::{
    Cursor, DayRow, Edit, EditId, EditRow, PainPoint, ProfileId, SessionDetail, SessionId, SessionRow, Store,
    StoreError, TestRow, Trace, TrendPoint, WalkPoint, WeekRow,
};
use talus_motion::Side;

impl Store {
    /// Sessions that were begun and not finished, newest first.
    pub fn unfinished(&self, profile: ProfileId) -> Result<Vec<SessionRow>, StoreError> {
        self.ask(|db| history::unfinished(db, &self.recordings, profile))
    }

    /// A page of sessions, newest first: those before `before` (the [`SessionRow::cursor`] of the last one seen).
    pub fn sessions(
        &self,
        profile: ProfileId,
        before: Option<Cursor>,
        limit: u32,
    ) -> Result<Vec<SessionRow>, StoreError> {
        self.ask(|db| history::sessions(db, &self.recordings, profile, before, limit))
    }

    /// One session with its sets, repetitions and strides, and with what was changed by hand laid over them.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn session(&self, id: SessionId) -> Result<SessionDetail, StoreError> {
        self.detail(id, true)
    }

    /// One session as it was derived: what a replay gives, without what was changed by hand.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn derived(&self, id: SessionId) -> Result<SessionDetail, StoreError> {
        self.detail(id, false)
    }

    fn detail(&self, id: SessionId, edited: bool) -> Result<SessionDetail, StoreError> {
        self.ask(|db| history::session(db, &self.recordings, id, edited))?.ok_or_else(|| no_session(id.to_string()))
    }

    /// The days from `from` to `to` (`YYYY-MM-DD`, both included) with a session, oldest first.
    pub fn days(&self, profile: ProfileId, from: &str, to: &str) -> Result<Vec<DayRow>, StoreError> {
        self.ask(|db| course::days(db, profile, from, to))
    }

    /// The weeks with a session between two days (both included), oldest first. A week at either end counts only the
    /// days asked for.
    pub fn weeks(&self, profile: ProfileId, from: &str, to: &str) -> Result<Vec<WeekRow>, StoreError> {
        self.ask(|db| course::weeks(db, profile, from, to))
    }

    /// Every walked set with its medians, oldest first; the legs of a set follow each other.
    pub fn walks(&self, profile: ProfileId) -> Result<Vec<WalkPoint>, StoreError> {
        self.ask(|db| course::walks(db, profile))
    }

    /// Every set that hurt, oldest first.
    pub fn pains(&self, profile: ProfileId) -> Result<Vec<PainPoint>, StoreError> {
        self.ask(|db| course::pains(db, profile))
    }

    /// Keeps the result of a test, or replaces the one of the same id.
    ///
    /// # Errors
    /// [`StoreError::Refused`] where the person or the session is not there, the id is another person's, or a value
    /// cannot be right.
    pub fn put_test(&self, profile: ProfileId, test: &TestRow) -> Result<(), StoreError> {
        if self.ask(|db| course::put_test(db, profile, test))? {
            return Ok(());
        }
        let reason = "there is no such person or session, or its id is somebody else's".to_owned();
        Err(StoreError::Refused { what: "the test".to_owned(), reason })
    }

    /// Results of tests, of one kind or of all, each kind oldest first.
    pub fn tests(&self, profile: ProfileId, kind: Option<&str>) -> Result<Vec<TestRow>, StoreError> {
        self.ask(|db| course::tests(db, profile, kind))
    }

    /// What is kept for drawing of a session's sets; empty where nothing was worked out yet or its recording went.
    pub fn traces(&self, id: SessionId) -> Result<Vec<Trace>, StoreError> {
        self.ask(|db| traces::of(db, id))
    }

    /// Keeps these traces instead of those there were.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Refused`] where two are of the same set and leg.
    pub fn put_traces(&self, id: SessionId, kept: &[Trace]) -> Result<(), StoreError> {
        if self.ask(|db| traces::put(db, id, kept))? { Ok(()) } else { Err(no_session(id.to_string())) }
    }

    /// Lays a change over a session of a person. Results stay beside it, and it can be undone.
    ///
    /// # Errors
    /// [`StoreError::NoSession`]; [`StoreError::Refused`] where the set is not there or the change cannot be.
    pub fn edit(
        &self,
        profile: ProfileId,
        session: SessionId,
        at_utc_ms: i64,
        edit: &Edit,
    ) -> Result<EditId, StoreError> {
        let added = self.edit_all(profile, session, at_utc_ms, std::slice::from_ref(edit))?;
        let none = || StoreError::Refused { what: "the change".to_owned(), reason: "there is none".to_owned() };
        added.last().copied().ok_or_else(none)
    }

    /// Lays several changes over a session of a person, all of them or none. Their sets are named as they are shown before
    /// the first of them.
    ///
    /// # Errors
    /// As [`Store::edit`]; nothing is changed then.
    pub fn edit_all(
        &self,
        profile: ProfileId,
        session: SessionId,
        at_utc_ms: i64,
        edits: &[Edit],
    ) -> Result<Vec<EditId>, StoreError> {
        Self::added(session, self.ask(|db| edits::add(db, profile, session, at_utc_ms, edits))?)
    }

    /// Takes a change back: this one, or the newest that stands. To undo an undo is to redo.
    ///
    /// # Errors
    /// [`StoreError::NoSession`]; [`StoreError::Refused`] where nothing is left to undo.
    pub fn undo(
        &self,
        profile: ProfileId,
        session: SessionId,
        which: Option<EditId>,
        at_utc_ms: i64,
    ) -> Result<EditId, StoreError> {
        Self::added(session, self.ask(|db| edits::undo(db, profile, session, which, at_utc_ms))?)
    }

    fn added<T>(session: SessionId, added: edits::Added<T>) -> Result<T, StoreError> {
        match added {
            edits::Added::Yes(added) => Ok(added),
            edits::Added::NoSession => Err(no_session(session.to_string())),
            edits::Added::Refused(error) => Err(error),
        }
    }

    /// Every change of a session, oldest first, undone ones included.
    ///
    /// # Errors
    /// [`StoreError::NoSession`].
    pub fn edits(&self, profile: ProfileId, session: SessionId) -> Result<Vec<EditRow>, StoreError> {
        self.ask(|db| edits::edits(db, profile, session))?.ok_or_else(|| no_session(session.to_string()))
    }

    /// Works out again what is kept so that looking back is quick. It is kept up by itself; who puts rows in by another
    /// way calls this.
    pub fn rebuild(&self) -> Result<(), StoreError> {
        self.ask(totals::rebuild)
    }

    /// Every finished set of one exercise, oldest first; of one leg or of both.
    pub fn trend(&self, profile: ProfileId, exercise: &str, side: Option<Side>) -> Result<Vec<TrendPoint>, StoreError> {
        self.ask(|db| course::trend(db, profile, exercise, side))
    }

    /// The session somebody means: `last`, or the beginning of an id with or without hyphens.
    ///
    /// # Errors
    /// [`StoreError::NoSession`], [`StoreError::Ambiguous`].
    pub fn find(&self, profile: ProfileId, asked: &str) -> Result<SessionId, StoreError> {
        let found = self.ask(|db| history::find(db, profile, asked))?;
        match found.as_slice() {
            [] => Err(no_session(asked.chars().take(64).collect())),
            [one] => Ok(*one),
            more => Err(StoreError::Ambiguous { asked: asked.to_owned(), count: more.len() }),
        }
    }
}

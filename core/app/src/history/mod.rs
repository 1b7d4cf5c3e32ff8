//! Looking back, as the screens need it: the calendar, the course of an exercise, one session with its traces; and what
//! a person changes, takes back and deletes there.
//!
//! Everything is about the person the app was opened for. What was changed by hand lies over what was derived, in every
//! call; a rescore keeps it.

mod course;
mod looked;
mod tested;
mod trace;
mod weeks;

pub use course::{Best, BestOf, Course, CoursePoint, Sides, Told, Walking};
pub use looked::SetLook;
pub use tested::{TestCourse, TestPoint};
pub(crate) use trace::Tracing;
pub use trace::{Line, downsample};
pub use weeks::{EnergyWeek, ExerciseDone, KeptWeek};

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use jiff::civil::{Date, Weekday};
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeMap;
use talus_store::{
    Budget, Cursor, DayRow, Edit, EditId, EditRow, PainPoint, Review, SessionId, SessionRow, SetEdit, StoreError,
    TestRow, Totals, WeekRow,
};

/// A week of the calendar, Monday to Sunday.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarWeek {
    /// Its Monday, `YYYY-MM-DD`.
    pub monday: String,
    /// Its days from Monday on; `None` for a day that is still to come.
    pub days: [Option<Totals>; 7],
    /// The whole week.
    pub totals: Totals,
}

impl Talus {
    // --- over time

    /// The last weeks, this one included, oldest first: every day, trained on or not. At most 520.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn calendar(&self, weeks: u32) -> Result<Vec<CalendarWeek>, AppError> {
        let today = self.date();
        let weeks = i64::from(weeks.clamp(1, 520));
        let this_monday = today.saturating_sub(i64::from(today.weekday().since(Weekday::Monday)).days());
        let first = this_monday.saturating_sub((7 * (weeks - 1)).days());
        let days = self.days(&first.to_string(), &today.to_string())?;
        let found: BTreeMap<String, Totals> = days.into_iter().map(|day| (day.local_day, day.totals)).collect();
        let week = |monday: Date| {
            let day = |offset: i64| {
                let day = monday.saturating_add(offset.days());
                (day <= today).then(|| found.get(&day.to_string()).copied().unwrap_or_default())
            };
            let days = [0, 1, 2, 3, 4, 5, 6].map(day);
            let totals = days.iter().flatten().fold(Totals::default(), |sum, day| Totals {
                sessions: sum.sessions + day.sessions,
                duration_s: sum.duration_s + day.duration_s,
                planned: sum.planned + day.planned,
                sets: sum.sets + day.sets,
                reps: sum.reps + day.reps,
                strides: sum.strides + day.strides,
                pain: sum.pain.max(day.pain),
            });
            CalendarWeek { monday: monday.to_string(), days, totals }
        };
        Ok((0..weeks).map(|n| week(first.saturating_add((7 * n).days()))).collect())
    }

    /// A page of sessions, newest first: those before `before`, the [`SessionRow::cursor`] of the last one seen.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn sessions_before(&self, before: Option<Cursor>, limit: u32) -> Result<Vec<SessionRow>, AppError> {
        Ok(self.store().sessions(self.profile(), before, limit)?)
    }

    /// The calendar: days with a session from `from` to `to` (`YYYY-MM-DD`, both included), oldest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn days(&self, from: &str, to: &str) -> Result<Vec<DayRow>, AppError> {
        Ok(self.store().days(self.profile(), from, to)?)
    }

    /// Weeks with a session between two days (both included), oldest first: what was planned and done.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn weeks(&self, from: &str, to: &str) -> Result<Vec<WeekRow>, AppError> {
        Ok(self.store().weeks(self.profile(), from, to)?)
    }

    /// Sets that hurt, oldest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn pains(&self) -> Result<Vec<PainPoint>, AppError> {
        Ok(self.store().pains(self.profile())?)
    }

    /// Function tests, oldest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn tests(&self) -> Result<Vec<TestRow>, AppError> {
        Ok(self.store().tests(self.profile(), None)?)
    }

    /// Today where the person is, `YYYY-MM-DD`.
    pub fn local_day(&self) -> String {
        self.date().to_string()
    }

    fn date(&self) -> Date {
        let now = Timestamp::from_millisecond(clock::utc_ms()).unwrap_or(Timestamp::UNIX_EPOCH);
        now.to_zoned_datetime(self.zone().clone()).date()
    }

    // --- by hand

    /// Changes something in a session (`last`, or the beginning of its id). What was derived stays beside it.
    ///
    /// # Errors
    /// [`AppError::Store`], also where the session has no such set or the change cannot be; [`AppError::Exercise`] where
    /// a set is given an exercise the catalogue does not know.
    pub fn edit(&self, asked: &str, edit: &Edit) -> Result<EditId, AppError> {
        if let Edit::Set { change: SetEdit::Exercise(id), .. } = edit {
            self.catalogue().exercise(id)?;
        }
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        Ok(store.edit(self.profile(), id, clock::utc_ms(), edit)?)
    }

    /// Makes several changes in a session, all of them or none; each set is named as it is shown before the first of them.
    ///
    /// # Errors
    /// As [`Talus::edit`]; nothing is changed then.
    pub fn edit_all(&self, asked: &str, edits: &[Edit]) -> Result<Vec<EditId>, AppError> {
        for edit in edits {
            if let Edit::Set { change: SetEdit::Exercise(id), .. } = edit {
                self.catalogue().exercise(id)?;
            }
        }
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        Ok(store.edit_all(self.profile(), id, clock::utc_ms(), edits)?)
    }

    /// Takes back a change of a session: this one, or the newest that stands.
    ///
    /// # Errors
    /// [`AppError::Store`], also where nothing is left to take back.
    pub fn undo(&self, asked: &str, which: Option<EditId>) -> Result<EditId, AppError> {
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        Ok(store.undo(self.profile(), id, which, clock::utc_ms())?)
    }

    /// Every change of a session, oldest first, undone ones included.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn edits(&self, asked: &str) -> Result<Vec<EditRow>, AppError> {
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        Ok(store.edits(self.profile(), id)?)
    }

    /// What the recording of a session takes, bytes; 0 where there is none.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn recording_bytes(&self, asked: &str) -> Result<u64, AppError> {
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        Ok(store.recording_bytes(id)?)
    }

    /// Deletes a session so that nothing of it can be read any more.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn delete_session(&self, asked: &str) -> Result<SessionId, AppError> {
        let store = self.store();
        let id = store.find(self.profile(), asked)?;
        store.delete(id)?;
        Ok(id)
    }

    // --- raw signals

    /// What keeping to a budget for raw signals would delete now, over the whole household. Deletes nothing.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn outgrown(&self, budget: Budget) -> Result<Review, AppError> {
        Ok(self.store().outgrown(budget, clock::utc_ms())?)
    }

    /// Deletes the recordings a [`Talus::outgrown`] showed; results stay. Those that were starred meanwhile stay too.
    ///
    /// # Errors
    /// [`AppError::Store`]; trying again goes on where this ended.
    pub fn let_go(&self, review: &Review) -> Result<Vec<SessionId>, AppError> {
        let sessions: Vec<_> = review.expired.iter().map(|one| one.session).collect();
        Ok(self.store().let_go(&sessions)?)
    }

    pub(crate) fn find(&self, asked: &str) -> Result<SessionId, StoreError> {
        self.store().find(self.profile(), asked)
    }
}

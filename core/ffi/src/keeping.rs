//! What is kept of somebody and what goes: pains and tests beside the sets, a page for whoever treats them, recordings that
//! are outgrown, and deleting.

use crate::course::Walking;
use crate::error::{Refusal, TalusError};
use crate::household::Talus;
use crate::tested::TestCourse;
use crate::words::{Reason, Side, narrow, reasons, word};
use std::collections::BTreeSet;
use talus_app::store;

/// A set that hurt.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct PainPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// Id of the session.
    pub session: String,
    /// Index of the set in the session.
    pub set_index: u32,
    /// Exercise id.
    pub exercise: String,
    /// Which leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Pain as answered, 1 to 10.
    pub pain: u8,
}

/// What a function test gave.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TestResult {
    /// The session it was done in, where it was in one; it goes where the session goes.
    pub session: Option<String>,
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// The day it counts for, `YYYY-MM-DD`.
    pub local_day: String,
    /// Which test: a slug, never shown.
    pub kind: String,
    /// Its name, rendered; empty where the catalogue does not know it any more.
    pub name: String,
    /// Which leg, for a test of one.
    pub side: Option<Side>,
    /// What came out, in `unit`.
    pub value: f32,
    /// Unit of the value (`count`, `s`, `m_per_s`, `deg`).
    pub unit: String,
    /// How far off the value may be, in its unit; absent where that is not known.
    pub error: Option<f32>,
    /// What speaks against the value; none means good.
    pub reasons: Vec<Reason>,
}

/// What was said, tested and walked beside the sets.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Noted {
    /// Sets that hurt, oldest first.
    pub pains: Vec<PainPoint>,
    /// Function tests, oldest first.
    pub tests: Vec<TestResult>,
    /// The same by test and leg, by name, left before right: what changed, and what is usual.
    pub courses: Vec<TestCourse>,
    /// Every walk, and what changed.
    pub walking: Walking,
}

word! {
    /// Why a recording goes.
    WhyOutgrown from store::Outgrown {
        /// It is older than the budget allows.
        Age,
        /// Newer recordings fill the room already.
        Room,
    }
}

/// How much is kept of raw signals, over the whole household.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Budget {
    /// Days a recording is kept; absent: whatever its age.
    pub days: Option<u32>,
    /// Bytes all of them may take together; absent: whatever it is.
    pub bytes: Option<u64>,
}

impl From<Budget> for store::Budget {
    fn from(budget: Budget) -> Self {
        let Budget { days, bytes } = budget;
        Self { days, bytes }
    }
}

/// A recording that would go.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct OutgrownRecording {
    /// Id of its session.
    pub session: String,
    /// Id of the person whose it is.
    pub person: String,
    /// The day of the session, `YYYY-MM-DD`.
    pub local_day: String,
    /// What it takes, bytes.
    pub bytes: u64,
    /// Why.
    pub why: WhyOutgrown,
}

/// What keeping to a budget would delete now.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Outgrown {
    /// What would go, oldest first.
    pub recordings: Vec<OutgrownRecording>,
    /// What stays and counts, bytes.
    pub kept_bytes: u64,
    /// What is starred and stays whatever it takes, bytes.
    pub starred_bytes: u64,
}

/// What is to be deleted.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Deletion {
    /// A session, so that nothing of it can be read any more.
    Session {
        /// `last`, or the beginning of its id.
        asked: String,
    },
    /// Recordings that keeping to a budget would delete, and no other; results stay. Those that were starred meanwhile stay
    /// too.
    Recordings {
        /// The budget.
        budget: Budget,
        /// Ids of their sessions, as they were shown.
        sessions: Vec<String>,
    },
    /// A person with everything that is theirs ([`Profile::has`](crate::Profile)). Cuffs stay, as do copies that were given
    /// out. Where it is the chosen person, the app goes on as another one's.
    Person {
        /// The person's id.
        id: String,
    },
}

#[uniffi::export]
impl Talus {
    /// What was said, tested and walked beside the sets: pains, function tests, walks.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn noted(&self) -> Result<Noted, TalusError> {
        let pain = |one: store::PainPoint| PainPoint {
            local_day: one.local_day,
            session: one.session.to_string(),
            set_index: one.set_index,
            exercise: one.exercise,
            side: one.side.into(),
            mass_g: one.mass_g,
            pain: one.pain,
        };
        let test = |one: store::TestRow| {
            let key = format!("protocol.{}.name", one.kind);
            let name = self.app.texts().say(&key, &[]);
            TestResult {
                session: one.session.map(|id| id.to_string()),
                at_utc_ms: one.at_utc_ms,
                local_day: one.local_day,
                kind: one.kind,
                name: if name == key { String::new() } else { name },
                side: one.side.map(Side::from),
                value: one.value as f32,
                unit: one.unit,
                error: narrow(one.error),
                reasons: reasons(one.quality),
            }
        };
        Ok(Noted {
            pains: self.told(self.app.pains())?.into_iter().map(pain).collect(),
            tests: self.told(self.app.tests())?.into_iter().map(test).collect(),
            courses: self.told(self.app.test_courses())?.into_iter().map(TestCourse::from).collect(),
            walking: self.told(self.app.walking())?.into(),
        })
    }

    /// One page of HTML for somebody who treats the chosen person: what was done from one day to another (`YYYY-MM-DD`,
    /// both within), in the language of the app. It needs nothing else and prints on one A4 sheet.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for what is no day, [`TalusError::Storage`].
    pub fn report(&self, from_day: &str, until_day: &str) -> Result<String, TalusError> {
        if let Some(wrong) = [from_day, until_day].into_iter().find(|day| !talus_app::is_day(day)) {
            return self.told(Err(Refusal::Day(wrong.to_owned())));
        }
        let wish = talus_app::ReportWish { from_day: from_day.to_owned(), until_day: until_day.to_owned() };
        self.told(self.app.report(&wish))
    }

    /// What keeping to a budget for raw signals would delete now, over the whole household. Deletes nothing.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn outgrown(&self, budget: Budget) -> Result<Outgrown, TalusError> {
        let store::Review { expired, kept_bytes, starred_bytes } = self.told(self.app.outgrown(budget.into()))?;
        let line = |one: store::Expired| OutgrownRecording {
            session: one.session.to_string(),
            person: one.profile.to_string(),
            local_day: one.local_day,
            bytes: one.bytes,
            why: one.why.into(),
        };
        Ok(Outgrown { recordings: expired.into_iter().map(line).collect(), kept_bytes, starred_bytes })
    }

    /// Deletes a session, recordings or a person for good, and gives the ids of those it was done to.
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Busy`] while it is recorded, [`TalusError::Storage`]; trying again goes on
    /// where this ended.
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn delete(&self, what: Deletion) -> Result<Vec<String>, TalusError> {
        let gone = match what {
            Deletion::Session { asked } => vec![self.told(self.app.delete_session(&asked))?],
            Deletion::Recordings { budget, sessions } => {
                let shown: BTreeSet<String> = sessions.into_iter().collect();
                let mut review = self.told(self.app.outgrown(budget.into()))?;
                review.expired.retain(|one| shown.contains(&one.session.to_string()));
                self.told(self.app.let_go(&review))?
            }
            Deletion::Person { id } => {
                self.told(self.app.delete_person(self.person_of(&id)?))?;
                return Ok(vec![id]);
            }
        };
        Ok(gone.into_iter().map(|id| id.to_string()).collect())
    }
}

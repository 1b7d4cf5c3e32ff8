//! Function tests: what one said, and how each went over time. No forecast, and no number without a source.

use crate::words::{Reason, Side, narrow, reasons};
use talus_app::coach::review::Change;
use talus_app::history;

/// What one result says.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TestSheet {
    /// Name of the test, rendered.
    pub name: String,
    /// What came out, in the unit of the test; absent where it was not measured.
    pub value: Option<f32>,
    /// What that says: the value, what is usual, whether it changed by more than its error; a sentence or more each, rendered.
    pub lines: Vec<String>,
}

impl From<talus_app::TestSheet> for TestSheet {
    fn from(sheet: talus_app::TestSheet) -> Self {
        let talus_app::TestSheet { name, value, lines } = sheet;
        Self { name, value: narrow(value), lines }
    }
}

/// One result of a test.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TestPoint {
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// The session it was part of; absent where it was in none.
    pub session: Option<String>,
    /// In the unit of its course.
    pub value: f32,
    /// The value with its unit, rendered.
    pub said: String,
    /// How far off it may be, in the same unit; absent where that is not known.
    pub error: Option<f32>,
    /// What speaks against it; none means good. One that something speaks against is shown, and is compared with nothing.
    pub reasons: Vec<Reason>,
}

/// One test of one leg, or of both together, over time.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct TestCourse {
    /// Id of its protocol, never shown.
    pub kind: String,
    /// Its name, rendered.
    pub name: String,
    /// Which leg; absent where it is about both.
    pub side: Option<Side>,
    /// The unit of the values (`count`, `s`, `m_per_s`, `deg`).
    pub unit: String,
    /// Oldest first.
    pub points: Vec<TestPoint>,
    /// The smallest difference of two results that is more than error, in the unit; absent where neither a source nor enough
    /// own results say.
    pub least_change: Option<f32>,
    /// Whether the latest differs from the one before by more than error; false also where there are too few results.
    pub beyond_error: bool,
    /// The change, rendered: "no clear change yet" as plainly as one.
    pub told: String,
    /// Whether the latest is worth showing to a professional.
    pub flagged: bool,
    /// What is usual at this person's age, in the unit, from and to; only where its source was checked.
    pub usual: Option<Vec<f32>>,
    /// Both, rendered.
    pub standing: Vec<String>,
}

impl From<history::TestCourse> for TestCourse {
    fn from(course: history::TestCourse) -> Self {
        let point = |point: history::TestPoint| TestPoint {
            local_day: point.local_day,
            at_utc_ms: point.at_utc_ms,
            session: point.session.map(|id| id.to_string()),
            value: point.value as f32,
            said: point.said,
            error: narrow(point.error),
            reasons: reasons(point.quality),
        };
        Self {
            kind: course.kind,
            name: course.name,
            side: course.side.map(Side::from),
            unit: course.unit,
            points: course.points.into_iter().map(point).collect(),
            least_change: narrow(course.least_change),
            beyond_error: matches!(course.change, Change::Up | Change::Down),
            told: course.told,
            flagged: course.flagged,
            usual: course.usual.map(|(from, to)| vec![from as f32, to as f32]),
            standing: course.standing,
        }
    }
}

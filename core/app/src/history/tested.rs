//! Results of tests over time: what is usual at that age, and whether the latest is more than error apart from the one
//! before. No forecast; what is flagged is worth showing to a professional, and no more.

use crate::error::AppError;
use crate::household::Talus;
use std::collections::BTreeMap;
use talus_coach::catalogue::{Protocol, Whose};
use talus_coach::review::{Change, Finding, What};
use talus_motion::{Quality, Side};
use talus_store::{SessionId, Sex, TestRow};

/// One result.
#[derive(Debug, Clone, PartialEq)]
pub struct TestPoint {
    /// Its own identity.
    pub id: [u8; 16],
    /// The day, `YYYY-MM-DD`.
    pub local_day: String,
    /// When, milliseconds since 1970, UTC.
    pub at_utc_ms: i64,
    /// The session it was part of.
    pub session: Option<SessionId>,
    /// In the unit of its course.
    pub value: f64,
    /// The value in words, with its unit.
    pub said: String,
    /// How far off it may be, in the same unit.
    pub error: Option<f64>,
    /// What speaks against it: such a result is shown, and is compared with nothing.
    pub quality: Quality,
}

/// One test of one leg, or of both together, over time.
#[derive(Debug, Clone, PartialEq)]
pub struct TestCourse {
    /// The test's protocol, or what it was kept under where the catalogue has no such protocol (any more).
    pub kind: String,
    /// Its name in the app's language.
    pub name: String,
    /// Which leg.
    pub side: Option<Side>,
    /// The unit of the values, as it was kept.
    pub unit: String,
    /// Oldest first.
    pub points: Vec<TestPoint>,
    /// The smallest difference of two results that is more than error, in the unit; `None` where neither a source nor
    /// enough own results say.
    pub least_change: Option<f64>,
    /// The latest against the one before.
    pub change: Change,
    /// The change in words, "no clear change yet" as plainly as one.
    pub told: String,
    /// Whether the latest is worth showing to a professional.
    pub flagged: bool,
    /// What is usual at this person's age, in the unit; only where its source was checked.
    pub usual: Option<(f64, f64)>,
    /// Both in words.
    pub standing: Vec<String>,
}

impl Talus {
    /// Every test with its results, by name, left before right.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Person`] where what the person said of themselves does not hold together.
    pub fn test_courses(&self) -> Result<Vec<TestCourse>, AppError> {
        let mut tests: BTreeMap<(String, Option<Side>), Vec<TestRow>> = BTreeMap::new();
        for row in self.store().tests(self.profile(), None)? {
            tests.entry((row.kind.clone(), row.side)).or_default().push(row);
        }
        let about = self.about()?;
        let whose = about.as_ref().and_then(|about| about.sex).map(|sex| match sex {
            Sex::Female => Whose::Women,
            Sex::Male => Whose::Men,
        });
        let age = about.map(|about| self.described(&about)).transpose()?.map(|person| person.age());
        let mut courses: Vec<TestCourse> =
            tests.into_iter().map(|((kind, side), rows)| self.tested(kind, side, rows, age, whose)).collect();
        courses.sort_by(|a, b| (&a.name, a.side, &a.kind).cmp(&(&b.name, b.side, &b.kind)));
        Ok(courses)
    }

    /// The protocol that a test was kept under: by its id, or by what the cuff measures where only one protocol does.
    fn protocol_of(&self, kind: &str) -> Option<&Protocol> {
        let by_test = || {
            let mut fitting =
                self.catalogue().protocols().filter(|protocol| protocol.test.is_some_and(|test| test.slug() == kind));
            fitting.next().filter(|_| fitting.next().is_none())
        };
        self.catalogue().protocol(kind).or_else(by_test)
    }

    fn tested(
        &self,
        kind: String,
        side: Option<Side>,
        mut rows: Vec<TestRow>,
        age: Option<u8>,
        whose: Option<Whose>,
    ) -> TestCourse {
        rows.sort_by_key(|row| row.at_utc_ms);
        let (texts, protocol) = (self.texts(), self.protocol_of(&kind));
        let good: Vec<&TestRow> = rows.iter().filter(|row| row.quality.ok() && row.value.is_finite()).collect();
        let values: Vec<f64> = good.iter().map(|row| row.value).collect();
        let error = good.last().and_then(|row| row.error);
        let earlier = values.split_last().map_or(&[][..], |(_, earlier)| earlier);
        let least_change = protocol.and_then(|protocol| protocol.least_change(earlier, error));
        let change = protocol.map_or(Change::TooFew, |protocol| protocol.changed(&values, error));
        let by = match values[..] {
            [.., before, now] => now - before,
            _ => 0.0,
        };
        let told = match protocol {
            Some(protocol) => {
                let least = least_change.unwrap_or(0.0);
                Finding { what: What::Test(protocol), side, change, by, least, weeks: 0 }.say(texts)
            }
            None => texts.say("change.few", &[]),
        };
        let standing = values
            .last()
            .zip(age)
            .zip(protocol)
            .and_then(|((now, age), protocol)| Some((protocol, protocol.standing(*now, age, whose)?)));
        let said = |row: &TestRow| match protocol {
            Some(protocol) => protocol.say_value(row.value, texts),
            None => format!("{} {}", texts.number(row.value, 1), row.unit.replace("_per_", "/")),
        };
        let points = rows
            .iter()
            .map(|row| TestPoint {
                id: row.id,
                local_day: row.local_day.clone(),
                at_utc_ms: row.at_utc_ms,
                session: row.session,
                value: row.value,
                said: said(row),
                error: row.error,
                quality: row.quality,
            })
            .collect();
        TestCourse {
            name: protocol.map_or_else(
                || kind.replace('_', " "),
                |protocol| texts.say(&format!("protocol.{}.name", protocol.id), &[]),
            ),
            kind: protocol.map_or(kind, |protocol| protocol.id.clone()),
            side,
            unit: rows.last().map(|row| row.unit.clone()).unwrap_or_default(),
            points,
            least_change,
            change,
            told,
            flagged: standing.is_some_and(|(_, standing)| standing.flagged),
            usual: standing.and_then(|(_, standing)| standing.usual),
            standing: standing.map_or_else(Vec::new, |(protocol, standing)| protocol.say_standing(&standing, texts)),
        }
    }
}

//! Function tests: what a cuff saw of them becomes one result that is kept, and what that result says.

use crate::clock;
use crate::error::AppError;
use crate::files::ImuFile;
use crate::household::Talus;
use crate::profile::PersonRefusal;
use jiff::Timestamp;
use talus_coach::Arg;
use talus_coach::catalogue::{FunctionTest, Protocol, Unit, Whose};
use talus_coach::review::{Change, Finding, What};
use talus_motion::{Micros, Movement, Outcome, Quality, Side, Task, Test, Tracker};
use talus_store::{Sex, TestRow};

/// How long a stance has to be held to count, seconds (the four-stage test of the source `steadi`).
const STANCE_S: f64 = 10.0;
/// Seconds of the chair stand, and metres of the walk.
const CHAIR_S: f64 = 30.0;
const WAY_M: f64 = 10.0;

/// A test that was done.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSheet {
    /// Its name, in the language of the app.
    pub name: String,
    /// What came out, in the unit of the test; `None` where it was not measured, and then nothing is kept.
    pub value: Option<f64>,
    /// What that says: the value, what is usual, whether it changed by more than its error; a sentence or more each.
    pub lines: Vec<String>,
}

impl Talus {
    /// A function test from recordings of it, one file a try (for the four stances one each, easiest first), kept for this
    /// person. `side` is the leg it is about.
    ///
    /// # Errors
    /// [`AppError::Person`] where there is no such test; [`AppError::Store`].
    pub fn test_of_files(&self, id: &str, side: Option<Side>, tries: &[ImuFile]) -> Result<TestSheet, AppError> {
        let found = self.catalogue().protocol(id).and_then(|protocol| Some((protocol, protocol.test?)));
        let Some((protocol, test)) = found else { return Err(self.no_test(id).into()) };
        let mut outcomes = Vec::new();
        for file in tries {
            outcomes.push(outcome(file, asked(test)));
        }
        let side = side.or(tries.first().and_then(|file| file.side));
        self.keep_test(protocol, test, side, &outcomes)
    }

    fn no_test(&self, asked: &str) -> PersonRefusal {
        let known = self.catalogue().protocols().filter(|protocol| protocol.test.is_some());
        let known: Vec<&str> = known.map(|protocol| protocol.id.as_str()).collect();
        let why = self.texts().say("review.no_test", &[("known", Arg::Text(&known.join(", ")))]);
        PersonRefusal::NotOpen { name: asked.to_owned(), whys: vec![why] }
    }

    fn keep_test(
        &self,
        protocol: &Protocol,
        test: FunctionTest,
        side: Option<Side>,
        tries: &[Option<Outcome>],
    ) -> Result<TestSheet, AppError> {
        let texts = self.texts();
        let name = texts.say(&format!("protocol.{}.name", protocol.id), &[]);
        let values: Vec<Option<f64>> = tries.iter().map(|one| one.and_then(|one| one.value)).collect();
        let value = match test {
            FunctionTest::FourStage => {
                let held = values.iter().take_while(|value| value.is_some_and(|held_s| held_s >= STANCE_S)).count();
                values.iter().all(Option::is_some).then_some(held as f64)
            }
            _ => protocol.result_of(&values),
        };
        let Some((value, result)) = value.zip(protocol.result) else {
            return Ok(TestSheet { name, value: None, lines: vec![texts.say("review.not_measured", &[])] });
        };
        // A leg is kept only with a test of one.
        let side = side.filter(|_| protocol.legs != talus_coach::catalogue::Legs::Both);
        let before = self.store().tests(self.profile(), Some(&protocol.id))?;
        let mut own: Vec<f64> = before.iter().filter(|row| row.side == side).map(|row| row.value).collect();
        let at_utc_ms = clock::utc_ms();
        let moment = Timestamp::from_millisecond(at_utc_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = moment.to_zoned_datetime(self.zone().clone());
        let quality = tries.iter().flatten().fold(Quality::GOOD, |all, one| all.join(one.quality));
        let row = TestRow {
            id: crate::ids::test(),
            session: None,
            at_utc_ms,
            offset_min: local.offset().seconds() / 60,
            zone: self.zone().iana_name().unwrap_or("").to_owned(),
            local_day: local.date().to_string(),
            kind: protocol.id.clone(),
            side,
            value,
            unit: unit(result.unit).to_owned(),
            error: None,
            quality,
        };
        self.store().put_test(self.profile(), &row)?;
        let mut lines = vec![format!("{name}: {}.", protocol.say_value(value, texts))];
        if let Some(about) = self.about()? {
            let year = local.year();
            let age = u8::try_from((year - about.birth_year).max(0)).unwrap_or(u8::MAX);
            let whose = about.sex.map(|sex| if sex == Sex::Female { Whose::Women } else { Whose::Men });
            let standing = protocol.standing(value, age, whose);
            lines.extend(standing.iter().flat_map(|standing| protocol.say_standing(standing, texts)));
        }
        let by = own.last().map_or(0.0, |last| value - last);
        own.push(value);
        let change = protocol.changed(&own, None);
        let least = protocol.least_change(&own[..own.len() - 1], None).unwrap_or(0.0);
        if own.len() > 1 || change != Change::TooFew {
            lines.push(Finding { what: What::Test(protocol), side, change, by, least, weeks: 0 }.say(texts));
        }
        Ok(TestSheet { name, value: Some(value), lines })
    }
}

/// What a cuff is to look for.
fn asked(test: FunctionTest) -> Test {
    match test {
        FunctionTest::ChairStand30s => Test::ChairStand { seconds: CHAIR_S },
        FunctionTest::Tug => Test::UpAndGo,
        FunctionTest::FourStage => Test::Stand,
        FunctionTest::OneLegStand => Test::FootUp,
        FunctionTest::Walk10m => Test::Walk { way_m: WAY_M },
        FunctionTest::HeelRises => Test::HeelRises,
        FunctionTest::KneeToWall => Test::KneeToWall,
        FunctionTest::Rom => Test::Range,
    }
}

/// The word the unit of a result is kept under.
fn unit(unit: Unit) -> &'static str {
    match unit {
        Unit::Times | Unit::Stages => "count",
        Unit::Seconds => "s",
        Unit::MetresPerSecond => "m_per_s",
        Unit::Degrees => "deg",
    }
}

/// The whole of a file as one try; `None` where its rate is none that can be followed.
fn outcome(file: &ImuFile, test: Test) -> Option<Outcome> {
    let mut tracker = Tracker::for_samples(file.rate_hz).ok()?;
    let mut found = Vec::new();
    let at = |us: Option<f64>| Micros(us.unwrap_or(0.0).round() as i64);
    tracker.begin(at(file.samples.first().map(|sample| sample.at_us)), Task::Test(test), None);
    for sample in &file.samples {
        tracker.push_sample(sample, &mut found);
    }
    tracker.end(at(file.samples.iter().map(|sample| sample.at_us).reduce(f64::max)), &mut found);
    let tested = |movement: &Movement| if let Movement::Tested(outcome) = movement { Some(*outcome) } else { None };
    found.iter().rev().find_map(tested)
}

//! Function tests: asked for in a session or read from recordings, they become one result each that is kept, and what that
//! result says. What a balance test says of standing goes into the screening: it only ever restricts.

use crate::clock;
use crate::error::AppError;
use crate::files::ImuFile;
use crate::household::Talus;
use crate::profile::{PersonRefusal, Somebody};
use jiff::Timestamp;
use talus_coach::catalogue::{FunctionTest, Legs, Protocol, Unit, Whose};
use talus_coach::ladder::{self, Rung, Tried, highest, next_rung};
use talus_coach::plan::Known;
use talus_coach::review::{Change, Finding, What};
use talus_coach::screening::Why;
use talus_coach::trusted::Day;
use talus_coach::{Arg, Condition, Pace, Refused, SessionPlan, TestAsked, TestTry, Tested, Worn};
use talus_motion::{Micros, Movement, Outcome, Quality, Side, Task, Test, Tracker};
use talus_store::{Kind, SessionId, Sex, StoreError, TestRow};

/// Sessions looked through for tries at the balance ladder, and for what else was measured of a programme.
pub(crate) const LOOKED_THROUGH: u32 = 50;
/// Words people use for tests besides their ids and what the cuff measures.
const CALLED: [(&str, &str); 4] = [
    ("balance", "balance_progress"),
    ("ladder", "balance_progress"),
    ("ten_metre_walk", "walk_test_10m"),
    ("walk", "walk_test_10m"),
];

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

/// A test to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TestLine {
    /// Id of its protocol.
    pub id: String,
    /// Its name, in the language of the app.
    pub name: String,
    /// Whether this week of the programme asks for it.
    pub due: bool,
    /// Why it is not open to this person now, a sentence each; empty where it is.
    pub whys: Vec<String>,
}

impl Talus {
    /// The tests a cuff can see, those first that are due.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn test_lines(&self) -> Result<Vec<TestLine>, AppError> {
        let (somebody, due) = (self.somebody()?, self.tests_due()?);
        let line = |protocol: &Protocol| TestLine {
            id: protocol.id.clone(),
            name: self.protocol_name(&protocol.id),
            due: due.contains(&protocol.id),
            whys: self.closed_test(&somebody, protocol),
        };
        let mut lines: Vec<TestLine> = self.catalogue().protocols().filter(|one| can_be_seen(one)).map(line).collect();
        lines.sort_by_key(|line| !line.due);
        Ok(lines)
    }

    /// The plan of a session with these tests, in their order, on the legs that wear a cuff; `due` stands for those this
    /// week of the programme asks for. Nobody wears a weight in it.
    ///
    /// # Errors
    /// [`AppError::Person`] where nobody is described or screened, the day is locked, there is no such test, it is not open
    /// now, or no leg it needs wears a cuff; [`AppError::Store`].
    pub fn test_plan(&self, tests: &[&str], worn: &[Worn]) -> Result<SessionPlan, AppError> {
        if self.locked()? {
            return Err(PersonRefusal::Locked.into());
        }
        let somebody = self.somebody()?;
        let (top, tries) = (highest(&somebody.screening), self.ladder_tries()?);
        let next = next_rung(&tries, &somebody.screening, somebody.today.number());
        let wears = |side: Side| worn.iter().any(|one| one.side == side);
        let mut asked = Vec::new();
        for protocol in self.tests_called(tests)? {
            let whys = self.closed_test(&somebody, protocol);
            if !whys.is_empty() {
                return Err(PersonRefusal::NotOpen { name: self.protocol_name(&protocol.id), whys }.into());
            }
            let legs: Vec<Side> = [Side::Left, Side::Right]
                .into_iter()
                .filter(|side| wears(protocol.test.map_or(*side, |test| test.worn_on(*side))))
                .collect();
            let legs = if protocol.legs == Legs::Both { &legs[..legs.len().min(1)] } else { &legs[..] };
            if legs.is_empty() {
                return Err(PersonRefusal::NothingWorn.into());
            }
            let (rung, hold_on) = if protocol.is_ladder() { (next.rung, next.hold_on) } else { (top, next.hold_on) };
            let of = |side: &Side| TestAsked { protocol: protocol.id.clone(), side: *side, rung, hold_on };
            asked.extend(legs.iter().map(of));
        }
        if asked.is_empty() {
            return Err(PersonRefusal::NothingToday.into());
        }
        let known = Known { tests: asked, ..somebody.known() };
        Ok(SessionPlan {
            blocks: Vec::new(),
            worn: worn.to_vec(),
            pace: Pace::Guided,
            language: self.language().to_owned(),
            known: Some(Box::new(known)),
        })
    }

    /// The tests of these names: ids of the catalogue, what the cuff measures, what people call them, or how one of them
    /// begins where no other does.
    fn tests_called(&self, names: &[&str]) -> Result<Vec<&Protocol>, AppError> {
        let due = if names.contains(&"due") { self.tests_due()? } else { Vec::new() };
        // A walk that is due is an exercise, and none of these.
        let seen = |id: &&String| self.catalogue().protocol(id).is_some_and(can_be_seen);
        let due = due.iter().filter(seen).map(String::as_str);
        let names: Vec<&str> = names.iter().copied().filter(|name| *name != "due").chain(due).collect();
        names.into_iter().map(|name| self.test_called(name)).collect()
    }

    fn test_called(&self, name: &str) -> Result<&Protocol, AppError> {
        let name = CALLED.iter().find(|(called, _)| *called == name).map_or(name, |(_, id)| id);
        let seen = || self.catalogue().protocols().filter(|protocol| can_be_seen(protocol));
        let whole = |protocol: &&Protocol| protocol.id == name || protocol.test.is_some_and(|test| test.slug() == name);
        // Two protocols measure a range: what they have in common is the name of neither.
        let mut exact = seen().filter(whole);
        if let (Some(one), None) = (exact.next(), exact.next()) {
            return Ok(one);
        }
        let mut begins = seen().filter(|protocol| {
            name.len() >= 3
                && (protocol.id.starts_with(name) || protocol.test.is_some_and(|t| t.slug().starts_with(name)))
        });
        match (begins.next(), begins.next()) {
            (Some(one), None) => Ok(one),
            _ => Err(self.no_test(name).into()),
        }
    }

    /// Why a test is not open to somebody now.
    pub(crate) fn closed_test(&self, somebody: &Somebody, protocol: &Protocol) -> Vec<String> {
        let (texts, screening) = (self.texts(), &somebody.screening);
        let mut whys = screening.stops_everything();
        if protocol.supervised {
            whys.push(Why::Supervision);
        }
        if protocol.needs_plan && somebody.plan.is_none() {
            whys.push(Why::Plan);
        }
        // On one leg nobody stands alone who has fallen, is dizzy, or has nobody in reach: as on the balance ladder.
        let one_leg = matches!(protocol.test, Some(FunctionTest::OneLegStand | FunctionTest::HeelRises));
        if one_leg && highest(screening) < Rung::OneLeg {
            let unsteady = [Condition::Falls, Condition::Dizziness];
            whys.extend(unsteady.into_iter().filter(|one| screening.conditions().contains(one)).map(Why::Condition));
            whys.extend(screening.no_weight_walking().contains(&Why::Alone).then_some(Why::Alone));
        }
        let first = somebody.circumstances(self).check_in_first().map(Refused::CheckInFirst);
        let first = first.iter().flat_map(|refused| refused.say(texts));
        whys.into_iter().map(|why| why.say(texts)).chain(first).collect()
    }

    /// Tries at the balance ladder, oldest first.
    fn ladder_tries(&self) -> Result<Vec<Tried>, AppError> {
        let store = self.store();
        let mut sessions = Vec::new();
        for row in store.sessions(self.profile(), None, LOOKED_THROUGH)? {
            if row.kind != Kind::Replay && row.finished {
                sessions.push((row.local_day.clone(), store.session(row.id)?.summary));
            }
        }
        let mut tries = Vec::new();
        for (local_day, summary) in sessions.into_iter().rev() {
            let Some(day) = Day::parse(&local_day).map(Day::number) else { continue };
            for tested in summary.iter().flat_map(|summary| &summary.tested) {
                let Some(rung) = tested.rung else { continue };
                tries.extend(tested.tries.iter().map(|one| Tried {
                    day,
                    rung,
                    held: one.value.map_or(0, |held_s| held_s.max(0.0) as u32),
                    touches: one.touches,
                    // What is usual for somebody on a rung is not known from two tries.
                    wobble_share: None,
                    near_fall: one.near_fall,
                }));
            }
        }
        Ok(tries)
    }

    /// A function test from recordings of it, one file a try (for the four stances one each, easiest first), kept for this
    /// person. `side` is the leg it is about.
    ///
    /// # Errors
    /// [`AppError::Person`] where there is no such test; [`AppError::Store`].
    pub fn test_of_files(&self, id: &str, side: Option<Side>, tries: &[ImuFile]) -> Result<TestSheet, AppError> {
        let protocol = self.test_called(id)?;
        let Some(test) = protocol.test else { return Err(self.no_test(id).into()) };
        let outcomes: Vec<Option<Outcome>> = tries.iter().map(|file| outcome(file, test.task())).collect();
        let of_file = |one: &Option<Outcome>| TestTry {
            value: one.and_then(|one| one.value),
            wobble_deg: one.and_then(|one| one.sway).map(|sway| sway.wobble_deg),
            touches: 0,
            near_fall: false,
            quality: one.map_or(Quality::GOOD, |one| one.quality),
        };
        let side = side.or(tries.first().and_then(|file| file.side));
        // A leg is kept only with a test of one.
        let side = side.filter(|_| protocol.legs == Legs::Each);
        let tested =
            Tested { protocol: protocol.id.clone(), side, rung: None, tries: outcomes.iter().map(of_file).collect() };
        match self.keep(protocol, &tested, None, clock::utc_ms())? {
            Some(row) => self.sheet(protocol, &row),
            None => Ok(TestSheet {
                name: self.protocol_name(&protocol.id),
                value: None,
                lines: vec![self.texts().say("review.not_measured", &[])],
            }),
        }
    }

    fn no_test(&self, asked: &str) -> PersonRefusal {
        let known: Vec<&str> =
            self.catalogue().protocols().filter(|one| can_be_seen(one)).map(|one| one.id.as_str()).collect();
        let why = self.texts().say("review.no_test", &[("known", Arg::Text(&known.join(", ")))]);
        PersonRefusal::NotOpen { name: asked.to_owned(), whys: vec![why] }
    }

    /// Keeps what the tests of a session came to, and what balance tests say of standing.
    pub(crate) fn keep_tests(&self, session: SessionId, all: &[Tested]) -> Result<(), StoreError> {
        // A millisecond apart: their order is how they were done.
        for (at_utc_ms, tested) in (clock::utc_ms()..).zip(all) {
            if let Some(protocol) = self.catalogue().protocol(&tested.protocol) {
                self.keep(protocol, tested, Some(session), at_utc_ms)?;
            }
        }
        self.keep_stance(all)
    }

    fn keep(
        &self,
        protocol: &Protocol,
        tested: &Tested,
        session: Option<SessionId>,
        at_utc_ms: i64,
    ) -> Result<Option<TestRow>, StoreError> {
        let Some((value, result)) = protocol.value_of(tested).zip(protocol.result) else { return Ok(None) };
        let moment = Timestamp::from_millisecond(at_utc_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = moment.to_zoned_datetime(self.zone().clone());
        let row = TestRow {
            id: crate::ids::test(),
            session,
            at_utc_ms,
            offset_min: local.offset().seconds() / 60,
            zone: self.zone().iana_name().unwrap_or("").to_owned(),
            local_day: local.date().to_string(),
            kind: protocol.id.clone(),
            side: tested.side,
            value,
            unit: unit(result.unit).to_owned(),
            error: None,
            quality: tested.tries.iter().fold(Quality::GOOD, |all, one| all.join(one.quality)),
        };
        self.store().put_test(self.profile(), &row)?;
        Ok(Some(row))
    }

    /// A tandem stance or a stand on one leg that was measured is the newest word on how steadily somebody stands.
    fn keep_stance(&self, all: &[Tested]) -> Result<(), StoreError> {
        let store = self.store();
        let Some(mut about) = store.about(self.profile())? else { return Ok(()) };
        let before = about.stance;
        let measured = |test: FunctionTest| {
            let is_it = move |one: &&Tested| {
                self.catalogue().protocol(&one.protocol).is_some_and(|protocol| protocol.test == Some(test))
            };
            all.iter().filter(is_it)
        };
        for tested in measured(FunctionTest::FourStage) {
            // The third stance; where it was not come to, an easier one was not held.
            let held_s = tested.tries.get(2).map_or(Some(0.0), |one| one.value);
            about.stance.tandem_s = held_s.or(about.stance.tandem_s);
        }
        let best = |tested: &Tested| tested.tries.iter().filter_map(|one| one.value).reduce(f64::max);
        let weaker = measured(FunctionTest::OneLegStand).filter_map(best).reduce(f64::min);
        about.stance.one_leg_s = weaker.or(about.stance.one_leg_s);
        if about.stance != before {
            store.put_about(self.profile(), &about, clock::utc_ms())?;
        }
        Ok(())
    }

    /// What the tests of a session say (`last`, or how its id begins), in their order.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Person`] where what the person said of themselves does not hold together.
    pub fn session_tests(&self, asked: &str) -> Result<Vec<TestSheet>, AppError> {
        let id = self.session(asked)?.row.id;
        Ok(self.session_sheets(id)?.into_iter().map(|(_, sheet)| sheet).collect())
    }

    /// The same with the protocol of each.
    pub(crate) fn session_sheets(&self, id: SessionId) -> Result<Vec<(String, TestSheet)>, AppError> {
        let mut rows = self.store().tests(self.profile(), None)?;
        rows.retain(|row| row.session == Some(id));
        rows.sort_by_key(|row| row.at_utc_ms);
        let mut sheets = Vec::new();
        for row in rows {
            if let Some(protocol) = self.catalogue().protocol(&row.kind) {
                sheets.push((row.kind.clone(), self.sheet(protocol, &row)?));
            }
        }
        Ok(sheets)
    }

    /// What one result says: itself, what is usual, and whether it changed by more than its error.
    fn sheet(&self, protocol: &Protocol, row: &TestRow) -> Result<TestSheet, AppError> {
        let texts = self.texts();
        let (name, value, side) = (self.protocol_name(&protocol.id), row.value, row.side);
        let mut before = self.store().tests(self.profile(), Some(&protocol.id))?;
        before.retain(|one| one.side == side && one.at_utc_ms <= row.at_utc_ms && one.id != row.id);
        before.sort_by_key(|one| one.at_utc_ms);
        let mut own: Vec<f64> = before.iter().map(|one| one.value).collect();
        let said = protocol.say_value(value, texts);
        let mut lines = vec![match side {
            Some(side) => {
                let args = [("what", Arg::Text(&name)), ("value", Arg::Text(&said))];
                texts.say_for("review.result", side, &args)
            }
            None => format!("{name}: {said}."),
        }];
        if let Some(about) = self.about()? {
            let year = Day::parse(&row.local_day).map_or(0, Day::year);
            let age = u8::try_from((year - i64::from(about.birth_year)).max(0)).unwrap_or(u8::MAX);
            let whose = about.sex.map(|sex| if sex == Sex::Female { Whose::Women } else { Whose::Men });
            let standing = protocol.standing(value, age, whose);
            lines.extend(standing.iter().flat_map(|standing| protocol.say_standing(standing, texts)));
        }
        let by = own.last().map_or(0.0, |last| value - last);
        own.push(value);
        let change = protocol.changed(&own, None);
        let least = protocol.least_change(&own[..own.len() - 1], None).unwrap_or(0.0);
        if !protocol.is_ladder() && (own.len() > 1 || change != Change::TooFew) {
            lines.push(Finding { what: What::Test(protocol), side, change, by, least, weeks: 0 }.say(texts));
        }
        if protocol.is_ladder()
            && let Ok(somebody) = self.somebody()
        {
            let next: ladder::Next = next_rung(&self.ladder_tries()?, &somebody.screening, somebody.today.number());
            lines.push(next.why.say(texts));
        }
        Ok(TestSheet { name, value: Some(value), lines })
    }

    pub(crate) fn protocol_name(&self, id: &str) -> String {
        self.texts().say(&format!("protocol.{id}.name"), &[])
    }
}

/// Whether a cuff sees anything of it.
pub(crate) fn can_be_seen(protocol: &Protocol) -> bool {
    protocol.test.is_some() || protocol.is_ladder()
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

//! Function tests: asked for in a session or read from recordings, they become one result each that is kept, and what that
//! result says. What a balance test says of standing goes into the screening: it only ever restricts.

use crate::clock;
use crate::error::AppError;
use crate::files::ImuFile;
use crate::household::Talus;
use crate::prescribe::WALK;
use crate::profile::{PersonRefusal, Somebody};
use jiff::Timestamp;
use std::collections::BTreeMap;
use talus_coach::catalogue::{FunctionTest, Legs, Protocol, Unit, Whose};
use talus_coach::ladder::{self, Rung, Tried, highest, next_rung, passed_since};
use talus_coach::plan::Known;
use talus_coach::review::{Change, Finding, What};
use talus_coach::screening::Why;
use talus_coach::trusted::Day;
use talus_coach::walk::WalkPlan;
use talus_coach::{Arg, Pace, Person, Prescription, Refused, SessionPlan, TestAsked, TestTry, Tested, Worn};
use talus_motion::{Micros, Movement, Outcome, Quality, Side, Sway, Task, Test, Tracker};
use talus_store::{About, Kind, SessionId, Sex, StoreError, TestRow};

/// Sessions looked through for tries at the balance ladder, and for what else was measured of a programme.
pub(crate) const LOOKED_THROUGH: u32 = 50;
/// Fewest times a stance was held that say how somebody usually sways in it: two sessions of the ladder.
const USUAL_LEAST: usize = 4;
/// The test that also says who is a beginner, whatever they say of themselves.
const CHAIR_STAND: &str = "chair_stand_30";
/// What the tests go by that this week of the programme asks for, and what the ten minutes of a first session do.
pub(crate) const DUE: &str = "due";
pub(crate) const FIRST: &str = "first";
/// What is measured in them, each with what takes its place where it is not open. Loads are found later, once two sessions
/// without a weight went well.
const FIRST_TESTS: [&[&str]; 2] = [&[CHAIR_STAND], &["balance_sls", "balance_4stage"]];
/// The walk that comes after them, seconds until its last three minutes.
const FIRST_WALK_S: u32 = 120;
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
        let line = |protocol: &Protocol| {
            Ok(TestLine {
                id: protocol.id.clone(),
                name: self.protocol_name(&protocol.id),
                due: due.contains(&protocol.id),
                whys: self.closed_test(&somebody, protocol)?,
            })
        };
        let seen = self.catalogue().protocols().filter(|one| can_be_seen(one));
        let mut lines = seen.map(line).collect::<Result<Vec<TestLine>, AppError>>()?;
        let chair = self.catalogue().protocol(CHAIR_STAND);
        let first = chair.map(|chair| self.closed_test(&somebody, chair)).transpose()?.map(|whys| TestLine {
            id: FIRST.to_owned(),
            name: self.texts().say("session.test.first", &[]),
            due: false,
            whys,
        });
        lines.splice(0..0, first);
        lines.sort_by_key(|line| !line.due);
        Ok(lines)
    }

    /// The plan of a session with these tests, in their order, on the legs that wear a cuff; `due` stands for those this
    /// week of the programme asks for, `first` for the ten minutes of a first session, which end with a walk. Nobody wears
    /// a weight in it.
    ///
    /// # Errors
    /// [`AppError::Person`] where nobody is described or screened, the day is locked, there is no such test, it is not open
    /// now, or no leg it needs wears a cuff; [`AppError::Store`].
    pub fn test_plan(&self, tests: &[&str], worn: &[Worn]) -> Result<SessionPlan, AppError> {
        if self.locked()? {
            return Err(PersonRefusal::Locked.into());
        }
        let somebody = self.somebody()?;
        let stances = self.stances_tried()?;
        let (top, usually) = (highest(&somebody.screening), usual_sways(&stances));
        let next = next_rung(&on_the_ladder(&stances), &somebody.screening, somebody.today.number());
        let wears = |side: Side| worn.iter().any(|one| one.side == side);
        let mut asked = Vec::new();
        for protocol in self.tests_called(&somebody, tests)? {
            let whys = self.closed_test(&somebody, protocol)?;
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
            let usually = if protocol.stands() { usually.clone() } else { BTreeMap::new() };
            let (rung, hold_on) = if protocol.is_ladder() { (next.rung, next.hold_on) } else { (top, next.hold_on) };
            let of = |side: &Side| TestAsked {
                protocol: protocol.id.clone(),
                side: *side,
                rung,
                hold_on,
                usually: usually.clone(),
            };
            asked.extend(legs.iter().map(of));
        }
        if asked.is_empty() {
            return Err(PersonRefusal::NothingToday.into());
        }
        let (blocks, known) =
            if tests.contains(&FIRST) { self.first_walk(&somebody, worn)? } else { (Vec::new(), somebody.known()) };
        let known = Known { tests: asked, ..known };
        Ok(SessionPlan {
            blocks,
            worn: worn.to_vec(),
            pace: Pace::Guided,
            language: self.language().to_owned(),
            known: Some(Box::new(known)),
        })
    }

    /// The walk of a first session: without a weight, and left out where walking is not open.
    fn first_walk(&self, somebody: &Somebody, worn: &[Worn]) -> Result<(Vec<Prescription>, Known), AppError> {
        match self.session_plan(&[WALK], worn) {
            Ok(SessionPlan { blocks, known: Some(mut known), .. }) => {
                let bare = |walk: WalkPlan| WalkPlan { mass_g: 0, intervals: 0, before_s: FIRST_WALK_S, ..walk };
                known.walk = known.walk.take().map(bare);
                let why = self.texts().say("session.walk.first", &[]);
                let blocks = blocks.into_iter().map(|block| Prescription { mass_g: 0, why: why.clone(), ..block });
                Ok((blocks.collect(), *known))
            }
            Ok(_) | Err(AppError::Person(PersonRefusal::NotOpen { .. })) => Ok((Vec::new(), somebody.known())),
            Err(error) => Err(error),
        }
    }

    /// Whether nothing has been measured yet of what the ten minutes of a first session measure, and they are open.
    ///
    /// # Errors
    /// [`AppError::Person`] where nothing was measured and nobody is described or screened; [`AppError::Store`].
    pub fn measures_first(&self) -> Result<bool, AppError> {
        let none = self.store().tests(self.profile(), None)?.is_empty() && self.own_walk()?.is_none();
        Ok(none && !self.first_tests(&self.somebody()?)?.is_empty())
    }

    /// Ids of what a first session measures of somebody.
    fn first_tests(&self, somebody: &Somebody) -> Result<Vec<&str>, AppError> {
        let mut open = Vec::new();
        for one_or_other in FIRST_TESTS {
            for &id in one_or_other {
                let Some(protocol) = self.catalogue().protocol(id) else { continue };
                if self.closed_test(somebody, protocol)?.is_empty() {
                    open.push(id);
                    break;
                }
            }
        }
        Ok(open)
    }

    /// The tests of these names: ids of the catalogue, what the cuff measures, what people call them, or how one of them
    /// begins where no other does.
    fn tests_called(&self, somebody: &Somebody, names: &[&str]) -> Result<Vec<&Protocol>, AppError> {
        let first = if names.contains(&FIRST) { self.first_tests(somebody)? } else { Vec::new() };
        let due = if names.contains(&DUE) { self.tests_due()? } else { Vec::new() };
        // A walk that is due is an exercise, and none of these.
        let seen = |id: &&String| self.catalogue().protocol(id).is_some_and(can_be_seen);
        let due = due.iter().filter(seen).map(String::as_str);
        let named = names.iter().copied().filter(|name| !matches!(*name, DUE | FIRST));
        let names: Vec<&str> = first.into_iter().chain(named).chain(due).collect();
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
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub(crate) fn closed_test(&self, somebody: &Somebody, protocol: &Protocol) -> Result<Vec<String>, AppError> {
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
        if one_leg && highest(screening) < Rung::OneLeg && !self.one_leg_again(somebody, protocol)? {
            whys.extend(ladder::why_no_higher(screening));
        }
        let first = somebody.circumstances(self).check_in_first().map(Refused::CheckInFirst);
        let first = first.iter().flat_map(|refused| refused.say(texts));
        Ok(whys.into_iter().map(|why| why.say(texts)).chain(first).collect())
    }

    /// Whether somebody may stand on one leg once more whom nothing but such a stand keeps from it: they have stood on both
    /// feet, one before the other, as steadily as that is asked for, on a day after what keeps them from it was found or
    /// said, and are not alone.
    fn one_leg_again(&self, somebody: &Somebody, protocol: &Protocol) -> Result<bool, AppError> {
        let screening = &somebody.screening;
        let alone = screening.no_weight_walking().contains(&Why::Alone);
        if protocol.test != Some(FunctionTest::OneLegStand) || alone || !screening.only_tested_unsteady() {
            return Ok(false);
        }
        let said = self.store().about_at(self.profile())?;
        let Some((about, at_utc_ms)) = self.about()?.zip(said) else { return Ok(false) };
        // Somebody who does not stand on both feet, one before the other, comes to no stand on one.
        let tandem = &self.catalogue().rules().support.tandem_s;
        if about.stance.tandem_s.is_some_and(|held_s| !held_s.is_finite() || held_s < tandem.value) {
            return Ok(false);
        }
        let moment = Timestamp::from_millisecond(at_utc_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let said = Day::parse(&moment.to_zoned_datetime(self.zone().clone()).date().to_string());
        let stance = |row: &TestRow| {
            let of = self.catalogue().protocol(&row.kind).and_then(|protocol| protocol.test);
            matches!(of, Some(FunctionTest::OneLegStand | FunctionTest::FourStage))
        };
        let rows = self.store().tests(self.profile(), None)?;
        let found = rows.iter().filter(|row| stance(row)).filter_map(|row| Day::parse(&row.local_day));
        let Some(day) = found.chain(said).map(Day::number).max() else { return Ok(false) };
        Ok(passed_since(&on_the_ladder(&self.stances_tried()?), Rung::Tandem, day))
    }

    /// Stances that were tried in a session, oldest first.
    fn stances_tried(&self) -> Result<Vec<Stood>, AppError> {
        let store = self.store();
        let mut sessions = Vec::new();
        for row in store.sessions(self.profile(), None, LOOKED_THROUGH)? {
            if row.kind != Kind::Replay && row.finished {
                sessions.push((row.local_day.clone(), store.session(row.id)?.summary));
            }
        }
        let mut stood = Vec::new();
        for (local_day, summary) in sessions.into_iter().rev() {
            let Some(day) = Day::parse(&local_day).map(Day::number) else { continue };
            for tested in summary.iter().flat_map(|summary| &summary.tested) {
                let of = self.catalogue().protocol(&tested.protocol).and_then(|protocol| protocol.test);
                let four = (of == Some(FunctionTest::FourStage)).then_some(Rung::FOUR);
                for (at, one) in tested.tries.iter().enumerate() {
                    let stance = tested.rung.or(four.and_then(|four| four.get(at).copied()));
                    let ladder = tested.rung.is_some();
                    stood.extend(stance.map(|stance| Stood { day, stance, ladder, tried: *one }));
                }
            }
        }
        Ok(stood)
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
            sway: one.and_then(|one| one.sway),
            wobbled: false,
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

    /// Keeps what the tests of a session came to, and what balance tests say of standing. What was kept already stays as
    /// it is, so that a session that was cut off between the two may be ended again.
    pub(crate) fn keep_tests(&self, session: SessionId, all: &[Tested]) -> Result<(), StoreError> {
        if all.is_empty() {
            return Ok(());
        }
        let mut kept = self.store().tests(self.profile(), None)?;
        kept.retain(|row| row.session == Some(session));
        let is_kept = |tested: &&Tested| kept.iter().any(|row| row.kind == tested.protocol && row.side == tested.side);
        // Standing first: it looks at what was kept before.
        self.keep_stance(all)?;
        // A millisecond apart: their order is how they were done.
        for (at_utc_ms, tested) in (clock::utc_ms()..).zip(all.iter().filter(|tested| !is_kept(tested))) {
            if let Some(protocol) = self.catalogue().protocol(&tested.protocol) {
                self.keep(protocol, tested, Some(session), at_utc_ms)?;
            }
        }
        Ok(())
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
        let stood: Vec<(&Tested, f64)> =
            measured(FunctionTest::OneLegStand).filter_map(|tested| Some((tested, best(tested)?))).collect();
        if let Some((first, _)) = stood.first() {
            // A leg that was not tried now is as it was the last time: the stronger one says nothing of it.
            let rows = store.tests(self.profile(), Some(&first.protocol))?;
            let untried = |side: &Side| !stood.iter().any(|(tested, _)| tested.side == Some(*side));
            let earlier = [Side::Left, Side::Right].into_iter().filter(untried).filter_map(|side| {
                rows.iter().filter(|row| row.side == Some(side)).max_by_key(|row| row.at_utc_ms).map(|row| row.value)
            });
            // What was said or measured before may be of the leg that is not tried now: a good stand of the other one does
            // not lift it.
            let both = ![Side::Left, Side::Right].iter().any(untried);
            let before_s = before.one_leg_s.filter(|_| !both);
            let weaker = stood.iter().map(|(_, held_s)| *held_s).chain(earlier).chain(before_s).reduce(f64::min);
            about.stance.one_leg_s = weaker.or(about.stance.one_leg_s);
        }
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
            let standing = protocol.standing(value, age, whose(&about));
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
            let tries = on_the_ladder(&self.stances_tried()?);
            let next: ladder::Next = next_rung(&tries, &somebody.screening, somebody.today.number());
            lines.push(next.why.say(texts));
        }
        Ok(TestSheet { name, value: Some(value), lines })
    }

    /// Whether the newest chair stand was one that is flagged for the age: a beginner, whatever was said.
    pub(crate) fn stands_up_seldom(&self, about: &About, person: &Person) -> Result<bool, AppError> {
        let Some(protocol) = self.catalogue().protocol(CHAIR_STAND) else { return Ok(false) };
        let rows = self.store().tests(self.profile(), Some(&protocol.id))?;
        let newest = rows.iter().max_by_key(|row| row.at_utc_ms);
        let standing = newest.and_then(|row| protocol.standing(row.value, person.age(), whose(about)));
        Ok(standing.is_some_and(|standing| standing.flagged))
    }

    pub(crate) fn protocol_name(&self, id: &str) -> String {
        self.texts().say(&format!("protocol.{id}.name"), &[])
    }
}

/// Women or men, where that was said.
fn whose(about: &About) -> Option<Whose> {
    about.sex.map(|sex| if sex == Sex::Female { Whose::Women } else { Whose::Men })
}

/// A stance that was tried on a day, on the ladder or in a test of stances.
struct Stood {
    day: i64,
    stance: Rung,
    ladder: bool,
    tried: TestTry,
}

/// Tries at the balance ladder.
fn on_the_ladder(stood: &[Stood]) -> Vec<Tried> {
    let tried = |one: &Stood| Tried {
        day: one.day,
        rung: one.stance,
        held: one.tried.value.map_or(0, |held_s| held_s.max(0.0) as u32),
        touches: one.tried.touches,
        wobbled: one.tried.wobbled,
        near_fall: one.tried.near_fall,
    };
    stood.iter().filter(|one| one.ladder).map(tried).collect()
}

/// How somebody usually sways in each stance: the middle of the times it was held.
fn usual_sways(stood: &[Stood]) -> BTreeMap<Rung, Sway> {
    let mut held: BTreeMap<Rung, Vec<Sway>> = BTreeMap::new();
    for Stood { stance, tried, .. } in stood.iter().filter(|one| one.tried.held() && !one.tried.wobbled) {
        held.entry(*stance).or_default().extend(tried.sway.filter(|_| tried.quality.ok()));
    }
    let middle = |mut sways: Vec<Sway>| {
        sways.sort_by(|a, b| a.speed_deg_per_s.total_cmp(&b.speed_deg_per_s));
        (sways.len() >= USUAL_LEAST).then(|| sways[sways.len() / 2])
    };
    held.into_iter().filter_map(|(stance, sways)| Some((stance, middle(sways)?))).collect()
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

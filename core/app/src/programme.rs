//! What somebody follows, and what that makes of today: a session, rest, or the reason there is none.

use crate::clock;
use crate::error::AppError;
use crate::function_tests::LOOKED_THROUGH;
use crate::household::Talus;
use crate::profile::{PersonRefusal, Somebody};
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use std::collections::BTreeSet;
use talus_coach::calendar::{
    self, Allowed, Course, Done, History, Measured, Now, Proposal, RemindAt, Reminder, Worked,
};
use talus_coach::catalogue::Programme;
use talus_coach::plan::PartOf;
use talus_coach::trusted::Day;
use talus_coach::{Arg, SessionPlan, Worn};
use talus_motion::Side;
use talus_store::{Kind, Trained};

/// Reminders lie no further ahead than this, days: by then everything is another.
const REMIND_DAYS_MOST: u32 = 60;
/// A walk without a weight as long as this tells how somebody walks, seconds: as long as the protocol of it takes.
const BASELINE_LEAST_S: f64 = 120.0;

/// A programme to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgrammeLine {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Sessions in seven days.
    pub per_week: u32,
    /// Whether it is the one that is followed.
    pub followed: bool,
    /// What it needs first and this person does not have, a sentence each; empty where it may begin.
    pub needs: Vec<String>,
}

/// What today is, rendered.
#[derive(Debug, Clone, PartialEq)]
pub enum TodaySheet {
    /// Nothing is followed: choose a programme, or train freely.
    Free,
    /// A session.
    Train {
        /// What it is called and how long it takes.
        title: String,
        /// Why now, and what is different, a sentence each.
        notes: Vec<String>,
        /// Exercise ids, in their order.
        exercises: Vec<String>,
    },
    /// Rest, which counts as done.
    Rest {
        /// Why.
        why: String,
        /// Minutes from now until there may be a session again, where that is only a matter of time.
        again_in_min: Option<i64>,
    },
    /// Not now, and not by waiting.
    Closed {
        /// Why, a sentence each.
        whys: Vec<String>,
    },
    /// Every week is done.
    Finished {
        /// What is to be said of it.
        says: String,
    },
}

/// Something to remind of, rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReminderLine {
    /// The day, `YYYY-MM-DD`, local.
    pub local_day: String,
    /// Minute of that day, 0 to 1439.
    pub minute: u16,
    /// What it says; nothing in it says that anything was missed.
    pub says: String,
}

/// What a calendar needs, held together.
struct Calendar {
    somebody: Somebody,
    done: Vec<Done>,
    measured: Measured,
    locked: Option<i64>,
    named: Option<(BTreeSet<String>, bool)>,
    now: Now,
}

impl Calendar {
    fn today(&self, talus: &Talus, programme: &Programme) -> calendar::Today {
        let keep = BTreeSet::new();
        calendar::today(&self.course(talus, programme, &keep), &self.history(), self.now)
    }

    fn course<'a>(
        &'a self,
        talus: &'a Talus,
        programme: &'a Programme,
        keep: &'a BTreeSet<talus_coach::catalogue::Muscle>,
    ) -> Course<'a> {
        Course {
            catalogue: talus.catalogue(),
            programme,
            person: &self.somebody.person,
            screening: &self.somebody.screening,
            plan: self.named.as_ref().map(|(exercises, opens)| Allowed { exercises, opens: *opens }),
            keep,
        }
    }

    fn history(&self) -> History<'_> {
        History { done: &self.done, lifts: &self.somebody.lifts, measured: Some(&self.measured), locked: self.locked }
    }
}

impl Talus {
    /// The programmes there are, and what each still needs.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn programmes(&self) -> Result<Vec<ProgrammeLine>, AppError> {
        let followed = self.store().course(self.profile())?;
        let calendar = self.laid_out(None)?;
        let keep = BTreeSet::new();
        let line = |programme: &Programme| {
            let needs = calendar::missing(&calendar.course(self, programme, &keep), &calendar.history());
            ProgrammeLine {
                id: programme.id.clone(),
                name: self.programme_name(&programme.id),
                per_week: programme.per_week,
                followed: followed.as_deref() == Some(programme.id.as_str()),
                needs: needs.iter().map(|note| note.say(self.texts())).collect(),
            }
        };
        Ok(self.catalogue().programmes().map(line).collect())
    }

    /// From now on this programme is followed; none where `id` is `None`.
    ///
    /// # Errors
    /// [`AppError::Person`] for one there is not, or that needs something first; [`AppError::Store`].
    pub fn follow(&self, id: Option<&str>) -> Result<(), AppError> {
        if let Some(id) = id {
            let lines = self.programmes()?;
            let Some(line) = lines.iter().find(|line| line.id == id) else {
                let known = lines.into_iter().map(|line| line.id).collect();
                return Err(PersonRefusal::NoProgramme { asked: id.to_owned(), known }.into());
            };
            if !line.needs.is_empty() {
                return Err(PersonRefusal::NotOpen { name: line.name.clone(), whys: line.needs.clone() }.into());
            }
        }
        Ok(self.store().follow(self.profile(), id, clock::utc_ms())?)
    }

    /// What today is for who follows a programme.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn today_sheet(&self) -> Result<TodaySheet, AppError> {
        let Some((programme, calendar)) = self.followed()? else { return Ok(TodaySheet::Free) };
        Ok(match calendar.today(self, programme) {
            calendar::Today::Train(proposal) => TodaySheet::Train {
                title: proposal.title(self.texts(), programme.name.as_deref()),
                notes: self.notes_of(&calendar.somebody, &proposal)?,
                exercises: exercises_of(&proposal).into_iter().map(str::to_owned).collect(),
            },
            calendar::Today::Rest { why, again_in_min, .. } => {
                TodaySheet::Rest { why: why.say(self.texts()), again_in_min }
            }
            calendar::Today::Closed(whys) => {
                TodaySheet::Closed { whys: whys.iter().map(|why| why.say(self.texts())).collect() }
            }
            calendar::Today::Finished(note) => TodaySheet::Finished { says: note.say(self.texts()) },
        })
    }

    /// What is said of a proposal: why now, what is different, and why its walk has no weight where the week has one.
    fn notes_of(&self, somebody: &Somebody, proposal: &Proposal) -> Result<Vec<String>, AppError> {
        let mut notes: Vec<String> = proposal.notes.iter().map(|note| note.say(self.texts())).collect();
        if self.measures_first()? {
            notes.push(self.texts().say("today.measure_first", &[]));
        }
        if let Some(walk) = proposal.walk.filter(|walk| walk.percent_most > 0.0) {
            notes.extend(self.no_weight_walking(somebody, walk.percent_most)?.map(|why| why.say(self.texts())));
        }
        let names: Vec<String> = proposal.tests.iter().map(|id| self.protocol_name(id)).collect();
        if !names.is_empty() {
            notes.push(self.texts().say("today.tests", &[("tests", Arg::Text(&names.join(", ")))]));
        }
        Ok(notes)
    }

    /// The plan of today's session of the programme that is followed, on every leg that wears a cuff: what progression
    /// decides, as far as the week lets it through.
    ///
    /// # Errors
    /// As [`Talus::session_plan`]; [`PersonRefusal::NothingToday`] where today is no session.
    pub fn today_plan(&self, worn: &[Worn]) -> Result<SessionPlan, AppError> {
        let Some((programme, calendar)) = self.followed()? else { return Err(PersonRefusal::NothingToday.into()) };
        let calendar::Today::Train(proposal) = calendar.today(self, programme) else {
            return Err(PersonRefusal::NothingToday.into());
        };
        self.plan_of(&exercises_of(&proposal), worn, Some(&proposal))
    }

    /// What to remind of, today and on the `days` after it (at most 60), in their order: what the calendar would propose then
    /// if everything before it is done, and the morning after. A shell schedules them anew whenever something was done.
    ///
    /// # Errors
    /// [`AppError::Person`] before the person is described and has answered; [`AppError::Store`].
    pub fn reminders(&self, at: &RemindAt, days: u32) -> Result<Vec<ReminderLine>, AppError> {
        let Some((programme, calendar)) = self.followed()? else { return Ok(Vec::new()) };
        let keep = BTreeSet::new();
        let course = calendar.course(self, programme, &keep);
        let reminders = calendar::reminders(&course, &calendar.history(), calendar.now, at, days.min(REMIND_DAYS_MOST));
        let today: Option<Date> = calendar.somebody.today.to_string().parse().ok();
        let line = |reminder: &Reminder| {
            let day = today?.checked_add((reminder.day - calendar.now.day).days()).ok()?;
            let says = reminder.say(self.texts(), programme.name.as_deref());
            Some(ReminderLine { local_day: day.to_string(), minute: reminder.minute, says })
        };
        Ok(reminders.iter().filter_map(line).collect())
    }

    /// Who, what they did, and how many sessions their programme asks for in seven days; one where they follow none.
    pub(crate) fn done_and_asked(&self) -> Result<(Somebody, Vec<Done>, u32), AppError> {
        let followed = self.store().course(self.profile())?;
        let asked = followed.and_then(|id| self.catalogue().programme(&id)).map_or(1, |programme| programme.per_week);
        Ok((self.somebody()?, self.days_done()?, asked))
    }

    fn followed(&self) -> Result<Option<(&Programme, Calendar)>, AppError> {
        let Some(id) = self.store().course(self.profile())? else { return Ok(None) };
        // A programme of a newer catalogue is none that can be followed here.
        let Some(programme) = self.catalogue().programme(&id) else { return Ok(None) };
        Ok(Some((programme, self.laid_out(Some(programme))?)))
    }

    fn laid_out(&self, programme: Option<&Programme>) -> Result<Calendar, AppError> {
        let somebody = self.somebody()?;
        let today = somebody.today.number();
        let named = somebody
            .plan
            .as_ref()
            .map(|plan| (plan.exercises.iter().map(|one| one.id.clone()).collect(), plan.opens_knee_rebuild));
        let moment = Timestamp::from_millisecond(clock::utc_ms()).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = moment.to_zoned_datetime(self.zone().clone());
        let now = Now {
            day: today,
            minute: u16::try_from(i64::from(local.hour()) * 60 + i64::from(local.minute())).unwrap_or(0),
            at_min: clock::utc_ms().div_euclid(60_000),
        };
        Ok(Calendar {
            done: self.days_done()?,
            measured: self.measured(programme)?,
            locked: self.locked()?.then_some(today),
            named,
            now,
            somebody,
        })
    }

    /// Every session this person did, as the calendar looks at it.
    fn days_done(&self) -> Result<Vec<Done>, AppError> {
        let trained = self.store().trained(self.profile())?;
        let check_ins = self.store().check_ins(self.profile(), i64::MIN)?;
        let of_session = |all: &[Trained]| {
            let first = all.first()?;
            let (programme, part) = first.part.clone().unwrap_or_default();
            let day = Day::parse(&first.local_day)?.number();
            let worked = all.iter().map(|one| Worked { exercise: one.exercise.clone(), pain: one.pain });
            Some(Done {
                day,
                at_min: first.ended_utc_ms.div_euclid(60_000),
                snack: self.catalogue().programme(&programme).is_some_and(|programme| programme.snacks),
                programme,
                part,
                worked: worked.collect(),
                morning_rise: None,
                checked_in: check_ins.iter().any(|one| one.at_utc_ms >= first.ended_utc_ms),
            })
        };
        Ok(trained.chunk_by(|a, b| a.session == b.session).filter_map(of_session).collect())
    }

    /// What was measured that moves a week on: exercises past the gate to the first weight on both legs.
    fn measured(&self, programme: Option<&Programme>) -> Result<Measured, AppError> {
        let rules = self.catalogue().rules();
        let gate = rules.gate.unloaded_sessions.whole() as usize;
        let mut mastered = BTreeSet::new();
        let ids: BTreeSet<&str> = match programme {
            Some(programme) => {
                programme.parts.iter().flat_map(|part| &part.work).map(|work| work.exercise.as_str()).collect()
            }
            None => self.catalogue().exercises().map(|exercise| exercise.id.as_str()).collect(),
        };
        for id in ids {
            let exercise = self.catalogue().exercise(id)?;
            let mut both = true;
            for side in [Side::Left, Side::Right] {
                let done = self.history_of(exercise, side)?.exposures;
                // Whoever carries a weight has passed it.
                let passed = done.iter().any(|one| one.mass_g > 0);
                both &= passed || done.iter().filter(|one| one.mastered(rules)).count() >= gate;
            }
            if both {
                mastered.insert(id.to_owned());
            }
        }
        Ok(Measured { mastered, tests: self.tested_days()?, ..Measured::default() })
    }

    /// Protocols that were done, and on which days: tests whose result was kept, and walks that tell how somebody walks
    /// without a weight and with one.
    fn tested_days(&self) -> Result<Vec<(String, i64)>, AppError> {
        let number = |local_day: &str| Day::parse(local_day).map(Day::number);
        let rows = self.store().tests(self.profile(), None)?;
        let mut days: Vec<(String, i64)> =
            rows.into_iter().filter_map(|row| Some((row.kind, number(&row.local_day)?))).collect();
        let store = self.store();
        for row in store.sessions(self.profile(), None, LOOKED_THROUGH)? {
            if row.kind == Kind::Replay || row.strides == 0 {
                continue;
            }
            let walked = store.session(row.id)?.summary.and_then(|summary| summary.walked);
            let (Some(walked), Some(day)) = (walked, number(&row.local_day)) else { continue };
            // Own to today: a baseline that was only brought along is no walk that told one.
            let own = walked.bare_s >= BASELINE_LEAST_S && walked.baseline.is_some();
            days.extend(own.then(|| ("gait_baseline".to_owned(), day)));
            days.extend(walked.loaded.is_some().then(|| ("gait_loaded_check".to_owned(), day)));
        }
        Ok(days)
    }

    /// Ids of the tests that the week of the programme still asks for.
    pub(crate) fn tests_due(&self) -> Result<Vec<String>, AppError> {
        let Some((programme, calendar)) = self.followed()? else { return Ok(Vec::new()) };
        let keep = BTreeSet::new();
        Ok(calendar::tests_due(&calendar.course(self, programme, &keep), &calendar.history(), calendar.now))
    }

    fn programme_name(&self, id: &str) -> String {
        if let Some(own) = self.catalogue().programme(id).and_then(|programme| programme.name.clone()) {
            return own;
        }
        self.texts().say(&format!("programme.{id}.name"), &[])
    }
}

/// What a proposal asks for, in its order: the walk comes last.
fn exercises_of(proposal: &Proposal) -> Vec<&str> {
    let work = proposal.work.iter().map(|planned| planned.exercise.as_str());
    work.chain(proposal.walk.map(|_| "walk")).collect()
}

/// Which part of which programme a proposal is.
pub(crate) fn part_of(proposal: &Proposal) -> PartOf {
    PartOf { programme: proposal.programme.clone(), part: proposal.part.clone() }
}

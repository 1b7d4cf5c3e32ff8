//! [`Proposal`]: one session as a programme asks for it, with what screening and plans leave of it.

use super::progress::open;
use super::{Course, History, Note, Now, Progress};
use crate::catalogue::{Aim, Catalogue, Effect, Exercise, Load, Muscle, Part, WalkWeek, Week, When, Work};
use crate::load::Kit;
use crate::plan::Laterality;
use crate::progression::Step;
use crate::screening::{Verdict, Why};
use crate::text::{Arg, Texts};
use std::collections::BTreeSet;

/// Minutes before the first set and after the last one.
const AROUND_MIN: u32 = 4;
/// Seconds to get from one set to the next besides the rest.
const BETWEEN_S: f64 = 20.0;
/// How many easier exercises are looked at in place of one that is left out.
const EASIER_MOST: usize = 3;

/// One session.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// Programme id.
    pub programme: String,
    /// Part id.
    pub part: String,
    /// What the part is called, where a shared programme says so.
    pub part_name: Option<String>,
    /// Week, from 1.
    pub week: u32,
    /// Week as [`Case::week`](crate::progression::Case::week) takes it: 0 where stages have no lighter weeks.
    pub load_week: u32,
    /// What the week is for.
    pub aim: Aim,
    /// What is done, in order.
    pub work: Vec<Planned>,
    /// The protocol that is the heart of it.
    pub protocol: Option<String>,
    /// The walk of the week.
    pub walk: Option<WalkWeek>,
    /// Protocols that go with it, with minutes, always without a weight.
    pub beside: Vec<(String, u32)>,
    /// Tests of the week that are still open.
    pub tests: Vec<String>,
    /// About how long it takes, minutes.
    pub minutes: u32,
    /// Why now, and what is different; at least one.
    pub notes: Vec<Note>,
    /// What is left out, and what stands in for it.
    pub left_out: Vec<LeftOut>,
}

/// One exercise of a session, for each side it uses.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Exercise id.
    pub exercise: String,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set, from and to.
    pub reps: (u32, u32),
    /// Most load the week lets through.
    pub load: Load,
    /// Whether a step up may be taken.
    pub steps: bool,
    /// Whether progression may add a set: to a side that is behind, or where nothing has changed for long.
    pub more_sets: bool,
    /// Repetitions to leave in reserve.
    pub reserve: u8,
    /// Rest after a set, seconds.
    pub rest_s: u32,
    /// Seconds to lower, where that differs from the exercise.
    pub lower_s: Option<f64>,
}

/// An exercise that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Which.
    pub exercise: String,
    /// What stands in for it.
    pub instead: Option<String>,
    /// Why by screening; empty where a plan does not name it or a check-in comes first.
    pub why: Vec<Why>,
    /// Whether pain stopped it and a check-in comes first.
    pub check_in_first: bool,
}

impl Planned {
    /// What progression decided, as far as the week lets it through: never more load, sets or effort than `step` says.
    /// `last_g` is what this side carried last, grams.
    #[must_use]
    pub fn held(&self, step: Step, last_g: u32, kit: &Kit) -> Step {
        let most_g = match self.load {
            Load::None => 0,
            Load::Lightest => kit.up(0).unwrap_or(0),
            Load::Own => u32::MAX,
        };
        let mut held = step.held_to(most_g, (!self.steps).then_some(last_g), self.reps.1);
        if !self.more_sets {
            held.sets = held.sets.min(self.sets);
        }
        held.sets = held.sets.max(1);
        held.reserve = held.reserve.max(self.reserve);
        held.rest_s = held.rest_s.max(self.rest_s);
        held
    }
}

impl Proposal {
    /// The muscle groups it works.
    pub fn muscles(&self, catalogue: &Catalogue) -> BTreeSet<Muscle> {
        let known = self.work.iter().filter_map(|planned| catalogue.exercise(&planned.exercise).ok());
        known.flat_map(|exercise| exercise.muscles.iter().copied()).collect()
    }

    /// "Next: Steady, day A. 16 minutes."; `own` is the name of a shared programme.
    pub fn title(&self, texts: &Texts, own: Option<&str>) -> String {
        let name = match own {
            Some(name) => name.to_owned(),
            None => texts.say(&format!("programme.{}.name", self.programme), &[]),
        };
        let part = match (own, &self.part_name) {
            (_, Some(name)) => name.clone(),
            (Some(_), None) => self.part.replace('_', " "),
            (None, None) => texts.say(&format!("programme.{}.part.{}", self.programme, self.part), &[]),
        };
        let args = [("programme", Arg::Text(&name)), ("part", Arg::Text(&part)), ("count", Arg::Count(self.minutes))];
        texts.say("today.next", &args)
    }
}

/// The part as a session for this person today; `None` where nothing of it is open.
pub(super) fn of(
    course: &Course<'_>,
    history: &History<'_>,
    progress: &Progress,
    part: &Part,
    now: Now,
) -> Option<Proposal> {
    let programme = course.programme;
    let week = programme.weeks.get(progress.week)?;
    let waiting = history.waiting_for_check_in(course.catalogue);
    let (mut work, mut left_out) = (Vec::<Planned>::new(), Vec::new());
    for asked in &part.work {
        let Ok(exercise) = course.catalogue.exercise(&asked.exercise) else { continue };
        let check_in_first = waiting.contains(exercise.id.as_str());
        if open(course, exercise) && !check_in_first {
            work.push(planned(asked, week, exercise));
            continue;
        }
        let taken =
            |id: &str| part.work.iter().any(|work| work.exercise == id) || work.iter().any(|w| w.exercise == id);
        let easier = std::iter::successors(next_easier(course, exercise), |one| next_easier(course, one));
        // Pain is no reason to do the same with another name.
        let instead = easier
            .take(EASIER_MOST)
            .find(|one| !check_in_first && open(course, one) && !taken(&one.id) && !waiting.contains(one.id.as_str()));
        left_out.push(LeftOut {
            exercise: exercise.id.clone(),
            instead: instead.map(|one| one.id.clone()),
            why: match course.screening.of(exercise) {
                Verdict::LeftOut(why) => why,
                Verdict::Open | Verdict::WithCare(_) => Vec::new(),
            },
            check_in_first,
        });
        if let Some(one) = instead {
            work.push(planned(asked, week, one));
        }
    }
    let protocol = part.protocol.clone().filter(|id| protocol_open(course, id));
    if work.is_empty() && protocol.is_none() {
        return None;
    }
    let mut notes = vec![why_now(course, progress, now)];
    notes.extend(progress.held_by.first().map(|until| Note::WeekAgain { until: *until }));
    let weakest = history.measured.and_then(|measured| measured.weakest.as_deref()).filter(|_| week.set_for_weakest);
    if let Some(behind) = work.iter_mut().find(|planned| Some(planned.exercise.as_str()) == weakest) {
        behind.sets += 1;
        notes.push(Note::SetMore);
    }
    let mut walk = week.walk.filter(|_| protocol.is_some());
    if let Some(walk) = walk.as_mut().filter(|walk| walk.intervals > 0)
        && !course.screening.no_weight_walking().is_empty()
    {
        *walk = WalkWeek { intervals: 0, loaded_min: 0, easy_min: 0, percent_most: 0.0, ..*walk };
        notes.push(Note::WalkBare);
    }
    let tests = tests_of(course, history, progress, now);
    let beside = beside(course, progress, When::WithEach);
    let seconds: f64 = work.iter().map(|planned| seconds_of(course.catalogue, planned)).sum();
    let walked = walk.map_or(0, |walk| walk.minutes);
    let with: u32 = beside.iter().map(|(_, minutes)| minutes).sum();
    let around = if programme.snacks { 0 } else { AROUND_MIN };
    Some(Proposal {
        programme: programme.id.clone(),
        part: part.id.clone(),
        part_name: part.name.clone(),
        week: super::whole(progress.week + 1),
        load_week: if week.aim == Aim::Stage { 0 } else { super::whole(progress.week + 1) },
        aim: week.aim,
        work,
        protocol,
        walk,
        beside,
        tests,
        minutes: libm::ceil(seconds / 60.0) as u32 + around + walked + with,
        notes,
        left_out,
    })
}

/// Tests of the week that are open to this person and were not done since it began.
pub(super) fn tests_of(course: &Course<'_>, history: &History<'_>, progress: &Progress, now: Now) -> Vec<String> {
    let Some(week) = course.programme.weeks.get(progress.week) else { return Vec::new() };
    let since = progress.since.unwrap_or(now.day);
    let tested = |id: &String| {
        history.measured.is_some_and(|measured| measured.tests.iter().any(|(test, day)| test == id && *day >= since))
    };
    week.tests.iter().filter(|id| !tested(id) && protocol_open(course, id)).cloned().collect()
}

/// What may be done on a day between sessions, with minutes.
pub(super) fn between(course: &Course<'_>, progress: &Progress) -> Vec<(String, u32)> {
    beside(course, progress, When::BetweenDays)
}

fn beside(course: &Course<'_>, progress: &Progress, when: When) -> Vec<(String, u32)> {
    let weeks = course.programme.weeks.len().max(2) - 1;
    let share = progress.week.min(weeks) as f64 / weeks as f64;
    let minutes = |(from, to): (u32, u32)| from + (share * f64::from(to.saturating_sub(from))) as u32;
    let all = course.programme.beside.iter().filter(|beside| beside.when == when);
    all.filter(|beside| protocol_open(course, &beside.protocol))
        .map(|beside| (beside.protocol.clone(), minutes(beside.minutes)))
        .collect()
}

/// Whether a protocol is open: those that need a plan wait for one, and nobody is sent to one alone that needs company.
fn protocol_open(course: &Course<'_>, id: &str) -> bool {
    let known = course.catalogue.protocol(id);
    known.is_some_and(|protocol| {
        !protocol.supervised && (!protocol.needs_plan || course.plan.is_some_and(|plan| plan.opens))
    })
}

fn next_easier<'a>(course: &Course<'a>, exercise: &Exercise) -> Option<&'a Exercise> {
    course.catalogue.exercise(exercise.easier.as_deref()?).ok()
}

fn planned(asked: &Work, week: &Week, exercise: &Exercise) -> Planned {
    let load = if exercise.weight.effect == Effect::None { Load::None } else { asked.load };
    Planned {
        exercise: exercise.id.clone(),
        sets: week.sets_most.map_or(asked.sets, |most| asked.sets.min(most)).max(1),
        reps: asked.reps,
        load: load.min(week.load_most),
        steps: week.steps,
        more_sets: week.sets_most.is_none(),
        reserve: week.reserve_least.map_or(asked.reserve, |least| asked.reserve.max(least)),
        rest_s: asked.rest_s,
        lower_s: week.lower_s,
    }
}

fn seconds_of(catalogue: &Catalogue, planned: &Planned) -> f64 {
    let Ok(exercise) = catalogue.exercise(&planned.exercise) else { return 0.0 };
    let tempo = exercise.model.tempo;
    let lower_s = planned.lower_s.unwrap_or(tempo.lower_s);
    let one = (tempo.lift_s + tempo.hold_s + lower_s + tempo.rest_s).max(1.0);
    let legs = if exercise.laterality == Laterality::Each { 2.0 } else { 1.0 };
    let set = f64::from(planned.reps.1) * one + f64::from(planned.rest_s) + BETWEEN_S;
    // Nobody rests after the last one.
    f64::from(planned.sets) * legs * set - f64::from(planned.rest_s)
}

/// Why there is a session now: the same after a day and after a missed week, and no blame in either.
fn why_now(course: &Course<'_>, progress: &Progress, now: Now) -> Note {
    let Some(last) = progress.last_day else { return Note::First };
    let days = u32::try_from(now.day.saturating_sub(last).max(0)).unwrap_or(u32::MAX);
    let away = &course.catalogue.rules().away;
    if away.begin_again_days.reached(days) {
        Note::FindAgain { days }
    } else if away.step_down_days.reached(days) {
        Note::StepLighter { days }
    } else if days > 3 {
        Note::WhereYouLeft { days }
    } else {
        Note::Rested { days }
    }
}

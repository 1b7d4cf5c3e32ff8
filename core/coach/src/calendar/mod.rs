//! The calendar: from a programme and what was done, today's proposal or the reason there is none.
//!
//! It never looks ahead of what was done: a week lasts until its sessions are done, so missed days and weeks change
//! nothing but what [`progression`](crate::progression) makes of a break. A muscle group rests its hours whatever the
//! programme says, counted on a clock and not on dates. No proposal raises a load: it says how much a week lets through.

mod history;
mod note;
mod progress;
mod proposal;
mod reminders;
mod weeks;

pub use history::{Done, History, Lift, Lifted, Measured, Worked};
pub use note::Note;
pub use progress::Progress;
pub use proposal::{LeftOut, Planned, Proposal};
pub use reminders::{RemindAt, RemindOf, Reminder, reminders};
pub use weeks::{Seven, seven_days, weeks_in_a_row};

use crate::catalogue::{Catalogue, Muscle, Part, Programme};
use crate::person::{Level, Person};
use crate::screening::Screening;
use std::collections::BTreeSet;

/// Minutes of a day.
const DAY_MIN: i64 = 24 * 60;

/// The time it is. Calendar sums are the caller's: here days only count on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Now {
    /// Local calendar day, days since 1 January 1970.
    pub day: i64,
    /// Minutes of the local day that are over, 0 to 1439.
    pub minute: u16,
    /// Minutes on a clock that no time zone or summer time moves, the same for [`Done::at_min`].
    pub at_min: i64,
}

/// Whose calendar it is, and what they follow.
#[derive(Debug, Clone, Copy)]
pub struct Course<'a> {
    /// The catalogue.
    pub catalogue: &'a Catalogue,
    /// What is followed.
    pub programme: &'a Programme,
    /// Who follows it.
    pub person: &'a Person,
    /// What screening leaves open.
    pub screening: &'a Screening,
    /// What a plan in force allows; `None` where there is no plan.
    pub plan: Option<Allowed<'a>>,
    /// Muscle groups to leave alone, because another programme needs them rested.
    pub keep: &'a BTreeSet<Muscle>,
}

/// What a plan in force from someone the person trusts allows. It only ever takes away, but for the stages after knee
/// surgery, which wait for it.
#[derive(Debug, Clone, Copy)]
pub struct Allowed<'a> {
    /// Exercises it names, on either leg.
    pub exercises: &'a BTreeSet<String>,
    /// Whether it opens the programmes that wait for a plan.
    pub opens: bool,
}

/// What today is.
#[derive(Debug, Clone, PartialEq)]
pub enum Today {
    /// A session.
    Train(Proposal),
    /// Rest, which counts as done.
    Rest {
        /// Why.
        why: Note,
        /// Minutes from now until there is a session again if nothing else is done, where that is only a matter of time.
        again_in_min: Option<i64>,
        /// What may be done on such a day, with minutes: walking without a weight.
        beside: Vec<(String, u32)>,
    },
    /// Not now, and not by waiting: at least one reason.
    Closed(Vec<Note>),
    /// Every week is done.
    Finished(Note),
}

/// What may be done today.
pub fn today(course: &Course<'_>, history: &History<'_>, now: Now) -> Today {
    if let Some(whys) = closed(course, history, now) {
        return Today::Closed(whys);
    }
    let progress = Progress::of(course, history);
    let Some(week) = course.programme.weeks.get(progress.week) else { return Today::Finished(Note::Finished) };
    // A day with a session has had its share.
    let trained = history.done.iter().any(|done| !done.snack && done.day == now.day);
    let beside = || if trained { Vec::new() } else { proposal::between(course, &progress) };
    let rest = |why, again_in_min| Today::Rest { why, again_in_min, beside: beside() };
    if course.programme.after_lifts && !history.lifts.iter().any(|lift| lift.day == now.day) {
        return rest(Note::AfterLifts, None);
    }
    let ready = Ready::of(course, history, &progress, now);
    let full = full_in(course, history, week.per_day, now);
    match (ready.now, full) {
        (Some(proposal), None) => Today::Train(proposal),
        // Both must be over: what fills the day or the week, and the rest of the muscles.
        (_, Some((why, over_in))) if ready.open => rest(why, ready.soonest.map(|wait| wait.max(over_in))),
        (None, None) if ready.soonest.is_some_and(|wait| wait > 0) => {
            let wait = ready.soonest.unwrap_or(0);
            rest(Note::MusclesRest { hours: u32::try_from((wait + 59) / 60).unwrap_or(u32::MAX) }, Some(wait))
        }
        (None, None) if ready.kept => rest(Note::Kept, None),
        _ if ready.stopped => Today::Closed(vec![Note::CheckInFirst]),
        _ => Today::Closed(vec![Note::NothingLeft]),
    }
}

/// Tests that the running week asks for and that were not done since it began, whatever else today is.
pub fn tests_due(course: &Course<'_>, history: &History<'_>, now: Now) -> Vec<String> {
    if closed(course, history, now).is_some() {
        return Vec::new();
    }
    proposal::tests_of(course, history, &Progress::of(course, history), now)
}

/// Why nothing of the programme is open on this day, whatever was done before; `None` where it is.
fn closed(course: &Course<'_>, history: &History<'_>, now: Now) -> Option<Vec<Note>> {
    if history.locked == Some(now.day) {
        return Some(vec![Note::Locked]);
    }
    if !course.screening.stops_everything().is_empty() {
        return Some(vec![Note::Stopped]);
    }
    let needs = missing(course, history);
    (!needs.is_empty()).then_some(needs)
}

/// What of the week's parts is ready.
struct Ready {
    /// The first in their turn whose muscles have rested.
    now: Option<Proposal>,
    /// Minutes until the first of them has, 0 for now; `None` where none will by waiting.
    soonest: Option<i64>,
    /// Whether anything is open at all.
    open: bool,
    /// Whether one is ready but for muscles that are kept for another programme.
    kept: bool,
    /// Whether pain has stopped something that nothing stands in for.
    stopped: bool,
}

impl Ready {
    fn of(course: &Course<'_>, history: &History<'_>, progress: &Progress, now: Now) -> Self {
        let worked = history.worked_at(course.catalogue, now.day, course.programme.after_lifts);
        let rests_min = (course.catalogue.rules().rest.muscle_hours.value * 60.0) as i64;
        let waits = |muscles: &BTreeSet<Muscle>| -> i64 {
            let times = muscles.iter().filter_map(|muscle| worked.get(muscle)).flatten();
            // A session that a clock set back has left in the future asks for the same distance.
            let near = times.filter(|at| now.at_min.saturating_sub(**at).saturating_abs() < rests_min);
            near.map(|at| at.saturating_add(rests_min).saturating_sub(now.at_min)).max().unwrap_or(0)
        };
        let waiting = history.waiting_for_check_in(course.catalogue);
        let mut ready = Self { now: None, soonest: None, open: false, kept: false, stopped: false };
        for part in in_turn(course.programme, progress) {
            let Some(mut proposed) = proposal::of(course, history, progress, part, now) else {
                ready.stopped |= part.work.iter().any(|work| waiting.contains(work.exercise.as_str()));
                continue;
            };
            ready.open = true;
            let muscles = proposed.muscles(course.catalogue);
            if muscles.iter().any(|muscle| course.keep.contains(muscle)) {
                ready.kept = true;
                continue;
            }
            let wait = waits(&muscles);
            if wait == 0 && ready.now.is_none() {
                // Another part first because the next one's muscles rest; not because nothing of it is open.
                if ready.soonest.is_some() {
                    proposed.notes.push(Note::Swapped);
                }
                ready.now = Some(proposed);
            }
            ready.soonest = Some(ready.soonest.map_or(wait, |known| known.min(wait)));
        }
        ready
    }
}

/// What fills today or these seven days, and in how many minutes it no longer does. A day is filled by whatever worked
/// muscles, the week by this programme alone: a walk on one's own takes nothing away.
fn full_in(course: &Course<'_>, history: &History<'_>, per_day: Option<u32>, now: Now) -> Option<(Note, i64)> {
    let snacks = course.programme.snacks;
    let own = |done: &&Done| done.snack == snacks && done.programme == course.programme.id;
    let works = |done: &&Done| done.snack == snacks && done.works_muscles(course.catalogue);
    let done_today = history.done.iter().filter(|done| done.day == now.day && (own(done) || works(done))).count();
    let enough = if snacks { per_day.unwrap_or(1) as usize } else { 1 };
    let of_today = (done_today >= enough).then(|| {
        let why = if snacks { Note::SnacksDone { count: whole(done_today) } } else { Note::DoneToday };
        (why, DAY_MIN - i64::from(now.minute))
    });
    let within = now.day.saturating_sub(6)..=now.day;
    let mut recent: Vec<i64> = history.done.iter().filter(own).map(|done| done.day).collect();
    recent.retain(|day| within.contains(day));
    recent.sort_unstable();
    let most = course.programme.per_week as usize;
    let of_week = (recent.len() >= most).then(|| {
        // Room comes when enough of them are more than six days ago.
        let leaves = recent[recent.len() - most];
        let days = leaves.saturating_add(7).saturating_sub(now.day).max(1);
        (Note::WeekFull { count: whole(recent.len()) }, days.saturating_mul(DAY_MIN) - i64::from(now.minute))
    });
    match (of_today, of_week) {
        // Said is what is about today; it lasts until the longer of the two is over.
        (Some((why, today)), Some((_, week))) => Some((why, today.max(week))),
        (today, week) => today.or(week),
    }
}

/// What a programme needs first and this person does not have; empty where it may begin.
pub fn missing(course: &Course<'_>, history: &History<'_>) -> Vec<Note> {
    let needs = &course.programme.needs;
    let measured = history.measured;
    let mut notes = Vec::new();
    if needs.mastered && measured.is_none_or(|measured| measured.mastered.is_empty()) {
        notes.push(Note::NeedsMastered);
    }
    if needs.plan && !course.plan.is_some_and(|plan| plan.opens) {
        notes.push(Note::NeedsPlan);
    }
    if needs.trained && course.person.level() != Level::Trained {
        notes.push(Note::NeedsTrained);
    }
    if needs.loaded_walking && !course.screening.no_weight_walking().is_empty() {
        notes.push(Note::NeedsLoadedWalking);
    }
    let done = |id: &String| measured.is_some_and(|measured| measured.tests.iter().any(|(test, _)| test == id));
    notes.extend(needs.done.iter().filter(|id| !done(id)).map(|id| Note::NeedsDone { protocol: id.clone() }));
    notes
}

/// The parts of the week, the one whose turn it is first.
fn in_turn<'a>(programme: &'a Programme, progress: &Progress) -> Vec<&'a Part> {
    let names = programme.weeks.get(progress.week).map(|week| week.parts.as_slice()).unwrap_or_default();
    let mut parts: Vec<&Part> =
        programme.parts.iter().filter(|part| names.is_empty() || names.contains(&part.id)).collect();
    let last = progress.last_part.as_deref();
    if let Some(at) = parts.iter().position(|part| Some(part.id.as_str()) == last) {
        let next = (at + 1) % parts.len();
        parts.rotate_left(next);
    }
    parts
}

fn whole(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

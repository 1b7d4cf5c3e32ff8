//! [`Progress`]: how far somebody is in a programme, from nothing but what was done and measured.

use super::{Course, Done, History};
use crate::catalogue::{Exercise, Load, Until, Week};

/// How far somebody is in a programme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Weeks that are over: the index of the running one.
    pub week: usize,
    /// Sessions done in the running week.
    pub sessions: u32,
    /// What holds the running week although its sessions are done.
    pub held_by: Vec<Until>,
    /// The part that was done last.
    pub last_part: Option<String>,
    /// Local day of the last session.
    pub last_day: Option<i64>,
    /// Local day of the running week's first session.
    pub since: Option<i64>,
}

/// Degrees a lifted leg may stay short of straight, and per cent a side may be behind: the measures of the stages.
const LAG_MOST_DEG: f64 = 5.0;
const GAP_MOST_PERCENT: f64 = 20.0;

impl Progress {
    /// From the sessions of this programme. What was measured counts as it is now: where something that moved a stage on
    /// is no longer so, the stage is the running one again.
    pub fn of(course: &Course<'_>, history: &History<'_>) -> Self {
        let programme = course.programme;
        let mut own: Vec<&Done> = history.done.iter().filter(|done| done.programme == programme.id).collect();
        own.sort_by_key(|done| done.at_min);
        let mut progress = Self {
            week: 0,
            sessions: 0,
            held_by: Vec::new(),
            last_part: own.last().map(|done| done.part.clone()),
            last_day: own.last().map(|done| done.day),
            since: None,
        };
        let mut opened = 0;
        let mut of_week: Vec<&Done> = Vec::new();
        for done in own {
            let Some(week) = programme.weeks.get(progress.week) else { break };
            of_week.push(done);
            progress.since.get_or_insert(done.day);
            progress.sessions += 1;
            if progress.sessions < programme.per_week {
                continue;
            }
            let last = &of_week[of_week.len() - (programme.per_week as usize).min(of_week.len())..];
            progress.held_by = unmet(course, history, week, last, progress.since, opened);
            if progress.held_by.is_empty() {
                opened += u32::from(week.until.contains(&Until::Author));
                progress.week += 1;
                progress.sessions = 0;
                progress.since = None;
                of_week.clear();
            }
        }
        progress
    }

    /// Whether every week is over.
    pub fn finished(&self, weeks: usize) -> bool {
        self.week >= weeks
    }
}

fn unmet(
    course: &Course<'_>,
    history: &History<'_>,
    week: &Week,
    last: &[&Done],
    since: Option<i64>,
    opened: u32,
) -> Vec<Until> {
    let measured = history.measured;
    let met = |until: &Until| match until {
        Until::Comfortable => last.iter().all(|done| done.comfortable(course.catalogue)),
        Until::Mastered => measured.is_some_and(|measured| {
            let mut loaded = course
                .programme
                .parts
                .iter()
                .filter(|part| week.parts.is_empty() || week.parts.contains(&part.id))
                .flat_map(|part| &part.work)
                .filter(|work| work.load != Load::None)
                .filter_map(|work| course.catalogue.exercise(&work.exercise).ok())
                .filter(|exercise| open(course, exercise))
                .peekable();
            // Where nothing is open there is nothing to master, and nothing to be let through for.
            loaded.peek().is_none() || loaded.all(|exercise| measured.mastered.contains(&exercise.id))
        }),
        Until::Tested => week.tests.iter().all(|id| {
            measured.is_some_and(|m| m.tests.iter().any(|(test, day)| test == id && since.is_some_and(|s| *day >= s)))
        }),
        Until::NoLag => measured.and_then(|m| m.lag_deg).is_some_and(|lag| lag <= LAG_MOST_DEG),
        Until::SwellingStable => measured.and_then(|m| m.swelling_stable) == Some(true),
        Until::Even => measured.and_then(|m| m.gap_percent).is_some_and(|gap| gap.abs() < GAP_MOST_PERCENT),
        Until::Author => measured.is_some_and(|m| m.stages_opened > opened),
    };
    week.until.iter().copied().filter(|until| !met(until)).collect()
}

/// Whether an exercise is open to this person: by screening, and by a plan where there is one.
pub(super) fn open(course: &Course<'_>, exercise: &Exercise) -> bool {
    !course.screening.of(exercise).left_out() && course.plan.is_none_or(|plan| plan.exercises.contains(&exercise.id))
}

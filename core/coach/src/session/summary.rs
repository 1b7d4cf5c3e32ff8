//! What is said when a session is over: one true sentence, and what comes next with its reason.

use super::course::Course;
use super::io::{SessionSummary, SetResult};
use crate::text::{Arg, Texts};
use talus_motion::Side;

/// From this on pain ends an exercise (0 to 10).
pub(super) const PAIN_STOPS: u8 = 5;
/// Sets that must be full before anything may change.
const FULL_SETS_LEAST: usize = 2;

/// A set that is over.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) set_index: u32,
    pub(super) block: usize,
    pub(super) walks: bool,
    pub(super) result: SetResult,
}

/// Sums up; `advise` is off where the person who moved is not the one who asks.
pub(super) fn sum_up(
    done: &[Done],
    course: &Course,
    texts: &Texts,
    duration_s: f64,
    advise: bool,
    red_flag: bool,
) -> SessionSummary {
    let total = |sets: &mut dyn Iterator<Item = &Done>| sets.fold(0u32, |n, d| n.saturating_add(d.result.count));
    let counted = done.iter().filter(|d| d.result.count > 0).count() as u32;
    let rep_sets = done.iter().filter(|d| !d.walks && d.result.count > 0).count() as u32;
    let reps = total(&mut done.iter().filter(|d| !d.walks));
    // Both feet of one walk stride the same strides.
    let mut strides = 0u32;
    for (i, d) in done.iter().enumerate().filter(|(_, d)| d.walks) {
        if !done[..i].iter().any(|other| other.walks && other.set_index == d.set_index) {
            let same = done.iter().filter(|other| other.walks && other.set_index == d.set_index);
            strides = strides.saturating_add(same.map(|other| other.result.count).max().unwrap_or(0));
        }
    }
    SessionSummary {
        duration_s,
        sets: counted,
        reps,
        strides,
        sentence: sentence(texts, reps, rep_sets, strides),
        next: if advise { next(done, course, texts) } else { Vec::new() },
        red_flag,
    }
}

fn sentence(texts: &Texts, reps: u32, sets: u32, strides: u32) -> String {
    let (count, strides_arg) = (("count", Arg::Count(reps)), ("strides", Arg::Count(strides)));
    match (sets, strides) {
        (0, 0) => texts.say("session.summary.nothing", &[]),
        (0, _) => texts.say("session.summary.walked", &[("count", Arg::Count(strides))]),
        (1, 0) => texts.say("session.summary.one_set", &[count]),
        (_, 0) => texts.say("session.summary.sets", &[count, ("sets", Arg::Count(sets))]),
        (1, _) => texts.say("session.summary.one_set_and_walked", &[count, strides_arg]),
        _ => texts.say("session.summary.sets_and_walked", &[count, ("sets", Arg::Count(sets)), strides_arg]),
    }
}

/// One line per exercise and side. A load is never raised here: that takes the whole of a person's history.
fn next(done: &[Done], course: &Course, texts: &Texts) -> Vec<String> {
    let mut lines = Vec::new();
    let mut seen: Vec<(&str, Side)> = Vec::new();
    for block in course.blocks.iter().filter(|block| !block.exercise.walks()) {
        let of = (block.asked.exercise.as_str(), block.asked.side);
        if seen.contains(&of) {
            continue;
        }
        seen.push(of);
        let sets: Vec<&SetResult> =
            done.iter().map(|d| &d.result).filter(|r| (r.exercise.as_str(), r.side) == of).collect();
        lines.extend(line(&sets, texts));
    }
    lines
}

fn line(sets: &[&SetResult], texts: &Texts) -> Option<String> {
    let last = sets.last()?;
    let name = ("exercise", Arg::Text(texts.exercise(&last.exercise)));
    let say = |key: &str, args: &[(&str, Arg<'_>)]| {
        let args: Vec<_> = [name].into_iter().chain(args.iter().copied()).collect();
        Some(texts.say_for(key, last.side, &args))
    };
    let pain = sets.iter().filter_map(|set| set.pain).max().unwrap_or(0);
    if pain >= PAIN_STOPS {
        return say("session.next.pain", &[("pain", Arg::Count(u32::from(pain)))]);
    }
    if sets.iter().any(|set| !set.counts_for_progress) {
        return say("session.next.unsure", &[]);
    }
    let target = last.target?;
    if last.count < target {
        return say("session.next.missed", &[("count", Arg::Count(last.count)), ("target", Arg::Count(target))]);
    }
    let full = sets.iter().filter(|set| set.target.is_some_and(|target| set.count >= target)).count();
    if full < FULL_SETS_LEAST {
        return say("session.next.first", &[]);
    }
    say("session.next.met", &[("count", Arg::Count(full as u32))])
}

//! What is said when a session is over: one true sentence, and what comes next with its reason.

use super::Session;
use super::io::{SessionSummary, SetResult};
use crate::plan::{Known, KnownLeg, Pace};
use crate::prescribe::{Past, case, decide};
use crate::progression::{Action, Exposure, Looked, own_range};
use crate::text::{Arg, Texts};

/// A set that is over.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) set_index: u32,
    pub(super) block: usize,
    pub(super) walks: bool,
    /// The most pain that was told while it was on.
    pub(super) pain_in_set: Option<u8>,
    pub(super) result: SetResult,
}

/// Sums up; `next` is what comes next, rendered.
pub(super) fn sum_up(
    done: &[Done],
    texts: &Texts,
    duration_s: f64,
    next: Vec<String>,
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
        next,
        walk: Vec::new(),
        walked: None,
        tested: Vec::new(),
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

impl Session {
    /// One line per exercise and side: what progression makes of everything that is known, this session included. Where
    /// nobody is known it says nothing.
    pub(super) fn what_comes_next(&self) -> Vec<String> {
        let Some(known) = self.known.as_deref().filter(|_| self.pace == Pace::Guided) else { return Vec::new() };
        let mut lines = Vec::new();
        for leg in &known.legs {
            let Some(block) = self
                .course
                .blocks
                .iter()
                .find(|block| block.asked.exercise == leg.exercise && block.asked.side == leg.side)
            else {
                continue;
            };
            // Of a walk that was led its own words say what there is to say.
            if known.walk.is_some() && block.exercise.walks() {
                continue;
            }
            let Some(now) = self.exposure(known, leg) else { continue };
            let own: Vec<Exposure> = leg.own.iter().cloned().chain([now]).collect();
            let other = known.leg(&leg.exercise, leg.side.other());
            let other: Option<Vec<Exposure>> =
                other.map(|other| other.own.iter().cloned().chain(self.exposure(known, other)).collect());
            let case =
                case(&block.exercise, &leg.ceiling, &known.body, known.care, &known.kit, &self.rules, known.week);
            let past = Past { own: &own, other: other.as_deref(), own_range_deg: None };
            let why = decide(&case, past, known.today).why.say(&self.texts);
            let name = self.texts.exercise(&leg.exercise);
            let args = [("exercise", Arg::Text(name)), ("why", Arg::Text(&why))];
            lines.push(self.texts.say_for("session.next", leg.side, &args));
        }
        lines
    }

    /// What was done here of an exercise on a side, as progression looks at it.
    fn exposure(&self, known: &Known, leg: &KnownLeg) -> Option<Exposure> {
        let of = |done: &&Done| done.result.exercise == leg.exercise && done.result.side == leg.side;
        let done: Vec<&Done> = self.done.iter().filter(of).collect();
        let block = self.course.blocks.get(done.first()?.block)?;
        let sets: Vec<&SetResult> = done.iter().map(|done| &done.result).collect();
        let own = block.asked.own_range_deg.or_else(|| own_range(&sets));
        let looked = (leg.action == Action::FindLoad).then_some(Looked { ceiling: &leg.ceiling, rules: &self.rules });
        let exposure = Exposure::of(known.today, &sets, &block.exercise, own, looked)?;
        Some(Exposure { lighter: leg.action == Action::Lighter, ..exposure })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_names_what_was_done() {
        let texts = Texts::of("en");
        assert_eq!(sentence(&texts, 0, 0, 0), "Nothing was counted.");
        assert_eq!(sentence(&texts, 1, 1, 40), "1 repetition in one set and 40 strides walked.");
        assert_eq!(sentence(&texts, 36, 3, 40), "36 repetitions in 3 sets and 40 strides walked.");
        assert_eq!(sentence(&Texts::of("de"), 24, 2, 0), "24 Wiederholungen in 2 Sätzen.");
    }
}

//! What comes next for one exercise and side: the same, more, less, or something else, with its reason.
//!
//! Double progression: first more repetitions, then the smallest step of weight, judged by the torque it adds. A step up
//! needs two sessions in which every set was measured and met every check, on both sides; anything less holds or lowers.
//! Pain and missed repetitions lower a load whether or not a set was measured: an answer is an answer.

mod exposure;

pub use exposure::{Exposure, Looked, SetDone, own_range};

use crate::catalogue::{Catalogue, Exercise, Grade, Rules};
use crate::load::{Bound, Ceiling, Kit, Reason, Value};
use crate::mechanics::Mechanics;
use crate::person::Body;
use crate::screening::Screening;
use serde::{Deserialize, Serialize};

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Learn it without a weight until the gate to the first weight is passed.
    Learn,
    /// Find the load to begin with.
    FindLoad,
    /// The same load; repetitions may rise within their range.
    Hold,
    /// A step up.
    Up,
    /// A step down.
    Down,
    /// A lighter time: mark its exposure as such.
    Lighter,
    /// Back to the load before a lighter time.
    Back,
    /// The same load, slower: the next step would be too big, or nothing has changed for a while.
    Slower,
    /// The weights have been outgrown here: a harder exercise or other equipment.
    Outgrown,
    /// Nothing has changed for long: another exercise for the same muscles ([`another`]), this one as it is until then.
    Vary,
    /// Not before the next check-in: pain stopped it.
    CheckInFirst,
}

/// What is prescribed next.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What is decided.
    pub action: Action,
    /// Weight, grams: never above the ceiling, and above the last load only where `action` is [`Action::Up`] or
    /// [`Action::Back`] (never above what was carried before the lighter time).
    pub mass_g: u32,
    /// Sets.
    pub sets: u8,
    /// Repetitions a set.
    pub reps: u32,
    /// Rest after a set, seconds.
    pub rest_s: u32,
    /// Repetitions to leave in reserve.
    pub reserve: u8,
    /// Why.
    pub why: Reason,
}

impl Step {
    /// The same as far as a week of a programme lets it through, which only ever takes away: at most `most_g`, and no
    /// step up from `stay_g` where the week has none.
    #[must_use]
    pub fn held_to(mut self, most_g: u32, stay_g: Option<u32>, top: u32) -> Self {
        if let Some(last_g) = stay_g.filter(|last_g| self.action == Action::Up && self.mass_g > *last_g) {
            (self.action, self.mass_g, self.reps) = (Action::Hold, last_g, top);
            self.why = Reason::own("week_holds", &[]);
        }
        if self.mass_g > most_g || (most_g == 0 && self.action == Action::FindLoad) {
            self.action = if most_g == 0 { Action::Learn } else { Action::Hold };
            self.mass_g = self.mass_g.min(most_g);
            self.why = Reason::own("week_lighter", &[]);
        }
        self
    }
}

/// What does not change from session to session.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// The exercise.
    pub exercise: &'a Exercise,
    /// Whose levers.
    pub body: &'a Body,
    /// Whether half caps and slower rules hold (from the age of care on, or a joint flag).
    pub care: bool,
    /// The most this leg may carry.
    pub ceiling: &'a Ceiling,
    /// The weights there are.
    pub kit: &'a Kit,
    /// Thresholds.
    pub rules: &'a Rules,
    /// Repetitions a set, from and to.
    pub reps: (u32, u32),
    /// Sets.
    pub sets: u8,
    /// Rest after a set, seconds.
    pub rest_s: u32,
    /// Repetitions to leave in reserve.
    pub reserve: u8,
    /// Week of the programme, from 1; every fourth is lighter. 0 where there is no programme.
    pub week: u32,
}

/// Days beyond the usual distance of two sessions from which on it is a break.
const BEYOND_USUAL_DAYS: f64 = 3.0;
/// Newest sessions whose distances are the usual one.
const GAPS_MOST: usize = 5;

/// The usual distance of two sessions of an exercise, days: the median of the newest. `None` for fewer than two distances.
fn usual_gap(own: &[Exposure]) -> Option<f64> {
    let newest = &own[own.len().saturating_sub(GAPS_MOST)..];
    let mut gaps: Vec<f64> = newest.windows(2).map(|pair| pair[1].day.saturating_sub(pair[0].day) as f64).collect();
    if gaps.len() < 2 { None } else { talus_motion::stats::median(&mut gaps) }
}

/// Decides what is next on `today` (a day number), from what this side and the other have done, oldest first. `other` is
/// `None` where a plan trains one side only.
pub fn next(case: &Case<'_>, own: &[Exposure], other: Option<&[Exposure]>, today: i64) -> Step {
    let mut step = decide(case, own, other, today);
    // One set more for the side that is behind, where nothing else was decided and nothing hurts.
    let behind = other.and_then(|other| behind_percent(case, own, other)).unwrap_or(0.0);
    if step.why.rule == "more_reps" && behind > case.rules.step.gap_percent.value {
        step.sets = step.sets.saturating_add(1);
        step.why = Reason::own("weaker_side", &[]);
    }
    // Whatever was decided: never past the ceiling, and on the weights there are.
    step.mass_g = case.kit.at_most(step.mass_g.min(case.ceiling.mass_g));
    if case.care {
        step.reserve = step.reserve.max(case.rules.effort.care_reserve_least.whole() as u8);
        step.rest_s = step.rest_s.max(case.rules.rest.care_rest_s.whole());
    }
    step.sets = step.sets.max(1);
    step.reps = step.reps.max(1);
    step
}

fn decide(case: &Case<'_>, own: &[Exposure], other: Option<&[Exposure]>, today: i64) -> Step {
    let rules = case.rules;
    let (low, high) = case.reps;
    let step = |action, mass_g, reps, why| Step {
        action,
        mass_g,
        sets: case.sets,
        reps,
        rest_s: case.rest_s,
        reserve: case.reserve,
        why,
    };
    let Some(last) = own.last() else {
        return step(Action::Learn, 0, low, Reason::own("learn", &[("count", sessions(rules))]));
    };
    // What a lighter time was lighter than; safety looks at the very last, whatever it was.
    let full: Vec<&Exposure> = own.iter().filter(|one| !one.lighter).collect();
    let full = if full.is_empty() { own.iter().collect() } else { full };
    let reached = full.last().map_or(0, |one| one.mass_g);
    let mass = last.mass_g;
    let at = |mass_g| [("mass", Value::Mass(mass_g))];
    let pain = last.pain();
    if pain.is_some_and(|pain| rules.pain.stop_from.reached(pain)) {
        let lower = case.kit.down(mass);
        if !last.checked_in {
            return step(Action::CheckInFirst, lower, low, Reason::own("pain_stop", &[("pain", count(pain))]));
        }
        let why = Reason::own("pain_down", &[("mass", Value::Mass(lower)), ("pain", count(pain))]);
        return step(Action::Down, lower, low, why);
    }
    // A ceiling that has come down since (a plan, an answer, a birthday) comes before everything but pain.
    if mass > case.ceiling.mass_g {
        return step(Action::Down, case.ceiling.mass_g, low, case.ceiling.reason());
    }
    let away = u32::try_from(today.saturating_sub(last.day).max(0)).unwrap_or(u32::MAX);
    if rules.away.begin_again_days.reached(away) && mass > 0 {
        return step(Action::FindLoad, 0, low, Reason::own("away_again", &[("count", Value::Count(away))]));
    }
    if last.morning_rise.is_some_and(|rise| rules.pain.morning_rise.reached(rise)) {
        let lower = case.kit.down(mass);
        return step(Action::Down, lower, low, Reason::own("morning", &at(lower)));
    }
    if pain.is_some_and(|pain| rules.pain.lighter_from.reached(pain)) {
        return step(Action::Hold, mass, low, Reason::own("pain_hold", &[("pain", count(pain))]));
    }
    if rules.away.step_down_days.reached(away) {
        let lower = case.kit.down(mass);
        let why = Reason::own("away_down", &[("count", Value::Count(away)), ("mass", Value::Mass(lower))]);
        return Step { sets: case.sets.saturating_sub(1).max(1), ..step(Action::Down, lower, low, why) };
    }
    let same = |n: usize| full.iter().rev().take(n).filter(|one| one.mass_g == mass).count() == n;
    if last.form().is_some_and(|form| !rules.gate.form_hold.reached(form)) && mass > 0 {
        let lower = case.kit.down(mass);
        return step(Action::Down, lower, low, Reason::own("form_down", &at(lower)));
    }
    let missed = full.iter().rev().take(2).filter(|one| one.fewest() < low).count();
    if missed == 2 && same(2) && mass > 0 && !last.lighter {
        let lower = case.kit.down(mass);
        return step(Action::Down, lower, low, Reason::own("missed_twice", &at(lower)));
    }
    // What is usual for this exercise is no break: in a programme of two sessions in turns a week lies between. Without
    // a weight there is none to be careful with.
    let usual = usual_gap(own).map_or(0.0, |days| days + BEYOND_USUAL_DAYS);
    if f64::from(away) >= rules.away.repeat_days.value.max(usual) && mass > 0 {
        let reps = last.fewest().clamp(low, high);
        return step(Action::Hold, mass, reps, Reason::own("away_repeat", &[("count", Value::Count(away))]));
    }
    // Back from a lighter time only where that was measured and comfortable; otherwise on from where it was.
    if last.lighter && !(last.measured() && last.comfortable(rules)) {
        return step(Action::Hold, mass, low, Reason::own("unmeasured", &[]));
    }
    if let Some(lighter) = lighter(case, &full) {
        return lighter;
    }
    if last.lighter && reached > mass {
        return step(Action::Back, reached, low, Reason::own("back", &at(reached)));
    }
    let (mass, last) = (reached, full.last().copied().unwrap_or(last));
    if mass == 0 && case.ceiling.mass_g == 0 {
        // Nothing to add: more repetitions within the range, then slower.
        return more(case, last, case.ceiling.reason());
    }
    let gate = own.iter().filter(|one| one.mastered(rules)).count();
    if mass == 0 && own.iter().all(|one| one.mass_g == 0) {
        if gate < rules.gate.unloaded_sessions.whole() as usize {
            let left = rules.gate.unloaded_sessions.whole() - gate as u32;
            return step(Action::Learn, 0, low, Reason::own("gate", &[("count", Value::Count(left))]));
        }
        return step(Action::FindLoad, 0, low, Reason::own("gate_passed", &[("count", sessions(rules))]));
    }
    if !last.measured() {
        return step(Action::Hold, mass, last.fewest().clamp(low, high), Reason::own("unmeasured", &[]));
    }
    if last.form().is_none_or(|form| !rules.gate.form_least.reached(form)) {
        let key = if last.form().is_some() { "form_hold" } else { "form_unknown" };
        return step(Action::Hold, mass, last.fewest().clamp(low, high), Reason::own(key, &[]));
    }
    let met = |all: &[&Exposure]| {
        let n = rules.gate.sessions_met.whole() as usize;
        let recent = all.iter().rev().take(n);
        all.len() >= n && recent.clone().all(|one| one.mass_g >= mass && one.met(high, case.reserve, rules))
    };
    if !(met(&full) && same(rules.gate.sessions_met.whole() as usize)) {
        return plateau(case, &full).unwrap_or_else(|| more(case, last, Reason::own("more_reps", &[])));
    }
    // The weaker side leads: the stronger waits for it.
    let behind = |other: &[Exposure]| !met(&other.iter().filter(|one| !one.lighter).collect::<Vec<_>>());
    if other.is_some_and(behind) {
        return step(Action::Hold, mass, high, Reason::own("other_side", &[]));
    }
    up(case, &full, mass)
}

/// A step up, or what stands in for it where the step would be too big or there is none.
fn up(case: &Case<'_>, own: &[&Exposure], mass: u32) -> Step {
    let rules = case.rules;
    let (low, high) = case.reps;
    let step = |action, mass_g, reps, why| Step {
        action,
        mass_g,
        sets: case.sets,
        reps,
        rest_s: case.rest_s,
        reserve: case.reserve,
        why,
    };
    let next = case.kit.up(mass).filter(|next| *next <= case.ceiling.mass_g);
    let Some(next) = next else {
        let left = rules.step.outgrown_reserve.whole();
        let easy = own.iter().rev().take(2).all(|one| one.reserve().is_some_and(|reserve| u32::from(reserve) >= left));
        // What a plan holds back has not been outgrown.
        if easy && case.ceiling.bound != Bound::Plan {
            return step(Action::Outgrown, mass, high, Reason::own("outgrown", &[("mass", Value::Mass(mass))]));
        }
        return step(Action::Hold, mass, high, case.ceiling.reason());
    };
    let more = more_torque(case, mass, next);
    let checks =
        Reason::own("up", &[("mass", Value::Mass(next)), ("count", Value::Count(rules.gate.sessions_met.whole()))]);
    if more.is_some_and(|more| more <= rules.step.torque_percent.value) {
        let sourced = checks.leaning_on(&rules.step.torque_percent.source, Grade::A);
        return step(Action::Up, next, low, sourced);
    }
    let extra = rules.step.extra_reps.whole();
    if more.is_some_and(|more| more <= rules.step.torque_earned_percent.value) {
        let earned =
            own.iter().rev().take(rules.gate.sessions_met.whole() as usize).all(|one| one.fewest() >= high + extra);
        if earned {
            return step(Action::Up, next, low, checks);
        }
        return step(Action::Hold, mass, high + extra, Reason::own("earn", &[("count", Value::Count(high + extra))]));
    }
    step(Action::Slower, mass, high, Reason::own("step_too_big", &[("mass", Value::Mass(next))]))
}

/// How much more torque the next weight asks at the peak, limb and weight together, per cent. Without a model of the
/// limb the weights alone are compared, which overstates it; `None` where there is nothing to compare with.
pub fn more_torque(case: &Case<'_>, from_g: u32, to_g: u32) -> Option<f64> {
    let mechanics = Mechanics::of(case.exercise, case.body);
    let total = |mass_g: u32| match mechanics {
        Some(mechanics) => mechanics.peak(mass_g).total_nm().unwrap_or(f64::from(mass_g)),
        None => f64::from(mass_g),
    };
    let (from, to) = (total(from_g), total(to_g));
    (from > 0.0).then(|| 100.0 * (to - from) / from)
}

/// More repetitions within the range.
fn more(case: &Case<'_>, last: &Exposure, why: Reason) -> Step {
    let (low, high) = case.reps;
    // One more than the weakest set, where that set was measured.
    let reps = if last.measured() { last.fewest().saturating_add(1) } else { last.fewest() };
    Step {
        action: Action::Hold,
        mass_g: last.mass_g,
        sets: case.sets,
        reps: reps.clamp(low, high),
        rest_s: case.rest_s,
        reserve: case.reserve,
        why,
    }
}

/// Nothing gained for some sessions at one load: one thing after the other is changed, and the load last of all. Slower
/// first; then the same work in more and shorter sets; another exercise; more often; and at last a step down, to come
/// back from.
fn plateau(case: &Case<'_>, own: &[&Exposure]) -> Option<Step> {
    let n = case.rules.step.plateau_exposures.whole().max(1);
    let last = *own.last()?;
    let run = own.iter().rev().take_while(|one| one.mass_g == last.mass_g && one.measured()).count();
    let run = &own[own.len() - run..];
    let mut best = 0;
    let mut still = 0;
    for one in run {
        still = if one.fewest() > best { 0 } else { still + 1 };
        best = best.max(one.fewest());
    }
    let (low, high) = case.reps;
    let as_it_is = Step {
        action: Action::Hold,
        mass_g: last.mass_g,
        sets: case.sets,
        reps: last.fewest().clamp(low, high),
        rest_s: case.rest_s,
        reserve: case.reserve,
        why: Reason::own("plateau", &[("count", Value::Count(still))]),
    };
    match still / n {
        0 => None,
        1 => Some(Step { action: Action::Slower, ..as_it_is }),
        2 => Some(Step {
            sets: case.sets.saturating_add(1),
            reps: low,
            why: Reason::own("plateau_sets", &[("count", Value::Count(low))]),
            ..as_it_is
        }),
        4 => Some(Step { why: Reason::own("plateau_often", &[]), ..as_it_is }),
        stage if stage > 4 && last.mass_g > 0 => {
            let lower = case.kit.down(last.mass_g);
            let why = Reason::own("plateau_load", &[("mass", Value::Mass(lower))]);
            Some(Step { action: Action::Down, mass_g: lower, reps: low, why, ..as_it_is })
        }
        _ => Some(Step { action: Action::Vary, why: Reason::own("plateau_vary", &[]), ..as_it_is }),
    }
}

/// How far this side is behind the other, per cent of the other: repetitions of the weakest set times the torque at the
/// peak. Negative where it is ahead; `None` where either was not measured, hurt, or did nothing.
pub fn behind_percent(case: &Case<'_>, own: &[Exposure], other: &[Exposure]) -> Option<f64> {
    let reached = |all: &[Exposure]| {
        let last = all.iter().rev().find(|one| !one.lighter)?;
        let counts = last.measured() && last.comfortable(case.rules);
        // Without a model of the limb, loads that differ cannot be compared.
        let torque = match Mechanics::of(case.exercise, case.body) {
            Some(mechanics) => mechanics.peak(last.mass_g).total_nm().filter(|nm| *nm > 0.0)?,
            None => 1.0,
        };
        let done = torque * f64::from(last.fewest());
        (counts && done > 0.0).then_some((done, last.mass_g))
    };
    let ((own, own_g), (other, other_g)) = reached(own).zip(reached(other))?;
    let comparable = own_g == other_g || Mechanics::of(case.exercise, case.body).is_some();
    comparable.then(|| 100.0 * (other - own) / other)
}

/// Another exercise for the muscle this one is for, open to this person: a harder one, and where nothing has changed for
/// long an easier one as well.
pub fn another<'a>(
    catalogue: &'a Catalogue,
    exercise: &Exercise,
    action: Action,
    screening: &Screening,
) -> Option<&'a Exercise> {
    let easier = exercise.easier.as_ref().filter(|_| action == Action::Vary);
    let named = exercise.harder.iter().chain(easier).filter_map(|id| catalogue.exercise(id).ok());
    let fits = |one: &&Exercise| {
        one.muscles.first() == exercise.muscles.first() && !screening.of(one).left_out() && one.id != exercise.id
    };
    named.into_iter().find(fits)
}

/// A lighter week: every fourth of a programme, or where two signs of tiredness meet.
fn lighter(case: &Case<'_>, own: &[&Exposure]) -> Option<Step> {
    let rules = &case.rules.lighter_week;
    let last = own.last()?;
    let every = rules.every_weeks.whole().max(1);
    let by_week = case.week > 0 && case.week.is_multiple_of(every);
    let tired = own.len() > 1 && own[own.len() - 2].signs_of_tiredness(last, rules) >= 2;
    if !by_week && !tired {
        return None;
    }
    let off = if case.care { rules.care_sets_off_percent.value } else { rules.sets_off_percent.value };
    let sets = f64::from(case.sets) * (1.0 - off / 100.0);
    // From the age of care on the load stays and only the sets go.
    let share = if case.care { 1.0 } else { 1.0 - rules.load_off_percent.value / 100.0 };
    let mass_g = case.kit.at_most((f64::from(last.mass_g) * share) as u32);
    Some(Step {
        action: Action::Lighter,
        mass_g,
        sets: (libm::ceil(sets) as u8).max(1),
        reps: case.reps.0,
        rest_s: case.rest_s,
        reserve: case.reserve,
        why: Reason::own(if by_week { "lighter_week" } else { "lighter_tired" }, &[("mass", Value::Mass(mass_g))]),
    })
}

fn sessions(rules: &Rules) -> Value {
    Value::Count(rules.gate.unloaded_sessions.whole())
}

fn count(pain: Option<u8>) -> Value {
    Value::Count(u32::from(pain.unwrap_or(0)))
}

#[cfg(test)]
mod tests;

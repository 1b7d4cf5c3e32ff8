//! The review in words: did load, range, tempo, symmetry, gait or a test change by more than its error, after a session and
//! over time?
//!
//! A difference counts only where it is larger than the error of the sensor and than what this person's own results
//! scatter by. Everything else is "no clear change yet", whichever way it points; what it would mean is left to people.

use crate::catalogue::{Protocol, Rules};
use crate::function::scatter_95;
use crate::text::{Arg, Texts, for_side};
use talus_motion::Side;
use talus_motion::stats::median;

/// Fewest values before the latest that it is compared with.
const BEFORE_LEAST: usize = 3;
/// Most values before the latest that it is compared with: what was long ago is for the view over time.
const BEFORE_MOST: usize = 6;
/// Values at either end that are compared over time.
const END: usize = 3;
/// Fewest days between the middles of the two ends.
const DAYS_LEAST: i64 = 14;

/// Whether something changed by more than its error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// More than before.
    Up,
    /// Less than before.
    Down,
    /// No clear change.
    None,
    /// Too little to compare with.
    TooFew,
}

impl Change {
    /// Of a difference, where `least` is the smallest that counts.
    pub(crate) fn by(difference: f64, least: f64) -> Self {
        if !difference.is_finite() || !least.is_finite() {
            Self::TooFew
        } else if difference > least {
            Self::Up
        } else if difference < -least {
            Self::Down
        } else {
            Self::None
        }
    }
}

/// What is looked at. Values are in the units named.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum What<'a> {
    /// Weight on the leg, grams.
    Load,
    /// Torque at the peak, newton metres: limb and weight.
    Torque,
    /// Range of motion, degrees.
    Range,
    /// Seconds of lowering.
    Lowering,
    /// Repetitions of a set.
    Repetitions,
    /// The weaker side of the stronger, per cent apart.
    SidesApart,
    /// Steps a minute.
    Cadence,
    /// Walking speed, metres per second.
    Speed,
    /// Scatter of swing or stance times, seconds (one standard deviation).
    GaitScatter,
    /// Swing of the slower side over that of the quicker one.
    GaitSymmetry,
    /// Result of a test, in its unit.
    Test(&'a Protocol),
}

impl What<'_> {
    /// The slug it goes by in text keys.
    pub fn slug(&self) -> &'static str {
        match self {
            Self::Load => "load",
            Self::Torque => "torque",
            Self::Range => "range",
            Self::Lowering => "lowering",
            Self::Repetitions => "repetitions",
            Self::SidesApart => "sides_apart",
            Self::Cadence => "cadence",
            Self::Speed => "speed",
            Self::GaitScatter => "gait_scatter",
            Self::GaitSymmetry => "gait_symmetry",
            Self::Test(_) => "test",
        }
    }

    /// The smallest difference that the sensor and the sources let count, in its unit.
    fn floor(&self, rules: &Rules) -> f64 {
        let review = &rules.review;
        match self {
            // A weight is what it is: any step is a change.
            Self::Load => 0.0,
            Self::Torque => review.torque_nm.value,
            Self::Range => review.range_deg.value,
            Self::Lowering => review.lowering_s.value,
            Self::Repetitions => review.repetitions.value,
            Self::SidesApart => rules.step.gap_percent.value,
            Self::Cadence => review.cadence.value,
            Self::Speed => review.speed.value,
            Self::GaitScatter => review.gait_scatter_s.value,
            Self::GaitSymmetry => rules.walk.asymmetry_rise.value,
            Self::Test(protocol) => protocol.change.iter().map(|change| change.least).fold(0.0, f64::max),
        }
    }
}

/// One value on a local day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Days since 1 January 1970.
    pub day: i64,
    /// In the unit of what is looked at. Only what was measured and not corrected belongs here.
    pub value: f64,
}

/// What a review found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding<'a> {
    /// Of what.
    pub what: What<'a>,
    /// Of which leg; `None` where it is of both.
    pub side: Option<Side>,
    /// Whether it changed.
    pub change: Change,
    /// By how much, in its unit; positive is more. Zero where there is too little to compare with.
    pub by: f64,
    /// The smallest difference that would have counted.
    pub least: f64,
    /// Over how many weeks; 0 after a session.
    pub weeks: u32,
}

/// The latest value against the few before it; in order of days.
pub fn after_session<'a>(what: What<'a>, side: Option<Side>, points: &[Point], rules: &Rules) -> Finding<'a> {
    let values = finite(points);
    let nothing = Finding { what, side, change: Change::TooFew, by: 0.0, least: 0.0, weeks: 0 };
    let Some(((_, now), before)) = values.split_last() else { return nothing };
    if before.len() < BEFORE_LEAST {
        return nothing;
    }
    let before: Vec<f64> = before[before.len() - before.len().min(BEFORE_MOST)..].iter().map(|(_, v)| *v).collect();
    compare(nothing, &before, *now, &before, rules)
}

/// The last values against the first; in order of days.
pub fn over_time<'a>(what: What<'a>, side: Option<Side>, points: &[Point], rules: &Rules) -> Finding<'a> {
    let values = finite(points);
    let mut nothing = Finding { what, side, change: Change::TooFew, by: 0.0, least: 0.0, weeks: 0 };
    if values.len() < 2 * END {
        return nothing;
    }
    let days = values[values.len() - END / 2 - 1].0.saturating_sub(values[END / 2].0);
    if days < DAYS_LEAST {
        return nothing;
    }
    nothing.weeks = u32::try_from(days / 7).unwrap_or(u32::MAX);
    let all: Vec<f64> = values.iter().map(|(_, value)| *value).collect();
    let mut last = [0.0; END];
    last.copy_from_slice(&all[all.len() - END..]);
    match median(&mut last) {
        Some(now) => compare(nothing, &all[..END], now, &all, rules),
        None => nothing,
    }
}

fn finite(points: &[Point]) -> Vec<(i64, f64)> {
    points.iter().filter(|point| point.value.is_finite()).map(|point| (point.day, point.value)).collect()
}

/// Now against the middle of before, where the own scatter is that of `own`.
fn compare<'a>(found: Finding<'a>, before: &[f64], now: f64, own: &[f64], rules: &Rules) -> Finding<'a> {
    let mut sorted = before.to_vec();
    let Some(then) = median(&mut sorted) else { return found };
    // A weight is chosen, not measured: its steps are no scatter.
    let scatter = if found.what == What::Load { 0.0 } else { scatter_95(own).unwrap_or(0.0) };
    let least = found.what.floor(rules).max(scatter);
    Finding { change: Change::by(now - then, least), by: now - then, least, ..found }
}

impl Finding<'_> {
    /// In the words of a language: what, by how much, and that it is more than the error; or that it is not.
    pub fn say(&self, texts: &Texts) -> String {
        let (when, weeks) = if self.weeks == 0 { ("after", 0) } else { ("over", self.weeks) };
        let key = match self.change {
            Change::Up => format!("review.{when}.up"),
            Change::Down => format!("review.{when}.down"),
            Change::None => "review.no_change".to_owned(),
            Change::TooFew => "review.too_few".to_owned(),
        };
        let key = match self.side {
            Some(side) => for_side(&key, side),
            None => key,
        };
        let what = match self.what {
            What::Test(protocol) => texts.say(&format!("protocol.{}.name", protocol.id), &[]),
            _ => texts.say(&format!("review.what.{}", self.what.slug()), &[]),
        };
        let by = self.amount(texts);
        texts.say(&key, &[("what", Arg::Text(&what)), ("by", Arg::Text(&by)), ("count", Arg::Count(weeks))])
    }

    /// The difference without its sign, in its unit.
    fn amount(&self, texts: &Texts) -> String {
        let by = self.by.abs();
        let whole = by.round() as u32;
        let number = |decimals: usize, unit: &str| {
            let number = texts.number(by, decimals);
            texts.say(&format!("review.unit.{unit}"), &[("value", Arg::Text(&number))])
        };
        match self.what {
            What::Load => texts.mass(whole),
            What::Torque => number(1, "nm"),
            What::Range => texts.degrees(Some(by)),
            What::Lowering => texts.seconds(Some(by)),
            What::Repetitions => texts.say("review.unit.repetitions", &[("count", Arg::Count(whole))]),
            What::SidesApart => number(0, "points"),
            What::Cadence => number(0, "steps"),
            What::Speed => number(2, "m_per_s"),
            What::GaitScatter => number(3, "s"),
            What::GaitSymmetry => number(2, "ratio"),
            What::Test(protocol) => protocol.say_value(by, texts),
        }
    }
}

#[cfg(test)]
mod tests;

//! [`Change`]: whether a measure has changed by more than it varies anyway, and the sentence that says so.
//!
//! How much a measure varies is learned from the person's own repeats: successive differences know nothing of a slow
//! trend, so their spread over the square root of two is the typical error (Hopkins, Sports Med 2000;30:1). The first
//! and the last few sessions are compared, with a Student factor for how few differences there are. What the sensor may
//! be off by is the least error there is. "No clear change yet" is said as plainly as a change.

use crate::text::{Arg, Texts};
use talus_motion::Side;

/// Sessions that make a first trend.
pub const LEAST: usize = 3;
/// Sessions at either end that are compared, at most.
const ENDS: usize = 3;
/// Two-sided 95 % points of Student's t by degrees of freedom, as in any table; from the last on the normal 1.96.
const STUDENT: [f64; 30] = [
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
    2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
];
const NORMAL: f64 = 1.96;
/// Differences of neighbours share values: so many of them are worth this share of independent ones (von Neumann 1941).
const WORTH: f64 = 2.0 / 3.0;

/// What is measured, and so how its change is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Torque, newton metres.
    Torque,
    /// Weight, kilograms.
    Load,
    /// Range of motion, degrees.
    Range,
    /// Angular velocity, degrees a second.
    Velocity,
    /// Form, points of 100.
    Form,
    /// Time, seconds: a hold, a stride, a test.
    Seconds,
    /// Speed of walking, metres a second.
    Speed,
    /// A count: chair stands, repetitions.
    Count,
}

impl Measure {
    /// Decimals of a change, and the key of its unit.
    fn said(self) -> (usize, &'static str) {
        match self {
            Self::Torque => (1, "torque"),
            Self::Load => (2, "load"),
            Self::Range => (0, "range"),
            Self::Velocity => (0, "velocity"),
            Self::Form => (0, "form"),
            Self::Seconds => (2, "seconds"),
            Self::Speed => (2, "speed"),
            Self::Count => (0, "count"),
        }
    }

    /// What the measure may be off by whoever does it, in its unit: a change of less is never named. Range: what the
    /// tracker is built to (5°, `docs/accuracy.md` has what it reaches). Speed: the change of usual walking speed that is
    /// called substantial (the source `perera2006`). Velocity and torque are the caller's, whose mechanics they follow.
    pub fn least_error(self) -> f64 {
        match self {
            Self::Range | Self::Form => 5.0,
            Self::Speed => 0.10,
            Self::Count => 1.0,
            Self::Load | Self::Torque | Self::Velocity | Self::Seconds => 0.0,
        }
    }
}

/// How a measure went from its first sessions to its last.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// The first sessions' mean.
    pub from: f64,
    /// The last sessions' mean.
    pub to: f64,
    /// What the difference of the two may be without any change: half of a 95 % interval, or the sensor's own error.
    pub error: f64,
    /// The person's typical error: one standard deviation of repeats.
    pub typical: f64,
}

impl Change {
    /// Of values in the order of time, one a session; `None` where fewer than [`LEAST`] are numbers. `least_error` is
    /// what the sensor may be off by.
    pub fn of(values: &[f64], least_error: f64) -> Option<Self> {
        let values: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        let n = values.len();
        if n < LEAST {
            return None;
        }
        let squares: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]) * (pair[1] - pair[0])).sum();
        let differences = (n - 1) as f64;
        let typical = (squares / differences / 2.0).sqrt();
        let ends = ENDS.min(n / 2).max(1);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let free = ((WORTH * differences) as usize).max(1);
        let student = STUDENT.get(free - 1).copied().unwrap_or(NORMAL);
        let own = student * typical * (2.0 / ends as f64).sqrt();
        Some(Self { from: mean(&values[..ends]), to: mean(&values[n - ends..]), error: own.max(least_error), typical })
    }

    /// The difference.
    pub fn by(&self) -> f64 {
        self.to - self.from
    }

    /// Whether it is more than the error.
    pub fn clear(&self) -> bool {
        self.by().abs() > self.error
    }
}

/// The sentence for a change: "Right: up 2.1 N·m since August. More than the error (± 0.9)." `since` is the first day
/// (`YYYY-MM-DD`); `None` for too few sessions.
pub fn sentence(texts: &Texts, measure: Measure, side: Option<Side>, change: Option<Change>, since: &str) -> String {
    let said = |what: &str, args: &[(&str, Arg<'_>)]| {
        let key = format!("change.{what}");
        match side {
            Some(side) => texts.say_for(&key, side, args),
            None => texts.say(&key, args),
        }
    };
    let Some(change) = change else { return texts.say("change.few", &[]) };
    if !change.clear() {
        return said("none", &[]);
    }
    let (decimals, unit) = measure.said();
    let by = texts.number(change.by().abs(), decimals);
    let by = texts.say(&format!("change.unit.{unit}"), &[("value", Arg::Text(&by))]);
    let error = texts.number(change.error, decimals);
    let month = since.get(5..7).and_then(|month| month.parse::<u8>().ok()).unwrap_or(0);
    let month = texts.say(&format!("change.month.m{month}"), &[]);
    let args = [("by", Arg::Text(&by)), ("error", Arg::Text(&error)), ("since", Arg::Text(&month))];
    said(if change.by() > 0.0 { "up" } else { "down" }, &args)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Xorshift, summed: near enough to a normal spread of one.
    struct Noise(u64);

    impl Noise {
        fn next(&mut self) -> f64 {
            let mut sum = 0.0;
            for _ in 0..12 {
                self.0 ^= self.0 << 13;
                self.0 ^= self.0 >> 7;
                self.0 ^= self.0 << 17;
                sum += (self.0 >> 11) as f64 / (1u64 << 53) as f64;
            }
            sum - 6.0
        }
    }

    fn share_named(n: usize, drift: f64) -> f64 {
        let mut noise = Noise(0x5eed);
        let rounds = 2000;
        let named = (0..rounds)
            .filter(|_| {
                let values: Vec<f64> =
                    (0..n).map(|at| 40.0 + drift * at as f64 / (n - 1) as f64 + noise.next()).collect();
                Change::of(&values, 0.0).is_some_and(|change| change.clear())
            })
            .count();
        named as f64 / f64::from(rounds)
    }

    #[test]
    fn somebody_who_only_varies_is_told_of_a_change_once_in_twenty_at_most() {
        for n in [3, 4, 5, 6, 8, 12, 20, 60, 300] {
            let named = share_named(n, 0.0);
            assert!(named < 0.07, "{n} sessions: {named}");
        }
    }

    #[test]
    fn a_change_of_four_typical_errors_is_found_from_a_dozen_sessions_on() {
        for n in [12, 20, 60] {
            let named = share_named(n, 4.0);
            assert!(named > 0.9, "{n} sessions: {named}");
        }
    }

    #[test]
    fn fewer_than_three_sessions_are_no_trend_and_less_than_the_sensor_error_is_no_change() {
        assert_eq!(Change::of(&[1.0, 2.0], 0.0), None);
        assert_eq!(Change::of(&[1.0, f64::NAN, 2.0, f64::INFINITY], 0.0), None);
        let steady = [70.0, 70.0, 70.0, 74.0, 74.0, 74.0];
        let change = Change::of(&steady, 5.0).unwrap();
        assert!(!change.clear() && (change.by() - 4.0).abs() < 1e-12, "{change:?}");
        assert!(Change::of(&[70.0, 70.0, 70.0, 76.0, 76.0, 76.0], 5.0).unwrap().typical > 1.0);
    }

    #[test]
    fn a_change_and_no_change_are_sentences_in_both_languages() {
        let change = Change { from: 10.0, to: 12.1, error: 0.9, typical: 0.3 };
        let say =
            |language: &str, change, side| sentence(&Texts::of(language), Measure::Torque, side, change, "2026-08-03");
        let right = Some(Side::Right);
        assert_eq!(
            say("en", Some(change), right),
            "Right: up 2.1\u{202f}N·m since August. More than the error (± 0.9)."
        );
        assert_eq!(
            say("de", Some(change), right),
            "Rechts: 2,1\u{202f}N·m mehr seit August. Mehr als der Messfehler (± 0,9)."
        );
        let none = Change { error: 3.0, ..change };
        assert_eq!(say("en", Some(none), Some(Side::Left)), "Left: no clear change yet.");
        assert_eq!(say("de", Some(none), None), "Noch keine klare Veränderung.");
        assert_eq!(say("en", None, None), "Three sessions make a first trend.");
        let less = Change { from: 12.1, to: 10.0, ..change };
        assert!(say("en", Some(less), None).starts_with("Down 2.1"), "{}", say("en", Some(less), None));
        for language in ["en", "de"] {
            for measure in [
                Measure::Torque,
                Measure::Load,
                Measure::Range,
                Measure::Velocity,
                Measure::Form,
                Measure::Seconds,
                Measure::Speed,
                Measure::Count,
            ] {
                for month in 1..=12 {
                    let day = format!("2026-{month:02}-01");
                    let said = sentence(&Texts::of(language), measure, None, Some(change), &day);
                    assert!(!said.contains("change.") && !said.contains('{'), "{said}");
                }
            }
        }
    }
}

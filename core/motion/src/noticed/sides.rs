//! The wrong side: [`SideWatch`] compares how much the two legs turn while one of them was asked to.

use super::{Finding, certainty};
use crate::movement::Detector;
use crate::words::{Micros, Quality};

/// A leg at work turns faster than this on average over two seconds, °/s; one that stands or lies turns by 1 to 3.
pub const WORKS_DPS: f64 = 8.0;
/// … and so many times faster than the leg that should.
const TIMES: f64 = 3.0;
/// For so long, s: a leg is put right in less.
const SUSTAINED_S: f64 = 3.0;
/// Steps longer than this tell nothing of the time between, s.
const STEP_MOST_S: f64 = 1.0;

/// Watches which leg moves.
#[derive(Debug, Clone, Copy, Default)]
pub struct SideWatch {
    last: Option<Micros>,
    since: Option<Micros>,
    other_s: f64,
    beyond: f64,
    told: bool,
}

impl SideWatch {
    /// For one set of one leg.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes how fast the leg that was asked to and the other one turn now, degrees per second
    /// ([`Tracker::turning_dps`](crate::Tracker::turning_dps) of each; a few times a second). Tells the wrong side once: the
    /// other leg has worked for three seconds while the one that was asked to did not.
    pub fn push(&mut self, at: Micros, asked_dps: f64, other_dps: f64, quality: Quality) -> Option<Finding> {
        let dt_s = self.last.map_or(0.0, |last| at.since(last) as f64 * 1e-6);
        self.last = Some(at);
        if !(0.0..=STEP_MOST_S).contains(&dt_s) || !asked_dps.is_finite() || !other_dps.is_finite() {
            return None;
        }
        let other_works = other_dps > WORKS_DPS && other_dps > TIMES * asked_dps;
        if other_works {
            self.since.get_or_insert(at);
            self.other_s += dt_s;
            self.beyond += dt_s * (other_dps / WORKS_DPS.max(TIMES * asked_dps) - 1.0);
        } else if asked_dps > WORKS_DPS {
            // It works after all.
            (self.since, self.other_s, self.beyond) = (None, 0.0, 0.0);
        }
        let start = self.since.filter(|_| !self.told && self.other_s >= SUSTAINED_S)?;
        self.told = true;
        let confidence = certainty(self.beyond / self.other_s, 1.0);
        Some(Finding { detector: Detector::WrongSide, start, end: at, confidence, quality })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(asked: impl Fn(f64) -> f64, other: impl Fn(f64) -> f64) -> Option<Finding> {
        let mut watch = SideWatch::new();
        (0..200)
            .map(|i| f64::from(i) * 0.1)
            .find_map(|t| watch.push(Micros::from_seconds(t), asked(t), other(t), Quality::GOOD))
    }

    #[test]
    fn the_other_leg_that_works_for_three_seconds_is_told_once_and_one_that_helps_is_not() {
        let found = watched(|_| 2.0, |_| 30.0).unwrap();
        assert_eq!(found.detector, Detector::WrongSide);
        assert!((found.end.seconds() - 3.0).abs() < 0.25 && found.confidence > 0.8, "{found:?}");
        // Both, the right one alone, nobody, and a leg that is moved out of the way.
        assert_eq!(watched(|_| 25.0, |_| 30.0), None);
        assert_eq!(watched(|_| 30.0, |_| 2.0), None);
        assert_eq!(watched(|_| 1.0, |_| 6.0), None);
        assert_eq!(watched(|t| if t < 3.0 { 1.0 } else { 30.0 }, |t| if t < 2.5 { 30.0 } else { 2.0 }), None);
        assert_eq!(watched(|_| f64::NAN, |_| 30.0), None);
    }
}

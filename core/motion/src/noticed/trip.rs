//! A step that was caught: [`Interruption`], a swing that stopped half way and went on.
//!
//! A leg that swings forward turns faster and then slower, once. A foot that catches on something is stopped within a tenth
//! of a second, and what follows is a quick new swing of the same step or a hasty foot: in both the forward turn comes
//! twice. (Strategies of elevating and of lowering the foot: Eng, Winter & Patla, Exp Brain Res 102 (1994).)

use super::{Finding, certainty};
use crate::movement::Detector;
use crate::words::{Micros, Quality};

/// A forward turn that falls by this share of its highest and rises as far again has been interrupted: in 250 recorded swings
/// of shanks and shoes it falls by a fifth at most, and further only where somebody turns round, which is left out.
const DEPTH_SHARE: f64 = 1.0 / 3.0;
/// By how much that share differs from swing to swing where nothing is caught.
const SCATTER_SHARE: f64 = 0.1;

/// How deep the deepest fall between two rises is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Interruption {
    highest: f64,
    low: (f64, f64),
    deepest: f64,
    at_us: f64,
}

impl Interruption {
    /// Takes the forward turning rate at a time.
    pub(crate) fn push(&mut self, at_us: f64, rate_dps: f64) {
        if rate_dps < self.low.0 {
            self.low = (rate_dps, at_us);
        }
        let rise = self.highest.min(rate_dps) - self.low.0;
        if rise > self.deepest {
            (self.deepest, self.at_us) = (rise, self.low.1);
        }
        if rate_dps > self.highest {
            self.highest = rate_dps;
            self.low = (rate_dps, at_us);
        }
    }

    /// The caught step of a swing that ended at `end_us`, if it was one.
    pub(crate) fn over(&self, end_us: f64, quality: Quality) -> Option<Finding> {
        let share = self.deepest / self.highest;
        let at = |us: f64| Micros(us.round() as i64);
        (share > DEPTH_SHARE).then(|| Finding {
            detector: Detector::Trip,
            start: at(self.at_us),
            end: at(end_us),
            confidence: certainty(share - DEPTH_SHARE, SCATTER_SHARE),
            quality,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swing(rate: impl Fn(f64) -> f64) -> Option<Finding> {
        let mut interruption = Interruption::default();
        for i in 0..40 {
            let t = f64::from(i) * 0.01;
            interruption.push(t * 1e6, rate(t));
        }
        interruption.over(4e5, Quality::GOOD)
    }

    #[test]
    fn a_swing_that_stops_half_way_and_goes_on_is_told_and_a_whole_one_is_not() {
        let whole = |t: f64| 350.0 * libm::sin(core::f64::consts::PI * t / 0.4);
        assert_eq!(swing(whole), None);
        // A strap that rings is no catch.
        assert_eq!(swing(|t| whole(t) + 30.0 * libm::sin(t * 120.0)), None);
        let caught = swing(|t| whole(t) * if (0.16..0.22).contains(&t) { 0.1 } else { 1.0 }).unwrap();
        assert!((0.16..0.22).contains(&caught.start.seconds()) && caught.confidence > 0.9, "{caught:?}");
    }
}

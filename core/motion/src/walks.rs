//! What many strides say together: [`Summary`] of a leg's, [`Pair`] of both legs', [`Drift`] from a person's own.
//!
//! Plain functions of strides that were found before: the same live, from history, for one cuff or two on one time base.

use crate::movement::Stride;
use crate::stats::median;

/// Fewest strides a middle and a spread are told of.
const STRIDES_LEAST: usize = 8;
/// Times a median distance from the median that make a standard deviation, for values that scatter normally.
const MAD_TO_SD: f64 = 1.4826;

/// The usual and the scatter of one measure: median, and standard deviation as far as most strides say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    /// Median.
    pub middle: f64,
    /// Standard deviation, from the median distance to the median: one odd stride changes nothing.
    pub spread: f64,
}

impl Usual {
    /// Of these values; `None` for fewer than eight or where one is not a number.
    pub fn of(values: impl Iterator<Item = f64>) -> Option<Self> {
        let mut values: Vec<f64> = values.collect();
        if values.len() < STRIDES_LEAST || !values.iter().all(|value| value.is_finite()) {
            return None;
        }
        let middle = median(&mut values)?;
        for value in &mut values {
            *value = (*value - middle).abs();
        }
        Some(Self { middle, spread: MAD_TO_SD * median(&mut values)? })
    }

    /// Spread as a share of the middle: the coefficient of variation. `None` for a middle of zero.
    pub fn variation(&self) -> Option<f64> {
        (self.middle.abs() > f64::MIN_POSITIVE).then(|| self.spread / self.middle.abs())
    }
}

/// The strides of one leg together; each measure `None` where fewer than eight strides have it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Summary {
    /// Strides looked at: those without a reason against their times.
    pub strides: usize,
    /// Seconds from contact to contact.
    pub stride_s: Option<Usual>,
    /// Seconds on the ground.
    pub stance_s: Option<Usual>,
    /// Seconds in the air.
    pub swing_s: Option<Usual>,
    /// Metres.
    pub length_m: Option<Usual>,
    /// Metres per second.
    pub speed_m_per_s: Option<Usual>,
}

impl Summary {
    /// Of strides in their order. The first and the last of every bout are left out: a leg speeds up and slows down in
    /// them. A bout ends where the next stride does not begin with the last one's contact.
    pub fn of(strides: &[Stride]) -> Self {
        let inner: Vec<&Stride> = strides
            .windows(3)
            .filter(|w| w[0].end == w[1].start && w[1].end == w[2].start && w[1].quality.ok())
            .map(|w| &w[1])
            .collect();
        let usual = |measure: &dyn Fn(&Stride) -> Option<f64>| Usual::of(inner.iter().filter_map(|s| measure(s)));
        Self {
            strides: inner.len(),
            stride_s: usual(&|s| Some(s.stride_s())),
            stance_s: usual(&|s| Some(s.stance_s())),
            swing_s: usual(&|s| Some(s.stride_s() - s.stance_s())),
            length_m: usual(&|s| s.length_m),
            speed_m_per_s: usual(&Stride::speed_m_per_s),
        }
    }
}

/// Both legs together, from two cuffs on one time base. Measures are `None` where fewer than eight strides have them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair {
    /// Seconds from a right contact to the left one that follows: the left step.
    pub left_step_s: Option<Usual>,
    /// Seconds from a left contact to the right one that follows.
    pub right_step_s: Option<Usual>,
    /// Seconds of a left stride in which both feet are on the ground: after each of its two contacts.
    pub double_support_s: Option<Usual>,
    /// Share of a left stride in which both feet are on the ground.
    pub double_support_share: Option<Usual>,
}

impl Pair {
    /// Of the strides of both legs, each in their order.
    pub fn of(left: &[Stride], right: &[Stride]) -> Self {
        let step = |from: &[Stride], to: &[Stride]| {
            let steps = from.iter().filter_map(|stride| {
                let contact = within(to, stride)?;
                Some(contact.start.since(stride.start) as f64 * 1e-6)
            });
            Usual::of(steps)
        };
        // On the ground together: from a left contact until the right foot leaves, from the right contact until the left
        // one does.
        let supports: Vec<(f64, f64)> = left
            .iter()
            .filter_map(|stride| {
                let next = within(right, stride)?;
                let before = right.iter().find(|s| s.end == next.start)?;
                let first = before.foot_off.since(stride.start).max(0);
                let second = stride.foot_off.since(next.start).max(0);
                let both_s = (first + second) as f64 * 1e-6;
                Some((both_s, both_s / stride.stride_s()))
            })
            .collect();
        Self {
            left_step_s: step(right, left),
            right_step_s: step(left, right),
            double_support_s: Usual::of(supports.iter().map(|s| s.0)),
            double_support_share: Usual::of(supports.iter().map(|s| s.1)),
        }
    }
}

/// The first stride of `other` whose contact lies within `stride`; both good.
fn within<'a>(other: &'a [Stride], stride: &Stride) -> Option<&'a Stride> {
    let at = other.partition_point(|s| s.start <= stride.start);
    let found = other.get(at).filter(|s| s.start < stride.end)?;
    (stride.quality.ok() && found.quality.ok()).then_some(found)
}

/// The larger of two sides over the smaller, 1 where they are alike; `None` where one is not positive.
pub fn symmetry_ratio(left: f64, right: f64) -> Option<f64> {
    let (small, large) = (left.min(right), left.max(right));
    (small > 0.0 && large.is_finite()).then(|| large / small)
}

/// Whether a measure stays where it was: a two-sided cumulative sum of its distance from a baseline.
///
/// Page, "Continuous inspection schemes", Biometrika 41 (1954), with the usual reference value and limit: half a standard
/// deviation is let pass, five summed up are a drift. Without a drift it speaks up about once in 465 strides, with one of
/// a standard deviation after about ten (Montgomery, Introduction to Statistical Quality Control, table of run lengths).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Drift {
    usual: Usual,
    up: f64,
    down: f64,
}

/// Where a measure went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Drifted {
    /// Larger than it was.
    Up,
    /// Smaller than it was.
    Down,
}

impl Drift {
    const LET_PASS: f64 = 0.5;
    const LIMIT: f64 = 5.0;
    /// One stride counts for no more than this many standard deviations: an odd one is no drift.
    const ONE_MOST: f64 = 3.0;

    /// From a person's own baseline; `None` where it does not scatter at all.
    pub fn new(usual: Usual) -> Option<Self> {
        (usual.spread > 0.0 && usual.spread.is_finite()).then_some(Self { usual, up: 0.0, down: 0.0 })
    }

    /// Takes the next value; a drift from when its sum passes the limit for as long as it stays beyond. A value that is
    /// not a number is left out.
    pub fn push(&mut self, value: f64) -> Option<Drifted> {
        let off = (value - self.usual.middle) / self.usual.spread;
        if off.is_finite() {
            let off = off.clamp(-Self::ONE_MOST, Self::ONE_MOST);
            self.up = (self.up + off - Self::LET_PASS).max(0.0);
            self.down = (self.down - off - Self::LET_PASS).max(0.0);
        }
        if self.up > Self::LIMIT {
            Some(Drifted::Up)
        } else if self.down > Self::LIMIT {
            Some(Drifted::Down)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::{Micros, Quality, Reason};

    /// `n` strides of one leg, the first contact at `from_s`, of these seconds and share in swing.
    fn strides(n: u32, from_s: f64, stride_s: f64, swing: f64) -> Vec<Stride> {
        let at = |s: f64| Micros::from_seconds(s);
        (0..n)
            .map(|i| {
                let start = from_s + f64::from(i) * stride_s;
                Stride {
                    start: at(start),
                    foot_off: at(start + (1.0 - swing) * stride_s),
                    end: at(start + stride_s),
                    swing_fraction: swing,
                    length_m: Some(1.2 + 0.01 * f64::from(i % 3)),
                    length_error_m: Some(0.03),
                    lift_m: Some(0.1),
                    quality: Quality::GOOD,
                }
            })
            .collect()
    }

    #[test]
    fn a_leg_is_summed_up_without_the_ends_of_its_bouts_and_poor_strides() {
        let mut walked = strides(12, 0.0, 1.1, 0.38);
        walked[5].quality = Quality::because(Reason::Gap);
        let summary = Summary::of(&walked);
        assert_eq!(summary.strides, 9);
        let stride_s = summary.stride_s.unwrap();
        assert!((stride_s.middle - 1.1).abs() < 1e-5 && stride_s.variation().unwrap() < 1e-5);
        assert!((summary.stance_s.unwrap().middle - 0.682).abs() < 1e-5);
        assert!((summary.speed_m_per_s.unwrap().middle - 1.21 / 1.1).abs() < 1e-3);
        // Two bouts of six lose two strides each and are eight together.
        walked = strides(6, 0.0, 1.1, 0.38);
        walked.extend(strides(6, 20.0, 1.1, 0.38));
        assert_eq!(Summary::of(&walked).strides, 8);
        assert!(Summary::of(&walked[..9]).stride_s.is_none(), "too few");
    }

    #[test]
    fn two_legs_have_steps_and_double_support() {
        // The right foot comes down 0.60 s after the left, which is in the air for 0.40 s of 1.10 s.
        let (left, right) = (strides(12, 0.0, 1.1, 4.0 / 11.0), strides(12, -0.5, 1.1, 4.0 / 11.0));
        let pair = Pair::of(&left, &right);
        assert!((pair.right_step_s.unwrap().middle - 0.6).abs() < 1e-5);
        assert!((pair.left_step_s.unwrap().middle - 0.5).abs() < 1e-5);
        // Right foot off 0.20 s after the left contact, left foot off 0.10 s after the right one.
        assert!((pair.double_support_s.unwrap().middle - 0.3).abs() < 1e-5);
        assert!((pair.double_support_share.unwrap().middle - 3.0 / 11.0).abs() < 1e-5);
        assert!((symmetry_ratio(0.5, 0.6).unwrap() - 1.2).abs() < 1e-12);
        assert_eq!(symmetry_ratio(0.0, 0.6), None);
        // Running: the feet are never on the ground together.
        let (left, right) = (strides(12, 0.0, 0.7, 0.6), strides(12, -0.35, 0.7, 0.6));
        assert!(Pair::of(&left, &right).double_support_s.unwrap().middle.abs() < 1e-9);
    }

    #[test]
    fn a_drift_of_a_standard_deviation_is_told_within_ten_to_twenty_and_none_without() {
        let usual = Usual { middle: 1.1, spread: 0.02 };
        // Scatter of one standard deviation without a drift, and one odd stride.
        let scatter = |i: u32| 0.02 * 1.414 * libm::sin(f64::from(i) * 2.3);
        let mut drift = Drift::new(usual).unwrap();
        for i in 0..400 {
            let odd = if i == 200 { 0.5 } else { 0.0 };
            assert_eq!(drift.push(1.1 + scatter(i) + odd), None, "{i}");
        }
        for (by, told) in [(0.02, Drifted::Up), (-0.02, Drifted::Down)] {
            let mut drift = Drift::new(usual).unwrap();
            let after = (0..100).find(|i| drift.push(1.1 + by + scatter(*i)) == Some(told)).unwrap();
            assert!((5..=20).contains(&after), "{after}");
            assert_eq!(drift.push(f64::NAN), Some(told), "what is not a number changes nothing");
        }
        assert!(Drift::new(Usual { middle: 1.1, spread: 0.0 }).is_none());
    }
}

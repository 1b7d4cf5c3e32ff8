//! [`Baseline`]: how somebody walks without a weight, and [`Window`]: how they walk just now.

use crate::catalogue::WalkRules;
use serde::{Deserialize, Serialize};
use talus_motion::walks::{Summary, Usual, symmetry_ratio};
use talus_motion::{Side, Stride};

/// Most strides a side that a baseline is made of: ten minutes and more of walking, so that memory has a bound.
pub(super) const STRIDES_MOST: usize = 1000;

/// The usual of one measure and its scatter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measure {
    /// Median.
    pub middle: f64,
    /// Standard deviation, as far as most strides say.
    pub spread: f64,
}

impl From<Usual> for Measure {
    fn from(usual: Usual) -> Self {
        Self { middle: usual.middle, spread: usual.spread }
    }
}

impl From<Measure> for Usual {
    fn from(measure: Measure) -> Self {
        Self { middle: measure.middle, spread: measure.spread }
    }
}

/// How somebody walks without a weight.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Baseline {
    /// Seconds of a stride.
    pub stride_s: Measure,
    /// Seconds in the air, left and right: legs differ, so each is compared with itself.
    pub swing_s: [Option<Measure>; 2],
    /// Metres per second, where lengths were measured.
    pub speed_m_per_s: Option<Measure>,
    /// Swing of the slower side over that of the quicker one, with two cuffs.
    pub symmetry: Option<f64>,
    /// Strides it is made of, left and right.
    pub strides: (u32, u32),
}

impl Baseline {
    /// From the strides of each leg in their order; `None` where no side has enough good ones. With one cuff there is
    /// a baseline without symmetry.
    pub fn of(left: &[Stride], right: &[Stride], rules: &WalkRules) -> Option<Self> {
        let sides = [left, right].map(Summary::of);
        let least = rules.strides_least.whole() as usize;
        let enough = sides.map(|side| side.strides >= least);
        // The side with more strides speaks for both; times of the two are compared below.
        let first = match enough {
            [false, false] => return None,
            [true, false] => 0,
            [false, true] => 1,
            [true, true] => usize::from(sides[1].strides > sides[0].strides),
        };
        let swing = |side: &Summary| side.swing_s.map(|swing| swing.middle);
        let symmetry = match enough {
            [true, true] => swing(&sides[0]).zip(swing(&sides[1])).and_then(|(l, r)| symmetry_ratio(l, r)),
            _ => None,
        };
        let whole = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Some(Self {
            stride_s: sides[first].stride_s?.into(),
            swing_s: [0, 1].map(|side| sides[side].swing_s.filter(|_| enough[side]).map(Measure::from)),
            speed_m_per_s: sides[first].speed_m_per_s.map(Measure::from),
            symmetry,
            strides: (whole(sides[0].strides), whole(sides[1].strides)),
        })
    }

    /// Steps a minute.
    pub fn cadence_per_min(&self) -> f64 {
        120.0 / self.stride_s.middle
    }

    /// Scatter of stride times as a share.
    pub fn variation(&self) -> f64 {
        self.stride_s.spread / self.stride_s.middle
    }
}

/// Own scatters for which one stride counts at most.
const ONE_MOST: f64 = 3.0;
/// Most strides a side a window holds.
const WINDOW_MOST: usize = 64;

/// The newest strides of each side.
#[derive(Debug, Clone)]
pub(super) struct Window {
    size: usize,
    sides: [Ring; 2],
}

#[derive(Debug, Clone)]
struct Ring {
    /// Seconds of stride and swing, metres per second (not a number where it was not measured).
    kept: [[f64; 3]; WINDOW_MOST],
    next: usize,
    count: usize,
}

/// How somebody walks just now.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Seen {
    /// Seconds of a stride.
    pub stride_s: f64,
    /// Scatter of stride times as a share.
    pub variation: f64,
    /// Seconds in the air, left and right.
    pub swing_s: [Option<f64>; 2],
    /// Metres per second.
    pub speed_m_per_s: Option<f64>,
    /// Swing of the slower side over that of the quicker one.
    pub symmetry: Option<f64>,
}

impl Window {
    pub(super) fn new(rules: &WalkRules) -> Self {
        let size = (rules.window.whole() as usize).clamp(16, WINDOW_MOST);
        let ring = Ring { kept: [[f64::NAN; 3]; WINDOW_MOST], next: 0, count: 0 };
        Self { size, sides: [ring.clone(), ring] }
    }

    pub(super) fn clear(&mut self) {
        for side in &mut self.sides {
            (side.next, side.count) = (0, 0);
        }
    }

    pub(super) fn push(&mut self, side: Side, stride: &Stride) {
        let ring = &mut self.sides[usize::from(side == Side::Right)];
        let swing_s = stride.stride_s() - stride.stance_s();
        ring.kept[ring.next] = [stride.stride_s(), swing_s, stride.speed_m_per_s().unwrap_or(f64::NAN)];
        ring.next = (ring.next + 1) % self.size;
        ring.count = (ring.count + 1).min(self.size);
    }

    /// How it looks once a side has filled its window. Scatter is about the middle of the window in units of the own one,
    /// an odd stride counting for no more than three: a median distance would be as robust and scatter itself by a quarter.
    pub(super) fn seen(&self, own: &Baseline) -> Option<Seen> {
        let full = |side: &Ring| side.count >= self.size;
        let first = self.sides.iter().find(|side| full(side))?;
        let usual = |ring: &Ring, of: usize| {
            let mut values = [0.0; WINDOW_MOST];
            let mut count = 0;
            for kept in ring.kept[..ring.count].iter().filter(|kept| kept[of].is_finite()) {
                values[count] = kept[of];
                count += 1;
            }
            // Half a window is enough for a middle.
            (2 * count >= self.size).then(|| Usual::of(values[..count].iter().copied())).flatten()
        };
        let stride = usual(first, 0)?;
        let swing = |side: usize| {
            let ring = Some(&self.sides[side]).filter(|ring| full(ring))?;
            usual(ring, 1).map(|swing| swing.middle)
        };
        let swing_s = [swing(0), swing(1)];
        let symmetry = swing_s[0].zip(swing_s[1]).and_then(|(l, r)| symmetry_ratio(l, r));
        let unit = own.stride_s.spread.max(f64::MIN_POSITIVE);
        let off = |kept: &[f64; 3]| ((kept[0] - stride.middle) / unit).clamp(-ONE_MOST, ONE_MOST);
        let squares: f64 = first.kept[..first.count].iter().map(|kept| off(kept) * off(kept)).sum();
        Some(Seen {
            stride_s: stride.middle,
            variation: libm::sqrt(squares / (first.count - 1) as f64) * unit / stride.middle,
            swing_s,
            speed_m_per_s: usual(first, 2).map(|speed| speed.middle),
            symmetry,
        })
    }
}

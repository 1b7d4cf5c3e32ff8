//! Chair stands: [`Chair`] counts how often a person got up.
//!
//! With the foot on the ground the shank leans forward as the body goes up, and again as it goes down; in between it
//! stands as it does sitting or standing. In most people those two differ, because the foot stands behind the knee of a
//! sitting person, and then they say which lean was which: bending forward without getting up ends where it began. Where
//! they do not differ, leans are taken in turn, up and down, and the count is told with a doubt.

use super::trail::{StartPose, Trail};
use super::{Frame, Part, PartKind};
use crate::stats::Recent;
use crate::words::{Micros, Quality};
use arrayvec::ArrayVec;

/// Smallest lean that is one, degrees, …
const LEAN_LEAST_DEG: f64 = 3.0;
/// … and as a share of the usual one.
const LEAN_SHARE: f64 = 0.3;
/// Sitting and standing differ where the levels do by this much, degrees, …
const APART_DEG: f64 = 4.0;
/// … and by this share of a lean.
const APART_SHARE: f64 = 0.25;
/// … with nothing in between for this much, degrees.
const APART_GAP_DEG: f64 = 2.5;
/// A leg that has been quiet for this long after a lean has ended it, s: what counts a set does not wait for the next.
const ENDED_S: f64 = 0.25;
/// Leans after which sitting and standing are taken for alike where they have not been told apart.
const ALIKE_AFTER: usize = 4;
/// Most leans of one test: thirty stands in thirty seconds are more than anybody's.
const LEANS_MOST: usize = 96;

/// One lean forward and back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lean {
    /// Level before, at its farthest, after; degrees.
    before: f64,
    peak: f64,
    after: f64,
    pub(crate) start_us: f64,
    peak_us: f64,
    pub(crate) end_us: f64,
}

/// Leans forward and back in the direction of the first one.
#[derive(Debug, Clone)]
pub(super) struct Leans {
    pose: StartPose,
    trail: Trail,
    /// The direction that is forward, and how far it was leant to when that was learned.
    forward: Option<([f64; 2], f64)>,
    heights: Recent<5>,
    before: f64,
    before_us: f64,
    /// Highest or lowest since the last turning point, and when.
    extreme: (f64, f64),
    peak: Option<(f64, f64)>,
    any: bool,
    /// Whether a lean is over as soon as the leg is quiet, and not only with the next.
    at_once: bool,
}

impl Leans {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self {
            pose: StartPose::default(),
            trail: Trail::new(frame_rate_hz),
            forward: None,
            heights: Recent::new(),
            before: 0.0,
            before_us: 0.0,
            extreme: (0.0, 0.0),
            peak: None,
            any: false,
            at_once: false,
        }
    }

    pub(super) fn cut(&mut self) {
        self.pose.cut();
        self.trail.cut();
    }

    pub(super) fn quiet_s(&self, at_us: f64) -> f64 {
        self.pose.quiet_s(at_us)
    }

    /// Forgets the first movement: it came to nothing.
    pub(super) fn anew(&mut self) {
        (self.forward, self.peak, self.any) = (None, None, false);
        self.heights.clear();
    }

    fn least_deg(&self) -> f64 {
        self.heights.median().map_or(LEAN_LEAST_DEG, |usual| (LEAN_SHARE * usual).max(LEAN_LEAST_DEG))
    }

    /// The lean forward now, degrees; `None` before a start pose was seen.
    fn forward_deg(&mut self, frame: &Frame) -> Option<f64> {
        let quiet = self.pose.push(frame);
        if quiet && self.forward.is_none() {
            self.pose.take();
            (self.before, self.before_us) = (0.0, frame.at_us);
            self.extreme = (0.0, frame.at_us);
        }
        let lean = self.pose.lean_deg(frame.up)?;
        let size = libm::hypot(lean[0], lean[1]);
        // Until the first lean has turned round, forward is where it goes farthest.
        let learning = !self.any && self.peak.is_none();
        if learning && size >= LEAN_LEAST_DEG && self.forward.is_none_or(|(_, most)| size > most) {
            self.forward = Some((lean.map(|v| v / size), size));
        }
        Some(match self.forward {
            Some((way, _)) => lean[0] * way[0] + lean[1] * way[1],
            None => size,
        })
    }

    /// A lean that is over, known once the next begins.
    fn push(&mut self, frame: &Frame) -> Option<Lean> {
        let deg = self.forward_deg(frame)?;
        self.trail.push(frame.at_us, deg);
        self.forward?;
        let least = self.least_deg();
        match self.peak {
            None => {
                if deg > self.extreme.0 {
                    self.extreme = (deg, frame.at_us);
                } else if deg < self.extreme.0 - least && self.extreme.0 > self.before + least {
                    self.peak = Some(self.extreme);
                    self.extreme = (deg, frame.at_us);
                }
                None
            }
            Some(peak) => {
                if deg < self.extreme.0 {
                    self.extreme = (deg, frame.at_us);
                }
                let ended = self.at_once && self.pose.quiet_s(frame.at_us) >= ENDED_S;
                (deg > self.extreme.0 + least || ended).then(|| self.close(peak, frame.at_us, (deg, frame.at_us)))
            }
        }
    }

    fn close(&mut self, (peak, peak_us): (f64, f64), to_us: f64, next: (f64, f64)) -> Lean {
        let after = self.extreme.0;
        let lean = Lean {
            before: self.before,
            peak,
            after,
            start_us: self.trail.onset_us(self.before_us, peak_us, self.before, peak),
            peak_us,
            end_us: self.trail.end_us(peak_us, to_us, after, peak),
        };
        self.heights.push(peak - self.before.min(after));
        (self.before, self.before_us) = (after, lean.end_us);
        (self.peak, self.extreme, self.any) = (None, next, true);
        lean
    }

    /// The lean that has come back already, or as good as.
    fn last(&mut self) -> Option<Lean> {
        let peak = self.peak?;
        let (_, low_us) = self.extreme;
        Some(self.close(peak, low_us, self.extreme))
    }

    /// When a lean that is over began, and when the leg first came to a stand after it: whoever walks on at once leans
    /// on.
    pub(super) fn over_us(&mut self, frame: &Frame) -> Option<(f64, f64)> {
        let lean = self.push(frame)?;
        Some((lean.start_us, self.trail.stop_us(lean.peak_us, lean.end_us)))
    }
}

/// Counts stands.
#[derive(Debug, Clone)]
pub(crate) struct Chair {
    seconds: f64,
    leans: Leans,
    found: ArrayVec<Lean, LEANS_MOST>,
    /// The level between sitting and standing, once they are known apart, and whether sitting is above it.
    apart: Option<(f64, bool)>,
    /// Leans that have been told or passed over.
    told: usize,
    count: u32,
    standing: bool,
    last_us: f64,
    cut: bool,
}

impl Chair {
    pub(super) fn new(seconds: f64, frame_rate_hz: f64) -> Self {
        Self {
            seconds,
            leans: Leans::new(frame_rate_hz),
            found: ArrayVec::new(),
            apart: None,
            told: 0,
            count: 0,
            standing: false,
            last_us: 0.0,
            cut: false,
        }
    }

    /// One that counts a set: it tells a lean as soon as it is over, and stands as well as sitting down.
    pub(crate) fn of_a_set(frame_rate_hz: f64) -> Self {
        let mut chair = Self::new(f64::INFINITY, frame_rate_hz);
        chair.leans.at_once = true;
        chair
    }

    pub(super) fn push(&mut self, frame: &Frame, cut: bool) -> Option<Part> {
        self.lean(frame, cut);
        self.next(false)
    }

    fn lean(&mut self, frame: &Frame, cut: bool) {
        if cut {
            self.leans.cut();
            self.cut |= !self.found.is_empty();
        }
        self.last_us = frame.at_us;
        if let Some(lean) = self.leans.push(frame) {
            self.take(lean);
        }
    }

    /// Takes a frame of a set; the next lean that got the person up (`true`) or down.
    pub(crate) fn turned(&mut self, frame: &Frame, cut: bool) -> Option<(bool, Lean)> {
        self.lean(frame, cut);
        self.turned_before()
    }

    /// Another one that became certain with it.
    pub(crate) fn turned_before(&mut self) -> Option<(bool, Lean)> {
        let alike = self.apart.is_none() && self.found.len() >= ALIKE_AFTER;
        self.turn(alike)
    }

    /// The same of what the end of a set leaves open; the lean under way counts as over.
    pub(crate) fn turned_at_end(&mut self) -> Option<(bool, Lean)> {
        if let Some(lean) = self.leans.last() {
            self.take(lean);
        }
        self.turn(true)
    }

    /// Whether sitting and standing look alike, so that leans are taken in turn.
    pub(crate) fn in_turn(&self) -> bool {
        self.apart.is_none()
    }

    fn take(&mut self, lean: Lean) {
        let _ = self.found.try_push(lean);
        self.apart = self.apart();
    }

    /// The next stand that is certain; at the end of the test all of them are.
    fn next(&mut self, over: bool) -> Option<Part> {
        while let Some((stands, lean)) = self.turn(over) {
            if stands && lean.peak_us <= self.bell_us() {
                self.count += 1;
                let at = |us: f64| Micros(us.round() as i64);
                return Some(Part {
                    kind: PartKind::StandUp,
                    start: at(lean.start_us),
                    end: at(lean.end_us),
                    value: None,
                    quality: Quality::GOOD,
                });
            }
        }
        None
    }

    /// The next lean that changed sitting into standing (`true`) or back, as far as that is certain.
    fn turn(&mut self, over: bool) -> Option<(bool, Lean)> {
        let apart = self.apart;
        if apart.is_none() && !over {
            return None;
        }
        while let Some(lean) = self.found.get(self.told).copied() {
            self.told += 1;
            let stood_before = self.standing;
            if let Some((middle, sits_above)) = apart {
                // Where it ends says what it was. From standing to standing over a lean that hides the sitting in it, as
                // the shank sits where it leans to.
                let upright = (lean.after > middle) != sits_above;
                let hidden = self.standing && upright && sits_above && lean.peak < LEAN_LEAST_DEG;
                self.standing = upright;
                if hidden {
                    return Some((true, lean));
                }
            } else {
                self.standing = !self.standing;
            }
            if self.standing != stood_before {
                return Some((self.standing, lean));
            }
        }
        None
    }

    fn bell_us(&self) -> f64 {
        let first_us = self.found.first().map_or(f64::INFINITY, |lean| lean.start_us);
        if self.seconds.is_finite() { first_us + 1e6 * self.seconds } else { f64::INFINITY }
    }

    /// The level between sitting and standing, and whether sitting is above it; `None` where the two are not apart. The
    /// start pose is sitting, at zero.
    fn apart(&self) -> Option<(f64, bool)> {
        let mut levels: ArrayVec<f64, { LEANS_MOST + 1 }> = self.found.iter().map(|lean| lean.after).collect();
        levels.push(0.0);
        levels.sort_unstable_by(f64::total_cmp);
        let (place, gap) =
            levels.windows(2).map(|pair| pair[1] - pair[0]).enumerate().max_by(|a, b| a.1.total_cmp(&b.1))?;
        let middle = 0.5 * (levels[place] + levels[place + 1]);
        let mean = |levels: &[f64]| levels.iter().sum::<f64>() / levels.len() as f64;
        let (low, high) = levels.split_at(place + 1);
        let fewer = low.len().min(high.len());
        let height = self.found.iter().map(|lean| lean.peak - lean.before.min(lean.after)).fold(0.0, f64::max);
        // A single one far off among many is none of two kinds of levels.
        let kinds = gap >= APART_GAP_DEG && 4 * fewer + 2 >= levels.len();
        (kinds && mean(high) - mean(low) >= APART_DEG.max(APART_SHARE * height)).then_some((middle, middle < 0.0))
    }

    /// The lean that was under way, and what was not yet certain.
    pub(super) fn end(&mut self) -> ArrayVec<Part, LEANS_MOST> {
        if let Some(lean) = self.leans.last() {
            self.take(lean);
        }
        core::iter::from_fn(|| self.next(true)).collect()
    }

    /// Stands, once the test has ended; `None` where no start pose was seen or samples were missing.
    pub(super) fn count(&self) -> Option<u32> {
        (!self.cut && self.leans.pose.lean_deg([0.0, 0.0, 1.0]).is_some()).then_some(self.count)
    }

    /// Whether the count rests on taking leans in turn, or on one getting up without a sitting down, which may be a foot
    /// that was put elsewhere.
    pub(super) fn doubted(&self) -> bool {
        self.count > 0 && (self.apart.is_none() || self.count == 1 && self.standing)
    }

    /// From the first movement to the last, at most the time of the test.
    pub(super) fn span_us(&self) -> Option<(f64, f64)> {
        let first = self.found.first()?;
        Some((first.start_us, self.bell_us().min(self.last_us)))
    }
}

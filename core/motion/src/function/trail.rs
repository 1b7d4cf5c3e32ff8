//! The last seconds of a signal, its start pose, and where a movement in it began and ended.

use super::{Frame, QUIET_DPS};
use crate::balance::Level;
use crate::gait::ring::Ring;

/// How long a signal is kept, s.
const KEPT_S: f64 = 15.0;
/// Quiet after which a pose is a start pose, s.
const QUIET_S: f64 = 0.5;
/// What a movement is followed back from: from 35 % of its way to 10 %, and on by so many times that. A movement that sets
/// out and ends smoothly (minimum jerk: 0.247 and 0.418 of its time) began there.
const LOW: f64 = 0.10;
const HIGH: f64 = 0.35;
const ON: f64 = 0.2466 / (0.4185 - 0.2466);

/// A movement comes to a stand where its rate falls below this share of its fastest, and on by this share of the time it
/// took until then (minimum jerk).
const STOP_SHARE: f64 = 0.15;
const STOP_ON: f64 = 0.109 / 0.891;

/// A signal with its times.
#[derive(Debug, Clone)]
pub(super) struct Trail {
    points: Ring<(f64, f64)>,
}

impl Trail {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self { points: Ring::new((KEPT_S * frame_rate_hz).ceil() as usize) }
    }

    pub(super) fn push(&mut self, at_us: f64, value: f64) {
        self.points.push((at_us, value));
    }

    pub(super) fn cut(&mut self) {
        self.points.cut();
    }

    /// The points between two times, oldest first.
    pub(super) fn between(&self, from_us: f64, to_us: f64) -> impl DoubleEndedIterator<Item = (f64, f64)> + '_ {
        let from = self.points.first_from(|(at, _)| *at >= from_us);
        let to = self.points.first_from(|(at, _)| *at > to_us);
        (from..to).filter_map(|number| self.points.get(number).copied())
    }

    /// When the signal last crossed `level` between two times, going back from the second.
    fn last_crossing(&self, from_us: f64, to_us: f64, level: f64) -> Option<f64> {
        let mut later: Option<(f64, f64)> = None;
        for (at_us, value) in self.between(from_us, to_us).rev() {
            if let Some((next_us, next)) = later
                && (value < level) != (next < level)
            {
                return Some(at_us + (next_us - at_us) * (level - value) / (next - value));
            }
            later = Some((at_us, value));
        }
        None
    }

    /// When the signal first crossed `level` between two times.
    fn first_crossing(&self, from_us: f64, to_us: f64, level: f64) -> Option<f64> {
        let mut before: Option<(f64, f64)> = None;
        for (at_us, value) in self.between(from_us, to_us) {
            if let Some((last_us, last)) = before
                && (last < level) != (value < level)
            {
                return Some(last_us + (at_us - last_us) * (level - last) / (value - last));
            }
            before = Some((at_us, value));
        }
        None
    }

    /// When the movement that leads from `base` to `peak`, reached at `peak_us`, began; not before `from_us`.
    pub(super) fn onset_us(&self, from_us: f64, peak_us: f64, base: f64, peak: f64) -> f64 {
        let at = |share: f64| self.last_crossing(from_us, peak_us, base + share * (peak - base));
        match at(HIGH).zip(at(LOW)) {
            Some((high, low)) => (low - ON * (high - low)).max(from_us),
            None => from_us,
        }
    }

    /// When the first movement from zero towards `peak` between two times began.
    pub(super) fn set_out_us(&self, from_us: f64, to_us: f64, peak: f64) -> Option<f64> {
        let high = self.first_crossing(from_us, to_us, HIGH * peak)?;
        let low = self.last_crossing(from_us, high, LOW * peak)?;
        Some(low - ON * (high - low))
    }

    /// When a fall of the signal that begins at `peak_us` first came to a stand; not after `to_us`.
    pub(super) fn stop_us(&self, peak_us: f64, to_us: f64) -> f64 {
        let mut fastest = 0.0_f64;
        let mut window: [Option<(f64, f64)>; 5] = [None; 5];
        for point in self.between(peak_us, to_us) {
            window.rotate_left(1);
            window[4] = Some(point);
            let (Some(first), Some(middle)) = (window[0], window[2]) else { continue };
            let rate = (point.1 - first.1) / (point.0 - first.0);
            fastest = fastest.min(rate);
            if fastest < 0.0 && rate > STOP_SHARE * fastest && middle.0 - peak_us > 1e5 {
                return (middle.0 + STOP_ON * (middle.0 - peak_us)).min(to_us);
            }
        }
        to_us
    }

    /// When the movement that leads back from `peak`, left at `peak_us`, to `base` ended; not after `to_us`.
    pub(super) fn end_us(&self, peak_us: f64, to_us: f64, base: f64, peak: f64) -> f64 {
        let at = |share: f64| self.first_crossing(peak_us, to_us, base + share * (peak - base));
        match at(HIGH).zip(at(LOW)) {
            Some((high, low)) => (low + ON * (low - high)).min(to_us),
            None => to_us,
        }
    }
}

/// How long a leg has been quiet, and the pose it was quiet in.
#[derive(Debug, Clone, Default)]
pub(super) struct StartPose {
    quiet_since_us: Option<f64>,
    mean: [f64; 3],
    count: f64,
    pose: Option<Level>,
}

impl StartPose {
    /// Takes a frame; `true` while the leg has been quiet for half a second or more.
    pub(super) fn push(&mut self, frame: &Frame) -> bool {
        if frame.turn_dps > QUIET_DPS {
            self.quiet_since_us = None;
            self.count = 0.0;
            return false;
        }
        let since = *self.quiet_since_us.get_or_insert(frame.at_us);
        // Half a second and more: the mean forgets what is older than two.
        self.count = (self.count + 1.0).min(100.0);
        for (mean, up) in self.mean.iter_mut().zip(frame.up) {
            *mean += (up - *mean) / self.count;
        }
        frame.at_us - since >= QUIET_S * 1e6
    }

    /// Takes the pose the leg is quiet in for the one leans are told from.
    pub(super) fn take(&mut self) {
        let size = crate::orient::norm(self.mean);
        if size > 0.5 {
            self.pose = Some(Level::new(self.mean.map(|v| v / size)));
        }
    }

    /// Seconds of quiet so far.
    pub(super) fn quiet_s(&self, at_us: f64) -> f64 {
        self.quiet_since_us.map_or(0.0, |since| (at_us - since) * 1e-6)
    }

    /// Lean from the pose that was taken, degrees.
    pub(super) fn lean_deg(&self, up: [f64; 3]) -> Option<[f64; 2]> {
        self.pose.map(|pose| pose.lean_deg(up))
    }

    pub(super) fn cut(&mut self) {
        self.quiet_since_us = None;
        self.count = 0.0;
    }
}

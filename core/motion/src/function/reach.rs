//! How far a shank goes from its start pose: [`Reach`], for the knee to the wall and for ranges of motion.
//!
//! The angle is the one gravity shows. It is that of the joint where only the shank moves and it turns about a level axis;
//! a turn about the vertical is not seen.

use super::trail::{StartPose, Trail};
use super::{Frame, Part, PartKind};
use crate::words::{Micros, Quality};

/// Smallest reach, degrees.
const REACH_LEAST_DEG: f64 = 5.0;
/// A reach is over when half of it has gone again.
const OVER_SHARE: f64 = 0.5;
/// What is reached is reached for this long, s.
const REACHED_S: f64 = 0.2;

/// Finds reaches.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    pose: StartPose,
    leans: Trail,
    /// Farthest so far, when the leg left the pose, when it was farthest.
    out: Option<(f64, f64, f64)>,
    farthest_deg: Option<f64>,
    last_us: f64,
    pose_us: f64,
    /// Whether the leg has been back near its start pose since the last reach.
    back: bool,
}

impl Reach {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self {
            pose: StartPose::default(),
            leans: Trail::new(frame_rate_hz),
            out: None,
            farthest_deg: None,
            last_us: 0.0,
            pose_us: 0.0,
            back: true,
        }
    }

    pub(super) fn push(&mut self, frame: &Frame, cut: bool) -> Option<Part> {
        if cut {
            self.pose.cut();
            self.leans.cut();
            self.out = None;
        }
        let quiet = self.pose.push(frame);
        // A start pose is one as long as nothing has been reached from it.
        if quiet && self.out.is_none() && self.farthest_deg.is_none() {
            self.pose.take();
            self.pose_us = frame.at_us;
        }
        let [x, y] = self.pose.lean_deg(frame.up)?;
        let lean = libm::hypot(x, y);
        self.last_us = frame.at_us;
        self.leans.push(frame.at_us, lean);
        let held = self.leans.between(frame.at_us - REACHED_S * 1e6, frame.at_us).map(|(_, v)| v).fold(lean, f64::min);
        self.back |= lean < REACH_LEAST_DEG;
        match self.out {
            None if self.back && held >= REACH_LEAST_DEG => self.out = Some((held, self.pose_us, frame.at_us)),
            Some((farthest, from_us, _)) if held > farthest => self.out = Some((held, from_us, frame.at_us)),
            Some((farthest, ..)) if lean < (1.0 - OVER_SHARE) * farthest => return self.close(),
            _ => {}
        }
        None
    }

    fn close(&mut self) -> Option<Part> {
        let (farthest, from_us, top_us) = self.out.take()?;
        if self.farthest_deg.is_none_or(|known| farthest > known) {
            self.farthest_deg = Some(farthest);
        }
        let at = |us: f64| Micros(us.round() as i64);
        let start_us = self.leans.onset_us(from_us, top_us, 0.0, farthest);
        (self.pose_us, self.back) = (self.last_us, false);
        Some(Part {
            kind: PartKind::Reach,
            start: at(start_us),
            end: at(self.last_us),
            value: Some(farthest),
            quality: Quality::GOOD,
        })
    }

    pub(super) fn end(&mut self) -> Option<Part> {
        self.close()
    }

    pub(super) fn farthest_deg(&self) -> Option<f64> {
        self.farthest_deg
    }
}

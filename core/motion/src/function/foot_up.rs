//! One-leg stand, seen from the foot in the air: [`FootUp`] tells how long it was up.
//!
//! A foot that is lifted turns the shank: the knee bends, or the thigh takes it along. It is up from where that turn began
//! until it strikes, or, where it is put down softly, until the shank has come back and rests. A foot that is lifted with
//! the shank kept upright to within six degrees is not seen.

use super::trail::{StartPose, Trail};
use super::{Frame, Part, PartKind};
use crate::balance::{Sway, SwayMeter};
use crate::noticed::certainty;
use crate::words::{Micros, Quality};

/// A shank this far from how it stood belongs to a foot in the air, degrees.
const UP_DEG: f64 = 6.0;
/// Followed back from there to this lean, degrees, and on by what a smooth start takes: its way grows with the third
/// power of the time.
const SET_OUT_DEG: f64 = 1.5;
/// Slowest lift, s: what leans over more slowly shifts its weight.
const LIFT_MOST_S: f64 = 1.5;
/// Fastest lift, s: a blow sooner is that of setting out.
const LIFT_LEAST_S: f64 = 0.3;
/// The shank has come back when it leans less than this share of the farthest, …
const BACK_SHARE: f64 = 0.25;
/// … at least this much, degrees.
const BACK_LEAST_DEG: f64 = 4.0;
/// What a foot strikes with, m/s².
const BLOW_MPS2: f64 = 1.5;
/// It strikes within this time after the shank has come back, s, …
const AROUND_S: f64 = 0.4;
/// … or hardly before, when the blow first comes to this share of its hardest: what lowers a foot quickly jerks half way at
/// half of what it does at the end.
const STRUCK_SHARE: f64 = 0.7;
/// Before the shank has come back by no more than this, s.
const BEFORE_S: f64 = 0.05;
/// A foot that rests elsewhere has struck, and been quiet since for this long, s.
const ELSEWHERE_S: f64 = 0.7;
/// A foot that was put down softly has been quiet for this long, s.
const RESTS_S: f64 = 0.3;
/// A foot that only taps the ground strikes with this, m/s²: what a leg in the air does to find its balance stays below; half
/// of it where the shank has come back some of its way.
const TAP_MPS2: f64 = 3.0;
const TAP_BACK_SHARE: f64 = 0.75;
/// One tap and its ringing, s, and how long it is until its hardest is known.
const TAP_S: f64 = 0.5;
const TAP_KNOWN_S: f64 = 0.2;
/// To what a blow is known: the strap rings.
const BLOW_KNOWN_MPS2: f64 = 1.0;
/// A foot has been lifted as far as it is going to this long after it was seen to be up, s.
const LIFTED_S: f64 = 1.0;
/// What the leg does to find its balance is left out of the sway, s.
const SETTLE_S: f64 = 1.0;

#[derive(Debug, Clone, Copy)]
enum State {
    Down,
    Up { off_us: f64, seen_us: f64, farthest: f64, struck_us: f64 },
    Landing { off_us: f64, back_us: f64, farthest: f64 },
}

/// Finds the times a foot is in the air.
#[derive(Debug, Clone)]
pub(super) struct FootUp {
    pose: StartPose,
    leans: Trail,
    blows: Trail,
    state: State,
    meter: SwayMeter,
    /// The longest time in the air: seconds, its sway, from when to when.
    longest: Option<(f64, Option<Sway>, (f64, f64))>,
    last_us: f64,
    /// The foot touched the ground: when, and how sure that is.
    touched: Option<(f64, f64)>,
    tapped_us: f64,
    tapping: Option<(f64, f64)>,
}

impl FootUp {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self {
            pose: StartPose::default(),
            leans: Trail::new(frame_rate_hz),
            blows: Trail::new(frame_rate_hz),
            state: State::Down,
            meter: SwayMeter::new(),
            longest: None,
            last_us: 0.0,
            touched: None,
            tapped_us: f64::NEG_INFINITY,
            tapping: None,
        }
    }

    pub(super) fn push(&mut self, frame: &Frame, cut: bool) -> Option<Part> {
        if cut {
            self.pose.cut();
            self.leans.cut();
            self.blows.cut();
            self.tapping = None;
            self.state = State::Down;
        }
        let quiet = self.pose.push(frame);
        if quiet && matches!(self.state, State::Down) {
            self.pose.take();
        }
        let [x, y] = self.pose.lean_deg(frame.up)?;
        let lean = libm::hypot(x, y);
        self.last_us = frame.at_us;
        self.leans.push(frame.at_us, lean);
        self.blows.push(frame.at_us, frame.blow_mps2);
        match self.state {
            State::Down => {
                if lean >= UP_DEG
                    && let Some(off_us) = self.off_us(frame.at_us)
                {
                    self.meter = SwayMeter::new();
                    self.state =
                        State::Up { off_us, seen_us: frame.at_us, farthest: lean, struck_us: f64::NEG_INFINITY };
                }
                None
            }
            State::Up { off_us, seen_us, farthest, struck_us } => {
                let struck_us = if frame.blow_mps2 >= BLOW_MPS2 { frame.at_us } else { struck_us };
                if frame.at_us - off_us >= LIFT_LEAST_S * 1e6 {
                    self.tap(frame.at_us, frame.blow_mps2, lean < TAP_BACK_SHARE * farthest);
                }
                if frame.at_us - off_us >= SETTLE_S * 1e6 {
                    self.meter.push(frame.at_us, frame.up);
                }
                // Up as far as it was lifted: the whole way says when it began.
                let lifted = seen_us.is_finite() && frame.at_us - seen_us >= LIFTED_S * 1e6;
                let whole_way = || self.leans.set_out_us(off_us - AROUND_S * 1e6, frame.at_us, farthest);
                let off_us = lifted.then(whole_way).flatten().unwrap_or(off_us);
                let seen_us = if lifted { f64::NEG_INFINITY } else { seen_us };
                let farthest = farthest.max(lean);
                let quiet_s = self.pose.quiet_s(frame.at_us);
                let elsewhere = quiet_s >= ELSEWHERE_S && frame.at_us - struck_us < (quiet_s + AROUND_S) * 1e6;
                if elsewhere {
                    return self.put_down(off_us, struck_us);
                }
                self.state = if lean < BACK_LEAST_DEG.max(BACK_SHARE * farthest) {
                    State::Landing { off_us, back_us: frame.at_us, farthest }
                } else {
                    State::Up { off_us, seen_us, farthest, struck_us }
                };
                None
            }
            State::Landing { off_us, back_us, farthest } => {
                let after_s = (frame.at_us - back_us) * 1e-6;
                let down_us = self.struck_us(off_us, back_us, frame.at_us);
                if let Some(down_us) = down_us.filter(|_| after_s >= AROUND_S) {
                    return self.put_down(off_us, down_us);
                }
                if self.pose.quiet_s(frame.at_us) >= RESTS_S {
                    let down_us = down_us.unwrap_or_else(|| self.rested_us(frame.at_us, lean));
                    return self.put_down(off_us, down_us);
                }
                // It only came by: a foot in the air swings to and fro.
                if lean >= UP_DEG.max(BACK_SHARE * farthest) && down_us.is_none() {
                    let (seen_us, struck_us) = (f64::NEG_INFINITY, f64::NEG_INFINITY);
                    self.state = State::Up { off_us, seen_us, farthest, struck_us };
                }
                None
            }
        }
    }

    /// When the lift that has just been seen began; `None` where it took too long to be one.
    fn off_us(&self, now_us: f64) -> Option<f64> {
        let from_us = now_us - LIFT_MOST_S * 1e6;
        let (out_us, _) = self.leans.between(from_us, now_us).rev().find(|(_, lean)| *lean < SET_OUT_DEG)?;
        // (6 / 1.5)^(1/3) − 1 of the way from the beginning to there.
        Some(out_us - (now_us - out_us) / (libm::cbrt(UP_DEG / SET_OUT_DEG) - 1.0))
    }

    /// When the foot struck, around the time the shank had come back.
    fn struck_us(&self, off_us: f64, back_us: f64, now_us: f64) -> Option<f64> {
        let from = (back_us - BEFORE_S * 1e6).max(off_us + LIFT_LEAST_S * 1e6);
        let to = (back_us + AROUND_S * 1e6).min(now_us);
        let hardest = self.blows.between(from, to).map(|(_, blow)| blow).fold(0.0, f64::max);
        let struck = || self.blows.between(from, to).find(|(_, blow)| *blow >= STRUCK_SHARE * hardest);
        (hardest >= BLOW_MPS2).then(struck).flatten().map(|(at, _)| at)
    }

    /// When a foot that was put down softly had come down: the shank had come back as far as it has now.
    fn rested_us(&self, now_us: f64, lean: f64) -> f64 {
        let quiet_us = now_us - 1e6 * self.pose.quiet_s(now_us);
        let before = self.leans.between(quiet_us - LIFT_MOST_S * 1e6, quiet_us);
        let Some((peak_us, peak)) = before.max_by(|a, b| a.1.total_cmp(&b.1)) else { return quiet_us };
        if peak - lean < BACK_LEAST_DEG { quiet_us } else { self.leans.end_us(peak_us, now_us, lean, peak) }
    }

    /// Looks for a tap: the hardest blow of half a second.
    fn tap(&mut self, at_us: f64, blow_mps2: f64, came_back: bool) {
        let least = if came_back { 0.5 * TAP_MPS2 } else { TAP_MPS2 };
        if blow_mps2 >= least && at_us - self.tapped_us >= TAP_S * 1e6 {
            let beyond = blow_mps2 - least;
            self.tapping = Some(self.tapping.filter(|(_, so_far)| *so_far >= beyond).unwrap_or((at_us, beyond)));
        }
        if let Some((tapped_us, beyond)) = self.tapping
            && at_us - tapped_us >= TAP_KNOWN_S * 1e6
        {
            (self.touched, self.tapped_us) = (Some((tapped_us, certainty(beyond, BLOW_KNOWN_MPS2))), tapped_us);
            self.tapping = None;
        }
    }

    /// The foot is down again: the part, and that it touched unless a tap has just said so.
    fn put_down(&mut self, off_us: f64, down_us: f64) -> Option<Part> {
        let part = self.close(off_us, down_us)?;
        self.tapping = None;
        if down_us - self.tapped_us > TAP_S * 1e6 {
            let around = self.blows.between(down_us - 1e6 * BEFORE_S, down_us + 1e6 * AROUND_S);
            let hardest = around.map(|(_, blow)| blow).fold(0.0, f64::max);
            // Put down softly, the shank says so alone.
            self.touched = Some((down_us, certainty(hardest.max(2.0 * BLOW_MPS2) - BLOW_MPS2, BLOW_KNOWN_MPS2)));
        }
        Some(part)
    }

    /// The foot touched the ground since it was last asked: when, µs, and how sure that is.
    pub(super) fn touched(&mut self) -> Option<(f64, f64)> {
        self.touched.take()
    }

    fn close(&mut self, off_us: f64, down_us: f64) -> Option<Part> {
        self.state = State::Down;
        let seconds = (down_us - off_us) * 1e-6;
        if seconds <= 0.0 {
            return None;
        }
        if self.longest.is_none_or(|(longest, ..)| seconds > longest) {
            self.longest = Some((seconds, self.meter.sway(), (off_us, down_us)));
        }
        let at = |us: f64| Micros(us.round() as i64);
        Some(Part {
            kind: PartKind::FootUp,
            start: at(off_us),
            end: at(down_us),
            value: Some(seconds),
            quality: Quality::GOOD,
        })
    }

    /// A foot that is still up has been up until now.
    pub(super) fn end(&mut self) -> Option<Part> {
        match self.state {
            State::Down => None,
            State::Up { off_us, .. } => self.close(off_us, self.last_us),
            State::Landing { off_us, back_us, .. } => {
                let down_us = self.struck_us(off_us, back_us, self.last_us).unwrap_or(back_us);
                self.close(off_us, down_us)
            }
        }
    }

    pub(super) fn longest_s(&self) -> Option<f64> {
        self.longest.map(|(seconds, ..)| seconds)
    }

    pub(super) fn sway(&self) -> Option<Sway> {
        self.longest.and_then(|(_, sway, _)| sway)
    }

    pub(super) fn span_us(&self) -> Option<(f64, f64)> {
        self.longest.map(|(.., span)| span)
    }
}

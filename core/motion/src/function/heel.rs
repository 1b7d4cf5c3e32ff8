//! Heel rises: [`Heel`] counts how often the ankle went up over the toes and came down, and how high.
//!
//! The shank hardly turns; what is felt is the cuff going up and down. Speed and height are integrals of the upward
//! acceleration that lose what is old, and that begin anew where the leg is quiet. They count; the height of each rise is
//! taken afterwards from the same acceleration, knowing that the ankle stood at its beginning and its end.

use super::trail::Trail;
use super::{Frame, Part, PartKind};
use crate::stats::Recent;
use crate::words::{Micros, Quality};

/// What is older than this is forgotten, s: speed and height of a leg that neither stands nor rises mean nothing.
const FORGET_TAU_S: f64 = 5.0;
/// A leg is at a stand where it turns and rises no faster than this for so long: °/s, m/s², s.
const STAND_DPS: f64 = 5.0;
const STAND_MPS2: f64 = 0.25;
const STAND_S: f64 = 0.15;
/// … and where its speed is this by what was felt so far, m/s; three times as long where it is not.
const STAND_MPS: f64 = 0.05;
/// Smallest rise, m, …
const RISE_LEAST_M: f64 = 0.02;
/// … and as a share of the usual one.
const RISE_SHARE: f64 = 0.35;
/// A rise is over when this share of it has gone again.
const OVER_SHARE: f64 = 0.6;
/// Going down it slows to this share of its fastest speed, and is down so many times later as that took (minimum jerk:
/// fastest at 0.5 of its time, at 0.803 as slow): a rise that follows at once leaves no stand to wait for.
const SLOWS_SHARE: f64 = 0.4;
const SLOWS_ON: f64 = 0.197 / 0.303;
/// Speed at which the ankle sets out, m/s.
const SET_OUT_MPS: f64 = 0.02;
/// The offset of the accelerometer is learned at a stand within this, s.
const OFFSET_TAU_S: f64 = 1.0;
/// … and after a rise by no more than this, m/s².
const OFFSET_STEP_MPS2: f64 = 0.05;
/// Longest rise, s.
const RISE_MOST_S: f64 = 8.0;

/// Counts rises.
#[derive(Debug, Clone)]
pub(super) struct Heel {
    frame_s: f64,
    rises: Trail,
    speeds: Trail,
    offset_mps2: f64,
    offset_s: f64,
    stood_s: f64,
    speed: f64,
    height: f64,
    /// Lowest since the last rise, and highest within one.
    low: f64,
    high: Option<(f64, f64)>,
    heights: Recent<5>,
    over: Option<Up>,
    count: u32,
    span_us: Option<(f64, f64)>,
    last_us: f64,
    down_us: f64,
    ready: bool,
    cut: bool,
}

/// A rise that is going down.
#[derive(Debug, Clone, Copy)]
struct Up {
    start_us: f64,
    high: f64,
    /// Fastest downward speed, m/s, and when.
    fastest: (f64, f64),
    /// When it will have come down, once it slows.
    end_us: Option<f64>,
}

impl Heel {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self {
            frame_s: 1.0 / frame_rate_hz,
            rises: Trail::new(frame_rate_hz),
            speeds: Trail::new(frame_rate_hz),
            offset_mps2: 0.0,
            offset_s: 0.0,
            stood_s: 0.0,
            speed: 0.0,
            height: 0.0,
            low: 0.0,
            high: None,
            heights: Recent::new(),
            over: None,
            count: 0,
            span_us: None,
            last_us: 0.0,
            down_us: f64::NEG_INFINITY,
            ready: false,
            cut: false,
        }
    }

    fn least_m(&self) -> f64 {
        self.heights.median().map_or(RISE_LEAST_M, |usual| (RISE_SHARE * usual).max(RISE_LEAST_M))
    }

    pub(super) fn push(&mut self, frame: &Frame, cut: bool) -> Option<Part> {
        if cut {
            self.cut |= self.ready;
            self.rises.cut();
            self.speeds.cut();
            (self.speed, self.height, self.low) = (0.0, 0.0, 0.0);
            (self.high, self.over, self.stood_s) = (None, None, 0.0);
        }
        let dt_s = self.frame_s;
        self.last_us = frame.at_us;
        let acc = frame.rise_mps2 - self.offset_mps2;
        let stands = frame.turn_dps < STAND_DPS && acc.abs() < STAND_MPS2.max(if self.ready { 0.0 } else { 1.0 });
        self.stood_s = if stands { self.stood_s + dt_s } else { 0.0 };
        // An ankle that goes up or down evenly feels nothing either, but not for long.
        let long = self.stood_s >= 3.0 * STAND_S;
        let standing = long || self.stood_s >= STAND_S && self.speed.abs() < STAND_MPS;
        let grounded = self.high.is_none() && self.over.is_none();
        if long && grounded {
            self.offset_s = (self.offset_s + dt_s).min(OFFSET_TAU_S);
            self.offset_mps2 += dt_s / self.offset_s * (frame.rise_mps2 - self.offset_mps2);
            self.ready = true;
        }
        if !self.ready {
            return None;
        }
        self.speed += acc * dt_s;
        self.height += self.speed * dt_s;
        let felt = self.speed;
        if standing {
            self.speed = 0.0;
            if grounded {
                self.height -= self.height * (dt_s / 0.1).min(1.0);
                self.low = self.height;
            }
        } else if grounded {
            self.speed -= self.speed * dt_s / FORGET_TAU_S;
            self.height -= self.height * dt_s / FORGET_TAU_S;
        }
        self.rises.push(frame.at_us, acc);
        self.speeds.push(frame.at_us, felt);
        self.follow(frame.at_us, standing, felt)
    }

    fn follow(&mut self, at_us: f64, standing: bool, felt: f64) -> Option<Part> {
        let least = self.least_m();
        if let Some(up) = self.over {
            let mut up = up;
            if felt < up.fastest.0 {
                (up.fastest, up.end_us) = ((felt, at_us), None);
            } else if up.end_us.is_none() && felt > SLOWS_SHARE * up.fastest.0 {
                up.end_us = Some(at_us + SLOWS_ON * (at_us - up.fastest.1));
            }
            self.over = Some(up);
            return match up.end_us {
                Some(end_us) if standing || at_us >= end_us => self.close(up, end_us.min(at_us)),
                None if standing => self.close(up, at_us),
                _ => None,
            };
        }
        match self.high {
            None => {
                self.low = self.low.min(self.height);
                if self.height > self.low + least {
                    self.high = Some((self.height, at_us));
                }
                None
            }
            Some((high, top_us)) => {
                if self.height > high {
                    self.high = Some((self.height, at_us));
                    return None;
                }
                if self.height < high - OVER_SHARE * (high - self.low) && self.speed < 0.0 {
                    let start_us = self.start_us(top_us);
                    self.high = None;
                    let fastest = (felt, at_us);
                    self.over = Some(Up { start_us, high: high - self.low, fastest, end_us: None });
                }
                None
            }
        }
    }

    /// When the rise whose top was at `top_us` set out.
    fn start_us(&self, top_us: f64) -> f64 {
        let from_us = (top_us - RISE_MOST_S * 1e6).max(self.down_us);
        // Back over the top, where the ankle may have waited, to where it rose, and on to where it did not yet.
        let mut risen = false;
        for (at, speed) in self.speeds.between(from_us, top_us).rev() {
            risen |= speed > 2.0 * SET_OUT_MPS;
            if risen && speed < SET_OUT_MPS {
                return at;
            }
        }
        from_us
    }

    fn close(&mut self, up: Up, end_us: f64) -> Option<Part> {
        self.over = None;
        let height_m = self.height_m(up.start_us, end_us).unwrap_or(up.high);
        // The ankle is at rest again: what speed is left came of an offset. Half of it is believed.
        let time_s = (self.last_us - up.start_us) * 1e-6;
        if time_s > 0.0 {
            self.offset_mps2 += (0.5 * self.speed / time_s).clamp(-OFFSET_STEP_MPS2, OFFSET_STEP_MPS2);
        }
        (self.speed, self.height, self.low) = (0.0, 0.0, 0.0);
        self.down_us = end_us;
        // Less than a rise when it is known that the ankle stood before and after.
        if height_m < RISE_LEAST_M || end_us <= up.start_us {
            return None;
        }
        self.heights.push(height_m);
        self.count += 1;
        self.span_us = Some((self.span_us.map_or(up.start_us, |span| span.0), end_us));
        let at = |us: f64| Micros(us.round() as i64);
        Some(Part {
            kind: PartKind::HeelRise,
            start: at(up.start_us),
            end: at(end_us),
            value: Some(height_m),
            quality: Quality::GOOD,
        })
    }

    /// Height of the rise between two times at which the ankle stood on the ground, m.
    fn height_m(&self, from_us: f64, to_us: f64) -> Option<f64> {
        let time_s = (to_us - from_us) * 1e-6;
        let (mut speed, mut way) = (0.0, 0.0);
        for (_, acc) in self.rises.between(from_us, to_us) {
            speed += acc * self.frame_s;
            way += speed * self.frame_s;
        }
        if time_s <= 0.0 {
            return None;
        }
        // Speed and place are zero at both ends: what they are not is a constant acceleration and its change.
        let (slope, bend) = (speed / time_s, way);
        let (mut v, mut z, mut most, mut t) = (0.0, 0.0, 0.0_f64, 0.0);
        let left = bend - 0.5 * slope * time_s * time_s;
        for (_, acc) in self.rises.between(from_us, to_us) {
            t += self.frame_s;
            v += acc * self.frame_s;
            z += v * self.frame_s;
            let share = t / time_s;
            most = most.max(z - 0.5 * slope * t * t - left * share * share * (3.0 - 2.0 * share));
        }
        Some(most)
    }

    /// A rise that has nearly come down.
    pub(super) fn end(&mut self) -> Option<Part> {
        let up = self.over?;
        self.close(up, up.end_us.unwrap_or(self.last_us).min(self.last_us))
    }

    /// Rises; `None` where the leg never stood or samples were missing.
    pub(super) fn count(&self) -> Option<u32> {
        (self.ready && !self.cut).then_some(self.count)
    }

    pub(super) fn span_us(&self) -> Option<(f64, f64)> {
        self.span_us
    }
}

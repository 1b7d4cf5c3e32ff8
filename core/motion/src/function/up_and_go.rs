//! Timed up and go: [`UpAndGo`] times getting up, the way out, the turn, the way back, and turning and sitting down.
//!
//! Begins with the first movement of the shank from sitting still and ends with its last before it rests again. Between
//! them strides and turns are those of any walk.

use super::Frame;
use super::chair::Leans;
use super::{Part, PartKind};
use crate::movement::Movement;
use crate::words::{Micros, Quality};

/// A first movement after which the leg is quiet for this long without a step came to nothing, s.
const NOTHING_S: f64 = 2.0;
/// The leg rests for this long after sitting down, s.
const RESTS_S: f64 = 1.0;
/// A turn of less is a bend in the way, degrees.
const TURN_DEG: f64 = 100.0;

/// Times the phases.
#[derive(Debug, Clone)]
pub(super) struct UpAndGo {
    leans: Leans,
    rise: Option<(f64, f64)>,
    stepped_us: Option<f64>,
    contact_us: f64,
    turns: [Option<(f64, f64)>; 2],
    /// When the last quiet began that came after the way back.
    rests_us: Option<f64>,
    last_turning_us: f64,
    cut: bool,
}

impl UpAndGo {
    pub(super) fn new(frame_rate_hz: f64) -> Self {
        Self {
            leans: Leans::new(frame_rate_hz),
            rise: None,
            stepped_us: None,
            contact_us: f64::NEG_INFINITY,
            turns: [None; 2],
            rests_us: None,
            last_turning_us: 0.0,
            cut: false,
        }
    }

    pub(super) fn walked(&mut self, movement: &Movement) {
        match movement {
            Movement::FootOff { at } => {
                self.stepped_us = self.stepped_us.or(Some(at.0 as f64));
            }
            Movement::InitialContact { at } => self.contact_us = at.0 as f64,
            Movement::Turned { start, end, angle_deg } if angle_deg.abs() >= TURN_DEG => {
                let turn = Some((start.0 as f64, end.0 as f64));
                if self.turns[0].is_none() {
                    self.turns[0] = turn;
                } else if self.turns[1].is_none() {
                    self.turns[1] = turn;
                }
            }
            _ => {}
        }
    }

    pub(super) fn push(&mut self, frame: &Frame, cut: bool) {
        if cut {
            self.cut |= self.rise.is_some();
            self.leans.cut();
        }
        if self.rests_us.is_some() {
            return;
        }
        if let Some(rise) = self.leans.over_us(frame) {
            self.rise = self.rise.or(Some(rise));
        }
        let quiet_s = self.leans.quiet_s(frame.at_us);
        if quiet_s <= 0.0 {
            self.last_turning_us = frame.at_us;
        }
        if quiet_s >= NOTHING_S && self.stepped_us.is_none() {
            self.leans.anew();
            self.rise = None;
        }
        let walked = self.turns[0].is_some() && frame.at_us - self.contact_us > RESTS_S * 1e6;
        if walked && quiet_s >= RESTS_S {
            self.rests_us = Some(self.last_turning_us);
        }
    }

    /// The five parts, once the person sits again; `None` where one of them was not seen.
    pub(super) fn end(&self) -> Option<[Part; 5]> {
        let (start_us, risen_us) = self.rise.filter(|_| !self.cut)?;
        let (turn_us, turned_us) = self.turns[0]?;
        let end_us = self.rests_us?;
        // Without a second turn of its own the way back ends with its last contact.
        let back_us = self.turns[1].map_or(self.contact_us, |turn| turn.0);
        let borders = [start_us, risen_us, turn_us, turned_us, back_us, end_us];
        if !borders.is_sorted() {
            return None;
        }
        let kinds = [PartKind::StandUp, PartKind::WalkOut, PartKind::Turn, PartKind::WalkBack, PartKind::TurnAndSit];
        let at = |us: f64| Micros(us.round() as i64);
        Some(core::array::from_fn(|k| Part {
            kind: kinds[k],
            start: at(borders[k]),
            end: at(borders[k + 1]),
            value: None,
            quality: Quality::GOOD,
        }))
    }
}

//! [`Storm`]: a room whose air loses, doubles, swaps and garbles motion frames, and that remembers what was sent.
//!
//! Only motion frames, and blocks of them that were kept: everything else of a link is confirmed by the one who gets it,
//! and is lost only with the link ([`SimTransport::cut`]).

use super::SimTransport;
use crate::chance::Chance;
use std::collections::VecDeque;
use talus_cuff::driver::cmp::{LOG_DATA, MOTION_DATA};
use talus_cuff::transport::{Ask, Heard, PeripheralId, Transport};
use talus_motion::Micros;
use uuid::Uuid;

/// A frame comes at most this late after the next one, µs; later ones are lost. Stacks swap neighbours, not seconds.
const SWAPPED_US: i64 = 500_000;

/// What the air does to motion frames; shares from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Weather {
    /// Share of frames that are lost, all in all.
    pub loss: f64,
    /// Mean number of frames lost in a row (1 or more); longer bursts are rarer, so that the share stays.
    pub burst: f64,
    /// Share of frames that come twice.
    pub duplicates: f64,
    /// Share of frames that come after the next one.
    pub reorder: f64,
    /// Share of frames that are followed by bytes that make no sense.
    pub garbage: f64,
}

/// A notification as a cuff sent it, before the air had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// Who.
    pub id: PeripheralId,
    /// When it would have been heard.
    pub at: Micros,
    /// Of which characteristic.
    pub from: Uuid,
    /// What.
    pub bytes: Vec<u8>,
}

/// A room in bad weather.
#[derive(Debug)]
pub struct Storm {
    /// The room.
    pub room: SimTransport,
    /// The air from now on.
    pub weather: Weather,
    /// What was sent, in order.
    pub sent: Vec<Sent>,
    /// What the air has its way with.
    hits: Uuid,
    chance: Chance,
    /// Frames still to be lost in this burst.
    losing: u32,
    /// A frame that waits for the next one of the same cuff, and since when.
    held: Option<(Micros, PeripheralId, Uuid, Vec<u8>)>,
    ready: VecDeque<(Micros, Heard)>,
}

impl Storm {
    /// Weather over a room; the seed decides which frames it hits.
    pub fn over(room: SimTransport, weather: Weather, seed: u64) -> Self {
        Self {
            room,
            weather,
            sent: Vec::new(),
            hits: MOTION_DATA,
            chance: Chance::new(seed).branch(77),
            losing: 0,
            held: None,
            ready: VecDeque::new(),
        }
    }

    /// The same weather for the frames of another maker's characteristic.
    #[must_use]
    pub fn hitting(mut self, characteristic: Uuid) -> Self {
        self.hits = characteristic;
        self
    }

    /// Whether this frame is lost.
    fn loses(&mut self) -> bool {
        if self.losing > 0 {
            self.losing -= 1;
            return true;
        }
        let burst = self.weather.burst.max(1.0);
        // Bursts begin so rarely that their frames make up the share.
        let begins = self.weather.loss / (burst * (1.0 - self.weather.loss) + self.weather.loss);
        if !self.chance.happens(begins) {
            return false;
        }
        while self.chance.happens(1.0 - 1.0 / burst) {
            self.losing += 1;
        }
        true
    }

    fn frame(&mut self, at: Micros, id: PeripheralId, from: Uuid, bytes: Vec<u8>) {
        self.sent.push(Sent { id: id.clone(), at, from, bytes: bytes.clone() });
        if self.loses() {
            return;
        }
        let said = |from, bytes| (at, Heard::Notified(id.clone(), from, bytes));
        if self.held.is_none() && self.chance.happens(self.weather.reorder) {
            self.held = Some((at, id, from, bytes));
            return;
        }
        if self.chance.happens(self.weather.garbage) {
            let cut = self.chance.bits() as usize % bytes.len().max(1);
            self.ready.push_back(said(from, bytes[..cut].to_vec()));
        }
        if self.chance.happens(self.weather.duplicates) {
            self.ready.push_back(said(from, bytes.clone()));
        }
        self.ready.push_back(said(from, bytes));
        if let Some((since, _, other, late)) = self.held.take_if(|(_, held, ..)| *held == id)
            && at.since(since) <= SWAPPED_US
        {
            self.ready.push_back(said(other, late));
        }
    }
}

impl Transport for Storm {
    fn ask(&mut self, now: Micros, ask: Ask) {
        self.room.ask(now, ask);
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        loop {
            if let Some(heard) = self.ready.pop_front() {
                return Some(heard);
            }
            match self.room.hear(now)? {
                (at, Heard::Notified(id, from, bytes)) if from == self.hits || from == LOG_DATA => {
                    self.frame(at, id, from, bytes);
                }
                (at, heard) => {
                    // What waits for a next frame is lost with its link.
                    if let Heard::Disconnected(id) = &heard {
                        self.held.take_if(|(_, held, ..)| held == id);
                    }
                    return Some((at, heard));
                }
            }
        }
    }

    fn due(&self) -> Option<Micros> {
        self.ready.front().map(|(at, _)| *at).into_iter().chain(self.room.due()).min()
    }
}

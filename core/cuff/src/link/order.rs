//! Packets that overtook others wait for those: some phones hand neighbours on in the wrong order, and what comes late by a
//! little is no loss.
//!
//! [`Overtaken`] is the most important item. A packet waits where samples are missing before it that its cuff did not drop:
//! behind 63 others at most, and briefly, because somebody is looking at what it holds and a repetition is announced within a
//! third of a second. Where this link has put packets in a wrong order, the next one is waited for longer, until a minute has
//! passed in good order. What is missing then is counted as such.

use super::sequence::Spot;
use super::{Link, LinkOutputs};
use crate::driver::Packet;
use std::collections::VecDeque;
use talus_motion::Micros;

/// Most packets that wait.
pub(super) const WAITING_MAX: usize = 64;
/// How long a packet waits on a link that keeps order, µs: two connection events of 30 ms. What a stack swaps, it hands on
/// together; a loss is a loss at once.
pub(super) const WAIT_US: i64 = 60_000;
/// How long it waits where order was seen broken, µs: two of the longest frames and a connection event.
pub(super) const WAIT_LONG_US: i64 = 250_000;
/// How long a link counts as one that breaks order, µs, from the last time it did.
pub(super) const BROKEN_US: i64 = 60_000_000;

/// Packets that wait for one before them, in the order of their samples.
#[derive(Debug, Default)]
pub(super) struct Overtaken {
    waiting: VecDeque<Waiting>,
    /// When a packet last came after one it belongs before.
    broken: Option<Micros>,
}

#[derive(Debug)]
struct Waiting {
    at: Micros,
    until: Micros,
    packet: Packet,
}

/// How a packet came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Came {
    Last,
    AfterLater,
    Twice,
}

impl Overtaken {
    /// Lets a packet wait that lies so many samples ahead; `ahead` says the same of any other.
    fn put(&mut self, at: Micros, packet: Packet, missing: u64, ahead: impl Fn(&Packet) -> Option<u64>) -> Came {
        let place = self.waiting.iter().position(|one| ahead(&one.packet).is_some_and(|other| other >= missing));
        let Some(place) = place else {
            let until = at.plus(self.wait_us(at));
            self.waiting.push_back(Waiting { at, until, packet });
            return Came::Last;
        };
        if self.waiting.get(place).and_then(|one| ahead(&one.packet)) == Some(missing) {
            return Came::Twice;
        }
        self.out_of_order(at);
        let until = at.plus(self.wait_us(at));
        self.waiting.insert(place, Waiting { at, until, packet });
        Came::AfterLater
    }

    /// A packet came after one it belongs before: the next one is waited for longer.
    pub(super) fn out_of_order(&mut self, at: Micros) {
        self.broken = Some(at);
    }

    fn wait_us(&self, at: Micros) -> i64 {
        let broken = self.broken.is_some_and(|broken| at.since(broken) < BROKEN_US);
        if broken { WAIT_LONG_US } else { WAIT_US }
    }

    /// Until when the one that came first waits; `None` while none does.
    pub(super) fn until(&self) -> Option<Micros> {
        self.waiting.iter().map(|one| one.until).min()
    }
}

impl Link {
    /// Hands a packet on in its turn.
    pub(super) fn in_turn(&mut self, at: Micros, packet: &Packet, out: &mut LinkOutputs) {
        let spot = self.sequence.find(packet);
        match spot {
            Spot::Ahead { follows: true, .. } | Spot::Elsewhere if self.overtaken.waiting.is_empty() => {
                return self.hand_on(at, packet, spot, out);
            }
            Spot::Ahead { follows: false, missing, .. } => {
                let ahead = |other: &Packet| match self.sequence.find(other) {
                    Spot::Ahead { missing, .. } => Some(missing),
                    _ => None,
                };
                match self.overtaken.put(at, packet.clone(), missing, ahead) {
                    Came::Last => {}
                    Came::AfterLater => self.counters.reordered += 1,
                    Came::Twice => self.counters.duplicates += 1,
                }
                if self.overtaken.waiting.len() > WAITING_MAX {
                    self.next_in_turn(out);
                }
            }
            Spot::Ahead { follows: true, .. } => {
                self.counters.reordered += 1;
                self.overtaken.out_of_order(at);
                self.hand_on(at, packet, spot, out);
            }
            // The cuff counts anew: what waits is of the count before.
            Spot::Elsewhere => {
                self.let_all_go(out);
                self.find_and_hand_on(at, packet, out);
            }
            Spot::Duplicate | Spot::Late => self.hand_on(at, packet, spot, out),
        }
        self.let_go(None, out);
    }

    /// Hands on what need not wait any more, at `now` where time has passed.
    pub(super) fn let_go(&mut self, now: Option<Micros>, out: &mut LinkOutputs) {
        loop {
            let Some(first) = self.overtaken.waiting.front() else { return };
            let late = now.is_some_and(|now| self.overtaken.until().is_some_and(|until| now >= until));
            if !late && matches!(self.sequence.find(&first.packet), Spot::Ahead { follows: false, .. }) {
                return;
            }
            self.next_in_turn(out);
        }
    }

    /// Hands on all that waits: what is missing in between is counted as such.
    pub(super) fn let_all_go(&mut self, out: &mut LinkOutputs) {
        while !self.overtaken.waiting.is_empty() {
            self.next_in_turn(out);
        }
    }

    fn next_in_turn(&mut self, out: &mut LinkOutputs) {
        if let Some(Waiting { at, packet, .. }) = self.overtaken.waiting.pop_front() {
            self.find_and_hand_on(at, &packet, out);
        }
    }
}

//! What a lost link missed, read back from the cuff's memory: later samples wait until the ones before them are there, or are
//! given up. So samples leave the link in order, whatever way they came.
//!
//! [`Fill`] is the most important item. It lives from a reconnection to a session that went on without us until nothing
//! waits any more, and over further losses of the link in between.

use super::{Link, LinkOutputs};
use crate::driver::Packet;
use std::collections::BTreeMap;
use talus_motion::Micros;

/// Longest time samples may wait for those before them, µs: somebody is looking at them.
const WAIT_US: i64 = 10_000_000;
/// Most packets that wait: a minute of them, and what the cuff sends meanwhile.
const WAITING_MAX: usize = 2048;
/// How often the same samples are asked for.
const TRIES: u8 = 3;

/// Samples that wait for others.
#[derive(Debug)]
pub(super) struct Fill {
    /// The cuff's index after the last sample handed on before the link was lost: distances are counted from here.
    origin: u32,
    /// Distance of the next sample to be handed on.
    next: u32,
    waiting: BTreeMap<u32, Packet>,
    tries: u8,
    /// What was next when it was asked for.
    asked: Option<u32>,
    /// When the first of them began to wait.
    since: Option<Micros>,
    /// Something came after the reconnection.
    begun: bool,
}

/// What became of a packet.
#[derive(Debug)]
pub(super) enum Taken {
    /// It waits.
    Waits,
    /// Another with the same samples waits already.
    Twice,
    /// It is not in front of what was handed on.
    Behind(Box<Packet>),
}

impl Fill {
    /// Samples were handed on up to `origin`, an index as the cuff counts.
    pub(super) fn after(origin: u32) -> Self {
        Self { origin, next: 0, waiting: BTreeMap::new(), tries: 0, asked: None, since: None, begun: false }
    }

    /// Lets a packet wait.
    pub(super) fn take(&mut self, at: Micros, packet: Packet) -> Taken {
        let Some(distance) = packet.first_index.map(|index| index.wrapping_sub(self.origin)) else {
            return Taken::Behind(Box::new(packet));
        };
        // Half of all distances are behind.
        if distance < self.next || distance.cast_signed() < 0 {
            return Taken::Behind(Box::new(packet));
        }
        if self.waiting.contains_key(&distance) {
            return Taken::Twice;
        }
        self.begun = true;
        self.since.get_or_insert(at);
        self.waiting.insert(distance, packet);
        Taken::Waits
    }

    /// The next packet whose turn it is.
    pub(super) fn ready(&mut self) -> Option<Packet> {
        let entry = self.waiting.first_entry().filter(|entry| *entry.key() <= self.next)?;
        let (distance, packet) = entry.remove_entry();
        self.next = self.next.max(distance.saturating_add(packet.counts.len() as u32));
        Some(packet)
    }

    /// The first packet, whatever is missing before it.
    pub(super) fn spilt(&mut self) -> Option<Packet> {
        let (distance, packet) = self.waiting.pop_first()?;
        self.next = distance.saturating_add(packet.counts.len() as u32);
        Some(packet)
    }

    /// The first samples that are missing, from and to as the cuff counts, to be asked for now.
    pub(super) fn ask(&mut self) -> Option<(u32, u32)> {
        let first = *self.waiting.first_key_value()?.0;
        if first <= self.next {
            return None;
        }
        self.asked = Some(self.next);
        Some((self.origin.wrapping_add(self.next), self.origin.wrapping_add(first)))
    }

    /// The cuff has sent what was asked for, or will not: after three times without a sample of it, it is given up.
    pub(super) fn answered(&mut self) {
        let helped = self.asked.take() != Some(self.next);
        self.tries = if helped { 0 } else { self.tries + 1 };
        if self.tries >= TRIES {
            self.tries = 0;
            self.next = self.waiting.first_key_value().map_or(self.next, |(first, _)| *first);
        }
    }

    /// Whether nothing waits any more.
    pub(super) fn is_over(&self) -> bool {
        self.begun && self.waiting.is_empty()
    }

    /// Whether too much waits.
    pub(super) fn is_full(&self) -> bool {
        self.waiting.len() >= WAITING_MAX
    }

    /// Until when samples may wait; `None` while none does.
    pub(super) fn until(&self) -> Option<Micros> {
        self.since.map(|since| since.plus(WAIT_US))
    }
}

impl Link {
    /// Samples that the cuff had kept: of use only where they were asked for.
    pub(super) fn kept(&mut self, at: Micros, packet: &Packet, out: &mut LinkOutputs) {
        let stream = self.config.as_ref().map(|config| config.stream);
        if self.alive.is_none() || self.fill.is_none() || stream != Some(packet.stream) || packet.counts.is_empty() {
            return;
        }
        self.alive = Some(at);
        self.withhold(at, packet.clone(), false, out);
    }

    /// Lets samples wait for those before them, and hands on those that need not wait any more.
    pub(super) fn withhold(&mut self, at: Micros, packet: Packet, live: bool, out: &mut LinkOutputs) {
        let Some(fill) = &mut self.fill else { return };
        match fill.take(at, packet) {
            Taken::Waits if fill.is_full() => self.spill(at, out),
            Taken::Twice => self.counters.duplicates += u64::from(live),
            // It comes late, or the cuff counts anew: that is told apart where it always is.
            Taken::Behind(packet) if live => self.find_and_hand_on(at, &packet, out),
            Taken::Waits | Taken::Behind(_) => {}
        }
        self.release(at, out);
        self.pump(at, out);
    }

    /// Hands on what need not wait any more.
    pub(super) fn release(&mut self, at: Micros, out: &mut LinkOutputs) {
        while let Some(packet) = self.fill.as_mut().and_then(Fill::ready) {
            self.find_and_hand_on(at, &packet, out);
        }
        if self.fill.as_ref().is_some_and(Fill::is_over) {
            self.fill = None;
        }
    }

    /// Hands on all that waits: what is missing in between is counted as such.
    pub(super) fn spill(&mut self, at: Micros, out: &mut LinkOutputs) {
        self.let_all_go(out);
        let Some(mut fill) = self.fill.take() else { return };
        while let Some(packet) = fill.spilt() {
            self.find_and_hand_on(at, &packet, out);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use talus_motion::{BlockFlags, Counts};

    fn packet(first_index: u32, len: usize) -> Packet {
        Packet {
            stream: 0,
            first_index: Some(first_index),
            device_us: None,
            period_us: None,
            number: None,
            flags: BlockFlags(0),
            counts: (0..len).map(|_| [0; 6]).collect::<Counts>(),
        }
    }

    fn drain(fill: &mut Fill) -> Vec<u32> {
        std::iter::from_fn(|| fill.ready()).filter_map(|packet| packet.first_index).collect()
    }

    #[test]
    fn samples_wait_for_those_before_them_also_over_the_wrap_of_the_index() {
        let mut fill = Fill::after(u32::MAX - 9);
        assert!(matches!(fill.take(Micros(5), packet(10, 10)), Taken::Waits));
        assert!(matches!(fill.take(Micros(6), packet(10, 10)), Taken::Twice));
        assert!(matches!(fill.take(Micros(6), packet(u32::MAX - 19, 10)), Taken::Behind(_)));
        assert_eq!((fill.ask(), drain(&mut fill)), (Some((u32::MAX - 9, 10)), vec![]));
        fill.take(Micros(7), packet(0, 10));
        fill.answered();
        assert_eq!(fill.ask(), Some((u32::MAX - 9, 0)), "what came in the middle is not asked for again");
        fill.take(Micros(8), packet(u32::MAX - 9, 10));
        assert_eq!(drain(&mut fill), [u32::MAX - 9, 0, 10]);
        assert!(fill.is_over());
        assert_eq!(fill.until(), Some(Micros(5 + WAIT_US)));
    }

    #[test]
    fn what_does_not_come_is_asked_for_three_times_and_then_given_up() {
        let mut fill = Fill::after(0);
        fill.take(Micros(0), packet(40, 10));
        for _ in 0..3 {
            assert_eq!(fill.ask(), Some((0, 40)));
            fill.answered();
        }
        assert_eq!((fill.ask(), drain(&mut fill)), (None, vec![40]));
        assert!(fill.is_over());
    }

    #[test]
    fn a_sample_that_helps_is_no_try() {
        let mut fill = Fill::after(0);
        fill.take(Micros(0), packet(100, 10));
        for i in 0..9 {
            assert_eq!(fill.ask(), Some((i * 10, 100)));
            fill.take(Micros(0), packet(i * 10, 10));
            assert_eq!(drain(&mut fill), [i * 10]);
            fill.answered();
        }
    }

    proptest! {
        #[test]
        fn whatever_comes_leaves_in_order(origin in any::<u32>(), packets in proptest::collection::vec((0u32..200, 1usize..20, 0u8..4), 1..60)) {
            let mut fill = Fill::after(origin);
            let mut last = None;
            for (at, len, act) in packets {
                let taken = fill.take(Micros(0), packet(origin.wrapping_add(at), len));
                let behind = matches!(taken, Taken::Behind(_));
                prop_assert!(!behind || last.is_some());
                if act == 0 && fill.ask().is_some() {
                    fill.answered();
                }
                let mut out = Vec::new();
                out.extend(std::iter::from_fn(|| fill.ready()));
                if act == 1 {
                    out.extend(fill.spilt());
                }
                for packet in out {
                    let distance = packet.first_index.unwrap().wrapping_sub(origin);
                    prop_assert!(last.is_none_or(|last| distance > last));
                    last = Some(distance);
                }
            }
        }
    }
}

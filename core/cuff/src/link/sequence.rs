//! Wrapping counters made whole: which index and device time a packet really has, and what is missing before it.
//!
//! [`Sequence::find`] and [`Sequence::place`] are the most important items: the one looks, the other remembers. They never
//! let an index run back.

use crate::driver::Packet;

/// A late packet may be this old; older ones mean that the cuff counts anew.
const LATE_US: f64 = 1e6;
/// How far device time may be off what the index says before the two no longer belong together, microseconds.
const SLACK_US: f64 = 0.5e6;
/// As above, as a part of the time in between: sensors miss their nominal rate by up to 5 %.
const SLACK_PART: f64 = 0.1;
/// Samples over which the period of a family without a counter is averaged, besides those of the newest packet.
const PACE_SAMPLES: f64 = 240.0;
/// Packets handed on that are remembered, to tell one that comes twice from one that comes late.
const REMEMBERED: usize = 64;
/// Fewest samples a new segment is apart from the one before: more than the three that may be interpolated.
const APART: u64 = 4;

/// Where a packet belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In front: its samples are new.
    Next {
        /// Index of its first sample, never below an earlier one.
        first_index: u64,
        /// Device time of its first sample, microseconds, unwrapped within its segment.
        device_us: Option<i64>,
        /// Samples missing before it, in the same segment.
        missing: u64,
        /// It begins a segment: its device time has nothing to do with that of earlier packets.
        segment: bool,
    },
    /// It was here before.
    Duplicate,
    /// It comes too late: later samples were already handed on.
    Late,
}

/// Where a packet lies, seen from the last one that was handed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spot {
    /// In front of it.
    Ahead {
        /// Samples between the two.
        missing: u64,
        /// Device time of its first sample, microseconds, unwrapped within its segment.
        device_us: Option<i64>,
        /// No packet was sent in between: what is missing, the cuff itself has dropped.
        follows: bool,
    },
    /// There is none before it, or the cuff counts anew: it begins a segment.
    Elsewhere,
    /// It was here before.
    Duplicate,
    /// It comes too late: later samples were already handed on.
    Late,
}

/// The last packet that was handed on.
#[derive(Debug, Clone, Copy)]
struct Last {
    raw_index: Option<u32>,
    number: Option<u8>,
    len: u64,
    device_us: Option<i64>,
    arrival_us: i64,
}

/// Unwraps index and device time of one stream.
#[derive(Debug)]
pub(super) struct Sequence {
    period_us: f64,
    /// The period as stamps show it, for families that are counted by them.
    pace_us: f64,
    /// Samples it was averaged over, up to [`PACE_SAMPLES`].
    paced: f64,
    /// Index after the last sample handed on, over all segments.
    next_index: u64,
    /// Arrival of the last packet handed on, over all segments.
    last_arrival_us: Option<i64>,
    last: Option<Last>,
    /// The newest packets of this segment, by index or stamp as sent, in no order.
    seen: [Option<u32>; REMEMBERED],
    seen_next: usize,
}

impl Sequence {
    /// A sequence that has seen nothing.
    pub(super) fn new() -> Self {
        Self {
            period_us: 10_000.0,
            pace_us: 10_000.0,
            paced: 0.0,
            next_index: 0,
            last_arrival_us: None,
            last: None,
            seen: [None; REMEMBERED],
            seen_next: 0,
        }
    }

    /// The stream starts (again) at this rate: the next packet begins a segment.
    pub(super) fn start(&mut self, rate_hz: f64) {
        self.period_us = 1e6 / rate_hz;
        (self.pace_us, self.paced) = (self.period_us, 0.0);
        self.last = None;
    }

    /// Where a packet lies. `packet` holds at least one sample.
    pub(super) fn find(&self, packet: &Packet) -> Spot {
        let Some(last) = self.last else { return Spot::Elsewhere };
        // Steps from the last packet's first sample to this one's.
        let steps = match (packet.first_index, last.raw_index) {
            // The distance modulo 2³², read as the nearer of forward and back.
            (Some(now), Some(before)) => i64::from(now.wrapping_sub(before).cast_signed()),
            _ => self.steps_by_time(packet, last),
        };
        let device_us = match (packet.device_us, last.device_us) {
            (Some(raw), Some(before)) => {
                let expected = before as f64 + steps as f64 * self.period_us;
                let device_us = nearest_epoch(raw, expected);
                let apart_us = (device_us as f64 - expected).abs();
                if apart_us > SLACK_US + SLACK_PART * (steps as f64 * self.period_us).abs() {
                    return Spot::Elsewhere; // index and time tell two stories: it counts anew
                }
                Some(device_us)
            }
            (Some(raw), None) => Some(i64::from(raw)),
            (None, _) => None,
        };
        if steps < last.len.cast_signed() {
            return match steps {
                0 => Spot::Duplicate,
                _ if name(packet).is_some() && self.seen.contains(&name(packet)) => Spot::Duplicate,
                1.. => Spot::Late, // overlaps what was handed on
                _ if steps as f64 * self.period_us < -LATE_US => Spot::Elsewhere,
                _ => Spot::Late,
            };
        }
        let missing = steps.unsigned_abs() - last.len;
        let next = last.number.map(|number| number.wrapping_add(1));
        Spot::Ahead { missing, device_us, follows: missing == 0 || next.is_some() && packet.number == next }
    }

    /// Remembers a packet that was found there, if it is new, and says where its samples belong.
    pub(super) fn place(&mut self, packet: &Packet, spot: Spot, arrival_us: i64) -> Place {
        let len = packet.counts.len() as u64;
        match spot {
            Spot::Elsewhere => self.begin(packet, arrival_us, len),
            Spot::Duplicate => Place::Duplicate,
            Spot::Late => Place::Late,
            Spot::Ahead { missing, device_us, .. } => {
                self.keep_pace(packet, missing, device_us);
                let first_index = self.next_index.saturating_add(missing);
                self.keep(packet, first_index, len, device_us, arrival_us);
                Place::Next { first_index, device_us, missing, segment: false }
            }
        }
    }

    /// Begins a segment. Its distance from the one before is estimated from arrival times, because nothing else
    /// joins the two; it is always a gap, never a continuation.
    fn begin(&mut self, packet: &Packet, arrival_us: i64, len: u64) -> Place {
        let first_index = match self.last_arrival_us {
            None => u64::from(packet.first_index.unwrap_or(0)),
            Some(before) => {
                let apart = (arrival_us.saturating_sub(before)) as f64 / self.period_us - len as f64;
                self.next_index.saturating_add((apart.round() as u64).max(APART))
            }
        };
        let device_us = packet.device_us.map(i64::from);
        self.seen = [None; REMEMBERED];
        self.keep(packet, first_index, len, device_us, arrival_us);
        Place::Next { first_index, device_us, missing: 0, segment: true }
    }

    /// Steps for families that send no counter: by device time where there is one, else one packet after another.
    fn steps_by_time(&self, packet: &Packet, last: Last) -> i64 {
        let len = last.len.cast_signed();
        let (Some(raw), Some(before)) = (packet.device_us, last.device_us) else { return len };
        let pace_us = packet.period_us.unwrap_or(self.pace_us);
        let expected = before as f64 + last.len as f64 * pace_us;
        let steps = nearest_epoch(raw, expected).saturating_sub(before) as f64 / pace_us;
        // Less than a tenth of a packet off is jitter of the stamp, not loss.
        let near = (steps - len as f64).abs() * 10.0 <= len as f64;
        if near { len } else { steps.round() as i64 }
    }

    /// Learns the period from a packet that was counted by its time.
    fn keep_pace(&mut self, packet: &Packet, missing: u64, device_us: Option<i64>) {
        let Some(last) = self.last else { return };
        let (None, Some(now), Some(before)) = (packet.first_index, device_us, last.device_us) else { return };
        if let Some(period_us) = packet.period_us {
            self.pace_us = period_us;
        }
        // Sensors miss their nominal rate by per cents: over a gap of hundreds of samples that would be many.
        let pace_us = now.saturating_sub(before) as f64 / last.len as f64;
        if missing == 0 && (pace_us / self.period_us - 1.0).abs() <= SLACK_PART {
            let len = last.len as f64;
            self.pace_us += (pace_us - self.pace_us) * len / (len + self.paced);
            self.paced = (self.paced + len).min(PACE_SAMPLES);
        }
    }

    fn keep(&mut self, packet: &Packet, first_index: u64, len: u64, device_us: Option<i64>, arrival_us: i64) {
        self.next_index = first_index.saturating_add(len);
        self.last_arrival_us = Some(arrival_us);
        if let Some(seen) = self.seen.get_mut(self.seen_next % REMEMBERED) {
            *seen = name(packet);
        }
        self.seen_next = self.seen_next.wrapping_add(1);
        let (raw_index, number) = (packet.first_index, packet.number);
        self.last = Some(Last { raw_index, number, len, device_us, arrival_us });
    }

    /// A moment of the cuff's clock, wrapped at 2³², in the count of this segment; `None` before its first packet.
    pub(super) fn own_time(&self, raw: u32) -> Option<i64> {
        Some(nearest_epoch(raw, self.last?.device_us? as f64))
    }

    /// The cuff's own index after the last sample handed on, wrapping; `None` before the first of a segment, and for families
    /// without a counter.
    pub(super) fn own_index(&self) -> Option<u32> {
        let last = self.last?;
        Some(last.raw_index?.wrapping_add(last.len as u32))
    }

    /// Index after the last sample handed on.
    pub(super) fn next_index(&self) -> u64 {
        self.next_index
    }

    /// When the last packet of this segment arrived.
    pub(super) fn last_arrival_us(&self) -> Option<i64> {
        self.last.map(|last| last.arrival_us)
    }
}

/// What tells a packet from its neighbours; `None` for families that send neither.
fn name(packet: &Packet) -> Option<u32> {
    packet.first_index.or(packet.device_us)
}

/// The whole number that wraps to `raw` and lies nearest to `expected`.
fn nearest_epoch(raw: u32, expected: f64) -> i64 {
    let expected = expected as i64;
    // The distance modulo 2³², read as the nearer of forward and back.
    expected.saturating_add(raw.wrapping_sub(expected as u32).cast_signed().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use talus_motion::BlockFlags;

    fn packet(first_index: u32, device_us: u32, len: usize) -> Packet {
        Packet {
            stream: 0,
            first_index: Some(first_index),
            device_us: Some(device_us),
            period_us: None,
            number: None,
            flags: BlockFlags(0),
            counts: (0..len).map(|_| [0; 6]).collect(),
        }
    }

    fn running() -> Sequence {
        let mut sequence = Sequence::new();
        sequence.start(100.0);
        sequence
    }

    fn put(sequence: &mut Sequence, packet: &Packet, arrival_us: i64) -> Place {
        let spot = sequence.find(packet);
        sequence.place(packet, spot, arrival_us)
    }

    /// Index, device time and missing of a packet that must be new and in the same segment.
    fn next(place: Place) -> (u64, i64, u64) {
        match place {
            Place::Next { first_index, device_us: Some(device_us), missing, segment: false } => {
                (first_index, device_us, missing)
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn index_and_time_count_on_over_their_wrap() {
        let mut sequence = running();
        put(&mut sequence, &packet(u32::MAX - 9, u32::MAX - 99_999, 10), 0);
        // 2³² − 10 + 10 wraps to zero, and so does 2³² − 100,000 + 100,000 µs.
        assert_eq!(next(put(&mut sequence, &packet(0, 0, 10), 100_000)), (1 << 32, 1 << 32, 0));
        assert_eq!(
            next(put(&mut sequence, &packet(20, 200_000, 10), 300_000)),
            ((1 << 32) + 20, (1 << 32) + 200_000, 10)
        );
    }

    #[test]
    fn the_index_picks_the_epoch_of_device_time_over_a_gap_of_hours() {
        let mut sequence = running();
        put(&mut sequence, &packet(0, 1000, 10), 0);
        // Three hours later at a true rate of 97 Hz: device time wrapped twice in between.
        let steps = 3 * 3600 * 97u64;
        let device_us = 1000 + 3 * 3_600_000_000u64;
        let place = put(&mut sequence, &packet(steps as u32, device_us as u32, 10), 0);
        assert_eq!(next(place), (steps, device_us.cast_signed(), steps - 10));
    }

    #[test]
    fn duplicates_and_late_packets_are_told_apart_and_never_turn_the_index_back() {
        let mut sequence = running();
        put(&mut sequence, &packet(0, 0, 10), 0);
        assert_eq!(next(put(&mut sequence, &packet(20, 200_000, 10), 1)).2, 10);
        assert_eq!(put(&mut sequence, &packet(20, 200_000, 10), 2), Place::Duplicate);
        assert_eq!(put(&mut sequence, &packet(10, 100_000, 10), 3), Place::Late);
        assert_eq!(put(&mut sequence, &packet(25, 250_000, 10), 3), Place::Late);
        assert_eq!(next(put(&mut sequence, &packet(30, 300_000, 10), 4)), (30, 300_000, 0));
    }

    #[test]
    fn a_cuff_that_counts_anew_begins_a_segment_apart_from_the_last() {
        let mut sequence = running();
        put(&mut sequence, &packet(5000, 90_000_000, 10), 1_000_000);
        let place = put(&mut sequence, &packet(0, 2_000_000, 10), 3_000_000);
        // 2 s at 100 Hz, less the ten samples of the packet itself.
        let expected = Place::Next { first_index: 5010 + 190, device_us: Some(2_000_000), missing: 0, segment: true };
        assert_eq!(place, expected);
        sequence.start(100.0);
        // At once: still a gap that nobody fills.
        let Place::Next { first_index, segment: true, .. } = put(&mut sequence, &packet(0, 0, 10), 3_000_001) else {
            panic!("no segment");
        };
        assert_eq!(first_index, 5210 + APART);
    }

    #[test]
    fn families_without_a_counter_are_counted_by_their_time_or_one_after_another() {
        let mut sequence = running();
        let timed = |device_us| Packet { first_index: None, ..packet(0, device_us, 10) };
        put(&mut sequence, &timed(0), 0);
        assert_eq!(next(put(&mut sequence, &timed(100_400), 0)), (10, 100_400, 0));
        assert_eq!(next(put(&mut sequence, &timed(300_000), 0)), (30, 300_000, 10));
        let mut sequence = running();
        let bare = || Packet { first_index: None, device_us: None, ..packet(0, 0, 10) };
        put(&mut sequence, &bare(), 0);
        let place = put(&mut sequence, &bare(), 500_000);
        assert_eq!(place, Place::Next { first_index: 10, device_us: None, missing: 0, segment: false });
    }

    #[test]
    fn what_a_cuff_dropped_itself_is_told_from_what_is_still_on_its_way() {
        let mut sequence = running();
        let numbered =
            |number, first_index| Packet { number: Some(number), ..packet(first_index, first_index * 10_000, 10) };
        put(&mut sequence, &numbered(255, 0), 0);
        let follows = |packet: &Packet| matches!(sequence.find(packet), Spot::Ahead { follows: true, .. });
        assert!(follows(&numbered(0, 10)) && follows(&numbered(0, 60)), "its number is the next");
        assert!(!follows(&numbered(1, 20)) && !follows(&packet(20, 200_000, 10)));
    }

    proptest! {
        #[test]
        fn no_packets_whatever_turn_the_index_back(packets in proptest::collection::vec(
            (any::<Option<u32>>(), any::<Option<u32>>(), 1usize..42, any::<i64>()), 1..60)) {
            let mut sequence = running();
            let mut after = 0;
            for (first_index, device_us, len, arrival_us) in packets {
                let packet = Packet { first_index, device_us, ..packet(0, 0, len) };
                if let Place::Next { first_index, .. } = put(&mut sequence, &packet, arrival_us) {
                    prop_assert!(first_index >= after);
                    after = first_index.saturating_add(len as u64);
                }
            }
        }
    }
}

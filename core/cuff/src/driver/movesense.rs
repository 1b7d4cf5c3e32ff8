//! Movesense over its GATT SensorData Protocol (GSP): floats in blocks, each with a stamp in milliseconds.
//!
//! Facts: movesense.com/docs/esw/gatt_sensordata_protocol and `GATTSensorDataClient.cpp`; units from the maker's
//! `meas/{acc,gyro,imu}.yaml` (m/s², °/s). Older firmware does not answer a subscription, so its first samples count
//! as the answer. The range of its sensors is not told; the grid is laid over ±16 g and ±2,000 °/s.
//!
//! A block says neither how many samples it holds nor whether it goes on in the next notification. Where notifications have room
//! to spare it is whole; otherwise the stamp of the next one tells, for which it waits; it counts as having come when its own
//! last piece did, or its samples would seem to lie a block later than they do. What a platform says about the size of packets is
//! not relied on: some say 23 whatever it is.

use super::bytes::{DecodeError, Reader};
use super::grid::Grid;
use super::script::Script;
use super::{Family, Op, Packet, Peer, StreamSetup, Talk, TalkError, Told, standard};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use arrayvec::ArrayVec;
use talus_motion::{BLOCK_MAX, BlockFlags, Counts, Timing};
use uuid::Uuid;

/// The sensor data service.
pub const SERVICE: Uuid = Uuid::from_u128(0x3480_2252_7185_4d5d_b431_630e_7050_e8f0);
/// What it is told (write).
pub const WRITE: Uuid = Uuid::from_u128(0x3480_0001_7185_4d5d_b431_630e_7050_e8f0);
/// What it sends (notify).
pub const NOTIFY: Uuid = Uuid::from_u128(0x3480_0002_7185_4d5d_b431_630e_7050_e8f0);
/// What it advertises with this firmware, and what older firmware does.
const ADVERTISED: [Uuid; 2] = [standard::sig_uuid(0xFDF3), standard::sig_uuid(0xFE06)];

const WHAT: &str = "sensor answer";
/// Rates of the sensors that a phone's connection carries, Hz.
const RATES_HZ: [u16; 4] = [13, 26, 52, 104];
/// References of subscriptions; one after another, so that nothing left from before is taken for the present one.
const REFERENCES: std::ops::RangeInclusive<u8> = 99..=101;
/// Bytes of stamp and samples that may belong together over several notifications.
const BLOCK_LEN: usize = 4 + BLOCK_MAX * SAMPLE_LEN;
/// Largest packet these sensors use.
const MTU_MAX: u16 = 161;
/// Bytes of a sample: acceleration and angular rate, three floats each.
const SAMPLE_LEN: usize = 24;

/// Whether an advertisement is from this family.
pub(super) fn matches(advert: &Advert) -> bool {
    let named = advert.name.starts_with("Movesense");
    advert.services.contains(&SERVICE)
        || advert.services.contains(&ADVERTISED[0])
        || named
            && (advert.services.contains(&ADVERTISED[1])
                || advert.manufacturer_data.iter().any(|(id, _)| *id == 0x009F))
}

/// The command that subscribes to a resource.
pub fn subscribe(reference: u8, path: &str) -> Vec<u8> {
    [&[1, reference], path.as_bytes()].concat()
}

/// The command that ends a subscription.
pub fn unsubscribe(reference: u8) -> [u8; 2] {
    [2, reference]
}

/// A notification.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Heard<'a> {
    /// The answer to a command.
    Answer {
        /// Which one.
        reference: u8,
        /// As of HTTP.
        status: u16,
    },
    /// The beginning of a block, or all of it.
    Block {
        /// Of which subscription.
        reference: u8,
        /// Stamp and samples.
        payload: &'a [u8],
    },
    /// What did not fit the notification before.
    More {
        /// Of which subscription.
        reference: u8,
        /// Samples.
        payload: &'a [u8],
    },
}

impl<'a> Heard<'a> {
    /// Reads a notification.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let (kind, reference) = (reader.u8()?, reader.u8()?);
        match kind {
            1 => {
                let status = reader.u16()?;
                // 507 is sent the other way round.
                let status = if status > 999 { status.swap_bytes() } else { status };
                Ok(Self::Answer { reference, status })
            }
            2 => Ok(Self::Block { reference, payload: reader.rest() }),
            3 => Ok(Self::More { reference, payload: reader.rest() }),
            value => Err(DecodeError::Unknown { what: WHAT, value }),
        }
    }
}

/// Acceleration in m/s² and angular rate in °/s of one sample.
pub type AccGyr = ([f32; 3], [f32; 3]);

/// Reads a whole block of six axes: the stamp of its first sample in milliseconds, all accelerations, all angular
/// rates. `None` where bytes are missing to a whole number of samples.
pub fn block(payload: &[u8]) -> Result<Option<(u32, impl Iterator<Item = AccGyr>)>, DecodeError> {
    let mut reader = Reader::new("block", payload);
    let device_ms = reader.u32()?;
    let rest = reader.rest();
    if rest.is_empty() || !rest.len().is_multiple_of(SAMPLE_LEN) {
        return Ok(None);
    }
    let (acc, gyr) = rest.split_at(rest.len() / 2);
    let axes = |bytes| Reader::new("block", bytes).axes_f32().unwrap_or([f32::NAN; 3]);
    let samples = acc.chunks_exact(SAMPLE_LEN / 2).zip(gyr.chunks_exact(SAMPLE_LEN / 2));
    Ok(Some((device_ms, samples.map(move |(acc, gyr)| (axes(acc), axes(gyr))))))
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Prepare,
    Start,
}

/// What its floats are rounded to: ±16 g, ±2,000 °/s.
const GRID: Grid = Grid::over(16.0, 2000.0);

/// The conversation.
#[derive(Debug)]
pub struct MovesenseTalk {
    rate_hz: u16,
    reference: u8,
    serial: String,
    script: Script<Step>,
    /// Bytes of a notification that may be continued, by what the platform says of its packets.
    room: usize,
    /// Bytes of the longest notification, once any was continued.
    longest: Option<usize>,
    /// The block under way has had its last piece: one that is shorter than others.
    ended: bool,
    /// The block under way.
    part: ArrayVec<u8, BLOCK_LEN>,
}

impl MovesenseTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        let off = |rate: u16| (f64::from(rate) - wish.rate_hz).abs();
        let rate_hz = RATES_HZ.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(104);
        Self {
            rate_hz,
            reference: *REFERENCES.end(),
            serial: String::new(),
            script: Script::empty(),
            room: 0,
            longest: None,
            ended: false,
            part: ArrayVec::new(),
        }
    }

    fn write(bytes: Vec<u8>, answered: bool) -> Op {
        Op::Write { characteristic: WRITE, bytes, with_response: true, answer_on: answered.then_some(NOTIFY) }
    }

    fn answered(&self, told: &mut Vec<Told>) {
        if self.script.step() == Some(Step::Start) {
            told.push(Told::Answered);
        }
    }

    /// Another block begins: what is under way is whole if it fills the time between the two. Pieces have no number, and a
    /// block put together of two would make turning of acceleration.
    fn settle(&mut self, next: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        if self.part.is_empty() {
            return Ok(());
        }
        let stamp = |bytes: &[u8]| Reader::new("block", bytes).u32();
        let span_ms = stamp(next)?.wrapping_sub(stamp(&self.part)?);
        let samples = (self.part.len().saturating_sub(4) / SAMPLE_LEN) as f64;
        let apart = f64::from(span_ms) * 1e-3 * f64::from(self.rate_hz) - samples;
        // Sensors miss their rate by three per cent.
        if apart.abs() < (0.04 * samples).max(0.5) {
            told.extend(self.whole()?.map(Told::Earlier));
        }
        if self.part.is_empty() { Ok(()) } else { Err(Self::broken()) }
    }

    fn broken() -> TalkError {
        DecodeError::Range { what: WHAT, field: "length" }.into()
    }

    /// The block, if it is whole now.
    fn whole(&mut self) -> Result<Option<Packet>, TalkError> {
        let Some((device_ms, samples)) = block(&self.part)? else { return Ok(None) };
        let (mut flags, mut counts) = (BlockFlags::default(), Counts::new());
        for (acc, gyr) in samples {
            let ([ax, ay, az], acc_flags) = GRID.acc(acc)?;
            let ([gx, gy, gz], gyr_flags) = GRID.gyr(gyr)?;
            flags = BlockFlags(flags.0 | acc_flags.0 | gyr_flags.0);
            counts.push([ax, ay, az, gx, gy, gz]);
        }
        // 2³² ms are a whole number of times 2³² µs: the product wraps where the stamp does.
        let device_us = Some(device_ms.wrapping_mul(1000));
        self.part.clear();
        let (first_index, period_us, number) = (None, None, None);
        Ok(Some(Packet { stream: 0, first_index, device_us, period_us, number, flags, counts }))
    }
}

impl Talk for MovesenseTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        let before = self.reference;
        self.reference = if before == *REFERENCES.end() { *REFERENCES.start() } else { before + 1 };
        self.part.clear();
        self.room = usize::from(peer.mtu.min(MTU_MAX)).saturating_sub(3);
        (self.longest, self.ended) = (None, false);
        // The number is the last word of its name; the name is not always seen.
        let named = peer.name.rsplit(' ').next().filter(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
        self.serial = named.filter(|word| !word.is_empty()).map_or_else(|| standard::number_of(peer.id), str::to_owned);
        self.script = Script::begin(peer);
        self.script.then(Step::Prepare, Op::Subscribe(NOTIFY));
        // Where the stream is begun again on the same connection, the old one still runs.
        self.script.then_try(Step::Prepare, Self::write(unsubscribe(before).to_vec(), false));
        let path = format!("/Meas/IMU6/{}", self.rate_hz);
        self.script.then(Step::Start, Self::write(subscribe(self.reference, &path), true));
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        self.script.done(bytes);
        if !self.script.facts.serial.is_empty() {
            self.serial.clone_from(&self.script.facts.serial);
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        if characteristic == standard::BATTERY_LEVEL {
            told.push(Told::Battery(standard::battery(bytes)?));
        }
        if characteristic != NOTIFY {
            return Ok(());
        }
        match Heard::decode(bytes)? {
            Heard::Answer { reference, status } if reference == self.reference => match status {
                200..=299 => self.answered(told),
                // Not found: this firmware has no such resource.
                404 | 501 => return Err(TalkError::Firmware),
                _ => return Err(TalkError::Refused),
            },
            Heard::Block { reference, payload } if reference == self.reference => {
                let before = self.settle(payload, told);
                self.part.clear();
                self.part.try_extend_from_slice(payload).map_err(|_| Self::broken())?;
                self.answered(told);
                match self.longest {
                    // Nothing was ever continued, and this need not be.
                    None if bytes.len() < self.room => told.extend(self.whole()?.map(Told::Samples)),
                    longest => self.ended = longest.is_some_and(|longest| bytes.len() < longest),
                }
                before?;
            }
            Heard::More { reference, payload } if reference == self.reference => {
                let longest = self.longest.unwrap_or(self.part.len() + 2).max(bytes.len());
                self.longest = Some(longest);
                // Twice: no sensor is so quiet that a whole packet repeats itself.
                if (self.ended || bytes.len() == longest) && self.part.ends_with(payload) {
                    return Err(Self::broken());
                }
                // A piece too many: one of them is of another block, and nothing says which.
                if self.ended {
                    self.part.clear();
                }
                self.ended = bytes.len() < longest;
                let begun = !self.part.is_empty();
                if !begun || self.part.try_extend_from_slice(payload).is_err() {
                    self.part.clear();
                    return Err(Self::broken());
                }
            }
            Heard::Answer { .. } | Heard::Block { .. } | Heard::More { .. } => {}
        }
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        self.script.card(Family::Movesense, &self.serial)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.script.facts.battery_percent
    }

    fn setup(&self) -> Option<StreamSetup> {
        self.script.over().then(|| GRID.setup(f64::from(self.rate_hz), Timing::Device))
    }

    fn stop(&self) -> Vec<Op> {
        if self.script.remaining() > 1 {
            return Vec::new();
        }
        vec![Self::write(unsubscribe(self.reference).to_vec(), false)]
    }

    fn identify(&self) -> Vec<Op> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::hex;
    use crate::transport::PeripheralId;

    const WORKED: &str =
        "02 63 d2 04 00 00 | 00 00 00 3f 00 00 80 be 00 00 1c 41 | 00 00 c0 3f 00 00 00 c0 00 00 00 00";

    fn talk() -> MovesenseTalk {
        let mut talk = MovesenseTalk::new(Wish::default());
        let id = PeripheralId("m".into());
        talk.begin(&Peer { id: &id, name: "Movesense 174630000192", mtu: 185, characteristics: &[] });
        talk
    }

    #[test]
    fn a_block_reads_the_worked_bytes() {
        let bytes = hex(WORKED);
        let Ok(Heard::Block { reference: 99, payload }) = Heard::decode(&bytes) else { panic!("{bytes:?}") };
        let (device_ms, samples) = block(payload).unwrap().unwrap();
        assert_eq!(device_ms, 1234);
        assert_eq!(samples.collect::<Vec<_>>(), [([0.5, -0.25, 9.75], [1.5, -2.0, 0.0])]);
        for len in 0..bytes.len() {
            let mut told = Vec::new();
            let result = talk().notified(NOTIFY, &bytes[..len], &mut told);
            assert!(told.iter().all(|one| matches!(one, Told::Answered)), "cut to {len}: {result:?}");
        }
    }

    #[test]
    fn commands_are_the_worked_bytes() {
        assert_eq!(subscribe(99, "/Meas/IMU6/104"), [&[0x01, 0x63][..], b"/Meas/IMU6/104"].concat());
        assert_eq!(unsubscribe(99), [0x02, 0x63]);
        assert_eq!(Heard::decode(&hex("01 63 01 FB")), Ok(Heard::Answer { reference: 99, status: 507 }));
        assert_eq!(Heard::decode(&hex("01 63 c8 00")), Ok(Heard::Answer { reference: 99, status: 200 }));
        assert_eq!(Heard::decode(&[9, 9]), Err(DecodeError::Unknown { what: WHAT, value: 9 }));
    }

    #[test]
    fn a_block_over_two_notifications_is_put_together_and_half_a_block_is_counted() {
        let mut talk = talk();
        let whole = [hex(WORKED)[2..6].to_vec(), vec![0; 24 * 8]].concat();
        let (head, tail) = whole.split_at(155);
        let mut told = Vec::new();
        talk.notified(NOTIFY, &[&[2, 99][..], head].concat(), &mut told).unwrap();
        talk.notified(NOTIFY, &[&[3, 99][..], tail].concat(), &mut told).unwrap();
        assert!(told.iter().all(|one| matches!(one, Told::Answered)), "its end is not known yet");
        let later = [&[2, 99][..], &1311u32.to_le_bytes(), &head[4..]].concat();
        talk.notified(NOTIFY, &later, &mut told).unwrap();
        let samples = told.iter().filter_map(|one| if let Told::Earlier(packet) = one { Some(packet) } else { None });
        let read: Vec<_> = samples.map(|packet| (packet.device_us, packet.counts.len())).collect();
        // Eight samples at 104 Hz before the one with the next stamp.
        assert_eq!(read, [(Some(1_234_000), 8)]);
        told.clear();
        // The rest is lost: the stamp of the next does not fit.
        assert!(talk.notified(NOTIFY, &hex(WORKED), &mut told).is_err());
        assert!(told.iter().all(|one| matches!(one, Told::Answered)));
        assert!(talk.notified(NOTIFY, &[3, 99, 1, 2], &mut told).is_err(), "a rest of what has ended");
        assert!(talk.notified(NOTIFY, &[&[2, 99][..], &[0; 2000]].concat(), &mut told).is_err(), "oversize");
    }

    #[test]
    fn the_stamp_wraps_with_the_microseconds() {
        assert_eq!(u32::MAX.wrapping_mul(1000).wrapping_add(1000), 0);
    }
}

//! WitMotion BLE 5 (WT901BLE, BWT901BLE5.0, WT9011DCL): frames of 20 bytes that notifications cut as they like.
//!
//! Facts: WITMOTION/WitBluetooth_BWT901BLE5_0 `device_model.py`, `Bwt901bleProcessor.java`; WT901BLECL 5.0 manual
//! pages 16 to 18. No counter, no clock, no checksum, and no light to find it by. Settings are never saved into the
//! device: what Talus asks for ends with the device's power.

use super::bytes::{DecodeError, Reader};
use super::grid::Grid;
use super::script::Script;
use super::{Family, Op, Packet, Peer, StreamSetup, Talk, TalkError, Told, standard};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use arrayvec::ArrayVec;
use talus_motion::{BlockFlags, Counts, Timing};
use uuid::Uuid;

/// A UUID of the vendor. Its base differs from the SIG's in one byte: 9a instead of 9b.
const fn uuid(short: u16) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_1000_8000_0080_5f9a_34fb | ((short as u128) << 96))
}

/// The service, which some revisions advertise.
pub const SERVICE: Uuid = uuid(0xFFE5);
/// What the device sends (notify).
pub const NOTIFY: Uuid = uuid(0xFFE4);
/// What it is told (write, also without response).
pub const WRITE: Uuid = uuid(0xFFE9);

/// Bytes of a frame.
const FRAME_LEN: usize = 20;
const WHAT: &str = "sensor frame";
/// First byte of a frame, and the second: a sample or the answer to a register read.
const HEAD: u8 = 0x55;
const SAMPLE: u8 = 0x61;
const REGISTER: u8 = 0x71;

/// Register of the output rate.
const RATE: u8 = 0x03;
/// Register that chooses between six and nine axes.
const AXES: u8 = 0x24;
/// Register of the battery's voltage, 0.01 V.
const BATTERY: u8 = 0x64;
/// Rates offered, Hz, and their numbers. 200 Hz would be six notifications per connection event.
const RATES: [(f64, u8); 4] = [(10.0, 0x06), (20.0, 0x07), (50.0, 0x08), (100.0, 0x09)];
/// Commands need a pause between them, microseconds.
const PAUSE_US: i64 = 100_000;

/// Whether an advertisement is from this family. Some revisions advertise nothing but their name: whether the service
/// is really there shows after connecting.
pub(super) fn matches(advert: &Advert) -> bool {
    advert.services.contains(&SERVICE) || advert.name.starts_with("WT9") || advert.name.starts_with("BWT9")
}

/// A command that sets a register.
pub fn set_register(register: u8, value: u16) -> [u8; 5] {
    let [low, high] = value.to_le_bytes();
    [0xFF, 0xAA, register, low, high]
}

/// The command that lets registers be set for the next ten seconds.
pub fn unlock() -> [u8; 5] {
    set_register(0x69, 0xB588)
}

/// The command that asks for eight registers from this one on.
pub fn read_register(register: u8) -> [u8; 5] {
    set_register(0x27, u16::from(register))
}

/// What one frame holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Frame {
    /// A sample.
    Sample {
        /// Acceleration, 16/32768 g.
        acc: [i16; 3],
        /// Angular rate, 2000/32768 degrees per second.
        gyr: [i16; 3],
        /// Roll, pitch and yaw as the device computes them, 180/32768 degrees.
        angle: [i16; 3],
    },
    /// Eight registers.
    Registers {
        /// The first one.
        first: u16,
        /// Their values.
        values: [i16; 8],
    },
}

impl Frame {
    /// Reads one whole frame.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let head = reader.u8()?;
        if head != HEAD {
            return Err(DecodeError::Unknown { what: WHAT, value: head });
        }
        match reader.u8()? {
            SAMPLE => Ok(Self::Sample { acc: reader.axes()?, gyr: reader.axes()?, angle: reader.axes()? }),
            REGISTER => {
                let first = reader.u16()?;
                let mut values = [0; 8];
                for value in &mut values {
                    *value = reader.i16()?;
                }
                Ok(Self::Registers { first, values })
            }
            value => Err(DecodeError::Unknown { what: WHAT, value }),
        }
    }
}

/// Puts frames together from notifications that hold parts of frames or several.
#[derive(Debug, Default)]
pub struct Assembly {
    part: ArrayVec<u8, FRAME_LEN>,
}

impl Assembly {
    /// Takes a notification, hands on each whole frame, and gives the number of bytes that belonged to none.
    pub fn push(&mut self, bytes: &[u8], mut frame: impl FnMut(Frame)) -> usize {
        let mut odd = 0;
        // Whole frames in a notification of their own: what was begun before will never be completed.
        if bytes.len().is_multiple_of(FRAME_LEN) && matches!(bytes, [HEAD, SAMPLE | REGISTER, ..]) {
            odd += self.part.len();
            self.part.clear();
        }
        for byte in bytes {
            match (self.part.len(), *byte) {
                (0, HEAD) | (1, SAMPLE | REGISTER) | (2.., _) => self.part.push(*byte),
                // The byte before was no head, but this one may be.
                (1, HEAD) => odd += 1,
                (len, _) => {
                    odd += len + 1;
                    self.part.clear();
                }
            }
            if self.part.is_full() {
                if let Ok(whole) = Frame::decode(&self.part) {
                    frame(whole);
                }
                self.part.clear();
            }
        }
        odd
    }
}

/// Battery, per cent, from its voltage in 0.01 V: the maker's table for one cell; two cells from 6.5 to 8.8 V.
pub fn battery_percent(centivolts: i16) -> u8 {
    const CELL: [(i16, u8); 11] = [
        (396, 100),
        (393, 90),
        (387, 75),
        (382, 60),
        (379, 50),
        (377, 40),
        (373, 30),
        (370, 20),
        (368, 15),
        (350, 10),
        (340, 5),
    ];
    if centivolts > 550 {
        return (f64::from(centivolts - 650) / 230.0 * 100.0).clamp(0.0, 100.0).round() as u8;
    }
    CELL.iter().find(|(volts, _)| centivolts >= *volts).map_or(0, |(_, percent)| *percent)
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Prepare,
    CheckRate,
}

/// The conversation.
#[derive(Debug)]
pub struct WitTalk {
    rate: (f64, u8),
    serial: String,
    script: Script<Step>,
    assembly: Assembly,
    battery_percent: Option<u8>,
}

impl WitTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        let off = |rate: f64| (rate - wish.rate_hz).abs();
        let rate = RATES.into_iter().min_by(|a, b| off(a.0).total_cmp(&off(b.0))).unwrap_or(RATES[3]);
        Self {
            rate,
            serial: String::new(),
            script: Script::empty(),
            assembly: Assembly::default(),
            battery_percent: None,
        }
    }

    fn command(bytes: [u8; 5], answered: bool) -> Op {
        let answer_on = answered.then_some(NOTIFY);
        Op::Write { characteristic: WRITE, bytes: bytes.to_vec(), with_response: false, answer_on }
    }
}

impl Talk for WitTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        self.serial = standard::number_of(peer.id);
        self.assembly = Assembly::default();
        self.battery_percent = None;
        self.script = Script::begin(peer);
        self.script.then(Step::Prepare, Op::Subscribe(NOTIFY));
        // Six axes: a compass is led astray by iron at every step.
        for command in
            [unlock(), set_register(AXES, 1), set_register(RATE, u16::from(self.rate.1)), read_register(BATTERY)]
        {
            self.script.then(Step::Prepare, Self::command(command, false));
            self.script.then(Step::Prepare, Op::Wait(PAUSE_US));
        }
        self.script.then(Step::CheckRate, Self::command(read_register(RATE), true));
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        self.script.done(bytes);
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        if characteristic != NOTIFY {
            return Ok(());
        }
        let mut counts = Counts::new();
        let mut refused = false;
        let Self { script, assembly, rate, battery_percent: battery, .. } = self;
        let packet = |counts| {
            let flags = BlockFlags::default();
            Told::Samples(Packet {
                stream: 0,
                first_index: None,
                device_us: None,
                period_us: None,
                number: None,
                flags,
                counts,
            })
        };
        let odd = assembly.push(bytes, |frame| match frame {
            Frame::Sample { acc: [ax, ay, az], gyr: [gx, gy, gz], .. } => {
                if counts.is_full() {
                    told.push(packet(std::mem::take(&mut counts)));
                }
                counts.push([ax, ay, az, gx, gy, gz]);
            }
            Frame::Registers { first, values: [value, ..] } if first == u16::from(BATTERY) => {
                *battery = Some(battery_percent(value));
                told.push(Told::Battery(battery_percent(value)));
            }
            Frame::Registers { first, values: [value, ..] } if first == u16::from(RATE) => {
                if script.step() == Some(Step::CheckRate) {
                    refused = value != i16::from(rate.1);
                    told.push(Told::Answered);
                }
            }
            Frame::Registers { .. } => {}
        });
        if !counts.is_empty() {
            told.push(packet(counts));
        }
        if refused {
            told.retain(|one| *one != Told::Answered);
            return Err(TalkError::Refused);
        }
        // While it answers there is no telling its samples from the rest of an answer that was cut.
        if odd > 0 && self.script.over() {
            return Err(DecodeError::Unknown { what: WHAT, value: bytes.first().copied().unwrap_or(0) }.into());
        }
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        self.script.card(Family::WitMotion, &self.serial)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.battery_percent.or(self.script.facts.battery_percent)
    }

    fn setup(&self) -> Option<StreamSetup> {
        self.script.over().then(|| Grid::over(16.0, 2000.0).setup(self.rate.0, Timing::Estimated))
    }

    fn stop(&self) -> Vec<Op> {
        // It sends to whoever is connected and to nobody else: there is nothing to stop.
        Vec::new()
    }

    fn identify(&self) -> Vec<Op> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    const FIRST: &str = "55 61 00 00 00 04 00 08 00 00 00 20 00 00 00 00 00 20 00 40";
    const SECOND: &str = "55 61 00 fc 00 00 00 08 00 e0 00 00 00 00 00 e0 00 00 00 20";

    fn frames(notifications: &[&[u8]]) -> (Vec<Frame>, usize) {
        let (mut assembly, mut frames, mut odd) = (Assembly::default(), Vec::new(), 0);
        for bytes in notifications {
            odd += assembly.push(bytes, |frame| frames.push(frame));
        }
        (frames, odd)
    }

    #[test]
    fn frames_read_the_worked_bytes() {
        // (0, 0.5, 1) g, (0, 500, 0) °/s, (0, 45, 90)°; and (−0.5, 0, 1), (−500, 0, 0), (−45, 0, 45).
        let first = Frame::Sample { acc: [0, 1024, 2048], gyr: [0, 8192, 0], angle: [0, 8192, 16384] };
        let second = Frame::Sample { acc: [-1024, 0, 2048], gyr: [-8192, 0, 0], angle: [-8192, 0, 8192] };
        assert_eq!(Frame::decode(&hex(FIRST)), Ok(first));
        assert_eq!(Frame::decode(&hex(SECOND)), Ok(second));
        cut_and_extend(&hex(FIRST), Frame::decode);
        let setup = Grid::over(16.0, 2000.0).setup(100.0, Timing::Estimated);
        assert!((8192.0 * setup.gyr_radps_per_count - 500f64.to_radians()).abs() < 1e-9);
        assert_eq!(1024.0 * setup.acc_mps2_per_count, 0.5 * 9.80665);
        let mag = hex(&format!("55 71 3A 00 68 01 69 00 7A 00 {}", "00 ".repeat(10)));
        let registers = Frame::Registers { first: 0x3A, values: [360, 105, 122, 0, 0, 0, 0, 0] };
        assert_eq!(Frame::decode(&mag), Ok(registers));
        assert_eq!(Frame::decode(&[0x55; 20]), Err(DecodeError::Unknown { what: WHAT, value: 0x55 }));
        assert_eq!(Frame::decode(&[0x61; 20]), Err(DecodeError::Unknown { what: WHAT, value: 0x61 }));
    }

    #[test]
    fn commands_are_the_worked_bytes() {
        assert_eq!(unlock(), [0xFF, 0xAA, 0x69, 0x88, 0xB5]);
        assert_eq!(set_register(AXES, 1), [0xFF, 0xAA, 0x24, 0x01, 0x00]);
        assert_eq!(read_register(BATTERY), [0xFF, 0xAA, 0x27, 0x64, 0x00]);
    }

    #[test]
    fn frames_are_put_together_from_parts_and_taken_apart_from_heaps() {
        let (first, second) = (hex(FIRST), hex(SECOND));
        let both = [first.clone(), second.clone()].concat();
        let expected: Vec<_> = [&first, &second].map(|bytes| Frame::decode(bytes).unwrap()).to_vec();
        assert_eq!(frames(&[&both]), (expected.clone(), 0));
        assert_eq!(frames(&[&first[..10], &first[10..], &second]), (expected.clone(), 0));
        assert_eq!(frames(&[&[&[0xAA, 0x55][..], &both].concat()]), (expected.clone(), 2));
        // A part that never got its rest does not spoil the whole frames behind it.
        assert_eq!(frames(&[&first[..7], &both]), (expected, 7));
    }

    #[test]
    fn the_battery_follows_the_makers_table() {
        let percent = [399, 396, 395, 387, 371, 340, 339, 0, -5].map(battery_percent);
        assert_eq!(percent, [100, 100, 90, 75, 20, 5, 0, 0, 0]);
        assert_eq!([650, 765, 880, 999, 551].map(battery_percent), [0, 50, 100, 100, 0]);
    }

    proptest! {
        #[test]
        fn any_cut_of_a_stream_gives_the_same_frames(
            samples in proptest::collection::vec(any::<[i16; 9]>(), 1..20),
            cuts in proptest::collection::vec(1usize..19, 0..40)) {
            let bytes: Vec<u8> = samples.iter().flat_map(|words| {
                [HEAD, SAMPLE].into_iter().chain(words.iter().flat_map(|word| word.to_le_bytes()))
            }).collect();
            let (mut rest, mut parts) = (&bytes[..], Vec::new());
            for cut in cuts {
                let (part, tail) = rest.split_at(cut.min(rest.len()));
                parts.push(part);
                rest = tail;
            }
            parts.push(rest);
            // A part that looks like whole frames of its own is taken for them.
            let looks = |part: &&[u8]| part.len().is_multiple_of(FRAME_LEN) && matches!(part, [HEAD, SAMPLE | REGISTER, ..]);
            prop_assume!(!parts.iter().skip(1).any(looks));
            let (read, odd) = frames(&parts);
            prop_assert_eq!(read.len(), samples.len());
            prop_assert_eq!(odd, 0);
        }

        #[test]
        fn any_bytes_are_frames_or_counted(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            let (read, odd) = frames(&[&bytes]);
            prop_assert!(read.len() * FRAME_LEN + odd <= bytes.len() && bytes.len() - read.len() * FRAME_LEN - odd < FRAME_LEN);
        }
    }
}

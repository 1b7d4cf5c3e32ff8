//! Movella (Xsens) DOT: floats with a stamp of the device's clock, at most 60 samples a second.
//!
//! Facts: Movella "DOT BLE Service Specification" XD0506P rev C; njanssen/node-movella-dot `XsensDot.js`. There is no
//! counter: what is missing shows in the stamps. The firmware filters to 60 Hz, which is fine for repetitions and weak
//! for impacts.

use super::bytes::{DecodeError, Reader};
use super::grid::Grid;
use super::script::Script;
use super::{Family, Op, Peer, StreamSetup, Talk, TalkError, Told, standard, tell_one};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use talus_motion::{BlockFlags, Timing};
use uuid::Uuid;

/// A UUID of the device: `1517XXXX-4947-11e9-8646-d663bd873d93`.
const fn uuid(short: u16) -> Uuid {
    Uuid::from_u128(0x1517_0000_4947_11e9_8646_d663_bd87_3d93 | ((short as u128) << 96))
}

/// The configuration service.
pub const SERVICE: Uuid = uuid(0x1000);
/// Device info (read): [`DeviceCard`].
pub const DEVICE_CARD: Uuid = uuid(0x1001);
/// Device control (read, write): 32 bytes, see [`set_rate`] and [`identify`].
pub const DEVICE_CONTROL: Uuid = uuid(0x1002);
/// Measurement control (read, write): see [`measure`].
pub const CONTROL: Uuid = uuid(0x2001);
/// Payloads up to 40 bytes (notify): [`Sample`] in mode 21.
pub const MEDIUM: Uuid = uuid(0x2003);
/// Battery (read, notify): per cent, and whether it charges.
pub const BATTERY: Uuid = uuid(0x3001);

/// Company of Movella in manufacturer data.
const COMPANY: u16 = 0x0886;
/// Rates it streams at, Hz.
const RATES_HZ: [u16; 8] = [1, 4, 10, 12, 15, 20, 30, 60];
/// The payload mode of acceleration and angular rate as they are measured.
const MODE_RATE: u8 = 21;
/// Smallest packet that holds such a payload, with its three bytes of overhead.
const MTU_MIN: u16 = 43;
/// What a platform reports that knows no packet size.
const MTU_UNKNOWN: u16 = 23;

/// Whether an advertisement is from this family.
pub(super) fn matches(advert: &Advert) -> bool {
    let name = advert.name.as_bytes();
    let named = |start: &[u8]| name.len() >= start.len() && name[..start.len()].eq_ignore_ascii_case(start);
    let company = advert.manufacturer_data.iter().any(|(company, _)| *company == COMPANY);
    // Movella makes more than this sensor; a platform may have no name for it yet.
    advert.services.contains(&SERVICE) || company && (named(b"Movella DOT") || named(b"Xsens DOT") || name.is_empty())
}

/// Who a DOT is, 34 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DeviceCard {
    /// Its address, as written: most significant byte first.
    pub address: [u8; 6],
    /// Firmware: major, minor, revision.
    pub firmware: [u8; 3],
    /// Serial number.
    pub serial: u64,
    /// Product code, ASCII: `XS-T01`, `XS-T02`.
    pub product: [u8; 6],
}

impl DeviceCard {
    /// Reads a value of Device info.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("device card", bytes);
        let mut address = [0; 6];
        address.copy_from_slice(reader.slice(6)?);
        address.reverse();
        let firmware = [reader.u8()?, reader.u8()?, reader.u8()?];
        reader.slice(7 + 4)?; // build date, soft device
        let serial = reader.u64()?;
        let mut product = [0; 6];
        product.copy_from_slice(reader.slice(6)?);
        Ok(Self { address, firmware, serial, product })
    }
}

/// The write of Device control that sets the rate.
pub fn set_rate(rate_hz: u16) -> [u8; 32] {
    let mut out = [0; 32];
    out[0] = 1 << 4;
    [out[24], out[25]] = rate_hz.to_le_bytes();
    out
}

/// The write of Device control that lets the light blink eight times.
pub fn identify() -> [u8; 32] {
    let mut out = [0; 32];
    [out[0], out[1]] = [1, 1];
    out
}

/// The write of Measurement control that starts or stops a payload mode.
pub fn measure(start: bool, mode: u8) -> [u8; 3] {
    [1, u8::from(start), mode]
}

/// One sample of mode 21, 28 bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// The device's clock, microseconds, wraps every 71.58 minutes.
    pub device_us: u32,
    /// Acceleration, m/s².
    pub acc: [f32; 3],
    /// Angular rate, degrees per second.
    pub gyr: [f32; 3],
}

impl Sample {
    /// Reads a notification of mode 21.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("rate payload", bytes);
        Ok(Self { device_us: reader.u32()?, acc: reader.axes_f32()?, gyr: reader.axes_f32()? })
    }
}

/// A frame of the message service: recording, synchronisation, configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Message<'a> {
    /// 1 recording, 2 synchronisation, 3 configuration.
    pub id: u8,
    /// What it says.
    pub content: &'a [u8],
}

impl<'a> Message<'a> {
    /// Reads a message and checks its sum: all bytes together make a multiple of 256.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        const WHAT: &str = "message";
        let mut reader = Reader::new(WHAT, bytes);
        let (id, len) = (reader.u8()?, reader.u8()?);
        let content = reader.slice(usize::from(len))?;
        let found = reader.u8()?;
        let expected = sum(id, content);
        if found != expected {
            return Err(DecodeError::Checksum { what: WHAT, expected: expected.into(), found: found.into() });
        }
        Ok(Self { id, content })
    }

    /// Writes the message with its sum; content beyond 255 bytes is cut.
    pub fn encode(&self) -> Vec<u8> {
        let content = &self.content[..self.content.len().min(255)];
        let mut out = vec![self.id, content.len() as u8];
        out.extend(content);
        out.push(sum(self.id, content));
        out
    }
}

/// The byte that brings a message's sum to a multiple of 256.
fn sum(id: u8, content: &[u8]) -> u8 {
    content.iter().fold(id.wrapping_add(content.len() as u8), |sum, byte| sum.wrapping_add(*byte)).wrapping_neg()
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Card,
    Battery,
    BatteryNews,
    Prepare,
}

/// What its floats are rounded to: ±16 g, ±2,000 °/s.
const GRID: Grid = Grid::over(16.0, 2000.0);

/// The conversation.
#[derive(Debug)]
pub struct DotTalk {
    rate_hz: u16,
    mtu: u16,
    serial: String,
    script: Script<Step>,
}

impl DotTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        let off = |rate: u16| (f64::from(rate) - wish.rate_hz).abs();
        let rate_hz = RATES_HZ.into_iter().min_by(|a, b| off(*a).total_cmp(&off(*b))).unwrap_or(60);
        Self { rate_hz, mtu: MTU_UNKNOWN, serial: String::new(), script: Script::empty() }
    }

    fn write(characteristic: Uuid, bytes: &[u8]) -> Op {
        Op::Write { characteristic, bytes: bytes.to_vec(), with_response: true, answer_on: None }
    }
}

impl Talk for DotTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        self.mtu = peer.mtu;
        self.serial.clear();
        self.script = Script::begin(peer);
        let script = &mut self.script;
        script.then(Step::Card, Op::Read(DEVICE_CARD));
        script.then_try(Step::Battery, Op::Read(BATTERY));
        script.then_try(Step::BatteryNews, Op::Subscribe(BATTERY));
        script.then(Step::Prepare, Op::Subscribe(MEDIUM));
        // It may still measure for whoever left without a word, and takes no rate while it does.
        script.then_try(Step::Prepare, Self::write(CONTROL, &measure(false, MODE_RATE)));
        script.then(Step::Prepare, Self::write(DEVICE_CONTROL, &set_rate(self.rate_hz)));
        script.then(Step::Prepare, Self::write(CONTROL, &measure(true, MODE_RATE)));
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        match self.script.done(bytes) {
            Some(Step::Card) => {
                let card = DeviceCard::decode(bytes)?;
                let [major, minor, revision] = card.firmware;
                self.serial = format!("{:x}", card.serial);
                self.script.facts.firmware = format!("{major}.{minor}.{revision}");
                self.script.facts.hardware = standard::text(&card.product);
                if (MTU_UNKNOWN + 1..MTU_MIN).contains(&self.mtu) {
                    return Err(TalkError::PacketsTooSmall);
                }
            }
            Some(Step::Battery) => {
                self.script.facts.battery_percent = standard::battery(bytes).ok();
            }
            Some(Step::BatteryNews | Step::Prepare) | None => {}
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        match characteristic {
            MEDIUM => {
                let sample = Sample::decode(bytes)?;
                let ([ax, ay, az], acc_flags) = GRID.acc(sample.acc)?;
                let ([gx, gy, gz], gyr_flags) = GRID.gyr(sample.gyr)?;
                tell_one(told, Some(sample.device_us), BlockFlags(acc_flags.0 | gyr_flags.0), [ax, ay, az, gx, gy, gz]);
            }
            BATTERY => told.push(Told::Battery(standard::battery(bytes)?)),
            _ => {}
        }
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        self.script.card(Family::Dot, &self.serial)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.script.facts.battery_percent
    }

    fn setup(&self) -> Option<StreamSetup> {
        self.script.over().then(|| GRID.setup(f64::from(self.rate_hz), Timing::Device))
    }

    fn stop(&self) -> Vec<Op> {
        // Nothing runs before the last step; while that is under way it may already run.
        if self.script.remaining() > 1 {
            return Vec::new();
        }
        vec![Self::write(CONTROL, &measure(false, MODE_RATE))]
    }

    fn identify(&self) -> Vec<Op> {
        vec![Self::write(DEVICE_CONTROL, &identify())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn a_sample_reads_the_worked_bytes() {
        let bytes = hex("1b 41 00 00 | 00 00 00 3f 00 00 80 be 00 00 1d 41 | 00 00 80 3f 00 00 00 40 00 00 40 c0");
        let sample = Sample::decode(&bytes).unwrap();
        assert_eq!(sample, Sample { device_us: 16_667, acc: [0.5, -0.25, 9.8125], gyr: [1.0, 2.0, -3.0] });
        cut_and_extend(&bytes, Sample::decode);
    }

    #[test]
    fn writes_are_the_worked_bytes() {
        assert_eq!(identify().to_vec(), [hex("01 01"), vec![0; 30]].concat());
        assert_eq!(set_rate(60).to_vec(), [vec![0x10], vec![0; 23], hex("3c 00"), vec![0; 6]].concat());
        assert_eq!((measure(true, 21), measure(false, 21)), ([1, 1, 21], [1, 0, 21]));
    }

    #[test]
    fn a_card_reads_its_fields_in_order() {
        let bytes = [
            &[0xCC, 0xBB, 0xAA, 0xCD, 0x22, 0xD4, 2, 4, 1, 0xE7, 7, 6, 15, 12, 0, 0, 1, 2, 3, 4][..],
            &0x0123_4567_89AB_CDEFu64.to_le_bytes(),
            b"XS-T02",
        ]
        .concat();
        let card = DeviceCard::decode(&bytes).unwrap();
        assert_eq!((card.address, card.firmware), ([0xD4, 0x22, 0xCD, 0xAA, 0xBB, 0xCC], [2, 4, 1]));
        assert_eq!((card.serial, &card.product), (0x0123_4567_89AB_CDEF, b"XS-T02"));
        assert_eq!(bytes.len(), 34);
        cut_and_extend(&bytes, DeviceCard::decode);
    }

    #[test]
    fn messages_read_and_write_the_worked_bytes() {
        for worked in [
            "01 01 02 FC",
            "01 03 01 06 02 F3",
            "01 01 41 BD",
            "01 02 60 01 9C",
            "01 09 74 00 01 05 06 07 08 09 0A 54",
            "01 02 70 07 86",
            "02 01 08 F5",
            "02 02 51 09 A2",
            "02 02 51 04 A7",
            "02 07 01 CC BB AA CD 22 D4 02",
            "02 01 02 FB",
            "03 01 04 F8",
            // The specification prints E0 here; by its own rule the sum is E4.
            "01 07 40 DF 50 3B 5B 08 07 E4",
        ] {
            let bytes = hex(worked);
            let message = Message::decode(&bytes).unwrap();
            assert_eq!(message.encode(), bytes, "{worked}");
            for len in 0..bytes.len() {
                assert!(Message::decode(&bytes[..len]).is_err(), "{worked} cut to {len}");
            }
        }
        let printed = hex("01 07 40 DF 50 3B 5B 08 07 E0");
        let error = DecodeError::Checksum { what: "message", expected: 0xE4, found: 0xE0 };
        assert_eq!(Message::decode(&printed), Err(error));
    }

    proptest! {
        #[test]
        fn a_message_with_one_byte_changed_is_noticed(
            id in any::<u8>(), content in proptest::collection::vec(any::<u8>(), 0..60), at in any::<usize>(), by in 1u8..) {
            let mut bytes = Message { id, content: &content }.encode();
            prop_assert_eq!(Message::decode(&bytes), Ok(Message { id, content: &content }));
            let at = at % bytes.len();
            bytes[at] = bytes[at].wrapping_add(by);
            prop_assert!(Message::decode(&bytes).is_err() || at == 1);
        }
    }
}

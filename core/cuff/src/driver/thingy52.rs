//! Nordic Thingy:52: nine axes in each notification, no counter and no clock.
//!
//! Facts: Nordic-Thingy52-FW `documentation/firmware_architecture.html`, `include/ble_services/ble_tms.h`,
//! `source/modules/m_motion.c`. Its times are estimated from arrivals, so the timing of steps is not judged by it. More
//! than 100 Hz would be six notifications per connection event, which phones do not take.

use super::bytes::{DecodeError, Reader};
use super::grid::Grid;
use super::script::Script;
use super::{Family, Op, Peer, StreamSetup, Talk, TalkError, Told, standard, tell_one};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use talus_motion::{BlockFlags, Timing};
use uuid::Uuid;

/// A UUID of the device: `EF68XXXX-9B35-4933-9B10-52FFA9740042`.
const fn uuid(short: u16) -> Uuid {
    Uuid::from_u128(0xEF68_0000_9B35_4933_9B10_52FF_A974_0042 | ((short as u128) << 96))
}

/// The configuration service, which it advertises.
pub const SERVICE: Uuid = uuid(0x0100);
/// Firmware version (read): three bytes.
pub const FIRMWARE: Uuid = uuid(0x0107);
/// Light (read, write).
pub const LED: Uuid = uuid(0x0301);
/// Motion configuration (read, write): [`Config`].
pub const CONFIG: Uuid = uuid(0x0401);
/// Raw motion (notify): [`Raw`].
pub const RAW: Uuid = uuid(0x0406);

/// Rates the device takes, Hz.
const RATE_MIN_HZ: f64 = 5.0;
/// What a phone's connection carries, Hz.
const RATE_MAX_HZ: f64 = 100.0;
/// How long it shines red to show itself, microseconds.
const SHINE_US: i64 = 3_000_000;

/// Whether an advertisement is from this family.
pub(super) fn matches(advert: &Advert) -> bool {
    advert.services.contains(&SERVICE)
}

/// The motion configuration, 9 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Config {
    /// Interval of the step counter, ms.
    pub step_ms: u16,
    /// Interval of temperature compensation, ms.
    pub temperature_ms: u16,
    /// Interval of the magnetometer, ms.
    pub magnetometer_ms: u16,
    /// Samples per second, 5 to 200.
    pub rate_hz: u16,
    /// Whether it wakes when moved.
    pub wake_on_motion: bool,
}

impl Config {
    /// Reads the configuration.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("motion configuration", bytes);
        Ok(Self {
            step_ms: reader.u16()?,
            temperature_ms: reader.u16()?,
            magnetometer_ms: reader.u16()?,
            rate_hz: reader.u16()?,
            wake_on_motion: reader.u8()? != 0,
        })
    }

    /// Writes the configuration.
    pub fn encode(&self) -> Vec<u8> {
        let words = [self.step_ms, self.temperature_ms, self.magnetometer_ms, self.rate_hz];
        let mut out: Vec<u8> = words.into_iter().flat_map(u16::to_le_bytes).collect();
        out.push(u8::from(self.wake_on_motion));
        out
    }
}

/// One sample of all sensors, 18 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Raw {
    /// Acceleration, 1/1024 g.
    pub acc: [i16; 3],
    /// Angular rate, 1/32 degree per second.
    pub gyr: [i16; 3],
    /// Magnetic field, 1/16 µT. The firmware turns its axes; it is not used.
    pub mag: [i16; 3],
}

impl Raw {
    /// Reads a notification of raw motion.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("raw motion", bytes);
        Ok(Self { acc: reader.axes()?, gyr: reader.axes()?, mag: reader.axes()? })
    }
}

/// The quaternion w, x, y, z of a notification of the device's own orientation: four numbers of 30 binary places.
pub fn quaternion(bytes: &[u8]) -> Result<[f64; 4], DecodeError> {
    let mut reader = Reader::new("quaternion", bytes);
    let mut part = || Ok(f64::from(reader.u32()?.cast_signed()) / f64::from(1 << 30));
    Ok([part()?, part()?, part()?, part()?])
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Firmware,
    Configure,
    Hear,
}

/// The conversation.
#[derive(Debug)]
pub struct ThingyTalk {
    rate_hz: u16,
    serial: String,
    script: Script<Step>,
}

impl ThingyTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        let rate_hz = wish.rate_hz.clamp(RATE_MIN_HZ, RATE_MAX_HZ).round() as u16;
        Self { rate_hz, serial: String::new(), script: Script::empty() }
    }

    /// What one count means. The format ends at ±1,024 °/s whatever the sensor reaches, and the sensor at ±16 g.
    fn grid() -> Grid {
        Grid::counting(1.0 / 1024.0, 1.0 / 32.0, 16.0, 1024.0)
    }
}

impl Talk for ThingyTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        self.serial = standard::number_of(peer.id);
        self.script = Script::begin(peer);
        self.script.then_try(Step::Firmware, Op::Read(FIRMWARE));
        // Steps, temperature and compass at the intervals the device starts with.
        let config = Config {
            step_ms: 1000,
            temperature_ms: 500,
            magnetometer_ms: 500,
            rate_hz: self.rate_hz,
            wake_on_motion: false,
        };
        let bytes = config.encode();
        self.script
            .then(Step::Configure, Op::Write { characteristic: CONFIG, bytes, with_response: true, answer_on: None });
        // Subscribing is what turns the sensor on.
        self.script.then(Step::Hear, Op::Subscribe(RAW));
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        if self.script.done(bytes) == Some(Step::Firmware)
            && let [major, minor, patch, ..] = bytes
        {
            self.script.facts.firmware = format!("{major}.{minor}.{patch}");
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        match characteristic {
            RAW => {
                let Raw { acc: [ax, ay, az], gyr: [gx, gy, gz], .. } = Raw::decode(bytes)?;
                tell_one(told, None, BlockFlags::default(), [ax, ay, az, gx, gy, gz]);
            }
            standard::BATTERY_LEVEL => told.push(Told::Battery(standard::battery(bytes)?)),
            _ => {}
        }
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        let known = self.script.step() != Some(Step::Firmware);
        self.script.card(Family::Thingy52, &self.serial).filter(|_| known)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.script.facts.battery_percent
    }

    fn setup(&self) -> Option<StreamSetup> {
        self.script.over().then(|| Self::grid().setup(f64::from(self.rate_hz), Timing::Estimated))
    }

    fn stop(&self) -> Vec<Op> {
        // Nothing to write: the sensor sleeps when nobody is subscribed.
        Vec::new()
    }

    fn identify(&self) -> Vec<Op> {
        if !self.script.offers(LED) {
            return Vec::new();
        }
        let light = |bytes: &[u8]| Op::Write {
            characteristic: LED,
            bytes: bytes.to_vec(),
            with_response: true,
            answer_on: None,
        };
        // Red, and then the slow cyan it shows otherwise: colour 6, 20 %, every 3.5 s.
        vec![light(&[0x01, 0xFF, 0, 0]), Op::Wait(SHINE_US), light(&[0x02, 0x06, 0x14, 0xAC, 0x0D])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};

    #[test]
    fn raw_motion_reads_the_worked_bytes() {
        let bytes = hex("00 00 00 00 00 04 | 40 01 60 ff 20 00 | a0 00 b0 ff e0 01");
        let raw = Raw::decode(&bytes).unwrap();
        assert_eq!(raw, Raw { acc: [0, 0, 1024], gyr: [320, -160, 32], mag: [160, -80, 480] });
        cut_and_extend(&bytes, Raw::decode);
        // (0, 0, 1) g and (10, −5, 1) °/s.
        let setup = ThingyTalk::grid().setup(100.0, Timing::Estimated);
        assert_eq!(1024.0 * setup.acc_mps2_per_count, 9.80665);
        assert!((320.0 * setup.gyr_radps_per_count - 10f64.to_radians()).abs() < 1e-12);
        assert!((setup.gyr_range_radps.to_degrees() - 1023.97).abs() < 0.01);
    }

    #[test]
    fn a_quaternion_reads_the_worked_bytes() {
        let bytes = [hex("00 00 00 40"), vec![0; 12]].concat();
        assert_eq!(quaternion(&bytes), Ok([1.0, 0.0, 0.0, 0.0]));
        assert_eq!(quaternion(&[0, 0, 0, 0xC0].repeat(4)), Ok([-1.0; 4]));
        cut_and_extend(&bytes, quaternion);
    }

    #[test]
    fn the_configuration_reads_and_writes_the_worked_bytes() {
        let bytes = hex("e8 03 f4 01 f4 01 64 00 00");
        let config = Config::decode(&bytes).unwrap();
        assert_eq!((config.step_ms, config.magnetometer_ms, config.rate_hz), (1000, 500, 100));
        assert_eq!(config.encode(), bytes);
        cut_and_extend(&bytes, Config::decode);
    }

    #[test]
    fn no_more_is_asked_for_than_a_phone_carries() {
        assert_eq!(ThingyTalk::new(Wish { rate_hz: 400.0, ..Wish::default() }).rate_hz, 100);
    }
}

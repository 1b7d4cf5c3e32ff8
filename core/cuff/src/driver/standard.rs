//! The standard services of the Bluetooth SIG a cuff may offer beside its own: Battery, Device Information, Heart
//! Rate, Running Speed and Cadence.
//!
//! Layouts: Bluetooth SIG, the services' specifications (BAS, DIS, HRS, RSCS).

use super::bytes::{DecodeError, Reader};
use super::display_name;
use crate::transport::PeripheralId;
use arrayvec::ArrayVec;
use uuid::Uuid;

/// A UUID of the Bluetooth SIG: `0000XXXX-0000-1000-8000-00805f9b34fb`.
pub(super) const fn sig_uuid(short: u16) -> Uuid {
    Uuid::from_u128(0x0000_0000_0000_1000_8000_0080_5f9b_34fb | ((short as u128) << 96))
}

/// The Heart Rate Service.
pub const HEART_RATE_SERVICE: Uuid = sig_uuid(0x180D);
/// The Running Speed and Cadence Service.
pub const RUNNING_SERVICE: Uuid = sig_uuid(0x1814);
/// Battery Level (read, notify): per cent in one byte.
pub const BATTERY_LEVEL: Uuid = sig_uuid(0x2A19);
/// Serial Number String (read).
pub const SERIAL_NUMBER: Uuid = sig_uuid(0x2A25);
/// Firmware Revision String (read).
pub const FIRMWARE_REVISION: Uuid = sig_uuid(0x2A26);
/// Hardware Revision String (read).
pub const HARDWARE_REVISION: Uuid = sig_uuid(0x2A27);
/// Heart Rate Measurement (notify): [`HeartRate`].
pub const HEART_RATE: Uuid = sig_uuid(0x2A37);
/// RSC Measurement (notify): [`RunningSpeed`].
pub const RUNNING_SPEED: Uuid = sig_uuid(0x2A53);

/// Longest text read from a device, bytes.
const TEXT_MAX: usize = 64;

/// A value of Battery Level, per cent.
pub fn battery(bytes: &[u8]) -> Result<u8, DecodeError> {
    match Reader::new("battery level", bytes).u8()? {
        percent @ 0..=100 => Ok(percent),
        _ => Err(DecodeError::Range { what: "battery level", field: "per cent" }),
    }
}

/// A string of Device Information, safe to show.
pub fn text(bytes: &[u8]) -> String {
    display_name(&String::from_utf8_lossy(&bytes[..bytes.len().min(TEXT_MAX)]))
}

/// The number of a device that has none of its own: letters and digits of the platform's name for it, the last 24.
/// On most platforms that is its address; on Apple's it holds on one phone only.
pub(super) fn number_of(id: &PeripheralId) -> String {
    let kept: Vec<char> = id.0.chars().filter(char::is_ascii_alphanumeric).collect();
    kept[kept.len().saturating_sub(24)..].iter().collect::<String>().to_ascii_lowercase()
}

/// Intervals between beats kept of one measurement.
const INTERVALS_MAX: usize = 16;

/// One Heart Rate Measurement.
#[derive(Debug, Clone, PartialEq)]
pub struct HeartRate {
    /// Beats per minute.
    pub per_min: u16,
    /// Whether the sensor touches the skin; `None` where it cannot tell.
    pub contact: Option<bool>,
    /// Energy spent since it was last reset, kilojoules.
    pub energy_kj: Option<u16>,
    /// Intervals between beats, oldest first, in 1/1024 s; at most 16.
    pub intervals: ArrayVec<u16, INTERVALS_MAX>,
}

impl HeartRate {
    /// Reads a notification of Heart Rate Measurement.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("heart rate", bytes);
        let flags = reader.u8()?;
        let per_min = if flags & 1 == 0 { u16::from(reader.u8()?) } else { reader.u16()? };
        let contact = (flags & 0b100 != 0).then_some(flags & 0b010 != 0);
        let energy_kj = if flags & 0b1000 == 0 { None } else { Some(reader.u16()?) };
        let mut intervals = ArrayVec::new();
        if flags & 0b1_0000 != 0 {
            while reader.rest().len() >= 2 && !intervals.is_full() {
                intervals.push(reader.u16()?);
            }
        }
        Ok(Self { per_min, contact, energy_kj, intervals })
    }
}

/// One measurement of a foot pod.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RunningSpeed {
    /// Speed, m/s, in steps of 1/256.
    pub speed_mps: f64,
    /// Steps per minute. Some foot pods count one foot only.
    pub cadence_per_min: u8,
    /// Length of a stride, metres, where told.
    pub stride_m: Option<f64>,
    /// Distance since the last reset, metres, where told.
    pub distance_m: Option<f64>,
    /// It takes this for running, not walking.
    pub running: bool,
}

impl RunningSpeed {
    /// Reads a notification of RSC Measurement.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("running speed", bytes);
        let flags = reader.u8()?;
        let (speed, cadence_per_min) = (reader.u16()?, reader.u8()?);
        let stride_m = if flags & 1 == 0 { None } else { Some(f64::from(reader.u16()?) / 100.0) };
        let distance_m = if flags & 0b10 == 0 { None } else { Some(f64::from(reader.u32()?) / 10.0) };
        let speed_mps = f64::from(speed) / 256.0;
        Ok(Self { speed_mps, cadence_per_min, stride_m, distance_m, running: flags & 0b100 != 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};

    #[test]
    fn a_foot_pods_worked_bytes_read() {
        let bytes = hex("05 80 02 a8 78 00");
        let expected =
            RunningSpeed { speed_mps: 2.5, cadence_per_min: 168, stride_m: Some(1.2), distance_m: None, running: true };
        assert_eq!(RunningSpeed::decode(&bytes), Ok(expected));
        cut_and_extend(&bytes, RunningSpeed::decode);
        let far = RunningSpeed::decode(&hex("02 00 01 50 e8 03 00 00")).unwrap();
        assert_eq!((far.distance_m, far.running, far.stride_m), (Some(100.0), false, None));
    }

    #[test]
    fn a_heart_rate_reads_with_every_part_it_may_have() {
        let bare = HeartRate::decode(&hex("00 48")).unwrap();
        assert_eq!((bare.per_min, bare.contact, bare.energy_kj, bare.intervals.len()), (72, None, None, 0));
        let full = HeartRate::decode(&hex("1f 2c 01 0a 00 00 04 00 02")).unwrap();
        assert_eq!((full.per_min, full.contact, full.energy_kj), (300, Some(true), Some(10)));
        assert_eq!(full.intervals.as_slice(), [1024, 512]);
        assert_eq!(HeartRate::decode(&hex("04 48")).unwrap().contact, Some(false));
        for len in 0..5 {
            assert!(HeartRate::decode(&hex("1f 2c 01 0a 00 00 04")[..len]).is_err(), "{len}");
        }
        let flood = HeartRate::decode(&[&[0x10, 60][..], &[0; 500]].concat()).unwrap();
        assert_eq!(flood.intervals.len(), INTERVALS_MAX);
    }

    #[test]
    fn a_battery_is_a_percentage_or_an_error() {
        assert_eq!((battery(&[0]), battery(&[100, 9])), (Ok(0), Ok(100)));
        assert!(matches!(battery(&[101]), Err(DecodeError::Range { .. })));
        assert!(matches!(battery(&[]), Err(DecodeError::Short { .. })));
    }

    #[test]
    fn a_device_without_a_number_is_known_by_its_place_on_the_platform() {
        assert_eq!(number_of(&PeripheralId("hci0/dev_D4_22_CD_00_AA_BB".into())), "hci0devd422cd00aabb");
        assert_eq!(number_of(&PeripheralId("\u{202e}é".into())), "");
        assert_eq!(number_of(&PeripheralId("x".repeat(9000))).len(), 24);
        assert_eq!(sig_uuid(0x2A19).to_string(), "00002a19-0000-1000-8000-00805f9b34fb");
    }
}

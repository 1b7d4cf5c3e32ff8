//! Streams: what a cuff can send, twelve bytes per stream, and the choice that fits a wish.

use crate::driver::bytes::{DecodeError, Reader};

/// What one sample of a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamKind {
    /// Acceleration and angular rate, six i16 (0).
    Imu6,
    /// Acceleration, three i16 (1).
    Acc3,
    /// Angular rate, three i16 (2).
    Gyr3,
    /// Orientation, four i16 in Q14 (3).
    Quat4,
    /// Acceleration, angular rate, magnetic field (4).
    Imu9,
    /// A kind this version does not know.
    Other(u8),
}

impl StreamKind {
    fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Imu6,
            1 => Self::Acc3,
            2 => Self::Gyr3,
            3 => Self::Quat4,
            4 => Self::Imu9,
            other => Self::Other(other),
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Imu6 => 0,
            Self::Acc3 => 1,
            Self::Gyr3 => 2,
            Self::Quat4 => 3,
            Self::Imu9 => 4,
            Self::Other(other) => other,
        }
    }
}

/// Rates of the mask's bits in tenths of a hertz.
const RATES_DHZ: [u16; 6] = [125, 250, 500, 1000, 2000, 4000];
/// Acceleration ranges of the mask's bits, g.
const ACC_RANGES_G: [u8; 5] = [2, 4, 8, 16, 32];
/// Angular rate ranges of the mask's bits, degrees per second.
const GYR_RANGES_DPS: [u16; 6] = [125, 250, 500, 1000, 2000, 4000];

/// One stream a cuff offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StreamOffer {
    /// The stream's number, 0 to 15 (four bits in a frame).
    pub id: u8,
    /// What it carries.
    pub kind: StreamKind,
    /// Rates: bit 0 is 12.5 Hz, each further bit doubles, bit 5 is 400 Hz.
    pub rates: u16,
    /// Acceleration ranges: bit 0 is ±2 g, each further bit doubles, bit 4 is ±32 g.
    pub acc_ranges: u8,
    /// Angular rate ranges: bit 0 is ±125 °/s, each further bit doubles, bit 5 is ±4,000 °/s.
    pub gyr_ranges: u8,
    /// Bytes of one sample.
    pub sample_len: u8,
    /// Most samples in one frame.
    pub max_samples: u8,
    /// Sensor part number.
    pub sensor: u16,
}

impl StreamOffer {
    /// Bytes of one offer.
    pub const LEN: usize = 12;

    /// The lowest offered rate that is not below `wish_hz` (else the highest there is), in tenths of a hertz;
    /// `None` when the mask names no known rate.
    pub fn rate_dhz(&self, wish_hz: f64) -> Option<u16> {
        pick(&RATES_DHZ, u32::from(self.rates), |rate| f64::from(rate) >= wish_hz * 10.0)
    }

    /// The smallest offered acceleration range that holds `wish_g` (else the largest there is).
    pub fn acc_g(&self, wish_g: u8) -> Option<u8> {
        pick(&ACC_RANGES_G, u32::from(self.acc_ranges), |range| range >= wish_g)
    }

    /// The smallest offered angular rate range that holds `wish_dps` (else the largest there is).
    pub fn gyr_dps(&self, wish_dps: u16) -> Option<u16> {
        pick(&GYR_RANGES_DPS, u32::from(self.gyr_ranges), |range| range >= wish_dps)
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let offer = Self {
            id: reader.u8()?,
            kind: StreamKind::from_byte(reader.u8()?),
            rates: reader.u16()?,
            acc_ranges: reader.u8()?,
            gyr_ranges: reader.u8()?,
            sample_len: reader.u8()?,
            max_samples: reader.u8()?,
            sensor: reader.u16()?,
        };
        reader.u16()?; // reserved
        Ok(offer)
    }
}

/// The first offered value (ascending) that is enough, else the largest offered.
fn pick<T: Copy>(values: &[T], mask: u32, enough: impl Fn(T) -> bool) -> Option<T> {
    let offered = || values.iter().enumerate().filter(|(bit, _)| mask & (1 << bit) != 0).map(|(_, value)| *value);
    offered().find(|value| enough(*value)).or_else(|| offered().last())
}

/// Reads the Streams characteristic. At least one whole offer must be there; a tail shorter than an offer is
/// ignored. An attribute is at most 512 bytes, so there are never more than 42 offers.
pub fn decode_streams(bytes: &[u8]) -> Result<Vec<StreamOffer>, DecodeError> {
    let mut reader = Reader::new("stream list", bytes);
    let mut offers = vec![StreamOffer::read(&mut reader)?];
    while reader.rest().len() >= StreamOffer::LEN && offers.len() < 42 {
        offers.push(StreamOffer::read(&mut reader)?);
    }
    Ok(offers)
}

/// Writes the Streams characteristic.
pub fn encode_streams(offers: &[StreamOffer]) -> Vec<u8> {
    let mut out = Vec::with_capacity(offers.len() * StreamOffer::LEN);
    for offer in offers {
        out.extend([offer.id, offer.kind.byte()]);
        out.extend(offer.rates.to_le_bytes());
        out.extend([offer.acc_ranges, offer.gyr_ranges, offer.sample_len, offer.max_samples]);
        out.extend(offer.sensor.to_le_bytes());
        out.extend([0, 0]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn a_stream_list_reads_and_writes_the_same() {
        let bytes = hex("00 00 3f 00 0f 1f 0c 29 6c 00 00 00 | 01 03 08 00 00 00 08 14 6c 00 00 00");
        let offers = decode_streams(&bytes).unwrap();
        assert_eq!(offers.len(), 2);
        assert_eq!((offers[0].kind, offers[0].sample_len, offers[0].max_samples), (StreamKind::Imu6, 12, 41));
        assert_eq!((offers[1].id, offers[1].kind), (1, StreamKind::Quat4));
        assert_eq!(encode_streams(&offers), bytes);
        cut_and_extend(&bytes[..12], decode_streams);
    }

    #[test]
    fn a_wish_gets_the_nearest_offer_that_is_enough() {
        let offer = decode_streams(&hex("00 00 2e 00 0c 18 0c 29 00 00 00 00")).unwrap()[0];
        // Offered: 25, 50, 100, 400 Hz; 8 and 16 g; 1,000 and 2,000 °/s.
        assert_eq!(offer.rate_dhz(100.0), Some(1000));
        assert_eq!(offer.rate_dhz(104.0), Some(4000));
        assert_eq!(offer.rate_dhz(1000.0), Some(4000));
        assert_eq!((offer.acc_g(2), offer.acc_g(16), offer.acc_g(32)), (Some(8), Some(16), Some(16)));
        assert_eq!(
            (offer.gyr_dps(1000), offer.gyr_dps(2000), offer.gyr_dps(4000)),
            (Some(1000), Some(2000), Some(2000))
        );
        let none = StreamOffer { rates: 0xFFC0, acc_ranges: 0xE0, gyr_ranges: 0xC0, ..offer };
        assert_eq!((none.rate_dhz(100.0), none.acc_g(8), none.gyr_dps(250)), (None, None, None));
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(raw in proptest::collection::vec(any::<[u8; 10]>(), 1..42)) {
            let bytes: Vec<u8> = raw.iter().flat_map(|offer| offer.iter().copied().chain([0, 0])).collect();
            let offers = decode_streams(&bytes).unwrap();
            prop_assert_eq!(encode_streams(&offers), bytes);
        }
    }
}

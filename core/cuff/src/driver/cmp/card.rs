//! Cuff Info: who a cuff is and how it is made, in 20 bytes so that it fits the smallest packet.

use super::{side_byte, side_from};
use crate::driver::bytes::{DecodeError, Reader};
use talus_motion::Side;

/// Where on the leg a cuff sits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Outside of the ankle (1).
    LateralAnkle,
    /// Inside of the ankle (2).
    MedialAnkle,
    /// Front of the shank (3).
    Front,
    /// Back of the shank (4).
    Back,
    /// Wrist (5).
    Wrist,
    /// Foot (6).
    Foot,
    /// Not told (0) or a place this version does not know.
    Other(u8),
}

impl Placement {
    fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::LateralAnkle,
            2 => Self::MedialAnkle,
            3 => Self::Front,
            4 => Self::Back,
            5 => Self::Wrist,
            6 => Self::Foot,
            other => Self::Other(other),
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::LateralAnkle => 1,
            Self::MedialAnkle => 2,
            Self::Front => 3,
            Self::Back => 4,
            Self::Wrist => 5,
            Self::Foot => 6,
            Self::Other(other) => other,
        }
    }
}

/// How a cuff is worn and loaded: the part of Cuff Info a person may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mounting {
    /// The leg.
    pub side: Option<Side>,
    /// The place on the leg.
    pub placement: Placement,
    /// Load on the leg, grams, 0 to 65,534; `None` when not known.
    pub mass_g: Option<u16>,
    /// Load of one insert, grams.
    pub insert_g: u16,
    /// Inserts in the cuff.
    pub inserts: u8,
    /// Which of the 24 right-angle rotations brings sensor axes to cuff axes; FF when not known.
    pub axis_map: u8,
}

impl Mounting {
    pub(super) fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let side = side_from(reader.u8()?);
        let placement = Placement::from_byte(reader.u8()?);
        let mass_g = reader.u16()?;
        Ok(Self {
            side,
            placement,
            mass_g: (mass_g != 0xFFFF).then_some(mass_g),
            insert_g: reader.u16()?,
            inserts: reader.u8()?,
            axis_map: reader.u8()?,
        })
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        out.extend([side_byte(self.side), self.placement.byte()]);
        out.extend(self.mass_g.unwrap_or(0xFFFF).to_le_bytes());
        out.extend(self.insert_g.to_le_bytes());
        out.extend([self.inserts, self.axis_map]);
    }
}

/// What a cuff can do, one bit each; bits this version does not know are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Features(pub u32);

impl Features {
    /// Six axes in one stream.
    pub const IMU6: Self = Self(1);
    /// Acceleration alone.
    pub const ACC: Self = Self(1 << 1);
    /// Orientation computed in the cuff.
    pub const QUATERNION: Self = Self(1 << 2);
    /// Magnetometer.
    pub const MAGNETOMETER: Self = Self(1 << 3);
    /// Taps as events.
    pub const TAP: Self = Self(1 << 4);
    /// Strap sensor.
    pub const STRAP: Self = Self(1 << 5);
    /// Recording in the cuff.
    pub const LOG: Self = Self(1 << 6);
    /// Can buzz.
    pub const HAPTIC: Self = Self(1 << 7);
    /// Can blink.
    pub const LED: Self = Self(1 << 8);
    /// Running speed and cadence service.
    pub const RSC: Self = Self(1 << 9);
    /// Two-way time sync.
    pub const TIME_SYNC: Self = Self(1 << 10);
    /// Wants to be bonded before it streams.
    pub const BOND_REQUIRED: Self = Self(1 << 11);
    /// Firmware can be replaced by radio.
    pub const OTA: Self = Self(1 << 12);

    /// Whether every bit of `other` is set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }
}

/// The Cuff Info characteristic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CuffInfo {
    /// Profile version: major, minor. A major other than 1 cannot be spoken to.
    pub version: (u8, u8),
    /// How it is worn and loaded.
    pub mounting: Mounting,
    /// Hardware revision.
    pub hardware: u16,
    /// The number printed on the label: the cuff's identity across phones.
    pub device_id: u32,
    /// What it can do.
    pub features: Features,
}

impl CuffInfo {
    /// Reads the characteristic.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("cuff info", bytes);
        Ok(Self {
            version: (reader.u8()?, reader.u8()?),
            mounting: Mounting::read(&mut reader)?,
            hardware: reader.u16()?,
            device_id: reader.u32()?,
            features: Features(reader.u32()?),
        })
    }

    /// Writes the characteristic: 20 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(20);
        out.extend([self.version.0, self.version.1]);
        self.mounting.write(&mut out);
        out.extend(self.hardware.to_le_bytes());
        out.extend(self.device_id.to_le_bytes());
        out.extend(self.features.0.to_le_bytes());
        out
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn cuff_info_reads_and_writes_the_worked_bytes() {
        let bytes = hex("01 00 01 01 dc 05 fa 00 04 ff 02 01 d4 c3 b2 a1 fd 05 00 00");
        let info = CuffInfo::decode(&bytes).unwrap();
        assert_eq!(info.version, (1, 0));
        assert_eq!(
            info.mounting,
            Mounting {
                side: Some(Side::Left),
                placement: Placement::LateralAnkle,
                mass_g: Some(1500),
                insert_g: 250,
                inserts: 4,
                axis_map: 0xFF,
            }
        );
        assert_eq!((info.hardware, info.device_id), (0x0102, 0xA1B2_C3D4));
        assert!(info.features.has(Features::IMU6) && info.features.has(Features::TIME_SYNC));
        assert!(!info.features.has(Features::ACC) && !info.features.has(Features::BOND_REQUIRED));
        assert_eq!(info.encode(), bytes);
        cut_and_extend(&bytes, CuffInfo::decode);
    }

    #[test]
    fn features_of_a_later_version_are_kept() {
        let mut bytes = hex("01 07 00 00 ff ff 00 00 00 ff 00 00 00 00 00 00 00 00 00 80");
        let info = CuffInfo::decode(&bytes).unwrap();
        assert_eq!((info.mounting.side, info.mounting.mass_g), (None, None));
        assert_eq!(info.features.0, 0x8000_0000);
        assert_eq!(info.encode(), bytes);
        bytes[2] = 77;
        assert_eq!(CuffInfo::decode(&bytes).unwrap().mounting.side, None);
    }

    prop_compose! {
        pub(crate) fn any_mounting()(side in 0u8..3, placement in any::<u8>(), mass_g in proptest::option::of(0u16..0xFFFF),
            insert_g in any::<u16>(), inserts in any::<u8>(), axis_map in any::<u8>()) -> Mounting {
            Mounting { side: side_from(side), placement: Placement::from_byte(placement), mass_g, insert_g, inserts, axis_map }
        }
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(version in any::<(u8, u8)>(), mounting in any_mounting(), hardware in any::<u16>(),
            device_id in any::<u32>(), features in any::<u32>()) {
            let info = CuffInfo { version, mounting, hardware, device_id, features: Features(features) };
            prop_assert_eq!(CuffInfo::decode(&info.encode()), Ok(info));
        }
    }
}

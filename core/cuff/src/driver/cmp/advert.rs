//! What a cuff says about itself before anybody connects: three bytes of service data in the scan response.

use super::{side_byte, side_from};
use crate::driver::bytes::{DecodeError, Reader};
use talus_motion::Side;

/// The service data of an advertisement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beacon {
    /// The leg the cuff was set up for.
    pub side: Option<Side>,
    /// Its pairing window is open.
    pub pairing_open: bool,
    /// Its memory holds a recording nobody fetched.
    pub unsynced_log: bool,
    /// It is on the charger.
    pub charging: bool,
    /// It is on a leg.
    pub worn: bool,
    /// Profile version, 0 to 3 (two bits).
    pub version: u8,
    /// Battery, per cent; `None` when the byte is above 100.
    pub battery_percent: Option<u8>,
    /// Load in steps of 50 g; `None` when the byte is FF.
    pub mass_g: Option<u32>,
}

impl Beacon {
    /// Reads the service data of [`super::SERVICE`].
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("beacon", bytes);
        let flags = reader.u8()?;
        let battery = reader.u8()?;
        let mass = reader.u8()?;
        Ok(Self {
            side: side_from(flags & 0b11),
            pairing_open: flags & (1 << 2) != 0,
            unsynced_log: flags & (1 << 3) != 0,
            charging: flags & (1 << 4) != 0,
            worn: flags & (1 << 5) != 0,
            version: flags >> 6,
            battery_percent: (battery <= 100).then_some(battery),
            mass_g: (mass != 0xFF).then_some(u32::from(mass) * 50),
        })
    }

    /// Writes the service data; mass is rounded to 50 g and held below 12.75 kg, the version keeps two bits.
    pub fn encode(&self) -> [u8; 3] {
        let flags = side_byte(self.side)
            | u8::from(self.pairing_open) << 2
            | u8::from(self.unsynced_log) << 3
            | u8::from(self.charging) << 4
            | u8::from(self.worn) << 5
            | (self.version & 0b11) << 6;
        let mass = self.mass_g.map_or(0xFF, |mass_g| (mass_g.saturating_add(25) / 50).min(254) as u8);
        [flags, self.battery_percent.map_or(0xFF, |percent| percent.min(100)), mass]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn a_beacon_reads_and_writes_the_same() {
        // Version 1, worn, pairing window open, right leg; 87 %; 30 × 50 g.
        let bytes = hex("66 57 1e");
        let beacon = Beacon::decode(&bytes).unwrap();
        assert_eq!(beacon.side, Some(Side::Right));
        assert!(beacon.worn && beacon.pairing_open && !beacon.charging && !beacon.unsynced_log);
        assert_eq!((beacon.version, beacon.battery_percent, beacon.mass_g), (1, Some(87), Some(1500)));
        assert_eq!(beacon.encode().as_slice(), bytes);
        cut_and_extend(&bytes, Beacon::decode);
    }

    #[test]
    fn what_a_beacon_does_not_tell_is_unknown() {
        let beacon = Beacon::decode(&[0b11, 0xFF, 0xFF]).unwrap();
        assert_eq!((beacon.side, beacon.battery_percent, beacon.mass_g), (None, None, None));
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(flags in any::<u8>(), battery in any::<u8>(), mass in any::<u8>()) {
            let beacon = Beacon::decode(&[flags, battery, mass]).unwrap();
            prop_assert_eq!(Beacon::decode(&beacon.encode()), Ok(beacon));
        }
    }
}

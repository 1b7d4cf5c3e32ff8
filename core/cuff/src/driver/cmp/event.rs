//! Events (tap, strap, impact, …) and the status record.

use crate::driver::bytes::{DecodeError, Reader};

/// What happened at the cuff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventKind {
    /// One tap (1).
    Tap,
    /// Two taps (2).
    DoubleTap,
    /// The strap came loose (3).
    StrapLoose,
    /// The strap holds again (4).
    StrapOk,
    /// An impact, parameter in 0.1 g (5).
    Impact,
    /// A step (6).
    Step,
    /// The battery is low (7).
    LowBattery,
    /// Samples were dropped, parameter counts them (8).
    Overrun,
    /// Free fall (9).
    FreeFall,
    /// The button was pressed (10).
    Button,
    /// A kind this version does not know.
    Other(u8),
}

impl EventKind {
    fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Tap,
            2 => Self::DoubleTap,
            3 => Self::StrapLoose,
            4 => Self::StrapOk,
            5 => Self::Impact,
            6 => Self::Step,
            7 => Self::LowBattery,
            8 => Self::Overrun,
            9 => Self::FreeFall,
            10 => Self::Button,
            other => Self::Other(other),
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Tap => 1,
            Self::DoubleTap => 2,
            Self::StrapLoose => 3,
            Self::StrapOk => 4,
            Self::Impact => 5,
            Self::Step => 6,
            Self::LowBattery => 7,
            Self::Overrun => 8,
            Self::FreeFall => 9,
            Self::Button => 10,
            Self::Other(other) => other,
        }
    }
}

/// One event, 12 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MotionEvent {
    /// What happened.
    pub kind: EventKind,
    /// Event counter, wraps at 256.
    pub seq: u8,
    /// What the kind says it is.
    pub param: u16,
    /// The cuff's clock, microseconds, not wrapped.
    pub device_us: u64,
}

impl MotionEvent {
    /// Reads a notification of Events.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("cuff event", bytes);
        Ok(Self {
            kind: EventKind::from_byte(reader.u8()?),
            seq: reader.u8()?,
            param: reader.u16()?,
            device_us: reader.u64()?,
        })
    }

    /// Writes the event: 12 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.kind.byte(), self.seq];
        out.extend(self.param.to_le_bytes());
        out.extend(self.device_us.to_le_bytes());
        out
    }
}

/// The status record, 12 bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Status {
    /// State bits as sent; bits this version does not know are kept.
    pub state: u8,
    /// Battery, per cent as sent.
    pub battery_percent: u8,
    /// Temperature, °C.
    pub temperature_c: i8,
    /// The cuff's own error number, 0 for none.
    pub error: u8,
    /// The cuff's clock, microseconds, not wrapped.
    pub device_us: u64,
}

impl Status {
    /// State bit: it streams.
    pub const STREAMING: u8 = 1;
    /// State bit: it records into its memory.
    pub const LOGGING: u8 = 1 << 1;
    /// State bit: it is on the charger.
    pub const CHARGING: u8 = 1 << 2;
    /// State bit: it is on a leg.
    pub const WORN: u8 = 1 << 3;
    /// State bit: it found a fault in itself.
    pub const FAULT: u8 = 1 << 4;

    /// Reads a value of Status.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new("cuff status", bytes);
        Ok(Self {
            state: reader.u8()?,
            battery_percent: reader.u8()?,
            temperature_c: reader.i8()?,
            error: reader.u8()?,
            device_us: reader.u64()?,
        })
    }

    /// Writes the record: 12 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.state, self.battery_percent, self.temperature_c.to_le_bytes()[0], self.error];
        out.extend(self.device_us.to_le_bytes());
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn a_double_tap_reads_and_writes_the_worked_bytes() {
        let bytes = hex("02 09 00 00 10 5e 5f 00 00 00 00 00");
        let event = MotionEvent::decode(&bytes).unwrap();
        assert_eq!(event, MotionEvent { kind: EventKind::DoubleTap, seq: 9, param: 0, device_us: 6_250_000 });
        assert_eq!(event.encode(), bytes);
        cut_and_extend(&bytes, MotionEvent::decode);
    }

    #[test]
    fn a_status_reads_and_writes_the_same() {
        let bytes = hex("09 57 f6 00 40 4b 4c 00 00 00 00 00");
        let status = Status::decode(&bytes).unwrap();
        assert_eq!(status.state, Status::STREAMING | Status::WORN);
        assert_eq!((status.battery_percent, status.temperature_c, status.device_us), (87, -10, 5_000_000));
        assert_eq!(status.encode(), bytes);
        cut_and_extend(&bytes, Status::decode);
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(bytes in any::<[u8; 12]>()) {
            prop_assert_eq!(MotionEvent::decode(&bytes).unwrap().encode(), bytes);
            prop_assert_eq!(Status::decode(&bytes).unwrap().encode(), bytes);
        }
    }
}

//! The Cuff Motion Profile (CMP) v1: our own open profile, byte for byte, both ways.
//!
//! [`MotionFrame`] is the most important item. Everything here is pure: bytes to types and back, no state. The
//! simulated cuff encodes with the same code that the app decodes with, and the worked bytes of the profile's
//! description keep both honest. All values are little-endian. Receivers ignore trailing bytes and flags they do
//! not know, so that a later version of the profile may add to any structure.
//!
//! The conversation with a cuff (what to read, write and subscribe, in which order) is [`talk`].

mod advert;
mod card;
mod control;
mod event;
mod frame;
mod log;
mod streams;
mod sync;
pub mod talk;

pub use advert::Beacon;
pub use card::{CuffInfo, Features, Mounting, Placement};
pub use control::{Command, LinkPreference, LogEntry, Outcome, PowerAct, Response, Started, StreamAnswer};
pub use event::{EventKind, MotionEvent, Status};
pub use frame::{FRAME_HEADER_LEN, MotionFrame, SAMPLE_LEN};
pub use log::{LogBlock, crc16};
pub use streams::{StreamKind, StreamOffer, decode_streams, encode_streams};
pub use sync::{SyncReply, SyncRequest};

pub use super::standard::{BATTERY_LEVEL, FIRMWARE_REVISION, HARDWARE_REVISION};
use crate::transport::Advert;
use uuid::Uuid;

/// A UUID of the profile: `2f60XXXX-11c5-4859-b00a-1d2c16f9bd07`.
const fn cmp_uuid(short: u16) -> Uuid {
    Uuid::from_u128(0x2f60_0000_11c5_4859_b00a_1d2c_16f9_bd07 | ((short as u128) << 96))
}

/// The motion service; also the key of the service data in the scan response.
pub const SERVICE: Uuid = cmp_uuid(0x0001);
/// Cuff Info (read): [`CuffInfo`].
pub const CUFF_INFO: Uuid = cmp_uuid(0x0011);
/// Streams (read): [`decode_streams`].
pub const STREAMS: Uuid = cmp_uuid(0x0012);
/// Motion Data (notify): [`MotionFrame`].
pub const MOTION_DATA: Uuid = cmp_uuid(0x0013);
/// Control Point (write with response, indicate): [`Command`] and [`Response`].
pub const CONTROL_POINT: Uuid = cmp_uuid(0x0014);
/// Events (notify): [`MotionEvent`].
pub const EVENTS: Uuid = cmp_uuid(0x0015);
/// Time Sync (write without response, notify): [`SyncRequest`] and [`SyncReply`].
pub const TIME_SYNC: Uuid = cmp_uuid(0x0016);
/// Log Data (notify): [`LogBlock`].
pub const LOG_DATA: Uuid = cmp_uuid(0x0017);
/// Status (read, notify): [`Status`].
pub const STATUS: Uuid = cmp_uuid(0x0018);
/// Whether an advertisement is from this family.
pub(super) fn matches(advert: &Advert) -> bool {
    advert.services.contains(&SERVICE) || advert.service_data.iter().any(|(uuid, _)| *uuid == SERVICE)
}

/// The side a cuff states in one byte: 1 left, 2 right, anything else not told.
pub(crate) fn side_from(byte: u8) -> Option<talus_motion::Side> {
    match byte {
        1 => Some(talus_motion::Side::Left),
        2 => Some(talus_motion::Side::Right),
        _ => None,
    }
}

/// The byte of a side: 0 not told, 1 left, 2 right.
pub(crate) fn side_byte(side: Option<talus_motion::Side>) -> u8 {
    match side {
        None => 0,
        Some(talus_motion::Side::Left) => 1,
        Some(talus_motion::Side::Right) => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids_are_those_of_the_profile() {
        assert_eq!(SERVICE.to_string(), "2f600001-11c5-4859-b00a-1d2c16f9bd07");
        assert_eq!(STATUS.to_string(), "2f600018-11c5-4859-b00a-1d2c16f9bd07");
    }
}

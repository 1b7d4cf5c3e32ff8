//! What a shell shows: one scene at a time, from looking for cuffs to the summary.

use talus_coach::Frame;
use talus_cuff::nearby::Near;
use talus_motion::Side;

/// The picture a shell draws now. Everything in it is plain values; drawing decides nothing.
#[derive(Debug, Clone, PartialEq)]
pub enum Scene {
    /// Looking for cuffs.
    Nearby(Vec<NearbyLine>),
    /// Connecting and reading what a cuff says about itself.
    Pairing {
        /// Cuffs chosen so far, in the order of pairing.
        cuffs: Vec<PairedLine>,
    },
    /// Teaching a cuff where it sits.
    Calibrate(CalibrateScene),
    /// A session.
    Session(Box<SessionScene>),
}

/// At and below this a cuff's battery is said to be low, per cent: a word for the eye, nothing is decided by it. A cuff
/// that will not stream any more says so itself ([`LinkState::BatteryLow`](talus_motion::LinkState::BatteryLow)).
pub const BATTERY_LOW_PERCENT: u8 = 15;

/// One cuff nearby.
#[derive(Debug, Clone, PartialEq)]
pub struct NearbyLine {
    /// Name as advertised, made safe to show.
    pub name: String,
    /// Signal strength, dBm.
    pub rssi_dbm: Option<i16>,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// The leg the cuff says it is meant for.
    pub side: Option<Side>,
    /// Weight the cuff says it carries, grams.
    pub mass_g: Option<u32>,
}

impl NearbyLine {
    /// The line of a cuff that was seen.
    pub(crate) fn of(near: &Near) -> Self {
        let seen = &near.sighting;
        Self {
            name: seen.name.clone(),
            rssi_dbm: near.rssi_dbm,
            battery_percent: seen.battery_percent,
            side: seen.side,
            mass_g: seen.mass_g,
        }
    }
}

/// One cuff that is being or was paired.
#[derive(Debug, Clone, PartialEq)]
pub struct PairedLine {
    /// Name.
    pub name: String,
    /// Leg.
    pub side: Side,
    /// Weight on that leg, grams.
    pub mass_g: u32,
    /// Battery, per cent.
    pub battery_percent: Option<u8>,
    /// Firmware.
    pub firmware: String,
    /// Whether samples arrive.
    pub streaming: bool,
}

/// Teaching a cuff: hold still, then move three times.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrateScene {
    /// Which leg.
    pub side: Side,
    /// What to do, rendered.
    pub instruction: String,
    /// How far this step is, 0 to 1.
    pub progress: f64,
    /// Angle now, degrees.
    pub angle_deg: Option<f64>,
    /// Own range once known, degrees.
    pub range_deg: Option<f64>,
}

/// A session and what only the shell side of it knows.
#[derive(Debug, Clone, PartialEq)]
pub struct SessionScene {
    /// The session's picture.
    pub frame: Frame,
    /// Battery per worn cuff in the order of `frame.cuffs`, per cent.
    pub batteries: Vec<Option<u8>>,
    /// Angles of the last ten seconds for the trace: seconds before now (negative) and degrees.
    pub trace: Vec<(f64, f64)>,
    /// Next block, rendered; empty when this is the last.
    pub up_next: String,
    /// Session time that is safely on disk, seconds.
    pub safe_s: f64,
    /// What keeps the session from being written, if anything; it goes on in memory.
    pub trouble: Option<String>,
}

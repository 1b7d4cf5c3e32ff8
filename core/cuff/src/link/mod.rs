//! The way to one cuff.

use crate::driver::Family;
use talus_motion::Side;

/// What a stream should be like; the cuff gives the nearest it has.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Wish {
    /// Samples per second.
    pub rate_hz: f64,
    /// Acceleration range, ± g.
    pub acc_g: u8,
    /// Angular rate range, ± degrees per second.
    pub gyr_dps: u16,
}

impl Default for Wish {
    /// 100 Hz; ±16 g and ±2,000 °/s because a foot that lands exceeds 8 g and a fast swing 1,000 °/s.
    fn default() -> Self {
        Self { rate_hz: 100.0, acc_g: 16, gyr_dps: 2000 }
    }
}

/// Who a cuff says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CuffCard {
    /// Its family.
    pub family: Family,
    /// Its own number (CMP: device id, eight hex digits): the identity across phones.
    pub serial: String,
    /// The leg it was set up for, where told.
    pub side: Option<Side>,
    /// Its load, grams, where told.
    pub mass_g: Option<u32>,
    /// Firmware as it says itself; empty when unknown.
    pub firmware: String,
    /// Hardware as it says itself; empty when unknown.
    pub hardware: String,
}

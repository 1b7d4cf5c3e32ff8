//! What goes into a link and what comes out of it.

use crate::driver::Family;
use crate::transport::Ask;
use talus_motion::{LinkState, Micros, SampleBlock, Side, StreamConfig};

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
    /// Firmware as it says itself, safe to show; empty when unknown.
    pub firmware: String,
    /// Hardware as it says itself, safe to show; empty when unknown.
    pub hardware: String,
}

/// What a link tells the app.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// The way to the cuff changed.
    State {
        /// When.
        at: Micros,
        /// What it is now.
        state: LinkState,
    },
    /// A segment of the stream begins: precedes its samples.
    Stream(StreamConfig),
    /// Samples.
    Samples(SampleBlock),
    /// A moment by both clocks, as a block without samples: at `arrival_us` of session time the cuff's clock stood at
    /// `device_us`. It is an input of the session like any block, so that a replay places samples as the session did.
    Time(SampleBlock),
    /// Who the cuff is: once per connection.
    Card(CuffCard),
    /// Battery, per cent: when it changes.
    Battery(u8),
}

/// What one call of a [`Link`](super::Link) put out, in order; reused from call to call.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct LinkOutputs {
    /// For the radio.
    pub asks: Vec<Ask>,
    /// For the app.
    pub notices: Vec<Notice>,
}

impl LinkOutputs {
    /// Empties both, keeping their memory.
    pub fn clear(&mut self) {
        self.asks.clear();
        self.notices.clear();
    }
}

/// What a link has seen since it was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Samples handed on.
    pub received: u64,
    /// Samples missing within segments.
    pub missing: u64,
    /// Places within segments where some are.
    pub gaps: u64,
    /// Samples handed on that a lost link had missed and the cuff had kept.
    pub filled: u64,
    /// Frames that came twice; dropped.
    pub duplicates: u64,
    /// Frames that came after later ones: put in their place, or dropped where that was too late.
    pub reordered: u64,
    /// Notifications that made no sense; dropped.
    pub malformed: u64,
    /// Frames before which the cuff says it dropped samples.
    pub overruns: u64,
    /// Connections made after the first.
    pub reconnects: u64,
    /// Times the stream stopped without the link being lost.
    pub stalls: u64,
}

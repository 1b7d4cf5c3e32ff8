//! The shared words: time, side, samples as they come from a cuff, and how good they are.
//!
//! [`SampleBlock`] is the most important item: together with [`StreamConfig`] it is the replay boundary of
//! Talus. Every sensor family, float families too, rounds to the i16 grid of its range before anything else
//! sees a sample, so that a recording replays bit for bit.

use arrayvec::ArrayVec;
use serde::{Deserialize, Serialize};

/// Standard gravity in m/s² (CODATA, exact by definition).
pub const GRAVITY_MPS2: f64 = 9.80665;

/// Most samples one block can hold: an ATT value of 512 bytes carries 41 six-axis samples after the header.
pub const BLOCK_MAX: usize = 42;

/// Session time in microseconds: starts near zero, never runs back, counts while the phone sleeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// The time as seconds.
    pub fn seconds(self) -> f64 {
        self.0 as f64 * 1e-6
    }

    /// The nearest microsecond to `seconds`; not-a-number becomes zero, out of range saturates.
    pub fn from_seconds(seconds: f64) -> Self {
        // Casts from float saturate in Rust and NaN becomes 0, which is what this promises.
        Self((seconds * 1e6).round() as i64)
    }

    /// This time moved by `us` microseconds, saturating.
    #[must_use]
    pub fn plus(self, us: i64) -> Self {
        Self(self.0.saturating_add(us))
    }

    /// Microseconds from `earlier` to this time (negative when `earlier` is later), saturating.
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
}

/// The leg a cuff sits on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The left leg.
    Left,
    /// The right leg.
    Right,
}

impl Side {
    /// The other leg.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Left => Self::Right,
            Self::Right => Self::Left,
        }
    }
}

/// A cuff of the household: our own identity (UUIDv7 made by `app`), never a MAC address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CuffId(pub [u8; 16]);

/// Where the time of a stream's samples comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// The cuff stamps its samples; a clock fit brings them to session time.
    Device,
    /// The cuff sends neither time nor counter: times are estimated from arrival, gait timing is downgraded.
    Estimated,
}

/// What one stream of one cuff carries; precedes its first [`SampleBlock`] and every change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StreamConfig {
    /// The cuff that sends.
    pub cuff: CuffId,
    /// The stream's number on that cuff.
    pub stream: u8,
    /// Samples per second the cuff says it sends (1 to 1,000); the true rate may differ by a few per cent.
    pub rate_hz: f64,
    /// Acceleration of one count, m/s².
    pub acc_mps2_per_count: f64,
    /// Angular rate of one count, rad/s.
    pub gyr_radps_per_count: f64,
    /// Largest acceleration that can be measured, m/s².
    pub acc_range_mps2: f64,
    /// Largest angular rate that can be measured, rad/s.
    pub gyr_range_radps: f64,
    /// Where sample times come from.
    pub timing: Timing,
    /// The driver that decoded the stream (`cmp`, `file`, …).
    pub driver: String,
    /// The cuff's firmware as it says itself; empty when unknown.
    pub firmware: String,
}

/// What a cuff or driver says about a block, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BlockFlags(pub u8);

impl BlockFlags {
    /// The sensor or firmware dropped samples before this block.
    pub const OVERRUN: Self = Self(1);
    /// An accelerometer axis was at its limit.
    pub const ACC_CLIP: Self = Self(1 << 1);
    /// A gyroscope axis was at its limit.
    pub const GYR_CLIP: Self = Self(1 << 2);
    /// The cuff's clock was synchronised.
    pub const TIME_SYNCED: Self = Self(1 << 3);
    /// The stream's configuration changed before this block.
    pub const CONFIG_CHANGED: Self = Self(1 << 4);
    /// The block was read back from the cuff's memory after a dropout.
    pub const FROM_LOG: Self = Self(1 << 5);

    /// Whether every bit of `other` is set.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Both sets of bits.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Raw counts of a block, each `[acc_x, acc_y, acc_z, gyr_x, gyr_y, gyr_z]` in the cuff's own axes.
pub type Counts = ArrayVec<[i16; 6], BLOCK_MAX>;

/// A run of consecutive samples of one stream, as the driver put it out: the replay boundary.
#[derive(Debug, Clone, PartialEq)]
pub struct SampleBlock {
    /// The cuff that sent it.
    pub cuff: CuffId,
    /// The stream's number on that cuff.
    pub stream: u8,
    /// Index of the first sample since the stream started; it grows by one per tick of the sensor even where
    /// samples were dropped, so a jump is a gap of exactly that many samples.
    pub first_index: u64,
    /// The cuff's own time of the first sample in microseconds, unwrapped; `None` for families without a clock.
    pub device_us: Option<i64>,
    /// Session time at which the block arrived.
    pub arrival_us: i64,
    /// What the cuff says about it.
    pub flags: BlockFlags,
    /// The samples.
    pub counts: Counts,
}

/// Where a block's samples lie in session time: the answer of a clock for one block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockTime {
    /// Session time of the first sample, microseconds.
    pub first_us: f64,
    /// Microseconds from one sample to the next (> 0).
    pub period_us: f64,
    /// Whether the clock's fit is good enough for gait timing.
    pub fit_ok: bool,
}

/// One sample in SI units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// Session time, microseconds (fractions kept: at 400 Hz a rounded microsecond is 0.04 % of a period).
    pub at_us: f64,
    /// Specific force in the cuff's axes, m/s² (a cuff at rest reads 9.8 upwards).
    pub acc: [f64; 3],
    /// Angular rate in the cuff's axes, rad/s.
    pub gyr: [f64; 3],
    /// An accelerometer or gyroscope axis was at its limit.
    pub clipped: bool,
}

/// Why a measure is worth less than usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum Reason {
    /// Samples were missing.
    Gap = 0,
    /// The sample rate is too low or too irregular for this measure.
    Rate = 1,
    /// The accelerometer was at its limit.
    AccSaturated = 2,
    /// The gyroscope was at its limit.
    GyrSaturated = 3,
    /// The clock fit is too loose for gait timing.
    ClockPoor = 4,
    /// The cuff sends no time stamps.
    TimingEstimated = 5,
    /// The cuff moved on the leg.
    Slip = 6,
    /// The sensor repeats one value.
    Stuck = 7,
    /// Gravity is missing or has the wrong size: wrong units or a broken sensor.
    NoGravity = 8,
    /// Values that are not numbers came in.
    NotFinite = 9,
    /// Two counters disagree: look at it again ("check").
    Disagree = 10,
    /// Too little was seen to say.
    TooShort = 11,
}

impl Reason {
    /// Every reason, in the order of its number.
    pub const ALL: [Self; 12] = [
        Self::Gap,
        Self::Rate,
        Self::AccSaturated,
        Self::GyrSaturated,
        Self::ClockPoor,
        Self::TimingEstimated,
        Self::Slip,
        Self::Stuck,
        Self::NoGravity,
        Self::NotFinite,
        Self::Disagree,
        Self::TooShort,
    ];
}

/// How good a measure is: the reasons against it. No reason means good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Quality(pub u16);

impl Quality {
    /// Nothing against it.
    pub const GOOD: Self = Self(0);

    /// One reason against it.
    pub fn because(reason: Reason) -> Self {
        Self(1 << reason as u8)
    }

    /// This quality with one reason more.
    #[must_use]
    pub fn and(self, reason: Reason) -> Self {
        Self(self.0 | 1 << reason as u8)
    }

    /// This quality less one reason: for a measure that does not care.
    #[must_use]
    pub fn without(self, reason: Reason) -> Self {
        Self(self.0 & !(1 << reason as u8))
    }

    /// The reasons of both.
    #[must_use]
    pub fn join(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether nothing speaks against the measure.
    pub fn ok(self) -> bool {
        self.0 == 0
    }

    /// Whether `reason` speaks against it.
    pub fn has(self, reason: Reason) -> bool {
        self.0 & (1 << reason as u8) != 0
    }

    /// The reasons, in the order of their number.
    pub fn reasons(self) -> impl Iterator<Item = Reason> {
        Reason::ALL.into_iter().filter(move |reason| self.has(*reason))
    }
}

/// What a person can be told about the way to a cuff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Bluetooth is switched off.
    RadioOff,
    /// The app may not use Bluetooth.
    NotAllowed,
    /// Looking for the cuff.
    Searching,
    /// The cuff was seen, a connection is being made.
    Connecting,
    /// Connected; services and streams are being set up.
    Preparing,
    /// Samples arrive.
    Streaming,
    /// The link broke; it is being taken up again.
    Lost,
    /// Another phone holds the cuff.
    InUseElsewhere,
    /// The cuff or this phone forgot the pairing.
    BondLost,
    /// The cuff's firmware is too old for Talus.
    FirmwareTooOld,
    /// The link was closed on purpose.
    Closed,
    /// The cuff was looked for and does not show itself: it is asleep, away or empty. It is looked for further.
    NotFound,
    /// The cuff says that its battery is too low to stream.
    BatteryLow,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quality_keeps_every_reason_it_was_given() {
        let quality = Quality::because(Reason::Gap).and(Reason::TooShort);
        assert!(!quality.ok());
        assert_eq!(quality.reasons().collect::<Vec<_>>(), [Reason::Gap, Reason::TooShort]);
    }

    #[test]
    fn seconds_that_are_not_a_number_become_zero() {
        assert_eq!(Micros::from_seconds(f64::NAN), Micros(0));
        assert_eq!(Micros::from_seconds(f64::INFINITY), Micros(i64::MAX));
        assert_eq!(Micros::from_seconds(1.5), Micros(1_500_000));
    }
}

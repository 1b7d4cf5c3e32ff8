//! Sensors of other makers, byte for byte as their makers describe them, for storms: [`VendorCuff`].
//!
//! Written from the descriptions, with their own tables and their own coding; nothing here is shared with the drivers
//! that read it.

mod metamotion;
mod verity;

use crate::cuff::VirtualCuff;
use crate::device::Device;
use crate::flawed::{CuffFlaw, Flawed};
use crate::motion::Motion;

/// A virtual sensor of another maker, or a flawed one of our own.
#[derive(Debug)]
pub struct VendorCuff(pub(crate) Box<dyn Device + Send>);

/// The clock and the sensor of a virtual sensor, as it was made.
#[derive(Debug, Clone, Copy)]
pub struct Make {
    /// Microseconds its clock is ahead of true time at true time zero.
    pub ahead_us: u64,
    /// How much too fast its clock runs, millionths.
    pub ppm: f64,
    /// Its true sample rate over the stated one.
    pub rate_ratio: f64,
}

impl VendorCuff {
    /// A cuff of our own profile, made wrong on purpose.
    pub fn flawed(cuff: VirtualCuff, flaw: CuffFlaw) -> Self {
        Self(Box::new(Flawed { cuff, flaw, listening: false, frames: 0 }))
    }

    /// A MetaMotion of the first kind (BMI160) around any motion. It has no clock that anybody could read.
    pub fn metamotion(motion: Box<dyn Motion + Send>, make: Make) -> Self {
        Self(Box::new(metamotion::MetaMotion::new(motion, make)))
    }

    /// A Polar Verity Sense around any motion, in packets of this size.
    pub fn verity_sense(motion: Box<dyn Motion + Send>, make: Make, mtu: u16) -> Self {
        Self(Box::new(verity::Verity::new(motion, make, mtu)))
    }
}

/// Calls on a motion at the moments of a sensor, as whole numbers of its ticks.
struct Ticks {
    motion: Box<dyn Motion + Send>,
    start_us: f64,
    period_us: f64,
    next: u64,
}

impl Ticks {
    /// True time of a tick, µs.
    fn at_us(&self, tick: u64) -> f64 {
        self.start_us + tick as f64 * self.period_us
    }

    /// Acceleration in g and angular rate in degrees per second at the next tick, and when it was.
    fn read(&mut self) -> Option<(f64, [f64; 3], [f64; 3])> {
        let at_us = self.at_us(self.next);
        let sample = self.motion.sample(at_us * 1e-6)?;
        self.next += 1;
        Some((at_us, sample.acc.map(|mps2| mps2 / 9.80665), sample.gyr.map(f64::to_degrees)))
    }

    /// Goes on after `now_us`; what lies before is lost.
    fn skip_to(&mut self, now_us: i64) {
        let passed = ((now_us as f64 - self.start_us) / self.period_us).floor();
        if passed >= self.next as f64 {
            self.next = passed as u64 + 1;
        }
    }
}

impl std::fmt::Debug for Ticks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ticks").field("next", &self.next).finish_non_exhaustive()
    }
}

//! One walk from standing to standing, summed up as it goes: [`Sum`].

use crate::movement::{Stride, Walked};
use crate::stats::Recent;
use crate::words::{Micros, Quality};

/// Strides whose times say how fast somebody walked: the middle of the last so many.
const LAST: usize = 31;

/// What a walk came to so far.
#[derive(Debug, Clone)]
pub(super) struct Sum {
    start_us: f64,
    end_us: f64,
    strides: u32,
    way_m: Option<f64>,
    running_s: f64,
    times: Recent<LAST>,
    quality: Quality,
}

impl Sum {
    /// A walk whose first foot-off was at `start_us`.
    pub(super) fn new(start_us: f64) -> Self {
        Self {
            start_us,
            end_us: start_us,
            strides: 0,
            way_m: Some(0.0),
            running_s: 0.0,
            times: Recent::new(),
            quality: Quality::GOOD,
        }
    }

    /// Another contact.
    pub(super) fn contact(&mut self, at_us: f64) {
        self.end_us = at_us;
    }

    /// Another stride.
    pub(super) fn stride(&mut self, stride: &Stride) {
        self.strides += 1;
        self.way_m = self.way_m.zip(stride.length_m).map(|(way, length)| way + length);
        self.running_s += if stride.running() { stride.stride_s() } else { 0.0 };
        self.times.push(stride.stride_s());
        self.quality = self.quality.join(stride.quality);
    }

    /// The walk is over; `None` without a stride.
    pub(super) fn over(&self) -> Option<Walked> {
        let at = |us: f64| Micros(us.round() as i64);
        Some(Walked {
            start: at(self.start_us),
            end: at(self.end_us),
            strides: self.strides,
            cadence_per_min: 120.0 / self.times.median()?,
            way_m: self.way_m,
            running_s: self.running_s,
            quality: self.quality,
        })
    }
}

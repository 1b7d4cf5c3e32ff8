//! Running: [`Pace`] tells when somebody who walks has begun to run.

use super::{Finding, certainty};
use crate::movement::{Detector, Stride};
use crate::words::Micros;

/// Strides in the air for this long are running, s: a hurried step or two is none.
const SUSTAINED_S: f64 = 3.0;
/// A foot that is in the air for half of its stride is so while the other one is; how far the share of one stride is known:
/// contact and foot-off to 20 ms each of 0.7 s.
const HALF: f64 = 0.5;
const SHARE_SCATTER: f64 = 0.04;

/// Strides of late, as far as they are running.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pace {
    first: Option<Micros>,
    ran_s: f64,
    beyond: f64,
    strides: u32,
    told: bool,
}

impl Pace {
    /// Nothing reaches across a pause.
    pub(crate) fn cut(&mut self) {
        *self = Self::default();
    }

    /// Takes a stride; running, once for each time.
    pub(crate) fn stride(&mut self, stride: &Stride) -> Option<Finding> {
        if !stride.running() {
            self.cut();
            return None;
        }
        let start = *self.first.get_or_insert(stride.start);
        self.ran_s += stride.stride_s();
        self.beyond += stride.swing_fraction - HALF;
        self.strides += 1;
        if self.told || self.ran_s < SUSTAINED_S {
            return None;
        }
        self.told = true;
        // Scatter of a mean.
        let many = f64::from(self.strides);
        let confidence = certainty(self.beyond / many, SHARE_SCATTER / many.sqrt());
        Some(Finding { detector: Detector::Running, start, end: stride.end, confidence, quality: stride.quality })
    }
}

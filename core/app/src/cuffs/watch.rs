//! What one cuff's stream is like now: rate, loss, orientation, and the quality of its clock.

use std::collections::VecDeque;
use talus_cuff::clock::Clock;
use talus_motion::{Movement, SampleBlock, StreamConfig, Tracker};

/// How far back the rate is measured, microseconds.
const WINDOW_US: i64 = 5_000_000;

/// Follows one stream.
#[derive(Default)]
pub(crate) struct Watch {
    clock: Clock,
    tracker: Option<Tracker>,
    found: Vec<Movement>,
    /// Arrival and first index of the blocks of the window.
    blocks: VecDeque<(i64, u64)>,
    fit_ok: Option<bool>,
}

impl Watch {
    pub(crate) fn stream(&mut self, config: &StreamConfig) {
        self.clock.stream(config);
        // A stream that cannot be followed still has a rate and losses.
        self.tracker = Tracker::new(config).ok();
        self.blocks.clear();
        self.fit_ok = None;
    }

    pub(crate) fn samples(&mut self, block: &SampleBlock) {
        let time = self.clock.place(block);
        self.fit_ok = Some(time.fit_ok);
        if let Some(tracker) = &mut self.tracker {
            tracker.push(block, time, &mut self.found);
            self.found.clear();
        }
        self.blocks.push_back((block.arrival_us, block.first_index));
        while self.blocks.front().is_some_and(|(at_us, _)| block.arrival_us.saturating_sub(*at_us) > WINDOW_US) {
            self.blocks.pop_front();
        }
    }

    /// Ticks of the sensor per second over the last five; `None` before there is half a second of them.
    pub(crate) fn rate_hz(&self) -> Option<f64> {
        let ((first_us, first), (last_us, last)) = (*self.blocks.front()?, *self.blocks.back()?);
        let span_us = last_us.saturating_sub(first_us);
        (span_us >= 500_000).then(|| last.saturating_sub(first) as f64 * 1e6 / span_us as f64)
    }

    /// Which way is up in the cuff's own axes, a unit vector; `None` before there is a sample.
    pub(crate) fn up(&self) -> Option<[f64; 3]> {
        self.fit_ok?;
        Some(self.tracker.as_ref()?.orientation().up())
    }

    pub(crate) fn still(&self) -> bool {
        self.tracker.as_ref().is_some_and(|tracker| tracker.live().still)
    }

    pub(crate) fn fit_ok(&self) -> Option<bool> {
        self.fit_ok
    }
}

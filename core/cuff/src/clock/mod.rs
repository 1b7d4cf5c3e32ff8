//! Device time → session time: where the samples of a block lie, judged only by stamps, indices and arrivals.
//!
//! [`Clock`] is the most important item. What it stands on:
//!
//! - A frame arrives after its last sample was taken, never before: arrival minus device time is the wanted offset
//!   plus a delay of zero or more. So the offset is where the *lowest* of these differences lie, not their mean.
//! - Crystals of a cuff and a phone mostly differ by less than 60 ppm. Over less than five minutes the slope that the
//!   arrivals show is worse than assuming none; it is believed as far as its length earns (prior ± 30 ppm, the
//!   spread of hull slopes as simulated in the profile's reference: 88 ppm over one minute, 24 over five; less where
//!   arrivals show how little the ends of the hull may be off).
//! - Sensors miss their nominal rate by some per cent, so the period comes from stamps and indices, never from the
//!   nominal rate. Families without device time have their period fitted to arrivals.
//!
//! Times of one stream strictly increase, also across a restart. A correction is not made in one step: time may
//! slow down by a fifth until it is made, and it may hasten by 200 ppm, which no crystal exceeds.
//!
//! `fit_ok` is true when all of this holds: the stream has device time; the fit is at least 10 s old; at least five
//! different half seconds touch the fitted line within 5 ms (so it stands on more than one lucky frame); arrivals
//! show (`raster`) that the floor they stand on is off by little; what that may be, the doubt about the clocks' rates, the
//! correction under way and the one that waits for earlier times to pass together stay below 3.6 ms, so that two legs are
//! less than 5 ms apart; the measured period is within 10 % of the nominal one.
//!
//! What cannot be seen from arrivals alone: the smallest delay itself (what a cuff takes to make a packet, part of a
//! connection interval: the same for both legs where cuffs and intervals are the same). So a fit that stands on arrivals is not
//! vouched for beside one that stands on more, nor beside a cuff of another make or rate. A cuff that answers questions about
//! its time shows it: a block without samples is such a [moment by both clocks](crate::link::Notice::Time), which
//! [`Clock::moment`] takes. For a minute and a half it stands in for the lowest differences. The fit is vouched for by it alone
//! where its own spread, the doubt about the rates since then and corrections stay below 1.6 ms: two such legs are less than
//! 3 ms apart. A moment that contradicts causality (a frame that came before it was sent) is not believed. Clocks that moments
//! show to be further apart than two crystals can be are not vouched for at all until two moments agree again.
//!
//! What arrivals show holds for one connection: after a pause, and after what a cuff had kept, they are looked at afresh.

mod envelope;
mod raster;
#[cfg(test)]
mod tests;

use envelope::{CRYSTALS_MAX, Envelope, HULL_US, Slope};
use raster::{Raster, Seen};
use std::collections::BTreeMap;
use talus_motion::{BlockFlags, BlockTime, CuffId, SampleBlock, StreamConfig, Timing};

/// Streams kept at once: two legs, and room for a change of cuffs.
const STREAMS_MAX: usize = 16;
/// How much slower than true session time may run while a correction is made.
const SLOW_DOWN: f64 = 0.2;
/// How much faster, with device time: above any crystal's error.
const HASTEN: f64 = 200e-6;
/// How much faster without device time: above any sensor's rate error.
const HASTEN_ESTIMATED: f64 = 0.05;
/// How far apart in sample periods two blocks stay at least.
const APART: f64 = 0.1;
/// Youngest fit that is good, microseconds.
const FIT_AGE_US: f64 = 10e6;
/// Most that a good fit may be off by arrivals alone, and by questions and answers, microseconds.
const FIT_OFF_US: f64 = 3.6e3;
const FIT_MOMENT_OFF_US: f64 = 1.6e3;
/// How far back the offset looks where arrivals show no raster, microseconds. Longer, and 100 ppm that nobody knows of yet would
/// pull it off by more than 2 ms.
const WINDOW_US: f64 = 20e6;
/// A stream whose last block came so long ago does not run beside another any more, microseconds.
const BESIDE_US: i64 = 10_000_000;
/// After a pause as long as this the next frames may come over another connection, microseconds.
const PAUSE_US: i64 = 2_000_000;
/// How often arrivals are looked at for what they show, microseconds.
const LOOK_US: f64 = 0.5e6;
/// How far the ends of a hull are off at least, microseconds: what a system takes to hand on a packet.
const HULL_LEAST_US: f64 = 1e3;
/// Half seconds that must touch the line in a good fit.
const FIT_TOUCHES: usize = 5;
/// How far a measured period may be off the nominal one in a good fit.
const FIT_RATE: f64 = 0.1;
/// A measured period further off than this is not believed at all.
const RATE_MAX: f64 = 0.2;

/// Brings blocks of any number of streams to session time.
#[derive(Debug, Default)]
pub struct Clock {
    fits: BTreeMap<(CuffId, u8), Fit>,
}

impl Clock {
    /// A clock that knows no stream.
    pub fn new() -> Self {
        Self::default()
    }

    /// A stream begins or begins anew: its fit starts over, its times go on from where they were.
    pub fn stream(&mut self, config: &StreamConfig) {
        let key = (config.cuff, config.stream);
        let make = (config.driver.clone(), config.rate_hz);
        let after_us = self.fits.get(&key).and_then(|fit| fit.last_us);
        if self.fits.len() >= STREAMS_MAX && !self.fits.contains_key(&key) {
            // The one that has been quiet longest makes room.
            let quiet = self.fits.iter().min_by_key(|(_, fit)| fit.last_arrival_us).map(|(key, _)| *key);
            if let Some(quiet) = quiet {
                self.fits.remove(&quiet);
            }
        }
        let mut fit = Fit::new(1e6 / config.rate_hz, config.timing);
        fit.make = make;
        fit.last_us = after_us;
        self.fits.insert(key, fit);
    }

    /// Takes a moment by both clocks: a block without samples.
    pub fn moment(&mut self, block: &SampleBlock) {
        if let (Some(fit), Some(device_us)) = (self.fits.get_mut(&(block.cuff, block.stream)), block.device_us) {
            fit.moment(device_us, block.arrival_us);
        }
    }

    /// Where the samples of a block lie. A block of a stream that was never begun ends where it arrived, at 100 Hz.
    pub fn place(&mut self, block: &SampleBlock) -> BlockTime {
        let key = (block.cuff, block.stream);
        if let Some(fit) = self.fits.get_mut(&key) {
            let time = fit.place(block);
            return BlockTime { fit_ok: time.fit_ok && self.stands_alike(key, block.arrival_us), ..time };
        }
        let period_us = 1e4;
        let span_us = block.counts.len().saturating_sub(1) as f64 * period_us;
        BlockTime { first_us: block.arrival_us as f64 - span_us, period_us, fit_ok: false }
    }

    /// Whether what arrivals cannot show is the same for all streams that run beside this one, or shown for this one.
    fn stands_alike(&self, key: (CuffId, u8), now_us: i64) -> bool {
        let Some(fit) = self.fits.get(&key).filter(|fit| !fit.by_moment) else { return true };
        let beside = |other: &Fit| now_us.saturating_sub(other.last_arrival_us) < BESIDE_US;
        let others = self.fits.iter().filter(|(other, _)| **other != key).map(|(_, other)| other);
        others.filter(|other| beside(other)).all(|other| !other.by_moment && other.make == fit.make)
    }
}

/// First stamp and first difference: everything is counted from them to keep sums small.
#[derive(Debug, Clone, Copy)]
struct Origin {
    index: u64,
    device_us: i64,
    offset_us: f64,
}

/// The fit of one stream.
#[derive(Debug)]
struct Fit {
    nominal_us: f64,
    /// Its driver and rate: cuffs that are alike have the same smallest delay.
    make: (String, f64),
    timing: Timing,
    origin: Option<Origin>,
    pace: Pace,
    envelope: Envelope,
    raster: Raster,
    /// What arrivals showed when they were looked at last, and when that was, by device time since the origin.
    seen: Option<Seen>,
    looked_us: f64,
    moments: Moments,
    /// The last block was placed by a moment.
    by_moment: bool,
    /// Device time (since the origin) of the last block's last sample, and the offset given to it.
    applied: Option<(f64, f64)>,
    last_index: u64,
    last_device_us: i64,
    last_arrival_us: i64,
    /// The last block is one that the cuff had kept.
    last_kept: bool,
    /// Session time of the last sample handed out.
    last_us: Option<f64>,
}

impl Fit {
    fn new(nominal_us: f64, timing: Timing) -> Self {
        // A rate that is no positive number cannot come from a driver; it must not poison times all the same.
        let nominal_us = if nominal_us.is_finite() && nominal_us > 0.0 { nominal_us } else { 1e4 };
        Self {
            nominal_us,
            make: (String::new(), 0.0),
            timing,
            origin: None,
            pace: Pace::default(),
            envelope: Envelope::new(timing),
            raster: Raster::default(),
            seen: None,
            looked_us: 0.0,
            moments: Moments::default(),
            by_moment: false,
            applied: None,
            last_index: 0,
            last_device_us: 0,
            last_arrival_us: i64::MIN,
            last_kept: false,
            last_us: None,
        }
    }

    /// Starts over; only the promise that times increase is kept.
    fn restart(&mut self) {
        let mut fresh = Self::new(self.nominal_us, self.timing);
        fresh.make = std::mem::take(&mut self.make);
        fresh.last_us = self.last_us;
        *self = fresh;
    }

    fn moment(&mut self, device_us: i64, session_us: i64) {
        let Some(origin) = self.origin.filter(|_| self.timing == Timing::Device) else { return };
        let x_us = device_us.saturating_sub(origin.device_us) as f64;
        self.moments.add(x_us, session_us as f64 - x_us - origin.offset_us);
    }

    /// How fast the offset moves, by moments where those know it better, else by arrivals.
    fn slope(&self) -> Slope {
        let hull_us = self.seen.map_or(HULL_US, |seen| seen.unseen_us.clamp(HULL_LEAST_US, HULL_US));
        let by_moments = self.moments.slope(self.envelope.spread(hull_us));
        by_moments.unwrap_or_else(|| self.envelope.slope(hull_us))
    }

    fn place(&mut self, block: &SampleBlock) -> BlockTime {
        let timing = if block.device_us.is_some() { self.timing } else { Timing::Estimated };
        if timing != self.timing {
            self.timing = timing;
            self.restart();
        }
        if self.origin.is_some() && !self.continues(block) {
            self.restart();
        }
        let steps = block.counts.len().saturating_sub(1) as f64;
        let origin = *self.origin.get_or_insert(Origin {
            index: block.first_index,
            device_us: block.device_us.unwrap_or(0),
            offset_us: 0.0,
        });
        let index = block.first_index.saturating_sub(origin.index) as f64;
        // Without device time the nominal clock stands in for it; its error is what the envelope then measures.
        let first_us = match block.device_us {
            Some(device_us) => device_us.saturating_sub(origin.device_us) as f64,
            None => index * self.nominal_us,
        };
        let period_us = match timing {
            Timing::Device => self.pace.period_us(index, first_us, self.nominal_us),
            Timing::Estimated => self.nominal_us,
        };
        let end_us = first_us + steps * period_us;
        let mut offset_us = block.arrival_us as f64 - end_us - origin.offset_us;
        if self.applied.is_none() {
            if let Some(origin) = &mut self.origin {
                origin.offset_us = offset_us;
            }
            offset_us = 0.0;
        }
        let base_us = self.origin.map_or(0.0, |origin| origin.offset_us);
        // What the cuff had kept came when it was asked for, and says nothing about how long a packet takes.
        let live = !block.flags.has(BlockFlags::FROM_LOG);
        let paused = block.arrival_us.saturating_sub(self.last_arrival_us) > PAUSE_US;
        if live && self.applied.is_some() && (self.last_kept || paused) {
            // Another connection has its events at other moments, and perhaps another interval.
            (self.raster, self.seen) = (Raster::default(), None);
        }
        self.last_kept = !live;
        if live || self.envelope.is_empty() {
            self.envelope.add(end_us, offset_us);
        }
        let Slope { rate: slope, doubt } = self.slope();
        if timing == Timing::Device && live {
            self.raster.add(end_us, offset_us);
            if end_us - self.looked_us >= LOOK_US {
                (self.seen, self.looked_us) = (self.raster.look(slope, doubt), end_us);
            }
        }
        // From where the frames begin that were looked at: what came before may have come over another connection.
        let window_us = self.seen.map_or(WINDOW_US, |seen| seen.window_us + end_us - self.looked_us);
        let floor_us = self.envelope.floor_at(end_us, slope, window_us);
        let moment = self.moments.offset_at(end_us, slope, floor_us);
        let wanted_us = moment.map_or(floor_us, |(offset_us, _)| offset_us);
        self.by_moment = moment.is_some();
        let given_us = self.approach(end_us, wanted_us, slope, timing);
        self.applied = Some((end_us, given_us));

        let period = period_us * (1.0 + slope);
        let mut at_us = base_us + end_us + given_us - steps * period;
        let fitted_us = at_us;
        if let Some(last_us) = self.last_us {
            at_us = at_us.max(last_us + APART * period);
        }
        self.last_us = Some(at_us + steps * period);
        self.last_index = block.first_index;
        self.last_device_us = block.device_us.unwrap_or(0);
        self.last_arrival_us = block.arrival_us;

        // Held off because time does not run back: after a first block that came a second late, for instance.
        let off_us = (given_us - wanted_us).abs() + (at_us - fitted_us);
        let stands = if let Some((_, age_us)) = moment {
            Moments::SPREAD_US + doubt * age_us + off_us <= FIT_MOMENT_OFF_US
        } else {
            self.envelope.age_us() >= FIT_AGE_US
                && self.seen.is_some_and(|seen| seen.unseen_us + off_us <= FIT_OFF_US)
                && self.envelope.touches(end_us, slope, window_us) >= FIT_TOUCHES
        };
        let stands = stands && self.moments.stand();
        let fit_ok = timing == Timing::Device && stands && (period_us / self.nominal_us - 1.0).abs() <= FIT_RATE;
        BlockTime { first_us: at_us, period_us: period, fit_ok }
    }

    /// Moves the applied offset towards the wanted one, no faster than allowed.
    fn approach(&self, end_us: f64, wanted_us: f64, slope: f64, timing: Timing) -> f64 {
        let Some((before_us, given_us)) = self.applied else { return wanted_us };
        let span_us = (end_us - before_us).max(0.0);
        let carried_us = given_us + slope * span_us;
        let hasten = if timing == Timing::Device { HASTEN } else { HASTEN_ESTIMATED };
        carried_us + (wanted_us - carried_us).clamp(-SLOW_DOWN * span_us, hasten * span_us)
    }

    /// Whether a block belongs to the same count and the same clock as the one before.
    fn continues(&self, block: &SampleBlock) -> bool {
        if block.first_index <= self.last_index {
            return false;
        }
        let by_index_us = (block.first_index - self.last_index) as f64 * self.nominal_us;
        let off_us = |us: i64| (us as f64 - by_index_us).abs() - RATE_MAX * by_index_us;
        match block.device_us.map(|device_us| device_us.saturating_sub(self.last_device_us)) {
            Some(us) => us > 0 && off_us(us) <= 0.5e6,
            // Arrivals alone may be late by a long sleep of the phone.
            None => off_us(block.arrival_us.saturating_sub(self.last_arrival_us)) <= 60e6,
        }
    }
}

/// Moments by both clocks: device time since the origin, and session time less that.
#[derive(Debug, Default)]
struct Moments {
    /// The first of this fit, for the slope, and the newest.
    ends: Option<[(f64, f64); 2]>,
    /// The newest lay where no two clocks can have drifted to since the one before.
    strayed: bool,
    /// Two in a row did, or one could not be, and no two have agreed since.
    doubted: bool,
}

impl Moments {
    /// How long a moment stands for the offset, microseconds.
    const FRESH_US: f64 = 90e6;
    /// A frame may seem to come this much before it was sent, microseconds: the moment is no better than that.
    const EARLY_US: f64 = 2e3;
    /// Spread of a moment, microseconds.
    const SPREAD_US: f64 = 700.0;
    /// How far clocks are apart (standard deviation): of two that may each be told by their makers to 100 ppm.
    const PRIOR: f64 = 60e-6;
    /// No slope beyond this is believed: two crystals, each off by as much as any is.
    const SLOPE_MAX: f64 = 2.0 * CRYSTALS_MAX;

    /// Takes in one. Answers come late and never early: of two moments, one that lies higher than two crystals can have drifted
    /// since the other is late by at least that, and is not taken. Where two in a row lie so, it is the clocks that are not what
    /// they were taken for, and all starts anew.
    fn add(&mut self, x_us: f64, y_us: f64) {
        let before = self.ends.filter(|[_, (last_us, _)]| *last_us < x_us);
        let Some([(first_us, first), (last_us, last)]) = before else {
            self.start(x_us, y_us);
            return;
        };
        let drift_us = Self::SLOPE_MAX * (x_us - last_us);
        if (y_us - last).abs() <= drift_us {
            (self.strayed, self.doubted) = (false, false);
        } else if self.strayed {
            self.start(x_us, y_us);
            self.doubted = true;
            return;
        } else {
            self.strayed = true;
            if y_us > last {
                return;
            }
        }
        let first = first.min(y_us + Self::SLOPE_MAX * (x_us - first_us));
        self.ends = Some([(first_us, first), (x_us, y_us)]);
    }

    /// Whether it may be vouched for the clocks, as far as moments have shown them.
    fn stand(&self) -> bool {
        !self.doubted
    }

    fn start(&mut self, x_us: f64, y_us: f64) {
        self.ends = Some([(x_us, y_us); 2]);
        self.strayed = false;
    }

    /// How fast the offset moves, where it is known better than to this spread.
    fn slope(&self, than: f64) -> Option<Slope> {
        let [(x_0, y_0), (x_1, y_1)] = self.ends?;
        let spread = Self::SPREAD_US * std::f64::consts::SQRT_2 / (x_1 - x_0);
        // Between one moment and itself lies nothing; the comparison says so.
        (spread < than).then(|| Slope::measured((y_1 - y_0) / (x_1 - x_0), spread, Self::PRIOR, Self::SLOPE_MAX))
    }

    /// The offset at `x_us` as the newest moment has it, and its age. One above the lowest arrivals is forgotten with all
    /// before it.
    fn offset_at(&mut self, x_us: f64, slope: f64, floor_us: f64) -> Option<(f64, f64)> {
        let [_, (at_us, offset_us)] = self.ends?;
        let offset_us = offset_us + slope * (x_us - at_us);
        if offset_us > floor_us + Self::EARLY_US {
            (self.ends, self.doubted) = (None, true);
            return None;
        }
        let age_us = x_us - at_us;
        (age_us <= Self::FRESH_US).then_some((offset_us, age_us))
    }
}

/// The measured period of a stream: device time against index over the last half minute or so.
#[derive(Debug, Default)]
struct Pace {
    /// Index and device time of blocks at least a second apart, oldest first once the ring is full.
    marks: [(f64, f64); Self::MARKS],
    next: usize,
    len: usize,
}

impl Pace {
    const MARKS: usize = 32;
    const APART_US: f64 = 1e6;

    /// Microseconds of device time per sample, after taking in one block's first sample.
    fn period_us(&mut self, index: f64, device_us: f64, nominal_us: f64) -> f64 {
        let newest = (self.next + Self::MARKS - 1) % Self::MARKS;
        let oldest = if self.len == Self::MARKS { self.next } else { 0 };
        let period_us = if self.len == 0 {
            nominal_us
        } else {
            let (index_0, device_0) = self.marks[oldest];
            (device_us - device_0) / (index - index_0)
        };
        if self.len == 0 || device_us - self.marks[newest].1 >= Self::APART_US {
            self.marks[self.next] = (index, device_us);
            self.next = (self.next + 1) % Self::MARKS;
            self.len = (self.len + 1).min(Self::MARKS);
        }
        let believable = (period_us / nominal_us - 1.0).abs() <= RATE_MAX;
        if believable { period_us } else { nominal_us }
    }
}

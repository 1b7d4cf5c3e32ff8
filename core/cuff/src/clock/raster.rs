//! What arrivals can vouch for: the raster of connection events, and how much of it the frames have met.
//!
//! A frame that is ready waits for the next connection event. Frames of 100 ms over an interval of 30 ms, by a cuff whose rate
//! is nearly the stated one, meet the same three moments of the interval for minutes: a wait of up to 10 ms is in all of them,
//! and no minimum shows it. Another rate meets all moments within seconds, and then the smallest wait is next to nothing. Which
//! of the two it is shows in the arrivals: they lie on the raster of events, so the interval can be told, and the moments at
//! which frames were ready, folded by it, show the widest stretch that none has met. The floor is off by no more than that.
//!
//! [`Raster`] is the most important item. Where arrivals lie on no raster (a system that hands them on whenever it
//! likes), nothing is known, and nothing is vouched for.

use arrayvec::ArrayVec;

/// Frames that are looked at.
const FRAMES: usize = 256;
/// How near each other they are looked at, microseconds.
const APART_US: f64 = 40e3;
/// How far back the interval is looked for, microseconds: the radio's own clock tells it, which is not the session's.
const INTERVAL_OVER_US: f64 = 30e6;
/// How far those two are apart.
const RADIO: f64 = 20e-6;
/// Fewest frames that tell an interval.
const FRAMES_MIN: usize = 16;
/// Connection intervals are multiples of this, microseconds.
const UNIT_US: f64 = 1250.0;
/// Shortest and longest interval looked for, in units: 7.5 to 100 ms.
const UNITS: std::ops::RangeInclusive<u32> = 6..=80;
/// A system hands on within this what came in one event, microseconds; at most half of the interval.
const JITTER_US: f64 = 5e3;
/// Share of arrivals that lie on the raster of an interval that is taken for the true one, and below which it is given up: a
/// phone that sleeps hands on what came meanwhile in one go.
const FOUND: f64 = 0.8;
const LOST: f64 = 0.5;
/// Parts an interval is divided into to look for where arrivals lie.
const PARTS: usize = 40;
/// Stretches of time that are looked at, microseconds: a long one meets more moments, and a short one is less in doubt about
/// how fast the clock runs.
const WINDOWS_US: [f64; 4] = [10e6, 20e6, 40e6, 60e6];

/// A frame: when it was ready by its cuff's clock, and its arrival less that.
#[derive(Debug, Clone, Copy)]
struct Frame {
    x_us: f64,
    y_us: f64,
}

/// What the arrivals of a stretch of time say.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    /// The stretch, microseconds.
    pub(super) window_us: f64,
    /// Most that the smallest delay of the stretch may be off, microseconds.
    pub(super) unseen_us: f64,
}

/// The newest frames, and the interval of the connection once it shows.
#[derive(Debug, Default)]
pub(super) struct Raster {
    frames: ArrayVec<Frame, FRAMES>,
    interval_us: Option<f64>,
}

impl Raster {
    /// Takes in a frame, unless one was taken in just before.
    pub(super) fn add(&mut self, x_us: f64, y_us: f64) {
        if self.frames.last().is_some_and(|last| x_us - last.x_us < APART_US) {
            return;
        }
        if self.frames.is_full() {
            self.frames.remove(0);
        }
        self.frames.push(Frame { x_us, y_us });
    }

    /// Looks again at what the newest frames say, with the offset's slope, and how far it may be off, as they are known now;
    /// `None` where no raster shows.
    pub(super) fn look(&mut self, slope: f64, doubt: f64) -> Option<Seen> {
        let interval_us = self.interval()?;
        let now_us = self.frames.last()?.x_us;
        let seen = WINDOWS_US.into_iter().map(|window_us| {
            let unmet_us = self.unmet(interval_us, now_us - window_us, slope);
            // Folded with a slope that is off, frames seem to have met what they have not; and the floor is off by as much.
            let span_us = window_us.min(now_us - self.frames[0].x_us);
            Seen { window_us: span_us, unseen_us: unmet_us + (doubt + RADIO) * span_us }
        });
        seen.min_by(|a, b| a.unseen_us.total_cmp(&b.unseen_us))
    }

    /// The interval of the connection: the longest on whose raster arrivals lie.
    fn interval(&mut self) -> Option<f64> {
        if self.interval_us.is_none_or(|interval_us| self.on_raster(interval_us) < LOST) {
            let longest = UNITS.rev().map(|units| f64::from(units) * UNIT_US);
            self.interval_us = longest.into_iter().find(|interval_us| self.on_raster(*interval_us) >= FOUND);
        }
        self.interval_us
    }

    /// Share of arrivals that lie together when folded by this interval.
    fn on_raster(&self, interval_us: f64) -> f64 {
        let since_us = self.frames.last().map_or(0.0, |last| last.x_us - INTERVAL_OVER_US);
        let (mut parts, mut all) = ([0u16; PARTS], 0usize);
        for frame in self.frames.iter().filter(|frame| frame.x_us >= since_us) {
            all += 1;
            let part = fold(frame.x_us + frame.y_us, interval_us) / interval_us * PARTS as f64;
            parts[(part as usize).min(PARTS - 1)] += 1;
        }
        let wide = (JITTER_US.min(interval_us / 2.0) / interval_us * PARTS as f64) as usize;
        let together = |from: usize| (from..=from + wide).map(|part| parts[part % PARTS]).sum::<u16>();
        let most = (0..PARTS).map(together).max().unwrap_or(0);
        if all < FRAMES_MIN { 0.0 } else { f64::from(most) / all as f64 }
    }

    /// The widest part of the interval at which no frame since then was ready that came with the next event.
    fn unmet(&self, interval_us: f64, since_us: f64, slope: f64) -> f64 {
        let frames = || self.frames.iter().filter(|frame| frame.x_us >= since_us);
        let level = |frame: &Frame| frame.y_us - slope * frame.x_us;
        let floor_us = frames().map(level).fold(f64::INFINITY, f64::min);
        // What came later than that was sent again, or lay in a phone that slept: it says nothing of its own event.
        let prompt = frames().filter(|frame| level(frame) <= floor_us + interval_us + JITTER_US);
        let mut met: ArrayVec<f64, FRAMES> =
            prompt.map(|frame| fold(frame.x_us * (1.0 + slope), interval_us)).collect();
        met.sort_unstable_by(f64::total_cmp);
        let (Some(first), Some(last)) = (met.first(), met.last()) else { return interval_us };
        let over = first + interval_us - last;
        met.windows(2).map(|pair| pair[1] - pair[0]).fold(over, f64::max)
    }
}

fn fold(us: f64, interval_us: f64) -> f64 {
    us - (us / interval_us).floor() * interval_us
}

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

use crate::transport::{INTERVAL_UNIT_US, INTERVAL_UNITS};
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
/// A system hands on within this what came in one event, microseconds; within a third of the interval where that is less, or
/// arrivals that lie anywhere would lie on its raster.
const JITTER_US: u32 = 5000;
/// Share of arrivals that lie on the raster of an interval that is taken for the true one: of arrivals that lie anywhere, some
/// third does at most.
const FOUND: f64 = 0.8;
/// The newest stretch by itself, microseconds: a connection whose interval has become longer shows it there first.
const NEWEST_US: f64 = 5e6;
/// Parts an interval is divided into to look for where arrivals lie.
const PARTS: u32 = 40;
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

/// The newest frames.
#[derive(Debug, Default)]
pub(super) struct Raster {
    frames: ArrayVec<Frame, FRAMES>,
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
    pub(super) fn look(&self, slope: f64, doubt: f64) -> Option<Seen> {
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

    /// The interval of the connection: the longest on whose raster arrivals lie, all that are looked at or the newest. Where it
    /// is a multiple of the true one, more seems unmet than is.
    fn interval(&self) -> Option<f64> {
        let stretches = [INTERVAL_OVER_US, NEWEST_US].map(|over_us| self.arrivals(over_us));
        let mut longest = INTERVAL_UNITS.rev().map(|units| units * INTERVAL_UNIT_US);
        let found = longest.find(|interval_us| stretches.iter().any(|arrivals| lie_on(arrivals, *interval_us)));
        found.map(f64::from)
    }

    /// Arrivals of the newest stretch, in whole microseconds from the first of them: this is asked for very many intervals.
    fn arrivals(&self, over_us: f64) -> ArrayVec<u32, FRAMES> {
        let since_us = self.frames.last().map_or(0.0, |last| last.x_us - over_us);
        let frames = self.frames.iter().filter(|frame| frame.x_us >= since_us);
        let first_us = frames.clone().map(|frame| frame.x_us + frame.y_us).fold(f64::INFINITY, f64::min);
        frames.map(|frame| (frame.x_us + frame.y_us - first_us) as u32).collect()
    }

    /// The widest part of the interval at which no frame since then was ready that came with the next event.
    fn unmet(&self, interval_us: f64, since_us: f64, slope: f64) -> f64 {
        let frames = || self.frames.iter().filter(|frame| frame.x_us >= since_us);
        let level = |frame: &Frame| frame.y_us - slope * frame.x_us;
        let floor_us = frames().map(level).fold(f64::INFINITY, f64::min);
        // What came later than that was sent again, or lay in a phone that slept: it says nothing of its own event.
        let prompt = frames().filter(|frame| level(frame) <= floor_us + interval_us + f64::from(JITTER_US));
        let mut met: ArrayVec<f64, FRAMES> =
            prompt.map(|frame| fold(frame.x_us * (1.0 + slope), interval_us)).collect();
        met.sort_unstable_by(f64::total_cmp);
        let (Some(first), Some(last)) = (met.first(), met.last()) else { return interval_us };
        let over = first + interval_us - last;
        met.windows(2).map(|pair| pair[1] - pair[0]).fold(over, f64::max)
    }
}

/// Whether arrivals lie together when folded by this interval.
fn lie_on(arrivals: &[u32], interval_us: u32) -> bool {
    let mut parts = [0u16; PARTS as usize];
    for us in arrivals {
        parts[(us % interval_us * PARTS / interval_us) as usize] += 1;
    }
    let wide = (JITTER_US.min(interval_us / 3) * PARTS / interval_us) as usize;
    let mut together = parts.iter().cycle().take(wide + 1).sum::<u16>();
    let mut most = together;
    for from in 0..parts.len() {
        together = together - parts[from] + parts[(from + wide + 1) % parts.len()];
        most = most.max(together);
    }
    arrivals.len() >= FRAMES_MIN && f64::from(most) >= FOUND * arrivals.len() as f64
}

fn fold(us: f64, interval_us: f64) -> f64 {
    us - (us / interval_us).floor() * interval_us
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A raster with the frames of so many seconds, ready every `apart_us`, that come when `arrival` says; what is seen each second
    /// or so, and when.
    fn seen(apart_us: f64, seconds: f64, mut arrival: impl FnMut(f64) -> f64) -> Vec<(f64, Option<Seen>)> {
        let (mut raster, mut seen) = (Raster::default(), Vec::new());
        for i in 0..(seconds * 1e6 / apart_us) as u32 {
            let x_us = f64::from(i) * apart_us;
            raster.add(x_us, arrival(x_us) - x_us);
            if i % 10 == 9 {
                seen.push((x_us, raster.look(0.0, 0.0)));
            }
        }
        seen
    }

    fn next_event(x_us: f64, interval_us: f64) -> f64 {
        (x_us / interval_us).ceil() * interval_us
    }

    #[test]
    fn an_interval_that_becomes_twice_as_long_is_noticed() {
        // Frames of 96 ms meet five moments of 15 ms, 3 ms apart, and five of 30 ms, 6 ms apart.
        let seen = seen(96e3, 80.0, |x_us| next_event(x_us, if x_us < 40e6 { 15e3 } else { 30e3 }));
        let unseen = |from_us: f64, to_us: f64| {
            let of = seen.iter().filter(move |(x_us, _)| (from_us..to_us).contains(x_us));
            of.map(|(_, seen)| seen.map_or(f64::INFINITY, |seen| seen.unseen_us)).collect::<Vec<_>>()
        };
        assert!(unseen(20e6, 40e6).iter().all(|us| (3e3..3.6e3).contains(us)), "it might have been vouched for");
        assert!(
            unseen(40e6 + NEWEST_US, 80e6).iter().all(|us| *us >= 6e3),
            "it would be vouched for with the old interval"
        );
    }

    #[test]
    fn arrivals_off_any_raster_show_none() {
        let mut state = 7u64;
        let seen = seen(98.7e3, 120.0, |x_us| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            x_us + (state >> 40) as f64 / (1u64 << 24) as f64 * 60e3
        });
        let shown = seen.iter().filter(|(_, seen)| seen.is_some()).count();
        assert_eq!(shown, 0, "of {}", seen.len());
    }

    #[test]
    fn every_interval_is_found_and_given_up_when_arrivals_leave_its_raster() {
        for units in INTERVAL_UNITS {
            let interval_us = f64::from(units * INTERVAL_UNIT_US);
            let mut state = 3u64;
            let seen = seen(98.7e3, 90.0, |x_us| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let part = (state >> 40) as f64 / (1u64 << 24) as f64;
                if x_us < 40e6 { next_event(x_us, interval_us) + part * 2e3 } else { x_us + part * 200e3 }
            });
            let at = |at_us: f64| seen.iter().find(|(x_us, _)| *x_us >= at_us).unwrap().1;
            assert!(at(35e6).is_some(), "{interval_us}");
            assert_eq!(at(85e6), None, "{interval_us}");
        }
    }
}

//! Turns while walking: [`Turns`] follows the heading and says where it changed for good.
//!
//! The heading is that of the axis the leg swings about, seen from above: the rate about the vertical, summed up, would
//! drift, because a leg that rolls and twists as it swings encloses an angle within every stride. What a leg twists to
//! and fro is averaged over a stride. That a turn is 45° and more at a rate that reaches 15 °/s follows El-Gohary et al.,
//! "Continuous monitoring of turning in patients with movement disability", Sensors 14(1):356–369 (2014).

use crate::movement::Movement;
use crate::orient::{cross, dot};
use crate::words::Micros;
use arrayvec::ArrayVec;

/// Steps of the heading, µs.
const STEP_US: f64 = 5e4;
/// Headings averaged: 1.1 s, one stride.
const AVERAGED: usize = 22;
/// Averages between which the rate is taken: 0.2 s.
const BETWEEN: usize = 4;
/// A turn begins and ends where the heading changes at this rate, °/s …
const EDGE_DPS: f64 = 5.0;
/// … reaches this rate in between, °/s …
const PEAK_DPS: f64 = 15.0;
/// … and comes to this much, degrees.
const TURN_DEG: f64 = 45.0;

/// A turn under way.
#[derive(Debug, Clone, Copy)]
struct Under {
    start_us: f64,
    from_deg: f64,
    peak_dps: f64,
}

/// Finds turns in the way an axis points.
#[derive(Debug, Clone)]
pub(super) struct Turns {
    last: Option<(f64, [f64; 3])>,
    heading_deg: f64,
    headings: ArrayVec<f64, AVERAGED>,
    averages: ArrayVec<f64, BETWEEN>,
    under: Option<Under>,
}

impl Turns {
    pub(super) fn new() -> Self {
        Self { last: None, heading_deg: 0.0, headings: ArrayVec::new(), averages: ArrayVec::new(), under: None }
    }

    /// Forgets everything: samples were missing or a new task begins.
    pub(super) fn cut(&mut self) {
        *self = Self::new();
    }

    /// Whether the next heading is due.
    pub(super) fn due(&self, at_us: f64) -> bool {
        self.last.is_none_or(|(last_us, _)| at_us - last_us >= STEP_US)
    }

    /// Takes where the axis and up point in a frame that does not turn; a turn that ended here.
    pub(super) fn push(&mut self, at_us: f64, axis: [f64; 3], up: [f64; 3]) -> Option<Movement> {
        let tilt = dot(axis, up);
        let level = [0, 1, 2].map(|k: usize| axis[k] - tilt * up[k]);
        let (last_us, last) = self.last.replace((at_us, level))?;
        self.heading_deg += libm::atan2(dot(up, cross(last, level)), dot(last, level)).to_degrees();
        let step_s = (at_us - last_us) * 1e-6;
        if self.headings.is_full() {
            self.headings.remove(0);
        }
        self.headings.push(self.heading_deg);
        if !self.headings.is_full() {
            return None;
        }
        let now_deg = self.headings.iter().sum::<f64>() / AVERAGED as f64;
        let before_deg = if self.averages.is_full() { self.averages.remove(0) } else { now_deg };
        self.averages.push(now_deg);
        let rate_dps = (now_deg - before_deg) / (BETWEEN as f64 * step_s);
        // What the averages know lies half of them back.
        let at_us = at_us - 0.5 * (AVERAGED + BETWEEN) as f64 * step_s * 1e6;
        self.follow(at_us, before_deg, now_deg, rate_dps)
    }

    fn follow(&mut self, at_us: f64, before_deg: f64, now_deg: f64, rate_dps: f64) -> Option<Movement> {
        match &mut self.under {
            None => {
                if rate_dps.abs() >= EDGE_DPS {
                    self.under = Some(Under { start_us: at_us, from_deg: before_deg, peak_dps: rate_dps });
                }
                None
            }
            Some(under) if rate_dps * under.peak_dps.signum() >= EDGE_DPS => {
                if rate_dps.abs() > under.peak_dps.abs() {
                    under.peak_dps = rate_dps;
                }
                None
            }
            Some(under) => {
                let Under { start_us, from_deg, peak_dps } = *under;
                self.under = None;
                let angle_deg = now_deg - from_deg;
                let at = |us: f64| Micros(us.round() as i64);
                (peak_dps.abs() >= PEAK_DPS && angle_deg.abs() >= TURN_DEG).then(|| Movement::Turned {
                    start: at(start_us),
                    end: at(at_us),
                    angle_deg,
                })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headings of a leg that sways by 12° within each stride of 1.1 s and turns by `angle_deg` from 10 s on.
    fn turns(angle_deg: f64, turn_s: f64, rate_hz: f64) -> Vec<(f64, f64, f64)> {
        let mut turns = Turns::new();
        let mut found = Vec::new();
        for i in 0..(30.0 * rate_hz) as u32 {
            let t = f64::from(i) / rate_hz;
            let turned = angle_deg * ((t - 10.0) / turn_s).clamp(0.0, 1.0);
            let (sin, cos) = libm::sincos((turned + 12.0 * libm::sin(core::f64::consts::TAU * t / 1.1)).to_radians());
            if !turns.due(t * 1e6) {
                continue;
            }
            // An axis that is not level, in a frame that stands on its side.
            let found_here = turns.push(t * 1e6, [0.1, 0.9 * cos, 0.9 * sin], [1.0, 0.0, 0.0]);
            if let Some(Movement::Turned { start, end, angle_deg }) = found_here {
                found.push((start.seconds(), end.seconds(), angle_deg));
            }
        }
        found
    }

    #[test]
    fn turns_are_found_with_their_angle_and_time_and_bends_are_not() {
        for rate_hz in [25.0, 100.0, 398.0] {
            for (angle, seconds) in [(90.0, 1.5), (-180.0, 2.5), (180.0, 4.0), (-60.0, 1.0)] {
                let found = turns(angle, seconds, rate_hz);
                let [(start, end, deg)] = found.as_slice() else { unreachable!("{angle}: {found:?}") };
                assert!((deg - angle).abs() < 8.0, "{angle} {rate_hz}: {deg}");
                assert!((start - 10.0).abs() < 1.0 && (end - 10.0 - seconds).abs() < 1.0, "{start} {end}");
            }
            // A bend in the way: 90° in 12 s.
            assert!(turns(90.0, 12.0, rate_hz).is_empty());
            assert!(turns(30.0, 1.0, rate_hz).is_empty());
        }
    }
}

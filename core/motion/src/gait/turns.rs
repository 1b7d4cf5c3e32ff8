//! Turns while walking: [`Turns`] follows the heading and says where it changed for good.
//!
//! The heading is that of the axis the leg swings about, seen from above: the rate about the vertical, summed up, would
//! drift, because a leg that rolls and twists as it swings encloses an angle within every stride. What a leg twists to
//! and fro is averaged over a stride. That a turn is 45° and more at a rate that reaches 15 °/s follows El-Gohary et al.,
//! "Continuous monitoring of turning in patients with movement disability", Sensors 14(1):356–369 (2014). When it began
//! and ended is then read off the heading itself, where the leg's own twisting is small against the turn.

use super::ring::Ring;
use crate::movement::Movement;
use crate::orient::{cross, dot};
use crate::words::Micros;
use arrayvec::ArrayVec;

/// Headings averaged, one every 0.05 s: 1.1 s, one stride.
const AVERAGED: usize = 22;
/// Averages between which the rate is taken: 0.2 s.
const BETWEEN: usize = 4;
/// A turn begins and ends where the heading changes at this rate, °/s …
const EDGE_DPS: f64 = 5.0;
/// … reaches this rate in between, °/s …
const PEAK_DPS: f64 = 15.0;
/// … and comes to this much, degrees.
const TURN_DEG: f64 = 45.0;

/// Headings kept: 12 s, longer than anybody turns.
const KEPT: usize = 240;
/// A turn is timed by when its average had come to 15 % and to 85 %: 2.2 standard deviations of its rate over time, which
/// are those of the turn and of the averaging together.
const SIDE: f64 = 0.15;
const SIDES_SD: f64 = 2.2;
/// Standard deviation of what a second of averaging spreads, s, and of a turn that takes a second: one that sets out and
/// ends as smoothly as can be (minimum jerk) has 0.19, one of an even rate 0.29; people turn smoothly.
const AVERAGED_SD: f64 = 0.289;
const TURN_SD: f64 = 0.195;

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
    /// Between the last two headings, s: 0.05, more where samples come less often.
    step_s: f64,
    heading_deg: f64,
    headings: ArrayVec<f64, AVERAGED>,
    /// The headings of the last seconds, and when.
    kept: Ring<(f64, f64)>,
    averages: ArrayVec<f64, BETWEEN>,
    under: Option<Under>,
}

impl Turns {
    pub(super) fn new() -> Self {
        Self {
            last: None,
            step_s: 0.0,
            heading_deg: 0.0,
            headings: ArrayVec::new(),
            kept: Ring::new(KEPT),
            averages: ArrayVec::new(),
            under: None,
        }
    }

    /// Forgets everything: samples were missing or a new task begins.
    pub(super) fn cut(&mut self) {
        self.last = None;
        self.heading_deg = 0.0;
        self.headings.clear();
        self.kept.cut();
        self.averages.clear();
        self.under = None;
    }

    /// Takes where the axis and up point in a frame that does not turn; a turn that ended here.
    pub(super) fn push(&mut self, at_us: f64, axis: [f64; 3], up: [f64; 3]) -> Option<Movement> {
        let tilt = dot(axis, up);
        let level = [0, 1, 2].map(|k: usize| axis[k] - tilt * up[k]);
        let (last_us, last) = self.last.replace((at_us, level))?;
        self.heading_deg += libm::atan2(dot(up, cross(last, level)), dot(last, level)).to_degrees();
        let step_s = (at_us - last_us) * 1e-6;
        self.step_s = step_s;
        if self.headings.is_full() {
            self.headings.remove(0);
        }
        self.headings.push(self.heading_deg);
        if !self.headings.is_full() {
            return None;
        }
        let now_deg = self.headings.iter().sum::<f64>() / AVERAGED as f64;
        self.kept.push((at_us - 0.5e6 * (AVERAGED - 1) as f64 * step_s, now_deg));
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
                let (start_us, at_us) = self.edges_us(start_us, at_us, from_deg, angle_deg);
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

impl Turns {
    /// When a turn found between two times by the averages began and ended.
    fn edges_us(&self, start_us: f64, end_us: f64, from_deg: f64, angle_deg: f64) -> (f64, f64) {
        let crossing = |share: f64| {
            let level = from_deg + share * angle_deg;
            let mut before: Option<(f64, f64)> = None;
            let first = self.kept.first_from(|(at, _)| *at >= start_us - 1e6);
            for (at_us, deg) in (first..self.kept.next()).filter_map(|n| self.kept.get(n).copied()) {
                if let Some((was_us, was)) = before
                    && (was < level) != (deg < level)
                {
                    return Some(was_us + (at_us - was_us) * (level - was) / (deg - was));
                }
                before = Some((at_us, deg));
            }
            None
        };
        let Some((early, late)) = crossing(SIDE).zip(crossing(1.0 - SIDE)).filter(|(early, late)| early < late) else {
            return (start_us, end_us);
        };
        let averaged_us = AVERAGED_SD * 1e6 * (self.step_s * AVERAGED as f64);
        let spread_us = (late - early) / SIDES_SD;
        let whole_us = (spread_us * spread_us - averaged_us * averaged_us).max(0.0).sqrt() / TURN_SD;
        let middle_us = 0.5 * (early + late);
        (middle_us - 0.5 * whole_us, middle_us + 0.5 * whole_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Headings of a leg that sways by 12° within each stride of 1.1 s and turns by `angle_deg` from 10 s on, evenly or
    /// setting out and ending smoothly.
    fn turns(angle_deg: f64, turn_s: f64, rate_hz: f64, smooth: bool) -> Vec<(f64, f64, f64)> {
        let mut turns = Turns::new();
        let (mut found, mut last) = (Vec::new(), None);
        for i in 0..(30.0 * rate_hz) as u32 {
            let t = f64::from(i) / rate_hz;
            let share = ((t - 10.0) / turn_s).clamp(0.0, 1.0);
            let eased = share * share * share * (10.0 - 15.0 * share + 6.0 * share * share);
            let turned = angle_deg * if smooth { eased } else { share };
            let (sin, cos) = libm::sincos((turned + 12.0 * libm::sin(core::f64::consts::TAU * t / 1.1)).to_radians());
            let due = last.is_none_or(|last: f64| t - last >= 0.05);
            if !due {
                continue;
            }
            last = Some(t);
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
                for smooth in [true, false] {
                    let found = turns(angle, seconds, rate_hz, smooth);
                    let [(start, end, deg)] = found.as_slice() else { unreachable!("{angle}: {found:?}") };
                    assert!((deg - angle).abs() < 8.0, "{angle} {rate_hz}: {deg}");
                    // An even turn begins and ends as if half as long again.
                    let within = if smooth { 0.15 + 0.1 * seconds } else { 0.15 + 0.3 * seconds };
                    let off = [start - 10.0, end - 10.0 - seconds];
                    assert!(off.iter().all(|s| s.abs() < within), "{angle} {smooth}: {off:?}");
                }
            }
            // A bend in the way: 90° in 12 s.
            assert!(turns(90.0, 12.0, rate_hz, false).is_empty());
            assert!(turns(30.0, 1.0, rate_hz, false).is_empty());
        }
    }
}

//! How often a cuff went up and came down, and how high: [`Rises`], for heel rises and for every lift of a foot that the
//! shank's angle does not show.
//!
//! What is felt is the cuff going up and down, however it turns meanwhile. The upward acceleration, less what it is on
//! average, is summed up to a speed that forgets what is older than some seconds: a way up is a lobe of it, a way down the
//! next one. Slow ways accelerate by less than a hand trembles, so that no rest is looked for in between; a lobe ends as it
//! began, smoothly. The height of each rise is taken afterwards from the same acceleration, knowing that the ankle stood
//! at its beginning and its end.

use super::trail::Trail;
use crate::stats::Recent;

/// The average acceleration is that of so many seconds: gravity and the sensor's offset as it lies.
const MEAN_TAU_S: f64 = 10.0;
/// … at a stand sooner.
const STAND_TAU_S: f64 = 2.0;
/// Speed older than this is forgotten, s: longer than any way up or down.
const SPEED_TAU_S: f64 = 4.0;
/// What trembles faster than this is no way up, s.
const SMOOTH_S: f64 = 0.1;
/// A leg is at a stand where it feels no more than this, m/s², turns no faster than that, °/s, for so long, s: an evenly
/// moving one feels nothing either, but not for as long.
const STAND_MPS2: f64 = 0.015;
const STAND_DPS: f64 = 5.0;
const STAND_S: f64 = 0.8;
/// Before anything is counted it stands for this long, s, and then its average is known within this, m/s².
const FIRST_STAND_S: f64 = 0.45;
const FIRST_STAND_MPS2: f64 = 1.0;
/// A way is faster than this share of the fastest of late …
const SPEED_SHARE: f64 = 0.25;
/// … and than this, m/s.
const SPEED_LEAST: f64 = 0.02;
/// Time in which the fastest is forgotten, s.
const LEVEL_TAU_S: f64 = 40.0;
/// A smooth move (minimum jerk) is fastest at 0.5 of its time and this fast at 0.197 and 0.803 of it: so many times
/// later than that took it is over.
const SLOWS_SHARE: f64 = 0.4;
const SLOWS_ON: f64 = 0.197 / 0.303;
/// A speed that takes longer than this to fall that far is the sum's forgetting and no move, s.
const SLOWS_WITHIN_S: f64 = 2.0;
/// Ways slower than this last so long that the sum forgets some of them, m/s.
const SLOW_MPS: f64 = 0.1;
/// Smallest rise, m, …
const RISE_LEAST_M: f64 = 0.02;
/// … and as a share of the usual one.
const RISE_SHARE: f64 = 0.3;
/// Longest rise, s: the trails hold no more.
const RISE_MOST_S: f64 = 14.0;
/// A way down that takes longer than this, s, ends too gently to be felt; its ends are looked for in steps of this, µs, and
/// of halves of it.
const SLOW_WAY_S: f64 = 1.2;
const FIT_STEP_US: f64 = 1.6e5;
/// Slower than this share of its fastest the cuff is up, and neither rises nor falls.
const MOVES_SHARE: f64 = 0.2;

/// What the machine looks at: one moment of at most 50 a second.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Felt {
    pub(crate) at_us: f64,
    /// Size of the turning rate, °/s.
    pub(crate) turn_dps: f64,
    /// Upward acceleration, m/s².
    pub(crate) rise_mps2: f64,
}

/// One rise that has come down again.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rise {
    pub(crate) start_us: f64,
    /// When it was up, and when it set out down again: as smooth moves of the two ways would have it.
    pub(crate) top_us: f64,
    pub(crate) turn_us: f64,
    pub(crate) end_us: f64,
    pub(crate) height_m: f64,
}

/// Where a cuff is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// On the ground.
    Down,
    /// Going up.
    Up,
    /// Up, and neither.
    Above,
    /// Coming down.
    Back,
}

/// A way up or down.
#[derive(Debug, Clone, Copy)]
struct Way {
    /// What the sum has forgotten of the speed since, m/s.
    forgotten: f64,
    /// Fastest speed, m/s, and when.
    fastest: f64,
    fastest_us: f64,
    /// When it will have come to its end, once it slows.
    end_us: Option<f64>,
}

impl Way {
    fn new(at_us: f64, speed: f64) -> Self {
        Self { forgotten: 0.0, fastest: speed, fastest_us: at_us, end_us: None }
    }

    /// Takes the size of the speed after another `dt_s`; what it is with what was forgotten.
    fn push(&mut self, at_us: f64, speed: f64, dt_s: f64) -> f64 {
        self.forgotten += speed * dt_s * (1.0 / SPEED_TAU_S + 1.0 / MEAN_TAU_S);
        let speed = speed + self.forgotten;
        if speed >= self.fastest {
            (self.fastest, self.fastest_us, self.end_us) = (speed, at_us, None);
        } else if self.end_us.is_none()
            && speed < SLOWS_SHARE * self.fastest
            && at_us - self.fastest_us <= SLOWS_WITHIN_S * 1e6
        {
            self.end_us = Some(at_us + SLOWS_ON * (at_us - self.fastest_us));
        }
        speed
    }
}

/// Counts rises.
#[derive(Debug, Clone)]
pub(crate) struct Rises {
    frame_s: f64,
    felt: Trail,
    speeds: Trail,
    mean: Option<f64>,
    acc: f64,
    stood_s: f64,
    speed: f64,
    level: f64,
    /// The way up that the cuff has gone or is going, and the way down since.
    up: Option<Way>,
    back: Option<Way>,
    heights: Recent<5>,
    count: u32,
    span_us: Option<(f64, f64)>,
    last_us: f64,
    down_us: f64,
    ready: bool,
    cut: bool,
}

impl Rises {
    pub(crate) fn new(frame_rate_hz: f64) -> Self {
        Self {
            frame_s: 1.0 / frame_rate_hz,
            felt: Trail::new(frame_rate_hz),
            speeds: Trail::new(frame_rate_hz),
            mean: None,
            acc: 0.0,
            stood_s: 0.0,
            speed: 0.0,
            level: 0.0,
            up: None,
            back: None,
            heights: Recent::new(),
            count: 0,
            span_us: None,
            last_us: 0.0,
            down_us: f64::NEG_INFINITY,
            ready: false,
            cut: false,
        }
    }

    fn least_m(&self) -> f64 {
        self.heights.median().map_or(RISE_LEAST_M, |usual| (RISE_SHARE * usual).max(RISE_LEAST_M))
    }

    fn least_mps(&self) -> f64 {
        (SPEED_SHARE * self.level).max(SPEED_LEAST)
    }

    /// Takes one moment; `cut`: samples were missing before it.
    pub(crate) fn push(&mut self, felt: &Felt, cut: bool) -> Option<Rise> {
        if cut {
            self.cut |= self.ready;
            self.felt.cut();
            self.speeds.cut();
            (self.up, self.back, self.stood_s) = (None, None, 0.0);
            (self.acc, self.speed) = (0.0, 0.0);
        }
        let dt_s = self.frame_s;
        self.last_us = felt.at_us;
        let known = *self.mean.get_or_insert(felt.rise_mps2);
        let off = felt.rise_mps2 - known;
        if !self.ready {
            let stands = felt.turn_dps < STAND_DPS && off.abs() < FIRST_STAND_MPS2;
            self.stood_s = if stands { self.stood_s + dt_s } else { 0.0 };
            let share = dt_s / self.stood_s.max(dt_s);
            self.mean = Some(known + if stands { share * off } else { off });
            self.ready = self.stood_s >= FIRST_STAND_S;
            if self.ready {
                self.stood_s = 0.0;
            }
            return None;
        }
        self.acc += dt_s / (SMOOTH_S + dt_s) * (off - self.acc);
        let stands = felt.turn_dps < STAND_DPS && self.acc.abs() < STAND_MPS2;
        self.stood_s = if stands { self.stood_s + dt_s } else { 0.0 };
        let standing = self.stood_s >= STAND_S;
        let tau_s = if standing { STAND_TAU_S } else { MEAN_TAU_S };
        self.mean = Some(known + dt_s / tau_s * off);
        self.speed += (off - self.speed / SPEED_TAU_S) * dt_s;
        if standing {
            self.speed = 0.0;
        }
        self.level = (self.level * (1.0 - dt_s / LEVEL_TAU_S)).max(self.speed.abs());
        self.felt.push(felt.at_us, felt.rise_mps2);
        self.speeds.push(felt.at_us, self.speed);
        self.follow(felt.at_us)
    }

    fn follow(&mut self, at_us: f64) -> Option<Rise> {
        let (speed, least) = (self.speed, self.least_mps());
        let Some(up) = &mut self.up else {
            if speed >= least {
                self.up = Some(Way::new(at_us, speed));
            }
            return None;
        };
        if at_us - up.fastest_us > RISE_MOST_S * 1e6 {
            // Who stays above stands there.
            (self.up, self.back) = (None, None);
            return None;
        }
        let Some(back) = &mut self.back else {
            if speed > 0.0 {
                // Up in two goes is up all the same.
                up.push(at_us, speed, self.frame_s);
            } else if speed <= -least {
                self.back = Some(Way::new(at_us, -speed));
            }
            return None;
        };
        let sinks = back.push(at_us, -speed, self.frame_s);
        // A quick way down turns the shank and with it what the sensor is off by: what the sum forgot says little then.
        let down = if back.fastest < SLOW_MPS { sinks <= 0.0 } else { speed > 0.0 };
        let (up, back) = (*up, *back);
        match back.end_us {
            Some(end_us) if at_us >= end_us || down => self.close(up, end_us.min(at_us)),
            // Up again before it slowed: the sum had forgotten too much of the way down.
            None if speed >= least => self.close(up, at_us),
            _ => None,
        }
    }

    /// Where the cuff is now.
    pub(crate) fn stage(&self) -> Stage {
        match (&self.up, &self.back) {
            (None, _) => Stage::Down,
            (Some(_), Some(_)) => Stage::Back,
            (Some(up), None) if self.speed > MOVES_SHARE * up.fastest => Stage::Up,
            (Some(_), None) => Stage::Above,
        }
    }

    /// Whether the leg has been seen standing, so that it can be counted at all.
    pub(crate) fn ready(&self) -> bool {
        self.ready
    }

    /// When the rise under way set out, µs.
    pub(crate) fn under_way_us(&self) -> Option<f64> {
        self.up.map(|up| self.start_us(&up))
    }

    /// When a way up set out.
    fn start_us(&self, up: &Way) -> f64 {
        let from_us = (up.fastest_us - 2e6 * SLOWS_WITHIN_S).max(self.down_us);
        let slow = |speed: f64| speed < SLOWS_SHARE * up.fastest;
        let slow_us = self.speeds.between(from_us, up.fastest_us).rev().find(|(_, speed)| slow(*speed));
        slow_us.map_or(from_us, |(slow_us, _)| (slow_us - SLOWS_ON * (up.fastest_us - slow_us)).max(from_us))
    }

    fn close(&mut self, up: Way, end_us: f64) -> Option<Rise> {
        let start_us = self.start_us(&up);
        (self.up, self.back) = (None, None);
        // The ankle stands: what speed is left came of an offset.
        self.speed = 0.0;
        let found = if end_us > start_us { self.height_m(start_us, end_us) } else { None };
        let (height_m, half_us) = found?;
        self.down_us = end_us;
        // Less than a rise when it is known that the ankle stood before and after.
        if height_m < self.least_m() {
            return None;
        }
        self.heights.push(height_m);
        self.count += 1;
        self.span_us = Some((self.span_us.map_or(start_us, |span| span.0), end_us));
        // A smooth move is half way at half of its time.
        let [mut top_us, mut turn_us] = [2.0 * half_us[0] - start_us, 2.0 * half_us[1] - end_us];
        if turn_us < top_us {
            (top_us, turn_us) = (0.5 * (top_us + turn_us), 0.5 * (top_us + turn_us));
        }
        let inside = |us: f64| us.clamp(start_us, end_us);
        let (top_us, turn_us) = (inside(top_us), inside(turn_us));
        let (turn_us, end_us) = self.lowering(top_us, turn_us, end_us);
        // The next one begins no sooner than this one is over.
        self.down_us = self.down_us.max(end_us);
        Some(Rise { start_us, top_us, turn_us, end_us, height_m })
    }

    /// When a slow way down began and ended. Its last fifth is not felt, so that the whole of it is held against what was
    /// felt since the top: the smooth move whose acceleration explains the most, beside an offset that drifts.
    fn lowering(&self, top_us: f64, turn_us: f64, end_us: f64) -> (f64, f64) {
        if end_us - turn_us < SLOW_WAY_S * 1e6 {
            return (turn_us, end_us);
        }
        let explains = |turn_us: f64, end_us: f64| {
            let way_s = (end_us - turn_us) * 1e-6;
            let fits = turn_us >= top_us && end_us <= self.last_us && way_s >= 0.5 * SLOW_WAY_S;
            if fits { self.explained(top_us, turn_us, way_s) } else { 0.0 }
        };
        let mut best = (turn_us, end_us, explains(turn_us, end_us));
        let mut step_us = FIT_STEP_US;
        while step_us >= 1e6 * self.frame_s * 0.25 {
            let (turn_us, end_us, so_far) = best;
            for (turn, end) in [(1.0, 0.0), (-1.0, 0.0), (0.0, 1.0), (0.0, -1.0), (1.0, -1.0), (-1.0, 1.0)] {
                let (turn_us, end_us) = (turn_us + turn * step_us, end_us + end * step_us);
                let explained = explains(turn_us, end_us);
                if explained > best.2 {
                    best = (turn_us, end_us, explained);
                }
            }
            if best.2 <= so_far {
                step_us *= 0.5;
            }
        }
        (best.0, best.1)
    }

    /// How much of what was felt from `from_us` on (sum of squares) a smooth way down explains that sets out at `turn_us`
    /// and takes `way_s`, beside an offset and its drift.
    fn explained(&self, from_us: f64, turn_us: f64, way_s: f64) -> f64 {
        let (mut n, mut t1, mut t2) = (0.0, 0.0, 0.0);
        let (mut a0, mut a1, mut f0, mut f1, mut ff, mut af) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for (at_us, acc) in self.felt.between(from_us, self.last_us) {
            let (t, u) = ((at_us - from_us) * 1e-6, (at_us - turn_us) * 1e-6 / way_s);
            // Second derivative of a minimum-jerk move downwards, but for its size.
            let f = if (0.0..1.0).contains(&u) { -u * (1.0 - u) * (1.0 - 2.0 * u) } else { 0.0 };
            (n, t1, t2) = (n + 1.0, t1 + t, t2 + t * t);
            (a0, a1, f0, f1) = (a0 + acc, a1 + acc * t, f0 + f, f1 + f * t);
            (ff, af) = (ff + f * f, af + acc * f);
        }
        // Offset and drift are taken off both.
        let whole = n * t2 - t1 * t1;
        let left = |x0: f64, x1: f64, y0: f64, y1: f64, xy: f64| {
            xy - (x0 * (t2 * y0 - t1 * y1) + x1 * (n * y1 - t1 * y0)) / whole
        };
        let (alike, size) = (left(a0, a1, f0, f1, af), left(f0, f1, f0, f1, ff));
        if whole > 0.0 && size > 1e-9 && alike > 0.0 { alike * alike / size } else { 0.0 }
    }

    /// Height of the rise between two times at which the ankle stood on the ground, m, and when it was half of that, up and
    /// down.
    fn height_m(&self, from_us: f64, to_us: f64) -> Option<(f64, [f64; 2])> {
        let time_s = (to_us - from_us) * 1e-6;
        let (mut speed, mut way) = (0.0, 0.0);
        for (_, acc) in self.felt.between(from_us, to_us) {
            speed += acc * self.frame_s;
            way += speed * self.frame_s;
        }
        if time_s <= 0.0 {
            return None;
        }
        // Speed and place are zero at both ends: what they are not is a constant acceleration and its change.
        let slope = speed / time_s;
        let left = way - 0.5 * slope * time_s * time_s;
        let heights = || {
            let (mut v, mut z, mut t) = (0.0, 0.0, 0.0);
            self.felt.between(from_us, to_us).map(move |(at_us, acc)| {
                t += self.frame_s;
                v += acc * self.frame_s;
                z += v * self.frame_s;
                let share = t / time_s;
                (at_us, z - 0.5 * slope * t * t - left * share * share * (3.0 - 2.0 * share))
            })
        };
        let most = heights().map(|(_, height)| height).fold(0.0, f64::max);
        let mut half_us: Option<[f64; 2]> = None;
        for (at_us, _) in heights().filter(|(_, height)| *height >= 0.5 * most) {
            half_us = Some([half_us.map_or(at_us, |[first, _]| first), at_us]);
        }
        Some((most, half_us?))
    }

    /// A rise that has nearly come down.
    pub(crate) fn end(&mut self) -> Option<Rise> {
        let (up, back) = (self.up?, self.back?);
        self.close(up, back.end_us.unwrap_or(self.last_us).min(self.last_us))
    }

    /// Rises so far; `None` where the leg never stood or samples were missing.
    pub(crate) fn count(&self) -> Option<u32> {
        (self.ready && !self.cut).then_some(self.count)
    }

    /// From the first rise's start to the last one's end.
    pub(crate) fn span_us(&self) -> Option<(f64, f64)> {
        self.span_us
    }
}

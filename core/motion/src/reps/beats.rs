//! A second counter of lifts: [`Beats`] counts the to and fro of the upward speed, whatever the height.
//!
//! It shares the accelerometer with the first and nothing else: no rest is looked for, no height summed up. What is slower
//! than some seconds is taken off; that leaves behind each way up a slow ebb downwards, which the way down only deepens,
//! so that one lift is one beat however long it is held.

/// What is slower than this is no part of a lift, s: of the acceleration, and of the speed.
const ACC_TAU_S: f64 = 4.0;
const SPEED_TAU_S: f64 = 2.0;
/// A blow is over within this, s.
const BLOW_TAU_S: f64 = 0.08;
/// A beat is faster than this share of the fastest of late …
const SPEED_SHARE: f64 = 0.2;
/// … and than this, m/s.
const SPEED_LEAST: f64 = 0.012;
/// Time in which the fastest is forgotten, s.
const LEVEL_TAU_S: f64 = 60.0;

/// Counts pairs of upward and downward speed.
#[derive(Debug, Clone)]
pub(super) struct Beats {
    frame_s: f64,
    mean: Option<f64>,
    acc: f64,
    speed: f64,
    level: f64,
    sign: f64,
    swings: u32,
}

impl Beats {
    /// For frames so many seconds apart.
    pub(super) fn new(frame_s: f64) -> Self {
        Self { frame_s, mean: None, acc: 0.0, speed: 0.0, level: 0.0, sign: 0.0, swings: 0 }
    }

    /// Lifts seen: an upward speed and a downward one each.
    pub(super) fn count(&self) -> u32 {
        self.swings / 2
    }

    /// Samples were missing: what is under way is forgotten.
    pub(super) fn cut(&mut self) {
        (self.mean, self.acc, self.speed, self.sign) = (None, 0.0, 0.0, 0.0);
        self.swings -= self.swings % 2;
    }

    /// Takes the upward acceleration, m/s².
    pub(super) fn push(&mut self, rise_mps2: f64) {
        let dt_s = self.frame_s;
        let mean = self.mean.get_or_insert(rise_mps2);
        *mean += dt_s / (ACC_TAU_S + dt_s) * (rise_mps2 - *mean);
        self.acc += dt_s / (BLOW_TAU_S + dt_s) * (rise_mps2 - *mean - self.acc);
        self.speed += (self.acc - self.speed / SPEED_TAU_S) * dt_s;
        let size = self.speed.abs();
        self.level = (self.level * (1.0 - dt_s / LEVEL_TAU_S)).max(size);
        // The first is up: a foot that stands cannot sink.
        let other = if self.sign == 0.0 { self.speed > 0.0 } else { self.speed.signum() != self.sign };
        if other && size >= (SPEED_SHARE * self.level).max(SPEED_LEAST) {
            self.sign = self.speed.signum();
            self.swings += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Upward acceleration of `n` lifts of `height_m`: up and down in a second each, held and rested for so long.
    fn beats(n: u32, height_m: f64, hold_s: f64, rest_s: f64) -> u32 {
        let mut beats = Beats::new(0.02);
        let bell = |t: f64| {
            if (0.0..1.0).contains(&t) { 60.0 * t * (1.0 - t) * (1.0 - 2.0 * t) } else { 0.0 }
        };
        let period_s = 2.0 + hold_s + rest_s;
        for i in 0..(50.0 * (2.0 + f64::from(n) * period_s)) as u32 {
            let t = f64::from(i) * 0.02 - 2.0;
            let within = t.rem_euclid(period_s);
            let acc = if t < 0.0 { 0.0 } else { bell(within) - bell(within - 1.0 - hold_s) };
            beats.push(height_m * acc + 0.03);
        }
        beats.count()
    }

    #[test]
    fn one_lift_is_one_beat_however_high_and_however_long_it_is_held() {
        for (height_m, hold_s, rest_s) in [(0.05, 0.0, 0.0), (0.05, 0.5, 1.0), (0.1, 3.0, 1.0), (0.3, 1.0, 3.0)] {
            assert_eq!(beats(8, height_m, hold_s, rest_s), 8, "{height_m} m, {hold_s} s, {rest_s} s");
        }
        assert_eq!(beats(8, 0.005, 0.5, 0.5), 0);
    }
}

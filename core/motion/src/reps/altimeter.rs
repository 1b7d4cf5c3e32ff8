//! How high the cuff is, for movements whose angle says little: the force along the vertical summed twice, put right
//! whenever the leg is quiet.
//!
//! A quiet leg does not rise: the speed left over there is what the sum ran away by, and it ran away evenly. The same
//! reasoning as zero-velocity updates in pedestrian dead reckoning (Foxlin 2005), one axis of it. A movement of one to
//! two seconds is known to about 1 cm so; nothing holds the level over many of them, so that each begins anew.

use crate::orient::norm;

/// A leg that turns and pushes less than this is quiet: °/s and m/s² (a standing shank sways by 2 to 5 °/s).
const QUIET_DPS: f64 = 12.0;
const QUIET_MPS2: f64 = 0.4;
/// For this long, s: at the top of a swing the force is not quiet when the turning is.
const QUIET_S: f64 = 0.16;
/// How fast the rest of the force is learned while quiet, s.
const LEVEL_TAU_S: f64 = 0.7;
/// A movement longer than this is not summed any more, s: nothing is known of its height.
const LONGEST_S: f64 = 6.0;

/// What a frame did to the height.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Height {
    /// Height above where it all began, m.
    pub(super) m: f64,
    /// The movement that just came to rest ran away: what was said of it before is too high by this share of its
    /// duration squared.
    pub(super) put_right: Option<PutRight>,
}

/// A movement that ran away evenly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PutRight {
    /// When the movement began, µs.
    pub(super) since_us: f64,
    /// Metres per second squared that it ran away by.
    pub(super) by_mps2: f64,
}

impl PutRight {
    /// What a height said at `at_us` was too much, m.
    pub(super) fn excess_m(&self, at_us: f64) -> f64 {
        let t_s = ((at_us - self.since_us) * 1e-6).max(0.0);
        0.5 * self.by_mps2 * t_s * t_s
    }
}

/// Sums the force.
#[derive(Debug, Clone)]
pub(super) struct Altimeter {
    /// Force of a quiet leg along the vertical, m/s²; `None` before it was quiet.
    level_mps2: Option<f64>,
    speed_mps: f64,
    height_m: f64,
    /// When the leg was last known not to rise, µs.
    rested_us: f64,
    quiet_s: f64,
    before_mps2: f64,
}

impl Altimeter {
    pub(super) fn new() -> Self {
        Self { level_mps2: None, speed_mps: 0.0, height_m: 0.0, rested_us: 0.0, quiet_s: 0.0, before_mps2: 0.0 }
    }

    /// Samples were missing: nothing is known of how the leg moves.
    pub(super) fn cut(&mut self) {
        (self.speed_mps, self.quiet_s, self.before_mps2) = (0.0, 0.0, 0.0);
    }

    /// Takes one frame: the upward force, the turning without bias, and the seconds since the frame before.
    pub(super) fn push(&mut self, at_us: f64, up_mps2: f64, gyr_dps: [f64; 3], dt_s: f64) -> Height {
        let level = self.level_mps2.unwrap_or(up_mps2);
        let pull = up_mps2 - level;
        let quiet = norm(gyr_dps) < QUIET_DPS && pull.abs() < QUIET_MPS2;
        self.quiet_s = if quiet { self.quiet_s + dt_s } else { 0.0 };
        let mean = 0.5 * (self.before_mps2 + pull);
        self.before_mps2 = pull;
        if self.quiet_s >= QUIET_S || self.level_mps2.is_none() {
            let share = dt_s / (LEVEL_TAU_S + dt_s);
            self.level_mps2 = Some(level + share * pull);
            let moved_s = (at_us - self.rested_us) * 1e-6;
            let ran = self.speed_mps != 0.0 && moved_s > 0.0;
            let put_right = ran.then(|| PutRight { since_us: self.rested_us, by_mps2: self.speed_mps / moved_s });
            self.height_m -= put_right.map_or(0.0, |put_right| put_right.excess_m(at_us));
            (self.speed_mps, self.rested_us) = (0.0, at_us);
            return Height { m: self.height_m, put_right };
        }
        let next = self.speed_mps + mean * dt_s;
        self.height_m += 0.5 * (self.speed_mps + next) * dt_s;
        self.speed_mps = next;
        if (at_us - self.rested_us) * 1e-6 > LONGEST_S {
            (self.speed_mps, self.rested_us) = (0.0, at_us);
        }
        Height { m: self.height_m, put_right: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pushes two seconds of rest, a minimum-jerk rise of `rise_m` in one second and one of rest, with a force that is
    /// off by `off_mps2` while the leg moves.
    fn risen_m(rise_m: f64, off_mps2: f64) -> (f64, f64) {
        let mut altimeter = Altimeter::new();
        let (mut height, mut first) = (Height { m: 0.0, put_right: None }, f64::NAN);
        for i in 0..200 {
            let t = f64::from(i) * 0.02;
            let u = (t - 2.0).clamp(0.0, 1.0);
            let push = rise_m * 60.0 * u * (1.0 - u) * (1.0 - 2.0 * u);
            let moves = u > 0.0 && u < 1.0;
            let (off, turn) = if moves { (off_mps2, 40.0) } else { (0.0, 0.0) };
            height = altimeter.push(t * 1e6, 9.8 + push + off, [turn, 0.0, 0.0], 0.02);
            if t < 3.0 {
                first = height.m;
            }
        }
        (first, height.m)
    }

    #[test]
    fn a_rise_is_known_to_a_centimetre_once_the_leg_is_quiet_again() {
        for rise_m in [0.06, 0.3, -0.3] {
            let (_, height) = risen_m(rise_m, 0.0);
            assert!((height - rise_m).abs() < 0.01, "{rise_m} {height}");
            // A force that is off by 1 % of gravity runs away by 5 cm in a second, and is put right.
            let (at_once, height) = risen_m(rise_m, 0.1);
            assert!((at_once - rise_m).abs() > 0.03 && (height - rise_m).abs() < 0.012, "{rise_m} {at_once} {height}");
        }
    }
}

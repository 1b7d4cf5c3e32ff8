//! [`SlipWatch`]: whether a cuff still sits the way it did.
//!
//! Two things can be seen. Two seconds of quiet standing tell whether the cuff tilted (the re-check a person is asked
//! for). A walk or some swings tell whether it crept round the leg, which standing does not show. A pure machine:
//! samples in, at most one change out.

use super::mounting::{Aligner, Mounting};
use crate::orient::{cross, dot, norm};

/// A change above this is a slip, degrees: people stand and walk alike to a few degrees.
pub const SLIP_DEG: f64 = 10.0;
/// Quiet standing a re-check takes, s.
pub const RECHECK_S: f64 = 2.0;
/// Swinging after which the axis is compared, s: about thirty strides, of which some two thirds are fast enough.
const TURN_S: f64 = 20.0;

/// How the cuff sits compared with when it was aligned.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Change {
    /// Seen while standing: the long axis moved by so many degrees.
    Tilted(f64),
    /// Seen while moving: the cuff went round the leg by so many degrees, positive by the right hand about the long axis.
    Twisted(f64),
}

impl Change {
    /// Whether that is a slip.
    pub fn slipped(self) -> bool {
        let (Self::Tilted(deg) | Self::Twisted(deg)) = self;
        deg.abs() > SLIP_DEG
    }
}

/// Compares what comes with how the cuff sat when it was aligned.
#[derive(Debug, Clone)]
pub struct SlipWatch {
    aligned: Mounting,
    now: Aligner,
}

impl SlipWatch {
    /// From the alignment at the beginning.
    pub fn new(aligned: Mounting) -> Self {
        Self { aligned, now: Aligner::new() }
    }

    /// Begins a re-check: what stood before does not count.
    pub fn recheck(&mut self) {
        self.now = Aligner::new();
    }

    /// The person stands quietly: specific force, m/s², over `dt_s` seconds. Gives the change once after two seconds.
    pub fn stand(&mut self, acc: [f64; 3], dt_s: f64) -> Option<Change> {
        let before = self.now.seen_s().0;
        self.now.stand(acc, dt_s);
        if before >= RECHECK_S || self.now.seen_s().0 < RECHECK_S {
            return None;
        }
        let long = self.now.long()?;
        let angle = libm::atan2(norm(cross(long, self.aligned.long)), dot(long, self.aligned.long));
        Some(Change::Tilted(angle.to_degrees()))
    }

    /// The person walks or swings the leg: angular rate, rad/s, over `dt_s` seconds. Gives the change once for every
    /// twenty seconds of fast turning; nothing where the turning had no clear axis.
    pub fn turn(&mut self, gyr: [f64; 3], dt_s: f64) -> Option<Change> {
        self.now.turn(gyr, dt_s);
        if self.now.seen_s().1 < TURN_S {
            return None;
        }
        let found = self.now.mounting_about(self.aligned.long);
        self.now.clear_turning();
        let found = found.filter(Mounting::ok)?;
        let twist = libm::atan2(
            dot(self.aligned.long, cross(found.flexion, self.aligned.flexion)),
            dot(found.flexion, self.aligned.flexion),
        );
        Some(Change::Twisted(twist.to_degrees()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::mounting::tests::{leg, swing};
    use super::*;
    use crate::orient::Quat;

    /// The watch on a leg, and what it says after the cuff turned by `q` on it.
    fn after(q: Quat) -> (Vec<Change>, Vec<Change>) {
        let mut watch = SlipWatch::new(leg(Quat::IDENTITY, 0.3).mounting().unwrap());
        watch.recheck();
        let cuff = q.back();
        let stood = (0..500).filter_map(|_| watch.stand(cuff.turn([0.0, 0.0, 9.81]), 0.01)).collect();
        let turned = (0..7000).filter_map(|i| watch.turn(cuff.turn(swing(i, 0.3)), 0.01)).collect();
        (stood, turned)
    }

    #[test]
    fn a_cuff_that_stayed_is_told_once_a_re_check_and_every_so_many_strides() {
        let (stood, turned) = after(Quat::IDENTITY);
        assert_eq!(stood.len(), 1);
        assert!((2..=4).contains(&turned.len()), "{turned:?}");
        assert!(stood.iter().chain(&turned).all(|change| !change.slipped()), "{stood:?} {turned:?}");
    }

    #[test]
    fn a_cuff_that_tilted_is_seen_standing_and_one_that_crept_round_while_walking() {
        let (stood, _) = after(Quat::of_rate([0.0, 15.0_f64.to_radians(), 0.0], 1.0));
        let Change::Tilted(deg) = stood[0] else { panic!("{stood:?}") };
        assert!((deg - 15.0).abs() < 0.1 && stood[0].slipped(), "{deg}");
        for way in [1.0, -1.0] {
            let (stood, turned) = after(Quat::of_rate([0.0, 0.0, way * 20.0_f64.to_radians()], 1.0));
            assert!(!stood[0].slipped(), "standing does not show it");
            for change in turned {
                let Change::Twisted(deg) = change else { panic!("{change:?}") };
                assert!((deg - way * 20.0).abs() < 1.0 && change.slipped(), "{deg}");
            }
        }
    }

    #[test]
    fn turning_without_a_clear_axis_says_nothing() {
        let mut watch = SlipWatch::new(leg(Quat::IDENTITY, 0.3).mounting().unwrap());
        assert!((0..7000).all(|i| watch.turn(swing(i, 6.0), 0.01).is_none()));
    }
}

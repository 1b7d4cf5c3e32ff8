//! [`Excursion`]: a leg away from its rest pose, from setting out to coming back or resting anew.

use super::pose::Pose;
use super::{BEYOND_LEAST_DEG, Counter, Frame, LEAST_SHARE, LOWER_SHARE, SLOW_DPS, State, micros};
use crate::intake::Marks;
use crate::movement::{Movement, Phase};

/// Back at rest within this share of the excursion.
const RETURN_SHARE: f64 = 0.15;
/// Nobody lifts beyond this share of the usual range who was never seen to.
const RAISED_SHARE: f64 = 2.0;

/// An excursion under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Excursion {
    pub(super) from: u64,
    at_us: f64,
    pub(super) began: bool,
    pub(super) peak_deg: f64,
    peak: Pose,
    pub(super) lowered: bool,
    /// The direction is that of this excursion alone: none was known before.
    pub(super) own_way: bool,
    valley_deg: f64,
    valley: Pose,
    valley_number: u64,
    back_us: Option<f64>,
    /// Number of the point that was first back.
    back: u64,
    slow_us: Option<f64>,
}

impl Excursion {
    /// One that set out at `at_us` from the point `from`, `angle_deg` far at `pose` by now.
    pub(super) fn new((from, at_us): (u64, f64), began: bool, angle_deg: f64, (number, pose): (u64, Pose)) -> Self {
        Self {
            from,
            at_us,
            began,
            peak_deg: angle_deg,
            peak: pose,
            lowered: false,
            own_way: false,
            valley_deg: f64::INFINITY,
            valley: pose,
            valley_number: number,
            back_us: None,
            back: number,
            slow_us: None,
        }
    }
}

/// An excursion that came to rest so far out that it may be a new way of lying, and what it is seen from: one that comes
/// back was a large lift after all.
#[derive(Debug, Clone, Copy)]
pub(super) struct PutOff {
    excursion: Excursion,
    rest: Pose,
    home: Option<Pose>,
    direction: Option<Pose>,
}

impl Counter {
    pub(super) fn go_on(
        &mut self,
        mut now: Excursion,
        frame: &Frame,
        pose: Pose,
        number: u64,
        marks: &Marks,
        out: &mut Vec<Movement>,
    ) {
        if let (false, Some(rest)) = (now.began, self.rest) {
            self.look_across(pose, rest);
        }
        let angle = self.angle_deg;
        if !now.began {
            if angle < 0.25 * self.floor_deg {
                self.forget_own_way(&now);
                self.state = State::Resting { shy: false };
                return;
            }
            if angle >= self.floor_deg {
                now.began = true;
                out.push(Movement::RepBegan { at: micros(now.at_us) });
                self.enter(Phase::Lift, now.at_us, out);
            }
        }
        if angle > now.peak_deg {
            (now.peak_deg, now.peak) = (angle, pose);
        }
        if !now.lowered && angle < now.peak_deg * LOWER_SHARE {
            now.lowered = true;
            // From here on what lies on the other side of the rest pose is not up; of a reach it may be.
            if let (None, Some(rest), true) = (self.direction, self.rest, self.from_rest && !self.reaches()) {
                self.direction = self.channel.direction(rest, now.peak);
                now.own_way = self.direction.is_some();
            }
        }
        if now.lowered && angle < now.valley_deg {
            (now.valley_deg, now.valley, now.valley_number) = (angle, pose, number);
        }
        if now.began {
            self.live_phase(&now, frame.at_us, out);
        }

        let slow = self.speed_dps < 0.5 * SLOW_DPS;
        now.slow_us = if slow { now.slow_us.or(Some(frame.at_us)) } else { None };
        let slow_for_us = now.slow_us.map_or(0.0, |since| frame.at_us - since);

        if now.lowered {
            let returned = angle <= RETURN_SHARE * now.peak_deg;
            if returned && now.back_us.is_none() {
                now.back = number;
            }
            now.back_us = if returned { now.back_us.or(Some(frame.at_us)) } else { None };
            if now.own_way && angle < -now.peak_deg.max(self.floor_deg) {
                self.set_out_anew(&now, frame, pose, number, out);
                return;
            }
            let settled = self.rate_dps > -(0.04 * now.peak_deg).max(1.0);
            let back_for_us = now.back_us.map_or(0.0, |since| frame.at_us - since);
            let rise = (LEAST_SHARE * (now.peak_deg - now.valley_deg)).max(self.floor_deg);
            if returned && (settled || back_for_us > 1.5e6) || slow_for_us > 1e6 {
                self.close(&now, number, pose, frame.at_us, marks, out);
                return;
            }
            if angle > now.valley_deg + rise {
                // Up again before it was down: one repetition ends and the next begins at the lowest point.
                let (valley, at) = (now.valley, now.valley_number);
                self.close(&now, at, valley, frame.at_us, marks, out);
                return;
            }
        } else if !now.began && slow_for_us > 2e6
            || frame.at_us - now.at_us > self.longest_us
            || frame.still && slow && angle > self.beyond_deg()
        {
            // A shift of the rest pose, or a new way of lying.
            if now.began {
                self.enter(Phase::Rest, frame.at_us, out);
            }
            let known = self.direction.filter(|_| !now.own_way);
            self.put_off = self.rest.filter(|_| self.may_come_back(&now)).map(|rest| PutOff {
                excursion: Excursion { own_way: false, ..now },
                rest,
                home: self.home,
                direction: known,
            });
            self.settle(pose, number);
            return;
        }
        self.state = State::Out(now);
    }

    /// Before anybody knows which way is up a leg may go a little the other way first, or shift: who passes the rest pose
    /// without a stop and goes farther to the other side has only begun there.
    fn set_out_anew(&mut self, now: &Excursion, frame: &Frame, pose: Pose, number: u64, out: &mut Vec<Movement>) {
        let at_us = now.back_us.unwrap_or(frame.at_us);
        self.direction = None;
        self.angle_deg = self.rest.map_or(0.0, |rest| self.channel.apart(pose, rest));
        if now.began {
            self.enter(Phase::Lift, at_us.max(self.phase_since.0 as f64), out);
        }
        self.state = State::Out(Excursion::new((now.back, at_us), now.began, self.angle_deg, (number, pose)));
    }

    pub(super) fn forget_own_way(&mut self, now: &Excursion) {
        if now.own_way {
            self.direction = None;
        }
    }

    /// Whether an excursion that rests far out may be a lift: nobody knows how far this person lifts, and it is no half
    /// turn of the body.
    fn may_come_back(&self, now: &Excursion) -> bool {
        let usual = self.model.range_deg.max(BEYOND_LEAST_DEG);
        now.began && !now.lowered && self.own_range_deg.is_none() && now.peak_deg <= RAISED_SHARE * usual
    }

    /// A leg that is back where it set out from before it came to rest far out.
    pub(super) fn take_up(&mut self, pose: Pose, at_us: f64, out: &mut Vec<Movement>) {
        let Some(put_off) = self.put_off else { return };
        let PutOff { excursion, rest, home, direction } = put_off;
        if at_us - excursion.at_us > self.longest_us {
            self.put_off = None;
        } else if self.channel.apart(pose, rest) <= RETURN_SHARE * excursion.peak_deg {
            self.put_off = None;
            (self.rest, self.home, self.direction) = (Some(rest), home, direction);
            self.rate_dps = -self.speed_dps;
            self.enter(Phase::Lower, at_us.max(self.phase_since.0 as f64), out);
            self.state = State::Out(excursion);
        }
    }

    fn live_phase(&mut self, now: &Excursion, at_us: f64, out: &mut Vec<Movement>) {
        let turning = (0.05 * now.peak_deg).max(0.5 * SLOW_DPS);
        let high = self.angle_deg > 0.7 * now.peak_deg;
        let next = match self.phase {
            Phase::Rest => Phase::Lift,
            Phase::Lift if high && self.rate_dps < turning => Phase::Hold,
            Phase::Lift | Phase::Hold
                if self.rate_dps < -turning && (now.lowered || self.angle_deg < 0.93 * now.peak_deg) =>
            {
                Phase::Lower
            }
            Phase::Hold if now.lowered => Phase::Lower,
            same => same,
        };
        if next != self.phase {
            self.enter(next, at_us, out);
        }
    }
}

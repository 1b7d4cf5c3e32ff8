//! What becomes of a link on which something goes wrong: refusals, time-outs, a stream that stalls, a bond that is lost.
//!
//! An operation that was refused may do without, wait for a pairing, or end the conversation; only what a person must do
//! something about is told as more than a lost link.

use super::{Link, LinkOutputs, Phase, Running, Then, Why};
use crate::driver::{Op, TalkError};
use crate::transport::{RadioState, Refusal};
use talus_motion::{LinkState, Micros};
use uuid::Uuid;

/// Pause before an operation that needs a bond is tried again: the platform may be pairing.
const BOND_PAUSE_US: i64 = 5_000_000;
/// How often such an operation is tried again.
const BOND_TRIES: u8 = 3;
/// Links in a row that fell in the middle of the same operation, one that needs a bond, after which the bond is said to be
/// lost: some platforms end a link that cannot be encrypted, and say no more than that it ended.
const FALLEN_MAX: u8 = 3;
/// Refused connections in a row, each to a cuff that was seen, after which it is said to be in use elsewhere.
const REFUSED_MAX: u8 = 3;

impl Link {
    /// A link fell: in the middle of what needs a bond, of a cuff that wants one, again and again there?
    pub(super) fn suspect_bond(&mut self, at: Micros, out: &mut LinkOutputs) {
        let protected =
            |running: &&Running| running.why == Why::Setup && matches!(running.op, Op::Subscribe(_) | Op::Write { .. });
        let fell =
            self.running.as_ref().filter(protected).filter(|_| self.talk.wants_bond()).map(|running| &running.op);
        let before = self.fallen.take();
        // One that fell elsewhere, or further on, fell for another reason: a weak radio falls anywhere.
        self.fallen = fell.map(|op| match before {
            Some((other, count)) if other == *op => (other, count.saturating_add(1)),
            _ => (op.clone(), 1),
        });
        if self.fallen.as_ref().is_some_and(|(_, count)| *count >= FALLEN_MAX) {
            self.fault = Some(TalkError::Bond);
            self.set_state(at, LinkState::BondLost, out);
        }
    }

    /// The radio says that something cannot be done: the connection, or the operation of a characteristic.
    pub(super) fn failed(&mut self, at: Micros, characteristic: Option<Uuid>, refusal: Refusal, out: &mut LinkOutputs) {
        if refusal == Refusal::RadioUnavailable {
            return self.radio(at, RadioState::Off, out);
        }
        match (self.phase, characteristic) {
            (Phase::Connecting { .. }, None) => {
                self.refused = if self.seen { self.refused.saturating_add(1) } else { 0 };
                self.seen = false;
                self.fallen = None;
                if refusal == Refusal::NotAllowed {
                    // It was not even looked for.
                    self.unseen_since = Some(at);
                    self.fault = Some(TalkError::NotAllowed);
                    self.set_state(at, LinkState::NotAllowed, out);
                } else if self.refused >= REFUSED_MAX {
                    self.set_state(at, LinkState::InUseElsewhere, out);
                } else {
                    self.allowed(at, out);
                }
                self.wait(at, out);
            }
            (Phase::Closing { then, .. }, None) => self.closed(at, then, out),
            (Phase::Up, None) => self.give_up(at, out),
            (Phase::Up, Some(uuid)) => {
                let Some(running) = self.running.take_if(|running| running.op.characteristic() == Some(uuid)) else {
                    return;
                };
                match (running.why, refusal) {
                    (_, Refusal::NotReachable) => {
                        self.running = Some(running);
                        self.suspect_bond(at, out);
                        self.give_up(at, out);
                    }
                    (Why::Identify | Why::Stop, _) => self.pump(at, out),
                    (Why::Fill, _) => {
                        self.spill(at, out);
                        self.pump(at, out);
                    }
                    (Why::Setup, Refusal::NeedsBond) if self.bond_tries < BOND_TRIES => {
                        self.bond_tries += 1;
                        self.hold_until = Some(at.plus(BOND_PAUSE_US));
                        if self.closing {
                            self.pump(at, out);
                        }
                    }
                    (Why::Setup, _) => match self.talk.refused(refusal) {
                        Ok(()) => self.pump(at, out),
                        Err(error) => self.give_in(at, error, out),
                    },
                }
            }
            _ => {}
        }
    }

    /// A connection was tried and did not come about: the system allows as much.
    pub(super) fn allowed(&mut self, at: Micros, out: &mut LinkOutputs) {
        if self.state == LinkState::NotAllowed {
            self.set_state(at, self.away(), out);
        }
    }

    /// The link is not worth keeping: disconnect, then try again (or rest, when it was to be closed anyway).
    fn give_up(&mut self, at: Micros, out: &mut LinkOutputs) {
        if self.closing {
            return self.close(at, Then::Closed, out);
        }
        self.close(at, Then::Retry, out);
        if !self.says_more() {
            self.set_state(at, LinkState::Lost, out);
        }
    }

    /// Something was told that a person must do something about, and that only a stream refutes.
    pub(super) fn says_more(&self) -> bool {
        matches!(self.state, LinkState::BondLost | LinkState::BatteryLow)
    }

    /// The conversation cannot go on.
    pub(super) fn give_in(&mut self, at: Micros, error: TalkError, out: &mut LinkOutputs) {
        self.fault = Some(error);
        if self.closing {
            return self.close(at, Then::Closed, out);
        }
        let then = if error == TalkError::Firmware { Then::Rest } else { Then::Retry };
        self.close(at, then, out);
        self.set_state(at, error.state().unwrap_or(LinkState::Lost), out);
    }

    /// The running operation took too long.
    pub(super) fn timed_out(&mut self, at: Micros, out: &mut LinkOutputs) {
        match self.running.take() {
            Some(running) if matches!(running.op, Op::Wait(_)) => {
                self.running = Some(running);
                self.finish(at, &[], out);
            }
            Some(Running { why: Why::Identify, .. }) if !self.closing => self.pump(at, out),
            // The write was taken and its answer is lost: the link is as good as before.
            Some(Running { why: Why::Fill, confirmed: true, .. }) if !self.closing => {
                self.spill(at, out);
                self.pump(at, out);
            }
            // The radio may still answer: another operation now would overlap. Start afresh. The link held: it is no bond.
            _ => {
                self.fallen = None;
                self.give_up(at, out);
            }
        }
    }

    /// The stream shows no life any more.
    pub(super) fn stalled(&mut self, at: Micros, out: &mut LinkOutputs) {
        self.counters.stalls += 1;
        if self.nudged || self.running.is_some() {
            return self.give_up(at, out);
        }
        // Reconnecting can take tens of seconds: ask the cuff on this link once before.
        self.nudged = true;
        self.alive = None;
        self.two_way.stop();
        self.config = None;
        self.begin_talk();
        self.set_state(at, LinkState::Preparing, out);
        self.pump(at, out);
    }
}

//! What a cuff answers at its control point.

use super::VirtualCuff;
use super::ring::Ring;
use super::stream::Chosen;
use talus_cuff::driver::cmp::{Command, FRAME_HEADER_LEN, MotionFrame, Outcome, Response, SAMPLE_LEN, Started};

/// Longest time a cuff shows itself, seconds.
const IDENTIFY_MAX_S: u8 = 30;
/// Seconds a cuff must lie still before it takes its gyroscope's bias.
const STILL_S: f64 = 2.0;

impl VirtualCuff {
    /// Carries a command out and gives the bytes of the answer.
    pub(super) fn command(&mut self, now_us: i64, bytes: &[u8]) -> Vec<u8> {
        let op = bytes[0];
        let (outcome, params) = match Command::decode(bytes) {
            Ok(command) => self.carry_out(now_us, &command),
            // An operation it does not know, or one it knows with parameters that make no sense.
            Err(_) if Command::decode(&[&[op][..], &[0; 16]].concat()).is_err() => (Outcome::Unsupported, vec![]),
            Err(_) => (Outcome::InvalidParameter, vec![]),
        };
        Response { op, outcome, params: &params }.encode()
    }

    fn carry_out(&mut self, now_us: i64, command: &Command) -> (Outcome, Vec<u8>) {
        let fail = |outcome| (outcome, vec![]);
        match *command {
            Command::SetStream { stream, rate_dhz, acc_g, gyr_dps, samples } => {
                let offer = self.offer();
                let offered = offer.rate_dhz(f64::from(rate_dhz) / 10.0) == Some(rate_dhz)
                    && offer.acc_g(acc_g) == Some(acc_g)
                    && offer.gyr_dps(gyr_dps) == Some(gyr_dps);
                if stream != 0 || samples == 0 || !offered {
                    return fail(Outcome::InvalidParameter);
                }
                // Fewer samples where the packet or the memory is too small; not even one is found out at start.
                // What is kept of a frame goes out behind nine more bytes.
                let head = if self.ring.is_some() { 9 } else { 0 };
                let room = MotionFrame::samples_in_mtu(self.mtu.saturating_sub(head)).max(1);
                let samples = samples.min(offer.max_samples).min(room);
                let own_rate = self.motion.own_rate_hz();
                let chosen = Chosen { rate_dhz, acc_g, gyr_dps, samples };
                if self.run.as_ref().is_some_and(|_| self.chosen != Some(chosen)) {
                    return fail(Outcome::WrongState);
                }
                self.chosen = Some(chosen);
                (Outcome::Ok, chosen.answer(own_rate).encode())
            }
            Command::Start { mask } => {
                let Some(chosen) = self.chosen else {
                    return fail(Outcome::WrongState);
                };
                if mask != 1 {
                    return fail(Outcome::InvalidParameter);
                }
                if FRAME_HEADER_LEN + SAMPLE_LEN * usize::from(chosen.samples) + 3 > usize::from(self.mtu) {
                    return fail(Outcome::MtuTooSmall);
                }
                // Still running from before the link was lost: it goes on, with its index and its session.
                let started = self.start(now_us, chosen);
                (Outcome::Ok, started.encode())
            }
            Command::Stop { mask } => {
                if mask != 1 {
                    return fail(Outcome::InvalidParameter);
                }
                if self.run.take().is_none() {
                    return fail(Outcome::WrongState);
                }
                self.motion.paused();
                fail(Outcome::Ok)
            }
            Command::Status => (Outcome::Ok, self.status(now_us).encode()),
            Command::Identify { pattern, seconds } => {
                if !(1..=3).contains(&pattern) || !(1..=IDENTIFY_MAX_S).contains(&seconds) {
                    return fail(Outcome::InvalidParameter);
                }
                self.identifying = Some((pattern, now_us + i64::from(seconds) * 1_000_000));
                fail(Outcome::Ok)
            }
            Command::SetTime { .. } => {
                self.time_set = true;
                fail(Outcome::Ok)
            }
            Command::ZeroGyro => match &mut self.run {
                None => fail(Outcome::WrongState),
                Some(run) if run.still_s() < STILL_S => fail(Outcome::Failed),
                Some(run) => {
                    let bias = run.gyr_mean();
                    self.gyr_zero = core::array::from_fn(|i| self.gyr_zero[i].saturating_add(bias[i]));
                    (Outcome::Ok, bias.iter().flat_map(|count| count.to_le_bytes()).collect())
                }
            },
            Command::Link(preference) => {
                self.preference = preference;
                fail(Outcome::Ok)
            }
            // This cuff has no bond, and what changes it for good needs one.
            Command::SetMounting(_) | Command::SetName(_) | Command::Power(_) => fail(Outcome::NotAuthorised),
            Command::LogFetch { id, first, count } if self.ring.is_some() => {
                if self.run.is_none() || id != self.sessions || !(1..=64).contains(&count) {
                    return fail(Outcome::InvalidParameter);
                }
                let sent = self.ring.as_ref().map_or(0, |ring| ring.blocks(first, count).count());
                let next = first.saturating_add(u32::from(count));
                (Outcome::Ok, [&next.to_le_bytes()[..], &(sent as u16).to_le_bytes()].concat())
            }
            Command::LogStart { .. }
            | Command::LogStop
            | Command::LogList { .. }
            | Command::LogFetch { .. }
            | Command::LogDelete { .. }
            | Command::LogAbort => fail(Outcome::Unsupported),
        }
    }

    fn start(&mut self, now_us: i64, chosen: Chosen) -> Started {
        if self.run.is_none() {
            self.ring = self.ring.take().map(|_| Ring::default());
            self.sessions += 1;
            self.begin_run(now_us, chosen);
        }
        let t0_us = self.run.as_ref().map_or(0.0, |run| run.start_us);
        Started { session: self.sessions, t0_us: self.clock_us(t0_us) }
    }
}

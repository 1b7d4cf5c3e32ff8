//! What a cuff keeps of its session, examined over a loss of the link that was made on purpose.

use super::{Answered, Exam};
use talus_cuff::driver::cmp::{self, Command, LogBlock, MotionFrame, Outcome};
use talus_cuff::transport::PeripheralId;
use talus_motion::BlockFlags;

/// Most blocks a command may ask for.
const FETCH_MAX: u32 = 64;
/// A loss of some seconds misses no more blocks than this.
const MISSED_MAX: u32 = 10 * FETCH_MAX;

/// A short loss of the link, and what was heard around it.
pub(super) struct Loss {
    /// The session that went on.
    pub(super) session: u32,
    /// The last frame before it.
    pub(super) before: MotionFrame,
    /// Index of the first sample after it.
    pub(super) again: u32,
}

impl Exam<'_> {
    /// What was missed comes from the ring, block by block, as it would have been sent: from the last frame that was heard,
    /// which tells whether they are the same samples, up to the first one after the loss.
    pub(super) fn ring(&mut self, id: &PeripheralId, samples: u8, loss: &Loss) -> Result<(), String> {
        self.subscribe(id, cmp::LOG_DATA)?;
        let group = u32::from(samples.max(1));
        let (mut first, last) = (loss.before.first_index / group, loss.again.saturating_sub(1) / group);
        if last.saturating_sub(first) > MISSED_MAX {
            return Err(format!("the count went on by {} blocks", last - first));
        }
        let mut kept = Vec::new();
        while first <= last {
            let count = (last - first + 1).min(FETCH_MAX) as u8;
            self.blocks(id, loss.session, first, count, group, &mut kept)?;
            first += u32::from(count);
        }
        kept.retain(|frame| frame.first_index >= loss.before.first_index);
        let same = |frame: &MotionFrame| frame.counts == loss.before.counts && frame.device_us == loss.before.device_us;
        if !kept.first().is_some_and(same) {
            return Err(format!("the samples from {} are not those that were sent", loss.before.first_index));
        }
        let mut next = loss.before.first_index;
        for frame in &kept {
            if frame.first_index != next && !frame.flags.has(BlockFlags::OVERRUN) {
                return Err(format!("samples {next} to {} are missing", frame.first_index.wrapping_sub(1)));
            }
            next = frame.first_index.saturating_add(frame.counts.len() as u32);
        }
        if next < loss.again { Err(format!("samples {next} to {} are missing", loss.again - 1)) } else { Ok(()) }
    }

    /// Fetches blocks, and puts the frames they hold behind `kept`.
    fn blocks(
        &mut self,
        id: &PeripheralId,
        session: u32,
        first: u32,
        count: u8,
        group: u32,
        kept: &mut Vec<MotionFrame>,
    ) -> Result<(), String> {
        self.news.retain(|(_, uuid, _)| *uuid != cmp::LOG_DATA);
        let params = self.expect(id, Command::LogFetch { id: session, first, count }.encode(), Outcome::Ok)?;
        let sent: Vec<_> = self.news.iter().filter(|(_, uuid, _)| *uuid == cmp::LOG_DATA).cloned().collect();
        let last = first + u32::from(count) - 1;
        for (_, _, bytes) in &sent {
            let block = LogBlock::decode(bytes).map_err(|error| error.to_string())?;
            if !(first..=last).contains(&block.block) {
                return Err(format!("block {} came for {first} to {last}", block.block));
            }
            for frame in block.frames() {
                let frame = frame.and_then(MotionFrame::decode).map_err(|error| error.to_string())?;
                if frame.first_index / group != block.block {
                    return Err(format!("block {} holds sample {}", block.block, frame.first_index));
                }
                if !frame.flags.has(BlockFlags::FROM_LOG) {
                    return Err(format!("block {} does not say that it is from the log", block.block));
                }
                kept.push(frame);
            }
        }
        let told = [&(last + 1).to_le_bytes()[..], &(sent.len() as u16).to_le_bytes()].concat();
        if params.get(..told.len()) != Some(&told[..]) {
            return Err(format!("{} blocks came, and the answer says {params:?}", sent.len()));
        }
        Ok(())
    }

    /// What is no range of the running session is refused.
    pub(super) fn other_logs(&mut self, id: &PeripheralId, session: u32) -> Result<(), String> {
        for (what, other, count) in
            [("another session", session.wrapping_add(1), 1), ("no block", session, 0), ("65 blocks", session, 65)]
        {
            let (outcome, _): Answered = self.command(id, Command::LogFetch { id: other, first: 0, count }.encode())?;
            if outcome != Outcome::InvalidParameter {
                return Err(format!("{what}: {outcome:?} instead of {:?}", Outcome::InvalidParameter));
            }
        }
        Ok(())
    }
}

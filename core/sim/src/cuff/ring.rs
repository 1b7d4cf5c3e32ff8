//! What a cuff keeps of its running session: the last minute of its frames, to be given out again.

use super::VirtualCuff;
use crate::device::News;
use std::collections::VecDeque;
use talus_cuff::driver::cmp::{Command, LOG_DATA, LogBlock};
use talus_motion::BlockFlags;

/// How much it keeps, and how long it goes on measuring without a link, seconds.
pub(super) const KEPT_S: i64 = 60;

/// The last minute of frames, by the number of their group of ticks.
#[derive(Debug, Default)]
pub(super) struct Ring {
    frames: VecDeque<(u32, Vec<u8>)>,
}

impl Ring {
    /// Keeps the frames of a group of ticks that lasts so long, and lets go of what is too old.
    pub(super) fn keep(&mut self, block: u32, frames: &[Vec<u8>], group_us: f64) {
        let most = (KEPT_S as f64 * 1e6 / group_us).ceil() as u32;
        for frame in frames {
            let mut frame = frame.clone();
            frame[1] |= BlockFlags::FROM_LOG.0;
            self.frames.push_back((block, frame));
        }
        while self.frames.front().is_some_and(|(old, _)| block.saturating_sub(*old) >= most) {
            self.frames.pop_front();
        }
    }

    /// What it has of these blocks, a notification each: a block in which samples were dropped is more than one.
    pub(super) fn blocks(&self, first: u32, count: u8) -> impl Iterator<Item = Vec<u8>> + '_ {
        let last = first.saturating_add(u32::from(count)).saturating_sub(1);
        let kept = self.frames.iter().filter(move |(block, _)| (first..=last).contains(block));
        kept.map(move |(block, frame)| {
            let payload = [&[frame.len() as u8][..], frame].concat();
            let flags = if *block == last { LogBlock::LAST } else { 0 };
            LogBlock { flags, block: *block, payload: &payload }.encode()
        })
    }
}

impl VirtualCuff {
    /// Measures what is complete by now while nobody hears it.
    pub(super) fn keep_up(&mut self, now_us: i64) {
        while self.next_frame_complete().is_some_and(|due_us| due_us <= now_us) {
            self.next_frames();
        }
    }

    /// The blocks a command asks for.
    pub(super) fn fetched(&self, command: &[u8]) -> Vec<News> {
        let Ok(Command::LogFetch { id, first, count }) = Command::decode(command) else { return Vec::new() };
        if self.run.is_none() || id != self.sessions || !self.is_subscribed(LOG_DATA) || count > 64 {
            return Vec::new();
        }
        let blocks = self.ring.as_ref().map(|ring| ring.blocks(first, count));
        blocks.into_iter().flatten().map(|block| (LOG_DATA, block)).collect()
    }
}

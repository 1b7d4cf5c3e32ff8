//! Inputs become bytes: [`Encoder`] collects a second of session time and closes it as one group of chunks.

use super::chunk::{ChunkKind, PAYLOAD_MAX, put_chunk};
use super::control::{self, GROUP_MAX, Items, Mark};
use super::{RecordingError, bytes, input_at, samples};
use crate::seal::Seal;
use talus_coach::Input;
use talus_motion::{Micros, SampleBlock};

/// Longest text of a stream's configuration, bytes.
const TEXT_MAX: usize = 1024;

/// Turns inputs into the bytes of a recording, one group of chunks per second of session time.
#[derive(Debug)]
pub struct Encoder {
    next: u64,
    first: u64,
    /// Second of session time the open group is in.
    second: Option<i64>,
    through: Micros,
    group: Vec<Input>,
    bytes: Vec<u8>,
    payload: Vec<u8>,
    seal: Option<Seal>,
}

impl Encoder {
    /// Goes on where `next` is the sequence number of the next input (0 for a new recording).
    pub fn new(next: u64) -> Self {
        Self::sealed(next, None)
    }

    /// As [`Encoder::new`], with every chunk sealed where there is a seal.
    pub(crate) fn sealed(next: u64, seal: Option<Seal>) -> Self {
        let (group, bytes, payload) = (Vec::new(), Vec::new(), Vec::new());
        Self { next, first: next, second: None, through: Micros(0), group, bytes, payload, seal }
    }

    /// Adds one input; when it is in a later second than the inputs before, their group is closed.
    ///
    /// # Errors
    /// [`RecordingError::TooLarge`] for a stream whose texts are longer than 1 KiB; such an input is left out.
    pub fn push(&mut self, input: &Input) -> Result<(), RecordingError> {
        if let Input::Stream(config) = input {
            let bytes = config.driver.len().max(config.firmware.len());
            if bytes > TEXT_MAX {
                return Err(RecordingError::TooLarge { what: "what a cuff says about itself", bytes });
            }
        }
        let at = input_at(input).unwrap_or(self.through);
        let second = at.0.div_euclid(1_000_000);
        if self.second.is_some_and(|open| second > open) || self.group.len() >= GROUP_MAX {
            self.close(self.through);
        }
        self.second = Some(self.second.map_or(second, |open| open.max(second)));
        self.through = self.through.max(at);
        self.group.push(input.clone());
        self.next = self.next.saturating_add(1);
        Ok(())
    }

    /// Closes the open group: everything up to `through` is in the bytes.
    pub fn close(&mut self, through: Micros) {
        self.second = None;
        if self.group.is_empty() {
            return;
        }
        let group = std::mem::take(&mut self.group);
        let mut blocks: Vec<(u64, &SampleBlock)> = Vec::new();
        let mut items = Items::default();
        let mut mark = Mark { first: self.first, end: self.next, through, more: true };
        let mut controls = Vec::new();
        for (sequence, input) in (self.first..).zip(&group) {
            if let Input::Samples(block) = input {
                blocks.push((sequence, block));
            } else {
                items.put(self.first, sequence, input);
                if items.len_bytes() > control::ITEMS_MAX {
                    controls.push(items.close(mark));
                }
            }
        }
        // One run per cuff, the blocks of each in their order.
        blocks.sort_by_key(|(sequence, block)| (block.cuff, *sequence));
        for run in blocks.chunk_by(|(_, a), (_, b)| a.cuff == b.cuff) {
            self.put_samples(run);
        }
        mark.more = false;
        controls.push(items.close(mark));
        for payload in controls {
            debug_assert!(payload.len() <= PAYLOAD_MAX);
            put_chunk(&mut self.bytes, ChunkKind::Control, &payload, self.seal.as_mut());
        }
        self.first = self.next;
        self.through = self.through.max(through);
        self.group = group;
        self.group.clear();
    }

    fn put_samples(&mut self, mut run: &[(u64, &SampleBlock)]) {
        while let Some((_, head)) = run.first() {
            let mut samples = 0;
            let fits = |(_, block): &&(u64, &SampleBlock)| {
                samples += block.counts.len();
                samples <= samples::CHUNK_MAX
            };
            let length = run.iter().take(samples::CHUNK_MAX).take_while(fits).count();
            let (now, later) = run.split_at(length.max(1));
            self.payload.clear();
            let kind = samples::encode(head.cuff, now, &mut self.payload);
            put_chunk(&mut self.bytes, kind, &self.payload, self.seal.as_mut());
            run = later;
        }
    }

    /// Adds the mark of a finished session; closes the open group first.
    pub fn end(&mut self, ended_utc_ms: i64) {
        self.close(self.through);
        let mut payload = Vec::new();
        bytes::put_varint(&mut payload, self.next);
        bytes::put_signed(&mut payload, ended_utc_ms);
        put_chunk(&mut self.bytes, ChunkKind::End, &payload, self.seal.as_mut());
    }

    /// The bytes of all closed groups since the last call.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    /// Sequence number of the next input.
    pub fn next(&self) -> u64 {
        self.next
    }

    /// Latest session time of the inputs so far.
    pub fn through(&self) -> Micros {
        self.through
    }
}

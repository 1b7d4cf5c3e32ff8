//! The chunk of one cuff: its blocks of one group, with their exact times and counts.

use super::bytes::{Cursor, Steady, put_signed, put_varint};
use super::chunk::ChunkKind;
use super::counts::{self, Code};
use super::rice;
use talus_coach::Input;
use talus_motion::{BLOCK_MAX, BlockFlags, Counts, CuffId, SampleBlock};

/// Most blocks, and most samples, of one chunk: four seconds at the highest rate.
pub(crate) const CHUNK_MAX: usize = 4096;

const SEQUENCE: u8 = 1;
const STREAM: u8 = 2;
const FLAGS: u8 = 4;
const LENGTH: u8 = 8;
const INDEX: u8 = 16;
const DEVICE: u8 = 32;

/// What the next block is expected to be: all that is as expected costs nothing.
struct Expected {
    sequence: u64,
    stream: u8,
    flags: u8,
    length: u8,
    index: u64,
    device: Steady,
    arrival: Steady,
}

impl Expected {
    fn at(sequence: u64) -> Self {
        let (device, arrival) = (Steady::default(), Steady::default());
        Self { sequence, stream: 0, flags: 0, length: 0, index: 0, device, arrival }
    }

    /// The block was read or written: what follows it.
    fn follow(&mut self, sequence: u64, block: &SampleBlock) -> Option<()> {
        self.sequence = sequence.checked_add(1)?;
        self.stream = block.stream;
        self.flags = block.flags.0;
        self.length = block.counts.len() as u8;
        self.index = block.first_index.wrapping_add(block.counts.len() as u64);
        Some(())
    }
}

/// Payload of the blocks of one cuff, each with its sequence number, in their order; at most [`CHUNK_MAX`] blocks
/// and samples. Sequence numbers grow and stay below `u64::MAX`. Returns the kind of chunk it is.
pub(crate) fn encode(cuff: CuffId, blocks: &[(u64, &SampleBlock)], out: &mut Vec<u8>) -> ChunkKind {
    let first = blocks.first().map_or(0, |(sequence, _)| *sequence);
    let samples: Vec<[i16; 6]> = blocks.iter().flat_map(|(_, block)| block.counts.iter().copied()).collect();
    out.extend_from_slice(&cuff.0);
    put_varint(out, first);
    put_varint(out, blocks.len() as u64);
    put_varint(out, samples.len() as u64);
    let mut expected = Expected::at(first);
    for &(sequence, block) in blocks {
        let given = |bit: u8, different: bool| if different { bit } else { 0 };
        let length = block.counts.len() as u8;
        let bits = given(SEQUENCE, sequence != expected.sequence)
            | given(STREAM, block.stream != expected.stream)
            | given(FLAGS, block.flags.0 != expected.flags)
            | given(LENGTH, length != expected.length)
            | given(INDEX, block.first_index != expected.index)
            | given(DEVICE, block.device_us.is_some());
        out.push(bits);
        if bits & SEQUENCE != 0 {
            put_varint(out, sequence.wrapping_sub(expected.sequence).wrapping_sub(1));
        }
        if bits & STREAM != 0 {
            out.push(block.stream);
        }
        if bits & FLAGS != 0 {
            out.push(block.flags.0);
        }
        if bits & LENGTH != 0 {
            out.push(length);
        }
        if bits & INDEX != 0 {
            put_signed(out, block.first_index.wrapping_sub(expected.index).cast_signed());
        }
        if let Some(device_us) = block.device_us {
            expected.device.put(out, device_us);
        }
        expected.arrival.put(out, block.arrival_us);
        if expected.follow(sequence, block).is_none() {
            break;
        }
    }
    match counts::pack(&samples, out) {
        Code::Rice => ChunkKind::Samples,
        Code::Counts => ChunkKind::Counts,
    }
}

/// The blocks of a payload with their sequence numbers; `None` where it is not one.
pub(crate) fn decode(payload: &[u8], code: Code) -> Option<Vec<(u64, Input)>> {
    let mut cursor = Cursor::new(payload);
    let cuff = CuffId(cursor.array()?);
    let first = cursor.varint()?;
    let blocks = usize::try_from(cursor.varint()?).ok().filter(|n| *n <= CHUNK_MAX)?;
    let samples = usize::try_from(cursor.varint()?).ok().filter(|n| *n <= CHUNK_MAX)?;
    // Two bytes are the least a block can have.
    if blocks > cursor.rest().len() / 2 {
        return None;
    }
    let mut heads = Vec::with_capacity(blocks);
    let mut expected = Expected::at(first);
    let mut counted = 0usize;
    for _ in 0..blocks {
        let bits = cursor.u8().filter(|bits| bits & !(SEQUENCE | STREAM | FLAGS | LENGTH | INDEX | DEVICE) == 0)?;
        let given = |bit: u8| bits & bit != 0;
        let jump = if given(SEQUENCE) { cursor.varint()?.checked_add(1)? } else { 0 };
        let sequence = expected.sequence.checked_add(jump)?;
        let stream = if given(STREAM) { cursor.u8()? } else { expected.stream };
        let flags = if given(FLAGS) { cursor.u8()? } else { expected.flags };
        let length = if given(LENGTH) { cursor.u8()? } else { expected.length };
        let skipped = if given(INDEX) { cursor.signed()? } else { 0 };
        let device_us = if given(DEVICE) { Some(expected.device.read(&mut cursor)?) } else { None };
        let arrival_us = expected.arrival.read(&mut cursor)?;
        counted += usize::from(length);
        if usize::from(length) > BLOCK_MAX || counted > samples {
            return None;
        }
        let first_index = expected.index.wrapping_add(skipped.cast_unsigned());
        expected.sequence = sequence.checked_add(1)?;
        (expected.stream, expected.flags, expected.length) = (stream, flags, length);
        expected.index = first_index.wrapping_add(u64::from(length));
        heads.push((sequence, length, stream, first_index, device_us, arrival_us, BlockFlags(flags)));
    }
    if counted != samples {
        return None;
    }
    let samples = match code {
        Code::Rice => rice::decode(cursor.rest(), samples)?,
        Code::Counts => counts::decode(cursor.rest(), samples)?,
    };
    let mut rest = samples.as_slice();
    let mut inputs = Vec::with_capacity(blocks);
    for (sequence, length, stream, first_index, device_us, arrival_us, flags) in heads {
        let (own, later) = rest.split_at_checked(usize::from(length))?;
        rest = later;
        let counts: Counts = own.iter().copied().collect();
        let block = SampleBlock { cuff, stream, first_index, device_us, arrival_us, flags, counts };
        inputs.push((sequence, Input::Samples(block)));
    }
    Some(inputs)
}

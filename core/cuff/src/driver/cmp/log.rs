//! Log blocks: motion frames read back from the cuff's memory, under a checksum.

use crate::driver::bytes::{DecodeError, Reader};

const WHAT: &str = "log block";

/// One block of a recording in the cuff: a run of motion frames, each behind a byte with its length.
///
/// The checksum covers the whole rest of the notification, so unlike elsewhere trailing bytes are not ignored here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogBlock<'a> {
    /// Flag bits as sent; bit 0: the last block of the range.
    pub flags: u8,
    /// Number of the block in its recording.
    pub block: u32,
    /// `(length byte, motion frame)` again and again.
    pub payload: &'a [u8],
}

impl<'a> LogBlock<'a> {
    /// Flag bit: the last block of the range.
    pub const LAST: u8 = 1;

    /// Reads a notification of Log Data and checks its checksum.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let flags = reader.u8()?;
        reader.u8()?; // reserved
        let expected = reader.u16()?;
        let block = reader.u32()?;
        let payload = reader.rest();
        let found = crc16(payload);
        if found != expected {
            return Err(DecodeError::Checksum { what: WHAT, expected, found });
        }
        Ok(Self { flags, block, payload })
    }

    /// Writes the block with its checksum.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.flags, 0];
        out.extend(crc16(self.payload).to_le_bytes());
        out.extend(self.block.to_le_bytes());
        out.extend(self.payload);
        out
    }

    /// The bytes of each motion frame; a length that points beyond the payload ends the walk with an error.
    pub fn frames(&self) -> impl Iterator<Item = Result<&'a [u8], DecodeError>> {
        let mut rest = Some(Reader::new(WHAT, self.payload));
        std::iter::from_fn(move || {
            let mut reader = rest.take().filter(|reader| !reader.rest().is_empty())?;
            let frame = reader.u8().and_then(|len| reader.slice(len as usize));
            if frame.is_ok() {
                rest = Some(reader);
            }
            Some(frame)
        })
    }
}

/// CRC-16/CCITT-FALSE: polynomial 1021, start FFFF, not reflected.
pub fn crc16(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0xFFFF, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    })
}

#[cfg(test)]
mod tests {
    use super::super::MotionFrame;
    use super::super::frame::tests::{WORKED, any_frame};
    use super::*;
    use crate::driver::vectors::hex;
    use proptest::prelude::*;

    #[test]
    fn the_checksum_is_that_of_the_catalogue_of_crcs() {
        assert_eq!(crc16(b"123456789"), 0x29B1);
    }

    #[test]
    fn a_log_block_reads_and_writes_the_worked_bytes() {
        let bytes = [hex("01 00 11 1e 2a 00 00 00 24"), hex(WORKED)].concat();
        let block = LogBlock::decode(&bytes).unwrap();
        assert_eq!((block.flags & LogBlock::LAST, block.block), (1, 42));
        let frames: Vec<_> = block.frames().map(|frame| MotionFrame::decode(frame.unwrap()).unwrap()).collect();
        assert_eq!(frames, [MotionFrame::decode(&hex(WORKED)).unwrap()]);
        assert_eq!(block.encode(), bytes);
        for len in 0..bytes.len() {
            let cut = LogBlock::decode(&bytes[..len]);
            let typed = matches!(cut, Err(DecodeError::Short { .. } | DecodeError::Checksum { .. }));
            assert!(typed, "cut to {len}: {cut:?}");
        }
    }

    #[test]
    fn a_length_beyond_the_block_ends_the_walk() {
        let payload = [2, 0xAA, 0xBB, 200, 1, 2];
        let block = LogBlock { flags: 0, block: 7, payload: &payload };
        let frames: Vec<_> = block.frames().collect();
        assert_eq!(frames[0], Ok([0xAA, 0xBB].as_slice()));
        assert!(matches!(frames[1], Err(DecodeError::Short { .. })));
        assert_eq!(frames.len(), 2);
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(frames in proptest::collection::vec(any_frame(), 0..3), flags in any::<u8>(), number in any::<u32>()) {
            let mut payload = Vec::new();
            let mut kept = Vec::new();
            for mut frame in frames {
                frame.counts.truncate(20); // the length byte ends at 255
                let mut bytes = Vec::new();
                frame.encode(&mut bytes);
                payload.push(bytes.len() as u8);
                payload.extend(&bytes);
                kept.push(frame);
            }
            let bytes = LogBlock { flags, block: number, payload: &payload }.encode();
            let block = LogBlock::decode(&bytes).unwrap();
            prop_assert_eq!((block.flags, block.block), (flags, number));
            let read: Result<Vec<_>, _> = block.frames().map(|frame| frame.and_then(MotionFrame::decode)).collect();
            prop_assert_eq!(read, Ok(kept));
        }
    }
}

//! The motion frame: twelve bytes of header, then samples of six i16 each.

use crate::driver::bytes::{DecodeError, Reader};
use talus_motion::{BLOCK_MAX, BlockFlags, Counts};

/// Bytes before the first sample.
pub const FRAME_HEADER_LEN: usize = 12;
/// Bytes of one six-axis sample.
pub const SAMPLE_LEN: usize = 12;
/// The frame version this code speaks.
const VERSION: u8 = 1;

/// One frame of a six-axis stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MotionFrame {
    /// The stream's number, 0 to 15.
    pub stream: u8,
    /// What the cuff says about the frame; bits this version does not know are kept.
    pub flags: BlockFlags,
    /// Frame counter, wraps at 256.
    pub seq: u8,
    /// Index of the first sample since the stream started, wraps at 2³²; it also counts dropped samples.
    pub first_index: u32,
    /// The cuff's clock at the first sample, microseconds, wraps at 2³² (71.58 minutes).
    pub device_us: u32,
    /// 1 to [`BLOCK_MAX`] samples `[acc_x, acc_y, acc_z, gyr_x, gyr_y, gyr_z]` in counts.
    pub counts: Counts,
}

impl MotionFrame {
    /// Reads a notification of Motion Data. Trailing bytes are ignored.
    ///
    /// The sample count is a claim: it is held against the bytes that are there and against [`BLOCK_MAX`] before
    /// anything is read.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        const WHAT: &str = "motion frame";
        let mut reader = Reader::new(WHAT, bytes);
        let head = reader.u8()?;
        let flags = BlockFlags(reader.u8()?);
        let seq = reader.u8()?;
        let n = reader.u8()? as usize;
        let first_index = reader.u32()?;
        let device_us = reader.u32()?;
        if head >> 4 != VERSION {
            return Err(DecodeError::Version { what: WHAT, version: head >> 4 });
        }
        if n == 0 || n > BLOCK_MAX {
            return Err(DecodeError::Range { what: WHAT, field: "sample count" });
        }
        let mut counts = Counts::new();
        for sample in reader.slice(n * SAMPLE_LEN)?.as_chunks::<SAMPLE_LEN>().0 {
            let [a, b, c, d, e, f, g, h, i, j, k, l] = *sample;
            counts.push([[a, b], [c, d], [e, f], [g, h], [i, j], [k, l]].map(i16::from_le_bytes));
        }
        Ok(Self { stream: head & 0x0F, flags, seq, first_index, device_us, counts })
    }

    /// Appends the frame to `out`; the stream keeps four bits.
    pub fn encode(&self, out: &mut Vec<u8>) {
        out.reserve(FRAME_HEADER_LEN + self.counts.len() * SAMPLE_LEN);
        out.extend([VERSION << 4 | self.stream & 0x0F, self.flags.0, self.seq, self.counts.len() as u8]);
        out.extend(self.first_index.to_le_bytes());
        out.extend(self.device_us.to_le_bytes());
        for value in self.counts.iter().flatten() {
            out.extend(value.to_le_bytes());
        }
    }

    /// How many samples fit into one notification at this MTU (ATT header 3 bytes), at most [`BLOCK_MAX`].
    pub fn samples_in_mtu(mtu: u16) -> u8 {
        let room = usize::from(mtu).saturating_sub(3 + FRAME_HEADER_LEN) / SAMPLE_LEN;
        room.min(BLOCK_MAX) as u8
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    pub(crate) const WORKED: &str = "10 08 2a 02 e8 03 00 00 40 4b 4c 00 00 00 00 f0 cd 00 48 01 5c ff 00 00 \
                                     29 00 29 f0 a4 00 69 01 7d ff 21 00";

    #[test]
    fn a_motion_frame_reads_and_writes_the_worked_bytes() {
        let bytes = hex(WORKED);
        let frame = MotionFrame::decode(&bytes).unwrap();
        assert_eq!((frame.stream, frame.seq, frame.first_index, frame.device_us), (0, 42, 1000, 5_000_000));
        assert_eq!(frame.flags, BlockFlags::TIME_SYNCED);
        let acc = |count: i16| f64::from(count) / 4096.0;
        let gyr = |count: i16| f64::from(count) / 32.8;
        let round = |value: f64, digits: f64| (value * digits).round() / digits;
        let si: Vec<[f64; 6]> = frame
            .counts
            .iter()
            .map(|c| {
                [
                    round(acc(c[0]), 1e4),
                    round(acc(c[1]), 1e4),
                    round(acc(c[2]), 1e4),
                    round(gyr(c[3]), 1e3),
                    round(gyr(c[4]), 1e3),
                    round(gyr(c[5]), 1e3),
                ]
            })
            .collect();
        assert_eq!(si, [[0.0, -1.0, 0.05, 10.0, -5.0, 0.0], [0.01, -0.99, 0.04, 11.006, -3.994, 1.006]]);
        let mut again = Vec::new();
        frame.encode(&mut again);
        assert_eq!(again, bytes);
        cut_and_extend(&bytes, MotionFrame::decode);
    }

    #[test]
    fn a_hostile_sample_count_is_refused() {
        for n in [0, 43, 255] {
            let mut bytes = hex(WORKED);
            bytes.resize(512, 0);
            bytes[3] = n;
            let refused = MotionFrame::decode(&bytes);
            assert_eq!(refused, Err(DecodeError::Range { what: "motion frame", field: "sample count" }), "{n}");
        }
        let mut bytes = hex(WORKED);
        bytes[3] = 3;
        assert_eq!(MotionFrame::decode(&bytes), Err(DecodeError::Short { what: "motion frame", needed: 48, got: 36 }));
    }

    #[test]
    fn a_frame_of_another_version_is_refused() {
        let mut bytes = hex(WORKED);
        bytes[0] = 0x20;
        assert_eq!(MotionFrame::decode(&bytes), Err(DecodeError::Version { what: "motion frame", version: 2 }));
    }

    #[test]
    fn samples_per_frame_follow_the_packet_size() {
        // The throughput table of the profile: 14 at 185, 19 at 247, 41 at 517.
        let fits = [23, 27, 39, 185, 247, 517, 65535, 0].map(MotionFrame::samples_in_mtu);
        assert_eq!(fits, [0, 1, 2, 14, 19, 41, 42, 0]);
    }

    prop_compose! {
        pub(crate) fn any_frame()(stream in 0u8..16, flags in any::<u8>(), seq in any::<u8>(), first_index in any::<u32>(),
            device_us in any::<u32>(), counts in proptest::collection::vec(any::<[i16; 6]>(), 1..=BLOCK_MAX)) -> MotionFrame {
            MotionFrame { stream, flags: BlockFlags(flags), seq, first_index, device_us, counts: counts.into_iter().collect() }
        }
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(frame in any_frame()) {
            let mut bytes = Vec::new();
            frame.encode(&mut bytes);
            prop_assert_eq!(MotionFrame::decode(&bytes), Ok(frame));
        }

        #[test]
        fn any_bytes_end_in_a_frame_or_a_typed_error(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
            if let Ok(frame) = MotionFrame::decode(&bytes) {
                let mut again = Vec::new();
                frame.encode(&mut again);
                prop_assert_eq!(&again[..], &bytes[..again.len()]);
            }
        }
    }
}

//! Data frames: a stamp, a form, and samples that are whole or coded by their differences.

use super::Measurement;
use crate::driver::bytes::{DecodeError, Reader};

const WHAT: &str = "data frame";
/// Bit of the form that says the samples are coded by their differences.
const COMPRESSED: u8 = 0x80;
/// Axes of a sample.
const AXES: usize = 3;
/// Most samples one frame may say it holds: ten times what fits the largest packet without bad intent.
const SAMPLES_MAX: usize = 400;

/// How the samples of a frame are written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FrameKind {
    /// Whole values of so many bytes, mg.
    Raw(usize),
    /// Differences of 16-bit values; what one unit is, before the factor, in mg or °/s.
    Delta16(f32),
    /// Differences of the bits of floats, °/s.
    DeltaFloat,
}

/// A frame of acceleration or angular rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame<'a> {
    /// What it measures.
    pub measurement: Measurement,
    /// Moment of its last sample, nanoseconds since 2000 by the device's clock.
    pub last_ns: u64,
    /// Number of its form, as sent.
    pub form: u8,
    /// How its samples are written.
    pub kind: FrameKind,
    content: &'a [u8],
}

impl<'a> Frame<'a> {
    /// Reads a notification.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        let measurement = match reader.u8()? & 0x3F {
            2 => Measurement::Acc,
            5 => Measurement::Gyr,
            value => return Err(DecodeError::Unknown { what: WHAT, value }),
        };
        let last_ns = reader.u64()?;
        let form = reader.u8()?;
        let kind = match (measurement, form & COMPRESSED != 0, form & !COMPRESSED) {
            (Measurement::Acc, false, bytes @ 0..=2) => FrameKind::Raw(usize::from(bytes) + 1),
            // Form 0 is in g, form 1 in mg.
            (Measurement::Acc, true, 0) => FrameKind::Delta16(1000.0),
            (Measurement::Acc, true, 1) | (Measurement::Gyr, true, 0) => FrameKind::Delta16(1.0),
            (Measurement::Gyr, true, 1) => FrameKind::DeltaFloat,
            _ => return Err(DecodeError::Unknown { what: WHAT, value: form }),
        };
        Ok(Self { measurement, last_ns, form, kind, content: reader.rest() })
    }

    /// How many samples it holds.
    pub fn count(&self) -> Result<usize, DecodeError> {
        match self.kind {
            FrameKind::Raw(width) => {
                let mut count = 0;
                raw(self.content, width, |_| count += 1)?;
                Ok(count)
            }
            FrameKind::Delta16(_) => delta_count(self.content, 2),
            FrameKind::DeltaFloat => delta_count(self.content, 4),
        }
    }

    /// Hands on each sample, in mg or °/s, times the factor the sensor answered its start with.
    pub fn samples(&self, factor: f32, mut sample: impl FnMut([f32; AXES])) -> Result<(), DecodeError> {
        self.walk(|values| {
            sample(match self.kind {
                FrameKind::Raw(_) => values.map(|value| value as f32 * factor),
                FrameKind::Delta16(unit) => values.map(|value| value as f32 * unit * factor),
                FrameKind::DeltaFloat => values.map(|value| f32::from_bits(value.cast_unsigned()) * factor),
            });
        })
    }

    fn walk(&self, sample: impl FnMut([i32; AXES])) -> Result<(), DecodeError> {
        match self.kind {
            FrameKind::Raw(width) => raw(self.content, width, sample),
            FrameKind::Delta16(_) => deltas(self.content, 2, sample),
            FrameKind::DeltaFloat => deltas(self.content, 4, sample),
        }
    }
}

fn value(reader: &mut Reader<'_>, width: usize) -> Result<i32, DecodeError> {
    Ok(match width {
        1 => i32::from(reader.i8()?),
        2 => i32::from(reader.i16()?),
        3 => {
            let low = u32::from(reader.u16()?);
            (low | u32::from(reader.u8()?) << 16).cast_signed() << 8 >> 8
        }
        _ => reader.u32()?.cast_signed(),
    })
}

fn axes(reader: &mut Reader<'_>, width: usize) -> Result<[i32; AXES], DecodeError> {
    Ok([value(reader, width)?, value(reader, width)?, value(reader, width)?])
}

fn raw(bytes: &[u8], width: usize, mut sample: impl FnMut([i32; AXES])) -> Result<(), DecodeError> {
    let mut reader = Reader::new(WHAT, bytes);
    loop {
        sample(axes(&mut reader, width)?);
        if reader.rest().is_empty() {
            return Ok(());
        }
    }
}

/// A first sample, then blocks of differences: bits of one difference, number of samples, the differences packed from
/// the lowest bit on.
fn deltas(bytes: &[u8], width: usize, mut sample: impl FnMut([i32; AXES])) -> Result<(), DecodeError> {
    let mut reader = Reader::new(WHAT, bytes);
    let mut last = axes(&mut reader, width)?;
    sample(last);
    let mut count = 1;
    while let Some(Block { bits, samples, packed }) = block(&mut reader, &mut count)? {
        let mut at = 0;
        for _ in 0..samples {
            for axis in &mut last {
                *axis = axis.wrapping_add(difference(packed, at, bits));
                at += bits;
            }
            sample(last);
        }
    }
    Ok(())
}

/// How many samples `deltas` hands on, by the heads of the blocks alone.
fn delta_count(bytes: &[u8], width: usize) -> Result<usize, DecodeError> {
    let mut reader = Reader::new(WHAT, bytes);
    axes(&mut reader, width)?;
    let mut count = 1;
    while block(&mut reader, &mut count)?.is_some() {}
    Ok(count)
}

/// Differences of some samples.
struct Block<'a> {
    /// Of one difference.
    bits: usize,
    samples: usize,
    packed: &'a [u8],
}

/// The next block; `count` are the samples so far.
fn block<'a>(reader: &mut Reader<'a>, count: &mut usize) -> Result<Option<Block<'a>>, DecodeError> {
    if reader.rest().is_empty() {
        return Ok(None);
    }
    let (bits, samples) = (usize::from(reader.u8()?), usize::from(reader.u8()?));
    *count += samples;
    if bits > 32 || *count > SAMPLES_MAX {
        return Err(DecodeError::Range { what: WHAT, field: "block" });
    }
    Ok(Some(Block { bits, samples, packed: reader.slice((bits * samples * AXES).div_ceil(8))? }))
}

/// The two's-complement number of `bits` bits that begins at bit `at`; the bytes hold it.
fn difference(packed: &[u8], at: usize, bits: usize) -> i32 {
    if bits == 0 {
        return 0;
    }
    let (first, shift) = (at / 8, at % 8);
    let held = &packed[first..];
    // Eight bytes at once but for the last few: a copy of a length that is not known costs more than all else here.
    let window = held.first_chunk().copied().unwrap_or_else(|| {
        let mut window = [0; 8];
        window[..held.len()].copy_from_slice(held);
        window
    });
    let word = u64::from_le_bytes(window) >> shift;
    let unused = 64 - bits;
    // Up to the top and down again: the highest bit is the sign.
    ((word << unused).cast_signed() >> unused) as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::driver::vectors::hex;
    use proptest::prelude::*;

    fn read(frame: &Frame<'_>, factor: f32) -> Vec<[f32; 3]> {
        let mut read = Vec::new();
        frame.samples(factor, |sample| read.push(sample)).unwrap();
        read
    }

    fn head(measurement: u8, form: u8) -> Vec<u8> {
        [&[measurement][..], &[0; 8], &[form]].concat()
    }

    #[test]
    fn differences_read_the_worked_bytes() {
        let mut read = Vec::new();
        deltas(&hex("EA FF 08 00 0D 00 | 03 01 | DF 00"), 2, |sample| read.push(sample)).unwrap();
        assert_eq!(read, [[-22, 8, 13], [-23, 11, 16]]);
    }

    #[test]
    fn the_first_samples_of_a_compressed_frame_read_the_worked_bytes() {
        // Block header 0A 38 says 56 differences of ten bits; four bytes of them are given.
        let block = [hex("BE 5C BE BA"), vec![0; 56 * 3 * 10 / 8 - 4]].concat();
        let bytes = [head(2, 0x80), hex("71 07 F0 6A 9E 8D 0A 38"), block].concat();
        let frame = Frame::decode(&bytes).unwrap();
        assert_eq!(frame.count(), Ok(57));
        let mut counts = Vec::new();
        frame.walk(|sample| counts.push(sample)).unwrap();
        assert_eq!(counts[..2], [[1905, 27376, -29282], [2095, 27271, -29367]]);
        let first = read(&frame, 2.44e-4)[0].map(f32::trunc);
        assert_eq!(first, [464.0, 6679.0, -7144.0]);
    }

    #[test]
    fn whole_values_read_the_worked_bytes() {
        let bytes = hex("02 00 94 35 77 00 00 00 00 01 | F7 FF FF FF E7 03 | F8 FF FE FF E5 03");
        let frame = Frame::decode(&bytes).unwrap();
        assert_eq!((frame.last_ns, frame.measurement), (2_000_000_000, Measurement::Acc));
        assert_eq!(read(&frame, 1.0), [[-9.0, -1.0, 999.0], [-8.0, -2.0, 997.0]]);
        for len in 0..bytes.len() {
            let cut = Frame::decode(&bytes[..len]).and_then(|frame| frame.count());
            // A cut between two samples leaves a whole frame of fewer.
            assert!(matches!(cut, Err(DecodeError::Short { .. })) || len == 16 && cut == Ok(1), "{len}: {cut:?}");
        }
        let bytes = [head(2, 0), vec![1, 0xFF, 0x80]].concat();
        assert_eq!(read(&Frame::decode(&bytes).unwrap(), 1.0), [[1.0, -1.0, -128.0]]);
        let bytes = [head(2, 2), hex("01 00 00 FF FF FF 00 00 80")].concat();
        assert_eq!(read(&Frame::decode(&bytes).unwrap(), 1.0), [[1.0, -1.0, -8_388_608.0]]);
    }

    #[test]
    fn angular_rate_is_coded_in_units_or_as_the_bits_of_floats() {
        let bytes = [head(5, 0x80), hex("0A 00 F6 FF 00 01")].concat();
        assert_eq!(read(&Frame::decode(&bytes).unwrap(), 0.5), [[5.0, -5.0, 128.0]]);
        let floats: Vec<u8> = [1.5f32, -2.0, 0.25].into_iter().flat_map(f32::to_le_bytes).collect();
        let bytes = [head(5, 0x81), floats, hex("00 02")].concat();
        assert_eq!(read(&Frame::decode(&bytes).unwrap(), 1.0), [[1.5, -2.0, 0.25]; 3]);
    }

    #[test]
    fn unknown_forms_and_lying_counts_are_errors() {
        for (measurement, form) in [(2, 3), (2, 0x82), (5, 0), (5, 0x82), (0, 0)] {
            let bytes = [head(measurement, form), vec![0; 6]].concat();
            assert!(matches!(Frame::decode(&bytes), Err(DecodeError::Unknown { .. })), "{measurement} {form}");
        }
        // Blocks of no bits cost two bytes for 255 samples each.
        let flood = [head(2, 0x81), vec![0; 6], [0, 255].repeat(100)].concat();
        assert_eq!(Frame::decode(&flood).unwrap().count(), Err(DecodeError::Range { what: WHAT, field: "block" }));
        let wide = [head(2, 0x81), vec![0; 6], vec![33, 1], vec![0; 20]].concat();
        assert!(Frame::decode(&wide).unwrap().count().is_err());
    }

    /// The same coding, one bit at a time.
    fn naive(packed: &[u8], at: usize, bits: usize) -> i32 {
        let bit = |i: usize| i64::from(packed[i / 8] >> (i % 8) & 1);
        let value: i64 = (0..bits).map(|i| bit(at + i) << i).sum();
        if bits > 0 && bit(at + bits - 1) == 1 { (value - (1 << bits)) as i32 } else { value as i32 }
    }

    proptest! {
        #[test]
        fn a_difference_is_that_of_a_reader_of_single_bits(
            packed in proptest::collection::vec(any::<u8>(), 5..40), at in 0usize..300, bits in 0usize..=32) {
            prop_assume!(at + bits <= packed.len() * 8);
            prop_assert_eq!(difference(&packed, at, bits), naive(&packed, at, bits));
        }

        #[test]
        fn any_bytes_are_samples_or_a_typed_error(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            if let Ok(frame) = Frame::decode(&bytes)
                && let Ok(count) = frame.count()
            {
                prop_assert!(count <= SAMPLES_MAX.max(bytes.len()));
            }
        }
    }
}

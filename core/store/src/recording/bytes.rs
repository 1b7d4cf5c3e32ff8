//! Reading and writing the small numbers of a chunk: little-endian, variable-length, never past the end.

/// A place in a payload. Every read returns `None` past the end; nothing panics.
#[derive(Debug, Clone)]
pub(crate) struct Cursor<'a> {
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// What was not read yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(crate) fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.rest.split_at_checked(n)?;
        self.rest = tail;
        Some(head)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(crate) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(crate) fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f64(&mut self) -> Option<f64> {
        self.array().map(f64::from_le_bytes)
    }

    /// Base-128 number, low bits first; `None` where it does not fit into 64 bits.
    pub(crate) fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 {
                return None;
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    /// Signed number: the sign sits in the lowest bit.
    pub(crate) fn signed(&mut self) -> Option<i64> {
        self.varint().map(|folded| (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed())
    }

    pub(crate) fn text(&mut self) -> Option<&'a str> {
        let length = usize::try_from(self.varint()?).ok()?;
        std::str::from_utf8(self.take(length)?).ok()
    }
}

pub(crate) fn put_varint(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

pub(crate) fn put_signed(out: &mut Vec<u8>, value: i64) {
    put_varint(out, ((value << 1) ^ (value >> 63)).cast_unsigned());
}

pub(crate) fn put_text(out: &mut Vec<u8>, text: &str) {
    put_varint(out, text.len() as u64);
    out.extend_from_slice(text.as_bytes());
}

/// A number that usually grows by the same step: what is kept is the change of the step, so that a steady clock
/// costs one byte. Wrapping on both sides, so that every `i64` comes back.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Steady {
    last: i64,
    step: i64,
}

impl Steady {
    pub(crate) fn put(&mut self, out: &mut Vec<u8>, value: i64) {
        let step = value.wrapping_sub(self.last);
        put_signed(out, step.wrapping_sub(self.step));
        *self = Self { last: value, step };
    }

    pub(crate) fn read(&mut self, bytes: &mut Cursor<'_>) -> Option<i64> {
        let step = self.step.wrapping_add(bytes.signed()?);
        *self = Self { last: self.last.wrapping_add(step), step };
        Some(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_number_comes_back(values in prop::collection::vec(any::<i64>(), 0..40)) {
            let mut out = Vec::new();
            let mut steady = Steady::default();
            for &value in &values {
                put_varint(&mut out, value as u64);
                put_signed(&mut out, value);
                steady.put(&mut out, value);
            }
            let mut cursor = Cursor::new(&out);
            let mut steady = Steady::default();
            for &value in &values {
                prop_assert_eq!(cursor.varint(), Some(value as u64));
                prop_assert_eq!(cursor.signed(), Some(value));
                prop_assert_eq!(steady.read(&mut cursor), Some(value));
            }
            prop_assert!(cursor.rest().is_empty());
        }
    }

    #[test]
    fn a_steady_clock_costs_one_byte_a_tick() {
        let (mut out, mut steady) = (Vec::new(), Steady::default());
        (0..102).for_each(|tick| steady.put(&mut out, tick * 100_000));
        // The first two ticks teach the step.
        assert!(out.len() <= 100 + 8, "{}", out.len());
    }

    #[test]
    fn a_number_of_more_than_64_bits_is_refused() {
        assert_eq!(Cursor::new(&[0xff; 9]).varint(), None);
        assert_eq!(Cursor::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02]).varint(), None);
        assert_eq!(Cursor::new(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]).varint(), Some(u64::MAX));
    }

    #[test]
    fn text_longer_than_what_is_there_is_refused() {
        let mut out = Vec::new();
        put_varint(&mut out, u64::MAX);
        out.push(b'x');
        assert_eq!(Cursor::new(&out).text(), None);
    }
}

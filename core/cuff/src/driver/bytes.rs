//! Little-endian reading with typed errors: the only place where drivers index into bytes from a radio.

/// Why bytes from a cuff could not be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// Fewer bytes than the layout needs.
    #[error("read a {what}: {needed} bytes needed, {got} there")]
    Short {
        /// What was being read.
        what: &'static str,
        /// Bytes the layout needs.
        needed: usize,
        /// Bytes that were there.
        got: usize,
    },
    /// A format version this code does not know.
    #[error("read a {what} of version {version}")]
    Version {
        /// What was being read.
        what: &'static str,
        /// The version it claims.
        version: u8,
    },
    /// A number that selects a layout has no meaning here.
    #[error("read a {what}: kind {value:#04x} is unknown")]
    Unknown {
        /// What was being read.
        what: &'static str,
        /// The number.
        value: u8,
    },
    /// A value outside of what is physically or formally possible.
    #[error("read a {what}: {field} is out of range")]
    Range {
        /// What was being read.
        what: &'static str,
        /// Which field.
        field: &'static str,
    },
    /// A checksum does not fit the bytes.
    #[error("read a {what}: checksum {found:#06x} instead of {expected:#06x}")]
    Checksum {
        /// What was being read.
        what: &'static str,
        /// The checksum the bytes carry.
        expected: u16,
        /// The checksum the bytes have.
        found: u16,
    },
}

/// Takes little-endian values from the front of a slice.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader<'a> {
    what: &'static str,
    all: usize,
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Reads `bytes`; `what` names them in errors.
    pub(crate) fn new(what: &'static str, bytes: &'a [u8]) -> Self {
        Self { what, all: bytes.len(), rest: bytes }
    }

    /// What has not been taken yet.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The next `len` bytes.
    #[inline]
    pub(crate) fn slice(&mut self, len: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.rest.split_at_checked(len).ok_or(DecodeError::Short {
            what: self.what,
            needed: self.all - self.rest.len() + len,
            got: self.all,
        })?;
        self.rest = tail;
        Ok(head)
    }

    #[inline]
    fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let mut out = [0; N];
        out.copy_from_slice(self.slice(N)?);
        Ok(out)
    }

    #[inline]
    pub(crate) fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[byte]| byte)
    }

    #[inline]
    pub(crate) fn i8(&mut self) -> Result<i8, DecodeError> {
        self.array().map(i8::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_le_bytes)
    }

    #[inline]
    pub(crate) fn i16(&mut self) -> Result<i16, DecodeError> {
        self.array().map(i16::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_le_bytes)
    }

    #[inline]
    pub(crate) fn u64(&mut self) -> Result<u64, DecodeError> {
        self.array().map(u64::from_le_bytes)
    }

    #[inline]
    pub(crate) fn f32(&mut self) -> Result<f32, DecodeError> {
        self.array().map(f32::from_le_bytes)
    }

    /// Three values, one after another.
    #[inline]
    pub(crate) fn axes(&mut self) -> Result<[i16; 3], DecodeError> {
        Ok([self.i16()?, self.i16()?, self.i16()?])
    }

    /// Three values, one after another.
    #[inline]
    pub(crate) fn axes_f32(&mut self) -> Result<[f32; 3], DecodeError> {
        Ok([self.f32()?, self.f32()?, self.f32()?])
    }
}

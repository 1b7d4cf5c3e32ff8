//! The frame around every chunk: sync, kind, length, CRC-32C.

use super::bytes::Cursor;
use crate::seal::{SEAL_BYTES, Seal};
use std::borrow::Cow;

/// First six bytes of a recording.
pub const MAGIC: [u8; 6] = *b"TALUS\0";
/// Version of the format this Talus writes.
pub const FORMAT_VERSION: u16 = 2;
/// Largest payload of one chunk, bytes, before it is sealed.
pub const PAYLOAD_MAX: usize = (1 << 20) - SEAL_BYTES;
/// Largest length a chunk may say.
const LENGTH_MAX: usize = 1 << 20;
/// The flag of a sealed payload.
const SEALED: u8 = 1;

/// Bytes before the first chunk.
pub(crate) const PRELUDE: usize = MAGIC.len() + 2;
/// Where a chunk begins. The first byte is no text and no small number, so that a look for it rarely stops early.
pub(crate) const SYNC: [u8; 4] = [0xa7, b'T', b'k', 0x0a];
/// Bytes of a chunk before its payload.
pub(crate) const FRAME: usize = 16;

/// What a chunk holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ChunkKind {
    Head = 0,
    Samples = 1,
    Control = 2,
    End = 3,
    /// As samples, with the second codec: from version 2 on.
    Counts = 4,
}

impl ChunkKind {
    fn from_byte(byte: u8) -> Option<Self> {
        [Self::Head, Self::Samples, Self::Control, Self::End, Self::Counts].into_iter().find(|kind| *kind as u8 == byte)
    }
}

/// The first bytes of a file.
pub(crate) fn prelude_bytes() -> [u8; PRELUDE] {
    let mut bytes = [0; PRELUDE];
    bytes[..MAGIC.len()].copy_from_slice(&MAGIC);
    bytes[MAGIC.len()..].copy_from_slice(&FORMAT_VERSION.to_le_bytes());
    bytes
}

/// Appends the first bytes of a file.
pub(crate) fn put_prelude(out: &mut Vec<u8>) {
    out.extend_from_slice(&prelude_bytes());
}

/// Appends one chunk, sealed where there is a seal; the caller keeps `payload` within [`PAYLOAD_MAX`].
pub(crate) fn put_chunk(out: &mut Vec<u8>, kind: ChunkKind, payload: &[u8], seal: Option<&mut Seal>) {
    let length = payload.len() + if seal.is_some() { SEAL_BYTES } else { 0 };
    let flags = if seal.is_some() { SEALED } else { 0 };
    let mut meaning = [kind as u8, flags, 0, 0, 0, 0, 0, 0];
    meaning[4..].copy_from_slice(&(length as u32).to_le_bytes());
    let payload = seal.map_or(Cow::Borrowed(payload), |seal| Cow::Owned(seal.seal(&meaning, payload)));
    let crc = crc32c::crc32c_append(crc32c::crc32c(&meaning), &payload);
    out.extend_from_slice(&SYNC);
    out.extend_from_slice(&meaning);
    out.extend_from_slice(&crc.to_le_bytes());
    out.extend_from_slice(&payload);
}

/// A whole chunk with the right CRC.
pub(crate) struct Chunk<'a> {
    /// `None` for a kind or flag of a later format.
    pub(crate) kind: Option<ChunkKind>,
    payload: &'a [u8],
    /// Where the payload is sealed: what the frame says of it.
    sealed: Option<[u8; 8]>,
    /// Offset of the byte after it.
    pub(crate) end: usize,
}

impl<'a> Chunk<'a> {
    /// Whether a key is needed to read it.
    pub(crate) fn is_sealed(&self) -> bool {
        self.sealed.is_some()
    }

    /// What is in it; `None` where it is sealed and this does not open it.
    pub(crate) fn open(&self, seal: Option<&Seal>) -> Option<Cow<'a, [u8]>> {
        match self.sealed {
            None => Some(Cow::Borrowed(self.payload)),
            Some(meaning) => seal?.open(&meaning, self.payload).map(Cow::Owned),
        }
    }
}

/// Why there is no chunk at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NoChunk {
    /// No frame, or one that cannot be: cheap to see.
    Frame,
    /// The CRC is wrong, after a look at this many bytes.
    Crc(usize),
}

/// The chunk that begins at `at`.
pub(crate) fn chunk_at(file: &[u8], at: usize) -> Result<Chunk<'_>, NoChunk> {
    let mut cursor = Cursor::new(file.get(at..).ok_or(NoChunk::Frame)?);
    if cursor.array::<4>().ok_or(NoChunk::Frame)? != SYNC {
        return Err(NoChunk::Frame);
    }
    let meaning = cursor.array::<8>().ok_or(NoChunk::Frame)?;
    let [kind, flags, reserved @ .., l0, l1, l2, l3] = meaning;
    let length = u32::from_le_bytes([l0, l1, l2, l3]) as usize;
    let crc = cursor.u32().ok_or(NoChunk::Frame)?;
    if length > LENGTH_MAX {
        return Err(NoChunk::Frame);
    }
    let payload = cursor.take(length).ok_or(NoChunk::Frame)?;
    if crc32c::crc32c_append(crc32c::crc32c(&meaning), payload) != crc {
        return Err(NoChunk::Crc(length));
    }
    let known = flags & !SEALED == 0 && reserved == [0; 2];
    let kind = if known { ChunkKind::from_byte(kind) } else { None };
    let sealed = (known && flags & SEALED != 0).then_some(meaning);
    Ok(Chunk { kind, payload, sealed, end: at + FRAME + length })
}

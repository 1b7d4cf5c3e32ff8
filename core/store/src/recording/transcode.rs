//! A recording from one seal to another, chunk by chunk: out of a household with a key into a bundle, and back in.

use super::chunk::{FRAME, PRELUDE, SYNC, chunk_at, put_chunk};
use super::{FILE_MAX, MAGIC};
use crate::seal::Seal;
use std::io::{self, Read, Write};

/// Bytes held at once.
const WINDOW: usize = 4 << 20;
/// As long as fewer are left and the file goes on, a chunk may not be there whole.
const LEAST: usize = (1 << 20) + FRAME;

/// Copies a recording, opening its chunks with `open` and sealing them with `seal`. Without either it is the same
/// bytes. With one of them, what is no whole chunk is left out: a reader finds a gap there, as it would have before.
/// Gives how many bytes were written.
///
/// # Errors
/// Those of both sides; [`io::ErrorKind::InvalidData`] where it is no recording or longer than one may be.
pub(crate) fn transcode(
    from: impl Read,
    to: &mut impl Write,
    open: Option<&Seal>,
    mut seal: Option<&mut Seal>,
) -> io::Result<u64> {
    let mut from = from.take(FILE_MAX + 1);
    let mut window: Vec<u8> = Vec::new();
    let mut fill = |window: &mut Vec<u8>| -> io::Result<bool> {
        let missing = WINDOW.saturating_sub(window.len());
        Ok(from.by_ref().take(missing as u64).read_to_end(window)? < missing)
    };
    let mut last = fill(&mut window)?;
    if !window.starts_with(&MAGIC) || window.len() < PRELUDE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no recording"));
    }
    let mut out: Vec<u8> = window.drain(..PRELUDE).collect();
    let (mut read, mut written, mut at) = (PRELUDE as u64, 0u64, 0usize);
    loop {
        if open.is_none() && seal.is_none() {
            out.extend_from_slice(&window);
            at = window.len();
        } else if let Ok(chunk) = chunk_at(&window, at) {
            if let (Some(kind), Some(payload)) = (chunk.kind, chunk.open(open)) {
                put_chunk(&mut out, kind, &payload, seal.as_deref_mut());
            }
            at = chunk.end;
        } else {
            let rest = window.get(at + 1..).unwrap_or_default();
            at = rest.windows(SYNC.len()).position(|bytes| bytes == SYNC).map_or(window.len(), |next| at + 1 + next);
        }
        to.write_all(&out)?;
        written += out.len() as u64;
        out.clear();
        if !last && window.len().saturating_sub(at) < LEAST {
            read += at as u64;
            window.drain(..at);
            at = 0;
            last = fill(&mut window)?;
        }
        if read + window.len() as u64 > FILE_MAX {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "it is longer than a recording may be"));
        }
        if last && at >= window.len() {
            return Ok(written);
        }
    }
}

//! A recording: `recordings/<session-id>.talus`, one append-only file per session. [`read`] gives it back.
//!
//! A session is its inputs; this file holds them in their order, exactly: replaying them gives the same outputs
//! bit for bit. The same bytes are fixture, bug report and input of a replay. This text is the format.
//!
//! # Format version 2
//!
//! Everything is little-endian. *varint*: base 128, low bits first, at most 64 bits. *signed*: a varint whose
//! lowest bit is the sign (`(v << 1) ^ (v >> 63)`). *text*: varint length in bytes, then UTF-8. *steady*: a signed
//! that holds the change of the step (`value − last − (last − the one before)`, wrapping, zeros before the first).
//!
//! ```text
//! file   = magic "TALUS\0" · version u16 · chunk*
//! chunk  = sync A7 54 6B 0A · kind u8 · flags u8 · reserved u16 (0) · length u32 · crc u32 · payload[length]
//! ```
//!
//! `crc` is CRC-32C over kind, flags, reserved, length and payload. `length` is at most 1 MiB. Bit 0 of `flags`
//! says that the payload is sealed (below); a reader that does not know a flag or kind treats the chunk as unreadable.
//! After damage a reader looks for the next sync whose chunk has the right CRC.
//!
//! The first chunk is the **head** (kind 0): engine version u32 · catalogue version text · JSON of
//! [`SessionHead`], the plan's snapshot included.
//!
//! Inputs follow in **groups**: one per second of session time, or less where a commit came earlier. Every input
//! has a sequence number, from 0, without holes. A group holds a run of them: one **samples** chunk per cuff,
//! then one **control** chunk that says which run it was. A group counts once its control chunk is there, so what
//! a reader returns is always whole.
//!
//! ```text
//! samples (kind 1) = cuff [u8; 16] · first sequence varint · blocks varint · samples varint · block* · counts
//! block   = bits u8 · [sequence varint] · [stream u8] · [flags u8] · [n u8] · [index signed] · [device steady] ·
//!           arrival steady
//! ```
//!
//! `bits`: 1 sequence does not follow the block before (distance − 1 is given), 2 stream given, 4 flags given,
//! 8 number of samples given, 16 first index does not follow the block before (difference given, wrapping),
//! 32 device time given. What is not given is as in the block before (zeros before the first). `counts`: all
//! samples of all blocks, coded as [`rice`] says; in a chunk of kind 4, the same otherwise, as [`counts`] says. At most 4,096 blocks and as many samples a chunk; where a
//! second holds more, a further chunk follows.
//!
//! ```text
//! control (kind 2) = first sequence varint · end sequence varint · through signed · more u8 · count varint · item*
//! item    = distance to the sequence number before (or to `first`) varint · what u8 · fields
//! ```
//!
//! `first..end` is the group's run, `through` the session time up to which everything is in the file, and `more`
//! is 1 where the group's control items go on in a further control chunk. Times are signed differences to the
//! item before. What and its fields: 1 Stream: cuff 16 bytes · stream u8 · rate, m/s² per count, rad/s per count,
//! range m/s², range rad/s as f64 bits · timing u8 (0 device, 1 estimated) · driver text · firmware text (no
//! time). 2 Link: time · cuff 16 bytes · state u8. 3 Tap: time · tap u8. 4 Answer: time · answer u8 (0 to 2:
//! reserve, pain, red flag) · [value u8]. 5 Tick: time. 6 Resumed: time · gap µs signed · confident u8.
//!
//! **End** (kind 3): number of inputs varint · end of the session, UTC milliseconds signed. Written when a session
//! is finished.
//!
//! **Sealed**: nonce [u8; 24] · XChaCha20-Poly1305 of the payload · tag [u8; 16]. The additional data are kind, flags,
//! reserved and length as they stand in the frame; the key is HKDF-SHA256 of the person's key without salt, its info
//! the text `talus recording 1` and the 16 bytes of the session's id. The CRC is over what stands in the file: a
//! chunk with the right CRC that does not open has another key or was forged. After the first sealed chunk none is
//! open.
//!
//! Version 1 had no chunks of kind 4. A recording of it that is taken up again becomes one of version 2.
//!
//! Every released version is kept as a fixture under `tests/fixtures/` and reads the same for ever.

pub(crate) mod bytes;
mod chunk;
mod control;
pub mod counts;
mod head;
mod read;
pub mod rice;
mod samples;
pub(crate) mod transcode;
mod write;

pub use chunk::{FORMAT_VERSION, MAGIC, PAYLOAD_MAX};
pub use head::{Kind, SessionHead};
pub use read::{Damage, Ended, FILE_MAX, Reading, read};
pub use write::Encoder;

pub(crate) use chunk::{PRELUDE, prelude_bytes};
pub(crate) use head::encode as encode_head;
pub(crate) use read::{goes_out, read_sealed};

use talus_coach::Input;
use talus_motion::Micros;

/// Why bytes are no recording, or an input cannot become one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingError {
    /// The magic is missing: some other file.
    #[error("read it as a recording: it does not begin with the mark of a Talus recording")]
    NotARecording,
    /// Written by a newer Talus.
    #[error("read it as a recording: its format is version {found}, this Talus reads up to {FORMAT_VERSION}")]
    Newer {
        /// The version it has.
        found: u16,
    },
    /// One piece is larger than a chunk may be.
    #[error("write {what}: {bytes} bytes are more than a recording takes in one piece")]
    TooLarge {
        /// What is too large.
        what: &'static str,
        /// How large it is (files: in bytes on disk).
        bytes: usize,
    },
    /// It is sealed, and there is no key here.
    #[error("read it as a recording: it is encrypted, and this was opened without a key")]
    Sealed,
    /// It is sealed with another key.
    #[error("read it as a recording: it is encrypted with another key")]
    WrongKey,
    /// It cannot be sealed; nothing is written open instead.
    #[error("encrypt the recording: {0}")]
    Sealing(String),
    /// The plan cannot be written as JSON.
    #[error("write the plan of the session: {0}")]
    Plan(String),
}

/// Session time of an input; `None` for a stream's configuration, which carries none.
pub fn input_at(input: &Input) -> Option<Micros> {
    match input {
        Input::Stream(_) => None,
        Input::Samples(block) => Some(Micros(block.arrival_us)),
        Input::Link { at, .. }
        | Input::Tap { at, .. }
        | Input::Answer { at, .. }
        | Input::Tick { at }
        | Input::Resumed { at, .. } => Some(*at),
    }
}

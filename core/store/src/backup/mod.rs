//! The encryption of a backup: a key from a passphrase, and a stream of sealed segments that can be read from anywhere.
//!
//! ```text
//! file    = header · segment* · last segment
//! header  = magic "TALUS\0BK" · version u16 · memory KiB u32 · passes u32 · lanes u32 · segment bytes u32 ·
//!           salt [16] · nonce [19] · CRC-32C u32 · tag [16]
//! segment = XChaCha20-Poly1305 of 65,536 bytes · tag [16]; the last one is shorter or full, and may be empty
//! ```
//!
//! Numbers are little-endian. Argon2id (RFC 9106) of the passphrase (UTF-8, Normalization Form C) and salt gives 32 bytes; HKDF-SHA256 makes two keys of
//! them, info `talus backup header 1` and `talus backup stream 1`. The tag is XChaCha20-Poly1305 of nothing under the
//! first, nonce zero, over everything before it: with a right CRC and a wrong tag, the passphrase is another one. Segments
//! are STREAM (Hoang, Reyhanitabar, Rogaway, Vizár 2015, BE32) under the second: each knows its place and whether it is
//! the last, so that none can be left out, moved, or be the end of a file that was cut.

use crate::bundle::BundleError;
use aead_stream::{NewStream, Nonce as StreamNonce, StreamBE32, StreamPrimitive};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use std::io::{self, Read, Seek, SeekFrom, Write};
use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// First bytes of a backup.
pub(crate) const MAGIC: [u8; 8] = *b"TALUS\0BK";
const VERSION: u16 = 1;
/// 19 MiB and two passes: the first of what OWASP's Password Storage Cheat Sheet recommends.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;
/// Most a header may ask for: what a phone has to spare.
const MEMORY_MAX_KIB: u32 = 64 * 1024;
const PASSES_MAX: u32 = 16;
/// Bytes of one segment before it is sealed.
const SEGMENT: usize = 1 << 16;
const TAG: usize = 16;
const SALT: usize = 16;
const NONCE: usize = 19;
/// Bytes before the first segment.
const HEADER: usize = 8 + 2 + 4 * 4 + SALT + NONCE + 4 + TAG;
/// Where the CRC stands.
const CRC_AT: usize = HEADER - TAG - 4;
/// Fewest characters a passphrase has.
const LEAST: usize = 8;

type Stream = StreamBE32<XChaCha20Poly1305>;

/// What opens a backup. Wiped from memory when it goes; never printed.
#[derive(Clone)]
pub struct Passphrase(Zeroizing<String>);

impl Passphrase {
    /// Takes what somebody typed. Where letters with marks can be written in several ways (a phone's `ü` is one character,
    /// that of a file from a Mac may be two), they become the same: Unicode's Normalization Form C.
    ///
    /// # Errors
    /// [`BundleError::ShortPassphrase`] below eight characters.
    pub fn new(text: String) -> Result<Self, BundleError> {
        let typed = Zeroizing::new(text);
        // Room for all of it at once: a string that grows leaves copies behind. Form C is at most three times as long.
        let mut text = Zeroizing::new(String::with_capacity(3 * typed.len()));
        text.extend(typed.nfc());
        if text.chars().count() < LEAST { Err(BundleError::ShortPassphrase { least: LEAST }) } else { Ok(Self(text)) }
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase(…)")
    }
}

/// The two keys of a backup.
struct Keys {
    header: XChaCha20Poly1305,
    stream: Stream,
}

impl Keys {
    fn derive(
        passphrase: &Passphrase,
        salt: &[u8; SALT],
        nonce: [u8; NONCE],
        [memory, passes, lanes]: [u32; 3],
    ) -> Result<Self, BundleError> {
        let failed = |error: &dyn fmt::Display| BundleError::Sealing(error.to_string());
        let params = Params::new(memory, passes, lanes, Some(32)).map_err(|error| failed(&error))?;
        let mut secret = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.0.as_bytes(), salt, secret.as_mut_slice())
            .map_err(|error| failed(&error))?;
        let key = |info: &[u8]| -> Result<XChaCha20Poly1305, BundleError> {
            let mut key = Zeroizing::new([0; 32]);
            Hkdf::<Sha256>::new(None, secret.as_slice())
                .expand(info, key.as_mut_slice())
                .map_err(|error| failed(&error))?;
            XChaCha20Poly1305::new_from_slice(key.as_slice()).map_err(|error| failed(&error))
        };
        let nonce: StreamNonce<XChaCha20Poly1305, Stream> = nonce.into();
        let stream = Stream::from_aead(key(b"talus backup stream 1")?, &nonce);
        Ok(Self { header: key(b"talus backup header 1")?, stream })
    }

    fn tag(&self, header: &[u8]) -> Result<Vec<u8>, BundleError> {
        let sealed = self.header.encrypt(&XNonce::from([0; 24]), Payload { msg: &[], aad: header });
        sealed.map_err(|error| BundleError::Sealing(error.to_string()))
    }
}

/// Seals what is written into it. [`SealedWriter::finish`] writes the last segment: without it there is no backup.
pub(crate) struct SealedWriter<W> {
    to: W,
    keys: Keys,
    held: Zeroizing<Vec<u8>>,
    place: u32,
}

impl<W: Write> SealedWriter<W> {
    /// Draws salt and nonce and writes the header.
    ///
    /// # Errors
    /// [`Failed`].
    pub(crate) fn new(mut to: W, passphrase: &Passphrase) -> Result<Self, Failed> {
        let (mut salt, mut nonce) = ([0; SALT], [0; NONCE]);
        for drawn in [salt.as_mut_slice(), nonce.as_mut_slice()] {
            getrandom::fill(drawn).map_err(|error| Failed::Bundle(BundleError::Sealing(error.to_string())))?;
        }
        let cost = [MEMORY_KIB, PASSES, LANES];
        let keys = Keys::derive(passphrase, &salt, nonce, cost)?;
        let mut header = MAGIC.to_vec();
        header.extend_from_slice(&VERSION.to_le_bytes());
        for number in cost.into_iter().chain([SEGMENT as u32]) {
            header.extend_from_slice(&number.to_le_bytes());
        }
        header.extend_from_slice(&salt);
        header.extend_from_slice(&nonce);
        header.extend_from_slice(&crc32c::crc32c(&header).to_le_bytes());
        header.extend_from_slice(&keys.tag(&header)?);
        to.write_all(&header).map_err(Failed::Io)?;
        Ok(Self { to, keys, held: Zeroizing::new(Vec::with_capacity(SEGMENT)), place: 0 })
    }

    fn seal(&mut self, last: bool) -> io::Result<()> {
        let sealed = self.keys.stream.encrypt(self.place, last, self.held.as_slice());
        let sealed = sealed.map_err(|_| io::Error::other("a segment could not be encrypted"))?;
        // 256 TiB.
        self.place = self.place.checked_add(1).ok_or_else(|| io::Error::from(io::ErrorKind::FileTooLarge))?;
        self.held.clear();
        self.to.write_all(&sealed)
    }

    /// Writes what is left and gives the writer back.
    pub(crate) fn finish(mut self) -> io::Result<W> {
        self.seal(true)?;
        Ok(self.to)
    }
}

impl<W: Write> Write for SealedWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Only once more comes: the last segment is not known to be it before.
        if self.held.len() == SEGMENT && !bytes.is_empty() {
            self.seal(false)?;
        }
        let (now, _) = bytes.split_at(bytes.len().min(SEGMENT - self.held.len()));
        self.held.extend_from_slice(now);
        Ok(now.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        // A half segment would be one for ever.
        self.to.flush()
    }
}

/// Why a backup could not be begun or opened.
#[derive(Debug)]
pub(crate) enum Failed {
    /// Its own contents or the passphrase.
    Bundle(BundleError),
    /// The disk.
    Io(io::Error),
}

impl From<BundleError> for Failed {
    fn from(error: BundleError) -> Self {
        Self::Bundle(error)
    }
}

/// Reads what was sealed, from anywhere: one segment is open at a time.
pub(crate) struct SealedReader<R> {
    from: R,
    keys: Keys,
    /// Plain bytes of the segment `open`.
    held: Zeroizing<Vec<u8>>,
    open: Option<u32>,
    /// Number of the last segment, and bytes of all.
    last: u32,
    length: u64,
    at: u64,
}

impl<R: Read + Seek> SealedReader<R> {
    /// Reads the header and the last segment: a wrong passphrase and a file that was cut are told here.
    pub(crate) fn open(mut from: R, passphrase: &Passphrase) -> Result<Self, Failed> {
        let damaged = |reason: &str| Failed::Bundle(BundleError::damaged("the beginning", reason));
        let file = from.seek(SeekFrom::End(0)).map_err(Failed::Io)?;
        from.seek(SeekFrom::Start(0)).map_err(Failed::Io)?;
        let mut header = [0; HEADER];
        from.read_exact(&mut header).map_err(|_| damaged("it ends early"))?;
        let number =
            |at: usize| header.get(at..at + 4).and_then(|bytes| bytes.try_into().ok()).map_or(0, u32::from_le_bytes);
        let version = u16::from_le_bytes([header[8], header[9]]);
        if header[..8] != MAGIC {
            return Err(BundleError::Foreign.into());
        }
        if version > VERSION {
            let (found, known) = (format!("backup {version}"), format!("backup {VERSION}"));
            return Err(BundleError::Newer { found, known }.into());
        }
        if crc32c::crc32c(&header[..CRC_AT]) != number(CRC_AT) || version == 0 {
            return Err(damaged("it was changed"));
        }
        let cost = [number(10), number(14), number(18)];
        let known = (8..=MEMORY_MAX_KIB).contains(&cost[0]) && (1..=PASSES_MAX).contains(&cost[1]) && cost[2] == LANES;
        if !known || number(22) != SEGMENT as u32 {
            return Err(BundleError::too_large("the beginning", "it asks for more than any backup does").into());
        }
        let (mut salt, mut nonce) = ([0; SALT], [0; NONCE]);
        salt.copy_from_slice(&header[26..26 + SALT]);
        nonce.copy_from_slice(&header[26 + SALT..26 + SALT + NONCE]);
        let keys = Keys::derive(passphrase, &salt, nonce, cost)?;
        let (said, tag) = header.split_at(HEADER - TAG);
        let opened = keys.header.decrypt(&XNonce::from([0; 24]), Payload { msg: tag, aad: said });
        opened.map_err(|_| Failed::Bundle(BundleError::WrongPassphrase))?;
        let sealed = file - HEADER as u64;
        let each = (SEGMENT + TAG) as u64;
        let last = sealed.saturating_sub(1) / each;
        let rest = sealed - last * each;
        let last = u32::try_from(last).map_err(|_| damaged("it is longer than a backup may be"))?;
        if rest < TAG as u64 {
            return Err(Failed::Bundle(BundleError::damaged("the end", "it ends early")));
        }
        let length = u64::from(last) * SEGMENT as u64 + rest - TAG as u64;
        let mut reader = Self { from, keys, held: Zeroizing::new(Vec::new()), open: None, last, length, at: 0 };
        reader.fetch(last).map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => {
                Failed::Bundle(BundleError::damaged("the end", "it ends early or was changed"))
            }
            _ => Failed::Io(error),
        })?;
        Ok(reader)
    }

    fn fetch(&mut self, place: u32) -> io::Result<()> {
        if self.open == Some(place) {
            return Ok(());
        }
        let each = (SEGMENT + TAG) as u64;
        self.from.seek(SeekFrom::Start(HEADER as u64 + u64::from(place) * each))?;
        let mut sealed = Vec::with_capacity(SEGMENT + TAG);
        self.from.by_ref().take(each).read_to_end(&mut sealed)?;
        let opened = self.keys.stream.decrypt(place, place == self.last, sealed.as_slice());
        let opened = opened.map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "a part of it was changed"))?;
        (self.held, self.open) = (Zeroizing::new(opened), Some(place));
        Ok(())
    }
}

impl<R: Read + Seek> Read for SealedReader<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.length || into.is_empty() {
            return Ok(0);
        }
        let place = u32::try_from(self.at / SEGMENT as u64).map_err(|_| io::ErrorKind::InvalidData)?;
        self.fetch(place)?;
        let from = self.held.get((self.at % SEGMENT as u64) as usize..).unwrap_or_default();
        let count = from.len().min(into.len());
        for (to, from) in into.iter_mut().zip(from) {
            *to = *from;
        }
        self.at += count as u64;
        Ok(count)
    }
}

impl<R: Read + Seek> Seek for SealedReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::End(by) => self.length.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = at.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

#[cfg(test)]
mod tests;

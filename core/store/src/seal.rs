//! Encryption at rest: the [`Key`] a phone's keystore keeps, and what is made of it.
//!
//! One key never does two jobs: HKDF-SHA256 (RFC 5869) derives one for the database and one for each recording, so
//! that a chunk of one session is no chunk of another. Chunks are sealed with XChaCha20-Poly1305, whose nonce is long
//! enough to be drawn at random by any number of processes.

use crate::SessionId;
use crate::recording::RecordingError;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hkdf::Hkdf;
use sha2::Sha256;
use std::fmt;
use zeroize::Zeroizing;

/// Bytes a sealed payload has more than what is in it: nonce and tag.
pub(crate) const SEAL_BYTES: usize = NONCE + 16;
const NONCE: usize = 24;
/// Part of the nonce that is drawn once for each writer; the rest counts its chunks.
const DRAWN: usize = 16;

/// The key of database and recordings: 32 random bytes that only the keystore of the phone keeps. Wiped from memory
/// when it goes.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// Takes 32 random bytes. They must come from a random generator or a keystore, never from a word somebody chose;
    /// the caller wipes its own copy.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// What SQLCipher takes: the derived key and the salt, 48 bytes as hexadecimal digits. The salt is not kept in
    /// the file, whose first bytes stay readable, so it is derived too.
    pub(crate) fn database(&self) -> Result<Zeroizing<String>, RecordingError> {
        let mut bytes = Zeroizing::new([0; 48]);
        self.derive(&[b"talus database 1"], bytes.as_mut_slice())?;
        let digits = b"0123456789abcdef";
        // Room for all of it at once: a string that grows leaves copies behind.
        let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
        for byte in bytes.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(digits.get(usize::from(digit)).map_or('0', |digit| char::from(*digit)));
            }
        }
        Ok(text)
    }

    fn derive(&self, what: &[&[u8]], into: &mut [u8]) -> Result<(), RecordingError> {
        Hkdf::<Sha256>::new(None, self.0.as_slice())
            .expand_multi_info(what, into)
            .map_err(|error| RecordingError::Sealing(error.to_string()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Opens and seals the chunks of one session.
pub(crate) struct Seal {
    cipher: XChaCha20Poly1305,
    drawn: [u8; DRAWN],
    sealed: u64,
}

impl Seal {
    /// What seals and opens the recording of `session`.
    pub(crate) fn new(key: &Key, session: SessionId) -> Result<Self, RecordingError> {
        let mut derived = Zeroizing::new([0; 32]);
        key.derive(&[b"talus recording 1", &session.0], derived.as_mut_slice())?;
        let cipher = XChaCha20Poly1305::new_from_slice(derived.as_slice())
            .map_err(|error| RecordingError::Sealing(error.to_string()))?;
        let mut drawn = [0; DRAWN];
        getrandom::fill(&mut drawn).map_err(|error| RecordingError::Sealing(error.to_string()))?;
        Ok(Self { cipher, drawn, sealed: 0 })
    }

    /// Nonce, then what `payload` becomes, then the tag. `meaning` is what the frame says of it: it stays readable and
    /// cannot be changed either.
    pub(crate) fn seal(&mut self, meaning: &[u8], payload: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE];
        let (drawn, counted) = nonce.split_at_mut(DRAWN);
        drawn.copy_from_slice(&self.drawn);
        counted.copy_from_slice(&self.sealed.to_le_bytes());
        self.sealed += 1;
        let mut out = Vec::with_capacity(payload.len() + SEAL_BYTES);
        out.extend_from_slice(&nonce);
        // Fails only beyond 256 GiB, and a payload has 1 MiB at most. Left open it must never be.
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), Payload { msg: payload, aad: meaning });
        out.extend_from_slice(&sealed.unwrap_or_default());
        out
    }

    /// What was sealed; `None` where the key is another or a bit of it was changed.
    pub(crate) fn open(&self, meaning: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE>()?;
        self.cipher.decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: meaning }).ok()
    }
}

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Seal({} chunks)", self.sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: [u8; 32] = [7; 32];
    const ONE: SessionId = SessionId([1; 16]);

    #[test]
    fn what_was_sealed_opens_with_the_same_key_session_and_meaning_and_no_other() {
        let mut seal = Seal::new(&Key::new(KEY), ONE).unwrap();
        let sealed = seal.seal(b"meaning", b"counts of a leg");
        assert_eq!(sealed.len(), 15 + SEAL_BYTES);
        assert!(!sealed.windows(6).any(|window| window == b"counts"));
        assert_eq!(seal.open(b"meaning", &sealed).as_deref(), Some(b"counts of a leg".as_slice()));
        assert_eq!(seal.open(b"another", &sealed), None);
        for other in [Seal::new(&Key::new([8; 32]), ONE), Seal::new(&Key::new(KEY), SessionId([2; 16]))] {
            assert_eq!(other.unwrap().open(b"meaning", &sealed), None);
        }
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(seal.open(b"meaning", &changed), None, "byte {at}");
            assert_eq!(seal.open(b"meaning", &sealed[..at]), None);
        }
    }

    #[test]
    fn no_nonce_comes_twice_also_not_from_a_second_writer() {
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..20 {
            let mut seal = Seal::new(&Key::new(KEY), ONE).unwrap();
            for _ in 0..50 {
                seen.insert(seal.seal(b"", b"the same")[..NONCE].to_vec());
            }
        }
        assert_eq!(seen.len(), 1000);
    }

    #[test]
    fn database_and_recordings_have_keys_of_their_own_and_none_is_printed() {
        let key = Key::new(KEY);
        let database = key.database().unwrap();
        // HKDF-SHA256 of 32 bytes 07 without salt, info "talus database 1": computed with OpenSSL 3.
        assert_eq!(database.as_str(), DATABASE);
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert_eq!(format!("{:?}", Seal::new(&key, ONE).unwrap()), "Seal(0 chunks)");
    }

    const DATABASE: &str =
        "a51241f7a1e1d4b61661d29d8223b7a5dfa8834c6e5b38b613ed33a9c659ef0b38ccf5d55ba0bc5df1ab9e83bb8c7e78";
}

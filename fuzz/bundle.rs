//! Whatever comes as a bundle is taken in whole or refused, and a refusal leaves nothing behind.
//!
//! The bytes are a bundle as they are or, since chance meets no checksum, its parts: name, a line end, contents, and a byte
//! 0xFE before the next one, packed here.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{Cursor, Write};
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex};
use talus_store::{Job, Store};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

struct Household {
    store: Store,
    file: PathBuf,
    taken: u32,
}

impl Household {
    fn new() -> Self {
        let memory = PathBuf::from("/dev/shm");
        let around = if memory.is_dir() { memory } else { std::env::temp_dir() };
        let folder = around.join(format!("talus-fuzz-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let store = Store::open(&folder.join("talus.db")).expect("a new folder");
        Self { store, file: folder.join("bundle"), taken: 0 }
    }

    fn counts(&self) -> (usize, usize) {
        let people = self.store.profiles().expect("people");
        let sessions = people.iter().map(|one| self.store.sessions(one.id, None, 1000).expect("sessions").len());
        (people.len(), sessions.sum())
    }
}

static HOUSEHOLD: LazyLock<Mutex<Household>> = LazyLock::new(|| Mutex::new(Household::new()));

fn packed(parts: &[u8]) -> Option<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for part in parts.split(|byte| *byte == 0xFE) {
        let mut halves = part.splitn(2, |byte| *byte == b'\n');
        let name = String::from_utf8_lossy(halves.next()?);
        zip.start_file(name.as_ref(), stored).ok()?;
        zip.write_all(halves.next().unwrap_or_default()).ok()?;
    }
    Some(zip.finish().ok()?.into_inner())
}

fuzz_target!(|data: &[u8]| {
    let mut here = HOUSEHOLD.lock().expect("a panic before this one");
    for bytes in packed(data).into_iter().chain([data.to_vec()]) {
        std::fs::write(&here.file, &bytes).expect("room");
        let looked = Store::look_into(&here.file, None);
        if !Store::is_bundle(&here.file) {
            assert!(looked.is_err());
        }
        let before = here.counts();
        match here.store.import(&here.file, None, &Job::new()) {
            Ok(_) => {
                assert!(looked.is_ok());
                here.taken += 1;
                // Whatever was taken in can be looked at.
                here.counts();
                if here.taken > 200 {
                    *here = Household::new();
                }
            }
            Err(error) => {
                assert!(!error.advice().is_empty());
                assert_eq!(here.counts(), before, "{error}");
            }
        }
    }
});

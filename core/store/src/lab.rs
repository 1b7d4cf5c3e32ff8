//! A disk that fails on purpose, for storms: nothing that ships on a phone has it.

use crate::writer::Medium;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

/// What a disk does with a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiskFault {
    /// What it should.
    None,
    /// Takes half of what is appended, then it is full.
    Full,
    /// Takes everything; its syncs fail.
    NoSync,
}

/// The disk below the recordings of a store; copies are the same disk.
#[derive(Debug, Clone, Default)]
pub struct Disk(Arc<AtomicU8>);

impl Disk {
    /// Fails this way from now on.
    pub fn fail(&self, fault: DiskFault) {
        self.0.store(fault as u8, Ordering::SeqCst);
    }

    fn is(&self, fault: DiskFault) -> bool {
        self.0.load(Ordering::SeqCst) == fault as u8
    }

    pub(crate) fn below(&self, medium: Box<dyn Medium>) -> Box<dyn Medium> {
        Box::new(Failing { disk: self.clone(), medium })
    }
}

struct Failing {
    disk: Disk,
    medium: Box<dyn Medium>,
}

impl Medium for Failing {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.disk.is(DiskFault::Full) {
            self.medium.append(&bytes[..bytes.len() / 2])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.medium.append(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        if self.disk.is(DiskFault::NoSync) { Err(io::Error::other("input/output error")) } else { self.medium.sync() }
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.medium.cut(length)
    }

    fn in_place(&self) -> bool {
        self.medium.in_place()
    }
}

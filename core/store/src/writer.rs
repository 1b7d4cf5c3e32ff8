//! The writer: one thread that appends, syncs and commits, in this order, so that the session never waits for a
//! disk. What fails stays in its hands and is tried again with the next second.
//!
//! Where signals cannot be kept, results still are: rows are committed ahead of the recording, which the rows then say
//! (`raw_next`), so that a killed session goes on from its bookmark. Where the database has no room either, the
//! [`Reserve`] gives it some, and signals wait until there is a reserve again.

use crate::db::glance::Link;
use crate::db::rows::{self, Place, Second};
use crate::lock::WriterLock;
use crate::recording::{PRELUDE, prelude_bytes};
use crate::reserve::Reserve;
use crate::{StoreError, db};
use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Arc, Mutex, PoisonError};
use talus_coach::Record;

/// Bytes kept while the disk takes none: more than eight hours of two cuffs.
const BACKLOG_MAX: usize = 64 << 20;

/// Where a recording's bytes go.
pub(crate) trait Medium: Send {
    /// Adds bytes at the end; after an error any part of them may be there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns once everything appended survives a power cut.
    fn sync(&mut self) -> io::Result<()>;
    /// Makes it `length` bytes long again.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Whether it still is where it was opened.
    fn in_place(&self) -> bool;
}

/// A recording on disk, opened for appending.
#[derive(Debug)]
pub(crate) struct RecordingFile {
    file: File,
    path: PathBuf,
}

impl RecordingFile {
    /// A new file with `head` in it, safe on disk with its name.
    pub(crate) fn create(path: &Path, head: &[u8]) -> io::Result<Self> {
        let mut file = File::options().append(true).create_new(true).open(path)?;
        let written = file.write_all(head).and_then(|()| file.sync_all()).and_then(|()| {
            let folder = db::open::folder_of(path);
            db::open::sync_folder(&folder)
        });
        if let Err(error) = written {
            // Best effort: the error that matters is the first.
            let _ = fs::remove_file(path);
            return Err(error);
        }
        Ok(Self { file, path: path.to_owned() })
    }

    /// The file at `path`, cut to `length` bytes where it is longer.
    pub(crate) fn reopen(path: &Path, length: u64) -> io::Result<Self> {
        // What is appended may need the newest version. Two bytes of one sector: it says the old one or the new one.
        let mut head = File::options().read(true).write(true).open(path)?;
        let mut prelude = [0; PRELUDE];
        head.read_exact(&mut prelude)?;
        let newest = prelude_bytes();
        if prelude != newest {
            head.rewind()?;
            head.write_all(&newest)?;
            head.sync_all()?;
        }
        drop(head);
        let file = File::options().append(true).open(path)?;
        if file.metadata()?.len() > length {
            file.set_len(length)?;
            file.sync_all()?;
        }
        Ok(Self { file, path: path.to_owned() })
    }
}

impl Medium for RecordingFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)
    }

    fn in_place(&self) -> bool {
        let named = fs::metadata(&self.path).map(|there| there.len());
        let held = self.file.metadata().map(|here| here.len());
        matches!((named, held), (Ok(named), Ok(held)) if named == held)
    }
}

/// What the recorder hands over.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// Whole groups of chunks.
    pub(crate) bytes: Vec<u8>,
    pub(crate) records: Vec<Record>,
    pub(crate) through_us: i64,
    /// Sequence number after the last input in `bytes`.
    pub(crate) next: u64,
    /// UTC milliseconds, where this is the end.
    pub(crate) ended_utc_ms: Option<i64>,
}

/// What the writer is asked.
#[derive(Debug)]
pub(crate) enum Job {
    Commit(Batch),
    /// Answer once everything before was tried.
    Settle(SyncSender<()>),
}

/// What both sides see.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) safe_through_us: AtomicI64,
    pub(crate) syncs: AtomicU64,
    pub(crate) commits: AtomicU64,
    pub(crate) bytes: AtomicU64,
    pub(crate) waits: AtomicU64,
    /// Batches that are not acknowledged yet.
    pub(crate) waiting: AtomicU64,
    failure: Mutex<Option<StoreError>>,
}

impl Shared {
    pub(crate) fn new(safe_through_us: i64) -> Self {
        let zero = || AtomicU64::new(0);
        Self {
            safe_through_us: AtomicI64::new(safe_through_us),
            syncs: zero(),
            commits: zero(),
            bytes: zero(),
            waits: zero(),
            waiting: zero(),
            failure: Mutex::new(None),
        }
    }

    /// The last error since the last call that was not overcome.
    pub(crate) fn failure(&self) -> Option<StoreError> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Everything is safe now: what stood in the way before needs no word any more, a refused row does.
    fn overcome(&self, refused: Option<StoreError>) {
        let mut failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
        let still = failure.take().filter(|error| matches!(error, StoreError::Refused { .. }));
        *failure = refused.or(still);
    }

    fn fail(&self, error: StoreError) {
        *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
    }
}

/// The state of the writer's thread.
pub(crate) struct Writer {
    pub(crate) medium: Box<dyn Medium>,
    pub(crate) path: PathBuf,
    /// Length of the recording up to the last append that went well.
    pub(crate) length: u64,
    pub(crate) connection: Link,
    pub(crate) db: PathBuf,
    pub(crate) place: Place,
    pub(crate) shared: Arc<Shared>,
    pub(crate) reserve: Reserve,
    /// Held until the thread ends.
    pub(crate) lock: WriterLock,
}

impl Writer {
    /// Works until the recorder lets go of its end.
    pub(crate) fn run(mut self, jobs: &Receiver<Job>) {
        let mut backlog = Backlog::default();
        for job in jobs {
            match job {
                Job::Commit(batch) => {
                    backlog.add(batch);
                    self.attempt(&mut backlog);
                }
                Job::Settle(reply) => {
                    if backlog.batches > 0 {
                        self.attempt(&mut backlog);
                    }
                    // Nobody waits any more when this fails.
                    let _ = reply.send(());
                }
            }
        }
        drop(self.lock);
    }

    fn attempt(&mut self, backlog: &mut Backlog) {
        let raw = self.write_signals(backlog);
        let rows = self.write_rows(backlog, raw.is_err());
        match (raw, rows) {
            (Ok(()), Ok(())) => {
                let shared = &self.shared;
                shared.waiting.fetch_sub(backlog.batches, Ordering::Relaxed);
                shared.safe_through_us.fetch_max(backlog.batch.through_us, Ordering::Release);
                shared.overcome(backlog.refused.take());
                *backlog = Backlog { reserve_spent: backlog.reserve_spent, ..Backlog::default() };
            }
            // Finished all the same: there is no later try.
            (Err(error), Ok(())) if backlog.batch.ended_utc_ms.is_some() => {
                self.shared.fail(error.without_raw(&self.path));
            }
            // Without rows nothing is safe, so that is said first.
            (_, Err(error)) | (Err(error), Ok(())) => self.shared.fail(error),
        }
    }

    /// Appends and syncs the signals. Everything up to an error can be done again.
    fn write_signals(&mut self, backlog: &mut Backlog) -> Result<(), StoreError> {
        let batch = &mut backlog.batch;
        if batch.bytes.is_empty() {
            return Ok(());
        }
        let path = self.path.clone();
        let io = |error| StoreError::io(&path, error);
        if !self.medium.in_place() {
            return Err(StoreError::Vanished { path });
        }
        if backlog.reserve_spent {
            self.reserve.fill().map_err(io)?;
            backlog.reserve_spent = false;
        }
        if backlog.cut_first {
            self.medium.cut(self.length).map_err(io)?;
        }
        // Also where only the sync fails: the system may have dropped those pages, so they are written again.
        backlog.cut_first = true;
        if let Err(error) = self.medium.append(&batch.bytes) {
            // Part of them takes room that results may need.
            backlog.cut_first = self.medium.cut(self.length).is_err();
            return Err(io(error));
        }
        self.medium.sync().map_err(io)?;
        backlog.cut_first = false;
        self.length += batch.bytes.len() as u64;
        self.shared.syncs.fetch_add(1, Ordering::Relaxed);
        self.shared.bytes.fetch_add(batch.bytes.len() as u64, Ordering::Relaxed);
        batch.bytes = Vec::new();
        Ok(())
    }

    /// One commit, with or without the signals it was derived from.
    fn write_rows(&mut self, backlog: &mut Backlog, without_signals: bool) -> Result<(), StoreError> {
        if !self.db.exists() {
            return Err(StoreError::Vanished { path: self.db.clone() });
        }
        let batch = &backlog.batch;
        let second = Second {
            records: &batch.records,
            through_us: batch.through_us,
            next: batch.next,
            ended_utc_ms: batch.ended_utc_ms,
            incomplete: backlog.incomplete || (without_signals && batch.ended_utc_ms.is_some()),
        };
        let mut committed = rows::commit(&mut self.connection, self.place, &second);
        let full = |error: &rusqlite::Error| error.sqlite_error_code() == Some(rusqlite::ErrorCode::DiskFull);
        if committed.as_ref().is_err_and(full) && self.reserve.give_up() {
            backlog.reserve_spent = true;
            committed = rows::commit(&mut self.connection, self.place, &second);
        }
        let refused = committed.map_err(|error| StoreError::database(&self.db, error))?;
        self.shared.commits.fetch_add(1, Ordering::Relaxed);
        backlog.batch.records.clear();
        backlog.refused = refused.or(backlog.refused.take());
        Ok(())
    }
}

/// What is not acknowledged yet.
#[derive(Debug, Default)]
struct Backlog {
    batch: Batch,
    batches: u64,
    /// The recording may end in part of these bytes.
    cut_first: bool,
    /// Bytes were given up.
    incomplete: bool,
    /// The reserve went to rows: signals wait until there is one again.
    reserve_spent: bool,
    /// What was wrong with a row of it.
    refused: Option<StoreError>,
}

impl Backlog {
    fn add(&mut self, mut later: Batch) {
        self.batches += 1;
        // With this much waiting the disk has been full for hours: results go on, raw signals become a marked gap.
        if self.batch.bytes.len() + later.bytes.len() > BACKLOG_MAX && !self.batch.bytes.is_empty() {
            self.incomplete = true;
        } else {
            self.batch.bytes.append(&mut later.bytes);
        }
        self.batch.records.append(&mut later.records);
        self.batch.through_us = self.batch.through_us.max(later.through_us);
        self.batch.next = self.batch.next.max(later.next);
        self.batch.ended_utc_ms = later.ended_utc_ms.or(self.batch.ended_utc_ms);
    }
}

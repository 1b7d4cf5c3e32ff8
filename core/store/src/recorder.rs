//! [`Recorder`]: the session's side of recording. It collects, hands over, and knows what is safe.

use crate::db::history::RawState;
use crate::recording::{Damage, Encoder};
use crate::seal::Seal;
use crate::writer::{Batch, Job, Shared, Writer};
use crate::{SessionId, StoreError};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::thread::{self, JoinHandle};
use talus_coach::{Bookmark, Input, Record};
use talus_motion::Micros;

/// Commits that may wait for the writer before [`Recorder::commit`] waits too.
const QUEUE: usize = 4;

/// Counts of one recorder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// Times the recording was synced.
    pub syncs: u64,
    /// Commits of the database, each synced.
    pub commits: u64,
    /// Bytes added to the recording.
    pub bytes: u64,
    /// Commits that found the queue full and waited.
    pub waits: u64,
    /// Commits handed over and not yet safe.
    pub waiting: u64,
}

/// What was found of a session that was taken up again.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    /// Whether its recording is whole.
    pub raw: RawState,
    /// Where its recording has gaps.
    pub damage: Vec<Damage>,
    /// Where the session was, for going on without a whole recording.
    pub bookmark: Option<Bookmark>,
}

/// Records one session. Dropping it leaves the session as it is after the last [`Recorder::commit`], to be taken up
/// again.
#[derive(Debug)]
pub struct Recorder {
    id: SessionId,
    encoder: Encoder,
    records: Vec<Record>,
    through: Micros,
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
    shared: Arc<Shared>,
    /// An input that could not be taken: said with the next commit.
    left_out: Option<StoreError>,
    taken: Option<Taken>,
}

impl Recorder {
    pub(crate) fn start(
        id: SessionId,
        next: u64,
        through: Micros,
        taken: Option<Taken>,
        seal: Option<Seal>,
        writer: Writer,
    ) -> io::Result<Self> {
        let shared = Arc::clone(&writer.shared);
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let thread = thread::Builder::new().name("talus-writer".to_owned()).spawn(move || writer.run(&queue))?;
        Ok(Self {
            id,
            encoder: Encoder::sealed(next, seal),
            records: Vec::new(),
            through,
            jobs: Some(jobs),
            thread: Some(thread),
            shared,
            left_out: None,
            taken,
        })
    }

    /// The session.
    pub fn id(&self) -> SessionId {
        self.id
    }

    /// What was found when the session was taken up again; `None` for a new one.
    pub fn taken(&self) -> Option<&Taken> {
        self.taken.as_ref()
    }

    /// Adds one input, in the order in which the session took them.
    pub fn push(&mut self, input: &Input) {
        if let Err(error) = self.encoder.push(input) {
            self.left_out = Some(error.into());
        }
    }

    /// Adds rows; a row replaces what was said earlier about the same set, repetition, stride or bookmark.
    pub fn records(&mut self, records: &[Record]) {
        self.records.extend_from_slice(records);
    }

    /// Hands everything pushed so far to the writer: one append with one sync, one commit. Call it once per second
    /// of wall-clock time. `through` is the session time that is complete with it. Waits only when the writer is
    /// four commits behind.
    ///
    /// # Errors
    /// What went wrong since the last call, with this or an earlier commit, and still stands. Nothing acknowledged is
    /// lost by it;
    /// what is not acknowledged stays with the writer, which tries again at every later commit.
    pub fn commit(&mut self, through: Micros) -> Result<(), StoreError> {
        self.through = self.through.max(through);
        self.encoder.close(self.through);
        self.hand_over(None)?;
        self.trouble()
    }

    /// Session time that is safe: its inputs are synced and its rows committed. It never runs back.
    pub fn safe_through(&self) -> Micros {
        Micros(self.shared.safe_through_us.load(Ordering::Acquire))
    }

    /// Waits until everything handed over was tried, and tells how far the session is safe.
    ///
    /// # Errors
    /// What went wrong since the last call; as long as this fails, [`Recorder::finish`] would too.
    pub fn settle(&mut self) -> Result<Micros, StoreError> {
        let (reply, answer) = mpsc::sync_channel(1);
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        jobs.send(Job::Settle(reply)).map_err(|_| StoreError::Stopped)?;
        answer.recv().map_err(|_| StoreError::Stopped)?;
        self.trouble()?;
        Ok(self.safe_through())
    }

    /// Ends the session: hands over the rest, marks it finished, waits until all of that is safe.
    ///
    /// # Errors
    /// With [`StoreError::WithoutRaw`] the session is finished and its results are saved, but the last of its signals
    /// are not: it is [`RawState::Incomplete`]. With [`StoreError::Refused`] it is finished too: a row that cannot be
    /// right does not keep a session open. With any other it stays open and can be taken up again up to
    /// [`Recorder::safe_through`]; who wants to wait for room on the disk calls [`Recorder::settle`] first.
    pub fn finish(mut self, ended_utc_ms: i64) -> Result<(), StoreError> {
        self.through = self.through.max(self.encoder.through());
        self.encoder.end(ended_utc_ms);
        self.hand_over(Some(ended_utc_ms))?;
        self.stop()?;
        self.trouble()
    }

    /// Lets go of the session (Ctrl-C): what was pushed is written if it can be, and the session can be taken up
    /// again.
    pub fn abandon(mut self) {
        self.through = self.through.max(self.encoder.through());
        self.encoder.close(self.through);
        // A session that can be taken up again needs no more than what is safe already.
        let _ = self.hand_over(None).and_then(|()| self.stop());
    }

    /// How much was written.
    pub fn counters(&self) -> Counters {
        let shared = &self.shared;
        Counters {
            syncs: shared.syncs.load(Ordering::Relaxed),
            commits: shared.commits.load(Ordering::Relaxed),
            bytes: shared.bytes.load(Ordering::Relaxed),
            waits: shared.waits.load(Ordering::Relaxed),
            waiting: shared.waiting.load(Ordering::Relaxed),
        }
    }

    fn hand_over(&mut self, ended_utc_ms: Option<i64>) -> Result<(), StoreError> {
        let batch = Batch {
            bytes: self.encoder.take(),
            records: std::mem::take(&mut self.records),
            through_us: self.through.0,
            next: self.encoder.next(),
            ended_utc_ms,
        };
        let jobs = self.jobs.as_ref().ok_or(StoreError::Stopped)?;
        self.shared.waiting.fetch_add(1, Ordering::Relaxed);
        match jobs.try_send(Job::Commit(batch)) {
            Ok(()) => Ok(()),
            Err(TrySendError::Full(job)) => {
                self.shared.waits.fetch_add(1, Ordering::Relaxed);
                jobs.send(job).map_err(|_| StoreError::Stopped)
            }
            Err(TrySendError::Disconnected(_)) => Err(StoreError::Stopped),
        }
    }

    fn trouble(&mut self) -> Result<(), StoreError> {
        self.shared.failure().or_else(|| self.left_out.take()).map_or(Ok(()), Err)
    }

    /// Closes the queue and waits for the writer, which then lets go of the lock.
    fn stop(&mut self) -> Result<(), StoreError> {
        self.jobs = None;
        match self.thread.take().map(JoinHandle::join) {
            Some(Err(_)) => Err(StoreError::Stopped),
            Some(Ok(())) | None => Ok(()),
        }
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // Nobody is left to tell; the session can be taken up again either way.
        let _ = self.stop();
    }
}

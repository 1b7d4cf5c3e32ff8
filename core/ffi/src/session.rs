//! [`Session`]: a session under way, as a shell steers and observes it.

use crate::error::{Refusal, TalusError};
use crate::event::Listener;
use crate::flow::Flow;
use crate::picture::Frame;
use crate::pump::{Order, Pump, Reply, Shared, Watch, lock};
use crate::words::Tap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::{Builder, JoinHandle, ThreadId, current};
use talus_app::coach::{self, Texts};

/// Orders that may wait for a session: more than a person can give in a second, and no more.
const ORDERS_MAX: usize = 256;
/// Longest session time one call may let pass, microseconds: an hour.
const ADVANCE_MAX_US: i64 = 3_600_000_000;
/// Fastest pace, times wall time.
const PACE_MAX: f32 = 1000.0;

/// What can be answered in a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Enum)]
pub enum Answer {
    /// Repetitions in reserve after a set.
    Reserve {
        /// 0 to 5; 5 means five or more.
        reps: u8,
    },
    /// Pain. Five or more ends the exercise.
    Pain {
        /// 0 to 10.
        level: u8,
    },
    /// A red flag (chest pain, giving way, sudden swelling, …): stop and call for help.
    RedFlag,
}

/// A session that was left, to be taken up again.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Left {
    /// Id of the session.
    pub session: String,
    /// Session time up to which it is safe, microseconds.
    pub safe_us: i64,
}

/// How an observation stands.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Observing {
    /// The listener is told.
    Active,
    /// It was cancelled, or another listener took its place.
    Cancelled,
    /// The listener threw.
    Failed {
        /// What it said.
        why: String,
    },
    /// The session was closed.
    Over,
}

/// A listener's place at a session. It ends when it is cancelled or dropped.
#[derive(uniffi::Object)]
pub struct Subscription {
    watch: Arc<Watch>,
}

#[uniffi::export]
impl Subscription {
    /// Ends it: no call of the listener begins after this returned. One that is under way goes on to its end.
    pub fn cancel(&self) {
        self.watch.end(Observing::Cancelled);
    }

    /// How it stands.
    pub fn state(&self) -> Observing {
        self.watch.state()
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        self.watch.end(Observing::Cancelled);
    }
}

/// A session under way. It has a thread of its own; every call may come from any thread. Time stands still until
/// [`Session::pace`] or [`Session::advance`] lets it go on; with real cuffs it follows the clock.
#[derive(uniffi::Object)]
pub struct Session {
    orders: SyncSender<Order>,
    shared: Arc<Shared>,
    pump: ThreadId,
    thread: Mutex<Option<JoinHandle<()>>>,
}

impl Session {
    /// Gives the run its thread.
    pub(crate) fn start(run: Flow, texts: &Texts) -> Result<Arc<Self>, TalusError> {
        let (orders, taken) = sync_channel(ORDERS_MAX);
        let language = texts.language();
        let shared = Arc::new(Shared { language, ..Shared::default() });
        let pump = Pump::new(run, Arc::clone(&shared), texts.clone());
        let thread = Builder::new()
            .name("talus-session".to_owned())
            .spawn(move || pump.work(&taken))
            .map_err(|error| Refusal::Defect(error.to_string()).told(language))?;
        let pump = thread.thread().id();
        Ok(Arc::new(Self { orders, shared, pump, thread: Mutex::new(Some(thread)) }))
    }

    /// What a call gets once nobody takes orders any more.
    fn gone(&self) -> TalusError {
        lock(&self.shared.failure).clone().unwrap_or_else(|| self.refuse(Refusal::Closed))
    }

    fn refuse(&self, refusal: Refusal) -> TalusError {
        refusal.told(self.shared.language)
    }

    /// Whether this is the session's own thread, which cannot wait for itself.
    fn inside(&self) -> bool {
        current().id() == self.pump
    }

    fn order(&self, order: Order) -> Result<(), TalusError> {
        self.orders.try_send(order).map_err(|error| match error {
            TrySendError::Full(_) => self.refuse(Refusal::Busy),
            TrySendError::Disconnected(_) => self.gone(),
        })
    }

    fn ask<T>(&self, order: impl FnOnce(Reply<T>) -> Order) -> Result<T, TalusError> {
        if self.inside() {
            return Err(self.refuse(Refusal::WaitsForItself));
        }
        let (reply, answer) = sync_channel(1);
        self.order(order(reply))?;
        answer.recv().unwrap_or_else(|_| Err(self.gone()))
    }

    /// Waits for the thread to end, unless this is it.
    fn join(&self) {
        if self.inside() {
            return;
        }
        let thread = lock(&self.thread).take();
        if let Some(thread) = thread {
            // A pump that panicked has left its failure where it is looked for.
            let _ = thread.join();
        }
    }
}

#[uniffi::export]
impl Session {
    /// The newest picture, if it is newer than version `after`; 0 gives any. Cheap: call it for every screen refresh.
    ///
    /// # Errors
    /// [`TalusError::Closed`] once the session was closed; whatever keeps it from going on.
    pub fn latest_frame(&self, after: u64) -> Result<Option<Frame>, TalusError> {
        if let Some(failure) = lock(&self.shared.failure).clone() {
            return Err(failure);
        }
        let newest = lock(&self.shared.frame).clone();
        Ok(newest.filter(|frame| frame.version > after).map(|frame| (*frame).clone()))
    }

    /// Tells `listener` what happens from now on, and first what happened while nobody listened. One listener at a
    /// time: the one before is cancelled.
    ///
    /// # Errors
    /// [`TalusError::Closed`].
    pub fn observe(&self, listener: Arc<dyn Listener>) -> Result<Arc<Subscription>, TalusError> {
        let watch = Arc::new(Watch::new(listener));
        let before = lock(&self.shared.watch).replace(Arc::clone(&watch));
        if let Some(before) = before {
            before.end(Observing::Cancelled);
        }
        // Asked for afterwards: a session that closes meanwhile ends this observation or is noticed here.
        if let Some(failure) = lock(&self.shared.failure).clone() {
            watch.end(Observing::Over);
            return Err(failure);
        }
        Ok(Arc::new(Subscription { watch }))
    }

    /// Lets session time follow wall time, `speed` times as fast (1 is real time, at most 1,000); 0 stands still. A
    /// phone that slept does not catch up. With real cuffs it follows the clock from the beginning, whatever is asked.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for another speed, [`TalusError::Closed`], [`TalusError::Busy`].
    pub fn pace(&self, speed: f32) -> Result<(), TalusError> {
        if !(0.0..=PACE_MAX).contains(&speed) {
            return Err(self.refuse(Refusal::Pace(speed)));
        }
        self.order(Order::Pace(f64::from(speed)))
    }

    /// Lets session time go on by `us` microseconds at once, and tells the listener before it returns. For tests and
    /// for looking through a recording. Stops where the session is over.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for less than nothing or more than an hour, from inside the listener, or with real cuffs;
    /// [`TalusError::ListenerFailed`] once where the listener threw; [`TalusError::PairingFailed`],
    /// [`TalusError::UnreadableFile`], [`TalusError::Closed`].
    pub fn advance(&self, us: i64) -> Result<(), TalusError> {
        if !(0..=ADVANCE_MAX_US).contains(&us) {
            return Err(self.refuse(Refusal::Advance(us)));
        }
        self.ask(|reply| Order::Advance(us, reply))
    }

    /// Somebody pressed something. Nothing happens before the session has begun or where it makes no sense.
    ///
    /// # Errors
    /// [`TalusError::Closed`], [`TalusError::Busy`].
    pub fn press(&self, tap: Tap) -> Result<(), TalusError> {
        self.order(Order::Press(tap.into()))
    }

    /// Somebody answered a question.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for a number out of its range, [`TalusError::Closed`], [`TalusError::Busy`].
    pub fn answer(&self, answer: Answer) -> Result<(), TalusError> {
        let answer = match answer {
            Answer::Reserve { reps } if reps > 5 => return Err(self.refuse(Refusal::Reserve(reps))),
            Answer::Pain { level } if level > 10 => return Err(self.refuse(Refusal::Pain(level))),
            Answer::Reserve { reps } => coach::Answer::Reserve(reps),
            Answer::Pain { level } => coach::Answer::Pain(level),
            Answer::RedFlag => coach::Answer::RedFlag,
        };
        self.order(Order::Answer(answer))
    }

    /// Makes everything so far safe at once, as an app does that is sent to the background. Gives the session time that
    /// is safe, microseconds.
    ///
    /// # Errors
    /// [`TalusError::StorageFull`], [`TalusError::Storage`]: the session goes on in memory. [`TalusError::Closed`].
    pub fn save(&self) -> Result<i64, TalusError> {
        self.ask(Order::Save)
    }

    /// Closes the session so that it can be resumed; everything up to now is safe. Absent where it had not begun.
    ///
    /// # Errors
    /// [`TalusError::StorageFull`], [`TalusError::Storage`] where the last seconds are not safe; what was shown as safe
    /// is. [`TalusError::Closed`].
    pub fn leave(&self) -> Result<Option<Left>, TalusError> {
        let left = self.ask(Order::Leave);
        self.join_if_closed(&left);
        left
    }

    /// Closes the session for good, stopping it first where it is not over, and waits until all of it is safe. Gives its
    /// id; absent where it had not begun.
    ///
    /// # Errors
    /// [`TalusError::StorageFull`], [`TalusError::Storage`], [`TalusError::Closed`].
    pub fn finish(&self) -> Result<Option<String>, TalusError> {
        let finished = self.ask(Order::Finish);
        self.join_if_closed(&finished);
        finished
    }

    /// Closes the session at once, as if the process ended: nothing more is written than what was safe. It can be
    /// resumed. Dropping the session does the same.
    pub fn abandon(&self) {
        self.shared.abandoned.store(true, Ordering::Release);
        // Where the queue is full the pump is awake anyway.
        let _ = self.orders.try_send(Order::Wake);
        self.join();
    }
}

impl Session {
    /// After an answer of a closing order the thread is at its end: the next session may want its place at once.
    fn join_if_closed<T>(&self, answer: &Result<T, TalusError>) {
        if !matches!(answer, Err(TalusError::Busy { .. } | TalusError::Invalid { .. })) {
            self.join();
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.abandon();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::household::{Beginning, Opening, Talus};

    #[test]
    fn a_panic_in_the_session_becomes_an_error_and_frees_the_database() {
        let folder = tempfile::tempdir().unwrap();
        let database = folder.path().join("talus.db").display().to_string();
        let talus =
            Talus::new(Opening { database, language: "en".to_owned(), zone: None, key: None, unit: None }).unwrap();
        let session = talus.begin(Beginning::Demo { seed: 1 }).unwrap();
        session.advance(60_000_000).unwrap();
        session.order(Order::Panic).unwrap();
        let error = session.advance(1).unwrap_err();
        assert!(matches!(error, TalusError::Defect { .. }), "{error:?}");
        assert!(matches!(session.latest_frame(0), Err(TalusError::Defect { .. })));
        session.abandon();
        let again = talus.begin(Beginning::Resume { asked: "last".to_owned() }).unwrap();
        again.advance(1_000_000).unwrap();
    }
}

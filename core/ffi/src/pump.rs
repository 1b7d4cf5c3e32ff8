//! [`Pump`]: the one thread of a session. It owns the run, lets its time go on, publishes pictures and tells the
//! listener. Everybody else sends it [`Order`]s and may wait for the answer.

use crate::error::{Failure, Refusal, TalusError};
use crate::event::{Event, Listener};
use crate::flow::Flow;
use crate::picture::Frame;
use crate::session::{Left, Observing};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use talus_app::clock;
use talus_app::coach::{Answer, Tap, Texts};
use talus_app::motion::Micros;

/// Wall time between two steps of a paced session, microseconds: thirty pictures a second.
const BEAT_US: i64 = 33_333;
/// Longest wall time that becomes session time at once, microseconds: a phone that slept does not catch up.
const CATCH_UP_US: i64 = 250_000;
/// Session time between two looks at the listener and at who wants to end this, microseconds.
const CHUNK_US: i64 = 100_000;

/// What a panic is called.
pub(crate) const NO_STATE: &str = "it came to a state that cannot be";

/// Where an answer goes.
pub(crate) type Reply<T> = SyncSender<Result<T, TalusError>>;

/// What a session is told to do.
pub(crate) enum Order {
    Pace(f64),
    Press(Tap),
    Answer(Answer),
    Advance(i64, Reply<()>),
    Save(Reply<i64>),
    Leave(Reply<Option<Left>>),
    Finish(Reply<Option<String>>),
    /// Look at [`Shared::abandoned`].
    Wake,
    #[cfg(test)]
    Panic,
}

/// Somebody who listens, and until when.
pub(crate) struct Watch(Mutex<Result<Arc<dyn Listener>, Observing>>);

impl Watch {
    pub(crate) fn new(listener: Arc<dyn Listener>) -> Self {
        Self(Mutex::new(Ok(listener)))
    }

    pub(crate) fn state(&self) -> Observing {
        lock(&self.0).as_ref().err().cloned().unwrap_or(Observing::Active)
    }

    fn listener(&self) -> Option<Arc<dyn Listener>> {
        lock(&self.0).as_ref().ok().cloned()
    }

    /// Ends it and lets go of the listener at once: a screen that is gone must not be kept. The first end stands: what
    /// failed was not cancelled.
    pub(crate) fn end(&self, how: Observing) {
        let mut standing = lock(&self.0);
        if standing.is_ok() {
            let listener = std::mem::replace(&mut *standing, Err(how));
            drop(standing);
            // Outside the lock: what the other side does when it is let go may look at this again.
            drop(listener);
        }
    }
}

/// What the pump and everybody else look at.
#[derive(Default)]
pub(crate) struct Shared {
    /// What errors are told in.
    pub(crate) language: &'static str,
    pub(crate) frame: Mutex<Option<Arc<Frame>>>,
    pub(crate) watch: Mutex<Option<Arc<Watch>>>,
    /// Why the session does not go on.
    pub(crate) failure: Mutex<Option<TalusError>>,
    /// Nobody wants this session any more.
    pub(crate) abandoned: AtomicBool,
}

/// A lock that a panic elsewhere leaves usable: what is behind it is replaced whole.
pub(crate) fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The thread's own.
pub(crate) struct Pump {
    run: Option<Flow>,
    shared: Arc<Shared>,
    texts: Texts,
    /// Session time for each wall time; 0 stands still.
    speed: f64,
    wall: Micros,
    /// Session time owed, microseconds, with its fraction.
    owed: f64,
}

impl Pump {
    pub(crate) fn new(run: Flow, shared: Arc<Shared>, texts: Texts) -> Self {
        // What follows the clock does so from the beginning.
        let speed = if run.live() { 1.0 } else { 0.0 };
        let mut pump = Self { run: Some(run), shared, texts, speed, wall: clock::now(), owed: 0.0 };
        pump.publish();
        pump
    }

    /// Works until the session is closed or nobody is left to order anything.
    pub(crate) fn work(mut self, orders: &Receiver<Order>) {
        while self.run.is_some() && !self.abandoned() {
            let order = if self.speed > 0.0 {
                let wait_us = (BEAT_US - clock::now().since(self.wall)).clamp(0, BEAT_US);
                orders.recv_timeout(Duration::from_micros(wait_us.unsigned_abs()))
            } else {
                orders.recv().map_err(|_| RecvTimeoutError::Disconnected)
            };
            // A panic behind the bridge must reach a person as an error, and must not take the app with it.
            let done = catch_unwind(AssertUnwindSafe(|| match order {
                Ok(order) => {
                    self.obey(order);
                    // Many orders must not make time stand still.
                    if self.speed > 0.0 && clock::now().since(self.wall) >= BEAT_US {
                        self.beat();
                    }
                    true
                }
                Err(RecvTimeoutError::Timeout) => {
                    self.beat();
                    true
                }
                Err(RecvTimeoutError::Disconnected) => false,
            }));
            match done {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => {
                    self.fail(Refusal::Defect(NO_STATE.to_owned()));
                    self.close();
                }
            }
        }
        self.close();
    }

    fn live(&self) -> bool {
        self.run.as_ref().is_some_and(Flow::live)
    }

    fn abandoned(&self) -> bool {
        self.shared.abandoned.load(Ordering::Acquire)
    }

    /// Lets go of the run and of the listener. Nothing more is written than what was safe.
    fn close(&mut self) {
        let run = self.run.take();
        // What came to a state that cannot be may also not end well.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(run)));
        if let Some(watch) = lock(&self.shared.watch).take() {
            watch.end(Observing::Over);
        }
        let mut failure = lock(&self.shared.failure);
        if failure.is_none() {
            *failure = Some(self.told(Refusal::Closed));
        }
    }

    fn fail(&self, why: impl Into<Failure>) {
        *lock(&self.shared.failure) = Some(self.told(why));
    }

    fn told(&self, why: impl Into<Failure>) -> TalusError {
        why.into().told(self.shared.language)
    }

    fn obey(&mut self, order: Order) {
        match order {
            Order::Wake => {}
            // Real cuffs are as fast as they are.
            Order::Pace(_) if self.live() => {}
            Order::Advance(_, reply) if self.live() => {
                let _ = reply.send(Err(self.told(Refusal::FollowsTheClock)));
            }
            Order::Pace(speed) => {
                self.speed = speed;
                self.wall = clock::now();
                self.owed = 0.0;
            }
            Order::Press(tap) => self.touch(|run| run.press(tap)),
            Order::Answer(answer) => self.touch(|run| run.answer(answer)),
            Order::Advance(us, reply) => {
                let done = self.advance(us);
                let _ = reply.send(done.map_err(|why| self.told(why)));
            }
            Order::Save(reply) => {
                let saved = self.run.as_mut().map_or(Err(Refusal::Closed.into()), |run| Ok(run.save()?.0));
                self.publish();
                let _ = reply.send(saved.map_err(|why: Failure| self.told(why)));
            }
            Order::Leave(reply) => {
                self.tell().ok();
                let left = self.run.take().map_or(Err(Refusal::Closed.into()), |run| {
                    Ok(run.leave()?.map(|(id, safe)| Left { session: id.to_string(), safe_us: safe.0 }))
                });
                self.close();
                let _ = reply.send(left.map_err(|why: Failure| self.told(why)));
            }
            Order::Finish(reply) => {
                if let Some(run) = &mut self.run
                    && !run.over()
                {
                    run.press(Tap::Stop);
                }
                // What the end brought is told before the session is gone.
                self.tell().ok();
                let finished = self
                    .run
                    .take()
                    .map_or(Err(Refusal::Closed.into()), |run| Ok(run.finish()?.map(|id| id.to_string())));
                self.close();
                let _ = reply.send(finished.map_err(|why: Failure| self.told(why)));
            }
            #[cfg(test)]
            Order::Panic => std::panic::resume_unwind(Box::new("asked to")),
        }
    }

    fn touch(&mut self, what: impl FnOnce(&mut Flow)) {
        if let Some(run) = &mut self.run {
            what(run);
        }
        self.publish();
        // A listener that throws is noted in its own state.
        self.tell().ok();
    }

    /// Lets session time go on as wall time did.
    fn beat(&mut self) {
        let now = clock::now();
        let passed = now.since(self.wall).clamp(0, CATCH_UP_US);
        self.wall = now;
        if self.live() {
            self.follow();
            return;
        }
        self.owed += passed as f64 * self.speed;
        let whole = self.owed.floor();
        self.owed -= whole;
        match self.advance(whole as i64) {
            // A listener that threw is noted in its own state.
            Ok(()) | Err(Failure::Own(Refusal::Listener(_))) => {}
            Err(error) => {
                self.fail(error);
                self.speed = 0.0;
            }
        }
        if self.run.as_ref().is_some_and(Flow::over) {
            self.speed = 0.0;
        }
    }

    /// Takes in what real cuffs said up to now. Also once the session is over: their links are still being closed.
    fn follow(&mut self) {
        let Some(run) = &mut self.run else { return };
        if let Err(error) = run.advance(Micros(0)) {
            self.fail(error);
            self.speed = 0.0;
        }
        self.publish();
        // A listener that throws is noted in its own state.
        self.tell().ok();
    }

    /// Lets session time go on by `us`, in chunks, until the session is over.
    fn advance(&mut self, us: i64) -> Result<(), Failure> {
        let mut told = Ok(());
        let Some(run) = &self.run else { return Err(Refusal::Closed.into()) };
        let end = run.now().plus(us);
        while let Some(run) = &mut self.run
            && run.now() < end
            && !run.over()
        {
            if self.shared.abandoned.load(Ordering::Acquire) {
                return Err(Refusal::Closed.into());
            }
            run.advance(run.now().plus(CHUNK_US).min(end))?;
            self.publish();
            told = told.and(self.tell());
        }
        told
    }

    /// Hands what happened to the listener. Where there is none it waits in the run, which keeps a bounded number.
    fn tell(&mut self) -> Result<(), Failure> {
        let Some(run) = &mut self.run else { return Ok(()) };
        // The lock is not held while the listener is told: it may want to observe anew.
        let watch = lock(&self.shared.watch).clone();
        let Some(watch) = watch else { return Ok(()) };
        let Some(listener) = watch.listener() else { return Ok(()) };
        let events: Vec<Event> = run.notes().into_iter().filter_map(|note| Event::of(note, &self.texts)).collect();
        if events.is_empty() {
            return Ok(());
        }
        let why = match catch_unwind(AssertUnwindSafe(|| listener.on_events(events))) {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => NO_STATE.to_owned(),
        };
        watch.end(Observing::Failed { why: why.clone() });
        Err(Refusal::Listener(why).into())
    }

    fn publish(&mut self) {
        let Some(run) = &self.run else { return };
        let mut slot = lock(&self.shared.frame);
        let version = slot.as_ref().map_or(0, |frame| frame.version);
        let mut frame = Frame {
            version,
            now_us: run.now().0,
            over: run.over(),
            progress: run.progress().map(|share| share as f32),
            picture: run.scene().into(),
        };
        if slot.as_deref() != Some(&frame) {
            frame.version += 1;
            *slot = Some(Arc::new(frame));
        }
    }
}

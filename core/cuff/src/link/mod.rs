//! The way to one cuff: connect, prepare, stream, lose it, take it up again, close it.
//!
//! [`Link`] is the most important item: a machine without a clock or a socket. It is told what was heard and what
//! time it is, and answers with asks for the radio and notices for the app. It talks to any sensor family through
//! [`crate::driver::Talk`], one operation at a time.
//!
//! ```text
//! Idle ─start─▶ Connecting ─▶ Up: setup operations ─▶ Up: streaming ─stop─▶ Stop written ─▶ Closing ─▶ Idle
//!                  ▲  │fail      │time-out, refusal       │lost, stalled
//!                  │  ▼          ▼                        ▼
//!                Waiting ◀──── Closing ◀──────────────────┘        (0.5, 1, 2, 4, 8, then every 15 s)
//! ```
//!
//! Segments: after each reconnect, and whenever the cuff counts anew (it rebooted), the stream begins a *segment*: a
//! [`Notice::Stream`] comes again, the first block after it carries [`BlockFlags::CONFIG_CHANGED`], device times
//! start over, and block indices go on from where they were plus an estimated gap (never back, always more than the
//! three samples that may be interpolated). A clock starts its fit again at [`Notice::Stream`].
//!
//! Order: packets leave a link in the order of their samples. One that came before another it must follow waits for it: two
//! connection events, and a quarter of a second where this link has put packets in a wrong order lately; what comes later
//! than that stays missing.
//!
//! Where a cuff kept the session going and remembers it, a reconnection begins no segment: what was missed is
//! [fetched](crate::driver::Talk::fetch), and later samples wait for it, up to ten seconds.

mod fault;
mod fill;
mod order;
mod sequence;
mod sync;
#[cfg(test)]
mod tests;
mod words;

pub use words::{Counters, CuffCard, LinkOutputs, Notice, Wish};

use crate::driver::cmp::SyncRequest;
use crate::driver::{Family, Op, Packet, Peer, Talk, TalkError, Told, display_name};
use crate::transport::{Ask, Heard, PeripheralId, RadioState};
use arrayvec::ArrayVec;
use fill::Fill;
use order::Overtaken;
use sequence::{Place, Sequence, Spot};
use std::collections::VecDeque;
use sync::TwoWay;
use talus_motion::{BlockFlags, Counts, CuffId, LinkState, Micros, SampleBlock, StreamConfig};
use uuid::Uuid;

/// Waiting times between attempts, microseconds; the last one repeats.
pub const BACK_OFF_US: [i64; 6] = [500_000, 1_000_000, 2_000_000, 4_000_000, 8_000_000, 15_000_000];
/// A platform's own connect ends after about 30 s and cannot be cancelled before; longer than that it hangs.
const CONNECT_US: i64 = 35_000_000;
/// Reading needs no bond: a cuff that takes longer is not there.
const READ_US: i64 = 10_000_000;
/// The ATT transaction time-out; a write or subscription may wait for a pairing dialogue.
const WRITE_US: i64 = 30_000_000;
/// From a confirmed command to its answer.
const ANSWER_US: i64 = 5_000_000;
/// A stop that is not confirmed by then is given up: the cuff stops by itself 5 s after a link is lost.
const STOP_US: i64 = 2_000_000;
/// From asking for a disconnection to taking it for granted.
const CLOSE_US: i64 = 5_000_000;
/// A cuff that was looked for this long and neither seen nor reached is said not to be found: it advertises once a second
/// at least, so it sleeps, is away or empty.
const NOT_FOUND_US: i64 = 20_000_000;
/// Characteristics whose last notification is remembered: no family has more that notify.
const HEARD_MAX: usize = 8;

/// Where a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is wanted.
    Idle,
    /// The radio cannot be used; it will say when it can.
    NoRadio,
    /// Until the next attempt.
    Waiting { until: Micros },
    /// A connection was asked for.
    Connecting { until: Micros },
    /// Connected.
    Up,
    /// A disconnection was asked for.
    Closing { until: Micros, then: Then },
}

/// What follows a disconnection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The app closed it.
    Closed,
    /// Try again after a pause.
    Retry,
    /// Try again at once.
    Again,
    /// No use trying: the state says why.
    Rest,
}

/// Why an operation runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    Setup,
    Fill,
    Identify,
    Stop,
}

/// The one operation under way.
#[derive(Debug, Clone)]
struct Running {
    op: Op,
    why: Why,
    confirmed: bool,
    answered: bool,
    until: Micros,
}

/// The way to one cuff. See the module's page for its states.
pub struct Link {
    cuff: CuffId,
    id: PeripheralId,
    /// As it advertises itself, not trusted.
    name: String,
    family: Family,
    talk: Box<dyn Talk + Send>,
    state: LinkState,
    phase: Phase,
    running: Option<Running>,
    /// The link is to be closed as soon as the running operation ends.
    closing: bool,
    /// What is still to be written before that, and until when; `None` until the running operation has ended.
    stops: Option<(Micros, VecDeque<Op>)>,
    identify: bool,
    /// What is left of showing which cuff it is.
    identifying: VecDeque<Op>,
    /// When the stream last showed life; `Some` while it runs.
    alive: Option<Micros>,
    /// The stream stalled on this connection and was started again once.
    nudged: bool,
    hold_until: Option<Micros>,
    bond_tries: u8,
    /// The operation in whose middle links fell that needed a bond there, and how many in a row.
    fallen: Option<(Op, u8)>,
    attempt: usize,
    refused: u8,
    seen: bool,
    /// Since when it is tried to reach a cuff that is not seen.
    unseen_since: Option<Micros>,
    was_up: bool,
    carded: bool,
    mtu: u16,
    characteristics: Vec<Uuid>,
    config: Option<StreamConfig>,
    /// The next block is the first of a segment that is not the first.
    changed: bool,
    segments: u64,
    battery_percent: Option<u8>,
    sequence: Sequence,
    /// What waits for packets it overtook.
    overtaken: Overtaken,
    /// The session that streamed last, where the cuff tells it, and what it carried.
    session: Option<(u32, StreamConfig)>,
    /// What waits for samples that a lost link missed.
    fill: Option<Fill>,
    two_way: TwoWay,
    counters: Counters,
    fault: Option<TalkError>,
    /// When each characteristic last notified on this connection.
    heard: ArrayVec<(Uuid, Micros), HEARD_MAX>,
    /// What the last notification held; kept for its memory.
    told: Vec<Told>,
}

impl Link {
    /// A link that does nothing until [`Link::start`].
    pub fn new(cuff: CuffId, id: PeripheralId, family: Family, wish: Wish) -> Self {
        Self {
            cuff,
            id,
            name: String::new(),
            family,
            talk: family.talk(wish),
            state: LinkState::Closed,
            phase: Phase::Idle,
            running: None,
            closing: false,
            stops: None,
            identify: false,
            identifying: VecDeque::new(),
            alive: None,
            nudged: false,
            hold_until: None,
            bond_tries: 0,
            fallen: None,
            attempt: 0,
            refused: 0,
            seen: false,
            unseen_since: None,
            was_up: false,
            carded: false,
            mtu: 23,
            characteristics: Vec::new(),
            config: None,
            changed: false,
            segments: 0,
            battery_percent: None,
            sequence: Sequence::new(),
            overtaken: Overtaken::default(),
            session: None,
            fill: None,
            two_way: TwoWay::default(),
            counters: Counters::default(),
            fault: None,
            heard: ArrayVec::new(),
            told: Vec::new(),
        }
    }

    /// The same link to a cuff that was seen under this name: some families tell their number nowhere else.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        self.name = display_name(name);
        self
    }

    /// The cuff this link leads to.
    pub fn cuff(&self) -> CuffId {
        self.cuff
    }

    /// How this platform names the cuff.
    pub fn id(&self) -> &PeripheralId {
        &self.id
    }

    /// What a person can be told.
    pub fn state(&self) -> LinkState {
        self.state
    }

    /// What was seen since the link was made.
    pub fn counters(&self) -> Counters {
        self.counters
    }

    /// Why the last conversation ended, for diagnostics; `None` when it did not or has been replaced by a good one.
    pub fn fault(&self) -> Option<TalkError> {
        self.fault
    }

    /// When [`Link::tick`] has something to do next, if nothing is heard before.
    pub fn due(&self) -> Option<Micros> {
        let waiting = self.fill.as_ref().and_then(Fill::until);
        self.phase_due().into_iter().chain(waiting).chain(self.overtaken.until()).min()
    }

    fn phase_due(&self) -> Option<Micros> {
        match self.phase {
            Phase::Idle | Phase::NoRadio => None,
            Phase::Connecting { until } => self.not_found_at().into_iter().chain([until]).min(),
            Phase::Waiting { until } | Phase::Closing { until, .. } => Some(until),
            Phase::Up => {
                let stall = self.alive.map(|alive| alive.plus(self.talk.quiet_us()));
                let running = self.running.as_ref().map(|running| running.until);
                let question = self.two_way.due().filter(|_| self.running.is_none());
                [stall, running, self.hold_until, question].into_iter().flatten().min()
            }
        }
    }

    /// Connects and streams, and keeps at it until [`Link::stop`].
    pub fn start(&mut self, now: Micros, out: &mut LinkOutputs) {
        match self.phase {
            Phase::Idle => {
                (self.attempt, self.fallen, self.unseen_since) = (0, None, None);
                self.was_up = false;
                self.connect(now, LinkState::Connecting, out);
            }
            Phase::Closing { until, then: Then::Closed | Then::Rest } => {
                self.attempt = 0;
                self.phase = Phase::Closing { until, then: Then::Again };
            }
            _ => self.closing = false,
        }
    }

    /// Stops the stream, then disconnects.
    pub fn stop(&mut self, now: Micros, out: &mut LinkOutputs) {
        match self.phase {
            Phase::Idle => {}
            Phase::NoRadio | Phase::Waiting { .. } => self.rest(now, LinkState::Closed, out),
            Phase::Connecting { .. } => self.close(now, Then::Closed, out),
            Phase::Closing { until, .. } => self.phase = Phase::Closing { until, then: Then::Closed },
            Phase::Up => {
                self.spill(now, out);
                self.closing = true;
                self.two_way.stop();
                // A stopped stream is no stall.
                self.alive = None;
                self.running.take_if(|running| matches!(running.op, Op::Wait(_)));
                if let Some(running) = &mut self.running {
                    running.until = running.until.min(now.plus(STOP_US));
                }
                self.pump(now, out);
            }
        }
    }

    /// Lets the cuff show which one it is, as soon as it is connected and ready.
    pub fn identify(&mut self, now: Micros, out: &mut LinkOutputs) {
        self.identify = true;
        self.pump(now, out);
    }

    /// Takes what the radio heard; what is about other devices is ignored.
    pub fn hear(&mut self, at: Micros, heard: &Heard, out: &mut LinkOutputs) {
        match heard {
            Heard::Radio(radio) => self.radio(at, *radio, out),
            Heard::Advert(advert) if advert.id == self.id => {
                self.seen = true;
                self.unseen_since = None;
                if self.state == LinkState::NotFound {
                    self.set_state(at, self.away(), out);
                }
                if self.name.is_empty() && !advert.name.is_empty() {
                    self.name = display_name(&advert.name);
                }
            }
            Heard::Connected { id, mtu, characteristics } if *id == self.id => {
                self.connected(at, *mtu, characteristics, out);
            }
            Heard::Disconnected(id) if *id == self.id => self.disconnected(at, out),
            Heard::Read(id, uuid, bytes) if *id == self.id && self.runs(&Op::Read(*uuid)) => {
                self.finish(at, bytes, out);
            }
            Heard::Subscribed(id, uuid) if *id == self.id && self.runs(&Op::Subscribe(*uuid)) => {
                self.finish(at, &[], out);
            }
            Heard::Written(id, uuid) if *id == self.id => self.written(at, *uuid, out),
            Heard::Notified(id, uuid, bytes) if *id == self.id => self.notified(at, *uuid, bytes, out),
            Heard::Failed { id, characteristic, refusal } if *id == self.id => {
                self.failed(at, *characteristic, *refusal, out);
            }
            _ => {}
        }
    }

    /// Lets time pass: time-outs, pauses, stalls.
    pub fn tick(&mut self, now: Micros, out: &mut LinkOutputs) {
        if self.fill.as_ref().and_then(Fill::until).is_some_and(|until| now >= until) {
            self.spill(now, out);
        }
        self.let_go(Some(now), out);
        match self.phase {
            Phase::Waiting { until } if now >= until => {
                let state = self.state;
                self.connect(now, state, out);
            }
            Phase::Connecting { until } if now >= until => {
                self.allowed(now, out);
                self.close(now, Then::Retry, out);
            }
            Phase::Connecting { .. } if self.not_found_at().is_some_and(|at| now >= at) => {
                self.set_state(now, LinkState::NotFound, out);
            }
            Phase::Closing { until, then } if now >= until => self.closed(now, then, out),
            Phase::Idle | Phase::NoRadio | Phase::Waiting { .. } | Phase::Connecting { .. } | Phase::Closing { .. } => {
            }
            Phase::Up => {
                if self.running.as_ref().is_some_and(|running| now >= running.until) {
                    self.timed_out(now, out);
                } else if self.alive.is_some_and(|alive| now >= alive.plus(self.talk.quiet_us())) {
                    self.stalled(now, out);
                } else if self.hold_until.is_some_and(|until| now >= until) {
                    self.hold_until = None;
                    self.pump(now, out);
                } else if self.running.is_none() {
                    self.ask_time(now, out);
                }
            }
        }
    }

    /// Whether `op` is the operation under way.
    fn runs(&self, op: &Op) -> bool {
        self.running.as_ref().is_some_and(|running| running.op == *op)
    }

    fn set_state(&mut self, at: Micros, state: LinkState, out: &mut LinkOutputs) {
        if self.state != state {
            // What came on a link is told before its end is.
            self.let_all_go(out);
            self.state = state;
            out.notices.push(Notice::State { at, state });
        }
    }

    fn connect(&mut self, at: Micros, state: LinkState, out: &mut LinkOutputs) {
        self.forget_connection();
        self.unseen_since.get_or_insert(at);
        self.phase = Phase::Connecting { until: at.plus(CONNECT_US) };
        self.set_state(at, state, out);
        out.asks.push(Ask::Connect(self.id.clone()));
    }

    fn forget_connection(&mut self) {
        self.running = None;
        self.two_way.stop();
        self.alive = None;
        self.hold_until = None;
        self.closing = false;
        self.stops = None;
        self.identifying.clear();
        self.nudged = false;
        self.carded = false;
        self.bond_tries = 0;
        self.config = None;
        self.heard.clear();
    }

    /// Asks for a disconnection; what follows is decided when it is there.
    fn close(&mut self, at: Micros, then: Then, out: &mut LinkOutputs) {
        self.forget_connection();
        self.phase = Phase::Closing { until: at.plus(CLOSE_US), then };
        out.asks.push(Ask::Disconnect(self.id.clone()));
    }

    fn closed(&mut self, at: Micros, then: Then, out: &mut LinkOutputs) {
        match then {
            Then::Closed => self.rest(at, LinkState::Closed, out),
            Then::Rest => self.phase = Phase::Idle,
            Then::Again => self.connect(at, LinkState::Connecting, out),
            Then::Retry => self.wait(at, out),
        }
    }

    fn rest(&mut self, at: Micros, state: LinkState, out: &mut LinkOutputs) {
        self.spill(at, out);
        self.forget_connection();
        self.identify = false;
        self.phase = Phase::Idle;
        self.set_state(at, state, out);
    }

    fn wait(&mut self, at: Micros, out: &mut LinkOutputs) {
        self.forget_connection();
        let pause_us = BACK_OFF_US[self.attempt.min(BACK_OFF_US.len() - 1)];
        self.attempt = self.attempt.saturating_add(1);
        self.phase = Phase::Waiting { until: at.plus(pause_us) };
        let state = match self.state {
            _ if self.not_found_at().is_some_and(|not_found| at >= not_found) => LinkState::NotFound,
            // What a person must do something about stays on the screen.
            LinkState::BondLost
            | LinkState::InUseElsewhere
            | LinkState::NotAllowed
            | LinkState::BatteryLow
            | LinkState::NotFound => self.state,
            _ => self.away(),
        };
        self.set_state(at, state, out);
    }

    /// When there is to be said that it is not found, unless it shows itself; `None` while something else must be said, or
    /// that is.
    fn not_found_at(&self) -> Option<Micros> {
        let since = self.unseen_since.filter(|_| self.state != LinkState::NotFound && !self.says_more())?;
        Some(since.plus(NOT_FOUND_US))
    }

    /// What there is to say of a cuff that is looked for.
    fn away(&self) -> LinkState {
        if self.was_up { LinkState::Lost } else { LinkState::Searching }
    }

    fn radio(&mut self, at: Micros, radio: RadioState, out: &mut LinkOutputs) {
        if self.phase == Phase::Idle {
            return;
        }
        let state = match radio {
            RadioState::On => {
                if self.phase == Phase::NoRadio {
                    self.attempt = 0;
                    self.connect(at, LinkState::Connecting, out);
                }
                return;
            }
            RadioState::NotAllowed => LinkState::NotAllowed,
            RadioState::Off | RadioState::Missing => LinkState::RadioOff,
        };
        if self.closing || matches!(self.phase, Phase::Closing { then: Then::Closed, .. }) {
            return self.rest(at, LinkState::Closed, out);
        }
        self.spill(at, out);
        self.forget_connection();
        self.unseen_since = None;
        self.phase = Phase::NoRadio;
        self.set_state(at, state, out);
    }

    fn connected(&mut self, at: Micros, mtu: u16, characteristics: &[Uuid], out: &mut LinkOutputs) {
        if !matches!(self.phase, Phase::Connecting { .. }) {
            return; // late, after it was given up: the disconnection is already asked for
        }
        if self.was_up {
            self.counters.reconnects += 1;
        }
        self.was_up = true;
        (self.refused, self.unseen_since) = (0, None);
        self.phase = Phase::Up;
        self.mtu = mtu;
        self.characteristics.clear();
        self.characteristics.extend(characteristics.iter().take(256));
        self.begin_talk();
        // A cuff that lost its bond or is nearly empty connects all the same; the message stays until it really streams.
        if !self.says_more() {
            self.set_state(at, LinkState::Preparing, out);
        }
        self.pump(at, out);
    }

    fn begin_talk(&mut self) {
        let Self { talk, id, name, mtu, characteristics, .. } = self;
        talk.begin(&Peer { id, name, mtu: *mtu, characteristics });
    }

    fn disconnected(&mut self, at: Micros, out: &mut LinkOutputs) {
        match self.phase {
            Phase::Idle | Phase::NoRadio | Phase::Waiting { .. } => {}
            Phase::Closing { then, .. } => self.closed(at, then, out),
            Phase::Up if self.closing => self.rest(at, LinkState::Closed, out),
            Phase::Up => {
                self.suspect_bond(at, out);
                self.wait(at, out);
            }
            Phase::Connecting { .. } => {
                self.allowed(at, out);
                self.wait(at, out);
            }
        }
    }

    /// Begins the next operation, if none is under way.
    fn pump(&mut self, at: Micros, out: &mut LinkOutputs) {
        if self.phase != Phase::Up || self.running.is_some() {
            return;
        }
        if self.closing {
            let Self { talk, identifying, stops, .. } = self;
            let (until, stops) = stops.get_or_insert_with(|| {
                // A light that was switched on to show the cuff is switched off before.
                let left = identifying.drain(..).filter(|op| !matches!(op, Op::Wait(_)));
                (at.plus(STOP_US), left.chain(talk.stop()).collect())
            });
            let next = stops.pop_front().filter(|_| at < *until);
            return match next {
                Some(op) => self.run(at, op, Why::Stop, out),
                None => self.close(at, Then::Closed, out),
            };
        }
        if self.hold_until.is_some() {
            return;
        }
        self.tell_card(out);
        if self.alive.is_none() {
            match self.talk.next() {
                Some(op) => return self.run(at, op, Why::Setup, out),
                None => self.stream(at, out),
            }
        }
        if self.phase != Phase::Up {
            return;
        }
        let missing = self.fill.as_mut().and_then(Fill::ask);
        if let Some((from, to)) = missing {
            match self.talk.fetch(from, to) {
                Some(op) => return self.run(at, op, Why::Fill, out),
                None => self.spill(at, out),
            }
        }
        if std::mem::take(&mut self.identify) && self.identifying.is_empty() {
            self.identifying = self.talk.identify().into();
        }
        if let Some(op) = self.identifying.pop_front() {
            self.run(at, op, Why::Identify, out);
        }
    }

    fn run(&mut self, at: Micros, op: Op, why: Why, out: &mut LinkOutputs) {
        let id = self.id.clone();
        let (ask, limit_us) = match &op {
            Op::Read(uuid) => (Some(Ask::Read(id, *uuid)), READ_US),
            Op::Subscribe(uuid) => (Some(Ask::Subscribe(id, *uuid)), WRITE_US),
            Op::Wait(us) => (None, *us),
            Op::Write { characteristic, bytes, with_response, .. } => {
                let (characteristic, bytes, with_response) = (*characteristic, bytes.clone(), *with_response);
                (Some(Ask::Write { id, characteristic, bytes, with_response }), WRITE_US)
            }
        };
        let mut until = at.plus(limit_us);
        if let (Why::Stop, Some((latest, _))) = (why, &self.stops) {
            until = until.min(*latest);
        }
        self.running = Some(Running { op, why, confirmed: false, answered: false, until });
        out.asks.extend(ask);
    }

    fn written(&mut self, at: Micros, uuid: Uuid, out: &mut LinkOutputs) {
        let Some(running) = &mut self.running else { return };
        let Op::Write { characteristic, answer_on, .. } = &running.op else { return };
        if *characteristic != uuid || running.confirmed {
            return;
        }
        running.confirmed = true;
        if answer_on.is_some() && !running.answered {
            running.until = running.until.min(at.plus(ANSWER_US));
        } else {
            self.finish(at, &[], out);
        }
    }

    /// The running operation is done.
    fn finish(&mut self, at: Micros, bytes: &[u8], out: &mut LinkOutputs) {
        let Some(running) = self.running.take() else { return };
        match running.why {
            Why::Stop | Why::Identify => self.pump(at, out),
            Why::Fill => {
                if let Some(fill) = &mut self.fill {
                    fill.answered();
                }
                self.release(at, out);
                self.pump(at, out);
            }
            Why::Setup => match self.talk.done(bytes) {
                Ok(()) => {
                    self.bond_tries = 0;
                    self.tell_battery(self.talk.battery_percent(), out);
                    self.pump(at, out);
                }
                Err(error) => self.give_in(at, error, out),
            },
        }
    }

    fn tell_card(&mut self, out: &mut LinkOutputs) {
        if self.carded {
            return;
        }
        if let Some(card) = self.talk.card() {
            self.carded = true;
            out.notices.push(Notice::Card(card));
        }
    }

    fn tell_battery(&mut self, percent: Option<u8>, out: &mut LinkOutputs) {
        if let Some(percent) = percent
            && self.battery_percent != Some(percent)
        {
            self.battery_percent = Some(percent);
            out.notices.push(Notice::Battery(percent));
        }
    }

    /// The conversation is through: samples may come.
    fn stream(&mut self, at: Micros, out: &mut LinkOutputs) {
        let Some(setup) = self.talk.setup() else {
            return self.give_in(at, TalkError::Refused, out);
        };
        let config = StreamConfig {
            cuff: self.cuff,
            stream: setup.stream,
            rate_hz: setup.rate_hz,
            acc_mps2_per_count: setup.acc_mps2_per_count,
            gyr_radps_per_count: setup.gyr_radps_per_count,
            acc_range_mps2: setup.acc_range_mps2,
            gyr_range_radps: setup.gyr_range_radps,
            timing: setup.timing,
            driver: self.family.name().to_owned(),
            firmware: self.talk.card().map(|card| card.firmware).unwrap_or_default(),
        };
        let session = self.talk.session().map(|number| (number, config.clone()));
        let goes_on = session.is_some() && session == self.session;
        self.session = session;
        self.alive = Some(at);
        self.two_way.start(at);
        self.fault = None;
        self.fallen = None;
        if let Some(index) = self.sequence.own_index().filter(|_| goes_on) {
            // The cuff counts on where it was: no segment begins, and what was missed can be asked for.
            self.config = Some(config);
            self.fill.get_or_insert_with(|| Fill::after(index));
        } else {
            self.spill(at, out);
            self.sequence.start(config.rate_hz);
            self.config = Some(config);
            self.begin_segment(out);
        }
        self.set_state(at, LinkState::Streaming, out);
    }

    fn begin_segment(&mut self, out: &mut LinkOutputs) {
        if let Some(config) = &self.config {
            self.changed = self.segments > 0;
            self.segments += 1;
            out.notices.push(Notice::Stream(config.clone()));
        }
    }

    fn notified(&mut self, at: Micros, uuid: Uuid, bytes: &[u8], out: &mut LinkOutputs) {
        if self.phase != Phase::Up {
            return;
        }
        let awaited = matches!(&self.running, Some(Running { op: Op::Write { answer_on: Some(answer), .. },
            answered: false, .. }) if *answer == uuid);
        let before = self.heard_before(at, uuid);
        let mut told = std::mem::take(&mut self.told);
        let result = self.talk.notified(uuid, bytes, &mut told);
        for one in &told {
            match one {
                Told::Samples(packet) => self.samples(at, packet, out),
                Told::Earlier(packet) => self.samples(before, packet, out),
                Told::Kept(packet) => self.kept(at, packet, out),
                Told::Battery(percent) => self.tell_battery(Some(*percent), out),
                Told::Answered if awaited => self.answered(at, out),
                Told::Answered => {}
                Told::Time(reply) => self.two_way.answer(at, reply),
            }
        }
        told.clear();
        self.told = told;
        match result {
            Ok(()) => {}
            Err(error) if awaited => self.give_in(at, error, out),
            Err(_) => self.counters.malformed += 1,
        }
    }

    /// When this characteristic notified before it does now; now, where it never has.
    fn heard_before(&mut self, at: Micros, uuid: Uuid) -> Micros {
        if let Some((_, last)) = self.heard.iter_mut().find(|(other, _)| *other == uuid) {
            return std::mem::replace(last, at);
        }
        let _ = self.heard.try_push((uuid, at));
        at
    }

    /// Asks the cuff what time it is, if that is due, or tells what a round of such questions found.
    fn ask_time(&mut self, now: Micros, out: &mut LinkOutputs) {
        match self.two_way.step(now) {
            Ok(seq) => {
                let question = SyncRequest { seq, t1_us: now.0.max(0).unsigned_abs() };
                match self.talk.ask_time(question) {
                    // No operation to wait for: it goes between two others, and its answer comes when it comes.
                    Some(Op::Write { characteristic, bytes, with_response, .. }) => {
                        out.asks.push(Ask::Write { id: self.id.clone(), characteristic, bytes, with_response });
                    }
                    _ => self.two_way.stop(),
                }
            }
            Err(Some(moment)) => {
                // Only a stream that runs knows which epoch of its own clock it is in.
                if let (Some(device_us), Some(config)) =
                    (self.sequence.own_time(moment.device_us as u32), self.config.as_ref())
                {
                    out.notices.push(Notice::Time(SampleBlock {
                        cuff: self.cuff,
                        stream: config.stream,
                        first_index: self.sequence.next_index(),
                        device_us: Some(device_us),
                        arrival_us: moment.at.0,
                        flags: BlockFlags::TIME_SYNCED,
                        counts: Counts::new(),
                    }));
                }
            }
            Err(None) => {}
        }
    }

    /// The answer the running operation waited for is there.
    fn answered(&mut self, at: Micros, out: &mut LinkOutputs) {
        let Some(running) = &mut self.running else { return };
        running.answered = true;
        if running.confirmed {
            self.finish(at, &[], out);
        }
    }

    fn samples(&mut self, at: Micros, packet: &Packet, out: &mut LinkOutputs) {
        // Frames before the start was answered are left over from an earlier run; scales may have changed.
        let Some(stream) = self.config.as_ref().map(|config| config.stream) else { return };
        let Some(alive) = self.alive else {
            return; // being closed
        };
        if packet.stream != stream || packet.counts.is_empty() {
            self.counters.malformed += 1;
            return;
        }
        self.alive = Some(alive.max(at));
        self.attempt = 0;
        self.nudged = false;
        if self.fill.is_some() {
            return self.withhold(at, packet.clone(), true, out);
        }
        self.in_turn(at, packet, out);
    }

    fn find_and_hand_on(&mut self, at: Micros, packet: &Packet, out: &mut LinkOutputs) {
        let spot = self.sequence.find(packet);
        self.hand_on(at, packet, spot, out);
    }

    fn hand_on(&mut self, at: Micros, packet: &Packet, spot: Spot, out: &mut LinkOutputs) {
        let first = self.sequence.last_arrival_us().is_none();
        // One that was waited for came after those that waited: times of arrival do not run back.
        let at = Micros(self.sequence.last_arrival_us().map_or(at.0, |before| at.0.max(before)));
        match self.sequence.place(packet, spot, at.0) {
            Place::Duplicate => self.counters.duplicates += 1,
            Place::Late => {
                self.counters.reordered += 1;
                self.overtaken.out_of_order(at);
            }
            Place::Next { first_index, device_us, missing, segment } => {
                if segment && !first {
                    self.begin_segment(out); // the cuff counts anew on its own account
                    self.fill = None; // what it had kept is of another count
                }
                self.counters.missing += missing;
                self.counters.gaps += u64::from(missing > 0);
                self.counters.received += packet.counts.len() as u64;
                if packet.flags.has(BlockFlags::FROM_LOG) {
                    self.counters.filled += packet.counts.len() as u64;
                }
                self.counters.overruns += u64::from(packet.flags.has(BlockFlags::OVERRUN));
                let mut flags = packet.flags;
                if std::mem::take(&mut self.changed) {
                    flags = flags.with(BlockFlags::CONFIG_CHANGED);
                }
                out.notices.push(Notice::Samples(SampleBlock {
                    cuff: self.cuff,
                    stream: packet.stream,
                    first_index,
                    device_us,
                    arrival_us: at.0,
                    flags,
                    counts: Counts::new(),
                }));
                if let Some(Notice::Samples(block)) = out.notices.last_mut() {
                    block.counts.extend(packet.counts.iter().copied());
                }
            }
        }
    }
}

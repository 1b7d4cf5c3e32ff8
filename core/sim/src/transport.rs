//! [`SimTransport`]: a radio in virtual time with virtual cuffs in its range.

use crate::chance::Chance;
use crate::cuff::VirtualCuff;
use crate::device::{Device, Refused};
use crate::leg::Act;
use std::collections::{BTreeMap, VecDeque};
use talus_cuff::driver::cmp::{BATTERY_LEVEL, LinkPreference, MOTION_DATA, SERVICE};
use talus_cuff::transport::{Advert, Ask, Heard, PeripheralId, RadioState, Refusal, Transport};
use talus_motion::Micros;
use uuid::Uuid;

/// Interval of advertising in the first 30 s after waking and later, µs (the profile's).
const ADVERT_US: (i64, i64) = (152_500, 1_022_500);
const AWAKE_US: i64 = 30_000_000;
/// How long the platform goes on trying to connect, µs.
const CONNECT_US: i64 = 10_000_000;
/// How long a broken link goes unnoticed, µs.
const SUPERVISION_US: i64 = 1_000_000;
/// How long a cuff takes to start, µs.
#[cfg(feature = "lab")]
const REBOOT_US: i64 = 1_500_000;
/// Share of packets that need one more connection event.
const REPEATED: f64 = 0.05;
/// Share of advertisements a scanner misses.
const ADVERT_MISSED: f64 = 0.2;
/// How often a cuff's battery is looked at for a change, µs.
const BATTERY_US: i64 = 60_000_000;

/// What will happen at a cuff's link.
#[derive(Debug, Clone, PartialEq)]
enum Step {
    Advert,
    Connected,
    Failed(Option<Uuid>, Refusal),
    Dropped,
    Read(Uuid),
    Subscribe(Uuid),
    Write(Uuid, Vec<u8>, bool),
    Notify(Uuid, Vec<u8>),
    Frames,
    Battery(u8),
}

/// Something planned: a step of the cuff with this index, or something to be heard as it is.
#[derive(Debug, Clone, PartialEq)]
enum Planned {
    At(usize, Step),
    Say(Heard),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    Down,
    Connecting,
    Up,
}

/// What a peer is.
#[derive(Debug)]
enum Worn {
    /// A cuff of our profile.
    Own(Box<VirtualCuff>),
    /// A sensor of another maker.
    #[cfg(feature = "lab")]
    Vendor(Box<dyn Device + Send>),
}

impl std::ops::Deref for Worn {
    type Target = dyn Device;

    fn deref(&self) -> &Self::Target {
        match self {
            Self::Own(cuff) => &**cuff,
            #[cfg(feature = "lab")]
            Self::Vendor(device) => &**device,
        }
    }
}

impl std::ops::DerefMut for Worn {
    fn deref_mut(&mut self) -> &mut Self::Target {
        match self {
            Self::Own(cuff) => &mut **cuff,
            #[cfg(feature = "lab")]
            Self::Vendor(device) => &mut **device,
        }
    }
}

#[derive(Debug)]
struct Peer {
    id: PeripheralId,
    cuff: Worn,
    link: Link,
    chance: Chance,
    /// True time until which the cuff is out of range.
    away_until_us: i64,
    /// Start of the connection's raster.
    raster_us: i64,
    /// When the running ATT operation is done: they go one after another.
    free_us: i64,
    /// When the last packet of this link was heard: packets do not overtake.
    last_us: i64,
    /// The same for what the phone sends without a confirmation.
    sent_us: i64,
    battery: Option<u8>,
    frames_planned: bool,
}

impl Peer {
    fn interval_us(&self) -> i64 {
        match self.cuff.preference() {
            LinkPreference::Fast => 15_000,
            LinkPreference::Balanced => 30_000,
            LinkPreference::LowPower => 60_000,
        }
    }

    /// When a packet that is ready at `ready_us` is heard: at the next connection event, or the one after where it
    /// had to be repeated, and after the platform's own delay of 0.3 to 4 ms.
    fn heard_at(&mut self, ready_us: i64) -> i64 {
        let at = self.overtaking_at(ready_us);
        self.last_us = self.last_us.max(at);
        self.last_us
    }

    /// The same without a packet in the way: what is planned for later may be overtaken until it is sent.
    fn overtaking_at(&mut self, ready_us: i64) -> i64 {
        let interval = self.interval_us();
        let events = (ready_us - self.raster_us).div_euclid(interval) + 1 + i64::from(self.chance.happens(REPEATED));
        self.raster_us + events * interval + self.chance.between(300.0, 4000.0) as i64
    }

    /// When something the phone sends without waiting for a confirmation reaches the cuff: at the next connection event,
    /// or a later one where it had to be repeated. No platform is in the way there.
    fn reaches_at(&mut self, now_us: i64) -> i64 {
        let interval = self.interval_us();
        let events = (now_us - self.raster_us).div_euclid(interval) + 1 + i64::from(self.chance.happens(REPEATED));
        // What was sent before gets there before.
        self.sent_us = self.sent_us.max(self.raster_us + events * interval);
        self.sent_us
    }

    /// When an operation asked for now is done: a request and an answer, after the ones before it.
    fn done_at(&mut self, now_us: i64) -> i64 {
        let start = self.free_us.max(now_us);
        let interval = self.interval_us();
        self.free_us = self.heard_at(start + interval);
        self.free_us
    }
}

/// A transport of virtual cuffs: everything happens at a time that follows from the seed and the calls, nothing by
/// itself. Hand it the time with every call; times must not run back.
#[derive(Debug)]
pub struct SimTransport {
    peers: Vec<Peer>,
    queue: BTreeMap<(i64, u64), Planned>,
    /// What the step just carried out has to say: heard before anything else.
    ready: VecDeque<(Micros, Heard)>,
    radio: RadioState,
    /// The services asked for.
    scanning: Option<Vec<Uuid>>,
    order: u64,
    now_us: i64,
    /// Time of the last step carried out: nothing is planned before it.
    step_us: i64,
    chance: Chance,
}

impl SimTransport {
    /// An empty room; the seed decides about jitter and repeated packets.
    pub fn new(seed: u64) -> Self {
        let mut room = Self {
            peers: Vec::new(),
            queue: BTreeMap::new(),
            ready: VecDeque::new(),
            radio: RadioState::On,
            scanning: None,
            order: 0,
            now_us: 0,
            step_us: 0,
            chance: Chance::new(seed).branch(31),
        };
        room.say(Heard::Radio(RadioState::On));
        room
    }

    /// Brings a cuff into the room and gives its index.
    pub fn add(&mut self, cuff: VirtualCuff) -> usize {
        self.bring(Worn::Own(Box::new(cuff)))
    }

    /// Brings a sensor of another maker into the room and gives its index.
    #[cfg(feature = "lab")]
    pub fn add_vendor(&mut self, cuff: crate::vendor::VendorCuff) -> usize {
        self.bring(Worn::Vendor(cuff.0))
    }

    fn bring(&mut self, cuff: Worn) -> usize {
        let index = self.peers.len();
        let mut chance = self.chance.branch(index as u64);
        let [a, b] = cuff.number();
        self.peers.push(Peer {
            id: PeripheralId(format!("sim:{index}:{a:02x}{b:02x}")),
            cuff,
            link: Link::Down,
            raster_us: (chance.share() * 30_000.0) as i64,
            chance,
            away_until_us: 0,
            free_us: 0,
            last_us: 0,
            sent_us: 0,
            battery: None,
            frames_planned: false,
        });
        self.plan_advert(index, self.now_us);
        index
    }

    /// How many cuffs are in the room.
    pub fn len(&self) -> usize {
        self.peers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.peers.is_empty()
    }

    /// The address of a cuff.
    pub fn id(&self, index: usize) -> Option<&PeripheralId> {
        self.peers.get(index).map(|peer| &peer.id)
    }

    /// A cuff of our profile to look at.
    pub fn cuff(&self, index: usize) -> Option<&VirtualCuff> {
        match &self.peers.get(index)?.cuff {
            Worn::Own(cuff) => Some(cuff),
            #[cfg(feature = "lab")]
            Worn::Vendor(_) => None,
        }
    }

    /// Gives the leg that wears the cuff something to do; `false` where there is no such cuff or it plays a
    /// recording.
    pub fn act(&mut self, index: usize, act: Act) -> bool {
        let now_us = self.now_us;
        self.peers.get_mut(index).is_some_and(|peer| peer.cuff.act(now_us, act))
    }

    /// Whether the leg has done all it was asked and its samples were sent, or the recording is over.
    pub fn idle(&self, index: usize) -> bool {
        self.peers.get(index).is_none_or(|peer| peer.cuff.idle(self.now_us))
    }

    /// Takes a cuff out of range for `for_us` microseconds from now: a link drops, what the sensor measures
    /// meanwhile is lost, its index goes on. Cuffs out of range are not seen and cannot be connected to.
    pub fn cut(&mut self, index: usize, for_us: i64) {
        let now_us = self.now_us;
        let Some(peer) = self.peers.get_mut(index) else { return };
        let away_us = for_us.max(0);
        peer.away_until_us = now_us.saturating_add(away_us);
        let (link, until_us) = (peer.link, peer.away_until_us);
        // An operation's answer, frames and adverts on their way are lost with the link.
        self.forget(index);
        match link {
            Link::Up => {
                let noticed = now_us + away_us.min(SUPERVISION_US);
                if let Some(peer) = self.peers.get_mut(index) {
                    peer.frames_planned = true;
                }
                self.plan(noticed, index, Step::Dropped);
            }
            Link::Connecting => self.plan_connect(index, until_us),
            Link::Down => self.plan_advert(index, until_us),
        }
    }

    /// A cuff starts anew, as after an empty battery: its link drops, its index and its clock begin at zero.
    #[cfg(feature = "lab")]
    pub fn reboot(&mut self, index: usize) {
        self.cut(index, REBOOT_US);
        let now_us = self.now_us;
        if let Some(peer) = self.peers.get_mut(index) {
            peer.cuff.reboot(now_us);
        }
    }

    /// Switches the radio off or on: links drop, scanning ends.
    pub fn set_radio(&mut self, radio: RadioState) {
        let now_us = self.now_us;
        self.radio = radio;
        self.say(Heard::Radio(radio));
        if radio == RadioState::On {
            return;
        }
        self.scanning = None;
        for index in 0..self.peers.len() {
            self.forget(index);
            if self.peers[index].link != Link::Down {
                self.drop_link(index, now_us);
                self.say(Heard::Disconnected(self.peers[index].id.clone()));
            }
        }
    }

    fn plan(&mut self, at_us: i64, index: usize, step: Step) {
        self.order += 1;
        self.queue.insert((at_us.max(self.step_us), self.order), Planned::At(index, step));
    }

    /// Lets something be heard now.
    fn say(&mut self, heard: Heard) {
        self.order += 1;
        self.queue.insert((self.now_us, self.order), Planned::Say(heard));
    }

    /// Takes back what was planned for a cuff.
    fn forget(&mut self, index: usize) {
        self.queue.retain(|_, planned| !matches!(planned, Planned::At(other, _) if *other == index));
    }

    fn drop_link(&mut self, index: usize, now_us: i64) {
        let peer = &mut self.peers[index];
        if peer.link == Link::Up {
            peer.cuff.disconnect(now_us);
        }
        peer.link = Link::Down;
        peer.frames_planned = false;
        (peer.free_us, peer.last_us, peer.sent_us) = (now_us, now_us, now_us);
    }

    fn plan_advert(&mut self, index: usize, from_us: i64) {
        let Some(services) = &self.scanning else { return };
        let own = self.peers[index].cuff.characteristics().contains(&MOTION_DATA);
        let wanted = services.is_empty() || own && services.contains(&SERVICE);
        let planned = self.queue.values().any(|other| *other == Planned::At(index, Step::Advert));
        let peer = &mut self.peers[index];
        if !wanted || planned || peer.link != Link::Down {
            return;
        }
        let from_us = from_us.max(peer.away_until_us);
        let interval = if from_us - peer.away_until_us < AWAKE_US { ADVERT_US.0 } else { ADVERT_US.1 };
        // The controller adds up to 10 ms to each interval; some advertisements meet a deaf scanner.
        let mut at_us = from_us;
        loop {
            at_us += interval + (peer.chance.share() * 10_000.0) as i64;
            if !peer.chance.happens(ADVERT_MISSED) {
                break;
            }
        }
        self.plan(at_us, index, Step::Advert);
    }

    fn plan_connect(&mut self, index: usize, from_us: i64) {
        let now_us = self.now_us;
        let peer = &mut self.peers[index];
        peer.link = Link::Connecting;
        let from_us = from_us.max(peer.away_until_us).max(now_us);
        // An advertisement must come first, then connecting and finding services take a while.
        let at_us = from_us + peer.chance.between(180_000.0, 420_000.0) as i64;
        if at_us - now_us > CONNECT_US {
            self.plan(now_us + CONNECT_US, index, Step::Failed(None, Refusal::Timeout));
        } else {
            self.plan(at_us, index, Step::Connected);
        }
    }

    /// Plans the next frames of a cuff that streams, unless they are planned.
    fn plan_frames(&mut self, index: usize) {
        let peer = &mut self.peers[index];
        if peer.link != Link::Up || peer.frames_planned {
            return;
        }
        if let Some(due_us) = peer.cuff.frame_due() {
            peer.frames_planned = true;
            let at_us = peer.overtaking_at(due_us).max(peer.last_us);
            self.plan(at_us, index, Step::Frames);
        }
    }

    fn find(&self, id: &PeripheralId) -> Option<usize> {
        self.peers.iter().position(|peer| peer.id == *id)
    }

    /// An operation on a link: planned where the link is up, failed at once where it is not.
    fn operate(&mut self, now_us: i64, id: PeripheralId, characteristic: Uuid, step: Step) {
        match self.find(&id).filter(|index| self.peers[*index].link == Link::Up) {
            Some(index) => {
                let peer = &mut self.peers[index];
                if now_us < peer.away_until_us {
                    // Sent into the void: the broken link will be noticed.
                    return;
                }
                let command = matches!(step, Step::Write(_, _, false));
                let at_us = if command { peer.reaches_at(now_us) } else { peer.done_at(now_us) };
                self.plan(at_us, index, step);
            }
            None => self.fail(id, Some(characteristic), Refusal::NotReachable),
        }
    }

    fn fail(&mut self, id: PeripheralId, characteristic: Option<Uuid>, refusal: Refusal) {
        self.say(Heard::Failed { id, characteristic, refusal });
    }

    /// Carries out one step of a link; what is heard of it goes to `ready`.
    fn carry_out(&mut self, at_us: i64, index: usize, step: Step) {
        self.step_us = at_us;
        let peer = &mut self.peers[index];
        let id = peer.id.clone();
        let refused = |characteristic: Uuid, refused: Refused| {
            let refusal = match refused {
                Refused::Missing => Refusal::MissingCharacteristic,
                Refused::Att(code) => Refusal::Att(code),
            };
            Heard::Failed { id: id.clone(), characteristic: Some(characteristic), refusal }
        };
        let heard = match step {
            Step::Advert => {
                let mut advert = Advert {
                    id: id.clone(),
                    name: String::new(),
                    rssi_dbm: Some(peer.chance.between(-68.0, -48.0) as i16),
                    services: vec![],
                    service_data: vec![],
                    manufacturer_data: vec![],
                };
                peer.cuff.advertise(at_us, &mut advert);
                self.plan_advert(index, at_us);
                Heard::Advert(advert)
            }
            Step::Connected => {
                peer.link = Link::Up;
                (peer.free_us, peer.last_us, peer.sent_us, peer.frames_planned) = (at_us, at_us, at_us, false);
                let mtu = peer.cuff.connect(at_us);
                peer.battery = Some(peer.cuff.battery(at_us));
                Heard::Connected { id, mtu, characteristics: peer.cuff.characteristics() }
            }
            Step::Failed(characteristic, refusal) => {
                peer.link = Link::Down;
                self.plan_advert(index, at_us);
                Heard::Failed { id, characteristic, refusal }
            }
            Step::Dropped => {
                self.drop_link(index, at_us);
                self.plan_advert(index, at_us);
                Heard::Disconnected(id)
            }
            Step::Read(characteristic) => match peer.cuff.read(at_us, characteristic) {
                Ok(bytes) => Heard::Read(id, characteristic, bytes),
                Err(error) => refused(characteristic, error),
            },
            Step::Subscribe(characteristic) => match peer.cuff.subscribe(characteristic) {
                Ok(()) => {
                    // What the sensor measured before anybody listened is gone.
                    peer.cuff.skip_to(at_us);
                    if characteristic == BATTERY_LEVEL {
                        self.plan_battery(index, at_us);
                    }
                    self.plan_frames(index);
                    Heard::Subscribed(id, characteristic)
                }
                Err(error) => refused(characteristic, error),
            },
            Step::Write(characteristic, bytes, with_response) => {
                match peer.cuff.write(at_us, characteristic, &bytes) {
                    Ok(answers) => {
                        for (from, answer) in answers {
                            let peer = &mut self.peers[index];
                            let answered_us = peer.heard_at(at_us);
                            self.plan(answered_us, index, Step::Notify(from, answer));
                        }
                        self.plan_frames(index);
                        if !with_response {
                            // Told when it was handed over.
                            return;
                        }
                        Heard::Written(id, characteristic)
                    }
                    Err(_) if !with_response => return,
                    Err(error) => refused(characteristic, error),
                }
            }
            Step::Notify(characteristic, bytes) => {
                peer.cuff.answered(characteristic);
                Heard::Notified(id, characteristic, bytes)
            }
            Step::Battery(percent) => {
                peer.battery = Some(percent);
                self.plan_battery(index, at_us);
                Heard::Notified(id, BATTERY_LEVEL, vec![percent])
            }
            Step::Frames => {
                peer.frames_planned = false;
                peer.last_us = peer.last_us.max(at_us);
                for (from, bytes) in peer.cuff.frames() {
                    self.ready.push_back((Micros(at_us), Heard::Notified(id.clone(), from, bytes)));
                }
                self.plan_frames(index);
                return;
            }
        };
        self.ready.push_back((Micros(at_us), heard));
    }

    /// Plans the notification of the next lost per cent within a day.
    fn plan_battery(&mut self, index: usize, from_us: i64) {
        let peer = &self.peers[index];
        let now = peer.battery.unwrap_or_else(|| peer.cuff.battery(from_us));
        for minute in 1..=1440 {
            let at_us = from_us + minute * BATTERY_US;
            let then = peer.cuff.battery(at_us);
            if then != now {
                return self.plan(at_us, index, Step::Battery(then));
            }
        }
    }
}

impl Transport for SimTransport {
    fn ask(&mut self, now: Micros, ask: Ask) {
        self.now_us = self.now_us.max(now.0);
        let now_us = self.now_us;
        if self.radio != RadioState::On {
            match ask {
                Ask::Scan { .. } | Ask::StopScan => {}
                Ask::Connect(id) | Ask::Disconnect(id) => self.fail(id, None, Refusal::RadioUnavailable),
                Ask::Read(id, uuid) | Ask::Subscribe(id, uuid) | Ask::Write { id, characteristic: uuid, .. } => {
                    self.fail(id, Some(uuid), Refusal::RadioUnavailable);
                }
            }
            return;
        }
        match ask {
            Ask::Scan { services } => {
                self.scanning = Some(services);
                for index in 0..self.peers.len() {
                    self.plan_advert(index, now_us);
                }
            }
            Ask::StopScan => {
                self.scanning = None;
                self.queue.retain(|_, planned| !matches!(planned, Planned::At(_, Step::Advert)));
            }
            Ask::Connect(id) => match self.find(&id) {
                Some(index) if self.peers[index].link == Link::Down => {
                    self.forget(index);
                    self.plan_connect(index, now_us);
                }
                Some(_) => self.fail(id, None, Refusal::Other),
                None => self.fail(id, None, Refusal::NotReachable),
            },
            Ask::Disconnect(id) => {
                if let Some(index) = self.find(&id) {
                    // Whatever was under way, writes without an answer among it, had its turn.
                    self.forget(index);
                    self.drop_link(index, now_us);
                    self.plan_advert(index, now_us);
                }
                self.say(Heard::Disconnected(id));
            }
            Ask::Read(id, characteristic) => self.operate(now_us, id, characteristic, Step::Read(characteristic)),
            Ask::Subscribe(id, characteristic) => {
                self.operate(now_us, id, characteristic, Step::Subscribe(characteristic));
            }
            Ask::Write { id, characteristic, bytes, with_response } => {
                if !with_response && self.find(&id).is_some_and(|index| self.peers[index].link == Link::Up) {
                    self.say(Heard::Written(id.clone(), characteristic));
                }
                self.operate(now_us, id, characteristic, Step::Write(characteristic, bytes, with_response));
            }
        }
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        self.now_us = self.now_us.max(now.0);
        loop {
            if let Some(heard) = self.ready.pop_front() {
                return Some(heard);
            }
            let entry = self.queue.first_entry().filter(|entry| entry.key().0 <= self.now_us)?;
            let ((at_us, _), planned) = entry.remove_entry();
            match planned {
                Planned::Say(heard) => return Some((Micros(at_us), heard)),
                Planned::At(index, step) => self.carry_out(at_us, index, step),
            }
        }
    }

    fn due(&self) -> Option<Micros> {
        let ready = self.ready.front().map(|(at, _)| *at);
        let planned = self.queue.keys().next().map(|(at_us, _)| Micros(*at_us));
        ready.into_iter().chain(planned).min()
    }
}

#[cfg(feature = "lab")]
pub(crate) mod weather;

#[cfg(test)]
mod tests;

//! [`Ways`]: a radio, the links over it, and what is nearby, driven by one caller that says what time it is.

use std::collections::BTreeMap;
use talus_cuff::driver::{Family, Sighting};
use talus_cuff::link::{Counters, CuffCard, Link, LinkOutputs, Notice, Wish};
use talus_cuff::nearby::{Near, Nearby};
use talus_cuff::transport::{Ask, Heard, RadioState, Transport};
use talus_motion::{CuffId, LinkState, Micros, StreamConfig};

/// Links at once: two legs, and one that is being replaced on each.
const WAYS_MAX: usize = 4;

/// One cuff that was chosen.
pub struct Way {
    link: Link,
    /// The household's id of the cuff; until its card is read, the one the link was made with.
    cuff: CuffId,
    /// What it said about itself when it was chosen.
    pub sighting: Sighting,
    /// Who it says it is, once that was read.
    pub card: Option<CuffCard>,
    /// Battery, per cent, where known.
    pub battery_percent: Option<u8>,
    /// The stream that runs now.
    pub config: Option<StreamConfig>,
}

impl Way {
    /// The household's id of the cuff.
    pub fn cuff(&self) -> CuffId {
        self.cuff
    }

    /// How far the way to it is.
    pub fn state(&self) -> LinkState {
        self.link.state()
    }

    /// What was counted on it.
    pub fn counters(&self) -> Counters {
        self.link.counters()
    }
}

/// A radio and everything that goes over it.
pub struct Ways<T> {
    /// The radio.
    pub radio: T,
    nearby: Nearby,
    links: Vec<Way>,
    state: Option<RadioState>,
    now: Micros,
    out: LinkOutputs,
}

impl<T: Transport> Ways<T> {
    /// A radio with no links yet, at time `now`.
    pub fn new(radio: T, now: Micros) -> Self {
        Self { radio, nearby: Nearby::new(), links: Vec::new(), state: None, now, out: LinkOutputs::default() }
    }

    /// What time it is.
    pub fn now(&self) -> Micros {
        self.now
    }

    /// What the radio said last about itself; `None` before it has.
    pub fn radio_state(&self) -> Option<RadioState> {
        self.state
    }

    /// Starts looking for cuffs.
    pub fn scan(&mut self) {
        self.radio.ask(self.now, Ask::Scan { services: Family::services() });
    }

    /// Stops looking.
    pub fn stop_scan(&mut self) {
        self.radio.ask(self.now, Ask::StopScan);
    }

    /// Cuffs seen within the last ten seconds, strongest first.
    pub fn nearby(&self) -> Vec<Near> {
        self.nearby.list(self.now)
    }

    /// Every way, in the order taken up.
    pub fn iter(&self) -> impl Iterator<Item = &Way> {
        self.links.iter()
    }

    /// The way to one cuff.
    pub fn get(&self, cuff: CuffId) -> Option<&Way> {
        self.links.iter().find(|way| way.cuff == cuff)
    }

    /// Takes up the way to a cuff; nothing happens where there are four already.
    pub fn open(&mut self, cuff: CuffId, sighting: &Sighting, told: &mut impl FnMut(CuffId, Notice)) {
        if self.links.len() >= WAYS_MAX {
            return;
        }
        let mut link = Link::new(cuff, sighting.id.clone(), sighting.family, Wish::default()).named(&sighting.name);
        link.start(self.now, &mut self.out);
        self.links.push(Way {
            link,
            cuff,
            sighting: sighting.clone(),
            card: None,
            battery_percent: sighting.battery_percent,
            config: None,
        });
        let last = self.links.len() - 1;
        self.pass_on(last, told);
    }

    /// The household knows this cuff under another id.
    pub fn rename(&mut self, from: CuffId, to: CuffId) {
        if let Some(way) = self.links.iter_mut().find(|way| way.cuff == from) {
            way.cuff = to;
            if let Some(config) = &mut way.config {
                config.cuff = to;
            }
        }
    }

    /// Stops every stream and closes every link.
    pub fn close(&mut self, told: &mut impl FnMut(CuffId, Notice)) {
        for index in 0..self.links.len() {
            self.links[index].link.stop(self.now, &mut self.out);
            self.pass_on(index, told);
        }
    }

    /// Lets a cuff show which one it is.
    pub fn identify(&mut self, cuff: CuffId) {
        if let Some(index) = self.links.iter().position(|way| way.cuff == cuff) {
            self.links[index].link.identify(self.now, &mut self.out);
            self.pass_on(index, &mut |_, _| {});
        }
    }

    /// When something happens next, where that is known.
    pub fn due(&self) -> Option<Micros> {
        self.radio.due().into_iter().chain(self.links.iter().filter_map(|way| way.link.due())).min()
    }

    /// Lets time go on to `to`; hands on what the links say, in order.
    pub fn advance(&mut self, to: Micros, told: &mut impl FnMut(CuffId, Notice)) {
        let mut next = self.due();
        while let Some(due) = next.filter(|due| *due <= to) {
            // A link that has nothing to do at its time all the same must not hold time up.
            self.now = self.now.max(due);
            let before = self.now;
            self.hear(told);
            next = self.tick(told);
            if next.is_some_and(|next| next <= before) {
                self.now = before.plus(1).min(to);
                if self.now == before {
                    break;
                }
            }
        }
        self.now = self.now.max(to);
        self.hear(told);
        self.tick(told);
    }

    /// Lets every link do what is due; gives when something happens next.
    fn tick(&mut self, told: &mut impl FnMut(CuffId, Notice)) -> Option<Micros> {
        let mut next = None;
        for index in 0..self.links.len() {
            let mut due = self.links[index].link.due();
            if due.is_some_and(|due| due <= self.now) {
                self.links[index].link.tick(self.now, &mut self.out);
                self.pass_on(index, told);
                due = self.links[index].link.due();
            }
            next = next.into_iter().chain(due).min();
        }
        self.radio.due().into_iter().chain(next).min()
    }

    fn hear(&mut self, told: &mut impl FnMut(CuffId, Notice)) {
        while let Some((at, heard)) = self.radio.hear(self.now) {
            if let Heard::Radio(state) = heard {
                self.state = Some(state);
            }
            self.nearby.hear(at, &heard);
            for index in 0..self.links.len() {
                self.links[index].link.hear(at, &heard, &mut self.out);
                self.pass_on(index, told);
            }
        }
    }

    /// Hands a link's asks to the radio and its notices, under the household's id, to the caller.
    fn pass_on(&mut self, index: usize, told: &mut impl FnMut(CuffId, Notice)) {
        for ask in self.out.asks.drain(..) {
            self.radio.ask(self.now, ask);
        }
        let way = &mut self.links[index];
        for mut notice in self.out.notices.drain(..) {
            match &mut notice {
                Notice::Stream(config) => {
                    config.cuff = way.cuff;
                    way.config = Some(config.clone());
                }
                Notice::Samples(block) | Notice::Time(block) => block.cuff = way.cuff,
                Notice::Card(card) => way.card = Some(card.clone()),
                Notice::Battery(percent) => way.battery_percent = Some(*percent),
                Notice::State { .. } => {}
            }
            told(way.cuff, notice);
        }
    }

    /// Sums over all links, by what was counted.
    pub fn counters(&self) -> BTreeMap<&'static str, u64> {
        let mut sums = BTreeMap::new();
        for way in &self.links {
            let counters = way.link.counters();
            for (name, count) in [
                ("samples_received", counters.received),
                ("samples_filled", counters.filled),
                ("samples_missing", counters.missing),
                ("frames_duplicate", counters.duplicates),
                ("frames_reordered", counters.reordered),
                ("frames_malformed", counters.malformed),
                ("reconnects", counters.reconnects),
                ("stalls", counters.stalls),
            ] {
                *sums.entry(name).or_insert(0) += count;
            }
        }
        sums
    }
}

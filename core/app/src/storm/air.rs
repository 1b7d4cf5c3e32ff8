//! [`Air`]: the weather, and those who talk in it without being asked: strangers who advertise what they like, and a paired
//! cuff whose firmware says nonsense.

use std::collections::VecDeque;
use talus_cuff::driver::cmp::{BATTERY_LEVEL, CONTROL_POINT, EVENTS, SERVICE, STATUS, TIME_SYNC};
use talus_cuff::transport::{Advert, Ask, Heard, PeripheralId, Transport};
use talus_motion::Micros;
use talus_sim::{Chance, Storm};

/// Time between two bursts of a flood, µs, and what comes at once: some 100 times what two cuffs send.
const BURST_US: i64 = 10_000;
const BURST: usize = 40;
/// Names somebody thinks up: text that runs backwards, control sequences, and far too long.
const NAMES: [&str; 4] = ["CUF-\u{202e}0000", "\u{1b}[2J\u{1b}[31mCUF", "'; DROP TABLE session; --", ""];

/// The air of a journey.
pub(super) struct Air {
    /// Room and weather.
    pub(super) storm: Storm,
    chance: Chance,
    until: Micros,
    burst_at: Micros,
    ready: VecDeque<(Micros, Heard)>,
    /// What was said by those who should not.
    pub(super) nonsense: u64,
}

impl Air {
    pub(super) fn over(storm: Storm, seed: u64) -> Self {
        let chance = Chance::new(seed).branch(503);
        Self { storm, chance, until: Micros(0), burst_at: Micros(0), ready: VecDeque::new(), nonsense: 0 }
    }

    /// Lets them talk until then.
    pub(super) fn flood(&mut self, now: Micros, until: Micros) {
        self.until = until;
        self.burst_at = now;
    }

    /// The phone's process is gone: its links fall, its scan ends.
    pub(super) fn abandoned(&mut self, now: Micros) {
        self.storm.room.ask(now, Ask::StopScan);
        for index in 0..self.storm.room.len() {
            if let Some(id) = self.storm.room.id(index).cloned() {
                self.storm.room.ask(now, Ask::Disconnect(id));
            }
        }
        // Nobody hears what was still on its way.
        while self.storm.hear(now).is_some() {}
        self.ready.clear();
    }

    fn burst(&mut self, now: Micros) {
        for _ in 0..BURST {
            let bytes = (0..self.chance.bits() % 24).map(|_| self.chance.bits() as u8).collect::<Vec<_>>();
            let heard = if self.chance.happens(0.5) {
                let name = NAMES[self.chance.bits() as usize % NAMES.len()];
                let name = if name.is_empty() { "CUF-".repeat(2500) } else { name.to_owned() };
                Heard::Advert(Advert {
                    id: PeripheralId(format!("stranger:{:04x}", self.chance.bits() & 0x3FF)),
                    name,
                    rssi_dbm: Some(-(self.chance.bits() as i16 & 0x7F)),
                    services: vec![SERVICE],
                    service_data: vec![(SERVICE, bytes)],
                    manufacturer_data: vec![],
                })
            } else {
                let from = [BATTERY_LEVEL, CONTROL_POINT, EVENTS, STATUS, TIME_SYNC][self.chance.bits() as usize % 5];
                let id = self.storm.room.id(self.chance.bits() as usize % 2).cloned();
                Heard::Notified(id.unwrap_or(PeripheralId(String::new())), from, bytes)
            };
            self.nonsense += 1;
            self.ready.push_back((now, heard));
        }
    }
}

impl Transport for Air {
    fn ask(&mut self, now: Micros, ask: Ask) {
        self.storm.ask(now, ask);
    }

    fn hear(&mut self, now: Micros) -> Option<(Micros, Heard)> {
        if let Some(heard) = self.storm.hear(now) {
            return Some(heard);
        }
        if now < self.until && self.burst_at <= now {
            self.burst_at = now.plus(BURST_US);
            self.burst(now);
        }
        self.ready.pop_front()
    }

    fn due(&self) -> Option<Micros> {
        let burst = (self.burst_at < self.until).then_some(self.burst_at);
        self.ready.front().map(|(at, _)| *at).into_iter().chain(burst).chain(self.storm.due()).min()
    }
}

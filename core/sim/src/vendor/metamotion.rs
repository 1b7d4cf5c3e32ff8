//! A MetaMotion with a BMI160: one characteristic to write registers to, one that notifies.

use super::{Make, Ticks};
use crate::device::{Device, News, Refused};
use crate::leg::Act;
use crate::motion::Motion;
use std::collections::{BTreeSet, VecDeque};
use talus_cuff::transport::Advert;
use uuid::{Uuid, uuid};

const SERVICE: Uuid = uuid!("326a9000-85cb-9195-d9dd-464cfbbae75a");
const COMMAND: Uuid = uuid!("326a9001-85cb-9195-d9dd-464cfbbae75a");
const NOTIFY: Uuid = uuid!("326a9006-85cb-9195-d9dd-464cfbbae75a");
const BATTERY: Uuid = uuid!("00002a19-0000-1000-8000-00805f9b34fb");
const SERIAL: Uuid = uuid!("00002a25-0000-1000-8000-00805f9b34fb");
const FIRMWARE: Uuid = uuid!("00002a26-0000-1000-8000-00805f9b34fb");

/// Samples of a packed notification.
const PACKED: usize = 3;
/// From the last sample of a notification to the radio, µs.
const PACKING_US: f64 = 1000.0;

/// One of the two sensors.
#[derive(Debug, Default)]
struct Half {
    /// Counts per unit, as configured.
    per_unit: f64,
    enabled: bool,
    running: bool,
    packed: bool,
    waiting: VecDeque<[i16; 3]>,
}

impl Half {
    fn take(&mut self, values: [f64; 3]) {
        if self.running && self.enabled {
            self.waiting.push_back(values.map(|value| (value * self.per_unit).round() as i16));
        }
    }

    /// Whole notifications under this header.
    fn notifications(&mut self, header: [u8; 2], out: &mut Vec<News>) {
        while self.waiting.len() >= PACKED {
            let samples = self.waiting.drain(..PACKED).flatten();
            let bytes: Vec<u8> = header.into_iter().chain(samples.flat_map(i16::to_le_bytes)).collect();
            if self.packed {
                out.push((NOTIFY, bytes));
            }
        }
    }
}

/// The board.
#[derive(Debug)]
pub(super) struct MetaMotion {
    make: Make,
    ticks: Ticks,
    rate_hz: f64,
    acc: Half,
    gyr: Half,
    connected: bool,
    subscribed: BTreeSet<Uuid>,
    /// Commands that a lost link runs, and the one that is being put in.
    on_loss: Vec<[u8; 3]>,
    entry: Option<[u8; 2]>,
}

impl MetaMotion {
    pub(super) fn new(motion: Box<dyn Motion + Send>, make: Make) -> Self {
        let half = || Half { per_unit: 1.0, ..Half::default() };
        Self {
            make,
            ticks: Ticks { motion, start_us: 0.0, period_us: 1e4, next: 0 },
            rate_hz: 100.0,
            acc: half(),
            gyr: half(),
            connected: false,
            subscribed: BTreeSet::new(),
            on_loss: Vec::new(),
            entry: None,
        }
    }

    fn running(&self) -> bool {
        self.acc.running || self.gyr.running
    }

    /// Starts or stops one sensor; the first to start decides where ticks begin.
    fn run(&mut self, now_us: i64, which: u8, on: bool) {
        if on && !self.running() {
            let period_us = 1e6 / (self.rate_hz * self.make.rate_ratio);
            (self.ticks.start_us, self.ticks.period_us, self.ticks.next) = (now_us as f64, period_us, 1);
        } else {
            // What the other sensor measured so far is its own.
            self.measure_until(now_us);
        }
        let half = if which == 0x03 { &mut self.acc } else { &mut self.gyr };
        half.running = on;
        if !on {
            half.waiting.clear();
        }
    }

    fn measure_until(&mut self, now_us: i64) {
        while self.running() && self.ticks.at_us(self.ticks.next) <= now_us as f64 {
            self.measure();
        }
    }

    fn measure(&mut self) {
        if let Some((_, acc_g, gyr_dps)) = self.ticks.read() {
            self.acc.take(acc_g);
            self.gyr.take(gyr_dps);
        } else {
            (self.acc.running, self.gyr.running) = (false, false);
        }
    }

    fn command(&mut self, now_us: i64, bytes: &[u8]) -> Vec<News> {
        let answer = |bytes: &[u8]| vec![(NOTIFY, bytes.to_vec())];
        match *bytes {
            [0x03, 0x80] => return answer(&[0x03, 0x80, 0x01, 0x01]),
            [0x13, 0x80] => return answer(&[0x13, 0x80, 0x00, 0x01]),
            // A module there is not.
            [module, 0x80] => return answer(&[module, 0x80]),
            [0x11, 0x8C] => return answer(&[0x11, 0x8C, 99, 0x34, 0x10]),
            [0x03, 0x03, rate, range] => {
                self.rate_hz = match rate {
                    0x26 => 25.0,
                    0x27 => 50.0,
                    0x28 => 100.0,
                    0x29 => 200.0,
                    _ => 400.0,
                };
                self.acc.per_unit = match range {
                    0x03 => 16384.0,
                    0x05 => 8192.0,
                    0x08 => 4096.0,
                    _ => 2048.0,
                };
            }
            [0x13, 0x03, _, range] => {
                self.gyr.per_unit = [16.4, 32.8, 65.6, 131.2, 262.4].get(usize::from(range)).copied().unwrap_or(16.4);
            }
            [0x03, 0x1C, on] => self.acc.packed = on != 0,
            [0x13, 0x07, on] => self.gyr.packed = on != 0,
            [0x03, 0x02, on, off] => self.acc.enabled = on != 0 && off == 0,
            [0x13, 0x02, on, off] => self.gyr.enabled = on != 0 && off == 0,
            [which @ (0x03 | 0x13), 0x01, on] => self.run(now_us, which, on != 0),
            // An entry: what happens (a lost link), and the register it writes; then what it writes there.
            [0x0A, 0x02, 0x11, 0x0A, 0xFF, module, register, 1] => self.entry = Some([module, register]),
            [0x0A, 0x03, value] => {
                if let Some([module, register]) = self.entry.take() {
                    self.on_loss.push([module, register, value]);
                }
            }
            [0x0A, 0x05] => self.on_loss.clear(),
            _ => {}
        }
        Vec::new()
    }
}

impl Device for MetaMotion {
    fn advertise(&self, _: i64, advert: &mut Advert) {
        advert.name = "MetaWear".into();
        advert.services = vec![SERVICE];
    }

    fn number(&self) -> [u8; 2] {
        [0x5A, 0xBD]
    }

    fn characteristics(&self) -> Vec<Uuid> {
        vec![COMMAND, NOTIFY, BATTERY, SERIAL, FIRMWARE]
    }

    fn connect(&mut self, _: i64) -> u16 {
        self.connected = true;
        23
    }

    fn disconnect(&mut self, now_us: i64) {
        self.connected = false;
        self.subscribed.clear();
        for command in self.on_loss.clone() {
            self.command(now_us, &command);
        }
    }

    fn read(&self, now_us: i64, characteristic: Uuid) -> Result<Vec<u8>, Refused> {
        match characteristic {
            BATTERY => Ok(vec![self.battery(now_us)]),
            SERIAL => Ok(b"045ABD".to_vec()),
            FIRMWARE => Ok(b"1.5.0".to_vec()),
            _ => Err(Refused::Missing),
        }
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), Refused> {
        match characteristic {
            NOTIFY | BATTERY => {
                self.subscribed.insert(characteristic);
                Ok(())
            }
            _ => Err(Refused::Missing),
        }
    }

    fn write(&mut self, now_us: i64, characteristic: Uuid, bytes: &[u8]) -> Result<Vec<News>, Refused> {
        if characteristic != COMMAND {
            return Err(Refused::Missing);
        }
        let answers = self.command(now_us, bytes);
        Ok(if self.subscribed.contains(&NOTIFY) { answers } else { Vec::new() })
    }

    fn frame_due(&self) -> Option<i64> {
        let heard = self.connected && self.running() && self.subscribed.contains(&NOTIFY);
        let waiting = self.acc.waiting.len().max(self.gyr.waiting.len());
        let last = self.ticks.next + PACKED.saturating_sub(waiting).max(1) as u64 - 1;
        heard.then(|| (self.ticks.at_us(last) + PACKING_US).ceil() as i64)
    }

    fn frames(&mut self) -> Vec<News> {
        let mut out = Vec::new();
        for _ in 0..PACKED {
            self.measure();
            self.acc.notifications([0x03, 0x1C], &mut out);
            self.gyr.notifications([0x13, 0x07], &mut out);
            if !out.is_empty() || !self.running() {
                break;
            }
        }
        out
    }

    fn skip_to(&mut self, now_us: i64) {
        self.ticks.skip_to(now_us);
    }

    fn battery(&self, _: i64) -> u8 {
        99
    }

    fn act(&mut self, now_us: i64, act: Act) -> bool {
        self.ticks.motion.act(now_us as f64 * 1e-6, act)
    }

    fn idle(&self, now_us: i64) -> bool {
        self.ticks.motion.idle(now_us as f64 * 1e-6)
    }

    fn reboot(&mut self, now_us: i64) {
        self.disconnect(now_us);
        self.on_loss.clear();
        for half in [&mut self.acc, &mut self.gyr] {
            *half = Half { per_unit: 1.0, ..Half::default() };
        }
    }
}

//! A cuff of the Cuff Motion Profile written from the profile's description alone: bytes by hand, nothing of the codec
//! it is there to check.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

/// The motion service.
pub const SERVICE: &str = "2f600001-11c5-4859-b00a-1d2c16f9bd07";
const INFO: &str = "2f600011-11c5-4859-b00a-1d2c16f9bd07";
const STREAMS: &str = "2f600012-11c5-4859-b00a-1d2c16f9bd07";
/// Motion Data.
pub const MOTION: &str = "2f600013-11c5-4859-b00a-1d2c16f9bd07";
const CONTROL: &str = "2f600014-11c5-4859-b00a-1d2c16f9bd07";
const BATTERY: &str = "00002a19-0000-1000-8000-00805f9b34fb";
const FIRMWARE: &str = "00002a26-0000-1000-8000-00805f9b34fb";

/// Folders of the services' objects, and their UUIDs.
pub const SERVICES: [(&str, &str); 3] = [
    ("service0001", SERVICE),
    ("service0002", "0000180f-0000-1000-8000-00805f9b34fb"),
    ("service0003", "0000180a-0000-1000-8000-00805f9b34fb"),
];

/// A characteristic as BlueZ shows it.
pub struct Char {
    /// Folder of its service.
    pub service: &'static str,
    /// UUID.
    pub uuid: &'static str,
    /// What can be done with it.
    pub flags: &'static [&'static str],
}

/// Everything a cuff offers.
pub const CHARACTERISTICS: [Char; 6] = [
    Char { service: "service0001", uuid: INFO, flags: &["read"] },
    Char { service: "service0001", uuid: STREAMS, flags: &["read"] },
    Char { service: "service0001", uuid: MOTION, flags: &["notify"] },
    Char { service: "service0001", uuid: CONTROL, flags: &["write", "indicate"] },
    Char { service: "service0002", uuid: BATTERY, flags: &["read", "notify"] },
    Char { service: "service0003", uuid: FIRMWARE, flags: &["read"] },
];

/// A running stream.
struct Run {
    began: Instant,
    rate_hz: f64,
    samples: u8,
    next: u32,
    seq: u8,
}

/// A cuff.
pub struct Cuff {
    /// Name in the air.
    pub name: String,
    /// Number on its label.
    pub device_id: u32,
    /// 0 not told, 1 left, 2 right.
    pub side: u8,
    /// Grams.
    pub mass_g: u16,
    /// Per cent.
    pub battery: u8,
    /// Signal strength.
    pub rssi_dbm: i16,
    /// Packet size BlueZ reports.
    pub mtu: u16,
    /// It is being shaken: its gyroscope swings by 300 °/s.
    pub shaken: bool,
    /// Frames that get lost on the way, from this index on.
    pub lose: u32,
    /// The first index that may get lost.
    pub lose_from: u32,
    /// The next start is refused with this result.
    pub refuse_start: Option<u8>,
    /// Major version of the profile.
    pub version: u8,
    /// It wants a bond, and has forgotten the one it had.
    pub bond_lost: bool,
    /// Frames sent or lost so far.
    pub frames: u64,
    /// Times it was asked to show itself.
    pub shown: u32,
    chosen: Option<(u16, u8)>,
    run: Option<Run>,
    answers: VecDeque<Vec<u8>>,
    sessions: u32,
}

impl Cuff {
    /// A cuff with this number on its label, for this leg (1 left, 2 right, 0 not told).
    pub fn new(device_id: u32, side: u8) -> Self {
        Self {
            name: format!("CUF-{:04X}", device_id & 0xFFFF),
            device_id,
            side,
            mass_g: 1500,
            battery: 87,
            rssi_dbm: -50 - i16::from(side),
            mtu: 247,
            shaken: false,
            lose: 0,
            lose_from: 0,
            refuse_start: None,
            version: 1,
            bond_lost: false,
            frames: 0,
            shown: 0,
            chosen: None,
            run: None,
            answers: VecDeque::new(),
            sessions: 0,
        }
    }

    /// Service data: side and an open pairing window, battery, weight in 50 g.
    pub fn beacon(&self) -> Vec<u8> {
        vec![0x40 | 0x04 | self.side, self.battery, (self.mass_g / 50) as u8]
    }

    /// What a read gives.
    pub fn read(&self, uuid: &str) -> Option<Vec<u8>> {
        Some(match uuid {
            INFO => {
                let mut bytes = vec![self.version, 0, self.side, 1];
                bytes.extend(self.mass_g.to_le_bytes());
                bytes.extend([0xFA, 0, 4, 0xFF, 2, 1]);
                bytes.extend(self.device_id.to_le_bytes());
                // Six axes, haptic, light, wants a bond.
                bytes.extend((0x0181 | u32::from(self.bond_lost) << 11).to_le_bytes());
                bytes
            }
            // Stream 0, six axes, 12.5 to 400 Hz, ±2 to ±16 g, ±125 to ±2,000 °/s, 12 bytes a sample, at most 41.
            STREAMS => vec![0, 0, 0x3F, 0, 0x0F, 0x1F, 12, 41, 1, 0, 0, 0],
            BATTERY => vec![self.battery],
            FIRMWARE => b"2.0.1".to_vec(),
            _ => return None,
        })
    }

    /// What a write does; an ATT error where it is refused.
    pub fn write(&mut self, uuid: &str, bytes: &[u8], subscribed: bool) -> Result<(), u8> {
        if uuid != CONTROL {
            return Err(0x03);
        }
        if !subscribed {
            return Err(0xFD);
        }
        let answer = |op: u8, result: u8, params: &[u8]| [&[0x80, op, result][..], params].concat();
        let said = match bytes {
            [1, 0, rate_low, rate_high, 16, 0xD0, 0x07, samples] => {
                self.chosen = Some((u16::from_le_bytes([*rate_low, *rate_high]), *samples));
                let mut params = vec![0, *rate_low, *rate_high];
                // 2⁻¹¹ g and 70 m°/s per count.
                params.extend((16.0f32 / 32768.0).to_le_bytes());
                params.extend(0.07f32.to_le_bytes());
                params.push(*samples);
                answer(1, 1, &params)
            }
            [2, 1, 0] => match (self.refuse_start.take(), self.chosen) {
                (Some(result), _) => answer(2, result, &[]),
                (None, None) => answer(2, 5, &[]),
                (None, Some((rate_dhz, samples))) => {
                    self.sessions += 1;
                    let rate_hz = f64::from(rate_dhz) / 10.0;
                    self.run = Some(Run { began: Instant::now(), rate_hz, samples, next: 0, seq: 0 });
                    answer(2, 1, &[&self.sessions.to_le_bytes()[..], &5_000_000u64.to_le_bytes()].concat())
                }
            },
            [3, 1, 0] => {
                self.run = None;
                answer(3, 1, &[])
            }
            [5, _, _] => {
                self.shown += 1;
                answer(5, 1, &[])
            }
            [op, ..] => answer(*op, 2, &[]),
            [] => return Err(0x0D),
        };
        self.answers.push_back(said);
        Ok(())
    }

    /// The link is gone: this one stops at once.
    pub fn disconnected(&mut self) {
        self.run = None;
        self.answers.clear();
    }

    /// What it sends by now.
    pub fn due(&mut self, now: Instant) -> Vec<(&'static str, Vec<u8>)> {
        let mut sent: Vec<_> = self.answers.drain(..).map(|answer| (CONTROL, answer)).collect();
        while let Some(run) = &mut self.run {
            let end = f64::from(run.next + u32::from(run.samples)) / run.rate_hz;
            if now < run.began + Duration::from_secs_f64(end) {
                break;
            }
            let device_us = 5_000_000u32.wrapping_add((f64::from(run.next) * 1e6 / run.rate_hz).round() as u32);
            let mut bytes = vec![0x10, 0, run.seq, run.samples];
            bytes.extend(run.next.to_le_bytes());
            bytes.extend(device_us.to_le_bytes());
            for index in run.next..run.next + u32::from(run.samples) {
                // 300 °/s to and fro, 2.5 times a second at 100 Hz.
                let swing = if !self.shaken {
                    0
                } else if index / 20 % 2 == 0 {
                    4286i16
                } else {
                    -4286
                };
                // Its index in the first axis, as `desk::mark` expects it: a misplaced sample is seen.
                for count in [(index % 1000) as i16, 0, 2048, swing, 0, 0] {
                    bytes.extend(count.to_le_bytes());
                }
            }
            run.next += u32::from(run.samples);
            run.seq = run.seq.wrapping_add(1);
            self.frames += 1;
            if self.lose > 0 && run.next > self.lose_from {
                self.lose -= 1;
            } else {
                sent.push((MOTION, bytes));
            }
        }
        sent
    }
}

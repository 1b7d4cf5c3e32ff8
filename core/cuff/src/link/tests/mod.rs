//! A link against a cuff that answers as the profile says: what it asks and tells is compared as lines of text.

mod conversation;
mod mishaps;
mod samples;

use super::*;
use crate::driver::cmp::{
    self, Command, CuffInfo, Features, MotionFrame, Mounting, Outcome, Placement, Response, Started, StreamAnswer,
    StreamKind, StreamOffer,
};
use crate::transport::Refusal;
use std::fmt::Write as _;
use talus_motion::{Counts, Side};

const CUFF: CuffId = CuffId([7; 16]);

fn id() -> PeripheralId {
    PeripheralId("cuff".into())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn short(uuid: Uuid) -> String {
    uuid.to_string()[4..8].to_owned()
}

/// Asks and notices as lines of text.
fn lines(out: &LinkOutputs) -> Vec<String> {
    let asks = out.asks.iter().map(|ask| match ask {
        Ask::Connect(_) => "> connect".into(),
        Ask::Disconnect(_) => "> disconnect".into(),
        Ask::Read(_, uuid) => format!("> read {}", short(*uuid)),
        Ask::Subscribe(_, uuid) => format!("> subscribe {}", short(*uuid)),
        Ask::Write { characteristic, bytes, with_response, .. } => {
            format!("> write {} {}{}", short(*characteristic), hex(bytes), if *with_response { "" } else { " (wnr)" })
        }
        Ask::Scan { .. } | Ask::StopScan => "> scan".into(),
    });
    let notices = out.notices.iter().map(|notice| match notice {
        Notice::State { state, .. } => format!("  {state:?}"),
        Notice::Stream(config) => format!("  stream {} {} Hz {}", config.stream, config.rate_hz, config.firmware),
        Notice::Samples(block) => {
            format!("  samples {}+{} flags {}", block.first_index, block.counts.len(), block.flags.0)
        }
        Notice::Card(card) => format!("  card {} {:?} {:?} g", card.serial, card.side, card.mass_g),
        Notice::Battery(percent) => format!("  battery {percent}"),
        Notice::Time(block) => format!("  time {:?} at {}", block.device_us, block.arrival_us),
    });
    notices.chain(asks).collect()
}

/// A cuff that answers as the profile says.
struct Bench {
    link: Link,
    out: LinkOutputs,
    now: Micros,
    log: Vec<String>,
    mtu_told: u16,
    mtu_real: u16,
    version: u8,
    features: Features,
    index: u32,
    device_us: u32,
    samples: u8,
    /// Its battery is too low to start.
    empty: bool,
    /// What happens to the nth GATT operation instead of its answer.
    mishap: Option<(usize, Mishap)>,
    ops: usize,
    pending: Vec<Ask>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Mishap {
    Disconnect,
    Silence,
    Refuse(Refusal),
    Garbage,
    /// The answer to another command, and the confirmation of another write.
    Other,
}

impl Bench {
    fn new() -> Self {
        Self {
            link: Link::new(CUFF, id(), Family::Cmp, Wish::default()),
            out: LinkOutputs::default(),
            now: Micros(0),
            log: Vec::new(),
            mtu_told: 185,
            mtu_real: 185,
            version: 1,
            features: Features(0x5FD),
            index: 0,
            device_us: 5_000_000,
            samples: 0,
            empty: false,
            mishap: None,
            ops: 0,
            pending: Vec::new(),
        }
    }

    fn drain(&mut self) {
        self.log.extend(lines(&self.out));
        self.pending.append(&mut self.out.asks);
        self.out.clear();
    }

    fn start(&mut self) {
        self.link.start(self.now, &mut self.out);
        self.drain();
    }

    fn stop(&mut self) {
        self.link.stop(self.now, &mut self.out);
        self.drain();
    }

    fn hear(&mut self, heard: &Heard) {
        self.link.hear(self.now, heard, &mut self.out);
        self.drain();
    }

    /// Answers every pending ask until there is none.
    fn settle(&mut self) {
        while !self.pending.is_empty() {
            let ask = self.pending.remove(0);
            for heard in self.answer(&ask) {
                self.now = self.now.plus(15_000);
                self.hear(&heard);
            }
        }
    }

    /// Lets time pass in steps, without answering.
    fn wait(&mut self, us: i64) {
        let until = self.now.plus(us);
        while self.now < until {
            self.now = self.now.plus(50_000).min(until);
            self.link.tick(self.now, &mut self.out);
            self.drain();
        }
    }

    fn frame(&mut self, n: usize) -> Vec<u8> {
        let counts: Counts = (0..n).map(|_| [0, 0, 2048, 0, 0, 0]).collect();
        let frame = MotionFrame {
            stream: 0,
            flags: BlockFlags(0),
            seq: 0,
            first_index: self.index,
            device_us: self.device_us,
            counts,
        };
        self.index = self.index.wrapping_add(n as u32);
        self.device_us = self.device_us.wrapping_add(n as u32 * 10_000);
        let mut bytes = Vec::new();
        frame.encode(&mut bytes);
        bytes
    }

    fn send_frame(&mut self) {
        let bytes = self.frame(10);
        self.now = self.now.plus(100_000);
        self.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
    }

    fn answer(&mut self, ask: &Ask) -> Vec<Heard> {
        let gatt = !matches!(ask, Ask::Connect(_) | Ask::Disconnect(_));
        if gatt {
            self.ops += 1;
            if let Some((at, mishap)) = self.mishap
                && at == self.ops - 1
            {
                self.mishap = None;
                let uuid = match ask {
                    Ask::Read(_, uuid) | Ask::Subscribe(_, uuid) => *uuid,
                    Ask::Write { characteristic, .. } => *characteristic,
                    _ => unreachable!(),
                };
                return match (mishap, ask) {
                    (Mishap::Disconnect, _) => vec![Heard::Disconnected(id())],
                    (Mishap::Silence, _) => vec![],
                    (Mishap::Refuse(refusal), _) => {
                        vec![Heard::Failed { id: id(), characteristic: Some(uuid), refusal }]
                    }
                    (Mishap::Other, _) => {
                        let response = Response { op: 0x05, outcome: Outcome::Ok, params: &[] }.encode();
                        vec![Heard::Written(id(), cmp::BATTERY_LEVEL), Heard::Notified(id(), uuid, response)]
                    }
                    (Mishap::Garbage, Ask::Read(..)) => vec![Heard::Read(id(), uuid, vec![0xFF; 5])],
                    (Mishap::Garbage, Ask::Subscribe(..)) => vec![Heard::Subscribed(id(), uuid)],
                    (Mishap::Garbage, _) => {
                        vec![Heard::Written(id(), uuid), Heard::Notified(id(), uuid, vec![0x80, 1, 1, 9])]
                    }
                };
            }
        }
        match ask {
            Ask::Connect(_) => {
                let characteristics = [
                    cmp::CUFF_INFO,
                    cmp::STREAMS,
                    cmp::MOTION_DATA,
                    cmp::CONTROL_POINT,
                    cmp::BATTERY_LEVEL,
                    cmp::FIRMWARE_REVISION,
                    cmp::HARDWARE_REVISION,
                ];
                vec![Heard::Connected { id: id(), mtu: self.mtu_told, characteristics: characteristics.to_vec() }]
            }
            Ask::Disconnect(_) => vec![Heard::Disconnected(id())],
            Ask::Read(_, uuid) => vec![Heard::Read(id(), *uuid, self.value(*uuid))],
            Ask::Subscribe(_, uuid) => vec![Heard::Subscribed(id(), *uuid)],
            Ask::Write { characteristic, bytes, .. } => {
                let written = Heard::Written(id(), *characteristic);
                let command = Command::decode(bytes).unwrap();
                let (outcome, params) = self.command(&command);
                let response = Response { op: command.op(), outcome, params: &params }.encode();
                vec![written, Heard::Notified(id(), *characteristic, response)]
            }
            Ask::Scan { .. } | Ask::StopScan => vec![],
        }
    }

    fn value(&self, uuid: Uuid) -> Vec<u8> {
        match uuid {
            cmp::CUFF_INFO => CuffInfo {
                version: (self.version, 0),
                mounting: Mounting {
                    side: Some(Side::Left),
                    placement: Placement::LateralAnkle,
                    mass_g: Some(1500),
                    insert_g: 250,
                    inserts: 4,
                    axis_map: 0xFF,
                },
                hardware: 0x0102,
                device_id: 0xA1B2_C3D4,
                features: self.features,
            }
            .encode(),
            cmp::STREAMS => cmp::encode_streams(&[StreamOffer {
                id: 0,
                kind: StreamKind::Imu6,
                rates: 0x3F,
                acc_ranges: 0x0F,
                gyr_ranges: 0x1F,
                sample_len: 12,
                max_samples: 41,
                sensor: 0x6C,
            }]),
            cmp::BATTERY_LEVEL => vec![87],
            cmp::FIRMWARE_REVISION => b"1.4.2\0\x1b".to_vec(),
            _ => b"rev B".to_vec(),
        }
    }

    fn command(&mut self, command: &Command) -> (Outcome, Vec<u8>) {
        match command {
            Command::SetStream { stream, rate_dhz, acc_g, samples, .. } => {
                self.samples = *samples;
                let answer = StreamAnswer {
                    stream: *stream,
                    rate_dhz: *rate_dhz,
                    acc_g_per_count: f32::from(*acc_g) / 32768.0,
                    gyr_dps_per_count: 0.07,
                    samples: *samples,
                };
                (Outcome::Ok, answer.encode())
            }
            Command::Start { .. } if self.samples > MotionFrame::samples_in_mtu(self.mtu_real) => {
                (Outcome::MtuTooSmall, vec![])
            }
            Command::Start { .. } if self.empty => (Outcome::BatteryLow, vec![]),
            Command::Start { .. } => {
                self.index = 0;
                (Outcome::Ok, Started { session: 1, t0_us: u64::from(self.device_us) }.encode())
            }
            _ => (Outcome::Ok, vec![]),
        }
    }

    fn streaming() -> Self {
        let mut bench = Self::new();
        bench.start();
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "{:#?}", bench.log);
        bench.send_frame();
        bench.log.clear();
        bench
    }

    fn take_log(&mut self) -> String {
        std::mem::take(&mut self.log).join("\n")
    }
}

/// GATT operations from connecting to streaming.
const OPS: usize = 10;

//! The whole conversation as tables: app says, bytes written, bytes received, notices out.

use super::*;
use crate::driver::cmp::{
    self, Beacon, Command, CuffInfo, Features, MotionFrame, Mounting, Outcome, Placement, Response, Started,
    StreamAnswer, StreamKind, StreamOffer,
};
use crate::transport::{Advert, Refusal};
use proptest::prelude::*;
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

#[test]
fn the_conversation_from_start_to_stop_is_this_one() {
    let mut bench = Bench::new();
    bench.start();
    bench.settle();
    bench.send_frame();
    bench.send_frame();
    bench.hear(&Heard::Notified(id(), cmp::BATTERY_LEVEL, vec![86]));
    bench.link.identify(bench.now, &mut bench.out);
    bench.drain();
    bench.settle();
    bench.stop();
    bench.settle();
    let golden = "  Connecting
> connect
  Preparing
> read 0011
> read 0012
> read 2a26
> read 2a27
  card a1b2c3d4 Some(Left) Some(1500) g
> read 2a19
  battery 87
> subscribe 0014
> subscribe 0013
> subscribe 2a19
> write 0014 0100e80310d0070a
> write 0014 020100
  stream 0 100 Hz 1.4.2
  Streaming
  samples 0+10 flags 0
  samples 10+10 flags 0
  battery 86
> write 0014 050303
> write 0014 030100
> disconnect
  Closed";
    assert_eq!(bench.take_log(), golden);
    assert_eq!(bench.ops, OPS + 2);
    assert_eq!(bench.link.counters(), Counters { received: 20, ..Counters::default() });
}

#[test]
fn the_stream_is_scaled_by_what_the_cuff_answered() {
    let mut bench = Bench::new();
    bench.start();
    let mut config = None;
    while !bench.pending.is_empty() {
        let ask = bench.pending.remove(0);
        for heard in bench.answer(&ask) {
            bench.link.hear(bench.now, &heard, &mut bench.out);
            for notice in &bench.out.notices {
                if let Notice::Stream(stream) = notice {
                    config = Some(stream.clone());
                }
            }
            bench.drain();
        }
    }
    let config = config.unwrap();
    assert_eq!(config.acc_mps2_per_count, 16.0 / 32768.0 * 9.80665);
    // 70 mdps per count, as f32 on the wire.
    assert!((config.gyr_radps_per_count - 0.07f64.to_radians()).abs() < 1e-9);
    assert!((config.gyr_range_radps - 2000f64.to_radians()).abs() < 1e-9, "the wish, not 32767 counts (2,293 °/s)");
    assert!((config.acc_range_mps2 - 16.0 * 9.80665).abs() < 0.01);
    assert_eq!((config.cuff, config.driver.as_str()), (CUFF, "cmp"));
}

#[test]
fn a_break_at_any_step_ends_in_a_stream_again() {
    for at in 0..OPS {
        for mishap in [Mishap::Disconnect, Mishap::Silence, Mishap::Garbage, Mishap::Refuse(Refusal::NotReachable)] {
            let mut bench = Bench::new();
            bench.mishap = Some((at, mishap));
            bench.start();
            bench.settle();
            // Everything that can time out has after 30 s; the first pause is half a second.
            for _ in 0..40 {
                if bench.link.state() == LinkState::Streaming {
                    break;
                }
                bench.wait(1_000_000);
                bench.settle();
            }
            assert_eq!(bench.link.state(), LinkState::Streaming, "{mishap:?} at {at}: {:#?}", bench.log);
            bench.send_frame();
            assert_eq!(bench.link.counters().received, 10, "{mishap:?} at {at}");
        }
    }
}

#[test]
fn what_a_cuff_can_do_without_may_be_refused() {
    // Firmware, hardware, battery, battery notifications.
    for at in [2, 3, 4, 7] {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Refuse(Refusal::Att(0x0A))));
        bench.start();
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "{at}");
        assert_eq!(bench.link.counters().reconnects, 0);
    }
}

#[test]
fn a_lost_stream_comes_back_as_a_new_segment() {
    let mut bench = Bench::streaming();
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(500_000);
    bench.settle();
    bench.send_frame();
    bench.send_frame();
    let log = bench.take_log();
    let kept: Vec<_> = log.lines().filter(|line| !line.contains("read") && !line.contains("subscribe")).collect();
    assert_eq!(
        kept,
        [
            "  samples 10+10 flags 0",
            "  Lost",
            "> connect",
            "  Preparing",
            "  card a1b2c3d4 Some(Left) Some(1500) g",
            "> write 0014 0100e80310d0070a",
            "> write 0014 020100",
            "  stream 0 100 Hz 1.4.2",
            "  Streaming",
            // 0.5 s pause, 0.195 s of answers, 0.1 s of frame: 79.5 samples since the last, ten of them here.
            "  samples 90+10 flags 16",
            "  samples 100+10 flags 0",
        ]
    );
    assert_eq!(bench.link.counters().reconnects, 1);
    assert_eq!(bench.link.counters().missing, 0, "what lies between segments is not counted as loss");
}

#[test]
fn pauses_grow_to_fifteen_seconds_and_stay_there() {
    let mut bench = Bench::new();
    bench.start();
    let mut pauses = Vec::new();
    for _ in 0..8 {
        bench.pending.clear();
        bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Timeout });
        let from = bench.now;
        while bench.pending.is_empty() {
            bench.wait(50_000);
        }
        pauses.push(bench.now.since(from));
    }
    let s = 1_000_000;
    assert_eq!(pauses, [s / 2, s, 2 * s, 4 * s, 8 * s, 15 * s, 15 * s, 15 * s]);
    assert_eq!(bench.link.state(), LinkState::NotFound);
    bench.settle();
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.due(), Some(bench.now.plus(s / 2)), "a stream that ran begins with the shortest pause");
}

#[test]
fn loss_is_counted_where_it_happens() {
    let mut bench = Bench::streaming();
    let _lost = bench.frame(10);
    bench.send_frame();
    let again = {
        bench.index -= 10;
        bench.device_us -= 100_000;
        bench.frame(10)
    };
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, again));
    bench.wait(250_000);
    bench.index -= 20;
    bench.device_us -= 200_000;
    let late = bench.frame(10);
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, late));
    for bad in [vec![], vec![0x10; 11], vec![0xFF; 40], vec![0x11, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0], {
        let mut other_stream = bench.frame(10);
        other_stream[0] = 0x13;
        other_stream
    }] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bad));
    }
    bench.hear(&Heard::Notified(id(), cmp::BATTERY_LEVEL, vec![101]));
    assert_eq!(bench.take_log(), "  samples 20+10 flags 0");
    let expected = Counters {
        received: 20,
        missing: 10,
        gaps: 1,
        duplicates: 1,
        reordered: 1,
        malformed: 6,
        ..Counters::default()
    };
    assert_eq!(bench.link.counters(), expected);
    let mut overrun = bench.frame(10);
    overrun[1] = 1;
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, overrun));
    assert_eq!(bench.link.counters().overruns, 1);
}

#[test]
fn a_cuff_that_counts_anew_without_leaving_begins_a_segment() {
    let mut bench = Bench::streaming();
    bench.send_frame();
    (bench.index, bench.device_us) = (0, 1_000_000);
    bench.send_frame();
    bench.send_frame();
    assert_eq!(
        bench.take_log(),
        "  samples 10+10 flags 0\n  stream 0 100 Hz 1.4.2\n  samples 24+10 flags 16\n  samples 34+10 flags 0"
    );
}

#[test]
fn a_stalled_stream_is_started_again_and_then_reconnected() {
    let mut bench = Bench::streaming();
    bench.wait(2_000_000);
    assert_eq!(bench.log, ["  Preparing", "> read 0011"]);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    bench.log.clear();
    bench.wait(2_000_000);
    assert_eq!(bench.log, ["  Lost", "> disconnect"]);
    bench.settle();
    bench.wait(500_000);
    bench.settle();
    bench.send_frame();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.link.counters().stalls, 2);
}

#[test]
fn a_cuff_that_knows_its_packets_to_be_smaller_gets_fewer_samples() {
    // The platform says 23 or 185 although the packets hold two samples.
    for mtu_told in [23, 185] {
        let mut bench = Bench::new();
        (bench.mtu_told, bench.mtu_real) = (mtu_told, 39);
        bench.start();
        bench.settle();
        let log = bench.take_log();
        let written: Vec<_> = log.lines().filter_map(|line| line.strip_prefix("> write 0014 ")).collect();
        let expected = ["0100e80310d0070a", "020100", "0100e80310d00705", "020100", "0100e80310d00702", "020100"];
        assert_eq!(written, expected, "{mtu_told}");
        assert_eq!(bench.link.state(), LinkState::Streaming);
    }
}

#[test]
fn packets_that_hold_no_sample_end_the_conversation_and_it_is_tried_again() {
    let mut bench = Bench::new();
    (bench.mtu_told, bench.mtu_real) = (23, 23);
    bench.start();
    bench.settle();
    assert_eq!(bench.link.fault(), Some(TalkError::PacketsTooSmall));
    assert_eq!(bench.link.state(), LinkState::Lost);
    assert_eq!(bench.log.last().map(String::as_str), Some("> disconnect"));
    bench.mtu_real = 185;
    bench.wait(500_000);
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
}

#[test]
fn a_cuff_of_another_profile_version_is_not_tried_again() {
    let mut bench = Bench::new();
    bench.version = 2;
    bench.start();
    bench.settle();
    bench.wait(60_000_000);
    assert_eq!(
        bench.log,
        ["  Connecting", "> connect", "  Preparing", "> read 0011", "  FirmwareTooOld", "> disconnect"]
    );
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::FirmwareTooOld, None));
    bench.version = 1;
    bench.start();
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn pairing_is_waited_for_and_a_lost_bond_is_told() {
    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::NeedsBond)));
    bench.start();
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Preparing);
    bench.wait(5_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);

    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::Att(0x05))));
    bench.start();
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::BondLost, Some(TalkError::Bond)));
    bench.wait(500_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert!(!bench.take_log().contains("Lost\n  Preparing"), "the message stays until the stream runs");
}

#[test]
fn a_link_that_falls_again_and_again_where_a_bond_is_needed_has_lost_it() {
    for (features, told) in [(0x5FD, LinkState::Lost), (0x5FD | Features::BOND_REQUIRED.0, LinkState::BondLost)] {
        let mut bench = Bench::new();
        bench.features = Features(features);
        bench.start();
        for round in 0..3 {
            // The stream's subscription: what a platform that cannot encrypt says is that the link ended.
            bench.mishap = Some((bench.ops + 6, Mishap::Disconnect));
            bench.settle();
            assert_eq!(bench.link.state(), if round < 2 { LinkState::Lost } else { told });
            bench.wait(4_000_000);
        }
        bench.settle();
        bench.send_frame();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
    }
}

#[test]
fn links_that_fall_here_and_there_have_lost_no_bond() {
    let mut bench = Bench::new();
    bench.features = Features(0x5FD | Features::BOND_REQUIRED.0);
    bench.start();
    // Twice in the middle of a subscription, then while it only reads, at another subscription, and before a link stands.
    for at in [6, 6, 2, 6, 6, 8, 6, 6] {
        bench.mishap = Some((bench.ops + at, Mishap::Disconnect));
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Lost, None), "fell at {at}");
        bench.wait(15_000_000);
    }
    bench.pending.clear();
    bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable });
    bench.wait(15_000_000);
    bench.mishap = Some((bench.ops + 6, Mishap::Disconnect));
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Lost);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn an_operation_that_is_not_answered_breaks_the_row_of_falls() {
    let mut bench = Bench::new();
    bench.features = Features(0x5FD | Features::BOND_REQUIRED.0);
    bench.start();
    for mishap in [Mishap::Disconnect, Mishap::Disconnect, Mishap::Silence, Mishap::Disconnect, Mishap::Disconnect] {
        bench.mishap = Some((bench.ops + 6, mishap));
        bench.settle();
        if mishap == Mishap::Silence {
            bench.wait(WRITE_US);
            bench.settle();
        }
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Lost, None), "{mishap:?}");
        bench.wait(15_000_000);
    }
}

#[test]
fn a_cuff_that_is_not_found_is_told_while_a_connection_is_still_tried() {
    let mut bench = Bench::new();
    bench.start();
    bench.wait(19_900_000);
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::Connecting, Some(Micros(20_000_000))));
    bench.wait(100_000);
    assert_eq!((bench.link.state(), bench.link.due()), (LinkState::NotFound, Some(Micros(CONNECT_US))));
    bench.wait(16_000_000);
    bench.pending.clear();
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(1_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.take_log().matches("NotFound").count(), 1);
}

#[test]
fn what_is_in_use_or_not_allowed_and_then_out_of_sight_is_not_found() {
    let advert = Heard::Advert(Advert {
        id: id(),
        name: String::new(),
        rssi_dbm: None,
        services: vec![],
        service_data: vec![],
        manufacturer_data: vec![],
    });
    let failed = |refusal| Heard::Failed { id: id(), characteristic: None, refusal };
    let mut bench = Bench::new();
    bench.start();
    for _ in 0..3 {
        bench.hear(&advert);
        bench.hear(&failed(Refusal::NotReachable));
        bench.wait(2_000_000);
    }
    assert_eq!(bench.link.state(), LinkState::InUseElsewhere);
    // It went away with whoever uses it.
    for _ in 0..3 {
        bench.wait(8_000_000);
        bench.hear(&failed(Refusal::NotReachable));
    }
    assert_eq!(bench.link.state(), LinkState::NotFound);

    // What is refused again and again is not allowed, however long; it was never looked for.
    let mut bench = Bench::new();
    bench.start();
    for _ in 0..8 {
        bench.hear(&failed(Refusal::NotAllowed));
        assert_eq!(bench.link.state(), LinkState::NotAllowed);
        bench.wait(15_000_000);
    }
    // It is allowed: the connection does not come about for another reason.
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.state(), LinkState::Searching);
    bench.wait(15_000_000);
    bench.hear(&failed(Refusal::NotAllowed));
    assert_eq!(bench.link.state(), LinkState::NotAllowed);
    bench.wait(15_000_000 + CONNECT_US);
    assert_eq!(bench.link.state(), LinkState::NotFound, "it may be tried, and hangs");
}

#[test]
fn a_cuff_that_does_not_show_itself_is_not_found_until_it_does() {
    let mut bench = Bench::new();
    bench.start();
    let unreachable = Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable };
    let mut told = Vec::new();
    for _ in 0..6 {
        bench.pending.clear();
        bench.hear(&unreachable);
        told.push(bench.link.state());
        bench.wait(8_000_000);
    }
    assert_eq!(told[..3], [LinkState::Searching; 3], "it may just be waking");
    assert_eq!(told[5], LinkState::NotFound);
    // It advertises: somebody pressed its button.
    bench.hear(&Heard::Advert(Advert {
        id: id(),
        name: String::new(),
        rssi_dbm: None,
        services: vec![],
        service_data: vec![],
        manufacturer_data: vec![],
    }));
    assert_eq!(bench.link.state(), LinkState::Searching);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    // The same of one that was lost; nothing is said of a second or two.
    bench.hear(&Heard::Disconnected(id()));
    bench.wait(1_000_000);
    assert_eq!(bench.link.state(), LinkState::Lost);
    // Connections that never come about: each is given up after 35 s.
    bench.wait(40_000_000);
    bench.pending.clear();
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.link.state(), LinkState::NotFound);
    bench.wait(15_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn the_answer_to_another_operation_is_no_answer() {
    // The stream's settings and its start: writes that are done when the control point has answered.
    for at in [8, 9] {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Other));
        bench.start();
        bench.settle();
        assert_eq!((bench.link.state(), bench.pending.len()), (LinkState::Preparing, 0), "operation {at}");
        bench.wait(WRITE_US);
        assert_eq!(bench.link.state(), LinkState::Lost, "operation {at}");
        bench.settle();
        bench.wait(1_000_000);
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "operation {at}");
    }
}

#[test]
fn a_cuff_whose_battery_is_too_low_says_so_until_it_streams() {
    let mut bench = Bench::new();
    bench.empty = true;
    bench.start();
    for _ in 0..3 {
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::BatteryLow, Some(TalkError::BatteryLow)));
        bench.wait(4_000_000);
    }
    // On its charger.
    bench.empty = false;
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));
    let told = bench.take_log();
    assert_eq!((told.matches("BatteryLow").count(), told.matches("Preparing").count()), (1, 1), "{told}");
}

#[test]
fn what_the_system_does_not_allow_is_told_and_tried_again() {
    let denied = |characteristic| Heard::Failed { id: id(), characteristic, refusal: Refusal::NotAllowed };
    let mut bench = Bench::new();
    bench.start();
    bench.pending.clear();
    bench.hear(&denied(None));
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::NotAllowed, Some(TalkError::NotAllowed)));
    // It stays on the screen while it is tried again, and goes when it is allowed.
    bench.wait(1_000_000);
    assert_eq!(bench.link.state(), LinkState::NotAllowed);
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::Streaming, None));

    let mut bench = Bench::new();
    bench.mishap = Some((6, Mishap::Refuse(Refusal::NotAllowed)));
    bench.start();
    bench.settle();
    assert_eq!((bench.link.state(), bench.link.fault()), (LinkState::NotAllowed, Some(TalkError::NotAllowed)));
    bench.wait(1_000_000);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn a_cuff_that_is_seen_but_refuses_is_in_use_elsewhere() {
    let mut bench = Bench::new();
    bench.start();
    let beacon = Beacon {
        side: None,
        pairing_open: false,
        unsynced_log: false,
        charging: false,
        worn: false,
        version: 1,
        battery_percent: None,
        mass_g: None,
    };
    for _ in 0..3 {
        bench.hear(&Heard::Advert(Advert {
            id: id(),
            name: String::new(),
            rssi_dbm: None,
            services: vec![],
            service_data: vec![(cmp::SERVICE, beacon.encode().to_vec())],
            manufacturer_data: vec![],
        }));
        bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::NotReachable });
        bench.wait(2_000_000);
    }
    assert_eq!(bench.link.state(), LinkState::InUseElsewhere);
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
}

#[test]
fn the_radio_is_waited_for() {
    let mut bench = Bench::streaming();
    bench.hear(&Heard::Radio(RadioState::Off));
    bench.wait(60_000_000);
    bench.hear(&Heard::Radio(RadioState::NotAllowed));
    bench.hear(&Heard::Radio(RadioState::On));
    assert_eq!(bench.take_log(), "  RadioOff\n  NotAllowed\n  Connecting\n> connect");
    bench.settle();
    assert_eq!(bench.link.state(), LinkState::Streaming);
    bench.hear(&Heard::Radio(RadioState::Off));
    bench.stop();
    assert_eq!(bench.link.state(), LinkState::Closed);
    bench.hear(&Heard::Radio(RadioState::On));
    assert_eq!(bench.link.state(), LinkState::Closed);
}

#[test]
fn a_link_can_be_closed_at_any_step() {
    for at in 0..=OPS {
        let mut bench = Bench::new();
        bench.mishap = Some((at, Mishap::Silence));
        bench.start();
        bench.settle();
        bench.stop();
        bench.settle();
        bench.wait(10_000_000);
        bench.settle();
        assert_eq!((bench.link.state(), bench.link.due()), (LinkState::Closed, None), "{at}: {:#?}", bench.log);
        let stops = bench.log.iter().filter(|line| line.as_str() == "> write 0014 030100").count();
        assert_eq!(stops, usize::from(at == OPS), "stop is written exactly when a stream runs ({at})");
        assert_eq!(bench.log.last().map(String::as_str), Some("  Closed"));
        bench.wait(60_000_000);
        assert!(bench.pending.is_empty());
        bench.start();
        bench.settle();
        assert_eq!(bench.link.state(), LinkState::Streaming, "and opened again ({at})");
    }
}

#[test]
fn a_link_closed_while_connecting_or_waiting_stays_closed() {
    let mut bench = Bench::new();
    bench.start();
    bench.stop();
    bench.pending.clear();
    bench.hear(&Heard::Connected { id: id(), mtu: 185, characteristics: vec![] });
    bench.hear(&Heard::Disconnected(id()));
    assert_eq!(bench.take_log(), "  Connecting\n> connect\n> disconnect\n  Closed");
    bench.start();
    bench.hear(&Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Timeout });
    bench.stop();
    bench.wait(30_000_000);
    assert_eq!(bench.take_log(), "  Connecting\n> connect\n  Searching\n  Closed");
}

#[test]
fn an_answer_may_come_before_the_write_is_confirmed() {
    let mut bench = Bench::new();
    bench.start();
    while !bench.pending.is_empty() {
        let ask = bench.pending.remove(0);
        let mut heards = bench.answer(&ask);
        heards.reverse();
        for heard in heards {
            bench.hear(&heard);
        }
    }
    assert_eq!(bench.link.state(), LinkState::Streaming);
    assert_eq!(bench.ops, OPS);
}

#[test]
fn two_links_do_not_hear_each_other() {
    let mut left = Bench::streaming();
    let mut out = LinkOutputs::default();
    let other = PeripheralId("other".into());
    let mut right = Link::new(CuffId([8; 16]), other.clone(), Family::Cmp, Wish::default());
    right.start(Micros(0), &mut out);
    out.clear();
    let bytes = left.frame(10);
    for heard in [
        Heard::Notified(id(), cmp::MOTION_DATA, bytes),
        Heard::Disconnected(id()),
        Heard::Connected { id: id(), mtu: 185, characteristics: vec![] },
        Heard::Failed { id: id(), characteristic: None, refusal: Refusal::Other },
    ] {
        right.hear(Micros(1), &heard, &mut out);
    }
    assert_eq!((right.state(), &out), (LinkState::Connecting, &LinkOutputs::default()));
    left.hear(&Heard::Disconnected(other));
    assert_eq!(left.link.state(), LinkState::Streaming);
}

#[test]
fn two_cuffs_at_200_hz_lose_nothing_over_ten_minutes() {
    let mut benches = [Bench::streaming(), Bench::streaming()];
    for _ in 0..6000 {
        for bench in &mut benches {
            let bytes = bench.frame(20);
            bench.now = bench.now.plus(100_000);
            bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
            bench.log.clear();
            bench.link.tick(bench.now, &mut bench.out);
        }
    }
    for bench in &benches {
        let expected = Counters { received: 10 + 6000 * 20, ..Counters::default() };
        assert_eq!((bench.link.counters(), bench.link.state()), (expected, LinkState::Streaming));
    }
}

/// What a link tells of samples, without when they came.
fn told(bench: &mut Bench) -> Vec<SampleBlock> {
    let notices = bench.out.notices.drain(..);
    let blocks = notices.filter_map(|one| if let Notice::Samples(block) = one { Some(block) } else { None });
    blocks.map(|block| SampleBlock { arrival_us: 0, ..block }).collect()
}

/// Frames of one or ten samples, in an order and as often as drawn; each is moved by fewer places than are waited for.
fn jumbled() -> impl Strategy<Value = (usize, Vec<(usize, bool)>)> {
    let places = proptest::collection::vec((0usize..order::WAITING_MAX, any::<bool>()), 100..300);
    (prop_oneof![Just(1usize), Just(10)], places)
}

proptest! {
    #[test]
    fn frames_in_any_order_and_number_are_told_as_if_they_had_come_in_order((len, moved) in jumbled()) {
        let mut clean = Bench::streaming();
        let mut other = Bench::streaming();
        let frames: Vec<_> = moved.iter().map(|_| clean.frame(len)).collect();
        let arrive = |bench: &mut Bench, bytes: &Vec<u8>| {
            let at = bench.now;
            bench.link.hear(at, &Heard::Notified(id(), cmp::MOTION_DATA, bytes.clone()), &mut bench.out);
            bench.link.tick(at, &mut bench.out);
        };
        for bytes in &frames {
            arrive(&mut clean, bytes);
        }
        let mut order: Vec<_> = moved.iter().enumerate().map(|(i, (by, _))| (i + by, i)).collect();
        order.sort_unstable();
        for (_, i) in order {
            arrive(&mut other, &frames[i]);
            if moved[i].1 {
                arrive(&mut other, &frames[i]);
            }
        }
        prop_assert_eq!(told(&mut clean), told(&mut other));
        let counters = other.link.counters();
        let twice = moved.iter().filter(|(_, twice)| *twice).count() as u64;
        prop_assert_eq!((counters.missing, counters.duplicates), (0, twice));
        prop_assert_eq!(counters.received, clean.link.counters().received);
    }
}

#[test]
fn a_frame_that_was_overtaken_is_put_in_its_place_and_one_that_never_comes_holds_nothing_up_for_long() {
    let mut bench = Bench::streaming();
    let (first, second) = (bench.frame(10), bench.frame(10));
    for bytes in [second, first] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
    }
    assert_eq!(bench.take_log(), "  samples 10+10 flags 0\n  samples 20+10 flags 0");
    let _lost = bench.frame(10);
    bench.send_frame();
    bench.wait(100_000);
    bench.send_frame();
    assert_eq!((bench.take_log(), bench.link.due()), (String::new(), Some(bench.now.plus(50_000))));
    bench.wait(50_000);
    assert_eq!(bench.take_log(), "  samples 40+10 flags 0\n  samples 50+10 flags 0");
    let counters = bench.link.counters();
    assert_eq!((counters.reordered, counters.missing), (1, 10));
    // What waits is told before its link is said to be lost.
    let _lost = bench.frame(10);
    bench.send_frame();
    bench.hear(&Heard::Disconnected(id()));
    assert!(bench.take_log().starts_with("  samples 70+10 flags 0\n  Lost"));
}

#[test]
fn a_link_that_keeps_order_waits_briefly_and_one_that_broke_it_longer_for_a_minute() {
    let mut bench = Bench::streaming();
    // How long a loss holds up the frame behind it, µs.
    let held = |bench: &mut Bench| {
        let _lost = bench.frame(10);
        bench.send_frame();
        let since = bench.now;
        while bench.take_log().is_empty() {
            bench.wait(1000);
        }
        bench.now.since(since)
    };
    assert_eq!([held(&mut bench), held(&mut bench)], [order::WAIT_US; 2], "losses are no broken order");
    // A repetition must be announced within 300 ms, a frame of 100 ms and a connection event among them.
    const { assert!(order::WAIT_US + 100_000 + 30_000 < 300_000) };
    // One that comes when it was given up says that this link breaks order, and so does one that came in time.
    let late = bench.frame(10);
    bench.send_frame();
    bench.wait(order::WAIT_US);
    bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, late));
    bench.take_log();
    assert_eq!((held(&mut bench), bench.link.counters().reordered), (order::WAIT_LONG_US, 1));
    let (first, second) = (bench.frame(10), bench.frame(10));
    for bytes in [second, first] {
        bench.hear(&Heard::Notified(id(), cmp::MOTION_DATA, bytes));
    }
    bench.take_log();
    assert_eq!(held(&mut bench), order::WAIT_LONG_US);
    // A minute in good order, and it is trusted again.
    for _ in 0..order::BROKEN_US / 500_000 {
        bench.send_frame();
        bench.wait(500_000);
    }
    bench.take_log();
    assert_eq!(held(&mut bench), order::WAIT_US);
}

fn any_heard() -> impl Strategy<Value = Heard> {
    let uuid = prop_oneof![
        Just(cmp::CUFF_INFO),
        Just(cmp::STREAMS),
        Just(cmp::MOTION_DATA),
        Just(cmp::CONTROL_POINT),
        Just(cmp::BATTERY_LEVEL)
    ];
    let bytes = proptest::collection::vec(any::<u8>(), 0..40);
    let refusal = prop_oneof![
        Just(Refusal::Timeout),
        Just(Refusal::NeedsBond),
        Just(Refusal::NotReachable),
        Just(Refusal::RadioUnavailable),
        any::<u8>().prop_map(Refusal::Att)
    ];
    prop_oneof![
        prop_oneof![Just(RadioState::On), Just(RadioState::Off)].prop_map(Heard::Radio),
        any::<u16>().prop_map(|mtu| Heard::Connected { id: id(), mtu, characteristics: vec![cmp::BATTERY_LEVEL] }),
        Just(Heard::Disconnected(id())),
        (uuid.clone(), bytes.clone()).prop_map(|(uuid, bytes)| Heard::Read(id(), uuid, bytes)),
        uuid.clone().prop_map(|uuid| Heard::Written(id(), uuid)),
        uuid.clone().prop_map(|uuid| Heard::Subscribed(id(), uuid)),
        (uuid.clone(), bytes).prop_map(|(uuid, bytes)| Heard::Notified(id(), uuid, bytes)),
        (proptest::option::of(uuid), refusal).prop_map(|(characteristic, refusal)| Heard::Failed {
            id: id(),
            characteristic,
            refusal
        }),
    ]
}

proptest! {
    /// Whatever a radio says, at most one operation is under way, nothing panics, and a cuff that behaves again
    /// is streaming within a minute and a half.
    #[test]
    fn no_radio_whatever_keeps_a_link_from_coming_back(
        said in proptest::collection::vec((any_heard(), 0i64..3_000_000), 0..40), cut in 0usize..14) {
        let mut bench = Bench::new();
        bench.start();
        for _ in 0..cut {
            if !bench.pending.is_empty() {
                let ask = bench.pending.remove(0);
                for heard in bench.answer(&ask) {
                    bench.hear(&heard);
                }
            }
        }
        for (heard, us) in said {
            bench.hear(&heard);
            bench.wait(us);
            prop_assert!(bench.pending.len() < 200);
        }
        bench.hear(&Heard::Radio(RadioState::On));
        bench.pending.clear();
        for _ in 0..90 {
            bench.wait(1_000_000);
            bench.settle();
            if bench.link.state() == LinkState::Streaming {
                bench.send_frame();
            }
            if bench.link.state() == LinkState::FirmwareTooOld {
                bench.start();
            }
        }
        prop_assert_eq!(bench.link.state(), LinkState::Streaming, "{:#?}", bench.log);
    }
}

//! A cuff as another maker would write its firmware from `docs/cuff-motion-profile.md`: nothing here but the words of that page,
//! and of later versions of it, which may add to everything. It streams whatever its packets hold and whatever the air does.
#![allow(clippy::unwrap_used)]

mod chance;

use chance::Chance;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use talus_cuff::driver::{Family, TalkError};
use talus_cuff::link::{Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::{Ask, Heard, PeripheralId, Refusal};
use talus_motion::{CuffId, LinkState, Micros, SampleBlock};
use uuid::Uuid;

/// From one connection event to the next, µs.
const INTERVAL_US: i64 = 30_000;
/// The cuff's clock less ours, µs: it wraps at 2³² after a second.
const AHEAD_US: i64 = (1 << 32) - 1_000_000;
/// What a cuff that logs goes on for without a link, and what another does, µs.
const GOES_ON_US: [i64; 2] = [60_000_000, 5_000_000];
/// Its six axes.
const STREAM: u8 = 9;

fn uuid(short: u16) -> Uuid {
    let (head, tail) =
        if short < 0x2A00 { ("2f60", "11c5-4859-b00a-1d2c16f9bd07") } else { ("0000", "0000-1000-8000-00805f9b34fb") };
    format!("{head}{short:04x}-{tail}").parse().unwrap()
}

fn short(uuid: Uuid) -> u16 {
    u16::from_str_radix(&uuid.to_string()[4..8], 16).unwrap()
}

/// What the sensor feels at a tick: no two near each other are alike.
fn felt(index: u32) -> [i16; 6] {
    let n = (index % 30_000) as i16;
    [n, -n, 2048, n / 2, 7 - n, 0]
}

/// A running session.
struct Run {
    began_us: i64,
    /// Next tick, and number of the next frame.
    tick: u32,
    number: u8,
    dropped: bool,
    /// Frames of the last minute by their block.
    kept: BTreeMap<u32, Vec<Vec<u8>>>,
}

/// The cuff.
struct Foreign {
    /// Bytes of an ATT packet.
    mtu: usize,
    /// It claims bit 6.
    logs: bool,
    /// It drops every so manieth frame itself; none where zero.
    drops: u32,
    subscribed: BTreeSet<u16>,
    samples: Option<u8>,
    run: Option<Run>,
    session: u32,
    /// An answer that was not sent yet.
    answer: Option<Vec<u8>>,
    /// What goes before it.
    blocks: Vec<Vec<u8>>,
    times: Vec<Vec<u8>>,
}

impl Foreign {
    fn read(&self, what: u16) -> Result<Vec<u8>, u8> {
        Ok(match what {
            // Version 1.4, right, inside of the ankle, 2,000 g, two inserts of 500 g, no axis map, hardware 3, number 0BADA550;
            // six axes, light, time sync, a feature of the future, and a field of the future behind it all.
            0x11 => {
                let features: u32 = 1 | 1 << 8 | 1 << 10 | 1 << 20 | u32::from(self.logs) << 6;
                let mut bytes = vec![1, 4, 2, 2, 0xD0, 0x07, 0xF4, 0x01, 2, 0xFF, 3, 0, 0x50, 0xA5, 0xAD, 0x0B];
                bytes.extend(features.to_le_bytes());
                bytes.extend([0xEE; 4]);
                bytes
            }
            // Acceleration alone, a quaternion, and six axes: all rates, ±2 to ±32 g, ±125 to ±4,000 °/s, at most 30 samples.
            0x12 => [
                [1, 1, 0x3F, 0, 0x1F, 0, 6, 30, 1, 0, 0, 0],
                [4, 3, 0x0F, 0, 0, 0, 8, 30, 1, 0, 0, 0],
                [STREAM, 0, 0x3F, 0, 0x1F, 0x3F, 12, 30, 1, 0, 0, 0],
            ]
            .concat(),
            0x2A19 => vec![77],
            0x2A26 => b"0.9 foreign".to_vec(),
            _ => return Err(0x02),
        })
    }

    /// Samples that fit a packet; what is kept goes out behind nine more bytes.
    fn room(&self) -> usize {
        self.mtu.saturating_sub(3 + 12 + if self.logs { 9 } else { 0 }) / 12
    }

    fn write(&mut self, now: i64, what: u16, bytes: &[u8]) -> Result<(), u8> {
        if what == 0x16 {
            // Received now, by the clock of frames; queued a little later.
            let own = |us: i64| (AHEAD_US + us).to_le_bytes();
            self.times.push([&[1, 1][..], &bytes[2..12], &own(now), &own(now + 400)].concat());
            return Ok(());
        }
        if !self.subscribed.contains(&0x14) {
            return Err(0xFD);
        }
        if self.answer.is_some() {
            return Err(0xFE);
        }
        let done = |op: u8, params: &[u8]| [&[0x80, op, 1][..], params].concat();
        let op = bytes[0];
        self.answer = Some(match (op, &bytes[1..]) {
            (1, [STREAM, rate @ .., acc, gyr_low, gyr_high, samples]) if rate.len() == 2 => {
                let dhz = u16::from_le_bytes([rate[0], rate[1]]);
                let dps = u16::from_le_bytes([*gyr_low, *gyr_high]);
                let offered = [125, 250, 500, 1000, 2000, 4000].contains(&dhz)
                    && [2, 4, 8, 16, 32].contains(acc)
                    && [125, 250, 500, 1000, 2000, 4000].contains(&dps)
                    && *samples > 0;
                if offered {
                    let most = if self.logs { 20 } else { 30 };
                    let samples = usize::from(*samples).min(most).min(self.room()).max(1) as u8;
                    self.samples = Some(samples);
                    // Parts of this sensor are not at range/32768.
                    let scale = [(f32::from(*acc) / 32_000.0).to_le_bytes(), (f32::from(dps) / 28_000.0).to_le_bytes()];
                    done(1, &[&[STREAM, rate[0], rate[1]][..], &scale.concat(), &[samples, 0xEE]].concat())
                } else {
                    vec![0x80, 1, 3]
                }
            }
            (2, [0, 2, ..]) if self.samples.is_none() => vec![0x80, 2, 5],
            (2, [0, 2, ..]) if self.room() == 0 => vec![0x80, 2, 7],
            (2, [0, 2, ..]) => {
                if self.run.is_none() {
                    self.session += 1;
                    let kept = BTreeMap::new();
                    self.run = Some(Run { began_us: now, tick: 0, number: 250, dropped: false, kept });
                }
                done(2, &[&self.session.to_le_bytes()[..], &(AHEAD_US + now).to_le_bytes()].concat())
            }
            (3, [0, 2, ..]) => vec![0x80, 3, if self.run.take().is_some() { 1 } else { 5 }],
            (0x13, [a, b, c, d, e, f, g, h, count, ..]) if self.logs => {
                let (log, first) = (u32::from_le_bytes([*a, *b, *c, *d]), u32::from_le_bytes([*e, *f, *g, *h]));
                match &self.run {
                    Some(run) if log == self.session && (1..=64).contains(count) => {
                        let last = first + u32::from(*count) - 1;
                        let kept =
                            run.kept.range(first..=last).flat_map(|(n, frames)| frames.iter().map(move |f| (n, f)));
                        self.blocks = kept.map(|(n, frame)| block(*n, *n == last, frame)).collect();
                        let sent = self.blocks.len() as u16;
                        done(0x13, &[&(last + 1).to_le_bytes()[..], &sent.to_le_bytes()].concat())
                    }
                    _ => vec![0x80, 0x13, 3],
                }
            }
            (1..=3, _) => vec![0x80, op, 3],
            _ => vec![0x80, op, 2],
        });
        Ok(())
    }

    /// Frames that are complete by now: kept, and given out.
    fn frames(&mut self, now: i64) -> Vec<Vec<u8>> {
        let (Some(run), Some(samples)) = (&mut self.run, self.samples) else { return Vec::new() };
        let mut frames = Vec::new();
        let group = u32::from(samples);
        while run.began_us + i64::from(run.tick + group) * 10_000 <= now {
            let (first, at_us) = (run.tick, run.began_us + i64::from(run.tick) * 10_000);
            run.tick += group;
            if self.drops > 0 && first / group % self.drops == self.drops - 1 {
                run.dropped = true;
                continue;
            }
            // A flag of the future too.
            let mut frame = vec![0x10 | STREAM, 0x80 | u8::from(std::mem::take(&mut run.dropped)), run.number, samples];
            run.number = run.number.wrapping_add(1);
            frame.extend(first.to_le_bytes());
            frame.extend(((AHEAD_US + at_us) as u32).to_le_bytes());
            frame.extend((first..run.tick).flat_map(felt).flat_map(i16::to_le_bytes));
            if self.logs {
                let mut kept = frame.clone();
                kept[1] |= 0x20;
                run.kept.entry(first / group).or_default().push(kept);
                run.kept = run.kept.split_off(&(first / group).saturating_sub(6000 / group));
            }
            // And bytes behind it, where they fit.
            if frame.len() + 2 <= self.mtu - 3 && first % 3 == 0 {
                frame.extend([0xEE; 2]);
            }
            frames.push(frame);
        }
        frames
    }
}

/// A notification of Log Data that holds one frame.
fn block(number: u32, last: bool, frame: &[u8]) -> Vec<u8> {
    let payload = [&[frame.len() as u8][..], frame].concat();
    let crc = payload.iter().fold(0xFFFFu16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte) << 8, |crc, _| if crc & 0x8000 == 0 { crc << 1 } else { crc << 1 ^ 0x1021 })
    });
    [&[u8::from(last), 0][..], &crc.to_le_bytes(), &number.to_le_bytes(), &payload].concat()
}

/// The cuff, a link to it, and the air between.
struct Room {
    cuff: Foreign,
    link: Link,
    out: LinkOutputs,
    now: i64,
    up: bool,
    /// The link is lost, until then.
    away_until: i64,
    lost_at: i64,
    asked: VecDeque<Ask>,
    /// Per cent of frames that are lost, doubled, and overtaken.
    air: [u64; 3],
    chance: Chance,
    overtaken: Option<Vec<u8>>,
    told: Vec<Notice>,
}

impl Room {
    fn new(mtu: usize, logs: bool, air: [u64; 3]) -> Self {
        let (subscribed, blocks, times) = (BTreeSet::new(), Vec::new(), Vec::new());
        let cuff = Foreign {
            mtu,
            logs,
            drops: 0,
            subscribed,
            samples: None,
            run: None,
            session: 40,
            answer: None,
            blocks,
            times,
        };
        let link = Link::new(CuffId([1; 16]), PeripheralId("x".into()), Family::Cmp, Wish::default());
        let mut room = Self {
            cuff,
            link,
            out: LinkOutputs::default(),
            now: 0,
            up: false,
            away_until: 0,
            lost_at: 0,
            asked: VecDeque::new(),
            air,
            chance: Chance(mtu as u64),
            overtaken: None,
            told: Vec::new(),
        };
        room.link.start(Micros(0), &mut room.out);
        room
    }

    fn hear(&mut self, heard: &Heard) {
        // Each a little later than the one before.
        self.now += 50;
        self.link.hear(Micros(self.now), heard, &mut self.out);
    }

    fn notify(&mut self, what: u16, bytes: Vec<u8>) {
        if self.cuff.subscribed.contains(&what) {
            self.hear(&Heard::Notified(self.link.id().clone(), uuid(what), bytes));
        }
    }

    fn frame(&mut self, what: u16, frame: Vec<u8>) {
        let [lost, doubled, overtaken] = self.air;
        if self.chance.happens(lost) {
            return;
        }
        if self.overtaken.is_none() && what == 0x13 && self.chance.happens(overtaken) {
            self.overtaken = Some(frame);
            return;
        }
        if self.chance.happens(doubled) {
            self.notify(what, frame.clone());
        }
        self.notify(what, frame);
        if let Some(late) = self.overtaken.take() {
            self.notify(0x13, late);
        }
    }

    fn answer(&mut self, ask: Ask) {
        let id = self.link.id().clone();
        let characteristics = || [0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x18, 0x2A19, 0x2A26].map(uuid).to_vec();
        let failed =
            |uuid, code| Heard::Failed { id: id.clone(), characteristic: Some(uuid), refusal: Refusal::Att(code) };
        let heard = match ask {
            Ask::Connect(_) if self.now < self.away_until => {
                Heard::Failed { id, characteristic: None, refusal: Refusal::NotReachable }
            }
            Ask::Connect(_) => {
                self.up = true;
                let goes_on = GOES_ON_US[usize::from(!self.cuff.logs)];
                if self.lost_at > 0 && self.now - self.lost_at > goes_on {
                    self.cuff.run = None;
                }
                Heard::Connected { id, mtu: self.cuff.mtu as u16, characteristics: characteristics() }
            }
            Ask::Disconnect(_) => {
                self.up = false;
                Heard::Disconnected(id)
            }
            Ask::Read(_, uuid) => match self.cuff.read(short(uuid)) {
                Ok(bytes) => Heard::Read(id, uuid, bytes),
                Err(code) => failed(uuid, code),
            },
            Ask::Subscribe(_, uuid) => {
                self.cuff.subscribed.insert(short(uuid));
                Heard::Subscribed(id, uuid)
            }
            Ask::Write { characteristic, bytes, .. } => {
                match self.cuff.write(self.now, short(characteristic), &bytes) {
                    Ok(()) => Heard::Written(id, characteristic),
                    Err(code) => failed(characteristic, code),
                }
            }
            Ask::Scan { .. } | Ask::StopScan => return,
        };
        self.hear(&heard);
    }

    /// Goes from one connection event to the next.
    fn run(&mut self, until: i64) {
        while self.now < until {
            self.now = (self.now / INTERVAL_US + 1) * INTERVAL_US;
            self.link.tick(Micros(self.now), &mut self.out);
            // What the cuff queued before this event, then what the phone did.
            let frames = self.cuff.frames(self.now);
            if self.up {
                for reply in std::mem::take(&mut self.cuff.times) {
                    self.notify(0x16, reply);
                }
                for frame in frames {
                    self.frame(0x13, frame);
                }
                for block in std::mem::take(&mut self.cuff.blocks) {
                    self.frame(0x17, block);
                }
                if let Some(answer) = self.cuff.answer.take() {
                    self.notify(0x14, answer);
                }
            }
            for ask in std::mem::take(&mut self.asked) {
                self.answer(ask);
            }
            self.asked.extend(self.out.asks.drain(..));
            self.told.append(&mut self.out.notices);
        }
    }

    fn lose_the_link(&mut self, for_us: i64) {
        (self.up, self.lost_at, self.away_until) = (false, self.now, self.now + for_us);
        self.cuff.subscribed.clear();
        (self.cuff.answer, self.overtaken) = (None, None);
        self.asked.clear();
        self.hear(&Heard::Disconnected(self.link.id().clone()));
    }

    fn blocks(&self) -> impl Iterator<Item = &SampleBlock> {
        self.told.iter().filter_map(|one| if let Notice::Samples(block) = one { Some(block) } else { None })
    }

    /// Every sample has the number it was felt at, and what is between them is counted. Gives how many there were.
    fn in_place(&self) -> u64 {
        let (mut next, mut samples, mut missing) = (None, 0, 0);
        for block in self.blocks() {
            missing += next.map_or(0, |next| block.first_index - next);
            for (index, counts) in (block.first_index..).zip(&block.counts) {
                assert_eq!(*counts, felt(index as u32), "sample {index} in packets of {}", self.cuff.mtu);
            }
            samples += block.counts.len() as u64;
            next = Some(block.first_index + block.counts.len() as u64);
        }
        let counters = self.link.counters();
        assert_eq!((counters.received, counters.missing), (samples, missing), "in packets of {}", self.cuff.mtu);
        assert_eq!(counters.malformed, 0);
        samples
    }
}

#[test]
fn a_cuff_written_from_the_page_alone_streams_in_packets_of_every_size_whatever_the_air_does() {
    let (mut lost, mut overtaken) = (0, 0);
    for mtu in 23..=247 {
        for air in [[0, 0, 0], [0, 10, 10], [10, 10, 10]] {
            let mut room = Room::new(mtu, mtu % 2 == 0, air);
            room.run(12_000_000);
            let samples = room.in_place();
            if room.cuff.room() == 0 {
                assert_eq!((samples, room.link.fault()), (0, Some(TalkError::PacketsTooSmall)), "packets of {mtu}");
                continue;
            }
            let counters = room.link.counters();
            assert_eq!(room.link.state(), LinkState::Streaming, "packets of {mtu}");
            if air[0] == 0 {
                assert_eq!(counters.missing, 0, "packets of {mtu}: {counters:?}");
                assert!(samples > 1000, "{samples} in packets of {mtu}");
            }
            (lost, overtaken) = (lost + counters.missing, overtaken + counters.reordered);
        }
    }
    assert!(lost > 10_000 && overtaken > 1_000, "{lost} samples lost, {overtaken} frames overtaken");
}

#[test]
fn what_it_says_of_itself_and_its_scale_are_taken_as_they_are() {
    let mut room = Room::new(185, false, [0; 3]);
    room.run(3_000_000);
    let card = room.told.iter().find_map(|one| if let Notice::Card(card) = one { Some(card) } else { None }).unwrap();
    assert_eq!((card.serial.as_str(), card.mass_g, card.firmware.as_str()), ("0bada550", Some(2000), "0.9 foreign"));
    let stream = room.told.iter().find_map(|one| if let Notice::Stream(config) = one { Some(config) } else { None });
    let stream = stream.unwrap();
    assert_eq!((stream.stream, stream.rate_hz), (STREAM, 100.0));
    assert!((stream.acc_mps2_per_count / 9.80665 * 32_000.0 - 16.0).abs() < 1e-5);
    assert!((stream.gyr_radps_per_count.to_degrees() * 28_000.0 - 2000.0).abs() < 1e-3);
    assert!(room.told.contains(&Notice::Battery(77)));
    // Stopped before the link is closed: it must not run on.
    room.link.stop(Micros(room.now), &mut room.out);
    room.run(room.now + 2_000_000);
    assert!(room.cuff.run.is_none() && !room.up && room.link.state() == LinkState::Closed);
}

#[test]
fn what_it_dropped_itself_is_missing_and_said_at_once() {
    let mut room = Room::new(185, false, [0; 3]);
    room.cuff.drops = 7;
    room.run(20_000_000);
    let samples = room.in_place();
    let counters = room.link.counters();
    assert!(samples > 1500 && counters.overruns > 20, "{counters:?}");
    assert_eq!(counters.missing, counters.overruns * 10);
    // Its numbers say that nothing is on its way: no frame waited for one.
    let frame_us = room.blocks().last().unwrap().counts.len() as u64 * 10_000;
    assert!(room.blocks().all(|block| {
        let own = AHEAD_US + block.arrival_us;
        let taken = block.device_us.unwrap() % (1 << 32);
        (own - taken).rem_euclid(1 << 32).unsigned_abs() < frame_us + 2 * INTERVAL_US.unsigned_abs()
    }));
}

#[test]
fn what_a_lost_link_missed_comes_back_from_what_it_kept() {
    for (mtu, air) in [(48, [0; 3]), (185, [0; 3]), (247, [0, 10, 10])] {
        let mut room = Room::new(mtu, true, air);
        room.run(4_000_000);
        room.lose_the_link(6_000_000);
        room.run(room.now + 20_000_000);
        let samples = room.in_place();
        let counters = room.link.counters();
        assert_eq!((counters.missing, counters.reconnects), (0, 1), "packets of {mtu}: {counters:?}");
        assert!(counters.filled > 500 && samples > 2000, "packets of {mtu}: {counters:?}");
        assert_eq!(room.told.iter().filter(|one| matches!(one, Notice::Stream(_))).count(), 1, "one session");
    }
    // Without a ring the same session begins a new segment: the index goes on, and nothing is made up.
    let mut room = Room::new(185, false, [0; 3]);
    room.run(4_000_000);
    room.lose_the_link(1_000_000);
    room.run(room.now + 5_000_000);
    assert_eq!((room.link.counters().filled, room.link.state()), (0, LinkState::Streaming));
    assert_eq!(room.told.iter().filter(|one| matches!(one, Notice::Stream(_))).count(), 2);
}

#[test]
fn its_answers_about_the_time_give_the_offset_within_three_milliseconds() {
    let mut room = Room::new(185, false, [5, 5, 5]);
    room.run(40_000_000);
    let times: Vec<_> =
        room.told.iter().filter_map(|one| if let Notice::Time(block) = one { Some(block) } else { None }).collect();
    assert!(times.len() >= 2, "{} rounds of questions", times.len());
    for block in times {
        let own = (block.device_us.unwrap() - AHEAD_US).rem_euclid(1 << 32);
        let off_us = own - block.arrival_us;
        assert!(off_us.abs() < 3_000, "{off_us} µs");
    }
}

//! Whatever a device of any family answers or sends, at any step of its conversation, its link neither panics nor turns an
//! index back.
//!
//! The first byte picks a table of `core/cuff/tests/conversations`; the rest is a list of what the device does. Much of it
//! says "what an honest device would do now", so that what comes in between falls into a conversation that is under way.
//! With `FUZZ_FAMILY` in the environment, it picks one of that family's.
#![no_main]

mod bytes;

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use std::sync::OnceLock;
use talus_cuff::driver::Family;
use talus_cuff::link::{Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::{Ask, Heard, PeripheralId, Refusal};
use talus_motion::{BLOCK_MAX, CuffId, Micros};
use uuid::Uuid;

/// In the order of the seeds' first bytes: new ones go to the end.
const TABLES: [&str; 10] = [
    include_str!("../core/cuff/tests/conversations/cmp.txt"),
    include_str!("../core/cuff/tests/conversations/metamotion-bmi160.txt"),
    include_str!("../core/cuff/tests/conversations/metamotion-bmi270.txt"),
    include_str!("../core/cuff/tests/conversations/dot.txt"),
    include_str!("../core/cuff/tests/conversations/polar-verity.txt"),
    include_str!("../core/cuff/tests/conversations/polar-h10.txt"),
    include_str!("../core/cuff/tests/conversations/movesense.txt"),
    include_str!("../core/cuff/tests/conversations/witmotion.txt"),
    include_str!("../core/cuff/tests/conversations/thingy52.txt"),
    include_str!("../core/cuff/tests/conversations/cmp-ring.txt"),
];

/// A device as its table has it.
struct Device {
    family: Family,
    name: String,
    uuids: Vec<Uuid>,
    /// Answers to reads, in order.
    reads: Vec<Vec<u8>>,
    /// Notifications, in order.
    sent: Vec<(Uuid, Vec<u8>)>,
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()).collect()
}

fn whole(text: &str) -> Uuid {
    let text = if text.len() == 4 { format!("0000{text}-0000-1000-8000-00805f9b34fb") } else { text.to_owned() };
    text.parse().unwrap()
}

fn device(table: &str) -> Device {
    let head = |word: &str| table.lines().find_map(|line| line.strip_prefix(word)).unwrap().trim().to_owned();
    let family = *Family::ALL.iter().find(|family| family.name() == head("family ")).unwrap();
    let uuids: Vec<Uuid> = head("offers ").split_whitespace().map(whole).collect();
    let (mut reads, mut sent) = (Vec::new(), Vec::new());
    for text in table.lines().filter_map(|line| line.strip_prefix("< ")) {
        let (first, rest) = text.split_once(' ').unwrap_or((text, ""));
        // Sixteen bits of a UUID are four digits, and others are told by their first eight.
        let start = if first.len() == 4 { format!("0000{first}-") } else { format!("{first}-") };
        let short = |uuid: &&Uuid| uuid.to_string().starts_with(&start);
        match (uuids.iter().find(short), hex(rest)) {
            (Some(uuid), Some(bytes)) if !rest.is_empty() => sent.push((*uuid, bytes)),
            _ => reads.extend(hex(text)),
        }
    }
    Device { family, name: head("name "), uuids, reads, sent }
}

fuzz_target!(|data: &[u8]| {
    static DEVICES: OnceLock<Vec<Device>> = OnceLock::new();
    let devices = DEVICES.get_or_init(|| {
        let family = std::env::var("FUZZ_FAMILY").ok();
        let asked = |device: &Device| family.as_ref().is_none_or(|family| family == device.family.name());
        TABLES.iter().map(|table| device(table)).filter(asked).collect()
    });
    let mut bytes = Bytes(data);
    let device = &devices[usize::from(bytes.byte()) % devices.len()];
    let id = PeripheralId("x".into());
    let mut link = Link::new(CuffId([0; 16]), id.clone(), device.family, Wish::default()).named(&device.name);
    let (mut out, mut now, mut after) = (LinkOutputs::default(), Micros(0), 0u64);
    let (mut read, mut turn) = (0, 0);
    link.start(now, &mut out);
    loop {
        for notice in out.notices.drain(..) {
            if let Notice::Samples(block) = notice {
                assert!(block.first_index >= after && block.counts.len() <= BLOCK_MAX, "{block:?}");
                after = block.first_index.saturating_add(block.counts.len() as u64);
            }
        }
        assert!(out.asks.len() < 100, "{} asks at once", out.asks.len());
        now = now.plus(30_000);
        // What was asked is answered as the table has it, unless the bytes say otherwise.
        if !out.asks.is_empty() {
            let heard = match out.asks.remove(0) {
                Ask::Connect(id) => {
                    (read, turn) = (0, 0);
                    let mtu = match bytes.byte() {
                        0 => 247,
                        other => u16::from(other),
                    };
                    Heard::Connected { id, mtu, characteristics: device.uuids.clone() }
                }
                Ask::Disconnect(id) => Heard::Disconnected(id),
                Ask::Subscribe(id, uuid) => Heard::Subscribed(id, uuid),
                Ask::Write { id, characteristic, .. } => Heard::Written(id, characteristic),
                Ask::Read(id, uuid) => {
                    read += 1;
                    let answer = match bytes.byte() {
                        0 => device.reads.get(read - 1).cloned().unwrap_or_default(),
                        len => bytes.slice(usize::from(len)).to_vec(),
                    };
                    Heard::Read(id, uuid, answer)
                }
                Ask::Scan { .. } | Ask::StopScan => continue,
            };
            link.hear(now, &heard, &mut out);
            continue;
        }
        if bytes.0.is_empty() {
            break;
        }
        let some = |pick: u8| device.uuids[usize::from(pick) % device.uuids.len()];
        match bytes.byte() {
            // What an honest device says next, perhaps with bytes changed.
            op @ 0..=127 => {
                let (uuid, honest) = &device.sent[turn % device.sent.len()];
                turn += 1;
                let mut said = honest.clone();
                for _ in 0..op % 4 {
                    let (at, value) = (usize::from(bytes.byte()), bytes.byte());
                    if at < said.len() {
                        said[at] = value;
                    } else {
                        said.truncate(usize::from(value));
                    }
                }
                link.hear(now, &Heard::Notified(id.clone(), *uuid, said), &mut out);
            }
            op @ 128..=191 => {
                let uuid = if op % 2 == 0 { some(bytes.byte()) } else { device.sent[turn % device.sent.len()].0 };
                let len = usize::from(bytes.byte()) * if op % 8 == 1 { 3 } else { 1 };
                link.hear(now, &Heard::Notified(id.clone(), uuid, bytes.slice(len).to_vec()), &mut out);
            }
            192..=199 => {
                let refusal = Refusal::Att(bytes.byte());
                link.hear(
                    now,
                    &Heard::Failed { id: id.clone(), characteristic: Some(some(bytes.byte())), refusal },
                    &mut out,
                );
            }
            200..=203 => link.hear(now, &Heard::Disconnected(id.clone()), &mut out),
            204 => link.stop(now, &mut out),
            205 => link.start(now, &mut out),
            206 => link.identify(now, &mut out),
            op => now = now.plus(i64::from(op - 206) * 100_000),
        }
        link.tick(now, &mut out);
    }
});

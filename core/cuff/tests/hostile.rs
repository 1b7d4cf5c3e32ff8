//! Hostile devices: whatever a device of any family answers or sends, at any step, nothing panics, nothing is endless,
//! indices never run back, and memory stays bounded.
//!
//! Bytes are made of what the tables of conversations hold, changed a little: a bit turned, a byte from elsewhere, cut,
//! doubled, joined. What is guided by coverage is `fuzz/driver.rs`. A table gets 20,000 inputs, a million with
//! `TALUS_HEAVY=tenth` (`./test --ci`) and ten million with `all` (`./test long`); a failure names its seed.
#![allow(clippy::unwrap_used)]

mod chance;
mod table;

use chance::Chance;
use talus_cuff::driver::Family;
use talus_cuff::link::{Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::{Ask, Heard, PeripheralId, Refusal};
use talus_motion::{BLOCK_MAX, CuffId, Micros};
use uuid::Uuid;

const TABLES: [&str; 10] = [
    include_str!("conversations/cmp.txt"),
    include_str!("conversations/cmp-ring.txt"),
    include_str!("conversations/metamotion-bmi160.txt"),
    include_str!("conversations/metamotion-bmi270.txt"),
    include_str!("conversations/dot.txt"),
    include_str!("conversations/polar-verity.txt"),
    include_str!("conversations/polar-h10.txt"),
    include_str!("conversations/movesense.txt"),
    include_str!("conversations/witmotion.txt"),
    include_str!("conversations/thingy52.txt"),
];
/// Longest notification: the largest packet there is, and half as much again.
const LEN_MAX: usize = 768;

/// What a table's device says, and where: `None` for the answer to a read.
struct Said {
    short: Option<String>,
    bytes: Vec<u8>,
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').collect();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}

fn said(table: &str) -> Vec<Said> {
    let answers = table.lines().filter_map(|line| line.strip_prefix("< "));
    answers
        .filter_map(|text| match text.split_once(' ') {
            Some((short, rest)) if short.len() == 8 => {
                hex(rest).map(|bytes| Said { short: Some(short.to_owned()), bytes })
            }
            _ => hex(text).map(|bytes| Said { short: None, bytes }),
        })
        .collect()
}

fn changed(bytes: &[u8], others: &[Said], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..chance.below(4) {
        let at = chance.below(bytes.len());
        match chance.below(7) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << chance.below(8),
            1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7F, 0x80, 0xFF][chance.below(5)],
            2 => bytes.truncate(at),
            3 => bytes.extend_from_within(..at),
            4 => bytes.extend(&others[chance.below(others.len())].bytes),
            5 if !bytes.is_empty() => bytes[at] = chance.below(256) as u8,
            _ => bytes.insert(at.min(bytes.len()), chance.below(256) as u8),
        }
    }
    bytes.truncate(LEN_MAX);
    bytes
}

/// One device from its first connection on: how many inputs it gave, and how many samples came of them.
fn device(table: &str, seed: u64, inputs: usize) -> usize {
    let head = |word: &str| table.lines().find_map(|line| line.strip_prefix(word)).unwrap().trim().to_owned();
    let family = *Family::ALL.iter().find(|family| family.name() == head("family ")).unwrap();
    let uuids: Vec<Uuid> = head("offers ").split_whitespace().map(table::whole).collect();
    let said = said(table);
    let id = PeripheralId("x".into());
    let mut chance = Chance(seed);
    let mut link = Link::new(CuffId([0; 16]), id.clone(), family, Wish::default()).named(&head("name "));
    let (mut out, mut now, mut given, mut samples, mut after) = (LinkOutputs::default(), Micros(0), 0, 0, 0u64);
    // Where the conversation is in the table: an honest device would say this next.
    let (mut next, mut turn) = (0, 0);
    let sent: Vec<&Said> = said.iter().filter(|said| said.short.is_some()).collect();
    link.start(now, &mut out);
    while given < inputs {
        let asks = std::mem::take(&mut out.asks);
        assert!(asks.len() < 100, "seed {seed}: {} asks at once", asks.len());
        for notice in out.notices.drain(..) {
            if let Notice::Samples(block) = notice {
                assert!(block.first_index >= after && block.counts.len() <= BLOCK_MAX, "seed {seed}: {block:?}");
                after = block.first_index.saturating_add(block.counts.len() as u64);
                samples += block.counts.len();
            }
        }
        let mut heard = Vec::new();
        for ask in asks {
            heard.push(match ask {
                Ask::Connect(id) => {
                    (next, turn) = (0, 0);
                    let mtu = [185, 185, 247, 517, 23, 64, 0, u16::MAX][chance.below(8)];
                    Heard::Connected { id, mtu, characteristics: uuids.clone() }
                }
                Ask::Disconnect(id) => Heard::Disconnected(id),
                Ask::Subscribe(id, uuid) => Heard::Subscribed(id, uuid),
                Ask::Write { id, characteristic, .. } if chance.below(40) == 0 => {
                    Heard::Failed { id, characteristic: Some(characteristic), refusal: Refusal::Att(0x80) }
                }
                Ask::Write { id, characteristic, .. } => Heard::Written(id, characteristic),
                Ask::Read(id, uuid) => {
                    let reads = said.iter().filter(|said| said.short.is_none());
                    let answer = reads.map(|said| &said.bytes).nth(next.min(9)).map_or(&[][..], |bytes| bytes);
                    next += 1;
                    let honest = chance.below(16) > 0;
                    let bytes = if honest { answer.to_vec() } else { changed(answer, &said, &mut chance) };
                    Heard::Read(id, uuid, bytes)
                }
                Ask::Scan { .. } | Ask::StopScan => continue,
            });
        }
        if chance.below(400) == 0 {
            heard.push(Heard::Disconnected(id.clone()));
        }
        if heard.is_empty() || chance.below(20) == 0 {
            // Mostly what an honest device would say now, so that the conversation gets to its stream.
            let in_turn = chance.below(8) > 0;
            let one = if in_turn { sent[turn % sent.len()] } else { &said[chance.below(said.len())] };
            turn += usize::from(in_turn);
            let uuid =
                one.short.as_ref().and_then(|short| uuids.iter().find(|uuid| uuid.to_string().starts_with(short)));
            let uuid = *uuid.unwrap_or(&uuids[chance.below(uuids.len())]);
            let honest = in_turn && chance.below(8) > 0;
            let bytes = if honest { one.bytes.clone() } else { changed(&one.bytes, &said, &mut chance) };
            heard.push(Heard::Notified(id.clone(), uuid, bytes));
            given += 1;
        }
        for heard in heard {
            now = now.plus(1_000 + chance.below(200_000).cast_signed() as i64);
            link.hear(now, &heard, &mut out);
        }
        link.tick(now, &mut out);
        // A link that gave up for good is taken up again, as a person would.
        link.start(now, &mut out);
        if chance.below(2000) == 0 {
            link.identify(now, &mut out);
        }
    }
    samples
}

#[test]
fn no_device_of_any_family_brings_a_link_down_whatever_it_says() {
    let inputs = match std::env::var("TALUS_HEAVY").as_deref() {
        Ok("all") => 10_000_000,
        Ok("tenth") => 1_000_000,
        _ => 20_000,
    };
    for table in TABLES {
        let samples: usize = (0..10).map(|seed| device(table, seed, inputs / 10)).sum();
        let name = table.lines().find_map(|line| line.strip_prefix("family ")).unwrap();
        // A device that never gets to its stream shows little.
        assert!(samples > 0, "{name} never streamed");
    }
}

#[test]
fn whatever_is_cut_doubled_or_filled_ends_in_samples_or_a_count() {
    for table in TABLES {
        for said in said(table) {
            let Some(short) = &said.short else { continue };
            let whole = said.bytes.clone();
            let cuts = (0..whole.len()).map(|len| whole[..len].to_vec());
            let odd = [whole.repeat(2), [whole.clone(), vec![0xAA; 7]].concat(), vec![0xFF; 517], vec![0; 517], vec![]];
            for bytes in cuts.chain(odd) {
                let mut stream = table::streaming(table);
                let heard = stream.heard(short, bytes);
                assert!(stream.notify(&heard, Micros(60_000_000)) <= 600);
            }
        }
    }
}

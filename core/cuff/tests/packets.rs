//! Sensors of other makers at every packet size, over air that loses, doubles and swaps: what is told was felt, both halves of a
//! sample belong together, and where a sensor numbers or stamps its samples each lies at its place.
//!
//! Each sample says its number, in acceleration and in angular rate. Cuffs of our own profile: `foreign.rs`; Polar:
//! `core/sim/tests/vendor_storm.rs`.
#![allow(clippy::unwrap_used)]

mod chance;
mod table;

use chance::Chance;
use table::Table;
use talus_cuff::clock::Clock;
use talus_cuff::transport::Heard;
use talus_motion::SampleBlock;

/// Samples of a run; their numbers come round after 4,000.
const LONG: u32 = 1200;
const ROUND: i64 = 4000;
/// What a step of the number is: m/s² and °/s.
const STEP: [f32; 2] = [0.02, 0.25];

/// A sensor: its table, samples a second, and notifications of the samples from one number on that fit a packet.
struct Sensor {
    table: &'static str,
    rate_hz: f64,
    group: fn(u32, usize) -> Group,
    /// It stamps its samples.
    stamps: bool,
}

/// A sample or some of them for a packet of a size, as notifications by their characteristic; and how many samples.
type Group = (Vec<(&'static str, Vec<u8>)>, u32);

/// The number of a sample in both its halves, centred.
fn number(n: u32) -> f32 {
    (i64::from(n) % ROUND - ROUND / 2) as f32
}

fn floats(values: [f32; 3]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

fn counts(head: &[u8], n: u32) -> Vec<u8> {
    let n = number(n) as i16;
    let axes = [n, 0, 2048, n, 0, 0].into_iter().flat_map(i16::to_le_bytes);
    head.iter().copied().chain(axes).collect()
}

const DOT: Sensor = Sensor {
    table: include_str!("conversations/dot.txt"),
    rate_hz: 60.0,
    group: |n, _| {
        let stamp = (u64::from(n) * 1_000_000 / 60) as u32;
        let sample = [floats([number(n) * STEP[0], 0.0, 9.8]), floats([number(n) * STEP[1], 0.0, 0.0])].concat();
        (vec![("15172003", [&stamp.to_le_bytes()[..], &sample].concat())], 1)
    },
    stamps: true,
};

const MOVESENSE: Sensor = Sensor {
    table: include_str!("conversations/movesense.txt"),
    rate_hz: 104.0,
    group: |n, packet| {
        let stamp = (u64::from(n) * 1000 / 104) as u32;
        let samples = n..n + 8;
        let acc = samples.clone().flat_map(|n| floats([number(n) * STEP[0], 0.0, 9.8]));
        let gyr = samples.flat_map(|n| floats([number(n) * STEP[1], 0.0, 0.0]));
        let block: Vec<u8> = stamp.to_le_bytes().into_iter().chain(acc).chain(gyr).collect();
        // What does not fit goes on in the next; packets are never used beyond 161 bytes.
        let pieces = block.chunks(packet.min(158) - 2).enumerate();
        (pieces.map(|(i, piece)| ("34800002", [&[if i == 0 { 2 } else { 3 }, 99][..], piece].concat())).collect(), 8)
    },
    stamps: true,
};

const WITMOTION: Sensor = Sensor {
    table: include_str!("conversations/witmotion.txt"),
    rate_hz: 100.0,
    group: |n, packet| {
        let frames = (packet / 20).min(5) as u32;
        let frame = |n| [counts(&[0x55, 0x61], n), vec![0; 6]].concat();
        (vec![("0000ffe4", (n..n + frames).flat_map(frame).collect())], frames)
    },
    stamps: false,
};

const THINGY: Sensor = Sensor {
    table: include_str!("conversations/thingy52.txt"),
    rate_hz: 100.0,
    group: |n, _| (vec![("ef680406", [counts(&[], n), vec![0; 6]].concat())], 1),
    stamps: false,
};

/// Per cent of notifications that are lost, doubled, swapped with the next.
type Air = [u64; 3];

/// What a sensor tells over this air, in packets of this size.
fn told(sensor: &Sensor, mtu: usize, [lost, doubled, swapped]: Air) -> (Table<'static>, Vec<SampleBlock>) {
    // The packets are as large as the platform says.
    let mut link = table::streaming_in_packets(sensor.table, mtu as u16);
    let (mut chance, mut blocks) = (Chance(mtu as u64), Vec::new());
    let mut waits: Option<Heard> = None;
    let began = link.now();
    let mut n = 0;
    while n < LONG {
        let (notifications, samples) = (sensor.group)(n, mtu - 3);
        n += samples;
        for (i, (short, bytes)) in (0i64..).zip(notifications) {
            let heard = link.heard(short, bytes);
            let at = began.plus((f64::from(n) / sensor.rate_hz * 1e6) as i64 + i);
            // The calm at both ends shows where everything is.
            let calm = !(200..=LONG - 200).contains(&n);
            if !calm && chance.happens(lost) {
                continue;
            }
            if !calm && waits.is_none() && chance.happens(swapped) {
                waits = Some(heard);
                continue;
            }
            let twice = !calm && chance.happens(doubled);
            for heard in [Some(&heard), Some(&heard).filter(|_| twice), waits.take().as_ref()].into_iter().flatten() {
                blocks.extend(link.blocks(heard, at));
            }
        }
    }
    blocks.extend(link.wait_for_blocks(1_000_000));
    (link, blocks)
}

/// Every sample is one that was felt: gives the number each says, by its index.
fn numbers(link: &Table<'_>, blocks: &[SampleBlock], by_counts: bool) -> Vec<(u64, i64)> {
    let config = link.config();
    let mut numbers = Vec::new();
    for block in blocks {
        for (index, counts) in (block.first_index..).zip(&block.counts) {
            let [acc, gyr] = if by_counts {
                [f64::from(counts[0]), f64::from(counts[3])]
            } else {
                let [mps2, dps] = STEP.map(f64::from);
                let acc = f64::from(counts[0]) * config.acc_mps2_per_count / mps2;
                [acc, f64::from(counts[3]) * config.gyr_radps_per_count.to_degrees() / dps]
            };
            assert_eq!(acc.round(), gyr.round(), "both halves are of one sample: {counts:?}");
            assert!(acc.round().abs() <= (ROUND / 2) as f64, "it was felt: {counts:?}");
            numbers.push((index, acc.round() as i64 + ROUND / 2));
        }
    }
    numbers
}

#[test]
fn stamped_samples_of_other_makers_lie_at_their_place_in_packets_of_every_size() {
    let mut missing = 0;
    for (sensor, least) in [(DOT, 44), (MOVESENSE, 23)] {
        for mtu in least..=247 {
            // Pieces of a block have no number. What is lost makes it too short for its time, and what comes twice too long;
            // both at once, or the wrong order, can make another block of the same length, and nothing shows it.
            let pieces = if least == 44 { 1 } else { 196usize.div_ceil((mtu - 3).min(158) - 2) };
            let airs: &[Air] = match pieces {
                1 => &[[0, 0, 0], [0, 10, 10], [8, 10, 10]],
                _ => &[[0, 0, 0], [8, 0, 0], [0, 10, 0]],
            };
            for air in airs.iter().copied() {
                let (link, blocks) = told(&sensor, mtu, air);
                let numbers = numbers(&link, &blocks, false);
                let (first, origin) = numbers[0];
                for (index, number) in &numbers {
                    let expected = (origin + (index - first).cast_signed()) % ROUND;
                    assert_eq!(*number, expected, "sample {index} in packets of {mtu}, {air:?}");
                }
                let counters = link.counters();
                let last = numbers[numbers.len() - 1].0;
                assert_eq!(last - first + 1, counters.received + counters.missing, "packets of {mtu}, {air:?}");
                if air[0] == 0 {
                    assert_eq!(counters.missing, 0, "packets of {mtu}, {air:?}: {counters:?}");
                    assert!(numbers.len() > LONG as usize - 20, "{} in packets of {mtu}, {air:?}", numbers.len());
                }
                missing += counters.missing;
            }
        }
    }
    assert!(missing > 10_000, "the air was calm");
}

#[test]
fn samples_of_two_makers_on_one_time_base_lie_where_they_were_taken_whatever_waits_for_what() {
    for (sensor, sizes) in [(DOT, [44, 185, 247]), (MOVESENSE, [23, 64, 161]), (MOVESENSE, [100, 200, 247])] {
        for mtu in sizes {
            let began = table::streaming_in_packets(sensor.table, mtu as u16).now();
            let (link, blocks) = told(&sensor, mtu, [0, 0, 0]);
            let mut clock = Clock::new();
            clock.stream(link.config());
            let times = blocks.iter().map(|block| (block.first_index, clock.place(block)));
            let (index, time) = times.last().unwrap();
            // All of a packet is heard one period after its last sample, and by that all times are late; stamps are whole ms.
            let late_ms = (time.first_us - began.0 as f64) / 1e3 - (index as f64 + 1.0) * 1e3 / sensor.rate_hz;
            assert!(late_ms.abs() < 1.5, "{late_ms} ms late in packets of {mtu} at {} Hz", sensor.rate_hz);
        }
    }
}

#[test]
fn samples_without_a_stamp_are_told_as_they_were_felt_and_as_often_as_they_came() {
    for sensor in [WITMOTION, THINGY] {
        for mtu in 23..=247 {
            for air in [[0, 0, 0], [8, 10, 10]] {
                let (link, blocks) = told(&sensor, mtu, air);
                let numbers = numbers(&link, &blocks, true);
                assert!(!sensor.stamps && link.counters().malformed == 0);
                if air == [0, 0, 0] {
                    let in_order = numbers.windows(2).all(|pair| pair[1].1 == (pair[0].1 + 1) % ROUND);
                    assert!(in_order && numbers.len() >= LONG as usize, "packets of {mtu}");
                }
                // Indices go on without a gap: a loss cannot be seen, and none is made up.
                assert!(numbers.windows(2).all(|pair| pair[1].0 == pair[0].0 + 1), "packets of {mtu}, {air:?}");
            }
        }
    }
}

//! Whole conversations in virtual time, spoken by the real link machine.

use super::*;
use crate::leg::{Leg, RepShape};
use crate::recorded::Recorded;
use talus_cuff::driver::Family;
use talus_cuff::link::{Link as CuffLink, LinkOutputs, Notice, Wish};
use talus_motion::{BlockFlags, CuffId, LinkState, Sample, SampleBlock, Side, StreamConfig, Tempo};

const TEMPO: Tempo = Tempo { lift_s: 1.5, hold_s: 1.0, lower_s: 2.0, rest_s: 0.5 };

/// A room with one link per cuff, and everything the links said.
struct Desk {
    room: SimTransport,
    links: Vec<CuffLink>,
    notices: Vec<Vec<Notice>>,
    now: i64,
}

impl Desk {
    fn new(room: SimTransport) -> Self {
        let wish = Wish { rate_hz: 100.0, acc_g: 16, gyr_dps: 2000 };
        let links = (0..room.len())
            .map(|i| CuffLink::new(CuffId([i as u8; 16]), room.id(i).unwrap().clone(), Family::Cmp, wish))
            .collect::<Vec<_>>();
        let notices = vec![Vec::new(); links.len()];
        let mut desk = Self { room, links, notices, now: 0 };
        for i in 0..desk.links.len() {
            desk.with(i, CuffLink::start);
        }
        desk
    }

    fn with(&mut self, i: usize, act: impl FnOnce(&mut CuffLink, Micros, &mut LinkOutputs)) {
        let mut out = LinkOutputs::default();
        act(&mut self.links[i], Micros(self.now), &mut out);
        self.notices[i].append(&mut out.notices);
        for ask in out.asks {
            self.room.ask(Micros(self.now), ask);
        }
    }

    /// Runs until `until_s`, from event to event.
    fn run(&mut self, until_s: f64) {
        let until = (until_s * 1e6) as i64;
        while self.now < until {
            let next = self.room.due().map_or(until, |due| due.0).min(self.now + 100_000).min(until);
            self.now = self.now.max(next);
            while let Some((at, heard)) = self.room.hear(Micros(self.now)) {
                assert!(at.0 <= self.now);
                for i in 0..self.links.len() {
                    self.with(i, |link, _, out| link.hear(at, &heard, out));
                }
            }
            for i in 0..self.links.len() {
                self.with(i, CuffLink::tick);
            }
        }
    }

    fn blocks(&self, i: usize) -> Vec<&SampleBlock> {
        self.notices[i].iter().filter_map(|n| if let Notice::Samples(block) = n { Some(block) } else { None }).collect()
    }

    fn stream(&self, i: usize) -> &StreamConfig {
        self.notices[i].iter().find_map(|n| if let Notice::Stream(config) = n { Some(config) } else { None }).unwrap()
    }
}

fn leg_room(seed: u64) -> SimTransport {
    let mut room = SimTransport::new(seed);
    for side in [Side::Left, Side::Right] {
        room.add(VirtualCuff::worn_by(Leg::new(side, seed), seed));
    }
    room
}

fn file(n: usize, rate_hz: f64) -> Vec<Sample> {
    (0..n)
        .map(|i| Sample {
            at_us: i as f64 * 1e6 / rate_hz,
            acc: [i as f64 * 0.01, -1.0, 9.81],
            gyr: [0.001 * i as f64, 0.5, -0.25],
            clipped: false,
        })
        .collect()
}

fn file_room(samples: Vec<Sample>, rate_hz: f64) -> SimTransport {
    let mut room = SimTransport::new(3);
    room.add(VirtualCuff::playing(Recorded::new(samples, rate_hz).unwrap(), Some(Side::Right), 3));
    room
}

#[test]
fn two_cuffs_are_connected_set_up_and_streamed() {
    let mut desk = Desk::new(leg_room(1));
    for i in 0..2 {
        let shape = RepShape::SeatedKneeExtension;
        assert!(desk.room.act(i, Act::Reps { shape, n: 2, range_deg: 70.0, tempo: TEMPO, variability: 0.1 }));
    }
    desk.run(20.0);
    for i in 0..2 {
        assert_eq!(desk.links[i].state(), LinkState::Streaming);
        let blocks = desk.blocks(i);
        assert!(blocks.len() > 150, "{}", blocks.len());
        assert!(blocks.windows(2).all(|b| b[1].first_index == b[0].first_index + b[0].counts.len() as u64));
        assert!(desk.room.idle(i));
    }
    assert_ne!(desk.blocks(0)[5].counts, desk.blocks(1)[5].counts);
}

#[test]
fn sample_i_of_a_file_is_sample_i_of_the_cuff() {
    let samples = file(500, 25.0);
    let mut desk = Desk::new(file_room(samples.clone(), 25.0));
    desk.run(30.0);
    assert!(desk.room.idle(0));
    let config = desk.stream(0).clone();
    assert_eq!(config.rate_hz, 25.0);
    let mut seen = 0;
    for block in desk.blocks(0) {
        for (k, counts) in block.counts.iter().enumerate() {
            let sample = &samples[block.first_index as usize + k];
            for axis in 0..3 {
                let acc = f64::from(counts[axis]) * config.acc_mps2_per_count;
                let gyr = f64::from(counts[axis + 3]) * config.gyr_radps_per_count;
                assert!((acc - sample.acc[axis]).abs() <= 0.5001 * config.acc_mps2_per_count);
                assert!((gyr - sample.gyr[axis]).abs() <= 0.5001 * config.gyr_radps_per_count);
            }
            seen += 1;
        }
        let device_us = block.device_us.unwrap() - desk.blocks(0)[0].device_us.unwrap();
        assert_eq!(device_us, block.first_index.cast_signed() * 40_000);
    }
    assert_eq!(seen, 500);
}

#[test]
fn rows_without_numbers_and_jumps_become_index_gaps_that_say_overrun() {
    let mut samples = file(200, 100.0);
    samples[50].gyr[1] = f64::NAN;
    for sample in &mut samples[120..] {
        sample.at_us += 70_000.0;
    }
    let mut desk = Desk::new(file_room(samples, 100.0));
    desk.run(8.0);
    let blocks = desk.blocks(0);
    let gaps: Vec<(u64, u64)> = blocks
        .windows(2)
        .map(|b| (b[0].first_index + b[0].counts.len() as u64, b[1].first_index))
        .filter(|(end, next)| end != next)
        .collect();
    assert_eq!(gaps, [(50, 51), (120, 127)]);
    let after = blocks.iter().find(|b| b.first_index == 127).unwrap();
    assert!(after.flags.has(BlockFlags::OVERRUN));
}

#[test]
fn a_cut_loses_samples_and_the_index_goes_on() {
    let mut desk = Desk::new(leg_room(4));
    desk.run(10.0);
    let before = desk.blocks(0).last().unwrap().first_index;
    desk.room.cut(0, 2_500_000);
    desk.run(20.0);
    assert_eq!(desk.links[0].state(), LinkState::Streaming);
    let states: Vec<LinkState> = desk.notices[0]
        .iter()
        .filter_map(|n| if let Notice::State { state, .. } = n { Some(*state) } else { None })
        .collect();
    assert!(states.contains(&LinkState::Lost), "{states:?}");
    let jump = desk.blocks(0).windows(2).map(|b| b[1].first_index - b[0].first_index).max().unwrap();
    assert!((250..700).contains(&jump), "{jump}");
    assert!(desk.blocks(0).last().unwrap().first_index > before + 800);
    // The other leg heard nothing of it.
    assert!(desk.blocks(1).windows(2).all(|b| b[1].first_index == b[0].first_index + b[0].counts.len() as u64));
}

#[test]
fn equal_seeds_give_equal_rooms_and_others_differ() {
    let run = |seed| {
        let mut desk = Desk::new(leg_room(seed));
        desk.room.act(0, Act::Walk { s: 5.0, cadence_per_min: 100.0 });
        desk.run(6.0);
        desk.room.cut(1, 1_500_000);
        desk.run(12.0);
        desk.notices
    };
    assert_eq!(run(5), run(5));
    assert_ne!(run(5), run(6));
}

//! Storms over sensors of other makers: whole sessions in bad air and virtual time, judged by what the sensors felt.
//!
//! What a sensor feels tells its time: acceleration along x is the true time in milliseconds, modulo eight seconds, in
//! mg, and angular rate about x a quarter of that in °/s. So every sample says where it belongs and whether its two
//! halves belong together. `TALUS_STORM` says how many seeds (100 otherwise); a failure names its seed.
#![allow(clippy::unwrap_used, clippy::panic)]

use talus_cuff::driver::{Family, TalkError};
use talus_cuff::link::{Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::Transport;
use talus_motion::{CuffId, LinkState, Micros, Sample, SampleBlock, StreamConfig};
use talus_sim::{Chance, Make, Motion, SimTransport, Storm, VendorCuff, Weather};
use uuid::Uuid;

/// Where a Verity Sense sends its frames.
const FRAMES: Uuid = uuid::uuid!("fb005c82-02e7-f387-1cad-8acd2d8df0c8");
/// Length of a session and of the calm after it, µs of virtual time.
const LONG_US: i64 = 60_000_000;
const AFTER_US: i64 = 10_000_000;
/// Nothing is cut after this.
const CALM_US: i64 = 30_000_000;
/// The time a sensor tells comes round after this many milliseconds.
const ROUND_MS: f64 = 8000.0;

/// A sensor that feels what time it is.
struct Telling;

impl Motion for Telling {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let told = (at_s * 1e3).rem_euclid(ROUND_MS) - ROUND_MS / 2.0;
        let acc = [told * 1e-3 * 9.80665, 0.0, 9.80665];
        Some(Sample { at_us: at_s * 1e6, acc, gyr: [(told * 0.25).to_radians(), 0.0, 0.0], clipped: false })
    }

    fn idle(&self, _: f64) -> bool {
        false
    }
}

/// Everything drawn for a session.
#[derive(Debug)]
struct Plan {
    seed: u64,
    make: Make,
    mtu: u16,
    weather: Weather,
    /// When, and for how long: zero is a reboot.
    cuts: Vec<(i64, i64)>,
}

impl Plan {
    fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed).branch(2);
        let make = Make {
            // Since 2000; one of four wraps its microseconds within the session.
            ahead_us: if chance.happens(0.25) { (1 << 32) - 20_000_000 } else { chance.bits() % (1 << 50) },
            ppm: chance.between(-100.0, 100.0),
            rate_ratio: 1.0 + chance.between(-0.03, 0.03),
        };
        let mtu = if chance.happens(0.05) { 23 } else { [64, 185, 232, 517][chance.bits() as usize % 4] };
        let weather = Weather {
            loss: if chance.happens(0.3) { 0.0 } else { chance.between(0.0, 0.2) },
            burst: chance.between(1.0, 6.0),
            duplicates: chance.between(0.0, 0.1),
            reorder: chance.between(0.0, 0.1),
            // Its frames have no length and no checksum: one that was cut between two blocks is a good frame.
            garbage: 0.0,
        };
        let cuts = (0..chance.bits() as usize % 4)
            .map(|_| {
                let until = if chance.happens(0.5) { 3e6 } else { CALM_US as f64 };
                let for_us = if chance.happens(0.25) { 0 } else { chance.between(0.2e6, 12e6) as i64 };
                (chance.between(0.0, until) as i64, for_us)
            })
            .collect();
        Self { seed, make, mtu, weather, cuts }
    }

    /// A session from its first moment to its end: the link, and all it said.
    fn session(&self, family: Family) -> (Link, Vec<Notice>) {
        let mut room = SimTransport::new(self.seed);
        let (cuff, weather) = match family {
            Family::Polar => (VendorCuff::verity_sense(Box::new(Telling), self.make, self.mtu), self.weather),
            // It has no number and no time by which a loss in the air could be seen, and its link has none to lose.
            _ => (VendorCuff::metamotion(Box::new(Telling), self.make), Weather::default()),
        };
        room.add_vendor(cuff);
        let mut storm = Storm::over(room, weather, self.seed).hitting(FRAMES);
        let id = storm.room.id(0).unwrap().clone();
        let mut link = Link::new(CuffId([1; 16]), id, family, Wish::default());
        let (mut notices, mut out, mut now) = (Vec::new(), LinkOutputs::default(), 0);
        let mut cuts = self.cuts.clone();
        cuts.sort_unstable();
        link.start(Micros(0), &mut out);
        while now < LONG_US + AFTER_US {
            for ask in out.asks.drain(..) {
                storm.ask(Micros(now), ask);
            }
            notices.append(&mut out.notices);
            let cut = cuts.first().map(|(at, _)| Micros(*at));
            let due = storm.due().into_iter().chain(link.due()).chain(cut).min();
            now = due.map_or(now + 100_000, |due| due.0.max(now + 1));
            if cut.is_some_and(|at| at.0 <= now) {
                match cuts.remove(0) {
                    (_, 0) => storm.room.reboot(0),
                    (_, for_us) => storm.room.cut(0, for_us),
                }
            }
            if now >= LONG_US {
                storm.weather = Weather::default();
            }
            while let Some((at, heard)) = storm.hear(Micros(now)) {
                link.hear(at, &heard, &mut out);
            }
            link.tick(Micros(now), &mut out);
        }
        (link, notices)
    }
}

/// The times the two halves of a sample tell, milliseconds within the round.
fn told(config: &StreamConfig, counts: &[i16; 6]) -> (f64, f64) {
    let mg = f64::from(counts[0]) * config.acc_mps2_per_count / 9.80665 * 1e3;
    let dps = f64::from(counts[3]) * config.gyr_radps_per_count.to_degrees();
    (mg + ROUND_MS / 2.0, dps * 4.0 + ROUND_MS / 2.0)
}

/// Distance of two times within the round.
fn apart(a: f64, b: f64) -> f64 {
    let off = (a - b).rem_euclid(ROUND_MS);
    off.min(ROUND_MS - off)
}

/// Hands each sample on with its stream, its number, the block and whether it is the first of a segment.
fn each(notices: &[Notice], mut see: impl FnMut(&StreamConfig, u64, &SampleBlock, &[i16; 6], bool)) {
    let mut config: Option<&StreamConfig> = None;
    let (mut first, mut after) = (true, 0);
    for notice in notices {
        match notice {
            Notice::Stream(stream) => (config, first) = (Some(stream), true),
            Notice::Samples(block) => {
                assert!(block.first_index >= after, "index runs back");
                after = block.first_index + block.counts.len() as u64;
                for (index, counts) in (block.first_index..).zip(&block.counts) {
                    see(config.unwrap(), index, block, counts, std::mem::take(&mut first));
                }
            }
            _ => {}
        }
    }
}

fn seeds() -> u64 {
    std::env::var("TALUS_STORM").ok().and_then(|text| text.parse().ok()).unwrap_or(100)
}

fn show(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
}

/// Every sample lies where it belongs, and its two halves belong together.
fn judge_verity(plan: &Plan, link: &Link, notices: &[Notice]) {
    assert_eq!(link.state(), LinkState::Streaming, "{plan:?}");
    let period_ms = 1e3 / (52.0 * plan.make.rate_ratio);
    let mut origin = 0.0;
    each(notices, |config, index, block, counts, first| {
        let (acc_ms, gyr_ms) = told(config, counts);
        // Near the end of a round, angular rate is interpolated between its end and its beginning.
        if (50.0..ROUND_MS - 50.0).contains(&acc_ms) {
            assert!(apart(acc_ms, gyr_ms) < 2.0, "halves of {acc_ms} and {gyr_ms} ms: {plan:?}");
        }
        let here = (acc_ms - index as f64 * period_ms).rem_euclid(ROUND_MS);
        if first {
            origin = here;
        }
        assert!(apart(here, origin) < period_ms / 2.0, "{index} is misplaced: {block:?} in {plan:?}");
    });
}

#[test]
fn at_every_packet_size_a_verity_senses_samples_lie_where_they_belong() {
    let (mut missing, mut streamed) = (0, 0);
    for mtu in 23..=247 {
        let plan = Plan { mtu, cuts: vec![], ..Plan::of(u64::from(mtu)) };
        let (link, notices) = plan.session(Family::Polar);
        if link.fault() == Some(TalkError::PacketsTooSmall) {
            assert!(link.counters().received == 0 && mtu < 64, "{plan:?}");
            continue;
        }
        judge_verity(&plan, &link, &notices);
        (missing, streamed) = (missing + link.counters().missing, streamed + 1);
    }
    assert!(streamed > 180 && missing > 10_000, "{streamed} streamed, {missing} samples missing");
}

#[test]
fn no_sample_of_a_verity_sense_is_misplaced_and_every_missing_one_is_counted() {
    let (mut samples, mut missing, mut reconnects, mut refused) = (0, 0, 0, 0);
    for seed in 0..seeds() {
        let plan = Plan::of(seed);
        let (link, notices) = plan.session(Family::Polar);
        if plan.mtu == 23 {
            assert_eq!((link.fault(), link.counters().received), (Some(TalkError::PacketsTooSmall), 0), "{plan:?}");
            refused += 1;
            continue;
        }
        judge_verity(&plan, &link, &notices);
        samples += link.counters().received;
        missing += link.counters().missing;
        reconnects += link.counters().reconnects;
    }
    assert!(missing * 30 > samples && reconnects > seeds() / 2, "the storms were calm: {missing} of {samples}");
    assert!(seeds() < 100 || refused > 0);
    show(&format!(
        "{} storms over a Verity Sense: {samples} samples, {missing} missing, {reconnects} reconnects\n",
        seeds()
    ));
}

#[test]
fn the_halves_of_a_metamotion_sample_belong_together_whatever_was_cut() {
    let (mut samples, mut reconnects) = (0, 0);
    for seed in 0..seeds() {
        let plan = Plan::of(seed);
        let (link, notices) = plan.session(Family::MetaMotion);
        assert_eq!(link.state(), LinkState::Streaming, "{plan:?}");
        let mut seen = 0;
        each(&notices, |config, _, _, counts, first| {
            seen = if first { 0 } else { seen + 1 };
            let (acc_ms, gyr_ms) = told(config, counts);
            // Until the sensor that was started earlier has given up its lead; then the two are off by the phase of
            // their packets at most, two samples.
            if seen > 250 {
                assert!(apart(acc_ms, gyr_ms) < 26.0, "halves of {acc_ms} and {gyr_ms} ms: {plan:?}");
            }
        });
        samples += link.counters().received;
        reconnects += link.counters().reconnects;
        assert_eq!(link.counters().malformed, 0, "{plan:?}");
    }
    assert!(reconnects > seeds() / 2, "the storms were calm");
    show(&format!("{} storms over a MetaMotion: {samples} samples, {reconnects} reconnects\n", seeds()));
}

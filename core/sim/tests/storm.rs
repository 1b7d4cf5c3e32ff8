//! Storms: whole sessions of two cuffs in bad air and virtual time, drawn from seeds, judged by what was really sent.
//!
//! `TALUS_STORM` says how many seeds (100 otherwise), `TALUS_STORM_FROM` the first of them; a failure names its seed. Each
//! session draws its rate, packet size, clocks (offset near the wrap of the device's time, skew up to ±100 ppm), true rate (±3 %), weather (loss up to
//! 20 %, bursts, doubled, swapped and garbled frames), overruns, cuts of 0.2 to 12 s from the first moment on, and
//! reboots.
#![allow(clippy::unwrap_used, clippy::panic)]

mod live_bytes;

use std::collections::BTreeMap;
use talus_cuff::clock::Clock;
use talus_cuff::driver::cmp::{LOG_DATA, LogBlock, MotionFrame};
use talus_cuff::driver::{Family, TalkError};
use talus_cuff::link::{Link, LinkOutputs, Notice, Wish};
use talus_cuff::transport::{Ask, Transport};
use talus_motion::{CuffId, LinkState, Micros, Sample, Side};
use talus_sim::{Chance, Motion, SimTransport, Storm, VirtualCuff, Weather};

/// Length of a session, µs of virtual time.
const LONG_US: i64 = 95_000_000;
/// The calm after it, µs.
const AFTER_US: i64 = 10_000_000;
/// Nothing is cut after this: a minute of clock remains.
const CALM_US: i64 = 20_000_000;

/// A cuff that is turned so that no two samples are alike.
struct Turning;

impl Motion for Turning {
    fn sample(&mut self, at_s: f64) -> Option<Sample> {
        let part = |rate: f64| (at_s * rate).fract();
        let acc = [20.0 * part(0.37) - 10.0, 20.0 * part(1.93) - 10.0, 9.8];
        let gyr = [10.0 * part(0.11) - 5.0, 10.0 * part(0.71) - 5.0, 10.0 * part(3.1) - 5.0];
        Some(Sample { at_us: at_s * 1e6, acc, gyr, clipped: false })
    }

    fn idle(&self, _: f64) -> bool {
        false
    }
}

/// How one cuff of a session is made.
#[derive(Debug, Clone, Copy)]
struct Made {
    ahead_us: u64,
    ppm: f64,
    rate_ratio: f64,
}

/// Everything drawn for a session.
#[derive(Debug)]
struct Plan {
    seed: u64,
    rate_hz: f64,
    mtu: u16,
    cuffs: [Made; 2],
    weather: Weather,
    overruns: f64,
    /// When, which cuff, and for how long: zero is a reboot.
    cuts: Vec<(i64, usize, i64)>,
}

impl Plan {
    fn of(seed: u64) -> Self {
        let mut chance = Chance::new(seed).branch(1);
        let made = |chance: &mut Chance| Made {
            // One of four wraps its device time within the session.
            ahead_us: if chance.happens(0.25) {
                (1 << 32) - (chance.between(0.0, 90e6) as u64)
            } else {
                chance.bits() % 4_000_000_000
            },
            ppm: chance.between(-100.0, 100.0),
            rate_ratio: 1.0 + chance.between(-0.03, 0.03),
        };
        let pick = |chance: &mut Chance, of: usize| chance.bits() as usize % of;
        let rate_hz = [50.0, 100.0, 200.0][pick(&mut chance, 3)];
        let mtu = if chance.happens(0.05) { 23 } else { [64, 185, 247, 517][pick(&mut chance, 4)] };
        let cuffs = [made(&mut chance), made(&mut chance)];
        let weather = Weather {
            loss: if chance.happens(0.2) { 0.0 } else { chance.between(0.0, 0.2) },
            burst: chance.between(1.0, 12.0),
            duplicates: chance.between(0.0, 0.1),
            reorder: chance.between(0.0, 0.1),
            garbage: chance.between(0.0, 0.05),
        };
        let overruns = if chance.happens(0.3) { chance.between(0.0, 0.05) } else { 0.0 };
        let cuts = (0..pick(&mut chance, 4))
            .map(|_| {
                // Half of them within the first moments, where links are made and prepared.
                let until = if chance.happens(0.5) { 2.5e6 } else { CALM_US as f64 };
                let for_us = if chance.happens(0.25) { 0 } else { chance.between(0.2e6, 12e6) as i64 };
                (chance.between(0.0, until) as i64, pick(&mut chance, 2), for_us)
            })
            .collect();
        Self { seed, rate_hz, mtu, cuffs, weather, overruns, cuts }
    }

    fn room(&self, ring: bool) -> Storm {
        let mut room = SimTransport::new(self.seed);
        for (made, side) in self.cuffs.iter().zip([Side::Left, Side::Right]) {
            let cuff = VirtualCuff::around(Box::new(Turning), Some(side), self.seed)
                .with_clock(made.ahead_us, made.ppm, made.rate_ratio)
                .with_mtu(self.mtu)
                .with_overruns(self.overruns);
            room.add(if ring { cuff.with_ring() } else { cuff });
        }
        Storm::over(room, self.weather, self.seed)
    }
}

/// A radio in a storm, a link per cuff, and all they said.
struct Desk {
    storm: Storm,
    links: Vec<Link>,
    notices: Vec<Vec<Notice>>,
    /// Whose each of them was, in the order they were said.
    order: Vec<usize>,
    now: i64,
}

impl Desk {
    fn over(storm: Storm, rate_hz: f64) -> Self {
        let wish = Wish { rate_hz, ..Wish::default() };
        let links: Vec<_> = (0..storm.room.len())
            .map(|i| Link::new(CuffId([i as u8; 16]), storm.room.id(i).unwrap().clone(), Family::Cmp, wish))
            .collect();
        let mut desk = Self { storm, notices: vec![Vec::new(); links.len()], order: Vec::new(), links, now: 0 };
        for i in 0..desk.links.len() {
            desk.with(i, Link::start);
        }
        desk
    }

    fn with(&mut self, i: usize, act: impl FnOnce(&mut Link, Micros, &mut LinkOutputs)) {
        let mut out = LinkOutputs::default();
        act(&mut self.links[i], Micros(self.now), &mut out);
        self.order.extend(out.notices.iter().map(|_| i));
        self.notices[i].append(&mut out.notices);
        out.asks.into_iter().for_each(|ask: Ask| self.storm.ask(Micros(self.now), ask));
    }

    fn run(&mut self, until: i64) {
        while self.now < until {
            let due = self.storm.due().into_iter().chain(self.links.iter().filter_map(Link::due)).min();
            self.now = due.map_or(until, |due| due.0).clamp(self.now + 1, until);
            self.hear();
        }
    }

    fn hear(&mut self) {
        while let Some((at, heard)) = self.storm.hear(Micros(self.now)) {
            for i in 0..self.links.len() {
                self.with(i, |link, _, out| link.hear(at, &heard, out));
            }
        }
        for i in 0..self.links.len() {
            self.with(i, Link::tick);
        }
    }
}

/// A frame as it was sent.
struct Frame {
    index: u32,
    counts: Vec<[i16; 6]>,
}

/// What of the checks below a session gave.
#[derive(Default)]
struct Judged {
    /// Those that hold samples.
    segments: usize,
    samples: u64,
    missing: u64,
}

/// Every block is a frame that was sent, at its place within its segment; every missing sample is counted.
fn judge(desk: &Desk, i: usize, plan: &dyn std::fmt::Debug) -> Judged {
    let id = desk.storm.room.id(i).unwrap();
    // By device time: two frames share one only where a clock began anew.
    let mut sent: BTreeMap<u32, Vec<Frame>> = BTreeMap::new();
    for one in desk.storm.sent.iter().filter(|one| one.id == *id) {
        let kept = (one.from == LOG_DATA).then(|| LogBlock::decode(&one.bytes).unwrap());
        let frames = kept.map_or(vec![&one.bytes[..]], |block| block.frames().map(Result::unwrap).collect());
        for frame in frames.into_iter().map(|bytes| MotionFrame::decode(bytes).unwrap()) {
            let counts = frame.counts.iter().copied().collect();
            sent.entry(frame.device_us).or_default().push(Frame { index: frame.first_index, counts });
        }
    }
    let mut judged = Judged::default();
    let mut shift: Option<u64> = None;
    let mut after = 0;
    let mut last_in_segment: Option<u64> = None;
    for notice in &desk.notices[i] {
        match notice {
            Notice::Stream(_) => {
                (shift, last_in_segment) = (None, None);
            }
            Notice::Samples(block) => {
                assert!(block.first_index >= after, "index runs back: {plan:?}");
                let device_us = block.device_us.unwrap();
                let frame = sent
                    .get(&(device_us as u32))
                    .and_then(|frames| frames.iter().find(|frame| frame.counts.iter().eq(block.counts.iter())));
                let frame = frame.unwrap_or_else(|| panic!("never sent: {block:?} in {plan:?}"));
                let here = *shift.get_or_insert_with(|| block.first_index.wrapping_sub(u64::from(frame.index)));
                assert_eq!(block.first_index.wrapping_sub(here), u64::from(frame.index), "misplaced: {plan:?}");
                judged.segments += usize::from(last_in_segment.is_none());
                judged.missing += last_in_segment.map_or(0, |last| block.first_index - last);
                judged.samples += block.counts.len() as u64;
                after = block.first_index + block.counts.len() as u64;
                last_in_segment = Some(after);
            }
            _ => {}
        }
    }
    let counters = desk.links[i].counters();
    assert_eq!((counters.received, counters.missing), (judged.samples, judged.missing), "{plan:?}");
    judged
}

/// How a cuff's samples were placed at a moment: session time of a sample less its true time.
#[derive(Debug, Clone, Copy)]
struct Placed {
    error_us: f64,
    /// The clock vouches for it.
    fit_ok: bool,
    /// A question was answered on this stream, not long ago.
    answered: bool,
}

/// How the samples of both cuffs were placed at each whole second, by one clock that has seen everything as it was said,
/// questions about the time and their answers only where `two_way`; `None` where no sample came within a second.
fn placed(desk: &Desk, plan: &Plan, two_way: bool) -> [Vec<Option<Placed>>; 2] {
    let mut clock = Clock::new();
    let mut told = [0, 1].map(|i| desk.notices[i].iter());
    let mut moment_us = [None; 2];
    let mut seconds = [Vec::new(), Vec::new()];
    for i in desk.order.iter().copied() {
        let made = plan.cuffs[i];
        let pace = 1.0 + made.ppm * 1e-6;
        match told[i].next().unwrap() {
            Notice::Stream(config) => {
                clock.stream(config);
                moment_us[i] = None;
            }
            Notice::Time(block) if two_way => {
                clock.moment(block);
                moment_us[i] = Some(block.arrival_us);
            }
            Notice::Samples(block) => {
                let time = clock.place(block);
                // Its own time is known modulo 2³²; the epoch is the one nearest to when it arrived.
                let own_us = made.ahead_us as f64 + block.arrival_us as f64 * pace;
                let stamp_us = f64::from(block.device_us.unwrap() as u32);
                let wrap = (1u64 << 32) as f64;
                let stamp_us = stamp_us + ((own_us - stamp_us) / wrap).round() * wrap;
                let error_us = time.first_us - (stamp_us - made.ahead_us as f64) / pace;
                let answered = moment_us[i].is_some_and(|at| block.arrival_us - at < 60_000_000);
                let second = (block.arrival_us / 1_000_000) as usize;
                let seconds = &mut seconds[i];
                seconds.resize(seconds.len().max(second + 1), None);
                seconds[second] = Some(Placed { error_us, fit_ok: time.fit_ok, answered });
            }
            _ => {}
        }
    }
    seconds
}

/// What clocks vouched for.
#[derive(Debug, Default)]
struct Vouched {
    /// Pairs of clocks, and the seconds for which both had samples.
    pairs: u32,
    seconds: u32,
    /// Seconds for which the clocks vouched on both legs, and pairs that they vouched for at the end.
    good: u32,
    at_the_end: u32,
    /// How far apart left and right were at most while they did, µs.
    worst_us: f64,
}

impl Vouched {
    /// Looks at both legs of a session, second by second: what is vouched for is never as far apart as the bar.
    fn look(&mut self, desk: &Desk, plan: &Plan, two_way: bool) {
        let [left, right] = placed(desk, plan, two_way);
        self.pairs += 1;
        for (second, legs) in left.into_iter().zip(right).enumerate() {
            let (Some(left), Some(right)) = legs else { continue };
            self.seconds += 1;
            if !(left.fit_ok && right.fit_ok) {
                continue;
            }
            let apart_us = (left.error_us - right.error_us).abs();
            let most_us = if left.answered && right.answered { 3_000.0 } else { 5_000.0 };
            assert!(
                apart_us < most_us,
                "{apart_us} µs apart in second {second}, two-way {two_way}: {left:?} {right:?} in {plan:?}"
            );
            self.good += 1;
            self.at_the_end += u32::from(i64::try_from(second) == Ok((LONG_US + AFTER_US) / 1_000_000 - 1));
            self.worst_us = self.worst_us.max(apart_us);
        }
    }
}

fn storm(seed: u64, ring: bool) -> (Plan, Desk) {
    let plan = Plan::of(seed);
    let desk = weather(&plan, ring, LONG_US);
    (plan, desk)
}

/// A storm of this length as it was drawn, and the calm after it.
fn weather(plan: &Plan, ring: bool, long_us: i64) -> Desk {
    let mut desk = Desk::over(plan.room(ring), plan.rate_hz);
    let mut cuts = plan.cuts.clone();
    cuts.sort_unstable();
    for (at, which, for_us) in cuts {
        desk.run(at);
        if for_us == 0 {
            desk.storm.room.reboot(which);
        } else {
            desk.storm.room.cut(which, for_us);
        }
    }
    desk.run(long_us);
    // A burst of losses looks like a stream that stopped and may just now be asked about: it must end with the storm.
    desk.storm.weather = Weather::default();
    desk.run(long_us + AFTER_US);
    desk
}

fn show(text: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stdout(), text.as_bytes());
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

fn seeds() -> u64 {
    number("TALUS_STORM").unwrap_or(100)
}

#[test]
fn whatever_the_weather_no_sample_is_misplaced_and_every_missing_one_is_counted() {
    let (mut sums, mut reconnects, mut refused) = (Judged::default(), 0, 0);
    let (mut arrivals, mut answers) = (Vouched::default(), Vouched::default());
    let from = number("TALUS_STORM_FROM").unwrap_or(0);
    for seed in from..from + seeds() {
        let (plan, desk) = storm(seed, false);
        for (i, link) in desk.links.iter().enumerate() {
            let judged = judge(&desk, i, &plan);
            if plan.mtu == 23 {
                // Not one sample fits: told, and tried again.
                assert_eq!((link.fault(), judged.samples), (Some(TalkError::PacketsTooSmall), 0), "{plan:?}");
                refused += 1;
                continue;
            }
            assert_eq!(link.state(), LinkState::Streaming, "{plan:?}");
            sums.segments += judged.segments;
            sums.samples += judged.samples;
            sums.missing += judged.missing;
            reconnects += link.counters().reconnects;
        }
        // A reboot begins a clock of its own, whose offset nobody drew.
        if plan.mtu == 23 || plan.cuts.iter().any(|(_, _, for_us)| *for_us == 0) {
            continue;
        }
        arrivals.look(&desk, &plan, false);
        answers.look(&desk, &plan, true);
    }
    // A storm in which nothing happens shows nothing.
    assert!(sums.missing * 20 > sums.samples && reconnects > seeds() / 2 && refused > 0, "the storms were calm");
    // Nothing is vouched for wrongly where nothing is vouched for.
    for (of, share) in [(&arrivals, 0.8), (&answers, 0.9)] {
        assert!(f64::from(of.at_the_end) > share * f64::from(of.pairs), "too little is vouched for: {of:?}");
    }
    show(&format!(
        "{} storms: {} samples, {} missing, {} segments, {reconnects} reconnects\n",
        seeds(),
        sums.samples,
        sums.missing,
        sums.segments
    ));
    for (how, of) in [("arrivals", &arrivals), ("questions and answers", &answers)] {
        show(&format!(
            "by {how}: of {} pairs of clocks {} vouched for at the end, and {} of {} seconds; left and right at most {:.2} ms apart\n",
            of.pairs,
            of.at_the_end,
            of.good,
            of.seconds,
            of.worst_us / 1e3
        ));
    }
}

#[test]
fn at_every_packet_size_frames_are_put_where_they_belong_or_the_packets_are_said_to_be_too_small() {
    let mut missing = 0;
    for mtu in 23..=247 {
        let plan = Plan { mtu, cuts: vec![], ..Plan::of(u64::from(mtu)) };
        let desk = weather(&plan, false, CALM_US);
        for (i, link) in desk.links.iter().enumerate() {
            let judged = judge(&desk, i, &plan);
            // A header and one sample are 24 bytes, in a packet that carries three of its own.
            if mtu < 27 {
                assert_eq!((link.fault(), judged.samples), (Some(TalkError::PacketsTooSmall), 0), "{plan:?}");
            } else {
                assert!(link.state() == LinkState::Streaming && judged.samples > 100, "{plan:?}");
            }
            missing += judged.missing;
        }
    }
    assert!(missing > 10_000, "the air was calm");
}

#[test]
fn a_link_cut_at_any_step_of_its_making_streams_all_the_same() {
    let plan = Plan { weather: Weather::default(), overruns: 0.0, cuts: vec![], mtu: 247, ..Plan::of(7) };
    for step in 0.. {
        let mut desk = Desk::over(plan.room(false), 100.0);
        let mut heard = 0;
        while heard < step && desk.links[0].counters().received == 0 {
            desk.now = desk.storm.due().map_or(desk.now + 1, |due| due.0.max(desk.now + 1));
            if let Some((at, one)) = desk.storm.hear(Micros(desk.now)) {
                heard += 1;
                for i in 0..2 {
                    desk.with(i, |link, _, out| link.hear(at, &one, out));
                }
            }
        }
        if desk.links[0].counters().received > 0 {
            assert!(step > 20, "only {step} steps to a stream");
            return;
        }
        desk.storm.room.cut(0, 3_000_000);
        desk.run(desk.now + 40_000_000);
        for (i, link) in desk.links.iter().enumerate() {
            assert_eq!(link.state(), LinkState::Streaming, "cut at step {step}");
            assert!(judge(&desk, i, &plan).samples > 1000, "cut at step {step}");
        }
    }
}

/// Samples the sensor of a cuff took while its session ran, by the blocks a link handed on; they must be of one segment.
fn whole(desk: &Desk, i: usize, plan: &dyn std::fmt::Debug) -> u64 {
    let judged = judge(desk, i, plan);
    assert_eq!((judged.segments, judged.missing), (1, 0), "{:?} in {plan:?}", desk.links[i].counters());
    judged.samples
}

#[test]
fn whatever_the_weather_what_a_cuff_kept_is_put_where_it_belongs() {
    let (mut filled, mut missing, mut expected) = (0, 0, 0.0);
    let (mut arrivals, mut answers) = (Vouched::default(), Vouched::default());
    for seed in 0..seeds() / 2 {
        let (plan, desk) = storm(seed, true);
        for (i, link) in desk.links.iter().enumerate() {
            let judged = judge(&desk, i, &plan);
            if plan.mtu == 23 {
                continue;
            }
            assert_eq!(link.state(), LinkState::Streaming, "{plan:?}");
            if plan.cuts.iter().all(|(_, _, for_us)| *for_us > 0) {
                assert_eq!(judged.segments, 1, "the session went on: {plan:?}");
                missing += judged.missing;
                // What the air took, what came too late for it, and what the cuff itself dropped.
                let share = plan.weather.loss + plan.weather.reorder + plan.overruns;
                expected += share * (judged.samples + judged.missing) as f64;
            }
            filled += link.counters().filled;
        }
        if plan.mtu != 23 && plan.cuts.iter().all(|(_, _, for_us)| *for_us > 0) {
            arrivals.look(&desk, &plan, false);
            answers.look(&desk, &plan, true);
        }
    }
    let shown = format!("{filled} samples fetched, {missing} missing where the air took {expected:.0}\n");
    assert!(filled > 1000 && (missing as f64) < expected * 1.1, "{shown}");
    for of in [&arrivals, &answers] {
        assert!(f64::from(of.at_the_end) > 0.8 * f64::from(of.pairs), "too little is vouched for: {of:?}");
    }
    show(&format!("{shown}by arrivals {arrivals:?}\nby questions and answers {answers:?}\n"));
}

#[test]
fn air_that_only_swaps_and_doubles_frames_loses_nothing() {
    let (mut reordered, mut duplicates) = (0, 0);
    for seed in 0..seeds() / 4 {
        let plan = Plan { weather: Weather::default(), cuts: vec![], ..Plan::of(seed) };
        if plan.mtu == 23 {
            continue;
        }
        let mut desk = Desk::over(plan.room(false), plan.rate_hz);
        // A first frame that is swapped has nothing before it to be missed by.
        desk.run(5_000_000);
        desk.storm.weather = Weather { reorder: 0.1, duplicates: 0.1, ..Weather::default() };
        desk.run(CALM_US);
        desk.storm.weather = Weather::default();
        desk.run(CALM_US + 1_000_000);
        for (i, link) in desk.links.iter().enumerate() {
            let (judged, counters) = (judge(&desk, i, &plan), link.counters());
            // What the cuff itself dropped is missing, and it says so.
            assert_eq!(judged.missing > 0, counters.overruns > 0, "{counters:?} in {plan:?}");
            let frames = desk.storm.sent.iter().filter(|one| one.id == *link.id());
            let sent: usize = frames.map(|one| MotionFrame::decode(&one.bytes).unwrap().counts.len()).sum();
            assert_eq!(judged.samples, sent as u64, "{counters:?} in {plan:?}");
            (reordered, duplicates) = (reordered + counters.reordered, duplicates + counters.duplicates);
        }
    }
    assert!(reordered > 100 && duplicates > 100, "{reordered} frames swapped, {duplicates} doubled");
}

#[test]
fn in_calm_air_a_cuff_that_keeps_what_was_missed_leaves_no_gap() {
    let mut filled = 0;
    for seed in 0..40 {
        let mut plan = Plan { weather: Weather::default(), overruns: 0.0, ..Plan::of(seed) };
        plan.mtu = plan.mtu.max(185);
        let mut desk = Desk::over(plan.room(true), plan.rate_hz);
        let mut chance = Chance::new(seed).branch(9);
        for at in [4, 30, 55] {
            // From a hiccup to half a minute in another room; also the second while the first is being made up for.
            desk.run(at * 1_000_000);
            desk.storm.room.cut(0, chance.between(0.2e6, 20e6) as i64);
        }
        desk.run(LONG_US);
        let counters = desk.links[0].counters();
        assert!(counters.filled > 100 && counters.reconnects == 3, "{counters:?}");
        filled += counters.filled;
        for i in [0, 1] {
            let expected = (LONG_US as f64 * 1e-6 - 2.0) * plan.rate_hz * plan.cuffs[i].rate_ratio;
            let samples = whole(&desk, i, &plan) as f64;
            assert!((expected * 0.98..expected * 1.03).contains(&samples), "{samples} of {expected}");
        }
        assert_eq!(desk.links[1].counters().filled, 0);
    }
    assert!(filled > 40 * 1000);
}

#[test]
fn a_link_cut_again_at_any_step_of_filling_fills_all_the_same() {
    let plan = Plan { weather: Weather::default(), overruns: 0.0, cuts: vec![], mtu: 247, ..Plan::of(7) };
    let mut fetching = 0;
    for step in 0..70 {
        let mut desk = Desk::over(plan.room(true), 100.0);
        desk.run(5_000_000);
        desk.storm.room.cut(0, 8_000_000);
        // Until the link is there again, and so many things were heard on it.
        while desk.links[0].counters().reconnects == 0 {
            desk.run(desk.now + 10_000);
        }
        let mut heard = 0;
        while heard < step {
            desk.now = desk.storm.due().map_or(desk.now + 1, |due| due.0.max(desk.now + 1));
            while let Some((at, one)) = desk.storm.hear(Micros(desk.now)) {
                heard += 1;
                for i in 0..2 {
                    desk.with(i, |link, _, out| link.hear(at, &one, out));
                }
            }
            for i in 0..2 {
                desk.with(i, Link::tick);
            }
        }
        let before = desk.links[0].counters().filled;
        desk.storm.room.cut(0, 1_000_000);
        desk.run(desk.now + 30_000_000);
        assert_eq!(desk.links[0].state(), LinkState::Streaming, "cut at step {step}");
        whole(&desk, 0, &step);
        let after = desk.links[0].counters().filled;
        assert!(after > 700, "{after} samples fetched, cut at step {step}");
        fetching += usize::from(before > 0 && before < 700);
    }
    assert!(fetching > 0, "never cut while it was filling");
}

#[test]
fn two_cuffs_at_200_hz_for_an_hour_lose_nothing_to_an_app_that_sleeps_now_and_then_and_need_no_more_memory() {
    let plan = Plan { weather: Weather::default(), overruns: 0.0, cuts: vec![], mtu: 247, ..Plan::of(3) };
    let mut desk = Desk::over(plan.room(false), 200.0);
    let mut chance = Chance::new(3);
    let mut received = [0u64; 2];
    // Once everything has found its size: five minutes.
    let (mut settled, mut most) = (0, 0);
    while desk.now < 3_600_000_000 {
        // Looked after every 50 ms, and now and then not for two seconds.
        let pause = if chance.happens(0.002) { 2_000_000 } else { 50_000 };
        desk.now += pause;
        desk.hear();
        // The app takes what was said: nothing piles up on our side.
        for (i, notices) in desk.notices.iter_mut().enumerate() {
            let blocks = notices.drain(..);
            received[i] += blocks
                .map(|one| if let Notice::Samples(block) = one { block.counts.len() as u64 } else { 0 })
                .sum::<u64>();
        }
        desk.storm.sent.clear();
        desk.order.clear();
        most = most.max(live_bytes::held());
        if desk.now < 300_000_000 {
            settled = most;
        }
    }
    // The hour after that needs no more than the first minutes, a longer sleep than theirs aside.
    assert!(settled > 10_000 && most < settled + 16_384, "{most} bytes held at most, {settled} in five minutes");
    for (i, link) in desk.links.iter().enumerate() {
        let counters = link.counters();
        assert_eq!((counters.missing, counters.reconnects, counters.malformed), (0, 0, 0), "{counters:?}");
        assert_eq!((received[i], link.state()), (counters.received, LinkState::Streaming));
        // An hour of the true rate, less the seconds it took to connect.
        let expected = 3600.0 * 200.0 * plan.cuffs[i].rate_ratio;
        assert!((received[i] as f64 / expected - 1.0).abs() < 0.002, "{} of {expected}", received[i]);
    }
}

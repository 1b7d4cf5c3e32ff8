//! What one block of samples costs the session: two cuffs at 100 Hz in a guided set, ten samples a block, with everything
//! that follows from each of them. And how much of that is the tracker's.
#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use talus_coach::{Catalogue, Input, Outputs, Pace, Prescription, Session, SessionPlan, Stage, Tap, Worn};
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, GRAVITY_MPS2, LinkState, Micros, SampleBlock, Side, StreamConfig, Task,
    Timing, Tracker,
};

const RATE_HZ: f64 = 100.0;
const BLOCK: usize = 10;
const ACC: f64 = GRAVITY_MPS2 / 2048.0;
const GYR: f64 = core::f64::consts::PI / 180.0 / 16.4;
/// One repetition, seconds.
const REP_S: f64 = 7.0;

fn cuff(side: Side) -> CuffId {
    if side == Side::Left { CuffId([1; 16]) } else { CuffId([2; 16]) }
}

fn config(side: Side) -> StreamConfig {
    StreamConfig {
        cuff: cuff(side),
        stream: 0,
        rate_hz: RATE_HZ,
        acc_mps2_per_count: ACC,
        gyr_radps_per_count: GYR,
        acc_range_mps2: 16.0 * GRAVITY_MPS2,
        gyr_range_radps: 2000.0 * core::f64::consts::PI / 180.0,
        timing: Timing::Device,
        driver: "bench".to_owned(),
        firmware: String::new(),
    }
}

/// Angle and rate of one repetition, degrees and degrees per second.
fn swing(t: f64) -> (f64, f64) {
    const RANGE_DEG: f64 = 70.0;
    let eased = |x: f64, seconds: f64| {
        let turn = core::f64::consts::PI / seconds;
        let half = RANGE_DEG / 2.0;
        (half * (1.0 - libm::cos(turn * x)), half * turn * libm::sin(turn * x))
    };
    match t {
        t if t < 2.0 => eased(t, 2.0),
        t if t < 3.0 => (RANGE_DEG, 0.0),
        t if t < 6.0 => {
            let (angle, rate) = eased(t - 3.0, 3.0);
            (RANGE_DEG - angle, -rate)
        }
        _ => (0.0, 0.0),
    }
}

/// A shin that swings up and down, `moving` or at rest.
fn block(side: Side, at: u64, moving: bool) -> (SampleBlock, BlockTime) {
    let first = at * BLOCK as u64;
    let mut counts = Counts::new();
    for i in 0..BLOCK {
        let t = (first + i as u64) as f64 / RATE_HZ;
        // Up, a moment at the top, slowly down, a moment at rest: as an exercise asks for it.
        let (angle, rate) = if moving { swing(t % REP_S) } else { (0.0, 0.0) };
        let (sin, cos) = libm::sincos(angle.to_radians());
        let wobble = 0.004 * ((i as f64 * 7.0) % 13.0 - 6.0);
        let round = |value: f64, scale: f64| (value / scale).round() as i16;
        counts.push([
            round(-9.81 * sin + wobble, ACC),
            round(wobble, ACC),
            round(9.81 * cos, ACC),
            0,
            round(rate.to_radians(), GYR),
            0,
        ]);
    }
    let first_us = first as f64 / RATE_HZ * 1e6;
    let block = SampleBlock {
        cuff: cuff(side),
        stream: 0,
        first_index: first,
        device_us: None,
        arrival_us: first_us as i64,
        flags: BlockFlags::default(),
        counts,
    };
    (block, BlockTime { first_us, period_us: 1e6 / RATE_HZ, fit_ok: true })
}

/// In the middle of a set, and the number of the block that comes next.
fn in_a_set() -> (Session, u64) {
    let asked = |side| Prescription {
        exercise: "knee_ext_seated".to_owned(),
        side,
        mass_g: 1000,
        sets: 1,
        reps: Some(200),
        rest_s: 60,
        own_range_deg: Some(70.0),
        why: String::new(),
    };
    let worn = [Side::Left, Side::Right].map(|side| Worn { cuff: cuff(side), side, mass_g: 1000 });
    let plan = SessionPlan {
        blocks: vec![asked(Side::Left)],
        worn: worn.to_vec(),
        pace: Pace::Guided,
        language: "en".to_owned(),
        known: None,
    };
    let mut session = Session::new(plan, &Catalogue::embedded().unwrap()).unwrap();
    let mut out = Outputs::default();
    for side in [Side::Left, Side::Right] {
        session.step(&Input::Stream(config(side)), None, &mut out);
        let link = Input::Link { at: Micros(0), cuff: cuff(side), state: LinkState::Streaming };
        session.step(&link, None, &mut out);
    }
    session.step(&Input::Tap { at: Micros(0), tap: Tap::Confirm }, None, &mut out);
    let mut at = 0;
    while at < 500 {
        for side in [Side::Left, Side::Right] {
            let (block, time) = block(side, at, side == Side::Left && at > 60);
            session.step(&Input::Samples(block), Some(time), &mut out);
        }
        at += 1;
    }
    assert_eq!((session.frame().stage, session.frame().count > 3), (Stage::Set, true));
    (session, at)
}

fn whole(c: &mut Criterion) {
    let (session, at) = in_a_set();
    let inputs: Vec<_> = (at..at + 70)
        .map(|at| {
            let (block, time) = block(Side::Left, at, true);
            (Input::Samples(block), time)
        })
        .collect();
    let mut group = c.benchmark_group("step");
    group.throughput(criterion::Throughput::Elements(inputs.len() as u64));
    // A whole repetition each time, so that the cheap and the dear blocks of it are both in.
    group.bench_function("70 blocks of a set", |bench| {
        bench.iter_batched(
            || (session.clone(), Outputs::default()),
            |(mut session, mut out)| {
                for (input, time) in &inputs {
                    session.step(input, Some(*time), &mut out);
                    out.clear();
                }
                black_box(session.frame().version)
            },
            BatchSize::SmallInput,
        );
    });
    let mut tracker = Tracker::new(&config(Side::Left)).unwrap();
    let mut found = Vec::new();
    let model = Catalogue::embedded().unwrap().exercise("knee_ext_seated").unwrap().model;
    tracker.begin(Micros(0), Task::Reps(model), Some(70.0));
    for at in 0..at {
        let (block, time) = block(Side::Left, at, at > 60);
        tracker.push(&block, time, &mut found);
    }
    group.bench_function("70 blocks in the tracker alone", |bench| {
        bench.iter_batched(
            || (tracker.clone(), Vec::new()),
            |(mut tracker, mut found)| {
                for (input, time) in &inputs {
                    let Input::Samples(block) = input else { continue };
                    tracker.push(block, *time, &mut found);
                    found.clear();
                }
                black_box(tracker.live().reps)
            },
            BatchSize::SmallInput,
        );
    });
    group.finish();
}

criterion_group!(benches, whole);
criterion_main!(benches);

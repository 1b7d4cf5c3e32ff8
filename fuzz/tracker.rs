//! Whatever arrives at a tracker, in whatever order, it neither panics nor says what cannot be.
//!
//! The bytes are a list of happenings: samples, blocks, tasks, re-checks. Every eighth sample is one of a leg that walks, so
//! that what comes in between falls into something that is under way.
#![no_main]

use libfuzzer_sys::fuzz_target;
use talus_motion::calibrate::Mounting;
use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, ExerciseModel, Lever, Leverage, Micros, ModelKind, Movement, Sample, SampleBlock,
    StreamConfig, Task, Tempo, Test, Timing, Tracker, TurnAxis,
};

/// Takes values off the front of the bytes; zeros when they are used up.
struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn take<const N: usize>(&mut self) -> [u8; N] {
        let mut taken = [0; N];
        let count = N.min(self.0.len());
        taken[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        taken
    }

    fn byte(&mut self) -> u8 {
        self.take::<1>()[0]
    }

    fn count(&mut self) -> i16 {
        i16::from_le_bytes(self.take())
    }

    fn float(&mut self) -> f64 {
        f64::from_le_bytes(self.take())
    }
}

fn task(kind: u8) -> Task {
    let model = |kind| ExerciseModel {
        kind,
        axis: TurnAxis::MedioLateral,
        range_deg: 85.0,
        min_count_deg: 45.0,
        tempo: Tempo { lift_s: 1.0, hold_s: 0.5, lower_s: 1.0, rest_s: 0.5 },
        leverage: Some(Leverage { lever: Lever::Shank, level_at_deg: 90.0 }),
    };
    match kind % 16 {
        0 => Task::Idle,
        1 => Task::Walk,
        2 => Task::Reps(model(ModelKind::Angle)),
        3 => Task::Reps(model(ModelKind::Gyro)),
        4 => Task::Reps(model(ModelKind::Timer)),
        5 => Task::Test(Test::ChairStand { seconds: 30.0 }),
        6 => Task::Test(Test::UpAndGo),
        7 => Task::Test(Test::Stand),
        8 => Task::Test(Test::FootUp),
        9 => Task::Test(Test::Walk { way_m: 10.0 }),
        10 => Task::Test(Test::HeelRises),
        11 => Task::Test(Test::KneeToWall),
        12 => Task::Reps(model(ModelKind::Height)),
        13 => Task::Reps(model(ModelKind::Lean)),
        14 => Task::Reps(model(ModelKind::Reach)),
        _ => Task::Test(Test::Range),
    }
}

/// A leg that walks, one stride in 1.1 s.
fn walking(t: f64) -> [f64; 3] {
    let share = (t / 1.1).rem_euclid(1.0);
    let bell = |at: f64, width: f64| {
        let off = (share - at + 0.5).rem_euclid(1.0) - 0.5;
        (-0.5 * (off / width) * (off / width)).exp()
    };
    let rate =
        5.8 * bell(0.76, 0.075) - 3.3 * bell(0.56, 0.035) - 2.4 * bell(0.96, 0.022) - 1.3 * bell(0.3, 0.15);
    [0.0, rate, 0.01 * share]
}

fuzz_target!(|data: &[u8]| {
    let mut bytes = Bytes(data);
    let rate_hz = [12.5, 25.0, 50.0, 100.0, 204.8, 1000.0][usize::from(bytes.byte() % 6)];
    let config = StreamConfig {
        cuff: CuffId([7; 16]),
        stream: 0,
        rate_hz,
        acc_mps2_per_count: 5e-3,
        gyr_radps_per_count: 1e-3,
        acc_range_mps2: 160.0,
        gyr_range_radps: 32.0,
        timing: if bytes.byte() % 2 == 0 { Timing::Device } else { Timing::Estimated },
        driver: String::new(),
        firmware: String::new(),
    };
    let Ok(mut tracker) = Tracker::new(&config) else { return };
    let (mut out, mut t, mut index) = (Vec::new(), 0.0_f64, 0_u64);
    tracker.begin(Micros(0), task(bytes.byte()), None);
    while !bytes.0.is_empty() {
        match bytes.byte() {
            0..=159 => {
                // Some seconds of walking, marred by counts from the bytes.
                for i in 0..200 {
                    t += 1.0 / rate_hz;
                    let mut gyr = walking(t);
                    let mut acc = [0.0, 0.0, 9.81];
                    if i % 8 == 0 {
                        acc = [bytes.count(), bytes.count(), bytes.count()].map(|c| f64::from(c) * 5e-3);
                        gyr[1] += f64::from(bytes.count()) * 1e-3;
                    }
                    tracker.push_sample(&Sample { at_us: t * 1e6, acc, gyr, clipped: i == 0 }, &mut out);
                    if bytes.0.is_empty() {
                        break;
                    }
                }
            }
            160..=189 => {
                let acc = [bytes.float(), bytes.float(), bytes.float()];
                let sample = Sample { at_us: bytes.float(), acc, gyr: [bytes.float(); 3], clipped: false };
                tracker.push_sample(&sample, &mut out);
            }
            190..=219 => {
                let counts: Counts = (0..bytes.byte() % 43).map(|_| core::array::from_fn(|_| bytes.count())).collect();
                let block = SampleBlock {
                    cuff: CuffId([7; 16]),
                    stream: 0,
                    first_index: if bytes.byte() % 4 == 0 { u64::from_le_bytes(bytes.take()) } else { index },
                    device_us: None,
                    arrival_us: 0,
                    flags: BlockFlags(bytes.byte()),
                    counts,
                };
                let period_us = if bytes.byte() % 8 == 0 { bytes.float() } else { 1e6 / rate_hz };
                let time = BlockTime { first_us: t * 1e6, period_us, fit_ok: bytes.byte() % 2 == 0 };
                index = index.wrapping_add(block.counts.len() as u64);
                t += block.counts.len() as f64 / rate_hz;
                tracker.push(&block, time, &mut out);
            }
            220..=234 => tracker.begin(Micros((t * 1e6) as i64), task(bytes.byte()), Some(f64::from(bytes.count()))),
            235..=239 => tracker.end(Micros((t * 1e6) as i64), &mut out),
            240 => tracker.align(),
            241 => tracker.recheck(),
            242 => {
                let long = [0.0, 0.0, 1.0];
                let quality = f64::from(bytes.byte()) / 255.0;
                tracker.watch(tracker.mounting().unwrap_or(Mounting { long, flexion: [0.0, 1.0, 0.0], quality }));
            }
            // A pause, or time that runs back.
            _ => t += f64::from(bytes.count()) * 1e-2,
        }
        let live = tracker.live();
        assert!(live.angle_deg.is_none_or(f64::is_finite));
        assert!(live.cadence_per_min.is_none_or(|c| (30.0..=240.0).contains(&c)), "{live:?}");
    }
    tracker.end(Micros((t * 1e6) as i64), &mut out);
    for movement in &out {
        match movement {
            Movement::RepEnded(rep) => {
                assert!(rep.start <= rep.top && rep.top <= rep.turn && rep.turn <= rep.end, "{rep:?}");
                assert!((0.0..=1.0).contains(&rep.confidence), "{rep:?}");
                assert!(rep.range_deg.is_none_or(f64::is_finite), "{rep:?}");
            }
            Movement::Strode(stride) => {
                assert!(stride.start < stride.foot_off && stride.foot_off < stride.end, "{stride:?}");
                assert!(stride.length_m.is_none_or(f64::is_finite), "{stride:?}");
            }
            Movement::Turned { angle_deg, .. } => assert!(angle_deg.is_finite()),
            Movement::TestPart(part) => assert!(part.value.is_none_or(f64::is_finite), "{part:?}"),
            Movement::Tested(outcome) => assert!(outcome.value.is_none_or(f64::is_finite), "{outcome:?}"),
            _ => {}
        }
    }
});

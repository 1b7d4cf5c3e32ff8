//! A leg that was never worn: counts of a made-up stream of repetitions or walking, the same for the same seed.
// Each test file uses a part, and none is a library.
#![allow(dead_code, unreachable_pub)]

use talus_motion::{
    BlockFlags, BlockTime, Counts, CuffId, ExerciseModel, ModelKind, SampleBlock, StreamConfig, Tempo, Timing, TurnAxis,
};

pub const PERIOD_US: f64 = 10_000.0;
pub const PER_COUNT: f64 = 1e-3;

pub fn config() -> StreamConfig {
    StreamConfig {
        cuff: CuffId([7; 16]),
        stream: 0,
        rate_hz: 1e6 / PERIOD_US,
        acc_mps2_per_count: 5.0 * PER_COUNT,
        gyr_radps_per_count: PER_COUNT,
        acc_range_mps2: 160.0,
        gyr_range_radps: 32.0,
        timing: Timing::Device,
        driver: "made".to_owned(),
        firmware: String::new(),
    }
}

pub fn knee() -> ExerciseModel {
    ExerciseModel {
        kind: ModelKind::Angle,
        axis: TurnAxis::MedioLateral,
        range_deg: 85.0,
        min_count_deg: 45.0,
        tempo: Tempo { lift_s: 1.0, hold_s: 0.5, lower_s: 1.0, rest_s: 0.5 },
        leverage: None,
    }
}

/// Turning rate of a shank that walks, rad/s, one stride in 1.1 s.
pub fn walking(t: f64) -> f64 {
    let share = t / 1.1;
    let bell = |at: f64, width: f64| {
        let off = (share - at + 0.5).rem_euclid(1.0) - 0.5;
        libm::exp(-0.5 * (off / width) * (off / width))
    };
    5.8 * bell(0.76, 0.075) - 3.3 * bell(0.56, 0.035) - 2.4 * bell(0.96, 0.022) - 1.3 * bell(0.3, 0.15)
}

/// Turning rate of a knee that lifts by about 57° and lowers again every four seconds, rad/s.
pub fn lifting(t: f64) -> f64 {
    match (t - 2.0).rem_euclid(4.0) {
        p if t >= 2.0 && p < 1.0 => 1.0 - libm::cos(core::f64::consts::TAU * p),
        p if t >= 2.0 && (1.5..2.5).contains(&p) => libm::cos(core::f64::consts::TAU * (p - 1.5)) - 1.0,
        _ => 0.0,
    }
}

/// `samples` counts of a leg that turns with this rate about a skew axis, with gravity and a little noise.
pub fn counts(samples: usize, rate: impl Fn(f64) -> f64, seed: u64) -> Vec<[i16; 6]> {
    let mut noise = seed | 1;
    let mut angle = 0.0;
    (0..samples)
        .map(|i| {
            let w = rate(i as f64 * PERIOD_US * 1e-6);
            angle += w * PERIOD_US * 1e-6;
            // Turning by +angle about y takes the direction of up towards −x in the cuff's axes.
            let acc = [-9.81 * libm::sin(angle), 0.0, 9.81 * libm::cos(angle)];
            let values = [acc[0] / 5.0, acc[1] / 5.0, acc[2] / 5.0, 0.0, w, 0.0];
            values.map(|v| {
                noise ^= noise << 13;
                noise ^= noise >> 7;
                noise ^= noise << 17;
                (v / PER_COUNT + (noise % 9) as f64 - 4.0) as i16
            })
        })
        .collect()
}

/// A block of some of the counts, and its time.
pub fn block(first: usize, counts: &[[i16; 6]]) -> (SampleBlock, BlockTime) {
    let first_us = first as f64 * PERIOD_US;
    let block = SampleBlock {
        cuff: CuffId([7; 16]),
        stream: 0,
        first_index: first as u64,
        device_us: None,
        arrival_us: first_us as i64,
        flags: BlockFlags::default(),
        counts: counts.iter().copied().collect::<Counts>(),
    };
    (block, BlockTime { first_us, period_us: PERIOD_US, fit_ok: true })
}

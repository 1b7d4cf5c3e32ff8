//! The sensor at work: ticks become readings, readings become motion frames.

use super::VirtualCuff;
use crate::sensor::{Grid, Sensor};
use talus_cuff::driver::cmp::{MOTION_DATA, MotionFrame, StreamAnswer};
use talus_motion::{BlockFlags, Counts};

/// Rates of the profile in 0.1 Hz, in the order of their bits.
const RATES_DHZ: [u16; 6] = [125, 250, 500, 1000, 2000, 4000];
/// Time from the last sample of a frame to the radio, µs.
const PACKING_US: f64 = 1500.0;
/// Above this a gyroscope is not still, counts away from its mean as a share of its range.
const STILL_SHARE: f64 = 0.002;

/// The bit of the rate nearest to a recording's (by ratio).
pub(super) fn nearest_rate_bit(rate_hz: f64) -> u16 {
    let off = |dhz: u16| {
        let ratio = rate_hz * 10.0 / f64::from(dhz);
        ratio.max(1.0 / ratio)
    };
    let best = (0..RATES_DHZ.len()).min_by(|a, b| off(RATES_DHZ[*a]).total_cmp(&off(RATES_DHZ[*b])));
    1 << best.unwrap_or(0)
}

/// A stream as it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Chosen {
    pub(super) rate_dhz: u16,
    pub(super) acc_g: u8,
    pub(super) gyr_dps: u16,
    pub(super) samples: u8,
}

impl Chosen {
    fn grid(self) -> Grid {
        Grid::of_ranges(self.acc_g, self.gyr_dps)
    }

    /// The answer to the setting; a recording states its own rate.
    pub(super) fn answer(self, own_rate_hz: Option<f64>) -> StreamAnswer {
        let grid = self.grid();
        StreamAnswer {
            stream: 0,
            rate_dhz: own_rate_hz.map_or(self.rate_dhz, |hz| (hz * 10.0).round() as u16),
            acc_g_per_count: grid.acc_g_per_count,
            gyr_dps_per_count: grid.gyr_dps_per_count,
            samples: self.samples,
        }
    }
}

/// A running stream.
#[derive(Debug)]
pub(super) struct Run {
    sensor: Sensor,
    samples: u8,
    /// True time of tick 0, µs.
    pub(super) start_us: f64,
    period_us: f64,
    /// Next tick to be read.
    tick: u64,
    seq: u8,
    overrun: bool,
    /// True time of the last tick read, seconds.
    pub(super) felt_s: f64,
    over: bool,
    /// Ticks the gyroscope has stayed near where it was, and the sum of its readings since.
    calm: u64,
    calm_sum: [i64; 3],
    calm_from: [i16; 3],
    calm_limit: i32,
}

impl Run {
    /// Seconds it has lain still.
    pub(super) fn still_s(&self) -> f64 {
        self.calm as f64 * self.period_us * 1e-6
    }

    /// Mean reading of the gyroscope since it lies still, counts.
    pub(super) fn gyr_mean(&self) -> [i16; 3] {
        self.calm_sum.map(|sum| (sum as f64 / self.calm.max(1) as f64).round() as i16)
    }

    fn watch(&mut self, gyr: [i16; 3]) {
        let far = (0..3).any(|i| (i32::from(gyr[i]) - i32::from(self.calm_from[i])).abs() > self.calm_limit);
        if far || self.calm == 0 {
            (self.calm, self.calm_sum, self.calm_from) = (0, [0; 3], gyr);
        }
        self.calm += 1;
        for (sum, count) in self.calm_sum.iter_mut().zip(gyr) {
            *sum += i64::from(count);
        }
    }
}

impl VirtualCuff {
    pub(super) fn begin_run(&mut self, now_us: i64, chosen: Chosen) {
        let rate_hz = self.motion.own_rate_hz().unwrap_or(f64::from(chosen.rate_dhz) * 0.1 * self.rate_ratio);
        let chance = self.chance.branch(100 + u64::from(self.sessions));
        self.run = Some(Run {
            sensor: Sensor::new(self.errors, chance, chosen.grid(), rate_hz),
            samples: chosen.samples,
            // The sensor needs a moment to wake.
            start_us: now_us as f64 + 20_000.0,
            period_us: 1e6 / rate_hz,
            tick: 0,
            seq: 0,
            overrun: false,
            felt_s: now_us as f64 * 1e-6,
            over: false,
            calm: 0,
            calm_sum: [0; 3],
            calm_from: [0; 3],
            calm_limit: (STILL_SHARE * f64::from(i16::MAX)) as i32,
        });
    }

    /// When the next frame is complete, true µs; `None` when nothing is being sent.
    pub(super) fn next_frame_due(&self) -> Option<i64> {
        let heard = self.connected && self.is_subscribed(MOTION_DATA);
        heard.then(|| self.next_frame_complete())?
    }

    /// The same, whether it is sent or not.
    pub(super) fn next_frame_complete(&self) -> Option<i64> {
        let run = self.run.as_ref().filter(|run| !run.over)?;
        let last_tick = run.tick + u64::from(run.samples) - 1;
        Some((run.start_us + last_tick as f64 * run.period_us + PACKING_US).ceil() as i64)
    }

    /// Reads ticks that passed while no link was up: they are lost, the index goes on.
    pub(super) fn skip_ticks(&mut self, now_us: i64) {
        if self.ring.is_some() {
            return self.keep_up(now_us);
        }
        let Some(run) = &mut self.run else { return };
        let passed = ((now_us as f64 - run.start_us) / run.period_us).floor();
        if passed >= run.tick as f64 {
            let tick = passed as u64 + 1;
            let frames = (tick - run.tick).div_ceil(u64::from(run.samples));
            run.seq = run.seq.wrapping_add(frames as u8);
            run.tick = tick;
            run.calm = 0;
        }
    }

    /// The frames of the next group of ticks, encoded: one, several where ticks without a sample lie between, or none
    /// where there was nothing but such ticks.
    pub(super) fn next_frames(&mut self) -> Vec<Vec<u8>> {
        let mut encoded = Vec::new();
        let Some(run) = &mut self.run else { return encoded };
        let dropped = self.overrun_share > 0.0 && self.chance.happens(self.overrun_share);
        let (clock_ahead_us, clock_ppm) = (self.clock_ahead_us as f64, self.clock_ppm);
        let mut frame: Option<MotionFrame> = None;
        let block = (run.tick / u64::from(run.samples)) as u32;
        let mut finish = |frame: Option<MotionFrame>, seq: &mut u8| {
            let Some(mut frame) = frame else { return };
            frame.seq = *seq;
            *seq = seq.wrapping_add(1);
            let mut bytes = Vec::new();
            frame.encode(&mut bytes);
            encoded.push(bytes);
        };
        for _ in 0..run.samples {
            let at_us = run.start_us + run.tick as f64 * run.period_us;
            let Some(sample) = self.motion.sample(at_us * 1e-6) else {
                run.over = true;
                break;
            };
            run.felt_s = at_us * 1e-6;
            let (tick, reading) = (run.tick, run.sensor.read(&sample));
            run.tick += 1;
            let Some(mut reading) = reading.filter(|_| !dropped) else {
                run.overrun = true;
                run.calm = 0;
                finish(frame.take(), &mut run.seq);
                continue;
            };
            for (count, zero) in reading.counts[3..].iter_mut().zip(self.gyr_zero) {
                *count = count.saturating_sub(zero);
            }
            let [.., x, y, z] = reading.counts;
            run.watch([x, y, z]);
            let open = frame.get_or_insert_with(|| {
                let own_us = (clock_ahead_us + at_us * (1.0 + clock_ppm * 1e-6)).round().max(0.0) as u64;
                let mut flags = BlockFlags::default();
                for (set, flag) in [(run.overrun, BlockFlags::OVERRUN), (self.time_set, BlockFlags::TIME_SYNCED)] {
                    flags = if set { flags.with(flag) } else { flags };
                }
                run.overrun = false;
                // Both counters wrap at 2³², as the profile says.
                MotionFrame {
                    stream: 0,
                    flags,
                    seq: 0,
                    first_index: tick as u32,
                    device_us: own_us as u32,
                    counts: Counts::new(),
                }
            });
            for (set, flag) in
                [(reading.acc_clipped, BlockFlags::ACC_CLIP), (reading.gyr_clipped, BlockFlags::GYR_CLIP)]
            {
                open.flags = if set { open.flags.with(flag) } else { open.flags };
            }
            open.counts.push(reading.counts);
        }
        finish(frame, &mut run.seq);
        if let Some(ring) = &mut self.ring {
            ring.keep(block, &encoded, run.period_us * f64::from(run.samples));
        }
        encoded
    }
}

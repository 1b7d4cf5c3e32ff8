//! A Polar Verity Sense: a control point of settings and starts, and frames of differences.

use super::{Make, Ticks};
use crate::device::{Device, News, Refused};
use crate::leg::Act;
use crate::motion::Motion;
use std::collections::BTreeSet;
use talus_cuff::transport::Advert;
use uuid::{Uuid, uuid};

const CONTROL: Uuid = uuid!("fb005c81-02e7-f387-1cad-8acd2d8df0c8");
const DATA: Uuid = uuid!("fb005c82-02e7-f387-1cad-8acd2d8df0c8");
const HEART: Uuid = uuid!("0000180d-0000-1000-8000-00805f9b34fb");
const BATTERY: Uuid = uuid!("00002a19-0000-1000-8000-00805f9b34fb");

const ACC: u8 = 2;
const GYR: u8 = 5;
/// The rate, ranges and factors it states.
const RATE_HZ: f64 = 52.0;
/// Values of its accelerometer are in mg.
const ACC_FACTOR: f32 = 1.0;
/// Values of its gyroscope times this are °/s.
const GYR_FACTOR: f32 = 0.0625;
/// ATT errors: the answers are not subscribed to; a length that cannot be.
const CCCD: u8 = 0xFD;
const LENGTH: u8 = 0x0D;
/// From the last sample of a frame to the radio, µs.
const PACKING_US: f64 = 3000.0;
/// Samples of one block of differences.
const BLOCK: usize = 8;

/// One of the two sensors: what it has measured and not sent, and when the last was.
#[derive(Debug, Default)]
struct Half {
    running: bool,
    waiting: Vec<[i16; 3]>,
}

/// The sensor.
#[derive(Debug)]
pub(super) struct Verity {
    make: Make,
    ticks: Ticks,
    halves: [Half; 2],
    connected: bool,
    subscribed: BTreeSet<Uuid>,
    mtu: u16,
}

impl Verity {
    pub(super) fn new(motion: Box<dyn Motion + Send>, make: Make, mtu: u16) -> Self {
        Self {
            make,
            ticks: Ticks { motion, start_us: 0.0, period_us: 1e6 / (RATE_HZ * make.rate_ratio), next: 0 },
            halves: [Half::default(), Half::default()],
            connected: false,
            subscribed: BTreeSet::new(),
            mtu: mtu.clamp(23, 517),
        }
    }

    /// Samples of one frame: differences of up to sixteen bits must fit in whatever they come to.
    fn batch(&self) -> usize {
        (usize::from(self.mtu).saturating_sub(3 + 10 + 6 + 2 * BLOCK) / 6).clamp(1, 36)
    }

    fn half(&mut self, kind: u8) -> &mut Half {
        &mut self.halves[usize::from(kind == GYR)]
    }

    /// The device's clock, nanoseconds since 2000.
    fn clock_ns(&self, at_us: f64) -> u64 {
        let own_us = self.make.ahead_us as f64 + at_us * (1.0 + self.make.ppm * 1e-6);
        (own_us * 1e3).round() as u64
    }

    fn answer(&mut self, now_us: i64, bytes: &[u8]) -> Vec<u8> {
        let settings: &[u8] = match bytes.get(1) {
            Some(&ACC) => &[0, 1, 52, 0, 1, 1, 16, 0, 2, 1, 8, 0, 4, 1, 3],
            _ => &[0, 1, 52, 0, 1, 1, 16, 0, 2, 4, 0xF5, 0, 0xF4, 1, 0xE8, 3, 0xD0, 7, 4, 1, 3],
        };
        let head = |status: u8| vec![0xF0, bytes[0], bytes.get(1).copied().unwrap_or(0), status];
        match *bytes {
            [1, ACC | GYR] => [&head(0)[..], &[0], settings].concat(),
            [2, kind @ (ACC | GYR), ref chosen @ ..] => {
                // Rate, resolution, range and channels as they were offered.
                let range: [u8; 2] = if kind == ACC { [8, 0] } else { [0xD0, 7] };
                let expected = [&[0, 1, 52, 0, 1, 1, 16, 0, 2, 1][..], &range, &[4, 1, 3]].concat();
                if *chosen != expected[..] {
                    return head(5);
                }
                if self.mtu < 64 {
                    return head(10);
                }
                if self.half(kind).running {
                    return head(6);
                }
                if self.halves.iter().any(|half| half.running) {
                    self.measure_until(now_us);
                } else {
                    (self.ticks.start_us, self.ticks.next) = (now_us as f64, 1);
                }
                *self.half(kind) = Half { running: true, waiting: Vec::new() };
                let factor = if kind == ACC { ACC_FACTOR } else { GYR_FACTOR };
                [&head(0)[..], &[0, 5, 1], &factor.to_le_bytes()].concat()
            }
            [3, kind @ (ACC | GYR)] => {
                let was = std::mem::take(self.half(kind)).running;
                head(if was { 0 } else { 6 })
            }
            [_, ACC | GYR, ..] => head(1),
            _ => head(2),
        }
    }

    fn measure_until(&mut self, now_us: i64) {
        while self.ticks.at_us(self.ticks.next) <= now_us as f64 && self.measure() {}
    }

    fn measure(&mut self) -> bool {
        let Some((_, acc_g, gyr_dps)) = self.ticks.read() else {
            self.halves = [Half::default(), Half::default()];
            return false;
        };
        let [acc, gyr] = &mut self.halves;
        if acc.running {
            acc.waiting.push(acc_g.map(|g| (g * 1000.0 / f64::from(ACC_FACTOR)).round() as i16));
        }
        if gyr.running {
            gyr.waiting.push(gyr_dps.map(|dps| (dps / f64::from(GYR_FACTOR)).round() as i16));
        }
        true
    }
}

/// Bits a difference needs, sign included.
fn bits(difference: i32) -> usize {
    let folded = if difference < 0 { !difference } else { difference };
    33 - folded.leading_zeros() as usize
}

/// A first sample, and blocks of differences in as many bits as the largest of a block needs, from the lowest bit on.
fn coded(samples: &[[i16; 3]]) -> Vec<u8> {
    let mut out: Vec<u8> = samples[0].iter().flat_map(|value| value.to_le_bytes()).collect();
    for from in (1..samples.len()).step_by(BLOCK) {
        let to = (from + BLOCK).min(samples.len());
        let differences: Vec<i32> = (from..to)
            .flat_map(|i| (0..3).map(move |axis| i32::from(samples[i][axis]) - i32::from(samples[i - 1][axis])))
            .collect();
        let width = differences.iter().copied().map(bits).max().unwrap_or(1);
        out.extend([width as u8, (to - from) as u8]);
        let (mut held, mut count) = (0u64, 0);
        for difference in differences {
            held |= u64::from(difference.cast_unsigned()) << (64 - width) >> (64 - width) << count;
            count += width;
            while count >= 8 {
                out.push(held as u8);
                held >>= 8;
                count -= 8;
            }
        }
        if count > 0 {
            out.push(held as u8);
        }
    }
    out
}

impl Device for Verity {
    fn advertise(&self, _: i64, advert: &mut Advert) {
        advert.name = "Polar Sense A1B2C3D4".into();
        advert.services = vec![HEART];
        advert.manufacturer_data = vec![(0x006B, vec![0x72, 0x08])];
    }

    fn number(&self) -> [u8; 2] {
        [0xC3, 0xD4]
    }

    fn characteristics(&self) -> Vec<Uuid> {
        vec![CONTROL, DATA, BATTERY]
    }

    fn connect(&mut self, _: i64) -> u16 {
        self.connected = true;
        self.mtu
    }

    fn disconnect(&mut self, _: i64) {
        // It goes on measuring; what nobody hears is lost.
        self.connected = false;
        self.subscribed.clear();
    }

    fn read(&self, now_us: i64, characteristic: Uuid) -> Result<Vec<u8>, Refused> {
        match characteristic {
            CONTROL => Ok(vec![0x0F, 1 << ACC | 1 << GYR, 0]),
            BATTERY => Ok(vec![self.battery(now_us)]),
            _ => Err(Refused::Missing),
        }
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), Refused> {
        if !self.characteristics().contains(&characteristic) {
            return Err(Refused::Missing);
        }
        self.subscribed.insert(characteristic);
        Ok(())
    }

    fn write(&mut self, now_us: i64, characteristic: Uuid, bytes: &[u8]) -> Result<Vec<News>, Refused> {
        match characteristic {
            CONTROL if !self.subscribed.contains(&CONTROL) || !self.subscribed.contains(&DATA) => {
                Err(Refused::Att(CCCD))
            }
            CONTROL if bytes.is_empty() => Err(Refused::Att(LENGTH)),
            CONTROL => Ok(vec![(CONTROL, self.answer(now_us, bytes))]),
            _ => Err(Refused::Missing),
        }
    }

    fn frame_due(&self) -> Option<i64> {
        let running = self.halves.iter().filter(|half| half.running);
        let waiting = running.map(|half| half.waiting.len()).max()?;
        let last = self.ticks.next + self.batch().saturating_sub(waiting).max(1) as u64 - 1;
        let heard = self.connected && self.subscribed.contains(&DATA);
        heard.then(|| (self.ticks.at_us(last) + PACKING_US).ceil() as i64)
    }

    fn frames(&mut self) -> Vec<News> {
        let batch = self.batch();
        let mut out = Vec::new();
        // Stopped since this was planned.
        if !self.halves.iter().any(|half| half.running) {
            return out;
        }
        while out.is_empty() && self.measure() {
            let last_ns = self.clock_ns(self.ticks.at_us(self.ticks.next - 1));
            for (kind, half) in [ACC, GYR].into_iter().zip(&mut self.halves) {
                if half.waiting.len() >= batch {
                    // Acceleration in form 1, angular rate in form 0, both of differences.
                    let form = if kind == ACC { 0x81 } else { 0x80 };
                    let samples = std::mem::take(&mut half.waiting);
                    let bytes = [&[kind][..], &last_ns.to_le_bytes(), &[form], &coded(&samples)].concat();
                    out.push((DATA, bytes));
                }
            }
        }
        out
    }

    fn skip_to(&mut self, now_us: i64) {
        self.ticks.skip_to(now_us);
        for half in &mut self.halves {
            half.waiting.clear();
        }
    }

    fn battery(&self, _: i64) -> u8 {
        77
    }

    fn act(&mut self, now_us: i64, act: Act) -> bool {
        self.ticks.motion.act(now_us as f64 * 1e-6, act)
    }

    fn idle(&self, now_us: i64) -> bool {
        self.ticks.motion.idle(now_us as f64 * 1e-6)
    }

    fn reboot(&mut self, now_us: i64) {
        self.disconnect(now_us);
        self.halves = [Half::default(), Half::default()];
        // Its clock is not kept: it begins in 2019, as from the factory.
        self.make.ahead_us = 599_616_000_000_000;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_coded_as_in_the_worked_bytes() {
        // One block of one sample in three bits: −1, 3, 3.
        let bytes = coded(&[[-22, 8, 13], [-23, 11, 16]]);
        assert_eq!(bytes, [0xEA, 0xFF, 0x08, 0x00, 0x0D, 0x00, 0x03, 0x01, 0xDF, 0x00]);
        assert_eq!([0, 1, -1, 3, -4, 511, -512].map(bits), [1, 2, 1, 3, 3, 10, 10]);
    }
}

//! Polar sensors over their measurement data service (PMD): Verity Sense with both sensors, H10, OH1 and 360 with
//! acceleration alone.
//!
//! Facts: polar-ble-sdk `technical_documentation/online_measurement.pdf`, `gatt/client/pmd/*.kt` and its tests. A frame
//! is stamped with the moment of its *last* sample, frames hold as many samples as fit a packet (which comes 0.2 to 1 s
//! late), and acceleration and angular rate come each by themselves: angular rate is interpolated to the moments of
//! acceleration. A sensor without a gyroscope is shown as one whose angular rate is out of range throughout: it moves on
//! the screen, and nothing is measured by it.

mod control;
mod frame;

pub use control::{Answer, SettingId, Settings, Status, ask_settings, start, stop};
pub use frame::{Frame, FrameKind};

use super::grid::Grid;
use super::pairing::ByTime;
use super::script::Script;
use super::{Family, Op, Packet, Peer, StreamSetup, Talk, TalkError, Told, standard};
use crate::link::{CuffCard, Wish};
use crate::transport::{Advert, Refusal};
use talus_motion::{BlockFlags, Counts, GRAVITY_MPS2, Timing};
use uuid::Uuid;

/// A UUID of the service: `FB005CXX-02E7-F387-1CAD-8ACD2D8DF0C8`.
const fn uuid(short: u8) -> Uuid {
    Uuid::from_u128(0xFB00_5C00_02E7_F387_1CAD_8ACD_2D8D_F0C8 | ((short as u128) << 96))
}

/// The measurement data service.
pub const SERVICE: Uuid = uuid(0x80);
/// Control point (read features, write commands, indicate answers).
pub const CONTROL: Uuid = uuid(0x81);
/// Data (notify): [`Frame`].
pub const DATA: Uuid = uuid(0x82);

/// Company of Polar in manufacturer data.
const COMPANY: u16 = 0x006B;
/// A frame is late by less than this, nanoseconds; one that is earlier still is of a clock that was set.
const LATE_NS: u64 = 10_000_000_000;
/// What is asked for where a sensor names no range.
const DEFAULT_ACC_G: u16 = 8;
const DEFAULT_GYR_DPS: u16 = 2000;

/// Whether an advertisement is from this family. Polar's watches carry its company's number too.
pub(super) fn matches(advert: &Advert) -> bool {
    let named = ["Polar Sense", "Polar H10", "Polar OH1", "Polar 360"].iter().any(|name| advert.name.starts_with(name));
    let company = advert.manufacturer_data.iter().any(|(company, _)| *company == COMPANY);
    let heart = advert.services.contains(&standard::HEART_RATE_SERVICE);
    advert.services.contains(&SERVICE) || named && (company || heart)
}

/// A kind of measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measurement {
    /// Acceleration (2).
    Acc,
    /// Angular rate (5).
    Gyr,
}

impl Measurement {
    /// Its number in commands and frames, which is also its bit among the features.
    pub fn number(self) -> u8 {
        match self {
            Self::Acc => 2,
            Self::Gyr => 5,
        }
    }
}

/// The family's own steps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Prepare,
    Features,
    /// What still runs from before is stopped; whatever the answer.
    Stop(Measurement),
    Settings(Measurement),
    Start(Measurement),
}

/// A measurement as it was offered and chosen.
#[derive(Debug, Default)]
struct Lane {
    offered: Vec<u8>,
    chosen: Option<Settings>,
    /// What every value is to be multiplied by, once it was started.
    factor: Option<f32>,
    /// Number of the last frame's form and its stamp, nanoseconds.
    last: Option<(u8, u64)>,
    /// The period as two frames in a row have shown it, microseconds.
    period_us: Option<f64>,
}

/// The conversation.
#[derive(Debug)]
pub struct PolarTalk {
    wish: Wish,
    serial: String,
    script: Script<Step>,
    lanes: [Lane; 2],
    with_gyr: bool,
    grid: Grid,
    rate_hz: f64,
    pairs: ByTime,
    /// The stamp all times are counted from, so that they stay exact as floating-point numbers.
    origin_ns: Option<u64>,
}

impl PolarTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        Self {
            wish,
            serial: String::new(),
            script: Script::empty(),
            lanes: [Lane::default(), Lane::default()],
            with_gyr: false,
            grid: Grid::over(f64::from(DEFAULT_ACC_G), f64::from(DEFAULT_GYR_DPS)),
            rate_hz: 52.0,
            pairs: ByTime::new(1e6 / 52.0),
            origin_ns: None,
        }
    }

    fn command(bytes: Vec<u8>) -> Op {
        Op::Write { characteristic: CONTROL, bytes, with_response: true, answer_on: Some(CONTROL) }
    }

    fn lane(&mut self, measurement: Measurement) -> &mut Lane {
        &mut self.lanes[usize::from(measurement == Measurement::Gyr)]
    }

    /// The features are read: what it can measure decides the rest of the conversation.
    fn featured(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        let features = control::features(bytes)?;
        let has = |measurement: Measurement| features & 1 << measurement.number() != 0;
        if !has(Measurement::Acc) {
            return Err(TalkError::Firmware);
        }
        self.with_gyr = has(Measurement::Gyr);
        let measured = [Measurement::Acc, Measurement::Gyr];
        let measured = || measured.into_iter().filter(|one| *one == Measurement::Acc || features & 1 << 5 != 0);
        for one in measured() {
            self.script.then(Step::Stop(one), Self::command(stop(one)));
        }
        for one in measured() {
            self.script.then(Step::Settings(one), Self::command(ask_settings(one)));
        }
        Ok(())
    }

    /// All that is offered is known: choose, and put the starts behind.
    fn choose(&mut self) -> Result<(), TalkError> {
        let (rate_hz, acc_g, gyr_dps) = (self.wish.rate_hz, u16::from(self.wish.acc_g), self.wish.gyr_dps);
        let acc = Settings::choose(&self.lanes[0].offered, rate_hz, acc_g)?;
        self.rate_hz = f64::from(acc.get(SettingId::Rate).ok_or(TalkError::Firmware)?);
        let range = |settings: &Settings, or| f64::from(settings.get(SettingId::Range).unwrap_or(or));
        let acc_range = range(&acc, DEFAULT_ACC_G);
        let mut gyr_range = f64::from(DEFAULT_GYR_DPS);
        self.script.then(Step::Start(Measurement::Acc), Self::command(start(Measurement::Acc, &acc)));
        self.lanes[0].chosen = Some(acc);
        if self.with_gyr {
            let gyr = Settings::choose(&self.lanes[1].offered, self.rate_hz, gyr_dps)?;
            gyr_range = range(&gyr, DEFAULT_GYR_DPS);
            self.script.then(Step::Start(Measurement::Gyr), Self::command(start(Measurement::Gyr, &gyr)));
            self.lanes[1].chosen = Some(gyr);
        }
        if acc_range <= 0.0 || gyr_range <= 0.0 || self.rate_hz < 1.0 {
            return Err(TalkError::Firmware);
        }
        self.grid = Grid::over(acc_range, gyr_range);
        self.pairs = ByTime::new(1e6 / self.rate_hz);
        Ok(())
    }

    fn answered(&mut self, answer: &Answer<'_>, told: &mut Vec<Told>) -> Result<(), TalkError> {
        let stopped = answer.op == control::STOP;
        match self.script.step() {
            Some(Step::Stop(one)) if stopped && answer.measurement == one.number() => {}
            // Stopping before the link is closed is no step of the script.
            None if stopped => {}
            Some(Step::Settings(one)) if answer.is(control::ASK_SETTINGS, one) => {
                answer.status.check()?;
                let offered = &mut self.lane(one).offered;
                offered.extend(answer.params);
                if offered.len() > control::SETTINGS_MAX {
                    return Err(TalkError::Refused);
                }
                if answer.more {
                    return Ok(());
                }
                let last = if self.with_gyr { Measurement::Gyr } else { Measurement::Acc };
                if one == last {
                    self.choose()?;
                }
            }
            Some(Step::Start(one)) if answer.is(control::START, one) => {
                answer.status.check()?;
                self.lane(one).factor = Some(control::factor(answer.params)?);
            }
            _ => return Ok(()),
        }
        told.push(Told::Answered);
        Ok(())
    }

    /// Takes a frame of either measurement.
    fn data(&mut self, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        let frame = Frame::decode(bytes)?;
        let nominal_us = 1e6 / self.rate_hz;
        let origin_ns = *self.origin_ns.get_or_insert(frame.last_ns);
        let lane = self.lane(frame.measurement);
        // What still runs from before was started with nobody knows which settings.
        let Some(factor) = lane.factor else { return Ok(()) };
        let count = frame.count()?;
        // Twice, or too late: what came after it is handed on already. A clock that was set goes further back.
        let back_ns = lane.last.map_or(0, |(_, ns)| ns.wrapping_sub(frame.last_ns));
        if lane.last.is_some_and(|(_, ns)| frame.last_ns <= ns) && back_ns < LATE_NS {
            return Err(super::DecodeError::Range { what: "data frame", field: "stamp" }.into());
        }
        // From the frame before, where none is missing in between. The first frame of all only begins the measurement:
        // sensors miss their nominal rate by per cents, and its first sample would lie some ten milliseconds off.
        let before = lane.last.replace((frame.form, frame.last_ns)).filter(|(form, _)| *form == frame.form);
        let measured_us = before.map(|(_, ns)| frame.last_ns.wrapping_sub(ns) as f64 * 1e-3 / count as f64);
        let measured_us = measured_us.filter(|us| (us / nominal_us - 1.0).abs() < 0.2);
        lane.period_us = measured_us.or(lane.period_us);
        let Some(period_us) = lane.period_us else { return Ok(()) };
        let last_us = frame.last_ns.wrapping_sub(origin_ns).cast_signed() as f64 * 1e-3;
        let first_us = last_us - (count.saturating_sub(1)) as f64 * period_us;
        let (with_gyr, mut packing) = (self.with_gyr, Packing::new(self.grid, period_us, nominal_us, origin_ns));
        let mut at_us = first_us;
        let pairs = &mut self.pairs;
        let mut failed = None;
        frame.samples(factor, |sample| {
            match frame.measurement {
                Measurement::Gyr => pairs.gyr((at_us, sample)),
                Measurement::Acc if with_gyr => pairs.acc((at_us, sample)),
                Measurement::Acc => failed = failed.or(packing.push(at_us, sample, None, told).err()),
            }
            at_us += period_us;
        })?;
        while let Some((at_us, acc, gyr)) = pairs.next() {
            failed = failed.or(packing.push(at_us, acc, Some(gyr), told).err());
        }
        packing.finish(told);
        failed.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// Makes packets of samples that follow each other.
struct Packing {
    grid: Grid,
    period_us: f64,
    nominal_us: f64,
    origin_ns: u64,
    first_us: f64,
    next_us: f64,
    flags: BlockFlags,
    counts: Counts,
}

impl Packing {
    fn new(grid: Grid, period_us: f64, nominal_us: f64, origin_ns: u64) -> Self {
        let (flags, counts) = (BlockFlags::default(), Counts::new());
        Self { grid, period_us, nominal_us, origin_ns, first_us: 0.0, next_us: 0.0, flags, counts }
    }

    /// Takes a sample: acceleration in mg, angular rate in °/s where there is a gyroscope.
    fn push(
        &mut self,
        at_us: f64,
        acc_mg: [f32; 3],
        gyr_dps: Option<[f32; 3]>,
        told: &mut Vec<Told>,
    ) -> Result<(), super::DecodeError> {
        let ([ax, ay, az], acc_flags) = self.grid.acc(acc_mg.map(|mg| mg * (GRAVITY_MPS2 * 1e-3) as f32))?;
        let ([gx, gy, gz], gyr_flags) = match gyr_dps {
            Some(dps) => self.grid.gyr(dps)?,
            None => ([0; 3], BlockFlags::GYR_CLIP),
        };
        let apart = !self.counts.is_empty() && (at_us - self.next_us).abs() > 0.5 * self.nominal_us;
        if apart || self.counts.is_full() {
            self.finish(told);
        }
        if self.counts.is_empty() {
            self.first_us = at_us;
        }
        self.counts.push([ax, ay, az, gx, gy, gz]);
        self.flags = BlockFlags(self.flags.0 | acc_flags.0 | gyr_flags.0);
        self.next_us = at_us + self.period_us;
        Ok(())
    }

    fn finish(&mut self, told: &mut Vec<Told>) {
        if self.counts.is_empty() {
            return;
        }
        let own_us = (self.origin_ns / 1000).wrapping_add_signed(self.first_us.round() as i64);
        told.push(Told::Samples(Packet {
            stream: 0,
            first_index: None,
            device_us: Some(own_us as u32),
            period_us: Some(self.period_us),
            number: None,
            flags: std::mem::take(&mut self.flags),
            counts: std::mem::take(&mut self.counts),
        }));
    }
}

impl Talk for PolarTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        let mut fresh = Self::new(self.wish);
        // Its number is the last word of its name: eight digits and letters. The name is not always seen.
        let word = peer.name.rsplit(' ').next().unwrap_or_default();
        let number = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        fresh.serial = if number { word.to_ascii_lowercase() } else { standard::number_of(peer.id) };
        fresh.script = Script::begin(peer);
        // Both before the first command.
        fresh.script.then(Step::Prepare, Op::Subscribe(CONTROL));
        fresh.script.then(Step::Prepare, Op::Subscribe(DATA));
        fresh.script.then(Step::Features, Op::Read(CONTROL));
        *self = fresh;
    }

    fn next(&self) -> Option<Op> {
        self.script.next()
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        if self.script.done(bytes) == Some(Step::Features) {
            self.featured(bytes)?;
        }
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        self.script.refused(refusal)
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        match characteristic {
            CONTROL => match Answer::decode(bytes)? {
                Some(answer) => self.answered(&answer, told),
                None => Ok(()), // it stopped measuring on its own account: the link sees that nothing comes
            },
            DATA => self.data(bytes, told),
            standard::BATTERY_LEVEL => {
                told.push(Told::Battery(standard::battery(bytes)?));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn card(&self) -> Option<CuffCard> {
        self.script.card(Family::Polar, &self.serial)
    }

    fn battery_percent(&self) -> Option<u8> {
        self.script.facts.battery_percent
    }

    fn setup(&self) -> Option<StreamSetup> {
        (self.script.over() && self.lanes[0].chosen.is_some()).then(|| self.grid.setup(self.rate_hz, Timing::Device))
    }

    fn stop(&self) -> Vec<Op> {
        // An H10 that is not stopped stays on. What was not started answers that, and is none the worse for it.
        let started = |one: usize| self.lanes[one].chosen.is_some();
        let measured = [Measurement::Acc, Measurement::Gyr];
        let running = measured.into_iter().enumerate().filter(|(index, _)| started(*index));
        running.map(|(_, one)| Self::command(stop(one))).collect()
    }

    fn identify(&self) -> Vec<Op> {
        Vec::new()
    }

    fn quiet_us(&self) -> i64 {
        // It fills its packets: up to two seconds of small differences each, and the first one only begins the measurement.
        5_000_000
    }
}

#[cfg(test)]
mod tests;

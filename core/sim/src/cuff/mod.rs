//! [`VirtualCuff`]: a cuff of the Cuff Motion Profile, byte for byte, without a radio.
//!
//! It knows true time only as a number handed in; its own clock has an offset and a drift. The transport asks it
//! what it advertises, reads, writes and subscribes for the app, and collects its frames when they are due.

mod control;
mod ring;
mod stream;

use crate::chance::Chance;
use crate::device::{Device, News, Refused};
use crate::leg::{Act, Leg, Truth};
use crate::motion::Motion;
use crate::recorded::Recorded;
use crate::sensor::SensorErrors;
use ring::Ring;
use std::collections::BTreeSet;
use stream::{Chosen, Run};
use talus_cuff::driver::cmp::{
    BATTERY_LEVEL, Beacon, CONTROL_POINT, CUFF_INFO, CuffInfo, EVENTS, FIRMWARE_REVISION, Features, HARDWARE_REVISION,
    LOG_DATA, LinkPreference, MOTION_DATA, Mounting, Placement, SERVICE, STATUS, STREAMS, Status, StreamKind,
    StreamOffer, SyncReply, SyncRequest, TIME_SYNC, encode_streams,
};
use talus_cuff::transport::Advert;
use talus_motion::Side;
use uuid::Uuid;

/// ATT errors a cuff answers with (Bluetooth Core, Vol 3 Part F 3.4.1.1, and the common profile codes).
mod att {
    pub(super) const READ_NOT_PERMITTED: u8 = 0x02;
    pub(super) const WRITE_NOT_PERMITTED: u8 = 0x03;
    pub(super) const INVALID_LENGTH: u8 = 0x0D;
    pub(super) const CCCD_NOT_ENABLED: u8 = 0xFD;
    pub(super) const PROCEDURE_IN_PROGRESS: u8 = 0xFE;
}

/// Manufacturer Name, Model Number and Serial Number strings of the Device Information Service.
const MANUFACTURER_NAME: Uuid = Uuid::from_u128(0x0000_2A29_0000_1000_8000_0080_5F9B_34FB);
const MODEL_NUMBER: Uuid = Uuid::from_u128(0x0000_2A24_0000_1000_8000_0080_5F9B_34FB);
const SERIAL_NUMBER: Uuid = Uuid::from_u128(0x0000_2A25_0000_1000_8000_0080_5F9B_34FB);

/// Seconds without a link after which a cuff that does not log stops its sensor (a duty of the profile).
const ORPHAN_S: i64 = 5;
/// Samples one frame can hold at most in this cuff's memory.
const FRAME_MAX: u8 = 41;
/// The same in a cuff that keeps them: the length of a kept frame is one byte.
const KEPT_FRAME_MAX: u8 = 20;

/// A virtual cuff.
pub struct VirtualCuff {
    info: CuffInfo,
    name: String,
    firmware: String,
    mtu_max: u16,
    motion: Box<dyn Motion + Send>,
    errors: SensorErrors,
    chance: Chance,
    /// Microseconds its clock is ahead of true time at true time zero.
    clock_ahead_us: i64,
    clock_ppm: f64,
    /// True sample rate over the stated one.
    rate_ratio: f64,
    battery_percent: f64,
    battery_per_hour: f64,
    overrun_share: f64,
    mtu: u16,
    connected: bool,
    subscribed: BTreeSet<Uuid>,
    answering: bool,
    preference: LinkPreference,
    time_set: bool,
    chosen: Option<Chosen>,
    run: Option<Run>,
    sessions: u32,
    lost_at_us: Option<i64>,
    identifying: Option<(u8, i64)>,
    gyr_zero: [i16; 3],
    /// What it keeps of its running session, if it does.
    ring: Option<Ring>,
}

impl std::fmt::Debug for VirtualCuff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("VirtualCuff").field("name", &self.name).field("run", &self.run).finish_non_exhaustive()
    }
}

impl VirtualCuff {
    /// A cuff of 1.5 kg on a leg, with the errors and the clock of a part drawn by the seed: drift within ±30 ppm,
    /// true rate within ±1 % of the stated one, a clock that was started up to 60 minutes ago.
    pub fn worn_by(leg: Leg, seed: u64) -> Self {
        let side = leg.side();
        let mut cuff = Self::around(Box::new(leg), Some(side), seed);
        let mut drawn = cuff.chance.branch(1);
        cuff.errors = SensorErrors::drawn(&mut drawn);
        cuff.clock_ppm = drawn.between(-30.0, 30.0);
        cuff.rate_ratio = 1.0 + drawn.between(-0.01, 0.01);
        cuff.clock_ahead_us = (drawn.bits() % 3_600_000_000).cast_signed();
        cuff
    }

    /// A cuff that plays a recording: no errors of its own, a true clock, the file's rate.
    pub fn playing(recorded: Recorded, side: Option<Side>, seed: u64) -> Self {
        Self::around(Box::new(recorded), side, seed)
    }

    /// A perfect cuff around any motion.
    pub fn around(motion: Box<dyn Motion + Send>, side: Option<Side>, seed: u64) -> Self {
        let mut chance = Chance::new(seed).branch(if side == Some(Side::Right) { 22 } else { 21 });
        let device_id = (chance.bits() >> 32) as u32;
        let mounting = Mounting {
            side,
            placement: Placement::LateralAnkle,
            mass_g: Some(1500),
            insert_g: 250,
            inserts: 4,
            axis_map: 0xFF,
        };
        let features = Features(Features::IMU6.0 | Features::HAPTIC.0 | Features::LED.0 | Features::TIME_SYNC.0);
        Self {
            info: CuffInfo { version: (1, 0), mounting, hardware: 0x0102, device_id, features },
            name: format!("CUF-{:04X}", device_id & 0xFFFF),
            firmware: "1.4.2-sim".into(),
            mtu_max: 247,
            motion,
            errors: SensorErrors::NONE,
            chance,
            clock_ahead_us: 0,
            clock_ppm: 0.0,
            rate_ratio: 1.0,
            battery_percent: 87.4,
            // Streaming for about 20 hours on a charge.
            battery_per_hour: 5.0,
            overrun_share: 0.0,
            mtu: 23,
            connected: false,
            subscribed: BTreeSet::new(),
            answering: false,
            preference: LinkPreference::Balanced,
            time_set: false,
            chosen: None,
            run: None,
            sessions: 0,
            lost_at_us: None,
            identifying: None,
            gyr_zero: [0; 3],
            ring: None,
        }
    }

    /// The same cuff with another load on the leg, grams; `None`: it does not say.
    #[must_use]
    pub fn with_mass_g(mut self, mass_g: Option<u16>) -> Self {
        self.info.mounting.mass_g = mass_g;
        self
    }

    /// The same cuff with this number on its label.
    #[must_use]
    pub fn with_device_id(mut self, device_id: u32) -> Self {
        self.info.device_id = device_id;
        self.name = format!("CUF-{:04X}", device_id & 0xFFFF);
        self
    }

    /// The same cuff with these sensor errors.
    #[must_use]
    pub fn with_errors(mut self, errors: SensorErrors) -> Self {
        self.errors = errors;
        self
    }

    /// The same cuff with a clock `ahead_us` of true time at true time zero, running `ppm` millionths too fast, and
    /// a sensor whose true rate is `rate_ratio` (0.9 to 1.1) times the stated one.
    #[must_use]
    pub fn with_clock(mut self, ahead_us: u64, ppm: f64, rate_ratio: f64) -> Self {
        (self.clock_ahead_us, self.clock_ppm) = (i64::try_from(ahead_us).unwrap_or(i64::MAX), ppm);
        self.rate_ratio = rate_ratio.clamp(0.9, 1.1);
        self
    }

    /// The same cuff with this battery level (0 to 100 %) at true time zero, losing so many per cent an hour.
    #[must_use]
    pub fn with_battery(mut self, percent: f64, per_hour: f64) -> Self {
        (self.battery_percent, self.battery_per_hour) = (percent.clamp(0.0, 100.0), per_hour.max(0.0));
        self
    }

    /// The same cuff with a radio that takes no packets larger than this (23 to 517).
    #[must_use]
    pub fn with_mtu(mut self, mtu: u16) -> Self {
        self.mtu_max = mtu.clamp(23, 517);
        self
    }

    /// The same cuff with firmware that drops this share (0 to 1) of its frames and says so.
    #[must_use]
    pub fn with_overruns(mut self, share: f64) -> Self {
        self.overrun_share = share.clamp(0.0, 1.0);
        self
    }

    /// The same cuff with a memory for the last minute of its session: it goes on measuring as long while a link is lost, and
    /// gives out what was missed.
    #[must_use]
    pub fn with_ring(mut self) -> Self {
        self.ring = Some(Ring::default());
        self.info.features = Features(self.info.features.0 | Features::LOG.0);
        self
    }

    /// The number on its label.
    pub fn device_id(&self) -> u32 {
        self.info.device_id
    }

    /// Its name in the air.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The side it says it is for.
    pub fn side(&self) -> Option<Side> {
        self.info.mounting.side
    }

    /// Whether its sensor runs.
    pub fn is_streaming(&self) -> bool {
        self.run.is_some()
    }

    /// Pattern shown (1 LED, 2 vibration, 3 both) while it identifies itself.
    pub fn identifying(&self, now_us: i64) -> Option<u8> {
        self.identifying.and_then(|(pattern, until_us)| (now_us < until_us).then_some(pattern))
    }

    /// What the leg really did; `None` where a recording is played.
    pub fn truth(&self) -> Option<&Truth> {
        self.motion.truth()
    }

    /// Battery in whole per cent.
    pub fn charge(&self, now_us: i64) -> u8 {
        (self.battery_percent - self.battery_per_hour * now_us as f64 / 3.6e9).clamp(0.0, 100.0).floor() as u8
    }

    /// Its own clock, microseconds.
    pub fn clock_us(&self, now_us: f64) -> u64 {
        let own = self.clock_ahead_us as f64 + now_us * (1.0 + self.clock_ppm * 1e-6);
        own.round().max(0.0) as u64
    }

    /// Services and service data in the air.
    fn beacon(&self, now_us: i64) -> Vec<u8> {
        Beacon {
            side: self.info.mounting.side,
            pairing_open: true,
            unsynced_log: false,
            charging: false,
            worn: true,
            version: 1,
            battery_percent: Some(self.charge(now_us)),
            mass_g: self.info.mounting.mass_g.map(u32::from),
        }
        .encode()
        .to_vec()
    }

    /// Stops a sensor that nobody has listened to for too long.
    fn expire(&mut self, now_us: i64) {
        let orphan_s = if self.ring.is_some() { ring::KEPT_S } else { ORPHAN_S };
        if self.lost_at_us.is_some_and(|lost_us| now_us - lost_us > orphan_s * 1_000_000) {
            self.run = None;
            self.chosen = None;
        }
    }

    pub(crate) fn is_subscribed(&self, characteristic: Uuid) -> bool {
        self.subscribed.contains(&characteristic)
    }

    fn status(&self, now_us: i64) -> Status {
        Status {
            state: Status::WORN | if self.run.is_some() { Status::STREAMING } else { 0 },
            battery_percent: self.charge(now_us),
            temperature_c: 29,
            error: 0,
            device_us: self.clock_us(now_us as f64),
        }
    }

    /// The one stream it offers: every rate of the profile for a leg, the nearest one for a recording.
    fn offer(&self) -> StreamOffer {
        StreamOffer {
            id: 0,
            kind: StreamKind::Imu6,
            rates: self.motion.own_rate_hz().map_or(0b11_1111, stream::nearest_rate_bit),
            // ±2 to ±16 g, ±125 to ±2,000 °/s.
            acc_ranges: 0b1111,
            gyr_ranges: 0b1_1111,
            sample_len: 12,
            max_samples: if self.ring.is_some() { KEPT_FRAME_MAX } else { FRAME_MAX },
            sensor: 1,
        }
    }
}

impl Device for VirtualCuff {
    fn advertise(&self, now_us: i64, advert: &mut Advert) {
        advert.name.clone_from(&self.name);
        advert.services = vec![SERVICE];
        advert.service_data = vec![(SERVICE, self.beacon(now_us))];
    }

    fn number(&self) -> [u8; 2] {
        let [.., a, b] = self.info.device_id.to_be_bytes();
        [a, b]
    }

    fn characteristics(&self) -> Vec<Uuid> {
        let log = self.ring.is_some().then_some(LOG_DATA);
        let always = [
            CUFF_INFO,
            STREAMS,
            MOTION_DATA,
            CONTROL_POINT,
            EVENTS,
            TIME_SYNC,
            STATUS,
            BATTERY_LEVEL,
            MANUFACTURER_NAME,
            MODEL_NUMBER,
            SERIAL_NUMBER,
            FIRMWARE_REVISION,
            HARDWARE_REVISION,
        ];
        always.into_iter().chain(log).collect()
    }

    fn connect(&mut self, now_us: i64) -> u16 {
        self.expire(now_us);
        self.connected = true;
        self.mtu = self.mtu_max;
        self.lost_at_us = None;
        self.mtu
    }

    fn disconnect(&mut self, now_us: i64) {
        self.connected = false;
        self.subscribed.clear();
        self.answering = false;
        self.preference = LinkPreference::Balanced;
        self.lost_at_us = Some(now_us);
    }

    fn read(&self, now_us: i64, characteristic: Uuid) -> Result<Vec<u8>, Refused> {
        Ok(match characteristic {
            CUFF_INFO => self.info.encode(),
            STREAMS => encode_streams(&[self.offer()]),
            STATUS => self.status(now_us).encode(),
            BATTERY_LEVEL => vec![self.battery(now_us)],
            MANUFACTURER_NAME => b"Talus".to_vec(),
            MODEL_NUMBER => b"Virtual cuff".to_vec(),
            SERIAL_NUMBER => format!("{:08X}", self.info.device_id).into_bytes(),
            FIRMWARE_REVISION => self.firmware.clone().into_bytes(),
            HARDWARE_REVISION => b"virtual".to_vec(),
            LOG_DATA if self.ring.is_none() => return Err(Refused::Missing),
            MOTION_DATA | CONTROL_POINT | EVENTS | TIME_SYNC | LOG_DATA => {
                return Err(Refused::Att(att::READ_NOT_PERMITTED));
            }
            _ => return Err(Refused::Missing),
        })
    }

    fn subscribe(&mut self, characteristic: Uuid) -> Result<(), Refused> {
        match characteristic {
            LOG_DATA if self.ring.is_some() => {
                self.subscribed.insert(characteristic);
                Ok(())
            }
            MOTION_DATA | CONTROL_POINT | EVENTS | TIME_SYNC | STATUS | BATTERY_LEVEL => {
                self.subscribed.insert(characteristic);
                Ok(())
            }
            _ if self.characteristics().contains(&characteristic) => Err(Refused::Att(att::WRITE_NOT_PERMITTED)),
            _ => Err(Refused::Missing),
        }
    }

    fn write(&mut self, now_us: i64, characteristic: Uuid, bytes: &[u8]) -> Result<Vec<News>, Refused> {
        match characteristic {
            CONTROL_POINT => {
                if !self.is_subscribed(CONTROL_POINT) {
                    return Err(Refused::Att(att::CCCD_NOT_ENABLED));
                }
                if self.answering {
                    return Err(Refused::Att(att::PROCEDURE_IN_PROGRESS));
                }
                if bytes.is_empty() {
                    return Err(Refused::Att(att::INVALID_LENGTH));
                }
                self.answering = true;
                // The blocks that were asked for go before the answer.
                let mut news = self.fetched(bytes);
                news.push((CONTROL_POINT, self.command(now_us, bytes)));
                Ok(news)
            }
            TIME_SYNC => {
                let request = SyncRequest::decode(bytes).map_err(|_| Refused::Att(att::INVALID_LENGTH))?;
                let t2_us = self.clock_us(now_us as f64);
                // Received in the radio's interrupt, answered by a task half a millisecond later.
                let reply = SyncReply { request, t2_us, t3_us: t2_us + 500 };
                Ok(self.is_subscribed(TIME_SYNC).then(|| (TIME_SYNC, reply.encode())).into_iter().collect())
            }
            _ if self.characteristics().contains(&characteristic) => Err(Refused::Att(att::WRITE_NOT_PERMITTED)),
            _ => Err(Refused::Missing),
        }
    }

    fn answered(&mut self, characteristic: Uuid) {
        self.answering &= characteristic != CONTROL_POINT;
    }

    fn frame_due(&self) -> Option<i64> {
        self.next_frame_due()
    }

    fn frames(&mut self) -> Vec<News> {
        self.next_frames().into_iter().map(|bytes| (MOTION_DATA, bytes)).collect()
    }

    fn skip_to(&mut self, now_us: i64) {
        self.skip_ticks(now_us);
    }

    fn battery(&self, now_us: i64) -> u8 {
        self.charge(now_us)
    }

    fn preference(&self) -> LinkPreference {
        self.preference
    }

    fn act(&mut self, now_us: i64, act: Act) -> bool {
        self.motion.act(now_us as f64 * 1e-6, act)
    }

    fn idle(&self, now_us: i64) -> bool {
        let now_s = now_us as f64 * 1e-6;
        self.motion.idle(self.run.as_ref().map_or(now_s, |run| run.felt_s.min(now_s)))
    }

    #[cfg(feature = "lab")]
    fn reboot(&mut self, now_us: i64) {
        self.disconnect(now_us);
        (self.run, self.chosen, self.time_set) = (None, None, false);
        self.ring = self.ring.take().map(|_| Ring::default());
        self.clock_ahead_us = -((now_us as f64 * (1.0 + self.clock_ppm * 1e-6)) as i64);
    }
}

//! The conversation with a CMP cuff: read who it is and what it offers, subscribe, set the stream, start it.

use super::{
    BATTERY_LEVEL, CONTROL_POINT, CUFF_INFO, Command, CuffInfo, FIRMWARE_REVISION, Features, HARDWARE_REVISION,
    LOG_DATA, LogBlock, MOTION_DATA, MotionFrame, Outcome, Response, SAMPLE_LEN, STREAMS, Started, StreamAnswer,
    StreamKind, StreamOffer, SyncReply, SyncRequest, TIME_SYNC, decode_streams,
};
use crate::driver::{DecodeError, Family, Op, Packet, Peer, StreamSetup, Talk, TalkError, Told, standard};
use crate::link::{CuffCard, Wish};
use crate::transport::Refusal;
use talus_motion::{BLOCK_MAX, BlockFlags, GRAVITY_MPS2, Timing};
use uuid::Uuid;

/// Longest time one frame may collect before it is sent: what a person sees stays close to what they do.
const LATENCY_S: f64 = 0.1;
/// Op-code of the command that asks for blocks of a log, and how many it asks for at most.
const FETCH: u8 = 0x13;
const FETCH_MAX: u32 = 64;

/// Where the conversation is; each value is one operation, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Card,
    Offers,
    Firmware,
    Hardware,
    Battery,
    HearAnswers,
    HearMotion,
    HearBattery,
    HearTime,
    HearLog,
    Configure,
    Start,
    Streaming,
}

impl Step {
    fn after(self) -> Self {
        match self {
            Self::Card => Self::Offers,
            Self::Offers => Self::Firmware,
            Self::Firmware => Self::Hardware,
            Self::Hardware => Self::Battery,
            Self::Battery => Self::HearAnswers,
            Self::HearAnswers => Self::HearMotion,
            Self::HearMotion => Self::HearBattery,
            Self::HearBattery => Self::HearTime,
            Self::HearTime => Self::HearLog,
            Self::HearLog => Self::Configure,
            Self::Configure => Self::Start,
            Self::Start | Self::Streaming => Self::Streaming,
        }
    }

    /// What can be missing without harm.
    fn optional(self) -> bool {
        matches!(
            self,
            Self::Firmware | Self::Hardware | Self::Battery | Self::HearBattery | Self::HearTime | Self::HearLog
        )
    }
}

/// The conversation.
#[derive(Debug)]
pub struct CmpTalk {
    wish: Wish,
    step: Step,
    room: u8,
    characteristics: Vec<Uuid>,
    info: Option<CuffInfo>,
    firmware: String,
    hardware: String,
    battery_percent: Option<u8>,
    offer: Option<StreamOffer>,
    samples: u8,
    /// Samples a frame as the cuff has answered: its memory is counted in such groups.
    group: u8,
    /// Questions about the time will be answered.
    tells_time: bool,
    /// What the session's ring holds will be heard.
    keeps: bool,
    session: Option<u32>,
    setup: Option<StreamSetup>,
}

impl CmpTalk {
    /// A conversation that will ask for `wish`.
    pub fn new(wish: Wish) -> Self {
        Self {
            wish,
            step: Step::Card,
            room: 0,
            characteristics: Vec::new(),
            info: None,
            firmware: String::new(),
            hardware: String::new(),
            battery_percent: None,
            offer: None,
            samples: 1,
            group: 1,
            tells_time: false,
            keeps: false,
            session: None,
            setup: None,
        }
    }

    /// Goes to the next step, over optional ones the cuff does not offer.
    fn advance(&mut self) {
        loop {
            self.step = self.step.after();
            let about = self.next().and_then(|op| op.characteristic());
            let offered = about.is_none_or(|uuid| self.characteristics.contains(&uuid));
            if offered || !self.step.optional() {
                return;
            }
        }
    }

    /// Stream, rate and ranges to ask for: `None` when the cuff offers no usable six-axis stream.
    fn choice(&self) -> Option<(StreamOffer, u16, u8, u16)> {
        let offer = self.offer?;
        Some((
            offer,
            offer.rate_dhz(self.wish.rate_hz)?,
            offer.acc_g(self.wish.acc_g)?,
            offer.gyr_dps(self.wish.gyr_dps)?,
        ))
    }

    fn offered(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        let usable = |offer: &StreamOffer| {
            offer.kind == StreamKind::Imu6 && usize::from(offer.sample_len) == SAMPLE_LEN && offer.id < 16
        };
        self.offer = decode_streams(bytes)?.into_iter().find(usable);
        let (offer, rate_dhz, ..) = self.choice().ok_or(TalkError::Firmware)?;
        // As many as fit one packet, unless they would take too long to collect or the cuff has less room.
        let latency = (f64::from(rate_dhz) * 0.1 * LATENCY_S) as u8;
        self.samples = latency.min(self.room).min(offer.max_samples).max(1);
        Ok(())
    }

    fn configured(&mut self, response: Response<'_>) -> Result<(), TalkError> {
        let answer = StreamAnswer::decode(response.params)?;
        let (offer, _, acc_g, gyr_dps) = self.choice().ok_or(TalkError::Refused)?;
        if answer.stream != offer.id || usize::from(answer.samples) > BLOCK_MAX {
            return Err(DecodeError::Range { what: "control answer", field: "stream" }.into());
        }
        let acc_mps2_per_count = f64::from(answer.acc_g_per_count) * GRAVITY_MPS2;
        let gyr_radps_per_count = f64::from(answer.gyr_dps_per_count).to_radians();
        let full_scale = f64::from(i16::MAX);
        self.group = answer.samples.max(1);
        self.setup = Some(StreamSetup {
            stream: answer.stream,
            rate_hz: f64::from(answer.rate_dhz) / 10.0,
            acc_mps2_per_count,
            gyr_radps_per_count,
            // The factor is not range/32768 on every sensor (±2,000 °/s at 70 m°/s per count reaches 2,293 °/s):
            // the smaller of what was asked for and what i16 can hold is where values stop being true.
            acc_range_mps2: (f64::from(acc_g) * GRAVITY_MPS2).min(acc_mps2_per_count * full_scale),
            gyr_range_radps: f64::from(gyr_dps).to_radians().min(gyr_radps_per_count * full_scale),
            timing: Timing::Device,
        });
        Ok(())
    }

    /// The cuff answered the running command.
    fn answered(&mut self, response: Response<'_>) -> Result<(), TalkError> {
        match (response.outcome, self.step) {
            (Outcome::Ok, Step::Configure) => {
                self.configured(response)?;
                self.step = Step::Start;
            }
            (Outcome::Ok, Step::Start) => {
                self.session = Some(Started::decode(response.params)?.session);
                self.step = Step::Streaming;
            }
            // The cuff knows the packet size best: some platforms report 23 whatever it is.
            (Outcome::MtuTooSmall, _) if self.samples > 1 => {
                self.samples /= 2;
                self.setup = None;
                self.step = Step::Configure;
            }
            (Outcome::MtuTooSmall, _) => return Err(TalkError::PacketsTooSmall),
            (Outcome::NotAuthorised, _) => return Err(TalkError::Bond),
            (Outcome::BatteryLow, _) => return Err(TalkError::BatteryLow),
            (Outcome::Unsupported, _) => return Err(TalkError::Firmware),
            _ => return Err(TalkError::Refused),
        }
        Ok(())
    }

    /// A write of the control point; `answered`: it is done only when the cuff has indicated its answer.
    fn command(command: &Command, answered: bool) -> Op {
        let answer_on = answered.then_some(CONTROL_POINT);
        Op::Write { characteristic: CONTROL_POINT, bytes: command.encode(), with_response: true, answer_on }
    }

    fn packet(frame: MotionFrame, flags: BlockFlags) -> Packet {
        Packet {
            stream: frame.stream,
            first_index: Some(frame.first_index),
            device_us: Some(frame.device_us),
            period_us: None,
            number: Some(frame.seq),
            flags: frame.flags.with(flags),
            counts: frame.counts,
        }
    }

    fn running_op(&self) -> Option<u8> {
        match self.step {
            Step::Configure => Some(0x01),
            Step::Start => Some(0x02),
            _ => None,
        }
    }
}

impl Talk for CmpTalk {
    fn begin(&mut self, peer: &Peer<'_>) {
        let mut fresh = Self::new(self.wish);
        // A reported size that holds no sample at all is taken as "not known": the cuff says when it is too much.
        fresh.room = match MotionFrame::samples_in_mtu(peer.mtu) {
            0 => BLOCK_MAX as u8,
            room => room,
        };
        // An attribute table larger than this is not a cuff's.
        fresh.characteristics = peer.characteristics.iter().take(256).copied().collect();
        *self = fresh;
    }

    fn next(&self) -> Option<Op> {
        Some(match self.step {
            Step::Card => Op::Read(CUFF_INFO),
            Step::Offers => Op::Read(STREAMS),
            Step::Firmware => Op::Read(FIRMWARE_REVISION),
            Step::Hardware => Op::Read(HARDWARE_REVISION),
            Step::Battery => Op::Read(BATTERY_LEVEL),
            Step::HearAnswers => Op::Subscribe(CONTROL_POINT),
            Step::HearMotion => Op::Subscribe(MOTION_DATA),
            Step::HearBattery => Op::Subscribe(BATTERY_LEVEL),
            Step::HearTime => Op::Subscribe(TIME_SYNC),
            Step::HearLog => Op::Subscribe(LOG_DATA),
            Step::Configure => {
                let (offer, rate_dhz, acc_g, gyr_dps) = self.choice()?;
                let samples = self.samples;
                Self::command(&Command::SetStream { stream: offer.id, rate_dhz, acc_g, gyr_dps, samples }, true)
            }
            Step::Start => Self::command(&Command::Start { mask: 1 << self.offer?.id }, true),
            Step::Streaming => return None,
        })
    }

    fn done(&mut self, bytes: &[u8]) -> Result<(), TalkError> {
        match self.step {
            Step::Card => {
                let info = CuffInfo::decode(bytes)?;
                if info.version.0 != 1 {
                    return Err(TalkError::Firmware);
                }
                self.info = Some(info);
            }
            Step::Offers => self.offered(bytes)?,
            Step::Firmware => self.firmware = standard::text(bytes),
            Step::Hardware => self.hardware = standard::text(bytes),
            Step::Battery => self.battery_percent = standard::battery(bytes).ok(),
            // Commands move on when they are answered, not when the write is confirmed.
            Step::Configure | Step::Start | Step::Streaming => return Ok(()),
            Step::HearTime => self.tells_time = true,
            Step::HearLog => self.keeps = self.info.is_some_and(|info| info.features.has(Features::LOG)),
            Step::HearAnswers | Step::HearMotion | Step::HearBattery => {}
        }
        self.advance();
        Ok(())
    }

    fn refused(&mut self, refusal: Refusal) -> Result<(), TalkError> {
        if !self.step.optional() {
            return Err(TalkError::of(refusal));
        }
        self.advance();
        Ok(())
    }

    fn notified(&mut self, characteristic: Uuid, bytes: &[u8], told: &mut Vec<Told>) -> Result<(), TalkError> {
        match characteristic {
            MOTION_DATA => {
                told.push(Told::Samples(Self::packet(MotionFrame::decode(bytes)?, BlockFlags::default())));
            }
            CONTROL_POINT => {
                let response = Response::decode(bytes)?;
                if response.op == FETCH {
                    // Whatever came of it: what came before says it.
                    told.push(Told::Answered);
                } else if self.running_op() == Some(response.op) {
                    self.answered(response)?;
                    told.push(Told::Answered);
                }
            }
            LOG_DATA => {
                for frame in LogBlock::decode(bytes)?.frames() {
                    told.push(Told::Kept(Self::packet(MotionFrame::decode(frame?)?, BlockFlags::FROM_LOG)));
                }
            }
            TIME_SYNC => told.push(Told::Time(SyncReply::decode(bytes)?)),
            BATTERY_LEVEL => told.push(Told::Battery(standard::battery(bytes)?)),
            _ => {}
        }
        Ok(())
    }

    fn card(&self) -> Option<CuffCard> {
        let info = self.info.filter(|_| self.step > Step::Hardware)?;
        Some(CuffCard {
            family: Family::Cmp,
            serial: format!("{:08x}", info.device_id),
            side: info.mounting.side,
            mass_g: info.mounting.mass_g.map(u32::from),
            firmware: self.firmware.clone(),
            hardware: self.hardware.clone(),
        })
    }

    fn battery_percent(&self) -> Option<u8> {
        self.battery_percent
    }

    fn setup(&self) -> Option<StreamSetup> {
        self.setup.clone()
    }

    fn stop(&self) -> Vec<Op> {
        // Before the start nothing runs; while the start is under way it may already run.
        let running = self.offer.filter(|_| self.step >= Step::Start);
        running.map(|offer| Self::command(&Command::Stop { mask: 1 << offer.id }, false)).into_iter().collect()
    }

    fn identify(&self) -> Vec<Op> {
        let Some(CuffInfo { features, .. }) = self.info else { return Vec::new() };
        let pattern = u8::from(features.has(Features::LED)) | u8::from(features.has(Features::HAPTIC)) << 1;
        if pattern == 0 {
            return Vec::new();
        }
        vec![Self::command(&Command::Identify { pattern, seconds: 3 }, false)]
    }

    fn wants_bond(&self) -> bool {
        self.info.is_some_and(|info| info.features.has(Features::BOND_REQUIRED))
    }

    fn session(&self) -> Option<u32> {
        self.session.filter(|_| self.keeps)
    }

    fn fetch(&self, from: u32, to: u32) -> Option<Op> {
        let id = self.session()?;
        let group = u32::from(self.group);
        // Not over the wrap of the index, which is a year away at any rate.
        let blocks = (to.checked_sub(1)? / group).checked_sub(from / group)?.saturating_add(1);
        let count = blocks.min(FETCH_MAX) as u8;
        Some(Self::command(&Command::LogFetch { id, first: from / group, count }, true))
    }

    fn ask_time(&self, question: SyncRequest) -> Option<Op> {
        let bytes = question.encode();
        let op = Op::Write { characteristic: TIME_SYNC, bytes, with_response: false, answer_on: None };
        self.tells_time.then_some(op)
    }
}

//! The control point: what can be measured, how, and the answers to commands.

use super::Measurement;
use crate::driver::TalkError;
use crate::driver::bytes::{DecodeError, Reader};

const WHAT: &str = "control answer";
/// First byte of an answer, and of the features.
const ANSWER: u8 = 0xF0;
const FEATURES: u8 = 0x0F;
/// Operations.
pub(super) const ASK_SETTINGS: u8 = 1;
pub(super) const START: u8 = 2;
pub(super) const STOP: u8 = 3;
/// Most bytes of settings taken over several answers.
pub(super) const SETTINGS_MAX: usize = 1024;

/// The command that asks which settings a measurement has.
pub fn ask_settings(measurement: Measurement) -> Vec<u8> {
    vec![ASK_SETTINGS, measurement.number()]
}

/// The command that starts a measurement.
pub fn start(measurement: Measurement, settings: &Settings) -> Vec<u8> {
    let mut out = vec![START, measurement.number()];
    settings.encode(&mut out);
    out
}

/// The command that stops a measurement.
pub fn stop(measurement: Measurement) -> Vec<u8> {
    vec![STOP, measurement.number()]
}

/// Bits of what can be measured: the value of the control point.
pub(super) fn features(bytes: &[u8]) -> Result<u8, DecodeError> {
    let mut reader = Reader::new("features", bytes);
    match reader.u8()? {
        FEATURES => reader.u8(),
        value => Err(DecodeError::Unknown { what: "features", value }),
    }
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// Done (0).
    Ok,
    /// The packets of this link are too small (10).
    PacketsTooSmall,
    /// No such operation, measurement or setting (1, 2, 3).
    Unsupported,
    /// Anything else, as sent.
    Other(u8),
}

impl Status {
    fn from_byte(byte: u8) -> Self {
        match byte {
            0 => Self::Ok,
            1..=3 => Self::Unsupported,
            10 => Self::PacketsTooSmall,
            other => Self::Other(other),
        }
    }

    pub(super) fn check(self) -> Result<(), TalkError> {
        match self {
            Self::Ok => Ok(()),
            Self::PacketsTooSmall => Err(TalkError::PacketsTooSmall),
            Self::Unsupported => Err(TalkError::Firmware),
            Self::Other(_) => Err(TalkError::Refused),
        }
    }
}

/// An answer to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The operation it answers.
    pub op: u8,
    /// The measurement it is about.
    pub measurement: u8,
    /// How it ended.
    pub status: Status,
    /// More of it follows.
    pub more: bool,
    /// What it says.
    pub params: &'a [u8],
}

impl<'a> Answer<'a> {
    /// Reads an indication; `None` for news nobody asked for.
    pub fn decode(bytes: &'a [u8]) -> Result<Option<Self>, DecodeError> {
        let mut reader = Reader::new(WHAT, bytes);
        if reader.u8()? != ANSWER {
            return Ok(None);
        }
        let (op, measurement) = (reader.u8()?, reader.u8()?);
        let status = Status::from_byte(reader.u8()?);
        // A refusal may end here.
        let more = status == Status::Ok && op != STOP && reader.u8()? != 0;
        Ok(Some(Self { op, measurement, status, more, params: reader.rest() }))
    }

    pub(super) fn is(&self, op: u8, measurement: Measurement) -> bool {
        self.op == op && self.measurement == measurement.number()
    }
}

/// Settings that can be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SettingId {
    /// Samples per second (0).
    Rate,
    /// Bits of a value (1).
    Resolution,
    /// ± g or ± degrees per second (2).
    Range,
    /// Values of a sample (4).
    Channels,
}

impl SettingId {
    const ALL: [Self; 4] = [Self::Rate, Self::Resolution, Self::Range, Self::Channels];

    fn number(self) -> u8 {
        match self {
            Self::Rate => 0,
            Self::Resolution => 1,
            Self::Range => 2,
            Self::Channels => 4,
        }
    }
}

/// One group of settings: its number and its values as bytes.
type Group<'a> = (u8, &'a [u8], usize);

/// The groups of a list of settings, each with the width of its values.
fn groups(bytes: &[u8]) -> impl Iterator<Item = Result<Group<'_>, DecodeError>> {
    let mut rest = Some(Reader::new("settings", bytes));
    std::iter::from_fn(move || {
        let mut reader = rest.take().filter(|reader| !reader.rest().is_empty())?;
        let mut group = || {
            let (id, count) = (reader.u8()?, reader.u8()?);
            let width = match id {
                0..=2 => 2,
                3 | 5 => 4,
                4 => 1,
                6 => 16,
                value => return Err(DecodeError::Unknown { what: "settings", value }),
            };
            Ok((id, reader.slice(usize::from(count) * width)?, width))
        };
        let group = group();
        if group.is_ok() {
            rest = Some(reader);
        }
        Some(group)
    })
}

/// The factor of the answer to a start; 1 where it names none.
pub(super) fn factor(params: &[u8]) -> Result<f32, DecodeError> {
    for group in groups(params) {
        let (id, values, _) = group?;
        if id == 5 {
            let factor = Reader::new("factor", values).f32()?;
            if !factor.is_finite() || factor <= 0.0 {
                return Err(DecodeError::Range { what: "settings", field: "factor" });
            }
            return Ok(factor);
        }
    }
    Ok(1.0)
}

/// Settings chosen for a measurement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Settings {
    chosen: [Option<u16>; 4],
}

impl Settings {
    /// Chooses from what a sensor offers: the rate nearest to the wish, the finest values up to 16 bits, the smallest
    /// range that is not below the wish (or the largest there is). A setting that is not offered is not sent.
    pub fn choose(offered: &[u8], rate_hz: f64, range: u16) -> Result<Self, DecodeError> {
        let mut settings = Self::default();
        for group in groups(offered) {
            let (number, values, width) = group?;
            let Some(index) = SettingId::ALL.iter().position(|id| id.number() == number) else { continue };
            let values = values.chunks_exact(width).map(|value| match value {
                [low, high] => u16::from_le_bytes([*low, *high]),
                [one] => u16::from(*one),
                _ => 0,
            });
            settings.chosen[index] = match SettingId::ALL[index] {
                SettingId::Rate => values.min_by(|a, b| {
                    let off = |rate: u16| (f64::from(rate) - rate_hz).abs();
                    off(*a).total_cmp(&off(*b))
                }),
                SettingId::Resolution => values.filter(|bits| *bits <= 16).max(),
                SettingId::Range => {
                    let all = || values.clone();
                    all().filter(|offered| *offered >= range).min().or_else(|| all().max())
                }
                SettingId::Channels => values.max(),
            };
        }
        Ok(settings)
    }

    /// A setting, where it is offered.
    pub fn get(&self, id: SettingId) -> Option<u16> {
        SettingId::ALL.iter().position(|one| *one == id).and_then(|index| self.chosen[index])
    }

    /// Writes the settings as a start carries them. The factor is never sent.
    pub fn encode(&self, out: &mut Vec<u8>) {
        for (id, value) in SettingId::ALL.into_iter().zip(self.chosen) {
            let Some(value) = value else { continue };
            out.extend([id.number(), 1]);
            match id {
                SettingId::Channels => out.push(value as u8),
                _ => out.extend(value.to_le_bytes()),
            }
        }
    }
}

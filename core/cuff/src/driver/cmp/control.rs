//! The control point: commands the app writes, answers the cuff indicates.
//!
//! Where the profile's description names a field without its width, this code fixes it: masks and log seconds are
//! u16, log ids, block numbers and unix seconds u32, the "more" flag of a log list is its last byte. Op-codes are
//! the hexadecimal numbers of its table.

use super::card::Mounting;
use super::event::Status;
use crate::driver::bytes::{DecodeError, Reader};

const WHAT_COMMAND: &str = "control command";
const WHAT_ANSWER: &str = "control answer";
/// First byte of every answer.
const ANSWER: u8 = 0x80;
/// Longest name that fits the scan response.
const NAME_MAX: usize = 8;

/// Which connection a cuff should ask the phone for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkPreference {
    /// Balanced (0).
    Balanced,
    /// Fast, 15 ms (1).
    Fast,
    /// Low power (2).
    LowPower,
}

/// What to do with the cuff's power and memory. The numbers are ours: the description names the three in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PowerAct {
    /// Switch off (0).
    Off,
    /// Start again (1).
    Reboot,
    /// Forget everything (2).
    FactoryReset,
}

/// What the app may write to the control point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// 01: configure a stream. Answered with [`StreamAnswer`].
    SetStream {
        /// The stream.
        stream: u8,
        /// Rate in tenths of a hertz.
        rate_dhz: u16,
        /// Acceleration range, ± g.
        acc_g: u8,
        /// Angular rate range, ± degrees per second.
        gyr_dps: u16,
        /// Samples per frame.
        samples: u8,
    },
    /// 02: start the streams of a mask. Answered with [`Started`].
    Start {
        /// Bit per stream.
        mask: u16,
    },
    /// 03: stop the streams of a mask.
    Stop {
        /// Bit per stream.
        mask: u16,
    },
    /// 04: ask for the [`Status`].
    Status,
    /// 05: show which cuff it is.
    Identify {
        /// Bit 0 light, bit 1 buzz.
        pattern: u8,
        /// How long, up to 30 s.
        seconds: u8,
    },
    /// 06: set the clock.
    SetTime {
        /// Microseconds since 1970 UTC.
        unix_us: u64,
        /// Minutes east of UTC.
        offset_min: i16,
    },
    /// 07: store how it is worn and loaded (needs a bond).
    SetMounting(Mounting),
    /// 08: store its name, UTF-8, at most eight bytes (needs a bond).
    SetName(String),
    /// 09: measure the gyroscope's zero; the cuff must lie still for two seconds.
    ZeroGyro,
    /// 10: record into the cuff's memory.
    LogStart {
        /// Bit per stream.
        mask: u16,
        /// How long.
        seconds: u16,
    },
    /// 11: end recording.
    LogStop,
    /// 12: list recordings from this id on.
    LogList {
        /// First id wanted.
        from: u32,
    },
    /// 13: send blocks of a recording.
    LogFetch {
        /// The recording.
        id: u32,
        /// First block.
        first: u32,
        /// How many, up to 64.
        count: u8,
    },
    /// 14: delete a recording whose checksum the app has verified.
    LogDelete {
        /// The recording.
        id: u32,
        /// Its CRC-32; must match.
        crc32: u32,
    },
    /// 15: end sending blocks.
    LogAbort,
    /// 20: which connection to ask the phone for.
    Link(LinkPreference),
    /// 7F: power (needs a bond).
    Power(PowerAct),
}

impl Command {
    /// The op-code, echoed by the answer.
    pub fn op(&self) -> u8 {
        match self {
            Self::SetStream { .. } => 0x01,
            Self::Start { .. } => 0x02,
            Self::Stop { .. } => 0x03,
            Self::Status => 0x04,
            Self::Identify { .. } => 0x05,
            Self::SetTime { .. } => 0x06,
            Self::SetMounting(_) => 0x07,
            Self::SetName(_) => 0x08,
            Self::ZeroGyro => 0x09,
            Self::LogStart { .. } => 0x10,
            Self::LogStop => 0x11,
            Self::LogList { .. } => 0x12,
            Self::LogFetch { .. } => 0x13,
            Self::LogDelete { .. } => 0x14,
            Self::LogAbort => 0x15,
            Self::Link(_) => 0x20,
            Self::Power(_) => 0x7F,
        }
    }

    /// Writes the command. A name is cut to eight bytes at a character border.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.op()];
        match self {
            Self::SetStream { stream, rate_dhz, acc_g, gyr_dps, samples } => {
                out.push(*stream);
                out.extend(rate_dhz.to_le_bytes());
                out.push(*acc_g);
                out.extend(gyr_dps.to_le_bytes());
                out.push(*samples);
            }
            Self::Start { mask } | Self::Stop { mask } => out.extend(mask.to_le_bytes()),
            Self::Status | Self::ZeroGyro | Self::LogStop | Self::LogAbort => {}
            Self::Identify { pattern, seconds } => out.extend([*pattern, *seconds]),
            Self::SetTime { unix_us, offset_min } => {
                out.extend(unix_us.to_le_bytes());
                out.extend(offset_min.to_le_bytes());
            }
            Self::SetMounting(mounting) => mounting.write(&mut out),
            Self::SetName(name) => {
                let end = (0..=NAME_MAX.min(name.len())).rev().find(|end| name.is_char_boundary(*end)).unwrap_or(0);
                out.extend(name[..end].bytes());
            }
            Self::LogStart { mask, seconds } => {
                out.extend(mask.to_le_bytes());
                out.extend(seconds.to_le_bytes());
            }
            Self::LogList { from } => out.extend(from.to_le_bytes()),
            Self::LogFetch { id, first, count } => {
                out.extend(id.to_le_bytes());
                out.extend(first.to_le_bytes());
                out.push(*count);
            }
            Self::LogDelete { id, crc32 } => {
                out.extend(id.to_le_bytes());
                out.extend(crc32.to_le_bytes());
            }
            Self::Link(preference) => out.push(*preference as u8),
            Self::Power(act) => out.push(*act as u8),
        }
        out
    }

    /// Reads a command (the cuff's side). Trailing bytes are ignored, except that a name is all that is left, up to
    /// eight bytes.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT_COMMAND, bytes);
        Ok(match reader.u8()? {
            0x01 => Self::SetStream {
                stream: reader.u8()?,
                rate_dhz: reader.u16()?,
                acc_g: reader.u8()?,
                gyr_dps: reader.u16()?,
                samples: reader.u8()?,
            },
            0x02 => Self::Start { mask: reader.u16()? },
            0x03 => Self::Stop { mask: reader.u16()? },
            0x04 => Self::Status,
            0x05 => Self::Identify { pattern: reader.u8()?, seconds: reader.u8()? },
            0x06 => Self::SetTime { unix_us: reader.u64()?, offset_min: reader.i16()? },
            0x07 => Self::SetMounting(Mounting::read(&mut reader)?),
            0x08 => {
                let name = reader.rest();
                let name = std::str::from_utf8(&name[..name.len().min(NAME_MAX)])
                    .map_err(|_| DecodeError::Range { what: WHAT_COMMAND, field: "name" })?;
                Self::SetName(name.to_owned())
            }
            0x09 => Self::ZeroGyro,
            0x10 => Self::LogStart { mask: reader.u16()?, seconds: reader.u16()? },
            0x11 => Self::LogStop,
            0x12 => Self::LogList { from: reader.u32()? },
            0x13 => Self::LogFetch { id: reader.u32()?, first: reader.u32()?, count: reader.u8()? },
            0x14 => Self::LogDelete { id: reader.u32()?, crc32: reader.u32()? },
            0x15 => Self::LogAbort,
            0x20 => Self::Link(match reader.u8()? {
                0 => LinkPreference::Balanced,
                1 => LinkPreference::Fast,
                2 => LinkPreference::LowPower,
                _ => return Err(DecodeError::Range { what: WHAT_COMMAND, field: "link preference" }),
            }),
            0x7F => Self::Power(match reader.u8()? {
                0 => PowerAct::Off,
                1 => PowerAct::Reboot,
                2 => PowerAct::FactoryReset,
                _ => return Err(DecodeError::Range { what: WHAT_COMMAND, field: "power act" }),
            }),
            value => return Err(DecodeError::Unknown { what: WHAT_COMMAND, value }),
        })
    }
}

/// How a command went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Done (1).
    Ok,
    /// The cuff does not know the command (2).
    Unsupported,
    /// A parameter was wrong (3).
    InvalidParameter,
    /// It failed (4).
    Failed,
    /// Not in this state (5).
    WrongState,
    /// Busy, ask again (6).
    Busy,
    /// The packets of this link are too small for the samples asked for (7).
    MtuTooSmall,
    /// Needs a bond (8).
    NotAuthorised,
    /// Memory is full (9).
    StorageFull,
    /// Battery is too low (10).
    BatteryLow,
    /// A result this version does not know.
    Other(u8),
}

impl Outcome {
    fn from_byte(byte: u8) -> Self {
        match byte {
            1 => Self::Ok,
            2 => Self::Unsupported,
            3 => Self::InvalidParameter,
            4 => Self::Failed,
            5 => Self::WrongState,
            6 => Self::Busy,
            7 => Self::MtuTooSmall,
            8 => Self::NotAuthorised,
            9 => Self::StorageFull,
            10 => Self::BatteryLow,
            other => Self::Other(other),
        }
    }

    fn byte(self) -> u8 {
        match self {
            Self::Ok => 1,
            Self::Unsupported => 2,
            Self::InvalidParameter => 3,
            Self::Failed => 4,
            Self::WrongState => 5,
            Self::Busy => 6,
            Self::MtuTooSmall => 7,
            Self::NotAuthorised => 8,
            Self::StorageFull => 9,
            Self::BatteryLow => 10,
            Self::Other(other) => other,
        }
    }
}

/// Any answer: which command, how it went, and what comes with it. The typed parts decode from `params`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Response<'a> {
    /// Op-code of the command it answers.
    pub op: u8,
    /// How it went.
    pub outcome: Outcome,
    /// What comes with it, by command.
    pub params: &'a [u8],
}

impl<'a> Response<'a> {
    /// Reads an indication of the control point.
    pub fn decode(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT_ANSWER, bytes);
        let (head, op, outcome) = (reader.u8()?, reader.u8()?, reader.u8()?);
        if head != ANSWER {
            return Err(DecodeError::Unknown { what: WHAT_ANSWER, value: head });
        }
        Ok(Self { op, outcome: Outcome::from_byte(outcome), params: reader.rest() })
    }

    /// Writes the indication (the cuff's side).
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![ANSWER, self.op, self.outcome.byte()];
        out.extend(self.params);
        out
    }

    /// The status record that answers [`Command::Status`].
    pub fn status(&self) -> Result<Status, DecodeError> {
        Status::decode(self.params)
    }

    /// The bias that answers [`Command::ZeroGyro`], counts per axis.
    pub fn gyro_bias(&self) -> Result<[i16; 3], DecodeError> {
        let mut reader = Reader::new(WHAT_ANSWER, self.params);
        Ok([reader.i16()?, reader.i16()?, reader.i16()?])
    }

    /// The id that answers [`Command::LogStart`] and [`Command::LogStop`].
    pub fn log_id(&self) -> Result<u32, DecodeError> {
        Reader::new(WHAT_ANSWER, self.params).u32()
    }

    /// The next block and the blocks sent, which answer [`Command::LogFetch`].
    pub fn log_sent(&self) -> Result<(u32, u16), DecodeError> {
        let mut reader = Reader::new(WHAT_ANSWER, self.params);
        Ok((reader.u32()?, reader.u16()?))
    }
}

/// What a stream will really send: the answer to [`Command::SetStream`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StreamAnswer {
    /// The stream.
    pub stream: u8,
    /// Rate in tenths of a hertz, 10 to 10,000.
    pub rate_dhz: u16,
    /// Acceleration of one count, g (finite, > 0).
    pub acc_g_per_count: f32,
    /// Angular rate of one count, degrees per second (finite, > 0).
    pub gyr_dps_per_count: f32,
    /// Samples per frame, at least 1.
    pub samples: u8,
}

impl StreamAnswer {
    /// Reads the answer's parameters. Factors that are not positive numbers, a rate outside of 1 to 1,000 Hz and
    /// frames without samples are refused: everything after this multiplies and divides by them.
    pub fn decode(params: &[u8]) -> Result<Self, DecodeError> {
        Self::read(&mut Reader::new(WHAT_ANSWER, params))
    }

    fn read(reader: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let answer = Self {
            stream: reader.u8()?,
            rate_dhz: reader.u16()?,
            acc_g_per_count: reader.f32()?,
            gyr_dps_per_count: reader.f32()?,
            samples: reader.u8()?,
        };
        let refuse = |field| Err(DecodeError::Range { what: WHAT_ANSWER, field });
        if !(10..=10_000).contains(&answer.rate_dhz) {
            return refuse("rate");
        }
        if !(answer.acc_g_per_count.is_normal() && answer.acc_g_per_count > 0.0) {
            return refuse("acceleration factor");
        }
        if !(answer.gyr_dps_per_count.is_normal() && answer.gyr_dps_per_count > 0.0) {
            return refuse("angular rate factor");
        }
        if answer.samples == 0 {
            return refuse("samples per frame");
        }
        Ok(answer)
    }

    /// Writes the parameters (the cuff's side): 12 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![self.stream];
        out.extend(self.rate_dhz.to_le_bytes());
        out.extend(self.acc_g_per_count.to_le_bytes());
        out.extend(self.gyr_dps_per_count.to_le_bytes());
        out.push(self.samples);
        out
    }
}

/// What was started or stopped: the answer to [`Command::Start`] and [`Command::Stop`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Started {
    /// Number of the run, grows with each start.
    pub session: u32,
    /// The cuff's clock at the start, microseconds.
    pub t0_us: u64,
}

impl Started {
    /// Reads the answer's parameters.
    pub fn decode(params: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT_ANSWER, params);
        Ok(Self { session: reader.u32()?, t0_us: reader.u64()? })
    }

    /// Writes the parameters (the cuff's side): 12 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.session.to_le_bytes().to_vec();
        out.extend(self.t0_us.to_le_bytes());
        out
    }
}

/// One recording in the cuff's memory: the answer to [`Command::LogList`], one per indication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogEntry {
    /// The recording.
    pub id: u32,
    /// When it began, seconds since 1970 UTC.
    pub start_unix_s: u32,
    /// How many blocks it has.
    pub blocks: u32,
    /// CRC-32 over all of it.
    pub crc32: u32,
    /// What was recorded.
    pub stream: StreamAnswer,
    /// More entries follow.
    pub more: bool,
}

impl LogEntry {
    /// Reads the answer's parameters.
    pub fn decode(params: &[u8]) -> Result<Self, DecodeError> {
        let mut reader = Reader::new(WHAT_ANSWER, params);
        Ok(Self {
            id: reader.u32()?,
            start_unix_s: reader.u32()?,
            blocks: reader.u32()?,
            crc32: reader.u32()?,
            stream: StreamAnswer::read(&mut reader)?,
            more: reader.u8()? != 0,
        })
    }

    /// Writes the parameters (the cuff's side): 29 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(29);
        for word in [self.id, self.start_unix_s, self.blocks, self.crc32] {
            out.extend(word.to_le_bytes());
        }
        out.extend(self.stream.encode());
        out.push(u8::from(self.more));
        out
    }
}

#[cfg(test)]
mod tests {
    use super::super::card::tests::any_mounting;
    use super::*;
    use crate::driver::vectors::{cut_and_extend, hex};
    use proptest::prelude::*;

    #[test]
    fn setting_a_stream_reads_and_writes_the_worked_bytes() {
        let asked = hex("01 00 e8 03 08 e8 03 0e");
        let command = Command::SetStream { stream: 0, rate_dhz: 1000, acc_g: 8, gyr_dps: 1000, samples: 14 };
        assert_eq!(Command::decode(&asked), Ok(command.clone()));
        assert_eq!(command.encode(), asked);
        cut_and_extend(&asked, Command::decode);

        let answered = hex("80 01 01 00 e8 03 00 00 80 39 90 c1 f9 3c 0e");
        let response = Response::decode(&answered).unwrap();
        assert_eq!((response.op, response.outcome), (1, Outcome::Ok));
        let stream = StreamAnswer::decode(response.params).unwrap();
        assert_eq!((stream.stream, stream.rate_dhz, stream.samples), (0, 1000, 14));
        assert_eq!((stream.acc_g_per_count, stream.gyr_dps_per_count), (1.0 / 4096.0, 1.0 / 32.8));
        assert_eq!(Response { params: &stream.encode(), ..response }.encode(), answered);
        cut_and_extend(response.params, StreamAnswer::decode);
        for len in 0..3 {
            assert!(matches!(Response::decode(&answered[..len]), Err(DecodeError::Short { .. })));
        }
    }

    #[test]
    fn starting_reads_and_writes_the_worked_bytes() {
        let asked = hex("02 01 00");
        assert_eq!(Command::decode(&asked), Ok(Command::Start { mask: 1 }));
        assert_eq!(Command::Start { mask: 1 }.encode(), asked);
        cut_and_extend(&asked, Command::decode);

        let answered = hex("80 02 01 07 00 00 00 40 4b 4c 00 00 00 00 00");
        let response = Response::decode(&answered).unwrap();
        let started = Started::decode(response.params).unwrap();
        assert_eq!(started, Started { session: 7, t0_us: 5_000_000 });
        assert_eq!(Response { params: &started.encode(), ..response }.encode(), answered);
        cut_and_extend(response.params, Started::decode);

        let refused = hex("80 02 07");
        let response = Response::decode(&refused).unwrap();
        assert_eq!(response, Response { op: 2, outcome: Outcome::MtuTooSmall, params: &[] });
        assert_eq!(response.encode(), refused);
    }

    #[test]
    fn factors_nothing_can_be_multiplied_by_are_refused() {
        let good = StreamAnswer { stream: 0, rate_dhz: 1000, acc_g_per_count: 1.0, gyr_dps_per_count: 1.0, samples: 1 };
        for bad in [0.0, -1.0, f32::NAN, f32::INFINITY, 1e-42] {
            assert!(StreamAnswer::decode(&StreamAnswer { acc_g_per_count: bad, ..good }.encode()).is_err(), "{bad}");
            assert!(StreamAnswer::decode(&StreamAnswer { gyr_dps_per_count: bad, ..good }.encode()).is_err(), "{bad}");
        }
        assert!(StreamAnswer::decode(&StreamAnswer { rate_dhz: 9, ..good }.encode()).is_err());
        assert!(StreamAnswer::decode(&StreamAnswer { rate_dhz: 10_001, ..good }.encode()).is_err());
        assert!(StreamAnswer::decode(&StreamAnswer { samples: 0, ..good }.encode()).is_err());
    }

    #[test]
    fn an_unknown_command_or_answer_is_a_typed_error() {
        assert_eq!(Command::decode(&[0x42]), Err(DecodeError::Unknown { what: WHAT_COMMAND, value: 0x42 }));
        assert_eq!(Response::decode(&[0x10, 1, 1]), Err(DecodeError::Unknown { what: WHAT_ANSWER, value: 0x10 }));
        assert_eq!(Response::decode(&[0x80, 1, 99]).unwrap().outcome, Outcome::Other(99));
        assert!(Command::decode(&[0x20, 3]).is_err() && Command::decode(&[0x7F, 3]).is_err());
    }

    #[test]
    fn a_name_is_cut_at_a_character_border() {
        assert_eq!(Command::SetName("CUF-äöüß".into()).encode(), [&[8], "CUF-äö".as_bytes()].concat());
    }

    #[test]
    fn other_answers_read_what_was_written() {
        let bias = Response { op: 9, outcome: Outcome::Ok, params: &hex("01 00 ff ff 00 80") };
        assert_eq!(bias.gyro_bias(), Ok([1, -1, i16::MIN]));
        let log = Response { op: 0x13, outcome: Outcome::Ok, params: &hex("40 00 00 00 3f 00") };
        assert_eq!((log.log_id(), log.log_sent()), (Ok(64), Ok((64, 63))));
        let status = hex("01 50 15 00 40 4b 4c 00 00 00 00 00");
        assert_eq!(Response { op: 4, outcome: Outcome::Ok, params: &status }.status().unwrap().battery_percent, 80);
    }

    fn any_command() -> impl Strategy<Value = Command> {
        prop_oneof![
            any::<(u8, u16, u8, u16, u8)>().prop_map(|(stream, rate_dhz, acc_g, gyr_dps, samples)| {
                Command::SetStream { stream, rate_dhz, acc_g, gyr_dps, samples }
            }),
            any::<u16>().prop_map(|mask| Command::Start { mask }),
            any::<u16>().prop_map(|mask| Command::Stop { mask }),
            Just(Command::Status),
            any::<(u8, u8)>().prop_map(|(pattern, seconds)| Command::Identify { pattern, seconds }),
            any::<(u64, i16)>().prop_map(|(unix_us, offset_min)| Command::SetTime { unix_us, offset_min }),
            any_mounting().prop_map(Command::SetMounting),
            "[A-Z0-9-]{0,8}".prop_map(Command::SetName),
            Just(Command::ZeroGyro),
            any::<(u16, u16)>().prop_map(|(mask, seconds)| Command::LogStart { mask, seconds }),
            Just(Command::LogStop),
            any::<u32>().prop_map(|from| Command::LogList { from }),
            any::<(u32, u32, u8)>().prop_map(|(id, first, count)| Command::LogFetch { id, first, count }),
            any::<(u32, u32)>().prop_map(|(id, crc32)| Command::LogDelete { id, crc32 }),
            Just(Command::LogAbort),
            Just(Command::Link(LinkPreference::Fast)),
            Just(Command::Power(PowerAct::FactoryReset)),
        ]
    }

    proptest! {
        #[test]
        fn decode_undoes_encode(command in any_command()) {
            let bytes = command.encode();
            for len in 0..bytes.len() {
                let _ = Command::decode(&bytes[..len]);
            }
            prop_assert_eq!(Command::decode(&bytes), Ok(command));
        }

        #[test]
        fn answers_survive_a_round_trip(rate_dhz in 10u16..=10_000, acc in 1e-6f32..1.0, gyr in 1e-6f32..10.0,
            samples in 1u8.., ids in any::<[u32; 4]>(), more in any::<bool>(), t0_us in any::<u64>()) {
            let stream = StreamAnswer { stream: 3, rate_dhz, acc_g_per_count: acc, gyr_dps_per_count: gyr, samples };
            prop_assert_eq!(StreamAnswer::decode(&stream.encode()), Ok(stream));
            let [id, start_unix_s, blocks, crc32] = ids;
            let entry = LogEntry { id, start_unix_s, blocks, crc32, stream, more };
            prop_assert_eq!(LogEntry::decode(&entry.encode()), Ok(entry));
            let started = Started { session: id, t0_us };
            prop_assert_eq!(Started::decode(&started.encode()), Ok(started));
        }

        #[test]
        fn any_bytes_end_in_a_value_or_a_typed_error(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
            let _ = (Command::decode(&bytes), Response::decode(&bytes), StreamAnswer::decode(&bytes));
            let _ = (Started::decode(&bytes), LogEntry::decode(&bytes));
        }
    }
}

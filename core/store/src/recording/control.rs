//! The chunk that closes a group: everything that is not samples, and which run of inputs the group was.

use super::bytes::{Cursor, put_signed, put_text, put_varint};
use talus_coach::{Answer, Input, Tap};
use talus_motion::{CuffId, LinkState, Micros, StreamConfig, Timing};

/// Inputs of one group at most: what comes in a flood is closed early, so that memory stays bounded.
pub(crate) const GROUP_MAX: usize = 16_384;
/// Payload bytes after which control items go on in a further chunk.
pub(crate) const ITEMS_MAX: usize = 1 << 18;

// The place in each list is the byte in the file: only ever append.
const TIMINGS: [Timing; 2] = [Timing::Device, Timing::Estimated];
const TAPS: [Tap; 14] = [
    Tap::Confirm,
    Tap::Pause,
    Tap::GoOn,
    Tap::EndSet,
    Tap::CountUp,
    Tap::CountDown,
    Tap::RestLonger,
    Tap::Stop,
    Tap::Skip,
    Tap::Undo,
    Tap::Swap,
    Tap::Lighter,
    Tap::Heavier,
    Tap::TimerOnly,
];
const LINK_STATES: [LinkState; 13] = [
    LinkState::RadioOff,
    LinkState::NotAllowed,
    LinkState::Searching,
    LinkState::Connecting,
    LinkState::Preparing,
    LinkState::Streaming,
    LinkState::Lost,
    LinkState::InUseElsewhere,
    LinkState::BondLost,
    LinkState::FirmwareTooOld,
    LinkState::Closed,
    LinkState::NotFound,
    LinkState::BatteryLow,
];

/// Which run of inputs a group holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Mark {
    /// First sequence number.
    pub(crate) first: u64,
    /// The one after the last.
    pub(crate) end: u64,
    /// Session time up to which everything is in the file.
    pub(crate) through: Micros,
    /// The group goes on: this is not its last chunk.
    pub(crate) more: bool,
}

/// Items of a control chunk as they are collected.
#[derive(Debug, Default)]
pub(crate) struct Items {
    count: u64,
    sequence: Option<u64>,
    at: i64,
    bytes: Vec<u8>,
}

impl Items {
    pub(crate) fn len_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Adds an input that is no samples; `first` is the group's first sequence number.
    pub(crate) fn put(&mut self, first: u64, sequence: u64, input: &Input) {
        let out = &mut self.bytes;
        put_varint(out, sequence.wrapping_sub(self.sequence.unwrap_or(first)));
        self.sequence = Some(sequence);
        self.count += 1;
        let mut put_time = |out: &mut Vec<u8>, what: u8, at: &Micros| {
            out.push(what);
            put_signed(out, at.0.wrapping_sub(self.at));
            self.at = at.0;
        };
        match input {
            // Samples have their own chunk; the encoder never brings them here.
            Input::Samples(_) => {}
            Input::Stream(config) => {
                out.push(1);
                out.extend_from_slice(&config.cuff.0);
                out.push(config.stream);
                for value in [
                    config.rate_hz,
                    config.acc_mps2_per_count,
                    config.gyr_radps_per_count,
                    config.acc_range_mps2,
                    config.gyr_range_radps,
                ] {
                    out.extend_from_slice(&value.to_le_bytes());
                }
                out.push(place(&TIMINGS, &config.timing));
                put_text(out, &config.driver);
                put_text(out, &config.firmware);
            }
            Input::Link { at, cuff, state } => {
                put_time(out, 2, at);
                out.extend_from_slice(&cuff.0);
                out.push(place(&LINK_STATES, state));
            }
            Input::Tap { at, tap } => {
                put_time(out, 3, at);
                out.push(place(&TAPS, tap));
            }
            Input::Answer { at, answer } => {
                put_time(out, 4, at);
                match answer {
                    Answer::Reserve(value) => out.extend_from_slice(&[0, *value]),
                    Answer::Pain(value) => out.extend_from_slice(&[1, *value]),
                    Answer::RedFlag => out.push(2),
                }
            }
            Input::Tick { at } => put_time(out, 5, at),
            Input::Resumed { at, gap_us, confident } => {
                put_time(out, 6, at);
                put_signed(out, *gap_us);
                out.push(u8::from(*confident));
            }
        }
    }

    /// The payload of a chunk with these items; empties them.
    pub(crate) fn close(&mut self, mark: Mark) -> Vec<u8> {
        let items = std::mem::take(self);
        let mut out = Vec::with_capacity(items.bytes.len() + 24);
        put_varint(&mut out, mark.first);
        put_varint(&mut out, mark.end);
        put_signed(&mut out, mark.through.0);
        out.push(u8::from(mark.more));
        put_varint(&mut out, items.count);
        out.extend_from_slice(&items.bytes);
        out
    }
}

/// Items of a payload with their sequence numbers, and the mark; `None` where it is not one.
pub(crate) fn decode(payload: &[u8]) -> Option<(Mark, Vec<(u64, Input)>)> {
    let mut cursor = Cursor::new(payload);
    let (first, end) = (cursor.varint()?, cursor.varint()?);
    let through = Micros(cursor.signed()?);
    let more = truth(cursor.u8()?)?;
    let count = usize::try_from(cursor.varint()?).ok()?;
    // Three bytes are the least an item can have.
    if end < first || count > GROUP_MAX || count > cursor.rest().len() / 3 {
        return None;
    }
    let mut inputs = Vec::with_capacity(count);
    let (mut sequence, mut at) = (first, 0i64);
    for _ in 0..count {
        sequence = sequence.checked_add(cursor.varint()?).filter(|sequence| *sequence < end)?;
        let what = cursor.u8()?;
        if what != 1 {
            at = at.wrapping_add(cursor.signed()?);
        }
        inputs.push((sequence, item(what, Micros(at), &mut cursor)?));
    }
    cursor.rest().is_empty().then_some((Mark { first, end, through, more }, inputs))
}

fn item(what: u8, at: Micros, cursor: &mut Cursor<'_>) -> Option<Input> {
    Some(match what {
        1 => Input::Stream(StreamConfig {
            cuff: CuffId(cursor.array()?),
            stream: cursor.u8()?,
            rate_hz: cursor.f64()?,
            acc_mps2_per_count: cursor.f64()?,
            gyr_radps_per_count: cursor.f64()?,
            acc_range_mps2: cursor.f64()?,
            gyr_range_radps: cursor.f64()?,
            timing: *TIMINGS.get(usize::from(cursor.u8()?))?,
            driver: cursor.text()?.to_owned(),
            firmware: cursor.text()?.to_owned(),
        }),
        2 => Input::Link { at, cuff: CuffId(cursor.array()?), state: *LINK_STATES.get(usize::from(cursor.u8()?))? },
        3 => Input::Tap { at, tap: *TAPS.get(usize::from(cursor.u8()?))? },
        4 => Input::Answer {
            at,
            answer: match cursor.u8()? {
                0 => Answer::Reserve(cursor.u8()?),
                1 => Answer::Pain(cursor.u8()?),
                2 => Answer::RedFlag,
                _ => return None,
            },
        },
        5 => Input::Tick { at },
        6 => Input::Resumed { at, gap_us: cursor.signed()?, confident: truth(cursor.u8()?)? },
        _ => return None,
    })
}

fn truth(byte: u8) -> Option<bool> {
    match byte {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

/// The byte of a value; a value that is in no list would read back as damage, which the test below rules out.
fn place<T: PartialEq>(list: &[T], value: &T) -> u8 {
    list.iter().position(|known| known == value).map_or(u8::MAX, |place| place as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_tap_and_link_state_has_its_byte() {
        // A new variant makes these matches incomplete: give it the next byte above and a line here.
        for tap in TAPS {
            match tap {
                Tap::Confirm
                | Tap::Pause
                | Tap::GoOn
                | Tap::EndSet
                | Tap::CountUp
                | Tap::CountDown
                | Tap::RestLonger
                | Tap::Stop
                | Tap::Skip
                | Tap::Undo
                | Tap::Swap
                | Tap::Lighter
                | Tap::Heavier
                | Tap::TimerOnly => assert_ne!(place(&TAPS, &tap), u8::MAX),
            }
        }
        for state in LINK_STATES {
            match state {
                LinkState::RadioOff
                | LinkState::NotAllowed
                | LinkState::Searching
                | LinkState::Connecting
                | LinkState::Preparing
                | LinkState::Streaming
                | LinkState::Lost
                | LinkState::InUseElsewhere
                | LinkState::BondLost
                | LinkState::FirmwareTooOld
                | LinkState::Closed
                | LinkState::NotFound
                | LinkState::BatteryLow => assert_ne!(place(&LINK_STATES, &state), u8::MAX),
            }
        }
    }
}

//! Bytes become inputs again: [`read`] takes what is whole, in the exact order, and says what is missing.

use super::bytes::Cursor;
use super::chunk::{Chunk, ChunkKind, FORMAT_VERSION, MAGIC, NoChunk, PRELUDE, SYNC, chunk_at};
use super::counts::Code;
use super::{RecordingError, SessionHead, control, head, input_at, samples};
use crate::SessionId;
use crate::seal::Seal;
use talus_coach::Input;
use talus_motion::Micros;

/// Largest file that is read, bytes: two cuffs at 200 Hz fill it in sixteen hours.
pub const FILE_MAX: u64 = 1 << 27;
/// Most inputs that are read: an input takes some 600 bytes of memory however few it took in the file.
const INPUTS_MAX: usize = 1 << 22;
/// Session time of one group, microseconds.
const GROUP_US: i64 = 1_000_000;

/// A marked gap: inputs between these session times are missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damage {
    /// Last time before.
    pub from: Micros,
    /// First time after; equal to `from` where nothing readable is missing.
    pub to: Micros,
}

/// How a recording ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Inputs of the session.
    pub inputs: u64,
    /// When it ended, milliseconds since 1970, UTC.
    pub utc_ms: i64,
}

/// What a recording holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Its head; `None` where that is damaged.
    pub head: Option<SessionHead>,
    /// The inputs in the order they were pushed.
    pub inputs: Vec<Input>,
    /// Where inputs are missing or bytes could not be read.
    pub damage: Vec<Damage>,
    /// Sequence number after the last whole group.
    pub next: u64,
    /// Session time up to which whole groups go.
    pub through: Micros,
    /// Bytes up to the end of the last whole group.
    pub whole_bytes: u64,
    /// Sequence number after the last group up to which no input is missing.
    pub solid_next: u64,
    /// Bytes up to the end of that group.
    pub solid_bytes: u64,
    /// Bytes read.
    pub bytes: u64,
    /// How it ended; `None` where it was not finished or that part is missing.
    pub ended: Option<Ended>,
}

impl Reading {
    /// Whether every byte was understood and no input is missing.
    pub fn intact(&self) -> bool {
        self.head.is_some()
            && self.damage.is_empty()
            && self.whole_bytes == self.bytes
            && self.ended.is_none_or(|ended| ended.inputs == self.next)
    }
}

/// Reads the bytes of a recording. Damaged chunks become [`Damage`], a torn tail is left out; memory stays in
/// proportion to the length of `file`.
///
/// # Errors
/// [`RecordingError::NotARecording`], [`RecordingError::Newer`], [`RecordingError::TooLarge`],
/// [`RecordingError::Sealed`].
pub fn read(file: &[u8]) -> Result<Reading, RecordingError> {
    read_sealed(file, None)
}

/// As [`read`], for a recording whose chunks may be sealed. Chunks from before there was a key are read as they are;
/// once one was sealed, all later ones must be.
///
/// # Errors
/// [`RecordingError::WrongKey`] too, where no sealed chunk opens.
pub(crate) fn read_sealed(file: &[u8], seal: Option<&Seal>) -> Result<Reading, RecordingError> {
    check_prelude(file)?;
    let mut pieces = Pieces { whole_bytes: PRELUDE, ..Pieces::default() };
    let mut at = PRELUDE;
    let (mut opened, mut shut) = (false, false);
    // Looking for the next chunk after damage costs one CRC per candidate. A hostile file can be full of
    // candidates, so that effort is bounded too; what is beyond counts as torn.
    let mut effort = file.len().saturating_mul(4);
    while let Some((found, chunk)) = next_chunk(file, at, &mut effort) {
        if found != at {
            pieces.hurt();
        }
        let payload = chunk.open(seal).filter(|_| chunk.is_sealed() || !opened);
        opened |= chunk.is_sealed() && payload.is_some();
        shut |= chunk.is_sealed() && payload.is_none();
        if !payload.is_some_and(|payload| pieces.take(chunk.kind, &payload, chunk.end)) {
            pieces.hurt();
        }
        if pieces.inputs.len() > INPUTS_MAX {
            return Err(RecordingError::TooLarge { what: "more inputs than a day has", bytes: file.len() });
        }
        at = chunk.end;
    }
    match seal {
        // Its CRC is right, so it is no damage that keeps it shut.
        None if shut => Err(RecordingError::Sealed),
        Some(_) if shut && !opened => Err(RecordingError::WrongKey),
        _ => Ok(pieces.together(file.len())),
    }
}

fn check_prelude(file: &[u8]) -> Result<(), RecordingError> {
    let mut prelude = Cursor::new(file);
    if prelude.array() != Some(MAGIC) {
        return Err(RecordingError::NotARecording);
    }
    match prelude.array().map(u16::from_le_bytes).ok_or(RecordingError::NotARecording)? {
        1..=FORMAT_VERSION => Ok(()),
        0 => Err(RecordingError::NotARecording),
        found => Err(RecordingError::Newer { found }),
    }
}

/// Whether the bytes of a recording can go out without their seal and be taken in again: they say that they are of
/// session `id`, and no sealed chunk stays shut. Damage in between does not matter: a reader marks it.
pub(crate) fn goes_out(file: &[u8], seal: Option<&Seal>, id: SessionId) -> bool {
    if check_prelude(file).is_err() || file.len() as u64 > FILE_MAX {
        return false;
    }
    let (mut at, mut ours) = (PRELUDE, false);
    let mut effort = file.len().saturating_mul(4);
    while let Some((_, chunk)) = next_chunk(file, at, &mut effort) {
        let Some(payload) = chunk.open(seal) else { return false };
        if !ours && chunk.kind == Some(ChunkKind::Head) {
            // A second head is no head.
            match head::decode(&payload) {
                Some(head) if head.id == id => ours = true,
                Some(_) => return false,
                None => {}
            }
        }
        at = chunk.end;
    }
    ours
}

/// The next whole chunk at or after `at`, and its offset.
fn next_chunk<'a>(file: &'a [u8], mut at: usize, effort: &mut usize) -> Option<(usize, Chunk<'a>)> {
    loop {
        at += file.get(at..)?.windows(SYNC.len()).position(|window| window == SYNC)?;
        match chunk_at(file, at) {
            Ok(chunk) => return Some((at, chunk)),
            Err(NoChunk::Frame) => {}
            Err(NoChunk::Crc(looked)) => *effort = effort.checked_sub(looked)?,
        }
        at += 1;
    }
}

/// What was found so far, in the order of the file.
#[derive(Default)]
struct Pieces {
    head: Option<SessionHead>,
    inputs: Vec<(u64, Input)>,
    /// Sequence number before which something could not be read.
    hurt: Vec<u64>,
    /// Inputs of whole groups, each in its order.
    merged: usize,
    /// Sequence number after the highest so far.
    newest: u64,
    next: u64,
    through: Micros,
    whole_bytes: usize,
    /// End of each group, as sequence number and as offset, after that of the head.
    groups: Vec<(u64, usize)>,
    ended: Option<Ended>,
}

impl Pieces {
    /// Takes one chunk; `false` where it is not to be understood.
    fn take(&mut self, kind: Option<ChunkKind>, payload: &[u8], end: usize) -> bool {
        let understood = match kind {
            // A head stands before everything: one behind inputs would move the place to go on from behind them.
            Some(ChunkKind::Head) if self.head.is_none() && self.groups.is_empty() && self.inputs.is_empty() => {
                head::decode(payload).map(|head| {
                    self.head = Some(head);
                    self.groups.push((0, end));
                    self.whole_bytes = end;
                })
            }
            Some(ChunkKind::Samples) => samples::decode(payload, Code::Rice).map(|inputs| self.extend(inputs)),
            Some(ChunkKind::Counts) => samples::decode(payload, Code::Counts).map(|inputs| self.extend(inputs)),
            Some(ChunkKind::Control) => control::decode(payload).and_then(|(mark, inputs)| {
                self.extend(inputs);
                if mark.more {
                    return Some(());
                }
                // No writer goes back. What a group that does brings would lie behind the place to go on from.
                if mark.end < self.next {
                    self.inputs.truncate(self.merged);
                    return None;
                }
                // A group at a time: the last sort then finds everything in its place already.
                if let Some(group) = self.inputs.get_mut(self.merged..) {
                    group.sort_by_key(|(sequence, _)| *sequence);
                }
                self.merged = self.inputs.len();
                self.groups.push((mark.end, end));
                (self.next, self.through, self.whole_bytes) = (mark.end, mark.through, end);
                Some(())
            }),
            Some(ChunkKind::End) => ended(payload).map(|ended| {
                self.ended = Some(ended);
                self.whole_bytes = end;
            }),
            Some(ChunkKind::Head) | None => None,
        };
        // What follows an end chunk takes it back: the session was taken up again.
        if matches!(kind, Some(ChunkKind::Samples | ChunkKind::Counts | ChunkKind::Control)) {
            self.ended = None;
        }
        understood.is_some()
    }

    fn extend(&mut self, inputs: Vec<(u64, Input)>) {
        // Within a chunk they grow, and the decoders keep them below `u64::MAX`.
        self.newest = inputs.last().map_or(self.newest, |(sequence, _)| self.newest.max(*sequence + 1));
        self.inputs.extend(inputs);
    }

    /// Bytes here could not be read.
    fn hurt(&mut self) {
        self.hurt.push(self.newest);
    }

    /// Merges the chunks back by sequence number and marks what is missing.
    fn together(mut self, bytes: usize) -> Reading {
        // A group without its last chunk was never acknowledged: leaving all of it out keeps the rest a whole run.
        self.inputs.retain(|(sequence, _)| *sequence < self.next);
        self.inputs.sort_by_key(|(sequence, _)| *sequence);
        self.inputs.dedup_by_key(|(sequence, _)| *sequence);
        let run = (0..).zip(&self.inputs).take_while(|(expected, (sequence, _))| expected == sequence).count() as u64;
        let solid = self.groups.iter().filter(|(next, _)| *next <= run).max().copied().unwrap_or_default();
        let mut damage: Vec<Damage> = Vec::new();
        let mut mark = |from: Micros, to: Micros| {
            let gap = Damage { from: from.min(to), to: to.max(from) };
            // One lost chunk of one cuff leaves holes between the inputs of the others: they are one gap.
            match damage.last_mut() {
                Some(open) if gap.from.since(open.to) < GROUP_US => open.to = open.to.max(gap.to),
                _ => damage.push(gap),
            }
        };
        let (mut expected, mut last) = (0u64, Micros(0));
        let mut hurt = self.hurt.into_iter().peekable();
        for (index, (sequence, input)) in self.inputs.iter().enumerate() {
            let at = input_at(input).unwrap_or(last);
            // A stream's configuration has no time: the gap before it ends with what follows.
            let next_at = || self.inputs.get(index..).into_iter().flatten().find_map(|(_, input)| input_at(input));
            if *sequence != expected {
                mark(last, next_at().unwrap_or(last));
                while hurt.next_if(|hurt| hurt <= sequence).is_some() {}
            }
            while hurt.next_if(|hurt| hurt <= sequence).is_some() {
                mark(last, last);
            }
            (expected, last) = (sequence + 1, last.max(at));
        }
        if expected != self.next {
            mark(last, self.through.max(last));
        } else if hurt.next().is_some() {
            mark(last, last);
        }
        Reading {
            head: self.head,
            inputs: self.inputs.into_iter().map(|(_, input)| input).collect(),
            damage,
            next: self.next,
            through: self.through,
            whole_bytes: self.whole_bytes as u64,
            solid_next: solid.0,
            solid_bytes: solid.1 as u64,
            bytes: bytes as u64,
            ended: self.ended,
        }
    }
}

fn ended(payload: &[u8]) -> Option<Ended> {
    let mut cursor = Cursor::new(payload);
    let ended = Ended { inputs: cursor.varint()?, utc_ms: cursor.signed()? };
    cursor.rest().is_empty().then_some(ended)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Key;
    use crate::recording::{Encoder, encode_head};
    use crate::store::faults::{ID, head};

    fn seal(key: u8) -> Seal {
        Seal::new(&Key::new([key; 32]), ID).unwrap()
    }

    fn group(from: u64, seal: Option<Seal>) -> Vec<u8> {
        let mut encoder = Encoder::sealed(from, seal);
        encoder.push(&Input::Tick { at: Micros(from.cast_signed() * 1_000_000) }).unwrap();
        encoder.close(Micros(0));
        encoder.take()
    }

    #[test]
    fn a_sealed_recording_reads_with_its_key_only() {
        let file = [encode_head(&head(), Some(&mut seal(1))).unwrap(), group(0, Some(seal(1)))].concat();
        let reading = read_sealed(&file, Some(&seal(1))).unwrap();
        assert!(reading.intact());
        assert_eq!((reading.head, reading.inputs.len()), (Some(head()), 1));
        assert_eq!(read(&file), Err(RecordingError::Sealed));
        assert_eq!(read_sealed(&file, Some(&seal(2))), Err(RecordingError::WrongKey));
        let other = Seal::new(&Key::new([1; 32]), SessionId([9; 16])).unwrap();
        assert_eq!(read_sealed(&file, Some(&other)), Err(RecordingError::WrongKey));
    }

    #[test]
    fn only_a_recording_that_opens_and_says_whose_it_is_goes_out() {
        let open = [encode_head(&head(), None).unwrap(), group(0, None)].concat();
        let sealed = [encode_head(&head(), Some(&mut seal(1))).unwrap(), group(0, Some(seal(1)))].concat();
        let grown = [open.clone(), group(1, Some(seal(1)))].concat();
        assert!(goes_out(&open, None, ID) && goes_out(&sealed, Some(&seal(1)), ID));
        assert!(goes_out(&grown, Some(&seal(1)), ID));
        assert!(!goes_out(&grown, None, ID) && !goes_out(&grown, Some(&seal(2)), ID));
        assert!(!goes_out(&open, None, SessionId([9; 16])));
        let torn = &open[..open.len() - 1];
        assert!(goes_out(torn, None, ID), "a torn tail is marked by whoever reads it");
        let mut headless = open.clone();
        headless[PRELUDE + 20] ^= 1;
        assert!(!goes_out(&headless, None, ID));
        assert!(!goes_out(b"TALUS\0", None, ID) && !goes_out(&[], None, ID));
        let mut newer = open;
        newer[MAGIC.len()] = 0xff;
        assert!(!goes_out(&newer, None, ID));
    }

    #[test]
    fn what_was_open_before_there_was_a_key_stays_readable_and_nothing_open_follows_what_is_sealed() {
        let open = [encode_head(&head(), None).unwrap(), group(0, None)].concat();
        let grown = [open, group(1, Some(seal(1)))].concat();
        let reading = read_sealed(&grown, Some(&seal(1))).unwrap();
        assert!(reading.intact());
        assert_eq!(reading.inputs.len(), 2);
        assert_eq!(read(&grown), Err(RecordingError::Sealed));
        // Somebody without the key adds to it.
        let forged = [grown, group(2, None)].concat();
        let reading = read_sealed(&forged, Some(&seal(1))).unwrap();
        assert_eq!((reading.inputs.len(), reading.intact()), (2, false));
    }

    #[test]
    fn a_file_whose_parts_were_put_in_another_order_names_a_place_to_go_on_from_that_holds_what_it_says() {
        let opening = encode_head(&head(), None).unwrap();
        let (prelude, heading) = opening.split_at(PRELUDE);
        let (zero, one) = (group(0, None), group(1, None));
        let orders: [[&[u8]; 4]; 4] = [
            [prelude, heading, &one, &zero],
            [prelude, &zero, heading, &one],
            [prelude, &zero, &one, heading],
            [prelude, heading, &zero, &zero],
        ];
        for parts in orders {
            let file = parts.concat();
            let reading = read(&file).unwrap();
            assert!(!reading.intact() || parts == orders[3]);
            assert!(reading.solid_bytes <= reading.whole_bytes && reading.whole_bytes <= reading.bytes);
            let cut = read(&file[..usize::try_from(reading.solid_bytes.max(PRELUDE as u64)).unwrap()]).unwrap();
            assert_eq!((cut.next, cut.inputs.len() as u64), (reading.solid_next, reading.solid_next));
        }
    }
}

//! One session as a FIT activity: what Garmin Connect and most training programs take. Sets carry their exercise by the
//! name the FIT profile has for it, repetitions, weight and times.
//!
//! Format: FIT Protocol 2.0 and Profile 21 (developer.garmin.com/fit); numbers of messages, fields and names were compared
//! with the profile inside `fitparser`, which also reads every file back in the tests. Written here because the encoders
//! there are ask for a newer Rust than this project, or have few users; an activity needs eight kinds of message.
//!
//! What FIT has no place for stays out: the leg, range, tempo, effort, pain. Weight has steps of 62.5 g.

use crate::SessionDetail;
use std::collections::BTreeMap;
use talus_coach::Texts;
use talus_motion::Micros;

/// Seconds from 1970 to 1989-12-31T00:00:00Z, where FIT begins to count.
const EPOCH_S: i64 = 631_065_600;
/// `exercise_category` of what the profile has no name for; the title says it.
const UNKNOWN: u16 = 65_534;

/// Category, and its names without and with weight, of what the profile has an exact name for.
const NAMES: &[(&str, u16, u16, u16)] = &[
    ("alt_leg_lower", LEG_RAISE, 17, 18),
    ("bridge_march", HIP_RAISE, 24, 25),
    ("calf_raise", CALF_RAISE, 18, 19),
    ("calf_raise_bent", CALF_RAISE, 6, 7),
    ("clam_note", HIP_RAISE, 44, 44),
    ("dead_bug_leg", HIP_STABILITY, 1, 2),
    ("donkey_kick", HIP_STABILITY, 17, 18),
    ("fire_hydrant", HIP_STABILITY, 5, 6),
    ("hip_circle", HIP_STABILITY, 7, 8),
    ("knee_flex_prone", LEG_CURL, 0, 1),
    ("knee_flex_prone_slow", LEG_CURL, 0, 1),
    ("knee_flex_standing", LEG_CURL, 0, 1),
    ("quad_leg_ext", HIP_STABILITY, 19, 20),
    ("quad_set_slr", LEG_RAISE, 8, 9),
    ("quad_set_slr_unloaded", LEG_RAISE, 8, 9),
    ("side_abd", HIP_STABILITY, 21, 22),
    ("side_add", HIP_STABILITY, 9, 10),
    ("side_plank_abd", PLANK, 80, 81),
    ("stand_abd", HIP_STABILITY, 28, 29),
    ("stand_ext", HIP_STABILITY, 30, 31),
    ("step_drive", SQUAT, 66, 67),
    ("walk", RUN, 1, 1),
];
const CALF_RAISE: u16 = 1;
const HIP_RAISE: u16 = 10;
const HIP_STABILITY: u16 = 11;
const LEG_CURL: u16 = 15;
const LEG_RAISE: u16 = 16;
const PLANK: u16 = 19;
const SQUAT: u16 = 28;
const RUN: u16 = 32;

/// Base types of fields, with their sizes.
const ENUM: (u8, u8) = (0x00, 1);
const U8: (u8, u8) = (0x02, 1);
const U16: (u8, u8) = (0x84, 2);
const U32: (u8, u8) = (0x86, 4);
const U32Z: (u8, u8) = (0x8C, 4);
/// Bytes of a title, with the zero at its end.
const TITLE: u8 = 48;
const TEXT: (u8, u8) = (0x07, TITLE);

/// A kind of message: its number here, its number in the profile, its fields.
struct Message {
    local: u8,
    global: u16,
    fields: &'static [(u8, (u8, u8))],
}

const FILE_ID: Message = Message { local: 0, global: 0, fields: &[(0, ENUM), (1, U16), (2, U16), (3, U32Z), (4, U32)] };
const EVENT: Message = Message { local: 1, global: 21, fields: &[(253, U32), (0, ENUM), (1, ENUM)] };
const SET: Message = Message {
    local: 2,
    global: 225,
    fields: &[(254, U32), (6, U32), (0, U32), (3, U16), (4, U16), (5, U8), (7, U16), (8, U16), (9, U16), (10, U16)],
};
const TITLE_OF: Message = Message { local: 3, global: 264, fields: &[(254, U16), (0, U16), (1, U16), (2, TEXT)] };
const LAP: Message = Message {
    local: 4,
    global: 19,
    fields: &[(254, U16), (253, U32), (0, ENUM), (1, ENUM), (2, U32), (7, U32), (8, U32)],
};
const SESSION: Message = Message {
    local: 5,
    global: 18,
    fields: &[
        (254, U16),
        (253, U32),
        (0, ENUM),
        (1, ENUM),
        (2, U32),
        (5, ENUM),
        (6, ENUM),
        (7, U32),
        (8, U32),
        (25, U16),
        (26, U16),
    ],
};
const ACTIVITY: Message = Message {
    local: 6,
    global: 34,
    fields: &[(253, U32), (0, U32), (1, U16), (2, ENUM), (3, ENUM), (4, ENUM), (5, U32)],
};

/// The bytes of the activity file of one session.
pub(crate) fn activity(detail: &SessionDetail) -> Vec<u8> {
    let row = &detail.row;
    let at = |micros: Micros| fit_time(row.started_utc_ms.saturating_add(micros.0 / 1000));
    let last = detail.sets.iter().map(|set| set.result.ended).max().unwrap_or_default();
    let length = last.max(Micros((row.duration_s.clamp(0.0, 1e6) * 1e6) as i64));
    let (start, end, length_ms) = (at(Micros(0)), at(length), millis(length.0));
    let mut fit = Fit::default();
    // Activity; `development` is the maker a program without a number of its own says it is.
    fit.put(&FILE_ID, &[4, 255, 0, serial(detail), start], "");
    fit.put(&EVENT, &[start, TIMER, START], "");
    let mut titles: BTreeMap<(u16, u16), String> = BTreeMap::new();
    let texts = Texts::of("en");
    let mut unnamed: Vec<&str> = Vec::new();
    let mut rested_from = Micros(0);
    let mut number = 0u32;
    let mut sets: Vec<_> = detail.sets.iter().filter(|set| !set.open).collect();
    sets.sort_by_key(|set| (set.result.began, set.set_index));
    for set in sets {
        let result = &set.result;
        let (began, ended) = (result.began.max(Micros(0)), result.ended.max(result.began));
        if began.since(rested_from) >= 1_000_000 {
            fit.set(at(began), at(rested_from), millis(began.since(rested_from)), None, number);
            number += 1;
        }
        let (category, name) = name_of(&result.exercise, result.mass_g > 0, &mut unnamed);
        titles.entry((category, name)).or_insert_with(|| texts.exercise(&result.exercise).to_owned());
        // Strides are no repetitions.
        let reps = if result.exercise == "walk" { u32::from(u16::MAX) } else { result.count.min(65_534) };
        let weight = (result.mass_g.saturating_mul(16) + 500) / 1000;
        let active = Active { reps, weight: weight.min(65_534), category, name };
        fit.set(at(ended), at(began), millis(ended.since(began)), Some(&active), number);
        number += 1;
        rested_from = rested_from.max(ended);
    }
    for (place, ((category, name), title)) in (0u32..).zip(&titles) {
        fit.put(&TITLE_OF, &[place, u32::from(*category), u32::from(*name)], title);
    }
    fit.put(&EVENT, &[end, TIMER, STOP_ALL], "");
    fit.put(&LAP, &[0, end, 9, STOP, start, length_ms, length_ms], "");
    // Training, strength training; or walking where there is nothing else.
    let walked = !detail.sets.is_empty() && detail.sets.iter().all(|set| set.result.exercise == "walk");
    let (sport, kind) = if walked { (11, 0) } else { (10, 20) };
    fit.put(&SESSION, &[0, end, 8, STOP, start, sport, kind, length_ms, length_ms, 0, 1], "");
    let local = end.saturating_add_signed(row.offset_min.saturating_mul(60));
    fit.put(&ACTIVITY, &[end, length_ms, 1, 0, 26, STOP, local], "");
    fit.file()
}

const TIMER: u32 = 0;
const START: u32 = 0;
const STOP: u32 = 1;
const STOP_ALL: u32 = 4;

/// UTC milliseconds as FIT counts them; 0 for what is before its beginning.
fn fit_time(utc_ms: i64) -> u32 {
    u32::try_from(utc_ms.div_euclid(1000).saturating_sub(EPOCH_S)).unwrap_or(0)
}

fn millis(micros: i64) -> u32 {
    u32::try_from(micros / 1000).unwrap_or(0)
}

/// Tells sessions apart for a program that takes files by maker, product, number and time. Never 0, which is none.
fn serial(detail: &SessionDetail) -> u32 {
    detail.row.id.0.last_chunk::<4>().map_or(1, |bytes| u32::from_le_bytes(*bytes)).max(1)
}

/// Category and name; for what has none a number of its own under no category.
fn name_of<'a>(exercise: &'a str, weighted: bool, unnamed: &mut Vec<&'a str>) -> (u16, u16) {
    if let Some((_, category, plain, heavy)) = NAMES.iter().find(|(id, ..)| *id == exercise) {
        return (*category, if weighted { *heavy } else { *plain });
    }
    let place = unnamed.iter().position(|one| *one == exercise).unwrap_or_else(|| {
        unnamed.push(exercise);
        unnamed.len() - 1
    });
    (UNKNOWN, place as u16)
}

struct Active {
    reps: u32,
    weight: u32,
    category: u16,
    name: u16,
}

#[derive(Default)]
struct Fit {
    records: Vec<u8>,
    defined: u8,
}

impl Fit {
    fn set(&mut self, end: u32, start: u32, ms: u32, active: Option<&Active>, number: u32) {
        let none = u32::from(u16::MAX);
        let [kind, reps, weight, category, name] = active.map_or([0, none, none, none, none], |active| {
            [1, active.reps, active.weight, active.category.into(), active.name.into()]
        });
        self.put(&SET, &[end, start, ms, reps, weight, kind, category, name, 1, number], "");
    }

    /// One record, after what defines its kind where that was not said yet. A text is the last field.
    fn put(&mut self, message: &Message, values: &[u32], text: &str) {
        if self.defined & 1 << message.local == 0 {
            self.defined |= 1 << message.local;
            // Definition, reserved, little-endian.
            self.records.extend_from_slice(&[0x40 | message.local, 0, 0]);
            self.records.extend_from_slice(&message.global.to_le_bytes());
            self.records.push(message.fields.len() as u8);
            for (field, (kind, size)) in message.fields {
                self.records.extend_from_slice(&[*field, *size, *kind]);
            }
        }
        self.records.push(message.local);
        let mut values = values.iter();
        for (_, (_, size)) in message.fields {
            if *size == TITLE {
                let mut bytes = text.as_bytes().to_vec();
                // Whole letters, and a zero behind them.
                let fits = (0..usize::from(TITLE)).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
                bytes.truncate(fits);
                bytes.resize(usize::from(TITLE), 0);
                self.records.extend_from_slice(&bytes);
            } else {
                let value = values.next().copied().unwrap_or(u32::MAX).to_le_bytes();
                self.records.extend_from_slice(value.get(..usize::from(*size)).unwrap_or_default());
            }
        }
    }

    fn file(self) -> Vec<u8> {
        // Header of 14 bytes, protocol 2.0, profile 21.158.
        let mut out = vec![14, 0x20];
        out.extend_from_slice(&21_158u16.to_le_bytes());
        out.extend_from_slice(&(self.records.len() as u32).to_le_bytes());
        out.extend_from_slice(b".FIT");
        let crc = crc(&out);
        out.extend_from_slice(&crc.to_le_bytes());
        out.extend_from_slice(&self.records);
        let all = self::crc(&out);
        out.extend_from_slice(&all.to_le_bytes());
        out
    }
}

/// CRC-16/ARC, as the protocol says.
fn crc(bytes: &[u8]) -> u16 {
    bytes.iter().fold(0u16, |mut crc, byte| {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xA001 } else { crc >> 1 };
        }
        crc
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use talus_coach::Catalogue;

    #[test]
    fn every_exercise_with_a_name_in_fit_is_one_of_the_catalogue() {
        let catalogue = Catalogue::embedded().unwrap();
        let known: BTreeSet<&str> = catalogue.exercises().map(|exercise| exercise.id.as_str()).collect();
        let named: Vec<&str> = NAMES.iter().map(|(id, ..)| *id).collect();
        assert!(named.iter().all(|id| known.contains(id)), "{named:?}");
        assert!(named.windows(2).all(|pair| pair[0] < pair[1]), "each once, in their order");
    }

    #[test]
    fn the_checksum_is_the_one_of_the_protocol() {
        // The check value of CRC-16/ARC.
        assert_eq!(crc(b"123456789"), 0xBB3D);
    }
}

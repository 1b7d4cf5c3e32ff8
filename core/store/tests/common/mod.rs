//! A session that never was: inputs and records of two legs, the same for the same seed.
// Each test file uses a part, and none is a library.
#![allow(dead_code, unreachable_pub, clippy::unwrap_used, clippy::cast_possible_wrap)]

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use talus_coach::{
    Answer, Bookmark, Input, Laterality, Pace, Prescription, Record, SessionPlan, SetEnd, SetResult, Stage, Tap, Worn,
};
use talus_motion::{
    BlockFlags, Counts, CuffId, Detector, LinkState, Micros, Quality, Reason, Rep, SampleBlock, Side, StreamConfig,
    Stride, Timing,
};
use talus_store::{Kind, ProfileId, Reading, Recorder, SessionHead, SessionId, Store, kept, recording};

/// How often a heavy test goes round: `all` of it in `./test long`, a tenth where everything is run by a machine,
/// otherwise what a person waits for.
pub fn heavy(all: usize, everyday: usize) -> usize {
    match std::env::var("TALUS_HEAVY").as_deref() {
        Ok("all") => all,
        Ok("tenth") => all / 10,
        _ => everyday,
    }
}

/// Another process that runs `test` of the caller's file alone and finds `db` in the environment as `held`; given once it
/// says that it is open. It goes on when its input ends.
pub fn opened_elsewhere(test: &str, held: &str, db: &Path) -> Child {
    let mut other = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(held, db)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(other.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(said.take_while(|line| line != "it is open").all(|line| !line.contains("panicked")));
    other
}

/// A folder in memory where the system has one: for tests that ask a thousand times and nothing of a disk.
pub fn folder_in_memory() -> tempfile::TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

pub const ADA: ProfileId = ProfileId([0xad; 16]);
pub const LEFT: CuffId = CuffId([1; 16]);
pub const RIGHT: CuffId = CuffId([2; 16]);

/// Xorshift: enough for tests, the same everywhere.
#[derive(Debug, Clone)]
pub struct Seed(pub u64);

impl Seed {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub fn below(&mut self, bound: u64) -> u64 {
        self.next() % bound
    }
}

pub fn id(n: u8) -> SessionId {
    SessionId([0x01, 0x9a, 0xbc, n, 0, n, 0x70, 0, 0x80, 0, 0, 0, 0, 0, 0, n])
}

pub fn plan() -> SessionPlan {
    let block = |exercise: &str, side| Prescription {
        exercise: exercise.to_owned(),
        side,
        mass_g: 1500,
        sets: 3,
        reps: Some(10),
        rest_s: 60,
        // A third has no short decimal: it must come back as the same bits all the same.
        own_range_deg: Some(200.0 / 3.0),
        why: "as last time, plus half a kilo — „gut“".to_owned(),
    };
    SessionPlan {
        blocks: vec![block("knee_extension", Side::Left), block("walk", Side::Right)],
        worn: vec![
            Worn { cuff: LEFT, side: Side::Left, mass_g: 1500 },
            Worn { cuff: RIGHT, side: Side::Right, mass_g: 1500 },
        ],
        pace: Pace::Guided,
        language: "de".to_owned(),
        known: None,
    }
}

pub fn head(n: u8) -> SessionHead {
    SessionHead {
        id: id(n),
        profile: ADA,
        kind: Kind::Demo,
        started_utc_ms: 1_780_000_000_000 + i64::from(n) * 86_400_000,
        offset_min: 120,
        zone: "Europe/Berlin".to_owned(),
        local_day: format!("2026-05-{:02}", 1 + n % 28),
        engine_version: 1,
        catalogue_version: "2026-11".to_owned(),
        plan: plan(),
        source: "sim".to_owned(),
    }
}

pub fn store(folder: &Path) -> Store {
    let store = Store::open(&folder.join("talus.db")).unwrap();
    store.ensure_profile(ADA, "Ada").unwrap();
    store
}

pub fn push_all(recorder: &mut Recorder, inputs: &[Input]) {
    for input in inputs {
        recorder.push(input);
    }
}

pub fn stream(cuff: CuffId) -> Input {
    Input::Stream(StreamConfig {
        cuff,
        stream: 1,
        rate_hz: 100.0 / 3.0 * 3.0,
        acc_mps2_per_count: 9.80665 / 2048.0,
        gyr_radps_per_count: 0.001_064_724_7,
        acc_range_mps2: 156.9,
        gyr_range_radps: f64::MIN_POSITIVE,
        timing: Timing::Device,
        driver: "cmp".to_owned(),
        firmware: "1.4.0-ß".to_owned(),
    })
}

/// The inputs of one second: two cuffs at 100 Hz with noise, a tick, now and then something else.
pub fn second(seed: &mut Seed, second: i64) -> Vec<Input> {
    let mut inputs = Vec::new();
    let base = second * 1_000_000;
    if second == 0 {
        inputs.extend([stream(LEFT), stream(RIGHT)]);
        inputs.push(Input::Link { at: Micros(0), cuff: LEFT, state: LinkState::Streaming });
        inputs.push(Input::Tap { at: Micros(1), tap: Tap::Confirm });
    }
    for block in 0..10 {
        for cuff in [LEFT, RIGHT] {
            let first = (second * 100 + block * 10) as u64;
            let counts: Counts = (0..10)
                .map(|i| {
                    let phase = (first + i) as i64 % 400;
                    let lift = if phase < 200 { phase } else { 400 - phase } as i16;
                    let mut noise = || seed.below(17) as i16 - 8;
                    [lift * 8 + noise(), noise(), 2048 - lift * 3 + noise(), noise(), lift * 5 + noise(), noise()]
                })
                .collect();
            let arrival_us = base + block * 100_000 + 20_000 + seed.below(5_000) as i64;
            inputs.push(Input::Samples(SampleBlock {
                cuff,
                stream: 1,
                first_index: first,
                device_us: (cuff == LEFT).then_some(77_000_000 + first as i64 * 10_001),
                arrival_us,
                flags: if seed.below(20) == 0 { BlockFlags::ACC_CLIP } else { BlockFlags::TIME_SYNCED },
                counts,
            }));
        }
        inputs.push(Input::Tick { at: Micros(base + block * 100_000 + 30_000) });
    }
    match seed.below(8) {
        0 => inputs.push(Input::Answer { at: Micros(base + 990_000), answer: Answer::Pain(2) }),
        1 => inputs.push(Input::Answer { at: Micros(base + 990_000), answer: Answer::Reserve(3) }),
        2 => inputs.push(Input::Resumed { at: Micros(base + 990_000), gap_us: -3, confident: true }),
        3 => inputs.push(Input::Tap { at: Micros(base + 990_000), tap: Tap::CountUp }),
        _ => {}
    }
    inputs
}

pub fn inputs(seed: u64, seconds: i64) -> Vec<Input> {
    let mut seed = Seed(seed);
    (0..seconds).flat_map(|at| second(&mut seed, at)).collect()
}

/// Measures to the digit that rows keep.
pub fn rep(n: u32) -> Rep {
    let start = Micros(i64::from(n) * 3_000_000);
    kept(&Rep {
        start,
        top: start.plus(1_000_000),
        turn: start.plus(1_500_000),
        end: start.plus(2_700_000),
        range_deg: Some(61.0 + 1.0 / 3.0),
        lift_s: 1.0,
        hold_s: 0.5,
        lower_s: 1.2,
        rest_s: (n > 1).then_some(0.3),
        peak_deg_per_s: 120.0 + f64::from(n) / 7.0,
        smoothness_sparc: (n > 1).then_some(-1.7),
        full: !n.is_multiple_of(5),
        confidence: 0.93,
        detectors: if n.is_multiple_of(5) { vec![Detector::ShortRom, Detector::Drop] } else { Vec::new() },
        measures: talus_motion::Measures::default(),
        quality: if n == 3 { Quality::because(Reason::AccSaturated) } else { Quality::GOOD },
    })
}

pub fn stride(n: u32) -> Stride {
    let start = Micros(60_000_000 + i64::from(n) * 1_100_000);
    let (foot_off, end) = (start.plus(700_000), start.plus(1_100_000));
    let length_m = (n > 1).then(|| 1.2 + f64::from(n) / 70.0);
    Stride {
        start,
        foot_off,
        end,
        swing_fraction: 4.0 / 11.0,
        length_m,
        length_error_m: length_m.map(|_| 0.023),
        lift_m: length_m.map(|_| 0.11),
        quality: Quality::GOOD,
    }
}

pub fn result(exercise: &str, side: Side, count: u32) -> SetResult {
    SetResult {
        exercise: exercise.to_owned(),
        side,
        laterality: Laterality::Each,
        mass_g: 1500,
        began: Micros(1_000_000),
        ended: Micros(40_000_000),
        end: SetEnd::Target,
        count,
        short: 2,
        target: Some(10),
        range_deg: Some(61.0 + 1.0 / 3.0),
        tempo_s: Some([1.0, 0.5, 1.2]),
        peak_deg_per_s: Some(123.4),
        cadence_per_min: None,
        reserve: Some(3),
        pain: Some(0),
        counts_for_progress: true,
        quality: Quality::because(Reason::AccSaturated),
    }
}

pub fn began(set_index: u32, exercise: &str, side: Side) -> Record {
    Record::SetBegan { set_index, exercise: exercise.to_owned(), side, mass_g: 1500, at: Micros(1_000_000) }
}

pub fn bookmark(at: Micros, count: u32) -> Bookmark {
    Bookmark {
        at,
        block: 1,
        set_index: 0,
        side: Some(Side::Left),
        stage: Stage::Rest,
        count,
        rest_until: Some(at.plus(5)),
        stopped: vec!["side_abd".to_owned()],
        skipped: Vec::new(),
        eased: vec![("knee_ext_seated".to_owned(), Side::Left, 1250)],
    }
}

/// One bit of byte `at` of the recording `file` was flipped, and `reading` is what came of it: that it is found, that it is
/// one marked gap, and that nothing is lost but what stood in the chunk that was hit.
pub fn assert_costs_one_chunk(file: &[u8], at: usize, all: &[Input], reading: &Reading) {
    assert!(!reading.intact(), "byte {at} went unseen");
    // Which chunk it was: a head, three chunks a second, an end.
    let (mut chunk, mut begin, mut end) = (0, 0, 8);
    while end <= at {
        chunk += usize::from(begin > 0);
        begin = end;
        end += 16 + u32::from_le_bytes(file[begin + 8..begin + 12].try_into().unwrap()) as usize;
    }
    let second = |input: &Input| recording::input_at(input).map_or(0, |at| at.0 / 1_000_000);
    let (hit, last) = ((chunk as i64 - 1) / 3, all.iter().map(second).max().unwrap());
    let cuff = |input: &Input| match input {
        Input::Samples(block) => Some(block.cuff),
        _ => None,
    };
    let mut back = reading.inputs.iter().peekable();
    let lost: Vec<&Input> = all.iter().filter(|input| back.next_if_eq(input).is_none()).collect();
    assert_eq!(back.next(), None, "byte {at}: an input that was not there");
    let expected: Vec<&Input> = match file[begin + 4] {
        0 | 3 => Vec::new(),
        // Without its last chunk a group was never acknowledged, unless later ones were.
        2 => all.iter().filter(|input| second(input) == hit && (hit == last || cuff(input).is_none())).collect(),
        _ => {
            let whose = lost.first().and_then(|input| cuff(input));
            assert!(whose.is_some(), "byte {at}");
            all.iter().filter(|input| second(input) == hit && cuff(input) == whose).collect()
        }
    };
    assert_eq!(lost, expected, "byte {at}");
    assert_eq!(reading.head.is_some(), file[begin + 4] != 0, "byte {at}");
    // What follows the last input is no gap between two: it is said that the file goes on with what does not read.
    let is_end = file[begin + 4] == 3;
    assert_eq!(
        (reading.damage.len(), reading.ended.is_some()),
        if is_end { (0, false) } else { (1, true) },
        "byte {at}"
    );
    let Some(gap) = reading.damage.first() else { return };
    // Blocks arrive up to 5 ms late, so neighbours are not in the order of their times.
    let within = |at: Micros| at.plus(5_000) >= gap.from && at <= gap.to.plus(5_000);
    if hit < last {
        assert!(lost.iter().filter_map(|input| recording::input_at(input)).all(within), "byte {at}: {gap:?}");
    }
}

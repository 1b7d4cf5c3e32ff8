//! What a recording promises: every input back as it was, every flipped bit found, no bytes that hurt.

#![allow(clippy::unwrap_used, clippy::cast_possible_wrap)] // helpers of tests are tests

mod common;

use common::*;
use proptest::prelude::*;
use talus_coach::{Answer, Input, Tap};
use talus_motion::{BLOCK_MAX, BlockFlags, CuffId, LinkState, Micros, SampleBlock, StreamConfig, Timing};
use talus_store::Store;
use talus_store::recording::{Encoder, MAGIC, Reading, read};

/// A finished recording of `inputs`, with the head of session 1.
fn file_of(inputs: &[Input]) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    push_all(&mut recorder, inputs);
    recorder.finish(12_345).unwrap();
    std::fs::read(store.recording_path(id(1))).unwrap()
}

/// The first bytes of a recording, up to its first group.
fn file_head() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let path = store.recording_path(id(1));
    drop(store.begin(&head(1)).unwrap());
    std::fs::read(path).unwrap()
}

fn chunk(kind: u8, payload: &[u8]) -> Vec<u8> {
    let mut meaning = [kind, 0, 0, 0, 0, 0, 0, 0];
    meaning[4..].copy_from_slice(&(payload.len() as u32).to_le_bytes());
    let crc = crc32c::crc32c_append(crc32c::crc32c(&meaning), payload);
    [&[0xa7, b'T', b'k', 0x0a], meaning.as_slice(), &crc.to_le_bytes(), payload].concat()
}

/// Whether every input of `part` stands in `whole`, in the same order.
fn in_order_within(part: &[Input], whole: &[Input]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|input| rest.any(|other| other == input))
}

fn any_time() -> impl Strategy<Value = Micros> {
    prop_oneof![8 => 0i64..5_000_000, 1 => any::<i64>()].prop_map(Micros)
}

fn any_cuff() -> impl Strategy<Value = CuffId> {
    prop_oneof![Just(LEFT), Just(RIGHT), any::<[u8; 16]>().prop_map(CuffId)]
}

fn any_config() -> impl Strategy<Value = StreamConfig> {
    let number = || prop::num::f64::ANY.prop_filter("equality of NaN is tested by itself", |value| !value.is_nan());
    let numbers = (number(), number(), number(), number(), number());
    (any_cuff(), any::<u8>(), numbers, any::<bool>(), ".{0,30}", ".{0,30}").prop_map(
        |(cuff, stream, (rate_hz, acc, gyr, acc_range, gyr_range), device, driver, firmware)| StreamConfig {
            cuff,
            stream,
            rate_hz,
            acc_mps2_per_count: acc,
            gyr_radps_per_count: gyr,
            acc_range_mps2: acc_range,
            gyr_range_radps: gyr_range,
            timing: if device { Timing::Device } else { Timing::Estimated },
            driver,
            firmware,
        },
    )
}

fn any_block() -> impl Strategy<Value = SampleBlock> {
    let time = prop_oneof![8 => (0i64..5_000_000).prop_map(Some), 1 => any::<i64>().prop_map(Some), 1 => Just(None)];
    let index = prop_oneof![8 => 0u64..100, 1 => any::<u64>()];
    let counts = prop::collection::vec(any::<[i16; 6]>(), 0..=BLOCK_MAX);
    (any_cuff(), 0u8..3, index, time, any_time(), any::<u8>(), counts).prop_map(
        |(cuff, stream, first_index, device_us, arrival, flags, counts)| SampleBlock {
            cuff,
            stream,
            first_index,
            device_us,
            arrival_us: arrival.0,
            flags: BlockFlags(flags),
            counts: counts.into_iter().collect(),
        },
    )
}

fn any_input() -> impl Strategy<Value = Input> {
    let taps = prop::sample::select(vec![Tap::Confirm, Tap::Pause, Tap::GoOn, Tap::EndSet, Tap::CountDown, Tap::Stop]);
    let states = prop::sample::select(vec![LinkState::RadioOff, LinkState::Streaming, LinkState::Closed]);
    let answers =
        prop_oneof![any::<u8>().prop_map(Answer::Reserve), any::<u8>().prop_map(Answer::Pain), Just(Answer::RedFlag)];
    prop_oneof![
        6 => any_block().prop_map(Input::Samples),
        1 => any_config().prop_map(Input::Stream),
        1 => (any_time(), any_cuff(), states).prop_map(|(at, cuff, state)| Input::Link { at, cuff, state }),
        1 => (any_time(), taps).prop_map(|(at, tap)| Input::Tap { at, tap }),
        1 => (any_time(), answers).prop_map(|(at, answer)| Input::Answer { at, answer }),
        2 => any_time().prop_map(|at| Input::Tick { at }),
        1 => (any_time(), any::<i64>(), any::<bool>())
            .prop_map(|(at, gap_us, confident)| Input::Resumed { at, gap_us, confident }),
    ]
}

/// Encodes with a commit after every `every`-th input.
fn encode(inputs: &[Input], every: usize) -> Vec<u8> {
    let mut encoder = Encoder::new(0);
    let mut file = file_head();
    for (index, input) in inputs.iter().enumerate() {
        encoder.push(input).unwrap();
        if index % every == every - 1 {
            encoder.close(encoder.through());
            file.extend(encoder.take());
        }
    }
    encoder.end(7);
    file.extend(encoder.take());
    file
}

fn intact(file: &[u8]) -> Reading {
    let reading = read(file).unwrap();
    assert!(reading.intact(), "damage {:?}", reading.damage);
    reading
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn any_inputs_come_back_as_they_were_in_their_order(
        inputs in prop::collection::vec(any_input(), 0..60),
        every in 1usize..40,
    ) {
        let reading = intact(&encode(&inputs, every));
        prop_assert_eq!(reading.inputs, inputs);
        prop_assert_eq!(reading.head, Some(head(1)));
    }

    #[test]
    fn random_bytes_are_no_recording_and_do_no_harm(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let mut file = MAGIC.to_vec();
        file.extend_from_slice(&[1, 0]);
        file.extend_from_slice(&bytes);
        prop_assert!(read(&file).unwrap().inputs.is_empty());
        prop_assert!(read(&bytes).is_err());
    }

    /// Chunks somebody made on purpose: the CRC is right, the content is not.
    #[test]
    fn made_up_chunks_do_no_harm(
        kind in 0u8..6,
        payload in prop::collection::vec(prop_oneof![any::<u8>(), 0u8..4, Just(0xff)], 0..300),
        tail in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut file = file_head();
        file.extend(chunk(kind, &payload));
        file.extend(tail);
        prop_assert!(read(&file).unwrap().inputs.len() <= payload.len());
    }

    /// Real chunks with some bytes changed and the CRC made right again.
    #[test]
    fn changed_chunks_do_no_harm(seed in 1u64.., changes in prop::collection::vec((any::<usize>(), any::<u8>()), 1..6)) {
        let mut file = encode(&inputs(seed, 1), 1000);
        let start = file_head().len();
        let mut at = start;
        while at < file.len() {
            let length = u32::from_le_bytes(file[at + 8..at + 12].try_into().unwrap()) as usize;
            let mut payload = file[at + 16..at + 16 + length].to_vec();
            for (place, value) in &changes {
                let place = place % payload.len();
                payload[place] = *value;
            }
            let again = chunk(file[at + 4], &payload);
            file.splice(at..at + 16 + length, again);
            at += 16 + length;
        }
        prop_assert!(read(&file).unwrap().inputs.len() <= 5000);
    }
}

#[test]
fn numbers_of_a_stream_come_back_bit_for_bit_even_where_they_are_none() {
    let odd = [f64::NAN, -0.0, f64::from_bits(0x7ff8_0000_0000_0001), f64::INFINITY, f64::MIN_POSITIVE / 2.0];
    let Input::Stream(mut config) = stream(LEFT) else { unreachable!() };
    let bits = |c: &StreamConfig| {
        [c.rate_hz, c.acc_mps2_per_count, c.gyr_radps_per_count, c.acc_range_mps2, c.gyr_range_radps].map(f64::to_bits)
    };
    [config.rate_hz, config.acc_mps2_per_count, config.gyr_radps_per_count] = [odd[0], odd[1], odd[2]];
    [config.acc_range_mps2, config.gyr_range_radps] = [odd[3], odd[4]];
    let reading = intact(&file_of(&[Input::Stream(config.clone())]));
    let [Input::Stream(back)] = reading.inputs.as_slice() else { panic!("{:?}", reading.inputs) };
    assert_eq!(bits(back), bits(&config));
}

#[test]
fn a_recording_cut_at_any_length_gives_the_beginning_of_its_inputs() {
    let all = inputs(11, 4);
    let file = file_of(&all);
    let head_length = file_head().len();
    let mut longest = 0;
    for length in 0..file.len() {
        let Ok(reading) = read(&file[..length]) else {
            assert!(length < 8, "only without its first eight bytes is it no recording");
            continue;
        };
        assert_eq!(reading.inputs, all[..reading.inputs.len()], "cut at {length}");
        assert_eq!(reading.next, reading.inputs.len() as u64);
        assert!(reading.whole_bytes <= length as u64);
        assert_eq!(reading.head.is_some(), length >= head_length);
        assert_eq!(reading.damage, [], "a torn tail is no damage");
        assert!(reading.ended.is_none());
        assert!(reading.inputs.len() >= longest, "a longer file holds no less");
        longest = reading.inputs.len();
    }
    assert_eq!(longest, all.len());
}

#[test]
fn every_flipped_bit_is_found_and_no_input_is_made_up() {
    let all = inputs(12, 3);
    let file = file_of(&all);
    let mut seed = Seed(12);
    for at in 0..file.len() {
        // Every bit where structure is dense, one by chance of every other byte.
        let bits = if at < 64 {
            0..8
        } else {
            let bit = seed.below(8) as u8;
            bit..bit + 1
        };
        for bit in bits {
            let mut flipped = file.clone();
            flipped[at] ^= 1 << bit;
            let Ok(reading) = read(&flipped) else {
                assert!(at < 8, "byte {at} is not in the mark");
                continue;
            };
            assert!(!reading.intact(), "bit {bit} of byte {at} went unseen");
            assert!(in_order_within(&reading.inputs, &all), "byte {at}");
        }
    }
}

#[test]
fn one_flipped_bit_in_each_of_200_stored_recordings_is_found_marked_and_costs_its_chunk_and_nothing_else() {
    let mut seed = Seed(200);
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    for n in 0..200 {
        let all = inputs(u64::from(n) + 13, 3);
        let mut recorder = store.begin(&head(n)).unwrap();
        push_all(&mut recorder, &all);
        recorder.finish(1).unwrap();
        let path = store.recording_path(id(n));
        let whole = std::fs::read(&path).unwrap();
        let before = store.reading(id(n)).unwrap();
        assert!(before.intact() && before.inputs == all);
        // Without the mark at its beginning it is no recording.
        let at = 8 + seed.below(whole.len() as u64 - 8) as usize;
        let mut bytes = whole.clone();
        bytes[at] ^= 1 << seed.below(8);
        std::fs::write(&path, bytes).unwrap();
        assert_costs_one_chunk(&whole, at, &all, &store.reading(id(n)).unwrap());
    }
}

#[test]
fn a_damaged_chunk_of_one_cuff_is_one_marked_gap_of_its_second() {
    let all = inputs(14, 6);
    let file = file_of(&all);
    // The third second's first chunk: head, then three chunks a second.
    let mut at = file_head().len();
    for _ in 0..6 {
        at += 16 + u32::from_le_bytes(file[at + 8..at + 12].try_into().unwrap()) as usize;
    }
    let mut broken = file.clone();
    broken[at + 200] ^= 4;
    let reading = read(&broken).unwrap();
    assert_eq!(reading.damage.len(), 1, "{:?}", reading.damage);
    let gap = reading.damage[0];
    assert!(gap.from >= Micros(1_900_000) && gap.to <= Micros(3_000_000), "{gap:?}");
    let lost = all.len() - reading.inputs.len();
    assert_eq!(lost, 10, "ten blocks of one cuff");
    assert!(in_order_within(&reading.inputs, &all));
    assert_eq!(reading.next, all.len() as u64);

    // The length of that chunk is damaged instead: what follows is found again.
    let mut broken = file;
    broken[at + 10] ^= 0x40;
    let reading = read(&broken).unwrap();
    assert_eq!((reading.damage.len(), all.len() - reading.inputs.len()), (1, 10));
}

#[test]
fn a_flood_within_one_second_is_kept_in_chunks_of_bounded_size() {
    let mut flood: Vec<Input> = (0..40_000).map(|n| Input::Tick { at: Micros(n) }).collect();
    flood.extend(inputs(15, 1).iter().cycle().take(6_000).cloned());
    let reading = intact(&file_of(&flood));
    assert_eq!(reading.inputs, flood);
}

#[test]
fn a_stream_that_says_too_much_is_left_out_and_reported() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(folder.path());
    let mut recorder = store.begin(&head(1)).unwrap();
    let Input::Stream(mut config) = stream(LEFT) else { unreachable!() };
    config.firmware = "x".repeat(2_000);
    recorder.push(&Input::Stream(config));
    recorder.push(&Input::Tick { at: Micros(5) });
    let error = recorder.commit(Micros(5)).unwrap_err();
    assert_eq!(
        format!("failed to {error}"),
        "failed to write what a cuff says about itself: 2000 bytes are more than a recording takes in one piece"
    );
    recorder.finish(1).unwrap();
    assert_eq!(store.inputs(id(1)).unwrap().1, [Input::Tick { at: Micros(5) }]);
}

#[test]
fn a_file_full_of_false_beginnings_costs_no_more_than_a_few_looks_at_each_byte() {
    // Each place says "a megabyte follows": unbounded, this file would take a million million steps.
    let mut false_start = chunk(1, &[]);
    false_start[8..12].copy_from_slice(&(1u32 << 20).to_le_bytes());
    let start = file_head();
    let mut file = start.clone();
    while file.len() < 3 << 20 {
        file.extend_from_slice(&false_start);
    }
    // A real group behind them shows where the reader stopped looking: a boundless one would find it.
    file.extend_from_slice(&encode(&inputs(17, 1), 1000)[start.len()..]);
    let reading = read(&file).unwrap();
    assert!(!reading.intact() && reading.inputs.is_empty());
    assert_eq!(reading.whole_bytes, start.len() as u64);
    // Behind a few of them, as damage may make them, it is found.
    let few = [&file[..start.len() + 3 * false_start.len()], &encode(&inputs(17, 1), 1000)[start.len()..]].concat();
    assert_eq!(read(&few).unwrap().inputs, inputs(17, 1));
}

#[test]
fn a_recording_of_a_newer_talus_says_so() {
    let mut file = file_head();
    file[6] = 9;
    assert_eq!(
        format!("failed to {}", read(&file).unwrap_err()),
        "failed to read it as a recording: its format is version 9, this Talus reads up to 2"
    );
}

#[test]
fn a_second_of_two_cuffs_takes_less_than_half_of_its_raw_size() {
    let file = file_of(&inputs(16, 60));
    // 2 cuffs × 100 Hz × 12 bytes × 60 s; the noise of this signal alone has four bits a value.
    assert!(file.len() < 2 * 100 * 12 * 60 / 2, "{} bytes", file.len());
}

/// The promise of the fixtures: what a released version wrote reads the same for ever.
#[test]
fn format_1_still_reads_the_same() {
    let file = include_bytes!("fixtures/format-1.talus");
    assert!(file.len() < 20_000);
    let reading = intact(file);
    insta::assert_debug_snapshot!("format_1", (&reading.head, &reading.inputs, reading.ended));
    // And through the store, as a session whose file was put there.
    let folder = tempfile::tempdir().unwrap();
    let store: Store = store(folder.path());
    std::fs::write(store.recording_path(id(1)), file).unwrap();
    let (head, inputs) = store.inputs(id(1)).unwrap();
    assert_eq!((Some(head), inputs), (reading.head, reading.inputs));
}

#[test]
fn format_2_still_reads_the_same() {
    let file = include_bytes!("fixtures/format-2.talus");
    assert!(file.len() < 20_000);
    // Byte 6 is the version; both kinds of samples are in it: seconds of a hundred samples, and a short one.
    assert_eq!(file[6], 2);
    let kinds: Vec<u8> =
        file.windows(5).filter(|five| five.starts_with(&[0xa7, b'T', b'k', 0x0a])).map(|five| five[4]).collect();
    assert!(kinds.contains(&1) && kinds.contains(&4), "{kinds:?}");
    let reading = intact(file);
    insta::assert_debug_snapshot!("format_2", (&reading.head, &reading.inputs, reading.ended));
}

#[test]
fn a_recording_of_format_1_that_is_taken_up_again_goes_on_in_format_2() {
    let folder = tempfile::tempdir().unwrap();
    let store: Store = store(folder.path());
    store.begin(&head(1)).unwrap().abandon();
    // As an older Talus left it: one group that was never ended.
    let mut file = file_head();
    let mut encoder = Encoder::new(0);
    encoder.push(&Input::Tick { at: Micros(5) }).unwrap();
    encoder.close(Micros(1_000_000));
    file.extend(encoder.take());
    file[6] = 1;
    std::fs::write(store.recording_path(id(1)), &file).unwrap();
    let (_, before, mut recorder) = store.resume(id(1)).unwrap();
    assert_eq!(before, [Input::Tick { at: Micros(5) }]);
    push_all(&mut recorder, &inputs(4, 2));
    recorder.finish(9).unwrap();
    assert_eq!(std::fs::read(store.recording_path(id(1))).unwrap()[6], 2);
    assert_eq!(store.inputs(id(1)).unwrap().1, [before, inputs(4, 2)].concat());
    assert!(store.reading(id(1)).unwrap().intact());
}

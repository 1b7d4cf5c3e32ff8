//! What holds for every stream: how it is cut into blocks changes nothing, and nothing that arrives makes a tracker
//! panic or say what cannot be.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod made;

use made::{PERIOD_US, block, config, counts, knee, lifting, walking};
use proptest::collection::vec;
use proptest::prelude::{Just, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};
use talus_motion::{BLOCK_MAX, BlockFlags, BlockTime, Micros, Movement, SampleBlock, Task, Tracker};

/// The movements of `counts` cut into blocks of these sizes, over and over, less the samples in `lost`.
fn movements(counts: &[[i16; 6]], sizes: &[usize], lost: &[core::ops::Range<usize>], task: Task) -> Vec<Movement> {
    let mut tracker = Tracker::new(&config()).unwrap();
    let mut out = Vec::new();
    tracker.begin(Micros(0), task, None);
    let mut sizes = sizes.iter().cycle();
    let mut first = 0;
    while first < counts.len() {
        if let Some(gap) = lost.iter().find(|gap| gap.contains(&first)) {
            first = gap.end;
            continue;
        }
        let next_gap = lost.iter().map(|gap| gap.start).filter(|start| *start > first).min().unwrap_or(counts.len());
        let to = (first + sizes.next().unwrap()).min(next_gap).min(counts.len());
        let (block, time) = block(first, &counts[first..to]);
        tracker.push(&block, time, &mut out);
        first = to;
    }
    tracker.end(Micros((counts.len() as f64 * PERIOD_US) as i64), &mut out);
    out
}

proptest! {
    #![proptest_config(prop::test_runner::Config { cases: 24, ..Default::default() })]

    #[test]
    fn how_a_stream_is_cut_into_blocks_makes_no_difference(
        sizes in vec(1..=BLOCK_MAX, 1..40),
        lost in vec((0..4000_usize, 1..60_usize), 0..4),
        seed in any::<u64>(),
        walks in any::<bool>(),
    ) {
        let (task, counts) = if walks {
            (Task::Walk, counts(4000, walking, seed))
        } else {
            (Task::Reps(knee()), counts(4000, lifting, seed))
        };
        let lost: Vec<_> = lost.into_iter().map(|(from, length)| from..from + length).collect();
        let one_by_one = movements(&counts, &[1], &lost, task);
        // Debug of a float is its shortest exact form: equal text is equal bits.
        prop_assert_eq!(format!("{one_by_one:?}"), format!("{:?}", movements(&counts, &sizes, &lost, task)));
        if lost.is_empty() {
            let found = one_by_one
                .iter()
                .filter(|m| matches!(m, Movement::Strode(_) | Movement::RepEnded(_)))
                .count();
            // 40 s: 36 swings, or nine lifts and the beginning of a tenth.
            prop_assert!(if walks { (34..=36).contains(&found) } else { (9..=10).contains(&found) }, "{found}");
        }
    }
}

fn time() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -1e8..1e9_f64,
        1 => any::<f64>(),
        1 => prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), Just(0.0)],
    ]
}

/// Something that may happen to a tracker.
#[derive(Debug, Clone)]
enum Happening {
    Block(Box<SampleBlock>, BlockTime),
    Begin(i64, Task, Option<f64>),
    End(i64),
    /// The next blocks of a real movement, so that garbage falls into something that is under way.
    Going(usize),
}

fn happening() -> impl Strategy<Value = Happening> {
    let counts = prop_oneof![
        vec(any::<[i16; 6]>(), 0..=BLOCK_MAX),
        (any::<[i16; 6]>(), 0..=BLOCK_MAX).prop_map(|(count, times)| vec![count; times]),
    ];
    let garbage = (any::<u64>(), any::<u8>(), counts, time(), time(), any::<bool>()).prop_map(
        |(first_index, flags, counts, first_us, period_us, fit_ok)| {
            let (mut block, _) = block(0, &counts);
            block.first_index = first_index;
            block.flags = BlockFlags(flags);
            Happening::Block(Box::new(block), BlockTime { first_us, period_us, fit_ok })
        },
    );
    let task = prop_oneof![Just(Task::Idle), Just(Task::Walk), Just(Task::Reps(knee()))];
    prop_oneof![
        4 => garbage,
        4 => (1..30_usize).prop_map(Happening::Going),
        1 => (any::<i64>(), task, proptest::option::of(any::<f64>())).prop_map(|(at, task, own)| Happening::Begin(at, task, own)),
        1 => any::<i64>().prop_map(Happening::End),
    ]
}

proptest! {
    #![proptest_config(prop::test_runner::Config { cases: 200, ..Default::default() })]

    #[test]
    fn whatever_arrives_a_tracker_neither_panics_nor_says_what_cannot_be(happenings in vec(happening(), 1..60)) {
        let going = counts(3000, walking, 3);
        let mut at = 0;
        let mut tracker = Tracker::new(&config()).unwrap();
        let mut out = Vec::new();
        tracker.begin(Micros(0), Task::Walk, None);
        for happening in happenings {
            match happening {
                Happening::Block(block, time) => tracker.push(&block, time, &mut out),
                Happening::Begin(at, task, own) => tracker.begin(Micros(at), task, own),
                Happening::End(at) => tracker.end(Micros(at), &mut out),
                Happening::Going(blocks) => {
                    for _ in 0..blocks {
                        let to = (at + 10).min(going.len());
                        let (block, time) = block(at, &going[at..to]);
                        tracker.push(&block, time, &mut out);
                        at = to;
                    }
                }
            }
            let live = tracker.live();
            prop_assert!(live.angle_deg.is_none_or(f64::is_finite));
            prop_assert!(live.cadence_per_min.is_none_or(|c| (30.0..=240.0).contains(&c)));
        }
        for movement in &out {
            match movement {
                Movement::RepEnded(rep) => {
                    prop_assert!(rep.start <= rep.top && rep.top <= rep.turn && rep.turn <= rep.end, "{rep:?}");
                    prop_assert!((0.0..=1.0).contains(&rep.confidence), "{rep:?}");
                    prop_assert!(rep.range_deg.is_none_or(|deg| deg > 0.0 && deg.is_finite()), "{rep:?}");
                }
                Movement::Strode(stride) => {
                    prop_assert!(stride.start < stride.foot_off && stride.foot_off < stride.end, "{stride:?}");
                    prop_assert!((0.5..=4.0).contains(&stride.stride_s()), "{stride:?}");
                    prop_assert!((0.0..=1.0).contains(&stride.swing_fraction), "{stride:?}");
                }
                Movement::Gapped(gap) => prop_assert!(gap.start <= gap.end, "{gap:?}"),
                _ => {}
            }
        }
    }
}

//! After its first seconds a tracker allocates nothing: counted by an allocator of this file's own.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod made;

use made::{block, config, counts, knee, lifting, walking};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use talus_motion::calibrate::Mounting;
use talus_motion::{Micros, Movement, StreamConfig, Task, Test, Tracker};

/// The system's allocator, counting what the thread under test asks of it.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
    /// Bytes held.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

fn held(bytes: isize) {
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

fn asked() {
    // A thread that ends has no counter any more, and nothing left to count.
    let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

// SAFETY: every call goes on to the system's allocator unchanged; the counter neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        asked();
        held(layout.size().cast_signed());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        held(-layout.size().cast_signed());
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        asked();
        held(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Allocations during the last 1,000 of 9,000 samples, and the strides or repetitions among them.
fn allocations(task: Task, rate: fn(f64) -> f64) -> (usize, usize) {
    const ALL: usize = 9000;
    const LAST: usize = 1000;
    let blocks: Vec<_> = counts(ALL, rate, 5).chunks(20).enumerate().map(|(i, c)| block(20 * i, c)).collect();
    let mut tracker = Tracker::new(&config()).unwrap();
    // The caller's vector is the caller's: it has room.
    let mut out = Vec::with_capacity(10_000);
    tracker.begin(Micros(0), task, None);
    let (warm_up, rest) = blocks.split_at((ALL - LAST) / 20);
    for (block, time) in warm_up {
        tracker.push(block, *time, &mut out);
    }
    let (before, known) = (ASKED.get(), out.len());
    for (block, time) in rest {
        tracker.push(block, *time, &mut out);
    }
    let asked = ASKED.get() - before;
    let found = out[known..].iter().filter(|m| matches!(m, Movement::Strode(_) | Movement::RepEnded(_))).count();
    (asked, found)
}

#[test]
fn a_walk_allocates_nothing() {
    let (asked, strides) = allocations(Task::Walk, walking);
    assert!((8..=10).contains(&strides), "{strides}");
    assert_eq!(asked, 0);
}

#[test]
fn a_set_allocates_nothing_but_the_list_of_what_stood_out() {
    // Nothing stands out: one range, one tempo, as the model asks.
    let (asked, reps) = allocations(Task::Reps(knee()), lifting);
    assert!((2..=3).contains(&reps), "{reps}");
    // The detectors of a repetition are the caller's: at most one list each.
    assert!(asked <= reps, "{asked} for {reps} repetitions");
    assert_eq!(allocations(Task::Reps(knee()), |_| 0.0).0, 0, "a still leg");
}

#[test]
fn a_tracker_stays_below_a_mebibyte_however_long_it_follows_and_at_every_rate() {
    for rate_hz in [12.5, 100.0, 1000.0] {
        let tasks = [
            (Task::Walk, walking as fn(f64) -> f64),
            (Task::Reps(knee()), lifting),
            (Task::Test(Test::UpAndGo), walking),
            (Task::Test(Test::FootUp), lifting),
        ];
        let config = StreamConfig { rate_hz, ..config() };
        let period_us = 1e6 / rate_hz;
        for (task, rate) in tasks {
            let counts = counts(6000, rate, 5);
            let before = HELD.get();
            let mut tracker = Tracker::new(&config).unwrap();
            tracker.watch(mounting());
            let mut out = Vec::with_capacity(64);
            let room = HELD.get();
            tracker.begin(Micros(0), task, None);
            let mut most = [0_isize; 2];
            for round in 0..10 {
                for (i, some) in counts.chunks(20).enumerate() {
                    let (mut block, mut time) = block(20 * i, some);
                    block.first_index += 6000 * round;
                    time.first_us = block.first_index as f64 * period_us;
                    time.period_us = period_us;
                    tracker.push(&block, time, &mut out);
                    out.clear();
                    let half = usize::from(round >= 5);
                    most[half] = most[half].max(HELD.get() - before);
                }
            }
            let own = size_of::<Tracker>().cast_signed();
            assert!(most[1] + own <= 1 << 20, "{rate_hz} Hz, {task:?}: {} bytes", most[1] + own);
            assert!(most[1] <= most[0].max(room - before), "it grows: {most:?}");
        }
    }
}

fn mounting() -> Mounting {
    Mounting { long: [0.0, 0.0, 1.0], flexion: [0.0, 1.0, 0.0], quality: 0.97 }
}

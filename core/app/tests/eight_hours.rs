//! Eight hours of two cuffs at 200 samples a second, thirty pictures a second, in virtual time: what is held in memory stays
//! what it was after the first hour but for the result of each set, which the summary is made of; what waits for somebody stays
//! bounded, and only the recording on disk grows. Counted by an allocator of this file's own, over every thread; SQLite's own
//! memory, which its cache bounds, is not in it.
//!
//! `./test` does twenty minutes of it, `./test --ci` an hour, `./test long` the whole day (`TALUS_HEAVY`).
#![allow(clippy::unwrap_used)]

mod day;

use day::{Day, RATE_HZ, REPS, room};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicIsize, Ordering};
use talus_app::coach::Input;
use talus_app::motion::Side;
use talus_app::store::Store;

/// The system's allocator, counting what is held.
struct Counting;

static HELD: AtomicIsize = AtomicIsize::new(0);

// SAFETY: every call goes on to the system's allocator unchanged; the counter neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        HELD.fetch_add(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        HELD.fetch_add(size.cast_signed() - layout.size().cast_signed(), Ordering::Relaxed);
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Seconds to get warm, of a window, and in all.
fn lengths() -> (usize, usize, usize) {
    match std::env::var("TALUS_HEAVY").as_deref() {
        Ok("all") => (3600, 1800, 8 * 3600),
        Ok("tenth") => (600, 600, 3600),
        _ => (600, 300, 1200),
    }
}

/// In memory where there is such a folder: the disk of this machine is not what is looked at.
fn folder() -> tempfile::TempDir {
    let memory = std::path::Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap()
}

/// The most a session may keep of a set that is over, bytes.
const RESULT: f64 = 512.0;

/// Mean and most of what was held after each second of a window; what was written and done until its end.
#[derive(Debug)]
struct Window {
    mean: f64,
    most: f64,
    written: u64,
    sets: u32,
}

#[test]
fn memory_is_flat_and_queues_are_bounded_however_long_two_cuffs_stream() {
    let (warm, window, whole) = lengths();
    let folder = folder();
    // The legs of the simulator are not the app's.
    let radio = room();
    let before = HELD.load(Ordering::Relaxed);
    let mut day = Day::begin(folder.path(), radio);
    let mut windows: Vec<Window> = Vec::new();
    let mut held: Vec<f64> = Vec::with_capacity(window);
    for second in 1..=whole {
        day.second();
        if second <= warm {
            continue;
        }
        held.push((HELD.load(Ordering::Relaxed) - before) as f64);
        if held.len() == window {
            let (mean, most) = (held.iter().sum::<f64>() / window as f64, held.iter().copied().fold(0.0, f64::max));
            windows.push(Window { mean, most, written: day.live.counters().bytes, sets: day.sets });
            held.clear();
        }
    }
    // For whoever asks: with `--nocapture`.
    for (n, window) in windows.iter().enumerate() {
        let _ = std::io::Write::write_all(&mut std::io::stdout(), format!("window {n}: {window:.0?}\n").as_bytes());
    }
    let first = &windows[0];
    for later in &windows[1..] {
        let results = RESULT * f64::from(later.sets - first.sets);
        for (held, before) in [(later.mean, first.mean), (later.most, first.most)] {
            assert!(held >= 0.99 * before && held <= 1.01 * before + results, "{windows:?}");
        }
    }
    // On disk it grows as evenly as it comes.
    let written: Vec<u64> = windows.windows(2).map(|two| two[1].written - two[0].written).collect();
    assert!(written.iter().all(|bytes| *bytes * 10 > 9 * written[0] && *bytes * 9 < 10 * written[0]), "{written:?}");

    let most = day.most;
    assert!(most.nearby <= 2 && most.requests <= 4 && most.events <= 32, "{most:?}");
    assert!(most.trace <= 202 && most.waiting <= 5, "{most:?}");
    assert!(day.pictures as usize > whole * 20, "{} pictures", day.pictures);
    let (sets, counters) = (day.sets, day.ways.iter().map(talus_app::ways::Way::counters).collect::<Vec<_>>());
    // Between a set of seventy seconds and a minute of rest a day has some hundred and ninety of them.
    assert!(sets as usize * 180 > whole, "{sets} sets");
    for counted in counters {
        assert!(counted.received as f64 > 0.99 * RATE_HZ * whole as f64 && counted.missing == 0, "{counted:?}");
    }
    let (talus, id) = day.finish();
    let detail = talus.session("last").unwrap();
    let reps: u32 = detail.sets.iter().map(|set| set.result.count).sum();
    assert!(f64::from(reps) > 0.98 * f64::from((sets - 1) * REPS), "{reps} repetitions in {sets} sets");
    // All of it is in the recording, in order.
    drop(talus);
    let (_, inputs) = Store::open(&folder.path().join("talus.db")).unwrap().inputs(id).unwrap();
    for side in [Side::Left, Side::Right] {
        let cuff = detail.plan.worn.iter().find(|worn| worn.side == side).unwrap().cuff;
        let (mut next, mut count) = (None, 0);
        for block in inputs.iter().filter_map(|input| match input {
            Input::Samples(block) if block.cuff == cuff => Some(block),
            _ => None,
        }) {
            assert!(next.is_none_or(|next| next == block.first_index), "a gap on disk before {}", block.first_index);
            next = Some(block.first_index + block.counts.len() as u64);
            count += block.counts.len();
        }
        assert!(count as f64 > 0.99 * RATE_HZ * whole as f64, "{count} samples of the {side:?} cuff");
    }
}

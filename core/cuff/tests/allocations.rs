//! A stream allocates nothing, whatever the family: counted by an allocator of this file's own.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod table;

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use table::families::SENDERS;
use talus_motion::Micros;

/// The system's allocator, counting what the thread under test asks of it.
struct Counting;

thread_local! {
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

fn asked() {
    // A thread that ends has no counter any more, and nothing left to count.
    let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
}

// SAFETY: every call goes on to the system's allocator unchanged; the counter neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        asked();
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        asked();
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

#[test]
fn a_stream_of_any_family_allocates_nothing_per_packet() {
    for sender in SENDERS {
        let mut link = sender.link();
        let groups: Vec<_> = (1..400).map(|n| sender.heard(&link, n)).collect();
        let (mut now, mut samples, mut before) = (10_000_000, 0, 0);
        for (n, group) in groups.iter().enumerate() {
            if n == 100 {
                (samples, before) = (0, ASKED.get());
            }
            for heard in group {
                now += 10_000;
                samples += link.notify(heard, Micros(now));
            }
        }
        assert_eq!(ASKED.get() - before, 0, "{}", sender.name);
        assert!(samples >= 290, "{}: {samples} samples", sender.name);
    }
}

//! What a minute of pictures leaves behind in the core: counted by an allocator of this file's own, over every thread.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Ear, Home};
use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::Arc;
use std::sync::atomic::{AtomicIsize, Ordering};
use talus_core::{Beginning, Frame, Picture, Session, Stage, Tap, UniFfiTag};
use uniffi::Lower;

/// Pictures a minute.
const MINUTE: isize = 1800;
/// Between two of them, microseconds.
const BEAT_US: i64 = 33_333;

/// The system's allocator, counting what is held.
struct Counting;

static HELD: AtomicIsize = AtomicIsize::new(0);

fn held(bytes: usize) {
    HELD.fetch_add(bytes.cast_signed(), Ordering::Relaxed);
}

fn let_go(bytes: usize) {
    HELD.fetch_sub(bytes.cast_signed(), Ordering::Relaxed);
}

// SAFETY: every call goes on to the system's allocator unchanged; the counter neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        held(layout.size());
        // SAFETY: the caller keeps the contract of `alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        let_go(layout.size());
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.dealloc(at, layout) }
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        held(size);
        let_go(layout.size());
        // SAFETY: `at` came from `alloc` above with this layout.
        unsafe { System.realloc(at, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// Draws one minute as a shell does, each picture over the bridge in its bytes. Gives how many there were.
fn minute(session: &Session, after: &mut u64) -> isize {
    let mut seen = 0;
    for _ in 0..MINUTE {
        session.advance(BEAT_US).unwrap();
        let Some(frame) = session.latest_frame(*after).unwrap() else { continue };
        *after = frame.version;
        // What the generated code of the other side does with it: it takes the bytes and gives the buffer back.
        let bytes = <Frame as Lower<UniFfiTag>>::lower_into_rust_buffer(frame).destroy_into_vec();
        assert!(bytes.len() > 100, "{} bytes", bytes.len());
        seen += 1;
    }
    // Virtual time is faster than the disk: what waits for it is no leak.
    session.save().unwrap();
    seen
}

fn stage(session: &Session) -> Option<Stage> {
    match session.latest_frame(0).unwrap()?.picture {
        Picture::Training { view } => Some(view.stage),
        _ => None,
    }
}

#[test]
fn a_minute_of_pictures_at_thirty_a_second_leaves_nothing_behind_in_the_core() {
    let home = Home::new("en");
    let before = HELD.load(Ordering::Relaxed);
    let mut grown = Vec::new();
    {
        let session = home.talus.begin(Beginning::Demo { seed: 9 }).unwrap();
        let ear = Arc::new(Ear::default());
        let observation = session.observe(ear.clone()).unwrap();
        while stage(&session) != Some(Stage::Set) {
            session.advance(500_000).unwrap();
        }
        // Paused: what a session keeps of what is done does not grow.
        session.press(Tap::Pause).unwrap();
        let mut after = 0;
        for _ in 0..4 {
            let was = HELD.load(Ordering::Relaxed);
            let seen = minute(&session, &mut after);
            assert!(seen > MINUTE / 2, "{seen} pictures");
            grown.push(HELD.load(Ordering::Relaxed) - was);
        }
        session.press(Tap::GoOn).unwrap();
        minute(&session, &mut after);
        observation.cancel();
        session.finish().unwrap();
        assert!(!ear.heard().is_empty());
    }
    // The first minute gives things their room; from then on less than a byte a picture stays.
    assert!(grown[1..].iter().all(|bytes| *bytes < MINUTE), "{grown:?} bytes more in each minute");
    // Of all five minutes nothing outlives the session: what is left is made once for the process.
    let left = HELD.load(Ordering::Relaxed) - before;
    assert!(left < 2 * MINUTE, "{left} bytes left of {grown:?}");
}

//! While nothing happens a session allocates nothing, however many samples come: counted by an allocator of this
//! file's own.
#![allow(clippy::unwrap_used)] // helpers of tests are tests

mod common;

use common::{CLEAN, Desk, knee, plan};
use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use talus_coach::{Catalogue, Outputs, Pace, Record, Session, Stage, Tap};
use talus_motion::Side;

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
fn a_still_leg_in_a_set_allocates_nothing() {
    let mut desk = Desk::new(plan(vec![knee(Side::Left, 1, Some(12))], Pace::Guided));
    desk.connect();
    desk.tap(Tap::Confirm);
    desk.rests(4.0);
    desk.reps(Side::Left, 3, CLEAN);
    desk.rests(20.0);
    let warm_up = desk.inputs.len();
    desk.rests(60.0);
    assert_eq!((desk.session.frame().stage, desk.session.frame().count), (Stage::Set, 3));

    let mut session = Session::new(desk.plan.clone(), &Catalogue::embedded().unwrap()).unwrap();
    // The caller's vectors are the caller's: they have room.
    let mut out = Outputs { records: Vec::with_capacity(1000), ..Outputs::default() };
    for (input, time) in &desk.inputs[..warm_up] {
        session.step(input, *time, &mut out);
    }
    let (before, known) = (ASKED.get(), out.records.len());
    for (input, time) in &desk.inputs[warm_up..] {
        session.step(input, *time, &mut out);
    }
    assert_eq!(ASKED.get() - before, 0);
    // A minute has its sixty bookmarks.
    let marks = out.records[known..].iter().filter(|r| matches!(r, Record::Bookmark(_))).count();
    assert!((59..=61).contains(&marks), "{marks}");
}

#[test]
fn a_leg_that_rests_in_a_followed_set_allocates_nothing() {
    let mut desk = Desk::new(plan(vec![knee(Side::Left, 1, None)], Pace::Followed));
    desk.connect();
    desk.reps(Side::Left, 5, CLEAN);
    desk.rests(0.5);
    let warm_up = desk.inputs.len();
    desk.rests(2.0);
    assert_eq!((desk.session.frame().stage, desk.session.frame().count), (Stage::Set, 5));

    let mut session = Session::new(desk.plan.clone(), &Catalogue::embedded().unwrap()).unwrap();
    let mut out = Outputs { records: Vec::with_capacity(1000), events: Vec::with_capacity(1000), ..Outputs::default() };
    for (input, time) in &desk.inputs[..warm_up] {
        session.step(input, *time, &mut out);
    }
    let before = ASKED.get();
    for (input, time) in &desk.inputs[warm_up..] {
        session.step(input, *time, &mut out);
    }
    assert_eq!(ASKED.get() - before, 0);
}

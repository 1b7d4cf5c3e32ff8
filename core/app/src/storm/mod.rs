//! Storms: whole journeys drawn from seeds, in virtual time, on a disk and in air that fail, with a person who presses
//! whatever comes to mind. Pair, calibrate, a session, kills in the middle of it, history, export, import.
//!
//! [`journey`] makes one of them and says what it broke; [`storm`] makes many, on as many threads as there are cores. What
//! must hold is in `journey.rs` and `judge.rs`; which faults are drawn in `plan.rs`. Equal seeds give equal journeys:
//! nothing here reads a clock but for ids that nobody compares.

mod after;
mod air;
mod disk;
mod journey;
mod judge;
mod person;
mod plan;
mod sensor;

use serde::Serialize;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// Journeys made twice, one of so many, to see whether they come out the same.
const TWICE_OF: u64 = 10;

/// How often something happened, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Tally(pub BTreeMap<&'static str, u64>);

impl Tally {
    pub(crate) fn add(&mut self, what: &'static str, count: u64) {
        *self.0.entry(what).or_default() += count;
    }

    pub(crate) fn most(&mut self, what: &'static str, count: u64) {
        let most = self.0.entry(what).or_default();
        *most = count.max(*most);
    }

    /// How often; zero for what never happened.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }

    /// Counts add up; the largest of what begins with `most_` stays.
    fn join(&mut self, other: &Self) {
        for (what, count) in &other.0 {
            if what.starts_with("most_") { self.most(what, *count) } else { self.add(what, *count) }
        }
    }
}

/// A journey that held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Journey {
    /// Stands for everything that was told, shown and kept in it, ids and dates left out. `None` where the power was cut
    /// after the disk had failed: how often the writer tries a failing disk depends on its thread, on that how long the
    /// log is, and on that what of it a power cut leaves.
    pub digest: Option<u64>,
    /// What happened in it. Where bytes with dates in them are broken on purpose, what comes of it may differ.
    pub tally: Tally,
}

/// What a journey broke.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("seed {seed}: {what}")]
pub struct Broken {
    /// Which journey.
    pub seed: u64,
    /// What does not hold.
    pub what: String,
}

/// What a storm came to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Report {
    /// Journeys made.
    pub journeys: u64,
    /// What does not hold, by seed.
    pub broken: Vec<Broken>,
    /// What happened in all of them.
    pub tally: Tally,
}

/// The journey of one seed, in a folder of its own below `around` that is removed afterwards.
///
/// # Errors
/// What does not hold; a panic anywhere below is such a thing.
pub fn journey(seed: u64, around: &Path) -> Result<Journey, Broken> {
    let folder = around.join(format!("storm-{}-{seed}", std::process::id()));
    let broken = |what: String| Broken { seed, what };
    std::fs::create_dir_all(&folder).map_err(|error| broken(format!("no folder: {error}")))?;
    let made = catch_unwind(AssertUnwindSafe(|| journey::make(seed, &folder)));
    let removed = std::fs::remove_dir_all(&folder);
    let made = made.unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
        Err(format!("a panic: {}", words.unwrap_or("without words")))
    });
    removed.map_err(|error| broken(format!("its folder stays: {error}")))?;
    made.map_err(broken)
}

/// The journeys of `seeds` seeds from `from` on, one of ten of them twice. `told` hears of each that was made: how many so
/// far, and what it broke.
pub fn storm(from: u64, seeds: u64, around: &Path, told: &(dyn Fn(u64, Option<&Broken>) + Sync)) -> Report {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(16);
    let next = AtomicU64::new(0);
    let report = Mutex::new(Report::default());
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= seeds {
                        break;
                    }
                    let made = one(from.wrapping_add(index), around);
                    let mut report = report.lock().unwrap_or_else(PoisonError::into_inner);
                    report.journeys += 1;
                    match &made {
                        Ok(journey) => report.tally.join(&journey.tally),
                        Err(broken) => report.broken.push(broken.clone()),
                    }
                    told(report.journeys, made.as_ref().err());
                }
            });
        }
    });
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    report.broken.sort_by_key(|broken| broken.seed);
    report
}

fn one(seed: u64, around: &Path) -> Result<Journey, Broken> {
    let mut made = journey(seed, around)?;
    if seed.is_multiple_of(TWICE_OF) {
        let again = journey(seed, around)?;
        if made.digest.zip(again.digest).is_some_and(|(one, other)| one != other) {
            let parts = made.tally.0.iter().filter(|(what, count)| again.tally.of(what) != **count);
            let what = format!("made twice, it came out in two ways: {:?}", parts.collect::<Vec<_>>());
            return Err(Broken { seed, what });
        }
        made.tally.add("made_twice", u64::from(made.digest.is_some()));
    }
    Ok(made)
}

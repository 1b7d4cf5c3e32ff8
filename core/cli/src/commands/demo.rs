//! `talus demo`: two simulated cuffs, a guided session, its history.

use crate::app::{self, Running, words};
use crate::args::{Common, PaceArgs, Speed};
use crate::commands::playing::{Playing, play};
use crate::failure::Failure;
use crate::output::Output;
use talus_app::{DemoWish, Run};

/// Faster than life, yet slow enough to be watched.
const SPEED: Speed = Speed::Times(10.0);

pub(crate) fn run(common: &Common, pace: PaceArgs, seed: u64, out: &mut Output<'_>) -> Result<u8, Failure> {
    let talus = app::open(common, true)?;
    let player = Box::new(Running { run: Run::demo(&talus, DemoWish { seed })?, talus: talus.clone() });
    if !common.json {
        out.lines([words(common).demo_head.replacen("{}", &seed.to_string(), 1), String::new()])?;
    }
    let speed = pace.speed.unwrap_or(SPEED);
    play(Playing { common, talus, player, speed, demo: true, demo_database: true }, out)
}

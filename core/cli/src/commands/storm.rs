//! `talus storm`: whole journeys drawn from seeds, in bad air and on failing disks, in virtual time. For whoever works on
//! Talus; its words are English.

use crate::args::Common;
use crate::failure::Failure;
use crate::output::{Output, say, say_whole};
use serde_json::json;
use std::path::{Path, PathBuf};
use talus_app::storm::{Broken, Report, storm};

/// Journeys between two signs of life.
const SIGN: u64 = 100;

pub(crate) fn run(common: &Common, from: u64, seeds: u64, out: &mut Output<'_>) -> Result<u8, Failure> {
    let told = |made: u64, broken: Option<&Broken>| {
        if let Some(broken) = broken {
            say(&broken.to_string());
            say_whole(&again(broken.seed));
        }
        if made.is_multiple_of(SIGN) && made < seeds {
            say(&format!("{made} of {seeds}"));
        }
    };
    let Report { journeys, broken, tally } = storm(from, seeds, &around(), &told);
    if common.json {
        out.json(&json!({
            "talus": "storm/1", "from": from, "journeys": journeys, "pass": broken.is_empty(),
            "broken": broken, "counts": tally,
        }))?;
    } else {
        out.lines(tally.0.iter().map(|(what, count)| format!("{count:>10} {}", what.replace('_', " "))))?;
        out.line(&format!("{journeys} journeys, {} broken", broken.len()))?;
        out.lines(broken.iter().map(|one| format!("again: {}", again(one.seed))))?;
    }
    Ok(u8::from(!broken.is_empty()))
}

fn again(seed: u64) -> String {
    format!("talus storm --from {seed} --seeds 1")
}

/// In memory where there is such a folder: what is proven is the order of syncs, not that of this machine's disk.
fn around() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() }
}

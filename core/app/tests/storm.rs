//! Whole journeys in storms, some of them here with every check a debug build has; many more by `talus storm`.
//!
//! `TALUS_JOURNEYS` says how many seeds (12 otherwise). A failure prints the seed and the command that makes it again.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use talus_app::storm::{Report, journey, storm};

/// In memory where there is such a folder: what is proven is the order of syncs, not that of this machine's disk.
fn around() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let folder = if memory.is_dir() { PathBuf::from(memory) } else { std::env::temp_dir() };
    tempfile::tempdir_in(folder).unwrap()
}

fn seeds() -> u64 {
    std::env::var("TALUS_JOURNEYS").ok().and_then(|text| text.parse().ok()).unwrap_or(12)
}

#[test]
fn whatever_befalls_a_journey_nothing_safe_is_lost_and_nothing_is_made_up() {
    let folder = around();
    let Report { journeys, broken, tally } = storm(0, seeds(), folder.path(), &|_, _| ());
    for one in &broken {
        let line = format!("{one}\n  again: talus storm --from {} --seeds 1\n", one.seed);
        let _ = std::io::Write::write_all(&mut std::io::stdout(), line.as_bytes());
    }
    assert_eq!((journeys, broken.len()), (seeds(), 0));
    // A storm in which nothing happens shows nothing.
    assert!(tally.of("reps_counted") > 3 * journeys && tally.of("taken_up") * 3 > journeys, "{tally:?}");
    assert!(tally.of("imported") + tally.of("nothing_open") == journeys, "{tally:?}");
}

#[test]
fn a_journey_made_twice_comes_out_the_same() {
    let folder = around();
    let [one, two] = [0, 1].map(|_| journey(5, folder.path()).unwrap());
    assert!(one.digest.is_some());
    assert_eq!(one.digest, two.digest);
    assert_ne!(one.digest, journey(6, folder.path()).unwrap().digest);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "a journey leaves nothing behind");
}

//! `talus replay FILE.talus`: a recording once more through today's engine, held against what was stored.

use crate::app;
use crate::args::Common;
use crate::commands::history::kind;
use crate::domain::SetResult;
use crate::failure::Failure;
use crate::json;
use crate::output::Output;
use crate::sets::{self, SetLine};
use crate::table::wrap;
use crate::words::{Words, clock, count};
use std::path::{Path, PathBuf};
use talus_app::recording::Replayed;

/// Whether this file is a recording of Talus rather than samples of something else.
pub(crate) fn is_one(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("talus"))
}

/// Replays each file; exit code 1 where one gives other results than those that were stored.
pub(crate) fn run(common: &Common, files: &[PathBuf], out: &mut Output<'_>) -> Result<u8, Failure> {
    let words = app::words(common);
    let mut all_same = true;
    for file in files {
        let beside = Common { database: common.database.clone().or_else(|| beside(file)), ..common.clone() };
        let talus = app::open(&beside, false)?;
        let replayed = talus.replay_recording(file)?;
        all_same &= replayed.as_stored != Some(false);
        if common.json {
            out.json(&json::replayed(file, &replayed))?;
        } else {
            out.lines(lines(file, &replayed, &|id: &str| talus.exercise_name(id), out.width(), words))?;
        }
    }
    Ok(u8::from(!all_same))
}

/// The database a recording belongs to, where it lies in its place: `recordings/` beside the database.
fn beside(file: &Path) -> Option<PathBuf> {
    let folder = file.parent()?;
    if folder.file_name()? != "recordings" {
        return None;
    }
    ["talus.db", "demo.db"].into_iter().map(|name| folder.with_file_name(name)).find(|path| path.is_file())
}

fn lines(file: &Path, replayed: &Replayed, name: &dyn Fn(&str) -> String, width: usize, words: &Words) -> Vec<String> {
    let derived = &replayed.derived;
    let head = format!(
        "{} · {} · {} · {}",
        file.display(),
        kind(replayed.head.kind, words),
        match &derived.summary {
            Some(summary) => clock(summary.duration_s),
            None => format!("{} · {}", clock(replayed.length_s), words.unfinished),
        },
        count(u32::try_from(replayed.inputs).unwrap_or(u32::MAX), words.input_count),
    );
    let mut lines = wrap(&head, width);
    let done: Vec<(u32, &SetResult)> =
        derived.sets.values().filter_map(|set| set.result.as_ref().map(|result| (set.set_index, result))).collect();
    if !done.is_empty() {
        let sets: Vec<_> =
            done.into_iter().map(|(set_index, result)| SetLine { set_index, result, open: false }).collect();
        lines.push(String::new());
        lines.extend(sets::lines(&sets, name, width, words));
        lines.push(String::new());
    }
    // A recording that ends early is not damaged where it ends; that its session was finished tells.
    let ends_early = derived.summary.is_none() && replayed.as_stored.is_some();
    if ends_early || !replayed.damage.is_empty() {
        let whole = replayed.as_stored == Some(true);
        lines.extend(wrap(if whole { words.raw_incomplete } else { words.replay_incomplete }, width));
    }
    lines.extend(wrap(
        match replayed.as_stored {
            Some(true) => words.replay_same,
            Some(false) => words.replay_differs,
            None => words.replay_alone,
        },
        width,
    ));
    lines.push(format!("{} {:016x}", words.checksum, derived.checksum));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_known_by_its_ending_and_finds_the_database_beside_it() {
        assert!(is_one(Path::new("a/b.talus")) && is_one(Path::new("B.TALUS")) && !is_one(Path::new("talus.csv")));
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("recordings").join("a.talus");
        assert_eq!(beside(&file), None);
        std::fs::write(folder.path().join("demo.db"), "").unwrap();
        assert_eq!(beside(&file), Some(folder.path().join("demo.db")));
        assert_eq!(beside(&folder.path().join("a.talus")), None);
    }
}

//! What a session's samples came from, written so that the session can be taken up again.

use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Where samples come from, as the head of a recording keeps it (JSON in `SessionHead::source`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    /// Two virtual cuffs.
    Sim {
        /// The seed that decides everything about them.
        seed: u64,
    },
    /// Files of samples, one for each block of the plan.
    Files {
        /// Whole paths, in the order played.
        files: Vec<PathBuf>,
        /// The file that says what their columns are, where one was needed.
        map: Option<PathBuf>,
    },
    /// Cuffs on a leg.
    Cuffs,
    /// Nothing: somebody logged it.
    ByHand,
}

impl Source {
    pub(crate) fn text(&self) -> String {
        // Paths that are not UTF-8 cannot be written down: such a session is not one that can be resumed.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// A source as a person reads it: names of files without their folders, or `simulated`.
pub(crate) fn words(text: &str) -> String {
    let name = |path: &PathBuf| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    match Source::parse(text) {
        Some(Source::Sim { seed }) => format!("simulated, seed {seed}"),
        Some(Source::Files { files, .. }) => files.iter().map(name).collect::<Vec<_>>().join(", "),
        Some(Source::Cuffs) => "cuffs".to_owned(),
        Some(Source::ByHand) => "by hand".to_owned(),
        None => text.to_owned(),
    }
}

/// A path that still leads there when the program is started elsewhere.
pub(crate) fn whole(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_reads_back_and_has_words() {
        let files = Source::Files { files: vec![whole(Path::new("a/b.csv")), "/c.csv".into()], map: None };
        assert_eq!(Source::parse(&files.text()), Some(files.clone()));
        assert_eq!(words(&files.text()), "b.csv, c.csv");
        assert_eq!(words(&Source::Sim { seed: 7 }.text()), "simulated, seed 7");
        assert_eq!(words("something older"), "something older");
    }
}

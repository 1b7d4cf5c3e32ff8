//! [`Source`]: where a number or rule comes from, and how far it was read.

use serde::Deserialize;

/// How far a source was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Checked {
    /// Every number shown from it was read in it.
    Read,
    /// The publication was found; its numbers were not seen.
    Seen,
    /// It was not found.
    NotFound,
}

/// A publication.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Who, what, where, when.
    pub cite: String,
    /// How far it was read.
    pub check: Checked,
    /// Where it was seen.
    pub seen_at: String,
    /// What of it was not seen.
    #[serde(default)]
    pub unseen: String,
}

impl Source {
    /// Whether a number from it may be shown.
    pub fn may_show_numbers(&self) -> bool {
        self.check == Checked::Read
    }
}

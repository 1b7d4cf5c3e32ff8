//! What can be wrong with a bundle or a backup.

/// Why a bundle or backup cannot be made or taken in. The text reads after "failed to ". Nothing has changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BundleError {
    /// The file is something else.
    #[error("read it as a bundle: it is neither a bundle nor a backup of Talus")]
    Foreign,
    /// Written by a newer Talus.
    #[error("read the bundle: it was written by a newer Talus ({found}, this one knows up to {known})")]
    Newer {
        /// What it says of itself.
        found: String,
        /// The newest this Talus knows.
        known: String,
    },
    /// It ends early, or something in it was changed or does not fit the rest.
    #[error("read {part} of the bundle: {reason}")]
    Damaged {
        /// The file in the bundle.
        part: String,
        /// What is wrong.
        reason: String,
    },
    /// More than any bundle of ours: it is not unpacked.
    #[error("unpack {part} of the bundle: {reason}")]
    TooLarge {
        /// The file in the bundle.
        part: String,
        /// Which limit.
        reason: String,
    },
    /// It is encrypted.
    #[error("read the backup: it is encrypted, and no passphrase was given")]
    NeedsPassphrase,
    /// The passphrase is another one.
    #[error("read the backup: the passphrase does not open it")]
    WrongPassphrase,
    /// Too short to keep anything safe.
    #[error("use this passphrase: it has fewer than {least} characters")]
    ShortPassphrase {
        /// The least it must have.
        least: usize,
    },
    /// The system gave no random bytes.
    #[error("encrypt the backup: {0}")]
    Sealing(String),
    /// It is more than a file of its form can hold.
    #[error("write the bundle: {0}")]
    Unwritable(String),
    /// Somebody stopped it.
    #[error("finish: it was stopped")]
    Cancelled,
}

impl BundleError {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Foreign => "Choose a file that Talus exported or backed up.",
            Self::Newer { .. } => "Use the newer Talus. Nothing was changed here.",
            Self::Damaged { .. } => "Take another copy of the file. Nothing was changed here.",
            Self::TooLarge { .. } => "Take a file that Talus wrote. Nothing was changed here.",
            Self::NeedsPassphrase => "Give the passphrase it was made with.",
            Self::WrongPassphrase => {
                "Try again. Without the right one nobody can read it, and nothing was changed here."
            }
            Self::ShortPassphrase { .. } => "Take several words that only you put together.",
            Self::Sealing(_) => "Try again.",
            Self::Unwritable(_) => "Leave the recordings out, or take one person at a time.",
            Self::Cancelled => "Nothing was changed. Start it again whenever you like.",
        }
    }

    pub(crate) fn damaged(part: &str, reason: &(impl std::fmt::Display + ?Sized)) -> Self {
        // What a hostile file says must not fill a screen.
        let reason = reason.to_string();
        let reason: String = reason.chars().filter(|c| !c.is_control()).take(200).collect();
        Self::Damaged { part: shown(part), reason }
    }

    pub(crate) fn too_large(part: &str, reason: &str) -> Self {
        Self::TooLarge { part: shown(part), reason: reason.to_owned() }
    }
}

/// The name of a file in a bundle as it may be shown.
fn shown(part: &str) -> String {
    part.chars().filter(|c| !c.is_control()).take(80).collect()
}

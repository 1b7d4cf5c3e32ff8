//! [`validate`]: how right Talus is on recordings with a reference, against bars and against what others reach.
//!
//! Sets and files are known by the pattern of their names, never by a list, so that other people's recordings of the
//! same sets are judged the same way. What runs here is what `analyse` runs; how it is judged is in [`score`], which
//! knows nothing of how it was found.

mod altered;
mod find;
mod foot;
mod legs;
mod orientation;
mod page;
mod report;
pub mod score;
mod sensor;
mod shank;
mod tables;

pub use page::page;
pub use report::{Bar, Line, Report};

use std::path::{Path, PathBuf};

/// Why a folder or a file in it could not be judged. The text reads after "failed to ".
#[derive(Debug, thiserror::Error)]
pub enum ValidateError {
    /// The folder cannot be looked into.
    #[error("look into {}: {source}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// There is no recording with a reference.
    #[error("find recordings with a reference in {}", folder.display())]
    Nothing {
        /// The folder.
        folder: PathBuf,
    },
    /// A recording.
    #[error(transparent)]
    File(#[from] crate::files::FileError),
    /// An analysis.
    #[error(transparent)]
    Analyse(#[from] crate::analyse::AnalyseError),
    /// A recording that can be read and is not what its name says.
    #[error("judge {}: {reason}", file.display())]
    Unlike {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A reference.
    #[error("read the reference {}: {reason}", file.display())]
    Reference {
        /// The file.
        file: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
}

impl ValidateError {
    /// What a person can do, in English; one sentence.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Folder { .. } | Self::Nothing { .. } => {
                "Give the folder that holds the sets, each in a folder of its own, with --data DIR."
            }
            Self::File(_) | Self::Unlike { .. } | Self::Reference { .. } => "Compare it with the README of its set.",
            Self::Analyse(error) => error.advice(),
        }
    }
}

/// Judges every recording with a reference in `folder` and the folders within.
///
/// A file or folder that cannot be read, or that is not what its name says, costs its own lines, not the others': it stands
/// in [`Report::unread`].
///
/// # Errors
/// [`ValidateError::Folder`] and [`ValidateError::Nothing`].
pub fn validate(folder: &Path) -> Result<Report, ValidateError> {
    let (files, closed) = find::files(folder)?;
    let mut report = Report { unread: closed, ..Report::default() };
    orientation::judge(&files, &mut report);
    sensor::judge(&files, &mut report);
    legs::judge(&files, &mut report);
    shank::judge(&files, &mut report);
    foot::judge(&files, &mut report);
    if report.lines.is_empty() && report.unread.is_empty() {
        return Err(ValidateError::Nothing { folder: folder.to_owned() });
    }
    Ok(report)
}

//! What can go wrong in a use case: variants are what the caller can do about it.

use crate::files::FileError;
use std::path::PathBuf;
use talus_coach::{CatalogueError, PlanError, UnknownExercise};
use talus_store::{RecordingError, StoreError};

/// Why Talus could not do what it was asked. The text reads after "failed to ".
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The database or a recording.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file of samples.
    #[error(transparent)]
    File(#[from] FileError),
    /// There is no such exercise.
    #[error(transparent)]
    Exercise(#[from] UnknownExercise),
    /// The plan cannot be followed.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The catalogue that is built in does not hold together: a defect of Talus.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Files and exercises do not pair up.
    #[error("match {files} files with {exercises} exercises")]
    Unmatched {
        /// How many files.
        files: usize,
        /// How many exercises.
        exercises: usize,
    },
    /// The time zone is not known.
    #[error("find the time zone {0:?}")]
    Zone(String),
    /// No session is waiting to be taken up again.
    #[error("find a session to resume: every session is finished")]
    NothingToResume,
    /// A session with cuffs on a leg cannot be taken up here.
    #[error("resume session {id}: its source {source_text:?} is not one this program can play again")]
    Source {
        /// The session.
        id: talus_store::SessionId,
        /// What it says its samples came from.
        source_text: String,
    },
    /// Simulated or recorded cuffs did not get as far as streaming.
    #[error("pair with {name}: {why}")]
    Pairing {
        /// The cuff.
        name: String,
        /// What stopped it.
        why: String,
    },
    /// There is no Bluetooth, or it may not be used.
    #[cfg(feature = "radio")]
    #[error(transparent)]
    Radio(#[from] talus_cuff::transport::radio::RadioError),
    /// A recording cannot be read from where it is.
    #[error("read {}: {source}", path.display())]
    Recording {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RecordingError,
    },
    /// A file of the recording cannot be opened.
    #[error("read {}: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl AppError {
    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> String {
        match self {
            Self::Store(error) => error.advice().to_owned(),
            Self::File(error) => error.advice().to_owned(),
            Self::Exercise(_) | Self::Plan(PlanError::UnknownExercise(_)) => {
                "Choose one of the nearest, or leave the exercise out where the file's name tells it.".to_owned()
            }
            Self::Plan(PlanError::TooHeavy { .. }) => "Take weight off the ankle.".to_owned(),
            Self::Plan(_) => "Change the plan.".to_owned(),
            Self::Catalogue(_) => "Report it: the catalogue is part of Talus.".to_owned(),
            Self::Unmatched { .. } => {
                "Give one exercise for all files, or as many as there are files, separated by commas.".to_owned()
            }
            Self::Zone(_) => "Give a name such as Europe/Berlin, or none for the system's own.".to_owned(),
            Self::NothingToResume => "Begin a new one, or look at the list of sessions.".to_owned(),
            Self::Source { .. } => "Its results stay as they are. Begin a new session.".to_owned(),
            Self::Pairing { .. } => "Try again.".to_owned(),
            #[cfg(feature = "radio")]
            Self::Radio(_) => "Switch Bluetooth on and try again. The demo and replays work without it.".to_owned(),
            Self::Recording { source: RecordingError::Newer { .. }, .. } => "Use the newer Talus.".to_owned(),
            Self::Recording { source: RecordingError::Sealed | RecordingError::WrongKey, .. } => {
                "Replay it in the Talus that recorded it. Its name must be the one it was given there.".to_owned()
            }
            Self::Recording { .. } => "Give a .talus recording, or a file of samples.".to_owned(),
            Self::Io { .. } => "Check that the file is there and that you may read it.".to_owned(),
        }
    }

    /// Whether what was asked for is at fault, rather than the machine or its files.
    pub fn usage(&self) -> bool {
        match self {
            Self::Exercise(_) | Self::Unmatched { .. } | Self::Zone(_) | Self::NothingToResume => true,
            Self::Store(error) => matches!(error, StoreError::NoSession { .. } | StoreError::Ambiguous { .. }),
            _ => false,
        }
    }
}

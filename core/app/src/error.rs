//! What can go wrong in a use case: variants are what the caller can do about it.

use crate::files::FileError;
use crate::german;
use crate::profile::PersonRefusal;
use std::path::PathBuf;
use talus_coach::Catalogue;
use talus_coach::{CatalogueError, PlanError, Texts, UnknownExercise};
use talus_store::{RecordingError, StoreError, system_words};

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
    #[error("find an exercise called {:?}: {}", .0.asked, choice(.0).join(", "))]
    Exercise(#[from] UnknownExercise),
    /// The plan cannot be followed.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The catalogue that is built in does not hold together: a defect of Talus.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Files and exercises do not pair up.
    #[error("match {} with {}", counted(*files, "file"), counted(*exercises, "exercise"))]
    Unmatched {
        /// How many files.
        files: usize,
        /// How many exercises.
        exercises: usize,
    },
    /// A file's name does not say what is done in it, and nobody else does.
    #[error("tell what is done in {}: its name names no exercise. There are {}", file.display(), known.join(", "))]
    Unnamed {
        /// The file.
        file: PathBuf,
        /// Ids of all exercises.
        known: Vec<String>,
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
    /// Something about a person keeps it from being done.
    #[error(transparent)]
    Person(#[from] PersonRefusal),
    /// The household has nobody of that id.
    #[error("find a person called {0}")]
    NoPerson(talus_store::ProfileId),
    /// The household has no such cuff.
    #[error("find a cuff called {0:?}")]
    NoCuff(String),
    /// This person wears no cuff.
    #[error("swap the cuffs of both legs: none is on a leg")]
    NothingWorn,
    /// A cuff cannot be called that.
    #[error("call a cuff {0:?}")]
    CuffName(String),
    /// There is no Bluetooth, or it may not be used.
    #[cfg(feature = "radio")]
    #[error(transparent)]
    Radio(#[from] talus_cuff::transport::radio::RadioError),
    /// A recording cannot be read from where it is.
    #[error("read {}: {}", path.display(), recording_words(source))]
    Recording {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RecordingError,
    },
    /// A file of the recording cannot be opened.
    #[error("read {}: {}", path.display(), system_words(source))]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
}

impl AppError {
    /// What is wrong and what a person can do, in a language (`de-AT` is German, anything unknown is English). In English
    /// what is wrong reads after "failed to ", in German it is a whole clause.
    pub fn told(&self, language: &str) -> [String; 2] {
        if is_german(language) { german::error(self) } else { [self.to_string(), self.advice()] }
    }

    /// What a person can do, in English; one or two sentences.
    pub fn advice(&self) -> String {
        match self {
            Self::Store(error) => error.advice().to_owned(),
            Self::File(error) => error.advice().to_owned(),
            Self::Exercise(_) | Self::Plan(PlanError::UnknownExercise(_)) => {
                "Choose one of these, or leave the exercise out.".to_owned()
            }
            Self::Plan(PlanError::TooHeavy { .. }) => "Take weight off the ankle.".to_owned(),
            Self::Plan(PlanError::AboveCeiling { ceiling, .. }) => {
                format!("{} Begin a new session: it is decided anew.", ceiling.reason().say(&Texts::of("en")))
            }
            Self::Plan(_) => "Change the plan.".to_owned(),
            Self::Catalogue(_) => "Report it: the catalogue is part of Talus.".to_owned(),
            Self::Unmatched { .. } => {
                "Give one exercise for all files, or as many as there are files, separated by commas.".to_owned()
            }
            Self::Unnamed { .. } => "Say it with --exercise ID.".to_owned(),
            Self::Zone(_) => "Give a name such as Europe/Berlin, or none for the system's own.".to_owned(),
            Self::NothingToResume => "Begin a new one, or look at the list of sessions.".to_owned(),
            Self::Source { .. } => "Its results stay as they are. Begin a new session.".to_owned(),
            Self::Pairing { .. } => "Try again.".to_owned(),
            Self::Person(refusal) => refusal.advice().to_owned(),
            Self::NoPerson(_) => "Look at the list of people.".to_owned(),
            Self::NoCuff(_) => "Look at the list of cuffs.".to_owned(),
            Self::NothingWorn => "Say first which cuff is on which leg.".to_owned(),
            Self::CuffName(_) => "Choose a name that no other cuff has, with at least one letter.".to_owned(),
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
            Self::Exercise(_)
            | Self::Unmatched { .. }
            | Self::Unnamed { .. }
            | Self::Zone(_)
            | Self::NothingToResume
            | Self::NoPerson(_)
            | Self::NoCuff(_)
            | Self::NothingWorn
            | Self::CuffName(_) => true,
            Self::Store(error) => matches!(error, StoreError::NoSession { .. } | StoreError::Ambiguous { .. }),
            _ => false,
        }
    }
}

/// Whether a language tag asks for German.
pub fn is_german(language: &str) -> bool {
    language.split(['-', '_']).next().is_some_and(|first| first.eq_ignore_ascii_case("de"))
}

/// "1 file", "2 files".
fn counted(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// What a recording's own error says after the file was named.
fn recording_words(error: &RecordingError) -> String {
    match error {
        RecordingError::TooLarge { bytes, .. } => format!("it has {bytes} bytes, more than a recording may have"),
        other => {
            let text = other.to_string();
            text.strip_prefix("read it as a recording: ").unwrap_or(&text).to_owned()
        }
    }
}

/// Letters that two words must share at their beginning to be near each other.
const NEAR_LETTERS: usize = 4;

/// The exercises to choose from instead of one nobody knows: the nearest ones that share the beginning of a word with
/// it, and all of them where none does. The catalogue names three in any case, however far they are.
pub fn choice(unknown: &UnknownExercise) -> Vec<String> {
    let words = |name: &str| -> Vec<String> {
        let lower = name.to_lowercase();
        let parts = lower.split(|c: char| !c.is_alphanumeric());
        parts
            .map(|part| part.chars().take(NEAR_LETTERS).collect::<String>())
            .filter(|part| part.chars().count() >= NEAR_LETTERS)
            .collect()
    };
    let Ok(catalogue) = Catalogue::embedded() else { return unknown.nearest.clone() };
    let asked = words(&unknown.asked);
    let near = |id: &&String| {
        let aliases = catalogue.exercise(id).map(|exercise| exercise.aliases.clone()).unwrap_or_default();
        aliases.iter().chain([*id]).flat_map(|name| words(name)).any(|word| asked.contains(&word))
    };
    let chosen: Vec<String> = unknown.nearest.iter().filter(near).cloned().collect();
    if chosen.is_empty() { catalogue.exercises().map(|exercise| exercise.id.clone()).collect() } else { chosen }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unknown(asked: &str) -> UnknownExercise {
        Catalogue::embedded().unwrap().exercise(asked).unwrap_err()
    }

    #[test]
    fn only_what_is_near_is_called_near() {
        let near = choice(&unknown("knee_ext"));
        assert!((1..=3).contains(&near.len()) && near.iter().all(|id| id.starts_with("knee_")), "{near:?}");
        assert!(choice(&unknown("abduction")).contains(&"side_abd".to_owned()));
        let all = choice(&unknown("foo"));
        assert!(all.len() > 3 && all.contains(&"walk".to_owned()), "{all:?}");
        assert!(AppError::from(unknown("foo")).to_string().starts_with("find an exercise called \"foo\": "));
    }

    #[test]
    fn errors_name_a_thing_once_and_say_one_as_one() {
        let path = PathBuf::from("rnd.talus");
        let error = AppError::Recording { path: path.clone(), source: RecordingError::NotARecording };
        assert_eq!(error.to_string(), "read rnd.talus: it does not begin with the mark of a Talus recording");
        let error = AppError::Io { path, source: std::io::Error::from_raw_os_error(21) };
        assert_eq!(error.to_string(), "read rnd.talus: it is a folder");
        assert_eq!(AppError::Unmatched { files: 1, exercises: 2 }.to_string(), "match 1 file with 2 exercises");
    }
}

//! [`TalusError`]: what can go wrong, sorted by what a shell can do about it, with its texts rendered.

use talus_app::store::StoreError;
use talus_app::{AppError, BundleError};

/// Why Talus could not do what it was asked. `what` reads after "failed to "; `advice` is one or two sentences for a
/// person. A shell decides by the variant and shows `advice`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, uniffi::Error)]
pub enum TalusError {
    /// The session was finished, left or abandoned: begin or resume one.
    #[error("{what}")]
    Closed {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// Something else is using what this needs: wait, or end the other.
    #[error("{what}")]
    Busy {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// There is no such session, exercise or person.
    #[error("{what}")]
    NotFound {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// What was asked for cannot be: a number out of its range, a call from where it cannot wait.
    #[error("{what}")]
    Invalid {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The disk is full: make room. What was shown as safe is.
    #[error("{what}")]
    StorageFull {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The database or a recording cannot be read or written.
    #[error("{what}")]
    Storage {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The file was written by a newer Talus: update the app.
    #[error("{what}")]
    NewerFile {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// A file of samples cannot be followed.
    #[error("{what}")]
    UnreadableFile {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// Cuffs did not get as far as streaming: try again.
    #[error("{what}")]
    PairingFailed {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// There is no Bluetooth, or it may not be used: ask for the permission, or to switch it on.
    #[error("{what}")]
    NoRadio {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The database is encrypted and no key was given: give it.
    #[error("{what}")]
    KeyNeeded {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The key does not open the database: it is lost, or it is another one. Nothing is deleted because of it.
    #[error("{what}")]
    KeyWrong {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// Somebody asked it to stop: nothing was changed.
    #[error("{what}")]
    Cancelled {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The backup is encrypted and no passphrase was given: ask for it.
    #[error("{what}")]
    PassphraseNeeded {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The passphrase does not open the backup: ask again.
    #[error("{what}")]
    PassphraseWrong {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// The listener threw: it hears nothing any more. The session goes on.
    #[error("{what}")]
    ListenerFailed {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
    /// A defect of Talus. What was shown as safe is.
    #[error("{what}")]
    Defect {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
    },
}

impl TalusError {
    pub(crate) fn closed() -> Self {
        Self::Closed {
            what: "go on with the session: it was closed".to_owned(),
            advice: "Begin a new session, or resume one.".to_owned(),
        }
    }

    pub(crate) fn busy() -> Self {
        Self::Busy {
            what: "take the order: the session has too many waiting".to_owned(),
            advice: "Wait a moment and try again.".to_owned(),
        }
    }

    pub(crate) fn follows_the_clock() -> Self {
        Self::Invalid {
            what: "let time go on at once: real cuffs are as fast as they are".to_owned(),
            advice: "Report it: this is a defect of the app.".to_owned(),
        }
    }

    pub(crate) fn waits_for_itself() -> Self {
        Self::Invalid {
            what: "wait for the session inside its own listener".to_owned(),
            advice: "Report it: this is a defect of the app.".to_owned(),
        }
    }

    pub(crate) fn nearby_closed() -> Self {
        Self::Closed {
            what: "look around for cuffs: it was stopped".to_owned(),
            advice: "Look again to find cuffs.".to_owned(),
        }
    }

    pub(crate) fn nobody(asked: &str) -> Self {
        Self::NotFound {
            what: format!("find a person with the id {asked:?}"),
            advice: "Look at the list of people.".to_owned(),
        }
    }

    pub(crate) fn no_cuff(asked: &str) -> Self {
        Self::NotFound {
            what: format!("find a cuff called {asked:?}"),
            advice: "Look at the list of cuffs.".to_owned(),
        }
    }

    #[cfg(not(feature = "radio"))]
    pub(crate) fn no_radio(what: &str) -> Self {
        Self::NoRadio {
            what: what.to_owned(),
            advice: "Use the app that was built for this phone. The demo works without Bluetooth.".to_owned(),
        }
    }

    pub(crate) fn invalid(what: String, advice: &str) -> Self {
        Self::Invalid { what, advice: advice.to_owned() }
    }

    pub(crate) fn listener(why: &str) -> Self {
        Self::ListenerFailed {
            what: format!("tell the listener: {why}"),
            advice: "Open the session again to see it. It goes on.".to_owned(),
        }
    }

    pub(crate) fn defect(why: &str) -> Self {
        Self::Defect {
            what: format!("go on with the session: {why}"),
            advice: "Resume the session, and report it.".to_owned(),
        }
    }
}

impl From<AppError> for TalusError {
    // The last arm stands for more than one variant where features of the app are on.
    #[allow(clippy::match_wildcard_for_single_variants)]
    fn from(error: AppError) -> Self {
        let (what, advice) = (error.to_string(), error.advice());
        match &error {
            AppError::Store(error) => match error {
                StoreError::InUse { .. } | StoreError::Busy { .. } => Self::Busy { what, advice },
                StoreError::Full { .. } | StoreError::WithoutRaw { .. } => Self::StorageFull { what, advice },
                StoreError::Newer { .. } => Self::NewerFile { what, advice },
                StoreError::NoSession { .. } => Self::NotFound { what, advice },
                StoreError::Ambiguous { .. } => Self::Invalid { what, advice },
                StoreError::Finished { .. } => Self::Closed { what, advice },
                StoreError::Bundle(error) => match error {
                    BundleError::Cancelled => Self::Cancelled { what, advice },
                    BundleError::NeedsPassphrase => Self::PassphraseNeeded { what, advice },
                    BundleError::WrongPassphrase => Self::PassphraseWrong { what, advice },
                    BundleError::ShortPassphrase { .. } => Self::Invalid { what, advice },
                    BundleError::Newer { .. } => Self::NewerFile { what, advice },
                    BundleError::Sealing(_) | BundleError::Unwritable(_) => Self::Storage { what, advice },
                    BundleError::Foreign | BundleError::Damaged { .. } | BundleError::TooLarge { .. } => {
                        Self::UnreadableFile { what, advice }
                    }
                },
                StoreError::Locked { .. } => Self::KeyNeeded { what, advice },
                StoreError::WrongKey { .. } => Self::KeyWrong { what, advice },
                _ => Self::Storage { what, advice },
            },
            #[cfg(feature = "radio")]
            AppError::Radio(_) => Self::NoRadio { what, advice },
            AppError::Exercise(_) | AppError::NothingToResume | AppError::NoCuff(_) | AppError::NoPerson(_) => {
                Self::NotFound { what, advice }
            }
            AppError::Zone(_)
            | AppError::CuffName(_)
            | AppError::Plan(_)
            | AppError::Person(_)
            | AppError::Unmatched { .. }
            | AppError::Source { .. } => Self::Invalid { what, advice },
            AppError::Pairing { .. } => Self::PairingFailed { what, advice },
            AppError::File(_) | AppError::Recording { .. } | AppError::Io { .. } => {
                Self::UnreadableFile { what, advice }
            }
            // The catalogue that is built in, and what a feature of the app adds.
            _ => Self::Defect { what, advice },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_the_words_of_the_app_and_says_what_kind_it_is() {
        let error = TalusError::from(AppError::NothingToResume);
        let TalusError::NotFound { what, advice } = &error else { unreachable!("{error:?}") };
        assert_eq!(what, "find a session to resume: every session is finished");
        assert_eq!(advice, "Begin a new one, or look at the list of sessions.");
        assert_eq!(error.to_string(), *what);
        let full = StoreError::Full { path: "talus.db".into() };
        assert!(matches!(TalusError::from(AppError::Store(full)), TalusError::StorageFull { .. }));
        let busy = StoreError::Busy { path: "talus.db".into() };
        assert!(matches!(TalusError::from(AppError::Store(busy)), TalusError::Busy { .. }));
    }
}

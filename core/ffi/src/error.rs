//! [`TalusError`]: what can go wrong, sorted by what a shell can do about it, with its texts rendered in the language the
//! app was opened with.
//!
//! Inside the bridge it is a [`Failure`], which becomes words where a call returns: the app's own errors have theirs in
//! talus-app, what only the bridge refuses has them here ([`Refusal`]).

use crate::mending::Mending;
use talus_app::store::StoreError;
use talus_app::{AppError, BundleError};

/// Why Talus could not do what it was asked. `what` is for a report: in English it reads after "failed to ", in German it
/// is a whole clause. `advice` is one or two sentences for a person. A shell decides by the variant and shows `advice`.
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
    /// The database is damaged. Any call may come upon it: let go of the app, then [`mend`](crate::mend) repairs it.
    #[error("{what}")]
    Damaged {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
        /// The ways on to offer, in their order.
        ways: Vec<Mending>,
    },
    /// Where the history should be is a file that is none; it was left as it is. [`mend`](crate::mend) sets it aside.
    #[error("{what}")]
    Foreign {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
        /// The ways on to offer, in their order.
        ways: Vec<Mending>,
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
    /// The database is encrypted and no key was given: give it; where it is lost, [`mend`](crate::mend) begins anew.
    #[error("{what}")]
    KeyNeeded {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
        /// The ways on to offer, in their order.
        ways: Vec<Mending>,
    },
    /// The key does not open the database: it is another one, and where the right one is lost [`mend`](crate::mend) begins
    /// anew. Nothing is deleted because of it.
    #[error("{what}")]
    KeyWrong {
        /// What failed.
        what: String,
        /// What a person can do.
        advice: String,
        /// The ways on to offer, in their order.
        ways: Vec<Mending>,
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

/// What kept a call from being done, before it is put into words.
pub(crate) enum Failure {
    App(AppError),
    Own(Refusal),
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Own(refusal)
    }
}

impl Failure {
    pub(crate) fn told(self, language: &str) -> TalusError {
        match self {
            Self::App(error) => sorted(&error, language),
            Self::Own(refusal) => refusal.told(language),
        }
    }
}

/// What the bridge itself refuses.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Refusal {
    /// The session was finished, left or abandoned.
    Closed,
    /// More orders wait than a person can give.
    Busy,
    /// Real cuffs are as fast as they are.
    FollowsTheClock,
    /// The listener waits for the session that tells it.
    WaitsForItself,
    /// Looking for cuffs was stopped.
    NearbyClosed,
    /// The app was closed.
    AppClosed,
    /// There is no person of that id.
    Nobody(String),
    /// There is no cuff of that id.
    NoCuff(String),
    /// This build knows no Bluetooth.
    #[cfg(not(feature = "radio"))]
    NoRadio,
    /// The listener threw, and this is what it said.
    Listener(String),
    /// Talus came to a state that cannot be.
    Defect(String),
    /// A key that has not 32 bytes.
    Key,
    /// A pace out of its range.
    Pace(f32),
    /// A time to go on by that is out of its range.
    Advance(i64),
    /// Repetitions in reserve out of their range.
    Reserve(u8),
    /// Pain out of its range.
    Pain(u8),
    /// Columns of a drawing out of their range.
    Columns(u32),
    /// Something that is no day of the calendar.
    Day(String),
}

impl Refusal {
    /// What failed and what a person can do.
    pub(crate) fn words(&self, language: &str) -> [String; 2] {
        if talus_app::is_german(language) { self.german() } else { self.english() }
    }

    pub(crate) fn told(self, language: &str) -> TalusError {
        let [what, advice] = self.words(language);
        match self {
            Self::Closed | Self::NearbyClosed | Self::AppClosed => TalusError::Closed { what, advice },
            Self::Busy => TalusError::Busy { what, advice },
            Self::Nobody(_) | Self::NoCuff(_) => TalusError::NotFound { what, advice },
            #[cfg(not(feature = "radio"))]
            Self::NoRadio => TalusError::NoRadio { what, advice },
            Self::Listener(_) => TalusError::ListenerFailed { what, advice },
            Self::Defect(_) => TalusError::Defect { what, advice },
            Self::FollowsTheClock
            | Self::WaitsForItself
            | Self::Key
            | Self::Pace(_)
            | Self::Advance(_)
            | Self::Reserve(_)
            | Self::Pain(_)
            | Self::Columns(_)
            | Self::Day(_) => TalusError::Invalid { what, advice },
        }
    }

    fn english(&self) -> [String; 2] {
        const DEFECT: &str = "Report it: this is a defect of the app.";
        let (what, advice) = match self {
            Self::Closed => ("go on with the session: it was closed".to_owned(), "Begin a new session, or resume one."),
            Self::Busy => {
                ("take the order: the session has too many waiting".to_owned(), "Wait a moment and try again.")
            }
            Self::FollowsTheClock => ("let time go on at once: real cuffs are as fast as they are".to_owned(), DEFECT),
            Self::WaitsForItself => ("wait for the session inside its own listener".to_owned(), DEFECT),
            Self::NearbyClosed => ("look around for cuffs: it was stopped".to_owned(), "Look again to find cuffs."),
            Self::AppClosed => ("go on with the app: it was closed".to_owned(), "Open Talus again."),
            Self::Nobody(asked) => (format!("find a person with the id {asked:?}"), "Look at the list of people."),
            Self::NoCuff(asked) => (format!("find a cuff called {asked:?}"), "Look at the list of cuffs."),
            #[cfg(not(feature = "radio"))]
            Self::NoRadio => (
                "look for cuffs: this build knows no Bluetooth".to_owned(),
                "Use the app that was built for this phone. The demo works without Bluetooth.",
            ),
            Self::Listener(why) => {
                (format!("tell the listener: {why}"), "Open the session again to see it. It goes on.")
            }
            Self::Defect(why) => (format!("go on with the session: {why}"), "Resume the session, and report it."),
            Self::Key => ("take the key: it has not 32 bytes".to_owned(), DEFECT),
            Self::Pace(speed) => (format!("go {speed} times as fast"), "Choose a speed from 0 to 1,000."),
            Self::Advance(us) => (format!("go on by {us} µs"), "Choose a time from 0 to one hour."),
            Self::Reserve(reps) => (format!("keep {reps} in reserve"), "Choose a number from 0 to 5."),
            Self::Pain(level) => (format!("note pain of {level}"), "Choose a number from 0 to 10."),
            Self::Columns(width) => (format!("draw in {width} columns"), DEFECT),
            Self::Day(text) => (format!("find the day {text:?}"), DEFECT),
        };
        [what, advice.to_owned()]
    }

    fn german(&self) -> [String; 2] {
        const DEFECT: &str = "Bitte melde das: es ist ein Fehler der App.";
        let (what, advice) = match self {
            Self::Closed => {
                ("die Einheit ist geschlossen".to_owned(), "Beginne eine neue Einheit, oder setz eine fort.")
            }
            Self::Busy => (
                "die Einheit hat zu viele Aufträge vor sich".to_owned(),
                "Warte einen Moment und versuch es noch einmal.",
            ),
            Self::FollowsTheClock => ("mit echten Manschetten läuft die Zeit, wie sie läuft".to_owned(), DEFECT),
            Self::WaitsForItself => ("wer einer Einheit zuhört, kann dabei nicht auf sie warten".to_owned(), DEFECT),
            Self::NearbyClosed => {
                ("nach Manschetten wird nicht mehr gesucht".to_owned(), "Such noch einmal nach Manschetten.")
            }
            Self::AppClosed => ("die App ist geschlossen".to_owned(), "Öffne Talus noch einmal."),
            Self::Nobody(asked) => {
                (format!("im Haushalt gibt es niemanden mit der Kennung {asked:?}"), "Sieh in die Liste der Personen.")
            }
            Self::NoCuff(asked) => {
                (format!("eine Manschette namens {asked:?} ist nicht bekannt"), "Sieh in die Liste der Manschetten.")
            }
            #[cfg(not(feature = "radio"))]
            Self::NoRadio => (
                "dieses Talus kennt kein Bluetooth".to_owned(),
                "Nimm die App, die für dieses Telefon gebaut ist. Die Demo geht ohne Bluetooth.",
            ),
            Self::Listener(why) => {
                (format!("wer zuhört, kam nicht mit: {why}"), "Öffne die Einheit noch einmal. Sie läuft weiter.")
            }
            Self::Defect(why) => {
                (format!("die Einheit kann nicht weitergehen: {why}"), "Setz die Einheit fort, und melde es bitte.")
            }
            Self::Key => ("der Schlüssel hat nicht 32 Bytes".to_owned(), DEFECT),
            Self::Pace(speed) => (format!("{speed} Mal so schnell geht nicht"), "Wähle ein Tempo von 0 bis 1000."),
            Self::Advance(us) => {
                (format!("um {us} µs weiter geht nicht"), "Wähle eine Zeit von 0 bis zu einer Stunde.")
            }
            Self::Reserve(reps) => (format!("{reps} ist nicht 0 bis 5"), "Nenn eine Zahl von 0 bis 5."),
            Self::Pain(level) => {
                (format!("ein Schmerz von {level} ist nicht 0 bis 10"), "Nenn eine Zahl von 0 bis 10.")
            }
            Self::Columns(width) => (format!("in {width} Spalten lässt sich nicht zeichnen"), DEFECT),
            Self::Day(text) => (format!("einen Tag {text:?} gibt es nicht"), DEFECT),
        };
        [what, advice.to_owned()]
    }
}

/// The way on that a phone has, for what has one there.
fn on_a_phone(error: &AppError, language: &str) -> Option<&'static str> {
    let AppError::Store(error) = error else { return None };
    let [english, german] = match error {
        StoreError::Damaged { .. } => [
            "Repair it: what still reads goes into a new history, and this one is kept. Or restore a backup.",
            "Repariere ihn: Was noch lesbar ist, kommt in einen neuen Verlauf, und dieser wird aufgehoben. Oder spiel eine Sicherung zurück.",
        ],
        StoreError::Foreign { .. } => [
            "Begin anew: this file is kept, and sessions come back from their recordings. A backup brings back the rest.",
            "Fang neu an: Diese Datei wird aufgehoben, und Einheiten kommen aus ihren Aufnahmen zurück. Eine Sicherung bringt den Rest zurück.",
        ],
        StoreError::Locked { .. } | StoreError::WrongKey { .. } => [
            "Restart the phone and try again. If its key is lost, begin anew: this history is kept, and a backup brings back what is in it.",
            "Starte das Telefon neu und versuch es noch einmal. Ist sein Schlüssel verloren, fang neu an: Dieser Verlauf wird aufgehoben, und eine Sicherung bringt zurück, was in ihr ist.",
        ],
        StoreError::NotEncrypted { .. } => [
            "Begin anew: this history is kept, and can be brought back into the new one.",
            "Fang neu an: Dieser Verlauf wird aufgehoben und lässt sich in den neuen zurückholen.",
        ],
        _ => return None,
    };
    Some(if talus_app::is_german(language) { german } else { english })
}

/// The app's error under its variant, in words.
// The last arm stands for more than one variant where features of the app are on.
#[allow(clippy::match_wildcard_for_single_variants)]
fn sorted(error: &AppError, language: &str) -> TalusError {
    let [what, advice] = error.told(language);
    let advice = on_a_phone(error, language).map_or(advice, str::to_owned);
    match error {
        AppError::Store(error) => match error {
            StoreError::Damaged { .. } => {
                TalusError::Damaged { what, advice, ways: vec![Mending::Repair, Mending::BeginAnew] }
            }
            StoreError::Foreign { .. } => TalusError::Foreign { what, advice, ways: vec![Mending::BeginAnew] },
            StoreError::NotBack { .. } => TalusError::UnreadableFile { what, advice },
            StoreError::InUse { .. } | StoreError::Busy { .. } => TalusError::Busy { what, advice },
            StoreError::Full { .. } | StoreError::WithoutRaw { .. } => TalusError::StorageFull { what, advice },
            StoreError::Newer { .. } => TalusError::NewerFile { what, advice },
            StoreError::NoSession { .. } => TalusError::NotFound { what, advice },
            StoreError::Ambiguous { .. } => TalusError::Invalid { what, advice },
            StoreError::Finished { .. } => TalusError::Closed { what, advice },
            StoreError::Bundle(error) => match error {
                BundleError::Cancelled => TalusError::Cancelled { what, advice },
                BundleError::NeedsPassphrase => TalusError::PassphraseNeeded { what, advice },
                BundleError::WrongPassphrase => TalusError::PassphraseWrong { what, advice },
                BundleError::ShortPassphrase { .. } => TalusError::Invalid { what, advice },
                BundleError::Newer { .. } => TalusError::NewerFile { what, advice },
                BundleError::Sealing(_) | BundleError::Unwritable(_) => TalusError::Storage { what, advice },
                BundleError::Foreign | BundleError::Damaged { .. } | BundleError::TooLarge { .. } => {
                    TalusError::UnreadableFile { what, advice }
                }
            },
            StoreError::Locked { .. } => TalusError::KeyNeeded { what, advice, ways: vec![Mending::BeginAnew] },
            StoreError::WrongKey { .. } | StoreError::NotEncrypted { .. } => {
                TalusError::KeyWrong { what, advice, ways: vec![Mending::BeginAnew] }
            }
            _ => TalusError::Storage { what, advice },
        },
        #[cfg(feature = "radio")]
        AppError::Radio(_) => TalusError::NoRadio { what, advice },
        AppError::Exercise(_) | AppError::NothingToResume | AppError::NoCuff(_) | AppError::NoPerson(_) => {
            TalusError::NotFound { what, advice }
        }
        AppError::Zone(_)
        | AppError::CuffName(_)
        | AppError::NothingWorn
        | AppError::Plan(_)
        | AppError::Person(_)
        | AppError::Unmatched { .. }
        | AppError::Source { .. } => TalusError::Invalid { what, advice },
        AppError::Pairing { .. } => TalusError::PairingFailed { what, advice },
        AppError::File(_) | AppError::Recording { .. } | AppError::Io { .. } => {
            TalusError::UnreadableFile { what, advice }
        }
        // The catalogue that is built in, and what a feature of the app adds.
        _ => TalusError::Defect { what, advice },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_the_words_of_the_app_and_says_what_kind_it_is() {
        let error = Failure::from(AppError::NothingToResume).told("en");
        let TalusError::NotFound { what, advice } = &error else { unreachable!("{error:?}") };
        assert_eq!(what, "find a session to resume: every session is finished");
        assert_eq!(advice, "Begin a new one, or look at the list of sessions.");
        assert_eq!(error.to_string(), *what);
        let full = StoreError::Full { path: "talus.db".into() };
        assert!(matches!(Failure::from(AppError::from(full)).told("en"), TalusError::StorageFull { .. }));
        let busy = StoreError::Busy { path: "talus.db".into() };
        assert!(matches!(Failure::from(AppError::from(busy)).told("en"), TalusError::Busy { .. }));
    }

    #[test]
    fn what_has_a_way_on_says_which_and_names_neither_a_screen_nor_a_command() {
        let path = || "talus.db".into();
        let damaged = StoreError::Damaged { path: path(), reason: "malformed".to_owned() };
        for (error, language, way, ways) in [
            (damaged, "en", "Repair it", &[Mending::Repair, Mending::BeginAnew][..]),
            (StoreError::WrongKey { path: path() }, "de", "fang neu an", &[Mending::BeginAnew]),
            (StoreError::Locked { path: path() }, "en", "begin anew", &[Mending::BeginAnew]),
            (StoreError::NotEncrypted { path: path() }, "en", "Begin anew", &[Mending::BeginAnew]),
            (StoreError::Foreign { path: path() }, "de", "Fang neu an", &[Mending::BeginAnew]),
        ] {
            let kind = error.to_string();
            let error = Failure::from(AppError::from(error)).told(language);
            let (TalusError::Damaged { advice, ways: offered, .. }
            | TalusError::KeyWrong { advice, ways: offered, .. }
            | TalusError::Foreign { advice, ways: offered, .. }
            | TalusError::KeyNeeded { advice, ways: offered, .. }) = &error
            else {
                unreachable!("{error:?}")
            };
            assert!(advice.contains(way) && !advice.contains("talus "), "{kind}: {advice}");
            assert!(!advice.contains("My data") && !advice.contains("Meine Daten"), "no screen is named: {advice}");
            assert_eq!(offered, ways, "{kind}");
        }
    }

    #[test]
    fn an_error_speaks_the_language_the_app_was_opened_with() {
        let TalusError::NotFound { what, advice } = Failure::from(AppError::NothingToResume).told("de-AT") else {
            unreachable!()
        };
        assert_eq!(what, "es gibt nichts fortzusetzen: jede Einheit ist beendet");
        assert_eq!(advice, "Beginne eine neue, oder sieh in die Liste der Einheiten.");
        for refusal in [
            Refusal::Closed,
            Refusal::Busy,
            Refusal::FollowsTheClock,
            Refusal::WaitsForItself,
            Refusal::NearbyClosed,
            Refusal::AppClosed,
            Refusal::Nobody("x".to_owned()),
            Refusal::NoCuff("x".to_owned()),
            Refusal::Listener("x".to_owned()),
            Refusal::Defect("x".to_owned()),
            Refusal::Key,
            Refusal::Pace(2000.0),
            Refusal::Advance(-1),
            Refusal::Reserve(6),
            Refusal::Pain(11),
            Refusal::Columns(0),
            Refusal::Day("x".to_owned()),
        ] {
            let ([_, english], [_, german]) = (refusal.english(), refusal.german());
            assert!(english.ends_with('.') && german.ends_with('.') && english != german, "{refusal:?}");
            assert_eq!(
                std::mem::discriminant(&refusal.clone().told("en")),
                std::mem::discriminant(&refusal.told("de"))
            );
        }
    }
}

//! [`Talus`]: the open app. People, cuffs, exercises; sessions begin here.

use crate::error::TalusError;
use crate::flow::Flow;
use crate::session::Session;
use crate::words::{Side, cuff_text};
use std::sync::Arc;
use talus_app::{DemoWish, PracticeWish, Run};
use zeroize::Zeroize as _;

/// How to open the app.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
pub struct Opening {
    /// Path of the database; it and its folders are made where there are none. Recordings lie beside it.
    pub database: String,
    /// Language of everything the core renders, as a tag (`en`, `de-AT`); what Talus does not speak becomes English.
    pub language: String,
    /// IANA name of the time zone; absent: the system's own.
    pub zone: Option<String>,
    /// The key of database and recordings: 32 random bytes from the phone's keystore; absent: nothing is encrypted.
    pub key: Option<Vec<u8>>,
}

/// Without the key: what is written down anywhere must not hold it.
impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("database", &self.database)
            .field("language", &self.language)
            .field("zone", &self.zone)
            .field("sealed", &self.key.is_some())
            .finish()
    }
}

/// A person of the household.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Profile {
    /// Id of the person.
    pub id: String,
    /// Name as given; empty where none was.
    pub name: String,
    /// Whether sessions and history here are this person's.
    pub chosen: bool,
}

/// A cuff of the household, and who wears it where.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Cuff {
    /// Id of the cuff.
    pub id: String,
    /// Sensor family.
    pub family: String,
    /// Serial number as the cuff says it.
    pub serial: String,
    /// Name, safe to show.
    pub name: String,
    /// Mass without inserts, grams.
    pub dry_mass_g: Option<u32>,
    /// The leg the chosen person wears it on; absent where it is not worn.
    pub side: Option<Side>,
    /// Weight on that leg with everything that hangs on it, grams.
    pub mass_g: Option<u32>,
}

/// One exercise of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Exercise {
    /// Slug, never renamed.
    pub id: String,
    /// Name, rendered.
    pub name: String,
    /// Whether the cuff counts it.
    pub measured: bool,
    /// The figure that shows it, where one is drawn.
    pub figure: Option<String>,
}

/// The open app. Every call may come from any thread; calls that read files or the database belong on a thread that
/// may wait.
#[derive(uniffi::Object)]
pub struct Talus {
    pub(crate) app: talus_app::Talus,
}

#[uniffi::export]
impl Talus {
    /// Opens the database, and makes a person where there is nobody yet.
    ///
    /// # Errors
    /// [`TalusError::Storage`], also where this build cannot encrypt and a key is given; [`TalusError::KeyNeeded`],
    /// [`TalusError::KeyWrong`], [`TalusError::NewerFile`]; [`TalusError::Invalid`] for a time zone nobody knows or a key
    /// that has not 32 bytes.
    #[uniffi::constructor]
    pub fn new(opening: Opening) -> Result<Arc<Self>, TalusError> {
        let Opening { database, language, zone, key } = opening;
        let opening = talus_app::Opening { database: database.into(), language, zone };
        let app = match key {
            None => talus_app::Talus::open(opening)?,
            Some(mut bytes) => {
                let key = <[u8; 32]>::try_from(bytes.as_slice()).map(talus_app::store::Key::new);
                // Our copy of what came over the bridge.
                bytes.zeroize();
                let key = key.map_err(|_| {
                    TalusError::invalid(
                        "take the key: it has not 32 bytes".to_owned(),
                        "Report it: this is a defect of the app.",
                    )
                })?;
                talus_app::Talus::open_sealed(opening, key)?
            }
        };
        Ok(Arc::new(Self { app }))
    }

    /// The people of the household.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn profiles(&self) -> Result<Vec<Profile>, TalusError> {
        let chosen = self.app.person();
        let people = self.app.people()?.into_iter();
        Ok(people.map(|one| Profile { id: one.id.to_string(), name: one.name, chosen: one.id == chosen }).collect())
    }

    /// The cuffs of the household.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn cuffs(&self) -> Result<Vec<Cuff>, TalusError> {
        let worn = self.app.worn()?;
        let with_wear = |row: talus_app::store::CuffRow| {
            let wear = worn.iter().find(|wear| wear.cuff == row.id);
            Cuff {
                id: cuff_text(row.id),
                family: row.family,
                serial: row.serial,
                name: row.name,
                dry_mass_g: row.dry_mass_g,
                side: wear.map(|wear| wear.side.into()),
                mass_g: wear.map(|wear| wear.mass_g),
            }
        };
        Ok(self.app.cuffs()?.into_iter().map(with_wear).collect())
    }

    /// The exercises of the catalogue, by id.
    pub fn exercises(&self) -> Vec<Exercise> {
        let line = |one: &talus_app::coach::Exercise| Exercise {
            id: one.id.clone(),
            name: self.app.exercise_name(&one.id),
            measured: one.measured(),
            figure: one.figure.clone(),
        };
        self.app.catalogue().exercises().map(line).collect()
    }

    /// Two virtual cuffs on a virtual person who follows a guided session. Equal seeds give equal sessions. The session
    /// stands still until [`Session::pace`] or [`Session::advance`].
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn demo(&self, seed: u64) -> Result<Arc<Session>, TalusError> {
        Session::start(Flow::Run(Run::demo(&self.app, DemoWish { seed })?))
    }

    /// A session of the chosen person's own, done by a virtual person with two virtual cuffs: what is asked for, how much
    /// and why follows from everything known of them, and what is done becomes theirs. For trying things out.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] where nobody is described or has answered, the day is locked or an exercise is not open;
    /// [`TalusError::NotFound`] for an exercise, [`TalusError::Busy`], [`TalusError::Storage`].
    pub fn practise(&self, seed: u64, exercises: Vec<String>) -> Result<Arc<Session>, TalusError> {
        Session::start(Flow::Run(Run::practice(&self.app, PracticeWish { seed, exercises })?))
    }

    /// A session that was left or killed: `last`, or the beginning of its id. One with real cuffs is taken up again by
    /// [`Nearby::train`](crate::Nearby::train).
    ///
    /// # Errors
    /// [`TalusError::NotFound`], [`TalusError::Closed`] for a finished one, [`TalusError::Busy`],
    /// [`TalusError::Invalid`] where its samples cannot come again, [`TalusError::Storage`].
    pub fn resume(&self, asked: &str) -> Result<Arc<Session>, TalusError> {
        Session::start(Flow::Run(Run::resume(&self.app, asked)?))
    }
}

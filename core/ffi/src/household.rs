//! [`Talus`]: the open app. People and cuffs; sessions begin here.

use crate::error::{Failure, Refusal, TalusError};
use crate::flow::Flow;
use crate::session::Session;
use crate::wish::SessionWish;
use crate::words::{Side, cuff_text, word};
use std::sync::Arc;
use talus_app::{AppError, DemoWish, Run};
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
    /// What weights are told in; absent: as `language` asks (`en-US-u-ms-ussystem`), else kilograms.
    #[uniffi(default = None)]
    pub unit: Option<MassUnit>,
}

word! {
    /// What weights are told in. Numbers are grams whatever it is.
    MassUnit from talus_app::coach::MassUnit {
        /// Kilograms.
        Kilograms,
        /// Pounds, to half a pound.
        Pounds,
    }
}

/// Without the key: what is written down anywhere must not hold it.
impl std::fmt::Debug for Opening {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opening")
            .field("database", &self.database)
            .field("language", &self.language)
            .field("zone", &self.zone)
            .field("sealed", &self.key.is_some())
            .field("unit", &self.unit)
            .finish()
    }
}

impl Opening {
    /// What the app takes it as.
    pub(crate) fn parts(self) -> Result<(talus_app::Opening, Option<talus_app::store::Key>), TalusError> {
        let Self { database, language, zone, key, unit } = self;
        let key = key.map(|bytes| self::key(bytes).ok_or_else(|| Refusal::Key.told(&language))).transpose()?;
        let language = match unit {
            None => language,
            Some(unit) => in_unit(&language, unit),
        };
        Ok((talus_app::Opening { database: database.into(), language, zone }, key))
    }
}

/// The key of 32 bytes that came over the bridge, whose copy here is wiped.
pub(crate) fn key(mut bytes: Vec<u8>) -> Option<talus_app::store::Key> {
    let key = <[u8; 32]>::try_from(bytes.as_slice()).ok().map(talus_app::store::Key::new);
    bytes.zeroize();
    key
}

/// A language tag that asks for a unit, as phones write it (Unicode TR 35, key `ms`): everything rendered from it, a session
/// taken up again too, keeps to the unit.
fn in_unit(language: &str, unit: MassUnit) -> String {
    let plain = language.to_ascii_lowercase().replace('_', "-").find("-u-").map_or(language, |at| &language[..at]);
    let system = match unit {
        MassUnit::Kilograms => "metric",
        MassUnit::Pounds => "ussystem",
    };
    format!("{plain}-u-ms-{system}")
}

/// How a session begins that needs no radio.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum Beginning {
    /// Two virtual cuffs on a virtual person who follows a guided session. Equal seeds give equal sessions.
    Demo {
        /// Equal seeds, equal sessions.
        seed: u64,
    },
    /// A session of the chosen person's own, done by a virtual person with two virtual cuffs: what is asked for, how much
    /// and why follows from everything known of them, and what is done becomes theirs. For trying things out.
    Practice {
        /// Equal seeds, equal legs and cuffs.
        seed: u64,
        /// What it is to be.
        wish: SessionWish,
    },
    /// A session that was left or killed. One with real cuffs is taken up again by
    /// [`Nearby::train`](crate::Nearby::train).
    Resume {
        /// `last`, or the beginning of its id.
        asked: String,
    },
}

/// How much somebody has here, and so what goes with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, uniffi::Record)]
pub struct Belongings {
    /// Sessions, with every result, change, note and tag.
    pub sessions: u64,
    /// Sessions whose recording is here.
    pub recordings: u64,
    /// What those recordings take, bytes.
    pub recording_bytes: u64,
    /// How they said they were.
    pub check_ins: u64,
    /// Results of tests.
    pub tests: u64,
    /// Plans of somebody they trust, ended ones included.
    pub plans: u64,
}

impl From<talus_app::store::Belongings> for Belongings {
    fn from(of: talus_app::store::Belongings) -> Self {
        let talus_app::store::Belongings { sessions, recordings, recording_bytes, check_ins, tests, plans } = of;
        Self { sessions, recordings, recording_bytes, check_ins, tests, plans }
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
    /// What they have here.
    pub has: Belongings,
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

/// The open app. Every call may come from any thread; calls that read files or the database belong on a thread that
/// may wait.
#[derive(uniffi::Object)]
pub struct Talus {
    pub(crate) app: talus_app::Talus,
}

impl Talus {
    /// Puts what failed into the words of the language the app was opened with.
    pub(crate) fn told<T>(&self, done: Result<T, impl Into<Failure>>) -> Result<T, TalusError> {
        done.map_err(|why| why.into().told(self.app.language()))
    }

    /// Gives what goes on a thread of its own.
    fn started(&self, run: Result<Run, AppError>) -> Result<Arc<Session>, TalusError> {
        Session::start(Flow::Run(self.told(run)?), self.app.texts())
    }
}

#[uniffi::export]
impl Talus {
    /// Opens the database, and makes a person where there is nobody yet.
    ///
    /// # Errors
    /// [`TalusError::Storage`], also where this build cannot encrypt and a key is given; [`TalusError::Damaged`],
    /// [`TalusError::Foreign`], [`TalusError::KeyNeeded`] and [`TalusError::KeyWrong`], for which there is
    /// [`mend`](crate::mend);
    /// [`TalusError::NewerFile`]; [`TalusError::Invalid`] for a time zone nobody knows or a key that has not 32 bytes.
    #[uniffi::constructor]
    pub fn new(opening: Opening) -> Result<Arc<Self>, TalusError> {
        let (opening, key) = opening.parts()?;
        let language = opening.language.clone();
        let opened = match key {
            None => talus_app::Talus::open(opening),
            Some(key) => talus_app::Talus::open_sealed(opening, key),
        };
        let app = opened.map_err(|error| Failure::from(error).told(&language))?;
        Ok(Arc::new(Self { app }))
    }

    /// The people of the household.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn profiles(&self) -> Result<Vec<Profile>, TalusError> {
        let chosen = self.app.person();
        let line = |one: talus_app::store::Profile| {
            let has = self.told(self.app.belongings(one.id))?.into();
            Ok(Profile { id: one.id.to_string(), name: one.name, chosen: one.id == chosen, has })
        };
        self.told(self.app.people())?.into_iter().map(line).collect()
    }

    /// The cuffs of the household.
    ///
    /// # Errors
    /// [`TalusError::Storage`].
    pub fn cuffs(&self) -> Result<Vec<Cuff>, TalusError> {
        let worn = self.told(self.app.worn())?;
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
        Ok(self.told(self.app.cuffs())?.into_iter().map(with_wear).collect())
    }

    /// A session. It stands still until [`Session::pace`] or [`Session::advance`].
    ///
    /// # Errors
    /// To practise: [`TalusError::Invalid`] where nobody is described or has answered, the day is locked, an exercise is not
    /// open or today is no session; [`TalusError::NotFound`] for an exercise. To resume: [`TalusError::NotFound`],
    /// [`TalusError::Closed`] for a finished one, [`TalusError::Invalid`] where its samples cannot come again. Each:
    /// [`TalusError::Busy`], [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn begin(&self, how: Beginning) -> Result<Arc<Session>, TalusError> {
        self.started(match how {
            Beginning::Demo { seed } => Run::demo(&self.app, DemoWish { seed }),
            Beginning::Practice { seed, wish } => Run::wished(&self.app, seed, &wish.into()),
            Beginning::Resume { asked } => Run::resume(&self.app, &asked),
        })
    }
}

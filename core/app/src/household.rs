//! [`Talus`]: the open app. One database, one person, one language.

use crate::error::AppError;
use crate::shared::Shelf;
use crate::{clock, ids};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use talus_coach::{Catalogue, ENGINE_VERSION, SessionPlan, Texts};
use talus_motion::{CuffId, Side};
use talus_store::{
    CuffRow, Key, Kind, ProfileId, SessionDetail, SessionHead, SessionRow, Store, StoreError, TrendPoint,
};

/// How to open the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opening {
    /// The database; it and its folders are made where there are none.
    pub database: PathBuf,
    /// Language of everything the core renders, as a tag (`en`, `de-AT`); what Talus does not speak becomes English.
    pub language: String,
    /// IANA name of the time zone from the shell; `None`: the system's own.
    pub zone: Option<String>,
}

/// The open app; copies share one database.
#[derive(Clone)]
pub struct Talus {
    store: Arc<Mutex<Store>>,
    /// Whose app it is. Taking in a bundle can bring somebody instead of the person nobody has described yet.
    profile: Arc<Mutex<ProfileId>>,
    shelf: Arc<Shelf>,
    texts: Arc<Texts>,
    language: String,
    zone: TimeZone,
}

impl Talus {
    /// Opens the database, and makes a person where there is nobody yet.
    ///
    /// # Errors
    /// [`AppError::Store`], [`AppError::Zone`]; [`AppError::Catalogue`] is a defect.
    pub fn open(opening: Opening) -> Result<Self, AppError> {
        Self::with(opening, Store::open)
    }

    /// Opens an encrypted database, or makes one; every recording is encrypted too.
    ///
    /// # Errors
    /// As [`Talus::open`]. A store error tells a missing, lost or useless key apart: see [`Store::open_sealed`].
    pub fn open_sealed(opening: Opening, key: Key) -> Result<Self, AppError> {
        Self::with(opening, |database| Store::open_sealed(database, key))
    }

    pub(crate) fn with(
        opening: Opening,
        open: impl FnOnce(&Path) -> Result<Store, StoreError>,
    ) -> Result<Self, AppError> {
        let catalogue = Catalogue::embedded()?;
        let zone = match opening.zone {
            Some(name) => TimeZone::get(&name).map_err(|_| AppError::Zone(name))?,
            None => TimeZone::system(),
        };
        let store = open(&opening.database)?;
        let shelf = Shelf::of(catalogue);
        shelf.renew(&store)?;
        let profile = if let Some(somebody) = store.profiles()?.into_iter().next() {
            somebody.id
        } else {
            let id = ids::profile();
            store.ensure_profile(id, "")?;
            id
        };
        Ok(Self {
            store: Arc::new(Mutex::new(store)),
            profile: Arc::new(Mutex::new(profile)),
            shelf: Arc::new(shelf),
            texts: Arc::new(Texts::of(&opening.language)),
            language: opening.language,
            zone,
        })
    }

    /// The database. A panic elsewhere leaves it usable: every change is a transaction.
    pub(crate) fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn profile(&self) -> ProfileId {
        *self.profile.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Goes on with somebody who is there, where the person whose app it was has made way; with somebody new where nobody
    /// is left; and with the programmes that are shared now.
    pub(crate) fn still_somebody(&self) -> Result<(), StoreError> {
        let mut people = self.store().profiles()?;
        if people.is_empty() {
            let id = ids::profile();
            self.store().ensure_profile(id, "")?;
            people = self.store().profiles()?;
        }
        self.shelf.renew(&self.store())?;
        let mut profile = self.profile.lock().unwrap_or_else(PoisonError::into_inner);
        match people.first() {
            Some(first) if people.iter().all(|person| person.id != *profile) => *profile = first.id,
            _ => {}
        }
        Ok(())
    }

    pub(crate) fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The app as it is for another person of the household.
    pub(crate) fn with_profile(&self, profile: ProfileId) -> Self {
        Self { profile: Arc::new(Mutex::new(profile)), ..self.clone() }
    }

    /// The catalogue as it grows.
    pub(crate) fn shelf(&self) -> &Shelf {
        &self.shelf
    }

    /// Exercises and what they ask for, and every programme there is now.
    pub fn catalogue(&self) -> &Catalogue {
        self.shelf.catalogue(self.profile())
    }

    /// Texts in the language the app was opened with.
    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    /// The language tag the app was opened with.
    pub fn language(&self) -> &str {
        &self.language
    }

    /// Name of an exercise in the app's language; the id itself where the catalogue does not know it (any more).
    pub fn exercise_name(&self, id: &str) -> String {
        match self.catalogue().exercise(id) {
            Ok(_) => self.texts.exercise(id).to_owned(),
            Err(_) => id.to_owned(),
        }
    }

    // --- looking back

    /// The newest sessions, newest first, at most `limit`.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn sessions(&self, limit: u32) -> Result<Vec<SessionRow>, AppError> {
        Ok(self.store().sessions(self.profile(), None, limit)?)
    }

    /// Sessions that were begun and not finished, newest first.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn unfinished(&self) -> Result<Vec<SessionRow>, AppError> {
        Ok(self.store().unfinished(self.profile())?)
    }

    /// One session: `last`, or the beginning of its id.
    ///
    /// # Errors
    /// [`AppError::Store`], also for a session that is not there or not the only one that begins like this.
    pub fn session(&self, asked: &str) -> Result<SessionDetail, AppError> {
        let store = self.store();
        let mut detail = store.session(store.find(self.profile(), asked)?)?;
        detail.source = crate::source::words(&detail.source);
        Ok(detail)
    }

    /// Every finished set of one exercise, oldest first; of one leg or of both.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Exercise`] where neither history nor catalogue knows it.
    pub fn trend(&self, exercise: &str, side: Option<Side>) -> Result<Vec<TrendPoint>, AppError> {
        let points = self.store().trend(self.profile(), exercise, side)?;
        if points.is_empty() {
            self.catalogue().exercise(exercise)?;
        }
        Ok(points)
    }

    // --- for the other use cases

    /// The household's id of a cuff, which is given to it once.
    pub(crate) fn adopt(
        &self,
        family: &str,
        serial: &str,
        name: &str,
        mass_g: Option<u32>,
    ) -> Result<CuffId, StoreError> {
        self.store().put_cuff(&CuffRow {
            id: ids::cuff(),
            family: family.to_owned(),
            serial: serial.to_owned(),
            name: name.to_owned(),
            dry_mass_g: mass_g,
            inserts_g: Vec::new(),
        })
    }

    /// The head of a session that begins now.
    pub(crate) fn head(&self, kind: Kind, plan: SessionPlan, source: String) -> SessionHead {
        let started_utc_ms = clock::utc_ms();
        let moment = Timestamp::from_millisecond(started_utc_ms).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = moment.to_zoned_datetime(self.zone.clone());
        SessionHead {
            id: ids::session(),
            profile: self.profile(),
            kind,
            started_utc_ms,
            offset_min: local.offset().seconds() / 60,
            zone: self.zone.iana_name().unwrap_or("").to_owned(),
            local_day: local.date().to_string(),
            engine_version: ENGINE_VERSION,
            catalogue_version: self.catalogue().version().to_owned(),
            plan,
            source,
        }
    }
}

//! Programmes people share: files that are taken in, kept in the household, and followed by whoever wants to. None takes the
//! place of one of ours, and none lets anybody do what screening, a plan or a ceiling does not.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use crate::profile::PersonRefusal;
use std::sync::OnceLock;
use talus_coach::Catalogue;
use talus_coach::catalogue::Programme;
use talus_store::{ProfileId, SharedRow, Store, StoreError};

/// Talus's catalogue, and behind it the same with the programmes somebody of the household has come to share: the last one of
/// a person counts for them. None is ever taken away, so that what somebody reads in one stays as long as the app is open.
#[derive(Debug)]
pub(crate) struct Shelf {
    catalogue: Catalogue,
    /// Whose it is; nobody's is Talus's alone.
    whose: Option<ProfileId>,
    /// What was put into it.
    shared: Vec<SharedRow>,
    next: OnceLock<Box<Shelf>>,
}

impl Shelf {
    pub(crate) fn of(ours: Catalogue) -> Self {
        Self { catalogue: ours, whose: None, shared: Vec::new(), next: OnceLock::new() }
    }

    fn all(&self) -> impl Iterator<Item = &Self> {
        std::iter::successors(Some(self), |last| last.next.get().map(Box::as_ref))
    }

    fn of_person(&self, person: ProfileId) -> &Self {
        self.all().filter(|one| one.whose == Some(person)).last().unwrap_or(self)
    }

    pub(crate) fn catalogue(&self, person: ProfileId) -> &Catalogue {
        &self.of_person(person).catalogue
    }

    /// Puts what the household shares now behind it: for each person their own, and the newest of others where they have
    /// none of that id. Whoever calls has the store, so that no two come at once. One that cannot be read, or not any more,
    /// is left alone.
    pub(crate) fn renew(&self, store: &Store) -> Result<(), StoreError> {
        let everybodys = store.shared_programmes(None)?;
        for person in store.profiles()? {
            let mut shared = store.shared_programmes(Some(person.id))?;
            let others = everybodys.iter().filter(|row| shared.iter().all(|own| own.id != row.id)).cloned();
            let others: Vec<SharedRow> = others.collect();
            shared.extend(others);
            shared.sort_by(|one, other| one.id.cmp(&other.id));
            if self.of_person(person.id).shared == shared {
                continue;
            }
            let read =
                |row: &SharedRow| Programme::shared(&row.text, &self.catalogue).ok().filter(|one| one.id == row.id);
            let catalogue = shared.iter().filter_map(read).fold(self.catalogue.clone(), Catalogue::with_shared);
            let next = Box::new(Self { catalogue, whose: Some(person.id), shared, next: OnceLock::new() });
            // There is nobody else.
            let _ = self.all().last().unwrap_or(self).next.set(next);
        }
        Ok(())
    }

    fn has(&self, person: ProfileId, id: &str) -> bool {
        self.of_person(person).shared.iter().any(|row| row.id == id)
    }
}

impl Talus {
    /// Keeps a programme from its file, for whoever's app this is; everybody of the household can follow it from now on. It
    /// takes the place of an earlier one of the same id that this person has; others keep theirs. Gives its id.
    ///
    /// # Errors
    /// [`AppError::Person`] where it is no programme, asks for more than one may or goes by the id of one of ours;
    /// [`AppError::Store`].
    pub fn take_programme(&self, text: &str) -> Result<String, AppError> {
        let programme = Programme::shared(text, &Catalogue::embedded()?).map_err(PersonRefusal::Programme)?;
        let row = SharedRow { id: programme.id, text: text.to_owned() };
        let store = self.store();
        store.put_programme(self.profile(), &row, clock::utc_ms())?;
        self.shelf().renew(&store)?;
        Ok(row.id)
    }

    /// Puts a programme that was shared away: this person has and follows it no more. It goes for good with the last who
    /// has it.
    ///
    /// # Errors
    /// [`AppError::Person`] where this person has none of that id; [`AppError::Store`].
    pub fn put_away_programme(&self, id: &str) -> Result<(), AppError> {
        let store = self.store();
        if !store.put_away_programme(self.profile(), id, clock::utc_ms())? {
            let theirs = store.shared_programmes(Some(self.profile()))?;
            let known = theirs.into_iter().map(|row| row.id).collect();
            return Err(PersonRefusal::NoProgramme { asked: id.to_owned(), known }.into());
        }
        self.shelf().renew(&store)?;
        Ok(())
    }

    /// Whether a programme is one that somebody shared, not one of Talus's own.
    pub fn is_shared_programme(&self, id: &str) -> bool {
        self.shelf().has(self.profile(), id)
    }

    /// Ids of the programmes that were shared and this person has: those it can put away.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn own_programmes(&self) -> Result<Vec<String>, AppError> {
        let own = self.store().shared_programmes(Some(self.profile()))?;
        Ok(own.into_iter().map(|row| row.id).collect())
    }

    /// A programme as a file to share, one of ours too: whoever takes that in gives it another id and name first.
    ///
    /// # Errors
    /// [`AppError::Person`] where there is no such programme.
    pub fn programme_to_share(&self, id: &str) -> Result<String, AppError> {
        let Some(programme) = self.catalogue().programme(id) else {
            let known = self.catalogue().programmes().map(|one| one.id.clone()).collect();
            return Err(PersonRefusal::NoProgramme { asked: id.to_owned(), known }.into());
        };
        Ok(programme.to_toml()?)
    }
}

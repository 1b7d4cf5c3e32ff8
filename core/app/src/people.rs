//! Who lives in the household, and which cuffs it has.

use crate::error::AppError;
use crate::household::Talus;
use talus_store::{Belongings, CuffRow, Profile, ProfileId, Wear};

impl Talus {
    /// Whose sessions and history these are.
    pub fn person(&self) -> ProfileId {
        self.profile()
    }

    /// The people of the household.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn people(&self) -> Result<Vec<Profile>, AppError> {
        Ok(self.store().profiles()?)
    }

    /// Adds a person to the household.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn add_person(&self, name: &str) -> Result<ProfileId, AppError> {
        let id = crate::ids::profile();
        let store = self.store();
        store.ensure_profile(id, name)?;
        self.shelf().renew(&store)?;
        Ok(id)
    }

    /// Gives this person a name.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn rename_person(&self, name: &str) -> Result<(), AppError> {
        Ok(self.store().ensure_profile(self.profile(), name)?)
    }

    /// The app for another person of the household: their history, their plan, their loads, and nobody else's.
    ///
    /// # Errors
    /// [`AppError::NoPerson`] where the household has nobody of that id; [`AppError::Store`].
    pub fn for_person(&self, id: ProfileId) -> Result<Self, AppError> {
        if self.store().profiles()?.iter().all(|profile| profile.id != id) {
            return Err(AppError::NoPerson(id));
        }
        Ok(self.with_profile(id))
    }

    /// What a person of the household has here, and so what goes with [`Talus::delete_person`].
    ///
    /// # Errors
    /// [`AppError::NoPerson`], [`AppError::Store`].
    pub fn belongings(&self, id: ProfileId) -> Result<Belongings, AppError> {
        let store = self.store();
        if store.profiles()?.iter().all(|profile| profile.id != id) {
            return Err(AppError::NoPerson(id));
        }
        Ok(store.belongings(id)?)
    }

    /// Deletes a person with everything that is theirs, so that nothing of it can be read here any more. Cuffs stay, as do
    /// copies that were given out and what was set aside ([`Talus::asides`]). Where it is the person whose app this is, it
    /// goes on as another one's.
    ///
    /// # Errors
    /// [`AppError::NoPerson`]; [`AppError::Store`]: with [`talus_store::StoreError::StillInLog`] it is deleted, and what is
    /// left of it goes when the database is opened next.
    pub fn delete_person(&self, id: ProfileId) -> Result<(), AppError> {
        self.belongings(id)?;
        let deleted = self.store().delete_profile(id);
        self.still_somebody()?;
        Ok(deleted?)
    }

    /// How many folders there are of what was set aside: a deletion does not reach them.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn asides(&self) -> Result<u64, AppError> {
        Ok(self.store().asides()?)
    }

    /// The cuffs of the household.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn cuffs(&self) -> Result<Vec<CuffRow>, AppError> {
        Ok(self.store().cuffs()?)
    }

    /// What the chosen person wears now.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn worn(&self) -> Result<Vec<Wear>, AppError> {
        Ok(self.store().worn(self.profile())?)
    }
}

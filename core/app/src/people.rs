//! Who lives in the household, and which cuffs it has.

use crate::error::AppError;
use crate::household::Talus;
use talus_store::{CuffRow, Profile, ProfileId, Wear};

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

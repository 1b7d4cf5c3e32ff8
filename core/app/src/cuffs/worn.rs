//! Who wears which cuff on which leg, with what on it: also of a cuff that lies elsewhere now.

use super::{MASS_MAX_G, own};
use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use talus_coach::PlanError;
use talus_motion::Side;
use talus_store::Wear;

/// Where cuffs sit.
pub(super) const SITE: &str = "ankle";

impl Talus {
    /// From now on the person Talus is open for wears this cuff (by its name or number) on this leg, with this weight on
    /// it. Another cuff that was on that leg is on none then. A session under way keeps what it began with.
    ///
    /// # Errors
    /// [`AppError::NoCuff`]; [`AppError::Plan`] for more than [`MASS_MAX_G`]; [`AppError::Store`].
    pub fn wear_cuff(&self, name: &str, side: Side, mass_g: u32) -> Result<(), AppError> {
        let cuff = own(self, name)?.ok_or_else(|| AppError::NoCuff(name.to_owned()))?.cuff;
        if mass_g > MASS_MAX_G {
            return Err(PlanError::TooHeavy { side, mass_g }.into());
        }
        let wear = Wear { cuff, side, mass_g, site: SITE.to_owned() };
        Ok(self.store().wear(self.profile(), &[wear], clock::utc_ms())?)
    }

    /// What the person Talus is open for wears on one leg goes to the other, each cuff with its weight, and at once: there
    /// is no moment in which both are on one leg or on none.
    ///
    /// # Errors
    /// [`AppError::NothingWorn`], [`AppError::Store`].
    pub fn swap_legs(&self) -> Result<(), AppError> {
        // Read and written under one lock.
        let store = self.store();
        let mut worn = store.worn(self.profile())?;
        if worn.is_empty() {
            return Err(AppError::NothingWorn);
        }
        for one in &mut worn {
            one.side = one.side.other();
        }
        Ok(store.wear(self.profile(), &worn, clock::utc_ms())?)
    }
}

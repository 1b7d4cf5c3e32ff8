//! [`Store`]: people, their cuffs, and what decides their loads.

use crate::db::{household, person, programme};
use crate::{
    About, CheckIn, CourseRow, CuffRow, PastSet, PlanRow, Profile, ProfileId, SharedRow, Store, StoreError, Trained,
    Wear,
};
use talus_motion::Side;

impl Store {
    /// Adds a person, or gives them this name.
    pub fn ensure_profile(&self, id: ProfileId, name: &str) -> Result<(), StoreError> {
        self.ask(|db| household::ensure_profile(db, id, name))
    }

    /// Everybody, by name.
    pub fn profiles(&self) -> Result<Vec<Profile>, StoreError> {
        self.ask(household::profiles)
    }

    /// Adds a cuff of the household, or replaces what is known about it. A cuff of the same family and serial number
    /// keeps the id it has; that id is returned.
    pub fn put_cuff(&self, cuff: &CuffRow) -> Result<talus_motion::CuffId, StoreError> {
        self.ask(|db| household::put_cuff(db, cuff))
    }

    /// The household's cuffs, by name.
    pub fn cuffs(&self) -> Result<Vec<CuffRow>, StoreError> {
        self.ask(household::cuffs)
    }

    /// Forgets a cuff, and who wore it where. Sessions and recordings keep what was done with it.
    pub fn forget_cuff(&self, id: talus_motion::CuffId) -> Result<(), StoreError> {
        self.ask(|db| household::forget_cuff(db, id))
    }

    /// From `from_utc_ms` on `profile` wears these cuffs, and the legs named here no others: one transaction, so that
    /// two cuffs swap sides in one call.
    pub fn wear(&self, profile: ProfileId, worn: &[Wear], from_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| household::wear(db, profile, worn, from_utc_ms))
    }

    /// What `profile` wears now, left leg first.
    pub fn worn(&self, profile: ProfileId) -> Result<Vec<Wear>, StoreError> {
        self.ask(|db| household::worn(db, profile))
    }

    /// Keeps the own range (degrees) of a person for one exercise and side, as found at `at_utc_ms`.
    pub fn put_calibration(
        &self,
        profile: ProfileId,
        side: Side,
        exercise: &str,
        range_deg: f64,
        at_utc_ms: i64,
    ) -> Result<(), StoreError> {
        self.ask(|db| household::put_calibration(db, profile, side, exercise, range_deg, at_utc_ms))
    }

    /// The newest own range, degrees; `None` where none was ever taken.
    pub fn own_range(&self, profile: ProfileId, exercise: &str, side: Side) -> Result<Option<f64>, StoreError> {
        self.ask(|db| household::own_range(db, profile, exercise, side))
    }

    /// Keeps what somebody says of themselves; it replaces what they said before.
    pub fn put_about(&self, profile: ProfileId, about: &About, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::put_about(db, profile, about, at_utc_ms))
    }

    /// What somebody says of themselves; `None` until they have.
    pub fn about(&self, profile: ProfileId) -> Result<Option<About>, StoreError> {
        self.ask(|db| person::about(db, profile))
    }

    /// When that was last kept, milliseconds since 1970 UTC; `None` until it was.
    pub fn about_at(&self, profile: ProfileId) -> Result<Option<i64>, StoreError> {
        self.ask(|db| person::about_at(db, profile))
    }

    /// Pins the key of an author whose six words were confirmed.
    pub fn trust_author(
        &self,
        profile: ProfileId,
        key: [u8; 32],
        name: &str,
        at_utc_ms: i64,
    ) -> Result<(), StoreError> {
        self.ask(|db| person::trust_author(db, profile, key, name, at_utc_ms))
    }

    /// Takes a pinned key back.
    pub fn forget_author(&self, profile: ProfileId, key: [u8; 32]) -> Result<(), StoreError> {
        self.ask(|db| person::forget_author(db, profile, key))
    }

    /// Keys of authors somebody trusts, in the order they were confirmed.
    pub fn authors(&self, profile: ProfileId) -> Result<Vec<[u8; 32]>, StoreError> {
        self.ask(|db| person::authors(db, profile))
    }

    /// Keeps a signed plan: from now on it is the one that counts, in place of any other.
    pub fn put_plan(&self, profile: ProfileId, plan: &PlanRow) -> Result<(), StoreError> {
        self.ask(|db| person::put_plan(db, profile, plan))
    }

    /// The plan that counts is put away; none does then.
    pub fn end_plan(&self, profile: ProfileId, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::end_plan(db, profile, at_utc_ms))
    }

    /// The signed plan that counts, whether or not its days are now; `None` where there is none.
    pub fn plan(&self, profile: ProfileId) -> Result<Option<PlanRow>, StoreError> {
        self.ask(|db| person::plan(db, profile))
    }

    /// Adds a check-in.
    pub fn put_check_in(&self, profile: ProfileId, check_in: &CheckIn) -> Result<(), StoreError> {
        self.ask(|db| person::put_check_in(db, profile, check_in))
    }

    /// Check-ins from `from_utc_ms` on, oldest first.
    pub fn check_ins(&self, profile: ProfileId, from_utc_ms: i64) -> Result<Vec<CheckIn>, StoreError> {
        self.ask(|db| person::check_ins(db, profile, from_utc_ms))
    }

    /// Whether a red flag was said on a day (`YYYY-MM-DD`): at a check-in or in a session.
    pub fn flagged(&self, profile: ProfileId, local_day: &str) -> Result<bool, StoreError> {
        self.ask(|db| person::flagged(db, profile, local_day))
    }

    /// Every ended set of one exercise and side of the `sessions` first and the `sessions` newest sessions with any,
    /// oldest first. Replays, and demos that were planned for nobody, are left out: this person did not do them.
    pub fn past(
        &self,
        profile: ProfileId,
        exercise: &str,
        side: Side,
        sessions: u32,
    ) -> Result<Vec<PastSet>, StoreError> {
        self.ask(|db| person::past(db, profile, exercise, side, sessions))
    }

    /// Every exercise of every session somebody did, oldest session first.
    pub fn trained(&self, profile: ProfileId) -> Result<Vec<Trained>, StoreError> {
        self.ask(|db| person::trained(db, profile))
    }

    /// From `at_utc_ms` on `profile` follows this programme; none where it is `None`. One that somebody shared with the
    /// household is theirs too from then on.
    pub fn follow(&self, profile: ProfileId, programme: Option<&str>, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| person::follow(db, profile, programme, at_utc_ms))
    }

    /// The programme `profile` follows now.
    pub fn course(&self, profile: ProfileId) -> Result<Option<String>, StoreError> {
        self.ask(|db| person::course(db, profile))
    }

    /// Every programme `profile` followed, in the order they were taken up.
    pub fn courses(&self, profile: ProfileId) -> Result<Vec<CourseRow>, StoreError> {
        self.ask(|db| person::courses(db, profile))
    }

    /// Keeps a programme that somebody shared for `profile`. Wherever the household has one of its id, it is this one from
    /// now on.
    pub fn put_programme(&self, profile: ProfileId, shared: &SharedRow, at_utc_ms: i64) -> Result<(), StoreError> {
        self.ask(|db| programme::put(db, profile, shared, at_utc_ms))
    }

    /// From `at_utc_ms` on `profile` has this shared programme no more, and does not follow it. Whether they had it.
    pub fn put_away_programme(&self, profile: ProfileId, id: &str, at_utc_ms: i64) -> Result<bool, StoreError> {
        self.ask(|db| programme::put_away(db, profile, id, at_utc_ms))
    }

    /// Programmes that somebody shared, in the order of their ids: those of one person, or of the household.
    pub fn shared_programmes(&self, profile: Option<ProfileId>) -> Result<Vec<SharedRow>, StoreError> {
        self.ask(|db| programme::all(db, profile))
    }
}

//! Plans from someone the person trusts: read, the author's six words confirmed once, kept, put away.

use crate::clock;
use crate::error::AppError;
use crate::household::Talus;
use crate::ids;
use crate::profile::PersonRefusal;
use talus_coach::trusted::{AuthorKey, Day, TrustError, TrustedPlan};
use talus_motion::Side;
use talus_store::PlanRow;

/// A plan as it is shown before it is accepted, and while it counts.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPreview {
    /// Who made it, as they call themselves.
    pub by: String,
    /// The author's six words.
    pub words: String,
    /// Whether they were confirmed before.
    pub known: bool,
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day, `YYYY-MM-DD`.
    pub until: String,
    /// What keeps it from being in force now, in English; `None` where it is, or would be once the words are confirmed.
    pub not_now: Option<String>,
    /// What it says, in its order.
    pub lines: Vec<PlanLine>,
}

/// What a plan says of one exercise.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanLine {
    /// Exercise id.
    pub exercise: String,
    /// Its name.
    pub name: String,
    /// Which leg; both where it does not say.
    pub side: Option<Side>,
    /// Most weight, grams.
    pub mass_most_g: u32,
    /// Range to keep to, degrees from the start pose.
    pub range_deg: Option<(f64, f64)>,
}

impl Talus {
    /// Reads a plan without keeping it: what it says, and whose words are to be compared.
    ///
    /// # Errors
    /// [`AppError::Person`] for a text that is no plan, is not signed, or was changed; [`AppError::Store`].
    pub fn preview_plan(&self, text: &str) -> Result<PlanPreview, AppError> {
        let plan = TrustedPlan::read(text, self.catalogue()).map_err(PersonRefusal::from)?;
        self.previewed(&plan)
    }

    /// Keeps a plan: from now on it is the one that counts. An author who is not known yet is pinned with this, where
    /// `words` are theirs, as the person has compared them.
    ///
    /// # Errors
    /// [`AppError::Person`]: [`TrustError::Stranger`] where the words are needed and missing or others,
    /// [`TrustError::Over`] for a plan that has ended. Nothing is kept then. [`AppError::Store`].
    pub fn accept_plan(&self, text: &str, words: Option<&str>) -> Result<PlanPreview, AppError> {
        let plan = TrustedPlan::read(text, self.catalogue()).map_err(PersonRefusal::from)?;
        let spoken = |words: &str| words.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ");
        let confirmed = words.is_some_and(|words| spoken(words) == plan.author.words());
        if !confirmed && !self.trusted()?.contains(&plan.author) {
            return Err(PersonRefusal::from(TrustError::Stranger { words: plan.author.words() }).into());
        }
        // What begins later is kept: it counts from its first day on.
        if let Err(over @ TrustError::Over { .. }) = plan.in_force(&[plan.author], self.day()) {
            return Err(PersonRefusal::from(over).into());
        }
        let (profile, now) = (self.profile(), clock::utc_ms());
        let store = self.store();
        store.trust_author(profile, plan.author.bytes(), &plan.by, now)?;
        store.put_plan(profile, &PlanRow { id: ids::plan(), text: text.to_owned(), from_utc_ms: now })?;
        drop(store);
        self.previewed(&plan)
    }

    /// The plan that was accepted last, whether or not its days are now; `None` where there is none.
    ///
    /// # Errors
    /// [`AppError::Store`]; [`AppError::Person`] where today's catalogue cannot read it any more.
    pub fn plan(&self) -> Result<Option<PlanPreview>, AppError> {
        let Some(row) = self.store().plan(self.profile())? else { return Ok(None) };
        let plan = TrustedPlan::read(&row.text, self.catalogue()).map_err(PersonRefusal::from)?;
        self.previewed(&plan).map(Some)
    }

    /// Puts the plan away: what needed it waits for another one.
    ///
    /// # Errors
    /// [`AppError::Store`].
    pub fn put_plan_away(&self) -> Result<(), AppError> {
        Ok(self.store().end_plan(self.profile(), clock::utc_ms())?)
    }

    /// Takes trust back from the author of the plan that was accepted last: none of their plans counts any more, until
    /// their words are confirmed again.
    ///
    /// # Errors
    /// As [`Talus::plan`].
    pub fn distrust_author(&self) -> Result<(), AppError> {
        let Some(row) = self.store().plan(self.profile())? else { return Ok(()) };
        let plan = TrustedPlan::read(&row.text, self.catalogue()).map_err(PersonRefusal::from)?;
        let store = self.store();
        store.forget_author(self.profile(), plan.author.bytes())?;
        Ok(store.end_plan(self.profile(), clock::utc_ms())?)
    }

    /// The plan in force on a day. One that lapsed, begins later, whose author is not trusted any more or that does not
    /// read any more is not: what needed it waits.
    pub(crate) fn plan_in_force(&self, today: Day) -> Result<Option<TrustedPlan>, AppError> {
        let Some(row) = self.store().plan(self.profile())? else { return Ok(None) };
        let trusted = self.trusted()?;
        let plan = TrustedPlan::read(&row.text, self.catalogue()).ok();
        Ok(plan.filter(|plan| plan.in_force(&trusted, today).is_ok()))
    }

    fn trusted(&self) -> Result<Vec<AuthorKey>, AppError> {
        Ok(self.store().authors(self.profile())?.into_iter().map(AuthorKey::from_bytes).collect())
    }

    fn previewed(&self, plan: &TrustedPlan) -> Result<PlanPreview, AppError> {
        let not_now = plan.in_force(&[plan.author], self.day()).err().map(|error| error.to_string());
        let lines = plan.exercises.iter().map(|one| PlanLine {
            exercise: one.id.clone(),
            name: self.texts().exercise(&one.id).to_owned(),
            side: one.side,
            mass_most_g: one.mass_most_g,
            range_deg: one.range_deg,
        });
        Ok(PlanPreview {
            by: plan.by.clone(),
            words: plan.author.words(),
            known: self.trusted()?.contains(&plan.author),
            from: plan.from.to_string(),
            until: plan.until.to_string(),
            not_now,
            lines: lines.collect(),
        })
    }
}

//! The plan from someone a person trusts: read, accepted, put away.

use crate::error::TalusError;
use crate::household::Talus;
use crate::words::Side;
use talus_app::PlanPreview as AppPlan;

/// What a plan says of one exercise.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct PlanLine {
    /// Exercise id.
    pub exercise: String,
    /// Its name, rendered.
    pub name: String,
    /// Which leg; both where it does not say.
    pub side: Option<Side>,
    /// Most weight, grams.
    pub most_g: u32,
    /// Range to keep to, degrees from the start pose: least and most.
    pub range_deg: Option<Vec<f32>>,
}

/// A plan from someone you trust, before it is accepted and while it counts.
#[derive(Debug, Clone, PartialEq, uniffi::Record)]
pub struct Plan {
    /// Who made it, as they call themselves.
    pub by: String,
    /// The author's six words, to be compared.
    pub words: String,
    /// Whether they were confirmed before.
    pub known: bool,
    /// First day, `YYYY-MM-DD`.
    pub from_day: String,
    /// Last day, `YYYY-MM-DD`.
    pub until_day: String,
    /// What keeps it from being in force now; absent where it is, or would be once the words are confirmed.
    pub not_now: Option<String>,
    /// What it says, in its order.
    pub lines: Vec<PlanLine>,
}

impl From<AppPlan> for Plan {
    fn from(plan: AppPlan) -> Self {
        let line = |line: talus_app::PlanLine| PlanLine {
            exercise: line.exercise,
            name: line.name,
            side: line.side.map(Side::from),
            most_g: line.mass_most_g,
            range_deg: line.range_deg.map(|(least, most)| vec![least as f32, most as f32]),
        };
        Self {
            by: plan.by,
            words: plan.words,
            known: plan.known,
            from_day: plan.from,
            until_day: plan.until,
            not_now: plan.not_now,
            lines: plan.lines.into_iter().map(line).collect(),
        }
    }
}

/// What is done about a plan.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum PlanChange {
    /// From now on it is the one that counts. An author who is not known yet is trusted from now on, where `words` are theirs
    /// as the person compared them.
    Accept {
        /// The plan as it was given.
        text: String,
        /// The author's six words; absent where they are known already.
        words: Option<String>,
    },
    /// It counts no longer: what needed it waits for another one.
    PutAway {
        /// Whether its author is trusted no longer either.
        distrust: bool,
    },
}

#[uniffi::export]
impl Talus {
    /// Accepts a plan, or puts away the one there is; gives the one that counts then.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] where words are needed and missing or others, the plan has ended, or today's catalogue cannot
    /// read the one that was accepted any more; nothing is changed then. [`TalusError::Storage`].
    pub fn change_plan(&self, change: PlanChange) -> Result<Option<Plan>, TalusError> {
        match change {
            PlanChange::Accept { text, words } => {
                Ok(Some(self.told(self.app.accept_plan(&text, words.as_deref()))?.into()))
            }
            PlanChange::PutAway { distrust } => {
                if distrust {
                    self.told(self.app.distrust_author())?;
                }
                self.told(self.app.put_plan_away())?;
                Ok(None)
            }
        }
    }

    /// What the `text` of a plan says, without keeping it, and whose words are to be compared; without a text the plan that
    /// was accepted last, whether or not its days are now, and absent where there is none.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for a text that is no plan, is not signed or was changed, and where today's catalogue cannot
    /// read the plan that was accepted any more; [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn plan(&self, text: Option<String>) -> Result<Option<Plan>, TalusError> {
        let plan = self.told(match &text {
            Some(text) => self.app.preview_plan(text).map(Some),
            None => self.app.plan(),
        })?;
        Ok(plan.map(Plan::from))
    }
}

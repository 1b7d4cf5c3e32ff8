//! The programmes there are, the one that is followed, and what it makes of today.

use crate::error::TalusError;
use crate::household::Talus;

/// A programme to choose.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Record)]
pub struct Programme {
    /// Its id.
    pub id: String,
    /// Its name, rendered.
    pub name: String,
    /// Sessions in seven days.
    pub per_week: u32,
    /// Whether it is the one that is followed.
    pub followed: bool,
    /// What it needs first and this person does not have, a sentence each; empty where it may begin.
    pub needs: Vec<String>,
}

/// What the programme that is followed makes of today, rendered.
#[derive(Debug, Clone, PartialEq, Eq, uniffi::Enum)]
pub enum TodaySheet {
    /// Nothing is followed: choose a programme, or train freely.
    Free,
    /// A session: begin it without naming exercises.
    Train {
        /// What it is called and how long it takes.
        title: String,
        /// Why now, and what is different, a sentence each.
        notes: Vec<String>,
        /// Exercise ids, in their order.
        exercises: Vec<String>,
    },
    /// Rest, which counts as done.
    Rest {
        /// Why.
        why: String,
        /// Minutes from now until there may be a session again, where that is only a matter of time.
        again_in_min: Option<i64>,
    },
    /// Not now, and not by waiting.
    Shut {
        /// Why, a sentence each.
        whys: Vec<String>,
    },
    /// Every week is done.
    Finished {
        /// What is to be said of it.
        says: String,
    },
    /// Somebody is to be described, or to answer, first.
    NotYet {
        /// What to do.
        advice: String,
    },
}

impl From<talus_app::TodaySheet> for TodaySheet {
    fn from(sheet: talus_app::TodaySheet) -> Self {
        use talus_app::TodaySheet as Of;
        match sheet {
            Of::Free => Self::Free,
            Of::Train { title, notes, exercises } => Self::Train { title, notes, exercises },
            Of::Rest { why, again_in_min } => Self::Rest { why, again_in_min },
            Of::Closed { whys } => Self::Shut { whys },
            Of::Finished { says } => Self::Finished { says },
        }
    }
}

#[uniffi::export]
impl Talus {
    /// The programmes there are, and what each still needs.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] before the person is described and has answered; [`TalusError::Storage`].
    pub fn programmes(&self) -> Result<Vec<Programme>, TalusError> {
        let line = |line: talus_app::ProgrammeLine| {
            let talus_app::ProgrammeLine { id, name, per_week, followed, needs } = line;
            Programme { id, name, per_week, followed, needs }
        };
        Ok(self.told(self.app.programmes())?.into_iter().map(line).collect())
    }

    /// From now on this programme is followed; none where no id is given.
    ///
    /// # Errors
    /// [`TalusError::Invalid`] for one there is not, or that needs something first; [`TalusError::Storage`].
    // The bridge hands over what it made.
    #[allow(clippy::needless_pass_by_value)]
    pub fn follow(&self, programme: Option<String>) -> Result<(), TalusError> {
        self.told(self.app.follow(programme.as_deref()))
    }
}
